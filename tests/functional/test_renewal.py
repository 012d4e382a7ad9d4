"""A workbook's life, as its keepers see it: the next period, and an older layout carried over."""

from __future__ import annotations

import datetime as dt
import json

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import TableColumn
from programs import cmswp, is_a_clear_failure, program

from cmswp_xl.languages import Language
from cmswp_xl.schema import load_schemas

SCHEMAS = load_schemas()
LOST = ("weights", "needs")


@pytest.fixture(scope="module")
def dumped(example):
    done = cmswp("dump", example)
    assert done.code == 0
    return done.json


def aged(path, target, language):
    """Save a workbook as an older one: tables and columns less, others of one's own."""

    def title(table, field=None):
        schema = SCHEMAS[table]
        return (schema.field(field) if field else schema).titles[language]

    def column(table, field):
        return next(
            cell.column for cell in book[title(table)][5] if cell.value == title(table, field)
        )

    book = openpyxl.load_workbook(path)
    for table in LOST:
        del book[title(table)]
    sheet = book[title("activities")]
    table, width = sheet.tables["Activities"], sheet.max_column
    last = int(table.ref.rpartition(":")[2].strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    sheet.delete_cols(width)  # a computed column that the older layout did not have
    table.tableColumns[-1].name = "Focal point"
    table.tableColumns[-1].calculatedColumnFormula = None
    sheet.cell(5, width, "Focal point")
    for row in range(6, 9):
        sheet.cell(row, width, f"Person {row}")
    table.tableColumns.append(TableColumn(id=900, name="Seen"))
    sheet.cell(5, width + 1, "Seen")
    sheet.cell(7, width + 1, dt.date(2025, 1, 2))
    table.ref = table.autoFilter.ref = f"A5:{get_column_letter(width + 1)}{last}"
    sheet.cell(7, column("activities", "staff_days"), "about ten")
    sheet.cell(last + 2, 3, "count them")
    sheet["A7"].comment = Comment("Ask Finance", "me")
    book.create_sheet("Mes notes")["B2"] = "note"
    book.save(target)


@pytest.fixture(scope="module", params=["en", "fr"])
def old(request, example, tmp_path_factory):
    """An older workbook in English and in French, its language, and what it was upgraded to."""
    folder = tmp_path_factory.mktemp("old")
    language = Language(request.param)
    path = example
    if language is not Language.EN:
        path = folder / "example.xlsx"
        assert cmswp("new", path, "--example", "--lang", language).code == 0
    old, new = folder / "old.xlsx", folder / "new.xlsx"
    aged(path, old, language)
    before = old.read_bytes()
    done = cmswp("upgrade", old, "--out", new)
    assert (done.code, done.err) == (0, "")
    assert old.read_bytes() == before
    return old, language, new, done.out


@pytest.fixture(scope="module")
def renewed(example, tmp_path_factory):
    """The workbook of the period after the example's, and what was told of it."""
    path, before = tmp_path_factory.mktemp("next") / "next.xlsx", example.read_bytes()
    done = cmswp("new", path, "--from", example, "--period", "2027-2029")
    assert (done.code, done.err) == (0, "")
    assert example.read_bytes() == before
    return path, done.out


def test_example__is_upgraded_to_itself(example, tmp_path):
    done = cmswp("upgrade", example, "--out", tmp_path / "new.xlsx")

    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("Everything has its place in the new workbook.\n")
    assert (tmp_path / "new.xlsx").read_bytes() == example.read_bytes()


def test_empty_workbook__is_upgraded_to_itself(tmp_path):
    path, new = tmp_path / "libro.xlsx", tmp_path / "new.xlsx"
    assert cmswp("new", path, "--lang", "es").code == 0

    assert cmswp("upgrade", path, "--out", new).code == 0
    assert new.read_bytes() == path.read_bytes()


def test_workbook_in_another_language__holds_the_same_data(example, tmp_path, dumped):
    path = tmp_path / "nouveau.xlsx"

    assert cmswp("upgrade", example, "--out", path, "--lang", "fr").code == 0
    assert SCHEMAS["areas"].titles[Language.FR] in openpyxl.load_workbook(path).sheetnames
    assert cmswp("dump", path).json == dumped


def test_older_workbook__keeps_every_value(old):
    path, language, new, told = old

    assert "Focal point" in told
    assert "Mes notes" in told
    data, expected = (json.loads(cmswp("dump", book).out) for book in (new, path))
    assert data["programme"] == expected["programme"]
    assert data["tables"] == {**{name: [] for name in LOST}, **expected["tables"]}
    sheets = openpyxl.load_workbook(new)
    rows = [[cell.value for cell in row] for row in sheets.worksheets[-2].iter_rows(min_row=6)]
    activities = SCHEMAS["activities"].titles[language]
    id_title = SCHEMAS["activities"].field("id").titles[language]
    assert [(row[0], row[2], row[3], row[5]) for row in rows] == [
        (activities, "EDM-01", "Focal point", "Person 6"),
        (activities, "EDM-02", "Focal point", "Person 7"),
        (activities, "EDM-02", "Seen", "2025-01-02"),
        (activities, "EDM-03", "Focal point", "Person 8"),
        (activities, "EDM-02", id_title, "Ask Finance"),
        ("Mes notes", None, None, "note"),
    ]


def test_older_workbook__shows_its_errors_again(old):
    path, _, new, _ = old

    def errors(book):
        found = cmswp("validate", book, "--format", "json").json["issues"]
        wanted = ("code", "table", "column", "value", "cell")
        return [
            [issue[name] for name in wanted[: 5 if issue["column"] else 4]]
            for issue in found
            if issue["severity"] == "error"
        ]

    assert errors(new) == errors(path)
    assert ["wrong-type", "activities", "staff_days", "about ten"] in [
        error[:4] for error in errors(new)
    ]


def test_next_period__keeps_the_structure_and_leaves_the_money(renewed, dumped):
    path, told = renewed

    assert "Costs: 231 rows" in told
    data = cmswp("dump", path).json
    assert (data["programme"]["period_start"], data["programme"]["status"]) == (2027, "draft")
    assert [row["id"] for row in data["tables"]["activities"]] == [
        row["id"] for row in dumped["tables"]["activities"]
    ]
    assert not data["tables"]["costs"]
    assert not data["tables"]["funding"]


def test_next_period__is_without_a_fault(renewed):
    done = cmswp("validate", renewed[0], "--format", "json")

    codes = {issue["code"] for issue in done.json["issues"]}
    assert done.code == 0
    assert not codes & {"not-calculated", "stale-formula", "unfunded", "overfunded"}


def test_next_period__can_be_exported_and_renewed_again(renewed, tmp_path):
    first, second = renewed[0], tmp_path / "second.xlsx"

    assert cmswp("export", first, "--out", tmp_path / "out", "--format", "html").code == 0
    assert cmswp("new", second, "--from", first, "--period", "2030-2032").code == 0
    first_data, second_data = (cmswp("dump", path).json["tables"] for path in (first, second))
    assert first_data == second_data


def test_next_period__is_the_same_in_every_process(book, tmp_path):
    old, files = book(), []
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.xlsx"
        arguments = ("new", path, "--from", old, "--period", "2027-2029", "--lang", "es")
        done = program(*arguments, env={"PYTHONHASHSEED": seed, "TZ": f"Etc/GMT+{seed}"})
        assert (done.code, done.err) == (0, "")
        files.append(path.read_bytes())

    assert files[0] == files[1]


@pytest.mark.parametrize(("options", "sheet"), [((), "Domaines"), (("--lang", "en"), "Areas")])
def test_next_period__is_in_the_original_language_unless_asked(book, tmp_path, options, sheet):
    old = book("## Programme\n| setting | value |\n| original_language | fr |")
    path = tmp_path / "next.xlsx"

    done = cmswp("new", path, "--from", old, "--period", "2027-2029", *options)

    assert done.code == 0
    assert sheet in openpyxl.load_workbook(path).sheetnames


def test_next_period__is_refused_where_the_old_one_has_errors(book, tmp_path):
    path = book("## Areas\n| code | title |\n| ICC | One |\n| ICC | Two |")

    done = cmswp("new", tmp_path / "next.xlsx", "--from", path, "--period", "2027-2029")

    assert is_a_clear_failure(done, 1)
    assert f"cmswp validate {path}" in done.err
    assert not (tmp_path / "next.xlsx").exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--period", "2027-2029"),
        ("--from", "OLD"),
        ("--from", "OLD", "--period", "soon"),
        ("--from", "OLD", "--period", "2029-2027"),
        ("--from", "OLD", "--period", "2027-2029", "--example"),
        ("--from", "none.xlsx", "--period", "2027-2029"),
    ],
)
def test_next_period__is_refused_where_it_is_not_clear(example, tmp_path, options):
    path = tmp_path / "next.xlsx"

    done = cmswp("new", path, *(example if item == "OLD" else item for item in options))

    assert is_a_clear_failure(done)
    assert not path.exists()


