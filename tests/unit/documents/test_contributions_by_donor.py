"""The contributions by donor: columns by stage, sums, dates, other currencies, statements."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pages
import pytest
from sheets import programme, totals

from cmswp_xl.documents.contributions import content, fitted_sums, givers_of
from cmswp_xl.documents.texts import MissingText
from cmswp_xl.figures.totals import compute_totals
from cmswp_xl.languages import Language
from cmswp_xl.page import Table, text
from cmswp_xl.pipeline import check_source
from cmswp_xl.samples import RowsSource, read_sample
from cmswp_xl.schema import load_schemas

FIELDS = (
    "activity | year | source | donor | stage | amount | in_kind | reference | pledged_on"
    " | confirmed_on | received_on | original_amount | original_currency | rate"
)
BOOK = f"""
## Activities
| id     | number | area | mandates | title        |
| ICC-01 | '1.1   | ICC  | Res. 1   | Train people |
| ICC-02 | '1.2   | ICC  | Res. 1   | Meet people  |

## Donors
| code | name    |
| FR   | France  |
| DE   | Germany |
| IT   | Italy   |

## Scenarios
| code | title |
| LOW  | Low   |

## Rates
| currency | date       | rate | reference |
| USD      | 2024-01-01 | 0.92 | SECRET    |

