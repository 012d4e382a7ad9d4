"""The figures of the example, reckoned once more from its text with nothing but fractions."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest
import yaml

from cmswp_xl.figures.totals import compute_totals
from cmswp_xl.issues import in_sheet_order
from cmswp_xl.languages import Language
from cmswp_xl.matching import match_tables
from cmswp_xl.resources import sample
from cmswp_xl.samples import RowsSource, read_sample
from cmswp_xl.schema import load_schemas
from cmswp_xl.validate import check_tables

SCENARIOS = [None, *(row["code"] for row in read_sample("example").get("scenarios", ()))]
MONEY = ("cost", "core", "voluntary", "other", "pledged", "to_be_sought", "surplus")


@cache
def plain(name="example"):
    """Read a sample's text as it stands."""
    return yaml.safe_load(sample(name).read_text(encoding="utf-8"))


@cache
def checked(name="example"):
    """Check a sample the way a workbook is checked."""
    schemas = load_schemas()
    tables, found = match_tables(RowsSource(read_sample(name), schemas, Language.EN), schemas)
    return check_tables(tables, found)


@cache
def reckoned(scenario):
    """Reckon the example by the program."""
    return compute_totals(checked().programme, scenario)


def money(value):
    """Take an amount as it is written."""
    return Fraction(str(value))


def counted(table, scenario):
    """Give the rows of a table that count in a scenario."""
    scenario = scenario or plain()["programme"].get("scenario")
    return [row for row in plain().get(table, ()) if row.get("scenario") in (None, scenario)]


def by_hand(scenario, year="all"):
    """
    Reckon each activity: {id: {figure: amount or None}}.

    With a year (None: the rows of the whole period) only its rows count, and only activities
    that have some are there.
    """
    kinds = {row["code"]: row["kind"] for row in plain()["sources"]}
    costs = counted("costs", scenario)
    funding = counted("funding", scenario)
    costed = {row["activity"] for row in costs}
    if year != "all":
        costs = [row for row in costs if row.get("year") == year]
        funding = [row for row in funding if row.get("year") == year]
    touched = {row["activity"] for row in costs + funding}
    figures = {}
    for activity in plain()["activities"]:
        key = activity["id"]
        if year != "all" and key not in touched:
            continue
        cost = sum(money(r["amount"]) for r in costs if r["activity"] == key)
        own = [row for row in funding if row["activity"] == key and row.get("in_kind") != "yes"]
        firm = [row for row in own if row["stage"] in ("confirmed", "received")]
        available = {
            kind: sum(
                (money(r["amount"]) for r in firm if kinds[r["source"]] == kind), Fraction(0)
            )
            for kind in ("core", "voluntary", "other")
        }
        together = sum(available.values())
        known = key in costed
        pledged = sum((money(r["amount"]) for r in own if r["stage"] == "pledged"), Fraction(0))
        figures[key] = {
            "cost": cost if known else None,
            **{kind: v if known or firm else None for kind, v in available.items()},
            "pledged": pledged if known or pledged else None,
            "to_be_sought": max(cost - together, 0) if known else None,
            "surplus": max(together - cost, 0) if known else None,
        }
    return figures


def added(parts):
    """Add figures, where blanks add to blank."""
    parts = list(parts)
    return {
        name: sum(known) if (known := [p[name] for p in parts if p[name] is not None]) else None
        for name in MONEY
    }


def figures_of(row):
    """Give the money of a line of totals as fractions."""
    found = ((name, getattr(row.figures, name)) for name in MONEY)
    return {name: None if value is None else Fraction(value) for name, value in found}


def test_example__has_no_errors_and_no_warnings_but_those_it_shows():
    issues = in_sheet_order(checked().issues)

    assert [i for i in issues if i.severity == "error"] == []
    assert checked().programme is not None


def test_example__shows_every_funding_status():
    shown = {figures.status for figures in reckoned(None).by_activity.values()}

    assert shown == {
        "not-costed",
        "no-cost",
        "unfunded",
        "partly-funded",
        "funded",
        "overfunded",
    }


def test_example__is_illustrative_and_of_the_size_promised():
    programme = checked().programme

    assert programme.settings.illustrative
    assert len(programme.areas) == 5
    assert 50 <= len(programme.activities) <= 70
    assert len(programme.settings.years) == 3
    assert len(programme.scenarios) >= 2
    assert {row.stage for row in programme.funding} == {"pledged", "confirmed", "received"}
    assert {source.kind for source in programme.sources} == {"core", "voluntary", "other"}
    assert any(row.in_kind for row in programme.funding)


@pytest.mark.parametrize("name", ["example", "programme-of-work"])
def test_sample__is_complete_in_three_languages(name):
    assert checked(name).programme is not None
    assert [i for i in checked(name).issues if i.code == "missing-translation"] == []


@pytest.mark.parametrize("name", ["example", "programme-of-work"])
@pytest.mark.parametrize("language", list(Language))
def test_sample__is_the_same_programme_in_each_language(name, language):
    schemas = load_schemas()
    tables, found = match_tables(RowsSource(read_sample(name), schemas, language), schemas)

    assert check_tables(tables, found).programme == checked(name).programme


