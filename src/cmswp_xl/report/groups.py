"""Issues by sheet, and those that say the same of many cells together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.issues import with_following
from cmswp_xl.schema import load_schemas
from cmswp_xl.wording import heading, joined, pattern, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cmswp_xl.issues import Issue
    from cmswp_xl.languages import Language, Words

MOST_RANGES = 12


@dataclass(frozen=True, slots=True)
class Group:
    """
    Issues of one code, column and wording on one sheet; there is at least one.

    `following` are the issues that follow from them, wherever they are.
    """

    issues: tuple[Issue, ...]
    following: tuple[Issue, ...] = ()

    @property
    def first(self) -> Issue:
        """The first of them, which stands for what they have in common."""
        return self.issues[0]

    @property
    def cells(self) -> str:
        """Their cells, joined to ranges; nothing where they have none."""
        return joined((issue.cell for issue in self.issues if issue.cell), MOST_RANGES)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet and its groups, by their first cells; the workbook itself has no name."""

    name: str
    groups: tuple[Group, ...]


def by_sheet(issues: Iterable[Issue]) -> list[Sheet]:
    """Fold issues, given in sheet order, to groups by sheet."""
    sheets: dict[str, dict[tuple[object, ...], list[Issue]]] = defaultdict(dict)
    following: dict[tuple[object, ...], list[Issue]] = defaultdict(list)
    for issue, others in with_following(issues):
        hint = issue.values.get("nearest")
        key = (issue.code, issue.severity, issue.table, issue.column, pattern(issue), hint)
        sheets[issue.sheet].setdefault(key, []).append(issue)
        following[issue.sheet, key] += others
    return [
        Sheet(
            name,
            tuple(
                Group(tuple(members), tuple(following[name, key]))
                for key, members in groups.items()
            ),
        )
        for name, groups in sheets.items()
    ]


def following_text(issues: Sequence[Issue], say: Words) -> str:
    """Name the cells of issues that follow from another; nothing where there are none."""
    cells: dict[str, list[str]] = defaultdict(list)
    for issue in issues:
        cells[issue.sheet].append(issue.cell or "")
    if not cells:
        return ""
    return say.many(
        "{count} more issue follows from this: {cells}",
        "{count} more issues follow from this: {cells}",
        len(issues),
        cells=", ".join(
            f"{shown(sheet)} {joined(found, MOST_RANGES)}" for sheet, found in cells.items()
        ),
    )


def column_title(issue: Issue, language: Language) -> str:
    """Give the heading of an issue's column or setting; nothing where it has none."""
    schema = load_schemas().get(issue.table)
    if schema is None or issue.column is None:
        return ""
    for field in schema.fields:
        if field.name == issue.column:
            return heading(issue, field, language)
    return ""
