"""The three papers on the technology review of the worked example, as a delegate reads them."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from annexes import W, amount, digits, part, read_docx, read_html
from lxml import html
from programs import cmswp, listing
from typist import Typist

NAMES = ("technology-review", "next-steps", "requests")
RANKS = {
    "REQ-01": "4.50",
    "REQ-02": "4.35",
    "REQ-03": "4.20",
    "REQ-06": "3.80",
    "REQ-10": "3.80",
    "REQ-11": "3.80",
    "REQ-12": "3.60",
    "REQ-08": "3.50",
    "REQ-09": "2.75",
    "REQ-05": "2.70",
    "REQ-04": "2.10",
    "REQ-07": "1.75",
}


@pytest.fixture(scope="module")
def papers(example, tmp_path_factory):
    """The papers of the example by file name."""
    folder = tmp_path_factory.mktemp("papers")
    options = [part for name in NAMES for part in ("--document", name)]
    done = cmswp("export", example, "--out", folder, *options)
    assert (done.code, done.err) == (0, "")
    return listing(folder)


def paper(papers, name, language="en", form="html"):
    return {"html": read_html, "docx": read_docx}[form](papers[f"{name}.{language}.{form}"])


def flat(grid):
    """Give a grid without the paragraphs of its cells, which formats keep apart differently."""
    return [[" ".join(cell.split()) for cell in row] for row in grid]


@pytest.mark.parametrize("language", ["en", "fr", "es"])
@pytest.mark.parametrize("name", NAMES)
def test_word_and_html__hold_the_same_tables(papers, name, language):
    page, word = (paper(papers, name, language, form) for form in ("html", "docx"))
    assert [flat(grid) for grid in page.tables] == [flat(grid) for grid in word.tables]
    assert page.headings() == word.headings()
    assert page.tables


@pytest.mark.parametrize("name", NAMES)
def test_languages__hold_the_same_figures(papers, name):
    grids = [
        [
            [[digits(cell) for cell in row] for row in grid]
            for grid in paper(papers, name, language).tables
        ]
        for language in ("fr", "es")
    ]
    assert grids[0] == grids[1]
    sizes = [
        [(len(grid), len(grid[0])) for grid in paper(papers, name, language).tables]
        for language in ("en", "fr", "es")
    ]
    assert sizes[0] == sizes[1] == sizes[2]


@pytest.mark.parametrize(("name", "number"), [*zip(NAMES, ("II", "III", "IV"), strict=True)])
def test_papers__bear_symbol_number_and_marks(papers, name, number):
    found = paper(papers, name)
    assert found.texts[0][1].startswith(f"Annex {number} – ")
    assert found.texts[0][1].endswith("(revised draft)")
    assert any("llustrative" in text for _, text in found.texts[:4])
    head = "".join(part(papers[f"{name}.en.docx"], "word/shared_header1.xml").itertext())
    assert head == f"UNEP/CMS/StC55/Doc.9/Rev.1/Annex {number}"


def test_register__marks_no_action_in_words(papers):
    register = paper(papers, "technology-review").tables[0]
    rows = {row[0]: row for row in register[1:]}
    assert rows["3.3"][2] == "Take no action"
    assert rows["3.3"][-1] == "–"
    assert "may be reviewed after 2026" in rows["3.3"][1]
    assert rows["2.1"][-1] == "Steps 3 and 6"
    assert rows["1.1"][2:] == ["Action recommended", "Ongoing", "Step 4"]


def test_findings__link_to_the_recommendations_that_they_name(papers):
    root = html.fromstring(papers["technology-review.en.html"].decode())
    links = {link.text: link.get("href") for link in root.iter("a")}
    assert links
    for number, target in links.items():
        row = root.get_element_by_id(target.removeprefix("#"))
        assert row.findtext("th") == number
    word = paper(papers, "technology-review", form="docx")
    assert any("(Recommendations 3.3 and 5.1)" in text for _, text in word.texts)


@pytest.mark.parametrize("form", ["html", "docx"])
def test_chain__agrees_with_totals(papers, example, form):
    chain = paper(papers, "technology-review", form=form).tables[1]
    totals = cmswp("totals", example, "--by", "recommendation", "--format", "json").json
    by_number = {row["key"]: row for row in totals["rows"]}
    columns = ("cost", "core", "voluntary", "other", "to_be_sought")
    shown = {row[0]: row[3:] for row in chain[2:-1]}
    assert set(shown) == set(by_number) - {"3.3", ""}
    for number, cells in shown.items():
        figures = [by_number[number][name] for name in columns]
        wanted = [None if value is None else Decimal(value) for value in figures]
        assert [amount(cell) for cell in cells] == wanted, number
    linked = {row[1]: row for row in chain[2:-1]}
    for column, cell in enumerate(chain[-1][3:], 3):
        assert sum(amount(row[column]) or 0 for row in linked.values()) == amount(cell)


def test_chain__never_shows_what_is_not_costed_as_zero_or_unfunded(papers):
    review = paper(papers, "technology-review")
    row = next(row for row in review.tables[1] if row[0] == "5.1")
    assert row[3:] == ["", "", "", "", ""]
    assert row[2].endswith("Not yet costed")
    assert "▲" not in row[2]
    unfunded = next(row for row in review.tables[1] if row[0] == "1.2")
    assert unfunded[2].endswith("▲\u00a0Unfunded – core priority")
    assert "each activity once" in review.words()


def test_steps__stand_in_sequence_and_refer_to_each_other(papers):
    found = paper(papers, "next-steps")
    (table,) = found.tables
    assert [row[0] for row in table[1:]] == [str(n) for n in range(1, 11)]
    rows = {row[0]: row for row in table[1:]}
    assert rows["3"][2].endswith("See also step 6.")
    assert rows["6"][2].endswith("See also step 3.")
    assert rows["8"][4:7] == ["", "", "On hold"]
    assert found.headings()[1] == "Carrying out the recommendations"


@pytest.mark.parametrize("form", ["html", "docx"])
def test_requests__are_ranked_with_scores_and_weights(papers, form):
    ranking = paper(papers, "requests", form=form).tables[0]
    assert {row[1]: row[10] for row in ranking[2:]} == RANKS
    assert [row[1] for row in ranking[2:]] == list(RANKS)
    weights = [int("".join(filter(str.isdigit, head))) for head in ranking[1][4:10]]
    assert sum(weights) == 100
    for row in ranking[2:]:
        scores = [int(cell) for cell in row[4:10]]
        counted = [*scores[:4], 6 - scores[4], 6 - scores[5]]
        score = Decimal(sum(w * s for w, s in zip(weights, counted, strict=True))) / 100
        assert f"{score:.2f}" == row[10]


def test_requests__funding_offered_changes_nothing_but_its_own_column(papers, example, tmp_path):
    typist = Typist(example)
    typist.path = tmp_path / "offered.xlsx"
    for row in range(1, 13):
        typist.put("requests", "funding_offered", row, 1_000_000 * row)
    typist.save()
    folder = tmp_path / "out"
    done = cmswp("export", typist.path, "--out", folder, "--document", "requests", "--lang", "en")
    assert done.code == 0, done.out
    changed = read_html((folder / "requests.en.html").read_bytes())
    before = paper(papers, "requests")
    assert changed.tables[0] == before.tables[0]
    assert [row[:-1] for row in changed.tables[2]] == [row[:-1] for row in before.tables[2]]
    assert changed.tables[2] != before.tables[2]


def test_requesters__are_printed_nowhere(example, tmp_path):
    typist = Typist(example)
    typist.path = tmp_path / "internal.xlsx"
    for row in range(1, 13):
        typist.put("requests", "requester", row, "Nobody Atall")
    typist.save()
    folder = tmp_path / "out"
    assert cmswp("export", typist.path, "--out", folder, "--document", "requests").code == 0
    for name, data in listing(folder).items():
        if name.endswith("docx"):
            assert "Nobody" not in read_docx(data).everything()
        else:
            assert b"Nobody" not in data


def test_needs__stand_by_year(papers):
    found = paper(papers, "requests")
    _, _, _, technology, staff, linked = found.tables
    years = [row[0].split("\n")[0] for row in technology if row[0][:4].isdigit()]
    assert years == ["2024", "2025", "2026"]
    assert [row[-2:] for row in staff if row[0].startswith("2026")] == [["0.50", "57,980.00"]]
    assert len({row[1] for row in linked[2:-1]}) == len(linked) - 3


@pytest.mark.parametrize("name", NAMES)
def test_word__repeats_heads_does_not_split_rows_and_names_its_tables(papers, name):
    body = part(papers[f"{name}.en.docx"], "word/document.xml")
    for table in body.iter(f"{W}tbl"):
        rows = list(table.iter(f"{W}tr"))
        heads = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        assert sum(heads) in (1, 2)
        assert heads == sorted(heads, reverse=True)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert all(cell.find(f"{W}p") is not None for cell in table.iter(f"{W}tc"))
        assert table.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val").strip()


@pytest.mark.parametrize("name", NAMES)
def test_html__is_accessible_and_needs_nothing(papers, name):
    page = papers[f"{name}.fr.html"].decode()
    root = html.fromstring(page)
    tables = list(root.iter("table"))
    assert all((table.findtext("caption") or table.get("aria-label")).strip() for table in tables)
    assert all(cell.get("scope") for table in tables for cell in table.iter("th"))
    assert all(table.find("thead") is not None for table in tables)
    levels = [int(item.tag[1]) for item in root.iter("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    ids = [item.get("id") for item in root.iter() if item.get("id")]
    assert len(ids) == len(set(ids))
    labelled = {item.get("aria-labelledby") for item in root.iter("section")} - {None}
    assert labelled <= set(ids)
    assert "http" not in page.lower().replace("http-equiv", "")
    assert "<script" not in page.lower()


@pytest.mark.parametrize("name", NAMES)
def test_papers__are_the_same_bytes_each_time(papers, example, tmp_path, name):
    folder = tmp_path / "again"
    assert cmswp("export", example, "--out", folder, "--document", name, "--lang", "es").code == 0
    for form in ("docx", "html"):
        assert (folder / f"{name}.es.{form}").read_bytes() == papers[f"{name}.es.{form}"]
