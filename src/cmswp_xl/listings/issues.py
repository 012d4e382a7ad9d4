"""Issues by sheet, and those that say the same of many cells together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cmswp_xl.issues import SEVERITIES, Severity, count, with_following
from cmswp_xl.languages import Language
from cmswp_xl.listings.terminal import drawn, line
from cmswp_xl.messages.labels import label
from cmswp_xl.messages.shown import joined, shown
from cmswp_xl.messages.worded import (
    codes,
    explanation,
    folded,
    heading,
    pattern,
    told_apart,
    worded,
)
from cmswp_xl.schema import load_schemas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import RenderableType

    from cmswp_xl.documents.build import MissingCell
    from cmswp_xl.issues import Issue
    from cmswp_xl.languages import Words
    from cmswp_xl.listings import Report


MOST_RANGES = 12


@dataclass(frozen=True, slots=True)
class Group:
    """
    Issues of one code, column and wording on one sheet; there is at least one.

    `following` are the issues that follow from them, wherever they are.
    """

    issues: tuple[Issue, ...]
    following: tuple[Issue, ...] = ()

    @property
    def first(self) -> Issue:
        """The first of them, which stands for what they have in common."""
        return self.issues[0]

    @property
    def cells(self) -> str:
        """Their cells, joined to ranges; nothing where they have none."""
        return joined((issue.cell for issue in self.issues if issue.cell), MOST_RANGES)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet and its groups, by their first cells; the workbook itself has no name."""

    name: str
    groups: tuple[Group, ...]


def by_sheet(issues: Iterable[Issue]) -> list[Sheet]:
    """Fold issues, given in sheet order, to groups by sheet."""
    sheets: dict[str, dict[tuple[object, ...], list[Issue]]] = defaultdict(dict)
    following: dict[tuple[object, ...], list[Issue]] = defaultdict(list)
    for issue, others in with_following(issues):
        hint = issue.values.get("nearest")
        key = (issue.code, issue.severity, issue.table, issue.column, pattern(issue), hint)
        sheets[issue.sheet].setdefault(key, []).append(issue)
        following[issue.sheet, key] += others
    return [
        Sheet(
            name,
            tuple(
                Group(tuple(members), tuple(following[name, key]))
                for key, members in groups.items()
            ),
        )
        for name, groups in sheets.items()
    ]


def following_text(issues: Sequence[Issue], say: Words) -> str:
    """Name the cells of issues that follow from another; nothing where there are none."""
    cells: dict[str, list[str]] = defaultdict(list)
    for issue in issues:
        cells[issue.sheet].append(issue.cell or "")
    if not cells:
        return ""
    return say.many(
        "{count} more issue follows from this: {cells}",
        "{count} more issues follow from this: {cells}",
        len(issues),
        cells=", ".join(
            f"{shown(sheet)} {joined(found, MOST_RANGES)}" for sheet, found in cells.items()
        ),
    )


def column_title(issue: Issue, language: Language) -> str:
    """Give the heading of an issue's column or setting; nothing where it has none."""
    schema = load_schemas().get(issue.table)
    if schema is None or issue.column is None:
        return ""
    for field in schema.fields:
        if field.name == issue.column:
            return heading(issue, field, language)
    return ""


def counts(report: Report, say: Words) -> str:
    """Count the issues of a workbook in words."""
    return counted(report.issues, say)


def counted(issues: Sequence[Issue], say: Words) -> str:
    """Count issues in words: 2 errors, 1 warning, 65 notes."""
    found = {severity: count(issues, severity) for severity in Severity}
    return ", ".join(
        (
            say.many("{count} error", "{count} errors", found[Severity.ERROR]),
            say.many("{count} warning", "{count} warnings", found[Severity.WARNING]),
            say.many("{count} note", "{count} notes", found[Severity.INFO]),
        )
    )


def verdict(report: Report, say: Words) -> str:
    """Tell whether documents can be made from the workbook, and in which languages perhaps not."""
    if count(report.issues, Severity.ERROR):
        return say("No document can be made until the errors are mended.")
    untranslated = _untranslated(report)
    if untranslated:
        languages = ", ".join(label("language", word.value, say) for word in untranslated)
        return say(
            "Ready for documents, but texts are missing in: {languages}.", languages=languages
        )
    return say("Ready for documents.")


def skipped(report: Report, say: Words) -> str:
    """Name the checks that were skipped; nothing where all were made."""
    if not report.skipped:
        return ""
    checks = ", ".join(label("skipped-check", word, say) for word in report.skipped)
    return say("Not checked, as the source does not tell: {checks}.", checks=checks)


def _untranslated(report: Report) -> list[Language]:
    found = {
        getattr(issue.values.get("field"), "language", None)
        for issue in report.issues
        if issue.code == "missing-translation"
    }
    return [language for language in Language if language in found]


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


def missing_texts(texts: Sequence[MissingCell], say: Words) -> str:
    """List missing texts by language, one line each."""
    return "\n".join(_lines(texts, say)) + "\n"


def _lines(texts: Sequence[MissingCell], say: Words) -> Iterator[str]:
    for language, group in groupby(texts, key=lambda text: text.language):
        members = list(group)
        yield say(
            "Missing in {language}: {count}",
            language=label("language", language, say),
            count=len(members),
        )
        for text in members:
            place = f"{shown(text.sheet, None)} {text.cell or ''}".strip()
            parts = (place, shown(text.key, None) if text.key else "", text.title)
            yield "  " + " · ".join(part for part in parts if part)


def rules_text(say: Words, *, colour: bool, width: int) -> str:
    """List every code with its severity and its rule, errors first."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for code in codes():
        severity = label("severity", SEVERITIES[code], say)
        grid.add_row(Text(code, "bold"), Text(severity), Text(explanation(code, say).what))
    closing = Text(
        say("For one of them, with an example: {command}", command="cmswp explain CODE")
    )
    return drawn([grid, Text(), closing], colour=colour, width=width)


def explanation_text(code: str, say: Words, *, colour: bool, width: int) -> str:
    """Explain one code: what it means, why it is a rule, how to mend it."""
    explained = explanation(code, say)
    severity = label("severity", SEVERITIES[code], say)
    parts: list[RenderableType] = [Text(f"{code} ({severity})", "bold"), Text()]
    for title, text in (
        (say("What it means"), explained.what),
        (say("Why it is a rule"), explained.why),
        (say("What to do"), explained.how),
    ):
        parts += [Text(title, "bold"), Padding(Text(text), (0, 0, 1, 2))]
    return drawn(parts, colour=colour, width=width)
