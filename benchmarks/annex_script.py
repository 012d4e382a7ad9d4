"""
The annex as one would script it in an afternoon: pandas, openpyxl, pandera, docxtpl, Jinja.

Reads the sheets of a programme workbook, checks them, adds up, and writes the annex in English,
in Word and HTML, with the tables, rows and columns that `cmswp export` prints. Written plainly,
with the libraries used as their manuals show; nothing is slowed down on purpose. Amounts are
floats, a fault is told by row number only, and stored values of formulas are not compared.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import pandas as pd
import pandera.pandas as pa
from docxtpl import DocxTemplate

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER_ROW = 4
HERE = Path(__file__).parent
CODE = r"^[A-Za-z0-9][A-Za-z0-9._ -]*$"
KIND_WORDS = {
    "core budget": "core",
    "voluntary contributions": "voluntary",
    "other sources": "other",
}
KINDS = tuple(KIND_WORDS.values())
AVAILABLE = ("confirmed", "received")
CATEGORIES = (
    "temporary staff",
    "consultants",
    "travel",
    "meetings",
    "grants",
    "equipment",
    "publications",
    "translation",
    "operating",
    "other",
)
HALF_A_CENT = 0.0051
TABLES = (
    "Programme",
    "Areas",
    "Activities",
    "Costs",
    "Funding",
    "Sources",
    "Donors",
    "Posts",
    "Post funding",
    "Time allotted",
    "Mandates",
    "Scenarios",
)
TEXT, NUMBER, YEAR = (
    {"nullable": True},
    {"dtype": float, "nullable": True, "coerce": True},
    {"dtype": float, "nullable": True, "coerce": True, "checks": pa.Check.in_range(1900, 2200)},
)
AMOUNT = {"dtype": float, "coerce": True, "checks": pa.Check.in_range(0, 1e12)}

Frames = dict[str, pd.DataFrame]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workbook", type=Path)
    parser.add_argument("template", type=Path, help="the Word file that annex_template.py makes")
    parser.add_argument("out", type=Path, help="folder for annex.en.docx and annex.en.html")
    given = parser.parse_args()
    frames = read(given.workbook)
    settings = frames["Programme"].set_index("Setting")["Value"].dropna().to_dict()
    try:
        check(frames, settings)
    except pa.errors.SchemaErrors as errors:
        print(errors.failure_cases)
        sys.exit(1)
    context = annex(frames, settings)
    given.out.mkdir(parents=True, exist_ok=True)
    template = DocxTemplate(given.template)
    template.render(context, autoescape=True)
    template.save(given.out / "annex.en.docx")
    loader = jinja2.FileSystemLoader(HERE)
    page = jinja2.Environment(loader=loader, autoescape=True).get_template("annex_script.html.j2")
    (given.out / "annex.en.html").write_text(page.render(context), encoding="utf-8")


def read(path: Path) -> Frames:
    frames = pd.read_excel(
        path,
        sheet_name=list(TABLES),
        header=HEADER_ROW,
        engine="openpyxl",
        dtype={"Number": str},  # or else 1.10 turns into 1.1
    )
    return {
        name: frame.loc[:, ~frame.columns.str.startswith("Unnamed")].dropna(how="all")
        for name, frame in frames.items()
    }


def check(frames: Frames, settings: dict[str, Any]) -> None:
    """Check every table; raises SchemaErrors with all failures of the first faulty table."""
    for name, schema in schemas(frames, settings).items():
        frames[name] = schema.validate(frames[name], lazy=True)


def schemas(frames: Frames, settings: dict[str, Any]) -> dict[str, pa.DataFrameSchema]:
    def known(table: str, column: str, *, required: bool = False) -> pa.Column:
        keys = set(frames[table][column])
        return pa.Column(None, pa.Check.isin(keys), nullable=not required)

    def key(*, unique: bool = True) -> pa.Column:
        return pa.Column(None, pa.Check.str_matches(CODE), unique=unique)

    def choice(words: tuple[str, ...], *, required: bool = False) -> pa.Column:
        return pa.Column(None, pa.Check.isin(words), nullable=not required)

    def titled(columns: dict[str, pa.Column], base: str = "Title") -> pa.DataFrameSchema:
        texts = {f"{base} ({name})": pa.Column(**TEXT) for name in ("French", "Spanish")}
        return pa.DataFrameSchema({**columns, f"{base} (English)": pa.Column(), **texts})

    first, last = settings["First year of the period"], settings["Last year of the period"]
    period = pa.Column(float, pa.Check.in_range(first, last), nullable=True, coerce=True)
    scenario = known("Scenarios", "Scenario code")
    activity = known("Activities", "Activity id", required=True)
    source = known("Sources", "Source code", required=True)
    donor = known("Donors", "Donor code")
    costs = pa.DataFrameSchema(
        {
            "Activity": activity,
            "Year": period,
            "Cost category": choice(CATEGORIES),
            "Quantity": pa.Column(**NUMBER),
            "Unit cost": pa.Column(**NUMBER),
            "Amount": pa.Column(**AMOUNT),
            "Programme support costs": choice(("included", "excluded")),
            "Scenario": scenario,
        },
        checks=pa.Check(product_is_amount, error="quantity times unit cost is not the amount"),
    )
    funding = pa.DataFrameSchema(
        {
            "Activity": activity,
            "Year": period,
            "Source": source,
            "Donor": donor,
            "Stage": choice(("pledged", *AVAILABLE), required=True),
            "Amount": pa.Column(**AMOUNT),
            "In kind": choice(("yes", "no")),
            "Scenario": scenario,
        }
    )
    activities = titled(
        {
            "Activity id": key(),
            "Number": pa.Column(),
            "Area": known("Areas", "Area code", required=True),
            "Priority": choice(("core", "high", "medium", "low")),
            "Start year": pa.Column(**YEAR),
            "End year": pa.Column(**YEAR),
            "Costing": choice(("complete", "partial")),
            "Planned funding": choice(("budget", "fundraising", "budget and fundraising")),
            "Staff days": pa.Column(**NUMBER),
        }
    )
    activities.unique = ["Area", "Number"]
    post = known("Posts", "Post id", required=True)
    percent = pa.Column(float, pa.Check.in_range(0, 100), coerce=True)
    return {
        "Areas": titled({"Area code": key()}),
        "Activities": activities,
        "Costs": costs,
        "Funding": funding,
        "Sources": titled(
            {"Source code": key(), "Kind": choice(tuple(KIND_WORDS), required=True)}
        ),
        "Donors": titled({"Donor code": key()}, "Name"),
        "Posts": titled({"Post id": key(), "Grade": pa.Column(), "Source": source}),
        "Post funding": pa.DataFrameSchema(
            {"Post": post, "Source": source, "Donor": donor, "Share paid (%)": percent}
        ),
        "Time allotted": pa.DataFrameSchema(
            {
                "Post": post,
                "Area": known("Areas", "Area code", required=True),
                "Time allotted (%)": percent,
            },
            unique=["Post", "Area"],
        ),
        "Mandates": pa.DataFrameSchema({"Mandate code": key()}),
        "Scenarios": titled({"Scenario code": key()}),
    }


def product_is_amount(costs: pd.DataFrame) -> pd.Series:
    product = costs["Quantity"] * costs["Unit cost"]
    return product.isna() | ((product - costs["Amount"]).abs() < HALF_A_CENT)


def annex(frames: Frames, settings: dict[str, Any]) -> dict[str, Any]:
    costs, funding = counted(frames, settings)
    years = years_of(costs, settings)
    activities = figures(frames, costs, funding, years)
    columns = [*years, "cost", *kinds_of(activities), "sought"]
    areas = [
        {
            "title": area["Title (English)"],
            **area_rows(activities[activities["Area"] == area["Area code"]], columns),
            "staff": list(staff(frames, area["Area code"])),
        }
        for area in frames["Areas"].to_dict("records")
    ]
    return {
        "title": "Annex I – Costed programme of work",
        "subtitle": settings["Title (English)"],
        "statements": [
            f"Amounts in {settings['Currency']}.",
            "Costs exclude the posts listed below.",
            "Activities without any funding are marked ▲ Unfunded.",
        ],
        "heads": [str(year) for year in years] + ["Total"],
        "kinds": [f"{kind.capitalize()} funding" for kind in kinds_of(activities)],
        "areas": areas,
        "total": {"label": "Grand total", "amounts": totals(activities, columns)},
        "years": year_rows(activities, costs, funding, years),
    }


def counted(frames: Frames, settings: dict[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the rows of Costs and Funding that count in the scenario, funding with its kind."""
    scenario = settings.get("Scenario")
    costs, funding = (
        frame[frame["Scenario"].isna() | (frame["Scenario"] == scenario)].copy()
        for frame in (frames["Costs"], frames["Funding"])
    )
    for frame in (costs, funding):
        frame["Year"] = frame["Year"].map(lambda y: "Whole period" if pd.isna(y) else str(int(y)))
    kinds = frames["Sources"].set_index("Source code")["Kind"].map(KIND_WORDS)
    funding["kind"] = funding["Source"].map(kinds)
    return costs, funding


