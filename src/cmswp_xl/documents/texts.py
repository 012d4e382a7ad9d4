"""What documents print with: figures, numbers, words, and the texts of the workbook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from string import ascii_lowercase
from typing import TYPE_CHECKING

from babel.numbers import get_currency_name

from cmswp_xl.languages import Language, Words
from cmswp_xl.money import decimals, rounded, rounded_to
from cmswp_xl.page import Paragraph as Block
from cmswp_xl.page import Section
from cmswp_xl.printed import Figured, Printed

if TYPE_CHECKING:
    from cmswp_xl.figures.totals import ProgrammeTotals
    from cmswp_xl.model import Activity, Area, Paragraph, Programme, Settings, Text


NIL = "–"
_TO_BE_ELIDED = re.compile(r"\bde (?=[aeiouéè])")
NO_BREAK_SPACE = "\u00a0"
_STEPS = {None: None, "unit": Decimal(1), "thousand": Decimal(1000)}


@dataclass(frozen=True, slots=True)
class Numbers:
    """
    How numbers are printed: separators, decimals, and the step that amounts are rounded to.

    Every amount is grouped, four digits too; negatives stand in brackets, nil is a dash, and
    what is not known is blank.
    """

    language: Language
    grouping: str
    point: str
    places: int
    step: Decimal | None

    def amount(self, value: Figured, *, nil: bool = False) -> Printed:
        """
        Print an amount.

        What is not nil never prints as nil, whatever it is rounded to; `nil` where it does,
        because a sum of what is shown is meant.
        """
        return Printed(self.plain_amount(value.shown, None if nil else value.exact), value)

    def alone(self, value: Figured) -> Printed:
        """Print an amount that is no part of a printed sum, and so is rounded for itself."""
        return self.amount(self.by_itself(value))

    def by_itself(self, value: Figured) -> Figured:
        """Return a figure rounded to the step for itself, not to fit a sum."""
        if value.exact is None or self.step is None:
            return value
        return value.shown_as(rounded(value.exact, self.step), "rounded", self.step)

    def quantity(self, value: Figured) -> Printed:
        """Print a quantity with the decimals it needs; what is not known is blank."""
        return Printed("" if value.shown is None else self.number(value.shown), value)

    percent = quantity
    """Prints a percentage without its sign."""

    def score(self, value: Figured) -> Printed:
        """Print a score with two decimals; what cannot be told is blank."""
        return Printed("" if value.shown is None else self.decimal(value.shown, 2), value)

    def count(self, value: Figured, *, grouped: bool = True) -> Printed:
        """Print a count; without separators within a sentence."""
        shown = value.shown or Decimal(0)
        return Printed(self.decimal(shown, 0) if grouped else f"{shown:f}", value)

    def number(self, value: Decimal | int) -> str:
        """Print a number that is no figure, such as a limit or a rank, with its decimals."""
        exact = Decimal(value)
        return self.decimal(exact, min(decimals(exact), 2))

    def plain_amount(self, shown: Decimal | None, exact: Decimal | None = None) -> str:
        """Return an amount as a text, for a picture whose table prints the figure."""
        if shown is None:
            return ""
        if not shown:
            return f"<{NO_BREAK_SPACE}1" if exact else NIL
        divisor = self.step or Decimal(1)
        text = self.decimal(abs(shown) / divisor, self.places)
        return f"({text})" if shown < 0 else text

    def decimal(self, value: Decimal, places: int) -> str:
        """Print a number with so many decimals, rounded half up."""
        text = f"{rounded_to(value, places):,.{places}f}"
        if (self.grouping, self.point) == (",", "."):
            return text
        return text.translate({ord(","): self.grouping, ord("."): self.point})


def numbers_for(
    language: Language, style: str, rounding: str | None, amounts: Iterable[Decimal | None]
) -> Numbers:
    """
    Choose how to print: by language or house style, with cents only where some amount has any.

    `style` and `rounding` are the words of the Programme form; locale means English comma, French
    and Spanish no-break space.
    """
    english, step = language is Language.EN, _STEPS[rounding]
    signs = NO_BREAK_SPACE, "." if english else ","
    if style == "comma" or (style == "locale" and english):
        signs = ",", "."
    elif style == "point":
        signs = ".", ","
    cents = step is None and any(a is not None and decimals(a) > 0 for a in amounts)
    return Numbers(language, *signs, 2 if cents else 0, step)


def currency_words(code: str, language: Language) -> str:
    """Return the plural name of a currency, such as euros, or its code where it has none."""
    return get_currency_name(code, count=2, locale=language.value)


def elided(text: str, language: Language) -> str:
    """Return a text with "de" elided in French: milliers d’euros."""
    return _TO_BE_ELIDED.sub("d’", text) if language is Language.FR else text


_ACRONYM = re.compile(r"(?:\b[^\W\dA-Z_]{1,3} ){1,2}(?=[A-Z]{2})")
"""Words of up to three letters, two at most, and the space behind each, before an acronym."""
_SHORT = re.compile(r"(?:[\s,;:–]+[^\W\dA-Z_]{1,3})*[\s,;:–]*\Z")
"""Such words at the end, and the signs before them."""


@dataclass(frozen=True, slots=True, order=True)
class MissingText:
    """A text that a document lacks: the row of its table (None for a form), and the field."""

    table: str
    key: str | None
    field: str


def cut(text: str) -> str:
    """End the beginning of a text with an ellipsis, not behind an article or a preposition."""
    return _SHORT.sub("", text, count=1) + f"{NO_BREAK_SPACE}…"


def responsible(names: str | None, say: Words) -> str:
    """Return who is responsible; names between semicolons as a list, the last held to its and."""
    found = [name.strip() for name in (names or "").split(";") if name.strip()]
    text, last = say.listed(found), "".join(found[-1:])
    if len(found) > 1:
        return f"{text.removesuffix(last).rstrip()}{NO_BREAK_SPACE}{last}"
    return text


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text: its lines, without those that are blank."""
    return tuple(part.strip() for part in text.split("\n") if part.strip())


