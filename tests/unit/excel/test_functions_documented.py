"""The examples of the page on worksheet functions give the answers that it shows."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from argument_tables import arguments

from cmswp_xl.excel import functions
from cmswp_xl.xlsx import open_workbook

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "functions.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\| `=(CMSWP_\w+)\((.*)\)` \| (.*) \|$", PAGE, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def example():
    return arguments(open_workbook(ROOT / "workbook" / "example.xlsx"))


def value(word, tables):
    if word.endswith("[#All]"):
        return tables[word.removesuffix("[#All]")]
    return {"": None, "TRUE": True}.get(word, word.strip('"'))


@pytest.mark.parametrize(("name", "words", "answer"), EXAMPLES)
def test_examples__give_what_is_shown(name, words, answer, example):
    given = [value(word.strip(), example) for word in words.split(",")]
    found = getattr(functions, name)(*given)
    if answer == "a table":
        assert len({len(row) for row in found}) == 1
    else:
        assert found == (float(answer) if re.fullmatch(r"[0-9.]+", answer) else answer)


def test_every_function__is_there_with_its_arguments():
    named = dict(re.findall(r"^\| `(CMSWP_\w+)\((.*)\)` \|", PAGE, flags=re.MULTILINE))
    for name in dir(functions):
        if name.startswith("CMSWP_"):
            parameters = inspect.signature(getattr(functions, name)).parameters.values()
            shown = [
                p.name if p.default is inspect.Parameter.empty else f"[{p.name}]"
                for p in parameters
            ]
            assert named[name] == ", ".join(shown)
    assert {name for name, _, _ in EXAMPLES} == set(named)
