"""Cells before anything is made of them: where they stand, and what no plain type can hold."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

LAST_COLUMN = 16_384
LAST_ROW = 1_048_576
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\Z")


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """What a cell shows where its formula failed, such as #REF!."""

    text: str


@dataclass(frozen=True, slots=True)
class NoStoredValue:
    """A formula that was never calculated: the file holds the formula and no value."""


Raw = str | int | float | bool | dt.date | dt.time | ErrorValue | NoStoredValue | None
"""What a source may give for a cell; text is as typed, numbers are as stored."""


@dataclass(frozen=True, slots=True)
class AsTyped:
    """A value among the rows of a program that a cell takes as it is, whatever its field says."""

    value: Raw


def quoted(sheet: str) -> str:
    """Return a sheet's name as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"


@cache
def column_letters(column: int) -> str:
    """Return the letters of a column counted from 1: 28 is AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """Return the A1 address of a cell, row and column counted from 1."""
    return f"{column_letters(column)}{row}"


def position(text: str) -> tuple[int, int]:
    """Return row and column of an A1 address; ValueError where it is none or outside a sheet."""
    match = _ADDRESS.match(text)
    if match is None:
        raise ValueError(text)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(match[2])
    if not (1 <= row <= LAST_ROW and 1 <= column <= LAST_COLUMN):
        raise ValueError(text)
    return row, column


def boundaries(reference: str) -> tuple[int, int, int, int]:
    """Return first row, first column, last row and last column of a range such as A5:K20."""
    first, _, last = reference.partition(":")
    top, left = position(first)
    bottom, right = position(last or first)
    if bottom < top or right < left:
        raise ValueError(reference)
    return top, left, bottom, right
