"""
What the parts of a table hold, told from their headings, which may stand in several rows.

A table is a sequence of sections: each begins with rows of headings, the first at or near the top
and others where headings are repeated, perhaps with another unit. Rows above the first headings
are titles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cmswp_xl.word_import.amounts import read_amount
from cmswp_xl.word_import.units import currencies_in, fits, head_unit
from cmswp_xl.word_import.vocabulary import folded, label_kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.languages import Language
    from cmswp_xl.word_import.visible import Cell, Grid
    from cmswp_xl.word_import.vocabulary import Vocabulary

_MOST_ROWS = 4
_MOST_TITLES = 6
_LONGEST = 90
_KINDS = ("core", "voluntary", "other")
_MONEY = ("cost", "year", "whole", "sought", "available", *_KINDS)
_SINGLE = (*_MONEY, "number", "activity", "notes", "post", "payer", "total-available")
_NAMES = ("activity", "number", "post", "area", "year-name", "payer")
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")
_PERIOD = re.compile(r"(?<!\d)((?:19|20|21)\d\d)\s?[-\u2010-\u2015/]\s?((?:19|20|21)?\d\d)(?!\d)")
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*")
_MARKS = re.compile(r"\s*(?:\[\d+\]|[*†‡¹²³⁴⁵⁶⁷⁸⁹⁰]+|\([a-z\d]\))$")
_TAIL = re.compile(r"(?:[\s,:–—-]|\b(?:in|en|for|of|pour|de|para|fy|exercice|year|annee|ano)\b)+$")
_TOTAL = re.compile(r"\b(?:totale?s?|totaux|whole|overall|grand)\b")
_UNIT_ONLY = re.compile(r"[()\[\]\s]*(?:in|en|in thousands?)?[()\[\]\s]*")


@dataclass(frozen=True, slots=True)
class Column:
    """
    A column by what it holds, with its heading as printed.

    `year` is that of a cost or a contribution; `factor` and `currencies` are what the heading says
    of its amounts; `language` is that of its heading, where only one has the word; `per_year` says
    that a cost is that of one year.
    """

    role: str
    head: str
    year: int | None = None
    factor: Decimal | None = None
    currencies: frozenset[str] = frozenset()
    language: Language | None = None
    unclear: bool = False
    per_year: bool = False


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user says of the columns: language, years, currency."""

    language: Language
    period: range
    currency: str


def sections(grid: Grid, words: Vocabulary, wanted: Wanted) -> list[Layout]:
    """Return the sections of a table; a single one of no kind where no headings are known."""
    starts = list(_starts(grid, words))
    if not starts:
        return [Layout("", 0, {}, first=1, last=len(grid.rows), width=grid.width)]
    ends = [*(start - 1 for start, _ in starts[1:]), len(grid.rows)]
    return [
        _section(grid, (start, heads, last), words, wanted)
        for (start, heads), last in zip(starts, ends, strict=True)
    ]


def _starts(grid: Grid, words: Vocabulary) -> Iterator[tuple[int, int]]:
    """Return the first and the last row of each group of rows of headings."""
    row, top = 1, 0
    while row <= len(grid.rows):
        if (not top and row <= _MOST_TITLES and _begins(grid, row, words)) or (
            top and _repeats(grid, top, row, words)
        ):
            last = _ends(grid, row, words)
            yield row, last
            top, row = top or row, last
        row += 1


def _begins(grid: Grid, row: int, words: Vocabulary) -> bool:
    """Return whether headings begin in a row: most of its cells are known, and some are named."""
    cells = [cell for cell in grid.starts(row) if cell.text]
    known = [cell for cell in cells if _known(cell, words)]
    if not known or len(known) * 2 < len(cells) or any(map(_is_amount, cells)):
        return False
    return row == 1 if len(cells) == 1 and not _across_all(grid, cells[0]) else len(cells) > 1


def _across_all(grid: Grid, cell: Cell) -> bool:
    return cell.across >= grid.width > 1


def _repeats(grid: Grid, top: int, row: int, words: Vocabulary) -> bool:
    """Return whether a row repeats headings, as at the head of a page."""
    cells = [cell for cell in grid.starts(row) if cell.text]
    if len(cells) < 2 or any(map(_is_amount, cells)) or label_kind(cells[0].text):  # noqa: PLR2004  one cell is no row of headings
        return False
    roles = {role for cell in cells for role in words.roles(plain_head(cell.text))}
    same = [_as_above(grid, top, cell) for cell in cells]
    if not all(again or _known(cell, words) for again, cell in zip(same, cells, strict=True)):
        return False
    return sum(same) * 2 >= len(cells) and bool(roles & {"activity", "number", "post", "area"})


