"""Where the figures of budget scenarios side by side come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.documents.amounts import amount_tree, amounts_behind, choose_columns
from cmswp_xl.documents.annex import areas_of
from cmswp_xl.documents.annex import content as annex_context
from cmswp_xl.documents.numbers import numbers_for
from cmswp_xl.figures.totals import reckon
from cmswp_xl.money import ZERO, rounded
from cmswp_xl.trace.activities import (
    AmountNotes,
    activity_figure,
    group_figure,
    setting_figure,
    year_figure,
)
from cmswp_xl.trace.figure import PERCENT, Line, Operation, Part, Rounding, Rule
from cmswp_xl.trace.ledger import span_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cmswp_xl.documents.amounts import AmountRow
    from cmswp_xl.documents.annex import Annex, AreaPart, Scenarios
    from cmswp_xl.documents.posts import StaffGroup
    from cmswp_xl.model import Area
    from cmswp_xl.trace.figure import Path
    from cmswp_xl.trace.ledger import Ledger


_NAMES = ("cost", "to_be_sought")


def note_scenarios(notes: AmountNotes, part: Scenarios, areas: Sequence[Area]) -> None:
    """Note cost and what is to be sought of every area in each scenario, and what these lower."""
    if not part.heads:
        return
    ledger, programme = notes.ledger, notes.ledger.reckoning.programme
    books: dict[str, Ledger] = {}
    for index, item in enumerate(programme.scenarios):
        root = ("scenario", item.code)
        book = books[item.code] = ledger.beside(root, reckon(programme, item.code))
        for offset, name in enumerate(_NAMES):
            column = 2 * index + offset
            paths = [
                group_figure(
                    book,
                    (*root, "area", area.code),
                    [activity.id for activity in programme.activities_of(area.code)],
                    name,
                )
                for area in areas
            ]
            whole = ledger.sum((*root, "total", name), paths, "sum-areas")
            exact, step = ledger.exact(whole), notes.numbers.step
            shown = exact if exact is None or step is None else rounded(exact, step)
            notes.fits(paths, [row.amounts[column] for row in part.rows], shown, whole)
            how = None if step is None else Rounding("rounded", step)
            ledger.note(whole, part.total.amounts[column], shown, how)
    _differences(notes, books, areas)


def _differences(notes: AmountNotes, books: dict[str, Ledger], areas: Sequence[Area]) -> None:
    """Note by how much the other scenarios are below or above the highest, as sentences say."""
    ledger, programme = notes.ledger, notes.ledger.reckoning.programme
    keys = [a.id for area in areas for a in programme.activities_of(area.code)]
    costs = {code: ledger.exact(("scenario", code, "total", "cost")) or ZERO for code in books}
    highest = max(costs, key=lambda code: costs[code])
    for code, book in books.items():
        for key in keys if code != highest else ():
            first = activity_figure(books[highest], key, "cost")
            second = activity_figure(book, key, "cost")
            before, after = ledger.exact(first), ledger.exact(second)
            if before == after:
                continue
            sign = 1 if (before or ZERO) >= (after or ZERO) else -1
            path = ledger.enter(
                ("scenario", code, "activity", key, "difference"),
                Operation.SUM,
                [Rule("scenario-difference")],
                parts=[Part(first, sign), Part(second, -sign)],
            )
            notes.alone(path, table=False)


_KINDS = ("core", "voluntary", "other")


def note_staff(notes: AmountNotes, area: str, groups: Sequence[StaffGroup]) -> None:
    """Note the percentages of an area's staff table, which stand by kind of source."""
    ledger = notes.ledger
    entries = list(_entries(ledger, area))
    order = [path for kind in _KINDS for found, path in entries if found == kind]
    texts = [line.percent for group in groups for line in group.lines]
    for path, text in zip(order, texts, strict=True):
        ledger.note(path, text)


