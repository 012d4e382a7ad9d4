"""Compile the message catalogues when the package is built or installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCALE = Path(__file__).parent / "src" / "cmswp_xl" / "locale"


def compile_catalogues(folder: Path = LOCALE) -> None:
    """Write a `.mo` beside every `.po`."""
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as po:
            catalogue = read_po(po)
        with source.with_suffix(".mo").open("wb") as mo:
            write_mo(mo, catalogue)


class CatalogueHook(BuildHookInterface[Any]):
    """Runs before every build, editable ones too."""

    def initialize(self, _version: str, _build_data: dict[str, Any]) -> None:
        """Compile the catalogues; hatchling calls this."""
        compile_catalogues()


if __name__ == "__main__":
    compile_catalogues()
