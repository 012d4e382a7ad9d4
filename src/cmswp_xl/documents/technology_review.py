"""The paper on the technology review: what it rests on, what it found, what it recommends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from cmswp_xl.documents.amounts import (
    Notes,
    RowPrinter,
    amounts_behind,
    choose_columns,
    grouped_tree,
)
from cmswp_xl.documents.front import Made, circumstances, net_or_gross, paper
from cmswp_xl.documents.texts import NIL, Printer, paragraphs, printer_for
from cmswp_xl.figures.totals import ProgrammeTotals
from cmswp_xl.languages import N_, Language
from cmswp_xl.messages.labels import capital, label
from cmswp_xl.messages.values import long_date
from cmswp_xl.model import Activity, Evidence, Finding, Recommendation, Review
from cmswp_xl.page import (
    Block,
    Bullets,
    Cell,
    Column,
    Paragraph,
    Piece,
    Row,
    Section,
    Table,
    group_row,
    notes,
    tabled,
)

_EVIDENCE = {
    "interview": N_("Interviews"),
    "publication": N_("Publications"),
    "contract": N_("Contracts"),
    "website": N_("Websites"),
}

_SETTLED = frozenset({"done", "dropped"})


@dataclass(frozen=True, slots=True)
class ReviewPrinter(Printer):
    """Prints the technology review; `following` are the steps of each recommendation, by place."""

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
        """Return the statements of a kind in sequence; recommendations lead to `anchors`."""
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
    yield from circumstances(printer, money=bool(tables))
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
        items = [item for item in review.recommendations if item.subject == subject.point]
        if not items:
            none = Paragraph(say("No recommendations."))
            rows.append(Row((Cell((none,), span=len(columns)),)))
        rows += [
            _recommendation(printer, item, anchors[item.number], statuses=statuses)
            for item in items
        ]
    title, steps = say("Summary of the recommendations"), say("The steps are those of Annex III.")
    below = notes((*printer.left_out(), steps if review.steps else ""))
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


def _linked_recommendations(printer: ReviewPrinter) -> Section:
    """Return the recommendations with the activities that carry them out, each counted once."""
    say = printer.say
    title = say("Recommendations, activities and funding")
    activities = printer.linked
    if not activities:
        none = say("No recommendation is linked to an activity of the programme of work yet.")
        return Section("chain", title, (Paragraph(none),))
    columns = replace(choose_columns(printer.totals, printer.totals.of(activities)), years=())
    tree = grouped_tree(printer.totals, {"": activities}, columns, printer.numbers.step)
    rows, lettered = RowPrinter(*printer.base, tree), Notes()
    lines = tuple(_chain_rows(printer, rows, lettered))
    heads = (
        Column(say("Point"), "number", 737, names=True),
        Column(say("No."), "number", 623),
        Column(say("Activity"), "text", 2948),
        *rows.columns(1134),
    )
    total = rows.line(say("Total"), "total", "", span=3)
    said = notes(_chain_statements(printer, rows))
    below = (*lettered.listed(), *rows.agreement("total", ""), *said)
    return tabled("chain", title, heads, (*lines, total), *below)


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
