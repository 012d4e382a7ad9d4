"""From what was read in an annex to the rows of a workbook, by table."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cmswp_xl.languages import N_, Words
from cmswp_xl.money import EXACT
from cmswp_xl.schema import load_schemas
from cmswp_xl.word_import.entries import KINDS
from cmswp_xl.word_import.staff import find_posts, post_text
from cmswp_xl.word_import.statements import filled
from cmswp_xl.word_import.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from cmswp_xl.word_import.annex import Reading
    from cmswp_xl.word_import.entries import ActivityEntry, AreaEntry
    from cmswp_xl.word_import.staff import Payer, PostEntry

Rows = dict[str, list[dict[str, Any]]]

LONGEST = 32_767
"""The longest text that a cell of Excel takes, in characters."""

_CODES = {"core": "CORE", "voluntary": "VOL", "other": "OTHER"}
_NAMES = {
    "core": N_("Core budget"),
    "voluntary": N_("Voluntary contributions"),
    "other": N_("Other sources"),
}
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_PROPOSED = re.compile(r"\s*\((?:proposed|propos[ée]|propuesto)\)$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_SHORT = 3
_INITIALS = 3


def rows_of(reading: Reading) -> Rows:
    """Return the rows of the workbook by table; new issues are added to the reading's."""
    return _Maker(reading).rows()


