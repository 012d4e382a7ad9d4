"""Copies of one workbook merged: nothing typed is lost, and nothing is decided in silence."""

from __future__ import annotations

from copy import deepcopy
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmswp_xl.compare.merge import DIFFERENT, REMOVED, ROWS, TWICE, Copy, key_of, merge
from cmswp_xl.rollover.merging import Areas
from cmswp_xl.schema import sheet_schemas

SCHEMAS = sheet_schemas()
BASE = {
    "programme": [{"currency": "EUR"}],
    "areas": [{"code": "A"}, {"code": "B"}],
    "activities": [
        {"id": "A-1", "area": "A", "number": "1.1", "title_en": "One"},
        {"id": "A-2", "area": "A", "number": "1.2", "title_en": "Two"},
        {"id": "B-1", "area": "B", "number": "2.1", "title_en": "Three"},
    ],
    "costs": [
        {"activity": "A-1", "amount": "10"},
        {"activity": "B-1", "amount": "20"},
        {"activity": "A-1", "amount": "30"},
    ],
    "donors": [{"code": "DE", "name_en": "Germany"}],
}


def copy(name="base", rows=BASE):
    return Copy(name, rows, SCHEMAS)


def changed(name, change):
    rows = deepcopy(BASE)
    change(rows)
    return copy(name, rows)


def merged(*copies, base=BASE):
    areas = Areas(base)
    return merge(copy(rows=base), copies, areas.of)


def set_title(row, text):
    return lambda rows: rows["activities"][row].update(title_en=text)


def add(table, *rows):
    return lambda content: content.setdefault(table, []).extend(rows)


def reasons(found):
    return [(each.table, each.key, each.field, each.reason) for each in found.conflicts]


def filled(rows):
    return {table: found for table, found in rows.items() if found}


def test_unchanged_copies__give_the_workbook():
    assert filled(merged(copy("one"), copy("two")).rows) == BASE


def test_cells_of_one_row_changed_in_two_copies__are_both_taken():
    one = changed("one", set_title(0, "Uno"))
    two = changed("two", lambda rows: rows["activities"][0].update(number="1.9"))
    found = merged(one, two)
    assert found.rows["activities"][0] == {
        **BASE["activities"][0],
        "title_en": "Uno",
        "number": "1.9",
    }
    assert not found.conflicts


def test_settings_changed_in_two_copies__are_both_taken():
    one = changed("one", lambda rows: rows["programme"][0].update(currency="USD"))
    two = changed("two", lambda rows: rows["programme"][0].update(status="adopted"))
    found = merged(one, two)
    assert found.rows["programme"] == [{"currency": "USD", "status": "adopted"}]
    assert not found.conflicts


def test_a_cell_changed_differently__is_a_conflict_with_both_values():
    found = merged(changed("one", set_title(0, "Uno")), changed("two", set_title(0, "Un")))
    assert reasons(found) == [("activities", ("a-1",), "title_en", DIFFERENT)]
    sides = found.conflicts[0].sides
    assert [(s.copy.name, s.rows[0]["title_en"]) for s in sides] == [("one", "Uno"), ("two", "Un")]


def test_a_cell_changed_alike__is_taken_once():
    found = merged(changed("one", set_title(0, "Uno")), changed("two", set_title(0, "Uno")))
    assert found.rows["activities"][0]["title_en"] == "Uno"
    assert len(found.taken) == 1


def test_a_cell_emptied__is_a_change():
    found = merged(changed("one", lambda rows: rows["activities"][0].pop("title_en")), copy("two"))
    assert "title_en" not in found.rows["activities"][0]


def test_rows_of_one_activity_changed_in_two_copies__are_a_conflict():
    one = changed("one", lambda rows: rows["costs"][0].update(amount="11"))
    two = changed("two", add("costs", {"activity": "A-1", "amount": "5"}))
    assert reasons(merged(one, two)) == [("costs", ("a-1",), None, ROWS)]


def test_rows_of_activities_changed_in_different_copies__are_taken_whole():
    one = changed("one", lambda rows: rows["costs"].__setitem__(0, {"activity": "A-1"}))
    two = changed("two", lambda rows: rows["costs"].pop(1))
    assert merged(one, two).rows["costs"] == [
        {"activity": "A-1"},
        {"activity": "A-1", "amount": "30"},
    ]


def test_a_row_removed_here_and_changed_there__is_a_conflict():
    one = changed("one", lambda rows: rows["activities"].pop(0))
    assert ("activities", ("a-1",), None, REMOVED) in reasons(
        merged(one, changed("two", set_title(0, "Uno")))
    )


def test_a_row_removed_here_and_given_money_there__is_a_conflict():
    one = changed("one", lambda rows: rows["activities"].pop(1))
    two = changed("two", add("costs", {"activity": "a-2", "amount": "7"}))
    assert reasons(merged(one, two)) == [("activities", ("a-2",), None, REMOVED)]


def test_a_key_given_in_two_copies__is_a_conflict_unless_the_rows_are_the_same():
    france = {"code": "FR", "name_en": "France"}
    one, same = changed("one", add("donors", france)), changed("two", add("donors", france))
    other = changed("two", add("donors", {"code": "fr", "name_en": "Farland"}))
    assert merged(one, same).rows["donors"] == [*BASE["donors"], france]
    assert reasons(merged(one, other)) == [("donors", ("fr",), None, TWICE)]


