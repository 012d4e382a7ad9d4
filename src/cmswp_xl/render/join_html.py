"""
Several HTML documents in one page: each an article with its own ids, page direction and head.

The first document is the frame: the others become articles of its `main`, in order.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import html

from cmswp_xl.render.faults import faults_of
from cmswp_xl.render.join import Heading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from cmswp_xl.render.join import Part

_REFERRING = ("for", "headers", "aria-labelledby", "aria-describedby", "aria-controls")
_PAGE = re.compile(r"@page\s*(:[a-z]+)?\s*")


def html_headings(part: Part) -> tuple[Heading, ...]:
    """Give the headings of the second level that have an anchor in an HTML document."""
    with faults_of("set/set.html.j2"):
        root = html.document_fromstring(part.data.decode("utf-8"))
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
    root = html.document_fromstring(frame.data.decode("utf-8"))
    main, style = next(root.iter("main")), next(root.iter("style"))
    rules = list(_paged(_rules(style.text or ""), None))
    main.text = "\n"
    for part in others:
        page = html.document_fromstring(part.data.decode("utf-8"))
        rules += _paged(_rules(next(page.iter("style")).text or ""), part.anchor)
        rules.append(f"#{part.anchor} {{ page: {part.anchor}; }}")
        main.append(_article(page, part.anchor))
    style.text = "\n" + "\n".join(dict.fromkeys(rules)) + "\n"
    text = html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")
    return f"{text}\n".encode()


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
    """Give the rules of a style sheet; those within another stay with it."""
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
    """Give rules for the pages of one part only; in the frame, for the first page."""
    name = "opening" if anchor is None else anchor
    for rule in rules:
        yield _PAGE.sub(rf"@page {name}\1 ", rule, count=1) if rule.startswith("@page") else rule
