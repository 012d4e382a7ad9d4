"""
The rows of a table: activities, headings of areas, sums.

Each cell that is read is struck off the account of what is seen; what is doubtful is listed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from cmswp_xl.languages import Language, Words
from cmswp_xl.money import CENT, ZERO, total
from cmswp_xl.word_import.amounts import (
    LARGEST,
    ONE,
    Figure,
    Separators,
    are_foreign,
    currencies_in,
    plain,
    plain_amount,
    read_amount,
    sentence_unit,
)
from cmswp_xl.word_import.columns import Layout
from cmswp_xl.word_import.issues import ImportIssues, Place
from cmswp_xl.word_import.statements import is_caption, times
from cmswp_xl.word_import.visible import Cell, Grid
from cmswp_xl.word_import.vocabulary import (
    any_of,
    entries_in,
    folded,
    heading_roles,
    joined,
    label_kind,
    patterns,
)

MADE = "?"
"""What begins a number that the program had to make."""

Key = tuple[str, int | None]
"""What a column of amounts holds: its role, and its year."""

_COSTS = ("cost", "year", "whole")
_ENDED = re.compile(r"[.;:!?…)»”\"]$")
_BEFORE_UNIT = re.compile(
    r"(?!in |en |amounts?|all |figures|montants|importes|unit|cifras|tous)\w+.*\("
)
_HEADING_WORDS = re.compile(
    rf"(?:{any_of('parts of a programme')})\b"
    r"[ \w.]{0,8}(?:\d|[ivx]+\b|[a-h]\b|:)|(?:[ivx]{1,5}|[a-h]|\d{1,2})[.)] \S"
)
_TOTAL_LABEL = re.compile(
    r"[^a-z]*(?:(?:grand|sub|overall|general|sous|gran|montant|importe)[\s-]?)?(?:tota(?:ls?|ux)|suma|somme)"
    r"(?: costs?| general| parcial| budget)?(?:[^a-z]+[ivx]*)*"
)
_LABEL_WORDS = 2
_UNPLACED = ("", "mandates", "other-year", "total", "payer", "time", "area", "year-name", "post")
_UNIT_LONGEST = 20
_YEARS = re.compile(r"((?:19|20|21)\d\d)(?:\s?[-–]\s?((?:19|20|21)\d\d))?")


@dataclass(slots=True)
class ActivityEntry:
    """
    An activity as printed: `cost` by year (None for the whole period), None where not costed.

    `funding` is by kind of source, by the source's title where named, and by year; `printed` holds
    the amounts of its row by column, for comparison with the totals; `details` are columns of the
    sheet that are taken as they stand.
    """

    place: Place
    number: str
    text: str
    printed: Mapping[int, Figure]
    cost: dict[int | None, Decimal] | None = None
    funding: dict[tuple[str, str, int | None], Decimal] = field(default_factory=dict)
    partial: bool = False
    priority: str = ""
    responsible: str = ""
    note: str = ""
    texts: dict[Language, str] = field(default_factory=dict)
    details: dict[str, int | str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What names its row."""
        return self.number


@dataclass(frozen=True, slots=True)
class SumEntry:
    """A row of sums: its label, the kind of the sum, its printed amounts by column."""

    place: Place
    label: str
    kind: str
    printed: Mapping[int, Figure]


@dataclass(frozen=True, slots=True)
class AreaHeading:
    """A row that is the heading of an area, with the number and the amounts that it has."""

    place: Place
    text: str
    number: str = ""
    printed: Mapping[int, Figure] = field(default_factory=dict)

    @property
    def has_amounts(self) -> bool:
        """Whether anything stands in its columns of amounts."""
        return any(figure.kind != "blank" for figure in self.printed.values())


Entry = ActivityEntry | SumEntry | AreaHeading


@dataclass(frozen=True, slots=True)
class Reader:
    """
    What the reading of every table needs.

    `letters` are the marks of the notes that stand below tables, which explain raised marks.
    """

    say: Words
    issues: ImportIssues
    separators: Separators
    currency: str
    letters: frozenset[str] = frozenset()


