"""Messages name the sheets and columns of the workbook in hand, in whatever language they are."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sheets import workbook

from cmswp_xl.languages import Language, Words
from cmswp_xl.listings import Report
from cmswp_xl.listings.issues import (
    cell_notes,
    issues_html,
    issues_json,
    issues_text,
    report_sheet,
)
from cmswp_xl.messages.worded import worded
from cmswp_xl.pipeline import check_source
from cmswp_xl.schema import sheet_schemas

SAY = Words(Language.EN)
FAULTY = """
## Funding
| activity | source | donor | stage    | amount |
| ICC-01   | CORE   | CH    | received | 1      |

## Costs
| activity | year | amount |
| ICC-01   | 2031 | 1      |

## Donors
| code | name      |
| DE   | Allemagne |
"""
REVIEW = """
## Subjects
| point | title |
| 1     | Tools |

## Recommendations
| number | subject | text | decision | status |
| '1.1   | 1       | Do   | act      | open   |

## Steps
| seq | recommendation | text | status  |
| 1   | '2.1           | Do   | planned |

## Comments
| id  | meeting | author | comment | response | status   |
| C-1 | StC     | A      | Why?    |          | answered |

## Texts
| document | paragraph | kind      | text  |
| cover    | 1         | paragraph | Words |

## Funding
| activity | source | stage  | amount |
| ICC-01   | CORE   | banane | 1      |
"""


def issues(text=FAULTY, language=Language.FR, **options):
    return check_source(workbook(text, language=language, **options))[1]


def words(found, code):
    (issue,) = (issue for issue in found if issue.code == code)
    return worded(issue, SAY)


@pytest.mark.parametrize("spoken", Language)
def test_sheets__are_named_as_in_the_workbook_whatever_the_language(spoken):
    words = Words(spoken)
    remedies = {i.code: worded(i, words).remedy for i in issues()}

    assert "Donateurs" in remedies["unknown-reference"]
    assert "Programme" in remedies["year-outside-period"]


def test_every_format__names_columns_and_sheets_of_the_workbook():
    report = Report("plan.xlsx", None, issues())
    sheet = report_sheet(report, SAY)

    text = " ".join(issues_text([report], SAY, colour=False, width=200).split())
    assert "C2 · Donateur unknown-reference “CH” is not in the sheet “Donateurs”." in text
    assert "Donor" not in text
    assert "“CH” is not in the sheet “Donateurs”." in issues_html([report], SAY)
    found = json.loads(issues_json([report], SAY))["issues"]
    assert "“CH” is not in the sheet “Donateurs”." in {issue["message"] for issue in found}
    assert {"donor"} == {i["column"] for i in found if i["code"] == "unknown-reference"}
    assert "Donateur" in {row.column for row in sheet.rows}
    assert any("Donateurs" in note.text for note in cell_notes(report, SAY))


@pytest.mark.parametrize("spoken", Language)
def test_words_of_lists__are_those_of_the_workbook_whatever_the_language(spoken):
    say = Words(spoken)
    found = {issue.code: worded(issue, say) for issue in issues(REVIEW)}

    assert "abandonnée" in found["no-next-step"].remedy
    assert "Prochaines étapes" in found["no-next-step"].remedy
    assert "sans réponse" in found["comment-without-response"].remedy
    assert "action requise" in found["no-action-requested"].remedy
    assert "prometida" not in found["not-in-list"].message
    assert "annoncée" in found["not-in-list"].message


def test_messages_about_a_french_workbook__name_nothing_that_it_does_not_have():
    """English titles of sheets, columns and settings that differ from the French ones."""
    titles = [schema.titles for schema in sheet_schemas().values()]
    titles += [field.titles for schema in sheet_schemas().values() for field in schema.fields]
    french = " ".join(each[Language.FR] for each in titles)
    english = {each[Language.EN] for each in titles if each[Language.EN] not in french}
    quoted = {f"“{title}”" for title in english}

    for issue in (*issues(), *issues(REVIEW)):
        said = worded(issue, SAY)
        assert not [title for title in quoted if title in said.message + said.remedy], issue.code


def test_sheet_that_the_user_renamed__is_named_so():
    text = FAULTY.replace("## Donors", "## Donors @ Bailleurs")

    assert "“Bailleurs”" in words(issues(text), "unknown-reference").message


def test_heading__is_named_as_it_is_written():
    text = FAULTY.replace("| donor ", "| DONANTE ")
    report = Report("plan.xlsx", None, issues(text))

    assert "C2 · DONANTE" in issues_text([report], SAY, colour=False, width=200)


def test_sheet_that_is_missing__is_named_in_the_language_of_most_sheets():
    text = FAULTY.partition("## Donors")[0]

    assert "“Donateurs”" in words(issues(text), "unknown-reference").message
    assert "“Domaines”" in words(issues(text, without=("Areas",)), "missing-table").message


def test_column_that_is_missing__is_named_in_the_language_of_most_sheets():
    text = "## Costs\n| activity | year |\n| ICC-01 | 2024 |\n"

    assert "“Montant”" in words(issues(text), "missing-column").message


def test_language_of_a_workbook__is_that_of_its_headings_where_sheets_are_renamed():
    made = workbook(FAULTY, language=Language.ES)
    sheets = tuple(replace(sheet, name=f"S{n}") for n, sheet in enumerate(made.sheets))
    names = check_source(replace(made, sheets=sheets))[0].names

    assert names is not None
    assert names.language is Language.ES
    assert (names.sheets["areas"], names.sheets["steps"]) == ("S1", "Próximos pasos")
