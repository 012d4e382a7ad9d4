"""
The Checks sheet: what the checks look for, by formula and in the content that is written.

Above the list of all checks stand the first that found something.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import groupby
from typing import Any

from cmswp_xl.cells import address, column_letters, quoted
from cmswp_xl.figures.computed import comparable_key
from cmswp_xl.figures.declarations import AVAILABLE_STAGES
from cmswp_xl.languages import Language
from cmswp_xl.make.book import (
    FAULTY,
    FINE,
    HEADER_ROW,
    Book,
    Look,
    Result,
    Value,
    escaped,
    looks,
    set_height,
)
from cmswp_xl.make.formulas import (
    ANY_NUMBER,
    PERIOD,
    array,
    counted,
    filled,
    first_of,
    in_scenario,
    is_setting,
    is_word,
    list_name,
    matchable,
    matched,
    numbers,
    numbers_of,
    setting_number_name,
    spellings_name,
    summed,
)
from cmswp_xl.make.lists import (
    Column,
    Room,
    write_head,
    write_rows,
    write_title,
    write_warning,
)
from cmswp_xl.messages.labels import FIELD_KINDS, words_of
from cmswp_xl.money import HUNDRED, product, total
from cmswp_xl.resources import texts
from cmswp_xl.schema import Field, TableSchema
from cmswp_xl.tables import code_of

_words = cache(texts)
"""Title and remedy of each check by its code, in `messages/checks.yaml`."""


@dataclass(frozen=True, slots=True)
class Check:
    """
    One check: the sheet it looks at, what it looks for, the remedy, and what it finds.

    `formula` counts the faults, `address` gives the cell of the first one where there are any;
    `count` and `cell` are what both show for the content.
    """

    table: str
    title: str
    remedy: str
    formula: str
    address: str
    count: int
    cell: str | None


@dataclass(frozen=True, slots=True)
class _Place:
    """The field that a check looks at; what formulas call its cells, and its heading."""

    book: Book
    schema: TableSchema
    field: Field
    cells: str
    head: str

    def where(self, wrong: Callable[[Any], object]) -> list[int]:
        """Return the rows of the content that are filled here, and wrongly."""
        values = enumerate(row.get(self.field.name) for row in self.book.rows(self.schema.name))
        return [index for index, value in values if comparable_key(value) and wrong(value)]

    def check(
        self, code: str, formula: str, faults: Sequence[int], row: str = "", **said: object
    ) -> Check:
        """
        Make a check by the formula of the count and that of the row of the first faulty cell.

        The row is that of the heading unless it is given; `faults` are rows of the content. What
        is `said` fills the words of the check.
        """
        words = _words("checks")[code]
        title, remedy = (self.book.say(words[part], **said) for part in ("title", "remedy"))
        first = f"ADDRESS({row or f'ROW({self.head})'},COLUMN({self.head}),4)"
        cell = self.cell(faults[0]) if faults else None
        return Check(self.schema.name, title, remedy, formula, first, len(faults), cell)

    def by_row(
        self,
        code: str,
        tests: Sequence[str],
        faults: Sequence[int],
        sound: str = "",
        **said: object,
    ) -> Check:
        """
        Make a check by what holds for each faulty row, which gives both formulas.

        Where the quick test `sound` holds nothing is wrong, and no row is looked at.
        """
        formula = f"IF({sound},0,{counted(*tests)})" if sound else counted(*tests)
        row = "" if self.schema.form else f"ROW({self.head})+{first_of(*tests)}"
        title = self.field.titles[self.book.language]
        return self.check(code, formula, faults, row, column=title, **said)

    def all_are(self, count: str) -> str:
        """Return the test whether a count is that of all filled cells."""
        return f"{count}=ROWS({self.cells})-COUNTBLANK({self.cells})"

    def cell(self, row: int) -> str:
        """Return the cell of a row of the content, or of the setting."""
        number = self.schema.fields.index(self.field)
        below, column = (number, 2) if self.schema.form else (row, number + 1)
        return address(HEADER_ROW + 2 + below, column)


def _place(book: Book, table: str, name: str) -> _Place:
    """Return the place of a field: a column, or the cell of a setting."""
    schema = book.schemas[table]
    cells = head = f"{schema.table}_{name}"
    if not schema.form:
        cells, head = f"{{{table}.{name}}}", f"{{{table}.{name}#}}"
    return _Place(book, schema, schema.field(name), cells, head)


def list_checks(book: Book) -> Sequence[Check]:
    """Return all checks in the order of the sheets, those of a sheet by what they look for."""
    order = list(book.schemas)
    return sorted(_checks(book), key=lambda check: order.index(check.table))


def _checks(book: Book) -> Iterator[Check]:
    places = [_place(book, s.name, x.name) for s in book.schemas.values() for x in s.inputs()]
    yield _blank_settings(book)
    yield from (_unknown_codes(x) for x in places if x.field.reference and not x.field.list)
    yield from (_blank_cells(x) for x in places if x.field.required and not x.schema.form)
    yield from _blank_titles(book)
    yield from _duplicates(book)
    yield _nested_areas(book)
    yield from (_unknown_words(x) for x in places if x.field.enum)
    yield from (_faulty_numbers(x) for x in places if x.field.numeric)
    yield from (_below_table(book, s) for s in book.schemas.values() if not s.form)
    yield from _unreached(book)
    yield from _totals_apart(book)
    yield from _overfull(book)
    yield from _years_outside(book)
    yield _products(book)
    yield _weights(book)


def _keys(book: Book, table: str, field: str) -> list[str]:
    """Return a column of the content as the formulas compare keys."""
    return [comparable_key(row.get(field)) for row in book.rows(table)]


def _number(value: Any) -> Decimal | None:
    """Return a value of the content as a number; None where it is blank or no number."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _blank_settings(book: Book) -> Check:
    """Look for required settings that are blank."""
    schema, original = book.schemas["programme"], book.setting("original_language")
    blank, missing = {}, []
    for item in schema.fields:
        name = f"{schema.table}_{item.name}"
        if item.required or item.required_text:
            asked = is_setting("original_language", item.language) if item.language else "1"
            blank[name] = f'{asked}*(TRIM({name})="")'
            if item.language in (None, original) and not comparable_key(book.setting(item.name)):
                missing.append(item.name)
    rows = ",".join(f"IF({test},ROW({name}),9^9)" for name, test in blank.items())
    place, formula = _place(book, schema.name, (*missing, "currency")[0]), "+".join(blank.values())
    return place.check("blank-settings", formula, range(len(missing)), f"MIN({rows})")


