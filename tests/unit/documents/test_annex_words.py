"""What the annex says besides its figures: title, head, notes, staff, and what texts it lacks."""

from __future__ import annotations

import pages
import pytest
from sheets import totals, workbook

from cmswp_xl.documents.amounts import Notes
from cmswp_xl.documents.annex import content as annex_context
from cmswp_xl.documents.texts import MissingText
from cmswp_xl.languages import Language


def annex(text="", language=Language.EN, codes=(), scenario=None, **options):
    found, missing = annex_context(totals(workbook(text, **options), scenario), language, codes)
    assert missing == []
    return found


def form(**settings):
    lines = "\n".join(f"| {name} | {value} |" for name, value in settings.items())
    return f"## Programme\n| setting | value |\n{lines}\n"


@pytest.mark.parametrize(
    ("settings", "head"),
    [
        ({}, "Annex I"),
        ({"symbol": "UNEP/CMS/Doc.9"}, "UNEP/CMS/Doc.9/Annex I"),
        ({"symbol": "UNEP/CMS/Doc.9", "revision": "'2"}, "UNEP/CMS/Doc.9/Rev.2/Annex I"),
        ({"symbol": "UNEP/CMS/Doc.9", "revision": "Rev.1"}, "UNEP/CMS/Doc.9/Rev.1/Annex I"),
        ({"revision": "'1"}, "Annex I"),
    ],
)
def test_running_head(settings, head):
    assert annex(form(**settings)).head == head


@pytest.mark.parametrize(
    ("rounding", "words"),
    [("", "Amounts in euros"), ("unit", "euros"), ("thousand", "thousands")],
)
def test_unit__is_said(rounding, words):
    said = " ".join(annex(form(rounding=rounding)).statements)
    assert words in said


def test_as_at_and_scenario__are_said_where_they_are_known():
    assert not any("As at" in text for text in annex().statements)
    text = (
        form(as_at="2025-03-01", scenario="LOW")
        + "\n## Scenarios\n| code | title |\n| LOW | Low |"
    )
    said = annex(text).statements
    assert "As at 1\u00a0March 2025." in said
    assert any("Low" in statement for statement in said)


def test_costs_exclude_posts__is_said_with_a_staff_table_only():
    posts = """
    ## Posts
    | id | title | grade | source |
    | P1 | Head  | P-4   | CORE   |

    ## Allocations
    | post | area | percent |
    | P1   | ICC  | 90      |
    """
    assert "Costs exclude the posts listed below." in annex(posts).statements
    assert "Costs exclude the posts listed below." not in annex().statements


def test_staff__is_grouped_by_kind_and_split_by_source():
    text = """
    ## Sources
    | code | kind      | title |
    | CORE | core      | Core  |
    | VOL  | voluntary | Gifts |
    | SUP  | other     | Other |

    ## Donors
    | code | name |
    | DE   | Germany |

    ## Posts
    | id | title | grade | source | donor | remark |
    | P1 | Head  | P-4   | SUP    |       | shared |
    | P2 | Aide  | G-5   | CORE   |       |        |
    | P3 | JPO   | P-2   | VOL    | DE    |        |

    ## PostFunding
    | post | source | donor | percent |
    | P1   | CORE   |       | 75      |
    | P1   | VOL    | DE    | 25      |

    ## Allocations
    | post | area | percent |
    | P3   | ICC  | 60      |
    | P1   | ICC  | 50      |
    | P2   | ICC  | 100     |
    """
    assert pages.texts(pages.table(annex(text), "staff")) == [
        ("Posts funded from the core budget",),
        ("Core", "Head (P-4), shared", "37.5"),
        ("Core", "Aide (G-5)", "100"),
        ("Posts funded from voluntary contributions",),
        ("Gifts (Germany)", "JPO (P-2)", "60"),
        ("Gifts (Germany)", "Head (P-4), shared", "12.5"),
    ]


def test_internal_fields__are_printed_nowhere():
    text = """
    ## Posts
    | id | title | grade | source | annual_cost |
    | P1 | Head  | P-4   | CORE   | 123456      |

    ## Allocations
    | post | area | percent |
    | P1   | ICC  | 90      |

    ## Costs
    | activity | amount | note        |
    | ICC-01   | 100    | secret note |

    ## Funding
    | activity | source | stage | amount | reference | note         |
    | ICC-01   | CORE   | received | 40  | ref-77    | another note |
    """
    everything = repr(annex(text))
    for word in ("123456", "123,456", "secret note", "another note", "ref-77"):
        assert word not in everything


def test_area_without_activities__says_so_and_has_no_figures():
    text = """
    ## Areas
    | code | title |
    | ICC  | One   |
    | GOV  | Two   |
    """
    found = annex(text)
    (said,) = pages.section(found, "area-2").blocks
    assert said.text == "No activities have been listed for this area yet."
    row = pages.row(pages.table(found, "totals"), "GOV")
    assert row["Programme area"] == "Two\nNo activities"
    assert row["Funding to be sought"] == ""


def test_extract__is_marked_and_totalled_as_such():
    text = """
    ## Areas
    | code | title |
    | ICC  | One   |
    | GOV  | Two   |
    """
    found = annex(text, codes=["ICC"])
    assert found.title.endswith("(draft) (extract)")
    assert [part.title for part in found.body] == [
        "One",
        "Total of the programme areas",
        "Cost and funding by year",
    ]
    assert [row[0] for row in pages.texts(pages.table(found, "totals"))] == ["Total (extract)"]
    assert "extract" not in annex(text).title
    assert "extract" not in annex(codes=["ICC"]).title


