"""The paper on the next steps: who carries them, and their sequence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cmswp_xl.documents.front import Made, circumstances, paper
from cmswp_xl.documents.technology_review import ReviewPrinter, listed, review_printer
from cmswp_xl.documents.texts import paragraphs, responsible
from cmswp_xl.figures.totals import ProgrammeTotals
from cmswp_xl.languages import Language
from cmswp_xl.messages.labels import capital, label
from cmswp_xl.messages.values import long_date
from cmswp_xl.model import Step
from cmswp_xl.page import Cell, Column, Paragraph, Row, Section, notes, tabled

_PORTRAIT = 2
"""How many columns of details stand beside the step on an upright page."""


def content(totals: ProgrammeTotals, language: Language, _codes: Sequence[str] = ()) -> Made:
    """Return the next steps, and the texts that they would print and that are missing."""
    printer = review_printer(totals, language)
    findings = listed(printer.findings("next-step"))
    columns = _columns(printer)
    body = (
        Section("carried", printer.say("Carrying out the recommendations"), findings),
        _sequence(printer, columns),
    )
    statements, across = circumstances(printer, money=False), len(columns) > _PORTRAIT
    return paper(__name__, printer, statements, body, landscape=across)


def _columns(printer: ReviewPrinter) -> Mapping[str, Column]:
    """Return the columns of details that some step fills."""
    say = printer.say
    columns = {
        "responsible": Column(say("Responsible"), "word", 1247),
        "start": Column(say("Start date"), "word", 1800),
        "due": Column(say("Due"), "word", 1800),
        "status": Column(say("Status"), "word", 1134),
        "result": Column(say("Result"), "words", 2608),
    }
    steps = printer.review.steps
    return {
        name: column
        for name, column in columns.items()
        if any(getattr(step, name) for step in steps)
    }


def _sequence(printer: ReviewPrinter, columns: Mapping[str, Column]) -> Section:
    say, steps = printer.say, printer.review.in_sequence()
    title = say("Sequence of the steps")
    if not steps:
        return Section("sequence", title, (Paragraph(say("No steps have been recorded.")),))
    first = (
        Column(say("Step"), "number", 793, names=True),
        Column(say("Point"), "number", 680),
        Column(say("Subject and step"), "text", 4819),
    )
    rows = (_row(printer, step, columns) for step in steps)
    heads = (*first, *columns.values())
    points = say("The points are those of the recommendations in Annex II.")
    return tabled("sequence", title, heads, rows, *notes((points, *printer.left_out())))


def _row(printer: ReviewPrinter, step: Step, columns: Iterable[str]) -> Row:
    texts, key = printer.texts, str(step.seq)
    text = Cell(tuple(_text(printer, step)))
    result = texts.optional(step.result, "steps", key, "result")
    details: dict[str, str | Cell] = {
        "responsible": responsible(step.responsible, printer.say),
        "start": long_date(step.start, printer.language) if step.start else "",
        "due": long_date(step.due, printer.language) if step.due else "",
        "status": capital(label("step-status", step.status, printer.say)) if step.status else "",
        "result": Cell(tuple(map(Paragraph, paragraphs(result)))),
    }
    cells = (key, step.recommendation, text, *(details[name] for name in columns))
    return Row(cells, key=key, anchor=f"step-{key}")


def _text(printer: ReviewPrinter, step: Step) -> Iterator[Paragraph]:
    """Yield what a step says, what is odd about it, and the other steps of its point."""
    say, texts, key, review = printer.say, printer.texts, str(step.seq), printer.review
    item = next((r for r in review.recommendations if r.number == step.recommendation), None)
    if item is not None:
        title = next(s.title for s in review.subjects if s.point == item.subject)
        yield Paragraph(texts.required(title, "subjects", str(item.subject)), "lead")
    yield from map(Paragraph, paragraphs(texts.required(step.text, "steps", key, "text")))
    if item is not None and not item.acts:
        yield Paragraph(say("The recommendation is to take no action."), "mark")
    for note in paragraphs(texts.optional(step.note, "steps", key, "note")):
        yield Paragraph(note, "remark")
    others = [seq for seq in printer.following[step.recommendation] if seq != step.seq]
    if others:
        also = say.many(
            "See also step {steps}.",
            "See also steps {steps}.",
            len(others),
            steps=say.listed(map(str, others)),
        )
        yield Paragraph(also, "also")