def _as_above(grid: Grid, top: int, cell: Cell) -> bool:
    """Return whether a cell says the same as the heading in its column."""
    above = grid.cell(top, cell.column)
    return above is not None and folded(plain_head(above.text)) == folded(plain_head(cell.text))


def _ends(grid: Grid, start: int, words: Vocabulary) -> int:
    """Return the last row of the headings that begin in a row."""
    last = start
    for row in range(start + 1, min(len(grid.rows), start + _MOST_ROWS - 1) + 1):
        cells = [cell for cell in grid.starts(row) if cell.text]
        reached = any(
            cell is not None and start <= cell.row < row and cell.text
            for cell in grid.rows[row - 1]
        )
        if (reached and not any(map(_is_amount, cells)) and _under(grid, row, cells, words)) or (
            cells and _lower(grid, start, cells, words)
        ):
            last = row
        else:
            break
    return last


def _under(grid: Grid, row: int, cells: Sequence[Cell], words: Vocabulary) -> bool:
    """Return whether the cells of a row stand under headings that go on beside them."""
    if not cells:
        return True
    names = [c for c in cells if words.roles(plain_head(c.text)).keys() & {"activity", "number"}]
    beside = [c for c in grid.rows[row - 1] if c is not None and c.row < row and c.text]
    return all(_known(cell, words) for cell in cells) or (not names and bool(beside))


def _lower(grid: Grid, start: int, cells: Sequence[Cell], words: Vocabulary) -> bool:
    """Return whether a row holds a second line of headings, such as years, kinds or units."""
    if any(map(_is_amount, cells)):
        return False
    first = cells[0]
    above = grid.cell(start, first.column)
    under = words.roles(plain_head(above.text)) if above is not None else {}
    named = bool({"number", "activity", "payer"} & under.keys())
    if all(_known(cell, words) for cell in cells):
        roles = words.roles(plain_head(first.text))
        starting = {"number", "activity", "core", "voluntary", "payer"} & roles.keys()
        again = {"activity", "number"} & roles.keys() & under.keys()
        if named and (label_kind(first.text) or (again and len(first.text.split()) > 1)):
            return False
        return not named or (bool(starting) and len(cells) > 1)
    wide = all((over := grid.cell(start, c.column)) is not None and over.across > 1 for c in cells)
    return wide and not named and len(cells) > 1


def _is_amount(cell: Cell) -> bool:
    """Return whether a cell holds an amount, and not a year or a unit."""
    text = cell.text
    if _YEAR.fullmatch(text) or head_unit(text) is not None:
        return False
    return read_amount(text).value is not None


def _known(cell: Cell, words: Vocabulary) -> bool:
    text = plain_head(cell.text)
    if len(text) > _LONGEST:
        return False
    return bool(not text or _YEAR.fullmatch(text) or words.roles(text))


def plain_head(text: str) -> str:
    """Return a heading without unit, currency, year in brackets and the marks of notes."""
    plain = " ".join(text.split())
    for _ in range(3):
        plain = _MARKS.sub("", plain)
    if _speaks_of_money(plain) and not _words_left(plain):
        return ""
    for bracket in reversed(list(_BRACKETS.finditer(plain))):
        if _speaks_of_money(bracket[0]) or _YEAR.search(bracket[0]) or bracket[0].strip() == "(%)":
            plain = f"{plain[: bracket.start()]} {plain[bracket.end() :]}"
    words = plain.split()
    for count in range(1, len(words)):
        tail = " ".join(words[count:])
        if _speaks_of_money(tail) and not _words_left(tail):
            words = words[:count]
            break
    return " ".join(words).strip(" ,:")


def _speaks_of_money(text: str) -> bool:
    return bool(currencies_in(text)) or head_unit(text) is not None


_FILLERS = re.compile(
    r"\b(?:in|en|of|de|des|d|the|les|los|k|m|t|mn|mio|mln|bn|mrd|thousands?|milliers?|mil|miles|mille"
    r"|millions?|millones|milliards?|us|united|states|etats|unis|estados|unidos|dollars?|dolares?"
    r"|euros?|francs?|francos?|suisses?|swiss|suizos|pounds?|sterling|[a-z]{3}[km]?|[kmt][a-z]{3}"
    r"|0+s?|1[ ,.']?0+)\b|[^\w\s]|_"
)


