"""
Several Word files in one: each a section of its own, with its own page, header and footer.

What Word names by number or id (lists, bookmarks, drawings, headers, pictures, links) is numbered
anew, so that parts never meet. Styles are matched by name, as Word does: one that a part needs and
the set lacks is added, and one that differs from the set's style of the same name is added under a
name of its own, so that every part looks as it does alone. Each part's pages are numbered from 1.
"""

from __future__ import annotations

import posixpath
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree
from markupsafe import escape

from cmswp_xl.errors import BrokenResource
from cmswp_xl.ooxml import OFFICE, open_package, parsed, written
from cmswp_xl.render.body import field as word_field
from cmswp_xl.render.finish import W, put_in_order, small_paragraph
from cmswp_xl.render.templates import faults_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.etree import _Element

    from cmswp_xl.ooxml import Package, Relationship


def _w(name: str) -> str:
    return f"{{{W}}}{name}"


_P, _PPR, _SECTION, _NUMBERS, _STYLE = map(_w, ("p", "pPr", "sectPr", "pgNumType", "style"))
_VALUE, _NAME, _ID, _TYPE, _STYLE_ID, _DEFAULT, _ANCHOR = map(
    _w, ("val", "name", "id", "type", "styleId", "default", "anchor")
)
_FORM, _FORM_ID, _LIST, _LIST_ID = map(_w, ("abstractNum", "abstractNumId", "num", "numId"))
_BASE, *_KIN = map(_w, ("basedOn", "next", "link"))
_USES = tuple(map(_w, ("pStyle", "rStyle", "tblStyle")))
_UNJOINABLE = tuple(map(_w, ("endnoteReference", "commentReference")))
_FIRST_MARK = 0x43000000
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_LOOK = tuple(map(_w, ("pPr", "rPr", "tblPr", "trPr", "tcPr", "tblStylePr")))
_DOCUMENT, _STYLES, _NUMBERING, _NOTES = (
    f"word/{name}.xml" for name in ("document", "styles", "numbering", "footnotes")
)
_STORY = ("header", "footer")
_PART_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
_HEADING = "heading 2"


