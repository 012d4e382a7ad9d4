"""Worksheet functions say what the command line says, to the cent."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest
from argument_tables import arguments
from click.testing import CliRunner

from cmswp_xl.cli import main
from cmswp_xl.excel import functions
from cmswp_xl.figures.totals import GROUPINGS
from cmswp_xl.xlsx import open_workbook

BOOKS = Path(__file__).parents[3] / "workbook"
WORKBOOKS = ("example.xlsx", "programme-of-work.xlsx")
AMOUNTS = ("cost", "core", "voluntary", "other", "pledged", "to_be_sought", "surplus")


class Shipped:
    """A shipped workbook, asked by formulas and by the command line."""

    def __init__(self, name):
        self.path = BOOKS / name
        self.tables = arguments(open_workbook(self.path))
        self.whole = [self.tables[n] for n in ("Activities", "Costs", "Funding", "Sources")]

    def cli(self, *words):
        result = CliRunner().invoke(
            main, [words[0], str(self.path), *words[1:], "--format", "json"]
        )
        return json.loads(result.stdout)

    def settings(self, scenario):
        """Give the last arguments: the Programme form, or a scenario and no form."""
        return (self.tables["Programme"],) if scenario is None else (None, scenario)


@pytest.fixture(scope="module", params=WORKBOOKS)
def shipped(request):
    return Shipped(request.param)


@pytest.fixture(scope="module")
def example():
    return Shipped("example.xlsx")


def cell(amount):
    return "" if amount is None else float(amount)


def option(scenario):
    return () if scenario is None else ("--scenario", scenario)


def scenarios(book):
    return [None, *[row[0] for row in book.tables["Scenarios"][1:]]]


def test_figures_of_every_activity__are_those_of_the_command_line(shipped):
    for scenario in scenarios(shipped):
        rows = shipped.cli("totals", "--by", "activity", *option(scenario))["rows"]
        ids = [[row["key"]] for row in rows]
        last = shipped.settings(scenario)
        activities, costs, funding, sources = shipped.whole
        assert functions.CMSWP_COST(ids, costs, *last) == [[cell(row["cost"])] for row in rows]
        assert functions.CMSWP_TO_BE_SOUGHT(ids, costs, funding, sources, *last) == [
            [cell(row["to_be_sought"])] for row in rows
        ]
        assert functions.CMSWP_STATUS(ids, activities, costs, funding, sources, *last) == [
            [row["status"]] for row in rows
        ]
        for name, (available,) in zip(
            rows, functions.CMSWP_AVAILABLE(ids, funding, sources, *last), strict=True
        ):
            parts = [float(name[kind] or 0) for kind in ("core", "voluntary", "other")]
            assert available == pytest.approx(sum(parts), abs=0.001)


@pytest.mark.parametrize("by", GROUPINGS)
def test_totals__are_those_of_the_command_line(shipped, by):
    for language in ("en", "fr"):
        told = shipped.cli("totals", "--by", by, "--lang", language)
        named = {"donor": "Donors", "recommendation": "Recommendations"}.get(by, "Areas")
        titles = shipped.tables[named]
        head, *rows = functions.CMSWP_TOTALS(
            by, *shipped.whole, titles, shipped.tables["Programme"], None, language
        )
        assert len({len(row) for row in (head, *rows)}) == 1
        assert [row[0] for row in rows[:-1]] == [row["key"] for row in told["rows"]]
        for found, row in zip(rows, (*told["rows"], told["total"]), strict=True):
            assert found[3:10] == [cell(row[name]) for name in AMOUNTS]
            assert found[11:] == [row["activities"], row["not_costed"]]
            if row.get("title") and by != "recommendation":
                assert found[2] == row["title"]


def test_every_scenario_and_year__is_as_on_the_command_line(example):
    for by, scenario in product(("year", "area"), ("BASE", "ZRG")):
        rows = example.cli("totals", "--by", by, "--scenario", scenario)["rows"]
        found = functions.CMSWP_TOTALS(
            by, *example.whole, example.tables["Areas"], example.tables["Programme"], scenario
        )
        assert [row[3:10] for row in found[1:-1]] == [
            [cell(row[name]) for name in AMOUNTS] for row in rows
        ]


def test_unfunded_list__is_that_of_the_command_line(shipped):
    told = shipped.cli("unfunded")
    _, *rows = functions.CMSWP_UNFUNDED(*shipped.whole, shipped.tables["Programme"])
    names = ("key", "area", "number", "title", "priority")
    amounts = ("cost", "core", "voluntary", "other", "pledged", "to_be_sought")
    assert rows == [
        *(
            [row[n] or "" for n in names] + [cell(row[n]) for n in amounts] + [row["status"]]
            for row in told["rows"]
        ),
        *(
            [row[n] or "" for n in names] + [""] * len(amounts) + ["not-costed"]
            for row in told["not_costed"]
        ),
    ]


def test_no_table_of_the_shipped_workbooks__has_issues(shipped):
    """But for two steps that follow one recommendation, which both workbooks show on purpose."""
    for name, table in shipped.tables.items():
        assert functions.CMSWP_ISSUES(table) == (2 if name == "Steps" else 0)


def test_reckoning__is_done_once_for_all_cells(example, monkeypatch):
    from cmswp_xl.excel import ranges

    checks = []
    check = ranges.check_source
    monkeypatch.setattr(ranges, "check_source", lambda *a, **k: checks.append(1) or check(*a, **k))
    costs = [*example.tables["Costs"], ["EDM-01", 2024, None, 1.0]]
    for number in range(50):
        functions.CMSWP_COST(f"EDM-{number:02}", [list(row) for row in costs], None, "BASE")
    assert len(checks) == 1
    costs[-1][3] = True
    assert functions.CMSWP_COST("EDM-01", costs, None, "BASE") == (
        "Errors in Costs (1). Press “Validate”."
    )
    assert len(checks) == 2
