"""What an older workbook holds beside the tables: cells, sheets and words of the user's own."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from cmswp_xl.cells import ErrorValue, Raw, address
from cmswp_xl.languages import CARRIED, OWN, WORDS, Language, Words
from cmswp_xl.make import make_workbook
from cmswp_xl.make.book import Below, CarriedCell, Part
from cmswp_xl.make.lists import CARRIED_HEADERS
from cmswp_xl.matching import holds_value
from cmswp_xl.messages.labels import label
from cmswp_xl.messages.values import joined
from cmswp_xl.resources import read_yaml
from cmswp_xl.rollover.period import as_typed, holdable
from cmswp_xl.schema import sheet_schemas
from cmswp_xl.tables import RawTable, Table, cell_text, comparable, is_blank
from cmswp_xl.translated import SHEET
from cmswp_xl.xlsx import Inventory, SheetInventory, read_inventory

Place = tuple[int, int]


@dataclass(frozen=True)
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

    @cached_property
    def body(self) -> frozenset[int]:
        """The rows of the table between its headings and its totals."""
        return frozenset(row for row, _ in self.raw.rows)

    @cached_property
    def _titles(self) -> frozenset[str]:
        fields = () if self.table is None else self.table.schema.fields
        return frozenset(comparable(title) for item in fields for title in item.known_titles)

    def covers(self, place: Place) -> bool:
        """Return whether a cell stands in the columns of the table, in it or below it."""
        row, column = place
        offset = column - self.raw.first_column
        return row >= self.raw.header_row and 0 <= offset < len(self.raw.headers)

    def holds(self, place: Place) -> bool:
        """Return whether a cell stands in the table itself."""
        below = self.raw.below  # in order, and may be a million
        index = bisect_left(below, place)
        return self.covers(place) and below[index : index + 1] != (place,)

    def heading(self, place: Place) -> str:
        """Return the heading of a cell: of its column or, in a form, the setting on its row."""
        row, column = place
        label = self._label(row) if column in self.inputs else ""
        return label or cell_text(self.raw.headers[column - self.raw.first_column]) or ""

    def _label(self, row: int) -> str:
        label = self.labels.get(row)
        return "" if is_blank(label) else cell_text(label) or ""

    def row_key(self, place: Place) -> str:
        """Return the id, code or setting by which people know a cell's row, if it has one."""
        row, column = place
        if column not in self.inputs | {self.label_column} and row in self.labels:
            return self._label(row)
        if self.table is None or self.table.schema.form or row not in self.rows:
            return ""
        return self.table.key(self.rows[row])

    def known_heading(self, place: Place) -> bool:
        """Return whether a cell's heading is one of the schema's, so that it is there twice."""
        return comparable(self.heading(place)) in self._titles


def _regions(raws: Sequence[RawTable], tables: Mapping[str, Table]) -> Mapping[int, list[Region]]:
    """Return the tables of each sheet; of two with one name, the first is the one that is read."""
    known = {comparable(table.schema.table): table for table in tables.values()}
    regions: dict[int, list[Region]] = defaultdict(list)
    for raw in raws:
        regions[raw.sheet_index].append(_region(raw, known.pop(comparable(raw.name), None)))
    return regions


def _region(raw: RawTable, table: Table | None) -> Region:
    """Return a table with the cells of it that go to the new workbook."""
    if table is None:
        return Region(raw, None)
    if table.schema.form:
        return _form_region(raw, table)
    numbers = table.column_numbers
    known = [item for item in table.schema.fields if item.name in numbers]
    placed = {(raw.header_row, column) for column in numbers.values()}
    for item in known:
        cells = () if item.computed else zip(table.rows, table.columns[item.name], strict=True)
        placed.update((row, numbers[item.name]) for row, value in cells if holdable(value))
    calculated = frozenset(numbers[item.name] for item in known if item.computed)
    inputs = frozenset(numbers.values()) - calculated
    rows = {row: index for index, row in enumerate(table.rows)}
    return Region(raw, table, frozenset(placed), calculated, inputs, rows)


def _form_region(raw: RawTable, table: Table) -> Region:
    settings, values = (
        {comparable(t) for t in pair.values()} for pair in table.schema.form_titles or ({}, {})
    )
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


def cells_below(region: Region, sheet: SheetInventory) -> Iterator[tuple[Place, Below]]:
    """Return the cells below a table that can stand below the new one, in the same columns."""
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


