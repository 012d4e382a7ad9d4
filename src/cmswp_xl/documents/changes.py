"""The changes between two versions in words: titles, values, phrases."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from cmswp_xl.compare import Code, excerpt, keyed, plain, worded_pieces
from cmswp_xl.documents.numbers import long_date
from cmswp_xl.documents.texts import MissingText
from cmswp_xl.languages import Language
from cmswp_xl.messages.labels import FIELD_KINDS, KINDS, label
from cmswp_xl.money import decimals
from cmswp_xl.schema import load_schemas
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cmswp_xl.compare import Change, Comparison, Piece, Row, RowChange, Value, Version
    from cmswp_xl.documents.numbers import Numbers
    from cmswp_xl.languages import Words
    from cmswp_xl.schema import Field


NAMED: Mapping[str, tuple[str, str]] = {
    "areas": ("code", "title"),
    "activities": ("id", "title"),
    "sources": ("code", "title"),
    "donors": ("code", "name"),
    "posts": ("id", "title"),
    "scenarios": ("code", "title"),
}
"""The tables whose codes print as what they stand for: key, and the text that says it."""


@dataclass(slots=True)
class Titles:
    """
    Gives titles and values in one language, from the new version or else from the old one.

    Notes each required text of the new version that is asked for and not there.
    """

    comparison: Comparison
    numbers: Numbers
    say: Words
    missing: list[MissingText] = field(default_factory=list)
    _rows: dict[str, tuple[Mapping[str, Row], Mapping[str, Row]]] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        """The language."""
        return self.say.language

    def text(self, row: Row, base: str, table: str = "", key: str | None = None) -> str:
        """Give a text of a row in the language, else in the original one, else in any."""
        found = row.get(f"{base}_{self.language.value}")
        if found:
            return plain(found)
        original = plain(self.comparison.new.settings.get("original_language")).casefold()
        for language in (original, *Language):
            if other := row.get(f"{base}_{language}"):
                self._note(row, base, table, key)
                return plain(other)
        return ""

    def area(self, row: Row) -> str:
        """Return an area's title; a sub-area's stands after that of its area."""
        title = self.text(row, "title", "areas", plain(row.get("code")))
        if not row.get("parent"):
            return title
        return self.say("{area} – {part}", area=self.of("areas", row.get("parent")), part=title)

    def of(self, table: str, value: Value) -> str:
        """Give what a code stands for; the code itself where it is not known."""
        if table not in NAMED or value is None:
            return plain(value)
        code = comparable(plain(value))
        new, old = self._keyed(table)
        row = new.get(code) or old.get(code)
        if row is None:
            return plain(value)
        title = self.text(row, NAMED[table][1], table, plain(row.get(NAMED[table][0])))
        if table == "posts" and row.get("grade"):
            return self.say("{title} ({grade})", title=title, grade=plain(row.get("grade")))
        return title or plain(value)

    def number(self, key: Value, *, before: bool = False) -> str:
        """Give the number of an activity, now or before; its id where it has none."""
        new, old = self._keyed("activities")
        sides = (old, new) if before else (new, old)
        code = comparable(plain(key))
        row = sides[0].get(code) or sides[1].get(code) or {}
        return plain(row.get("number")) or plain(key)

    def value(self, table: str, item: Field, value: Value) -> str:
        """Give a value as print shows it: amounts, dates, code words, references in words."""
        if value is None:
            return ""
        if isinstance(value, Decimal):
            places = 2 if decimals(value) else 0
            if item.unit == "currency":
                return self.numbers.decimal(value, max(places, self.numbers.places))
            return self.numbers.decimal(value, decimals(value))
        if isinstance(value, (str, int)) and item.reference is not None:
            if item.reference.table == "activities":
                return self.number(value)
            return self.of(item.reference.table, value)
        kind = FIELD_KINDS.get((table, item.name))
        if kind is not None and str(value) in KINDS[kind]:
            return label(kind, str(value), self.say)
        if isinstance(value, (str, int, tuple)):
            return plain(value)
        return long_date(value, self.language)

    def _keyed(self, table: str) -> tuple[Mapping[str, Row], Mapping[str, Row]]:
        if table not in self._rows:
            name = NAMED[table][0]
            sides = self.comparison.new, self.comparison.old
            self._rows[table] = keyed(sides[0], table, name), keyed(sides[1], table, name)
        return self._rows[table]

    def _note(self, row: Row, base: str, table: str, key: str | None) -> None:
        """Note a missing text where it is one of the new version."""
        if not table or not _holds(self.comparison.new, table, row):
            return
        item = MissingText(table, key, f"{base}_{self.language.value}")
        if item not in self.missing:
            self.missing.append(item)


def version_name(version: Version, say: Words) -> str:
    """Name a version by its symbol and date; by its file where it has neither."""
    settings = version.settings
    symbol = plain(settings.get(f"symbol_{say.language.value}"))
    revision = plain(settings.get("revision"))
    if symbol and revision:
        given = revision.casefold().startswith("rev")
        symbol = f"{symbol}/{revision if given else f'Rev.{revision}'}"
    name = symbol or version.name
    day = settings.get("document_date")
    if not isinstance(day, dt.date):
        return name
    return say("{document} of {date}", document=name, date=long_date(day, say.language))


def _holds(version: Version, table: str, row: Row) -> bool:
    """Tell whether a row is one of the version; it may lack the fields that are internal."""
    return any(
        row is other or all(other.get(name) == value for name, value in row.items())
        for other in version.rows(table)
    )


_BRACKETS = re.compile(r"\s*\([^()]*\)\s*\Z")
_UNPRINTED = frozenset(
    {("costs", "note"), ("funding", "note"), ("funding", "reference"), ("progress", "note")}
)
"""Remarks of the workbook that no document prints; reports name them all the same."""

_SINGLE = frozenset({"quantity", "unit_cost"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A change in words; a reworded text comes in pieces that stayed, went or came."""

    lead: str
    text: str = ""
    pieces: tuple[Piece, ...] = ()


