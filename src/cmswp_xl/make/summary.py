"""The Summary sheet: totals by area, year, source and status, their charts, and the calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from cmswp_xl.cells import address, column_letters, quoted
from cmswp_xl.figures.computed import STEP
from cmswp_xl.figures.declarations import KINDS
from cmswp_xl.figures.totals import Figures, Row
from cmswp_xl.languages import Language
from cmswp_xl.make.book import (
    CHARTS,
    HEADER_ROW,
    LINE_HEIGHT,
    STATUSES,
    Book,
    Look,
    Result,
    Value,
    escaped,
    fitting,
    looks,
    set_height,
)
from cmswp_xl.make.formulas import (
    LENGTH,
    PERIOD,
    added,
    counted,
    counted_as,
    filled,
    in_year,
    is_word,
    nth_year,
    numbers,
    numbers_of,
    summed,
)
from cmswp_xl.make.lists import (
    ACTIVITIES,
    AREAS,
    COUNT,
    MONEY,
    SOURCES,
    YEARS,
    Chart,
    Column,
    Room,
    draw_chart,
    room_for,
    write_head,
    write_rows,
    write_title,
    write_warning,
)
from cmswp_xl.messages.labels import label
from cmswp_xl.money import known_total
from cmswp_xl.resources import texts

_WIDTHS = (20, 40, 14, 14, 14, 14, 14, 14, 12, 12, 10, 10, 10, 10, 10)
_FACTS = HEADER_ROW
"""The row of the first of the facts, which the charts stand beside."""
_SAFELY = 97
"""Percent of the scale that fits the page, since fonts differ a little."""
_TOP = looks("top")
_MARK = "■"
_YEAR_COLUMN = 3
"""The column of the first year."""


class Total(NamedTuple):
    """A line of the grand totals."""

    name: str
    formula: str
    strong: bool = False
    look: Look = MONEY


def _sum(name: str) -> str:
    column = f"{{activities.{name}}}"
    return f'=IF(COUNT({column})=0,"",ROUND(SUM({column}),2))'


def _apart(kind: str) -> str:
    """Return a sum that stands apart: blank where no activity is costed and it is nothing."""
    money = added("{funding.amount}", *counted_as(kind))
    return f'=IF(AND({_NONE_COSTED},{money}=0),"",{money})'


_COSTED = "ISNUMBER({activities.cost})"
_COUNT_COSTED = "COUNT({activities.cost})"
_NONE_COSTED = f"{_COUNT_COSTED}=0"
_IF_MONEY = '=IF(COUNT({activities.core})=0,""'
_ALL_MONEY = f"SUM({','.join(f'{{activities.{kind}}}' for kind in KINDS)})"
_COSTED_MONEY = "+".join(f"SUMPRODUCT(--{_COSTED},{{activities.{kind}}})" for kind in KINDS)
_EXCLUDED = summed("{costs.counted}", is_word("{costs.support_cost}", "support-cost", "excluded"))
_ALL = counted(filled("{activities.id}"))
_PARTIAL = f"={counted(_COSTED, is_word('{activities.costing}', 'costing', 'partial'))}"

TOTALS = (
    Total("cost", _sum("cost"), strong=True),
    *(Total(kind, _sum(kind)) for kind in KINDS),
    Total("available", f"{_IF_MONEY},ROUND({_ALL_MONEY},2))", strong=True),
    Total("to_be_sought", _sum("to_be_sought"), strong=True),
    Total(
        "surplus",
        f'=IF({_NONE_COSTED},"",ROUND({_COSTED_MONEY}-SUM({{activities.cost}})'
        "+SUM({activities.to_be_sought}),2))",
    ),
    Total("uncosted", f"{_IF_MONEY},ROUND({_ALL_MONEY}-({_COSTED_MONEY}),2))"),
    Total("pledged", _apart("pledged")),
    Total("in_kind", _apart("in_kind")),
    Total(
        "support_costs",
        f'=IF(OR(NOT(ISNUMBER(Programme_support_cost_rate)),{_EXCLUDED}=0),"",'
        f"ROUND(Programme_support_cost_rate*{_EXCLUDED}/100,2))",
    ),
    Total("grand_total", '=IF(<cost>="","",ROUND(SUM(<cost>,<support_costs>),2))', strong=True),
    Total("activities", f"={_ALL}", look=COUNT),
    Total("not_costed", f"={_ALL}-{_COUNT_COSTED}", look=COUNT),
    Total("partial", _PARTIAL, look=COUNT),
)


def write_summary(book: Book, sheet: Any, title: str) -> None:
    """Write the Summary sheet: totals, charts, the lists with their room, the calendar."""
    say = book.say
    purpose = say(
        "Totals of the programme of work, calculated from the tables; nothing to type here."
    )
    book.heading(sheet, title, purpose, widths=_WIDTHS)
    row, shown = _totals(book, sheet, _facts(book, sheet, _FACTS) + 1)
    areas = max(row, _FACTS + _CHART_ROWS) + 1
    room = room_for("areas.code", AREAS, len(_lines(book, "area")))
    years = _list(book, sheet, areas, say("By programme area"), _by_area(book), room) + 1
    more = Result(f"IF({PERIOD},{LENGTH}-{YEARS},0)", len(book.years) - YEARS)
    room = Room("years", YEARS, more)
    row = _list(book, sheet, years, say("By year"), _by_year(book), room)
    whole = _by_year(book, whole=True)
    _wrap(sheet, row, whole[1].values)
    row = write_rows(book, sheet, row, whole, 1, _TOP)
    statuses = _period(book, sheet, row, shown) + 1
    sources = _statuses(book, sheet, statuses) + 1
    room = room_for("sources.code", SOURCES, len(_lines(book, "source")))
    by_source = say("By source of money")
    calendar = _list(book, sheet, sources, by_source, _by_source(book), room) + 1
    last = _timetable(book, sheet, calendar)
    here, link = f"internal:{quoted(title)}!A{calendar + 1}", book.formats(**looks("link"))
    sheet.write_url(2, 0, here, link, string="↓ " + say("Calendar of activities"))
    _charts(book, sheet, _FACTS, (areas + 2, years + 2, statuses + 2))
    book.print_set_up(sheet, "outcome", _WIDTHS, HEADER_ROW - 1, last=last)
    sheet.set_print_scale(int(_SAFELY * fitting(_WIDTHS).scale))  # fitted, Excel drops the breaks
    sheet.set_h_pagebreaks([years, calendar])


def _facts(book: Book, sheet: Any, row: int) -> int:
    """Write what the totals are about: title, period, currency, scenario, date."""
    say, as_at = book.say, book.setting("as_at")
    between = say("{first}–{last}", first="", last="")
    period = between.join(map(str, book.period or ()))
    given = "AND(ISNUMBER(Programme_period_start),ISNUMBER(Programme_period_end))"
    years = f'=IF({given},Programme_period_start&"{between}"&Programme_period_end,"")'
    date = "Programme_as_at"  # by its parts: the letters of TEXT follow Excel's own language
    parts = f'YEAR({date})&"-"&TEXT(MONTH({date}),"00")&"-"&TEXT(DAY({date}),"00")'
    facts = (
        (say("Programme"), title_result(book)),
        (say("Period"), Result(years, period)),
        (say("Currency"), Result('=TRIM(Programme_currency)&""', book.setting("currency"))),
        (say("Scenario"), Result('=TRIM(Programme_scenario)&""', book.setting("scenario"))),
        (say("Figures as at"), Result(f'=IF(ISNUMBER({date}),{parts},"")', as_at and str(as_at))),
    )
    look = {"align": "left", **looks("wrapped")}
    sheet.merge_range(row, 1, row, 2, "", book.formats(**look))
    set_height(sheet, row, least=2)
    for line, (words, result) in enumerate(facts, row):
        book.write(sheet, line, 0, words, looks("blue", "top"))
        book.write(sheet, line, 1, result, look)
    return row + len(facts)


def title_result(book: Book, untitled: str = "") -> Result:
    """Return the programme's title, in the workbook's language or else in another."""
    order = (book.language, *(language for language in Language if language != book.language))
    formula = f'"{escaped(untitled)}"'
    for language in reversed(order):
        name = f"Programme_title_{language.value}"
        formula = f'IF(TRIM({name})<>"",{name},{formula})'
    values = [book.setting(f"title_{language.value}") for language in order]
    return Result(f"={formula}", next(filter(None, (*values, untitled)), None))


def _totals(book: Book, sheet: Any, row: int) -> tuple[int, Mapping[str, Result]]:
    """Write the grand totals; return the next row and, of each, what shows it elsewhere."""
    write_title(book, sheet, (row, 0), book.say("The whole programme"))
    figures = Figures() if book.totals is None else book.totals.total
    support = None if book.totals is None else book.totals.support_costs()
    grand = None if figures.cost is None else figures.cost + (support or 0)
    values: dict[str, Value] = {"support_costs": support, "grand_total": grand}
    values["uncosted"] = None if figures.available is None else figures.uncosted
    shown, labels = dict[str, Result](), texts("summary")["totals"]
    for line, total in enumerate(TOTALS, row + 1):
        look = {"bold": total.strong, **looks("total")}
        book.write(sheet, line, 0, book.say(labels[total.name]), look)
        book.write(sheet, line, 1, None, look)
        formula = book.fill(total.formula)
        for name, above in shown.items():
            formula = formula.replace(f"<{name}>", above.formula[1:])
        value = values[total.name] if total.name in values else getattr(figures, total.name)
        book.write(sheet, line, 2, Result(formula, value), {**look, **total.look})
        shown[total.name] = Result(f"={address(line + 1, 3)}", value)
    return row + len(TOTALS) + 1, shown


def _period(book: Book, sheet: Any, row: int, totals: Mapping[str, Result]) -> int:
    """Write the totals of the period below the years."""
    bold: Look = {"bold": True, "top": 1}
    book.write(sheet, row, 0, book.say("Period"), bold)
    book.write(sheet, row, 1, "", bold)
    for column, name in enumerate(("cost", *KINDS, "available", "to_be_sought"), 2):
        book.write(sheet, row, column, totals[name], {**bold, **MONEY})
    note = book.say(
        "Each year is calculated separately, activity by activity. The yearly amounts to "
        "be sought may exceed that of the period, which is the one that counts."
    )
    book.write(sheet, row + 1, 0, note, looks("hint"))
    return row + 2


def _list(
    book: Book, sheet: Any, row: int, title: str, columns: Sequence[Column], room: Room
) -> int:
    """Write a list of totals; return the next row."""
    write_title(book, sheet, (row, 0), title)
    write_warning(book, sheet, (row, 2), room)
    _head(book, sheet, row + 1, [column.title for column in columns])
    _wrap(sheet, row + 2, columns[1].values)
    return write_rows(book, sheet, row + 2, columns, room.rows, _TOP)


def _wrap(sheet: Any, first: int, texts: Sequence[Value]) -> None:
    """Make the rows from `first` on as high as the texts of their second column need."""
    for row, text in enumerate(texts, first):
        set_height(sheet, row, (str(text or ""), _WIDTHS[1]))


def _head(book: Book, sheet: Any, row: int, titles: Sequence[str]) -> None:
    """Write the headings of a list, whose amounts begin in its third column."""
    left: Look = {"text_wrap": True, "valign": "vcenter", "align": "left"}
    write_head(book, sheet, row, titles, (left, left, {**left, "align": "right"}))
    sheet.set_row(row, 32)


def _lines(book: Book, by: str) -> list[Row]:
    return [] if book.totals is None else book.totals.rows(by)


def _keyed(title: str, formula: str, values: Sequence[Value], look: Look = MONEY) -> Column:
    """Return a column that is blank in rows without a key."""
    return Column(title, f'=IF($A<row>="","",{formula})', values, look)


def _figures(lines: Sequence[Row | None], name: str) -> list[Value]:
    return [None if line is None else getattr(line.figures, name) for line in lines]


def _nth(column: str) -> str:
    return f'=IF(ROWS({column})<<n>,"",INDEX({column},<n>)&"")'


def _named(book: Book, table: str, title: str, lines: Sequence[Row]) -> Sequence[Column]:
    """Return code and title of each row of a table."""
    shown = book.references.title_field(table)
    titles = [line.title.given(book.language) if line.title else None for line in lines]
    return (
        Column(title, _nth(f"{{{table}.code}}"), [line.key for line in lines]),
        Column(book.say("Title"), _nth(f"{{{table}.{shown}}}"), titles, {"text_wrap": True}),
    )


def _amounts(
    book: Book, lines: Sequence[Row | None], formulas: Mapping[str, str]
) -> Sequence[Column]:
    """Return the columns of cost, kinds of money, their sum, blank without any, and the gap."""
    say = book.say
    titles = {
        "cost": say("Cost"),
        "core": say("Core budget"),
        "voluntary": say("Voluntary contributions"),
        "other": say("Other sources"),
        "available": say("Available in all"),
        "to_be_sought": say("To be sought"),
    }
    together = '=IF(COUNT(D<row>:F<row>)=0,"",ROUND(SUM(D<row>:F<row>),2))'
    shown = {name: f'=IF($A<row>="","",{formula})' for name, formula in formulas.items()}
    shown["available"] = together
    return [Column(titles[x], shown[x], _figures(lines, x), MONEY) for x in titles]


def _by_area(book: Book) -> Sequence[Column]:
    """Return cost and money by programme area, in the order of the Areas sheet."""
    say, lines = book.say, _lines(book, "area")
    here = ("{activities.area_row}", "<n>")
    listed = (f"({here[0]}={here[1]})", filled("{activities.id}"))
    formulas = {
        name: f'IF({numbers(column, *here)}=0,"",{added(column, *here)})'
        for name in ("cost", *KINDS, "to_be_sought")
        for column in [f"{{activities.{name}}}"]
    }
    not_costed = counted(*listed, f"(1-{_COSTED})")
    return (
        *_named(book, "areas", say("Area"), lines),
        *_amounts(book, lines, formulas),
        _keyed(say("Activities"), counted(*listed), _figures(lines, "activities"), COUNT),
        _keyed(say("Not costed"), not_costed, _figures(lines, "not_costed"), COUNT),
    )


def _by_year(book: Book, *, whole: bool = False) -> Sequence[Column]:
    """Return cost and money by year of the period, or those for the whole period."""
    say, found = book.say, {line.key: line for line in _lines(book, "year")}
    lines = [found.get(key) for key in ([""] if whole else map(str, book.years))]
    wanted = "0" if whole else "$A<row>"
    costs, funding = in_year("costs", wanted), in_year("funding", wanted)
    sums = {kind: added("{funding.counted}", *funding, *counted_as(kind)) for kind in KINDS}
    costed = f"LOOKUP({{funding.activity_row}},{numbers_of('{activities.id}')},--{_COSTED})"
    of_year = f"(INT({{funding.activity_year}}/{STEP})={wanted})"
    touched = (
        f"{numbers('{costs.counted}', *costs)}+{counted(f'ISNUMBER(1/({costed}*{of_year}))')}"
    )
    money_touched = f'IF($C<row>="",{numbers("{funding.counted}", *funding)},1)'
    formulas = {
        "cost": f'IF({touched}=0,"",{added("{costs.counted}", *costs)})',
        "core": f'IF({money_touched}=0,"",{sums["core"]})',
        **{kind: f'IF($D<row>="","",{sums[kind]})' for kind in KINDS[1:]},
        "to_be_sought": f'IF($C<row>="","",{added("{costs.year_to_be_sought}", *costs)})',
    }
    note, label = "", say("Whole period")
    year = Column(say("Year"), nth_year("<n>"), list(book.years), {"align": "left"})
    if whole:
        note = say("rows of Costs and Funding without a year")
        year = replace(year, formula=f'="{escaped(label)}"', values=[label])
    italic: Look = {"italic": True, "text_wrap": True}
    notes = Column(say("Note"), f'="{escaped(note)}"', [note], italic)
    return (year, notes, *_amounts(book, lines, formulas))


def _by_source(book: Book) -> Sequence[Column]:
    """Return money by source, in the order of the Sources sheet."""
    say, lines = book.say, _lines(book, "source")
    kinds = {} if book.totals is None else book.totals.programme.source_kinds()
    here = ("{funding.source_row}", "<n>")
    none = f"{numbers('{funding.activity_year}', *here)}=0"
    pledged = added("{funding.amount}", *here, *counted_as("pledged"))
    sums = (
        ("available", say("Available"), added("{funding.counted}", *here)),
        ("pledged", say("Pledged"), pledged),
    )
    words = [label("source-kind", kinds[line.key], say) for line in lines]
    return (
        *_named(book, "sources", say("Source"), lines),
        Column(say("Kind"), _nth("{sources.kind}"), words, {"align": "left", "shrink": True}),
        *(
            _keyed(title, f'IF({none},"",{amount})', _figures(lines, name))
            for name, title, amount in sums
        ),
    )


def _statuses(book: Book, sheet: Any, row: int) -> int:
    """Write how many activities have each funding status, and their money; return the next row."""
    say = book.say
    write_title(book, sheet, (row, 0), say("By funding status"))
    titles = (say("Funding status"), say("Meaning"), say("Activities"))
    _head(book, sheet, row + 1, (*titles, say("Cost"), say("To be sought")))
    figures = [] if book.totals is None else list(book.totals.by_activity.values())
    meanings = {status: say(words) for status, words in texts("start")["statuses"].items()}
    first = row + 2
    for line, (status, meaning) in enumerate(meanings.items(), first):
        word = label("funding-status", status, say)
        book.write(sheet, line, 0, word, {**_TOP, "shrink": True})
        book.write(sheet, line, 1, meaning, looks("wrapped"))
        found = [figure for figure in figures if figure.status == status]
        here = ("{activities.funding_status}", f"{{=funding-status:{status}}}")
        result = Result(book.fill(f"=SUMPRODUCT(--({here[0]}={here[1]}))"), len(found))
        book.write(sheet, line, 2, result, {**_TOP, **COUNT})
        for column, name in enumerate(("cost", "to_be_sought"), 3):
            cells = f"{{activities.{name}}}"
            formula = f'=IF({numbers(cells, *here)}=0,"",{added(cells, *here)})'
            amount = known_total(getattr(figure, name) for figure in found)
            book.write(sheet, line, column, Result(book.fill(formula), amount), {**_TOP, **MONEY})
    _wrap(sheet, first, list(meanings.values()))
    book.mark_statuses(sheet, (first, 0, first + len(STATUSES) - 1, 0))
    return first + len(STATUSES)


def _timetable(book: Book, sheet: Any, row: int) -> int:
    """Write the calendar at a row; return the row after it."""
    say, head = book.say, row + 1
    write_title(book, sheet, (row, 0), say("Calendar of activities"))
    room = room_for("activities.id", ACTIVITIES, len(book.rows("activities")))
    write_warning(book, sheet, (row, 2), room)
    write_head(book, sheet, head, (say("Number"), say("Title"), say("Timing")))
    for number in range(YEARS):
        year = Column("", nth_year("<n>"), book.years).result(book, number, head + 1)
        book.write(sheet, head, _YEAR_COLUMN + number, year, looks("blue", "centred"))
    marks = [_year_marks(book, head, number) for number in range(YEARS)]
    columns = (*_timetable_texts(book), *marks)
    last = write_rows(book, sheet, head + 1, columns, ACTIVITIES)
    for line in range(head + 1, last):
        sheet.set_row(line, LINE_HEIGHT)
    sheet.ignore_errors({"number_stored_as_text": f"A{head + 2}:A{last}"})
    _timetable_looks(book, sheet, head, last - 1)
    return last


def _timetable_texts(book: Book) -> Sequence[Column]:
    """Return number, or else id, title and timing of each activity, in the order of the rows."""
    rows = _activities(book)
    beyond = "ROWS({activities.id})<<n>"

    def cut(name: str, room: int) -> Column:
        """Return a column of texts on one line, whatever their own, cut where they are longer."""
        flat = (str(row.get(name) or "").replace("\n", " ") for row in rows)
        values = [text if len(text) <= room else text[:room] + "…" for text in flat]
        text = f'SUBSTITUTE({_activity(name)}&"",CHAR(10)," ")'
        cut = f'LEFT({text},{room})&IF(LEN({text})>{room},"…","")'
        return Column("", f'=IF({beyond},"",{cut})', values, {"shrink": True})

    number = f'IF(TRIM({_activity("number")})="",{_activity("id")},{_activity("number")})&""'
    numbers = [str(row.get("number") or row.get("id") or "") for row in rows]
    return (
        Column("", f'=IF({beyond},"",{number})', numbers),
        cut(book.references.title_field("activities"), 42),
        cut(f"timing_{book.language.value}", 17),
    )


def _activity(name: str) -> str:
    return f"INDEX({{activities.{name}}},<n>)"


def _year_marks(book: Book, head: int, number: int) -> Column:
    """Return the marks of a year; an activity without a first or last year has no bound there."""
    year = f"{column_letters(_YEAR_COLUMN + number + 1)}${head + 1}"
    first, last = (f"N({_activity(name)})" for name in ("start_year", "end_year"))
    covered = f"AND({first}<={year},OR({last}=0,{last}>={year}))"
    formula = f'=IF(OR($A<row>="",{year}=""),"",IF({covered},"{_MARK}",""))'
    values = [
        _MARK if (first or found) <= found <= (last or found) else None
        for found in book.years[number : number + 1]
        for first, last in (
            [row.get(name) for name in ("start_year", "end_year")] for row in _activities(book)
        )
    ]
    return Column("", formula, values, looks("calendar cell"))


def _activities(book: Book) -> Sequence[Mapping[str, Any]]:
    """Return the activities whose values are known."""
    return book.rows("activities") if book.totals is not None else ()


def _timetable_looks(book: Book, sheet: Any, head: int, last: int) -> None:
    """Colour the marks, line the rows that hold an activity, and set off the years."""
    first, end = head + 1, _YEAR_COLUMN + YEARS - 1
    column = column_letters(_YEAR_COLUMN + 1)
    year, cell = f"{column}${head + 1}", f"{column}{first + 1}"
    texts, years = (first, 0, last, _YEAR_COLUMN - 1), (first, _YEAR_COLUMN, last, end)
    line, titles = looks("calendar line"), looks("calendar year")
    book.mark(sheet, (head, _YEAR_COLUMN, head, end), titles, criteria=f'={year}<>""')
    book.mark(sheet, texts, line, criteria=f'=$A{first + 1}<>""')
    shaded = looks("calendar line", "calendar mark")
    book.mark(sheet, years, shaded, criteria=f'={cell}="{_MARK}"')
    book.mark(sheet, years, line, criteria=f'=AND($A{first + 1}<>"",{year}<>"")')


_CHART_ROWS = 28
"""The rows of the sheet that the charts stand beside."""
_CHART_HEIGHT = _CHART_ROWS // 2 * 20 - 8
"""Pixels of a chart, of which two stand one above the other; a row has 20."""
_AREAS_OF_NEW, _YEARS_OF_NEW = 8, 4
"""How many rows the charts of an empty workbook show."""


def _charts(book: Book, sheet: Any, row: int, lists: tuple[int, int, int]) -> None:
    """
    Draw the charts beside the totals, from a row on, and a line where they leave anything out.

    `lists` are the first rows of areas, years and statuses.
    """
    say, (areas, years, statuses) = book.say, lists
    shown_areas = min(len(book.rows("areas")) or _AREAS_OF_NEW, AREAS)
    shown_years = min(len(book.years) or _YEARS_OF_NEW, YEARS)
    titles = dict(enumerate(column.title for column in _by_area(book)))
    solid, hatched, dotted, empty = (CHARTS[n] for n in ("solid", "hatched", "dotted", "empty"))
    money = (3, solid), (4, hatched), (5, dotted), (7, empty)
    together = (2, solid), (6, hatched), (7, empty)
    amounts = {"name": say("Amount in the programme’s currency"), **CHARTS["amounts"]}
    stacked, by_area = {"type": "bar", "subtype": "stacked"}, say("Funding by programme area")
    area = {"name": say("Programme area"), **CHARTS["downward"]}
    year, by_year = {"name": say("Year"), **CHARTS["axis"]}, say("Cost and funding by year")
    charts = [
        Chart(by_area, stacked, (areas, shown_areas), titles, money, amounts, area),
        Chart(by_year, {"type": "column"}, (years, shown_years), titles, together, year, amounts),
    ]
    for column, title, look in (
        (2, say("Activities by funding status"), hatched),
        (4, say("To be sought by funding status"), empty),
    ):
        bars, rows = ((column, look | CHARTS["numbered"]),), (statuses, len(STATUSES))
        axes = CHARTS["no axis"], CHARTS["downward"]
        chart = Chart(title, {"type": "bar"}, rows, {column: title}, bars, *axes)
        charts.append(chart)
    for number, chart in enumerate(charts):
        right, lower = divmod(number, 2)
        place = (row + lower * _CHART_ROWS // 2, 7 if right else 3)
        draw_chart(book, sheet, place, chart, _CHART_HEIGHT)
    _left_out(book, sheet, row + _CHART_ROWS, shown_areas, shown_years)


def _left_out(book: Book, sheet: Any, row: int, areas: int, years: int) -> None:
    """Write a line that appears when the data outgrow the charts."""
    text = book.say(
        "Areas in the charts: {areas}; years: {years}. To show more, extend the data of "
        "the charts.",
        areas=areas,
        years=years,
    )
    more_areas = f"{counted(filled('{areas.code}'))}>{areas}"
    more_years = f"IF({PERIOD},{LENGTH}>{years})"
    formula = book.fill(f'=IF(OR({more_areas},{more_years}),"{escaped(text)}","")')
    more = len(book.rows("areas")) > areas or len(book.years) > years
    result = Result(formula, text if more else None)
    book.write(sheet, row, 0, result, looks("red"))
