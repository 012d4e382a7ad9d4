"""Word files with tracked changes, as they are when all of them are accepted or rejected."""

from __future__ import annotations

import re
from copy import deepcopy

from packages import unpacked

from cmswp_xl.ooxml import parsed
from cmswp_xl.render.finish import W

KEPT, GONE = "ins", "del"
_CHANGES = ("pPr", "tcPr", "trPr")


def w(name):
    return f"{{{W}}}{name}"


def body_of(data):
    """Give the body of a Word file; what its footnotes say stands with their references."""
    parts = unpacked(data)
    body = parsed(parts["word/document.xml"], huge_tree=True)[0]
    notes = parsed(parts["word/footnotes.xml"]) if "word/footnotes.xml" in parts else ()
    texts = {note.get(w("id")): "".join(note.itertext(w("t"))) for note in notes}
    for item in body.iter(w("footnoteReference")):
        item.text = f"[{texts[item.get(w('id'))]}]"
    return body


def accepted(body):
    """Give a body with all changes accepted."""
    return _settled(deepcopy(body), KEPT, GONE)


def rejected(body):
    """Give a body with all changes rejected."""
    found = deepcopy(body)
    for name in _CHANGES:
        for change in list(found.iter(w(f"{name}Change"))):
            now = change.getparent()
            kept = [each for each in now if each.tag in (w("rPr"), w("sectPr"))]
            now[:] = [*change[0], *(kept if name == "pPr" else now.findall(w("ins")))]
            now.extend(now.findall(w("del")))
    for item in found.iter(w("delText"), w("delInstrText")):
        item.tag = w({"delText": "t", "delInstrText": "instrText"}[item.tag.rpartition("}")[2]])
    return _settled(found, GONE, KEPT)


def _settled(body, kept, gone):
    """Take out what is marked as gone, and the marks of what is kept."""
    for row in [r for r in body.iter(w("tr")) if r.find(f"{w('trPr')}/{w(gone)}") is not None]:
        row.getparent().remove(row)
    for table in [t for t in body.iter(w("tbl")) if t.find(w("tr")) is None]:
        table.getparent().remove(table)
    for mark in [m for m in body.iter(w(gone)) if m.getparent().tag != w("rPr")]:
        mark.getparent().remove(mark)
    for paragraph in list(body.iter(w("p"))):
        if paragraph.find(f"{w('pPr')}/{w('rPr')}/{w(gone)}") is None:
            continue
        _join(paragraph)
    for mark in list(body.iter(w(kept), *(w(f"{name}Change") for name in _CHANGES))):
        parent = mark.getparent()
        place = parent.index(mark)
        parent[place : place + 1] = [] if mark.tag.endswith("Change") else list(mark)
    return body


def _join(paragraph):
    """Join a paragraph whose end is gone to the next; one that was all gone leaves nothing."""
    content = [item for item in paragraph if item.tag != w("pPr")]
    following = paragraph.getnext()
    if content:
        assert following is not None
        assert following.tag == w("p"), "nothing to join it to"
        place = 1 if following.find(w("pPr")) is not None else 0
        following[place:place] = content
    paragraph.getparent().remove(paragraph)


def text_of(body):
    """Give the text of a body: paragraphs, tables of rows of cells, each cell with its span."""
    return [_block(item) for item in body if item.tag in (w("p"), w("tbl"))]


def _block(item):
    if item.tag == w("p"):
        style = item.find(f"{w('pPr')}/{w('pStyle')}")
        return (None if style is None else style.get(w("val")), _words(item))
    return [[_cell(cell) for cell in row.findall(w("tc"))] for row in item.findall(w("tr"))]


def _words(paragraph):
    signs = {w("tab"): "\t", w("br"): "\n", w("noBreakHyphen"): "\u2011"}
    names = (w("t"), w("instrText"), w("footnoteReference"), *signs)
    return "".join(signs.get(item.tag, item.text or "") for item in paragraph.iter(*names))


def _cell(cell):
    merged = cell.find(f"{w('tcPr')}/{w('vMerge')}")
    return (None if merged is None else merged.get(w("val"), "")), text_of(cell)


def plain(text):
    """Give all words of a text, for a comparison with what another program says."""
    return re.sub(r"\s+", " ", text).strip()


def paragraphs_of(body):
    """Give the words of all paragraphs that have some, as another program shows them too."""
    signs = {w("noBreakHyphen"): "\u2011", w("tab"): " ", w("br"): " "}
    texts = (
        "".join(signs.get(item.tag, item.text or "") for item in p.iter(w("t"), *signs))
        for p in body.iter(w("p"))
    )
    return [text for text in map(plain, texts) if text]
