"""
The texts of a workbook with their translations, and what each translation was made from.

A hidden sheet keeps two fingerprints a translation: of the text it was made from, and its own. A
translation is out of date when its source has changed since while it has not; one that was changed
by hand, or of which nothing is kept, counts as current.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from cmswp_xl.cells import AsTyped
from cmswp_xl.languages import DOCUMENT_LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cmswp_xl.schema import TableSchema

    Row = Mapping[str, Any]
    Content = Mapping[str, Sequence[Row]]

SHEET = "cmswp translations"
"""The name of the hidden sheet, in every language."""

_LETTERS = 16


class Record(NamedTuple):
    """What is kept of a translation: where it stands, and the fingerprints of both texts."""

    table: str
    key: str
    field: str
    language: str
    source: str
    translation: str


class Text(Record):
    """A text of a row: its place, itself in the original language, and in another."""

    __slots__ = ()

    @property
    def context(self) -> str:
        """Table, key, field and language, by which it is known outside the workbook."""
        return "/".join(self[:4])

    @property
    def record(self) -> Record:
        """What is kept of it as it now is."""
        return Record(*self[:4], fingerprint(self.source), fingerprint(self.translation))


def records_in(sheets: Mapping[str, Mapping[tuple[int, int], object]]) -> list[Record]:
    """Return what a workbook keeps, from the cells of its sheets by row and column from 1."""
    cells = sheets.get(SHEET, {})
    columns = range(1, len(Record._fields) + 1)
    rows = sorted({row for row, _ in cells} - {1})
    return [Record(*(str(cells.get((row, n), "")) for n in columns)) for row in rows]


def plain(text: str) -> str:
    """Return a text with its line breaks alike, whatever program wrote them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def fingerprint(text: str) -> str:
    """Return what tells a text from any other, spaces around it aside."""
    return hashlib.sha256(plain(text).strip().encode()).hexdigest()[:_LETTERS]


def original_language(content: Content) -> str:
    """Return the original language of a programme; English where it is not given."""
    settings = next(iter(content.get("programme", ())), {})
    given = settings.get("original_language")
    return given if given in DOCUMENT_LANGUAGES else "en"


def texts(content: Content, schemas: Mapping[str, TableSchema]) -> Iterator[tuple[Row, Text]]:
    """Yield each text in the original language with its row, once for each other language."""
    original = original_language(content)
    for name, schema in schemas.items():
        bases = dict.fromkeys(item.text for item in schema.fields if item.text)
        keys = schema.primary_key or ("seq",)
        for row in content.get(name, ()) if bases else ():
            key = "/".join(str(row[part]) for part in keys if part in row)
            for base in bases:
                source = _text(row.get(f"{base}_{original}"))
                for language in DOCUMENT_LANGUAGES if source.strip() else ():
                    if language != original:
                        translation = _text(row.get(f"{base}_{language.value}"))
                        yield row, Text(name, key, str(base), language.value, source, translation)


def _text(value: object) -> str:
    found = value.value if isinstance(value, AsTyped) else value
    return found if isinstance(found, str) else ""


def records(
    content: Content, schemas: Mapping[str, TableSchema], known: Iterable[Record] = ()
) -> list[Record]:
    """Return what is to be kept of each translation: what is `known`, or what it is now."""
    kept: dict[tuple[str, ...], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for record in known:
        kept[record[:4]][record.translation].add(record.source)
    found = []
    for _, text in texts(content, schemas):
        if text.translation.strip():
            now = text.record
            sources = kept[text[:4]][now.translation] or {now.source}
            found.append(now if now.source in sources else now._replace(source=min(sources)))
    return found


def out_of_date(found: Iterable[Text], known: Iterable[Record]) -> Iterator[Text]:
    """Yield the texts whose translation is missing, or was made from another text."""
    kept = {record[:4]: record for record in known}
    for text in found:
        now = text.record
        before = kept.get(text[:4], now)
        stale = before.translation == now.translation and before.source != now.source
        if stale or not text.translation.strip():
            yield text
