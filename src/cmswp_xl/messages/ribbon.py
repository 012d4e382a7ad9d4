"""The words of the ribbon, of the worksheet functions and of the task pane, from `ribbon.yaml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import DOCUMENT_LANGUAGES
from cmswp_xl.messages.labels import label
from cmswp_xl.resources import texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cmswp_xl.languages import Words


CONTROLS: Mapping[str, Mapping[str, str]] = texts("ribbon")["controls"]
"""The label, the title of the tip and the tip of each control, by its id in the ribbon's XML."""

PUBLISH_LANGUAGES = ("all", *(language.value for language in DOCUMENT_LANGUAGES))
"""The choices of the language list, in its order; the first is chosen at the start."""

REFUSALS: Mapping[str, str] = texts("ribbon")["refusals"]
"""Why a worksheet function gives no answer, by reason."""

RIBBON: Mapping[str, Sequence[str]] = texts("ribbon")["buttons"]
"""Label and description of each button of the served add-in."""

PANE: Mapping[str, str] = texts("ribbon")["pane"]
GROUPS: Mapping[str, str] = texts("ribbon")["groups"]
ADDIN: str = texts("ribbon")["addin"]
DESCRIPTION: str = texts("ribbon")["description"]


def ribbon_texts(say: Words) -> dict[str, str]:
    """Return all texts of the ribbon in one language, by `id.label`, `id.screentip` and so on."""
    ribbon = texts("ribbon")
    found = {
        f"{name}.{part}": say(text)
        for name, control in CONTROLS.items()
        for part, text in control.items()
    }
    every = ribbon["all-languages"]
    for choice in PUBLISH_LANGUAGES:
        words = say(every) if choice == "all" else label("language", choice, say)
        found[f"cmswpLanguage.{choice}"] = words
    return found | {f"{name}.message": say(text) for name, text in ribbon["messages"].items()}


def pane_texts(say: Words) -> dict[str, str]:
    """Return the words of the task pane in a language, their places unfilled."""
    return {key: say(text) for key, text in PANE.items()}
