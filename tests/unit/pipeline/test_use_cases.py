"""The use cases without a command line: check, reckon, build, make, dump."""

from __future__ import annotations

import hashlib
import io
import json

import openpyxl
import pytest
from sheets import workbook

from cmswp_xl.errors import BrokenResource, Misuse, UnfitData, UnreadableWorkbook
from cmswp_xl.languages import Language, Words
from cmswp_xl.pipeline import (
    Request,
    annotated,
    build_documents,
    check_workbook,
    dump,
    new_workbook,
    report_of,
    totals_of,
    workbook_of,
)
from cmswp_xl.samples import read_sample
from cmswp_xl.xlsx import Limits


@pytest.fixture
def checkup(tmp_path):
    """Give a function that checks a workbook of markdown tables."""

    def check(text="", **options):
        path = tmp_path / "plan.xlsx"
        path.write_bytes(workbook(text, **options).xlsx())
        return check_workbook(path)

    return check


def test_checkup__knows_its_file(checkup):
    found = checkup()
    assert found.name == "plan.xlsx"
    assert found.sha256 == hashlib.sha256(found.data).hexdigest()
    assert (found.errors, found.warnings) == (0, 0)
    assert report_of(found).issues is found.issues


def test_request__counts_its_files():
    assert Request().count() == 6
    assert Request(languages=[Language.FR], formats=["html"], areas=["A", "B"]).count() == 2


def test_documents__are_told_one_by_one(checkup):
    told = []
    request = Request(languages=[Language.ES, Language.EN])
    files = build_documents(checkup(), request, told.append).files
    assert told == ["annex.es.docx", "annex.es.html", "annex.en.docx", "annex.en.html"]
    assert list(files) == [*told, "manifest.json"]


def test_documents__of_areas_bear_their_codes(checkup):
    request = Request(languages=[Language.EN], formats=["html"], areas=["icc"])
    files = build_documents(checkup(), request).files
    assert list(files) == ["annex-ICC.en.html", "manifest.json"]
    names = [item["name"] for item in json.loads(files["manifest.json"])["files"]]
    assert names == ["annex-ICC.en.html"]


def test_documents__lacking_texts_are_refused_with_their_cells(checkup):
    text = "## Areas\n| code | title_en | title_es |\n| ICC | Area | |"
    with pytest.raises(UnfitData) as caught:
        build_documents(checkup(text), Request(insists=True))
    assert caught.value.reason == "missing-texts"
    texts = caught.value.values["texts"]
    assert [(t.language, t.sheet, t.cell, t.key) for t in texts] == [
        (Language.FR, "Areas", "A2", "ICC"),
        (Language.ES, "Areas", "C2", "ICC"),
    ]
    assert caught.value.values["languages"] == (Language.FR, Language.ES)


ONE_LACKING = """
## Areas
| code | title_en    | title_fr | title_es    |
| ICC  | Information |          | Información |
"""


def test_complete__makes_the_languages_that_lack_nothing_and_names_what_the_others_lack(checkup):
    found = checkup(ONE_LACKING)
    made = build_documents(found, Request(formats=["html"]))

    assert made.languages == [Language.EN, Language.ES]
    (left_out,) = made.left_out
    assert (left_out.document, left_out.reason, left_out.language) == (
        "annex",
        "missing-texts",
        Language.FR,
    )
    assert [(text.sheet, text.cell, text.language) for text in left_out.texts] == [
        ("Areas", "C2", Language.FR)
    ]
    assert list(made.files) == ["annex.en.html", "annex.es.html", "manifest.json"]
    assert json.loads(made.files["manifest.json"])["left_out"] == [
        {"document": "annex", "language": "fr", "reason": "missing-texts", "texts": 1}
    ]


def test_complete__is_refused_where_every_language_asked_for_lacks_some(checkup):
    with pytest.raises(UnfitData) as refused:
        build_documents(checkup(ONE_LACKING), Request(languages=[Language.FR]))
    assert refused.value.reason == "missing-texts"
    assert [text.cell for text in refused.value.values["texts"]] == ["C2"]


