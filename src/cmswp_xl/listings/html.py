"""Issues as one HTML file that needs nothing else: read in a browser, sent by mail, printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from cmswp_xl.errors import BrokenResource
from cmswp_xl.issues import SEVERITIES, has_errors, with_following
from cmswp_xl.listings.issues import (
    column_title,
    counted,
    counts,
    following_text,
    skipped,
    verdict,
)
from cmswp_xl.messages.labels import label
from cmswp_xl.messages.ribbon import CONTROLS
from cmswp_xl.messages.shown import shown
from cmswp_xl.messages.worded import codes, explanation, worded
from cmswp_xl.resources import template_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cmswp_xl.issues import Issue
    from cmswp_xl.languages import Words
    from cmswp_xl.listings import Report

    Led = tuple[Issue, Sequence[Issue]]


TEMPLATE = "issues/issues.html.j2"
VALUE_LENGTH = 300
"""How much of a value the report shows; a cell may hold a whole page."""


def issues_html(results: Iterable[Report], say: Words) -> str:
    """
    Show the issues of one or several workbooks as an HTML document without scripts.

    Raises `BrokenResource` where the template is at fault.
    """
    return rendered(TEMPLATE, html_context(results, say))


def rendered(template: str, context: Mapping[str, Any]) -> str:
    """Fill a template of the program's own pages; raises `BrokenResource` where it is at fault."""
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(template_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    try:
        return environment.get_template(template).render(context)
    except TemplateError as error:
        raise BrokenResource("template-broken", name=template, detail=str(error)) from error


def html_context(results: Iterable[Report], say: Words) -> dict[str, Any]:
    """Give everything that the template places, in words."""
    return {
        "language": say.language.tag,
        "title": say("Check of the programme of work"),
        "words": {
            "sheets": say("Sheets"),
            "severity": say("Severity"),
            "cell": say("Cell"),
            "column": say("Column"),
            "value": say("Value"),
            "message": say("What is wrong"),
            "remedy": say("What to do"),
        },
        "workbooks": [_workbook(report, n, say) for n, report in enumerate(results, 1)],
    }


def _workbook(report: Report, number: int, say: Words) -> dict[str, Any]:
    sheets: dict[str, list[Led]] = {}
    for issue, following in with_following(report.issues):
        sheets.setdefault(issue.sheet, []).append((issue, following))
    return {
        "id": f"workbook-{number}",
        "name": shown(report.workbook, None),
        "sha256": report.sha256,
        "ready": not has_errors(report.issues),
        "counts": counts(report, say),
        "verdict": verdict(report, say),
        "skipped": skipped(report, say),
        "sheets": [
            _sheet(name, issues, f"workbook-{number}-sheet-{n}", say)
            for n, (name, issues) in enumerate(sheets.items(), 1)
        ],
    }


def _sheet(name: str, issues: Sequence[Led], key: str, say: Words) -> dict[str, Any]:
    whole = [one for issue, following in issues for one in (issue, *following)]
    return {
        "id": key,
        "count": len(whole),
        "name": shown(name) if name else say("The workbook as a whole"),
        "counts": counted(whole, say),
        "issues": [
            row
            for number, led in enumerate(issues, 1)
            for row in _rows(*led, f"{key}-{number}", say)
        ],
    }


def _rows(
    issue: Issue, following: Sequence[Issue], key: str, say: Words
) -> Iterator[dict[str, str]]:
    """Give an issue, and folded below it those that follow from it, each with its sheet."""
    text = following_text(following, say)
    yield {**_issue(issue, say), "following": text, "opens": key if text else ""}
    for other in following:
        yield {**_issue(other, say, shown(other.sheet)), "cause": key}


def _issue(issue: Issue, say: Words, sheet: str = "") -> dict[str, str]:
    words = worded(issue, say)
    return {
        "code": issue.code,
        "severity": issue.severity.value,
        "severity_word": label("severity", issue.severity.value, say),
        "cell": " ".join(filter(None, (sheet, issue.cell))),
        "column": column_title(issue, say.language),
        "value": shown(issue.value or "", VALUE_LENGTH),
        "message": words.message,
        "remedy": words.remedy,
        "following": "",
        "opens": "",
        "cause": "",
    }


GUIDE = "guide/guide.html.j2"


def guide_html(say: Words) -> str:
    """
    Give the guide in a language, as an HTML document without scripts.

    Raises `BrokenResource` where the template is at fault.
    """
    context = {
        "language": say.language.tag,
        "title": say("Guide to the buttons and rules"),
        "words": {
            "buttons": say("The buttons"),
            "rules": say("The rules"),
            "code": say("Code"),
            "severity": say("Severity"),
            "meaning": say("What it means"),
            "remedy": say("What to do"),
            "how": say(
                "The buttons stand on the tab “CMS Programme”. They read the workbook as it is on"
                " the screen, saved or not, and never change what you typed."
            ),
        },
        "groups": _groups(say),
        "rules": [_rule(code, say) for code in codes()],
    }
    return rendered(GUIDE, context)


def _groups(say: Words) -> list[dict[str, Any]]:
    """Give the groups of the ribbon with their controls; a group is a control without a tip."""
    groups: list[dict[str, Any]] = []
    for control in CONTROLS.values():
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
