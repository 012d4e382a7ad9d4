"""
What the parts of a table hold, by their headings, which may stand in several rows.

A table is a sequence of sections: each begins with rows of headings, the first at or near the top
and others where headings are repeated, perhaps with another unit. Rows above the first headings
are titles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from cmswp_xl.languages import Language
from cmswp_xl.word_import.amounts import are_foreign, currencies_in, head_unit, read_amount
from cmswp_xl.word_import.visible import Cell, Grid
from cmswp_xl.word_import.vocabulary import (
    KINDS,
    any_of,
    folded,
    heading_roles,
    joined,
    label_kind,
)

Roles = dict[str, set[Language]]

_MOST_ROWS = 4
_MOST_TITLES = 6
_LONGEST = 90
_MONEY = ("cost", "year", "whole", "sought", "available", *KINDS)
_SINGLE = (*_MONEY, "number", "activity", "notes", "post", "payer", "total-available")
_ORDER = (
    *("mandates", "time-frame", "targets"),
    *("sought", "number", *KINDS, "available", "cost", "time", "post", "activity", "notes"),
    *("priority", "responsible", "area", "year", "payer", "whole"),
)
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")
_PERIOD = re.compile(r"(?<!\d)((?:19|20|21)\d\d)\s?[-\u2010-\u2015/]\s?((?:19|20|21)?\d\d)(?!\d)")
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*")
_MARKS = re.compile(r"\s*(?:\[\d+\]|[*†‡¹²³⁴⁵⁶⁷⁸⁹⁰]+|\([a-z\d]\))$")
_TOTAL = re.compile(r"\b(?:totale?s?|totaux|whole|overall|grand)\b")
_FILLERS = re.compile(rf"\b(?:{any_of('words of a currency and a unit')})\b|[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user says of the annex: its language, its period, its currency."""

    language: Language
    period: range
    currency: str


@dataclass(frozen=True, slots=True)
class Column:
    """
    A column by what it holds: its last heading in short, and all its `headings` as they stand.

    `year` is that of a cost or a contribution; `factor` and `currencies` are what the heading says
    of its amounts; `language` is that of its heading, where only one has the word; `per_year` says
    that a cost is that of one year.
    """

    role: str
    head: str
    headings: str = ""
    year: int | None = None
    factor: Decimal | None = None
    currencies: frozenset[str] = frozenset()
    language: Language | None = None
    unclear: bool = False
    per_year: bool = False

    @property
    def kind(self) -> str:
        """The kind of source of its funding; "" for no such column."""
        kind = "other" if self.role == "available" else self.role
        return kind if kind in KINDS else ""


@dataclass(frozen=True, slots=True)
class Layout:
    """
    What a section of a table holds: its kind, its rows of headings, its columns by number.

    `kind` is activities, staff, areas, years, or "" where it is none of these. `first` to `heads`
    are its rows of headings, up to `last` its rows of data. `languages` are those of its headings,
    `passed` the columns of a role that another column has already, each with that other.
    """

    kind: str
    heads: int
    columns: Mapping[int, Column]
    languages: tuple[Language, ...] = ()
    first: int = 1
    last: int = 0
    width: int = 0
    passed: Mapping[int, int] = field(default_factory=dict)

    def find(self, role: str) -> int | None:
        """Return the first column of a role; None where there is none."""
        return next((n for n, column in self.columns.items() if column.role == role), None)

    def amounts(self) -> dict[int, Column]:
        """Return the columns that hold amounts."""
        return {n: column for n, column in self.columns.items() if column.role in _MONEY}

    def rows(self) -> range:
        """Return the numbers of its rows of data."""
        return range(self.heads + 1, self.last + 1)

    def onward(self, last: int) -> Layout:
        """Return the layout of a table without headings that goes on with this one."""
        columns = {n: replace(column, headings="") for n, column in self.columns.items()}
        return replace(self, first=1, heads=0, last=last, columns=columns)


