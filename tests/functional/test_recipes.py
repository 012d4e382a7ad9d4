"""The recipes of CONTRIBUTING.md, each carried out on a copy of the project's own files."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po
from sheets import workbook

PROJECT = Path(__file__).parents[2]
WORDS = PROJECT / "tests" / "unit" / "messages" / "test_every_issue_worded.py"
COLUMN = """\
  - name: approved_by
    type: string
    titles: {en: Approved by, fr: Approuvé par, es: Aprobado por}
    help: {en: Who approved the cost., fr: Qui a approuvé le coût., es: Quién aprobó el coste.}
    width: 18
"""
ENTRY = '    Document("mandate-list", N_("list of mandates"), holds=attrgetter("mandates")),\n'
MODULE = '''\
"""The list of mandates."""

from cmswp_xl.documents.next_steps import content
'''
CODE = """
open-question:
  severity: warning
  what: The note of a cost ends in a question mark.
  why: A reader of the annex would ask the same.
  how: Answer it; for example, name the venue.
  message: The note asks “{value}”.
  several: '{count} notes ask something.'
  remedy: Answer the question in the note.
  variants:
    blunt:
      message: The note is a question mark.
"""
RULE = """

def _open_questions(typed):
    costs = typed["costs"]
    for index, note in enumerate(costs.column("note")):
        if str(note).endswith("?"):
            yield costs.table.issue("open-question", "note", index, note, blunt=note == "?")
"""
ASKING = """
    ## Costs
    | activity | year | amount | note   |
    | ICC-01   | 2024 | 100    | Where? |
    | ICC-01   | 2025 | 100    | ?      |
    """
FIGURE = '    Combination("promised", "promised", ((1, "available"), (1, "pledged"))),\n'
FIGURE_RULE = "  promised: What is available and what is pledged, together.\n"
EXPLAINED = """
from pathlib import Path
from cmswp_xl.figures.explanation import Explainer
from cmswp_xl.figures.sources import OfActivity
from cmswp_xl.figures.totals import compute_totals
from cmswp_xl.pipeline import check_workbook
from cmswp_xl.trace import places_of

checked = check_workbook(Path("workbook/example.xlsx")).checked
book = Explainer(compute_totals(checked.programme), places_of(checked))
for activity in checked.programme.activities:
    names = ("promised", "available", "pledged")
    promised, *parts = (book.explain(OfActivity(activity.id, name)) for name in names)
    known = [part.exact for part in parts if part.exact is not None]
    assert promised.exact == (sum(known) if known else None), activity.id
    assert [part.path[-1] for part in promised.parts] == ["available", "pledged"]
"""
PORTUGUESE = {
    "There is no issue code {code}.": "Não há código de problema {code}.",
    "A required cell is blank.": "Uma célula obrigatória está vazia.",
    "warning": "aviso",
    "The activity names no mandate.": "A atividade não indica mandato.",
}


@pytest.fixture
def project(tmp_path):
    """A copy of the files that make the program, as they are compiled too."""
    for name in ("src", "schemas", "templates", "workbook"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    return tmp_path


def run(project, *arguments, program=("-m", "cmswp_xl"), code=0):
    done = subprocess.run(
        [sys.executable, *map(str, (*program, *arguments))],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project / "src")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == code, (arguments, done.stdout[-500:], done.stderr)
    return done.stdout


EACH = """
import contextlib, io, json, sys
from cmswp_xl.cli import run
told = []
for arguments in json.loads(sys.argv[1]):
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="", write_through=True)
    with contextlib.redirect_stdout(out):
        code = run(arguments)
    told.append((code, out.buffer.getvalue().decode()))
