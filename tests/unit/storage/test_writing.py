"""Writing files: whole or not at all, at whatever step the machine, the disk or the user fails."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import cmswp_xl
from cmswp_xl import storage
from cmswp_xl.errors import UnwritableOutput
from cmswp_xl.storage import sweep, write_file, write_files

posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX systems")
OLD = {"a.html": b"old a", "b.docx": b"old b"}
NEW = {"a.html": b"new a" * 1000, "b.docx": b"new b" * 1000, "c.json": b"new c"}
STEPS = {"open", "os.rename", "os.remove", "os.chmod", "os.mkdir", "os.link", "os.scandir"}

FAULTY = """
import errno, os, signal, sys
from pathlib import Path
from cmswp_xl import interruption, storage
step, fault, call, folder = int(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4])
seen = 0
def fail(event, arguments):
    global seen
    if event == "os.remove" and fault == "ENOSPC":
        return  # a full disk lets files be removed
    if event in {steps!r} and str(folder) in str(arguments[:1]):
        seen += 1
        if seen == step:
            if fault == "ENOSPC":
                raise OSError(errno.ENOSPC, "No space left on device")
            os.kill(os.getpid(), getattr(signal, fault))
interruption.listen()
sys.addaudithook(fail)
try:
    if call == "files":
        storage.write_files(folder, {new!r})
    elif call == "file":
        storage.write_file(folder / "a.html", {new!r}["a.html"])
    else:
        storage.write_file(folder / "c.json", {new!r}["c.json"], replace=False)
except storage.UnwritableOutput as error:
    sys.exit(3)
