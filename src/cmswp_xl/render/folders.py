"""Where templates are looked for: in a folder that staff changed, then among those that ship."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.resources import template_folder

if TYPE_CHECKING:
    from pathlib import Path


def folders(own: Path | None) -> tuple[Path, ...]:
    """Give the folders of templates, the one to look into first before the others."""
    return (template_folder(),) if own is None else (own, template_folder())


def template_file(name: str, own: Path | None) -> Path:
    """Give the file of a template; where none is there, the one that should have shipped."""
    found = [folder / name for folder in folders(own) if (folder / name).is_file()]
    return found[0] if found else template_folder() / name
