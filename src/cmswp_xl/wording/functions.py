"""Why a worksheet function gives no answer, in one sentence for its cell, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmswp_xl.languages import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

REFUSALS: Mapping[str, str] = {
    "not-table": N_("{argument}: give the table {table} with its headings, as {table}[#All]."),
    "other-table": N_("{argument}: this is the table {found}; give {table}[#All]."),
    "no-table": N_("Give one table of the programme with its headings, such as Costs[#All]."),
    "too-many-cells": N_(
        "{argument}: more than {limit} cells; give the table, not whole columns."
    ),
    "not-one": N_("{argument}: give one value, not several cells."),
    "error-cell": N_("{argument}: the cell shows {error}; mend it first."),
    "not-activity": N_("Give the id of an activity as text, such as ICC-01."),
    "unknown-activity": N_("Activities has no activity {activity}; check its id."),
    "scenario-needed": N_(
        "Some rows are for one scenario only ({known}): give Programme[#All], or a scenario."
    ),
    "unknown-scenario": N_("No row is for the scenario {scenario}; there are rows for {known}."),
    "unknown-grouping": N_("Choose what to group by: {known}."),
    "titles-only": N_(
        "titles: give Areas[#All] to group by area, Donors[#All] to group by donor,"
        " Recommendations[#All] to group by recommendation."
    ),
    "years-needed": N_("To group by year, give Programme[#All] too: it holds the period."),
    "unknown-language": N_("The language is en, fr or es."),
    "not-truth": N_("listed: give TRUE for the list of issues, FALSE for their number."),
}
