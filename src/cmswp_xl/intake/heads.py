"""What a table of an annex holds, told from its headings, which may stand in several rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.intake.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.intake.grid import Cell, Grid
    from cmswp_xl.intake.vocabulary import Vocabulary
    from cmswp_xl.languages import Language

_MOST_ROWS = 4
_LONGEST = 90
_KINDS = ("core", "voluntary", "other")
_UNIT = re.compile(r"\(?(?:in |en )?(?:[A-Z]{3}|€|US\$|euros?|000s?)\)?")
_UNIT_AFTER = re.compile(
    r"\s*\((?:in |en )?(?:[A-Z]{3}|€|US\$|euros?|000s?|%|thousands|milliers|miles)[^)]*\)$"
)
_YEAR = re.compile(r"(?:19|20|21)\d\d")


@dataclass(frozen=True, slots=True)
class Column:
    """A column by what it holds; `year` is that of a cost, `area` the text above a percentage."""

    role: str
    head: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """
    What a table holds and where: its kind, its rows of headings, its columns by number.

    `kind` is activities, staff, areas, years, or "" where it is none of these.
    """

    kind: str
    heads: int
    columns: Mapping[int, Column]
    languages: tuple[Language, ...] = ()

    def find(self, role: str) -> int | None:
        """Give the first column of a role; None where there is none."""
        return next((n for n, column in self.columns.items() if column.role == role), None)

    def amounts(self) -> dict[int, Column]:
        """Give the columns that hold amounts."""
        roles = {"cost", "year", "whole", "sought", "available", *_KINDS}
        return {n: column for n, column in self.columns.items() if column.role in roles}


def layout(grid: Grid, vocabulary: Vocabulary) -> Layout:
    """Tell what a table holds."""
    rows = _head_rows(grid, vocabulary)
    columns: dict[int, Column] = {}
    languages: list[Language] = []
    for number in range(1, grid.width + 1) if rows else ():
        texts = _texts(grid, rows, number)
        spoken: list[Language] = []
        role, year = _role(texts, vocabulary, spoken)
        columns[number] = Column(role, texts[-1] if texts else "", year)
        languages += spoken
    _mend(columns)
    return Layout(_kind(columns), rows, columns, tuple(languages))


def _head_rows(grid: Grid, vocabulary: Vocabulary) -> int:
    """Count the rows of headings at the top: all that begins in them is a heading."""
    for number in range(1, min(len(grid.rows), _MOST_ROWS) + 1):
        cells = [cell for cell in grid.starts(number) if cell.text]
        known = [cell for cell in cells if _known(cell, vocabulary)]
        if number == 1:
            if not known or len(known) * 2 < len(cells):
                return 0
        elif not cells or len(known) < len(cells) or _is_sum(grid, cells, vocabulary):
            reach = max((_depth(grid, cell) for cell in grid.starts(1)), default=1)
            return max(number - 1, min(reach, number if not cells else number - 1))
    return min(len(grid.rows), _MOST_ROWS)


def _known(cell: Cell, vocabulary: Vocabulary) -> bool:
    text = plain_head(cell.text)
    if len(text) > _LONGEST:
        return False
    return bool(not text or _YEAR.fullmatch(text) or vocabulary.roles(text))


def _is_sum(grid: Grid, cells: list[Cell], vocabulary: Vocabulary) -> bool:
    """Tell a row of data made of heading-like words only from a second row of headings."""
    first = cells[0]
    roles = vocabulary.roles(plain_head(first.text))
    above = grid.cell(1, first.column)
    under = vocabulary.roles(plain_head(above.text)) if above else {}
    return bool({"number", "activity", "payer"} & under.keys()) and not (
        {"number", "activity", "core", "voluntary", "payer"} & roles.keys() and len(cells) > 1
    )


def _depth(grid: Grid, cell: Cell) -> int:
    """Count the rows that a cell of the first row covers."""
    depth = 1
    while depth < len(grid.rows) and grid.cell(depth + 1, cell.column) is cell:
        depth += 1
    return depth


def plain_head(text: str) -> str:
    """Give a heading without line breaks, unit in brackets and the letters of notes."""
    plain = " ".join(text.split())
    if _UNIT.fullmatch(plain):
        return ""
    plain = _UNIT_AFTER.sub("", plain)
    return re.sub(r"\s*(?:\[\d+\]|[*†‡]+|\([a-z]\))$", "", plain)


def _texts(grid: Grid, rows: int, number: int) -> list[str]:
    """Give the headings above a column from top to bottom, a merged one once."""
    seen: list[Cell] = []
    for row in range(1, rows + 1):
        cell = grid.cell(row, number)
        if cell is not None and cell.text and cell not in seen:
            seen.append(cell)
    return [text for cell in seen if (text := plain_head(cell.text))]


def _role(
    texts: list[str], vocabulary: Vocabulary, spoken: list[Language]
) -> tuple[str, int | None]:
    """Give the role of a column from its headings, the lowest first, and its year."""
    found = [vocabulary.roles(text) for text in texts]
    above = {role for roles in found[:-1] for role in roles}
    for roles in found:
        spoken += [
            language for matched in roles.values() if len(matched) == 1 for language in matched
        ]
    if not found:
        return "", None
    last, lowest = found[-1], texts[-1]
    if _YEAR.fullmatch(lowest):
        inside = "cost" in above or not above
        return ("year", int(lowest)) if inside else ("other-year", int(lowest))
    if above & {"cost"}:
        return ("whole" if "whole" in last else "cost" if "total" in last else ""), None
    if above & {"available"}:
        return next(
            (kind for kind in _KINDS if kind in last), "total" if "total" in last else ""
        ), None
    if above & {"time"}:
        return "time", None
    order = ("sought", "number", *_KINDS, "available", "cost", "time", "post", "activity", "notes")
    more = ("priority", "responsible", "area", "year", "payer", "whole")
    role = next((name for name in (*order, *more) if name in last), "")
    return ("year-name" if role == "year" else role), None


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
                columns[number] = Column("cost", column.head)
                break


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
