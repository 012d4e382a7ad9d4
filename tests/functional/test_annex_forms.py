"""How an annex is made up: rounding, number styles, marks, columns, and what Word is told."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal

import pytest
from annexes import W, amount, part, read_docx, read_html
from lxml import html
from programs import cmswp


def annexes_of(export, path, *options, language="en"):
    files = export(path, "--lang", language, *options)
    name = next(name for name in files if name.endswith(".html"))
    return read_html(files[name]), read_docx(files[name.replace(".html", ".docx")])


def costs(*amounts, year=""):
    """Write activities A-01, A-02 … with these costs, and nothing else."""
    activities = "\n".join(
        f"| A-{n:02} | '1.{n} | ICC | Res. 1 | Activity {n} |" for n in range(1, len(amounts) + 1)
    )
    lines = "\n".join(
        f"| A-{n:02} | {year} | {value} |" for n, value in enumerate(amounts, 1) if value != ""
    )
    return f"""
    ## Activities
    | id | number | area | mandates | title |
    {activities}

    ## Costs
    | activity | year | amount |
    {lines}

    ## Funding
    | activity | source | stage | amount |
    """


def form(**settings):
    lines = "\n".join(f"| {name} | {value} |" for name, value in settings.items())
    return f"\n## Programme\n| setting | value |\n{lines}\n"


def column(grid, index=2):
    return [row[index] for row in grid[2:]]


@pytest.mark.parametrize(
    ("rounding", "amounts", "printed"),
    [
        ("unit", (10.4, 10.4, 10.4), ["11", "10", "10", "31"]),
        ("unit", (0.2, 0.2, 0.2), ["1", "<\u00a01", "<\u00a01", "1"]),
        ("unit", (0.1, 0.1), ["<\u00a01", "<\u00a01", "<\u00a01"]),
        ("thousand", (1400, 1400, 1400), ["2", "1", "1", "4"]),
        ("thousand", (400, 0), ["<\u00a01", "–", "<\u00a01"]),
        ("thousand", (499, 499, 1), ["1", "<\u00a01", "<\u00a01", "1"]),
        ("thousand", (1234567, ""), ["1,235", "", "1,235"]),
    ],
)
def test_rounded_columns__add_up_and_nothing_prints_as_zero(
    book, export, rounding, amounts, printed
):
    page, word = annexes_of(export, book(costs(*amounts) + form(rounding=rounding)))
    for annex in (page, word):
        assert column(annex.tables[0]) == printed
        assert column(annex.tables[0], 5)[-1] == printed[-1]


def test_rounded_areas__are_fitted_to_the_total(book, export):
    text = """
    ## Areas
    | code | title |
    | ICC  | One   |
    | GOV  | Two   |

    ## Activities
    | id   | number | area | mandates | title |
    | A-01 | '1     | ICC  | Res. 1   | First |
    | A-02 | '1     | GOV  | Res. 1   | Other |

    ## Costs
    | activity | amount |
    | A-01     | 1500   |
    | A-02     | 1500   |

    ## Funding
    | activity | source | stage | amount |
    | A-01     | CORE   | received | 900 |
    | A-02     | CORE   | received | 2600 |
    """ + form(rounding="thousand")
    page, _ = annexes_of(export, book(text))
    first, second, closing = page.tables
    assert [first[-1][2], second[-1][2], closing[-1][1]] == ["2", "1", "3"]
    assert [first[2][2], second[2][2]] == ["2", "1"]
    assert [amount(row[2]) for row in closing[2:]] == [1, 3, 4]
    line = next(t for _, t in reversed(page.texts) if t.startswith("Cost ") and "=" in t)
    cost, available, surplus, sought = map(amount, re.split("[=−+]", line))
    assert cost == available - surplus + sought


@pytest.mark.parametrize(
    ("style", "language", "printed"),
    [
        ("locale", "en", "1,234,567.50"),
        ("locale", "fr", "1\u00a0234\u00a0567,50"),
        ("locale", "es", "1\u00a0234\u00a0567,50"),
        ("comma", "fr", "1,234,567.50"),
        ("space", "en", "1\u00a0234\u00a0567.50"),
        ("space", "es", "1\u00a0234\u00a0567,50"),
        ("point", "en", "1.234.567,50"),
        ("point", "es", "1.234.567,50"),
    ],
)
def test_number_style__is_that_of_the_language_or_the_house(
    book, export, style, language, printed
):
    path = book(costs("1234567.5", 1000) + form(number_style=style))
    page, word = annexes_of(export, path, language=language)
    assert page.tables[0][2][2] == word.tables[0][2][2] == printed
    assert page.tables[0][3][2][1] in "., \u00a0"


def test_support_costs__are_rounded_once_and_below_the_total(book, export):
    text = """
    ## Costs
    | activity | amount | support_cost |
    | ICC-01   | 10.05  | excluded     |
    | ICC-01   | 10.05  | excluded     |
    """ + form(support_cost_rate=13)
    page, _ = annexes_of(export, book(text))
    assert [row[1] for row in page.tables[-1][2:]] == ["20.10", "2.61", "22.71"]


@pytest.mark.parametrize(("cost", "rate"), [(50, 1), (101, 50), (12345, 13)])
def test_support_costs__with_cents_are_not_hidden_by_whole_costs(book, export, cost, rate):
    text = f"""
    ## Costs
    | activity | amount | support_cost |
    | ICC-01   | {cost} | excluded     |
    """ + form(support_cost_rate=rate)
    page, _ = annexes_of(export, book(text))
    printed = [row[1] for row in page.tables[-1][2:]]
    support = Decimal(cost) * rate / 100
    assert [Decimal(text.replace(",", "")) for text in printed] == [cost, support, cost + support]


def test_years__with_cents_are_not_hidden_by_whole_totals(book, export):
    text = """
    ## Costs
    | activity | year | amount |
    | ICC-01   | 2024 | 100.50 |
    | ICC-01   | 2025 | 100.50 |
    | ICC-01   | 2026 | 0.40   |
    | ICC-01   |      | 0.60   |

    ## Funding
    | activity | source | stage | amount |
    """
    page, word = annexes_of(export, book(text))
    for annex in (page, word):
        row = annex.tables[0][2]
        assert [Decimal(text) for text in row[2:7]] == [
            *(Decimal("100.5"), Decimal("100.5"), Decimal("0.4"), Decimal("0.6")),
            Decimal(202),
        ]


def test_support_costs__included_are_said_and_not_added(book, export):
    page, _ = annexes_of(export, book(form(support_cost_rate=13)))
    assert "gross" in page.words()
    closing = page.tables[1]
    assert [row[0] for row in closing[2:]] == ["Grand total"]


def test_surplus__is_a_note_and_never_set_against_another_activity(book, export):
    text = (
        costs(100, 100)
        + """
    ## Funding
    | activity | source | stage    | amount |
    | A-01     | CORE   | received | 150    |
    """
    )
    page, word = annexes_of(export, book(text))
    for annex in (page, word):
        table = annex.tables[0]
        assert table[2][1].endswith("^a")
        assert [row[5] for row in table[2:]] == ["–", "100", "100"]
        assert "Surplus of 50" in annex.words()
        assert "Cost 200 = available 150 − surplus 50 + to be sought 100" in annex.words()


def test_pledged_and_in_kind__stand_apart_and_count_nowhere(book, export):
    text = (
        costs(100)
        + """
    ## Funding
    | activity | source | stage     | amount | in_kind |
    | A-01     | VOL    | pledged   | 30     |         |
    | A-01     | VOL    | confirmed | 45     | yes     |
    | A-01     | VOL    | confirmed | 5      |         |
    """
    )
    path = book(text)
    page, word = annexes_of(export, path)
    for annex in (page, word):
        assert annex.tables[0][2][2:] == ["100", "–", "5", "95"]
        assert "Pledged, and not counted as available: 1.1 (30)." in annex.words()
        assert "In kind, and not counted: 1.1 (45)." in annex.words()
    row = cmswp("totals", path, "--format", "json").json["rows"][0]
    assert (row["pledged"], row["voluntary"], row["to_be_sought"]) == ("30.00", "5.00", "95.00")


@pytest.mark.parametrize(
    ("status", "head", "title"),
    [
        ("draft", "Core budget (proposed)", "(draft)"),
        ("revised", "Core budget (proposed)", "(revised draft)"),
        ("adopted", "Core budget", "work"),
        ("", "Core budget (proposed)", "(draft)"),
    ],
)
def test_status__marks_title_and_head(book, export, status, head, title):
    for annex in annexes_of(export, book(form(status=status))):
        heads = {text for grid in annex.tables for row in grid[:2] for text in row}
        assert {text for text in heads if text.startswith("Core")} == {head}
        assert annex.texts[0][1].endswith(title)


def test_other_sources__have_a_column_only_when_there_are_any(book, export):
    text = """
    ## Sources
    | code | kind  | title |
    | CORE | core  | Core  |
    | SUP  | other | Other |

    ## Funding
    | activity | source | stage | amount |
    | ICC-01   | CORE   | received | 1 |
    {}
    """
    for line, width in (
        ("| ICC-01 | SUP | pledged | 5 |", 9),
        ("| ICC-01 | SUP | received | 5 |", 10),
    ):
        for annex in annexes_of(export, book(text.format(line))):
            heads = annex.tables[0][1]
            assert len(heads) == width
            assert ("Other sources" in heads) == (width == 10)


def test_years__stand_side_by_side_in_landscape(book, export):
    text = """
    ## Costs
    | activity | year | amount |
    | ICC-01   | 2024 | 10     |
    | ICC-01   | 2026 | 5      |
    """
    files = export(book(text), "--lang", "en")
    page = read_html(files["annex.en.html"])
    assert page.tables[0][1][2:6] == ["2024", "2025", "2026", "Total"]
    assert page.tables[0][2][2:6] == ["10", "–", "5", "15"]
    assert b"size: A4 landscape" in files["annex.en.html"]
    size = part(files["annex.en.docx"], "word/document.xml").find(f".//{W}pgSz")
    assert size.get(f"{W}orient") == "landscape"
    assert int(size.get(f"{W}w")) > int(size.get(f"{W}h"))


def test_no_years__one_cost_column_in_portrait(book, export):
    files = export(book(costs(10)), "--lang", "en")
    assert len(read_html(files["annex.en.html"]).tables[0][0]) == 6
    assert b"size: A4 portrait" in files["annex.en.html"]
    size = part(files["annex.en.docx"], "word/document.xml").find(f".//{W}pgSz")
    assert size.get(f"{W}orient") in (None, "portrait")
    assert int(size.get(f"{W}w")) < int(size.get(f"{W}h"))


def test_illustrative__is_plain_on_the_document(annexes):
    for language, word in (("en", "llustrative"), ("fr", "llustrati"), ("es", "lustrativ")):
        for name in (f"annex.{language}.html", f"annex.{language}.docx"):
            read = read_html if name.endswith("html") else read_docx
            assert word in read(annexes[name]).words()


def test_not_illustrative__is_not_called_so(book, export):
    for annex in annexes_of(export, book()):
        assert "llustrative" not in annex.everything()


@pytest.mark.parametrize(("language", "tag"), [("en", "en-GB"), ("fr", "fr-FR"), ("es", "es-ES")])
def test_language__is_told_to_word_and_to_browsers(annexes, language, tag):
    word = annexes[f"annex.{language}.docx"]
    found = {
        item.get(f"{W}val")
        for name in ("word/styles.xml", "word/document.xml", "word/settings.xml")
        for kind in ("lang", "themeFontLang")
        for item in part(word, name).iter(f"{W}{kind}")
    }
    assert found == {tag}
    assert part(word, "word/styles.xml").find(f"{W}docDefaults//{W}lang") is not None
    assert f'<html lang="{tag}">'.encode() in annexes[f"annex.{language}.html"]


def test_word__repeats_heads_and_does_not_split_rows(annexes):
    body = part(annexes["annex.en.docx"], "word/document.xml")
    tables = list(body.iter(f"{W}tbl"))
    assert len(tables) == 13
    for table in tables:
        rows = list(table.iter(f"{W}tr"))
        heads = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        count = sum(heads)
        assert count in (1, 2)
        assert heads == [True] * count + [False] * (len(rows) - count)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)


def test_word__has_real_headings(annexes):
    word = annexes["annex.en.docx"]
    styles = {
        item.get(f"{W}styleId"): item.find(f"{W}pPr/{W}outlineLvl")
        for item in part(word, "word/styles.xml").iter(f"{W}style")
    }
    for level in (1, 2, 3):
        assert styles[f"Heading{level}"].get(f"{W}val") == str(level - 1)
    headings = [kind for kind, _ in read_docx(word).texts if kind.startswith("h")]
    assert headings[0] == "h1"
    assert headings.count("h1") == 1
    assert headings.count("h2") == 8


def test_word__heads_pages_with_the_symbol_and_numbers_them(annexes):
    word = annexes["annex.en.docx"]
    with zipfile.ZipFile(io.BytesIO(word)) as package:
        names = package.namelist()
    heads, feet = (
        [part(word, name) for name in names if name.startswith(f"word/shared_{kind}")]
        for kind in ("header", "footer")
    )
    assert {"".join(head.itertext()) for head in heads} == {"UNEP/CMS/StC55/Doc.9/Rev.1/Annex I"}
    for foot in feet:
        codes = [item.text.strip() for item in foot.iter(f"{W}instrText")]
        assert codes == ["PAGE", "NUMPAGES"]
    section = part(word, "word/document.xml").find(f".//{W}sectPr")
    kinds = {item.tag.removeprefix(W) for item in section}
    assert {"headerReference", "footerReference"} <= kinds


def test_html__is_one_file_that_needs_nothing(annexes):
    for language in ("en", "fr", "es"):
        page = annexes[f"annex.{language}.html"].decode()
        assert "Content-Security-Policy" in page
        assert "default-src 'none'" in page
        assert "<script" not in page.lower()
        assert "http" not in page.lower().replace("http-equiv", "")
        assert "@import" not in page
        assert "<link" not in page


def test_html__is_accessible(annexes):
    root = html.fromstring(annexes["annex.fr.html"].decode())
    tables = list(root.iter("table"))
    assert all((table.findtext("caption") or table.get("aria-label")).strip() for table in tables)
    assert all(cell.get("scope") for table in tables for cell in table.iter("th"))
    assert all(table.find("thead") is not None for table in tables)
    assert len(list(root.iter("h1"))) == 1
    assert len(list(root.iter("main"))) == 1
    ids = [item.get("id") for item in root.iter() if item.get("id")]
    assert len(ids) == len(set(ids))
    assert root.findtext("head/title").strip()
    named = {item.get("aria-labelledby") for item in root.iter("section")} - {None}
    assert named <= set(ids)


def test_as_at__is_a_date_in_words(annexes):
    for language, words in (
        ("en", "31\u00a0January 2025"),
        ("fr", "31\u00a0janvier 2025"),
        ("es", "31\u00a0de enero de 2025"),
    ):
        text = read_html(annexes[f"annex.{language}.html"]).words()
        assert words.replace("\u00a0", " ") in text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("rate", "kind", "word"),
    [(13, "excluded", "net"), ("", "excluded", "net"), (13, "included", "gross")],
)
def test_net_or_gross__is_said(book, export, rate, kind, word):
    text = f"""
    ## Costs
    | activity | amount | support_cost |
    | ICC-01   | 100    | {kind}       |
    """ + form(support_cost_rate=rate)
    page, _ = annexes_of(export, book(text))
    assert word in page.words()


def test_line_breaks__become_paragraphs(book, export):
    text = """
    ## Activities
    | id | number | area | mandates | title |
    | ICC-01 | '1.1 | ICC | Res. 1 | "First part\\nSecond part\\n\\nThird" |
    """
    for annex in annexes_of(export, book(text)):
        assert annex.tables[0][2][1] == "First part\nSecond part\nThird"
