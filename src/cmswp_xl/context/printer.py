"""What the papers on the technology review have in common: frame, findings, words for numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.context.front import front
from cmswp_xl.context.heading import marked_title, running_head
from cmswp_xl.context.numbers import numbers_for
from cmswp_xl.context.texts import Texts, paragraphs
from cmswp_xl.languages import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.context.front import Front
    from cmswp_xl.context.numbers import Numbers
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Finding, Recommendation, Review, Settings
    from cmswp_xl.totals import Reckoning


_SETTLED = frozenset({"done", "dropped"})


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A statement of the review; `numbers` are those of the recommendations that follow."""

    paragraphs: tuple[str, ...]
    lead: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Printer:
    """
    Prints the technology review of a programme in one language.

    `following` are the places in the sequence of the steps of each recommendation.
    """

    reckoning: Reckoning
    numbers: Numbers
    texts: Texts
    say: Words
    following: Mapping[str, Sequence[int]]

    @property
    def review(self) -> Review:
        """The review."""
        return self.reckoning.programme.review

    @property
    def settings(self) -> Settings:
        """The settings of the programme."""
        return self.reckoning.programme.settings

    @property
    def language(self) -> Language:
        """The language of the paper."""
        return self.texts.language

    def front(self, annex: str, name: str) -> Front:
        """Word the front of a paper from the number of the annex and its name."""
        title = self.say("{annex} – {name}", annex=annex, name=name)
        return front(
            self.settings,
            self.texts,
            self.say,
            head=running_head(self.settings, self.texts, annex),
            title=marked_title(title, self.settings, self.say),
        )

    def findings(self, kind: str) -> tuple[FindingLine, ...]:
        """Give the statements of a kind in sequence."""
        found = (finding for finding in self.review.findings if finding.kind == kind)
        return tuple(map(self._finding, sorted(found, key=lambda finding: finding.seq)))

    def _finding(self, finding: Finding) -> FindingLine:
        text = self.texts.required(finding.text, "findings", str(finding.seq), "text")
        count = len(finding.recommendations)
        lead = self.say.many("Recommendation", "Recommendations", count) if count else ""
        return FindingLine(paragraphs(text), lead, finding.recommendations)

    def numbered(self, numbers: Iterable[str]) -> str:
        """Name recommendations by their numbers; nothing for none."""
        listed = tuple(numbers)
        if not listed:
            return ""
        return self.say.many(
            "Recommendation {numbers}",
            "Recommendations {numbers}",
            len(listed),
            numbers=", ".join(listed),
        )

    def steps(self, steps: Iterable[int]) -> str:
        """Name steps by their places in the sequence; nothing for none."""
        listed = [str(step) for step in steps]
        if not listed:
            return ""
        return self.say.many("Step {steps}", "Steps {steps}", len(listed), steps=", ".join(listed))

    def stepless(self, item: Recommendation) -> bool:
        """Tell whether a recommendation asks for action that no step carries out."""
        settled = item.status in _SETTLED
        return item.acts and not settled and item.number not in self.following

    def left_out(self) -> Iterator[str]:
        """Name the recommendations without a step, and those to take no action."""
        items = self.review.recommendations
        waiting = [item.number for item in items if self.stepless(item)]
        idle = [item.number for item in items if not item.acts]
        if waiting:
            yield self.say("No step follows yet: {numbers}.", numbers=self.numbered(waiting))
        if idle:
            yield self.say("No action is to be taken: {numbers}.", numbers=self.numbered(idle))


def printer_for(
    reckoning: Reckoning, language: Language, amounts: Iterable[Decimal | None] = ()
) -> Printer:
    """Give a printer whose numbers show cents only where some of the amounts have any."""
    settings = reckoning.programme.settings
    numbers = numbers_for(language, settings.number_style, settings.rounding, amounts)
    following: dict[str, list[int]] = {}
    for step in reckoning.programme.review.in_sequence():
        following.setdefault(step.recommendation, []).append(step.seq)
    return Printer(reckoning, numbers, Texts(language), Words(language), following)
