"""The funding needs: what stands in them, in which order, and what is said of the rest."""

from __future__ import annotations

import pages
import pytest
from sheets import totals, workbook

from cmswp_xl.documents import content_of
from cmswp_xl.documents.texts import MissingText
from cmswp_xl.languages import Language
from cmswp_xl.page import text as text_of

BOOK = """
## Programme
| setting | value |
| as_at   | 2025-01-31 |
{settings}

## Areas
| code | title |
| ICC  | One   |
| GOV  | Two   |

## Activities
| id   | number | area | title | priority | responsible | costing  |
| A-01 | '1     | GOV  | Talk  | low      | Team        |          |
| A-02 | '2     | GOV  | Meet  | core     |             |          |
| A-03 | '1     | ICC  | Write | core     |             |          |
| A-04 | '3     | ICC  | Print |          |             | partial  |
| A-05 | '4     | ICC  | Plan  | core     |             |          |
| A-06 | '5     | ICC  | Sing  | high     |             |          |
| A-07 | '6     | ICC  | Rest  | low      |             |          |
| A-08 | '7     | ICC  | Wait  | medium   |             | partial  |

## Costs
| activity | year | category | quantity | unit_cost | amount |
| A-01     | 2024 | meetings | 4        | 12500     | 50000  |
| A-01     | 2025 | meetings | 2        | 12500     | 25000  |
| A-01     | 2025 |          | 3        | 10.5      | 31.5   |
| A-02     |      | travel   |          |           | 1000   |
| A-03     | 2024 | travel   | 5        | 100       | 500    |
| A-03     | 2025 | travel   | 7        | 100       | 700    |
| A-04     |      |          |          |           | 90     |
| A-06     |      |          |          |           | 70     |
| A-08     |      |          |          |           | 10     |

## Funding
| activity | year | source | stage    | amount | in_kind |
| A-01     | 2025 | VOL    | pledged  | 5000   |         |
| A-02     |      | VOL    | pledged  | 1500   |         |
| A-03     | 2024 | CORE   | received | 500    |         |
| A-03     | 2025 | VOL    | received | 30     | yes     |
| A-06     |      | VOL    | pledged  | 20     |         |
| A-08     |      | CORE   | received | 10     |         |

## Progress
| activity | as_at      | status  |
| A-01     | 2024-06-30 | done    |
| A-01     | 2024-12-31 | ongoing |
| A-06     | 2024-12-31 | done    |
| A-02     | 2025-06-30 | done    |
"""


def needs(text="", language=Language.EN, **settings):
    lines = "\n".join(f"| {name} | {value} |" for name, value in settings.items())
    book = BOOK.format(settings=lines) + text
    found, missing = content_of("funding-needs")(totals(workbook(book)), language)
    assert missing == []
    return found


def parts(found):
    return [part for part in found.body if part.anchor.startswith("priority-")]


def numbers(table):
    """Return the numbers of activities under the titles of their areas."""
    areas = {}
    for row in table.rows:
        if row.look == "group":
            areas[text_of(row.cells[0])] = []
        elif not row.look:
            areas[list(areas)[-1]].append(row.cells[0])
    return list(areas.items())


def row(found, title):
    rows = [row for part in parts(found) for row in part.blocks[0].rows if row.look == ""]
    return next(one for one in rows if pages.said(one.cells[1], "") == [title])


def amounts(row):
    return tuple(map(text_of, row.cells[-3:]))


def bought(row):
    return [paragraph.text for paragraph in row.cells[3].paragraphs]


def remarks(found):
    return [note.text for note in pages.section(found, "remarks").blocks]


def reconciliations(found):
    return [note.text for note in pages.section(found, "summary").blocks[1:]]


def test_needs__stand_by_priority_and_then_in_the_order_of_the_areas():
    found = needs()

    assert [(part.title, numbers(part.blocks[0])) for part in parts(found)] == [
        ("Core priority", [("One", ["1"]), ("Two", ["2"])]),
        ("Low priority", [("Two", ["1"])]),
        ("Priority not specified", [("One", ["3"])]),
    ]


