"""The staffing table: grades, sources, years, areas, and sums that agree across."""

from __future__ import annotations

from decimal import Decimal

import pages
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import totals, workbook

from cmswp_xl.documents.staffing import category, grade_order
from cmswp_xl.documents.staffing import content as staffing_context
from cmswp_xl.documents.texts import MissingText
from cmswp_xl.languages import Language
from cmswp_xl.page import text

BOOK = """
## Areas
| code | title |
| ICC  | One   |
| GOV  | Two   |

## Sources
| code | kind      | title |
| CORE | core      | Core  |
| VOL  | voluntary | Gifts |
| SUP  | other     | Other |

## Donors
| code | name |
| DE   | Germany |

## Posts
| id | title | grade | source | donor | share | start_year | end_year | annual_cost | remark |
| P1 | Aide  | G-5   | CORE   |       | 0.8   |            |          | 987654      |        |
| P2 | Head  | D-1   | CORE   |       | 1     |            |          |             |        |
| P3 | Chief | P-4   | CORE   |       | 1     |            |          |             | shared |
| P4 | Young | JPO   | VOL    | DE    | 1     | 2024       | 2025     |             |        |
| P5 | Guest | P-4   | VOL    |       |       | 2026       |          |             |        |
| P6 | Past  | P-2   | CORE   |       | 1     |            | 2023     |             |        |

## PostFunding
| post | source | donor | percent |
| P3   | CORE   |       | 50      |
| P3   | VOL    | DE    | 33.33   |

## Allocations
| post | area | percent |
| P1   | ICC  | 12.5    |
| P1   | GOV  | 87.5    |
| P2   | ICC  | 60      |
| P3   | GOV  | 33.33   |
| P5   | GOV  | 100     |
"""


def staffing(text="", language=Language.EN, base=BOOK):
    found, missing = staffing_context(totals(workbook(base + text)), language)
    assert missing == []
    return found


def table(name, *arguments, **more):
    return pages.table(staffing(*arguments, **more), name)


def rows(table):
    """Return the figures of each row by its label, but for the headings of groups."""
    return {first: cells for first, *cells in map(list, pages.texts(table)) if cells}


def labels(table):
    """Return the labels of rows under the heading of each group."""
    groups = {}
    for row in table.rows:
        first = text(row.cells[0])
        if row.look == "group":
            groups[first] = []
        elif not row.look:
            groups[list(groups)[-1]].append(first)
    return groups


def fte(text):
    return Decimal(0) if text in ("–", "") else Decimal(text)


@pytest.mark.parametrize(
    ("grade", "expected"),
    [
        ("ASG", "professional"),
        ("D-2", "professional"),
        ("P-4", "professional"),
        ("p5", "professional"),
        ("G-6", "general"),
        ("GS 5", "general"),
        ("JPO", "other"),
        ("NO-B", "other"),
        ("UNV", "other"),
    ],
)
def test_category_of_a_grade(grade, expected):
    assert category(grade) == expected


def test_grades__go_from_the_highest_down():
    grades = ["JPO", "G-5", "P-2", "D-1", "G-7", "P-5", "ASG", "D-2", "USG", "NO-A"]

    assert sorted(grades, key=grade_order) == [
        "USG", "ASG", "D-2", "D-1", "P-5", "P-2", "G-7", "G-5", "JPO", "NO-A",
    ]  # fmt: skip


def test_posts_by_grade_and_source():
    found = table("grades")

    heads = ["Posts", "Core", "Gifts", "Source not specified", "Full-time equivalents"]
    assert pages.heads(found)[1:] == heads
    assert labels(found) == {
        "Professional and higher categories": ["D-1", "P-4"],
        "General Service category": ["G-5"],
        "Junior Professional Officers and others": ["JPO"],
    }
    assert rows(found) == {
        "D-1": ["1", "1.00", "–", "–", "1.00"],
        "P-4": ["2", "0.50", "0.33", "0.17", "1.00"],
        "Sub-total": ["3", "1.50", "0.33", "0.17", "2.00"],
        "G-5": ["1", "0.80", "–", "–", "0.80"],
        "JPO": ["1", "–", "1.00", "–", "1.00"],
        "Total": ["5", "2.30", "1.33", "0.17", "3.80"],
    }