def _entries(ledger: Ledger, area: str) -> Iterator[tuple[str, Path]]:
    """Enter a figure for each post of the area, and for each of its payers where several do."""
    programme, places = ledger.reckoning.programme, ledger.places
    kinds = programme.source_kinds()
    posts = {post.id: (i, post) for i, post in enumerate(programme.posts)}
    for index, allocation in enumerate(programme.allocations):
        if allocation.area != area:
            continue
        percent = places.cell("allocations", index, "percent")
        because = places.cells("allocations", index, ("post", "area"))
        time = [] if percent is None else [Line(percent, because)]
        at = ("staff", allocation.post, area)
        shares = [
            (i, share)
            for i, share in enumerate(programme.post_shares)
            if share.post == allocation.post
        ]
        for i, share in shares:
            lines = [*time, *payment(ledger, i)]
            path = free(ledger, (*at, *filter(None, (share.source, share.donor))))
            rules = [Rule("time-shared")]
            yield (
                kinds[share.source],
                ledger.enter(path, Operation.PRODUCT, rules, lines=lines, unit=PERCENT),
            )
        if not shares:
            source = posts[allocation.post][1].source
            path = (*at, "percent")
            rules = [Rule("time")]
            yield (
                kinds[source],
                ledger.enter(path, Operation.SUM, rules, lines=time, unit=PERCENT),
            )


def payment(ledger: Ledger, index: int) -> Iterator[Line]:
    """Give the cell that says what part of a post one of its sources pays."""
    cell = ledger.places.cell("postfunding", index, "percent")
    if cell is not None:
        names = ("post", "source", "donor")
        yield Line(cell, ledger.places.cells("postfunding", index, names))


def free(ledger: Ledger, path: Path) -> Path:
    """Give the path of a percentage; a payer that comes twice for a post is numbered."""
    found, number = (*path, "percent"), 1
    while found in ledger.figures:
        number += 1
        found = (*path, str(number), "percent")
    return found


def enter(ledger: Ledger, codes: Sequence[str] = ()) -> None:
    """Enter and note the figures of the annex, of some areas only where their codes are given."""
    reckoning, settings = ledger.reckoning, ledger.reckoning.programme.settings
    annex, _ = annex_context(reckoning, ledger.language, codes)
    areas = areas_of(reckoning.programme, codes)
    chosen = reckoning.of(
        a for area in areas for a in reckoning.programme.activities_of(area.code)
    )
    numbers = numbers_for(
        ledger.language,
        settings.number_style,
        settings.rounding,
        amounts_behind(reckoning, chosen),
    )
    tree = amount_tree(reckoning, areas, choose_columns(reckoning, chosen), numbers.step)
    notes = AmountNotes(ledger, tree, numbers)
    _areas(notes, annex, areas)
    _closing(notes, annex, areas)
    if annex.closing.additions:
        _additions(notes, annex, areas)
    _years(notes, annex, areas)
    note_scenarios(notes, annex.scenarios, areas)


def _areas(notes: AmountNotes, annex: Annex, areas: Sequence[Area]) -> None:
    reckoning = notes.ledger.reckoning
    own = [part for part in annex.areas if not part.family]
    for area, part in zip(areas, own, strict=True):
        activities = reckoning.programme.activities_of(area.code)
        keys, at = [activity.id for activity in activities], ("area", area.code)
        for activity, row in zip(activities, part.rows, strict=True):
            notes.activity(activity, row.amounts, at)
        if keys:
            notes.group(area.code, keys, at, part.subtotal.amounts)
            notes.costed(at, keys, part.subtotal.remark)
            notes.apart(keys)
            figures = reckoning.of(activities)
            notes.reconciliation("areas", area.code, at, keys, figures)
        note_staff(notes, area.code, part.staff)
    for part in annex.areas:
        if part.family:
            _family(notes, part)


