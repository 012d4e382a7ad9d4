"""The added sheet: every issue on a line of its own, with a link to its cell."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from lxml import etree

from cmswp_xl.annotate.sheet import (
    FILLS,
    RELATIONSHIP_ID,
    Node,
    StyleBook,
    added,
    main,
    parse,
    piece_text,
    placed,
    stored,
)
from cmswp_xl.cells import LAST_ROW, address, column_letters, quoted
from cmswp_xl.issues import Severity
from cmswp_xl.ooxml import OFFICE, Package, written

MOST_LINKS = 65_530
"""The most hyperlinks that Excel takes on one sheet."""

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_WIDTHS = (12, 24, 9, 22, 30, 60, 60, 14, 22)
_LINE, _HIGHEST_ROW = 15, 405
_LINK_COLUMN, _VALUE_COLUMN = 3, 5
_LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_HIGHEST_ID = 65_533


@dataclass(frozen=True, slots=True)
class ReportRow:
    """
    One line of the added sheet; `cell` is empty for what is missing altogether.

    A line that is `folded` is hidden until the outline of its sheet is opened; `key` names the row
    that the issue is in.
    """

    word: str
    severity: Severity
    sheet: str
    cell: str | None
    column: str
    value: str
    message: str
    remedy: str
    folded: bool = False
    key: str = ""
    code: str = ""

    def texts(self) -> tuple[str, ...]:
        """Return the texts in the order of the columns."""
        place = (self.word, self.sheet, self.cell or "", self.column)
        return (*place, self.value, self.message, self.remedy, self.key, self.code)


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """
    The added sheet.

    The title names the sheet and stands above it, followed by a few lines of summary; there are
    nine headings: severity, sheet, cell, column, value, message, remedy, row, code.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[ReportRow, ...]
    summary: tuple[str, ...] = ()

    @property
    def head(self) -> int:
        """The row of the headings."""
        return len(self.summary) + 3


def looks(book: StyleBook) -> dict[str, int]:
    """Add the formats of the sheet to the workbook's; return their index by what they are for."""
    bold = book.font(bold=True)
    marks = {str(word): book.format(fill=book.fill(colour)) for word, colour in FILLS.items()}
    return {
        "title": book.format(font=book.font(bold=True, size="14"), wrap=False),
        "summary": book.format(wrap=False),
        "heading": book.format(font=bold, fill=book.fill("FFD9E1F2")),
        "text": book.format(),
        "value": book.format(text=True),
        "link": book.format(font=book.font(underlined=True, colour="FF0563C1")),
        **marks,
    }


def add_report(
    package: Package, workbook: str, report: ReportSheet, styles: Mapping[str, int]
) -> None:
    """
    Add the sheet after the workbook's others, under a name that none of them has.

    A hidden sheet that it leads to is shown, since a link to a hidden sheet does nothing.
    """
    root = parse(package.read(workbook))
    sheets = placed(root, "sheets")
    names = [item.get("name", "") for item in sheets]
    folder = workbook.rpartition("/")[0]
    stem = f"{folder}/worksheets/sheet" if folder else "worksheets/sheet"
    part = package.free_name(stem, ".xml")
    report = replace(report, rows=report.rows[: LAST_ROW - report.head])
    led_to = {row.sheet.casefold() for row in report.rows if row.cell}
    for item in sheets:
        if item.get("state") == "hidden" and item.get("name", "").casefold() in led_to:
            del item.attrib["state"]
    package.add(part, _sheet(report, names, styles), _CONTENT_TYPE)
    key = package.relate(workbook, "worksheet", part)
    name = free_sheet_name(report.title, names)
    ids = {int(item.get("sheetId", "0")) for item in sheets}
    item = etree.SubElement(sheets, main("sheet"), nsmap={"r": OFFICE})
    item.set("name", name)
    item.set("sheetId", str(_free_id(ids)))
    item.set(RELATIONSHIP_ID, key)
    views = placed(root, "bookViews")
    if not len(views):
        added(views, "workbookView")
    _define_names(root, name, len(names), report)
    package.write(workbook, written(root))


def free_sheet_name(title: str, taken: Iterable[str]) -> str:
    """Return a sheet name of at most 31 characters, made from the title, that is not taken."""
    names = {name.casefold() for name in taken} | {"history"}
    base = " ".join(_FORBIDDEN.sub(" ", stored(title)).split()).strip("'") or "Issues"
    name, number = _cut(base, ""), 1
    while name.casefold() in names:
        number += 1
        name = _cut(base, f" ({number})")
    return name


