"""Areas, activities and lists as the summary of revisions shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.compare import Code, plain
from cmswp_xl.context.effecttable import brief
from cmswp_xl.context.phrases import Phrase, Phraser, headed
from cmswp_xl.context.texts import paragraphs
from cmswp_xl.schema import load_schemas
from cmswp_xl.wording import KINDS, label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cmswp_xl.compare import ActivityGroup, AreaGroup, Grouped, RowChange
    from cmswp_xl.context.titles import Titles
    from cmswp_xl.languages import Words

_APART = frozenset({"number", "area"})
"""The fields of an activity that are told with its number."""

_TEXTS = {
    "findings": "text",
    "subjects": "title",
    "recommendations": "text",
    "evidence": "title",
    "steps": "text",
    "needs": "text",
    "requests": "title",
    "mandates": "title",
    "texts": "text",
}


@dataclass(frozen=True, slots=True)
class RevisedRow:
    """An activity or another entry; `mark` says that it came or went."""

    number: str
    paragraphs: tuple[str, ...]
    mark: str
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class StaffChange:
    """The time of a post for an area, before and now, in per cent."""

    post: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RevisedArea:
    """An area with what was revised in it; `statements` say what concerns all of it."""

    anchor: str
    title: str
    statements: tuple[Phrase, ...]
    rows: tuple[RevisedRow, ...]
    staff: tuple[StaffChange, ...]


@dataclass(frozen=True, slots=True)
class RevisedPart:
    """Entries of a list other than activities."""

    anchor: str
    title: str
    rows: tuple[RevisedRow, ...]


@dataclass(frozen=True, slots=True)
class RevisionPrinter:
    """Prints groups of changes for a document in one language."""

    titles: Titles
    say: Words

    @property
    def phraser(self) -> Phraser:
        """What words the changes."""
        return Phraser(self.titles, self.say, public=True)

    def area(self, group: AreaGroup) -> RevisedArea:
        """Print what was revised in an area."""
        rows = [row for item in group.activities if (row := self._activity(item)) is not None]
        return RevisedArea(
            anchor=f"area-{group.key.lower().replace(' ', '-')}",
            title=self.titles.area(group.row) or group.key,
            statements=self._headed(self._statements(group)),
            rows=tuple(rows),
            staff=tuple(line for line in map(self._staff, group.staff) if line.old != line.new),
        )

    def areas(self, groups: Grouped) -> tuple[RevisedArea, ...]:
        """Print the areas in which something is to be told."""
        areas = (self.area(group) for group in groups.areas)
        return tuple(area for area in areas if area.statements or area.rows or area.staff)

    def parts(self, groups: Grouped) -> Iterator[RevisedPart]:
        """Print the lists with changes, one part for each table."""
        tables: dict[str, list[RowChange]] = {}
        for row in (*groups.posts, *groups.review, *groups.lists):
            tables.setdefault(row.table, []).append(row)
        for table, rows in tables.items():
            printed = [self._entry(row) for row in rows]
            kept = tuple(row for row in printed if row is not None)
            if kept:
                yield RevisedPart(f"part-{table}", self.table(table), kept)

    def table(self, name: str) -> str:
        """Give what a table is called."""
        if name in KINDS["table"]:
            return label("table", name, self.say)
        return load_schemas()[name].titles[self.say.language]

    def named(self, change: RowChange) -> tuple[str, str]:
        """Give the number of an entry, if it has one, and what it is called."""
        titles, table, row = self.titles, change.table, change.row
        if table == "postfunding":
            source = titles.of("sources", row.get("source"))
            return "", ", ".join(filter(None, (titles.of("posts", row.get("post")), source)))
        if table in {"sources", "donors", "posts", "scenarios"}:
            return "", titles.of(table, change.key)
        text = ""
        if table in _TEXTS:
            schema = load_schemas()[table]
            keys = schema.primary_key or tuple(f.name for f in schema.fields if f.name == "seq")
            single = len(keys) == 1
            key = plain(row.get(keys[0])) if single else None
            text = titles.text(row, _TEXTS[table], table if single else "", key)
        if table == "weights":
            field = load_schemas()["weights"].field("criterion")
            return "", titles.value("weights", field, row.get("criterion"))
        return change.key, brief(text)

    def _activity(self, group: ActivityGroup) -> RevisedRow | None:
        """Print an activity; None where it only has another number or nothing to be shown."""
        title = self.titles.text(group.row, "title", "activities", group.key)
        number = plain(group.row.get("number")) or group.key
        if group.change is not None and None in (group.old, group.new):
            added = group.old is None
            mark = self.say("New activity") if added else self.say("Withdrawn")
            text = paragraphs(title) if added else (brief(title),)
            return RevisedRow(number, text, mark, self._headed(self._whole(group, added=added)))
        phrases = self._headed(self._phrases(group))
        return RevisedRow(number, (brief(title),), "", phrases) if phrases else None

    def _whole(self, group: ActivityGroup, *, added: bool) -> Iterator[Phrase]:
        """Word the costs and the funding that come or go with an activity."""
        kinds = (("costs", self.say("Cost")), ("funding", self.say("Funding")))
        for table, lead in kinds:
            listed = self.phraser.listed(group.related, table)
            if listed:
                yield Phrase(lead, listed)
        if not any(item.table == "costs" for item in group.related) and added:
            yield Phrase(self.say("Cost"), self.say("not yet costed"))

    def _phrases(self, group: ActivityGroup) -> Iterator[Phrase]:
        if group.change is not None:
            if group.change.has(Code.MOVED, "area"):
                yield self._came(group)
            elif group.change.has(Code.RENUMBERED) and not only_renumbered(group):
                yield Phrase(self.say("Number"), self._formerly(group))
            yield from self.phraser.fields(group.change, _APART)
        for item in group.related:
            yield from self.phraser.row(item)

    def _came(self, group: ActivityGroup) -> Phrase:
        area = self.titles.of("areas", (group.old or {}).get("area"))
        text = self.say(
            "from “{area}”, where it was {number}",
            area=area,
            number=plain((group.old or {}).get("number")),
        )
        return Phrase(self.say("Moved here"), text)

    def _formerly(self, group: ActivityGroup) -> str:
        return self.say("formerly {old}", old=plain((group.old or {}).get("number")))

    def _statements(self, group: AreaGroup) -> Iterator[Phrase]:
        """Say of an area what changed about itself, what left it, and what was renumbered."""
        if group.change is not None:
            yield from self.phraser.fields(group.change)
        for item in group.gone:
            row = item.new or {}
            yield Phrase(
                self.say("Moved away"),
                self.say(
                    "{old} to “{area}”, as {new}",
                    old=plain((item.old or {}).get("number")),
                    area=self.titles.of("areas", row.get("area")),
                    new=plain(row.get("number")),
                ),
            )
        yield from self.renumbered(group)

    def renumbered(self, group: AreaGroup) -> Iterator[Phrase]:
        """Name together the activities of an area that only have another number now."""
        only = [item for item in group.activities if only_renumbered(item)]
        if only:
            yield Phrase(self.say("Renumbered"), self.say("; ").join(map(self._becomes, only)))

    def _becomes(self, group: ActivityGroup) -> str:
        old, new = (plain((row or {}).get("number")) for row in (group.old, group.new))
        return self.say("{old} becomes {new}", old=old, new=new)

    def _headed(self, phrases: Iterator[Phrase]) -> tuple[Phrase, ...]:
        return tuple(headed(phrase, self.say) for phrase in phrases)

    def _staff(self, change: RowChange) -> StaffChange:
        field = load_schemas()["allocations"].field("percent")
        old, new = (
            self.titles.value("allocations", field, (row or {}).get("percent"))
            for row in (change.old, change.new)
        )
        return StaffChange(self.titles.of("posts", change.row.get("post")), old, new)

    def _entry(self, change: RowChange) -> RevisedRow | None:
        """Print an entry of a list by its key and its text."""
        number, title = self.named(change)
        mark = ""
        if change.old is None:
            mark = self.say("Added")
        elif change.new is None:
            mark = self.say("Deleted")
        phrases = () if mark else self._headed(self.phraser.fields(change))
        if not mark and not phrases:
            return None
        return RevisedRow(number, (title,) if title else (), mark, phrases)


def only_renumbered(group: ActivityGroup) -> bool:
    """Tell whether nothing but its number changed about an activity."""
    changes = () if group.change is None else group.change.changes
    return not group.related and len(changes) == 1 and changes[0].code is Code.RENUMBERED
