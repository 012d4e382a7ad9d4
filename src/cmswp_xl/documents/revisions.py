"""Areas, activities and lists as the summary of revisions shows them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from cmswp_xl.compare import Code, grouped, plain
from cmswp_xl.documents.amounts import amounts_behind
from cmswp_xl.documents.changes import Phrase, Phraser, Titles, brief, headed, version_name
from cmswp_xl.documents.effects import effects_part, sides
from cmswp_xl.documents.front import ProgrammeDocument, circumstances, front, running_head
from cmswp_xl.documents.numbers import numbers_for
from cmswp_xl.documents.texts import Texts, paragraphs
from cmswp_xl.languages import Words
from cmswp_xl.schema import load_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cmswp_xl.compare import ActivityGroup, AreaGroup, Comparison, Grouped, RowChange
    from cmswp_xl.documents.effects import Effects, Sides
    from cmswp_xl.documents.texts import MissingText
    from cmswp_xl.languages import Language


_APART = frozenset({"number", "area"})
"""The fields of an activity that are told with its number."""


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
    phraser: Phraser
    say: Words

    def areas(self, groups: Grouped) -> tuple[RevisedArea, ...]:
        """Print the areas in which something was revised that can be shown."""
        areas = map(self._area, groups.areas)
        return tuple(area for area in areas if area.statements or area.rows or area.staff)

    def parts(self, groups: Grouped) -> Iterator[RevisedPart]:
        """Print the lists with changes, one part for each table."""
        for table, group in groupby(groups.lists, key=lambda row: row.table):
            rows = tuple(filter(None, map(self._entry, group)))
            if rows:
                yield RevisedPart(f"part-{table}", self.phraser.table(table), rows)

    def _area(self, group: AreaGroup) -> RevisedArea:
        return RevisedArea(
            anchor=f"area-{group.key.lower().replace(' ', '-')}",
            title=self.titles.area(group.row) or group.key,
            statements=self._headed(self._statements(group)),
            rows=tuple(filter(None, map(self._activity, group.activities))),
            staff=tuple(line for line in map(self._staff, group.staff) if line.old != line.new),
        )

    def _statements(self, group: AreaGroup) -> Iterator[Phrase]:
        """Say of an area what changed about itself, what left it, and what was renumbered."""
        say = self.say
        if group.change is not None:
            yield from self.phraser.fields(group.change)
        for item in group.gone:
            row = item.new or {}
            text = say(
                "{old} to “{area}”, as {new}",
                old=plain((item.old or {}).get("number")),
                area=self.titles.of("areas", row.get("area")),
                new=plain(row.get("number")),
            )
            yield Phrase(say("Moved away"), text)
        yield from self.phraser.renumbered(group)

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
        for table, lead in (("costs", self.say("Cost")), ("funding", self.say("Funding"))):
            if listed := self.phraser.listed(group.related, table):
                yield Phrase(lead, listed)
        if added and not any(item.table == "costs" for item in group.related):
            yield Phrase(self.say("Cost"), self.say("not yet costed"))

    def _phrases(self, group: ActivityGroup) -> Iterator[Phrase]:
        say, old = self.say, group.old or {}
        if group.change is not None:
            number = plain(old.get("number"))
            if group.change.has(Code.MOVED, "area"):
                area = self.titles.of("areas", old.get("area"))
                text = say("from “{area}”, where it was {number}", area=area, number=number)
                yield Phrase(say("Moved here"), text)
            elif group.change.has(Code.RENUMBERED) and not group.only_renumbered:
                yield Phrase(say("Number"), say("formerly {old}", old=number))
            yield from self.phraser.fields(group.change, _APART)
        for item in group.related:
            yield from self.phraser.row(item)

    def _staff(self, change: RowChange) -> StaffChange:
        old, new = (
            self.titles.cell("allocations", "percent", row or {})
            for row in (change.old, change.new)
        )
        return StaffChange(self.titles.of("posts", change.row.get("post")), old, new)

    def _entry(self, change: RowChange) -> RevisedRow | None:
        """Print an entry of a list by its key and its text; None where nothing can be shown."""
        number, title = self.phraser.named(change)
        mark = ""
        if change.old is None:
            mark = self.say("Added")
        elif change.new is None:
            mark = self.say("Deleted")
        phrases = () if mark else self._headed(self.phraser.fields(change))
        if not mark and not phrases:
            return None
        return RevisedRow(number, (title,) if title else (), mark, phrases)

    def _headed(self, phrases: Iterator[Phrase]) -> tuple[Phrase, ...]:
        return tuple(headed(phrase, self.say) for phrase in phrases)


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the Programme form, before and now."""

    title: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Revisions(ProgrammeDocument):
    """Everything that the templates of the summary of revisions place."""

    overview: tuple[str, ...]
    empty: str
    settings: tuple[Setting, ...]
    areas: tuple[RevisedArea, ...]
    parts: tuple[RevisedPart, ...]
    effects: Effects


