"""The texts of a new workbook: complete in three languages, and nothing invented."""

from __future__ import annotations

import re

import pytest

from cmswp_xl.languages import DOCUMENT_LANGUAGES
from cmswp_xl.samples import read_sample

ROWS = read_sample("starter")["texts"]
BLANK = re.compile(r"\[[^\[\]]+\]")


def text(row, language):
    return row[f"text_{language.value}"]


def test_rows__are_a_meeting_document_that_ends_in_what_is_asked():
    assert list(read_sample("starter")) == ["texts"]
    assert {row["document"] for row in ROWS} == {"cover"}
    assert [row["paragraph"] for row in ROWS] == list(range(1, len(ROWS) + 1))
    kinds = [row["kind"] for row in ROWS]
    assert kinds.count("areas") == kinds.count("action") == 1
    assert kinds[kinds.index("action") + 1 :] == ["subparagraph"] * 3


@pytest.mark.parametrize("language", DOCUMENT_LANGUAGES)
def test_texts__are_there_and_state_no_date_number_or_name(language):
    for row in ROWS:
        words = text(row, language)
        assert words == words.strip() != ""
        assert not re.search(r"\d|COP|CMS|UNEP|PNU", words)
        assert not re.search(r"[\[\]]", BLANK.sub("", words))


def test_what_is_to_be_filled_in__stands_in_every_language():
    for row in ROWS:
        english, french, spanish = (
            len(BLANK.findall(row[f"text_{language}"])) for language in ("en", "fr", "es")
        )
        agreeing = row["kind"] == "action"  # the French verb agrees with what is filled in
        assert english == spanish == french - agreeing


def test_french__has_no_break_spaces_where_they_belong():
    for row in ROWS:
        assert not re.search(r"[^\u00a0][:;?!»]|«[^\u00a0]", row["text_fr"])
