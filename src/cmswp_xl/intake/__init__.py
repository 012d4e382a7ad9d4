"""An existing annex in Word on its way into a workbook; nothing in it is guessed silently."""

from cmswp_xl.intake.account import account_text, unfit_text
from cmswp_xl.intake.annex import Asked, Reading, read_annex
from cmswp_xl.intake.content import rows_of
from cmswp_xl.intake.doubts import Doubt, Doubts, Place, SumCheck

__all__ = [
    "Asked",
    "Doubt",
    "Doubts",
    "Place",
    "Reading",
    "SumCheck",
    "account_text",
    "read_annex",
    "rows_of",
    "unfit_text",
]
