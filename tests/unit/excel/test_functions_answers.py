"""What worksheet functions answer: blanks, scenarios, languages, and bad input in clear words."""

from __future__ import annotations

import datetime as dt
import logging
from decimal import Decimal

import pytest
from argument_tables import arguments

from cmswp_xl.excel import functions, ranges
from cmswp_xl.excel.functions import HELP
from cmswp_xl.languages import Language

PLAN = """
## Areas
| code | title |
| A    | Area  |
## Sources
| code | kind      | title |
| CORE | core      | Core  |
| VC   | voluntary | Vol   |
| OTH  | other     | Other |
## Activities
| id  | number | area | title  | priority | costing  |
| A-1 | '1     | A    | One    | core     |          |
| A-2 | '2     | A    | Two    | high     |          |
| A-3 | '3     | A    | Three  |          | partial  |
| A-4 | '4     | A    | Four   |          |          |
## Costs
| activity | year | amount  | scenario |
| A-1      | 2024 | 100.10  |          |
| A-1      |      | 0.05    | LOW      |
| A-2      | 2025 | 0       |          |
| A-3      | 2025 | 70      |          |
## Funding
| activity | source | stage     | amount | in_kind | scenario |
| A-1      | CORE   | confirmed | 30     |         |          |
| A-1      | VC     | pledged   | 500    |         |          |
| A-1      | VC     | received  | 20.01  |         |          |
| A-1      | OTH    | received  | 9      | yes     |          |
| A-3      | CORE   | received  | 70     |         |          |
| A-4      | CORE   | received  | 5      |         |          |
## Scenarios
| code | title |
| LOW  | Low   |
| HIGH | High  |
"""


def whole(tables):
    return [tables[name] for name in ("Activities", "Costs", "Funding", "Sources")]


@pytest.fixture(params=list(Language))
def plan(request):
    return arguments(PLAN, language=request.param)


@pytest.fixture
def english():
    return arguments(PLAN)


def cost(tables, activity="A-1", *last):
    return functions.CMSWP_COST(activity, tables["Costs"], *(last or (None, "LOW")))


def test_headings__may_be_in_any_language(plan):
    form = plan["Programme"]
    assert cost(plan, "A-1", form) == 100.10
    assert functions.CMSWP_AVAILABLE("A-1", plan["Funding"], plan["Sources"], form) == 50.01
    assert functions.CMSWP_TO_BE_SOUGHT("a-1 ", *whole(plan)[1:], form) == 50.09
    assert functions.CMSWP_STATUS("A-1", *whole(plan), form) == "partly-funded"


def test_titles__need_no_programme(plan):
    rows = functions.CMSWP_TOTALS("activity", *whole(plan), None, None, "LOW")
    assert [row[2] for row in rows[1:-1]] == ["One", "Two", "Three", "Four"]


@pytest.mark.parametrize(
    ("activity", "status", "sought"),
    [
        ("A-1", "partly-funded", 50.09),
        ("A-2", "no-cost", 0.0),
        ("A-3", "partly-funded", 0.0),
        ("A-4", "not-costed", ""),
    ],
)
def test_not_costed__is_blank_and_never_zero(english, activity, status, sought):
    tables, form = whole(english), english["Programme"]
    assert functions.CMSWP_STATUS(activity, *tables, form) == status
    assert functions.CMSWP_TO_BE_SOUGHT(activity, *tables[1:], form) == sought
    assert cost(english, "A-4") == ""


def test_status__is_worded_in_the_language_asked_for(english):
    given = [*whole(english), english["Programme"], None]
    assert functions.CMSWP_STATUS("A-4", *given, "EN") == "not yet costed"
    assert functions.CMSWP_STATUS("A-4", *given, "fr") == "non encore chiffrée"
    assert functions.CMSWP_STATUS("A-4", *given, "es") != "not yet costed"
    assert functions.CMSWP_STATUS("A-4", *given, "de") == "Specify the language as en, fr or es."


def test_scenarios__count_only_where_they_are_asked_for(english):
    form = english["Programme"]
    assert cost(english, "A-1", form) == 100.10
    assert cost(english, "A-1", None, "low") == 100.15
    assert cost(english, "A-1", form, "LOW") == 100.15
    low = [*form, ["Scenario", "LOW"]]
    assert cost(english, "A-1", low) == 100.15
    assert cost(english, "A-1", low, " ") == 100.15


