"""A workbook split by area, changed in the copies, and merged, as files."""

from __future__ import annotations

import json
from dataclasses import replace

import openpyxl
import pytest
from programs import cmswp
from sheets import workbook

from cmswp_xl.compare.merge import Copy
from cmswp_xl.languages import Language, Words
from cmswp_xl.rollover.merging import area_of, merge_report, merging, read_version
from cmswp_xl.schema import sheet_schemas
from cmswp_xl.xlsx import open_workbook

TEXT = """
## Areas
| code | title | parent |
| ICC  | One   |        |
| GOV  | Two   |        |
| SUB  | Three | GOV    |

## Activities
| id     | number | area | title |
| ICC-01 | '1.1   | ICC  | Print |
| GOV-01 | '2.1   | GOV  | Meet  |
| SUB-01 | '2.2   | SUB  | Sit   |

## Costs
| activity | amount |
| ICC-01   | 100    |
| GOV-01   | 200    |
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    path = tmp_path_factory.mktemp("merging") / "plan.xlsx"
    path.write_bytes(workbook(TEXT).xlsx())
    return path


@pytest.fixture(scope="module")
def parts(base, tmp_path_factory):
    folder = tmp_path_factory.mktemp("parts")
    assert cmswp("split", base, "--by", "area", "--out", folder).code == 0
    return folder


def changed(path, folder, *cells):
    """Return a copy of a part with other values in cells: sheet, address, value."""
    book = openpyxl.load_workbook(path)
    for sheet, address, value in cells:
        book[sheet][address] = value
    book.save(folder / path.name)
    return folder / path.name


def cell(path, sheet, column, key):
    """Return the address of a column in the row that begins with a key."""
    rows = openpyxl.load_workbook(path)[sheet]
    heads = [item.value for item in rows[5]]
    row = next(item.row for item in rows["A"] if item.value == key)
    return rows.cell(row, heads.index(column) + 1).coordinate


def test_split__makes_a_copy_for_each_area_that_stands_under_no_other(parts):
    assert sorted(path.name for path in parts.iterdir()) == ["plan-GOV.xlsx", "plan-ICC.xlsx"]
    assert area_of(open_workbook(parts / "plan-GOV.xlsx")) == "GOV"
    start = openpyxl.load_workbook(parts / "plan-GOV.xlsx")["Start"]
    assert any("Two" in str(item.value) for row in start.iter_rows() for item in row)


def test_rows_of_other_areas__are_shaded_those_of_sub_areas_are_not(parts):
    sheet = openpyxl.load_workbook(parts / "plan-GOV.xlsx")["Activities"]
    fills = {row[0].value: row[0].fill.fgColor.rgb for row in sheet.iter_rows(min_row=6)}
    assert fills["ICC-01"] not in (fills["GOV-01"], "00000000")
    assert fills["GOV-01"] == fills["SUB-01"] == "00000000"


def test_copies_as_they_were_split__give_the_same_data(base, parts, tmp_path):
    new = tmp_path / "new.xlsx"
    done = cmswp("merge", base, *sorted(parts.iterdir()), "--out", new)
    assert done.code == 0, done.out + done.err
    assert "not taken" not in done.out
    was, now = (cmswp("dump", path).json for path in (base, new))
    assert now["programme"].items() >= was["programme"].items()
    assert {name: rows for name, rows in now["tables"].items() if rows} == was["tables"]
    assert area_of(open_workbook(new)) is None


def test_changes_outside_the_area__are_taken_and_told(base, parts, tmp_path):
    part = parts / "plan-GOV.xlsx"
    place = cell(part, "Activities", "Title (English)", "ICC-01")
    part = changed(part, tmp_path, ("Activities", place, "Typed elsewhere"))
    report, new = tmp_path / "report.json", tmp_path / "new.xlsx"
    done = cmswp("merge", base, part, "--out", new, "--report", report)
    assert done.code == 0, done.out + done.err
    assert "changed outside the area of this copy: " in done.out
    taken = json.loads(report.read_text("utf-8"))["taken"]
    assert [(t["table"], t["key"], t["kind"], t["outside"]) for t in taken] == [
        ("activities", ["icc-01"], "changed", True)
    ]
    activities = cmswp("dump", new).json["tables"]["activities"]
    assert activities[0]["title_en"] == "Typed elsewhere"


def test_a_conflict__is_told_with_values_cells_and_files_and_nothing_is_made(
    base, parts, tmp_path
):
    made = []
    for name, text in (("ICC", "Here"), ("GOV", "There")):
        part = parts / f"plan-{name}.xlsx"
        place = cell(part, "Activities", "Title (English)", "ICC-01")
        made.append(changed(part, tmp_path, ("Activities", place, text)))
    report, new = tmp_path / "report.json", tmp_path / "new.xlsx"
    done = cmswp("merge", base, *made, "--out", new, "--report", report)
    assert done.code == 1
    assert not new.exists()
    for part, text in zip(made, ("Here", "There"), strict=True):
        assert f"{part}, Activities!{place}: {text}" in done.out
        assert f"{part}: every change conflicts with another copy." in done.out
    assert "taken" not in done.out
    found = json.loads(report.read_text("utf-8"))
    assert found["new"] is None
    (conflict,) = found["conflicts"]
    assert (conflict["field"], conflict["reason"]) == ("title_en", "different")
    assert {(s["file"], s["cell"], s["value"]) for s in conflict["sides"]} == {
        (str(made[0]), place, "Here"),
        (str(made[1]), place, "There"),
    }


def test_a_row_removed_in_one_copy_and_given_money_in_another__is_told_with_both(tmp_path):
    row, cost = "| GOV-01 | '2.1   | GOV  | Meet  |\n", "| GOV-01   | 200    |\n"
    more = cost + cost.replace("200", "77 ")
    texts = {"plan": TEXT, "one": TEXT.replace(row, ""), "two": TEXT.replace(cost, more)}
    for name, text in texts.items():
        (tmp_path / f"{name}.xlsx").write_bytes(workbook(text).xlsx())
    plan, one, two = (tmp_path / f"{name}.xlsx" for name in texts)
    report = tmp_path / "report.json"
    done = cmswp("merge", plan, one, two, "--out", tmp_path / "new.xlsx", "--report", report)
    assert done.code == 1, done.err
    assert f"{one}, Activities: removed" in done.out
    assert f"{two}, Costs!A3: GOV-01, 200 | GOV-01, 77" in done.out
    (conflict,) = json.loads(report.read_text("utf-8"))["conflicts"]
    assert [(s["sheet"], s["cell"]) for s in conflict["sides"]] == [
        ("Activities", None),
        ("Costs", "A3"),
    ]


def test_a_copy_without_a_table_that_is_filled__is_refused(base, parts, tmp_path):
    book = openpyxl.load_workbook(parts / "plan-ICC.xlsx")
    del book["Costs"]
    book.save(tmp_path / "part.xlsx")
    done = cmswp("merge", base, tmp_path / "part.xlsx", "--out", tmp_path / "new.xlsx")
    assert done.code == 1
    assert "Costs" in done.err
    assert not (tmp_path / "new.xlsx").exists()


def test_a_formula_without_a_value_in_a_copy__is_refused_at_its_cell(base, parts, tmp_path):
    part = parts / "plan-ICC.xlsx"
    place = cell(part, "Costs", "Amount", "ICC-01")
    part = changed(part, tmp_path, ("Costs", place, "=1+1"))
    done = cmswp("merge", base, part, "--out", tmp_path / "new.xlsx")
    assert done.code == 1
    assert place in done.out
    assert not (tmp_path / "new.xlsx").exists()


def test_what_is_added_in_its_area__stands_there_and_is_not_outside(base, parts, tmp_path):
    part = tmp_path / "part.xlsx"
    new = {"id": "ICC-02", "number": "1.2", "area": "ICC", "title_en": "Post"}
    version = read_version(parts / "plan-ICC.xlsx")
    rows = {
        **version.copy.rows,
        "activities": [*version.copy.rows["activities"], new],
        "costs": [*version.copy.rows["costs"], {"activity": "ICC-02", "amount": "5"}],
    }
    changed = replace(version, copy=Copy(str(part), rows, sheet_schemas()))
    found = merging(read_version(base), [changed])
    assert [row["activity"] for row in found.merged.rows["costs"]] == [
        "ICC-01",
        "ICC-02",
        "GOV-01",
    ]
    assert [(one.table, found.outside(one)) for one in found.merged.taken] == [
        ("activities", False),
        ("costs", False),
    ]


def test_a_note_in_a_copy__is_told_as_not_taken(base, parts, tmp_path):
    book = openpyxl.load_workbook(parts / "plan-ICC.xlsx")
    book.create_sheet("My own")["B2"] = "remember"
    book.save(tmp_path / "part.xlsx")
    version = merging(read_version(base), [read_version(tmp_path / "part.xlsx")])
    left = [(item.sheet, item.cell, item.value) for _, item in version.left]
    assert left == [("My own", "B2", "remember")]
    assert "My own · B2" in merge_report(version, Words(Language.EN))


def test_the_workbook_itself_as_a_copy__is_misuse(base, tmp_path):
    done = cmswp("merge", base, base, "--out", tmp_path / "new.xlsx")
    assert done.code == 2


def test_a_workbook_without_areas__is_not_split(tmp_path):
    path = tmp_path / "none.xlsx"
    assert cmswp("new", path).code == 0
    done = cmswp("split", path, "--out", tmp_path / "parts")
    assert done.code == 2
    assert not (tmp_path / "parts").exists()
