"""`cmswp addin` as a person runs it here: without Excel, or with a start-up folder by hand."""

from __future__ import annotations

import io
import re
import sys
import zipfile

import pytest
from programs import SOURCES, is_a_clear_failure, listing, program

from cmswp_xl.addin.install import XLWINGS, packaged_addin
from cmswp_xl.messages.failures import ERRORS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for no Excel here")


@pytest.fixture
def home(tmp_path):
    """A user's folder, with a start-up folder of Excel, on a path with spaces and accents."""
    home = tmp_path / "María de la Ö"
    (home / "Excel start").mkdir(parents=True)
    return home


@pytest.fixture
def addin(home, tmp_path):
    """Give a function that runs the command, with an xlwings that must never be imported."""
    packages = tmp_path / "packages"
    record = packages / f"xlwings-{XLWINGS}.dist-info" / "METADATA"
    (packages / "xlwings").mkdir(parents=True)
    (packages / "xlwings" / "__init__.py").write_text("raise SystemExit(99)", encoding="utf-8")
    record.parent.mkdir()
    record.write_text(f"Name: xlwings\nVersion: {XLWINGS}\n", encoding="utf-8")

    def run(*arguments, **changes):
        env = {"HOME": str(home), "PYTHONPATH": f"{packages}:{SOURCES}", **changes}
        return program("addin", *arguments, env=env, cwd=home)

    return run


def test_without_excel__install_tells_what_it_would_do_and_writes_nothing(addin, home):
    for arguments in ((), ("--dry-run",)):
        done = addin("install", *arguments)
        assert is_a_clear_failure(done)
        assert "Microsoft Excel was not found" in done.err
        assert "XLSTART" in done.out
    assert listing(home) == {}


def test_without_excel__status_says_so_and_is_no_failure(addin):
    done = addin("status")
    assert (done.code, done.err) == (0, "")
    assert "not found on this system" in done.out
    assert f"version {XLWINGS}, compatible with the add-in" in done.out


def test_there_and_back__leaves_no_trace(addin, home):
    (home / "Excel start" / "PERSONAL.XLSB").write_bytes(b"macros of the user")
    (home / "documents").mkdir()
    before = listing(home)
    startup = ("--startup", "Excel start")

    tried = addin("install", *startup, "--documents", "documents", "--dry-run")
    assert (tried.code, tried.err) == (0, "")
    assert f'"INTERPRETER_WIN","{sys.executable}"' in tried.out
    assert listing(home) == before

    done = addin("install", *startup, "--documents", "documents")
    assert (done.code, done.err) == (0, "")
    assert (home / "Excel start" / "cmswp.xlam").read_bytes() == packaged_addin()
    found = addin("status")
    assert str(home / "Excel start" / "cmswp.xlam") in found.out
    assert str(home / "documents") in found.out

    tried = addin("remove", "--dry-run")
    assert (tried.code, tried.out.count("removed")) == (0, 4)
    assert (home / "Excel start" / "cmswp.xlam").exists()
    assert addin("remove").code == 0
    assert listing(home) == before
    assert "Nothing to remove" in addin("remove").out


def test_changed_add_in__stays_and_is_told(addin, home):
    target = home / "Excel start" / "cmswp.xlam"
    assert addin("install", "--startup", target.parent).code == 0
    target.write_bytes(b"changed")
    done = addin("remove")
    assert is_a_clear_failure(done)
    assert target.exists()


def test_without_xlwings__the_command_to_install_it_is_told(addin, home, tmp_path):
    hide = "import sys\nsys.modules['xlwings'] = None\n"
    (tmp_path / "sitecustomize.py").write_text(hide, encoding="utf-8")
    done = addin("install", "--startup", "Excel start", PYTHONPATH=f"{tmp_path}:{SOURCES}")
    assert is_a_clear_failure(done)
    assert 'pip install "cmswp-xl[excel]"' in done.err
    assert listing(home) == {}


@pytest.mark.parametrize("language", ["fr", "es"])
def test_other_languages__are_spoken(addin, language):
    assert addin("status", "--lang", language).out != addin("status").out


def test_failures__say_what_to_do():
    for reason in ("no-excel", "xlwings-missing", "file-in-use", "store-python", "python-path"):
        assert len(ERRORS[reason]) >= 2


def test_shipped_add_in__leaves_the_choice_of_python_to_the_installer():
    """What the add-in's own settings sheet says would come first, so it must not say it."""
    with zipfile.ZipFile(io.BytesIO(packaged_addin())) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    keys = {key.upper() for key in re.findall(r'<c r="A\d+"[^>]*><is><t>([^<]+)', sheet)}
    assert {"UDF MODULES", "USE UDF SERVER", "PYTHONPATH"} <= keys
    assert not keys & {"INTERPRETER_WIN", "INTERPRETER_MAC", "CONDA PATH", "CONDA ENV"}
