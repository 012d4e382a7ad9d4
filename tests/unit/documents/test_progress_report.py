"""The progress report: newest reports, expenditure against cost, what was not reported."""

from __future__ import annotations

import pytest
from sheets import reckoning, workbook

from cmswp_xl.documents.progress import content as progress_context
from cmswp_xl.documents.texts import MissingText
from cmswp_xl.figures.totals import carried_out, newest_reports, report_date
from cmswp_xl.languages import Language

BOOK = """
## Programme
| setting | value |
{settings}

## Areas
| code | title |
| ICC  | One   |
| GOV  | Two   |
| LAW  | Three |

## Activities
| id   | number | area | title | costing |
| A-01 | '1     | ICC  | Talk  |         |
| A-02 | '2     | ICC  | Meet  |         |
| A-03 | '3     | ICC  | Write |         |
| A-04 | '4     | ICC  | Print | partial |
| A-05 | '5     | GOV  | Plan  |         |

## Costs
| activity | amount |
| A-01     | 1000   |
| A-02     | 400    |
| A-04     | 300    |
| A-05     | 50     |

## Funding
| activity | source | stage    | amount |
| A-01     | CORE   | received | 900    |
| A-01     | VOL    | pledged  | 100    |
| A-02     | CORE   | received | 400    |
| A-03     | CORE   | received | 70     |
| A-05     | VOL    | received | 50     |

## Progress
| activity | as_at      | status        | expenditure | note       |
| A-01     | 2025-01-31 | ongoing       | 996         | Going on.  |
| A-01     | 2024-06-30 | no-progress   | 0           | Late.      |
| A-01     | 2025-06-30 | done          | 1000        | Too early. |
| A-02     | 2024-06-30 | action-needed |             | Decide.    |
| A-03     | 2025-01-31 | ongoing       | 20          |            |
| A-04     | 2025-01-31 | ongoing       | 30          |            |
"""


def book(text="", **settings):
    given = {"as_at": "2025-01-31", **settings}
    lines = "\n".join(f"| {name} | {value} |" for name, value in given.items())
    return BOOK.format(settings=lines) + text


def report(text="", language=Language.EN, **settings):
    found, missing = progress_context(reckoning(workbook(book(text, **settings))), language)
    assert missing == []
    return found


def cells(of):
    amounts = of.amounts
    return (amounts.cost, amounts.available, amounts.spent, amounts.percent, amounts.balance)


def test_newest_report_that_is_not_later__holds():
    programme = reckoning(workbook(book())).programme

    found = newest_reports(programme)

    assert {key: one.as_at.isoformat() for key, one in found.items()} == {
        "A-01": "2025-01-31",
        "A-02": "2024-06-30",
        "A-03": "2025-01-31",
        "A-04": "2025-01-31",
    }
    assert carried_out(programme) == frozenset()
    assert report_date(programme).isoformat() == "2025-01-31"


def test_newest_of_all__holds_where_the_figures_have_no_date():
    programme = reckoning(workbook(book(as_at=""))).programme

    assert newest_reports(programme)["A-01"].status == "done"
    assert carried_out(programme) == {"A-01"}
    assert report_date(programme).isoformat() == "2025-06-30"
    assert report(as_at="").title == "Progress report as at 30\u00a0June 2025 (draft)"


def test_no_report__has_no_date():
    programme = reckoning(workbook()).programme
    assert newest_reports(programme) == {}
    assert report_date(programme) is None


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("1", ("1,000", "900", "996", "<\u00a0100", "(96)")),
        ("2", ("400", "400", "not reported", "", "")),
        ("3", ("", "70", "20", "", "50")),
        ("4", ("at least 300", "–", "30", "at most 10", "(30)")),
    ],
)
def test_amounts(number, expected):
    rows = report().areas[0].rows

    assert cells(next(row for row in rows if row.number == number)) == expected


@pytest.mark.parametrize(
    ("spent", "percent"),
    [("0", "–"), ("4", "<\u00a01"), ("1000", "100"), ("1004", ">\u00a0100"), ("1006", "101")],
)
def test_percent__is_0_or_100_only_where_it_is(spent, percent):
    text = f"""
    ## Progress
    | activity | as_at      | status  | expenditure |
    | A-01     | 2025-01-31 | ongoing | {spent}     |
    """
    assert report(text).areas[0].rows[0].amounts.percent == percent


def test_nothing_spent__is_told_apart_from_not_reported():
    text = """
    ## Progress
    | activity | as_at      | status      | expenditure |
    | A-01     | 2025-01-31 | no-progress | 0           |
    | A-02     | 2025-01-31 | ongoing     |             |
    """
    rows = report(text).areas[0].rows

    assert [row.amounts.spent for row in rows] == ["–", "not reported"]
    assert rows[0].amounts.balance == "900"


def test_rows__show_status_date_and_note():
    first, second, third, _ = report().areas[0].rows

    assert (first.status, first.date, first.note) == ("Ongoing", "", ("Going on.",))
    assert (second.status, second.waits) == ("▲ Action needed", True)
    assert second.date == "as at 30\u00a0June 2024"
    assert (third.mark, third.note) == ("Not yet costed", ())


