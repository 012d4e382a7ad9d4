"""
The guides in three languages: the same parts, and only names that the workbook has.

Names of sheets, columns, settings, buttons and words of lists are in *italics*; bold is emphasis.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from cmswp_xl.languages import CHECKS, START, SUMMARY, Language, Words
from cmswp_xl.messages.labels import words_of
from cmswp_xl.resources import texts
from cmswp_xl.schema import sheet_schemas

DOCS = Path(__file__).parents[3] / "docs"
GUIDES = ("start", "staff", "finance")
OTHERS = (Language.FR, Language.ES)
SHEETS = (START, SUMMARY, CHECKS, "Words", "Issues", "Unfunded", "Take-over", "New numbers")
STATUSES = ("unfunded", "partly funded", "funded", "overfunded", "no additional cost")
OF_EXCEL = {
    Language.EN: {"italics", "Unhide", "Paste Special", "Values", "Validation", "Text"},
    Language.FR: {"italique", "Afficher", "Collage spécial", "Valeurs", "Validation", "Texte"},
    Language.ES: {"cursiva", "Mostrar", "Pegado especial", "Valores", "Validación", "Texto"},
}
"""Words of Excel's own menus, and the one that explains the convention."""
ITALICS = re.compile(r"(?<![*\w])\*(?![*\s])([^*]+)\*(?!\*)")


def page(name: str, language: Language) -> str:
    ending = "md" if language is Language.EN else f"{language}.md"
    return (DOCS / f"{name}.{ending}").read_text(encoding="utf-8")


def without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)


@cache
def known(language: Language) -> frozenset[str]:
    """Return every name that a workbook and a ribbon of a language show."""
    say = Words(language)
    names = {say(text) for text in (*SHEETS, *STATUSES, "not yet costed")}
    names |= {say(control["label"]) for control in texts("ribbon")["controls"].values()}
    for schema in sheet_schemas().values():
        names.add(schema.titles[language])
        for field in schema.fields:
            names.add(field.titles[language])
            names.update(words_of(schema.name, field, say).values())
    return frozenset(names | OF_EXCEL[language])


def named(text: str) -> set[str]:
    return {" ".join(name.split()) for name in ITALICS.findall(text)}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", GUIDES)
def test_every_name_in_italics__is_in_the_workbook_or_the_ribbon(name, language) -> None:
    found = named(without_code(page(name, language)))

    assert found
    assert sorted(found - known(language)) == []


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", GUIDES)
def test_headings__correspond_in_all_languages(name, language) -> None:
    """Headings of the same level in the same order, with as many tables, items and pictures."""
    assert outline(page(name, language)) == outline(page(name, Language.EN))


def outline(text: str) -> list[str]:
    """Return the levels of the headings, and how tables, items and pictures follow them."""
    starts = re.findall(r"^(#+|\|-|\* |\d\. |!\[)", text, flags=re.MULTILINE)
    return [start.strip() for start in starts]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", GUIDES)
def test_page__links_to_its_other_languages_at_the_top(name, language) -> None:
    top = page(name, language).partition("\n## ")[0]
    for other in Language:
        ending = "md" if other is Language.EN else f"{other}.md"
        assert (f"({name}.{ending})" in top) == (other is not language)


@pytest.mark.parametrize("language", Language)
def test_pictures_of_the_start__are_of_its_language(language) -> None:
    pictures = re.findall(r"\((pictures/\S+)\)", page("start", language))

    assert pictures
    assert all(picture.endswith(f".{language}.png") for picture in pictures)


@pytest.mark.parametrize("language", Language)
def test_guide_for_staff__has_no_command_lines(language) -> None:
    assert "cmswp " not in page("staff", language)