def revisions_context(
    comparison: Comparison, language: Language
) -> tuple[Revisions, list[MissingText]]:
    """
    Word the summary of revisions, and return the texts that it would print and that are missing.

    The new version must be without errors; ValueError where it is not.
    """
    new = comparison.new.reckoning
    if new is None:
        raise ValueError("new")
    say, texts, settings = Words(language), Texts(language), new.programme.settings
    old = comparison.old.reckoning
    known = [reckoning for reckoning in (old, new) if reckoning is not None]
    amounts = (amount for one in known for amount in amounts_behind(one, one.total))
    numbers = numbers_for(language, settings.number_style, settings.rounding, amounts)
    titles = Titles(comparison, numbers, say)
    groups = grouped(comparison)
    beside = None if comparison.undrawn or old is None else sides(old, new, numbers.step)
    phraser = Phraser(titles, say, public=True)
    printer = RevisionPrinter(titles, phraser, say)
    areas, parts = printer.areas(groups), tuple(printer.parts(groups))
    revisions = Revisions(
        **front(
            settings,
            texts,
            say,
            head=running_head(settings, texts, say("Summary of revisions")),
            title=say("Summary of revisions"),
        ),
        statements=(
            _versions(comparison, say),
            *circumstances(new, numbers, texts, say),
            *_legend(areas, parts, say),
        ),
        labels=_labels(say),
        overview=tuple(_overview(comparison, beside, titles, say)),
        empty="" if comparison else say("There are no differences between the two versions."),
        settings=tuple(_settings(groups, phraser)),
        areas=areas,
        parts=parts,
        effects=effects_part(comparison, beside, titles, say),
        landscape=False,
    )
    return revisions, [*texts.missing, *(m for m in titles.missing if m not in texts.missing)]


def _labels(say: Words) -> dict[str, str]:
    """Return the fixed words of the paper by name."""
    return {
        "overview": say("Overview"),
        "general": say("General"),
        "setting": say("Item"),
        "before": say("Formerly"),
        "now": say("Now"),
        "number": say("No."),
        "activity": say("Activity"),
        "revision": say("Revision"),
        "entry": say("Entry"),
        "staff": say("Human resources used in the programme areas"),
        "post": say("Post (grade)"),
        "time": say("Time allotted (%)"),
        "effects": say("Effect on the figures"),
        "figure": say("Figure"),
        "item": say("Programme area and activity"),
        "difference": say("Increase (decrease)"),
    }


def _legend(
    areas: Sequence[RevisedArea], parts: Sequence[RevisedPart], say: Words
) -> Iterator[str]:
    """Say how changes in texts are marked, where there are any."""
    phrases = [
        *(phrase for area in areas for row in area.rows for phrase in row.phrases),
        *(phrase for part in parts for row in part.rows for phrase in row.phrases),
        *(phrase for area in areas for phrase in area.statements),
    ]
    if any(phrase.pieces for phrase in phrases):
        yield say("Words put in are underlined; words taken out are struck through.")


def _versions(comparison: Comparison, say: Words) -> str:
    old, new = (version_name(side, say) for side in (comparison.old, comparison.new))
    if old == new:
        return say("Revisions made to {new} since its earlier version.", new=new)
    return say("Revisions made from {old} to {new}.", old=old, new=new)


def _overview(
    comparison: Comparison, beside: Sides | None, titles: Titles, say: Words
) -> Iterator[str]:
    """Say in a few lines what a reader must know before all else."""
    rows = comparison.of("activities")
    added = sum(row.has(Code.ADDED) for row in rows)
    withdrawn = sum(row.has(Code.REMOVED) for row in rows)
    moved = sum(row.has(Code.MOVED, "area") for row in rows)
    reworded = sum(row.reworded(say.language) for row in rows)
    counts = (
        (added, say.many("{count} activity added", "{count} activities added", added)),
        (
            withdrawn,
            say.many("{count} activity withdrawn", "{count} activities withdrawn", withdrawn),
        ),
        (
            moved,
            say.many(
                "{count} activity moved to another area",
                "{count} activities moved to another area",
                moved,
            ),
        ),
        (reworded, say.many("{count} activity reworded", "{count} activities reworded", reworded)),
    )
    parts = [text for count, text in counts if count]
    if parts:
        yield say("{list}.", list=say("; ").join(parts))
    for name, lead in (("cost", say("Total cost")), ("to_be_sought", say("Funding to be sought"))):
        figure = None if beside is None else beside.beside("total", "", name)
        if figure is not None and figure.changed:
            old, new, difference = figure.printed(titles.numbers)
            yield _total(lead, old, new, difference, say)


def _total(lead: str, old: str, new: str, difference: str, say: Words) -> str:
    if not old or not new:
        return say(
            "{figure}: {new} (formerly {old}).", figure=lead, new=new or "–", old=old or "–"
        )
    places = {"figure": lead, "difference": difference.strip("()"), "old": old, "new": new}
    if difference.startswith("("):
        return say("{figure}: decreased by {difference}, from {old} to {new}.", **places)
    return say("{figure}: increased by {difference}, from {old} to {new}.", **places)


def _settings(groups: Grouped, phraser: Phraser) -> Iterator[Setting]:
    """Return the settings that changed; texts of other languages are not of this paper."""
    if groups.settings is None:
        return
    schema = load_schemas()["programme"]
    for item in groups.settings.changes:
        if (
            item.internal
            or item.field is None
            or item.language not in (None, phraser.say.language)
        ):
            continue
        field = schema.field(item.field)
        old, new = (
            phraser.titles.value("programme", field, value) for value in (item.old, item.new)
        )
        yield Setting(phraser.title("programme", field), old, new)
