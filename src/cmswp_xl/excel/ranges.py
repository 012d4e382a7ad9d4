"""Tables of an open book handed to a worksheet function as ranges, and the totals of these."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cmswp_xl.cells import ErrorValue, Raw
from cmswp_xl.errors import Misuse, UnfitData
from cmswp_xl.excel.book import raw
from cmswp_xl.figures.totals import ProgrammeTotals, compute_totals
from cmswp_xl.issues import Issue, Severity
from cmswp_xl.languages import Language
from cmswp_xl.matching import match_table, names_of
from cmswp_xl.model import Programme
from cmswp_xl.pipeline import check_source
from cmswp_xl.resources import read_yaml
from cmswp_xl.samples import RowsSource
from cmswp_xl.schema import Field, Reference, TableSchema, load_schemas
from cmswp_xl.tables import Knowledge, RawTable, Table, comparable, is_blank
from cmswp_xl.validate import Checked
from cmswp_xl.validate.typed import split_entry

MOST_CELLS = 2_000_000
"""The most cells of one argument, as for a table of a file."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """
    The cells of an argument, row after row, all rows of one length.

    `truths` are the places of TRUE and FALSE, which would otherwise equal 1 and 0 when two
    arguments are compared.
    """

    rows: tuple[tuple[Raw, ...], ...]
    truths: frozenset[tuple[int, int]]

    @property
    def single(self) -> bool:
        """Whether it is a single cell."""
        return len(self.rows) == 1 and len(self.rows[0]) == 1

    @property
    def blank(self) -> bool:
        """Whether it is a single blank cell: an argument that was left out."""
        return self.single and is_blank(self.rows[0][0])


@dataclass(frozen=True, slots=True)
class GivenTables:
    """A source of tables that were given one by one; it knows their values and nothing else."""

    given: Sequence[RawTable]
    name: str = ""
    knows: Knowledge = Knowledge.VALUES

    def sheet_names(self) -> Sequence[str]:
        """Return no sheets: where a range stands is not known."""
        return ()

    def tables(self) -> Sequence[RawTable]:
        """Return the tables."""
        return self.given


def matrix(value: Any, argument: str) -> Matrix:
    """Take an argument as Excel hands it over: a value, a row, or rows; `Misuse` if too large."""
    listed = value if isinstance(value, (list, tuple)) else [value]
    nested = any(isinstance(row, (list, tuple)) for row in listed)
    rows = [row if isinstance(row, (list, tuple)) else [row] for row in listed]
    rows = rows if nested else [[cell for row in rows for cell in row]]
    width = max(map(len, rows), default=0)
    if len(rows) * width > MOST_CELLS:
        raise Misuse("too-many-cells", argument=argument, limit=MOST_CELLS)
    cells = tuple((*map(raw, row), *[None] * (width - len(row))) for row in rows if width)
    return Matrix(cells or ((None,),), _truths(cells))


def one_value(value: Any, argument: str) -> Raw:
    """Take an argument that is a single value; `Misuse` where it is several cells or an error."""
    cells = matrix(value, argument)
    if not cells.single:
        raise Misuse("not-one", argument=argument)
    found = cells.rows[0][0]
    if isinstance(found, ErrorValue):
        raise Misuse("error-cell", argument=argument, error=found.text)
    return found


def raw_table(cells: Matrix, name: str, index: int) -> RawTable:
    """Return the cells as the table of that name, on no sheet; its first heading is A1."""
    schema = load_schemas()[name]
    rows = list(enumerate(cells.rows[1:], 2))
    return RawTable(schema.table, "", index, 1, 1, cells.rows[0], rows)


@lru_cache(maxsize=64)
def tables_like(headings: tuple[Raw, ...]) -> frozenset[str]:
    """
    Return which tables have these headings: those that know most of them.

    Of two that know as many, the one whose required columns are all there.
    """
    titles = {comparable(heading) for heading in headings if isinstance(heading, str)}
    ranks = {name: _rank(schema, titles) for name, schema in load_schemas().items()}
    best = max(ranks.values())
    return frozenset(name for name, rank in ranks.items() if rank == best and rank[0])


def _rank(schema: TableSchema, titles: set[str]) -> tuple[int, bool]:
    if schema.form_titles:
        known = [not titles.isdisjoint(map(comparable, t.values())) for t in schema.form_titles]
        return (sum(known) if all(known) else 0), all(known)
    known = [not titles.isdisjoint(map(comparable, f.known_titles)) for f in schema.fields]
    required = [has for has, field in zip(known, schema.fields, strict=True) if field.required]
    return sum(known), all(required)


def _truths(rows: tuple[tuple[Raw, ...], ...]) -> frozenset[tuple[int, int]]:
    return frozenset(
        (number, column)
        for number, row in enumerate(rows)
        if True in row or False in row
        for column, cell in enumerate(row)
        if isinstance(cell, bool)
    )


_SOME = "1"
"""A code or text where one is needed and none is known."""
_TYPICAL: Mapping[str, Any] = {"currency": "XXX"}


def absent_tables(given: Mapping[str, Table]) -> list[RawTable]:
    """Return tables for those not given, with a row for every code that the given ones name."""
    schemas = load_schemas()
    titles, language = names_of(given, schemas).language, _language(given)
    codes = _referred(given)
    content = {"programme": [_sound_row(schemas["programme"], language, {})]}
    for name, key in _keys().items():
        content[name] = [
            _sound_row(schemas[name], language, _own(name, key, code, number))
            for number, code in enumerate(codes[name], 1)
        ]
    made = {name: rows for name, rows in content.items() if name not in given}
    others = {schemas[name].table for name in made}
    return [t for t in RowsSource(made, schemas, titles).tables() if t.name in others]


def _keys() -> dict[str, str]:
    """Return the tables that others refer to, and the field that they name."""
    fields = (field for schema in load_schemas().values() for field in schema.inputs())
    return {f.reference.table: f.reference.field for f in fields if f.reference is not None}


def _own(table: str, key: str, code: str, number: int) -> dict[str, Any]:
    """Return what tells a row from the others of its table."""
    if table == "activities":
        return {key: code, "number": str(number)}
    if table == "recommendations":
        return {key: code, "subject": _point(code)}
    return {key: int(code) if table == "subjects" else code}


def _sound_row(schema: TableSchema, language: Language, own: dict[str, Any]) -> dict[str, Any]:
    """Return a row without fault: what is required, and texts in the original language."""
    row = dict(own)
    for field in schema.inputs():
        text = field.required_text and field.language is language
        if field.name not in row and (field.required or text):
            row[field.name] = _sound(field, language)
    return row


def _sound(field: Field, language: Language) -> Any:
    if field.enum:
        return language.value if language.value in field.enum else field.enum[-1]
    bound = field.maximum if field.name.endswith("_end") else field.minimum
    return int(bound) if bound is not None else _TYPICAL.get(field.name, _SOME)


def _point(number: str) -> int:
    """Return the point that a recommendation's number begins with."""
    point = number.partition(".")[0]
    return int(point) if point.isascii() and point.isdecimal() else 1


