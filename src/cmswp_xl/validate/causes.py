"""
What an issue follows from, and the known word or code that a mistyped one most likely stands for.

References that lead nowhere may all follow from one key that was lost, changed or mistyped.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from cmswp_xl.cells import position
from cmswp_xl.issues import Issue
from cmswp_xl.messages.labels import spellings
from cmswp_xl.schema import Field
from cmswp_xl.tables import comparable
from cmswp_xl.validate.typed import Keys, TypedTable, split_entry

Typed = Mapping[str, TypedTable]


MOST = 100
"""How many different words are looked up; where more are unknown, hints are of no help."""

_ALIKE = 0.75
_SHORTEST = 4
_SEPARATORS = re.compile(r"[\s._/-]+")
_DIGITS = re.compile(r"\d+")
_LAST = re.compile(r"[0-9]{1,9}\Z")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


class Nearest:
    """
    Finds the word that an unknown one most likely stands for, or none.

    `spellings` are pairs of a way to write a word and the word. Codes with another number in them
    are other codes, and so are short ones with another letter: they are never alike.
    """

    def __init__(self, spellings: Iterable[tuple[str, str]]) -> None:
        self._words: dict[str, set[str]] = defaultdict(set)
        for spelling, word in spellings:
            self._words[plain_code(spelling)].add(word)
        self._found: dict[str, str | None] = {}

    def __call__(self, text: str) -> str | None:
        """Return the word nearest to a text; None where none or several are near."""
        plain = plain_code(text)
        if plain not in self._found:
            self._found[plain] = self._search(plain) if len(self._found) < MOST else None
        return self._found[plain]

    def _search(self, plain: str) -> str | None:
        if plain in self._words:
            return _only(self._words[plain])
        numbers, letters = _parts(plain)
        if len(letters) < _SHORTEST:
            return None
        parts = ((_parts(spelling), words) for spelling, words in self._words.items())
        others = [(other, words) for (found, other), words in parts if found == numbers]
        longer = [words for other, words in others if letters in other]
        if longer:
            return _only(set().union(*longer))
        matcher = SequenceMatcher(None, "", letters, autojunk=False)
        ranks: dict[float, set[str]] = defaultdict(set)
        for other, words in others:
            matcher.set_seq1(other)
            if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE:
                ranks[matcher.ratio()] |= words
        best = max(ranks, default=0)
        return _only(ranks[best]) if best >= _ALIKE else None


def _parts(plain: str) -> tuple[list[str], str]:
    return _DIGITS.findall(plain), _DIGITS.sub("", plain)


def _only(words: set[str]) -> str | None:
    return next(iter(words)) if len(words) == 1 else None


def plain_code(text: str) -> str:
    """Return a text without case, accents, separators and leading zeros."""
    letters = unicodedata.normalize("NFD", comparable(text))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _SEPARATORS.sub("", _ZEROS.sub("", _SEPARATORS.sub(" ", bare)))


def beside(code: str, step: int) -> str:
    """Return the code some steps after one that ends in a number, in plain form, or nothing."""
    plain = plain_code(code)
    number = _LAST.search(plain)
    return f"{plain[: number.start()]}{int(number[0]) + step}" if number else ""


def nearest_key(table: TypedTable, keys: Keys) -> Nearest:
    """Return the search among the keys of a table, by themselves and by what they stand for."""
    spellings = [(str(key), str(key)) for key in keys.get(table.schema.name, {}).values()]
    own = table.schema.primary_key[0]
    for field in table.schema.fields:
        if field.text in ("title", "name"):
            spellings += [(text, str(key)) for _, text, key in table.given(field.name, own)]
    return Nearest(spellings)


_SEVERAL = 2
"""How many rows must name a code before it is taken for one that was changed in its table."""

_LOSING = frozenset({"duplicate-key", "missing-value"})
"""The issues with a key in place of which another was lost."""

_KEYS = _LOSING | {"wrong-type", "unreadable-text"}

_WITHIN: Mapping[str, tuple[str, ...]] = {
    "amount-mismatch": ("quantity", "unit_cost", "amount"),
    "conversion-mismatch": ("original_amount", "rate", "amount"),
    "over-allocated": ("percent",),
    "weights-not-100": ("weight",),
}
"""Rules between cells, and the columns whose values out of range are the cause."""


def with_causes(issues: Iterable[Issue], typed: Typed, keys: Keys) -> list[Issue]:
    """Return the issues, each with its cause and the nearest known word, and what was changed."""
    linked = list(issues)
    _link_to_bounds(linked)
    unknown: dict[str, list[int]] = defaultdict(list)
    choices: dict[tuple[str, str], Nearest] = {}
    for index, issue in enumerate(linked):
        if issue.code == "not-in-list":
            field = _field(issue)
            key = issue.table, field.name
            if key not in choices:  # in all languages and as codes
                known = spellings(issue.table, field).items()
                choices[key] = Nearest((word, code) for code, found in known for word in found)
            linked[index] = _hinted(issue, choices[key])
        elif issue.code == "unknown-reference":
            reference = _field(issue).reference
            unknown[reference.table if reference else ""].append(index)
    for table, indexes in unknown.items():
        whole = _structure(table, linked, typed)
        if whole is not None:
            _link(linked, indexes, whole)
        elif table in typed:
            _Lost(typed[table], linked, typed).explain(indexes, nearest_key(typed[table], keys))
    return linked


def _field(issue: Issue) -> Field:
    return issue.values["field"]  # type: ignore[return-value]


def _hinted(issue: Issue, nearest: Nearest) -> Issue:
    found = nearest(issue.value or "")
    return replace(issue, values={**issue.values, "nearest": found}) if found else issue


def _link(issues: list[Issue], indexes: Iterable[int], cause: Issue | None) -> None:
    if cause is not None:
        for index in indexes:
            issues[index] = replace(issues[index], cause=cause.spot)


def _link_to_bounds(issues: list[Issue]) -> None:
    """Link what rules between cells find to values out of range, and to a reversed period."""
    faulty = [issue for issue in issues if issue.code == "out-of-range"]
    by_cell = {(issue.table, issue.column, issue.place[1]): issue for issue in faulty}
    period = (i for i in faulty if i.table == "programme" and i.column == "period_end")
    reversed_period = next((i for i in period if "not_before" in i.values), None)
    for index, issue in enumerate(issues):
        if issue.code == "year-outside-period":
            _link(issues, [index], reversed_period)
        elif issue.code in _WITHIN:
            cells = issue.values.get("cells")
            if isinstance(cells, list):
                rows = [position(str(cell))[0] for cell in cells]
            elif issue.code == "weights-not-100":
                rows = [row for table, _, row in by_cell if table == issue.table]
            else:
                rows = [issue.place[1]]
            places = ((issue.table, column, row) for row in rows for column in _WITHIN[issue.code])
            _link(issues, [index], next((by_cell[p] for p in places if p in by_cell), None))


def _structure(table: str, issues: Sequence[Issue], typed: Typed) -> Issue | None:
    key = typed[table].table.schema.primary_key[0] if table in typed else None
    wanted = {("missing-table", None), ("missing-column", key)}
    found = (i for i in issues if i.table == table and (i.code, i.column) in wanted)
    return next(found, None)


class _Lost:
    """The references to one table that lead nowhere, and the rows of it that may be the cause."""

    def __init__(self, table: TypedTable, issues: list[Issue], typed: Typed) -> None:
        self._table, self._issues = table, issues
        self._name, self._key = table.schema.name, table.schema.primary_key[0]
        self._own = {
            issue.place[1]: index
            for index, issue in enumerate(issues)
            if (issue.table, issue.column) == (table.schema.name, self._key)
            and issue.code in _KEYS
        }
        self._unused = self._without_reference(typed)
        self._fitting = self._places()

    def explain(self, indexes: Sequence[int], nearest: Nearest) -> None:
        """Link references to their cause where there is one; elsewhere name the nearest code."""
        issues, left = self._issues, defaultdict[str, list[int]](list)
        faulty = self._faulty()
        for index in indexes:
            code = comparable(issues[index].value or "")
            if code in faulty:
                _link(issues, [index], faulty[code])
            else:
                left[code].append(index)
        several = [code for code, found in left.items() if len(found) >= _SEVERAL]
        for code, found in left.items():
            near = nearest(code)
            cause = self._changed(code, near, found, several) if code in several else None
            if cause is not None:
                _link(issues, found, cause)
            elif near is not None:
                for index in found:
                    issues[index] = _hinted(issues[index], nearest)

    def _faulty(self) -> dict[str, Issue]:
        """Return the issues with keys that could not be read, by what they may have been."""
        found: dict[str, Issue] = {}
        for issue in (self._issues[index] for index in self._own.values()):
            if issue.code in ("wrong-type", "unreadable-text"):
                for text in (issue.value or "", *str(issue.values.get("meant", "")).split("|")):
                    found.setdefault(comparable(text), issue)
        found.pop("", None)
        return found

    def _changed(
        self, code: str, near: str | None, found: Sequence[int], several: Sequence[str]
    ) -> Issue | None:
        """Return the issue at the row whose code was most likely changed; None if none is."""
        if near is not None and comparable(near) in self._unused:
            return self._changed_code(self._unused[comparable(near)], found)
        fitting = self._fitting.get(plain_code(code), ())
        if len(fitting) == 1:
            (row,) = fitting
            own = self._own.get(self._table.table.rows[row])
            return self._changed_code(row, found) if own is None else self._named(own, found)
        named = [i for i in self._own.values() if self._issues[i].code in _LOSING]
        alone = len({self._issues[index].value for index in named}) == len(several) == 1
        return self._named(named[0], found) if alone and near is None else None

    def _named(self, own: int, found: Sequence[int]) -> Issue:
        """Let the issues with a key name the code that rows elsewhere refer to."""
        issues, value = self._issues, self._issues[own].value
        same = [i for i in self._own.values() if issues[i].value == value]
        for index in same:
            values = {**issues[index].values, "lost": issues[found[0]].value}
            issues[index] = replace(issues[index], values=values)
        return issues[min(same)]

    def _changed_code(self, row: int, found: Sequence[int]) -> Issue:
        key, table = self._key, self._table
        values = {"lost": self._issues[found[0]].value, "references": str(len(found))}
        field, code = table.schema.field(key), table.value(key, row)
        issue = table.issue("changed-code", key, row, code, **values, field=field)
        self._issues.append(issue)
        return issue

    def _places(self) -> dict[str, set[int]]:
        """Return the rows whose code may be lost, by the codes that would go on from others."""
        keys = ["", *(str(key or "") for key in self._table.column(self._key)), ""]
        numbers = {number: row for row, number in enumerate(self._table.table.rows)}
        rows = {*self._unused.values()}
        rows |= {numbers[n] for n, i in self._own.items() if self._issues[i].code in _LOSING}
        found: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            for code in (beside(keys[row], 1), beside(keys[row + 2], -1)):
                found[code].add(row)
        found.pop("", None)
        return found

    def _without_reference(self, typed: Typed) -> dict[str, int]:
        """Return the rows, by their keys, that nothing refers to."""
        used = {comparable(code) for code in _referred(typed, self._name)}
        rows = {comparable(str(key)): index for index, key in self._table.given(self._key)}
        return {key: index for key, index in rows.items() if key not in used}


def _referred(typed: Typed, name: str) -> Iterator[str]:
    """Return every code by which a table is referred to."""
    for table in typed.values():
        for field in table.schema.inputs():
            if field.reference is None or field.reference.table != name:
                continue
            for value in {value for _, value in table.given(field.name)}:
                for entry in value if isinstance(value, tuple) else (value,):
                    yield split_entry(str(entry), locator=field.reference.locator)[0]
