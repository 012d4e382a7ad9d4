"""
Random annexes in Word, made with python-docx from random tables, and what a reader sees in them.

`annex(seed)` lays one out; `silent_differences` reads it back and returns each amount or text
that comes out otherwise than it is seen, and is listed nowhere. `python tests/random_annexes.py
5000 1` runs 5,000 layouts from seed 1.
"""

# ruff: noqa: C901, PLR0912, S311, T201  a long random generator, which prints when it is run

from __future__ import annotations

import io
import random
import sys
import tempfile
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from cmswp_xl.errors import CmswpError
from cmswp_xl.languages import Language
from cmswp_xl.word_import import read_annex
from cmswp_xl.word_import.columns import Asked
from cmswp_xl.word_import.workbook_rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cmswp_xl.word_import import Reading

PERIOD = range(2018, 2021)
HEADS = {
    "en": {
        "number": ("No.", "#", "No"),
        "activity": ("Activity", "Activities", "Main activities"),
        "cost": ("Cost", "Estimated cost", "Cost of the activity", "Total cost", "Budget"),
        "core": ("Core budget", "Core budget (proposed)", "Regular budget"),
        "voluntary": ("Voluntary contributions", "Voluntary"),
        "other": ("Other sources", "Other"),
        "sought": ("Funding to be sought", "To be sought", "Funding gap"),
        "funding": ("Funding", "Resources", "Funding available"),
        "unit": ("Cost per unit", "Unit cost"),
        "quantity": ("Number of units", "Quantity", "Days"),
        "responsible": ("Responsible", "Responsible entity"),
        "unknown": ("SDG", "Species"),
        "total": ("Total", "Grand total", "Total of the area", "TOTAL"),
        "sub": ("Sub-total", "Subtotal"),
        "support": ("13% PSC", "Programme support costs (13%)", "Overhead 13%"),
        "carried": ("Carried forward", "Brought forward"),
        "second": ("Activité", "Actividad"),
        "nothing": ("TBD", "n/a", "in kind", "to be confirmed", "pm", "five thousand"),
    },
    "fr": {
        "number": ("N°", "No"),
        "activity": ("Activité", "Activités"),
        "cost": ("Coût", "Coûts de l’activité", "Coût total", "Coût estimatif"),
        "core": ("Budget principal", "Budget ordinaire"),
        "voluntary": ("Contributions volontaires",),
        "other": ("Autres sources", "Autres"),
        "sought": ("Financement à rechercher", "Besoins de financement"),
        "funding": ("Financement", "Financement disponible"),
        "unit": ("Coût unitaire", "Coût par unité"),
        "quantity": ("Nombre d’unités", "Jours"),
        "responsible": ("Responsable",),
        "unknown": ("ODD", "Espèces"),
        "total": ("Total", "Total général", "Montant total"),
        "sub": ("Sous-total",),
        "support": ("Dépenses d’appui au programme (13 %)", "Frais généraux 13 %"),
        "carried": ("À reporter", "Report"),
        "second": ("Activity", "Actividad"),
        "nothing": ("à déterminer", "s.o.", "en nature", "pm"),
    },
    "es": {
        "number": ("N.º", "Núm."),
        "activity": ("Actividad", "Actividades"),
        "cost": ("Coste", "Costo", "Costo estimado", "Coste total"),
        "core": ("Presupuesto básico", "Presupuesto ordinario"),
        "voluntary": ("Contribuciones voluntarias",),
        "other": ("Otras fuentes", "Otros"),
        "sought": ("Financiación por obtener", "Recursos necesarios"),
        "funding": ("Financiación", "Financiación disponible"),
        "unit": ("Costo unitario", "Costo por unidad"),
        "quantity": ("Cantidad", "Días"),
        "responsible": ("Responsable",),
        "unknown": ("ODS", "Especies"),
        "total": ("Total", "Total general"),
        "sub": ("Subtotal", "Total parcial"),
        "support": ("Gastos de apoyo a los programas (13 %)",),
        "carried": ("Suma y sigue", "Suma anterior"),
        "second": ("Activity", "Activité"),
        "nothing": ("por determinar", "n/a", "en especie"),
    },
}
THOUSANDS = {
    "en": (
        *("(EUR ‘000)", "(EUR '000)", "(EUR ’000)", "(EURʼ000)", "(EUR `000)", "(EUR ´000)"),
        *("(in thousand EUR)", "(thousands of euros)", "(k€)", "(EUR 000)", "(€ 000s)", "(kEUR)"),
        *("(EUR thousand)", "(in EUR k)", "(000 EUR)", "(1,000 EUR)", "(x 1,000 EUR)"),
    ),
    "fr": ("(en milliers d’euros)", "(milliers d'EUR)", "(k€)", "(EUR ’000)", "(en milliers €)"),
    "es": ("(en miles de euros)", "(miles de EUR)", "(k€)", "(EUR ’000)", "(miles de €)"),
}
MILLIONS = {
    "en": ("(EUR million)", "(M€)", "(EUR mn)", "(in millions of euros)", "(€m)", "(MEUR)"),
    "fr": ("(en millions d’euros)", "(M€)", "(millions EUR)"),
    "es": ("(en millones de euros)", "(M€)", "(millones de EUR)"),
}
SENTENCES = {
    "en": (
        *(
            "(in thousands of euros)",
            "Amounts in thousands of euros.",
            "All figures are in EUR ’000.",
        ),
        *(
            "Table 1. Costs (EUR 000)",
            "Thousands of euros",
            "In k€",
            "Costs are expressed in EUR k.",
        ),
    ),
    "fr": ("(en milliers d’euros)", "Montants en milliers d’euros.", "En milliers d’EUR"),
    "es": ("(en miles de euros)", "Importes en miles de euros.", "En miles de EUR"),
}
STYLES = {
    "en": ((",", "."), ("", "."), (" ", "."), ("'", "."), ("\u2019", ".")),
    "fr": ((" ", ","), ("\u00a0", ","), ("\u202f", ","), ("", ",")),
    "es": ((".", ","), (" ", ","), ("", ","), ("\u00a0", ",")),
}
WORDS = [
    "survey",
    "workshop",
    "guideline",
    "meeting",
    "species",
    "flyway",
    "habitat",
    "report",
    "training",
    "atlas",
]