@dataclass(slots=True)
class _Maker:
    """Makes the rows of one reading."""

    reading: Reading
    say: Words = field(init=False)
    made: Rows = field(default_factory=dict)
    sources: dict[tuple[str, str], str] = field(default_factory=dict)
    donors: dict[str, str] = field(default_factory=dict)
    times: list[tuple[int, int, dict[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.say = Words(self.reading.asked.language)

    def rows(self) -> Rows:
        tables = ("areas", "activities", "costs", "funding", "sources", "donors", "posts")
        self.made = {name: [] for name in (*tables, "postfunding", "allocations")}
        areas = self.reading.areas
        codes = _area_codes([area.title for area in areas])
        self._sources()
        for area, code in zip(areas, codes, strict=True):
            row = {"code": code, **self._text("title", area.title)}
            if area.parent is not None and _has_parents():
                row["parent"] = codes[next(n for n, one in enumerate(areas) if one is area.parent)]
            self.made["areas"].append(row)
            self._activities(area, code)
        for number, post in enumerate(find_posts(areas, self.reading.issues), 1):
            self._post(f"POST-{number:02}", post, codes)
        self.times.sort(key=lambda time: time[:2])
        self.made["allocations"] = [made for _, _, made in self.times]
        found: Rows = {"programme": [self._programme()]}
        return found | {name: rows for name, rows in self.made.items() if rows or name in _ALWAYS}

    def _text(self, base: str, text: str) -> dict[str, str]:
        return {f"{base}_{self.reading.asked.language.value}": self._clean(text)} if text else {}

    def _clean(self, text: str) -> str:
        """Return a text as a cell of Excel takes it; what is left out is said."""
        plain = unicodedata.normalize("NFC", _UNREADABLE.sub("", text))
        if len(plain) > LONGEST:
            self.reading.issues.add("text-cut", None, plain[:60], LONGEST)
            plain = plain[:LONGEST]
        return plain

    def _programme(self) -> dict[str, Any]:
        asked, said = self.reading.asked, self.reading.statements
        settings: dict[str, Any] = {
            **self._text("title", said.title),
            "period_start": asked.period[0],
            "period_end": asked.period[-1],
            "currency": asked.currency,
            "original_language": asked.language.value,
            **self._text("prepared_by", said.prepared_by),
            "status": said.status,
            "illustrative": "yes" if said.illustrative else "",
            "as_at": said.as_at,
            "support_cost_rate": None if said.rate is None else _number(said.rate),
            "number_style": self.reading.style,
            "rounding": said.rounding,
        }
        if said.scenario:
            settings["scenario"] = "SCENARIO"
            self.made["scenarios"] = [{"code": "SCENARIO", **self._text("title", said.scenario)}]
        return {name: value for name, value in settings.items() if value not in (None, "")}

    def _sources(self) -> None:
        """Make a source for each kind that the annex has a column for, or needs."""
        used = {
            kind for area in self.reading.areas for a in area.activities for kind, *_ in a.funding
        }
        used |= {entry.kind for area in self.reading.areas for entry in area.staff}
        if any(area.promises for area in self.reading.areas):
            used.add("voluntary")
        for kind in KINDS:
            head = _PROPOSED.sub("", self.reading.kinds.get(kind, ""))
            if kind in used or head:
                self._source(kind, head or self.say(_NAMES[kind]))

    def _source(self, kind: str, title: str) -> str:
        """Return the code of a source by its kind and title, made if needed."""
        key = (kind, folded(title))
        if key not in self.sources:
            count = sum(known == kind for known, _ in self.sources)
            code = _CODES[kind] if not count else f"{_CODES[kind]}-{count + 1}"
            self.sources[key] = code
            self.made["sources"].append({"code": code, "kind": kind, **self._text("title", title)})
        return self.sources[key]

    def _activities(self, area: AreaEntry, code: str) -> None:
        width = max(2, len(str(len(area.activities))))
        ids: dict[str, str] = {}
        for number, entry in enumerate(area.activities, 1):
            key = f"{code}-{number:0{width}}"
            ids[entry.number] = key
            row = {
                "id": key,
                "number": self._clean(entry.number),
                "area": code,
                **self._text("title", entry.text),
                "priority": entry.priority,
                "responsible": self._clean(entry.responsible),
                "costing": "partial" if entry.partial else "",
            }
            for language, text in entry.texts.items():
                row[f"title_{language.value}"] = self._clean(text)
            self.made["activities"].append({name: value for name, value in row.items() if value})
            self._costs(key, entry)
            self._funding(key, entry)
        for promise in area.promises:
            self._promise(ids[promise.number], promise.amount, in_kind=promise.in_kind)

    def _costs(self, key: str, entry: ActivityEntry) -> None:
        for year, amount in (entry.cost or {}).items():
            row: dict[str, Any] = {"activity": key, "year": year, "amount": _number(amount)}
            if self.reading.statements.net == "all":
                row["support_cost"] = "excluded"
            note = self._origin(entry)
            row["note"] = (
                self.say("{note} {origin}", note=entry.note, origin=note) if entry.note else note
            )
            self.made["costs"].append({k: v for k, v in row.items() if v is not None})
        if entry.note and not entry.cost:
            self.reading.issues.add("note-without-cost", entry.place, entry.note)

    def _funding(self, key: str, entry: ActivityEntry) -> None:
        order = sorted(entry.funding, key=lambda grant: KINDS.index(grant[0]))
        for kind, title, year in order:
            first = next(code for (known, _), code in self.sources.items() if known == kind)
            row: dict[str, Any] = {
                "activity": key,
                "year": year,
                "source": self._source(kind, title) if title else first,
                "stage": "confirmed",
                "amount": _number(entry.funding[kind, title, year]),
                "note": self._origin(entry),
            }
            self.made["funding"].append({k: v for k, v in row.items() if v is not None})

    def _promise(self, key: str, amount: Decimal, *, in_kind: bool) -> None:
        row = {
            "activity": key,
            "source": next(c for (k, _), c in self.sources.items() if k == "voluntary"),
            "stage": "confirmed" if in_kind else "pledged",
            "amount": _number(amount),
            "in_kind": "yes" if in_kind else "",
            "note": self.say("From the notes below a table of {file}.", file=self.reading.name),
        }
        self.made["funding"].append({name: value for name, value in row.items() if value})
        reason = "in-kind-source" if in_kind else "pledge-source"
        self.reading.issues.add(reason, None, f"{key}: {amount:f}", row["source"])

    def _origin(self, entry: ActivityEntry) -> str:
        """Say in a note where an amount came from."""
        return self.say(
            "From {file}, table {table}, row {row}.",
            file=self.reading.name,
            table=entry.place.table,
            row=entry.place.row,
        )

    def _post(self, key: str, post: PostEntry, codes: list[str]) -> None:
        parts = post_text(post.text)
        payers = [self._payer(payer) for payer in post.payers]
        self.made["posts"].append(
            {
                "id": key,
                **self._text("title", parts.title or post.text),
                "grade": parts.grade or "?",
                **payers[0],
                **self._text("remark", parts.remark),
            }
        )
        for payer, share in zip(payers, post.shares, strict=False):
            self.made["postfunding"].append({"post": key, **payer, "percent": _number(share)})
        for index, row, time in post.times:
            made = {"post": key, "area": codes[index], "percent": _number(time)}
            self.times.append((index, row, made))

    def _payer(self, payer: Payer) -> Mapping[str, str]:
        """Return source and donor of a payer such as "Voluntary contributions (Donor)"."""
        first = next(c for (k, _), c in self.sources.items() if k == payer.kind)
        if not payer.text:
            return {"source": first}
        known = self.sources.get((payer.kind, folded(payer.text)))
        pair = filled(self.say("{source} ({donor})"), payer.text)
        if known is None and pair is not None:
            source = self.sources.get((payer.kind, folded(pair["source"])))
            if source is not None:
                return {"source": source, "donor": self._donor(pair["donor"])}
        return {"source": known or self._source(payer.kind, payer.text)}

    def _donor(self, name: str) -> str:
        if folded(name) not in self.donors:
            code = f"DONOR-{len(self.donors) + 1}"
            self.donors[folded(name)] = code
            self.made["donors"].append({"code": code, **self._text("name", name)})
        return self.donors[folded(name)]


_ALWAYS = frozenset({"areas", "activities", "sources"})


def _has_parents() -> bool:
    """Return whether an area may have another above it."""
    return any(field.name == "parent" for field in load_schemas()["areas"].fields)


def _number(amount: Decimal) -> str:
    return format(amount.normalize(EXACT), "f")


def _area_codes(titles: list[str]) -> list[str]:
    """Make a code for each area from the first letters of its longer words."""
    codes: list[str] = []
    for title in titles:
        code = _initials(title) or "AREA"
        number = 2
        while code in codes:
            code = f"{_initials(title) or 'AREA'}{number}"
            number += 1
        codes.append(code)
    return codes


def _initials(title: str) -> str:
    plain = folded(title).upper()
    words: list[str] = [
        word for word in _WORD.findall(plain) if word.isascii() and len(word) > _SHORT
    ]
    if len(words) == 1:
        return words[0][:_INITIALS]
    return "".join(word[0] for word in words[:_INITIALS])


def counts(rows: Rows) -> Iterator[tuple[str, int]]:
    """Return the tables that have rows, and how many."""
    for name, found in rows.items():
        if name != "programme" and found:
            yield name, len(found)