def _unknown_codes(place: _Place) -> Check:
    """Look for codes that the referred table does not have."""
    book, target, row = place.book, place.field.reference, place.schema.row_field(place.field.name)
    if target is None:
        raise KeyError(place.field.name)
    rows = f"{{{place.schema.name}.{row.name}}}" if row else ""
    found = f"ISNUMBER({rows})" if rows else matched(place.cells, f"{{{target.table}.key}}")
    known = set(_keys(book, target.table, target.field))
    return place.by_row(
        "unknown-codes",
        (filled(place.cells), f"(1-{found})"),
        place.where(lambda code: comparable_key(code) not in known),
        place.all_are(f'COUNTIFS({place.cells},"?*",{rows},">0")' if rows else "0"),
        sheet=book.sheet(target.table),
    )


def _blank_cells(place: _Place, code: str = "blanks", *, known: bool = True) -> Check:
    """
    Look for the blank cells of a column in rows that hold anything.

    They need not be counted where no cell of the column is blank. Whatever the number of columns,
    the formula has the same length. Unless the column is `known` the content is left unread.
    """
    book, schema, name = place.book, place.schema, place.field.name
    first, *_, last = inputs = schema.inputs()
    whole = book.references.columns(schema.name, first.name, last.name)
    column_a = f"{quoted(book.sheet(schema.name))}!$A:$A"
    ones = f"ROW(INDEX({column_a},1):INDEX({column_a},COLUMNS({whole})))^0"
    conditions = (f'(TRIM({place.cells})="")', f"(MMULT(--{filled(whole)},{ones})>0)")
    faults = [
        index
        for index, row in enumerate(book.rows(schema.name))
        if known and not comparable_key(row.get(name))
        if any(comparable_key(row.get(item.name)) for item in inputs)
    ]
    full = f"{counted(filled(place.cells))}=ROWS({place.cells})"
    return place.by_row(code, conditions, faults, full)


