"""Amounts and percentages in every number style that documents of the Convention use."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cmswp_xl.languages import Language
from cmswp_xl.word_import.amounts import Separators, read_amount, read_percent


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234 567,89", "1234567.89"),
        ("1\u00a0234\u00a0567,89", "1234567.89"),
        ("1\u202f234\u202f567,89", "1234567.89"),
        ("1\u2009234", "1234"),
        ("1,234,567.89", "1234567.89"),
        ("1.234.567,89", "1234567.89"),
        ("1 234 567", "1234567"),
        ("1'234'567.50", "1234567.50"),
        ("1’234’567", "1234567"),
        ("76,936", "76936"),
        ("76.936", "76936"),
        ("729 282", "729282"),
        ("5.732.172", "5732172"),
        ("1234567", "1234567"),
        ("12,5", "12.5"),
        ("12.50", "12.50"),
        ("0", "0"),
        ("at least 1,000", "1000"),
        ("au moins 1 000", "1000"),
        ("al menos 1.000", "1000"),
        ("EUR 1,000", "1000"),
        ("681 000 €", "681000"),
        ("1,000 a", "1000"),
        ("1,000*", "1000"),
        ("6,62 millions d'€", "6620000.00"),
        ("12 mil", "12000"),
    ],
)
def test_amount__is_read_in_every_style(text, value):
    figure = read_amount(text)

    assert (figure.kind, figure.value) == ("amount", Decimal(value))


@pytest.mark.parametrize("text", ["–", "-", "—", "−", "nil", "Néant", "--", "ninguno"])
def test_dash_or_nil__is_nil(text):
    assert read_amount(text).known == 0


@pytest.mark.parametrize("text", ["", "  ", "\u00a0", "\n"])
def test_blank__is_not_nil(text):
    figure = read_amount(text)

    assert (figure.kind, figure.known) == ("blank", None)


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("(33 661)", "unreadable", "negative"),
        ("-500", "unreadable", "negative"),
        ("1,23,456", "unreadable", "no-amount"),
        ("1.2345", "unreadable", "no-amount"),
        ("0,125", "unreadable", "no-amount"),
        ("12 34", "unreadable", "two-amounts"),
        ("1,234.567", "unreadable", "no-amount"),
        ("10 %", "unreadable", "no-amount"),
        ("١٢٣", "unreadable", "no-amount"),
        ("1_000", "unreadable", "no-amount"),
        ("1e5", "unreadable", "no-amount"),
        ("9999999999999", "unreadable", "too-large"),
        ("tbd", "words", "no-amount"),
        ("Budget + Fundraising", "words", "no-amount"),
    ],
)
def test_what_is_no_amount__is_never_guessed(text, kind, reason):
    figure = read_amount(text)

    assert (figure.kind, figure.known, figure.reasons) == (kind, None, (reason,))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("approx. 1,000", "approximate"),
        ("environ 1 000", "approximate"),
        ("1,000 b", "note-letter"),
        ("2 millions", "multiplied"),
    ],
)
def test_amount_with_words__says_what_was_done(text, reason):
    assert read_amount(text).reasons == (reason,)


def test_less_than_one__is_told_from_nil():
    assert read_amount("<\u00a01").kind == "less"


def settled(text, others, language):
    separators = Separators()
    separators.learn(map(read_amount, others))
    return separators.settle(read_amount(text), language).reasons


@pytest.mark.parametrize(
    ("text", "others", "language", "reasons"),
    [
        ("1,234", [], Language.EN, ()),
        ("1,234", ["1,234,567"], Language.FR, ()),
        ("1.234", [], Language.ES, ()),
        ("1,234", [], Language.FR, ("lone-separator",)),
        ("1.234", [], Language.EN, ("lone-separator",)),
        ("1.234", ["12,50", "1.234,00"], Language.EN, ()),
        ("650,487", ["4.920.762", "1.000.000"], Language.ES, ("mixed-styles",)),
    ],
)
def test_lone_separator__is_doubtful_where_it_may_mean_decimals(text, others, language, reasons):
    found = settled(text, others, language)

    assert found == reasons or (reasons and found)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("90", "90"),
        ("60 %", "60"),
        ("12,5", "12.5"),
        ("12.5\u00a0%", "12.5"),
        ("100 per cent", "100"),
    ],
)
def test_percentage__is_read_with_or_without_its_sign(text, value):
    assert read_percent(text).value == Decimal(value)


@pytest.mark.parametrize("text", ["101", "1/2", "full time", "33.333", "½", "-5"])
def test_what_is_no_percentage__is_never_guessed(text):
    assert read_percent(text).known is None


def test_percentage_below_one__may_be_a_share():
    assert read_percent("0.9").reasons == ("share",)
