"""The annex of the example with further columns: its layout in Word, and its way back."""

from __future__ import annotations

from collections import defaultdict
from copy import deepcopy
from decimal import Decimal

import pytest
from annexes import W
from docx import Document
from docx.oxml.ns import qn
from programs import cmswp

from cmswp_xl.languages import Language
from cmswp_xl.pipeline import workbook_of
from cmswp_xl.samples import read_sample

COLUMNS = ("", "mandates; priority", "mandates; priority; time-frame; responsible; targets")
LANGUAGES = ("en", "fr", "es")
W_VAL = f"{W}val"


@pytest.fixture(scope="module", params=COLUMNS, ids=["none", "two", "five"])
def made(request, example, tmp_path_factory):
    """The columns, the workbook that asks for them, and its annexes in Word, compared ones too."""
    folder = tmp_path_factory.mktemp("columns")
    content = {name: deepcopy(list(rows)) for name, rows in read_sample("example").items()}
    content["programme"][0]["annex_columns"] = request.param
    for number, row in enumerate(content["activities"]):
        row["targets"] = "SDG 15.5; SDG 17" if number % 2 else ""
        for language in LANGUAGES if number % 3 else ():
            row.pop(f"timing_{language}", None)
    book = folder / "book.xlsx"
    book.write_bytes(workbook_of(content, Language.EN))
    for options in ((), ("--compare", example)):
        done = cmswp("export", book, "--out", folder, "--format", "docx", *options)
        assert (done.code, done.err) == (0, "")
    return request.param, book, {path.stem: path for path in folder.glob("*.docx")}


def tables(path):
    """Give the tables with amounts of a Word file, each with the widths of its columns."""
    for table in Document(path).tables:
        grid = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
        if len(grid) > 4:
            yield table, grid


def test_titles__keep_a_third_of_every_table(made):
    asked, _, files = made
    narrow = {
        (name, len(grid)): round(max(grid[:2]) / sum(grid), 3)
        for name, path in files.items()
        for _, grid in tables(path)
        if max(grid) * 3 < sum(grid) or max(grid) != max(grid[:2])
    }

    assert len(files) == 6, asked
    assert {name: part for name, part in narrow.items() if "compared" not in name[0]} == {}
    assert all(part > 0.29 for part in narrow.values())


def test_type__is_never_smaller_than_eight_points(made):
    for path in made[2].values():
        document = Document(path)
        styles = {style.style_id: style.element for style in document.styles}
        used = {item.get(W_VAL) for t, _ in tables(path) for item in t._tbl.iter(f"{W}pStyle")}
        found = [t._tbl for t, _ in tables(path)] + [styles[name] for name in used]
        sizes = {int(size.get(W_VAL)) for each in found for size in each.iter(f"{W}sz")}

        assert {"CMSTableHead", "CMSTableText", "CMSTableAmount"} <= used
        assert sizes
        assert min(sizes) >= 16


def activities(book):
    """Give the rows of Activities by number."""
    return {row["number"]: row for row in cmswp("dump", book).json["tables"]["activities"]}


def yearly(book):
    """Give the costs of each activity, by its number and by year, in the base scenario."""
    numbers = {row["id"]: row["number"] for row in activities(book).values()}
    sums = defaultdict(Decimal)
    for row in cmswp("dump", book).json["tables"]["costs"]:
        if row["scenario"] in (None, "BASE"):
            sums[numbers[row["activity"]], row["year"]] += Decimal(row["amount"])
    return {key: amount for key, amount in sums.items() if amount}


@pytest.mark.parametrize("language", LANGUAGES)
def test_annex_with_columns__comes_back_with_its_money_and_what_has_a_place(
    made, tmp_path, language
):
    asked, book, files = made
    if not asked or ("targets" not in asked and language != "fr"):
        return
    back, period = tmp_path / "back.xlsx", ("--period", "2024-2026", "--currency", "EUR")
    done = cmswp(
        *("import", files[f"annex.{language}"], "--lang", language, *period, "--out", back)
    )
    names = ("number", "cost", "core", "voluntary", "other", "pledged", "to_be_sought", "surplus")
    rows = [cmswp("totals", path, "--format", "json").json["rows"] for path in (book, back)]
    money = [[[row[name] for name in names] for row in each] for each in rows]

    assert (done.code, done.err) == (0, "")
    assert money[0] == money[1]
    assert yearly(back) == yearly(book)
    kept = [
        *(["priority"] if "priority" in asked else []),
        *(["responsible", "targets"] if "targets" in asked else []),
    ]
    before, after = activities(book), activities(back)
    assert {n: [row[k] for k in kept] for n, row in after.items()} == {
        n: [row[k] for k in kept] for n, row in before.items()
    }
    assert ("Res.\u00a013.2" in done.out or "Rés.\u00a013.2" in done.out) is bool(asked)
