"""The Checks sheet: what each check counts, and the gap of every activity."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from cmswp_xl.figures.computed import comparable_key
from cmswp_xl.figures.declarations import AVAILABLE_STAGES
from cmswp_xl.languages import Language
from cmswp_xl.make.book import (
    GREY,
    LINK,
    Result,
    escaped,
    heading,
    mark_statuses,
    print_set_up,
    quoted,
)
from cmswp_xl.make.formulas import (
    array,
    counted,
    filled,
    in_scenario,
    is_setting,
    is_word,
    matchable,
    matched,
    numbers_of,
    spellings_name,
    summed,
)
from cmswp_xl.make.lists import (
    CODE,
    COUNT,
    MONEY,
    NUMBER,
    Column,
    Room,
    head_format,
    rows_beyond,
    write_head,
    write_rows,
    write_title,
    write_warning,
)
from cmswp_xl.messages.labels import FIELD_KINDS, label, words_of
from cmswp_xl.money import HUNDRED, product, total
from cmswp_xl.tables import code_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cmswp_xl.make.book import Book, Look, Value
    from cmswp_xl.schema import Field, TableSchema


_WITH_YEARS = ("costs", "funding")


@dataclass(frozen=True, slots=True)
class Check:
    """One check: the sheet it looks at, what it looks for, its formula, its count, the remedy."""

    table: str
    title: str
    formula: str
    count: int
    remedy: str


def list_checks(book: Book) -> Iterator[Check]:
    """Return all checks, by what they look for, in the order of the sheets."""
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


def _cells_of(schema: TableSchema, item: Field) -> str:
    """Return what the formulas call the cells of a field: a column, or the cell of a setting."""
    return f"{schema.table}_{item.name}" if schema.form else f"{{{schema.name}.{item.name}}}"


def _keys(book: Book, table: str, field: str) -> list[str]:
    """Return a column of the content as the formulas compare keys."""
    return [comparable_key(row.get(field)) for row in book.rows(table)]


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
    required = [item.name for item in book.schemas["programme"].fields if item.required]
    titles = [
        is_setting("original_language", language.value)
        + f'*(TRIM(Programme_title_{language.value})="")'
        for language in Language
    ]
    missing = [*required]
    if book.setting("original_language"):
        missing.append(f"title_{book.original}")
    return Check(
        "programme",
        book.say("Required settings that are blank"),
        "+".join((*titles, *(f'(TRIM(Programme_{name})="")' for name in required))),
        sum(not comparable_key(book.setting(name)) for name in missing),
        book.say("Fill in the dark settings, and the title in the original language."),
    )


def _unknown_codes(book: Book, schema: TableSchema, item: Field) -> Check:
    """Look for codes that the referred table does not have."""
    target = item.reference
    if target is None:
        raise KeyError(item.name)
    cells, row = _cells_of(schema, item), schema.row_field(item.name)
    keys = f"{{{target.table}.key}}"
    found = f"ISNUMBER({{{schema.name}.{row.name}}})" if row else matched(cells, keys)
    known = {"", *_keys(book, target.table, target.field)}
    return Check(
        schema.name,
        book.say("Unknown codes in the column {column}", column=item.titles[book.language]),
        counted(filled(cells), f"(1-{found})"),
        sum(key not in known for key in _keys(book, schema.name, item.name)),
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
    cells = _cells_of(schema, item)
    given = counted(filled(cells))
    return f"IF({given}=ROWS({cells}),0,{used}-{given})"


def _count_blanks(book: Book, schema: TableSchema, name: str) -> int:
    """Count the blank values of a field in the rows that hold anything."""
    names = [item.name for item in schema.inputs()]
    return sum(
        not comparable_key(row.get(name)) and any(comparable_key(row.get(x)) for x in names)
        for row in book.rows(schema.name)
    )


def _blanks(book: Book, schema: TableSchema, item: Field) -> Check:
    """Look for blank cells in a required column, in rows that hold anything."""
    return Check(
        schema.name,
        book.say("Blank cells in the required column {column}", column=item.titles[book.language]),
        _blank_cells(book, schema, item),
        _count_blanks(book, schema, item.name),
        book.say("Fill in the cells; a filter on the column shows the blanks."),
    )


def _blank_titles(book: Book) -> Iterator[Check]:
    """Look for texts that are missing in the original language."""
    original = book.setting("original_language")
    for schema in book.schemas.values():
        items = [item for item in schema.inputs() if item.required_text]
        if schema.form or not items:
            continue
        parts = (
            f"{is_setting('original_language', str(item.language))}*"
            + _blank_cells(book, schema, item)
            for item in items
        )
        yield Check(
            schema.name,
            book.say("Titles or names that are blank in the original language"),
            "+".join(parts),
            sum(_count_blanks(book, schema, x.name) for x in items if x.language == original),
            book.say("Fill in the column of the original language, which Programme names."),
        )


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
    later = f"({_first_row(schema, names)}<>{numbers_of(cells[0])})"
    rows = zip(*(_keys(book, schema.name, name) for name in names), strict=True)
    repeated = sum(number - 1 for number in Counter(key for key in rows if all(key)).values())
    formula = counted(*map(filled, cells), later)
    return Check(schema.name, title, formula, repeated, remedy)


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
    parent = "{areas.parent}"
    placed = filled(parent)
    among = f'{matchable(array("{areas.code}"))}&"|"&(--{placed})'
    pairs = zip(_keys(book, "areas", "code"), _keys(book, "areas", "parent"), strict=True)
    parents = dict(pairs)
    return Check(
        "areas",
        book.say("Areas placed under themselves or under a sub-area"),
        counted(placed, f'ISNUMBER(MATCH({matchable(parent)}&"|1",{among},0))'),
        sum(bool(parents.get(parent)) for parent in parents.values() if parent),
        book.say("Enter an area that has no parent of its own, or leave the cell empty."),
    )


def _unknown_words(book: Book, schema: TableSchema, item: Field) -> Check:
    """Look for words that the list of a column does not have."""
    cells = _cells_of(schema, item)
    words = words_of(schema.name, item, book.say)
    known = matched(cells, spellings_name(FIELD_KINDS[schema.name, item.name]))
    title = book.say(
        "Words in the column {column} that its list does not have",
        column=item.titles[book.language],
    )
    return Check(
        schema.name,
        title,
        counted(filled(cells), f"(1-{known})"),
        sum(
            bool(word) and code_of(schema.name, item, word) is None
            for word in _keys(book, schema.name, item.name)
        ),
        book.say("Choose from the list: {words}.", words=", ".join(words.values())),
    )


def _faulty_numbers(book: Book, schema: TableSchema, item: Field) -> Check:
    """Look for texts, negative numbers and numbers too large in a column."""
    cells = _cells_of(schema, item)
    least, most = item.minimum or Decimal(0), item.maximum or Decimal(10**12)
    given = filter(comparable_key, (row.get(item.name) for row in book.rows(schema.name)))
    numbers = map(_number, given)
    title = book.say(
        "Cells in the column {column} that hold a text, a negative number or one too large",
        column=item.titles[book.language],
    )
    return Check(
        schema.name,
        title,
        counted(filled(cells), f"(1-ISNUMBER({cells})*({cells}>={least})*({cells}<={most}))"),
        sum(number is None or not least <= number <= most for number in numbers),
        book.say("Type a plain number, without spaces, a currency sign or other text."),
    )


def _unreached(book: Book) -> Iterator[Check]:
    """Look for amounts whose row does not find its activity, by its code and by its number."""
    known = set(_keys(book, "activities", "id")) - {""}
    numbers = numbers_of("{activities.id}")
    for table in _WITH_YEARS:
        key = matchable(f"{{{table}.activity}}")
        found = f"LOOKUP({{{table}.activity_row}},{numbers},{{activities.key}})"
        rows = zip(book.rows(table), _keys(book, table, "activity"), strict=True)
        yield Check(
            table,
            book.say("Amounts that reach no activity"),
            counted(f"ISNUMBER({{{table}.amount}})", f"(1-ISNUMBER(1/EXACT({key},{found})))"),
            sum(_number(row.get("amount")) is not None and key not in known for row, key in rows),
            book.say(
                "Choose a code of the sheet {sheet}. If it is right, copy the formulas of the "
                "calculated columns, the hidden ones too, from another row.",
                sheet=book.sheet("activities"),
            ),
        )


def _totals_apart(book: Book) -> Iterator[Check]:
    """Look for totals that differ from those of Activities, as after typing over formulas."""
    say = book.say
    available = (is_word("{funding.stage}", "stage", stage) for stage in AVAILABLE_STAGES)
    stages = f"({'+'.join(sorted(available))}>0)"
    in_kind = is_word("{funding.in_kind}", "yes-no", "yes")
    money = (in_scenario("{funding.scenario}"), stages, f"(1-{in_kind})")
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
        yield Check(table, title, formula, 0, remedy)


def _overfull(book: Book) -> Iterator[Check]:
    """Look for posts of which more than the whole is allotted, or paid."""
    say = book.say
    for figure, table, title in (
        ("allocated", "allocations", say("Posts of which more than 100 % is allotted")),
        ("paid", "postfunding", say("Posts of which more than 100 % is paid")),
    ):
        together: Counter[str] = Counter()
        for row in book.rows(table):
            percent = _number(row.get("percent")) or 0
            together[comparable_key(row.get("post"))] += percent  # type: ignore[assignment]
        yield Check(
            table,
            title,
            counted(f"ISNUMBER({{posts.{figure}}})", f"({{posts.{figure}}}>100)"),
            sum(together[post] > HUNDRED for post in _keys(book, "posts", "id") if post),
            say("Lower the percentages of the post until they add up to 100 or less."),
        )


def _years_outside(book: Book) -> Iterator[Check]:
    """Look for costs and funding of years outside the period."""
    start, end = book.setting("period_start"), book.setting("period_end")
    given = isinstance(start, int) and isinstance(end, int)
    for table in _WITH_YEARS:
        cells = f"{{{table}.year}}"
        inside = (
            f"ISNUMBER({cells})*({cells}>=Programme_period_start)*({cells}<=Programme_period_end)"
        )
        found = counted(filled(cells), f"(1-{inside})")
        years = filter(comparable_key, (row.get("year") for row in book.rows(table)))
        yield Check(
            table,
            book.say("Years outside the programme’s period"),
            f"IF(COUNT(Programme_period_start,Programme_period_end)=2,{found},0)",
            sum(not (isinstance(y, int) and start <= y <= end) for y in years) if given else 0,
            book.say("Correct the year, or leave it blank for the whole period."),
        )


def _products(book: Book) -> Check:
    """Look for amounts that are not quantity times unit cost."""
    names = ("quantity", "unit_cost", "amount")
    quantity, unit_cost, amount = cells = [f"{{costs.{name}}}" for name in names]
    numbers = "*".join(f"ISNUMBER({cell})" for cell in cells)
    differs = f"(ABS(ROUND({quantity}*{unit_cost},2)-{amount})>0.004)"
    count = 0
    for row in book.rows("costs"):
        first, second, result = (_number(row.get(name)) for name in names)
        if first is not None and second is not None and result is not None:
            count += product(first, second) != result
    return Check(
        "costs",
        book.say("Amounts that are not quantity × unit cost"),
        f"SUMPRODUCT(COUNT(1/({numbers}*{differs})))",  # COUNT passes over a text that was typed
        count,
        book.say("Correct one of the three, or leave quantity and unit cost blank."),
    )


def _weights(book: Book) -> Check:
    """Look for weights of the request criteria that do not add up to 100, or are not there."""
    cells, requests = "{weights.weight}", filled("{requests.id}")
    given = [_number(row.get("weight")) for row in book.rows("weights")]
    numbers = [number for number in given if number is not None]
    wrong = total(numbers) != HUNDRED if numbers else any(_keys(book, "requests", "id"))
    return Check(
        "weights",
        book.say("Weights that do not add up to 100"),
        f"IF(COUNT({cells})=0,IF({counted(requests)}>0,1,0),IF(ROUND(SUM({cells}),2)=100,0,1))",
        int(wrong),
        book.say("Change the weights until they add up to 100."),
    )


GAPS = 300
"""How many activities the list of gaps has room for."""
_WIDTHS = (14, 24, 76, 16, 16, 16, 18)
_STATE, _SHEET, _WHAT, _COUNT, _REMEDY = range(5)
_FIRST_CHECK = 7
_HEAD: Look = {"text_wrap": True, "valign": "vcenter"}


def write_checks(book: Book, sheet: Any, title: str) -> None:
    """Write the Checks sheet: every check with its state, then the gap of every activity."""
    say = book.say
    purpose = say(
        "What pasting may have brought in past the drop-down lists, and what each activity lacks."
    )
    heading(book, sheet, title, purpose, widths=_WIDTHS)
    headers = (
        say("State"),
        say("Sheet"),
        say("What is checked"),
        say("Faults"),
        say("What to do"),
    )
    row = _FIRST_CHECK - 1
    write_head(book, sheet, row, headers, (_HEAD,))
    last = len(_WIDTHS) - 1
    sheet.merge_range(row, _REMEDY, row, last, headers[_REMEDY], head_format(book, _HEAD))
    row = _checks(book, sheet)
    _gaps(book, sheet, row + 2)
    sheet.freeze_panes(4, 0)
    print_set_up(sheet, "outcome")


def _checks(book: Book, sheet: Any) -> int:
    """
    Write the checks, and above them how many found something; return the next row.

    Each row stands by itself, so that sorting keeps its text, state and link together: its state
    looks at its own row, and its link is a formula, since Excel leaves other links behind.
    """
    fine, faulty = book.say("OK"), book.say("To check")
    good, bad = f'"{escaped(fine)}"', f'"{escaped(faulty)}"'
    checks = list(list_checks(book))
    last = _FIRST_CHECK + len(checks) - 1
    for row, check in enumerate(checks, _FIRST_CHECK):
        count, name = f"D{row + 1}", book.sheet(check.table)
        state = f"=IF(ISERROR({count}),{bad},IF({count}=0,{good},{bad}))"
        link = f'=HYPERLINK("#{escaped(quoted(name))}!A1","{escaped(name)}")'
        form = book.formats(bold=True)
        book.write(sheet, row, _STATE, Result(state, faulty if check.count else fine), form)
        book.write(sheet, row, _SHEET, Result(link, name), book.formats(**LINK))
        sheet.write_string(row, _WHAT, check.title)
        result = Result("=" + book.fill(check.formula), check.count)
        book.write(sheet, row, _COUNT, result, book.formats(**COUNT, align="center"))
        sheet.write_string(row, _REMEDY, check.remedy, book.formats(font_color=GREY))
    states = f"$A${_FIRST_CHECK + 1}:$A${last + 1}"
    write_title(book, sheet, (4, _WHAT), book.say("Checks that found something"))
    formula = f"=ROWS({states})-SUMPRODUCT(--({states}={good}))"
    found = Result(formula, sum(check.count > 0 for check in checks))
    total = book.formats(bold=True, font_size=13, **COUNT, align="center")
    book.write(sheet, 4, _COUNT, found, total)
    for criteria, look in (
        ("==", {"bg_color": "#E2EFDA", "num_format": '"✓ "@'}),
        ("!=", {"bg_color": "#F8CBAD", "num_format": '"! "@'}),
    ):
        form = book.workbook.add_format(look)
        rule = {"type": "cell", "criteria": criteria, "value": good, "format": form}
        sheet.conditional_format(_FIRST_CHECK, _STATE, last, _STATE, rule)
    sheet.autofilter(_FIRST_CHECK - 1, _STATE, last, _REMEDY)
    return last + 1


def _gaps(book: Book, sheet: Any, row: int) -> None:
    """Write what each activity costs, has and lacks."""
    first = row + 2
    columns = _gap_columns(book, first)
    words = book.say(
        "Room for {room} activities: {count} more are not shown; all totals count them.",
        room=GAPS,
        count=NUMBER,
    )
    more = rows_beyond("activities.id", GAPS, len(book.rows("activities")))
    write_title(book, sheet, (row, 0), book.say("The gap of each activity"))
    write_warning(book, sheet, (row, 2), Room(GAPS, more, words))
    write_head(book, sheet, row + 1, [column.title for column in columns], (_HEAD,))
    write_rows(book, sheet, first, columns, GAPS)
    sheet.ignore_errors({"number_stored_as_text": f"A{first + 1}:B{first + GAPS}"})
    mark_statuses(book, sheet, (first, 6, first + GAPS - 1, 6))


def _gap_columns(book: Book, first: int) -> Sequence[Column]:
    """Return the columns of the gaps; their formulas are the same in every row."""
    say, number = book.say, f"(ROW()-ROW($A${first}))"
    by_activity = {} if book.totals is None else book.totals.by_activity
    activities = book.rows("activities") if by_activity else ()
    figures = [by_activity[str(row["id"]).strip()] for row in activities]
    statuses = [label("funding-status", str(found.status), say) for found in figures]

    def of(name: str) -> str:
        return f"INDEX({{activities.{name}}},{number})"

    def column(title: str, formula: str, values: Sequence[Value], look: Look) -> Column:
        blank = f"ROWS({{activities.id}})<{number}"
        return Column(title, f'=IF({blank},"",{formula})', values, look)

    def text(title: str, name: str, look: Look) -> Column:
        """Return a column of texts on one line, whatever their own."""
        flat = [str(row.get(name) or "").replace("\n", " ") for row in activities]
        return column(title, f'SUBSTITUTE({of(name)}&"",CHAR(10)," ")', flat, look)

    def figure(title: str, name: str, look: Look) -> Column:
        return column(title, of(name), [getattr(found, name) for found in figures], look)

    return (
        text(say("Activity"), "id", CODE),
        text(say("Number"), "number", CODE),
        text(say("Title"), book.references.title_field("activities"), {}),
        figure(say("Cost"), "cost", MONEY),
        figure(say("Available in all"), "available", MONEY),
        figure(say("To be sought"), "to_be_sought", MONEY),
        column(say("Funding status"), of("funding_status"), statuses, {}),
    )
