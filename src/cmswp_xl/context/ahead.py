"""Technology and staff needed in the years ahead: from the needs, and from linked activities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.context.chain import linked_activities, linked_numbers
from cmswp_xl.context.lines import Columns, choose_columns, grouped_tree
from cmswp_xl.context.rows import AmountRow, RowPrinter
from cmswp_xl.context.staff import StaffPrinter
from cmswp_xl.context.texts import paragraphs
from cmswp_xl.money import fitted, rounded, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.context.numbers import Numbers
    from cmswp_xl.context.printer import Printer
    from cmswp_xl.context.rows import ActivityRow
    from cmswp_xl.languages import Words
    from cmswp_xl.model import Activity, Need, Post


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A need; `post` is the post that meets it, `term` the years of that post."""

    paragraphs: tuple[str, ...]
    recommendation: str
    post: str
    term: str
    quantity: str
    amount: str


@dataclass(frozen=True, slots=True)
class NeedYear:
    """The needs of a year with their sum; `remark` says in words what the sum leaves out."""

    heading: str
    remark: str
    quantity: str
    amount: str
    rows: tuple[NeedRow, ...]


@dataclass(frozen=True, slots=True)
class NeedTable:
    """The needs of a kind by year; `posts` tells whether there is a column for posts."""

    heading: str
    caption: str
    quantity_head: str
    posts: bool
    years: tuple[NeedYear, ...]
    remark: str
    amount: str


@dataclass(frozen=True, slots=True)
class LinkedRow:
    """An activity that recommendations rest on, with the staff days it takes."""

    recommendations: str
    activity: ActivityRow
    staff_days: str


@dataclass(frozen=True, slots=True)
class LinkedTable:
    """The activities that recommendations rest on, by year where costs are given by year."""

    caption: str
    head_rows: int
    cost_heads: tuple[str, ...]
    rows: tuple[LinkedRow, ...]
    notes: tuple[tuple[str, str], ...]
    total: AmountRow
    staff_days: str
    statements: tuple[str, ...]


def needs_by_year(printer: Printer) -> tuple[NeedTable, ...]:
    """Give the needs as tables, technology before staff; none where there are no needs."""
    say = printer.say
    words = {
        "technology": (
            say("Technology needed"),
            say("Technology needed by year"),
            say("Quantity"),
        ),
        "staff": (say("Staff needed"), say("Staff needed by year"), say("Full-time equivalents")),
    }
    tables = []
    for kind, (heading, caption, quantity_head) in words.items():
        needs = [need for need in printer.review.needs if need.kind == kind]
        if needs:
            shown = _shown(needs, printer.numbers)
            years = sorted({need.year for need in needs}, key=lambda year: (year is None, year))
            tables.append(
                NeedTable(
                    heading=heading,
                    caption=caption,
                    quantity_head=quantity_head,
                    posts=any(need.post for need in needs),
                    years=tuple(_year(printer, needs, year, shown) for year in years),
                    remark=_estimated(needs, say),
                    amount=_sum(printer, needs, shown),
                )
            )
    return tuple(tables)


def _shown(needs: Sequence[Need], numbers: Numbers) -> Mapping[str, Decimal]:
    """Give the amounts as shown by id, fitted so that they add up to the rounded total."""
    known = {need.id: need.amount for need in needs if need.amount is not None}
    if numbers.step is None:
        return known
    whole = rounded(total(known.values()), numbers.step)
    parts = fitted(list(known.values()), whole, numbers.step)
    return dict(zip(known, parts, strict=True))


def _year(
    printer: Printer, needs: Sequence[Need], year: int | None, shown: Mapping[str, Decimal]
) -> NeedYear:
    say = printer.say
    chosen = [need for need in needs if need.year == year]
    staff = chosen[0].kind == "staff"
    posts = {post.id: post for post in printer.reckoning.programme.posts}
    quantities = [need.quantity for need in chosen if need.quantity is not None]
    return NeedYear(
        heading=say("Whole period") if year is None else str(year),
        remark=_estimated(chosen, say),
        quantity=printer.numbers.quantity(total(quantities)) if staff and quantities else "",
        amount=_sum(printer, chosen, shown),
        rows=tuple(_need(printer, need, posts, shown) for need in chosen),
    )


