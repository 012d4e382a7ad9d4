"""
What Word files have beside their text: styles, lists, footnotes, the frame of every page.

Styles are matched by name, as Word does. One that a part needs and the file lacks is added, and
one that differs from that of the same name is added under a name of its own, so that every part
looks as it does alone.

Size, margins, header, footer and logo of every page are those of `base/styles.docx`. A template
with a header or a footer of its own, as all had before, keeps its own page; so does a size or a
margin that staff changed.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from types import MappingProxyType
from typing import TYPE_CHECKING

from lxml import etree
from markupsafe import escape

from cmswp_xl.ooxml import OFFICE, Package, parsed, written
from cmswp_xl.render.body import BULLETS
from cmswp_xl.render.finish import (
    STYLE_USES,
    W,
    element,
    held,
    join_hyphens,
    put_in_order,
    renamed,
    value_at,
    wml,
)

if TYPE_CHECKING:
    from lxml.etree import _Element


_P, _PPR, _STYLE = map(wml, ("p", "pPr", "style"))
_VALUE, _NAME, _TYPE, _STYLE_ID, _DEFAULT = map(wml, ("val", "name", "type", "styleId", "default"))
_FORM, _FORM_ID, _LIST, _LIST_ID = map(wml, ("abstractNum", "abstractNumId", "num", "numId"))
_BASE, *_KIN = map(wml, ("basedOn", "next", "link"))
USES = tuple(map(wml, STYLE_USES))
_FIRST_MARK = 0x43000000
_LOOK = tuple(map(wml, ("pPr", "rPr", "tblPr", "trPr", "tcPr", "tblStylePr")))
DOCUMENT, STYLES, NUMBERING, NOTES = (
    f"word/{part}.xml" for part in ("document", "styles", "numbering", "footnotes")
)
"""The names of parts that every program gives them."""
PART_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
"""The type of a part of a Word file by its kind."""
SECTION, _SIZE, _MARGINS, _FIRST_PAGE = map(wml, ("sectPr", "pgSz", "pgMar", "titlePg"))
_STORIES = (wml("headerReference"), wml("footerReference"))
_KEY = f"{{{OFFICE}}}id"
FRAME = "word/shared_"
"""How the names of parts begin that are not the template's own."""
_OF_BODIES = ("Caption", "FootnoteText", "FootnoteReference", "TOC1", "TOC2")
_NSID = 0x434D5300
"""What marks lists as different ones to Word begins with this."""
SEPARATORS = "".join(
    f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:pPr><w:spacing w:after="0"/></w:pPr>'
    f"<w:r><w:{kind}/></w:r></w:p></w:footnote>"
    for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
)


def take_lists(ours: _Element, theirs: _Element, roots: Iterable[_Element]) -> None:
    """Copy the lists that some parts use, under numbers of their own, and name these there."""
    lists = {item.get(_LIST_ID, ""): item for item in theirs.iterchildren(_LIST)}
    forms = {item.get(_FORM_ID, ""): item for item in theirs.iterchildren(_FORM)}
    copies: dict[str, str] = {}
    for root in roots:
        for item in root.iter(_LIST_ID):
            key = item.get(_VALUE, "")
            if key in lists and key not in copies:
                copies[key] = _copied(ours, lists[key], forms)
            item.set(_VALUE, copies.get(key, key))


def _copied(ours: _Element, item: _Element, forms: dict[str, _Element]) -> str:
    copy = deepcopy(item)
    number = _next(ours, _LIST, _LIST_ID)
    copy.set(_LIST_ID, str(number))
    named = copy.find(_FORM_ID)
    if named is not None and named.get(_VALUE, "") in forms:
        form = deepcopy(forms[named.get(_VALUE, "")])
        form_number = _next(ours, _FORM, _FORM_ID)
        form.set(_FORM_ID, str(form_number))
        for mark in form.iter(wml("nsid")):
            # Forms of one mark are one list to Word, which would count on.
            mark.set(_VALUE, f"{_FIRST_MARK + form_number:08X}")
        named.set(_VALUE, str(form_number))
        ours.append(form)
    ours.append(copy)
    return str(number)


def _next(ours: _Element, tag: str, name: str) -> int:
    return 1 + max((int(item.get(name, "0")) for item in ours.iterchildren(tag)), default=0)


