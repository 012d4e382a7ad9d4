"""A person who follows only the messages corrects each fault and is never sent to a sound cell."""

from __future__ import annotations

import re
from itertools import count

import openpyxl
import pytest
from programs import cmswp

from cmswp_xl.cells import boundaries, column_letters, position
from cmswp_xl.languages import Language
from cmswp_xl.schema import load_schemas

PLANTED = {
    ("costs", "D6"): "22\u202f200,00",
    ("costs", "B7"): 2029,
    ("costs", "A8"): "EDM-99",
    ("costs", "D9"): 9600.123,
    ("costs", "C10"): "voyage",
    ("costs", "D10"): 23401,
    ("costs", "G11"): "exclu",
    ("costs", "D12"): None,
    ("costs", "D13"): -14000,
    ("funding", "C6"): "XX",
    ("funding", "D7"): "paid",
    ("funding", "E8"): "=32400+800",
    ("activities", "B7"): "1.1",
    ("activities", "A9"): "EDM-03",
    ("activities", "K10"): "ZZZ",
    ("activities", "B11"): 1.1,
    ("activities", "C12"): None,
    ("weights", "B6"): 26,
    ("allocations", "E6"): 130,
    ("programme", "period_start"): "2024-2026",
    ("programme", "currency"): "Euro",
    ("steps", "A8"): 33,
    ("requests", "K6"): 6,
}
"""The faults of a workbook that somebody filled in by hand, by table and cell or setting."""

OTHERS = {
    ("activities", "A7"): "EDM-2",
    ("activities", "A12"): "Cabinet",
    ("programme", "period_end"): 2012,
    ("steps", "A7"): 3,
    ("steps", "A11"): 70,
    ("steps", "B6"): "4.01",
    ("sources", "A6"): None,
    ("donors", "A6"): "Gov A",
    ("posts", "A6"): "POST-91",
    ("recommendations", "A8"): 2.1,
    ("weights", "B7"): 120,
    ("progress", "C6"): "on going",
    ("texts", "C6"): "sumary",
}
"""Others of their kinds, with codes changed in their own tables."""


class Person:
    """Somebody with the workbook before them who knows what belongs in a cell they are sent to."""

    def __init__(self, example, language, planted, path):
        self.path, self.language = path, language
        self.sound, self.book = (openpyxl.load_workbook(example) for _ in range(2))
        for (table, cell), value in planted.items():
            sheet = self.book[load_schemas()[table].titles[language]]
            sheet[self.address(table, cell, sheet)] = value
        self.corrected = []

    def address(self, table, cell, sheet):
        """Give the cell of a setting of the form; of another table, the cell itself."""
        if table != "programme":
            return cell
        title = load_schemas()[table].field(cell).titles[self.language]
        return next(f"B{row}" for row in range(1, 60) if sheet.cell(row, 1).value == title)

    def check(self):
        self.book.save(self.path)
        return cmswp("validate", self.path, "--format", "json").json["issues"]

    def corrects(self, issue):
        """Put right the first faulty cell that an issue names; tell whether there was one."""
        for name in named(issue, self.book[issue["sheet"]].max_row):
            now, right = (book[issue["sheet"]][name] for book in (self.book, self.sound))
            if now.value != right.value:
                self.hinted(issue, right.value)
                now.value = right.value
                self.corrected.append((issue["sheet"], name))
                return True
        return False

    def hinted(self, issue, right):
        """Fail where the remedy proposes anything else than what belongs there."""
        for pattern in (r"Choose “([^”]+)”", r"Enter “([^”]+)”", r"none of them has “([^”]+)”"):
            for proposed in re.findall(pattern, issue["remedy"]):
                assert proposed == right, issue
        for sheet in re.findall(r"sheet “([^”]+)”", issue["message"] + issue["remedy"]):
            assert sheet in self.book.sheetnames, issue


def named(issue, last):
    """Give the cells that an issue names: its own, and those in its message or remedy."""
    _, column = position(issue["cell"])
    yield issue["cell"]
    for text in re.findall(r"\b[A-Z]{1,2}\d+(?::[A-Z]{1,2}\d+)?\b", issue["message"]):
        top, left, bottom, right = boundaries(text)
        yield from (
            f"{column_letters(c)}{r}" for r in range(top, bottom + 1) for c in (left, right)
        )
    for rows in re.findall(r"rows? ?:? (\d+(?:(?:, | and )\d+)*)", issue["message"]):
        yield from (f"{column_letters(column)}{row}" for row in re.findall(r"\d+", rows))
    if "weights in the sheet" in issue["remedy"]:
        yield from (f"{column_letters(column)}{row}" for row in range(1, last))


@pytest.mark.parametrize(
    ("language", "planted"),
    [(Language.EN, PLANTED), (Language.FR, OTHERS)],
    ids=["planted", "others of their kinds"],
)
def test_person_who_follows_the_messages__corrects_each_fault_once(language, planted, tmp_path):
    example = tmp_path / "example.xlsx"
    assert cmswp("new", example, "--example", "--lang", language).code == 0
    person = Person(example, language, planted, tmp_path / "faulty.xlsx")

    for _ in count():
        errors = [issue for issue in person.check() if issue["severity"] == "error"]
        if not errors:
            break
        assert person.corrects(errors[0]), f"sent to sound cells: {errors[0]}"
        firsts = {issue["sheet"]: issue for issue in reversed(errors[1:])}
        for issue in firsts.values():
            person.corrects(issue)  # one that what was just corrected had caused is gone then

    assert len(person.corrected) == len(set(person.corrected)) == len(planted)
    assert person.check() == Person(example, language, {}, tmp_path / "faulty.xlsx").check()
