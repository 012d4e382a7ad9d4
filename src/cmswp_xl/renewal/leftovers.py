"""
What of an older workbook has no place in the new one, cell by cell, so that nothing is lost.

Everything that the workbook holds is looked at; what the new one has, and what the program itself
writes around the tables, is passed over.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cmswp_xl.cells import ErrorValue, NoStoredValue, address
from cmswp_xl.languages import N_
from cmswp_xl.make import CARRIED_HEADERS, CarriedCell
from cmswp_xl.make.page import CARRIED
from cmswp_xl.renewal.regions import cells_below, regions_of
from cmswp_xl.tables import comparable, is_blank
from cmswp_xl.validate.typed import shown_value
from cmswp_xl.wording import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.cells import Raw
    from cmswp_xl.languages import Words
    from cmswp_xl.make import Below
    from cmswp_xl.renewal.own_words import OwnWords
    from cmswp_xl.renewal.regions import Place, Region
    from cmswp_xl.tables import RawTable, Table
    from cmswp_xl.xlsx import Inventory, SheetInventory

OWN_COLUMN = N_("in a column or setting of your own")
TWICE = N_("in a column or setting that is there twice")
OWN_TABLE = N_("in a table of your own")
OWN_SHEET = N_("on a sheet of your own")
BESIDE = N_("beside the table")
BELOW = N_("below the table")
AROUND = N_("on a sheet that the program fills")
OVER_FORMULA = N_("typed over a formula")
NOT_HELD = N_("a value that cannot be typed")
NEVER_CALCULATED = N_("a formula that was never calculated")
FORMULA = N_("a formula; its value has its place")
OWN_FORMULA = N_("a formula of your own")
NOTE = N_("a note")
LINK = N_("a link")
DRAWN = N_("pictures, charts or shapes")
OTHER_SHEET = N_("a sheet without cells")
MACROS = N_("macros")

_FIRST_CARRIED = 6
"""The first row of the list, counted from 1, on a sheet of what was carried over before."""


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What has no place, and the cells below tables that find one below the new tables."""

    carried: tuple[CarriedCell, ...]
    below: Mapping[str, Sequence[Below]]


