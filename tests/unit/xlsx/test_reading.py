"""What is read from a sheet, whatever program wrote it."""

from __future__ import annotations

import datetime as dt
import io
from xml.parsers import expat

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.worksheet.table import Table as OpenpyxlTable
from packages import (
    MAIN,
    SHEET,
    SHEET_RELS,
    SOUND,
    STRINGS,
    TABLE,
    WORKBOOK,
    WORKBOOK_RELS,
    inline,
    pack,
    parts,
    relationships,
    rows,
    sheet_xml,
    table_xml,
)
from sheets import Book, Cell, Sheet, check, findings, places, workbook

from cmswp_xl.cells import ErrorValue, NoStoredValue
from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.tables import Knowledge
from cmswp_xl.xlsx import is_date_code, open_workbook
from cmswp_xl.xlsx.sheetml import CellReader, plain_text, serial_date

HEADERS = inline("A1", "Source code") + inline("B1", "Kind")


def read(made):
    """Read the bytes or the parts of a workbook."""
    return open_workbook(io.BytesIO(made if isinstance(made, bytes) else pack(made)))


def table(made):
    """Read the only table of a workbook."""
    (found,) = read(made).tables()
    return found


def value(cell, **options):
    """Read the cell A2 of a small workbook."""
    ((_, (found, _)),) = table(parts(f"<row r='2'>{cell}</row>", **options)).rows
    return found


# Texts.


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("<c r='A2' t='inlineStr'><is><t>a &amp; b</t></is></c>", "a & b"),
        ("<c r='A2' t='inlineStr'><is><r><t>bo</t></r><r><rPr/><t>ld</t></r></is></c>", "bold"),
        (
            "<c r='A2' t='inlineStr'><is><t>課</t><rPh sb='0' eb='1'><t>カ</t></rPh></is></c>",
            "課",
        ),
        ("<c r='A2' t='str'><f>A1</f><v>x</v></c>", "x"),
        ("<c r='A2' t='str'><f>A1</f><v></v></c>", ""),
        ("<c r='A2' t='str'><v>12</v></c>", "12"),
        ("<c r='A2' t='inlineStr'><is><t>one_x000D_\ntwo</t></is></c>", "one\r\ntwo"),
        ("<c r='A2' t='inlineStr'><is><t>_x005F_x000D_</t></is></c>", "_x000D_"),
        ("<c r='A2' t='inlineStr'><is><t>_xD83D__xDE00_</t></is></c>", "\U0001f600"),
        ("<c r='A2' t='inlineStr'><is><t>_xD83D_</t></is></c>", "\ud83d"),
        ("<c r='A2' t='inlineStr'><is><t><![CDATA[<b>]]></t></is></c>", "<b>"),
    ],
)
def test_text__is_read_however_it_is_written(cell, expected):
    assert value(cell) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("<si><t>plain</t></si>", "plain"),
        ("<si><t xml:space='preserve'> a </t></si>", " a "),
        ("<si><r><t>rich </t></r><r><rPr><b/></rPr><t>text</t></r></si>", "rich text"),
        ("<si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si>", "東京"),
        ("<si><t/></si>", ""),
        ("<si><t>_x000D_</t></si>", "\r"),
        ("<si><t>{{ x }}</t></si>", "{{ x }}"),
    ],
)
def test_shared_text__is_read_without_its_guides(item, expected):
    strings = f"<si><t>other</t></si>{item}<si><t>last</t></si>"

    assert value("<c r='A2' t='s'><v>1</v></c>", strings=strings) == expected


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("_x000D_", "\r"),
        ("a_x0041_b", "aAb"),
        ("_x005F_x0041_", "_x0041_"),
        ("_x00e9_", "\u00e9"),
        ("_xZZZZ_ _x12_ x0041", "_xZZZZ_ _x12_ x0041"),
        ("_xDE00__xD83D_", "\ude00\ud83d"),
    ],
)
def test_escapes_of_the_format__are_undone_once(stored, expected):
    assert plain_text(stored) == expected