def test_languages__are_those_of_each_document_by_itself(checkup):
    text = """
    ## Activities
    | id     | number | area | title_en | title_fr | title_es |
    | ICC-01 | '1.1   | ICC  | Train    |          | Formar   |
    ## Posts
    | id  | title_en | title_fr | title_es | grade | source |
    | P-1 | Officer  | Chargé   |          | P-4   | CORE   |
    """
    made = build_documents(checkup(text), Request(("annex", "staffing"), formats=["html"]))
    assert [name for name in made.files if name != "manifest.json"] == [
        "annex.en.html",
        "annex.es.html",
        "staffing.en.html",
        "staffing.fr.html",
    ]
    assert [(one.document, one.language) for one in made.left_out] == [
        ("annex", Language.FR),
        ("staffing", Language.ES),
    ]


def test_document_without_a_complete_language__stops_all_of_them(checkup):
    text = """
    ## Posts
    | id  | title_en | title_fr | title_es | grade | source |
    | P-1 | Officer  |          |          | P-4   | CORE   |
    """
    languages = [Language.FR, Language.ES]
    with pytest.raises(UnfitData) as refused:
        build_documents(checkup(text), Request(("annex", "staffing"), languages))
    assert [text.cell for text in refused.value.values["texts"]] == ["C2", "D2"]


def test_missing_texts__stand_in_the_order_of_the_sheets_then_rows_then_columns(checkup):
    text = """
    ## Activities
    | id     | number | area | title_en | title_fr |
    | ICC-01 | '1.1   | ICC  | Train    |          |
    | ICC-02 | '1.2   | ICC  | Print    |          |
    ## Areas
    | code | title_en | title_fr |
    | ICC  | Area     |          |
    """
    with pytest.raises(UnfitData) as refused:
        build_documents(checkup(text), Request(languages=[Language.FR]))
    places = [(text.sheet, text.cell) for text in refused.value.values["texts"]]
    assert places == [("Areas", "C2"), ("Activities", "E2"), ("Activities", "E3")]


def test_documents_with_nothing_to_print__are_named_with_their_sheets(checkup):
    made = build_documents(checkup(), Request(("all",), [Language.EN], ["html"]))
    nothing = {one.document: one.sheets for one in made.left_out}
    assert all(nothing.values())
    assert nothing["progress"] == ("Progress",)
    assert nothing["technology-review"] == ("Findings", "Recommendations")
    recorded = json.loads(made.files["manifest.json"])["left_out"]
    assert {
        "document": "progress",
        "language": None,
        "reason": "nothing-to-print",
        "texts": 0,
    } in (recorded)


def test_whole_documents__are_left_out_of_an_extract_with_the_reason(checkup):
    request = Request(("all",), [Language.EN], ["html"], areas=["ICC"])
    made = build_documents(checkup(), request)
    assert [name for name in made.files if name != "manifest.json"] == ["annex-ICC.en.html"]
    assert ("summary", "not-by-area") in [(one.document, one.reason) for one in made.left_out]


def test_options__go_before_the_workbook_and_stand_in_the_manifest(checkup):
    text = """
    ## Costs
    | activity | amount  |
    | ICC-01   | 1234567 |
    """
    options = {"rounding": "thousand", "number_style": "point"}
    request = Request(languages=[Language.EN], formats=["html"], **options)
    files = build_documents(checkup(text), request).files
    assert ">1.235<" in files["annex.en.html"].decode()
    assert "in thousands" in files["annex.en.html"].decode()
    found = json.loads(files["manifest.json"])["options"]
    assert {name: found[name] for name in options} == options
    assert found["documents"] == ["annex"]


def test_issues__name_their_rows(checkup):
    found = checkup(
        """
        ## Activities
        | id     | number | area | mandates | title |
        | ICC-01 | '1.1   | ICC  |          | Train |

        ## Costs
        | activity | year | amount |
        | ICC-01   | 2024 | twelve |

        ## Funding
        | activity | year | source | stage | amount |
        """
    )
    keys = {issue.code: issue.key for issue in found.issues}

    assert keys["wrong-type"] == keys["no-mandate"] == "ICC-01"
    outside = checkup("## Programme\n| setting | value |\n| currency | euro |").issues
    assert {issue.key for issue in outside if issue.table == "programme"} == {""}


