"""From what was read in an annex to the rows of a workbook, by table."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cmswp_xl.languages import N_, Words
from cmswp_xl.make.lists import LONGEST_TEXT
from cmswp_xl.messages.values import amounts_in
from cmswp_xl.word_import.amounts import plain_amount
from cmswp_xl.word_import.rows import ActivityEntry
from cmswp_xl.word_import.staff import Post, find_posts, post_text
from cmswp_xl.word_import.statements import filled
from cmswp_xl.word_import.totals import AreaEntry, Promise
from cmswp_xl.word_import.vocabulary import KINDS, folded

if TYPE_CHECKING:
    from cmswp_xl.word_import import Reading

Rows = dict[str, list[dict[str, Any]]]

_TABLES = (
    *("programme", "areas", "activities", "costs", "funding", "sources", "donors", "posts"),
    *("postfunding", "allocations", "scenarios"),
)
_ALWAYS = frozenset({"areas", "activities", "sources"})
_SOURCES = {
    "core": ("CORE", N_("Core budget")),
    "voluntary": ("VOL", N_("Voluntary contributions")),
    "other": ("OTHER", N_("Other sources")),
}
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_PROPOSED = re.compile(r"\s*\((?:proposed|propos[ée]|propuesto)\)$", re.IGNORECASE)
_SHORT_WORD, _INITIALS = 3, 3


def rows_of(reading: Reading) -> Rows:
    """Return the rows of the workbook by table; new issues are added to the reading's."""
    return _Maker(reading, Words(reading.asked.language)).rows()


