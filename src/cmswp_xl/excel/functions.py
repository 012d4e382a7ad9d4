"""The worksheet functions: what each is asked, and what it puts in cells."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from cmswp_xl.cells import ErrorValue, Raw
from cmswp_xl.errors import CmswpError, Misuse
from cmswp_xl.excel.ranges import (
    Given,
    given_tables,
    issues_of,
    matrix,
    one_table,
    one_value,
    tables_like,
    totals_of,
)
from cmswp_xl.figures.totals import GROUPINGS, Figures, ProgrammeTotals
from cmswp_xl.issues import Severity
from cmswp_xl.languages import N_, Language, Words
from cmswp_xl.listings.issues import column_title
from cmswp_xl.listings.listing import Listing
from cmswp_xl.listings.totals import TITLES, UNNAMED, totals_listing, unfunded_listing
from cmswp_xl.messages.labels import capital, label
from cmswp_xl.messages.values import amounts_in, display_text
from cmswp_xl.messages.worded import worded
from cmswp_xl.money import ZERO, to_cents
from cmswp_xl.resources import read_yaml, texts
from cmswp_xl.schema import load_schemas
from cmswp_xl.tables import comparable, is_blank

Cell = str | float
Table = list[list[Cell]]

CATEGORY = "CMS Programme"
"""Where the function wizard of desktop Excel lists the functions."""

BLANK = ""
"""What a cell shows for what is not known; a function cannot leave its cell empty."""

FAILED = N_(
    "This could not be calculated. Press “Validate”, and report the problem to "
    "the maintainers of the program."
)

NO_FIGURES = Figures(status="not-costed")

_DECLARED = read_yaml(Path(__file__).with_name("functions.yaml"))
HELP: Mapping[str, str] = _DECLARED["arguments"]
"""The help text of every argument."""


_log = logging.getLogger(__name__)
_excel: Any = None
with suppress(ImportError):  # plain Python does without
    import xlwings

    _excel = xlwings


@dataclass(frozen=True, slots=True)
class Formula:
    """The arguments of a formula by name, the tables it needs, the language of its words."""

    values: Mapping[str, Any]
    needed: Sequence[str]
    words: Words | None

    @property
    def say(self) -> Words:
        """The words of the language asked for, or else English ones."""
        return self.words or Words(Language.EN)

    def tables(self, **others: Any) -> Given:
        """Return the arguments that are tables, with others under the names of their tables."""
        schemas = load_schemas()
        named = {name: value for name, value in self.values.items() if name in schemas}
        return given_tables({**named, **others}, self.needed)

    def totals(self, tables: Given | None = None) -> ProgrammeTotals:
        """Return the figures of the tables in the scenario asked for."""
        return totals_of(self.tables() if tables is None else tables, self.values["scenario"])

    def by_activity(self, answer: Callable[[Figures], Cell], *, whole: bool = False) -> Any:
        """
        Answer for one activity, or for each of a range of them in a cell of its own.

        `whole` says that all activities are known, so that an unknown one is refused; otherwise
        it is one without rows.
        """
        known = {comparable(name): own for name, own in self.totals().by_activity.items()}

        def one(cell: Raw) -> Cell:
            if isinstance(cell, ErrorValue):
                return cell.text
            if is_blank(cell):
                return BLANK
            if not isinstance(cell, str):
                raise Misuse("not-activity")
            found = known.get(comparable(cell))
            if found is None and whole:
                raise Misuse("unknown-activity", activity=cell)
            return answer(found or NO_FIGURES)

        def each(cell: Raw) -> Cell:
            try:
                return one(cell)
            except Misuse as error:  # one bad id does not hide the rest
                return refusal(error, self.say)

        cells = matrix(self.values["activity"], "activity")
        if cells.single:
            return one(cells.rows[0][0])
        return [[each(cell) for cell in row] for row in cells.rows]

    def word(self, kind: str, word: str | None) -> str:
        """Return a code word, in the language that was asked for if one was."""
        return label(kind, word, self.words) if word and self.words else word or BLANK


def _worksheet(name: str, answer: Callable[[Formula], Any]) -> Callable[..., Any]:
    """Return a worksheet function as it is declared, in Excel where xlwings is there."""
    words = _DECLARED["functions"][name]["arguments"].split()
    needed = [word for word in words if word in load_schemas()]
    signature = inspect.Signature(
        [
            inspect.Parameter(
                word.strip("[]"),
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=None if word.startswith("[") else inspect.Parameter.empty,
            )
            for word in words
        ]
    )

    def answered(*given: Any, **named: Any) -> Any:
        say = Words(Language.EN)
        try:
            bound = signature.bind(*given, **named)
            bound.apply_defaults()
            spoken = words_in(bound.arguments.get("language"))
            say = spoken or say
            return answer(Formula(bound.arguments, needed, spoken))
        except CmswpError as error:
            return refusal(error, say)
        except Exception:  # noqa: BLE001 - a cell shows no traceback; the log does
            _log.exception("%s failed", name)
            return Words(Language.EN)(FAILED)

    answered.__name__, answered.__doc__ = name, _DECLARED["functions"][name]["help"]
    answered.__signature__ = signature  # type: ignore[attr-defined]
    if _excel is None:
        return answered
    for argument in signature.parameters:
        answered = _excel.arg(argument, "raw", doc=HELP[argument])(answered)
    made: Callable[..., Any] = _excel.func(category=CATEGORY)(answered)
    return made


def grouping_named(value: Any) -> str:
    """Return the grouping of a name: its code word, or what it is called in any language."""
    text = one_value(value, "grouping")
    spoken = [Words(language) for language in Language]
    names = {
        comparable(name): word
        for word in GROUPINGS
        for name in (word, *(label("grouping", word, say) for say in spoken))
    }
    found = names.get(comparable(text)) if isinstance(text, str) else None
    if found is None:
        raise Misuse("unknown-grouping", known=GROUPINGS)
    return found


def words_in(value: Any) -> Words | None:
    """Return the words of a language that was asked for; None where none was."""
    text = one_value(value, "language")
    if is_blank(text):
        return None
    code = comparable(str(text))
    if code not in set(Language):
        raise Misuse("unknown-language")
    return Words(Language(code))


def truth(value: Any) -> bool:
    """Return TRUE or FALSE, or a number as Excel takes it; blank is FALSE."""
    found = one_value(value, "listed")
    if found is not None and not isinstance(found, (bool, int, float)):
        raise Misuse("not-truth")
    return bool(found)


def titles_table(value: Any) -> str:
    """Return which table names the keys of totals; one that is blank counts as Areas."""
    cells = matrix(value, "titles")
    if cells.blank:
        return "areas"
    found = tables_like(cells.rows[0]) & {"areas", "donors", "recommendations"}
    if not found:
        raise Misuse("titles-only")
    return next(iter(found))


def money(amount: Decimal | None) -> Cell:
    """Return an amount as the number of a cell, in cents; nothing where it is not known."""
    return BLANK if amount is None else float(to_cents(amount))


def refusal(error: CmswpError, say: Words) -> str:
    """Return in one short sentence why there is no answer, and what to do."""
    if error.reason == "tables-with-errors":
        counts: Any = error.values["counts"]
        tables = [
            say("{table} ({count})", table=table, count=count) for table, count in counts.items()
        ]
        return say("Errors in {tables}. Press “Validate”.", tables=say.listed(tables))
    places = {name: _place(value, say) for name, value in error.values.items()}
    sentence = texts("ribbon")["refusals"][error.reason]
    return say(sentence, **places)


def _place(value: object, say: Words) -> str:
    if isinstance(value, (list, tuple)):
        return say.listed([display_text(str(item)) for item in value])
    if isinstance(value, int):
        return amounts_in(say.language).number(Decimal(value))
    return display_text(str(value))


def _cells(asked: Formula, listing: Listing, first: str, rows: Iterable[Iterable[Any]]) -> Table:
    """Return a listing as cells, under headings; `first` is the heading of its key."""
    say = asked.say
    headings = {
        **{name: say(title) for name, title in TITLES.items()},
        "key": first,
        "area": capital(label("grouping", "area", say)),
        "number": say("Number"),
        "title": say("Title"),
        "priority": say("Priority"),
        "status": say("Funding status"),
        "activities": label("table", "activities", say),
        "not_costed": capital(label("funding-status", "not-costed", say)),
    }

    def cell(name: str, value: Any) -> Cell:
        if value is None:
            return BLANK
        if name in TITLES:
            return float(value)
        kind = {"status": "funding-status", "priority": "priority"}.get(name)
        return asked.word(kind, value) if kind else value

    head: list[Cell] = [headings[name] for name in listing.keys]
    return [head, *([cell(*pair) for pair in zip(listing.keys, row, strict=True)] for row in rows)]


def totals_table(asked: Formula) -> Table:
    """Return headings, the totals of each key of a grouping, and the total: `cmswp totals`."""
    by, titles, say = grouping_named(asked.values["grouping"]), asked.values["titles"], asked.say
    tables = asked.tables(**{titles_table(titles): titles})
    if by == "year" and "programme" not in dict(tables):
        raise Misuse("years-needed")
    keyed = {"activity": "activities", "source": "sources", "area": "areas", "donor": "donors"}
    titled = keyed.get(by) in dict(tables)

    def title(key: Any, given: Any) -> Any:
        if not key and by in UNNAMED:
            return say(UNNAMED[by])
        if by in ("priority", "category"):
            return label(by, key, say)
        return given if titled else None

    listing = totals_listing(asked.totals(tables), by, say.language)
    rows = [(key, number, title(key, given), *rest) for key, number, given, *rest in listing.rows]
    total = (say("Total"), None, None, *(listing.total[name] for name in listing.keys[3:]))
    return _cells(asked, listing, capital(label("grouping", by, say)), [*rows, total])


def unfunded_table(asked: Formula) -> Table:
    """Return the activities with money to be sought, then those not costed: `cmswp unfunded`."""
    say = asked.say
    listing = unfunded_listing(asked.totals(), say.language)
    rows = [*listing.rows, *listing.apart["not_costed"]]
    nothing = say("No funding is to be sought for the costed activities.")
    rows = rows or [(nothing, *[None] * (len(listing.keys) - 1))]
    return _cells(asked, listing, say("Activity"), rows)


def issues_count_or_table(asked: Formula) -> int | Table:
    """Return the number of errors and warnings of a table, or a list of them."""
    as_list = truth(asked.values["listed"])
    cells = matrix(asked.values["table"], "table")
    issues = [
        (issue, worded(issue, asked.say))
        for issue in issues_of(((one_table(cells), cells),))
        if issue.severity is not Severity.INFO
    ]
    if not as_list:
        return len(issues)
    say = asked.say
    head: list[Cell] = [
        say("Severity"),
        say("Row"),  # the heading row is row 1
        say("Column"),
        say("Value"),
        say("Message"),
        say("What to do"),
    ]
    rows: Table = [
        [
            label("severity", issue.severity, say),
            issue.place[1],
            column_title(issue, say.language),
            # a server would make an error value one again
            "" if issue.code == "error-value" else display_text(issue.value or "", None),
            words.message,
            words.remedy,
        ]
        for issue, words in issues
    ]
    return [head, *(rows or [[say("No issues."), *[BLANK] * (len(head) - 1)]])]


CMSWP_COST = _worksheet(
    "CMSWP_COST", lambda asked: asked.by_activity(lambda figures: money(figures.cost))
)
CMSWP_AVAILABLE = _worksheet(
    "CMSWP_AVAILABLE",
    lambda asked: asked.by_activity(lambda figures: money(figures.available or ZERO)),
)
CMSWP_TO_BE_SOUGHT = _worksheet(
    "CMSWP_TO_BE_SOUGHT",
    lambda asked: asked.by_activity(lambda figures: money(figures.to_be_sought)),
)
CMSWP_STATUS = _worksheet(
    "CMSWP_STATUS",
    lambda asked: asked.by_activity(
        lambda figures: asked.word("funding-status", figures.status), whole=True
    ),
)
CMSWP_TOTALS = _worksheet("CMSWP_TOTALS", totals_table)
CMSWP_UNFUNDED = _worksheet("CMSWP_UNFUNDED", unfunded_table)
CMSWP_ISSUES = _worksheet("CMSWP_ISSUES", issues_count_or_table)
