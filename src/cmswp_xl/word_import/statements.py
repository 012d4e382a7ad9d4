"""
What an annex says outside the rows of its tables.

Statements on the whole (title, unit, date, status, scenario, support costs), the titles of areas
above tables and in lists, and the units and currencies that sentences, captions, rows above
headings, and heads of pages name.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from babel.dates import get_month_names

from cmswp_xl.documents.texts import currency_words
from cmswp_xl.languages import N_, Words
from cmswp_xl.messages.labels import label
from cmswp_xl.word_import.amounts import (
    ONE,
    THOUSAND,
    Unit,
    are_foreign,
    currencies_in,
    plain,
    read_percent,
    sentence_unit,
)
from cmswp_xl.word_import.columns import Layout
from cmswp_xl.word_import.issues import ImportIssues, Place
from cmswp_xl.word_import.visible import Grid, Paragraph
from cmswp_xl.word_import.vocabulary import any_of, folded, joined, own_sentences, word_list

_SCENARIO, _DATE = N_("Budget scenario: {scenario}."), N_("As at {date}.")
_STATUS = N_("Status: {status}.")
_ILLUSTRATIVE, _CAPTIONS = own_sentences("illustrative"), own_sentences("captions")
_UNITS = dict(zip(("thousand", "unit", ""), own_sentences("unit"), strict=True))
_NET, (_PART_NET,) = own_sentences("net"), own_sentences("partly net")
_READ = (*_ILLUSTRATIVE, _SCENARIO, _DATE, _STATUS, *_UNITS.values(), *_NET, *_CAPTIONS)
_LONGEST, _LONGEST_TITLE, _LONGEST_CAPTION = 250, 200, 120
_COUNT = r"\s+(?:[ivx]+|\d+|[a-z])\b"
_ANNEX = re.compile(rf"(?:{any_of('annex')}){_COUNT}[\s:.\u2013-]*", re.IGNORECASE)
_BRACKETS = re.compile(r"(?:\s*\([^()]*\))+$")
_PREPARED = re.compile(rf"\((?:{any_of('prepared by')})\s+(?P<by>[^()]+?)\s*\)", re.IGNORECASE)
_AREA = rf"(?:{any_of('programme area')})"
_NUMBER = r"(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5}|[A-Z])"
_NUMBERED = (
    re.compile(rf"{_AREA}\s+{_NUMBER}\s*[.):\u2010-\u2015-]*\s+(?=\S)", re.IGNORECASE),
    re.compile(rf"{_AREA}\s*[:\u2013\u2014]\s*(?=\S)", re.IGNORECASE),
    re.compile(rf"{_NUMBER}\s*[.):\u2010-\u2015-]+\s+(?=\S)"),
    re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?\s+(?=\S)"),
)
_CAPTION = re.compile(rf"(?:{any_of('caption')}){_COUNT}", re.IGNORECASE)
_TITLED = re.compile(
    r"(?!in |en |all |(?:amount|figure|montant|chiffre|importe|cifra|cost|budget|unit|note|tous"
    r"|co[ûu]t)s?\b)"
    r"\w[^()]{3,}\(",
    re.IGNORECASE,
)
_BOUND = re.compile(r"\b([^\W\dA-Z_]{1,3})\u00a0(?=(?:[^\W\dA-Z_]{1,3}[ \u00a0])?[A-Z]{2})")
"""A short word that was held to the acronym behind it."""
_LISTED = re.compile(r"^[\s•·▪◦\u2010-\u2015*-]+|[\s;.,]+$")


@dataclass(frozen=True, slots=True)
class Statements:
    """
    What holds for the whole annex, as far as it says so.

    `net` tells whether costs exclude support costs: "all", "part" or "". `factor` is what the
    program's own sentence says that amounts are multiplied by; `taken` are the texts read.
    """

    title: str = ""
    prepared_by: str = ""
    status: str = ""
    scenario: str = ""
    as_at: dt.date | None = None
    illustrative: bool = False
    rounding: str = ""
    factor: Decimal = ONE
    unit: str = ""
    net: str = ""
    rate: Decimal | None = None
    taken: tuple[str, ...] = ()


def filled(template: str, text: str) -> Mapping[str, str] | None:
    """Return what fills the places of a printed sentence; None where the text is not that one."""
    pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(joined(template)))
    pattern = pattern.replace(r"\ de\ (", r"\ d(?:e\ |’)(")
    match = re.fullmatch(pattern, joined(text))
    return None if match is None else match.groupdict()


def read_statements(paragraphs: Sequence[Paragraph], say: Words) -> Statements:
    """Return what the paragraphs say of the whole annex."""
    texts = [part.text for part in paragraphs if part.text and len(part.text) <= _LONGEST]

    def first(template: str, name: str) -> str:
        found = (filled(say(template), text) for text in texts)
        return next((values[name] for values in found if values), "")

    units = ((rounding, first(template, "currency")) for rounding, template in _UNITS.items())
    rounding, unit = next((pair for pair in units if pair[1]), ("", ""))
    rates = (("all", first(_NET[0], "rate")), ("part", first(_PART_NET, "rate")))
    net, rate = next((pair for pair in rates if pair[1]), ("", ""))
    title = _title(paragraphs, say)
    statuses = {folded(label("document-status", s, say)): s for s in ("adopted", "revised")}
    prepared = [match["by"] for text in texts if (match := _PREPARED.fullmatch(text))]
    return Statements(
        title=title,
        prepared_by=prepared[0] if prepared else "",
        status=statuses.get(folded(first(_STATUS, "status")), ""),
        scenario=first(_SCENARIO, "scenario"),
        as_at=_date(first(_DATE, "date"), say),
        illustrative=any(text in map(say, _ILLUSTRATIVE) for text in texts),
        rounding=rounding,
        factor=THOUSAND if rounding == "thousand" else ONE,
        unit=unit,
        net=net or ("all" if say(_NET[1]) in texts else ""),
        rate=read_percent(rate).value,
        taken=tuple(text for text in texts if _is_read(text, title, say)),
    )


def _is_read(text: str, title: str, say: Words) -> bool:
    """Return whether a text was read, or only explains what is printed."""
    if joined(text) == joined(title) or _PREPARED.fullmatch(text):
        return True
    return any(filled(say(template), text) is not None for template in _READ)


def other_currency(unit: str, code: str, say: Words) -> bool:
    """Return whether the annex names another currency than the code given."""
    known = (folded(currency_words(code, say.language)), folded(code))
    return bool(unit) and folded(unit) not in known


def _date(text: str, say: Words) -> dt.date | None:
    match = re.fullmatch(r"(\d{1,2})(?:er|º)? (?:de )?(\w+) (?:de )?(\d{4})", joined(text))
    if match is None:
        return None
    names = get_month_names("wide", locale=say.language.tag.replace("-", "_"))
    months = {folded(name): number for number, name in names.items()}
    try:
        return dt.date(int(match[3]), months[folded(match[2])], int(match[1]))
    except (KeyError, ValueError):
        return None


def _title(paragraphs: Sequence[Paragraph], say: Words) -> str:
    """Return the programme's title: that below the annex's own, the document's, or the annex's."""
    texts = [part for part in paragraphs if part.text]
    for style in ("subtitle", "sous-titre", "subtítulo", "title", "titre", "título"):
        for part in texts:
            if part.style == style and not _ANNEX.match(part.text):
                return _BOUND.sub(r"\1 ", part.text)
    first = texts[0].text if texts and len(texts[0].text) <= _LONGEST else ""
    if first and not _ANNEX.match(first):
        return joined(first)
    plain = _BRACKETS.sub("", _ANNEX.sub("", first, count=1))
    return plain.strip() or say("Costed programme of work")


def is_caption(text: str) -> bool:
    """Return whether a text is the caption of a table, or names an annex."""
    return bool(_CAPTION.match(text) or _ANNEX.match(text))


def without_number(title: str) -> str:
    """Return an area's title without its number or the words "Programme area" before it."""
    match = next((match for pattern in _NUMBERED if (match := pattern.match(title))), None)
    return title[match.end() :].strip() if match else title


