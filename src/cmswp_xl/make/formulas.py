"""
The formulas of the workbook: native functions, structured references, no arrays to confirm.

A template names columns as `{costs.amount}` (the whole column), `{costs.amount#}` (its header)
and `{@amount}` (the cell of the same row); `References` puts the workbook's own titles there, and
for `{=stage:pledged}` the word that the workbook has for a code.

A key is looked up once a row, in the column of search keys that its own table has: in small
letters and without outer spaces, rid of the signs that MATCH takes for wildcards, and confirmed
by EXACT. Sums go by the number of the row that was found. Text never goes into SUMIFS as a
criterion unless it is a word of ours, since SUMIFS takes "1.10" for 1.1 and `*` for a wildcard.
Amounts are arguments of SUMIFS or SUMPRODUCT of their own, so that a text counts as nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cmswp_xl.figures.computed import COUNTED_AS, REVERSED, SIGNS, STEP, TURN, text_of
from cmswp_xl.figures.declarations import COMBINATIONS, KINDS, NEVER_BLANK, Combination, Operation
from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.labels import FIELD_KINDS, label
from cmswp_xl.messages.labels import KINDS as WORD_KINDS
from cmswp_xl.model import CRITERIA
from cmswp_xl.numbering import PART_ROOM, SORTED_PARTS
from cmswp_xl.schema import ENTRY, ENTRY_KINDS, Field, TableSchema, sheet_schemas

_PLACE = re.compile(
    r"\{(?P<row>@?)(?:(?P<table>[a-z_]+)\.)?(?P<field>[a-z_][a-z_0-9]*)(?P<header>#?)\}"
)
_WORD = re.compile(r"\{=([a-z-]+):([a-z-]+)\}")
_SPECIAL = re.compile(r"(['\[\]#])")

PERIOD = "COUNT(Programme_period_start,Programme_period_end)=2"
"""The test whether the programme's period is given."""
LENGTH = "Programme_period_end-Programme_period_start+1"

ANY_NUMBER = '">-1E+300"'
"""The criterion that every number meets and no text."""

HIGHEST_NUMBER = 999
"""The last number that the next free id of an area is looked for in."""


@dataclass(frozen=True, slots=True)
class References:
    """Structured references to the columns of the tables, in the workbook's language."""

    schemas: Mapping[str, TableSchema]
    say: Words
    _filled: dict[tuple[str, str], str] = field(default_factory=dict, init=False, repr=False)

    @property
    def language(self) -> Language:
        """The language of the workbook."""
        return self.say.language

    def column(self, table: str, field: str, part: str = "") -> str:
        """Return the cells of a column, Costs[Amount], or a part: Costs[[#Headers],[Amount]]."""
        title = f"[{self._title(table, field)}]"
        return f"{self.schemas[table].table}{f'[[#{part}],{title}]' if part else title}"

    def columns(self, table: str, first: str, last: str) -> str:
        """Return the cells of neighbouring columns: Costs[[Activity]:[Note]]."""
        titles = self._title(table, first), self._title(table, last)
        return f"{self.schemas[table].table}[[{titles[0]}]:[{titles[1]}]]"

    def fill(self, template: str, table: str = "") -> str:
        """Put references in the places of a template; `table` is the one the formula stands in."""
        if (template, table) not in self._filled:
            self._filled[template, table] = self._fill(template, table)
        return self._filled[template, table]

    def _fill(self, template: str, table: str) -> str:
        def reference(place: re.Match[str]) -> str:
            part = "This Row" if place["row"] else "Headers" if place["header"] else ""
            return self.column(place["table"] or table, place["field"], part)

        def word(place: re.Match[str]) -> str:
            return f'"{label(place[1], place[2], self.say)}"'

        return _PLACE.sub(reference, _WORD.sub(word, template))

    def figure(self, table: str, field: Field) -> str:
        """Return the formula of a computed column."""
        return self.fill(self._template(table, field), table)

    def title_field(self, table: str) -> str:
        """Return the field that says in the workbook's language what a code stands for."""
        return f"{text_of(table)}_{self.language.value}"

    def _template(self, table: str, field: Field) -> str:
        if field.figure:
            written = FIGURES.get((table, field.figure))
            return written or combination(COMBINATIONS[field.figure])
        if field.key_of:
            return f"={matchable(f'{{@{field.key_of}}}')}"
        name = field.title_of or field.row_of or ""
        schema = self.schemas[table]
        reference = schema.field(name).reference
        if reference is None:
            raise KeyError(name)
        keys = f"{{{reference.table}.key}}"
        if field.row_of:
            return row_found(f"{{@{name}}}", keys)
        shown = f"{{{reference.table}.{self.title_field(reference.table)}}}"
        row = schema.row_field(name)
        if row is not None:
            return shown_at(f"{{@{row.name}}}", shown)
        return looked_up(f"{{@{name}}}", keys, shown)

    def _title(self, table: str, field: str) -> str:
        title = self.schemas[table].field(field).titles[self.language]
        return _SPECIAL.sub(r"'\1", title)


