"""Tables of an open book handed to a worksheet function as ranges, and the totals of these."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import ErrorValue
from cmswp_xl.errors import Misuse, UnfitData
from cmswp_xl.excel.book import raw
from cmswp_xl.figures.totals import reckon
from cmswp_xl.issues import Severity
from cmswp_xl.languages import Language
from cmswp_xl.matching import match_table, names_of
from cmswp_xl.pipeline import check_source
from cmswp_xl.samples import RowsSource
from cmswp_xl.schema import load_schemas
from cmswp_xl.tables import Knowledge, RawTable, comparable, is_blank
from cmswp_xl.validate.typed import split_entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.cells import Raw
    from cmswp_xl.figures.totals import Reckoning
    from cmswp_xl.issues import Issue
    from cmswp_xl.model import Programme
    from cmswp_xl.schema import Field, Reference, TableSchema
    from cmswp_xl.tables import Table
    from cmswp_xl.validate import Checked


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
        """Tell whether it is a single cell."""
        return len(self.rows) == 1 and len(self.rows[0]) == 1

    @property
    def blank(self) -> bool:
        """Tell whether it is a single cell without anything: an argument that was left out."""
        return self.single and is_blank(self.rows[0][0])


@dataclass(frozen=True, slots=True)
class GivenTables:
    """A source of tables that were given one by one; it knows their values and nothing else."""

    given: Sequence[RawTable]
    name: str = ""

    @property
    def knows(self) -> Knowledge:
        """A range in a formula tells neither formulas nor formats."""
        return Knowledge.VALUES

    def sheet_names(self) -> Sequence[str]:
        """Give no sheets: where a range stands is not known."""
        return ()

    def tables(self) -> Sequence[RawTable]:
        """Give the tables."""
        return self.given


def matrix(value: Any, argument: str) -> Matrix:
    """
    Take an argument as Excel hands it over: one value, one row, or rows of cells.

    Raises `Misuse` where it has more cells than any table needs.
    """
    listed = value if isinstance(value, (list, tuple)) else [value]
    nested = any(isinstance(row, (list, tuple)) for row in listed)
    rows = [row if isinstance(row, (list, tuple)) else [row] for row in listed]
    rows = rows if nested else [[cell for row in rows for cell in row]]
    width = max(map(len, rows), default=0)
    if len(rows) * width > MOST_CELLS:
        raise Misuse("too-many-cells", argument=argument, limit=MOST_CELLS)
    cells = tuple(_row(row, width) for row in rows if width)
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
    """Give the cells as the table of that name, on no sheet; its first heading is A1."""
    schema = load_schemas()[name]
    rows = list(enumerate(cells.rows[1:], 2))
    return RawTable(schema.table, "", index, 1, 1, cells.rows[0], rows)


@lru_cache(maxsize=64)
def tables_like(headings: tuple[Raw, ...]) -> frozenset[str]:
    """
    Tell which tables have these headings: those that know most of them.

    Of two that know as many, the one whose required columns are all there.
    """
    titles = {comparable(heading) for heading in headings if isinstance(heading, str)}
    ranks = {name: _rank(schema, titles) for name, schema in load_schemas().items()}
    best = max(ranks.values())
    return frozenset(name for name, rank in ranks.items() if rank == best and rank[0])


def _rank(schema: TableSchema, titles: set[str]) -> tuple[int, bool]:
    if schema.form_titles:
        known = [_has(form_title, titles) for form_title in schema.form_titles]
        return (sum(known) if all(known) else 0), all(known)
    known = [_has(field.titles, titles) for field in schema.fields]
    required = [has for has, field in zip(known, schema.fields, strict=True) if field.required]
    return sum(known), all(required)


def _has(titles: Mapping[Language, str], found: set[str]) -> bool:
    return any(comparable(title) in found for title in titles.values())


def _row(cells: Sequence[Any], width: int) -> tuple[Raw, ...]:
    return (*map(raw, cells), *([None] * (width - len(cells))))


def _truths(rows: tuple[tuple[Raw, ...], ...]) -> frozenset[tuple[int, int]]:
    return frozenset(
        (number, column)
        for number, row in enumerate(rows)
        if True in row or False in row
        for column, cell in enumerate(row)
        if isinstance(cell, bool)
    )


_SOME = "1"
"""A code where one is needed and none is known."""


def stand_ins(given: Mapping[str, Table]) -> list[RawTable]:
    """Give tables for those not given, with a row for every code that the given ones name."""
    titles = names_of(given, load_schemas()).language
    content = _content(_referred(given), _language(given))
    made = {name: rows for name, rows in content.items() if name not in given}
    schemas = load_schemas()
    absent = {schemas[name].table for name in made}
    return [t for t in RowsSource(made, schemas, titles).tables() if t.name in absent]


def _content(
    codes: Mapping[str, list[str]], language: Language
) -> dict[str, list[dict[str, Any]]]:
    first, last = (
        load_schemas()["programme"].field(name) for name in ("period_start", "period_end")
    )
    settings = {
        "title_" + language: _SOME,
        "period_start": int(first.minimum or 0),
        "period_end": int(last.maximum or 0),
        "currency": "XXX",
        "original_language": language.value,
    }
    title, name = {"title_" + language: _SOME}, {"name_" + language: _SOME}
    text = {"text_" + language: _SOME}
    activity = {"area": _SOME, **title}
    post = {"grade": _SOME, "source": _SOME, **title}
    return {
        "programme": [settings],
        "areas": [{"code": code, **title} for code in codes["areas"]],
        "activities": [
            {"id": code, "number": str(number), **activity}
            for number, code in enumerate(codes["activities"], 1)
        ],
        "sources": [{"code": code, "kind": "other", **title} for code in codes["sources"]],
        "donors": [{"code": code, **name} for code in codes["donors"]],
        "posts": [{"id": code, **post} for code in codes["posts"]],
        "mandates": [{"code": code} for code in codes["mandates"]],
        "scenarios": [{"code": code, **title} for code in codes["scenarios"]],
        "subjects": [{"point": int(code), **title} for code in codes["subjects"]],
        "evidence": [{"code": code, "kind": "website", **title} for code in codes["evidence"]],
        "recommendations": [
            {"number": code, "subject": _point(code), "decision": "no-action", **text}
            for code in codes["recommendations"]
        ],
    }


def _point(number: str) -> int:
    """Give the point that a recommendation's number begins with."""
    point = number.partition(".")[0]
    return int(point) if point.isascii() and point.isdecimal() else 1


