"""Every reason to stop is told in three lines at most, and says what to do."""

from __future__ import annotations

import ast
import errno
import re
from pathlib import Path
from string import Formatter

import pytest

import cmswp_xl
from cmswp_xl.cli import run
from cmswp_xl.errors import CmswpError
from cmswp_xl.languages import Language, Words, reason_of
from cmswp_xl.messages.failures import ERRORS, worded_error
from cmswp_xl.resources import texts

SAY = Words(Language.EN)
SOURCES = sorted(Path(cmswp_xl.__file__).parent.rglob("*.py"))
REASON = re.compile(r"[a-z]+(-[a-z]+)+")


def names_of_errors(trees):
    """Give the names of the error classes, found by their bases."""
    names = {"CmswpError"}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                names |= {node.name} if bases & names else set()
    return names


def reasons_in_use():
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES]
    errors = names_of_errors(trees)
    found = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            first = node.args[0] if node.args else None
            if node.func.id in errors and isinstance(first, ast.Constant):
                found.add(first.value)
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "reason":
            constants = (part for part in ast.walk(node.value) if isinstance(part, ast.Constant))
            found |= {str(c.value) for c in constants if REASON.fullmatch(str(c.value))}
    return found


def places(reason):
    text = " ".join(ERRORS[reason])
    return {name for _, name, _, _ in Formatter().parse(text) if name} - {"option", "command"}


def test_every_reason_in_the_source_has_its_words():
    found = reasons_in_use()

    assert {"password", "old-format", "not-found", "output-exists", "schema-broken"} <= found
    counted_by_table = {"tables-with-errors"}
    of_imports = {code for table in texts("word_import").values() for code in table}
    assert found <= {*ERRORS, *texts("ribbon")["refusals"], *of_imports, *counted_by_table}


@pytest.mark.parametrize("language", Language)
def test_every_reason__takes_three_lines_at_most_and_fills_every_place(language):
    for reason in ERRORS:
        values = {name: f"<{name}>" for name in places(reason)} | {"workbook": "a.xlsx"}
        text = worded_error(CmswpError(reason, **values), Words(language))

        assert 1 <= len(text.splitlines()) <= 3, reason
        assert not re.search(r"\{\w*\}", text), reason
        assert all(value in text for name, value in values.items() if name in places(reason)), text
        assert "zip" not in text.casefold(), reason


@pytest.mark.parametrize(
    ("reason", "option"), [("too-large", "--max-size"), ("too-many-cells", "--max-cells")]
)
def test_limits__name_the_option_that_raises_them(reason, option):
    error = CmswpError(reason, file="a.xlsx", limit=5, table="Costs")

    assert option in worded_error(error, SAY)


def test_unknown_reason__gets_a_general_sentence():
    assert "strange-thing" in worded_error(CmswpError("strange-thing", file="x"), SAY)


def test_missing_value__does_not_keep_the_message_from_being_told():
    assert worded_error(CmswpError("not-found"), SAY).startswith("? was not found.")


def test_control_characters_in_names__are_escaped():
    text = worded_error(CmswpError("not-found", file="a\x1b[31m\nb\u202e\udcff.xlsx"), SAY)

    assert text.splitlines()[0] == "a\\x1b[31m\\nb\\u202e\\udcff.xlsx was not found."


def test_braces_in_values__stay_as_they_are():
    assert "{reason}" in worded_error(CmswpError("not-found", file="{reason}.xlsx"), SAY)


def test_missing_texts__names_languages_in_words():
    error = CmswpError(
        "missing-texts", workbook="a.xlsx", count=2, languages=(Language.FR, Language.ES)
    )

    assert worded_error(error, SAY).startswith("a.xlsx lacks texts in French and Spanish (2);")


def test_known_codes__are_listed_in_quotation_marks():
    error = CmswpError("unknown-scenario", scenario="X", known=("LOW", "HIGH"))

    assert worded_error(error, SAY).splitlines()[1] == "The workbook has: “LOW” and “HIGH”."


def test_command_to_type__has_a_name_with_spaces_in_quotation_marks():
    error = CmswpError("has-errors", workbook="my plan.xlsx", errors=3)

    assert worded_error(error, SAY).endswith('cmswp validate "my plan.xlsx"')


@pytest.mark.parametrize("code", ["ENOENT", "EACCES", "ENOSPC", "EISDIR", "ENOTDIR", "EROFS"])
def test_usual_reasons_of_the_system__are_in_the_language(code):
    error = OSError(getattr(errno, code), "as the system says")
    found = set()
    for language in Language:
        failure = CmswpError("output-unwritable", path="a.xlsx", detail=reason_of(error))
        found.add(worded_error(failure, Words(language)).splitlines()[0])
    assert len(found) == len(Language)
    assert not any("system says" in text for text in found)


def test_other_reasons_of_the_system__are_as_it_says():
    error = OSError(errno.EMFILE, "Too many open files")
    assert reason_of(error) == "Too many open files"
    failure = CmswpError("output-unwritable", path="a.xlsx", detail=reason_of(error))
    assert "a.xlsx" in worded_error(failure, Words(Language.FR))
    assert "Too many open files" in worded_error(failure, Words(Language.FR))


def test_folder_that_is_not_there__is_told_in_the_language(capsys, tmp_path):
    assert run(["--lang", "fr", "verify", str(tmp_path / "none")]) != 0
    said = capsys.readouterr().err
    assert "le fichier ou dossier n’existe pas" in said
    assert "No such file" not in said
