"""An annex read from beginning to end: areas with their activities and staff, and all issues."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from cmswp_xl.errors import Misuse, UnreadableWorkbook
from cmswp_xl.languages import Language, Words
from cmswp_xl.ooxml.opening import Limits
from cmswp_xl.word_import.amounts import Separators, read_amount, read_percent
from cmswp_xl.word_import.columns import Wanted, sections
from cmswp_xl.word_import.entries import KINDS, AreaEntry, AreaHeading, Promise, SumEntry
from cmswp_xl.word_import.import_issues import ImportIssues, Place
from cmswp_xl.word_import.package import open_word
from cmswp_xl.word_import.rows import MADE, Reader, TableReader
from cmswp_xl.word_import.staff import StaffReader
from cmswp_xl.word_import.statements import filled, other_currency, read_statements
from cmswp_xl.word_import.table_units import ONE, TableUnits
from cmswp_xl.word_import.titles import listed_titles, title_before, without_number
from cmswp_xl.word_import.totals import (
    add_up,
    areas_from,
    check_closing,
    check_extra,
    check_headings,
    check_row,
    check_sought,
    check_years,
)
from cmswp_xl.word_import.units import THOUSAND
from cmswp_xl.word_import.visible import Grid, blocks, texts_elsewhere, tracked
from cmswp_xl.word_import.vocabulary import folded, label_kind, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal
    from pathlib import Path

    from cmswp_xl.word_import.amounts import Figure
    from cmswp_xl.word_import.columns import Layout
    from cmswp_xl.word_import.entries import ActivityEntry, Key
    from cmswp_xl.word_import.package import WordFile
    from cmswp_xl.word_import.statements import Statements
    from cmswp_xl.word_import.visible import Cell, Paragraph

_AGAIN = re.compile(
    r"\s*[(\[]?(?:continued|cont['’.]?d?|suite|cont(?:inuaci[óo]n|\.))[)\]]?\.?$", re.IGNORECASE
)
_LEVEL = re.compile(r"\W*([^\W\d_]{3,})?\W{0,3}(\d+(?:\.\d+)*|[ivx]{1,5}\b|[a-h]\b)?")
_NOT_READ = ("text-box", "embedded-object", "chart", "picture", "inserted-file", "unknown-part")


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
    issues: ImportIssues


def read_annex(path: Path, asked: Asked, limits: Limits | None = None) -> Reading:
    """
    Read an annex from a Word file.

    Raises `UnreadableWorkbook` where the file cannot be read, holds no table of activities, or is
    in another language than said, and `Misuse` where it has years outside the period.
    """
    limits = limits or Limits()
    file = open_word(path, limits)
    wanted = Wanted(asked.language, asked.period, asked.currency)
    words = vocabulary()
    items = blocks(file, limits.cells)
    layouts: dict[int, list[Layout]] = {}
    items = list(_unfolded(items, layouts, lambda grid: sections(grid, words, wanted)))
    _check(str(path), asked, layouts)
    return _Walk(file, asked, items, layouts).reading()


def _unfolded(
    items: Sequence[Paragraph | Grid],
    layouts: dict[int, list[Layout]],
    read: Callable[[Grid], list[Layout]],
) -> Iterator[Paragraph | Grid]:
    """Return paragraphs and tables; a table that only holds others is taken apart."""
    for item in items:
        if not isinstance(item, Grid):
            yield item
            continue
        layouts[item.number] = read(item)
        cells = [cell for row in range(1, len(item.rows) + 1) for cell in item.starts(row)]
        inner = [grid for cell in cells for grid in cell.nested]
        if any(found.kind for found in layouts[item.number]) or not inner:
            yield item
            continue
        del layouts[item.number]
        for cell in cells:
            parts: list[Paragraph | Grid] = [*cell.paragraphs, *cell.nested]
            yield from _unfolded(parts, layouts, read)


def _check(path: str, asked: Asked, layouts: Mapping[int, Sequence[Layout]]) -> None:
    found = [layout for some in layouts.values() for layout in some]
    if not layouts:
        raise UnreadableWorkbook("word-no-tables", file=path)
    if all(layout.kind != "activities" for layout in found):
        raise UnreadableWorkbook("word-no-annex", file=path)
    spoken = Counter(one for layout in found if layout.kind for one in layout.languages)
    most = max(Language, key=lambda language: spoken[language])
    if spoken[asked.language] < spoken[most]:
        raise UnreadableWorkbook("word-other-language", file=path, language=most.value)
    years = {c.year for layout in found for c in layout.amounts().values() if c.year}
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
    layouts: dict[int, list[Layout]]
    say: Words = field(init=False)
    issues: ImportIssues = field(default_factory=ImportIssues)
    separators: Separators = field(default_factory=Separators)
    areas: list[AreaEntry] = field(default_factory=list)
    since: list[Paragraph] = field(default_factory=list)
    block: list[ActivityEntry] = field(default_factory=list)
    last: tuple[int, Layout] | None = None
    table_units: TableUnits = field(init=False)
    factor: Decimal = ONE
    extras: list[Mapping[Key, Decimal]] = field(default_factory=list)
    headed: list[tuple[TableReader, AreaHeading, AreaEntry]] = field(default_factory=list)
    levels: set[str] = field(default_factory=set)
    upper: AreaEntry | None = None
    title: str = ""

    def __post_init__(self) -> None:
        self.say = Words(self.asked.language)

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs outside tables."""
        return [item for item in self.items if not isinstance(item, Grid)]

    @property
    def grids(self) -> list[Grid]:
        """The tables."""
        return [item for item in self.items if isinstance(item, Grid)]

    def reading(self) -> Reading:
        """Read everything in order; staff tables last, since they may name any area."""
        paragraphs = self.paragraphs
        elsewhere = texts_elsewhere(self.file)
        self._see(elsewhere)
        statements = read_statements(paragraphs, self.say)
        self.title = statements.title
        for text in statements.taken:
            self._take_text(text)
        self._learn()
        self._scales(statements, elsewhere)
        if other_currency(statements.unit, self.asked.currency, self.say):
            self.issues.add("other-currency", None, statements.unit, self.asked.currency)
        reader = self._reader(paragraphs)
        staff: list[tuple[Grid, Layout, AreaEntry | None]] = []
        closing: list[TableReader] = []
        for item in self.items:
            if isinstance(item, Grid):
                self._table(item, reader, staff, closing)
                self.since = []
            else:
                self._paragraph(item)
        for table, heading, area in self.headed:
            check_headings(table, heading.place.row or 1, heading, self._within(area))
        self._listed(paragraphs)
        rate = self._close(closing, statements.rate)
        self._staff(staff)
        statements = self._support(statements, rate)
        if self.table_units.used == {THOUSAND}:
            statements = replace(statements, rounding="thousand")
        style, exact = self._style()
        if not exact:
            self.issues.add("other-style", None)
        kinds = self._kind_heads()
        self.issues.close()
        areas = tuple(self.areas)
        return Reading(self.file.name, self.asked, statements, areas, kinds, style, self.issues)

    def _close(self, closing: Sequence[TableReader], rate: Decimal | None) -> Decimal | None:
        """Check the tables of totals, and return the rate of support costs."""
        for table in closing:
            rate = rate if rate is not None else _printed_rate(table)
        for table in closing:
            if table.layout.kind == "areas":
                check_closing(table, self.areas, rate)
            else:
                check_years(table, self.areas)
        return rate

    def _reader(self, paragraphs: Sequence[Paragraph]) -> Reader:
        letters = {part.letter for part in paragraphs if part.letter}
        letters |= {m[1] for part in paragraphs if (m := _NOTE.match(part.text))}
        return Reader(
            self.say, self.issues, self.separators, self.asked.currency, frozenset(letters)
        )

    def _scales(self, statements: Statements, elsewhere: Sequence[tuple[str, str]]) -> None:
        """Read what is said of units and currencies outside the rows of tables."""
        headed = any(
            column.factor is not None
            for some in self.layouts.values()
            for found in some
            for column in found.amounts().values()
        )
        tables = max(self.layouts, default=0)
        self.table_units = TableUnits(
            self.issues, statements, self.asked.currency, tables=tables, headed=headed
        )
        if statements.factor == ONE:
            self.table_units.read(self.paragraphs, elsewhere)
        texts = [(Place(part.table, part="text"), part.text) for part in self.paragraphs]
        texts += [(Place(0, part=kind), text) for kind, text in elsewhere]
        self.table_units.currencies(texts)

    def _see(self, elsewhere: Sequence[tuple[str, str]]) -> None:
        """Enter all that is seen, and list what is struck through, hidden or no running text."""
        if tracked(self.file):
            self.issues.add("tracked-changes", None)
        for part in self.paragraphs:
            place = Place(part.table, part="text")
            self.issues.see(place, part.text)
            self._apart(place, part.gone, part.other)
        for kind, text in elsewhere:
            self.issues.add("elsewhere", Place(0, part=kind), text)
        for grid in self.grids:
            for look, row, text in grid.gone:
                if text:
                    self.issues.add(f"{look}-text", Place(grid.number, row + 1), text)
            for row in range(1, len(grid.rows) + 1):
                for cell in grid.starts(row):
                    self._see_cell(grid, cell)

    def _see_cell(self, grid: Grid, cell: Cell) -> None:
        place = Place(grid.number, cell.row, cell.column)
        self.issues.see(place, cell.text)
        self._apart(place, cell.gone, cell.other)
        for inner in cell.nested:
            rows = range(1, len(inner.rows) + 1)
            text = " | ".join(part.text for row in rows for part in inner.starts(row))
            self.issues.add("nested-table", place, text)
        if cell.footnotes:
            self.issues.add("footnote", place, cell.text)

    def _apart(
        self, place: Place, gone: Iterable[tuple[str, str]], other: Iterable[tuple[str, str]]
    ) -> None:
        for look, text in gone:
            self.issues.add(f"{look}-text", place, text)
        for kind, text in other:
            self.issues.add(kind, place, text)

    def _take_text(self, text: str) -> None:
        for part in self.paragraphs:
            if " ".join(part.text.split()) == " ".join(text.split()):
                self.issues.take(Place(part.table, part="text"), part.text)

    def _learn(self) -> None:
        """Learn from every amount which separators the file uses."""
        self.separators.learn(figure for figure in self._amounts())

    def _amounts(self) -> Iterator[Figure]:
        for grid in self.grids:
            for found in self.layouts[grid.number]:
                columns = found.amounts() if found.kind else {}
                for row in found.rows():
                    cells = (cell for cell in grid.starts(row) if cell.column in columns)
                    yield from (read_amount(cell.exact) for cell in cells)

    def _style(self) -> tuple[str, bool]:
        lone = [figure.alone for figure in self._amounts() if figure.alone]
        return self.separators.style(self.asked.language, lone)

    def _kind_heads(self) -> dict[str, str]:
        heads: dict[str, str] = {}
        for found in (layout for some in self.layouts.values() for layout in some):
            for column in found.columns.values() if found.kind == "activities" else ():
                kind = "other" if column.role == "available" else column.role
                if kind in KINDS:
                    heads.setdefault(kind, column.head)
        return heads

    def _support(self, statements: Statements, rate: Decimal | None) -> Statements:
        """Costs to which a line of support costs is added are net, unless said otherwise."""
        if statements.net == "part":
            self.issues.add("part-net", None)
        net = statements.net or ("all" if rate is not None else "")
        return replace(statements, net=net, rate=rate)

    def _paragraph(self, part: Paragraph) -> None:
        if not part.text:
            return
        self.since.append(part)
        if part.text == self.say("No activities have been listed for this area yet."):
            self._take_text(part.text)
            self._begin_titled(self.since[:-1], None)
        elif self.areas:
            self._promised(part)
            own = {
                self.say("Surplus of {amount}: more is available than the activity costs."),
                self.say("Costed in part: the full cost is not yet known."),
                self.say("Funding is available, though the activity is not yet costed."),
            }
            if part.letter and all(filled(text, part.text) is None for text in own):
                place = Place(part.table, part="text")
                self.issues.add("note-left-out", place, f"{part.letter} {part.text}")
            elif part.letter:
                self._take_text(part.text)

    def _begin_titled(self, paragraphs: Sequence[Paragraph], place: Place | None) -> None:
        """Begin an area below the title that stands above it, and the areas above that."""
        title = title_before(paragraphs, self.say)
        heads = [part for part in paragraphs if part.heading and part.text != self.title]
        for upper, lower in pairwise(heads):
            text = " ".join(upper.text.split())
            if upper.style < lower.style and title_before([upper], self.say):
                self._begin(text, Place(upper.table, part="text"), level=upper.style)
                self._take_text(text)
        level = next((h.style for h in heads if " ".join(h.text.split()) == title), "")
        self._begin(title, place, level=level)
        self._take_text(title)

    def _promised(self, part: Paragraph) -> None:
        """Read the pledges and the contributions in kind told below a table."""
        told = (
            (self.say("Pledged, and not counted as available: {list}."), False),
            (self.say("In kind, and not counted: {list}."), True),
        )
        for template, in_kind in told:
            found = filled(template, part.text)
            if found:
                self._take_text(part.text)
            for item in (
                found["list"].split(" ".join(self.say("; ").split()) + " ") if found else ()
            ):
                pair = filled(self.say("{number}: {amount}"), item)
                amount = read_amount(pair["amount"]).value if pair else None
                known = {activity.number for activity in self.areas[-1].activities}
                if pair is None or not amount or pair["number"] not in known:
                    self.issues.add("promise-left-out", None, item)
                    continue
                promise = Promise(pair["number"], amount * self.factor, in_kind)
                self.areas[-1].promises.append(promise)

    def _table(
        self,
        grid: Grid,
        reader: Reader,
        staff: list[tuple[Grid, Layout, AreaEntry | None]],
        closing: list[TableReader],
    ) -> None:
        if not any(found.kind for found in self.layouts[grid.number]) and self._goes_on(grid):
            layout = self.last[1] if self.last else self.layouts[grid.number][0]
            onward = replace(layout, first=1, heads=0, last=len(grid.rows), passed=layout.passed)
            self.layouts[grid.number] = [onward]
            self.issues.add("table-goes-on", Place(grid.number))
        titles = self.layouts[grid.number][0].first - 1
        for index, found in enumerate(self.layouts[grid.number]):
            if not found.kind:
                self._unknown(grid, found)
                continue
            factors = (
                {} if found.kind == "staff" else self.table_units.factors(grid, found, titles)
            )
            table = TableReader(reader, grid, found, factors)
            if found.kind == "activities":
                self._activities(table, again=index > 0)
                self.factor = max(factors.values(), default=ONE)
            elif found.kind == "staff":
                staff.append((grid, found, self.areas[-1] if self.areas else None))
            else:
                closing.append(table)
        found = self.layouts[grid.number][-1]
        self.last = (grid.width, found) if found.kind == "activities" else None

    def _unknown(self, grid: Grid, found: Layout) -> None:
        """List the rows of a table, or of a part of one, that is none of an annex."""
        for row in range(found.first, found.last + 1):
            texts = [cell.text for cell in grid.starts(row) if cell.text]
            if texts:
                self.issues.add("unknown-table", Place(grid.number, row), " | ".join(texts))

    def _goes_on(self, grid: Grid) -> bool:
        """Return whether a table without headings goes on with the one right before it."""
        return self.last is not None and not self.since and grid.width == self.last[0]

    def _activities(self, table: TableReader, *, again: bool) -> None:
        place = Place(table.grid.number)
        headings = [] if again else list(table.titles(1))
        entries = list(table.entries())
        headed = bool(headings) or (bool(entries) and isinstance(entries[0], AreaHeading))
        if not headed and (not again or not self.areas):
            if title_before(self.since, self.say) or not self.areas:
                self._begin_titled(self.since, place)
            elif table.layout.heads:
                self.issues.add("same-area", place, "", self.areas[-1].title)
        elif not again:
            self._uppers()
        for entry in (*headings, *entries):
            if isinstance(entry, AreaHeading):
                self._area_heading(table, entry)
            elif isinstance(entry, SumEntry):
                self._sum(table, entry)
            else:
                self._activity(table, entry)

    def _uppers(self) -> None:
        """Begin the areas that headings above a table name, which has headings of its own."""
        for part in self.since:
            if part.heading and title_before([part], self.say) and part.text != self.title:
                text = " ".join(part.text.split())
                self._begin(text, Place(part.table, part="text"), level=part.style)
                self._take_text(part.text)

    def _area_heading(self, table: TableReader, heading: AreaHeading) -> None:
        self._begin(heading.text, heading.place, level=_level(heading))
        if any(figure.kind != "blank" for figure in heading.printed.values()):
            self.headed.append((table, heading, self.areas[-1]))

    def _begin(self, title: str, place: Place | None, level: str = "") -> None:
        """Begin an area, or go on with the last one where it has the same title."""
        plain = without_number(title)
        if plain != title:
            self.issues.add("area-number", place, title, plain)
        if not plain:
            plain = f"{self.say('Programme area')} {len(self.areas) + 1}"
            self.issues.add("area-without-title", place, "", plain)
        self.block = []
        before = self.areas[-1] if self.areas else None
        if before is not None and _same(before.title, plain):
            return
        self.areas.append(AreaEntry(plain, level, self._above(before, level, place), place))

    def _above(
        self, before: AreaEntry | None, level: str, place: Place | None
    ) -> AreaEntry | None:
        """Return the area above a new one: the one before it, where that has only headings."""
        if level and level in self.levels:
            self.upper = None
        empty = before is not None and not before.activities and place is not None
        if before is not None and empty and place is not None and before.parent is None:
            sibling = level and level == before.level
            if not sibling and (before.level or not level or place.table):
                self.upper = before
                if before.level:
                    self.levels.add(before.level)
                self.issues.add("upper-heading", before.place or place, before.title, before.title)
        return self.upper

    def _within(self, area: AreaEntry) -> list[AreaEntry]:
        return [one for one in self.areas if one is area or one.parent is area]

    def _sum(self, table: TableReader, entry: SumEntry) -> None:
        row = entry.place.row or 1
        if entry.kind == "part":
            return
        block: dict[Key, Decimal] = {}
        broken: set[Key] = set()
        for activity in self.block:
            add_up(table, block, broken, activity)
        area = self.areas[-1]
        every = areas_from(self.areas)
        if entry.kind in ("support", "contingency"):
            bases = [block, area.sums, *(sums for sums, _ in every)]
            self.extras.append(check_extra(table, row, entry, bases))
            return
        choices = [(area.sums, area.broken), *every, (block, broken)]
        if entry.kind == "sub":
            choices = [(block, broken), *choices]
        check_row(table, row, entry, choices, self.extras)
        if entry.kind != "carried":
            self.block = []

    def _activity(self, table: TableReader, entry: ActivityEntry) -> None:
        area, row = self.areas[-1], entry.place.row or 1
        number, column = entry.number, table.layout.find("number")
        if not number:
            number = f"{MADE}{len(area.activities) + 1}"
            cell = table.grid.cell(row, column) if column else None
            automatic = cell is not None and any(part.automatic for part in cell.paragraphs)
            reason = "automatic-number" if automatic else "no-number"
            table.issue(reason, row, column, "", number)
        while folded(number) in area.numbers:
            table.issue("duplicate-number", row, column, number, f"{number} (2)")
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
            self._take_item(item)
            if area is None:
                area = AreaEntry(item)
                self.issues.add("listed-area", None, item, item)
            self.areas.append(area)

    def _take_item(self, item: str) -> None:
        for part in self.paragraphs:
            if folded(part.text).strip(" .;,•-–*") == folded(item).strip(" .;,•-–*"):
                self.issues.take(Place(part.table, part="text"), part.text)

    def _staff(self, tables: Sequence[tuple[Grid, Layout, AreaEntry | None]]) -> None:
        """Read the staff tables, which may name areas in the headings of their columns."""
        titles = {folded(area.title): area for area in self.areas}
        for grid, found, current in tables:
            reader = StaffReader(grid, found, self.issues, titles, current)
            for area, entry in reader.lines():
                area.staff.append(entry)


def _printed_rate(table: TableReader) -> Decimal | None:
    """Return the rate in the label of a line of support costs, such as (13%)."""
    for _, entry in table.sum_rows():
        if label_kind(entry.label) == "support" and "(" in entry.label:
            return read_percent(entry.label.rpartition("(")[2].rstrip(") ")).value
    return None


_NOTE = re.compile(r"[(\[]?([a-z]|\d{1,2}|[*†‡]{1,3})[)\]/:.]?\s")


def _same(one: str, other: str) -> bool:
    """Return whether two titles are one, perhaps said to be continued."""
    return folded(_AGAIN.sub("", one)) == folded(_AGAIN.sub("", other))


def _level(heading: AreaHeading) -> str:
    """Return what tells the level of a heading: its first word before a number, its number."""
    if heading.number:
        return f"#{heading.number.count('.')}"
    match = _LEVEL.match(folded(heading.text))
    word, number = (match[1] or "", match[2] or "") if match else ("", "")
    if not number:
        return ""
    kind = str(number.count(".")) if number[0].isdigit() else "letter"
    return f"{word}#{kind}"
