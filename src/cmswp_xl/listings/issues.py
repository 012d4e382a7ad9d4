"""The issues of workbooks as text, JSON, HTML and a sheet, and what their codes mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cmswp_xl.issues import SEVERITIES, Issue, Severity, count, has_errors, with_following
from cmswp_xl.languages import N_, Language, Words
from cmswp_xl.listings import Report
from cmswp_xl.listings.listing import drawn, dumped, line
from cmswp_xl.messages.labels import KINDS, label
from cmswp_xl.messages.values import display_text, joined, listed
from cmswp_xl.messages.worded import (
    codes,
    explanation,
    folded,
    heading,
    pattern,
    shown_value,
    told_apart,
    worded,
)
from cmswp_xl.registry import COVER
from cmswp_xl.resources import template_folder, texts
from cmswp_xl.schema import sheet_schemas
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cmswp_xl.annotate import CellNote
    from cmswp_xl.annotate.report import ReportRow, ReportSheet
    from cmswp_xl.documents.build import Built, LeftOut, MissingCell


MOST_RANGES = 12
EXAMPLES = 3
"""How many cells of a group are listed one by one."""

VALUE_LENGTH = 300
"""How much of a value the page shows; a cell may hold a whole page."""

ISSUES = N_("Issues")
UNFUNDED = N_("Unfunded")
TAKE_OVER = N_("Take-over")
NEW_NUMBERS = N_("New numbers")
APPROVAL = N_("Approval")
FORMER_TITLES: dict[str, set[str]] = {
    **{title: set() for title in (UNFUNDED, TAKE_OVER, NEW_NUMBERS, APPROVAL)},
    ISSUES: {"constats"},
}
"""What these sheets were called in earlier versions, in comparable form."""
TEMPLATE = "issues/issues.html.j2"
GUIDE = "guide/guide.html.j2"

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}


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
            f"{display_text(sheet)} {joined(found, MOST_RANGES)}" for sheet, found in cells.items()
        ),
    )


def column_title(issue: Issue, language: Language) -> str:
    """Return the heading of an issue's column or setting; nothing where it has none."""
    schema = sheet_schemas().get(issue.table)
    fields = () if schema is None else schema.fields
    found = (field for field in fields if field.name == issue.column)
    return next((heading(issue, field, language) for field in found), "")


def counts(issues: Sequence[Issue], say: Words) -> str:
    """Count issues in words: 2 errors, 1 warning, 65 information items."""
    errors, warnings, notes = (count(issues, severity) for severity in Severity)
    return say(", ").join(
        (
            say.many("{count} error", "{count} errors", errors),
            say.many("{count} warning", "{count} warnings", warnings),
            say.many("{count} information item", "{count} information items", notes),
        )
    )


def verdict(report: Report, say: Words) -> str:
    """Say whether documents can be made from the workbook, and in which languages perhaps not."""
    if report.verdict:
        return report.verdict
    if count(report.issues, Severity.ERROR):
        return say("No documents can be made until the errors are corrected.")
    found = {
        getattr(issue.values.get("field"), "language", None)
        for issue in report.issues
        if issue.code == "missing-translation"
    }
    untranslated = [language for language in Language if language in found]
    if untranslated:
        languages = say.listed([label("language", word.value, say) for word in untranslated])
        return say(
            "Ready for documents, but texts are missing in: {languages}.", languages=languages
        )
    return say("Ready for documents.")


def skipped(report: Report, say: Words) -> str:
    """Name the checks that were skipped; nothing where all were made."""
    if not report.skipped:
        return ""
    checks = say.listed([label("skipped-check", word, say) for word in report.skipped])
    return say("Not checked, because the source does not show it: {checks}.", checks=checks)


@dataclass(frozen=True, slots=True)
class Group:
    """
    Issues of one code, column and wording on one sheet; there is at least one.

    `following` are the issues that follow from them, wherever they are.
    """

    issues: list[Issue]
    following: list[Issue]

    @property
    def first(self) -> Issue:
        """The first of them, which stands for what they have in common."""
        return self.issues[0]


def by_sheet(issues: Iterable[Issue]) -> dict[str, list[Group]]:
    """Fold issues, given in sheet order, to groups by sheet; the workbook itself has no name."""
    sheets: dict[str, dict[tuple[object, ...], Group]] = defaultdict(dict)
    for issue, following in with_following(issues):
        hint = issue.values.get("nearest")
        key = (issue.code, issue.severity, issue.table, issue.column, pattern(issue), hint)
        group = sheets[issue.sheet].setdefault(key, Group([], []))
        group.issues.append(issue)
        group.following.extend(following)
    return {name: list(groups.values()) for name, groups in sheets.items()}


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
        parts += _workbook_parts(report, say)
    return drawn(parts, colour=colour, width=width)


