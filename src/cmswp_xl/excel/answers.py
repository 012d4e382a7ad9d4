"""What worksheet functions put in cells: amounts, words, tables with headings, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.issues import Severity
from cmswp_xl.languages import N_
from cmswp_xl.listings.issues import column_title
from cmswp_xl.listings.totals import (
    AMOUNTS,
    TITLES,
    UNFUNDED_AMOUNTS,
    UNNAMED,
    split_unfunded,
)
from cmswp_xl.messages.labels import capital, label
from cmswp_xl.messages.ribbon import REFUSALS
from cmswp_xl.messages.shown import shown
from cmswp_xl.messages.worded import worded
from cmswp_xl.money import to_cents

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.errors import CmswpError
    from cmswp_xl.figures.totals import Figures, Reckoning, Row
    from cmswp_xl.issues import Issue
    from cmswp_xl.languages import Words
    from cmswp_xl.model import Text

Cell = str | float
Table = list[list[Cell]]

BLANK = ""
"""What a cell shows for what is not known; a function cannot leave its cell empty."""

FAILED = N_("This could not be reckoned; press Validate, and tell those who maintain the program.")


def refusal(error: CmswpError, say: Words) -> str:
    """Say in one short sentence why there is no answer, and what to do."""
    if error.reason == "tables-with-errors":
        return _errors(error.values["counts"], say)  # type: ignore[arg-type]
    places = {name: _place(value) for name, value in error.values.items()}
    return say(REFUSALS[error.reason], **places)


def money(amount: Decimal | None) -> Cell:
    """Give an amount as the number of a cell, in cents; nothing where it is not known."""
    return BLANK if amount is None else float(to_cents(amount))


def status(figures: Figures, say: Words | None) -> str:
    """Give a funding status: the code word of the workbook, or what it is called."""
    return _word("funding-status", figures.status, say)


def totals_table(
    reckoning: Reckoning, by: str, say: Words, words: Words | None, *, titled: bool
) -> Table:
    """Give the totals by a grouping: headings, a row for each key, the total; `cmswp totals`."""
    amounts = [say(TITLES[name]) for name in AMOUNTS]
    counted = [
        label("table", "activities", say),
        capital(label("funding-status", "not-costed", say)),
    ]
    head: list[Cell] = [
        capital(label("grouping", by, say)),
        say("Number"),
        say("Title"),
        *amounts,
        say("Funding status"),
        *counted,
    ]
    rows: Table = [
        [
            row.key,
            row.number or BLANK,
            _title(reckoning, row, by, say, titled=titled),
            *_figures(row.figures, words),
        ]
        for row in reckoning.rows(by)
    ]
    last: list[Cell] = [say("Total"), BLANK, BLANK, *_figures(reckoning.total, words)]
    return [head, *rows, last]


def unfunded_table(reckoning: Reckoning, say: Words, words: Words | None) -> Table:
    """Give the activities with money to be sought, then those not costed; `cmswp unfunded`."""
    listed, not_costed = split_unfunded(reckoning)
    head: list[Cell] = [
        say("Activity"),
        capital(label("grouping", "area", say)),
        say("Number"),
        say("Title"),
        say("Priority"),
        *(say(TITLES[name]) for name in UNFUNDED_AMOUNTS),
        say("Funding status"),
    ]
    rows: Table = []
    for entry in (*listed, *not_costed):
        activity, known = entry.activity, bool(entry.figures.to_be_sought)
        rows.append(
            [
                activity.id,
                activity.area,
                activity.number,
                entry.title(say.language),
                _word("priority", activity.priority, words),
                *(
                    money(getattr(entry.figures, name)) if known else BLANK
                    for name in UNFUNDED_AMOUNTS
                ),
                status(entry.figures, words),
            ]
        )
    nothing: list[Cell] = [
        say("No costed activity has money to be sought."),
        *[BLANK] * (len(head) - 1),
    ]
    return [head, *rows] if rows else [head, nothing]


def told_issues(issues: Iterable[Issue]) -> list[Issue]:
    """Leave out the notes: what remains is worth a look."""
    return [issue for issue in issues if issue.severity is not Severity.INFO]


def issues_table(issues: Sequence[Issue], say: Words) -> Table:
    """Give issues as a table; rows are counted from the heading row, which is row 1."""
    head: list[Cell] = [
        say("Severity"),
        say("Row"),
        say("Column"),
        say("Value"),
        say("Message"),
        say("What to do"),
    ]
    if not issues:
        return [head, [say("No issues."), *[BLANK] * (len(head) - 1)]]
    return [head, *(_issue(issue, say) for issue in issues)]


def _issue(issue: Issue, say: Words) -> list[Cell]:
    words = worded(issue, say)
    own = issue.value and issue.code != "error-value"  # which a server would make an error again
    return [
        label("severity", issue.severity, say),
        issue.place[1],
        column_title(issue, say.language),
        shown(issue.value or BLANK, None) if own else BLANK,
        words.message,
        words.remedy,
    ]


def _figures(figures: Figures, words: Words | None) -> list[Cell]:
    return [
        *(money(getattr(figures, name)) for name in AMOUNTS),
        status(figures, words),
        figures.activities,
        figures.not_costed,
    ]


def _title(reckoning: Reckoning, row: Row, by: str, say: Words, *, titled: bool) -> str:
    if not row.key and by in UNNAMED:
        return say(UNNAMED[by])
    if by in ("priority", "category"):
        return label(by, row.key, say)
    return _text(row.title, reckoning, say) if titled else BLANK


def _text(text: Text | None, reckoning: Reckoning, say: Words) -> str:
    original = reckoning.programme.settings.original_language
    return text.best(say.language, original) if text else BLANK


def _word(kind: str, word: str | None, say: Words | None) -> str:
    if not word:
        return BLANK
    return word if say is None else label(kind, word, say)


def _place(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(shown(str(item)) for item in value)
    return f"{value:,}" if isinstance(value, int) else shown(str(value))


def _errors(counts: Mapping[str, int], say: Words) -> str:
    faults = (
        say.many("{table} has {count} error", "{table} has {count} errors", count, table=table)
        for table, count in counts.items()
    )
    return say("{faults}: press Validate.", faults="; ".join(faults))
