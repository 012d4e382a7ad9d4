"""Issues as text for a terminal: by sheet, repetition folded, read at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cmswp_xl.issues import Severity
from cmswp_xl.report.closing import counts, skipped, verdict
from cmswp_xl.report.groups import by_sheet, column_title, following_text
from cmswp_xl.report.terminal import drawn, line
from cmswp_xl.wording import folded, joined, label, shown, told_apart, worded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import RenderableType

    from cmswp_xl.languages import Words
    from cmswp_xl.report import Report
    from cmswp_xl.report.groups import Group

EXAMPLES = 3
"""How many cells of a group are told one by one."""

_STYLES = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "bold yellow",
    Severity.INFO: "bold cyan",
}


def issues_text(results: Iterable[Report], say: Words, *, colour: bool, width: int) -> str:
    """
    Show the issues of one or several workbooks, a closing summary below each.

    Without colour the text is plain. Values of the workbook stay text: neither control characters
    nor the markup of rich have any effect.
    """
    parts: list[RenderableType] = []
    for index, report in enumerate(results):
        if index:
            parts.append(Text())
        parts += _workbook(report, say)
    return drawn(parts, colour=colour, width=width)


def _workbook(report: Report, say: Words) -> Iterator[RenderableType]:
    yield line(shown(report.workbook, None), "bold underline")
    for sheet in by_sheet(report.issues):
        yield Text()
        yield line(shown(sheet.name) if sheet.name else say("The workbook as a whole"), "bold")
        yield Padding(_sheet(sheet.groups, say), (0, 0, 0, 2))
    yield Text()
    yield _summary(report, say)
    for text in (skipped(report, say), _more(report, say)):
        if text:
            yield line(text)


def _sheet(groups: Iterable[Group], say: Words) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    widest = max(len(label("severity", severity, say)) for severity in Severity)
    grid.add_column(width=widest, no_wrap=True)
    grid.add_column(overflow="fold")
    for group in groups:
        severity = group.first.severity
        grid.add_row(line(label("severity", severity, say), _STYLES[severity]), _body(group, say))
    return grid


def _body(group: Group, say: Words) -> Text:
    title = column_title(group.first, say.language)
    where = " · ".join(part for part in (group.cells, title) if part)
    code = group.first.code
    head = Text("  ").join(([line(where, "bold")] if where else []) + [line(code, "dim")])
    texts = [*map(line, _messages(group, say)), line(worded(group.first, say).remedy, "italic")]
    following = following_text(group.following, say)
    return Text("\n").join([head, *texts, *([line(following)] if following else [])])


def _messages(group: Group, say: Words) -> Iterator[str]:
    """Tell a few issues one by one; many together, with examples where each says more."""
    if len(group.issues) > EXAMPLES and not told_apart(group.first):
        yield folded(group.issues, say)
        return
    cells: dict[str, list[str]] = {}
    for issue in group.issues:
        cells.setdefault(worded(issue, say).message, []).append(issue.cell or "")
        if len(cells) > EXAMPLES:
            break
    if len(cells) == 1:
        one = len(group.issues) == 1 or told_apart(group.first)
        yield next(iter(cells)) if one else folded(group.issues, say)
        return
    examples = list(cells.items())[:EXAMPLES]
    if len(cells) > EXAMPLES:
        yield folded(group.issues, say)
    for message, places in examples:
        yield (
            say("{cells}: {message}", cells=joined(places), message=message)
            if all(places)
            else message
        )
    if len(cells) > EXAMPLES:
        told = sum(len(places) for _, places in examples)
        yield say("… and {count} more", count=len(group.issues) - told)


def _summary(report: Report, say: Words) -> Text:
    broken = any(issue.severity is Severity.ERROR for issue in report.issues)
    style = "red" if broken else "green"
    return Text(" ").join(
        [line(f"{counts(report, say)}.", "bold"), line(verdict(report, say), style)]
    )


def _more(report: Report, say: Words) -> str:
    if not report.issues:
        return ""
    code = report.issues[0].code
    return say("For what a code means and an example: {command}", command=f"cmswp explain {code}")
