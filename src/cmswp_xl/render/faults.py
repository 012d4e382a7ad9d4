"""What is wrong with a template, told with its file and its place, whatever it makes happen."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, TypeVar

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

from cmswp_xl.confined import MEGABYTES, SECONDS, Exceeded, confined
from cmswp_xl.errors import BrokenResource, CmswpError, UnreadableWorkbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

_PARAGRAPH = re.compile(r"</w:p>")
_TAG = re.compile(r"<[^>]*>?")
_LONGEST = 60


def in_confinement(file: str, work: Callable[..., T], *arguments: object) -> T:
    """
    Return what work on a template of staff returns, done in a process of its own.

    Raises `BrokenResource` where it takes too long or too much memory.
    """
    try:
        return confined(work, *arguments)
    except Exceeded as error:
        reason = f"template-{error.limit}"
        raise BrokenResource(reason, name=file, seconds=SECONDS, limit=MEGABYTES) from error


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
