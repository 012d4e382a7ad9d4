"""An older workbook in a new one: every value in its place, and nothing lost."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from sheets import check, workbook

from cmswp_xl.cells import AsTyped
from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.languages import Language, Words
from cmswp_xl.make.book import CHECKS
from cmswp_xl.pipeline import check_source, workbook_of
from cmswp_xl.rollover.period import content_of, holdable
from cmswp_xl.rollover.unmapped_cells import own_words
from cmswp_xl.rollover.upgrade import upgrade_report, upgraded
from cmswp_xl.schema import load_schemas
from cmswp_xl.xlsx import open_workbook

SCHEMAS = load_schemas()


@pytest.fixture
def write(tmp_path):
    def write(data):
        path = tmp_path / "old.xlsx"
        path.write_bytes(data)
        return path

    return write


@pytest.fixture
def upgrade(write):
    """Give a function that upgrades a workbook of small markdown tables."""

    def upgrade(text="", asked=None, **options):
        return upgraded(write(workbook(text, **options).xlsx()), asked)

    return upgrade


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """Give a function that upgrades a workbook of the program after a change by openpyxl."""
    path = tmp_path_factory.mktemp("changed") / "old.xlsx"

    def changed(change, language=Language.EN):
        content = content_of(check(language=language).typed)
        book = openpyxl.load_workbook(io.BytesIO(workbook_of(content, language)))
        change(book)
        book.save(path)
        return upgraded(path)

    return changed


@pytest.fixture(scope="module")
def touched(changed):
    """A workbook of the program that people wrote in at places of their own, upgraded."""

    def change(book):
        costs, activities, notes = book["Costs"], book["Activities"], book.create_sheet("Notes")
        costs["A8"], costs["F8"], costs["F9"], costs["D6"] = "ICC-01", "fifty", 50, "=2*50"
        cost = next(cell.column for cell in activities[5] if cell.value == "Cost")
        activities.cell(6, cost).value = 99
        activities["C6"].hyperlink = "https://example.org/cms"
        book["Areas"]["C2"] = "remember"
        book["Areas"]["A6"].comment = Comment("check", "me")
        book["Start"]["E3"] = "hello"
        book["Summary"]["L5"] = "=1+1"
        notes["A1"], notes["B2"] = "text", 2.5
        notes["C3"] = notes["C4"] = "=B2*2"
        notes["D1"] = "https://example.org"
        notes["D1"].hyperlink = "https://example.org/"

    return changed(change)


def read(data):
    checked, issues = check_source(open_workbook(io.BytesIO(data)), flags=False)
    return content_of(checked.typed), [(issue.code, issue.table, issue.value) for issue in issues]


def entries(made):
    return [tuple(cell) for cell in made.carried]


def test_small_workbook__has_everything_in_its_place(upgrade):
    made = upgrade()

    assert entries(made) == []
    assert (made.unfit, made.errors) == (0, 0)
    assert read(made.data)[1] == []
    assert made.rows["programme"] == made.rows["areas"] == 1
    assert ("costs", "quantity") in made.added
    assert ("findings", None) in made.added


def test_upgrade_of_what_it_made__changes_no_byte(write, upgrade):
    first = upgrade("## Areas\n| code | title | Head |\n| ICC | Area | Ann |")

    second = upgraded(write(first.data))

    assert len(first.carried) == 1
    assert second.data == first.data


@pytest.mark.parametrize("language", Language)
def test_language__is_that_of_the_workbook(upgrade, language):
    assert upgrade(language=language).language is language


def test_language__is_another_where_it_was_asked_for(upgrade):
    made = upgrade(asked=Language.ES, language=Language.FR)

    assert made.language is Language.ES
    assert (
        SCHEMAS["areas"].titles[Language.ES] in open_workbook(io.BytesIO(made.data)).sheet_names()
    )
    assert read(made.data)[0]["areas"][0]["title_fr"] == "Capacity-building"


def test_values_that_do_not_fit__stand_as_they_were_typed(upgrade, write):
    text = """
    ## Costs
    | activity | year       | quantity | unit_cost | amount   | category |
    | ICC-01   | 2024-05-01 | "12"     | TRUE      | 12.345   | feasts   |
    | ICC-01   | 2024.5     | #N/A     | ten       | 5        | travel   |
    """
    content, issues = read(workbook(text).xlsx())

    made = upgrade(text)

    assert made.unfit == 8
    assert made.errors == len(issues)
    assert [cell[4:] for cell in entries(made)] == [("a formula; its value is kept", "=1/0")]
    assert read(made.data)[0]["costs"] == content["costs"]
    assert sorted(map(str, read(made.data)[1])) == sorted(map(str, issues))
    assert upgraded(write(made.data)).data == made.data


def test_percentages__stand_as_they_were_shown(upgrade):
    text = """
    ## Programme
    | setting           | value  |
    | support_cost_rate | 13%    |

    ## Sources
    | code | kind      | title | support_cost_rate |
    | CORE | core      | Core  | 7.12345%          |
    | VOL  | voluntary | Gifts | 0.5%              |
    """
    content, issues = read(upgrade(text).data)

    assert content["programme"][0]["support_cost_rate"] == "13"
    assert [row["support_cost_rate"] for row in content["sources"]] == [AsTyped(7.12345), "0.5"]
    assert [issue[0] for issue in issues] == ["too-many-decimals"]


def test_columns_settings_tables_and_sheets_of_ones_own__are_carried(upgrade):
    text = """
    ## Programme
    | setting | value | Remark |
    | Colour  | green |        |
    | as_at   | 2024-05-01 | soon |

    ## Areas
    | code | title | Head | Phone |
    | ICC  | Area  | Ann  |       |

    ## Mine @ Notes
    | thing | count |
    | pen   | 3     |
    """
    made = upgrade(text)
    own = "in a column or setting of your own"

    assert entries(made) == [
        ("Programme", "B9", "", "Colour", own, "green"),
        ("Programme", "C10", "Figures as at", "Remark", own, "soon"),
        ("Areas", "F1", "", "Phone", own, "Phone"),
        ("Areas", "E2", "ICC", "Head", own, "Ann"),
        ("Notes", "A2", "", "thing", "in a table of your own", "pen"),
        ("Notes", "B2", "", "count", "in a table of your own", "3"),
    ]


def test_columns_settings_and_tables_that_are_there_twice__are_carried(upgrade):
    text = """
    ## Programme
    | setting          | value |
    | "Titre (anglais)" | Other |

    ## Donors
    | code | name | Code du donateur |
    | DE   | Land | FR               |
    """
    found = entries(upgrade(text))

    assert [(cell[3], cell[5]) for cell in found] == [
        ("Titre (anglais)", "Other"),
        ("Code du donateur", "FR"),
    ]
    assert {cell[4] for cell in found} == {"in a column or setting that appears twice"}


def test_cells_below_a_table__stand_below_it_again(touched):
    raw = next(t for t in open_workbook(io.BytesIO(touched.data)).tables() if t.name == "Costs")

    assert raw.below == ((7, 1), (7, 6), (8, 6))
    assert ("rows-below-table", "costs", None) in read(touched.data)[1]


def test_what_stands_around_the_tables__is_carried(touched):
    never = "a formula that was never calculated"

    assert entries(touched) == [
        ("Start", "E3", "", "", "on a sheet that the program fills", "hello"),
        ("Areas", "C2", "", "", "beside the table", "remember"),
        ("Areas", "A6", "ICC", "Area code", "a note", "check"),
        ("Activities", "F6", "ICC-01", "Cost", "typed over a formula", "99"),
        ("Activities", "C6", "ICC-01", "Title (English)", "a link", "https://example.org/cms"),
        ("Costs", "D6", "ICC-01", "Amount", never, "=2*50"),
        ("Summary", "L5", "", "", "a formula of your own", "=1+1"),
        ("Notes", "A1", "", "", "on a sheet of your own", "text"),
        ("Notes", "D1", "", "", "on a sheet of your own", "https://example.org"),
        ("Notes", "B2", "", "", "on a sheet of your own", "2.5"),
        ("Notes", "C3:C4", "", "", "a formula of your own", "=B2*2"),
    ]
    assert (touched.errors, touched.unfit) == (2, 0)


def test_texts_below_and_beside_the_tables__are_all_carried_or_below_again(changed):
    def change(book):
        programme, areas, costs = book["Programme"], book["Areas"], book["Costs"]
        below = programme.max_row + 2
        programme.cell(below, 1).value, programme.cell(below, 2).value = "Old setting", "y"
        programme.cell(below + 1, 1).value = "Currency"
        programme.cell(below + 1, 4).value = programme["D11"].value
        programme["E8"] = "Total"
        programme["C3"] = programme["A3"].value
        areas.cell(areas.max_row + 3, areas.max_column + 1).value = "Grand total"
        areas.cell(2, areas.max_column + 2).value = "Activity"
        grey = next(cell.column for cell in costs[5] if cell.value == "Activity title")
        costs.cell(costs.max_row + 2, grey).value = "=1+2"
        for sheet in ("Start", "Summary"):
            book[sheet]["Z9"] = book[sheet]["A2"].value
            book[sheet]["Z10"] = "Activity"
            book[sheet]["Z11"] = "Activity"

    found = {(cell[0], cell[1]): (cell[4], cell[5]) for cell in entries(changed(change))}

    assert found.pop(("Start", "Z9"))[1].startswith("Workbook of the costed programme")
    assert found.pop(("Programme", "C3"))[1].startswith("Dark settings")
    assert found.pop(("Programme", "D43"))[1].startswith("Currency of all amounts")
    filled, below = "on a sheet that the program fills", "below the table"
    assert found == {
        ("Start", "Z10"): (filled, "Activity"),
        ("Start", "Z11"): (filled, "Activity"),
        ("Programme", "A42"): (below, "Old setting"),
        ("Programme", "B42"): (below, "y"),
        ("Programme", "A43"): (below, "Currency"),
        ("Programme", "E8"): ("beside the table", "Total"),
        ("Areas", "L9"): ("beside the table", "Grand total"),
        ("Areas", "N2"): ("beside the table", "Activity"),
        ("Costs", "J8"): ("a formula of your own", "=1+2"),
        ("Summary", "Z9"): (filled, "← Start"),
        ("Summary", "Z10"): (filled, "Activity"),
        ("Summary", "Z11"): (filled, "Activity"),
    }


@pytest.mark.parametrize("language", [Language.FR, Language.ES])
def test_words_of_the_program__are_not_carried(changed, language):
    assert entries(changed(lambda _book: None, language)) == []


@pytest.mark.parametrize("language", Language)
def test_names_of_sheets_that_an_older_workbook_has_as_texts__are_not_carried(changed, language):
    def change(book):
        for row in book[Words(language)("Checks")]["C40:C72"]:
            row[0].value = SCHEMAS["costs"].titles[language]

    assert entries(changed(change, language)) == []


def test_formulas_in_cells_to_fill_in__are_kept_beside_their_values(upgrade):
    made = upgrade("## Areas\n| code | title |\n| ICC | = Area |")

    assert [cell[4:] for cell in entries(made)] == [("a formula; its value is kept", "=1")] * 3


def test_pictures_and_charts__are_told_of(write):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet("Areas")
        titles = [item.titles[Language.EN] for item in SCHEMAS["areas"].inputs()]
        columns = [{"header": title} for title in titles]
        page.add_table(0, 0, 1, len(titles) - 1, {"name": "Areas", "columns": columns})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": ["Areas", 1, 0, 1, 0]})
        page.insert_chart(5, 5, chart)
        other = book.add_chart({"type": "pie"})
        other.add_series({"values": ["Areas", 1, 0, 1, 0]})
        book.add_chartsheet("Pie").set_chart(other)
        book.add_vba_project(io.BytesIO(b"vba"), True)
    made = upgraded(write(stream.getvalue()))

    assert entries(made) == [
        ("Areas", "", "", "", "pictures, charts or shapes", ""),
        ("Pie", "", "", "", "a sheet without cells", ""),
        ("", "", "", "", "macros", ""),
    ]


def test_a_text_too_long_for_a_cell__is_carried_in_parts(write):
    # Excel holds 32,767 characters in a cell; other programs write more.
    data = workbook("## Areas\n| code | title_en |\n| ICC | Storks |").xlsx("openpyxl")
    long = "x" * 40_000

    made = upgraded(write(_with_text(data, "Storks", long)))
    sheet = openpyxl.load_workbook(io.BytesIO(made.data))["Carried over"]

    assert [len(cell[5]) for cell in entries(made)] == [40_000]
    assert [sheet.cell(row, 6).value for row in (6, 7)] == [long[:32_767], long[32_767:]]
    assert upgraded(write(made.data)).data == made.data


def _with_text(data, old, new):
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(result, "w") as changed:
        for item in package.infolist():
            part = package.read(item)
            if item.filename.startswith("xl/worksheets/sheet"):
                part = part.replace(f">{old}<".encode(), f">{new}<".encode())
            changed.writestr(item, part)
    return result.getvalue()


def test_workbook_of_other_tables__is_refused(upgrade):
    with pytest.raises(UnreadableWorkbook, match="not-programme"):
        upgrade("## Birds\n| name |\n| Stork |", base="")


def test_what_was_carried__is_told(upgrade):
    text = """
    ## Areas
    | code | title | Head |
    | ICC  | Area  | Ann  |

    ## Costs
    | activity | amount |
    | ICC-01   | ten    |

    ## Notes
    | a |
    | 1 |
    | 2 |
    """
    made = upgrade(text, without=("Mandates",))

    told = upgrade_report(made, "new book.xlsx", "old.xlsx", Words(Language.EN)).splitlines()

    assert told[:2] == [
        "Workbook created: new book.xlsx",
        "Carried over from old.xlsx, which is unchanged. Rows: 7; tables: 6.",
    ]
    assert told[2].startswith("New tables, still empty: Entry, Donors, ")
    assert not [line for line in told if "Next free id" in line]
    assert "New in Mandates: Meeting" not in told
    assert told[-5:] == [
        "1 value does not fit its column; it is kept as it was typed.",
        'The new workbook has 2 errors; to see them, run: cmswp validate "new book.xlsx"',
        "3 entries have no place and are kept on the sheet “Carried over”:",
        "  Areas · Head: in a column or setting of your own (E2)",
        "  Notes · a: in a table of your own (A2:A3)",
    ]


def test_nothing_left__is_told_too(upgrade):
    told = upgrade_report(upgrade(), "n", "o", Words(Language.EN))

    assert told.endswith("Everything has its place in the new workbook.")


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**17), 10**17),
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15),
    st.text(st.characters(blacklist_categories=("Cs",)), max_size=20),
    st.dates(min_value=dt.date(1901, 1, 1)),
)


@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=st.lists(st.lists(CELLS, min_size=9, max_size=9), min_size=1, max_size=12))
def test_any_cells__read_the_same_or_are_carried(write, rows):
    stream = io.BytesIO()
    titles = [item.titles[Language.EN] for item in SCHEMAS["costs"].inputs()][:9]
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet("Costs")
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        columns = [{"header": title} for title in titles]
        page.add_table(0, 0, len(rows), len(titles) - 1, {"name": "Costs", "columns": columns})
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(number, column, value)
                elif hasattr(value, "year"):
                    page.write_datetime(number, column, value, date)
                elif value is not None:
                    page.write(number, column, value)
    made = upgraded(write(stream.getvalue()))

    assert read(made.data)[0]["costs"] == read(stream.getvalue())[0]["costs"]
    assert entries(made) == []


@pytest.mark.parametrize("value", [float("inf"), float("nan"), "\ud800", "x" * 32_768])
def test_what_no_cell_holds__is_known(value):
    assert not holdable(value)


@pytest.mark.parametrize("marks", ["«»", "“”"])
def test_own_text_with_other_quotation_marks__is_still_the_programs(marks):
    """Spanish workbooks of earlier versions have « » where these have “ ”."""
    text = (
        "Celdas de la columna {}Importe{} que contienen un texto, un número negativo o un número"
    )
    typed = f"{text.format(*marks)} demasiado grande"
    assert own_words(Language.ES).words[CHECKS].wrote({(5, 1): typed}) == {(5, 1)}
