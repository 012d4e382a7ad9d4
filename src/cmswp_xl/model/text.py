"""One text in the three languages of the Convention."""

from __future__ import annotations

from dataclasses import dataclass

from cmswp_xl.languages import Language


@dataclass(frozen=True, slots=True)
class Text:
    """One text in the three languages; None where it was not given."""

    en: str | None = None
    fr: str | None = None
    es: str | None = None

    def given(self, language: Language) -> str | None:
        """Give the text in one language, or None."""
        return {Language.EN: self.en, Language.FR: self.fr, Language.ES: self.es}[language]

    def best(self, *languages: Language) -> str:
        """Give the text in the first of the languages that has one, else in any, else nothing."""
        for language in (*languages, *Language):
            found = self.given(language)
            if found:
                return found
        return ""

    def __bool__(self) -> bool:
        """Tell whether the text was given in any language."""
        return bool(self.en or self.fr or self.es)
