"""Results as JSON: the keys of the design, amounts as text with two decimals, unknown as null."""

from __future__ import annotations

import json
import re
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from cmswp_xl.compare import Code, keyed, plain, worded_pieces
from cmswp_xl.csvfile import csv_bytes
from cmswp_xl.issues import Severity, count
from cmswp_xl.listings.totals import split_unfunded, unfunded_total
from cmswp_xl.messages.worded import worded
from cmswp_xl.money import to_cents
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.compare import Change, Comparison, FigureChange, RowChange, Value, Version
    from cmswp_xl.figures.totals import Figures, Reckoning, Row
    from cmswp_xl.issues import Issue
    from cmswp_xl.languages import Language, Words
    from cmswp_xl.listings import Report


AMOUNTS = ("cost", "core", "voluntary", "other", "pledged", "to_be_sought", "surplus")
UNFUNDED_AMOUNTS = ("cost", "core", "voluntary", "other", "pledged", "to_be_sought")

_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def issues_json(results: Sequence[Report], say: Words, *, several: bool | None = None) -> str:
    """
    Give the issues of a workbook as an object, of several as an array of such objects.

    `several` says which, where it is not the number of results that tells.
    """
    found = [_report(report, say) for report in results]
    as_array = len(found) != 1 if several is None else several
    return dumped(found if as_array else found[0])


def totals_json(reckoning: Reckoning, by: str, language: Language) -> str:
    """Give the totals by one of the groupings; ValueError where there is no such grouping."""
    return dumped(
        {
            "currency": reckoning.programme.settings.currency,
            "by": by,
            "scenario": reckoning.scenario,
            "rows": [_row(row, reckoning, language) for row in reckoning.rows(by)],
            "total": _figures(reckoning.total),
        }
    )


def unfunded_json(reckoning: Reckoning, language: Language) -> str:
    """Give the activities with money to be sought, and apart from them those not costed."""
    listed, not_costed = split_unfunded(reckoning)
    figures = unfunded_total(reckoning)
    return dumped(
        {
            "currency": reckoning.programme.settings.currency,
            "scenario": reckoning.scenario,
            "rows": [
                {
                    **entry.named(language),
                    **_amounts(entry.figures, UNFUNDED_AMOUNTS),
                    "status": entry.figures.status,
                }
                for entry in listed
            ],
            "not_costed": [entry.named(language) for entry in not_costed],
            "total": {
                **_amounts(figures, UNFUNDED_AMOUNTS),
                "activities": len(listed),
                "not_costed": len(not_costed),
            },
        }
    )


def amount_text(amount: Decimal | None) -> str | None:
    """Give an amount as plain text with two decimals; None where it is not known."""
    return None if amount is None else f"{to_cents(amount):f}"


def dumped(content: object, *, sort: bool = False) -> str:
    """
    Dump a value as indented JSON with a line break at its end, its keys sorted if asked for.

    Characters that could steer a terminal or that no encoding takes are written as escapes, which
    mean the same in JSON.
    """
    text = indented(content)
    if sort:
        text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


class Encoded(str):
    """A value that is JSON already, indented for its place."""

    __slots__ = ()


def indented(value: object, line: str = "\n") -> str:
    """Return a value as `json` indents it by two, in a third of the time; `line` breaks a line."""
    if isinstance(value, Encoded):
        return value
    if isinstance(value, str):
        return encode_basestring(value)
    inner = f"{line}  "
    if isinstance(value, dict) and value:
        return "".join(("{", inner, members(value, inner), line, "}"))
    if isinstance(value, list) and value:
        items = f",{inner}".join([indented(item, inner) for item in value])
        return f"[{inner}{items}{line}]"
    return json.dumps(value)


def members(values: Mapping[str, object], line: str) -> str:
    """Return the keys and values of an object, each in a line of its own."""
    return f",{line}".join(
        [f"{encode_basestring(key)}: {indented(value, line)}" for key, value in values.items()]
    )


def row_title(row: Row, reckoning: Reckoning, language: Language) -> str | None:
    """Give the title of a row in a language, or else in the programme's original one."""
    if not row.title:
        return None
    return row.title.best(language, reckoning.programme.settings.original_language)


def _report(report: Report, say: Words) -> dict[str, Any]:
    return {
        "workbook": report.workbook,
        "sha256": report.sha256,
        "errors": count(report.issues, Severity.ERROR),
        "warnings": count(report.issues, Severity.WARNING),
        "issues": [_issue(issue, say) for issue in report.issues],
    }


def _issue(issue: Issue, say: Words) -> dict[str, Any]:
    words = worded(issue, say)
    return {
        "code": issue.code,
        "severity": issue.severity.value,
        "sheet": issue.sheet,
        "cell": issue.cell,
        "table": issue.table,
        "column": issue.column,
        "value": issue.value,
        "message": words.message,
        "remedy": words.remedy,
    }


