"""Which Python Excel's macros are told to start."""

from __future__ import annotations

from pathlib import Path

import pytest

from cmswp_xl.addin.install import conf_values
from cmswp_xl.errors import CmswpError


def test_windows__names_the_python_that_runs_and_shuts_others_out(computer):
    machine = computer()

    assert conf_values(machine) == {
        "INTERPRETER_WIN": machine.executable,
        "CONDA PATH": "",
        "CONDA ENV": "",
    }


def test_mac__names_its_own_key(computer):
    assert conf_values(computer("darwin")) == {"INTERPRETER_MAC": "/opt/python"}


def test_pythonw__gives_way_to_the_python_beside_it(computer):
    plain = computer().executable
    windowed = str(Path(plain).with_name("pythonw.exe"))

    assert conf_values(computer(executable=windowed))["INTERPRETER_WIN"] == plain
    Path(plain).unlink()
    assert conf_values(computer(executable=windowed))["INTERPRETER_WIN"] == windowed


@pytest.fixture
def conda(tmp_path):
    folder = tmp_path / "mini conda"
    (folder / "condabin").mkdir(parents=True)
    (folder / "condabin" / "conda.bat").touch()
    return {
        "CONDA_EXE": str(folder / "Scripts" / "conda.exe"),
        "CONDA_DEFAULT_ENV": "cms",
        "CONDA_PREFIX": str(folder / "envs" / "cms"),
    }


def test_environment_of_conda__is_started_by_conda(computer, conda):
    values = conf_values(computer(environ=conda, prefix=conda["CONDA_PREFIX"]))

    assert values["INTERPRETER_WIN"] == "python"
    assert (Path(values["CONDA PATH"]).name, values["CONDA ENV"]) == ("mini conda", "cms")


def test_other_python_while_conda_is_active__is_started_itself(computer, conda):
    assert conf_values(computer(environ=conda))["CONDA PATH"] == ""


def test_conda_without_its_starter__is_started_by_path(computer, conda):
    Path(conda["CONDA_EXE"]).parents[1].joinpath("condabin", "conda.bat").unlink()

    machine = computer(environ=conda, prefix=conda["CONDA_PREFIX"])
    assert conf_values(machine)["INTERPRETER_WIN"] == machine.executable


@pytest.mark.parametrize(
    "place",
    [
        {"executable": r"C:\Users\a\AppData\Local\Microsoft\WindowsApps\python.exe"},
        {"base_prefix": r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.11"},
    ],
)
def test_python_of_the_microsoft_store__is_refused(computer, place):
    with pytest.raises(CmswpError, match="store-python"):
        conf_values(computer(**place))


@pytest.mark.parametrize(
    ("system", "executable"),
    [
        ("win32", "C:/Пользователь/python.exe"),
        ("win32", 'C:/"/python.exe'),
        ("win32", ""),
        ("darwin", "/Users/me/my python/bin/python"),
        ("darwin", "/Users/me/$(x)/python"),
    ],
)
def test_path_that_the_macros_would_misread__is_refused(computer, system, executable):
    with pytest.raises(CmswpError, match="python-path"):
        conf_values(computer(system, executable=executable))
