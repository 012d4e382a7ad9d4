"""
The rules that no single column can state: between the cells of a row, between rows and tables.

A rule asks typed tables for the rows that have all the values it needs, so that a cell which is
blank or was found faulty already breaks none. Rules of what only documents use come last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR
from functools import cache
from itertools import chain, pairwise
from typing import Any

from cmswp_xl.issues import SEVERITIES, Issue, Severity
from cmswp_xl.money import HUNDRED, ZERO, product, total
from cmswp_xl.numbering import order_key
from cmswp_xl.registry import COVER
from cmswp_xl.resources import sample
from cmswp_xl.schema import Field, load_schemas
from cmswp_xl.tables import Table, cell_text, comparable, gathered, is_blank
from cmswp_xl.validate.contributions import contribution_rules
from cmswp_xl.validate.typed import Keys, TypedTable, Value, key_of, setting, split_entry, unlisted

Typed = Mapping[str, TypedTable]


def check_rules(typed: Typed, keys: Keys) -> Iterator[Issue]:
    """Check all rules; a table that is absent is the same as an empty one."""
    absent = (schema for name, schema in load_schemas().items() if name not in typed)
    empty = {s.name: TypedTable(Table(s, "", -1), {}, frozenset()) for s in absent}
    tables = {**typed, **empty}
    yield from _translations(tables)
    yield from _lists(tables, keys)
    yield from _orders(tables)
    yield from _numbers(tables["activities"])
    yield from _nested_areas(tables["areas"])
    yield from _mandates(tables["activities"])
    yield from _years(tables)
    yield from _products(tables["costs"])
    yield from _allocated(tables["allocations"])
    yield from _allocated(tables["postfunding"])
    yield from contribution_rules(tables)
    yield from _duplicate_rows(tables["costs"])
    yield from _duplicate_rows(tables["funding"])
    for table in tables.values():
        yield from chain(struck_text(table), unlisted(table))
    yield from _mixed_support_cost(tables["costs"])
    yield from _document_rules(tables)


def _document_rules(tables: Typed) -> Iterator[Issue]:
    """Check the review, progress, texts and comments."""
    recommendations, steps = tables["recommendations"], tables["steps"]
    yield from _sequence(tables["findings"])
    yield from _sequence(steps)
    yield from _points(recommendations)
    yield from _subjects(tables["subjects"], recommendations)
    yield from _followed(recommendations, steps)
    yield from _repeated(recommendations, steps)
    yield from _closed(recommendations, steps)
    yield from _due(steps)
    yield from _evidence(tables["evidence"], recommendations)
    yield from _dates(tables)
    yield from _histories(tables["progress"], setting(tables, "currency"))
    yield from _undescribed(tables["progress"])
    yield from _text_order(tables["texts"])
    yield from _places(tables["texts"])
    yield from _typed_numbers(tables["texts"])
    if not _is_draft(tables):
        yield from _placeholders(tables["texts"])
    yield from _unasked(tables["texts"])
    yield from _unanswered(tables["comments"])
    if setting(tables, "status") == "adopted":
        yield from _still_open(tables["comments"])
    yield from _weights(tables["weights"], tables["requests"])
    yield from _decisions(tables["requests"])


def _translations(tables: Typed) -> Iterator[Issue]:
    """Find texts that lack a language, which weighs less in a draft."""
    original = setting(tables, "original_language")
    severity = Severity.INFO if _is_draft(tables) else SEVERITIES["missing-translation"]
    for table in tables.values():
        schema = table.schema
        for base in dict.fromkeys(field.text for field in schema.fields if field.text):
            for issue in _text_issues(table, schema.texts(base), original):
                missing = issue.code == "missing-translation"
                yield replace(issue, severity=severity) if missing else issue


def _is_draft(tables: Typed) -> bool:
    return setting(tables, "status") in (None, "draft")


def _text_issues(table: TypedTable, fields: Sequence[Field], original: Value) -> Iterator[Issue]:
    """Find texts that lack a language; a column that is absent is reported once, elsewhere."""
    required = fields[0].required_text
    columns = [table.column(field.name) for field in fields]
    for index, texts in enumerate(zip(*columns, strict=True)):
        if all(texts) or not (required or any(texts)):
            continue
        for field, text in zip(fields, texts, strict=True):
            if text or (field.name, index) in table.faulty:
                continue
            first = field.language == original if original else not any(texts)
            if not (required and first):
                yield table.issue("missing-translation", field.name, index, field=field)
            elif field.name in table.columns:
                yield table.issue("missing-value", field.name, index, field=field)


def _lists(tables: Typed, keys: Keys) -> Iterator[Issue]:
    """Find codes in lists that their table does not have."""
    for table in tables.values():
        for field in table.schema.inputs():
            if not (field.list and field.reference):
                continue
            known, locator = keys.get(field.reference.table, {}), field.reference.locator
            for index, entries in table.given(field.name):
                codes = dict.fromkeys(split_entry(entry, locator=locator)[0] for entry in entries)
                unknown = "; ".join(code for code in codes if comparable(code) not in known)
                if unknown and (field.name, index) not in table.faulty:
                    yield table.issue("unknown-reference", field.name, index, unknown, field=field)


_ORDERED = (
    ("programme", "period_start", "period_end"),
    ("programme", "meeting_start", "meeting_end"),
    ("activities", "start_year", "end_year"),
    ("posts", "start_year", "end_year"),
    ("steps", "start", "due"),
    ("requests", "date", "decided_on"),
)


def _orders(tables: Typed) -> Iterator[Issue]:
    for name, first, last in _ORDERED:
        table, schema = tables[name], tables[name].schema
        for index, start, end in table.given(first, last):
            if end < start:
                values = {"field": schema.field(last), "not_before": schema.field(first)}
                yield table.issue("out-of-range", last, index, end, **values, least=str(start))


def _numbers(activities: TypedTable) -> Iterator[Issue]:
    """Find numbers twice in an area, and its first number that belongs above an earlier one."""
    for index, indexes in activities.repeated("area", "number"):
        rows = [activities.table.rows[each] for each in indexes]
        number, area = (activities.value(name, index) for name in ("number", "area"))
        yield activities.issue("duplicate-number", "number", index, number, cells=rows, area=area)
    for indexes in activities.groups("area").values():
        above = ""
        for index in indexes:
            number = activities.value("number", index) or ""
            if () < order_key(number) < order_key(above):
                values = {"above": above, "area": activities.value("area", index)}
                yield activities.issue("number-order", "number", index, number, **values)
                break
            above = number or above


def _nested_areas(areas: TypedTable) -> Iterator[Issue]:
    """Find areas placed under themselves or under a sub-area."""
    columns = list(zip(areas.column("code"), areas.column("parent"), strict=True))
    pairs = [key_of(code, parent or "") for code, parent in columns]
    placed = {code for code, parent in pairs if parent and parent != code}
    for index, (code, parent) in enumerate(pairs):
        if parent and (parent == code or parent in placed):
            area, above = columns[index]
            itself = parent == code
            yield areas.issue("nested-area", "parent", index, above, area=str(area), itself=itself)


def _mandates(activities: TypedTable) -> Iterator[Issue]:
    for index in range(len(activities)):
        if activities.is_blank(index, "mandates"):
            yield activities.issue("no-mandate", "mandates", index)


def _years(tables: Typed) -> Iterator[Issue]:
    """Find costs and funding of years outside the period, of which one end may not be known."""
    ends = {"start": setting(tables, "period_start"), "end": setting(tables, "period_end")}
    known = {name: year for name, year in ends.items() if isinstance(year, int)}
    if len(known) == len(ends):
        known = dict(zip(known, sorted(known.values()), strict=True))
    start, end = known.get("start", MINYEAR), known.get("end", MAXYEAR)
    for name in ("costs", "funding"):
        for index, year in tables[name].given("year"):
            if not start <= year <= end:
                yield tables[name].issue("year-outside-period", "year", index, year, **known)


def _products(costs: TypedTable) -> Iterator[Issue]:
    names = ("quantity", "unit_cost")
    for index, amount, *factors in costs.given("amount", *names):
        values = {"expected": product(*factors), **dict(zip(names, factors, strict=True))}
        if amount != values["expected"]:
            yield costs.issue("amount-mismatch", "amount", index, amount, **values)


def _allocated(table: TypedTable) -> Iterator[Issue]:
    """Find posts whose percentages add up to more than 100; reported at the post's last row."""
    for rows in table.groups("post").values():
        indexes = [index for index in rows if table.value("percent", index) is not None]
        together = total(table.value("percent", index) for index in indexes)
        if together > HUNDRED:
            last, cells = indexes[-1], table.table.cells("percent", indexes)
            values = {"total": together, "post": table.value("post", last), "cells": cells}
            percent = table.value("percent", last)
            yield table.issue("over-allocated", "percent", last, percent, **values)


