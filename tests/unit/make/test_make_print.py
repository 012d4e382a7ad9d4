"""How sheets are printed: paper, scale, what stands on every page."""

from __future__ import annotations

import io

import pytest
from made_books import SCHEMAS, made
from openpyxl import load_workbook

from cmswp_xl.languages import WORDS, Language, Words
from cmswp_xl.make import make_workbook
from cmswp_xl.make.book import A3, A4, fitting
from cmswp_xl.samples import read_sample
from cmswp_xl.translated import SHEET

ROOM = {A4: 784, A3: 1133}
"""Points across, between the margins."""
POINTS = 5.6
"""Points of a digit of Arial in 10 points, which widths are counted in."""


@pytest.fixture(scope="module", params=["example", "empty"])
def books(request):
    if request.param == "example":
        return {x: _read(made(read_sample("example"), x)[0]) for x in Language}
    form = {"programme": [{"original_language": "en"}]}
    return {x: _read(make_workbook(form, x, None)) for x in Language}


def _read(data):
    return load_workbook(io.BytesIO(data))


def printed(book, language):
    """Give the sheets that are not only there for the formulas."""
    return [sheet for sheet in book if sheet.title not in (Words(language)(WORDS), SHEET)]


def _width(sheet):
    """Return the points of the columns in view that hold anything, without texts that run on."""
    widths = {}
    for dimension in sheet.column_dimensions.values():
        for number in range(dimension.min, dimension.max + 1):
            widths[number] = 0 if dimension.hidden else dimension.width
    used = range(1, min(sheet.max_column, max(widths)) + 1)
    return sum(POINTS * widths.get(number, 9) for number in used)


def _scale(sheet):
    """Return the scale in which a sheet is printed, and whether it fits its pages across."""
    set_up, width = sheet.page_setup, _width(sheet)
    room = ROOM[int(set_up.paperSize)] * (set_up.fitToWidth or 1)
    if sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage:
        return min(room / width, 1)
    scale = set_up.scale / 100
    assert scale * width <= room
    return scale


def test_text__is_printed_in_seven_points_or_more(books):
    scales = {
        (language, sheet.title): _scale(sheet)
        for language, book in books.items()
        for sheet in printed(book, language)
    }

    assert {place: scale for place, scale in scales.items() if scale < 0.7} == {}


def test_sheets__lie_across_with_name_file_date_and_page(books):
    for language, book in books.items():
        for sheet in printed(book, language):
            assert sheet.page_setup.orientation == "landscape"
            assert sheet.oddHeader.left.text == "&A"
            assert sheet.oddHeader.right.text == "&F"
            assert sheet.oddFooter.left.text == "&D"
            words = Words(language)("Page {page} of {pages}", page="&P", pages="&N")
            assert sheet.oddFooter.center.text == words


def test_tables__repeat_banner_and_headings_and_where_wider_than_a_page_first_columns(books):
    """Columns are repeated where needed only: it makes opening slow in LibreOffice."""
    for language, book in books.items():
        for schema in SCHEMAS.values():
            sheet = book[schema.titles[language]]
            assert sheet.print_title_rows == "$4:$5"
            last = {"B6": "A", "C6": "B", "D6": "C", "H6": "A"}.get(sheet.freeze_panes)
            wide = int(sheet.page_setup.fitToWidth or 1) > 1
            assert sheet.print_title_cols == (f"$A:${last}" if wide else None)
        repeated = [book[schema.titles[language]].print_title_cols for schema in SCHEMAS.values()]
        assert 0 < repeated.count(None) < len(repeated)


def test_rows_in_reserve__are_printed_on_no_page_of_their_own(books):
    for language, book in books.items():
        summary, checks = (book[Words(language)(name)] for name in ("Summary", "Checks"))
        starts = [row.id + 1 for row in summary.row_breaks.brk]
        titles = [summary.cell(row, 1).value for row in starts]
        assert titles == [Words(language)(x) for x in ("By year", "Calendar of activities")]
        area = checks.print_area.split("$")
        assert int(area[-1]) == checks.max_row


@pytest.mark.parametrize(
    ("widths", "paper", "pages"),
    [
        ((30,), A4, 1),
        ((100, 90), A4, 1),
        ((150, 100), A3, 1),
        ((20, 200, 100), A3, 2),
        ((100, 200, 170), A3, 2),
        ((100, 200, 220), A3, 3),
    ],
)
def test_paper__is_the_smallest_on_which_the_columns_can_be_read(widths, paper, pages):
    fit = fitting(widths, frozen=1)
    whole = sum(POINTS * width + 4 for width in widths)
    again = (pages - 1) * (POINTS * widths[0] + 4)

    assert (fit.paper, fit.pages) == (paper, pages)
    assert fit.scale == pytest.approx(min(pages * ROOM[paper] / (whole + again), 1))
    assert fit.scale >= 0.7
