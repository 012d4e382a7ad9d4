"""
The templates: where they are, the Jinja environment that fills them in, and their faults.

The environment is sandboxed, escaping and strict about names. Whatever a template makes happen is
a `BrokenResource` with its file and its place.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplateSyntaxError,
)
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from cmswp_xl.charts import BarChart
from cmswp_xl.errors import BrokenResource, CmswpError, UnreadableWorkbook
from cmswp_xl.resources import template_folder

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from cmswp_xl.page import Cell, Paragraph, Piece, Placed


SHARED_STYLES = "base/styles.docx"
"""The styles that all Word templates share, and how their tables look."""

_PARAGRAPH = re.compile(r"</w:p>")
_TAG = re.compile(r"<[^>]*>?")
_LONGEST = 60
_CONTEXTS = ("cmswp_xl.documents.", "cmswp_xl.page")
"""Where the classes of contexts are."""
_ABSENT = object()
_PIECES = {"removed": "del", "added": "ins"}
"""How pieces are marked up whose look has a tag of its own."""


def folders(own: Path | None) -> tuple[Path, ...]:
    """Return the folders of templates, the one to look into first before the others."""
    return (template_folder(),) if own is None else (own, template_folder())


def template_file(name: str, own: Path | None) -> Path:
    """Return the file of a template; where none is there, the one that should have shipped."""
    found = [folder / name for folder in folders(own) if (folder / name).is_file()]
    return found[0] if found else template_folder() / name


def top_level(context: DataclassInstance) -> dict[str, Any]:
    """Return the fields of a context as the names that a template sees."""
    return {field.name: getattr(context, field.name) for field in fields(context)}


def template_environment(
    *folders: Path, write: Callable[[object], object] | None = None
) -> SandboxedEnvironment:
    """
    Return an environment that loads a template from the first folder that has it.

    `write` turns values that are no texts into what stands for them.
    """
    environment = _Environment(
        loader=_Loader(folders) if folders else None,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=write,
    )
    environment.filters["css_string"] = css_string
    environment.filters["svg"] = svg_picture
    environment.filters |= {"inner": _inner, "cells": _cells}
    return environment


class _Loader(FileSystemLoader):
    """Names the file that is not in UTF-8."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Read a template."""
        try:
            return super().get_source(environment, template)
        except UnicodeDecodeError as error:
            raise BrokenResource("template-encoding", name=template) from error


class _Environment(SandboxedEnvironment):
    """A sandbox that knows the values of our own contexts, which hold strings and lists only."""

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Allow the public fields of a context; ask the sandbox about anything else."""
        if type(obj).__module__.startswith(_CONTEXTS):
            return not attr.startswith("_")
        return super().is_safe_attribute(obj, attr, value)

    def getattr(self, obj: object, attribute: str) -> object:
        """Return a public field of a context at once: most of what templates ask for."""
        if attribute[:1] != "_" and type(obj).__module__.startswith(_CONTEXTS):
            found = getattr(obj, attribute, _ABSENT)
            if found is not _ABSENT:
                return found
        return super().getattr(obj, attribute)


def css_string(text: str) -> str:
    """Return a text so that it stays one string inside the quotes of a style sheet."""
    return "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in text)


def svg_picture(chart: BarChart, label: str = "", name: str = "chart") -> Markup:
    """
    Draw a chart into an HTML page, with its text alternative; `name` begins its ids.

    Raises `TemplateRuntimeError` for anything but a chart, as any fault of a template.
    """
    if not isinstance(chart, BarChart):
        raise TemplateRuntimeError("svg is for charts only")
    from cmswp_xl.charts.drawing import svg

    picture = svg(chart, str(label), str(name))
    return Markup(picture)  # noqa: S704  its texts were escaped as it was drawn


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
    look = _class(placed.look if placed.scope != "rowgroup" else "")
    span = f' colspan="{placed.span}"' if placed.span > 1 else ""
    if isinstance(cell, str):
        return f"<{tag}{scope}{look}{span}>{_lines(cell)}</{tag}>"
    down = f' rowspan="{cell.down}"' if cell.down > 1 else ""
    bare = len(cell.paragraphs) == 1 and not cell.paragraphs[0].look
    content = _inner(cell.paragraphs[0]) if bare else _paragraphs(cell)
    return f"<{tag}{scope}{look}{span}{down}>{content}</{tag}>"


def _paragraphs(cell: Cell) -> str:
    return "".join(f"<p{_class(item.look)}>{_inner(item)}</p>" for item in cell.paragraphs)


def _class(look: str) -> str:
    return f' class="{escape(look)}"' if look else ""


@contextlib.contextmanager
def faults_of(file: str) -> Iterator[None]:
    """Turn whatever a template makes happen into `BrokenResource`, with its file and line."""
    try:
        yield
    except UnreadableWorkbook as error:
        raise BrokenResource("template-unreadable", name=file) from error
    except (CmswpError, MemoryError):
        raise
    except Exception as error:
        raise fault(file, error) from error


def fault(file: str, error: Exception, place: str = "") -> BrokenResource:
    """Return the fault of a template for an error; `place` is the text of a paragraph in Word."""
    detail = str(error.message if isinstance(error, TemplateSyntaxError) else error)
    if not isinstance(error, TemplateError):
        detail = f"{type(error).__name__}: {detail}" if detail else type(error).__name__
    if isinstance(error, UnicodeError):
        return BrokenResource("template-encoding", name=file)
    if isinstance(error, TemplateNotFound):
        return BrokenResource("template-missing", name=file, part=str(error))
    if place:
        return BrokenResource("template-paragraph", name=file, words=place, detail=detail)
    own, line = place_of(error)
    if line and own not in ("<template>", "<unknown>"):
        values = {"name": file, "line": line, "detail": detail}
        if own in ("", file):
            return BrokenResource("template-line", **values)
        return BrokenResource("template-line-of", part=own, **values)
    return BrokenResource("template-broken", name=file, detail=detail)


def place_of(error: Exception) -> tuple[str, int]:
    """Return the file and line of a template where an error arose; 0 where it is unknown."""
    if isinstance(error, TemplateSyntaxError):
        return error.name or "", error.lineno
    found, step = ("", 0), error.__traceback__
    while step is not None:
        if "__jinja_exception__" in step.tb_frame.f_globals:
            path = str(step.tb_frame.f_globals.get("__file__", ""))
            found = "/".join(re.split(r"[/\\]", path)[-2:]), step.tb_lineno
        step = step.tb_next
    return found


def paragraph_lines(source: str) -> str:
    """Return the source of a Word part with one paragraph on each line."""
    return _PARAGRAPH.sub("</w:p>\n", source.replace("\n", " "))


def paragraph_at(source: str, line: int) -> str:
    """Return the beginning of the paragraph that stands on a line."""
    lines = source.split("\n")[line - 1 : line] or [""]
    return plain(lines[0])[:_LONGEST]


def words_before(text: str, position: tuple[int, int]) -> str:
    """Return the last words of a text before a line and column."""
    line, column = position
    lines = text.split("\n")[:line]
    return plain("\n".join((*lines[:-1], lines[-1][:column] if lines else "")))[-_LONGEST:]


def plain(text: str) -> str:
    """Return the words of a part of a Word file, without what marks it up."""
    return " ".join(_TAG.sub(" ", text).split())