def test_scenario__is_never_guessed(english):
    refused = "Some rows are for one scenario only (LOW): specify Programme[#All], or a scenario."
    assert functions.CMSWP_COST("A-1", english["Costs"]) == refused
    slip = "No row is for the scenario LWO; there are rows for LOW."
    assert cost(english, "A-1", None, "LWO") == slip
    assert functions.CMSWP_AVAILABLE("A-1", english["Funding"], english["Sources"]) == 50.01
    assert (
        functions.CMSWP_AVAILABLE("A-1", english["Funding"], english["Sources"], None, "HIGH")
        == 50.01
    )
    high = [*english["Programme"], ["Scenario", "HIGH"]]
    assert cost(english, "A-1", high) == 100.10


def test_several_activities__are_answered_in_cells_of_their_own(english):
    ids = [["A-1", "A-2"], [None, "A-9"], [4.0, "#REF!"]]
    found = functions.CMSWP_STATUS(ids, *whole(english), None, "LOW")
    told = "Specify the id of an activity as text, such as ICC-01."
    missing = "Activities has no activity A-9; check its id."
    assert found == [["partly-funded", "no-cost"], ["", missing], [told, "#REF!"]]
    assert cost(english, 4.0) == told


def test_areas_and_donors__need_titles_only_for_their_names(english):
    by_area = functions.CMSWP_TOTALS("area", *whole(english), None, None, "LOW")
    assert [row[0] for row in by_area] == ["Programme area", "A", "Total"]
    assert by_area[1][2] == ""
    named = functions.CMSWP_TOTALS(
        "Domaine de programme", *whole(english), english["Areas"], None, "LOW", "es"
    )
    assert named[1][2] == "Area"
    wrong = functions.CMSWP_TOTALS("area", *whole(english), english["Costs"])
    assert wrong.startswith("titles: specify Areas[#All]")


def test_years__need_the_period(english):
    asked = functions.CMSWP_TOTALS("year", *whole(english), None, None, "LOW")
    assert asked == "To group by year, also specify Programme[#All], which contains the period."
    found = functions.CMSWP_TOTALS("year", *whole(english), None, english["Programme"])
    assert [row[0] for row in found[1:-1]] == ["2024", "2025", "2026", ""]
    assert found[-2][2] == "whole period"


@pytest.mark.parametrize("grouping", ["planet", None, 3.0, [["area"], ["year"]], "#N/A"])
def test_unknown_grouping__is_refused(english, grouping):
    found = functions.CMSWP_TOTALS(grouping, *whole(english), None, english["Programme"])
    assert isinstance(found, str)
    assert "group by" in found or found.startswith("grouping:")


def test_nothing_to_be_sought__is_said():
    tables = arguments(PLAN)
    for name in ("Activities", "Costs", "Funding"):
        tables[name] = tables[name][:1]
    head, row = functions.CMSWP_UNFUNDED(*whole(tables))
    assert head[0] == "Activity"
    assert row[0] == "No funding is to be sought for the costed activities."
    assert len(row) == len(head)


def test_issues__are_counted_or_listed(english):
    costs = english["Costs"]
    assert functions.CMSWP_ISSUES(costs) == 0
    assert functions.CMSWP_ISSUES(costs, True)[1][0] == "No issues."
    amount = costs[0].index("Amount")
    costs[1][amount], costs[3][amount] = "12 000", -4.0
    assert functions.CMSWP_ISSUES(costs) == 2
    assert functions.CMSWP_ISSUES(costs, False) == 2
    head, *rows = functions.CMSWP_ISSUES(costs, 1.0)
    assert head == ["Severity", "Row", "Column", "Value", "Message", "What to do"]
    assert [row[:4] for row in rows] == [
        ["error", 2, "Amount", "12 000"],
        ["error", 4, "Amount", "-4"],
    ]
    assert functions.CMSWP_ISSUES(costs, True, "fr")[1][0] == "erreur"
    assert functions.CMSWP_ISSUES(costs, "list").startswith("listed: specify TRUE")


@pytest.mark.parametrize("name", ["Posts", "Allocations", "PostFunding", "Mandates", "Donors"])
def test_every_table__is_judged_alone(name):
    tables = arguments(
        """
## Posts
| id | title | grade | source |
| P1 | Post  | P-4   | CORE   |
## Allocations
| post | area | percent |
| P1   | A    | 60      |
## PostFunding
| post | source | percent |
| P1   | CORE   | 50      |
## Mandates
| code      | meeting |
| Res. 10.3 | COP10   |
## Donors
| code | name |
| D    | Don  |
"""
    )
    assert functions.CMSWP_ISSUES(tables[name]) == 0


def test_tables_with_errors__are_refused_as_on_the_command_line(english):
    amount = english["Costs"][0].index("Amount")
    english["Costs"][1][amount] = "1,5"
    assert cost(english) == "Errors in Costs (1). Press “Validate”."
    english["Funding"][1][0] = "A-77"
    english["Costs"][2][0] = None
    found = functions.CMSWP_STATUS("A-1", *whole(english), english["Programme"], None, "en")
    assert found == "Errors in Costs (2) and Funding (1). Press “Validate”."


