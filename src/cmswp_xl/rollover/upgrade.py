"""An older workbook carried into a new one: every value to its field, nothing lost."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.cells import AsTyped, position
from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.figures.totals import compute_totals
from cmswp_xl.issues import Severity, count
from cmswp_xl.languages import N_, Words
from cmswp_xl.make import make_workbook, needs_totals
from cmswp_xl.matching import match_tables, own_sheets
from cmswp_xl.messages.values import cells_text, display_text, series
from cmswp_xl.pipeline import check_source
from cmswp_xl.rollover.period import INDENT, content_of, title_of
from cmswp_xl.rollover.unmapped_cells import own_words, unmapped_cells
from cmswp_xl.samples import RowsSource
from cmswp_xl.schema import ENTRY, load_schemas, sheet_schemas
from cmswp_xl.translated import records_in
from cmswp_xl.validate.typed import type_tables
from cmswp_xl.xlsx import open_workbook, read_inventory

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from cmswp_xl.languages import Language
    from cmswp_xl.make.book import CarriedCell, Part
    from cmswp_xl.ooxml import Limits
    from cmswp_xl.rollover.period import Content
    from cmswp_xl.rollover.unmapped_cells import Unmapped
    from cmswp_xl.schema import TableSchema
    from cmswp_xl.tables import Table
    from cmswp_xl.translated import Record
    from cmswp_xl.validate import Checked
    from cmswp_xl.validate.typed import TypedTable
    from cmswp_xl.xlsx import WorkbookFile


@dataclass(frozen=True, slots=True)
class Upgrade:
    """
    A workbook made from an older one.

    `rows` counts the rows carried by table, `added` names the tables and columns that the older
    workbook did not have, `unfit` counts the values that do not fit their fields, `errors` the
    errors that the new workbook has, and `carried` is what has no place in it.
    """

    data: bytes
    language: Language
    rows: Mapping[str, int]
    added: Sequence[tuple[str, str | None]]
    unfit: int
    errors: int
    carried: Sequence[CarriedCell]


def typed_of(checked: Checked) -> dict[str, TypedTable]:
    """Return the tables of a workbook, Entry with them."""
    entry = {} if checked.entry is None else {ENTRY: checked.entry}
    return {**checked.typed, **entry}


def upgraded(
    path: Path, language: Language | None = None, limits: Limits | None = None
) -> Upgrade:
    """
    Carry a workbook into a new one, in a language or else in its own.

    Raises `UnreadableWorkbook` where it cannot be read or holds none of the programme's tables.
    """
    book = open_workbook(path, limits)
    tables, _ = match_tables(book, sheet_schemas(), (own_sheets,))
    if not tables.by_name:
        raise UnreadableWorkbook("not-programme", file=str(path))
    typed, _ = type_tables(tables)
    return carried_over(book, typed, content_of(typed), tables.names.language, language, limits)


def carried_over(  # noqa: PLR0913  what a workbook is made of
    book: WorkbookFile,
    typed: Mapping[str, TypedTable],
    content: Content,
    spoken: Language,
    language: Language | None = None,
    limits: Limits | None = None,
    *,
    part: Part | None = None,
    translated: Sequence[Record] = (),
) -> Upgrade:
    """
    Make a workbook of a content that was read from a book, with all else that the book has.

    It is in a language, or else in the one that is `spoken` in the book; with a `part`, the copy
    for an area. `translated` is known of translations beside what the book itself keeps.
    """
    schemas, tables = sheet_schemas(), {name: table.table for name, table in typed.items()}
    chosen = language or spoken
    inventory = read_inventory(book.data, book.name, limits)
    left = unmapped_cells(
        inventory,
        book.tables(),
        tables,
        own_words(spoken),
        Words(chosen),
    )
    known = (*records_in(inventory.cells), *translated)
    data, errors = _made(content, left, chosen, known, part)
    return Upgrade(
        data=data,
        language=chosen,
        rows={name: len(content.get(name, ())) for name in schemas},
        added=tuple(_added(tables, schemas)),
        unfit=sum(isinstance(value, AsTyped) for value in _values(content)),
        errors=errors,
        carried=left.carried,
    )


def _made(
    content: Content,
    left: Unmapped,
    language: Language,
    translated: Sequence[Record],
    part: Part | None,
) -> tuple[bytes, int]:
    """Make the workbook and count its errors; with errors, no formula has a value."""
    checked, issues = check_source(RowsSource(content, load_schemas(), language), flags=False)
    programme = None if left.below else checked.programme
    data = make_workbook(
        content,
        language,
        None if programme is None else compute_totals(programme),
        calculated=programme is not None or (_is_sound(content) and not left.below),
        below=left.below,
        carried=left.carried,
        part=part,
        translated=translated,
    )
    return data, count(issues, Severity.ERROR) + len(left.below)


def _is_sound(content: Content) -> bool:
    """Return whether every formula has a value without totals, and nothing is unfit."""
    return not needs_totals(content) and not any(isinstance(v, AsTyped) for v in _values(content))


def _values(content: Content) -> Iterator[object]:
    for rows in content.values():
        for row in rows:
            yield from row.values()


def _added(
    tables: Mapping[str, Table], schemas: Mapping[str, TableSchema]
) -> Iterator[tuple[str, str | None]]:
    for name, schema in schemas.items():
        if name not in tables:
            yield name, None
        else:
            present = tables[name].columns
            yield from ((name, item.name) for item in schema.inputs() if item.name not in present)


def upgrade_report(made: Upgrade, path: str, old: str, say: Words) -> str:
    """Return in words what of an older workbook has its place, and what has none."""
    tables = sum(1 for count in made.rows.values() if count)
    rows = sum(made.rows.values())
    lines = [
        say("Workbook created: {path}", path=path),
        say(
            "Carried over from {old}, which is unchanged. Rows: {rows}; tables: {tables}.",
            old=display_text(old, None),
            rows=rows,
            tables=tables,
        ),
        *_new_parts(made, say),
    ]
    if made.unfit:
        lines.append(
            say.many(
                "{count} value does not fit its column; it is kept as it was typed.",
                "{count} values do not fit their columns; they are kept as they were typed.",
                made.unfit,
            )
        )
    if made.errors:
        command = f'cmswp validate "{path}"' if " " in path else f"cmswp validate {path}"
        lines.append(
            say.many(
                "The new workbook has {count} error; to see it, run: {command}",
                "The new workbook has {count} errors; to see them, run: {command}",
                made.errors,
                command=command,
            )
        )
    return "\n".join((*lines, *_carried(made.carried, say)))


def _new_parts(made: Upgrade, say: Words) -> Iterator[str]:
    tables = [
        title_of(name, made.language)
        for name, field in made.added
        if field is None and not made.rows.get(name)
    ]
    columns: dict[str, list[str]] = defaultdict(list)
    for name, field in made.added:
        if field is not None:
            title = sheet_schemas()[name].field(field).titles[made.language]
            columns[title_of(name, made.language)].append(title)
    if tables:
        yield say("New tables, still empty: {tables}", tables=series(tables, say))
    for table, titles in columns.items():
        yield say("New in {table}: {columns}", table=table, columns=series(titles, say))


def _carried(carried: Sequence[CarriedCell], say: Words) -> Iterator[str]:
    if not carried:
        yield say("Everything has its place in the new workbook.")
        return
    yield say.many(
        "{count} entry has no place and is kept on the sheet “{sheet}”:",
        "{count} entries have no place and are kept on the sheet “{sheet}”:",
        len(carried),
        sheet=say("Carried over"),
    )
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for cell in carried:
        groups[cell.sheet, cell.heading, cell.kind].append(cell.cell)
    for (sheet, heading, kind), cells in groups.items():
        place = " · ".join(display_text(part) for part in (sheet, heading) if part)
        where = cells_text(sorted(filter(None, cells), key=_order), say)
        text = N_("{place}: {kind} ({cells})") if where else N_("{place}: {kind}")
        yield INDENT + say(text, place=place, kind=kind, cells=where)


def _order(cell: str) -> tuple[int, int]:
    """Put cells in the order of their columns, so that ranges show."""
    first = cell.partition(":")[0].partition(",")[0]
    try:
        row, column = position(first)
    except ValueError:
        return 0, 0
    return column, row