def same(left: str, right: str) -> str:
    """Return the comparison of two keys, or of a column of keys with one."""
    return f"EXACT(LOWER(TRIM({left})),LOWER(TRIM({right})))"


def filled(cells: str) -> str:
    """Return the test whether cells hold anything that can be seen."""
    return f'(TRIM({cells})<>"")'


def row_found(key: str, keys: str) -> str:
    """Return the look-up of the row that a key stands in, "" where it is blank or unknown."""
    sought = matchable(key)
    row = f"MATCH({sought},{keys},0)"
    return f'=IF(TRIM({key})="","",IFERROR({row}/EXACT(INDEX({keys},{row}),{sought}),""))'


def shown_at(row: str, results: str) -> str:
    """Return what a column shows in the row of that number, as text, "" where there is none."""
    return f'=IF({row}="","",INDEX({results},{row})&"")'


def looked_up(key: str, keys: str, results: str) -> str:
    """Return what a column shows in the row of a key, "" where the key is blank or unknown."""
    row = f"MATCH({matchable(key)},{keys},0)"
    return f'=IF(TRIM({key})="","",IFERROR(INDEX({results},{row})&"",""))'


def counted(*conditions: str) -> str:
    """Return the count of the rows for which all conditions hold."""
    return f"SUMPRODUCT({','.join(f'--{condition}' for condition in conditions)})"


def first_of(*conditions: str) -> str:
    """Return the number of the first row for which all conditions hold."""
    return f"MATCH(1,INDEX({'*'.join(conditions)}*{{1}},0),0)"


def summed(amounts: str, *conditions: str) -> str:
    """Return the sum of the amounts of the rows for which all conditions hold, in whole cents."""
    tests = "".join(f"--{condition}," for condition in conditions)
    return f"ROUND(SUMPRODUCT({tests}{amounts}),2)"


def added(amounts: str, *conditions: str) -> str:
    """Return the sum of the amounts by conditions of SUMIFS, each a column and what it holds."""
    return f"ROUND(SUMIFS({amounts},{','.join(conditions)}),2)"


def numbers(cells: str, *conditions: str) -> str:
    """Return the count of the cells with a number, by conditions as those of `added`."""
    return f"COUNTIFS({','.join((cells, ANY_NUMBER, *conditions))})"


def in_year(table: str, year: str) -> tuple[str, ...]:
    """Return the conditions for the rows of a year that count; 0 is the whole period."""
    return _numbered(f"{{{table}.activity_year}}", year)


def counted_as(kind: str) -> tuple[str, ...]:
    """Return the conditions for the contributions that count as money of a kind."""
    return _numbered("{funding.counted_as}", str(COUNTED_AS[kind]))


def _numbered(column: str, number: str) -> tuple[str, ...]:
    return column, f'">="&{number}*{STEP}', column, f'"<"&({number}+1)*{STEP}'


def nth_year(number: str) -> str:
    """Return the formula of a year of the period by its number from 1, "" beyond the last."""
    year = f"Programme_period_start+{number}-1"
    return f'=IF({PERIOD},IF({year}<=Programme_period_end,{year},""),"")'


def number_of(key: str) -> str:
    """Return the number of the formula's row in its table; `key` is one of the columns."""
    return f"(ROW()-ROW({key[:-1]}#}}))"


def numbers_of(key: str) -> str:
    """Return the numbers of all rows of a table, from 1."""
    return f"(ROW({key})-ROW({key[:-1]}#}}))"


def in_scenario(scenarios: str) -> str:
    """Return the test whether rows belong to every scenario or to the programme's."""
    return f'((TRIM({scenarios})="")+{same(scenarios, "Programme_scenario")}>0)'


def matchable(cells: str) -> str:
    """Return keys in the form of the columns of search keys."""
    plain = f"LOWER(TRIM({cells}))"
    for sign, name in SIGNS:
        plain = f'SUBSTITUTE({plain},"{sign}","{name}")'
    return plain


ROOM_FOR_SPELLINGS = 8
"""The room for the spellings of one code in the list of all spellings."""


def list_name(table: str, item: Field) -> str:
    """Return the defined name of the words of a field's list, in the workbook's language."""
    return f"word_{table}_{item.name}"