@dataclass(slots=True)
class TableReader:
    """
    Reads the rows of one section of a table.

    `factors` are what the amounts of each column are multiplied by; `factor` takes their place
    below a heading that names a unit.
    """

    reader: Reader
    grid: Grid
    layout: Layout
    factors: Mapping[int, Decimal] = field(default_factory=dict)
    factor: Decimal | None = None

    def place(self, row: int | None, column: int | None = None) -> Place:
        """Return the place of a cell."""
        known = self.layout.columns.get(column or 0)
        return Place(self.grid.number, row, column, known.head if known else "")

    def issue(
        self, reason: str, row: int | None, column: int | None, found: str, taken: object = ""
    ) -> None:
        """Note an issue at a cell."""
        self.reader.issues.add(reason, self.place(row, column), found, taken)

    def take(self, *cells: Cell | None) -> None:
        """Strike off cells."""
        for cell in cells:
            if cell is not None:
                self.reader.issues.take(Place(self.grid.number, cell.row, cell.column))

    def take_heads(self) -> None:
        """Strike off the headings."""
        for row in range(self.layout.first, self.layout.heads + 1):
            self.take(*self.grid.starts(row))

    def cell(self, row: int, column: int | None) -> Cell | None:
        """Return the cell that covers a place and begins in this row."""
        cell = self.grid.cell(row, column) if column else None
        return cell if cell is not None and cell.row == row else None

    def text(self, row: int, column: int | None) -> str:
        """Return the text of a cell that begins in this row."""
        cell = self.cell(row, column)
        return "" if cell is None else cell.text

    def compare(
        self, entry: ActivityEntry | SumEntry, number: int, parts: Decimal, figure: Figure
    ) -> None:
        """Set an amount of a row against the parts that it is printed as the sum of."""
        if figure.known is not None:
            place, printed = self.place(entry.place.row, number), figure.known
            self.reader.issues.compare(place, entry.label, printed, parts, figure.unit)

    def entries(self) -> Iterator[Entry]:
        """Return the rows below the headings that hold anything."""
        self.take_heads()
        last: ActivityEntry | None = None
        for row in self.layout.rows():
            cells = [cell for cell in self.grid.starts(row) if cell.text or cell.nested]
            if not cells or self._is_ragged(row, cells):
                continue
            entry: Entry | None = self._sum(row, cells) or self._area_heading(row, cells)
            if isinstance(entry, AreaHeading):
                self._rescale(entry)
            if entry is None:
                entry = activity = self._activity(row, last)
                last = activity or last
            if entry is not None:
                yield entry

    def titles(self) -> Iterator[AreaHeading]:
        """Return the headings of areas that stand above the first row of headings."""
        for row in range(1, self.layout.first):
            cells = self.grid.filled(row)
            text = cells[0].line if len(cells) == 1 else ""
            if not text or is_caption(text) or heading_roles(text):
                continue
            if sentence_unit(text) is not None and not _BEFORE_UNIT.match(plain(text)):
                continue
            self.take(*cells)
            self.issue("title-row", row, cells[0].column, text, text)
            yield AreaHeading(self.place(row, cells[0].column), text)

    def sum_rows(self) -> Iterator[SumEntry]:
        """Return the rows of a table of sums, each with its label and the kind of its sum."""
        self.take_heads()
        for row in self.layout.rows():
            label = self.text(row, 1).partition("\n")[0]
            if label:
                self.take(self.cell(row, 1))
                yield SumEntry(self.place(row), label, label_kind(label), self._figures(row))

    def _rescale(self, heading: AreaHeading) -> None:
        unit = sentence_unit(heading.text)
        self.factor = None if unit is None else unit.factor
        if unit is not None:
            reason = "unit" if unit.factor else "unit-unclear"
            taken = times(unit.factor) if unit.factor else ""
            self.reader.issues.add(reason, heading.place, heading.text, taken)

    def _is_ragged(self, row: int, cells: list[Cell]) -> bool:
        """Return whether a row has fewer or more cells than the headings, and list it."""
        width = len(self.grid.rows[row - 1])
        if width == self.layout.width or (len(cells) == 1 and width < self.layout.width):
            return False
        self.issue("ragged-row", row, None, line_of(cells))
        return True

    def _names(self) -> tuple[int, ...]:
        found = (self.layout.find("number"), self.layout.find("activity"))
        return tuple(n for n in found if n) or (1,)

    def _sum(self, row: int, cells: list[Cell]) -> SumEntry | None:
        named = [cell for cell in cells if cell.column <= max(self._names())]
        label = named[-1] if named else None
        first = label.text.partition("\n")[0] if label else ""
        kind = label_kind(first)
        if label is None or not kind:
            return None
        if len(named) > 1 and (
            label.column != self.layout.find("activity") or not _is_label(kind, first)
        ):
            number = named[0].text
            found = f"{number} | {label.text}"
            self.issue("sum-or-activity", row, label.column, found, number)
            return None
        self.take(*named)
        entry = SumEntry(self.place(row), first, kind, self._figures(row))
        if kind not in ("sub", "total"):
            self.issue(f"{kind}-in-table", row, None, line_of(cells))
        return entry

    def _area_heading(self, row: int, cells: list[Cell]) -> AreaHeading | None:
        """Return the heading of an area: one text alone, or a number that others go on with."""
        cell, names = cells[0], self._names()
        if len(cells) > 1 or cell.column > max(names):
            return self._numbered_heading(row, cells)
        wide = cell.column <= min(names) and cell.column + cell.across > max(names)
        short = len(self.grid.rows[row - 1]) < self.layout.width
        if not short and not (wide and (cell.across > 1 or self.grid.width == 1)):
            if not self._is_like_heading(cell):
                return self._numbered_heading(row, cells)
            self.issue("heading-unmerged", row, cell.column, cell.line, cell.line)
        self.take(cell)
        return AreaHeading(self.place(row, cell.column), cell.line)

    def _is_like_heading(self, cell: Cell) -> bool:
        if cell.column == self.layout.find("number"):
            return not re.fullmatch(r"[\W\d]*(?:[a-zA-Z][\W\d]*)?", cell.line)
        bold = all(part.bold for part in cell.paragraphs if part.text)
        return bold or bool(_HEADING_WORDS.match(folded(cell.line)))

    def _numbered_heading(self, row: int, cells: list[Cell]) -> AreaHeading | None:
        """Return a heading known by its number: 1 or 1.1, right before 1.1 or 1.1.1."""
        number, column = self.layout.find("number"), self.layout.find("activity")
        key = self.text(row, number).strip().rstrip(".")
        title = joined(self.text(row, column))
        if not (title and re.fullmatch(r"\d+(?:\.\d+)*", key)):
            return None
        later = (self.text(one, number) for one in self.layout.rows() if one > row)
        if not next(filter(None, later), "").strip().startswith(f"{key}."):
            return None
        self.take(self.cell(row, number), self.cell(row, column))
        self.issue("heading-by-number", row, column, f"{key} | {title}", title)
        heading = AreaHeading(self.place(row, column), title, key, self._figures(row))
        if heading.has_amounts:
            self.issue("heading-amounts", row, None, line_of(cells))
        return heading

    def _figures(self, row: int) -> dict[int, Figure]:
        return {number: self._figure(row, number) for number in self.layout.amounts()}

    def _figure(self, row: int, number: int) -> Figure:
        cell = self.grid.cell(row, number)
        if cell is None or not cell.text:
            return Figure("blank")
        if cell.row != row:
            self.issue("merged-above", row, number, cell.text)
            return Figure("blank")
        covered = [n for n in self.layout.columns if self.grid.cell(row, n) is cell]
        first = min(n for n in self.layout.amounts() if n in covered)
        if number != first or any(n in self._names() for n in covered):
            return Figure("blank")
        if len(covered) > 1:
            head = self.layout.columns[number].head
            self.issue("merged-across", row, number, cell.text, head)
        self.take(cell)
        return self._judged(row, number, cell)

    def _judged(self, row: int, number: int, cell: Cell) -> Figure:
        """Return the amount in a cell, and list what is doubtful about it."""
        reader, text, unclear = self.reader, cell.text, _unclear(cell)
        if unclear:
            self.issue(unclear, row, number, text)
            return Figure("unreadable")
        figure = reader.separators.settle(read_amount(cell.exact), reader.say.language)
        if figure.kind == "less":
            self.issue("less-than-one", row, number, text, CENT)
            return replace(figure, value=CENT)
        factor = self._factor(number)
        figure = figure.times(factor)
        refused = _refused(figure, factor)
        if refused:
            self.issue(refused, row, number, text)
            return replace(figure, kind="unreadable", value=None)
        taken = "" if figure.value is None else plain_amount(figure.value)
        for reason in figure.reasons:
            self.issue(reason, row, number, text, taken)
        marks = {mark for part in cell.paragraphs for mark in part.marks}
        if marks - reader.letters:
            found = f"{text} {', '.join(sorted(marks))}"
            self.issue("raised-mark", row, number, found, taken or text)
        if are_foreign(frozenset({figure.currency} - {""}), reader.currency):
            self.issue("other-currency", row, number, text, taken)
        return figure

    def _factor(self, number: int) -> Decimal:
        return self.factor or self.factors.get(number, ONE)

    def _activity(self, row: int, last: ActivityEntry | None) -> ActivityEntry | None:
        """Return an activity; None where the row goes on with the one before, or holds none."""
        first, column = self.layout.find("number"), self.layout.find("activity") or 1
        number, cell = self.text(row, first), self.cell(row, column)
        text, marks = self._text_and_marks(cell)
        printed = self._figures(row)
        filled = [n for n, figure in printed.items() if figure.kind != "blank"]
        if not number and text and last is not None and not filled and _goes_on(text, last):
            self.issue("continued", row, column, text, last.number)
            self.take(cell)
            last.text = f"{last.text}\n{text}"
            return None
        if not number and not text:
            for n in filled:
                self.issue("row-without-activity", row, n, self.text(row, n))
            return None
        if not text:
            text = MADE
            self.issue("no-text", row, column, "", text)
        self.take(self.cell(row, first), cell)
        unit = sentence_unit(text)
        if unit is not None and unit.factor is not None:
            self.issue("unit-unclear", row, column, text)
        entry = ActivityEntry(self.place(row, column), number, text, printed)
        if folded(self.reader.say("▲\u00a0Unfunded – core priority")) in map(folded, marks):
            entry.priority = "core"
        self._cost(row, entry, marks)
        self._funding(entry)
        self._others(row, entry)
        return entry

    def _text_and_marks(self, cell: Cell | None) -> tuple[str, list[str]]:
        """Return the text of an activity, and the program's own marks that stand below it."""
        say = self.reader.say
        own = {say("No additional cost"), say("Not yet costed")}
        unfunded = {folded(say("Unfunded")), folded(say("▲\u00a0Unfunded").lstrip("▲"))}
        parts = [part.text for part in cell.paragraphs if part.text] if cell is not None else []
        marks = [
            part
            for place, part in enumerate(parts)
            if part in own or part.startswith("▲") or (place and folded(part) in unfunded)
        ]
        return "\n".join(part for part in parts if part not in marks), marks

    def _cost(self, row: int, entry: ActivityEntry, marks: list[str]) -> None:
        """Take the costs by year, or the total where the years are blank."""
        printed = {n: (c, entry.printed[n]) for n, c in self.layout.amounts().items()}
        split = {n: pair for n, pair in printed.items() if pair[0].role in ("year", "whole")}
        parts = {c.year: f.known for c, f in split.values() if f.known is not None}
        whole = next((n for n, (c, _) in printed.items() if c.role == "cost"), None)
        figure = entry.printed[whole] if whole else Figure("blank")
        if any(parts.values()):
            entry.cost = {year: amount for year, amount in parts.items() if amount}
            if whole and figure.value is not None:
                self.compare(entry, whole, total(parts.values()), figure)
        elif figure.known:
            entry.cost = {None: figure.known}
            if split:
                taken = plain_amount(figure.known)
                self.issue("cost-without-year", row, whole, self.text(row, whole), taken)
        elif figure.known is not None or parts:
            years = [column.year for column, _ in split.values()]
            entry.cost = {None if not years or None in years else years[0]: ZERO}
        costs = [f for c, f in printed.values() if c.role in _COSTS]
        free = self.reader.say("No additional cost") in marks and not any(f.value for f in costs)
        if entry.cost is None and free:
            entry.cost = {None: ZERO}
        elif entry.cost is not None and not any(entry.cost.values()) and not free:
            self.issue("nil-cost", row, whole, self.text(row, whole), 0)
        entry.partial = any(f.at_least for f in costs)

    def _funding(self, entry: ActivityEntry) -> None:
        """Take the funding by kind; by the column's heading too, where several have one kind."""
        columns = {n: column for n, column in self.layout.amounts().items() if column.kind}
        count = Counter((column.kind, column.year) for column in columns.values())
        for number, column in columns.items():
            value = entry.printed[number].value
            if value:
                title = column.head if count[column.kind, column.year] > 1 else ""
                key = (column.kind, title, column.year)
                entry.funding[key] = entry.funding.get(key, ZERO) + value

    def _others(self, row: int, entry: ActivityEntry) -> None:
        """Take priority, responsible and note; list what stands in the other columns."""
        for number, column in self.layout.columns.items():
            text = self.text(row, number)
            again = number > 1 and self.grid.cell(row, number) is self.grid.cell(row, number - 1)
            if not text or again:
                continue
            if number in self.layout.passed:
                place = replace(self.place(row, number), head=column.headings)
                other = self.layout.columns[self.layout.passed[number]].headings
                self.reader.issues.add("other-column", place, text, other)
            elif column.role in _UNPLACED:
                self.issue(self._unplaced(text), row, number, text)
            elif self._is_put(row, number, entry, text):
                self.take(self.cell(row, number))

    def _is_put(self, row: int, number: int, entry: ActivityEntry, text: str) -> bool:
        """Put a text into an activity by its column; return whether it has a place there."""
        column = self.layout.columns[number]
        if column.role == "priority":
            found = [w for w, p in patterns("priorities").items() if re.match(p, folded(text))]
            entry.priority = found[0] if found else entry.priority
            if not found:
                self.issue("unknown-priority", row, number, text)
        elif column.role == "responsible":
            entry.responsible = "; ".join(_entities(text, self.reader.say))
        elif column.role == "targets":
            entry.details["targets"] = "; ".join(text.split("\n"))
        elif column.role == "time-frame":
            years = _YEARS.fullmatch(text)
            entry.details |= (
                {"start_year": int(years[1]), "end_year": int(years[2] or years[1])}
                if years
                else {f"timing_{self.reader.say.language.value}": text}
            )
        elif column.role == "notes":
            entry.note = "; ".join(text.split("\n"))
        elif column.role == "translation" and column.language is not None:
            entry.texts[column.language] = text
        elif column.role == "total-available":
            figure = read_amount(text).times(self._factor(number))
            if figure.value is None:
                self.issue("no-amount", row, number, text)
            else:
                self.compare(entry, number, total(entry.funding.values()), figure)
        else:
            return False
        return True

    def _unplaced(self, text: str) -> str:
        """Return why a cell of a column without a place is listed: it may be a unit of the row."""
        if len(text) > _UNIT_LONGEST:
            return "unknown-column"
        if are_foreign(currencies_in(text), self.reader.currency):
            return "other-currency"
        return "unknown-column" if sentence_unit(text) is None else "unit-unclear"


