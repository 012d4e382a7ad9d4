"""
The annex in one language: plain strings and lists, worded and formatted, for the templates.

What it says and how follows the Secretariat's format of the costed programme of work and the
editorial practice of the Convention's documents: title with draft and extract marks, unit, date,
scenario, net or gross, the two-level table, staff tables, notes a, b, c.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmswp_xl.context.closing import closing_part
from cmswp_xl.context.front import ProgrammeDocument, front
from cmswp_xl.context.heading import (
    annex_title,
    column_labels,
    general_statements,
    running_head,
)
from cmswp_xl.context.lines import amount_tree, amounts_behind, choose_columns, families_of
from cmswp_xl.context.numbers import numbers_for
from cmswp_xl.context.rows import AmountRow, RowPrinter
from cmswp_xl.context.scenarios import scenarios_part
from cmswp_xl.context.staff import StaffPrinter
from cmswp_xl.context.texts import Texts
from cmswp_xl.languages import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cmswp_xl.context.closing import Closing
    from cmswp_xl.context.lines import AmountTree
    from cmswp_xl.context.rows import ActivityRow
    from cmswp_xl.context.scenarios import Scenarios
    from cmswp_xl.context.staff import StaffGroup
    from cmswp_xl.context.texts import MissingText
    from cmswp_xl.languages import Language
    from cmswp_xl.model import Area, Programme
    from cmswp_xl.totals import Reckoning


@dataclass(frozen=True, slots=True)
class AreaPart:
    """
    An area of the annex: its activities with their sub-total, and its staff.

    `family` is the code of the area where the part is its sub-total with its sub-areas.
    """

    anchor: str
    title: str
    caption: str
    empty: str
    rows: tuple[ActivityRow, ...]
    subtotal: AmountRow
    notes: tuple[tuple[str, str], ...]
    statements: tuple[str, ...]
    staff: tuple[StaffGroup, ...]
    staff_caption: str
    family: str = ""


@dataclass(frozen=True, slots=True)
class Annex(ProgrammeDocument):
    """Everything that the annex templates place; `labels` holds the fixed words."""

    cost_heads: tuple[str, ...]
    kind_heads: tuple[str, ...]
    areas: tuple[AreaPart, ...]
    closing: Closing
    scenarios: Scenarios


def annex_context(
    reckoning: Reckoning, language: Language, codes: Sequence[str] = ()
) -> tuple[Annex, list[MissingText]]:
    """
    Word the annex, of some areas only where their codes are given.

    Gives the annex and the texts that it would print and that are not there in the language; with
    any of these it must not be published.
    """
    programme, settings = reckoning.programme, reckoning.programme.settings
    say, texts = Words(language), Texts(language)
    areas = areas_of(programme, codes)
    chosen = reckoning.of(a for area in areas for a in programme.activities_of(area.code))
    columns = choose_columns(reckoning, chosen)
    numbers = numbers_for(
        language, settings.number_style, settings.rounding, amounts_behind(reckoning, chosen)
    )
    tree = amount_tree(reckoning, areas, columns, numbers.step)
    staff = StaffPrinter(programme, texts, numbers, say)
    rows = RowPrinter(reckoning, tree, numbers, texts, say)
    parts = tuple(_parts(areas, rows, staff, texts))
    extract = len(areas) < len(programme.outline)
    has_staff = any(part.staff for part in parts)
    marked = any(row.unfunded for part in parts for row in part.rows)
    annex = Annex(
        **front(
            settings,
            texts,
            say,
            head=running_head(settings, texts, say("Annex I")),
            title=annex_title(settings, say, extract=extract),
        ),
        statements=tuple(
            general_statements(
                reckoning, chosen, numbers, texts, say, staff=has_staff, marked=marked
            )
        ),
        labels=column_labels(settings, say),
        cost_heads=_cost_heads(tree, say),
        kind_heads=tuple(column_labels(settings, say)[kind] for kind in columns.kinds),
        areas=parts,
        closing=closing_part(reckoning, areas, rows, texts, say),
        scenarios=scenarios_part(reckoning, areas, numbers, texts, say),
        landscape=bool(columns.years),
    )
    return annex, texts.missing


def areas_of(programme: Programme, codes: Sequence[str]) -> list[Area]:
    """Return the areas of some codes, or all, each with its sub-areas, in print order."""
    chosen = {key for code in codes for key in programme.family(code)}
    return [area for area in programme.outline if not codes or area.code in chosen]


def _parts(
    areas: Sequence[Area], rows: RowPrinter, staff: StaffPrinter, texts: Texts
) -> Iterator[AreaPart]:
    """Word the areas; below the last sub-area of an area stands what they are together."""
    families = families_of(rows.reckoning.programme, areas)
    last = {keys[-1]: code for code, keys in families.items()}
    for index, area in enumerate(areas, 1):
        yield _area_part(index, area, rows, staff, texts, divided=area.code in families)
        if area.code in last:
            top = next(item for item in areas if item.code == last[area.code])
            yield _family_part(index, top, families[top.code], rows, texts)


def _family_part(
    index: int, area: Area, codes: Sequence[str], rows: RowPrinter, texts: Texts
) -> AreaPart:
    """Word the sub-total of an area with its sub-areas: a table of one row."""
    say, programme = rows.say, rows.reckoning.programme
    title = say("{area}, with its sub-areas", area=texts.area(area, programme))
    figures = rows.reckoning.of(a for code in codes for a in programme.activities_of(code))
    return AreaPart(
        anchor=f"area-{index}-together",
        title=title,
        caption=say("Activities, costs and funding: {area}", area=title),
        empty="",
        rows=(),
        subtotal=AmountRow(
            say("Sub-total with the sub-areas"),
            rows.costed(figures),
            rows.amounts("families", area.code, at_least=bool(figures.partial)),
            rows.reconciliation(figures, rows.tree.shown["families"][area.code]),
        ),
        notes=(),
        statements=(),
        staff=(),
        staff_caption="",
        family=area.code,
    )


def _cost_heads(tree: AmountTree, say: Words) -> tuple[str, ...]:
    if not tree.columns.years:
        return ()
    years = (say("Whole period") if y is None else str(y) for y in tree.columns.years)
    return (*years, say("Total"))


def _area_part(
    index: int,
    area: Area,
    rows: RowPrinter,
    staff: StaffPrinter,
    texts: Texts,
    *,
    divided: bool,
) -> AreaPart:
    say = rows.say
    none = (
        say("The activities of this area are listed under its sub-areas.")
        if divided
        else say("No activities have been listed for this area yet.")
    )
    title = texts.area(area, rows.reckoning.programme)
    activities = rows.reckoning.programme.activities_of(area.code)
    notes = rows.notes()
    return AreaPart(
        anchor=f"area-{index}",
        title=title,
        caption=say("Activities, costs and funding: {area}", area=title),
        empty="" if activities else none,
        rows=tuple(rows.activity(activity, notes) for activity in activities),
        subtotal=rows.subtotal(area.code, activities),
        notes=notes.listed(),
        statements=tuple(rows.statements(activities)),
        staff=staff.groups(area.code),
        staff_caption=say("Human resources: {area}", area=title),
    )
