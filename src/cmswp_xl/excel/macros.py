"""
What the buttons do: plain functions of an open book.

Each reads the book, asks the pipeline, and returns a message for the user; it raises a
`CmswpError` where it cannot be done. What the user typed is never changed: a button writes its
own sheets, marks, and files.

A mark is a conditional format laid over a faulty cell, so that the user's own format stays. Excel
keeps conditional formats apart from the formats of cells. Each mark has one and the same formula,
always true and without a function name that a language of Excel might not know; what has this
formula is a mark of ours, and is all that clearing removes.
"""

from __future__ import annotations

import importlib.metadata
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from cmswp_xl import __version__
from cmswp_xl.cells import address, position, quoted
from cmswp_xl.errors import UnfitData, UnwritableOutput
from cmswp_xl.excel.book import OpenBook, is_remote, values_of
from cmswp_xl.issues import SEVERITIES, Issue, Severity
from cmswp_xl.languages import Language, Words
from cmswp_xl.listings.issues import (
    FORMER_TITLES,
    ISSUES,
    UNFUNDED,
    counts,
    languages_made,
    missing_texts,
    report_sheet,
    skipped,
    verdict,
)
from cmswp_xl.listings.listing import amount_cell
from cmswp_xl.listings.totals import (
    TITLES,
    Entry,
    circumstances,
    costing_notes,
    not_costed_words,
    split_unfunded,
    unfunded_total,
)
from cmswp_xl.messages.labels import label
from cmswp_xl.messages.values import cell_ranges, display_text
from cmswp_xl.messages.worded import worded
from cmswp_xl.pipeline import Checkup, build_documents, check_open, report_of, totals_of
from cmswp_xl.resources import texts
from cmswp_xl.schema import load_schemas
from cmswp_xl.storage import write_files
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal
    from pathlib import Path

    import xlwings as xw

    from cmswp_xl.annotate.report import ReportSheet
    from cmswp_xl.documents.build import Request
    from cmswp_xl.figures.totals import Figures, ProgrammeTotals


_MOST_TEXTS = 5
_LONGEST = 120
_SHEET, _CELL, _CODE = 1, 2, 8
_CONTENT = (_SHEET, 3, 4, 7, _CODE)
"""What a listed issue is known by: sheet, column, value, row, code; neither cell nor message."""
_SPARE = frozenset({"surplus", "pledged"})
"""Amounts that are printed only where there are some."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a button says when it is done, in the user's language, and how grave it is."""

    text: str
    severity: Severity = Severity.INFO


def validate(book: xw.Book, say: Words) -> Message:
    """Check the book, list its issues on the Issues sheet, and mark the faulty cells."""
    checkup = _checked(book)
    report = report_of(checkup)
    content = report_sheet(report, say)
    changes = _changes(book, content, say)
    sheet = write_issues(book, content, skipped(report, say), say)
    unmarked, locked = mark_issues(book, checkup.issues)
    for name in dict.fromkeys(issue.sheet for issue in checkup.issues if issue.cell):
        with suppress(UnwritableOutput):
            _show(book.sheets[name])
    lines = [f"{counts(report.issues, say)}.", verdict(report, say), *changes]
    if checkup.issues:
        lines.append(say("They are listed on the sheet “{sheet}”.", sheet=sheet))
    lines += filter(None, [skipped(report, say)])
    if unmarked:
        most = MOST_MARKS
        lines.append(say("Only the first {count} places are marked in the sheets.", count=most))
    if locked:
        lines.append(_locked(locked, say))
    grave = Severity.WARNING if checkup.warnings else Severity.INFO
    return Message("\n".join(lines), Severity.ERROR if checkup.errors else grave)


def _changes(book: xw.Book, content: ReportSheet, say: Words) -> list[str]:
    """Say how many issues of the last check are gone, and how many new; nothing if not known."""
    sheet = own_sheet(book, ISSUES)
    if sheet is None:
        return []
    used = sheet.used_range
    area = sheet.range((1, 1), (used.row + used.rows.count - 1, _CODE + 1))
    listed = [[str(value or "") for value in row] for row in values_of(area)]
    before, now = _counted(listed), _counted(row.texts() for row in content.rows)
    if not before and any(row[_SHEET] for row in listed):
        return []  # the sheet of an older version
    corrected, new = (before - now).total(), (now - before).total()
    text = texts("ribbon")["pane"]["changed" if corrected or new else "unchanged"]
    return [say(text, corrected=corrected, new=new)]


