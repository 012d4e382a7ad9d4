"""The documentation says what the program does now, and leads nowhere that is not there."""

from __future__ import annotations

import re
import runpy
import shlex
import unicodedata
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po

from cmswp_xl.cli import main as cmswp
from cmswp_xl.issues import SEVERITIES
from cmswp_xl.languages import LOCALE_FOLDER
from cmswp_xl.schema import load_schemas

ROOT = Path(__file__).parents[3]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "docs.py"))
PAGES = sorted(
    [*(ROOT / "docs").glob("*.md"), *(ROOT / f"{n}.md" for n in ("README", "CONTRIBUTING"))]
)
CHANGELOG = ROOT / "CHANGELOG.md"
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in PAGES}
TEXTS["CHANGELOG.md"] = CHANGELOG.read_text(encoding="utf-8")
MOST_BYTES = 200_000
MACHINE_PATH = re.compile(r"(?<![\w.])(?:/(?:work|tmp|home|root|opt|usr|Users|mnt)/|[A-Z]:\\)")


def written() -> dict[str, str]:
    return {path.name: text for path, text in SCRIPT["documents"]().items()}


def links(text: str) -> list[str]:
    return [
        target
        for target in re.findall(r"\]\(([^)\s]+)\)", without_code(text))
        if "://" not in target
    ]


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(text: str) -> set[str]:
    """Give the anchors of a page's headings, as hosts of Markdown pages make them."""
    headings = re.findall(r"^#+ (.+)$", without_code(text), flags=re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", unicodedata.normalize("NFC", heading).lower()).replace(" ", "-")
        for heading in headings
    }


def called(text: str) -> list[str]:
    """Give the calls of the program in a page: lines of code, and code within a sentence."""
    lines = re.findall(r"^\s*(?:[\w.\\]+[\\/])?(cmswp [a-z].*)$", text, flags=re.MULTILINE)
    return [*lines, *re.findall(r"`(cmswp [a-z][^`]*)`", text)]


CALLS = sorted({call for text in TEXTS.values() for call in called(text)})


def test_generated_parts__are_current() -> None:
    stale = [name for name, text in written().items() if TEXTS[f"docs/{name}"] != text]

    assert not stale, "run make docs"


COMMANDS = dict(SCRIPT["all_commands"]())


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_command__is_documented_with_every_option(name: str) -> None:
    page = TEXTS["docs/commands.md"]
    section = page.partition(f"<!-- begin: {name} -->")[2].partition("<!-- end -->")[0]

    assert f"cmswp {name} " in section
    for parameter in COMMANDS[name].params:
        if isinstance(parameter, click.Option):
            assert all(f"`{option}`" in section for option in parameter.opts)
        else:
            assert (parameter.name or "").upper() in section


def test_every_issue_code__is_explained_under_its_severity() -> None:
    page = TEXTS["docs/codes.md"]
    for code, severity in SEVERITIES.items():
        block = page.partition(f"<!-- begin: {severity} -->")[2].partition("<!-- end -->")[0]
        assert f"\n### {code}\n" in block


@pytest.mark.parametrize("schema", load_schemas().values(), ids=lambda schema: schema.name)
def test_every_field_of_a_table__is_in_the_data_dictionary(schema) -> None:
    page = TEXTS["docs/fields.md"]
    section = page.partition(f"\n## {schema.table}\n")[2].partition("\n## ")[0]

    for field in schema.fields:
        assert f"| `{field.name}` | {'<br>'.join(field.titles.values())} |" in section


def test_terms__are_texts_of_the_program() -> None:
    with (LOCALE_FOLDER / "fr" / "LC_MESSAGES" / "cmswp_xl.po").open("rb") as file:
        known = {message.id for message in read_po(file)}

    assert [term for term in SCRIPT["TERMS"] if term not in known] == []


@pytest.mark.parametrize("page", sorted(TEXTS))
def test_links_and_pictures__lead_somewhere(page: str) -> None:
    for link in links(TEXTS[page]):
        target, _, anchor = link.partition("#")
        path = ((ROOT / page).parent / target).resolve() if target else ROOT / page
        assert path.exists(), link
        assert path.is_relative_to(ROOT), link
        if anchor:
            assert anchor in anchors(path.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("page", sorted(TEXTS))
def test_page__names_no_path_of_a_machine(page: str) -> None:
    assert MACHINE_PATH.findall(TEXTS[page]) == []


def test_pictures__are_small() -> None:
    pictures = list((ROOT / "docs" / "pictures").iterdir())

    assert pictures
    assert all(path.stat().st_size < MOST_BYTES for path in pictures)


@pytest.mark.parametrize("call", CALLS)
def test_call_in_a_page__is_one_the_program_takes(call: str) -> None:
    """Values of options are checked too; capitals such as WORKBOOK stand for anything."""
    name, *arguments = shlex.split(call.replace("\\", "/"))[1:]
    command = cmswp.commands[name]
    if isinstance(command, click.Group) and arguments and arguments[0] in command.commands:
        command = command.commands[arguments.pop(0)]
    if isinstance(command, click.Group) or not arguments or "[OPTIONS]" in arguments:
        return

    with command.make_context(f"cmswp {name}", arguments) as context:
        assert context.params


@pytest.mark.parametrize("page", sorted(TEXTS))
def test_make_targets_in_a_page__are_there(page: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"(?:`|^    )make ([a-z]+)", TEXTS[page], flags=re.MULTILINE)

    assert [name for name in targets if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []


def test_changelog__is_in_the_order_of_keep_a_changelog() -> None:
    """Unreleased first, then versions from the newest."""
    headings = re.findall(r"^## \[(.+?)\]", TEXTS["CHANGELOG.md"], flags=re.MULTILINE)
    versions = [tuple(map(int, name.split("."))) for name in headings[1:]]

    assert headings[0] == "Unreleased"
    assert versions == sorted(versions, reverse=True)
