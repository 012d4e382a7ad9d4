"""
From the tables that a worksheet function is given to the figures, reckoned once for all cells.

The stages are those of the command line: match, check, build, reckon. Results are kept by the
content of the tables, so that hundreds of formulas on the same tables reckon once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cmswp_xl.errors import Misuse, UnfitData
from cmswp_xl.excel.matrices import GivenTables, matrix, one_value, raw_table, tables_like
from cmswp_xl.excel.standins import stand_ins
from cmswp_xl.issues import Severity
from cmswp_xl.matching import match_table
from cmswp_xl.pipeline import check_source
from cmswp_xl.schema import load_schemas
from cmswp_xl.tables import comparable, is_blank
from cmswp_xl.totals import reckon

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cmswp_xl.cells import Raw
    from cmswp_xl.excel.matrices import Matrix
    from cmswp_xl.issues import Issue
    from cmswp_xl.model import Programme
    from cmswp_xl.totals import Reckoning
    from cmswp_xl.validate import Checked

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