def test_lone_surrogate__is_unreadable_text_at_its_cell():
    cells = HEADERS + inline("A2", "x_xD83D_") + inline("B2", "core")
    made = parts(cells, ref="A1:B2")
    book = workbook(without=["Sources", "Funding"])
    checked = check(_joined(book, read(made)))

    assert ("Sheet", "A2", "unreadable-text") in places(checked.issues)


def _joined(book, other):
    return Book(tuple(book.sheets) + tuple(map(_as_sheet, other.tables())))


def _as_sheet(raw):
    lines = tuple(tuple(map(Cell, values)) for _, values in raw.rows)
    return Sheet(raw.name, raw.sheet, raw.headers, lines)


# Numbers, dates, truth values, errors, formulas.


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("<c r='A2'><v>12</v></c>", 12),
        ("<c r='A2' t='n'><v>-1.5</v></c>", -1.5),
        ("<c r='A2'><v>3.3000000000000003</v></c>", 3.3000000000000003),
        ("<c r='A2'><v>1E3</v></c>", 1000.0),
        ("<c r='A2' t='b'><v>1</v></c>", True),
        ("<c r='A2' t='b'><v>0</v></c>", False),
        ("<c r='A2' t='e'><v>#REF!</v></c>", ErrorValue("#REF!")),
        ("<c r='A2' t='e'><f>1/0</f><v>#DIV/0!</v></c>", ErrorValue("#DIV/0!")),
        ("<c r='A2'><f>1+1</f><v>2</v></c>", 2),
        ("<c r='A2'><f>1+1</f></c>", NoStoredValue()),
        ("<c r='A2'><f>1+1</f><v/></c>", NoStoredValue()),
        ("<c r='A2' t='d'><v>2024-05-01</v></c>", dt.date(2024, 5, 1)),
        ("<c r='A2' t='d'><v>2024-05-01T00:00:00Z</v></c>", dt.date(2024, 5, 1)),
        ("<c r='A2' t='d'><v>2024-05-01T12:30:00</v></c>", dt.datetime(2024, 5, 1, 12, 30)),  # noqa: DTZ001  cells have no time zone
    ],
)
def test_value__is_read_as_it_is_stored(cell, expected):
    found = value(cell)

    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize("text", ["1_000", "\u0661\u0662", "0x10"])
def test_number_that_only_python_would_take__is_none(text):
    """A workbook's numbers are written in plain digits; anything else is damage."""
    with pytest.raises(UnreadableWorkbook):
        value(f"<c r='A2'><v>{text}</v></c>")


@pytest.mark.parametrize("text", ["NaN", "INF", "1E999", "1" + 400 * "0"])
def test_number_that_is_none__is_never_taken_for_one(text):
    """Such a cell may be damage or an issue, but it never becomes an amount."""
    cells = f"<row r='1'>{HEADERS}{inline('C1', 'Support cost rate (%)')}</row>"
    cells += f"<row r='2'>{inline('A2', 'CORE')}{inline('B2', 'core')}<c r='C2'><v>{text}</v></c>"
    cells += "</row>"
    made = parts(cells, ref="A1:C2", columns=("a", "b", "c"))
    try:
        book = _joined(workbook(without=["Sources"]), read(made))
    except UnreadableWorkbook:
        return

    assert ("C2", "wrong-type") in [item[:2] for item in findings(book)]


def test_empty_cells__are_no_cells():
    cells = "<row r='2'><c r='A2' s='1'/><c r='B2' t='s'/></row><row r='3'><c r='A3'/></row>"

    assert table(parts(cells)).rows == []


