"""What the checks of the workbook look for: by formula, and in the content that is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import column_letters
from cmswp_xl.figures.computed import comparable_key
from cmswp_xl.figures.declarations import AVAILABLE_STAGES
from cmswp_xl.languages import Language
from cmswp_xl.make.book import HEADER_ROW, quoted
from cmswp_xl.make.formulas import (
    ANY_NUMBER,
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
    from collections.abc import Collection, Iterator, Sequence

    from cmswp_xl.make.book import Book
    from cmswp_xl.schema import Field, TableSchema

_WITH_YEARS = ("costs", "funding")
_HEADING = -1
"""Where a fault is that is in no one row: above the rows of the content, counted from 0."""
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

    schema: TableSchema
    field: Field
    cells: str
    head: str

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
        if self.schema.form:
            return self.check(words, formula, faults)
        return self.check(words, formula, faults, f"ROW({self.head})+{first_of(*conditions)}")

    def _cell(self, row: int) -> str:
        number = self.schema.fields.index(self.field)
        if self.schema.form:
            return f"B{HEADER_ROW + 2 + number}"
        return f"{column_letters(number + 1)}{HEADER_ROW + 2 + row}"


def _place(schema: TableSchema, name: str) -> _Place:
    """Return the place of a field: a column, or the cell of a setting."""
    cells = head = f"{schema.table}_{name}"
    if not schema.form:
        cells, head = f"{{{schema.name}.{name}}}", f"{{{schema.name}.{name}#}}"
    return _Place(schema, schema.field(name), cells, head)


def list_checks(book: Book) -> Sequence[Check]:
    """Return all checks in the order of the sheets, those of a sheet by what they look for."""
    order = list(book.schemas)
    return sorted(_checks(book), key=lambda check: order.index(check.table))


def _checks(book: Book) -> Iterator[Check]:
    columns = [(schema, item) for schema in book.schemas.values() for item in schema.inputs()]
    yield _blank_settings(book)
    yield from (_unknown_codes(book, *c) for c in columns if c[1].reference and not c[1].list)
    yield from (_blanks(book, *c) for c in columns if c[1].required and not c[0].form)
    yield from _blank_titles(book)
    yield from _duplicates(book)
    yield _nested_areas(book)
    yield from (_unknown_words(book, *c) for c in columns if c[1].enum)
    yield from (_faulty_numbers(book, *c) for c in columns if c[1].numeric)
    yield from _unreached(book)
    yield from _totals_apart(book)
    yield from _overfull(book)
    yield from _years_outside(book)
    yield _products(book)
    yield _weights(book)


def _keys(book: Book, table: str, field: str) -> list[str]:
    """Return a column of the content as the formulas compare keys."""
    return [comparable_key(row.get(field)) for row in book.rows(table)]


def _outside(keys: Sequence[str], known: Collection[str]) -> list[int]:
    """Return the rows whose key is neither blank nor known."""
    return [row for row, key in enumerate(keys) if key and key not in known]


def _number(value: Any) -> Decimal | None:
    """Return a value of the content as a number; None where it is blank or no number."""
    if value is None or value == "":
        return None
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
    say = book.say
    words = (
        say("Required settings that are blank"),
        say("Fill in the dark settings, and the title in the original language."),
    )
    rows = ",".join(f"IF({test},ROW({name}),9^9)" for name, test in blank.items())
    place = _place(schema, next(iter(missing), "currency"))
    return place.check(words, "+".join(blank.values()), range(len(missing)), f"MIN({rows})")


def _unknown_codes(book: Book, schema: TableSchema, item: Field) -> Check:
    """Look for codes that the referred table does not have."""
    target = item.reference
    if target is None:
        raise KeyError(item.name)
    place, row = _place(schema, item.name), schema.row_field(item.name)
    rows = f"{{{schema.name}.{row.name}}}" if row else ""
    found = f"ISNUMBER({rows})" if rows else matched(place.cells, f"{{{target.table}.key}}")
    words = (
        book.say("Unknown codes in the column {column}", column=item.titles[book.language]),
        book.say(
            "Choose a code of the sheet {sheet}, or enter it there.",
            sheet=book.sheet(target.table),
        ),
    )
    return place.by_row(
        words,
        (filled(place.cells), f"(1-{found})"),
        _outside(_keys(book, schema.name, item.name), _keys(book, target.table, target.field)),
        f'COUNTIFS({place.cells},"?*",{rows},">0")' if rows else "0",
    )


def _blank_cells(book: Book, place: _Place, words: _Words, name: str | None) -> Check:
    """
    Look for the blank cells of a column in rows that hold anything.

    They need not be counted where no cell of the column is blank. Whatever the number of columns,
    the formula has the same length. `name` is the field of the content; None leaves it unread.
    """
    schema = place.schema
    first, *_, last = inputs = schema.inputs()
    whole = book.references.columns(schema.name, first.name, last.name)
    column_a = f"{quoted(book.sheet(schema.name))}!$A:$A"
    ones = f"ROW(INDEX({column_a},1):INDEX({column_a},COLUMNS({whole})))^0"
    conditions = (f'(TRIM({place.cells})="")', f"(MMULT(--{filled(whole)},{ones})>0)")
    faults = [
        index
        for index, row in enumerate(book.rows(schema.name))
        if name and not comparable_key(row.get(name))
        if any(comparable_key(row.get(item.name)) for item in inputs)
    ]
    check = place.by_row(words, conditions, faults)
    full = f"{counted(filled(place.cells))}=ROWS({place.cells})"
    return replace(check, formula=f"IF({full},0,{check.formula})")


def _blanks(book: Book, schema: TableSchema, item: Field) -> Check:
    """Look for blank cells in a required column, in rows that hold anything."""
    words = (
        book.say("Blank cells in the required column {column}", column=item.titles[book.language]),
        book.say("Fill in the cells; a filter on the column shows the blanks."),
    )
    return _blank_cells(book, _place(schema, item.name), words, item.name)


def _blank_titles(book: Book) -> Iterator[Check]:
    """Look for texts that are missing in the original language, in the column of that language."""
    original = book.setting("original_language")
    chosen = f"({setting_number_name('original_language')}+1)"
    words = (
        book.say("Titles or names that are blank in the original language"),
        book.say("Fill in the column of the original language, which Programme names."),
    )
    for schema in book.schemas.values():
        texts = {item.text: item for item in schema.inputs() if item.required_text}
        for text in () if schema.form else texts:
            places = {
                item.language: _place(schema, item.name)
                for item in schema.inputs()
                if item.text == text
            }
            cells, heads = (
                ",".join(getattr(places[language], part) for language in Language)
                for part in ("cells", "head")
            )
            place = replace(
                places.get(original) or places[book.language],
                cells=f"CHOOSE({chosen},{cells})",
                head=f"CHOOSE({chosen},{heads})",
            )
            check = _blank_cells(book, place, words, place.field.name if original else None)
            yield replace(check, formula=f"IF(ISNUMBER({chosen}),{check.formula},0)")


def _duplicates(book: Book) -> Iterator[Check]:
    """Look for repeated keys, and for numbers repeated in an area."""
    say = book.say
    for schema in book.schemas.values():
        if schema.primary_key:
            columns = [schema.field(name).titles[book.language] for name in schema.primary_key]
            title = say(
                "Rows that repeat the {columns} of a row above", columns=" + ".join(columns)
            )
            remedy = say("Each row needs one of its own: give another, or delete the row.")
            yield _repeated(book, schema, schema.primary_key, (title, remedy))
    words = (
        say("Activities that repeat the number of another one in their area"),
        say("Number the activities of an area without repetition."),
    )
    yield _repeated(book, book.schemas["activities"], ("area", "number"), words)


def _repeated(book: Book, schema: TableSchema, names: Sequence[str], words: _Words) -> Check:
    """Look for rows that repeat the keys of a row above; the cell is that of the last key."""
    cells = [f"{{{schema.name}.{name}}}" for name in names]
    later = f"({_first_row(schema, names)}<>{numbers_of(cells[0])})"
    seen: set[tuple[str, ...]] = set()
    faults = []
    for index, key in enumerate(zip(*(_keys(book, schema.name, n) for n in names), strict=True)):
        if all(key) and key in seen:
            faults.append(index)
        seen.add(key)
    return _place(schema, names[-1]).by_row(words, (*map(filled, cells), later), faults)


def _first_row(schema: TableSchema, names: Sequence[str]) -> str:
    """Return, for each row, the first one of the same keys."""
    cells = [f"{{{schema.name}.{name}}}" for name in names]
    own = [item.name for item in schema.fields if [item.key_of] == list(names)]
    if own:
        keys = f"{{{schema.name}.{own[0]}}}"
        return f"MATCH({keys},{keys},0)"
    sought = '&"|"&'.join(matchable(cell) for cell in cells)
    among = '&"|"&'.join(matchable(array(cell)) for cell in cells)
    return f'MATCH({sought}&"|",{among}&"|",0)'


def _nested_areas(book: Book) -> Check:
    """Look for areas that are placed under themselves or under a sub-area."""
    place = _place(book.schemas["areas"], "parent")
    placed = filled(place.cells)
    among = f'{matchable(array("{areas.code}"))}&"|"&(--{placed})'
    parents = _keys(book, "areas", "parent")
    nested = {
        key for key, parent in zip(_keys(book, "areas", "code"), parents, strict=True) if parent
    }
    words = (
        book.say("Areas placed under themselves or under a sub-area"),
        book.say("Enter an area that has no parent of its own, or leave the cell empty."),
    )
    found = f'ISNUMBER(MATCH({matchable(place.cells)}&"|1",{among},0))'
    faults = [row for row, parent in enumerate(parents) if parent and parent in nested]
    return place.by_row(words, (placed, found), faults)


def _unknown_words(book: Book, schema: TableSchema, item: Field) -> Check:
    """Look for words that the list of a column does not have."""
    place = _place(schema, item.name)
    words = words_of(schema.name, item, book.say)
    known = spellings_name(FIELD_KINDS[schema.name, item.name])
    keys = enumerate(_keys(book, schema.name, item.name))
    title = book.say(
        "Words in the column {column} that its list does not have",
        column=item.titles[book.language],
    )
    return place.by_row(
        (title, book.say("Choose from the list: {words}.", words=", ".join(words.values()))),
        (filled(place.cells), f"(1-{matched(place.cells, known)})"),
        [row for row, key in keys if key and code_of(schema.name, item, key) is None],
        f"SUMPRODUCT(COUNTIF({place.cells},{list_name(schema.name, item)}))",
    )


def _faulty_numbers(book: Book, schema: TableSchema, item: Field) -> Check:
    """Look for texts, negative numbers and numbers too large in a column."""
    place = _place(schema, item.name)
    cells, least, most = place.cells, item.minimum or Decimal(0), item.maximum or Decimal(10**12)
    faults = []
    for index, row in enumerate(book.rows(schema.name)):
        number = _number(row.get(item.name))
        if comparable_key(row.get(item.name)) and not (
            number is not None and least <= number <= most
        ):
            faults.append(index)
    title = book.say(
        "Texts, negative or too large numbers in the column {column}",
        column=item.titles[book.language],
    )
    return place.by_row(
        (title, book.say("Type a plain number, without spaces, a currency sign or other text.")),
        (filled(cells), f"(1-ISNUMBER({cells})*({cells}>={least})*({cells}<={most}))"),
        faults,
        f'COUNTIFS({cells},">={least}",{cells},"<={most}")',
    )


def _unreached(book: Book) -> Iterator[Check]:
    """
    Look for amounts whose row does not find its activity, by its code and by its number.

    Numbers that formulas found are not looked at again where there is one for each amount.
    """
    known, rows_of = set(_keys(book, "activities", "id")), numbers_of("{activities.id}")
    words = (
        book.say("Amounts that reach no activity"),
        book.say(
            "Choose a code of the sheet {sheet}. If it is right, copy the formulas of the "
            "calculated columns, the hidden ones too, from another row.",
            sheet=book.sheet("activities"),
        ),
    )
    for table in _WITH_YEARS:
        place, amount = _place(book.schemas[table], "activity"), f"{{{table}.amount}}"
        number = f"{{{table}.activity_row}}"
        found = f"LOOKUP({number},{rows_of},{{activities.key}})"
        reached = f"ISNUMBER(1/EXACT({matchable(place.cells)},{found}))"
        rows = zip(book.rows(table), _keys(book, table, "activity"), strict=True)
        faults = [
            index
            for index, (row, key) in enumerate(rows)
            if _number(row.get("amount")) is not None and not (key and key in known)
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
    money = (in_scenario("{funding.scenario}"), f"({'+'.join(available)}>0)", f"(1-{in_kind})")
    for table, title, cells, conditions in (
        (
            "costs",
            say("Total of Costs that is not the total of Activities"),
            "{activities.cost}",
            (in_scenario("{costs.scenario}"),),
        ),
        (
            "funding",
            say("Total of available Funding that is not the total of Activities"),
            "{activities.available}",
            money,
        ),
    ):
        amounts = summed(f"{{{table}.amount}}", *conditions)
        formula = f"IF(ABS(ROUND({amounts}-SUM({cells}),2))>0.004,1,0)"
        remedy = say("Look for formulas that were typed over: “cmswp validate” names the cells.")
        yield _place(book.schemas[table], "amount").check((title, remedy), formula, ())


def _overfull(book: Book) -> Iterator[Check]:
    """Look for posts of which more than the whole is allotted, or paid; the first row of each."""
    say = book.say
    posts = dict.fromkeys(_keys(book, "posts", "id"))
    for figure, table, title in (
        ("allocated", "allocations", say("Posts of which more than 100 % is allotted")),
        ("paid", "postfunding", say("Posts of which more than 100 % is paid")),
    ):
        together: Counter[str] = Counter()
        keys = _keys(book, table, "post")
        for key, row in zip(keys, book.rows(table), strict=True):
            together[key] += _number(row.get("percent")) or 0  # type: ignore[assignment]
        place = _place(book.schemas[table], "percent")
        conditions = f"ISNUMBER({{posts.{figure}}})", f"({{posts.{figure}}}>100)"
        yield place.check(
            (title, say("Lower the percentages of the post until they add up to 100 or less.")),
            counted(*conditions),
            [keys.index(post) for post in posts if post and together[post] > HUNDRED],
            f"ROW({place.head})+MATCH({first_of(*conditions)},{{{table}.post_row}},0)",
        )


def _years_outside(book: Book) -> Iterator[Check]:
    """Look for costs and funding of years outside the period."""
    start, end = book.setting("period_start"), book.setting("period_end")
    given = isinstance(start, int) and isinstance(end, int)
    words = (
        book.say("Years outside the programme’s period"),
        book.say("Correct the year, or leave it blank for the whole period."),
    )
    for table in _WITH_YEARS:
        place = _place(book.schemas[table], "year")
        bounds = (">=", "Programme_period_start"), ("<=", "Programme_period_end")
        inside = "*".join(f"({place.cells}{sign}{bound})" for sign, bound in bounds)
        sound = ",".join(f'{place.cells},"{sign}"&{bound}' for sign, bound in bounds)
        years = [row.get("year") for row in book.rows(table)]
        check = place.by_row(
            words,
            (filled(place.cells), f"(1-ISNUMBER({place.cells})*{inside})"),
            [
                index
                for index, year in enumerate(years)
                if given and comparable_key(year)
                if not (isinstance(year, int) and start <= year <= end)
            ],
            f"COUNTIFS({sound})",
        )
        period = "COUNT(Programme_period_start,Programme_period_end)=2"
        yield replace(check, formula=f"IF({period},{check.formula},0)")


def _products(book: Book) -> Check:
    """Look for amounts that are not quantity times unit cost."""
    names = ("quantity", "unit_cost", "amount")
    quantity, unit_cost, amount = cells = [f"{{costs.{name}}}" for name in names]
    numbers = "*".join(f"ISNUMBER({cell})" for cell in cells)
    differs = f"(ABS(ROUND({quantity}*{unit_cost},2)-{amount})>0.004)"
    faults = []
    for index, row in enumerate(book.rows("costs")):
        first, second, result = (_number(row.get(name)) for name in names)
        if first is not None and second is not None and result is not None:
            faults += [index] * (product(first, second) != result)
    words = (
        book.say("Amounts that are not quantity × unit cost"),
        book.say("Correct one of the three, or leave quantity and unit cost blank."),
    )
    check = _place(book.schemas["costs"], "amount").by_row(words, (numbers, differs), faults)
    # COUNT passes over a text that was typed
    return replace(check, formula=f"SUMPRODUCT(COUNT(1/({numbers}*{differs})))")


def _weights(book: Book) -> Check:
    """Look for weights of the request criteria that do not add up to 100, or are not there."""
    place, requests = _place(book.schemas["weights"], "weight"), filled("{requests.id}")
    given = [_number(row.get("weight")) for row in book.rows("weights")]
    numbers = [number for number in given if number is not None]
    wrong = total(numbers) != HUNDRED if numbers else any(_keys(book, "requests", "id"))
    words = (
        book.say("Weights that do not add up to 100"),
        book.say("Change the weights until they add up to 100."),
    )
    cells = place.cells
    formula = (
        f"IF(COUNT({cells})=0,IF({counted(requests)}>0,1,0),IF(ROUND(SUM({cells}),2)=100,0,1))"
    )
    return place.check(words, formula, [_HEADING] * bool(wrong))
