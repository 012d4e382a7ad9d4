"""The paper on the next steps: who carries them, and their sequence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.documents.front import ProgrammeDocument, circumstances
from cmswp_xl.documents.numbers import long_date
from cmswp_xl.documents.review import printer_for
from cmswp_xl.documents.texts import paragraphs
from cmswp_xl.messages.labels import capital, label

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.documents.review import FindingLine, Printer
    from cmswp_xl.documents.texts import MissingText
    from cmswp_xl.figures.totals import Reckoning
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Programme, Recommendation, Step, Text


_PORTRAIT = 2
"""How many columns of details stand beside the step on an upright page."""


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step; `mark` says what is odd about it, `also` names the other steps of its point."""

    seq: str
    number: str
    subject: str
    paragraphs: tuple[str, ...]
    mark: str
    also: str
    note: tuple[str, ...]
    responsible: str
    start: str
    due: str
    status: str
    result: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NextSteps(ProgrammeDocument):
    """Everything that the templates of the next steps place."""

    empty: str
    findings: tuple[FindingLine, ...]
    columns: tuple[str, ...]
    rows: tuple[StepRow, ...]
    notes: tuple[str, ...]


def has_content(programme: Programme) -> bool:
    """Return whether there are steps."""
    return bool(programme.review.steps)


def content(
    reckoning: Reckoning, language: Language, _codes: Sequence[str] = ()
) -> tuple[NextSteps, list[MissingText]]:
    """Word the next steps, and give the texts that they would print and that are missing."""
    printer = printer_for(reckoning, language)
    say = printer.say
    front = printer.front(say("Annex III"), say("Next steps of the technology review"))
    steps = printer.review.in_sequence()
    review = printer.review
    items = {item.number: item for item in review.recommendations}
    titles = {subject.point: subject.title for subject in review.subjects}
    columns = tuple(_columns(steps))
    paper = NextSteps(
        **front,
        statements=tuple(
            circumstances(reckoning, printer.numbers, printer.texts, say, money=False)
        ),
        labels=_labels(printer),
        empty="" if steps else say("No steps have been recorded."),
        findings=printer.findings("next-step"),
        columns=columns,
        rows=tuple(_row(printer, step, items.get(step.recommendation), titles) for step in steps),
        notes=tuple(_notes(printer)) if steps else (),
        landscape=len(columns) > _PORTRAIT,
    )
    return paper, printer.texts.missing


def _columns(steps: tuple[Step, ...]) -> Iterator[str]:
    """Give the columns of details that some step fills."""
    for name in ("responsible", "start", "due", "status", "result"):
        if any(getattr(step, name) for step in steps):
            yield name


def _labels(printer: Printer) -> dict[str, str]:
    """Give the fixed words of the paper by name."""
    say = printer.say
    return {
        "carried": say("Carrying out the recommendations"),
        "sequence": say("Sequence of the steps"),
        "seq": say("Step"),
        "number": say("Point"),
        "step": say("Subject and step"),
        "responsible": say("Responsible"),
        "start": say("Start date"),
        "due": say("Due"),
        "status": say("Status"),
        "result": say("Result"),
    }


def _row(
    printer: Printer, step: Step, item: Recommendation | None, titles: Mapping[int, Text]
) -> StepRow:
    say, texts, key = printer.say, printer.texts, str(step.seq)
    others = [seq for seq in printer.following[step.recommendation] if seq != step.seq]
    subject = (
        "" if item is None else texts.required(titles[item.subject], "subjects", str(item.subject))
    )
    return StepRow(
        seq=key,
        number=step.recommendation,
        subject=subject,
        paragraphs=paragraphs(texts.required(step.text, "steps", key, "text")),
        mark="" if item is None or item.acts else say("The recommendation is to take no action."),
        also=_also(printer, others),
        note=paragraphs(texts.optional(step.note, "steps", key, "note")),
        responsible=step.responsible or "",
        start=_date(printer, step.start),
        due=_date(printer, step.due),
        status=capital(label("step-status", step.status, say)) if step.status else "",
        result=paragraphs(texts.optional(step.result, "steps", key, "result")),
    )


def _also(printer: Printer, others: list[int]) -> str:
    if not others:
        return ""
    return printer.say.many(
        "See also step {steps}.",
        "See also steps {steps}.",
        len(others),
        steps=", ".join(map(str, others)),
    )


def _date(printer: Printer, day: dt.date | None) -> str:
    return "" if day is None else long_date(day, printer.language)


def _notes(printer: Printer) -> Iterator[str]:
    """Say below the table what its numbers are, and which recommendations it leaves out."""
    yield printer.say("The points are those of the recommendations in Annex II.")
    yield from printer.left_out()
