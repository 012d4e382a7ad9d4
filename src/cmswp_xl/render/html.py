"""
HTML documents from Jinja templates: one file each, nothing loaded from elsewhere.

Several of them are joined in one page, each an article with its own ids, page direction and head.
The first document is the frame: the others become articles of its `main`, in order.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from cmswp_xl.render.join import Heading
from cmswp_xl.render.templates import (
    faults_of,
    folders,
    in_confinement,
    template_environment,
    top_level,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from _typeshed import DataclassInstance
    from jinja2 import Environment
    from lxml.html import HtmlElement

    from cmswp_xl.page import Cell, Paragraph, Piece, Placed
    from cmswp_xl.render.join import Part

_REFERRING = ("for", "headers", "aria-labelledby", "aria-describedby", "aria-controls")
_PIECES = {"removed": "del", "added": "ins"}
"""How pieces are marked up whose look has a tag of its own."""
_PAGE = re.compile(r"@page\s*(:[a-z]+)?\s*")


def render_html(document: str, context: DataclassInstance, folder: Path | None = None) -> bytes:
    """
    Render the HTML template of a document with its context.

    `folder` holds templates that staff changed; what it lacks is taken from those that ship.
    Raises `BrokenResource` where the template is missing, malformed, or uses a name that the
    context lacks.
    """
    file = f"{document}/{document}.html.j2"
    if folder is None:
        return filled_html(file, context)
    return in_confinement(file, filled_html, file, context, folder)


def filled_html(file: str, context: DataclassInstance, folder: Path | None = None) -> bytes:
    """Fill in a template by its name; raises `BrokenResource` as `render_html` does."""
    with faults_of(file):
        environment = _shipped if folder is None else _environment
        template = environment(*folders(folder)).get_template(file)
        return template.render(top_level(context)).encode("utf-8")


def _environment(*folders: Path) -> Environment:
    environment = template_environment(*folders)
    environment.filters |= {"inner": _inner, "cells": _cells}
    return environment


_shipped = cache(_environment)
"""The environment of the templates that ship, which compiles each of them once."""


def _inner(item: Paragraph) -> Markup:
    """Write what stands in a paragraph: its text, its pieces, the letters of its notes."""
    raised = f"<sup>{escape(item.notes)}</sup>" if item.notes else ""
    pieces = "".join(map(_piece, item.pieces))
    return Markup(f"{_lines(item.text)}{pieces}{raised}")  # noqa: S704  all texts are escaped


def _lines(text: str) -> str:
    return str(escape(text)).replace("\n", "<br>")


def _piece(piece: Piece) -> str:
    text = escape(piece.text)
    if piece.anchor:
        return f'<a href="#{escape(piece.anchor)}">{text}</a>'
    tag = _PIECES.get(piece.look, "strong" if piece.look else "")
    return f"<{tag}>{text}</{tag}>" if tag else str(text)


def _cells(cells: Iterable[Placed]) -> Markup:
    """Write the cells of a row; one that goes on from above is not written again."""
    texts = "".join([_cell(cell) for cell in cells if not cell.goes_on])
    return Markup(texts)  # noqa: S704  all texts are escaped


def _cell(placed: Placed) -> str:
    cell = placed.cell
    tag = "th" if placed.scope else "td"
    scope = f' scope="{placed.scope}"' if placed.scope else ""
    look = f' class="{escape(placed.look)}"' if placed.look else ""
    span = f' colspan="{placed.span}"' if placed.span > 1 else ""
    if isinstance(cell, str):
        return f"<{tag}{scope}{look}{span}>{_lines(cell)}</{tag}>"
    down = f' rowspan="{cell.down}"' if cell.down > 1 else ""
    bare = len(cell.paragraphs) == 1 and not cell.paragraphs[0].look
    content = _inner(cell.paragraphs[0]) if bare else _paragraphs(cell)
    return f"<{tag}{scope}{look}{span}{down}>{content}</{tag}>"


def _paragraphs(cell: Cell) -> str:
    looks = (f' class="{escape(item.look)}"' if item.look else "" for item in cell.paragraphs)
    parts = zip(looks, cell.paragraphs, strict=True)
    return "".join(f"<p{look}>{_inner(item)}</p>" for look, item in parts)


def html_headings(part: Part) -> tuple[Heading, ...]:
    """Return the headings of the second level that have an anchor in an HTML document."""
    with faults_of("set/set.html.j2"):
        root = _page(part)
        return tuple(
            Heading(_own(part.anchor, item.get("id")), item.text_content())
            for item in root.iter("h2")
            if item.get("id")
        )


def join_html(parts: Sequence[Part]) -> bytes:
    """
    Join HTML documents in order.

    Raises `BrokenResource` where one of them has no body, style or main part.
    """
    with faults_of("set/set.html.j2"):
        return _joined(parts)


def _joined(parts: Sequence[Part]) -> bytes:
    frame, *others = parts
    root = _page(frame)
    main, style = next(root.iter("main")), next(root.iter("style"))
    rules = list(_paged(_rules(style.text or ""), None))
    main.text = "\n"
    for part in others:
        page = _page(part)
        rules += _paged(_rules(next(page.iter("style")).text or ""), part.anchor)
        rules.append(f"#{part.anchor} {{ page: {part.anchor}; }}")
        main.append(_article(page, part.anchor))
    style.text = "\n" + "\n".join(dict.fromkeys(rules)) + "\n"
    from lxml import html

    text = html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")
    return f"{text}\n".encode()


def _page(part: Part) -> HtmlElement:
    from lxml import html  # needed for sets only

    return html.document_fromstring(part.data.decode("utf-8"))


def _article(page: HtmlElement, anchor: str) -> HtmlElement:
    """Make an article of a page; its ids get the anchor in front, and so does what names them."""
    article = page.find("body")
    article.tag = "article"
    article.tail = "\n"
    ids = {item.get("id") for item in article.iter() if item.get("id")}
    for item in article.iter("*"):
        if item.tag == "main":
            item.tag = "div"
        if item.get("id"):
            item.set("id", _own(anchor, item.get("id")))
        for name in _REFERRING:
            if item.get(name):
                named = (_own(anchor, i) if i in ids else i for i in item.get(name).split())
                item.set(name, " ".join(named))
        target = item.get("href", "")
        if target.startswith("#") and target[1:] in ids:
            item.set("href", f"#{_own(anchor, target[1:])}")
    article.set("id", anchor)
    article.set("class", "part")
    return article


def _own(anchor: str, name: str) -> str:
    return f"{anchor}_{name}"


def _rules(sheet: str) -> Iterator[str]:
    """Return the rules of a style sheet; those within another stay with it."""
    depth = start = 0
    for place, character in enumerate(sheet):
        if character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                yield sheet[start : place + 1].strip()
                start = place + 1


def _paged(rules: Iterator[str], anchor: str | None) -> Iterator[str]:
    """Return rules for the pages of one part only; in the frame, for the first page."""
    name = "opening" if anchor is None else anchor
    for rule in rules:
        yield _PAGE.sub(rf"@page {name}\1 ", rule, count=1) if rule.startswith("@page") else rule
