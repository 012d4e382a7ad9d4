"""Where a cell of an older workbook stands: in which table, in which column, in which row."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cmswp_xl.renewal.content import as_typed, holdable
from cmswp_xl.tables import comparable, is_blank
from cmswp_xl.validate.typed import shown_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.cells import Raw
    from cmswp_xl.make import Below
    from cmswp_xl.schema import Titles
    from cmswp_xl.tables import RawTable, Table
    from cmswp_xl.xlsx import SheetInventory

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Region:
    """
    A table of the older workbook: as it was found, and as the schema knows it, if it does.

    `placed` are its cells that the new workbook holds too; `calculated` the columns that a formula
    fills there, `inputs` those that people fill. `rows` has the index of each row that is known,
    `labels` the settings of a form by row, in the column `label_column`.
    """

    raw: RawTable
    table: Table | None
    placed: frozenset[Place] = frozenset()
    calculated: frozenset[int] = frozenset()
    inputs: frozenset[int] = frozenset()
    rows: Mapping[int, int] = field(default_factory=dict)
    labels: Mapping[int, Raw] = field(default_factory=dict)
    label_column: int | None = None

    def covers(self, place: Place) -> bool:
        """Tell whether a cell stands in the columns of the table, in it or below it."""
        row, column = place
        offset = column - self.raw.first_column
        return row >= self.raw.header_row and 0 <= offset < len(self.raw.headers)

    def holds(self, place: Place) -> bool:
        """Tell whether a cell stands in the table itself."""
        below = self.raw.below  # in order, and may be a million
        index = bisect_left(below, place)
        return self.covers(place) and below[index : index + 1] != (place,)

    def heading(self, place: Place) -> str:
        """Give the heading of a cell: of its column or, in a form, the setting on its row."""
        label = self.label(place[0]) if place[1] in self.inputs else ""
        return label or self.header(place[1])

    def label(self, row: int) -> str:
        """Give the setting on a row of a form; nothing elsewhere."""
        label = self.labels.get(row)
        return "" if is_blank(label) else shown_value(label) or ""

    def header(self, column: int) -> str:
        """Give the heading of a column."""
        return shown_value(self.raw.headers[column - self.raw.first_column]) or ""

    def row_key(self, place: Place) -> str:
        """Give the id, code or setting by which people know a cell's row, if it has one."""
        row, column = place
        if column not in self.inputs | {self.label_column} and row in self.labels:
            return self.label(row)
        index = self.rows.get(row)
        if self.table is None or self.table.schema.form or index is None:
            return ""
        names = self.table.schema.primary_key or (self.table.schema.inputs()[0].name,)
        values = [self.table.columns[name][index] for name in names if name in self.table.columns]
        return " · ".join(shown_value(value) or "" for value in values if not is_blank(value))

    def known_heading(self, place: Place) -> bool:
        """Tell whether a cell's heading is one of the schema's, so that it is there twice."""
        if self.table is None:
            return False
        titles = {comparable(t) for item in self.table.schema.fields for t in item.titles.values()}
        return comparable(self.heading(place)) in titles


def regions_of(
    raws: Sequence[RawTable], tables: Mapping[str, Table]
) -> Mapping[int, list[Region]]:
    """Give the tables of each sheet; of two with one name, the first is the one that is read."""
    known = {comparable(table.schema.table): table for table in tables.values()}
    regions: dict[int, list[Region]] = defaultdict(list)
    for raw in raws:
        table = known.pop(comparable(raw.name), None)
        regions[raw.sheet_index].append(_region(raw, table))
    return regions


def _region(raw: RawTable, table: Table | None) -> Region:
    """Tell which cells of a table go to the new workbook."""
    if table is None:
        return Region(raw, None)
    if table.schema.form:
        return _form_region(raw, table)
    rows = {row: index for index, row in enumerate(table.rows)}
    fields = {item.name: item for item in table.schema.fields}
    calculated = frozenset(
        column for name, column in table.column_numbers.items() if fields[name].computed
    )
    inputs = frozenset(table.column_numbers.values()) - calculated
    return Region(raw, table, frozenset(_table_places(raw, table)), calculated, inputs, rows)


def _form_region(raw: RawTable, table: Table) -> Region:
    settings, values = ({comparable(t) for t in pair.values()} for pair in _form_titles(table))
    headers = {
        column: comparable(item) if isinstance(item, str) else ""
        for column, item in enumerate(raw.headers, raw.first_column)
    }
    label = next((column for column, item in headers.items() if item in settings), None)
    places = dict(table.places)
    placed = {
        (raw.header_row, column) for column, item in headers.items() if item in settings | values
    }
    placed |= {(row, label) for row, _ in places.values() if label is not None}
    placed |= {place for name, place in places.items() if holdable(table.columns[name][0])}
    return Region(
        raw,
        table,
        frozenset(placed),
        inputs=frozenset(column for column, item in headers.items() if item in values),
        rows={row: 0 for row, _ in places.values()},
        labels={
            row: cells[(label or raw.first_column) - raw.first_column] for row, cells in raw.rows
        },
        label_column=label,
    )


def _form_titles(table: Table) -> tuple[Titles, Titles]:
    return table.schema.form_titles or ({}, {})


def _table_places(raw: RawTable, table: Table) -> Iterator[Place]:
    for item in table.schema.fields:
        column = table.column_numbers.get(item.name)
        if column is None:
            continue
        yield raw.header_row, column
        if not item.computed:
            cells = zip(table.rows, table.columns[item.name], strict=True)
            yield from ((row, column) for row, value in cells if holdable(value))


def cells_below(region: Region, sheet: SheetInventory) -> Iterator[tuple[Place, Below]]:
    """Give the cells below a table that can stand below the new one, in the same columns."""
    table = region.table
    if table is None or table.schema.form or not region.raw.below:
        return
    names = {
        table.column_numbers[item.name]: item.name
        for item in table.schema.inputs()
        if item.name in table.column_numbers
    }
    first = region.raw.below[0][0]
    for row, column in region.raw.below:
        entry = as_typed(sheet.cells.get((row, column)))
        if column in names and entry is not None:
            yield (row, column), (row - first + 1, names[column], entry)