def _duplicate_rows(table: TypedTable) -> Iterator[Issue]:
    """Find costs and contributions that are equal to an earlier one in every typed field."""
    faulty = {index for _, index in table.faulty}
    first: dict[tuple[Value, ...], int] = {}
    columns = [_values_or_default(table, field) for field in table.schema.inputs()]
    for index, values in enumerate(zip(*columns, strict=True)):
        earlier = index if index in faulty else first.setdefault(values, index)
        if earlier != index:
            amount, rows = table.value("amount", index), table.table.rows
            lines = {"number": rows[index], "row": rows[earlier]}
            yield table.issue("duplicate-row", "amount", index, amount, **lines)


def _values_or_default(table: TypedTable, field: Field) -> list[Value]:
    """Return the values of a field as they are compared; a blank says the same as the default."""
    column = table.column(field.name)
    known: dict[Value, Value] = {v: comparable(v) for v in set(column) if isinstance(v, str)}
    return [field.default if value is None else known.get(value, value) for value in column]


def struck_text(table: TypedTable) -> Iterator[Issue]:
    """Find what is struck through in the cells that count or are printed."""
    for field in table.schema.inputs() if table.table.struck else ():
        cells = () if field.internal else table.table.columns.get(field.name, ())
        for index, cell in enumerate(cells):
            if table.table.place(field.name, index) in table.table.struck and not is_blank(cell):
                yield table.issue("struck-text", field.name, index, cell_text(cell))


