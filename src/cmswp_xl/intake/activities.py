"""The rows of an activity table: activities, headings of areas, sums."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from cmswp_xl.intake.doubts import Place
from cmswp_xl.intake.entries import KINDS, ActivityEntry, Band, SumEntry
from cmswp_xl.intake.figures import LARGEST, read_amount
from cmswp_xl.intake.vocabulary import folded, label_kind
from cmswp_xl.money import CENT, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cmswp_xl.intake.doubts import Doubts
    from cmswp_xl.intake.entries import Entry
    from cmswp_xl.intake.figures import Figure, Habits
    from cmswp_xl.intake.grid import Cell, Grid
    from cmswp_xl.intake.heads import Layout
    from cmswp_xl.languages import Words

MADE = "?"
"""What begins a number that the program had to make."""

_PRIORITIES = {
    "core": r"core|essentiel|basic|fundamental|central",
    "high": r"high|eleve|haut|alta",
    "medium": r"medium|moyen|media",
    "low": r"low|faible|bas|baja",
}
_ENDED = re.compile(r"[.;:!?…)»”\"]$")


@dataclass(frozen=True, slots=True)
class Reader:
    """What the reading of every table needs; `factor` is what amounts are multiplied by."""

    say: Words
    doubts: Doubts
    habits: Habits
    currency: str
    factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class TableReader:
    """Reads the rows of one table."""

    reader: Reader
    grid: Grid
    layout: Layout

    def place(self, row: int, column: int | None = None) -> Place:
        """Give the place of a cell."""
        known = self.layout.columns.get(column or 0)
        return Place(self.grid.number, row, column, known.head if known else "")

    def doubt(
        self, reason: str, row: int, column: int | None, found: str, taken: object = ""
    ) -> None:
        """Note a doubt at a cell."""
        self.reader.doubts.add(reason, self.place(row, column), found, taken)

    def entries(self) -> Iterator[Entry]:
        """Give the rows below the headings that hold anything."""
        last: ActivityEntry | None = None
        for row in range(self.layout.heads + 1, len(self.grid.rows) + 1):
            filled = [cell for cell in self.grid.starts(row) if cell.text or cell.nested]
            if not filled or self._headings_again(filled):
                continue
            self._hidden(row, filled)
            entry: Entry | None = self._sum(row, filled) or self._band(row, filled)
            if entry is None:
                entry = activity = self._activity(row, last)
                last = activity or last
            if entry is not None:
                yield entry

    def sum_rows(self) -> Iterator[tuple[int, SumEntry]]:
        """Give the rows of a table of sums, each with its label and the kind of sum it names."""
        for row in range(self.layout.heads + 1, len(self.grid.rows) + 1):
            label = self._text(row, 1).partition("\n")[0]
            if label and folded(label) != folded(self.layout.columns[1].head):
                yield row, SumEntry(self.place(row), label, label_kind(label), self.figures(row))

    def _headings_again(self, filled: list[Cell]) -> bool:
        """Tell whether a row only repeats the headings, as at the head of a page."""
        heads = {folded(column.head) for column in self.layout.columns.values() if column.head}
        return len(filled) > 1 and all(folded(cell.text) in heads for cell in filled)

    def _hidden(self, row: int, filled: list[Cell]) -> None:
        """Say what hangs on the cells of a row and is not read."""
        for cell in filled:
            if cell.nested:
                self.doubt("nested-table", row, cell.column, cell.text)
            if cell.footnotes:
                self.doubt("footnote", row, cell.column, cell.text)

    def _sum(self, row: int, filled: list[Cell]) -> SumEntry | None:
        label = filled[0]
        first = label.text.partition("\n")[0]
        kind = label_kind(first)
        names = self._names()
        if not kind or label.column > max(names):
            return None
        others = [self._text(row, n) for n in names if self.grid.cell(row, n) is not label]
        if any(others):
            return None
        return SumEntry(self.place(row), first, kind, self.figures(row))

    def _names(self) -> tuple[int, ...]:
        """Give the columns of number and text."""
        number, text = self.layout.find("number"), self.layout.find("activity")
        return tuple(n for n in (number, text) if n) or (1,)

    def _band(self, row: int, filled: list[Cell]) -> Band | None:
        cell = filled[0]
        names = self._names()
        wide = cell.column <= min(names) and cell.column + cell.across > max(names)
        if len(filled) > 1 or not wide or (cell.across == 1 and self.grid.width > 1):
            return None
        return Band(self.place(row, cell.column), " ".join(cell.text.split()))

    def _text(self, row: int, column: int | None) -> str:
        """Give the text of a cell that begins in this row."""
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
            self.doubt("merged-above", row, number, cell.text)
            return blank
        first = min(n for n in self.layout.amounts() if self.grid.cell(row, n) is cell)
        if number != first:
            return blank
        if sum(self.grid.cell(row, n) is cell for n in self.layout.amounts()) > 1:
            self.doubt("merged-across", row, number, cell.text, self._head(number))
        return self._judged(row, number, cell.text)

    def _head(self, number: int) -> str:
        return self.layout.columns[number].head

    def _judged(self, row: int, number: int, text: str) -> Figure:
        """Read an amount's text and say what is doubtful about it."""
        if "\n" in text:
            self.doubt("several-lines", row, number, text)
            return replace(read_amount("?"), reasons=())
        figure = self.reader.habits.settle(read_amount(text), self.reader.say.language)
        factor = self.reader.factor
        if figure.kind == "less":
            self.doubt("less-than-one", row, number, text, CENT)
            return replace(figure, value=CENT)
        if figure.value is not None:
            figure = replace(figure, value=figure.value * factor, unit=figure.unit * factor)
            if figure.value is not None and figure.value > LARGEST:
                self.doubt("too-large", row, number, text)
                return replace(figure, kind="unreadable", value=None)
        taken = "" if figure.value is None else f"{figure.value:f}"
        for reason in figure.reasons:
            self.doubt(reason, row, number, text, taken)
        if figure.currency and figure.currency not in (self.reader.currency, "$"):
            self.doubt("other-currency", row, number, text, taken)
        return figure

    def _activity(self, row: int, last: ActivityEntry | None) -> ActivityEntry | None:
        """Read an activity; None where the row goes on with the one before, or holds none."""
        number = self._text(row, self.layout.find("number"))
        column = self.layout.find("activity") or 1
        text, marks = self._paragraphs(row, column)
        printed = self.figures(row)
        spoken = [figure for figure in printed.values() if figure.kind != "blank"]
        if not number and last is not None and self._goes_on(text, last, bool(spoken)):
            self.doubt("continued", row, column, text, last.number)
            last.text = "\n".join(filter(None, (last.text, text)))
            return None
        if not number and not text:
            for n, figure in printed.items():
                if figure.kind != "blank":
                    self.doubt("row-without-activity", row, n, self._text(row, n))
            return None
        if not text:
            text = MADE
            self.doubt("no-text", row, column, "", text)
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
        """Give the text of an activity, and the marks that stand below it."""
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
                self.reader.doubts.compare(
                    place, label, figure.value, total(parts.values()), figure.unit
                )
        elif amount:
            entry.cost = {None: amount}
            if split:
                self.doubt("cost-without-year", row, whole, self._text(row, whole), f"{amount:f}")
        elif amount is not None or parts:
            entry.cost = {_nil_year(split): Decimal(0)}
        self._nil_cost(row, entry, whole)
        entry.partial = any(f.at_least for n, f in printed.items() if columns[n].role == "cost")
        self._funding(entry)

    def _nil_cost(self, row: int, entry: ActivityEntry, whole: int | None) -> None:
        """Say that a dash was taken for no cost, unless the annex says so in words."""
        told, entry.note = entry.note == "no-cost", ""
        if entry.cost is None and told:
            entry.cost = {None: Decimal(0)}
        elif entry.cost is not None and not any(entry.cost.values()) and not told:
            self.doubt("nil-cost", row, whole, self._text(row, whole), 0)

    def _funding(self, entry: ActivityEntry) -> None:
        for number, column in self.layout.amounts().items():
            kind = (
                column.role
                if column.role in KINDS
                else "other"
                if column.role == "available"
                else ""
            )
            value = entry.printed[number].value
            if kind and value:
                entry.funding[kind] = entry.funding.get(kind, Decimal(0)) + value

    def _others(self, row: int, entry: ActivityEntry) -> None:
        """Take priority, responsible and note; say which other columns are left out."""
        for number, column in self.layout.columns.items():
            text = self._text(row, number)
            if not text:
                continue
            if column.role == "priority":
                found = [w for w, p in _PRIORITIES.items() if re.match(p, folded(text))]
                entry.priority = found[0] if found else entry.priority
                if not found:
                    self.doubt("unknown-priority", row, number, text)
            elif column.role == "responsible":
                entry.responsible = "; ".join(part.strip() for part in re.split(r"[\n;]", text))
            elif column.role == "notes":
                entry.note = "; ".join(text.split("\n"))
            elif column.role in ("", "other-year", "total", "payer", "time", "area"):
                self.doubt("unknown-column", row, number, text)


def _nil_year(split: Mapping[int, object]) -> int | None:
    """Give the year to hold a cost of nil: none where there is such a column, else the first."""
    years = [getattr(column, "year", None) for column in split.values()]
    return None if not years or None in years else years[0]
