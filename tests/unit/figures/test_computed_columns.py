"""What the computed columns of the workbook hold, cell by cell."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sheets import totals

from cmswp_xl.figures.computed import STEP, computed_columns, search_key
from cmswp_xl.languages import Language
from cmswp_xl.money import total
from cmswp_xl.schema import TABLE_ORDER, load_schemas


def columns(table, text="", language=Language.EN):
    return computed_columns(totals(text), load_schemas()[table], language)


@pytest.mark.parametrize("table", TABLE_ORDER)
def test_every_computed_column__has_a_value_for_each_row(table):
    found = columns(table)

    schema = load_schemas()[table]
    assert set(found) == {field.name for field in schema.fields if field.computed}
    assert len({len(values) for values in found.values()}) <= 1


def test_figures_of_activities__stand_beside_them():
    found = columns("activities")

    assert {name: list(values) for name, values in found.items()} == {
        "area_title": ["Capacity-building"],
        "cost": [100],
        "core": [40],
        "voluntary": [0],
        "other": [0],
        "available": [40],
        "pledged": [0],
        "to_be_sought": [60],
        "number_parts": ["1" + " " * 30 + "1"],
        "order": ["00010001000100000000"],
        "funding_status": ["partly-funded"],
        "key": ["icc-01"],
        "area_row": [1],
        "number_counted": [1],
    }


@pytest.mark.parametrize(
    ("name", "amount"), [("surplus", 0), ("available", 40), ("remaining", 60), ("pledged", 0)]
)
def test_other_declared_figure__is_computed_where_a_column_shows_it(name, amount):
    schema = load_schemas()["activities"]
    cost = schema.field("cost")
    column = replace(cost, name=name, figure=name)

    found = computed_columns(totals(), replace(schema, fields=(column,)), Language.EN)

    assert found == {name: [amount]}


def test_activity_that_is_not_costed__has_blanks():
    found = columns(
        "activities",
        """
        ## Costs
        | activity | amount |

        ## Funding
        | activity | source | stage | amount |
        """,
    )

    assert [found[name][0] for name in ("cost", "core", "to_be_sought", "funding_status")] == [
        None,
        None,
        None,
        "not-costed",
    ]


@pytest.mark.parametrize(("language", "expected"), [("en", "One"), ("fr", None), ("es", "Uno")])
def test_title_of_a_reference__is_in_the_language_of_the_workbook_or_blank(language, expected):
    found = columns(
        "activities",
        """
        ## Areas
        | code | title_en | title_es |
        | icc  | One      | Uno      |
        """,
        Language(language),
    )

    assert found["area_title"] == [expected]


def test_title_of_a_blank_reference__is_blank():
    assert columns("costs")["scenario_title"] == [None]


FUNDED = """
## Scenarios
| code | title |
| LOW  | Low   |
| HIGH | High  |

## Programme
| setting  | value |
| scenario | LOW   |

## Costs
| activity | year | scenario | amount |
| ICC-01   | 2024 |          | 10     |
| ICC-01   | 2024 | LOW      | 5      |
| ICC-01   | 2024 | HIGH     | 99     |
| ICC-01   | 2025 |          | 10     |
| ICC-01   |      |          | 3      |

## Funding
| activity | year | source | stage     | in_kind | scenario | amount |
| ICC-01   | 2024 | CORE   | received  |         |          | 4      |
| ICC-01   | 2024 | VOL    | pledged   |         |          | 50     |
| ICC-01   | 2024 | VOL    | confirmed | yes     |          | 50     |
| ICC-01   | 2025 | VOL    | confirmed |         | HIGH     | 50     |
| ICC-01   | 2025 | VOL    | confirmed |         |          | 12     |
"""


def test_rows_that_do_not_count__are_blank():
    assert columns("costs", FUNDED)["counted"] == [10, 5, None, 10, 3]
    assert columns("funding", FUNDED)["counted"] == [4, None, None, None, 12]


def test_need_of_an_activity_and_year__stands_once_at_its_first_row():
    assert columns("costs", FUNDED)["year_to_be_sought"] == [11, None, None, 0, 3]


def test_needs_of_the_years__add_up_to_the_lines_of_the_years():
    found = totals(FUNDED)
    parts = computed_columns(found, load_schemas()["costs"], Language.EN)["year_to_be_sought"]
    lines = [row.figures.to_be_sought for row in found.rows("year")]

    assert total(part for part in parts if part is not None) == total(
        line for line in lines if line is not None
    )


def test_kind_of_the_source__stands_beside_the_money():
    assert columns("funding", FUNDED)["source_kind"] == ["core"] + ["voluntary"] * 4


def test_time_and_pay_of_a_post__are_added_up_and_blank_without_rows():
    text = """
    ## Areas
    | code | title |
    | ICC  | One   |
    | PAG  | Two   |

    ## Posts
    | id  | grade | source | title   |
    | P01 | P-4   | CORE   | Officer |
    | P02 | P-2   | VOL    | Helper  |

    ## Allocations
    | post | area | percent |
    | p01  | ICC  | 33.3    |
    | P01  | PAG  | 50%     |

    ## PostFunding
    | post | source | percent |
    | P02  | CORE   | 0       |
    """
    found = columns("posts", text)

    assert found["allocated"] == [Decimal("83.3"), None]
    assert found["paid"] == [None, Decimal(0)]


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ([], "ICC-01"),
        (["ICC-01", "ICC-02"], "ICC-03"),
        (["ICC-07"], "ICC-08"),
        (["icc-03"], "ICC-04"),
        (["ICC-99"], "ICC-100"),
        (["ICC-1", "ICC-001", "ICC-x", "PAG-50", "ICC"], "ICC-01"),
    ],
)
def test_next_free_id__follows_the_highest_in_use(ids, expected):
    lines = "\n".join(f"| {key} | '{i} | ICC | Res. 1 | T |" for i, key in enumerate(ids))
    found = columns(
        "areas",
        f"""
        ## Activities
        | id | number | area | mandates | title |
        {lines}

        ## Costs
        | activity | amount |

        ## Funding
        | activity | source | stage | amount |
        """,
    )

    assert found["next_id"] == [expected]


REVIEW = """
## Subjects
| point | title_en | title_fr |
| 1     | Machines | Machines |