def sections(grid: Grid, asked: Asked) -> list[Layout]:
    """Return the sections of a table; a single one of no kind where no headings are known."""
    starts = list(_starts(grid))
    if not starts:
        return [Layout("", 0, {}, first=1, last=len(grid.rows), width=grid.width)]
    ends = [*(start - 1 for start, _ in starts[1:]), len(grid.rows)]
    return [
        _section(grid, start, heads, last, asked)
        for (start, heads), last in zip(starts, ends, strict=True)
    ]


def _starts(grid: Grid) -> Iterator[tuple[int, int]]:
    row, top = 1, 0
    while row <= len(grid.rows):
        if _repeats(grid, top, row) if top else row <= _MOST_TITLES and _begins(grid, row):
            last = _last_heading_row(grid, row)
            yield row, last
            top, row = top or row, last
        row += 1


def _begins(grid: Grid, row: int) -> bool:
    """Return whether headings begin in a row: most of its cells are known, and some are named."""
    cells = grid.filled(row)
    known = sum(map(_is_known, cells))
    if not known or known * 2 < len(cells) or any(map(_is_amount, cells)):
        return False
    return len(cells) > 1 or (row == 1 and not cells[0].across >= grid.width > 1)


def _repeats(grid: Grid, top: int, row: int) -> bool:
    """Return whether a row repeats headings, as at the head of a page."""
    cells = grid.filled(row)
    if len(cells) < 2 or any(map(_is_amount, cells)) or label_kind(cells[0].text):  # noqa: PLR2004  one cell is no row of headings
        return False
    same = [
        (above := grid.cell(top, cell.column)) is not None
        and folded(plain_head(above.text)) == folded(plain_head(cell.text))
        for cell in cells
    ]
    if not all(again or _is_known(cell) for again, cell in zip(same, cells, strict=True)):
        return False
    roles = {role for cell in cells for role in heading_roles(plain_head(cell.text))}
    return sum(same) * 2 >= len(cells) and bool(roles & {"activity", "number", "post", "area"})


def _last_heading_row(grid: Grid, start: int) -> int:
    last = start
    for row in range(start + 1, min(len(grid.rows), start + _MOST_ROWS - 1) + 1):
        cells = grid.filled(row)
        reached = any(
            cell and start <= cell.row < row and cell.text for cell in grid.rows[row - 1]
        )
        if any(map(_is_amount, cells)):
            break
        if not (reached and _under(grid, row, cells)) and not _lower(grid, start, cells):
            break
        last = row
    return last


def _under(grid: Grid, row: int, cells: Sequence[Cell]) -> bool:
    """Return whether the cells of a row stand under headings that go on beside them."""
    if all(map(_is_known, cells)):
        return True
    names = any(heading_roles(plain_head(c.text)).keys() & {"activity", "number"} for c in cells)
    return not names and any(c and c.row < row and c.text for c in grid.rows[row - 1])


def _lower(grid: Grid, start: int, cells: Sequence[Cell]) -> bool:
    """Return whether a row holds a second line of headings, such as years, kinds or units."""
    if not cells:
        return False
    first = cells[0]
    above = grid.cell(start, first.column)
    under = heading_roles(plain_head(above.text)) if above is not None else {}
    named = bool({"number", "activity", "payer"} & under.keys())
    if all(map(_is_known, cells)):
        roles = heading_roles(plain_head(first.text))
        again = {"activity", "number"} & roles.keys() & under.keys()
        if named and (label_kind(first.text) or (again and len(first.text.split()) > 1)):
            return False
        starting = {"number", "activity", "core", "voluntary", "payer"} & roles.keys()
        return not named or (bool(starting) and len(cells) > 1)
    wide = all((over := grid.cell(start, c.column)) is not None and over.across > 1 for c in cells)
    return wide and not named and len(cells) > 1


def _is_amount(cell: Cell) -> bool:
    """Return whether a cell holds an amount, and not a year or a unit."""
    text = cell.text
    if _YEAR.fullmatch(text) or head_unit(text) is not None:
        return False
    return read_amount(text).value is not None


