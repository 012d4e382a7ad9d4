"""The requests for technology in their rank, as the paper on them prints each one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import (
    AmountRow,
    Columns,
    RowPrinter,
    amounts_behind,
    choose_columns,
    grouped_tree,
)
from cmswp_xl.documents.front import ProgrammeDocument, circumstances, column_labels, net_or_gross
from cmswp_xl.documents.numbers import long_date
from cmswp_xl.documents.posts import StaffPrinter
from cmswp_xl.documents.review import linked_activities, linked_numbers, printer_for
from cmswp_xl.documents.texts import paragraphs
from cmswp_xl.figures.computed import ranked
from cmswp_xl.messages.labels import capital, label
from cmswp_xl.model import CRITERIA
from cmswp_xl.money import fitted, rounded, total
from cmswp_xl.schema import load_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.documents.amounts import ActivityRow
    from cmswp_xl.documents.numbers import Numbers
    from cmswp_xl.documents.review import Printer
    from cmswp_xl.documents.texts import MissingText
    from cmswp_xl.figures.totals import Reckoning
    from cmswp_xl.languages import Language, Words
    from cmswp_xl.model import Activity, Need, Post, Programme, TechnologyRequest


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request in its rank; whoever asked for it is internal and not here."""

    rank: str
    id: str
    date: str
    title: str
    need: tuple[str, ...]
    existing: str
    scores: tuple[str, ...]
    score: str
    decision: str
    decided: str
    reason: tuple[str, ...]
    follows: str
    cost: str
    staff_days: str
    offered: str


def request_rows(printer: Printer) -> Iterator[RequestRow]:
    """Give the requests, the highest score first."""
    for rank, (request, score) in enumerate(ranked(printer.review), 1):
        yield _row(printer, rank, request, score)


def _row(
    printer: Printer, rank: int, request: TechnologyRequest, score: Decimal | None
) -> RequestRow:
    say, texts, numbers = printer.say, printer.texts, printer.numbers
    day = long_date(request.date, printer.language)
    return RequestRow(
        rank=numbers.count(rank),
        id=request.id,
        date=day,
        title=texts.required(request.title, "requests", request.id),
        need=paragraphs(texts.required(request.need, "requests", request.id, "need")),
        existing=_existing(printer, request),
        scores=tuple(numbers.count(request.scores[name]) for name in CRITERIA),
        score=numbers.score(score),
        decision=capital(label("request-decision", request.decision, say)),
        decided=_decided(printer, request),
        reason=paragraphs(texts.optional(request.reason, "requests", request.id, "reason")),
        follows=printer.numbered([request.recommendation] if request.recommendation else []),
        cost=numbers.alone(request.estimated_cost),
        staff_days=numbers.quantity(request.staff_days),
        offered=numbers.alone(request.funding_offered),
    )


def _existing(printer: Printer, request: TechnologyRequest) -> str:
    """Say which existing service was looked at; what is written in one language stays in it."""
    say = printer.say
    if request.existing_solution is None:
        return ""
    if original(printer):
        return say("Existing service: {service}", service=request.existing_solution)
    return say("Whether an existing service can be used was examined.")


def _decided(printer: Printer, request: TechnologyRequest) -> str:
    """Say when and, in the original language, by whom; blank while the decision is awaited."""
    if request.decision == "pending":
        return ""
    day = "" if request.decided_on is None else long_date(request.decided_on, printer.language)
    who = request.decided_by if original(printer) else None
    return ", ".join(filter(None, (day, who)))


def original(printer: Printer) -> bool:
    """Tell whether a paper is in the language in which texts of one language are written."""
    return printer.language == printer.settings.original_language


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
        rows.costed(rows.group("total", "", activities)),
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


@dataclass(frozen=True, slots=True)
class WeightRow:
    """A criterion with its weight in percent, and what its scores mean."""

    criterion: str
    weight: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Requests(ProgrammeDocument):
    """Everything that the templates of the requests place."""

    empty: str
    criteria: tuple[str, ...]
    rows: tuple[RequestRow, ...]
    rank_notes: tuple[str, ...]
    weights: tuple[WeightRow, ...]
    weights_total: str
    weight_notes: tuple[str, ...]
    columns: tuple[str, ...]
    means_notes: tuple[str, ...]
    needs: tuple[NeedTable, ...]
    linked: LinkedTable | None
    no_needs: str
    need_notes: tuple[str, ...]


def has_content(programme: Programme) -> bool:
    """Return whether there are requests or needs."""
    return bool(programme.review.requests or programme.review.needs)


