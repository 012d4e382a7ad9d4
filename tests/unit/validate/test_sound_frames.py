"""The quick question whether a table is sound, against pandera's own checks of its columns."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from cmswp_xl import validate
from cmswp_xl.matching import match_tables
from cmswp_xl.schema import load_schemas
from cmswp_xl.validate.typed import table_keys, type_table
from cmswp_xl.xlsx import open_workbook

EXAMPLE = Path(__file__).parents[3] / "workbook" / "example.xlsx"
NAMES = tuple(load_schemas())
ODD = (None, "", " ", "x", "ICC-01", "icc-01", "CORE", "final", -1, 0, 5, 2099, 1e11, True, "a@b")


@pytest.fixture(scope="module")
def tables():
    return match_tables(open_workbook(EXAMPLE), load_schemas(), frozenset())[0]


@pytest.fixture(scope="module")
def typed(tables):
    return {key: type_table(found, tables.knows)[0] for key, found in tables.by_name.items()}


def altered(table, chance):
    """Return a table with some cells that hold something odd, or what another row holds."""
    columns = {
        name: [
            chance.choice((*ODD, chance.choice(cells))) if chance.random() < 0.02 else cell
            for cell in cells
        ]
        for name, cells in table.columns.items()
    }
    return replace(table, columns=columns)


def both(table, keys, monkeypatch):
    """
    Return what is found the quick way and by pandera alone, and whether the table is sound.

    It is so the quick way, and to pandera if that finds nothing at all, told as an issue or not.
    """
    quick = validate.check_frames({"": table}, keys)
    failures, found = validate.failures, []

    def watched(*arguments):
        found.extend(failures(*arguments))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(validate, "is_sound", lambda *_: False)
        patch.setattr(validate, "failures", watched)
        whole = validate.check_frames({"": table}, keys)
    frame = validate.table_frame(table)
    return quick, whole, validate.is_sound(table.table.schema, keys, frame), not found


@pytest.mark.parametrize("name", NAMES)
def test_quick_way__finds_what_pandera_finds(tables, typed, monkeypatch, name):
    table = tables.by_name.get(name)
    if table is None or not len(table):
        pytest.skip(f"the example has no {name}")
    keys = table_keys(typed)
    chance = random.Random(name)  # noqa: S311  the same faults every time
    variants = [typed[name]]
    variants += [type_table(altered(table, chance), tables.knows)[0] for _ in range(8)]
    for variant in variants:
        for known in (keys, {}):
            quick, whole, sound, faultless = both(variant, known, monkeypatch)
            assert quick == whole
            assert sound is faultless


def test_example_is_sound__and_pandera_is_not_asked(typed, monkeypatch):
    monkeypatch.delattr(validate, "compile_schema")

    assert validate.check_frames(typed, table_keys(typed)) == []
