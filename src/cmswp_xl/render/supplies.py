"""What the body of a Word file needs beside it: its lists, its footnotes, its styles."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree
from markupsafe import escape

from cmswp_xl.ooxml import parsed, written
from cmswp_xl.render.body import BULLETS
from cmswp_xl.render.finish import W, join_hyphens
from cmswp_xl.render.styles import StyleSheet, part_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lxml.etree import _Element

    from cmswp_xl.ooxml import Package

_PPR, _IND, _BASE, _VALUE = (f"{{{W}}}{name}" for name in ("pPr", "ind", "basedOn", "val"))
_STYLES = "word/styles.xml"
_NEEDED = ("Caption", "FootnoteText", "FootnoteReference", "TOC1", "TOC2")
_NSID = 0x434D5300
"""What marks lists as different ones to Word begins with this."""
SEPARATORS = "".join(
    f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:pPr><w:spacing w:after="0"/></w:pPr>'
    f"<w:r><w:{kind}/></w:r></w:p></w:footnote>"
    for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
)


def first_note(package: Package) -> int:
    """Return the first number that no footnote of a template has."""
    notes = parsed(package.read("word/footnotes.xml")) if package.has("word/footnotes.xml") else ()
    return 1 + max((int(note.get(f"{{{W}}}id", "0")) for note in notes), default=0)


def add_notes(package: Package, notes: Collection[str], first: int) -> None:
    """Add footnotes with their texts."""
    if not notes:
        return
    root = part_of(package, "footnotes", SEPARATORS)
    for number, text in enumerate(notes, first):
        root.append(
            _element(
                f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>'
                '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
                f'<w:r><w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p></w:footnote>'
            )
        )
    join_hyphens(root)
    package.write("word/footnotes.xml", written(root))


def add_lists(package: Package, lists: Mapping[int, Mapping[int, tuple[str, str]]]) -> None:
    """
    Add the lists of numbers, letters and bullets: each a form of its own, counted by itself.

    The form and the style of each level are given; its indents are those of the style.
    """
    if not lists:
        return
    root, styles = part_of(package, "numbering"), StyleSheet(parsed(package.read(_STYLES)))
    for number, forms in lists.items():
        kinds = ("bullet",) if number == BULLETS else ("decimal", "lowerLetter")
        levels = "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
            f'<w:lvlText w:val="{forms.get(level, ("", ""))[0]}"/><w:lvlJc w:val="left"/>'
            f"<w:pPr>{_indents(styles, forms.get(level, ('', ''))[1])}</w:pPr></w:lvl>"
            for level, kind in enumerate(kinds)
        )
        form = (
            f'<w:abstractNum w:abstractNumId="{number}"><w:nsid w:val="{_NSID + number:08X}"/>'
            f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
        )
        place = len(root.findall(f"{{{W}}}numPicBullet"))
        root.insert(place, _element(form))
        named = f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
        root.append(_element(named))
    package.write("word/numbering.xml", written(root))


def _indents(styles: StyleSheet, key: str) -> str:
    """Return the indents of a style, or of what it is based on."""
    style = styles.by_id.get(key)
    if style is None:
        return ""
    found, base = style.find(f"{_PPR}/{_IND}"), style.find(_BASE)
    if found is not None:
        return str(etree.tostring(found, encoding="unicode"))
    return "" if base is None else _indents(styles, base.get(_VALUE, ""))


def add_styles(package: Package, *sources: Package) -> None:
    """Add the styles that bodies need and the template lacks, from the first file with them."""
    ours = StyleSheet(parsed(package.read(_STYLES)))
    waiting = [name for name in _NEEDED if name not in ours.by_id]
    sheets = [StyleSheet(parsed(source.read(_STYLES))) for source in sources if waiting]
    for key in waiting:
        style = next((sheet.by_id[key] for sheet in sheets if key in sheet.by_id), None)
        if style is not None and ours.named_like(style) is None:
            ours.add(deepcopy(style))
    package.write(_STYLES, written(ours.root))


def _element(source: str) -> _Element:
    return etree.fromstring(source.replace(">", f' xmlns:w="{W}">', 1))
