"""
Several Word files in one: each a section of its own, with its own page, header and footer.

What Word names by number or id (lists, bookmarks, drawings, headers, pictures, links) is numbered
anew, so that parts never meet. Styles are matched by name, as Word does: one that a part needs and
the set lacks is added, and one that differs from the set's style of the same name is added under a
name of its own, so that every part looks as it does alone. Each part's pages are numbered from 1.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from lxml import etree
from markupsafe import escape

from cmswp_xl.errors import BrokenResource
from cmswp_xl.ooxml import OFFICE, Package, Relationship, open_package, parsed, written
from cmswp_xl.render.body import field as word_field
from cmswp_xl.render.finish import (
    PICTURE,
    element,
    held,
    put_in_order,
    small_paragraph,
    value_at,
    wml,
)
from cmswp_xl.render.styles import (
    DOCUMENT,
    NOTES,
    NUMBERING,
    PART_TYPE,
    STYLES,
    USES,
    StyleSheet,
    merge_styles,
    notes_of,
    part_of,
    rename_styles,
    take_lists,
)
from cmswp_xl.render.templates import faults_of

if TYPE_CHECKING:
    from lxml.etree import _Element


_P, _PPR, _SECTION, _NUMBERS = map(wml, ("p", "pPr", "sectPr", "pgNumType"))
_VALUE, _NAME, _ID, _TYPE, _ANCHOR = map(wml, ("val", "name", "id", "type", "anchor"))
_UNJOINABLE = tuple(map(wml, ("endnoteReference", "commentReference")))
_STORY = ("header", "footer")
_HEADING = "heading 2"
_FIRST_PAGE = "<w:r><w:t>1</w:t></w:r>"
_R, _T, _CODE = wml("r"), wml("t"), wml("instrText")


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
        root = parsed(package.read(DOCUMENT), huge_tree=True)
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
        root = parsed(package.read(DOCUMENT), huge_tree=True)
        body = root[0]
        del body[:]
        joined = _Joined(
            package,
            StyleSheet(parsed(package.read(STYLES))),
            parsed(package.read(NUMBERING)),
        )
        package.leave_out({*_STORY, "image", "footnotes"}, DOCUMENT)
        package.unrelate(DOCUMENT, lambda item: not item.part)
        for number, part in enumerate(parts, 1):
            _append(body, joined, part, number, last=number == len(parts))
        for name, grown in (
            (DOCUMENT, root),
            (STYLES, joined.styles.root),
            (NUMBERING, joined.numbering),
            *([(NOTES, joined.notes)] if joined.notes is not None else ()),
        ):
            put_in_order(grown)
            package.write(name, written(grown))
        return package.to_bytes(anew=True)


def _append(body: _Element, joined: _Joined, part: Part, number: int, *, last: bool) -> None:
    package = open_package(part.data, part.anchor)
    root = parsed(package.read(DOCUMENT), huge_tree=True)
    headings = _headings(package, root)
    _Newcomer(joined, package, root, number).take(part.anchor)
    content = root[0]
    ends = [*content.iter(_P)]
    if ends:
        _mark(ends[0], next(joined.bookmarks), part.anchor, part.text)
        _mark(ends[-1], next(joined.bookmarks), f"{part.anchor}_end")
    for index, heading in enumerate(headings, 1):
        _mark(heading, next(joined.bookmarks), f"{part.anchor}_{index}")
    if not last:
        _end_section(content, content[-1])
    body.extend(list(content))


def _headings(package: Package, root: _Element) -> list[_Element]:
    style = StyleSheet(parsed(package.read(STYLES))).id_of(_HEADING)
    named = f"{_PPR}/{USES[0]}"
    known = (item for item in root[0].iterchildren(_P) if value_at(item, named) == style)
    return [item for item in known if _text(item)]  # one that was deleted has none


def _text(paragraph: _Element) -> str:
    """Return the text of a paragraph; a hyphen that does not break is one."""
    texts = paragraph.iter(wml("t"), wml("noBreakHyphen"))
    return "".join("-" if item.tag == wml("noBreakHyphen") else item.text or "" for item in texts)


def _mark(paragraph: _Element, number: int, name: str, entry: str = "") -> None:
    """Mark a place by its name; `entry` is what Word shall list there when it lists anew."""
    place = 1 if paragraph.find(_PPR) is not None else 0
    start = etree.Element(wml("bookmarkStart"), {_ID: str(number), _NAME: name})
    paragraph.insert(place, start)
    paragraph.insert(place + 1, etree.Element(wml("bookmarkEnd"), {_ID: str(number)}))
    if entry:
        listed = entry.replace('"', "”")
        code = word_field(escape(f'TC "{listed}" \\f C \\l 1'), "")
        paragraph[place + 2 : place + 2] = list(element(f"<w:p>{code}</w:p>"))


def _end_section(content: _Element, section: _Element) -> None:
    """Move the page of a part into its last paragraph, where Word looks for it; add one if not."""
    content.remove(section)
    last = content[-1] if len(content) else None
    if last is None or last.tag != _P or last.find(f"{_PPR}/{_SECTION}") is not None:
        last = small_paragraph()
        content.append(last)
    held(last, _PPR).append(section)


@dataclass(slots=True)
class _Joined:
    """The file that parts are joined to, while it grows."""

    package: Package
    styles: StyleSheet
    numbering: _Element
    notes: _Element | None = None
    bookmarks: Iterator[int] = field(default_factory=lambda: count(1))
    drawings: Iterator[int] = field(default_factory=lambda: count(1))
    names: set[str] = field(default_factory=set)


class _Newcomer:
    """A part that is being joined; `number` tells its names from those of other parts."""

    def __init__(self, joined: _Joined, package: Package, root: _Element, number: int) -> None:
        self._joined = joined
        self._package = package
        self._root = root
        self._number = number
        self._stories = {
            item.part: parsed(package.read(item.part))
            for item in package.relationships(DOCUMENT)
            if item.kind in _STORY
        }

    def take(self, anchor: str) -> None:
        """Name everything anew, and bring what the part needs into the joined file."""
        if next(self._root.iter(*_UNJOINABLE), None) is not None:
            detail = "endnotes and comments cannot be joined"
            raise BrokenResource("template-broken", name="set.docx", detail=detail)
        self._number_pages()
        for story in self._stories.values():
            count_pages_to(f"{anchor}_end", story)
        self._count_tables()
        notes = self._numbered_notes()
        roots = [self._root, notes, *self._stories.values()]
        mapping, added = self._take_styles(roots)
        if self._package.has(NUMBERING):
            lists = parsed(self._package.read(NUMBERING))
            rename_styles(lists, mapping, None)
            take_lists(self._joined.numbering, lists, [*roots, *added])
        for root in roots:
            self._renumber(root)
        self._take_targets(DOCUMENT, self._root, DOCUMENT)
        if len(notes):
            self._take_targets(NOTES, notes, NOTES)
            ours = self._joined.notes
            if ours is None:
                ours = self._joined.notes = part_of(self._joined.package, "footnotes")
            known = {item.get(_ID) for item in ours}
            ours.extend([item for item in notes if item.get(_ID) not in known])

    def _numbered_notes(self) -> _Element:
        """Give the footnotes numbers that no other part has, and return them."""
        root = notes_of(self._package)
        ours = self._joined.notes
        before = 0 if ours is None else max(int(item.get(_ID, "0")) for item in ours)
        for item in [*root, *self._root.iter(wml("footnoteReference"))]:
            number = int(item.get(_ID, "0"))
            item.set(_ID, str(number + before if number > 0 else number))
        for item in list(self._root.iter(wml("numRestart"))):
            item.getparent().remove(item)  # LibreOffice shows no letters that begin afresh
        for code in self._codes("NOTEREF"):
            shown = next(code.getparent().itersiblings(_R), code).getnext().find(_T)
            shown.text = moved(shown.text, before)
        return root

    def _codes(self, kind: str) -> list[_Element]:
        """Return the instructions of the fields of a kind."""
        codes = self._root.iter(_CODE)
        return [code for code in codes if (code.text or "").split()[:1] == [kind]]

    def _count_tables(self) -> None:
        """Let each part count its tables from 1, as it does alone."""
        first = {(code.text or "").split()[1]: code for code in self._codes("SEQ")[::-1]}
        for code in first.values():
            code.text = f"{code.text}\\r 1 "

    def _number_pages(self) -> None:
        """Begin the part on a new page, with page 1 and a header and footer of its own."""
        section = next(self._root.iter(_SECTION))
        for item in section.findall(_TYPE):
            section.remove(item)
        held(section, _NUMBERS).set(wml("start"), "1")
        for kind in _STORY:
            stories = section.findall(wml(f"{kind}Reference"))
            if all(item.get(_TYPE) != "default" for item in stories):
                self._add_blank_story(section, kind)

    def _add_blank_story(self, section: _Element, kind: str) -> None:
        """Add a blank header or footer; without, Word repeats that of the last part."""
        name = f"word/{kind}_blank.xml"
        short = "hdr" if kind == "header" else "ftr"
        story = element(f"<w:{short}><w:p/></w:{short}>")
        self._package.write(name, written(story))
        self._stories[name] = story
        key = self._package.relate(DOCUMENT, kind, name, f"rBlank{kind}")
        reference = etree.SubElement(section, wml(f"{kind}Reference"))
        reference.set(_TYPE, "default")
        reference.set(f"{{{OFFICE}}}id", key)

    def _take_styles(self, roots: list[_Element]) -> tuple[dict[str, str], list[_Element]]:
        theirs = StyleSheet(parsed(self._package.read(STYLES)))
        ours = self._joined.styles
        used = {item.get(_VALUE, "") for root in roots for item in root.iter(*USES)}
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
            package.add(name, b"", PART_TYPE.format(kind=item.kind))
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
        for start in root.iter(wml("bookmarkStart")):
            numbers[start.get(_ID, "")] = str(next(self._joined.bookmarks))
            start.set(_ID, numbers[start.get(_ID, "")])
            name = start.get(_NAME, "")
            if name in self._joined.names:
                renamed[name] = f"{name}_{self._number}"
            start.set(_NAME, renamed.get(name, name))
            self._joined.names.add(renamed.get(name, name))
        for end in root.iter(wml("bookmarkEnd")):
            end.set(_ID, numbers.get(end.get(_ID, ""), end.get(_ID, "")))
        for link in root.iter(wml("hyperlink")):
            anchor = link.get(_ANCHOR)
            if anchor in renamed:
                link.set(_ANCHOR, renamed[anchor])
        for code in root.iter(wml("instrText")):
            code.text = " ".join(renamed.get(word, word) for word in (code.text or "").split(" "))
        for drawing in root.iter(PICTURE):
            drawing.set("id", str(next(self._joined.drawings)))


def moved(letter: str, by: int) -> str:
    """Return the letter of the note that comes so many after another: a to z, aa, bb."""
    times, place = divmod((len(letter) - 1) * 26 + ord(letter[0]) - ord("a") + by, 26)
    return chr(ord("a") + place) * (times + 1)


def count_pages_to(end: str, story: _Element) -> None:
    """
    Let a header or footer count the pages of its part, no longer those of the whole file.

    Word counts the pages of a section. LibreOffice cannot, and shows the result that stands in
    that field: the page of the bookmark at the end of the part.
    """
    for code in list(story.iter(_CODE)):
        run = code.getparent()
        if run is None or (code.text or "").split()[:1] != ["NUMPAGES"]:
            continue
        code.text = (code.text or "").replace("NUMPAGES", "SECTIONPAGES")
        for shown in [each for each in run.itersiblings(_R) if each.find(_T) is not None][:1]:
            for item in element(f"<w:p>{word_field(f'PAGEREF {end}', _FIRST_PAGE)}</w:p>"):
                shown.addprevious(item)
            shown.getparent().remove(shown)


def _references(root: _Element) -> Iterator[tuple[_Element, str, str]]:
    """Yield the attributes of a part that name relationships."""
    for item in root.iter():
        for name, value in item.attrib.items():
            if isinstance(name, str) and name.startswith(f"{{{OFFICE}}}"):
                yield item, name, value
