"""The boxes in which notes are shown, in the older drawing language that programs expect."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from cmswp_xl.annotate.markup import parse, serialised

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cmswp_xl.annotate.cells import Grid
    from cmswp_xl.annotate.markup import Node

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
WIDTH = 320
"""The width of a note, in pixels."""

_VML = "urn:schemas-microsoft-com:vml"
_OFFICE = "urn:schemas-microsoft-com:office:office"
_EXCEL = "urn:schemas-microsoft-com:office:excel"
_V, _O, _X = f"{{{_VML}}}", f"{{{_OFFICE}}}", f"{{{_EXCEL}}}"
_TYPE = "_x0000_t202"
_BLOCK = 1024
_SHAPE_ID = re.compile(r"_x0000_s([0-9]{1,9})\Z")
_UNCLOSED = re.compile(rb"<br\s*>", re.IGNORECASE)
_LETTERS_A_LINE, _LINE, _MARGIN = 48, 17, 14
_LOWEST, _HIGHEST = 60, 420


@dataclass(frozen=True, slots=True)
class Box:
    """A note to be shown: its cell, counted from 1, and the height its text needs, in pixels."""

    row: int
    column: int
    height: int


def height(text: str) -> int:
    """Give the height in pixels of a note that shows a text."""
    lines = sum(1 + len(line) // _LETTERS_A_LINE for line in text.split("\n"))
    return min(max(lines * _LINE + _MARGIN, _LOWEST), _HIGHEST)


def blocks_in(drawings: Iterable[bytes]) -> set[int]:
    """Give the blocks of 1,024 shape numbers that drawings have taken."""
    return {block for data in drawings for block in _blocks(_parsed(data))}


def with_boxes(present: bytes | None, boxes: Sequence[Box], taken: set[int], grid: Grid) -> bytes:
    """
    Give a drawing with a box for each note that has none yet; its own shapes stay.

    The box of a note that was there is made large enough for what has been added to it.

    `taken` are the blocks of shape numbers that the drawings of the workbook use.
    """
    root = _new() if present is None else _parsed(present)
    shown = dict(_shown(root))
    missing = []
    for box in boxes:
        data = shown.get((box.row, box.column))
        if data is None:
            missing.append(box)
        else:
            _widen(data, box, grid)
    if missing:
        _declare_type(root)
        for number, box in zip(_numbers(root, len(missing), taken), missing, strict=True):
            anchor = grid.anchor(box.row, box.column, WIDTH, box.height)
            _add_box(root, number, box, anchor)
    return serialised(root, declaration=False)


def _parsed(data: bytes) -> Node:
    """Parse a drawing; those of old programs may hold line breaks that are never closed."""
    try:
        return parse(data)
    except etree.XMLSyntaxError:
        return parse(_UNCLOSED.sub(b"<br/>", data), lenient=True)


def _new() -> Node:
    root = etree.Element("xml", nsmap={"v": _VML, "o": _OFFICE, "x": _EXCEL})
    _layout(root)
    return root


def _layout(root: Node) -> Node:
    """Give the element that names the drawing's blocks of shape numbers, made where missing."""
    found = root.find(f"{_O}shapelayout/{_O}idmap")
    if found is not None:
        return found
    layout = etree.SubElement(root, f"{_O}shapelayout", {f"{_V}ext": "edit"})
    root.insert(0, layout)
    return etree.SubElement(layout, f"{_O}idmap", {f"{_V}ext": "edit"})


def _blocks(root: Node) -> list[int]:
    found = root.find(f"{_O}shapelayout/{_O}idmap")
    written = "" if found is None else found.get("data", "")
    blocks = [int(item) for item in re.findall(r"[0-9]+", written)]
    return [*blocks, *(number // _BLOCK for number in _used(root) if number >= _BLOCK)]


def _used(root: Node) -> set[int]:
    names = (shape.get(name, "") for shape in root.iter(f"{_V}*") for name in ("id", f"{_O}spid"))
    return {int(match[1]) for match in map(_SHAPE_ID.match, names) if match}


def _numbers(root: Node, count: int, taken: set[int]) -> list[int]:
    """Give free shape numbers from the drawing's own blocks, then from new ones."""
    layout = _layout(root)
    blocks = sorted(set(_blocks(root)))
    used = _used(root)
    numbers: list[int] = []
    position, newest = 0, max((*taken, *blocks), default=0)
    while len(numbers) < count:
        if position == len(blocks):
            newest += 1
            blocks.append(newest)
        first = blocks[position] * _BLOCK
        free = [number for number in range(first + 1, first + _BLOCK) if number not in used]
        numbers += free[: count - len(numbers)]
        position += 1
    layout.set("data", ",".join(map(str, blocks)))
    return numbers


def _shown(root: Node) -> Iterable[tuple[tuple[int, int], Node]]:
    """Give the notes that have a box: the cell, counted from 1, and what is said of it."""
    for data in root.iter(f"{_X}ClientData"):
        row, column = data.findtext(f"{_X}Row"), data.findtext(f"{_X}Column")
        if data.get("ObjectType") == "Note" and row and column:
            yield (int(row) + 1, int(column) + 1), data


def _widen(data: Node, box: Box, grid: Grid) -> None:
    anchor = data.find(f"{_X}Anchor")
    if anchor is not None:
        with suppress(ValueError):  # a place that cannot be understood is left as it is
            anchor.text = grid.widened(anchor.text or "", WIDTH, box.height)


def _declare_type(root: Node) -> None:
    if any(item.get("id") == _TYPE for item in root.iter(f"{_V}shapetype")):
        return
    attributes = {"id": _TYPE, "coordsize": "21600,21600", f"{_O}spt": "202"}
    kind = etree.SubElement(
        root, f"{_V}shapetype", {**attributes, "path": "m,l,21600r21600,l21600,xe"}
    )
    etree.SubElement(kind, f"{_V}stroke", joinstyle="miter")
    path = {"gradientshapeok": "t", f"{_O}connecttype": "rect"}
    etree.SubElement(kind, f"{_V}path", path)


def _add_box(root: Node, number: int, box: Box, anchor: str) -> None:
    shape = etree.SubElement(
        root,
        f"{_V}shape",
        {
            "id": f"_x0000_s{number}",
            "type": f"#{_TYPE}",
            "style": f"position:absolute;width:{WIDTH * 3 // 4}pt;z-index:1;visibility:hidden",
            "fillcolor": "#ffffe1",
            f"{_O}insetmode": "auto",
        },
    )
    etree.SubElement(shape, f"{_V}fill", color2="#ffffe1")
    etree.SubElement(shape, f"{_V}shadow", on="t", color="black", obscured="t")
    etree.SubElement(shape, f"{_V}path", {f"{_O}connecttype": "none"})
    textbox = etree.SubElement(shape, f"{_V}textbox", style="mso-direction-alt:auto")
    etree.SubElement(textbox, "div", style="text-align:left")
    data = etree.SubElement(shape, f"{_X}ClientData", ObjectType="Note")
    for name, text in (
        ("MoveWithCells", None),
        ("SizeWithCells", None),
        ("Anchor", anchor),
        ("AutoFill", "False"),
        ("Row", str(box.row - 1)),
        ("Column", str(box.column - 1)),
    ):
        etree.SubElement(data, f"{_X}{name}").text = text
