"""Results as JSON: the keys of the design, amounts as text with two decimals, unknown as null."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from cmswp_xl.issues import Severity, count
from cmswp_xl.money import to_cents
from cmswp_xl.report.unfunded import split_unfunded, unfunded_total
from cmswp_xl.wording import worded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from cmswp_xl.issues import Issue
    from cmswp_xl.languages import Language, Words
    from cmswp_xl.report import Report
    from cmswp_xl.totals import Figures, Reckoning, Row

AMOUNTS = ("cost", "core", "voluntary", "other", "pledged", "to_be_sought", "surplus")
UNFUNDED_AMOUNTS = ("cost", "core", "voluntary", "other", "pledged", "to_be_sought")

_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def issues_json(results: Sequence[Report], say: Words, *, several: bool | None = None) -> str:
    """
    Give the issues of a workbook as an object, of several as an array of such objects.

    `several` says which, where it is not the number of results that tells.
    """
    found = [_report(report, say) for report in results]
    as_array = len(found) != 1 if several is None else several
    return dumped(found if as_array else found[0])


def totals_json(reckoning: Reckoning, by: str, language: Language) -> str:
    """Give the totals by one of the groupings; ValueError where there is no such grouping."""
    return dumped(
        {
            "currency": reckoning.programme.settings.currency,
            "by": by,
            "scenario": reckoning.scenario,
            "rows": [_row(row, reckoning, language) for row in reckoning.rows(by)],
            "total": _figures(reckoning.total),
        }
    )


def unfunded_json(reckoning: Reckoning, language: Language) -> str:
    """Give the activities with money to be sought, and apart from them those not costed."""
    listed, not_costed = split_unfunded(reckoning)
    figures = unfunded_total(reckoning)
    return dumped(
        {
            "currency": reckoning.programme.settings.currency,
            "scenario": reckoning.scenario,
            "rows": [
                {
                    **entry.named(language),
                    **_amounts(entry.figures, UNFUNDED_AMOUNTS),
                    "status": entry.figures.status,
                }
                for entry in listed
            ],
            "not_costed": [entry.named(language) for entry in not_costed],
            "total": {
                **_amounts(figures, UNFUNDED_AMOUNTS),
                "activities": len(listed),
                "not_costed": len(not_costed),
            },
        }
    )


def amount_text(amount: Decimal | None) -> str | None:
    """Give an amount as plain text with two decimals; None where it is not known."""
    return None if amount is None else f"{to_cents(amount):f}"


def dumped(content: object, *, sort: bool = False) -> str:
    """
    Dump a value as indented JSON with a line break at its end, its keys sorted if asked for.

    Characters that could steer a terminal or that no encoding takes are written as escapes, which
    mean the same in JSON.
    """
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=sort)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def row_title(row: Row, reckoning: Reckoning, language: Language) -> str | None:
    """Give the title of a row in a language, or else in the programme's original one."""
    if not row.title:
        return None
    return row.title.best(language, reckoning.programme.settings.original_language)


def _report(report: Report, say: Words) -> dict[str, Any]:
    return {
        "workbook": report.workbook,
        "sha256": report.sha256,
        "errors": count(report.issues, Severity.ERROR),
        "warnings": count(report.issues, Severity.WARNING),
        "issues": [_issue(issue, say) for issue in report.issues],
    }


def _issue(issue: Issue, say: Words) -> dict[str, Any]:
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


def _row(row: Row, reckoning: Reckoning, language: Language) -> dict[str, Any]:
    return {
        "key": row.key,
        "number": row.number,
        "title": row_title(row, reckoning, language),
        **_figures(row.figures),
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        **_amounts(figures, AMOUNTS),
        "status": figures.status,
        "activities": figures.activities,
        "not_costed": figures.not_costed,
    }


def _amounts(figures: Figures, names: Sequence[str]) -> dict[str, str | None]:
    return {name: amount_text(getattr(figures, name)) for name in names}