def test_posts_by_year():
    found = table("years")

    counts = [cells for _, *cells in pages.texts(found, "")[:3]]
    assert counts == [["2", "2", "3"], ["1", "1", "1"], ["1", "1", "–"]]
    assert [cells for _, *cells in pages.texts(found, "sub")] == [
        ["4", "4", "4"],
        ["3.80", "3.80", "2.80"],
    ]


def test_posts_by_area__with_what_is_left():
    found = table("areas")

    heads = ["One", "Two", "Other instruments or not allotted", "Total"]
    assert pages.heads(found)[1:] == heads
    assert rows(found) == {
        "Head (D-1)": ["0.60", "–", "0.40", "1.00"],
        "Chief (P-4)": ["–", "0.33", "0.67", "1.00"],
        "Guest (P-4)": ["–", "", "–", ""],
        "Sub-total": ["0.60", "0.33", "1.07", "2.00"],
        "Aide (G-5)": ["0.10", "0.70", "–", "0.80"],
        "Young (JPO)": ["–", "–", "1.00", "1.00"],
        "Total": ["0.70", "1.03", "2.07", "3.80"],
    }


def test_list_of_posts():
    found = table("posts")
    lines = {key: pages.row(found, key) for key in ("P1", "P2", "P3", "P4", "P5")}

    assert [row.key for row in found.rows] == ["P2", "P3", "P5", "P1", "P4"]
    assert lines["P3"]["Funding"].split("\n") == [
        "Core: 50%",
        "Gifts (Germany): 33.33%",
        "Source not specified: 16.67%",
    ]
    assert lines["P3"]["Post"] == "Chief\nshared"
    assert lines["P4"]["Funding"] == "Gifts (Germany)"
    assert {key: line["Years"] for key, line in lines.items()} == {
        "P1": "Continuing",
        "P2": "Continuing",
        "P3": "Continuing",
        "P4": "2024–2025",
        "P5": "From 2026",
    }
    assert lines["P5"]["Full-time equivalent"] == ""


@pytest.mark.parametrize(("end", "said"), [("2024", "Until 2024"), ("2024 ", "Until 2024")])
def test_end_alone__is_told(end, said):
    book = f"""
    ## Posts
    | id | title | grade | source | share | end_year |
    | P1 | Head  | D-1   | CORE   | 1     | {end}    |

    ## PostFunding
    | post | source | percent |

    ## Allocations
    | post | area | percent |
    """
    assert [years for *_, years in pages.texts(table("posts", book))] == [said]


def test_statements__tell_what_the_tables_leave_out():
    said = staffing().statements

    assert any(
        text.startswith("Posts whose full-time equivalent is not known: 1.") for text in said
    )
    assert "Posts left out because they do not exist in the period: 1." in said
    assert any("in only some years of the period" in text for text in said)


def test_annual_costs__are_printed_nowhere():
    everything = repr(staffing())

    for word in ("987654", "987,654"):
        assert word not in everything


def test_no_posts__are_told():
    found = staffing("", base="")

    assert pages.sentences(found) == ["No posts are recorded for the period."]
    assert pages.tables(found) == []


def test_many_sources__are_joined_by_kind():
    sources = "\n".join(f"| S{n} | {('core', 'voluntary')[n % 2]} | S{n} |" for n in range(7))
    posts = "\n".join(f"| P{n} | Post | P-3 | S{n} | 1 |" for n in range(7))
    found = table(
        "grades",
        f"""
        ## Sources
        | code | kind | title |
        | CORE | core | Core  |
        {sources}

        ## Posts
        | id | title | grade | source | share |
        {posts}
        """,
        base="",
    )
    assert pages.heads(found)[2:-1] == ["Core budget", "Voluntary contributions"]
    assert rows(found)["Total"] == ["7", "4.00", "3.00", "7.00"]