def spellings_name(kind: str) -> str:
    """Return the defined name of all spellings of a kind of word, code by code."""
    return f"said_{kind.replace('-', '_')}"


def spellings_row(kind: str, code: str | None = None) -> int:
    """Return where the spellings of a code begin, from 0; without a code, where they end."""
    codes = list(WORD_KINDS[kind])
    return ROOM_FOR_SPELLINGS * (codes.index(code) if code else len(codes))


def word_number(cells: str, kind: str) -> str:
    """Return the number, from 0, of the code that cells stand for; an error where for none."""
    return f"INT((MATCH({matchable(cells)},{spellings_name(kind)},0)-1)/{ROOM_FOR_SPELLINGS})"


def is_word(cells: str, kind: str, code: str) -> str:
    """Return the test whether cells stand for a code, in whatever language."""
    return f"ISNUMBER(1/({word_number(cells, kind)}={list(WORD_KINDS[kind]).index(code)}))"


def setting_number_name(name: str) -> str:
    """Return the defined name of the number of the code that a setting's word stands for."""
    return f"Programme_{name}_number"


def is_setting(name: str, code: str) -> str:
    """Return the test whether the word of a setting stands for a code."""
    number = list(WORD_KINDS[FIELD_KINDS["programme", name]]).index(code)
    return f"ISNUMBER(1/({setting_number_name(name)}={number}))"


def combination(figure: Combination) -> str:
    """Return the formula of a figure of Activities that is made of columns beside it."""
    if figure.name in NEVER_BLANK:
        raise KeyError(figure.name)
    gains, losses = ([name for part, name in figure.parts if part == sign] for sign in (1, -1))
    # a column that is never blank here is a number itself
    amount = "-".join(
        _cells(names) if len(names) == 1 and names[0] in figure.needs else f"SUM({_cells(names)})"
        for names in (gains, losses)
        if names
    )
    amount = f"ROUND({amount},2)"
    if figure.operation is Operation.EXCESS:
        amount = f"MAX({amount},0)"
    none = f"COUNT({_cells(name for _, name in figure.parts)})=0"
    blank = [f'{{@{name}}}=""' for name in figure.needs] or [none]
    unknown = blank[0] if len(blank) == 1 else f"OR({','.join(blank)})"
    return f'=IF({unknown},"",{amount})'


def _cells(names: Iterable[str]) -> str:
    return ",".join(f"{{@{name}}}" for name in names)


def array(cells: str) -> str:
    """Return cells as an array, which MATCH needs, even where a column has but one row."""
    return f'{cells}&{{""}}'


def matched(cells: str, keys: str) -> str:
    """Return the test, cell by cell, whether a key is among the search keys of a table."""
    return f"ISNUMBER(MATCH({matchable(cells)},{keys},0))"


_NO_YEAR = 9999
"""Stands for a year that is no number, so that the row belongs to none."""
_OF_ACTIVITY = ("{costs.activity_row}", number_of("{activities.id}"))
_FOR_ACTIVITY = ("{funding.activity_row}", number_of("{activities.id}"))
_COST = f"SUMIFS({{costs.counted}},{','.join(_OF_ACTIVITY)})"
_OF_SCENARIO = f'OR(TRIM({{@scenario}})="",{same("{@scenario}", "Programme_scenario")})'


def _money(kind: str, column: str = "counted") -> str:
    """Return the money of one kind for the activity of the row."""
    number = f"{COUNTED_AS[kind] * STEP}+{number_of('{activities.id}')}"
    return added(f"{{funding.{column}}}", "{funding.counted_as}", number)


def _counted_as() -> str:
    """
    Return the number of what a contribution counts as and of its activity's row.

    It is blank where the stage or the kind of the source is none of the words.
    """
    pledged, in_kind = COUNTED_AS["pledged"], COUNTED_AS["in_kind"]
    money = f"1+{word_number('{@source_kind}', 'source-kind')}"
    stages = (pledged if stage == "pledged" else money for stage in WORD_KINDS["stage"])
    stage = f"CHOOSE(1+{word_number('{@stage}', 'stage')},{','.join(map(str, stages))})"
    kind = f"IF({is_word('{@in_kind}', 'yes-no', 'yes')},{in_kind},{stage})"
    number = f'IFERROR({kind}*{STEP}+N({{@activity_row}}),"")'
    return f'=IF(AND(ISNUMBER({{@amount}}),{_OF_SCENARIO}),{number},"")'


