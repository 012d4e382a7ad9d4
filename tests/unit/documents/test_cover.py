"""The meeting document: its head in three languages, blank settings, annexes, missing texts."""

from __future__ import annotations

import datetime as dt

import pytest
from sheets import totals, workbook

from cmswp_xl.documents.cover import content as cover_context
from cmswp_xl.documents.front import meeting_dates
from cmswp_xl.documents.texts import MissingText
from cmswp_xl.languages import Language

EN, FR, ES = Language
SPACE = "\u00a0"
SETTINGS = {
    "symbol": "UNEP/CMS/StC55/Doc.9",
    "revision": "'1",
    "distribution": "General",
    "document_date": "2025-02-14",
    "meeting": "55th Meeting of the Committee",
    "meeting_place": "Bonn",
    "meeting_start": "2025-04-08",
    "meeting_end": "2025-04-10",
    "agenda_item": "'9.2",
    "prepared_by": "the Secretariat",
}


def form(**settings):
    lines = "\n".join(f"| {name} | {value} |" for name, value in settings.items())
    return f"## Programme\n| setting | value |\n{lines}\n"


def cover(text="", language=EN, **options):
    found, missing = cover_context(totals(workbook(text)), language, **options)
    assert missing == []
    return found


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("Programme du Secrétariat de la CMS", "Programme du Secrétariat de~la~CMS"),
        (
            "Programa de la Secretaría de la CMS y AEWA",
            "Programa de la Secretaría de~la~CMS y~AEWA",
        ),
        ("Programme of work of the CMS 2024", "Programme of work of~the~CMS 2024"),
        ("Plan de Travail", "Plan de Travail"),
    ],
)
def test_title__is_not_parted_before_an_acronym(title, printed):
    found = cover(form(**dict.fromkeys(("title_en", "title_fr", "title_es"), title)))
    assert found.title == printed.replace("~", SPACE)


@pytest.mark.parametrize(
    ("first", "last", "printed"),
    [
        (
            "2025-04-08",
            "2025-04-10",
            ("8–10 April 2025", "8-10 avril 2025", "8-10 de abril de 2025"),
        ),
        (
            "2008-12-01",
            "2008-12-05",
            ("1–5 December 2008", "1er-5 décembre 2008", "1-5 de diciembre de 2008"),
        ),
        (
            "2025-03-30",
            "2025-04-02",
            ("30 March – 2 April 2025", "30 mars-2 avril 2025", "30 de marzo-2 de abril de 2025"),
        ),
        (
            "2025-03-01",
            "2025-04-01",
            ("1 March – 1 April 2025", "1er mars-1er avril 2025", "1 de marzo-1 de abril de 2025"),
        ),
        (
            "2024-12-30",
            "2025-01-02",
            (
                "30 December 2024 – 2 January 2025",
                "30 décembre 2024 – 2 janvier 2025",
                "30 de diciembre de 2024 – 2 de enero de 2025",
            ),
        ),
        ("2025-04-08", "2025-04-08", ("8 April 2025", "8 avril 2025", "8 de abril de 2025")),
        ("2025-08-01", None, ("1 August 2025", "1er août 2025", "1 de agosto de 2025")),
    ],
)
def test_days_of_a_meeting__name_month_and_year_once(first, last, printed):
    days = [dt.date.fromisoformat(day) if day else None for day in (first, last)]
    assert tuple(meeting_dates(*days, language).replace(SPACE, " ") for language in Language) == (
        printed
    )


def test_head__holds_every_line_of_the_form():
    head = cover(form(**SETTINGS)).letterhead
    assert head.distribution == "Distribution: General"
    assert head.symbol == "UNEP/CMS/StC55/Doc.9/Rev.1"
    assert head.date.replace(SPACE, " ") == "14 February 2025"
    assert (head.version, head.original) == ("", "Original: English")
    assert head.meeting == "55th MEETING OF THE COMMITTEE"
    assert head.place.replace(SPACE, " ") == "Bonn, 8–10 April 2025"
    assert head.agenda == "Agenda Item 9.2"


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            FR,
            (
                "Distribution : General",
                "14 février 2025",
                "Français",
                "Original : anglais",
                "Point 9.2 de l’ordre du jour",
                "(Préparé par the Secretariat)",
                "Annexe",
            ),
        ),
        (
            ES,
            (
                "Distribución: General",
                "14 de febrero de 2025",
                "Español",
                "Original: inglés",
                "Punto 9.2 del orden del día",
                "(Preparado por the Secretariat)",
                "Anexo",
            ),
        ),
    ],
)
def test_head__is_worded_in_the_language_and_names_it(language, lines):
    found = cover(form(**SETTINGS), language)
    head = found.letterhead
    printed = (
        *(head.distribution, head.date, head.version, head.original, head.agenda),
        *(found.prepared, found.labels["annexes"]),
    )
    assert tuple(line.replace(SPACE, " ") for line in printed) == lines


@pytest.mark.parametrize("language", Language)
def test_series__stands_in_three_lines(language):
    assert len(cover(language=language).letterhead.series) == 3


def test_blank_settings__leave_blank_lines():
    found = cover()
    head = found.letterhead
    assert {
        *(head.distribution, head.symbol, head.date, head.version),
        *(head.meeting, head.place, head.agenda),
    } == {""}
    assert head.original == "Original: English"
    assert (found.prepared, found.banner, found.head) == ("", "", "")
    assert (found.summary, found.body) == ((), ())


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({"meeting_place": "Bonn"}, "Bonn"),
        ({"meeting_start": "2025-04-08"}, "8 April 2025"),
        ({"meeting_end": "2025-04-08"}, "8 April 2025"),
        ({"meeting_place": "Bonn", "meeting_start": "2025-04-08"}, "Bonn, 8 April 2025"),
    ],
)
def test_place_and_days__stand_as_far_as_they_are_known(settings, place):
    assert cover(form(**settings)).letterhead.place.replace(SPACE, " ") == place


def test_revision_without_symbol__is_not_printed():
    assert cover(form(revision="'1")).letterhead.symbol == ""


def test_annexes__are_those_that_the_workbook_fills_and_keep_their_numbers():
    steps = """
## Subjects
| point | title |
| 1     | Web   |

## Recommendations
| number | subject | text  | decision |
| '1.1   | 1       | Do it | act      |

## Steps
| seq | recommendation | text |
| 1   | '1.1           | Go   |
"""
    alone, three = cover(), cover(steps, linked=True)
    assert [(line.document, line.anchor) for line in alone.annexes] == [("annex", "")]
    assert [(line.document, line.anchor) for line in three.annexes] == [
        ("annex", "part_annex"),
        ("technology-review", "part_technology_review"),
        ("next-steps", "part_next_steps"),
    ]
    assert [line.text.partition(" – ")[0] for line in three.annexes] == [
        "Annex I",
        "Annex II",
        "Annex III",
    ]
    assert (alone.labels["annexes"], three.labels["annexes"]) == ("Annex", "Annexes")


def test_missing_texts__are_listed_by_row_and_field():
    text = """
## Programme
| setting       | value     |
| meeting_en    | A meeting |

## Texts
| document | paragraph | kind      | text_en |
| cover    | 3         | paragraph | One     |
| annex    | 1         | paragraph | Two     |
"""
    _, missing = cover_context(totals(workbook(text)), FR)
    assert sorted(missing, key=lambda item: item.table) == [
        MissingText("programme", None, "meeting_fr"),
        MissingText("texts", "cover/3", "text_fr"),
    ]