def _blank_titles(book: Book) -> Iterator[Check]:
    """Look for texts that are missing in the original language, in the column of that language."""
    original = book.setting("original_language")
    chosen = f"({setting_number_name('original_language')}+1)"
    for schema in book.schemas.values():
        inputs = () if schema.form else schema.inputs()
        for text in {x.text: x for x in inputs if x.text and x.required_text}:
            fields = {x.language: x.name for x in schema.texts(text)}
            places = [_place(book, schema.name, fields[language]) for language in Language]
            place = replace(
                _place(book, schema.name, fields.get(original) or fields[book.language]),
                cells=f"CHOOSE({chosen},{','.join(place.cells for place in places)})",
                head=f"CHOOSE({chosen},{','.join(place.head for place in places)})",
            )
            check = _blank_cells(place, "blank-titles", known=bool(original))
            yield replace(check, formula=f"IF(ISNUMBER({chosen}),{check.formula},0)")


def _duplicates(book: Book) -> Iterator[Check]:
    """Look for repeated keys, and for numbers repeated in an area."""
    for schema in book.schemas.values():
        if names := schema.primary_key:
            columns = " + ".join(schema.field(name).titles[book.language] for name in names)
            yield _repeated(book, schema, names, "repeated-keys", columns=columns)
    yield _repeated(book, book.schemas["activities"], ("area", "number"), "repeated-numbers")


def _repeated(
    book: Book, schema: TableSchema, names: Sequence[str], code: str, columns: str = ""
) -> Check:
    """Look for rows that repeat the keys of a row above; the cell is that of the last key."""
    cells = [f"{{{schema.name}.{name}}}" for name in names]
    sought = among = next((x.name for x in schema.fields if [x.key_of] == list(names)), "")
    if sought:
        sought = among = f"{{{schema.name}.{sought}}}"
    else:
        sought = "".join(f'{matchable(cell)}&"|"&' for cell in cells)[:-1]
        among = "".join(f'{matchable(array(cell))}&"|"&' for cell in cells)[:-1]
    later = f"(MATCH({sought},{among},0)<>{numbers_of(cells[0])})"
    keys = list(zip(*(_keys(book, schema.name, name) for name in names), strict=True))
    first = {key: index for index, key in reversed(list(enumerate(keys)))}
    faults = [index for index, key in enumerate(keys) if all(key) and first[key] < index]
    place = _place(book, schema.name, names[-1])
    return place.by_row(code, (*map(filled, cells), later), faults, columns=columns)


def _nested_areas(book: Book) -> Check:
    """Look for areas that are placed under themselves or under a sub-area."""
    place = _place(book, "areas", "parent")
    placed = filled(place.cells)
    among = f'{matchable(array("{areas.code}"))}&"|"&(--{placed})'
    found = f'ISNUMBER(MATCH({matchable(place.cells)}&"|1",{among},0))'
    areas = zip(_keys(book, "areas", "code"), _keys(book, "areas", "parent"), strict=True)
    nested = {key for key, parent in areas if parent}
    faults = place.where(lambda parent: comparable_key(parent) in nested)
    return place.by_row("nested-areas", (placed, found), faults)


