"""The paper on the technology review: what it rests on, what it found, what it recommends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import Columns, Notes, RowPrinter, amounts_behind, grouped_tree
from cmswp_xl.documents.front import circumstances, net_or_gross, paper
from cmswp_xl.documents.numbers import NIL
from cmswp_xl.documents.posts import group_row
from cmswp_xl.documents.review import listed, review_printer
from cmswp_xl.documents.texts import paragraphs
from cmswp_xl.languages import N_
from cmswp_xl.messages.labels import capital, label
from cmswp_xl.messages.values import long_date
from cmswp_xl.page import Bullets, Cell, Column, Paragraph, Row, Section, Table, notes, tabled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.documents.front import Made
    from cmswp_xl.documents.review import ReviewPrinter
    from cmswp_xl.figures.totals import ProgrammeTotals
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Evidence, Recommendation
    from cmswp_xl.page import Block


_EVIDENCE = {
    "interview": N_("Interviews"),
    "publication": N_("Publications"),
    "contract": N_("Contracts"),
    "website": N_("Websites"),
}


def content(totals: ProgrammeTotals, language: Language, _codes: Sequence[str] = ()) -> Made:
    """Return the technology review, and the texts that it would print and that are missing."""
    printer = review_printer(totals, language, amounts_behind(totals, totals.total))
    review, items = printer.review, printer.review.recommendations
    anchors = {item.number: f"recommendation-{n}" for n, item in enumerate(items, 1)}
    chain = _linked_recommendations(printer)
    body = [_introduction(printer, anchors), _summary(printer, anchors)]
    if review.subjects:
        body += [_register(printer, anchors), chain]
    if not review.findings and not items:
        none = printer.say("No technology review has been recorded.")
        body.insert(0, Section("", "", (Paragraph(none),)))
    return paper(__name__, printer, _statements(printer, chain), body, landscape=False)


def _introduction(printer: ReviewPrinter, anchors: Mapping[str, str]) -> Section:
    """Return what the review rests on: its mandate, its method, its sources of information."""
    say = printer.say
    blocks: list[Block] = []
    mandate = printer.findings("mandate", anchors)
    if mandate:
        blocks += [Paragraph(say("Mandate"), "heading3"), *listed(mandate)]
    method, evidence = printer.findings("method", anchors), _evidence(printer)
    if method or evidence:
        blocks.append(Paragraph(say("Method and sources"), "heading3"))
        blocks += [paragraph for line in method for paragraph in line]
        blocks += evidence
    return Section("introduction", say("Introduction"), tuple(blocks))


def _summary(printer: ReviewPrinter, anchors: Mapping[str, str]) -> Section:
    """Return what the review found, and what it recommends in words."""
    say = printer.say
    found = {kind: printer.findings(kind, anchors) for kind in ("issue", "strategic", "tactical")}
    blocks: list[Block] = [paragraph for line in found["issue"] for paragraph in line]
    for kind, heading in (
        ("strategic", say("Strategic recommendations")),
        ("tactical", say("Tactical recommendations")),
    ):
        if found[kind]:
            blocks += [Paragraph(heading, "heading3"), *listed(found[kind])]
    return Section("summary", say("Executive summary"), tuple(blocks))


def _statements(printer: ReviewPrinter, chain: Section) -> Iterator[str]:
    """Say what holds for the whole paper; money only where the chain has any."""
    tables = [block for block in chain.blocks if isinstance(block, Table)]
    yield from circumstances(*printer.base, money=bool(tables))
    yield from net_or_gross(printer.totals.of(printer.linked), printer.say)
    if any(row.look == "unfunded" for table in tables for row in table.rows):
        yield printer.say("Activities without any funding are marked ▲\u00a0Unfunded.")


def _evidence(printer: ReviewPrinter) -> list[Block]:
    """Return the sources of information by kind; codes only where recommendations name them."""
    named = any(item.evidence for item in printer.review.recommendations)
    blocks: list[Block] = []
    for kind, heading in _EVIDENCE.items():
        found = [item for item in printer.review.evidence if item.kind == kind]
        lines = tuple((Paragraph(_source(printer, item, named=named)),) for item in found)
        if lines:
            blocks += [Paragraph(printer.say(heading), "kind"), Bullets(lines)]
    return blocks


def _source(printer: ReviewPrinter, item: Evidence, *, named: bool) -> str:
    say = printer.say
    title = printer.texts.required(item.title, "evidence", item.code)
    details = [
        item.code if named else "",
        long_date(item.date, printer.language) if item.date else "",
        item.reference or "",
    ]
    given = say("; ").join(filter(None, details))
    return say("{title} ({details})", title=title, details=given) if given else title


def _register(printer: ReviewPrinter, anchors: Mapping[str, str]) -> Section:
    """Return the recommendations, subject by subject."""
    say, review = printer.say, printer.review
    statuses = any(item.status for item in review.recommendations)
    status = (Column(say("Status"), "word", 1134),) if statuses else ()
    columns = (
        Column(say("No."), "number", 680, names=True),
        Column(say("Recommendation"), "text", 4876),
        Column(say("Decision"), "word", 1950),
        *status,
        Column(say("Next steps"), "word", 1474),
    )
    rows: list[Row] = []
    for subject in review.subjects:
        title = printer.texts.required(subject.title, "subjects", str(subject.point))
        rows.append(group_row(f"{subject.point}. {title}", len(columns)))
        items = review.of_subject(subject.point)
        if not items:
            none = Paragraph(say("No recommendations."))
            rows.append(Row((Cell((none,), span=len(columns)),)))
        rows += [
            _recommendation(printer, item, anchors[item.number], statuses=statuses)
            for item in items
        ]
    title, below = say("Summary of the recommendations"), notes(_register_notes(printer))
    caption = say("Register of recommendations by subject")
    return tabled("register", caption, columns, rows, *below, heading=title)


def _recommendation(
    printer: ReviewPrinter, item: Recommendation, anchor: str, *, statuses: bool
) -> Row:
    """Print a recommendation; no action stands out, and so does what no step carries out."""
    say, texts = printer.say, printer.texts
    text = paragraphs(texts.required(item.text, "recommendations", item.number, "text"))
    note = paragraphs(texts.optional(item.note, "recommendations", item.number, "note"))
    codes = say.listed(item.evidence)
    sources = say.many("Source: {codes}", "Sources: {codes}", len(item.evidence), codes=codes)
    found = (
        *map(Paragraph, text),
        *(Paragraph(line, "remark") for line in note),
        *((Paragraph(sources, "source"),) if codes else ()),
    )
    decision = Paragraph(
        capital(label("recommended-action", item.decision, say)), "" if item.acts else "mark"
    )
    status = capital(label("recommendation-status", item.status, say)) if item.status else ""
    stepless = printer.stepless(item)
    steps = printer.steps(printer.following.get(item.number, ())) or NIL
    step = Paragraph(say("No step yet") if stepless else steps, "mark" if stepless else "")
    cells = (item.number, Cell(found), Cell((decision,)), *((status,) if statuses else ()))
    look = "" if item.acts else "idle"
    return Row((*cells, Cell((step,))), look, item.number, anchor)


def _register_notes(printer: ReviewPrinter) -> Iterator[str]:
    """Sum up below the register what is not acted on, and what has no step."""
    yield from printer.left_out()
    if printer.review.steps:
        yield printer.say("The steps are those of Annex III.")


def _linked_recommendations(printer: ReviewPrinter) -> Section:
    """Return the recommendations with the activities that carry them out, each counted once."""
    say = printer.say
    title = say("Recommendations, activities and funding")
    activities = printer.linked
    if not activities:
        none = say("No recommendation is linked to an activity of the programme of work yet.")
        return Section("chain", title, (Paragraph(none),))
    other = ("other",) if printer.totals.of(activities).other else ()
    kinds = ("core", "voluntary", *other)
    groups, step = {"": activities}, printer.numbers.step
    tree = grouped_tree(printer.totals, groups, Columns((), kinds), step)
    rows, lettered = RowPrinter(*printer.base, tree), Notes()
    lines = tuple(_chain_rows(printer, rows, lettered))
    columns = (
        Column(say("Point"), "number", 737, names=True),
        Column(say("No."), "number", 623),
        Column(say("Activity"), "text", 2948),
        *rows.columns(1134),
    )
    total = rows.line(say("Total"), "total", "", activities, span=3)
    agreement = rows.agreement("total", "", activities)
    below = (*lettered.listed(), *agreement, *notes(_chain_statements(printer, rows)))
    return tabled("chain", title, columns, (*lines, total), *below)


def _chain_rows(printer: ReviewPrinter, rows: RowPrinter, notes: Notes) -> Iterator[Row]:
    """Yield a row for each recommendation with an activity, in the order of the register."""
    by_id = {activity.id: activity for activity in printer.linked}
    named, say = printer.linked_numbers, printer.say
    for item in printer.review.recommendations:
        if item.activity is None:
            continue
        together = named[item.activity]
        more = ""
        if len(together) > 1:
            more = say(
                "The same activity serves recommendations {numbers}; it counts once in the total.",
                numbers=say.listed(together),
            )
        uncosted = printer.totals.by_activity[item.activity].status == "not-costed"
        mark = say("Not yet costed") if uncosted else ""
        yield rows.activity(by_id[item.activity], notes, item.number, more=more, mark=mark)


def _chain_statements(printer: ReviewPrinter, rows: RowPrinter) -> Iterator[str]:
    """Say in words what the table does not show in figures, by recommendation."""
    say, named = printer.say, printer.linked_numbers
    yield say("The total counts each activity once, however many recommendations it implements.")
    yield from printer.uncosted()
    names = {key: say.listed(numbers) for key, numbers in named.items()}
    several = tuple(f"{names[key]} (" for key, numbers in named.items() if len(numbers) > 1)

    def together(texts: Sequence[str]) -> str:
        return printer.numbered(texts, len(texts) + sum(t.startswith(several) for t in texts))

    yield from rows.apart(names, together)
    without = [r.number for r in printer.review.recommendations if r.acts and not r.activity]
    if without:
        numbers = printer.numbered(without)
        yield capital(say("Not linked to an activity: {numbers}.", numbers=numbers))
