"""What the installer finds, on computers in every state."""

from __future__ import annotations

import json
import sys
import types
from contextlib import contextmanager
from pathlib import Path

import pytest

from cmswp_xl.addin.install import XLWINGS, find_status, install, plan_install, status_text
from cmswp_xl.addin.machine import Folders, find_excel, this_machine
from cmswp_xl.errors import CmswpError
from cmswp_xl.languages import Language, Words

ADDIN = b"PK the add-in"


def installed(machine, **options):
    install(plan_install(machine, ADDIN, **options))
    return machine


def states(machine, addin=ADDIN):
    """Give the state of each fact; every one is printed on a line of its own."""
    status = find_status(machine, addin)
    assert status_text(status, Words(Language.EN)).count("\n") == len(status) + 1
    return {key: fact.state for key, fact in status.items()}


def test_after_install__all_is_in_place(computer, tmp_path):
    status = find_status(installed(computer(), documents=tmp_path), ADDIN)

    assert {fact.state for fact in status.values()} == {"ready"}
    assert status["documents"].found == tmp_path


def test_before_install__nothing_is(computer):
    found = states(computer())

    assert (found["addin"], found["python"]) == ("missing", "unset")


def test_linux__has_no_excel_and_no_place_for_it(computer):
    status = find_status(computer("linux"), ADDIN)

    assert [status[key].state for key in ("excel", "addin")] == ["missing"] * 2
    assert status["addin"].found is None


def test_older_add_in__is_told_apart(computer):
    assert states(installed(computer()), b"newer")["addin"] == "other"


def test_folder_in_place_of_files__is_told(computer, paths):
    paths.addin.mkdir(parents=True)
    paths.conf.mkdir(parents=True)
    found = states(computer())

    assert (found["addin"], found["python"]) == ("unreadable", "unset")


def test_python_that_is_gone__is_told(computer):
    machine = installed(computer())
    Path(machine.executable).unlink()

    assert states(machine)["python"] == "missing"


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("", "without-program"),
        ("Lib/site-packages/cmswp_xl", "ready"),
        ("Lib/site-packages/cmswp_xl-0.2.dist-info", "ready"),
        ("lib/python3.12/site-packages/cmswp_xl", "ready"),
    ],
)
def test_other_python_than_the_one_running__is_searched_for_the_program(
    computer, tmp_path, inside, found
):
    machine = installed(computer())
    (Path(machine.prefix) / inside).mkdir(parents=True, exist_ok=True)

    assert states(computer(executable=str(tmp_path / "python")))["python"] == found


@pytest.mark.parametrize(
    ("name", "python"),
    [("base", "python.exe"), ("cms", "envs/cms/python.exe"), ("{0}/env", "env/python.exe")],
)
def test_environment_of_conda__is_looked_up(computer, paths, tmp_path, name, python):
    (tmp_path / python).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / python).touch()
    paths.conf.parent.mkdir()
    paths.conf.write_text(
        f'"INTERPRETER_WIN","python"\n"CONDA PATH","{tmp_path}"\n'
        f'"CONDA ENV","{name.format(tmp_path)}"\n',
        encoding="utf-8",
    )
    fact = find_status(computer(ansi="utf-8"), ADDIN)["python"]

    assert (fact.state, fact.found) == ("without-program", tmp_path / python)


def test_python_by_name_alone__is_not_set(computer, paths):
    paths.conf.parent.mkdir()
    paths.conf.write_text('"INTERPRETER_WIN","python"\n', encoding="utf-8")

    assert states(computer())["python"] == "unset"


def test_xlwings__must_be_there_fit_and_have_its_library(computer):
    assert states(computer(xlwings=None))["xlwings"] == "missing"
    assert states(computer(xlwings="0.30.1"))["xlwings"] == "other"
    machine = computer()
    (Path(machine.prefix) / f"xlwings64-{XLWINGS}.dll").unlink()
    assert states(machine)["xlwings"] == "without-library"


def test_documents_folder_out_of_reach__is_told(computer, paths):
    machine = installed(computer())
    paths.settings.write_text(json.dumps({"documents": "/no/such"}), encoding="utf-8")
    fact = find_status(machine, ADDIN)["documents"]

    assert (fact.state, fact.found, fact.good) == ("unreachable", Path("/no/such"), False)


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b'{"documents": 1}', b"\xff"])
def test_damaged_settings__are_told_and_stop_nothing_else(computer, paths, text):
    machine = installed(computer())
    paths.settings.write_bytes(text)

    assert states(machine)["documents"] == "broken"
    with pytest.raises(CmswpError, match="settings-broken"):
        assert machine.documents


