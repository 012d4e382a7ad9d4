"""A listing, and its forms: text that rich draws at any width, JSON, CSV."""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import StringIO
from itertools import chain
from typing import Any

import orjson
from rich.box import Box
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from cmswp_xl.languages import Language, Words
from cmswp_xl.listings import csv_bytes
from cmswp_xl.messages.values import amounts_in
from cmswp_xl.money import to_cents

NIL = "–"
_SEPARATORS = {Language.EN: ","}
"""What stands between the cells of a CSV file; elsewhere the comma is in numbers."""
_LEADS = (b"\x7f", b"\xd8", b"\xed", b"\xef")
_BEGINNINGS = (
    re.compile(rb"\xc2[\x80-\x9f]"),
    re.compile(rb"\xe2(?:\x80[\x8b-\x8f\xa8-\xae]|\x81[\xa6-\xa9])"),
)
"""What unsafe characters begin with in UTF-8; megabytes without any are known far sooner."""
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Listing:
    """
    Rows of values under keys, ready for JSON, what is said of all of them, and their total.

    `apart` are rows that stand after the others under a name; of these, JSON has only the first
    keys, as many as `naming` counts. `amounts` are the keys of amounts of money.
    """

    keys: tuple[str, ...]
    rows: Sequence[Sequence[object]]
    about: Mapping[str, object] = field(default_factory=dict)
    total: Mapping[str, object] = field(default_factory=dict)
    apart: Mapping[str, Sequence[Sequence[object]]] = field(default_factory=dict)
    naming: int = 0
    amounts: Sequence[str] = ()

    def written(self, form: str, language: Language = Language.EN) -> str | bytes:
        """Return the listing as `json`, `csv` or `xlsx`; a table is for people of a language."""
        if form == "json":
            return dumped(self.content())
        return self.csv(_SEPARATORS.get(language, ";")) if form == "csv" else self.sheet()

    def content(self) -> dict[str, object]:
        """Return the listing as a JSON object with its rows by key."""
        names = self.keys[: self.naming]
        apart = {
            name: [dict(zip(names, row, strict=False)) for row in rows]
            for name, rows in self.apart.items()
        }
        rows = [dict(zip(self.keys, row, strict=True)) for row in self.rows]
        return {**self.about, "rows": rows, **apart, "total": self.total}

    @property
    def lines(self) -> list[Sequence[object]]:
        """All rows, and where there is a total, that as the last."""
        total = {self.keys[0]: "total", **self.total}
        last = [[total.get(key) for key in self.keys]] if self.total else []
        return [*chain(self.rows, *self.apart.values()), *last]

    def csv(self, separator: str = ",") -> bytes:
        """Return all rows as a CSV file under their keys, as Excel opens it at a click."""
        return BOM_UTF8 + csv_bytes(self.keys, self.lines, separator)

    def sheet(self) -> bytes:
        """Return all rows as a workbook of one sheet, amounts as numbers."""
        from cmswp_xl.make.lists import listing_workbook

        amounts = [key in self.amounts for key in self.keys]
        return listing_workbook(
            self.keys,
            [
                [
                    Decimal(str(cell)) if money and cell is not None else cell
                    for cell, money in zip(row, amounts, strict=True)
                ]
                for row in self.lines
            ],
        )


def dumped(content: object) -> str:
    """
    Dump a value as JSON, indented by two, with a line break at its end.

    Characters that could steer a terminal or that no encoding takes are written as escapes, which
    mean the same in JSON.
    """
    try:
        data = orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    except orjson.JSONEncodeError:  # half a surrogate, or an integer of more than 64 bits
        written = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        data = written.encode("utf-8", "surrogatepass")
    text = data.decode("utf-8", "surrogatepass")
    if any(lead in data for lead in _LEADS) or any(begun.search(data) for begun in _BEGINNINGS):
        text = _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return text


