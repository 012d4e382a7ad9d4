"""The annex of two versions: side by side, or their differences as Word's tracked changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

from cmswp_xl.compare import Comparison
from cmswp_xl.compare.rows import Row as TypedRow
from cmswp_xl.compare.rows import plain
from cmswp_xl.documents import content_of
from cmswp_xl.documents.amounts import Notes, families_of, labelled
from cmswp_xl.documents.annex import FurtherColumns, support_cost
from cmswp_xl.documents.build import Built, Request, add_sets, make, rendered
from cmswp_xl.documents.changes import (
    Titles,
    compared_paragraphs,
    legend,
    titles_for,
    version_name,
)
from cmswp_xl.documents.effects import Beside, Sides, sides
from cmswp_xl.documents.front import (
    Made,
    Paged,
    PageDocument,
    circumstances,
    extract,
    net_or_gross,
    paper,
)
from cmswp_xl.documents.texts import MissingText, Printer, Texts, paragraphs
from cmswp_xl.errors import Misuse
from cmswp_xl.figures.totals import ProgrammeTotals
from cmswp_xl.languages import N_, Language, Words
from cmswp_xl.model import Settings
from cmswp_xl.page import Block, Cell, Column, Paragraph, Row, Section, Table
from cmswp_xl.registry import ANNEX, SET, TRACKED
from cmswp_xl.tables import comparable

if TYPE_CHECKING:
    from cmswp_xl.documents.build import Done
    from cmswp_xl.render.tracked import By


@dataclass(frozen=True, slots=True)
class SidePrinter:
    """
    Prints the areas and totals of both versions.

    `activities` are the rows of the old version and of the new one, `reworded` those with another
    text, by their keys in comparable form.
    """

    old: ProgrammeTotals
    new: ProgrammeTotals
    beside: Sides
    titles: Titles
    say: Words
    activities: tuple[Mapping[str, TypedRow], Mapping[str, TypedRow]]
    reworded: frozenset[str]
    further: FurtherColumns

    def areas(self, only: str | None) -> Iterator[Section]:
        """Yield the areas in order; below the last sub-area of one, what they are together."""
        rows = self._outline()
        programme = self.new.programme
        families = families_of(programme, programme.outline)
        last = {comparable(keys[-1]): code for code, keys in families.items()}
        codes = (
            [only, *programme.family(only)] if only else [plain(r["code"]) for r in rows.values()]
        )
        wanted, notes = set(map(comparable, codes)), Notes()
        for index, (key, row) in enumerate(rows.items(), 1):
            if key not in wanted:
                continue
            printed = tuple(self._rows(key, notes))
            code, label = plain(row.get("code")), self.say("Sub-total")
            subtotal = self._total(label, "areas", code, span=2)
            title = self.titles.area(row)
            below: tuple[Block, ...] = (*notes.listed(), *self._details(title, printed))
            yield self._area(f"area-{index}", title, (*printed, subtotal), below)
            if key in last and comparable(last[key]) in wanted:
                title = self.titles.area(rows[comparable(last[key])])
                title = self.say("{area}, with its sub-areas", area=title)
                label = self.say("Sub-total with the sub-areas")
                subtotal = self._total(label, "families", last[key], span=2)
                yield self._area(f"area-{index}-together", title, (subtotal,))

    def _area(
        self, anchor: str, title: str, rows: tuple[Row, ...], below: tuple[Block, ...] = ()
    ) -> Section:
        caption = self.say("Cost and funding in both versions: {area}", area=title)
        columns = (
            Column(self.say("No."), "number", 680, names=True),
            Column(self.say("Activity"), "text", 2835),
            *self._columns(self.say("Cost of the activity")),
        )
        return Section(anchor, title, (Table("activities", caption, columns, rows), *below))

    def _details(self, area: str, rows: Sequence[Row]) -> Iterator[Table]:
        """Print the further columns of the annex apart: beside two versions there is no room."""
        versions = (self.old.programme, self.new.programme)
        known = {each.id: each for version in versions for each in version.activities}
        columns = (
            Column(self.say("No."), "number", 680, names=True),
            Column(self.say("Activity"), "text", 3969),
            *self.further.columns.values(),
        )
        lines = tuple(
            Row((*map(_plainly, row.cells[:2]), *self.further.cells(known[row.key])), key=row.key)
            for row in rows
        )
        if self.further.columns and lines:
            yield Table("details", self.say("Activities: {area}", area=area), columns, lines)

    def _columns(self, cost: str) -> Iterator[Column]:
        """Yield the columns of both versions; what was not adopted is not called approved."""
        say = self.say
        adopted = self.old.programme.settings.status == "adopted"
        earlier = say("Approved") if adopted else say("Earlier version")
        for over in (cost, say("Funding available"), say("Funding to be sought")):
            yield Column(earlier, "amount", 1077, over)
            yield Column(say("Revised"), "amount", 1077, over)
            yield Column(say("Increase (decrease)"), "amount difference", 1077, over)

    def _outline(self) -> dict[str, TypedRow]:
        """Return the areas of the new version in print order, then those of the old one only."""
        rows: dict[str, TypedRow] = {}
        versions = self.titles.comparison
        for side, totals in ((versions.new, self.new), (versions.old, self.old)):
            found = side.keyed("areas", "code")
            for area in totals.programme.outline:
                rows.setdefault(comparable(area.code), found[comparable(area.code)])
        return rows

    def closing(self) -> Section:
        """Return the totals by area and of all, and what is added below them."""
        say, below = self.say, self.beside.below(self.titles)
        rows = [
            self._total(self.titles.area(row), "areas", plain(row.get("code")))
            for row in self._outline().values()
        ]
        label = say("Total direct costs") if below else say("Grand total")
        rows.append(self._total(label, "total", ""))
        for name, item in below:
            amounts = (*item.printed(self.titles), *("",) * 6)
            rows.append(Row((name, *amounts), "total", name))
        title = say("Total of the programme areas")
        first = Column(say("Programme area"), "text", 3515, names=True)
        columns = (first, *self._columns(say("Cost of activities")))
        table = Table("totals", title, columns, tuple(rows))
        return Section("closing", title, (table,))

    def _rows(self, area: str, notes: Notes) -> Iterator[Row]:
        """Return the activities that are in the area in one of the versions, in print order."""
        was, inside = (
            [key for key, row in rows.items() if comparable(plain(row.get("area"))) == area]
            for rows in self.activities
        )
        for key in _merged(inside, was):
            yield self._activity(key, (key in was, key in inside), notes)

    def _activity(self, key: str, here: tuple[bool, bool], notes: Notes) -> Row:
        old, new = (rows.get(key) for rows in self.activities)
        row = (new if here[1] else old) or {}
        identity = plain(row.get("id"))
        figures = [self._figure("activities", identity, name, here) for name in _NAMES]
        remarks = (*self._kinds(identity, here), *self._partial(identity))
        letters = ", ".join(notes.letter(text) for text in remarks)
        title = self.titles.text(new or old or {}, "title", "activities", identity)
        parts = tuple(map(Paragraph, paragraphs(title) or ("",)))
        if key in self.reworded and here[1]:
            was = self.titles.text(old or {}, "title", "activities", identity)
            parts = compared_paragraphs(was, title)
        marks = self._marks(key, new, old, here)
        mark = tuple(Paragraph(text, "mark") for text in marks)
        changed = bool(marks) or any(f.changed or f.appeared for f in figures)
        cell = Cell((*parts[:-1], replace(parts[-1], notes=letters), *mark))
        cells: tuple[str | Cell, ...] = (plain(row.get("number")), cell)
        cells = (*cells, *self._amounts(figures))
        return Row(cells, "changed" if changed else "", identity)

    def _marks(
        self, key: str, new: TypedRow | None, old: TypedRow | None, here: tuple[bool, bool]
    ) -> list[str]:
        """Say in words what happened to an activity as a whole."""
        say = self.say
        if old is None:
            return [say("New activity")]
        if new is None:
            return [say("Withdrawn")]
        before, after = plain(old.get("number")), plain(new.get("number"))
        if here == (True, False):
            area = self.titles.of("areas", new.get("area"))
            return [say("Moved to “{area}”, as {number}", area=area, number=after)]
        marks = []
        if here == (False, True):
            area = self.titles.of("areas", old.get("area"))
            marks = [say("Moved from “{area}”, where it was {number}", area=area, number=before)]
        elif before != after:
            marks = [say("Formerly {number}", number=before)]
        return [*marks, say("Reworded")] if key in self.reworded else marks

    def _kinds(self, key: str, here: tuple[bool, bool]) -> Iterator[str]:
        """Say in a note from which sources funding changed, where they are more than one."""
        if here != (True, True):
            return
        say = self.say
        names = {
            "core": say("core budget"),
            "voluntary": say("voluntary contributions"),
            "other": say("other sources"),
        }
        parts = []
        for kind in self.beside.kinds:
            item = self.beside.beside("activities", key, kind)
            if item.changed:
                old, new, _ = item.printed(self.titles)
                parts.append(
                    say("{source} {new} (formerly {old})", source=names[kind], new=new, old=old)
                    if old
                    else say("{source} {new}", source=names[kind], new=new)
                )
        if parts:
            yield say("Funding available: {list}.", list=say.listed(parts))

    def _total(self, label: str, level: str, key: str, *, span: int = 1) -> Row:
        figures = [self._figure(level, key, name, (True, True)) for name in _NAMES]
        cell = labelled(label, self._costed(level, key), span=span)
        return Row((cell, *self._amounts(figures)), "total", f"{level}/{key}")

    def _costed(self, level: str, key: str) -> str:
        """Say how many activities of the new version are costed, where not all are."""
        figures = self.new.of_keys(self.beside.new.keys(level, key))
        if not figures.not_costed:
            return ""
        return self.say(
            "Activities costed: {costed} of {count}",
            costed=figures.activities - figures.not_costed,
            count=figures.activities,
        )

    def _partial(self, key: str) -> Iterator[str]:
        """Say in a note that an amount is only what is known so far."""
        figures = self.new.by_activity.get(key)
        if figures is not None and figures.partial:
            yield self.say("Costed in part: the full cost is not yet known.")

    def _figure(self, level: str, key: str, name: str, here: tuple[bool, bool]) -> Beside:
        if level == "families":
            codes = self.new.programme.family(key)
            parts = [self._figure("areas", code, name, here) for code in codes]
            return self.beside.together(("family", key, name), parts, "sum-areas")
        found = (
            self.beside.available(level, key)
            if name == "available"
            else self.beside.beside(level, key, name)
        )
        return found.within(old=here[0], new=here[1])

    def _amounts(self, figures: Sequence[Beside]) -> tuple[str, ...]:
        return tuple(text for item in figures for text in item.printed(self.titles))


def _plainly(cell: str | Cell) -> str | Cell:
    """Return a cell as the revised version has it, without marks and letters of notes."""
    if isinstance(cell, str):
        return cell
    found = (
        replace(
            part,
            notes="",
            pieces=tuple(replace(p, look="") for p in part.pieces if p.look != "removed"),
        )
        for part in cell.paragraphs
        if part.look != "mark"
    )
    return replace(cell, paragraphs=tuple(found))


_NAMES = ("cost", "available", "to_be_sought")


def _merged(new: Sequence[str], old: Sequence[str]) -> list[str]:
    """Set what is only in the old order after what came before it there."""
    merged = list(new)
    present = set(new)
    place = 0
    for key in old:
        if key in present:
            place = merged.index(key) + 1
        else:
            merged.insert(place, key)
            place += 1
    return merged


def compared_context(
    comparison: Comparison,
    old: ProgrammeTotals,
    new: ProgrammeTotals,
    language: Language,
    area: str | None = None,
) -> Made:
    """Word the compared annex, of one area or all, and return the texts that it lacks."""
    texts = Texts(language)
    titles = titles_for(comparison, language, [old, new])
    say = titles.say
    base = Printer(new, titles.numbers, texts, say)
    beside = sides(old, new, titles.numbers.step)
    rows = comparison.of("activities")
    reworded = frozenset(comparable(row.key) for row in rows if row.reworded(language))
    before, after = (side.keyed("activities", "id") for side in (comparison.old, comparison.new))
    further = FurtherColumns(new.programme, texts, say)
    printer = SidePrinter(old, new, beside, titles, say, (before, after), reworded, further)
    printed = {area, *new.programme.family(area)} if area else None
    mandates = further.mandates(
        a for a in new.programme.activities if printed is None or a.area in printed
    )
    areas = tuple(printer.areas(area))
    said = _statements(comparison, base, whole=area is None)
    body = filter(None, (*areas, None if area else printer.closing(), mandates))
    variant = N_("{title}: comparison of versions")
    found, _ = paper(ANNEX, base, (*said, *legend(areas, say)), body, variant=variant)
    return extract(found, say) if area else found, titles.lacking(texts)


def _statements(comparison: Comparison, printer: Printer, *, whole: bool) -> Iterator[str]:
    new, say = printer.totals, printer.say
    yield say("Compared with {document}.", document=version_name(comparison.old, say))
    yield from circumstances(printer)
    if whole:
        yield from support_cost(new.total, printer)
    else:
        yield from net_or_gross(new.total, say)
    if new.programme.posts:
        yield say("Costs exclude the posts of the Secretariat.")
    yield say(
        "A blank cell means not yet costed, or not in that version; it counts as zero in the"
        " difference."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisedPage(PageDocument):
    """A document, and what it was before."""

    before: Paged


@dataclass(slots=True)
class TrackedAnnex:
    """
    Makes the annex with tracked changes, from the figures of the earlier version.

    `lacking` are the texts that the earlier version lacks, `replaced` says that tables have other
    columns now.
    """

    before: ProgrammeTotals
    by: By
    replaced: bool = False
    lacking: dict[Language, list[MissingText]] = field(default_factory=dict)

    def content(
        self, totals: ProgrammeTotals, language: Language, areas: Sequence[str] = ()
    ) -> tuple[Paged, list[MissingText]]:
        """Return both versions of the annex, and the texts that the new one lacks."""
        content = content_of(ANNEX)
        old, self.lacking[language] = content(self.before, language, areas)
        new, lacking = content(totals, language, areas)
        parts = {item.name: getattr(new, item.name) for item in fields(new)}
        return RevisedPage(before=old, **parts), lacking

    def render(
        self,
        _name: str,
        _form: str,
        paper: Paged,
        settings: Settings,
        language: Language,
        request: Request,
    ) -> bytes:
        """Render both versions and put them together."""
        from cmswp_xl.confined import confined
        from cmswp_xl.render.tracked import tracked_docx

        before = paper.before if isinstance(paper, RevisedPage) else paper
        old, new = (
            rendered(ANNEX, "docx", each, settings, language, request, keyed=True)
            for each in (before, paper)
        )
        if request.templates is None:
            found = tracked_docx(old, new, self.by)
        else:
            found = confined(f"{ANNEX}/{ANNEX}.docx", tracked_docx, old, new, self.by)
        self.replaced = self.replaced or found.replaced
        return found.data


def make_tracked(
    tracked: TrackedAnnex, totals: ProgrammeTotals, result: Built, done: Done
) -> None:
    """Make the annex with tracked changes, and the set with it in place of the annex."""
    asked = result.request.documents
    if not {ANNEX, SET}.issuperset(asked):
        raise Misuse("tracked-annex-only")
    if "html" in result.request.formats:
        raise Misuse("tracked-in-word")
    if SET in asked and result.request.areas:
        raise Misuse("not-by-area", document=SET)
    make({TRACKED: tracked.content}, totals, result, done, render=tracked.render)
    result.replaced = tracked.replaced
    if SET in asked:
        kept = result.files if ANNEX in asked else {}
        result.files = {n.replace(TRACKED, ANNEX, 1): data for n, data in result.files.items()}
        alone = set(result.files)
        add_sets(result, totals, done)
        result.files = kept | {n: data for n, data in result.files.items() if n not in alone}