def part_of(package: Package, kind: str, content: str = "") -> _Element:
    """Return a part beside the document, such as its numbering, begun where it has none."""
    name = f"word/{kind}.xml"
    if not package.has(name):
        source = f'<w:{kind} xmlns:w="{W}">{content}</w:{kind}>'
        package.add(name, source.encode(), PART_TYPE.format(kind=kind))
        package.relate(DOCUMENT, kind, name)
    return parsed(package.read(name))


class StyleSheet:
    """The styles of a Word file."""

    def __init__(self, root: _Element) -> None:
        self.root = root
        self.by_id: dict[str, _Element] = {
            style.get(_STYLE_ID, ""): style for style in root.iterchildren(_STYLE)
        }
        # of two of one name the last counts: LibreOffice writes Caption besides caption
        self.by_name = {_named(style): style for style in self.by_id.values()}
        self._looks: dict[str, bytes] = {}

    def id_of(self, name: str) -> str | None:
        """Return the id of a paragraph style by its name."""
        found = self.by_name.get(("paragraph", name.casefold()))
        return None if found is None else found.get(_STYLE_ID)

    def named_like(self, style: _Element) -> _Element | None:
        """Return the style of the same type and name."""
        return self.by_name.get(_named(style))

    def default(self) -> str | None:
        """Return the id of the style of paragraphs that name none."""
        for key, style in self.by_id.items():
            if style.get(_TYPE) == "paragraph" and style.get(_DEFAULT) in {"1", "true", "on"}:
                return key
        return None

    def add(self, style: _Element) -> None:
        """Add a style."""
        self.root.append(style)
        self.by_id[style.get(_STYLE_ID, "")] = style
        self.by_name[_named(style)] = style

    def look(self, style: _Element) -> bytes:
        """Return what a style and those it builds on say, whatever their ids."""
        key = style.get(_STYLE_ID, "")
        if key not in self._looks:
            self._looks[key] = b""
            plain = deepcopy(style)
            plain.attrib.pop(_STYLE_ID, None)
            for item in list(plain.iterchildren(*_KIN, wml("rsid"))):
                plain.remove(item)
            for item in plain.iter(_LIST_ID):
                # The number of a list is the file's own, and given anew.
                item.attrib.clear()
            base = plain.find(_BASE)
            below = self.by_id.get(base.get(_VALUE, "")) if base is not None else None
            if base is not None:
                plain.remove(base)
            etree.cleanup_namespaces(plain)
            own: bytes = etree.tostring(plain, method="c14n")
            self._looks[key] = own + (b"" if below is None else self.look(below))
        return self._looks[key]


def merge_styles(
    ours: StyleSheet, theirs: StyleSheet, used: Iterable[str], suffix: str
) -> tuple[dict[str, str], list[_Element]]:
    """
    Bring the styles that a part uses into the set's.

    Returns the set's id of each of them by the part's, and the styles that were added.
    """
    mapping: dict[str, str] = {}
    added: list[_Element] = []
    for style in _needed(theirs, used):
        known = ours.named_like(style)
        if known is not None and ours.look(known) == theirs.look(style):
            mapping[style.get(_STYLE_ID, "")] = known.get(_STYLE_ID, "")
            continue
        copy = deepcopy(style)
        if known is not None:
            _rename(copy, suffix)
        if copy.get(_STYLE_ID, "") in ours.by_id:
            copy.set(_STYLE_ID, f"{copy.get(_STYLE_ID)}{suffix}")
        mapping[style.get(_STYLE_ID, "")] = copy.get(_STYLE_ID, "")
        ours.add(copy)
        added.append(copy)
    for style in added:
        for item in list(style.iterchildren(_BASE, *_KIN)):
            target = mapping.get(item.get(_VALUE, ""))
            if target is None:
                style.remove(item)
            else:
                item.set(_VALUE, target)
    return mapping, added


def rename_styles(root: _Element, mapping: dict[str, str], default: str | None) -> None:
    """
    Name the set's styles in a part.

    `default` is the style of paragraphs that name none, where it is not the set's own.
    """
    for item in root.iter(*USES):
        value = item.get(_VALUE, "")
        item.set(_VALUE, mapping.get(value, value))
    if default is None:
        return
    for paragraph in root.iter(_P):
        properties = held(paragraph, _PPR)
        if properties.find(USES[0]) is None:
            properties.insert(0, etree.Element(USES[0], {_VALUE: default}))


def _named(style: _Element) -> tuple[str, str]:
    return style.get(_TYPE, ""), value_at(style, _NAME).casefold()


