"""Rows of the Entry sheet as activities, costs and contributions; activities numbered anew."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from cmswp_xl.errors import Misuse, UnfitData, UnreadableWorkbook
from cmswp_xl.issues import Severity
from cmswp_xl.messages.labels import capital, label
from cmswp_xl.messages.values import amounts_in, display_text
from cmswp_xl.money import total
from cmswp_xl.numbering import UnclearNumber, highest_ids, next_id, next_number, renumbered
from cmswp_xl.pipeline import check_source
from cmswp_xl.registry import ALL
from cmswp_xl.rollover.period import INDENT, content_of, plain
from cmswp_xl.rollover.upgrade import carried_over
from cmswp_xl.schema import ENTRY
from cmswp_xl.tables import comparable
from cmswp_xl.validate import STRUCTURE
from cmswp_xl.validate.entry import amounts, source_of
from cmswp_xl.validate.typed import setting, table_keys
from cmswp_xl.xlsx import open_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from cmswp_xl.issues import Issue
    from cmswp_xl.languages import Language, Words
    from cmswp_xl.rollover.period import Row
    from cmswp_xl.rollover.upgrade import Upgrade
    from cmswp_xl.validate import Checked, TypedTable
    from cmswp_xl.xlsx import Limits, WorkbookFile

_TABLES = ("programme", "areas", "activities", "costs", "funding", "sources", "donors")
"""The tables that rows come from or go to, whose rows and columns must be beyond doubt."""
_KINDS = ("core", "voluntary", "pledged")


@dataclass(frozen=True, slots=True)
class NewActivity:
    """A row of Entry as rows of Activities, Costs and Funding."""

    activity: Row
    costs: Sequence[Row]
    funding: Sequence[Row]


@dataclass(frozen=True, slots=True)
class NewNumber:
    """A new number of an activity that is there already; `index` is that of its row."""

    index: int
    id: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done: activities to be added, and numbers to be changed."""

    activities: Sequence[NewActivity] = ()
    numbers: Sequence[NewNumber] = ()
    currency: str = ""

    def rows(self) -> Mapping[str, Sequence[Row]]:
        """Return the rows to be added by table."""
        return {
            "activities": [new.activity for new in self.activities],
            "costs": [row for new in self.activities for row in new.costs],
            "funding": [row for new in self.activities for row in new.funding],
        }


def refusals(checked: Checked, *, entry: bool = True) -> list[Issue]:
    """Return what keeps rows from being taken over or numbers from being changed."""
    unsure = (issue for issue in checked.issues if issue.code in STRUCTURE)
    both = (
        *(issue for issue in unsure if issue.table in _TABLES),
        *(checked.entry.issues if entry and checked.entry else ()),
    )
    grave = (issue for issue in both if issue.severity is Severity.ERROR)
    return sorted((replace(i, names=checked.names) for i in grave), key=lambda i: i.place)


def plan_of(checked: Checked, areas: Sequence[str] = (), *, entry: bool = True) -> Plan:
    """
    Plan the taking over of Entry, which has no refusals, and the numbering of areas ("all": each).

    Raises `Misuse` for an unknown area, `UnfitData` where a number cannot be counted.
    """
    new = list(_new_activities(checked)) if entry else []
    numbers: list[NewNumber] = []
    if areas:
        new, numbers = _numbered(checked, areas, new)
    return Plan(tuple(new), tuple(numbers), str(setting(checked.typed, "currency") or ""))


class _Areas:
    """The areas of a workbook: their codes as their own table has them, and their places."""

    def __init__(self, typed: Mapping[str, TypedTable]) -> None:
        self._known = table_keys(typed).get("areas", {})
        table = typed.get("areas")
        rows = () if table is None else table.given("code")
        self.places = {
            str(code): table.table.rows[index] - table.table.header[0]
            for index, code in rows
            if table is not None
        }

    def code(self, given: str) -> str:
        """Return the code of an area; one that is unknown as it was given."""
        return str(self._known.get(comparable(given), given))


