"""
Who may use the server: users by a file of tokens, or those of Microsoft Entra ID.

The file holds names, hashes of tokens, and roles; the tokens themselves are nowhere on the server.
A changed file counts at once; one that cannot be read or understood any more lets nobody in.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cmswp_xl.errors import CmswpError, Misuse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.types import ASGIApp

    from cmswp_xl.server.middleware import Identify

_LOG = logging.getLogger(__name__)
_LINE = re.compile(
    r"(?P<name>[\w.@-]{1,64})\s+(?P<sha256>[0-9a-fA-F]{64})(?:\s+(?P<roles>[\w.,@-]{1,200}))?"
)
_SCHEME = "bearer "
_KNOWN_TOKENS = ("test-token", "Bearer", "")
_UNAUTHORISED = 401


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
        """Return the user whose token an `Authorization` header holds, as `Bearer TOKEN`."""
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

    Raise `Misuse` where the file cannot be read, is open to everybody, or is malformed.
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
    people: list[Person] = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise Misuse("tokens-malformed", path=str(path), line=number)
        roles = tuple(filter(None, (match["roles"] or "").split(",")))
        person = Person(match["name"], match["sha256"].casefold(), roles)
        if any(person.name == each.name or person.sha256 == each.sha256 for each in people):
            raise Misuse("tokens-twice", path=str(path), line=number)
        people.append(person)
    if not people:
        raise Misuse("tokens-none", path=str(path))
    return tuple(people)


def authentication(path: Path) -> Callable[[str], Any]:
    """Return what stands in for xlwings-server's own authentication: users by a file."""
    from fastapi import Header, HTTPException
    from xlwings_server.models import User

    file = TokenFile(path)

    async def authenticate(authorization: str = Header("")) -> Any:
        person = file.person(authorization)
        if person is None:
            raise HTTPException(_UNAUTHORISED, "The access token was not accepted.")
        return User(id=person.name, name=person.name, roles=list(person.roles))

    return authenticate


def identification(authenticate: Callable[[str], Any]) -> Identify:
    """Return the function that asks who holds a token, and whether they have the roles."""
    from fastapi import HTTPException
    from xlwings_server.config import settings

    from cmswp_xl.server.middleware import Refusal

    async def identify(token: str) -> str:
        if not settings.auth_providers:
            return "anyone"
        try:
            user = await authenticate(token)
        except HTTPException as error:
            raise Refusal("no-token") from error
        if not await user.has_required_roles(settings.auth_required_roles):
            raise Refusal("no-role")
        return str(user.email or user.id or user.name or "-")

    return identify


async def check_known_tokens(app: ASGIApp, path: str, *, own: bool) -> None:
    """
    Try the tokens that everybody knows at a path; raise `Misuse` where one of them opens.

    xlwings-server brings a provider that takes one of them. A file of our `own` is asked in its
    own way too; Microsoft's provider would be asked over the network.
    """
    from httpx import ASGITransport, AsyncClient

    call = {"func_name": "", "args": []}
    async with AsyncClient(transport=ASGITransport(app), base_url="https://localhost") as client:
        for token in (*_KNOWN_TOKENS, *(["Bearer test-token"] if own else [])):
            answer = await client.post(path, json=call, headers={"authorization": token})
            if answer.status_code != _UNAUTHORISED:
                raise Misuse("server-open")
