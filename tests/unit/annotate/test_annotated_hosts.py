"""Copies opened by LibreOffice, and copies of what LibreOffice has written."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from annotated_books import changed, loaded, note, parts, report

from cmswp_xl.annotate import annotated_copy
from cmswp_xl.issues import Severity

pytestmark = pytest.mark.host
AREAS = "Areas & 'other' ones"


@pytest.fixture
def office(tmp_path):
    """Give a function that lets LibreOffice open a workbook and save it in a format."""
    program = shutil.which("soffice")
    if program is None:
        if os.environ.get("CMSWP_REQUIRE_HOSTS") == "1":
            pytest.fail("LibreOffice is required here and is not installed")
        pytest.skip("LibreOffice is not installed")

    def convert(data, ending):
        source = tmp_path / "in" / "book.xlsx"
        source.parent.mkdir(exist_ok=True)
        source.write_bytes(data)
        profile = (tmp_path / "profile").as_uri()
        subprocess.run(
            [
                program,
                f"-env:UserInstallation={profile}",
                "--headless",
                "--convert-to",
                ending,
                "--outdir",
                tmp_path / "out",
                source,
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
        return (tmp_path / "out" / f"book.{ending}").read_bytes()

    return convert


def test_copy__opens_in_libreoffice_with_fills_notes_and_links(rich, office):
    notes = [
        note("Costs", "C4"),
        note("Costs", "A2", text="Odd"),
        note(AREAS, "B5", Severity.WARNING),
    ]
    book = loaded(office(annotated_copy(rich, notes, report(*notes)), "xlsx"))
    assert book.sheetnames == ["Costs", AREAS, "Hidden", "Issues"]
    costs = book["Costs"]
    assert costs["C4"].fill.fgColor.rgb == "FFFFC7CE"
    assert costs["C4"].number_format == "#,##0.00"
    assert costs["C4"].comment.text == "Error\nThe year is missing."
    assert costs["A2"].comment.text.startswith("Checked by finance")
    assert costs["A2"].comment.text.endswith("Error\nOdd")
    assert costs["B3"].comment.text == "Second look"
    assert book[AREAS]["B5"].fill.fgColor.rgb == "FFFFEB9C"
    assert book["Issues"]["E5"].value == "=1+1"
    assert book["Issues"]["E5"].data_type == "s"
    assert book["Issues"]["C7"].hyperlink.location.endswith("B5")


def test_workbook_of_libreoffice__is_annotated(rich, office):
    saved = office(rich, "xlsx")
    notes = [note("Costs", "A2", text="Odd"), note("Costs", "D30"), note(AREAS, "A4")]
    copy = annotated_copy(saved, notes, report(*notes))
    touched = changed(saved, copy)
    kept = [name for name in parts(saved) if name not in touched]
    assert "xl/sharedStrings.xml" in kept
    assert any("chart" in name for name in kept)
    before, after = loaded(saved), loaded(copy)
    for row in before["Costs"].iter_rows():
        for cell in row:
            twin = after["Costs"][cell.coordinate]
            assert (twin.value, twin.number_format) == (cell.value, cell.number_format)
    assert after["Costs"]["A2"].comment.text.endswith("————————\nError\nOdd")
    assert after["Costs"]["D30"].fill.fgColor.rgb == "FFFFC7CE"
    assert after["Costs"]["D30"].number_format == r"yyyy\-mm\-dd"
    again = loaded(office(copy, "xlsx"))
    assert again["Costs"]["D30"].comment.text == "Error\nThe year is missing."
