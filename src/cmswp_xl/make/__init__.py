"""
The programme workbook, written so that it is complete without any program: formulas and all.

The sheets that people fill in, tables and the form, are written here, with their drop-downs,
limits and messages; what is calculated or explained has modules of its own.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from decimal import Decimal
from functools import cache, partial
from io import BytesIO
from itertools import takewhile
from typing import Any, ClassVar
from zipfile import ZIP_DEFLATED, ZipFile

from cmswp_xl.cells import AsTyped, column_letters, quoted
from cmswp_xl.figures.computed import computed_columns
from cmswp_xl.figures.declarations import COMBINATIONS
from cmswp_xl.figures.totals import ProgrammeTotals
from cmswp_xl.languages import CARRIED, CHECKS, START, SUMMARY, WORDS, Language, Words
from cmswp_xl.make.book import (
    CREATED,
    HEADER_ROW,
    LAST_ROW,
    NUMBER,
    PART,
    Below,
    Book,
    CarriedCell,
    Content,
    Formats,
    Look,
    Part,
    Result,
    escaped,
    looks,
    no_text,
    numbered,
    set_height,
    set_widths,
)
from cmswp_xl.make.checks import Check, list_checks, write_checks
from cmswp_xl.make.formulas import (
    PERIOD,
    References,
    counted,
    filled,
    setting_number_name,
    word_number,
)
from cmswp_xl.make.lists import codes_name, validation, write_carried, write_records, write_words
from cmswp_xl.make.start import write_start
from cmswp_xl.make.summary import write_summary
from cmswp_xl.messages.labels import FIELD_KINDS
from cmswp_xl.money import known_total, stored_decimal, to_cents
from cmswp_xl.schema import ENTRY, ENTRY_KINDS, Field, TableSchema, load_schemas, sheet_schemas
from cmswp_xl.translated import SHEET, Record, records


def make_workbook(  # noqa: PLR0913  all that a workbook may hold
    content: Content,
    language: Language,
    totals: ProgrammeTotals | None,
    *,
    calculated: bool = True,
    below: Mapping[str, Sequence[Below]] | None = None,
    carried: Sequence[CarriedCell] = (),
    shown: Container[str] = (),
    part: Part | None = None,
    translated: Sequence[Record] = (),
) -> bytes:
    """
    Write the workbook of a content in a language; the same content gives the same bytes.

    `totals` is what the content adds up to, which formulas store as their values. None is for
    content that does not need it (settings, texts); ValueError where it does, or for other totals.
    Content with errors adds up to nothing: it is written with None and `calculated` false, its
    formulas without values, and may have cells below its tables. `carried` goes to a sheet of its
    own. `shown` are groups of sheets to show even though nothing is in them. In the copy for a
    `part` the rows of others are shaded. `translated` is what is known of translations.
    """
    if calculated:
        _fits(content, totals)
    elif totals is not None:
        raise ValueError(totals.scenario)
    buffer = BytesIO()
    from xlsxwriter import Workbook

    font = {"font_name": "Arial", "font_size": 10, "font_scheme": "none"}  # Arial is everywhere
    workbook = Workbook(buffer, {"in_memory": True, "default_format_properties": font})
    say, schemas = Words(language), load_schemas()
    references = References(sheet_schemas(), say)
    formats = Formats(workbook)
    book = Book(
        *(workbook, schemas, content, language, say, totals, references, formats, calculated),
        *(carried, part),
    )
    if part is not None:
        workbook.set_custom_property(PART, part.area)
    checks = list_checks(book)
    for check in checks:
        book.faults[check.table] += check.count
    _properties(book)
    _write_sheets(book, below or {}, shown, checks)
    kept = records(content, schemas, translated)
    if kept:
        write_records(workbook.add_worksheet(SHEET), kept)
    _lists(book)
    workbook.close()
    return _packed(buffer)


@cache
def _sheet_class() -> type:
    """Return XlsxWriter's sheet, whose import those that only ask for names do without."""
    from xlsxwriter.worksheet import Worksheet

    class _Sheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
        """
        A sheet that looks through each formula once, not once in every row.

        XlsxWriter runs some thirty searches over every formula, and a column has one in all rows.
        """

        _prepared: ClassVar[dict[tuple[str, bool], str]] = {}

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


def needs_totals(content: Content) -> bool:
    """Return whether there are rows of a table with calculated columns."""
    schemas = load_schemas()
    return any(
        any(x.computed for x in schemas[name].fields) for name, rows in content.items() if rows
    )


