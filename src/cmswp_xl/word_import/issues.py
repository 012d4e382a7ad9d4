"""
What an import has to say of an annex: doubtful cells, what was left out, checked totals.

Every text that a reader sees is entered once it was found (`see`) and struck off once it has a
place in the workbook or in a check (`take`). What is left at the end, and in no issue, is listed
as not taken over: nothing can be lost by forgetting it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from cmswp_xl.languages import Words
from cmswp_xl.messages.labels import label
from cmswp_xl.messages.values import amounts_in, display_text, plain_number
from cmswp_xl.resources import texts
from cmswp_xl.word_import.vocabulary import joined

_OF_AMOUNTS = frozenset(
    {"lone-separator", "mixed-styles", "approximate", "multiplied", "note-letter", "raised-mark"}
    | {"less-than-one", "cost-without-year", "nil-cost", "share"}
)
"""The reasons for which what was taken is a number, not a text such as 1.1."""
_UNCHECKED = frozenset({"sum-without-parts", "sum-of-unreadable"})


@dataclass(frozen=True, slots=True)
class Place:
    """
    A cell of the Word file: table, row and column counted from 1, the column's heading.

    `part` names another place: "text" after that table (0: before the first), "header",
    "footer", "footnotes", "endnotes" or "comments".
    """

    table: int
    row: int | None = None
    column: int | None = None
    head: str = ""
    part: str = ""

    def key(self, text: str) -> tuple[object, ...]:
        """Return what tells one place, or one of its texts, from another."""
        return self.table, self.row, self.column, self.part, joined(text) if self.part else ""


@dataclass(frozen=True, slots=True)
class ImportIssue:
    """A doubtful cell; `taken` is "" where nothing was taken over, `place` None for the file."""

    reason: str
    place: Place | None
    found: str = ""
    taken: str = ""


@dataclass(frozen=True, slots=True)
class SumCheck:
    """
    A printed total set against its parts.

    `verdict` is agrees, rounding (off by one in the last printed place) or wrong.
    """

    place: Place
    label: str
    printed: Decimal
    parts: Decimal
    verdict: str


@dataclass(slots=True)
class ImportIssues:
    """The issues and the checked sums of one reading, and the account of all that is seen."""

    found: dict[ImportIssue, None] = field(default_factory=dict)
    sums: list[SumCheck] = field(default_factory=list)
    seen: dict[tuple[object, ...], tuple[Place, str]] = field(default_factory=dict)

    @property
    def listed(self) -> list[ImportIssue]:
        """The issues, each once."""
        return list(self.found)

    @property
    def unfit(self) -> int:
        """How many printed totals do not fit what was read, or could not be compared."""
        wrong = sum(check.verdict == "wrong" for check in self.sums)
        return wrong + sum(issue.reason in _UNCHECKED for issue in self.found)

    def add(self, reason: str, place: Place | None, found: str = "", taken: object = "") -> None:
        """Note an issue once."""
        self.found.setdefault(ImportIssue(reason, place, found, str(taken)))

    def see(self, place: Place, text: str) -> None:
        """Enter a text that a reader sees, to be accounted for."""
        if text.strip():
            self.seen[place.key(text)] = (place, text)

    def take(self, place: Place, text: str = "") -> None:
        """Strike off a text that has its place in the workbook, or in a check."""
        self.seen.pop(place.key(text), None)

    def close(self) -> None:
        """List what was neither taken over nor listed."""
        listed: dict[tuple[int, int | None, str], list[str]] = {}
        for issue in self.found:
            if issue.place is not None and issue.found:
                key = (issue.place.table, issue.place.row, issue.place.part)
                listed.setdefault(key, []).append(joined(issue.found))
        for place, text in self.seen.values():
            texts = listed.get((place.table, place.row, place.part), ())
            if not any(joined(text) in one for one in texts):
                self.add("text-left-out" if place.part else "cell-left-out", place, text)
        self.seen.clear()

    def compare(
        self, place: Place, label: str, printed: Decimal, parts: Decimal, unit: Decimal
    ) -> None:
        """Set a printed total against its parts; one in the last printed place is rounding."""
        gap = abs(printed - parts)
        verdict = "agrees" if not gap else "rounding" if gap <= unit else "wrong"
        self.sums.append(SumCheck(place, label, printed, parts, verdict))


def unfit_text(issues: ImportIssues, say: Words) -> str:
    """Return what is said first where printed totals do not fit what was read; "" if they do."""
    text = say.many(
        "{count} printed total differs from what was read. Check it before you use the workbook.",
        "{count} printed totals differ from what was read. Check them before you use the"
        " workbook.",
        issues.unfit,
    )
    return text if issues.unfit else ""


def report_text(
    name: str, rows: Mapping[str, Sequence[object]], issues: ImportIssues, say: Words
) -> str:
    """Return what was read, what is doubtful and why, and what the annex does not carry."""
    listed, sentences = issues.listed, texts("word_import")
    doubtful = sentences["doubtful"]
    taken = [issue for issue in listed if issue.reason in doubtful]
    left = [issue for issue in listed if issue.reason not in doubtful]
    counts = {table: len(made) for table, made in rows.items() if table != "programme" and made}
    parts = [
        say("Read from {file}:", file=display_text(name)),
        *(f"  {_counted(table, count, say)}" for table, count in counts.items()),
        "",
        say("Doubtful, but taken over: {count}", count=len(taken)),
        *_grouped(taken, doubtful, say),
        "",
        say("Not taken over: {count}", count=len(left)),
        *_grouped(left, sentences["not-taken"], say),
        "",
        *_sums(issues.sums, say),
        "",
        say(
            "An annex does not show the following, so they are blank: donors, references and years"
            " of funding, mandates, categories of cost, priorities other than those of unfunded"
            " core activities, other scenarios, and the texts in the other languages."
        ),
        say("Check the workbook with cmswp validate, and complete it."),
    ]
    return "\n".join(parts) + "\n"


def _counted(table: str, count: int, say: Words) -> str:
    return say("{table}: {count}", table=label("table", table, say), count=count)


def _grouped(
    issues: Sequence[ImportIssue], sentences: Mapping[str, str], say: Words
) -> Iterator[str]:
    for reason in dict.fromkeys(issue.reason for issue in issues):
        yield f"  {say(sentences[reason])}"
        for issue in issues:
            if issue.reason == reason:
                yield f"    {_line(issue, say)}"


def _line(issue: ImportIssue, say: Words) -> str:
    quoted = say("“{value}”", value=display_text(issue.found, None))
    text = quoted if issue.found else say("(blank)")
    if issue.taken:
        text = say("{found} → {taken}", found=text, taken=_taken_text(issue, say))
    if issue.place is None:
        return text
    return say("{place}: {found}", place=place_text(issue.place, say), found=text)


def _taken_text(issue: ImportIssue, say: Words) -> str:
    """Return what was taken, an amount or a percentage in the way of the language."""
    bare = issue.taken.removesuffix("\N{NO-BREAK SPACE}%")
    number = plain_number(bare)
    if number is None or (bare == issue.taken and issue.reason not in _OF_AMOUNTS):
        return display_text(issue.taken)
    shown = amounts_in(say.language).number(number)
    return shown if bare == issue.taken else say("{percent}%", percent=shown)


def place_text(place: Place, say: Words) -> str:
    """Return the name of a place of the Word file: table, row and column, counted from 1."""
    values = {"row": place.row, "column": place.column}
    known = [name for name, number in values.items() if number is not None]
    known += ["head"] if place.head and place.column is not None else []
    name = place.part or " ".join(known) or "table"
    words = texts("reports")["places"]["before" if (name, place.table) == ("text", 0) else name]
    return say(words, table=place.table, **values, head=display_text(place.head))


def _sums(sums: Sequence[SumCheck], say: Words) -> Iterator[str]:
    """Return how the printed totals fit their parts; rounding apart from what is wrong."""
    rounding = [check for check in sums if check.verdict == "rounding"]
    wrong = [check for check in sums if check.verdict == "wrong"]
    yield say(
        "Printed totals compared with their parts: {count}; off by one in the last place, probably"
        " from rounding: {rounding}; wrong: {wrong}",
        count=len(sums),
        rounding=len(rounding),
        wrong=len(wrong),
    )
    amounts = amounts_in(say.language)
    for checks, title in (
        (rounding, say("Rounding (the workbook shows the sum of the parts):")),
        (wrong, say("Wrong (the workbook shows the sum of the parts):")),
    ):
        if checks:
            yield f"  {title}"
        for check in checks:
            yield "    " + say(
                "{place}, {label}: printed {printed}, parts {parts}",
                place=place_text(check.place, say),
                label=display_text(check.label),
                printed=amounts.number(check.printed),
                parts=amounts.number(check.parts),
            )
