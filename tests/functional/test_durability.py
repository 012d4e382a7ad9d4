"""Whatever happens while the program runs: the workbook is untouched, outputs old or new."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from annexes import read_docx, read_html
from programs import (
    COMMAND,
    PATIENCE,
    Result,
    cmswp,
    environment,
    is_a_clear_failure,
    listing,
    program,
    started,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and limits of POSIX systems")
CLOSED = ("sh", "-c", 'exec "$@" >&-', "sh")
"""Starts a command whose standard output is closed."""

FULL = Path("/dev/full")
CHANGED = """
## Programme
| setting | value |
| title | Another plan |
"""


def state(folder):
    """Give everything about the files of a folder that a careless program would change."""
    return {
        path.name: (
            path.stat().st_mtime_ns,
            path.stat().st_size,
            path.stat().st_mode,
            path.stat().st_ino,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in folder.iterdir()
    }


def uncovered():
    """Give the environment without measuring of coverage, which writes files of its own."""
    return {k: v for k, v in environment().items() if not k.startswith("COVERAGE")}


@pytest.fixture
def mine(example, tmp_path):
    """A copy of the example in a folder of its own."""
    folder = tmp_path / "mine"
    folder.mkdir()
    path = folder / "example.xlsx"
    shutil.copy(example, path)
    return path


@pytest.mark.parametrize(
    "command",
    [
        ("validate",),
        ("validate", "--format", "xlsx", "--output", "{out}"),
        ("validate", "--format", "html", "--output", "{out}"),
        ("totals", "--by", "year"),
        ("unfunded",),
        ("dump",),
        ("export", "--lang", "en", "--out", "{out}"),
    ],
)
def test_workbook__is_untouched_by_any_command(mine, tmp_path, command):
    before = state(mine.parent)
    name, *options = (part.format(out=tmp_path / "out") for part in command)
    assert cmswp(name, mine, *options).code == 0
    assert state(mine.parent) == before


def test_workbook__is_read_where_nothing_can_be_written(mine, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    mine.parent.chmod(0o500)
    try:
        assert cmswp("export", mine, "--out", tmp_path / "out").code == 0
    finally:
        mine.parent.chmod(0o700)


def test_workbook__is_never_the_output(mine):
    before = state(mine.parent)
    for command in (("--format", "xlsx"), ("--format", "html"), ("--format", "json"), ()):
        done = cmswp("validate", mine, *command, "--output", mine)
        assert is_a_clear_failure(done)
    link = mine.parent.parent / "link.xlsx"
    link.symlink_to(mine)
    assert cmswp("validate", mine, "--format", "json", "--output", link).code == 2
    assert cmswp("validate", link, "--format", "json", "--output", mine).code == 2
    assert state(mine.parent) == before


@pytest.mark.parametrize("name", ["annex.en.html", "manifest.json"])
def test_workbook__is_never_a_document(mine, name):
    """The workbook may bear a document's name, or a document be a link to it."""
    named = mine.rename(mine.with_name(name))
    before = state(named.parent)
    assert cmswp("export", named, "--out", named.parent, "--lang", "en").code == 2
    assert state(named.parent)[name] == before[name]


def test_workbook__is_not_written_through_a_link(mine, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "annex.en.html").symlink_to(mine)
    before = state(mine.parent)
    cmswp("export", mine, "--out", out, "--lang", "en", "--format", "html")
    assert state(mine.parent) == before


def test_same_workbook__same_bytes(example, tmp_path, annexes):
    """Other time zone, locale, hash seed, folder, umask, and another second of the clock."""
    time.sleep(1.1)
    changes = [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1", "COLUMNS": "40"},
        {
            "TZ": "America/Caracas",
            "LANG": "fr_FR.UTF-8",
            "PYTHONHASHSEED": "77",
            "PYTHONUTF8": "0",
        },
    ]
    for number, change in enumerate(changes):
        folder = tmp_path / str(number)
        folder.mkdir()
        done = program("export", example, "--out", "out", env=change, cwd=folder)
        assert (done.code, done.err) == (0, "")
        assert listing(folder / "out") == annexes