def _counted(rows: Iterable[Sequence[str]]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(row[at] for at in _CONTENT) for row in rows if row[_CODE] in SEVERITIES)


def next_issue(book: xw.Book, say: Words) -> Message:
    """Check the book and go to the first issue after the selected cell, or else the first."""
    checkup = _checked(book)
    placed = [issue for issue in checkup.issues if issue.cell and issue.sheet]
    wanted = [issue for issue in placed if issue.severity is not Severity.INFO] or placed
    if not wanted:
        report = report_of(checkup)
        return Message(f"{counts(report.issues, say)}.\n{verdict(report, say)}")
    issue = _following(book, wanted)
    sheet = book.sheets[issue.sheet]
    _show(sheet)
    sheet.activate()
    sheet.range(str(issue.cell)).select()
    words = worded(issue, say)
    head = say(
        "{severity}, {sheet} {cell}: {message}",
        severity=label("severity", issue.severity, say),
        sheet=issue.sheet,
        cell=issue.cell,
        message=words.message,
    )
    return Message("\n".join(filter(None, (head, words.remedy))), issue.severity)


def clear_marks(book: xw.Book, say: Words) -> Message:
    """Remove the marks from all cells; formats of the user's own stay."""
    locked = remove_marks(book)
    if locked:
        return Message(_locked(locked, say), Severity.WARNING)
    return Message(say("All marks were removed. Your own formats were not changed."))


def refresh_totals(book: xw.Book, say: Words) -> Message:
    """Let Excel calculate every formula anew, and show the totals as the program computes them."""
    book.app.calculate()
    checkup = _checked(book, sound=True)
    lines = _totals(totals_of(checkup), say)
    stale = sum(issue.code == "stale-formula" for issue in checkup.issues)
    if stale:
        lines.append(
            say.many(
                "{count} formula shows another figure; press “Validate” to see where.",
                "{count} formulas show other figures; press “Validate” to see where.",
                stale,
            )
        )
    return Message("\n".join(lines), Severity.WARNING if stale else Severity.INFO)


def unfunded_list(book: xw.Book, say: Words) -> Message:
    """Write the activities with money to be sought on the Unfunded sheet, and show it."""
    sheet = write_unfunded(book, totals_of(_checked(book, sound=True)), say)
    _show(book.sheets[sheet])
    book.sheets[sheet].activate()
    return Message(say("The list is on the sheet “{sheet}”.", sheet=sheet))


def documents(book: xw.Book, say: Words, request: Request, folder: Path) -> Message:
    """
    Make documents of the book, write all of them to a folder, and say where they are.

    Of the languages asked for, those that lack texts are left out, and it is said why.
    """
    checkup = _checked(book, sound=True)
    try:
        made = build_documents(checkup, request)
    except UnfitData as error:
        texts = error.values.get("texts")
        if not isinstance(texts, tuple):
            raise
        head = say("No document was made because texts are missing:")
        lines = [head, *missing_texts(texts, say, _MOST_TEXTS).splitlines()]
        return Message(_shortened(lines), Severity.ERROR)
    written = write_files(folder, made.files)
    names = [path.name for path in written if path.suffix != ".json"]
    text = say.many(
        "{count} document was written to {folder}:",
        "{count} documents were written to {folder}:",
        len(names),
        folder=str(folder),
    )
    lines = languages_made(made, say)
    severity = Severity.WARNING if made.left_out else Severity.INFO
    return Message("\n".join((text, *names, _shortened(lines))), severity)


def about(say: Words) -> Message:
    """Show the versions and the licence."""
    return Message(
        say(
            "cmswp-xl {version}, under the BSD 3-Clause licence.\nExcel is reached "
            "through xlwings {xlwings} (BSD 3-Clause).\nThe buttons send no data anywhere.",
            version=__version__,
            xlwings=importlib.metadata.version("xlwings"),
        )
    )


def _checked(book: xw.Book, *, sound: bool = False) -> Checkup:
    """Check the book; where it must be sound, errors send the user to the button Validate."""
    checkup = check_open(OpenBook(book))
    if sound and checkup.errors:
        raise UnfitData("book-has-errors", workbook=checkup.name, errors=checkup.errors)
    return checkup


