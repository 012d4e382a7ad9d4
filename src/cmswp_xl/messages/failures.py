"""Why the program could not go on, in words, from `failures.yaml` and `serving.yaml`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from cmswp_xl.errors import CmswpError
from cmswp_xl.languages import N_, REASONS, Words
from cmswp_xl.messages.labels import KINDS
from cmswp_xl.messages.values import MOST, display_text, path_text, quoted
from cmswp_xl.resources import texts

ERRORS: Mapping[str, Sequence[str]] = {**texts("failures"), **texts("serving")["failures"]}
"""The lines by reason, three at most."""

NOTICES: Mapping[str, str] = texts("serving")["notices"]
"""What those who run the server are told when it starts."""

UNKNOWN = (
    N_("The command could not be carried out ({reason})."),
    N_("Open the workbook in Excel and save a copy, then use the copy."),
)
_OPTIONS = {"too-large": "--max-size", "too-many-cells": "--max-cells"}
_NAMES = frozenset({"file", "path", "workbook", "name"})
_OF_THE_WORKBOOK = frozenset(
    {"unknown-scenario", "unknown-area", "unknown-donor", "scenario-needed"}
)
"""The reasons with a list of what a workbook has, which may be long; others list choices."""
_DETAIL = 160


def worded_error(error: CmswpError, say: Words) -> str:
    """Return in three lines at most why the program could not go on, and what to do."""
    places = defaultdict(lambda: "?")  # a place without a value does not fail the message
    places["language"] = _languages(error.values.get("languages", ()), say)
    most = MOST if error.reason in _OF_THE_WORKBOOK else None
    places |= {name: _place(name, value, say, most) for name, value in error.values.items()}
    places["reason"] = display_text(error.reason)
    path = places.get("workbook", "")
    places["command"] = f'"{path}"' if " " in path else path  # as it is typed in a command
    places["option"] = _OPTIONS.get(error.reason, "")
    lines = ERRORS.get(error.reason, UNKNOWN)
    return "\n".join(say(line).format_map(places) for line in lines)


def _languages(value: object, say: Words) -> str:
    given = value if isinstance(value, (list, tuple)) else [value]
    names = KINDS["language"]
    return say.listed([say(names.get(str(word), display_text(str(word)))) for word in given])


def _place(name: str, value: object, say: Words, most: int | None) -> str:
    if name == "language":
        return _languages(value, say)
    if isinstance(value, (list, tuple)):
        return quoted([str(entry) for entry in value], say, most)
    if isinstance(value, int):
        return str(value)
    text = str(value).strip().rstrip(".") if name == "detail" else str(value)
    if name == "detail" and text in REASONS.values():
        return say(text)
    return path_text(text) if name in _NAMES else display_text(text, _DETAIL)
