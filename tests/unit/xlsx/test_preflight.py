"""Whether a file may be opened at all: every refusal with its own reason, and nothing else."""

from __future__ import annotations

import io
import os
import re
import stat
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packages import (
    OLE,
    ROOT_RELS,
    SHEET,
    SHEET_RELS,
    SOUND,
    STRICT,
    STRINGS,
    TABLE,
    WORKBOOK,
    WORKBOOK_RELS,
    bomb,
    checksum_of_start,
    pack,
    parts,
    relationships,
    rows,
    sheet_xml,
    table_xml,
    with_declared_size,
    with_duplicate,
    with_flag,
    with_method,
    workbook_xml,
)

from cmswp_xl.errors import UnreadableWorkbook
from cmswp_xl.ooxml import Limits
from cmswp_xl.xlsx import WorkbookFile, open_workbook

GOOD = pack(parts(SOUND))


def reason(source, limits=None):
    """Give the reason for which a file is refused."""
    if isinstance(source, bytes):
        source = io.BytesIO(source)
    with pytest.raises(UnreadableWorkbook) as refusal:
        open_workbook(source, limits)
    return refusal.value.reason


def changed(**changes):
    """Pack the sound parts with some changed; None takes a part away."""
    names = {"root": ROOT_RELS, "workbook": WORKBOOK, "sheet": SHEET, "table": TABLE}
    made = parts(SOUND)
    for name, content in changes.items():
        if content is None:
            del made[names[name]]
        else:
            made[names[name]] = content
    return pack(made)


def test_sound_file__is_read():
    book = open_workbook(io.BytesIO(GOOD))

    assert [table.rows for table in book.tables()] == [
        [(2, ["CORE", "core"]), (3, ["VOL", "voluntary"])]
    ]


# What the path itself tells.


def test_folder__is_refused(tmp_path):
    assert reason(tmp_path) == "is-folder"


def test_lock_file_of_excel__names_the_workbook_itself(tmp_path):
    path = tmp_path / "~$plan.xlsx"
    path.write_bytes(b"user")

    with pytest.raises(UnreadableWorkbook) as refusal:
        open_workbook(path)

    assert refusal.value.reason == "lock-file"
    assert refusal.value.values["workbook"] == "plan.xlsx"


def test_missing_file__is_not_found(tmp_path):
    assert reason(tmp_path / "none.xlsx") == "not-found"
    assert reason(str(tmp_path / "none" / "none.xlsx")) == "not-found"


def test_name_that_no_file_can_have__is_refused(tmp_path):
    assert reason(tmp_path / ("x" * 5000)) in ("unreadable", "not-found")
    assert reason("a\0b.xlsx") in ("unreadable", "not-found")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files on Windows")
def test_pipe__is_not_a_file_and_is_not_waited_for(tmp_path):
    path = tmp_path / "pipe.xlsx"
    os.mkfifo(path)

    assert stat.S_ISFIFO(path.stat().st_mode)
    assert reason(path) == "not-a-file"


def test_file_larger_than_the_limit__is_not_even_read(tmp_path):
    path = tmp_path / "large.xlsx"
    with path.open("wb") as file:
        file.truncate(201_000_000)

    assert reason(path) == "too-large"


