"""The list of the Summary sheet by year of the period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.make.book import Result, value_of
from cmswp_xl.make.formulas import counted, in_scenario, matched, summed
from cmswp_xl.make.page import escaped
from cmswp_xl.make.rows import MONEY, available_in_row
from cmswp_xl.make.totals_block import COSTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cmswp_xl.make.book import Book, Value
    from cmswp_xl.make.rows import Cell
    from cmswp_xl.totals import Figures

YEARS = 12
"""How many years of the period the list has room for."""
_PARTS = ("cost", "core", "voluntary", "other")


@dataclass(frozen=True, slots=True)
class YearRows:
    """Cost and money by year of the period, then the rows for the whole period."""

    book: Book
    room: int = YEARS + 1

    @property
    def title(self) -> str:
        """What the list shows."""
        return self.book.say("By year")

    @property
    def headers(self) -> Sequence[str]:
        """The headers of its columns."""
        say = self.book.say
        return (
            say("Year"),
            say("Note"),
            say("Cost"),
            say("Core budget"),
            say("Voluntary contributions"),
            say("Other sources"),
            say("Available in all"),
            say("To be sought"),
        )

    @property
    def beyond(self) -> Result:
        """How many years it has no room for."""
        years = self._years()
        late = f"Programme_period_end-Programme_period_start+1-{YEARS}"
        given = "COUNT(Programme_period_start,Programme_period_end)=2"
        return Result(f"=IF({given},{late},0)", len(years) - YEARS if years else 0)

    def warning(self, count: str) -> str:
        """Say that it has no room for so many."""
        return self.book.say(
            "Room for {room} years: {count} more are not shown; the totals above count them.",
            room=YEARS,
            count=count,
        )

    def cells(self, index: int, row: int) -> Sequence[Cell]:
        """Give the cells of a year's row; the last one is the whole period's."""
        whole = index == YEARS
        years = self._years()
        year = None if whole or index >= len(years) else years[index]
        figures = self._figures("" if whole else str(year))
        say = self.book.say
        label = self._label(index, year)
        if whole:
            label = Result(f'="{escaped(say("Whole period"))}"', say("Whole period"))
        note = say("rows of Costs and Funding without a year") if whole else None
        wanted = '""' if whole else f'$A{row}&""'
        money = [
            (self._money(name, row, wanted, value_of(figures, name)), MONEY) for name in _PARTS
        ]
        return [
            (label, {"align": "left"}),
            (Result(f'="{escaped(note or "")}"', note), {"italic": True}),
            *money,
            (Result(available_in_row(row), value_of(figures, "available")), MONEY),
            (
                self._money("to_be_sought", row, wanted, value_of(figures, "to_be_sought")),
                MONEY,
            ),
        ]

    def _years(self) -> Sequence[int]:
        start, end = self.book.setting("period_start"), self.book.setting("period_end")
        return range(start, end + 1) if isinstance(start, int) and isinstance(end, int) else ()

    def _figures(self, key: str) -> Figures | None:
        rows = [] if self.book.reckoning is None else self.book.reckoning.rows("year")
        return next((row.figures for row in rows if row.key == key), None)

    def _label(self, index: int, year: int | None) -> Result:
        number = f"Programme_period_start+{index}" if index else "Programme_period_start"
        given = "COUNT(Programme_period_start,Programme_period_end)=2"
        return Result(f'=IF({given},IF({number}<=Programme_period_end,{number},""),"")', year)

    def _money(self, name: str, row: int, wanted: str, value: Value) -> Result:
        costs = f"(TRIM({{costs.year}})={wanted})"
        money = f"(TRIM({{funding.year}})={wanted})"
        touched = [
            counted(costs, "ISNUMBER({costs.counted})"),
            counted(
                money,
                in_scenario("{funding.scenario}"),
                "ISNUMBER({funding.amount})",
                matched("{funding.activity}", "{activities.id}", COSTED),
            ),
        ]
        if name in ("cost", "to_be_sought"):
            column = "{costs.counted}" if name == "cost" else "{costs.year_to_be_sought}"
            together = summed(column, costs)
        else:
            touched.append(counted(money, "ISNUMBER({funding.counted})"))
            kind = f'({{funding.source_kind}}="{name}")'
            together = summed("{funding.counted}", money, kind)
        formula = f'=IF($A{row}="","",IF({"+".join(touched)}=0,"",{together}))'
        return Result(self.book.fill(formula), value)
