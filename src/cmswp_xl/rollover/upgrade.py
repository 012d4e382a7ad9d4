"""An older workbook carried into a new one: every value to its field, nothing lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cmswp_xl.cells import AsTyped, position
from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.figures.totals import compute_totals
from cmswp_xl.issues import Severity, count
from cmswp_xl.languages import N_, Language, Words
from cmswp_xl.make import make_workbook, needs_totals
from cmswp_xl.make.book import CarriedCell, Part
from cmswp_xl.matching import match_tables, own_sheets
from cmswp_xl.messages.values import cells_text, display_text, series
from cmswp_xl.ooxml import Limits
from cmswp_xl.pipeline import check_source
from cmswp_xl.rollover.period import INDENT, Content, content_of, title_of
from cmswp_xl.rollover.unmapped_cells import Unmapped, own_words, unmapped_cells
from cmswp_xl.samples import RowsSource
from cmswp_xl.schema import ENTRY, load_schemas, sheet_schemas
from cmswp_xl.translated import Record, records_in
from cmswp_xl.validate import Checked
from cmswp_xl.validate.typed import TypedTable, type_tables
from cmswp_xl.xlsx import Inventory, WorkbookFile, open_workbook, read_inventory


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


@dataclass(frozen=True)
class Origin:
    """The workbook that another is made from: its file, its tables with Entry, its language."""

    book: WorkbookFile
    typed: Mapping[str, TypedTable]
    language: Language
    limits: Limits | None = None

    @cached_property
    def inventory(self) -> Inventory:
        """Everything that the file holds."""
        return read_inventory(self.book.data, self.book.name, self.limits)

    @cached_property
    def content(self) -> Content:
        """The rows of its tables."""
        return content_of(self.typed)

    @cached_property
    def _unmapped(self) -> dict[Language, Unmapped]:
        """What has no place, by the language in which it was asked for."""
        return {}

    def unmapped(self, language: Language) -> Unmapped:
        """Return what of it has no place in a new workbook, in the words of a language."""
        if language not in self._unmapped:
            tables = {name: table.table for name, table in self.typed.items()}
            own, raws = own_words(self.language), self.book.tables()
            found = unmapped_cells(self.inventory, raws, tables, own, Words(language))
            self._unmapped[language] = found
        return self._unmapped[language]

    def with_content(
        self,
        content: Content,
        language: Language | None = None,
        *,
        part: Part | None = None,
        translated: Sequence[Record] = (),
    ) -> Upgrade:
        """
        Make a workbook of a content, with all else that this one has.

        It is in a language, or else in this one's; with a `part`, the copy for an area.
        `translated` is known of translations beside what this one keeps. With errors, no formula
        has a value.
        """
        chosen = language or self.language
        left = self.unmapped(chosen)
        checked, issues = check_source(RowsSource(content, load_schemas(), chosen), flags=False)
        programme = None if left.below else checked.programme
        unfit = sum(
            isinstance(v, AsTyped) for r in content.values() for row in r for v in row.values()
        )
        sound = not (needs_totals(content) or unfit or left.below)
        data = make_workbook(
            content,
            chosen,
            None if programme is None else compute_totals(programme),
            calculated=programme is not None or sound,
            below=left.below,
            carried=left.carried,
            part=part,
            translated=(*records_in(self.inventory.cells), *translated),
        )
        return Upgrade(
            data=data,
            language=chosen,
            rows={name: len(content.get(name, ())) for name in sheet_schemas()},
            added=tuple(self._added()),
            unfit=unfit,
            errors=count(issues, Severity.ERROR) + len(left.below),
            carried=left.carried,
        )

    def _added(self) -> Iterator[tuple[str, str | None]]:
        for name, schema in sheet_schemas().items():
            found = self.typed.get(name)
            if found is None:
                yield name, None
            else:
                fields = (item.name for item in schema.inputs())
                yield from ((name, field) for field in fields if field not in found.columns)


def origin_of(book: WorkbookFile, checked: Checked, limits: Limits | None = None) -> Origin:
    """Return a workbook that was checked, to make another from."""
    return Origin(book, typed_of(checked), checked.names.language, limits)


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
    origin = Origin(book, type_tables(tables)[0], tables.names.language, limits)
    return origin.with_content(origin.content, language)


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
