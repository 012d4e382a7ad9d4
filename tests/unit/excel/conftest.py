"""Open books by both ways: as desktop Excel gives them, and as a server is sent them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from desktop_books import DesktopBook
from openpyxl import load_workbook
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from sheets import workbook

from cmswp_xl.languages import Language, Words

EXAMPLE = Path(__file__).parents[3] / "workbook" / "example.xlsx"


@dataclass
class Excel:
    """What a test does with an open book: run a macro on it, and look at what came out."""

    remote: bool
    folder: Path
    locked: set = field(default_factory=set)

    def open(self, path, selection=("A1", 0)):
        if self.remote:
            from remote_books import open_book

            return open_book(path, *selection)
        book = DesktopBook(path, selection)
        book.locked = self.locked
        return book

    def run(self, path, macro, selection=("A1", 0)):
        """Give what a macro tells, the book afterwards, and what Excel was asked to do."""
        book = self.open(path, selection)
        told = macro(book)
        target = self.folder / f"after-{path.name}"
        if self.remote:
            from remote_books import carried_out

            return told, *carried_out(path, book, target)
        book.copy.save(target)
        return told, load_workbook(target), book.told


@pytest.fixture(params=["desktop", pytest.param("server", marks=pytest.mark.noncommercial)])
def excel(request, tmp_path):
    return Excel(request.param == "server", tmp_path)


@pytest.fixture
def desktop(tmp_path):
    return Excel(remote=False, folder=tmp_path)


@pytest.fixture
def say():
    return Words(Language.EN)


@pytest.fixture
def example():
    return EXAMPLE


FAULTY = """
## Activities
| id     | number | area | mandates | title        |
| ICC-01 | '1.1   | ICC  | Res. 1   | Train people |
| ICC-02 | '1.2   | ICC  |          | Meet people  |

## Costs
| activity | year | amount |
| ICC-01   | 2024 | twelve |
| ICC-01   | 1900 | 100    |

## Funding
| activity | year | source | stage    | amount |
| ICC-02   | 2024 | CORE   | received | 40     |
"""


@pytest.fixture
def faulty(book):
    """Two faulty cells, C2 and B3 of Costs, on one of which lie formats of the user's own."""
    path = book(FAULTY)
    opened = load_workbook(path)
    costs = opened["Costs"]
    costs["C2"].fill = PatternFill("solid", fgColor="FF00FF00")
    own = CellIsRule(
        operator="equal", formula=["1"], fill=PatternFill("solid", bgColor="FF0000FF")
    )
    costs.conditional_formatting.add("C2", own)
    opened.save(path)
    return path


@pytest.fixture
def book(tmp_path):
    """Give a function that writes a workbook of small markdown tables and gives its path."""

    def write(text):
        path = tmp_path / "book.xlsx"
        path.write_bytes(workbook(text).xlsx())
        return path

    return write