def amount_texts(figures: Any, names: Sequence[str]) -> dict[str, str | None]:
    """Return amounts by name as plain text with two decimals; None where one is not known."""
    amounts = {name: getattr(figures, name) for name in names}
    return {name: None if it is None else f"{to_cents(it):f}" for name, it in amounts.items()}


def amount_cell(amount: Decimal | None, say: Words) -> str:
    """Return an amount as a terminal shows it: blank where not known, a dash where nil."""
    if amount is None:
        return ""
    return amounts_in(say.language).money(amount) if amount else NIL


NARROWEST = 40
_NO_BREAK, _STAND_INS = "\u00a0\u202f", "\ue000\ue001"
_HIDING, _SHOWING = str.maketrans(_NO_BREAK, _STAND_INS), str.maketrans(_STAND_INS, _NO_BREAK)
"""Of no-break spaces, at which rich would break lines, while it wraps these."""

_TALL = 25
_UNBOUNDED = 10_000


def drawn(parts: list[RenderableType], *, colour: bool, width: int) -> str:
    """
    Draw parts one below the other at a width in characters.

    Everything that rich would take from the environment is given here, so that the result depends
    on the arguments only. Lines carry no spaces at their end.
    """
    console = Console(
        file=StringIO(),
        width=max(width, NARROWEST),
        height=_TALL,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        legacy_windows=False,
        force_jupyter=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},
    )
    with console.capture() as capture:
        for part in parts:
            console.width = max(width, NARROWEST, _least_width(part, console))
            console.print(part)
    text = capture.get().translate(_SHOWING)
    return "".join(f"{line.rstrip(' ')}\n" for line in text.split("\n")[:-1])


def _least_width(part: RenderableType, console: Console) -> int:
    """Return the width below which a part would lose figures; text may be ever so narrow."""
    if not isinstance(part, Table):
        return 0
    unbounded = console.options.update(max_width=_UNBOUNDED)
    return Measurement.get(console, unbounded, part).minimum


def line(text: str, style: str = "") -> Text:
    """Return a text that is wrapped at ordinary spaces only and read for no markup."""
    return Text(text.translate(_HIDING), style)


NAME_WIDTH = 26
"""The least width that a column of titles should have."""

GAP = 2
"""The spaces between two columns."""

_RULES = Box("    \n    \n -- \n    \n    \n -- \n    \n    \n", ascii=True)


@dataclass(frozen=True, slots=True)
class Column:
    """
    A column: its heading, a cell for each row, and a cell in the line of the total.

    `amount` columns are aligned on the right and never broken; a `name` takes what room is left.
    """

    heading: str
    cells: Sequence[str]
    total: str = ""
    amount: bool = False
    name: bool = False

    @property
    def width(self) -> int:
        """The width that the column needs; for a name the least that it should have."""
        if self.name:
            return min(self.longest, NAME_WIDTH)
        words = self.heading.split() if self.amount else [self.heading]
        return max(cell_len(text) for text in (*words, *self.cells, self.total))

    @property
    def longest(self) -> int:
        """The width at which no cell is broken."""
        lines = (text for cell in self.cells for text in cell.split("\n"))
        return max(cell_len(text) for text in (self.heading, self.total, *lines))


def width_of(columns: Sequence[Column]) -> int:
    """Return the least width of a table of these columns, gaps included."""
    return sum(column.width for column in columns) + GAP * (len(columns) - 1)


def grid(columns: Sequence[Column], width: int) -> Table:
    """
    Return the table for a width; where that is too little it is as wide as its figures need.

    It has a line of totals where one of its columns has a total.
    """
    table = Table(
        box=_RULES,
        show_footer=any(column.total for column in columns),
        show_edge=False,
        pad_edge=False,
        padding=(0, GAP - 1, 0, 0),
    )
    room = max(width - width_of(columns), 0)
    for column in columns:
        table.add_column(
            line(column.heading),
            line(column.total),
            justify="right" if column.amount else "left",
            overflow="fold",
            width=min(column.width + room, column.longest) if column.name else column.width,
            header_style="bold",
            footer_style="bold",
        )
    for cells in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*map(line, cells))
    return table
