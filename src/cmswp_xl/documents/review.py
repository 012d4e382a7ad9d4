"""What documents on the technology review share: frame, findings, linked activities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import Columns, RowPrinter, grouped_tree
from cmswp_xl.documents.front import front, marked_title, running_head
from cmswp_xl.documents.numbers import numbers_for
from cmswp_xl.documents.texts import Texts, paragraphs
from cmswp_xl.languages import Words
from cmswp_xl.page import Bullets, Paragraph, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.documents.amounts import ActivityRow, AmountRow, Notes
    from cmswp_xl.documents.front import Front
    from cmswp_xl.documents.numbers import Numbers
    from cmswp_xl.figures.totals import Reckoning
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Activity, Finding, Recommendation, Review, Settings


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

    def statements_of(
        self, lines: Sequence[FindingLine], anchors: Mapping[str, str] | None = None
    ) -> tuple[Paragraph | Bullets, ...]:
        """Return statements for a page, several as a list; `anchors` lead to recommendations."""
        items = tuple(self._paragraphs(line, anchors or {}) for line in lines)
        return (Bullets(items),) if len(items) > 1 else items[0] if items else ()

    @staticmethod
    def _paragraphs(line: FindingLine, anchors: Mapping[str, str]) -> tuple[Paragraph, ...]:
        *others, last = line.paragraphs
        pieces: list[Piece] = []
        for number in line.numbers:
            pieces += [Piece(", " if pieces else f" ({line.lead} ")]
            pieces += [Piece(number, anchor=anchors.get(number, ""))]
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
    reckoning: Reckoning, language: Language, amounts: Iterable[Decimal | None] = ()
) -> Printer:
    """Give a printer whose numbers show cents only where some of the amounts have any."""
    settings = reckoning.programme.settings
    numbers = numbers_for(language, settings.number_style, settings.rounding, amounts)
    following: dict[str, list[int]] = {}
    for step in reckoning.programme.review.in_sequence():
        following.setdefault(step.recommendation, []).append(step.seq)
    return Printer(reckoning, numbers, Texts(language), Words(language), following)


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A recommendation by its number, and the activity that carries it out."""

    recommendation: str
    activity: ActivityRow


@dataclass(frozen=True, slots=True)
class Chain:
    """The table of recommendations with their activities; `empty` is said where there is none."""

    caption: str
    empty: str
    kind_heads: tuple[str, ...]
    rows: tuple[ChainRow, ...]
    total: AmountRow | None
    notes: tuple[tuple[str, str], ...]
    statements: tuple[str, ...]


def linked_activities(printer: Printer) -> tuple[Activity, ...]:
    """Give the activities that carry out a recommendation, each once, in the programme's order."""
    linked = {item.activity for item in printer.review.recommendations}
    return tuple(a for a in printer.reckoning.programme.activities if a.id in linked)


def chain_part(printer: Printer, labels: Mapping[str, str]) -> Chain:
    """Word the chain of a review; its total counts an activity once."""
    say = printer.say
    caption = say("Recommendations, activities and funding")
    activities = linked_activities(printer)
    if not activities:
        empty = say("No recommendation is tied to an activity of the programme of work yet.")
        return Chain(caption, empty, (), (), None, (), ())
    figures = printer.reckoning.of(activities)
    kinds = ("core", "voluntary", "other") if figures.other else ("core", "voluntary")
    columns = Columns((), kinds)
    tree = grouped_tree(printer.reckoning, {"": activities}, columns, printer.numbers.step)
    rows = RowPrinter(printer.reckoning, tree, printer.numbers, printer.texts, say)
    notes = rows.notes()
    lines = tuple(_rows(printer, rows, activities, notes))
    total = rows.line(say("Total"), "total", "", activities)
    return Chain(
        caption,
        "",
        tuple(labels[kind] for kind in kinds),
        lines,
        total,
        notes.listed(),
        tuple(_statements(printer, rows)),
    )


def _rows(
    printer: Printer, rows: RowPrinter, activities: Sequence[Activity], notes: Notes
) -> Iterator[ChainRow]:
    """Give a row for each recommendation with an activity, in the order of the register."""
    by_id = {activity.id: activity for activity in activities}
    named = linked_numbers(printer)
    for item in printer.review.recommendations:
        if item.activity is None:
            continue
        activity = by_id[item.activity]
        row = rows.activity(activity, notes)
        mark = row.mark or _not_costed(printer, activity)
        letters = [row.notes] if row.notes else []
        if len(named[activity.id]) > 1:
            together = ", ".join(named[activity.id])
            text = printer.say(
                "One activity for recommendations {numbers}; it counts once in the total.",
                numbers=together,
            )
            letters.append(notes.letter(text))
        yield ChainRow(item.number, replace(row, mark=mark, notes=", ".join(letters)))


def _not_costed(printer: Printer, activity: Activity) -> str:
    status = printer.reckoning.by_activity[activity.id].status
    return printer.say("Not yet costed") if status == "not-costed" else ""


def linked_numbers(printer: Printer) -> Mapping[str, list[str]]:
    """Give the numbers of the recommendations of each activity."""
    named: dict[str, list[str]] = {}
    for item in printer.review.recommendations:
        if item.activity is not None:
            named.setdefault(item.activity, []).append(item.number)
    return named


def _statements(printer: Printer, rows: RowPrinter) -> Iterator[str]:
    """Say in words what the table does not show in figures, by recommendation."""
    say, named = printer.say, linked_numbers(printer)
    yield say("The total counts each activity once, however many recommendations it carries out.")
    uncosted: list[str] = []
    for key, numbers in named.items():
        if printer.reckoning.by_activity[key].status == "not-costed":
            uncosted += numbers
    if uncosted:
        yield say(
            "The activity is not yet costed: {numbers}. Blank does not mean nil.",
            numbers=printer.numbered(uncosted),
        )
    yield from rows.apart({printer.numbered(numbers): key for key, numbers in named.items()})
    without = [r.number for r in printer.review.recommendations if r.acts and not r.activity]
    if without:
        yield say("Not tied to an activity: {numbers}.", numbers=printer.numbered(without))
