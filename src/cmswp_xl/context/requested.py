"""The requests for technology in their rank, as the paper on them prints each one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.context.numbers import long_date
from cmswp_xl.context.texts import paragraphs
from cmswp_xl.model import CRITERIA
from cmswp_xl.scores import ranked
from cmswp_xl.wording import capital, label

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from cmswp_xl.context.printer import Printer
    from cmswp_xl.model import TechnologyRequest


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
