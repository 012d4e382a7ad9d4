"""The body of a request: JSON of the shape that the task pane sends, with a bounded size."""

from __future__ import annotations

import json
from typing import Any

from cmswp_xl.server.refusal import Refusal

_DEEPEST = 6
"""Arguments of functions nest no deeper: list, arguments, range, row, cell, and one to spare."""


def parsed(body: bytes) -> dict[str, Any]:
    """Parse a body strictly; raises `Refusal` for anything but a JSON object."""
    try:
        content = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refusal("not-understood") from error
    if not isinstance(content, dict):
        raise Refusal("not-understood")
    return content


def check_book(content: dict[str, Any], most: int) -> None:
    """Check that a body is a book of at most so many cells; raises `Refusal`."""
    sheets, book = content.get("sheets"), content.get("book")
    shaped = (
        isinstance(book, dict)
        and isinstance(book.get("name"), str)
        and isinstance(content.get("version"), str)
        and isinstance(content.get("names"), list)
        and isinstance(sheets, list)
        and all(isinstance(sheet, dict) and _is_sheet(sheet) for sheet in sheets)
    )
    if not shaped or not sheets:
        raise Refusal("not-understood")
    if sum(len(row) for sheet in sheets for row in sheet["values"]) > most:
        raise Refusal("too-many-cells")


def check_call(content: dict[str, Any], most: int) -> str:
    """
    Check that a body calls a function with at most so many cells.

    Gives the function's name; raises `Refusal`.
    """
    name, arguments = content.get("func_name"), content.get("args")
    if not isinstance(name, str) or not isinstance(arguments, list):
        raise Refusal("not-understood")
    if _cells(arguments) > most:
        raise Refusal("too-many-cells")
    return name


def _is_sheet(sheet: dict[str, Any]) -> bool:
    rows = sheet.get("values")
    return (
        isinstance(sheet.get("name"), str)
        and isinstance(rows, list)
        and all(isinstance(row, list) for row in rows)
        and isinstance(sheet.get("tables", []), list)
    )


def _cells(values: list[Any], depth: int = 0) -> int:
    if depth > _DEEPEST:
        raise Refusal("not-understood")
    lists = [value for value in values if isinstance(value, list)]
    return len(values) - len(lists) + sum(_cells(value, depth + 1) for value in lists)


def _no_constant(_name: str) -> None:
    raise ValueError