def _words_left(text: str) -> bool:
    """Return whether a text says more than a currency and a unit."""
    return bool(_FILLERS.sub(" ", folded(text).replace("'", " ")).split())


def _section(grid: Grid, rows: tuple[int, int, int], words: Vocabulary, wanted: Wanted) -> Layout:
    start, heads, last = rows
    columns: dict[int, Column] = {}
    languages: list[Language] = []
    width = len(grid.rows[start - 1])
    for number in range(1, max(width, 1) + 1):
        texts = _texts(grid, start, heads, number)
        spoken: list[Language] = []
        columns[number] = _column(texts, words, spoken, wanted)
        languages += spoken
    _mend(columns)
    columns, passed = _choose(columns, wanted)
    return Layout(_kind(columns), heads, columns, tuple(languages), start, last, width, passed)


def heading(grid: Grid, layout: Layout, number: int) -> str:
    """Return the headings of a column as they stand, from top to bottom."""
    return " / ".join(dict.fromkeys(_texts(grid, layout.first, layout.heads, number)))


def _texts(grid: Grid, start: int, heads: int, number: int) -> list[str]:
    """Return the headings above a column from top to bottom, a merged one once."""
    seen: list[Cell] = []
    for row in range(start, heads + 1):
        cell = grid.cell(row, number)
        if cell is not None and cell.text and cell not in seen:
            seen.append(cell)
    return [" ".join(cell.text.split()) for cell in seen]


def _column(
    texts: Sequence[str], words: Vocabulary, spoken: list[Language], wanted: Wanted
) -> Column:
    """Return a column from its headings: role, year, unit, currency."""
    plain = [text for one in texts if (text := plain_head(one))]
    years = {int(year) for one in texts for year in _YEAR.findall(one)}
    period = next((m for one in texts if (m := _PERIOD.search(one))), None)
    role, year, language = _role(plain, words, spoken)
    if period is not None and role in ("year", "other-year", *_MONEY):
        role, year = _of_period(role, period, wanted)
    elif role in _MONEY and role not in ("year", "whole") and len(years) == 1:
        year = next(iter(years))
        role = "year" if role == "cost" else role
    elif role in _MONEY and len(years) > 1:
        role, year = "", None
    units = [unit for one in reversed(texts) if (unit := head_unit(_without_years(one)))]
    codes = next((found for one in reversed(texts) if (found := currencies_in(one))), frozenset())
    factor = units[0].factor if units else None
    head = plain[-1] if plain else texts[-1] if texts else ""
    unclear = bool(units) and factor is None
    return Column(role, head, year, factor, codes, language, unclear)


def _of_period(role: str, period: re.Match[str], wanted: Wanted) -> tuple[str, int | None]:
    """Return the role of a column of a period of years; one not asked for is none."""
    first, last = int(period[1]), int(period[2]) if len(period[2]) > 2 else 0  # noqa: PLR2004  two figures
    last = last or int(period[1][:2] + period[2])
    whole = (first, last) == (wanted.period[0], wanted.period[-1])
    if not whole:
        return "", None
    return ("cost" if role in ("year", "other-year") else role), None


def _without_years(text: str) -> str:
    return _YEAR.sub(" ", text)


def _role(
    texts: Sequence[str], words: Vocabulary, spoken: list[Language]
) -> tuple[str, int | None, Language | None]:
    """Return the role of a column from its headings, the lowest first, its year and language."""
    found = [words.roles(text) for text in texts]
    above = {role for roles in found[:-1] for role in roles}
    for roles in found:
        spoken += [one for matched in roles.values() if len(matched) == 1 for one in matched]
    if not found:
        return "", None, None
    last, lowest = dict(found[-1]), texts[-1]
    if _YEAR.fullmatch(lowest):
        inside = "cost" in above or not above
        kind = next((kind for kind in (*_KINDS, "sought") if kind in above), "other-year")
        return ("year" if inside else kind), int(lowest), None
    if not last and len(texts) > 1:
        last = words.roles(f"{texts[-2]} {lowest}") or words.roles(f"{lowest} {texts[-2]}")
        last = last if last.keys() - found[-2].keys() else {}
    if "annual-cost" in last:
        return "annual-cost", None, None
    if "unit-cost" in last:
        return "", None, None
    if above & {"cost"} and not last.keys() & {"sought", "available", *_KINDS}:
        role = "whole" if "whole" in last else "cost" if last.keys() & {"total", "cost"} else ""
        return role, None, None
    if above & {"available"}:
        role = next((kind for kind in _KINDS if kind in last), "")
        return role or ("total" if "total" in last else ""), None, None
    if above & {"time"}:
        return "time", None, None
    order = ("sought", "number", *_KINDS, "available", "cost", "time", "post", "activity", "notes")
    more = ("priority", "responsible", "area", "year", "payer", "whole")
    role = next((name for name in (*order, *more) if name in last), "")
    matched = last.get(role, set())
    language = next(iter(matched)) if len(matched) == 1 else None
    return ("year-name" if role == "year" else role), None, language


