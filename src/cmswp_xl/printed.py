"""
Printed figures: texts that know which figures they print, alone or within a sentence.

A template places them as any text. What is behind a figure is its source, from which it is
explained only when somebody asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

Path = tuple[str, ...]
"""What a figure is called within its document: kind, key, name, and for some a year."""


class Source(Protocol):
    """Where a figure comes from: what it is called, and how it is explained."""

    @property
    def path(self) -> Path:
        """What the figure is called within its document."""

    def explained(self, book: Any, /) -> Any:
        """Return the figure with its rule, its cells, and the figures that it is made of."""


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a printed figure was rounded; `whole` is the printed figure that it was fitted to."""

    code: str
    step: Decimal
    whole: Path | None = None


@dataclass(frozen=True, slots=True)
class Figured:
    """A figure to be printed: its source, its exact amount, and how it was rounded to what."""

    source: Source
    exact: Decimal | None
    rounding: Rounding | None = None
    rounded_to: Decimal | None = None

    @property
    def shown(self) -> Decimal | None:
        """The amount as printed; None is blank, which is not nil."""
        return self.exact if self.rounding is None else self.rounded_to

    def shown_as(
        self, amount: Decimal | None, code: str, step: Decimal | None, whole: Path | None = None
    ) -> Figured:
        """Return the figure rounded to an amount; as it is where nothing is rounded."""
        if step is None or self.exact is None:
            return self
        return Figured(self.source, self.exact, Rounding(code, step, whole), amount)


class FigureText(str):
    """A text that prints figures, in the order of `parts`."""

    __slots__ = ()

    @property
    def parts(self) -> tuple[Printed, ...]:
        """The figures that the text prints."""
        raise NotImplementedError

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Leave the figures behind where the text goes to another process."""
        return str, (str(self),)


class Printed(FigureText):
    """A figure as printed at one place of a document, in a table or in a sentence."""

    __slots__ = ("table", "value")

    value: Figured
    table: bool

    def __new__(cls, text: str, value: Figured, *, table: bool = True) -> Self:
        """Print a figure as a text."""
        printed = super().__new__(cls, text)
        printed.value = value
        printed.table = table
        return printed

    @property
    def parts(self) -> tuple[Printed, ...]:
        """The figure itself."""
        return (self,)

    @property
    def text(self) -> str:
        """The figure as printed."""
        return str(self)

    @property
    def shown(self) -> Decimal | None:
        """The amount as printed."""
        return self.value.shown

    @property
    def rounding(self) -> Rounding | None:
        """How the amount was rounded."""
        return self.value.rounding

    def reworded(self, text: str) -> Printed:
        """Return the same figure printed as another text, such as "at least 1,200"."""
        return Printed(text, self.value, table=self.table)


class Sentence(FigureText):
    """A text made of others, some of which print figures."""

    __slots__ = ("_parts",)

    _parts: tuple[Printed, ...]

    def __new__(cls, text: str, parts: Iterable[Printed], *, table: bool = False) -> Self:
        """Keep the figures that a text prints; `table` where it stands in a table."""
        sentence = super().__new__(cls, text)
        sentence._parts = tuple(Printed(part, part.value, table=table) for part in parts)
        return sentence

    @property
    def parts(self) -> tuple[Printed, ...]:
        """The figures that the text prints."""
        return self._parts


def worded(text: str, values: Iterable[object]) -> str:
    """Return a text that was made of values, with the figures that these print."""
    parts = [part for value in values if isinstance(value, FigureText) for part in value.parts]
    return Sentence(text, parts) if parts else text


def joined(between: str, texts: Iterable[str]) -> str:
    """Join texts, and keep the figures that they print."""
    texts = list(texts)
    return worded(between.join(texts), texts)


def in_table(text: str) -> str:
    """Return a text of several figures that stands in a cell of a table, not in a sentence."""
    return Sentence(text, text.parts, table=True) if isinstance(text, FigureText) else text
