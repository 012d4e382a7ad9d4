"""The lists of the Summary sheet, row by row: areas and sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cmswp_xl.make.book import Result, value_of
from cmswp_xl.make.formulas import counted, filled, in_scenario, same, summed
from cmswp_xl.make.page import escaped
from cmswp_xl.make.totals_block import COSTED, PLEDGED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cmswp_xl.make.book import Book, Value
    from cmswp_xl.totals import Row

AREAS, SOURCES = 20, 20
MONEY = {"num_format": "#,##0.00"}
_COUNT = {"num_format": "0"}
_KEY = {"num_format": "@"}
_TEXT = {"text_wrap": True}
_PARTS = ("cost", "core", "voluntary", "other")

Cell = tuple[Result, "Mapping[str, object]"]
"""A formula with its value, and how its cell looks."""


class Rows(Protocol):
    """A list of totals with room for a number of rows."""

    @property
    def title(self) -> str:
        """What the list shows."""

    @property
    def headers(self) -> Sequence[str]:
        """The headers of its columns."""

    @property
    def room(self) -> int:
        """How many rows it has."""

    @property
    def beyond(self) -> Result:
        """How many it has no room for."""

    def warning(self, count: str) -> str:
        """Say that it has no room for so many."""

    def cells(self, index: int, row: int) -> Sequence[Cell]:
        """Give the cells of a row: its index from 0, and its number in the sheet."""


def not_shown(book: Book, rows: Rows) -> Result:
    """Give the warning where a list has more rows than room; it is blank otherwise."""
    beyond = rows.beyond
    before, _, after = rows.warning("\0").partition("\0")
    count = beyond.formula.removeprefix("=")
    text = f'"{escaped(before)}"&{count}&"{escaped(after)}"'
    number = int(beyond.value or 0)
    value = rows.warning(str(number)) if number > 0 else None
    return Result(book.fill(f'=IF({count}>0,{text},"")'), value)


def _rows_beyond(key: str, room: int, found: int) -> Result:
    """Count the filled rows of a table after the room of a list is used up."""
    late = f"(ROW({{{key}}})-ROW({{{key}#}})>{room})"
    return Result("=" + counted(late, filled(f"{{{key}}}")), max(found - room, 0))


def _nth(column: str, number: int) -> str:
    return f'=IF(ROWS({column})<{number},"",INDEX({column},{number})&"")'


def available_in_row(row: int) -> str:
    """Give the sum of the three kinds of money in a row, blank where there is none."""
    return f'=IF(COUNT(D{row}:F{row})=0,"",ROUND(SUM(D{row}:F{row}),2))'


@dataclass(frozen=True, slots=True)
class AreaRows:
    """Cost and money by programme area, in the order of the Areas sheet."""

    book: Book
    room: int = AREAS

    @property
    def title(self) -> str:
        """What the list shows."""
        return self.book.say("By programme area")

    @property
    def headers(self) -> Sequence[str]:
        """The headers of its columns."""
        say = self.book.say
        return (
            say("Area"),
            say("Title"),
            say("Cost"),
            say("Core budget"),
            say("Voluntary contributions"),
            say("Other sources"),
            say("Available in all"),
            say("To be sought"),
            say("Activities"),
            say("Not costed"),
        )

    @property
    def beyond(self) -> Result:
        """How many areas it has no room for."""
        return _rows_beyond("areas.code", self.room, len(self._found()))

    def warning(self, count: str) -> str:
        """Say that it has no room for so many."""
        return self.book.say(
            "Room for {room} areas: {count} more are not shown; the totals above count them.",
            room=self.room,
            count=count,
        )

    def cells(self, index: int, row: int) -> Sequence[Cell]:
        """Give the cells of an area's row."""
        found = self._found()
        line = found[index] if index < len(found) else None
        figures = line.figures if line else None
        title = self.book.references.title_field("areas")
        given = line.title.given(self.book.language) if line and line.title else None
        money = [(self._money(name, row, value_of(figures, name)), MONEY) for name in _PARTS]
        here = same("{activities.area}", f"$A{row}")
        listed = filled("{activities.id}")
        return [
            (self._result(_nth("{areas.code}", index + 1), line.key if line else None), _KEY),
            (self._result(_nth(f"{{areas.{title}}}", index + 1), given), _TEXT),
            *money,
            (Result(available_in_row(row), value_of(figures, "available")), MONEY),
            (self._money("to_be_sought", row, value_of(figures, "to_be_sought")), MONEY),
            (self._count(row, (here, listed), value_of(figures, "activities")), _COUNT),
            (
                self._count(row, (here, listed, f"(1-{COSTED})"), value_of(figures, "not_costed")),
                _COUNT,
            ),
        ]

    def _found(self) -> list[Row]:
        return [] if self.book.reckoning is None else self.book.reckoning.rows("area")

    def _result(self, template: str, value: Value) -> Result:
        return Result(self.book.fill(template), value)

    def _money(self, name: str, row: int, value: Value) -> Result:
        column = f"{{activities.{name}}}"
        here = same("{activities.area}", f"$A{row}")
        none = f"{counted(here, f'ISNUMBER({column})')}=0"
        formula = f'=IF($A{row}="","",IF({none},"",{summed(column, here)}))'
        return self._result(formula, value)

    def _count(self, row: int, conditions: tuple[str, ...], value: Value) -> Result:
        return self._result(f'=IF($A{row}="","",{counted(*conditions)})', value)