def _is_known(cell: Cell) -> bool:
    text = plain_head(cell.text)
    if len(text) > _LONGEST:
        return False
    return bool(not text or _YEAR.fullmatch(text) or heading_roles(text))


def plain_head(text: str) -> str:
    """Return a heading without unit, currency, year in brackets and the marks of notes."""
    plain = joined(text)
    for _ in range(3):
        plain = _MARKS.sub("", plain)
    if _only_money(plain):
        return ""
    for bracket in reversed(list(_BRACKETS.finditer(plain))):
        inner = bracket[0]
        if _speaks_of_money(inner) or _YEAR.search(inner) or inner.strip() == "(%)":
            plain = f"{plain[: bracket.start()]} {plain[bracket.end() :]}"
    words = plain.split()
    end = next((n for n in range(1, len(words)) if _only_money(" ".join(words[n:]))), len(words))
    return " ".join(words[:end]).strip(" ,:")


def _speaks_of_money(text: str) -> bool:
    return bool(currencies_in(text)) or head_unit(text) is not None


def _only_money(text: str) -> bool:
    if not _speaks_of_money(text):
        return False
    return not _FILLERS.sub(" ", folded(text).replace("'", " ")).split()


def _section(grid: Grid, start: int, heads: int, last: int, asked: Asked) -> Layout:
    columns: dict[int, Column] = {}
    languages: list[Language] = []
    width = len(grid.rows[start - 1])
    for number in range(1, max(width, 1) + 1):
        cells = [grid.cell(row, number) for row in range(start, heads + 1)]
        texts = [joined(cell.text) for cell in dict.fromkeys(cells) if cell and cell.text]
        plain = [text for one in texts if (text := plain_head(one))]
        found = [heading_roles(text) for text in plain]
        languages += [o for roles in found for m in roles.values() if len(m) == 1 for o in m]
        columns[number] = _column(texts, plain, found, asked)
    _mend(columns)
    columns, passed = _choose(columns, asked)
    return Layout(_kind(columns), heads, columns, tuple(languages), start, last, width, passed)


def _column(
    texts: Sequence[str], plain: Sequence[str], found: Sequence[Roles], asked: Asked
) -> Column:
    """Return a column from its headings: role, year, unit, currency."""
    role, language = _role(plain, found)
    years = {int(year) for one in texts for year in _YEAR.findall(one)}
    period = next((match for one in texts if (match := _PERIOD.search(one))), None)
    year = int(plain[-1]) if plain and _YEAR.fullmatch(plain[-1]) else None
    if period is not None and role in ("other-year", *_MONEY):
        first, end = int(period[1]), int(period[1][: -len(period[2])] + period[2])
        whole = (first, end) == (asked.period[0], asked.period[-1])
        role = "" if not whole else "cost" if role in ("year", "other-year") else role
        year = None
    elif role in _MONEY and role not in ("year", "whole") and len(years) == 1:
        year = next(iter(years))
        role = "year" if role == "cost" else role
    elif role in _MONEY and len(years) > 1:
        role, year = "", None
    units = [unit for one in reversed(texts) if (unit := head_unit(_YEAR.sub(" ", one)))]
    named = (currencies_in(one) for one in reversed(texts))
    codes = next(filter(None, named), frozenset())
    factor = units[0].factor if units else None
    head = plain[-1] if plain else texts[-1] if texts else ""
    unclear = bool(units) and factor is None
    headings = " / ".join(dict.fromkeys(texts))
    return Column(role, head, headings, year, factor, codes, language, unclear)


