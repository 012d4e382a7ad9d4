"""The figures of a trace are those of the totals, and each is made of what it says."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sheets import check
from traced import PAPERS, example, traced

from cmswp_xl.figures.declarations import Operation, combined
from cmswp_xl.figures.explanation import Part
from cmswp_xl.figures.totals import GROUPINGS
from cmswp_xl.trace import below, nearest, read, written

NAMES = ("cost", "core", "voluntary", "other", "pledged", "to_be_sought", "surplus")
CASES = """
## Activities
| id     | number | area | title    | costing |
| ICC-01 | '1.1   | ICC  | Train    |         |
| ICC-02 | '1.2   | ICC  | Meet     |         |
| ICC-03 | '1.3   | ICC  | Advise   |         |
| ICC-04 | '1.4   | ICC  | Publish  | partial |

## Costs
| activity | year | amount | support_cost | scenario |
| ICC-01   | 2024 | 100.55 | excluded     |          |
| ICC-01   | 2025 | 50     |              | HIGH     |
| ICC-01   |      | 10     |              |          |
| ICC-02   | 2024 | 0      |              |          |
| ICC-04   | 2025 | 70     | excluded     |          |

## Funding
| activity | year | source | stage     | amount | in_kind | scenario |
| ICC-01   | 2024 | CORE   | received  | 40.10  |         |          |
| ICC-01   | 2025 | VOL    | pledged   | 5      |         |          |
| ICC-01   | 2025 | VOL    | confirmed | 7      | yes     |          |
| ICC-03   | 2024 | VOL    | confirmed | 3      |         |          |
| ICC-04   | 2025 | VOL    | confirmed | 90     |         |          |

