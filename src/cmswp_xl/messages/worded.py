"""Issues in words, from the texts in `issues.yaml`: one issue, several together, and a code."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from string import Formatter
from typing import Any, cast

from cmswp_xl.issues import SEVERITIES, Issue, Severity
from cmswp_xl.languages import N_, Language, Words
from cmswp_xl.messages.labels import FIELD_KINDS, KINDS, label, words_of
from cmswp_xl.messages.values import (
    MOST,
    amounts_in,
    cells_text,
    date_text,
    display_text,
    listed,
    plain_number,
    quoted,
    rows_text,
    series,
)
from cmswp_xl.resources import texts
from cmswp_xl.schema import Field, sheet_schemas


@dataclass(frozen=True, slots=True)
class Worded:
    """An issue in words: the message names the rule and the value, the remedy what to do."""

    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Template:
    """
    The English texts of one kind of issue, with named places.

    `several` speaks of `{count}` cells at once; it only has places that are the same for all of
    them. An empty remedy means that nothing needs doing.
    """

    message: str
    several: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code says, why it matters, and what to correct, each in a sentence or two."""

    what: str
    why: str
    how: str


def _templates() -> dict[str, Template]:
    found = {}
    for code, entry in texts("issues").items():
        for variant, own in ({"": {}} | entry.get("variants", {})).items():
            words = entry | own
            key = f"{code}:{variant}" if variant else code
            found[key] = Template(words["message"], words["several"], words.get("remedy", ""))
    return found


TEMPLATES: Mapping[str, Template] = _templates()
"""Every wording by code, or by code and variant, joined by colons."""

_OF_ONE_CELL = ("title", "table", "cells", "rows", "row", "other", "expected", "stored", "total")
_OF_ONE_ROW = ("surplus", "included", "subject", "request", "due", "missing", "lost", "hidden")
_INDIVIDUAL = frozenset((*_OF_ONE_CELL, *_OF_ONE_ROW, "above", "sheet"))
_COUNTED = frozenset({"out-of-range", "too-many-decimals"})
"""The codes whose value was read as a number; any other is shown as it was typed."""

_AMOUNTS = ("cost", "available", "to_be_sought", "surplus", "pledged", "spent", "earlier")
_SHEETS = ("programme", "activities", "costs", "funding", "sources", "steps", "weights", "rates")
_DATES = ("as_at", "date", "day", "due", "least")
_FOUND_DATES = frozenset({"date", "date-and-time", "date-in-code"})
_IN_CURRENCY = N_("{currency}\N{NO-BREAK SPACE}{amount}")
LIST_WORDS = {
    "word_excluded": ("support-cost", "excluded"),
    "word_done": ("recommendation-status", "done"),
    "word_dropped": ("recommendation-status", "dropped"),
    "word_ongoing": ("recommendation-status", "ongoing"),
    "word_step_done": ("step-status", "done"),
    "word_paragraph": ("paragraph-kind", "paragraph"),
    "word_action": ("paragraph-kind", "action"),
    "word_open": ("comment-status", "open"),
}
"""The words of lists that remedies name, as the workbook has them."""
_PATTERNS = {"[A-Z]{3}": "currency", "http": "address", "[0-9]+:": "mark", "[A-Za-z0-9]": "code"}
"""What a pattern of the schemas is for, by its beginning."""
_OF_ROWS = frozenset({"comment-without-response", "open-comments"})
"""The codes whose value is that of a row, and not of the column; as where an activity is named."""
_HIDDEN_MOST = 3
"""How many hidden characters of a cell are named."""


def codes() -> tuple[str, ...]:
    """Return every code: errors, then warnings, then information."""
    return tuple(sorted(SEVERITIES, key=lambda code: list(Severity).index(SEVERITIES[code])))


def explanation(code: str, say: Words) -> Explanation:
    """Return what a code means; KeyError where there is no such code."""
    entry = texts("issues")[code]
    return Explanation(*(say(entry[part]) for part in ("what", "why", "how")))