def _cut(base: str, ending: str) -> str:
    room = 2 * (_LONGEST_NAME - len(ending))
    short = base.encode("utf-16-le")[:room].decode("utf-16-le", "ignore")
    return f"{short.rstrip(chr(39) + ' ')}{ending}"


def _free_id(ids: set[int]) -> int:
    following = max(ids, default=0) + 1
    if following <= _HIGHEST_ID:
        return following
    return next(number for number in range(1, _HIGHEST_ID) if number not in ids)


def _define_names(root: Node, name: str, index: int, report: ReportSheet) -> None:
    """Name the filtered range and the row that each printed page repeats, as Excel does."""
    named, sheet, head = quoted(name), str(index), report.head
    names = placed(root, "definedNames")
    if report.rows:
        area = f"{named}!$A${head}:${column_letters(len(_WIDTHS))}${head + len(report.rows)}"
        filtered = {"name": "_xlnm._FilterDatabase", "localSheetId": sheet, "hidden": "1"}
        added(names, "definedName", area, **filtered)
    titles = {"name": "_xlnm.Print_Titles", "localSheetId": sheet}
    added(names, "definedName", f"{named}!${head}:${head}", **titles)


def _sheet(report: ReportSheet, names: list[str], styles: Mapping[str, int]) -> bytes:
    rows, head, last = report.rows, report.head, column_letters(len(_WIDTHS))
    end = head + len(rows)
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(_WIDTHS, 1)
    )
    places = {"head": head, "last": last, "end": end, "below": address(head + 1, 1)}
    text = piece_text(
        "sheet",
        **places,
        outline=' outlineLevelRow="1"' if any(row.folded for row in rows) else "",
        columns=columns,
        rows="".join(_lines(report, styles)),
        filter=f'<autoFilter ref="A{head}:{last}{end}"/>' if rows else "",
        links="".join(_links(report, names)),
    )
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()


def _lines(report: ReportSheet, styles: Mapping[str, int]) -> Iterator[str]:
    yield _row(1, [(report.title, styles["title"])])
    for number, line in enumerate(report.summary, 2):
        yield _row(number, [(line, styles["summary"])])
    yield _row(report.head, [(heading, styles["heading"]) for heading in report.headings])
    for number, row in enumerate(report.rows, report.head + 1):
        looks = [styles["text"]] * len(_WIDTHS)
        looks[0] = styles.get(row.severity, styles["text"])
        looks[_LINK_COLUMN - 1] = styles["link"]
        looks[_VALUE_COLUMN - 1] = styles["value"]
        yield _row(number, list(zip(row.texts(), looks, strict=True)), folded=row.folded)


def _row(number: int, cells: list[tuple[str, int]], *, folded: bool = False) -> str:
    written = "".join(
        f'<c r="{address(number, column)}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{html.escape(stored(text))}</t></is></c>'
        if text
        else f'<c r="{address(number, column)}" s="{style}"/>'
        for column, (text, style) in enumerate(cells, 1)
    )
    height = _row_height([text for text, _ in cells])
    outline = ' hidden="1" outlineLevel="1"' if folded else ""
    return f'<row r="{number}"{height}{outline}>{written}</row>'


def _row_height(texts: list[str]) -> str:
    """Return how high a row of wrapped texts must be, for programs that do not fit it."""
    if len(texts) < len(_WIDTHS):
        return ""
    lines = max(
        sum(1 + len(line) * 10 // (width * 11) for line in text.split("\n"))
        for text, width in zip(texts, _WIDTHS, strict=True)
    )
    return f' ht="{min(lines * _LINE, _HIGHEST_ROW)}"' if lines > 1 else ""


def _links(report: ReportSheet, names: list[str]) -> Iterator[str]:
    known = {name.casefold(): html.escape(quoted(name)) for name in names}
    links = []
    for number, row in enumerate(report.rows, report.head + 1):
        sheet = known.get(row.sheet.casefold())
        if row.cell and sheet is not None:
            place, cell = address(number, _LINK_COLUMN), html.escape(row.cell)
            links.append(f'<hyperlink ref="{place}" location="{sheet}!{cell}" display="{cell}"/>')
    if links:
        yield f"<hyperlinks>{''.join(links[:MOST_LINKS])}</hyperlinks>"
