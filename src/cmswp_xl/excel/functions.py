"""The worksheet functions, their arguments and where they look."""

from __future__ import annotations

import inspect
import logging
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import ErrorValue
from cmswp_xl.errors import CmswpError, Misuse
from cmswp_xl.excel import answers
from cmswp_xl.excel.answers import BLANK, refusal
from cmswp_xl.excel.ranges import (
    given_tables,
    issues_of,
    matrix,
    one_table,
    one_value,
    reckoning_of,
    required,
    tables_like,
)
from cmswp_xl.figures.totals import GROUPINGS, Figures
from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.labels import label
from cmswp_xl.money import ZERO
from cmswp_xl.tables import comparable, is_blank

if TYPE_CHECKING:
    from collections.abc import Callable

    from cmswp_xl.cells import Raw
    from cmswp_xl.excel.answers import Cell
    from cmswp_xl.figures.totals import Reckoning


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


NO_FIGURES = Figures(status="not-costed")


def figure_of(
    activity: Any,
    reckoning: Reckoning,
    answer: Callable[[Figures], Cell],
    *,
    whole: bool = False,
    words: Words | None = None,
) -> Any:
    """
    Answer for one activity, or for each of a range of them in a cell of its own.

    `whole` says that all activities are known, so that an unknown one is told; otherwise it is
    one without rows. Refusals are worded in `words`, or else in English.
    """
    figures = {comparable(name): found for name, found in reckoning.by_activity.items()}

    def one(cell: Raw) -> Cell:
        if isinstance(cell, ErrorValue):
            return cell.text
        if is_blank(cell):
            return BLANK
        if not isinstance(cell, str):
            raise Misuse("not-activity")
        found = figures.get(comparable(cell))
        if found is None and whole:
            raise Misuse("unknown-activity", activity=cell)
        return answer(found or NO_FIGURES)

    cells = matrix(activity, "activity")
    if cells.single:
        return one(cells.rows[0][0])
    say = words or Words(Language.EN)
    return [[_told(one, cell, say) for cell in row] for row in cells.rows]


def _told(one: Callable[[Raw], Cell], cell: Raw, say: Words) -> Cell:
    """Answer in the cell of its own, so that one bad id does not hide the rest."""
    try:
        return one(cell)
    except Misuse as error:
        return refusal(error, say)


_excel: Any = None
with suppress(ImportError):  # plain Python does without
    import xlwings

    _excel = xlwings

CATEGORY = "CMS Programme"
"""Where the function wizard of desktop Excel lists the functions."""

_log = logging.getLogger(__name__)