def _activity_year(counts: str) -> str:
    """Return the number of year and activity; a blank activity or count makes it blank."""
    year = f'IF(TRIM({{@year}})="",0,IFERROR(VALUE(TRIM({{@year}})),{_NO_YEAR}))'
    return f'=IFERROR({year}*{STEP}+{{@activity_row}}+0*{{@{counts}}},"")'


def _highest() -> str:
    """Return the highest number of two or three digits after the code of an area in its ids."""
    start = f'{matchable("{@code}")}&"-"'
    rest = f"MID({{activities.key}},LEN({start})+1,{len(str(HIGHEST_NUMBER))})"
    whole = f'({{activities.key}}={start}&TEXT(--{rest},"00"))'
    return f"MAX(0,IFERROR(_xlfn.AGGREGATE(14,6,{rest}/{whole},1),0))"


def _number_model() -> str:
    """Return the number that shows how those of an area begin, as in `numbering.number_model`."""
    row = number_of("{areas.code}")
    first = f"INDEX({{activities.number}},MATCH({row},{{activities.area_row}},0))"
    last = f"LOOKUP(2,1/({{activities.area_row}}={row}),{{activities.number}})"
    like = f"TRIM(IF({_points(last)}<={_points(first)},{last},{first}))"
    some = f"ISNUMBER(MATCH({row},{{activities.area_row}},0))"
    return f'=IF(TRIM({{@code}})="","",IF({some},{like},{row}&"."))'


def _number_stem() -> str:
    model = "{@number_model}"
    cut = f'FIND("¦",SUBSTITUTE({model},".","¦",{_points(model)}))'
    return f'=IFERROR(LEFT({model},{cut}),"")'


def _points(number: str) -> str:
    return f'(LEN({number})-LEN(SUBSTITUTE({number},".","")))'


def _number_counted() -> str:
    """Return what a number counts after the beginning of those of its area, up to 999."""
    stem, number = "INDEX({areas.number_stem},{@area_row})", "TRIM({@number})"
    digits = f"LEFT(MID({number},LEN({stem})+1,3),{{1,2,3}})"
    whole = f'(TEXT(--{digits},{{"0","00","000"}})={digits})'
    counted = f'IFERROR(_xlfn.AGGREGATE(14,6,--{digits}/{whole},1),"")'
    fitting = f"LEFT({number},LEN({stem}))={stem}"
    return f'=IF({{@area_row}}="","",IF({fitting},{counted},""))'


def _number_parts() -> str:
    """Return the parts of a number, each in a room of its own."""
    number = "LOWER(TRIM({@number}))"
    letter = f"AND(ISERROR(--RIGHT({number})),ISNUMBER(--MID({number},LEN({number})-1,1)))"
    before = f"LEFT({number},LEN({number})-1)"
    apart = f'IF(IFERROR({letter},FALSE),{before}&"."&RIGHT({number}),{number})'
    return f'=SUBSTITUTE(SUBSTITUTE({apart}," ","."),".",REPT(" ",{PART_ROOM}))'


def _order() -> str:
    parts = (
        f'RIGHT("0000"&TRIM(MID({{@number_parts}},{part * PART_ROOM + 1},{PART_ROOM})),4)'
        for part in range(SORTED_PARTS)
    )
    area = 'TEXT(N({@area_row}),"0000")'
    return f'=IF({{@number_parts}}="","",{"&".join((area, *parts))})'


def _next_number() -> str:
    """Return the number after the highest of an area."""
    of_area = f"({{activities.area_row}}={number_of('{areas.code}')})"
    highest = f"_xlfn.AGGREGATE(14,6,{{activities.number_counted}}/{of_area},1)"
    return f'=IF(TRIM({{@code}})="","",{{@number_stem}}&(1+IFERROR({highest},0)))'


def _percents(table: str) -> str:
    column, post = f"{{{table}.percent}}", (f"{{{table}.post_row}}", number_of("{posts.id}"))
    none = f"{numbers(column, *post)}=0"
    return f'=IF(TRIM({{@id}})="","",IF({none},"",{added(column, *post)}))'


def _year_to_be_sought() -> str:
    """Return the money still to be sought for an activity and year, on its first row."""
    row = number_of("{costs.activity}")
    first = f"MATCH({{@activity_year}},{{costs.activity_year}},0)={row}"
    cost = "SUMIFS({costs.counted},{costs.activity_year},{@activity_year})"
    money = "SUMIFS({funding.counted},{funding.activity_year},{@activity_year})"
    gap = f"MAX(ROUND({cost}-{money},2),0)"
    return f'=IF({{@activity_year}}="","",IF({first},{gap},""))'


