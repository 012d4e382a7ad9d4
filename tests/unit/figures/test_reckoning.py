"""Every figure of the programme: what counts, what stays blank, and how it adds up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import programme, totals

from cmswp_xl.figures.totals import GROUPINGS, KINDS, Figures, compute_totals
from cmswp_xl.model import Activity, Area, Contribution, CostLine, FundingSource, Text
from cmswp_xl.money import fitted, rounded, total

DONORS = """
## Donors
| code | name    |
| DE   | Germany |
| FR   | France  |
"""
SCENARIOS = """
## Scenarios
| code | title |
| LOW  | Low   |
| HIGH | High  |
"""


def figures(text, activity="ICC-01", scenario=None):
    return totals(text, scenario).by_activity[activity]


@pytest.mark.parametrize(
    ("amount", "status", "sought", "surplus"),
    [
        ("0", "unfunded", "100", "0"),
        ("0.01", "partly-funded", "99.99", "0"),
        ("99.99", "partly-funded", "0.01", "0"),
        ("100", "funded", "0", "0"),
        ("100.01", "overfunded", "0", "0.01"),
    ],
)
def test_status__turns_at_the_exact_cent(amount, status, sought, surplus):
    found = figures(f"""
    ## Funding
    | activity | source | stage    | amount   |
    | ICC-01   | CORE   | received | {amount} |
    """)

    assert (found.status, found.to_be_sought, found.surplus) == (
        status,
        Decimal(sought),
        Decimal(surplus),
    )


@pytest.mark.parametrize(
    ("amount", "status"),
    [("99", "partly-funded"), ("100", "partly-funded"), ("101", "overfunded")],
)
def test_activity_costed_in_part__is_never_funded(amount, status):
    found = figures(f"""
    ## Activities
    | id     | number | area | mandates | costing | title |
    | ICC-01 | '1.1   | ICC  | Res. 1   | partial | Train |

    ## Funding
    | activity | source | stage    | amount   |
    | ICC-01   | CORE   | received | {amount} |
    """)

    assert (found.status, found.partial) == (status, 1)


def test_activity_without_costs__stays_blank_and_is_not_unfunded():
    found = totals(
        """
    ## Costs
    | activity | amount |

    ## Funding
    | activity | source | stage | amount |
    """
    )

    own = found.by_activity["ICC-01"]
    assert own == Figures(status="not-costed", activities=1, not_costed=1)
    assert found.total == Figures(activities=1, not_costed=1)


def test_activity_without_cost__is_not_one_that_is_not_costed():
    found = figures("""
    ## Costs
    | activity | amount |
    | ICC-01   | 0      |

    ## Funding
    | activity | source | stage | amount |
    """)

    assert (found.status, found.cost, found.to_be_sought, found.not_costed) == ("no-cost", 0, 0, 0)


def test_money_for_an_activity_that_is_not_costed__is_available_and_leaves_cost_blank():
    found = figures("""
    ## Costs
    | activity | amount |
    """)

    assert (found.cost, found.core, found.to_be_sought, found.surplus, found.uncosted) == (
        None,
        Decimal(40),
        None,
        None,
        Decimal(40),
    )


def test_pledges_and_gifts_in_kind__are_shown_apart_and_never_available():
    found = figures("""
    ## Funding
    | activity | source | stage     | in_kind | amount |
    | ICC-01   | VOL    | pledged   |         | 1      |
    | ICC-01   | VOL    | confirmed | no      | 2      |
    | ICC-01   | VOL    | received  |         | 4      |
    | ICC-01   | VOL    | received  | yes     | 8      |
    | ICC-01   | VOL    | pledged   | yes     | 16     |
    """)

    assert (found.voluntary, found.pledged, found.in_kind, found.to_be_sought) == (6, 1, 24, 94)


def test_money__is_split_by_the_kind_of_its_source():
    found = figures("""
    ## Sources
    | code | kind      | title |
    | A    | core      | A     |
    | B    | voluntary | B     |
    | C    | other     | C     |

    ## Funding
    | activity | source | stage    | amount |
    | ICC-01   | a      | received | 1      |
    | ICC-01   | B      | received | 2      |
    | ICC-01   | C      | received | 4      |
    | ICC-01   | A      | received | 8      |
    """)

    assert (found.core, found.voluntary, found.other, found.available) == (9, 2, 4, 15)


ROWS = (
    SCENARIOS
    + """
