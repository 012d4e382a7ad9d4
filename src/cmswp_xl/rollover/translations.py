"""The texts of a workbook for translators, as a PO file or a sheet, and what comes back."""

from __future__ import annotations

import datetime as dt
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, PoFileParser, write_po

from cmswp_xl import __version__, resources
from cmswp_xl.errors import CmswpError, Misuse
from cmswp_xl.languages import Language, Words
from cmswp_xl.make.lists import LONGEST_TEXT, listing_workbook
from cmswp_xl.messages.values import display_text
from cmswp_xl.ooxml import Limits, read_bytes
from cmswp_xl.ooxml import Limits as FileLimits
from cmswp_xl.rollover.period import INDENT, Content, Row, content_of
from cmswp_xl.rollover.upgrade import Upgrade, origin_of, typed_of
from cmswp_xl.schema import load_schemas
from cmswp_xl.tables import cell_text
from cmswp_xl.translated import (
    Record,
    Text,
    fingerprint,
    original_language,
    out_of_date,
    plain,
    records_in,
    texts,
)
from cmswp_xl.validate import Checked
from cmswp_xl.validate.typed import UNREADABLE
from cmswp_xl.xlsx import WorkbookFile, read_inventory

_NEVER = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""The date of a file of texts, the same in each."""
_EMPTY = re.compile(
    rb'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Report-Msgid-Bugs-To|Last-Translator|'
    rb"Language-Team):.*\n",
    re.MULTILINE,
)
"""Header lines that would differ every time, or name nobody."""
_LINE = re.compile(rb'(#.*|(msg\S*\s*)?"([^"\\]|\\.)*")?\s*')
"""A line of a PO file; the library takes others too, without what it does not understand."""
_COLUMNS = ("context", "place", "length", "source", "previous", "translation")
"""The heads of the sheet; a text is known by its context, and what comes back is the last one."""


def due(book: WorkbookFile, checked: Checked, to: Language) -> list[tuple[Text, str]]:
    """
    Return the texts without a translation into a language, or with one that is out of date.

    Each has the place where it stands in the workbook. Raises `Misuse` for the original language.
    """
    content = content_of(checked.typed)
    if original_language(content) == to.value:
        raise Misuse("original-language", workbook=book.name, language=to.value)
    kept = records_in(read_inventory(book.data, book.name).cells)
    found = [text for _, text in texts(content, load_schemas()) if text.language == to.value]
    return [(text, _place(text, checked)) for text in out_of_date(found, kept)]


def _place(text: Text, checked: Checked) -> str:
    """Return sheet, key and column of a translation, as they stand in the workbook."""
    names = checked.names
    column = names.headings[text.table, f"{text.field}_{text.language}"]
    parts = filter(None, (names.sheets[text.table], text.key, column))
    return " · ".join(display_text(part) for part in parts)


def po_file(found: Sequence[tuple[Text, str]], to: Language, say: Words) -> bytes:
    """Return texts as a PO file; a translation that is out of date stands there as unsure."""
    about = {"header_comment": "", "project": "cmswp-xl", "version": __version__}
    catalogue = Catalog(
        locale=to.value, charset="utf-8", fuzzy=False, creation_date=_NEVER, **about
    )
    for text, place in found:
        previous, source = plain(text.translation), plain(text.source)
        comments = [place, say.many("{count} character", "{count} characters", len(source))]
        if previous:
            comments.append(say("The text has changed since it was translated."))
        message = catalogue.add(
            source,
            _edges(source, previous) if previous else "",
            context=text.context,
            flags=["fuzzy"] if previous else (),
            auto_comments=comments,
        )
        message.flags &= {"fuzzy"}  # 5 % of the costs is no place to be filled in
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=0)
    return _EMPTY.sub(b"", buffer.getvalue())


def _edges(source: str, text: str) -> str:
    """Return a text with the line breaks before and after it that the source has."""
    before = source[: len(source) - len(source.lstrip("\n"))]
    after = source[len(source.rstrip("\n")) :] if source.strip("\n") else ""
    return f"{before}{text.strip(chr(10))}{after}"


def text_sheet(found: Sequence[tuple[Text, str]]) -> bytes:
    """Return texts as a workbook of one sheet, with a column for the translation."""
    rows = [
        (text.context, place, len(text.source), text.source, text.translation, "")
        for text, place in found
    ]
    return listing_workbook(_COLUMNS, rows)


@dataclass(frozen=True, slots=True)
class Entry:
    """What came back for a text: its context, the text that was translated, the translation."""

    context: str
    source: str
    translation: str


def read_entries(path: Path, limits: Limits | None = None) -> list[Entry]:
    """
    Read the finished translations of a PO file or a sheet; unsure and empty ones are none.

    Raises `CmswpError` for a file that is neither.
    """
    data = read_bytes(path, limits or FileLimits())
    try:
        entries = [*(_of_sheet(data, path.name, limits) if data[:2] == b"PK" else _of_po(data))]
    except (PoFileError, ValueError, LookupError) as error:
        raise CmswpError("texts-unreadable", file=str(path), detail=str(error)) from error
    return [each for each in dict.fromkeys(entries) if each.translation.strip()]


class _Catalogue(Catalog):
    """A catalogue that keeps every entry, those of one text that is given twice too."""

    def __init__(self) -> None:
        super().__init__()
        self.every: list[Message] = []

    def __setitem__(self, key: Any, message: Message) -> None:
        self.every.append(message)
        super().__setitem__(key, message)


def _of_po(data: bytes) -> Iterator[Entry]:
    lines = data.removeprefix(BOM_UTF8).splitlines(keepends=True)
    for number, line in enumerate(lines, 1):
        if not _LINE.fullmatch(line.strip()):
            raise ValueError("line", number)
    catalogue = _Catalogue()
    PoFileParser(catalogue, abort_invalid=True).parse(lines)
    for message in catalogue.every:
        if message.id and not message.fuzzy:
            one = isinstance(message.id, str)  # the program gives no plurals
            source, given = (message.id, [message.string]) if one else ("", message.string)
            translation = "\n".join(map(str, given or ()))
            yield Entry(message.context or "", plain(str(source)), plain(translation))


def _of_sheet(data: bytes, name: str, limits: Limits | None) -> Iterator[Entry]:
    cells = read_inventory(data, name, limits).sheets[0].cells
    heads = {cell_text(value): column for (row, column), value in cells.items() if row == 1}
    columns = [heads.get(head) for head in ("context", "source", "translation")]
    if None in columns:
        raise ValueError(", ".join(_COLUMNS))
    for row in sorted({row for row, _ in cells} - {1}):
        found = (plain(cell_text(cells.get((row, column or 0))) or "") for column in columns)
        yield Entry(*found)


@dataclass(frozen=True, slots=True)
class Taking:
    """
    What a file of translations does to a workbook.

    `taken` are texts with their new translation, `same` counts those that had it already;
    `refused` are entries with the reason: changed, unknown, twice, unfit. `places` says by context
    where a text stands in the workbook.
    """

    content: Content
    taken: Sequence[Text]
    same: int
    refused: Sequence[tuple[Entry, str]]
    places: Mapping[str, str]


def taking(checked: Checked, entries: Sequence[Entry]) -> Taking:
    """Plan what entries change in a workbook; they are known by their contexts."""
    content = content_of(typed_of(checked))
    known = {text.context: (row, text) for row, text in texts(content, load_schemas())}
    seen: dict[str, str] = {}
    places: dict[str, str] = {}
    taken: list[Text] = []
    refused: list[tuple[Entry, str]] = []
    same = 0
    for entry in entries:
        row, text = known.get(entry.context, ({}, None))
        if text is not None:
            places[entry.context] = _place(text, checked)
        if seen.setdefault(entry.context, entry.translation) != entry.translation:
            refused.append((entry, "twice"))
        elif text is None:
            refused.append((entry, "unknown"))
        elif plain(text.source).strip() != entry.source.strip():
            refused.append((entry, "changed"))
        elif UNREADABLE.search(entry.translation) or len(entry.translation) > LONGEST_TEXT:
            refused.append((entry, "unfit"))
        else:
            new = text._replace(translation=_edges(plain(text.source), entry.translation))
            same += new.translation == plain(text.translation)
            cast("Row", row)[f"{text.field}_{text.language}"] = new.translation
            taken.append(new)
    return Taking(content, taken, same, refused, places)


def workbook_with(
    book: WorkbookFile, checked: Checked, found: Taking, limits: Limits | None = None
) -> Upgrade:
    """Make the workbook in which the translations stand, each with what it was made from."""
    kept = [
        Record(*text[:4], fingerprint(text.source), fingerprint(text.translation))
        for text in found.taken
    ]
    return origin_of(book, checked, limits).with_content(found.content, translated=kept)


def taking_report(found: Taking, say: Words) -> str:
    """Return in words which translations were taken, and which not."""
    taken = len(found.taken)
    lines = [
        say.many("{count} translation taken:", "{count} translations taken:", taken)
        if taken
        else say("No translations were taken."),
        *(f"{INDENT}{found.places[text.context]}" for text in found.taken),
    ]
    if found.same:
        lines.append(
            say.many(
                "{count} translation was already there.",
                "{count} translations were already there.",
                found.same,
            )
        )
    words = resources.texts("reports")["refused"]
    for entry, why in found.refused:
        named = found.places.get(entry.context) or display_text(entry.context or entry.source)
        lines.append(say(words[why], place=named))
    return "\n".join(lines)