def _score() -> str:
    """Return the score of a request where all its scores are there and the weights are whole."""
    parts = []
    for name in CRITERIA:
        points = f"({TURN}-{{@{name}}})" if name in REVERSED else f"{{@{name}}}"
        weight = summed("{weights.weight}", is_word("{weights.criterion}", "criterion", name))
        parts.append(f"{weight}*{points}")
    given = ",".join(f"{{@{name}}}" for name in CRITERIA)
    whole = "ROUND(SUM({weights.weight}),2)=100"
    known = f'AND(TRIM({{@id}})<>"",COUNT({given})={len(CRITERIA)},{whole})'
    return f'=IF({known},ROUND(ROUND(({"+".join(parts)})/100,6),2),"")'


_PLEDGED = _money("pledged", "amount")
_STATUS = {status: f"{{=funding-status:{status}}}" for status in WORD_KINDS["funding-status"]}


def _entry() -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the sums of each kind of money in a row of Entry, and what is still to be sought."""
    inputs = sheet_schemas()[ENTRY].inputs()
    for kind in ENTRY_KINDS:
        typed = _cells(item.name for item in inputs if item.kind == kind and item.numeric)
        blank, amount = f"COUNT({typed})=0", f"ROUND(SUM({typed}),2)"
        yield (ENTRY, f"total_{kind}"), f'=IF({blank},"",{amount})'
    available = _cells(("total_core", "total_voluntary"))
    gap = f"MAX(ROUND({{@total_cost}}-SUM({available}),2),0)"
    yield (ENTRY, "to_be_sought"), f'=IF({{@total_cost}}="","",{gap})'


FIGURES: Mapping[tuple[str, str], str] = {
    ("areas", "next_id"): (
        f'=IF(TRIM({{@code}})="","",TRIM({{@code}})&"-"&TEXT(1+{_highest()},"00"))'
    ),
    ("areas", "number_model"): _number_model(),
    ("areas", "number_stem"): _number_stem(),
    ("areas", "next_number"): _next_number(),
    ("activities", "number_counted"): _number_counted(),
    ("activities", "number_parts"): _number_parts(),
    ("activities", "order"): _order(),
    ("activities", "cost"): (
        f'=IF(TRIM({{@id}})="","",IFERROR(ROUND(1/(1/{_COST}),2),'
        f'IF({numbers("{costs.counted}", *_OF_ACTIVITY)}=0,"",0)))'
    ),
    ("activities", "core"): (
        '=IF(TRIM({@id})="","",IF(IF({@cost}="",'
        f'{numbers("{funding.counted}", *_FOR_ACTIVITY)},1)=0,"",{_money("core")}))'
    ),
    **{("activities", kind): f'=IF({{@{KINDS[0]}}}="","",{_money(kind)})' for kind in KINDS[1:]},
    ("activities", "pledged"): (
        f'=IF(TRIM({{@id}})="","",IF({{@cost}}<>"",{_PLEDGED},IFERROR(ROUND(1/(1/{_PLEDGED}),2),"")))'
    ),
    ("activities", "funding_status"): (
        f'=IF(TRIM({{@id}})="","",IF({{@cost}}="",{_STATUS["not-costed"]},IF({{@cost}}=0,'
        f"{_STATUS['no-cost']},IF(SUM({{@available}})=0,{_STATUS['unfunded']},"
        f"IF({{@to_be_sought}}>0,{_STATUS['partly-funded']},"
        f"IF(ROUND({{@available}}-{{@cost}},2)>0,{_STATUS['overfunded']},"
        f"IF({is_word('{@costing}', 'costing', 'partial')},{_STATUS['partly-funded']},"
        f"{_STATUS['funded']})))))))"
    ),
    ("costs", "counted"): f'=IF(AND(ISNUMBER({{@amount}}),{_OF_SCENARIO}),{{@amount}},"")',
    ("costs", "activity_year"): _activity_year("counted"),
    ("costs", "year_to_be_sought"): _year_to_be_sought(),
    ("funding", "source_kind"): shown_at("{@source_row}", "{sources.kind}"),
    ("funding", "counted_as"): _counted_as(),
    ("funding", "counted"): f'=IF({{@counted_as}}<{(len(KINDS) + 1) * STEP},{{@amount}},"")',
    ("funding", "activity_year"): _activity_year("counted_as"),
    ("posts", "allocated"): _percents("allocations"),
    ("posts", "paid"): _percents("postfunding"),
    ("requests", "score"): _score(),
    **dict(_entry()),
}
"""
The formulas of computed figures by table and figure; `computed` gives the same values.

A figure that its declaration makes of others needs none: `combination` writes it.
"""
