"""The parts of a programme are the rows of the tables, by name."""

from __future__ import annotations

from dataclasses import fields

from sheets import check

from cmswp_xl import model
from cmswp_xl.schema import load_schemas


def names(whole: type) -> set[str]:
    return {item.name for item in fields(whole) if str(item.type).startswith("tuple[")}


def test_every_table__is_a_part_of_the_programme() -> None:
    """The form becomes the settings, the weights a mapping; approvals stay in the workbook."""
    parts = names(model.Programme) | names(model.Review)

    assert parts - {"post_shares"} == set(load_schemas()) - {
        *("programme", "weights", "postfunding", "approvals")
    }


def test_rows_of_a_table__become_its_part() -> None:
    programme = check("""
    ## Costs
    | activity | year | amount |
    | ICC-01   | 2024 | 100    |
    """).programme

    assert programme is not None
    assert [type(line) for line in programme.costs] == [model.CostLine]