def _mixed_support_cost(costs: TypedTable) -> Iterator[Issue]:
    """Find costs with and without support costs in one programme; reported at the first change."""
    default = costs.schema.field("support_cost").default
    used = [
        (index, value or default)
        for index, value in enumerate(costs.column("support_cost"))
        if ("support_cost", index) not in costs.faulty
    ]
    values = [value for _, value in used]
    counts = {word: values.count(word) for word in ("included", "excluded")}
    changed = [pair for pair in used if pair[1] != values[0]]
    if changed:
        yield costs.issue("mixed-support-cost", "support_cost", *changed[0], **counts)


def _sequence(table: TypedTable) -> Iterator[Issue]:
    """
    Find numbers of a sequence that appear twice or where others belong, and name what is missing.

    Nothing is missing as long as a row has no sound number: that row may be the one.
    """
    field = table.schema.field("seq")
    rows = gathered(
        (number, index)
        for index, number in table.given("seq")
        if (field.minimum or 0) <= number <= (field.maximum or number)
    )
    count = sum(map(len, rows.values()))
    kept = _in_place(rows)
    belongs = _belonging(rows, kept, count) if count == len(table) else {}
    for number, indexes in rows.items():
        for index in indexes:
            twice = {} if index == kept[number] else {"cells": table.table.cells("seq", indexes)}
            missing = {"missing": str(belongs[index])} if index in belongs else {}
            if twice or missing:
                yield table.issue("sequence-gap", "seq", index, number, **twice, **missing)


