"""The Checks sheet as LibreOffice calculates it, against faults that were planted."""

from __future__ import annotations

import io
import shutil
from collections import Counter
from copy import deepcopy

import pytest
from found_faults import EXAMPLE, SCHEMAS, cell, checks_of
from made_books import made
from openpyxl import load_workbook
from recalculation import listed_checks, recalculated

from cmswp_xl.cells import AsTyped
from cmswp_xl.languages import Language, Words
from cmswp_xl.make import make_workbook
from cmswp_xl.make.checks import FIRST_FAULTS

pytestmark = [
    pytest.mark.host,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not there"),
]
FURTHER = "Further checks that found issues, in the list below:"
MONEY = ("costs", "funding", "sources")
"""The tables whose faults change totals as well, and with them another check."""
FINE = "✓ No issues on this sheet"


def faulty(content, language=Language.EN):
    return make_workbook(content, language, None, calculated=False)


def wrong(item, number):
    """Give a value that a field must not have; a value that it may have where there is no such."""
    if item.enum:
        return "nonsense"
    if item.reference and not item.list:
        return "NOWHERE"
    if item.numeric:
        return -1 if number % 2 else AsTyped("1 234,50")
    if item.type == "year":
        return 1999
    return number if item.type == "integer" else f"X{number}"


def spoilt():
    """Give the example with every fault: wrong values, blanks, repeated rows, sums too large."""
    content = deepcopy(EXAMPLE)
    for name, schema in SCHEMAS.items():
        inputs, rows = schema.inputs(), content.setdefault(name, [])
        if schema.form:
            rows[0] |= {x.name: wrong(x, 1) for x in inputs if x.enum or x.reference or x.numeric}
            continue
        rows += [{x.name: wrong(x, n) for x in inputs} for n in (1001, 1002)]
        rows += [{inputs[0].name: wrong(inputs[0], 1003)}, {inputs[-1].name: wrong(inputs[-1], 1)}]
        rows += [rows[0], rows[1]]
    content["programme"][0] |= {"original_language": "en", "currency": None}
    content["areas"] += [{"code": "A-1", "parent": "A-2"}, {"code": "A-2", "parent": "A-1"}]
    content["costs"].insert(1, {"quantity": AsTyped("two"), "unit_cost": 3, "amount": 5})
    content["costs"] += [{"quantity": 2, "unit_cost": 3, "amount": 5}]
    for name in ("allocations", "postfunding"):
        content[name] += [{"post": EXAMPLE["posts"][n]["id"], "percent": 101} for n in (2, 1)]
    content["weights"] = [{"criterion": "cost", "weight": 99}, *content["weights"]]
    return content


@pytest.fixture(scope="module")
def found(made_once):
    """Give a function that gives a workbook, by its name, as LibreOffice calculates it."""

    def make(folder):
        books = {language: faulty(spoilt(), language) for language in Language}
        books |= {count: faulty(with_faults(count)) for count in (30, 32)}
        books["typed-below"] = typed_below()
        recalculated({f"{name}.xlsx": data for name, data in books.items()}, folder)

    folder = made_once("faulty-workbooks", make)
    return lambda name: (folder / f"{name}.xlsx").read_bytes()


@pytest.mark.parametrize("language", Language)
def test_every_check__finds_its_faults_and_the_first_cell(language, found):
    content = spoilt()
    wanted = [
        (check.title, check.count, check.cell)
        for check in checks_of(content, language)
        if check.title not in totals(language)
    ]

    lines = listed_checks(found(language))

    assert [line[2:] for line in lines if line.title not in totals(language)] == wanted
    below = Words(language)("Rows below the table, which are not counted")
    unplanted = [title for title, count, _ in wanted if not count and title != below]
    assert unplanted == [words(language)]


def words(language):
    """Give the title of the check of the original language, which must be right for the others."""
    say, item = Words(language), SCHEMAS["programme"].field("original_language")
    return say(
        "Words in the column {column} that are not in its list", column=item.titles[language]
    )