def _family(notes: AmountNotes, part: AreaPart) -> None:
    """Note the sub-total of an area with its sub-areas, the sum of theirs."""
    reckoning = notes.ledger.reckoning
    codes, at = reckoning.programme.family(part.family), ("family", part.family)
    activities = [a for code in codes for a in reckoning.programme.activities_of(code)]
    keys = [activity.id for activity in activities]
    notes.group(part.family, keys, at, part.subtotal.amounts, "families")
    notes.costed(at, keys, part.subtotal.remark)
    notes.reconciliation("families", part.family, at, keys, reckoning.of(activities))


def _closing(notes: AmountNotes, annex: Annex, areas: Sequence[Area]) -> None:
    closing = annex.closing
    for area, row in zip(areas, closing.areas, strict=bool(closing.areas)):
        keys, at = _keys(notes, area), ("area", area.code)
        notes.group(area.code, keys, at, row.amounts)
        notes.costed(at, keys, row.remark)
    if not closing.areas:
        for area in areas:
            _enter_group(notes, area)
    every = [key for area in areas for key in _keys(notes, area)]
    notes.total([("area", area.code) for area in areas], closing.total.amounts)
    notes.costed(("total",), every, closing.total.remark)
    activities = {a.id: a for a in notes.ledger.reckoning.programme.activities}
    figures = notes.ledger.reckoning.of(activities[key] for key in every)
    notes.reconciliation("total", "", ("total",), every, figures)


def _enter_group(notes: AmountNotes, area: Area) -> None:
    """Enter the figures of an area that no table prints, for the total that is their sum."""
    for name in ("cost", *notes.tree.columns.kinds, "to_be_sought"):
        group_figure(notes.ledger, ("area", area.code), _keys(notes, area), name)
    for year in notes.tree.columns.years:
        at, keys = ("area", area.code), _keys(notes, area)
        group_figure(notes.ledger, at, keys, "cost", span_of(year))


def _additions(notes: AmountNotes, annex: Annex, areas: Sequence[Area]) -> None:
    """Note the support costs and the grand total, which stand in the cost column only."""
    ledger, step = notes.ledger, notes.numbers.step
    every = [key for area in areas for key in _keys(notes, area)]
    rate = setting_figure(ledger, ("support-costs", "rate"), "support_cost_rate", PERCENT)
    ledger.note(rate, notes.numbers.percent(ledger.exact(rate) or ZERO), table=False)
    excluded = group_figure(ledger, ("total",), every, "excluded")
    support = ledger.enter(
        ("support-costs", "cost"),
        Operation.PERCENTAGE,
        [Rule("support-costs")],
        parts=[Part(rate), Part(excluded)],
    )
    grand = ledger.sum(("grand-total", "cost"), [("total", "cost"), support], "grand-total")
    first, second = (row.amounts.cost[-1] for row in annex.closing.additions)
    notes.alone(support, first)
    shown, rounding = notes.rounded(ledger.exact(support))
    direct = notes.tree.shown["total"][""]["cost"]
    if step is not None and direct is not None and shown is not None:
        shown, rounding = direct + shown, Rounding("added", step)
    ledger.note(grand, second, shown, rounding)


def _years(notes: AmountNotes, annex: Annex, areas: Sequence[Area]) -> None:
    every = [key for area in areas for key in _keys(notes, area)]
    years: list[int | None] = [*notes.ledger.reckoning.programme.settings.years, None]
    for year, row in zip(years, annex.closing.years, strict=False):
        _year(notes, span_of(year), every, row)


def _year(notes: AmountNotes, span: str, keys: Sequence[str], row: AmountRow) -> None:
    names = ("cost", *notes.tree.columns.kinds, "to_be_sought")
    texts = (*row.amounts.cost, *row.amounts.kinds, row.amounts.sought)
    for name, text in zip(names, texts, strict=True):
        notes.alone(year_figure(notes.ledger, span, keys, name), text)


def _keys(notes: AmountNotes, area: Area) -> list[str]:
    return [a.id for a in notes.ledger.reckoning.programme.activities_of(area.code)]
