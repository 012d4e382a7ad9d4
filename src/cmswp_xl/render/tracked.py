"""
One Word document with its differences from another as tracked changes.

To accept them all gives the new document, to reject them all the old one. Both come with the keys
of their blocks and rows (`render.body`), by which these are paired whatever a template makes of
them; paragraphs are paired by their words. The last mark of paragraphs in a cell or before a table
always stays: where paragraphs come or go behind it, the marks before them do.

Runs are compared word by word. Whatever else a run holds is one word: a break, a field with all
its runs, the reference of a footnote, which is the same as another where both notes are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import accumulate, count, groupby, pairwise
from typing import TYPE_CHECKING, TypeVar

from lxml import etree

from cmswp_xl.compare.words import in_words, similarity, stretches
from cmswp_xl.ooxml import open_package, parsed, written
from cmswp_xl.render.body import KEY
from cmswp_xl.render.finish import SPACE, held, number_marks, put_in_order, value_at, wml
from cmswp_xl.render.styles import DOCUMENT, NOTES, SEPARATORS, notes_of, part_of
from cmswp_xl.render.templates import faults_of

if TYPE_CHECKING:
    from lxml.etree import _Element


T = TypeVar("T")
Pair = tuple[T | None, T | None]

_P, _ROW, _CELL, _TABLE, _TEXT, _ID = map(wml, ("p", "tr", "tc", "tbl", "t", "id"))
_INSERTED, _DELETED = wml("ins"), wml("del")
_NOTE = wml("footnoteReference")
_RUN, _RUN_LOOK, _PROPERTIES, _ROW_PROPERTIES = map(wml, ("r", "rPr", "pPr", "trPr"))
_FIELD = wml("fldChar")
_PLACES = tuple(map(wml, ("bookmarkStart", "bookmarkEnd", "proofErr")))
_TAKEN_OUT = {_TEXT: wml("delText"), wml("instrText"): wml("delInstrText")}
_KEPT = {"tcPr": ("tcW", "gridSpan", "vMerge"), "pPr": ("rPr", "sectPr", "keepNext"), "trPr": ()}
"""What properties of each kind hold that no change of them restores."""
_SECTION, _NOTED, _STYLE, _HEAD, _GRID, _SPAN, _MERGED, _WIDTH = map(
    wml, ("sectPr", "footnotePr", "pStyle", "tblHeader", "gridCol", "gridSpan", "vMerge", "w")
)
_ALIKE = 0.5
"""From how much in common on two paragraphs are versions of one."""
_FIRST = 1_000_000


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
        before, after = (parsed(each.read(DOCUMENT), huge_tree=True) for each in packages)
        _part_bookmarks(before, after)
        author = "".join(filter(str.isprintable, by.author))
        notes = map(notes_of, packages)
        known = tuple({item.get(_ID, ""): item for item in root} for root in notes)
        marker = _Marker(author, f"{by.day.isoformat()}T00:00:00Z", known)
        tracker = _Tracker(marker, whole=by.whole)
        body = after[0]
        _arrange(body, tracker.blocks(_blocks(before[0]), _blocks(body)))
        etree.strip_attributes(after, KEY)
        if marker.saved:
            root = part_of(packages[1], "footnotes", SEPARATORS)
            root.extend(marker.saved)
            packages[1].write(NOTES, written(root))
            for section in [s for s in body.iter(_SECTION) if s.find(_NOTED) is None]:
                section.extend(map(deepcopy, before[0].findall(f"{_SECTION}/{_NOTED}")))
        number_marks(after, 1)
        put_in_order(after)
        packages[1].write(DOCUMENT, written(after))
        return Tracked(packages[1].to_bytes(anew=True), tracker.replaced)


def _blocks(body: _Element) -> list[_Element]:
    return [item for item in body.iterchildren("*") if item.tag != _SECTION]


def _part_bookmarks(old: _Element, new: _Element) -> None:
    """Leave out bookmarks of the old document that the new one has, and set the others apart."""
    names = {item.get(wml("name")) for item in new.iter(wml("bookmarkStart"))}
    for item in list(old.iter(wml("bookmarkStart"), wml("bookmarkEnd"))):
        item.set(_ID, f"old{item.get(_ID)}")
        parent = item.getparent()
        if item.get(wml("name")) in names and parent is not None:
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
    return "".join(item.itertext(_TEXT))


def _look(item: _Element) -> str:
    return value_at(item, f"{_PROPERTIES}/{_STYLE}")


def _block_key(item: _Element) -> Hashable:
    key = item.get(KEY, "")
    said = item.tag == _P and not key.endswith("#")
    return (item.tag, key, _look(item), _text(item)) if said else (item.tag, key)


def _versions(old: _Element, new: _Element) -> bool:
    """Return whether one paragraph outside of tables is another version of the other."""
    same = old.tag == new.tag == _P and old.get(KEY) == new.get(KEY) and _look(old) == _look(new)
    return same and similarity(_text(old), _text(new)) >= _ALIKE


class _Tracker:
    """Puts the blocks of two documents together."""

    def __init__(self, marker: _Marker, *, whole: bool) -> None:
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
        for text, group in groupby(pairs, lambda pair: bool(_any(pair).tag == _P)):
            if text:
                found += self._paragraphs(list(group))
            else:
                found += [self._block(*pair) for pair in group]
        return found

    def _block(self, old: _Element | None, new: _Element | None) -> _Element:
        """Put two tables together, or two blocks that hold others."""
        if new is None or old is None:
            return self._alone(old, new)
        if new.tag == _TABLE:
            return self._table(old, new)
        inner, before = new.find(wml("sdtContent")), old.find(wml("sdtContent"))
        if inner is not None and before is not None:
            inner[:] = self.blocks(list(before), list(inner))
        return new

    def _alone(self, old: _Element | None, new: _Element | None) -> _Element:
        """Mark what is in one of the documents only."""
        return self._marker.whole(_any((old, new)), _INSERTED if old is None else _DELETED)

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
        kind, last = _INSERTED if came else _DELETED, items[-1]
        before, after = old.find(_PROPERTIES), deepcopy(new.find(_PROPERTIES))
        first, own = self._paragraph(old, new), last.find(_PROPERTIES)
        looks = (after, own, before) if came else (before, after, own)
        self._marker.runs(last, kind)
        self._marker.properties(first, "pPr", looks[0], looks[0])
        self._marker.properties(last, "pPr", *looks[1:])
        self._marker.end(first, kind)
        return [first, *(self._marker.whole(item, kind) for item in items[:-1]), last]

    def _paragraph(self, old: _Element | None, new: _Element | None) -> _Element:
        if new is None or old is None:
            return self._alone(old, new)
        if _serial(old) != _serial(new):
            content, look = self._marker.compared(old, new), new.find(_PROPERTIES)
            new[:] = content
            self._marker.properties(new, "pPr", look, old.find(_PROPERTIES))
        return new

    def _table(self, old: _Element, new: _Element) -> _Element:
        """Put the rows of two tables together; of other columns, one table's below the other's."""
        rows = [each.findall(_ROW) for each in (old, new)]
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
            if _serial(before) != _serial(after):
                for cells in zip(before.findall(_CELL), after.findall(_CELL), strict=True):
                    self._cell(*cells)
                looks = (row.find(wml("trPr")) for row in (after, before))
                self._marker.properties(after, "trPr", *looks)
            yield after

    def _cell(self, old: _Element, new: _Element) -> None:
        if _serial(old) == _serial(new):
            return
        looks = [each.find(wml("tcPr")) for each in (new, old)]
        before, after = ([i for i in each if i.tag != wml("tcPr")] for each in (old, new))
        new[:] = self.blocks(before, after, alike=lambda one, other: bool(one.tag == other.tag))
        self._marker.properties(new, "tcPr", *looks)


def _any(pair: Pair[T]) -> T:
    """Return what is there of two, the new one before the old one."""
    found = pair[0] if pair[1] is None else pair[1]
    if found is None:
        raise ValueError(pair)
    return found


def _same_heads(*tables: list[_Element]) -> bool:
    """Return whether rows of two tables have versions of the same headings."""
    heads = [
        [row for row in rows if row.find(f"{wml('trPr')}/{_HEAD}") is not None] for rows in tables
    ]
    shapes = [list(map(_shape, rows)) for rows in heads]
    old, new = ([_text(cell) for row in rows for cell in row.findall(_CELL)] for rows in heads)
    return shapes[0] == shapes[1] and min(map(similarity, old, new), default=1) >= _ALIKE


def _units(rows: list[_Element]) -> list[tuple[_Element, ...]]:
    """Return rows, those together that share a cell."""
    units: list[tuple[_Element, ...]] = []
    for row in rows:
        merged = [item.get(wml("val")) for item in row.iter(_MERGED)]
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
        (_span(cell), [item.get(wml("val"), "") for item in cell.iter(_MERGED)][:1] == ["restart"])
        for cell in row.findall(_CELL)
    )


def _span(cell: _Element) -> int:
    return int(value_at(cell, f"{wml('tcPr')}/{_SPAN}") or "1")


def _edges(widths: list[list[int]], *, other: bool) -> tuple[list[int], list[int], list[int]]:
    """Return where columns begin and end: those of the old table, of the new one, of both."""
    old, new = ([0, *accumulate(each)] for each in widths)
    old = [edge * new[-1] // (old[-1] or 1) for edge in old] if other else new
    return old, new, sorted({*old, *new})


def _spread(row: _Element, own: list[int], edges: list[int]) -> None:
    """Spread the cells of a row over the columns of the table."""
    column = 0
    for cell in row.findall(_CELL):
        first, last = own[column], own[min(column + _span(cell), len(own) - 1)]
        column += _span(cell)
        properties = held(cell, wml("tcPr"))
        for tag, attributes in (
            (wml("tcW"), {_WIDTH: str(last - first), wml("type"): "dxa"}),
            (_SPAN, {wml("val"): str(edges.index(last) - edges.index(first))}),
        ):
            for item in properties.findall(tag):
                properties.remove(item)
            if tag != _SPAN or attributes[wml("val")] != "1":
                properties.append(etree.Element(tag, attributes))


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of a paragraph: what tells it from others, its text, its elements."""

    key: str
    text: str = field(compare=False)
    items: tuple[_Element, ...] = field(compare=False)

    def __str__(self) -> str:
        """Return its text."""
        return self.text


