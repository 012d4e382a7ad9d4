"""
Annexes as people type them in Word: merged headings, several areas, staff tables, blanks.

`Typed` lays out a document with python-docx; `source_one()` mirrors the Secretariat's own format.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import docx

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HEADS = {
    "en": (
        "No.",
        "Activity",
        "Cost of the activity",
        "Funding available",
        ("Core budget", "Voluntary contributions"),
        "Funding to be sought",
    ),
    "fr": (
        "N°",
        "Activité",
        "Coûts de l’activité",
        "Financement disponible",
        ("Budget principal", "Contributions volontaires"),
        "Financement à rechercher",
    ),
    "es": (
        "N.º",
        "Actividad",
        "Costes de la actividad",
        "Financiación disponible",
        ("Presupuesto básico", "Contribuciones voluntarias"),
        "Financiación por obtener",
    ),
}
STAFF = {
    "en": ("Funding", "Post (grade)", "Time allotted (%)"),
    "fr": ("Financement", "Poste", "Temps alloué (%)"),
    "es": ("Financiación", "Puesto", "Tiempo asignado (%)"),
}


class Typed:
    """A Word document in the making."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self.document = docx.Document()

    def text(self, *lines: str, style: str | None = None) -> Typed:
        """Type paragraphs."""
        for line in lines:
            self.document.add_paragraph(line, style)
        return self

    def heading(self, text: str, level: int = 2) -> Typed:
        """Type a heading."""
        self.document.add_heading(text, level)
        return self

    def activities(
        self,
        rows: Iterable[Sequence[str]],
        years: Sequence[str] = (),
        more: Sequence[str] = (),
        kinds: Sequence[str] | None = None,
    ) -> Any:
        """
        Lay out a table of activities under headings of two levels, and give it.

        With years, the cost has a sub-column for each and for their total; `more` are further
        columns at the end. A row of one text goes over the whole width; "=" before the first text
        of a row merges number and text.
        """
        number, activity, cost, available, usual, sought = HEADS[self.language]
        kinds = kinds or usual
        spread = [*years, "Total"] if years else [""]
        lower = ["", "", *spread, *kinds, "", *("" for _ in more)]
        table = self.document.add_table(2, len(lower))
        first = [number, activity, cost, *[""] * (len(spread) - 1)]
        first += [available, *[""] * (len(kinds) - 1), sought, *more]
        for column, (above, below) in enumerate(zip(first, lower, strict=True)):
            table.cell(0, column).text = above
            table.cell(1, column).text = below
            if not below:
                table.cell(0, column).merge(table.cell(1, column))
                table.cell(0, column).text = above
        self._across(table, 2, len(spread), cost)
        self._across(table, 2 + len(spread), len(kinds), available)
        for row in rows:
            self._row(table, row)
        return table

    @staticmethod
    def _across(table: Any, start: int, count: int, text: str) -> None:
        if count > 1:
            merged = table.cell(0, start).merge(table.cell(0, start + count - 1))
            merged.text = text

    @staticmethod
    def _row(table: Any, row: Sequence[str]) -> None:
        cells = table.add_row().cells
        if len(row) == 1:
            cells[0].merge(cells[-1]).text = row[0]
            return
        if row[0].startswith("="):
            cells[0].merge(cells[1]).text = row[0][1:]
            cells, row = cells[2:], row[1:]
        for cell, text in zip(cells, row, strict=False):
            lines = text.split("\n")
            cell.text = lines[0]
            for line in lines[1:]:
                cell.add_paragraph(line)

    def staff(self, rows: Iterable[Sequence[str]], heads: Sequence[str] = ()) -> Any:
        """Lay out a staff table; a row of one text is the heading of a group."""
        heads = heads or STAFF[self.language]
        table = self.document.add_table(1, len(heads))
        for cell, text in zip(table.rows[0].cells, heads, strict=True):
            cell.text = text
        for row in rows:
            self._row(table, row)
        return table

    def data(self) -> bytes:
        """Give the file's bytes."""
        stream = io.BytesIO()
        self.document.save(stream)
        return stream.getvalue()


AREAS = (
    "Direction et gestion exécutives",
    "Coopération et partenariats inter-agences",
    "Science, données et programme marin",
    "Politiques et Accords",
    "Information, communication, sensibilisation et renforcement des capacités",
)
ACTIVITIES = (
    (
        "1.1",
        "Développer, renforcer et maintenir le site web de la CMS, et une base de données.",
    ),
    ("1.2", "Développer et soutenir la production d’outils en ligne.\nInclut InforMEA."),
    ("1.3", "Produire du matériel d’information, publications, lettres d’information."),
    ("1.4", "Encourager une plus grande coopération entre les médias."),
    ("1.5", "Entreprendre des activités et campagnes de sensibilisation."),
    ("1.6", "Développer des outils de renforcement des capacités."),
)
POSTS = (
    (
        "Posts",
        "Administrateur chargé de l’information et du renforcement des capacités (P-4)",
        "90",
    ),
    ("", "Jeune expert associé (P-2)", "100"),
    ("", "Jeune expert associé (P-2)", "60"),
)


def source_one() -> bytes:
    """Type the Secretariat's format: five areas in the text, one of them with its tables."""
    typed = Typed("fr")
    typed.text(
        "FORMAT DE PROGRAMME DE TRAVAIL CHIFFRÉ DU SECRÉTARIAT DE LA CMS",
        "(Préparé par le Secrétariat PNUE/CMS)",
        "",
        "Les domaines du programme identifiés sont les suivants :",
    )
    typed.text(*(f"{area} ;" for area in AREAS[:-1]), f"{AREAS[-1]}.", style="List Bullet")
    typed.text("Action requise :", "Le Comité permanent est invité à formuler ses observations.")
    typed.text("Annexe I – Programme de travail chiffré (avant-projet) (extrait)", "", AREAS[-1])
    typed.activities([(number, text, "", "", "", "") for number, text in ACTIVITIES])
    typed.text("", "Ressources humaines utilisées dans les domaines de programme")
    typed.staff(
        [
            ("Postes financés par le budget principal de la CMS",),
            ("", *POSTS[0][1:]),
            ("Postes financés par des contributions volontaires",),
            *(("", *post[1:]) for post in POSTS[1:]),
        ]
    )
    return typed.data()