def _workbook_parts(report: Report, say: Words) -> Iterator[RenderableType]:
    yield line(display_text(report.workbook, None), "bold underline")
    for sheet, groups in by_sheet(report.issues).items():
        yield Text()
        yield line(_sheet_name(sheet, say), "bold")
        yield Padding(_grid(groups, say), (0, 0, 0, 2))
    yield Text()
    style = "red" if has_errors(report.issues) else "green"
    summary = line(f"{counts(report.issues, say)}.", "bold"), line(verdict(report, say), style)
    yield Text(" ").join(summary)
    if text := skipped(report, say):
        yield line(text)
    if report.issues:
        command = f"cmswp explain {report.issues[0].code}"
        yield line(say("To explain a code, with an example, run: {command}", command=command))


def _sheet_name(sheet: str, say: Words) -> str:
    return display_text(sheet) if sheet else say("The workbook as a whole")


def _grid(groups: Iterable[Group], say: Words) -> Table:
    widest = max(len(label("severity", severity, say)) for severity in Severity)
    rows = []
    for group in groups:
        severity = group.first.severity
        word = line(label("severity", severity, say), _STYLES[severity])
        rows.append((word, _body(group, say)))
    return _aligned(rows, widest)


def _aligned(rows: Iterable[Sequence[Text]], first: int | None = None) -> Table:
    """Set texts in columns, of which only the last one is broken; `first` is a width."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    for index, row in enumerate(rows):
        if not index:
            grid.add_column(width=first, no_wrap=True)
            for _ in row[2:]:
                grid.add_column(no_wrap=True)
            grid.add_column(overflow="fold")
        grid.add_row(*row)
    return grid


def _body(group: Group, say: Words) -> Text:
    title = column_title(group.first, say.language)
    cells = joined((issue.cell for issue in group.issues if issue.cell), MOST_RANGES)
    where = " · ".join(filter(None, (cells, title)))
    head = [line(where, "bold")] if where else []
    head.append(line(group.first.code, "dim"))
    texts = [*map(line, _messages(group, say)), line(worded(group.first, say).remedy, "italic")]
    following = following_text(group.following, say)
    texts += [line(following)] if following else []
    return Text("\n").join([Text("  ").join(head), *texts])


def _messages(group: Group, say: Words) -> Iterator[str]:
    """List a few issues one by one; many together, with examples where each says more."""
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
        listed = sum(len(places) for _, places in examples)
        yield say("… and {count} more", count=len(group.issues) - listed)


def languages_made(made: Built, say: Words) -> list[str]:
    """Name the languages of documents, then what was left out, with the reason."""
    names = say.listed([label("language", language, say) for language in made.languages])
    return [say("Languages made: {languages}.", languages=names), *left_out(made, say)]


def left_out(made: Built, say: Words) -> list[str]:
    """List the documents and languages that were not made, with the reason; blank for none."""
    lines = [f"  {_left_out(one, say)}" for one in made.left_out]
    return [say("Left out:"), *lines] if lines else []


def _left_out(one: LeftOut, say: Words) -> str:
    name, count = one.document, len(one.texts)
    if one.language is not None:
        first = one.texts[0]
        place = f"{display_text(first.sheet, None)} {first.cell or ''}".strip()
        language = label("language", one.language, say)
        return say.many(
            "{document} in {language}: {count} text is missing, at {place}",
            "{document} in {language}: {count} texts are missing, the first at {place}",
            count,
            document=name,
            language=language,
            place=place,
        )
    if one.reason == "not-by-area":
        return say("{document}: it cannot be limited to areas", document=name)
    sheets = listed([display_text(sheet, None) for sheet in one.sheets], say)
    if name == COVER:
        return say(
            "{document}: the sheet {sheet} contains no text for it", document=name, sheet=sheets
        )
    return say.many(
        "{document}: the sheet {sheets} is empty",
        "{document}: the sheets {sheets} are empty",
        len(one.sheets),
        document=name,
        sheets=sheets,
    )


def missing_texts(texts: Sequence[MissingCell], say: Words, most: int | None = None) -> str:
    """List missing texts by language, one line each, and no more of each language than `most`."""
    lines = []
    for language, group in groupby(texts, key=lambda text: text.language):
        members = list(group)
        name = label("language", language, say)
        lines.append(say("Missing in {language}: {count}", language=name, count=len(members)))
        for text in members[:most]:
            place = f"{display_text(text.sheet, None)} {text.cell or ''}".strip()
            parts = (place, display_text(text.key, None) if text.key else "", text.title)
            lines.append("  " + " · ".join(filter(None, parts)))
        if most and len(members) > most:
            more = say.many("and {count} more", "and {count} more", len(members) - most)
            lines.append(f"  {more}")
    return "\n".join(lines) + "\n"


def rules_text(say: Words, *, colour: bool, width: int) -> str:
    """List every code with its severity and its rule, errors first."""
    grid = _aligned(
        (
            Text(code, "bold"),
            Text(label("severity", SEVERITIES[code], say)),
            line(explanation(code, say).what),
        )
        for code in codes()
    )
    closing = Text(
        say("To explain a rule, with an example, run: {command}", command="cmswp explain CODE")
    )
    return drawn([grid, Text(), closing], colour=colour, width=width)


def explanation_text(code: str, say: Words, *, colour: bool, width: int) -> str:
    """Explain one code: what it means, why it is a rule, what to correct."""
    explained = explanation(code, say)
    severity = label("severity", SEVERITIES[code], say)
    parts: list[RenderableType] = [Text(f"{code} ({severity})", "bold"), Text()]
    for title, text in (
        (say("What it means"), explained.what),
        (say("Reason for the rule"), explained.why),
        (say("What to do"), explained.how),
    ):
        parts += [Text(title, "bold"), Padding(line(text), (0, 0, 1, 2))]
    return drawn(parts, colour=colour, width=width)


def issues_json(results: Sequence[Report], say: Words, *, several: bool | None = None) -> str:
    """
    Return the issues of a workbook as an object, of several as an array of such objects.

    `several` says which, where it is not the number of results that tells.
    """
    found = [_report_record(report, say) for report in results]
    as_array = len(found) != 1 if several is None else several
    return dumped(found if as_array else found[0])


def _report_record(report: Report, say: Words) -> dict[str, Any]:
    return {
        "workbook": report.workbook,
        "sha256": report.sha256,
        "errors": count(report.issues, Severity.ERROR),
        "warnings": count(report.issues, Severity.WARNING),
        "issues": [_issue_record(issue, say) for issue in report.issues],
    }


def _issue_record(issue: Issue, say: Words) -> dict[str, Any]:
    words = worded(issue, say)
    return {
        "code": issue.code,
        "severity": issue.severity.value,
        "sheet": issue.sheet,
        "cell": issue.cell,
        "table": issue.table,
        "column": issue.column,
        "value": issue.value,
        "message": words.message,
        "remedy": words.remedy,
    }


@cache
def added_sheets(language: Language) -> frozenset[str]:
    """Return the names of the sheets that reports and buttons add, in comparable form."""
    titles = {comparable(Words(language)(name)) for name in FORMER_TITLES}
    return frozenset(titles.union(*FORMER_TITLES.values()))


def cell_notes(report: Report, say: Words) -> list[CellNote]:
    """Return a note for every issue that has a cell."""
    from cmswp_xl.annotate import CellNote

    notes = []
    for issue in report.issues:
        if issue.cell:
            words = worded(issue, say)
            text = "\n".join(filter(None, (words.message, words.remedy)))
            word = label("severity", issue.severity, say)
            notes.append(CellNote(issue.sheet, issue.cell, issue.severity, text, word))
    return notes


def report_sheet(report: Report, say: Words, remark: str = "") -> ReportSheet:
    """Return the sheet of every issue with a link to its cell, and a remark on the copy."""
    from cmswp_xl.annotate.report import ReportSheet

    headings = (
        *(say("Severity"), say("Sheet"), say("Cell"), say("Column"), say("Value")),
        *(say("Message"), say("What to do"), say("Row"), say("Code")),
    )
    rows = tuple(row for led in with_following(report.issues) for row in _sheet_rows(*led, say))
    summary = (f"{counts(report.issues, say)}. {verdict(report, say)}",)
    return ReportSheet(say(ISSUES), headings, rows, (*summary, *filter(None, [remark])))


def _sheet_rows(issue: Issue, following: Sequence[Issue], say: Words) -> Iterator[ReportRow]:
    """Return the row of an issue, and folded below it those that follow from it."""
    from cmswp_xl.annotate.report import ReportRow

    for index, item in enumerate((issue, *following)):
        if index == 1:
            text = following_text(following, say)
            yield ReportRow("", Severity.INFO, "", None, "", "", text, "")
        words = worded(item, say)
        yield ReportRow(
            label("severity", item.severity, say),
            item.severity,
            item.sheet,
            item.cell,
            column_title(item, say.language),
            display_text(shown_value(item) or "", None),
            words.message,
            words.remedy,
            folded=index > 0,
            key=display_text(item.key, None),
            code=item.code,
        )


def issues_html(results: Iterable[Report], say: Words) -> str:
    """Show the issues of workbooks as an HTML page; raises `BrokenResource` for a bad template."""
    return _filled(TEMPLATE, html_context(results, say))


def html_context(results: Iterable[Report], say: Words) -> dict[str, Any]:
    """Return everything that the template places, in words."""
    return {
        **_page_words("issues-page", say),
        "workbooks": [_page_workbook(report, n, say) for n, report in enumerate(results, 1)],
    }


def _page_words(kind: str, say: Words) -> dict[str, Any]:
    """Return the language and the title of a page, and the other words that it places."""
    words = {name: say(text) for name, text in KINDS[kind].items()}
    return {"language": say.language.tag, "title": words.pop("title"), "words": words}


def _page_workbook(report: Report, number: int, say: Words) -> dict[str, Any]:
    sheets: dict[str, list[tuple[Issue, Sequence[Issue]]]] = {}
    for issue, following in with_following(report.issues):
        sheets.setdefault(issue.sheet, []).append((issue, following))
    return {
        "id": f"workbook-{number}",
        "name": display_text(report.workbook, None),
        "sha256": report.sha256,
        "ready": not has_errors(report.issues),
        "counts": counts(report.issues, say),
        "verdict": verdict(report, say),
        "skipped": skipped(report, say),
        "sheets": [
            _page_sheet(name, issues, f"workbook-{number}-sheet-{n}", say)
            for n, (name, issues) in enumerate(sheets.items(), 1)
        ],
    }


def _page_sheet(
    name: str, issues: Sequence[tuple[Issue, Sequence[Issue]]], key: str, say: Words
) -> dict[str, Any]:
    whole = [one for issue, following in issues for one in (issue, *following)]
    rows = []
    for number, (issue, following) in enumerate(issues, 1):
        text, opens = following_text(following, say), f"{key}-{number}"
        rows.append(_page_row(issue, say, following=text, opens=opens if text else ""))
        rows += [_page_row(one, say, display_text(one.sheet), cause=opens) for one in following]
    return {
        "id": key,
        "count": len(whole),
        "name": _sheet_name(name, say),
        "counts": counts(whole, say),
        "issues": rows,
    }


def _page_row(issue: Issue, say: Words, sheet: str = "", **folds: str) -> dict[str, str]:
    """Return what the page places of an issue; `folds` join it with those that follow from it."""
    words = worded(issue, say)
    return {
        "code": issue.code,
        "severity": issue.severity.value,
        "severity_word": label("severity", issue.severity.value, say),
        "cell": " ".join(filter(None, (sheet, issue.cell))),
        "column": column_title(issue, say.language),
        "value": display_text(shown_value(issue) or "", VALUE_LENGTH),
        "message": words.message,
        "remedy": words.remedy,
        "following": "",
        "opens": "",
        "cause": "",
        **folds,
    }


def guide_html(say: Words) -> str:
    """Return the guide as an HTML page; raises `BrokenResource` where the template is at fault."""
    rules = [_rule(code, say) for code in codes()]
    words = _page_words("guide-page", say)
    return _filled(GUIDE, {**words, "groups": _groups(say), "rules": rules})


def _groups(say: Words) -> list[dict[str, Any]]:
    """Return the groups of the ribbon with their controls; a group is a control without a tip."""
    groups: list[dict[str, Any]] = []
    for control in texts("ribbon")["controls"].values():
        title, tip = control["label"], control.get("supertip")
        if tip is None:
            groups.append({"title": say(title), "buttons": []})
        else:
            groups[-1]["buttons"].append({"label": say(title), "tip": say(tip)})
    return [group for group in groups if group["buttons"]]


def _rule(code: str, say: Words) -> dict[str, str]:
    explained = explanation(code, say)
    severity = SEVERITIES[code]
    return {
        "code": code,
        "severity": severity.value,
        "severity_word": label("severity", severity, say),
        "what": explained.what,
        "how": explained.how,
    }


def _filled(file: str, context: Mapping[str, Any]) -> str:
    from cmswp_xl.render.templates import faults_of, template_environment

    with faults_of(file):
        environment = template_environment(template_folder())
        pages = environment.overlay(trim_blocks=False, lstrip_blocks=False)
        return pages.get_template(file).render(context)
