"""The summary: key figures that keep the rules, charts with their tables, the largest gaps."""

from __future__ import annotations

from decimal import Decimal

import pages
import pytest
from sheets import BASE, totals, workbook

from cmswp_xl.documents.summary import content as summary_context
from cmswp_xl.documents.summary import coverage
from cmswp_xl.documents.texts import MissingText, cut, numbers_for
from cmswp_xl.figures.totals import Figures
from cmswp_xl.languages import Language, Words

EN = Language.EN
NUMBERS = numbers_for(EN, "locale", None, ())


def summary(text="", language=EN, **options):
    found, missing = summary_context(totals(workbook(text, **options)), language)
    assert missing == []
    return found


def key_figures(found):
    return {figure.label: figure.text for figure in found.figures}


def rows(part):
    """Return the figures of each row of a chart's table by its label, without the total."""
    return {label: cells for label, *cells in pages.texts(part.table, "")}


def total(part):
    """Return the figures of the total of a chart's table."""
    ((_, *cells),) = pages.texts(part.table, "total")
    return cells


def gaps(found):
    return [dict(zip(pages.heads(table), row, strict=True))
            for table in found.gaps.blocks for row in pages.texts(table)]  # fmt: skip


def number(text):
    return Decimal(text.replace(",", "").replace("–", "0"))


def test_key_figures__are_those_of_the_programme():
    assert key_figures(summary()) == {
        "Cost": "100",
        "Funding available": "40",
        "Funding to be sought": "60",
        "Pledged, not yet available": "–",
        "Share of the cost covered": "40%",
        "Activities costed": "1 of 1",
    }


def test_programme_without_costs__shows_no_figure_as_nil():
    found = summary(without=("Costs", "Funding"))
    assert key_figures(found)["Cost"] == "Not yet known"
    assert key_figures(found)["Activities costed"] == "0 of 1"
    assert set(found.pictures) == {"statuses"}
    assert found.areas.empty
    assert {cell for cells in rows(found.areas).values() for cell in cells} == {""}
    (said,) = found.gaps.blocks
    assert said.text == "No funding is to be sought for the costed activities."


def test_programme_without_activities__draws_nothing():
    found = summary(without=("Costs", "Funding"), base=_without_activities())
    assert not found.pictures
    assert found.statuses.empty == "No activities."


def _without_activities():
    lines = BASE.splitlines()
    return "\n".join(line for line in lines if "ICC-01" not in line)


@pytest.mark.parametrize(
    ("cost", "sought", "others", "printed"),
    [
        ("100", "0", {}, "100%"),
        ("100", "100", {}, "0%"),
        ("100000", "10", {}, "99%"),
        ("1000", "4", {}, "99%"),
        ("100000", "99990", {}, "less than 1%"),
        ("3", "1", {}, "67%"),
        ("100", "0", {"partial": 1}, "less than 100%"),
        ("100", "0", {"not_costed": 1}, "less than 100%"),
        ("0", "0", {}, ""),
        (None, None, {}, ""),
    ],
)
def test_coverage__is_whole_only_where_nothing_is_to_be_sought(cost, sought, others, printed):
    amounts = [None if text is None else Decimal(text) for text in (cost, sought)]
    figures = Figures(cost=amounts[0], to_be_sought=amounts[1], **others)
    assert coverage(figures, NUMBERS, Words(EN)) == printed


def test_surplus_of_one_activity__covers_no_other():
    text = """
    ## Activities
    | id     | number | area | title |
    | ICC-01 | '1.1   | ICC  | One   |
    | ICC-02 | '1.2   | ICC  | Two   |

    ## Costs
    | activity | amount |
    | ICC-01   | 100    |
    | ICC-02   | 100    |

    ## Funding
    | activity | source | stage    | amount |
    | ICC-01   | CORE   | received | 200    |
    """
    found = summary(text)
    assert key_figures(found)["Share of the cost covered"] == "50%"
    assert any("surplus 100" in note for note in found.notes)


CENTS = """
## Areas
| code | title |
| A    | One   |
| B    | Two   |
| C    | Three |

## Activities
| id  | number | area | title |
| A-1 | '1.1   | A    | One   |
| B-1 | '2.1   | B    | Two   |
| C-1 | '3.1   | C    | Three |

## Costs
| activity | year | amount |
| A-1      | 2024 | 10.40  |
| B-1      | 2025 | 10.40  |
| C-1      | 2026 | 10.40  |

## Funding
| activity | year | source | stage    | amount |
| A-1      | 2024 | CORE   | received | 3.40   |
| B-1      | 2025 | CORE   | received | 3.40   |
| C-1      | 2026 | VOL    | received | 3.40   |
"""


