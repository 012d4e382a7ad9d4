"""
HTML documents from Jinja templates: one file each, nothing loaded from elsewhere.

Several of them are joined in one page, each an article with its own ids, page direction and head.
The first document is the frame: the others become articles of its `main`, in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cmswp_xl.confined import confined
from cmswp_xl.render.finish import UNBROKEN
from cmswp_xl.render.join import Heading, Part, moved
from cmswp_xl.render.templates import (
    faults_of,
    folders,
    template_environment,
    top_level,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from lxml.html import HtmlElement


_REFERRING = ("for", "headers", "aria-labelledby", "aria-describedby", "aria-controls")
_MARKUP = re.compile(
    r"(<style.*?</style>|<script.*?</script>|<title.*?</title>|<svg.*?</svg>|<[^>]*>)", re.DOTALL
)
_SPAN = re.compile(rf"[\w.]+(?:{UNBROKEN.pattern}[\w.]+)+")
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
    return confined(file, filled_html, file, context, folder)


def filled_html(file: str, context: DataclassInstance, folder: Path | None = None) -> bytes:
    """Fill in a template by its name; raises `BrokenResource` as `render_html` does."""
    with faults_of(file):
        environment = _shipped if folder is None else template_environment
        template = environment(*folders(folder)).get_template(file)
        return _unbroken(template.render(top_level(context))).encode("utf-8")


def _unbroken(page: str) -> str:
    """Keep spans of years and codes on one line: what is copied and searched stays as it is."""
    pieces = _MARKUP.split(page)
    for place in range(0, len(pieces), 2):
        if "-" in pieces[place]:
            pieces[place] = _SPAN.sub(r'<span class="whole">\g<0></span>', pieces[place])
    return "".join(pieces)


_shipped = cache(template_environment)
"""The environment of the templates that ship, which compiles each of them once."""


def html_headings(part: Part) -> tuple[Heading, ...]:
    """Return the headings of the second level that have an anchor in an HTML document."""
    with faults_of("set/set.html.j2"):
        root = _page(part)
        return tuple(
            Heading(_own(part.anchor, item.get("id")), item.text_content())
            for item in root.iter("h2")
            if item.get("id")
        )


@faults_of("set/set.html.j2")
def join_html(parts: Sequence[Part]) -> bytes:
    """Join HTML documents in order; raises `BrokenResource` if one lacks body, style or main."""
    frame, *others = parts
    root = _page(frame)
    main, style = next(root.iter("main")), next(root.iter("style"))
    rules = list(_rules(style, "opening"))
    main.text, notes = "\n", 0
    for part in others:
        page = _page(part)
        rules += _rules(next(page.iter("style")), part.anchor)
        rules.append(f"#{part.anchor} {{ page: {part.anchor}; }}")
        article = _article(page, part.anchor)
        notes += _letter(article, notes)
        main.append(article)
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


def _letter(article: HtmlElement, before: int) -> int:
    """Letter the notes of an article after those before it, as Word does; return their number."""
    letters = {item.text for item in article.xpath(".//*[@class='notes']/p/sup")}
    for item in article.iter("sup"):
        found = (item.text or "").split(", ")
        if letters.issuperset(found):
            item.text = ", ".join(moved(letter, before) for letter in found)
    return len(letters)


def _own(anchor: str, name: str) -> str:
    return f"{anchor}_{name}"


def _rules(style: HtmlElement, name: str) -> Iterator[str]:
    """Yield rules, each with those that it holds; those of pages as rules of one part only."""
    sheet, depth, start = style.text or "", 0, 0
    for place, character in enumerate(sheet):
        if character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                rule, start = sheet[start : place + 1].strip(), place + 1
                paged = rule.startswith("@page")
                yield _PAGE.sub(rf"@page {name}\1 ", rule, count=1) if paged else rule