def _unknown_words(place: _Place) -> Check:
    """Look for words that the list of a column does not have."""
    table, item, say = place.schema.name, place.field, place.book.say
    words = say(", ").join(words_of(table, item, say).values())
    known = spellings_name(FIELD_KINDS[table, item.name])
    return place.by_row(
        "unknown-words",
        (filled(place.cells), f"(1-{matched(place.cells, known)})"),
        place.where(lambda word: code_of(table, item, comparable_key(word)) is None),
        place.all_are(f"SUMPRODUCT(COUNTIF({place.cells},{list_name(table, item)}))"),
        words=words,
    )


def _faulty_numbers(place: _Place) -> Check:
    """Look for texts, negative numbers and numbers too large in a column."""
    cells, item = place.cells, place.field
    least, most = item.minimum or Decimal(0), item.maximum or Decimal(10**12)
    return place.by_row(
        "faulty-numbers",
        (filled(cells), f"(1-ISNUMBER({cells})*({cells}>={least})*({cells}<={most}))"),
        place.where(lambda value: (n := _number(value)) is None or not least <= n <= most),
        place.all_are(f'COUNTIFS({cells},">={least}",{cells},"<={most}")'),
    )


def _below_table(book: Book, schema: TableSchema) -> Check:
    """Look for cells filled in below a table that did not grow; a totals row is none of them."""
    place = _place(book, schema.name, schema.inputs()[0].name)
    letters = place.cell(0).rstrip("0123456789")
    whole = f"{quoted(book.sheet(schema.name))}!${letters}${HEADER_ROW + 2}:${letters}$1048576"
    cell = book.references.column(schema.name, place.field.name, "Totals")
    totals = f'IFERROR(SUMPRODUCT(--({cell}<>"")),0)'
    formula = f"COUNTA({whole})-COUNTA({place.cells})-{totals}"
    row = f"ROW({place.head})+ROWS({place.cells})+1"
    return place.check("below-table", formula, (), row)


def _unreached(book: Book) -> Iterator[Check]:
    """
    Look for amounts whose row does not find its activity, by its code and by its number.

    Numbers that formulas found are not looked at again where there is one for each amount.
    """
    known, rows_of = set(_keys(book, "activities", "id")) - {""}, numbers_of("{activities.id}")
    for table in ("costs", "funding"):
        place, amount = _place(book, table, "activity"), f"{{{table}.amount}}"
        number = f"{{{table}.activity_row}}"
        found = f"LOOKUP({number},{rows_of},{{activities.key}})"
        reached = f"ISNUMBER(1/EXACT({matchable(place.cells)},{found}))"
        faults = [
            index
            for index, row in enumerate(book.rows(table))
            if _number(row.get("amount")) is not None
            if comparable_key(row.get("activity")) not in known
        ]
        conditions, sheet = (f"ISNUMBER({amount})", f"(1-{reached})"), book.sheet("activities")
        calculated = f"SUMPRODUCT(--_xlfn.ISFORMULA({number}))=ROWS({number})"
        each = f"{numbers(amount, number, ANY_NUMBER)}=COUNT({amount})"
        sound = f"AND({calculated},{each})"
        yield place.by_row("unreached", conditions, faults, sound, sheet=sheet)


def _totals_apart(book: Book) -> Iterator[Check]:
    """Look for totals that differ from those of Activities, as after typing over formulas."""
    available = (is_word("{funding.stage}", "stage", stage) for stage in sorted(AVAILABLE_STAGES))
    in_kind = is_word("{funding.in_kind}", "yes-no", "yes")
    money = (f"({'+'.join(available)}>0)", f"(1-{in_kind})")
    for table, figure, conditions in (("costs", "cost", ()), ("funding", "available", money)):
        scenario = in_scenario(f"{{{table}.scenario}}")
        amounts = summed(f"{{{table}.amount}}", scenario, *conditions)
        formula = f"IF(ABS(ROUND({amounts}-SUM({{activities.{figure}}}),2))>0.004,1,0)"
        yield _place(book, table, "amount").check(f"{table}-apart", formula, ())