@pytest.mark.parametrize(
    ("code", "number", "expected"),
    [
        ("yyyy-mm-dd", "45413", dt.date(2024, 5, 1)),
        ("[$-40C]d mmmm yyyy;@", "45413", dt.date(2024, 5, 1)),
        ("yyyy-mm-dd", "45413.5", dt.datetime(2024, 5, 1, 12)),  # noqa: DTZ001
        ("yyyy-mm-dd", "61", dt.date(1900, 3, 1)),
        ("yyyy-mm-dd", "59", dt.date(1900, 2, 28)),
        ("yyyy-mm-dd", "1", dt.date(1900, 1, 1)),
        ("yyyy-mm-dd", "60", 60),
        ("yyyy-mm-dd", "0", 0),
        ("yyyy-mm-dd", "-1", -1.0),
        ("yyyy-mm-dd", "2958465", dt.date(9999, 12, 31)),
        ("yyyy-mm-dd", "2958466", 2958466),
        ("yyyy-mm-dd", "1E300", 1e300),
        ("#,##0.00 &quot;days&quot;", "45413", 45413),
        ("0.00", "45413", 45413),
        ("[Red]0", "45413", 45413),
    ],
)
def test_number_shown_as_a_date__is_that_date(code, number, expected):
    found = value(f"<c r='A2' s='1'><v>{number}</v></c>", formats=(code,))

    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize("epoch", ["1", "true"])
def test_dates_counted_from_1904__are_four_years_later(epoch):
    cell = "<c r='A2' s='1'><v>43951</v></c>"

    assert value(cell, formats=("yyyy-mm-dd",), epoch=epoch) == dt.date(2024, 5, 1)
    assert value(cell, formats=("yyyy-mm-dd",), epoch="0") == dt.date(2020, 4, 30)


def test_first_and_last_day_from_1904__are_days():
    assert serial_date(0, epoch_1904=True) == dt.date(1904, 1, 1)
    assert serial_date(2957003, epoch_1904=True) == dt.date(9999, 12, 31)
    assert serial_date(2957004, epoch_1904=True) == 2957004


@given(st.floats(allow_nan=True, allow_infinity=True), st.booleans())
def test_any_number__is_a_date_or_stays_itself(number, epoch_1904):
    found = serial_date(number, epoch_1904=epoch_1904)

    assert isinstance(found, dt.date) or found is number


@pytest.mark.parametrize(
    ("code", "percent"),
    [
        ("0%", True),
        ("0.00 %;[Red]-0.00 %", True),
        ("0.00", False),
        ("0&quot;%&quot;", False),
        ("0\\%", False),
        ("[$%]0", False),
    ],
)
def test_cells_shown_as_a_percentage__are_known(code, percent):
    made = parts("<row r='2'><c r='A2' s='1'><v>0.9</v></c></row>", formats=(code,))

    assert table(made).percents == (frozenset({(2, 1)}) if percent else frozenset())


# Where a cell stands.


def test_cells_without_addresses__stand_one_after_another():
    cells = (
        "<row><c t='inlineStr'><is><t>Source code</t></is></c></row>"
        "<row><c><v>1</v></c><c><v>2</v></c></row>"
        "<row r='5'><c><v>3</v></c><c r='B5'><v>4</v></c></row>"
        "<row><c r='B6'><v>5</v></c></row>"
    )

    assert table(parts(cells, ref="A1:B9")).rows == [(2, [1, 2]), (5, [3, 4]), (6, [None, 5])]


def test_rows_out_of_order__are_sorted():
    cells = "<row r='3'><c r='A3'><v>3</v></c></row><row r='2'><c r='A2'><v>2</v></c></row>"

    assert table(parts(cells)).rows == [(2, [2, None]), (3, [3, None])]


@pytest.mark.parametrize("reference", ["$A$2", "a2"])
def test_address__may_be_written_in_other_ways(reference):
    assert value(f"<c r='{reference}'><v>7</v></c>") == 7