def _fits(content: Content, totals: ProgrammeTotals | None) -> None:
    activities = 0 if totals is None else len(totals.programme.activities)
    lacking = totals is None and needs_totals(content)
    if lacking or activities != len(content.get("activities", ())):
        raise ValueError(", ".join(name for name, rows in content.items() if rows))


def _properties(book: Book) -> None:
    title = book.setting(f"title_{book.language.value}") or book.say("Costed programme of work")
    book.workbook.set_properties({"title": title, "created": CREATED})
    book.workbook.set_calc_mode("auto")
    book.workbook.set_size(2400, 1400)


def _write_sheets(
    book: Book, below: Mapping[str, Sequence[Below]], shown: Container[str], found: Sequence[Check]
) -> None:
    """
    Write all sheets in order: Start, the tables, Summary, Checks, what was carried over.

    Sheets that are seldom needed are hidden, group by group, while nothing is in any of a group.
    """
    say = book.say
    add: Any = partial(book.workbook.add_worksheet, worksheet_class=_sheet_class())
    start, schemas = add(say(START)), book.references.schemas
    tables = {schema.name: add(schema.titles[book.language]) for schema in schemas.values()}
    summary, checks = add(say(SUMMARY)), add(say(CHECKS))
    write_start(book, start)
    used = {schemas[name].seldom for name in tables if book.rows(name) or below.get(name)}
    for name, sheet in tables.items():
        seldom = schemas[name].seldom
        if seldom and seldom not in used and seldom not in shown:
            sheet.hide()
        if schemas[name].form:
            _write_form(book, sheet, schemas[name])
        else:
            _write_table(book, sheet, schemas[name], below.get(name, ()))
    _arrange_entry(book, tables[ENTRY], schemas[ENTRY])
    write_summary(book, summary, say(SUMMARY))
    write_checks(book, checks, say(CHECKS), found)
    write_words(book, add(say(WORDS)))
    if book.carried:
        write_carried(book, add(say(CARRIED)), say(CARRIED))


def _lists(book: Book) -> None:
    """Name the codes of every table that others refer to, and what is offered; they grow."""
    inputs = [item for schema in book.schemas.values() for item in schema.inputs()]
    referred = {item.reference for item in inputs if item.reference and not item.list}
    columns = {
        book.schemas[reference.table].table: (reference.table, reference.field)
        for reference in sorted(referred, key=lambda reference: reference.table)
    }
    offered = filter(None, (item.offered for item in book.references.schemas[ENTRY].fields))
    for name, column in {**columns, **{name: ("areas", name) for name in offered}}.items():
        book.workbook.define_name(codes_name(name), f"={book.references.column(*column)}")


ROOM = "_ _ "
"""Leaves room, as wide as two spaces, between a number and the edge of its cell."""
_MOST_FROZEN = 2
_FIRST_ROW = HEADER_ROW + 1


def _write_table(book: Book, sheet: Any, schema: TableSchema, below: Sequence[Below] = ()) -> None:
    """Write the sheet of a table, with one blank row where it has no content, and cells below."""
    hint = book.say("Dark headers: required.")
    if any(item.computed and not item.hidden for item in schema.fields):
        hint += " " + book.say("Grey columns: calculated, do not type there.")
    if any(book.hidden(item) for item in schema.fields):
        hint += " " + book.say("The + above the columns shows the other languages.")
    title, purpose = schema.titles[book.language], schema.help[book.language]
    checked = schema if schema.name in book.schemas else None
    book.heading(sheet, title, purpose, hint, table=checked)
    _columns(book, sheet, schema)
    rows = book.rows(schema.name) or [{}]
    _table(book, sheet, schema, len(rows))
    _rows(book, sheet, schema, rows)
    _below(book, sheet, schema, _FIRST_ROW + len(rows) - 1, below)
    for number, item in enumerate(schema.fields):
        if not item.computed:
            rule = validation(book, schema.name, item)
            sheet.data_validation(_FIRST_ROW, number, LAST_ROW, number, rule)
    _marks(book, sheet, schema)
    _accept_texts(sheet, schema)
    frozen = _frozen(book, schema)
    sheet.freeze_panes(_FIRST_ROW, frozen)
    shown = [n for n, x in enumerate(schema.fields) if not (x.hidden or book.hidden(x))]
    widths = [book.width_of(schema.fields[number]) for number in shown]
    kept = sum(number < frozen for number in shown)
    if book.print_set_up(sheet, schema.tab, widths, HEADER_ROW, frozen=kept) > 1:
        sheet.repeat_columns(0, frozen - 1)


