"""An annex read from beginning to end: areas with their activities and staff, and all doubts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cmswp_xl.errors import Misuse, UnreadableWorkbook
from cmswp_xl.intake.activities import MADE, Reader, TableReader
from cmswp_xl.intake.doubts import Doubts, Place
from cmswp_xl.intake.entries import KINDS, AreaEntry, Band, Promise, SumEntry
from cmswp_xl.intake.figures import Habits, read_amount, read_percent
from cmswp_xl.intake.grid import Grid, blocks, tracked
from cmswp_xl.intake.heads import layout
from cmswp_xl.intake.package import open_word
from cmswp_xl.intake.staff import StaffReader
from cmswp_xl.intake.statements import filled, other_currency, read_statements
from cmswp_xl.intake.sums import add_up, check_closing, check_row, check_sought, check_years, whole
from cmswp_xl.intake.titles import listed_titles, title_before, without_number
from cmswp_xl.intake.vocabulary import folded, label_kind, vocabulary
from cmswp_xl.languages import Language, Words
from cmswp_xl.ooxml.opening import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal
    from pathlib import Path

    from cmswp_xl.intake.entries import ActivityEntry
    from cmswp_xl.intake.grid import Paragraph
    from cmswp_xl.intake.heads import Layout
    from cmswp_xl.intake.package import WordFile
    from cmswp_xl.intake.statements import Statements


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user says of the annex: its language, its period, its currency."""

    language: Language
    period: range
    currency: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What an annex holds; `kinds` are the headings of its columns of funding."""

    name: str
    asked: Asked
    statements: Statements
    areas: tuple[AreaEntry, ...]
    kinds: dict[str, str]
    style: str
    doubts: Doubts


def read_annex(path: Path, asked: Asked, limits: Limits | None = None) -> Reading:
    """
    Read an annex from a Word file.

    Raises `UnreadableWorkbook` where the file cannot be read, holds no table of activities, or is
    in another language than said, and `Misuse` where it has years outside the period.
    """
    limits = limits or Limits()
    file = open_word(path, limits)
    items = blocks(file, limits.cells)
    words = vocabulary()
    layouts = {item.number: layout(item, words) for item in items if isinstance(item, Grid)}
    _check(str(path), asked, layouts)
    return _Walk(file, asked, items, layouts).reading()


def _check(path: str, asked: Asked, layouts: dict[int, Layout]) -> None:
    if not layouts:
        raise UnreadableWorkbook("word-no-tables", file=path)
    if all(found.kind != "activities" for found in layouts.values()):
        raise UnreadableWorkbook("word-no-annex", file=path)
    spoken = Counter(
        language for found in layouts.values() if found.kind for language in found.languages
    )
    most = max(Language, key=lambda language: spoken[language])
    if spoken[asked.language] < spoken[most]:
        raise UnreadableWorkbook("word-other-language", file=path, language=most.value)
    years = {c.year for found in layouts.values() for c in found.columns.values() if c.year}
    outside = sorted(years - set(asked.period))
    if outside:
        first, last = min(years | set(asked.period)), max(years | set(asked.period))
        years_text = ", ".join(map(str, outside))
        raise Misuse("import-other-years", years=years_text, period=f"{first}-{last}")


@dataclass(slots=True)
class _Walk:
    """One reading of a file, from its first block to its last."""

    file: WordFile
    asked: Asked
    items: Sequence[Paragraph | Grid]
    layouts: dict[int, Layout]
    say: Words = field(init=False)
    doubts: Doubts = field(default_factory=Doubts)
    habits: Habits = field(default_factory=Habits)
    areas: list[AreaEntry] = field(default_factory=list)
    since: list[Paragraph] = field(default_factory=list)
    block: list[ActivityEntry] = field(default_factory=list)
    last: tuple[int, Layout] | None = None

    def __post_init__(self) -> None:
        self.say = Words(self.asked.language)

    def reading(self) -> Reading:
        """Read everything in order; staff tables last, since they may name any area."""
        paragraphs = [item for item in self.items if not isinstance(item, Grid)]
        heads = [
            text for item in self.items if isinstance(item, Grid) for text in self._heads(item)
        ]
        statements = read_statements(paragraphs, heads, self.say)
        self._learn()
        if tracked(self.file):
            self.doubts.add("tracked-changes", None)
        if other_currency(statements.unit, self.asked.currency, self.say):
            self.doubts.add("other-currency", None, statements.unit, self.asked.currency)
        if statements.thousands:
            self.doubts.add("thousands", None, statements.thousands, "× 1000")
        factor = statements.factor
        reader = Reader(self.say, self.doubts, self.habits, self.asked.currency, factor)
        staff: list[tuple[Grid, Layout, AreaEntry | None]] = []
        closing: list[TableReader] = []
        for item in self.items:
            if isinstance(item, Grid):
                self._table(item, reader, staff, closing)
                self.since = []
            else:
                self._paragraph(item, factor)
        self._listed(paragraphs)
        rate = statements.rate
        for table in closing:
            rate = rate if rate is not None else _printed_rate(table)
        for table in closing:
            if table.layout.kind == "areas":
                check_closing(table, self.areas, rate)
            else:
                check_years(table, self.areas)
        self._staff(staff)
        statements = self._support(statements, rate)
        style, exact = self._style()
        if not exact:
            self.doubts.add("other-style", None)
        kinds = self._kind_heads()
        areas = tuple(self.areas)
        return Reading(self.file.name, self.asked, statements, areas, kinds, style, self.doubts)

    def _heads(self, grid: Grid) -> Iterator[str]:
        """Give the headings of a table's columns as they stand."""
        for row in range(1, self.layouts[grid.number].heads + 1):
            yield from (cell.text for cell in grid.starts(row))

    def _learn(self) -> None:
        """Learn from every amount which separators the file uses."""
        for grid in self.items:
            if isinstance(grid, Grid) and self.layouts[grid.number].kind:
                found = self.layouts[grid.number]
                for row in range(found.heads + 1, len(grid.rows) + 1):
                    cells = (cell for cell in grid.starts(row) if cell.column in found.amounts())
                    self.habits.learn(read_amount(cell.text) for cell in cells)

    def _style(self) -> tuple[str, bool]:
        lone = [
            figure.alone
            for grid in self.items
            if isinstance(grid, Grid)
            for cells in grid.rows
            for cell in cells
            if cell is not None
            and cell.column in self.layouts[grid.number].amounts()
            and (figure := read_amount(cell.text)).alone
        ]
        return self.habits.style(self.asked.language, lone)

    def _kind_heads(self) -> dict[str, str]:
        heads: dict[str, str] = {}
        for found in self.layouts.values():
            for column in found.columns.values() if found.kind == "activities" else ():
                kind = "other" if column.role == "available" else column.role
                if kind in KINDS:
                    heads.setdefault(kind, column.head)
        return heads

    def _support(self, statements: Statements, rate: Decimal | None) -> Statements:
        """Costs to which a line of support costs is added are net, unless said otherwise."""
        if statements.net == "part":
            self.doubts.add("part-net", None)
        net = statements.net or ("all" if rate is not None else "")
        return replace(statements, net=net, rate=rate)

    def _paragraph(self, part: Paragraph, factor: Decimal) -> None:
        if not part.text:
            return
        self.since.append(part)
        if part.text == self.say("No activities have been listed for this area yet."):
            self._begin(title_before(self.since[:-1], self.say), None)
        elif self.areas:
            self._promised(part, factor)
            own = {
                self.say("Surplus of {amount}: more is available than the activity costs."),
                self.say("Costed in part: the full cost is not yet known."),
                self.say("Funding is available, though the activity is not yet costed."),
            }
            if part.letter and all(filled(text, part.text) is None for text in own):
                self.doubts.add("note-left-out", None, f"{part.letter} {part.text}")

    def _promised(self, part: Paragraph, factor: Decimal) -> None:
        """Read the pledges and the contributions in kind told below a table."""
        told = (
            (self.say("Pledged, and not counted as available: {list}."), False),
            (self.say("In kind, and not counted: {list}."), True),
        )
        for template, in_kind in told:
            found = filled(template, part.text)
            for item in (
                found["list"].split(" ".join(self.say("; ").split()) + " ") if found else ()
            ):
                pair = filled(self.say("{number}: {amount}"), item)
                amount = read_amount(pair["amount"]).value if pair else None
                known = {activity.number for activity in self.areas[-1].activities}
                if pair is None or not amount or pair["number"] not in known:
                    self.doubts.add("promise-left-out", None, item)
                    continue
                promise = Promise(pair["number"], amount * factor, in_kind)
                self.areas[-1].promises.append(promise)

    def _table(
        self,
        grid: Grid,
        reader: Reader,
        staff: list[tuple[Grid, Layout, AreaEntry | None]],
        closing: list[TableReader],
    ) -> None:
        found = self.layouts[grid.number]
        if not found.kind and self._goes_on(grid):
            found = replace(self.last[1], heads=0) if self.last else found
            self.doubts.add("table-goes-on", Place(grid.number))
        if found.kind == "activities":
            self._activities(TableReader(reader, grid, found))
        elif found.kind == "staff":
            staff.append((grid, found, self.areas[-1] if self.areas else None))
        elif found.kind:
            closing.append(TableReader(reader, grid, found))
        else:
            first = next(
                (c.text for row in grid.rows for c in row if c is not None and c.text), ""
            )
            self.doubts.add("unknown-table", Place(grid.number), first)
        self.last = (grid.width, found) if found.kind == "activities" else None

    def _goes_on(self, grid: Grid) -> bool:
        """Tell whether a table without headings goes on with the one right before it."""
        return self.last is not None and not self.since and grid.width == self.last[0]

    def _activities(self, table: TableReader) -> None:
        place = Place(table.grid.number)
        entries = list(table.entries())
        if not (entries and isinstance(entries[0], Band)):
            title = title_before(self.since, self.say)
            if title or not self.areas:
                self._begin(title, place)
            elif table.layout.heads:
                self.doubts.add("same-area", place, "", self.areas[-1].title)
        for entry in entries:
            if isinstance(entry, Band):
                self._begin(entry.text, entry.place)
            elif isinstance(entry, SumEntry):
                self._sum(table, entry)
            else:
                self._activity(table, entry)

    def _begin(self, title: str, place: Place | None) -> None:
        """Begin an area, or go on with the last one where it has the same title."""
        plain = without_number(title)
        if plain != title:
            self.doubts.add("area-number", place, title, plain)
        if not plain:
            plain = f"{self.say('Programme area')} {len(self.areas) + 1}"
            self.doubts.add("area-without-title", place, "", plain)
        if not self.areas or folded(self.areas[-1].title) != folded(plain):
            self.areas.append(AreaEntry(plain))
        self.block = []

    def _sum(self, table: TableReader, entry: SumEntry) -> None:
        row = entry.place.row or 1
        block: dict[tuple[str, int | None], Decimal] = {}
        broken: set[tuple[str, int | None]] = set()
        for activity in self.block:
            add_up(table, block, broken, activity)
        area = self.areas[-1]
        choices = [(block, broken), (area.sums, area.broken)]
        if entry.kind == "total":
            choices = [*choices[1:], whole(self.areas)]
        if entry.kind == "support":
            table.doubt("support-in-table", row, None, entry.label)
            return
        check_row(table, row, entry, choices)
        self.block = []

    def _activity(self, table: TableReader, entry: ActivityEntry) -> None:
        area, row = self.areas[-1], entry.place.row or 1
        number, column = entry.number, table.layout.find("number")
        if not number:
            number = f"{MADE}{len(area.activities) + 1}"
            cell = table.grid.cell(row, column) if column else None
            automatic = cell is not None and any(part.automatic for part in cell.paragraphs)
            reason = "automatic-number" if automatic else "no-number"
            table.doubt(reason, row, column, "", number)
        while folded(number) in area.numbers:
            table.doubt("duplicate-number", row, column, number, f"{number} (2)")
            number = f"{number} (2)"
        entry.number = number
        area.numbers.add(folded(number))
        area.activities.append(entry)
        self.block.append(entry)
        add_up(table, area.sums, area.broken, entry)
        check_sought(table, row, entry)

    def _listed(self, paragraphs: Sequence[Paragraph]) -> None:
        """Take over the areas that a list in the text names beside those with tables."""
        known = {folded(area.title): area for area in self.areas}
        items = listed_titles(paragraphs, [area.title for area in self.areas])
        if not items or not set(known) <= {folded(item) for item in items}:
            return
        self.areas = []
        for item in items:
            area = known.get(folded(item))
            if area is None:
                area = AreaEntry(item)
                self.doubts.add("listed-area", None, item, item)
            self.areas.append(area)

    def _staff(self, tables: Sequence[tuple[Grid, Layout, AreaEntry | None]]) -> None:
        """Read the staff tables, which may name areas in the headings of their columns."""
        titles = {folded(area.title): area for area in self.areas}
        for grid, found, current in tables:
            reader = StaffReader(grid, found, self.doubts, titles, current)
            for area, entry in reader.lines():
                area.staff.append(entry)


def _printed_rate(table: TableReader) -> Decimal | None:
    """Give the rate in the label of a line of support costs, such as (13%)."""
    for _, entry in table.sum_rows():
        if label_kind(entry.label) == "support" and "(" in entry.label:
            return read_percent(entry.label.rpartition("(")[2].rstrip(") ")).value
    return None
