"""
Every door of the program refuses a file that unpacks to more than it claims, in little memory.

Each command runs as a process of its own, which may not use more than 500 MB.
"""

from __future__ import annotations

import functools
import io
import os
import subprocess
import sys
import zipfile

import pytest
from packages import (
    PACKAGE,
    SHEET,
    SOUND,
    WORKBOOK,
    bomb,
    pack,
    parts,
    relationships,
    sheet_xml,
    with_declared_size,
    with_flag,
    workbook_xml,
)

from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.languages import Language
from cmswp_xl.ooxml import Limits, declares_type, open_package
from cmswp_xl.pipeline import new_workbook
from cmswp_xl.resources import template_folder
from cmswp_xl.xlsx import open_workbook

INSIDE = 600_000_000
FAR_DOWN = f"<!--{'x' * 70_000}--><!DOCTYPE a><a/>"
MOST = 500_000
DOCUMENT = "word/document.xml"


def understated(data, size):
    """Give a file with one more part, very large, of whose size the directory claims little."""
    source, name = io.BytesIO(data), "customXml/item9.xml"
    with (
        zipfile.ZipFile(source, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
        package.open(name, "w") as part,
    ):
        for _ in range(INSIDE // 1_000_000):
            part.write(b" " * 1_000_000)
        part.write(b"<a/>")
    return with_declared_size(source.getvalue(), name, size)


@functools.cache
def sound_book():
    return new_workbook(Language.EN, example=True)


@functools.cache
def understated_book():
    return understated(sound_book(), 90_000_000)


@functools.cache
def understated_word():
    return understated((template_folder() / "annex" / "annex.docx").read_bytes(), 1000)


MEASURE = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "cmswp_xl", *sys.argv[1:]], capture_output=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
sys.stdout.buffer.write(b"%d %d\\n" % (done.returncode, used) + done.stdout + done.stderr)
"""


def measured(*arguments):
    """Run a command and give its exit code, the kilobytes that it used at most, and its words."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *map(str, arguments)],
        capture_output=True,
        check=True,
        env={**os.environ, "CMSWP_DEBUG": ""},
    )
    first, _, words = done.stdout.decode().partition("\n")
    code, used = first.split()
    return int(code), int(used), words


@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured by POSIX means")
@pytest.mark.parametrize(
    "arguments",
    [
        ("validate", "{book}"),
        ("validate", "{book}", "--format", "xlsx", "--output", "{out}"),
        ("totals", "{book}"),
        ("upgrade", "{book}", "--out", "{out}"),
        ("new", "{out}", "--from", "{book}", "--period", "2030-2032"),
        ("export", "{book}", "--out", "{folder}"),
        (
            "import",
            "{word}",
            "--out",
            "{out}",
            "--lang",
            "en",
            "--period",
            "2012-2014",
            "--currency",
            "EUR",
        ),
        ("templates", "check", "{templates}"),
        ("export", "{sound}", "--out", "{folder}", "--templates", "{templates}", "--lang", "en"),
    ],
)
def test_file_that_understates_its_size__is_refused_in_little_memory(tmp_path, arguments):
    names = {
        "book": tmp_path / "book.xlsx",
        "sound": tmp_path / "sound.xlsx",
        "word": tmp_path / "annex.docx",
        "out": tmp_path / "new.xlsx",
        "folder": tmp_path / "out",
        "templates": tmp_path / "templates",
    }
    names["book"].write_bytes(understated_book())
    names["sound"].write_bytes(sound_book())
    names["word"].write_bytes(understated_word())
    (names["templates"] / "annex").mkdir(parents=True)
    (names["templates"] / "annex" / "annex.docx").write_bytes(understated_word())
    code, used, words = measured(*(item.format(**names) for item in arguments))
    assert code == 2, words
    assert "damaged" in words
    assert used < MOST
    assert "Traceback" not in words
    assert "unexpected error occurred" not in words
    assert not names["out"].exists()
    assert not names["folder"].exists()


# The opener itself.


def reason(data, limits=None):
    with pytest.raises(UnreadableWorkbook) as refusal:
        open_package(data, "file", limits)
    return refusal.value.reason


@pytest.mark.parametrize("size", [0, 1, 1000, 100_000])
def test_part_longer_or_shorter_than_it_claims__is_damage(size):
    data = pack(parts() | {SHEET: sheet_xml(" " * 50_000)})
    assert reason(with_declared_size(data, SHEET, size)) == "damaged"


def test_part_with_its_sizes_behind_it__is_measured_all_the_same():
    data = with_flag(pack(parts() | {SHEET: sheet_xml(" " * 50_000)}), SHEET, 8)
    assert open_package(data, "file").has(SHEET)
    assert reason(with_declared_size(data, SHEET, 1000)) == "damaged"


def test_what_is_claimed_truly__is_limited():
    assert reason(bomb(101)) == "too-large"
    assert open_package(bomb(3), "file", Limits(part=4_000_000)).has(SHEET)


def test_package_without_content_types__is_damage():
    made = parts(SOUND)
    del made["[Content_Types].xml"]
    assert reason(pack(made)) == "damaged"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
@pytest.mark.parametrize("length", [0, 70_000, 3_000_000])
def test_document_type__is_found_however_far_down_and_in_any_encoding(encoding, length):
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    text = f'<?xml version="1.0" encoding="{declared}"?><!--{"x" * length}--><!DOCTYPE a><a/>'
    assert declares_type(text.encode(encoding))
    assert not declares_type(text.replace("<!DOCTYPE a>", "").encode(encoding))


@pytest.mark.parametrize("part", ["xl/media/a.svg", "customXml/item1.dat", "docProps/app.xml"])
def test_document_type__is_refused_whatever_the_part_is_called(part):
    assert reason(pack(parts(SOUND) | {part: FAR_DOWN})) == "unsafe"


def test_text_that_speaks_of_a_document_type__is_no_declaration():
    assert not declares_type(b"<a><![CDATA[<!DOCTYPE a>]]></a>")
    assert not declares_type(b"<!-- <!DOCTYPE a> --><a/>")


def test_one_sheet_listed_many_times__is_damage():
    listed = workbook_xml(*(f"S{number}" for number in range(5000)))
    again = "".join(
        f'<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/'
        f'2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
        for number in range(1, 5001)
    )
    rels = f'<Relationships xmlns="{PACKAGE}/relationships">{again}</Relationships>'
    for made in ({}, {"xl/_rels/workbook.xml.rels": rels}):
        one = listed if made else listed.replace('r:id="rId', 'r:id="rId1" x="')
        with pytest.raises(UnreadableWorkbook) as refusal:
            open_workbook(io.BytesIO(pack(parts(SOUND) | {WORKBOOK: one} | made)))
        assert refusal.value.reason == "damaged"


def test_one_table_listed_many_times__is_damage():
    tables = relationships(*[("table", "../tables/table1.xml")] * 5000)
    made = parts(SOUND) | {"xl/worksheets/_rels/sheet1.xml.rels": tables}
    with pytest.raises(UnreadableWorkbook) as refusal:
        open_workbook(io.BytesIO(pack(made)))
    assert refusal.value.reason == "damaged"
