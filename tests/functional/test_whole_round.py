"""One programme from new to published, by five officers, two translators and an approver."""

from __future__ import annotations

import io

import openpyxl
import pytest
from babel.messages.pofile import read_po, write_po
from programs import cmswp
from sheets import workbook

AREAS = ("AVI", "BAT", "CET", "DUG", "ELE")
WORDS = {"fr": "Traduit : ", "es": "Traducido: "}
TEXT = "\n".join(
    [
        "## Programme",
        "| setting  | value     |",
        "| title_fr | Programme |",
        "| title_es | Programa  |",
        "## Areas",
        "| code | title_en |",
        *(f"| {code} | Area {code} |" for code in AREAS),
        "## Activities",
        "| id | number | area | title_en |",
        *(f"| {code}-01 | '{n}.1 | {code} | Count {code} |" for n, code in enumerate(AREAS, 1)),
        "## Costs",
        "| activity | amount |",
        *(f"| {code}-01 | 100 |" for code in AREAS),
        "## Funding",
        "| activity | source | stage    | amount |",
        "| AVI-01   | CORE   | received | 40     |",
    ]
)


def typed(path, *values):
    """Type values into a workbook as staff do: sheet, key of the row, heading, value."""
    book = openpyxl.load_workbook(path)
    for sheet, key, heading, value in values:
        rows = book[sheet]
        column = next(item.column for item in rows[5] if item.value == heading)
        row = next(item.row for item in rows["A"] if item.value == key)
        rows.cell(row, column).value = value
    book.save(path)


def run(*arguments, code=0):
    done = cmswp(*arguments)
    assert done.code == code, (arguments, done.out, done.err)
    return done


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with `plan.xlsx`, and in `parts` a copy for each area, with what people typed."""
    folder = tmp_path_factory.mktemp("round")
    (folder / "typed.xlsx").write_bytes(workbook(TEXT).xlsx())
    run("upgrade", folder / "typed.xlsx", "--out", folder / "plan.xlsx")
    run("split", folder / "plan.xlsx", "--by", "area", "--out", folder / "parts")
    for number, code in enumerate(AREAS, 1):
        own = ("Costs", f"{code}-01", "Amount", 100 + number)
        typed(folder / "parts" / f"plan-{code}.xlsx", own)
    for code, text in (("AVI", "Count all"), ("BAT", "Count some")):
        own = ("Activities", "CET-01", "Title (English)", text)
        typed(folder / "parts" / f"plan-{code}.xlsx", own)
    return folder


def merged(folder, code):
    parts = sorted((folder / "parts").iterdir())
    assert [path.stem for path in parts] == [f"plan-{area}" for area in AREAS]
    done = run("merge", folder / "plan.xlsx", *parts, "--out", folder / "merged.xlsx", code=code)
    return done.out


def translated(folder, book, language):
    """Send the texts out as a PO file and take them back; gives the path of the new workbook."""
    file, new = folder / f"{language}.po", folder / f"{language}.xlsx"
    run("texts", "export", book, "--to", language, "--format", "po", "--output", file)
    catalogue = read_po(io.BytesIO(file.read_bytes()))
    for message in catalogue:
        if message.id:
            message.string = WORDS[language] + message.id
    with file.open("wb") as stream:
        write_po(stream, catalogue)
    run("texts", "import", book, file, "--out", new)
    return new


def test_a_round__from_five_copies_to_documents_that_are_questioned_later(folder):
    said = merged(folder, code=1)
    assert "Count all" in said
    assert "Count some" in said
    assert not (folder / "merged.xlsx").exists()
    settled = ("Activities", "CET-01", "Title (English)", "Count all")
    typed(folder / "parts" / "plan-BAT.xlsx", settled)
    merged(folder, code=0)
    tables = cmswp("dump", folder / "merged.xlsx").json["tables"]
    assert [row["amount"] for row in tables["costs"]] == ["101", "102", "103", "104", "105"]
    assert tables["activities"][2]["title_en"] == "Count all"

    book = translated(folder, folder / "merged.xlsx", "fr")
    book = translated(folder, book, "es")
    titles = cmswp("dump", book).json["tables"]["activities"][2]
    assert titles["title_fr"] == "Traduit : Count all"
    assert titles["title_es"] == "Traducido: Count all"

    approved, papers = folder / "approved.xlsx", folder / "documents"
    who = ("--role", "Executive Secretary", "--name", "A. Diallo", "--date", "2026-03-01")
    run("approve", book, *who, "--out", approved)
    run("export", approved, "--out", papers, "--lang", "all")
    assert len([*papers.glob("annex.*.docx")]) == 3
    run("verify", papers, approved)

    later = folder / "later.xlsx"
    later.write_bytes(approved.read_bytes())
    typed(later, ("Costs", "AVI-01", "Amount", 999))
    issues = run("validate", later, "--format", "json").json["issues"]
    found = [issue["message"] for issue in issues if issue["code"] == "changed-since-approval"]
    assert [("A. Diallo" in text, "1\u00a0March 2026" in text) for text in found] == [(True, True)]
    told = run("diff", approved, later).out
    assert "101.00" in told
    assert "999.00" in told
    told = run("verify", papers, later, code=1).out
    assert "later.xlsx does not have the content that the documents were made from." in told
    assert "annex.fr.docx differs from what the workbook produces." in told