def _needed(sheet: StyleSheet, used: Iterable[str]) -> Iterator[_Element]:
    wanted = {sheet.default() or "", *used}
    waiting = list(wanted)
    while waiting:
        style = sheet.by_id.get(waiting.pop())
        for item in () if style is None else style.iterchildren(_BASE, *_KIN):
            if item.get(_VALUE, "") not in wanted:
                wanted.add(item.get(_VALUE, ""))
                waiting.append(item.get(_VALUE, ""))
    return (style for key, style in sheet.by_id.items() if key in wanted)


def _rename(style: _Element, suffix: str) -> None:
    name = style.find(_NAME)
    if name is not None:
        name.set(_VALUE, f"{name.get(_VALUE)} ({suffix.strip('_')})")
    style.attrib.pop(_DEFAULT, None)


def restyle(package: Package, shared: Package, shipped: Package) -> None:
    """
    Put into a template the styles that staff changed in the file that all templates share.

    A style that the template itself has otherwise than the file as it ships stays.
    """
    if not package.has(STYLES):
        return
    ours, theirs, before = (
        StyleSheet(parsed(file.read(STYLES))) for file in (package, shared, shipped)
    )
    names = {
        key: style.get(_STYLE_ID, "") if (style := ours.named_like(other)) is not None else key
        for key, other in theirs.by_id.items()
    }
    taken: list[_Element] = []
    for style in theirs.by_name.values():
        own, usual = ours.named_like(style), before.named_like(style)
        if usual is not None and own_look(style) == own_look(usual):
            continue
        if own is not None and (usual is None or own_look(own) != own_look(usual)):
            continue
        copy = deepcopy(style)
        copy.set(_STYLE_ID, names[style.get(_STYLE_ID, "")])
        for item in copy.iterchildren(_BASE, *_KIN):
            item.set(_VALUE, names.get(item.get(_VALUE, ""), ""))
        if own is not None:
            ours.root.replace(own, copy)
        else:
            ours.add(copy)
        taken.append(copy)
    if taken and package.has(NUMBERING) and shared.has(NUMBERING):
        lists = parsed(package.read(NUMBERING))
        take_lists(lists, parsed(shared.read(NUMBERING)), taken)
        put_in_order(lists)
        package.write(NUMBERING, written(lists))
    package.write(STYLES, written(ours.root))


def _forget_usual(style: _Element) -> None:
    """Leave out the font and the colour of all text, which files from before repeat in styles."""
    for look in style.findall(wml("rPr")):
        for item in look.findall(wml("rFonts")) + look.findall(wml("color")):
            if "Arial" in item.values() or item.get(_VALUE) == "000000":
                look.remove(item)
        if not len(look):
            style.remove(look)


def own_look(style: _Element) -> bytes:
    """Return what a style itself says of looks, whatever the numbers of its lists."""
    plain = etree.Element(_STYLE)
    plain.extend(deepcopy(item) for item in style.iterchildren(*_LOOK))
    for item in list(plain.iter(_LIST_ID)):
        item.attrib.clear()
    if style.get(_DEFAULT) is None:
        _forget_usual(plain)
    put_in_order(plain)
    look: bytes = etree.tostring(plain, method="c14n", exclusive=True)
    return look


def notes_of(package: Package) -> _Element:
    """Return the footnotes of a file, in a part that is not in it where it has none."""
    return parsed(package.read(NOTES)) if package.has(NOTES) else etree.Element(wml("footnotes"))


def first_note(package: Package) -> int:
    """Return the first number that no footnote of a template has."""
    return _next(notes_of(package), wml("footnote"), wml("id"))


