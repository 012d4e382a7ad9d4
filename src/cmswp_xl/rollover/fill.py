"""
What is added to a workbook: the rows of its Entry sheet as activities, costs and contributions.

Activities are numbered again, and the content is approved by a row of Approvals.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from cmswp_xl.errors import Misuse, UnfitData
from cmswp_xl.issues import Issue, Severity, count
from cmswp_xl.languages import N_, Language, Words
from cmswp_xl.messages.labels import capital, label
from cmswp_xl.messages.values import amounts_in, display_text, series
from cmswp_xl.money import total
from cmswp_xl.numbering import UnclearNumber, highest_ids, next_id, next_number, renumbered
from cmswp_xl.ooxml import Limits
from cmswp_xl.pipeline import check_programme
from cmswp_xl.registry import ALL
from cmswp_xl.rollover.period import INDENT, Content, Row, content_of, plain
from cmswp_xl.rollover.upgrade import Upgrade, origin_of
from cmswp_xl.schema import ENTRY, ENTRY_KINDS
from cmswp_xl.tables import comparable
from cmswp_xl.validate import STRUCTURE, Checked
from cmswp_xl.validate.entry import amounts, sources_by_kind
from cmswp_xl.validate.typed import APPROVALS, TypedTable, content_mark, setting
from cmswp_xl.xlsx import WorkbookFile, open_workbook

_TABLES = ("programme", "areas", "activities", "costs", "funding", "sources", "donors")
"""The tables that rows come from or go to, whose rows and columns must be beyond doubt."""


@dataclass(frozen=True, slots=True)
class Plan:
    """
    What is to be done in a workbook, or the issues that keep it from being done.

    `rows` are to be added, by table; `numbers` are new numbers of activities that are there
    already: the index of the row, its id, the old number and the new one.
    """

    checked: Checked
    issues: Sequence[Issue] = ()
    rows: Content = field(default_factory=dict)
    numbers: Sequence[tuple[int, str, str, str]] = ()


def plan_of(checked: Checked, areas: Sequence[str] = ()) -> Plan:
    """
    Plan the taking over of Entry, and the numbering of areas ("all": each of them).

    Raises `Misuse` for an unknown area, `UnfitData` where a number cannot be counted.
    """
    unsure = (i for i in checked.issues if i.code in STRUCTURE and i.table in _TABLES)
    grave = (i for i in (*unsure, *checked.unfit) if i.severity is Severity.ERROR)
    issues = sorted((replace(i, names=checked.names) for i in grave), key=lambda i: i.place)
    if issues:
        return Plan(checked, issues)
    rows = _added(checked)
    return Plan(checked, (), rows, _numbered(checked, areas, rows["activities"]) if areas else ())


def _areas(typed: Mapping[str, TypedTable]) -> dict[str, tuple[str, int]]:
    """Return code and place of each area, blank rows counted, by its code as keys compare."""
    found: dict[str, tuple[str, int]] = {}
    areas = typed.get("areas")
    if areas is None:
        return found
    for index, code in areas.given("code"):
        place = areas.table.rows[index] - areas.table.header[0]
        found.setdefault(comparable(code), (code, place))
    return found


def _added(checked: Checked) -> Content:
    """Return the rows that Entry becomes, with the next free ids and numbers where it has none."""
    made: Content = {"activities": [], "costs": [], "funding": []}
    typed, rows = checked.typed, checked.entry
    if not rows:
        return made
    areas, sources = _areas(typed), sources_by_kind(typed)
    start: Any = setting(typed, "period_start")
    known = [table for table in (typed.get("activities"), rows) if table]
    highest = highest_ids(value for table in known for _, value in table.given("id"))
    numbers: dict[str, list[str]] = defaultdict(list)
    for table in known:
        for _, area, number in table.given("area", "number"):
            numbers[comparable(area)].append(number)
    names = ("id", "number", "area", *(item.name for item in rows.schema.texts("title")))
    for index in range(len(rows)):
        activity: Row = {name: rows.value(name, index) for name in names}
        area = comparable(activity["area"])
        activity["area"], place = areas[area]
        activity["id"] = activity["id"] or next_id(activity["area"], highest)
        highest |= highest_ids([activity["id"]])
        if activity["number"] is None:
            numbers[area].append(next_number(numbers[area], place))
            activity["number"] = numbers[area][-1]
        made["activities"].append({n: value for n, value in activity.items() if value is not None})
        for kind in ENTRY_KINDS:
            paid = {} if kind == "cost" else _contribution(rows, index, kind, sources)
            for _, year, amount in amounts(rows, index, kind):
                line: Row = {"activity": activity["id"], "amount": plain(amount), **paid}
                if year is not None:
                    line["year"] = start + year - 1
                made["funding" if paid else "costs"].append(line)
    return made


def _contribution(
    rows: TypedTable, index: int, kind: str, sources: Mapping[str, Sequence[str]]
) -> Row:
    """Return what the contributions of a kind in a row share: source, stage and donor."""
    core = kind == "core"
    stage = {"core": "confirmed", "pledged": "pledged"}.get(kind) or rows.value("stage", index)
    source = rows.value("core_source" if core else "voluntary_source", index)
    only = sources.get("core" if core else "voluntary", [None])[0]
    shared = {"source": source or only, "stage": stage or "confirmed"}
    donor = None if core else rows.value("donor", index)
    return shared if donor is None else {**shared, "donor": donor}


def _numbered(
    checked: Checked, areas: Sequence[str], new: Sequence[Row]
) -> list[tuple[int, str, str, str]]:
    """Return the new numbers of activities that are there; those to be added get theirs."""
    known, activities = _areas(checked.typed), checked.typed.get("activities")

    def code(given: str) -> str:
        return known.get(comparable(given), (given, 0))[0]

    every = [own for own, _ in known.values()]
    chosen = every if ALL in areas else [code(area) for area in areas]
    for area in chosen:
        if area not in every:
            raise Misuse("unknown-area", area=area, known=tuple(every))
    rows: list[tuple[str, str]] = []
    if activities:
        places = zip(activities.column("area"), activities.column("number"), strict=True)
        for index, (its, typed) in enumerate(places):
            unread = "?" if ("number", index) in activities.faulty else ""
            rows.append((code(str(its or "")), str(typed or unread)))
    old = len(rows)
    rows += [(row["area"], row["number"]) for row in new]
    try:
        changed = renumbered(rows, every, chosen)
    except UnclearNumber as error:
        area, number = rows[error.args[0]]
        raise UnfitData("number-unclear", area=area, number=number) from error
    for index, row in enumerate(new, old):
        row["number"] = changed.pop(index, row["number"])
    ids = activities.column("id") if activities else ()
    return [(n, str(ids[n] or ""), rows[n][1], number) for n, number in sorted(changed.items())]


def read_plan(
    path: Path, areas: Sequence[str] = (), limits: Limits | None = None
) -> tuple[WorkbookFile, Plan]:
    """
    Read a workbook and plan what is to be taken over and numbered again.

    Raises `UnreadableWorkbook`, and `Misuse` where there is nothing to do.
    """
    book = open_workbook(path, limits)
    checked, _ = check_programme(book, str(path), flags=False)
    plan = plan_of(checked, areas)
    if not (plan.issues or areas or plan.rows["activities"]):
        raise Misuse("nothing-to-fill", workbook=book.name, sheet=checked.names.sheets[ENTRY])
    return book, plan


def filled(
    book: WorkbookFile,
    plan: Plan,
    language: Language | None = None,
    limits: Limits | None = None,
) -> Upgrade:
    """Make the workbook in which the plan is carried out, and Entry is empty again."""
    typed = dict(plan.checked.typed)  # without Entry
    if plan.numbers:
        table = typed["activities"]
        numbers = list(table.column("number"))
        for index, _, _, new in plan.numbers:
            numbers[index] = new
        typed["activities"] = replace(table, columns={**table.columns, "number": numbers})
    content = content_of(typed)
    for name, rows in plan.rows.items():
        content[name] = [*content.get(name, ()), *rows]
    made = origin_of(book, plan.checked, limits).with_content(content, language)
    return replace(made, rows={name: len(table) for name, table in typed.items()})


def plan_lines(plan: Plan, say: Words) -> list[str]:
    """
    Return in words what is done: each activity with its money, each number that changes.

    The last line sums up the activities, where there are any.
    """
    lines: list[str] = []
    costs, funding = (
        {own: list(rows) for own, rows in groupby(found, itemgetter("activity"))}
        for found in (plan.rows["costs"], plan.rows["funding"])
    )
    for row in plan.rows["activities"]:
        titles = (value for name, value in row.items() if name.startswith("title_"))
        own = {"id": row["id"], "number": row["number"]}
        title = display_text(" ".join(next(titles, "").split()))
        lines.append(say("New: {id}, number {number}: {title}", **own, title=title))
        money = _money_lines(costs.get(row["id"], ()), funding.get(row["id"], ()), say)
        lines += [INDENT + line for line in money]
    lines += [
        say("{id}: number {old} becomes {new}", id=own, old=old or "–", new=new)
        for _, own, old, new in plan.numbers
    ]
    return [*lines, sums_line(plan, say)] if plan.rows["activities"] else lines


def _money_lines(costs: Sequence[Row], funding: Sequence[Row], say: Words) -> Iterator[str]:
    if costs:
        yield say("Cost: {amounts}", amounts=_amounts(costs, say))

    def shared(row: Row) -> tuple[str, str, str]:
        return row["stage"], row["source"], row.get("donor", "")

    for (stage, source, donor), rows in groupby(funding, shared):
        text = N_("{stage}, {source}, {donor}: {amounts}")
        yield say(
            text if donor else N_("{stage}, {source}: {amounts}"),
            stage=capital(label("stage", stage, say)),
            source=source,
            donor=donor,
            amounts=_amounts(list(rows), say),
        )


def _amounts(rows: Sequence[Row], say: Words) -> str:
    written = amounts_in(say.language).text
    parts = (
        say(
            "{year} ({amount})",
            year=row.get("year") or say("whole period"),
            amount=written(row["amount"]),
        )
        for row in rows
    )
    return series(list(parts), say)


def sums_line(plan: Plan, say: Words) -> str:
    """Count what is added, and add up its amounts."""
    funding = plan.rows["funding"]
    sums = {
        "cost": plan.rows["costs"],
        "available": [row for row in funding if row["stage"] != "pledged"],
        "pledged": [row for row in funding if row["stage"] == "pledged"],
    }
    written, form = amounts_in(say.language).money, "{currency}\N{NO-BREAK SPACE}{amount}"
    currency = str(setting(plan.checked.typed, "currency") or "")
    values: dict[str, Any] = {name: len(rows) for name, rows in plan.rows.items()}
    for name, rows in sums.items():
        amount = written(total(Decimal(row["amount"]) for row in rows))
        values[name] = say(form, currency=currency, amount=amount)
    return say(
        "Activities: {activities}; costs: {costs}; contributions: {funding}. Cost: {cost};"
        " available: {available}; pledged: {pledged}.",
        **values,
    )


def approval(checked: Checked, workbook: str, role: str, name: str, day: dt.date) -> Row:
    """
    Return the row by which somebody approves the content of a workbook.

    Raises `UnfitData` where it has errors.
    """
    errors = count(checked.issues, Severity.ERROR)
    if errors:
        raise UnfitData("approve-errors", workbook=workbook, errors=errors)
    mark = content_mark(checked.typed)
    return {"role": role.strip(), "name": name.strip(), "date": day, "content": mark}


def approved_by(row: Row, say: Words) -> str:
    """Return in words who approved which content."""
    name = display_text(str(row["name"]), None)
    return say("Approved by {name}: {content}", name=name, content=row["content"])


def approved(
    book: WorkbookFile, checked: Checked, row: Row, limits: Limits | None = None
) -> Upgrade:
    """
    Make the workbook in which the row stands below the approvals that were there.

    Raises `Misuse` for a blank role or name.
    """
    if not (row["role"] and row["name"]):
        raise Misuse("approve-blank")
    origin = origin_of(book, checked, limits)
    rows = [*origin.content.get(APPROVALS, ()), row]
    return origin.with_content({**origin.content, APPROVALS: rows})