json.dump(told, sys.stdout)
"""


def run_each(project, *commands):
    """Run commands in one process, which takes less than to start one for each."""
    told = json.loads(run(project, json.dumps(commands), program=("-c", EACH)))
    assert [found for found, _ in told] == [0] * len(commands), told
    return [out for _, out in told]


def test_column__needs_its_schema_only(project):
    """A column that is only kept: every command takes it, and the data commands show it."""
    schema = project / "schemas" / "costs.yaml"
    text = schema.read_text(encoding="utf-8")
    before, mark, after = text.partition("  - name: activity_title\n")
    schema.write_text(before + COLUMN + mark + after, encoding="utf-8")

    papers = ("--document", "all", "--document", "set", "--document", "data", "--trace")
    _, dumped, *_ = run_each(
        project,
        ("new", "new.xlsx", "--example", "--lang", "fr"),
        ("dump", "new.xlsx"),
        *((command, "new.xlsx") for command in ("validate", "totals", "unfunded")),
        ("export", "new.xlsx", "--out", "out", "--lang", "fr", "--format", "html", *papers),
        ("diff", "workbook/example.xlsx", "new.xlsx"),
        ("trace", "new.xlsx", "annex/total/cost"),
        ("upgrade", "workbook/example.xlsx", "--out", "upgraded.xlsx"),
        ("new", "next.xlsx", "--from", "new.xlsx", "--period", "2030-2032"),
    )
    assert '"approved_by"' in dumped
    costs = project / "out" / "data" / "costs.csv"
    assert "approved_by" in costs.read_text(encoding="utf-8-sig")


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


def test_issue_code__needs_its_entry_and_its_rule(project):
    """A code of its own is listed, explained, documented, and found; English stands in."""
    source = project / "src" / "cmswp_xl"
    data = source / "messages" / "issues.yaml"
    data.write_text(data.read_text(encoding="utf-8") + CODE, encoding="utf-8")
    rules = source / "validate" / "rules.py"
    head = re.compile(r'(def check_rules\(.*?\n    """.*?"""\n)', re.DOTALL)
    called, count = head.subn(
        r"\1    yield from _open_questions(typed)\n", rules.read_text(encoding="utf-8")
    )
    assert count == 1
    rules.write_text(called + RULE, encoding="utf-8")
    (project / "asking.xlsx").write_bytes(workbook(ASKING).xlsx())
    for name in ("scripts", "docs"):
        shutil.copytree(PROJECT / name, project / name)

    forms = ("text", "json", "html")
    *found, example, french, rules, explained, _ = run_each(
        project,
        *(("validate", "asking.xlsx", "--format", form) for form in forms),
        ("validate", "workbook/example.xlsx"),
        ("validate", "asking.xlsx", "--lang", "fr"),
        ("rules",),
        ("explain", "open-question", "--lang", "es"),
        ("validate", "asking.xlsx", "--format", "xlsx", "--output", "marked.xlsx"),
    )
    for form, text in zip(forms, found, strict=True):
        assert "open-question" in text, form
        assert "The note is a question mark." in text, form
    assert "open-question" not in example
    assert "The note asks “Where?”." in french
    assert "open-question" in rules
    assert "name the venue" in explained
    run(project, program=("scripts/docs.py",))
    page = (project / "docs" / "codes.md").read_text(encoding="utf-8")
    assert "### open-question" in page
    assert "The note is a question mark." in page
    run(project, program=("-m", "pytest", "-q", "-p", "no:cacheprovider", WORDS))


def test_figure__needs_its_declaration_and_its_rule(project):
    """A figure of its own is computed, explained by its parts, and listed in the documentation."""
    source = project / "src" / "cmswp_xl"
    for path, mark, new in (
        (source / "figures" / "declarations.py", ")\nDECLARED = ", FIGURE),
        (source / "messages" / "traces.yaml", "  shortfall: ", FIGURE_RULE),
    ):
        before, found, after = path.read_text(encoding="utf-8").partition(mark)
        path.write_text(before + new + found + after, encoding="utf-8")
    for name in ("scripts", "docs"):
        shutil.copytree(PROJECT / name, project / name)

    run(project, program=("-c", EXPLAINED))
    run(project, program=("scripts/docs.py",))
    page = (project / "docs" / "trace.md").read_text(encoding="utf-8")
    assert "| `promised` | What is available and what is pledged, together. |" in page
    run(project, "totals", "workbook/example.xlsx")


def test_language__needs_its_line_its_name_and_its_catalogue(project):
    """The program speaks a fourth language; what is not yet translated is in English."""
    source = project / "src" / "cmswp_xl"
    for path, line, new in (
        (source / "languages.py", '    ES = "es", "es-ES"\n', '    PT = "pt", "pt-PT"\n'),
        (source / "messages" / "labels.yaml", "  es: Spanish\n", "  pt: Portuguese\n"),
    ):
        before, mark, after = path.read_text(encoding="utf-8").partition(line)
        path.write_text(before + mark + new + after, encoding="utf-8")
    shutil.copytree(PROJECT / "scripts", project / "scripts")
    run(project, program=("scripts/messages.py",))
    catalogue = source / "locale" / "pt" / "LC_MESSAGES" / "cmswp_xl.po"
    with catalogue.open("rb") as file:
        entries = read_po(file, locale="pt")
    for text, translated in PORTUGUESE.items():
        entries[text].string = translated
    with catalogue.open("wb") as file:
        write_po(file, entries)
    (project / "a.xlsx").write_bytes(
        workbook("## Activities\n| id | number | area | title |\n| A | '1 | ICC | One |").xlsx()
    )

    found = run(project, "validate", "a.xlsx", "--lang", "pt", code=1)
    assert "A atividade não indica mandato." in found
    example = "workbook/example.xlsx"
    explained, rules, *_ = run_each(
        project,
        ("explain", "missing-value", "--lang", "pt"),
        ("rules", "--lang", "pt"),
        *((command, example, "--lang", "pt") for command in ("totals", "unfunded")),
        ("diff", example, example, "--lang", "pt"),
        ("export", example, "--out", "out", "--format", "html"),
    )
    assert "célula obrigatória" in explained
    assert "aviso" in rules
    assert {path.name for path in (project / "out").iterdir()} == {
        "annex.en.html", "annex.es.html", "annex.fr.html", "manifest.json"
    }  # fmt: skip
