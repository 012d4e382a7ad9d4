"""Blocks of totals in the workbook: by area, source, kind, year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from cmswp_xl.figures.computed import STEP
from cmswp_xl.figures.totals import Figures
from cmswp_xl.languages import N_
from cmswp_xl.make.book import Result, value_of
from cmswp_xl.make.formulas import (
    added,
    counted,
    counted_as,
    filled,
    in_year,
    numbers,
    numbers_of,
    summed,
)
from cmswp_xl.make.page import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.figures.totals import Row
    from cmswp_xl.make.book import Book, Value


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


AREAS, YEARS, SOURCES = 20, 12, 20
"""How many areas, years and sources the lists have room for."""
MONEY = {"num_format": "#,##0.00"}
_COUNT = {"num_format": "0"}
_KEY = {"num_format": "@"}
_TEXT = {"text_wrap": True}
_KINDS = ("core", "voluntary", "other")
_PERIOD = "COUNT(Programme_period_start,Programme_period_end)=2"

Cell = tuple[Result, "Mapping[str, object]"]
"""A formula with its value, and how its cell looks."""


@dataclass(frozen=True, slots=True)
class Rows:
    """
    A list of totals with room for a number of rows.

    `beyond` counts what it has no room for, and `warning` says so many; `cells` makes the cells
    of a row from its index, from 0, and its number in the sheet.
    """

    title: str
    headers: Sequence[str]
    room: int
    beyond: Result
    warning: Callable[[str], str]
    cells: Callable[[int, int], Sequence[Cell]]


def not_shown(book: Book, rows: Rows) -> Result:
    """Return the warning where a list has more rows than room; it is blank otherwise."""
    before, _, after = rows.warning("\0").partition("\0")
    count = rows.beyond.formula.removeprefix("=")
    text = f'"{escaped(before)}"&{count}&"{escaped(after)}"'
    number = int(rows.beyond.value or 0)
    value = rows.warning(str(number)) if number > 0 else None
    return Result(book.fill(f'=IF({count}>0,{text},"")'), value)


def area_rows(book: Book) -> Rows:
    """Return cost and money by programme area, in the order of the Areas sheet."""
    say, found = book.say, _found(book, "area")
    headers = (say("Area"), say("Title"), *_amounts(book), say("Activities"), say("Not costed"))

    def warning(count: str) -> str:
        return say(
            "Room for {room} areas: {count} more are not shown; the totals above count them.",
            room=AREAS,
            count=count,
        )

    return Rows(
        say("By programme area"),
        headers,
        AREAS,
        _rows_beyond("areas.code", AREAS, len(found)),
        warning,
        partial(_area_cells, book, found),
    )


def _area_cells(book: Book, found: Sequence[Row], index: int, row: int) -> Sequence[Cell]:
    line = found[index] if index < len(found) else None
    figures = line.figures if line else None
    here = ("{activities.area_row}", str(index + 1))
    listed = (f"({here[0]}={here[1]})", filled("{activities.id}"))
    not_costed = (*listed, f"(1-{COSTED})")

    def money(name: str) -> Cell:
        column = f"{{activities.{name}}}"
        amount = f'IF({numbers(column, *here)}=0,"",{added(column, *here)})'
        return _cell(book, row, amount, value_of(figures, name), MONEY)

    return [
        *_named(book, "areas", index, line),
        *(money(name) for name in ("cost", *_KINDS)),
        _available(row, figures),
        money("to_be_sought"),
        _cell(book, row, counted(*listed), value_of(figures, "activities"), _COUNT),
        _cell(book, row, counted(*not_costed), value_of(figures, "not_costed"), _COUNT),
    ]


def year_rows(book: Book) -> Rows:
    """Return cost and money by year of the period, then the rows for the whole period."""
    say, years = book.say, _years(book)
    late = f"Programme_period_end-Programme_period_start+1-{YEARS}"
    beyond = Result(f"=IF({_PERIOD},{late},0)", len(years) - YEARS if years else 0)

    def warning(count: str) -> str:
        return say(
            "Room for {room} years: {count} more are not shown; the totals above count them.",
            room=YEARS,
            count=count,
        )

    headers = (say("Year"), say("Note"), *_amounts(book))
    return Rows(say("By year"), headers, YEARS + 1, beyond, warning, partial(_year_cells, book))


def _year_cells(book: Book, index: int, row: int) -> Sequence[Cell]:
    """Return the cells of a year's row; the last one is the whole period's."""
    whole, years, say = index == YEARS, _years(book), book.say
    year = None if whole or index >= len(years) else years[index]
    key = "" if whole else str(year)
    figures = next((line.figures for line in _found(book, "year") if line.key == key), None)
    note = say("rows of Costs and Funding without a year") if whole else None
    label = _year(index, year)
    if whole:
        label = Result(f'="{escaped(say("Whole period"))}"', say("Whole period"))

    def money(name: str, formula: str) -> Cell:
        return _cell(book, row, formula, value_of(figures, name), MONEY)

    wanted = "0" if whole else f"$A{row}"
    costs, funding = in_year("costs", wanted), in_year("funding", wanted)
    touched = f"{numbers('{costs.counted}', *costs)}+{_costed_funding(wanted)}"
    money_touched = f'IF($C{row}="",{numbers("{funding.counted}", *funding)},1)'
    sums = {
        kind: added("{funding.counted}", *funding, "{funding.source_kind}", f'"{kind}"')
        for kind in _KINDS
    }
    cost = f'IF({touched}=0,"",{added("{costs.counted}", *costs)})'
    sought = f'IF($C{row}="","",{added("{costs.year_to_be_sought}", *costs)})'
    return [
        (label, {"align": "left"}),
        (Result(f'="{escaped(note or "")}"', note), {"italic": True}),
        money("cost", cost),
        money("core", f'IF({money_touched}=0,"",{sums["core"]})'),
        *(money(kind, f'IF($D{row}="","",{sums[kind]})') for kind in _KINDS[1:]),
        _available(row, figures),
        money("to_be_sought", sought),
    ]


def _costed_funding(year: str) -> str:
    """Return the count of contributions of a year to activities that are costed."""
    costed = f"LOOKUP({{funding.activity_row}},{numbers_of('{activities.id}')},--{COSTED})"
    of_year = f"(INT({{funding.activity_year}}/{STEP})={year})"
    return counted(f"ISNUMBER(1/({costed}*{of_year}))")


def _years(book: Book) -> Sequence[int]:
    start, end = book.setting("period_start"), book.setting("period_end")
    return range(start, end + 1) if isinstance(start, int) and isinstance(end, int) else ()


def _year(index: int, year: int | None) -> Result:
    number = f"Programme_period_start+{index}" if index else "Programme_period_start"
    return Result(f'=IF({_PERIOD},IF({number}<=Programme_period_end,{number},""),"")', year)


def source_rows(book: Book) -> Rows:
    """Return money by source, in the order of the Sources sheet."""
    say, found = book.say, _found(book, "source")

    def warning(count: str) -> str:
        return say(
            "Room for {room} sources: {count} more are not shown; the totals above count them.",
            room=SOURCES,
            count=count,
        )

    return Rows(
        say("By source of money"),
        (say("Source"), say("Title"), say("Kind"), say("Available"), say("Pledged")),
        SOURCES,
        _rows_beyond("sources.code", SOURCES, len(found)),
        warning,
        partial(_source_cells, book, found),
    )


def _source_cells(book: Book, found: Sequence[Row], index: int, row: int) -> Sequence[Cell]:
    line = found[index] if index < len(found) else None
    figures = line.figures if line else None
    kinds = {} if book.reckoning is None else book.reckoning.programme.source_kinds()
    kind = kinds.get(line.key) if line else None
    here = ("{funding.source_row}", str(index + 1))
    counting = numbers("{funding.activity_year}", *here)
    pledged = (*here, *counted_as("pledged"))

    def money(name: str, amount: str) -> Cell:
        return _cell(book, row, f'IF({counting}=0,"",{amount})', value_of(figures, name), MONEY)

    return [
        *_named(book, "sources", index, line),
        (Result(book.fill(_nth("{sources.kind}", index + 1)), kind), {"align": "right"}),
        money("available", added("{funding.counted}", *here)),
        money("pledged", added("{funding.amount}", *pledged)),
    ]


def _found(book: Book, by: str) -> list[Row]:
    return [] if book.reckoning is None else book.reckoning.rows(by)


def _amounts(book: Book) -> Sequence[str]:
    say = book.say
    return (
        say("Cost"),
        say("Core budget"),
        say("Voluntary contributions"),
        say("Other sources"),
        say("Available in all"),
        say("To be sought"),
    )


def _rows_beyond(key: str, room: int, found: int) -> Result:
    """Count the filled rows of a table after the room of a list is used up."""
    late = f"({numbers_of(f'{{{key}}}')}>{room})"
    return Result("=" + counted(late, filled(f"{{{key}}}")), max(found - room, 0))


def _named(book: Book, table: str, index: int, line: Row | None) -> Sequence[Cell]:
    """Return the cells with code and title of the row in that place of a table."""
    title = book.references.title_field(table)
    given = line.title.given(book.language) if line and line.title else None
    code = Result(book.fill(_nth(f"{{{table}.code}}", index + 1)), line.key if line else None)
    return (code, _KEY), (Result(book.fill(_nth(f"{{{table}.{title}}}", index + 1)), given), _TEXT)


def _nth(column: str, number: int) -> str:
    return f'=IF(ROWS({column})<{number},"",INDEX({column},{number})&"")'


def _available(row: int, figures: Figures | None) -> Cell:
    """Return the sum of the three kinds of money in a row, blank where there is none."""
    formula = f'=IF(COUNT(D{row}:F{row})=0,"",ROUND(SUM(D{row}:F{row}),2))'
    return Result(formula, value_of(figures, "available")), MONEY


def _cell(book: Book, row: int, formula: str, value: Value, look: Mapping[str, object]) -> Cell:
    """Return a cell that is blank where its row has no key."""
    return Result(book.fill(f'=IF($A{row}="","",{formula})'), value), look
