"""PDF files: nothing of the clock, the time zone or chance stays in them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from cmswp_xl.office import settled, to_pdf

ZONES = ("UTC", "America/Caracas", "Asia/Kathmandu")
"""One of each form in which LibreOffice writes zones: none, behind, ahead by part of an hour."""
DATES = (
    "20261128211450Z'",
    "19991231235959+05'45'",
    "20260101000000-12'00'",
    "20260101000000+14'00",
)


@pytest.mark.parametrize("date", DATES)
def test_date__is_replaced_at_its_own_length(date):
    """The offsets in the file stay right, whatever zone the office program writes."""
    before = f"<</Producer(X)/CreationDate(D:{date})>>".encode()
    after = settled(before, b"word file")
    assert len(after) == len(before)
    assert after.startswith(b"<</Producer(X)/CreationDate(D:20000101000000Z')")
    assert after.endswith(b">>")


def test_ids__are_made_from_the_word_file():
    before = b"/ID [ <%s>\n<%s> ] /DocChecksum /%s" % (b"0" * 32, b"A" * 32, b"0" * 32)
    one, two = settled(before, b"one"), settled(before, b"two")
    assert len(one) == len(before)
    assert one != two
    assert one == settled(before.replace(b"0", b"7"), b"one")


@pytest.mark.host
def test_zones__give_the_same_bytes(tmp_path, monkeypatch):
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        if os.environ.get("CMSWP_REQUIRE_HOSTS") == "1":
            pytest.fail("LibreOffice is not installed")
        pytest.skip("LibreOffice is not installed")
    from docx import Document

    document = Document()
    document.add_paragraph("Ten o’clock")
    document.save(tmp_path / "plan.docx")
    data = (tmp_path / "plan.docx").read_bytes()
    made = set()
    for zone in ZONES:
        monkeypatch.setenv("TZ", zone)
        made.add(to_pdf(Path(office), {"plan": data})["plan"])
    assert len(made) == 1
    assert made.pop().count(b"20000101000000Z'") == 1