def _serial(item: _Element | None) -> str:
    """Return an element as text that is the same for equal ones."""
    return "" if item is None else etree.tostring(item, method="c14n", exclusive=True).decode()


class _Marker:
    """Marks what was inserted and deleted, by an author at a time; every mark has its number."""

    def __init__(self, author: str, time: str, notes: tuple[Mapping[str, _Element], ...]) -> None:
        """Take the notes of the old document and of the new one by their numbers."""
        self._who = {wml("author"): author, wml("date"): time}
        self._ids = count(_FIRST)
        self._notes = notes
        self.saved: list[_Element] = []
        """Notes of the old document that the marked one needs, under numbers of their own."""

    def whole(self, item: _Element, kind: str) -> _Element:
        """Mark a block or a row with all that is in it."""
        for row in item.iter(_ROW):
            properties = held(row, _ROW_PROPERTIES)
            if not len(properties):  # the schema wants more in it than a mark
                properties.append(etree.Element(wml("cantSplit"), {wml("val"): "off"}))
            properties.append(self._mark(kind))
        for paragraph in item.iter(_P):
            self.runs(paragraph, kind)
            self.end(paragraph, kind)
        return item

    def end(self, paragraph: _Element, kind: str) -> None:
        """Mark the end of a paragraph: without it, what follows joins what is before it."""
        held(held(paragraph, _PROPERTIES), _RUN_LOOK).insert(0, self._mark(kind))

    def runs(self, paragraph: _Element, kind: str) -> None:
        """Mark what stands in a paragraph."""
        paragraph[:] = self._wrapped(kind, list(paragraph))

    def compared(self, old: _Element, new: _Element) -> list[_Element]:
        """Return what stands in two paragraphs, with the words marked in which they differ."""
        first = list(_tokens(old, self._notes[0], places=False))
        second = list(_tokens(new, self._notes[1], places=True))
        found: list[_Element] = []
        for same, before, after in stretches(first, second):
            came = _joined(second[after])
            if same:
                found += came
                continue
            gone = self._wrapped(_DELETED, _joined(first[before]))
            whole = len(first[before]) == len(first)
            if _look(new).endswith("Amount"):
                whole |= _is_amount(first[before]) and _is_amount(second[after])
            gap = [self._gap()] if gone and whole and came else []
            found += [*gone, *gap, *self._wrapped(_INSERTED, came)]
        return found

    def _gap(self) -> _Element:
        """Return a line break that is in neither version, so that two amounts stay apart."""
        mark = self._mark(_INSERTED)
        mark.extend(self._wrapped(_DELETED, [_run(None, etree.Element(wml("br")))]))
        return mark

    def properties(
        self, holder: _Element, name: str, new: _Element | None, old: _Element | None
    ) -> None:
        """Give an element the new properties of a kind, and keep the old ones as their change."""
        for item in holder.findall(wml(name)):
            holder.remove(item)
        made = etree.Element(wml(name)) if new is None else deepcopy(new)
        before = etree.Element(wml(name)) if old is None else deepcopy(old)
        for tag in _KEPT[name]:
            for item in before.findall(wml(tag)):
                before.remove(item)
            if name == "tcPr":
                before.extend(map(deepcopy, made.findall(wml(tag))))
        if _sorted(before, name) != _sorted(made, name):
            change = self._mark(wml(f"{name}Change"))
            change.append(before)
            made.append(change)
        if len(made):
            holder.insert(0, made)

    def _mark(self, kind: str) -> _Element:
        return etree.Element(kind, {_ID: str(next(self._ids)), **self._who})

    def _wrapped(self, kind: str, items: Iterable[_Element]) -> list[_Element]:
        """Mark runs, also those inside of links and fields, which no mark may hold."""
        found: list[_Element] = []
        for runs, group in groupby(items, lambda item: item.tag == _RUN):
            if runs:
                mark = self._mark(kind)
                mark.extend(group)
                for run in mark if kind == _DELETED else ():
                    self._take_out(run)
                found.append(mark)
                continue
            for item in group:
                if item.tag != _PROPERTIES:
                    item[:] = self._wrapped(kind, list(item))
                found.append(item)
        return found

    def _take_out(self, run: _Element) -> None:
        for item in run:
            item.tag = _TAKEN_OUT.get(item.tag, item.tag)
            if item.tag == _NOTE:
                note = deepcopy(self._notes[0][item.get(_ID, "")])
                number = str(max(map(int, self._notes[1]), default=0) + len(self.saved) + 1)
                note.set(_ID, number)
                item.set(_ID, number)
                self.saved.append(note)


