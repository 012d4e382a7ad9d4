"""Where the figures of the summary come from: key figures, charts, the largest gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import Amounts, amounts_behind
from cmswp_xl.documents.numbers import numbers_for
from cmswp_xl.documents.summary import (
    MOST_GAPS,
    MOST_YEARS,
    area_groups,
    chart_rows,
    in_whole_units,
)
from cmswp_xl.documents.summary import (
    content as summary_context,
)
from cmswp_xl.documents.texts import Texts
from cmswp_xl.languages import Words
from cmswp_xl.messages.labels import KINDS
from cmswp_xl.money import ZERO, total
from cmswp_xl.trace.activities import (
    AmountNotes,
    activity_figure,
    costed,
    count_figure,
    group_figure,
    setting_figure,
    year_figure,
)
from cmswp_xl.trace.figure import PERCENT, Operation, Part, Rounding, Rule
from cmswp_xl.trace.ledger import span_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from cmswp_xl.documents.summary import ChartPart, Summary
    from cmswp_xl.model import Activity
    from cmswp_xl.trace.figure import Path
    from cmswp_xl.trace.ledger import Ledger

OTHERS = "others"
"""What stands for the areas that a chart shows together."""


def enter(ledger: Ledger, _codes: Sequence[str] = ()) -> None:
    """Enter and note the figures of the summary."""
    paper, _ = summary_context(ledger.reckoning, ledger.language)
    ledger.reckoning = reckoning = in_whole_units(ledger.reckoning)
    settings = reckoning.programme.settings
    behind = amounts_behind(reckoning, reckoning.total)
    numbers = numbers_for(ledger.language, settings.number_style, settings.rounding, behind)
    groups = area_groups(reckoning)
    texts, say = Texts(ledger.language), Words(ledger.language)
    tree = chart_rows(reckoning, groups, numbers, texts, say).tree
    notes = AmountNotes(ledger, tree, numbers)
    _areas(notes, paper.areas, groups)
    _key_figures(notes, paper)
    _years(notes, paper.years)
    _statuses(notes, paper.statuses)
    _gaps(notes, paper)
    _notes(notes)


def _areas(notes: AmountNotes, part: ChartPart, groups: Mapping[str, Sequence[Activity]]) -> None:
    for (code, activities), line in zip(groups.items(), part.rows, strict=True):
        keys = [activity.id for activity in activities]
        notes.group(code, keys, ("area", code or OTHERS), _amounts(line.cells))
    if part.total is not None:
        notes.total([("area", code or OTHERS) for code in groups], _amounts(part.total.cells))


def _amounts(cells: Sequence[str]) -> Amounts:
    return Amounts((cells[0],), tuple(cells[1:-1]), cells[-1])


def _every(notes: AmountNotes) -> list[str]:
    return [activity.id for activity in notes.ledger.reckoning.programme.activities]


def _key_figures(notes: AmountNotes, paper: Summary) -> None:
    ledger, every = notes.ledger, _every(notes)
    texts = [figure.text for figure in paper.figures]
    line = notes.tree.shown["total"][""]
    kinds = notes.tree.columns.kinds
    known = [amount for kind in kinds if (amount := line[kind]) is not None]
    available = ledger.sum(("total", "available"), [("total", k) for k in kinds], "available")
    _shown(notes, ("total", "cost"), texts[0], line["cost"], "rounded")
    _shown(notes, available, texts[1], total(known) if known else None, "added")
    _shown(notes, ("total", "to_be_sought"), texts[2], line["to_be_sought"], "rounded")
    notes.alone(group_figure(ledger, ("total",), every, "pledged"), texts[3])
    ledger.note(_coverage(ledger), texts[4])
    for name, keys in (("costed", costed(ledger, every)), ("activities", every)):
        rule = "count-costed" if name == "costed" else "count-activities"
        path = count_figure(ledger, ("total", name), keys, rule)
        ledger.note(path, notes.numbers.count(len(keys)))


def _coverage(ledger: Ledger) -> Path:
    """Enter the share of the cost that is covered, in per cent."""
    parts = [Part(("total", "cost")), Part(("total", "to_be_sought"), -1)]
    blank = any(ledger.exact(part.path) is None for part in parts)
    covered = ledger.enter(
        ("total", "covered"),
        Operation.SUM,
        [Rule("covered")],
        parts=parts,
        known=False if blank else None,
    )
    return ledger.enter(
        ("total", "coverage"),
        Operation.SHARE,
        [Rule("coverage")],
        parts=[Part(covered), Part(("total", "cost"))],
        unit=PERCENT,
    )


def _shown(notes: AmountNotes, path: Path, text: str, shown: Decimal | None, code: str) -> None:
    step = notes.numbers.step
    notes.ledger.note(path, text, shown, None if step is None else Rounding(code, step))


def _years(notes: AmountNotes, part: ChartPart) -> None:
    """Note cost and money available by year; the last years stand together where many."""
    ledger, every = notes.ledger, _every(notes)
    rows = [row.key for row in ledger.reckoning.rows("year")]
    years = [key for key in rows if key]
    groups = [[year] for year in years]
    if len(years) > MOST_YEARS:
        groups = [*([year] for year in years[: MOST_YEARS - 1]), years[MOST_YEARS - 1 :]]
    groups += [[span_of(None)] for key in rows if not key]
    line = notes.tree.shown["total"][""]
    kinds = notes.tree.columns.kinds
    known = [amount for kind in kinds if (amount := line[kind]) is not None]
    wholes = {"cost": line["cost"], "available": total(known) if known else None}
    for place, (name, whole) in enumerate(wholes.items()):
        paths = [_year(ledger, group, every, name) for group in groups]
        texts = [row.cells[place] for row in part.rows]
        notes.fits(paths, texts, whole, ("total", name))


def _year(ledger: Ledger, group: Sequence[str], keys: Sequence[str], name: str) -> Path:
    paths = [year_figure(ledger, span, keys, name) for span in group]
    if len(paths) == 1:
        return paths[0]
    return ledger.sum(("years", f"{group[0]}-{group[-1]}", name), paths, "sum-years")


def _statuses(notes: AmountNotes, part: ChartPart) -> None:
    ledger = notes.ledger
    by_activity = ledger.reckoning.by_activity
    paths = []
    for status, line in zip(KINDS["funding-status"], part.rows, strict=True):
        keys = [key for key, figures in by_activity.items() if figures.status == status]
        at = ("status", status)
        ledger.note(count_figure(ledger, (*at, "activities"), keys, "count-status"), line.cells[0])
        paths.append(group_figure(ledger, at, keys, "cost"))
    whole = notes.tree.shown["total"][""]["cost"]
    notes.fits(paths, [line.cells[1] for line in part.rows], whole, ("total", "cost"))


def _gaps(notes: AmountNotes, paper: Summary) -> None:
    ledger, by_activity = notes.ledger, notes.ledger.reckoning.by_activity
    short = [a for a in ledger.reckoning.programme.activities if by_activity[a.id].to_be_sought]
    short.sort(key=lambda activity: -(by_activity[activity.id].to_be_sought or ZERO))
    for activity, gap in zip(short[:MOST_GAPS], paper.gaps, strict=True):
        shown = notes.tree.shown["activities"][activity.id]["to_be_sought"]
        path = activity_figure(ledger, activity.id, "to_be_sought")
        _shown(notes, path, gap.sought, shown, "fitted")
        notes.alone(activity_figure(ledger, activity.id, "pledged"), gap.pledged)


def _notes(notes: AmountNotes) -> None:
    """Note what the remarks say: what is not costed, the reconciliation, the support costs."""
    ledger, every = notes.ledger, _every(notes)
    reckoning = ledger.reckoning
    by_activity = reckoning.by_activity
    uncosted = [key for key in every if by_activity[key].cost is None]
    partial = [key for key in every if by_activity[key].partial]
    for name, keys in (("not_costed", uncosted), ("partial", partial)):
        if keys:
            path = count_figure(ledger, ("total", name), keys, f"count-{name.replace('_', '-')}")
            ledger.note(path, str(len(keys)), table=False)
    notes.reconciliation("total", "", ("total",), every, reckoning.total)
    if reckoning.support_costs() is None:
        return
    rate = setting_figure(ledger, ("support-costs", "rate"), "support_cost_rate", PERCENT)
    ledger.note(rate, notes.numbers.percent(ledger.exact(rate) or ZERO), table=False)
    excluded = group_figure(ledger, ("total",), every, "excluded")
    support = ledger.enter(
        ("support-costs", "cost"),
        Operation.PERCENTAGE,
        [Rule("support-costs")],
        parts=[Part(rate), Part(excluded)],
    )
    notes.alone(support, table=False)
