"""The arguments of worksheet functions: their help texts, and those that are single words."""

from __future__ import annotations

from typing import Any

from cmswp_xl.errors import Misuse
from cmswp_xl.excel.matrices import matrix, one_value, tables_like
from cmswp_xl.languages import Language, Words
from cmswp_xl.tables import comparable, is_blank
from cmswp_xl.totals import GROUPINGS
from cmswp_xl.wording import label

HELP = {
    "activity": "The id of an activity, such as ICC-01, or a column of ids",
    "activities": "The table Activities with its headings: Activities[#All]",
    "costs": "The table Costs with its headings: Costs[#All]",
    "funding": "The table Funding with its headings: Funding[#All]",
    "sources": "The table Sources with its headings: Sources[#All]",
    "programme": "Optional: Programme[#All], for the scenario and the period that are set there",
    "scenario": "Optional: the code of a scenario, instead of the one set in Programme",
    "language": "Optional: en, fr or es, for words in that language",
    "grouping": "What to group by: activity, area, priority, year, source, donor or category",
    "titles": "Optional: Areas[#All] or Donors[#All], for titles and for those without figures",
    "table": "Any table of the programme with its headings, such as Costs[#All]",
    "listed": "Optional: TRUE for the list of issues; otherwise you get their number",
}
"""The help text of every argument; a name may not be a word that VBA keeps for itself."""


def grouping_named(value: Any) -> str:
    """Give the grouping of a name: its code word, or what it is called in any language."""
    text = one_value(value, "grouping")
    names = {comparable(word): word for word in GROUPINGS}
    for language in Language:
        say = Words(language)
        names.update({comparable(label("grouping", word, say)): word for word in GROUPINGS})
    found = names.get(comparable(text)) if isinstance(text, str) else None
    if found is None:
        raise Misuse("unknown-grouping", known=GROUPINGS)
    return found


def words_in(value: Any) -> Words | None:
    """Give the words of a language that was asked for; None where none was."""
    text = one_value(value, "language")
    if is_blank(text):
        return None
    code = comparable(str(text))
    if code not in set(Language):
        raise Misuse("unknown-language")
    return Words(Language(code))


def truth(value: Any) -> bool:
    """Take TRUE or FALSE, or a number as Excel takes it; blank is FALSE."""
    found = one_value(value, "listed")
    if found is not None and not isinstance(found, (bool, int, float)):
        raise Misuse("not-truth")
    return bool(found)


def titles_table(value: Any) -> str:
    """Tell which table names the keys of totals; one that is blank counts as Areas."""
    cells = matrix(value, "titles")
    if cells.blank:
        return "areas"
    found = tables_like(cells.rows[0]) & {"areas", "donors", "recommendations"}
    if not found:
        raise Misuse("titles-only")
    return next(iter(found))