sys.exit(77 if seen < step else 0)
"""


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def visible(folder):
    return {name: data for name, data in content(folder).items() if not name.startswith(".")}


def steps(tmp_path, fault, call):
    """Run a writing again and again, the fault one step later each time, until none occurs."""
    script = FAULTY.format(steps=STEPS, new=NEW)
    source = str(Path(cmswp_xl.__file__).parents[1])
    for step in range(1, 60):
        folder = tmp_path / f"{fault}-{step}"
        folder.mkdir()
        for name, data in OLD.items():
            (folder / name).write_bytes(data)
        done = subprocess.run(
            [sys.executable, "-c", script, str(step), fault, call, str(folder)],
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, "PYTHONPATH": source, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        if done.returncode == 77:
            assert step > 3
            return
        yield done, folder
    pytest.fail("the writing never came to its end")


@posix
@pytest.mark.parametrize("call", ["files", "file", "new"])
def test_killed_at_any_step__old_or_new(tmp_path, call):
    for done, folder in steps(tmp_path, "SIGKILL", call):
        assert done.returncode == -signal.SIGKILL
        for name, data in visible(folder).items():
            assert data in (OLD.get(name), NEW[name])
        assert set(OLD) <= set(visible(folder))
        write_files(folder, NEW)
        assert content(folder) == NEW


@posix
@pytest.mark.parametrize("call", ["files", "file", "new"])
@pytest.mark.parametrize("fault", ["SIGINT", "SIGTERM"])
def test_interrupted_at_any_step__nothing_is_left(tmp_path, call, fault):
    for done, folder in steps(tmp_path, fault, call):
        assert done.returncode == {"SIGINT": 130, "SIGTERM": 143}[fault]
        assert content(folder).keys() <= NEW.keys(), (folder.name, done.stderr)
        assert all(data in (OLD.get(name), NEW[name]) for name, data in content(folder).items())


@posix
@pytest.mark.parametrize("call", ["files", "file", "new"])
def test_disk_full_at_any_step__is_told_and_nothing_is_left(tmp_path, call):
    for done, folder in steps(tmp_path, "ENOSPC", call):
        assert done.returncode in (3, 0), done.stderr
        assert content(folder).keys() <= NEW.keys()
        assert all(data in (OLD.get(name), NEW[name]) for name, data in content(folder).items())


def test_files__are_all_staged_before_the_first_is_renamed(tmp_path, monkeypatch):
    for name, data in OLD.items():
        (tmp_path / name).write_bytes(data)
    usual = storage._stage

    def stage(target, temporary, data):
        if target.name == "c.json":
            raise UnwritableOutput("disk-full", path=str(target))
        usual(target, temporary, data)

    monkeypatch.setattr(storage, "_stage", stage)
    with pytest.raises(UnwritableOutput):
        write_files(tmp_path, NEW)
    assert content(tmp_path) == OLD


def test_files__are_flushed_before_they_are_renamed(tmp_path, monkeypatch):
    events = []
    flush, rename = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (events.append("flush"), flush(handle))[1])
    monkeypatch.setattr(
        Path, "replace", lambda path, to: (events.append("rename"), rename(path, to))[1]
    )
    write_files(tmp_path, NEW)
    assert events[:6] == ["flush"] * 3 + ["rename"] * 3
    assert os.name == "nt" or events[6:] == ["flush"]


def test_temporary_files__stand_beside_their_target_and_are_hidden(tmp_path, monkeypatch):
    names = []
    usual = storage._stage

    def stage(target, temporary, data):
        usual(target, temporary, data)
        names.append(temporary)

    monkeypatch.setattr(storage, "_stage", stage)
    write_files(tmp_path / "deep" / "er", NEW)
    assert {path.parent for path in names} == {tmp_path / "deep" / "er"}
    assert all(path.name.startswith(".cmswp-") for path in names)


def reason(call, *arguments, **options):
    with pytest.raises(UnwritableOutput) as caught:
        call(*arguments, **options)
    return caught.value.reason


def test_refusals__name_their_reason(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    assert reason(write_file, tmp_path / "no" / "x", b"") == "output-folder-missing"
    assert reason(write_file, tmp_path / "folder", b"") == "output-is-folder"
    assert reason(write_file, tmp_path / "file", b"", replace=False) == "output-exists"
    assert reason(write_files, tmp_path / "file", NEW) == "output-not-folder"
    assert reason(write_files, tmp_path / "file" / "deeper", NEW) == "output-unwritable"
    (tmp_path / "folder" / "a.html").mkdir()
    assert reason(write_files, tmp_path / "folder", NEW) == "output-is-folder"
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["a.html"]


def test_not_replacing__also_respects_a_link_that_leads_nowhere(tmp_path):
    (tmp_path / "plan.xlsx").symlink_to(tmp_path / "nowhere")
    assert reason(write_file, tmp_path / "plan.xlsx", b"x", replace=False) == "output-exists"


def test_not_replacing__loses_to_another_who_comes_first(tmp_path, monkeypatch):
    target = tmp_path / "plan.xlsx"
    usual = storage._stage

    def stage(path, temporary, data):
        usual(path, temporary, data)
        target.write_bytes(b"theirs")

    monkeypatch.setattr(storage, "_stage", stage)
    assert reason(write_file, target, b"mine", replace=False) == "output-exists"
    assert content(tmp_path) == {"plan.xlsx": b"theirs"}


def test_not_replacing__works_where_there_are_no_hard_links(tmp_path, monkeypatch):
    def refuse(*_arguments):
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    write_file(tmp_path / "plan.xlsx", b"mine", replace=False)
    assert content(tmp_path) == {"plan.xlsx": b"mine"}


@pytest.mark.parametrize("leads_to", ["file", "nothing", "itself"])
@pytest.mark.parametrize("several", [False, True])
def test_link_to_a_file_or_to_nothing__is_replaced(tmp_path, leads_to, several):
    out, link = tmp_path / "out", tmp_path / "out" / "link"
    out.mkdir()
    target = link if leads_to == "itself" else tmp_path / leads_to
    if leads_to == "file":
        target.write_bytes(b"untouched")
        target.chmod(0o600)
    link.symlink_to(target)
    if several:
        write_files(out, {"link": b"new"})
    else:
        write_file(link, b"new")
    assert not link.is_symlink()
    assert content(out) == {"link": b"new"}
    if leads_to == "file":
        assert target.read_bytes() == b"untouched"
        assert link.stat().st_mode & 0o777 == 0o666 & ~mask()
    elif leads_to == "nothing":
        assert not target.exists()


def mask():
    usual = os.umask(0)
    os.umask(usual)
    return usual


def unix_socket(path):
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()
    return server


@contextlib.contextmanager
def listening(path, kind):
    """Make a pipe or a socket, and collect what is written to it."""
    got = []
    if kind == "pipe":
        os.mkfifo(path)

        def listen():
            got.append(path.read_bytes())
    else:
        server = unix_socket(path)

        def listen():
            connection, _ = server.accept()
            with connection, connection.makefile("rb") as stream:
                got.append(stream.read())

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield got
    thread.join(60)
    if kind == "socket":
        server.close()


@posix
@pytest.mark.parametrize("kind", ["pipe", "socket"])
@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("how", ["file", "files", "new"])
def test_pipe_or_socket__is_written_to_and_stays(tmp_path, kind, linked, how):
    real, folder = tmp_path / "real", tmp_path / "out"
    folder.mkdir()
    name = folder / "name"
    with listening(real if linked else name, kind) as got:
        if linked:
            name.symlink_to(real)
        if how == "files":
            write_files(folder, {"name": b"x" * 200_000, "other": b"y"})
        else:
            write_file(name, b"x" * 200_000, replace=how == "file")
    assert got == [b"x" * 200_000]
    assert name.is_symlink() == linked
    check = {"pipe": stat.S_ISFIFO, "socket": stat.S_ISSOCK}[kind]
    assert check(name.stat().st_mode)
    assert {path.name for path in folder.iterdir()} - {"other"} == {"name"}


@posix
def test_device__is_written_to_and_stays(tmp_path):
    """A device of our own, of the kind of /dev/null, in a folder of the test."""
    device = tmp_path / "null"
    try:
        os.mknod(device, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
        device.write_bytes(b"")
    except OSError:
        pytest.skip("no device can be made or used here")
    before = device.lstat()
    write_file(device, b"x")
    write_files(tmp_path, {"null": b"x"})
    write_file(device, b"x", replace=False)
    assert device.lstat().st_ino == before.st_ino
    assert stat.S_ISCHR(device.lstat().st_mode)
    assert [path.name for path in tmp_path.iterdir()] == ["null"]


@posix
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no /proc here")
@pytest.mark.parametrize("name", ["/proc/self/fd/{0}", "/dev/fd/{0}", "{1}/link"])
def test_open_file__gets_the_data_where_it_stands(tmp_path, name):
    """Names under /proc and /dev, links to them too, are never replaced."""
    log = tmp_path / "log"
    log.write_bytes(b"before ")
    handle = os.open(log, os.O_WRONLY | os.O_APPEND)
    try:
        (tmp_path / "link").symlink_to(f"/dev/fd/{handle}")
        write_file(Path(name.format(handle, tmp_path)), b"after")
    finally:
        os.close(handle)
    assert log.read_bytes() == b"before after"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "log"]


@posix
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no /proc here")
def test_link_under_proc_to_a_file_of_another_process__is_written_to(tmp_path):
    log = tmp_path / "log"
    log.write_bytes(b"before, and longer")
    with (
        log.open("ab") as file,
        subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=file) as cat,
    ):
        write_file(Path(f"/proc/{cat.pid}/fd/1"), b"after")
        cat.communicate()
    assert content(tmp_path) == {"log": b"after"}


@posix
def test_pipe__nobody_reads_is_told(tmp_path, monkeypatch):
    def fail(*_arguments):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setattr(storage, "write_to_channel", fail)
    assert reason(write_files, tmp_path, {"pipe": b"x", "file": b"y"}) == "output-unwritable"
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


@posix
def test_rights__are_those_of_the_file_replaced_or_the_usual_ones(tmp_path):
    mask = os.umask(0o027)
    try:
        write_files(tmp_path, {"new": b"1"})
        (tmp_path / "old").write_bytes(b"0")
        (tmp_path / "old").chmod(0o600)
        write_files(tmp_path, {"old": b"1"})
    finally:
        os.umask(mask)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "old").stat().st_mode & 0o777 == 0o600


def ended():
    """Give the number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_sweep__removes_what_ended_processes_of_this_machine_left(tmp_path):
    mine = storage._MACHINE
    kept = [
        f".cmswp-{mine}-{os.getpid()}-a.part",
        f".cmswp-00000000-{ended()}-a.part",
        f".cmswp-{mine}-{ended()}-a.part.docx",
        f"cmswp-{mine}-{ended()}-a.part",
        ".cmswp.part",
    ]
    gone = [f".cmswp-{mine}-{ended()}-a.part", f".cmswp-{mine}-{ended()}-b_c.part"]
    for name in (*kept, *gone):
        (tmp_path / name).write_bytes(b"x")
    sweep(tmp_path)
    assert sorted(content(tmp_path)) == sorted(kept)


def test_sweep__of_no_folder_does_nothing(tmp_path):
    sweep(tmp_path / "none")
    assert not list(tmp_path.iterdir())