@pytest.mark.parametrize(
    "command",
    [
        ("validate", "--format", "html", "--lang", "fr"),
        ("totals", "--by", "donor"),
        ("dump",),
    ],
)
def test_same_workbook__same_output(example, tmp_path, command):
    name, *options = command
    change = {"PYTHONHASHSEED": "4", "LC_ALL": "C", "TZ": "Asia/Tokyo"}
    done = program(name, example, *options, env=change, cwd=tmp_path)
    assert done == cmswp(name, example, *options)


def test_new__gives_the_same_bytes_every_time(example, tmp_path):
    done = program("new", "again.xlsx", "--example", cwd=tmp_path, env={"PYTHONHASHSEED": "9"})
    assert done.code == 0
    assert (tmp_path / "again.xlsx").read_bytes() == example.read_bytes()


def test_annotated_copy__is_the_same_every_time(example, tmp_path):
    options = ("--format", "xlsx", "--output")
    assert cmswp("validate", example, *options, tmp_path / "a.xlsx").code == 0
    change = {"PYTHONHASHSEED": "2"}
    assert program("validate", example, *options, tmp_path / "b.xlsx", env=change).code == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.fixture
def two_versions(book, tmp_path):
    """Two workbooks of one name, and the files that each is exported to."""
    paths = []
    for number, text in enumerate(("", CHANGED)):
        folder = tmp_path / f"v{number}"
        folder.mkdir()
        paths.append(book(text, name=f"v{number}/plan.xlsx"))
        assert cmswp("export", paths[-1], "--out", folder / "out").code == 0
    return [(path, listing(path.parent / "out")) for path in paths]


WATCHED = """
import json, os, runpy, sys
log, folder = open(sys.argv.pop(1), "w"), sys.argv.pop(1)
looking, last = False, None
def seen():
    return [entry for entry in os.scandir(folder) if not entry.name.startswith(".")]
def look(event, arguments):
    # What would be left if this process were killed now
    global looking, last
    if looking:
        return
    looking = True
    now = sorted((entry.name, entry.inode(), *entry.stat()[6:9]) for entry in seen())
    if now != last:
        last = now
        left = {entry.name: open(entry.path, "rb").read().hex() for entry in seen()}
        print(json.dumps(left), file=log, flush=True)
    if event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        parent, _, name = str(arguments[0]).rpartition(os.sep)
        assert parent != folder or name.startswith("."), name
    looking = False
sys.addaudithook(look)
runpy.run_module("cmswp_xl", run_name="__main__", alter_sys=True)
"""
"""Looks at a folder at each step of a command; only hidden files are opened for writing."""


def filled(folder, files):
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def visible(files):
    return {name: data for name, data in files.items() if not name.startswith(".")}


def are_old_or_new(files, old, new):
    return set(files) == set(old) and all(data in (old[n], new[n]) for n, data in files.items())


def test_kill__at_any_moment_would_leave_old_or_new_files(two_versions, tmp_path):
    (_, old), (path, new) = two_versions
    out = filled(tmp_path / "target", old)
    arguments = (tmp_path / "log", out, "export", path, "--out", out)
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *arguments],
        check=False,
        capture_output=True,
        timeout=PATIENCE,
        env=environment(),
    )
    assert (done.returncode, done.stderr) == (0, b"")
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    left = [{name: bytes.fromhex(data) for name, data in line.items()} for line in lines]
    assert (left[0], left[-1]) == (old, new)
    assert all(are_old_or_new(files, old, new) for files in left)
    assert any(files not in (old, new) for files in left)


@pytest.mark.parametrize("step", [8, 18])
def test_kill__leaves_old_or_new_files_and_the_next_run_the_new_ones(two_versions, tmp_path, step):
    (_, old), (path, new) = two_versions
    out = filled(tmp_path / "target", old)
    command = ("export", path, "--out", out)
    assert interrupted_writing("SIGKILL", step, out, *command).returncode == -signal.SIGKILL
    left = listing(out)
    assert are_old_or_new(visible(left), old, new)
    assert visible(left) != left, "what was staged is there"
    assert program(*command).code == 0
    assert listing(out) == new