def _following(book: xw.Book, issues: Sequence[Issue]) -> Issue:
    """Return the first issue after the selected cell, in the order of sheets and of reading."""
    selected = book.selection
    if selected is None:
        return issues[0]
    sheets = {sheet.name: index for index, sheet in enumerate(book.sheets)}
    here = (sheets.get(selected.sheet.name, -1), selected.row, selected.column)
    return next((issue for issue in issues if issue.place > here), issues[0])


def _locked(sheets: Sequence[str], say: Words) -> str:
    return say(
        "Protected sheets cannot be marked: {sheets}. Their issues are in the list.",
        sheets=say.listed(sheets),
    )


def _totals(totals: ProgrammeTotals, say: Words) -> list[str]:
    figures = totals.total
    currency = display_text(totals.programme.settings.currency)
    lines = [say("Totals of the programme, in {currency}:", currency=currency)]
    for name in ("cost", "available", "to_be_sought", "surplus", "pledged"):
        amount = getattr(figures, name)
        if amount or name not in _SPARE:
            words, figure = say(TITLES[name]), amount_cell(amount, say)
            lines.append(say("{label}: {count}", label=words, count=figure))
    return [*lines, *circumstances(totals, say), *costing_notes(figures, say)]


def _shortened(lines: Iterable[str]) -> str:
    return "\n".join(display_text(line, _LONGEST) for line in lines)


Cell = str | float | None
Place = tuple[str, int, int]
"""Sheet, column and row of a faulty cell."""

COLOURS = {Severity.ERROR: "#FFB3B3", Severity.WARNING: "#FFE08A"}
"""The fill of a marked cell; notes are listed and not marked."""

TAG = '="cmswp"="cmswp"'
"""The formula of every mark."""

CLEAR_CALLBACK = "cmswpClearMarks"
"""The function of the task pane that clears marks in a book read on a server."""

_VISIBLE = (True, -1)
"""How a sheet says that it is visible: by Excel's own number on Windows."""

MOST_MARKS = 1_000
"""The most areas that are marked; Excel grows slow with many conditional formats."""

_HEADING_FILL, _LINK_COLOUR = "#D9E1F2", "#0563C1"
_TITLE_SIZE = 14
_CHARACTER, _PADDING = 5.25, 3.75
"""Points that a character of the usual font takes, and the room at the sides of a cell."""
_AMOUNT = "#,##0.00"
_SOUGHT = ("cost", "available", "to_be_sought", "pledged")
_NAMING = 5
"""How many columns of the list of activities name them."""
_FORMULA_STARTS = ("=", "+", "-", "@", "'")


def mark_issues(book: xw.Book, issues: Iterable[Issue]) -> tuple[int, list[str]]:
    """
    Clear all marks and mark the cells of errors and warnings.

    Return how many areas were left unmarked because there are too many, and the sheets that took
    no marks because they are protected.
    """
    locked = set(remove_marks(book))
    areas = list(_areas(issues))
    for name, area, severity in areas[:MOST_MARKS]:
        sheet = book.sheets[name]
        if not is_remote(book) and _is_locked(sheet):
            locked.add(name)
        if name not in locked:
            rules = sheet.range(area).conditional_formats
            rules.add_custom(TAG, fill_color=COLOURS[severity])
    return max(len(areas) - MOST_MARKS, 0), [name for name in book.sheet_names if name in locked]


def remove_marks(book: xw.Book) -> list[str]:
    """Remove our marks from all sheets, and nothing else; return the sheets that kept theirs."""
    if is_remote(book):
        book.app.macro(CLEAR_CALLBACK)()
        return []
    kept = []
    for sheet in book.sheets:
        rules = sheet.cells.conditional_formats
        ours = [rule for rule in rules if rule.type == "custom" and rule.formula == TAG]
        if ours and _is_locked(sheet):
            kept.append(sheet.name)
            continue
        for rule in reversed(ours):
            rule.delete()
    return kept


def _show(sheet: xw.Sheet) -> None:
    """Show a sheet that is hidden; raises `UnwritableOutput` where the book is protected."""
    if sheet.visible in _VISIBLE:
        return
    if not is_remote(sheet.book) and sheet.book.api.ProtectStructure:
        raise UnwritableOutput("book-protected", workbook=sheet.book.name)
    sheet.visible = True


def _is_locked(sheet: xw.Sheet) -> bool:
    """Return whether a sheet of a desktop book is protected against changes of format."""
    native = sheet.api
    return bool(native.ProtectContents) and not bool(native.Protection.AllowFormattingCells)