def _columns(book: Book, sheet: Any, schema: TableSchema) -> None:
    """Set width and format of every column, and fold away what is seldom looked at."""
    above = 0
    for number, item in enumerate(schema.fields):
        folded = book.hidden(item)
        level = bool(item.fold) + (folded and item.fold != "closed")
        options = {"level": level, "hidden": folded or item.hidden, "collapsed": above > level}
        form = book.formats(**_look(item, plain=True))
        sheet.set_column(number, number, book.width_of(item), form, options)
        above = level if folded else 0
    if above:
        number = len(schema.fields)
        sheet.set_column(number, number, None, None, {"collapsed": True})


def _look(item: Field, *, plain: bool = False) -> Look:
    """Return the look of a field's cells; `plain` is for the cells below the table."""
    look = looks("top")
    if item.number_format:
        look["num_format"] = item.number_format + ("" if item.type == "string" else ROOM)
    if item.type == "string" and (item.multiline or not item.computed):
        look["text_wrap"] = True
    if not plain:
        look |= looks("cell")
    if item.computed and not plain:
        look |= looks("calculated")
    return no_text(look) if item.computed else look


def _header_look(book: Book, item: Field) -> Look:
    grey = looks("calculated head")
    return looks("column head") | (grey if item.computed else _marked(book, item))


def _marked(book: Book, item: Field) -> dict[str, Any]:
    """Return the colours of the heading of a field, dark where it is required."""
    return looks("required" if book.required(item) else "optional")


def _add_table(
    book: Book, sheet: Any, schema: TableSchema, last: tuple[int, int], columns: Sequence[Any]
) -> None:
    options = {
        "name": schema.table,
        "style": "Table Style Light 1",
        "banded_rows": False,
        "autofilter": not schema.form and schema.name != ENTRY,
        "columns": columns,
        "title": schema.titles[book.language],
        "description": schema.help[book.language],
    }
    sheet.add_table(HEADER_ROW, 0, *last, options)


def _table(book: Book, sheet: Any, schema: TableSchema, count: int) -> None:
    columns: list[dict[str, Any]] = []
    for item in schema.fields:
        column = {
            "header": item.titles[book.language],
            "header_format": book.formats(**_header_look(book, item)),
            "format": book.formats(**_look(item)),
        }
        if item.computed:
            column["formula"] = book.references.figure(schema.name, item)
        columns.append(column)
    last = len(schema.fields) - 1
    _add_table(book, sheet, schema, (HEADER_ROW + count, last), columns)
    shown = (item for item in schema.fields if not (item.hidden or book.hidden(item)))
    texts = ((item.titles[book.language], item.width - 3) for item in shown)
    set_height(sheet, HEADER_ROW, *texts, least=2)


def _computed(book: Book, schema: TableSchema, count: int) -> Mapping[str, Sequence[Result]]:
    """Return the computed columns; the blank row of an empty table shows nothing."""
    values: Mapping[str, Sequence[Any]] = {}
    if schema.name == ENTRY:
        values = _entry_sums(book)
    elif book.totals is not None and book.rows(schema.name):
        values = computed_columns(book.totals, schema, book.language)
    found: dict[str, Sequence[Result]] = {}
    for item in schema.fields:
        if not item.computed:
            continue
        formula = book.references.figure(schema.name, item)
        found[item.name] = [
            Result(formula, book.word(schema, item, value))
            for value in values.get(item.name, [None] * count)
        ]
    return found


