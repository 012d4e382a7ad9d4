"""What every sheet is made from: content, words, cell formats, the head and the print set-up."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

from cmswp_xl.cells import AsTyped, ErrorValue, Raw, quoted
from cmswp_xl.figures.totals import ProgrammeTotals
from cmswp_xl.languages import CHECKS, N_, START, Language, Words
from cmswp_xl.make.formulas import References, is_setting
from cmswp_xl.messages.labels import label, words_of
from cmswp_xl.resources import read_yaml, texts
from cmswp_xl.schema import Field, TableSchema

Content = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by table: field name to value; the Programme form is one row."""
Below = tuple[int, str, Any]
"""A cell below a table: rows from its last, from 1; the field whose column it is in; the value."""
Value = Decimal | float | str | None
Look = Mapping[str, object]
"""The properties of a cell format, by the names that XlsxWriter has for them."""
Area = tuple[int, int, int, int]
"""Cells of a sheet: first row, first column, last row, last column, counted from 0."""

HEADER_ROW = 4
"""The row of the table headers on every table sheet, counted from 0."""
LAST_ROW = 1_048_575
"""The last row of a sheet, counted from 0."""
_LETTERS = 1.1
"""How many letters, a little narrower than digits, fit in the width of a digit."""
_BOTH = 0.72
"""How wide a text is, compared with a single one, where two languages stand side by side."""
LINE_HEIGHT = 13.0
HIGHEST_ROW = 409.0
"""Heights in points: of a line of text, and the most that Excel gives a row."""
A3, A4 = 8, 9
_ROOM = {A4: 784.0, A3: 1133.0}
"""Points across, between the margins, of each paper."""
_POINTS, _PADDING = 5.6, 4.0
"""Points that a column takes: for a digit, and besides."""
SMALLEST_SCALE = 0.7
"""The smallest print: text of 10 points in 7."""

CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001  the same in every workbook, of no time zone

_LOOKS: Mapping[str, Mapping[str, Any]] = read_yaml(Path(__file__).with_name("looks.yaml"))
CHARTS, STATUSES = _LOOKS["charts"], _LOOKS["statuses"]
"""What charts are drawn with, and the mark of each funding status."""
FINE, FAULTY = N_("OK"), N_("To check")
"""The states of a check."""
NUMBER = "\0"
"""Stands in a text for a number that a formula puts there."""
TABS: Mapping[str, tuple[str, str]] = {
    name: (colour, texts("start")["tabs"][name]) for name, colour in _LOOKS["tabs"].items()
}
"""The groups of sheets in order: the colour of their tabs, all dark, and what they are called."""


def looks(*names: str) -> dict[str, Any]:
    """Return some looks of `looks.yaml` together, the later ones over the earlier."""
    return {key: value for name in names for key, value in _LOOKS["looks"][name].items()}


class EmptyText(str):
    """
    An empty text as the stored value of a formula.

    XlsxWriter stores "" as no value at all, which reads as a formula never calculated; a text
    that does not equal "" it stores as a text.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Equal nothing, so as not to be taken for a missing value."""
        return False

    __hash__ = str.__hash__


EMPTY = EmptyText()


class CarriedCell(NamedTuple):
    """
    Something that an older workbook held: its sheet and cell, and in words what it is.

    `row` is the id or code of the row that it stood in, `heading` that of its column.
    """

    sheet: str
    cell: str
    row: str
    heading: str
    kind: str
    value: str


PART = "cmswp-area"
"""The property of a file that names the area whose copy it is."""


class Part(NamedTuple):
    """
    The area that a copy is for: its code and title.

    `outside` are the places of the rows that belong to others, by table.
    """

    area: str
    title: str
    outside: Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Result:
    """A formula with the value that it gives; None is the empty text."""

    formula: str
    value: Value = None

    @property
    def shown(self) -> Result:
        """The result of a formula that lacks its equals sign, as a cell holds it."""
        return Result(f"={self.formula}", self.value)

    @property
    def stored(self) -> float | str:
        """Return the value as a file stores it."""
        if self.value is None or self.value == "":
            return EMPTY
        return self.value if isinstance(self.value, str) else float(self.value)