def test_tables_in_the_wrong_place__are_named(english):
    found = functions.CMSWP_COST("A-1", english["Funding"], english["Programme"])
    assert found == "costs: this is the table Funding; specify Costs[#All]."
    body = functions.CMSWP_COST("A-1", english["Costs"][1:], english["Programme"])
    assert body == "costs: specify the table Costs with its headings, as Costs[#All]."
    left_out = functions.CMSWP_COST("A-1", None, english["Programme"])
    assert left_out == body
    assert functions.CMSWP_COST("A-1", english["Costs"], "LOW").startswith("programme: specify")


HOSTILE = {
    "one cell": 5.0,
    "text": "Costs",
    "error": -2146826265,
    "error object": {"type": "Error", "basicValue": "#REF!"},
    "no rows": [],
    "empty row": [[]],
    "one row of blanks": [["", "", ""]],
    "flat list": ["Activity", "Year"],
    "merged headings": [["Costs", None, None], ["Activity", "Year", "Amount"], ["A-1", 2024, 1.0]],
    "dates for headings": [[dt.datetime(2024, 1, 1, tzinfo=dt.UTC)], [1.0]],
    "long text": [["x" * 40_000]],
    "truths": [[True, False]],
    "nested": [[["Activity"]], [["A-1"]]],
}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", ["costs", "programme", "titles", "language", "table", "listed"])
def test_anything_for_an_argument__gives_short_clear_text(english, value, name, caplog):
    given = {
        "activities": english["Activities"],
        "costs": english["Costs"],
        "funding": english["Funding"],
        "sources": english["Sources"],
        "programme": english["Programme"],
    }
    if name in ("table", "listed"):
        found = functions.CMSWP_ISSUES(**{"table": english["Costs"], name: value})
    else:
        found = functions.CMSWP_TOTALS("area", **{**given, name: value})
    assert not caplog.records
    if isinstance(found, str):
        assert len(found) < 250
        assert "{" not in found
    elif name == "listed":
        assert isinstance(found, (int, list))
    else:
        assert name in ("titles", "language", "programme")


def test_headings_alone__are_a_table_without_rows(english):
    assert functions.CMSWP_COST("A-1", english["Costs"][:1]) == ""
    assert functions.CMSWP_COST("A-1", [english["Costs"][0]]) == ""
    assert functions.CMSWP_COST("A-1", english["Costs"][0]) == ""


def test_few_columns__are_enough():
    assert functions.CMSWP_COST("A-1", [["Activity", "Amount"], ["A-1", 3.0], ["A-1", 0.1]]) == 3.1
    ragged = [["Activity", "Amount", "Year"], ["A-1", 3.0], ["A-1", 2.0, 2024.0, "stray"], ["A-2"]]
    assert functions.CMSWP_COST("A-1", ragged) == "Errors in Costs (1). Press “Validate”."
    assert functions.CMSWP_COST("A-1", ragged[:3]) == 5.0


def test_com_values__are_taken_for_what_they_are():
    head = ["Activity", "Year", "Amount", "Note"]
    money = [head, ["A-1", 2024.0, Decimal("3.1"), ""], ["A-1", 2024.0, Decimal(4), None]]
    assert functions.CMSWP_COST("A-1", money) == 7.1
    for bad in (-2146826281, "12", True, dt.datetime(2024, 1, 1, tzinfo=dt.UTC), float("inf")):
        rows = [head, ["A-1", 2024.0, bad, None]]
        assert functions.CMSWP_COST("A-1", rows) == "Errors in Costs (1). Press “Validate”."


def test_dates_as_serial_numbers__are_dates_of_the_form(english):
    form = [*english["Programme"], ["Document date", 45_702.0]]
    assert cost(english, "A-1", form) == 100.10


def test_whole_columns__are_refused(english, monkeypatch):
    monkeypatch.setattr("cmswp_xl.excel.ranges.MOST_CELLS", 15)
    assert cost(english) == "costs: more than 15 cells; specify the table, not whole columns."


def test_the_unexpected__is_told_in_one_sentence_and_logged(english, monkeypatch, caplog):
    def broken(*_, **__):
        raise RuntimeError("secret")

    monkeypatch.setattr(ranges, "_totals", broken)
    with caplog.at_level(logging.ERROR):
        found = cost(english)
    assert found.startswith("This could not be calculated")
    assert "secret" not in found
    assert "CMSWP_COST failed" in caplog.text


def test_wrong_calls_from_python__are_still_answered():
    assert functions.CMSWP_COST().startswith("This could not be calculated")
    assert set(HELP) >= {"activity", "table"}
