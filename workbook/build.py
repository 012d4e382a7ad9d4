"""Write the two workbooks that ship again, from the content that the package brings."""

from __future__ import annotations

from pathlib import Path

from cmswp_xl.languages import Language
from cmswp_xl.pipeline import workbook_of
from cmswp_xl.samples import read_sample
from cmswp_xl.storage import write_file

NAMES = ("programme-of-work", "example")


def main() -> None:
    """Write each workbook beside this file."""
    for name in NAMES:
        write_file(Path(__file__).parent / f"{name}.xlsx", built(name))


def built(name: str) -> bytes:
    """Return the bytes of a workbook that ships; the same every time."""
    return workbook_of(read_sample(name), Language.EN)


if __name__ == "__main__":
    main()
