"""The rows of an activity table: activities, headings of areas, sums."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from cmswp_xl.money import CENT, total
from cmswp_xl.word_import.amounts import LARGEST, plain_amount, read_amount
from cmswp_xl.word_import.columns import heading
from cmswp_xl.word_import.entries import KINDS, ActivityEntry, AreaHeading, SumEntry
from cmswp_xl.word_import.import_issues import Place
from cmswp_xl.word_import.units import currencies_in, fits, plain, sentence_unit
from cmswp_xl.word_import.vocabulary import folded, label_kind, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cmswp_xl.languages import Words
    from cmswp_xl.word_import.amounts import Figure, Separators
    from cmswp_xl.word_import.columns import Layout
    from cmswp_xl.word_import.entries import Entry
    from cmswp_xl.word_import.import_issues import ImportIssues
    from cmswp_xl.word_import.visible import Cell, Grid

MADE = "?"
"""What begins a number that the program had to make."""

_PRIORITIES = {
    "core": r"core|essentiel|basic|fundamental|central",
    "high": r"high|eleve|haut|alta",
    "medium": r"medium|moyen|media",
    "low": r"low|faible|bas|baja",
}
_ENDED = re.compile(r"[.;:!?…)»”\"]$")
_CAPTION = re.compile(
    r"(?:table|tableau|cuadro|tabla|annexe?|anexo)\s+(?:[ivx]+|\d+|[a-z])\b", re.IGNORECASE
)
_BEFORE_UNIT = re.compile(
    r"(?!in |en |amounts?|all |figures|montants|importes|unit|cifras|tous)\w+.*\("
)
_HEADING_WORDS = re.compile(
    r"(?:objecti(?:f|ve)|objetivo|output|outcome|resultad?o?s?|results?|component[es]?|composante"
    r"|goal|but|meta|theme|tema|strategic|area|programme area|domaine|axe|eje|priority|target|part"
    r"|partie|parte|section|cluster|work ?stream|pillar|pilier|pilar|produits?|productos?)\b"
    r"[ \w.]{0,8}"
    r"(?:\d|[ivx]+\b|[a-h]\b|:)|(?:[ivx]{1,5}|[a-h]|\d{1,2})[.)] \S"
)
_TOTAL_LABEL = re.compile(
    r"[^a-z]*(?:(?:grand|sub|overall|general|sous|gran|montant|importe)[\s-]?)?(?:tota(?:ls?|ux)|suma|somme)"
    r"(?: costs?| general| parcial| budget)?(?:[^a-z]+[ivx]*)*"
)
_LABEL_WORDS = 2
_UNPLACED = ("", "other-year", "total", "payer", "time", "area", "year-name", "post")
_UNIT_LONGEST = 20


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

    def place(self, row: int, column: int | None = None) -> Place:
        """Return the place of a cell."""
        known = self.layout.columns.get(column or 0)
        return Place(self.grid.number, row, column, known.head if known else "")

    def issue(
        self, reason: str, row: int, column: int | None, found: str, taken: object = ""
    ) -> None:
        """Note a doubt at a cell."""
        self.reader.issues.add(reason, self.place(row, column), found, taken)

    def take(self, row: int, column: int | None) -> None:
        """Strike off the cell that covers a place, if it begins in that row."""
        cell = self.grid.cell(row, column) if column else None
        if cell is not None and cell.row == row:
            self.reader.issues.take(Place(self.grid.number, row, cell.column))

    def entries(self) -> Iterator[Entry]:
        """Return the rows below the headings that hold anything."""
        self._take_heads()
        last: ActivityEntry | None = None
        for row in self.layout.rows():
            filled = [cell for cell in self.grid.starts(row) if cell.text or cell.nested]
            if not filled:
                continue
            if self._ragged(row, filled):
                continue
            entry: Entry | None = self._sum(row, filled) or self._area_heading(row, filled)
            if isinstance(entry, AreaHeading):
                self._rescale(entry)
            if entry is None:
                entry = activity = self._activity(row, last)
                last = activity or last
            if entry is not None:
                yield entry

    def titles(self, first: int) -> Iterator[AreaHeading]:
        """Return the headings of areas that stand above the first row of headings."""
        for row in range(first, self.layout.first):
            filled = [cell for cell in self.grid.starts(row) if cell.text]
            text = " ".join(filled[0].text.split()) if len(filled) == 1 else ""
            if not text or _CAPTION.match(text) or vocabulary().roles(text):
                continue
            unit = sentence_unit(text)
            if unit is not None and not _BEFORE_UNIT.match(plain(text)):
                continue
            self.take(row, filled[0].column)
            self.issue("title-row", row, filled[0].column, text, text)
            yield AreaHeading(self.place(row, filled[0].column), text)

    def sum_rows(self) -> Iterator[tuple[int, SumEntry]]:
        """Return the rows of a table of sums, each with its label and the kind of its sum."""
        self._take_heads()
        for row in self.layout.rows():
            label = self._text(row, 1).partition("\n")[0]
            if label:
                self.take(row, 1)
                yield row, SumEntry(self.place(row), label, label_kind(label), self.figures(row))

    def _take_heads(self) -> None:
        for row in range(self.layout.first, self.layout.heads + 1):
            for cell in self.grid.starts(row):
                self.take(row, cell.column)

    def _rescale(self, heading: AreaHeading) -> None:
        """Take over the unit that the heading of an area names."""
        unit = sentence_unit(heading.text)
        self.factor = None if unit is None else unit.factor
        if unit is not None:
            reason = "unit-unclear" if unit.factor is None else "unit"
            taken = "" if unit.factor is None else f"× {unit.factor:f}"
            self.reader.issues.add(reason, heading.place, heading.text, taken)

    def _ragged(self, row: int, filled: list[Cell]) -> bool:
        """Say that a row has fewer or more cells than the headings, so that columns are unsure."""
        width = len(self.grid.rows[row - 1])
        if width == self.layout.width or (len(filled) == 1 and width < self.layout.width):
            return False
        self.issue("ragged-row", row, None, " | ".join(cell.text for cell in filled))
        return True

    def _sum(self, row: int, filled: list[Cell]) -> SumEntry | None:
        names = self._names()
        cells = [cell for cell in filled if cell.column <= max(names)]
        if not cells:
            return None
        label = cells[-1]
        first = label.text.partition("\n")[0]
        kind = label_kind(first)
        if not kind and len(cells) == 1 and label.column not in names:
            return None
        if kind and len(cells) > 1:
            number = cells[0].text
            if label.column != self.layout.find("activity") or not _is_label(kind, first):
                self.issue(
                    "sum-or-activity", row, label.column, f"{number} | {label.text}", number
                )
                return None
        if not kind:
            return None
        for cell in cells:
            self.take(row, cell.column)
        entry = SumEntry(self.place(row), first, kind, self.figures(row))
        if kind not in ("sub", "total"):
            self.issue(f"{kind}-in-table", row, None, " | ".join(cell.text for cell in filled))
        return entry

    def _names(self) -> tuple[int, ...]:
        """Return the columns of number and text."""
        number, text = self.layout.find("number"), self.layout.find("activity")
        return tuple(n for n in (number, text) if n) or (1,)

    def _area_heading(self, row: int, filled: list[Cell]) -> AreaHeading | None:
        """Return the heading of an area: one text alone, or a number that others go on with."""
        cell, names = filled[0], self._names()
        text = " ".join(cell.text.split())
        if len(filled) == 1 and cell.column <= max(names):
            wide = cell.column <= min(names) and cell.column + cell.across > max(names)
            if (wide and (cell.across > 1 or self.grid.width == 1)) or (
                len(self.grid.rows[row - 1]) < self.layout.width
            ):
                self.take(row, cell.column)
                return AreaHeading(self.place(row, cell.column), text)
            if self._like_heading(cell, text):
                self.take(row, cell.column)
                self.issue("heading-unmerged", row, cell.column, text, text)
                return AreaHeading(self.place(row, cell.column), text)
        return self._numbered_area_heading(row, filled)

    def _like_heading(self, cell: Cell, text: str) -> bool:
        number = self.layout.find("number")
        if cell.column == number:
            return not re.fullmatch(r"[\W\d]*(?:[a-zA-Z][\W\d]*)?", text)
        bold = all(part.bold for part in cell.paragraphs if part.text)
        return bold or bool(_HEADING_WORDS.match(folded(text)))

    def _numbered_area_heading(self, row: int, filled: list[Cell]) -> AreaHeading | None:
        """Return a heading told by its number: 1 or 1.1, right before 1.1 or 1.1.1."""
        number, column = self.layout.find("number"), self.layout.find("activity")
        key = self._text(row, number).strip().rstrip(".")
        text = self._text(row, column)
        below = next((r for r in self.layout.rows() if r > row and self._text(r, number)), None)
        if not (key and text and below and re.fullmatch(r"\d+(?:\.\d+)*", key)):
            return None
        if not self._text(below, number).strip().startswith(f"{key}."):
            return None
        for cell in filled:
            if cell.column in (number, column):
                self.take(row, cell.column)
        title = " ".join(text.split())
        self.issue("heading-by-number", row, column, f"{key} | {title}", title)
        printed = self.figures(row)
        if any(figure.kind != "blank" for figure in printed.values()):
            joined = " | ".join(cell.text for cell in filled)
            self.issue("heading-amounts", row, None, joined)
        return AreaHeading(self.place(row, column), title, key, printed)

    def _text(self, row: int, column: int | None) -> str:
        """Return the text of a cell that begins in this row."""
        cell = self.grid.cell(row, column) if column else None
        return cell.text if cell is not None and cell.row == row else ""

    def figures(self, row: int) -> dict[int, Figure]:
        """Read the amounts of a row by column."""
        return {number: self._figure(row, number) for number in self.layout.amounts()}

    def _figure(self, row: int, number: int) -> Figure:
        cell = self.grid.cell(row, number)
        blank = read_amount("")
        if cell is None or not cell.text:
            return blank
        if cell.row != row:
            self.issue("merged-above", row, number, cell.text)
            return blank
        covered = [n for n in self.layout.columns if self.grid.cell(row, n) is cell]
        if any(n in self._names() for n in covered):
            return blank
        if number != min(n for n in self.layout.amounts() if n in covered):
            return blank
        if len(covered) > 1:
            self.issue("merged-across", row, number, cell.text, self._head(number))
        self.take(row, cell.column)
        return self._judged(row, number, cell)

    def _heading(self, number: int) -> str:
        return heading(self.grid, self.layout, number)

    def _head(self, number: int) -> str:
        return self.layout.columns[number].head

    def _judged(self, row: int, number: int, cell: Cell) -> Figure:
        """Read an amount's text and say what is doubtful about it."""
        text = cell.text
        unclear = _unclear(cell)
        if unclear:
            self.issue(unclear, row, number, text)
            return replace(read_amount("?"), kind="unreadable", reasons=())
        figure = self.reader.separators.settle(read_amount(cell.exact), self.reader.say.language)
        factor = self.factor or self.factors.get(number, Decimal(1))
        if factor > 1 and "multiplied" in figure.reasons:
            self.issue("unit-twice", row, number, text)
            return replace(figure, kind="unreadable", value=None)
        if factor > 1 and {"lone-separator", "mixed-styles"} & set(figure.reasons):
            self.issue("unit-and-separator", row, number, text)
            return replace(figure, kind="unreadable", value=None)
        if figure.kind == "less":
            self.issue("less-than-one", row, number, text, CENT)
            return replace(figure, value=CENT)
        if figure.value is not None:
            figure = replace(figure, value=figure.value * factor, unit=figure.unit * factor)
            if figure.value is not None and figure.value > LARGEST:
                self.issue("too-large", row, number, text)
                return replace(figure, kind="unreadable", value=None)
        self._doubts(row, number, cell, figure)
        return figure

    def _doubts(self, row: int, number: int, cell: Cell, figure: Figure) -> None:
        """Say what is doubtful about an amount that was read."""
        taken = "" if figure.value is None else plain_amount(figure.value)
        for reason in figure.reasons:
            self.issue(reason, row, number, cell.text, taken)
        marks = {mark for part in cell.paragraphs for mark in part.marks}
        if marks - self.reader.letters:
            found = f"{cell.text} {', '.join(sorted(marks))}"
            self.issue("raised-mark", row, number, found, taken or cell.text)
        if figure.currency and not fits(frozenset({figure.currency}), self.reader.currency):
            self.issue("other-currency", row, number, cell.text, taken)

    def _activity(self, row: int, last: ActivityEntry | None) -> ActivityEntry | None:
        """Read an activity; None where the row goes on with the one before, or holds none."""
        number = self._text(row, self.layout.find("number"))
        column = self.layout.find("activity") or 1
        text, marks = self._paragraphs(row, column)
        printed = self.figures(row)
        spoken = [figure for figure in printed.values() if figure.kind != "blank"]
        if not number and last is not None and self._goes_on(text, last, bool(spoken)):
            self.issue("continued", row, column, text, last.number)
            self.take(row, column)
            last.text = "\n".join(filter(None, (last.text, text)))
            return None
        if not number and not text:
            for n, figure in printed.items():
                if figure.kind != "blank":
                    self.issue("row-without-activity", row, n, self._text(row, n))
            return None
        if not text:
            text = MADE
            self.issue("no-text", row, column, "", text)
        for name in (self.layout.find("number"), column):
            self.take(row, name)
        unit = sentence_unit(text)
        if unit is not None and unit.factor is not None:
            self.issue("unit-unclear", row, column, text)
        entry = ActivityEntry(self.place(row, column), number, text, printed=printed)
        self._marked(entry, marks)
        self._money(row, entry)
        self._others(row, entry)
        return entry

    def _goes_on(self, text: str, last: ActivityEntry, amounts: bool) -> bool:  # noqa: FBT001  one of three facts of a row
        if not text or amounts or last.text == MADE:
            return False
        return text[0].islower() or not _ENDED.search(last.text)

    def _paragraphs(self, row: int, column: int) -> tuple[str, list[str]]:
        """Return the text of an activity, and the marks that stand below it."""
        cell = self.grid.cell(row, column)
        if cell is None or cell.row != row:
            return "", []
        say = self.reader.say
        own = {say("No additional cost"), say("Not yet costed")}
        parts = [part.text for part in cell.paragraphs if part.text]
        marks = [part for part in parts if part in own or part.startswith("▲")]
        plain = {folded(say("Unfunded")), folded(say("▲ Unfunded").lstrip("▲ "))}
        marks += [p for p in parts[1:] if folded(p) in plain and p not in marks]
        return "\n".join(part for part in parts if part not in marks), marks

    def _marked(self, entry: ActivityEntry, marks: list[str]) -> None:
        say = self.reader.say
        if say("▲ Unfunded – core priority") in marks:
            entry.priority = "core"
        if say("No additional cost") in marks and not self._costs(entry.printed):
            entry.note = "no-cost"

    def _costs(self, printed: Mapping[int, Figure]) -> bool:
        roles = ("cost", "year", "whole")
        return any(
            printed[n].value for n, column in self.layout.amounts().items() if column.role in roles
        )

    def _money(self, row: int, entry: ActivityEntry) -> None:
        """Take the costs by year, or the total where the years are blank, and the funding."""
        columns, printed = self.layout.amounts(), entry.printed
        split = {n: c for n, c in columns.items() if c.role in ("year", "whole")}
        parts = {c.year: v for n, c in split.items() if (v := printed[n].known) is not None}
        whole = next((n for n, c in columns.items() if c.role == "cost"), None)
        figure = printed[whole] if whole else None
        amount = figure.known if figure else None
        if any(parts.values()):
            entry.cost = {year: amount for year, amount in parts.items() if amount}
            if figure and figure.value is not None:
                place, label = self.place(row, whole), entry.number
                self.reader.issues.compare(
                    place, label, figure.value, total(parts.values()), figure.unit
                )
        elif amount:
            entry.cost = {None: amount}
            if split:
                self.issue(
                    "cost-without-year", row, whole, self._text(row, whole), plain_amount(amount)
                )
        elif amount is not None or parts:
            entry.cost = {_nil_year(split): Decimal(0)}
        self._nil_cost(row, entry, whole)
        floors = ("cost", "year", "whole")
        entry.partial = any(f.at_least for n, f in printed.items() if columns[n].role in floors)
        self._funding(entry)

    def _nil_cost(self, row: int, entry: ActivityEntry, whole: int | None) -> None:
        """Say that a dash was taken for no cost, unless the annex says so in words."""
        told, entry.note = entry.note == "no-cost", ""
        if entry.cost is None and told:
            entry.cost = {None: Decimal(0)}
        elif entry.cost is not None and not any(entry.cost.values()) and not told:
            self.issue("nil-cost", row, whole, self._text(row, whole), 0)

    def _funding(self, entry: ActivityEntry) -> None:
        columns = self.layout.amounts()
        kinds = Counter((_kind(c.role), c.year) for c in columns.values())
        for number, column in columns.items():
            kind, value = _kind(column.role), entry.printed[number].value
            if kind and value:
                several = kinds[kind, column.year] > 1
                key = (kind, column.head if several else "", column.year)
                entry.funding[key] = entry.funding.get(key, Decimal(0)) + value

    def _others(self, row: int, entry: ActivityEntry) -> None:
        """Take priority, responsible and note; say which other columns are left out."""
        for number, column in self.layout.columns.items():
            text = self._text(row, number)
            again = number > 1 and self.grid.cell(row, number) is self.grid.cell(row, number - 1)
            if not text or again:
                continue
            if number in self.layout.passed:
                place = replace(self.place(row, number), head=self._heading(number))
                other = self._heading(self.layout.passed[number])
                self.reader.issues.add("other-column", place, text, other)
            elif column.role in _UNPLACED:
                self.issue(self._unplaced(text), row, number, text)
            elif self._put(row, number, entry, text):
                self.take(row, number)

    def _put(self, row: int, number: int, entry: ActivityEntry, text: str) -> bool:
        """Put a text into an activity by its column; return whether it has a place there."""
        column = self.layout.columns[number]
        if column.role == "priority":
            found = [w for w, p in _PRIORITIES.items() if re.match(p, folded(text))]
            entry.priority = found[0] if found else entry.priority
            if not found:
                self.issue("unknown-priority", row, number, text)
        elif column.role == "responsible":
            entry.responsible = "; ".join(part.strip() for part in re.split(r"[\n;]", text))
        elif column.role == "notes":
            entry.note = "; ".join(text.split("\n"))
        elif column.role == "translation" and column.language is not None:
            entry.texts[column.language] = text
        elif column.role == "total-available":
            self._check_available(row, number, entry)
        else:
            return False
        return True

    def _unplaced(self, text: str) -> str:
        """Return why a cell of a column without a place is listed: it may be a unit of the row."""
        codes = currencies_in(text) if len(text) <= _UNIT_LONGEST else frozenset()
        if codes and not fits(codes, self.reader.currency):
            return "other-currency"
        named = len(text) <= _UNIT_LONGEST and sentence_unit(text) is not None
        return "unit-unclear" if named else "unknown-column"

    def _check_available(self, row: int, number: int, entry: ActivityEntry) -> None:
        """Set the printed total of what is available against its parts."""
        figure = read_amount(self._text(row, number))
        factor = self.factor or self.factors.get(number, Decimal(1))
        if figure.value is None:
            self.issue("no-amount", row, number, self._text(row, number))
            return
        self.reader.issues.compare(
            self.place(row, number),
            entry.number,
            figure.value * factor,
            total(entry.funding.values()),
            figure.unit * factor,
        )


def _kind(role: str) -> str:
    """Return the kind of source that a column of funding stands for; "" for none."""
    return role if role in KINDS else "other" if role == "available" else ""


def _unclear(cell: Cell) -> str:
    """Return why the amount in a cell cannot be read for certain; "" where it can."""
    if "\n" in cell.text:
        return "several-lines"
    if any(part.lowered for part in cell.paragraphs):
        return "unclear-amount"
    kinds = {kind for kind, _ in cell.other}
    return "unclear-amount" if kinds - {"picture", "chart", "embedded-object"} else ""


def _is_label(kind: str, text: str) -> bool:
    """Return whether a text beside a number is the label of a sum and nothing else."""
    one = folded(text)
    if kind in ("sub", "total"):
        return bool(_TOTAL_LABEL.fullmatch(one))
    return "%" in one or len(one.split()) <= _LABEL_WORDS


def _nil_year(split: Mapping[int, object]) -> int | None:
    """Return the year to hold a cost of nil: none where there is such a column, else the first."""
    years = [getattr(column, "year", None) for column in split.values()]
    return None if not years or None in years else years[0]
