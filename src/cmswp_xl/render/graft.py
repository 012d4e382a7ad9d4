"""The lists of several Word files in one: each keeps its look, and counts for itself."""

from __future__ import annotations

import posixpath
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from cmswp_xl.errors import BrokenResource
from cmswp_xl.ooxml.parts import ContentTypes, Relation, Relations, parsed, written
from cmswp_xl.render.order import W, put_in_order
from cmswp_xl.render.styles import StyleSheet, merge_styles, restyle, used_styles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element


_VALUE = f"{{{W}}}val"
_FORM, _FORM_ID, _LIST, _LIST_ID = (
    f"{{{W}}}{name}" for name in ("abstractNum", "abstractNumId", "num", "numId")
)
_MARK = f"{{{W}}}nsid"
_FIRST_MARK = 0x43000000


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
    """Copy a list with its form, and give its new number."""
    copy = deepcopy(item)
    number = _next(ours, _LIST, _LIST_ID)
    copy.set(_LIST_ID, str(number))
    named = copy.find(_FORM_ID)
    if named is not None and named.get(_VALUE, "") in forms:
        form = deepcopy(forms[named.get(_VALUE, "")])
        form_number = _next(ours, _FORM, _FORM_ID)
        form.set(_FORM_ID, str(form_number))
        for mark in form.iter(_MARK):
            # Forms of one mark are one list to Word, which would count on.
            mark.set(_VALUE, f"{_FIRST_MARK + form_number:08X}")
        named.set(_VALUE, str(form_number))
        ours.append(form)
    ours.append(copy)
    return str(number)


def _next(ours: _Element, tag: str, name: str) -> int:
    return 1 + max((int(item.get(name, "0")) for item in ours.iterchildren(tag)), default=0)


_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_DOCUMENT, _NUMBERING = "word/document.xml", "word/numbering.xml"
_STORY = ("header", "footer")
_STORY_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
_UNJOINABLE = tuple(
    f"{{{W}}}{name}" for name in ("footnoteReference", "endnoteReference", "commentReference")
)
_VALUE, _NAME, _ID, _ANCHOR = (f"{{{W}}}{name}" for name in ("val", "name", "id", "anchor"))
_SECTION, _PAGE_NUMBERS, _TYPE = (f"{{{W}}}{name}" for name in ("sectPr", "pgNumType", "type"))


@dataclass(slots=True)
class Trunk:
    """The file that parts are joined to, while it grows."""

    parts: dict[str, bytes]
    relations: Relations
    types: ContentTypes
    styles: StyleSheet
    numbering: _Element
    bookmarks: int = 0
    drawings: int = 0
    names: set[str] = field(default_factory=set)

    def clear(self) -> None:
        """Forget what only the first part's own text named: its headers, footers, pictures."""
        shared = set()
        for relation in self.relations:
            path = self.relations.resolved(relation)
            if relation.external or relation.kind.rpartition("/")[2] in (*_STORY, "image"):
                self.parts.pop(path, None)
                self.parts.pop(Relations(self.parts, path).name, None)
            else:
                shared.add(relation.id)
        self.relations.keep(shared)
        self.types.keep(self.parts)

    def next_bookmark(self) -> int:
        """Give the next number of a bookmark."""
        self.bookmarks += 1
        return self.bookmarks

    def write(self, styles: str, numbering: str) -> None:
        """Write what has grown into the package."""
        for name, root in ((styles, self.styles.root), (numbering, self.numbering)):
            put_in_order(root)
            self.parts[name] = written(root)
        self.parts[self.relations.name] = self.relations.data()
        self.types.write(self.parts)