## Scenarios
| code | title |
| BASE | Base  |
| HIGH | High  |
"""


@pytest.fixture(scope="module")
def small():
    return check(CASES)


def row_figures(trace, by, row):
    at = (by, row.key or ("whole-period" if by == "year" else "none"))
    return {name: trace.figures[*at, name].exact for name in NAMES if (*at, name) in trace.figures}


@pytest.mark.parametrize("scenario", [None, "ZRG"])
@pytest.mark.parametrize("by", GROUPINGS)
def test_every_figure_of_the_totals__is_reckoned_alike_from_its_rows(by, scenario):
    trace, totals = traced(example(), "totals", scenario=scenario)
    for row in totals.rows(by):
        for name, exact in row_figures(trace, by, row).items():
            assert exact == getattr(row.figures, name), (by, row.key, name)


@pytest.mark.parametrize("scenario", [None, "HIGH"])
@pytest.mark.parametrize("by", ["activity", "area", "year", "source"])
def test_uncosted_overfunded_and_partial_activities__are_reckoned_alike(small, by, scenario):
    trace, totals = traced(small, "totals", scenario=scenario)
    for row in totals.rows(by):
        found = row_figures(trace, by, row)
        assert found == {name: getattr(row.figures, name) for name in found}


@pytest.mark.parametrize("document", PAPERS)
@pytest.mark.parametrize("rounding", [None, "thousand"])
def test_printed_parts__add_up_to_the_printed_sum_that_they_are_fitted_to(document, rounding):
    trace, _ = traced(example(rounding), document)
    fitted = {}
    for path, printed in trace.printed.items():
        for item in printed[:1]:
            if item.rounding is not None and item.rounding.code == "fitted":
                fitted.setdefault(item.rounding.whole, {})[path] = item.shown
    for whole, parts in fitted.items():
        if whole in trace.printed and trace.printed[whole][0].shown is not None:
            behind = (part.path for part in trace.figures[whole].parts)
            level = {path for path in behind if trace.figures[path].exact}
            if level and level <= set(parts):
                shown = [parts[path] for path in level]
                assert sum(shown, Decimal(0)) == trace.printed[whole][0].shown


def test_an_amount_names_its_cells__and_those_for_which_they_count(small):
    trace, _ = traced(small)
    figure = trace.figures["activity", "ICC-01", "core"]
    (line,) = figure.lines
    assert line.counted.reference == "Funding!E2"
    assert [cell.reference for cell in line.because] == [
        "Funding!A2",
        "Funding!B2",
        "Funding!C2",
        "Funding!D2",
        "Funding!F2",
        "Funding!G2",
        "Sources!B2",
    ]


def test_rows_that_do_not_count__are_listed_with_the_reason(small):
    trace, _ = traced(small)
    found = {
        name: [(left.counted.reference, left.why) for left in figure.left_out]
        for name in ("cost", "voluntary")
        for figure in [trace.figures["activity", "ICC-01", name]]
    }
    assert found == {
        "cost": [("Costs!C3", "other-scenario")],
        "voluntary": [("Funding!E3", "pledged"), ("Funding!E4", "in-kind")],
    }


def test_what_is_not_costed__is_blank_and_says_so(small):
    trace, _ = traced(small)
    cost = trace.figures["activity", "ICC-03", "cost"]
    assert cost.exact is None
    assert cost.rules[-1].code == "not-costed"
    assert trace.figures["activity", "ICC-03", "voluntary"].exact == 3


def test_at_least_goes_over_to_sums(small):
    trace, _ = traced(small)
    codes = {path: [r.code for r in trace.figures[path].rules] for path in trace.figures}
    assert "partial" in codes["activity", "ICC-04", "cost"]
    assert "partial" in codes["area", "ICC", "cost"]
    assert "partial" in codes["total", "cost"]


def test_an_extract_of_the_annex__has_the_figures_of_its_areas_only():
    trace, totals = traced(example(), areas=["ICC"])
    assert {path[1] for path in trace.figures if path[0] == "area"} == {"ICC"}
    figures = totals.of(totals.programme.activities_of("ICC"))
    assert trace.figures["total", "cost"].exact == figures.cost


def test_the_annex_has_support_costs_rounded_once():
    trace, totals = traced(example())
    assert trace.figures["support-costs", "cost"].exact == totals.support_costs()
    assert trace.figures["support-costs", "cost"].operation is Operation.PERCENTAGE


def test_no_figure_refers_to_one_that_is_not_there():
    for document in PAPERS:
        trace, _ = traced(example(), document)
        for figure in trace.figures.values():
            assert all(part.path in trace.figures for part in figure.parts)


def test_no_internal_cell_is_ever_traced():
    from cmswp_xl.schema import load_schemas

    schemas = load_schemas()
    for document in PAPERS:
        trace, _ = traced(example(), document)
        cells = {
            (cell.table, cell.field)
            for figure in trace.figures.values()
            for line in figure.lines
            for cell in (line.counted, *line.because)
        }
        assert cells
        assert not any(schemas[table].field(name).internal for table, name in cells)


@pytest.mark.parametrize(
    ("operation", "parts", "expected"),
    [
        (Operation.SUM, [(1, Decimal(5)), (-1, Decimal(2)), (1, None)], Decimal(3)),
        (Operation.SUM, [], None),
        (Operation.EXCESS, [(1, Decimal(2)), (-1, Decimal(5))], Decimal(0)),
        (Operation.PERCENTAGE, [(1, Decimal(13)), (1, Decimal("10.04"))], Decimal("1.31")),
        (Operation.PERCENTAGE, [(1, Decimal(13)), (1, None)], None),
        (Operation.SHARE, [(1, Decimal(1)), (1, Decimal(8))], Decimal("12.5")),
        (Operation.SHARE, [(1, Decimal(1)), (1, Decimal(0))], None),
        (Operation.PRODUCT, [(1, Decimal(50)), (1, Decimal("0.5"))], Decimal("0.25")),
        (Operation.REST, [], Decimal(100)),
        (Operation.COUNT, [], Decimal(0)),
        (Operation.WEIGHTED, [], None),
    ],
)
def test_operations(operation, parts, expected):
    assert combined(operation, parts) == expected


def test_a_figure_gives_what_is_below_it_once():
    trace, _ = traced(example())
    found = list(trace.below(("total", "cost")))
    assert found[0] == ("total", "cost")
    assert len(found) == len(set(found))


def test_a_sheet_with_a_space__is_written_in_quotes():
    trace, _ = traced(example())
    path = ("staff", "POST-01", "EDM", "percent")
    assert trace.figures[path].lines[0].counted.reference.startswith("'Time allotted'!")


def test_paths_are_read_whatever_their_case_and_marks():
    path = ("activity", "ICC-01 a/b%", "to_be_sought")
    text = written("annex", path)
    assert text == "annex/activity/ICC-01 a%2Fb%25/to_be_sought"
    assert below(read(text.upper().replace("%2F", "%2f"))[1:], [path]) == [path]
    assert below(read("annex/Activity/icc_01 A%2fb%25/To-Be-Sought/")[1:], [path]) == [path]


def test_the_beginning_of_a_path__gives_all_below_it_and_itself_first():
    paths = [("activity", "A", "cost", "2024"), ("activity", "A", "cost"), ("area", "A", "cost")]
    assert below(["activity", "a", "cost"], paths) == [paths[1], paths[0]]
    assert below(["activity"], paths) == paths[:2]


def test_the_nearest_figures__are_offered_for_what_was_mistyped():
    choices = ["annex/activity/ICC-01/cost", "annex/activity/EDM-02/core", "annex/total/cost"]
    assert nearest("annex/activity/ICC01/cost", choices)[0] == choices[0]
    assert nearest("total/cost", choices)[0] == choices[2]
    assert len(nearest("???", choices)) == 3


def test_parts_carry_their_sign(small):
    trace, _ = traced(small)
    parts = trace.figures["activity", "ICC-01", "to_be_sought"].parts
    assert parts[:2] == (
        Part(("activity", "ICC-01", "cost"), 1),
        Part(("activity", "ICC-01", "core"), -1),
    )


def test_a_programme_with_errors_has_no_places():
    from cmswp_xl.trace import places_of

    broken = check("""
    ## Costs
    | activity | year | amount |
    | ICC-01   | 2024 | -5     |
    """)
    with pytest.raises(ValueError):  # noqa: PT011  it has no message
        places_of(broken)
