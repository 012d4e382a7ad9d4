"""
The users of a server without Microsoft Entra ID: a file of names, hashes of tokens, and roles.

The tokens themselves are nowhere on the server. A changed file counts at once; one that cannot
be read or understood any more lets nobody in.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.errors import CmswpError, Misuse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_LOG = logging.getLogger(__name__)
_LINE = re.compile(
    r"(?P<name>[\w.@-]{1,64})\s+(?P<sha256>[0-9a-fA-F]{64})(?:\s+(?P<roles>[\w.,@-]{1,200}))?"
)
_SCHEME = "bearer "


@dataclass(frozen=True, slots=True)
class Person:
    """A user: the name, the SHA-256 of the token in hexadecimal digits, and the roles."""

    name: str
    sha256: str
    roles: tuple[str, ...] = ()


class TokenFile:
    """The users of a file, read again whenever it has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, ...] | None = None
        self._people: tuple[Person, ...] = ()

    def person(self, header: str) -> Person | None:
        """Give the user whose token an `Authorization` header holds, as `Bearer TOKEN`."""
        if not header.casefold().startswith(_SCHEME):
            return None
        token = header[len(_SCHEME) :].strip()
        sha256 = hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
        matching = [p for p in self._current() if secrets.compare_digest(p.sha256, sha256)]
        return matching[0] if token and matching else None

    def _current(self) -> tuple[Person, ...]:
        try:
            status = self._path.stat()
            seen = (status.st_mtime_ns, status.st_size, status.st_ino, status.st_mode)
            if seen != self._seen:
                self._seen, self._people = seen, ()
                self._people = read_tokens(self._path)
        except (OSError, CmswpError) as error:
            _LOG.error("The file of tokens lets nobody in: %s", type(error).__name__)
            self._people = ()
        return self._people


def read_tokens(path: Path) -> tuple[Person, ...]:
    """
    Read the users of a file of tokens.

    Raises `Misuse` where the file cannot be read, is open to everybody, or is malformed.
    """
    try:
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        detail = getattr(error, "strerror", None) or "UTF-8"
        raise Misuse("server-file-missing", path=str(path), detail=detail) from error
    if os.name == "posix" and mode & stat.S_IRWXO:
        raise Misuse("tokens-exposed", path=str(path))
    people = tuple(_people(text, path))
    if not people:
        raise Misuse("tokens-none", path=str(path))
    return people


def _people(text: str, path: Path) -> Iterator[Person]:
    found: list[Person] = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise Misuse("tokens-malformed", path=str(path), line=number)
        roles = tuple(filter(None, (match["roles"] or "").split(",")))
        person = Person(match["name"], match["sha256"].casefold(), roles)
        if _repeats(person, found):
            raise Misuse("tokens-twice", path=str(path), line=number)
        found.append(person)
        yield person


def _repeats(person: Person, others: Sequence[Person]) -> bool:
    return any(person.name == other.name or person.sha256 == other.sha256 for other in others)