@pytest.mark.parametrize("text", ["{}", '{"documents": null}', '{"documents": ""}'])
def test_no_documents_folder__stands_for_beside_the_workbook(computer, paths, text):
    paths.settings.parent.mkdir()
    paths.settings.write_text(f"\ufeff{text}", encoding="utf-8")

    assert computer().documents is None


@pytest.mark.parametrize(
    ("system", "environ", "log"),
    [
        ("win32", {"USERPROFILE": "/u", "LOCALAPPDATA": "/local"}, "/local/cmswp/cmswp.log"),
        ("win32", {"USERPROFILE": "/u"}, "/u/AppData/Local/cmswp/cmswp.log"),
        ("darwin", {"HOME": "/u"}, "/u/Library/Logs/cmswp/cmswp.log"),
        ("linux", {"HOME": "/u"}, "/u/.local/state/cmswp/cmswp.log"),
        ("linux", {"HOME": "/u", "XDG_STATE_HOME": "here"}, "/u/.local/state/cmswp/cmswp.log"),
        ("linux", {"HOME": "/u", "XDG_STATE_HOME": "/s"}, "/s/cmswp/cmswp.log"),
    ],
)
def test_log__is_where_the_system_keeps_logs(system, environ, log):
    assert Folders(system, environ).log == Path(log)


def test_home__is_found_without_its_variable():
    assert Folders("linux", {}).home == Path("~").expanduser()


def test_start_up_folder__is_found_without_its_variable(computer):
    machine = computer(environ={"APPDATA": ""})

    assert machine.startup == machine.home / "AppData/Roaming/Microsoft/Excel/XLSTART"


def test_excel_on_windows__is_known_by_its_settings_too(tmp_path):
    kept = tmp_path / "Microsoft" / "Excel"

    assert find_excel(Folders("win32", {"APPDATA": str(tmp_path)})) is None
    kept.mkdir(parents=True)
    assert find_excel(Folders("win32", {"APPDATA": str(tmp_path)})) == kept
    assert find_excel(Folders("win32", {})) is None


def test_excel_on_a_mac__is_an_application(tmp_path):
    app = tmp_path / "Applications" / "Microsoft Excel.app"
    environ = {"HOME": str(tmp_path)}

    assert find_excel(Folders("darwin", environ), tmp_path / "none") is None
    app.mkdir(parents=True)
    assert find_excel(Folders("darwin", environ), tmp_path / "none") == app
    assert find_excel(Folders("darwin", {"HOME": "/none"}), app.parent) == app


@pytest.mark.parametrize("there", [True, False])
def test_excel_on_windows__is_asked_of_the_registry(monkeypatch, tmp_path, there):
    """The registry is made up: it knows Excel in its last place only."""
    excel = tmp_path / "EXCEL.EXE"
    if there:
        excel.touch()
    asked = []

    @contextmanager
    def open_key(root, key, _reserved, access):
        asked.append((root, access))
        if len(asked) < 4:
            raise FileNotFoundError
        yield key

    registry = types.SimpleNamespace(
        HKEY_LOCAL_MACHINE=1,
        HKEY_CURRENT_USER=2,
        KEY_WOW64_64KEY=256,
        KEY_WOW64_32KEY=512,
        KEY_READ=1,
        OpenKey=open_key,
        QueryValueEx=lambda _key, _name: (f'"{excel}"', 1),
    )
    monkeypatch.setitem(sys.modules, "winreg", registry)
    monkeypatch.setattr(sys, "platform", "win32")

    assert find_excel(Folders("win32", {})) == (excel if there else None)
    assert asked == [(1, 257), (1, 513), (2, 257), (2, 513)]


def test_this_computer__is_described_without_importing_xlwings():
    loaded = "xlwings" in sys.modules
    machine = this_machine({"HOME": "/home"})

    assert machine.executable == sys.executable
    assert ("xlwings" in sys.modules) == loaded


def test_xlwings_without_a_record_of_its_version__counts_as_missing(monkeypatch, tmp_path):
    (tmp_path / "xlwings").mkdir()
    monkeypatch.setattr(sys, "path", [str(tmp_path)])

    assert this_machine({}).xlwings is None
    monkeypatch.setattr(sys, "path", [])
    assert this_machine({}).xlwings is None
