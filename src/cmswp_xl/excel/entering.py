"""
The buttons that change the tables of an open book: take over Entry, number activities through.

The first press writes what will be done on a sheet of its own; the same button pressed again does
it, if that is still what is to be done. So nothing is changed unseen, in Excel as on a server.
"""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import boundaries
from cmswp_xl.errors import UnfitData, UnwritableOutput
from cmswp_xl.excel.book import OpenBook, is_remote
from cmswp_xl.excel.macros import Block, Column, Message, own_sheet, plain_text, write_sheet
from cmswp_xl.issues import Severity
from cmswp_xl.listings.issues import NEW_NUMBERS, TAKE_OVER
from cmswp_xl.messages.ribbon import CONTROLS
from cmswp_xl.messages.worded import worded
from cmswp_xl.pipeline import check_open
from cmswp_xl.registry import ALL
from cmswp_xl.rollover.fill import plan_lines, plan_of, refusals, sums_line
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xlwings as xw

    from cmswp_xl.issues import Issue
    from cmswp_xl.languages import Words
    from cmswp_xl.rollover.fill import Plan
    from cmswp_xl.rollover.period import Row
    from cmswp_xl.schema import Field
    from cmswp_xl.tables import Table
    from cmswp_xl.validate import Checked

_MOST_ISSUES = 10
_WIDTH = 120


def take_over(book: xw.Book, say: Words) -> Message:
    """Turn the rows of Entry into activities, costs and contributions, once that was shown."""
    checked = check_open(OpenBook(book)).checked
    if checked.entry is None or not len(checked.entry.rows):
        return Message(say("There is nothing to take over."), Severity.WARNING)
    issues = refusals(checked)
    if issues:
        return _refused(issues, say)
    plan = plan_of(checked)
    if not _was_shown(book, TAKE_OVER, plan):
        return _show(book, TAKE_OVER, plan, say, "cmswpTakeOver")
    additions = [
        _Addition(book, checked, name, rows) for name, rows in plan.rows().items() if rows
    ]
    entry = checked.entry.rows.table
    _unlocked(book.sheets[entry.sheet])
    for addition in additions:
        addition.write()
    _clear(book.sheets[entry.sheet], entry)
    _account(book, TAKE_OVER, [*plan_lines(plan, say), sums_line(plan, say)], say)
    return Message("\n".join((say("The rows were taken over."), sums_line(plan, say))))


def renumber(book: xw.Book, say: Words) -> Message:
    """Change numbers to follow the rows of the selected area, or of all, once that was shown."""
    checked = check_open(OpenBook(book)).checked
    issues = refusals(checked, entry=False)
    if issues:
        return _refused(issues, say)
    plan = _numbering(book, checked)
    if not plan.numbers:
        return Message(say("The numbers follow one another already; none was changed."))
    if not _was_shown(book, NEW_NUMBERS, plan):
        return _show(book, NEW_NUMBERS, plan, say, "cmswpRenumber")
    table = checked.typed["activities"].table
    sheet = book.sheets[table.sheet]
    _unlocked(sheet)
    for each in plan.numbers:
        cell = sheet.range((table.rows[each.index], table.column_numbers["number"]))
        cell.number_format = "@"
        cell.value = each.new
    _account(book, NEW_NUMBERS, plan_lines(plan, say), say)
    return Message(say("Numbers changed: {count}.", count=len(plan.numbers)))


def _numbering(book: xw.Book, checked: Checked) -> Plan:
    """Plan the numbering of the area selected, else of what was shown before, else of all."""
    activities, selected = checked.typed["activities"], book.selection
    table = activities.table
    if selected is not None and selected.sheet.name == table.sheet and selected.row in table.rows:
        area = activities.value("area", table.rows.index(selected.row))
        if area is not None:
            return plan_of(checked, [area], entry=False)
    codes = checked.typed["areas"].column("code") if "areas" in checked.typed else ()
    for code in codes if own_sheet(book, NEW_NUMBERS) else ():
        try:
            plan = plan_of(checked, [str(code)], entry=False)
        except UnfitData:
            continue
        if plan.numbers and _was_shown(book, NEW_NUMBERS, plan):
            return plan
    return plan_of(checked, [ALL], entry=False)