@dataclass(slots=True)
class _Maker:
    """Makes the rows of one reading."""

    reading: Reading
    say: Words
    made: Rows = field(default_factory=lambda: {name: [] for name in _TABLES})
    sources: dict[tuple[str, str], str] = field(default_factory=dict)
    donors: dict[str, str] = field(default_factory=dict)

    def rows(self) -> Rows:
        """Return the rows by table."""
        areas = self.reading.areas
        codes = _area_codes([area.title for area in areas])
        self._used_sources()
        code_of = {id(area): code for area, code in zip(areas, codes, strict=True)}
        for area, code in zip(areas, codes, strict=True):
            parent = code_of.get(id(area.parent), "")
            self._add("areas", {"code": code, **self._text("title", area.title), "parent": parent})
            self._activities(area, code)
        times: list[tuple[int, int, dict[str, Any]]] = []
        posts = find_posts([area.staff for area in areas], self.reading.issues)
        for number, post in enumerate(posts, 1):
            key = f"POST-{number:02}"
            self._post(key, post)
            for index, row, time in post.times:
                made = {"post": key, "area": codes[index], "percent": plain_amount(time)}
                times.append((index, row, made))
        self.made["allocations"] = [made for *_, made in sorted(times, key=lambda time: time[:2])]
        self._programme()
        return {name: rows for name, rows in self.made.items() if rows or name in _ALWAYS}

    def _add(self, table: str, row: dict[str, Any]) -> None:
        self.made[table].append({n: value for n, value in row.items() if value not in (None, "")})

    def _text(self, base: str, text: str) -> dict[str, str]:
        return {f"{base}_{self.reading.asked.language.value}": self._clean(text)} if text else {}

    def _clean(self, text: str) -> str:
        """Return a text as a cell of Excel takes it; what is left out is listed."""
        plain = unicodedata.normalize("NFC", _UNREADABLE.sub("", text))
        if len(plain) > LONGEST_TEXT:
            self.reading.issues.add("text-cut", None, plain[:60], LONGEST_TEXT)
        return plain[:LONGEST_TEXT]

    def _programme(self) -> None:
        asked, statements = self.reading.asked, self.reading.statements
        settings = {
            **self._text("title", statements.title),
            "period_start": asked.period[0],
            "period_end": asked.period[-1],
            "currency": asked.currency,
            "original_language": asked.language.value,
            **self._text("prepared_by", statements.prepared_by),
            "status": statements.status,
            "illustrative": "yes" if statements.illustrative else "",
            "as_at": statements.as_at,
            "support_cost_rate": None
            if statements.rate is None
            else plain_amount(statements.rate),
            "number_style": self.reading.style,
            "rounding": statements.rounding,
        }
        if statements.scenario:
            settings["scenario"] = "SCENARIO"
            title = self._text("title", statements.scenario)
            self._add("scenarios", {"code": "SCENARIO", **title})
        self._add("programme", settings)

    def _used_sources(self) -> None:
        areas = self.reading.areas
        used = {kind for area in areas for a in area.activities for kind, *_ in a.funding}
        used |= {entry.kind for area in areas for entry in area.staff}
        used |= {"voluntary" for area in areas if area.promises}
        for kind in KINDS:
            head = _PROPOSED.sub("", self.reading.kinds.get(kind, ""))
            if kind in used or head:
                self._source(kind, head or self.say(_SOURCES[kind][1]))

    def _source(self, kind: str, title: str = "") -> str:
        """Return the code of a source by its kind and title, made if needed; else of the first."""
        codes = [code for (known, _), code in self.sources.items() if known == kind]
        if not title:
            return codes[0]
        key = (kind, folded(title))
        if key not in self.sources:
            first = _SOURCES[kind][0]
            code = self.sources[key] = f"{first}-{len(codes) + 1}" if codes else first
            self._add("sources", {"code": code, "kind": kind, **self._text("title", title)})
        return self.sources[key]

    def _activities(self, area: AreaEntry, code: str) -> None:
        width = max(2, len(str(len(area.activities))))
        ids: dict[str, str] = {}
        for number, entry in enumerate(area.activities, 1):
            key = ids[entry.number] = f"{code}-{number:0{width}}"
            others = {f"title_{name.value}": self._clean(t) for name, t in entry.texts.items()}
            row = {
                "id": key,
                "number": self._clean(entry.number),
                "area": code,
                **self._text("title", entry.text),
                "priority": entry.priority,
                "responsible": self._clean(entry.responsible),
                "costing": "partial" if entry.partial else "",
                **entry.details,
                **others,
            }
            self._add("activities", row)
            self._money(key, entry)
        for promise in area.promises:
            self._promise(ids[promise.number], promise)

    def _money(self, key: str, entry: ActivityEntry) -> None:
        origin = self.say(
            "From {file}, table {table}, row {row}.",
            file=self.reading.name,
            table=entry.place.table,
            row=entry.place.row,
        )
        note = entry.note and self.say("{note} {origin}", note=entry.note, origin=origin)
        net = "excluded" if self.reading.statements.net == "all" else ""
        for year, amount in (entry.cost or {}).items():
            row = {"activity": key, "year": year, "amount": plain_amount(amount)}
            self._add("costs", {**row, "support_cost": net, "note": note or origin})
        if entry.note and not entry.cost:
            self.reading.issues.add("note-without-cost", entry.place, entry.note)
        for kind, title, year in sorted(entry.funding, key=lambda grant: KINDS.index(grant[0])):
            row = {
                "activity": key,
                "year": year,
                "source": self._source(kind, title),
                "stage": "confirmed",
                "amount": plain_amount(entry.funding[kind, title, year]),
                "note": origin,
            }
            self._add("funding", row)

    def _promise(self, key: str, promise: Promise) -> None:
        row = {
            "activity": key,
            "source": self._source("voluntary"),
            "stage": "confirmed" if promise.in_kind else "pledged",
            "amount": plain_amount(promise.amount),
            "in_kind": "yes" if promise.in_kind else "",
            "note": self.say("From the notes below a table of {file}.", file=self.reading.name),
        }
        self._add("funding", row)
        reason = "in-kind-source" if promise.in_kind else "pledge-source"
        amount = amounts_in(self.say.language).number(promise.amount)
        found = self.say("{number}: {amount}", number=key, amount=amount)
        self.reading.issues.add(reason, None, found, row["source"])

    def _post(self, key: str, post: Post) -> None:
        parts = post_text(post.text)
        payers = [self._payer(kind, text) for kind, text in post.payers]
        row = {
            "id": key,
            **self._text("title", parts.title or post.text),
            "grade": parts.grade or "?",
            **payers[0],
            **self._text("remark", parts.remark),
        }
        self._add("posts", row)
        for payer, share in zip(payers, post.shares, strict=False):
            self._add("postfunding", {"post": key, **payer, "percent": plain_amount(share)})

    def _payer(self, kind: str, text: str) -> dict[str, str]:
        """Return source and donor of a payer such as "Voluntary contributions (Donor)"."""
        pair = filled(self.say("{source} ({donor})"), text)
        if pair is not None and (kind, folded(text)) not in self.sources:
            source = self.sources.get((kind, folded(pair["source"])))
            if source is not None:
                return {"source": source, "donor": self._donor(pair["donor"])}
        return {"source": self._source(kind, text)}

    def _donor(self, name: str) -> str:
        key = folded(name)
        if key not in self.donors:
            self.donors[key] = f"DONOR-{len(self.donors) + 1}"
            self._add("donors", {"code": self.donors[key], **self._text("name", name)})
        return self.donors[key]


def _area_codes(titles: list[str]) -> list[str]:
    """Return a code for each area from the first letters of its longer words."""
    codes: list[str] = []
    for title in titles:
        words = re.findall(r"[^\W\d_]+", folded(title).upper())
        words = [word for word in words if word.isascii() and len(word) > _SHORT_WORD]
        first = "".join(word[0] for word in words[:_INITIALS])
        first = (words[0][:_INITIALS] if len(words) == 1 else first) or "AREA"
        numbered = (f"{first}{number}" for number in range(2, len(codes) + 3))
        codes.append(next(code for code in (first, *numbered) if code not in codes))
    return codes
