"""The recipes of CONTRIBUTING.md, each carried out on a copy of the project's own files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
COLUMN = """\
  - name: approved_by
    type: string
    titles: {en: Approved by, fr: Approuvé par, es: Aprobado por}
    help: {en: Who approved the cost., fr: Qui a approuvé le coût., es: Quién aprobó el coste.}
    width: 18
"""
ENTRY = '    Document("mandate-list", N_("list of mandates"), figures=False),\n'
MODULE = '''\
"""The list of mandates."""

from cmswp_xl.documents.next_steps import content


def has_content(programme):
    """Return whether there are mandates."""
    return bool(programme.mandates)
'''


@pytest.fixture
def project(tmp_path):
    """A copy of the files that make the program."""
    for name in ("src", "schemas", "templates"):
        shutil.copytree(
            PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copytree(PROJECT / "workbook", tmp_path / "workbook")
    return tmp_path


def run(project, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "cmswp_xl", *map(str, arguments)],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project / "src")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, (arguments, done.stdout[-500:], done.stderr)
    return done.stdout


def test_column__needs_its_schema_only(project):
    """A column that is only kept: every command takes it, and the data commands show it."""
    schema = project / "schemas" / "costs.yaml"
    text = schema.read_text(encoding="utf-8")
    before, mark, after = text.partition("  - name: activity_title\n")
    schema.write_text(before + COLUMN + mark + after, encoding="utf-8")

    run(project, "new", "new.xlsx", "--example", "--lang", "fr")

    for command in ("validate", "totals", "unfunded"):
        run(project, command, "new.xlsx")
    assert '"approved_by"' in run(project, "dump", "new.xlsx")
    papers = ("--document", "all", "--document", "set", "--document", "data", "--trace")
    run(project, "export", "new.xlsx", "--out", "out", "--lang", "fr", "--format", "html", *papers)
    costs = project / "out" / "data" / "costs.csv"
    assert "approved_by" in costs.read_text(encoding="utf-8-sig")
    run(project, "diff", "workbook/example.xlsx", "new.xlsx")
    run(project, "trace", "new.xlsx", "annex/total/cost")
    run(project, "upgrade", "workbook/example.xlsx", "--out", "upgraded.xlsx")
    run(project, "new", "next.xlsx", "--from", "new.xlsx", "--period", "2030-2032")


def test_document__needs_its_module_its_templates_and_one_line(project):
    """A document of its own is offered, exported, left alone by the trace, and in all."""
    registry = project / "src" / "cmswp_xl" / "registry.py"
    text = registry.read_text(encoding="utf-8")
    before, mark, after = text.partition('    Document("summary"')
    registry.write_text(before + ENTRY + mark + after, encoding="utf-8")
    module = project / "src" / "cmswp_xl" / "documents" / "mandate_list.py"
    module.write_text(MODULE, encoding="utf-8")
    folder = project / "templates" / "mandate-list"
    folder.mkdir()
    for ending in ("docx", "html.j2"):
        source = project / "templates" / "next-steps" / f"next-steps.{ending}"
        shutil.copy(source, folder / f"mandate-list.{ending}")

    assert "mandate-list" in run(project, "export", "--help")
    options = ("workbook/example.xlsx", "--out", "out", "--lang", "en", "--trace")
    run(project, "export", *options, "--document", "all", "--format", "html")
    run(project, "export", *options, "--document", "mandate-list")
    made = {path.name for path in (project / "out").iterdir()}
    assert {"mandate-list.en.docx", "mandate-list.en.html", "annex.en.html"} <= made
    run(project, "templates", "check", "templates")
