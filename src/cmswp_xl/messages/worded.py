"""Many cells named in few words: D2:D63, D70."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Protocol, cast

from cmswp_xl.messages.amounts import amounts_in
from cmswp_xl.messages.figures import FIGURES
from cmswp_xl.messages.issues import CONTENTS, STRUCTURE, TYPES, Worded, hidden_words
from cmswp_xl.messages.labels import label
from cmswp_xl.messages.papers import PAPERS
from cmswp_xl.messages.review import REVIEW
from cmswp_xl.messages.shown import listed, quoted, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cmswp_xl.issues import Issue
    from cmswp_xl.languages import Language, Words
    from cmswp_xl.messages.issues import Template


MOST = 8
"""How many ranges are named before the rest is only hinted at."""

_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")


def joined(cells: Iterable[str], most: int | None = MOST) -> str:
    """
    Join cells of A1 form to ranges down their columns, in the order given.

    After the first `most` ranges an ellipsis stands for the rest (None: all are named).
    """
    ranges: list[tuple[str, int, int]] = []
    others: list[str] = []
    for cell in dict.fromkeys(cells):
        match = _CELL.match(cell)
        if match is None:
            others.append(cell)
            continue
        column, row = match[1], int(match[2])
        if ranges and ranges[-1][0] == column and ranges[-1][2] == row - 1:
            ranges[-1] = (column, ranges[-1][1], row)
        else:
            ranges.append((column, row, row))
    return _listed([_range(*item) for item in ranges] + others, most)


def joined_rows(rows: Iterable[object], most: int = MOST) -> str:
    """Name rows of a sheet by number, cut after the first few."""
    return _listed([str(row) for row in rows], most)


def _range(column: str, first: int, last: int) -> str:
    return f"{column}{first}" if first == last else f"{column}{first}:{column}{last}"


def _listed(parts: list[str], most: int | None) -> str:
    if most is not None and len(parts) > most:
        parts = [*parts[:most], "…"]
    return ", ".join(parts)


TEMPLATES: Mapping[str, Template] = {
    **STRUCTURE,
    **TYPES,
    **CONTENTS,
    **FIGURES,
    **REVIEW,
    **PAPERS,
}
"""Every wording by code, or by code and variant, joined by colons."""

_INDIVIDUAL = re.compile(
    r"\{(title|table|cells|rows|row|other|expected|stored|total|surplus|included|subject|request"
    r"|due|missing|lost|hidden|sheet)\}"
)
_CURRENCY_PATTERN = "[A-Z]{3}"
_COUNTED = frozenset({"out-of-range", "too-many-decimals"})
"""The codes whose value was read as a number; any other is shown as it was typed."""

_LONGEST = 20
_AMOUNTS = ("cost", "available", "to_be_sought", "surplus", "pledged", "spent", "earlier")


class _Reference(Protocol):
    @property
    def table(self) -> str: ...


class _Field(Protocol):
    """What a wording asks of the field that an issue is about."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def titles(self) -> Mapping[Language, str]: ...
    @property
    def enum(self) -> tuple[str, ...]: ...
    @property
    def pattern(self) -> str | None: ...
    @property
    def minimum(self) -> Decimal | None: ...
    @property
    def maximum(self) -> Decimal | None: ...
    @property
    def language(self) -> Language | None: ...
    @property
    def text(self) -> str | None: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def list(self) -> bool: ...
    @property
    def reference(self) -> _Reference | None: ...


def worded(issue: Issue, say: Words) -> Worded:
    """Put an issue into words; where it stands is for the report to say."""
    template = TEMPLATES[pattern(issue)]
    places = _places(issue, say)
    return Worded(say(template.message, **places), say(template.remedy, **places))


def folded(issues: Sequence[Issue], say: Words) -> str:
    """Say what several issues of one wording in one column share, and name their values."""
    template = TEMPLATES[pattern(issues[0])]
    sentence = say(template.several, **{**_places(issues[0], say), "count": len(issues)})
    values = list(dict.fromkeys(issue.value or "" for issue in issues))
    if "{activity}" in template.message and "{value}" not in template.message:
        return say("{sentence} Activities: {values}", sentence=sentence, values=listed(values))
    if "“{value}”" in template.message:
        return say("{sentence} Found: {values}", sentence=sentence, values=quoted(values, say))
    if "{value}" in template.message:
        return say("{sentence} Found: {values}", sentence=sentence, values=listed(values))
    return sentence


