"""The rules of what only documents use: the technology review, progress, texts, comments."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from cmswp_xl.money import HUNDRED, ZERO, total
from cmswp_xl.tables import comparable
from cmswp_xl.validate.typed import cell_text, key_of, setting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.issues import Issue
    from cmswp_xl.validate.typed import TypedTable, Value

    Typed = Mapping[str, TypedTable]


def check_documents(tables: Typed) -> Iterator[Issue]:
    """Check all rules of the tables that only documents use, of which none may be absent."""
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
    yield from _orders(tables["texts"])
    yield from _places(tables["texts"])
    yield from _typed_numbers(tables["texts"])
    yield from _unasked(tables["texts"])
    yield from _unanswered(tables["comments"])
    if setting(tables, "status") == "adopted":
        yield from _still_open(tables["comments"])
    yield from _weights(tables["weights"], tables["requests"])
    yield from _decisions(tables["requests"])


def _sequence(table: TypedTable) -> Iterator[Issue]:
    """
    Find numbers of a sequence that stand twice or where others belong, and name what is missing.

    Nothing is missing as long as a row has no sound number: that row may be the one.
    """
    field = table.table.schema.field("seq")
    rows: dict[int, list[int]] = defaultdict(list)
    for index, number in table.given("seq"):
        if (field.minimum or 0) <= number <= (field.maximum or number):
            rows[number].append(index)
    count = sum(map(len, rows.values()))
    kept = _in_place(rows)
    belongs = _belonging(rows, kept, count) if count == len(table) else {}
    for number, indexes in rows.items():
        for index in indexes:
            values: dict[str, object] = {}
            if index != kept[number]:
                values["cells"] = table.table.cells("seq", indexes)
            if index in belongs:
                values["missing"] = str(belongs[index])
            if values:
                yield table.issue("sequence-gap", "seq", index, number, **values)


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
    """Find recommendations whose number does not begin with the point of their subject."""
    for index, number, subject in recommendations.given("number", "subject"):
        if _point(number) != str(subject):
            yield recommendations.issue(
                "number-outside-subject", "number", index, number, subject=str(subject)
            )


def _subjects(subjects: TypedTable, recommendations: TypedTable) -> Iterator[Issue]:
    """Find subjects without any recommendation."""
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
    known = recommendations.groups("number")
    for key, indexes in steps.groups("recommendation").items():
        cells = steps.table.cells("recommendation", indexes)
        for index in indexes if len(indexes) > 1 and key in known else ():
            number = steps.value("recommendation", index)
            yield steps.issue(
                "repeated-recommendation", "recommendation", index, number, cells=cells
            )


def _closed(recommendations: TypedTable, steps: TypedTable) -> Iterator[Issue]:
    """Find recommendations that are done while a step of theirs is not."""
    following = steps.groups("recommendation")
    for index, number, status in recommendations.given("number", "status"):
        still = [
            step
            for step in following.get(key_of(number), ())
            if ("status", step) not in steps.faulty and steps.value("status", step) != "done"
        ]
        if status == "done" and still:
            cells = steps.table.cells("status", still)
            yield recommendations.issue(
                "done-with-open-steps", "status", index, status, number=number, cells=cells
            )


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
    """Find reports from before the period, and those that documents do not print yet."""
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
        yield from _decreasing(progress, history, currency)
        yield from _idle(progress, history, currency)
        states = [(index, progress.value("status", index)) for index in history]
        for (before, earlier), (index, state) in pairwise(states):
            if earlier == "done" and state not in (None, "done"):
                yield _contradiction(progress, "progress-contradiction", "status", index, before)


def _decreasing(progress: TypedTable, indexes: Sequence[int], currency: Value) -> Iterator[Issue]:
    """Find cumulative expenditure that is less than the one reported before it."""
    amounts = ((index, progress.value("expenditure", index)) for index in indexes)
    for (before, earlier), (index, spent) in pairwise(
        pair for pair in amounts if pair[1] is not None
    ):
        if spent < earlier:
            values = {"spent": spent, "earlier": earlier, "currency": currency}
            yield _contradiction(
                progress, "expenditure-decreasing", "expenditure", index, before, **values
            )


def _idle(progress: TypedTable, indexes: Sequence[int], currency: Value) -> Iterator[Issue]:
    """Find money spent since the report before while no progress is reported."""
    most = ZERO
    for index in indexes:
        spent = progress.value("expenditure", index) or ZERO
        if spent > most and progress.value("status", index) == "no-progress":
            activity = progress.value("activity", index)
            values = {"spent": spent, "currency": currency}
            yield progress.issue("progress-contradiction", "status", index, activity, **values)
        most = max(most, spent)


def _contradiction(
    progress: TypedTable, code: str, name: str, index: int, before: int, **values: object
) -> Issue:
    """Return the issue of a report that contradicts one before it."""
    activity, day = progress.value("activity", index), progress.value("as_at", before)
    cells = progress.table.cells(name, [before])
    return progress.issue(code, name, index, activity, **values, as_at=day, cells=cells)


def _undescribed(progress: TypedTable) -> Iterator[Issue]:
    """Find reports that action is needed without a word on which."""
    notes = [field.name for field in progress.table.schema.texts("note")]
    name = next((note for note in notes if note in progress.columns), "status")
    for index, status in progress.given("status"):
        if status == "action-needed" and progress.is_blank(index, *notes):
            activity = progress.value("activity", index)
            yield progress.issue("action-not-described", name, index, activity)


def _orders(texts: TypedTable) -> Iterator[Issue]:
    """Find texts whose place in their document is before that of a text above them."""
    highest: dict[str, int] = {}
    for index, document, place in texts.given("document", "paragraph"):
        most = highest.get(document)
        if most is not None and place < most:
            yield texts.issue("text-out-of-order", "paragraph", index, place, number=str(most))
        highest[document] = max(place, most or place)


def _places(texts: TypedTable) -> Iterator[Issue]:
    """Find texts that stand where their kind must not; none where some kind is unsound."""
    rows: dict[str, list[tuple[int, str | None]]] = defaultdict(list)
    for index, document in texts.given("document"):
        rows[document].append((index, texts.value("kind", index)))
    for found in rows.values():
        kinds = [(index, kind) for index, kind in found if kind is not None]
        if len(kinds) == len(found):
            yield from _misplaced(texts, kinds)


_LEADING = frozenset({"paragraph", "areas", "action"})
"""The kinds of text that may lead to sub-paragraphs."""


def _misplaced(texts: TypedTable, rows: Sequence[tuple[int, str]]) -> Iterator[Issue]:
    led = False
    above: dict[str, int] = {}
    for position, (index, kind) in enumerate(rows):
        below = rows[position + 1][1] if position + 1 < len(rows) else None
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
_TYPED_NUMBER = re.compile(
    r"\s*(\d{1,3}(?:\.\d{1,3})*[.)]|\((?:\d{1,3}|[a-z]|[ivx]{1,5})\)|[a-z]\)|[•·▪*–—-])\s"
)
"""What typists put before a paragraph: 1. or 1.2. or (a) or a) or (iv), and bullets."""


def _typed_numbers(texts: TypedTable) -> Iterator[Issue]:
    """Find texts that begin with a number, letter or bullet, which documents put there anyway."""
    for field in texts.table.schema.texts("text"):
        for index, kind, text in texts.given("kind", field.name):
            found = _TYPED_NUMBER.match(text) if kind in _MARKED else None
            if found:
                yield texts.issue("typed-number", field.name, index, found[1])


def _unasked(texts: TypedTable) -> Iterator[Issue]:
    """Mention a meeting document that asks nothing of the meeting."""
    rows = texts.groups("document").get(key_of("cover"), ())
    if rows and all(texts.value("kind", index) not in (None, "action") for index in rows):
        yield texts.issue("no-action-requested", "document", rows[-1], "cover")


def _unanswered(comments: TypedTable) -> Iterator[Issue]:
    """Find comments that are marked as answered and have no answer."""
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
    given = [weight for _, weight in weights.given("weight")]
    if not weights and requests:
        yield requests.issue("weights-not-100", "id", 0, requests.value("id", 0), none=True)
    elif given and len(given) == len(weights) and total(given) != HUNDRED:
        yield weights.issue(
            "weights-not-100", "weight", len(given) - 1, given[-1], total=total(given)
        )


_NEEDED: Mapping[str, tuple[str, ...]] = {
    "accepted": ("decided_by", "decided_on", "recommendation"),
    "declined": ("decided_by", "decided_on", "reason"),
    "deferred": ("decided_by", "decided_on", "reason"),
}
"""The fields that a decision on a request needs; of a text, one language."""


def _decisions(requests: TypedTable) -> Iterator[Issue]:
    """Find decisions on requests that lack what the workflow asks for."""
    schema = requests.table.schema
    for index, decision in requests.given("decision"):
        request = str(requests.value("id", index) or "?")
        for needed in _NEEDED.get(decision, ()):
            names = [field.name for field in schema.texts(needed)] or [needed]
            if requests.is_blank(index, *names):
                name = next((each for each in names if each in requests.columns), names[0])
                values = {"request": request, "decision": decision, "field": schema.field(name)}
                yield requests.issue("incomplete-decision", name, index, **values)
        if decision in _NEEDED and requests.is_blank(index, "existing_solution"):
            yield requests.issue(
                "existing-solution-unknown", "existing_solution", index, request=request
            )
