"""What the changes between two versions do to the totals, and the table that says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cmswp_xl.compare import Comparison, Undrawn
from cmswp_xl.compare.rows import Row as TypedRow
from cmswp_xl.compare.rows import plain
from cmswp_xl.documents.amounts import AmountTree, Columns, amount_tree
from cmswp_xl.documents.changes import Titles, brief
from cmswp_xl.documents.front import SOURCES
from cmswp_xl.documents.texts import Numbers, amount_of
from cmswp_xl.figures.declarations import AT_LEAST, Operation
from cmswp_xl.figures.explanation import EARLIER
from cmswp_xl.figures.sources import Derived, added_costs, earlier, group_of, sum_of, support_rate
from cmswp_xl.figures.totals import ProgrammeTotals
from cmswp_xl.languages import N_, Words
from cmswp_xl.money import ZERO
from cmswp_xl.page import Cell, Column, Paragraph, Row, Section, Table, group_row
from cmswp_xl.printed import Figured, Path
from cmswp_xl.tables import comparable


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure in both versions, None where absent; `least` where it is what is known so far."""

    old: Figured | None
    new: Figured | None
    least: tuple[bool, bool] = (False, False)

    @property
    def exact(self) -> tuple[Decimal | None, Decimal | None]:
        """The exact figure before and now."""
        before, now = (None if side is None else side.exact for side in (self.old, self.new))
        return before, now

    @property
    def changed(self) -> bool:
        """Whether the exact figure changed; from blank to nil nothing did."""
        before, now = self.exact
        return (before or ZERO) != (now or ZERO)

    @property
    def appeared(self) -> bool:
        """Whether the figure is blank in one version only."""
        before, now = self.exact
        return (before is None) != (now is None)

    def within(self, *, old: bool, new: bool) -> Beside:
        """Return the figure with one side left blank, for what is elsewhere in that version."""
        return Beside(self.old if old else None, self.new if new else None, self.least)

    def printed(self, titles: Titles) -> tuple[str, str, str]:
        """Print the figure before and now, and the increase or, in brackets, the decrease."""
        numbers = titles.numbers
        before, now = (
            ""
            if side is None
            else amount_of(side, numbers, titles.say, at_least=least and bool(side.exact))
            for side, least in zip((self.old, self.new), self.least, strict=True)
        )
        return before, now, self._difference(numbers)

    def _difference(self, numbers: Numbers) -> str:
        sides = [(-1, self.old), (1, self.new)]
        known = [(sign, side) for sign, side in sides if side is not None]
        if all(side.shown is None for _, side in known):
            return ""
        parts = tuple((sign, side.source) for sign, side in known)
        path = parts[-1][1].path
        name = ("difference", *(path[1:] if path[0] == EARLIER else path))
        source = Derived(name, Operation.SUM, ("difference",), parts=parts)
        exact = sum((sign * (side.exact or ZERO) for sign, side in known), ZERO)
        shown = sum((sign * (side.shown or ZERO) for sign, side in known), ZERO)
        value = Figured(source, exact).shown_as(shown, "added", numbers.step)
        text = numbers.amount(value)
        return text.reworded(f"({text})") if not shown and exact < 0 else text


@dataclass(frozen=True, slots=True)
class Side:
    """
    The figures of a version by the columns of the annex, rounded so that these add up.

    `partial` are the activities of which only part of the cost is known; `support`, at its `rate`,
    and `grand` stand below the direct costs.
    """

    tree: AmountTree
    partial: frozenset[str]
    support: Figured | None
    grand: Figured | None
    rate: Figured | None = None

    def value(self, level: str, key: str, name: str) -> tuple[Figured | None, bool]:
        """Return a figure, None where the version has no such line, and whether it is a least."""
        found = self._own(level, key)
        least = name in AT_LEAST and not self.partial.isdisjoint(self.keys(level, key))
        return (None if found is None else self.tree.value(level, found, name)), least

    def keys(self, level: str, key: str) -> tuple[str, ...]:
        """Return the activities of a line by id; none where the version has no such line."""
        found = self._own(level, key)
        return () if found is None else self.tree.keys(level, found)

    def _own(self, level: str, key: str) -> str | None:
        """Return the key of a line as the version writes it."""
        lines, wanted = self.tree.shown[level], comparable(key)
        return key if key in lines else next((k for k in lines if comparable(k) == wanted), None)