def years_of(costs: pd.DataFrame, settings: dict[str, Any]) -> list[str]:
    first, last = settings["First year of the period"], settings["Last year of the period"]
    whole = ["Whole period"] if (costs["Year"] == "Whole period").any() else []
    return [str(year) for year in range(int(first), int(last) + 1)] + whole


def figures(
    frames: Frames, costs: pd.DataFrame, funding: pd.DataFrame, years: list[str]
) -> pd.DataFrame:
    """Give each activity with its cost by year, its funding by kind, and what is missing."""
    activities = frames["Activities"].set_index("Activity id", drop=False)
    by_year = costs.pivot_table(index="Activity", columns="Year", values="Amount", aggfunc="sum")
    by_year = by_year.reindex(index=activities.index, columns=years)
    activities["cost"] = costs.groupby("Activity")["Amount"].sum()
    in_kind = funding["In kind"] == "yes"
    available = funding[funding["Stage"].isin(AVAILABLE) & ~in_kind]
    by_kind = available.pivot_table(
        index="Activity", columns="kind", values="Amount", aggfunc="sum"
    ).reindex(index=activities.index, columns=list(KINDS))
    pledged = funding[(funding["Stage"] == "pledged") & ~in_kind]
    activities["pledged"] = pledged.groupby("Activity")["Amount"].sum()
    activities["in_kind"] = funding[in_kind].groupby("Activity")["Amount"].sum()
    costed = activities["cost"].notna()
    shown = costed | by_kind.notna().any(axis=1)
    for year in years:
        activities[year] = by_year[year].fillna(0).where(costed).round(2)
    for kind in KINDS:
        activities[kind] = by_kind[kind].fillna(0).where(shown).round(2)
    money = activities[list(KINDS)].fillna(0).sum(axis=1).round(2)
    activities["available"] = money
    activities["sought"] = (activities["cost"] - money).clip(lower=0).round(2)
    activities["surplus"] = (money - activities["cost"]).clip(lower=0).round(2)
    return activities