EVERY_MOMENT = """
import atexit, os, runpy, signal, sys
log = open(sys.argv.pop(1), "w")
wanted = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
begun, forked, count = False, False, 0
def probe(moment):
    # A copy of this process is interrupted at this moment
    global forked, count
    from_here = sys.modules.get("cmswp_xl.interruption")
    if forked or getattr(from_here, "_cleanings", None):
        return  # what is staged is this process's, and another test's
    # SIGTERM is answered once the command line is there
    count += "cmswp_xl.cli" in sys.modules
    number, expected = wanted[count % 2]
    child = os.fork()
    if child == 0:
        forked = True
        os.dup2(log.fileno(), 2)
        os.kill(os.getpid(), number)
        return
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(moment, file=sys.stderr)
    if code != expected:
        print(moment, "ends with", code, file=log, flush=True)
class Imports:
    def find_spec(self, name, path=None, target=None):
        global begun
        begun = begun or name in ("cmswp_xl.interruption", "cmswp_xl.cli")
        if begun:
            probe(name)
def reads(event, arguments):
    if event == "open" and "cmswp_xl.cli" in sys.modules and not str(arguments[0]).endswith(
        (".py", ".pyc", ".so")
    ):
        probe(f"opening {{arguments[0]}}")
sys.meta_path.insert(0, Imports())
sys.addaudithook(reads)
atexit.register(lambda: probe("at exit"))
runpy.run_module("cmswp_xl", run_name="__main__", alter_sys=True)
"""


