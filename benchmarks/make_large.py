"""
Write a large, valid programme workbook: N activities, 3 N rows of Costs, 3 N rows of Funding.

The program's own maker writes it, so that sheets, tables, formats and formulas are those of
`cmswp new`. Every computed column holds its formula and its stored value, as in a workbook that
people have worked in. The same numbers give the same bytes.
"""

from __future__ import annotations

import argparse
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlsxwriter.worksheet import Worksheet

from cmswp_xl.languages import Language
from cmswp_xl.pipeline import workbook_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Rows = list[dict[str, Any]]

YEARS = (2027, 2028, 2029)
AREAS = (
    ("EDM", "Executive direction", "Direction exécutive", "Dirección ejecutiva"),
    ("IAC", "Partnerships", "Partenariats", "Alianzas"),
    ("SDM", "Science and data", "Science et données", "Ciencia y datos"),
    ("PAG", "Policies and agreements", "Politiques et accords", "Políticas y acuerdos"),
    ("ICC", "Information and capacity", "Information et capacités", "Información y capacidad"),
)
SOURCES = (
    ("CORE", "core", "Core budget", "Budget principal", "Presupuesto básico"),
    ("VC", "voluntary", "Voluntary contributions", "Contributions volontaires", "Contribuciones"),
    ("TF", "voluntary", "Trust fund", "Fonds d’affectation spéciale", "Fondo fiduciario"),
    ("PSC", "other", "Support cost income", "Recettes d’appui", "Ingresos de apoyo"),
)
TEXTS = {
    "en": (
        "Organize",
        "a regional workshop on the conservation of migratory species and their habitats",
        "prepare the documents in the three languages and report on the results to the Parties",
    ),
    "fr": (
        "Organiser",
        "un atelier régional sur la conservation des espèces migratrices et de leurs habitats",
        "établir les documents dans les trois langues et rendre compte des résultats aux Parties",
    ),
    "es": (
        "Organizar",
        "un taller regional sobre la conservación de las especies migratorias y sus hábitats",
        "preparar los documentos en los tres idiomas e informar de los resultados a las Partes",
    ),
}
CATEGORIES = ("travel", "consultants", "meetings", "translation", "operating", "grants")
PRIORITIES = ("core", "high", "medium", "low")
STAGES = ("received", "confirmed", "pledged")
DONORS, MANDATES, POSTS = 60, 40, 30
NOT_COSTED_EVERY, PARAGRAPHS_EVERY, PLAIN_COST_EVERY = 50, 4, 3


def content_of(activities: int, costs: int, funding: int) -> Mapping[str, Rows]:
    """Give the rows of every table, by field name."""
    ids = [f"{AREAS[i * len(AREAS) // activities][0]}-{i + 1:05d}" for i in range(activities)]
    costed = [code for i, code in enumerate(ids) if i % NOT_COSTED_EVERY]
    return {
        "programme": [programme()],
        "areas": [{"code": code, **texts("title", names)} for code, *names in AREAS],
        "activities": [activity(i, code) for i, code in enumerate(ids)],
        "costs": [cost(i, code) for i, code in enumerate(islice(cycle(costed), costs))],
        "funding": [contribution(i, c) for i, c in enumerate(islice(cycle(costed), funding))],
        "sources": [
            {"code": code, "kind": kind, **texts("title", names)} for code, kind, *names in SOURCES
        ],
        "donors": [
            {"code": f"GOV-{i:02d}", **numbered("name", ("Donor", "Donateur", "Donante"), i)}
            for i in range(DONORS)
        ],
        "posts": [post(i) for i in range(POSTS)],
        "postfunding": [
            {"post": "POST-00", "source": "CORE", "percent": 60},
            {"post": "POST-00", "source": "VC", "donor": "GOV-01", "percent": 40},
        ],
        "allocations": list(allocations()),
        "mandates": [
            {"code": f"Res. 14.{i}", "meeting": "COP14", **numbered("title", ("Mandate",) * 3, i)}
            for i in range(MANDATES)
        ],
        "scenarios": [
            {"code": "BASE", **texts("title", ("Base", "Base", "Básica"))},
            {"code": "ZRG", **texts("title", ("Zero growth", "Croissance nulle", "Sin aumento"))},
        ],
    }


def texts(base: str, values: Any) -> dict[str, str]:
    return {f"{base}_{code}": text for code, text in zip(TEXTS, values, strict=True)}


def numbered(base: str, values: tuple[str, ...], number: int) -> dict[str, str]:
    return texts(base, [f"{value} {number}" for value in values])


