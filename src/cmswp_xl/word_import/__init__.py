"""
An annex in Word on its way into a workbook, read from beginning to end; nothing in it is guessed.

Of it come areas with their activities and staff, and all issues.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from cmswp_xl.errors import Misuse, UnreadableWorkbook
from cmswp_xl.languages import N_, Language, Words
from cmswp_xl.money import total
from cmswp_xl.ooxml import Limits
from cmswp_xl.word_import.amounts import (
    ONE,
    THOUSAND,
    Figure,
    Separators,
    read_amount,
    read_percent,
)
from cmswp_xl.word_import.columns import Asked, Layout, sections
from cmswp_xl.word_import.issues import ImportIssues, Place
from cmswp_xl.word_import.opening import WordFile, open_word
from cmswp_xl.word_import.rows import (
    MADE,
    ActivityEntry,
    AreaHeading,
    Entry,
    Key,
    Reader,
    SumEntry,
    TableReader,
    line_of,
)
from cmswp_xl.word_import.staff import staff_lines
from cmswp_xl.word_import.statements import (
    Statements,
    TableUnits,
    filled,
    listed_titles,
    other_currency,
    read_statements,
    title_before,
    without_number,
)
from cmswp_xl.word_import.totals import (
    AreaEntry,
    Promise,
    Sums,
    check_closing,
    check_extra,
    check_row,
    check_sought,
    check_years,
    whole,
)
from cmswp_xl.word_import.visible import Grid, Paragraph, blocks, is_tracked, texts_elsewhere
from cmswp_xl.word_import.vocabulary import any_of, entries_in, folded, joined, own_sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal
    from pathlib import Path


_NO_ACTIVITIES = N_("No activities have been listed for this area yet.")
_BY_YEAR = N_("Cost of the activities by year")
_PROMISES = (
    (N_("Pledged, and not counted as available: {list}."), False),
    (N_("In kind, and not counted: {list}."), True),
)
_PROMISED = (N_("{number} ({amount})"), N_("{number}: {amount}"))
"""How one of them is written, now and in earlier versions."""
_AGAIN = re.compile(rf"\s*[(\[]?(?:{any_of('continued')})[)\]]?\.?$", re.IGNORECASE)
_LEVEL = re.compile(r"\W*([^\W\d_]{3,})?\W{0,3}(\d+(?:\.\d+)*|[ivx]{1,5}\b|[a-h]\b)?")
_NOTE = re.compile(r"[(\[]?([a-z]|\d{1,2}|[*†‡]{1,3})[)\]/:.]?\s")
_ROUND_A_TITLE = " .;,•-–*"


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
    layouts: dict[int, list[Layout]] = {}
    items = list(_unfolded(blocks(file, limits.cells), asked, layouts))
    _check(str(path), asked, layouts)
    return _Walk(file, asked, items, layouts).reading()


def _unfolded(
    items: Iterable[Paragraph | Grid], asked: Asked, layouts: dict[int, list[Layout]]
) -> Iterator[Paragraph | Grid]:
    """Return paragraphs and tables; a table that only holds others is taken apart."""
    for item in items:
        if not isinstance(item, Grid):
            yield item
            continue
        found, cells = sections(item, asked), list(item.cells())
        if any(layout.kind for layout in found) or not any(cell.nested for cell in cells):
            layouts[item.number] = found
            yield item
            continue
        for cell in cells:
            yield from _unfolded([*cell.paragraphs, *cell.nested], asked, layouts)


def _check(path: str, asked: Asked, layouts: Mapping[int, Sequence[Layout]]) -> None:
    found = list(chain.from_iterable(layouts.values()))
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
        every = years | set(asked.period)
        text = ", ".join(map(str, outside))
        raise Misuse("import-other-years", years=text, period=f"{min(every)}-{max(every)}")


def _place(part: Paragraph) -> Place:
    return Place(part.table, part="text")


@dataclass(slots=True)
class _Walk:
    """
    One reading of a file, from its first block to its last.

    `since` are the paragraphs since the last table, `block` the activities since the last sum,
    `last` the layout of the table just before and its width, `factor` what its amounts are
    multiplied by, `extras` the rows of support costs, `headed` the headings with amounts,
    `levels` the looks of headings of areas above others, `upper` the last such area.
    """

    file: WordFile
    asked: Asked
    items: Sequence[Paragraph | Grid]
    layouts: dict[int, list[Layout]]
    say: Words = field(init=False)
    statements: Statements = field(init=False)
    units: TableUnits = field(init=False)
    reader: Reader = field(init=False)
    issues: ImportIssues = field(default_factory=ImportIssues)
    areas: list[AreaEntry] = field(default_factory=list)
    since: list[Paragraph] = field(default_factory=list)
    block: list[ActivityEntry] = field(default_factory=list)
    last: tuple[int, Layout] | None = None
    factor: Decimal = ONE
    extras: list[Mapping[Key, Decimal]] = field(default_factory=list)
    headed: list[tuple[TableReader, AreaHeading, AreaEntry]] = field(default_factory=list)
    staff: list[tuple[TableReader, AreaEntry | None]] = field(default_factory=list)
    closing: list[TableReader] = field(default_factory=list)
    levels: set[str] = field(default_factory=set)
    upper: AreaEntry | None = None

    @property
    def paragraphs(self) -> list[Paragraph]:
        """The paragraphs outside tables."""
        return [item for item in self.items if not isinstance(item, Grid)]

    @property
    def grids(self) -> list[Grid]:
        """The tables."""
        return [item for item in self.items if isinstance(item, Grid)]

    @property
    def sections(self) -> Iterator[Layout]:
        """What the sections of all tables hold."""
        return chain.from_iterable(self.layouts.values())

    def reading(self) -> Reading:
        """Read everything in order; staff tables last, since they may name any area."""
        self._prepare()
        for item in self.items:
            if isinstance(item, Grid):
                self._table(item)
                self.since = []
            elif item.text:
                self.since.append(item)
                self._paragraph(item)
        for table, heading, area in self.headed:
            below = [one for one in self.areas if one is area or one.parent is area]
            printed = SumEntry(heading.place, heading.text, "sub", heading.printed)
            check_row(table, printed, [whole(below)])
        self._listed()
        rate = self._close()
        self._staff()
        statements = self.statements
        if statements.net == "part":
            self.issues.add("part-net", None)
        net = statements.net or ("all" if rate is not None else "")
        rounding = "thousand" if self.units.used == {THOUSAND} else statements.rounding
        statements = replace(statements, net=net, rate=rate, rounding=rounding)
        lone = [figure.alone for figure in self._amounts() if figure.alone]
        style, exact = self.reader.separators.style(self.asked.language, lone)
        if not exact:
            self.issues.add("other-style", None)
        self.issues.close()
        layouts = [layout for layout in self.sections if layout.kind == "activities"]
        columns = [one for layout in layouts for one in layout.columns.values() if one.kind]
        kinds = {column.kind: column.head for column in reversed(columns)}  # the first of a kind
        name, areas = self.file.name, tuple(self.areas)
        return Reading(name, self.asked, statements, areas, kinds, style, self.issues)

    def _prepare(self) -> None:
        """Enter all that is seen, and read what is said outside the rows of tables."""
        self.say = Words(self.asked.language)
        paragraphs, currency = self.paragraphs, self.asked.currency
        elsewhere = texts_elsewhere(self.file)
        self._see(elsewhere)
        self.statements = read_statements(paragraphs, self.say)
        for text in self.statements.taken:
            self._take_text(text)
        columns = chain.from_iterable(one.amounts().values() for one in self.sections)
        headed = any(column.factor is not None for column in columns)
        tables = max(self.layouts, default=0)
        self.units = TableUnits(self.issues, self.statements, currency, tables, headed)
        if self.statements.factor == ONE:
            self.units.read(paragraphs, elsewhere)
        texts = [(_place(part), part.text) for part in paragraphs]
        self.units.currencies(texts + [(Place(0, part=kind), text) for kind, text in elsewhere])
        if other_currency(self.statements.unit, currency, self.say):
            self.issues.add("other-currency", None, self.statements.unit, currency)
        letters = {part.letter for part in paragraphs if part.letter}
        letters |= {match[1] for part in paragraphs if (match := _NOTE.match(part.text))}
        separators = Separators()
        separators.learn(self._amounts())
        self.reader = Reader(self.say, self.issues, separators, currency, frozenset(letters))

    def _see(self, elsewhere: Iterable[tuple[str, str]]) -> None:
        """Enter all that is seen, and list what is struck through, hidden or no running text."""
        if is_tracked(self.file):
            self.issues.add("tracked-changes", None)
        for part in self.paragraphs:
            self._see_text(_place(part), part.text, [part])
        for kind, text in elsewhere:
            self.issues.add("elsewhere", Place(0, part=kind), text)
        for grid in self.grids:
            for look, row, text in grid.gone:
                if text:
                    self.issues.add(f"{look}-text", Place(grid.number, row + 1), text)
            for cell in grid.cells():
                place = Place(grid.number, cell.row, cell.column)
                self._see_text(place, cell.text, cell.paragraphs)
                for inner in cell.nested:
                    self.issues.add("nested-table", place, line_of(inner.cells()))
                if cell.footnotes:
                    self.issues.add("footnote", place, cell.text)

    def _see_text(self, place: Place, shown: str, parts: Sequence[Paragraph]) -> None:
        self.issues.see(place, shown)
        for look, text in chain.from_iterable(part.gone for part in parts):
            self.issues.add(f"{look}-text", place, text)
        for kind, text in chain.from_iterable(part.other for part in parts):
            self.issues.add(kind, place, text)

    def _take_text(self, text: str, form: Callable[[str], str] = joined) -> None:
        for part in self.paragraphs:
            if form(part.text) == form(text):
                self.issues.take(_place(part), part.text)

    def _amounts(self) -> Iterator[Figure]:
        for grid in self.grids:
            for layout in self.layouts[grid.number]:
                columns = layout.amounts() if layout.kind else {}
                for row in layout.rows():
                    cells = (cell for cell in grid.starts(row) if cell.column in columns)
                    yield from (read_amount(cell.exact) for cell in cells)

    def _close(self) -> Decimal | None:
        """Check the tables of totals, and return the rate of support costs."""
        rate = self.statements.rate
        for table in self.closing:
            rate = rate if rate is not None else _printed_rate(table)
        for table in self.closing:
            if table.layout.kind == "areas":
                check_closing(table, self.areas, rate)
            else:
                check_years(table, self.areas)
        return rate

    def _paragraph(self, part: Paragraph) -> None:
        """Read a paragraph: an area without activities, promises, notes."""
        if part.text == self.say(_NO_ACTIVITIES):
            self._take_text(part.text)
            self._begin_titled(self.since[:-1], None)
        elif self.areas:
            self._promised(part)
            if part.letter and any(
                filled(self.say(o), part.text) is not None for o in own_sentences("notes")
            ):
                self._take_text(part.text)
            elif part.letter:
                self.issues.add("note-left-out", _place(part), f"{part.letter} {part.text}")

    def _promised(self, part: Paragraph) -> None:
        area = self.areas[-1]
        known = {activity.number for activity in area.activities}
        for template, in_kind in _PROMISES:
            found = filled(self.say(template), part.text)
            if found:
                self._take_text(part.text)
            semicolon = f"{joined(self.say('; '))} "  # in earlier versions
            for item in entries_in(found["list"], self.say, semicolon) if found else ():
                templates = map(self.say, _PROMISED)
                pair = next(filter(None, (filled(each, item) for each in templates)), None)
                amount = read_amount(pair["amount"]).value if pair else None
                if pair is None or not amount or pair["number"] not in known:
                    self.issues.add("promise-left-out", None, item)
                else:
                    area.promises.append(Promise(pair["number"], amount * self.factor, in_kind))

    def _table(self, grid: Grid) -> None:
        layouts = self.layouts[grid.number]
        unknown = not any(layout.kind for layout in layouts)
        if unknown and self.last is not None and not self.since and grid.width == self.last[0]:
            layouts = self.layouts[grid.number] = [self.last[1].onward(len(grid.rows))]
            self.issues.add("table-goes-on", Place(grid.number))
        for index, layout in enumerate(layouts):
            if not layout.kind:
                for row in range(layout.first, layout.last + 1):
                    if cells := grid.filled(row):
                        self.issues.add("unknown-table", Place(grid.number, row), line_of(cells))
            elif layout.kind == "staff":
                area = self.areas[-1] if self.areas else None
                self.staff.append((TableReader(self.reader, grid, layout), area))
            else:
                factors = self.units.factors(grid, layout, layouts[0].first - 1)
                table = TableReader(self.reader, grid, layout, factors)
                if layout.kind == "activities":
                    self._activities(table, again=index > 0)
                    self.factor = max(factors.values(), default=ONE)
                else:
                    self.closing.append(table)
        self.last = (grid.width, layouts[-1]) if layouts[-1].kind == "activities" else None

    def _activities(self, table: TableReader, *, again: bool) -> None:
        """Read a section of activities; `again` tells that it is not the first of its table."""
        if any(part.text == self.say(_BY_YEAR) for part in self.since):
            self._take_text(self.say(_BY_YEAR))
            self._costs_by_year(table)
            return
        place = Place(table.grid.number)
        headings = [] if again else list(table.titles())
        entries = [*headings, *table.entries()]
        headed = bool(entries) and isinstance(entries[0], AreaHeading)
        if not headed and (not again or not self.areas):
            if title_before(self.since, self.say) or not self.areas:
                self._begin_titled(self.since, place)
            elif table.layout.heads:
                self.issues.add("same-area", place, "", self.areas[-1].title)
        elif not again:
            for part in self.since:
                if part.heading and title_before([part], self.say):
                    self._begin_headed(part)
        for entry in entries:
            self._entry(table, entry)

    def _costs_by_year(self, table: TableReader) -> None:
        """Take the years of costs that are known, which stand apart beside further columns."""
        known = {each.number: each for area in self.areas for each in area.activities}
        for entry in table.entries():
            same = known.get(entry.number) if isinstance(entry, ActivityEntry) else None
            if same is None or not isinstance(entry, ActivityEntry):
                self._entry(table, entry)
            elif entry.cost and total(entry.cost.values()) == total((same.cost or {}).values()):
                same.cost = entry.cost
            elif entry.cost != same.cost:
                self._entry(table, entry)

    def _entry(self, table: TableReader, entry: Entry) -> None:
        if isinstance(entry, SumEntry):
            self._sum(table, entry)
        elif isinstance(entry, AreaHeading):
            self._begin(entry.text, entry.place, _level(entry))
            if entry.has_amounts:
                self.headed.append((table, entry, self.areas[-1]))
        else:
            self._activity(table, entry)

    def _begin_titled(self, paragraphs: Sequence[Paragraph], place: Place | None) -> None:
        """Begin an area below the title that stands above it, and the areas above that."""
        title = title_before(paragraphs, self.say)
        heads = [p for p in paragraphs if p.heading and p.line != joined(self.statements.title)]
        for upper, lower in pairwise(heads):
            if upper.style < lower.style and title_before([upper], self.say):
                self._begin_headed(upper)
        level = next((head.style for head in heads if head.line == title), "")
        self._begin(title, place, level)
        self._take_text(title)

    def _begin_headed(self, part: Paragraph) -> None:
        if part.line != joined(self.statements.title):
            self._begin(part.line, _place(part), part.style)
            self._take_text(part.text)

    def _begin(self, title: str, place: Place | None, level: str) -> None:
        """Begin an area, or go on with the last one where it has the same title."""
        plain = without_number(title)
        if plain != title:
            self.issues.add("area-number", place, title, plain)
        if not plain:
            plain = f"{self.say('Programme area')} {len(self.areas) + 1}"
            self.issues.add("area-without-title", place, "", plain)
        self.block = []
        before = self.areas[-1] if self.areas else None
        if before is None or folded(_AGAIN.sub("", before.title)) != folded(_AGAIN.sub("", plain)):
            self.areas.append(AreaEntry(plain, level, self._above(before, level, place), place))

    def _above(
        self, before: AreaEntry | None, level: str, place: Place | None
    ) -> AreaEntry | None:
        """Return the area above a new one: the one before it, where that has only headings."""
        if level and level in self.levels:
            self.upper = None
        if before is None or before.activities or before.parent is not None or place is None:
            return self.upper
        sibling = level and level == before.level
        if not sibling and (before.level or not level or place.table):
            self.upper = before
            if before.level:
                self.levels.add(before.level)
            self.issues.add("upper-heading", before.place or place, before.title, before.title)
        return self.upper

    def _sum(self, table: TableReader, entry: SumEntry) -> None:
        """Set a row of sums against what it may be a sum of: the rows since the last, areas."""
        if entry.kind == "part":
            return
        block, area = Sums(), self.areas[-1].sums
        for activity in self.block:
            block.add(table, activity)
        every = [whole(self.areas[start:]) for start in reversed(range(len(self.areas)))]
        if entry.kind in ("support", "contingency"):
            self.extras.append(check_extra(table, entry, [block, area, *every]))
            return
        choices = [block, area, *every] if entry.kind == "sub" else [area, *every, block]
        check_row(table, entry, choices, self.extras)
        if entry.kind != "carried":
            self.block = []

    def _activity(self, table: TableReader, entry: ActivityEntry) -> None:
        """Add an activity to its area, under a number that no other there has."""
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
        area.sums.add(table, entry)
        check_sought(table, entry)

    def _listed(self) -> None:
        """Take over the areas that a list in the text names beside those with tables."""
        known = {folded(area.title): area for area in self.areas}
        items = listed_titles(self.paragraphs, [area.title for area in self.areas])
        if not items or not set(known) <= {folded(item) for item in items}:
            return
        self.areas = []
        for item in items:
            self._take_text(item, lambda text: folded(text).strip(_ROUND_A_TITLE))
            if folded(item) not in known:
                self.issues.add("listed-area", None, item, item)
            self.areas.append(known.get(folded(item)) or AreaEntry(item))

    def _staff(self) -> None:
        areas = {folded(area.title): area for area in self.areas}
        for table, current in self.staff:
            for area, entry in staff_lines(table, areas, current):
                area.staff.append(entry)


def _printed_rate(table: TableReader) -> Decimal | None:
    for entry in table.sum_rows():
        if entry.kind == "support" and "(" in entry.label:
            return read_percent(entry.label.rpartition("(")[2].rstrip(") ")).value
    return None


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