def told_apart(issue: Issue) -> bool:
    """Tell whether the message says more of its cell than the value, so that each one counts."""
    return bool(_INDIVIDUAL.search(TEMPLATES[pattern(issue)].message))


def pattern(issue: Issue) -> str:
    """Give the key of the wording that fits an issue: its code, or code and variant."""
    variant = _VARIANTS.get(issue.code)
    found = variant(issue) if variant else ""
    key = f"{issue.code}:{found}" if found else issue.code
    return key if key in TEMPLATES else issue.code


def _field(issue: Issue) -> _Field | None:
    return cast("_Field | None", issue.values.get("field"))


def _wrong_type(issue: Issue) -> str:
    field = _field(issue)
    found = issue.values.get("found", "")
    meant = "either" if "|" in str(issue.values.get("meant", "")) else ""
    parts = [field.type if field else "", str(found), meant]
    return ":".join(part for part in parts if part)


def _missing_value(issue: Issue) -> str:
    field = _field(issue)
    if field is None:
        return ""
    if "lost" in issue.values:
        return "lost"
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
    number = _decimal(issue.value)
    if field.minimum == 0 and number is not None and number < 0:
        return "negative"
    if field.minimum is None or field.maximum is None:
        return "most" if field.minimum is None else "least"
    units = {"percent": "percent", "fte": "share"}
    return units.get(field.unit or "", "")


def _wrong_pattern(issue: Issue) -> str:
    field = _field(issue)
    wanted = (field.pattern or "") if field else ""
    if wanted == _CURRENCY_PATTERN:
        return "currency"
    if wanted.startswith("http"):
        return "address"
    return "code" if wanted.startswith("[A-Za-z0-9]") else ""


def _unknown_reference(issue: Issue) -> str:
    field = _field(issue)
    parts = ("list" if field and field.list else "", _near(issue))
    return ":".join(filter(None, parts))


def _near(issue: Issue) -> str:
    return "near" if "nearest" in issue.values else ""


def _duplicate_key(issue: Issue) -> str:
    field = _field(issue)
    if "lost" in issue.values:
        return "lost"
    if field and field.enum:
        return "choice"
    return "pair" if field and field.reference else ""


def _outside_period(issue: Issue) -> str:
    known = {"start", "end"} & issue.values.keys()
    return {"start": "before", "end": "after"}.get("".join(known), "")


def _sequence_gap(issue: Issue) -> str:
    if "cells" not in issue.values:
        return ""
    return "instead" if "missing" in issue.values else "twice"


def _missing_column(issue: Issue) -> str:
    return "setting" if issue.values.get("form") and issue.column else ""


_VARIANTS: Mapping[str, Callable[[Issue], str]] = {
    "wrong-type": _wrong_type,
    "missing-value": _missing_value,
    "out-of-range": _out_of_range,
    "wrong-pattern": _wrong_pattern,
    "unknown-reference": _unknown_reference,
    "duplicate-key": _duplicate_key,
    "missing-column": _missing_column,
    "ambiguous-table": lambda issue: "" if "other_sheet" in issue.values else "absent",
    "nested-area": lambda issue: "itself" if issue.values.get("itself") else "",
    "unknown-column": lambda issue: "" if issue.value else "blank",
    "stale-formula": lambda issue: "" if issue.values.get("expected") else "blank",
    "not-calculated": lambda issue: "empty" if issue.values.get("empty") else "",
    "sequence-gap": _sequence_gap,
    "not-in-list": _near,
    "year-outside-period": _outside_period,
    "weights-not-100": lambda issue: "none" if issue.values.get("none") else "",
    "progress-contradiction": lambda issue: "done" if "as_at" in issue.values else "",
    "text-out-of-place": lambda issue: issue.value or "",
    "recommendation-to-be-funded": lambda issue: (
        "uncosted" if issue.values.get("uncosted") else ""
    ),
    "partly-funded": lambda issue: "" if _decimal(issue.values.get("to_be_sought")) else "partial",
}