def _overfull(book: Book) -> Iterator[Check]:
    """Look for posts of which more than the whole is allotted, or paid; the first row of each."""
    posts = dict.fromkeys(_keys(book, "posts", "id"))
    for figure, table in (("allocated", "allocations"), ("paid", "postfunding")):
        together: defaultdict[str, Decimal] = defaultdict(Decimal)
        keys, place = _keys(book, table, "post"), _place(book, table, "percent")
        for key, row in zip(keys, book.rows(table), strict=True):
            together[key] += _number(row.get("percent")) or 0
        conditions = f"ISNUMBER({{posts.{figure}}})", f"({{posts.{figure}}}>100)"
        faults = [keys.index(post) for post in posts if post and together[post] > HUNDRED]
        row_of = f"ROW({place.head})+MATCH({first_of(*conditions)},{{{table}.post_row}},0)"
        yield place.check(f"{table}-above", counted(*conditions), faults, row_of)


def _years_outside(book: Book) -> Iterator[Check]:
    """Look for costs and funding of years outside the period."""
    for table in ("costs", "funding"):
        place = _place(book, table, "year")
        bounds = (">=", "Programme_period_start"), ("<=", "Programme_period_end")
        inside = "*".join(f"({place.cells}{sign}{bound})" for sign, bound in bounds)
        sound = ",".join(f'{place.cells},"{sign}"&{bound}' for sign, bound in bounds)
        check = place.by_row(
            "years-outside",
            (filled(place.cells), f"(1-ISNUMBER({place.cells})*{inside})"),
            place.where(lambda year: book.period and year not in book.years),
            place.all_are(f"COUNTIFS({sound})"),
        )
        yield replace(check, formula=f"IF({PERIOD},{check.formula},0)")


def _products(book: Book) -> Check:
    """Look for amounts that are not quantity times unit cost."""
    names = ("quantity", "unit_cost", "amount")
    quantity, unit_cost, amount = cells = [f"{{costs.{name}}}" for name in names]
    given = "*".join(f"ISNUMBER({cell})" for cell in cells)
    differs = f"(ABS(ROUND({quantity}*{unit_cost},2)-{amount})>0.004)"

    def wrong(row: Mapping[str, Any]) -> bool:
        first, second, result = (_number(row.get(name)) for name in names)
        if first is None or second is None or result is None:
            return False
        return product(first, second) != result

    faults = [index for index, row in enumerate(book.rows("costs")) if wrong(row)]
    check = _place(book, "costs", "amount").by_row("products", (given, differs), faults)
    # COUNT passes over a text that was typed
    return replace(check, formula=f"SUMPRODUCT(COUNT(1/({given}*{differs})))")


def _weights(book: Book) -> Check:
    """Look for weights of the request criteria that do not add up to 100, or are not there."""
    place, requests = _place(book, "weights", "weight"), counted(filled("{requests.id}"))
    given = [_number(row.get("weight")) for row in book.rows("weights")]
    weights = [number for number in given if number is not None]
    wrong = total(weights) != HUNDRED if weights else any(_keys(book, "requests", "id"))
    cells = place.cells
    formula = f"IF(COUNT({cells})=0,IF({requests}>0,1,0),IF(ROUND(SUM({cells}),2)=100,0,1))"
    return place.check("weights", formula, [-1] * wrong)  # in no one row, so at the heading


FIRST_FAULTS = 30
"""How many checks that found something stand above the list of all checks."""
_WIDTHS = (14, 8, 24, 82, 16, 16, 96)
_COLUMNS = ("states", "places", "sheets", "titles", "faults", "cells", "remedies")
_STATE, _PLACE, _SHEET, _WHAT, _COUNT, _CELL, _REMEDY = range(len(_COLUMNS))
"""The columns of the list of all checks; that of the places is hidden."""
_BLOCK = 6
_LIST = _BLOCK + FIRST_FAULTS + 3
"""The first row of the block of faults and of the list, counted from 0."""
_CENTRED_COUNT, _CENTRED_LINK = looks("count", "centred"), looks("link", "centred")