@pytest.mark.parametrize("command", ["new", "upgrade"])
@pytest.mark.parametrize("name", ["there.xlsx", "new.txt", "none/new.xlsx"])
def test_a_name_that_does_not_do__is_refused(book, tmp_path, command, name):
    example, folder = book(), tmp_path / "new"
    folder.mkdir()
    (folder / "there.xlsx").write_bytes(b"mine")
    path = folder / name
    options = {
        "new": (path, "--from", example, "--period", "2027-2029"),
        "upgrade": (example, "--out", path),
    }

    done = cmswp(command, *options[command])

    assert is_a_clear_failure(done)
    assert (folder / "there.xlsx").read_bytes() == b"mine"
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no workbook", None])
def test_what_is_no_workbook__is_not_upgraded(tmp_path, content):
    path = tmp_path / "old.xlsx"
    if content is not None:
        path.write_bytes(content)

    done = cmswp("upgrade", path, "--out", tmp_path / "new.xlsx")

    assert is_a_clear_failure(done)
    assert not (tmp_path / "new.xlsx").exists()


@pytest.mark.host
def test_workbook_saved_by_libreoffice__is_upgraded_without_a_rest(tmp_path, office):
    path, new = tmp_path / "classeur.xlsx", tmp_path / "new.xlsx"
    assert cmswp("new", path, "--lang", "fr").code == 0

    done = cmswp("upgrade", office(path, "xlsx:Calc MS Excel 2007 XML"), "--out", new)

    assert (done.code, done.err) == (0, "")
    assert new.read_bytes() == path.read_bytes()
