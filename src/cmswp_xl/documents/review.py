"""What documents on the technology review share: frame, findings, linked activities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.documents.texts import Printer, paragraphs, printer_for
from cmswp_xl.messages.labels import capital
from cmswp_xl.page import Bullets, Paragraph, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.figures.totals import ProgrammeTotals
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Activity, Finding, Recommendation, Review


_SETTLED = frozenset({"done", "dropped"})


@dataclass(frozen=True, slots=True)
class ReviewPrinter(Printer):
    """
    Prints the technology review of a programme.

    `following` are the places in the sequence of the steps of each recommendation.
    """

    following: Mapping[str, Sequence[int]]

    @property
    def review(self) -> Review:
        """The review."""
        return self.programme.review

    @property
    def linked(self) -> tuple[Activity, ...]:
        """The activities that carry out a recommendation, each once, in the programme's order."""
        named = self.linked_numbers
        return tuple(activity for activity in self.programme.activities if activity.id in named)

    @property
    def linked_numbers(self) -> Mapping[str, list[str]]:
        """The numbers of the recommendations of each activity."""
        named: dict[str, list[str]] = {}
        for item in self.review.recommendations:
            if item.activity is not None:
                named.setdefault(item.activity, []).append(item.number)
        return named

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
        if numbers:
            stop = "." if last.endswith(".") else ""
            last = last.removesuffix(".")
            named = self.numbered(["\0"] * len(numbers))
            before, *after = self.say(" ({head})", head=named).split("\0")
            pieces.append(Piece(before))
            for number, between in zip(numbers, after, strict=True):
                pieces += [Piece(number, anchor=anchors.get(number, "")), Piece(between)]
            pieces.append(Piece(stop))
        return (*map(Paragraph, others), Paragraph(last, pieces=tuple(pieces)))

    def numbered(self, numbers: Iterable[str], count: int = 0) -> str:
        """Name recommendations by their numbers, of which there may be more; nothing for none."""
        listed = tuple(numbers)
        text = self.say.many(
            "Recommendation {numbers}",
            "Recommendations {numbers}",
            count or len(listed),
            numbers=self.say.listed(listed),
        )
        return text if listed else ""

    def steps(self, steps: Iterable[int]) -> str:
        """Name steps by their places in the sequence; nothing for none."""
        found = [str(step) for step in steps]
        named = self.say.listed(found)
        text = self.say.many("Step {steps}", "Steps {steps}", len(found), steps=named)
        return text if found else ""

    def stepless(self, item: Recommendation) -> bool:
        """Return whether a recommendation asks for action that no step carries out."""
        settled = item.status in _SETTLED
        return item.acts and not settled and item.number not in self.following

    def left_out(self) -> Iterator[str]:
        """Name the recommendations without a step, and those to take no action."""
        items = self.review.recommendations
        waiting = [item.number for item in items if self.stepless(item)]
        idle = [item.number for item in items if not item.acts]
        if waiting:
            yield capital(self.say("No step yet: {numbers}.", numbers=self.numbered(waiting)))
        if idle:
            yield capital(
                self.say("{numbers}: no action is to be taken.", numbers=self.numbered(idle))
            )

    def uncosted(self) -> Iterator[str]:
        """Say for which recommendations the activity is not costed."""
        figures = self.totals.by_activity
        named = self.linked_numbers.items()
        numbers = [n for key, some in named if figures[key].status == "not-costed" for n in some]
        if numbers:
            yield capital(
                self.say(
                    "{numbers}: activity not yet costed. A blank cell does not mean zero.",
                    numbers=self.numbered(numbers),
                )
            )


def review_printer(
    totals: ProgrammeTotals, language: Language, amounts: Iterable[Decimal | None] = ()
) -> ReviewPrinter:
    """Return a printer whose numbers show cents only where some of the amounts have any."""
    following: dict[str, list[int]] = {}
    for step in totals.programme.review.in_sequence():
        following.setdefault(step.recommendation, []).append(step.seq)
    return ReviewPrinter(*printer_for(totals, language, amounts).base, following)


def listed(items: Sequence[tuple[Paragraph, ...]]) -> tuple[Paragraph | Bullets, ...]:
    """Return statements for a page, several as a list."""
    return (Bullets(tuple(items)),) if len(items) > 1 else items[0] if items else ()
