"""The account of an import: every reason in words, every cell by its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cmswp_xl.word_import
from cmswp_xl.languages import Language, Words
from cmswp_xl.resources import texts
from cmswp_xl.word_import.issues import Place, place_text

SOURCES = Path(cmswp_xl.word_import.__file__).parent


def test_every_reason_in_the_code__has_its_sentence() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("*.py"))
    used = set(re.findall(r"""(?:\.issue|issues\.add|_unreadable)\(\s*"([a-z-]+)\"""", text))
    rows = (SOURCES / "rows.py").read_text(encoding="utf-8")
    used |= set(re.findall(r"""return "([a-z]+-[a-z-]+)\"""", rows))

    assert {"unit-twice", "two-amounts", "raised-mark"} <= used
    doubtful, not_taken = (set(texts("word_import")[kind]) for kind in ("doubtful", "not-taken"))
    assert used - doubtful - not_taken == set()
    assert not doubtful & not_taken


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place(3), "Table 3"),
        (Place(3, 4), "Table 3, row 4"),
        (Place(3, None, 2, "Post"), "Table 3, column 2 (Post)"),
        (Place(3, 4, 2, "Cost"), "Table 3, row 4, column 2 (Cost)"),
        (Place(3, 4, 2), "Table 3, row 4, column 2"),
    ],
)
def test_cell__is_named_by_table_row_and_column(place, text):
    assert place_text(place, Words(Language.EN)) == text
