"""The changes between two versions in words: titles, values, phrases."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial

from cmswp_xl.compare import AreaGroup, Change, Code, Comparison, RowChange
from cmswp_xl.compare.rows import Row, Value, Version, plain
from cmswp_xl.compare.words import Piecemeal, excerpt, worded_pieces
from cmswp_xl.documents.amounts import amounts_behind
from cmswp_xl.documents.annex import mandate
from cmswp_xl.documents.front import revised_symbol
from cmswp_xl.documents.texts import MissingText, Numbers, Texts, cut, numbers_for, responsible
from cmswp_xl.figures.totals import ProgrammeTotals
from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.labels import FIELD_KINDS, KINDS, label
from cmswp_xl.messages.values import long_date
from cmswp_xl.money import decimals
from cmswp_xl.page import Cell, Paragraph, Piece, Section, Table
from cmswp_xl.schema import Field, TableSchema, load_schemas
from cmswp_xl.tables import comparable

NAMED = ("areas", "activities", "sources", "donors", "posts", "scenarios")
"""The tables whose codes print as what they stand for."""


def title_of(schema: TableSchema) -> str:
    """Return the text that a row is known by, the first one of its table; nothing if none."""
    return next((field.text for field in schema.fields if field.text), "")


@dataclass(slots=True)
class Titles:
    """Titles and values in one language, of the new version or else the old; texts missing."""

    comparison: Comparison
    numbers: Numbers
    say: Words
    missing: list[MissingText] = field(default_factory=list)
    _rows: dict[str, tuple[Mapping[str, Row], Mapping[str, Row]]] = field(default_factory=dict)

    def text(self, row: Row, base: str, table: str = "", key: str | None = None) -> str:
        """Return a text of a row in the language, else in the original one, else in any."""
        found = row.get(f"{base}_{self.say.language.value}")
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
        """Return what a code stands for; the code itself where it is not known."""
        if table not in NAMED or value is None:
            return plain(value)
        row = self._row(table, value)
        if not row:
            return plain(value)
        schema = load_schemas()[table]
        key = plain(row.get(schema.primary_key[0]))
        title = self.text(row, title_of(schema), table, key)
        if table == "posts" and row.get("grade"):
            return self.say("{title} ({grade})", title=title, grade=plain(row.get("grade")))
        return title or plain(value)

    def number(self, key: Value, *, before: bool = False) -> str:
        """Return the number of an activity, now or before; its id where it has none."""
        return plain(self._row("activities", key, before=before).get("number")) or plain(key)

    def cell(self, table: str, name: str, row: Row) -> str:
        """Return the value of a row in a field as print shows it."""
        return self.value(table, load_schemas()[table].field(name), row.get(name))

    def value(self, table: str, item: Field, value: Value) -> str:
        """Return a value as print shows it: amounts, dates, code words, references in words."""
        if value is None:
            return ""
        if isinstance(value, Decimal):
            places = 2 if decimals(value) else 0
            if item.unit == "currency":
                return self.numbers.decimal(value, max(places, self.numbers.places))
            return self.numbers.decimal(value, 2 if item.name == "share" else decimals(value))
        if isinstance(value, (str, int)) and item.reference is not None:
            if item.reference.table == "activities":
                return self.number(value)
            return self.of(item.reference.table, value)
        kind = FIELD_KINDS.get((table, item.name))
        if kind is not None and str(value) in KINDS[kind]:
            return label(kind, str(value), self.say)
        if isinstance(value, tuple):
            cites = item.name == "mandates"
            value_of = partial(self.value, table, item)
            return self.say.listed([mandate(v, self.say) if cites else value_of(v) for v in value])
        if item.name == "responsible":
            return responsible(plain(value), self.say)
        if isinstance(value, (str, int)):
            return plain(value)
        return long_date(value, self.say.language)

    def lacking(self, texts: Texts) -> list[MissingText]:
        """Return the texts that are missing, after those that the paper itself lacks."""
        return [*texts.missing, *(text for text in self.missing if text not in texts.missing)]

    def _row(self, table: str, key: Value, *, before: bool = False) -> Row:
        """Return the row of a key, now or else before, or the other way round; empty if none."""
        if table not in self._rows:
            (name,) = load_schemas()[table].primary_key
            new, old = self.comparison.new, self.comparison.old
            self._rows[table] = new.keyed(table, name), old.keyed(table, name)
        new_rows, old_rows = self._rows[table]
        code = comparable(plain(key))
        first, second = (old_rows, new_rows) if before else (new_rows, old_rows)
        return first.get(code) or second.get(code) or {}

    def _note(self, row: Row, base: str, table: str, key: str | None) -> None:
        """Note a missing text of a row of the new version, which may lack internal fields here."""
        item = MissingText(table, key, f"{base}_{self.say.language.value}")
        rows = self.comparison.new.rows(table) if table else ()
        if item not in self.missing and any(
            row is other or all(other.get(name) == value for name, value in row.items())
            for other in rows
        ):
            self.missing.append(item)


def titles_for(
    comparison: Comparison, language: Language, printed: Sequence[ProgrammeTotals]
) -> Titles:
    """Return titles and values as the paper of the new version prints them, the last of some."""
    settings = printed[-1].programme.settings
    amounts = (amount for totals in printed for amount in amounts_behind(totals, totals.total))
    numbers = numbers_for(language, settings.number_style, settings.rounding, amounts)
    return Titles(comparison, numbers, Words(language))


def marked_pieces(pieces: Piecemeal) -> tuple[Piece, ...]:
    """Return the pieces of a text for a page: what was put in and taken out stands out."""
    return tuple(Piece(item.text, "" if item.kind == "same" else item.kind) for item in pieces)


def compared_paragraphs(old: str, new: str) -> tuple[Paragraph, ...]:
    """Return a text for a page with the words marked that were put in and taken out."""
    lines: list[list[Piece]] = [[]]
    for piece in marked_pieces(worded_pieces(old, new)):
        for place, part in enumerate(piece.text.split("\n")):
            if place:
                lines.append([])
            elif lines[-1] and (lines[-1][-1].look, piece.look) == ("removed", "added"):
                lines[-1].append(Piece(" "))
            lines[-1] += [replace(piece, text=part)] if part else []
    return tuple(Paragraph(pieces=tuple(line)) for line in lines if line)


def legend(parts: Iterable[Section], say: Words) -> Iterator[str]:
    """Say how changes in texts are marked, where there are any."""
    blocks = [block for part in parts for block in part.blocks]
    said = [block for block in blocks if isinstance(block, Paragraph)]
    for block in blocks:
        if isinstance(block, Table):
            cells = (cell for row in block.rows for cell in row.cells if isinstance(cell, Cell))
            said += [paragraph for cell in cells for paragraph in cell.paragraphs]
    if any(piece.look in ("added", "removed") for item in said for piece in item.pieces):
        yield say("Added words are underlined; deleted words are struck through.")


def version_name(version: Version, say: Words) -> str:
    """Name a version by its symbol and date; by its file where it has neither."""
    settings = version.settings
    symbol = plain(settings.get(f"symbol_{say.language.value}"))
    name = revised_symbol(symbol, plain(settings.get("revision"))) or version.name
    day = settings.get("document_date")
    if not isinstance(day, dt.date):
        return name
    return say("{document} of {date}", document=name, date=long_date(day, say.language))


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
    pieces: Piecemeal = ()


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

    def table(self, name: str) -> str:
        """Return what a table is called."""
        if name in KINDS["table"]:
            return label("table", name, self.say)
        return load_schemas()[name].titles[self.say.language]

    def named(self, change: RowChange) -> tuple[str, str]:
        """Return the number of an entry of a list, if it has one, and what it is called."""
        titles, table, row = self.titles, change.table, change.row
        if table == "postfunding":
            source = titles.of("sources", row.get("source"))
            return "", _joined([titles.of("posts", row.get("post")), source], titles.say)
        if table in NAMED:
            return "", titles.of(table, change.key)
        if table == "weights":
            return "", titles.cell("weights", "criterion", row)
        schema = load_schemas()[table]
        if not title_of(schema):
            return change.key, ""
        keys = schema.primary_key or ("seq",)
        single = len(keys) == 1
        key = plain(row.get(keys[0])) if single else None
        text = titles.text(row, title_of(schema), table if single else "", key)
        return change.key, brief(text)

    def renumbered(self, area: AreaGroup) -> Iterator[Phrase]:
        """Name together the activities of an area that only have another number now."""
        becomes = [
            self.say(
                "{old} becomes {new}",
                old=plain((item.old or {}).get("number")),
                new=plain((item.new or {}).get("number")),
            )
            for item in area.activities
            if item.only_renumbered
        ]
        if becomes:
            yield Phrase(self.say("Renumbered"), self.say.listed(becomes))

    def row(self, change: RowChange) -> Iterator[Phrase]:
        """Word all changes of a row that belongs to an activity."""
        if change.table == "progress":
            yield self._progress(change)
        else:
            yield from self._money(change)

    def fields(self, change: RowChange, skip: frozenset[str] = frozenset()) -> Iterator[Phrase]:
        """Word the changes of a row field by field; of the row as a whole in one phrase."""
        left = [c for c in self._visible(change) if c.field is None or c.field not in skip]
        yield from self._texts(change.table, [c for c in left if c.code is Code.REWORDED])
        for item in left:
            if item.code in {Code.ADDED, Code.REMOVED}:
                yield self._whole(change, item)
            elif item.code is Code.MOVED and item.field is None:
                yield self._order(change.table, item)
            elif item.code is not Code.REWORDED:
                yield self._field(change.table, item)

    def title(self, table: str, field: Field) -> str:
        """Return the heading of a field; of a text in three languages without the language."""
        title = self._heading(table, field)
        return _BRACKETS.sub("", title) if field.language or field.internal else title

    def listed(self, rows: Sequence[RowChange], table: str) -> str:
        """List rows of costs or funding with their amounts, for an activity that came or went."""
        parts = []
        for item in rows:
            if item.table == table:
                name, amount = self._name(item), self.titles.cell(table, "amount", item.row)
                if table == "funding":
                    name = _joined([name, self.titles.cell(table, "stage", item.row)], self.say)
                parts.append(
                    self.say("{name}: {amount}", name=name, amount=amount) if name else amount
                )
        return self.say("; ").join(parts)

    def _heading(self, table: str, field: Field) -> str:
        """Return the heading of a field: in a document the program's, else the workbook's."""
        names = None if self.public else self.titles.comparison.new.names
        return names.headings[table, field.name] if names else field.titles[self.say.language]

    def _visible(self, change: RowChange) -> Iterator[Change]:
        for item in change.changes:
            hidden = item.internal or (change.table, item.field) in _UNPRINTED
            if not (self.public and hidden):
                yield item

    def _field(self, table: str, item: Change) -> Phrase:
        """Word the change of one field."""
        field = load_schemas()[table].field(item.field or "")
        lead = self.title(table, field)
        if item.internal:
            return Phrase(lead, self.say("changed (internal; not shown)"))
        return Phrase(lead, self._instead(table, field, item))

    def _instead(self, table: str, field: Field, item: Change) -> str:
        """Say what a value is now, and what it was; of amounts also by how much they differ."""
        say, value = self.say, partial(self.titles.value, table, field)
        old, new = value(item.old), value(item.new)
        if item.difference is not None and item.old is not None and item.new is not None:
            places = {"difference": value(abs(item.difference)), "old": old, "new": new}
            if item.difference > 0:
                return say("increased by {difference}, from {old} to {new}", **places)
            return say("decreased by {difference}, from {old} to {new}", **places)
        if not old:
            return say("{new} (not specified before)", new=new)
        if not new:
            return say("deleted (formerly {old})", old=old)
        return say("{new} (formerly {old})", new=new, old=old)

    def _order(self, table: str, item: Change) -> Phrase:
        """Say after what a row stands now, and after what it stood."""
        lead = self.say("Order")
        old, new = self._place(table, item.old, before=True), self._place(table, item.new)
        if new and old:
            return Phrase(lead, self.say("after {new} (formerly after {old})", new=new, old=old))
        if new:
            return Phrase(lead, self.say("after {new} (formerly first)", new=new))
        return Phrase(lead, self.say("first (formerly after {old})", old=old))

    def _place(self, table: str, key: Value, *, before: bool = False) -> str:
        if key is None:
            return ""
        if table == "activities":
            return self.titles.number(key, before=before)
        return self.titles.of(table, key) if table in {"areas", "posts"} else plain(key)

    def _name(self, change: RowChange) -> str:
        """Name a row of costs by category, of funding by source and donor; year, scenario."""
        row, titles = change.row, self.titles
        scenario = titles.of("scenarios", row.get("scenario"))
        named = self.say("scenario “{name}”", name=scenario) if scenario else ""
        when = plain(row.get("year")), named
        if change.table == "costs":
            return _joined([titles.cell("costs", "category", row), *when], self.say)
        source = titles.of("sources", row.get("source"))
        if row.get("donor"):
            donor = titles.of("donors", row.get("donor"))
            source = self.say("{source} ({donor})", source=source, donor=donor)
        kind = self.say("in kind") if row.get("in_kind") == "yes" else ""
        return _joined([source, kind, *when], self.say)

    def _money(self, change: RowChange) -> Iterator[Phrase]:
        """Word the changes of a row of costs or funding."""
        say, table = self.say, change.table
        lead, name = say("Cost") if table == "costs" else say("Funding"), self._name(change)
        if name and table == "funding":
            lead = say("{kind} – {name}", kind=lead, name=name)
        elif name:
            lead = say("{kind}, {name}", kind=lead, name=name)
        amount = self.titles.cell(table, "amount", change.row)
        if table == "funding" and (change.old is None or change.new is None):
            amount = _joined([amount, self.titles.cell(table, "stage", change.row)], say)
        if change.old is None:
            yield Phrase(lead, say("added: {amount}", amount=amount))
        elif change.new is None:
            yield Phrase(lead, say("deleted: {amount}", amount=amount))
        else:
            visible = list(self._visible(change))
            parts = [self._part(change, c) for c in visible if c.field not in _SINGLE]
            if visible and not change.has(Code.AMOUNT, "amount"):
                parts.append(say("amount {amount}", amount=amount))
            text = say("; ").join(filter(None, parts))
            single = any(c.field in _SINGLE for c in visible)
            if single and (product := self._product(change)):
                text = say("{title} ({details})", title=text, details=product)
            if text:
                yield Phrase(lead, text)

    def _part(self, change: RowChange, item: Change) -> str:
        phrase = self._field(change.table, item)
        if item.field in {"amount", "stage"}:
            return phrase.text
        return self.say("{field}: {value}", field=phrase.lead.lower(), value=phrase.text)

    def _product(self, change: RowChange) -> str:
        """Say of what quantity and unit cost an amount is made up now, and was before."""
        new, old = self._times(change.new or {}), self._times(change.old or {})
        return self.say("{new} instead of {old}", new=new, old=old) if new and old else new

    def _times(self, row: Row) -> str:
        quantity, cost = (self.titles.cell("costs", n, row) for n in ("quantity", "unit_cost"))
        if not quantity or not cost:
            return ""
        return self.say("{quantity} × {unit_cost}", quantity=quantity, unit_cost=cost)

    def _whole(self, change: RowChange, item: Change) -> Phrase:
        """Word that a row came or went; a share of a post with its percentage."""
        lead = self.say("Added") if item.code is Code.ADDED else self.say("Deleted")
        if "percent" not in change.row:
            return Phrase(lead)
        percent = self.titles.cell(change.table, "percent", change.row)
        return Phrase(lead, self.say("{percent} per cent", percent=percent))

    def _progress(self, change: RowChange) -> Phrase:
        """Word what was reported of an activity as at a date."""
        say, row = self.say, change.row
        lead = say("Progress as at {date}", date=self.titles.cell("progress", "as_at", row))
        if change.old is None:
            return Phrase(lead, self.titles.cell("progress", "status", row))
        if change.new is None:
            return Phrase(lead, say("deleted"))
        phrases = list(self.fields(change))
        texts = [say("{field}: {value}", field=p.lead, value=p.text) for p in phrases if p.text]
        others = [phrase.lead for phrase in phrases if not phrase.text]
        return Phrase(lead, say("; ").join([*texts, *others]))

    def _texts(self, table: str, items: Sequence[Change]) -> Iterator[Phrase]:
        """Word reworded texts: in a document its own language, and the names of the others."""
        schema = load_schemas()[table]
        groups: dict[str, list[Change]] = {}
        for item in items:
            groups.setdefault(schema.field(item.field or "").text or "", []).append(item)
        for group in groups.values():
            own = [c for c in group if not self.public or c.language is self.say.language]
            for item in own:
                column = schema.field(item.field or "")
                lead = (self.title if self.public else self._heading)(table, column)
                pieces = worded_pieces(plain(item.old), plain(item.new))
                yield Phrase(lead, "", excerpt(pieces))
            if not own:
                names = [label("language", str(c.language), self.say) for c in group if c.language]
                text = self.say(
                    "changed in another language only ({languages})",
                    languages=self.say.listed(names),
                )
                yield Phrase(self.title(table, schema.field(group[0].field or "")), text)


def _joined(parts: Iterable[str], say: Words) -> str:
    return say(", ").join(filter(None, parts))


def brief(text: str, words: int = 14) -> str:
    """Return the first words of a text, to know an activity by."""
    parts = text.split()
    return text.replace("\n", " ") if len(parts) <= words else cut(" ".join(parts[:words]))
