"""Every issue code, brought about by a fault that was planted, alone and with all others."""

from __future__ import annotations

import pytest
from faulty import CONTENT, STRUCTURE, write
from programs import cmswp

from cmswp_xl.issues import SEVERITIES


def found(path):
    done = cmswp("validate", path, "--format", "json")
    issues = done.json["issues"]
    errors = sum(issue["severity"] == "error" for issue in issues)
    assert done.code == (1 if errors else 0)
    assert done.json["errors"] == errors
    return [(issue["sheet"], issue["cell"], issue["code"]) for issue in issues]


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    return write(tmp_path_factory.mktemp("faults") / "faults.xlsx", CONTENT.values())


def test_nothing_planted__nothing_found(tmp_path):
    assert found(write(tmp_path / "sound.xlsx", [])) == []


@pytest.fixture(scope="module")
def unplanted(tmp_path_factory):
    """What is found where nothing is planted: no concern of the faults."""
    return set(found(write(tmp_path_factory.mktemp("sound") / "sound.xlsx", [])))


@pytest.mark.parametrize("name", CONTENT)
def test_fault__is_found_at_its_cell_and_nothing_else(tmp_path, unplanted, name):
    fault = CONTENT[name]
    issues = [
        issue
        for issue in found(write(tmp_path / "faulty.xlsx", [fault]))
        if issue not in unplanted
    ]
    assert sorted(issues, key=str) == sorted(fault.issues, key=str)


@pytest.mark.parametrize("name", STRUCTURE)
def test_fault_of_structure__is_found_at_its_place(tmp_path, name):
    fault = STRUCTURE[name]
    issues = found(write(tmp_path / "faulty.xlsx", [fault]))
    assert set(fault.issues) <= set(issues)


def test_all_faults_at_once__are_all_found_each_once(everything, unplanted):
    issues = [issue for issue in found(everything) if issue not in unplanted]
    planted = [issue for fault in CONTENT.values() for issue in fault.issues]
    assert sorted(issues, key=str) == sorted(planted, key=str)


def test_every_code__is_brought_about_by_a_fault():
    faults = (*CONTENT.values(), *STRUCTURE.values())
    assert {code for fault in faults for _, _, code in fault.issues} == set(SEVERITIES)


def test_issues__come_in_sheet_order(everything):
    issues = found(everything)
    sheets = [sheet for sheet, _, _ in issues]
    order = list(dict.fromkeys(sheets))
    assert sheets == sorted(sheets, key=order.index)
    assert order == [
        *(
            "Entry",
            "Activities",
            "Costs",
            "Funding",
            "Donors",
            "Posts",
            "Time allotted",
            "Post funding",
        ),
        *("Findings", "Subjects", "Recommendations", "Evidence", "Next steps", "Requests"),
        *("Weights", "Texts", "Progress", "Comments", "Approvals"),
        "My notes",
    ]
    rows = [int(cell[1:]) for sheet, cell, _ in issues if sheet == "Costs"]
    assert rows == sorted(rows)


@pytest.mark.parametrize("command", [("totals",), ("unfunded",), ("export", "--out", "{out}")])
def test_errors__let_no_figure_and_no_document_out(everything, tmp_path, command):
    name, *options = (part.format(out=tmp_path / "out") for part in command)
    done = cmswp(name, everything, *options)
    assert (done.code, done.out) == (1, "")
    assert "cmswp validate" in done.err
    assert not (tmp_path / "out").exists()


def test_dump__of_faulty_data_gives_what_is_there_and_says_so(everything):
    done = cmswp("dump", everything)
    assert done.code == 1
    costs = done.json["tables"]["costs"]
    assert [row["amount"] for row in costs[:5]] == [None, None, None, None, None]
    assert costs[9]["amount"] == "100"
    assert done.json["tables"]["activities"][0]["title_en"] == "Do 1"