def write_checks(book: Book, sheet: Any, title: str, checks: Sequence[Check]) -> None:
    """Write the sheet: the first faults, and every check with its state."""
    say = book.say
    purpose = say("Issues that pasting may have introduced despite the drop-down lists.")
    book.heading(sheet, title, purpose, widths=_WIDTHS)
    sheet.set_column(_PLACE, _PLACE, None, None, {"hidden": True})
    last = _list(book, sheet, checks)
    _first_faults(book, sheet, checks)
    target, link = f"internal:{quoted(title)}!A{_LIST - 1}", book.formats(**looks("link"))
    sheet.write_url(1, _SHEET, target, link, string="↓ " + say("All checks"))
    sheet.freeze_panes(4, 0)
    book.print_set_up(sheet, "outcome", _WIDTHS, _BLOCK - 1, last=last + 1)


def _headings(book: Book, sheet: Any, row: int, first: str, what: str) -> None:
    say = book.say
    words = (first, "", say("Sheet"), what, say("Issues"), say("First cell"), say("What to do"))
    write_head(book, sheet, row, words, ({"text_wrap": True, "valign": "vcenter"},))


def _list(book: Book, sheet: Any, checks: Sequence[Check]) -> int:
    """
    Write all checks, those of a sheet below a row with its name; return the last row.

    Each row stands by itself, so that sorting keeps its text, state and link together: formulas
    look at their own row, and links are formulas, since Excel leaves other links behind.
    """
    say = book.say
    write_title(book, sheet, (_LIST - 2, _STATE), say("All checks"))
    _headings(book, sheet, _LIST - 1, say("State"), say("What is checked"))
    rows = _lines(checks)
    for row, line in enumerate(rows, _LIST):
        if isinstance(line, str):
            _write_group(book, sheet, row, line)
        else:
            _write_check(book, sheet, row, line)
    last = _LIST + len(rows) - 1
    for number, name in enumerate(_COLUMNS):
        column = column_letters(number + 1)
        cells = f"{quoted(sheet.get_name())}!${column}${_LIST + 1}:${column}${last + 1}"
        book.workbook.define_name(f"Checks_{name}", f"={cells}")
    states = (_LIST, _STATE, last, _STATE)
    book.mark_word(sheet, states, say(FINE), looks("fine"))
    book.mark_word(sheet, states, say(FAULTY), looks("faulty"))
    book.mark_faults(sheet, (_LIST, _WHAT, last, _WHAT))
    sheet.autofilter(_LIST - 1, _STATE, last, _REMEDY)
    return last


def _lines(checks: Sequence[Check]) -> list[Check | str]:
    """Return the lines of the list: before the checks of each table, its name."""
    groups = groupby(checks, key=lambda check: check.table)
    return [line for table, group in groups for line in (table, *group)]


def _write_group(book: Book, sheet: Any, row: int, table: str) -> None:
    """Write the row above the checks of a sheet, with the number of its faults."""
    name, shaded = book.sheet(table), looks("group")
    for column in range(len(_WIDTHS)):
        book.write(sheet, row, column, None, shaded)
    link = f'=HYPERLINK("#{escaped(quoted(name))}!A1","{escaped(name)}")'
    book.write(sheet, row, _SHEET, Result(link, name), looks("link", "group"))
    book.write(sheet, row, _WHAT, book.fault_words(table).shown, shaded)


