"""The changes as people look for them: general, by area and activity, posts, review, lists."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.compare.values import plain
from cmswp_xl.schema import REVIEW_TABLES
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cmswp_xl.compare.changes import RowChange
    from cmswp_xl.compare.comparison import Comparison
    from cmswp_xl.compare.values import Row, Version

_OF_ACTIVITY = frozenset({"costs", "funding", "progress"})
_PLACED = frozenset({"programme", "areas", "activities", "allocations", *_OF_ACTIVITY})
_POSTS = ("posts", "postfunding")


@dataclass(frozen=True, slots=True)
class ActivityGroup:
    """What changed about an activity: its own row, and the rows of its costs and funding."""

    key: str
    old: Row | None
    new: Row | None
    change: RowChange | None
    related: tuple[RowChange, ...]

    @property
    def row(self) -> Row:
        """The activity as it is now, or as it was where it is no more."""
        return self.new if self.new is not None else self.old or {}


@dataclass(frozen=True, slots=True)
class AreaGroup:
    """What changed about an area; `gone` are the activities that moved to another one."""

    key: str
    row: Row
    change: RowChange | None
    activities: tuple[ActivityGroup, ...]
    gone: tuple[ActivityGroup, ...]
    staff: tuple[RowChange, ...]

    def __bool__(self) -> bool:
        """Tell whether anything changed."""
        return bool(self.change or self.activities or self.gone or self.staff)


@dataclass(frozen=True, slots=True)
class Grouped:
    """All typed changes in groups; each stands in one of them."""

    settings: RowChange | None
    areas: tuple[AreaGroup, ...]
    posts: tuple[RowChange, ...]
    review: tuple[RowChange, ...]
    lists: tuple[RowChange, ...]


def grouped(comparison: Comparison) -> Grouped:
    """Group the changes: areas and activities in the order of the new version, then the old."""
    rows = comparison.rows
    others = [row for row in rows if row.table not in _PLACED]
    return Grouped(
        settings=next((row for row in rows if row.table == "programme"), None),
        areas=tuple(group for group in _areas(comparison) if group),
        posts=tuple(row for row in others if row.table in _POSTS),
        review=tuple(row for row in others if row.table in REVIEW_TABLES),
        lists=tuple(r for r in others if r.table not in _POSTS and r.table not in REVIEW_TABLES),
    )


def keyed(version: Version, table: str, field: str) -> Mapping[str, Row]:
    """Give the rows of a table by their keys in comparable form; of equal keys the first."""
    found: dict[str, Row] = {}
    for row in version.rows(table):
        found.setdefault(comparable(plain(row.get(field))), row)
    return found


def _areas(comparison: Comparison) -> Iterable[AreaGroup]:
    old, new = comparison.old, comparison.new
    before, after = keyed(old, "areas", "code"), keyed(new, "areas", "code")
    own = {comparable(row.key): row for row in comparison.of("areas")}
    staff = _by(comparison.of("allocations"), "area")
    inside, gone = _activities(comparison)
    for key in dict.fromkeys((*after, *before, *inside, *staff)):
        row = after.get(key) or before.get(key) or {}
        yield AreaGroup(
            plain(row.get("code")) or key,
            row,
            own.get(key),
            tuple(inside.get(key, ())),
            tuple(gone.get(key, ())),
            tuple(staff.get(key, ())),
        )


def _activities(
    comparison: Comparison,
) -> tuple[dict[str, list[ActivityGroup]], dict[str, list[ActivityGroup]]]:
    """Give the activities with changes by their area, and by the area that they left."""
    before = keyed(comparison.old, "activities", "id")
    after = keyed(comparison.new, "activities", "id")
    own = {comparable(row.key): row for row in comparison.of("activities")}
    related = _by((row for row in comparison.rows if row.table in _OF_ACTIVITY), "activity")
    inside: dict[str, list[ActivityGroup]] = defaultdict(list)
    gone: dict[str, list[ActivityGroup]] = defaultdict(list)
    for key in dict.fromkeys((*after, *before, *related)):
        if key not in own and key not in related:
            continue
        old, new = before.get(key), after.get(key)
        name = plain((new or old or {}).get("id")) or key
        group = ActivityGroup(name, old, new, own.get(key), tuple(related.get(key, ())))
        area = _area(group.row)
        inside[area].append(group)
        if old is not None and _area(old) != area:
            gone[_area(old)].append(group)
    return inside, gone


def _area(row: Row) -> str:
    return comparable(plain(row.get("area")))


def _by(rows: Iterable[RowChange], field: str) -> dict[str, list[RowChange]]:
    groups: dict[str, list[RowChange]] = defaultdict(list)
    for row in rows:
        groups[comparable(plain(row.row.get(field)))].append(row)
    return groups
