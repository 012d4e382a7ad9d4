"""The Start sheet: how to work with the workbook, and the way to every sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cmswp_xl.cells import quoted
from cmswp_xl.languages import CARRIED, CHECKS, START, SUMMARY
from cmswp_xl.make.book import (
    HEADER_ROW,
    STATUSES,
    TABS,
    Book,
    Result,
    escaped,
    looks,
    set_height,
    set_widths,
)
from cmswp_xl.make.summary import title_result
from cmswp_xl.messages.labels import label
from cmswp_xl.messages.values import display_text
from cmswp_xl.resources import texts
from cmswp_xl.schema import sheet_schemas

_WIDTHS = (5, 30, 110)


def write_start(book: Book, sheet: Any) -> None:
    """Write the Start sheet."""
    say = book.say
    set_widths(sheet, _WIDTHS)
    sheet.set_row(0, 30)
    title = title_result(book, say("Costed programme of work"))
    book.write(sheet, 0, 0, title, looks("workbook title"))
    purpose = say("Workbook of the costed programme of work. It needs no macros and no add-in.")
    book.write(sheet, 1, 0, purpose, looks("grey"))
    book.banner(sheet, 2)
    book.write_faults(sheet, (3, 0))
    row = _steps(book, sheet, HEADER_ROW)
    row = _links(book, sheet, row + 1)
    row = _legend(book, sheet, row + 1)
    row = _section(book, sheet, row + 1, say("Languages"))
    note = texts("start")["languages"]
    _wrapped(book, sheet, row, say(note))
    sheet.hide_gridlines(2)
    book.print_set_up(sheet, "set-up", _WIDTHS)
    sheet.activate()
    sheet.set_first_sheet()


def _section(book: Book, sheet: Any, row: int, words: str) -> int:
    for column in range(len(_WIDTHS)):
        book.write(sheet, row, column, None if column else words, looks("section"))
    return row + 1


def _wrapped(book: Book, sheet: Any, row: int, text: str, *, first: int = 1) -> None:
    """Write a text over the columns from `first` on, as high as it needs."""
    last = len(_WIDTHS) - 1
    look = looks("wrapped")
    if first < last:
        sheet.merge_range(row, first, row, last, text, book.formats(**look))
    else:
        book.write(sheet, row, first, text, look)
    set_height(sheet, row, (text, sum(_WIDTHS[first:])))


def _steps(book: Book, sheet: Any, row: int) -> int:
    row = _section(book, sheet, row, book.say("How to work"))
    tables = book.references.schemas
    sheets = {name: schema.titles[book.language] for name, schema in tables.items()}
    sheets |= {"summary": book.say(SUMMARY), "checks": book.say(CHECKS)}
    number = book.formats(**looks("blue", "top", "centred"))
    known = texts("start")
    extra = () if book.part is None else ("", known["copy"])
    steps = [book.say(step, **sheets) if step else "" for step in (*extra, *known["steps"])]
    for line, step in enumerate(steps, row):
        sheet.write_number(line, 0, line - row + 1, number)
        _wrapped(book, sheet, line, step)
    if book.part is not None:
        title = display_text(book.part.title, 150)
        said = book.say("Copy for {area} ({code})", area=title, code=book.part.area)
        result = Result(f'="{escaped(said)}"', said)
        book.write(sheet, row, 1, result, looks("blue"))
    return row + len(steps)


def _links(book: Book, sheet: Any, row: int) -> int:
    say = book.say
    row = _section(book, sheet, row, say("The sheets"))
    totals = say("Totals by area, year, source and funding status, with charts.")
    own = [(say(SUMMARY), totals), (say(CHECKS), say("What to correct."))]
    if book.carried:
        own += [
            (say(CARRIED), say("What an older workbook contained that has no place in this one."))
        ]
    row = _list(book, sheet, row, [*_targets(book, seldom=False), *own])
    row = _section(book, sheet, row + 1, say("Sheets hidden until needed"))
    hidden = texts("start")["hidden"]
    for line, text in enumerate(hidden, row):
        _wrapped(book, sheet, line, say(text))
    return _list(book, sheet, row + len(hidden), _targets(book, seldom=True))


def _targets(book: Book, *, seldom: bool) -> list[tuple[str, str]]:
    """Return name and purpose of the sheets of tables, those seldom needed or the others."""
    return [
        (schema.titles[book.language], schema.help[book.language])
        for schema in book.references.schemas.values()
        if bool(schema.seldom) == seldom
    ]


def _list(book: Book, sheet: Any, row: int, targets: Sequence[tuple[str, str]]) -> int:
    """Write names of sheets that lead to them, each with its purpose; return the next row."""
    link = book.formats(**looks("link", "top"))
    for index, (name, purpose) in enumerate(targets):
        sheet.write_url(row + index, 1, f"internal:{quoted(name)}!A1", link, string=name)
        _wrapped(book, sheet, row + index, purpose, first=2)
    return row + len(targets)


def _legend(book: Book, sheet: Any, row: int) -> int:
    say = book.say
    row = _section(book, sheet, row, say("Colours and marks"))
    dark, pale, grey = map(looks, ("legend required", "head", "legend calculated"))
    samples = [
        (say("Required"), dark, say("Header of a column, or a setting, that must be filled in.")),
        (say("Optional"), pale, say("Header of a column, or a setting, that may stay blank.")),
        (say("Calculated"), grey, say("Filled in by a formula, which new rows inherit.")),
    ]
    tabs = [(say(START), "set-up")]
    tabs += [(schema.titles[book.language], schema.tab) for schema in sheet_schemas().values()]
    tabs += [(say(SUMMARY), "outcome"), (say(CHECKS), "outcome")]
    for group, (colour, words) in TABS.items():
        sheets = say(", ").join(name for name, tab in tabs if tab == group)
        look = {**looks("top"), "font_color": "#FFFFFF", "bg_color": colour}
        samples.append((say(words), look, say("Tabs of this colour: {sheets}", sheets=sheets)))
    for words, look, meaning in samples:
        book.write(sheet, row, 1, words, look)
        _wrapped(book, sheet, row, meaning, first=2)
        row += 1
    book.mark_statuses(sheet, (row, 1, row + len(STATUSES) - 1, 1))
    for status, words in texts("start")["statuses"].items():
        book.write(sheet, row, 1, label("funding-status", status, say))
        text = say("Funding status of an activity: {meaning}.", meaning=say(words))
        book.write(sheet, row, 2, text)
        row += 1
    return row