def test_title_and_head__are_stamped():
    found = needs(symbol="UNEP/1")

    assert found.title == "Funding needs as at 31\u00a0January 2025 (draft)"
    assert found.head == "UNEP/1 – Funding needs"
    assert not any("As at" in text for text in found.statements)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Talk", ("75,031.50", "5,000.00", "70,031.50")),
        ("Meet", ("1,000.00", "1,500.00", "–")),
        ("Write", ("700.00", "–", "700.00")),
        ("Print", ("at least 90.00", "–", "at least 90.00")),
    ],
)
def test_amounts(title, expected):
    assert amounts(row(needs(), title)) == expected


def test_pledges_beyond_the_gap__are_told_and_reconciled():
    found = needs()

    table, note = parts(found)[0].blocks
    assert (note.mark, note.text) == ("a", "Pledges exceed the funding to be sought by 500.00.")
    assert row(found, "Meet").cells[1].paragraphs[0].notes == "a"
    assert amounts(table.rows[-1]) == ("1,700.00", "1,500.00", "700.00")
    assert reconciliations(found)[1] == (
        "Remaining at least 70,821.50 = to be sought at least 76,821.50 − pledged 6,500.00"
        " + pledged in excess 500.00"
    )


def test_total__is_that_of_the_annex_less_what_is_done():
    found = needs()

    assert amounts(pages.table(found, "summary").rows[-1]) == (
        "at least 76,821.50",
        "6,500.00",
        "at least 70,821.50",
    )
    assert reconciliations(found)[0] == (
        "Funding to be sought in Annex I (at least 76,891.50) − funding to be sought for"
        " activities carried out (70.00) = funding needs (at least 76,821.50)."
    )
    assert "Activities left out because they have been carried out: 5." in remarks(found)


def test_total__is_that_of_the_annex_where_nothing_is_done():
    found = needs("\n## Progress\n| activity | as_at | status |\n")

    said = "The total is the funding to be sought in Annex I: at least 76,891.50."
    assert reconciliations(found)[0] == said
    assert not any("carried out" in text for text in remarks(found))


def test_uncosted_core_activities__stand_apart_and_others_are_counted():
    found = needs()

    assert numbers(pages.table(found, "uncosted")) == [("One", ["4"])]
    assert "Activities without core priority that are not yet costed: 6." in remarks(found)
    assert "Costed in part and funded as far as the cost is known: 7." in remarks(found)


def test_contribution__buys_what_is_missing_and_has_a_unit_cost():
    found = needs()

    assert bought(row(found, "Talk")) == [
        "Meetings: 6 at EUR\u00a012,500 each",
        "3 at EUR\u00a010.50 each",
    ]
    assert bought(row(found, "Write")) == ["Travel: 7 at EUR\u00a0100 each"]
    assert bought(row(found, "Meet")) == []


def test_unit_costs__are_in_full_whatever_amounts_are_rounded_to():
    found = needs(rounding="thousand")

    assert bought(row(found, "Talk"))[0] == "Meetings: 6 at EUR\u00a012,500 each"
    assert amounts(row(found, "Talk")) == ("75", "5", "70")
    assert amounts(row(found, "Write")) == ("1", "–", "1")
    assert amounts(row(found, "Print"))[0] == "at least <\u00a01"
    assert "Unit costs are not rounded." in found.statements


def test_numbers_that_two_areas_share__come_with_their_area():
    found = needs(
        """
        ## Progress
        | activity | as_at      | status |
        | A-01     | 2024-06-30 | done   |
        """
    )

    assert "Activities left out because they have been carried out: 1 (GOV)." in remarks(found)


def test_pledges_elsewhere_and_in_kind__are_told():
    said = remarks(needs())

    assert "Pledged for other activities, and not counted here: 5 (20.00)." in said
    assert "In kind, and not counted: 1 (ICC) (30.00)." in said


@pytest.mark.parametrize(
    ("costs", "rate", "words"),
    [
        ("included", "13", "gross"),
        ("excluded", "13", "13 per cent"),
        ("excluded", "", "not included"),
    ],
)
def test_net_or_gross__is_said(costs, rate, words):
    text = f"""
    ## Costs
    | activity | amount | support_cost |
    | A-02     | 1000   | {costs}      |
    """
    said = needs(text, support_cost_rate=rate).statements

    assert any(words in text for text in said)