## Costs
| activity | scenario | amount |
| ICC-01   |          | 1      |
| ICC-01   | LOW      | 2      |
| ICC-01   | high     | 4      |

## Funding
| activity | source | scenario | stage    | amount |
| ICC-01   | CORE   |          | received | 0.1    |
| ICC-01   | CORE   | LOW      | received | 0.2    |
| ICC-01   | CORE   | HIGH     | received | 0.4    |
"""
)


@pytest.mark.parametrize(
    ("own", "asked", "cost", "core"),
    [
        ("", None, "1", "0.1"),
        ("LOW", None, "3", "0.3"),
        ("low", None, "3", "0.3"),
        ("LOW", "HIGH", "5", "0.5"),
        ("", "HIGH", "5", "0.5"),
    ],
)
def test_rows_of_a_scenario__count_in_it_only_and_rows_without_one_in_all(own, asked, cost, core):
    text = f"{ROWS}\n## Programme\n| setting | value |\n| scenario | {own} |"
    found = figures(text, scenario=asked)

    assert (found.cost, found.core) == (Decimal(cost), Decimal(core))


def test_sums_over_activities__never_set_surplus_against_need():
    found = totals("""
    ## Activities
    | id     | number | area | mandates | priority | title |
    | ICC-01 | '1.1   | ICC  | Res. 1   | core     | A     |
    | ICC-02 | '1.2   | ICC  | Res. 1   | low      | B     |
    | ICC-03 | '1.3   | ICC  | Res. 1   |          | C     |

    ## Costs
    | activity | amount |
    | ICC-01   | 100    |
    | ICC-02   | 100    |

    ## Funding
    | activity | source | stage    | amount |
    | ICC-01   | CORE   | received | 130    |
    | ICC-02   | CORE   | received | 20     |
    | ICC-03   | VOL    | received | 7      |
    """)

    sums = found.total
    assert (sums.cost, sums.available, sums.to_be_sought, sums.surplus) == (200, 157, 80, 30)
    assert (sums.uncosted, sums.not_costed, sums.activities, sums.reconciled) == (7, 1, 3, False)
    assert [(r.key, r.figures.to_be_sought) for r in found.rows("priority")] == [
        ("core", 0),
        ("low", 80),
        ("", None),
    ]


YEARS = """
## Costs
| activity | year | amount |
| ICC-01   | 2024 | 50     |
| ICC-01   | 2025 | 50     |

