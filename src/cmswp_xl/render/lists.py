"""The lists of several Word files in one: each keeps its look, and counts for itself."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from cmswp_xl.render.order import W

if TYPE_CHECKING:
    from collections.abc import Iterable

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