def test_a_key_given_twice_in_one_copy__is_a_conflict():
    twice = changed("one", add("donors", {"code": "DE", "name_en": "Denmark"}))
    assert reasons(merged(twice)) == [("donors", ("de",), None, TWICE)]


def test_added_rows__go_after_the_last_of_their_area():
    one = changed("one", add("activities", {"id": "A-9", "area": "A", "number": "1.3"}))
    two = changed("two", lambda rows: rows["activities"].insert(0, {"id": "B-9", "area": "B"}))
    ids = [row["id"] for row in merged(one, two).rows["activities"]]
    assert ids == ["A-1", "A-2", "A-9", "B-1", "B-9"]


def test_rows_in_another_order__are_told_and_left():
    found = merged(changed("one", lambda rows: rows["activities"].reverse()))
    assert found.rows["activities"] == BASE["activities"]
    assert found.reordered == [("one", "activities")]


@pytest.mark.parametrize("table", ["costs", "activities"])
def test_more_rows_than_before__keep_the_places_of_the_others(table):
    row = {"costs": {"activity": "B-1", "amount": "1"}, "activities": {"id": "A-3", "area": "A"}}
    found = merged(changed("one", add(table, row[table])))
    assert [each for each in found.rows[table] if each != row[table]] == BASE[table]


_TEXT = st.sampled_from(["x", "y", "z"])
_AMOUNT = st.sampled_from(["1", "2", "3"])
_ID = st.sampled_from(["A-1", "A-2", "B-1", "A-7", "B-7"])
_EDIT = st.one_of(
    st.tuples(st.just("retitle"), _ID, _TEXT),
    st.tuples(st.just("remove"), _ID, st.none()),
    st.tuples(st.just("add"), _ID, _TEXT),
    st.tuples(st.just("cost"), _ID, _AMOUNT),
    st.tuples(st.just("free"), _ID, st.none()),
    st.tuples(st.just("donor"), st.sampled_from(["DE", "FR", "IT"]), _TEXT),
    st.tuples(st.just("shuffle"), st.none(), st.none()),
)


def edited(edits):
    rows = deepcopy(BASE)
    for kind, key, value in edits:
        if kind == "retitle":
            for row in rows["activities"]:
                if row["id"] == key:
                    row["title_en"] = value
        elif kind == "remove":
            rows["activities"] = [row for row in rows["activities"] if row["id"] != key]
        elif kind == "add":
            rows["activities"].append({"id": key, "area": key[0], "title_en": value})
        elif kind == "cost":
            rows["costs"].append({"activity": key, "amount": value})
        elif kind == "free":
            rows["costs"] = [row for row in rows["costs"] if row["activity"] != key]
        elif kind == "donor":
            rows["donors"].append({"code": key, "name_en": value})
        else:
            rows["activities"].reverse()
    return rows


PARTS = st.lists(st.lists(_EDIT, max_size=4), min_size=1, max_size=3)


def outcome(found):
    return found.rows, found.conflicts, found.taken, found.reordered


@settings(max_examples=150, deadline=None)
@given(PARTS)
def test_the_order_of_the_copies__makes_no_difference(parts):
    copies = [copy(f"part {n}", edited(edits)) for n, edits in enumerate(parts)]
    first, *others = (outcome(merged(*order)) for order in permutations(copies))
    assert all(other == first for other in others)


@settings(max_examples=150, deadline=None)
@given(PARTS)
def test_the_same_copy_twice__changes_nothing(parts):
    copies = [copy(f"part {n}", edited(edits)) for n, edits in enumerate(parts)]
    once, twice = merged(*copies), merged(*copies, copies[0])
    assert (once.rows, reasons(once)) == (twice.rows, reasons(twice))


@settings(max_examples=300, deadline=None)
@given(PARTS)
def test_what_was_typed__is_in_the_outcome_or_in_a_conflict(parts):
    copies = [copy(f"part {n}", edited(edits)) for n, edits in enumerate(parts)]
    found = merged(*copies)
    disputed = {(each.table, each.key) for each in found.conflicts}
    for each in copies:
        for table, units in each.units.items():
            for key in units:
                old, new = copy().unit(table, key), each.unit(table, key)
                if new == old or (table, key) in disputed:
                    continue
                out = [row for row in found.rows[table] if key_of(SCHEMAS[table], row) == key]
                typed = [
                    (name, value)
                    for row in new
                    for name, value in row.items()
                    if not any(before.get(name) == value for before in old)
                ]
                assert all(any(row.get(n) == v for row in out) for n, v in typed)


@settings(max_examples=150, deadline=None)
@given(PARTS)
def test_what_no_copy_touched__stays_as_it_is(parts):
    copies = [copy(f"part {n}", edited(edits)) for n, edits in enumerate(parts)]
    found = merged(*copies)
    for table, units in copy().units.items():
        for key in units:
            before = copy().unit(table, key)
            if all(each.unit(table, key) == before for each in copies):
                out = [row for row in found.rows[table] if key_of(SCHEMAS[table], row) == key]
                assert out == list(before)
