"""Finding a figure by what somebody typed: its path, the figures below it, or the nearest ones."""

from __future__ import annotations

from difflib import SequenceMatcher, get_close_matches
from typing import TYPE_CHECKING

from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cmswp_xl.printed import Path

NEAREST = 4


def written(document: str, path: Path = ()) -> str:
    """Write a figure as it is asked for, such as annex/activity/ICC-01/cost."""
    return "/".join((document, *(part.replace("%", "%25").replace("/", "%2F") for part in path)))


def read(text: str) -> list[str]:
    """Read a figure as typed into its parts, in the form in which they are compared."""
    parts = (
        part.replace("%2F", "/").replace("%2f", "/").replace("%25", "%")
        for part in text.strip().strip("/").split("/")
    )
    return [_plain(part) for part in parts if part.strip()]


def below(parts: Sequence[str], paths: Iterable[Path]) -> list[Path]:
    """Give the figures whose path begins with the parts that were read; itself first."""
    count = len(parts)
    found = [path for path in paths if [_plain(part) for part in path[:count]] == list(parts)]
    return sorted(found, key=lambda path: len(path) != count)


def nearest(text: str, choices: Iterable[str]) -> list[str]:
    """Give the choices that are nearest to what was typed, best first."""
    plain = {_plain(choice): choice for choice in choices}
    wanted = _plain(text)
    close = get_close_matches(wanted, plain, NEAREST, 0.6)
    ends = [key for key in plain if key.endswith(f"/{wanted}")]
    found = list(dict.fromkeys([*ends[:NEAREST], *close]))[:NEAREST]
    if not found:
        found = sorted(plain, key=lambda key: -SequenceMatcher(None, wanted, key).quick_ratio())
    return [plain[key] for key in found[:NEAREST]]


def _plain(text: str) -> str:
    """Fold what is typed differently for the same: case, spaces, hyphens and underscores."""
    return comparable(text).replace("_", "-")