def _row(row: Row, reckoning: Reckoning, language: Language) -> dict[str, Any]:
    return {
        "key": row.key,
        "number": row.number,
        "title": row_title(row, reckoning, language),
        **_figures(row.figures),
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        **_amounts(figures, AMOUNTS),
        "status": figures.status,
        "activities": figures.activities,
        "not_costed": figures.not_costed,
    }


def _amounts(figures: Figures, names: Sequence[str]) -> dict[str, str | None]:
    return {name: amount_text(getattr(figures, name)) for name in names}


def changes_json(comparison: Comparison) -> str:
    """Give all changes one by one, and the figures that follow; null where not compared."""
    areas = _areas(comparison)
    return dumped(
        {
            "old": _side(comparison.old),
            "new": _side(comparison.new),
            "different": bool(comparison),
            "changes": [item for row in comparison.rows for item in _changes(row, areas)],
            "figures": None if comparison.undrawn else list(map(_figure, comparison.figures)),
            "figures_not_compared": [reason.value for reason in comparison.undrawn],
        }
    )


def _areas(comparison: Comparison) -> Mapping[str, Value]:
    """Give the area of each activity by its id in comparable form; the new version counts."""
    sides = (keyed(side, "activities", "id") for side in (comparison.old, comparison.new))
    return {key: row.get("area") for side in sides for key, row in side.items()}


def _side(version: Version) -> dict[str, Any]:
    return {"workbook": version.name, "sha256": version.sha256, "errors": version.errors}


def _changes(row: RowChange, areas: Mapping[str, Value]) -> Iterator[dict[str, Any]]:
    activity, area = _owners(row, areas)
    for item in row.changes:
        found: dict[str, Any] = {
            "code": item.code.value,
            "table": row.table,
            "key": row.key,
            "activity": activity,
            "area": area,
            "column": item.field,
            "language": item.language.value if item.language else None,
            "old": _value(item.old),
            "new": _value(item.new),
            "difference": None if item.difference is None else f"{item.difference:f}",
            "internal": item.internal,
        }
        if item.code is Code.REWORDED:
            found["words"] = _words(item)
        if item.code in {Code.ADDED, Code.REMOVED}:
            found["row"] = {name: _value(value) for name, value in row.row.items()}
        yield found


def _owners(row: RowChange, areas: Mapping[str, Value]) -> tuple[str | None, str | None]:
    """Give the id of the activity and the code of the area that a row belongs to."""
    activity = row.row.get("id" if row.table == "activities" else "activity")
    if row.table in {"recommendations", "comments"}:
        activity = None
    area = row.row.get("code" if row.table == "areas" else "area")
    if area is None and activity is not None:
        area = areas.get(comparable(plain(activity)))
    return plain(activity) or None, plain(area) or None


def _words(item: Change) -> Sequence[Sequence[str]]:
    pieces = worded_pieces(plain(item.old) or None, plain(item.new) or None)
    return [[piece.kind, piece.text] for piece in pieces]


def _value(value: Value) -> str | int | None:
    if value is None or isinstance(value, (str, int)):
        return value
    return plain(value)


def _figure(item: FigureChange) -> dict[str, Any]:
    return {
        "level": item.level.value,
        "key": item.key,
        "figure": item.figure,
        "old": amount_text(item.old),
        "new": amount_text(item.new),
        "difference": amount_text(item.difference),
    }


_NAMES = ("key", "number", "title")
_COUNTS = ("status", "activities", "not_costed")
_UNFUNDED_NAMES = ("key", "area", "number", "title", "priority")


def totals_csv(reckoning: Reckoning, by: str, language: Language) -> bytes:
    """Give the totals by one of the groupings, with the columns of the JSON rows."""
    rows = [
        [
            row.key,
            row.number,
            row_title(row, reckoning, language),
            *(amount_text(getattr(row.figures, name)) for name in AMOUNTS),
            *(getattr(row.figures, name) for name in _COUNTS),
        ]
        for row in reckoning.rows(by)
    ]
    return csv_bytes((*_NAMES, *AMOUNTS, *_COUNTS), rows)


def unfunded_csv(reckoning: Reckoning, language: Language) -> bytes:
    """Give the activities with money to be sought, then with blank amounts those not costed."""
    listed, not_costed = split_unfunded(reckoning)
    rows = [
        [
            *entry.named(language).values(),
            *(
                amount_text(getattr(entry.figures, name)) if entry.figures.to_be_sought else None
                for name in UNFUNDED_AMOUNTS
            ),
            entry.figures.status,
        ]
        for entry in (*listed, *not_costed)
    ]
    return csv_bytes((*_UNFUNDED_NAMES, *UNFUNDED_AMOUNTS, "status"), rows)
