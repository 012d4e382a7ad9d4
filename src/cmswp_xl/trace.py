"""Where every printed figure comes from, and finding a figure by what somebody typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher, get_close_matches
from functools import cache, lru_cache
from operator import attrgetter
from types import NoneType
from typing import TYPE_CHECKING, Any

from cmswp_xl.documents import content_of
from cmswp_xl.documents.texts import currency_words
from cmswp_xl.figures.declarations import Operation, counts_for
from cmswp_xl.figures.explanation import Cell
from cmswp_xl.figures.sources import Derived, Entry, OfActivity, OfGroup, OfYear, span_of
from cmswp_xl.figures.totals import Figures, ProgrammeTotals, Row
from cmswp_xl.languages import DOCUMENT_LANGUAGES, Language
from cmswp_xl.money import to_cents
from cmswp_xl.page import Section, Table, text
from cmswp_xl.printed import Figured, FigureText, Path, Printed, Source
from cmswp_xl.registry import DOCUMENTS
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from cmswp_xl.documents import Content
    from cmswp_xl.validate import Checked
    from cmswp_xl.validate.typed import TypedTable


TOTALS = "totals"
"""What the command `totals` shows, which has figures to trace as documents do."""


@dataclass(frozen=True, slots=True)
class Cells:
    """
    The cells behind a programme.

    Rows are counted as the programme has them, from 0; `kept` has the row of the table for each.
    `workbook` names an earlier one that is compared with.
    """

    typed: Mapping[str, TypedTable]
    kept: Mapping[str, Sequence[int]]
    workbook: str = ""
    found: dict[tuple[str, int, str], Cell | None] = field(default_factory=dict, compare=False)

    def cell(self, table: str, index: int, name: str, /) -> Cell | None:
        """Return the cell of a field, the same one each time; None where there is no column."""
        key = (table, index, name)
        if key not in self.found:
            self.found[key] = self._cell(*key)
        return self.found[key]

    def _cell(self, table: str, index: int, name: str, /) -> Cell | None:
        typed = self.typed[table]
        row = self.kept[table][index]
        place = typed.table.place(name, row)
        if place is None:
            return None
        value, heading = typed.value(name, row), typed.table.headings[name]
        return Cell(typed.table.sheet, *place, table, name, value, heading, self.workbook)


def places_of(checked: Checked, workbook: str = "") -> Cells:
    """Return the cells of a programme without errors; ValueError where there is none."""
    if checked.draft is None or checked.programme is None:
        raise ValueError
    return Cells(checked.typed, checked.draft.kept, workbook)


_PLAIN = frozenset({str, int, bool, NoneType})
"""What holds no figure, whatever its fields."""


@cache
def _inside(kind: type) -> Callable[[Any], Iterable[Any]]:
    """Return what returns all that is in a content of a kind, in its order."""
    if issubclass(kind, Mapping):
        return Mapping.values
    if issubclass(kind, (tuple, list)):
        return iter
    names = [item.name for item in fields(kind)] if is_dataclass(kind) else []
    return attrgetter(*names) if len(names) > 1 else lambda one: [getattr(one, n) for n in names]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands on paper: part, row, heads; `keys` are number and id of the row."""

    part: str = ""
    row: str = ""
    heads: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


def walk(content: Any) -> list[Printed]:
    """Return every printed figure of a content in its order."""
    found: list[Printed] = []
    waiting = [content]
    while waiting:
        one = waiting.pop()
        if isinstance(one, FigureText):
            found += one.parts
        else:
            kind: Any = type(one)
            waiting += [item for item in _inside(kind)(one) if type(item) not in _PLAIN][::-1]
    return found


def placed(content: Any, place: Place = Place()) -> Iterator[tuple[Printed, Place]]:
    """Return what `walk` does, each figure with its place."""
    if isinstance(content, str):
        if isinstance(content, FigureText):
            yield from ((one, place) for one in content.parts)
    elif isinstance(content, Table):
        yield from _in_table(content)
    else:
        kind: Any = type(content)
        inside = replace(place, part=content.title) if isinstance(content, Section) else place
        for item in _inside(kind)(content):
            yield from placed(item, inside)


def _in_table(table: Table) -> Iterator[tuple[Printed, Place]]:
    yield from placed((table.caption, table.columns), Place(table.caption))
    for row, cells in table.placed():
        names: list[str] = []
        index, found = 0, False
        for cell in cells:
            printed = walk(cell.cell)
            found = found or bool(printed and index)
            names += [] if found else [text(cell.cell).partition("\n")[0]]
            column = table.columns[index]
            index += cell.span
            if printed and not cell.goes_on:
                label = " ".join(filter(None, names))
                heads = tuple(filter(None, (column.over, column.head)))
                here = Place(table.caption, label, heads, (row.key, *names))
                yield from ((one, here) for one in printed)
        yield from placed(row.key, Place(table.caption))


