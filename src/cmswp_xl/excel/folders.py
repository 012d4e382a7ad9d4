"""Where the documents of an open book go: beside it, or in the folder that was configured."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

from cmswp_xl.errors import UnwritableOutput

if TYPE_CHECKING:
    from collections.abc import Callable

    import xlwings as xw

    Locate = Callable[[str], str]


def documents_folder(book: xw.Book, configured: Path | None, locate: Locate | None = None) -> Path:
    """
    Give the folder for the documents of a book: one of its name, so that books stay apart.

    It lies in the configured folder, or beside the book. `locate` turns the web address under
    which Excel knows a book of OneDrive or SharePoint into the path of its local copy. Raises
    `UnwritableOutput` where the book was never saved, or has no local copy.
    """
    name = str(book.fullname)
    if configured is not None:
        return configured / _stem(book.name)
    if _is_web_address(name):
        name = _local(name, book.name, locate or _local_copy)
    path = Path(name)
    if path.parent == Path() and not path.is_absolute():
        raise UnwritableOutput("book-not-saved", workbook=book.name)
    return path.parent / _stem(book.name)


def _is_web_address(name: str) -> bool:
    return name.lower().startswith(("https://", "http://"))


def _stem(name: str) -> str:
    return PureWindowsPath(name).stem.strip(" .") or "workbook"


def _local(address: str, workbook: str, locate: Locate) -> str:
    try:
        return locate(address)
    except Exception as error:  # xlwings' search for a local copy fails in many ways
        raise UnwritableOutput("no-local-copy", workbook=workbook) from error


def _local_copy(address: str) -> str:
    """Ask xlwings, which knows how OneDrive and SharePoint lay their folders out."""
    from xlwings.utils import fullname_url_to_local_path

    return str(fullname_url_to_local_path(address))