def _places(issue: Issue, say: Words) -> dict[str, object]:
    """Give what fills the places of any wording of an issue."""
    values = issue.values
    places: dict[str, object] = {
        name: shown(str(values[name]))
        for name in (
            "limit",
            "start",
            "end",
            "stage",
            "row",
            "included",
            "excluded",
            "area",
            "post",
            "subject",
            "request",
            "decision",
            "number",
            "seq",
            "due",
            "missing",
            "as_at",
            "nearest",
            "lost",
            "references",
            "other_sheet",
        )
        if name in values
    }
    places["value"] = shown(issue.value or "")
    places["sheet"] = shown(issue.sheet)
    places["hidden"] = hidden_words(values.get("hidden", ()), say)
    places["activity"] = shown(str(values.get("activity", issue.value or "")))
    places["table"] = values.get("excel_table", issue.table)
    for name in ("programme", "costs", "funding", "steps", "weights"):
        places[name] = _sheet(issue, name, say)
    titles = values.get("titles")
    if isinstance(titles, dict):
        language = issue.names.language if issue.names else say.language
        places["title"] = titles.get(language, "")
    cells = values.get("cells")
    if isinstance(cells, list):
        places["cells"] = joined(str(cell) for cell in cells)
        places["rows"] = joined_rows(cells)
    if "meant" in values:
        places["meant"] = _either(str(values["meant"]).split("|"), say)
    return places | _figures(issue, say) | _of_field(issue, say)


def _of_field(issue: Issue, say: Words) -> dict[str, object]:
    field = _field(issue)
    if field is None:
        return {}
    places: dict[str, object] = {"choices": ", ".join(field.enum)}
    if field.language:
        places["language"] = label("language", field.language.value, say)
    if field.reference:
        places["target"] = _sheet(issue, field.reference.table, say)
    plain = field.type in ("year", "date")
    for name, bound in (("least", field.minimum), ("most", field.maximum)):
        if bound is not None:
            places[name] = f"{bound:f}" if plain else amounts_in(say.language).number(bound)
    after = cast("_Field | None", issue.values.get("not_before"))
    if after is not None:
        places["other"] = heading(issue, after, say.language)
        places["least"] = shown(str(issue.values.get("least", "")))
    if field.type == "number" and issue.code in _COUNTED:
        number = _decimal(issue.value)
        if number is not None:
            places["value"] = amounts_in(say.language).number(number)
    return places


def _sheet(issue: Issue, table: str, say: Words) -> str:
    """Return the name of a table's sheet in the workbook of the issue."""
    return shown(issue.names.sheets[table]) if issue.names else label("table", table, say)


def heading(issue: Issue, field: _Field, language: Language) -> str:
    """Return the heading of a field of the issue's table, as its workbook has it."""
    if issue.names is None:
        return field.titles[language]
    return shown(issue.names.headings[issue.table, field.name])


def _figures(issue: Issue, say: Words) -> dict[str, object]:
    values, amounts = issue.values, amounts_in(say.language)
    places: dict[str, object] = {
        name: _money(values[name], values.get("currency"), say)
        for name in _AMOUNTS
        if name in values
    }
    for name in ("expected", "stored", "unit_cost"):
        if name in values:
            written = amounts.text(values[name])
            places[name] = written or quoted([str(values[name])], say)
    for name in ("quantity", "total"):
        number = _decimal(values.get(name))
        if number is not None:
            places[name] = amounts.number(number)
    if issue.code == "amount-mismatch":
        places["amount"] = amounts.text(issue.value) or shown(issue.value or "")
    return places


def _money(amount: object, currency: object, say: Words) -> str:
    written = amounts_in(say.language).text(amount) or shown(str(amount))
    if not currency:
        return written
    return say("{currency}\N{NO-BREAK SPACE}{amount}", currency=currency, amount=written)


def _either(texts: Iterable[str], say: Words) -> str:
    first, *others = (say("“{value}”", value=shown(text)) for text in texts)
    return say("{first} or {second}", first=first, second=others[0]) if others else first


def _decimal(text: object) -> Decimal | None:
    try:
        number = Decimal(str(text))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number.adjusted() < _LONGEST else None
