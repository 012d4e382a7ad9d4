"""The contributions by donor: pledged, confirmed, received, in kind, and what they serve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from cmswp_xl.documents.amounts import labelled
from cmswp_xl.documents.front import Made, circumstances, paper
from cmswp_xl.documents.texts import NO_BREAK_SPACE, Printer, printer_for
from cmswp_xl.figures.declarations import FOREIGN, RATE
from cmswp_xl.figures.sources import Entry, SumOf, entered, fitted_to, sum_of
from cmswp_xl.figures.totals import ProgrammeTotals
from cmswp_xl.languages import N_, Language
from cmswp_xl.messages.labels import capital, label
from cmswp_xl.messages.values import long_date
from cmswp_xl.model import Activity, Contribution
from cmswp_xl.money import DATES, ZERO, Conversion, Rates, decimals, rounded, total
from cmswp_xl.page import Cell, Column, Paragraph, Row, Section, notes, tabled
from cmswp_xl.printed import Figured, Path, Printed, in_table

STAGES = {
    "pledged": N_("Pledged"),
    "confirmed": N_("Confirmed"),
    "received": N_("Received"),
    "in_kind": N_("In kind"),
}
"""The columns of the amounts; what is given in kind stands in its own, whatever its stage."""

_CENTS = 2


@dataclass(frozen=True, slots=True)
class Giver:
    """A donor, "" for none, with its rows of Funding; `at` is what its figures are called."""

    code: str
    at: Path
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GiftPrinter(Printer):
    """Prints contributions; `amounts` has those of each row, `sums` those of a donor's stages."""

    givers: Sequence[Giver]
    amounts: Mapping[int, Figured]
    sums: Mapping[tuple[Path, str], Figured]
    activities: Mapping[str, Activity]
    rates: Rates

    @property
    def gifts(self) -> list[Contribution]:
        """The contributions that are printed."""
        return [self.programme.funding[row] for giver in self.givers for row in giver.rows]

    def name(self, code: str) -> str:
        """Return the name of a donor."""
        names = {donor.code: donor.name for donor in self.programme.donors}
        if not code:
            kinds, funding = self.programme.source_kinds(), self.programme.funding
            rows = [row for giver in self.givers if not giver.code for row in giver.rows]
            if any(kinds[funding[row].source] == "voluntary" for row in rows):
                return self.say("Donor not specified")
            return self.say("No donor (core budget and other sources)")
        return self.texts.required(names[code], "donors", code, "name")

    def summary(self) -> Section:
        """Return what each donor gives by stage, and the totals by stage."""
        say = self.say
        heads = [say(head) for head in STAGES.values()]
        heads.insert(-1, say("Confirmed and received"))
        columns = (
            Column(say("Donor"), "label", 4535, names=True),
            *(Column(head, "amount", 1587) for head in heads),
        )
        lines = [(self.name(giver.code), giver.at, "") for giver in self.givers]
        rows = [
            Row((name, *self._stages(at)), look, "/".join(at))
            for name, at, look in (*lines, (say("Total"), ("total",), "total"))
        ]
        return tabled("summary", say("Contributions by donor and stage"), columns, rows)

    def _stages(self, at: Path) -> Iterator[str]:
        amounts = [self.sums[at, stage] for stage in STAGES]
        parts, path = amounts[1:3], (*at, "available")
        both = sum_of(path, parts, "confirmed-and-received", step=self.numbers.step)
        yield from map(self.numbers.amount, (*amounts[:3], both, amounts[3]))

    def given(self, number: int, giver: Giver) -> Section:
        """Return the contributions of a donor, with what they serve, and their sums."""
        say, gifts = self.say, [self.programme.funding[row] for row in giver.rows]
        dated = any(getattr(gift, name) for gift in gifts for name in DATES)
        foreign = any(gift.original_currency for gift in gifts)
        lead = (
            Column(say("No."), "number", 737, names=True),
            Column(say("Activity"), "text", 6010 - 1984 * dated - 1247 * foreign),
            Column(say("Year"), "center", 964),
            Column(say("Source and reference"), "", 2608 - 624 * foreign),
            *((Column(say("Dates"), "", 1984),) if dated else ()),
            *((Column(say("Original amount"), "", 1871),) if foreign else ()),
        )
        columns = (*lead, *(Column(say(head), "amount", 1247) for head in STAGES.values()))
        rows: list[Row] = []
        for key, found in groupby(giver.rows, lambda row: self.programme.funding[row].activity):
            same = list(found)
            served: tuple[Cell, ...] = self._activity(self.activities[key], len(same))
            for row in same:
                details = self._details(row, giver.at, dated=dated, foreign=foreign)
                rows.append(Row((*served, *details), key=key))
                served = ()
        sums = [self.numbers.amount(self.sums[giver.at, stage]) for stage in STAGES]
        closes = say("Total") if len(self.givers) == 1 else say("Sub-total")
        closing = Row((labelled(closes, span=len(lead)), *sums), "total", "/".join(giver.at))
        name = self.name(giver.code)
        return tabled(f"donor-{number}", name, columns, (*rows, closing), titled=False)

    def _activity(self, activity: Activity, rows: int) -> tuple[Cell, Cell]:
        """Print number and title of an activity, once for several rows."""
        title = tuple(map(Paragraph, self.activity_title(activity)))
        return Cell((Paragraph(activity.number),), down=rows), Cell(title, down=rows)

    def _details(self, row: int, at: Path, *, dated: bool, foreign: bool) -> Iterator[str | Cell]:
        """Print a contribution; what is given in kind says its stage."""
        say, gift = self.say, self.programme.funding[row]
        yield say("Whole period") if gift.year is None else str(gift.year)
        sources = {source.code: source.title for source in self.programme.sources}
        remarks = [gift.reference, label("stage", gift.stage, say) if gift.in_kind else None]
        source = self.texts.required(sources[gift.source], "sources", gift.source)
        yield labelled(source, *filter(None, remarks))
        if dated:
            yield Cell(tuple(self._dates(gift)))
        if foreign:
            yield self._original(row, gift, at)
        for stage in STAGES:
            yield self.numbers.amount(self.amounts[row]) if stage == stage_of(gift) else ""

    def _dates(self, gift: Contribution) -> Iterator[Paragraph]:
        for stage in ("pledged", "confirmed", "received"):
            day = getattr(gift, f"{stage}_on")
            if day is not None:
                name = capital(label("stage", stage, self.say))
                date = long_date(day, self.language).replace(" ", NO_BREAK_SPACE)
                yield Paragraph(self.say("{stage}: {date}", stage=name, date=date))

    def _original(self, row: int, gift: Contribution, at: Path) -> str:
        """Print the amount in the currency of the contribution, and at which rate it was taken."""
        say, original, currency = self.say, gift.original_amount, gift.original_currency
        if original is None or currency is None:
            return ""
        path = (*at, str(row + 1))
        cell = Entry("funding", row, "original_amount", ("original_currency",))
        places = max(decimals(original), _CENTS) if decimals(original) else 0
        exact = replace(self.numbers, places=places, step=None)
        amount = exact.amount(entered((*path, "original"), cell, original, FOREIGN))
        price = say("{currency}\N{NO-BREAK SPACE}{amount}", currency=currency, amount=amount)
        found = conversion(gift, self.rates)
        if found is None:
            price = say("{amount}, rate not known", amount=price)
        elif found.since is not None:
            rate, day = self._rate(row, found, path), long_date(found.since, self.language)
            price = say("{amount} at {rate} (rate of {date})", amount=price, rate=rate, date=day)
        elif gift.rate is not None:
            price = say("{amount} at {rate}", amount=price, rate=self._rate(row, found, path))
        return in_table(price)

    def _rate(self, row: int, found: Conversion, path: Path) -> str:
        """Print a rate; the cell of one that the internal sheet of rates gave stays unsaid."""
        text = self.numbers.decimal(found.rate, decimals(found.rate))
        if found.row is not None:
            return text
        cell = Entry("funding", row, "rate", ("original_currency",))
        return Printed(text, entered((*path, "rate"), cell, found.rate, RATE))


