"""
The summary of revisions in one language: what was revised, and what follows from it in figures.

By area and activity, as the Secretariat's summaries of revisions are read; typed changes first,
their effect on activities, sub-totals and totals in a table of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.compare import Code, grouped
from cmswp_xl.context.effects import sides
from cmswp_xl.context.effecttable import effects_part
from cmswp_xl.context.front import ProgrammeDocument, front
from cmswp_xl.context.heading import circumstances, running_head
from cmswp_xl.context.lines import amounts_behind
from cmswp_xl.context.numbers import numbers_for
from cmswp_xl.context.phrases import Phraser
from cmswp_xl.context.revised import RevisionPrinter
from cmswp_xl.context.texts import Texts
from cmswp_xl.context.titles import Titles, version_name
from cmswp_xl.languages import Words
from cmswp_xl.schema import load_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cmswp_xl.compare import Comparison, Grouped, RowChange
    from cmswp_xl.context.effects import Sides
    from cmswp_xl.context.effecttable import Effects
    from cmswp_xl.context.revised import RevisedArea, RevisedPart
    from cmswp_xl.context.texts import MissingText
    from cmswp_xl.languages import Language


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
    Word the summary of revisions, and give the texts that it would print and that are missing.

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
    printer = RevisionPrinter(titles, say)
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
        settings=tuple(_settings(groups, titles, say)),
        areas=areas,
        parts=parts,
        effects=effects_part(comparison, beside, titles, say),
        landscape=False,
    )
    return revisions, [*texts.missing, *(m for m in titles.missing if m not in texts.missing)]


def _labels(say: Words) -> dict[str, str]:
    """Give the fixed words of the paper by name."""
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
    rows = [row for area in areas for row in area.rows]
    rows += [row for part in parts for row in part.rows]
    phrases = [
        *(p for row in rows for p in row.phrases),
        *(p for a in areas for p in a.statements),
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
    parts = []
    if count := sum(row.has(Code.ADDED) for row in rows):
        parts.append(say.many("{count} activity added", "{count} activities added", count))
    if count := sum(row.has(Code.REMOVED) for row in rows):
        parts.append(say.many("{count} activity withdrawn", "{count} activities withdrawn", count))
    if count := sum(row.has(Code.MOVED, "area") for row in rows):
        parts.append(
            say.many(
                "{count} activity moved to another area",
                "{count} activities moved to another area",
                count,
            )
        )
    if count := sum(_reworded(row, say.language) for row in rows):
        parts.append(say.many("{count} activity reworded", "{count} activities reworded", count))
    if parts:
        yield say("{list}.", list=say("; ").join(parts))
    for name, lead in (("cost", say("Total cost")), ("to_be_sought", say("Funding to be sought"))):
        figure = None if beside is None else beside.beside("total", "", name)
        if figure is not None and figure.changed:
            old, new, difference = figure.printed(titles.numbers)
            yield _total(lead, old, new, difference, say)


def _reworded(row: RowChange, language: Language) -> bool:
    """Tell whether a text of a row was reworded in the language."""
    return any(c.code is Code.REWORDED and c.language is language for c in row.changes)


def _total(lead: str, old: str, new: str, difference: str, say: Words) -> str:
    if not old or not new:
        return say(
            "{figure}: {new} (formerly {old}).", figure=lead, new=new or "–", old=old or "–"
        )
    if difference.startswith("("):
        return say(
            "{figure}: decreased by {difference}, from {old} to {new}.",
            figure=lead,
            difference=difference.strip("()"),
            old=old,
            new=new,
        )
    return say(
        "{figure}: increased by {difference}, from {old} to {new}.",
        figure=lead,
        difference=difference,
        old=old,
        new=new,
    )


def _settings(groups: Grouped, titles: Titles, say: Words) -> Iterator[Setting]:
    """Give the settings that changed; texts of other languages are not of this paper."""
    if groups.settings is None:
        return
    schema = load_schemas()["programme"]
    phraser = Phraser(titles, say, public=True)
    for item in groups.settings.changes:
        if item.internal or item.field is None:
            continue
        if item.language is not None and item.language is not say.language:
            continue
        field = schema.field(item.field)
        yield Setting(
            phraser.title("programme", field),
            titles.value("programme", field, item.old),
            titles.value("programme", field, item.new),
        )
