"""`cmswp serve`: the programme in Excel for those who cannot install anything."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cmswp_xl.cli.outcome import language_option, told
from cmswp_xl.languages import Words

if TYPE_CHECKING:
    from cmswp_xl.languages import Language

_FILE = click.Path(path_type=Path)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(1, 65_535), default=8000, show_default=True, help="Port."
)
@click.option("--local", is_flag=True, help="Serve this computer only, without signing in.")
@click.option("--hostname", metavar="NAME", help="Public name, as Excel reaches the server.")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="URL",
    help="Other origin that may ask; exact, may be repeated.",
)
@click.option("--tokens", type=_FILE, help="File of users and the hashes of their tokens.")
@click.option("--certificate", type=_FILE, help="TLS certificate (PEM).")
@click.option("--key", type=_FILE, help="Key of the certificate (PEM).")
@click.option(
    "--max-body",
    type=click.IntRange(1, 100),
    default=10,
    show_default=True,
    metavar="MB",
    help="Largest request, in megabytes.",
)
@click.option(
    "--max-cells",
    type=click.IntRange(1, 10_000_000),
    default=1_000_000,
    show_default=True,
    metavar="N",
    help="Most cells in one request.",
)
@language_option
def serve(  # noqa: PLR0913  one parameter for each option
    host: str,
    port: int,
    *,
    local: bool,
    hostname: str | None,
    origins: tuple[str, ...],
    tokens: Path | None,
    certificate: Path | None,
    key: Path | None,
    max_body: int,
    max_cells: int,
    language: Language,
) -> None:
    """
    Serve the add-in for Excel from this computer, with nothing installed where Excel runs.

    It runs on xlwings-server, which is under the PolyForm Noncommercial licence and needs a key
    in XLWINGS_LICENSE_KEY.

    Example: cmswp serve --tokens tokens.txt --hostname cmswp.example.org
    """
    with told(language):
        from cmswp_xl.server.launch import serve as start
        from cmswp_xl.server.settings import Options

        options = Options(
            host=host,
            port=port,
            local=local,
            hostname=hostname,
            origins=origins,
            tokens=tokens,
            certificate=certificate,
            key=key,
            max_body=max_body,
            max_cells=max_cells,
        )
        gc.enable()  # a server runs for long, unlike the other commands
        start(options, os.environ, Words(language), lambda text: click.echo(text, err=True))
