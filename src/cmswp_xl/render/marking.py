"""
Word's marks of tracked changes: of runs, paragraphs, rows, and what their properties were.

Runs are compared word by word. Whatever else a run holds is one word: a break, a field with all
its runs, the reference of a footnote, which is the same as another where both notes are.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count, groupby
from typing import TYPE_CHECKING

from lxml import etree

from cmswp_xl.compare.words import in_words, stretches
from cmswp_xl.render.finish import W

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lxml.etree import _Element


def w(name: str) -> str:
    """Return the full name of an element or attribute of Word."""
    return f"{{{W}}}{name}"


P, ROW, CELL, TABLE, TEXT, ID = map(w, ("p", "tr", "tc", "tbl", "t", "id"))
INSERTED, DELETED = w("ins"), w("del")
NOTE = w("footnoteReference")
_RUN, _RUN_LOOK, PROPERTIES, _ROW_PROPERTIES = map(w, ("r", "rPr", "pPr", "trPr"))
_FIELD = w("fldChar")
_PLACES = tuple(map(w, ("bookmarkStart", "bookmarkEnd", "proofErr")))
_TAKEN_OUT = {TEXT: w("delText"), w("instrText"): w("delInstrText")}
_KEPT = {"tcPr": ("tcW", "gridSpan", "vMerge"), "pPr": ("rPr", "sectPr", "keepNext"), "trPr": ()}
"""What properties of each kind hold that no change of them restores."""
_SPACE = {"{http://www.w3.org/XML/1998/namespace}space": "preserve"}
_FIRST = 1_000_000


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a paragraph: what tells it from others, its text, its elements."""

    key: str
    text: str = field(compare=False)
    items: tuple[_Element, ...] = field(compare=False)

    def __str__(self) -> str:
        """Return its text."""
        return self.text


def serial(item: _Element | None) -> str:
    """Return an element as text that is the same for equal ones."""
    return "" if item is None else etree.tostring(item, method="c14n", exclusive=True).decode()


class Marker:
    """Marks what was inserted and deleted, by an author at a time; every mark has its number."""

    def __init__(self, author: str, time: str, notes: tuple[Mapping[str, _Element], ...]) -> None:
        """Take the notes of the old document and of the new one by their numbers."""
        self._who = {w("author"): author, w("date"): time}
        self._ids = count(_FIRST)
        self._notes = notes
        self.saved: list[_Element] = []
        """Notes of the old document that the marked one needs, under numbers of their own."""

    def whole(self, item: _Element, kind: str) -> _Element:
        """Mark a block or a row with all that is in it."""
        for row in item.iter(ROW):
            properties = held(row, _ROW_PROPERTIES)
            if not len(properties):  # the schema wants more in it than a mark
                properties.append(etree.Element(w("cantSplit"), {w("val"): "off"}))
            properties.append(self._mark(kind))
        for paragraph in item.iter(P):
            self.runs(paragraph, kind)
            self.end(paragraph, kind)
        return item

    def end(self, paragraph: _Element, kind: str) -> None:
        """Mark the end of a paragraph: without it, what follows joins what is before it."""
        held(held(paragraph, PROPERTIES), _RUN_LOOK).insert(0, self._mark(kind))

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
            gone = self._wrapped(DELETED, _joined(first[before]))
            whole = len(first[before]) == len(first) or (
                _is_amount(first[before]) and _is_amount(second[after]) and _has_amounts(new)
            )
            gap = [self._gap()] if gone and whole and came else []
            found += [*gone, *gap, *self._wrapped(INSERTED, came)]
        return found

    def _gap(self) -> _Element:
        """Return a line break that is in neither version, so that two amounts stay apart."""
        mark = self._mark(INSERTED)
        mark.extend(self._wrapped(DELETED, [_run(None, etree.Element(w("br")))]))
        return mark

    def properties(
        self, holder: _Element, name: str, new: _Element | None, old: _Element | None
    ) -> None:
        """Give an element the new properties of a kind, and keep the old ones as their change."""
        for item in holder.findall(w(name)):
            holder.remove(item)
        made = etree.Element(w(name)) if new is None else deepcopy(new)
        before = etree.Element(w(name)) if old is None else deepcopy(old)
        for tag in _KEPT[name]:
            for item in before.findall(w(tag)):
                before.remove(item)
            if name == "tcPr":
                before.extend(map(deepcopy, made.findall(w(tag))))
        if _sorted(before, name) != _sorted(made, name):
            change = self._mark(w(f"{name}Change"))
            change.append(before)
            made.append(change)
        if len(made):
            holder.insert(0, made)

    def _mark(self, kind: str) -> _Element:
        return etree.Element(kind, {ID: str(next(self._ids)), **self._who})

    def _wrapped(self, kind: str, items: Iterable[_Element]) -> list[_Element]:
        """Mark runs, also those inside of links and fields, which no mark may hold."""
        found: list[_Element] = []
        for runs, group in groupby(items, lambda item: item.tag == _RUN):
            if runs:
                mark = self._mark(kind)
                mark.extend(group)
                for run in mark if kind == DELETED else ():
                    self._take_out(run)
                found.append(mark)
                continue
            for item in group:
                if item.tag != PROPERTIES:
                    item[:] = self._wrapped(kind, list(item))
                found.append(item)
        return found

    def _take_out(self, run: _Element) -> None:
        for item in run:
            item.tag = _TAKEN_OUT.get(item.tag, item.tag)
            if item.tag == NOTE:
                note = deepcopy(self._notes[0][item.get(ID, "")])
                number = str(max(map(int, self._notes[1]), default=0) + len(self.saved) + 1)
                note.set(ID, number)
                item.set(ID, number)
                self.saved.append(note)


