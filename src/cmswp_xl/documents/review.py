"""What documents on the technology review share: frame, findings, linked activities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.documents.front import front, marked_title, running_head
from cmswp_xl.documents.numbers import numbers_for
from cmswp_xl.documents.texts import Texts, paragraphs
from cmswp_xl.languages import Words
from cmswp_xl.page import Bullets, Paragraph, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.documents.front import Front
    from cmswp_xl.documents.numbers import Numbers
    from cmswp_xl.figures.totals import ProgrammeTotals
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Activity, Finding, Recommendation, Review, Settings


_SETTLED = frozenset({"done", "dropped"})


@dataclass(frozen=True, slots=True)
class Printer:
    """
    Prints the technology review of a programme in one language.

    `following` are the places in the sequence of the steps of each recommendation.
    """

    totals: ProgrammeTotals
    numbers: Numbers
    texts: Texts
    say: Words
    following: Mapping[str, Sequence[int]]

    @property
    def review(self) -> Review:
        """The review."""
        return self.totals.programme.review

    @property
    def settings(self) -> Settings:
        """The settings of the programme."""
        return self.totals.programme.settings

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

    def findings(
        self, kind: str, anchors: Mapping[str, str] | None = None
    ) -> tuple[tuple[Paragraph, ...], ...]:
        """
        Return the statements of a kind in sequence, with the recommendations that follow.

        `anchors` are what the numbers of recommendations lead to.
        """
        found = (finding for finding in self.review.findings if finding.kind == kind)
        ordered = sorted(found, key=lambda finding: finding.seq)
        return tuple(self._finding(finding, anchors or {}) for finding in ordered)

    def _finding(self, finding: Finding, anchors: Mapping[str, str]) -> tuple[Paragraph, ...]:
        text = self.texts.required(finding.text, "findings", str(finding.seq), "text")
        *others, last = paragraphs(text) or ("",)
        numbers = finding.recommendations
        pieces: list[Piece] = []
        for number in numbers:
            lead = self.say.many("Recommendation", "Recommendations", len(numbers))
            pieces.append(Piece(", " if pieces else f" ({lead} "))
            pieces.append(Piece(number, anchor=anchors.get(number, "")))
        if pieces:
            pieces.append(Piece(")"))
        return (*map(Paragraph, others), Paragraph(last, pieces=tuple(pieces)))

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
    totals: ProgrammeTotals, language: Language, amounts: Iterable[Decimal | None] = ()
) -> Printer:
    """Give a printer whose numbers show cents only where some of the amounts have any."""
    settings = totals.programme.settings
    numbers = numbers_for(language, settings.number_style, settings.rounding, amounts)
    following: dict[str, list[int]] = {}
    for step in totals.programme.review.in_sequence():
        following.setdefault(step.recommendation, []).append(step.seq)
    return Printer(totals, numbers, Texts(language), Words(language), following)


def linked_activities(printer: Printer) -> tuple[Activity, ...]:
    """Give the activities that carry out a recommendation, each once, in the programme's order."""
    linked = {item.activity for item in printer.review.recommendations}
    return tuple(a for a in printer.totals.programme.activities if a.id in linked)


def linked_numbers(printer: Printer) -> Mapping[str, list[str]]:
    """Give the numbers of the recommendations of each activity."""
    named: dict[str, list[str]] = {}
    for item in printer.review.recommendations:
        if item.activity is not None:
            named.setdefault(item.activity, []).append(item.number)
    return named


def listed(items: Sequence[tuple[Paragraph, ...]]) -> tuple[Paragraph | Bullets, ...]:
    """Return statements for a page, several as a list."""
    return (Bullets(tuple(items)),) if len(items) > 1 else items[0] if items else ()


def uncosted_recommendations(printer: Printer) -> Iterator[str]:
    """Say for which recommendations the activity is not costed."""
    uncosted = [
        number
        for key, numbers in linked_numbers(printer).items()
        if printer.totals.by_activity[key].status == "not-costed"
        for number in numbers
    ]
    if uncosted:
        yield printer.say(
            "The activity is not yet costed: {numbers}. Blank does not mean nil.",
            numbers=printer.numbered(uncosted),
        )
