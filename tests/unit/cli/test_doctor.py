"""`cmswp doctor`: each thing that commands need, whether it is there, and what to do if not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cmswp_xl.addin.install import packaged_addin
from cmswp_xl.cli import run, setup
from cmswp_xl.languages import Language, Words

NAMES = {
    *("python", "libraries", "resources", "libreoffice", "fonts", "excel", "xlwings", "addin"),
    *("server", "licence-key", "chromium"),
}
WITHOUT = """
import sys
sys.modules[{0!r}] = None  # importing it fails, as where it is not installed
from cmswp_xl.__main__ import main
sys.argv = ["cmswp", "doctor", "--format", "json"]
main()
"""


def listed(capsys, *options):
    code = run(["doctor", "--format", "json", *options])
    found = json.loads(capsys.readouterr().out)
    return code, found, {point["name"]: point for point in found["points"]}


def test_points__are_all_there_with_remedies_for_the_missing(capsys):
    code, found, points = listed(capsys)
    assert (code, found["works"]) == (0, True)
    assert set(points) == NAMES
    for point in points.values():
        assert point["needed_for"]
        assert point["ready"] == bool(point["found"]) == (point["remedy"] is None)
    core = {name for name, point in points.items() if point["core"]}
    assert core == {"python", "libraries", "resources"}


@pytest.mark.parametrize("language", Language)
def test_text__tells_of_every_point_in_the_language(capsys, language):
    assert run(["doctor", "--lang", language.value]) == 0
    lines = capsys.readouterr().out.splitlines()
    say = Words(language)
    assert len(lines) == 2 * len(NAMES) + 1
    for name in setup.examine({}):
        label, needed, remedy = setup._POINTS[name]
        assert any(say(label) in line and say(needed) in line for line in lines)
        assert language is Language.EN or say(remedy) != remedy


def test_things_that_are_missing__are_found_once_they_are_there(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(setup, "found_office", lambda: None)
    monkeypatch.setattr(setup.shutil, "which", lambda _name: None)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(setup, "_FONTS", ("Made-up-font.ttf",))
    monkeypatch.delenv("XLWINGS_LICENSE_KEY", raising=False)
    names = ("libreoffice", "chromium", "fonts", "licence-key")
    code, _, points = listed(capsys)
    assert code == 0, "the core works without any of them"
    assert {points[name]["ready"] for name in names} == {False}
    (tmp_path / ".fonts" / "deeper").mkdir(parents=True)
    (tmp_path / ".fonts" / "deeper" / "Made-up-font.ttf").touch()
    monkeypatch.setattr(setup, "found_office", lambda: Path("/opt/office"))
    monkeypatch.setattr(setup.shutil, "which", lambda name: f"/opt/{name}")
    monkeypatch.setenv("XLWINGS_LICENSE_KEY", "secret")
    _, found, points = listed(capsys)
    assert {points[name]["ready"] for name in names} == {True}
    assert points["libreoffice"]["found"] == str(Path("/opt/office"))
    assert "secret" not in json.dumps(found)


def test_addin__is_there_only_in_the_version_of_the_program(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("HOME", str(tmp_path))
    office = tmp_path / "Library/Group Containers/UBF8T346G9.Office"
    place = office / "User Content.localized/Startup.localized/Excel/cmswp.xlam"
    place.parent.mkdir(parents=True)
    for data, ready in ((b"older", False), (packaged_addin(), True)):
        place.write_bytes(data)
        assert listed(capsys)[2]["addin"]["ready"] is ready


@pytest.mark.parametrize("library", ["yaml", "polars", "lxml", "docxtpl", "babel", "rich"])
def test_missing_library__is_told_and_nothing_works(library, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(library)],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (2, "")
    found = json.loads(done.stdout)
    assert found["works"] is False
    points = {point["name"]: point for point in found["points"]}
    assert not points["libraries"]["ready"]
    assert "pip install" in points["libraries"]["remedy"]