def _role(texts: Sequence[str], found: Sequence[Roles]) -> tuple[str, Language | None]:
    """Return the role of a column from its headings, the lowest first, and its language."""
    if not found:
        return "", None
    above = {role for roles in found[:-1] for role in roles}
    last, lowest = found[-1], texts[-1]
    if _YEAR.fullmatch(lowest):
        inside = "cost" in above or not above
        kind = next((kind for kind in (*KINDS, "sought") if kind in above), "other-year")
        return ("year" if inside else kind), None
    if not last and len(texts) > 1:
        last = heading_roles(f"{texts[-2]} {lowest}") or heading_roles(f"{lowest} {texts[-2]}")
        last = last if last.keys() - found[-2].keys() else {}
    if "annual-cost" in last:
        return "annual-cost", None
    if "unit-cost" in last:
        return "", None
    if above & {"cost"} and not last.keys() & {"sought", "available", *KINDS}:
        total = "cost" if last.keys() & {"total", "cost"} else ""
        return "whole" if "whole" in last else total, None
    if above & {"available"}:
        return next((kind for kind in (*KINDS, "total") if kind in last), ""), None
    if above & {"time"}:
        return "time", None
    role = next((name for name in _ORDER if name in last), "")
    matched = last.get(role, set())
    language = next(iter(matched)) if len(matched) == 1 else None
    return ("year-name" if role == "year" else role), language


def _mend(columns: dict[int, Column]) -> None:
    """Settle the columns whose role depends on the others: number, total, cost of one year."""
    roles = {column.role: number for number, column in columns.items()}
    place = roles.get("activity")
    if place and place > 1 and "number" not in roles and not folded(columns[place - 1].head):
        columns[place - 1] = Column("number", "")
    last_year = max((n for n, column in columns.items() if column.role == "year"), default=None)
    if last_year and "cost" not in roles:
        for number, column in columns.items():
            if number > last_year and folded(column.head).startswith("total"):
                columns[number] = replace(column, role="cost")
                break
    taken = {column.role for column in columns.values()}
    for number, column in columns.items():
        if column.role == "annual-cost":
            alone = not taken & {"cost", "year", "whole"}
            columns[number] = replace(column, role="cost" if alone else "", per_year=alone)
            taken.add("cost")
    place = roles.get("available")
    if place and roles.keys() & set(KINDS):
        columns[place] = replace(columns[place], role="total-available")


def _choose(
    columns: Mapping[int, Column], asked: Asked
) -> tuple[dict[int, Column], dict[int, int]]:
    """Choose one column of each role and year: the heading tells which; the others are passed."""
    chosen, passed = dict(columns), dict[int, int]()
    groups: dict[tuple[str, int | None], list[int]] = {}
    heads = Counter(folded(column.head) for column in columns.values())
    for number, column in columns.items():
        alone = column.role in KINDS and heads[folded(column.head)] == 1
        if column.role in _SINGLE and not alone:
            groups.setdefault((column.role, column.year), []).append(number)
    for (role, _), numbers in groups.items():
        best = min(numbers, key=lambda number: _rank(number, columns[number], asked))
        for number in set(numbers) - {best}:
            spoken = (None, columns[best].language)
            second = role == "activity" and columns[number].language not in spoken
            chosen[number] = replace(columns[number], role="translation" if second else "")
            passed |= {} if second else {number: best}
    ours = [n for n, c in chosen.items() if c.role in ("cost", "year") and not _foreign(c, asked)]
    for number, column in list(chosen.items()):
        if ours and column.role in _MONEY and _foreign(column, asked):
            chosen[number] = replace(column, role="")
            passed[number] = ours[0]
    return chosen, passed


def _foreign(column: Column, asked: Asked) -> bool:
    return are_foreign(column.currencies, asked.currency)


def _rank(number: int, column: Column, asked: Asked) -> tuple[bool, bool, bool, int]:
    """Return how far a column is from the one meant: of the currency, the language, the total."""
    other = column.role == "activity" and column.language not in (None, asked.language)
    return _foreign(column, asked), other, not _TOTAL.search(folded(column.head)), number


def _kind(columns: Mapping[int, Column]) -> str:
    roles = {column.role for column in columns.values()}
    money = roles & {"cost", "year", "sought", "available", *KINDS}
    if "activity" in roles and money:
        return "activities"
    if "post" in roles and ("time" in roles or "payer" in roles):
        return "staff"
    first = columns[1].role if 1 in columns else ""
    if first == "area" and money:
        return "areas"
    return "years" if first == "year-name" and money else ""