def _areas(issues: Iterable[Issue]) -> Iterator[tuple[str, str, Severity]]:
    """Join faulty cells that stand in an unbroken run of one column, the gravest issue first."""
    gravest: dict[Place, Severity] = {}
    for issue in issues:
        if issue.cell and issue.severity in COLOURS:
            row, column = position(issue.cell)
            place = (issue.sheet, column, row)
            if gravest.get(place) is not Severity.ERROR:
                gravest[place] = issue.severity
    alike = groupby(sorted(gravest), lambda place: (*place[:2], gravest[place]))
    for (sheet, column, severity), places in alike:
        for area in cell_ranges(address(row, column) for _, _, row in places):
            yield sheet, area, severity


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a written sheet; its width is in characters, `links` are formulas."""

    heading: str
    width: float
    number_format: str = "@"
    wrap: bool = False
    links: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """
    Lines of text and a table under them, if it has rows.

    `fills` are the colours of the first column, one for each row; a `total` is the last row.
    """

    notes: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]] = ()
    fills: Sequence[str | None] = ()
    total: bool = False


def write_issues(book: xw.Book, content: ReportSheet, skipped_text: str, say: Words) -> str:
    """Write the sheet of all issues, each with a link to its cell; return the sheet's name."""
    widths = (12, 20, 9, 22, 28, 55, 55, 14, 22)
    columns = [
        Column(heading, width, wrap=index > _CELL, links=index == _CELL)
        for index, (heading, width) in enumerate(zip(content.headings, widths, strict=True))
    ]
    rows: list[list[Cell]] = []
    for row in content.rows:
        rows.append([*row.texts()])
        rows[-1][_CELL] = _link(row.sheet, row.cell) if row.cell else ""
    notes = [*content.summary, *filter(None, [skipped_text])]
    fills = [COLOURS.get(row.severity) for row in content.rows]
    return write_sheet(book, ISSUES, say, [Block(notes, columns, rows, fills)])


def write_unfunded(book: xw.Book, totals: ProgrammeTotals, say: Words) -> str:
    """Write the list anew, amounts in the currency of the programme; return the sheet's name."""
    listed, not_costed = split_unfunded(totals)
    currency = display_text(totals.programme.settings.currency)
    notes = [
        say("Funding to be sought, in {currency}", currency=currency),
        *circumstances(totals, say),
    ]
    rows = [[*_naming(entry, say), *_sought(entry.figures, say)] for entry in listed]
    if listed:
        total = unfunded_total(totals)
        notes += costing_notes(total, say)
        rows.append([say("Total"), *[""] * (_NAMING - 1), *_sought(total, say)])
    else:
        notes.append(say("No funding is to be sought for the costed activities."))
    columns = _unfunded_columns(say)
    blocks = [Block(notes, columns, rows, total=bool(listed))]
    if not_costed:
        names = [_naming(entry, say) for entry in not_costed]
        blocks.append(Block([not_costed_words(not_costed, say)], columns[:_NAMING], names))
    return write_sheet(book, UNFUNDED, say, blocks)


def _unfunded_columns(say: Words) -> list[Column]:
    fields = load_schemas()["activities"].fields
    titles = {field.name: field.titles[say.language] for field in fields}
    return [
        Column(titles["id"], 12),
        Column(titles["area"], 12),
        Column(titles["number"], 10),
        Column(say("Activity"), 55, wrap=True),
        Column(titles["priority"], 12),
        *(Column(say(TITLES[name]), 15, _AMOUNT) for name in _SOUGHT),
        Column(say("Funding status"), 18),
    ]


def _naming(entry: Entry, say: Words) -> list[Cell]:
    """Return the first cells of an activity, those that name it."""
    activity = entry.activity
    priority = label("priority", activity.priority, say) if activity.priority else ""
    title = entry.title(say.language)
    return [activity.id, activity.area, activity.number, title, priority]


def _sought(figures: Figures, say: Words) -> list[Cell]:
    """Return the other cells of an activity, or those of the total."""
    amounts: list[Decimal | None] = [getattr(figures, name) for name in _SOUGHT]
    status = label("funding-status", figures.status, say) if figures.status else ""
    return [*(None if amount is None else float(amount) for amount in amounts), status]


