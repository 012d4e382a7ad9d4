"""
The annex with two versions side by side: approved, revised, and the change between them.

For each activity, sub-total and total the cost, the funding available and the funding to be
sought. An activity that moved stands in both areas, so that every column adds up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.compare import Code
from cmswp_xl.context.effects import sides
from cmswp_xl.context.front import ProgrammeDocument, front
from cmswp_xl.context.heading import circumstances, marked_title, net_or_gross, running_head
from cmswp_xl.context.lines import amounts_behind
from cmswp_xl.context.numbers import numbers_for
from cmswp_xl.context.sidebyside import SidePrinter
from cmswp_xl.context.texts import Texts
from cmswp_xl.context.titles import Titles, version_name
from cmswp_xl.languages import Words
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from cmswp_xl.compare import Comparison
    from cmswp_xl.context.numbers import Numbers
    from cmswp_xl.context.sidebyside import ComparedArea, ComparedRow
    from cmswp_xl.context.texts import MissingText
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Settings
    from cmswp_xl.totals import Reckoning


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
