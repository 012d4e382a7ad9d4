"""What is read from an annex before it becomes the rows of a workbook."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from cmswp_xl.languages import Language
    from cmswp_xl.word_import.amounts import Figure
    from cmswp_xl.word_import.import_issues import Place

KINDS = ("core", "voluntary", "other")

Key = tuple[str, int | None]
"""What a column of amounts holds: its role, and its year."""

Grant = tuple[str, str, int | None]
"""What funding comes from: the kind of source, the source's title where told, the year."""


@dataclass(slots=True)
class ActivityEntry:
    """
    An activity as printed: `cost` by year (None for the whole period), None where not costed.

    `printed` holds the amounts of its row by column, for comparison with the totals.
    """

    place: Place
    number: str
    text: str
    cost: dict[int | None, Decimal] | None = None
    funding: dict[Grant, Decimal] = field(default_factory=dict)
    printed: Mapping[int, Figure] = field(default_factory=dict)
    partial: bool = False
    priority: str = ""
    responsible: str = ""
    note: str = ""
    texts: dict[Language, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SumEntry:
    """A row of sums: its label, the kind of the sum, its printed amounts by column."""

    place: Place
    label: str
    kind: str
    printed: Mapping[int, Figure]


@dataclass(frozen=True, slots=True)
class AreaHeading:
    """A row that is the heading of an area, with the number and the amounts that it has."""

    place: Place
    text: str
    number: str = ""
    printed: Mapping[int, Figure] = field(default_factory=dict)


Entry = ActivityEntry | SumEntry | AreaHeading


@dataclass(frozen=True, slots=True)
class StaffEntry:
    """A line of a staff table: the kind of source above it, who pays, the post, its time."""

    place: Place
    kind: str
    payer: str
    post: str
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Promise:
    """Money told below a table: pledged, or in kind, for the activity of a number."""

    number: str
    amount: Decimal
    in_kind: bool


@dataclass(slots=True)
class AreaEntry:
    """
    A programme area with what was read for it.

    `sums` add up its printed columns but for those that are `broken`; `numbers` are those of its
    activities, folded; `level` is what its heading looks like, `parent` the area above it.
    """

    title: str
    level: str = ""
    parent: AreaEntry | None = None
    place: Place | None = None
    sums: dict[Key, Decimal] = field(default_factory=dict)
    broken: set[Key] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    activities: list[ActivityEntry] = field(default_factory=list)
    staff: list[StaffEntry] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
