"""From the programme and its figures to what a document prints, in one language."""

from cmswp_xl.context.annex import Annex, annex_context
from cmswp_xl.context.texts import MissingText

__all__ = ["Annex", "MissingText", "annex_context"]