@dataclass(slots=True)
class Texts:
    """Finds texts in one language for one document, which is not made where any is missing."""

    language: Language
    missing: list[MissingText] = field(default_factory=list)

    def required(self, text: Text, table: str, key: str | None, base: str = "title") -> str:
        """Return a text that must be there."""
        found = text.given(self.language)
        if found is None:
            item = MissingText(table, key, f"{base}_{self.language.value}")
            self.missing += [] if item in self.missing else [item]
        return found or ""

    def programme(self, settings: Settings) -> str:
        """Return the title of the programme; short words stay with an acronym: of the CMS."""
        title = self.required(settings.title, "programme", None)
        return _ACRONYM.sub(lambda found: found[0].replace(" ", NO_BREAK_SPACE), title)

    def area(self, area: Area, programme: Programme) -> str:
        """Return an area's title; a sub-area's stands after that of its area."""
        title = self.required(area.title, "areas", area.code)
        above = next((item for item in programme.areas if item.code == area.parent), None)
        if above is None:
            return title
        whole = self.required(above.title, "areas", above.code)
        return Words(self.language)("{area} – {part}", area=whole, part=title)

    def optional(self, text: Text, table: str, key: str | None, base: str) -> str:
        """Return a text that may be blank in all languages, but not in this one only."""
        return self.required(text, table, key, base) if text else ""


@dataclass(frozen=True, slots=True)
class Printer:
    """Prints a programme in one language: its figures, how numbers look, texts and words."""

    totals: ProgrammeTotals
    numbers: Numbers
    texts: Texts
    say: Words

    @property
    def base(self) -> tuple[ProgrammeTotals, Numbers, Texts, Words]:
        """What every printer of a document has."""
        return self.totals, self.numbers, self.texts, self.say

    @property
    def programme(self) -> Programme:
        """The programme."""
        return self.totals.programme

    @property
    def settings(self) -> Settings:
        """The settings of the programme."""
        return self.totals.programme.settings

    @property
    def language(self) -> Language:
        """The language of the document."""
        return self.texts.language

    def area(self, area: Area) -> str:
        """Return the title of an area."""
        return self.texts.area(area, self.programme)

    def activity_title(self, activity: Activity) -> tuple[str, ...]:
        """Return the paragraphs of an activity's title."""
        return paragraphs(self.texts.required(activity.title, "activities", activity.id))

    def amount(self, value: Figured, *, at_least: bool) -> Printed:
        """Print one amount, reading "at least" where activities are costed in part."""
        return amount_of(value, self.numbers, self.say, at_least=at_least)

    def some_costed(self, some: Figured, every: Figured) -> str:
        """Say how many activities are costed."""
        return self.say(
            "Activities costed: {costed} of {count}",
            costed=self.numbers.count(some, grouped=False),
            count=self.numbers.count(every, grouped=False),
        )