def _write_check(book: Book, sheet: Any, row: int, check: Check) -> None:
    """Write a check: state, link to the sheet, what it looks for, count, first cell, remedy."""
    fine, faulty = book.say(FINE), book.say(FAULTY)
    count, place, name = f"E{row + 1}", f"B{row + 1}", book.sheet(check.table)
    target = f"#{quoted(name)}!"
    good, bad, there = (f'"{escaped(text)}"' for text in (fine, faulty, target))
    state = f"IF(ISERROR({count}),{bad},IF({count}=0,{good},{bad}))"
    first = f'IFERROR(IF({count}=0,"",{there}&{check.address}),"")'
    link = f'IF({place}="","",HYPERLINK({place},MID({place},{len(target) + 1},99)))'
    cells: Sequence[tuple[int, str, Value, Look]] = (
        (_STATE, state, faulty if check.count else fine, looks("bold")),
        (_PLACE, book.fill(first), check.cell and target + check.cell, {}),
        (_SHEET, f'HYPERLINK({there}&"A1","{escaped(name)}")', name, looks("link")),
        (_COUNT, book.fill(check.formula), check.count, _CENTRED_COUNT),
        (_CELL, link, check.cell, _CENTRED_LINK),
    )
    for column, formula, value, look in cells:
        book.write(sheet, row, column, Result(formula, value).shown, look)
    book.write(sheet, row, _WHAT, check.title)
    book.write(sheet, row, _REMEDY, check.remedy, looks("grey", "wrapped"))
    set_height(sheet, row, (check.remedy, _WIDTHS[_REMEDY]))


def _first_faults(book: Book, sheet: Any, checks: Sequence[Check]) -> None:
    """Write the first checks that found something, and how many more of them stand in the list."""
    say, bad = book.say, f'"{escaped(book.say(FAULTY))}"'
    write_title(book, sheet, (_BLOCK - 2, _STATE), say("Checks that found issues"))
    book.write(sheet, _BLOCK - 2, _COUNT, book.fault_words().shown, looks("bold"))
    book.mark_faults(sheet, (_BLOCK - 2, _COUNT, _BLOCK - 2, _COUNT))
    _headings(book, sheet, _BLOCK - 1, say("No."), say("What is wrong"))
    after = write_rows(book, sheet, _BLOCK, _fault_columns(book, checks), FIRST_FAULTS)
    numbers = (_BLOCK, _STATE, after - 1, _STATE)
    book.mark(sheet, numbers, looks("fault"), type="no_blanks")
    found = sum(check.count > 0 for check in checks)
    more = Result(f"COUNTIF(Checks_states,{bad})-{FIRST_FAULTS}", found - FIRST_FAULTS)
    write_warning(book, sheet, (after, _WHAT), Room("faults", FIRST_FAULTS, more))


def _fault_columns(book: Book, checks: Sequence[Check]) -> Sequence[Column]:
    """Return the columns of the block, which look up in the list the row that `_PLACE` names."""
    numbered_lines = enumerate(_lines(checks), 1)
    found = {row: line for row, line in numbered_lines if not isinstance(line, str) and line.count}
    bad = f'"{escaped(book.say(FAULTY))}"'
    rows = f"(ROW(Checks_states)-ROW(INDEX(Checks_states,1))+1)/(Checks_states={bad})"
    here = f"${column_letters(_PLACE + 1)}<row>"

    def column(formula: str, values: Sequence[Value], look: Look) -> Column:
        return Column("", f'=IF({here}="","",{formula})', values, look)

    def of(column: int) -> str:
        return f"INDEX(Checks_{_COLUMNS[column]},{here})"

    link = f'IF({of(_PLACE)}="","",HYPERLINK({of(_PLACE)},{of(_CELL)}))'
    shown = found.values()
    return (
        column("<n>", range(1, len(found) + 1), looks("fault number")),
        Column("", f'=IFERROR(_xlfn.AGGREGATE(15,6,{rows},<n>),"")', list(found)),
        column(of(_SHEET), [book.sheet(check.table) for check in shown], {}),
        column(of(_WHAT), [check.title for check in shown], {}),
        column(of(_COUNT), [check.count for check in shown], _CENTRED_COUNT),
        column(link, [check.cell for check in shown], _CENTRED_LINK),
        column(of(_REMEDY), [check.remedy for check in shown], looks("grey")),
    )
