"""
How long "Validate" takes on the open example, beside the command's own check of the file.

Both run in turn in one warm process: the button's macro on a book of xlwings' remote engine, with
all that it writes into the book, and what `cmswp validate` does once Python has started.

    .venv/bin/python benchmarks/open_book.py workbook/example.xlsx
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

os.environ.setdefault("XLWINGS_LICENSE_KEY", "noncommercial")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

PAIRS = 15
TARGET = 1.5


def main(path: Path) -> None:
    from remote_books import open_book

    from cmswp_xl.excel import macros
    from cmswp_xl.languages import Language, Words
    from cmswp_xl.listings.issues import issues_text
    from cmswp_xl.pipeline import check_workbook, report_of

    say = Words(Language.EN)

    def command() -> None:
        issues_text([report_of(check_workbook(path))], say, colour=False, width=100)

    books = [open_book(path) for _ in range(PAIRS + 1)]

    def button() -> None:
        book = books.pop()
        macros.validate(book, say)
        book.json()

    button(), command()
    pairs = [(timed(button), timed(command)) for _ in range(PAIRS)]
    ratio = statistics.median(ours / other for ours, other in pairs)
    ours, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    verdict = "met" if ratio <= TARGET else "NOT MET"
    print(
        f"Validate on the open {path.name}, warm: {ours:.3f} s, the command's check {other:.3f} s,"
        f" ratio {ratio:.2f} (target {TARGET:g}: {verdict})"
    )


def timed(action: Callable[[], None]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


if __name__ == "__main__":
    main(Path(sys.argv[1]))
