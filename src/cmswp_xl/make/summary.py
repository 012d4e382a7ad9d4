"""The Summary sheet: totals of the programme, by area, year, source and status, with charts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cmswp_xl.cells import address
from cmswp_xl.figures.computed import STEP
from cmswp_xl.figures.declarations import KINDS
from cmswp_xl.figures.totals import Figures
from cmswp_xl.languages import N_, Language
from cmswp_xl.make.book import (
    BLUE,
    GREY,
    RED,
    STATUSES,
    Result,
    escaped,
    heading,
    mark_statuses,
    print_set_up,
)
from cmswp_xl.make.formulas import (
    added,
    counted,
    counted_as,
    filled,
    in_year,
    is_word,
    numbers,
    numbers_of,
    summed,
)
from cmswp_xl.make.lists import (
    CODE,
    COUNT,
    MONEY,
    NUMBER,
    Column,
    Room,
    rows_beyond,
    write_head,
    write_rows,
    write_title,
    write_warning,
)
from cmswp_xl.messages.labels import label

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.figures.totals import Row
    from cmswp_xl.make.book import Book, Look, Value

AREAS, YEARS, SOURCES = 20, 12, 20
"""How many areas, years and sources the lists have room for."""
CHART_ROWS = 19
"""The rows of the sheet that the charts lie over, with the line below them."""
_WIDTHS = (14, 52, 17, 17, 17, 17, 17, 17, 12, 12)
_PERIOD = "COUNT(Programme_period_start,Programme_period_end)=2"
_LENGTH = "Programme_period_end-Programme_period_start+1"


_TOP: Look = {"valign": "top"}


@dataclass(frozen=True, slots=True)
class Total:
    """A line of the grand totals: its formula, and what it shows unless that bears its name."""

    name: str
    label: str
    formula: str
    value: Callable[[Figures, Decimal | None], Value] | None = None
    look: Look = field(default_factory=lambda: MONEY)
    strong: bool = False

    def result(self, book: Book, cells: Mapping[str, str]) -> Result:
        """Return formula and value; `cells` are the addresses of the totals above."""
        formula = book.fill(self.formula)
        for name, cell in cells.items():
            formula = formula.replace(f"<{name}>", cell)
        figures = Figures() if book.totals is None else book.totals.total
        support = None if book.totals is None else book.totals.support_costs()
        value = self.value(figures, support) if self.value else getattr(figures, self.name)
        return Result(formula, value)


def _sum(name: str) -> str:
    column = f"{{activities.{name}}}"
    return f'=IF(COUNT({column})=0,"",ROUND(SUM({column}),2))'


def _apart(kind: str) -> str:
    """Return a sum that stands apart: blank where no activity is costed and it is nothing."""
    money = added("{funding.amount}", *counted_as(kind))
    return f'=IF(AND({_NONE_COSTED},{money}=0),"",{money})'


_COSTED = "ISNUMBER({activities.cost})"
_NONE_COSTED = "COUNT({activities.cost})=0"
_NO_MONEY = "COUNT({activities.core})=0"
_ALL_MONEY = f"SUM({','.join(f'{{activities.{kind}}}' for kind in KINDS)})"
_COSTED_MONEY = "+".join(f"SUMPRODUCT(--{_COSTED},{{activities.{kind}}})" for kind in KINDS)
_EXCLUDED = summed("{costs.counted}", is_word("{costs.support_cost}", "support-cost", "excluded"))
_ALL = counted(filled("{activities.id}"))

TOTALS = (
    Total("cost", N_("Cost"), _sum("cost"), strong=True),
    Total("core", N_("Available: core budget"), _sum("core")),
    Total("voluntary", N_("Available: voluntary contributions"), _sum("voluntary")),
    Total("other", N_("Available: other sources"), _sum("other")),
    Total(
        "available",
        N_("Available in all"),
        f'=IF({_NO_MONEY},"",ROUND({_ALL_MONEY},2))',
        strong=True,
    ),
    Total("to_be_sought", N_("To be sought"), _sum("to_be_sought"), strong=True),
    Total(
        "surplus",
        N_("Surplus: available beyond the cost of an activity"),
        f'=IF({_NONE_COSTED},"",ROUND({_COSTED_MONEY}-SUM({{activities.cost}})'
        "+SUM({activities.to_be_sought}),2))",
    ),
    Total(
        "uncosted",
        N_("Available for activities that are not costed"),
        f'=IF({_NO_MONEY},"",ROUND({_ALL_MONEY}-({_COSTED_MONEY}),2))',
        lambda figures, _: None if figures.available is None else figures.uncosted,
    ),
    Total("pledged", N_("Pledged, not yet available"), _apart("pledged")),
    Total("in_kind", N_("In kind, counted nowhere"), _apart("in-kind")),
    Total(
        "support_costs",
        N_("Programme support costs on the costs marked “excluded”"),
        f'=IF(OR(NOT(ISNUMBER(Programme_support_cost_rate)),{_EXCLUDED}=0),"",'
        f"ROUND(Programme_support_cost_rate*{_EXCLUDED}/100,2))",
        lambda _, support: support,
    ),
    Total(
        "grand_total",
        N_("Cost with programme support costs"),
        '=IF(<cost>="","",ROUND(SUM(<cost>,<support_costs>),2))',
        lambda figures, support: None if figures.cost is None else figures.cost + (support or 0),
        strong=True,
    ),
    Total("activities", N_("Activities"), f"={_ALL}", look=COUNT),
    Total(
        "not_costed",
        N_("Activities not costed"),
        f"={_ALL}-COUNT({{activities.cost}})",
        look=COUNT,
    ),
    Total(
        "partial",
        N_("Activities costed in part only (“at least”)"),
        "=" + counted(_COSTED, is_word("{activities.costing}", "costing", "partial")),
        look=COUNT,
    ),
)


def write_summary(book: Book, sheet: Any, title: str) -> None:
    """Write the Summary sheet, with room for 20 areas, 12 years and 20 sources."""
    say = book.say
    purpose = say(
        "Totals of the programme of work, calculated from the tables; nothing to type here."
    )
    heading(book, sheet, title, purpose, widths=_WIDTHS)
    row, cells = _totals(book, sheet, _facts(book, sheet, 4) + 1)
    charts = row + 1
    areas = charts + CHART_ROWS + 1
    row = _list(book, sheet, areas, say("By programme area"), _by_area(book), _areas_room(book))
    years = row + 1
    row = _list(book, sheet, years, say("By year"), _by_year(book), _years_room(book))
    row = write_rows(book, sheet, row, _by_year(book, whole=True), 1, _TOP)
    row = _period(book, sheet, row, cells)
    sheet.set_h_pagebreaks([charts + CHART_ROWS + 1, row + 1])
    money = say("By source of money")
    row = _list(book, sheet, row + 1, money, _by_source(book), _sources_room(book))
    _statuses(book, sheet, row + 1)
    _draw_charts(book, sheet, title, charts, areas + 2, years + 2)
    print_set_up(sheet, "outcome")


def _facts(book: Book, sheet: Any, row: int) -> int:
    """Write what the totals are about: title, period, currency, scenario, date."""
    say, as_at = book.say, book.setting("as_at")
    start, end = book.setting("period_start"), book.setting("period_end")
    period = f"{start}–{end}" if isinstance(start, int) and isinstance(end, int) else None
    date = "Programme_as_at"  # by its parts: the letters of TEXT follow Excel's own language
    parts = f'YEAR({date})&"-"&TEXT(MONTH({date}),"00")&"-"&TEXT(DAY({date}),"00")'
    facts = (
        (say("Programme"), title_result(book)),
        (
            say("Period"),
            Result(
                "=IF(AND(ISNUMBER(Programme_period_start),ISNUMBER(Programme_period_end)),"
                'Programme_period_start&"–"&Programme_period_end,"")',
                period,
            ),
        ),
        (say("Currency"), Result('=TRIM(Programme_currency)&""', book.setting("currency"))),
        (say("Scenario"), Result('=TRIM(Programme_scenario)&""', book.setting("scenario"))),
        (
            say("Figures as at"),
            Result(f'=IF(ISNUMBER({date}),{parts},"")', as_at.isoformat() if as_at else None),
        ),
    )
    label = book.formats(bold=True, font_color=BLUE)
    for offset, (words, result) in enumerate(facts):
        sheet.write_string(row + offset, 0, words, label)
        book.write(sheet, row + offset, 1, result, book.formats(align="left"))
    return row + len(facts)


def title_result(book: Book) -> Result:
    """Return the programme's title, in the workbook's language or else in another."""
    order = (book.language, *(language for language in Language if language != book.language))
    formula = '""'
    for language in reversed(order):
        name = f"Programme_title_{language.value}"
        formula = f'IF(TRIM({name})<>"",{name},{formula})'
    values = [book.setting(f"title_{language.value}") for language in order]
    return Result(f"={formula}", next((value for value in values if value), None))


def _totals(book: Book, sheet: Any, row: int) -> tuple[int, Mapping[str, str]]:
    """Write the grand totals; return the next row and the address of each of them."""
    write_title(book, sheet, (row, 0), book.say("The whole programme"))
    cells: dict[str, str] = {}
    for offset, total in enumerate(TOTALS, 1):
        look: Look = {"bold": total.strong, "bottom": 4, "bottom_color": "#BFBFBF"}
        sheet.write_string(row + offset, 0, book.say(total.label), book.formats(**look))
        sheet.write_blank(row + offset, 1, None, book.formats(**look))
        form = book.formats(**{**look, **total.look})
        book.write(sheet, row + offset, 2, total.result(book, cells), form)
        cells[total.name] = address(row + offset + 1, 3)
    return row + len(TOTALS) + 1, cells


def _period(book: Book, sheet: Any, row: int, cells: Mapping[str, str]) -> int:
    """Write the totals of the period below the years."""
    say, shown = book.say, ("cost", *KINDS, "available", "to_be_sought")
    bold = book.formats(bold=True, top=1)
    sheet.write_string(row, 0, say("Period"), bold)
    sheet.write_string(row, 1, "", bold)
    values = {total.name: total.result(book, cells).value for total in TOTALS}
    for column, name in enumerate(shown, 2):
        form = book.formats(bold=True, top=1, **MONEY)
        book.write(sheet, row, column, Result(f"={cells[name]}", values[name]), form)
    note = say(
        "Each year is reckoned by itself, activity by activity: the years may ask for more than "
        "the period, whose total counts."
    )
    sheet.write_string(row + 1, 0, note, book.formats(italic=True, font_color=GREY))
    return row + 2


def _list(
    book: Book, sheet: Any, row: int, title: str, columns: Sequence[Column], room: Room
) -> int:
    """Write a list of totals; return the next row."""
    write_title(book, sheet, (row, 0), title)
    write_warning(book, sheet, (row, 2), room)
    _head(book, sheet, row + 1, [column.title for column in columns])
    return write_rows(book, sheet, row + 2, columns, room.rows, _TOP)


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
        Column(title, _nth(f"{{{table}.code}}"), [line.key for line in lines], CODE),
        Column(book.say("Title"), _nth(f"{{{table}.{shown}}}"), titles, {"text_wrap": True}),
    )


def _amounts(
    book: Book, lines: Sequence[Row | None], formulas: Mapping[str, str]
) -> Sequence[Column]:
    """Return the columns of cost, kinds of money, their sum, blank without any, and the gap."""
    say = book.say
    together = Column(
        say("Available in all"),
        '=IF(COUNT(D<row>:F<row>)=0,"",ROUND(SUM(D<row>:F<row>),2))',
        _figures(lines, "available"),
        MONEY,
    )
    titles = {
        "cost": say("Cost"),
        "core": say("Core budget"),
        "voluntary": say("Voluntary contributions"),
        "other": say("Other sources"),
        "to_be_sought": say("To be sought"),
    }
    *money, gap = (
        _keyed(title, formulas[name], _figures(lines, name)) for name, title in titles.items()
    )
    return (*money, together, gap)


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
    note = say("rows of Costs and Funding without a year") if whole else None
    return (
        _year(book, say("Whole period") if whole else None),
        Column(say("Note"), f'="{escaped(note or "")}"', [note], {"italic": True}),
        *_amounts(book, lines, formulas),
    )


def _year(book: Book, label: str | None) -> Column:
    """Return the column of the years, or that of the label in their place."""
    title, left = book.say("Year"), {"align": "left"}
    if label:
        return Column(title, f'="{escaped(label)}"', [label], left)
    number = "Programme_period_start+<n>-1"
    formula = f'=IF({_PERIOD},IF({number}<=Programme_period_end,{number},""),"")'
    return Column(title, formula, list(book.years), left)


def _by_source(book: Book) -> Sequence[Column]:
    """Return money by source, in the order of the Sources sheet."""
    say, lines = book.say, _lines(book, "source")
    kinds = {} if book.totals is None else book.totals.programme.source_kinds()
    here = ("{funding.source_row}", "<n>")
    none = f"{numbers('{funding.activity_year}', *here)}=0"
    sums = {
        "available": (say("Available"), added("{funding.counted}", *here)),
        "pledged": (say("Pledged"), added("{funding.amount}", *here, *counted_as("pledged"))),
    }
    return (
        *_named(book, "sources", say("Source"), lines),
        Column(
            say("Kind"),
            _nth("{sources.kind}"),
            [label("source-kind", kinds[line.key], say) for line in lines],
            {"align": "right"},
        ),
        *(
            _keyed(title, f'IF({none},"",{amount})', _figures(lines, name))
            for name, (title, amount) in sums.items()
        ),
    )


def _areas_room(book: Book) -> Room:
    words = book.say(
        "Room for {room} areas: {count} more are not shown; the totals above count them.",
        room=AREAS,
        count=NUMBER,
    )
    return Room(AREAS, rows_beyond("areas.code", AREAS, len(_lines(book, "area"))), words)


def _years_room(book: Book) -> Room:
    words = book.say(
        "Room for {room} years: {count} more are not shown; the totals above count them.",
        room=YEARS,
        count=NUMBER,
    )
    return Room(
        YEARS, Result(f"IF({_PERIOD},{_LENGTH}-{YEARS},0)", len(book.years) - YEARS), words
    )


def _sources_room(book: Book) -> Room:
    words = book.say(
        "Room for {room} sources: {count} more are not shown; the totals above count them.",
        room=SOURCES,
        count=NUMBER,
    )
    return Room(SOURCES, rows_beyond("sources.code", SOURCES, len(_lines(book, "source"))), words)


def _statuses(book: Book, sheet: Any, row: int) -> None:
    """Write how many activities have each funding status."""
    say = book.say
    write_title(book, sheet, (row, 0), say("By funding status"))
    _head(book, sheet, row + 1, (say("Funding status"), say("Meaning"), say("Activities")))
    figures = {} if book.totals is None else book.totals.by_activity
    first = row + 2
    for offset, (status, (meaning, _)) in enumerate(STATUSES.items()):
        word = label("funding-status", status, say)
        sheet.write_string(first + offset, 0, word, book.formats(**_TOP))
        sheet.write_string(first + offset, 1, say(meaning))
        formula = f"=SUMPRODUCT(--({{activities.funding_status}}={{=funding-status:{status}}}))"
        count = sum(figure.status == status for figure in figures.values())
        result = Result(book.fill(formula), count)
        book.write(sheet, first + offset, 2, result, book.formats(**COUNT))
    mark_statuses(book, sheet, (first, 0, first + len(STATUSES) - 1, 0))


_AREAS_OF_NEW, _YEARS_OF_NEW = 8, 4
"""How many rows the charts of an empty workbook show."""
_SOLID = {"fill": {"color": BLUE}}
_HATCHED = {
    "pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#2E75B6", "bg_color": "#FFFFFF"}
}
_DOTTED = {"pattern": {"pattern": "percent_50", "fg_color": "#7F7F7F", "bg_color": "#FFFFFF"}}
_EMPTY = {"fill": {"color": "#FFFFFF"}}


def _draw_charts(book: Book, sheet: Any, name: str, row: int, areas: int, years: int) -> None:
    """
    Draw both charts at a row; `areas` and `years` are the first rows of their lists.

    Their series are told apart by pattern as well as by shade.
    """
    say = book.say
    shown_areas = min(len(book.rows("areas")) or _AREAS_OF_NEW, AREAS)
    shown_years = min(len(book.years) or _YEARS_OF_NEW, YEARS)
    by_area = _chart(
        book,
        {"type": "bar", "subtype": "stacked"},
        (name, areas, areas + shown_areas - 1),
        (
            (3, say("Core budget"), _SOLID),
            (4, say("Voluntary contributions"), _HATCHED),
            (5, say("Other sources"), _DOTTED),
            (7, say("To be sought"), _EMPTY),
        ),
    )
    by_area.set_x_axis(_amount_axis(book))
    by_area.set_y_axis(
        {"name": say("Programme area"), "reverse": True, "crossing": "max", **_AXIS}
    )
    _place(book, sheet, (row, 0), by_area, 700, say("Funding by programme area"))
    by_year = _chart(
        book,
        {"type": "column"},
        (name, years, years + shown_years - 1),
        ((2, say("Cost"), _SOLID), (6, say("Available in all"), _HATCHED)),
    )
    by_year.set_x_axis({"name": say("Year"), **_AXIS})
    by_year.set_y_axis(_amount_axis(book))
    _place(book, sheet, (row, 4), by_year, 620, say("Cost and funding available by year"))
    _left_out(book, sheet, row + CHART_ROWS - 1, shown_areas, shown_years)


_AXIS = {"name_font": {"size": 10, "bold": False}, "num_font": {"size": 9}}


def _amount_axis(book: Book) -> dict[str, Any]:
    return {
        "name": book.say("Amount in the programme’s currency"),
        "num_format": "#,##0",
        "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
        **_AXIS,
    }


def _chart(
    book: Book,
    kind: dict[str, str],
    rows: tuple[str, int, int],
    series: Sequence[tuple[int, str, dict[str, Any]]],
) -> Any:
    """Return a chart of columns of rows of a sheet, each with its words and its look."""
    chart = book.workbook.add_chart(kind)
    sheet, first, last = rows
    for column, words, look in series:
        chart.add_series(
            {
                "name": words,
                "categories": [sheet, first, 0, last, 0],
                "values": [sheet, first, column, last, column],
                "border": {"color": "#000000", "width": 0.75},
                "gap": 60,
                **look,
            }
        )
    chart.set_legend({"position": "bottom"})
    return chart


def _place(
    book: Book, sheet: Any, place: tuple[int, int], chart: Any, width: int, title: str
) -> None:
    chart.set_title({"name": title, "name_font": {"size": 14, "bold": True}})
    size = {"x_scale": width / 480, "y_scale": 350 / 288, "object_position": 2}
    text = book.say("{title}: chart of the figures below.", title=title)
    sheet.insert_chart(*place, chart, {**size, "description": text})


def _left_out(book: Book, sheet: Any, row: int, areas: int, years: int) -> None:
    """Write a line that appears when the data outgrow the charts."""
    text = book.say(
        "The charts show {areas} areas and {years} years: widen their data to show the rest.",
        areas=areas,
        years=years,
    )
    more_areas = f"{counted(filled('{areas.code}'))}>{areas}"
    more_years = f"IF({_PERIOD},{_LENGTH}>{years})"
    formula = book.fill(f'=IF(OR({more_areas},{more_years}),"{escaped(text)}","")')
    more = len(book.rows("areas")) > areas or len(book.years) > years
    form = book.formats(bold=True, font_color=RED)
    book.write(sheet, row, 0, Result(formula, text if more else None), form)
