"""The next period from the workbook of a period, and in words what stays behind."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

from cmswp_xl.cells import AsTyped, ErrorValue, NoStoredValue, Raw
from cmswp_xl.errors import Misuse, UnfitData
from cmswp_xl.figures.totals import compute_totals
from cmswp_xl.issues import Issue, Severity, count
from cmswp_xl.languages import Language, Words
from cmswp_xl.make import make_workbook
from cmswp_xl.make.lists import LONGEST_TEXT, carried_titles
from cmswp_xl.messages.values import display_text, series
from cmswp_xl.money import HUNDRED, stored_decimal
from cmswp_xl.ooxml import Limits
from cmswp_xl.pipeline import check_programme, check_source
from cmswp_xl.resources import read_yaml, texts
from cmswp_xl.samples import RowsSource
from cmswp_xl.schema import ENTRY, Field, TableSchema, load_schemas, sheet_schemas
from cmswp_xl.tables import comparable, is_blank
from cmswp_xl.translated import records_in
from cmswp_xl.validate.typed import TypedTable
from cmswp_xl.xlsx import open_workbook, read_inventory

Row = dict[str, Any]
Content = dict[str, list[Row]]

_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
"""The error values that can be typed; newer ones only come of formulas."""


def content_of(typed: Mapping[str, TypedTable]) -> Content:
    """
    Return the rows of all tables by field; blanks are left out.

    A value that its field does not allow stands as it was typed, where a cell can hold it.
    """
    return {name: [row for row in rows_of(table) if row] for name, table in typed.items()}


def rows_of(table: TypedTable) -> list[Row]:
    """Return the rows of a table as `content_of` does, those of which nothing stands as empty."""
    fields = [item for item in table.table.schema.inputs() if item.name in table.columns]
    rows: list[Row] = [{} for _ in range(len(table))]
    for item in fields:
        cells = zip(table.column(item.name), table.table.columns[item.name], strict=True)
        for index, (value, raw) in enumerate(cells):
            entry = _entry(table, item, index) if value is None else plain(value)
            if entry is not None and holdable(raw):
                rows[index][item.name] = entry
    return rows


def plain(value: Any) -> Any:
    """Return a typed value as content has it: lists of codes and exact amounts as their text."""
    if isinstance(value, tuple):
        return "; ".join(value)
    return f"{value:f}" if isinstance(value, Decimal) else value


def _entry(table: TypedTable, item: Field, index: int) -> AsTyped | None:
    """Return what was typed where no value of the field could be made of it; None for a blank."""
    if (item.name, index) not in table.faulty:
        return None
    raw = table.table.columns[item.name][index]
    # a percentage that is stored as a fraction shows a hundred times as much
    fraction = table.table.place(item.name, index) in table.table.percents
    return as_typed(raw, percent=item.unit == "percent" and fraction)


def as_typed(raw: Raw, *, percent: bool = False) -> AsTyped | None:
    """Return a value as a cell takes it whatever its field; None for what none holds."""
    if raw is None or not holdable(raw) or (isinstance(raw, str) and is_blank(raw)):
        return None
    if percent and isinstance(raw, (int, float)) and not isinstance(raw, bool):
        value = stored_decimal(raw)
        return AsTyped(raw if value is None else float(value * HUNDRED))
    return AsTyped(raw)


def holdable(raw: Raw) -> bool:
    """Return whether a cell can hold a value as it was typed, so that it reads the same again."""
    if isinstance(raw, NoStoredValue):
        return False
    if isinstance(raw, ErrorValue):
        return raw.text in _ERRORS
    if isinstance(raw, str):
        return len(raw) <= LONGEST_TEXT and not any("\ud800" <= c <= "\udfff" for c in raw)
    return isinstance(raw, (dt.date, dt.time)) or raw is None or isfinite(raw)


_FACTS: Mapping[str, Any] = read_yaml(Path(__file__).with_name("period.yaml"))
LEFT_BEHIND, DECIDED, SET = _FACTS["left_behind"], _FACTS["decided"], _FACTS["set"]
BLANKED, YEARS = _FACTS["blanked"], _FACTS["years"]
"""What does not go on, each as the file explains it."""

_PERIOD = re.compile(r"\s*([0-9]{4})\s*[-\N{EN DASH}/]\s*([0-9]{4})\s*\Z")
_EARLIEST, _LATEST = 1900, 2200
_LONGEST = 50
"""Years that no programme of work outlasts: a period that does is a slip of the finger."""


def read_period(text: str, reason: str = "bad-period") -> range:
    """Return the years of a period such as 2018-2020; raises `Misuse` of the reason for none."""
    match = _PERIOD.match(text)
    first, last = (int(match[1]), int(match[2])) if match else (1, 0)
    if not _EARLIEST <= first <= last <= _LATEST or last - first >= _LONGEST:
        raise Misuse(reason, period=text)
    return range(first, last + 1)


@dataclass(frozen=True, slots=True)
class Left:
    """What a table leaves behind: whole rows, and cells of rows that go on, by field."""

    rows: int = 0
    cells: Mapping[str, int] = field(default_factory=dict)


def next_period(content: Content, period: range) -> tuple[Content, dict[str, Left]]:
    """Return the content for a new period, a draft without money, and what of it stays behind."""
    kept: Content = {}
    left: dict[str, Left] = {}
    for name, rows in content.items():
        staying = [row for row in rows if _stays(name, row)]
        blanked: Counter[str] = Counter()
        kept[name] = [
            _next_row(name, row, period, blanked) for row in rows if not _stays(name, row)
        ]
        if staying or blanked:
            left[name] = Left(len(staying), dict(blanked))
    settings = kept.setdefault("programme", [{}])
    values = (period[0], period[-1], "draft")
    kept["programme"] = [{**settings[0], **dict(zip(SET, values, strict=True))}]
    return {name: rows for name, rows in kept.items() if rows}, left


def _stays(table: str, row: Row) -> bool:
    if table == "requests":
        return row.get("decision") in DECIDED
    return table in LEFT_BEHIND


def _next_row(table: str, row: Row, period: range, blanked: Counter[str]) -> Row:
    """Return a row as it goes on, and count in `blanked` what is taken from it."""
    years = [name for name in YEARS.get(table, ()) if name in row and row[name] not in period]
    blank = {name for name in (*BLANKED.get(table, ()), *years) if name in row}
    blanked.update(name for name in row if name in blank)
    return {name: value for name, value in row.items() if name not in blank}


def standing_errors(issues: Iterable[Issue], typed: Mapping[str, TypedTable]) -> list[Issue]:
    """Return the errors that concern what goes on; those of what stays behind do no harm."""
    requests = typed.get("requests")
    rows = requests.table.rows if requests else ()
    decisions = requests.column("decision") if requests else ()
    decided = {row for row, said in zip(rows, decisions, strict=True) if said in DECIDED}
    replaced = {**BLANKED, "programme": (*BLANKED["programme"], *SET)}
    return [
        issue
        for issue in issues
        if issue.severity is Severity.ERROR
        and issue.table not in LEFT_BEHIND
        and issue.column not in replaced.get(issue.table, ())
        and not (issue.table == "requests" and issue.place[1] in decided)
    ]


def dated_texts(
    content: Content, schemas: Mapping[str, TableSchema], old: range, new: range
) -> dict[str, int]:
    """Count by table the texts that go on and name a year of the old period alone."""
    past = [str(year) for year in old if year not in new]
    named = re.compile(rf"(?<!\d)(?:{'|'.join(past)})(?!\d)")
    found: Counter[str] = Counter()
    for name, rows in content.items() if past else ():
        fields = [item.name for item in schemas[name].inputs() if item.text]
        given = (str(row[field]) for row in rows for field in fields if field in row)
        found[name] = sum(1 for text in given if named.search(text))
    return dict(+found)


OWN = frozenset({"unknown-column", "unknown-table", "unknown-sheet"})
"""The issues that mention what people added of their own."""


@dataclass(frozen=True, slots=True)
class NextWorkbook:
    """
    The workbook of the next period.

    `kept` counts the rows that go on by table (for the form, its settings), `left` what stays
    behind, `own` tells of what people added of their own, which stays behind too like the `notes`
    on cells and the sheet of what was `carried` over. `dated` counts by table the texts that name
    a year of the old period.
    """

    data: bytes
    language: Language
    period: range
    kept: Mapping[str, int]
    left: Mapping[str, Left]
    own: Sequence[Issue]
    notes: int
    carried: str | None
    dated: Mapping[str, int]


def next_workbook(
    path: Path,
    period: range,
    language: Language | None = None,
    limits: Limits | None = None,
    shown: Container[str] = (),
) -> NextWorkbook:
    """
    Make the workbook of the next period, in a language or else the programme's original one.

    `shown` are groups of sheets to show even though nothing is in them.

    Raises `UnreadableWorkbook`, and `UnfitData` where what goes on has errors.
    """
    book = open_workbook(path, limits)
    found, remarks = check_programme(book, str(path), flags=False)
    errors = standing_errors(remarks, found.typed)
    if errors:
        raise UnfitData("old-has-errors", workbook=str(path), errors=len(errors))
    schemas = load_schemas()
    old = content_of(found.typed)
    content, left = next_period(old, period)
    if found.entry:
        left[ENTRY] = Left(len(found.entry))
    chosen = language or Language(content["programme"][0]["original_language"])
    checked, issues = check_source(RowsSource(content, schemas, chosen), flags=False)
    if checked.programme is None:
        number = count(issues, Severity.ERROR)
        raise UnfitData("old-has-errors", workbook=str(path), errors=number)
    stock = read_inventory(book.data, str(path), limits)
    return NextWorkbook(
        data=make_workbook(
            content,
            chosen,
            compute_totals(checked.programme),
            shown=shown,
            translated=records_in(stock.cells),
        ),
        language=chosen,
        period=period,
        kept={name: len(r[0]) if schemas[name].form else len(r) for name, r in content.items()},
        left=left,
        own=tuple(issue for issue in remarks if issue.code in OWN),
        notes=sum(len(sheet.notes) for sheet in stock.sheets),
        carried=next((n for n in book.sheet_names() if comparable(n) in carried_titles()), None),
        dated=dated_texts(content, schemas, _period_of(old), period),
    )


def _period_of(content: Content) -> range:
    """Return the years of a programme; none where they are not given."""
    settings = next(iter(content.get("programme", ())), {})
    first, last = settings.get("period_start"), settings.get("period_end")
    if isinstance(first, int) and isinstance(last, int):
        return range(first, last + 1)
    return range(0)


INDENT = "  "


def next_report(made: NextWorkbook, path: str, old: str, say: Words) -> str:
    """Return in words what goes on in the next period, and what stays behind."""
    lines = [
        say("Workbook created: {path}", path=path),
        say(
            "Period {first}–{last}, from {old}, which is unchanged.",
            first=made.period[0],
            last=made.period[-1],
            old=display_text(old, None),
        ),
        say("Kept:"),
        *(INDENT + _kept(made, name, number, say) for name, number in made.kept.items()),
    ]
    if made.left:
        lines.append(say("Not kept:"))
        lines += [INDENT + _left(made, name, left, say) for name, left in made.left.items()]
    own = list(_own(made, say))
    if own:
        lines.append(say("Your own additions, not kept:"))
        lines += [INDENT + line for line in own]
    if made.dated:
        lines.append(say("Texts that mention a year of the old period, to be checked:"))
        lines += [INDENT + _of_table(made, name, count, say) for name, count in made.dated.items()]
    return "\n".join(lines)


def _kept(made: NextWorkbook, name: str, number: int, say: Words) -> str:
    form = load_schemas()[name].form
    settings = say.many("{count} setting", "{count} settings", number)
    text = settings if form else say.many("{count} row", "{count} rows", number)
    return _of_table(made, name, text, say)


def _left(made: NextWorkbook, name: str, left: Left, say: Words) -> str:
    schema = sheet_schemas()[name]
    parts = []
    if left.rows:
        parts.append(say.many("{count} row", "{count} rows", left.rows))
    for item in schema.fields:
        count = left.cells.get(item.name, 0)
        if count:
            title = item.titles[made.language]
            counted = say("{column} ({count})", column=title, count=count)
            parts.append(title if schema.form else counted)
    return _of_table(made, name, series(parts, say), say)


def _of_table(made: NextWorkbook, name: str, content: object, say: Words) -> str:
    return say("{table}: {content}", table=title_of(name, made.language), content=content)


def _own(made: NextWorkbook, say: Words) -> Iterator[str]:
    words = texts("reports")["own"]
    for issue in made.own:
        value = display_text(issue.value or issue.cell or "")
        yield say(words[issue.code], sheet=display_text(issue.sheet), value=value)
    if made.carried:
        sheet = words["unknown-sheet"]
        yield say(sheet, value=display_text(made.carried))
    if made.notes:
        yield say.many("{count} note on a cell", "{count} notes on cells", made.notes)


def title_of(name: str, language: Language) -> str:
    """Return the title of a table in a workbook of a language."""
    return sheet_schemas()[name].titles[language]
