"""Totals and gaps on a terminal: aligned, unbroken, and with what a reader must know."""

from __future__ import annotations

import pytest
from sheets import totals as reckoning

from cmswp_xl.figures.totals import GROUPINGS
from cmswp_xl.languages import Language, Words
from cmswp_xl.listings.totals import totals_text, unfunded_text
from cmswp_xl.messages.labels import agreement

SAY = Words(Language.EN)
BOOK = """
## Programme
| setting           | value |
| support_cost_rate | 13    |
| illustrative      | yes   |

## Activities
| id     | number | area | priority | costing | title                      |
| ICC-01 | '1.1   | ICC  | core     | partial | Train [bold]people[/bold]  |
| ICC-02 | '1.2   | ICC  |          |         | Overfunded                 |
| ICC-03 | '1.3   | ICC  |          |         | Not costed                 |

## Costs
| activity | year | support_cost | amount     |
| ICC-01   | 2024 | excluded     | 1234567.89 |
| ICC-02   |      | excluded     | 100        |

## Funding
| activity | year | source | stage     | amount | in_kind |
| ICC-01   | 2024 | CORE   | received  | 40     |         |
| ICC-01   | 2024 | VOL    | pledged   | 7      |         |
| ICC-01   | 2024 | VOL    | confirmed | 3      | yes     |
| ICC-02   |      | VOL    | confirmed | 150    |         |
| ICC-03   |      | VOL    | confirmed | 9      |         |
"""
UNCOSTED = """
## Costs
| activity | amount |

## Funding
| activity | source | stage | amount |
"""


def totals(by, width=80, book=BOOK, language=Language.EN, *, colour=False):
    return totals_text(reckoning(book), by, Words(language), colour=colour, width=width)


def needs(width=80, book=BOOK):
    return unfunded_text(reckoning(book), SAY, colour=False, width=width)


@pytest.mark.parametrize("by", GROUPINGS)
@pytest.mark.parametrize("width", [80, 120, 200])
@pytest.mark.parametrize("book", [BOOK, UNCOSTED])
def test_totals__keep_to_the_width(by, width, book):
    found = totals(by, width, book)

    assert max(map(len, found.splitlines())) <= width
    assert "\x1b" not in found


def test_narrow_terminal__is_overrun_before_an_amount_is_cut():
    assert "1,234,667.89" in totals("activity", 20)


def test_wide_table__has_all_columns_in_one():
    lines = totals("activity", 200).splitlines()
    header = next(line for line in lines if "Pledged" in line)

    assert " ".join(header.split()) == (
        "Activity Cost budget contributions To be sought Surplus Pledged kind Funding status"
    )
    assert sum("Surplus" in line for line in lines) == 1


def test_narrow_table__shows_pledged_and_in_kind_in_a_second_one():
    found = totals("activity")

    assert found.index("sought") < found.index("  Total") < found.index("Pledged")
    assert "(surplus 50.00)" in found
    assert "(partly funded; costed in" in found


def test_amounts__are_aligned_on_the_right():
    lines = [line for line in totals("activity").splitlines() if line.startswith("ICC-0")]

    assert len({len(line) for line in lines[:2]}) == 1


def test_not_costed__stays_blank_and_nil_is_a_dash():
    lines = {line[:6]: line for line in totals("activity").splitlines()}

    assert lines["ICC-02"].rstrip().endswith("–")
    assert "0.00" not in lines["ICC-03"]


def test_totals__say_how_many_are_costed_and_how_many_in_part():
    found = totals("area")

    assert "Activities costed: 2 of 3." in found
    assert "1 activity is costed only in part" in found


def test_totals_by_area__are_reconciled():
    found = totals("area", 200)

    assert (
        "Cost 1,234,667.89 = available 199.00 − surplus 50.00 − available for activities not yet"
        " costed 9.00 + to be sought 1,234,527.89\n"
    ) in found


@pytest.mark.parametrize("language", Language)
def test_reconciliation__has_the_words_and_signs_of_the_documents(language):
    both = (None, 1)
    texts = {agreement(surplus, uncosted) for surplus in both for uncosted in both}
    assert len(texts) == 4
    for text in map(Words(language), texts):
        assert "–" not in text
        assert not text.endswith(".")
        assert ("\N{MINUS SIGN}" in text) == ("{surplus}" in text or "{uncosted}" in text)


def test_totals_by_year__say_that_years_may_ask_for_more():
    found = totals("year")

    assert "so the yearly amounts to be sought" in found
    assert "whole period" in found


def test_support_costs__stand_below_with_a_grand_total():
    assert "Programme support costs, 13 per cent of 1,234,667.89: 160,506.83." in totals("area")
    assert "Programme support costs" not in totals("source")


def test_sources__have_no_cost_column_and_categories_nothing_else():
    assert "Cost" not in totals("source", 200)
    assert "Available" not in totals("category")


def test_nothing_costed__is_said_and_blank():
    found = totals("area", book=UNCOSTED)

    assert "Not yet costed." in found
    assert "0.00" not in found
    assert "–" not in found


def test_grouping_without_rows__says_so():
    assert "There is nothing to show." in totals("donor", book=UNCOSTED)


def test_blank_keys__have_a_name():
    assert "no priority" in totals("priority")
    assert "no donor specified" in totals("donor")
    assert "no category" in totals("category")


def test_illustrative_figures__are_marked_so():
    assert "The figures are illustrative." in totals("area")
    assert "The figures are illustrative." in needs()


def test_markup_in_titles__stays_text():
    assert "[bold]people[/bold]" in totals("activity", 120, colour=True)


def test_french_amounts__have_no_break_spaces():
    assert "1 234 667,89".replace(" ", "\N{NO-BREAK SPACE}") in totals(
        "area", language=Language.FR
    )


def test_unknown_grouping__is_refused():
    with pytest.raises(ValueError, match="moon"):
        totals("moon")


@pytest.mark.parametrize("width", [80, 120, 200])
def test_unfunded__lists_what_is_to_be_sought_and_apart_the_not_costed(width):
    found = needs(width)

    assert "1,234,527.89" in found
    assert "ICC-02" not in found
    assert "1 activity has funding to be sought." in found
    assert found.index("1 activity is not yet costed; the funding to be sought") < found.index(
        "ICC-03"
    )
    assert max(map(len, found.splitlines())) <= width


def test_unfunded__of_nothing_costed_says_so():
    found = needs(book=UNCOSTED)

    assert "No funding is to be sought for the costed activities." in found
    assert "ICC-01" in found
