"""The faulty cells of a copy: their fill, their notes, and all else as it was."""

from __future__ import annotations

import re

import pytest
from annotated_books import (
    MAIN,
    OFFICE,
    Raw,
    changed,
    loaded,
    note,
    parts,
    report,
    rewritten,
    root,
)
from lxml import etree

from cmswp_xl.annotate import CellNote, annotated_copy
from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.issues import Severity

RED, AMBER, INK = "FFFFC7CE", "FFFFEB9C", "FF1F1F1F"
AREAS = "Areas & 'other' ones"
CHILDREN = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
]
RAW_STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="9"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/>'
    '</borders><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    '<xf numFmtId="10" fontId="0" fillId="0" borderId="0"/>'
    '<xf numFmtId="4" fontId="0" fillId="0" borderId="0"/></cellXfs></styleSheet>'
)


def annotated(data, *notes):
    return annotated_copy(data, notes, report(*notes))


def fill_of(cell):
    return cell.fill.fgColor.rgb if cell.fill.patternType == "solid" else None


def in_order(sheet):
    """Whether the children of a worksheet stand in the order of the standard."""
    names = []
    for child in sheet:
        name = etree.QName(child).localname
        if name == "AlternateContent":
            name = etree.QName(child[0][0]).localname
        names.append(CHILDREN.index(name))
    return names == sorted(names)


def sheet_of(cells, *, before="", after=""):
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{cells}</sheetData>{after}</worksheet>'


def references(data, part="xl/worksheets/sheet1.xml"):
    return [cell.get("r") for cell in root(data, part).iter(f"{{{MAIN}}}c")]


def test_parts_that_need_not_change__keep_every_byte_and_their_order(rich):
    copy = annotated(rich, note("Costs", "C4"))
    assert changed(rich, copy) == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "xl/worksheets/sheet4.xml",
    }


def test_copy_without_notes__only_gains_the_report(plain):
    assert changed(plain, annotated(plain)) == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet3.xml",
    }


def test_same_workbook_twice__gives_the_same_bytes(rich):
    notes = [note("Costs", "C4"), note(AREAS, "A4", Severity.WARNING)]
    assert annotated(rich, *notes) == annotated(rich, *notes)


def test_order_of_notes_on_different_cells__does_not_matter_to_the_sheets(rich):
    notes = [note("Costs", "C4"), note("Costs", "B2"), note(AREAS, "A4")]
    one, two = (parts(annotated(rich, *order)) for order in (notes, notes[::-1]))
    assert one["xl/worksheets/sheet1.xml"] == two["xl/worksheets/sheet1.xml"]
    assert one["xl/comments1.xml"] == two["xl/comments1.xml"]


def test_all_other_cells__keep_value_and_look(rich):
    noted = {"C4": Severity.ERROR, "B5": Severity.WARNING, "A3": Severity.ERROR}
    copy = loaded(annotated(rich, *(note("Costs", cell, grave) for cell, grave in noted.items())))
    before = loaded(rich)
    for sheet in before:
        for row in sheet.iter_rows():
            for cell in row:
                twin = copy[sheet.title][cell.coordinate]
                assert twin.value == cell.value
                assert twin.number_format == cell.number_format
                for look in ("font", "alignment", "border", "protection"):
                    assert repr(getattr(twin, look)) == repr(getattr(cell, look))
                if not (sheet.title == "Costs" and cell.coordinate in noted):
                    assert repr(twin.fill) == repr(cell.fill)


def test_fill__tells_errors_from_warnings_and_leaves_information_as_it_was(rich):
    copy = loaded(
        annotated(
            rich,
            note("Costs", "C4"),
            note("Costs", "B5", Severity.WARNING),
            note("Costs", "C6", Severity.INFO),
        )
    )["Costs"]
    assert fill_of(copy["C4"]) == RED
    assert fill_of(copy["B5"]) == AMBER
    assert fill_of(copy["C6"]) == fill_of(copy["C7"]) == "FFDDEBF7"
    assert copy["C6"].comment.text.startswith("Information")


