"""The schema files: Table Schemas for any tool, complete in three languages."""

from __future__ import annotations

import re
from itertools import chain

import pytest
import yaml
from frictionless import Schema

from cmswp_xl.errors import BrokenResource
from cmswp_xl.issues import SEVERITIES
from cmswp_xl.languages import DOCUMENT_LANGUAGES, Language
from cmswp_xl.resources import read_yaml, schema_folder
from cmswp_xl.schema import (
    ENTRY,
    ENTRY_KINDS,
    TABLE_ORDER,
    load_schemas,
    read_schema,
    sheet_schemas,
)
from cmswp_xl.tables import comparable

FILES = sorted(schema_folder().glob("*.yaml"))
DATA_FILES = [path for path in FILES if path.stem != ENTRY]
FIELDS = [(schema, field) for schema in sheet_schemas().values() for field in schema.fields]

DESIGN = {
    "programme": "title_en title_fr title_es period_start period_end currency original_language"
    " status illustrative symbol_en symbol_fr symbol_es revision distribution_en distribution_fr"
    " distribution_es document_date meeting_en meeting_fr meeting_es meeting_place_en"
    " meeting_place_fr meeting_place_es meeting_start meeting_end agenda_item prepared_by_en"
    " prepared_by_fr prepared_by_es as_at scenario support_cost_rate number_style rounding"
    " annex_columns",
    "areas": "code title_en title_fr title_es parent",
    "activities": "id number title_en title_fr title_es area priority start_year end_year"
    " timing_en timing_fr timing_es responsible mandates targets funding_plan staff_days costing",
    "costs": "activity year category amount quantity unit_cost support_cost scenario note",
    "funding": "activity year source stage amount donor in_kind reference note scenario"
    " pledged_on confirmed_on received_on original_amount original_currency rate",
    "sources": "code kind title_en title_fr title_es support_cost_rate",
    "donors": "code name_en name_fr name_es",
    "posts": "id title_en title_fr title_es grade source donor share start_year end_year"
    " annual_cost remark_en remark_fr remark_es",
    "postfunding": "post source donor percent",
    "allocations": "post area percent",
    "mandates": "code meeting title_en title_fr title_es url",
    "scenarios": "code title_en title_fr title_es",
    "findings": "seq kind text_en text_fr text_es recommendations",
    "subjects": "point title_en title_fr title_es",
    "recommendations": "number subject text_en text_fr text_es decision activity evidence status"
    " note_en note_fr note_es",
    "evidence": "code kind title_en title_fr title_es date reference",
    "steps": "seq recommendation text_en text_fr text_es responsible start due status result_en"
    " result_fr result_es note_en note_fr note_es",
    "needs": "id kind text_en text_fr text_es year quantity amount recommendation post",
    "requests": "id date requester title_en title_fr title_es need_en need_fr need_es"
    " existing_solution mandate_fit users_served reuse urgency cost risk estimated_cost"
    " funding_offered staff_days decision decided_by decided_on reason_en reason_fr reason_es"
    " recommendation",
    "weights": "criterion weight",
    "progress": "activity as_at status expenditure note_en note_fr note_es",
    "approvals": "role name date content note",
    "comments": "id meeting author activity text response status",
    "texts": "document paragraph kind place text_en text_fr text_es",
    "rates": "currency date rate reference",
}
"""What people fill in, table by table, in the order of the columns."""


def test_every_table__has_one_file():
    assert {path.stem for path in DATA_FILES} == set(TABLE_ORDER) == set(load_schemas())
    assert {path.stem for path in FILES} == set(sheet_schemas())
    assert [schema.name for schema in load_schemas().values()] == list(TABLE_ORDER)


@pytest.mark.parametrize("name", TABLE_ORDER)
def test_fields_that_people_fill_in__are_those_of_the_design(name):
    assert [field.name for field in load_schemas()[name].inputs()] == DESIGN[name].split()


