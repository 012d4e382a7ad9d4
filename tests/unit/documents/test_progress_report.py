"""The progress report: newest reports, expenditure against cost, what was not reported."""

from __future__ import annotations

import pages
import pytest
from sheets import totals, workbook

from cmswp_xl.documents.progress import content as progress_context
from cmswp_xl.documents.texts import MissingText
from cmswp_xl.figures.totals import carried_out, newest_reports, report_date
from cmswp_xl.languages import Language
from cmswp_xl.page import Table
from cmswp_xl.page import text as text_of

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
    found, missing = progress_context(totals(workbook(book(text, **settings))), language)
    assert missing == []
    return found


def area(found, number=1):
    """Return the rows of an area's table."""
    tables = [b for b in pages.section(found, f"area-{number}").blocks if isinstance(b, Table)]
    return tables[0].rows if tables else ()


def cells(row):
    return tuple(map(text_of, row.cells[-5:]))


def subtotal_of(found):
    return next(row for row in area(found) if row.look == "total")


def remarks(row):
    return tuple(pages.said(row.cells[0], "remark"))


def empty(found, number):
    return [
        b.text for b in pages.section(found, f"area-{number}").blocks if not isinstance(b, Table)
    ]


def test_newest_report_that_is_not_later__holds():
    programme = totals(workbook(book())).programme

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
    programme = totals(workbook(book(as_at=""))).programme

    assert newest_reports(programme)["A-01"].status == "done"
    assert carried_out(programme) == {"A-01"}
    assert report_date(programme).isoformat() == "2025-06-30"
    assert report(as_at="").title == "Progress report as at 30\u00a0June 2025 (draft)"


def test_no_report__has_no_date():
    programme = totals(workbook()).programme
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
    rows = area(report())

    assert cells(next(row for row in rows if row.cells[0] == number)) == expected


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
    assert cells(area(report(text))[0])[3] == percent


def test_nothing_spent__is_told_apart_from_not_reported():
    text = """
    ## Progress
    | activity | as_at      | status      | expenditure |
    | A-01     | 2025-01-31 | no-progress | 0           |
    | A-02     | 2025-01-31 | ongoing     |             |
    """
    rows = area(report(text))[:2]

    assert [cells(row)[2] for row in rows] == ["–", "not reported"]
    assert cells(rows[0])[4] == "900"


def test_rows__show_status_date_and_note():
    first, second, third = area(report())[:3]

    assert [text_of(cell) for cell in first.cells[2:4]] == ["Ongoing", "Going on."]
    assert text_of(second.cells[2]) == "▲\u00a0Action needed\nas at 30\u00a0June 2024"
    assert pages.said(second.cells[2], "remark") == ["as at 30\u00a0June 2024"]
    assert [row.look for row in (first, second)] == ["", "waits"]
    assert pages.said(third.cells[1], "mark") == ["Not yet costed"]
    assert text_of(third.cells[3]) == ""


def test_subtotal__explains_what_it_adds():
    subtotal = subtotal_of(report())

    assert cells(subtotal) == ("at least 1,700", "1,370", "1,046", "at most 79", "(76)")
    assert remarks(subtotal) == (
        "Activities costed: 3 of 4",
        "The percentage is 1,026 of 1,300, where both expenditure and cost are known.",
        (
            "Balance (76) = available 1,370 − available where expenditure is not reported 400"
            " − expenditure 1,046."
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
    assert remarks(subtotal_of(report(text)))[-1] == (
        "Balance 800 = available 900 − expenditure 120"
        " + expenditure where no funding is recorded 20."
    )


def test_what_nobody_reported_on__stands_beside():
    found = report()

    assert [row.look for row in area(found)] == ["", "waits", "", "", "total"]
    (silent,) = area(found, 2)
    assert (silent.look, text_of(silent.cells[0])) == ("silent", "Not reported on: 1 activity\n5")
    assert cells(silent) == ("50", "50", "", "", "")
    assert empty(found, 2) == ["Nothing has been reported on this area."]
    assert empty(found, 3) == ["No activities have been listed for this area yet."]


def test_overview__adds_up_to_the_annex():
    rows = pages.table(report(), "overview").rows
    everything = rows[-1]

    assert [row.cells[0].paragraphs[0].text for row in rows[3:]] == [
        "Activities reported on",
        "Activities not reported on",
        "All activities, as in Annex I",
    ]
    assert cells(everything)[:2] == ("at least 1,750", "1,420")
    assert [cells(row) for row in rows[1:3]] == [("", "", "", "", "")] * 2


def test_counts_by_status():
    found = pages.table(report(), "counts")

    assert pages.heads(found)[1:] == [
        "Carried out", "Ongoing", "No progress", "Action needed", "No report", "Total",
    ]  # fmt: skip
    assert [counts for _, *counts in pages.texts(found)] == [
        ["–", "3", "–", "1", "–", "4"],
        ["–", "–", "–", "–", "1", "1"],
        ["–", "–", "–", "–", "–", "–"],
        ["–", "3", "–", "1", "1", "5"],
    ]


def test_reports_that_are_later_only__are_counted():
    text = """
    ## Progress
    | activity | as_at      | status |
    | A-01     | 2025-06-30 | done   |
    """
    found = report(text)

    assert (
        "Activities that are counted as not reported because their first report is later: 1."
        in found.statements
    )
    assert pages.texts(pages.table(found, "counts"))[-1][-2:] == ("5", "5")


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
    found = report(text, rounding="thousand")
    rows, subtotal = area(found)[:3], subtotal_of(found)

    assert [cells(row)[1:3] for row in rows] == [
        ("2", "2"),
        ("2", "<\u00a01"),
        ("1", "<\u00a01"),
    ]
    assert [cells(row)[4] for row in rows] == ["–", "2", "1"]
    assert cells(subtotal)[1:3] == ("5", "2")
    assert cells(subtotal)[4] == "3"


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
    _, missing = progress_context(totals(workbook(text)), Language.FR)

    assert set(missing) == {
        MissingText("activities", "A-01", "title_fr"),
        MissingText("progress", "A-01/2025-01-31", "note_fr"),
    }
