"""The languages, the words of the program in each of them, and the names of a workbook."""

from __future__ import annotations

import errno
import gettext
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Self

from cmswp_xl.printed import Printed, joined, worded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


DOMAIN = "cmswp_xl"
LOCALE_FOLDER = Path(__file__).parent / "locale"


class Language(StrEnum):
    """
    A language of the program, with the tag that Word and browsers spell by.

    The program speaks all of them; workbooks and documents are in `DOCUMENT_LANGUAGES`.
    """

    EN = "en", "en-GB"
    FR = "fr", "fr-FR"
    ES = "es", "es-ES"

    _value_: str
    tag: str

    def __new__(cls, code: str, tag: str = "") -> Self:
        """Make a member of its code alone, which is its value."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.tag = tag
        return member


DOCUMENT_LANGUAGES = (Language.EN, Language.FR, Language.ES)
"""The languages of the Convention: the schemas have titles in each, the tables columns."""


def N_(text: str) -> str:
    """Mark a text for the catalogues without translating it yet."""
    return text


START, SUMMARY, CHECKS = N_("Start"), N_("Summary"), N_("Checks")
OWN = (START, SUMMARY, CHECKS)
"""The names of the sheets without tables of the data."""
WORDS = N_("Words")
"""The name of the hidden sheet of the words of the drop-down lists."""
CARRIED = N_("Carried over")
"""The name of the sheet, where there is one, of what an older workbook held besides."""


@dataclass(frozen=True, slots=True)
class Names:
    """
    What a workbook calls its tables and fields, whatever the language of the messages.

    `sheets` has every table, `headings` every field of every table: as the workbook has it, and
    what the workbook lacks in `language`, that of most of its sheets.
    """

    language: Language
    sheets: Mapping[str, str]
    headings: Mapping[tuple[str, str], str]


REASONS = {
    errno.ENOENT: N_("the file or folder does not exist"),
    errno.EACCES: N_("access is not allowed"),
    errno.EPERM: N_("access is not allowed"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("a part of the path is not a folder"),
    errno.EROFS: N_("the disk is read-only"),
}
"""The usual reasons for which a system refuses a file."""


def reason_of(error: OSError) -> str:
    """Return the English reason of an error, the system's own words where it is an unusual one."""
    return REASONS.get(error.errno or 0) or error.strerror or ""


_COMMA, _AND = N_(", "), N_("{list} and {last}")
_SPANISH_I = re.compile(r"\W*(?:[Hh]?[IiÍí](?![AEOUaeou])|I[A-Z])")
"""Words before which Spanish says "e" for "y"; of capitals, the letters are said one by one."""


class Words:
    """
    The program's words in one language.

    Called with the English text it gives the text in the language; `{name}` places in it are
    filled from the keyword arguments, which are plain text and never read as a pattern. A text
    that is filled from printed figures keeps these.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self._catalogue = _catalogue(language)

    def __call__(self, text: str, **values: object) -> str:
        """Return the text in this language with its places filled."""
        found = self._catalogue.gettext(text) if text else ""
        return worded(found.format_map(values), values.values()) if values else found

    def many(self, one: str, several: str, count: int | Printed, **values: object) -> str:
        """Return the form of the text that fits the count, which fills `{count}`."""
        number = count if isinstance(count, int) else int(count.shown or 0)
        found = self._catalogue.ngettext(one, several, number)
        places = {"count": count, **values}
        return worded(found.format_map(places), places.values())

    def listed(self, texts: Iterable[str]) -> str:
        """Return a list as a sentence has it: 2.1, 2.2 and 2.3."""
        *others, last = texts or ("",)
        if not others:
            return last
        both = self._catalogue.gettext(_AND)
        if self.language is Language.ES and _SPANISH_I.match(last):
            both = both.replace(" y ", " e ")
        first = joined(self._catalogue.gettext(_COMMA), others)
        return worded(both.format(list=first, last=last), (first, last))


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    """
    Load the catalogue of a language; English, that of the source text, needs none.

    A checkout has its source, which is compiled in memory so that it is never out of date (70 ms);
    an installed package has it compiled. Raises `OSError` where there is neither.
    """
    if language is Language.EN:
        return gettext.NullTranslations()
    path = LOCALE_FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not path.exists():
        return gettext.translation(DOMAIN, LOCALE_FOLDER, [language.value])
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
