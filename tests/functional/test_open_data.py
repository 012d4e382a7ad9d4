"""The open data: valid for another program, complete, and without anything internal."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from decimal import Decimal

import pytest
from frictionless import Package, validate
from sheets import workbook

from cmswp_xl.figures.totals import compute_totals
from cmswp_xl.languages import Language
from cmswp_xl.listings import FORMULA
from cmswp_xl.opendata import data_package
from cmswp_xl.pipeline import check_source, check_workbook, dump, totals_of
from cmswp_xl.schema import load_schemas

INTERNAL = {
    name: [field.name for field in schema.inputs() if field.internal]
    for name, schema in load_schemas().items()
}


@pytest.fixture(scope="module")
def checkup(example):
    """The example, read and checked."""
    return check_workbook(example, flags=False)


@pytest.fixture(scope="module")
def files(checkup):
    """The files of the example's data package."""
    return data_package(totals_of(checkup), checkup.checked.typed)


def package_of(text="", **options):
    checked, _ = check_source(workbook(text, **options))
    assert checked.programme is not None
    return data_package(compute_totals(checked.programme), checked.typed)


def written(files, folder):
    (folder / "data").mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return str(folder / "data" / "datapackage.json")


def descriptor(files):
    return json.loads(files["data/datapackage.json"])


def rows(files, name):
    text = files[f"data/{name}.csv"].decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_example__is_valid_for_frictionless(files, tmp_path):
    report = validate(written(files, tmp_path))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "note"])
    assert report.stats["tasks"] == len(files) - 1


def test_programme_without_optional_tables__is_valid_too(tmp_path):
    made = package_of(without=("Costs", "Funding", "Mandates"), text=_unlinked())
    report = validate(written(made, tmp_path))
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "note"])
    assert rows(made, "costs") == []


def _unlinked():
    return "## Activities\n| id | number | area | title |\n| ICC-01 | '1.1 | ICC | Train |"


def test_same_workbook__gives_the_same_bytes(checkup, files):
    assert data_package(totals_of(checkup), checkup.checked.typed) == files


def test_tables__hold_what_was_typed(checkup, files):
    dumped = dump(checkup)
    for name, schema in load_schemas().items():
        fields = [field.name for field in schema.inputs() if not field.internal]
        if not fields:
            continue
        typed = [dumped["programme"]] if schema.form else dumped["tables"][name]
        assert rows(files, name) == [
            {field: "" if row[field] is None else str(row[field]) for field in fields}
            for row in typed
        ]


def test_nothing_internal__is_in_any_file(checkup, files):
    dumped = dump(checkup)
    public, internal = set(), defaultdict(set)
    for name, table in dumped["tables"].items():
        for row in table:
            for field, value in row.items():
                if field in INTERNAL[name]:
                    internal[name, field].add(str(value or ""))
                else:
                    public.add(str(value or ""))
    public.update(
        cell
        for name in ("figures", "totals")
        for row in rows(files, name)
        for cell in row.values()
    )
    secrets = {value for values in internal.values() for value in values} - public - {""}
    assert {("requests", "requester"), ("posts", "annual_cost"), ("comments", "text")} <= set(
        internal
    )
    assert len(secrets) > 10
    everything = b"\n".join(files.values()).decode()
    listed = [secret for secret in secrets if len(secret) > 5 and secret in everything]
    assert not listed
    assert "data/comments.csv" not in files
    for name in ("requester", "annual_cost", "comments"):
        assert f'"{name}"' not in files["data/datapackage.json"].decode()


def test_schemas__speak_three_languages(files):
    for resource in descriptor(files)["resources"]:
        for item in (resource, *resource["schema"]["fields"]):
            assert item["title"] == item["titles"]["en"]
            assert set(item["titles"]) == set(item["descriptions"]) == {"en", "fr", "es"}
            assert all(item["titles"].values())


def test_package__says_what_the_settings_say(checkup, files):
    about = descriptor(files)
    settings = totals_of(checkup).programme.settings
    assert about["title"] == settings.title.given(Language.EN)
    assert about["created"] == f"{settings.document_date.isoformat()}T00:00:00Z"
    assert about["currency"] == settings.currency
    assert about["illustrative"] is True
    assert about["sources"] == [
        {"title": "UNEP/CMS/StC55/Doc.9/Rev.1, 55th Meeting of the Standing Committee"}
    ]
    assert "licenses" not in about, "no setting says one"