def test_prefixed_namespaces_and_foreign_elements__do_not_matter():
    made = parts(SOUND)
    made[SHEET] = (
        f"<x:worksheet xmlns:x='{MAIN}' xmlns:z='urn:z'><z:v>9</z:v><x:sheetData>"
        "<x:row r='2'><x:c r='A2' t='inlineStr'><x:is><x:t>CORE</x:t></x:is>"
        "<x:extLst><x:ext><z:v>9</z:v></x:ext></x:extLst></x:c></x:row>"
        "</x:sheetData></x:worksheet>"
    )

    assert table(made).rows == [(2, ["CORE", None])]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_sheet_in_another_encoding__is_read(encoding):
    made = parts(SOUND)
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    text = f"<?xml version='1.0' encoding='{name}'?>" + sheet_xml(rows((), ("é",)))
    made[SHEET] = text.encode(encoding)

    assert table(made).rows == [(2, ["é", None])]


def test_part_names__are_found_in_any_case_and_from_the_root():
    made = parts(SOUND)
    made[SHEET.upper()] = made.pop(SHEET)
    made["xl/tables/Table1.XML"] = made.pop(TABLE)
    made[WORKBOOK_RELS] = relationships(("worksheet", "/xl/worksheets/sheet1.xml"))
    made[SHEET_RELS] = relationships(("table", "/XL/tables/table1.xml"))

    assert len(table(made).rows) == 2


def test_relationship_to_the_outside__is_not_followed():
    made = parts(SOUND)
    made[SHEET_RELS] = str(made[SHEET_RELS]).replace(
        "</Relationships>",
        "<Relationship Id='h' TargetMode='External' Target='http://localhost/x'"
        " Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/table'/>"
        "</Relationships>",
    )

    assert len(table(made).rows) == 2


def test_stray_cell_in_the_last_corner__costs_nothing():
    cells = SOUND + "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"
    found = table(parts(cells))

    assert (len(found.rows), found.below) == (2, ())


def test_table_of_a_million_rows_with_few_cells__holds_those():
    cells = SOUND + "<row r='1048576'><c r='B1048576'><v>9</v></c></row>"
    found = table(parts(cells, ref="A1:B1048576"))

    assert [number for number, _ in found.rows] == [2, 3, 1048576]


def test_two_tables_side_by_side__share_their_rows():
    cells = rows(
        ("Source code", "Kind", None, "Area code"),
        ("CORE", "core", "note", "ICC"),
        ("VOL", "voluntary", None, "PAG"),
    )
    made = parts(cells)
    made[SHEET_RELS] = relationships(
        ("table", "../tables/table1.xml"), ("table", "../tables/table2.xml")
    )
    made["xl/tables/table2.xml"] = table_xml("Areas", "D1:D2", ("Area code",))
    first, second = read(made).tables()

    assert first.rows == [(2, ["CORE", "core"]), (3, ["VOL", "voluntary"])]
    assert (second.rows, second.first_column, second.below) == ([(2, ["ICC"])], 4, ((3, 4),))


def test_two_tables_one_under_the_other__keep_apart():
    cells = rows(
        ("Source code", "Kind"),
        ("CORE", "core"),
        (None, "typed between"),
        ("Area code", None),
        ("ICC", None),
        ("PAG", "right of it, below the first"),
    )
    made = parts(cells, ref="A1:B2")
    made[SHEET_RELS] = relationships(
        ("table", "../tables/table1.xml"), ("table", "../tables/table2.xml")
    )
    made["xl/tables/table2.xml"] = table_xml("Areas", "A4:A5", ("Area code",))
    first, second = read(made).tables()

    assert (first.rows, first.below) == ([(2, ["CORE", "core"])], ((3, 2), (6, 2)))
    assert (second.rows, second.below) == ([(5, ["ICC"])], ((6, 1),))


# Rows of a table.


def test_cells_typed_below_a_table__are_an_error_with_their_addresses():
    cells = rows(("Source code", "Kind"), ("CORE", "core"), ("VOL", None), (None, None), (" ", 0))
    found = check(_xlsx(cells, ref="A1:B2")).issues

    (issue,) = [issue for issue in found if issue.code == "rows-below-table"]
    assert (issue.sheet, issue.cell, issue.table) == ("Sheet", "A3", "sources")
    assert issue.values["cells"] == ["A3", "B5"]


def _xlsx(cells, **options):
    return read(parts(cells, **options))