def test_cells_of_one_format__share_one_new_format(rich):
    copy = annotated(rich, *(note("Costs", f"C{row}") for row in range(2, 9)))
    sheet = root(copy, "xl/worksheets/sheet1.xml")
    styles = {c.get("s") for c in sheet.iter(f"{{{MAIN}}}c") if c.get("r", "")[0] == "C"}
    assert len(styles) == 2
    formats = root(copy, "xl/styles.xml").find(f"{{{MAIN}}}cellXfs")
    assert formats.get("count") == str(len(formats))


def test_cell_with_an_error_and_a_warning__shows_the_error(rich):
    copy = loaded(
        annotated(rich, note("Costs", "C4", Severity.WARNING), note("Costs", "C4", text="Second"))
    )["Costs"]
    assert fill_of(copy["C4"]) == RED
    words = copy["C4"].comment.text
    assert words == "Warning\nThe year is missing.\n\nError\nSecond"


def test_light_letters__turn_dark_on_the_light_fill(rich, plain):
    assert loaded(annotated(rich, note("Costs", "B1")))["Costs"]["B1"].font.color.rgb == INK
    header = loaded(annotated(plain, note("Data", "A1")))["Data"]["A1"]
    assert (header.font.color.rgb, header.font.b) == (INK, True)


def test_header_of_a_table__whose_style_may_be_dark__gets_dark_letters(rich):
    copy = loaded(annotated(rich, note(AREAS, "A3"), note(AREAS, "A4")))[AREAS]
    assert copy["A3"].font.color.rgb == INK
    assert copy["A4"].font.color.theme == 1


@pytest.mark.parametrize(
    ("style", "header", "dark"),
    [
        ("TableStyleDark2", "1", ["A3", "A4"]),
        ("TableStyleLight1", "1", ["A3"]),
        ("TableStyleLight1", "0", []),
    ],
)
def test_letters_in_a_table__turn_dark_where_its_style_may_make_them_light(
    rich, style, header, dark
):
    table = parts(rich)["xl/tables/table1.xml"].decode()
    table = table.replace("TableStyleMedium9", style)
    table = table.replace('ref="A3:C5"', f'ref="A3:C5" headerRowCount="{header}"', 1)
    data = rewritten(rich, xl_tables_table1_xml=table)
    copy = loaded(annotated(data, note(AREAS, "A3"), note(AREAS, "A4")))[AREAS]
    assert [cell for cell in ("A3", "A4") if copy[cell].font.color.rgb == INK] == dark


@pytest.mark.parametrize(
    ("colour", "dark"),
    [
        ('<color theme="0"/>', True),
        ('<color theme="0" tint="-0.5"/>', False),
        ('<color indexed="9"/>', True),
        ('<color indexed="10"/>', False),
        ('<color rgb="FFFFFF00"/>', True),
        ('<color rgb="FFC00000"/>', False),
        ('<color auto="1"/>', False),
    ],
)
def test_letters__turn_dark_only_where_they_were_light(colour, dark):
    styles = RAW_STYLES.replace('<sz val="9"/>', f'<sz val="9"/>{colour}')
    data = Raw(sheet_of('<row r="1"><c r="A1"><v>1</v></c></row>'), styles).to_bytes()
    font = loaded(annotated(data, note("Data", "A1")))["Data"]["A1"].font
    assert (font.color.type == "rgb" and font.color.rgb == INK) is dark


