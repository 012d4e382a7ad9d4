"""The annexes of the example: one set of figures in three languages and two formats."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from annexes import amount, digits, read_docx, read_html
from programs import cmswp, listing

LANGUAGES = ("en", "fr", "es")
FORMS = {"html": read_html, "docx": read_docx}


@pytest.fixture(scope="module")
def read(annexes):
    """All six annexes, read."""
    return {
        (language, form): reader(annexes[f"annex.{language}.{form}"])
        for language in LANGUAGES
        for form, reader in FORMS.items()
    }


@pytest.fixture(scope="module")
def figures(example):
    """The program's figures, which are tested against a reckoning of their own elsewhere."""
    by = {
        name: cmswp("totals", example, "--by", name, "--format", "json").json
        for name in ("activity", "area", "year")
    }
    return {
        **{name: {row["key"]: row for row in found["rows"]} for name, found in by.items()},
        "total": by["area"]["total"],
    }


def exact(text):
    return None if text is None else Decimal(text)


def activity_tables(annex):
    return [grid for grid in annex.tables if len(grid[0]) == 11]


def money(row):
    """Give the last columns of a row: cost, core, voluntary, other, to be sought."""
    return [amount(text) for text in row[-5:]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_and_html__hold_the_same_tables_cell_for_cell(read, language):
    assert read[language, "docx"].tables == read[language, "html"].tables


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_and_html__say_the_same(read, language):
    word, page = ([text for _, text in read[language, form].texts] for form in ("docx", "html"))
    for notes in (False, True):  # which Word sets at the foot of the page, HTML below the table
        ours, theirs = (
            [text.replace("^", "").split() for text in texts if text.startswith("^") == notes]
            for texts in (word, page)
        )
        assert ours == theirs
    assert read[language, "docx"].headings() == read[language, "html"].headings()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", ["fr", "es"])
def test_languages__agree_figure_for_figure(read, form, language):
    compared = 0
    pairs = zip(read["en", form].tables, read[language, form].tables, strict=True)
    for ours, theirs in pairs:
        assert [len(row) for row in ours] == [len(row) for row in theirs]
        names = {11: 2, 3: 2}.get(len(ours[0]), 1)
        for mine, other in zip(ours[2:], theirs[2:], strict=True):
            assert [*map(digits, mine[names:])] == [*map(digits, other[names:])]
            compared += sum(map(bool, map(digits, mine[names:])))
    assert compared > 500


@pytest.mark.parametrize("form", FORMS)
def test_annex__prints_the_figures_of_the_totals(read, figures, form):
    annex = read["en", form]
    activities = list(figures["activity"].values())
    rows = [row for grid in activity_tables(annex)[:5] for row in grid[2:-1]]
    assert [row[0] for row in rows] == [activity["number"] for activity in activities]
    names = ("cost", "core", "voluntary", "other", "to_be_sought")
    for row, activity in zip(rows, activities, strict=True):
        assert money(row) == [exact(activity[name]) for name in names], activity["key"]
    subtotals = [grid[-1] for grid in activity_tables(annex)[:5]]
    for row, area in zip(subtotals, figures["area"].values(), strict=True):
        assert money(row) == [exact(area[name]) for name in names]


def test_annex__sub_totals_and_totals_add_up(read):
    annex = read["en", "docx"]
    subtotals = []
    for grid in activity_tables(annex)[:5]:
        columns = [[amount(row[i]) or 0 for row in grid[2:]] for i in range(2, 11)]
        assert all(sum(column[:-1]) == column[-1] for column in columns)
        assert all(
            sum(amount(text) or 0 for text in row[2:6]) == (amount(row[6]) or 0)
            for row in grid[2:]
        )
        subtotals.append(grid[-1])
    closing = next(g for g in annex.tables if len(g[0]) == 10)
    assert [row[1:] for row in closing[2:7]] == [row[2:] for row in subtotals]
    for column in range(1, 10):
        parts = [amount(row[column]) or 0 for row in closing[2:7]]
        assert sum(parts) == amount(closing[7][column])


def test_annex__support_costs_are_one_line_below_the_total(read, figures):
    closing = next(g for g in read["en", "docx"].tables if len(g[0]) == 10)
    direct, support, grand = closing[-3:]
    cost = exact(figures["total"]["cost"])
    assert amount(direct[5]) == cost
    assert "13" in support[0]
    assert amount(support[5]) == (cost * 13 / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert amount(grand[5]) == amount(direct[5]) + amount(support[5])
    for row in (support, grand):
        assert [text for i, text in enumerate(row[1:], 1) if i != 5] == [""] * 8


def test_annex__reconciles_cost_and_money_to_be_sought(read, figures):
    total = figures["total"]
    texts = reversed(read["en", "html"].texts)
    line = next(text for _, text in texts if text.startswith("Cost ") and "=" in text)
    cost, available, surplus, uncosted, sought = map(amount, re.split("[=−+]", line))
    assert cost == available - surplus - uncosted + sought
    assert (cost, sought, surplus) == tuple(
        exact(total[name]) for name in ("cost", "to_be_sought", "surplus")
    )
    assert available == sum(exact(total[name]) for name in ("core", "voluntary", "other"))


def test_annex__years_are_those_of_the_totals(read, figures):
    years = next(g for g in read["en", "html"].tables if len(g[0]) == 6)
    names = ("cost", "core", "voluntary", "other", "to_be_sought")
    rows = years[2:]
    assert [row[0] for row in rows[:3]] == ["2024", "2025", "2026"]
    for row, year in zip(rows[:-1], figures["year"].values(), strict=True):
        assert [amount(text) or 0 for text in row[1:]] == [exact(year[n]) or 0 for n in names]
    totals = [list(map(amount, row[1:])) for row in rows]
    assert rows[-1][0].startswith("Total")
    assert [sum(part or 0 for part in column) for column in zip(*totals[:-1], strict=True)][
        :-1
    ] == totals[-1][:-1]


def test_annex__cost_not_known_is_blank_and_nil_a_dash(read, figures):
    rows = [row for grid in activity_tables(read["en", "html"])[:5] for row in grid[2:-1]]
    seen = set()
    for row, activity in zip(rows, figures["activity"].values(), strict=True):
        seen.add(activity["status"])
        if activity["status"] == "not-costed":
            assert (row[2:7], row[-1]) == ([""] * 5, "")
        else:
            assert all(row[2:])
            assert "0" not in row[2:]
        if activity["status"] == "no-cost":
            assert (row[6], row[-1]) == ("–", "–")
            assert row[1].endswith("No additional cost")
        assert ("▲" in row[1]) == (activity["status"] == "unfunded")
        assert ("^" in row[1]) == (
            activity["status"] == "overfunded"
            or (activity["status"] == "not-costed" and activity["core"] is not None)
            or "at least" in row[6]
        )
    assert len(seen) == 6


def test_annex__partial_costing_reads_at_least(read, example):
    partial = [
        row["number"]
        for row in cmswp("dump", example).json["tables"]["activities"]
        if row["costing"] == "partial"
    ]
    rows = [row for grid in activity_tables(read["en", "html"])[:5] for row in grid[2:-1]]
    marked = [row for row in rows if "at least" in row[6]]
    assert [row[0] for row in marked] == partial
    for row in marked:
        assert row[-1].startswith("at least ") or row[-1] == "–"
    totals = [g[-1] for g in activity_tables(read["en", "html"])[:5]]
    holding = [
        "at least" in "".join(r[6] for r in g[2:-1])
        for g in activity_tables(read["en", "html"])[:5]
    ]
    assert ["at least" in row[6] for row in totals] == holding


def test_annex__says_how_many_are_costed(read, figures):
    total = figures["total"]
    costed = total["activities"] - total["not_costed"]
    closing = next(g for g in read["en", "docx"].tables if len(g[0]) == 10)
    assert f"Activities costed: {costed} of {total['activities']}" in closing[-3][0]


def test_annex__scenario_changes_the_figures_and_is_named(example, tmp_path):
    other = cmswp("dump", example).json["tables"]["scenarios"][1]
    done = cmswp("export", example, "--out", tmp_path, "--scenario", other["code"], "--lang", "en")
    assert done.code == 0
    annex = read_html(listing(tmp_path)["annex.en.html"])
    assert other["title_en"] in annex.words()
    total = cmswp("totals", example, "--scenario", other["code"], "--format", "json").json["total"]
    closing = next(grid for grid in annex.tables if len(grid[0]) == 10)
    assert money(closing[-3]) == [
        exact(total[n]) for n in ("cost", "core", "voluntary", "other", "to_be_sought")
    ]


def test_annex__extract_holds_its_area_only(example, tmp_path):
    done = cmswp("export", example, "--out", tmp_path, "--area", "icc", "--format", "html")
    assert done.code == 0
    files = listing(tmp_path)
    assert sorted(files) == [
        *(f"annex-ICC.{language}.html" for language in sorted(LANGUAGES)),
        "manifest.json",
    ]
    annex = read_html(files["annex-ICC.en.html"])
    assert annex.texts[0][1].endswith("(revised draft) (extract)")
    areas = [text for kind, text in annex.texts if kind == "h2"]
    assert len(areas) == 4  # one area, and what closes the annex
    assert areas[0].startswith("Information")
    activities = [
        row["number"]
        for row in cmswp("totals", example, "--format", "json").json["rows"]
        if row["key"].startswith("ICC")
    ]
    assert [row[0] for row in annex.tables[0][2:-1]] == activities
    closing = next(grid for grid in annex.tables if "(extract)" in grid[2][0])
    assert closing[2][1:] == annex.tables[0][-1][2:]