def _rows(book: Book, sheet: Any, schema: TableSchema, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the cells of the rows, each row as high as its texts need."""
    results, outside = _computed(book, schema, len(rows)), book.outside(schema.name)
    usual = [_look(item) for item in schema.fields]
    for index, row in enumerate(rows):
        texts, shade = list[tuple[str, float]](), looks("others") if index in outside else {}
        for number, item in enumerate(schema.fields):
            place, look = (_FIRST_ROW + index, number), {**usual[number], **shade}
            if item.computed:
                result = results[item.name][index]
                book.write(sheet, *place, result, look)
                value = result.value if item.multiline else None
            else:
                value = book.word(schema, item, row.get(item.name))
                book.write_entry(sheet, place, item, value, look)
            if isinstance(value, str) and not book.hidden(item) and not item.numeric:
                texts.append((value, book.width_of(item)))
        set_height(sheet, _FIRST_ROW + index, *texts)


def _below(book: Book, sheet: Any, schema: TableSchema, last: int, below: Sequence[Below]) -> None:
    """Write the cells that were found below the table, which are no part of it, below it again."""
    numbers = {item.name: number for number, item in enumerate(schema.fields)}
    for offset, name, value in below:
        place, item = (last + offset, numbers[name]), schema.field(name)
        word = book.word(schema, item, value)
        book.write_entry(sheet, place, item, word, _look(item, plain=True))


def _marks(book: Book, sheet: Any, schema: TableSchema) -> None:
    """Mark texts that stand for numbers, the funding status, and money for which there is none."""
    names, texts = [x.name for x in schema.fields], looks("text for a number")
    for number, item in enumerate(schema.fields):
        if item.type != "string" and not item.computed:
            cell = f"{column_letters(number + 1)}{_FIRST_ROW + 1}"
            area = (_FIRST_ROW, number, LAST_ROW, number)
            book.mark(sheet, area, texts, criteria=f"=ISTEXT({cell})")
    if "funding_status" not in names:
        return
    status, sought = names.index("funding_status"), names.index("to_be_sought")
    book.mark_statuses(sheet, (_FIRST_ROW, status, LAST_ROW, status))
    cell, look = f"${column_letters(status + 1)}{_FIRST_ROW + 1}", looks("no money")
    unfunded = book.fill(f"={cell}={{=funding-status:unfunded}}")
    book.mark(sheet, (_FIRST_ROW, sought, LAST_ROW, sought), look, criteria=unfunded)


def _accept_texts(sheet: Any, schema: TableSchema) -> None:
    """Keep Excel from marking codes such as 1.1 as numbers stored as text."""
    letters = [column_letters(n) for n, item in enumerate(schema.fields, 1) if item.code]
    ranges = " ".join(f"{x}{_FIRST_ROW + 1}:{x}{LAST_ROW + 1}" for x in letters)
    if ranges:
        sheet.ignore_errors({"number_stored_as_text": ranges})


def _frozen(book: Book, schema: TableSchema) -> int:
    """Count the columns that stay in view, if not told so the required codes at the beginning."""
    for number, item in enumerate(schema.fields, 1):
        if schema.frozen in (item.name, item.text or item.name) and not book.hidden(item):
            return number
    codes = takewhile(lambda item: item.code and item.required, schema.fields[:_MOST_FROZEN])
    return max(len(list(codes)), 1)


_SHOWN = 3
"""The years that are shown while the period is not known: those of a usual one."""
_START, _END = "Programme_period_start", "Programme_period_end"


def _arrange_entry(book: Book, sheet: Any, schema: TableSchema) -> None:
    """Colour and fold the columns by kind of money, and write the years above their headings."""
    names = [item.name for item in schema.fields]
    sheet.freeze_panes(HEADER_ROW + 1, names.index("to_be_sought") + 1)
    _write_waiting(book, sheet, schema)
    folded = False
    for number, item in enumerate(schema.fields):
        if item.kind is None:
            continue
        options: dict[str, object] = {"collapsed": folded}
        if item.year:
            folded = item.year > (len(book.years) or _SHOWN)
            options = {"level": 1 + folded, "hidden": folded}
            # the period may change
            beyond = f"=IF({PERIOD},{_START}+{item.year - 1}>{_END},FALSE)"
            area = (HEADER_ROW + 1, number, LAST_ROW, number)
            book.mark(sheet, area, looks("beyond"), criteria=beyond)
        elif item.numeric and not item.computed:
            options = {"level": 1}
        cells = book.formats(**_look(item, plain=True))
        sheet.set_column(number, number, item.width, cells, options)
        if item.computed:
            continue
        shape = looks("column head", item.kind)
        book.write(sheet, HEADER_ROW, number, item.titles[book.language], shape)
        if item.numeric:
            year = _year(book.years, item.year, book.say)
            book.write(sheet, HEADER_ROW - 1, number, year, looks(item.kind, "centred"))


def _year(years: Sequence[int], year: int | None, say: Words) -> Result:
    """Return the year that a column stands for, or the whole period; nothing beyond it."""
    if year is None:
        between = say("{first}–{last}", first="", last="")
        value = f"{years[0]}{between}{years[-1]}" if years else None
        return Result(f'=IF({PERIOD},{_START}&"{between}"&{_END},"")', value)
    shown = f'IF({_START}+{year - 1}<={_END},{_START}+{year - 1},"")'
    return Result(f'=IF({PERIOD},{shown},"")', years[year - 1] if year <= len(years) else None)


def _write_waiting(book: Book, sheet: Any, schema: TableSchema) -> None:
    """Say in the head how many rows have not been taken over, so that they count nowhere."""
    say, rows = book.say, book.rows(ENTRY)
    said = [item for item in schema.inputs() if item.name == "area" or item.required_text]
    any_of = "+".join(filled(f"{{{ENTRY}.{item.name}}}") for item in said)
    count = sum(any(row.get(item.name) not in (None, "") for item in said) for row in rows)
    waiting = Result(counted(f"({any_of}>0)"), count)
    none = say("✓ No rows to be taken over")
    some = numbered(say("! Rows to be taken over: {count}", count=NUMBER), waiting)
    formula = book.fill(f'=IF({waiting.formula}=0,"{escaped(none)}",{some.formula})')
    result = Result(formula, some.value if count else none)
    book.write(sheet, 1, 1, result, looks("bold"))
    book.mark_faults(sheet, (1, 1, 1, 1))


def _entry_sums(book: Book) -> Mapping[str, Sequence[Decimal | None]]:
    """Return the calculated columns of the rows of Entry; a text is no amount, nor is a blank."""
    inputs, sums = book.references.schemas[ENTRY].inputs(), {}
    for kind in ENTRY_KINDS:
        names = [item.name for item in inputs if item.kind == kind and item.numeric]
        typed = [known_total(_amount(row.get(name)) for name in names) for row in book.rows(ENTRY)]
        sums[f"total_{kind}"] = [
            amount if amount is None else to_cents(amount) for amount in typed
        ]
    gap, parts = COMBINATIONS["to_be_sought"], ENTRY_KINDS[:3]
    rows = zip(*(sums[f"total_{kind}"] for kind in parts), strict=True)
    sums["to_be_sought"] = [
        gap.amount({"other": None, **dict(zip(parts, row, strict=True))}) for row in rows
    ]
    return sums if book.rows(ENTRY) else {}


def _amount(value: object) -> Decimal | None:
    """Return what a cell adds to a sum."""
    if isinstance(value, AsTyped):
        number = value.value
        plain = isinstance(number, (int, float)) and not isinstance(number, bool)
        return stored_decimal(number) if plain else None  # type: ignore[arg-type]
    return None if value is None else Decimal(str(value))


_SETTING, _VALUE, _HELP = 0, 1, 3
_SETTING_WIDTH, _VALUE_WIDTH, _HELP_WIDTH = 34, 52, 90


def _write_form(book: Book, sheet: Any, schema: TableSchema) -> None:
    """Write the form; every value cell gets a name such as Programme_scenario."""
    titles = schema.form_titles
    if titles is None:
        raise ValueError(schema.name)
    hint = book.say(
        "Dark settings: required. Type in the column {column}.", column=titles[1][book.language]
    )
    title, purpose = schema.titles[book.language], schema.help[book.language]
    book.heading(sheet, title, purpose, hint, table=schema)
    head = looks("head")
    form = book.formats(**head)
    columns = [{"header": t[book.language], "header_format": form} for t in titles]
    _add_table(book, sheet, schema, (HEADER_ROW + len(schema.fields), _VALUE), columns)
    book.write(sheet, HEADER_ROW, _HELP, book.say("Explanation"), head)
    for row, item in enumerate(schema.fields, HEADER_ROW + 1):
        _setting(book, sheet, schema, row, item)
    last = HEADER_ROW + 1 + len(schema.fields)
    sheet.ignore_errors({"number_stored_as_text": f"B{HEADER_ROW + 2}:B{last}"})
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    widths = (_SETTING_WIDTH, _VALUE_WIDTH, 2, _HELP_WIDTH)
    set_widths(sheet, widths)
    book.print_set_up(sheet, schema.tab, widths, HEADER_ROW)


def _setting(book: Book, sheet: Any, schema: TableSchema, row: int, item: Field) -> None:
    value, explained = book.word(schema, item, book.entry(item.name)), item.help[book.language]
    bold = looks("bold") if book.required(item) else {}
    marked = looks("setting") | bold | _marked(book, item)
    book.write(sheet, row, _SETTING, item.titles[book.language], marked)
    shade = looks("others") if book.outside(schema.name) else {}
    look = {**looks("setting"), "align": "left", **shade}
    if item.number_format:
        look["num_format"] = item.number_format
    book.write_entry(sheet, (row, _VALUE), item, value, look)
    book.write(sheet, row, _HELP, explained, looks("wrapped", "grey"))
    sheet.data_validation(row, _VALUE, row, _VALUE, validation(book, schema.name, item))
    name = f"{schema.table}_{item.name}"
    if item.enum:
        number = word_number(name, FIELD_KINDS[schema.name, item.name])
        book.workbook.define_name(setting_number_name(item.name), f"={number}")
    book.workbook.define_name(name, f"={quoted(schema.titles[book.language])}!$B${row + 1}")
    set_height(sheet, row, (explained, _HELP_WIDTH), (str(value or ""), _VALUE_WIDTH))