def _new_activities(checked: Checked) -> Iterator[NewActivity]:
    """Yield the activities of Entry, with the next free ids and numbers where they have none."""
    if checked.entry is None:
        return
    typed, rows, areas = checked.typed, checked.entry.rows, _Areas(checked.typed)
    known = [table for table in (typed.get("activities"), rows) if table is not None]
    highest = highest_ids(value for table in known for _, value in table.given("id"))
    numbers: dict[str, list[str]] = defaultdict(list)
    for table in known:
        for _, area, number in table.given("area", "number"):
            numbers[areas.code(area)].append(number)
    for index in range(len(rows)):
        area = areas.code(rows.value("area", index))
        own, number = rows.value("id", index), rows.value("number", index)
        if own is None:
            own = next_id(area, highest)
            highest |= highest_ids([own])
        if number is None:
            number = next_number(numbers[area], areas.places[area])
            numbers[area].append(number)
        names = [field.name for field in rows.schema.texts("title")]
        titles = {name: rows.value(name, index) for name in names}
        activity = {"id": own, "number": number, "area": area, **titles}
        activity = {name: value for name, value in activity.items() if value is not None}
        yield NewActivity(activity, *_money(typed, rows, index, own))


def _money(
    typed: Mapping[str, TypedTable], rows: TypedTable, index: int, own: str
) -> tuple[list[Row], list[Row]]:
    """Return the costs and the contributions of a row of Entry, exact amounts as their text."""
    start: Any = setting(typed, "period_start")

    def lines(kind: str) -> Iterator[Row]:
        for _, year, amount in amounts(rows, index, kind):
            placed = {} if year is None else {"year": start + year - 1}
            yield {"activity": own, **placed, "amount": plain(amount)}

    funding: list[Row] = []
    for kind in _KINDS:
        stage = {"core": "confirmed", "pledged": "pledged"}.get(kind)
        shared: Row = {
            "source": source_of(rows, index, kind, typed),
            "stage": stage or rows.value("stage", index) or "confirmed",
        }
        donor = rows.value("donor", index)
        if donor is not None and kind != "core":
            shared["donor"] = donor
        funding += [{**line, **shared} for line in lines(kind)]
    return list(lines("cost")), funding


def _numbered(
    checked: Checked, areas: Sequence[str], new: Sequence[NewActivity]
) -> tuple[list[NewActivity], list[NewNumber]]:
    """Return the activities to be added with their numbers, and the new numbers of others."""
    known, activities = _Areas(checked.typed), checked.typed.get("activities")
    every = list(known.places)
    chosen = every if ALL in areas else [known.code(area) for area in areas]
    for area in chosen:
        if area not in every:
            raise Misuse("unknown-area", area=area, known=tuple(every))
    rows = [] if activities is None else list(_numbers(activities, known))
    old = len(rows)
    rows += [(each.activity["area"], each.activity["number"]) for each in new]
    try:
        changed = renumbered(rows, every, chosen)
    except UnclearNumber as error:
        area, number = rows[error.args[0]]
        raise UnfitData("number-unclear", area=area, number=number) from error
    added = [
        replace(each, activity={**each.activity, "number": changed.get(n, rows[n][1])})
        for n, each in enumerate(new, old)
    ]
    numbers = [
        NewNumber(n, activities.value("id", n) or "", rows[n][1], number)
        for n, number in sorted(changed.items())
        if activities is not None and n < old
    ]
    return added, numbers


def _numbers(activities: TypedTable, areas: _Areas) -> Iterator[tuple[str, str]]:
    """Yield area and number of each activity; one that cannot be read is no number."""
    for index in range(len(activities)):
        area, number = (activities.value(name, index) for name in ("area", "number"))
        unread = "?" if ("number", index) in activities.faulty else ""
        yield areas.code(area or ""), number or unread


@dataclass(frozen=True, slots=True)
class Filling:
    """A workbook that was read, and what is to be done in it, or what keeps that from it."""

    book: WorkbookFile
    checked: Checked
    issues: Sequence[Issue]
    plan: Plan