def test_blank_cell__is_made_at_its_place_with_the_format_of_its_row_or_column():
    sheet = sheet_of(
        '<row r="2" spans="1:2"><c r="A2"><v>1</v></c><c r="D2"><v>4</v></c></row>'
        '<row r="5" s="1" customFormat="1"><c r="B5"><v>2</v></c></row>',
        before='<dimension ref="A2:D5"/><cols><col min="3" max="3" width="9" style="2"/></cols>',
    )
    data = Raw(sheet, RAW_STYLES).to_bytes()
    cells = ("C2", "E2", "A5", "C4", "C1", "F9")
    copy = annotated(data, *(note("Data", cell) for cell in cells))
    assert references(copy) == ["C1", "A2", "C2", "D2", "E2", "C4", "A5", "B5", "F9"]
    rows = [row.get("r") for row in root(copy, "xl/worksheets/sheet1.xml").iter(f"{{{MAIN}}}row")]
    assert rows == ["1", "2", "4", "5", "9"]
    book = loaded(copy)["Data"]
    assert book["C2"].number_format == book["C4"].number_format == "#,##0.00"
    assert book["A5"].number_format == "0.00%"
    assert book["F9"].number_format == "General"
    assert all(fill_of(book[cell]) == RED for cell in cells)
    assert (
        root(copy, "xl/worksheets/sheet1.xml").find(f"{{{MAIN}}}dimension").get("ref") == "A1:F9"
    )


def test_cells_without_references__are_counted_as_they_stand():
    sheet = sheet_of(
        "<row><c><v>1</v></c><c><v>2</v></c></row>"
        '<row><c><v>3</v></c></row><row><c r="B7"><v>4</v></c><c><v>5</v></c></row>'
        "<row><c><v>6</v></c></row>"
    )
    cells = ("B1", "A2", "C2", "C7", "A8", "A4")
    data = Raw(sheet, RAW_STYLES).to_bytes()
    copy = annotated(data, *(note("Data", cell) for cell in cells))
    marked = [
        (row.get("r"), cell.get("r"), cell.findtext(f"{{{MAIN}}}v"))
        for row in root(copy, "xl/worksheets/sheet1.xml").iter(f"{{{MAIN}}}row")
        for cell in row
        if cell.get("s")
    ]
    assert marked == [
        (None, None, "2"),
        (None, None, "3"),
        (None, "C2", None),
        ("4", "A4", None),
        (None, None, "5"),
        (None, None, "6"),
    ]


def test_sheet_with_prefixed_names__stays_prefixed():
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c>'
        "</x:row></x:sheetData><x:pageMargins/></x:worksheet>"
    )
    copy = annotated(Raw(sheet, RAW_STYLES).to_bytes(), note("Data", "A1"), note("Data", "B3"))
    written = parts(copy)["xl/worksheets/sheet1.xml"].decode()
    assert '<x:c r="B3" s="3"/>' in written
    assert f'<x:pageMargins/><x:legacyDrawing xmlns:r="{OFFICE}" r:id="rId2"/>' in written
    assert fill_of(loaded(copy)["Data"]["B3"]) == RED


def test_workbook_without_styles__gets_them():
    data = Raw(sheet_of('<row r="1"><c r="A1"><v>1</v></c></row>')).to_bytes()
    copy = annotated(data, note("Data", "A1"))
    assert "xl/styles.xml" in changed(data, copy)
    assert fill_of(loaded(copy)["Data"]["A1"]) == RED


def test_styles_with_little_in_them__are_completed():
    styles = f'<styleSheet xmlns="{MAIN}"><dxfs count="0"/></styleSheet>'
    data = Raw(sheet_of('<row r="1"><c r="A1" s="4"><v>1</v></c></row>'), styles).to_bytes()
    copy = annotated(data, note("Data", "A1"))
    names = [etree.QName(child).localname for child in root(copy, "xl/styles.xml")]
    assert names == ["fonts", "fills", "cellXfs", "dxfs"]
    fills = root(copy, "xl/styles.xml").find(f"{{{MAIN}}}fills")
    assert [fill[0].get("patternType") for fill in fills][:3] == ["none", "gray125", "solid"]


