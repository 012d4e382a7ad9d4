"""The funding needs: what is still to be sought, by priority, and what a contribution buys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import (
    Notes,
    labelled,
)
from cmswp_xl.documents.front import Paper, circumstances, masthead, page_document
from cmswp_xl.documents.needs import (
    NAMES,
    PRIORITIES,
    in_area_order,
    need_printer,
    priority_path,
)
from cmswp_xl.documents.numbers import long_date
from cmswp_xl.documents.posts import group_row
from cmswp_xl.documents.texts import Texts
from cmswp_xl.figures.sources import (
    OfGroup,
    support_rate,
)
from cmswp_xl.languages import Words
from cmswp_xl.money import ZERO
from cmswp_xl.page import Cell, Column, Paragraph, Row, Section, Table
from cmswp_xl.printed import Figured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cmswp_xl.documents.front import PageDocument
    from cmswp_xl.documents.needs import (
        NeedPrinter,
    )
    from cmswp_xl.documents.texts import MissingText
    from cmswp_xl.figures.totals import Figures, ProgrammeTotals
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Activity, Programme
    from cmswp_xl.printed import Source


def has_content(programme: Programme) -> bool:
    """Return whether anything has a cost, or any activity has core priority."""
    return bool(programme.costs) or any(
        activity.priority == "core" for activity in programme.activities
    )


def content(
    totals: ProgrammeTotals, language: Language, _codes: Sequence[str] = ()
) -> tuple[PageDocument, list[MissingText]]:
    """Return the funding needs, and the texts that they would print and that are missing."""
    programme = totals.programme
    say, texts = Words(language), Texts(language)
    printer = need_printer(totals, texts, say)
    uncosted = _uncosted(printer)
    paper = Paper("funding-needs", say("Funding needs"), programme.settings.as_at)
    top = masthead(programme, paper, texts, say)
    body = (
        *top["wording"].section,
        _summary(printer),
        *_priorities(printer, uncosted),
        _uncosted_section(printer, uncosted),
        _remarks(printer, uncosted),
    )
    statements = tuple(need_statements(printer))
    parts = (part for part in body if part.blocks)
    return page_document(top, statements, parts, landscape=True), texts.missing


def _summary(printer: NeedPrinter) -> Section:
    """Return the needs by priority, or say that there are none."""
    say, listed = printer.say, printer.listed
    if not listed:
        return Section("", "", (Paragraph(nothing_needed(printer), "statement"),))
    columns = (
        Column(say("Priority"), "label", 3969, names=True),
        Column(say("Activities"), "amount", 1134),
        *_amount_columns(say),
    )
    rows = [
        printer.sums(
            say(PRIORITIES[key]),
            priority_path(key),
            group,
            printer.count(priority_path(key), (a.id for a in group)),
        )
        for key, group in printer.needs.items()
    ]
    count = printer.count(("total",), (activity.id for activity in listed))
    rows.append(printer.sums(say("Total"), ("total",), listed, count))
    title = say("Summary by priority")
    notes = (Paragraph(line, "note") for line in reconciliations(printer))
    return Section("summary", title, (Table("summary", title, columns, tuple(rows)), *notes))


def _amount_columns(say: Words) -> tuple[Column, ...]:
    return (
        Column(say("Funding to be sought"), "amount", 1360),
        Column(say("Pledged"), "amount", 1360),
        Column(say("Remaining after pledges"), "amount", 1360),
    )


def _priorities(printer: NeedPrinter, uncosted: Sequence[Activity]) -> Iterator[Section]:
    """Yield the needs of each priority by area, with their sub-total."""
    say = printer.say
    responsible = any(a.responsible for a in (*printer.listed, *uncosted))
    buys = any(activity.id in printer.bought for activity in printer.listed)
    details = (
        *((Column(say("Responsible"), "", 1077),) if responsible else ()),
        *((Column(say("What a contribution would buy"), "buys", 2948),) if buys else ()),
    )
    lead = (
        Column(say("No."), "number", 680, names=True),
        Column(say("Activity"), "text", 3969),
        *details,
    )
    columns = (*lead, *_amount_columns(say))
    for key, group in printer.needs.items():
        notes, title = Notes(), say(PRIORITIES[key])

        def row(activity: Activity, notes: Notes = notes) -> Row:
            bought = Cell(tuple(map(Paragraph, printer.bought.get(activity.id, ()))))
            who = (activity.responsible or "",) if responsible else ()
            return printer.row(activity, notes, (*who, *((bought,) if buys else ())))

        rows = (
            *_by_area(group, printer, row, len(columns)),
            printer.sums(labelled(say("Sub-total"), span=len(lead)), priority_path(key), group),
        )
        caption = say("Funding needs: {priority}", priority=title)
        table = Table("needs", caption, columns, rows)
        yield Section(f"priority-{key or 'none'}", title, (table, *notes.listed()))


def _by_area(
    group: Iterable[Activity],
    printer: NeedPrinter,
    row: Callable[[Activity], Row],
    columns: int,
) -> Iterator[Row]:
    """Yield activities, which are in the order of the areas, under the titles of these."""
    programme, texts = printer.totals.programme, printer.rows.texts
    areas = {area.code: area for area in programme.areas}
    last = None
    for activity in group:
        if activity.area != last:
            last = activity.area
            yield group_row(texts.area(areas[last], programme), columns)
        yield row(activity)


def _uncosted_section(printer: NeedPrinter, uncosted: Sequence[Activity]) -> Section:
    """Return the activities of core priority whose cost is not known."""
    say = printer.say
    title = say("Activities of core priority not yet costed")
    if not uncosted:
        return Section("uncosted", title, ())
    responsible = any(a.responsible for a in (*printer.listed, *uncosted))
    columns = (
        Column(say("No."), "number", 680, names=True),
        Column(say("Activity"), "text", 9072),
        *((Column(say("Responsible"), "", 2268),) if responsible else ()),
    )

    def row(activity: Activity) -> Row:
        who = (activity.responsible or "",) if responsible else ()
        return Row((activity.number, printer.rows.title(activity), *who), key=activity.id)

    rows = tuple(_by_area(uncosted, printer, row, len(columns)))
    return Section("uncosted", title, (Table("uncosted", title, columns, rows),))


def _remarks(printer: NeedPrinter, uncosted: Sequence[Activity]) -> Section:
    texts = need_remarks(printer, uncosted)
    notes = tuple(Paragraph(text, "note") for text in texts)
    return Section("remarks", printer.say("Remarks"), notes)


def _uncosted(printer: NeedPrinter) -> list[Activity]:
    """Give the activities of core priority that are neither costed nor done."""
    totals = printer.totals
    return [
        activity
        for activity in in_area_order(totals.programme)
        if activity.priority == "core"
        and totals.by_activity[activity.id].cost is None
        and activity.id not in printer.done
    ]


def need_statements(printer: NeedPrinter) -> Iterator[str]:
    """Say what holds for every table: unit, scenario, net or gross, how to read the columns."""
    say, listed = printer.say, printer.listed
    yield from undated(printer)
    yield from _support_cost(printer, printer.totals.of(listed))
    if not listed:
        return
    yield say(
        "Pledges are promises that are not yet confirmed; they do not lower the funding to be"
        " sought, but what remains after pledges."
    )
    if any(activity.id in printer.bought for activity in listed):
        yield say(
            "What a contribution would buy: quantities and unit costs as planned, where both are"
            " known, for the years in which funding is missing; part of it may be funded already."
        )
        if printer.numbers.step is not None and printer.numbers.step > 1:
            yield say("Unit costs are given in full.")
    if any(printer.figures(activity).status == "unfunded" for activity in listed):
        yield say("Activities without any funding are marked ▲ Unfunded.")


def nothing_needed(printer: NeedPrinter) -> str:
    """Say that nothing is to be sought, or that nobody knows yet."""
    if printer.totals.total.cost is None:
        return printer.say(
            "No activity has been costed yet: what is to be sought is not known, and is not nil."
        )
    return printer.say("Nothing is to be sought for the activities that are costed.")


def undated(printer: NeedPrinter) -> Iterator[str]:
    """Say what `circumstances` does, but for the date, which the title has."""
    as_at = printer.totals.programme.settings.as_at
    date = "" if as_at is None else long_date(as_at, printer.rows.texts.language)
    dated = printer.say("As at {date}.", date=date)
    found = circumstances(printer.totals, printer.numbers, printer.rows.texts, printer.say)
    return (text for text in found if text != dated)


def reconciliations(printer: NeedPrinter) -> Iterator[str]:
    """Tie the total to that of the annex, and what remains to what is pledged."""
    say, numbers, listed = printer.say, printer.numbers, printer.listed
    annex = printer.sought(("annex",), printer.totals.programme.activities)
    if not annex.exact:
        return
    done = _left_out(printer)
    if done:
        apart = printer.sought(
            ("carried-out",), [a for a in done if printer.figures(a).to_be_sought]
        )
        rest = Figured(printer.whole("to_be_sought"), annex.exact - (apart.exact or ZERO))
        shown = (annex.shown or ZERO) - (apart.shown or ZERO)
        yield say(
            "Funding to be sought in Annex I {annex} − for activities carried out {done}"
            " = funding needs {needs}",
            annex=numbers.amount(annex),
            done=numbers.amount(apart),
            needs=numbers.amount(rest.shown_as(shown, "added", numbers.step)),
        )
    else:
        yield say(
            "The total is the funding to be sought in Annex I: {amount}.",
            amount=numbers.amount(annex),
        )
    keys = tuple(activity.id for activity in listed)
    gap, seen = printer.gaps.sums(keys)
    if gap.beyond:
        sources: dict[str, Source] = {f: printer.whole(name) for name, f in NAMES.items()}
        amounts = {
            field: numbers.amount(
                Figured(source, getattr(gap, field)).shown_as(
                    getattr(seen, field), "added", numbers.step
                )
            )
            for field, source in {**sources, "beyond": OfGroup(("total",), keys, "beyond")}.items()
        }
        yield say(
            "Remaining {remaining} = to be sought {sought} − pledged {pledged}"
            " + pledged beyond what is to be sought {beyond}",
            **amounts,
        )


def need_remarks(printer: NeedPrinter, uncosted: Sequence[Activity]) -> Iterator[str]:
    """Say what is not in the tables: what is done, not costed, pledged elsewhere, or in kind."""
    say, programme, listed = printer.say, printer.totals.programme, printer.listed
    done = _left_out(printer)
    if done:
        yield say.many(
            "{count} activity is left out because it has been carried out: {numbers}.",
            "{count} activities are left out because they have been carried out: {numbers}.",
            printer.count(("carried-out",), (activity.id for activity in done), table=False),
            numbers=printer.named(done),
        )
    here = {activity.id for activity in (*listed, *uncosted)}
    open_ones = [a for a in programme.activities if a.id not in here and a.id not in printer.done]
    others = [a for a in open_ones if printer.figures(a).cost is None]
    if others:
        yield say.many(
            "{count} activity without core priority is not yet costed: {numbers}.",
            "{count} activities without core priority are not yet costed: {numbers}.",
            printer.count(("uncosted",), (activity.id for activity in others), table=False),
            numbers=printer.named(others),
        )
    if others or uncosted:
        yield say(
            "What is to be sought for activities not yet costed is not known; it is not nil."
        )
    covered = [a for a in open_ones if a.partial and printer.figures(a).cost is not None]
    if covered:
        yield say(
            "Costed in part, and funded as far as the cost is known: {numbers}.",
            numbers=printer.named(covered),
        )
    ids, figures = {activity.id for activity in listed}, printer.totals.by_activity
    pledged = [key for key, found in figures.items() if found.pledged and key not in ids]
    if pledged:
        yield say(
            "Pledged for other activities, and not counted here: {list}.",
            list=printer.list("pledged", pledged),
        )
    in_kind = [key for key, found in figures.items() if found.in_kind and key in ids]
    if in_kind:
        yield say("In kind, and not counted: {list}.", list=printer.list("in_kind", in_kind))


def _left_out(printer: NeedPrinter) -> list[Activity]:
    """Return the activities that are done and would be in the tables if they were not."""
    return [
        activity
        for activity in printer.totals.programme.activities
        if activity.id in printer.done
        and (
            printer.figures(activity).to_be_sought
            or (activity.priority == "core" and printer.figures(activity).cost is None)
        )
    ]


def _support_cost(printer: NeedPrinter, figures: Figures) -> Iterator[str]:
    """Say whether what is to be sought is net of programme support costs."""
    say, rate = printer.say, support_rate(printer.totals.programme)
    if not figures.cost:
        return
    if not figures.excluded:
        yield say("Amounts are gross: programme support costs are included.")
    elif rate is None:
        yield say("Amounts are net: programme support costs are not included.")
    elif figures.excluded == figures.cost:
        yield say(
            "Amounts are net: programme support costs of {rate} per cent are to be added to a"
            " contribution.",
            rate=printer.numbers.percent(rate),
        )
    else:
        yield say(
            "Part of the amounts is net: programme support costs of {rate} per cent are to be"
            " added to a contribution to that part.",
            rate=printer.numbers.percent(rate),
        )