@pytest.mark.parametrize("path", DATA_FILES, ids=lambda path: path.stem)
def test_file__is_a_table_schema_for_frictionless(path):
    descriptor = yaml.safe_load(path.read_text(encoding="utf-8"))

    report = Schema.validate_descriptor(descriptor)
    schema = Schema.from_descriptor(descriptor)

    assert report.valid, report.flatten(["type", "note"])
    assert schema.to_descriptor()["fields"]
    assert [field.name for field in schema.fields] == [
        field.name for field in load_schemas()[path.stem].fields
    ]
    for ours in load_schemas()[path.stem].fields:
        theirs = schema.get_field(ours.name)
        assert theirs.required == ours.required
        assert (theirs.type, tuple(theirs.constraints.get("enum", ()))) == (ours.type, ours.enum)
    assert tuple(schema.primary_key) == load_schemas()[path.stem].primary_key


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_foreign_keys__lead_to_keys(path):
    descriptor = yaml.safe_load(path.read_text(encoding="utf-8"))

    for key in Schema.from_descriptor(descriptor).foreign_keys:
        target = load_schemas()[key["reference"]["resource"]]
        assert tuple(key["reference"]["fields"]) == target.primary_key


def test_entry__stands_after_areas_and_is_no_table_of_the_data():
    assert list(sheet_schemas())[:4] == ["programme", "areas", ENTRY, "activities"]
    assert ENTRY not in load_schemas()


@pytest.mark.parametrize("kind", ENTRY_KINDS)
def test_entry__has_each_kind_of_money_for_the_whole_period_and_six_years(kind):
    inputs = [f for f in sheet_schemas()[ENTRY].inputs() if f.kind == kind and f.numeric]

    assert [(field.name, field.year) for field in inputs] == [
        (kind, None),
        *((f"{kind}_{year}", year) for year in range(1, 7)),
    ]
    assert inputs[2].titles[Language.FR].endswith(" année 2")


