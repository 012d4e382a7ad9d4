"""Every figure of the example, against a reckoning of its own from the text of the example."""

from __future__ import annotations

import csv
import io
from fractions import Fraction

import pytest
import yaml
from programs import cmswp

from cmswp_xl.resources import sample

CONTENT = yaml.safe_load(sample("example").read_text(encoding="utf-8"))
SCENARIOS = [row["code"] for row in CONTENT["scenarios"]]
GROUPINGS = ("activity", "area", "priority", "year", "source", "donor", "category")
MONEY = ("cost", "core", "voluntary", "other", "pledged", "to_be_sought", "surplus")
KEYS = ("key", "number", "title", *MONEY, "status", "activities", "not_costed")
KINDS = {row["code"]: row["kind"] for row in CONTENT["sources"]}


class Hand:
    """The rules of the design, once more: for each activity its money, or None where unknown."""

    def __init__(self, scenario):
        self.costs = self.counting("costs", scenario)
        self.funding = self.counting("funding", scenario)
        self.costed = {row["activity"] for row in self.costs}

    @staticmethod
    def counting(table, scenario):
        rows = [row for row in CONTENT[table] if row.get("scenario") in (None, scenario)]
        return [{**row, "amount": Fraction(str(row["amount"]))} for row in rows]

    def activity(self, key, costs, funding):
        """Reckon an activity by some of the rows."""
        costs = [row["amount"] for row in costs if row["activity"] == key]
        funding = [row for row in funding if row["activity"] == key]
        cash = [row for row in funding if row.get("in_kind") != "yes"]
        available = {
            kind: sum(
                row["amount"]
                for row in cash
                if row["stage"] != "pledged" and KINDS[row["source"]] == kind
            )
            for kind in ("core", "voluntary", "other")
        }
        have = sum(available.values())
        pledged = sum(row["amount"] for row in cash if row["stage"] == "pledged")
        costed = key in self.costed
        cost = sum(costs) if costed else None
        known = costed or have
        return {
            "cost": cost,
            **{kind: value if known else None for kind, value in available.items()},
            "pledged": pledged if costed or pledged else None,
            "to_be_sought": max(cost - have, 0) if costed else None,
            "surplus": max(have - cost, 0) if costed else None,
            "status": self.status(key, cost, have),
            "activities": 1,
            "not_costed": int(not costed),
        }

    @staticmethod
    def status(key, cost, have):
        partial = next(
            row.get("costing") == "partial" for row in CONTENT["activities"] if row["id"] == key
        )
        if cost is None:
            return "not-costed"
        if cost == 0:
            return "no-cost"
        if have == 0:
            return "unfunded"
        if have > cost:
            return "overfunded"
        return "funded" if have == cost and not partial else "partly-funded"

    def group(self, keys, costs=None, funding=None):
        """Add up activities: known amounts only, nothing known is None."""
        costs = self.costs if costs is None else costs
        funding = self.funding if funding is None else funding
        parts = [self.activity(key, costs, funding) for key in keys]
        sums = {}
        for name in MONEY:
            known = [part[name] for part in parts if part[name] is not None]
            sums[name] = sum(known) if known else None
        return {
            **sums,
            "status": None,
            "activities": len(parts),
            "not_costed": sum(part["not_costed"] for part in parts),
        }

    def total(self):
        return self.group([row["id"] for row in CONTENT["activities"]])

    def by_activity(self):
        return {
            row["id"]: self.activity(row["id"], self.costs, self.funding)
            for row in CONTENT["activities"]
        }

    def by_area(self):
        return {
            area["code"]: self.group(
                [row["id"] for row in CONTENT["activities"] if row["area"] == area["code"]]
            )
            for area in CONTENT["areas"]
        }

    def by_priority(self):
        used = [row.get("priority", "") for row in CONTENT["activities"]]
        return {
            word: self.group(
                [row["id"] for row in CONTENT["activities"] if row.get("priority", "") == word]
            )
            for word in ("core", "high", "medium", "low", "")
            if word in used
        }

    def by_year(self):
        settings = CONTENT["programme"]
        years = [*range(settings["period_start"], settings["period_end"] + 1)]
        if any("year" not in row for row in (*self.costs, *self.funding)):
            years.append(None)
        rows = {}
        for year in years:
            costs = [row for row in self.costs if row.get("year") == year]
            funding = [row for row in self.funding if row.get("year") == year]
            touched = {row["activity"] for row in (*costs, *funding)}
            keys = [row["id"] for row in CONTENT["activities"] if row["id"] in touched]
            rows["" if year is None else str(year)] = self.group(keys, costs, funding)
        return rows

    def of_funding(self, rows):
        nothing = dict.fromkeys(MONEY)
        if not rows:
            return {**nothing, "status": None, "activities": 0, "not_costed": 0}
        touched = {row["activity"] for row in rows}
        cash = [row for row in rows if row.get("in_kind") != "yes"]
        ready = [row for row in cash if row["stage"] != "pledged"]
        return {
            **nothing,
            **{
                kind: sum(row["amount"] for row in ready if KINDS[row["source"]] == kind)
                for kind in ("core", "voluntary", "other")
            },
            "pledged": sum(row["amount"] for row in cash if row["stage"] == "pledged"),
            "status": None,
            "activities": len(touched),
            "not_costed": len(touched - self.costed),
        }

    def by_source(self):
        return {
            source["code"]: self.of_funding(
                [row for row in self.funding if row["source"] == source["code"]]
            )
            for source in CONTENT["sources"]
        }

    def by_donor(self):
        keys = [donor["code"] for donor in CONTENT["donors"]]
        if any("donor" not in row for row in self.funding):
            keys.append("")
        return {
            key: self.of_funding([row for row in self.funding if row.get("donor", "") == key])
            for key in keys
        }

    def by_category(self):
        words = sorted({row.get("category", "") for row in self.costs}, key=lambda w: (not w, w))
        return {
            word: {
                **dict.fromkeys(MONEY),
                "cost": sum(r["amount"] for r in self.costs if r.get("category", "") == word),
                "status": None,
                "activities": len(
                    {r["activity"] for r in self.costs if r.get("category", "") == word}
                ),
                "not_costed": 0,
            }
            for word in words
        }


