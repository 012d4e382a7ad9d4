"""The paper on the technology review: what it rests on, what it found, what it recommends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import amounts_behind
from cmswp_xl.documents.front import ProgrammeDocument, circumstances, column_labels, net_or_gross
from cmswp_xl.documents.numbers import NIL, long_date
from cmswp_xl.documents.review import chain_part, linked_activities, printer_for
from cmswp_xl.documents.texts import paragraphs
from cmswp_xl.languages import N_
from cmswp_xl.messages.labels import capital, label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.documents.review import Chain, FindingLine, Printer
    from cmswp_xl.documents.texts import MissingText
    from cmswp_xl.figures.totals import Reckoning
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Evidence, Programme, Recommendation


_EVIDENCE = {
    "interview": N_("Interviews"),
    "publication": N_("Publications"),
    "contract": N_("Contracts"),
    "website": N_("Websites"),
}


@dataclass(frozen=True, slots=True)
class EvidenceGroup:
    """The sources of information of a kind; `code` and `details` may be blank."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecommendationRow:
    """A recommendation in the register; `acts` and `stepless` say what is to be marked."""

    number: str
    anchor: str
    paragraphs: tuple[str, ...]
    note: tuple[str, ...]
    evidence: str
    decision: str
    acts: bool
    status: str
    steps: str
    stepless: bool


@dataclass(frozen=True, slots=True)
class SubjectGroup:
    """A subject with its recommendations; `empty` is said where it has none."""

    heading: str
    rows: tuple[RecommendationRow, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class TechnologyReview(ProgrammeDocument):
    """Everything that the templates of the technology review place."""

    empty: str
    mandate: tuple[FindingLine, ...]
    method: tuple[FindingLine, ...]
    evidence: tuple[EvidenceGroup, ...]
    issues: tuple[FindingLine, ...]
    strategic: tuple[FindingLine, ...]
    tactical: tuple[FindingLine, ...]
    subjects: tuple[SubjectGroup, ...]
    statuses: bool
    anchors: dict[str, str]
    register_notes: tuple[str, ...]
    chain: Chain


def has_content(programme: Programme) -> bool:
    """Return whether there are findings or recommendations."""
    return bool(programme.review.findings or programme.review.recommendations)


def content(
    reckoning: Reckoning, language: Language, _codes: Sequence[str] = ()
) -> tuple[TechnologyReview, list[MissingText]]:
    """Word the technology review, and give the texts that it would print and that are missing."""
    amounts = amounts_behind(reckoning, reckoning.total)
    printer = printer_for(reckoning, language, amounts)
    review, say = printer.review, printer.say
    labels = _labels(printer)
    front = printer.front(say("Annex II"), say("Technology review"))
    chain = chain_part(printer, labels)
    items = review.recommendations
    anchors = {item.number: f"recommendation-{n}" for n, item in enumerate(items, 1)}
    paper = TechnologyReview(
        **front,
        statements=tuple(_statements(printer, chain)),
        labels=labels,
        empty="" if review.findings or items else say("No technology review has been recorded."),
        mandate=printer.findings("mandate"),
        method=printer.findings("method"),
        evidence=tuple(_evidence(printer)),
        issues=printer.findings("issue"),
        strategic=printer.findings("strategic"),
        tactical=printer.findings("tactical"),
        subjects=tuple(_subjects(printer, anchors)),
        statuses=any(item.status for item in items),
        anchors=anchors,
        register_notes=tuple(_register_notes(printer)),
        chain=chain,
        landscape=False,
    )
    return paper, printer.texts.missing


def _labels(printer: Printer) -> dict[str, str]:
    """Give the fixed words of the paper by name."""
    say = printer.say
    return column_labels(printer.settings, say) | {
        "introduction": say("Introduction"),
        "mandate": say("Mandate"),
        "sources": say("Method and sources"),
        "summary": say("Executive summary"),
        "strategic": say("Strategic recommendations"),
        "tactical": say("Tactical recommendations concerning"),
        "register": say("Summary of the recommendations"),
        "register_caption": say("Register of recommendations by subject"),
        "recommendation": say("Recommendation"),
        "decision": say("Decision"),
        "status": say("Status"),
        "steps": say("Next steps"),
        "point": say("Point"),
        "evidence": say("Sources"),
    }


def _statements(printer: Printer, chain: Chain) -> Iterator[str]:
    """Say what holds for the whole paper; money only where the chain has any."""
    money = chain.total is not None
    yield from circumstances(
        printer.reckoning, printer.numbers, printer.texts, printer.say, money=money
    )
    yield from net_or_gross(printer.reckoning.of(linked_activities(printer)), printer.say)
    if any(row.activity.unfunded for row in chain.rows):
        yield printer.say("Activities without any funding are marked ▲ Unfunded.")


def _evidence(printer: Printer) -> Iterator[EvidenceGroup]:
    """Give the sources of information by kind; codes only where recommendations name them."""
    named = any(item.evidence for item in printer.review.recommendations)
    for kind, heading in _EVIDENCE.items():
        found = [item for item in printer.review.evidence if item.kind == kind]
        if found:
            lines = tuple(_source(printer, item, named=named) for item in found)
            yield EvidenceGroup(printer.say(heading), lines)


def _source(printer: Printer, item: Evidence, *, named: bool) -> str:
    say = printer.say
    title = printer.texts.required(item.title, "evidence", item.code)
    details = [
        item.code if named else "",
        long_date(item.date, printer.language) if item.date else "",
        item.reference or "",
    ]
    given = say("; ").join(filter(None, details))
    return say("{title} ({details})", title=title, details=given) if given else title


def _subjects(printer: Printer, anchors: Mapping[str, str]) -> Iterator[SubjectGroup]:
    for subject in printer.review.subjects:
        title = printer.texts.required(subject.title, "subjects", str(subject.point))
        items = printer.review.of_subject(subject.point)
        rows = tuple(_recommendation(printer, item, anchors[item.number]) for item in items)
        empty = "" if rows else printer.say("No recommendations.")
        yield SubjectGroup(f"{subject.point}. {title}", rows, empty)


def _recommendation(printer: Printer, item: Recommendation, anchor: str) -> RecommendationRow:
    say, texts = printer.say, printer.texts
    text = texts.required(item.text, "recommendations", item.number, "text")
    note = texts.optional(item.note, "recommendations", item.number, "note")
    steps = printer.steps(printer.following.get(item.number, ()))
    stepless = printer.stepless(item)
    return RecommendationRow(
        number=item.number,
        anchor=anchor,
        paragraphs=paragraphs(text),
        note=paragraphs(note),
        evidence=say("Sources: {codes}", codes=", ".join(item.evidence)) if item.evidence else "",
        decision=capital(label("recommended-action", item.decision, say)),
        acts=item.acts,
        status=capital(label("recommendation-status", item.status, say)) if item.status else "",
        steps=say("No step yet") if stepless else steps or NIL,
        stepless=stepless,
    )


def _register_notes(printer: Printer) -> Iterator[str]:
    """Sum up below the register what is not acted on, and what has no step."""
    yield from printer.left_out()
    if printer.review.steps:
        yield printer.say("The steps are those of Annex III.")