def stage_of(gift: Contribution) -> str:
    """Return the column in which a contribution stands."""
    return "in_kind" if gift.in_kind else gift.stage


def conversion(gift: Contribution, rates: Rates) -> Conversion | None:
    """Return at which rate a contribution in another currency is converted, if that is known."""
    day = next((day for name in DATES if (day := getattr(gift, name))), None)
    return rates.conversion(gift.original_currency or "", gift.rate, day)


def givers_of(totals: ProgrammeTotals) -> list[Giver]:
    """Return who gives anything, in the order of the donors; those without a donor come last."""
    rows = [row for row in totals.rows("donor") if row.rows]
    found = [Giver(r.key, ("donor", r.key) if r.key else ("no-donor",), r.rows) for r in rows]
    return sorted(found, key=lambda giver: not giver.code)


def fitted_sums(
    totals: ProgrammeTotals, givers: Sequence[Giver], step: Decimal | None
) -> tuple[dict[int, Figured], dict[tuple[Path, str], Figured]]:
    """Return the amounts by row, and the sums by donor and stage, rounded so that they add up."""
    funding = totals.programme.funding
    amounts: dict[int, Figured] = {}
    sums: dict[tuple[Path, str], Figured] = {}
    for stage in STAGES:
        parts = {
            giver.at: [row for row in giver.rows if stage_of(funding[row]) == stage]
            for giver in givers
        }
        single = {
            at: [_amount(row, at, funding[row]) for row in rows] for at, rows in parts.items()
        }
        donors = [_sum((*at, stage), found, "sum-contributions") for at, found in single.items()]
        every = _sum(("total", stage), donors, "sum-groups")
        if step is not None:
            every = every.shown_as(rounded(every.exact or ZERO, step), "rounded", step)
        donors = fitted_to(every.shown, donors, step, ("total", stage))
        sums[("total",), stage] = every
        for (at, found), donor in zip(single.items(), donors, strict=True):
            sums[at, stage] = donor
            printed = fitted_to(donor.shown, found, step, (*at, stage))
            amounts |= dict(zip(parts[at], printed, strict=True))
    return amounts, sums


