"""Workbooks as several programs write them, and what a test wants to know of a copy."""

from __future__ import annotations

import io
import warnings
import zipfile
from dataclasses import dataclass

import openpyxl
from lxml import etree

from cmswp_xl.annotate import CellNote
from cmswp_xl.annotate.report import ReportRow, ReportSheet
from cmswp_xl.issues import Severity

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORDS = {Severity.ERROR: "Error", Severity.WARNING: "Warning", Severity.INFO: "Information"}
HEADINGS = (
    *("Severity", "Sheet", "Cell", "Column", "Value", "What is wrong", "What to do"),
    *("Row", "Code"),
)


def note(sheet, cell, severity=Severity.ERROR, text="The year is missing."):
    return CellNote(sheet, cell, severity, text, WORDS[severity])


def report(*notes, title="Issues", value="=1+1", summary=("3 errors, 1 warning",)):
    rows = tuple(
        ReportRow(
            WORDS[item.severity],
            item.severity,
            item.sheet,
            item.cell,
            "Amount",
            value,
            item.text,
            "Type a number in the cell.",
            key="ICC-01",
            code="missing-value",
        )
        for item in notes
    )
    return ReportSheet(title, HEADINGS, rows, summary)


def parts(data):
    """The uncompressed bytes of each part, in the order of the package."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {entry.filename: package.read(entry) for entry in package.infolist()}


def changed(before, after):
    """The names of the parts whose bytes differ or that are new."""
    old, new = parts(before), parts(after)
    assert list(new)[: len(old)] == list(old)
    return {name for name, data in new.items() if old.get(name) != data}


def rewritten(data, **texts):
    """The package with parts replaced; names are given with their separators as underscores."""
    names = {name.replace("/", "_").replace(".", "_"): name for name in parts(data)}
    new = {names.get(key, key): text for key, text in texts.items()}
    return packed({**parts(data), **new})


def packed(contents):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in contents.items():
            package.writestr(name, data)
    return stream.getvalue()


def root(data, part):
    return etree.fromstring(parts(data)[part])


def loaded(data):
    """The workbook as openpyxl reads it; it warns of what it would lose on saving."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(io.BytesIO(data))


@dataclass(frozen=True)
class Raw:
    """A workbook written by hand around one sheet's XML."""

    sheet: str
    styles: str | None = None
    extra: tuple[tuple[str, str], ...] = ()
    sheet_rels: str | None = None

    def to_bytes(self):
        package = "http://schemas.openxmlformats.org/package/2006"
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        contents = {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
            '<Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
            + (
                f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
                if self.styles
                else ""
            )
            + "</Types>",
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" '
            f'Type="{OFFICE}/officeDocument" Target="/xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:rel="{OFFICE}"><sheets>'
            '<sheet name="Data" sheetId="7" rel:id="w"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="w" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
            + (
                f'<Relationship Id="s" Type="{OFFICE}/styles" Target="/xl/styles.xml"/>'
                if self.styles
                else ""
            )
            + "</Relationships>",
            "xl/worksheets/sheet1.xml": self.sheet,
        }
        if self.styles:
            contents["xl/styles.xml"] = self.styles
        if self.sheet_rels:
            contents["xl/worksheets/_rels/sheet1.xml.rels"] = self.sheet_rels
        return packed({**contents, **dict(self.extra)})
