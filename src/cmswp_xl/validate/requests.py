"""
The rules of requests: whole weights, and decisions of which everything is said.

The second source document asks that requests be weighed, that existing services be looked at
first, and that the money that is offered not decide.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from cmswp_xl.money import HUNDRED, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cmswp_xl.issues import Issue
    from cmswp_xl.validate.typed import TypedTable

    Typed = Mapping[str, TypedTable]

_DECIDED = frozenset({"accepted", "declined", "deferred"})
_REASONED = frozenset({"declined", "deferred"})


def check_requests(typed: Typed) -> Iterator[Issue]:
    """Check all rules of the requests; a table that is absent is the same as empty."""
    yield from _weights(typed)
    yield from _decisions(typed)


def _weights(typed: Typed) -> Iterator[Issue]:
    """
    Find weights that do not add up to 100, or none at all while there are requests.

    Their sum is not known as long as a weight is blank or no number.
    """
    table, requests = typed.get("weights"), typed.get("requests")
    if table is None or not len(table):
        if requests is not None and len(requests):
            number = requests.column("id")[0]
            shown = number if isinstance(number, str) else None
            yield requests.table.issue("weights-not-100", "id", 0, shown, none=True)
        return
    weights = [weight for weight in table.column("weight") if isinstance(weight, Decimal)]
    together = total(weights)
    if len(weights) == len(table) and together != HUNDRED:
        yield table.table.issue(
            "weights-not-100", "weight", len(table) - 1, f"{weights[-1]:f}", total=f"{together:f}"
        )


def _decisions(typed: Typed) -> Iterator[Issue]:
    """Find decisions on requests that lack what the workflow asks for."""
    table = typed.get("requests")
    if table is None:
        return
    for index, decision in enumerate(table.column("decision")):
        if decision not in _DECIDED:
            continue
        for name in _lacking(table, index, str(decision)):
            yield table.table.issue(
                "incomplete-decision",
                name,
                index,
                None,
                request=_request(table, index),
                decision=str(decision),
                field=table.table.schema.field(name),
            )
        solution = table.column("existing_solution")[index]
        if solution is None and ("existing_solution", index) not in table.faulty:
            yield table.table.issue(
                "existing-solution-unknown",
                "existing_solution",
                index,
                None,
                request=_request(table, index),
            )


def _request(table: TypedTable, index: int) -> str:
    """Give the id of a request, or a question mark where it has none."""
    return str(table.column("id")[index] or "?")


def _lacking(table: TypedTable, index: int, decision: str) -> Iterator[str]:
    """Give the fields that a decision needs and that are blank."""
    wanted = ["decided_by", "decided_on"]
    if decision == "accepted":
        wanted.append("recommendation")
    for name in wanted:
        if table.column(name)[index] is None and (name, index) not in table.faulty:
            yield name
    if decision in _REASONED:
        texts = table.table.schema.texts("reason")
        faulty = any((field.name, index) in table.faulty for field in texts)
        if not faulty and all(table.column(field.name)[index] is None for field in texts):
            yield next((f.name for f in texts if f.name in table.columns), texts[0].name)