def write_sheet(book: xw.Book, title: str, say: Words, blocks: Sequence[Block]) -> str:
    """
    Write blocks on the sheet of a title, made where there is none, and return the sheet's name.

    A sheet that the program wrote before, in whatever language, is written anew; a sheet of the
    user's that has the name is left alone. Raise `UnwritableOutput` for a protected book.
    """
    sheet = unlocked(own_sheet(book, title) or _new_sheet(book, say(title)))
    sheet.clear()
    heading = sheet.range("A1")
    heading.value = say(title)
    heading.font.bold = True
    heading.font.size = _TITLE_SIZE
    widest = max(blocks, key=lambda block: len(block.columns))
    for number, column in enumerate(widest.columns, 1):
        # the engine of a server takes points
        points = column.width * _CHARACTER + _PADDING
        sheet.range((1, number)).column_width = points if is_remote(book) else column.width
    row = 2
    for block in blocks:
        row = _write_block(sheet, row, block) + 1
    return str(sheet.name)


def unlocked(sheet: xw.Sheet) -> xw.Sheet:
    """Return a sheet; raises `UnwritableOutput` for a protected one."""
    if not is_remote(sheet.book) and sheet.api.ProtectContents:
        raise UnwritableOutput("sheet-protected", sheet=sheet.name)
    return sheet


def _write_block(sheet: xw.Sheet, row: int, block: Block) -> int:
    """Write a block from a row on and return the row after it."""
    for text in block.notes:
        sheet.range((row, 1)).value = plain_text(text)
        row += 1
    if not block.rows:
        return row
    columns, first, last = block.columns, row + 2, row + 1 + len(block.rows)
    header = sheet.range((row + 1, 1), (row + 1, len(columns)))
    header.value = [plain_text(column.heading) for column in columns]
    header.font.bold = True
    header.color = _HEADING_FILL
    areas = [sheet.range((first, n), (last, n)) for n in range(1, len(columns) + 1)]
    for cells, column in zip(areas, columns, strict=True):
        cells.number_format = "General" if column.links else column.number_format
        if column.wrap:
            cells.wrap_text = True
    body = sheet.range((first, 1), (last, len(columns)))
    links = [column.links for column in columns]
    body.value = [
        ["" if link else plain_text(value) for link, value in zip(links, line, strict=True)]
        for line in block.rows
    ]
    body.vertical_alignment = "top"
    for index, column in enumerate(columns):
        if column.number_format == _AMOUNT:
            header[0, index].horizontal_alignment = "right"
        if column.links:
            areas[index].formula = [[line[index]] for line in block.rows]
            areas[index].font.color = _LINK_COLOUR
    _stress(sheet, first, last, block)
    body.rows.autofit()
    return last + 1


def _stress(sheet: xw.Sheet, first: int, last: int, block: Block) -> None:
    """Fill the first column in runs of one colour, and make a total bold."""
    for colour, run in groupby(enumerate(block.fills, first), lambda each: each[1]):
        rows = [number for number, _ in run]
        if colour is not None:
            sheet.range((rows[0], 1), (rows[-1], 1)).color = colour
    if block.total:
        sheet.range((last, 1), (last, len(block.columns))).font.bold = True


def _link(sheet: str, cell: str) -> str:
    """Return the formula of a link to a cell of the same book, which shows its address."""
    target = f"#{quoted(sheet)}!{cell}".replace('"', '""')
    return f'=HYPERLINK("{target}","{cell}")'


def plain_text(value: Cell) -> Cell:
    """Keep a text from being read as a formula or a number by Excel."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def own_sheet(book: xw.Book, title: str) -> xw.Sheet | None:
    """Find the sheet that the program wrote before: its first cell repeats the sheet's title."""
    now = {comparable(Words(language)(title)) for language in Language}
    titles = now | FORMER_TITLES[title]

    def stem(name: str) -> str:
        """Return a sheet name without the number that keeps it apart from another."""
        before, _, ending = name.rpartition(" (")
        return comparable(before if ending.rstrip(")").isdigit() else name)

    for sheet in book.sheets:
        if stem(sheet.name) in titles and comparable(str(sheet["A1"].value or "")) in titles:
            return sheet
    return None


def _new_sheet(book: xw.Book, title: str) -> xw.Sheet:
    if not is_remote(book) and book.api.ProtectStructure:
        raise UnwritableOutput("book-protected", workbook=book.name)
    taken = {comparable(name) for name in book.sheet_names}
    name, number = title, 1
    while comparable(name) in taken:
        number += 1
        name = f"{title} ({number})"
    active = book.sheets.active
    sheet = book.sheets.add(name, after=book.sheets[len(book.sheets) - 1])
    active.activate()
    return sheet