def _is_amount(words: list[Token]) -> bool:
    return len(words) == 1 and words[0].text[:1].isdigit()


def _has_amounts(paragraph: _Element) -> bool:
    style = paragraph.find(f"{PROPERTIES}/{w('pStyle')}")
    return style is not None and style.get(w("val"), "").endswith("Amount")


def held(item: _Element, tag: str) -> _Element:
    """Return the properties of an element, made where it has none."""
    found = item.find(tag)
    if found is None:
        found = etree.Element(tag)
        item.insert(0, found)
    return found


def _sorted(properties: _Element, name: str) -> list[str]:
    kept = set(map(w, _KEPT[name])) - {w("gridSpan"), w("vMerge")}
    return sorted(serial(item) for item in properties if item.tag not in kept)


def _tokens(
    paragraph: _Element, notes: Mapping[str, _Element], *, places: bool
) -> Iterator[Token]:
    """Yield the words of a paragraph; `places` says whether they have its bookmarks with them."""
    held: list[_Element] = []
    depth, key, text = 0, "", ""
    for item, own, word in _pieces(paragraph, notes):
        if item.tag not in _PLACES:
            held.append(item)
        elif places:
            held.append(item)
            continue
        else:
            continue
        field_mark = item.find(_FIELD)
        if field_mark is not None:
            depth += {"begin": 1, "end": -1}.get(field_mark.get(w("fldCharType"), ""), 0)
        key, text = key + own, text + word
        if not depth:
            yield Token(key, text, tuple(held))
            held, key, text = [], "", ""
    if held:
        yield Token(key, text, tuple(held))


def _pieces(
    paragraph: _Element, notes: Mapping[str, _Element]
) -> Iterator[tuple[_Element, str, str]]:
    """Yield what stands in a paragraph, runs cut into words, each with its key and its text."""
    for item in paragraph.iterchildren("*"):
        if item.tag == PROPERTIES:
            continue
        if item.tag != _RUN:
            yield item, serial(item), "".join(item.itertext(TEXT))
            continue
        look = item.find(_RUN_LOOK)
        own = serial(look)
        for child in item.iterchildren("*"):
            if child.tag == TEXT:
                for word in in_words(child.text or ""):
                    text = etree.Element(TEXT, _SPACE)
                    text.text = word
                    yield _run(look, text), f"{own}\n{word}", word
            elif child is not look:
                known = notes.get(child.get(ID, "")) if child.tag == NOTE else None
                told = serial(child) if known is None else "".join(known.itertext(TEXT))
                yield _run(look, deepcopy(child)), f"{own}{told}", ""


def _run(look: _Element | None, content: _Element) -> _Element:
    run = etree.Element(_RUN)
    if look is not None:
        run.append(deepcopy(look))
    run.append(content)
    return run


def _joined(tokens: Iterable[Token]) -> list[_Element]:
    """Return the elements of words, runs of one look put together."""
    found: list[_Element] = []
    for item in (item for token in tokens for item in token.items):
        last = found[-1] if found else None
        if (
            last is not None
            and last.tag == item.tag == _RUN
            and last[-1].tag == item[-1].tag == TEXT
            and serial(last.find(_RUN_LOOK)) == serial(item.find(_RUN_LOOK))
        ):
            last[-1].text = f"{last[-1].text}{item[-1].text}"
        else:
            found.append(item)
    return found