@dataclass(frozen=True, slots=True)
class Sides:
    """The figures of both versions."""

    old: Side
    new: Side

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of sources from which funding is available."""
        return self.new.tree.columns.kinds

    def beside(self, level: str, key: str, name: str) -> Beside:
        """Set a figure of an activity, an area or the total side by side; absent is blank."""
        before, now = (side.value(level, key, name) for side in (self.old, self.new))
        return _set_beside(before, now)

    def available(self, level: str, key: str) -> Beside:
        """Set the funding available from all sources side by side; blank where none is known."""
        parts = [self.beside(level, key, kind) for kind in self.kinds]
        return self.together((*self.new.tree.at(level, key), "available"), parts, "available")

    def together(self, path: Path, parts: Sequence[Beside], rule: str) -> Beside:
        """Return the sum of figures side by side; blank where none of them is known."""

        def add(sides: Iterable[Figured | None], path: Path = path) -> Figured | None:
            known = [side for side in sides if side is not None and side.exact is not None]
            return sum_of(path, known, rule, step=self.new.tree.step) if known else None

        before = add((part.old for part in parts), (EARLIER, *path))
        least = any(part.least[0] for part in parts), any(part.least[1] for part in parts)
        return Beside(before, add(part.new for part in parts), least)

    def below(self, titles: Titles) -> list[tuple[str, Beside]]:
        """Return what stands below the direct costs, by its name; nothing where there are none."""
        say, old, new = titles.say, self.old, self.new
        if old.support is None and new.support is None:
            return []
        costs = say("Programme support costs")
        if new.rate is not None and old.rate == new.rate:
            rate = titles.numbers.percent(new.rate)
            costs = say("Programme support costs ({rate}%)", rate=rate)
        before, now = bool(old.partial), bool(new.partial)
        return [
            (costs, _set_beside((old.support, before), (new.support, now))),
            (say("Grand total"), _set_beside((old.grand, before), (new.grand, now))),
        ]


def _set_beside(old: tuple[Figured | None, bool], new: tuple[Figured | None, bool]) -> Beside:
    before, now = old[0], new[0]
    return Beside(before and earlier(before), now, (old[1], new[1]))


def sides(old: ProgrammeTotals, new: ProgrammeTotals, step: Decimal | None) -> Sides:
    """Round the figures of both versions, each so that its own columns add up."""
    other = bool(old.total.other or new.total.other)
    columns = Columns((), ("core", "voluntary", "other") if other else ("core", "voluntary"))

    def side(totals: ProgrammeTotals) -> Side:
        programme = totals.programme
        tree = amount_tree(totals, programme.outline, columns, step)
        partial = frozenset(key for key, each in totals.by_activity.items() if each.partial)
        group = group_of(totals, ("total",), programme.activities)
        below = added_costs(totals, group, tree.value("total", "", "cost"), step)
        return Side(tree, partial, *below, support_rate(programme))

    return Sides(side(old), side(new))


def effects_section(beside: Sides | None, titles: Titles) -> Section:
    """Return the effect of all typed changes on the figures of the annex, or why there is none."""
    say, comparison = titles.say, titles.comparison
    title = say("Effect on the figures")

    def said(text: str, *tables: Table) -> Section:
        return Section("effects", title, (Paragraph(text, "statement"), *tables))

    if beside is None:
        return said(undrawn_words(comparison, say))
    rows = tuple(_Printer(beside, titles, say).rows())
    if not rows:
        none = say("No figure of the annex is affected.")
        return said(none) if comparison else Section("effects", title, ())
    item = say("Programme area and activity")
    columns = (
        Column("", "number", 850, item),
        Column("", "text", 3061, item, names=True),
        Column(say("Figure"), "", 1871),
        Column(say("Formerly"), "amount", 1360),
        Column(say("Now"), "amount", 1360),
        Column(say("Increase (decrease)"), "amount", 1360),
    )
    text = say(
        "These figures result from the revisions above. A blank cell means not yet costed, or"
        " not in that version; it counts as zero in the difference."
    )
    return said(text, Table("effects", title, columns, rows, titled=False))


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
        return say("Figures are not compared: both versions contain errors.")
    if Undrawn.NEW_ERRORS in reasons:
        return say("Figures are not compared: the new version contains errors.")
    return say("Figures are not compared: the earlier version contains errors.")


_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class _Printer:
    beside: Sides
    titles: Titles
    say: Words

    def rows(self) -> Iterator[Row]:
        """Yield the areas in the order of the new version, then what stands below them."""
        members = self._members()
        for key, area in self._rows("areas", "code").items():
            code = plain(area.get("code"))
            rows = [row for a in members.get(key, ()) for row in self._activity(a)]
            rows += self._total(self.say("Sub-total"), self._of("areas", code))
            if rows:
                yield group_row(self.titles.area(area), _COLUMNS)
                yield from rows
        if closing := list(self._closing()):
            yield group_row(self.say("Total of the programme areas"), _COLUMNS)
            yield from closing

    def _rows(self, table: str, key: str) -> dict[str, TypedRow]:
        """Return the rows of the new version in its order, then those of the old one only."""
        both = self.titles.comparison
        old, new = (side.keyed(table, key) for side in (both.old, both.new))
        return {**new, **old, **new}

    def _members(self) -> Mapping[str, list[TypedRow]]:
        """Return the activities of both versions by the area they are in now."""
        members: dict[str, list[TypedRow]] = {}
        for row in self._rows("activities", "id").values():
            members.setdefault(comparable(plain(row.get("area"))), []).append(row)
        return members

    def _activity(self, row: TypedRow) -> Iterator[Row]:
        key = plain(row.get("id"))
        title = brief(self.titles.text(row, "title", "activities", key))
        names = plain(row.get("number")), title
        return self._spanned(names, self._of("activities", key), "", key)

    def _total(self, label: str, figures: Sequence[tuple[str, ...]]) -> Iterator[Row]:
        return self._spanned((label,), figures, "total", label)

    def _spanned(
        self, names: Sequence[str], figures: Sequence[tuple[str, ...]], look: str, key: str
    ) -> Iterator[Row]:
        """Yield a row for each figure, beside names that stand once, over two columns."""
        span, down = 2 // len(names), len(figures)
        named = tuple(Cell((Paragraph(name),), span=span, down=down) for name in names)
        for place, cells in enumerate(figures):
            yield Row(cells if place else (*named, *cells), look, key)

    def _of(self, level: str, key: str) -> list[tuple[str, ...]]:
        """Return the figures that changed: name, before, now, difference."""
        names = ("cost", *self.beside.kinds, "to_be_sought")
        found = ((name, self.beside.beside(level, key, name)) for name in names)
        return [
            (self.say(_TITLES[name]), *item.printed(self.titles))
            for name, item in found
            if item.changed or (name == "cost" and item.appeared)
        ]

    def _closing(self) -> Iterator[Row]:
        say, below = self.say, self.beside.below(self.titles)
        label = say("Total direct costs") if below else say("Grand total")
        yield from self._total(label, self._of("total", ""))
        for name, item in below:
            if item.changed:
                cells = (say("Cost"), *item.printed(self.titles))
                yield from self._total(name, [cells])


_TITLES = {"cost": N_("Cost"), **SOURCES, "to_be_sought": N_("Funding to be sought")}
