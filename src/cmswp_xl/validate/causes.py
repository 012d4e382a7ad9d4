"""
What lies behind an issue: the issue that it follows from, and the word or code that was meant.

A code that was changed in its own table makes every row that refers to it faulty; one issue says
so, and the others are marked as following from it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cmswp_xl.tables import comparable
from cmswp_xl.validate.nearest import follows, nearest_choice, nearest_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cmswp_xl.issues import Issue
    from cmswp_xl.schema import Field
    from cmswp_xl.validate.nearest import Nearest
    from cmswp_xl.validate.typed import Keys, TypedTable

    Typed = Mapping[str, TypedTable]

_SEVERAL = 2
"""How many rows must name a code before it is taken for one that was changed in its table."""

_WITHIN: Mapping[str, tuple[str, ...]] = {
    "amount-mismatch": ("quantity", "unit_cost", "amount"),
    "over-allocated": ("percent",),
    "weights-not-100": ("weight",),
}
"""Rules between cells, and the columns whose values out of range are the cause."""


def with_causes(issues: Iterable[Issue], typed: Typed, keys: Keys) -> list[Issue]:
    """Return the issues, each with its cause and the nearest known word, and what was changed."""
    linked = [_ruled(issue, found) for found in [list(issues)] for issue in found]
    unknown: dict[str, list[int]] = defaultdict(list)
    for index, issue in enumerate(linked):
        if issue.code == "not-in-list":
            linked[index] = _hinted(issue, nearest_choice(issue.table, _field(issue)))
        elif issue.code == "unknown-reference":
            unknown[_target(issue)].append(index)
    for table, indexes in unknown.items():
        Lost(table, linked, indexes, typed, keys).explain()
    return linked


def _field(issue: Issue) -> Field:
    return issue.values["field"]  # type: ignore[return-value]


def _target(issue: Issue) -> str:
    reference = _field(issue).reference
    return reference.table if reference else ""


def _hinted(issue: Issue, nearest: Nearest) -> Issue:
    found = nearest(issue.value or "")
    return replace(issue, values={**issue.values, "nearest": found}) if found else issue


def _ruled(issue: Issue, others: Sequence[Issue]) -> Issue:
    """Link an issue of a rule to the value out of range, or the reversed period, behind it."""
    if issue.code == "year-outside-period":
        causes = (o for o in others if o.table == "programme" and "not_before" in o.values)
        return _following(issue, (o for o in causes if o.column == "period_end"))
    if issue.code not in _WITHIN:
        return issue
    same = (o for o in others if o.table == issue.table and o.column in _WITHIN[issue.code])
    faulty = (o for o in same if o.code == "out-of-range")
    cells = issue.values.get("cells")
    if issue.code == "amount-mismatch":
        return _following(issue, (o for o in faulty if o.place[1] == issue.place[1]))
    return _following(issue, (o for o in faulty if not cells or o.cell in cells))  # type: ignore[operator]


def _following(issue: Issue, causes: Iterator[Issue]) -> Issue:
    cause = next(causes, None)
    return issue if cause is None else replace(issue, cause=cause.spot)


@dataclass(frozen=True, slots=True)
class Lost:
    """The references to one table that lead nowhere, as indexes of the issues about them."""

    table: str
    issues: list[Issue]
    indexes: Sequence[int]
    typed: Typed
    keys: Keys

    def explain(self) -> None:
        """Link them to their cause where there is one, and name the nearest code elsewhere."""
        whole = self._structure()
        if whole is not None:
            self._link(self.indexes, whole)
            return
        if self.table not in self.typed:
            return
        left: dict[str, list[int]] = defaultdict(list)
        faulty = self._faulty()
        for index in self.indexes:
            code = comparable(self.issues[index].value or "")
            if code in faulty:
                self._link([index], faulty[code])
            else:
                left[code].append(index)
        nearest = nearest_key(self.typed[self.table], self.keys)
        several = [code for code, found in left.items() if len(found) >= _SEVERAL]
        for code, found in left.items():
            cause = self._changed(code, found, nearest, several) if code in several else None
            if cause is not None:
                self._link(found, cause)
                continue
            for index in found:
                self.issues[index] = _hinted(self.issues[index], nearest)

    def _link(self, indexes: Iterable[int], cause: Issue) -> None:
        for index in indexes:
            self.issues[index] = replace(self.issues[index], cause=cause.spot)

    @property
    def _key(self) -> str:
        return self.typed[self.table].table.schema.primary_key[0]

    def _own(self, *codes: str) -> Iterator[int]:
        """Return the indexes of the issues with the keys of the table itself."""
        for index, issue in enumerate(self.issues):
            if issue.table == self.table and issue.column == self._key and issue.code in codes:
                yield index

    def _structure(self) -> Issue | None:
        """Return the issue that the table or its column of keys is missing."""
        for issue in self.issues:
            if issue.table == self.table and issue.code == "missing-table":
                return issue
        if self.table not in self.typed:
            return None
        return next((self.issues[index] for index in self._own("missing-column")), None)

    def _faulty(self) -> dict[str, Issue]:
        """Return the issues with keys that could not be read, by what they may have been."""
        found: dict[str, Issue] = {}
        for index in self._own("wrong-type", "unreadable-text"):
            issue = self.issues[index]
            for text in (issue.value or "", *str(issue.values.get("meant", "")).split("|")):
                found.setdefault(comparable(text), issue)
        found.pop("", None)
        return found

    def _changed(
        self, code: str, found: Sequence[int], nearest: Nearest, several: Sequence[str]
    ) -> Issue | None:
        """Return the issue at the row whose code was most likely changed; None if none is."""
        near, unused = nearest(code), self._unused()
        if near is not None and comparable(near) in unused:
            return self._changed_code(unused[comparable(near)], code, found)
        twice, blank = list(self._own("duplicate-key")), list(self._own("missing-value"))
        rows = {self.issues[index].place[1]: index for index in (*twice, *blank)}
        fitting = [
            row
            for row in {*unused.values(), *map(self._row, rows)}
            if follows(self._near_keys(row), code)
        ]
        if len(fitting) == 1:
            index = rows.get(self.typed[self.table].table.rows[fitting[0]])
            if index is None:
                return self._changed_code(fitting[0], code, found)
            value = self.issues[index].value
            return self._named([i for i in rows.values() if self.issues[i].value == value], found)
        values = {self.issues[index].value for index in rows.values()}
        if len(several) == 1 and near is None and len(values) == 1 and len(rows) > 0:
            return self._named(list(rows.values()), found)
        return None

    def _row(self, number: int) -> int:
        """Return the index of the row with that number in the sheet."""
        return self.typed[self.table].table.rows.index(number)

    def _near_keys(self, row: int) -> tuple[str, str]:
        """Return the keys in the rows above and below; nothing where there is none."""
        keys = ["", *(str(key or "") for key in self.typed[self.table].column(self._key)), ""]
        return keys[row], keys[row + 2]

    def _named(self, indexes: Sequence[int], found: Sequence[int]) -> Issue:
        """Let the issues with a key name the code that rows elsewhere refer to."""
        lost = {"lost": self.issues[found[0]].value, "references": str(len(found))}
        for index in indexes:
            issue = self.issues[index]
            self.issues[index] = replace(issue, values={**issue.values, **lost})
        return self.issues[indexes[0]]

    def _changed_code(self, row: int, code: str, found: Sequence[int]) -> Issue:
        table = self.typed[self.table]
        issue = table.table.issue(
            "changed-code",
            self._key,
            row,
            str(table.column(self._key)[row]),
            lost=self.issues[found[0]].value or code,
            references=str(len(found)),
            field=table.table.schema.field(self._key),
        )
        self.issues.append(issue)
        return issue

    def _unused(self) -> dict[str, int]:
        """Return the rows, by their keys, that nothing refers to."""
        used = {comparable(code) for code in self._referred()}
        rows: dict[str, int] = {}
        for index, key in enumerate(self.typed[self.table].column(self._key)):
            if isinstance(key, (str, int)) and comparable(str(key)) not in used:
                rows[comparable(str(key))] = index
        return rows

    def _referred(self) -> Iterator[str]:
        for table in self.typed.values():
            for field in table.table.schema.inputs():
                if field.reference is None or field.reference.table != self.table:
                    continue
                for value in table.column(field.name):
                    for entry in value if isinstance(value, tuple) else (value,):
                        if entry is not None:
                            yield str(entry).partition("(")[0] if field.list else str(entry)
