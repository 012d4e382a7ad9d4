"""What the program itself writes around the tables, told apart from what people wrote there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cmswp_xl.languages import Language, Words
from cmswp_xl.make import CARRIED_HEADERS, CarriedCell, make_workbook
from cmswp_xl.make.page import CARRIED, OWN
from cmswp_xl.schema import load_schemas
from cmswp_xl.tables import comparable
from cmswp_xl.validate.typed import shown_value
from cmswp_xl.xlsx import read_inventory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cmswp_xl.cells import Raw


@dataclass(frozen=True, slots=True)
class _SheetWords:
    """
    What stands on a sheet: its texts with their columns, the columns and cells of its formulas.

    What a formula shows is among the texts, since an older workbook may have it as a text. `drawn`
    counts its charts.
    """

    texts: frozenset[tuple[int, str]]
    columns: frozenset[int]
    cells: frozenset[tuple[int, int]]
    drawn: int


@dataclass(frozen=True, slots=True)
class OwnWords:
    """
    The words of a fresh workbook, sheet by sheet.

    A text is the program's where a fresh workbook has it in the same column; a formula where it
    has one in the same column of a sheet without tables, or in the same cell of another.
    """

    roles: Mapping[str, str]
    words: Mapping[str, _SheetWords]

    def role(self, sheet: str) -> str | None:
        """Give the table or own sheet that bears a name in any language; None for others."""
        return self.roles.get(comparable(sheet))

    def wrote(
        self, role: str | None, place: tuple[int, int], value: Raw, *, calculated: bool
    ) -> bool:
        """Tell whether the program wrote a cell outside the tables."""
        words = self.words.get(role or "")
        if words is None:
            return False
        if calculated:
            return place in words.cells or (role in _WITHOUT_TABLES and place[1] in words.columns)
        return (place[1], comparable(shown_value(value) or "")) in words.texts

    def drew(self, role: str | None) -> int:
        """Count the charts that the program draws on a sheet."""
        words = self.words.get(role or "")
        return words.drawn if words else 0

    def are_carried_headers(self, values: Sequence[Raw]) -> bool:
        """Tell whether cells are the headers of the sheet of what was carried over."""
        found = [comparable(value) if isinstance(value, str) else "" for value in values]
        return any(
            found == [comparable(Words(language)(header)) for header in CARRIED_HEADERS]
            for language in Language
        )


_WITHOUT_TABLES = frozenset({*OWN, CARRIED})


@cache
def own_words(language: Language) -> OwnWords:
    """Give the words of a fresh workbook in a language; no text of it depends on its content."""
    content = {"programme": [{"original_language": language.value}]}
    carried = [CarriedCell("", "", "", "", "", "")]
    data = make_workbook(content, language, None, carried=carried)
    roles = _roles()
    words = {
        roles[comparable(sheet.name)]: _SheetWords(
            frozenset(
                (column, comparable(shown_value(value) or ""))
                for (_, column), value in sheet.cells.items()
            ),
            frozenset(column for _, column in sheet.formulas),
            frozenset(sheet.formulas),
            sheet.drawn,
        )
        for sheet in read_inventory(data, "fresh").sheets
    }
    return OwnWords(roles, words)


def _roles() -> Mapping[str, str]:
    roles = {
        comparable(title): schema.name
        for schema in load_schemas().values()
        for title in schema.titles.values()
    }
    for language in Language:
        say = Words(language)
        roles |= {comparable(say(name)): name for name in (*OWN, CARRIED)}
    return roles
