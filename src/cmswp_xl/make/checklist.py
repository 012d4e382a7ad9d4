"""The Checks sheet: every check with its state, then the gap of every activity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cmswp_xl.make.book import Result, quoted, value_of
from cmswp_xl.make.checks import list_checks
from cmswp_xl.make.formulas import counted, filled
from cmswp_xl.make.page import (
    BLUE,
    GREY,
    PALE_BLUE,
    RED,
    escaped,
    heading,
    mark_statuses,
    print_set_up,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cmswp_xl.figures.totals import Figures
    from cmswp_xl.make.book import Book, Value

GAPS = 300
"""How many activities the list of gaps has room for."""
_WIDTHS = (14, 24, 76, 16, 16, 16, 18)
_STATE, _SHEET, _WHAT, _COUNT, _REMEDY = range(5)
_FIRST_CHECK = 7
_MONEY = {"num_format": "#,##0.00"}


def write_checks(book: Book, sheet: Any, title: str) -> None:
    """Write the Checks sheet."""
    say = book.say
    purpose = say(
        "What pasting may have brought in past the drop-down lists, and what each activity lacks."
    )
    heading(book, sheet, title, purpose)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    headers = (
        say("State"),
        say("Sheet"),
        say("What is checked"),
        say("Faults"),
        say("What to do"),
    )
    _head(book, sheet, _FIRST_CHECK - 1, (*headers, "", ""))
    row = _checks(book, sheet)
    _gaps(book, sheet, row + 2)
    sheet.freeze_panes(4, 0)
    print_set_up(sheet, "outcome")


def _head(book: Book, sheet: Any, row: int, headers: Sequence[str]) -> None:
    form = book.formats(
        bold=True, font_color=BLUE, bg_color=PALE_BLUE, border=1, text_wrap=True, valign="vcenter"
    )
    last = len(headers) - 1
    for column, words in enumerate(headers):
        if words:
            sheet.write_string(row, column, words, form)
    if not headers[last]:
        sheet.merge_range(row, _REMEDY, row, last, headers[_REMEDY], form)


def _checks(book: Book, sheet: Any) -> int:
    """
    Write the checks, and above them how many found something; give the next row.

    Each row stands by itself, so that sorting keeps its text, state and link together: its state
    looks at its own row, and its link is a formula, since Excel leaves other links behind.
    """
    say = book.say
    fine, faulty = say("OK"), say("To check")
    good, bad = f'"{escaped(fine)}"', f'"{escaped(faulty)}"'
    checks = list(list_checks(book))
    last = _FIRST_CHECK + len(checks) - 1
    for row, check in enumerate(checks, _FIRST_CHECK):
        count = f"D{row + 1}"
        state = f"=IF(ISERROR({count}),{bad},IF({count}=0,{good},{bad}))"
        form = book.formats(bold=True)
        book.write(sheet, row, _STATE, Result(state, faulty if check.count else fine), form)
        name = book.sheet(check.table)
        target = f'"#{escaped(quoted(name))}!A1","{escaped(name)}"'
        link = book.formats(font_color="#0563C1", underline=1)
        book.write(sheet, row, _SHEET, Result(f"=HYPERLINK({target})", name), link)
        sheet.write_string(row, _WHAT, check.title)
        result = Result(check.formula, check.count)
        book.write(sheet, row, _COUNT, result, book.formats(num_format="0", align="center"))
        sheet.write_string(row, _REMEDY, check.remedy, book.formats(font_color=GREY))
    found = sum(check.count > 0 for check in checks)
    states = f"$A${_FIRST_CHECK + 1}:$A${last + 1}"
    bold = book.formats(bold=True, font_size=13, font_color=BLUE)
    sheet.write_string(4, _WHAT, say("Checks that found something"), bold)
    formula = f"=ROWS({states})-SUMPRODUCT(--({states}={good}))"
    total = book.formats(bold=True, font_size=13, num_format="0", align="center")
    book.write(sheet, 4, _COUNT, Result(formula, found), total)
    _mark(book, sheet, (_FIRST_CHECK, _STATE, last, _STATE), fine)
    sheet.autofilter(_FIRST_CHECK - 1, _STATE, last, _REMEDY)
    return last + 1


def _mark(book: Book, sheet: Any, area: tuple[int, int, int, int], fine: str) -> None:
    good = book.workbook.add_format({"bg_color": "#E2EFDA", "num_format": '"✓ "@'})
    bad = book.workbook.add_format({"bg_color": "#F8CBAD", "num_format": '"! "@'})
    value = f'"{escaped(fine)}"'
    for criteria, form in (("==", good), ("!=", bad)):
        rule = {"type": "cell", "criteria": criteria, "value": value, "format": form}
        sheet.conditional_format(*area, rule)


def _gaps(book: Book, sheet: Any, row: int) -> None:
    """Write what each activity costs, has and lacks."""
    say = book.say
    sheet.write_string(
        row,
        0,
        say("The gap of each activity"),
        book.formats(bold=True, font_size=13, font_color=BLUE),
    )
    _too_many(book, sheet, row)
    headers = (
        say("Activity"),
        say("Number"),
        say("Title"),
        say("Cost"),
        say("Available in all"),
        say("To be sought"),
        say("Funding status"),
    )
    _head(book, sheet, row + 1, headers)
    first = row + 2
    activities = [] if book.reckoning is None else book.rows("activities")
    for index in range(GAPS):
        activity = activities[index] if index < len(activities) else {}
        for column, (result, look) in enumerate(_gap(book, f"(ROW()-ROW($A${first}))", activity)):
            book.write(sheet, first + index, column, result, book.formats(**look))
    sheet.ignore_errors({"number_stored_as_text": f"A{first + 1}:B{first + GAPS}"})
    mark_statuses(book, sheet, (first, 6, first + GAPS - 1, 6))


def _too_many(book: Book, sheet: Any, row: int) -> None:
    """Write a line that appears when there are more activities than the list has room for."""
    late = f"(ROW({{activities.id}})-ROW({{activities.id#}})>{GAPS})"
    count = book.fill(counted(late, filled("{activities.id}")))
    more = max(len(book.rows("activities")) - GAPS, 0)
    words = book.say(
        "Room for {room} activities: {count} more are not shown; all totals count them.",
        room=GAPS,
        count="\0",
    )
    before, _, after = words.partition("\0")
    formula = f'=IF({count}>0,"{escaped(before)}"&{count}&"{escaped(after)}","")'
    value = f"{before}{more}{after}" if more else None
    book.write(sheet, row, 2, Result(formula, value), book.formats(bold=True, font_color=RED))


def _gap(
    book: Book, number: str, activity: Mapping[str, Any]
) -> list[tuple[Result, Mapping[str, object]]]:
    """Return the cells of the activity in that place of the table, the same in every row."""
    refs = book.references
    title = refs.title_field("activities")
    key = refs.column("activities", "id")
    late = f"ROWS({key})<{number}"
    figures = _figures(book, activity)

    def text(name: str, value: str | None) -> Result:
        """Give a text on one line, whatever its own."""
        cell = f'SUBSTITUTE(INDEX({refs.column("activities", name)},{number})&"",CHAR(10)," ")'
        flat = value.replace("\n", " ") if value else value
        return Result(f'=IF({late},"",{cell})', flat)

    def money(name: str, value: Value) -> Result:
        column = refs.column("activities", name)
        return Result(f'=IF({late},"",INDEX({column},{number}))', value)

    parts = ",".join(
        f"INDEX({refs.column('activities', name)},{number})"
        for name in ("core", "voluntary", "other")
    )
    available = f'=IF({late},"",IF(COUNT({parts})=0,"",ROUND(SUM({parts}),2)))'
    code: dict[str, object] = {"num_format": "@"}
    return [
        (text("id", activity.get("id")), code),
        (text("number", activity.get("number")), code),
        (text(title, activity.get(title)), {}),
        (money("cost", value_of(figures, "cost")), _MONEY),
        (Result(available, value_of(figures, "available")), _MONEY),
        (money("to_be_sought", value_of(figures, "to_be_sought")), _MONEY),
        (money("funding_status", value_of(figures, "status")), {}),
    ]


def _figures(book: Book, activity: Mapping[str, Any]) -> Figures | None:
    if book.reckoning is None or not activity:
        return None
    return book.reckoning.by_activity[str(activity["id"]).strip()]