def test_totals_row__is_no_data_and_nothing_typed_below():
    cells = rows(("Source code", "Kind"), ("CORE", "core"), ("Total", 1))
    found = table(parts(cells, ref="A1:B3", extra='totalsRowCount="1"'))

    assert (found.rows, found.below) == ([(2, ["CORE", "core"])], ())


def test_totals_row_that_is_hidden__leaves_the_last_row():
    found = table(parts(SOUND, extra='totalsRowShown="1"'))

    assert len(found.rows) == 2


def test_table_without_header_row__takes_the_names_of_its_columns():
    found = table(parts(rows(("CORE", "core")), ref="A1:B1", extra='headerRowCount="0"'))

    assert (found.headers, found.rows) == (("Source code", "Kind"), [(1, ["CORE", "core"])])


def test_blank_rows_inside__are_left_out_and_the_rest_keeps_its_place():
    cells = rows(("Source code", "Kind"), ("CORE", "core"), (), (" ", None), ("VOL", "bad"))
    found = findings(_joined_by_kind(parts(cells, ref="A1:B9")))

    assert ("B5", "not-in-list") in [item[:2] for item in found]
    assert not [item for item in found if item[0] in ("A3", "B3", "A4", "B4")]


def _joined_by_kind(made):
    """Give a source that is the base workbook, but with the Sources of a file."""
    book, file = workbook(without=["Sources"]), read(made)

    class Both:
        name = "both.xlsx"
        knows = Knowledge.FORMULAS | Knowledge.FORMATS

        def sheet_names(self):
            return [*book.sheet_names(), *file.sheet_names()]

        def tables(self):
            return [*book.tables(), *file.tables()]

    return Both()


def test_hidden_sheets_rows_and_columns_and_filtered_rows__are_data():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.add_worksheet("Start")
        page = book.add_worksheet("Sources")
        page.add_table(
            "A1:B4",
            {
                "name": "Sources",
                "columns": [{"header": "Source code"}, {"header": "Kind"}],
                "data": [["CORE", "core"], ["VOL", "voluntary"], ["X", "other"]],
            },
        )
        page.set_row(2, None, None, {"hidden": True})
        page.set_column("B:B", None, None, {"hidden": True})
        page.very_hidden()

    book = read(stream.getvalue())
    (found,) = book.tables()
    assert [values for _, values in found.rows] == [
        ["CORE", "core"],
        ["VOL", "voluntary"],
        ["X", "other"],
    ]
    assert (list(book.sheet_names()), found.sheet_index) == (["Start", "Sources"], 1)


# Other programs, and back again.


@pytest.mark.parametrize("writer", ["xlsxwriter", "openpyxl"])
def test_small_programme__is_read_the_same_from_the_files_of_two_programs(writer):
    book = workbook()
    found = read(book.xlsx(writer))

    assert list(found.tables()) == list(book.tables())
    assert findings(found) == []


def test_workbook_saved_again_by_openpyxl__is_read_the_same():
    book = workbook()
    again = io.BytesIO()
    loaded = openpyxl.load_workbook(io.BytesIO(book.xlsx()))
    loaded.save(again)

    assert list(read(again.getvalue()).tables()) == list(book.tables())


def test_formulas_saved_by_a_program_that_does_not_calculate__are_an_error_not_blanks():
    book = workbook("""
    ## Costs
    | activity | year | amount |
    | ICC-01   | 2024 | = 12   |
    """)

    assert findings(read(book.xlsx("xlsxwriter"))) == []
    assert findings(read(book.xlsx("openpyxl"))) == [
        ("C2", "formula-without-value", "costs", "amount", None)
    ]


def test_openpyxl_table_with_totals_row__is_read_without_it():
    book = openpyxl.Workbook()
    page = book.active
    for line in (["Source code", "Kind"], ["CORE", "core"], ["Total", 1]):
        page.append(line)
    made = OpenpyxlTable(displayName="Sources", ref="A1:B3", totalsRowCount=1)
    page.add_table(made)
    stream = io.BytesIO()
    book.save(stream)

    assert table(stream.getvalue()).rows == [(2, ["CORE", "core"])]


TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), min_size=1
) | st.sampled_from(["_x000D_", "_x0041_", "=1+1", "'x", "1.10", " a ", "<b>&", "\U0001f600"])
VALUES = (
    st.none()
    | TEXTS
    | st.integers(-(10**15) + 1, 10**15 - 1)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: not x.is_integer())
    | st.booleans()
    | st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 31))
)


@st.composite
def books(draw):
    """Give a workbook of one or two tables with any cells."""
    sheets = []
    for number in range(draw(st.integers(1, 2))):
        width = draw(st.integers(1, 4))
        lines = draw(st.lists(st.lists(VALUES.map(Cell), min_size=width, max_size=width)))
        headers = tuple(f"Column {index}" for index in range(width))
        sheets.append(Sheet(f"Table_{number}", f"S{number}", headers, tuple(map(tuple, lines))))
    return Book(tuple(sheets))


@given(books())
def test_any_table_that_is_written__is_read_equal(book):
    found = read(book.xlsx())

    assert repr(_numbers(found.tables())) == repr(_numbers(book.tables()))


def _numbers(tables):
    """Give the tables with each number as XlsxWriter stores it, at 16 significant digits."""

    def stored(value):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return float(f"{value:.16G}") if number else value

    return [
        (raw.name, raw.sheet, raw.headers, [(n, list(map(stored, row))) for n, row in raw.rows])
        for raw in tables
    ]