def test_many_areas__stand_as_codes_with_a_legend():
    areas = "\n".join(f"| A{n} | Area {n} |" for n in range(7))
    found = staffing(
        f"""
        ## Areas
        | code | title |
        {areas}

        ## Activities
        | id | number | area | title |

        ## Costs
        | activity | amount |

        ## Funding
        | activity | source | stage | amount |

        ## Posts
        | id | title | grade | source | share |
        | P1 | Post  | P-3   | CORE   | 1     |

        ## Allocations
        | post | area | percent |
        | P1   | A3   | 40      |
        """,
        base="",
    )
    assert pages.heads(pages.table(found, "areas"))[1:8] == [f"A{n}" for n in range(7)]
    assert pages.notes(found)[0].startswith("A0: Area 0; A1: Area 1")
    assert len(pages.table(found, "areas").columns) == 10


PERCENTS = st.lists(st.decimals(0, 25, places=2), min_size=1, max_size=4)
POSTS = st.lists(
    st.tuples(st.decimals(0, 1, places=2), PERCENTS, PERCENTS), min_size=1, max_size=6
)


@given(POSTS)
def test_sums__agree_by_row_and_by_column(posts):
    grades = ("P-5", "G-4", "JPO")
    lines, paid, work = [], [], []
    for number, (share, sources, areas) in enumerate(posts):
        lines.append(f"| P{number} | Post {number} | {grades[number % 3]} | CORE | {share} |")
        paid += [f"| P{number} | S{n} | {percent} |" for n, percent in enumerate(sources)]
        work += [f"| P{number} | A{n} | {percent} |" for n, percent in enumerate(areas)]
    found = staffing(
        "\n".join(
            [
                "## Areas\n| code | title |",
                *(f"| A{n} | Area {n} |" for n in range(4)),
                "## Sources\n| code | kind | title |\n| CORE | core | Core |",
                *(f"| S{n} | core | Source {n} |" for n in range(4)),
                "## Activities\n| id | number | area | title |",
                "## Costs\n| activity | amount |",
                "## Funding\n| activity | source | stage | amount |",
                "## Posts\n| id | title | grade | source | share |",
                *lines,
                "## PostFunding\n| post | source | percent |",
                *paid,
                "## Allocations\n| post | area | percent |",
                *work,
            ]
        ),
        base="",
    )
    grades_table, areas_table = pages.table(found, "grades"), pages.table(found, "areas")
    for shown, first in ((grades_table, 2), (areas_table, 1)):
        data = [cells[first:] for cells in pages.texts(shown, "")]
        (total,) = pages.texts(shown, "total")
        whole = [fte(cell) for cell in total[first:]]
        for cells in (*data, total[first:]):
            assert sum(map(fte, cells[:-1])) == fte(cells[-1])
            assert all(fte(cell) >= 0 for cell in cells)
        assert [sum(map(fte, column)) for column in zip(*data, strict=True)] == whole
    ends = [fte(rows(shown)["Total"][-1]) for shown in (grades_table, areas_table)]
    assert ends == [sum(share for share, _, _ in posts)] * 2


def test_missing_texts__are_those_that_would_be_printed_and_no_others():
    text = """
    ## Areas
    | code | title_en | title_fr |
    | ICC  | One      | Un       |

    ## Sources
    | code | kind | title_en |
    | CORE | core | Core     |
    | VOL  | core | Gifts    |

    ## Posts
    | id | title_en | grade | source | share | end_year | remark_en |
    | P1 | Head     | D-1   | CORE   | 1     |          | shared    |
    | P2 | Past     | D-1   | VOL    | 1     | 2020     |           |
    """
    _, missing = staffing_context(totals(workbook(text)), Language.FR)

    assert set(missing) == {
        MissingText("sources", "CORE", "title_fr"),
        MissingText("posts", "P1", "title_fr"),
        MissingText("posts", "P1", "remark_fr"),
    }