def test_documents__of_faulty_data_are_refused(checkup):
    found = checkup("## Costs\n| activity | amount |\n| ICC-01 | 'x |")
    assert found.errors == 1
    for use in (totals_of, lambda f: build_documents(f, Request())):
        with pytest.raises(UnfitData) as caught:
            use(found)
        assert caught.value.values == {"workbook": "plan.xlsx", "errors": 1}


def test_scenario_and_area__unknown_are_misuse(checkup):
    found = checkup("## Scenarios\n| code | title |\n| LOW | Low |")
    with pytest.raises(Misuse) as caught:
        totals_of(found, "HIGH")
    assert caught.value.values["known"] == ("LOW",)
    assert totals_of(found, " low ").scenario == "LOW"
    with pytest.raises(Misuse) as caught:
        build_documents(found, Request(areas=["X"]))
    assert caught.value.reason == "unknown-area"


def test_tables_of_something_else__are_no_programme(tmp_path):
    path = tmp_path / "other.xlsx"
    path.write_bytes(workbook("## Budget\n| a |\n| 1 |", base="").xlsx())
    with pytest.raises(UnreadableWorkbook) as caught:
        check_workbook(path)
    assert caught.value.reason == "not-programme"


def test_limits__reach_the_reader(tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook().xlsx())
    with pytest.raises(UnreadableWorkbook) as caught:
        check_workbook(path, Limits.raised(cells=3))
    assert caught.value.reason == "too-many-cells"


@pytest.mark.parametrize("language", list(Language))
def test_new_workbook__is_sound_but_for_what_is_to_be_typed(tmp_path, language):
    path = tmp_path / "new.xlsx"
    path.write_bytes(new_workbook(language))
    assert path.read_bytes() == new_workbook(language)
    found = check_workbook(path)
    assert {issue.table for issue in found.issues} == {"programme"}
    assert dump(found)["programme"]["original_language"] == language.value


@pytest.mark.parametrize("language", list(Language))
def test_plan_that_ships__is_sound_in_every_language(tmp_path, language):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook_of(read_sample("programme-of-work"), language))
    found = check_workbook(path)
    assert found.errors == 0
    assert {issue.code for issue in found.issues} == {
        "not-costed",
        "no-mandate",
        "repeated-recommendation",
        "no-next-step",
    }
    assert len(build_documents(found, Request()).files) == 7


def test_sample__that_is_not_there_is_a_broken_resource():
    with pytest.raises(BrokenResource):
        read_sample("none")


def test_dump__has_plain_values(checkup):
    text = """
    ## Programme
    | setting | value |
    | as_at | 2025-03-01 |
    | support_cost_rate | 13 |

    ## Activities
    | id     | number | area | title | mandates            | staff_days |
    | ICC-01 | '1.10  | icc  | Do    | Res. 1 (para. 2) ;Res. 1 | 2.5   |

    ## Funding
    | activity | source | stage    | amount | in_kind |
    | ICC-01   | CORE   | Received | 40.10  | YES     |
    """
    data = dump(checkup(text))
    assert data["programme"]["as_at"] == "2025-03-01"
    assert data["programme"]["support_cost_rate"] == "13"
    (activity,) = data["tables"]["activities"]
    assert activity["mandates"] == "Res. 1 (para. 2); Res. 1"
    assert (activity["number"], activity["staff_days"]) == ("1.10", "2.5")
    (funding,) = data["tables"]["funding"]
    assert (funding["amount"], funding["stage"], funding["in_kind"]) == ("40.1", "received", "yes")
    assert funding["donor"] is None
    assert json.loads(json.dumps(data)) == data


def test_annotated__is_a_workbook(checkup):
    found = checkup("## Costs\n| activity | amount |\n| ICC-01 | 'x |")
    book = openpyxl.load_workbook(io.BytesIO(annotated(found, Words(Language.EN))))
    assert book["Costs"]["B2"].comment