def _mend(columns: dict[int, Column]) -> None:
    """Take a column without a heading before the activities for that of their numbers."""
    roles = {column.role: number for number, column in columns.items()}
    place = roles.get("activity")
    if place and place > 1 and "number" not in roles and not folded(columns[place - 1].head):
        columns[place - 1] = Column("number", "")
    years = [n for n, column in columns.items() if column.role == "year"]
    if years and "cost" not in roles:
        for number, column in columns.items():
            if number > years[-1] and folded(column.head).startswith("total"):
                columns[number] = replace(column, role="cost")
                break
    taken = {column.role for column in columns.values()}
    for number, column in columns.items():
        if column.role == "annual-cost":
            alone = not taken & {"cost", "year", "whole"}
            columns[number] = replace(column, role="cost" if alone else "", per_year=alone)
            taken.add("cost")
    kinds = [n for n, column in columns.items() if column.role in _KINDS]
    if kinds and (place := roles.get("available")):
        columns[place] = replace(columns[place], role="total-available")


def _choose(
    columns: Mapping[int, Column], wanted: Wanted
) -> tuple[dict[int, Column], dict[int, int]]:
    """Keep one column of each role and year: the heading tells which; the others are passed."""
    kept: dict[int, Column] = dict(columns)
    passed: dict[int, int] = {}
    groups: dict[tuple[str, int | None], list[int]] = {}
    for number, column in columns.items():
        if column.role in _SINGLE and not (column.role in _KINDS and _own_head(columns, number)):
            groups.setdefault((column.role, column.year), []).append(number)
    for (role, _), numbers in groups.items():
        best = _best(role, {n: columns[n] for n in numbers}, wanted)
        for number in numbers:
            column = columns[number]
            second = role == "activity" and column.language not in (None, columns[best].language)
            if number != best:
                kept[number] = replace(column, role="translation" if second else "")
            if number != best and not second:
                passed[number] = best
    _pass_foreign(kept, passed, wanted)
    return kept, passed


def _pass_foreign(kept: dict[int, Column], passed: dict[int, int], wanted: Wanted) -> None:
    """Pass the columns in another currency where costs are also in the one given."""
    ours = [n for n, c in kept.items() if c.role in ("cost", "year") and not _foreign(c, wanted)]
    for number, column in list(kept.items()):
        if ours and column.role in _MONEY and _foreign(column, wanted):
            kept[number] = replace(column, role="")
            passed[number] = ours[0]


def _own_head(columns: Mapping[int, Column], number: int) -> bool:
    """Return whether a column of funding has a heading unlike all others."""
    same = [n for n, c in columns.items() if folded(c.head) == folded(columns[number].head)]
    return len(same) == 1


def _foreign(column: Column, wanted: Wanted) -> bool:
    return bool(column.currencies) and not fits(column.currencies, wanted.currency)


def _best(role: str, columns: Mapping[int, Column], wanted: Wanted) -> int:
    """Return the column of a role that is meant: of the language, the currency, the total."""

    def rank(number: int) -> tuple[bool, bool, bool, int]:
        column = columns[number]
        return (
            _foreign(column, wanted),
            role == "activity" and column.language not in (None, wanted.language),
            not _TOTAL.search(folded(column.head)),
            number,
        )

    return min(columns, key=rank)


def _kind(columns: Mapping[int, Column]) -> str:
    roles = {column.role for column in columns.values()}
    money = roles & {"cost", "year", "sought", "available", *_KINDS}
    if "activity" in roles and money:
        return "activities"
    if "post" in roles and ("time" in roles or "payer" in roles):
        return "staff"
    first = columns[1].role if 1 in columns else ""
    if first == "area" and money:
        return "areas"
    return "years" if first == "year-name" and money else ""
