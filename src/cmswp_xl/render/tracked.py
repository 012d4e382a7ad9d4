"""
One Word document with its differences from another as tracked changes.

To accept them all gives the new document, to reject them all the old one. Both come with the keys
of their blocks and rows (`render.body`), by which these are paired whatever a template makes of
them; paragraphs are paired by their words. The last mark of paragraphs in a cell or before a table
always stays: where paragraphs come or go behind it, the marks before them do.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, groupby, pairwise
from typing import TYPE_CHECKING, TypeVar

from lxml import etree

from cmswp_xl.compare.words import similarity
from cmswp_xl.ooxml import open_package, parsed, written
from cmswp_xl.render.body import KEY
from cmswp_xl.render.finish import number_marks, put_in_order
from cmswp_xl.render.marking import (
    CELL,
    DELETED,
    ID,
    INSERTED,
    PROPERTIES,
    ROW,
    TABLE,
    TEXT,
    Marker,
    P,
    held,
    serial,
    w,
)
from cmswp_xl.render.styles import SEPARATORS, part_of
from cmswp_xl.render.templates import faults_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from lxml.etree import _Element

    from cmswp_xl.ooxml import Package

T = TypeVar("T")
Pair = tuple[T | None, T | None]

_DOCUMENT, _NOTES = "word/document.xml", "word/footnotes.xml"
_SECTION, _NOTED, _STYLE, _HEAD, _GRID, _SPAN, _MERGED, _WIDTH = map(
    w, ("sectPr", "footnotePr", "pStyle", "tblHeader", "gridCol", "gridSpan", "vMerge", "w")
)
_ALIKE = 0.5
"""From how much in common on two paragraphs are versions of one."""


@dataclass(frozen=True, slots=True)
class By:
    """Whose changes they are: the author, the day, and whether all rows are taken as others."""

    author: str
    day: dt.date
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Tracked:
    """A document with tracked changes; `replaced` where tables have other columns than before."""

    data: bytes
    replaced: bool


def tracked_docx(old: bytes, new: bytes, by: By) -> Tracked:
    """Return the new document with what was inserted and deleted since the old one marked."""
    with faults_of("annex/annex.docx"):
        packages = [open_package(data, "annex.docx") for data in (old, new)]
        before, after = (parsed(each.read(_DOCUMENT), huge_tree=True) for each in packages)
        _part_bookmarks(before, after)
        author = "".join(filter(str.isprintable, by.author))
        notes = [_notes(each) for each in packages]
        known = tuple({item.get(ID, ""): item for item in root} for root in notes)
        marker = Marker(author, f"{by.day.isoformat()}T00:00:00Z", known)
        tracker = _Tracker(marker, whole=by.whole)
        body = after[0]
        _arrange(body, tracker.blocks(_blocks(before[0]), _blocks(body)))
        etree.strip_attributes(after, KEY)
        if marker.saved:
            _add_notes(packages[1], marker.saved)
            for section in [s for s in body.iter(_SECTION) if s.find(_NOTED) is None]:
                section.extend(map(deepcopy, before[0].findall(f"{_SECTION}/{_NOTED}")))
        number_marks(after, 1)
        put_in_order(after)
        packages[1].write(_DOCUMENT, written(after))
        return Tracked(packages[1].to_bytes(anew=True), tracker.replaced)


def _notes(package: Package) -> _Element:
    return parsed(package.read(_NOTES)) if package.has(_NOTES) else etree.Element(w("footnotes"))


def _add_notes(package: Package, notes: list[_Element]) -> None:
    root = part_of(package, "footnotes", SEPARATORS)
    root.extend(notes)
    package.write(_NOTES, written(root))


def _blocks(body: _Element) -> list[_Element]:
    return [item for item in body.iterchildren("*") if item.tag != _SECTION]


def _part_bookmarks(old: _Element, new: _Element) -> None:
    """Leave out bookmarks of the old document that the new one has, and set the others apart."""
    names = {item.get(w("name")) for item in new.iter(w("bookmarkStart"))}
    for item in list(old.iter(w("bookmarkStart"), w("bookmarkEnd"))):
        item.set(ID, f"old{item.get(ID)}")
        parent = item.getparent()
        if item.get(w("name")) in names and parent is not None:
            parent.remove(item)


def _paired(
    old: Sequence[T],
    new: Sequence[T],
    key: Callable[[T], Hashable],
    alike: Callable[[T, T], bool],
) -> Iterator[Pair[T]]:
    """Pair the things of two rows in order: those of one key, and between them those alike."""
    matcher = SequenceMatcher(None, [*map(key, old)], [*map(key, new)], autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(old[i:j], new[k:m], strict=True)
            continue
        waiting = k
        for gone in old[i:j]:
            found = next((x for x in range(waiting, m) if alike(gone, new[x])), None)
            if found is None:
                yield gone, None
                continue
            yield from ((None, item) for item in new[waiting:found])
            yield gone, new[found]
            waiting = found + 1
        yield from ((None, item) for item in new[waiting:m])


def _arrange(parent: _Element, items: Iterable[_Element], first: int = 0) -> None:
    """Put elements in order from a place on; what stands right already is not moved, for speed."""
    for place, item in enumerate(items, first):
        if place >= len(parent) or parent[place] is not item:
            parent.insert(place, item)


def _text(item: _Element) -> str:
    return "".join(item.itertext(TEXT))


def _look(item: _Element) -> str:
    style = item.find(f"{w('pPr')}/{_STYLE}")
    return "" if style is None else style.get(w("val"), "")


def _block_key(item: _Element) -> Hashable:
    key = item.get(KEY, "")
    said = item.tag == P and not key.endswith("#")
    return (item.tag, key, _look(item), _text(item)) if said else (item.tag, key)


def _versions(old: _Element, new: _Element) -> bool:
    """Return whether one paragraph outside of tables is another version of the other."""
    same = old.tag == new.tag == P and old.get(KEY) == new.get(KEY) and _look(old) == _look(new)
    return same and similarity(_text(old), _text(new)) >= _ALIKE


class _Tracker:
    """Puts the blocks of two documents together."""

    def __init__(self, marker: Marker, *, whole: bool) -> None:
        self._marker = marker
        self._whole = whole
        self.replaced = False

    def blocks(
        self,
        old: Sequence[_Element],
        new: Sequence[_Element],
        alike: Callable[[_Element, _Element], bool] = _versions,
    ) -> list[_Element]:
        """Put the blocks of two bodies, or of two cells, together."""
        found: list[_Element] = []
        pairs = list(_paired(old, new, _block_key, alike))
        for text, group in groupby(pairs, lambda pair: bool(_any(pair).tag == P)):
            if text:
                found += self._paragraphs(list(group))
            else:
                found += [self._block(*pair) for pair in group]
        return found

    def _block(self, old: _Element | None, new: _Element | None) -> _Element:
        """Put two tables together, or two blocks that hold others."""
        if new is None or old is None:
            return self._alone(old, new)
        if new.tag == TABLE:
            return self._table(old, new)
        inner, before = new.find(w("sdtContent")), old.find(w("sdtContent"))
        if inner is not None and before is not None:
            inner[:] = self.blocks(list(before), list(inner))
        return new

    def _alone(self, old: _Element | None, new: _Element | None) -> _Element:
        """Mark what is in one of the documents only."""
        if old is not None:
            return self._marker.whole(old, DELETED)
        return self._marker.whole(_any((old, new)), INSERTED)

    def _paragraphs(self, pairs: list[Pair[_Element]]) -> list[_Element]:
        """Put paragraphs together that stand one after another."""
        place = 1 + max((i for i, pair in enumerate(pairs) if None not in pair), default=-1)
        gone = [old for old, _ in pairs[place:] if old is not None]
        come = [new for _, new in pairs[place:] if new is not None]
        if gone and come:
            pairs = [*pairs[:place], *((item, None) for item in gone[:-1])]
            pairs += [*((None, item) for item in come[:-1]), (gone[-1], come[-1])]
        elif place and (gone or come):
            found = [self._paragraph(*pair) for pair in pairs[: place - 1]]
            return found + self._grown(*pairs[place - 1], gone or come, came=bool(come))
        return [self._paragraph(*pair) for pair in pairs]

    def _grown(
        self, old: _Element, new: _Element, items: list[_Element], *, came: bool
    ) -> list[_Element]:
        """Mark paragraphs that came or went behind the last one that stayed."""
        kind, last = INSERTED if came else DELETED, items[-1]
        before, after = old.find(PROPERTIES), deepcopy(new.find(PROPERTIES))
        first, own = self._paragraph(old, new), last.find(PROPERTIES)
        looks = (after, own, before) if came else (before, after, own)
        self._marker.runs(last, kind)
        self._marker.properties(first, "pPr", looks[0], looks[0])
        self._marker.properties(last, "pPr", *looks[1:])
        self._marker.end(first, kind)
        return [first, *(self._marker.whole(item, kind) for item in items[:-1]), last]

    def _paragraph(self, old: _Element | None, new: _Element | None) -> _Element:
        if new is None or old is None:
            return self._alone(old, new)
        if serial(old) != serial(new):
            content, look = self._marker.compared(old, new), new.find(PROPERTIES)
            new[:] = content
            self._marker.properties(new, "pPr", look, old.find(PROPERTIES))
        return new

    def _table(self, old: _Element, new: _Element) -> _Element:
        """Put the rows of two tables together; of other columns, one table's below the other's."""
        rows = [each.findall(ROW) for each in (old, new)]
        widths = [[int(item.get(_WIDTH, "0")) for item in each.iter(_GRID)] for each in (old, new)]
        other = len(widths[0]) != len(widths[1]) or not _same_heads(*rows)
        ours = KEY in new.attrib
        pairs = _paired(_units(rows[0]), _units(rows[1]), _unit_key, _same_unit)
        if other or (ours and self._whole):
            pairs = iter([(tuple(rows[0]), None), (None, tuple(rows[1]))])
            self.replaced = self.replaced or ours
        edges, merged = _edges(widths, other=other), []
        for before, after in pairs:
            for row in self._rows(before, after):
                if ours and (after is None or edges[1] != edges[2]):
                    _spread(row, edges[0 if after is None else 1], edges[2])
                merged.append(row)
        _arrange(new, merged, len(new) - len(rows[1]))
        if ours:
            new[1][:] = [etree.Element(_GRID, {_WIDTH: str(b - a)}) for a, b in pairwise(edges[2])]
        return new

    def _rows(
        self, old: tuple[_Element, ...] | None, new: tuple[_Element, ...] | None
    ) -> Iterator[_Element]:
        if new is None or old is None:
            yield from (self._alone(row, None) for row in old or ())
            yield from (self._alone(None, row) for row in new or ())
            return
        for before, after in zip(old, new, strict=True):
            if serial(before) != serial(after):
                for cells in zip(before.findall(CELL), after.findall(CELL), strict=True):
                    self._cell(*cells)
                looks = (row.find(w("trPr")) for row in (after, before))
                self._marker.properties(after, "trPr", *looks)
            yield after

    def _cell(self, old: _Element, new: _Element) -> None:
        if serial(old) == serial(new):
            return
        looks = [each.find(w("tcPr")) for each in (new, old)]
        before, after = ([i for i in each if i.tag != w("tcPr")] for each in (old, new))
        new[:] = self.blocks(before, after, alike=_same_kind)
        self._marker.properties(new, "tcPr", *looks)


def _any(pair: Pair[T]) -> T:
    """Return what is there of two, the new one before the old one."""
    found = pair[0] if pair[1] is None else pair[1]
    if found is None:
        raise ValueError(pair)
    return found


def _same_kind(old: _Element, new: _Element) -> bool:
    return bool(old.tag == new.tag)


def _same_heads(*tables: list[_Element]) -> bool:
    """Return whether rows of two tables have versions of the same headings."""
    heads = [
        [row for row in rows if row.find(f"{w('trPr')}/{_HEAD}") is not None] for rows in tables
    ]
    shapes = [list(map(_shape, rows)) for rows in heads]
    old, new = ([_text(cell) for row in rows for cell in row.findall(CELL)] for rows in heads)
    return shapes[0] == shapes[1] and min(map(similarity, old, new), default=1) >= _ALIKE


def _units(rows: list[_Element]) -> list[tuple[_Element, ...]]:
    """Return rows, those together that share a cell."""
    units: list[tuple[_Element, ...]] = []
    for row in rows:
        merged = [item.get(w("val")) for item in row.iter(_MERGED)]
        goes_on = any(value != "restart" for value in merged)
        units[-1:] = [(*units[-1], row)] if units and goes_on else [*units[-1:], (row,)]
    return units


def _unit_key(unit: tuple[_Element, ...]) -> Hashable:
    return tuple((row.get(KEY) or _text(row), _shape(row)) for row in unit)


def _same_unit(old: tuple[_Element, ...], new: tuple[_Element, ...]) -> bool:
    """Return whether rows without keys are versions of each other."""
    if any(row.get(KEY) for row in (*old, *new)) or [*map(_shape, old)] != [*map(_shape, new)]:
        return False
    return similarity(*("".join(map(_text, each)) for each in (old, new))) >= _ALIKE


def _shape(row: _Element) -> Hashable:
    """Return how the cells of a row are merged."""
    return tuple(
        (_span(cell), [item.get(w("val"), "") for item in cell.iter(_MERGED)][:1] == ["restart"])
        for cell in row.findall(CELL)
    )


def _span(cell: _Element) -> int:
    found = cell.find(f"{w('tcPr')}/{_SPAN}")
    return 1 if found is None else int(found.get(w("val"), "1"))


def _edges(widths: list[list[int]], *, other: bool) -> tuple[list[int], list[int], list[int]]:
    """Return where columns begin and end: those of the old table, of the new one, of both."""
    old, new = ([0, *accumulate(each)] for each in widths)
    old = [edge * new[-1] // (old[-1] or 1) for edge in old] if other else new
    return old, new, sorted({*old, *new})


def _spread(row: _Element, own: list[int], edges: list[int]) -> None:
    """Spread the cells of a row over the columns of the table."""
    column = 0
    for cell in row.findall(CELL):
        first, last = own[column], own[min(column + _span(cell), len(own) - 1)]
        column += _span(cell)
        properties = held(cell, w("tcPr"))
        for tag, attributes in (
            (w("tcW"), {_WIDTH: str(last - first), w("type"): "dxa"}),
            (_SPAN, {w("val"): str(edges.index(last) - edges.index(first))}),
        ):
            for item in properties.findall(tag):
                properties.remove(item)
            if tag != _SPAN or attributes[w("val")] != "1":
                properties.append(etree.Element(tag, attributes))