def _sorted(properties: _Element, name: str) -> list[str]:
    kept = set(map(wml, _KEPT[name])) - {wml("gridSpan"), wml("vMerge")}
    return sorted(_serial(item) for item in properties if item.tag not in kept)


def _tokens(
    paragraph: _Element, notes: Mapping[str, _Element], *, places: bool
) -> Iterator[_Token]:
    """Yield the words of a paragraph; `places` says whether they have its bookmarks with them."""
    items: list[_Element] = []
    depth, key, text = 0, "", ""
    for item, own, word in _pieces(paragraph, notes):
        place = item.tag in _PLACES
        if places or not place:
            items.append(item)
        if place:
            continue
        field_mark = item.find(_FIELD)
        if field_mark is not None:
            depth += {"begin": 1, "end": -1}.get(field_mark.get(wml("fldCharType"), ""), 0)
        key, text = key + own, text + word
        if not depth:
            yield _Token(key, text, tuple(items))
            items, key, text = [], "", ""
    if items:
        yield _Token(key, text, tuple(items))


def _pieces(
    paragraph: _Element, notes: Mapping[str, _Element]
) -> Iterator[tuple[_Element, str, str]]:
    """Yield what stands in a paragraph, runs cut into words, each with its key and its text."""
    for item in paragraph.iterchildren("*"):
        if item.tag == _PROPERTIES:
            continue
        if item.tag != _RUN:
            yield item, _serial(item), "".join(item.itertext(_TEXT))
            continue
        look = item.find(_RUN_LOOK)
        own = _serial(look)
        for child in item.iterchildren("*"):
            if child.tag == _TEXT:
                for word in in_words(child.text or ""):
                    text = etree.Element(_TEXT, SPACE)
                    text.text = word
                    yield _run(look, text), f"{own}\n{word}", word
            elif child is not look:
                known = notes.get(child.get(_ID, "")) if child.tag == _NOTE else None
                told = _serial(child) if known is None else "".join(known.itertext(_TEXT))
                yield _run(look, deepcopy(child)), f"{own}{told}", ""


def _is_amount(words: list[_Token]) -> bool:
    return len(words) == 1 and words[0].text[:1].isdigit()


def _run(look: _Element | None, content: _Element) -> _Element:
    run = etree.Element(_RUN)
    if look is not None:
        run.append(deepcopy(look))
    run.append(content)
    return run


def _joined(tokens: Iterable[_Token]) -> list[_Element]:
    """Return the elements of words, runs of one look put together."""
    found: list[_Element] = []
    for item in (item for token in tokens for item in token.items):
        last = found[-1] if found else None
        if (
            last is not None
            and last.tag == item.tag == _RUN
            and last[-1].tag == item[-1].tag == _TEXT
            and _serial(last.find(_RUN_LOOK)) == _serial(item.find(_RUN_LOOK))
        ):
            last[-1].text = f"{last[-1].text}{item[-1].text}"
        else:
            found.append(item)
    return found
