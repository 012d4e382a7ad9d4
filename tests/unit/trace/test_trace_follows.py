"""The trace of a document follows what it prints: its order, its rounding, its filter."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from traced import PAPERS, example, traced

from cmswp_xl.documents import amounts, annex, texts
from cmswp_xl.figures.sources import of_activity
from cmswp_xl.figures.totals import compute_totals
from cmswp_xl.languages import Language, Words
from cmswp_xl.listings.trace import Tracer
from cmswp_xl.page import Table
from cmswp_xl.printed import Figured, Printed, joined
from cmswp_xl.trace import Papers, placed, places_of, walk


def printed_amounts(trace):
    """Return path, place and explained amount of every printed place."""
    for path, places in trace.printed.items():
        for place in places:
            yield path, place, trace.figures[path].exact


def test_every_printed_text__leads_to_cells_that_give_its_amount(document, rounding):
    trace, _ = traced(example(rounding), document)
    found = 0
    for path, place, exact in printed_amounts(trace):
        assert place.value.exact == exact, path
        step = place.rounding.step if place.rounding else 0
        if exact is not None:
            assert abs(place.shown - exact) <= step * 60, path
            found += 1
    assert found or document == "cover"


def test_what_is_printed__is_found_alike_with_its_places_and_without(document, rounding):
    totals = compute_totals(example(rounding).programme)
    content = Papers(totals, {}).content(document, Language.EN)
    assert [id(one) for one, _ in placed(content)] == [id(one) for one in walk(content)]


def test_a_language_that_prints_more__has_those_places_too():
    totals = compute_totals(example().programme)
    key = next(key for key, figures in totals.by_activity.items() if figures.to_be_sought)
    sought, cost = (
        Printed(name, of_activity(totals, key, name)) for name in ("to_be_sought", "cost")
    )
    tracer = Tracer(places_of(example()), "example.xlsx", None, totals)
    found = [
        json.loads(tracer.json("annex", language, (), content))["figures"]
        for language, content in ((Language.EN, (sought,)), (Language.FR, (sought, cost)))
    ]
    first, second = ({one["path"]: one for one in figures} for figures in found)
    assert list(first) == list(second)
    path = f"annex/activity/{key}/cost"
    assert (first[path]["printed"], first[path]["shown"]) == ([], None)
    assert second[path]["printed"] == [{"text": "cost", "in": "table"}]
    assert second[path]["shown"] == second[path]["exact"] == first[path]["exact"]


@pytest.fixture(params=[None, "thousand"])
def rounding(request):
    return request.param


@pytest.fixture(params=sorted(PAPERS))
def document(request):
    return request.param


def rows(content):
    """Return the printed cost of each row of the annex's tables by the id of its activity."""
    found = {}
    for part in content.body:
        for table in part.blocks:
            if isinstance(table, Table) and table.name == "activities":
                place = [c.over or c.head for c in table.columns].index("Funding available") - 1
                found |= {row.key: row.cells[place] for row in table.rows if row.look != "total"}
    return found


def check_rows(content, totals):
    found = rows(content)
    assert found
    for key, text in found.items():
        assert text.value.source.path == ("activity", key, "cost")
        assert text.value.exact == totals.by_activity[key].cost


def content_and_trace(rounding):
    checked = example(rounding)
    totals = compute_totals(checked.programme)
    content, _ = annex.content(totals, Language.EN)
    return content, traced(checked)[0], totals


def assert_follows(content, trace):
    texts = [(one.value.source.path, str(one)) for one in walk(content)]
    noted = {path: [str(one) for one in places] for path, places in trace.printed.items()}
    assert texts
    for path, text in texts:
        assert noted[path].pop(0) == text
    assert not any(noted.values())


def test_another_order_of_rows__is_told_with_their_own_cells(monkeypatch, rounding):
    own = type(example().programme).activities_of
    monkeypatch.setattr(
        type(example().programme),
        "activities_of",
        lambda self, code: own(self, code)[::-1],
    )
    content, trace, totals = content_and_trace(rounding)
    check_rows(content, totals)
    assert_follows(content, trace)


def test_another_filter_of_rows__leaves_their_figures_out(monkeypatch):
    own = type(example().programme).activities_of
    monkeypatch.setattr(
        type(example().programme),
        "activities_of",
        lambda self, code: [a for a in own(self, code) if a.priority == "core"],
    )
    content, trace, totals = content_and_trace("thousand")
    check_rows(content, totals)
    assert_follows(content, trace)
    others = {a.id for a in totals.programme.activities if a.priority != "core"}
    assert others
    assert not others & {path[1] for path in trace.figures if path[0] == "activity"}
    shown = [place.shown for place in trace.printed["total", "cost"]]
    kept = totals.of(a for a in totals.programme.activities if a.priority == "core")
    assert trace.figures["total", "cost"].exact == kept.cost
    assert shown[0] == amounts.rounded(kept.cost, Decimal(1000))


def test_another_rounding__is_told_as_it_is_printed(monkeypatch):
    monkeypatch.setitem(texts._STEPS, "thousand", Decimal(500))
    content, trace, totals = content_and_trace("thousand")
    check_rows(content, totals)
    assert_follows(content, trace)
    codes = {(p.rounding.code, p.rounding.step) for _, p, _ in printed_amounts(trace)
             if p.rounding}  # fmt: skip
    assert ("fitted", Decimal(500)) in codes
    assert all(step == Decimal(500) for _, step in codes)


class Bare:
    path = ("bare",)


@pytest.fixture
def amount():
    print_amount = texts.numbers_for(Language.EN, "locale", None, ())
    return lambda number: print_amount.amount(Figured(Bare(), Decimal(number)))


def test_a_sentence__keeps_the_figures_that_it_prints(amount):
    say = Words(Language.EN)
    inner = say("at least {amount}", amount=amount(1200))
    text = joined("; ", [say("{number}: {amount}", number="A", amount=inner), "nothing"])
    assert text == "A: at least 1,200; nothing"
    (part,) = text.parts
    assert (str(part), part.table, part.shown) == ("1,200", False, 1200)


def test_a_sentence_without_figures__is_plain_text():
    assert type(Words(Language.EN)("{number}: {amount}", number="A", amount="5")) is str


def test_a_reworded_amount__stays_in_its_table(amount):
    printed = amount(5).reworded("at least 5")
    assert (printed, printed.table, printed.shown) == ("at least 5", True, Decimal(5))


def test_the_count_of_a_sentence__may_be_printed(amount):
    text = Words(Language.EN).many("{count} file", "{count} files", amount(3))
    assert text == "3 files"
    assert len(text.parts) == 1


def test_figures_stay_behind__where_a_text_goes_to_another_process(amount):
    import pickle

    sentence = Words(Language.EN)("at least {amount}", amount=amount(5))
    for text in (amount(5), sentence):
        copy = pickle.loads(pickle.dumps(text))  # noqa: S301  our own
        assert (type(copy), copy) == (str, text)


def test_a_figure_without_a_source__cannot_be_made():
    with pytest.raises(TypeError):
        Figured(exact=Decimal(5))
    with pytest.raises(TypeError):
        Printed("5")
