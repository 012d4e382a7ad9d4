"""Amounts and percentages of the import's account, in the way of its language."""

from __future__ import annotations

import pytest

from cmswp_xl.languages import Language, Words
from cmswp_xl.word_import.issues import ImportIssues, Place, report_text


@pytest.mark.parametrize(
    ("language", "amount", "percent"),
    [
        (Language.EN, "1,234.5", "92.5%"),
        (Language.FR, "1\u00a0234,5", "92,5\u00a0%"),
        (Language.ES, "1\u00a0234,5", "92,5\u00a0%"),
    ],
)
def test_what_was_taken__is_written_in_the_way_of_the_language(language, amount, percent):
    issues = ImportIssues()
    issues.add("lone-separator", Place(1, 2, 3), "1.234,5", "1234.5")
    issues.add("same-post", Place(1, 2, 3), "Officer", "92.5\u00a0%")
    issues.add("duplicate-number", Place(1, 2, 3), "1.1", "1.10")

    lines = report_text("annex.docx", {}, issues, Words(language)).splitlines()
    assert [line.partition("→ ")[2] for line in lines if "→" in line] == [amount, percent, "1.10"]