def test_path_stream_and_text__read_the_same(tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(GOOD)

    with path.open("rb") as stream:
        books = [open_workbook(path), open_workbook(str(path)), open_workbook(stream)]

    assert {book.name for book in books} == {"plan.xlsx"}
    assert len({book.sha256 for book in books}) == 1
    assert all(book.data == GOOD for book in books)


def test_file_that_is_read__is_left_as_it_was(tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(GOOD)
    path.chmod(0o444)
    before = path.stat()

    open_workbook(path)

    after = path.stat()
    assert (after.st_mtime_ns, after.st_size) == (before.st_mtime_ns, before.st_size)
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan.xlsx"]


# What the first bytes tell.


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty-file"),
        (b"\0" * 70_000, "not-downloaded"),
        (OLE + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le"), "password"),
        (OLE + b"Workbook", "old-format"),
        (b"a,b\n1,2\n", "not-excel"),
        (b"<?xml version='1.0'?><Workbook/>", "not-excel"),
        (b"%PDF-1.7", "not-excel"),
        (b"\0\0PK", "not-excel"),
        (b"PK", "damaged"),
        (b"PK\3\4 and then nothing", "damaged"),
        (b"PK\5\6" + b"\0" * 18, "damaged"),
    ],
)
def test_first_bytes__tell_what_else_it_is(data, expected):
    assert reason(data) == expected


# What the directory of the package tells.


@pytest.mark.parametrize("kept", [0.2, 0.6, 0.95, 0.999])
def test_truncated_file__is_damaged(kept):
    assert reason(GOOD[: int(len(GOOD) * kept)]) == "damaged"


def test_flipped_bytes_in_a_part__are_damage():
    data = bytearray(pack(parts(SOUND), stored=True))
    at = data.index(b"CORE")
    data[at] ^= 1

    assert reason(bytes(data)) == "damaged"


def test_bomb__is_too_large_by_what_it_declares():
    data = bomb(101)

    assert len(data) < 200_000
    assert reason(data) == "too-large"


def test_many_parts_together__are_too_large():
    made = parts(SOUND) | {f"xl/media/{i}.bin": bytes(60_000_000) for i in range(2)}
    data = pack(made)

    assert reason(data, Limits(unpacked=100_000_000)) == "too-large"


def test_limits__may_be_raised_and_say_what_they_are():
    made = pack(parts(SOUND) | {"xl/media/a.bin": bytes(1_200_000)})

    with pytest.raises(UnreadableWorkbook) as refusal:
        open_workbook(io.BytesIO(made), Limits(unpacked=1_000_000))

    assert (refusal.value.reason, refusal.value.values["limit"]) == ("too-large", 1)
    assert open_workbook(io.BytesIO(made), Limits.raised(megabytes=2)).tables()


def test_size_that_is_declared_falsely__is_damage_and_is_not_unpacked():
    content = sheet_xml(" " * 50_000_000)
    data = pack(parts() | {SHEET: content})
    small = with_declared_size(data, SHEET, 1000)
    consistent = with_declared_size(data, SHEET, 1000, crc=checksum_of_start(content, 1000))

    assert reason(small) == "damaged"
    assert reason(consistent) == "damaged"


def test_more_parts_than_any_workbook_has__are_refused():
    made = parts(SOUND) | {f"x/{number}": "" for number in range(2000)}

    assert reason(pack(made, stored=True)) == "too-many-parts"


def test_part_that_is_there_twice__is_damage():
    assert reason(with_duplicate(parts(SOUND), SHEET, sheet_xml(""))) == "damaged"
    assert reason(with_duplicate(parts(SOUND), SHEET.upper(), sheet_xml(""))) == "damaged"


def test_encrypted_part__is_a_password():
    assert reason(with_flag(GOOD, SHEET, 1)) == "password"


@pytest.mark.parametrize("method", [12, 14, 99])
def test_compression_that_no_workbook_uses__is_damage(method):
    assert reason(with_method(GOOD, SHEET, method)) == "damaged"


def test_part_outside_the_package__is_never_written_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = parts(SOUND) | {"../../evil.txt": "x", "/evil.txt": "x"}

    open_workbook(io.BytesIO(pack(made)))

    assert list(tmp_path.iterdir()) == []


# What the parts tell.

LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize("part", [ROOT_RELS, WORKBOOK, WORKBOOK_RELS, SHEET, SHEET_RELS, TABLE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_document_type__is_unsafe_in_any_part_and_encoding(part, encoding):
    made = parts(SOUND)
    declared = encoding if encoding == "utf-8" else "utf-16"
    content = f'<?xml version="1.0" encoding="{declared}"?>{LAUGHS}{made[part]}'
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""

    assert reason(pack(made | {part: mark + content.encode(encoding)})) == "unsafe"


@pytest.mark.parametrize("part", [SHEET, STRINGS])
def test_document_type_far_down_in_a_part__is_unsafe_too(part):
    made = parts(SOUND, strings="<si><t>x</t></si>")
    far = f"<!--{'x' * 70_000}--><!DOCTYPE x SYSTEM 'http://localhost/x.dtd'>{made[part]}"

    assert reason(pack(made | {part: far})) == "unsafe"


def test_document_type_with_outer_subset__is_unsafe():
    made = parts(SOUND)
    content = f'<!doctype workbook SYSTEM "file:///etc/passwd">{made[WORKBOOK]}'

    assert reason(pack(made | {WORKBOOK: content})) in ("unsafe", "damaged")


def test_text_that_speaks_of_a_document_type__is_only_text():
    book = pack(parts(rows(("Source code",), ("&lt;!DOCTYPE html&gt;",)), ref="A1:A2"))

    assert open_workbook(io.BytesIO(book)).tables()[0].rows == [(2, ["<!DOCTYPE html>"])]


def test_strict_workbook__is_told_apart():
    root = relationships(("officeDocument", "xl/workbook.xml"), base=STRICT)

    assert reason(changed(root=root)) == "strict-format"


def test_binary_workbook__is_an_old_format():
    root = relationships(("officeDocument", "xl/workbook.bin"))

    assert reason(pack(parts(SOUND) | {ROOT_RELS: root, "xl/workbook.bin": b"\1"})) == "old-format"


@pytest.mark.parametrize(
    "data",
    [
        pack({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
        pack({"notes.txt": "hello"}),
        changed(root=None),
        changed(root=relationships(("thumbnail", "x.png"))),
        changed(workbook="<w:document xmlns:w='urn:word'/>"),
    ],
)
def test_other_kind_of_package__is_not_excel(data):
    assert reason(data) == "not-excel"


@pytest.mark.parametrize(
    "data",
    [
        changed(sheet=None),
        changed(table=None),
        changed(workbook="<workbook"),
        changed(sheet=sheet_xml(SOUND)[:-20]),
        changed(sheet=sheet_xml("<row><c r='A2'><v>&#0;</v></c></row>")),
        changed(sheet=b"\xff\xfe\xff"),
        changed(sheet=""),
        changed(sheet=sheet_xml("<row r='2'><c r='A2'><v>x</v></c></row>")),
        changed(sheet=sheet_xml("<row r='2'><c r='2A'><v>1</v></c></row>")),
        changed(sheet=sheet_xml("<row r='2'><c r='XFE2'><v>1</v></c></row>")),
        changed(sheet=sheet_xml("<row r='1048577'><c><v>1</v></c></row>")),
        changed(sheet=sheet_xml("<row r='0'><c><v>1</v></c></row>")),
        changed(sheet=sheet_xml("<row r='2'><c r='A2' s='x'><v>1</v></c></row>")),
        changed(sheet=sheet_xml("<row r='2'><c r='A2' t='s'><v>0</v></c></row>")),
        changed(sheet=sheet_xml("<row r='2'><c r='A2' t='d'><v>someday</v></c></row>")),
        changed(table=table_xml("Sources", "A1", ())[:-3]),
        changed(table=table_xml("Sources", "", ("A",))),
        changed(table=table_xml("Sources", "B3:A1", ("A",))),
        changed(table=table_xml("Sources", "A1:B3", ("A",), 'headerRowCount="x"')),
        pack(parts(SOUND) | {WORKBOOK: workbook_xml("One", "Two")}),
        pack(parts(SOUND) | {WORKBOOK: '<?xml version="1.0" encoding="klingon"?><workbook/>'}),
    ],
)
def test_parts_that_are_missing_or_make_no_sense__are_damage(data):
    assert reason(data) == "damaged"


@pytest.mark.parametrize("index", ["5", "-1", "99999999999999999999", "x"])
def test_index_of_a_text_that_is_not_there__is_damage(index):
    """Python takes -1 for the last one; no workbook means that."""
    cell = f"<row r='2'><c r='A2' t='s'><v>{index}</v></c></row>"

    assert reason(pack(parts(cell, strings="<si><t>x</t></si>"))) == "damaged"


def test_shared_strings_that_are_announced_and_missing__are_damage():
    made = parts("<row r='2'><c r='A2' t='s'><v>0</v></c></row>", strings="<si><t>x</t></si>")
    del made[STRINGS]

    assert reason(pack(made)) == "damaged"


def test_index_of_a_style_that_is_not_there__is_a_plain_number():
    """Nothing is lost: only the format is unknown, and no date is made of the number."""
    cell = "<row r='2'><c r='A2' s='77'><v>5</v></c></row>"

    assert open_workbook(io.BytesIO(pack(parts(cell)))).tables()[0].rows == [(2, [5, None])]


def test_workbook_without_tables__is_an_error_and_never_an_empty_plan():
    made = parts(SOUND)
    del made[SHEET_RELS]

    assert reason(pack(made)) == "no-tables"


def test_workbook_without_sheets__is_an_error():
    assert reason(changed(workbook=workbook_xml())) == "no-tables"


def test_cells_read_for_a_table__are_limited():
    limits = Limits(cells=4)

    assert open_workbook(io.BytesIO(GOOD), limits).tables()
    assert reason(GOOD, Limits(cells=3)) == "too-many-cells"


def test_refusal__shows_no_word_of_the_machinery():
    for data in (b"PK", GOOD[:500], changed(sheet="<a")):
        with pytest.raises(UnreadableWorkbook) as refusal:
            open_workbook(io.BytesIO(data))
        assert not re.search("zip|xml|traceback", str(refusal.value.values), re.IGNORECASE)


# Whatever happens to the bytes.

SMALL = pack(parts(SOUND, strings="<si><t>x</t></si>", formats=("0%", "yyyy")))
PLAIN = pack(parts(SOUND, strings="<si><t>x</t></si>", formats=("0%", "yyyy")), stored=True)


@st.composite
def spoilt(draw):
    """Give the bytes of a small workbook with some changed, some left out, some doubled."""
    data = bytearray(draw(st.sampled_from([SMALL, PLAIN])))
    places = st.integers(0, len(data) - 1)
    for at, value in draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=8)):
        data[at] = value
    first, last = sorted((draw(places), draw(places)))
    kind = draw(st.sampled_from(["whole", "cut", "gap", "double"]))
    if kind == "cut":
        del data[last:]
    elif kind == "gap":
        del data[first : first + (last - first) % 64]
    elif kind == "double":
        data[first:first] = data[first : first + (last - first) % 64]
    return bytes(data)


@settings(max_examples=500)
@given(spoilt())
def test_spoilt_bytes__are_a_workbook_or_a_refusal_and_nothing_else(data):
    try:
        outcome = open_workbook(io.BytesIO(data))
    except UnreadableWorkbook as error:
        outcome = error
    assert isinstance(outcome, (WorkbookFile, UnreadableWorkbook))


@settings(max_examples=300)
@given(st.sampled_from([SHEET, TABLE, WORKBOOK, WORKBOOK_RELS, ROOT_RELS]), st.data())
def test_spoilt_part_in_a_sound_package__is_a_workbook_or_a_refusal(part, data):
    made = parts(SOUND, strings="<si><t>x</t></si>", formats=("0%", "yyyy"))
    content = bytearray(str(made[part]).encode())
    places = st.integers(0, len(content) - 1)
    for at, byte in data.draw(st.lists(st.tuples(places, st.sampled_from(b"<>\"'/0A9-&= ")))):
        content[at] = byte
    try:
        open_workbook(io.BytesIO(pack(made | {part: bytes(content)})))
    except UnreadableWorkbook as error:
        assert error.reason  # noqa: PT017  either outcome is right, no other exception is


@pytest.mark.parametrize("code", ["[" * 500_000, '"' + "[x" * 250_000, "0" * 500_000 + "%"])
def test_number_format_longer_than_any__does_not_hold_up_the_reading(tmp_path, code):
    """Excel allows 255 characters; a pattern that searches each bracket anew takes hours."""
    path = tmp_path / "long.xlsx"
    path.write_bytes(pack(parts(SOUND, formats=(code.replace('"', "&quot;"),))))
    work = f"from cmswp_xl.xlsx import open_workbook; open_workbook({str(path)!r})"
    paths = {"PYTHONPATH": os.pathsep.join(sys.path)}

    done = subprocess.run([sys.executable, "-c", work], timeout=5, check=False, env=paths)

    assert done.returncode in (0, 1)
