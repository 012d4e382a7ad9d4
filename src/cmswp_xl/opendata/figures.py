"""The figures of the open data: those of each activity, and the totals by each grouping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cmswp_xl.languages import N_, Language, Words
from cmswp_xl.opendata.schemas import resource, worded
from cmswp_xl.totals import GROUPINGS
from cmswp_xl.wording import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cmswp_xl.schema import Titles
    from cmswp_xl.totals import Figures, Reckoning

_AMOUNTS = {
    "cost": (N_("Cost"), N_("Sum of the costs; blank if nothing is costed.")),
    "core": (N_("Core budget"), N_("Available from the core budget.")),
    "voluntary": (N_("Voluntary contributions"), N_("Available from voluntary contributions.")),
    "other": (N_("Other sources"), N_("Available from other sources.")),
    "available": (N_("Funding available"), N_("Money confirmed or received, from all sources.")),
    "pledged": (N_("Pledged"), N_("Money pledged; it is not counted as available.")),
    "in_kind": (N_("In kind"), N_("Contributions in kind; they are not counted.")),
    "to_be_sought": (
        N_("Funding to be sought"),
        N_("Cost less what is available, never below nil, added up over activities."),
    ),
    "surplus": (
        N_("Surplus"),
        N_("What is available beyond the cost of an activity, added up over activities."),
    ),
}
_TOTAL = "total"


def figure_resources(
    reckoning: Reckoning,
) -> Iterator[tuple[dict[str, Any], list[Sequence[object]]]]:
    """Describe the tables of figures, and give their rows."""
    yield _by_activity(reckoning)
    yield _totals(reckoning)


def _by_activity(reckoning: Reckoning) -> tuple[dict[str, Any], list[Sequence[object]]]:
    statuses = list(KINDS["funding-status"])
    fields = [
        _field("activity", "string", N_("Activity"), N_("Id of the activity."), required=True),
        *_amount_fields(),
        _field(
            "status",
            "string",
            N_("Funding status"),
            N_("Whether the activity is costed and funded."),
            enum=statuses,
        ),
    ]
    schema = {
        "fields": fields,
        "missingValues": [""],
        "primaryKey": ["activity"],
        "foreignKeys": [
            {"fields": ["activity"], "reference": {"resource": "activities", "fields": ["id"]}}
        ],
    }
    title, text = N_("Figures by activity"), N_("Cost and funding of each activity.")
    rows: list[Sequence[object]] = [
        (row.key, *_amounts(row.figures), row.figures.status) for row in reckoning.rows("activity")
    ]
    return resource("figures", _titles(title), _titles(text), schema), rows


def _totals(reckoning: Reckoning) -> tuple[dict[str, Any], list[Sequence[object]]]:
    groupings = [name for name in GROUPINGS if name != "activity"]
    fields = [
        _field(
            "by",
            "string",
            N_("Grouping"),
            N_("What the row adds up by; “total” is the whole programme."),
            required=True,
            enum=[*groupings, _TOTAL],
        ),
        _field("key", "string", N_("Key"), N_("Code or year of the group; blank for none.")),
        *_amount_fields(),
        _field("activities", "integer", N_("Activities"), N_("Number of activities.")),
        _field("not_costed", "integer", N_("Not costed"), N_("Activities not costed.")),
    ]
    title = N_("Totals")
    text = N_(
        "Totals of the programme by area, year and so on. An activity may be under several"
        " recommendations: do not add their rows."
    )
    rows: list[Sequence[object]] = [
        _total_row(by, row.key, row.figures) for by in groupings for row in reckoning.rows(by)
    ]
    rows.append(_total_row(_TOTAL, "", reckoning.total))
    schema = {"fields": fields, "missingValues": [""]}
    return resource("totals", _titles(title), _titles(text), schema), rows


def _total_row(by: str, key: str, figures: Figures) -> Sequence[object]:
    return by, key, *_amounts(figures), figures.activities, figures.not_costed


def _amounts(figures: Figures) -> Iterator[object]:
    return (getattr(figures, name) for name in _AMOUNTS)


def _amount_fields() -> list[dict[str, Any]]:
    return [
        {**_field(name, "number", title, text), "unit": "currency"}
        for name, (title, text) in _AMOUNTS.items()
    ]


def _field(name: str, kind: str, title: str, text: str, **constraints: object) -> dict[str, Any]:
    described = {"name": name, "type": kind, **worded(_titles(title), _titles(text))}
    return {**described, "constraints": constraints} if constraints else described


def _titles(text: str) -> Titles:
    return {language: Words(language)(text) for language in Language}
