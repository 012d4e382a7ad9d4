"""The provider `tokens`: users by a file that the environment names."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import HTTPException
from xlwings_server.models import User

from cmswp_xl.server.posture import TOKENS
from cmswp_xl.server.tokens import TokenFile

_FILE = TokenFile(Path(os.environ[TOKENS]))


async def validate_token(token_string: str) -> User:
    """Give the user of an `Authorization` header; nothing is kept from one request to the next."""
    person = _FILE.person(token_string)
    if person is None:
        raise HTTPException(401, "The access token was not accepted.")
    return User(id=person.name, name=person.name, roles=list(person.roles))
