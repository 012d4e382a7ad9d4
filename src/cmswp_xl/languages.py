"""The languages, and the words of the program in each of them."""

from __future__ import annotations

import gettext
import json
import re
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from cmswp_xl.printed import worded

if TYPE_CHECKING:
    from cmswp_xl.printed import Printed

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


_PO_TEXT = re.compile(r'^(msg\w+(?:\[\d\])?) "(.*(?:"\n".*)*)"$', re.MULTILINE)


class _Source(gettext.NullTranslations):
    """A catalogue read from its source, a PO file as `make messages` writes it."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self._found: dict[str, list[str]] = {}
        texts: list[str] = []
        for kind, raw in _PO_TEXT.findall(source):
            text = json.loads(f'"{raw}"'.replace('"\n"', ""))
            if kind == "msgid":
                texts = self._found[text] = []
            elif kind != "msgid_plural":
                texts.append(text)
        self._form = gettext.c2py(self._found[""][0].partition("plural=")[2].partition(";")[0])

    def gettext(self, message: str) -> str:
        return (self._found.get(message) or [message])[0] or message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        forms = self._found.get(msgid1)
        return forms[self._form(n)] if forms else super().ngettext(msgid1, msgid2, n)


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    """
    Load the catalogue of a language; English, that of the source text, needs none.

    A checkout has its source, which is read so that it is never out of date; an installed package
    has it compiled. Raises `OSError` where there is neither.
    """
    if language is Language.EN:
        return gettext.NullTranslations()
    path = LOCALE_FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if path.exists():
        return _Source(path.read_text(encoding="utf-8"))
    return gettext.translation(DOMAIN, LOCALE_FOLDER, [language.value])
