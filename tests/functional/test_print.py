"""Every sheet on paper: no blank page, the heading on every page, as many pages as make sense."""

from __future__ import annotations

import pytest
from programs import cmswp

from cmswp_xl.languages import CHECKS, START, SUMMARY, Language, Words
from cmswp_xl.messages.labels import words_of
from cmswp_xl.samples import read_sample
from cmswp_xl.schema import load_schemas, sheet_schemas

MOST = {"example": 75, "empty": 50}
"""Pages of the whole workbook."""

PRINTED = [*(("example", language) for language in Language), ("empty", Language.FR)]
"""A sheet without rows prints what it prints in the example, but for its rows."""


@pytest.fixture(scope="session")
def printed(made_once, office):
    """Give the folder of the workbooks and, below it, of their PDF files."""

    def make(folder):
        paths = [folder / f"{kind}.{language}.xlsx" for kind, language in PRINTED]
        for path, (kind, language) in zip(paths, PRINTED, strict=True):
            options = ("--example",) if kind == "example" else ()
            assert cmswp("new", path, "--lang", language, *options).code == 0
        office(paths[0], "pdf", *paths[1:])

    return made_once("printed", make)


@pytest.mark.host
@pytest.mark.parametrize(("kind", "language"), PRINTED)
def test_pages__all_hold_something_below_their_heading(kind, language, printed, poppler):
    path = printed / f"{kind}.{language}.xlsx"
    pages = poppler(printed / "converted" / f"{kind}.{language}.pdf")
    say, sheets = Words(language), _headings(language)

    assert len(pages) <= MOST[kind]
    found = {}
    for number, page in enumerate(pages, 1):
        first, *body, last = [line for line in page.splitlines() if line.strip()]
        name = first.split("  ")[0].strip()
        assert path.name in first
        assert say("Page {page} of {pages}", page=number, pages=len(pages)) in last
        assert sheets[name] in " ".join(body), (number, name)
        found.setdefault(name, []).append(body)
    filled = read_sample(kind) if kind == "example" else {}
    hidden = {
        schema.titles[language]
        for schema in sheet_schemas().values()
        if schema.seldom and not filled.get(schema.name)
    }
    assert set(found) == {*sheets} - hidden
    if kind == "example":
        for schema in load_schemas().values():
            first = schema.fields[0]
            words = words_of(schema.name, first, say)
            given = [str(row.get(first.name)) for row in filled.get(schema.name, ())]
            values = [words.get(value, value).split()[0] for value in given]
            for body in found[schema.titles[language]] if values and not schema.form else ():
                assert any(value in " ".join(body[1:]) for value in values), body
    assert len(found[say(SUMMARY)]) == 3
    assert len(found[say(CHECKS)]) <= 5


def _headings(language):
    """Return what every page of a sheet shows, by its name in that language."""
    say = Words(language)
    names = {say(START): "", say(SUMMARY): "", say(CHECKS): say("Issues")}
    for schema in sheet_schemas().values():
        title = schema.form_titles[0] if schema.form_titles else schema.fields[0].titles
        names[schema.titles[language]] = title[language].split()[0]
    return names
