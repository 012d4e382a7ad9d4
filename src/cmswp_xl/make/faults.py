"""What the checks of the workbook look for: by formula, and in the content that is written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import column_letters, quoted
from cmswp_xl.figures.computed import comparable_key
from cmswp_xl.figures.declarations import AVAILABLE_STAGES
from cmswp_xl.languages import Language
from cmswp_xl.make.book import HEADER_ROW
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
from cmswp_xl.messages.labels import FIELD_KINDS, words_of
from cmswp_xl.money import HUNDRED, product, total
from cmswp_xl.tables import code_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cmswp_xl.make.book import Book
    from cmswp_xl.schema import Field, TableSchema

_WITH_YEARS = ("costs", "funding")
_Words = tuple[str, str]
"""What a check looks for, and the remedy."""


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

    @property
    def title(self) -> str:
        """The heading of the column."""
        return self.field.titles[self.book.language]

    def where(self, wrong: Callable[[Any], object]) -> list[int]:
        """Return the rows of the content that are filled here, and wrongly."""
        values = enumerate(row.get(self.field.name) for row in self.book.rows(self.schema.name))
        return [index for index, value in values if comparable_key(value) and wrong(value)]

    def check(
        self, words: _Words, formula: str, faults: Sequence[int], row: str | None = None
    ) -> Check:
        """
        Make a check by the formula of the count and that of the row of the first faulty cell.

        The row is that of the heading unless it is given; `faults` are rows of the content.
        """
        address = f"ADDRESS({row or f'ROW({self.head})'},COLUMN({self.head}),4)"
        cell = self._cell(faults[0]) if faults else None
        return Check(self.schema.name, *words, formula, address, len(faults), cell)

    def by_row(
        self, words: _Words, conditions: Sequence[str], faults: Sequence[int], sound: str = ""
    ) -> Check:
        """
        Make a check by what holds for each faulty row, which gives both formulas.

        `sound` counts quickly what is right; where that is all that is there, nothing is wrong.
        """
        formula = counted(*conditions)
        if sound:
            formula = f"IF({sound}=ROWS({self.cells})-COUNTBLANK({self.cells}),0,{formula})"
        row = None if self.schema.form else f"ROW({self.head})+{first_of(*conditions)}"
        return self.check(words, formula, faults, row)

    @property
    def letters(self) -> str:
        """The letters of the column in which it is written."""
        return column_letters(self.schema.fields.index(self.field) + 1)

    def _cell(self, row: int) -> str:
        if self.schema.form:
            return f"B{HEADER_ROW + 2 + self.schema.fields.index(self.field)}"
        return f"{self.letters}{HEADER_ROW + 2 + row}"


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
    yield from (_blanks(x) for x in places if x.field.required and not x.schema.form)
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
    remedy = book.say("Fill in the dark settings, and the title in the original language.")
    words = book.say("Required settings that are blank"), remedy
    rows = ",".join(f"IF({test},ROW({name}),9^9)" for name, test in blank.items())
    place = _place(book, "programme", next(iter(missing), "currency"))
    return place.check(words, "+".join(blank.values()), range(len(missing)), f"MIN({rows})")


def _unknown_codes(place: _Place) -> Check:
    """Look for codes that the referred table does not have."""
    book, target, row = place.book, place.field.reference, place.schema.row_field(place.field.name)
    if target is None:
        raise KeyError(place.field.name)
    rows = f"{{{place.schema.name}.{row.name}}}" if row else ""
    found = f"ISNUMBER({rows})" if rows else matched(place.cells, f"{{{target.table}.key}}")
    sheet, known = book.sheet(target.table), set(_keys(book, target.table, target.field))
    return place.by_row(
        (
            book.say("Unknown codes in the column {column}", column=place.title),
            book.say("Choose a code from the sheet {sheet}, or enter it there.", sheet=sheet),
        ),
        (filled(place.cells), f"(1-{found})"),
        place.where(lambda code: comparable_key(code) not in known),
        f'COUNTIFS({place.cells},"?*",{rows},">0")' if rows else "0",
    )


def _blank_cells(place: _Place, words: _Words, *, known: bool = True) -> Check:
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
    check = place.by_row(words, conditions, faults)
    full = f"{counted(filled(place.cells))}=ROWS({place.cells})"
    return replace(check, formula=f"IF({full},0,{check.formula})")


def _blanks(place: _Place) -> Check:
    """Look for blank cells in a required column, in rows that hold anything."""
    say = place.book.say
    title = say("Blank cells in the required column {column}", column=place.title)
    remedy = say("Fill in the cells; a filter on the column shows the blanks.")
    return _blank_cells(place, (title, remedy))


def _blank_titles(book: Book) -> Iterator[Check]:
    """Look for texts that are missing in the original language, in the column of that language."""
    original = book.setting("original_language")
    chosen = f"({setting_number_name('original_language')}+1)"
    words = (
        book.say("Titles or names that are blank in the original language"),
        book.say("Fill in the column of the original language, which is set on Programme."),
    )
    for schema in book.schemas.values():
        texts = {x.text: x for x in schema.inputs() if x.required_text and not schema.form}
        for text in texts:
            fields = {x.language: x.name for x in schema.inputs() if x.text == text}
            places = [_place(book, schema.name, fields[language]) for language in Language]
            place = replace(
                _place(book, schema.name, fields.get(original) or fields[book.language]),
                cells=f"CHOOSE({chosen},{','.join(place.cells for place in places)})",
                head=f"CHOOSE({chosen},{','.join(place.head for place in places)})",
            )
            check = _blank_cells(place, words, known=bool(original))
            yield replace(check, formula=f"IF(ISNUMBER({chosen}),{check.formula},0)")


def _duplicates(book: Book) -> Iterator[Check]:
    """Look for repeated keys, and for numbers repeated in an area."""
    say, remedy = book.say, book.say("Number the activities of an area without repetition.")
    number = say("Activities that repeat the number of another one in their area"), remedy
    remedy = say("Enter another value on the row, or delete the row.")
    for schema in book.schemas.values():
        if schema.primary_key:
            columns = (schema.field(name).titles[book.language] for name in schema.primary_key)
            title = say(
                "Rows that repeat the {columns} of a row above", columns=" + ".join(columns)
            )
            yield _repeated(book, schema, schema.primary_key, (title, remedy))
    yield _repeated(book, book.schemas["activities"], ("area", "number"), number)


def _repeated(book: Book, schema: TableSchema, names: Sequence[str], words: _Words) -> Check:
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
    return place.by_row(words, (*map(filled, cells), later), faults)


def _nested_areas(book: Book) -> Check:
    """Look for areas that are placed under themselves or under a sub-area."""
    place = _place(book, "areas", "parent")
    placed = filled(place.cells)
    among = f'{matchable(array("{areas.code}"))}&"|"&(--{placed})'
    found = f'ISNUMBER(MATCH({matchable(place.cells)}&"|1",{among},0))'
    areas = zip(_keys(book, "areas", "code"), _keys(book, "areas", "parent"), strict=True)
    nested = {key for key, parent in areas if parent}
    words = (
        book.say("Areas placed under themselves or under a sub-area"),
        book.say("Enter an area that has no parent of its own, or leave the cell blank."),
    )
    faults = place.where(lambda parent: comparable_key(parent) in nested)
    return place.by_row(words, (placed, found), faults)


def _unknown_words(place: _Place) -> Check:
    """Look for words that the list of a column does not have."""
    table, item, say = place.schema.name, place.field, place.book.say
    words = say(", ").join(words_of(table, item, say).values())
    known = spellings_name(FIELD_KINDS[table, item.name])
    title = say("Words in the column {column} that are not in its list", column=place.title)
    return place.by_row(
        (title, say("Choose from the list: {words}.", words=words)),
        (filled(place.cells), f"(1-{matched(place.cells, known)})"),
        place.where(lambda word: code_of(table, item, comparable_key(word)) is None),
        f"SUMPRODUCT(COUNTIF({place.cells},{list_name(table, item)}))",
    )


def _faulty_numbers(place: _Place) -> Check:
    """Look for texts, negative numbers and numbers too large in a column."""
    cells, item, say = place.cells, place.field, place.book.say
    least, most = item.minimum or Decimal(0), item.maximum or Decimal(10**12)

    def faulty(value: Any) -> bool:
        number = _number(value)
        return number is None or not least <= number <= most

    title = say("Texts, negative or too large numbers in the column {column}", column=place.title)
    return place.by_row(
        (title, say("Type a plain number, without spaces, a currency sign or other text.")),
        (filled(cells), f"(1-ISNUMBER({cells})*({cells}>={least})*({cells}<={most}))"),
        place.where(faulty),
        f'COUNTIFS({cells},">={least}",{cells},"<={most}")',
    )


def _below_table(book: Book, schema: TableSchema) -> Check:
    """Look for cells filled in below a table that did not grow; a totals row is none of them."""
    place = _place(book, schema.name, schema.inputs()[0].name)
    letters = place.letters
    whole = f"{quoted(book.sheet(schema.name))}!${letters}${HEADER_ROW + 2}:${letters}$1048576"
    cell = book.references.totals(schema.name, place.field.name)
    totals = f'IFERROR(SUMPRODUCT(--({cell}<>"")),0)'
    words = (
        book.say("Rows below the table, which are not counted"),
        book.say("Drag the lower right corner of the table down over these rows."),
    )
    formula = f"COUNTA({whole})-COUNTA({place.cells})-{totals}"
    return place.check(words, formula, (), f"ROW({place.head})+ROWS({place.cells})+1")


def _unreached(book: Book) -> Iterator[Check]:
    """
    Look for amounts whose row does not find its activity, by its code and by its number.

    Numbers that formulas found are not looked at again where there is one for each amount.
    """
    known, rows_of = set(_keys(book, "activities", "id")) - {""}, numbers_of("{activities.id}")
    words = (
        book.say("Amounts that belong to no activity"),
        book.say(
            "Choose a code from the sheet {sheet}. If the code is right, copy the "
            "formulas of the calculated columns, also the hidden ones, from another row.",
            sheet=book.sheet("activities"),
        ),
    )
    for table in _WITH_YEARS:
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
        check = place.by_row(words, (f"ISNUMBER({amount})", f"(1-{reached})"), faults)
        calculated = f"SUMPRODUCT(--_xlfn.ISFORMULA({number}))=ROWS({number})"
        each = f"{numbers(amount, number, ANY_NUMBER)}=COUNT({amount})"
        yield replace(check, formula=f"IF(AND({calculated},{each}),0,{check.formula})")


def _totals_apart(book: Book) -> Iterator[Check]:
    """Look for totals that differ from those of Activities, as after typing over formulas."""
    say = book.say
    available = (is_word("{funding.stage}", "stage", stage) for stage in sorted(AVAILABLE_STAGES))
    in_kind = is_word("{funding.in_kind}", "yes-no", "yes")
    money = (f"({'+'.join(available)}>0)", f"(1-{in_kind})")
    costs = say("Total of Costs that differs from the total of Activities")
    funding = say("Total of available funding that differs from the total of Activities")
    remedy = say("Look for overwritten formulas; “cmswp validate” lists the cells.")
    for table, title, figure, conditions in (
        ("costs", costs, "cost", ()),
        ("funding", funding, "available", money),
    ):
        scenario = in_scenario(f"{{{table}.scenario}}")
        amounts = summed(f"{{{table}.amount}}", scenario, *conditions)
        formula = f"IF(ABS(ROUND({amounts}-SUM({{activities.{figure}}}),2))>0.004,1,0)"
        yield _place(book, table, "amount").check((title, remedy), formula, ())


def _overfull(book: Book) -> Iterator[Check]:
    """Look for posts of which more than the whole is allotted, or paid; the first row of each."""
    say = book.say
    remedy = say("Lower the percentages of the post until they add up to 100 or less.")
    posts = dict.fromkeys(_keys(book, "posts", "id"))
    for figure, table, title in (
        ("allocated", "allocations", say("Posts of which more than 100% is allotted")),
        ("paid", "postfunding", say("Posts of which more than 100% is paid")),
    ):
        together: defaultdict[str, Decimal] = defaultdict(Decimal)
        keys, place = _keys(book, table, "post"), _place(book, table, "percent")
        for key, row in zip(keys, book.rows(table), strict=True):
            together[key] += _number(row.get("percent")) or 0
        conditions = f"ISNUMBER({{posts.{figure}}})", f"({{posts.{figure}}}>100)"
        faults = [keys.index(post) for post in posts if post and together[post] > HUNDRED]
        row_of = f"ROW({place.head})+MATCH({first_of(*conditions)},{{{table}.post_row}},0)"
        yield place.check((title, remedy), counted(*conditions), faults, row_of)


def _years_outside(book: Book) -> Iterator[Check]:
    """Look for costs and funding of years outside the period."""
    words = (
        book.say("Years outside the programme’s period"),
        book.say("Correct the year, or leave it blank for the whole period."),
    )
    for table in _WITH_YEARS:
        place = _place(book, table, "year")
        bounds = (">=", "Programme_period_start"), ("<=", "Programme_period_end")
        inside = "*".join(f"({place.cells}{sign}{bound})" for sign, bound in bounds)
        sound = ",".join(f'{place.cells},"{sign}"&{bound}' for sign, bound in bounds)
        check = place.by_row(
            words,
            (filled(place.cells), f"(1-ISNUMBER({place.cells})*{inside})"),
            place.where(lambda year: book.period and year not in book.years),
            f"COUNTIFS({sound})",
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

    words = (
        book.say("Amounts that are not quantity × unit cost"),
        book.say("Correct one of the three, or leave quantity and unit cost blank."),
    )
    faults = [index for index, row in enumerate(book.rows("costs")) if wrong(row)]
    check = _place(book, "costs", "amount").by_row(words, (given, differs), faults)
    # COUNT passes over a text that was typed
    return replace(check, formula=f"SUMPRODUCT(COUNT(1/({given}*{differs})))")


def _weights(book: Book) -> Check:
    """Look for weights of the request criteria that do not add up to 100, or are not there."""
    place, requests = _place(book, "weights", "weight"), counted(filled("{requests.id}"))
    given = [_number(row.get("weight")) for row in book.rows("weights")]
    weights = [number for number in given if number is not None]
    wrong = total(weights) != HUNDRED if weights else any(_keys(book, "requests", "id"))
    remedy = book.say("Change the weights until they add up to 100.")
    cells = place.cells
    formula = f"IF(COUNT({cells})=0,IF({requests}>0,1,0),IF(ROUND(SUM({cells}),2)=100,0,1))"
    words = book.say("Weights that do not add up to 100"), remedy
    return place.check(words, formula, [-1] * wrong)  # in no one row, so at the heading