@dataclass(frozen=True, slots=True)
class SourceRows:
    """Money by source, in the order of the Sources sheet."""

    book: Book
    room: int = SOURCES

    @property
    def title(self) -> str:
        """What the list shows."""
        return self.book.say("By source of money")

    @property
    def headers(self) -> Sequence[str]:
        """The headers of its columns."""
        say = self.book.say
        return say("Source"), say("Title"), say("Kind"), say("Available"), say("Pledged")

    @property
    def beyond(self) -> Result:
        """How many sources it has no room for."""
        return _rows_beyond("sources.code", self.room, len(self._found()))

    def warning(self, count: str) -> str:
        """Say that it has no room for so many."""
        return self.book.say(
            "Room for {room} sources: {count} more are not shown; the totals above count them.",
            room=self.room,
            count=count,
        )

    def cells(self, index: int, row: int) -> Sequence[Cell]:
        """Give the cells of a source's row."""
        found = self._found()
        line = found[index] if index < len(found) else None
        figures = line.figures if line else None
        fill, number = self.book.fill, index + 1
        title = self.book.references.title_field("sources")
        given = line.title.given(self.book.language) if line and line.title else None
        here = same("{funding.source}", f"$A{row}")
        kinds = {} if self.book.reckoning is None else self.book.reckoning.programme.source_kinds()
        kind = kinds.get(line.key) if line else None
        available = summed("{funding.counted}", here)
        pledged = summed("{funding.amount}", here, *PLEDGED)
        return [
            (Result(fill(_nth("{sources.code}", number)), line.key if line else None), _KEY),
            (Result(fill(_nth(f"{{sources.{title}}}", number)), given), _TEXT),
            (Result(fill(_nth("{sources.kind}", number)), kind), {"align": "right"}),
            (self._money(row, available, value_of(figures, "available")), MONEY),
            (self._money(row, pledged, value_of(figures, "pledged")), MONEY),
        ]

    def _found(self) -> list[Row]:
        if self.book.reckoning is None:
            return []
        return self.book.reckoning.rows("source")

    def _money(self, row: int, together: str, value: Value) -> Result:
        rows = counted(
            same("{funding.source}", f"$A{row}"),
            in_scenario("{funding.scenario}"),
            "ISNUMBER({funding.amount})",
        )
        formula = f'=IF($A{row}="","",IF({rows}=0,"",{together}))'
        return Result(self.book.fill(formula), value)