def _refused(issues: Sequence[Issue], say: Words) -> Message:
    lines = [say("Nothing was changed. To be corrected first:")]
    for issue in issues[:_MOST_ISSUES]:
        words = worded(issue, say)
        lines.append(f"{issue.sheet} {issue.cell or ''}: {words.message} {words.remedy}")
    if len(issues) > _MOST_ISSUES:
        lines.append(say("… and {count} more", count=len(issues) - _MOST_ISSUES))
    return Message("\n".join(lines), Severity.ERROR)


def _mark(plan: Plan) -> str:
    return f"[{sha256(repr(plan).encode()).hexdigest()[:8]}]"


def _was_shown(book: xw.Book, title: str, plan: Plan) -> bool:
    """Return whether the sheet of that title shows this very plan, as the last thing shown."""
    sheet = own_sheet(book, title)
    return sheet is not None and str(sheet.range("A2").value or "").endswith(_mark(plan))


def _show(book: xw.Book, title: str, plan: Plan, say: Words, control: str) -> Message:
    label = CONTROLS[control]["label"]
    button = say(label)
    again = say("Nothing has been changed yet. Press “{button}” again to do this.", button=button)
    lines = [*plan_lines(plan, say), *([sums_line(plan, say)] if plan.activities else [])]
    sheet = _account(book, title, [f"{again} {_mark(plan)}", *lines], say)
    book.sheets[sheet].activate()
    shown = say("What will be done is on the sheet “{sheet}”.", sheet=sheet)
    return Message(f"{shown}\n{again}")


def _account(book: xw.Book, title: str, lines: Sequence[str], say: Words) -> str:
    return write_sheet(book, title, say, [Block(lines, [Column("", _WIDTH, ())])])


def _unlocked(sheet: xw.Sheet) -> None:
    """Raise `UnwritableOutput` for a protected sheet, before anything is written."""
    if not is_remote(sheet.book) and sheet.api.ProtectContents:
        raise UnwritableOutput("sheet-protected", sheet=sheet.name)


class _Addition:
    """
    Rows to be written below the last one of a table, which grows; Excel fills its formulas.

    Raises `UnwritableOutput` where a row has no place, before anything is written.
    """

    def __init__(self, book: xw.Book, checked: Checked, name: str, rows: Sequence[Row]) -> None:
        typed = checked.typed.get(name)
        if typed is None:
            title = checked.names.sheets[name] if checked.names else name
            raise UnwritableOutput("no-place-in-book", place=title)
        self._table, self._rows = typed.table, rows
        self._sheet = book.sheets[typed.table.sheet]
        _unlocked(self._sheet)
        wanted = comparable(typed.schema.table)
        self._grown = next(t for t in self._sheet.tables if comparable(t.name) == wanted)
        if self._grown.show_totals:
            raise UnwritableOutput("table-with-totals", sheet=self._sheet.name)
        self._fields = [
            item for item in typed.schema.inputs() if any(item.name in row for row in rows)
        ]
        for item in self._fields:
            if item.name not in typed.table.column_numbers:
                title = item.titles[checked.names.language] if checked.names else item.name
                raise UnwritableOutput("no-place-in-book", place=f"{self._sheet.name}: {title}")

    def write(self) -> None:
        """Write the rows; blank rows at the end of the table are used first."""
        top, left, bottom, right = boundaries(self._grown.range.get_address(False, False))
        first = max(self._table.rows, default=top) + 1
        last = first + len(self._rows) - 1
        if last > bottom:
            self._grown.resize(self._sheet.range((top, left), (last, right)))
        for item in self._fields:
            column = self._table.column_numbers[item.name]
            cells = self._sheet.range((first, column), (last, column))
            if item.code:
                cells.number_format = "@"
            cells.value = [[_value(row.get(item.name), item)] for row in self._rows]


def _value(value: Any, item: Field) -> Any:
    """Return a value as Excel takes it; a text is never read as a formula or a number."""
    return float(Decimal(value)) if value is not None and item.numeric else plain_text(value)


def _clear(sheet: xw.Sheet, table: Table) -> None:
    """Clear what was typed in the rows of a table; its formulas stay."""
    first, last = min(table.rows), max(table.rows)
    for item in table.schema.inputs():
        column = table.column_numbers.get(item.name)
        if column is not None:
            blanks = [[None] for _ in range(first, last + 1)]
            sheet.range((first, column), (last, column)).value = blanks
