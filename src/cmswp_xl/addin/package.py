"""The add-in as it ships with the program, and the version of xlwings it is made for."""

from __future__ import annotations

from cmswp_xl.errors import BrokenResource
from cmswp_xl.resources import CHECKOUT, PACKAGE

NAME = "cmswp.xlam"
XLWINGS = "0.37.8"
"""The add-in holds the macros of this version, which start the libraries of the same version."""


def packaged_addin() -> bytes:
    """
    Give the add-in: from the installed package, or from `workbook/` in a checkout.

    Raises `BrokenResource` where it is in neither.
    """
    for path in (PACKAGE / "workbook" / NAME, CHECKOUT / "workbook" / NAME):
        if path.is_file():
            try:
                return path.read_bytes()
            except OSError as error:
                raise BrokenResource("resource-missing", name=NAME) from error
    raise BrokenResource("resource-missing", name=NAME)
