"""
The checks of the Checks sheet: each a native formula that counts faults, and the count itself.

They find what pasting brings in past the drop-downs. The program's own checks (`validate`) are
more and stricter; these work without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.make.key_checks import (
    blank_settings,
    blank_titles,
    blanks,
    duplicates,
    nested_areas,
    unknown_codes,
    unknown_words,
)
from cmswp_xl.make.number_checks import (
    faulty_numbers,
    overfull,
    products,
    totals_apart,
    unreached,
    weights,
    years_outside,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cmswp_xl.make.book import Book
    from cmswp_xl.make.check import Check
    from cmswp_xl.schema import Field, TableSchema


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