def _referred(given: Mapping[str, Table]) -> dict[str, list[str]]:
    """Return by table the sound codes that the given tables refer to, in order, each once."""
    schemas = load_schemas()
    found: dict[str, dict[str, str]] = {name: {} for name in schemas}
    for table in given.values():
        for field in table.schema.inputs():
            reference = field.reference
            if reference is None:
                continue
            key = schemas[reference.table].field(reference.field)
            for code in _codes(table, field, reference):
                if re.fullmatch(key.pattern or ".+", code):
                    found[reference.table].setdefault(comparable(code), code)
    if "subjects" not in given and "recommendations" not in given:
        points = {str(_point(code)) for code in found["recommendations"].values()}
        found["subjects"] |= {point: point for point in sorted(points)}
    for name, needing in (("areas", "activities"), ("sources", "posts")):
        if found[needing] and not {name, needing} & set(given):
            found[name].setdefault(_SOME, _SOME)
    return {name: list(codes.values()) for name, codes in found.items()}


def _codes(table: Table, field: Field, reference: Reference) -> Iterator[str]:
    for cell in table.columns.get(field.name, ()):
        if field.type == "integer":
            if isinstance(cell, (int, float)) and cell == int(cell):
                yield str(int(cell))
        elif isinstance(cell, str) and not is_blank(cell):
            for entry in cell.replace("\n", ";").split(";") if field.list else [cell]:
                yield split_entry(entry, locator=reference.locator)[0]