def kinds_of(activities: pd.DataFrame) -> list[str]:
    return [kind for kind in KINDS if kind != "other" or activities["other"].sum()]


def area_rows(activities: pd.DataFrame, columns: list[str]) -> dict[str, Any]:
    rows = [
        {
            "number": row["Number"],
            "title": row["Title (English)"],
            "mark": mark(row),
            "note": note(row),
            "amounts": [amount(row[name]) for name in columns],
        }
        for row in activities.to_dict("records")
    ]
    costed = int(activities["cost"].notna().sum())
    label = "Sub-total"
    if costed < len(rows):
        label += f" (activities costed: {costed} of {len(rows)})"
    subtotal = {"label": label, "amounts": totals(activities, columns)}
    return {"rows": rows, "subtotal": subtotal, "remarks": list(remarks(activities))}


def mark(row: dict[str, Any]) -> str:
    if row["cost"] > 0 and row["available"] == 0:
        return "▲ Unfunded – core priority" if row["Priority"] == "core" else "▲ Unfunded"
    return "No additional cost" if row["cost"] == 0 else ""


def note(row: dict[str, Any]) -> str:
    if row["surplus"] > 0:
        return f"Surplus of {amount(row['surplus'])}: more is available than the activity costs."
    if row["Costing"] == "partial":
        return "Costed in part: the full cost is not yet known."
    return ""


