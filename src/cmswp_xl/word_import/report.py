"""The account of an import: what was read, each doubtful cell, the totals, what is lacking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_
from cmswp_xl.messages.amounts import amounts_in
from cmswp_xl.messages.labels import label
from cmswp_xl.messages.shown import shown
from cmswp_xl.resources import texts
from cmswp_xl.word_import.workbook_rows import counts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.languages import Words
    from cmswp_xl.word_import.annex import Reading
    from cmswp_xl.word_import.import_issues import ImportIssue, Place, SumCheck
    from cmswp_xl.word_import.workbook_rows import Rows

_PARTS = {
    "text": N_("Text after table {table}"),
    "header": N_("Head of the page"),
    "footer": N_("Foot of the page"),
    "footnotes": N_("Footnote"),
    "endnotes": N_("Endnote"),
    "comments": N_("Comment"),
}
_VERDICTS = ("rounding", "wrong")


def unfit_text(reading: Reading, say: Words) -> str:
    """Return what is said first where printed totals do not fit what was read; "" if they do."""
    count = reading.issues.unfit
    if not count:
        return ""
    return say.many(
        "{count} printed total does not fit what was read. Look at it before you use the"
        " workbook.",
        "{count} printed totals do not fit what was read. Look at them before you use the"
        " workbook.",
        count,
    )


def report_text(reading: Reading, rows: Rows, say: Words) -> str:
    """Return what was read, what is doubtful and why, and what the annex does not carry."""
    listed = reading.issues.listed
    doubtful, not_taken = texts("word_import")["doubtful"], texts("word_import")["not-taken"]
    taken = [doubt for doubt in listed if doubt.reason in doubtful]
    left = [doubt for doubt in listed if doubt.reason not in doubtful]
    parts = [
        say("Read from {file}:", file=shown(reading.name)),
        *(f"  {label('table', name, say)}: {number}" for name, number in counts(rows)),
        "",
        say("Doubtful, and taken over: {count}", count=len(taken)),
        *_grouped(taken, doubtful, say),
        "",
        say("Not taken over: {count}", count=len(left)),
        *_grouped(left, not_taken, say),
        "",
        *_sums(reading.issues.sums, say),
        "",
        say(
            "An annex does not tell these, so they are blank: donors, references and years of"
            " funding, mandates, categories of cost, priorities other than those of unfunded core"
            " activities, other scenarios, and the texts in the other languages."
        ),
        say("Check the workbook with cmswp validate, and complete it."),
    ]
    return "\n".join(parts) + "\n"


def _grouped(
    issues: Sequence[ImportIssue], sentences: Mapping[str, str], say: Words
) -> Iterator[str]:
    """Return each reason once, with its cells below it."""
    for reason in dict.fromkeys(doubt.reason for doubt in issues):
        yield f"  {say(sentences[reason])}"
        for doubt in issues:
            if doubt.reason == reason:
                yield f"    {_line(doubt, say)}"


def _line(doubt: ImportIssue, say: Words) -> str:
    text = say("“{value}”", value=shown(doubt.found, None)) if doubt.found else say("(blank)")
    if doubt.taken:
        text = say("{found} → {taken}", found=text, taken=shown(doubt.taken))
    if doubt.place is None:
        return text
    return say("{place}: {found}", place=place_text(doubt.place, say), found=text)


def place_text(place: Place, say: Words) -> str:
    """Name a cell of the Word file by table, row and column, counted from 1."""
    head = say(" ({head})", head=shown(place.head)) if place.head else ""
    values = {"table": place.table, "row": place.row, "column": place.column, "head": head}
    if place.part == "text" and not place.table:
        return say("Text before table 1")
    if place.part:
        return say(_PARTS[place.part], **values)
    if place.row is None and place.column is None:
        return say("Table {table}", **values)
    if place.row is None:
        return say("Table {table}, column {column}{head}", **values)
    if place.column is None:
        return say("Table {table}, row {row}", **values)
    return say("Table {table}, row {row}, column {column}{head}", **values)


def _sums(sums: Sequence[SumCheck], say: Words) -> Iterator[str]:
    """Say how the printed totals fit their parts; rounding apart from what is wrong."""
    by = {verdict: [check for check in sums if check.verdict == verdict] for verdict in _VERDICTS}
    yield say(
        "Printed totals compared with their parts: {count}; off by one in the last place, as by"
        " rounding: {rounding}; wrong: {wrong}",
        count=len(sums),
        rounding=len(by["rounding"]),
        wrong=len(by["wrong"]),
    )
    amounts = amounts_in(say.language)
    for verdict, title in (
        ("rounding", say("Rounding (the workbook shows the sum of the parts):")),
        ("wrong", say("Wrong (the workbook shows the sum of the parts):")),
    ):
        if by[verdict]:
            yield f"  {title}"
        for check in by[verdict]:
            yield "    " + say(
                "{place}, {label}: printed {printed}, parts {parts}",
                place=place_text(check.place, say),
                label=shown(check.label),
                printed=amounts.number(check.printed),
                parts=amounts.number(check.parts),
            )