def _need(
    printer: Printer, need: Need, posts: Mapping[str, Post], shown: Mapping[str, Decimal]
) -> NeedRow:
    text = printer.texts.required(need.text, "needs", need.id, "text")
    staff = StaffPrinter(printer.reckoning.programme, printer.texts, printer.numbers, printer.say)
    post = None if need.post is None else posts[need.post]
    return NeedRow(
        paragraphs=paragraphs(text),
        recommendation=need.recommendation or "",
        post="" if post is None else staff.post(post),
        term="" if post is None else _term(post, printer.say),
        quantity=printer.numbers.quantity(need.quantity),
        amount=printer.numbers.amount(shown.get(need.id), need.amount),
    )


def _term(post: Post, say: Words) -> str:
    if post.start_year and post.end_year:
        return say("from {start} to {end}", start=post.start_year, end=post.end_year)
    if post.end_year:
        return say("until {end}", end=post.end_year)
    return say("from {start}", start=post.start_year) if post.start_year else ""


def _sum(printer: Printer, needs: Sequence[Need], shown: Mapping[str, Decimal]) -> str:
    known = [need for need in needs if need.amount is not None]
    if not known:
        return ""
    exact = total(need.amount for need in known if need.amount is not None)
    return printer.numbers.amount(total(shown[need.id] for need in known), exact)


def _estimated(needs: Sequence[Need], say: Words) -> str:
    """Say how many needs have an amount, where not all have one."""
    known = sum(need.amount is not None for need in needs)
    if known == len(needs):
        return ""
    if not known:
        return say("Amount not yet estimated")
    return say.many(
        "Amount estimated for {known} of {count} need",
        "Amount estimated for {known} of {count} needs",
        len(needs),
        known=known,
    )


def linked_table(printer: Printer) -> LinkedTable | None:
    """Give the activities that recommendations rest on, each once; None where there are none."""
    activities = linked_activities(printer)
    if not activities:
        return None
    say, reckoning = printer.say, printer.reckoning
    figures = reckoning.of(activities)
    columns = Columns(_years(printer, activities), ())
    tree = grouped_tree(reckoning, {"": activities}, columns, printer.numbers.step)
    rows = RowPrinter(reckoning, tree, printer.numbers, printer.texts, say)
    notes = rows.notes()
    named = linked_numbers(printer)
    years = (say("Whole period") if y is None else str(y) for y in columns.years)
    total_row = AmountRow(
        say("Total"),
        rows.costed(figures),
        rows.amounts("total", "", at_least=bool(figures.partial)),
    )
    return LinkedTable(
        caption=say("Activities on which recommendations rest"),
        head_rows=2 if columns.years else 1,
        cost_heads=(*years, say("Total")) if columns.years else (),
        rows=tuple(
            LinkedRow(
                ", ".join(named[activity.id]),
                rows.activity(activity, notes),
                printer.numbers.quantity(activity.staff_days),
            )
            for activity in activities
        ),
        notes=notes.listed(),
        total=total_row,
        staff_days=printer.numbers.quantity(_days(activities)),
        statements=tuple(_statements(printer, activities)),
    )


def _years(printer: Printer, activities: Sequence[Activity]) -> tuple[int | None, ...]:
    """Give the years side by side, and the whole period only where some of the costs have it."""
    reckoning, chosen = printer.reckoning, {activity.id for activity in activities}
    years = choose_columns(reckoning, reckoning.of(activities)).years
    undated = any(line.year is None for line in reckoning.costs if line.activity in chosen)
    return tuple(year for year in years if undated or year is not None)


def _days(activities: Sequence[Activity]) -> Decimal | None:
    known = [a.staff_days for a in activities if a.staff_days is not None]
    return total(known) if known else None


def _statements(printer: Printer, activities: Sequence[Activity]) -> Iterator[str]:
    """Say what the table of linked activities does not show in figures."""
    say = printer.say
    yield say("Each activity stands once, however many recommendations rest on it.")
    yield say("Costs exclude the posts of the Secretariat.")
    named = linked_numbers(printer)
    status = {a.id: printer.reckoning.by_activity[a.id].status for a in activities}
    uncosted = [
        n for key, numbers in named.items() if status[key] == "not-costed" for n in numbers
    ]
    if uncosted:
        yield say(
            "The activity is not yet costed: {numbers}. Blank does not mean nil.",
            numbers=printer.numbered(uncosted),
        )