def read_filling(path: Path, areas: Sequence[str] = (), limits: Limits | None = None) -> Filling:
    """
    Read a workbook and plan what is to be taken over and numbered anew.

    Raises `UnreadableWorkbook`, and `Misuse` where there is nothing to do.
    """
    book = open_workbook(path, limits)
    checked, _ = check_source(book, flags=False)
    if not checked.typed:
        raise UnreadableWorkbook("not-programme", file=str(path))
    issues = refusals(checked)
    if issues:
        return Filling(book, checked, issues, Plan())
    plan = plan_of(checked, areas)
    if not (plan.activities or areas):
        sheet = checked.names.sheets[ENTRY] if checked.names else ENTRY
        raise Misuse("nothing-to-fill", workbook=book.name, sheet=sheet)
    return Filling(book, checked, (), plan)


def filled(
    filling: Filling, language: Language | None = None, limits: Limits | None = None
) -> Upgrade:
    """Make the workbook in which the plan is carried out, and Entry is empty again."""
    typed = dict(filling.checked.typed)
    if filling.plan.numbers:
        table = typed["activities"]
        numbers = list(table.column("number"))
        for each in filling.plan.numbers:
            numbers[each.index] = each.new
        typed["activities"] = replace(table, columns={**table.columns, "number": numbers})
    content = content_of(typed)
    for name, rows in filling.plan.rows().items():
        content[name] = [*content.get(name, ()), *rows]
    if filling.checked.entry is not None:
        typed[ENTRY] = filling.checked.entry.rows
    made = carried_over(filling.book, typed, content, language, limits)
    return replace(made, rows={name: len(table) for name, table in typed.items() if name != ENTRY})


def plan_lines(plan: Plan, say: Words) -> list[str]:
    """Return in words what is done: each activity with its money, each number that changes."""
    lines: list[str] = []
    for new in plan.activities:
        titles = (value for name, value in new.activity.items() if name.startswith("title_"))
        own = {"id": new.activity["id"], "number": new.activity["number"]}
        title = display_text(" ".join(next(titles, "").split()))
        lines.append(say("New: {id}, number {number}: {title}", **own, title=title))
        lines += [INDENT + line for line in _money_lines(new, say)]
    lines += [
        say("{id}: number {old} becomes {new}", id=each.id, old=each.old or "–", new=each.new)
        for each in plan.numbers
    ]
    return lines


def _money_lines(new: NewActivity, say: Words) -> Iterator[str]:
    if new.costs:
        yield say("Cost: {amounts}", amounts=_amounts(new.costs, say))

    def shared(row: Row) -> tuple[str, str, str]:
        return row["stage"], row["source"], row.get("donor", "")

    for (stage, *codes), rows in groupby(new.funding, shared):
        source = ", ".join(filter(None, codes))
        yield say(
            "{stage}, {source}: {amounts}",
            stage=capital(label("stage", stage, say)),
            source=source,
            amounts=_amounts(list(rows), say),
        )


def _amounts(rows: Sequence[Row], say: Words) -> str:
    written = amounts_in(say.language).text
    return ", ".join(
        f"{row.get('year') or say('whole period')} ({written(row['amount'])})" for row in rows
    )


def sums_line(plan: Plan, say: Words) -> str:
    """Count what is added, and add up its amounts."""
    rows = plan.rows()
    pledged = [row for row in rows["funding"] if row["stage"] == "pledged"]
    available = [row for row in rows["funding"] if row["stage"] != "pledged"]

    def money(found: Sequence[Row]) -> str:
        amount = amounts_in(say.language).money(total(Decimal(row["amount"]) for row in found))
        form = "{currency}\N{NO-BREAK SPACE}{amount}"
        return say(form, currency=plan.currency, amount=amount)

    return say(
        "Activities: {activities}; costs: {costs}; contributions: {funding}. Cost: {cost};"
        " available: {available}; pledged: {pledged}.",
        **{name: len(found) for name, found in rows.items()},
        cost=money(rows["costs"]),
        available=money(available),
        pledged=money(pledged),
    )