def title_before(paragraphs: Sequence[Paragraph], say: Words) -> str:
    """Return the title above a table: the last heading, else the nearest short line."""
    fixed = {folded(say(text)) for text in _CAPTIONS}
    usable = [
        part
        for part in reversed(paragraphs)
        if part.text
        and not part.letter
        and len(part.text) <= _LONGEST_TITLE
        and folded(part.text) not in fixed
        and not _ANNEX.match(part.text)
        and not _only_unit(part.text)
    ]
    for part in usable:
        if part.heading:
            return part.line
    for part in usable:
        text = part.text.rstrip()
        if not text.endswith((".", ";", ":", ",")) and not re.fullmatch(r"[(\[].*[)\]]", text):
            return part.line
    return ""


def _only_unit(text: str) -> bool:
    """Return whether a text is the caption of a table, or says what amounts are in."""
    if _CAPTION.match(text):
        return True
    unit = sentence_unit(text)
    return unit is not None and unit.factor is not None and not _TITLED.match(text)


def listed_titles(paragraphs: Sequence[Paragraph], known: Sequence[str]) -> list[str]:
    """Return the areas that a list in the text names, where it also names one that has a table."""
    wanted = {folded(title) for title in known}
    for start, intro in enumerate(paragraphs):
        if not intro.text.endswith(":"):
            continue
        items = list(_items(paragraphs[start + 1 :]))
        if len(items) > 1 and wanted & {folded(item) for item in items}:
            return items
    return []


def _items(paragraphs: Sequence[Paragraph]) -> Iterator[str]:
    """Return the items of a list: short paragraphs of one style up to one that ends it."""
    texts = [part for part in paragraphs if part.text]
    for part in texts:
        if part.style != texts[0].style or len(part.text) > _LONGEST_TITLE or part.heading:
            return
        yield _LISTED.sub("", part.text)
        if part.text.endswith("."):
            return