def leftovers(
    inventory: Inventory,
    raws: Sequence[RawTable],
    tables: Mapping[str, Table],
    own: OwnWords,
    say: Words,
) -> Leftovers:
    """List what of a workbook has no place; `tables` are those that the schemas know."""
    regions = regions_of(raws, tables)
    carried: list[CarriedCell] = []
    below: dict[str, Sequence[Below]] = {}
    for index, sheet in enumerate(inventory.sheets):
        here = regions.get(index, [])
        placed_below: set[Place] = set()
        for region in here:
            found = list(cells_below(region, sheet))
            placed_below |= {place for place, _ in found}
            if found and region.table is not None:
                below[region.table.schema.name] = [cell for _, cell in found]
        carried += _Sheet(sheet, here, frozenset(placed_below), own, say).leftovers()
    carried += [
        CarriedCell(name, "", "", "", say(OTHER_SHEET), "") for name in inventory.other_sheets
    ]
    if inventory.macros:
        carried.append(CarriedCell("", "", "", "", say(MACROS), ""))
    return Leftovers(tuple(carried), below)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet of the older workbook, and what is known of its cells."""

    sheet: SheetInventory
    regions: Sequence[Region]
    placed_below: frozenset[Place]
    own: OwnWords
    say: Words

    def leftovers(self) -> Iterator[CarriedCell]:
        """Give what has no place, in the order of the cells: values, formulas, notes, links."""
        role = self.own.role(self.sheet.name)
        listed = list(self._listed()) if role == CARRIED else []
        taken = {place for place, _ in listed}
        yield from (cell for _, cell in self._rows(listed))
        for place in sorted(self.sheet.cells):
            if place not in taken:
                yield from self._value(place, role)
        yield from self._formulas(role)
        yield from self._beside_cells(role)

    def _value(self, place: Place, role: str | None) -> Iterator[CarriedCell]:
        value = self.sheet.cells[place]
        region = self._region(place)
        if not _filled(value) or place in self.placed_below:
            return
        if region is None:
            if not self.own.wrote(role, place, value, calculated=place in self.sheet.formulas):
                around = OWN_SHEET if role is None else AROUND
                yield self._cell(place, BESIDE if self.regions else around, value)
        elif place not in region.placed:
            kind = self._kind(place, region)
            if kind and not self._is_heading(place, region):
                yield self._cell(place, kind, value)

    def _kind(self, place: Place, region: Region) -> str | None:
        """Say what a cell in the columns of a table is; nothing for a formula of the program."""
        calculated = place in self.sheet.formulas
        if region.table is None:
            return OWN_TABLE if region.holds(place) else BELOW
        if place[1] in region.calculated:
            return None if calculated else OVER_FORMULA
        if not region.holds(place):
            return BELOW
        if place[1] in region.inputs and place[0] in region.rows:
            return NOT_HELD
        if place[1] in region.inputs and not region.labels:
            return BELOW
        return TWICE if region.known_heading(place) else OWN_COLUMN

    def _is_heading(self, place: Place, region: Region) -> bool:
        """Tell whether a cell is the heading of others that are listed, and so need not be."""
        row, column = place
        if row == region.raw.header_row:
            return any(
                region.holds(other) and _filled(value)
                for other, value in self.sheet.cells.items()
                if other[1] == column and other[0] > row
            )
        return column == region.label_column and any(
            _filled(value)
            for other, value in self.sheet.cells.items()
            if other[0] == row and other != place and region.covers(other)
        )

    def _formulas(self, role: str | None) -> Iterator[CarriedCell]:
        """Give the formulas that people typed; equal ones in a column together."""
        found: dict[tuple[str, int, str], list[Place]] = defaultdict(list)
        spans: dict[Place, str] = {}
        for place, formula in sorted(self.sheet.formulas.items()):
            if formula is None or _is_error(formula.text, self.sheet.cells.get(place)):
                continue
            kind = self._formula_kind(place, role)
            if kind:
                found[kind, place[1], formula.text].append(place)
                spans[place] = formula.shared or address(*place)
        for (kind, _, text), places in found.items():
            row = "" if len(places) > 1 else None
            cell = self._cell(places[0], kind, f"={text}")
            cells = joined((spans[place] for place in places), None)
            yield replace(cell, cell=cells, row=cell.row if row is None else row)

    def _formula_kind(self, place: Place, role: str | None) -> str | None:
        region = self._region(place)
        if region is None:
            value = self.sheet.cells.get(place)
            known = self.own.wrote(role, place, value, calculated=True)
            return None if known else OWN_FORMULA
        if place[1] in region.calculated:
            return None
        if place in region.placed or place in self.placed_below:
            return FORMULA
        lost = place[1] in region.inputs and place[0] in region.rows
        return NEVER_CALCULATED if lost else OWN_FORMULA

    def _beside_cells(self, role: str | None) -> Iterator[CarriedCell]:
        for place, text in sorted(self.sheet.notes.items()):
            yield self._cell(place, NOTE, text)
        for place, target in sorted(self.sheet.links.items()):
            shown = self.sheet.cells.get(place)
            if not (isinstance(shown, str) and comparable(shown) in _forms(target)):
                yield self._cell(place, LINK, target)
        if self.sheet.drawn > self.own.drew(role):
            yield CarriedCell(self.sheet.name, "", "", "", self.say(DRAWN), "")

    def _cell(self, place: Place, kind: str, value: Raw) -> CarriedCell:
        region = self._region(place)
        row = region.row_key(place) if region else ""
        heading = region.heading(place) if region else ""
        cell = CarriedCell(
            self.sheet.name, address(*place), row, heading, self.say(kind), _shown(value)
        )
        return replace(cell, row=_text(row), heading=_text(heading))

    def _region(self, place: Place) -> Region | None:
        """Give the table that a cell stands in or, failing that, the last one above it."""
        above = [region for region in self.regions if region.covers(place)]
        return max(above, key=lambda region: region.raw.header_row, default=None)

    def _listed(self) -> Iterator[tuple[Place, str]]:
        """Give the cells of a list that was carried over before."""
        width = len(CARRIED_HEADERS)
        head = [self.sheet.cells.get((_FIRST_CARRIED - 1, n)) for n in range(1, width + 1)]
        if self.own.are_carried_headers(head):
            for place, value in sorted(self.sheet.cells.items()):
                if place[0] >= _FIRST_CARRIED and place[1] <= width and _filled(value):
                    yield place, _shown(value)

    def _rows(self, listed: Sequence[tuple[Place, str]]) -> Iterator[tuple[int, CarriedCell]]:
        rows: dict[int, dict[int, str]] = defaultdict(dict)
        for (row, column), text in listed:
            rows[row][column] = text
        for row, texts in rows.items():
            yield row, CarriedCell(*(texts.get(n, "") for n in range(1, len(CARRIED_HEADERS) + 1)))


def _filled(value: Raw) -> bool:
    """Tell whether a cell shows anything; a formula without a value is told of as a formula."""
    return not is_blank(value) and not isinstance(value, NoStoredValue)


def _is_error(formula: str, value: Raw) -> bool:
    """Tell whether a formula is but the error value that it gives, as one that was typed is."""
    return isinstance(value, ErrorValue) and formula == value.text


def _shown(value: Raw) -> str:
    return _text(shown_value(value) or "")


def _text(text: str) -> str:
    """Give a text that a file can hold, whatever characters it was found with."""
    return text.encode("utf-8", "backslashreplace").decode()


def _forms(target: str) -> set[str]:
    """Give the ways in which a cell may show the address that it leads to."""
    bare = target.removeprefix("mailto:").rstrip("/")
    return {comparable(form) for form in (target, bare, bare.partition("://")[2])}
