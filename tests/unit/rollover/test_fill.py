"""Rows of Entry as activities, costs and contributions: each amount once, nothing overwritten."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sheets import workbook

from cmswp_xl.errors import Misuse, UnfitData
from cmswp_xl.figures.totals import compute_totals
from cmswp_xl.languages import Language, Words
from cmswp_xl.pipeline import check_source
from cmswp_xl.rollover.fill import filled, plan_lines, plan_of, read_plan
from cmswp_xl.rollover.period import content_of
from cmswp_xl.rollover.upgrade import upgraded
from cmswp_xl.schema import ENTRY, sheet_schemas
from cmswp_xl.xlsx import open_workbook

MORE = """
## Areas
| code | title |
| ICC  | One   |
| GOV  | Two   |

## Donors
| code | name    |
| DE   | Germany |
"""


@pytest.fixture(scope="module")
def write(tmp_path_factory):
    path = tmp_path_factory.mktemp("fill") / "book.xlsx"

    def write(text, **options):
        path.write_bytes(workbook(MORE + text, **options).xlsx())
        return path

    return write


def read(data):
    checked, issues = check_source(open_workbook(io.BytesIO(data)), flags=False)
    return content_of(checked.typed), checked, issues


def plan(path, areas=()):
    _, found = read_plan(path, areas)
    assert found.issues == ()
    return found


def take_over(path, areas=()):
    return filled(*read_plan(path, areas))


def entry(headers, *rows):
    lines = [f"| {' | '.join(headers.split())} |", *(f"| {row} |" for row in rows)]
    return "## Entry\n" + "\n".join(lines)


ROW = "area title_en"
COMPLETE = entry(
    f"{ROW} donor stage cost_1 cost_3 core_1 voluntary_2 pledged_3",
    "icc | Print | DE | received | 1000.10 | 20.2 | 400 | 300.05 | 50",
)


def test_row__becomes_activity_costs_and_funding(write):
    new = plan(write(COMPLETE)).rows

    assert new["activities"] == [
        {"id": "ICC-02", "number": "1.2", "area": "ICC", "title_en": "Print"}
    ]
    assert new["costs"] == [
        {"activity": "ICC-02", "year": 2024, "amount": "1000.1"},
        {"activity": "ICC-02", "year": 2026, "amount": "20.2"},
    ]
    shared = {"activity": "ICC-02", "source": "VOL", "donor": "DE"}
    assert new["funding"] == [
        *[{"activity": "ICC-02", "year": 2024, "amount": "400", "source": "CORE",
           "stage": "confirmed"}],
        {**shared, "year": 2025, "amount": "300.05", "stage": "received"},
        {**shared, "year": 2026, "amount": "50", "stage": "pledged"},
    ]  # fmt: skip


def test_whole_period__has_no_year_and_a_blank_stage_is_confirmed(write):
    new = plan(
        write(entry(f"{ROW} cost core voluntary pledged", "GOV | Meet | 9.99 | 1 | 2 | 3"))
    ).rows

    assert [(row["id"], row["number"]) for row in new["activities"]] == [("GOV-01", "2.1")]
    assert new["costs"] == [{"activity": "GOV-01", "amount": "9.99"}]
    assert [(row["stage"], row["amount"]) for row in new["funding"]] == [
        *[("confirmed", "1"), ("confirmed", "2"), ("pledged", "3")]
    ]
    assert all("year" not in row and "donor" not in row for row in new["funding"])


@pytest.mark.parametrize(
    ("amounts", "costs"),
    [("| |", []), ("0 | 0 |", [("0", 2024)]), ("| | 5", []), ("0.00 | | 0", [("0", 2024)])],
)
def test_zero__is_a_cost_and_no_contribution_and_blank_is_nothing(write, amounts, costs):
    new = plan(write(entry(f"{ROW} cost_1 core_1 core_2", f"ICC | T | {amounts}"))).rows

    assert [
        (f"{Decimal(row['amount']):f}".split(".")[0], row["year"]) for row in new["costs"]
    ] == costs
    assert [row["amount"] for row in new["funding"]] == (["5"] if "5" in amounts else [])


def test_ids_and_numbers__are_the_next_free_ones_one_after_the_other(write):
    text = entry(f"{ROW} id number", "ICC|A||", "ICC|B|ICC-07|'1.9", "ICC|C||", "gov|D||")
    made = plan(write(text)).rows["activities"]

    assert [(row["id"], row["number"]) for row in made] == [
        *[("ICC-08", "1.10"), ("ICC-07", "1.9"), ("ICC-09", "1.11"), ("GOV-01", "2.1")]
    ]


def test_chosen_source__is_the_one_of_several(write):
    text = """
    ## Sources
    | code | kind      | title |
    | C1   | core      | One   |
    | C2   | core      | Two   |
    | VOL  | voluntary | Three |
    """ + entry(f"{ROW} core core_source", "ICC | T | 5 | c2")
    (line,) = plan(write(text, without=["Funding"])).rows["funding"]

    assert line["source"].upper() == "C2"


REFUSED = {
    "id that is there": ("id", "icc-01", "entry-overwrites"),
    "number that is there": ("number", "'1.1", "entry-overwrites"),
    "number as a number": ("number", "1.2", "wrong-type"),
    "id with a star": ("id", "A*", "wrong-pattern"),
    "year beyond the period": ("cost_4", "5", "year-outside-period"),
    "text for an amount": ("cost_1", "about 5", "wrong-type"),
    "three decimals": ("core_1", "1.005", "too-many-decimals"),
    "negative amount": ("voluntary_1", "-5", "out-of-range"),
    "unknown donor": ("donor", "XX", "unknown-reference"),
    "unknown source": ("core_source", "XX", "unknown-reference"),
    "source of another kind": ("core_source", "VOL", "entry-unclear"),
    "unknown stage": ("stage", "pledged", "not-in-list"),
    "whole period and year": ("cost", "5", "entry-unclear"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_overwrite_or_is_not_clear__is_refused_at_its_cell(write, name):
    column, value, code = REFUSED[name]
    typed = {"cost_2": "1", "core_2": "1", "voluntary_2": "1", column: value}
    text = entry(f"{ROW} {' '.join(typed)}", f"ICC | T | {' | '.join(typed.values())}")
    _, found = read_plan(write(text))

    letter = "CDEFGH"[list(typed).index(column)]
    assert [(i.sheet, i.cell, i.code, i.column) for i in found.issues] == [
        ("Entry", f"{letter}2", code, column)
    ]
    assert found.rows == {}


@pytest.mark.parametrize(
    ("headers", "row", "wanted"),
    [
        ("area title_en cost", "| | 5", [("A2", "missing-value"), ("B2", "missing-value")]),
        ("area title_en cost", "NOPE | T | 5", [("A2", "unknown-reference")]),
        ("area title_fr cost", "ICC | T | 5", [("A2", "missing-value")]),
        ("area title_en donor", "ICC | T | DE", [("C2", "entry-unclear")]),
        ("area title_en stage pledged", "ICC | T | received | 5", [("C2", "entry-unclear")]),
    ],
)
def test_row_that_lacks_something__is_refused(write, headers, row, wanted):
    issues = read_plan(write(entry(headers, row)))[1].issues

    assert [(issue.cell, issue.code) for issue in issues] == wanted


@pytest.mark.parametrize(
    ("sources", "reason"),
    [("| C1 | core | A |\n| C2 | core | B |", "several"), ("| VOL | voluntary | A |", "none")],
)
def test_source__must_be_the_only_one_of_its_kind(write, sources, reason):
    text = f"## Sources\n| code | kind | title |\n{sources}\n"
    text += entry(f"{ROW} core core_source", "ICC | T | 5 |")
    issues = read_plan(write(text, without=["Funding"]))[1].issues

    assert [(i.cell, i.code, reason in i.values) for i in issues] == [
        ("D2", "entry-unclear", True)
    ]


def test_same_id_or_number_twice_in_entry__is_refused_at_both(write):
    text = entry(f"{ROW} id number", "ICC|A|X-1|'7", "ICC|B|x-1|'7", "GOV|C||'7")
    issues = read_plan(write(text))[1].issues

    assert [(issue.cell, issue.code) for issue in issues] == [
        (cell, "entry-overwrites") for cell in ("C2", "D2", "C3", "D3")
    ]


def test_period_that_is_not_known__refuses_amounts_of_years_alone(write):
    text = "## Programme\n| setting | value |\n| period_end | soon |\n"
    text += entry(f"{ROW} cost cost_1", "ICC | A | 5 |", "ICC | B | | 6")
    issues = read_plan(write(text))[1].issues

    assert [(issue.cell, issue.code) for issue in issues] == [("D3", "entry-unclear")]


def test_rows_below_a_table__refuse_everything(write, tmp_path):
    book = openpyxl.load_workbook(write(COMPLETE))
    book["Costs"]["A9"] = "ICC-01"
    book.save(tmp_path / "below.xlsx")

    issues = read_plan(tmp_path / "below.xlsx")[1].issues

    assert [(issue.sheet, issue.code) for issue in issues] == [("Costs", "rows-below-table")]


def test_nothing_to_do__is_said(write):
    with pytest.raises(Misuse) as refused:
        read_plan(write(""))
    assert refused.value.reason == "nothing-to-fill"
    with pytest.raises(Misuse) as unknown:
        read_plan(write(""), ["NOPE"])
    assert unknown.value.reason == "unknown-area"


def test_new_workbook__has_all_rows_and_entry_is_empty(write):
    path = write(COMPLETE)
    before = path.read_bytes()
    made = take_over(path)
    content, checked, issues = read(made.data)

    assert made.errors == 0
    assert made.carried == ()
    assert [row["id"] for row in content["activities"]] == ["ICC-01", "ICC-02"]
    assert len(content["costs"]) == 1 + 2
    assert len(content["funding"]) == 1 + 3
    assert len(checked.entry) == 0
    assert "entry-not-taken-over" not in {issue.code for issue in issues}
    assert path.read_bytes() == before


def test_what_has_no_place__is_carried_over(write, tmp_path):
    book = openpyxl.load_workbook(write(entry(f'{ROW} "Mine"', "ICC | T | remember")))
    book["Entry"]["Z9"] = "beside"
    book.create_sheet("Notes")["A1"] = "own"
    book.save(tmp_path / "own.xlsx")

    made = take_over(tmp_path / "own.xlsx")

    assert sorted(cell.value for cell in made.carried) == ["beside", "own", "remember"]


def test_workbook_with_other_errors__keeps_them_and_counts_them(write):
    text = "## Costs\n| activity | year | amount |\n| ICC-01 | 2024 | twelve |\n" + COMPLETE
    made = take_over(write(text))
    content, _, issues = read(made.data)

    assert made.errors == 1
    assert [issue.code for issue in issues if issue.severity == "error"] == ["wrong-type"]
    assert content["costs"][0]["amount"].value == "twelve"


def test_upgrade__keeps_the_rows_of_entry_with_their_sums(write):
    made = upgraded(write(COMPLETE))
    _, checked, _ = read(made.data)
    rows = checked.entry

    assert rows.value("cost_1", 0) == Decimal("1000.1")
    assert made.carried == ()
    sheet = openpyxl.load_workbook(io.BytesIO(made.data), data_only=True)["Entry"]
    row = dict(zip((c.value for c in sheet[5]), (c.value for c in sheet[6]), strict=True))
    assert (row["Total cost"], row["To be sought"]) == (1020.3, 320.25)
    assert (row["Total pledged"], row["Total voluntary"]) == (50, 300.05)


def test_workbook_without_the_sheet__is_fine():
    found = check_source(workbook())[1]

    assert not {"entry-not-taken-over", "missing-table"} & {issue.code for issue in found}


AMOUNTS = st.none() | st.decimals(0, 10**9, places=2)
CELLS = [f.name for f in sheet_schemas()[ENTRY].inputs() if f.numeric and (f.year or 0) <= 3]


@settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(CELLS, AMOUNTS)), min_size=1, max_size=3))
def test_sums_of_entry__are_the_difference_of_the_totals(write, rows):
    for index, row in enumerate(rows):  # each kind by year or for the whole period
        for kind in ("cost", "core", "voluntary", "pledged"):
            for name in [f"{kind}_{n}" for n in (1, 2, 3)] if index % 2 else [kind]:
                row[name] = None
    lines = [
        "ICC | T | " + " | ".join("" if row[n] is None else str(row[n]) for n in CELLS)
        for row in rows
    ]
    path = write(entry(f"{ROW} {' '.join(CELLS)}", *lines))
    old = compute_totals(check_source(open_workbook(path), flags=False)[0].programme).total
    new = compute_totals(read(take_over(path).data)[1].programme).total

    for kind in ("cost", "core", "voluntary", "pledged"):
        typed = sum(
            (v or Decimal(0) for r in rows for n, v in r.items() if n.startswith(kind)), Decimal(0)
        )
        assert getattr(new, kind) - (getattr(old, kind) or 0) == typed


def test_renumbering__shows_old_and_new_and_changes_the_rows(write):
    text = """
    ## Activities
    | id     | number | area | title |
    | ICC-01 | '1.1   | ICC  | A     |
    | ICC-02 | '1.10  | ICC  | B     |
    | ICC-03 | '1.2   | ICC  | C     |
    """ + entry(ROW, "ICC | D")
    path = write(text)

    assert [each[1:] for each in plan(path, ["icc"]).numbers] == [
        *[("ICC-02", "1.10", "1.2"), ("ICC-03", "1.2", "1.3")]
    ]
    content = read(take_over(path, ["icc"]).data)[0]
    assert [row["number"] for row in content["activities"]] == ["1.1", "1.2", "1.3", "1.4"]
    assert [row["id"] for row in content["activities"]][-1] == "ICC-04"


def test_renumbering__without_rows_in_entry_is_enough(write):
    found = plan(write(""), ["all"])

    assert found.rows["activities"] == found.numbers == []
    assert plan_lines(found, Words(Language.EN)) == []


def test_number_that_cannot_be_counted__is_named(write):
    text = "## Activities\n| id | number | area | title |\n| ICC-01 | none | ICC | A |"
    with pytest.raises(UnfitData) as refused:
        read_plan(write(text), ["all"])
    assert refused.value.reason == "number-unclear"
    assert refused.value.values["number"] == "none"


def test_plan__says_what_is_done_with_amounts_and_years(write):
    found = plan(write(COMPLETE))

    *lines, sums = plan_lines(found, Words(Language.EN))
    assert lines == [
        "New: ICC-02, number 1.2: Print",
        "  Cost: 2024 (1,000.10) and 2026 (20.20)",
        "  Confirmed, CORE: 2024 (400.00)",
        "  Received, VOL, DE: 2025 (300.05)",
        "  Pledged, VOL, DE: 2026 (50.00)",
    ]
    assert sums == (
        "Activities: 1; costs: 2; contributions: 3. Cost: EUR\N{NO-BREAK SPACE}1,020.30;"
        " available: EUR\N{NO-BREAK SPACE}700.05; pledged: EUR\N{NO-BREAK SPACE}50.00."
    )


def test_french_headings__are_read():
    text = entry("area title_fr cost_1", "ICC | Former | 5")
    options = "## Programme\n| setting | value |\n| original_language | fr |\n"
    checked, _ = check_source(workbook(MORE + options + text, language=Language.FR))

    assert plan_of(checked).rows["costs"][0]["amount"] == "5"


def test_amount_that_is_struck_through__is_refused(write, tmp_path):
    book = openpyxl.load_workbook(write(entry(f"{ROW} cost_1", "ICC | T | 5", "ICC | U | 6")))
    book["Entry"]["C3"].font = openpyxl.styles.Font(strike=True)
    book.save(tmp_path / "struck.xlsx")

    issues = read_plan(tmp_path / "struck.xlsx")[1].issues

    assert [(issue.cell, issue.code) for issue in issues] == [("C3", "struck-text")]


def test_row_of_formulas__is_refused_until_they_are_calculated(write, tmp_path):
    book = openpyxl.load_workbook(write(entry(f"{ROW} cost_1", "ICC | T | 5", "| | 6")))
    book["Entry"]["C3"] = "=C2*2"
    book.save(tmp_path / "formula.xlsx")

    issues = read_plan(tmp_path / "formula.xlsx")[1].issues

    assert [(issue.cell, issue.code) for issue in issues] == [
        *[("A3", "missing-value"), ("B3", "missing-value"), ("C3", "formula-without-value")]
    ]
