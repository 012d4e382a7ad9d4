"""The checks in the workbook: what each counts, on the sheet and at its cells."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from cmswp_xl.figures.computed import comparable_key
from cmswp_xl.languages import Language
from cmswp_xl.make.book import quoted
from cmswp_xl.make.formulas import (
    array,
    counted,
    filled,
    in_scenario,
    matchable,
    matched,
    numbers_of,
    summed,
)
from cmswp_xl.money import HUNDRED, product, total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cmswp_xl.make.book import Book
    from cmswp_xl.schema import Field, TableSchema


@dataclass(frozen=True, slots=True)
class Check:
    """One check: the sheet it looks at, what it looks for, its formula, its count, the remedy."""

    table: str
    title: str
    formula: str
    count: int
    remedy: str


def made(book: Book, table: str, title: str, formula: str, count: int, remedy: str) -> Check:
    """Make a check; its formula is a template still without references."""
    return Check(table, title, "=" + book.fill(formula), count, remedy)


def cells_of(schema: TableSchema, item: Field) -> str:
    """Give what the formulas call the cells of a field: a column, or the cell of a setting."""
    return f"{schema.table}_{item.name}" if schema.form else f"{{{schema.name}.{item.name}}}"


def keys_of(book: Book, table: str, field: str) -> list[str]:
    """Give a column of the content as the formulas compare keys."""
    return [comparable_key(row.get(field)) for row in book.rows(table)]


def number_of(value: Any) -> Decimal | None:
    """Give a value of the content as a number; None where it is blank or no number."""
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


_WITH_YEARS = ("costs", "funding")
_AVAILABLE = "{activities.core},{activities.voluntary},{activities.other}"


def faulty_numbers(book: Book, schema: TableSchema, item: Field) -> Check | None:
    """Look for texts, negative numbers and numbers too large in a column."""
    if not item.numeric:
        return None
    cells = cells_of(schema, item)
    least, most = item.minimum or Decimal(0), item.maximum or Decimal(10**12)
    fits = f"ISNUMBER({cells})*({cells}>={least})*({cells}<={most})"
    given = [
        row.get(item.name) for row in book.rows(schema.name) if comparable_key(row.get(item.name))
    ]
    fitting = sum(
        number is not None and least <= number <= most for number in map(number_of, given)
    )
    return made(
        book,
        schema.name,
        book.say(
            "Cells in the column {column} that hold a text, a negative number or one too large",
            column=item.titles[book.language],
        ),
        counted(filled(cells), f"(1-{fits})"),
        len(given) - fitting,
        book.say("Type a plain number, without spaces, a currency sign or other text."),
    )


def overfull(book: Book) -> Iterator[Check]:
    """Look for posts of which more than the whole is allotted, or paid."""
    say = book.say
    kinds = (
        (
            "allotted",
            "allocated",
            "allocations",
            say("Posts of which more than 100 % is allotted"),
        ),
        ("paid", "paid", "postfunding", say("Posts of which more than 100 % is paid")),
    )
    for _, figure, table, title in kinds:
        together: dict[str, Decimal] = {}
        for row in book.rows(table):
            key = comparable_key(row.get("post"))
            together[key] = together.get(key, Decimal(0)) + (number_of(row.get("percent")) or 0)
        posts = keys_of(book, "posts", "id")
        cells = f"{{posts.{figure}}}"
        yield made(
            book,
            table,
            title,
            counted(f"ISNUMBER({cells})", f"({cells}>100)"),
            sum(together.get(post, Decimal(0)) > HUNDRED for post in posts if post),
            say("Lower the percentages of the post until they add up to 100 or less."),
        )


def weights(book: Book) -> Check:
    """Look for weights of the request criteria that do not add up to 100, or are not there."""
    cells = "{weights.weight}"
    given = [number_of(row.get("weight")) for row in book.rows("weights")]
    numbers = [number for number in given if number is not None]
    requests = any(keys_of(book, "requests", "id"))
    wrong = total(numbers) != HUNDRED if numbers else requests
    return made(
        book,
        "weights",
        book.say("Weights that do not add up to 100"),
        f"IF(COUNT({cells})=0,IF({counted(filled('{requests.id}'))}>0,1,0),"
        f"IF(ROUND(SUM({cells}),2)=100,0,1))",
        int(wrong),
        book.say("Change the weights until they add up to 100."),
    )


def unreached(book: Book) -> Iterator[Check]:
    """Look for amounts whose row does not find its activity, by its code and by its number."""
    for table in _WITH_YEARS:
        key = matchable(f"{{{table}.activity}}")
        row = f"{{{table}.activity_row}}"
        found = f"LOOKUP({row},{numbers_of('{activities.id}')},{{activities.key}})"
        lost = f"(1-ISNUMBER(1/EXACT({key},{found})))"
        known = set(keys_of(book, "activities", "id")) - {""}
        rows = zip(book.rows(table), keys_of(book, table, "activity"), strict=True)
        yield made(
            book,
            table,
            book.say("Amounts that reach no activity"),
            counted(f"ISNUMBER({{{table}.amount}})", lost),
            sum(
                number_of(line.get("amount")) is not None and key not in known
                for line, key in rows
            ),
            book.say(
                "Choose a code of the sheet {sheet}. If it is right, copy the formulas of the "
                "calculated columns, the hidden ones too, from another row.",
                sheet=book.sheet("activities"),
            ),
        )


def totals_apart(book: Book) -> Iterator[Check]:
    """Look for totals that differ from those of Activities, as after typing over formulas."""
    say = book.say
    stage = '((TRIM({funding.stage})="confirmed")+(TRIM({funding.stage})="received")>0)'
    money = (in_scenario("{funding.scenario}"), stage, '(TRIM({funding.in_kind})<>"yes")')
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
            _AVAILABLE,
            money,
        ),
    ):
        amounts = summed(f"{{{table}.amount}}", *conditions)
        yield made(
            book,
            table,
            title,
            f"IF(ABS(ROUND({amounts}-SUM({cells}),2))>0.004,1,0)",
            0,
            say("Look for formulas that were typed over: “cmswp validate” names the cells."),
        )


def years_outside(book: Book) -> Iterator[Check]:
    """Look for costs and funding of years outside the period."""
    start, end = book.setting("period_start"), book.setting("period_end")
    given = isinstance(start, int) and isinstance(end, int)
    for table in _WITH_YEARS:
        cells = f"{{{table}.year}}"
        inside = (
            f"ISNUMBER({cells})*({cells}>=Programme_period_start)*({cells}<=Programme_period_end)"
        )
        found = counted(filled(cells), f"(1-{inside})")
        years = [row.get("year") for row in book.rows(table) if comparable_key(row.get("year"))]
        yield made(
            book,
            table,
            book.say("Years outside the programme’s period"),
            f"IF(COUNT(Programme_period_start,Programme_period_end)=2,{found},0)",
            sum(not (isinstance(y, int) and start <= y <= end) for y in years) if given else 0,
            book.say("Correct the year, or leave it blank for the whole period."),
        )


def products(book: Book) -> Check:
    """Look for amounts that are not quantity times unit cost."""
    quantity, unit_cost, amount = "{costs.quantity}", "{costs.unit_cost}", "{costs.amount}"
    numbers = "*".join(f"ISNUMBER({cells})" for cells in (quantity, unit_cost, amount))
    differs = f"(ABS(ROUND({quantity}*{unit_cost},2)-{amount})>0.004)"
    count = 0
    for row in book.rows("costs"):
        parts = [number_of(row.get(name)) for name in ("quantity", "unit_cost", "amount")]
        first, second, result = parts
        if first is not None and second is not None and result is not None:
            count += product(first, second) != result
    return made(
        book,
        "costs",
        book.say("Amounts that are not quantity × unit cost"),
        f"SUMPRODUCT(COUNT(1/({numbers}*{differs})))",  # COUNT passes over a text that was typed
        count,
        book.say("Correct one of the three, or leave quantity and unit cost blank."),
    )


def blank_settings(book: Book) -> Check:
    """Look for required settings that are blank."""
    schema = book.schemas["programme"]
    names = [f"Programme_{item.name}" for item in schema.fields if item.required]
    titles = "".join(
        f'(Programme_original_language="{language.value}")'
        f'*(TRIM(Programme_title_{language.value})="")+'
        for language in Language
    )
    missing = [item.name for item in schema.fields if item.required]
    if book.setting("original_language"):
        missing.append(f"title_{book.original}")
    return made(
        book,
        "programme",
        book.say("Required settings that are blank"),
        titles + "+".join(f'(TRIM({name})="")' for name in names),
        sum(not comparable_key(book.setting(name)) for name in missing),
        book.say("Fill in the dark settings, and the title in the original language."),
    )


def unknown_codes(book: Book, schema: TableSchema, item: Field) -> Check | None:
    """Look for codes that the referred table does not have."""
    if item.reference is None or item.list:
        return None
    target = item.reference
    cells = cells_of(schema, item)
    known = set(keys_of(book, target.table, target.field)) - {""}
    used = [key for key in keys_of(book, schema.name, item.name) if key]
    row = schema.row_field(item.name)
    found = f"ISNUMBER({{{schema.name}.{row.name}}})" if row else None
    missing = f"(1-{found or matched(cells, f'{{{target.table}.key}}')})"
    return made(
        book,
        schema.name,
        book.say("Unknown codes in the column {column}", column=item.titles[book.language]),
        counted(filled(cells), missing),
        sum(key not in known for key in used),
        book.say(
            "Choose a code of the sheet {sheet}, or enter it there.",
            sheet=book.sheet(target.table),
        ),
    )


def _blank_cells(book: Book, schema: TableSchema, item: Field) -> str:
    """
    Return the count of the blank cells of a column in rows that hold anything.

    They are the rows that hold anything without those that hold something in the column, and need
    not be counted where no cell of the column is blank. Whatever the number of columns, the
    formula has the same length.
    """
    first, *_, last = schema.inputs()
    whole = book.references.columns(schema.name, first.name, last.name)
    column_a = f"{quoted(book.sheet(schema.name))}!$A:$A"
    ones = f"ROW(INDEX({column_a},1):INDEX({column_a},COLUMNS({whole})))^0"
    used = counted(f"(MMULT(--{filled(whole)},{ones})>0)")
    cells = cells_of(schema, item)
    given = counted(filled(cells))
    return f"IF({given}=ROWS({cells}),0,{used}-{given})"


def _used(book: Book, schema: TableSchema) -> list[Mapping[str, Any]]:
    names = [item.name for item in schema.inputs()]
    return [
        row
        for row in book.rows(schema.name)
        if any(comparable_key(row.get(name)) for name in names)
    ]


def blanks(book: Book, schema: TableSchema, item: Field) -> Check | None:
    """Look for blank cells in a required column, in rows that hold anything."""
    if schema.form or not item.required:
        return None
    return made(
        book,
        schema.name,
        book.say("Blank cells in the required column {column}", column=item.titles[book.language]),
        _blank_cells(book, schema, item),
        sum(not comparable_key(row.get(item.name)) for row in _used(book, schema)),
        book.say("Fill in the cells; a filter on the column shows the blanks."),
    )


def blank_titles(book: Book) -> Iterator[Check]:
    """Look for texts that are missing in the original language."""
    for schema in book.schemas.values():
        items = [item for item in schema.inputs() if item.required_text]
        if schema.form or not items:
            continue
        parts = [
            f'(Programme_original_language="{item.language}")*' + _blank_cells(book, schema, item)
            for item in items
        ]
        language = book.setting("original_language")
        wanted = [item.name for item in items if item.language == language]
        yield made(
            book,
            schema.name,
            book.say("Titles or names that are blank in the original language"),
            "+".join(parts),
            sum(
                not comparable_key(row.get(name)) for row in _used(book, schema) for name in wanted
            ),
            book.say("Fill in the column of the original language, which Programme names."),
        )


def duplicates(book: Book) -> Iterator[Check]:
    """Look for repeated keys, and for numbers repeated in an area."""
    say = book.say
    for schema in book.schemas.values():
        if schema.primary_key:
            columns = [schema.field(name).titles[book.language] for name in schema.primary_key]
            title = say(
                "Rows that repeat the {columns} of a row above", columns=" + ".join(columns)
            )
            remedy = say("Each row needs one of its own: give another, or delete the row.")
            yield _repeated(book, schema, schema.primary_key, title, remedy)
    yield _repeated(
        book,
        book.schemas["activities"],
        ("area", "number"),
        say("Activities that repeat the number of another one in their area"),
        say("Number the activities of an area without repetition."),
    )


def _repeated(
    book: Book, schema: TableSchema, names: Sequence[str], title: str, remedy: str
) -> Check:
    cells = [f"{{{schema.name}.{name}}}" for name in names]
    later = f"({_first_row(schema, cells)}<>{numbers_of(cells[0])})"
    keys = [
        key
        for key in zip(*(keys_of(book, schema.name, name) for name in names), strict=True)
        if all(key)
    ]
    repeated = sum(number - 1 for number in Counter(keys).values())
    tests = (*(filled(cell) for cell in cells), later)
    return made(book, schema.name, title, counted(*tests), repeated, remedy)


def nested_areas(book: Book) -> Check:
    """Look for areas that are placed under themselves or under a sub-area."""
    parent = "{areas.parent}"
    placed = filled(parent)
    among = f'{matchable(array("{areas.code}"))}&"|"&(--{placed})'
    pairs = zip(keys_of(book, "areas", "code"), keys_of(book, "areas", "parent"), strict=True)
    parents = dict(pairs)
    return made(
        book,
        "areas",
        book.say("Areas placed under themselves or under a sub-area"),
        counted(placed, f'ISNUMBER(MATCH({matchable(parent)}&"|1",{among},0))'),
        sum(bool(parents.get(parent)) for parent in parents.values() if parent),
        book.say("Enter an area that has no parent of its own, or leave the cell empty."),
    )


def _first_row(schema: TableSchema, cells: Sequence[str]) -> str:
    """Return, for each row, the first one of the same keys."""
    own = {f"{{{schema.name}.{item.key_of}}}": item.name for item in schema.fields if item.key_of}
    if len(cells) == 1 and cells[0] in own:
        keys = f"{{{schema.name}.{own[cells[0]]}}}"
        return f"MATCH({keys},{keys},0)"
    sought = '&"|"&'.join(matchable(cell) for cell in cells)
    among = '&"|"&'.join(matchable(array(cell)) for cell in cells)
    return f'MATCH({sought}&"|",{among}&"|",0)'


def unknown_words(book: Book, schema: TableSchema, item: Field) -> Check | None:
    """Look for words that the list of a column does not have."""
    if not item.enum:
        return None
    cells = cells_of(schema, item)
    words = ",".join(f'"{word}"' for word in item.enum)
    known = f"(1-ISNUMBER(MATCH({matchable(cells)},{{{words}}},0)))"
    used = [key for key in keys_of(book, schema.name, item.name) if key]
    return made(
        book,
        schema.name,
        book.say(
            "Words in the column {column} that its list does not have",
            column=item.titles[book.language],
        ),
        counted(filled(cells), known),
        sum(word not in item.enum for word in used),
        book.say("Choose from the list: {words}.", words=", ".join(item.enum)),
    )


def list_checks(book: Book) -> Iterator[Check]:
    """Give all checks, by what they look for, in the order of the sheets."""
    yield blank_settings(book)
    yield from _each(book, unknown_codes)
    yield from _each(book, blanks)
    yield from blank_titles(book)
    yield from duplicates(book)
    yield nested_areas(book)
    yield from _each(book, unknown_words)
    yield from _each(book, faulty_numbers)
    yield from unreached(book)
    yield from totals_apart(book)
    yield from overfull(book)
    yield from years_outside(book)
    yield products(book)
    yield weights(book)


def _each(book: Book, make: Callable[[Book, TableSchema, Field], Check | None]) -> Iterator[Check]:
    for schema in book.schemas.values():
        for item in schema.inputs():
            check = make(book, schema, item)
            if check is not None:
                yield check