def headed(phrase: Phrase, say: Words) -> Phrase:
    """Set the colon of the language after what leads a phrase, where something follows."""
    if not phrase.text and not phrase.pieces:
        return phrase
    return replace(phrase, lead=say("{label}:", label=phrase.lead))


@dataclass(frozen=True, slots=True)
class Phraser:
    """
    Words changes in one language.

    For a document (`public`) texts are shown in its language, those of the others only named, and
    remarks that no document prints are left out; so are internal fields.
    """

    titles: Titles
    say: Words
    public: bool

    def row(self, change: RowChange) -> Iterator[Phrase]:
        """Word all changes of a row that is no activity's."""
        if change.table == "costs":
            yield from self._money(change, self.say("Cost"))
        elif change.table == "funding":
            yield from self._money(change, self.say("Funding"))
        elif change.table == "progress":
            yield self._progress(change)
        else:
            yield from self.fields(change)

    def fields(self, change: RowChange, skip: frozenset[str] = frozenset()) -> Iterator[Phrase]:
        """Word the changes of a row field by field; of the row as a whole in one phrase."""
        left = [c for c in self._told(change) if c.field is None or c.field not in skip]
        yield from self._texts(change.table, [c for c in left if c.code is Code.REWORDED])
        for item in left:
            if item.code in {Code.ADDED, Code.REMOVED}:
                yield self._whole(change, item)
            elif item.code is Code.MOVED and item.field is None:
                yield self.order(change.table, item)
            elif item.code is not Code.REWORDED:
                yield self.field(change.table, item)

    def field(self, table: str, item: Change) -> Phrase:
        """Word the change of one field."""
        field = load_schemas()[table].field(item.field or "")
        lead = self.title(table, field)
        if item.internal:
            return Phrase(lead, self.say("changed (internal; not shown)"))
        return Phrase(lead, self.instead(table, field, item))

    def instead(self, table: str, field: Field, item: Change) -> str:
        """Say what a value is now, and what it was; of amounts also by how much they differ."""
        old = self.titles.value(table, field, item.old)
        new = self.titles.value(table, field, item.new)
        if item.difference is not None and item.old is not None and item.new is not None:
            more = self.titles.value(table, field, abs(item.difference))
            return self.difference(item.difference, more, old, new)
        if not old:
            return self.say("{new} (not given before)", new=new)
        if not new:
            return self.say("deleted (formerly {old})", old=old)
        return self.say("{new} (formerly {old})", new=new, old=old)

    def difference(self, difference: Decimal, more: str, old: str, new: str) -> str:
        """Say by how much a number changed, and from what to what."""
        if difference > 0:
            return self.say(
                "increased by {difference}, from {old} to {new}", difference=more, old=old, new=new
            )
        return self.say(
            "decreased by {difference}, from {old} to {new}", difference=more, old=old, new=new
        )

    def order(self, table: str, item: Change) -> Phrase:
        """Say after what a row stands now, and after what it stood."""
        lead = self.say("Order")
        old, new = self._place(table, item.old, before=True), self._place(table, item.new)
        if new and old:
            return Phrase(lead, self.say("after {new} (formerly after {old})", new=new, old=old))
        if new:
            return Phrase(lead, self.say("after {new} (formerly first)", new=new))
        return Phrase(lead, self.say("first (formerly after {old})", old=old))

    def _heading(self, table: str, field: Field) -> str:
        """Return the heading of a field: in a document the program's, else the workbook's."""
        names = None if self.public else self.titles.comparison.new.names
        return names.headings[table, field.name] if names else field.titles[self.say.language]

    def title(self, table: str, field: Field) -> str:
        """Give the heading of a field; of a text in three languages without the language."""
        title = self._heading(table, field)
        return _BRACKETS.sub("", title) if field.language or field.internal else title

    def cost_name(self, row: Row) -> str:
        """Name a row of costs by category, year and scenario."""
        return self._joined([self._word("costs", "category", row), *self._when(row)])

    def gift_name(self, row: Row) -> str:
        """Name a row of funding by source, donor, year and scenario."""
        source = self.titles.of("sources", row.get("source"))
        if row.get("donor"):
            donor = self.titles.of("donors", row.get("donor"))
            source = self.say("{source} ({donor})", source=source, donor=donor)
        kind = self.say("in kind") if row.get("in_kind") == "yes" else ""
        return self._joined([source, kind, *self._when(row)])

    def listed(self, rows: Sequence[RowChange], table: str) -> str:
        """List rows of costs or funding with their amounts, for an activity that came or went."""
        field = load_schemas()[table].field("amount")
        parts = []
        for item in rows:
            if item.table != table:
                continue
            row, amount = item.row, self.titles.value(table, field, item.row.get("amount"))
            name = self.cost_name(row) if table == "costs" else self.gift_name(row)
            if table == "funding":
                name = self._joined([name, self._word("funding", "stage", row)])
            parts.append(
                self.say("{name}: {amount}", name=name, amount=amount) if name else amount
            )
        return self.say("; ").join(parts)

    def _money(self, change: RowChange, lead: str) -> Iterator[Phrase]:
        """Word the changes of a row of costs or funding."""
        name = (
            self.cost_name(change.row) if change.table == "costs" else self.gift_name(change.row)
        )
        named = self.say("{kind}, {name}", kind=lead, name=name) if name else lead
        field = load_schemas()[change.table].field("amount")
        amount = self.titles.value(change.table, field, change.row.get("amount"))
        if change.table == "funding" and (change.old is None or change.new is None):
            amount = self._joined([amount, self._word("funding", "stage", change.row)])
        if change.old is None:
            yield Phrase(named, self.say("added: {amount}", amount=amount))
        elif change.new is None:
            yield Phrase(named, self.say("deleted: {amount}", amount=amount))
        else:
            told = list(self._told(change))
            said = [self._said(change, c) for c in told if c.field not in _SINGLE]
            if any(c.field in _SINGLE for c in told):
                said.append(self._product(change))
            if told and not change.has(Code.AMOUNT, "amount"):
                said.append(self.say("amount {amount}", amount=amount))
            if any(said):
                yield Phrase(named, self.say("; ").join(filter(None, said)))

    def _whole(self, change: RowChange, item: Change) -> Phrase:
        """Word that a row came or went; a share of a post with its percentage."""
        lead = self.say("Added") if item.code is Code.ADDED else self.say("Deleted")
        if "percent" not in change.row:
            return Phrase(lead)
        field = load_schemas()[change.table].field("percent")
        value = self.titles.value(change.table, field, change.row["percent"])
        return Phrase(lead, self.say("{percent} per cent", percent=value))

    def _progress(self, change: RowChange) -> Phrase:
        """Word what was reported of an activity as at a date."""
        field = load_schemas()["progress"].field("as_at")
        day = self.titles.value("progress", field, change.row.get("as_at"))
        lead = self.say("Progress as at {date}", date=day)
        if change.old is None:
            return Phrase(lead, self._word("progress", "status", change.row))
        if change.new is None:
            return Phrase(lead, self.say("deleted"))
        phrases = list(self.fields(change))
        said = [
            self.say("{field}: {value}", field=p.lead, value=p.text) for p in phrases if p.text
        ]
        others = [phrase.lead for phrase in phrases if not phrase.text]
        return Phrase(lead, self.say("; ").join([*said, *others]))

    def _said(self, change: RowChange, item: Change) -> str:
        phrase = self.field(change.table, item)
        if item.field in {"amount", "stage"}:
            return phrase.text
        return self.say("{field}: {value}", field=phrase.lead.lower(), value=phrase.text)

    def _product(self, change: RowChange) -> str:
        """Say of what quantity and unit cost an amount is made up now, and was before."""
        new, old = self._times(change.new or {}), self._times(change.old or {})
        if new and old:
            return self.say("{new} instead of {old}", new=new, old=old)
        return new

    def _times(self, row: Row) -> str:
        schema = load_schemas()["costs"]
        quantity, cost = (
            self.titles.value("costs", schema.field(name), row.get(name))
            for name in ("quantity", "unit_cost")
        )
        if not quantity or not cost:
            return ""
        return self.say("{quantity} × {unit_cost}", quantity=quantity, unit_cost=cost)

    def _told(self, change: RowChange) -> Iterator[Change]:
        """Give the changes that may be told here."""
        for item in change.changes:
            hidden = item.internal or (change.table, item.field) in _UNPRINTED
            if not (self.public and hidden):
                yield item

    def _texts(self, table: str, items: Sequence[Change]) -> Iterator[Phrase]:
        """Word reworded texts: in a document its own language, and the names of the others."""
        schema = load_schemas()[table]
        bases = dict.fromkeys(schema.field(c.field or "").text or "" for c in items)
        for base in bases:
            group = [c for c in items if schema.field(c.field or "").text == base]
            others = []
            for item in group:
                if self.public and item.language is not self.say.language:
                    others.append(item)
                    continue
                yield self._text(table, schema.field(item.field or ""), item, whole=False)
            if others and len(others) == len(group):
                lead = self.title(table, schema.field(others[0].field or ""))
                yield Phrase(lead, self._elsewhere(others))

    def _text(self, table: str, field: Field, item: Change, *, whole: bool) -> Phrase:
        lead = self.title(table, field) if self.public else self._heading(table, field)
        pieces = worded_pieces(_text_of(item.old), _text_of(item.new))
        return Phrase(lead, "", pieces if whole else excerpt(pieces))

    def _elsewhere(self, items: Sequence[Change]) -> str:
        names = [label("language", str(c.language), self.say) for c in items if c.language]
        return self.say(
            "changed in another language only ({languages})", languages=", ".join(names)
        )

    def _place(self, table: str, key: Value, *, before: bool = False) -> str:
        if key is None:
            return ""
        if table == "activities":
            return self.titles.number(key, before=before)
        return self.titles.of(table, key) if table in {"areas", "posts"} else plain(key)

    def _word(self, table: str, name: str, row: Row) -> str:
        return self.titles.value(table, load_schemas()[table].field(name), row.get(name))

    def _when(self, row: Row) -> tuple[str, str]:
        return plain(row.get("year")), self.titles.of("scenarios", row.get("scenario"))

    def _joined(self, parts: Iterable[str]) -> str:
        return ", ".join(part for part in parts if part)


def _text_of(value: Value) -> str | None:
    return None if value is None else plain(value)
