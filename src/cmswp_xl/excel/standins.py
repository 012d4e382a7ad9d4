"""
What stands in for the tables that a worksheet function was not given.

The stages that check and reckon want a whole programme. A table that is not given is made of the
codes that the given ones refer to, so that only what is given is judged, and only it counts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cmswp_xl.languages import Language
from cmswp_xl.matching import names_of
from cmswp_xl.samples import RowsSource
from cmswp_xl.schema import load_schemas
from cmswp_xl.tables import comparable, is_blank
from cmswp_xl.validate.rules import split_entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cmswp_xl.schema import Field, Reference
    from cmswp_xl.tables import RawTable, Table

_SOME = "1"
"""A code where one is needed and none is known."""


def stand_ins(given: Mapping[str, Table]) -> list[RawTable]:
    """Give tables for those not given, with a row for every code that the given ones name."""
    titles = names_of(given, load_schemas()).language
    content = _content(_referred(given), _language(given))
    made = {name: rows for name, rows in content.items() if name not in given}
    schemas = load_schemas()
    absent = {schemas[name].table for name in made}
    return [t for t in RowsSource(made, schemas, titles).tables() if t.name in absent]


def _content(
    codes: Mapping[str, list[str]], language: Language
) -> dict[str, list[dict[str, Any]]]:
    first, last = (
        load_schemas()["programme"].field(name) for name in ("period_start", "period_end")
    )
    settings = {
        "title_" + language: _SOME,
        "period_start": int(first.minimum or 0),
        "period_end": int(last.maximum or 0),
        "currency": "XXX",
        "original_language": language.value,
    }
    title, name = {"title_" + language: _SOME}, {"name_" + language: _SOME}
    text = {"text_" + language: _SOME}
    activity = {"area": _SOME, **title}
    post = {"grade": _SOME, "source": _SOME, **title}
    return {
        "programme": [settings],
        "areas": [{"code": code, **title} for code in codes["areas"]],
        "activities": [
            {"id": code, "number": str(number), **activity}
            for number, code in enumerate(codes["activities"], 1)
        ],
        "sources": [{"code": code, "kind": "other", **title} for code in codes["sources"]],
        "donors": [{"code": code, **name} for code in codes["donors"]],
        "posts": [{"id": code, **post} for code in codes["posts"]],
        "mandates": [{"code": code} for code in codes["mandates"]],
        "scenarios": [{"code": code, **title} for code in codes["scenarios"]],
        "subjects": [{"point": int(code), **title} for code in codes["subjects"]],
        "evidence": [{"code": code, "kind": "website", **title} for code in codes["evidence"]],
        "recommendations": [
            {"number": code, "subject": _point(code), "decision": "no-action", **text}
            for code in codes["recommendations"]
        ],
    }


def _point(number: str) -> int:
    """Give the point that a recommendation's number begins with."""
    point = number.partition(".")[0]
    return int(point) if point.isascii() and point.isdecimal() else 1


def _referred(given: Mapping[str, Table]) -> dict[str, list[str]]:
    """Give by table the sound codes that the given tables refer to, in order, each once."""
    schemas = load_schemas()
    found: dict[str, dict[str, str]] = {name: {} for name in schemas}
    for table in given.values():
        for field in table.schema.inputs():
            reference = field.reference
            if reference is None:
                continue
            key = schemas[reference.table].field(reference.field)
            known = found[reference.table]
            for code in _codes(table, field, reference):
                if re.fullmatch(key.pattern or ".+", code):
                    known.setdefault(comparable(code), code)
    points = {str(_point(code)) for code in found["recommendations"].values()}
    if "subjects" not in given and "recommendations" not in given:
        found["subjects"] |= {point: point for point in sorted(points)}
    for name, needing in (("areas", "activities"), ("sources", "posts")):
        if found[needing] and not {name, needing} & set(given):
            found[name].setdefault(_SOME, _SOME)
    return {name: list(codes.values()) for name, codes in found.items()}


def _codes(table: Table, field: Field, reference: Reference) -> Iterator[str]:
    for cell in table.columns.get(field.name, ()):
        if field.type == "integer" and isinstance(cell, (int, float)) and cell == int(cell):
            yield str(int(cell))
        if not isinstance(cell, str) or is_blank(cell) or field.type == "integer":
            continue
        entries = cell.replace("\n", ";").split(";") if field.list else [cell]
        for entry in entries:
            yield split_entry(entry, locator=reference.locator)[0]


def _language(given: Mapping[str, Table]) -> Language:
    """Give the language in which most of the required texts are there, as the original one."""
    counts = dict.fromkeys(Language, 0)
    for table in given.values():
        for field in table.schema.inputs():
            if field.required_text and field.language:
                cells = table.columns.get(field.name, ())
                counts[field.language] += sum(not is_blank(cell) for cell in cells)
    return max(Language, key=lambda language: counts[language])