@dataclass(frozen=True)
class SheetWords:
    """
    What stands on a sheet of a fresh workbook: its texts by cell, the cells of its formulas.

    What a formula shows is among the texts, since an older workbook may have it as a text; `drawn`
    counts the charts. A text is the program's where a fresh workbook has it: above the tables or
    beside a form, and in the same column; on a sheet that `is_list`, without tables, as often as
    there. A formula is where it has one in the same column of a list, or in the same cell of
    another sheet. `former` are texts of earlier versions, which are the program's on any sheet.
    """

    is_list: bool = False
    places: Mapping[Place, str] = field(default_factory=dict)
    formulas: Container[Place] = frozenset()
    first: Mapping[int, int] = field(default_factory=dict)
    drawn: int = 0
    former: frozenset[str] = frozenset()

    @cached_property
    def _texts(self) -> frozenset[tuple[int, str]]:
        return frozenset((column, text) for (_, column), text in self.places.items())

    @cached_property
    def _columns(self) -> frozenset[int]:
        return frozenset(column for _, column in self.places)

    def wrote_formula(self, place: Place) -> bool:
        """Return whether the program wrote a formula outside the tables."""
        row, column = place
        below = self.is_list and column in self.first and self.first[column] - _HEAD <= row
        return below or place in self.formulas

    def wrote(
        self,
        cells: Mapping[Place, Raw],
        formulas: Iterable[Place] = (),
        regions: Sequence[Region] = (),
    ) -> frozenset[Place]:
        """Return the cells of a sheet, outside its tables and formulas, that the program wrote."""
        texts = {place: _plain(cell_text(value) or "") for place, value in cells.items()}
        if self.is_list:
            return self._in_list(texts, {row for row, _ in formulas})
        head = min((region.raw.header_row for region in regions), default=0)
        forms = {row for region in regions for row in region.labels} | {head}
        return frozenset(
            (row, column)
            for (row, column), text in texts.items()
            if (row < head or row in forms)
            and column in self._columns
            and ((column, text) in self._texts or text in self.former)
        )

    def _in_list(self, texts: Mapping[Place, str], rows: Container[int]) -> frozenset[Place]:
        """Return the texts of a list that the program wrote; `rows` are those with formulas."""
        left = Counter(dict.fromkeys(self.former, _FORMER)) | Counter(self.places.values())
        fresh = set(self.places.values())

        def strange(place: Place) -> tuple[bool, bool, Place]:
            """Sort cells by how far they are from where a fresh workbook has their texts."""
            text = texts[place]
            return self.places.get(place) != text, (place[1], text) not in self._texts, place

        known = [
            place
            for place, text in texts.items()
            if text in fresh or (text in self.former and place[1] in self._columns)
        ]
        found = {place for place in known if place[0] in rows and place[1] in self._columns}
        left -= Counter(texts[place] for place in found)
        for place in sorted(set(known) - found, key=strange):
            if left[texts[place]] > 0:
                left[texts[place]] -= 1
                found.add(place)
        return frozenset(found)


