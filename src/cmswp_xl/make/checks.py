"""The Checks sheet: the first faults, and the list of all checks."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import column_letters, quoted
from cmswp_xl.languages import N_
from cmswp_xl.make.book import (
    FAULTY,
    FINE,
    GREY,
    LINK,
    PALE_BLUE,
    Result,
    escaped,
    fault_words,
    heading,
    height,
    lines,
    mark,
    mark_faults,
    mark_word,
    print_set_up,
)
from cmswp_xl.make.lists import (
    COUNT,
    Column,
    Room,
    write_head,
    write_rows,
    write_title,
    write_warning,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cmswp_xl.make.book import Book, Look, Value
    from cmswp_xl.make.faults import Check

FIRST_FAULTS = 30
"""How many checks that found something stand above the list of all checks."""
_WIDTHS = (14, 8, 24, 82, 16, 16, 96)
_COLUMNS = ("states", "places", "sheets", "titles", "faults", "cells", "remedies")
_STATE, _PLACE, _SHEET, _WHAT, _COUNT, _CELL, _REMEDY = range(len(_COLUMNS))
"""The columns of the list of all checks; that of the places is hidden."""
_BLOCK = 6
_LIST = _BLOCK + FIRST_FAULTS + 3
"""The first row of the block of faults and of the list, counted from 0."""
_CENTRED_COUNT: Look = {**COUNT, "align": "center"}
_CENTRED_LINK: Look = {**LINK, "align": "center"}
_RED = "#F8CBAD"


def write_checks(book: Book, sheet: Any, title: str, checks: Sequence[Check]) -> None:
    """Write the sheet: the first faults, and every check with its state."""
    say = book.say
    purpose = say("Issues that pasting may have introduced despite the drop-down lists.")
    heading(book, sheet, title, purpose, widths=_WIDTHS)
    sheet.set_column(_PLACE, _PLACE, None, None, {"hidden": True})
    last = _list(book, sheet, checks)
    _first_faults(book, sheet, checks)
    target = f"internal:{quoted(title)}!A{_LIST - 1}"
    sheet.write_url(1, _SHEET, target, book.formats(**LINK), string="↓ " + say("All checks"))
    sheet.freeze_panes(4, 0)
    print_set_up(book, sheet, "outcome", _WIDTHS, _BLOCK - 1, last=last + 1)


def _headings(book: Book, sheet: Any, row: int, first: str, what: str) -> None:
    say = book.say
    words = (first, "", say("Sheet"), what, say("Issues"), say("First cell"), say("What to do"))
    write_head(book, sheet, row, words, ({"text_wrap": True, "valign": "vcenter"},))


def _list(book: Book, sheet: Any, checks: Sequence[Check]) -> int:
    """
    Write all checks, those of a sheet below a row with its name; return the last row.

    Each row stands by itself, so that sorting keeps its text, state and link together: formulas
    look at their own row, and links are formulas, since Excel leaves other links behind.
    """
    say = book.say
    write_title(book, sheet, (_LIST - 2, _STATE), say("All checks"))
    _headings(book, sheet, _LIST - 1, say("State"), say("What is checked"))
    rows = _lines(checks)
    for row, line in enumerate(rows, _LIST):
        if isinstance(line, str):
            _group(book, sheet, row, line)
        else:
            _check(book, sheet, row, line)
    last = _LIST + len(rows) - 1
    for number, name in enumerate(_COLUMNS):
        column = column_letters(number + 1)
        cells = f"{quoted(sheet.get_name())}!${column}${_LIST + 1}:${column}${last + 1}"
        book.workbook.define_name(f"Checks_{name}", f"={cells}")
    states = (_LIST, _STATE, last, _STATE)
    mark_word(book, sheet, states, say(FINE), {"bg_color": "#E2EFDA", "num_format": '"✓ "@'})
    mark_word(book, sheet, states, say(FAULTY), {"bg_color": _RED, "num_format": '"! "@'})
    mark_faults(book, sheet, (_LIST, _WHAT, last, _WHAT))
    sheet.autofilter(_LIST - 1, _STATE, last, _REMEDY)
    return last


def _lines(checks: Sequence[Check]) -> list[Check | str]:
    """Return the lines of the list: before the checks of each table, its name."""
    groups = groupby(checks, key=lambda check: check.table)
    return [line for table, group in groups for line in (table, *group)]


def _group(book: Book, sheet: Any, row: int, table: str) -> None:
    """Write the row above the checks of a sheet, with the number of its faults."""
    name, shaded = book.sheet(table), {"bold": True, "bg_color": PALE_BLUE}
    for column in range(len(_WIDTHS)):
        sheet.write_blank(row, column, None, book.formats(**shaded))
    link = f'=HYPERLINK("#{escaped(quoted(name))}!A1","{escaped(name)}")'
    book.write(sheet, row, _SHEET, Result(link, name), book.formats(**{**LINK, **shaded}))
    words = fault_words(book, table)
    result = Result(f"={words.formula}", words.value)
    book.write(sheet, row, _WHAT, result, book.formats(**shaded))


def _check(book: Book, sheet: Any, row: int, check: Check) -> None:
    """Write a check: state, link to the sheet, what it looks for, count, first cell, remedy."""
    fine, faulty = book.say(FINE), book.say(FAULTY)
    count, place, name = f"E{row + 1}", f"B{row + 1}", book.sheet(check.table)
    target = f"#{quoted(name)}!"
    good, bad, there = (f'"{escaped(text)}"' for text in (fine, faulty, target))
    state = f"IF(ISERROR({count}),{bad},IF({count}=0,{good},{bad}))"
    first = f'IFERROR(IF({count}=0,"",{there}&{check.address}),"")'
    link = f'IF({place}="","",HYPERLINK({place},MID({place},{len(target) + 1},99)))'
    cells: Sequence[tuple[int, str, Value, Look]] = (
        (_STATE, state, faulty if check.count else fine, {"bold": True}),
        (_PLACE, book.fill(first), check.cell and target + check.cell, {}),
        (_SHEET, f'HYPERLINK({there}&"A1","{escaped(name)}")', name, LINK),
        (_COUNT, book.fill(check.formula), check.count, _CENTRED_COUNT),
        (_CELL, link, check.cell, _CENTRED_LINK),
    )
    for column, formula, value, look in cells:
        book.write(sheet, row, column, Result(f"={formula}", value), book.formats(**look))
    sheet.write_string(row, _WHAT, check.title)
    wrapped = book.formats(font_color=GREY, text_wrap=True, valign="top")
    sheet.write_string(row, _REMEDY, check.remedy, wrapped)
    if (count_of_lines := lines(check.remedy, _WIDTHS[_REMEDY])) > 1:
        sheet.set_row(row, height(count_of_lines))


def _first_faults(book: Book, sheet: Any, checks: Sequence[Check]) -> None:
    """Write the first checks that found something, and how many more of them stand in the list."""
    say, bad = book.say, f'"{escaped(book.say(FAULTY))}"'
    write_title(book, sheet, (_BLOCK - 2, _STATE), say("Checks that found issues"))
    words = fault_words(book)
    result = Result(f"={words.formula}", words.value)
    book.write(sheet, _BLOCK - 2, _COUNT, result, book.formats(bold=True))
    mark_faults(book, sheet, (_BLOCK - 2, _COUNT, _BLOCK - 2, _COUNT))
    _headings(book, sheet, _BLOCK - 1, say("No."), say("What is wrong"))
    after = write_rows(book, sheet, _BLOCK, _fault_columns(book, checks), FIRST_FAULTS)
    numbers = (_BLOCK, _STATE, after - 1, _STATE)
    mark(book, sheet, numbers, {"bg_color": _RED}, type="no_blanks")
    found = sum(check.count > 0 for check in checks)
    more = Result(f"COUNTIF(Checks_states,{bad})-{FIRST_FAULTS}", found - FIRST_FAULTS)
    below = N_("Further checks that found issues, in the list below: {count}")
    write_warning(book, sheet, (after, _WHAT), Room(FIRST_FAULTS, more, below))


def _fault_columns(book: Book, checks: Sequence[Check]) -> Sequence[Column]:
    """Return the columns of the block, which look up in the list the row that `_PLACE` names."""
    numbered_lines = enumerate(_lines(checks), 1)
    found = {row: line for row, line in numbered_lines if not isinstance(line, str) and line.count}
    bad = f'"{escaped(book.say(FAULTY))}"'
    rows = f"(ROW(Checks_states)-ROW(INDEX(Checks_states,1))+1)/(Checks_states={bad})"
    here = f"${column_letters(_PLACE + 1)}<row>"

    def column(formula: str, values: Sequence[Value], look: Look) -> Column:
        return Column("", f'=IF({here}="","",{formula})', values, look)

    def of(column: int) -> str:
        return f"INDEX(Checks_{_COLUMNS[column]},{here})"

    link = f'IF({of(_PLACE)}="","",HYPERLINK({of(_PLACE)},{of(_CELL)}))'
    shown = found.values()
    numbered = {"num_format": '"! "0', "bold": True, "align": "left"}
    return (
        column("<n>", range(1, len(found) + 1), numbered),
        Column("", f'=IFERROR(_xlfn.AGGREGATE(15,6,{rows},<n>),"")', list(found)),
        column(of(_SHEET), [book.sheet(check.table) for check in shown], {}),
        column(of(_WHAT), [check.title for check in shown], {}),
        column(of(_COUNT), [check.count for check in shown], _CENTRED_COUNT),
        column(link, [check.cell for check in shown], _CENTRED_LINK),
        column(of(_REMEDY), [check.remedy for check in shown], {"font_color": GREY}),
    )
