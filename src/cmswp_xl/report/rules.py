"""The rules as text: every code in a list, or one explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cmswp_xl.issues import SEVERITIES
from cmswp_xl.report.terminal import drawn
from cmswp_xl.wording import codes, explanation, label

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cmswp_xl.languages import Words


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
    for heading, text in (
        (say("What it means"), explained.what),
        (say("Why it is a rule"), explained.why),
        (say("What to do"), explained.how),
    ):
        parts += [Text(heading, "bold"), Padding(Text(text), (0, 0, 1, 2))]
    return drawn(parts, colour=colour, width=width)