def test_reference_to_the_notes__stands_in_the_order_of_the_standard(rich):
    copy = annotated(rich, note("Costs", "C4"), note(AREAS, "B5"), note("Hidden", "A1"))
    for number in range(1, 5):
        assert in_order(root(copy, f"xl/worksheets/sheet{number}.xml"))


def test_alternatives_for_older_programs__are_kept_and_come_after_the_notes():
    controls = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        '<mc:Choice xmlns:x14="urn:x14" Requires="x14"><controls/></mc:Choice>'
        "</mc:AlternateContent>"
    )
    after = f'<pageMargins/><drawing xmlns:r="{OFFICE}" r:id="x"/>{controls}<tableParts/>'
    data = Raw(sheet_of("", after=after), RAW_STYLES).to_bytes()
    sheet = root(annotated(data, note("Data", "A1")), "xl/worksheets/sheet1.xml")
    assert in_order(sheet)
    assert [etree.QName(child).localname for child in sheet][-3:] == [
        "legacyDrawing",
        "AlternateContent",
        "tableParts",
    ]


def test_values_and_formulas_of_marked_cells__are_untouched():
    cells = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1+1</f><v>3</v></c></row>'
        '<row r="2"><c r="A2" t="str" cm="1"><f t="shared" si="0"/><v> x </v></c></row>'
    )
    data = Raw(sheet_of(cells), RAW_STYLES).to_bytes()
    copy = annotated(data, note("Data", "A1"), note("Data", "A2"))
    written = parts(copy)["xl/worksheets/sheet1.xml"].decode()
    assert (
        re.sub(' s="3"', "", written[written.index("<row") : written.index("</sheetData")])
        == cells
    )


def test_note_on_a_sheet_that_is_not_there__is_left_to_the_list(plain):
    copy = loaded(annotated(plain, note("Nowhere", "B2")))
    assert [cell.value for cell in copy["Issues"][5]][:3] == ["Error", "Nowhere", "B2"]
    assert copy["Issues"]["C5"].hyperlink is None


def test_sheet_name__is_found_whatever_its_case(plain):
    assert fill_of(loaded(annotated(plain, note("DATA", "B2")))["Data"]["B2"]) == RED


def test_address_that_is_none__is_a_fault_of_the_caller(plain):
    with pytest.raises(ValueError, match="ZZZZ1"):
        annotated(plain, CellNote("Data", "ZZZZ1", Severity.ERROR, "x"))


@pytest.mark.parametrize(
    ("styles", "reason"),
    [
        (b"<styleSheet", "damaged"),
        (
            b'<!DOCTYPE a [<!ENTITY b "c">]><styleSheet xmlns="' + MAIN.encode() + b'"/>',
            "unsafe",
        ),
    ],
)
def test_part_that_cannot_be_changed_safely__is_refused(plain, styles, reason):
    data = rewritten(plain, xl_styles_xml=styles)
    with pytest.raises(UnreadableWorkbook) as caught:
        annotated_copy(data, [], report(), name="plan.xlsx")
    assert (caught.value.reason, caught.value.values) == (reason, {"file": "plan.xlsx"})


def test_package_without_a_workbook__is_refused(plain):
    data = rewritten(plain, **{"_rels/.rels": b"<Relationships/>"})
    with pytest.raises(UnreadableWorkbook):
        annotated(data)


def test_row_with_an_extension__keeps_it_last():
    cells = '<row r="1" s="1"><c r="A1"/><extLst/></row>'
    data = Raw(sheet_of(cells, before='<dimension ref="here"/>'), RAW_STYLES).to_bytes()
    row = root(annotated(data, note("Data", "C1")), "xl/worksheets/sheet1.xml")[1][0]
    assert [child.get("r") for child in row] == ["A1", "C1", None]


