"""The page on how the program is built names what there is: modules, functions, files, fields."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

from cmswp_xl.issues import SEVERITIES
from cmswp_xl.schema import load_schemas

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "src" / "cmswp_xl"
PAGE = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("| To find |")[2].partition("\n\n")[0]
IN_CODE = {
    found for line in re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL).splitlines()
    for found in re.findall(r"`([^`]+)`", line)
}  # fmt: skip
ENDINGS = re.compile(r"(?=[\w./-]*/|[\w.]*\.(py|yaml|toml|css|docx|j2|po)$)[\w./-]+")
PATHS = {name for name in IN_CODE if ENDINGS.fullmatch(name)}
DOTTED = {name for name in IN_CODE - PATHS if re.fullmatch(r"[A-Za-z_]+(\.[A-Za-z_]+)+", name)}
PLAIN = {name for name in IN_CODE - PATHS if re.fullmatch(r"[A-Za-z_]+", name)}
NOT_OURS = {"RunPython", "RLIMIT_AS"}
"""What the page names of others."""


def of_the_package(name: str) -> bool:
    """Return whether a dotted name leads from the package to a module or what is in one."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(["cmswp_xl", *parts[:count]]))
        except ModuleNotFoundError:
            continue
        for part in parts[count:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def names_of_the_program() -> set[str]:
    """Return modules, classes, functions and constants, tables, columns, codes and labels."""
    names = {path.stem for path in PACKAGE.rglob("*")}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                names.add(node.value)
    for schema in load_schemas().values():
        names |= {schema.name, *(field.name for field in schema.fields)}
    return names | set(SEVERITIES)


@pytest.mark.parametrize("path", sorted(PATHS))
def test_path_of_the_page__is_there(path: str) -> None:
    assert (ROOT / path).exists() or (PACKAGE / path).exists()


@pytest.mark.parametrize("name", sorted(DOTTED))
def test_dotted_name_of_the_page__leads_to_something(name: str) -> None:
    assert of_the_package(name)


def test_plain_names_of_the_page__are_those_of_the_program() -> None:
    assert sorted(PLAIN - names_of_the_program() - NOT_OURS) == []


def test_rooms__are_all_in_the_table() -> None:
    """Every folder of the package and every module beside them is where one may look."""
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    named = {part for name in re.findall(r"`([^`]+)`", TABLE) for part in re.split(r"\W+", name)}

    assert sorted(room for room in rooms - named if not room.startswith("__")) == []


@pytest.mark.parametrize(
    ("words", "named", "place"),
    [
        ("A blank cell does not mean zero.", "documents/amounts.py", "documents/amounts.py"),
        ('"to_be_sought", "shortfall"', "figures/declarations.py", "figures/declarations.py"),
        ("  shortfall: ", "messages/traces.yaml", "messages/traces.yaml"),
        ("unknown-reference:", "messages/issues.yaml", "messages/issues.yaml"),
        ("name: costing", "schemas/activities.yaml", "../../schemas/activities.yaml"),
        ("tr.total", "templates/base/document.css", "../../templates/base/document.css"),
        ("pledged: pledged", "messages/labels.yaml", "messages/labels.yaml"),
        (
            'msgid "pledged"\nmsgstr "annoncée"',
            "locale/fr/LC_MESSAGES/cmswp_xl.po",
            "locale/fr/LC_MESSAGES/cmswp_xl.po",
        ),
    ],
)
def test_what_a_newcomer_looks_for__is_where_the_table_says(words, named, place) -> None:
    assert f"`{named}`" in TABLE
    assert words in (PACKAGE / place).read_text(encoding="utf-8")
