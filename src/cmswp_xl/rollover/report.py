"""What was carried over and what was not, in words."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from cmswp_xl.cells import position
from cmswp_xl.languages import N_
from cmswp_xl.messages.shown import joined, shown
from cmswp_xl.schema import load_schemas

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cmswp_xl.languages import Words
    from cmswp_xl.make import CarriedCell
    from cmswp_xl.rollover.period import Left, NextWorkbook
    from cmswp_xl.rollover.upgrade import Upgrade


_INDENT = "  "
_OWN = {
    "unknown-column": N_("{sheet}: the column or setting {value}"),
    "unknown-table": N_("{sheet}: the table {value}"),
    "unknown-sheet": N_("the sheet {value}"),
}


def next_told(made: NextWorkbook, path: str, old: str, say: Words) -> str:
    """Tell what of a workbook goes on in the next period, and what stays behind."""
    lines = [
        say("Workbook made: {path}", path=path),
        say(
            "Period {first}–{last}, from {old}, which is unchanged.",
            first=made.period.first,
            last=made.period.last,
            old=shown(old, None),
        ),
        say("Kept:"),
        *(_INDENT + line for line in _kept(made, say)),
    ]
    if made.left:
        lines.append(say("Left behind:"))
        lines += [_INDENT + _left(name, left, say) for name, left in made.left.items()]
    own = list(_own(made, say))
    if own:
        lines.append(say("Of your own, left behind:"))
        lines += [_INDENT + line for line in own]
    if made.dated:
        lines.append(say("Texts that name a year of the old period, to be looked through:"))
        lines += [_INDENT + f"{_title(name, say)}: {count}" for name, count in made.dated.items()]
    return "\n".join(lines)


def _kept(made: NextWorkbook, say: Words) -> Iterator[str]:
    for name, count in made.kept.items():
        if load_schemas()[name].form:
            text = say.many("{count} setting", "{count} settings", count)
        else:
            text = say.many("{count} row", "{count} rows", count)
        yield f"{_title(name, say)}: {text}"


def _left(name: str, left: Left, say: Words) -> str:
    schema = load_schemas()[name]
    parts = []
    if left.rows:
        parts.append(say.many("{count} row", "{count} rows", left.rows))
    for item in schema.fields:
        count = (left.cells or {}).get(item.name, 0)
        if count:
            title = item.titles[say.language]
            parts.append(title if schema.form else f"{title} ({count})")
    return f"{_title(name, say)}: {', '.join(parts)}"


def _own(made: NextWorkbook, say: Words) -> Iterator[str]:
    for issue in made.own:
        value = shown(issue.value or issue.cell or "")
        yield say(_OWN[issue.code], sheet=shown(issue.sheet), value=value)
    if made.carried:
        sheet = _OWN["unknown-sheet"]
        yield say(sheet, value=shown(made.carried))
    if made.notes:
        yield say.many("{count} note on a cell", "{count} notes on cells", made.notes)


def upgrade_told(made: Upgrade, path: str, old: str, say: Words) -> str:
    """Tell what of an older workbook has its place in the new one, and what has none."""
    tables = sum(1 for count in made.rows.values() if count)
    rows = sum(made.rows.values())
    lines = [
        say("Workbook made: {path}", path=path),
        say(
            "Carried over from {old}, which is unchanged: {rows} rows in {tables} tables.",
            old=shown(old, None),
            rows=rows,
            tables=tables,
        ),
        *_new_parts(made, say),
    ]
    if made.unfit:
        lines.append(
            say.many(
                "{count} value does not fit its column; it stands there as it was typed.",
                "{count} values do not fit their columns; they stand there as they were typed.",
                made.unfit,
            )
        )
    if made.errors:
        command = f'cmswp validate "{path}"' if " " in path else f"cmswp validate {path}"
        lines.append(
            say.many(
                "The new workbook has {count} error; to see it, run: {command}",
                "The new workbook has {count} errors; to see them, run: {command}",
                made.errors,
                command=command,
            )
        )
    return "\n".join((*lines, *_carried(made.carried, say)))


def _new_parts(made: Upgrade, say: Words) -> Iterator[str]:
    tables = [_title(name, say) for name, field in made.added if field is None]
    columns: dict[str, list[str]] = defaultdict(list)
    for name, field in made.added:
        if field is not None:
            title = load_schemas()[name].field(field).titles[say.language]
            columns[_title(name, say)].append(title)
    if tables:
        yield say("New tables, still empty: {tables}", tables=", ".join(tables))
    for table, titles in columns.items():
        yield say("New in {table}: {columns}", table=table, columns=", ".join(titles))


def _carried(carried: Sequence[CarriedCell], say: Words) -> Iterator[str]:
    if not carried:
        yield say("Everything has its place.")
        return
    yield say.many(
        "{count} entry has no place and is kept on the sheet “{sheet}”:",
        "{count} entries have no place and are kept on the sheet “{sheet}”:",
        len(carried),
        sheet=say("Carried over"),
    )
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for cell in carried:
        groups[cell.sheet, cell.heading, cell.kind].append(cell.cell)
    for (sheet, heading, kind), cells in groups.items():
        place = " · ".join(shown(part) for part in (sheet, heading) if part)
        where = joined(sorted(filter(None, cells), key=_order))
        yield (
            _INDENT
            + say("{place}: {kind}", place=place, kind=kind)
            + (f" ({where})" if where else "")
        )


def _order(cell: str) -> tuple[int, int]:
    """Put cells in the order of their columns, so that ranges show."""
    first = cell.partition(":")[0].partition(",")[0]
    try:
        row, column = position(first)
    except ValueError:
        return 0, 0
    return column, row


def _title(name: str, say: Words) -> str:
    return load_schemas()[name].titles[say.language]