def _referred(given: Mapping[str, Table]) -> dict[str, list[str]]:
    """Give by table the sound codes that the given tables refer to, in order, each once."""
    schemas = load_schemas()
    found: dict[str, dict[str, str]] = {name: {} for name in schemas}
    for table in given.values():
        for field in table.schema.inputs():
            reference = field.reference
            if reference is None:
                continue
            key = schemas[reference.table].field(reference.field)
            known = found[reference.table]
            for code in _codes(table, field, reference):
                if re.fullmatch(key.pattern or ".+", code):
                    known.setdefault(comparable(code), code)
    points = {str(_point(code)) for code in found["recommendations"].values()}
    if "subjects" not in given and "recommendations" not in given:
        found["subjects"] |= {point: point for point in sorted(points)}
    for name, needing in (("areas", "activities"), ("sources", "posts")):
        if found[needing] and not {name, needing} & set(given):
            found[name].setdefault(_SOME, _SOME)
    return {name: list(codes.values()) for name, codes in found.items()}


def _codes(table: Table, field: Field, reference: Reference) -> Iterator[str]:
    for cell in table.columns.get(field.name, ()):
        if field.type == "integer" and isinstance(cell, (int, float)) and cell == int(cell):
            yield str(int(cell))
        if not isinstance(cell, str) or is_blank(cell) or field.type == "integer":
            continue
        entries = cell.replace("\n", ";").split(";") if field.list else [cell]
        for entry in entries:
            yield split_entry(entry, locator=reference.locator)[0]


