"""Why a request is not served: a status and a reason, never anything of the request itself."""

from __future__ import annotations

import json
from types import MappingProxyType

REASONS = MappingProxyType(
    {
        "unknown-host": (400, "This server does not answer by that name."),
        "not-here": (404, "There is nothing here."),
        "not-so": (405, "This method is not served here."),
        "no-token": (401, "The access token was not accepted."),
        "no-role": (403, "You may not use this server."),
        "foreign": (403, "Other web pages may not use this server."),
        "not-json": (415, "Only JSON is taken."),
        "not-understood": (400, "The request is not well-formed."),
        "too-many-cells": (400, "The request has too many cells."),
        "too-many-sheets": (400, "The request has too many sheets."),
        "claims-more": (400, "The request claims more cells than it sends."),
        "too-large": (413, "The request is too large."),
        "too-slow": (408, "The request took too long to arrive."),
        "too-many": (429, "Too many requests; wait a minute."),
        "stopping": (503, "The server is being stopped."),
        "failed": (500, "Something went wrong on the server."),
    }
)
"""
Status and text by reason. The texts are for programs and logs; the task pane words the reasons in
the user's language.
"""


class Refusal(Exception):
    """A request is not served, for one of the reasons."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def status(self) -> int:
        """The HTTP status."""
        return REASONS[self.reason][0]

    @property
    def body(self) -> bytes:
        """The answer, as JSON."""
        return json.dumps({"reason": self.reason, "detail": REASONS[self.reason][1]}).encode()
