"""Labels of code words; values, cells and amounts as sentences show them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cmswp_xl.figures.totals import GROUPINGS, funding_status
from cmswp_xl.issues import Severity
from cmswp_xl.languages import Language, Words
from cmswp_xl.make.formulas import ROOM_FOR_SPELLINGS
from cmswp_xl.messages.labels import FIELD_KINDS, KINDS, label, spellings
from cmswp_xl.messages.values import amounts_in, date_text, display_text, joined, series
from cmswp_xl.schema import load_schemas, sheet_schemas
from cmswp_xl.tables import comparable

SAY = Words(Language.EN)
ENUMS = [
    (schema.name, field.name, word)
    for schema in sheet_schemas().values()
    for field in schema.fields
    for word in field.enum or field.choices
]


def test_every_code_word_of_the_schemas__has_a_label():
    for table, name, word in ENUMS:
        assert word in KINDS[FIELD_KINDS[table, name]], (table, name)


def test_field_kinds__name_no_field_that_is_gone():
    calculated = {("activities", "funding_status"), ("funding", "source_kind")}

    assert set(FIELD_KINDS) == {(table, name) for table, name, _ in ENUMS} | calculated


def test_no_word__stands_for_two_codes_of_one_field():
    for schema in sheet_schemas().values():
        for field in schema.fields:
            found = spellings(schema.name, field).values()
            words = [word for said in found for word in set(map(comparable, said))]
            assert len(words) == len(set(words)), (schema.name, field.name)


def test_words__are_as_many_as_the_workbook_has_room_for():
    found = [spellings(table, sheet_schemas()[table].field(name)) for table, name in FIELD_KINDS]

    assert max(len(said) for codes in found for said in codes.values()) <= ROOM_FOR_SPELLINGS


@pytest.mark.parametrize("language", Language)
def test_names_of_tables__are_those_of_their_sheets(language):
    for schema in load_schemas().values():
        found = label("table", schema.name, Words(language))
        assert found in (schema.titles[language], schema.titles[Language.EN])


def test_severities_groupings_and_statuses__have_labels():
    cases = [(None, 0), (0, 0), (2, 0), (2, 1), (2, 2), (1, 2)]
    statuses = {
        funding_status(None if cost is None else Decimal(cost), Decimal(money), partial=False)
        for cost, money in cases
    }

    assert set(KINDS["severity"]) == set(Severity)
    assert set(KINDS["grouping"]) >= set(GROUPINGS)
    assert set(KINDS["funding-status"]) == statuses


def test_label__of_an_unknown_word_is_a_key_error():
    with pytest.raises(KeyError):
        label("stage", "promised", SAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("é – 日本", "é – 日本"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\x1b[31m\x9b", "\\x1b[31m\\x9b"),
        ("\u202eabc\u200b", "\\u202eabc\\u200b"),
        ("\ud83d", "\\ud83d"),
        ("\U000e0001", "\\U000e0001"),
        ("x" * 61, "x" * 59 + "…"),
        ("x" * 60, "x" * 60),
        ("[bold]x[/bold]", "[bold]x[/bold]"),
    ],
)
def test_shown__is_harmless_and_short(text, expected):
    assert display_text(text) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([], ""),
        (["D2"], "D2"),
        (["D2", "D3", "D4", "D70"], "D2:D4, D70"),
        (["D2", "E3"], "D2, E3"),
        (["D2", "D2", "D3"], "D2:D3"),
        (["D9", "D10", "D11"], "D9:D11"),
    ],
)
def test_joined__names_ranges(cells, expected):
    assert joined(cells) == expected


def test_joined__hints_at_what_it_leaves_out():
    assert joined([f"A{row}" for row in range(2, 40, 2)], most=2) == "A2, A4, …"
    assert "…" not in joined([f"A{row}" for row in range(2, 40, 2)], most=None)


@pytest.mark.parametrize(
    ("language", "expected"),
    [(Language.EN, "1,234,567.50"), (Language.FR, "1 234 567,50"), (Language.ES, "1 234 567,50")],
)
def test_money__groups_every_amount_by_the_way_of_the_language(language, expected):
    written = amounts_in(language).money(Decimal("1234567.5"))

    assert written == expected.replace(" ", "\N{NO-BREAK SPACE}")


def test_number__keeps_the_decimals_it_has():
    assert amounts_in(Language.EN).number(Decimal("0.000000000000000000001")) == "0." + (
        "0" * 20 + "1"
    )
    assert amounts_in(Language.EN).number(Decimal("1E+12")) == "1,000,000,000,000"


@pytest.mark.parametrize("text", ["abc", "", "NaN", "1E+999999999", "Infinity"])
def test_text_that_is_no_amount__is_not_written_as_one(text):
    assert amounts_in(Language.EN).text(text) is None


@pytest.mark.parametrize(
    ("parts", "language", "expected"),
    [
        ([], Language.EN, ""),
        (["2.1"], Language.EN, "2.1"),
        (["2.1", "2.2", "2.3"], Language.EN, "2.1, 2.2 and 2.3"),
        (["2.1", "2.2", "2.3"], Language.FR, "2.1, 2.2 et 2.3"),
        (["2.1", "2.2"], Language.ES, "2.1 y 2.2"),
        (["2.1", "2.2", "…"], Language.ES, "2.1, 2.2, …"),
    ],
)
def test_series__is_joined_in_the_way_of_the_language(parts, language, expected):
    assert series(parts, Words(language)) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("2025-06-01", Language.EN, "1 June 2025"),
        ("2025-06-01", Language.FR, "1er juin 2025"),
        ("2024-06-30", Language.ES, "30 de junio de 2024"),
        ("2024-06-30 14:05", Language.EN, "30 June 2024, 14:05"),
        ("2024-06-31", Language.EN, "2024-06-31"),
        ("2024", Language.EN, "2024"),
    ],
)
def test_date__is_written_in_words(text, language, expected):
    assert date_text(text, Words(language)).replace("\u00a0", " ") == expected