class Graft:
    """A part that is being joined; `number` tells its names from those of other parts."""

    def __init__(
        self, trunk: Trunk, package: dict[str, bytes], root: _Element, number: int
    ) -> None:
        self.trunk = trunk
        self.package = package
        self.root = root
        self.number = number
        self.relations = Relations(package, _DOCUMENT)
        self.types = ContentTypes(package)
        self.stories = {
            self.relations.resolved(item): parsed(package[self.relations.resolved(item)])
            for item in self.relations
            if item.kind.rpartition("/")[2] in _STORY
        }

    def take(self) -> None:
        """Name everything anew, and bring what the part needs into the trunk."""
        self._refuse_notes()
        self._number_pages()
        roots = [self.root, *self.stories.values()]
        mapping, added = self._take_styles(roots)
        if _NUMBERING in self.package:
            lists = parsed(self.package[_NUMBERING])
            restyle(lists, mapping, None)
            take_lists(self.trunk.numbering, lists, [*roots, *added])
        for root in roots:
            self._renumber(root)
        self._take_targets(_DOCUMENT, self.root, self.trunk.relations)

    def _refuse_notes(self) -> None:
        if next(self.root.iter(*_UNJOINABLE), None) is not None:
            detail = "footnotes, endnotes and comments cannot be joined"
            raise BrokenResource("template-broken", name="set.docx", detail=detail)

    def _number_pages(self) -> None:
        """Begin the part on a new page, with page 1 and a header and footer of its own."""
        section = next(self.root.iter(_SECTION))
        for item in section.findall(_TYPE):
            section.remove(item)
        numbers = section.find(_PAGE_NUMBERS)
        if numbers is None:
            numbers = etree.SubElement(section, _PAGE_NUMBERS)
        numbers.set(f"{{{W}}}start", "1")
        for kind in _STORY:
            if not any(
                item.get(_TYPE) == "default" for item in section.findall(f"{{{W}}}{kind}Reference")
            ):
                self._blank_story(section, kind)

    def _blank_story(self, section: _Element, kind: str) -> None:
        """Give a section a blank header or footer; without, Word repeats that of the last part."""
        name = f"word/{kind}_blank.xml"
        short = "hdr" if kind == "header" else "ftr"
        self.package[name] = written(
            etree.fromstring(f'<w:{short} xmlns:w="{W}"><w:p/></w:{short}>')
        )
        relation = Relation(
            f"rBlank{kind}", f"{_R}/{kind}", posixpath.basename(name), external=False
        )
        self.relations.add(relation)
        self.stories[name] = parsed(self.package[name])
        reference = etree.SubElement(section, f"{{{W}}}{kind}Reference")
        reference.set(_TYPE, "default")
        reference.set(f"{{{_R}}}id", relation.id)

    def _take_styles(self, roots: list[_Element]) -> tuple[dict[str, str], list[_Element]]:
        theirs = StyleSheet(parsed(self.package["word/styles.xml"]))
        ours = self.trunk.styles
        mapping, added = merge_styles(ours, theirs, used_styles(roots), f"_{self.number}")
        default = mapping.get(theirs.default() or "")
        for root in roots:
            restyle(root, mapping, None if default == ours.default() else default)
        return mapping, added

    def _take_targets(self, part: str, root: _Element, ours: Relations) -> None:
        """Bring what the text of a part refers to: headers, footers, pictures, addresses."""
        theirs = self.relations if part == _DOCUMENT else Relations(self.package, part)
        known = {relation.id: relation for relation in theirs}
        ids: dict[str, str] = {}
        for holder, name, key in _references(root):
            if key not in ids:
                ids[key] = f"rId{self.number}_{len(ids) + 1}" if key in known else key
                if key in known:
                    target = self._taken(theirs, known[key], ours)
                    ours.add(Relation(ids[key], known[key].kind, target, known[key].external))
            holder.set(name, ids[key])

    def _taken(self, theirs: Relations, relation: Relation, ours: Relations) -> str:
        """Bring a target under a name of its own; give it as the trunk names it."""
        if relation.external:
            return relation.target
        source = theirs.resolved(relation)
        stem, dot, ending = source.rpartition(".")
        name = f"{stem}_{self.number}{dot}{ending}"
        if name not in self.trunk.parts:
            self.trunk.parts[name] = b""
            data = self.package[source]
            if source in self.stories:
                inner = Relations({}, name)
                self._take_targets(source, self.stories[source], inner)
                data = written(self.stories[source])
                if list(inner):
                    self.trunk.parts[inner.name] = inner.data()
            self.trunk.parts[name] = data
            self.trunk.types.set(name, self._type(source, relation))
        return posixpath.relpath(name, posixpath.dirname(ours.part))

    def _type(self, source: str, relation: Relation) -> str:
        kind = relation.kind.rpartition("/")[2]
        return _STORY_TYPE.format(kind=kind) if kind in _STORY else self.types.of(source)

    def _renumber(self, root: _Element) -> None:
        """Give bookmarks and drawings numbers, and bookmarks names, that no other part has."""
        renamed: dict[str, str] = {}
        numbers: dict[str, str] = {}
        for start in root.iter(f"{{{W}}}bookmarkStart"):
            numbers[start.get(_ID, "")] = str(self.trunk.next_bookmark())
            start.set(_ID, numbers[start.get(_ID, "")])
            name = start.get(_NAME, "")
            if name in self.trunk.names:
                renamed[name] = f"{name}_{self.number}"
            start.set(_NAME, renamed.get(name, name))
            self.trunk.names.add(renamed.get(name, name))
        for end in root.iter(f"{{{W}}}bookmarkEnd"):
            end.set(_ID, numbers.get(end.get(_ID, ""), end.get(_ID, "")))
        for link in root.iter(f"{{{W}}}hyperlink"):
            anchor = link.get(_ANCHOR)
            if anchor in renamed:
                link.set(_ANCHOR, renamed[anchor])
        for drawing in root.iter(f"{{{_WP}}}docPr"):
            self.trunk.drawings += 1
            drawing.set("id", str(self.trunk.drawings))


def _references(root: _Element) -> Iterator[tuple[_Element, str, str]]:
    """Give the attributes of a part that name relationships."""
    for item in root.iter():
        for name, value in item.attrib.items():
            if isinstance(name, str) and name.startswith(f"{{{_R}}}"):
                yield item, name, value
