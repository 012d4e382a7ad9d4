"""The numbers of activities: none twice in an area, and rows in the order of their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.numbering import order_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cmswp_xl.issues import Issue
    from cmswp_xl.validate.typed import TypedTable


def repeated_numbers(activities: TypedTable) -> Iterator[Issue]:
    """Find numbers that several activities of an area have."""
    for indexes in activities.groups("area", "number").values():
        rows = [activities.table.rows[index] for index in indexes]
        for index in indexes if len(indexes) > 1 else ():
            number = activities.value("number", index)
            values = {"cells": rows, "area": activities.value("area", index)}
            yield activities.issue("duplicate-number", "number", index, number, **values)


def numbers_out_of_order(activities: TypedTable) -> Iterator[Issue]:
    """Find the first row of each area whose number belongs above that of an earlier row."""
    for indexes in activities.groups("area").values():
        above = ""
        for index in indexes:
            number = activities.value("number", index) or ""
            if () < order_key(number) < order_key(above):
                values = {"above": above, "area": activities.value("area", index)}
                yield activities.issue("number-order", "number", index, number, **values)
                break
            above = number or above