def test_amounts_with_cents__are_rounded_to_the_unit_and_add_up():
    found = summary(CENTS)
    assert any("Rounded figures have been adjusted" in text for text in found.statements)
    columns = zip(*rows(found.areas).values(), strict=True)
    assert [sum(map(number, cells)) for cells in columns] == [
        number(cell) for cell in total(found.areas)
    ]
    costs, available = zip(*rows(found.years).values(), strict=True)
    assert sum(map(number, costs)) == number(key_figures(found)["Cost"]) == 31
    assert sum(map(number, available)) == number(key_figures(found)["Funding available"])
    assert sum(number(cells[1]) for cells in rows(found.statuses).values() if cells[1]) == 31


def test_amounts_without_cents__are_not_said_to_be_rounded():
    assert not any("adjusted" in text for text in summary().statements)


def test_every_chart__shows_what_its_table_says():
    found = summary(CENTS)
    for part in (found.areas, found.years, found.statuses):
        chart = part.chart
        assert chart.names == tuple(rows(part))
        for column, series in enumerate(chart.series, 1 if part.name == "areas" else 0):
            shown = [cells[column] for cells in rows(part).values()]
            assert [text.replace("–", "") for text in shown] == [
                text.replace("–", "") for text in series.texts
            ]
        assert part.alt.startswith("Bar chart: ")
    assert all(cells[0] in found.years.alt for cells in rows(found.years).values())


def areas_and_years(count):
    areas = "\n".join(f"| A{i} | Area {i} |" for i in range(count))
    activities = "\n".join(f"| X-{i} | '{i}.1 | A{i} | Do {i} |" for i in range(count))
    costs = "\n".join(f"| X-{i} | {2001 + i} | {100 + i} |" for i in range(count))
    return f"""
## Programme
| setting      | value |
| period_start | 2001  |
| period_end   | 2020  |

## Areas
| code | title |
{areas}

## Activities
| id | number | area | title |
{activities}

## Costs
| activity | year | amount |
{costs}
"""


def test_many_areas_and_years__leave_the_page_its_size():
    found = summary(areas_and_years(12), without=("Funding",))
    assert list(rows(found.areas)) == [
        *(f"Area {i}" for i in range(5, 12)),
        "Other programme areas (5)",
    ]
    assert list(rows(found.years)) == ["2001", "2002", "2003", "2004", "2005–2020"]
    assert sum(number(cells[0]) for cells in rows(found.areas).values()) == 1266
    assert sum(number(cells[0]) for cells in rows(found.years).values()) == 1266


def test_gaps__are_the_five_largest_with_what_is_pledged():
    text = areas_and_years(7) + (
        "\n## Funding\n| activity | year | source | stage | amount |"
        "\n| X-6 | 2001 | VOL | pledged | 7 |"
    )
    found = gaps(summary(text))
    assert [gap["No."] for gap in found] == ["6.1", "5.1", "4.1", "3.1", "2.1"]
    assert [gap["To be sought"] for gap in found[:1]] == ["106"]
    assert [gap["Pledged"] for gap in found[:2]] == ["7", "–"]


def test_long_title__is_cut_after_a_word():
    title = "Organize meetings, " * 20
    text = f"## Activities\n| id | number | area | title |\n| ICC-01 | '1.1 | ICC | {title} |"
    shown = gaps(summary(text))[0]["Activity"]
    assert shown.endswith(("meetings\u00a0…", "Organize\u00a0…"))
    assert len(shown) < 115


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Organize meetings of the", "Organize meetings~…"),
        ("Support the CMS", "Support the CMS~…"),
        ("Plan, and", "Plan~…"),
        ("réunions de la", "réunions~…"),
    ],
)
def test_cut_text__ends_in_a_word_of_its_own(text, shown):
    assert cut(text) == shown.replace("~", "\u00a0")


def test_head__names_the_paper():
    paper = summary("## Programme\n| setting | value |\n| symbol | UNEP/CMS/Doc.9 |\n")
    assert paper.head == "UNEP/CMS/Doc.9 – Summary"


def test_costs_known_in_part__read_at_least():
    text = (
        "## Activities\n| id | number | area | title | costing |\n"
        "| ICC-01 | '1.1 | ICC | Train | partial |"
    )
    found = summary(text)
    assert key_figures(found)["Cost"] == "at least 100"
    assert gaps(found)[0]["To be sought"] == "at least 60"
    assert next(iter(rows(found.areas).values()))[0] == "at least 100"


def test_support_costs__are_said_not_to_be_in_the_figures():
    text = """
    ## Programme
    | setting           | value |
    | support_cost_rate | 13    |

    ## Costs
    | activity | amount | support_cost |
    | ICC-01   | 100    | excluded     |
    """
    assert any("13 per cent" in note and "13." in note for note in summary(text).notes)


def test_texts_that_are_not_there__are_listed():
    text = "## Areas\n| code | Title (English) |\n| ICC | Capacity |"
    _, missing = summary_context(totals(workbook(text)), Language.FR)
    assert missing == [MissingText("areas", "ICC", "title_fr")]