@dataclass(frozen=True)
class Seen:
    """A cell as a reader sees it: its text, and the amount (None for none, "" for no place)."""

    text: str
    value: Decimal | str | None = ""
    role: str = ""
    year: int | None = None


@dataclass
class Annex:
    """A random annex: the file, and what is seen in each row of activities."""

    language: str
    data: bytes = b""
    rows: dict[tuple[int, int], list[tuple[int, Seen]]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


class Layout:
    """Lays out one random annex."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.language = self.random.choice(tuple(HEADS))
        self.heads = HEADS[self.language]
        self.annex = Annex(self.language)
        self.document = docx.Document()
        self.style = self.random.choice(STYLES[self.language])
        self.factor, self.unit, self.where = self._unit()
        self.columns = self._columns()
        self.sums: dict[int, Decimal] = {}
        self.all: dict[int, Decimal] = {}
        self.number = 0

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def word(self, name: str) -> str:
        return self.random.choice(self.heads[name])

    def _unit(self) -> tuple[int, str, str]:
        if self.chance(0.55):
            return 1, self.random.choice(("", "", "(EUR)", "(€)")), "heading"
        if self.chance(0.25):
            return 10**6, self.random.choice(MILLIONS[self.language]), "heading"
        where = self.random.choice(
            ("heading", "heading", "cost", "before", "after", "title", "area")
        )
        options = THOUSANDS if where in ("heading", "cost", "area") else SENTENCES
        return 1000, self.random.choice(options[self.language]), where

    def _columns(self) -> list[tuple[str, int | None, list[str]]]:
        """Return the columns: role, year, headings from top to bottom."""
        unit = f" {self.unit}" if self.where in ("heading", "cost") and self.unit else ""
        other = unit if self.where == "heading" else ""
        found: list[tuple[str, int | None, list[str]]] = []
        if self.chance(0.85):
            found.append(("number", None, [self.word("number")]))
        found.append(("activity", None, [self.word("activity")]))
        if self.chance(0.1):
            found.append(("second", None, [self.word("second")]))
        if self.chance(0.2):
            found.append(("responsible", None, [self.word("responsible")]))
        kind = self.random.choice(("one", "one", "years", "under", "units", "currencies"))
        cost = self.word("cost")
        if kind == "years":
            found += [("cost", y, [f"{self.heads['cost'][0]} {y}{unit}"]) for y in PERIOD]
        elif kind == "under":
            found += [("cost", y, [cost + unit, str(y)]) for y in PERIOD]
            found.append(("sum", None, [cost + unit, "Total"]))
        elif kind == "units":
            found.append(("unit", None, [self.word("unit") + other]))
            found.append(("quantity", None, [self.word("quantity")]))
            found.append(("cost", None, [cost + unit]))
        elif kind == "currencies":
            found.append(("cost", None, [cost + (unit or " (EUR)")]))
            found.append(("usd", None, [f"{cost} (USD)"]))
            if self.chance(0.5):
                found[-2:] = reversed(found[-2:])
        else:
            found.append(("cost", None, [cost + unit]))
        kinds = [k for k in ("core", "voluntary", "other") if self.chance(0.5)]
        over = [self.word("funding") + other] if self.chance(0.6) else []
        found += [(k, None, [*over, self.word(k) + ("" if over else other)]) for k in kinds]
        if self.chance(0.5):
            found.append(("sought", None, [self.word("sought") + other]))
        if self.chance(0.25):
            found.append(("unknown", None, [self.word("unknown")]))
        if self.chance(0.2) and kind != "under":
            money = ("cost", "core", "voluntary", "other", "sought")
            top = self.heads["funding"][0]
            if self.language == "en" and self.chance(0.5):
                found = [(r, y, [top, *h] if r in money else h) for r, y, h in found]
        return found

    # amounts

    def printed(self, value: Decimal) -> str:
        """Print an amount in the annex's style; `value` is as printed, before the unit."""
        group, point = self.style
        text = f"{value:f}"
        whole, _, cents = text.partition(".")
        parts = []
        while len(whole) > 3:
            parts.insert(0, whole[-3:])
            whole = whole[:-3]
        return group.join([whole, *parts]) + (point + cents if cents else "")

    def amount(self) -> Decimal:
        if self.factor == 10**6:
            return (
                Decimal(self.random.randint(1, 99)) / 10
                if self.chance(0.5)
                else Decimal(self.random.randint(1, 20))
            )
        if self.chance(0.15):
            return Decimal(self.random.randint(100, 999_999)) / 100
        return Decimal(self.random.choice((5, 10, 125, 1500, 20000, 104500, 1250000)))

    def fill(self, cell: Any, value: Decimal) -> tuple[str, Decimal | None]:
        """Type an amount into a cell in some manner, and return what is seen: text and amount."""
        text, paragraph = self.printed(value), cell.paragraphs[0]
        how = self.random.choice(("plain",) * 14 + HOWS)
        if how == "sign":
            text = self.random.choice((f"€ {text}", f"{text} €", f"EUR {text}", f"{text} EUR"))
        elif how == "about":
            text = f"ca. {text}"
        elif how == "range":
            paragraph.add_run(f"{text}-{text}")
            return f"{text}-{text}", None
        elif how == "two":
            sign = self.random.choice((" " if len(text) > 3 else " / ", "\n", "\t", " / ", "  "))
            paragraph.add_run(f"{text}{sign}{text}")
            return text, None
        elif how == "nothing":
            text = self.word("nothing")
            paragraph.add_run(text)
            return text, None
        elif how == "negative":
            text = self.random.choice((f"({text})", f"-{text}"))
            paragraph.add_run(text)
            return text, None
        elif how == "short" and self.factor == 1:
            text = self.random.choice(("50k", "1.5 m", "5 mn", "€50k"))
            paragraph.add_run(text)
            return text, {"50k": 50_000, "1.5 m": 1_500_000, "5 mn": 5_000_000, "€50k": 50_000}[
                text
            ]
        elif how == "struck":
            old = paragraph.add_run(self.printed(self.amount()))
            old.font.strike = self.chance(0.5)
            old.font.double_strike = not old.font.strike
            paragraph.add_run(self.random.choice((" ", "\n", "")))
        elif how == "hidden":
            paragraph.add_run("9").font.hidden = True
        elif how == "deleted":
            self._tracked(paragraph, "del", "77 ")
        if how == "inserted":
            self._tracked(paragraph, "ins", text)
        else:
            paragraph.add_run(text)
        if how == "raised":
            paragraph.add_run("1").font.superscript = True
        elif how == "sub":
            paragraph.add_run("2").font.subscript = True
        elif how == "star":
            paragraph.add_run(self.random.choice(("*", "¹", "²", " a)", "†")))
        elif how == "after":
            paragraph.add_run("000").font.hidden = True
        return text, value * self.factor

    def _tracked(self, paragraph: Any, kind: str, text: str) -> None:
        node, run = OxmlElement(f"w:{kind}"), OxmlElement("w:r")
        node.set(qn("w:id"), "1")
        node.set(qn("w:author"), "A")
        words = OxmlElement("w:delText" if kind == "del" else "w:t")
        words.text = text
        run.append(words)
        node.append(run)
        paragraph._p.append(node)

    # tables

    def build(self) -> Annex:
        """Lay out the document."""
        self.document.add_paragraph("Plan for the period")
        areas = self.random.randint(1, 3)
        manner = self.random.choice(("paragraphs", "headings", "headings", "bold"))
        if self.where == "before":
            self.document.add_paragraph(self.unit)
        if manner == "paragraphs":
            for n in range(areas):
                unit = f" {self.unit}" if self.where == "area" else ""
                self.document.add_heading(f"Conservation {'abc'[n] * 3}{unit}", 2)
                self.table([""], last=n == areas - 1)
        else:
            self.document.add_heading("Plan", 2)
            self.table([f"Conservation {'abc'[n] * 3}" for n in range(areas)], manner, last=True)
        if self.where == "after":
            self.document.add_paragraph(self.unit)
        stream = io.BytesIO()
        self.document.save(stream)
        self.annex.data = stream.getvalue()
        return self.annex

    def table(self, areas: list[str], manner: str = "", *, last: bool) -> None:
        self.number += 1
        depth = max(len(heads) for *_, heads in self.columns)
        title = self.where == "title"
        table = self.document.add_table(0, len(self.columns))
        if title:
            cells = table.add_row().cells
            cells[0].merge(cells[-1]).text = self.unit
        self.head(table, depth)
        self.sums = {}
        for area in areas:
            if area:
                text = f"{area} {self.unit}" if self.where == "area" else area
                self.heading(table, text, manner)
            for _ in range(self.random.randint(1, 4)):
                self.activity(table)
            if self.chance(0.3):
                self.sum_row(table, "sub", self.sums)
            if self.chance(0.1):
                self.sum_row(table, "carried", self.sums)
            if self.chance(0.15):
                self.head(table, depth)
        if last and self.chance(0.4):
            self.sum_row(table, "total", self.all)
        if self.chance(0.15):
            self.sum_row(table, "support", self.sums)

    def head(self, table: Any, depth: int) -> None:
        rows = [table.add_row().cells for _ in range(depth)]
        for level in range(depth):
            column = 0
            while column < len(self.columns):
                heads = self.columns[column][2]
                end = column
                if level < len(heads) - 1:
                    while (
                        end + 1 < len(self.columns)
                        and self.columns[end + 1][2][: level + 1] == (heads[: level + 1])
                    ):
                        end += 1
                if level < len(heads):
                    cell = rows[level][column]
                    down = rows[depth - 1][column] if level == len(heads) - 1 else cell
                    if end > column:
                        cell = cell.merge(rows[level][end])
                    elif down is not cell and self.merged:
                        cell = cell.merge(down)
                    cell.text = heads[level]
                column = end + 1

    merged = True

    def heading(self, table: Any, text: str, manner: str) -> None:
        cells = table.add_row().cells
        if manner == "headings":
            cells[0].merge(cells[-1]).text = text
        else:
            place = 1 if self.columns[0][0] == "number" and self.chance(0.5) else 0
            cells[place].paragraphs[0].add_run(text).bold = True

    def activity(self, table: Any) -> None:
        cells = table.add_row().cells
        row = len(table._tbl.tr_lst)
        count = len(self.annex.rows) + 1
        seen: list[tuple[int, Seen]] = []
        for column, (role, year, _) in enumerate(self.columns):
            cell = cells[column]
            if role == "number":
                cell.text = str(count)
            elif role in ("activity", "second", "responsible", "unknown"):
                cell.text = f"{role.title()} {self.random.choice(WORDS)} {count}."
                seen.append((column + 1, Seen(cell.text, role=role)))
            elif role == "quantity":
                cell.text = str(self.random.randint(2, 9))
                seen.append((column + 1, Seen(cell.text)))
            elif role in ("unit", "usd", "sum") or self.chance(0.8):
                value = self.amount()
                if role == "sum":
                    years = [
                        s for _, s in seen if s.role == "cost" and isinstance(s.value, Decimal)
                    ]
                    value = sum((Decimal(s.value) / self.factor for s in years), Decimal(0))
                if role in ("unit", "usd", "sum"):
                    cell.text = self.printed(value.normalize() + 0)
                    seen.append((column + 1, Seen(cell.text, role=role)))
                    continue
                text, amount = self.fill(cell, value)
                amount = None if amount is None else Decimal(amount)
                seen.append((column + 1, Seen(text, amount, role, year)))
                if amount is not None:
                    for sums in (self.sums, self.all):
                        sums[column] = sums.get(column, Decimal(0)) + amount / self.factor
        self.annex.rows[self.number, row] = seen
        if self.chance(0.04):
            self.left_out(cells, row)

    def left_out(self, cells: Any, row: int) -> None:
        """Strike a whole row through."""
        if any(cell._tc.findall(f".//{qn('w:ins')}") for cell in cells):
            return
        for cell in cells:
            for paragraph in cell.paragraphs:
                for run in paragraph.runs:
                    run.font.strike = True
        del self.annex.rows[self.number, row]

    def sum_row(self, table: Any, kind: str, sums: dict[int, Decimal]) -> None:
        cells = table.add_row().cells
        place = self.random.choice((0, 1)) if self.columns[0][0] == "number" else 0
        cells[place].text = self.word(kind)
        for column, value in sums.items():
            cells[column].text = self.printed(value.normalize() + 0)


HOWS = (
    *("sign", "about", "range", "two", "nothing", "negative", "short", "struck", "hidden"),
    *("deleted", "inserted", "raised", "sub", "star", "after"),
)


def annex(seed: int) -> Annex:
    """Return the random annex of a seed."""
    return Layout(seed).build()


def silent_differences(made: Annex, folder: Path) -> Iterator[str]:
    """Read an annex back, and return what comes out otherwise and is not listed."""
    path = folder / "annex.docx"
    path.write_bytes(made.data)
    try:
        reading = read_annex(path, Asked(Language(made.language), PERIOD, "EUR"))
    except CmswpError:
        yield "refused"
        return
    rows = rows_of(reading)
    entries = {
        (entry.place.table, entry.place.row): entry
        for area in reading.areas
        for entry in area.activities
    }
    for place, seen in made.rows.items():
        yield from _row(place, seen, entries.get(place), reading)
    for place in entries.keys() - made.rows.keys():
        if made.rows and not _listed(reading, place, None, entries[place].text):
            yield f"{place}: an activity that is none: {entries[place].text!r}"
    costs = sum((Decimal(row["amount"]) for row in rows.get("costs", ())), Decimal(0))
    read = [v for entry in entries.values() for v in (entry.cost or {}).values()]
    if costs != sum(read, Decimal(0)):
        yield "the rows of costs are not what was read"


def _row(
    place: tuple[int, int], seen: list[tuple[int, Seen]], entry: Any, reading: Reading
) -> Iterator[str]:
    if entry is None:
        for column, one in seen:
            if not _listed(reading, place, column, one.text):
                yield f"{place} {column}: lost {one.text!r}"
        return
    cost, funding = dict(entry.cost or {}), {k: v for (k, *_), v in entry.funding.items()}
    for column, one in seen:
        listed = _listed(reading, place, column, one.text)
        if one.role == "activity" and entry.text != one.text and not listed:
            yield f"{place} {column}: text {one.text!r} as {entry.text!r}"
        elif one.role in ("unit", "usd", "unknown") and not listed:
            yield f"{place} {column}: {one.text!r} neither taken nor listed"
        elif one.role in ("cost", "core", "voluntary", "other"):
            found = cost.pop(one.year, None) if one.role == "cost" else funding.pop(one.role, None)
            if found != one.value and not listed and (found or one.value is not None):
                yield f"{place} {column}: {one.role} {one.value} ({one.text!r}) as {found}"
            if one.value is None and found:
                yield f"{place} {column}: {one.text!r} read as {found}"
    for name, value in (*cost.items(), *funding.items()):
        if value and not any(s.role == "sum" for _, s in seen):
            yield f"{place}: {name} {value} is seen nowhere"


def _listed(reading: Reading, place: tuple[int, int], column: int | None, text: str) -> bool:
    """Tell whether an issue at the cell, or at its row, shows its text."""
    short = "".join(text.split())
    return any(
        issue.place is not None
        and (issue.place.table, issue.place.row) == place
        and issue.place.column in (column, None)
        and short in "".join(issue.found.split())
        for issue in reading.issues.listed
    )


def main(count: int, seed: int) -> int:
    """Run random layouts, and return how many silent differences there are."""
    bad = refused = 0
    with tempfile.TemporaryDirectory() as name:
        for number in range(seed, seed + count):
            for text in silent_differences(annex(number), Path(name)):
                refused += text == "refused"
                bad += text != "refused"
                if text != "refused":
                    print(f"seed {number}: {text}")
    print(f"{count} layouts from seed {seed}: {bad} silent differences, {refused} refused")
    return bad


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]), int(sys.argv[2]))))
