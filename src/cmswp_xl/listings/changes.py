"""What changed between two versions: as text for a terminal, and as JSON with stable codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.text import Text

from cmswp_xl.compare import (
    ActivityGroup,
    Code,
    Comparison,
    FigureChange,
    Level,
    RowChange,
    grouped,
)
from cmswp_xl.compare.rows import Value, Version, json_value, plain
from cmswp_xl.compare.words import worded_pieces
from cmswp_xl.documents.changes import Phrase, Phraser, Titles, brief, headed
from cmswp_xl.documents.effects import undrawn_words
from cmswp_xl.documents.texts import numbers_for
from cmswp_xl.languages import Words
from cmswp_xl.listings.listing import (
    Column,
    amount_cell,
    amount_texts,
    drawn,
    dumped,
    grid,
    line,
)
from cmswp_xl.listings.totals import TITLES
from cmswp_xl.messages.values import amounts_in, display_text
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from rich.console import RenderableType


_MARKS = {"removed": ("[-", "-]", "red"), "added": ("{+", "+}", "green"), "same": ("", "", "")}


def changes_text(comparison: Comparison, say: Words, *, colour: bool, width: int) -> str:
    """Show all changes, by area and activity, and below them their effect on figures."""
    old, new = comparison.old, comparison.new
    title = say(
        "Changes from {old} to {new}", old=display_text(old.name), new=display_text(new.name)
    )
    parts: list[RenderableType] = [line(title, "bold")]
    if not comparison and not comparison.undrawn:
        return drawn([*parts, line(say("No differences."))], colour=colour, width=width)
    if not comparison.rows:
        parts.append(line(say("No entries differ.")))
    titles = Titles(comparison, numbers_for(say.language, "locale", None, ()), say)
    parts += _Screen(Phraser(titles, say, public=False)).parts()
    parts += _figures(titles, width)
    return drawn(parts, colour=colour, width=width)


@dataclass(frozen=True, slots=True)
class _Screen:
    """Words the typed changes of a comparison for a terminal."""

    phraser: Phraser

    def parts(self) -> Iterator[RenderableType]:
        """Return headings, entries and phrases, each indented below the one above."""
        phraser, titles, say = self.phraser, self.phraser.titles, self.phraser.say
        groups = grouped(titles.comparison)
        if groups.settings is not None:
            yield from _heading(say("General"))
            yield from self._phrases(phraser.fields(groups.settings), 2)
        for area in groups.areas:
            yield from _heading(f"{area.key}  {titles.text(area.row, 'title')}")
            if area.change is not None:
                yield from self._phrases(phraser.fields(area.change), 2)
            yield from self._phrases(phraser.renumbered(area), 2)
            for activity in area.activities:
                if not activity.only_renumbered:
                    yield from self._activity(activity)
            for row in area.staff:
                yield from self._entry(titles.of("posts", row.row.get("post")), row)
        names = titles.comparison.new.names
        for table, rows in groupby(groups.lists, key=lambda row: row.table):
            yield from _heading(names.sheets[table] if names else phraser.table(table))
            for row in rows:
                yield from self._entry(" ".join(filter(None, phraser.named(row))) or row.key, row)

    def _entry(self, name: str, row: RowChange) -> Iterator[RenderableType]:
        yield _indented(line(display_text(name, None)), 2)
        yield from self._phrases(self.phraser.fields(row), 4)

    def _activity(self, group: ActivityGroup) -> Iterator[RenderableType]:
        number = plain(group.row.get("number"))
        title = brief(self.phraser.titles.text(group.row, "title"))
        name = "  ".join(filter(None, (number, title, f"({group.key})")))
        yield _indented(line(display_text(name, None)), 2)
        if group.change is not None:
            yield from self._phrases(self.phraser.fields(group.change), 4)
        for row in group.related:
            yield from self._phrases(self.phraser.row(row), 4)

    def _phrases(self, phrases: Iterator[Phrase], indent: int) -> Iterator[RenderableType]:
        for phrase in phrases:
            lead = headed(phrase, self.phraser.say).lead
            follows = " " if phrase.text or phrase.pieces else ""
            text = line(display_text(f"{lead}{follows}{phrase.text}", None))
            for piece in phrase.pieces:
                before, after, style = _MARKS[piece.kind]
                text.append_text(line(f"{before}{display_text(piece.text, None)}{after}", style))
            yield _indented(text, indent)


def _heading(text: str) -> Iterator[RenderableType]:
    yield Text()
    yield line(display_text(text, None), "bold")


def _indented(text: Text, indent: int) -> Padding:
    return Padding(text, (0, 0, 0, indent))


def _figures(titles: Titles, width: int) -> Iterator[RenderableType]:
    """Show the effect on figures as a table, or say why there is none."""
    say, comparison = titles.say, titles.comparison
    items = comparison.figures
    yield from _heading(say("Effect on the figures"))
    if comparison.undrawn:
        yield line(undrawn_words(comparison, say))
        return
    if not items:
        yield line(say("No figures change."))
        return
    yield Text()
    names = [_item(titles, item) for item in items]
    first = [name if name not in names[max(i - 1, 0) : i] else "" for i, name in enumerate(names)]
    columns = [
        Column(say("Item"), first, name=True),
        Column(say("Figure"), [say(TITLES[item.figure]) for item in items]),
        Column(say("Formerly"), [amount_cell(item.old, say) for item in items], amount=True),
        Column(say("Now"), [amount_cell(item.new, say) for item in items], amount=True),
        Column(say("Difference"), [_signed(i.difference, say) for i in items], amount=True),
    ]
    yield grid(columns, width)


def _signed(amount: Decimal, say: Words) -> str:
    text = amounts_in(say.language).money(abs(amount))
    return f"+{text}" if amount > 0 else f"−{text}" if amount else "–"


def _item(titles: Titles, item: FigureChange) -> str:
    """Name what a figure belongs to."""
    say = titles.say
    if item.level is Level.ACTIVITY:
        return display_text(f"{titles.number(item.key)}  {item.key}")
    if item.level is Level.AREA:
        return say("Sub-total {area}", area=display_text(item.key))
    return {
        Level.TOTAL: say("Total of the programme areas"),
        Level.SUPPORT: say("Programme support costs"),
        Level.GRAND: say("Grand total"),
    }[item.level]


def changes_json(comparison: Comparison) -> str:
    """Return all changes one by one, and the figures that follow; null where not compared."""
    areas = _areas(comparison)
    figures = [
        {
            "level": item.level.value,
            "key": item.key,
            "figure": item.figure,
            **amount_texts(item, ("old", "new", "difference")),
        }
        for item in comparison.figures
    ]
    return dumped(
        {
            "old": _side(comparison.old),
            "new": _side(comparison.new),
            "different": bool(comparison),
            "changes": [item for row in comparison.rows for item in _records(row, areas)],
            "figures": None if comparison.undrawn else figures,
            "figures_not_compared": [reason.value for reason in comparison.undrawn],
        }
    )


def _areas(comparison: Comparison) -> Mapping[str, Value]:
    """Return the area of each activity by its id in comparable form; the new version counts."""
    sides = (side.keyed("activities", "id") for side in (comparison.old, comparison.new))
    return {key: row.get("area") for side in sides for key, row in side.items()}


def _side(version: Version) -> dict[str, Any]:
    return {"workbook": version.name, "sha256": version.sha256, "errors": version.errors}


def _records(row: RowChange, areas: Mapping[str, Value]) -> Iterator[dict[str, Any]]:
    activity, area = _owners(row, areas)
    for item in row.changes:
        record: dict[str, Any] = {
            "code": item.code.value,
            "table": row.table,
            "key": row.key,
            "activity": activity,
            "area": area,
            "column": item.field,
            "language": item.language.value if item.language else None,
            "old": json_value(item.old),
            "new": json_value(item.new),
            "difference": None if item.difference is None else f"{item.difference:f}",
            "internal": item.internal,
        }
        if item.code is Code.REWORDED:
            pieces = worded_pieces(plain(item.old) or None, plain(item.new) or None)
            record["words"] = [[piece.kind, piece.text] for piece in pieces]
        if item.code in {Code.ADDED, Code.REMOVED}:
            record["row"] = {name: json_value(value) for name, value in row.row.items()}
        yield record


def _owners(row: RowChange, areas: Mapping[str, Value]) -> tuple[str | None, str | None]:
    """Return the id of the activity and the code of the area that a row belongs to."""
    activity = row.row.get("id" if row.table == "activities" else "activity")
    if row.table in {"recommendations", "comments"}:
        activity = None
    area = row.row.get("code" if row.table == "areas" else "area")
    if area is None and activity is not None:
        area = areas.get(comparable(plain(activity)))
    return plain(activity) or None, plain(area) or None