def test_workbook_file__tells_its_name_hash_and_knowledge(tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(pack(parts(SOUND)))
    book = open_workbook(path)

    assert book.name == "plan.xlsx"
    assert len(book.sha256) == 64
    assert book.knows == Knowledge.FORMULAS | Knowledge.FORMATS | Knowledge.STRIKES


def test_stream_without_a_name__takes_the_one_given():
    data = pack(parts(SOUND))

    assert open_workbook(io.BytesIO(data), name="open.xlsx").name == "open.xlsx"
    assert open_workbook(io.BytesIO(data)).name == "workbook.xlsx"


def test_workbook_part_elsewhere__is_found_by_its_relationship():
    made = parts(SOUND)
    content = made.pop(WORKBOOK)
    made["book/main.xml"] = content
    made["book/_rels/main.xml.rels"] = relationships(("worksheet", "../xl/worksheets/sheet1.xml"))
    made.pop(WORKBOOK_RELS)
    made["_rels/.rels"] = relationships(("officeDocument", "/book/main.xml"))

    assert len(table(made).rows) == 2


def test_strings_part__may_be_absent():
    made = parts(SOUND)

    assert STRINGS not in made
    assert len(table(made).rows) == 2


# A header cell that is blank.


def told_of(cells):
    from cmswp_xl.matching import match_tables
    from cmswp_xl.schema import load_schemas

    made = parts(cells, columns=("Source code", "Title (English)", "My own"), ref="A1:C2")
    _, issues = match_tables(open_workbook(io.BytesIO(pack(made))), load_schemas())
    codes = ("missing-column", "unknown-column")
    return {(i.code, i.cell, i.column) for i in issues if i.table == "sources" and i.code in codes}


def test_header_cell_that_is_blank__is_told_at_that_cell_and_not_guessed():
    whole = rows(("Source code", "Title (English)", "My own"), ("CORE", "Core", 5))
    known = rows(("Source code", None, "My own"), ("CORE", "Core", 5))
    own = rows(("Source code", "Title (English)", " "), ("CORE", "Core", None))
    before = told_of(whole)
    assert told_of(known) - before == {("missing-column", "B1", "title_en")}
    assert ("unknown-column", "C1", None) in told_of(own)


def test_many_tables_on_one_sheet__each_get_their_own_cells():
    """A sheet with a thousand tables and as many rows of cells is read at once."""
    made = parts("".join(f'<row r="{r}"><c r="A{r}"><v>{r}</v></c></row>' for r in range(1, 3001)))
    made[SHEET_RELS] = relationships(
        *(("table", f"../tables/table{number}.xml") for number in range(1, 1001))
    )
    for number in range(1, 1001):
        top = 3 * number - 2
        made[f"xl/tables/table{number}.xml"] = table_xml(
            f"T{number}", f"A{top}:A{top + 1}", ("A",), 'headerRowCount="1"'
        )
    found = open_workbook(io.BytesIO(pack(made))).tables()
    assert [table.rows for table in found] == [[(3 * n - 1, [3 * n - 1])] for n in range(1, 1001)]
    assert [table.below for table in found] == [((3 * n, 1),) for n in range(1, 1001)]


@pytest.mark.parametrize(
    "code",
    [
        *BUILTIN_FORMATS.values(),
        "yyyy-mm-dd",
        '"day" 0',
        "[h]:mm",
        "[Red]0.00",
        "[$-409]d mmm yyyy",
        "0.00;[Red]-d",
        r"0\d",
        "_d0",
        '0 "m²"',
        "@",
        "",
    ],
)
def test_number_formats__are_dates_where_openpyxl_takes_them_for_dates(code):
    assert is_date_code(code) is is_date_format(code)


PLAIN_ROWS = (
    '<row r="5" spans="1:4"><c r="A5" s="1" t="s"><v>1</v></c></row>',
    '<row r="6"><c r="A6"><f>1+1</f><v>2</v></c><c r="B6" s="2"><f>NOW()</f></c><c r="C6"/></row>',
    '<row r="7"><c r="A7" t="str"><f t="shared" si="0"/><v> a\n\u00e9_x0041_</v></c></row>',
    '<row r="8"><c r="C8" t="b"><v>1</v></c><c r="XFD8" t="e"><v>#N/A</v></c></row>',
    '<row r="9"><c r="A9" s="2"><v>40000</v></c><c r="B9"><v>1.5</v></c></row><row r="10"/>',
)
OTHER_ROWS = (
    '<row r="11"><c r="A11" t="str"><v>a &amp; b</v></c></row><row><c><v>3</v></c></row>',
    '<row r="13"><c r="A14"><v>1</v></c></row>',
    '<row r="15"><c r="A15" t="inlineStr"><is><t>x</t></is></c><c><v>4</v></c></row>',
    '<row r="16"> <c r="A16"><v>5</v></c> </row>',
)


def cells_read(content, *, plainly):
    found = []
    reader = CellReader(
        ["zero", "one"],
        frozenset({2}),
        lambda row, cells: found.extend((row, *cell) for cell in cells),
        epoch_1904=False,
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    data = f'{head}<worksheet xmlns="{MAIN}"><sheetData>{content}</sheetData></worksheet>'.encode()
    left = reader.without_plain_rows(data) if plainly else data
    reader.read(left)
    return sorted(found, key=lambda cell: cell[:2]), left.count(b"<c ")


def test_rows_that_are_written_as_most_are_hold_the_same_as_when_they_are_parsed():
    content = "".join((*PLAIN_ROWS, *OTHER_ROWS))
    plain, left = cells_read(content, plainly=True)
    assert plain == cells_read(content, plainly=False)[0]
    assert len(plain) == 14
    assert left == sum(row.count("<c ") for row in OTHER_ROWS)


@pytest.mark.parametrize(
    "content",
    [
        '<row r="5"><c r="A5" t="s"><v>9</v></c></row>',
        '<row r="5"><c r="A5"><v>1_0</v></c></row>',
        '<row r="5"><c r="XFE5"><v>1</v></c></row>',
        '<row r="5"><c r="A5"><v>1</v></row>',
        '<row r="5"><c r="A5"><v>1</v></c>',
    ],
)
def test_damage_is_told_however_a_row_is_read(content):
    for plainly in (True, False):
        with pytest.raises((ValueError, IndexError, expat.ExpatError)):
            cells_read(content, plainly=plainly)
