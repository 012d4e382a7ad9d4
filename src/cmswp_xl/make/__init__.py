"""The programme workbook, written so that it is complete without any program: formulas and all."""

from __future__ import annotations

import datetime as dt
from functools import cache, partial
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from cmswp_xl.languages import Words
from cmswp_xl.make.book import (
    CARRIED,
    CHECKS,
    OWN,
    START,
    SUMMARY,
    Below,
    Book,
    CarriedCell,
    Content,
    Formats,
)
from cmswp_xl.make.checks import write_checks
from cmswp_xl.make.formulas import References
from cmswp_xl.make.lists import CARRIED_HEADERS, LONGEST_TEXT, carried_titles, write_carried
from cmswp_xl.make.start import write_start
from cmswp_xl.make.summary import write_summary
from cmswp_xl.make.table_sheet import list_name, write_form, write_table
from cmswp_xl.schema import load_schemas
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cmswp_xl.figures.totals import ProgrammeTotals
    from cmswp_xl.languages import Language

__all__ = [
    "CARRIED_HEADERS",
    "LONGEST_TEXT",
    "Below",
    "CarriedCell",
    "Content",
    "carried_titles",
    "make_workbook",
    "own_sheets",
]

_CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001  the same in every workbook, of no time zone


@cache
def own_sheets(language: Language) -> frozenset[str]:
    """Return the sheets that hold none of the tables, in comparable form."""
    return frozenset(comparable(Words(language)(name)) for name in (*OWN, CARRIED))


def make_workbook(
    content: Content,
    language: Language,
    totals: ProgrammeTotals | None,
    *,
    calculated: bool = True,
    below: Mapping[str, Sequence[Below]] | None = None,
    carried: Sequence[CarriedCell] = (),
) -> bytes:
    """
    Write the workbook of a content in a language; the same content gives the same bytes.

    `totals` is what the content adds up to, which formulas store as their values. None is for
    content without rows (settings alone); ValueError where there are rows, or other ones. Content
    with errors adds up to nothing: it is written with None and `calculated` false, its formulas
    without values, and may have cells below its tables. `carried` goes to a sheet of its own.
    """
    if calculated:
        _fits(content, totals)
    elif totals is not None:
        raise ValueError(totals.scenario)
    buffer = BytesIO()
    from xlsxwriter import Workbook

    workbook = Workbook(buffer, _options())
    say, schemas = Words(language), load_schemas()
    references = References(schemas, language)
    formats = Formats(workbook)
    book = Book(
        workbook,
        schemas,
        content,
        language,
        say,
        totals,
        references,
        formats,
        calculated,
        carried,
    )
    _properties(book)
    _write_sheets(book, below or {})
    _lists(book)
    workbook.close()
    return _packed(buffer)


def _sheet_class() -> type:
    """Return XlsxWriter's sheet, whose import those that only ask for names do without."""
    from xlsxwriter.worksheet import Worksheet

    class _Sheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
        """
        A sheet that looks through each formula once, not once in every row.

        XlsxWriter runs some thirty searches over every formula, and a column has one in all rows.
        """

        def __init__(self) -> None:
            super().__init__()
            self._prepared: dict[tuple[str, bool], str] = {}

        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: FBT001, FBT002  XlsxWriter's own signature
            key = (formula, expand_future_functions)
            if key not in self._prepared:
                self._prepared[key] = super()._prepare_formula(formula, expand_future_functions)
            return self._prepared[key]

    return _Sheet


def _packed(buffer: BytesIO) -> bytes:
    """Return the package packed closer, since its formulas repeat in every row."""
    result = BytesIO()
    with ZipFile(buffer) as loose, ZipFile(result, "w", ZIP_DEFLATED, compresslevel=9) as packed:
        for part in loose.infolist():
            packed.writestr(part, loose.read(part), ZIP_DEFLATED, compresslevel=9)
    return result.getvalue()


def _options() -> dict[str, Any]:
    """Return XlsxWriter's options, which it changes; Arial is there, or is matched, everywhere."""
    font = {"font_name": "Arial", "font_size": 10, "font_scheme": "none"}
    return {"in_memory": True, "default_format_properties": font}


def _fits(content: Content, totals: ProgrammeTotals | None) -> None:
    activities = 0 if totals is None else len(totals.programme.activities)
    rows = [name for name, rows in content.items() if rows and name != "programme"]
    if (totals is None and rows) or activities != len(content.get("activities", ())):
        raise ValueError(", ".join(rows))


def _properties(book: Book) -> None:
    title = book.setting(f"title_{book.language.value}") or book.say("Costed programme of work")
    book.workbook.set_properties({"title": title, "created": _CREATED})
    book.workbook.set_calc_mode("auto")
    book.workbook.set_size(2400, 1400)


def _write_sheets(book: Book, below: Mapping[str, Sequence[Below]]) -> None:
    """Write all sheets in order: Start, the tables, Summary, Checks, what was carried over."""
    own = (*OWN, CARRIED) if book.carried else OWN
    names = {name: book.say(name) for name in own}
    add: Any = partial(book.workbook.add_worksheet, worksheet_class=_sheet_class())
    start = add(names[START])
    tables = {schema.name: add(schema.titles[book.language]) for schema in book.schemas.values()}
    summary, checks = add(names[SUMMARY]), add(names[CHECKS])
    write_start(book, start, names)
    for name, sheet in tables.items():
        schema = book.schemas[name]
        if schema.form:
            write_form(book, sheet, schema)
        else:
            write_table(book, sheet, schema, below.get(name, ()))
    write_summary(book, summary, names[SUMMARY])
    write_checks(book, checks, names[CHECKS])
    if book.carried:
        write_carried(book, add(names[CARRIED]), names[CARRIED])


def _lists(book: Book) -> None:
    """Name the codes of every table that others refer to; the names grow with the tables."""
    referred = {
        item.reference
        for schema in book.schemas.values()
        for item in schema.inputs()
        if item.reference and not item.list
    }
    for reference in sorted(referred, key=lambda reference: reference.table):
        name = list_name(book.schemas[reference.table].table)
        column = book.references.column(reference.table, reference.field)
        book.workbook.define_name(name, f"={column}")