def interrupted_at_every_moment(folder, *arguments):
    """
    Run a command; at each import and opening of a file a copy of it is interrupted.

    SIGINT and SIGTERM take turns: both call one function, which does not know them apart.
    """
    done = subprocess.run(
        [sys.executable, "-c", EVERY_MOMENT.format(), folder / "log", *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=10 * PATIENCE,
        env=environment(),
    )
    assert done.returncode == 0
    assert (folder / "log").read_text(encoding="utf-8") == ""
    return done.stderr.splitlines()


def test_interruption__at_any_moment_of_the_start_is_quiet(tmp_path):
    moments = interrupted_at_every_moment(tmp_path, "--help")
    assert moments[0] == "cmswp_xl.interruption"
    assert {"gc", "cmswp_xl.cli", "click", "cmswp_xl.cli.reports", "at exit"} <= {*moments}


def test_interruption__at_any_moment_of_a_command_is_quiet(example, tmp_path):
    moments = interrupted_at_every_moment(
        *(tmp_path, "export", example, "--out", tmp_path / "out", "--lang", "en")
    )
    read = {"polars", "docxtpl", "lxml.etree", f"opening {example}", "at exit"}
    assert read <= {*moments}


INTERRUPTED_WRITING = """
import os, runpy, signal, sys
number, step, folder = getattr(signal, sys.argv.pop(1)), int(sys.argv.pop(1)), sys.argv.pop(1)
seen = 0
def interrupt(event, arguments):
    global seen
    if event in ("open", "os.chmod", "os.rename") and str(arguments[0]).startswith(folder):
        seen += 1
        if seen == step:
            os.kill(os.getpid(), number)
sys.addaudithook(interrupt)
runpy.run_module("cmswp_xl", run_name="__main__", alter_sys=True)
"""


def interrupted_writing(number, step, out, *command):
    """Run a command that is sent a signal at a step of its writing into a folder."""
    return subprocess.run(
        [
            *(sys.executable, "-c", INTERRUPTED_WRITING, number, str(step), f"{out}{os.sep}"),
            *command,
        ],
        check=False,
        capture_output=True,
        timeout=PATIENCE,
        env=environment(),
    )


@pytest.mark.parametrize(
    ("step", "number"), [(1, "SIGINT"), (5, "SIGTERM"), (7, "SIGINT"), (9, "SIGTERM")]
)
def test_interruption__while_writing_leaves_nothing_behind(two_versions, tmp_path, step, number):
    (_, old), (path, new) = two_versions
    names = {"annex.en.html", "annex.en.docx", "manifest.json"}
    out = filled(tmp_path / "target", {name: old[name] for name in names})
    done = interrupted_writing(number, step, out, "export", path, "--out", out, "--lang", "en")
    assert (done.returncode, done.stderr) == ({"SIGINT": 130, "SIGTERM": 143}[number], b"")
    found = listing(out)
    assert set(found) == names
    assert found["annex.en.html"] in (old["annex.en.html"], new["annex.en.html"])


OFFICE_THAT_HANGS = """#!/bin/sh
echo $$ > "{folder}/office"
sleep 600 &
echo $! > "{folder}/child"
wait
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interruption__while_libreoffice_works_ends_it_too(book, tmp_path, number):
    bin_, temporary = tmp_path / "bin", tmp_path / "tmp"
    bin_.mkdir()
    temporary.mkdir()
    for name in ("soffice", "libreoffice"):
        (bin_ / name).write_text(OFFICE_THAT_HANGS.format(folder=tmp_path), encoding="utf-8")
        (bin_ / name).chmod(0o755)
    changes = {"PATH": f"{bin_}:{os.environ['PATH']}", "TMPDIR": str(temporary)}
    options = ("--out", tmp_path / "out", "--lang", "en", "--format", "pdf")
    process = subprocess.Popen(
        [*COMMAND, "export", book(), *options], stderr=subprocess.PIPE, env=environment(**changes)
    )
    wait_for(lambda: (tmp_path / "child").exists() and (tmp_path / "child").read_text())
    process.send_signal(number)
    _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == ({signal.SIGINT: 130, signal.SIGTERM: 143}[number], b"")
    assert list(temporary.iterdir()) == []
    for name in ("office", "child"):
        wait_for(lambda name=name: ended(int((tmp_path / name).read_text())))


def wait_for(condition):
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def ended(process):
    """Tell whether a process is no more, or only waits to be collected."""
    status = Path(f"/proc/{process}/stat")
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z"


def limited(size):
    """Give a function that lets a process write no file larger than this."""

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def run_limited(size, *arguments):
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=uncovered() | {"PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=limited(size),
    )
    return Result(done.returncode, done.stdout, done.stderr)


def test_no_room__is_told_and_keeps_the_old_files(two_versions, tmp_path):
    (_, old), (path, _) = two_versions
    out = tmp_path / "target"
    out.mkdir()
    for name, data in old.items():
        (out / name).write_bytes(data)
    done = run_limited(5_000, "export", path, "--out", out)
    assert is_a_clear_failure(done)
    assert done.out == ""
    assert listing(out) == old


@pytest.mark.parametrize(
    "command",
    [("new", "{0}/plan.xlsx"), ("validate", "{1}", "--format", "html", "--output", "{0}/r")],
)
def test_no_room__for_a_single_file(tmp_path, example, command):
    folder = tmp_path / "here"
    folder.mkdir()
    done = run_limited(5_000, *(part.format(folder, example) for part in command))
    assert is_a_clear_failure(done)
    assert listing(folder) == {}


def test_output__in_a_folder_without_rights(example, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    tmp_path.chmod(0o500)
    try:
        assert is_a_clear_failure(cmswp("export", example, "--out", tmp_path))
        assert is_a_clear_failure(cmswp("new", tmp_path / "plan.xlsx"))
    finally:
        tmp_path.chmod(0o700)


def test_output__that_is_a_file_where_a_folder_is_needed(example, tmp_path):
    target = tmp_path / "out"
    target.write_text("mine", encoding="utf-8")
    assert is_a_clear_failure(cmswp("export", example, "--out", target))
    assert is_a_clear_failure(cmswp("export", example, "--out", target / "deeper"))
    assert target.read_text(encoding="utf-8") == "mine"


def test_output__that_is_a_folder_where_a_file_is_needed(example, tmp_path):
    (tmp_path / "annex.fr.docx").mkdir()
    assert is_a_clear_failure(cmswp("export", example, "--out", tmp_path))
    assert listing(tmp_path) == {}
    for command in (("validate", example, "--format", "html", "--output"), ("new",)):
        assert is_a_clear_failure(cmswp(*command, tmp_path / "annex.fr.docx"))


def test_output__in_a_folder_that_is_not_there(example, tmp_path):
    for command in (("validate", example, "--format", "html", "--output"), ("new",)):
        assert is_a_clear_failure(cmswp(*command, tmp_path / "no" / "report.xlsx"))
    assert list(tmp_path.iterdir()) == []


def test_output__export_makes_its_folders(book, tmp_path):
    assert cmswp("export", book(), "--out", tmp_path / "a" / "b", "--lang", "en").code == 0
    assert len(listing(tmp_path / "a" / "b")) == 3


def test_output__replaces_links_and_leaves_what_they_lead_to(book, tmp_path):
    real, out = tmp_path / "real", tmp_path / "out"
    out.mkdir()
    real.write_text("old", encoding="utf-8")
    names = ("annex.en.html", "annex.en.docx", "manifest.json")
    for name in names[:2]:
        (out / name).symlink_to(real)
    (out / names[2]).symlink_to(tmp_path / "nothing")
    assert cmswp("export", book(), "--out", out, "--lang", "en").code == 0
    assert not any((out / name).is_symlink() for name in names)
    assert real.read_text(encoding="utf-8") == "old"
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize(
    "command",
    [
        ("validate", "{book}", "--format", "json", "--output", "{pipe}"),
        ("validate", "{book}", "--format", "xlsx", "--output", "{pipe}"),
        ("diff", "{book}", "{book}", "--format", "html", "--output", "{pipe}"),
        ("new", "{pipe}"),
        ("upgrade", "{book}", "--out", "{pipe}"),
        ("new", "{pipe}", "--from", "{book}", "--period", "2030-2032"),
    ],
)
def test_output__to_a_pipe_is_written_to_it(example, tmp_path, command):
    pipe = tmp_path / "pipe.xlsx"
    os.mkfifo(pipe)
    process = started(*(part.format(book=example, pipe=pipe) for part in command))
    data = pipe.read_bytes()
    _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, b"")
    assert data.startswith((b"PK", b"{", b"<!DOCTYPE html>"))
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe.xlsx"]


@pytest.fixture(scope="module")
def wanted(example):
    """What a check writes to standard output where no other is named."""
    return program("validate", example, "--format", "json")


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_output__to_standard_output_is_that_of_no_output(example, wanted, tmp_path, name):
    if not Path(name).exists():
        pytest.skip(f"no {name} here")
    assert program("validate", example, "--format", "json", "--output", name) == wanted
    with (tmp_path / "log").open("wb") as log:
        log.write(b"first\n")
        log.flush()
        done = subprocess.run(
            [*COMMAND, "validate", example, "--format", "json", "--output", name],
            check=False,
            stdout=log,
            timeout=PATIENCE,
            env=environment(),
        )
    assert done.returncode == 0
    assert (tmp_path / "log").read_text(encoding="utf-8") == f"first\n{wanted.out}"


COPY_STEPS = {"os.link", "os.remove", "os.chmod"}
KILLED_COPY = """
import os, runpy, signal, sys
step, seen = int(sys.argv.pop(1)), 0
def kill(event, arguments):
    global seen
    if event in {steps!r}:
        seen += 1
        if seen == step:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(kill)
runpy.run_module("cmswp_xl", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize("done", [0, 0.25, 0.5, 0.7, 0.999, 1, 1.25])
def test_templates_copy__after_a_killed_one_is_whole(tmp_path, done):
    """`done` is the part of the steps taken before the kill: a mode and a name for each file."""
    assert cmswp("templates", "copy", tmp_path / "undisturbed").code == 0
    steps = 2 * len(listing(tmp_path / "undisturbed"))
    step = int(steps * done) + 1
    folder = tmp_path / "mine"
    script = KILLED_COPY.format(steps=COPY_STEPS)
    killed = subprocess.run(
        [sys.executable, "-c", script, str(step), "templates", "copy", folder],
        check=False,
        capture_output=True,
        timeout=PATIENCE,
        env=environment(),
    )
    assert killed.returncode == -signal.SIGKILL
    whole = step > steps
    assert cmswp("templates", "copy", folder).code == (2 if whole else 0)
    assert listing(folder) == listing(tmp_path / "undisturbed")
    again = cmswp("templates", "copy", folder)
    assert is_a_clear_failure(again)


def test_output__keeps_the_rights_of_the_file_it_replaces(book, tmp_path):
    out = tmp_path / "out"
    assert cmswp("export", book(), "--out", out, "--lang", "en").code == 0
    usual = (out / "annex.en.html").stat().st_mode & 0o777
    assert usual == 0o666 & ~_mask()
    (out / "annex.en.html").chmod(0o640)
    assert cmswp("export", book(CHANGED), "--out", out, "--lang", "en").code == 0
    assert (out / "annex.en.html").stat().st_mode & 0o777 == 0o640


def _mask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


@pytest.mark.parametrize(
    "command",
    [("rules",), ("validate", "{0}"), ("dump", "{0}"), ("totals", "{0}", "--format", "csv")],
)
def test_closed_output__is_no_crash(book, command):
    path = book()
    arguments = [part.format(path) for part in command]
    done = subprocess.run(
        [*CLOSED, *COMMAND, *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=environment(),
    )
    assert "Traceback" not in done.stderr
    assert "unexpected error occurred" not in done.stderr
    assert done.returncode in (0, 2)


def test_closed_output__does_not_keep_documents_from_being_written(book, tmp_path):
    done = subprocess.run(
        [*CLOSED, *COMMAND, "export", book(), "--out", tmp_path / "out", "--lang", "en"],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=environment(),
    )
    assert "Traceback" not in done.stderr
    assert len(listing(tmp_path / "out")) == 3


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
@pytest.mark.parametrize(
    "command", [("--help",), ("rules",), ("validate", "{0}"), ("totals", "{0}", "--format", "csv")]
)
def test_full_output__is_told(book, command):
    path = book()
    with FULL.open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *(part.format(path) for part in command)],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
            env=environment(),
        )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert 1 <= len(done.stderr.strip().splitlines()) <= 3


@pytest.mark.parametrize(
    "command", [("--help",), ("rules",), ("validate", "{0}"), ("dump", "{0}")]
)
def test_reader_gone__is_quiet_and_no_data_error(book, command):
    reading, writing = os.pipe()
    os.close(reading)
    path = book()
    try:
        done = subprocess.run(
            [*COMMAND, *(part.format(path) for part in command)],
            check=False,
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
            env=environment(),
        )
    finally:
        os.close(writing)
    assert done.stderr == ""
    assert done.returncode != 1


def test_two_exports_at_once__give_whole_files(two_versions, tmp_path):
    out = tmp_path / "target"
    runs = [started("export", path, "--out", out) for path, _ in two_versions]
    for process in runs:
        _, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, err) == (0, b"")
    (_, old), (_, new) = two_versions
    found = listing(out)
    assert set(found) == set(old)
    assert all(data in (old[name], new[name]) for name, data in found.items())


