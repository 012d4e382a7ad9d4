"""The program as a wheel, installed and used outside the checkout."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from programs import Result, listing

import cmswp_xl

CHECKOUT = Path(cmswp_xl.__file__).parents[2]
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")
PARTS = (
    "src",
    "schemas",
    "templates",
    "workbook",
    "pyproject.toml",
    "hatch_build.py",
    "README.md",
    "LICENSE",
)

pytestmark = pytest.mark.skipif(
    not (CHECKOUT / "pyproject.toml").exists(), reason="the program is not in its checkout"
)


def plain():
    """Give the environment without anything that leads to the checkout."""
    gone = ("PYTHONPATH", "COVERAGE", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.startswith(gone)}


def tree(folder):
    """Give everything below a folder, with its size and time."""
    return {
        path: (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() or "__pycache__" in path.name
    }


@pytest.fixture(scope="session")
def sources(tmp_path_factory):
    """A copy of the sources to build from."""
    if importlib.util.find_spec("hatchling") is None:
        if os.environ.get("CMSWP_REQUIRE_HOSTS") == "1":
            pytest.fail("hatchling is not installed")
        pytest.skip("hatchling is not installed")
    copy = tmp_path_factory.mktemp("checkout")
    for name in PARTS:
        source = CHECKOUT / name
        if source.is_dir():
            caches = shutil.ignore_patterns("__pycache__", ".mypy_cache", "*.mo")
            shutil.copytree(source, copy / name, ignore=caches)
        else:
            shutil.copy(source, copy / name)
    return copy


@pytest.fixture(scope="session")
def wheel(sources, tmp_path_factory):
    """The wheel, built from a copy of the sources without the network; nothing is left there."""
    before = tree(sources)
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [*PIP, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", folder, sources],
        check=False,
        capture_output=True,
        text=True,
        timeout=180,
        env=plain(),
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert tree(sources) == before
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory):
    """Give a function that runs the installed command in an empty folder."""
    venv = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True, timeout=120)
    scheme = sysconfig.get_paths("venv", vars={"base": str(venv), "platbase": str(venv)})
    subprocess.run(
        [*PIP, "--python", venv, "install", "--no-deps", "--no-index", "--no-compile", wheel],
        check=True,
        capture_output=True,
        timeout=120,
        env=plain(),
    )
    libraries = Path(sysconfig.get_paths()["purelib"])
    Path(scheme["purelib"], "libraries.pth").write_text(f"{libraries}\n", encoding="utf-8")
    work = tmp_path_factory.mktemp("elsewhere")

    def run(*arguments):
        done = subprocess.run(
            [Path(scheme["scripts"], "cmswp"), *arguments],
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
            cwd=work,
            env=plain(),
        )
        return Result(done.returncode, done.stdout, done.stderr)

    run.folder = work
    run.packages = Path(scheme["purelib"])
    return run


def test_wheel__holds_schemas_templates_samples_and_messages(wheel):
    with zipfile.ZipFile(wheel) as package:
        names = set(package.namelist())
    for kind, ending in (("schemas", ".yaml"), ("templates", "")):
        for path in (CHECKOUT / kind).rglob(f"*{ending}"):
            if path.is_file():
                assert f"cmswp_xl/{path.relative_to(CHECKOUT).as_posix()}" in names
    for language in ("fr", "es"):
        assert f"cmswp_xl/locale/{language}/LC_MESSAGES/cmswp_xl.mo" in names
    assert not [name for name in names if name.endswith((".po", ".pot", ".orig", ".pyc"))]
    assert {"cmswp_xl/samples/example.yaml", "cmswp_xl/py.typed"} <= names
    assert "cmswp_xl/workbook/cmswp.xlam" in names
    site = CHECKOUT / "src" / "cmswp_xl" / "server" / "site"
    for path in site.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert path.relative_to(CHECKOUT / "src").as_posix() in names
    assert not [name for name in names if name.startswith(("tests", "benchmarks", "workbook"))]


def test_editable_build__leaves_nothing_in_the_sources(sources, tmp_path):
    """It holds only the way to the sources, whose catalogues are read as they stand."""
    before = tree(sources)
    text = "import sys; from hatchling.build import build_editable; build_editable(sys.argv[1])"
    subprocess.run(
        [sys.executable, "-c", text, tmp_path], check=True, cwd=sources, timeout=120, env=plain()
    )
    assert tree(sources) == before
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as package:
        assert not [name for name in package.namelist() if "LC_MESSAGES" in name]


def test_checkout__speaks_from_catalogues_that_nobody_compiled(sources, tmp_path):
    copy = tmp_path / "checkout"
    shutil.copytree(sources, copy)
    changed = copy / "src/cmswp_xl/locale/fr/LC_MESSAGES/cmswp_xl.po"
    text = changed.read_text(encoding="utf-8")
    assert 'msgstr "erreur"' in text
    changed.write_text(text.replace('msgstr "erreur"', 'msgstr "faute"'), encoding="utf-8")
    before = tree(copy)
    done = subprocess.run(
        [sys.executable, "-B", "-m", "cmswp_xl", "rules", "--lang", "fr"],
        check=True,
        capture_output=True,
        cwd=tmp_path,
        timeout=120,
        env=plain() | {"PYTHONPATH": str(copy / "src")},
    )
    assert " faute " in done.stdout.decode()
    assert tree(copy) == before


def test_installed__is_what_runs(installed):
    assert (installed.packages / "cmswp_xl" / "schemas" / "areas.yaml").exists()
    done = installed("--help")
    assert (done.code, done.err) == (0, "")
    assert "Usage: cmswp" in done.out


def test_installed__goes_the_whole_way(installed, annexes, example):
    made = installed("new", "example.xlsx", "--example")
    assert (made.code, made.err) == (0, "")
    assert (installed.folder / "example.xlsx").read_bytes() == example.read_bytes()
    checked = installed("validate", "example.xlsx", "--lang", "fr")
    assert (checked.code, checked.err) == (0, "")
    published = installed("export", "example.xlsx", "--out", "out")
    assert (published.code, published.err) == (0, "")
    assert listing(installed.folder / "out") == annexes
    totals = installed("totals", "example.xlsx", "--by", "area", "--lang", "es")
    assert (totals.code, totals.err) == (0, "")
    page = installed("validate", "example.xlsx", "--format", "html")
    assert page.out.startswith("<!DOCTYPE html>")