## Funding
| activity | year | source | stage    | amount |
| ICC-01   | 2024 | CORE   | received | 80     |
| ICC-01   |      | CORE   | received | 5      |
"""


def test_years__ask_for_their_own_money_and_the_period_for_its():
    found = totals(YEARS)

    lines = [
        (r.key, r.figures.cost, r.figures.available, r.figures.to_be_sought, r.figures.surplus)
        for r in found.rows("year")
    ]
    assert lines == [
        ("2024", 50, 80, 0, 30),
        ("2025", 50, 0, 50, 0),
        ("2026", None, None, None, None),
        ("", 0, 5, 0, 5),
    ]
    assert (found.total.to_be_sought, found.total.surplus) == (15, 0)


def test_row_of_the_whole_period__is_there_only_where_something_stands_in_it():
    assert [row.key for row in totals().rows("year")] == ["2024", "2025", "2026"]


def test_figures_of_a_year__are_those_of_its_line():
    found = totals(YEARS)

    for row in found.rows("year"):
        year = int(row.key) if row.key else None
        assert found.year_figures(year, found.programme.activities) == row.figures


def test_areas_without_activities__are_lines_without_money():
    found = totals("""
    ## Areas
    | code | title |
    | PAG  | Empty |
    | ICC  | Full  |
    """)

    first, second = found.rows("area")
    assert (first.key, first.figures, first.title) == ("PAG", Figures(), Text(*["Empty"] * 3))
    assert (second.key, second.figures.cost) == ("ICC", 100)


def test_sources_and_donors__have_no_cost_and_nothing_to_be_sought():
    found = totals(
        DONORS
        + """
    ## Funding
    | activity | source | donor | stage    | in_kind | amount |
    | ICC-01   | VOL    | de    | received |         | 5      |
    | ICC-01   | CORE   |       | received |         | 7      |
    | ICC-01   | VOL    | DE    | pledged  |         | 9      |
    | ICC-01   | VOL    | DE    | received | yes     | 3      |
    """
    )

    donors = {row.key: row.figures for row in found.rows("donor")}
    assert list(donors) == ["DE", "FR", ""]
    assert (donors["DE"].voluntary, donors["DE"].pledged, donors["DE"].in_kind) == (5, 9, 3)
    assert (donors[""].core, donors["FR"]) == (7, Figures())
    for row in found.rows("donor") + found.rows("source"):
        assert (row.figures.cost, row.figures.to_be_sought, row.figures.status) == (
            None,
            None,
            None,
        )


def test_categories__have_costs_only():
    found = totals("""
    ## Costs
    | activity | category | amount |
    | ICC-01   | travel   | 1      |
    | ICC-01   |          | 2      |
    | ICC-01   | travel   | 4      |
    """)

    assert [(r.key, r.figures.cost) for r in found.rows("category")] == [("travel", 5), ("", 2)]


@pytest.mark.parametrize(
    ("rate", "mark", "expected"),
    [
        ("13", "excluded", "13.00"),
        ("7.5%", "excluded", "7.50"),
        ("13", "included", None),
        ("13", "", None),
        ("", "excluded", None),
        ("0", "excluded", "0.00"),
    ],
)
def test_support_costs__are_a_line_of_their_own_below(rate, mark, expected):
    found = totals(f"""
    ## Programme
    | setting           | value  |
    | support_cost_rate | {rate} |

    ## Costs
    | activity | support_cost | amount |
    | ICC-01   | {mark}       | 100    |
    """)

    assert found.support_costs() == (None if expected is None else Decimal(expected))
    assert (found.total.cost, found.total.to_be_sought) == (100, 60)


def test_support_costs__are_rounded_once_and_not_line_by_line():
    found = totals("""
    ## Programme
    | setting           | value |
    | support_cost_rate | 13    |

    ## Costs
    | activity | support_cost | amount |
    | ICC-01   | excluded     | 0.04   |
    | ICC-01   | excluded     | 0.04   |
    | ICC-01   | excluded     | 0.04   |
    """)

    assert found.support_costs() == Decimal("0.02")


def test_posts__never_enter_the_cost_of_activities():
    posts = """
    ## Posts
    | id  | grade | source | annual_cost | title   |
    | P01 | P-4   | CORE   | 100000      | Officer |

    ## Allocations
    | post | area | percent |
    | P01  | ICC  | 50      |
    """

    assert totals(posts).total == totals().total


def test_grouping_that_is_not_there__is_a_value_error():
    with pytest.raises(ValueError, match="colour"):
        totals().rows("colour")


# Properties of any programme.

CENTS = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)
SOME = st.none() | st.integers(2024, 2026)
WHICH = st.sampled_from([None, None, "LOW", "HIGH"])
BASE = programme(SCENARIOS + DONORS)


@st.composite
def programmes(draw):
    """Give a programme of a few areas and activities with any costs and funding."""
    areas = [f"A{i}" for i in range(draw(st.integers(1, 3)))]
    count = draw(st.integers(1, 6))
    ids = st.sampled_from([f"ID-{i}" for i in range(count)])
    kinds = dict(zip("CVO", KINDS, strict=True))
    activities = tuple(
        replace(
            BASE.activities[0],
            id=f"ID-{i}",
            number=str(i),
            area=draw(st.sampled_from(areas)),
            priority=draw(st.sampled_from([None, "core", "low"])),
            costing=draw(st.sampled_from(["complete", "partial"])),
        )
        for i in range(count)
    )
    costs = st.builds(
        CostLine,
        ids,
        SOME,
        st.sampled_from([None, "travel", "grants"]),
        st.none(),
        st.none(),
        CENTS,
        st.sampled_from(["included", "excluded"]),
        WHICH,
        st.none(),
    )
    funding = st.builds(
        Contribution,
        ids,
        SOME,
        st.sampled_from(list(kinds)),
        st.sampled_from([None, "DE", "FR"]),
        st.sampled_from(["pledged", "confirmed", "received"]),
        CENTS,
        st.sampled_from([False, False, True]),
        WHICH,
        st.none(),
        st.none(),
    )
    return replace(
        BASE,
        areas=tuple(Area(code, Text(code, code, code)) for code in areas),
        activities=activities,
        sources=tuple(FundingSource(k, kind, Text(k, k, k), None) for k, kind in kinds.items()),
        costs=tuple(draw(st.lists(costs, max_size=12))),
        funding=tuple(draw(st.lists(funding, max_size=12))),
    )


ASKED = st.sampled_from([None, "LOW", "HIGH"])
SUMMED = ("cost", *KINDS, "pledged", "in_kind", "to_be_sought", "surplus")


@given(programmes(), ASKED, st.sampled_from(["activity", "area", "priority"]))
def test_total__is_the_sum_of_its_parts_in_every_grouping(found, scenario, by):
    reckoned = compute_totals(found, scenario)
    rows = [row.figures for row in reckoned.rows(by)]

    for name in SUMMED:
        parts = [value for row in rows if (value := getattr(row, name)) is not None]
        assert getattr(reckoned.total, name) == (total(parts) if parts else None)
    assert reckoned.total.activities == sum(row.activities for row in rows)
    assert reckoned.total.not_costed == sum(row.not_costed for row in rows)
    assert reckoned.total.uncosted == total(row.uncosted for row in rows)
    assert reckoned.total.excluded == total(row.excluded for row in rows)


@given(programmes(), ASKED)
def test_figures__reconcile_at_every_level(found, scenario):
    reckoned = compute_totals(found, scenario)
    levels = [reckoned.total] + [
        row.figures for by in ("activity", "area", "priority", "year") for row in reckoned.rows(by)
    ]

    for one in levels:
        if one.cost is not None:
            available = one.available or Decimal(0)
            assert one.cost == available - one.surplus - one.uncosted + one.to_be_sought
        if one.reconciled and one.cost is not None:
            assert one.cost - (one.available or 0) == one.to_be_sought


@given(programmes(), ASKED)
def test_figures_by_source_donor_category_and_year__hold_all_the_money(found, scenario):
    reckoned = compute_totals(found, scenario)
    available = reckoned.total.available or Decimal(0)

    for by in ("source", "donor", "year"):
        parts = [row.figures.available or Decimal(0) for row in reckoned.rows(by)]
        assert total(parts) == available
    for by in ("category", "year"):
        parts = [row.figures.cost or Decimal(0) for row in reckoned.rows(by)]
        assert total(parts) == (reckoned.total.cost or Decimal(0))


@given(programmes(), ASKED)
def test_order_of_rows__does_not_change_a_figure(found, scenario):
    turned = replace(found, costs=found.costs[::-1], funding=found.funding[::-1])

    first, second = compute_totals(found, scenario), compute_totals(turned, scenario)
    assert first.by_activity == second.by_activity
    assert first.total == second.total


@given(programmes(), ASKED)
def test_lines__have_each_key_once(found, scenario):
    reckoned = compute_totals(found, scenario)

    for by in GROUPINGS:
        keys = [row.key for row in reckoned.rows(by)]
        assert len(set(keys)) == len(keys)


@given(programmes(), ASKED, st.sampled_from([Decimal(1), Decimal(1000)]))
def test_rounded_figures_of_areas__add_up_to_the_rounded_total(found, scenario, step):
    reckoned = compute_totals(found, scenario)
    parts = [row.figures.cost or Decimal(0) for row in reckoned.rows("area")]
    shown = rounded(total(parts), step)

    assert total(fitted(parts, shown, step)) == shown


def test_activities__of_a_programme_are_those_of_an_area_in_order():
    found = programme()

    assert [a.id for a in found.activities_of("ICC")] == ["ICC-01"]
    assert found.activities_of("NO") == ()
    assert isinstance(found.activities[0], Activity)