def _language(given: Mapping[str, Table]) -> Language:
    """Return the language in which most of the required texts are there, as the original one."""
    counts = dict.fromkeys(Language, 0)
    for table in given.values():
        for field in table.schema.inputs():
            if field.required_text and field.language:
                cells = table.columns.get(field.name, ())
                counts[field.language] += sum(not is_blank(cell) for cell in cells)
    return max(Language, key=lambda language: counts[language])


Given = tuple[tuple[str, "Matrix"], ...]
"""The tables of a formula by schema name, in the order of its arguments."""

_MOST_RESULTS = 16
"""How many results are kept: one for each kind of formula, set of tables and scenario."""


def given_tables(arguments: Mapping[str, Any], needed: Sequence[str]) -> Given:
    """
    Take arguments that are tables, by the name of the table that each must be.

    One that is blank is left out. Raise `Misuse` where one is another table, or none, or where
    one that is needed is left out.
    """
    schemas, found = load_schemas(), {}
    for name, value in arguments.items():
        cells = matrix(value, name)
        if cells.blank:
            continue
        known, table = tables_like(cells.rows[0]), schemas[name].table
        if not known:
            raise Misuse("not-table", argument=name, table=table)
        if name not in known:
            other = next(schemas[each].table for each in schemas if each in known)
            raise Misuse("other-table", argument=name, table=table, found=other)
        found[name] = cells
    for name in needed:
        if name not in found:
            raise Misuse("not-table", argument=name, table=schemas[name].table)
    return tuple(found.items())


def one_table(cells: Matrix) -> str:
    """Return which table an argument is; `Misuse` where it may be none or several."""
    names = tables_like(cells.rows[0])
    if len(names) != 1:
        raise Misuse("no-table")
    return next(iter(names))


def totals_of(given: Given, scenario: Any = None) -> ProgrammeTotals:
    """
    Return the figures of the given tables, in a scenario or else in that of Programme.

    Raise `UnfitData` where a table has errors, and `Misuse` for a scenario that no row is for,
    or where there are such rows and nobody said which of them count.
    """
    return _totals(given, one_value(scenario, "scenario"))


def issues_of(given: Given) -> list[Issue]:
    """Return the issues of the given tables, judged without those that were not given."""
    names = dict(given)
    return [
        issue
        for issue in _checked(given)[1]
        if issue.table in names and set(_NEEDING.get(issue.code, ())) <= set(names)
    ]


_NEEDING = read_yaml(Path(__file__).with_name("functions.yaml"))["needing"]
"""The tables without which an issue cannot be told; a table judged alone says nothing of it."""


@lru_cache(maxsize=_MOST_RESULTS)
def _totals(given: Given, scenario: Raw) -> ProgrammeTotals:
    checked, issues = _checked(given)
    errors = [issue.table for issue in issues if issue.severity is Severity.ERROR]
    programme = checked.programme
    if programme is None:
        counts = {load_schemas()[name].table: errors.count(name) for name, _ in given}
        raise UnfitData("tables-with-errors", counts={k: n for k, n in counts.items() if n})
    return compute_totals(programme, _scenario(given, programme, scenario))


@lru_cache(maxsize=_MOST_RESULTS)
def _checked(given: Given) -> tuple[Checked, tuple[Issue, ...]]:
    raws = [raw_table(cells, name, index) for index, (name, cells) in enumerate(given)]
    schemas = load_schemas()
    tables = {
        name: match_table(table, schemas[name])[0]
        for (name, _), table in zip(given, raws, strict=True)
    }
    return check_source(GivenTables([*raws, *absent_tables(tables)]), flags=False)


def _scenario(given: Given, programme: Programme, scenario: Raw) -> str | None:
    """Choose the scenario; a slip of the pen must not pass for one without rows of its own."""
    used = {row.scenario: None for row in programme.costs if row.scenario}
    used |= {row.scenario: None for row in programme.funding if row.scenario}
    if scenario is None or is_blank(scenario):
        if used and "programme" not in dict(given):
            raise Misuse("scenario-needed", known=tuple(used))
        return None
    own = programme.settings.scenario
    known = {comparable(code): code for code in (*used, own) if code}
    wanted = comparable(str(scenario))
    if wanted not in known and used:
        raise Misuse("unknown-scenario", scenario=str(scenario), known=tuple(used))
    return known.get(wanted, str(scenario))