def test_part_of_the_costs_net__is_said():
    text = """
    ## Costs
    | activity | amount | support_cost |
    | A-02     | 1000   | excluded     |
    | A-03     | 1000   | included     |
    """
    assert any(
        "Part of the amounts" in one for one in needs(text, support_cost_rate=13).statements
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("## Costs\n| activity | amount |\n", "No activity has been costed yet"),
        ("## Costs\n| activity | amount |\n| A-08 | 10 |", "No funding is to be sought"),
    ],
)
def test_nothing_needed__is_told_apart_from_not_known(text, said):
    found = needs("\n" + text)

    assert pages.sentences(found)[0].startswith(said)
    assert {"summary", "needs"}.isdisjoint(pages.tables(found))


def test_columns__are_counted_as_they_are_there():
    both, none = (
        needs(),
        needs(
            """
            ## Activities
            | id   | number | area | title |
            | A-02 | '2     | GOV  | Meet  |

            ## Costs
            | activity | amount |
            | A-02     | 10     |

            ## Funding
            | activity | source | stage | amount |

            ## Progress
            | activity | as_at | status |
            """
        ),
    )
    details = ["Responsible", "What a contribution would buy"]
    for found, expected in ((both, details), (none, [])):
        table = parts(found)[0].blocks[0]
        assert pages.heads(table)[2:-3] == expected
        assert table.rows[-1].cells[0].span == 2 + len(expected)


def test_texts_of_staff__stand_above():
    text = """
    ## Texts
    | document      | paragraph | kind      | text  |
    | funding-needs | 1         | paragraph | Give. |
    | cover         | 1         | paragraph | Read. |
    """
    assert pages.sentences(needs(text))[0] == "Give."


def test_internal_fields__are_printed_nowhere():
    text = """
    ## Costs
    | activity | quantity | unit_cost | amount | note   |
    | A-02     | 2        | 500       | 1000   | secret |

    ## Comments
    | id  | text    | author  | response |
    | C-1 | hush    | nobody  | whisper  |
    """
    everything = repr(needs(text))
    for word in ("secret", "hush", "nobody", "whisper"):
        assert word not in everything


def test_missing_texts__are_those_that_would_be_printed_and_no_others():
    text = """
    ## Areas
    | code | title_en | title_fr |
    | ICC  | One      |          |
    | GOV  | Two      |          |

    ## Activities
    | id   | number | area | title_en | title_fr | priority |
    | A-01 | '1     | ICC  | One      |          | core     |
    | A-02 | '2     | GOV  | Done     |          |          |

    ## Costs
    | activity | amount |
    | A-01     | 5      |
    | A-02     | 5      |

    ## Progress
    | activity | as_at      | status |
    | A-02     | 2024-12-31 | done   |

    ## Funding
    | activity | source | stage | amount |

    ## Texts
    | document      | paragraph | kind      | text_en |
    | funding-needs | 7         | paragraph | Give.   |
    """
    _, missing = content_of("funding-needs")(totals(workbook(text)), Language.FR)

    assert set(missing) == {
        MissingText("areas", "ICC", "title_fr"),
        MissingText("activities", "A-01", "title_fr"),
        MissingText("texts", "funding-needs/7", "text_fr"),
    }


PLEDGES = """
## Funding
| activity | year | source | donor | stage     | amount | in_kind | pledged_on |
| A-01     | 2025 | VOL    | DE    | pledged   | 5000   |         | 2024-12-02 |
| A-01     | 2025 | VOL    | DE    | pledged   | 10     |         | 2024-11-05 |
| A-01     | 2025 | VOL    | DE    | pledged   | 10     |         | 2024-11-05 |
| A-01     | 2025 | VOL    | DE    | pledged   | 10     |         |            |
| A-01     | 2025 | VOL    | DE    | pledged   | 9      | yes     | 2024-10-10 |
| A-02     |      | VOL    | DE    | confirmed | 1      |         | 2024-10-10 |
| A-03     |      | VOL    | DE    | pledged   | 1      |         |            |

## Donors
| code | name    |
| DE   | Germany |
"""


def test_pledges__say_on_which_days_they_were_made():
    before, _, after = BOOK.partition("## Funding")
    book = before.format(settings="") + PLEDGES + "## Progress" + after.partition("## Progress")[2]
    found, _ = content_of("funding-needs")(totals(workbook(book)), Language.EN)
    notes = {part.anchor: [note.text for note in part.blocks[1:]] for part in parts(found)}
    said = "Pledged on 5\u00a0November 2024 and 2\u00a0December 2024."
    assert notes["priority-low"] == [said]
    assert [text for texts in notes.values() for text in texts if "Pledged on" in text] == [said]
