"""The thin shell: options, outcomes, the terminal."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

import cmswp_xl
from cmswp_xl.cli import main, run
from cmswp_xl.cli.files import _targets
from cmswp_xl.cli.outcome import failures_reported, message_language, report_failure, screen, show
from cmswp_xl.documents.build import FORMATS
from cmswp_xl.errors import CmswpError, Misuse, UnfitData, UnreadableWorkbook, UnwritableOutput
from cmswp_xl.figures.totals import GROUPINGS
from cmswp_xl.languages import Language
from cmswp_xl.messages.failures import ERRORS
from cmswp_xl.ooxml import Limits
from cmswp_xl.registry import DOCUMENTS


def options(command):
    return {p.name: p for p in main.commands[command].params}


def test_choices__are_those_of_the_program():
    assert options("totals")["by"].type.choices == GROUPINGS
    assert set(options("export")["documents"].type.choices) == {*DOCUMENTS, "all", "set", "data"}
    assert set(options("export")["formats"].type.choices) == {*FORMATS, "pdf"}
    assert set(options("validate")["language"].type.choices) == set(Language)


def test_defaults__are_those_of_the_design():
    for command in ("validate", "totals", "unfunded", "rules", "explain", "new"):
        assert options(command)["language"].show_default == "en"
    assert options("validate")["form"].default == "text"
    assert options("totals")["by"].default == "activity"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UnfitData("has-errors", workbook="a", errors=1), 1),
        (UnreadableWorkbook("damaged", file="a"), 2),
        (UnwritableOutput("disk-full", path="a"), 2),
        (Misuse("unknown-area", area="a", known=("b",)), 2),
        (CmswpError("never heard of"), 2),
    ],
)
@pytest.mark.parametrize("language", list(Language))
def test_failures__have_their_codes(capsys, error, code, language):
    assert report_failure(error, language) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert 1 <= len(err.splitlines()) <= 3


@pytest.mark.parametrize("language", Language)
def test_every_failure__is_three_lines_at_most_even_with_nasty_values(capsys, language):
    nasty = "a\nb\x1b[31m{x}" * 50
    values = dict.fromkeys(
        ("file", "path", "workbook", "name", "detail", "area", "scenario", "code", "table"), nasty
    )
    for reason in ERRORS:
        report_failure(
            CmswpError(reason, **values, limit=5, errors=2, count=3, known=(nasty,)), language
        )
        err = capsys.readouterr().err
        assert len(err.splitlines()) <= 3, reason
        assert "\x1b" not in err, reason


def test_failures_reported__lets_the_ends_of_the_program_pass():
    for stop in (KeyboardInterrupt(), SystemExit(143), click.Abort(), BrokenPipeError()):
        with pytest.raises(type(stop)), failures_reported(Language.EN):
            raise stop


def test_failures_reported__turns_the_rest_into_exit_2(capsys):
    for error in (ValueError("x"), OSError("y"), RecursionError(), MemoryError()):
        with pytest.raises(click.exceptions.Exit) as caught, failures_reported(Language.EN):
            raise error
        assert caught.value.exit_code == 2
        assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("languages", "spoken"),
    [
        ((), "en"),
        (("all",), "en"),
        (("fr",), "fr"),
        (("es", "es"), "es"),
        (("es", "fr"), "en"),
    ],
)
def test_export__speaks_the_language_of_its_documents(languages, spoken):
    assert message_language({"languages": languages}) == spoken


def test_targets(tmp_path):
    a, b = Path("a/plan.xlsx"), Path("b/other.v2.xlsx")
    assert _targets([a], tmp_path) == [(a, tmp_path)]
    assert _targets([a, b], tmp_path) == [(a, tmp_path / "plan"), (b, tmp_path / "other.v2")]
    with pytest.raises(Misuse):
        _targets([a, Path("b/Plan.xlsx")], tmp_path)


def test_limits():
    usual = Limits.raised(None, None)
    assert (usual.cells, usual.unpacked) == (2_000_000, 200_000_000)
    raised = Limits.raised(5_000_000, 900)
    assert (raised.cells, raised.unpacked, raised.part) == (5_000_000, 900_000_000, 900_000_000)


class Terminal(io.StringIO):
    """A terminal that is asked for its colours, of 80 columns."""

    def fileno(self):
        return 1

    def isatty(self):
        return True


def test_colour__on_a_terminal_only_and_not_against_the_user(monkeypatch):
    assert screen() == {"colour": False, "width": 100}
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setattr(os, "get_terminal_size", lambda _descriptor: os.terminal_size((80, 24)))
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert screen() == {"colour": True, "width": 80}
    assert not screen(Path("file.txt"))["colour"]
    monkeypatch.setenv("NO_COLOR", "1")
    assert not screen()["colour"]


def test_show__ends_with_one_line_break(capsys):
    show("text")
    show("text\n")
    assert capsys.readouterr().out == "text\ntext\n"


class Full(io.StringIO):
    """An output with no room left."""

    def write(self, _text):
        raise OSError(28, "No space left on device")


def test_show__where_there_is_no_room(monkeypatch):
    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(UnwritableOutput):
        show("text")


@pytest.mark.parametrize(
    ("arguments", "code"), [(["--version"], 0), (["nothing"], 2), (["explain", "x"], 2)]
)
def test_run__gives_the_exit_code(capsys, arguments, code):
    assert run(arguments) == code
    capsys.readouterr()


def test_explain__refuses_an_unknown_code_as_it_was_typed(capsys):
    assert run(["explain", "Nonsense"]) == 2
    assert "Nonsense" in capsys.readouterr().err


@pytest.mark.parametrize("language", Language)
def test_help__needs_no_heavy_modules(language):
    """
    Help is asked for often; nothing that takes long to load is loaded for it.

    In a checkout, Babel is for languages other than English: it compiles their catalogues.
    """
    heavy = {"polars", "pandera", "lxml", "docxtpl", "openpyxl", "xlsxwriter", "rich"}
    heavy |= {"jinja2", "yaml", "docx"} | ({"babel"} if language is Language.EN else set())
    script = (
        "import sys\nfrom cmswp_xl.cli import run\nrun(sys.argv[1:])\n"
        f"sys.exit(bool({heavy} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "--help", "--lang", language.value],
        check=False,
        capture_output=True,
        timeout=60,
        env={"PYTHONPATH": str(Path(cmswp_xl.__file__).parents[1]), "PATH": ""},
    )
    assert done.returncode == 0