@dataclass(frozen=True, slots=True)
class Formats:
    """The cell formats of one workbook, each made once."""

    workbook: Any
    made: dict[tuple[tuple[str, object], ...], Any] = field(default_factory=dict)

    def __call__(self, **properties: object) -> Any:
        """Return the format with these XlsxWriter properties."""
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.workbook.add_format(properties)
        return self.made[key]


@dataclass(frozen=True, slots=True)
class Book:
    """The workbook being written, and what goes into it."""

    workbook: Any
    schemas: Mapping[str, TableSchema]
    content: Content
    language: Language
    say: Words
    totals: ProgrammeTotals | None
    references: References
    formats: Formats
    calculated: bool = True
    carried: Sequence[CarriedCell] = ()
    part: Part | None = None
    faults: Counter[str] = field(default_factory=Counter)
    """How many faults the checks find on the sheet of each table."""

    def rows(self, table: str) -> Sequence[Mapping[str, Any]]:
        """Return the rows of a table."""
        return self.content.get(table, ())

    def outside(self, table: str) -> frozenset[int]:
        """Return the places of the rows that others fill in; none but in a copy for an area."""
        return self.part.outside.get(table, frozenset()) if self.part else frozenset()

    def setting(self, name: str) -> Any:
        """Return a setting of the programme; None where it is blank, or not as it should be."""
        value = self.entry(name)
        return None if isinstance(value, AsTyped) else value

    def entry(self, name: str) -> Any:
        """Return what is written as a setting of the programme, as it should be or not."""
        return next(iter(self.rows("programme")), {}).get(name)

    @property
    def period(self) -> tuple[int, int] | None:
        """The first and the last year of the programme's period, where both are given."""
        start, end = self.setting("period_start"), self.setting("period_end")
        return (start, end) if isinstance(start, int) and isinstance(end, int) else None

    @property
    def years(self) -> Sequence[int]:
        """The years of the programme's period; none where it is not given."""
        start, end = self.period or (1, 0)
        return range(start, end + 1)

    @property
    def original(self) -> str:
        """The original language, or the workbook's where none is set."""
        return self.setting("original_language") or self.language.value

    def sheet(self, table: str) -> str:
        """Return the name of a table's sheet."""
        return self.schemas[table].titles[self.language]

    def fill(self, template: str) -> str:
        """Return a formula with the references of this workbook."""
        return self.references.fill(template)

    def word(self, schema: TableSchema, item: Field, value: Any) -> Any:
        """Return what a value is called here: the word for a code of the field, else itself."""
        words = words_of(schema.name, item, self.say)
        if item.choices and isinstance(value, str):
            return "; ".join(words.get(code.strip(), code.strip()) for code in value.split(";"))
        return words.get(value, value)

    def write(
        self,
        sheet: Any,
        row: int,
        column: int,
        value: Result | str | None,
        look: Look | None = None,
    ) -> None:
        """
        Write a formula, a text or a blank with a look; row and column are counted from 0.

        The value of a formula is stored with it, but where the content has errors and the values
        are not known.
        """
        form = None if look is None else self.formats(**look)
        if isinstance(value, Result):
            stored = value.stored if self.calculated else ""
            sheet.write_formula(row, column, value.formula, form, stored)
        elif value is None:
            sheet.write_blank(row, column, None, form)
        else:
            sheet.write_string(row, column, value, form)

    def required(self, item: Field) -> bool:
        """Return whether a column must be filled, as a text in the original language must."""
        return item.required or (item.required_text and item.language == self.original)

    def hidden(self, item: Field) -> bool:
        """Return whether a column is folded away, as a text in a language not used here is."""
        other = item.language is not None and item.language not in (self.language, self.original)
        return other or item.fold == "closed"

    def width_of(self, item: Field) -> float:
        """Return the width of a column, in characters."""
        both = item.required_text and item.multiline and self.original != self.language
        return item.width * _BOTH if both else item.width

    def write_entry(
        self, sheet: Any, place: tuple[int, int], item: Field, value: Any, look: Look
    ) -> None:
        """Write an input cell: a value as its field says, or one as typed; text is a text."""
        form = self.formats(**look)
        if isinstance(value, AsTyped):
            self._write_typed(sheet, place, value.value, look)
        elif value is None or value == "":
            sheet.write_blank(*place, None, form)
        elif isinstance(value, dt.date):
            sheet.write_datetime(*place, value, form)
        elif item.numeric or (
            isinstance(value, (int, float)) and item.type in ("year", "integer")
        ):
            sheet.write_number(*place, float(Decimal(str(value))), form)
        else:
            sheet.write_string(*place, str(value), form)

    def _write_typed(self, sheet: Any, place: tuple[int, int], value: Raw, look: Look) -> None:
        """Write a value so that it reads as it was typed; a date or a time shows as one."""
        form = self.formats(**look)
        if isinstance(value, bool):
            sheet.write_boolean(*place, value, form)
        elif isinstance(value, (dt.date, dt.time)):
            shown = {dt.date: "yyyy-mm-dd", dt.time: "hh:mm:ss"}
            number_format = shown.get(type(value), "yyyy-mm-dd hh:mm:ss")
            dated = self.formats(**{**look, "num_format": number_format})
            sheet.write_datetime(*place, value, dated)
        elif isinstance(value, ErrorValue):
            form = self.formats(**no_text(look))
            sheet.write_formula(*place, f"={value.text}", form, value.text)
        elif isinstance(value, (int, float)):
            sheet.write_number(*place, value, form)
        else:
            sheet.write_string(*place, str(value), form)

    def heading(
        self,
        sheet: Any,
        title: str,
        purpose: str,
        hint: str = "",
        widths: Sequence[float] = (),
        table: TableSchema | None = None,
    ) -> None:
        """
        Write rows 1 to 4: title and purpose, the way back, a hint, the banner; set the widths.

        Beside the way back stands how many faults the sheet of a table has, in a column that is
        shown whatever the languages.
        """
        formats = self.formats
        bold, plain = formats(**looks("sheet title")), formats(**looks("grey"))
        sheet.set_row(0, 24)
        sheet.write_rich_string(
            0, 0, bold, title, plain, f"    {purpose}", formats(valign="vcenter")
        )
        back = f"internal:{quoted(self.say(START))}!A1"
        sheet.write_url(1, 0, back, formats(**looks("link")), string="← " + self.say(START))
        self.write(sheet, 2, 0, hint, looks("hint"))
        self.banner(sheet, 3)
        set_widths(sheet, widths)
        if table is not None:
            always = [not (item.language or item.hidden) for item in table.fields[1:]]
            column = 1 if table.form else [*always, True].index(True) + 1
            self.write_faults(sheet, (1, column), table.name)

    def fault_words(self, table: str = "") -> Result:
        """
        Say how many faults the checks find on the sheet of a table, or in all, with a sign.

        The formula lacks its equals sign; a check whose own formula fails counts as one fault.
        """
        say, here = self.say, f'Checks_sheets,"{escaped(self.sheet(table))}",' if table else ""
        faults = f'SUMIFS(Checks_faults,{here}Checks_faults,">0")'
        failed = f'COUNTIFS({here}Checks_states,"{escaped(say(FAULTY))}")'
        value = self.faults[table] if table else self.faults.total()
        count = Result(f"MAX({faults},{failed})", value)
        if table:
            none = say("✓ No issues on this sheet")
            some = say("! Issues on this sheet: {count}", count=NUMBER)
        else:
            none = say("✓ The checks find no issues")
            some = say("! Issues found: {count}", count=NUMBER)
        words = numbered(some, count)
        formula = f'IF({count.formula}=0,"{escaped(none)}",{words.formula})'
        return Result(formula, words.value if count.value else none)

    def write_faults(self, sheet: Any, place: tuple[int, int], table: str = "") -> None:
        """Write how many faults there are, as a link to Checks."""
        words = self.fault_words(table)
        link = f'=HYPERLINK("#{escaped(quoted(self.say(CHECKS)))}!A1",{words.formula})'
        self.write(sheet, *place, Result(link, words.value), looks("link", "bold"))
        self.mark_faults(sheet, (*place, *place))

    def mark_faults(self, sheet: Any, area: Area) -> None:
        """Mark in an area what says how many faults there are: green for none, red for some."""
        for sign, name in (("✓", "no faults"), ("!", "faults")):
            rule = {"type": "text", "criteria": "begins with", "value": sign}
            self.mark(sheet, area, looks(name), **rule)

    def mark(self, sheet: Any, area: Area, look: Look, **rule: object) -> None:
        """Give the cells of an area a look by a rule of XlsxWriter's, if not told so a formula."""
        form = self.workbook.add_format(dict(look))
        sheet.conditional_format(*area, {"type": "formula", **rule, "format": form})

    def mark_word(self, sheet: Any, area: Area, word: str, look: Look) -> None:
        """Give the cells of an area a look that hold a word."""
        self.mark(sheet, area, look, type="cell", criteria="==", value=f'"{escaped(word)}"')

    def banner(self, sheet: Any, row: int) -> None:
        """Write the line that marks illustrative figures; it follows the setting."""
        text = self.say("Illustrative figures: not a budget of the Secretariat")
        formula = f'=IF({is_setting("illustrative", "yes")},"{escaped(text)}","")'
        value = text if self.setting("illustrative") == "yes" else None
        self.write(sheet, row, 0, Result(formula, value), looks("banner"))

    def print_set_up(
        self,
        sheet: Any,
        tab: str,
        widths: Sequence[float],
        repeat: int | None = None,
        *,
        frozen: int = 0,
        last: int | None = None,
    ) -> int:
        """
        Set a sheet to print across on paper that suits its columns; return their number of pages.

        `repeat` is the row that stands on every page, with the banner and what is between;
        `frozen` how many columns do; `last` the row after those that are printed, where not all
        are.
        """
        fit = fitting(widths, frozen)
        sheet.set_landscape()
        sheet.set_paper(fit.paper)
        sheet.fit_to_pages(fit.pages, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        sheet.set_header('&L&"Arial,Bold"&A&R&"Arial,Regular"&F')
        page = self.say("Page {page} of {pages}", page="&P", pages="&N")
        sheet.set_footer(f'&L&"Arial,Regular"&D&C&"Arial,Regular"{page}')
        sheet.set_tab_color(TABS[tab][0])
        if repeat is not None:
            sheet.repeat_rows(HEADER_ROW - 1, repeat)
        if last is not None:
            sheet.print_area(0, 0, last - 1, len(widths) - 1)
        return fit.pages

    def mark_statuses(self, sheet: Any, area: Area) -> None:
        """Mark every funding status in an area."""
        for status, look in STATUSES.items():
            self.mark_word(sheet, area, label("funding-status", status, self.say), look)


def escaped(text: str) -> str:
    """Return a text as it stands between the quotes of a formula."""
    return text.replace('"', '""')


def numbered(words: str, number: Result) -> Result:
    """Return the text in which a number stands that a formula gives."""
    before, _, after = words.partition(NUMBER)
    formula = f'"{escaped(before)}"&{number.formula}&"{escaped(after)}"'
    return Result(formula, f"{before}{number.value}{after}")


def no_text(look: Look) -> Look:
    """Return the look of a cell with a formula, which Excel would show as text in a text cell."""
    return {name: look[name] for name in look if look[name] != "@"}


def lines(text: str, width: float) -> int:
    """Estimate the lines that a wrapped text takes in a column of that width, in characters."""
    room = max(width * _LETTERS, 1)
    if len(text) <= room and "\n" not in text:
        return 1
    return sum(max(ceil(len(part) / room), 1) for part in text.split("\n"))


def set_height(sheet: Any, row: int, *texts: tuple[str, float], least: int = 1) -> None:
    """Make a row as high as wrapped texts need in columns of their widths, in characters."""
    count = max([least, *(lines(text, width) for text, width in texts)])
    if count > 1:
        sheet.set_row(row, min(count * LINE_HEIGHT + 2, HIGHEST_ROW))


def set_widths(sheet: Any, widths: Sequence[float]) -> None:
    """Set the widths of the first columns."""
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)


class Fit(NamedTuple):
    """A paper, how many pages a sheet takes across it, and the scale it is printed in."""

    paper: int
    pages: int
    scale: float


def fitting(widths: Sequence[float], frozen: int = 0) -> Fit:
    """
    Return the least paper on which columns of these widths are printed so that they can be read.

    The first columns, as many as are frozen, stand on every page.
    """
    points = [_POINTS * width + _PADDING for width in widths]
    whole, again = sum(points), sum(points[:frozen])
    papers = ((A4, 1), *((A3, pages) for pages in range(1, len(widths) + 1)))
    for paper, pages in papers:
        scale = pages * _ROOM[paper] / (whole + (pages - 1) * again)
        if scale >= SMALLEST_SCALE:
            break
    return Fit(paper, pages, min(scale, 1))
