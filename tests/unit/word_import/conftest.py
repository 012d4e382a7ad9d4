"""What the tests of the import share: a typed annex read as the program reads it."""

from __future__ import annotations

import pytest

from cmswp_xl.languages import Language
from cmswp_xl.word_import import read_annex
from cmswp_xl.word_import.columns import Asked
from cmswp_xl.word_import.workbook_rows import rows_of


@pytest.fixture
def reading(tmp_path):
    """Give a function that reads a typed annex."""

    def read(typed, period=range(2012, 2015), currency="EUR"):
        path = tmp_path / "annex.docx"
        path.write_bytes(typed if isinstance(typed, bytes) else typed.data())
        language = "en" if isinstance(typed, bytes) else typed.language
        return read_annex(path, Asked(Language(language), period, currency))

    return read


@pytest.fixture
def rows(reading):
    """Give a function that reads a typed annex into rows by table."""
    return lambda typed, **options: rows_of(reading(typed, **options))
