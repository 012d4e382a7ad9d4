"""What the functional tests share: the worked example and its annexes, and the office programs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from programs import cmswp, listing
from sheets import workbook

ROOT = Path(__file__).parents[2]
VALIDATOR = ROOT / "tests" / "validator"
QUICK_START = {
    "DOTNET_TieredPGO": "0",
    "DOTNET_gcConcurrent": "0",
    "DOTNET_GCgen0size": "4000000",
}
"""Settings by which the SDK, started for each file, spares a sixth of its time."""


@pytest.fixture(scope="session")
def example(made_once):
    """The worked example as `cmswp new` makes it; tests do not change it."""

    def make(folder):
        assert cmswp("new", folder / "example.xlsx", "--example").code == 0

    return made_once("example", make) / "example.xlsx"


@pytest.fixture(scope="session")
def annexes(example, made_once):
    """The annexes of the example by file name, with the manifest."""

    def make(folder):
        done = cmswp("export", example, "--out", folder)
        assert (done.code, done.err) == (0, "")

    return listing(made_once("annexes", make))


@pytest.fixture(scope="session")
def papers(made_once):
    """All documents of the workbooks that ship, and the set, by folder and file name."""

    def make(folder):
        books = sorted((ROOT / "workbook").glob("*.xlsx"))
        chosen = [option for n in ("all", "contributions", "set") for option in ("--document", n)]
        assert cmswp("export", *books, "--out", folder, *chosen).code == 0

    return listing(made_once("papers", make))


@pytest.fixture
def book(tmp_path):
    """Give a function that writes a workbook of small markdown tables and gives its path."""

    def write(text="", name="book.xlsx", **options):
        path = tmp_path / name
        path.write_bytes(workbook(text, **options).xlsx())
        return path

    return write


@pytest.fixture
def export(tmp_path):
    """Give a function that exports a workbook and gives its files by name."""

    def files(path, *options):
        folder = tmp_path / "out"
        done = cmswp("export", path, "--out", folder, *options)
        assert (done.code, done.err) == (0, ""), (done.out, done.err)
        return listing(folder)

    return files


def _host(*names):
    """Find a program of the machine; skip the test, or fail it where it is required."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        _lacking(f"{names[0]} is not installed")
    return found


def _lacking(text):
    if os.environ.get("CMSWP_REQUIRE_HOSTS") == "1":
        pytest.fail(text)
    pytest.skip(text)


@pytest.fixture(scope="session")
def open_xml_sdk():
    """Give a function by which Microsoft's Open XML SDK says what is wrong with files."""
    node = _host("node")
    if not (VALIDATOR / "node_modules").is_dir():
        _lacking("The Open XML SDK is not installed; `make validator` does it, with npm")

    def faults(paths):
        done = subprocess.run(
            [node, "validate.js"],
            cwd=VALIDATOR,
            env=os.environ | QUICK_START,
            input="".join(f"{path}\n" for path in paths),
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=400,
        )
        return json.loads(done.stdout)

    return faults


@pytest.fixture(scope="session")
def office(tmp_path_factory):
    """
    Give a function by which LibreOffice converts files of one folder, started once for all.

    It gives the path of the new file, or of more the list of them.
    """
    soffice = _host("soffice")
    profile = tmp_path_factory.mktemp("office").as_uri()

    def convert(first, ending, *others):
        folder = first.parent / "converted"
        subprocess.run(
            [
                soffice,
                f"-env:UserInstallation={profile}",
                "--headless",
                "--convert-to",
                ending,
                "--outdir",
                folder,
                first,
                *others,
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
        new = [folder / f"{path.stem}.{ending.partition(':')[0]}" for path in (first, *others)]
        return new if others else new[0]

    return convert


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """Give a function that starts Chromium without a window and gives what it said."""
    chromium = _host("chromium", "chromium-browser", "google-chrome")
    profile = tmp_path_factory.mktemp("browser")

    def browse(path, *options):
        return subprocess.run(
            [
                chromium,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--enable-logging=stderr",
                f"--user-data-dir={profile}",
                *options,
                path.as_uri(),
            ],
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return browse


@pytest.fixture(scope="session")
def poppler():
    """Give a function that reads a PDF's pages as text."""
    pdftotext = _host("pdftotext")

    def pages(path):
        done = subprocess.run(
            [pdftotext, "-layout", "-enc", "UTF-8", path, "-"],
            check=True,
            capture_output=True,
            timeout=60,
        )
        return done.stdout.decode().split("\f")[:-1]

    return pages
