"""Copying the templates that ship, for staff to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.resources import template_folder
from cmswp_xl.storage import sweep, write_files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def copy_templates(folder: Path, names: Iterable[str]) -> list[Path]:
    """
    Copy the templates of the documents named, and the parts that they share, to a folder.

    Return the files written. What an interrupted copying put there already is kept. Raises
    `UnwritableOutput` where another file is there, before anything is written.
    """
    shipped = template_folder()
    wanted = {
        path.relative_to(shipped).as_posix(): path.read_bytes()
        for name in (*names, "base")
        for path in sorted((shipped / name).rglob("*"))
        if path.is_file()
    }
    for each in {(folder / name).parent for name in wanted}:
        sweep(each)
    missing = {name: data for name, data in wanted.items() if not _copied(folder / name, data)}
    return write_files(folder, missing or wanted, replace=False)


def _copied(target: Path, data: bytes) -> bool:
    try:
        return not target.is_symlink() and target.read_bytes() == data
    except OSError:
        return False
