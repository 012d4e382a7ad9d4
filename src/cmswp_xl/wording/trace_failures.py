"""What the user is told where a figure cannot be traced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

TRACING: Mapping[str, tuple[str, ...]] = {
    "unknown-figure": (
        N_("There is no figure {figure}."),
        N_("The nearest are: {near}."),
        N_("To list them all, run: cmswp trace {command} {part}"),
    ),
    "unknown-document-figure": (
        N_("No figure is called {figure}: a figure’s name begins with its document."),
        N_("These are: {known}. For example: annex/activity/ICC-01/cost"),
    ),
}
"""The lines by reason."""
