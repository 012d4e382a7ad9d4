"""
The formulas of the workbook: native functions, structured references, no arrays to confirm.

A template names columns as `{costs.amount}` (the whole column), `{costs.amount#}` (its header)
and `{@amount}` (the cell of the same row); `References` puts the workbook's own titles there.
Keys are compared as the program compares them, without regard to case and outer spaces, and
never by SUMIFS or COUNTIF, which take "1.10" for 1.1 and `*` for a wildcard. Amounts are
arguments of SUMPRODUCT of their own, so that a text counts as nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.model import CRITERIA
from cmswp_xl.scores import REVERSED, TURN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cmswp_xl.languages import Language
    from cmswp_xl.schema import Field, TableSchema

_PLACE = re.compile(r"\{(?P<row>@?)(?:(?P<table>[a-z_]+)\.)?(?P<field>[a-z_]+)(?P<header>#?)\}")
_SPECIAL = re.compile(r"(['\[\]#])")

HIGHEST_NUMBER = 999
"""The last number that the next free id of an area is looked for in."""


@dataclass(frozen=True, slots=True)
class References:
    """Structured references to the columns of the tables, in the workbook's language."""

    schemas: Mapping[str, TableSchema]
    language: Language

    def column(self, table: str, field: str) -> str:
        """Give the cells of a column: Costs[Amount]."""
        return f"{self.schemas[table].table}[{self._title(table, field)}]"

    def columns(self, table: str, first: str, last: str) -> str:
        """Return the cells of neighbouring columns: Costs[[Activity]:[Note]]."""
        titles = self._title(table, first), self._title(table, last)
        return f"{self.schemas[table].table}[[{titles[0]}]:[{titles[1]}]]"

    def header(self, table: str, field: str) -> str:
        """Give the header cell of a column."""
        return f"{self.schemas[table].table}[[#Headers],[{self._title(table, field)}]]"

    def this_row(self, table: str, field: str) -> str:
        """Give the cell of a column in the row of the formula."""
        return f"{self.schemas[table].table}[[#This Row],[{self._title(table, field)}]]"

    def fill(self, template: str, table: str = "") -> str:
        """Put references in the places of a template; `table` is the one the formula stands in."""

        def reference(place: re.Match[str]) -> str:
            name = place["table"] or table
            if place["row"]:
                return self.this_row(name, place["field"])
            if place["header"]:
                return self.header(name, place["field"])
            return self.column(name, place["field"])

        return _PLACE.sub(reference, template)

    def figure(self, table: str, field: Field) -> str:
        """Give the formula of a computed column."""
        if field.title_of:
            return self.fill(self._title_template(table, field.title_of), table)
        return self.fill(FIGURES[table, field.figure or ""], table)

    def title_field(self, table: str) -> str:
        """Give the field that says in the workbook's language what a code stands for."""
        base = {"donors": "name", "recommendations": "text"}.get(table, "title")
        return f"{base}_{self.language.value}"

    def _title_template(self, table: str, field: str) -> str:
        reference = self.schemas[table].field(field).reference
        if reference is None:
            raise KeyError(field)
        key = f"{{{reference.table}.{reference.field}}}"
        shown = f"{{{reference.table}.{self.title_field(reference.table)}}}"
        return looked_up(f"{{@{field}}}", key, shown)

    def _title(self, table: str, field: str) -> str:
        title = self.schemas[table].field(field).titles[self.language]
        return _SPECIAL.sub(r"'\1", title)


def same(left: str, right: str) -> str:
    """Give the comparison of two keys, or of a column of keys with one."""
    return f"EXACT(LOWER(TRIM({left})),LOWER(TRIM({right})))"


def filled(cells: str) -> str:
    """Give the test whether cells hold anything that can be seen."""
    return f'(TRIM({cells})<>"")'


def looked_up(key: str, keys: str, results: str) -> str:
    """
    Give the look-up of a key: the result as text, "" where the key is blank or unknown.

    LOOKUP passes over the errors that 1/FALSE makes and stops at the match.
    """
    found = f"LOOKUP(2,1/{same(keys, key)},{results})"
    return f'=IF(TRIM({key})="","",IFERROR({found}&"",""))'


def counted(*conditions: str) -> str:
    """Give the count of the rows for which all conditions hold."""
    return f"SUMPRODUCT({','.join(f'--{condition}' for condition in conditions)})"


def summed(amounts: str, *conditions: str) -> str:
    """Give the sum of the amounts of the rows for which all conditions hold, in whole cents."""
    tests = "".join(f"--{condition}," for condition in conditions)
    return f"ROUND(SUMPRODUCT({tests}{amounts}),2)"


def in_scenario(scenarios: str) -> str:
    """Give the test whether rows belong to every scenario or to the programme's."""
    return f'((TRIM({scenarios})="")+{same(scenarios, "Programme_scenario")}>0)'


def matchable(cells: str) -> str:
    """Give keys in the form that MATCH compares, rid of the signs that it takes for wildcards."""
    plain = f"LOWER(TRIM({cells}))"
    for sign, name in (("~", "¦1"), ("*", "¦2"), ("?", "¦3")):
        plain = f'SUBSTITUTE({plain},"{sign}","{name}")'
    return plain


def array(cells: str) -> str:
    """Give cells as an array, which MATCH needs, even where a column has but one row."""
    return f'{cells}&{{""}}'


