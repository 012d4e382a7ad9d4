"""
The settings file that the add-in's macros read: one `"KEY","value"` to a line.

Only the lines asked for are changed; all others keep every byte. The macros take the first line
with a key, whatever its case.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cmswp_xl.errors import CmswpError

if TYPE_CHECKING:
    from collections.abc import Mapping

_LINE = re.compile(rb'[ \t]*"?(?P<key>[^",\r\n]*?)"?[ \t]*,[ \t]*"?(?P<value>[^"\r\n]*)"?\s*\Z')
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_MARK = b"\xef\xbb\xbf"


def refuse_wide(data: bytes, path: object) -> None:
    """Raise `CmswpError` where the file is in an encoding that the macros cannot read."""
    if data.startswith(_WIDE) or b"\x00" in data:
        raise CmswpError("conf-not-plain", path=str(path))


def read_conf(data: bytes, encoding: str) -> dict[str, str]:
    """Give the settings in a file by key in capitals; the first of a key counts."""
    found: dict[str, str] = {}
    for line in _lines(data):
        match = _match(line)
        if match:
            found.setdefault(_key(match), match["value"].decode(encoding, "replace"))
    return found


def line_of(data: bytes, key: str) -> str | None:
    """Give the line of a key as it stands, each byte as one character, or None."""
    place = _find(_lines(data), key)
    return None if place is None else _lines(data)[place].decode("latin-1")


def with_values(data: bytes, values: Mapping[str, str], encoding: str, newline: str) -> bytes:
    """
    Give the file with each key set to its value.

    Raises `UnicodeEncodeError` for a value with letters that the encoding lacks.
    """
    lines = _lines(data)
    end = b"\r\n" if b"\r\n" in data else b"\n" if lines else newline.encode()
    for key, value in values.items():
        line = f'"{key}","{value}"'.encode(encoding) + end
        place = _find(lines, key)
        if place is None:
            if lines and not lines[-1].endswith((b"\n", b"\r")):
                lines[-1] += end
            lines.append(line)
        elif _same(lines[place], value, encoding):
            continue
        else:
            lines[place] = line
    return b"".join(lines)


def with_line(data: bytes, key: str, line: str | None) -> bytes:
    """Give the file with the line of a key put back as it was, or left out."""
    lines = _lines(data)
    place = _find(lines, key)
    if place is not None:
        lines[place] = (line or "").encode("latin-1")
    return b"".join(lines)


def _lines(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


def _match(line: bytes) -> re.Match[bytes] | None:
    return _LINE.match(line.removeprefix(_MARK))


def _key(match: re.Match[bytes]) -> str:
    return match["key"].decode("latin-1").strip().upper()


def _find(lines: list[bytes], key: str) -> int | None:
    matches = ((place, _match(line)) for place, line in enumerate(lines))
    return next((place for place, match in matches if match and _key(match) == key), None)


def _same(line: bytes, value: str, encoding: str) -> bool:
    match = _match(line)
    return match is not None and match["value"] == value.encode(encoding)
