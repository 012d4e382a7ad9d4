"""The guide for staff as one HTML page: what each button does, and what each rule asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cmswp_xl.issues import SEVERITIES
from cmswp_xl.report.html import rendered
from cmswp_xl.wording import codes, explanation, label
from cmswp_xl.wording.ribbon import CONTROLS

if TYPE_CHECKING:
    from cmswp_xl.languages import Words

TEMPLATE = "guide/guide.html.j2"


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
    return rendered(TEMPLATE, context)


def _groups(say: Words) -> list[dict[str, Any]]:
    """Give the groups of the ribbon with their controls; a group is a control without a tip."""
    groups: list[dict[str, Any]] = []
    for control in CONTROLS.values():
        if not control.supertip:
            groups.append({"title": say(control.label), "buttons": []})
        else:
            button = {"label": say(control.label), "tip": say(control.supertip)}
            groups[-1]["buttons"].append(button)
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