def worded(issue: Issue, say: Words) -> Worded:
    """Put an issue into words; where it stands is for the report to say."""
    template = TEMPLATES[pattern(issue)]
    places = _places(issue, say)
    return Worded(say(template.message, **places), say(template.remedy, **places))


def folded(issues: Sequence[Issue], say: Words) -> str:
    """Return what several issues of one wording in one column share, with their values."""
    template = TEMPLATES[pattern(issues[0])]
    sentence = say(template.several, **{**_places(issues[0], say), "count": len(issues)})
    if "{value}" not in template.message and "{activity}" not in template.message:
        return sentence
    ends = KINDS["several-rows"]  # by what a message says of its value
    named = next((text for word, text in ends.items() if word in template.message), "")
    first: dict[str | None, Issue] = {}
    for issue in issues:
        first.setdefault(issue.value, issue)
    if _type(issues[0]) == "year":
        first = dict(sorted(first.items(), key=lambda item: item[0] or ""))
    values = [str(_places(one, say)["value"]) for one in list(first.values())[: MOST + 1]]
    if named:
        return say(named, sentence=sentence, values=listed(values, say))
    found = quoted(values, say) if "“{value}”" in template.message else listed(values, say)
    return say("{sentence} Found: {values}", sentence=sentence, values=found)


def shown_value(issue: Issue) -> str | None:
    """Return the value of an issue's column; None where the issue names its row instead."""
    message = TEMPLATES[pattern(issue)].message
    return None if issue.code in _OF_ROWS or "{activity}" in message else issue.value


def told_apart(issue: Issue) -> bool:
    """Return whether the message says more of its cell than the value, so that each one counts."""
    parts = Formatter().parse(TEMPLATES[pattern(issue)].message)
    return not _INDIVIDUAL.isdisjoint(name for _, name, *_ in parts)


def heading(issue: Issue, field: Field, language: Language) -> str:
    """Return the heading of a field of the issue's table, as its workbook has it."""
    if issue.names is None:
        return field.titles[language]
    return display_text(issue.names.headings[issue.table, field.name])


def pattern(issue: Issue) -> str:
    """Return the key of the wording that fits an issue: its code, or code and variant."""
    key = f"{issue.code}:{_VARIANTS.get(issue.code, _named)(issue)}"
    return key if key in TEMPLATES else issue.code


def _named(issue: Issue) -> str:
    """Return the variant of whose name the issue has a value."""
    variants = texts("issues")[issue.code].get("variants", {})
    return next((name for name in variants if issue.values.get(name)), "")


def _field(issue: Issue) -> Field | None:
    return cast("Field | None", issue.values.get("field"))


def _wrong_type(issue: Issue) -> str:
    field = _field(issue)
    meant = "either" if "|" in str(issue.values.get("meant", "")) else ""
    parts = (field.type if field else "", str(issue.values.get("found", "")), meant)
    return ":".join(filter(None, parts))


def _missing_value(issue: Issue) -> str:
    field = _field(issue)
    if field is None or {"lost", "offered"} & issue.values.keys():
        return _named(issue)
    if field.language and field.text:
        return "text"
    if field.enum:
        return "choice"
    return "reference" if field.reference and not field.list else ""


def _out_of_range(issue: Issue) -> str:
    field = _field(issue)
    if "not_before" in issue.values:
        return "order"
    if field is None:
        return ""
    number = plain_number(issue.value)
    if field.minimum == 0 and number is not None and number < 0:
        return "negative"
    if field.minimum is None or field.maximum is None:
        return "most" if field.minimum is None else "least"
    return {"percent": "percent", "fte": "share"}.get(field.unit or "", "")


def _wrong_pattern(issue: Issue) -> str:
    field = _field(issue)
    wanted = (field.pattern or "") if field else ""
    return next((name for start, name in _PATTERNS.items() if wanted.startswith(start)), "")


def _unlisted(issue: Issue) -> str:
    field = _field(issue)
    several = field and (field.list if field.reference else field.choices)
    near = "near" if "nearest" in issue.values else ""
    return ":".join(filter(None, ("list" if several else "", near)))


