"""Installing and removing: all or nothing, and nothing of others."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from cmswp_xl.addin.install import (
    XLWINGS,
    install,
    plan_install,
    plan_removal,
    read_conf,
    remove,
)
from cmswp_xl.errors import CmswpError

ADDIN = b"PK the add-in"
OLDER = b"PK an older add-in"
OTHERS = b'"SHOW CONSOLE","True"\r\n"Interpreter_Win","C:\\own\\python.exe"\r\n'


def put(machine, addin=ADDIN, **options):
    install(plan_install(machine, addin, **options))


def undo(machine, **options):
    removal = plan_removal(machine, **options)
    remove(removal, machine)
    return removal


def place(path, data=b""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def reason(call, *arguments, **options):
    with pytest.raises(CmswpError) as caught:
        call(*arguments, **options)
    return caught.value.reason


def test_install__puts_the_add_in_the_settings_and_a_receipt(computer, paths):
    machine = computer()
    put(machine)

    assert paths.addin.read_bytes() == ADDIN
    assert read_conf(paths.conf.read_bytes(), "cp1252")["INTERPRETER_WIN"] == machine.executable
    assert paths.receipt.exists()
    assert not paths.settings.exists()


def test_install_twice__changes_nothing(computer, tree):
    put(computer())
    before = tree()
    plan = plan_install(computer(), ADDIN)
    install(plan)

    assert plan.fresh
    assert tree() == before


def test_remove__gives_back_what_was_there(computer, paths, tree):
    place(paths.conf, OTHERS)
    place(paths.addin.with_name("PERSONAL.XLSB"), b"macros of the user")
    place(paths.addin.with_name("xlwings.xlam"), b"another add-in")
    before = tree()
    put(computer())
    put(computer(), b"PK the next version")

    assert read_conf(paths.conf.read_bytes(), "cp1252")["SHOW CONSOLE"] == "True"
    undo(computer())
    assert tree() == before


def test_remove__leaves_no_empty_folder_and_no_file_of_its_own(computer, paths, tree, tmp_path):
    before = tree()
    put(computer(), documents=tmp_path)
    assert paths.settings.exists()
    undo(computer())

    assert tree() == before
    assert not paths.conf.parent.exists()


def test_settings_that_the_user_changed_since__stay(computer, paths):
    put(computer())
    data = paths.conf.read_bytes().replace(b'"CONDA ENV",""', b'"CONDA ENV","own"')
    paths.conf.write_bytes(data + b'"DEBUG UDFS","True"\r\n')
    undo(computer())

    assert read_conf(paths.conf.read_bytes(), "cp1252") == {
        "CONDA ENV": "own",
        "DEBUG UDFS": "True",
    }


def test_older_add_in__is_replaced_and_then_removed(computer, paths):
    place(paths.addin, OLDER)
    plan = plan_install(computer(), ADDIN)
    assert (plan.existing, plan.fresh) == (OLDER, False)
    install(plan)
    removal = undo(computer())

    assert removal.files[paths.addin] is None
    assert not paths.addin.exists()


def test_add_in_that_was_changed_since__stays_and_is_named(computer, paths):
    put(computer())
    paths.addin.write_bytes(OLDER)

    assert undo(computer()).stays == paths.addin
    assert paths.addin.read_bytes() == OLDER
    assert not paths.receipt.exists()


def test_remove_without_an_installation__changes_nothing(computer, paths, tree):
    place(paths.addin, OLDER)
    before = tree()
    removal = undo(computer())

    assert (removal.files, removal.stays) == ({}, paths.addin)
    assert tree() == before


def test_add_in_gone_already__is_no_hindrance_to_removing(computer, paths):
    put(computer())
    paths.addin.unlink()
    removal = undo(computer())

    assert removal.stays is None
    assert not paths.conf.exists()


def test_other_start_up_folder__takes_the_add_in_along(computer, paths, tmp_path):
    put(computer())
    folder = tmp_path / "alternative"
    folder.mkdir()
    put(computer(), startup=folder)

    assert not paths.addin.exists()
    assert (folder / "cmswp.xlam").exists()
    undo(computer())
    assert list(folder.iterdir()) == []


def test_documents_folder__stays_when_a_later_version_is_installed(computer, paths, tmp_path):
    put(computer(), documents=tmp_path)
    put(computer(), OLDER)

    assert json.loads(paths.settings.read_text(encoding="utf-8")) == {"documents": str(tmp_path)}


def test_documents_folder_that_someone_else_set__stays(computer, paths):
    place(paths.settings, b'{"documents": "/share"}')
    put(computer())
    undo(computer())

    assert paths.settings.exists()


@pytest.mark.parametrize("text", [b"", b"[]", b'{"conf": 1}', b'{"conf": {"A": []}}', b"\xff"])
def test_damaged_receipt__counts_as_none(computer, paths, text):
    put(computer())
    paths.receipt.write_bytes(text)

    assert plan_removal(computer()).files == {}
    put(computer())
    assert paths.addin.exists()


def test_mac__gets_the_script_of_xlwings_too(computer, tree):
    machine = computer("darwin")
    before = tree()
    put(machine)
    script = machine.scripts / f"xlwings-{XLWINGS}.applescript"

    assert script.read_bytes() == b"on vb"
    assert "Startup.localized" in str(plan_install(machine, ADDIN).addin)
    undo(machine)
    assert tree() == before


def test_script_that_another_add_in_brought__stays(computer):
    machine = computer("darwin")
    script = place(machine.scripts / f"xlwings-{XLWINGS}.applescript", b"on vb")
    put(machine)
    undo(machine)

    assert script.exists()


def test_older_mac__keeps_its_folder_names(computer):
    machine = computer("darwin")
    older = machine.home / "Library/Group Containers/UBF8T346G9.Office/User Content/Startup/Excel"
    older.mkdir(parents=True)

    assert machine.startup == older


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"system": "linux"}, "no-excel"),
        ({"excel": None}, "no-excel"),
        ({"xlwings": None}, "xlwings-missing"),
        ({"xlwings": "0.30.1"}, "xlwings-other"),
        ({"executable": ""}, "python-path"),
    ],
)
def test_computer_that_cannot_use_it__gets_nothing(computer, tree, changes, why):
    before = tree()

    assert reason(plan_install, computer(**changes), ADDIN) == why
    assert tree() == before


def test_folders_given_by_hand__must_be_folders(computer, tmp_path):
    file = place(tmp_path / "file")
    wrong = {file: "output-not-folder", tmp_path / "none": "output-folder-missing"}

    for path, why in wrong.items():
        assert reason(plan_install, computer(), ADDIN, startup=path) == why
        assert reason(plan_install, computer(), ADDIN, documents=path) == why


def test_folder_of_the_name_of_the_add_in__is_told(computer, paths):
    paths.addin.mkdir(parents=True)

    assert reason(plan_install, computer(), ADDIN) == "output-is-folder"


def test_file_in_place_of_the_settings_folder__undoes_the_whole(computer, paths, tree):
    paths.conf.parent.write_bytes(b"")
    before = tree()

    assert reason(put, computer()) == "output-not-folder"
    assert tree() == before


@pytest.mark.parametrize("data", ["A".encode("utf-16"), b"\xfe\xff\x00a", b"a\x00b"])
def test_settings_in_an_unknown_encoding__are_left_alone(computer, paths, data):
    place(paths.conf, data)

    assert reason(plan_install, computer(), ADDIN) == "conf-not-plain"


@pytest.fixture
def refuse(monkeypatch):
    """Give a function that lets the system refuse one kind of step on files of one name."""

    def start(step, name, error):
        real = getattr(Path, step)

        def fail(path, *others, **options):
            if name in {path.name, *(Path(other).name for other in others)}:
                raise error
            return real(path, *others, **options)

        monkeypatch.setattr(Path, step, fail)

    return start


HELD = PermissionError(errno.EACCES, "Access is denied", "a", None, "b")
SHARED = PermissionError(errno.EACCES, "in use")
SHARED.winerror = 32


@pytest.mark.parametrize("name", ["cmswp.xlam", "cmswp.conf", "receipt.json"])
@pytest.mark.parametrize(
    ("error", "why"),
    [
        (HELD, "file-in-use"),
        (SHARED, "file-in-use"),
        (OSError(errno.ENOSPC, "full"), "disk-full"),
        (PermissionError(errno.EACCES, "read-only"), "output-unwritable"),
    ],
)
def test_install_that_is_refused__leaves_all_as_it_was(
    computer, paths, tree, refuse, name, error, why
):
    place(paths.addin, OLDER)
    place(paths.conf, OTHERS)
    before = tree()
    refuse("replace", name, error)

    assert reason(put, computer()) == why
    assert tree() == before


@pytest.mark.parametrize(
    ("name", "error", "why"),
    [
        ("cmswp.xlam", SHARED, "file-in-use"),
        ("receipt.json", PermissionError(errno.EACCES, "read-only"), "output-unwritable"),
    ],
)
def test_removal_that_is_refused__leaves_all_as_it_was(
    computer, paths, tree, refuse, name, error, why
):
    place(paths.conf, OTHERS)
    put(computer())
    before = tree()
    refuse("unlink", name, error)

    assert reason(undo, computer()) == why
    assert tree() == before


def test_add_in_that_cannot_be_read__is_told(computer, paths, refuse):
    place(paths.addin, OLDER)
    refuse("read_bytes", "cmswp.xlam", SHARED)

    assert reason(plan_install, computer(), ADDIN) == "file-in-use"
