"""The calendar on the Summary sheet: the years that each activity covers, marked in its row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import column_letters
from cmswp_xl.languages import N_
from cmswp_xl.make.book import BLUE, LINE_HEIGHT, PALE_BLUE, Result, mark, value_at
from cmswp_xl.make.formulas import nth_year
from cmswp_xl.make.lists import (
    ACTIVITIES,
    YEARS,
    Column,
    room_for,
    write_head,
    write_rows,
    write_title,
    write_warning,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cmswp_xl.make.book import Book, Look

_MARK = "■"
_FIRST_YEAR = 3
"""The column of the first year."""
_BOUNDS = ("start_year", "end_year")


def write_timetable(book: Book, sheet: Any, row: int) -> int:
    """Write the calendar at a row; return the row after it."""
    say, head = book.say, row + 1
    write_title(book, sheet, (row, 0), say("Calendar of activities"))
    words = N_("Room for {room} activities: {count} more are not shown; all totals count them.")
    room = room_for("activities.id", ACTIVITIES, len(book.rows("activities")), words)
    write_warning(book, sheet, (row, 2), room)
    write_head(book, sheet, head, (say("Number"), say("Title"), say("Timing")))
    bold = book.formats(bold=True, font_color=BLUE, align="center")
    for number in range(YEARS):
        year = Result(nth_year(str(number + 1)), value_at(book.years, number))
        book.write(sheet, head, _FIRST_YEAR + number, year, bold)
    columns = (*_texts(book), *(_marks(book, head, number) for number in range(YEARS)))
    last = write_rows(book, sheet, head + 1, columns, ACTIVITIES)
    for line in range(head + 1, last):
        sheet.set_row(line, LINE_HEIGHT)
    sheet.ignore_errors({"number_stored_as_text": f"A{head + 2}:A{last}"})
    _looks(book, sheet, head, last - 1)
    return last


def _texts(book: Book) -> Sequence[Column]:
    """Return number, or else id, title and timing of each activity, in the order of the rows."""
    rows = _activities(book)
    beyond = "ROWS({activities.id})<<n>"

    def cut(name: str, room: int) -> Column:
        """Return a column of texts on one line, whatever their own, cut where they are longer."""
        flat = (str(row.get(name) or "").replace("\n", " ") for row in rows)
        values = [text if len(text) <= room else text[:room] + "…" for text in flat]
        text = f'SUBSTITUTE({_nth(name)}&"",CHAR(10)," ")'
        cut = f'LEFT({text},{room})&IF(LEN({text})>{room},"…","")'
        return Column("", f'=IF({beyond},"",{cut})', values)

    number = f'IF(TRIM({_nth("number")})="",{_nth("id")},{_nth("number")})&""'
    numbers = [str(row.get("number") or row.get("id") or "") for row in rows]
    return (
        Column("", f'=IF({beyond},"",{number})', numbers),
        cut(book.references.title_field("activities"), 42),
        cut(f"timing_{book.language.value}", 17),
    )


def _nth(name: str) -> str:
    return f"INDEX({{activities.{name}}},<n>)"


def _marks(book: Book, head: int, number: int) -> Column:
    """Return the marks of a year; an activity without a first or last year has no bound there."""
    year = f"{column_letters(_FIRST_YEAR + number + 1)}${head + 1}"
    first, last = (f"N({_nth(name)})" for name in _BOUNDS)
    covered = f"AND({first}<={year},OR({last}=0,{last}>={year}))"
    formula = f'=IF(OR($A<row>="",{year}=""),"",IF({covered},"{_MARK}",""))'
    values = [
        _MARK if (first or found) <= found <= (last or found) else None
        for found in book.years[number : number + 1]
        for first, last in ([row.get(name) for name in _BOUNDS] for row in _activities(book))
    ]
    return Column("", formula, values, {"align": "center", "font_color": BLUE})


def _activities(book: Book) -> Sequence[Mapping[str, Any]]:
    """Return the activities whose values are known."""
    return book.rows("activities") if book.totals is not None else ()


def _looks(book: Book, sheet: Any, head: int, last: int) -> None:
    """Colour the marks, line the rows that hold an activity, and set off the years."""
    first, end = head + 1, _FIRST_YEAR + YEARS - 1
    column = column_letters(_FIRST_YEAR + 1)
    year, cell = f"{column}${head + 1}", f"{column}{first + 1}"
    texts, years = (first, 0, last, _FIRST_YEAR - 1), (first, _FIRST_YEAR, last, end)
    line: Look = {"bottom": 1, "bottom_color": "#D0D0D0"}
    titles: Look = {"bg_color": PALE_BLUE, "border": 1}
    mark(book, sheet, (head, _FIRST_YEAR, head, end), titles, criteria=f'={year}<>""')
    mark(book, sheet, texts, line, criteria=f'=$A{first + 1}<>""')
    shaded: Look = {**line, "bg_color": "#9DC3E6"}
    mark(book, sheet, years, shaded, criteria=f'={cell}="{_MARK}"')
    mark(book, sheet, years, line, criteria=f'=AND($A{first + 1}<>"",{year}<>"")')
