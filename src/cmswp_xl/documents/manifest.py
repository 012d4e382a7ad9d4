"""The manifest of what was built: from which content, by which program, and the hash of each."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from typing import TYPE_CHECKING

from cmswp_xl import __version__
from cmswp_xl.documents.build import PDF
from cmswp_xl.office import office_version, pages
from cmswp_xl.render.templates import folders, template_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cmswp_xl.documents.build import Built, Request
    from cmswp_xl.model import Settings

NAME = "manifest.json"

_MAKERS = ("babel", "docxtpl", "jinja2", "lxml", "matplotlib")
"""The libraries on which the bytes of documents depend."""


def manifest(
    workbook: str, sha256: str | None, settings: Settings, result: Built, **more: object
) -> bytes:
    """Return the manifest: what the files were made from, the hash of each, what was left out."""
    files = result.files
    content = {
        "workbook": workbook,
        "sha256": sha256,
        "content": result.request.mark,
        "status": settings.status,
        "as_at": settings.as_at.isoformat() if settings.as_at else None,
        "files": [
            {"name": name, "sha256": hash_of(data), "pages": _pages(name, files)}
            for name, data in sorted(files.items())
        ],
        "left_out": [one.recorded() for one in result.left_out],
        "options": result.request.options(),
        "versions": versions(result.request),
        "templates": template_hashes(result.request.templates),
        **more,
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def hash_of(data: bytes) -> str:
    """Return the hash of a file."""
    return hashlib.sha256(data).hexdigest()


def versions(request: Request) -> dict[str, str]:
    """Return the versions of all that the bytes of a request depend on."""
    found = {"cmswp": __version__, **{name: version(name) for name in _MAKERS}}
    if PDF in request.formats and request.office is not None:
        found["libreoffice"] = office_version(request.office)
    return found


def template_hashes(own: Path | None) -> dict[str, str]:
    """Return the hashes of the templates in use, those of staff before those that ship."""
    names = {
        path.relative_to(folder).as_posix()
        for folder in folders(own)
        for path in folder.rglob("*")
        if path.is_file() and path.parent != folder
    }
    return {name: hash_of(template_file(name, own).read_bytes()) for name in sorted(names)}


def _pages(name: str, files: Mapping[str, bytes]) -> int | None:
    """Count the pages of a PDF file, or of the Word file that it was made from; else None."""
    stem, _, form = name.rpartition(".")
    found = files.get(f"{stem}.{PDF}") if form in (PDF, "docx") else None
    return None if found is None else pages(found)