def totals(language):
    """Give the titles of the checks of totals, which find formulas that were typed over."""
    say = Words(language)
    return {
        say("Total of Costs that differs from the total of Activities"),
        say("Total of available funding that differs from the total of Activities"),
    }


def with_faults(count):
    """Give the example with as many checks that find something, a fault each."""
    content, columns = deepcopy(EXAMPLE), []
    for name, schema in SCHEMAS.items():
        if content.get(name) and not schema.form and name not in MONEY:
            spoilable = (x for x in schema.inputs() if x.enum or x.numeric or x.reference)
            columns += [(name, item) for item in spoilable if not item.list]
    for name, item in columns:
        content[name][-1][item.name] = wrong(item, 1)
        if sum(check.count > 0 for check in checks_of(content)) == count:
            return content
    raise AssertionError(count)


@pytest.mark.parametrize(("count", "more"), [(30, []), (32, [f"{FURTHER} 2"])])
def test_block__lists_the_first_faults_and_says_how_many_more_there_are(count, more, found):
    content = with_faults(count)
    checks = [check for check in checks_of(content) if check.count]
    faults = Counter()
    for check in checks:
        faults[SCHEMAS[check.table].titles[Language.EN]] += check.count

    book = load_workbook(io.BytesIO(found(count)), data_only=True)

    rows = list(book["Checks"].iter_rows(max_col=7, values_only=True))
    assert [row[:1] + row[2:] for row in rows if isinstance(row[0], int)] == [
        (number, SCHEMAS[c.table].titles[Language.EN], c.title, c.count, c.cell, c.remedy)
        for number, c in enumerate(checks[:FIRST_FAULTS], 1)
    ]
    assert [row[3] for row in rows if str(row[3]).startswith(FURTHER)] == more
    assert book["Start"]["A4"].value == f"! Issues found: {faults.total()}"
    for schema in SCHEMAS.values():
        title = schema.titles[Language.EN]
        said = f"! Issues on this sheet: {faults[title]}" if faults[title] else FINE
        assert said in [cell.value for cell in book[title][2]]


def test_sound_workbook__says_so_on_checks_start_and_every_sheet():
    data, _ = made(EXAMPLE, Language.EN)
    book = load_workbook(io.BytesIO(data), data_only=True)

    assert book["Start"]["A4"].value == "✓ The checks find no issues"
    assert "✓ The checks find no issues" in [cell.value for cell in book["Checks"]["E"]]
    for schema in SCHEMAS.values():
        title = schema.titles[Language.EN]
        (found,) = (found for found in book[title][2] if found.value == FINE)
        assert not book[title].column_dimensions[found.column_letter].hidden


def typed_below():
    """Give a workbook with a row of faults typed below Costs, which takes over the formulas."""
    data = faulty({**EXAMPLE, "costs": EXAMPLE["costs"][:5]})
    book = load_workbook(io.BytesIO(data))
    sheet, table = book["Costs"], book["Costs"].tables["Costs"]
    row = sheet.max_row + 1
    for header, column in zip(sheet[5], table.tableColumns, strict=True):
        formula = column.calculatedColumnFormula
        sheet.cell(row, header.column).value = f"={formula.attr_text}" if formula else None
    names = {item.name: number for number, item in enumerate(SCHEMAS["costs"].fields, 1)}
    sheet.cell(row, names["activity"]).value = "NOWHERE"
    sheet.cell(row, names["amount"]).value = 5
    table.ref = table.autoFilter.ref = table.ref.replace(f"{row - 1}", f"{row}")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_row_typed_below_a_table__is_linked_at_its_own_cell(found):
    lines = listed_checks(found("typed-below"))

    cells = {line.title: (line.faults, line.cell) for line in lines if line.sheet == "Costs"}
    assert cells["Unknown codes in the column Activity"] == (1, cell("costs", "activity", 5))
