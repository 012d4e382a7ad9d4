"""What was found in templates, as text: by file, what is misspelt first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_
from cmswp_xl.messages.failures import worded_error
from cmswp_xl.messages.shown import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cmswp_xl.languages import Words
    from cmswp_xl.restyling import Finding


FAULTS = frozenset({"unknown-name", "syntax", "fault"})
"""What keeps a document from being made; the rest is only mentioned."""

_SENTENCES: Mapping[str, str] = {
    "unknown-name": N_("There is no {name}."),
    "syntax": N_("The tags are not in order: {name}"),
    "unused-field": N_("Not used: {name}"),
    "unknown-file": N_("No document uses this file."),
}


def templates_text(findings: Sequence[Finding], say: Words) -> str:
    """Show the findings, and a line that sums them up."""
    faults = [finding for finding in findings if finding.reason in FAULTS]
    mentions = [finding for finding in findings if finding.reason not in FAULTS]
    lines = [_line(finding, say) for finding in (*faults, *mentions)]
    if faults:
        lines.append(
            say.many(
                "{count} fault; documents cannot be made with these templates until it is mended.",
                "{count} faults; documents cannot be made with these templates until they are"
                " mended.",
                len(faults),
            )
        )
    else:
        lines.append(say("Every name that the templates use is known."))
    return "\n".join(lines) + "\n"


def _line(finding: Finding, say: Words) -> str:
    if finding.fault is not None:
        return worded_error(finding.fault, say).partition("\n")[0]
    return " ".join(_parts(finding, say))


def _parts(finding: Finding, say: Words) -> Iterator[str]:
    yield f"{_place(finding, say)}:"
    yield say(_SENTENCES[finding.reason], name=shown(finding.name))
    if finding.meant:
        yield say("Perhaps {name} was meant.", name=shown(finding.meant))


def _place(finding: Finding, say: Words) -> str:
    file = shown(finding.file, None)
    if not finding.place:
        return file
    if finding.place.isdecimal():
        return say("{file}, line {line}", file=file, line=finding.place)
    return say("{file}, paragraph “{words}”", file=file, words=shown(finding.place))