@dataclass(frozen=True, slots=True)
class _Named:
    """A unit that a text outside the rows of tables names; `last` where a table comes next."""

    unit: Unit
    place: Place
    last: bool = False


@dataclass(slots=True)
class TableUnits:
    """
    The units that an annex names outside its headings, and what amounts are multiplied by.

    `tables` counts its tables, `headed` tells that a heading names a unit, `used` are the factors
    of all columns of amounts.
    """

    issues: ImportIssues
    statements: Statements
    currency: str
    tables: int
    headed: bool
    named: list[_Named] = field(default_factory=list)
    used: set[Decimal] = field(default_factory=set)

    def read(self, paragraphs: Sequence[Paragraph], elsewhere: Iterable[tuple[str, str]]) -> None:
        """Read what the paragraphs and the other parts of the file say of units."""
        texts = [part for part in paragraphs if part.text]
        for part, after in zip(texts, [*texts[1:], None], strict=False):
            place = Place(part.table, part="text")
            if len(part.text) <= _LONGEST:
                last = after is None or after.table != part.table
                self._name(part.text, place, last=last)
            for kind, text in part.other:
                if kind == "text-box":
                    self._name(text, place)
        for kind, text in elsewhere:
            self._name(text, Place(0, part=kind))

    def _name(self, text: str, place: Place, *, last: bool = False) -> None:
        unit = sentence_unit(text)
        if unit is not None and unit.factor is None:
            self.issues.add("unit-unclear", place, text)
        elif unit is not None:
            self.named.append(_Named(unit, place, last))

    def currencies(self, texts: Iterable[tuple[Place, str]]) -> None:
        """List the texts that name another currency than the one given as that of the annex."""
        for place, text in texts:
            codes = currencies_in(text) if len(text) <= _LONGEST else frozenset()
            if not are_foreign(codes, self.currency):
                continue
            one = plain(text)
            if len(text) <= _LONGEST_CAPTION or any(word in one for word in word_list("of money")):
                self.issues.add("other-currency", place, text, self.currency)

    def factors(self, grid: Grid, layout: Layout, titles: int) -> Mapping[int, Decimal]:
        """
        Return the factor of each column of amounts, and say where it comes from.

        The first rows of the table, as many as `titles`, stand above its headings.
        """
        available = {n: c for n, c in layout.columns.items() if c.role == "total-available"}
        columns = layout.amounts() | available
        own = {n: column.factor for n, column in columns.items() if column.factor is not None}
        for number, column in columns.items():
            place = Place(grid.number, layout.first, number, column.head)
            text = column.headings
            if are_foreign(column.currencies, self.currency):
                self.issues.add("other-currency", place, text, self.currency)
            if column.per_year:
                self.issues.add("per-year", place, text)
            if column.unclear:
                self.issues.add("unit-unclear", place, text)
            elif number in own:
                self.issues.add("unit", place, text, times(own[number]))
            elif own:
                self.issues.add("unit-of-others", place, text, times(max(own.values())))
        common = max(own.values()) if own else self._common(grid, titles)
        found = {n: own.get(n, common) for n in columns}
        self.used |= set(found.values())
        return found

    def _common(self, grid: Grid, titles: int) -> Decimal:
        """Return the factor that holds for a table whose headings name none."""
        found = self._above_headings(grid, titles)
        if found is None and self.statements.factor != ONE:
            return self.statements.factor
        found = found or self._of_table(grid.number)
        if found is None or found.unit.factor is None:
            if self.named or self.headed:
                self.issues.add("unit-elsewhere", Place(grid.number))
            return ONE
        place = found.place if found.place.row else Place(grid.number)
        self.issues.add("unit", place, found.unit.words, times(found.unit.factor))
        self.issues.take(found.place, found.unit.words)
        return found.unit.factor

    def _above_headings(self, grid: Grid, titles: int) -> _Named | None:
        for row in range(1, titles + 1):
            for cell in grid.starts(row):
                unit = sentence_unit(cell.text)
                place = Place(grid.number, row, cell.column)
                if unit is not None and unit.factor is None:
                    self.issues.add("unit-unclear", place, cell.text)
                elif unit is not None:
                    return _Named(unit, place)
        return None

    def _of_table(self, number: int) -> _Named | None:
        """Return what is said of a table: right before it, else right after it, else of all."""
        texts = [one for one in self.named if one.place.part == "text"]
        before = [one for one in texts if 0 < one.place.table == number - 1]
        after = [one for one in texts if one.place.table == number and not one.last]
        edges = (0, self.tables)
        of_all = [o for o in self.named if o.place.part != "text" or o.place.table in edges]
        return next(iter([*reversed(before), *after, *of_all]), None)


def times(factor: Decimal) -> str:
    """Return a factor as the account of an import shows it."""
    return f"× {factor:f}"
