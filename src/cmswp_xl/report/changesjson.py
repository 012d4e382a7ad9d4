"""What changed between two versions, as JSON with stable codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cmswp_xl.compare import Code, keyed, plain, worded_pieces
from cmswp_xl.report.jsons import amount_text, dumped
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.compare import Change, Comparison, FigureChange, RowChange, Value, Version


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