def programme() -> dict[str, Any]:
    return {
        **texts("title", ("Large programme", "Grand programme", "Programa grande")),
        "period_start": YEARS[0],
        "period_end": YEARS[-1],
        "currency": "EUR",
        "original_language": "en",
        "status": "revised",
        "illustrative": "yes",
        "scenario": "BASE",
    }


def activity(index: int, code: str) -> dict[str, Any]:
    titles = []
    for verb, first, second in TEXTS.values():
        end = f".\n{second.capitalize()}." if index % PARAGRAPHS_EVERY == 0 else f"; {second}."
        titles.append(f"{verb} {first} ({index + 1}){end}")
    return {
        "id": code,
        "number": f"{index // 100 + 1}.{index % 100 + 1}",
        "area": code[:3],
        **texts("title", titles),
        "mandates": f"Res. 14.{index % MANDATES} (paras 4–7); Res. 14.{(index + 7) % MANDATES}",
        "priority": PRIORITIES[index % len(PRIORITIES)],
        "start_year": YEARS[0],
        "end_year": YEARS[-1],
        "responsible": "Secretariat",
        "costing": "partial" if index % NOT_COSTED_EVERY == 1 else None,
        "funding_plan": "both",
        "staff_days": index % 90 + 0.5,
        "targets": "SPMS-3; SDG-15",
    }


def cost(index: int, code: str) -> dict[str, Any]:
    quantity, unit_cost = index % 12 + 1, f"{(index * 137) % 90_000 / 100 + 250:.2f}"
    row = {
        "activity": code,
        "year": YEARS[index % len(YEARS)],
        "category": CATEGORIES[index % len(CATEGORIES)],
        "amount": f"{quantity * round(float(unit_cost) * 100) / 100:.2f}",
        "support_cost": "included",
        "scenario": "BASE" if index % 10 == 0 else None,
    }
    product = {"quantity": quantity, "unit_cost": unit_cost}
    return row if index % PLAIN_COST_EVERY == 0 else row | product


def contribution(index: int, code: str) -> dict[str, Any]:
    source = SOURCES[index % len(SOURCES)]
    voluntary = source[1] == "voluntary"
    return {
        "activity": code,
        "year": YEARS[(index + 1) % len(YEARS)],
        "source": source[0],
        "donor": f"GOV-{index % DONORS:02d}" if voluntary else None,
        "stage": STAGES[index % len(STAGES)],
        "amount": f"{(index * 211) % 300_000 / 100 + 100:.2f}",
        "in_kind": "yes" if index % 40 == 0 else "no",
        "scenario": "BASE" if index % 10 == 0 else None,
        "reference": f"AGR/{index:06d}",
    }


def post(index: int) -> dict[str, Any]:
    names = ("Programme officer", "Administrateur de programme", "Oficial de programas")
    return {
        "id": f"POST-{index:02d}",
        **numbered("title", names, index),
        "grade": f"P-{index % 4 + 2}",
        "source": SOURCES[index % 2][0],
        "donor": "GOV-02" if index % 2 else None,
        "share": 1,
        "annual_cost": 150_000,
    }


def allocations() -> Iterator[dict[str, Any]]:
    for index in range(POSTS):
        for part, percent in enumerate((60, 40)):
            code = AREAS[(index + part) % len(AREAS)][0]
            yield {"post": f"POST-{index:02d}", "area": code, "percent": percent}


def prepare_each_formula_once() -> None:
    """
    Let XlsxWriter look through each formula once, not once in every row.

    It runs some thirty searches over every formula that it writes, and a column has the same one
    in all rows; this makes the file three times as fast and changes no byte of it.
    """
    prepare = Worksheet._prepare_formula  # noqa: SLF001  there is no public way to it

    class _Plain:
        use_future_functions = False

    @cache
    def prepared(formula: str, expand: bool) -> str:  # noqa: FBT001  XlsxWriter's own signature
        return prepare(_Plain, formula, expand)

    def once(sheet: Worksheet, formula: str, expand_future_functions: bool = False) -> str:  # noqa: FBT001, FBT002  as above
        if sheet.use_future_functions:
            return prepare(sheet, formula, expand_future_functions)
        return prepared(formula, expand_future_functions)

    Worksheet._prepare_formula = once  # noqa: SLF001  as above


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--activities", type=int, default=10_000)
    parser.add_argument("--costs", type=int, help="3 for each activity unless told")
    parser.add_argument("--funding", type=int, help="3 for each activity unless told")
    given = parser.parse_args()
    costs = 3 * given.activities if given.costs is None else given.costs
    funding = 3 * given.activities if given.funding is None else given.funding
    prepare_each_formula_once()
    content = content_of(given.activities, costs, funding)
    given.path.write_bytes(workbook_of(content, Language.EN))


if __name__ == "__main__":
    main()
