"""
Workbook files made by hand, part by part, as other programs or ill-meaning people make them.

`parts()` gives the parts of a small sound workbook with one Excel table; a test changes some and
packs them with `pack()`. The makers below it spoil the package itself: its directory, its sizes.
"""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OLE = bytes.fromhex("D0CF11E0A1B11AE1")

ROOT_RELS = "_rels/.rels"
WORKBOOK = "xl/workbook.xml"
WORKBOOK_RELS = "xl/_rels/workbook.xml.rels"
SHEET = "xl/worksheets/sheet1.xml"
SHEET_RELS = "xl/worksheets/_rels/sheet1.xml.rels"
TABLE = "xl/tables/table1.xml"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"

Parts = dict[str, str | bytes]


def parts(  # noqa: PLR0913  what a small workbook consists of
    cells: str = "",
    *,
    ref: str = "A1:B3",
    columns: tuple[str, ...] = ("Source code", "Kind"),
    name: str = "Sources",
    extra: str = "",
    strings: str | None = None,
    formats: tuple[str, ...] = (),
    epoch: str = "",
) -> Parts:
    """
    Give the parts of a workbook whose only sheet holds these rows and one table.

    `strings` are the items of the shared strings, `formats` the number formats of the cell styles
    1, 2 …, `extra` further attributes of the table, `epoch` the value of date1904.
    """
    made: Parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        ROOT_RELS: relationships(("officeDocument", "xl/workbook.xml")),
        WORKBOOK: workbook_xml("Sheet", epoch=epoch),
        WORKBOOK_RELS: relationships(("worksheet", "worksheets/sheet1.xml")),
        SHEET: sheet_xml(cells),
        SHEET_RELS: relationships(("table", "../tables/table1.xml")),
        TABLE: table_xml(name, ref, columns, extra),
    }
    kinds = [("worksheet", "worksheets/sheet1.xml")]
    if strings is not None:
        made[STRINGS] = f'<sst xmlns="{MAIN}">{strings}</sst>'
        kinds.append(("sharedStrings", "sharedStrings.xml"))
    if formats:
        made[STYLES] = styles_xml(formats)
        kinds.append(("styles", "styles.xml"))
    made[WORKBOOK_RELS] = relationships(*kinds)
    return made


def relationships(*targets: tuple[str, str], base: str = OFFICE) -> str:
    """Give a relationships part; the ids are rId1, rId2 …."""
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{base}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'


def workbook_xml(*names: str, epoch: str = "") -> str:
    """Give the workbook part with sheets of these names, whose relationships are rId1, rId2 …."""
    properties = f'<workbookPr date1904="{epoch}"/>' if epoch else ""
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, 1)
    )
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}'
        f"<sheets>{sheets}</sheets></workbook>"
    )


def sheet_xml(cells: str) -> str:
    """Give a sheet part with these rows."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'


def table_xml(name: str, ref: str, columns: tuple[str, ...], extra: str = "") -> str:
    """Give a table part."""
    items = "".join(f'<tableColumn id="{i}" name="{c}"/>' for i, c in enumerate(columns, 1))
    return (
        f'<table xmlns="{MAIN}" id="1" name="{name}" displayName="{name}" ref="{ref}" {extra}>'
        f'<tableColumns count="{len(columns)}">{items}</tableColumns></table>'
    )


def styles_xml(formats: tuple[str, ...]) -> str:
    """Give the styles part with a general style 0 and one style for each number format."""
    codes = "".join(
        f'<numFmt numFmtId="{164 + i}" formatCode="{code}"/>' for i, code in enumerate(formats)
    )
    styles = "".join(f'<xf numFmtId="{164 + i}"/>' for i in range(len(formats)))
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts>'
        f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>'
    )


def inline(reference: str, text: str) -> str:
    """Give a cell with its text in place."""
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def rows(*lines: tuple[object, ...]) -> str:
    """Give the rows of a sheet from A1 on: texts in place, numbers as such, None as no cell."""
    return "".join(
        f'<row r="{number}">'
        + "".join(
            inline(f"{chr(64 + column)}{number}", value)
            if isinstance(value, str)
            else f'<c r="{chr(64 + column)}{number}"><v>{value}</v></c>'
            for column, value in enumerate(line, 1)
            if value is not None
        )
        + "</row>"
        for number, line in enumerate(lines, 1)
    )


SOUND = rows(("Source code", "Kind"), ("CORE", "core"), ("VOL", "voluntary"))


def pack(made: Mapping[str, str | bytes], *, stored: bool = False) -> bytes:
    """Pack parts into a package; text is written in UTF-8."""
    stream = io.BytesIO()
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(stream, "w", method) as package:
        for name, content in made.items():
            package.writestr(zipfile.ZipInfo(name), content, method)
    return stream.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return the parts of a package by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def with_duplicate(made: Mapping[str, str | bytes], name: str, other: str) -> bytes:
    """Pack parts and add a second one under the same name."""
    stream = io.BytesIO(pack(made))
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "a") as package:
        warnings.simplefilter("ignore")
        package.writestr(zipfile.ZipInfo(name), other)
    return stream.getvalue()


def with_declared_size(data: bytes, name: str, size: int, *, crc: int | None = None) -> bytes:
    """Change the unpacked size that the directory and the part's own header declare."""
    spoilt = bytearray(data)
    for offset, fields in _headers(data, name):
        checksum = offset + fields
        if crc is not None:
            spoilt[checksum : checksum + 4] = struct.pack("<I", crc)
        spoilt[checksum + 8 : checksum + 12] = struct.pack("<I", size)
    return bytes(spoilt)


def with_flag(data: bytes, name: str, flag: int) -> bytes:
    """Set a bit of the general purpose flags of a part: 1 says that it is encrypted."""
    spoilt = bytearray(data)
    for offset, fields in _headers(data, name):
        flags = offset + fields - 8
        value = struct.unpack_from("<H", spoilt, flags)[0] | flag
        struct.pack_into("<H", spoilt, flags, value)
    return bytes(spoilt)


def with_method(data: bytes, name: str, method: int) -> bytes:
    """Change the compression method that is declared for a part."""
    spoilt = bytearray(data)
    for offset, fields in _headers(data, name):
        struct.pack_into("<H", spoilt, offset + fields - 6, method)
    return bytes(spoilt)


def bomb(megabytes: int) -> bytes:
    """Give a small file whose sheet unpacks to so many megabytes of spaces."""
    return pack(parts() | {SHEET: sheet_xml(" " * (megabytes * 1_000_000))})


def checksum_of_start(content: str, size: int) -> int:
    """Give the checksum of the first bytes of a part, for a header that lies in full."""
    return zlib.crc32(content.encode()[:size])


def _headers(data: bytes, name: str) -> list[tuple[int, int]]:
    """Find the two headers of a part: where each starts, and where its checksum stands in it."""
    found = []
    for signature, checksum, length in ((b"PK\3\4", 14, 26), (b"PK\1\2", 16, 28)):
        fixed = 30 if checksum == 14 else 46
        offset = data.find(signature)
        while offset >= 0:
            size = struct.unpack_from("<H", data, offset + length)[0]
            if data[offset + fixed : offset + fixed + size] == name.encode():
                found.append((offset, checksum))
            offset = data.find(signature, offset + 4)
    return found
