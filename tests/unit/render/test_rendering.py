"""From context and template to bytes: strict names, escaped values, finished Word parts."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import dataclass

import pytest
from docx import Document
from jinja2 import TemplateNotFound, UndefinedError
from jinja2.exceptions import SecurityError
from lxml import etree
from packages import pack, unpacked

from cmswp_xl.errors import BrokenResource
from cmswp_xl.page import USUAL, narrowest
from cmswp_xl.render.docx import Properties, render_docx
from cmswp_xl.render.finish import W, finish_part
from cmswp_xl.render.html import filled_html, render_html
from cmswp_xl.render.templates import css_string, template_environment

PROPERTIES = Properties(
    "A <title>", "Author & Co", "fr-FR", dt.date(2025, 2, 14), landscape=False, subject="A & B"
)


@dataclass(frozen=True, slots=True)
class Context:
    """What the test templates and the frame of every page place."""

    title: str = "T"
    rows: tuple[str, ...] = ()
    head: str = "H"
    first_head: str = "F"
    paging: tuple[str, ...] = ("Page ", " of ", "")


@pytest.fixture
def templates(tmp_path, monkeypatch):
    """A folder of templates of the test."""
    monkeypatch.setattr("cmswp_xl.render.templates.template_folder", lambda: tmp_path)
    (tmp_path / "doc").mkdir()
    return tmp_path / "doc"


def word(templates, *paragraphs, rows=()):
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for cells, row in zip(rows, table.rows, strict=True):
            for text, cell in zip(cells, row.cells, strict=True):
                cell.text = text
    document.save(templates / "doc.docx")


def rendered(context, properties=PROPERTIES):
    return Document(io.BytesIO(render_docx("doc", context, properties)))


@pytest.mark.parametrize(
    "text",
    [
        "<b> & \"q\" 'a'",
        "{{ 7*7 }}",
        "{% for %}",
        "]]>",
        "<w:t>x</w:t>",
        "\U0001f985",
        "a\tb",
        " x ",
    ],
)
def test_value__is_placed_as_it_is(templates, text):
    word(templates, "Before {{ title }} after")
    assert rendered(Context(text)).paragraphs[0].text == f"Before {text} after"
    (templates / "doc.html.j2").write_text("<p>{{ title }}</p>", encoding="utf-8")
    page = render_html("doc", Context(text)).decode()
    assert etree.fromstring(page).text == text


@pytest.mark.parametrize(
    "source",
    ["{{ titel }}", "{{ title.x }}", "{% if titel %}{% endif %}", "{{ title", "{% endfor %}"],
)
def test_faulty_template__is_a_broken_resource(templates, source):
    (templates / "doc.html.j2").write_text(source, encoding="utf-8")
    with pytest.raises(BrokenResource) as caught:
        render_html("doc", Context())
    assert caught.value.values["name"] == "doc/doc.html.j2"
    word(templates, source)
    with pytest.raises(BrokenResource) as caught:
        render_docx("doc", Context(), PROPERTIES)
    assert caught.value.values["name"] == "doc/doc.docx"


def test_missing_or_damaged_template__is_a_broken_resource(templates):
    for content in (None, b"", b"PK\3\4 nothing"):
        if content is not None:
            (templates / "doc.docx").write_bytes(content)
        with pytest.raises(BrokenResource):
            render_docx("doc", Context(), PROPERTIES)
    with pytest.raises(BrokenResource):
        render_html("doc", Context())


@pytest.mark.parametrize("missing", ["[Content_Types].xml", "word/document.xml"])
def test_package_without_what_it_needs__is_a_broken_resource(templates, missing):
    word(templates, "{{ title }}")
    parts = unpacked((templates / "doc.docx").read_bytes())
    del parts[missing]
    (templates / "doc.docx").write_bytes(pack(parts))
    with pytest.raises(BrokenResource):
        render_docx("doc", Context(), PROPERTIES)


@pytest.mark.parametrize(
    "source",
    [
        "{{ title.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ title.format.__globals__ }}",
    ],
)
def test_templates__reach_nothing_of_the_program(source):
    with pytest.raises((SecurityError, UndefinedError)):
        template_environment().from_string(source).render(title="x")


def test_environment__loads_nothing_unless_given_a_folder(tmp_path):
    assert template_environment().loader is None
    (tmp_path.parent / "secret.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "a.j2").write_text("{% include '../secret.txt' %}", encoding="utf-8")
    with pytest.raises(TemplateNotFound):
        template_environment(tmp_path).get_template("a.j2").render()


@pytest.mark.parametrize("text", ['"; } body { display: none', "a\\b", "</style>", "é\n"])
def test_css_strings__stay_strings(text):
    written = css_string(text)
    assert not set(written) & set("\"'<>;{}\n()")
    assert re.sub(r"\\([0-9a-f]+) ", lambda m: chr(int(m[1], 16)), written) == text


def test_word__says_who_and_what_and_no_clock(templates):
    word(templates, "{{ title }}")
    core = rendered(Context()).core_properties
    assert (core.title, core.author, core.language) == ("A <title>", "Author & Co", "fr-FR")
    assert core.subject == "A & B"
    assert core.created == core.modified == dt.datetime(2025, 2, 14, tzinfo=core.created.tzinfo)
    undated = Properties("t", "", "en-GB", None, landscape=False)
    data = render_docx("doc", Context(), undated)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert b"created" not in package.read("docProps/core.xml")
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert data == render_docx("doc", Context(), undated)


def test_word__loops_over_rows(templates):
    word(
        templates,
        rows=[("Head",), ("{%tr for row in rows %}",), ("{{ row }}",), ("{%tr endfor %}",)],
    )
    (table,) = rendered(Context(rows=("<a>", "b & c", "{{ d }}"))).tables
    assert [row.cells[0].text for row in table.rows] == ["Head", "<a>", "b & c", "{{ d }}"]


def part(body, width=11906, left=1000, right=1000):
    return (
        f'<w:document xmlns:w="{W}"><w:body>{body}<w:sectPr><w:pgSz w:w="{width}" w:h="16838"/>'
        f'<w:pgMar w:left="{left}" w:right="{right}"/></w:sectPr></w:body></w:document>'
    )


def table(*rows, widths=(1000, 3000, 1000)):
    cells = "".join(
        "<w:tr>"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"
            for text, width in zip(row, widths, strict=True)
        )
        + "</w:tr>"
        for row in rows
    )
    return f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr>{cells}</w:tbl>'


def grid(data):
    root = etree.fromstring(data)
    return [int(column.get(f"{{{W}}}w")) for column in root.iter(f"{{{W}}}gridCol")]


def test_tables__fill_the_page_and_the_text_column_gives_way():
    widths = grid(finish_part(part(table(("1", "Text", "10"))), "en-GB", landscape=False))
    assert sum(widths) == 11906 - 2000
    assert widths[1] == max(widths)
    wide = grid(
        finish_part(part(table(("1", "Text", "1,234,567,890,123.45"))), "en-GB", landscape=False)
    )
    assert sum(wide) == 11906 - 2000
    assert wide[2] > widths[2]


def test_tables__with_too_many_columns_still_fit():
    row = tuple("1,234,567.89" for _ in range(14))
    body = table(row, widths=(900,) * 13 + (3000,))
    widths = grid(finish_part(part(body), "en-GB", landscape=False))
    assert sum(widths) <= 11906 - 2000
    assert min(widths) > 0


def test_landscape__turns_the_page_once():
    turned = finish_part(part(""), "en-GB", landscape=True)
    again = finish_part(etree.tostring(etree.fromstring(turned)).decode(), "en-GB", landscape=True)
    for data in (turned, again):
        size = etree.fromstring(data).find(f".//{{{W}}}pgSz")
        assert (size.get(f"{{{W}}}w"), size.get(f"{{{W}}}h")) == ("16838", "11906")


def test_finished_part__takes_in_no_entities():
    source = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + part("&x;")
    with pytest.raises(ValueError, match="DOCTYPE"):
        finish_part(source, "en-GB", landscape=False)


def marks(body):
    root = etree.fromstring(finish_part(part(body), "en-GB", landscape=False))
    return [
        (item.get(f"{{{W}}}fldCharType"), "".join(item.getparent().getparent().itertext()))
        for item in root.iter(f"{{{W}}}fldChar")
    ]


A, B = (f"<w:r><w:t>{text}</w:t></w:r>" for text in "ab")


def control(body):
    return f"<w:sdt><w:sdtContent>{body}</w:sdtContent></w:sdt>"


def mark(kind):
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (
            f"<w:p>{A}{mark('begin')}</w:p><w:p>{B}</w:p>",
            [("begin", "a"), ("end", "a")],
        ),
        (
            control(f"<w:p>{mark('begin')}{mark('separate')}{A}</w:p><w:p>{B}</w:p>") + "<w:p/>",
            [("begin", "a"), ("separate", "a"), ("end", "b")],
        ),
        (f"<w:p>{mark('begin')}{mark('end')}{mark('end')}</w:p>", [("begin", ""), ("end", "")]),
    ],
)
def test_field_whose_end_is_gone__ends_with_its_contents(body, found):
    assert marks(body) == found


UNBROKEN = ("2024-2026", "ICC-01", "P-4", "1.2-1.3", "COP14-Q1", "IT-REV", "UNEP-DELC")
BROKEN = ("well-known", "Inter-American", "Est-Australasie", "2024–2026", "x -5")


@pytest.mark.parametrize("text", [*UNBROKEN, *BROKEN])
def test_years_and_codes__do_not_break_in_word(text):
    data = finish_part(part(f"<w:p><w:r><w:t>{text} x</w:t></w:r></w:p>"), "en", landscape=False)
    root = etree.fromstring(data)
    run = next(root.iter(f"{{{W}}}r"))
    hyphens = [item for item in run if item.tag == f"{{{W}}}noBreakHyphen"]
    assert len(hyphens) == text.count("-") * (text in UNBROKEN)
    whole = "".join("-" if item in hyphens else item.text for item in run)
    assert whole == f"{text} x"


@pytest.mark.parametrize("text", [*UNBROKEN, *BROKEN])
def test_years_and_codes__do_not_break_in_html(templates, text):
    page = '<style>.A-1 { }</style><p class="B-2">{{ title }}</p><svg><text>C-3</text></svg>'
    (templates / "doc.html.j2").write_text(page)
    shown = f'<span class="whole">{text}</span>' if text in UNBROKEN else text
    made = filled_html("doc/doc.html.j2", Context(text), templates.parent).decode()
    assert made == page.replace("{{ title }}", shown)


def test_columns__have_room_for_words_of_broad_letters():
    word = "communiquées"
    widths = grid(finish_part(part(table(("1", "Text", word))), "fr-FR", landscape=False))
    assert widths[2] >= narrowest([word], USUAL)


def test_columns__give_way_where_no_word_needs_their_room():
    heads = ("Conformidad", "clasificación", "Text", "Decision", *("a",) * 6)
    body = table(heads, widths=(700, 700, 3000, 2900, *(700,) * 6))
    widths = grid(finish_part(part(body, 13000), "es-ES", landscape=False))
    assert sum(widths) == 13000 - 2000
    for head, width in zip(heads, widths, strict=True):
        assert width >= narrowest([head], USUAL)
