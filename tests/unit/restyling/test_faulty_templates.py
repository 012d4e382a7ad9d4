"""Whatever is wrong with a template of staff, its file is named, and nothing is unforeseen."""

from __future__ import annotations

import io
import os
import random
import zipfile

import pytest

from cmswp_xl.errors import BrokenResource
from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.failures import worded_error
from cmswp_xl.render.docx import Properties, filled_docx, render_docx
from cmswp_xl.render.html import filled_html
from cmswp_xl.resources import template_folder
from cmswp_xl.restyling import check_templates, inspected, templates_text

DOCUMENT, HEADER, SETTINGS = "word/document.xml", "word/header1.xml", "word/settings.xml"
TYPES, RELATIONS = "[Content_Types].xml", "word/_rels/document.xml.rels"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MICROSOFT = "urn:schemas-microsoft-com"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SEEDS = range(int(os.environ.get("CMSWP_MUTATIONS", "150")))
"""How many templates are spoilt; more of them by hand."""


@pytest.fixture(scope="session")
def contexts():
    from cmswp_xl.restyling import sample_contexts

    return sample_contexts()


def unpacked(data):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def pack(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return buffer.getvalue()


def shipped(document):
    return unpacked((template_folder() / document / f"{document}.docx").read_bytes())


def word(folder, parts, document="next-steps"):
    path = folder / document / f"{document}.docx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pack(parts))
    return path


def page(folder, data, document="next-steps"):
    path = folder / document / f"{document}.html.j2"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def with_paragraph(inner, document="next-steps"):
    """Put a paragraph at the beginning of a template's text."""
    parts = shipped(document)
    parts[DOCUMENT] = parts[DOCUMENT].replace(
        b"<w:body>", f"<w:body><w:p>{inner}</w:p>".encode(), 1
    )
    return parts


def run(text):
    return f"<w:r><w:t>{text}</w:t></w:r>"


def faults(folder, contexts, document="next-steps"):
    """Give the fault that a check and an export find, which is the same."""
    found = [f.fault for f in check_templates(folder, contexts) if f.fault is not None]
    assert len(found) == 1
    context = contexts[document]
    plain = Properties(context.title, "", context.tag, None, context.landscape)
    with pytest.raises(BrokenResource) as caught:
        render_docx(document, context, plain, folder)
    assert (caught.value.reason, caught.value.values) == (found[0].reason, found[0].values)
    return found[0]


# Mutations of every kind.

SNIPPETS = (
    b"{{", b"}}", b"{%", b"%}", b"{#", b"{{ 1 // 0 }}", b"{{ title + 1 }}", b"{{ none.x }}",
    b"{% for x in 5 %}{% endfor %}", b"{{ [][3] }}", b"{{ '%d' % 'x' }}", b"{{ title|round }}",
    b"{% include 'nowhere' %}", b"{% extends 'nowhere' %}", b"{{ title|nofilter }}", b"<", b">",
    b"&", b"\xff", b"\xc3", b"\0", b"{{ range(10**9) }}", b"{{ title() }}", b"<!DOCTYPE a>",
    b"{% endfor %}", b"{% endif %}", b"{{ title|batch('a') }}", b"</w:p>", b"<w:del>", b"\xef\xbb",
    b"{% import 'x' as y %}", b"{{ 'a'.encode('klingon') }}", b"{{ '{0.x}'.format(1) }}",
    b"{%p if x %}",
    b"{% raw %}", b"{{ namespace(1) }}", b"{{ title|svg }}", b"{{ cycler().next() }}", b"{% vm %}",
    b"{{ dict(1) }}", b"{{ title|sort(attribute=3) }}", b"{{ title|replace(1) }}",
    b"{{ 2 ** -0.5j }}",
)  # fmt: skip


def mutated(data, dice):
    """Spoil some bytes: put in, leave out, exchange, double."""
    spoilt = bytearray(data)
    for _ in range(dice.randint(1, 3)):
        first = dice.randrange(len(spoilt) + 1)
        last = min(len(spoilt), first + dice.choice((0, 1, 5, 40, 400)))
        kind = dice.randrange(4)
        if kind == 0:
            spoilt[first:first] = dice.choice(SNIPPETS)
        elif kind == 1:
            del spoilt[first:last]
        elif kind == 2:
            spoilt[first:first] = spoilt[first:last]
        else:
            spoilt[first:last] = dice.choice(SNIPPETS)
    return bytes(spoilt)


def mutated_word(data, dice):
    parts = unpacked(data)
    kind = dice.randrange(8)
    name = dice.choice(list(parts)) if kind < 4 else DOCUMENT
    if kind == 0:
        del parts[name]
    elif kind == 1:
        parts[name] = dice.choice((b"", b"<a/>", parts[name].decode("latin-1").encode("utf-16")))
    elif kind == 7:
        return mutated(data, dice)
    else:
        parts[name] = mutated(parts[name], dice)
    return pack(parts)


@pytest.mark.parametrize("seed", SEEDS)
def test_mutated_template__is_filled_in_or_named_with_a_reason(seed, tmp_path, contexts):
    dice = random.Random(seed)  # noqa: S311  nothing secret
    document = dice.choice(list(contexts))
    context = contexts[document]
    form = dice.choice(("docx", "html.j2"))
    source = template_folder() / document / f"{document}.{form}"
    spoilt = (mutated_word if form == "docx" else mutated)(source.read_bytes(), dice)
    path = tmp_path / document / source.name
    path.parent.mkdir()
    path.write_bytes(spoilt)
    file = f"{document}/{source.name}"
    plain = Properties(context.title, "", context.tag, None, context.landscape)

    def export():
        if form == "docx":
            return filled_docx(path, file, context, plain, path.parents[1])
        return filled_html(file, context, tmp_path)

    checked = outcome(lambda: inspected(tmp_path, file, context)[0])
    exported = outcome(export)
    assert all(document in message for message in (checked, exported) if isinstance(message, str))
    assert isinstance(exported, bytes) or checked, "what an export refuses, a check tells"


def outcome(attempt):
    """Give what an attempt returns, or the message of the fault that it raises."""
    try:
        return attempt()
    except BrokenResource as error:
        return worded_error(error, Words(Language.EN))


# What is told, and where.


@pytest.mark.parametrize(
    ("tag", "reason", "detail"),
    [
        ("{{ 1 // 0 }}", "template-paragraph", "division"),
        ("{{ title + 1 }}", "template-paragraph", "TypeError"),
        ("{% for x in 5 %}{% endfor %}", "template-paragraph", "iterable"),
        ("{{ range(10**9) }}", "template-paragraph", "too big"),
        ("</w:r>", "template-paragraph", "mismatch"),
        ("{% if 1 %}</w:t></w:r><w:r><w:t>{{ '</w:r>'|safe }}{% endif %}", "template-paragraph",
         "mismatch"),
    ],
)  # fmt: skip
def test_fault_in_a_word_file__is_told_with_its_paragraph(tmp_path, contexts, tag, reason, detail):
    word(tmp_path, with_paragraph(run(f"Here it stands: {tag}")))
    found = faults(tmp_path, contexts)
    assert found.reason == reason
    assert found.values["name"] == "next-steps/next-steps.docx"
    assert "Here it stands" in found.values["words"]
    assert detail in found.values["detail"]


def test_tag_that_tracked_changes_split__is_told(tmp_path, contexts):
    deleted = f"</w:t></w:r><w:del {W}><w:r><w:delText>zz</w:delText></w:r></w:del><w:r><w:t>"
    word(tmp_path, with_paragraph(run(f"{{{{ ti{deleted}tle + }}}}")))
    (found,) = [f for f in check_templates(tmp_path, contexts) if f.reason == "syntax"]
    assert found.file == "next-steps/next-steps.docx"
    context = contexts["next-steps"]
    plain = Properties(context.title, "", context.tag, None, context.landscape)
    with pytest.raises(BrokenResource) as caught:
        render_docx("next-steps", context, plain, tmp_path)
    assert caught.value.values["name"] == "next-steps/next-steps.docx"


def test_fault_in_a_page__is_told_with_its_line(tmp_path, contexts):
    page(tmp_path, b"<p>\n{{ title }}\n{{ 1 / 0 }}</p>")
    (found,) = [f for f in check_templates(tmp_path, contexts) if f.fault is not None]
    assert found.fault.values["line"] == 3
    assert templates_text([found], Words(Language.EN)).startswith(
        "The template next-steps/next-steps.html.j2 is faulty in line 3: ZeroDivisionError"
    )


@pytest.mark.parametrize("form", ["docx", "html"])
def test_template_that_is_not_in_utf_8__is_told(tmp_path, contexts, form):
    if form == "html":
        page(tmp_path, "{{ title }} é".encode("latin-1"))
    else:
        parts = shipped("next-steps")
        parts[DOCUMENT] = parts[DOCUMENT].replace(b"<w:body>", b"<w:body><!-- \xe9 -->", 1)
        word(tmp_path, parts)
    (found,) = [f.fault for f in check_templates(tmp_path, contexts) if f.fault is not None]
    assert found.reason in ("template-encoding", "template-broken")
    assert found.values["name"].startswith("next-steps/next-steps.")


@pytest.mark.parametrize("name", [DOCUMENT, TYPES])
def test_word_file_without_a_part_that_it_needs__is_told(tmp_path, contexts, name):
    parts = shipped("next-steps")
    del parts[name]
    word(tmp_path, parts)
    assert faults(tmp_path, contexts).reason in ("template-missing", "template-unreadable")


# What is refused, since it runs or fetches something when the document is opened.


def complex_field(*pieces):
    inner = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        + inner
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>x</w:t></w:r>'
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


FIELDS = (
        complex_field(' DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"'),
        complex_field(" D", "D", "E excel"),
        complex_field(' includepicture "http://example.org/x.png" \\d'),
        complex_field(" INCLUDETEXT a.docx "),
        complex_field(" INCLUDE a.docx "),
        complex_field(" LINK Excel.Sheet.12 a.xlsx "),
        complex_field(" QUOTE " + "</w:instrText></w:r>" + complex_field(" DDE x")
                      + "<w:r><w:instrText> "),
        '<w:fldSimple w:instr=" DDE excel "><w:r><w:t>x</w:t></w:r></w:fldSimple>',
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDE x</w:instrText></w:r>',
)  # fmt: skip
MADE = complex_field("{{ 'DD' ~ 'E' }} excel")
PLACES = (DOCUMENT, HEADER, "word/footnotes.xml", "word/comments.xml")


@pytest.mark.parametrize(
    ("field", "part"),
    [
        *((field, PLACES[number % len(PLACES)]) for number, field in enumerate(FIELDS)),
        *((FIELDS[1], part) for part in PLACES),
        *((MADE, part) for part in PLACES[:-1]),
    ],
)
def test_field_that_fetches__is_refused_wherever_it_stands(tmp_path, contexts, field, part):
    parts = with_paragraph(field) if part == DOCUMENT else shipped("next-steps")
    if part != DOCUMENT:
        tag = {"header1": "hdr", "footnotes": "footnotes", "comments": "comments"}
        root = f"w:{tag[part[5:-4]]}"
        parts[part] = f"<{root} {W}><w:p>{field}</w:p></{root}>".encode()
    word(tmp_path, parts)
    assert faults(tmp_path, contexts).reason == "template-field"


def related(kind, target, *, external=False, document="next-steps"):
    parts = shipped(document)
    mode = ' TargetMode="External"' if external else ""
    item = f'<Relationship Id="rX" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
    parts[RELATIONS] = parts[RELATIONS].replace(
        b"</Relationships>", f"{item}</Relationships>".encode()
    )
    return parts


@pytest.mark.parametrize(
    ("kind", "target", "external", "reason"),
    [
        ("vbaProject", "vbaProject.bin", False, "template-macros"),
        ("oleObject", "embeddings/oleObject1.bin", False, "template-object"),
        ("package", "embeddings/a.xlsx", False, "template-object"),
        ("control", "activeX/activeX1.xml", False, "template-object"),
        ("aFChunk", "other.docx", False, "template-other-file"),
        ("subDocument", "other.docx", True, "template-other-file"),
        ("image", "http://example.org/x.png", True, "template-outside"),
        ("image", "http://example.org/x.png", False, "template-outside"),
        ("hyperlink", "file://server/share/x", True, "template-outside"),
        ("hyperlink", r"\\server\share", True, "template-outside"),
        ("frame", "x.html", True, "template-outside"),
    ],
)
def test_relation_that_runs_or_fetches__is_refused(
    tmp_path, contexts, kind, target, external, reason
):
    word(tmp_path, related(kind, target, external=external))
    assert faults(tmp_path, contexts).reason == reason


@pytest.mark.parametrize("target", ["https://www.cms.int", "http://x.org", "mailto:a@cms.int"])
def test_address_of_a_page_or_of_a_person__is_kept(tmp_path, contexts, target):
    word(tmp_path, related("hyperlink", target, external=True))
    assert not [f for f in check_templates(tmp_path, contexts) if f.fault is not None]


def test_file_with_macros_by_its_content_type__is_refused(tmp_path, contexts):
    parts = shipped("next-steps")
    old = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    assert old in parts[TYPES]
    new = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    parts[TYPES] = parts[TYPES].replace(old, new)
    word(tmp_path, parts)
    assert faults(tmp_path, contexts).reason == "template-macros"


@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        (f'<w:r><w:object><o:OLEObject xmlns:o="{MICROSOFT}:office:office"/></w:object></w:r>',
         "template-object"),
        ("</w:p><w:altChunk/><w:p>", "template-other-file"),
        (f'<w:r><w:pict><v:imagedata xmlns:v="{MICROSOFT}:vml" src="http://x.org"/></w:pict></w:r>',
         "template-outside"),
    ],
)  # fmt: skip
def test_element_that_runs_or_fetches__is_refused(tmp_path, contexts, inner, reason):
    word(tmp_path, with_paragraph(inner))
    assert faults(tmp_path, contexts).reason == reason


def test_attached_template__is_left_out_of_what_is_exported(tmp_path, contexts):
    parts = shipped("next-steps")
    parts["word/_rels/settings.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/attachedTemplate"'
        ' Target="file:///C:/Normal.dotm" TargetMode="External"/></Relationships>'
    ).encode()
    mark = f'<w:attachedTemplate xmlns:r="{OFFICE}" r:id="rId1"/></w:settings>'
    parts[SETTINGS] = parts[SETTINGS].replace(b"</w:settings>", mark.encode())
    assert b"attachedTemplate" in parts[SETTINGS]
    word(tmp_path, parts)
    assert not [f for f in check_templates(tmp_path, contexts) if f.fault is not None]
    context = contexts["next-steps"]
    plain = Properties(context.title, "", context.tag, None, context.landscape)
    made = unpacked(render_docx("next-steps", context, plain, tmp_path))
    assert not [name for name, data in made.items() if b"attachedTemplate" in data]
    assert not [name for name, data in made.items() if b"Normal.dotm" in data]
