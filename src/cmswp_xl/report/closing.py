"""The last words on a workbook: how many issues, and whether documents can be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.issues import Severity, count
from cmswp_xl.languages import Language
from cmswp_xl.wording import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cmswp_xl.issues import Issue
    from cmswp_xl.languages import Words
    from cmswp_xl.report import Report


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
