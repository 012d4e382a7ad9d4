"""
The buttons that change the tables of an open book: take over Entry, number activities, approve.

The first press writes what will be done on a sheet of its own; the same button pressed again does
it, if that is still what is to be done. So nothing is changed unseen, in Excel as on a server.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import boundaries
from cmswp_xl.errors import UnwritableOutput
from cmswp_xl.excel.book import OpenBook
from cmswp_xl.excel.macros import (
    Block,
    Column,
    Message,
    own_sheet,
    plain_text,
    unlocked,
    write_sheet,
)
from cmswp_xl.issues import Severity
from cmswp_xl.listings.issues import APPROVAL, NEW_NUMBERS, TAKE_OVER
from cmswp_xl.messages.worded import worded
from cmswp_xl.pipeline import check_open
from cmswp_xl.registry import ALL
from cmswp_xl.resources import texts
from cmswp_xl.rollover.fill import Plan, approval, approved_by, plan_lines, plan_of, sums_line
from cmswp_xl.schema import Field, load_schemas
from cmswp_xl.tables import comparable
from cmswp_xl.validate.typed import APPROVALS, TypedTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import xlwings as xw

    from cmswp_xl.languages import Words
    from cmswp_xl.rollover.period import Row
    from cmswp_xl.validate import Checked

_MOST_ISSUES = 10
_WIDTH = 120
_ASKED = ("role", "name")


def take_over(book: xw.Book, say: Words) -> Message:
    """Turn the rows of Entry into activities, costs and contributions, once that was shown."""
    checked = check_open(OpenBook(book)).checked
    if not checked.entry:
        return Message(say("There is nothing to take over."), Severity.WARNING)
    plan = plan_of(checked)
    told = _first(book, TAKE_OVER, plan, say, "cmswpTakeOver")
    if told:
        return told
    added = [_room(book, checked, name, rows) for name, rows in plan.rows.items() if rows]
    sheet = unlocked(book.sheets[checked.entry.table.sheet])
    for write in added:
        write()
    _clear(sheet, checked.entry)
    _account(book, TAKE_OVER, plan_lines(plan, say), say)
    return Message("\n".join((say("The rows were taken over."), sums_line(plan, say))))


def renumber(book: xw.Book, say: Words) -> Message:
    """Change numbers to follow the rows of the selected area, or of all, once that was shown."""
    checked = replace(check_open(OpenBook(book)).checked, entry=None, unfit=())
    area = _area(book, checked)
    plan = plan_of(checked, [area])
    if not (plan.issues or plan.numbers):
        return Message(say("The numbers are already consecutive; none was changed."))
    told = _first(book, NEW_NUMBERS, plan, say, "cmswpRenumber", area)
    if told:
        return told
    table = checked.typed["activities"].table
    sheet = unlocked(book.sheets[table.sheet])
    for index, _, _, number in plan.numbers:
        cell = sheet.range((table.rows[index], table.column_numbers["number"]))
        cell.number_format = "@"
        cell.value = number
    _account(book, NEW_NUMBERS, plan_lines(plan, say), say)
    return Message(say("Numbers changed: {count}.", count=len(plan.numbers)))


def approve(book: xw.Book, say: Words) -> Message:
    """Add a row to Approvals, once role and name stand on the sheet that asks for them."""
    checked = check_open(OpenBook(book)).checked
    role, name = _given(book)
    today = dt.datetime.now().astimezone().date()
    row = approval(checked, book.name, role, name, today)
    write = _room(book, checked, APPROVALS, [row])
    digest = f"[{row['content'][:10]}]"
    if not (row["role"] and row["name"] and _shown(book, APPROVAL).endswith(digest)):
        ask = say(
            "Nothing has been changed yet. Type role and name below, then press “{button}” again.",
            button=_button("cmswpApprove", say),
        )
        fields = map(load_schemas()[APPROVALS].field, _ASKED)
        columns = [Column(field.titles[say.language], 40) for field in fields]
        given = [[row[name] for name in _ASKED]]
        sheet = write_sheet(book, APPROVAL, say, [Block([f"{ask} {digest}"], columns, given)])
        book.sheets[sheet].activate()
        return Message(ask)
    write()
    told = approved_by(row, say)
    _account(book, APPROVAL, [told], say)
    return Message(told)


def _button(control: str, say: Words) -> str:
    """Return what a button of the ribbon is called."""
    name = texts("ribbon")["controls"][control]["label"]
    return say(name)


def _given(book: xw.Book) -> tuple[str, str]:
    """Return role and name as they were typed on the sheet that asks for them."""
    if not _shown(book, APPROVAL).endswith("]"):
        return "", ""
    typed = own_sheet(book, APPROVAL)
    role, name = ("" if typed is None else typed.range(cell).value for cell in ("A5", "B5"))
    return str(role or ""), str(name or "")


def _area(book: xw.Book, checked: Checked) -> str:
    """Return the area of the activity selected, else the one that was shown before, else all."""
    activities, selected = checked.typed.get("activities"), book.selection
    area = None
    if activities and selected is not None and selected.sheet.name == activities.table.sheet:
        rows = activities.table.rows
        area = activities.value("area", rows.index(selected.row)) if selected.row in rows else None
    shown = _shown(book, NEW_NUMBERS).rpartition("[")[2].rpartition(" ")[0]
    codes = checked.typed["areas"].column("code") if "areas" in checked.typed else ()
    return str(area or (shown if shown in codes else ALL))


def _refused(plan: Plan, say: Words) -> Message:
    """Return what keeps a plan from being carried out."""
    lines = [say("Nothing was changed. Correct these first:")]
    for issue in plan.issues[:_MOST_ISSUES]:
        words = worded(issue, say)
        places = {"message": words.message, "remedy": words.remedy}
        place = f"{issue.sheet} {issue.cell or ''}".strip()
        lines.append(say("{place}: {message} {remedy}", place=place, **places))
    if len(plan.issues) > _MOST_ISSUES:
        lines.append(say("… and {count} more", count=len(plan.issues) - _MOST_ISSUES))
    return Message("\n".join(lines), Severity.ERROR)


def _first(
    book: xw.Book, title: str, plan: Plan, say: Words, control: str, area: str = ""
) -> Message | None:
    """Refuse or show a plan on the sheet of a title; None if it was the last thing shown."""
    if plan.issues:
        return _refused(plan, say)
    digest = sha256(repr((plan.rows, plan.numbers)).encode()).hexdigest()[:8]
    mark = f"[{f'{area} {digest}'.strip()}]"
    if _shown(book, title).endswith(mark):
        return None
    again = say(
        "Nothing has been changed yet. Press “{button}” again to do this.",
        button=_button(control, say),
    )
    sheet = _account(book, title, [f"{again} {mark}", *plan_lines(plan, say)], say)
    book.sheets[sheet].activate()
    shown = say("The sheet “{sheet}” shows what will be done.", sheet=sheet)
    return Message(f"{shown}\n{again}")


def _shown(book: xw.Book, title: str) -> str:
    """Return what stands first on the sheet of a title, if there is one."""
    sheet = own_sheet(book, title)
    return "" if sheet is None else str(sheet.range("A2").value or "")


def _account(book: xw.Book, title: str, lines: Sequence[str], say: Words) -> str:
    return write_sheet(book, title, say, [Block(lines, [Column("", _WIDTH)])])


def _room(book: xw.Book, checked: Checked, name: str, rows: Sequence[Row]) -> Callable[[], None]:
    """
    Return what writes rows below the last one of a table, which grows; Excel fills its formulas.

    Raises `UnwritableOutput` where a row has no place, before anything is written.
    """
    typed = checked.typed.get(name)
    if typed is None:
        raise UnwritableOutput("no-place-in-book", sheet=checked.names.sheets[name])
    sheet = unlocked(book.sheets[typed.table.sheet])
    wanted = comparable(typed.schema.table)
    grown = next(table for table in sheet.tables if comparable(table.name) == wanted)
    if grown.show_totals:
        raise UnwritableOutput("table-with-totals", sheet=sheet.name)
    columns: dict[int, Field] = {}
    for item in typed.schema.inputs():
        if any(item.name in row for row in rows):
            if item.name not in typed.table.column_numbers:
                title = item.titles[checked.names.language]
                raise UnwritableOutput("no-column-in-book", sheet=sheet.name, title=title)
            columns[typed.table.column_numbers[item.name]] = item
    top, left, bottom, right = boundaries(grown.range.get_address(False, False))
    first = max(typed.table.rows, default=top) + 1  # blank rows at the end are used first
    last = first + len(rows) - 1

    def write() -> None:
        if last > bottom:
            grown.resize(sheet.range((top, left), (last, right)))
        for column, item in columns.items():
            cells = sheet.range((first, column), (last, column))
            if item.code:
                cells.number_format = "@"
            cells.value = [[_value(row.get(item.name), item)] for row in rows]

    return write


def _value(value: Any, item: Field) -> Any:
    """Return a value as Excel takes it; a text is never read as a formula or a number."""
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time())  # Excel on the Mac takes no other
    if isinstance(value, str) and not (item.code or item.numeric):
        return f"'{value}"  # else 1/2 would become a date
    return float(Decimal(value)) if value is not None and item.numeric else plain_text(value)


def _clear(sheet: xw.Sheet, entry: TypedTable) -> None:
    """Clear what was typed in the rows of Entry; its formulas stay."""
    first, last = min(entry.table.rows), max(entry.table.rows)
    for name in entry.columns:
        column = entry.table.column_numbers[name]
        sheet.range((first, column), (last, column)).value = [[None]] * (last - first + 1)