def test_references_of_the_design__are_all_there():
    found = {
        (schema.name, field.name, field.reference.table)
        for schema, field in FIELDS
        if field.reference and not field.computed
    }

    assert found == {
        ("programme", "scenario", "scenarios"),
        ("areas", "parent", "areas"),
        ("activities", "area", "areas"),
        ("activities", "mandates", "mandates"),
        ("costs", "activity", "activities"),
        ("costs", "scenario", "scenarios"),
        ("funding", "activity", "activities"),
        ("funding", "source", "sources"),
        ("funding", "donor", "donors"),
        ("funding", "scenario", "scenarios"),
        ("posts", "source", "sources"),
        ("posts", "donor", "donors"),
        ("postfunding", "post", "posts"),
        ("postfunding", "source", "sources"),
        ("postfunding", "donor", "donors"),
        ("allocations", "post", "posts"),
        ("allocations", "area", "areas"),
        ("findings", "recommendations", "recommendations"),
        ("recommendations", "subject", "subjects"),
        ("recommendations", "activity", "activities"),
        ("recommendations", "evidence", "evidence"),
        ("steps", "recommendation", "recommendations"),
        ("needs", "recommendation", "recommendations"),
        ("needs", "post", "posts"),
        ("requests", "recommendation", "recommendations"),
        ("progress", "activity", "activities"),
        ("comments", "activity", "activities"),
        ("entry", "area", "areas"),
        ("entry", "core_source", "sources"),
        ("entry", "voluntary_source", "sources"),
        ("entry", "donor", "donors"),
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_titles_and_help__are_complete_in_each_language(path):
    """In the file itself, since English stands in for what a schema lacks."""
    descriptor = read_yaml(path)

    described = (descriptor, *descriptor["fields"])
    titles = [item[part] for item in described for part in ("titles", "help")]
    for texts in (*titles, *descriptor.get("form", {}).values()):
        assert set(texts) == {language.value for language in DOCUMENT_LANGUAGES}
        assert all(text.strip() == text != "" for text in texts.values()), texts


@pytest.mark.parametrize("name", sheet_schemas())
def test_title__belongs_to_one_field_in_all_languages_together(name):
    """A reader takes a title of any language, so a title may not name two fields."""
    owners: dict[str, set[str]] = {}
    for field in sheet_schemas()[name].fields:
        for title in field.titles.values():
            owners.setdefault(comparable(title), set()).add(field.name)

    assert {title: fields for title, fields in owners.items() if len(fields) > 1} == {}


def test_sheets_and_tables__have_names_of_their_own():
    for language in Language:
        names = [comparable(schema.titles[language]) for schema in sheet_schemas().values()]
        assert len(set(names)) == len(names)
    assert all(
        1 <= len(title) <= 31 and not re.search(r"[\[\]:*?/\\']", title)
        for schema in load_schemas().values()
        for title in schema.titles.values()
    )


def test_input_messages__fit_into_what_excel_shows():
    long = [
        (schema.name, field.name, language)
        for schema, field in FIELDS
        for language in Language
        if len(field.help[language]) > 255
    ]

    assert long == []


def test_headers__hold_nothing_that_a_structured_reference_must_escape():
    odd = [
        (schema.name, field.name)
        for schema, field in FIELDS
        if not schema.form and re.search("[\\[\\]#'\"@\n]", "".join(field.titles.values()))
    ]

    assert odd == []


def test_keys__have_the_pattern_of_keys_and_are_text_but_for_points_and_criteria():
    for schema in load_schemas().values():
        if len(schema.primary_key) == 1:
            field = schema.field(schema.primary_key[0])
            if field.type == "integer" or field.enum:
                assert (schema.name, field.name) in {
                    ("subjects", "point"),
                    ("weights", "criterion"),
                }
                continue
            assert field.pattern == "[A-Za-z0-9][A-Za-z0-9._ -]*"
            assert (field.required, field.code, field.number_format) == (True, True, "@")


def test_codes_and_references__are_in_text_columns():
    plain = [
        (schema.name, field.name)
        for schema, field in FIELDS
        if not field.computed
        and field.type == "string"
        and (field.reference or field.list)
        and field.number_format != "@"
    ]

    assert plain == []


def test_texts__are_given_in_three_languages_and_their_order():
    for schema in load_schemas().values():
        for base in {field.text for field in schema.fields if field.text}:
            texts = schema.texts(base)
            assert [text.language for text in texts] == list(Language)
            assert [text.name for text in texts] == [f"{base}_{code}" for code in Language]
            assert len({text.required_text for text in texts}) == 1


def test_required_texts__are_those_of_the_design():
    required = {(s.name, f.text) for s, f in FIELDS if f.required_text}

    assert required == {
        ("programme", "title"),
        ("areas", "title"),
        ("activities", "title"),
        ("entry", "title"),
        ("sources", "title"),
        ("donors", "name"),
        ("posts", "title"),
        ("scenarios", "title"),
        ("findings", "text"),
        ("subjects", "title"),
        ("recommendations", "text"),
        ("evidence", "title"),
        ("steps", "text"),
        ("needs", "text"),
        ("requests", "title"),
        ("requests", "need"),
        ("texts", "text"),
    }


def test_amounts__have_two_decimals_a_floor_and_a_ceiling():
    for _, field in FIELDS:
        if field.unit == "currency" and not field.computed:
            assert (field.decimals, field.minimum) == (2, 0)
            assert field.maximum is not None
        if field.unit == "percent" and not field.computed:
            assert (field.minimum, field.maximum) == (0, 100)


def test_internal_fields__are_marked():
    assert [(s.name, f.name) for s, f in FIELDS if f.internal] == [
        ("posts", "annual_cost"),
        *(("rates", field.name) for field in load_schemas()["rates"].fields),
        ("requests", "requester"),
        *(
            (name, field.name)
            for name in ("comments", "approvals")
            for field in load_schemas()[name].fields
        ),
    ]


def test_presence__is_that_of_the_design():
    found = {schema.name: schema.presence for schema in load_schemas().values()}

    assert {name for name, presence in found.items() if presence != "optional"} == {
        "programme",
        "areas",
        "activities",
        "sources",
    }


def test_defaults__are_words_of_their_list():
    assert all(f.default in f.enum for _, f in FIELDS if f.default is not None)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "name: x", "a: [", "name: x\ntable: X\ntitles: {en: X}\nhelp: {}\nfields: []"],
)
def test_file_that_is_no_schema__is_a_broken_resource(tmp_path, content):
    path = tmp_path / "x.yaml"
    path.write_text(content)

    with pytest.raises(BrokenResource) as error:
        read_schema(path)

    assert error.value.values["name"] == "x.yaml"


def test_schema_file_that_is_missing__is_a_broken_resource(tmp_path):
    with pytest.raises(BrokenResource):
        read_schema(tmp_path / "none.yaml")


def test_field_that_is_not_there__is_a_key_error():
    with pytest.raises(KeyError):
        load_schemas()["areas"].field("colour")


def test_codes_of_issues__are_words():
    assert all(re.fullmatch("[a-z]+(-[a-z0-9]+)*", code) for code in SEVERITIES)
    assert len(list(chain(SEVERITIES))) == len(set(SEVERITIES))
