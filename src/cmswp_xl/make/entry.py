"""The Entry sheet besides its table: years above the headings, kinds of money apart, the sums."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import AsTyped
from cmswp_xl.make.book import (
    HEADER_ROW,
    LAST_ROW,
    NUMBER,
    Result,
    escaped,
    mark,
    mark_faults,
    numbered,
)
from cmswp_xl.make.formulas import PERIOD, counted, filled
from cmswp_xl.money import ZERO, stored_decimal, to_cents, total
from cmswp_xl.schema import ENTRY, ENTRY_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cmswp_xl.make.book import Book, Look
    from cmswp_xl.schema import Field, TableSchema

_COLOURS = {"cost": "#BDD7EE", "core": "#C6E0B4", "voluntary": "#FFE699", "pledged": "#D9C8E8"}
_SHOWN = 3
"""The years that are shown while the period is not known: those of a usual one."""
_START, _END = "Programme_period_start", "Programme_period_end"


def arrange_entry(
    book: Book, sheet: Any, schema: TableSchema, look: Callable[[Field], Look]
) -> None:
    """
    Colour and fold the columns by kind of money, and write the years above their headings.

    `look` is that of the cells of a column.
    """
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
            _shade_beyond(book, sheet, number, item.year)
        elif item.numeric and not item.computed:
            options = {"level": 1}
        sheet.set_column(number, number, item.width, book.formats(**look(item)), options)
        if item.computed:
            continue
        shape: dict[str, Any] = {"bold": True, "border": 1, "bg_color": _COLOURS[item.kind]}
        form = book.formats(text_wrap=True, valign="vcenter", **shape)
        sheet.write_string(HEADER_ROW, number, item.titles[book.language], form)
        if item.numeric:
            centred = book.formats(align="center", **shape)
            book.write(sheet, HEADER_ROW - 1, number, _year(book.years, item.year), centred)


def _year(years: Sequence[int], year: int | None) -> Result:
    """Return the year that a column stands for, or the whole period; nothing beyond it."""
    if year is None:
        value = f"{years[0]}–{years[-1]}" if years else None
        return Result(f'=IF({PERIOD},{_START}&"–"&{_END},"")', value)
    shown = f'IF({_START}+{year - 1}<={_END},{_START}+{year - 1},"")'
    return Result(f'=IF({PERIOD},{shown},"")', years[year - 1] if year <= len(years) else None)


def _shade_beyond(book: Book, sheet: Any, number: int, year: int) -> None:
    """Shade the cells of a year after the end of the period, which may change."""
    beyond = f"=IF({PERIOD},{_START}+{year - 1}>{_END},FALSE)"
    area = (HEADER_ROW + 1, number, LAST_ROW, number)
    mark(book, sheet, area, {"pattern": 14, "fg_color": "#BFBFBF"}, criteria=beyond)


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
    book.write(sheet, 1, 1, result, book.formats(bold=True))
    mark_faults(book, sheet, (1, 1, 1, 1))


def entry_sums(book: Book) -> Mapping[str, Sequence[Decimal | None]]:
    """Return the calculated columns of the rows of Entry; a text is no amount, nor is a blank."""
    inputs, sums = book.references.schemas[ENTRY].inputs(), {}
    for kind in ENTRY_KINDS:
        names = [item.name for item in inputs if item.kind == kind and item.numeric]
        cells = [[_amount(row.get(name)) for name in names] for row in book.rows(ENTRY)]
        typed = [[amount for amount in row if amount is not None] for row in cells]
        sums[f"total_{kind}"] = [to_cents(total(row)) if row else None for row in typed]
    gaps = zip(*(sums[f"total_{kind}"] for kind in ENTRY_KINDS[:3]), strict=True)
    sums["to_be_sought"] = [
        None if cost is None else max(cost - (core or ZERO) - (voluntary or ZERO), ZERO)
        for cost, core, voluntary in gaps
    ]
    return sums if book.rows(ENTRY) else {}


def _amount(value: object) -> Decimal | None:
    """Return what a cell adds to a sum."""
    if isinstance(value, AsTyped):
        number = value.value
        plain = isinstance(number, (int, float)) and not isinstance(number, bool)
        return stored_decimal(number) if plain else None  # type: ignore[arg-type]
    return None if value is None else Decimal(str(value))