def _amount(row: int, at: Path, gift: Contribution) -> Figured:
    because = ("donor", "source", "stage", "in_kind", "scenario")
    cell = Entry("funding", row, "amount", because)
    return entered((*at, str(row + 1), stage_of(gift)), cell, gift.amount)


def _sum(path: Path, parts: Sequence[Figured], rule: str) -> Figured:
    source = SumOf(path, tuple(part.source for part in parts), rule, known=True)
    return Figured(source, total(part.exact or ZERO for part in parts))


def content(totals: ProgrammeTotals, language: Language, codes: Sequence[str] = ()) -> Made:
    """Return the contributions, those of one donor or all, and the texts that are missing."""
    printer = _printer(totals, language, codes)
    tables = [printer.given(number, giver) for number, giver in enumerate(printer.givers, 1)]
    if not printer.givers:
        none = Paragraph(printer.say("No contributions are recorded."), "statement")
        tables = [Section("", "", (none,))]
    elif not codes:
        tables = [printer.summary(), *tables, *_silent(printer)]
    as_at, say = printer.settings.as_at, printer.say
    found, missing = paper(__name__, printer, _statements(printer, codes), tables, as_at=as_at)
    if codes:
        names = say.listed(map(printer.name, codes))
        found = replace(found, title=say("{title} – {name}", title=found.title, name=names))
    return found, missing


def _printer(totals: ProgrammeTotals, language: Language, codes: Sequence[str]) -> GiftPrinter:
    programme, givers = totals.programme, givers_of(totals)
    printer = printer_for(totals, language, (row.amount for row in totals.funding))
    rates = ((i, row.currency, row.date, row.rate) for i, row in enumerate(programme.rates))
    return GiftPrinter(
        *printer.base,
        [giver for giver in givers if giver.code in codes] if codes else givers,
        *fitted_sums(totals, givers, printer.numbers.step),
        {activity.id: activity for activity in programme.activities},
        Rates(programme.settings.currency, rates),
    )


def _silent(printer: GiftPrinter) -> Iterator[Section]:
    """Name the donors that give nothing."""
    giving = {giver.code for giver in printer.givers}
    silent = [donor.code for donor in printer.programme.donors if donor.code not in giving]
    if silent:
        names = printer.say.listed(map(printer.name, silent))
        text = printer.say("No contributions are recorded for {donors}.", donors=names)
        yield Section("", "", notes([text]))


def _statements(printer: GiftPrinter, codes: Sequence[str]) -> Iterator[str]:
    say, day, gifts = printer.say, printer.settings.as_at, printer.gifts
    for code in codes:
        donor = printer.name(code)
        if day is None:
            yield say("Statement for {donor}. No date is specified.", donor=donor)
        else:
            date = long_date(day, printer.language)
            yield say("Statement for {donor}, as at {date}.", donor=donor, date=date)
    yield from circumstances(printer, dated=False)
    if any(gift.stage == "pledged" for gift in gifts):
        yield say("Pledged contributions are shown separately and are not counted as available.")
    if any(gift.in_kind for gift in gifts):
        yield say("Contributions in kind are shown separately and are not counted elsewhere.")
    if any(gift.original_currency for gift in gifts):
        yield say(
            "Original amounts are shown in full; the rate is the value of one unit of the"
            " original currency in the currency of the programme of work."
        )
