"""The paper on requests for technology: how they are weighed, their ranks, the needs ahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.context.ahead import linked_table, needs_by_year
from cmswp_xl.context.front import ProgrammeDocument
from cmswp_xl.context.heading import circumstances, column_labels, net_or_gross
from cmswp_xl.context.lines import amounts_behind
from cmswp_xl.context.printer import printer_for
from cmswp_xl.context.requested import original, request_rows
from cmswp_xl.model import CRITERIA
from cmswp_xl.money import total
from cmswp_xl.schema import load_schemas
from cmswp_xl.wording import capital, label

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from cmswp_xl.context.ahead import LinkedTable, NeedTable
    from cmswp_xl.context.printer import Printer
    from cmswp_xl.context.requested import RequestRow
    from cmswp_xl.context.texts import MissingText
    from cmswp_xl.languages import Language
    from cmswp_xl.totals import Reckoning


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


def requests_context(
    reckoning: Reckoning, language: Language
) -> tuple[Requests, list[MissingText]]:
    """Word the requests, and give the texts that they would print and that are missing."""
    printer = printer_for(reckoning, language, _amounts(reckoning))
    review, say = printer.review, printer.say
    front = printer.front(say("Annex IV"), say("Requests for technology and needs ahead"))
    needs, linked = needs_by_year(printer), linked_table(printer)
    empty = "" if review.requests else say("No requests have been recorded.")
    paper = Requests(
        **front,
        statements=tuple(_statements(printer, linked)),
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


def _statements(printer: Printer, linked: LinkedTable | None) -> Iterator[str]:
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