def _in_place(rows: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """Return the row of each number: the first in whose place no number is missing."""
    above, wanted = 0, {}
    for index, number in sorted((i, n) for n, indexes in rows.items() for i in indexes):
        wanted[index], above = above + 1, number
    return {
        number: next((index for index in indexes if wanted[index] in rows), indexes[0])
        for number, indexes in rows.items()
    }


def _belonging(
    rows: Mapping[int, Sequence[int]], kept: Mapping[int, int], count: int
) -> dict[int, int]:
    """
    Return the number that belongs in a row, for the rows whose number does not continue.

    Rows that repeat a number, and rows with a number far above all others, take those that are
    missing: the one after the row above first. What is left is a gap before the next number.
    """
    number_of = {index: number for number, indexes in rows.items() for index in indexes}
    missing = [number for number in range(1, count + 1) if number not in rows]
    odd = [index for index, number in number_of.items() if index != kept[number]]
    odd += [rows[n][0] for n in rows if n > count and n - 1 not in rows and n + 1 not in rows]
    belongs: dict[int, int] = {}
    for index in sorted(odd):
        above = max((i for i in number_of if i < index), default=None)
        wanted = 1 if above is None else belongs.get(above, number_of[above]) + 1
        if missing:
            belongs[index] = wanted if wanted in missing else missing[0]
            missing.remove(belongs[index])
    for number in missing:
        above = min((n for n in rows if n > number), default=None)
        if number - 1 not in missing and above is not None:
            belongs.setdefault(rows[above][0], number)
    return belongs


def _points(recommendations: TypedTable) -> Iterator[Issue]:
    for index, number, subject in recommendations.given("number", "subject"):
        if _point(number) != str(subject):
            yield recommendations.issue(
                "number-outside-subject", "number", index, number, subject=str(subject)
            )


def _subjects(subjects: TypedTable, recommendations: TypedTable) -> Iterator[Issue]:
    used = {str(subject) for subject in recommendations.column("subject")}
    if "None" in used:
        used |= {_point(number) for _, number in recommendations.given("number")}
    for index, point in subjects.given("point"):
        if str(point) not in used:
            yield subjects.issue("subject-without-recommendation", "point", index, point)


def _point(number: str) -> str:
    """Return the point that a number stands under, as 10 in 10.1; nothing where it has none."""
    point, _, rest = comparable(number).partition(".")
    return point.strip() if rest.strip() else ""


def _followed(recommendations: TypedTable, steps: TypedTable) -> Iterator[Issue]:
    """Find recommendations to act without a step, and steps where no action is to be taken."""
    following = steps.groups("recommendation")
    faulty = (index for name, index in steps.faulty if name == "recommendation")
    mistyped = {key_of(cell_text(steps.table.columns["recommendation"][i]) or "") for i in faulty}
    for index, number, decision in recommendations.given("number", "decision"):
        key = key_of(number)
        settled = recommendations.value("status", index) in ("done", "dropped")
        if decision == "act" and not settled and key not in following.keys() | mistyped:
            yield recommendations.issue("no-next-step", "number", index, number)
        for step in following.get(key, ()) if decision == "no-action" else ():
            yield steps.issue("step-for-no-action", "recommendation", step, number)


def _repeated(recommendations: TypedTable, steps: TypedTable) -> Iterator[Issue]:
    """Find recommendations with more than one step; reported at each of them, naming all."""
    known, name = recommendations.groups("number"), "recommendation"
    for index, indexes in steps.repeated(name):
        number, cells = steps.value(name, index), steps.table.cells(name, indexes)
        if key_of(number) in known:
            yield steps.issue("repeated-recommendation", name, index, number, cells=cells)


def _closed(recommendations: TypedTable, steps: TypedTable) -> Iterator[Issue]:
    following = steps.groups("recommendation")
    for index, number, status in recommendations.given("number", "status"):
        still = [
            step
            for step in following.get(key_of(number), ())
            if ("status", step) not in steps.faulty and steps.value("status", step) != "done"
        ]
        if status == "done" and still:
            values = {"number": number, "cells": steps.table.cells("status", still)}
            yield recommendations.issue("done-with-open-steps", "status", index, status, **values)


def _due(steps: TypedTable) -> Iterator[Issue]:
    """
    Find due dates before that of an earlier step.

    Ongoing steps have no place in time, since the sequence is a logical one.
    """
    dated = ((seq, due, index) for index, seq, due in steps.given("seq", "due"))
    latest = None
    for seq, due, index in sorted(dated):
        if steps.value("status", index) == "ongoing":
            continue
        if latest is not None and due < latest[0]:
            values = {"seq": str(latest[1]), "due": latest[0]}
            yield steps.issue("due-out-of-sequence", "due", index, due, **values)
        else:
            latest = (due, seq)


def _evidence(evidence: TypedTable, recommendations: TypedTable) -> Iterator[Issue]:
    """Mention evidence that no recommendation names, once any recommendation names some."""
    lists = recommendations.given("evidence")
    named = {comparable(code) for _, entries in lists for code in entries}
    for index, code in evidence.given("code"):
        if named and comparable(code) not in named:
            yield evidence.issue("unused-evidence", "code", index, code)


def _dates(tables: Typed) -> Iterator[Issue]:
    start, limit = setting(tables, "period_start"), setting(tables, "as_at")
    progress = tables["progress"]
    for index, day in progress.given("as_at"):
        if isinstance(start, int) and day.year < start:
            yield progress.issue("progress-outside-period", "as_at", index, day, start=str(start))
        elif limit is not None and day > limit:
            yield progress.issue("progress-after-figures", "as_at", index, day, as_at=limit)


def _histories(progress: TypedTable, currency: Value) -> Iterator[Issue]:
    """Compare the reports on each activity with the ones before them."""
    for indexes in progress.groups("activity").values():
        dated = ((progress.value("as_at", index), index) for index in indexes)
        history = [index for _, index in sorted(pair for pair in dated if pair[0] is not None)]
        yield from _spending(progress, history, currency)
        states = [(index, progress.value("status", index)) for index in history]
        for (before, earlier), (index, state) in pairwise(states):
            if earlier == "done" and state not in (None, "done"):
                yield _contradiction(progress, "progress-contradiction", "status", index, before)


def _spending(progress: TypedTable, history: Sequence[int], currency: Value) -> Iterator[Issue]:
    """Find cumulative expenditure that decreases, or increases while no progress is reported."""
    name = "expenditure"
    amounts = [(index, progress.value(name, index)) for index in history]
    amounts = [pair for pair in amounts if pair[1] is not None]
    for (before, earlier), (index, spent) in pairwise(amounts):
        if spent < earlier:
            values = {"spent": spent, "earlier": earlier, "currency": currency}
            yield _contradiction(progress, "expenditure-decreasing", name, index, before, **values)
    most = ZERO
    for index, spent in amounts:
        if spent > most and progress.value("status", index) == "no-progress":
            activity = progress.value("activity", index)
            values = {"spent": spent, "currency": currency}
            yield progress.issue("progress-contradiction", "status", index, activity, **values)
        most = max(most, spent)


def _contradiction(
    progress: TypedTable, code: str, name: str, index: int, before: int, **values: object
) -> Issue:
    activity, day = progress.value("activity", index), progress.value("as_at", before)
    cells = progress.table.cells(name, [before])
    return progress.issue(code, name, index, activity, **values, as_at=day, cells=cells)


def _undescribed(progress: TypedTable) -> Iterator[Issue]:
    notes = [field.name for field in progress.schema.texts("note")]
    name = next((note for note in notes if note in progress.columns), "status")
    for index, status in progress.given("status"):
        if status == "action-needed" and progress.is_blank(index, *notes):
            activity = progress.value("activity", index)
            yield progress.issue("action-not-described", name, index, activity)


def _text_order(texts: TypedTable) -> Iterator[Issue]:
    """Find texts whose place in their document is before that of a text above them."""
    highest: dict[str, int] = {}
    for index, document, place in texts.given("document", "paragraph"):
        most = highest.get(document)
        if most is not None and place < most:
            yield texts.issue("text-out-of-order", "paragraph", index, place, number=str(most))
        highest[document] = max(place, most or place)


def _places(texts: TypedTable) -> Iterator[Issue]:
    """Find texts that stand where their kind must not; none where some kind is unsound."""
    parts = gathered(
        ((document, texts.value("place", i) == "after"), (i, texts.value("kind", i)))
        for i, document in texts.given("document")
    )
    for found in parts.values():
        if all(kind for _, kind in found):
            yield from _misplaced(texts, found)


_LEADING = frozenset({"paragraph", "areas", "action"})
"""The kinds of text that may lead to sub-paragraphs."""


def _misplaced(texts: TypedTable, rows: Sequence[tuple[int, Any]]) -> Iterator[Issue]:
    led = False
    above: dict[str, int] = {}
    for (index, kind), (_, below) in pairwise([*rows, (-1, None)]):
        wrong = (
            (kind == "subparagraph" and not led)
            or (kind == "summary" and above.keys() - {kind})
            or (kind == "heading" and below in (None, "heading"))
        )
        if wrong:
            yield texts.issue("text-out-of-place", "kind", index, kind)
        elif kind == "areas" and kind in above:
            cells = texts.table.cells("kind", [above[kind]])
            yield texts.issue("text-out-of-place", "kind", index, kind, cells=cells)
        above.setdefault(kind, index)
        led = kind != "heading" and (led or kind in _LEADING)


_MARKED = frozenset({"paragraph", "areas", "subparagraph", "bullet"})
_BRACKETED = re.compile(r"\[[^\[\]]+\]")
_TYPED_NUMBER = re.compile(
    r"\s*(\d{1,3}(?:\.\d{1,3})*[.)]|\((?:\d{1,3}|[a-z]|[ivx]{1,5})\)|[a-z]\)|[•·▪*–—-])\s"
)
"""What typists put before a paragraph: 1. or 1.2. or (a) or a) or (iv), and bullets."""


def _typed_numbers(texts: TypedTable) -> Iterator[Issue]:
    """Find texts that begin with a number, letter or bullet, which documents put there anyway."""
    for field in texts.schema.texts("text"):
        for index, kind, text in texts.given("kind", field.name):
            found = _TYPED_NUMBER.match(text) if kind in _MARKED else None
            if found:
                yield texts.issue("typed-number", field.name, index, found[1])


@cache
def _starter_words() -> frozenset[str]:
    """Return the words in square brackets of the texts that a new workbook begins with."""
    text = " ".join(sample("starter").read_text("utf-8").split())
    return frozenset(_BRACKETED.findall(text))


def _placeholders(texts: TypedTable) -> Iterator[Issue]:
    """Find what a new workbook left to be filled in, once it is no longer a draft."""
    for field in texts.schema.texts("text"):
        for index, text in texts.given(field.name):
            words = _BRACKETED.findall(" ".join(text.split()))
            if left := [each for each in words if each in _starter_words()]:
                yield texts.issue("placeholder-left", field.name, index, left[0])


def _unasked(texts: TypedTable) -> Iterator[Issue]:
    rows = texts.groups("document").get(key_of(COVER), ())
    if rows and all(texts.value("kind", index) not in (None, "action") for index in rows):
        yield texts.issue("no-action-requested", "document", rows[-1], COVER)


def _unanswered(comments: TypedTable) -> Iterator[Issue]:
    for index, status in comments.given("status"):
        if status == "answered" and comments.is_blank(index, "response"):
            comment = comments.value("id", index)
            yield comments.issue("comment-without-response", "response", index, comment)


def _still_open(comments: TypedTable) -> Iterator[Issue]:
    """Find comments that are open once the programme is adopted; reported at the first of them."""
    still = [
        index
        for index, status in enumerate(comments.column("status"))
        if status in (None, "open") and ("status", index) not in comments.faulty
    ]
    if still:
        first = comments.value("id", still[0])
        yield comments.issue("open-comments", "status", still[0], first, number=str(len(still)))


def _weights(weights: TypedTable, requests: TypedTable) -> Iterator[Issue]:
    """
    Find weights that do not add up to 100, or none at all while there are requests.

    Their sum is not known as long as a weight is blank or no number.
    """
    given, code = [weight for _, weight in weights.given("weight")], "weights-not-100"
    if not weights and requests:
        yield requests.issue(code, "id", 0, requests.value("id", 0), none=True)
    elif given and len(given) == len(weights) and total(given) != HUNDRED:
        yield weights.issue(code, "weight", len(given) - 1, given[-1], total=total(given))


_NEEDED: Mapping[str, tuple[str, ...]] = {
    "accepted": ("decided_by", "decided_on", "recommendation"),
    "declined": ("decided_by", "decided_on", "reason"),
    "deferred": ("decided_by", "decided_on", "reason"),
}
"""The fields that a decision on a request needs; of a text, one language."""


def _decisions(requests: TypedTable) -> Iterator[Issue]:
    schema, solution = requests.schema, "existing_solution"
    for index, decision in requests.given("decision"):
        request = str(requests.value("id", index) or "?")
        for needed in _NEEDED.get(decision, ()):
            names = [field.name for field in schema.texts(needed)] or [needed]
            if requests.is_blank(index, *names):
                name = next((each for each in names if each in requests.columns), names[0])
                values = {"request": request, "decision": decision, "field": schema.field(name)}
                yield requests.issue("incomplete-decision", name, index, **values)
        if decision in _NEEDED and requests.is_blank(index, solution):
            yield requests.issue("existing-solution-unknown", solution, index, request=request)
