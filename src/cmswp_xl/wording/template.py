"""The shape of a wording: what is wrong, the same for many cells, and what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Worded:
    """An issue in words: the message names the rule and the value, the remedy what to do."""

    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Template:
    """
    The English source texts of one kind of issue, with named places.

    `several` speaks of `{count}` cells at once; it only has places that are the same for all of
    them. An empty remedy means that nothing needs doing.
    """

    message: str
    several: str
    remedy: str