def _duplicate_key(issue: Issue) -> str:
    field = _field(issue)
    if field is None or "lost" in issue.values:
        return _named(issue)
    if field.enum:
        return "choice"
    return "pair" if field.reference else ""


def _outside_period(issue: Issue) -> str:
    known = {"start", "end"} & issue.values.keys()
    return {"start": "before", "end": "after"}.get("".join(known), "")


def _sequence_gap(issue: Issue) -> str:
    if "cells" not in issue.values:
        return ""
    return "instead" if "missing" in issue.values else "twice"


_VARIANTS: Mapping[str, Callable[[Issue], str]] = {
    "wrong-type": _wrong_type,
    "missing-value": _missing_value,
    "out-of-range": _out_of_range,
    "wrong-pattern": _wrong_pattern,
    "unknown-reference": _unlisted,
    "duplicate-key": _duplicate_key,
    "missing-column": lambda issue: "setting" if issue.values.get("form") and issue.column else "",
    "ambiguous-table": lambda issue: "" if "other_sheet" in issue.values else "absent",
    "unknown-column": lambda issue: "" if issue.value else "blank",
    "stale-formula": lambda issue: "" if issue.values.get("expected") else "blank",
    "sequence-gap": _sequence_gap,
    "not-in-list": _unlisted,
    "year-outside-period": _outside_period,
    "progress-contradiction": lambda issue: "done" if "as_at" in issue.values else "",
    "text-out-of-place": lambda issue: issue.value or "",
    "partly-funded": lambda issue: (
        "" if plain_number(issue.values.get("to_be_sought")) else "partial"
    ),
}
"""Which variant fits, where it is not simply the one of whose name the issue has a value."""


def _places(issue: Issue, say: Words) -> dict[str, object]:
    """Return what fills the places of any wording of an issue; codes as the workbook's words."""
    values, words = issue.values, _coded_words(issue, issue.column or "", say)
    places: dict[str, object] = {
        name: display_text(_coded_words(issue, name, say).get(str(value), str(value)))
        for name, value in values.items()
        if isinstance(value, (str, int, Decimal, dt.date))
    }
    places |= {name: date_text(str(places[name]), say) for name in _DATES if name in places}
    places |= {name: label(*word, _spoken(issue, say)) for name, word in LIST_WORDS.items()}
    places["value"] = display_text(words.get(issue.value or "", _value_text(issue, say)))
    places["sheet"] = display_text(issue.sheet)
    places["hidden"] = _hidden_words(values.get("hidden", ()), say)
    places.setdefault("activity", places["value"])
    places["table"] = values.get("excel_table", issue.table)
    places |= {name: _sheet(issue, name, say) for name in _SHEETS}
    titles = values.get("titles")
    if isinstance(titles, dict):
        language = issue.names.language if issue.names else say.language
        places["title"] = titles.get(language, "")
    cells = values.get("cells")
    if isinstance(cells, list):
        places["cells"] = cells_text(map(str, cells), say)
        places["rows"] = rows_text(cells, say)
    if isinstance(values.get("known"), list):
        places["known"] = quoted(cast("list[str]", values["known"]), say)
    if "meant" in values:
        places["meant"] = _either(str(values["meant"]).split("|"), say)
    return places | _amount_places(issue, say) | _field_places(issue, say)


def _field_places(issue: Issue, say: Words) -> dict[str, object]:
    field = _field(issue)
    if field is None:
        return {}
    amounts = amounts_in(say.language)
    places: dict[str, object] = {"choices": ""}
    if field.enum or field.choices:
        words = words_of(issue.table, field, _spoken(issue, say))
        nearest = str(issue.values.get("nearest", ""))
        places |= {
            "choices": series(list(words.values()), say),
            "nearest": words.get(nearest, nearest),
        }
    if field.language:
        places["language"] = label("language", field.language.value, say)
    if field.reference:
        places["target"] = _sheet(issue, field.reference.table, say)
    for name, bound in (("least", field.minimum), ("most", field.maximum)):
        if bound is not None:
            plain = field.type in ("year", "date")
            places[name] = f"{bound:f}" if plain else amounts.number(bound)
    after = cast("Field | None", issue.values.get("not_before"))
    if after is not None:
        places["other"] = heading(issue, after, say.language)
        places["least"] = display_text(date_text(str(issue.values.get("least", "")), say))
    number = plain_number(issue.value)
    if field.type == "number" and issue.code in _COUNTED and number is not None:
        places["value"] = amounts.number(number)
    return places


