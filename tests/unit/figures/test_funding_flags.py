"""The flags that come from figures: at the activity's status, and at computed cells."""

from __future__ import annotations

import pytest
from sheets import totals, workbook

from cmswp_xl.figures.computed import computed_columns
from cmswp_xl.issues import Severity
from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.worded import worded
from cmswp_xl.pipeline import check_source
from cmswp_xl.schema import load_schemas

BOOK = """
## Activities
| id   | number | area | mandates | title | costing | cost | core | funding_status |
| A-01 | '1     | ICC  | Res. 1   | Do    | {costing} | {cost} | {core} | {status} |

## Costs
| activity | amount   |
{costs}

## Funding
| activity | source | stage | amount | in_kind |
{funding}
"""


def flags(cost="", core="", status="", costs=(), funding=(), costing=""):
    """Give code, column, value and values of the flags of one activity."""
    text = BOOK.format(
        cost=cost,
        core=core,
        status=status,
        costing=costing,
        costs="\n".join(f"| A-01 | {amount} |" for amount in costs),
        funding="\n".join(
            f"| A-01 | CORE | {stage} | {amount} | {kind} |" for stage, amount, kind in funding
        ),
    )
    checked, issues = check_source(workbook(text))
    assert checked.programme is not None
    return [issue for issue in issues if issue.table == "activities"]


def codes(**given):
    return [
        (issue.code, issue.column) for issue in flags(**given) if issue.code != "not-calculated"
    ]


@pytest.mark.parametrize(
    ("costs", "funding", "costing", "expected"),
    [
        ((100,), (), "", ["unfunded"]),
        ((100,), (("pledged", 100, ""),), "", ["unfunded"]),
        ((100,), (("received", 100, "yes"),), "", ["unfunded"]),
        ((100,), (("confirmed", "99.99", ""),), "", ["partly-funded"]),
        ((100,), (("received", 100, ""),), "", []),
        ((100,), (("received", 100, ""),), "partial", ["partly-funded"]),
        ((100,), (("received", "100.01", ""),), "", ["overfunded"]),
        ((), (), "", ["not-costed"]),
        ((), (("received", 5, ""),), "", ["funded-not-costed", "not-costed"]),
        ((), (("pledged", 5, ""),), "", ["not-costed"]),
        ((0,), (), "", []),
        ((0,), (("received", 5, ""),), "", []),
        ((33.33, 33.33, 33.34), (("received", "100.00", ""),), "", []),
    ],
)
def test_status_flags(costs, funding, costing, expected):
    found = codes(costs=costs, funding=funding, costing=costing)
    assert sorted(found) == [(code, "funding_status") for code in expected]


def test_flag__tells_the_amounts_with_their_currency():
    (issue,) = (
        i
        for i in flags(costs=(100,), funding=(("received", 30, ""),))
        if i.code == "partly-funded"
    )
    assert issue.value == "A-01"
    assert issue.values["currency"] == "EUR"
    assert issue.values["to_be_sought"] == "70.00"
    assert issue.severity is Severity.INFO


@pytest.mark.parametrize(
    ("cost", "core", "status", "expected"),
    [
        ("= 100", "= 40", "= partly-funded", []),
        ("= 100.001", "= 40", "= partly-funded", []),
        ("= 99.98", "= 40", "= partly-funded", [("stale-formula", "cost")]),
        ("= 100", "", "= partly-funded", [("not-calculated", "core")]),
        ("= 100", "=", "= partly-funded", [("not-calculated", "core")]),
        ("#REF!", "= 40", "= partly-funded", [("stale-formula", "cost")]),
        ("'100", "= 40", "= partly-funded", [("stale-formula", "cost")]),
        ("TRUE", "= 40", "= partly-funded", [("stale-formula", "cost")]),
        ("= 100", "= 40", "= funded", [("stale-formula", "funding_status")]),
    ],
)
def test_stored_values__are_compared_to_the_cent(cost, core, status, expected):
    funding = (("received", 40, ""),)
    found = flags(costs=(100,), funding=funding, cost=cost, core=core, status=status)
    assert [(i.code, i.column) for i in found if i.code != "partly-funded"] == expected


@pytest.mark.parametrize(
    ("core", "message"),
    [
        ("", "The cell is blank; calculated from the data, it is 40.00."),
        ("=", "The formula in this cell was never calculated."),
    ],
)
def test_empty_cell__is_not_called_a_formula(core, message):
    found = flags(
        costs=(100,), funding=(("received", 40, ""),), cost="= 100", core=core, status="= funded"
    )
    (issue,) = (i for i in found if i.code == "not-calculated")
    assert worded(issue, Words(Language.EN)).message == message


def test_stale_value__is_told_with_ours():
    found = flags(cost="= 1234.5", core="= 0", status="= unfunded", costs=(100,))
    (issue,) = (i for i in found if i.code == "stale-formula")
    assert (issue.value, issue.values["expected"]) == ("1234.5", "100.00")


def test_faulty_rows__are_not_spoken_of():
    """Where a cost could not be read, nothing is said of what its activity lacks."""
    text = BOOK.format(cost=1, core=1, status="", costing="", costs="| A-01 | 'x |", funding="")
    _, issues = check_source(workbook(text))
    found = {issue.code for issue in issues}
    assert "wrong-type" in found
    assert not found & {"unfunded", "partly-funded", "not-costed", "overfunded", "stale-formula"}


def test_nothing_is_said__without_a_programme():
    _, issues = check_source(workbook(without=("Areas",)))
    assert not {issue.code for issue in issues} & {"unfunded", "partly-funded", "stale-formula"}


def test_every_figure_of_the_schemas__has_a_function():
    found = totals(workbook())
    for schema in load_schemas().values():
        columns = computed_columns(found, schema, Language.EN)
        assert set(columns) == {field.name for field in schema.fields if field.computed}


@pytest.mark.parametrize(("stored", "stale"), [(3, []), (1, ["E2"])])
def test_hidden_number_of_a_row__is_that_in_the_sheet_with_its_blank_rows(stored, stale):
    _, issues = check_source(
        workbook(f"""
        ## Activities
        | id   | number | area | mandates | title |
        |      |        |      |          |       |
        |      |        |      |          |       |
        | A-01 | '1     | ICC  | Res. 1   | Do    |

        ## Costs
        | activity | year | amount | support_cost | activity_row |
        | A-01     | 2025 | 1      |              | = {stored}   |

        ## Funding
        | activity | source | stage | amount |
        """)
    )

    assert [issue.cell for issue in issues if issue.code == "stale-formula"] == stale


def test_next_free_numbers__are_not_doubted_where_an_activity_could_not_be_read():
    """The formulas see the row that the program leaves out, so the two cannot be compared."""
    _, issues = check_source(
        workbook("""
        ## Activities
        | id   | number | area | title | priority |
        | A-01 | '1.1   | ICC  | Do    | core     |
        | A-02 | '1.2   | ICC  | Do    | hgh      |

        ## Areas
        | code | title | next_id | next_number |
        | ICC  | Icc   | = A-03  | = 1.3       |

        ## Costs
        | activity | amount |

        ## Funding
        | activity | source | stage | amount |
        """)
    )

    assert "not-in-list" in {issue.code for issue in issues}
    assert "stale-formula" not in {issue.code for issue in issues}
