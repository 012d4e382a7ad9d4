"""What `cmswp serve` was asked for."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MEGABYTE = 1_000_000
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Options:
    """
    The options of the command.

    `hostname` is the public name by which Excel reaches the server; `max_body` is in megabytes,
    `max_cells` counts the cells of one request.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    local: bool = False
    hostname: str | None = None
    origins: tuple[str, ...] = ()
    tokens: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    max_body: int = 10
    max_cells: int = 1_000_000

    @property
    def public_name(self) -> str:
        """The name in the manifest, with its port where that is not the usual one."""
        return self.hostname or f"localhost:{self.port}"

    @property
    def secure(self) -> bool:
        """Tell whether the server itself speaks TLS."""
        return self.certificate is not None

    @property
    def loopback(self) -> bool:
        """Tell whether only programs of this computer can reach the host to listen on."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Tell whether a host, by name or address, is this computer."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"
