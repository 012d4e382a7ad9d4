"""The table of the effect on figures: by area, activity by activity, down to the grand total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.compare import Undrawn, keyed, plain
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cmswp_xl.compare import Comparison, Row
    from cmswp_xl.context.effects import Beside, Sides
    from cmswp_xl.context.titles import Titles
    from cmswp_xl.languages import Words


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: what it is called, before, now, and the increase or (decrease)."""

    name: str
    old: str
    new: str
    difference: str


@dataclass(frozen=True, slots=True)
class Affected:
    """An activity, sub-total or total whose figures changed."""

    number: str
    title: str
    total: bool
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class EffectGroup:
    """The changed figures of an area, or below all areas."""

    title: str
    items: tuple[Affected, ...]


@dataclass(frozen=True, slots=True)
class Effects:
    """The effect on figures; `statement` says what there is to know, or why there are none."""

    statement: str
    groups: tuple[EffectGroup, ...]


def effects_part(
    comparison: Comparison, beside: Sides | None, titles: Titles, say: Words
) -> Effects:
    """Word the effect of all typed changes on the figures of the annex."""
    if beside is None:
        return Effects(undrawn_words(comparison, say), ())
    printer = _Printer(comparison, beside, titles, say)
    groups = tuple(group for group in printer.groups() if group.items)
    if not groups:
        return Effects(say("No figure of the annex is affected.") if comparison else "", ())
    return Effects(
        say(
            "These figures follow from the revisions above. A blank means not yet costed, or not"
            " in that version; it counts as nil in the difference."
        ),
        groups,
    )


def undrawn_words(comparison: Comparison, say: Words) -> str:
    """Say why the figures of the two versions are not compared."""
    reasons = comparison.undrawn
    if Undrawn.CURRENCY in reasons:
        return say(
            "Figures are not compared: the two versions are in different currencies ({old} and"
            " {new}).",
            old=plain(comparison.old.settings.get("currency")) or "–",
            new=plain(comparison.new.settings.get("currency")) or "–",
        )
    if Undrawn.NEW_ERRORS in reasons and Undrawn.OLD_ERRORS in reasons:
        return say("Figures are not compared: both versions have errors.")
    if Undrawn.NEW_ERRORS in reasons:
        return say("Figures are not compared: the new version has errors.")
    return say("Figures are not compared: the earlier version has errors.")


@dataclass(frozen=True, slots=True)
class _Printer:
    comparison: Comparison
    beside: Sides
    titles: Titles
    say: Words

    def groups(self) -> Iterator[EffectGroup]:
        """Give the areas in the order of the new version, then what stands below them."""
        old, new = self.comparison.old, self.comparison.new
        areas: dict[str, Row] = {**keyed(old, "areas", "code"), **keyed(new, "areas", "code")}
        order = dict.fromkeys((*keyed(new, "areas", "code"), *areas))
        members = self._members()
        for key in order:
            row = areas[key]
            items = [self._activity(a) for a in members.get(key, ())]
            code = plain(row.get("code"))
            items.append(
                Affected("", self.say("Sub-total"), total=True, figures=self._of("areas", code))
            )
            title = self.titles.area(row)
            yield EffectGroup(title, tuple(item for item in items if item.figures))
        yield EffectGroup(self.say("Total of the programme areas"), tuple(self._closing()))

    def _members(self) -> Mapping[str, list[Row]]:
        """Give the activities of both versions by the area they are in now."""
        new = keyed(self.comparison.new, "activities", "id")
        old = keyed(self.comparison.old, "activities", "id")
        members: dict[str, list[Row]] = {}
        for key in dict.fromkeys((*new, *old)):
            row = new.get(key) or old[key]
            members.setdefault(comparable(plain(row.get("area"))), []).append(row)
        return members

    def _activity(self, row: Row) -> Affected:
        key = plain(row.get("id"))
        return Affected(
            plain(row.get("number")),
            brief(self.titles.text(row, "title", "activities", key)),
            total=False,
            figures=self._of("activities", key),
        )

    def _of(self, level: str, key: str) -> tuple[Figure, ...]:
        names = ("cost", *self.beside.new.columns.kinds, "to_be_sought")
        found = ((name, self.beside.beside(level, key, name)) for name in names)
        told = ((n, i) for n, i in found if i.changed or (n == "cost" and i.appeared))
        return tuple(self._figure(self._name(name), item) for name, item in told)

    def _closing(self) -> Iterator[Affected]:
        support, grand = self.beside.support, self.beside.grand
        label = self.say("Grand total") if support is None else self.say("Total direct costs")
        figures = self._of("total", "")
        if figures:
            yield Affected("", label, total=True, figures=figures)
        cost = self.say("Cost")
        if support is not None and support.changed:
            name = self.say("Programme support costs")
            yield Affected("", name, total=True, figures=(self._figure(cost, support),))
        if grand is not None and grand.changed:
            name = self.say("Grand total")
            yield Affected("", name, total=True, figures=(self._figure(cost, grand),))

    def _figure(self, name: str, item: Beside) -> Figure:
        return Figure(name, *item.printed(self.titles.numbers))

    def _name(self, name: str) -> str:
        say = self.say
        return {
            "cost": say("Cost"),
            "core": say("Core budget"),
            "voluntary": say("Voluntary contributions"),
            "other": say("Other sources"),
            "to_be_sought": say("Funding to be sought"),
        }[name]


def brief(text: str, words: int = 14) -> str:
    """Give the first words of a text, to tell an activity by."""
    parts = text.split()
    return text.replace("\n", " ") if len(parts) <= words else f"{' '.join(parts[:words])} …"