def _worksheet(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function of Excel where xlwings is there; what it raises becomes clear text."""
    signature = inspect.signature(function)

    @wraps(function)
    def answered(*arguments: Any, **named: Any) -> Any:
        try:
            return function(*arguments, **named)
        except CmswpError as error:
            return answers.refusal(error, _words_for(signature, arguments, named))
        except Exception:  # noqa: BLE001 - a cell shows no traceback; the log does
            _log.exception("%s failed", function.__name__)
            return Words(Language.EN)(answers.FAILED)

    if _excel is None:
        return answered
    for name in signature.parameters:
        answered = _excel.arg(name, "raw", doc=HELP[name])(answered)
    made: Callable[..., Any] = _excel.func(category=CATEGORY)(answered)
    return made


@_worksheet
def CMSWP_COST(  # noqa: N802 - its name in Excel
    activity: Any, costs: Any, programme: Any = None, scenario: Any = None
) -> Any:
    """Give the cost of an activity, the sum of its rows in Costs; nothing if not costed."""
    tables = required(given_tables({"costs": costs, "programme": programme}), ["costs"])
    reckoning = reckoning_of(tables, scenario)
    return figure_of(activity, reckoning, lambda figures: answers.money(figures.cost))


@_worksheet
def CMSWP_AVAILABLE(  # noqa: N802 - its name in Excel
    activity: Any, funding: Any, sources: Any, programme: Any = None, scenario: Any = None
) -> Any:
    """Give the money confirmed or received for an activity; neither pledges nor in kind."""
    arguments = {"funding": funding, "sources": sources, "programme": programme}
    reckoning = reckoning_of(required(given_tables(arguments), ["funding", "sources"]), scenario)
    return figure_of(activity, reckoning, lambda figures: answers.money(figures.available or ZERO))


@_worksheet
def CMSWP_TO_BE_SOUGHT(  # noqa: N802 - its name in Excel
    activity: Any,
    costs: Any,
    funding: Any,
    sources: Any,
    programme: Any = None,
    scenario: Any = None,
) -> Any:
    """Give what is to be sought: cost less available, never below 0; nothing if not costed."""
    arguments = {"costs": costs, "funding": funding, "sources": sources, "programme": programme}
    reckoning = reckoning_of(required(given_tables(arguments), list(arguments)[:3]), scenario)
    return figure_of(activity, reckoning, lambda figures: answers.money(figures.to_be_sought))


@_worksheet
def CMSWP_STATUS(  # noqa: N802, PLR0913, PLR0917 - as Excel has it
    activity: Any,
    activities: Any,
    costs: Any,
    funding: Any,
    sources: Any,
    programme: Any = None,
    scenario: Any = None,
    language: Any = None,
) -> Any:
    """Give the funding status of an activity, such as unfunded or not-costed."""
    words = words_in(language)
    arguments = _whole(activities, costs, funding, sources)
    tables = required(given_tables({**arguments, "programme": programme}), list(arguments))
    reckoning = reckoning_of(tables, scenario)
    return figure_of(
        activity,
        reckoning,
        lambda figures: answers.status(figures, words),
        whole=True,
        words=words,
    )


@_worksheet
def CMSWP_TOTALS(  # noqa: N802, PLR0913, PLR0917 - as Excel has it
    grouping: Any,
    activities: Any,
    costs: Any,
    funding: Any,
    sources: Any,
    titles: Any = None,
    programme: Any = None,
    scenario: Any = None,
    language: Any = None,
) -> Any:
    """Give a table of totals, with headings, a row for each key and a last row for the total."""
    words = words_in(language)
    by = grouping_named(grouping)
    arguments = _whole(activities, costs, funding, sources)
    names = list(arguments)
    arguments |= {titles_table(titles): titles, "programme": programme}
    tables = required(given_tables(arguments), names)
    if by == "year" and "programme" not in dict(tables):
        raise Misuse("years-needed")
    keyed = {"activity": "activities", "source": "sources", "area": "areas", "donor": "donors"}
    titled = keyed.get(by) in dict(tables)
    reckoning = reckoning_of(tables, scenario)
    return answers.totals_table(reckoning, by, _say(words), words, titled=titled)


@_worksheet
def CMSWP_UNFUNDED(  # noqa: N802 - its name in Excel
    activities: Any,
    costs: Any,
    funding: Any,
    sources: Any,
    programme: Any = None,
    scenario: Any = None,
    language: Any = None,
) -> Any:
    """List the activities with money to be sought, then those not costed, without amounts."""
    words = words_in(language)
    arguments = _whole(activities, costs, funding, sources)
    tables = required(given_tables({**arguments, "programme": programme}), list(arguments))
    return answers.unfunded_table(reckoning_of(tables, scenario), _say(words), words)


@_worksheet
def CMSWP_ISSUES(  # noqa: N802 - its name in Excel
    table: Any, listed: Any = None, language: Any = None
) -> Any:
    """Count or list the errors and warnings of one table; Validate judges them all together."""
    words = words_in(language)
    as_list = truth(listed)
    cells = matrix(table, "table")
    issues = answers.told_issues(issues_of(((one_table(cells), cells),)))
    return answers.issues_table(issues, _say(words)) if as_list else len(issues)


def _whole(activities: Any, costs: Any, funding: Any, sources: Any) -> dict[str, Any]:
    return {"activities": activities, "costs": costs, "funding": funding, "sources": sources}


def _say(words: Words | None) -> Words:
    return words or Words(Language.EN)


def _words_for(signature: inspect.Signature, arguments: Any, named: Any) -> Words:
    """Give the words for a refusal: those of the language asked for, if that can be told."""
    try:
        found = signature.bind(*arguments, **named).arguments.get("language")
        return _say(words_in(found))
    except (TypeError, Misuse):
        return Words(Language.EN)