## Recommendations
| number | subject | text | decision | activity |
| '1.1   | 1       | Buy  | act      | icc-01   |
| '1.10  | 1       | Sell | act      |          |

## Steps
| seq | recommendation | text |
| 1   | '1.1           | Ask  |
| 2   | '1.10          | Sell |

## Requests
| id  | date       | requester | title | need | mandate_fit | users_served | reuse | urgency \
| cost | risk |
| R-1 | 2025-01-01 | ICU | One | Need | 5 | 4 | 3 | 2 | 1 | 1 |
| R-2 | 2025-01-01 | ICU | Two | Need | 1 | 1 | 1 | 1 | 5 | 5 |

## Weights
| criterion    | weight |
| mandate_fit  | 25     |
| users_served | 20     |
| reuse        | 15     |
| urgency      | 10     |
| cost         | 20     |
| risk         | 10     |
"""


def test_words_of_subject_activity_and_recommendation__stand_beside_their_numbers():
    assert columns("recommendations", REVIEW) == {
        "subject_title": ["Machines"] * 2,
        "activity_title": ["Train people", None],
        "key": ["1.1", "1.10"],
    }
    assert columns("steps", REVIEW)["recommendation_title"] == ["Buy", "Sell"]
    assert columns("recommendations", REVIEW, Language.ES)["subject_title"] == [None, None]


def test_score__stands_beside_the_request():
    found = columns("requests", REVIEW)

    assert found["score"] == [Decimal("4.20"), Decimal("1.00")]
    assert found["recommendation_title"] == [None, None]


def test_blank_reference__is_not_taken_for_a_code_that_reads_none():
    text = """
    ## Donors
    | code | name   |
    | None | Nobody |
    """

    assert columns("funding", text)["donor_title"] == [None]


def test_keys__are_small_and_trimmed_and_rid_of_wildcards():
    assert search_key("  ICC*  0?~ ") == "icc¦2 0¦3¦1"
    assert search_key(None) == ""


NUMBERED = """
## Sources
| code | kind      | title |
| VC   | voluntary | V     |
| CORE | core      | C     |

## Costs
| activity | year | amount |
| icc-01   | 2025 | 1      |
| ICC-01   |      | 2      |

## Funding
| activity | year | source | stage     | amount | in_kind |
| ICC-01   | 2025 | core   | received  | 1      |         |
| ICC-01   |      | VC     | confirmed | 1      |         |
| ICC-01   | 2024 | VC     | pledged   | 1      |         |
| ICC-01   | 2026 | VC     | received  | 1      | yes     |
"""


def test_rows_that_count__have_the_numbers_that_sums_go_by():
    costs, funding = columns("costs", NUMBERED), columns("funding", NUMBERED)

    assert (costs["activity_row"], costs["activity_year"]) == ([1, 1], [2025 * STEP + 1, 1])
    assert (funding["activity_row"], funding["source_row"]) == ([1] * 4, [2, 1, 1, 1])
    assert funding["counted_as"] == [STEP + 1, 2 * STEP + 1, 4 * STEP + 1, 5 * STEP + 1]
    assert funding["activity_year"] == [year * STEP + 1 for year in (2025, 0, 2024, 2026)]
    assert funding["counted"] == [1, 1, None, None]


def test_numbers__are_those_of_the_rows_in_the_sheet():
    places = {"activities": [4], "sources": [3, 7]}
    found = computed_columns(totals(NUMBERED), load_schemas()["funding"], Language.EN, places)

    assert found["activity_row"] == [4] * 4
    assert found["source_row"] == [7, 3, 3, 3]
    assert found["counted_as"][0] == STEP + 4
