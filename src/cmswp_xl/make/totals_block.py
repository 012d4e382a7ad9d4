"""The grand totals of the Summary sheet: each with its words, its formula and its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.languages import N_
from cmswp_xl.make.book import Result
from cmswp_xl.make.formulas import added, counted, counted_as, filled, summed
from cmswp_xl.totals import Figures

if TYPE_CHECKING:
    from decimal import Decimal

    from cmswp_xl.make.book import Book

COSTED = "ISNUMBER({activities.cost})"
_PARTS = ("core", "voluntary", "other")
_NONE_COSTED = "COUNT({activities.cost})=0"
_NO_MONEY = "COUNT({activities.core})=0"
_ALL_MONEY = "SUM({activities.core},{activities.voluntary},{activities.other})"
_COSTED_MONEY = "+".join(f"SUMPRODUCT(--{COSTED},{{activities.{part}}})" for part in _PARTS)


@dataclass(frozen=True, slots=True)
class Total:
    """A line of the grand totals; `unit` is money or count."""

    name: str
    label: str
    template: str
    unit: str = "money"
    strong: bool = False


def _sum(name: str) -> str:
    column = f"{{activities.{name}}}"
    return f'=IF(COUNT({column})=0,"",ROUND(SUM({column}),2))'


def _apart(kind: str) -> str:
    """Return a sum that stands apart: blank where no activity is costed and it is nothing."""
    money = added("{funding.amount}", *counted_as(kind))
    return f'=IF(AND({_NONE_COSTED},{money}=0),"",{money})'


_EXCLUDED = summed("{costs.counted}", '(TRIM({costs.support_cost})="excluded")')
_ALL = counted(filled("{activities.id}"))
_COST_CELL, _SUPPORT_CELL = "<cost>", "<support_costs>"

TOTALS = (
    Total("cost", N_("Cost"), _sum("cost"), strong=True),
    Total("core", N_("Available: core budget"), _sum("core")),
    Total("voluntary", N_("Available: voluntary contributions"), _sum("voluntary")),
    Total("other", N_("Available: other sources"), _sum("other")),
    Total(
        "available",
        N_("Available in all"),
        f'=IF({_NO_MONEY},"",ROUND({_ALL_MONEY},2))',
        strong=True,
    ),
    Total("to_be_sought", N_("To be sought"), _sum("to_be_sought"), strong=True),
    Total(
        "surplus",
        N_("Surplus: available beyond the cost of an activity"),
        f'=IF({_NONE_COSTED},"",ROUND({_COSTED_MONEY}-SUM({{activities.cost}})'
        "+SUM({activities.to_be_sought}),2))",
    ),
    Total(
        "uncosted",
        N_("Available for activities that are not costed"),
        f'=IF({_NO_MONEY},"",ROUND({_ALL_MONEY}-({_COSTED_MONEY}),2))',
    ),
    Total("pledged", N_("Pledged, not yet available"), _apart("pledged")),
    Total("in_kind", N_("In kind, counted nowhere"), _apart("in-kind")),
    Total(
        "support_costs",
        N_("Programme support costs on the costs marked “excluded”"),
        f'=IF(OR(NOT(ISNUMBER(Programme_support_cost_rate)),{_EXCLUDED}=0),"",'
        f"ROUND(Programme_support_cost_rate*{_EXCLUDED}/100,2))",
    ),
    Total(
        "grand_total",
        N_("Cost with programme support costs"),
        f'=IF({_COST_CELL}="","",ROUND(SUM({_COST_CELL},{_SUPPORT_CELL}),2))',
        strong=True,
    ),
    Total("activities", N_("Activities"), f"={_ALL}", "count"),
    Total(
        "not_costed", N_("Activities not costed"), f"={_ALL}-COUNT({{activities.cost}})", "count"
    ),
    Total(
        "partial",
        N_("Activities costed in part only (“at least”)"),
        "=" + counted(COSTED, '(TRIM({activities.costing})="partial")'),
        "count",
    ),
)


def total_result(book: Book, total: Total, cells: dict[str, str]) -> Result:
    """Give formula and value of a total; `cells` are the addresses of the totals above it."""
    formula = book.fill(total.template)
    for name, cell in cells.items():
        formula = formula.replace(f"<{name}>", cell)
    return Result(formula, _value(book, total.name))


def _value(book: Book, name: str) -> Decimal | int | None:
    figures = Figures() if book.reckoning is None else book.reckoning.total
    support = None if book.reckoning is None else book.reckoning.support_costs()
    if name == "support_costs":
        return support
    if name == "grand_total":
        return None if figures.cost is None else figures.cost + (support or 0)
    if name == "uncosted":
        return None if figures.available is None else figures.uncosted
    value: Decimal | int | None = getattr(figures, name)
    return value