@dataclass(frozen=True, slots=True)
class Found:
    """A figure of a paper; where it was found by what is printed, with its text and its place."""

    document: str
    path: Path
    printed: Printed | None = None
    place: Place = Place()

    @property
    def values(self) -> set[Decimal]:
        """The amounts by which it is known, without sign: as shown, exact, in steps."""
        one = self.printed
        if one is None:
            return set()
        known = {abs(amount) for amount in (one.shown, one.value.exact) if amount}
        if one.rounding is not None and one.shown:
            known.add(abs(one.shown) / one.rounding.step)
        return known


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: an amount as printed, or a row and columns by head or name of figures."""

    row: str
    columns: tuple[str, ...] = ()
    amounts: frozenset[Decimal] = frozenset()

    def is_row(self, one: Found) -> bool:
        """Return whether a figure stands in the row, and in the column if one is asked for."""
        path, place = [*map(_plain, one.path)], one.place
        if self.row not in (*path, *map(_plain, place.keys), _plain(place.row)):
            return False
        heads = [*map(_plain, place.heads), _plain(", ".join(place.heads))]
        return all(word in path or any(word in head for head in heads) for word in self.columns)

    def is_amount(self, one: Found) -> bool:
        """Return whether a figure is the amount, as shown or before it was rounded."""
        return not self.amounts.isdisjoint(one.values)


def wanted(figure: str, currencies: Iterable[str]) -> Wanted:
    """Read what was typed: a row and its columns parted by strokes, or an amount in any style."""
    row, *columns = read(figure) or [""]
    bare = unicodedata.normalize("NFKC", figure).casefold()
    for currency in sorted(currencies, key=len, reverse=True):
        bare = bare.replace(currency.casefold(), "")
    bare = "".join(c for c in bare if not c.isspace() and unicodedata.category(c) != "Sc")
    bare = re.sub(r"(?<=\d)['\N{RIGHT SINGLE QUOTATION MARK}](?=\d{3})", "", bare).strip("()-−%")
    found = (
        re.fullmatch(rf"(\d{{1,3}}(?:{group}\d{{3}})+|\d+)(?:{point}(\d+))?", bare, re.ASCII)
        for group, point in ((",", r"\."), (r"\.", ","))
    )
    amounts = {Decimal(re.sub(r"\D", "", m[1]) + f".{m[2] or 0}") for m in found if m}
    return Wanted(row, tuple(columns), frozenset(amounts - {Decimal(0)}))


_BLANK = "none"
"""What stands for a blank key."""

AMOUNTS = ("cost", "core", "voluntary", "other", "pledged", "to_be_sought", "surplus")
"""The amounts of each row of totals, in the order of its JSON."""

_MONEY = ("core", "voluntary", "other", "pledged")


def totals_printed(totals: ProgrammeTotals) -> Iterator[Printed]:
    """Return what `cmswp totals` shows of every grouping, and the totals."""
    every = tuple(activity.id for activity in totals.programme.activities)
    for row in totals.rows("activity"):
        yield from _printed(row.figures, [OfActivity(row.key, name) for name in AMOUNTS])
    for by in ("area", "priority", "recommendation"):
        for row in totals.rows(by):
            at = (by, row.key or _BLANK)
            sources = [OfGroup(at, row.activities, name) for name in AMOUNTS]
            yield from _printed(row.figures, sources)
    for row in totals.rows("year"):
        span = row.key or span_of(None)
        yield from _printed(row.figures, [OfYear(span, every, name) for name in AMOUNTS])
    for by in ("source", "donor"):
        for row in totals.rows(by):
            yield from _printed(row.figures, _contributions(totals, by, row))
    for row in totals.rows("category"):
        because = ("activity", "category", "scenario")
        cells = tuple(Entry("costs", index, "amount", because) for index in row.rows)
        path, rules = ("category", row.key or _BLANK, "cost"), ("category-costs",)
        yield from _printed(row.figures, [Derived(path, Operation.SUM, rules, cells, known=True)])
    sources = [OfGroup(("total",), every, name) for name in AMOUNTS]
    yield from _printed(totals.total, sources)


def _printed(figures: Figures, sources: Iterable[Source]) -> Iterator[Printed]:
    for source in sources:
        exact = getattr(figures, source.path[-1])
        text = "" if exact is None else f"{to_cents(exact):f}"
        yield Printed(text, Figured(source, exact))


def _contributions(totals: ProgrammeTotals, by: str, row: Row) -> Iterator[Source]:
    """Return where comes from what one source or donor gives, by kind, and what it pledged."""
    funding, kinds = totals.programme.funding, totals.programme.source_kinds()
    because = tuple(dict.fromkeys((by, "source", "stage", "in_kind")))
    for name in _MONEY:
        cells = tuple(
            Entry("funding", index, "amount", because)
            for index in row.rows
            if counts_for(funding[index], kinds) == name
        )
        rules = ("given-pledged" if name == "pledged" else "given",)
        path = (by, row.key or _BLANK, name)
        yield Derived(path, Operation.SUM, rules, cells, known=bool(row.rows))


_NEAREST = 4
_OFFERED = 3


@lru_cache(1 << 14)
def written(document: str, path: Path = ()) -> str:
    """Write a figure as it is asked for, such as annex/activity/ICC-01/cost."""
    return "/".join((document, *(part.replace("%", "%25").replace("/", "%2F") for part in path)))


def read(text: str) -> list[str]:
    """Read a figure as typed into its parts, in the form in which they are compared."""
    parts = (
        part.replace("%2F", "/").replace("%2f", "/").replace("%25", "%")
        for part in text.strip().strip("/").split("/")
    )
    return [_plain(part) for part in parts if part.strip()]


def below(parts: Sequence[str], paths: Iterable[Path]) -> list[Path]:
    """Return the figures whose path begins with the parts that were read; itself first."""
    count = len(parts)
    found = [path for path in paths if [_plain(part) for part in path[:count]] == list(parts)]
    return sorted(found, key=lambda path: len(path) != count)


def nearest(text: str, choices: Iterable[str]) -> list[str]:
    """Return the choices that are nearest to what was typed, best first."""
    plain = {_plain(choice): choice for choice in choices}
    wanted = _plain(text)
    close = get_close_matches(wanted, plain, _NEAREST, 0.6)
    ends = [key for key in plain if key.endswith(f"/{wanted}")]
    found = list(dict.fromkeys([*ends[:_NEAREST], *close]))[:_NEAREST]
    if not found:
        found = sorted(plain, key=lambda key: -SequenceMatcher(None, wanted, key).quick_ratio())
    return [plain[key] for key in found[:_NEAREST]]


def _plain(text: str) -> str:
    """Fold what is typed differently for the same: case, spaces, hyphens and underscores."""
    return comparable(text).replace("_", "-").replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Papers:
    """What prints figures; `contents` makes what papers other than the documents print."""

    totals: ProgrammeTotals
    contents: Mapping[str, Content]

    def content(self, document: str, language: Language, areas: Sequence[str] = ()) -> Any:
        """Return what a paper prints; for the totals, what the command shows of them."""
        if document == TOTALS:
            return tuple(totals_printed(self.totals))
        make = self.contents.get(document) or content_of(document)
        return make(self.totals, language, areas)[0]

    @property
    def names(self) -> tuple[str, ...]:
        """What has figures to trace: the documents, those that compare versions, the totals."""
        return (*DOCUMENTS, *self.contents, TOTALS)

    def found(self, figure: str, language: Language) -> list[Found]:
        """Find figures by row, column or amount in the first paper that prints any."""
        papers, asked = self._asked(figure)
        for spoken in dict.fromkeys((language, *DOCUMENT_LANGUAGES)):
            printed = list(self._printed(papers, spoken))
            rows = [one for one in printed if asked.is_row(one)]
            found = [one for one in rows if one.document == rows[0].document]
            found += [one for one in printed if asked.is_amount(one)]
            if found:
                first = {one.path: one for one in reversed(found)}
                return [first[path] for path in dict.fromkeys(one.path for one in found)]
        return []

    def _asked(self, figure: str) -> tuple[Sequence[str], Wanted]:
        """Return where to look for what was typed, and what it may mean there."""
        document, _, rest = figure.strip().strip("/").partition("/")
        name = next(iter(read(document)), "")
        code = self.totals.programme.settings.currency
        currencies = {code, *(currency_words(code, language) for language in DOCUMENT_LANGUAGES)}
        here = name in self.names
        return [name] if here else self.names, wanted(rest if here else figure, currencies)

    def _printed(self, papers: Iterable[str], language: Language) -> Iterator[Found]:
        for name in papers:
            for one, place in placed(self.content(name, language)):
                yield Found(name, one.value.source.path, one, place)

    def nearest(self, figure: str, language: Language) -> list[str]:
        """Return what is nearest to something typed that is not found, best first."""
        papers, asked = self._asked(figure)
        printed = list(self._printed(papers, language))
        if asked.amounts:
            typed = max(asked.amounts)
            known = [(abs(value - typed), one) for one in printed for value in one.values]
            names = (
                f"{one.printed} ({written(one.document, one.path)})"
                for _, one in sorted(known, key=lambda pair: pair[0])
            )
            return list(dict.fromkeys(names))[:_OFFERED]
        rows = (written(one.document, (key,)) for one in printed for key in one.place.keys if key)
        return nearest(figure, [*(written(one.document, one.path) for one in printed), *rows])
