"""What the user is told where two workbooks cannot be compared as asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

COMPARING: Mapping[str, tuple[str, ...]] = {
    "diff-needs-output": (
        N_("The format {form} writes a file, and it is not known which."),
        N_("Name it with --output, for example --output revisions.docx."),
    ),
    "compare-annex-only": (
        N_("Only the annex can be made with both versions side by side."),
        N_("Leave out --document, or run the command once more for the other documents."),
    ),
    "compare-currencies": (
        N_("The two versions are in different currencies: {old} and {new}."),
        N_("Their amounts cannot stand side by side; cmswp diff lists what was typed."),
    ),
}
