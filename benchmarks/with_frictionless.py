"""
Validate a programme workbook with frictionless, against the same schemas.

Frictionless gets what it needs to read the tables as they stand: the header row, and the sheet's
titles as the names of the fields. Keys, references between tables and every constraint of the
schema files are checked, the lists by the words of an English workbook; computed columns are read
with their type, which is all that their schemas say. The Programme sheet is a form, which
frictionless cannot read: its settings are turned into one row first. Rules that no Table Schema
can state are not checked here.

Prints the errors found; exits 1 if there are any, as `cmswp validate` does.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path
from typing import Any

import openpyxl
import yaml
from frictionless import Checklist, Dialect, Package, Resource, Schema
from frictionless.formats import ExcelControl

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
from cmswp_xl.messages.labels import FIELD_KINDS, KINDS

HEADER_ROW = 5
SCHEMAS = Path(__file__).parents[1] / "schemas"
STANDARD = {"name", "type", "constraints"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workbook", type=Path)
    parser.add_argument("--lang", default="en", choices=("en", "fr", "es"))
    given = parser.parse_args()
    # The count of faults in the head of a sheet may stand right of a narrow table
    beside = Checklist(skip_errors=["extra-label"])
    report = package_of(given.workbook.resolve(), given.lang).validate(beside)
    for task in report.tasks:
        print(f"{task.name}: {task.stats.get('rows', 0)} rows, {len(task.errors)} errors")
    for place, row, note in report.flatten(["title", "rowNumber", "note"]):
        print(f"{place} in row {row}: {note}")
    return 0 if report.valid else 1


def package_of(workbook: Path, language: str) -> Package:
    """Give a package of one resource for each table that has rows or is referred to."""
    files = (path for path in sorted(SCHEMAS.glob("*.yaml")) if path.stem != "entry")
    schemas = {path.stem: read(path) for path in files}
    titles = {
        name: {field["name"]: field["titles"][language] for field in schema["fields"]}
        for name, schema in schemas.items()
    }
    resources = []
    for name, schema in schemas.items():
        described = Schema.from_descriptor(titled(schema, titles))
        if "form" in schema:
            rows = settings(workbook, schema["titles"][language], described.field_names)
            resources.append(Resource(name=name, data=rows, schema=described))
            continue
        control = ExcelControl(sheet=schema["titles"][language])
        # Excel demands a row of an empty table, which is no fault
        dialect = Dialect(header_rows=[HEADER_ROW], controls=[control], skip_blank_rows=True)
        resources.append(
            Resource(
                name=name,
                path=workbook.name,
                basepath=str(workbook.parent),
                dialect=dialect,
                schema=described,
            )
        )
    return Package(resources=resources, basepath=str(workbook.parent))


def read(path: Path) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), loader)  # noqa: S506  a safe loader


def titled(schema: dict[str, Any], titles: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Give the standard part of a schema, its fields named as the headers of the sheet."""
    own = titles[schema["name"]]
    result: dict[str, Any] = {
        "fields": [
            {key: value for key, value in field.items() if key in STANDARD}
            | {"name": own[field["name"]], "constraints": constraints(schema["name"], field)}
            for field in schema["fields"]
        ],
        "missingValues": schema["missingValues"],
    }
    if "primaryKey" in schema:
        result["primaryKey"] = [own[name] for name in schema["primaryKey"]]
    if "foreignKeys" in schema:
        result["foreignKeys"] = [
            {
                "fields": [own[name] for name in key["fields"]],
                "reference": {
                    "resource": (target := key["reference"]["resource"]),
                    "fields": [titles[target][name] for name in key["reference"]["fields"]],
                },
            }
            for key in schema["foreignKeys"]
        ]
    return result


def constraints(table: str, field: dict[str, Any]) -> dict[str, Any]:
    """Give the constraints of a field, a list of codes as the words that a workbook shows."""
    found = field.get("constraints", {})
    if "enum" not in found:
        return found
    kind = KINDS[FIELD_KINDS[table, field["name"]]]
    return found | {"enum": [kind[code] for code in found["enum"]]}


def settings(workbook: Path, sheet: str, names: list[str]) -> list[list[Any]]:
    """Give the settings of the form as a header and one row."""
    book = openpyxl.load_workbook(workbook, read_only=True, data_only=True)
    found = {
        row[0]: row[1].date() if isinstance(row[1], dt.datetime) else row[1]
        for row in book[sheet].iter_rows(min_row=HEADER_ROW + 1, max_col=2, values_only=True)
    }
    book.close()
    return [names, [found.get(name) for name in names]]


if __name__ == "__main__":
    sys.exit(main())
