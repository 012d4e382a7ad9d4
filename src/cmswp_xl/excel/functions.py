"""
The worksheet functions: one module for desktop Excel, for the server and for plain Python.

xlwings makes them functions of Excel where it is installed; without it they are plain functions
of lists. They take tables with their headings, so that Excel recalculates them by itself, and
give clear text where they can give no answer. The docstrings are the help texts of Excel.
"""

from __future__ import annotations

import inspect
import logging
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any

from cmswp_xl.errors import CmswpError, Misuse
from cmswp_xl.excel import answers
from cmswp_xl.excel.arguments import HELP, grouping_named, titles_table, truth, words_in
from cmswp_xl.excel.lookups import figure_of
from cmswp_xl.excel.matrices import matrix
from cmswp_xl.excel.reckonings import (
    given_tables,
    issues_of,
    one_table,
    reckoning_of,
    required,
)
from cmswp_xl.languages import Language, Words
from cmswp_xl.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Callable


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
