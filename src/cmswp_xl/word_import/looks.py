"""
How a run of text looks to a reader: plain, raised, lowered, struck through or hidden.

python-docx gives the properties that stand at the run itself; those of styles (through
`basedOn`), of the paragraph's, the table's and the document's defaults it leaves to the caller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.word_import.package import W

if TYPE_CHECKING:
    from lxml.etree import _Element

    from cmswp_xl.word_import.package import WordFile

PLAIN, RAISED, LOWERED = "plain", "raised", "lowered"
STRUCK, HIDDEN, DELETED = "struck", "hidden", "deleted"
GONE = (STRUCK, HIDDEN, DELETED)
RUNNING = frozenset({PLAIN, RAISED, LOWERED, *GONE})
_OFF = frozenset({"0", "false", "off", "none"})
_MOST_BASES = 20


class Looks:
    """The looks of the runs of one file, by their own properties and those of styles."""

    def __init__(self, file: WordFile) -> None:
        self._styles, self._defaults = file.styles, file.defaults
        self._chains: dict[str, tuple[_Element, ...]] = {}
        self._known: dict[tuple[str, ...], str | bool] = {}

    def look(self, run: _Element, *styles: str) -> str:
        """Return the look of a run; `styles` are those of its paragraph and its table."""
        if self._on(run, "vanish", styles):
            return HIDDEN
        if self._on(run, "strike", styles) or self._on(run, "dstrike", styles):
            return STRUCK
        align = self._text(run, "vertAlign", styles)
        if align in ("superscript", "subscript"):
            return RAISED if align == "superscript" else LOWERED
        points = self._text(run, "position", styles)
        if points.strip("-0"):
            return LOWERED if points.startswith("-") else RAISED
        return PLAIN

    def bold(self, run: _Element, *styles: str) -> bool:
        """Return whether a run is bold."""
        return self._on(run, "b", styles)

    def _on(self, run: _Element, name: str, styles: tuple[str, ...]) -> bool:
        """Return whether a switch is on; switches of several styles are set against each other."""
        own, keys = _own(run, name, styles)
        if own is not None:
            return _switched(own)
        key = (name, *keys)
        if key not in self._known:
            values = [self._styled(name, one) for one in keys]
            on = sum(value is not None and _switched(value) for value in values) % 2 == 1
            default = None if self._defaults is None else self._defaults.find(f"{W}{name}")
            self._known[key] = on or (default is not None and _switched(default))
        return bool(self._known[key])

    def _text(self, run: _Element, name: str, styles: tuple[str, ...]) -> str:
        own, keys = _own(run, name, styles)
        if own is not None:
            return str(own.get(f"{W}val", ""))
        key = (name, *keys)
        if key not in self._known:
            values = (self._styled(name, one) for one in keys)
            found = next((value for value in values if value is not None), None)
            self._known[key] = "" if found is None else found.get(f"{W}val", "")
        return str(self._known[key])

    def _styled(self, name: str, key: str) -> _Element | None:
        """Return a property from a style or the styles that it is based on."""
        if key not in self._chains:
            self._chains[key] = tuple(self._chain(key))
        return next(
            (v for p in self._chains[key] if (v := p.find(f"{W}{name}")) is not None), None
        )

    def _chain(self, key: str) -> list[_Element]:
        found: list[_Element] = []
        for _ in range(_MOST_BASES):
            style = self._styles.get(key)
            if style is None:
                break
            properties, base = style.find(f"{W}rPr"), style.find(f"{W}basedOn")
            if properties is not None:
                found.append(properties)
            key = "" if base is None else base.get(f"{W}val", "")
        return found


def _own(
    run: _Element, name: str, styles: tuple[str, ...]
) -> tuple[_Element | None, tuple[str, ...]]:
    """Return a run's own property, and the styles that hold where it has none."""
    direct = run.find(f"{W}rPr")
    if direct is None:
        return None, styles
    style = direct.find(f"{W}rStyle")
    keys = styles if style is None else (style.get(f"{W}val", ""), *styles)
    return direct.find(f"{W}{name}"), keys


def _switched(item: _Element) -> bool:
    return item.get(f"{W}val", "true") not in _OFF