def content(
    reckoning: Reckoning, language: Language, _codes: Sequence[str] = ()
) -> tuple[Requests, list[MissingText]]:
    """Word the requests, and give the texts that they would print and that are missing."""
    printer = printer_for(reckoning, language, _amounts(reckoning))
    review, say = printer.review, printer.say
    front = printer.front(say("Annex IV"), say("Requests for technology and needs ahead"))
    needs, linked = needs_by_year(printer), linked_table(printer)
    empty = "" if review.requests else say("No requests have been recorded.")
    paper = Requests(
        **front,
        statements=tuple(_weighing_statements(printer, linked)),
        labels=_labels(printer),
        empty=empty,
        criteria=tuple(_criteria(printer)),
        rows=tuple(request_rows(printer)),
        rank_notes=tuple(_rank_notes(printer)) if review.requests else (),
        weights=tuple(_weights(printer)),
        weights_total=_weights_total(printer),
        weight_notes=tuple(_weight_notes(printer)),
        columns=tuple(_columns(printer)),
        means_notes=(say("The funding offered never enters the score."),),
        needs=needs,
        linked=linked,
        no_needs="" if needs else say("No needs have been recorded."),
        need_notes=_need_notes(printer) if needs else (),
        landscape=bool(review.requests or linked),
    )
    return paper, printer.texts.missing


def _amounts(reckoning: Reckoning) -> Iterator[Decimal | None]:
    yield from amounts_behind(reckoning, reckoning.total)
    review = reckoning.programme.review
    yield from (need.amount for need in review.needs)
    for request in review.requests:
        yield request.estimated_cost
        yield request.funding_offered


def _labels(printer: Printer) -> dict[str, str]:
    """Give the fixed words of the paper by name."""
    say = printer.say
    return column_labels(printer.settings, say) | {
        "ranking": say("Requests by rank"),
        "ranking_caption": say("Requests with their scores, the highest first"),
        "rank": say("Rank"),
        "date": say("Date"),
        "request": say("Request and need"),
        "request_title": say("Request"),
        "scores": say("Scores from 1 to 5, with the weight of each"),
        "score": say("Weighted score"),
        "decision": say("Decision"),
        "weighing": say("How requests are weighed"),
        "weighing_caption": say("Criteria and their weights"),
        "criterion": say("Criterion"),
        "weight": say("Weight (%)"),
        "meaning": say("Meaning of the score"),
        "total": say("Total"),
        "means": say("Cost and funding of the requests"),
        "estimated": say("Estimated cost"),
        "staff_days": say("Staff days"),
        "offered": say("Funding offered (not scored)"),
        "ahead": say("Technology and staff needed ahead"),
        "ahead_note": say(
            "The amounts of needs are estimates and no part of any activity’s cost."
        ),
        "need": say("Need"),
        "point": say("Point"),
        "recommendation": say("Recommendation"),
        "post_named": say("Post that meets the need"),
        "amount": say("Estimated amount"),
    }


def _weighing_statements(printer: Printer, linked: LinkedTable | None) -> Iterator[str]:
    review = printer.review
    money = bool(linked or review.requests or review.needs)
    yield from circumstances(
        printer.reckoning, printer.numbers, printer.texts, printer.say, money=money
    )
    if linked is not None:
        ids = {item.activity for item in review.recommendations}
        activities = printer.reckoning.programme.activities
        figures = printer.reckoning.of(a for a in activities if a.id in ids)
        yield from net_or_gross(figures, printer.say)


def _criteria(printer: Printer) -> Iterator[str]:
    """Give the heads of the score columns: criterion and weight."""
    for name in CRITERIA:
        title = capital(label("criterion", name, printer.say))
        weight = printer.review.weights.get(name)
        if weight is None:
            yield title
        else:
            shown = printer.numbers.percent(weight)
            yield printer.say("{criterion} ({weight}%)", criterion=title, weight=shown)


def _rank_notes(printer: Printer) -> Iterator[str]:
    say = printer.say
    yield say("The weighted score is from 1 to 5; the highest stands first.")
    yield say("Requests of the same score stand in the order of their date, then of their number.")
    yield say("The funding offered never enters the score.")
    if not original(printer):
        language = label("language", printer.settings.original_language.value, say)
        yield say(
            "Which existing services were looked at, and who decided, is said in the {language}"
            " version, since it was written in that language only.",
            language=language,
        )


def _weights(printer: Printer) -> Iterator[WeightRow]:
    """Give the criteria in the order of print; what scores mean is the help of their columns."""
    schema = load_schemas()["requests"]
    for name in CRITERIA:
        weight = printer.review.weights.get(name)
        yield WeightRow(
            criterion=capital(label("criterion", name, printer.say)),
            weight="" if weight is None else printer.numbers.percent(weight),
            meaning=schema.field(name).help[printer.language],
        )


def _weights_total(printer: Printer) -> str:
    weights = printer.review.weights.values()
    return printer.numbers.percent(total(weights)) if weights else ""


def _need_notes(printer: Printer) -> tuple[str, ...]:
    return (printer.say("The amounts of needs are estimates and no part of any activity’s cost."),)


def _weight_notes(printer: Printer) -> Iterator[str]:
    say = printer.say
    if not printer.review.weights:
        yield say("No weights have been set.")
    yield say(
        "Weighted score = sum of weight × s ÷ 100, where s is the score given, or 6 − score for"
        " cost and risk, of which 5 is the highest."
    )


def _columns(printer: Printer) -> Iterator[str]:
    """Give the columns of cost and funding that some request fills."""
    requests = printer.review.requests
    if any(request.estimated_cost is not None for request in requests):
        yield "cost"
    if any(request.staff_days is not None for request in requests):
        yield "staff_days"
    if any(request.funding_offered is not None for request in requests):
        yield "offered"