def test_columns_with_a_format_elsewhere__do_not_lend_it():
    columns = '<cols><col min="3" max="3" width="9" style="2"/></cols>'
    data = Raw(sheet_of("", before=columns), RAW_STYLES).to_bytes()
    assert loaded(annotated(data, note("Data", "D1")))["Data"]["D1"].number_format == "General"


def test_many_formats__are_each_marked_once(rich):
    notes = [note("Costs", f"{column}{row}") for row in range(1, 400) for column in "ABCDE"]
    formats = root(annotated(rich, *notes), "xl/styles.xml").find(f"{{{MAIN}}}cellXfs")
    assert len(formats) < 25


def test_remarks_in_the_markup__do_not_shift_formats_and_cells():
    styles = RAW_STYLES.replace("<cellXfs count", "<!-- made by hand --><cellXfs count")
    styles = styles.replace('<xf numFmtId="10"', '<!-- percent --><xf numFmtId="10"')
    cells = '<row r="1"><!-- first --><c r="A1" s="1"><v>1</v></c></row>'
    copy = annotated(Raw(sheet_of(cells), styles).to_bytes(), note("Data", "A1"))
    assert loaded(copy)["Data"]["A1"].number_format == "0.00%"


def test_sheet_in_another_encoding__is_read_and_marked():
    sheet = '<?xml version="1.0" encoding="UTF-16"?>' + sheet_of(
        '<row r="1"><c r="A1" t="str"><v>é</v></c></row>'
    )
    data = rewritten(Raw("").to_bytes(), xl_worksheets_sheet1_xml=sheet.encode("utf-16"))
    cell = loaded(annotated(data, note("Data", "A1")))["Data"]["A1"]
    assert (cell.value, fill_of(cell)) == ("é", RED)


def test_sheet_without_a_part_for_references__gets_one_that_is_declared():
    data = Raw(sheet_of(""), RAW_STYLES).to_bytes()
    copy = annotated(data, note("Data", "A1"))
    targets = [item.get("Target") for item in root(copy, "xl/worksheets/_rels/sheet1.xml.rels")]
    assert targets == ["../comments1.xml", "../drawings/vmlDrawing1.vml"]
    types = {
        item.get("Extension") or item.get("PartName"): item.get("ContentType").rpartition(".")[2]
        for item in root(copy, "[Content_Types].xml")
    }
    assert types["vml"] == "vmlDrawing"
    assert types["/xl/comments1.xml"] == "comments+xml"
    assert types["rels"] == "relationships+xml"


def test_ending_declared_for_something_else__is_overridden_for_the_new_part():
    data = Raw(sheet_of(""), RAW_STYLES).to_bytes()
    types = parts(data)["[Content_Types].xml"].decode()
    other = types.replace("<Override", '<Default Extension="VML" ContentType="a/b"/><Override', 1)
    copy = annotated(rewritten(data, **{"[Content_Types].xml": other}), note("Data", "A1"))
    written = parts(copy)["[Content_Types].xml"].decode()
    assert 'PartName="/xl/drawings/vmlDrawing1.vml"' in written
    assert '<Default Extension="VML" ContentType="a/b"/>' in written


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("empty", ["<ignoredErrors/>", "<ignoredErrors></ignoredErrors>"])
@pytest.mark.parametrize("cells", [(), ("A1",)])
def test_empty_list_of_accepted_errors__is_taken_out(empty, cells):
    old = Raw(f'<worksheet xmlns="{MAIN}"><sheetData/>{empty}</worksheet>').to_bytes()

    new = annotated_copy(old, [note("Data", cell) for cell in cells], report())

    assert b"ignoredErrors" not in parts(new)[SHEET]


def test_list_of_accepted_errors__is_kept():
    kept = '<ignoredErrors><ignoredError sqref="A1" numberStoredAsText="1"/></ignoredErrors>'
    old = Raw(f'<worksheet xmlns="{MAIN}"><sheetData/>{kept}</worksheet>').to_bytes()

    assert SHEET not in changed(old, annotated_copy(old, [], report()))
