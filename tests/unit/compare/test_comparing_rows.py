"""Typed changes: which row is which, and what each change is called."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from versions import told, with_rows

from cmswp_xl.compare import Code, Undrawn, compare

UNORDERED = (
    "costs",
    "funding",
    "sources",
    "donors",
    "postfunding",
    "mandates",
    "findings",
    "steps",
)


def edited(rows, index, **values):
    return [{**row, **values} if i == index else row for i, row in enumerate(rows)]


def shuffled(version, names, seed):
    mixed = {}
    for name in names:
        rows = list(version.rows(name))
        random.Random(seed).shuffle(rows)  # noqa: S311  a shuffle of rows needs no secret
        mixed[name] = rows
    return with_rows(version, **mixed)


def test_same_version__has_no_differences(example):
    assert not compare(example, example)
    assert compare(example, example).undrawn == ()


@pytest.mark.parametrize("seed", range(3))
def test_row_order__says_nothing_where_it_is_not_printed(example, seed):
    assert not compare(example, shuffled(example, UNORDERED, seed)).rows


@settings(max_examples=30)
@given(st.randoms(use_true_random=False))
def test_row_order__of_print_only_moves(example, rng):
    mixed = {}
    for name in ("areas", "activities", "posts", "recommendations", "evidence", "requests"):
        mixed[name] = list(example.rows(name))
        rng.shuffle(mixed[name])
    found = compare(example, with_rows(example, **mixed))
    assert {c.code for row in found.rows for c in row.changes} <= {Code.MOVED}
    assert all(c.field is None for row in found.rows for c in row.changes)


def _amount(rows, i, seed):
    old = rows[i]["amount"]
    return {"amount": old + 1 + seed}, ("amount-changed", "amount", old, old + 1 + seed)


def _stage(rows, i, _seed):
    old = rows[i]["stage"]
    new = {"pledged": "confirmed", "confirmed": "received", "received": "pledged"}[old]
    return {"stage": new}, ("field-changed", "stage", old, new)


def _reword(rows, i, seed):
    old = rows[i]["title_fr"]
    return {"title_fr": f"{old} {seed}"}, ("reworded", "title_fr", old, f"{old} {seed}")


def _renumber(rows, i, seed):
    old = rows[i]["number"]
    return {"number": f"9.{seed}"}, ("renumbered", "number", old, f"9.{seed}")


def _priority(rows, i, _seed):
    old = rows[i]["priority"]
    new = "low" if old != "low" else None
    return {"priority": new}, ("field-changed", "priority", old, new)


def _percent(rows, i, seed):
    old = rows[i]["percent"]
    new = old + Decimal(seed + 1) / 4
    return {"percent": new}, ("field-changed", "percent", old, new)


EDITS = [
    ("costs", _amount),
    ("funding", _amount),
    ("funding", _stage),
    ("activities", _reword),
    ("activities", _renumber),
    ("activities", _priority),
    ("allocations", _percent),
    ("postfunding", _percent),
]


@settings(max_examples=30)
@given(st.data())
def test_planted_changes__are_reported_and_nothing_else(example, data):
    tables = {name: list(example.rows(name)) for name in {name for name, _ in EDITS}}
    expected, touched = [], set()
    for name, edit in data.draw(st.lists(st.sampled_from(EDITS), max_size=6)):
        index = data.draw(st.integers(0, len(tables[name]) - 1))
        row = tables[name][index]
        group = (name, row.get("activity") or row.get("post") or row.get("id"))
        if group in touched:
            continue
        touched.add(group)
        values, change = edit(tables[name], index, data.draw(st.integers(0, 99)))
        tables[name] = edited(tables[name], index, **values)
        expected.append((name, *map(str, change)))
    found = compare(example, shuffled(with_rows(example, **tables), ("costs", "funding"), 7))
    reported = [(table, code, *rest) for table, _key, code, *rest in told(found)]
    assert sorted(reported) == sorted(expected)


@settings(max_examples=30)
@given(st.sets(st.integers(0, 59), max_size=5), st.sets(st.integers(0, 143), max_size=5))
def test_added_and_removed__are_mirror_images(example, activities, gifts):
    less = with_rows(
        example,
        activities=[r for i, r in enumerate(example.rows("activities")) if i not in activities],
        funding=[r for i, r in enumerate(example.rows("funding")) if i not in gifts],
    )
    gone, came = compare(example, less), compare(less, example)
    assert {c.code for row in gone.rows for c in row.changes} <= {Code.REMOVED}
    assert len(gone.rows) == len(activities) + len(gifts)
    swapped = [(t, k, "added", f, o, n) for t, k, _, f, o, n in told(gone)]
    assert told(came) == swapped


def test_keys__match_whatever_their_case_and_spacing(example):
    rows = list(example.rows("activities"))
    rows[4] = {**rows[4], "id": f"  {rows[4]['id'].lower()} ", "area": rows[4]["area"].lower()}
    costs = [{**row, "activity": row["activity"].lower()} for row in example.rows("costs")]
    assert not compare(example, with_rows(example, activities=rows, costs=costs)).rows


def test_spacing_of_a_text__is_no_change(example):
    rows = list(example.rows("activities"))
    text = rows[0]["title_en"].replace(" ", "  ", 1).replace(" to ", "\u00a0to ")
    assert not compare(example, with_rows(example, activities=edited(rows, 0, title_en=text))).rows


def test_blank__is_the_default(example):
    rows = list(example.rows("activities"))
    changed = edited(rows, 0, costing="complete")
    assert not compare(example, with_rows(example, activities=changed)).rows


def test_internal_fields__are_named_and_their_values_never_given(example):
    posts = edited(example.rows("posts"), 0, annual_cost=Decimal(987654))
    (row,) = compare(example, with_rows(example, posts=posts)).rows
    (change,) = row.changes
    assert (change.field, change.internal, change.old, change.new) == (
        "annual_cost",
        True,
        None,
        None,
    )
    assert "987654" not in repr(row)
    assert change.difference is None


def test_internal_tables__are_left_out(example):
    rows = example.tables["donors"]
    fields = tuple(replace(field, internal=True) for field in rows.schema.fields)
    hidden = replace(rows, schema=replace(rows.schema, fields=fields))
    less = replace(hidden, rows=hidden.rows[1:])
    old, new = (replace(example, tables={"donors": side}) for side in (hidden, less))
    assert not compare(old, new).rows


def test_area_of_an_activity__moves_it(example):
    rows = edited(example.rows("activities"), 0, area="ICC", number="5.99")
    (row,) = compare(example, with_rows(example, activities=rows)).rows
    assert [(c.code, c.field, c.old, c.new) for c in row.changes] == [
        (Code.RENUMBERED, "number", "1.1", "5.99"),
        (Code.MOVED, "area", "EDM", "ICC"),
    ]


def test_inserted_step__renumbers_those_after_it_and_moves_none(example):
    steps = [
        {**row, "seq": row["seq"] + 1} if row["seq"] >= 4 else row for row in example.rows("steps")
    ]
    steps.append({**steps[0], "seq": 4, "text_en": "Nobody has thought of this before"})
    steps[-1] |= {"text_fr": None, "text_es": None}
    found = compare(example, with_rows(example, steps=steps))
    codes = [c.code for row in found.rows for c in row.changes]
    assert codes.count(Code.ADDED) == 1
    assert codes.count(Code.RENUMBERED) == len(example.rows("steps")) - 3
    assert len(codes) == codes.count(Code.ADDED) + codes.count(Code.RENUMBERED)


def test_step_brought_forward__is_the_one_that_moved(example):
    steps = sorted(example.rows("steps"), key=lambda row: row["seq"])
    order = [steps[5], *steps[:5], *steps[6:]]
    new = [{**row, "seq": seq} for seq, row in enumerate(order, 1)]
    found = compare(example, with_rows(example, steps=new))
    moved = [c for row in found.rows for c in row.changes if c.code is Code.MOVED]
    assert [(c.field, c.old, c.new) for c in moved] == [("seq", 6, 1)]


def cost(**values):
    blank = dict.fromkeys(
        ("year", "category", "quantity", "unit_cost", "support_cost", "scenario", "note")
    )
    return {"activity": "EDM-01", **blank, **values}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # the amount is another, and so is that of its neighbour of the same kind
        (
            [{"amount": 10}, {"amount": 500}],
            [{"amount": 490}, {"amount": 12}],
            ["10>12", "500>490"],
        ),
        # what is noted tells rows apart before the amount does
        (
            [{"amount": 10, "note": "A"}, {"amount": 20, "note": "B"}],
            [{"amount": 21, "note": "A"}, {"amount": 9, "note": "B"}],
            ["10>21", "20>9"],
        ),
        ([{"amount": 10, "year": 2024}], [{"amount": 10, "year": 2025}], ["2024>2025"]),
        (
            [{"amount": 10, "category": "travel"}],
            [{"amount": 10, "category": "meetings"}],
            ["travel>meetings"],
        ),
        # nothing in common but the activity
        (
            [{"amount": 10, "category": "travel", "year": 2024}],
            [{"amount": 30, "category": "meetings", "year": 2025}],
            ["removed", "added"],
        ),
        ([{"amount": 10}], [{"amount": 10}, {"amount": 10}], ["added"]),
    ],
)
def test_costs__are_matched_by_what_identifies_them(example, old, new, expected):
    sides = [
        with_rows(example, costs=[cost(**{**v, "amount": Decimal(v["amount"])}) for v in rows])
        for rows in (old, new)
    ]
    found = [
        f"{c.old}>{c.new}" if c.field else c.code.value
        for row in compare(*sides).rows
        for c in row.changes
    ]
    assert sorted(found) == sorted(expected)


def test_amount_and_difference(example):
    costs = example.rows("costs")
    rows = edited(costs, 0, amount=costs[0]["amount"] - Decimal("0.5"))
    (row,) = compare(example, with_rows(example, costs=rows)).rows
    (change,) = row.changes
    assert (change.code, change.difference) == (Code.AMOUNT, Decimal("-0.5"))
    assert row.key == "EDM-01 / 2024 / travel"


def test_absent_table__is_an_empty_one(example):
    less = {name: rows for name, rows in example.tables.items() if name != "donors"}
    found = compare(example, replace(example, tables=less, totals=None))
    assert {(row.table, row.changes[0].code) for row in found.rows} == {("donors", Code.REMOVED)}
    assert not compare(replace(example, tables=less), replace(example, tables=less)).rows


def test_settings__are_compared_one_by_one(example):
    (settings,) = example.rows("programme")
    new = with_rows(example, programme=[{**settings, "revision": "2", "title_es": "Otro"}])
    (row,) = compare(example, new).rows
    assert [(c.code, c.field) for c in row.changes] == [
        (Code.REWORDED, "title_es"),
        (Code.FIELD, "revision"),
    ]
    assert compare(example, new).undrawn == (Undrawn.NEW_ERRORS,)


def test_tables_without_a_plan__go_by_their_required_fields(example):
    rows = example.tables["donors"]
    unknown = replace(rows, schema=replace(rows.schema, name="unknown", primary_key=()))
    changed = replace(unknown, rows=tuple(edited(unknown.rows, 0, name_fr="Autre")))
    old, new = (replace(example, tables={"unknown": side}) for side in (unknown, changed))
    (row,) = compare(old, new).rows
    assert [c.field for c in row.changes] == ["name_fr"]


def test_paragraph_put_in__renumbers_those_after_it_in_its_document(example):
    def text(document, paragraph, words):
        blank = {"kind": "paragraph", "text_fr": None, "text_es": None}
        return {"document": document, "paragraph": paragraph, "text_en": words, **blank}

    rows = [
        text(d, n, f"{d} says {n} {n} times") for d in ("cover", "review") for n in range(1, 5)
    ]
    new = [{**r, "paragraph": r["paragraph"] + 1} if r["document"] == "cover" else r for r in rows]
    new.append(text("cover", 1, "Something that nobody wrote yet"))
    old = with_rows(example, texts=rows)
    found = compare(old, with_rows(example, texts=new))
    codes = [c.code for row in found.rows for c in row.changes]
    assert sorted(codes) == [Code.ADDED, *[Code.RENUMBERED] * 4]
    new[0] |= {"paragraph": 9}
    moved = compare(old, with_rows(example, texts=new[:-1]))
    changed = [(c.code, c.old, c.new) for row in moved.rows for c in row.changes]
    assert (Code.MOVED, 1, 9) in changed


def test_progress__is_told_by_activity_and_date(example):
    def progress(status, day):
        blank = dict.fromkeys(("expenditure", "note_en", "note_fr", "note_es"))
        return {"activity": "EDM-01", "as_at": day, "status": status, **blank}

    first, second = dt.date(2025, 1, 31), dt.date(2025, 6, 30)
    old = with_rows(example, progress=[progress("ongoing", first)])
    later = [progress("done", second), progress("ongoing", first)]
    (row,) = compare(old, with_rows(example, progress=later)).rows
    assert (row.key, row.changes[0].code) == ("EDM-01 / 2025-06-30", Code.ADDED)
    (row,) = compare(old, with_rows(example, progress=[progress("done", first)])).rows
    assert [(c.field, c.new) for c in row.changes] == [("status", "done")]