## Funding
| {FIELDS} | scenario |
| ICC-01 | 2024 | VOL  | DE | pledged   | 10 | | L-1 | 2024-02-01 | | | | | | |
| ICC-01 | 2025 | VOL  | DE | received  | 92 | | L-2 | | | 2024-03-05 | 100 | USD | | |
| ICC-02 |      | VOL  | DE | confirmed | 7  | yes | L-3 | | | | | | | |
| ICC-02 | 2024 | VOL  | DE | confirmed | 999 | | | | | | | | | LOW |
| ICC-02 | 2024 | VOL  | FR | confirmed | 45 | | L-4 | | | | 50.5 | CHF | 0.8910891089 | |
| ICC-02 | 2024 | CORE |    | received  | 30 | | | | | | | | | |
| ICC-02 | 2025 | CORE | FR | confirmed | 8  | | L-5 | | | | 9 | JPY | | |
"""


def paper(*codes, language=Language.EN, book=BOOK, settings=None, scenario=None):
    plan = programme(book)
    plan = replace(plan, settings=replace(plan.settings, **(settings or {})))
    found, missing = content(compute_totals(plan, scenario), language, codes)
    assert missing == []
    return found


def rows(section):
    """Return the rows of a donor: the last cells of each, its amounts by stage."""
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    return [tuple(map(text, row.cells)) for row in table.rows]


def titles(found):
    return [section.title for section in found.body]


def test_summary__has_each_stage_apart_and_the_totals():
    assert pages.texts(pages.table(paper(), "summary")) == [
        ("France", "–", "53", "–", "53", "–"),
        ("Germany", "10", "–", "92", "92", "7"),
        ("No donor (core budget and other sources)", "–", "–", "30", "30", "–"),
        ("Total", "10", "53", "122", "175", "7"),
    ]


def test_donors__have_a_table_each_in_the_order_of_their_sheet_and_none_comes_last():
    found = paper()
    assert titles(found) == [
        "Contributions by donor and stage",
        "France",
        "Germany",
        "No donor (core budget and other sources)",
        "",
    ]
    assert pages.notes(found) == ["No contributions are recorded for Italy."]


def test_contribution__stands_under_its_stage_with_what_it_serves():
    germany = pages.section(paper(), "donor-2")
    day = "1\u00a0February\u00a02024", "5\u00a0March\u00a02024", "1\u00a0January 2024"
    assert rows(germany) == [
        (
            *("1.1", "Train people", "2024", "Contributions\nL-1", f"Pledged: {day[0]}"),
            *("", "10", "", "", ""),
        ),
        (
            *("2025", "Contributions\nL-2", f"Received: {day[1]}"),
            *(f"USD\u00a0100 at 0.92 (rate of {day[2]})", "", "", "92", ""),
        ),
        (
            *("1.2", "Meet people", "Whole period", "Contributions\nL-3\nconfirmed", ""),
            *("", "", "", "", "7"),
        ),
        ("Sub-total", "10", "–", "92", "7"),
    ]


def test_original_amounts__are_printed_with_their_rate_or_without_one():
    found = rows(pages.section(paper(), "donor-1"))
    assert [row[-5] for row in found[:-1]] == [
        "CHF\u00a050.50 at 0.8910891089",
        "JPY\u00a09, rate not known",
    ]
    french = rows(pages.section(paper(language=Language.FR), "donor-1"))
    assert french[0][-5] == "50,50\u00a0CHF, au taux de 0,8910891089"


def test_rows_of_another_scenario__are_left_out_as_everywhere():
    assert "999" not in str(rows(pages.section(paper(), "donor-2")))
    low = paper(scenario="LOW")
    assert ("Germany", "10", "999", "92", "1,091", "7") in pages.texts(pages.table(low, "summary"))
    assert "Budget scenario: Low." in low.statements


@pytest.mark.parametrize("day", [dt.date(2025, 1, 31), None])
def test_statement_for_one_donor__begins_with_whom_it_is_for_and_when(day):
    found = paper("DE", settings={"as_at": day})
    assert found.statements[0] == (
        "Statement for Germany, as at 31\u00a0January 2025."
        if day
        else "Statement for Germany. No date is specified."
    )
    assert titles(found) == ["Germany"]
    assert rows(found.body[0])[-1] == ("Total", "10", "–", "92", "7")


def test_statement_for_a_donor_without_contributions__says_so():
    found = paper("IT")
    assert pages.sentences(found) == ["No contributions are recorded."]


def test_internal_fields__stay_out():
    assert "SECRET" not in str([rows(section) for section in paper().body[1:4]])


def test_missing_name_of_a_donor__is_found():
    found = programme(BOOK)
    donors = tuple(replace(d, name=replace(d.name, fr=None)) for d in found.donors)
    found = compute_totals(replace(found, donors=donors))
    missing = content(found, Language.FR, ["DE"])[1]
    assert MissingText("donors", "DE", "name_fr") in missing


@pytest.mark.parametrize("step", [None, Decimal(1), Decimal(1000)])
@pytest.mark.parametrize("scenario", ["BASE", "ZRG"])
def test_figures__are_those_of_totals_by_donor_and_add_up_as_shown(step, scenario):
    """The worked example, exact and rounded: what is printed adds up to what is printed."""
    source = RowsSource(read_sample("example"), load_schemas(), Language.EN)
    found = compute_totals(check_source(source, flags=False)[0].programme, scenario)
    givers = givers_of(found)
    amounts, sums = fitted_sums(found, givers, step)
    for row, giver in zip(
        sorted((r for r in found.rows("donor") if r.rows), key=lambda r: not r.key),
        givers,
        strict=True,
    ):
        exact = {stage: sums[giver.at, stage].exact for stage in ("pledged", "in_kind")}
        assert exact == {"pledged": row.figures.pledged, "in_kind": row.figures.in_kind}
        both = sums[giver.at, "confirmed"].exact + sums[giver.at, "received"].exact
        assert both == row.figures.available
        assert sum(amounts[r].shown for r in giver.rows) == sum(
            value.shown for (at, _), value in sums.items() if at == giver.at
        )
    for stage in ("pledged", "confirmed", "received", "in_kind"):
        parts = [sums[giver.at, stage].shown for giver in givers]
        assert sum(parts) == sums[("total",), stage].shown
    assert sorted(amounts) == [
        i for i, f in enumerate(found.programme.funding) if f.scenario in (None, scenario)
    ]


def test_programme_without_donors__has_its_contributions_under_none():
    found, _ = content(totals(), Language.EN)
    assert titles(found)[1:] == ["No donor (core budget and other sources)"]


def test_voluntary_contribution_without_a_donor__lacks_one():
    found = paper(book=BOOK.replace("| VOL  | FR |", "| VOL  |    |"))
    assert "Donor not specified" in titles(found)


def test_statement__names_its_donor_in_the_title():
    assert paper("DE").title == "Contributions (draft) – Germany"
    assert paper().title == "Contributions (draft)"