def test_figures__are_those_of_the_reckoning(checkup, files):
    reckoning = totals_of(checkup)
    figures = rows(files, "figures")
    assert [row["activity"] for row in figures] == list(reckoning.by_activity)
    for row in figures:
        found = reckoning.by_activity[row["activity"]]
        for name in ("cost", "available", "pledged", "to_be_sought", "surplus"):
            amount = getattr(found, name)
            assert (Decimal(row[name]) if row[name] else None) == amount
    totals = {(row["by"], row["key"]): row for row in rows(files, "totals")}
    assert Decimal(totals["total", ""]["cost"]) == reckoning.total.cost
    areas = [row for (by, _), row in totals.items() if by == "area"]
    assert sum(Decimal(row["to_be_sought"]) for row in areas) == reckoning.total.to_be_sought


TEXTS = [
    "=1+1",
    "+49",
    "-5",
    "@x",
    "'quoted",
    "'=typed with an apostrophe",
    "＝1",
    'He said "no", twice',
    "a,b;c",
    "tab\tin",
    "é ∑ 漢",
    "First\nsecond\n\nlast",
]


def test_texts__come_back_once_the_guard_is_taken_away(tmp_path):
    cells = "\n".join(f"| ICC-01 | 5 | {json.dumps(text)} |" for text in TEXTS)
    made = package_of(f"## Costs\n| activity | amount | note |\n{cells}")
    path = written(made, tmp_path)
    assert validate(path).valid
    guard = descriptor(made)["formulaGuard"]
    assert guard["prefix"] == "'"
    read = [row["note"] for row in Package(path).get_resource("costs").read_rows()]
    assert [unguarded(text, guard) for text in read] == TEXTS
    assert not [text for text in read if text.startswith(tuple(guard["before"]))]
    assert made["data/costs.csv"].count(b"\r\n") == 1 + len(TEXTS)


HOSTILE = """
## Programme
| setting | value |
| title | '=1 |
## Areas
| code | title |
| ICC | '=2 |
## Activities
| id | number | area | title | responsible |
| ICC-01 | '1.1 | ICC | '=3 | '=4 |
## Sources
| code | kind | title |
| CORE | core | '=5 |
## Donors
| code | name |
| DE | '=6 |
## Costs
| activity | amount | note |
| ICC-01 | 5 | '=7 |
## Funding
| activity | source | stage | amount | reference |
| ICC-01 | CORE | confirmed | 5 | '=8 |
## Findings
| seq | kind | text |
| 1 | issue | '=9 |
## Evidence
| code | kind | title |
| E1 | interview | '=10 |
"""


def unguarded(text, guard):
    """Take the apostrophe away as the package says."""
    bare = text.lstrip(guard["prefix"])
    return text[1:] if bare != text and bare.startswith(tuple(guard["before"])) else text


def test_no_cell_of_any_table__begins_like_a_formula(tmp_path):
    """Every text of every table, typed so that it begins like one."""
    made = package_of(HOSTILE)
    cells = [
        cell
        for name, data in made.items()
        if name.endswith(".csv")
        for row in csv.reader(io.StringIO(data.decode(), newline=""))
        for cell in row
    ]
    assert sum(cell.startswith("'=") for cell in cells) > 15
    assert not [cell for cell in cells if cell.startswith(FORMULA)]
    assert "formulaGuard" in descriptor(made)["description"]
    assert validate(written(made, tmp_path)).valid


def test_reference__is_written_as_its_own_table_writes_it(tmp_path):
    made = package_of("## Costs\n| activity | amount |\n| icc-01 | 5 |")
    assert rows(made, "costs")[0]["activity"] == "ICC-01"
    assert validate(written(made, tmp_path)).valid


def test_facts__are_mapped_to_the_fiscal_data_package(files):
    resources = {item["name"]: item["schema"] for item in descriptor(files)["resources"]}
    kinds = {
        name: {
            f["name"]: (f["columnType"], f["type"]) for f in schema["fields"] if "columnType" in f
        }
        for name, schema in resources.items()
    }
    assert kinds["costs"] == {
        "year": ("date:fiscal-year", "integer"),
        "category": ("economic-classification:generic:code", "string"),
        "amount": ("value", "number"),
    }
    assert kinds["funding"]["stage"] == ("phase:id", "string")
    assert kinds["areas"]["code"] == ("functional-classification:generic:level1:code", "string")
    assert kinds["areas"]["title_fr"][0] == "functional-classification:generic:level1:label:fr"
    assert kinds["activities"]["responsible"][0] == "administrative-classification:generic:code"
    constants = {f["columnType"]: f["constant"] for f in resources["costs"]["extraFields"]}
    assert constants == {
        "value-currency:code": "EUR",
        "direction": "expenditure",
        "phase:id": "proposed",
    }
    assert not kinds["figures"]
    assert not kinds["totals"]