def amount_of(value: Figured, numbers: Numbers, say: Words, *, at_least: bool) -> Printed:
    """Print one amount, reading "at least" where activities are costed in part."""
    printed = numbers.amount(value)
    return printed.reworded(say("at least {amount}", amount=printed)) if at_least else printed


def printer_for(
    totals: ProgrammeTotals, language: Language, amounts: Iterable[Decimal | None]
) -> Printer:
    """Return a printer whose numbers show cents only where some of the amounts have any."""
    settings = totals.programme.settings
    numbers = numbers_for(language, settings.number_style, settings.rounding, amounts)
    return Printer(totals, numbers, Texts(language), Words(language))


_COUNTED = frozenset({"paragraph", "areas"})
_LISTED = frozenset({"subparagraph", "bullet"})


@dataclass(frozen=True, slots=True)
class Wording:
    """
    What staff wrote for a document: the summary, and everything else in print order.

    `after` is what stands after the tables. The looks of both are heading, paragraph, lead (a
    paragraph that a list follows), subparagraph, bullet and unnumbered; each has a style.
    """

    summary: tuple[Block, ...] = ()
    body: tuple[Block, ...] = ()
    after: tuple[Block, ...] = ()


def section_of(*blocks: Block) -> tuple[Section, ...]:
    """Return paragraphs as a part of a page, without a heading; none where there are none."""
    return (Section("", "", blocks),) if blocks else ()


def wording_of(document: str, programme: Programme, texts: Texts, say: Words) -> Wording:
    """Return the paragraphs of a document; those that the language lacks are noted in `texts`."""
    rows = programme.paragraphs_of(document)
    printer = _Printer(programme, texts, say)
    summary = [row for row in rows if row.kind == "summary"]
    others = [row for row in rows if row.kind != "summary"]
    blocks = list(printer.body(others))
    place = next((i for i, row in enumerate(others) if row.place == "after"), len(others))
    return Wording(
        summary=tuple(Block(printer.lines(row), "summary") for row in summary),
        body=tuple(chain(*blocks[:place])),
        after=tuple(chain(*blocks[place:])),
    )


@dataclass(frozen=True, slots=True)
class _Printer:
    programme: Programme
    texts: Texts
    say: Words

    def lines(self, row: Paragraph) -> str:
        """Return the lines of a text; a line break in it stays in the same paragraph."""
        key = f"{row.document}/{row.paragraph}"
        return "\n".join(paragraphs(self.texts.required(row.text, "texts", key, "text")))

    def body(self, rows: Sequence[Paragraph]) -> Iterator[list[Block]]:
        """Yield for each row its paragraphs with their numbers and letters."""
        alone = sum(row.kind in _COUNTED for row in rows) == 1
        following = [*(row.kind for row in rows), ""][1:]
        number = letter = 0
        asked = False
        for row, below in zip(rows, following, strict=True):
            found: list[Block] = []
            if row.kind == "subparagraph":
                letter += 1
            elif row.kind not in _LISTED:
                letter = 0
            if row.kind == "action" and not asked:
                asked = True
                found.append(Block(self.say("Action requested:"), "heading"))
            if row.kind in _COUNTED and not alone:
                number += 1
                leads = row.kind == "areas" or below in _LISTED
                look, mark = "lead" if leads else "paragraph", f"{number}."
            elif row.kind in _COUNTED or row.kind == "action":
                look, mark = "unnumbered", ""
            elif row.kind == "subparagraph":
                look, mark = row.kind, self.say("({letter})", letter=_letters(letter))
            else:
                look, mark = row.kind, "•" if row.kind == "bullet" else ""
            found.append(Block(self.lines(row), look, mark))
            yield [*found, *self._areas()] if row.kind == "areas" else found

    def _areas(self) -> Iterator[Block]:
        """Yield the programme areas as the end of the sentence above."""
        areas = [area for area in self.programme.areas if area.parent is None]
        for area in areas:
            title = self.texts.required(area.title, "areas", area.code)
            ended = f"{title}." if area is areas[-1] else self.say("{area};", area=title)
            yield Block(ended, "bullet", "•")


def _letters(count: int) -> str:
    """Return a, b … z, aa, ab … for 1, 2 …."""
    text = ""
    while count:
        count, rest = divmod(count - 1, len(ascii_lowercase))
        text = ascii_lowercase[rest] + text
    return text