def add_notes(
    package: Package,
    notes: Collection[str],
    first: int,
    ids: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Add footnotes with their texts; `ids` as `ids_of` returns them."""
    if not notes:
        return
    root = part_of(package, "footnotes", SEPARATORS)
    for number, text in enumerate(notes, first):
        note = (
            f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>'
            '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
            f'<w:r><w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p></w:footnote>'
        )
        root.append(element(renamed(note, ids)))
    join_hyphens(root)
    package.write(NOTES, written(root))


def add_lists(package: Package, lists: Mapping[int, Mapping[int, tuple[str, str]]]) -> None:
    """
    Add the lists of numbers, letters and bullets: each a form of its own, counted by itself.

    The form and the style of each level are given; its indents are those of the style.
    """
    if not lists:
        return
    root, styles = part_of(package, "numbering"), StyleSheet(parsed(package.read(STYLES)))
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
        place = len(root.findall(wml("numPicBullet")))
        root.insert(place, element(form))
        named = f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
        root.append(element(named))
    package.write(NUMBERING, written(root))


def _indents(styles: StyleSheet, key: str) -> str:
    """Return the indents of a style, or of what it is based on."""
    style = styles.by_id.get(key)
    if style is None:
        return ""
    found, base = style.find(f"{_PPR}/{wml('ind')}"), value_at(style, _BASE)
    if found is not None:
        return str(etree.tostring(found, encoding="unicode"))
    return _indents(styles, base) if base else ""


def add_styles(package: Package, *sources: Package) -> None:
    """Add the styles that bodies need and the template lacks, from the first file with them."""
    ours = StyleSheet(parsed(package.read(STYLES)))
    waiting = [name for name in _OF_BODIES if name not in ours.by_id]
    sheets = [StyleSheet(parsed(source.read(STYLES))) for source in sources if waiting]
    for key in waiting:
        style = next((sheet.by_id[key] for sheet in sheets if key in sheet.by_id), None)
        if style is not None and ours.named_like(style) is None:
            ours.add(deepcopy(style))
    package.write(STYLES, written(ours.root))


def ids_of(package: Package, *sources: Package) -> dict[str, str]:
    """
    Return the ids that a file has of the styles of others, where it calls them otherwise.

    Word gives its own styles ids in the language of its menus, such as Titre1.
    """
    ours = StyleSheet(parsed(package.read(STYLES)))
    theirs = (StyleSheet(parsed(each.read(STYLES))) for each in sources)
    named = {
        key: found.get(_STYLE_ID, "")
        for sheet in theirs
        for key, style in sheet.by_id.items()
        if (found := ours.named_like(style)) is not None
    }
    return {key: own for key, own in named.items() if key != own}


def put_in_frame(
    package: Package, shared: Package, shipped: Package, ids: Mapping[str, str]
) -> None:
    """Put into a template the page that all share, as a folder has it, else as it ships."""
    root = parsed(package.read(DOCUMENT), huge_tree=True)
    usual, theirs = (_section(parsed(each.read(DOCUMENT))) for each in (shipped, shared))
    own = _section(root)
    if own is None or usual is None or _heads(own):
        return
    if theirs is None or not _heads(theirs):
        shared, theirs = shipped, usual  # a file from before pages were shared
    for tag in (_SIZE, _MARGINS):
        found = own.find(tag)
        if found is None or _measures(found) == _measures(usual.find(tag)):
            own[:] = [
                *(item for item in own if item is not found),
                *map(deepcopy, theirs.iter(tag)),
            ]
    parts = {item.key: item for item in shared.relationships(DOCUMENT)}
    order = (*_STORIES, _FIRST_PAGE)  # whatever the order in which the file has them
    found = sorted(
        theirs.iterchildren(*order), key=lambda item: (order.index(item.tag), item.get(_TYPE, ""))
    )
    for item in map(deepcopy, found):
        if item.tag in _STORIES:
            named = parts[item.get(_KEY, "")]
            part = _brought(named.part, shared, package, ids)
            item.set(_KEY, package.relate(DOCUMENT, named.type, part))
        own.append(item)
    put_in_order(root)
    package.write(DOCUMENT, written(root))


def _section(root: _Element) -> _Element | None:
    return next(iter(list(root.iter(SECTION))[-1:]), None)


def _heads(section: _Element) -> list[_Element]:
    return list(section.iterchildren(*_STORIES))


def _measures(item: _Element | None) -> dict[str, str]:
    """Return what an element says in lengths; Word adds the number of a kind of paper."""
    found = {} if item is None else dict(item.attrib)
    return {str(name): str(value) for name, value in found.items() if not name.endswith("}code")}


def _brought(part: str, source: Package, target: Package, ids: Mapping[str, str]) -> str:
    """Bring a part with what it refers to, and return its name."""
    name = f"{FRAME}{posixpath.basename(part)}"
    if not target.has(name):
        data = source.read(part)
        data = renamed(data.decode(), ids).encode() if ids and part.endswith(".xml") else data
        target.add(name, data, source.content_type(part))
        for item in source.relationships(part):
            place = _brought(item.part, source, target, ids) if item.part else item.target
            target.relate(name, item.type, place, item.key, external=not item.part)
    return name
