"""
The words by which an annex is recognised, in the three languages.

First come the program's own printed words, so that import reads what export writes; the patterns
take in what other annexes say. All are compared without accents and case.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cmswp_xl.languages import Language, Words
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from collections.abc import Mapping

EN, FR, ES = Language.EN, Language.FR, Language.ES

HEADS: Mapping[str, Mapping[Language, str]] = {
    "activity": {
        EN: r"((programme|program|project|key|main|planned|proposed|priority|list of"
        r"|description of) )*(the )?activit(y|ies)\b",
        FR: r"((principales?|description d(e l'|es )|liste des ) ?)*activites?\b",
        ES: r"((principales|descripcion de (la|las)|lista de) )*actividad(es)?\b",
    },
    "annual-cost": {
        EN: r".*\b(annual|yearly)\b.*\b(costs?|amount|budget)\b"
        r"|.*\bcosts? (per|a|each) (year|annum)\b",
        FR: r"(couts?|montants?|budget)\b.*\b(annuels?|par an|par annee)\b",
        ES: r"(costes?|costos?|importe|monto|presupuesto)\b.*\b(anual(es)?|por ano|al ano)\b",
    },
    "unit-cost": {
        EN: r".*\b(costs?|price|rate|amount)\b.*\b(per|each)\b|unit (cost|price)|.*/ ?unit\b",
        FR: r"(couts?|prix|tarif)\b.*\b(par|unitaires?|l'unite)\b",
        ES: r"(costes?|costos?|precio|tarifa)\b.*\b(por|unitarios?)\b",
    },
    "cost": {
        EN: r"((estimated|indicative|total|proposed|overall|full|planned|projected"
        r"|approx(imate)?|expected|approved|revised|agreed|actual"
        r"|initial|activity|budgeted|grand|19\d\d|20\d\d|fy) ?)*costs?\b"
        r"|((total|proposed|estimated|indicative|planned|19\d\d|20\d\d) )+(budget|amount)"
        r"|(budget|amount)( required)?$|(budget|amount) (in |for )?(eur|usd|20\d\d)",
        FR: r"((19|20)\d\d )?couts?\b|budget (total|propose|estime)|budget( 20\d\d)?$"
        r"|montants?( total)?( 20\d\d)?$",
        ES: r"((19|20)\d\d )?(costes?|costos?)\b|presupuesto (total|propuesto|estimado)"
        r"|presupuesto( 20\d\d)?$|(importe|monto)( total)?( 20\d\d)?$",
    },
    "available": {
        EN: r"(funding|funds|financing|resources) available|available f",
        FR: r"(financements?|fonds|ressources) (deja )?disponibles?",
        ES: r"(financiacion|fondos|recursos) disponibles?",
    },
    "core": {
        EN: r"(cms )?(core|regular) budget|core fund",
        FR: r"budget (principal|ordinaire|central|de base)",
        ES: r"presupuesto (basico|ordinario|principal|central)",
    },
    "voluntary": {
        EN: r"voluntary\b",
        FR: r"(contributions? )?volontaires?\b|contributions? volontaires?",
        ES: r"(contribucion(es)? )?voluntarias?\b",
    },
    "other": {EN: r"others?\b( sources?)?", FR: r"autres?\b", ES: r"otr[oa]s?\b"},
    "sought": {
        EN: r"(funding|funds|resources|amounts?) (still )?(to be sought|required|needed)"
        r"|to be sought|(funding )?gap|funding needs?|unfunded",
        FR: r"(financements?|fonds|ressources) (restant )?(requis|manquant)"
        r"|(financements?|fonds|ressources) (restant )?a (rechercher|trouver|obtenir)"
        r"|a rechercher|besoins? de financement|deficit",
        ES: r"(financiacion|fondos|recursos) (por (obtener|recabar|buscar)|necesari|requerid)"
        r"|por obtener|deficit",
    },
    "notes": {
        EN: r"(notes?|remarks?|comments?|observations?)$",
        FR: r"(notes?|remarques?|commentaires?|observations?)$",
        ES: r"(notas?|comentarios?|observaciones)$",
    },
    "whole": {
        EN: r"(whole|entire) (period|triennium)|triennium$",
        FR: r"(toute la periode|(ensemble du )?triennat|periode entiere)$",
        ES: r"(todo el periodo|(todo el )?trienio)$",
    },
    "priority": {EN: r"priority\b", FR: r"(degre de )?priorite\b", ES: r"prioridad\b"},
    "responsible": {
        EN: r"responsib(le|ility)\b",
        FR: r"responsab(les?|ilite)\b",
        ES: r"responsab(les?|ilidad)\b",
    },
    "post": {EN: r"posts?\b|positions?\b", FR: r"postes?\b", ES: r"puestos?\b|cargos?\b"},
    "time": {
        EN: r"(percentage of )?(working )?time\b|% of time",
        FR: r"(pourcentage d[ue] )?temps\b|% d[ue] temps",
        ES: r"(porcentaje d[e]l? )?tiempo\b|% d[e]l? tiempo",
    },
    "payer": {EN: r"fund(ing|s|ed by)?\b|source", FR: r"finance|source", ES: r"financia|fuente"},
    "area": {
        EN: r"(programme |program )?areas?\b",
        FR: r"domaines?\b",
        ES: r"(area|areas|ambitos?)\b",
    },
    "year": {EN: r"years?$", FR: r"annees?$", ES: r"anos?$"},
}
"""Patterns of the headings of columns by role, matched at the beginning."""

_ANY = {
    "number": r"n[o°.]*[°.]?$|no\.?$|nr\.?$|num(ero|ber)?\.?$|number$|#$|item$|ref\.?$|n\.?o$",
    "total": r"totale?s?\b",
}
"""Patterns of headings that look alike in the languages."""

_LABELS = {
    "part": r"(of which|thereof|including|incl\.|dont|y compris"
    r"|de l[oa]s (que|cuales)|incluid[oa]s?)\b",
    "carried": r"(amount |total |sub-?total |balance )?(carried|brought) (forward|over|down)"
    r"|carry-?over|[cb]/[fd]\b|(montant )?(a reporter|reporte)\b"
    r"|(montant )?reports?( (de la|a la|d'|en) .*)?$"
    r"|total a reporter|suma (y sigue|anterior)|(importe |saldo )?(anterior|siguiente)$"
    r"|(viene|pasa) (de|a) la pagina|saldo (inicial|trasladado)",
    "support": r"(un |unep |programme |program |project )*support (costs?|charges?)\b|psc\b"
    r"|(depenses|couts|frais) d'appui|(gastos|costos|costes) de apoyo|over-?heads?\b"
    r"|(indirect|administrati(ve|on)|management|general) (costs?|fees?|expenses|charges)"
    r"|(frais|couts|depenses) (generaux|indirects?|administratifs|de gestion)|agency fees?"
    r"|(gastos|costos|costes) (generales|indirectos|administrativos|de gestion)|dap\b",
    "contingency": r"contingenc(y|ies)\b|imprevus\b|imprevistos?\b|(provision|reserve) pour"
    r"|(provision|reserva) para|(working capital |operating )?reserves?$|aleas\b|inflation\b"
    r"|unforeseen|provision for",
    "sub": r"sub-?\s?totals?\b|sous-?\s?tota(l|ux)\b|total parcial|subtotal|suma parcial",
    "total": r"(grand |overall |general |gran |net |gross )?totals?\b|tota(l|ux)\b|total general"
    r"|montant total|(importe|coste|costo|monto) total\b|cout total\b|sumas?$|somme$|sum$"
    r"|\S.{0,60}[,:–—-]? (sub-?)?totals?$|ensemble$",
}
"""Patterns of the labels of rows that hold sums."""

_LEAD = re.compile(
    r"(?:(?:[ivx]{1,5}|[a-z]|\d{1,2}(?:\.\d{1,2})*)[.):]? )?"
    r"(?:\d{1,2}(?:[.,]\d{1,2})? ?%(?: of| de)? )?"
    r"(?:(?:plus|add|less|the|of which|dont|mas|estimated|estimation des) )?"
)
_SUM_LONGEST = 90

_TIED = {
    "core": r"core|regular|principal|ordinaire|ordinario|basico|central",
    "voluntary": r"volunt|volont",
    "other": r"other|autre|otr[oa]s",
}


def folded(text: str) -> str:
    """Return a text without case, accents, and the invisible."""
    plain = unicodedata.normalize("NFD", comparable(text))
    return "".join(c for c in plain if not unicodedata.combining(c))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The headings of columns, read in any of the languages."""

    own: Mapping[str, Mapping[str, Language]]

    def roles(self, text: str) -> dict[str, set[Language]]:
        """Return the roles that a heading may have, and the languages that say so."""
        plain = folded(text)
        if not plain:
            return {}
        found: dict[str, set[Language]] = {}
        for role, languages in HEADS.items():
            matched = {key for key, pattern in languages.items() if re.match(pattern, plain)}
            if plain in self.own.get(role, {}):
                matched |= {self.own[role][plain]}
            if matched:
                found[role] = matched
        for role, pattern in _ANY.items():
            if re.match(pattern, plain) or plain in self.own.get(role, {}):
                found[role] = set()
        return found


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary with the words that the program prints itself."""
    own: dict[str, dict[str, Language]] = {}
    for language in Language:
        for role, text in _own(Words(language)):
            own.setdefault(role, {})[folded(text)] = language
    return Vocabulary(own)


def _own(say: Words) -> tuple[tuple[str, str], ...]:
    return (
        ("number", say("No.")),
        ("activity", say("Activity")),
        ("cost", say("Cost of the activity")),
        ("available", say("Funding available")),
        ("core", say("Core budget")),
        ("core", say("Core budget (proposed)")),
        ("voluntary", say("Voluntary contributions")),
        ("other", say("Other sources")),
        ("sought", say("Funding to be sought")),
        ("payer", say("Funding")),
        ("post", say("Post (grade)")),
        ("time", say("Time allotted (%)")),
        ("area", say("Programme area")),
        ("year", say("Year")),
        ("whole", say("Whole period")),
        ("total", say("Total")),
    )


def label_kind(text: str) -> str:
    """
    Return the kind of sum that a row's label names; "" for none.

    carried (or brought forward), support, contingency, sub or total.
    """
    label = folded(text).strip(" .:*–—-=")
    if len(label) > _SUM_LONGEST:
        return ""
    lead = _LEAD.match(label)
    forms = (label, label[lead.end() :] if lead else label)
    return next(
        (
            kind
            for kind, pattern in _LABELS.items()
            if any(re.match(pattern, form) for form in forms)
        ),
        "",
    )


def kind_named(text: str) -> str:
    """Return the kind of source that a text names: core, voluntary or other; "" for none."""
    plain = folded(text)
    return next((kind for kind, pattern in _TIED.items() if re.search(pattern, plain)), "")
