"""How amounts, percentages and dates are printed in three languages and four house styles."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import totals, workbook

from cmswp_xl.documents.amounts import Columns, amount_tree
from cmswp_xl.documents.texts import NIL, currency_words, numbers_for
from cmswp_xl.figures.sources import SumOf
from cmswp_xl.languages import Language
from cmswp_xl.messages.values import long_date
from cmswp_xl.printed import Figured

EN, FR, ES = Language.EN, Language.FR, Language.ES
NBSP = "\u00a0"
AMOUNTS = st.decimals(0, 10**9, places=2)


def figured(exact, shown=None):
    """Return a figure, as it is or rounded."""
    figure = Figured(SumOf(("total", "cost"), (), "sum-areas"), exact)
    return figure if shown is None else figure.shown_as(shown, "rounded", Decimal(1))


def printed(value, language=EN, style="locale", rounding=None):
    value = Decimal(value)
    return numbers_for(language, style, rounding, [value]).amount(figured(value))


@pytest.mark.parametrize(
    ("value", "language", "style", "text"),
    [
        ("1234", EN, "locale", "1,234"),
        ("1234", FR, "locale", f"1{NBSP}234"),
        ("1234", ES, "locale", f"1{NBSP}234"),
        ("1234.5", EN, "locale", "1,234.50"),
        ("1234.5", FR, "locale", f"1{NBSP}234,50"),
        ("1234.5", EN, "space", f"1{NBSP}234.50"),
        ("1234.5", FR, "comma", "1,234.50"),
        ("1234.5", EN, "point", "1.234,50"),
        ("-33661", EN, "locale", "(33,661)"),
        ("0", FR, "locale", NIL),
        ("999", EN, "locale", "999"),
        ("1000000000", EN, "locale", "1,000,000,000"),
    ],
)
def test_amounts(value, language, style, text):
    assert printed(value, language, style) == text


def test_unknown__is_blank_and_nil_a_dash():
    numbers = numbers_for(EN, "locale", None, [])
    assert numbers.amount(figured(None)) == ""
    assert numbers.amount(figured(Decimal(0))) == "–"
    assert numbers.amount(figured(Decimal("0.4"), Decimal(0))) == f"<{NBSP}1"
    assert numbers.amount(figured(Decimal("0.4"), Decimal(0)), nil=True) == "–"
    assert numbers.amount(figured(Decimal(0), Decimal(0))) == "–"


def test_thousands__are_divided():
    assert printed(1234000, rounding="thousand") == "1,234"


@given(AMOUNTS)
def test_amount__that_is_not_nil_never_prints_as_zero(value):
    """Cents are printed wherever the amount that is printed has any."""
    if value:
        assert set(printed(value)) & set("123456789")


def test_cents__stand_in_all_amounts_or_in_none():
    mixed = numbers_for(EN, "locale", None, [Decimal(1), Decimal("1.5"), None])
    assert mixed.amount(figured(Decimal(1))) == "1.00"
    whole = numbers_for(EN, "locale", None, [Decimal(1), Decimal("2.00")])
    assert whole.amount(figured(Decimal(2))) == "2"


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [("90", EN, "90"), ("12.50", FR, "12,5"), ("33.33", ES, "33,33"), ("0.5", EN, "0.5")],
)
def test_percentages__have_the_decimals_they_need(value, language, text):
    assert numbers_for(language, "locale", None, []).percent(figured(Decimal(value))) == text


@pytest.mark.parametrize(
    ("day", "language", "text"),
    [
        (dt.date(2014, 11, 5), EN, "5 November 2014"),
        (dt.date(2014, 11, 5), FR, "5 novembre 2014"),
        (dt.date(2014, 11, 1), FR, "1er novembre 2014"),
        (dt.date(2011, 11, 11), FR, "11 novembre 2011"),
        (dt.date(2021, 1, 21), FR, "21 janvier 2021"),
        (dt.date(2014, 11, 1), ES, "1 de noviembre de 2014"),
        (dt.date(2014, 11, 1), EN, "1 November 2014"),
    ],
)
def test_dates(day, language, text):
    assert long_date(day, language).replace(NBSP, " ") == text
    assert long_date(day, language)[: len(text.split()[0]) + 1].endswith(NBSP)


@pytest.mark.parametrize(
    ("code", "names"),
    [("EUR", ("euros", "euros", "euros")), ("USD", ("US dollars", "dollars", "dólares"))],
)
def test_currencies__have_names_or_their_code(code, names):
    for language, name in zip(Language, names, strict=True):
        assert name in currency_words(code, language)
    assert currency_words("XQX", EN) == "XQX"


@given(st.lists(st.lists(AMOUNTS, min_size=1, max_size=4), min_size=1, max_size=4), st.booleans())
def test_rounded_tree__adds_up_at_every_level(areas, thousand):
    """Activities to their area, areas to the total; none moves by a whole step or below nil."""
    step = Decimal(1000 if thousand else 1)
    rows = [
        (f"A{a}", f"A{a}-{n:02}", n, amount)
        for a, amounts in enumerate(areas)
        for n, amount in enumerate(amounts, 1)
    ]
    text = "\n".join(
        [
            "## Areas",
            "| code | title |",
            *(f"| A{a} | Area |" for a in range(len(areas))),
            "",
            "## Activities",
            "| id | number | area | title |",
            *(f"| {key} | '{n} | {area} | Do |" for area, key, n, _ in rows),
            "",
            "## Costs",
            "| activity | amount |",
            *(f"| {key} | {amount:f} |" for _, key, _, amount in rows),
            "",
            "## Funding",
            "| activity | source | stage | amount |",
        ]
    )
    found = totals(workbook(text))
    tree = amount_tree(found, found.programme.areas, Columns((), ("core",)), step)
    total = tree.shown["total"][""]
    for name in ("cost", "to_be_sought"):
        assert abs(total[name] - tree.exact["total"][""][name]) * 2 <= step
        assert sum(line[name] for line in tree.shown["areas"].values()) == total[name]
        for area in found.programme.areas:
            keys = [activity.id for activity in found.programme.activities_of(area.code)]
            shown = [tree.shown["activities"][key][name] for key in keys]
            assert sum(shown) == tree.shown["areas"][area.code][name]
            for key, value in zip(keys, shown, strict=True):
                assert value >= 0
                assert abs(value - tree.exact["activities"][key][name]) < step
                assert value or tree.exact["activities"][key][name] < step