def test_subtotal__explains_what_it_adds():
    subtotal = report().areas[0].subtotal

    assert cells(subtotal) == ("at least 1,700", "1,370", "1,046", "at most 79", "(76)")
    assert subtotal.remarks == (
        "3 of 4 activities costed",
        "The percentage is 1,026 of 1,300, where both expenditure and cost are known.",
        (
            "Balance (76) = available 1,370 − available where expenditure is not reported 400"
            " − expenditure 1,046"
        ),
    )


def test_expenditure_without_recorded_funding__is_reconciled():
    text = """
    ## Funding
    | activity | source | stage    | amount |
    | A-01     | CORE   | received | 900    |

    ## Progress
    | activity | as_at      | status  | expenditure |
    | A-01     | 2025-01-31 | ongoing | 100         |
    | A-03     | 2025-01-31 | ongoing | 20          |
    """
    assert report(text).areas[0].subtotal.remarks[-1] == (
        "Balance 800 = available 900 − expenditure 120"
        " + expenditure where no funding is recorded 20"
    )


def test_what_nobody_reported_on__stands_beside():
    one, two, three = report().areas

    assert one.silent == ()
    assert [(row.label, row.remarks) for row in two.silent] == [
        ("Not reported on: 1 activity", ("5",))
    ]
    assert cells(two.silent[0]) == ("50", "50", "", "", "")
    assert (two.rows, two.empty) == ((), "Nothing has been reported on this area.")
    assert three.empty == "No activities have been listed for this area yet."


def test_overview__adds_up_to_the_annex():
    reported, silent, everything = report().overview_totals

    assert [row.label for row in (reported, silent, everything)] == [
        "Activities reported on",
        "Activities not reported on",
        "All activities, as in Annex I",
    ]
    assert cells(everything)[:2] == ("at least 1,750", "1,420")
    assert [cells(row) for row in report().overview][1:] == [("", "", "", "", "")] * 2


def test_counts_by_status():
    found = report()

    assert found.status_heads == (
        "Carried out", "Ongoing", "No progress", "Action needed", "Not reported", "Total",
    )  # fmt: skip
    assert [row.cells for row in found.counts] == [
        ("–", "3", "–", "1", "–", "4"),
        ("–", "–", "–", "–", "1", "1"),
        ("–", "–", "–", "–", "–", "–"),
    ]
    assert found.count_total.cells == ("–", "3", "–", "1", "1", "5")


def test_reports_that_are_later_only__are_counted():
    text = """
    ## Progress
    | activity | as_at      | status |
    | A-01     | 2025-06-30 | done   |
    """
    found = report(text)

    assert any(
        text.startswith("1 activity was reported on later only") for text in found.statements
    )
    assert found.count_total.cells[-2:] == ("5", "5")


def test_rounded__columns_and_rows_add_up():
    text = """
    ## Costs
    | activity | amount |
    | A-01     | 1500   |
    | A-02     | 1500   |
    | A-04     | 1500   |

    ## Funding
    | activity | source | stage    | amount |
    | A-01     | CORE   | received | 1500   |
    | A-02     | CORE   | received | 1500   |
    | A-04     | CORE   | received | 1500   |

    ## Progress
    | activity | as_at      | status  | expenditure |
    | A-01     | 2025-01-31 | ongoing | 1500        |
    | A-02     | 2025-01-31 | ongoing | 700         |
    | A-04     | 2025-01-31 | ongoing | 200         |
    """
    area = report(text, rounding="thousand").areas[0]

    assert [cells(row)[1:3] for row in area.rows] == [
        ("2", "2"),
        ("2", "<\u00a01"),
        ("1", "<\u00a01"),
    ]
    assert [cells(row)[4] for row in area.rows] == ["–", "2", "1"]
    assert cells(area.subtotal)[1:3] == ("5", "2")
    assert cells(area.subtotal)[4] == "3"


def test_comments__are_printed_nowhere():
    text = """
    ## Comments
    | id  | activity | text | author | response |
    | C-1 | A-01     | hush | nobody | whisper  |
    """
    assert all(word not in repr(report(text)) for word in ("hush", "nobody", "whisper"))


def test_missing_texts__are_those_that_would_be_printed_and_no_others():
    text = """
    ## Areas
    | code | title |
    | ICC  | One   |

    ## Activities
    | id   | number | area | title_en | title_fr |
    | A-01 | '1     | ICC  | Talk     |          |
    | A-02 | '2     | ICC  | Silent   |          |

    ## Costs
    | activity | amount |

    ## Funding
    | activity | source | stage | amount |

    ## Progress
    | activity | as_at      | status  | note_en |
    | A-01     | 2024-01-31 | ongoing | Old.    |
    | A-01     | 2025-01-31 | ongoing | New.    |
    """
    _, missing = progress_context(reckoning(workbook(text)), Language.FR)

    assert set(missing) == {
        MissingText("activities", "A-01", "title_fr"),
        MissingText("progress", "A-01/2025-01-31", "note_fr"),
    }
