"""What the amounts of each table are multiplied by, and the words of the annex that say so."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from cmswp_xl.word_import.columns import heading
from cmswp_xl.word_import.import_issues import Place
from cmswp_xl.word_import.units import currencies_in, fits, plain, sentence_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cmswp_xl.word_import.columns import Layout
    from cmswp_xl.word_import.import_issues import ImportIssues
    from cmswp_xl.word_import.statements import Statements
    from cmswp_xl.word_import.units import Unit
    from cmswp_xl.word_import.visible import Grid, Paragraph

ONE = Decimal(1)
_LONGEST = 250
_CAPTION = 120
_OF_MONEY = (
    *("amount", "figure", "cost", "budget", "currenc", "table", "montant", "chiffre", "cout"),
    *("tableau", "monnaie", "devise", "importe", "cifra", "coste", "presupuesto", "moneda"),
)


@dataclass(frozen=True, slots=True)
class Said:
    """A unit that a text outside the rows of tables names; `last` where a table comes next."""

    unit: Unit
    place: Place
    last: bool = False


@dataclass(slots=True)
class TableUnits:
    """The units that an annex names outside its headings, and where they hold."""

    issues: ImportIssues
    statements: Statements
    currency: str
    said: list[Said] = field(default_factory=list)
    tables: int = 0
    headed: bool = False
    used: set[Decimal] = field(default_factory=set)

    def read(self, paragraphs: Sequence[Paragraph], elsewhere: Iterable[tuple[str, str]]) -> None:
        """Read what the paragraphs and the other parts of the file say of units."""
        filled = [part for part in paragraphs if part.text]
        for part, after in zip(filled, [*filled[1:], None], strict=False):
            unit = sentence_unit(part.text) if len(part.text) <= _LONGEST else None
            last = after is None or after.table != part.table
            place = Place(part.table, part="text")
            self._say(unit, place, part.text, last=last)
            for kind, text in part.other:
                if kind == "text-box":
                    self._say(sentence_unit(text), place, text, last=False)
        for kind, text in elsewhere:
            self._say(sentence_unit(text), Place(0, part=kind), text, last=False)

    def _say(self, unit: Unit | None, place: Place, text: str, *, last: bool) -> None:
        if unit is None:
            return
        if unit.factor is None:
            self.issues.add("unit-unclear", place, text)
        else:
            self.said.append(Said(unit, place, last))

    def of_table(self, number: int) -> Said | None:
        """Return what is said of a table: right before it, else right after it, else of all."""
        texts = [one for one in self.said if one.place.part == "text"]
        before = [one for one in texts if 0 < one.place.table == number - 1]
        after = [one for one in texts if one.place.table == number and not one.last]
        return next(iter([*reversed(before), *after, *self._of_all()]), None)

    def _of_all(self) -> list[Said]:
        edges = (0, self.tables)
        return [o for o in self.said if o.place.part != "text" or o.place.table in edges]

    def factors(self, grid: Grid, layout: Layout, titles: int) -> Mapping[int, Decimal]:
        """
        Return the factor of each column of amounts, and say where it comes from.

        The first rows of the table, as many as `titles`, stand above its headings.
        """
        columns = layout.amounts() | {
            n: c for n, c in layout.columns.items() if c.role == "total-available"
        }
        own = {n: column.factor for n, column in columns.items() if column.factor is not None}
        for number, column in columns.items():
            place = Place(grid.number, layout.first, number, column.head)
            text = heading(grid, layout, number)
            if column.currencies and not fits(column.currencies, self.currency):
                self.issues.add("other-currency", place, text, self.currency)
            if column.per_year:
                self.issues.add("per-year", place, text)
            if column.unclear:
                self.issues.add("unit-unclear", place, text)
            elif number in own:
                self.issues.add("unit", place, text, f"× {own[number]:f}")
            elif own:
                self.issues.add("unit-of-others", place, text, f"× {max(own.values()):f}")
        common = max(own.values()) if own else self._common(grid, titles)
        found = {n: own.get(n, common) for n in columns}
        self.used |= set(found.values())
        return found

    def _titled(self, grid: Grid, titles: int) -> Said | None:
        """Return what the rows above a table's headings say."""
        for row in range(1, titles + 1):
            for cell in grid.starts(row):
                unit = sentence_unit(cell.text)
                place = Place(grid.number, row, cell.column)
                if unit is not None and unit.factor is None:
                    self.issues.add("unit-unclear", place, cell.text)
                elif unit is not None:
                    return Said(unit, place)
        return None

    def _common(self, grid: Grid, titles: int) -> Decimal:
        """Return the factor that holds for a table whose headings name none."""
        table = grid.number
        found = self._titled(grid, titles)
        if found is None and self.statements.factor != ONE:
            return self.statements.factor
        found = found or self.of_table(table)
        if found is None or found.unit.factor is None:
            if self.said or self.headed:
                self.issues.add("unit-elsewhere", Place(table))
            return ONE
        place = found.place if found.place.row else Place(table)
        self.issues.add("unit", place, found.unit.words, f"× {found.unit.factor:f}")
        self.issues.take(found.place, found.unit.words)
        return found.unit.factor

    def currencies(self, texts: Iterable[tuple[Place, str]]) -> None:
        """List the texts that name another currency than the one given as that of the annex."""
        for place, text in texts:
            codes = currencies_in(text) if len(text) <= _LONGEST else frozenset()
            said = len(text) <= _CAPTION or any(word in plain(text) for word in _OF_MONEY)
            if codes and said and not fits(codes, self.currency):
                self.issues.add("other-currency", place, text, self.currency)