def matched(keys: str, known: str, kept: str = "") -> str:
    """Give the test, row by row, whether a key is among the known ones of rows with `kept`."""
    sought, among = matchable(keys), matchable(array(known))
    if kept:
        sought, among = f'{sought}&"|1"', f'{among}&"|"&(--{kept})'
    return f"ISNUMBER(MATCH({sought},{among},0))"


_OF_ACTIVITY = same("{costs.activity}", "{@id}")
_FOR_ACTIVITY = same("{funding.activity}", "{@id}")
_AVAILABLE = "ROUND(SUM({@core},{@voluntary},{@other}),2)"
_NUMBER = "TEXT(ROW(INDEX($A:$A,1):INDEX($A:$A," + str(HIGHEST_NUMBER) + ')),"00")'


def _available(kind: str) -> str:
    """Give the money of one kind that is available for the activity of the row."""
    money = summed("{funding.counted}", _FOR_ACTIVITY, f'({{funding.source_kind}}="{kind}")')
    none = f"{counted(_FOR_ACTIVITY, 'ISNUMBER({funding.counted})')}=0"
    return f'=IF(TRIM({{@id}})="","",IF(AND({{@cost}}="",{none}),"",{money}))'


def _counts(*more: str) -> str:
    """Give the amount of the row where it counts, else "" (never an amount that is a text)."""
    scenario = f'OR(TRIM({{@scenario}})="",{same("{@scenario}", "Programme_scenario")})'
    return f'=IF(AND(ISNUMBER({{@amount}}),{",".join((scenario, *more))}),{{@amount}},"")'


def _percents(table: str) -> str:
    of_post = same(f"{{{table}.post}}", "{@id}")
    rows = counted(of_post, f"ISNUMBER({{{table}.percent}})")
    together = summed(f"{{{table}.percent}}", of_post)
    return f'=IF(TRIM({{@id}})="","",IF({rows}=0,"",{together}))'


def _year_to_be_sought() -> str:
    """Give the money still to be sought for an activity and year, on its first row that counts."""
    of_row = same("{costs.activity}", "{@activity}")
    of_year = '({costs.year}&""={@year}&"")'
    for_row = same("{funding.activity}", "{@activity}")
    for_year = '({funding.year}&""={@year}&"")'
    above = counted(
        of_row, of_year, "ISNUMBER({costs.counted})", "(ROW({costs.activity})<ROW({@activity}))"
    )
    cost = summed("{costs.counted}", of_row, of_year)
    money = summed("{funding.counted}", for_row, for_year)
    gap = f"MAX(ROUND({cost}-{money},2),0)"
    return f'=IF({{@counted}}="","",IF({above}>0,"",{gap}))'


def _score() -> str:
    """Give the score of a request where all its scores are there and the weights are whole."""
    parts = []
    for name in CRITERIA:
        points = f"({TURN}-{{@{name}}})" if name in REVERSED else f"{{@{name}}}"
        weight = summed("{weights.weight}", same("{weights.criterion}", f'"{name}"'))
        parts.append(f"{weight}*{points}")
    given = ",".join(f"{{@{name}}}" for name in CRITERIA)
    whole = "ROUND(SUM({weights.weight}),2)=100"
    known = f'AND(TRIM({{@id}})<>"",COUNT({given})={len(CRITERIA)},{whole})'
    return f'=IF({known},ROUND(ROUND(({"+".join(parts)})/100,6),2),"")'


FIGURES: Mapping[tuple[str, str], str] = {
    ("areas", "next_id"): (
        '=IF(TRIM({@code})="","",TRIM({@code})&"-"&TEXT(1+SUMPRODUCT(MAX('
        "ROW(INDEX($A:$A,1):INDEX($A:$A," + str(HIGHEST_NUMBER) + "))"
        '*ISNUMBER(MATCH(LOWER(TRIM({@code}))&"-"&' + _NUMBER + ","
        'LOWER(TRIM({activities.id}&{""})),0)))),"00"))'
    ),
    ("activities", "cost"): (
        '=IF(TRIM({@id})="","",IF('
        + counted(_OF_ACTIVITY, "ISNUMBER({costs.counted})")
        + '=0,"",'
        + summed("{costs.counted}", _OF_ACTIVITY)
        + "))"
    ),
    ("activities", "core"): _available("core"),
    ("activities", "voluntary"): _available("voluntary"),
    ("activities", "other"): _available("other"),
    ("activities", "to_be_sought"): (
        f'=IF({{@cost}}="","",MAX(ROUND({{@cost}}-{_AVAILABLE},2),0))'
    ),
    ("activities", "funding_status"): (
        '=IF(TRIM({@id})="","",IF({@cost}="","not-costed",IF({@cost}=0,"no-cost",'
        f'IF({_AVAILABLE}=0,"unfunded",IF({_AVAILABLE}<{{@cost}},"partly-funded",'
        f'IF({_AVAILABLE}>{{@cost}},"overfunded",'
        'IF(TRIM({@costing})="partial","partly-funded","funded")))))))'
    ),
    ("costs", "counted"): _counts(),
    ("costs", "year_to_be_sought"): _year_to_be_sought(),
    ("funding", "source_kind"): looked_up("{@source}", "{sources.code}", "{sources.kind}"),
    ("funding", "counted"): _counts(
        'OR(TRIM({@stage})="confirmed",TRIM({@stage})="received")', 'TRIM({@in_kind})<>"yes"'
    ),
    ("posts", "allocated"): _percents("allocations"),
    ("posts", "paid"): _percents("postfunding"),
    ("requests", "score"): _score(),
}
"""The formula of every computed figure by table and figure; `computed` gives the same values."""