@dataclass(frozen=True, slots=True)
class Part:
    """
    A rendered document on its way into a set: the anchor of its beginning, and its file.

    `text` is what the list of contents calls it; the list itself has none.
    """

    anchor: str
    data: bytes
    text: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title of a document, and its anchor within a set."""

    anchor: str
    text: str


def docx_headings(part: Part) -> tuple[Heading, ...]:
    """Return the headings of the second level in a Word file."""
    with faults_of("set/set.docx"):
        package = open_package(part.data, part.anchor)
        root = parsed(package.read(_DOCUMENT), huge_tree=True)
        return tuple(
            Heading(f"{part.anchor}_{number}", _text(item))
            for number, item in enumerate(_headings(package, root), 1)
        )


def join_docx(parts: Sequence[Part]) -> bytes:
    """
    Join Word files in order; properties, settings and theme are those of the first.

    Raises `BrokenResource` where a part cannot be joined, since it holds notes or comments.
    """
    with faults_of("set/set.docx"):
        package = open_package(parts[0].data, parts[0].anchor)
        root = parsed(package.read(_DOCUMENT), huge_tree=True)
        body = root[0]
        for item in list(body):
            body.remove(item)
        joined = _Joined(
            package,
            StyleSheet(parsed(package.read(_STYLES))),
            parsed(package.read(_NUMBERING)),
        )
        package.leave_out({*_STORY, "image", "footnotes"}, _DOCUMENT)
        package.unrelate(_DOCUMENT, lambda item: not item.part)
        for number, part in enumerate(parts, 1):
            _append(body, joined, part, number, last=number == len(parts))
        for name, grown in (
            (_DOCUMENT, root),
            (_STYLES, joined.styles.root),
            (_NUMBERING, joined.numbering),
            *([(_NOTES, joined.notes)] if joined.notes is not None else ()),
        ):
            put_in_order(grown)
            package.write(name, written(grown))
        return package.to_bytes(anew=True)


def _append(body: _Element, joined: _Joined, part: Part, number: int, *, last: bool) -> None:
    package = open_package(part.data, part.anchor)
    root = parsed(package.read(_DOCUMENT), huge_tree=True)
    headings = _headings(package, root)
    _Newcomer(joined, package, root, number).take()
    content = root[0]
    first = next(content.iter(_P), None)
    if first is not None:
        _mark(first, joined.next_bookmark(), part.anchor, part.text)
    for index, heading in enumerate(headings, 1):
        _mark(heading, joined.next_bookmark(), f"{part.anchor}_{index}")
    if not last:
        _end_section(content, content[-1])
    body.extend(list(content))


def _headings(package: Package, root: _Element) -> list[_Element]:
    style = StyleSheet(parsed(package.read(_STYLES))).id_of(_HEADING)
    named = ((item, item.find(f"{_PPR}/{_USES[0]}")) for item in root[0].iterchildren(_P))
    known = (item for item, name in named if name is not None and name.get(_VALUE) == style)
    return [item for item in known if _text(item)]  # one that was deleted has none


def _text(paragraph: _Element) -> str:
    """Return the text of a paragraph; a hyphen that does not break is one."""
    texts = paragraph.iter(_w("t"), _w("noBreakHyphen"))
    return "".join("-" if item.tag == _w("noBreakHyphen") else item.text or "" for item in texts)


def _mark(paragraph: _Element, number: int, name: str, entry: str = "") -> None:
    """Mark a place by its name; `entry` is what Word shall list there when it lists anew."""
    place = 1 if paragraph.find(_PPR) is not None else 0
    start = etree.Element(_w("bookmarkStart"), {_ID: str(number), _NAME: name})
    paragraph.insert(place, start)
    paragraph.insert(place + 1, etree.Element(_w("bookmarkEnd"), {_ID: str(number)}))
    if entry:
        listed = entry.replace('"', "”")
        code = word_field(escape(f'TC "{listed}" \\f C \\l 1'), "")
        runs = etree.fromstring(f'<w:p xmlns:w="{W}">{code}</w:p>')
        paragraph[place + 2 : place + 2] = list(runs)


def _end_section(content: _Element, section: _Element) -> None:
    """Move the page of a part into its last paragraph, where Word looks for it; add one if not."""
    content.remove(section)
    last = content[-1] if len(content) else None
    if last is None or last.tag != _P or last.find(f"{_PPR}/{_SECTION}") is not None:
        last = small_paragraph()
        content.append(last)
    _properties(last).append(section)


def _properties(paragraph: _Element) -> _Element:
    """Return the properties of a paragraph, added where it has none."""
    properties = paragraph.find(_PPR)
    if properties is None:
        properties = etree.Element(_PPR)
        paragraph.insert(0, properties)
    return properties


@dataclass(slots=True)
class _Joined:
    """The file that parts are joined to, while it grows."""

    package: Package
    styles: StyleSheet
    numbering: _Element
    notes: _Element | None = None
    bookmarks: int = 0
    drawings: int = 0
    names: set[str] = field(default_factory=set)

    def next_bookmark(self) -> int:
        """Return the next number of a bookmark."""
        self.bookmarks += 1
        return self.bookmarks

    def notes_part(self) -> _Element:
        """Return the footnotes of the file, begun with those of the first part that has any."""
        if self.notes is None:
            self.notes = part_of(self.package, "footnotes")
        return self.notes


class _Newcomer:
    """A part that is being joined; `number` tells its names from those of other parts."""

    def __init__(self, joined: _Joined, package: Package, root: _Element, number: int) -> None:
        self._joined = joined
        self._package = package
        self._root = root
        self._number = number
        self._stories = {
            item.part: parsed(package.read(item.part))
            for item in package.relationships(_DOCUMENT)
            if item.kind in _STORY
        }

    def take(self) -> None:
        """Name everything anew, and bring what the part needs into the joined file."""
        if next(self._root.iter(*_UNJOINABLE), None) is not None:
            detail = "endnotes and comments cannot be joined"
            raise BrokenResource("template-broken", name="set.docx", detail=detail)
        self._number_pages()
        notes = self._numbered_notes()
        roots = [self._root, notes, *self._stories.values()]
        mapping, added = self._take_styles(roots)
        if self._package.has(_NUMBERING):
            lists = parsed(self._package.read(_NUMBERING))
            rename_styles(lists, mapping, None)
            take_lists(self._joined.numbering, lists, [*roots, *added])
        for root in roots:
            self._renumber(root)
        self._take_targets(_DOCUMENT, self._root, _DOCUMENT)
        if len(notes):
            self._take_targets(_NOTES, notes, _NOTES)
            ours = self._joined.notes_part()
            known = {item.get(_ID) for item in ours}
            ours.extend([item for item in notes if item.get(_ID) not in known])

    def _numbered_notes(self) -> _Element:
        """Give the footnotes numbers that no other part has, and return them."""
        if not self._package.has(_NOTES):
            return etree.Element(_w("footnotes"))
        root = parsed(self._package.read(_NOTES))
        ours = self._joined.notes
        before = 0 if ours is None else max(int(item.get(_ID, "0")) for item in ours)
        for item in [*root, *self._root.iter(_w("footnoteReference"))]:
            number = int(item.get(_ID, "0"))
            item.set(_ID, str(number + before if number > 0 else number))
        return root

    def _number_pages(self) -> None:
        """Begin the part on a new page, with page 1 and a header and footer of its own."""
        section = next(self._root.iter(_SECTION))
        for item in section.findall(_TYPE):
            section.remove(item)
        numbers = section.find(_NUMBERS)
        if numbers is None:
            numbers = etree.SubElement(section, _NUMBERS)
        numbers.set(_w("start"), "1")
        for kind in _STORY:
            stories = section.findall(_w(f"{kind}Reference"))
            if all(item.get(_TYPE) != "default" for item in stories):
                self._add_blank_story(section, kind)

    def _add_blank_story(self, section: _Element, kind: str) -> None:
        """Add a blank header or footer; without, Word repeats that of the last part."""
        name = f"word/{kind}_blank.xml"
        short = "hdr" if kind == "header" else "ftr"
        story = etree.fromstring(f'<w:{short} xmlns:w="{W}"><w:p/></w:{short}>')
        self._package.write(name, written(story))
        self._stories[name] = story
        key = self._package.relate(_DOCUMENT, kind, name, f"rBlank{kind}")
        reference = etree.SubElement(section, _w(f"{kind}Reference"))
        reference.set(_TYPE, "default")
        reference.set(f"{{{OFFICE}}}id", key)

    def _take_styles(self, roots: list[_Element]) -> tuple[dict[str, str], list[_Element]]:
        theirs = StyleSheet(parsed(self._package.read(_STYLES)))
        ours = self._joined.styles
        used = {item.get(_VALUE, "") for root in roots for item in root.iter(*_USES)}
        mapping, added = merge_styles(ours, theirs, used, f"_{self._number}")
        default = mapping.get(theirs.default() or "")
        for root in roots:
            rename_styles(root, mapping, None if default == ours.default() else default)
        return mapping, added

    def _take_targets(self, part: str, root: _Element, new_part: str) -> None:
        """Bring what the text of a part refers to: headers, footers, pictures, addresses."""
        known = {item.key: item for item in self._package.relationships(part)}
        ids: dict[str, str] = {}
        for holder, name, key in _references(root):
            if key not in ids:
                ids[key] = f"rId{self._number}_{len(ids) + 1}" if key in known else key
                if key in known:
                    item = known[key]
                    target = self._taken(item) if item.part else item.target
                    self._joined.package.relate(
                        new_part, item.type, target, ids[key], external=not item.part
                    )
            holder.set(name, ids[key])

    def _taken(self, item: Relationship) -> str:
        """Bring a part under a name of its own, and return it."""
        package = self._joined.package
        stem, ending = posixpath.splitext(item.part)
        name = f"{stem}_{self._number}{ending}"
        if package.has(name):
            return name
        if item.kind in _STORY:
            story = self._stories[item.part]
            package.add(name, b"", _PART_TYPE.format(kind=item.kind))
            self._take_targets(item.part, story, name)
            package.write(name, written(story))
        else:
            data = self._package.read(item.part)
            package.add(name, data, self._package.content_type(item.part))
        return name

    def _renumber(self, root: _Element) -> None:
        """Set numbers of bookmarks and drawings, and bookmarks names, that no other part has."""
        renamed: dict[str, str] = {}
        numbers: dict[str, str] = {}
        for start in root.iter(_w("bookmarkStart")):
            numbers[start.get(_ID, "")] = str(self._joined.next_bookmark())
            start.set(_ID, numbers[start.get(_ID, "")])
            name = start.get(_NAME, "")
            if name in self._joined.names:
                renamed[name] = f"{name}_{self._number}"
            start.set(_NAME, renamed.get(name, name))
            self._joined.names.add(renamed.get(name, name))
        for end in root.iter(_w("bookmarkEnd")):
            end.set(_ID, numbers.get(end.get(_ID, ""), end.get(_ID, "")))
        for link in root.iter(_w("hyperlink")):
            anchor = link.get(_ANCHOR)
            if anchor in renamed:
                link.set(_ANCHOR, renamed[anchor])
        for code in root.iter(_w("instrText")):
            code.text = " ".join(renamed.get(word, word) for word in (code.text or "").split(" "))
        for drawing in root.iter(_PICTURE):
            self._joined.drawings += 1
            drawing.set("id", str(self._joined.drawings))


def _references(root: _Element) -> Iterator[tuple[_Element, str, str]]:
    """Yield the attributes of a part that name relationships."""
    for item in root.iter():
        for name, value in item.attrib.items():
            if isinstance(name, str) and name.startswith(f"{{{OFFICE}}}"):
                yield item, name, value


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
        for mark in form.iter(_w("nsid")):
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
        package.add(name, source.encode(), _PART_TYPE.format(kind=kind))
        package.relate(_DOCUMENT, kind, name)
    return parsed(package.read(name))


class StyleSheet:
    """The styles of a Word file."""

    def __init__(self, root: _Element) -> None:
        self.root = root
        self.by_id: dict[str, _Element] = {
            style.get(_STYLE_ID, ""): style for style in root.iterchildren(_STYLE)
        }
        self._by_name = {_named(style): style for style in self.by_id.values()}
        self._looks: dict[str, bytes] = {}

    def id_of(self, name: str) -> str | None:
        """Return the id of a paragraph style by its name."""
        found = self._by_name.get(("paragraph", name.casefold()))
        return None if found is None else found.get(_STYLE_ID)

    def named_like(self, style: _Element) -> _Element | None:
        """Return the style of the same type and name."""
        return self._by_name.get(_named(style))

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
        self._by_name[_named(style)] = style

    def look(self, style: _Element) -> bytes:
        """Return what a style and those it builds on say, whatever their ids."""
        key = style.get(_STYLE_ID, "")
        if key not in self._looks:
            self._looks[key] = b""
            plain = deepcopy(style)
            plain.attrib.pop(_STYLE_ID, None)
            for item in list(plain.iterchildren(*_KIN, _w("rsid"))):
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
    for item in root.iter(*_USES):
        value = item.get(_VALUE, "")
        item.set(_VALUE, mapping.get(value, value))
    if default is None:
        return
    for paragraph in root.iter(_P):
        properties = _properties(paragraph)
        if properties.find(_USES[0]) is None:
            properties.insert(0, etree.Element(_USES[0], {_VALUE: default}))


def _named(style: _Element) -> tuple[str, str]:
    name = style.find(_NAME)
    return style.get(_TYPE, ""), "" if name is None else name.get(_VALUE, "").casefold()


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
    if not package.has(_STYLES):
        return
    ours, theirs, before = (
        StyleSheet(parsed(file.read(_STYLES))) for file in (package, shared, shipped)
    )
    names = {
        key: style.get(_STYLE_ID, "") if (style := ours.named_like(other)) is not None else key
        for key, other in theirs.by_id.items()
    }
    taken = []
    for style in theirs.by_id.values():
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
    if taken and package.has(_NUMBERING) and shared.has(_NUMBERING):
        lists = parsed(package.read(_NUMBERING))
        take_lists(lists, parsed(shared.read(_NUMBERING)), taken)
        put_in_order(lists)
        package.write(_NUMBERING, written(lists))
    package.write(_STYLES, written(ours.root))


def own_look(style: _Element) -> bytes:
    """Return what a style itself says of looks, whatever the numbers of its lists."""
    plain = etree.Element(_STYLE)
    plain.extend(deepcopy(item) for item in style.iterchildren(*_LOOK))
    for item in list(plain.iter(_LIST_ID)):
        item.attrib.clear()
    put_in_order(plain)
    look: bytes = etree.tostring(plain, method="c14n", exclusive=True)
    return look