def test_workbook_replaced_meanwhile__gives_one_version(two_versions, tmp_path):
    """While the workbook is swapped all the time, each export is of one version or a refusal."""
    live = tmp_path / "plan.xlsx"
    contents = [path.read_bytes() for path, _ in two_versions]
    live.write_bytes(contents[0])
    process = started("export", live, "--out", tmp_path / "out")
    turn = 0
    while process.poll() is None:
        turn += 1
        live.write_bytes(contents[turn % 2])
    _, err = process.communicate(timeout=PATIENCE)
    if process.returncode == 0:
        assert listing(tmp_path / "out") in [files for _, files in two_versions]
    else:
        assert process.returncode == 2
        assert b"Traceback" not in err
        assert not (tmp_path / "out").exists()


def test_leftovers__of_killed_runs_are_swept_and_others_are_kept(book, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    kept = [".cmswp-notes", ".hidden.part", "my.part", f".cmswp-00000000-{os.getpid()}-x.part"]
    for name in kept:
        (out / name).write_bytes(b"keep")
    assert cmswp("export", book(), "--out", out, "--lang", "en", "--format", "html").code == 0
    assert sorted(listing(out)) == sorted([*kept, "annex.en.html", "manifest.json"])


def test_exported_files__are_whole_documents(annexes):
    for name, data in annexes.items():
        if name.endswith(".docx"):
            assert len(read_docx(data).tables) > 5
        elif name.endswith(".html"):
            assert data.rstrip().endswith(b"</html>")
            assert len(read_html(data).tables) > 5
