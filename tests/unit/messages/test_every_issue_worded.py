"""Every code and every variant of it has its words, and nothing in them stays unfilled."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from string import Formatter

import pytest
from sheets import check
from sheets import totals as reckoning

from cmswp_xl.figures.computed import formula_flags, funding_flags
from cmswp_xl.issues import SEVERITIES, Issue, Severity
from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.worded import (
    TEMPLATES,
    codes,
    explanation,
    folded,
    pattern,
    shown_value,
    told_apart,
    worded,
)
from cmswp_xl.schema import load_schemas
from cmswp_xl.tables import Knowledge, Table
from cmswp_xl.validate.typed import hidden_characters, type_table

CELLS = [
    True, 0.5, 1.1, 12, 1e308, float("inf"), "1 200", "abc", dt.date(2024, 5, 1),
    dt.datetime.fromisoformat("2024-05-01T12:30"), dt.time(12, 30),
]  # fmt: skip
SAY = Words(Language.EN)
SCHEMAS = load_schemas()
PLACES = re.compile(r"\{\w*\}")
GIVEN = {"value", "sheet", "activity", "table"}
"""The places that every issue fills."""


def field(table, name):
    return SCHEMAS[table].field(name)


AMOUNT = field("costs", "amount")
YEAR = field("costs", "year")
CODE = field("activities", "id")
TEXT = field("areas", "title_fr")
COUNTED = replace(AMOUNT, type="integer")
DAY = field("programme", "as_at")
MONEY = {
    "cost": "1234.50",
    "available": "1000.00",
    "to_be_sought": "234.50",
    "surplus": "0.00",
    "pledged": "0.00",
    "currency": "EUR",
}

REPORT = {**MONEY, "spent": "2000.00", "earlier": "2500.00"}


def issue(code, value="x", column="c", **values):
    return Issue(code, SEVERITIES[code], "Costs", "D7", "costs", column, value, values)


def typed(kind, found, **values):
    sample = {"number": AMOUNT, "integer": COUNTED, "year": YEAR, "date": DAY, "string": CODE}
    return issue("wrong-type", field=sample[kind], found=found, **values)


SAMPLES = {
    "missing-table": issue("missing-table", titles=CODE.titles, excel_table="Costs"),
    "missing-column": issue("missing-column", titles=CODE.titles, excel_table="T", form=False),
    "missing-column:setting": issue(
        "missing-column", titles=CODE.titles, excel_table="T", form=True
    ),
    "duplicate-column": issue("duplicate-column", excel_table="Costs"),
    "rows-below-table": issue("rows-below-table", excel_table="Costs", cells=["A9", "A10"]),
    "unknown-column:blank": issue("unknown-column", None),
    "duplicate-key": issue("duplicate-key", field=CODE, cells=[3, 5]),
    "duplicate-key:pair": issue("duplicate-key", field=field("allocations", "area"), cells=[3, 5]),
    "duplicate-key:choice": issue(
        "duplicate-key", "cost", field=field("weights", "criterion"), cells=[3, 5]
    ),
    "duplicate-key:lost": issue("duplicate-key", field=CODE, cells=[3, 5], lost="A-03"),
    "changed-code": issue("changed-code", field=CODE, lost="A-03", references="8"),
    "duplicate-number": issue("duplicate-number", cells=[3, 5], area="ICC"),
    "unknown-reference": issue("unknown-reference", field=field("costs", "activity")),
    "unknown-reference:near": issue(
        "unknown-reference", field=field("costs", "activity"), nearest="A-01"
    ),
    "unknown-reference:list:near": issue(
        "unknown-reference", field=field("activities", "mandates"), nearest="Res. 1.2"
    ),
    "unknown-reference:list": issue("unknown-reference", field=field("activities", "mandates")),
    "formula-without-value": issue("formula-without-value", None, field=AMOUNT),
    "error-value": issue("error-value", "#REF!", field=AMOUNT),
    "unreadable-text": issue("unreadable-text", "a\x07b", field=CODE),
    "missing-value": issue("missing-value", None, field=AMOUNT),
    "missing-value:choice": issue("missing-value", None, field=field("funding", "stage")),
    "missing-value:reference": issue("missing-value", None, field=field("costs", "activity")),
    "missing-value:lost": issue("missing-value", None, field=CODE, lost="A-03"),
    "missing-value:text": issue("missing-value", None, field=TEXT),
    "missing-translation": issue("missing-translation", None, field=TEXT),
    "not-in-list": issue("not-in-list", field=field("funding", "stage")),
    "not-in-list:list": issue("not-in-list", field=field("programme", "annex_columns")),
    "not-in-list:list:near": issue(
        "not-in-list", field=field("programme", "annex_columns"), nearest="targets"
    ),
    "not-in-list:near": issue("not-in-list", field=field("funding", "stage"), nearest="pledged"),
    "out-of-range": issue("out-of-range", "3000", field=YEAR),
    "out-of-range:least": issue("out-of-range", "1", field=replace(YEAR, maximum=None)),
    "out-of-range:most": issue("out-of-range", "9999", field=replace(YEAR, minimum=None)),
    "out-of-range:negative": issue("out-of-range", "-5", field=AMOUNT),
    "out-of-range:percent": issue("out-of-range", "400", field=field("allocations", "percent")),
    "out-of-range:share": issue("out-of-range", "50", field=field("posts", "share")),
    "out-of-range:order": issue(
        "out-of-range",
        "2024",
        field=field("activities", "end_year"),
        not_before=field("activities", "start_year"),
        least="2026",
    ),
    "wrong-pattern": issue("wrong-pattern", field=replace(CODE, pattern="[0-9]+")),
    "wrong-pattern:code": issue("wrong-pattern", field=CODE),
    "wrong-pattern:currency": issue("wrong-pattern", field=field("programme", "currency")),
    "wrong-pattern:address": issue("wrong-pattern", field=field("mandates", "url")),
    "wrong-pattern:mark": issue("wrong-pattern", field=field("approvals", "content")),
    "too-many-decimals": issue("too-many-decimals", "1.234", field=AMOUNT, limit=2),
    "year-outside-period": issue("year-outside-period", "2031", start=2024, end=2026),
    "year-outside-period:before": issue("year-outside-period", "2001", start=2024),
    "year-outside-period:after": issue("year-outside-period", "2031", end=2026),
    "over-allocated": issue("over-allocated", "60", total="110", post="P01", cells=["C2", "C3"]),
    "amount-mismatch": issue(
        "amount-mismatch", "1200.5", expected="1200.00", quantity="3", unit_cost="400"
    ),
    "ambiguous-table": issue(
        "ambiguous-table", "Costs3", None, excel_table="Costs", other_sheet="Costs"
    ),
    "ambiguous-table:absent": issue("ambiguous-table", "Costs3", None, excel_table="Costs"),
    "nested-area": issue("nested-area", "ICC-A", area="ICC-B"),
    "nested-area:itself": issue("nested-area", "ICC", area="ICC", itself=True),
    "invisible-character": issue(
        "invisible-character", "ICC-01\u00a0", hidden=hidden_characters("\u0406CC-01\u00a0\u2005")
    ),
    "struck-text": issue("struck-text", "old"),
    "duplicate-row": issue("duplicate-row", "5", number=7, row=6),
    "same-contribution": issue("same-contribution", "received", row=4, stage="pledged"),
    "mixed-support-cost": issue("mixed-support-cost", "excluded", included="4", excluded="2"),
    "unfunded": issue("unfunded", "ICC-01", **MONEY),
    "partly-funded": issue("partly-funded", "ICC-01", **MONEY),
    "partly-funded:partial": issue("partly-funded", "ICC-01", **{**MONEY, "to_be_sought": "0.00"}),
    "not-costed": issue("not-costed", "ICC-01", **MONEY),
    "overfunded": issue("overfunded", "ICC-01", **MONEY),
    "funded-not-costed": issue("funded-not-costed", "ICC-01", **MONEY),
    "stale-formula": issue("stale-formula", "5", stored="5", expected="7.00"),
    "stale-formula:blank": issue("stale-formula", "5", stored="5", expected=""),
    "not-calculated:empty": issue("not-calculated", None, empty=True, expected="7.00"),
    "not-calculated": issue("not-calculated", None, expected="7.00"),
    "no-mandate": issue("no-mandate", None),
    "sequence-gap": issue("sequence-gap", "4", missing="3"),
    "sequence-gap:twice": issue("sequence-gap", "3", cells=["A4", "A5"]),
    "sequence-gap:instead": issue("sequence-gap", "3", cells=["A4", "A5"], missing="4"),
    "number-outside-subject": issue("number-outside-subject", "10.1", subject="1"),
    "incomplete-decision": issue(
        "incomplete-decision", None, request="REQ-01", decision="declined"
    ),
    "weights-not-100": issue("weights-not-100", "10", total="99.99"),
    "weights-not-100:none": issue("weights-not-100", "REQ-01", none=True),
    "repeated-recommendation": issue("repeated-recommendation", "2.2", cells=["B3", "B5"]),
    "done-with-open-steps": issue("done-with-open-steps", "done", number="2.1", cells=["J3"]),
    "due-out-of-sequence": issue("due-out-of-sequence", "2025-05-01", seq="3", due="2025-06-01"),
    "existing-solution-unknown": issue("existing-solution-unknown", None, request="REQ-01"),
    "recommendation-to-be-funded": issue(
        "recommendation-to-be-funded", "2.1", activity="ICC-01", uncosted=False, **MONEY
    ),
    "recommendation-to-be-funded:uncosted": issue(
        "recommendation-to-be-funded", "2.1", activity="ICC-01", uncosted=True, **MONEY
    ),
    "progress-outside-period": issue("progress-outside-period", "2023-12-31", start="2024"),
    "progress-after-figures": issue("progress-after-figures", "2025-06-30", as_at="2025-01-31"),
    "expenditure-decreasing": issue(
        "expenditure-decreasing", "ICC-01", **REPORT, cells=["E3"], as_at="2024-06-30"
    ),
    "expenditure-above-cost": issue("expenditure-above-cost", "ICC-01", **REPORT),
    "expenditure-above-available": issue("expenditure-above-available", "ICC-01", **REPORT),
    "progress-contradiction": issue("progress-contradiction", "ICC-01", **REPORT),
    "progress-contradiction:done": issue(
        "progress-contradiction", "ICC-01", cells=["D3"], as_at="2024-06-30"
    ),
    "done-to-be-sought": issue("done-to-be-sought", "ICC-01", **REPORT),
    "text-out-of-order": issue("text-out-of-order", "3", number="4"),
    "text-out-of-place:summary": issue("text-out-of-place", "summary"),
    "text-out-of-place:heading": issue("text-out-of-place", "heading"),
    "text-out-of-place:areas": issue("text-out-of-place", "areas", cells=["C4"]),
    "open-comments": issue("open-comments", "C-01", number="3"),
    "wrong-type": issue("wrong-type"),
    "wrong-type:string:number-in-code": typed("string", "number-in-code", meant="5"),
    "wrong-type:string:number-in-code:either": typed("string", "number-in-code", meant="1.1|1.10"),
    **{
        f"wrong-type:{kind}:{found}": typed(kind, found)
        for kind, kinds in {
            "number": ("number-as-text", "text", "date", "yes-no", "number"),
            "integer": ("number-as-text", "text", "date", "yes-no", "fraction"),
            "year": ("number-as-text", "text", "date", "yes-no", "fraction"),
            "date": ("number", "number-as-text", "text", "date", "date-and-time", "yes-no"),
            "string": ("number", "date", "yes-no", "date-in-code"),
        }.items()
        for found in kinds
    },
}


def sample(key):
    """Return an issue of a wording: a written one, or one with a value for every place."""
    code, _, variant = key.partition(":")
    text = f"{TEMPLATES[key].message} {TEMPLATES[key].remedy}"
    places = {name for _, name, _, _ in Formatter().parse(text) if name} - GIVEN
    return issue(code, **dict.fromkeys(places, "3"), **({variant: True} if variant else {}))


SINGLE = {key: SAMPLES.get(key) or sample(key) for key in TEMPLATES}


def test_every_code_has_a_wording_and_an_explanation():
    assert {key.partition(":")[0] for key in TEMPLATES} == set(SEVERITIES)
    assert set(codes()) == set(SEVERITIES)


def test_codes__come_errors_first_then_warnings_then_notes():
    order = [list(Severity).index(SEVERITIES[code]) for code in codes()]

    assert order == sorted(order)


def test_samples__are_of_wordings_that_there_are():
    assert set(SAMPLES) <= set(TEMPLATES)


@pytest.mark.parametrize("language", Language)
def test_every_wording__is_chosen_and_filled(language):
    say = Words(language)
    for key, one in SINGLE.items():
        words = worded(one, say)
        together = folded([one] * 3, say)

        assert pattern(one) == key
        assert "3" in together, key
        for text in (words.message, words.remedy, together):
            assert text, key
            assert not PLACES.search(text), key
            assert "None" not in text, key


def test_folded_sentences__have_no_place_that_differs_from_cell_to_cell():
    alike = {
        "count", "language", "choices", "least", "most", "limit", "start", "end", "target", "other"
    }  # fmt: skip
    for key, template in TEMPLATES.items():
        assert {name for _, name, _, _ in Formatter().parse(template.several) if name} <= alike, (
            key
        )


def test_explanations__say_what_why_and_how_in_a_few_sentences():
    for code in SEVERITIES:
        explained = explanation(code, SAY)
        for text in (explained.what, explained.why, explained.how):
            assert text.endswith("."), code
            assert not PLACES.search(text), code


def test_schema_patterns__each_have_a_wording_of_their_own():
    patterned = [f for schema in SCHEMAS.values() for f in schema.fields if f.pattern]

    for one in patterned:
        assert pattern(issue("wrong-pattern", field=one)) != "wrong-pattern"


@pytest.mark.parametrize("cell", CELLS, ids=repr)
def test_any_wrong_type_that_the_checks_find__has_its_own_wording(cell):
    for name in SCHEMAS:
        schema = replace(SCHEMAS[name], form_titles=None)
        columns = {one.name: [cell] for one in schema.inputs()}
        numbers = {one: number for number, one in enumerate(columns, 1)}
        table = Table(schema, "Sheet", 0, (2,), columns, numbers)

        for fault in type_table(table, Knowledge.FORMULAS | Knowledge.FORMATS)[1]:
            if fault.code == "wrong-type":
                assert pattern(fault) != "wrong-type", (name, fault.column, fault.values["found"])


def test_number_as_text__is_shown_as_it_was_typed():
    found = replace(typed("number", "number-as-text"), value="1200")

    assert "“1200”" in worded(found, SAY).message


def test_amounts__are_written_in_the_way_of_the_language():
    found = SINGLE["partly-funded"]

    assert "EUR\N{NO-BREAK SPACE}1,234.50" in worded(found, SAY).message
    assert "1\N{NO-BREAK SPACE}234,50" in worded(found, Words(Language.FR)).message
    assert "1\N{NO-BREAK SPACE}234,50" in worded(found, Words(Language.ES)).message


def test_number_out_of_range__is_written_whatever_its_size():
    huge = issue("out-of-range", "1" + "0" * 308, field=AMOUNT)

    assert len(worded(huge, SAY).message) < 200


def test_value__cannot_reach_into_the_template():
    assert "“{count} {0}”" in worded(issue("not-in-list", "{count} {0}", field=CODE), SAY).message


def test_folded__names_the_values_where_they_differ():
    found = [
        replace(issue("unknown-reference", field=field("costs", "activity")), value=value)
        for value in ("A", "B", "A")
    ]

    assert folded(found, SAY) == (
        "3 cells contain a code that is not in the sheet “Activities”. Found: “A” and “B”"
    )


@pytest.mark.parametrize(
    ("code", "language", "wanted"),
    [
        ("recommendation-to-be-funded", Language.EN, "Recommendations: 1.2 and 2.1"),
        ("recommendation-to-be-funded", Language.FR, "Recommandations\u00a0: 1.2 et 2.1"),
        ("recommendation-to-be-funded", Language.ES, "Recomendaciones: 1.2 y 2.1"),
        ("no-next-step", Language.EN, "Recommendations: 1.2 and 2.1"),
        ("subject-without-recommendation", Language.EN, "Points: 1.2 and 2.1"),
        ("text-out-of-order", Language.EN, "Paragraphs: 1.2 and 2.1"),
        ("comment-without-response", Language.EN, "Comments: 1.2 and 2.1"),
        ("unused-evidence", Language.EN, "Evidence: 1.2 and 2.1"),
        ("unfunded", Language.EN, "Activities: 1.2 and 2.1"),
    ],
)
def test_folded__says_of_what_the_values_are(code, language, wanted):
    found = [issue(code, number) for number in ("1.2", "2.1")]
    assert folded(found, Words(language)).endswith(f" {wanted}")


def test_shown_value__is_no_id_where_the_column_is_another():
    of_rows = ("unfunded", "recommendation-to-be-funded", "comment-without-response")
    assert [shown_value(issue(code, "EDM-02")) for code in of_rows] == [None] * 3
    assert shown_value(issue("not-in-list", "EDM-02")) == "EDM-02"


def test_told_apart__is_for_messages_that_say_more_than_the_value():
    assert told_apart(SINGLE["amount-mismatch"])
    assert not told_apart(SINGLE["missing-translation"])
    assert not told_apart(SINGLE["wrong-type:number:text"])


def test_flags_of_real_figures__are_worded():
    book = """
        ## Activities
        | id     | number | area | title |
        | ICC-01 | '1.1   | ICC  | One   |
        | ICC-02 | '1.2   | ICC  | Two   |
        """
    table = check(book).typed["activities"].table
    totals = reckoning(book)
    flags = [
        *funding_flags(totals, table, range(2)),
        *formula_flags(totals, {"activities": table}, {"activities": range(2)}),
    ]

    assert [worded(flag, SAY).message.replace("\N{NO-BREAK SPACE}", "~") for flag in flags] == [
        "ICC-01: EUR~40.00 of EUR~100.00 is available; EUR~60.00 is to be sought.",
        "ICC-02 has no costs yet; documents leave its amounts blank.",
    ]


def test_hidden_characters__are_named_with_their_position_in_each_language():
    found = SINGLE["invisible-character"]
    texts = [worded(found, Words(language)).message for language in Language]

    for text, space in zip(
        texts, ("no-break space", "espace insécable", "espacio de no separación"), strict=True
    ):
        assert f"{space} (U+00A0)" in text
        assert "CYRILLIC CAPITAL LETTER BYELORUSSIAN-UKRAINIAN I (U+0406)" in text
        assert "FOUR-PER-EM SPACE (U+2005)" in text
    assert "for “I” at position 1, no-break space (U+00A0) at position 7" in texts[0]


def test_codes_with_many_hidden_characters__name_the_first_three():
    found = issue("invisible-character", hidden=hidden_characters("\u00a0" * 9))
    message = worded(found, SAY).message

    assert "position 3" in message
    assert "position 4" not in message


def test_codes__are_named_by_the_words_of_the_workbook():
    values = {"row": 3, "stage": "pledged"}
    found = Issue(
        "same-contribution",
        Severity.WARNING,
        "Fonds",
        "D7",
        "funding",
        "stage",
        "received",
        values,
    )
    status = {"stored": "unfunded", "expected": "partly-funded"}
    stale = Issue(
        "stale-formula", Severity.WARNING, "A", "J7", "activities", "funding_status", "", status
    )
    french = Words(Language.FR)

    assert "annoncée" in worded(found, french).message
    assert "reçue" in worded(found, french).message
    assert "non financée" in worded(stale, french).message
    assert "partiellement financée" in worded(stale, french).message


def test_numbers_of_activities__are_no_amounts():
    values = {"stored": "3.3", "expected": "2.10"}
    stale = Issue(
        "stale-formula", Severity.WARNING, "Areas", "F6", "areas", "next_number", "3.3", values
    )

    assert "“3.3”" in worded(stale, SAY).message
    assert "“2.10”" in worded(stale, SAY).message