def test_unfunded__is_marked_in_words_and_core_ones_more():
    text = """
    ## Activities
    | id   | number | area | title | priority |
    | A-01 | '1     | ICC  | One   | core     |
    | A-02 | '2     | ICC  | Two   | low      |
    | A-03 | '3     | ICC  | Three |          |

    ## Costs
    | activity | amount |
    | A-01     | 10     |
    | A-02     | 10     |
    | A-03     | 0      |

    ## Funding
    | activity | source | stage | amount |
    """
    rows = pages.table(annex(text), "activities").rows[:-1]
    assert [(pages.said(row.cells[1], "mark"), row.look) for row in rows] == [
        (["▲\u00a0Unfunded – core priority"], "unfunded"),
        (["▲\u00a0Unfunded"], "unfunded"),
        (["No additional cost"], ""),
    ]
    assert any("▲" in text for text in annex(text).statements)


def test_notes__go_on_after_z_and_are_shared():
    notes = Notes()
    letters = [notes.letter(f"text {n}") for n in range(54)]
    assert letters[:2] == ["a", "b"]
    assert letters[25:28] == ["z", "aa", "bb"]
    assert letters[52:] == ["aaa", "bbb"]
    assert notes.letter("text 1") == "b"
    assert len(notes.listed()) == len(set(letters)) == 54


@pytest.mark.parametrize(
    ("years", "columns"), [((2024, 2029), 6), ((2024, 2030), 0), ((2024, 2024), 0)]
)
def test_years__stand_side_by_side_where_there_is_room(years, columns):
    first, last = years
    found = annex(form(period_start=first, period_end=last))
    cost = [c for c in pages.table(found, "activities").columns if c.over.startswith("Cost")]
    assert len(cost) == (columns + 1 if columns else 0)
    assert found.landscape == bool(columns)
    assert ("years" in pages.tables(found)) == bool(columns)


def test_years__and_the_whole_period():
    text = """
    ## Costs
    | activity | year | amount |
    | ICC-01   | 2024 | 10     |
    | ICC-01   |      | 5      |
    """
    found = annex(text)
    years = ["2024", "2025", "2026", "Whole period"]
    assert pages.heads(pages.table(found, "activities"))[2:7] == [*years, "Total"]
    found = pages.texts(pages.table(found, "years"))
    assert [row[:2] for row in found] == [
        ("2024", "10"),
        ("2025", ""),
        ("2026", ""),
        ("Whole period", "5"),
        ("Total", "15"),
    ]


def test_years__add_up_to_their_total_where_they_are_rounded():
    text = """
    ## Programme
    | setting  | value    |
    | rounding | thousand |

    ## Costs
    | activity | year | amount |
    | ICC-01   | 2024 | 1400   |
    | ICC-01   | 2025 | 1400   |
    | ICC-01   | 2026 | 1400   |
    """
    rows = pages.texts(pages.table(annex(text), "years"))
    assert [row[:2] for row in rows] == [
        ("2024", "2"),
        ("2025", "1"),
        ("2026", "1"),
        ("Total", "4"),
    ]


MISSING = """
## Areas
| code | title_en | title_fr |
| ICC  | One      |          |

## Activities
| id   | number | area | title_en | title_fr |
| A-01 | '1     | ICC  | One      |          |

## Sources
| code | kind | title_en |
| CORE | core | Core     |
| VOL  | core | Not used |

## Posts
| id | title_en | grade | source | remark_en |
| P1 | Head     | P-4   | CORE   | shared    |
| P2 | Idle     | P-4   | CORE   |           |

## Allocations
| post | area | percent |
| P1   | ICC  | 50      |

## Costs
| activity | amount |
| A-01     | 5      |

## Funding
| activity | source | stage | amount |
"""


def test_missing_texts__are_those_that_would_be_printed_and_no_others():
    book = workbook(MISSING)
    _, missing = annex_context(totals(book), Language.FR)
    assert set(missing) == {
        MissingText("areas", "ICC", "title_fr"),
        MissingText("activities", "A-01", "title_fr"),
        MissingText("sources", "CORE", "title_fr"),
        MissingText("posts", "P1", "title_fr"),
        MissingText("posts", "P1", "remark_fr"),
    }
    assert len(missing) == 5
    assert annex_context(totals(book), Language.EN)[1] == []


def test_missing_setting__has_no_row():
    book = workbook("## Programme\n| setting | value |\n| symbol_en | UNEP/1 |")
    _, missing = annex_context(totals(book), Language.ES)
    assert missing == [MissingText("programme", None, "symbol_es")]


@pytest.mark.parametrize("language", list(Language))
def test_reconciliation__holds_in_every_language(language):
    text = """
    ## Activities
    | id   | number | area | title |
    | A-01 | '1     | ICC  | One   |
    | A-02 | '2     | ICC  | Two   |
    | A-03 | '3     | ICC  | Three |

    ## Costs
    | activity | amount |
    | A-01     | 10     |
    | A-02     | 20     |

    ## Funding
    | activity | source | stage    | amount |
    | A-01     | CORE   | received | 13     |
    | A-02     | CORE   | received | 4      |
    | A-03     | CORE   | received | 7      |
    """
    (line,) = (block for block in pages.section(annex(text, language), "closing").blocks[1:])
    numbers = [
        int("".join(c for c in part if c.isdigit()))
        for part in line.text.replace("−", "=").replace("+", "=").split("=")
    ]
    assert numbers == [30, 24, 3, 7, 16]


def test_letters_of_notes__run_on_from_table_to_table():
    notes = Notes()
    assert [notes.letter(text) for text in ("x", "y", "x")] == ["a", "b", "a"]
    assert [(note.mark, note.text) for note in notes.listed()] == [("a", "x"), ("b", "y")]
    assert notes.letter("x") == "c"
    assert [(note.mark, note.text) for note in notes.listed()] == [("c", "x")]
    assert notes.listed() == ()
