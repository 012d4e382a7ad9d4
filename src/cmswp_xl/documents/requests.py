"""The paper on requests for technology: their rank, their weighing, and what is needed ahead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from cmswp_xl.documents.amounts import (
    Columns,
    Notes,
    RowPrinter,
    amounts_behind,
    choose_columns,
    grouped_tree,
    labelled,
)
from cmswp_xl.documents.front import Made, circumstances, net_or_gross, paper
from cmswp_xl.documents.staffing import StaffPrinter
from cmswp_xl.documents.technology_review import ReviewPrinter, review_printer
from cmswp_xl.documents.texts import paragraphs
from cmswp_xl.figures.computed import ranked
from cmswp_xl.figures.declarations import AMOUNT, COUNT, DAYS, PERCENT, SCORE, Operation
from cmswp_xl.figures.sources import Derived, Entry, entered, fitted_to, span_of, sum_of
from cmswp_xl.figures.totals import ProgrammeTotals
from cmswp_xl.languages import N_, Language, Words
from cmswp_xl.messages.labels import capital, label
from cmswp_xl.messages.values import long_date
from cmswp_xl.model import CRITERIA, Activity, Need, Post, TechnologyRequest
from cmswp_xl.money import HUNDRED, ZERO, total
from cmswp_xl.page import Block, Cell, Column, Paragraph, Row, Section, Table, notes, tabled
from cmswp_xl.printed import Figured, Path
from cmswp_xl.schema import load_schemas


def _ranking(printer: ReviewPrinter) -> Section:
    """Return the requests in their rank; whoever asked for one is internal and not here."""
    say = printer.say
    title = say("Requests by rank")
    if not printer.review.requests:
        return Section("ranking", title, (Paragraph(say("No requests have been recorded.")),))
    scores = say("Scores from 1 to 5, with the weight of each")
    columns = (
        Column(say("Rank"), "score", 623),
        Column(say("No."), "number", 907, names=True),
        Column(say("Date"), "word", 1900),
        Column(say("Request and need"), "words", 3515),
        *(Column(head, "score", 737, scores) for head in _criteria(printer)),
        Column(say("Weighted score"), "score mark", 850),
        Column(say("Decision"), "words", 2150),
    )
    rows = (
        _request(printer, rank, request, score)
        for rank, (request, score) in enumerate(ranked(printer.review), 1)
    )
    caption, below = say("Requests with their scores, the highest first"), _rank_notes(printer)
    return tabled("ranking", caption, columns, rows, *notes(below), heading=title)


def _request(
    printer: ReviewPrinter, rank: int, request: TechnologyRequest, score: Decimal | None
) -> Row:
    texts, numbers, key = printer.texts, printer.numbers, request.id
    title = texts.required(request.title, "requests", key)
    need = paragraphs(texts.required(request.need, "requests", key, "need"))
    existing = _existing(printer, request)
    asked = (
        Paragraph(title, "lead"),
        *map(Paragraph, need),
        *((Paragraph(existing, "remark"),) if existing else ()),
    )
    index = printer.review.requests.index(request)
    scores = (
        numbers.count(
            _entered(("request", key), "requests", index, name, SCORE, ZERO + request.scores[name])
        )
        for name in CRITERIA
    )
    return Row(
        (
            numbers.number(rank),
            key,
            long_date(request.date, printer.language),
            Cell(asked),
            *scores,
            numbers.score(_score(printer, request, index, score)),
            Cell(tuple(_decision(printer, request))),
        ),
        key=key,
    )


def _score(
    printer: ReviewPrinter, request: TechnologyRequest, index: int, score: Decimal | None
) -> Figured:
    """Return the weighted score of a request; blank where the weights are not 100 in all."""
    weights = list(printer.review.weights)
    cells = tuple(
        Entry("requests", index, name, factor=("weights", weights.index(name), "weight"))
        for name in CRITERIA
        if name in weights
    )
    whole = total(printer.review.weights.values()) == HUNDRED
    source = Derived(
        ("request", request.id, "score"),
        Operation.WEIGHTED,
        ("weighted-score",),
        cells,
        unit=SCORE,
        known=None if whole else False,
    )
    return Figured(source, score)


def _entered(
    at: Path, table: str, row: int, name: str, unit: str, amount: Decimal | None
) -> Figured:
    """Return a number that stands in one cell."""
    return entered((*at, name), Entry(table, row, name), amount, unit)


def _decision(printer: ReviewPrinter, request: TechnologyRequest) -> Iterator[Paragraph]:
    """Yield what was decided, when and by whom, why, and what follows."""
    say, texts = printer.say, printer.texts
    yield Paragraph(capital(label("request-decision", request.decision, say)), "mark")
    reason = texts.optional(request.reason, "requests", request.id, "reason")
    follows = printer.numbered([request.recommendation] if request.recommendation else [])
    for text in (_decided(printer, request), *paragraphs(reason), capital(follows)):
        if text:
            yield Paragraph(text)


def _existing(printer: ReviewPrinter, request: TechnologyRequest) -> str:
    """Say which existing service was looked at; what is written in one language stays in it."""
    say = printer.say
    if request.existing_solution is None:
        return ""
    if _original(printer):
        return say("Existing service: {service}", service=request.existing_solution)
    return say("The use of an existing service was examined.")


def _decided(printer: ReviewPrinter, request: TechnologyRequest) -> str:
    """Say when and, in the original language, by whom; blank while the decision is awaited."""
    if request.decision == "pending":
        return ""
    day = "" if request.decided_on is None else long_date(request.decided_on, printer.language)
    who = request.decided_by if _original(printer) else None
    return printer.say(", ").join(filter(None, (day, who)))


def _original(printer: ReviewPrinter) -> bool:
    """Return whether a paper is in the language in which texts of one language are written."""
    return printer.language == printer.settings.original_language


_KINDS = {
    "technology": (N_("Technology needed"), N_("Technology needed by year"), N_("Quantity")),
    "staff": (N_("Staff needed"), N_("Staff needed by year"), N_("Full-time equivalents")),
}


def _future_needs(printer: ReviewPrinter, linked: tuple[Block, ...]) -> Section:
    """Return the needs as tables, technology before staff, and the activities behind them."""
    say = printer.say
    blocks: list[Block] = []
    for kind, (heading, _, _) in _KINDS.items():
        needs = [need for need in printer.review.needs if need.kind == kind]
        if needs:
            blocks += [Paragraph(say(heading), "heading3"), _needs(printer, kind, needs)]
    none = Paragraph(say("No needs have been recorded."))
    apart = say("The amounts of needs are estimates and are not part of the cost of any activity.")
    blocks = [*blocks, Paragraph(apart, "note")] if blocks else [none]
    return Section("ahead", say("Future technology and staff needs"), (*blocks, *linked))


def _needs(printer: ReviewPrinter, kind: str, needs: Sequence[Need]) -> Table:
    """Return the needs of a kind by year, with their sums."""
    say = printer.say
    _, caption, quantity = _KINDS[kind]
    with_posts = any(need.post for need in needs)
    post = (Column(say("Post that meets the need"), "words", 2835),) if with_posts else ()
    columns = (
        Column(say("Need"), "text", 4536, names=True),
        Column(say("Recommendation"), "number", 1814),
        *post,
        Column(say(quantity), "amount", 1474),
        Column(say("Estimated amount"), "amount", 1701),
    )
    lead, numbers = len(columns) - 2, printer.numbers
    amounts = _amounts(printer, needs)
    rows: list[Row] = []
    wholes: list[Figured] = []
    for year in sorted({need.year for need in needs}, key=lambda year: (year is None, year)):
        chosen = [need for need in needs if need.year == year]
        at = ("needs", kind, span_of(year))
        found = [amounts[need.id] for need in chosen]
        wholes.append(sum_of((*at, "amount"), found, "sum-needs", step=numbers.step))
        heading = say("Whole period") if year is None else str(year)
        cell = labelled(heading, _estimated(chosen, say), span=lead)
        sums = (_quantity(printer, at, chosen), numbers.amount(wholes[-1]))
        rows.append(Row((cell, *sums), "group", span_of(year)))
        rows += [_need(printer, n, amounts[n.id], with_posts=with_posts) for n in chosen]
    cell = labelled(say("Total"), _estimated(needs, say), span=lead)
    whole = sum_of(("needs", kind, "amount"), wholes, "sum-groups", step=numbers.step)
    rows.append(Row((cell, "", numbers.amount(whole)), "total", "total"))
    return Table("needs", say(caption), columns, tuple(rows))


def _need(printer: ReviewPrinter, need: Need, amount: Figured, *, with_posts: bool) -> Row:
    post: tuple[str | Cell, ...] = ()
    text = printer.texts.required(need.text, "needs", need.id, "text")
    if with_posts:
        found = next((post for post in printer.programme.posts if post.id == need.post), None)
        title = "" if found is None else StaffPrinter(*printer.base).post(found)
        post = (labelled(title, _term(found, printer.say)),)
    printed = printer.numbers.score if need.kind == "staff" else printer.numbers.quantity
    quantity = printed(_of_need(printer, need, "quantity", COUNT))
    asked = Cell(tuple(map(Paragraph, paragraphs(text))))
    cells = (asked, need.recommendation or "", *post, quantity, printer.numbers.amount(amount))
    return Row(cells, key=need.id)


def _of_need(printer: ReviewPrinter, need: Need, name: str, unit: str) -> Figured:
    row, amount = printer.review.needs.index(need), getattr(need, name)
    return _entered(("need", need.id), "needs", row, name, unit, amount)


def _quantity(printer: ReviewPrinter, at: Path, needs: Sequence[Need]) -> str:
    """Print the full-time equivalents of a year; quantities of technology do not add up."""
    if needs[0].kind != "staff" or all(need.quantity is None for need in needs):
        return ""
    parts = [_of_need(printer, need, "quantity", COUNT) for need in needs]
    return printer.numbers.score(sum_of((*at, "quantity"), parts, "sum-needs", COUNT))


def _amounts(printer: ReviewPrinter, needs: Sequence[Need]) -> Mapping[str, Figured]:
    """Return the amounts of needs of a kind by id, which add up to their rounded total."""
    path = ("needs", needs[0].kind, "amount")
    amounts = [_of_need(printer, need, "amount", AMOUNT) for need in needs]
    whole = printer.numbers.by_itself(sum_of(path, amounts, "sum-needs"))
    found = fitted_to(whole.shown, amounts, printer.numbers.step, path)
    return {need.id: amount for need, amount in zip(needs, found, strict=True)}


def _term(post: Post | None, say: Words) -> str:
    if post is None:
        return ""
    if post.start_year and post.end_year:
        return say("from {start} to {end}", start=post.start_year, end=post.end_year)
    if post.end_year:
        return say("until {end}", end=post.end_year)
    return say("from {start}", start=post.start_year) if post.start_year else ""


def _estimated(needs: Sequence[Need], say: Words) -> str:
    """Say how many needs have an amount, where not all have one."""
    known = sum(need.amount is not None for need in needs)
    if known == len(needs):
        return ""
    if not known:
        return say("Amount not yet estimated")
    return say("Needs with an estimated amount: {known} of {count}", known=known, count=len(needs))


def _linked(printer: ReviewPrinter) -> tuple[Block, ...]:
    """Return the activities that recommendations rest on, each once; nothing where none does."""
    say, activities = printer.say, printer.linked
    if not activities:
        return ()
    columns = Columns(_years(printer, activities), ())
    tree = grouped_tree(printer.totals, {"": activities}, columns, printer.numbers.step)
    rows, lettered = RowPrinter(*printer.base, tree), Notes()
    named, cost = printer.linked_numbers, len(columns.cost)
    places = {activity.id: i for i, activity in enumerate(printer.programme.activities)}
    days: list[Figured] = []
    lines: list[Row] = []
    for activity in activities:
        at, key = ("activity", activity.id), activity.id
        days.append(
            _entered(at, "activities", places[key], "staff_days", DAYS, activity.staff_days)
        )
        row = rows.activity(activity, lettered, say.listed(named[key]))
        cells = (*row.cells[: 3 + cost], printer.numbers.quantity(days[-1]))
        lines.append(Row(cells, key=key))
    whole = rows.line(say("Total"), "total", "", span=3)
    every = printer.numbers.quantity(sum_of(("total", "staff_days"), days, "sum-activities", DAYS))
    lines.append(Row((*whole.cells[: 1 + cost], every), "total", "total"))
    heads = (
        Column(say("Point"), "number", 737, names=True),
        Column(say("No."), "number", 623),
        Column(say("Activity"), "text", 4536),
        *rows.columns(1134)[:cost],
        Column(say("Staff days"), "amount", 1020),
    )
    caption = say("Activities on which recommendations depend")
    said = notes(
        (
            say("Each activity is listed once, however many recommendations depend on it."),
            say("Costs exclude the posts of the Secretariat."),
            *printer.uncosted(),
        )
    )
    table = Table("linked", caption, heads, tuple(lines))
    return (Paragraph(caption, "heading3"), table, *lettered.listed(), *said)


def _years(printer: ReviewPrinter, activities: Sequence[Activity]) -> tuple[int | None, ...]:
    """Return the years side by side, and the whole period only where some of the costs have it."""
    totals, chosen = printer.totals, {activity.id for activity in activities}
    years = choose_columns(totals, totals.of(activities)).years
    undated = any(line.year is None for line in totals.costs if line.activity in chosen)
    return tuple(year for year in years if undated or year is not None)


def content(totals: ProgrammeTotals, language: Language, _codes: Sequence[str] = ()) -> Made:
    """Return the requests, and the texts that they would print and that are missing."""
    printer = review_printer(totals, language, _all_amounts(totals))
    linked = _linked(printer)
    ahead = _future_needs(printer, linked)
    body = (_ranking(printer), _weighing(printer), _means(printer), ahead)
    across = bool(printer.review.requests or linked)
    return paper(__name__, printer, _statements(printer), body, landscape=across)


def _all_amounts(totals: ProgrammeTotals) -> Iterator[Decimal | None]:
    yield from amounts_behind(totals, totals.total)
    review = totals.programme.review
    yield from (need.amount for need in review.needs)
    for request in review.requests:
        yield request.estimated_cost
        yield request.funding_offered


def _statements(printer: ReviewPrinter) -> Iterator[str]:
    review, linked = printer.review, printer.linked
    money = bool(linked or review.requests or review.needs)
    yield from circumstances(printer, money=money)
    yield from net_or_gross(printer.totals.of(linked), printer.say) if linked else ()


def _criteria(printer: ReviewPrinter) -> Iterator[str]:
    """Yield the heads of the score columns: criterion and weight."""
    for name in CRITERIA:
        title = capital(label("criterion", name, printer.say))
        weight = printer.review.weights.get(name)
        if weight is None:
            yield title
        else:
            shown = printer.numbers.number(weight)
            yield printer.say("{criterion} ({weight}%)", criterion=title, weight=shown)


def _rank_notes(printer: ReviewPrinter) -> Iterator[str]:
    say = printer.say
    yield say("The weighted score ranges from 1 to 5; the highest is listed first.")
    yield say("Requests with the same score are listed by date, then by number.")
    if not _original(printer):
        language = label("language", printer.settings.original_language.value, say)
        yield say(
            "The existing services examined, and who decided, are given only in the {language}"
            " version, the language in which they were written.",
            language=language,
        )


def _weighing(printer: ReviewPrinter) -> Section:
    """Return the criteria with their weights; what scores mean is the help of their columns."""
    say, schema, numbers = printer.say, load_schemas()["requests"], printer.numbers
    columns = (
        Column(say("Criterion"), "", 2268, names=True),
        Column(say("Weight (%)"), "score", 1474),
        Column(say("Meaning of the score"), "text", 5103),
    )
    weights: list[Figured] = []
    rows: list[Row] = []
    places = {name: row for row, name in enumerate(printer.review.weights)}
    for name in CRITERIA:
        weight = ""
        if name in places:
            at, amount = ("criterion", name), printer.review.weights[name]
            weights.append(_entered(at, "weights", places[name], "weight", PERCENT, amount))
            weight = numbers.percent(weights[-1])
        meaning = schema.field(name).help[printer.language]
        rows.append(Row((capital(label("criterion", name, say)), weight, meaning), key=name))
    if weights:
        every = numbers.percent(sum_of(("total", "weight"), weights, "sum-groups", PERCENT))
        rows.append(Row((say("Total"), every, ""), "total", "total"))
    table = Table("weights", say("Criteria and their weights"), columns, tuple(rows))
    none = "" if weights else say("No weights have been set.")
    rule = say(
        "Weighted score = sum of weight × s ÷ 100, where s is the score, or 6 − score for cost"
        " and risk, for which 5 is the highest cost or risk."
    )
    title = say("How requests are scored")
    return Section("weighing", title, (table, *notes([none, rule])))


def _means(printer: ReviewPrinter) -> Section:
    """Return cost and funding of the requests, in the columns that some request fills."""
    say, numbers, requests = printer.say, printer.numbers, printer.review.requests
    means = {
        "estimated_cost": (say("Estimated cost"), AMOUNT),
        "staff_days": (say("Staff days"), DAYS),
        "funding_offered": (say("Funding offered (not scored)"), AMOUNT),
    }
    filled = {
        name: mean
        for name, mean in means.items()
        if any(getattr(request, name) is not None for request in requests)
    }
    printed = {AMOUNT: numbers.alone, DAYS: numbers.quantity}
    title = say("Cost and funding of the requests")
    if not filled:
        return Section("means", title, ())
    columns = (
        Column(say("Rank"), "score", 680),
        Column(say("No."), "number", 1020, names=True),
        Column(say("Request"), "text", 5103),
        *(Column(head, "amount", 1814) for head, _ in filled.values()),
    )
    rows = []
    for rank, (request, _) in enumerate(ranked(printer.review), 1):
        at, index, key = ("request", request.id), requests.index(request), request.id
        amounts = (
            printed[unit](_entered(at, "requests", index, name, unit, getattr(request, name)))
            for name, (_, unit) in filled.items()
        )
        name = printer.texts.required(request.title, "requests", key)
        rows.append(Row((numbers.number(rank), key, name, *amounts), key=key))
    below = notes([say("The funding offered does not affect the score.")])
    return tabled("means", title, columns, rows, *below)