_MARKS = str.maketrans("«»", "“”")
_FORMER = 2
"""How often an earlier version had a text on a sheet, beside its formulas: above two lists."""
_HEAD = 2
"""The rows of title and headings above a list."""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The tables and own sheets that names of sheets mean in any language, and their words."""

    roles: Mapping[str, str]
    words: Mapping[str, SheetWords]

    def of(self, sheet: str) -> tuple[str, SheetWords]:
        """Return the table or own sheet that bears a name, with its words; "" for others."""
        role = self.roles.get(comparable(sheet), "")
        return role, self.words.get(role, SheetWords())


@cache
def own_words(language: Language) -> OwnWords:
    """Return the words of a fresh workbook in a language; no text of it depends on its content."""
    content = {"programme": [{"original_language": language.value}]}
    carried = [CarriedCell("", "", "", "", "", "")]
    part = Part("", "", {})
    data = make_workbook(content, language, None, carried=carried, part=part)
    former = frozenset(map(_plain, read_yaml(Path(__file__).parent / "former_texts.yaml")))
    roles = {
        comparable(title): schema.name
        for schema in sheet_schemas().values()
        for title in schema.titles.values()
    }
    for say in map(Words, Language):
        roles |= {comparable(say(name)): name for name in (*OWN, WORDS, CARRIED)}
    words = {}
    for sheet in read_inventory(data, "fresh").sheets:
        role = roles[comparable(sheet.name)]
        words[role] = SheetWords(
            role in {*OWN, WORDS, CARRIED},
            {place: _plain(cell_text(value) or "") for place, value in sheet.cells.items()},
            sheet.formulas,
            {column: row for row, column in sorted(sheet.formulas, reverse=True)},
            sheet.drawn,
            former,
        )
    return OwnWords(roles, words)


def _plain(text: str) -> str:
    """Return a text as it is compared, whatever its quotation marks."""
    return comparable(text).translate(_MARKS)


_FIRST_CARRIED = 6
"""The first row of the list, counted from 1, on a sheet of what was carried over before."""


@dataclass(frozen=True, slots=True)
class Unmapped:
    """What has no place, and the cells below tables that find one below the new tables."""

    carried: tuple[CarriedCell, ...]
    below: Mapping[str, Sequence[Below]]


def unmapped_cells(
    inventory: Inventory,
    raws: Sequence[RawTable],
    tables: Mapping[str, Table],
    own: OwnWords,
    say: Words,
) -> Unmapped:
    """List what of a workbook has no place; `tables` are those that the schemas know."""
    regions = _regions(raws, tables)
    carried: list[CarriedCell] = []
    below: dict[str, Sequence[Below]] = {}
    for index, sheet in enumerate(inventory.sheets):
        if sheet.name == SHEET:
            continue
        here = regions.get(index, [])
        placed_below: set[Place] = set()
        for region in here:
            found = list(cells_below(region, sheet))
            placed_below |= {place for place, _ in found}
            if found and region.table is not None:
                below[region.table.schema.name] = [cell for _, cell in found]
        words = own.of(sheet.name)
        carried += _Sheet(sheet, here, frozenset(placed_below), *words, say).unmapped()
    others = [(name, "other-sheet") for name in inventory.other_sheets]
    others += [("", "macros")] if inventory.macros else []
    carried += [_whole(name, kind, say) for name, kind in others]
    return Unmapped(tuple(carried), below)


def _whole(sheet: str, kind: str, say: Words) -> CarriedCell:
    """Return what has no place and stands in no cell."""
    return CarriedCell(sheet, "", "", "", label("carried-over", kind, say), "")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet of the older workbook, and what is known of its cells."""

    sheet: SheetInventory
    regions: Sequence[Region]
    placed_below: frozenset[Place]
    role: str
    words: SheetWords
    say: Words

    def unmapped(self) -> Iterator[CarriedCell]:
        """Return what has no place, in the order of the cells: values, formulas, notes, links."""
        listed = self._listed() if self.role == CARRIED else {}
        columns = range(1, len(CARRIED_HEADERS) + 1)
        for texts in listed.values():
            yield CarriedCell(*(texts.get(column, "") for column in columns))
        known = self._programs()
        for place in sorted(self.sheet.cells):
            if place[1] not in listed.get(place[0], {}):
                yield from self._value(place, known)
        yield from self._formulas()
        yield from self._beside_cells()

    def _programs(self) -> frozenset[Place]:
        """Return the cells outside the tables that the program wrote."""
        around = {p: value for p, value in self.sheet.cells.items() if self._region(p) is None}
        formulas = {place for place in around if place in self.sheet.formulas}
        typed = {place: value for place, value in around.items() if place not in formulas}
        texts = self.words.wrote(typed, self.sheet.formulas, self.regions)
        return texts | frozenset(filter(self.words.wrote_formula, formulas))

    def _value(self, place: Place, known: Container[Place]) -> Iterator[CarriedCell]:
        value = self.sheet.cells[place]
        region = self._region(place)
        if not holds_value(value) or place in self.placed_below:
            return
        if region is None:
            if place not in known:
                around = "around" if self.role else "own-sheet"
                yield self._cell(place, "beside" if self.regions else around, value)
        elif place not in region.placed:
            kind = self._kind(place, region)
            if kind and not self._is_heading(place, region):
                yield self._cell(place, kind, value)

    def _kind(self, place: Place, region: Region) -> str | None:
        """Return what a cell in the columns of a table is; None for a formula of the program."""
        row, column = place
        if not region.holds(place):
            return "below"
        if region.table is None:
            return "own-table"
        if column in region.calculated:
            if row not in region.body:
                return "below"  # in a totals row
            return None if place in self.sheet.formulas else "over-formula"
        if column in region.inputs and row in region.rows:
            return "not-held"
        if column in region.inputs and not region.labels:
            return "below"
        return "twice" if region.known_heading(place) else "own-column"

    def _is_heading(self, place: Place, region: Region) -> bool:
        """Return whether a cell is the heading of others that are listed, and so need not be."""
        row, column = place
        cells = self.sheet.cells.items()
        if row == region.raw.header_row:
            return any(
                region.holds(other) and holds_value(value)
                for other, value in cells
                if other[1] == column and other[0] > row
            )
        if column != region.label_column or row not in region.labels:
            return False  # below a form, no cell is listed with a setting
        return any(
            holds_value(value)
            for other, value in cells
            if other[0] == row and other != place and region.covers(other)
        )

    def _formulas(self) -> Iterator[CarriedCell]:
        """Return the formulas that people typed; equal ones in a column together."""
        found: dict[tuple[str, int, str], list[Place]] = defaultdict(list)
        spans: dict[Place, str] = {}
        for place, formula in sorted(self.sheet.formulas.items()):
            value = self.sheet.cells.get(place)
            if formula is None or (isinstance(value, ErrorValue) and formula.text == value.text):
                continue  # shared with another, or an error value that was typed
            kind = self._formula_kind(place)
            if kind:
                found[kind, place[1], formula.text].append(place)
                spans[place] = formula.shared or address(*place)
        for (kind, _, text), places in found.items():
            cell = self._cell(places[0], kind, f"={text}")
            cells = joined((spans[place] for place in places), None)
            yield cell._replace(cell=cells, row="" if len(places) > 1 else cell.row)

    def _formula_kind(self, place: Place) -> str | None:
        region = self._region(place)
        if region is None:
            return None if self.words.wrote_formula(place) else "own-formula"
        if place[1] in region.calculated and place[0] in region.body:
            return None
        if place in region.placed or place in self.placed_below:
            return "formula"
        lost = place[1] in region.inputs and place[0] in region.rows
        return "never-calculated" if lost else "own-formula"

    def _beside_cells(self) -> Iterator[CarriedCell]:
        for place, text in sorted(self.sheet.notes.items()):
            yield self._cell(place, "note", text)
        for place, target in sorted(self.sheet.links.items()):
            shown, bare = self.sheet.cells.get(place), target.removeprefix("mailto:").rstrip("/")
            ways = map(comparable, (target, bare, bare.partition("://")[2]))
            if not (isinstance(shown, str) and comparable(shown) in ways):
                yield self._cell(place, "link", target)
        if self.sheet.drawn > self.words.drawn:
            yield _whole(self.sheet.name, "drawn", self.say)

    def _cell(self, place: Place, kind: str, value: Raw) -> CarriedCell:
        region = self._region(place)
        row = _text(region.row_key(place)) if region else ""
        heading = _text(region.heading(place)) if region else ""
        cell = _whole(self.sheet.name, kind, self.say)
        text = _text(cell_text(value) or "")
        return cell._replace(cell=address(*place), row=row, heading=heading, value=text)

    def _region(self, place: Place) -> Region | None:
        """Return the table that a cell stands in or, failing that, the last one above it."""
        above = [region for region in self.regions if region.covers(place)]
        return max(above, key=lambda region: region.raw.header_row, default=None)

    def _listed(self) -> dict[int, dict[int, str]]:
        """Return the texts of a list that was carried over before, by row and column."""
        columns, cells = range(1, len(CARRIED_HEADERS) + 1), self.sheet.cells
        head = [cells.get((_FIRST_CARRIED - 1, column)) for column in columns]
        found = [comparable(value) if isinstance(value, str) else "" for value in head]
        listed: dict[int, dict[int, str]] = defaultdict(dict)
        if any(
            found == [comparable(Words(language)(header)) for header in CARRIED_HEADERS]
            for language in Language
        ):
            for (row, column), value in sorted(cells.items()):
                if row >= _FIRST_CARRIED and column in columns and holds_value(value):
                    listed[row][column] = _text(cell_text(value) or "")
        return listed


def _text(text: str) -> str:
    """Return a text that a file can hold, whatever characters it was found with."""
    return text.encode("utf-8", "backslashreplace").decode()