def joined(texts: list[str]) -> str:
    *others, last = texts or [""]
    return f"{', '.join(others)} and {last}" if others else last


def remarks(activities: pd.DataFrame) -> Iterator[str]:
    blank = activities[activities["cost"].isna()]
    if len(blank):
        numbers = joined(list(blank["Number"]))
        yield f"Not yet costed: {numbers}. A blank cell does not mean zero."
    for name, words in (
        ("pledged", "Pledged, and not counted as available"),
        ("in_kind", "In kind, and not counted"),
    ):
        some = activities[activities[name] > 0]
        pairs = zip(some["Number"], some[name], strict=True)
        listed = joined([f"{number} ({amount(value)})" for number, value in pairs])
        if listed:
            yield f"{words}: {listed}."


def totals(activities: pd.DataFrame, columns: list[str]) -> list[str]:
    return [amount(value) for value in activities[columns].sum(min_count=1).round(2)]


def year_rows(
    activities: pd.DataFrame, costs: pd.DataFrame, funding: pd.DataFrame, years: list[str]
) -> list[dict[str, Any]]:
    in_kind = funding["In kind"] == "yes"
    available = funding[funding["Stage"].isin(AVAILABLE) & ~in_kind]
    kinds = kinds_of(activities)
    rows = []
    for year in years:
        cost = costs[costs["Year"] == year].groupby("Activity")["Amount"].sum()
        money = available[available["Year"] == year]
        gap = cost.sub(money.groupby("Activity")["Amount"].sum(), fill_value=0).clip(lower=0)
        by_kind = money.groupby("kind")["Amount"].sum().reindex(kinds).fillna(0)
        sums = [cost.sum(), *by_kind, gap[gap.index.isin(costs["Activity"])].sum()]
        rows.append({"label": year, "amounts": [amount(round(value, 2)) for value in sums]})
    return rows


def staff(frames: Frames, area: str) -> Iterator[dict[str, Any]]:
    """Give the posts that work for an area, grouped by the kind of source that pays them."""
    time = frames["Time allotted"]
    posts = time[time["Area"] == area].merge(
        frames["Posts"], left_on="Post", right_on="Post id", suffixes=(" of time", "")
    )
    shares = frames["Post funding"].rename(columns={"Source": "paid by", "Donor": "given by"})
    posts = posts.merge(shares[["Post", "paid by", "given by", "Share paid (%)"]], "left", "Post")
    posts["Source"] = posts["paid by"].fillna(posts["Source"])
    posts["Donor"] = posts["given by"].where(posts["paid by"].notna(), posts["Donor"])
    share = posts["Share paid (%)"].fillna(100) / 100
    posts["percent"] = (posts["Time allotted (%)"] * share).round(2)
    posts = posts.merge(
        frames["Sources"], left_on="Source", right_on="Source code", suffixes=("", " of source")
    )
    names = frames["Donors"].set_index("Donor code")["Name (English)"]
    for kind in KINDS:
        lines = [
            {
                "source": row["Title (English) of source"]
                + (f" ({names[row['Donor']]})" if pd.notna(row["Donor"]) else ""),
                "post": f"{row['Title (English)']} ({row['Grade']})",
                "percent": f"{row['percent']:g}",
            }
            for row in posts[posts["Kind"].map(KIND_WORDS) == kind].to_dict("records")
        ]
        if lines:
            yield {"heading": f"Posts funded from: {kind}", "lines": lines}


def amount(value: float) -> str:
    if pd.isna(value):
        return ""
    return f"{value:,.2f}" if value else "–"


if __name__ == "__main__":
    main()