def line_of(cells: Iterable[Cell]) -> str:
    """Return the texts of some cells of a row."""
    return " | ".join(cell.text for cell in cells)


def _goes_on(text: str, last: ActivityEntry) -> bool:
    """Return whether a text may go on with the activity before it."""
    return last.text != MADE and (text[0].islower() or not _ENDED.search(last.text))


def _unclear(cell: Cell) -> str:
    """Return why the amount in a cell cannot be read for certain; "" where it can."""
    if "\n" in cell.text:
        return "several-lines"
    seen = {kind for part in cell.paragraphs for kind, _ in part.other}
    kinds = seen - {"picture", "chart", "embedded-object"}
    return "unclear-amount" if kinds or any(part.lowered for part in cell.paragraphs) else ""


def _refused(figure: Figure, factor: Decimal) -> str:
    """Return why an amount that was multiplied by a factor is not read; "" where it is."""
    if factor > 1 and "multiplied" in figure.reasons:
        return "unit-twice"
    if factor > 1 and {"lone-separator", "mixed-styles"} & set(figure.reasons):
        return "unit-and-separator"
    return "too-large" if figure.value is not None and figure.value > LARGEST else ""


def _is_label(kind: str, text: str) -> bool:
    one = folded(text)
    if kind in ("sub", "total"):
        return bool(_TOTAL_LABEL.fullmatch(one))
    return "%" in one or len(one.split()) <= _LABEL_WORDS


def _entities(text: str, say: Words) -> list[str]:
    """Return who is responsible; a list in words only where all of it is abbreviations."""
    parts = [part.strip() for part in re.split(r"[\n;]", text)]
    listed = entries_in(text, say)
    abbreviated = len(parts) == 1 and not any(re.search(r"\s", entry) for entry in listed)
    return listed if abbreviated else parts