def _amount_places(issue: Issue, say: Words) -> dict[str, object]:
    values, amounts = issue.values, amounts_in(say.language)
    places: dict[str, object] = {
        name: _money(values[name], values.get("currency"), say)
        for name in _AMOUNTS
        if name in values
    }
    words = _coded_words(issue, issue.column or "", say)
    for name in ("expected", "stored", "unit_cost"):
        if name in values:
            plain = str(values[name])  # a text may look like a number, as that of an activity
            amount = None if _type(issue) == "string" else amounts.text(plain)
            places[name] = amount or quoted([words.get(plain, plain)], say)
    for name in ("quantity", "total", "original", "rate"):
        number = plain_number(values.get(name))
        if number is not None:
            places[name] = amounts.number(number)
    if "original_currency" in values and "original" in places:
        currency, original = values["original_currency"], places["original"]
        places["original"] = say(_IN_CURRENCY, currency=currency, amount=original)
    if issue.code in ("amount-mismatch", "conversion-mismatch"):
        places["amount"] = amounts.text(issue.value) or display_text(issue.value or "")
    return places


def _value_text(issue: Issue, say: Words) -> str:
    """Return the value of an issue: dates and TRUE in words, what was typed as text as typed."""
    value, found = issue.value or "", issue.values.get("found")
    if found == "yes-no":
        return label("logical", value, say) if value in KINDS["logical"] else value
    if found == "number-in-code":
        return value.replace(".", amounts_in(say.language).point)
    dated = _type(issue) == "date" if found is None else found in _FOUND_DATES
    return date_text(value, say) if dated else value


def _coded_words(issue: Issue, column: str, say: Words) -> Mapping[str, str]:
    """Return what the codes of a column of the issue's table are called in its workbook."""
    kind, spoken = FIELD_KINDS.get((issue.table, column)), _spoken(issue, say)
    return {code: label(kind, code, spoken) for code in KINDS[kind]} if kind else {}


def _type(issue: Issue) -> str:
    """Return the type of the issue's column; nothing where it has none."""
    schema = sheet_schemas().get(issue.table)
    fields = schema.fields if schema else ()
    return next((item.type for item in fields if item.name == issue.column), "")


def _spoken(issue: Issue, say: Words) -> Words:
    """Return the words of the language that the issue's workbook is in."""
    return Words(issue.names.language) if issue.names else say


def _sheet(issue: Issue, table: str, say: Words) -> str:
    return display_text(issue.names.sheets[table]) if issue.names else label("table", table, say)


def _money(amount: object, currency: object, say: Words) -> str:
    written = amounts_in(say.language).text(amount) or display_text(str(amount))
    if not currency:
        return written
    return say(_IN_CURRENCY, currency=currency, amount=written)


def _either(texts: Iterable[str], say: Words) -> str:
    first, *others = (say("“{value}”", value=display_text(text)) for text in texts)
    return say("{first} or {second}", first=first, second=others[0]) if others else first


def _hidden_words(hidden: Any, say: Words) -> str:
    parts = [_hidden_character(item, say) for item in hidden[:_HIDDEN_MOST]]
    parts += ["…"] if len(hidden) > _HIDDEN_MOST else []
    return series(parts, say)


def _hidden_character(item: Any, say: Words) -> str:
    """Name a character by a common word or, where there is none, as Unicode names it."""
    code = f"U+{ord(item.character):04X}"
    common = KINDS["character"].get(code)
    places = {
        "name": say(common) if common else unicodedata.name(item.character, ""),
        "code": code,
        "position": item.position,
        "like": item.like,
    }
    if not item.like:
        return say("{name} ({code}) at position {position}", **places)
    return say("{name} ({code}) for “{like}” at position {position}", **places)
