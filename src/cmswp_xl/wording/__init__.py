"""
All sentences of the program about issues and errors, and its labels of code words.

One catalogue by code, in English and marked for translation; callers bring the language.
"""

from cmswp_xl.wording.amounts import Amounts, amounts_in
from cmswp_xl.wording.explained import Explanation, codes, explanation
from cmswp_xl.wording.failures import worded_error
from cmswp_xl.wording.labels import FIELD_KINDS, KINDS, capital, label
from cmswp_xl.wording.places import joined
from cmswp_xl.wording.shown import shown
from cmswp_xl.wording.template import Worded
from cmswp_xl.wording.worded import folded, heading, pattern, told_apart, worded

__all__ = [
    "FIELD_KINDS",
    "KINDS",
    "Amounts",
    "Explanation",
    "Worded",
    "amounts_in",
    "capital",
    "codes",
    "explanation",
    "folded",
    "heading",
    "joined",
    "label",
    "pattern",
    "shown",
    "told_apart",
    "worded",
    "worded_error",
]
