"""Areas in two levels: a sub-area stands under its area, with a sub-total of its own."""

from __future__ import annotations

from decimal import Decimal

import pages
import pytest
from sheets import about, check, findings, places, programme, totals

from cmswp_xl.documents.annex import content as annex_context
from cmswp_xl.documents.annex_compared import compared_context
from cmswp_xl.figures.explanation import Explainer, traced
from cmswp_xl.figures.totals import compute_totals
from cmswp_xl.languages import Language
from cmswp_xl.page import Table
from cmswp_xl.pipeline import Checkup, compared, totals_of
from cmswp_xl.render.html import render_html
from cmswp_xl.trace import Papers, places_of, walk

TWO_LEVELS = """
## Programme
| setting  | value    |
| rounding | thousand |

## Areas
| code  | title | parent |
| ICC   | One   |        |
| PAG   | Two   |        |
| ICC-B | B     | icc    |
| PAG-A | A     | PAG    |
| ICC-A | A     | ICC    |

## Activities
| id     | number | area  | mandates | title |
| ICC-01 | '1.1   | ICC   | Res. 1   | a     |
| ICC-02 | '1.2   | ICC-B | Res. 1   | b     |
| ICC-03 | '1.3   | ICC-A | Res. 1   | c     |
| PAG-01 | '2.1   | PAG-A | Res. 1   | d     |

## Costs
| activity | amount |
| ICC-01   | 1400   |
| ICC-02   | 1400   |
| ICC-03   | 1400   |
| PAG-01   | 5000   |

## Funding
| activity | source | stage    | amount |
| ICC-02   | CORE   | received | 2000   |
"""
WHOLE = TWO_LEVELS.replace("| rounding | thousand |", "")


def test_outline__has_each_sub_area_below_its_area_in_row_order():
    plan = programme(TWO_LEVELS)

    assert [area.code for area in plan.outline] == ["ICC", "ICC-B", "ICC-A", "PAG", "PAG-A"]
    assert plan.family("ICC") == ("ICC", "ICC-B", "ICC-A")
    assert plan.family("ICC-A") == ("ICC-A",)


def test_areas_without_parents__stand_in_row_order():
    plan = programme("## Areas\n| code | title |\n| ICC | One |\n| B | Two |\n| A | Three |")

    assert [area.code for area in plan.outline] == ["ICC", "B", "A"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("", "ICC", []),
        ("", "", []),
        ("PAG", "", []),
        ("ICC", "", [("Areas", "E2", "nested-area")]),
        ("PAG", "PAG", [("Areas", "E3", "nested-area")]),
        ("PAG", "ICC", [("Areas", "E2", "nested-area"), ("Areas", "E3", "nested-area")]),
        ("", "XXX", [("Areas", "E3", "unknown-reference")]),
    ],
)
def test_parent__is_another_area_that_has_none(first, second, expected):
    issues = check(f"""
    ## Areas
    | code | title | parent   |
    | ICC  | One   | {first}  |
    | PAG  | Two   | {second} |
    """).issues

    assert places(about(issues, "nested-area", "unknown-reference")) == expected


def test_totals_by_area__have_a_row_for_each_own_activities_and_add_up():
    rows = totals(WHOLE).rows("area")

    assert [(row.key, row.figures.cost) for row in rows] == [
        ("ICC", Decimal(1400)),
        ("PAG", None),
        ("ICC-B", Decimal(1400)),
        ("PAG-A", Decimal(5000)),
        ("ICC-A", Decimal(1400)),
    ]
    assert totals(WHOLE).total.cost == sum(row.figures.cost or 0 for row in rows)


def _parts(text, codes=()):
    annex, missing = annex_context(totals(text), Language.EN, codes)
    assert missing == []
    return annex


def _areas(annex):
    return [part for part in annex.body if part.anchor.startswith("area-")]


def _subtotals(annex):
    """Return cost and what is to be sought of each part with a table, blank without one."""
    found = []
    for part in _areas(annex):
        tables = [block for block in part.blocks if isinstance(block, Table)]
        cells = pages.texts(tables[0])[-1] if tables else ("", "", "")
        found.append((part.title, cells[1], cells[-1]))
    return found


def test_annex__prints_the_sub_total_of_a_sub_area_and_of_the_area_with_them():
    annex = _parts(WHOLE)

    assert [(title, cost) for title, cost, _ in _subtotals(annex)] == [
        ("One", "1,400"),
        ("One – B", "1,400"),
        ("One – A", "1,400"),
        ("One, with its sub-areas", "4,200"),
        ("Two", ""),
        ("Two – A", "5,000"),
        ("Two, with its sub-areas", "5,000"),
    ]
    assert _subtotals(annex)[3][2] == "2,800"
    assert "surplus 600" in _areas(annex)[3].blocks[1].text
    (said,) = _areas(annex)[4].blocks
    assert said.text == "The activities of this area are listed under its sub-areas."
    closing = pages.texts(pages.table(annex, "totals"))
    assert [cells[1] for cells in closing] == ["1,400", "1,400", "1,400", "", "5,000", "9,200"]
    assert len({part.anchor for part in annex.body}) == len(annex.body)


