"""Files that are no workbook: one message that says what to do, exit code 2, soon and small."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import time
import zipfile

import packages
import pytest
from programs import COMMAND, cmswp, environment, is_a_clear_failure, program

OLE = packages.OLE + bytes(504)


def _ods():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", "<office:document-content/>")
        package.writestr("META-INF/manifest.xml", "<manifest/>")
    return stream.getvalue()


def _encrypted():
    return OLE + "EncryptedPackage".encode("utf-16-le") + bytes(2000)


def _sound():
    return packages.pack(packages.parts(packages.SOUND))


def _no_tables():
    made = packages.parts(packages.SOUND)
    made.pop(packages.SHEET_RELS)
    return packages.pack(made)


def _doctype():
    made = packages.parts(packages.SOUND)
    made[packages.SHEET] = '<!DOCTYPE a [<!ENTITY b "c">]>' + str(made[packages.SHEET])
    return packages.pack(made)


CONTENTS = {
    "empty": (lambda: b"", "empty"),
    "placeholder": (lambda: bytes(4096), "placeholder"),
    "password": (_encrypted, "password"),
    "old xls": (lambda: OLE + bytes(2000), ".xlsx"),
    "csv": (lambda: b"id;title\nICC-01;Website\n", "not an Excel"),
    "html": (lambda: b"<html><table><tr><td>1</td></tr></table></html>", "not an Excel"),
    "pdf": (lambda: b"%PDF-1.7\n" + bytes(500), "not an Excel"),
    "ods": (_ods, "not an Excel"),
    "cut short": (lambda: _sound()[: len(_sound()) // 2], "damaged"),
    "cut at the end": (lambda: _sound()[:-10], "damaged"),
    "only the signature": (lambda: b"PK\3\4", "damaged"),
    "no tables": (_no_tables, "no Excel tables"),
    "document type": (_doctype, "not read"),
    "encrypted parts": (lambda: packages.with_flag(_sound(), packages.SHEET, 1), "password"),
    "two parts of one name": (
        lambda: packages.with_duplicate(packages.parts(), packages.SHEET, "<a/>"),
        "damaged",
    ),
}
COMMANDS = [("validate",), ("totals",), ("unfunded",), ("dump",), ("export", "--out", "{out}")]


@pytest.mark.parametrize("kind", CONTENTS)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_bad_content__one_clear_message(tmp_path, kind, command):
    make, hint = CONTENTS[kind]
    path = tmp_path / "plan.xlsx"
    path.write_bytes(make())
    name, *options = (part.format(out=tmp_path / "out") for part in command)
    done = cmswp(name, path, *options)
    assert is_a_clear_failure(done)
    assert done.out == ""
    assert str(path) in done.err
    assert hint in done.err
    assert "zip" not in done.err.lower()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["plan.xlsx"]


@pytest.mark.parametrize("kind", CONTENTS)
def test_bad_content__is_told_in_each_language(tmp_path, kind):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(CONTENTS[kind][0]())
    messages = {cmswp("validate", path, "--lang", code).err for code in ("en", "fr", "es")}
    assert len(messages) == 3


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_bad_path__one_clear_message(tmp_path, annexes, command):
    name, *options = (part.format(out=tmp_path / "out") for part in command)
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "~$plan.xlsx").write_bytes(b"\x05Ana" + bytes(160))
    (tmp_path / "annex.docx").write_bytes(annexes["annex.en.docx"])
    os.mkfifo(tmp_path / "pipe.xlsx")
    (tmp_path / "loop.xlsx").symlink_to(tmp_path / "loop.xlsx")
    for path, hint in (
        ("missing.xlsx", "not found"),
        ("folder.xlsx", "folder"),
        ("~$plan.xlsx", "Specify the workbook itself: plan.xlsx"),
        ("annex.docx", "not an Excel"),
        ("pipe.xlsx", "not an ordinary file"),
        ("loop.xlsx", ""),
        ("a\x1b[31m.xlsx", "\\x1b"),
        ("x" * 300 + ".xlsx", ""),
    ):
        done = cmswp(name, tmp_path / path, *options)
        assert is_a_clear_failure(done), (path, done)
        assert hint in done.err
        assert "\x1b" not in done.err


def test_unreadable_file__one_clear_message(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may read anything")
    path = tmp_path / "plan.xlsx"
    path.write_bytes(_sound())
    path.chmod(0)
    assert is_a_clear_failure(cmswp("validate", path))


def test_other_tables__are_no_programme(tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(packages.pack(packages.parts(packages.SOUND, name="Budget")))
    done = cmswp("validate", path)
    assert is_a_clear_failure(done)
    assert "none of a programme" in done.err


MEASURE = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def measured(*arguments):
    """Run the program and give its exit code, what it said, seconds, and megabytes at most."""
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *COMMAND, *map(str, arguments)],
        check=True,
        capture_output=True,
        text=True,
        env=environment(),
    )
    code, kilobytes = map(int, done.stdout.split())
    return code, done.stderr, time.monotonic() - begun, kilobytes / 1024


@pytest.fixture(scope="module")
def bombs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bombs")
    wide = packages.parts(packages.SOUND, ref="A1:XFD1048576")
    lying = packages.with_declared_size(packages.bomb(150), packages.SHEET, 1000)
    entities = packages.parts(packages.SOUND)
    entities[packages.STRINGS] = "<!DOCTYPE a>" + "<sst/>"
    many = packages.parts(packages.SOUND) | {f"xl/media/{n}.png": b"" for n in range(2100)}
    contents = {
        "sheet": packages.bomb(210),
        "lying": lying,
        "wide": packages.pack(wide),
        "entities": packages.pack(entities),
        "many": packages.pack(many),
    }
    for name, data in contents.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    return folder


@pytest.mark.parametrize("kind", ["sheet", "lying", "entities", "many"])
def test_bomb__is_refused_soon_and_in_little_memory(bombs, kind):
    code, err, seconds, megabytes = measured("validate", bombs / f"{kind}.xlsx")
    assert code == 2
    assert len(err.strip().splitlines()) <= 3
    assert "Traceback" not in err
    assert megabytes < 500
    assert seconds < 8


def test_table_as_large_as_a_sheet__costs_nothing(bombs):
    code, err, seconds, megabytes = measured("validate", bombs / "wide.xlsx")
    assert code in (1, 2)
    assert "Traceback" not in err
    assert megabytes < 500
    assert seconds < 8


def test_limits__are_raised_by_options(book, tmp_path):
    path = book()
    assert is_a_clear_failure(cmswp("validate", path, "--max-cells", 5))
    assert "--max-cells" in cmswp("validate", path, "--max-cells", 5).err
    data = packages.parts(packages.SOUND) | {"xl/media/big.bin": bytes(3_000_000)}
    large = tmp_path / "large.xlsx"
    large.write_bytes(packages.pack(data))
    done = cmswp("validate", large, "--max-size", 2)
    assert is_a_clear_failure(done)
    assert "--max-size" in done.err
    assert cmswp("validate", large, "--max-size", 4).code == 1


def test_flipped_bytes__never_crash(book, tmp_path):
    """A damaged package is refused, or read with its data as it was or with issues."""
    data = book().read_bytes()
    chance = random.Random(1)  # noqa: S311  repeatable, not secret
    path = tmp_path / "flipped.xlsx"
    for _ in range(60):
        spoilt = bytearray(data)
        for _ in range(chance.choice((1, 4, 40))):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        path.write_bytes(spoilt)
        done = cmswp("validate", path, "--format", "json")
        assert done.code in (0, 1) or is_a_clear_failure(done), done.err


def test_flipped_xml__never_crashes(book, tmp_path):
    """The same inside the parts, where no checksum stands guard."""
    with zipfile.ZipFile(book()) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    chance = random.Random(2)  # noqa: S311  repeatable, not secret
    path = tmp_path / "flipped.xlsx"
    for _ in range(120):
        name = chance.choice([n for n in parts if "theme" not in n and "docProps" not in n])
        spoilt = bytearray(parts[name])
        place = chance.randrange(len(spoilt))
        spoilt[place : place + chance.choice((0, 1, 5))] = chance.choice(
            (b"", b"9", b"-", b"<", b'"', b"\xff", b"e999", b"<x/>", b" ")
        )
        path.write_bytes(packages.pack({**parts, name: bytes(spoilt)}))
        for command in (("validate", path, "--format", "json"), ("dump", path)):
            done = cmswp(*command)
            assert done.code in (0, 1) or is_a_clear_failure(done), (name, place, done.err)


def test_failure__of_the_process_itself_is_as_clear(tmp_path):
    done = program("export", "missing.xlsx", "--out", "out", cwd=tmp_path)
    assert is_a_clear_failure(done)
    assert done.out == ""
    assert not (tmp_path / "out").exists()


def test_workbook_name__that_is_no_unicode(book, tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9.xlsx")
    path.write_bytes(book().read_bytes())
    for command in (
        ("validate",),
        ("validate", "--format", "json"),
        ("validate", "--format", "html"),
    ):
        done = program(command[0], path, *command[1:])
        assert done.code == 0, done.err
    done = program("export", path, "--out", tmp_path / "out", "--lang", "en")
    assert (done.code, done.err) == (0, "")
