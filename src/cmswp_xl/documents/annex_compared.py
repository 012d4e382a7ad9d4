"""The rows of the annex with two versions side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.compare import Code, keyed, plain
from cmswp_xl.documents.amounts import Notes, amounts_behind, families_of
from cmswp_xl.documents.changes import Titles, version_name
from cmswp_xl.documents.effects import sides
from cmswp_xl.documents.front import (
    ProgrammeDocument,
    circumstances,
    front,
    marked_title,
    net_or_gross,
    running_head,
)
from cmswp_xl.documents.numbers import numbers_for
from cmswp_xl.documents.texts import Texts, paragraphs
from cmswp_xl.figures.totals import Figures
from cmswp_xl.languages import Words
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.compare import Comparison, Row
    from cmswp_xl.documents.effects import Beside, Sides
    from cmswp_xl.documents.numbers import Numbers
    from cmswp_xl.documents.texts import MissingText
    from cmswp_xl.figures.totals import Reckoning
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Settings


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """An activity, sub-total or total; `amounts` are three for each of cost, available, sought."""

    number: str
    paragraphs: tuple[str, ...]
    notes: str
    mark: str
    changed: bool
    amounts: tuple[str, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ComparedArea:
    """An area: its activities in both versions, their sub-total, and notes."""

    anchor: str
    title: str
    caption: str
    rows: tuple[ComparedRow, ...]
    subtotal: ComparedRow
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SidePrinter:
    """
    Prints the areas and totals of both versions.

    `reworded` are the keys, in comparable form, of the activities with another text.
    """

    comparison: Comparison
    old: Reckoning
    new: Reckoning
    beside: Sides
    titles: Titles
    say: Words
    reworded: frozenset[str]

    def areas(self, only: str | None) -> Iterator[ComparedArea]:
        """Print the areas in order; below the last sub-area of one, what they are together."""
        rows_of = self._outline()
        programme = self.new.programme
        families = families_of(programme, programme.outline)
        last = {comparable(keys[-1]): code for code, keys in families.items()}
        wanted = {comparable(key) for key in (programme.family(only) if only else ())}
        wanted |= {comparable(only)} if only else set()
        for index, (key, row) in enumerate(rows_of.items(), 1):
            if only is not None and key not in wanted:
                continue
            code = plain(row.get("code"))
            title, notes = self.titles.area(row), Notes()
            rows = tuple(self._rows(key, notes))
            yield ComparedArea(
                anchor=f"area-{index}",
                title=title,
                caption=self.say("Cost and funding in both versions: {area}", area=title),
                rows=rows,
                subtotal=self._total(self.say("Sub-total"), "areas", code),
                notes=notes.listed(),
            )
            if key in last and (only is None or comparable(last[key]) in wanted):
                yield self._together(index, last[key], rows_of)

    def _together(self, index: int, code: str, rows: Mapping[str, Row]) -> ComparedArea:
        """Print an area with its sub-areas: a table of one row."""
        title = self.say(
            "{area}, with its sub-areas", area=self.titles.area(rows[comparable(code)])
        )
        return ComparedArea(
            anchor=f"area-{index}-together",
            title=title,
            caption=self.say("Cost and funding in both versions: {area}", area=title),
            rows=(),
            subtotal=self._total(self.say("Sub-total with the sub-areas"), "families", code),
            notes=(),
        )

    def _outline(self) -> dict[str, Row]:
        """Return the areas of the new version in print order, then those of the old one only."""
        rows: dict[str, Row] = {}
        for side, reckoning in ((self.comparison.new, self.new), (self.comparison.old, self.old)):
            found = keyed(side, "areas", "code")
            for area in reckoning.programme.outline:
                rows.setdefault(comparable(area.code), found[comparable(area.code)])
        return rows

    def closing(self) -> Iterator[ComparedRow]:
        """Give the totals by area and of all, and what is added below them."""
        for row in self._outline().values():
            yield self._total(self.titles.area(row), "areas", plain(row.get("code")))
        support, grand = self.beside.support, self.beside.grand
        direct = support is not None and grand is not None
        label = self.say("Total direct costs") if direct else self.say("Grand total")
        yield self._total(label, "total", "")
        if support is not None and grand is not None:
            yield self._below(self.say("Programme support costs"), support)
            yield self._below(self.say("Grand total"), grand)

    def _rows(self, area: str, notes: Notes) -> Iterator[ComparedRow]:
        """Give the activities that are in the area in one of the versions, in print order."""
        before = keyed(self.comparison.old, "activities", "id")
        after = keyed(self.comparison.new, "activities", "id")
        inside = [key for key, row in after.items() if _area(row) == area]
        was = [key for key, row in before.items() if _area(row) == area]
        for key in _merged(inside, was):
            row, old = after.get(key), before.get(key)
            here = (key in was, key in inside)
            yield self._activity(key, row, old, here, notes)

    def _activity(
        self,
        key: str,
        new: Row | None,
        old: Row | None,
        here: tuple[bool, bool],
        notes: Notes,
    ) -> ComparedRow:
        row = (new if here[1] else old) or {}
        identity = plain(row.get("id"))
        figures = [self._figure("activities", identity, name, here) for name in _NAMES]
        told = (*self._kinds(identity, here), *self._partial(identity))
        letters = [notes.letter(text) for text in told]
        title = self.titles.text(new or old or {}, "title", "activities", identity)
        marks = self._marks(key, new, old, here)
        return ComparedRow(
            number=plain(row.get("number")),
            paragraphs=paragraphs(title),
            notes=", ".join(letters),
            mark=self.say("; ").join(marks),
            changed=bool(marks) or any(f.changed or f.appeared for f in figures),
            amounts=self._amounts(figures),
        )

    def _marks(
        self, key: str, new: Row | None, old: Row | None, here: tuple[bool, bool]
    ) -> list[str]:
        """Say in words what happened to an activity as a whole."""
        say = self.say
        if old is None:
            return [say("New activity")]
        if new is None:
            return [say("Withdrawn")]
        if here == (True, False):
            area = self.titles.of("areas", new.get("area"))
            number = plain(new.get("number"))
            return [say("Moved to “{area}”, as {number}", area=area, number=number)]
        marks = []
        if here == (False, True):
            area = self.titles.of("areas", old.get("area"))
            number = plain(old.get("number"))
            marks.append(
                say("Moved from “{area}”, where it was {number}", area=area, number=number)
            )
        elif plain(old.get("number")) != plain(new.get("number")):
            marks.append(say("Formerly {number}", number=plain(old.get("number"))))
        return [*marks, say("Reworded")] if key in self.reworded else marks

    def _kinds(self, key: str, here: tuple[bool, bool]) -> Iterator[str]:
        """Tell in a note from which sources funding changed, where they are more than one."""
        if here != (True, True):
            return
        say = self.say
        names = {
            "core": say("core budget"),
            "voluntary": say("voluntary contributions"),
            "other": say("other sources"),
        }
        parts = []
        for kind in self.beside.new.columns.kinds:
            item = self.beside.beside("activities", key, kind)
            if item.changed:
                old, new, _ = item.printed(self.titles.numbers)
                parts.append(
                    say("{source}: {new} (formerly {old})", source=names[kind], new=new, old=old)
                    if old
                    else say("{source}: {new}", source=names[kind], new=new)
                )
        if parts:
            yield say("Funding available, {list}.", list=say("; ").join(parts))

    def _total(self, label: str, level: str, key: str) -> ComparedRow:
        figures = [self._figure(level, key, name, (True, True)) for name in _NAMES]
        amounts = self._amounts(figures)
        remark = self._costed(level, key)
        return ComparedRow("", (label,), "", "", changed=False, amounts=amounts, remark=remark)

    def _costed(self, level: str, key: str) -> str:
        """Say of the new version how many activities are costed, where not all are."""
        figures = self.new.total
        if level == "areas":
            wanted = comparable(key)
            rows = (row for row in self.new.rows("area") if comparable(row.key) == wanted)
            figures = next((row.figures for row in rows), Figures())
        elif level == "families":
            programme = self.new.programme
            codes = programme.family(key)
            figures = self.new.of(a for code in codes for a in programme.activities_of(code))
        if not figures.not_costed:
            return ""
        return self.say.many(
            "{costed} of {count} activity costed",
            "{costed} of {count} activities costed",
            figures.activities,
            costed=figures.activities - figures.not_costed,
        )

    def _partial(self, key: str) -> Iterator[str]:
        """Tell in a note that an amount is only what is known so far."""
        figures = self.new.by_activity.get(key)
        if figures is not None and figures.partial:
            yield self.say("Costed in part: the full cost is not yet known.")

    def _below(self, label: str, item: Beside) -> ComparedRow:
        amounts = (*item.printed(self.titles.numbers), *("",) * 6)
        return ComparedRow("", (label,), "", "", changed=False, amounts=amounts)

    def _figure(self, level: str, key: str, name: str, here: tuple[bool, bool]) -> Beside:
        if level == "families":
            codes = self.new.programme.family(key)
            parts = [self._figure("areas", code, name, here) for code in codes]
            return self.beside.together(("family", key, name), parts, "sum-areas")
        found = (
            self.beside.available(level, key)
            if name == "available"
            else self.beside.beside(level, key, name)
        )
        return found.within(old=here[0], new=here[1])

    def _amounts(self, figures: Sequence[Beside]) -> tuple[str, ...]:
        return tuple(text for item in figures for text in item.printed(self.titles.numbers))


_NAMES = ("cost", "available", "to_be_sought")


def _area(row: Mapping[str, object]) -> str:
    return comparable(str(row.get("area") or ""))


def _merged(new: Sequence[str], old: Sequence[str]) -> list[str]:
    """Set what is only in the old order after what came before it there."""
    merged = list(new)
    present = set(new)
    place = 0
    for key in old:
        if key in present:
            place = merged.index(key) + 1
        else:
            merged.insert(place, key)
            place += 1
    return merged


@dataclass(frozen=True, slots=True)
class Compared(ProgrammeDocument):
    """Everything that the templates of the compared annex place."""

    heads: tuple[str, ...]
    columns: tuple[str, ...]
    areas: tuple[ComparedArea, ...]
    closing: tuple[ComparedRow, ...]


def compared_context(
    comparison: Comparison,
    old: Reckoning,
    new: Reckoning,
    language: Language,
    area: str | None = None,
) -> tuple[Compared, list[MissingText]]:
    """
    Word the compared annex, of one area only where its code is given.

    Gives also the texts that it would print and that are missing in the language.
    """
    say, texts, settings = Words(language), Texts(language), new.programme.settings
    numbers = numbers_for(language, settings.number_style, settings.rounding, _amounts(old, new))
    titles = Titles(comparison, numbers, say)
    beside = sides(old, new, numbers.step)
    reworded = _reworded(comparison, language)
    printer = SidePrinter(comparison, old, new, beside, titles, say, reworded)
    title = marked_title(
        say("{title}: comparison of versions", title=say("Annex I – Costed programme of work")),
        settings,
        say,
    )
    context = Compared(
        **front(
            settings,
            texts,
            say,
            head=running_head(settings, texts, say("Annex I")),
            title=say("{title} (extract)", title=title) if area else title,
        ),
        statements=tuple(_statements(comparison, new, numbers, texts, say)),
        labels=_labels(say),
        heads=(say("Cost of the activity"), say("Funding available"), say("Funding to be sought")),
        columns=_columns(old.programme.settings, say) * 3,
        areas=tuple(printer.areas(area)),
        closing=() if area else tuple(printer.closing()),
        landscape=True,
    )
    return context, [*texts.missing, *(m for m in titles.missing if m not in texts.missing)]


def _reworded(comparison: Comparison, language: Language) -> frozenset[str]:
    """Give the keys of the activities whose text in the language is another."""
    return frozenset(
        comparable(row.key)
        for row in comparison.of("activities")
        if any(c.code is Code.REWORDED and c.language is language for c in row.changes)
    )


def _amounts(*versions: Reckoning) -> Iterator[Decimal | None]:
    """Give what all printed amounts are sums of, in both versions."""
    for reckoning in versions:
        yield from amounts_behind(reckoning, reckoning.total)


def _labels(say: Words) -> dict[str, str]:
    return {
        "number": say("No."),
        "activity": say("Activity"),
        "area": say("Programme area"),
        "closing": say("Total of the programme areas"),
    }


def _columns(settings: Settings, say: Words) -> tuple[str, str, str]:
    """Head the columns: what was not adopted is not called approved."""
    adopted = settings.status == "adopted"
    return (
        say("Approved") if adopted else say("Earlier version"),
        say("Revised"),
        say("Increase (decrease)"),
    )


def _statements(
    comparison: Comparison, new: Reckoning, numbers: Numbers, texts: Texts, say: Words
) -> Iterator[str]:
    yield say("Compared with {document}.", document=version_name(comparison.old, say))
    yield from circumstances(new, numbers, texts, say)
    if new.support_costs() is None:
        yield from net_or_gross(new.total, say)
    yield say(
        "A blank means not yet costed, or not in that version; it counts as nil in the difference."
    )