def test_rounded_annex__shows_an_area_as_the_sum_of_what_its_sub_areas_show():
    annex = _parts(TWO_LEVELS)
    costs = [int(cost or 0) for _, cost, _ in _subtotals(annex)]

    assert sum(costs[:3]) == costs[3]
    assert costs[3] + costs[5] == int(pages.texts(pages.table(annex, "totals"))[-1][1]) == 9


@pytest.mark.parametrize(
    ("codes", "titles"),
    [
        (["ICC"], ["One", "One – B", "One – A", "One, with its sub-areas"]),
        (["ICC-A"], ["One – A"]),
        (["ICC-A", "PAG"], ["One – A", "Two", "Two – A", "Two, with its sub-areas"]),
    ],
)
def test_annex_of_an_area__has_its_sub_areas(codes, titles):
    annex = _parts(WHOLE, codes)

    assert [part.title for part in _areas(annex)] == titles
    assert "extract" in annex.title


def test_page__has_a_heading_and_a_table_for_each():
    page = render_html("annex", _parts(WHOLE)).decode()

    assert page.count("<h2") == len(_areas(_parts(WHOLE))) + 1
    assert "Sub-total with the sub-areas" in page


def test_trace__adds_the_activities_of_an_area_and_its_sub_areas():
    checked = check(TWO_LEVELS)
    explainer = Explainer(compute_totals(checked.programme), places_of(checked))
    content = Papers(explainer.totals, {}).content("annex", Language.EN)
    figures = traced("annex", walk(content), explainer).figures

    assert figures["family", "ICC", "cost"].exact == Decimal(4200)
    assert figures["area", "ICC", "cost"].exact == Decimal(1400)
    assert figures["total", "cost"].exact == Decimal(9200)


def test_sub_area_with_an_unknown_parent__is_told_once():
    found = findings("## Areas\n| code | title | parent |\n| ICC | One | X |", "unknown-reference")

    assert [item[0] for item in found] == ["E2"]


def _version(text):
    checked = check(text)
    return Checkup("plan.xlsx", checked=checked, issues=checked.issues, data=b"", sha256="0" * 64)


def _compared(old, new, area=None):
    before, after = _version(old), _version(new)
    figures = totals_of(before), totals_of(after)
    paper, missing = compared_context(compared(before, after), *figures, Language.EN, area)
    assert missing == []
    return [(part.title, pages.texts(part.blocks[0])[-1][1:4]) for part in _areas(paper)]


def test_compared_annex__sets_an_area_with_its_sub_areas_beside_what_these_were():
    flat = WHOLE.replace("| ICC-A | A     | ICC    |", "| ICC-A | A     |        |")
    flat = flat.replace("| ICC-03   | 1400   |", "| ICC-03   | 1000   |")

    assert _compared(flat, WHOLE) == [
        ("One", ("1,400", "1,400", "–")),
        ("One – B", ("1,400", "1,400", "–")),
        ("One – A", ("1,000", "1,400", "400")),
        ("One, with its sub-areas", ("3,800", "4,200", "400")),
        ("Two", ("", "", "")),
        ("Two – A", ("5,000", "5,000", "–")),
        ("Two, with its sub-areas", ("5,000", "5,000", "–")),
    ]


def test_compared_annex_of_an_area__has_its_sub_areas():
    found = [title for title, _ in _compared(WHOLE, WHOLE, "ICC")]

    assert found == ["One", "One – B", "One – A", "One, with its sub-areas"]
    assert [title for title, _ in _compared(WHOLE, WHOLE, "ICC-A")] == ["One – A"]


def test_compared_annex__says_of_each_version_what_is_the_least_as_the_annex_does():
    part = WHOLE.replace("| mandates | title |", "| mandates | title | costing |")
    for letter, status in (("a", ""), ("b", "partial"), ("c", ""), ("d", "")):
        part = part.replace(f"| {letter}     |", f"| {letter}     | {status} |")
    least, all_least = "at least 1,400", "at least 4,200"

    assert dict(_compared(WHOLE, part))["One – B"] == ("1,400", least, "–")
    assert _compared(part, part)[:4] == [
        ("One", ("1,400", "1,400", "–")),
        ("One – B", (least, least, "–")),
        ("One – A", ("1,400", "1,400", "–")),
        ("One, with its sub-areas", (all_least, all_least, "–")),
    ]


def test_tables_of_totals__head_the_costs_of_several_activities():
    annex = _parts(WHOLE)
    heads = {
        block.name: pages.heads(block)
        for part in annex.body
        for block in part.blocks
        if isinstance(block, Table)
    }

    assert "Cost of the activity" in heads["activities"]
    assert {heads[name][1] for name in ("totals",)} == {"Cost of activities"}
