"""Two Word documents as tracked changes: all accepted is the new one, all rejected the old one."""

from __future__ import annotations

import copy
import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openxml_audit import FileFormat, OpenXmlValidator
from packages import pack, unpacked
from revisions import accepted, body_of, rejected, text_of, w

from cmswp_xl.documents import annex
from cmswp_xl.documents.build import Request, rendered
from cmswp_xl.figures.totals import compute_totals
from cmswp_xl.languages import Language
from cmswp_xl.pipeline import check_source
from cmswp_xl.render.tracked import By, tracked_docx
from cmswp_xl.samples import RowsSource, read_sample
from cmswp_xl.schema import load_schemas

BY = By("A. Reviser", dt.date(2025, 3, 1))
WORDS = ["Convene", "a", "workshop", "on", "flyways", "every", "year", "1,200", "times", "–"]
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
TITLES = st.lists(SENTENCES, min_size=1, max_size=2).map("\n\n".join)
AMOUNTS = st.sampled_from([0, 100, 1200, 1300, 25000.5])


@st.composite
def programmes(draw):
    """Give the content of a small programme with some of the areas and activities there can be."""
    codes = draw(st.permutations("ABC"))[: draw(st.integers(1, 3))]
    keys = draw(st.permutations(range(6)))[: draw(st.integers(1, 6))]
    activities = [
        {
            "id": f"ACT-{key}",
            "number": f"1.{place}",
            "area": draw(st.sampled_from(codes)),
            "title_en": draw(TITLES),
            "priority": draw(st.sampled_from(["core", "low"])),
            "costing": draw(st.sampled_from(["partial", "complete"])),
        }
        for place, key in enumerate(keys, 1)
    ]
    years = draw(st.sampled_from([[None], [2024, 2025]]))
    money = [
        {"activity": row["id"], "year": draw(st.sampled_from(years)), "amount": draw(AMOUNTS)}
        for row in activities
        for _ in range(draw(st.integers(0, 2)))
    ]
    funding = [
        {
            **row,
            "source": draw(st.sampled_from(["CORE", "VC", "PSC"])),
            "stage": draw(st.sampled_from(["pledged", "received"])),
            "amount": draw(AMOUNTS.filter(bool)),
        }
        for row in money[::2]
    ]
    example = read_sample("example")
    posts = example["posts"][: draw(st.integers(0, 3))]
    return {
        "programme": [{**example["programme"][0], "scenario": None, "rounding": "unit"}],
        "areas": [{"code": code, "title_en": draw(SENTENCES)} for code in codes],
        "activities": activities,
        "costs": [{**row, "support_cost": "excluded"} for row in money],
        "funding": funding,
        "sources": example["sources"],
        "posts": posts,
        "allocations": [
            {"post": post["id"], "area": codes[0], "percent": draw(st.sampled_from([50, 60]))}
            for post in posts
        ],
    }


def annex_of(content, language=Language.EN):
    """Give the annex of some content as a Word file, with the keys of its rows."""
    source = RowsSource(content, load_schemas(), Language.EN)
    programme = check_source(source, flags=False)[0].programme
    totals = compute_totals(programme)
    paper, _ = annex.content(totals, language)
    return rendered("annex", "docx", paper, programme.settings, language, Request(), keyed=True)


def assert_both_ways(old, new, **options):
    """Assert what all changes accepted and rejected give; give the file."""
    found = tracked_docx(old, new, options.pop("by", BY))
    body = body_of(found.data)

    assert text_of(accepted(body)) == text_of(body_of(new))
    assert text_of(rejected(body)) == text_of(body_of(old))
    return found


@pytest.fixture(scope="module")
def faults(tmp_path_factory):
    """Give a function by which openxml-audit says what is wrong with a file."""
    path = tmp_path_factory.mktemp("tracked") / "annex.docx"

    def found(data):
        # One for each file: it would take the footnotes of an earlier one for those of the next.
        validator = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365, max_errors=0)
        path.write_bytes(data)
        return [str(fault) for fault in validator.validate(path).errors]

    return found


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(programmes(), programmes())
def test_any_two_programmes__are_both_in_the_file(faults, old, new):
    found = assert_both_ways(annex_of(old), annex_of(new))

    numbers = [item.get(w("id")) for item in body_of(found.data).iter(w("ins"), w("del"))]
    assert len(numbers) == len(set(numbers))
    assert faults(found.data) == []


PAGE = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'


def file_of(template, *blocks):
    """Give a Word file with these blocks in its body."""
    parts = unpacked(template)
    text = parts["word/document.xml"].decode()
    start = text.index("<w:body>") + len("<w:body>")
    body = "".join(blocks) + PAGE
    parts["word/document.xml"] = f"{text[:start]}{body}</w:body></w:document>".encode()
    return pack(parts)


def p(text, style="Normal", runs=""):
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r>{runs}</w:p>'
    )


def table(*rows, widths=(2000, 3000), key="activities"):
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    lines = "".join(
        f'<w:tr key="{row}">{"".join(f"<w:tc><w:tcPr/>{cell}</w:tc>" for cell in cells)}</w:tr>'
        for row, cells in rows
    )
    return f'<w:tbl key="{key}"><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>'


@pytest.fixture(scope="module")
def template():
    """A Word file."""
    return annex_of(dict(read_sample("example")))


FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{}</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
ROW = ("a", [p("1.1"), p("Meet every year")])
BODIES = {
    "a paragraph behind the last": ([p("One")], [p("One"), p("Two", "Heading3")]),
    "a paragraph before a table": ([p("One"), table(ROW)], [p("One"), p("Two"), table(ROW)]),
    "other paragraphs before a table": ([p("One"), table(ROW)], [p("Two"), table(ROW)]),
    "other paragraphs in a cell": (
        [table(("a", [p("1"), p("One") + p("Two")])), p("")],
        [table(("a", [p("1"), p("Three")])), p("")],
    ),
    "a paragraph more in a cell": (
        [table(("a", [p("1"), p("One")])), p("")],
        [table(("a", [p("1"), p("One") + p("Remark", "Heading3")])), p("")],
    ),
    "a field": ([p("Page", runs=FIELD.format(1))], [p("Page", runs=FIELD.format(2))]),
    "a tab and a break": (
        [p("One", runs="<w:r><w:tab/><w:t>x</w:t></w:r>")],
        [p("One", runs="<w:r><w:br/><w:t>x</w:t><w:noBreakHyphen/></w:r>")],
    ),
    "a link": (
        [p("See", runs='<w:hyperlink w:anchor="a"><w:r><w:t>here</w:t></w:r></w:hyperlink>')],
        [p("See")],
    ),
    "another style": ([p("One", "Heading2")], [p("One", "Heading3")]),
    "a table more": ([p("One")], [p("One"), table(ROW), p("")]),
    "a table of other columns": (
        [table(ROW), p("")],
        [table(("a", [p("1"), p("x"), p("y")]), widths=(900, 2000, 2100)), p("")],
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_body__is_that_of_the_new_file_or_of_the_old_one(template, faults, name):
    first, second = (file_of(template, *blocks) for blocks in BODIES[name])

    for old, new in ((first, second), (second, first)):
        found = assert_both_ways(old, new)
        assert faults(found.data) == []


def marked(template, old, new):
    """Give the texts that are marked as deleted and as inserted."""
    body = body_of(tracked_docx(file_of(template, *old), file_of(template, *new), BY).data)
    return tuple(
        ["".join(mark.itertext(w("t"), w("delText"))) for mark in body.iter(w(kind)) if len(mark)]
        for kind in ("del", "ins")
    )


def test_words__are_marked_one_by_one_and_amounts_as_wholes(template):
    old = [p("Convene a workshop on 1,200 flyways every year")]
    new = [p("Convene a meeting on 1,300 flyways every year")]

    assert marked(template, old, new) == (["workshop", "1,200"], ["meeting", "1,300"])


def test_row_that_moved__is_deleted_and_inserted_and_the_others_stay(template):
    rows = [(key, [p(key), p(f"Activity {key}")]) for key in "abc"]
    old = [table(*rows), p("")]
    new = [table(rows[2], *rows[:2]), p("")]

    assert marked(template, old, new) == (["c", "Activity c"], ["c", "Activity c"])


def test_marks__name_the_author_and_the_day(template):
    old, new = (file_of(template, p(text)) for text in ("One year", "Two years"))

    found = body_of(tracked_docx(old, new, BY).data)

    marks = [(item.get(w("author")), item.get(w("date"))) for item in found.iter(w("ins"))]
    assert set(marks) == {("A. Reviser", "2025-03-01T00:00:00Z")}


def test_nothing__is_left_of_the_keys(template):
    found = tracked_docx(template, template, BY)

    assert not any("key" in item.attrib for item in body_of(found.data).iter())
    assert not list(body_of(found.data).iter(w("ins"), w("del")))


def test_another_scenario__replaces_all_rows(template):
    by = By("A. Reviser", dt.date(2025, 3, 1), whole=True)

    found = assert_both_ways(template, template, by=by)

    rows = list(body_of(found.data).iter(w("tr")))
    assert found.replaced
    assert all(len(list(row.find(w("trPr")).iter(w("ins"), w("del")))) == 1 for row in rows)


def test_same_files__give_the_same_bytes(template):
    changed = copy.deepcopy(dict(read_sample("example")))
    changed["activities"][0]["title_en"] += " And more."
    new = annex_of(changed)

    assert tracked_docx(template, new, BY).data == tracked_docx(template, new, BY).data


@pytest.mark.parametrize(
    ("style", "after", "gaps"),
    [
        ("CMSTableTotalAmount", "6\u00a0397,63", 1),
        ("CMSTableTotalAmount", "about 6\u00a0484,63", 0),
        ("CMSTableText", "6\u00a0397,63", 0),
    ],
)
def test_amounts_within_a_cell__are_apart_in_columns_of_amounts(template, style, after, gaps):
    looks = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
    old, new = (
        file_of(template, p(f"at least in this year {text}").replace("<w:p>", f"<w:p>{looks}"))
        for text in ("6\u00a0484,63", after)
    )

    found = body_of(tracked_docx(old, new, BY).data)

    assert len(found.findall(f".//{w('ins')}/{w('del')}")) == gaps


def test_amounts__are_apart_where_both_are_shown(template):
    old, new = (file_of(template, p(text)) for text in ("174 510.75", "182 310.75"))

    found = body_of(tracked_docx(old, new, BY).data)

    (inside,) = found.iterfind(f".//{w('ins')}/{w('del')}")
    assert inside.find(f"{w('r')}/{w('br')}") is not None
    before, after = inside.getparent().getprevious(), inside.getparent().getnext()
    assert ["".join(one.itertext()) for one in (before, after)] == ["174 510.75", "182 310.75"]