def test_plan_of_the_secretariat__has_its_areas_activities_and_posts_and_no_money():
    programme = checked("programme-of-work").programme

    assert len(programme.areas) == 5
    assert len(programme.activities) == 6
    assert {activity.area for activity in programme.activities} == {programme.areas[-1].code}
    assert len(programme.posts) == 3
    assert (programme.costs, programme.funding) == ((), ())
    assert not programme.settings.illustrative


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_figures_by_activity__agree_to_the_cent(scenario):
    expected = by_hand(scenario)

    rows = reckoned(scenario).rows("activity")
    assert [row.key for row in rows] == list(expected)
    for row in rows:
        assert (row.key, figures_of(row)) == (row.key, expected[row.key])


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_status_of_activities__follows_from_their_figures(scenario):
    partial = {a["id"] for a in plain()["activities"] if a.get("costing") == "partial"}
    for row in reckoned(scenario).rows("activity"):
        own = by_hand(scenario)[row.key]
        available = sum(own[kind] or 0 for kind in ("core", "voluntary", "other"))
        if own["cost"] is None:
            expected = "not-costed"
        elif own["cost"] == 0:
            expected = "no-cost"
        elif available == 0:
            expected = "unfunded"
        elif available > own["cost"]:
            expected = "overfunded"
        else:
            full = available == own["cost"] and row.key not in partial
            expected = "funded" if full else "partly-funded"
        assert (row.key, row.figures.status) == (row.key, expected)


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("by", ["area", "priority"])
def test_figures_by_area_and_priority__agree_to_the_cent(scenario, by):
    own = by_hand(scenario)
    groups = defaultdict(list)
    for area in plain()["areas"] if by == "area" else ():
        groups[area["code"]] = []
    for activity in plain()["activities"]:
        groups[activity.get(by) or ""].append(activity["id"])

    rows = reckoned(scenario).rows(by)
    assert {row.key for row in rows} == set(groups)
    for row in rows:
        ids = groups[row.key]
        assert (row.key, figures_of(row)) == (row.key, added(own[key] for key in ids))
        assert row.figures.activities == len(ids)
        assert row.figures.not_costed == sum(own[key]["cost"] is None for key in ids)
        assert row.figures.status is None


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_figures_by_year__agree_to_the_cent_without_moving_money_between_years(scenario):
    rows = reckoned(scenario).rows("year")

    programme = plain()["programme"]
    years = list(map(str, range(programme["period_start"], programme["period_end"] + 1)))
    assert [row.key for row in rows][:3] == years
    for row in rows:
        expected = by_hand(scenario, int(row.key) if row.key else None)
        assert (row.key, figures_of(row)) == (row.key, added(expected.values()))
        assert row.figures.activities == len(expected)


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize(("by", "table"), [("source", "sources"), ("donor", "donors")])
def test_figures_by_source_and_donor__agree_to_the_cent(scenario, by, table):
    kinds = {row["code"]: row["kind"] for row in plain()["sources"]}
    groups = {row["code"]: [] for row in plain()[table]}
    for row in counted("funding", scenario):
        groups.setdefault(row.get(by) or "", []).append(row)

    rows = reckoned(scenario).rows(by)
    assert {row.key for row in rows} == set(groups)
    for row in rows:
        paid = [r for r in groups[row.key] if r.get("in_kind") != "yes"]
        firm = [r for r in paid if r["stage"] != "pledged"]
        for kind in ("core", "voluntary", "other"):
            expected = sum(money(r["amount"]) for r in firm if kinds[r["source"]] == kind)
            assert (row.key, Fraction(getattr(row.figures, kind) or 0)) == (row.key, expected)
        pledged = sum(money(r["amount"]) for r in paid if r["stage"] == "pledged")
        assert Fraction(row.figures.pledged or 0) == pledged
        assert (row.figures.cost, row.figures.to_be_sought, row.figures.surplus) == (
            None,
            None,
            None,
        )


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_figures_by_category__agree_to_the_cent(scenario):
    expected = defaultdict(Fraction)
    for row in counted("costs", scenario):
        expected[row.get("category") or ""] += money(row["amount"])

    rows = reckoned(scenario).rows("category")
    assert {row.key: Fraction(row.figures.cost) for row in rows} == expected
    assert all(row.figures.available is None for row in rows)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_total_and_support_costs__agree_to_the_cent(scenario):
    found = reckoned(scenario)

    total = added(by_hand(scenario).values())
    assert {name: Fraction(getattr(found.total, name)) for name in MONEY} == total
    excluded = sum(
        money(row["amount"])
        for row in counted("costs", scenario)
        if row.get("support_cost") == "excluded"
    )
    rate = plain()["programme"].get("support_cost_rate")
    exact = money(rate) * excluded / 100 if rate is not None and excluded else None
    shown = found.support_costs()
    if exact is None:
        assert shown is None
    else:
        assert abs(Fraction(shown) - exact) <= Fraction(1, 200)
        assert shown == shown.quantize(Decimal("0.01"))


def test_scenarios__give_different_figures():
    totals = {reckoned(scenario).total.cost for scenario in SCENARIOS[1:]}

    assert len(totals) == len(SCENARIOS) - 1