def printed(row):
    """Write amounts as the design says: text with two decimals, null for unknown."""
    money = {
        name: None if row[name] is None else f"{int(row[name] * 100) / 100:.2f}" for name in MONEY
    }
    return {**row, **money}


def totals(example, by, *options):
    done = cmswp("totals", example, "--by", by, "--format", "json", *options)
    assert (done.code, done.err) == (0, "")
    return done.json


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("by", GROUPINGS)
def test_totals__equal_an_independent_reckoning(example, by, scenario):
    found = totals(example, by, "--scenario", scenario)
    hand = Hand(scenario)
    expected = {key: printed(row) for key, row in getattr(hand, f"by_{by}")().items()}
    rows = {row["key"]: {k: row[k] for k in KEYS if k not in KEYS[:3]} for row in found["rows"]}
    assert rows == expected
    assert found["total"] == printed(hand.total())


@pytest.mark.parametrize("by", GROUPINGS)
def test_totals__have_the_keys_of_the_design_in_its_order(example, by):
    found = totals(example, by)
    assert list(found) == ["currency", "by", "scenario", "rows", "total"]
    assert (found["currency"], found["by"]) == ("EUR", by)
    assert found["scenario"] == CONTENT["programme"]["scenario"]
    assert all(tuple(row) == KEYS for row in found["rows"])
    assert tuple(found["total"]) == KEYS[3:]


@pytest.mark.parametrize(
    ("by", "table"), [("activity", "activities"), ("area", "areas"), ("source", "sources")]
)
def test_totals__keep_the_order_of_the_sheet(example, by, table):
    names = {"activity": "id"}
    keys = [row[names.get(by, "code")] for row in CONTENT[table]]
    assert [row["key"] for row in totals(example, by)["rows"]] == keys


def test_totals__scenarios_differ(example):
    costs = {totals(example, "area", "--scenario", s)["total"]["cost"] for s in SCENARIOS}
    assert len(costs) == len(SCENARIOS) == 2


def test_totals__status_is_told_for_activities_only(example):
    for by in GROUPINGS:
        told = {row["status"] is not None for row in totals(example, by)["rows"]}
        assert told == {by == "activity"}


def test_totals__every_status_occurs_in_the_example(example):
    assert {row["status"] for row in totals(example, "activity")["rows"]} == {
        *("not-costed", "no-cost", "unfunded", "partly-funded", "funded", "overfunded")
    }


@pytest.mark.parametrize("by", GROUPINGS)
def test_totals__csv_holds_the_same_as_json(example, by):
    found = totals(example, by, "--lang", "fr")
    done = cmswp("totals", example, "--by", by, "--format", "csv", "--lang", "fr")
    text = done.out.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [tuple(row) for row in rows] == [KEYS] * len(rows)
    total = {"key": "total", "number": None, "title": None, **found["total"]}
    assert rows == [
        {key: "" if row[key] is None else str(row[key]) for key in KEYS}
        for row in (*found["rows"], total)
    ]


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_totals__text_holds_every_amount(example, language):
    done = cmswp("totals", example, "--by", "area", "--lang", language)
    plain = done.out.replace(",", "").replace(".", "").replace("\u00a0", "")
    for row in totals(example, "area")["rows"]:
        assert row["cost"].replace(".00", "").replace(".", "") in plain


def test_unfunded__lists_what_is_to_be_sought_and_apart_what_is_not_costed(example):
    hand = Hand(CONTENT["programme"]["scenario"]).by_activity()
    found = cmswp("unfunded", example, "--format", "json").json
    sought = {key: row for key, row in hand.items() if row["to_be_sought"]}
    assert [row["key"] for row in found["rows"]] == list(sought)
    assert [row["to_be_sought"] for row in found["rows"]] == [
        printed(row)["to_be_sought"] for row in sought.values()
    ]
    assert {row["status"] for row in found["rows"]} == {"unfunded", "partly-funded"}
    uncosted = [key for key, row in hand.items() if row["not_costed"]]
    assert [row["key"] for row in found["not_costed"]] == uncosted
    total = sum(row["to_be_sought"] for row in sought.values())
    assert found["total"]["to_be_sought"] == f"{float(total):.2f}"


def test_scenario__may_be_typed_in_any_case(example):
    wanted = SCENARIOS[1]
    assert totals(example, "area", "--scenario", wanted.lower()) == totals(
        example, "area", "--scenario", wanted
    )


@pytest.mark.parametrize("command", ["totals", "unfunded"])
def test_scenario__unknown_is_misuse_and_names_those_there_are(example, command):
    done = cmswp(command, example, "--scenario", "NOWHERE")
    assert (done.code, done.out) == (2, "")
    assert all(scenario in done.err for scenario in SCENARIOS)
