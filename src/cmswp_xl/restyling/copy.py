"""Copying the templates that ship, for staff to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.errors import UnwritableOutput
from cmswp_xl.resources import template_folder
from cmswp_xl.storage import write_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def copy_templates(folder: Path, names: Iterable[str]) -> list[Path]:
    """
    Copy the templates of the documents named, and the parts that they share, to a folder.

    Gives the files written. Raises `UnwritableOutput` where a file is there already, before
    anything is written.
    """
    shipped = template_folder()
    wanted = [
        path
        for name in (*names, "base")
        for path in sorted((shipped / name).rglob("*"))
        if path.is_file()
    ]
    targets = {path: folder / path.relative_to(shipped) for path in wanted}
    for target in targets.values():
        if target.exists():
            raise UnwritableOutput("output-exists", path=str(target))
    for path, target in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        write_file(target, path.read_bytes(), replace=False)
    return list(targets.values())