def _language(given: Mapping[str, Table]) -> Language:
    """Give the language in which most of the required texts are there, as the original one."""
    counts = dict.fromkeys(Language, 0)
    for table in given.values():
        for field in table.schema.inputs():
            if field.required_text and field.language:
                cells = table.columns.get(field.name, ())
                counts[field.language] += sum(not is_blank(cell) for cell in cells)
    return max(Language, key=lambda language: counts[language])


Given = tuple[tuple[str, "Matrix"], ...]
"""The tables of a formula by schema name, in the order of its arguments."""

KEPT = 16
"""How many results are kept: one for each kind of formula, set of tables and scenario."""


def given_tables(arguments: Mapping[str, Any]) -> Given:
    """
    Take arguments that are tables, by the name of the table that each must be.

    One that is blank is left out. Raises `Misuse` where one is another table, or none.
    """
    found: list[tuple[str, Matrix]] = []
    for name, value in arguments.items():
        cells = matrix(value, name)
        if not cells.blank:
            _expect(cells, name)
            found.append((name, cells))
    return tuple(found)


def required(given: Given, names: Sequence[str]) -> Given:
    """Give the tables back where those of the names are among them; `Misuse` otherwise."""
    for name in names:
        if name not in dict(given):
            raise Misuse("not-table", argument=name, table=load_schemas()[name].table)
    return given


def one_table(cells: Matrix) -> str:
    """Tell which table an argument is; `Misuse` where its headings are of none, or of several."""
    names = tables_like(cells.rows[0])
    if len(names) != 1:
        raise Misuse("no-table")
    return next(iter(names))


def reckoning_of(given: Given, scenario: Any = None) -> Reckoning:
    """
    Reckon the figures of the given tables, in a scenario or else in that of Programme.

    Raises `UnfitData` where a table has errors, and `Misuse` for a scenario that no row is for,
    or where there are such rows and nobody said which of them count.
    """
    return _reckoning(given, one_value(scenario, "scenario"))


def issues_of(given: Given) -> list[Issue]:
    """Give the issues of the given tables, judged without those that were not given."""
    names = dict(given)
    return [
        issue
        for issue in _checked(given)[1]
        if issue.table in names and set(_NEEDING.get(issue.code, ())) <= set(names)
    ]


_NEEDING: Mapping[str, tuple[str, ...]] = {
    "no-next-step": ("steps",),
    "done-with-open-steps": ("steps",),
    "step-for-no-action": ("recommendations",),
    "subject-without-recommendation": ("recommendations",),
    "unused-evidence": ("recommendations",),
    "weights-not-100": ("weights",),
}
"""The tables without which an issue cannot be told; a table judged alone says nothing of it."""


@lru_cache(maxsize=KEPT)
def _reckoning(given: Given, scenario: Raw) -> Reckoning:
    checked, issues = _checked(given)
    errors = [issue.table for issue in issues if issue.severity is Severity.ERROR]
    programme = checked.programme
    if programme is None:
        counts = {load_schemas()[name].table: errors.count(name) for name, _ in given}
        raise UnfitData("tables-with-errors", counts={k: n for k, n in counts.items() if n})
    return reckon(programme, _scenario(given, programme, scenario))


@lru_cache(maxsize=KEPT)
def _checked(given: Given) -> tuple[Checked, tuple[Issue, ...]]:
    raws = [raw_table(cells, name, index) for index, (name, cells) in enumerate(given)]
    schemas = load_schemas()
    tables = {
        name: match_table(table, schemas[name])[0]
        for (name, _), table in zip(given, raws, strict=True)
    }
    return check_source(GivenTables([*raws, *stand_ins(tables)]), flags=False)


def _expect(cells: Matrix, name: str) -> None:
    schemas = load_schemas()
    found, table = tables_like(cells.rows[0]), schemas[name].table
    if not found:
        raise Misuse("not-table", argument=name, table=table)
    if name not in found:
        others = [schemas[other].table for other in schemas if other in found]
        raise Misuse("other-table", argument=name, table=table, found=others[0])


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
