"""Sentences of documents as a reader of each language expects them."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import pages
import pytest
from sheets import totals, workbook

from cmswp_xl.documents import content_of
from cmswp_xl.languages import Language, Words

EN, FR, ES = Language
IN_EACH = pytest.mark.parametrize("number", range(3), ids=("en", "fr", "es"))
BOOK = """
## Programme
| setting  | value |
| scenario | BASE  |
{settings}

## Areas
| code | title |
| GOV  | One   |

## Scenarios
| code | title_en         | title_fr                | title_es              |
| BASE | base             | de base                 | básica                |
| ZRG  | zero real growth | croissance réelle nulle | crecimiento real nulo |

## Sources
| code | title     | kind      |
| VOL  | Voluntary | voluntary |

## Activities
| id   | number | area | title | priority | responsible   |
| A-01 | '1.1   | GOV  | Talk  | core     | EDM; IAC; SDM |
| A-02 | '1.2   | GOV  | Meet  | core     | EDM           |
| A-03 | '1.3   | GOV  | Rest  | core     |               |

## Costs
| activity | year | category | quantity | unit_cost | amount | scenario |
| A-01     | 2024 | travel   | 18       | 2100      | 37800  | BASE     |
| A-01     | 2024 | travel   | 10       | 2100      | 21000  | ZRG      |
| A-02     | 2024 |          |          |           | 500    | BASE     |
| A-02     | 2024 |          |          |           | 300    | ZRG      |

## Funding
| activity | year | source | stage   | amount |
| A-01     | 2024 | VOL    | pledged | 6000   |
| A-02     | 2024 | VOL    | pledged | 100    |
"""


def printed(document, number, settings=""):
    language = (EN, FR, ES)[number]
    book = totals(workbook(BOOK.format(settings=settings)))
    paper, missing = content_of(document)(book, language)
    assert missing == []
    return paper


def said(part):
    """Return every text of a document, with common spaces for those that do not break."""
    if isinstance(part, str):
        return [part.replace("\u00a0", " ")]
    if isinstance(part, (tuple, list)):
        return [text for item in part for text in said(item)]
    if isinstance(part, dict):
        return said(list(part.values()))
    if is_dataclass(part):
        return [text for field in fields(part) for text in said(getattr(part, field.name))]
    return []


@IN_EACH
def test_unit_price__is_that_of_one_unit(number):
    assert (
        "Travel: 18 at EUR 2,100 each",
        "Voyages : 18, à 2 100 EUR l’unité",
        "Viajes: 18, a 2 100 EUR la unidad",
    )[number] in said(printed("funding-needs", number))


@IN_EACH
def test_scenario__is_named_as_its_title_has_it(number):
    assert (
        "Budget scenario: base.",
        "Scénario budgétaire : de base.",
        "Hipótesis presupuestaria: básica.",
    )[number] in said(printed("annex", number))


@IN_EACH
def test_what_a_scenario_lowers__is_a_sentence(number):
    assert (
        (
            "In the scenario “zero real growth”, these activities cost less:"
            " 1.1 (16,800) and 1.2 (200)."
        ),
        (
            "Dans le scénario « croissance réelle nulle », ces activités coûtent moins :"
            " 1.1 (16 800) et 1.2 (200)."
        ),
        (
            "En la hipótesis “crecimiento real nulo”, estas actividades cuestan menos:"
            " 1.1 (16 800) y 1.2 (200)."
        ),
    )[number] in said(printed("annex", number))


@IN_EACH
def test_heads_of_scenarios__begin_in_capitals(number):
    table = pages.table(printed("annex", number), "scenarios")

    assert (
        list(dict.fromkeys(column.over for column in table.columns[1:]))
        == [
            ["Base", "Zero real growth"],
            ["De base", "Croissance réelle nulle"],
            ["Básica", "Crecimiento real nulo"],
        ][number]
    )


@IN_EACH
def test_thousands__are_of_the_currency(number):
    assert any(
        sentence.startswith(
            (
                "Amounts in thousands of euros.",
                "Montants en milliers d’euros.",
                "Importes en miles de euros.",
            )[number]
        )
        for sentence in said(printed("annex", number, "| rounding | thousand |"))
    )


@IN_EACH
def test_pledges__are_a_list_of_the_language(number):
    assert (
        "Pledged, and not counted as available: 1.1 (6,000) and 1.2 (100).",
        "Annoncé, et non compté comme disponible : 1.1 (6 000) et 1.2 (100).",
        "Prometido y no computado como disponible: 1.1 (6 000) y 1.2 (100).",
    )[number] in said(printed("annex", number))


@IN_EACH
def test_yearly_amounts__may_exceed_that_of_the_period(number):
    assert (
        "so the yearly amounts to be sought may together exceed the amount for the period.",
        "la somme des montants annuels à rechercher peut donc dépasser le montant de la période.",
        "la suma de los importes anuales por obtener puede superar la del período.",
    )[number] in " ".join(said(printed("annex", number)))


@IN_EACH
@pytest.mark.parametrize("status", ["draft", "revised", "adopted"])
def test_title__is_marked_by_status(number, status):
    title = printed("annex", number, f"| status | {status} |").title
    marks = {
        "draft": (" (draft)", " (avant-projet)", " (proyecto)"),
        "revised": (" (revised draft)", " (projet révisé)", " (proyecto revisado)"),
        "adopted": ("work", "chiffré", "costes"),
    }

    assert title.endswith(marks[status][number])


@IN_EACH
def test_responsible__is_split_and_joined_by_language(number):
    assert ("EDM, IAC and SDM", "EDM, IAC et SDM", "EDM, IAC y SDM")[number] in said(
        printed("funding-needs", number)
    )


@IN_EACH
def test_activities_not_costed__are_counted_after_the_words(number):
    assert (
        "Activities not yet costed, not included in the cost or the funding to be sought: 1.",
        (
            "Activités non encore chiffrées, qui ne figurent ni dans les coûts ni dans le"
            " financement à rechercher : 1."
        ),
        (
            "Actividades con costes aún no calculados, no incluidas en los costes ni en la"
            " financiación por obtener: 1."
        ),
    )[number] in said(printed("summary", number))


@pytest.mark.parametrize(
    ("language", "texts", "listed"),
    [
        (EN, [], ""),
        (EN, ["2.1"], "2.1"),
        (EN, ["2.1", "2.2"], "2.1 and 2.2"),
        (FR, ["2.1", "2.2", "2.3"], "2.1, 2.2 et 2.3"),
        (ES, ["2.1", "2.2", "2.3"], "2.1, 2.2 y 2.3"),
        (ES, ["francés", "inglés"], "francés e inglés"),
        (ES, ["agua", "hielo"], "agua y hielo"),
    ],
)
def test_lists__are_joined_by_the_language(language, texts, listed):
    assert Words(language).listed(texts) == listed


def test_scenarios__read_at_least_where_costs_are_missing():
    partial = BOOK.replace("| responsible   |", "| costing |")
    for names, costing in (
        ("EDM; IAC; SDM", "partial"),
        ("EDM          ", ""),
        ("             ", ""),
    ):
        partial = partial.replace(f"| core     | {names} |", f"| core | {costing} |")
    paper, _ = content_of("annex")(totals(workbook(partial.format(settings=""))), EN)
    lines = pages.table(paper, "scenarios").rows

    assert {str(cell).startswith("at least ") for line in lines for cell in line.cells[1:]} == {
        True
    }
