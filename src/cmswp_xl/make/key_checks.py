"""The checks for keys and words: unknown, blank, repeated."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from cmswp_xl.computed import comparable_key
from cmswp_xl.languages import Language
from cmswp_xl.make.book import quoted
from cmswp_xl.make.check import cells_of, keys_of, made
from cmswp_xl.make.formulas import array, counted, filled, matchable, matched, numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.make.book import Book
    from cmswp_xl.make.check import Check
    from cmswp_xl.schema import Field, TableSchema


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
