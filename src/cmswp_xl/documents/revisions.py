"""Areas, activities and lists as the summary of revisions shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from cmswp_xl.compare import (
    ActivityGroup,
    AreaGroup,
    Code,
    Comparison,
    Grouped,
    RowChange,
    grouped,
)
from cmswp_xl.compare.rows import plain
from cmswp_xl.documents.changes import (
    Phrase,
    Phraser,
    Titles,
    brief,
    headed,
    legend,
    marked_pieces,
    titles_for,
    version_name,
)
from cmswp_xl.documents.effects import Sides, effects_section, sides
from cmswp_xl.documents.front import Made, circumstances, front, named_head, page_document
from cmswp_xl.documents.texts import Printer, Texts, paragraphs
from cmswp_xl.languages import N_, Language, Words
from cmswp_xl.messages.labels import capital
from cmswp_xl.page import Block, Cell, Column, Paragraph, Piece, Row, Section, Table
from cmswp_xl.printed import worded
from cmswp_xl.schema import load_schemas

_APART = frozenset({"number", "area"})
"""The fields of an activity that are named with its number."""


@dataclass(frozen=True, slots=True)
class RevisionPrinter:
    """Prints groups of changes for a document in one language."""

    titles: Titles
    phraser: Phraser
    say: Words

    def areas(self, groups: Grouped) -> Iterator[Section]:
        """Yield the areas in which something was revised that can be shown."""
        parts = map(self._area, groups.areas)
        return (part for part in parts if part.blocks)

    def parts(self, groups: Grouped) -> Iterator[Section]:
        """Yield the lists with changes, one part for each table."""
        for table, group in groupby(groups.lists, key=lambda row: row.table):
            rows = tuple(filter(None, map(self._entry, group)))
            if rows:
                title = self.phraser.table(table)
                found = self._table(title, self.say("Item"), rows)
                yield Section(f"part-{table}", title, (found,))

    def _area(self, group: AreaGroup) -> Section:
        say, title = self.say, self.titles.area(group.row) or group.key
        blocks: list[Block] = [
            replace(item, look="statement") for item in self._headed(self._statements(group))
        ]
        rows = tuple(filter(None, map(self._activity, group.activities)))
        if rows:
            blocks.append(self._table(title, say("Activity"), rows))
        staff = tuple(row for row in map(self._staff, group.staff) if row.cells[1] != row.cells[2])
        if staff:
            time = say("Time allotted (%)")
            columns = (
                Column(say("Post (grade)"), "", 6463, names=True),
                Column(say("Formerly"), "amount", 1701, time),
                Column(say("Now"), "amount", 1701, time),
            )
            heading = say("Human resources used in the programme areas")
            caption = say("Human resources: {area}", area=title)
            table = Table("", caption, columns, staff, titled=False)
            blocks += [Paragraph(heading, "heading3"), table]
        anchor = f"area-{group.key.lower().replace(' ', '-')}"
        return Section(anchor, title, tuple(blocks))

    def _table(self, title: str, lead: str, rows: tuple[Row, ...]) -> Table:
        columns: tuple[Column, ...] = (
            Column(self.say("No."), "number", 850, names=True),
            Column(lead, "entry", 3175),
            Column(self.say("Revision"), "revision", 5840),
        )
        if not any(row.cells[0] for row in rows):
            columns = (replace(columns[1], width=4025, names=True), columns[2])
            rows = tuple(replace(row, cells=row.cells[1:]) for row in rows)
        return Table("revisions", title, columns, rows, titled=False)

    def _statements(self, group: AreaGroup) -> Iterator[Phrase]:
        """Say of an area what changed about itself, what left it, and what was renumbered."""
        say = self.say
        if group.change is not None:
            yield from self.phraser.fields(group.change)
        for item in group.gone:
            row = item.new or {}
            text = say(
                "{old} to “{area}”, as {new}",
                old=plain((item.old or {}).get("number")),
                area=self.titles.of("areas", row.get("area")),
                new=plain(row.get("number")),
            )
            yield Phrase(say("Moved to another area"), text)
        yield from self.phraser.renumbered(group)

    def _activity(self, group: ActivityGroup) -> Row | None:
        """Print an activity; None where it only has another number or nothing to be shown."""
        title = self.titles.text(group.row, "title", "activities", group.key)
        number = plain(group.row.get("number")) or group.key
        if group.change is not None and None in (group.old, group.new):
            added = group.old is None
            mark = self.say("New activity") if added else self.say("Withdrawn")
            text = paragraphs(title) if added else (brief(title),)
            return self._row(number, text, mark, self._whole(group, added=added))
        return self._row(number, (brief(title),), "", self._phrases(group))

    def _row(
        self, number: str, title: Sequence[str], mark: str, phrases: Iterator[Phrase]
    ) -> Row | None:
        """Print an entry with what was revised; None where nothing can be shown."""
        said = (*((Paragraph(mark, "mark"),) if mark else ()), *self._headed(phrases))
        entry = Cell(tuple(map(Paragraph, title)))
        return Row((number, entry, Cell(said)), key=number) if said else None

    def _whole(self, group: ActivityGroup, *, added: bool) -> Iterator[Phrase]:
        """Word the costs and the funding that come or go with an activity."""
        for table, lead in (("costs", self.say("Cost")), ("funding", self.say("Funding"))):
            if listed := self.phraser.listed(group.related, table):
                yield Phrase(lead, listed)
        if added and not any(item.table == "costs" for item in group.related):
            yield Phrase(self.say("Cost"), self.say("not yet costed"))

    def _phrases(self, group: ActivityGroup) -> Iterator[Phrase]:
        say, old = self.say, group.old or {}
        if group.change is not None:
            number = plain(old.get("number"))
            if group.change.has(Code.MOVED, "area"):
                area = self.titles.of("areas", old.get("area"))
                text = say("from “{area}”, where it was {number}", area=area, number=number)
                yield Phrase(say("Moved from another area"), text)
            elif group.change.has(Code.RENUMBERED) and not group.only_renumbered:
                yield Phrase(say("Number"), say("formerly {old}", old=number))
            yield from self.phraser.fields(group.change, _APART)
        for item in group.related:
            yield from self.phraser.row(item)

    def _staff(self, change: RowChange) -> Row:
        old, new = (
            self.titles.cell("allocations", "percent", row or {})
            for row in (change.old, change.new)
        )
        return Row((self.titles.of("posts", change.row.get("post")), old, new))

    def _entry(self, change: RowChange) -> Row | None:
        """Print an entry of a list by its key and its text; None where nothing can be shown."""
        number, title = self.phraser.named(change)
        mark = ""
        if change.old is None:
            mark = self.say("Added")
        elif change.new is None:
            mark = self.say("Deleted")
        phrases = iter(()) if mark else self.phraser.fields(change)
        return self._row(number, (title,) if title else (), mark, phrases)

    def _headed(self, phrases: Iterator[Phrase]) -> tuple[Paragraph, ...]:
        return tuple(_paragraph(headed(phrase, self.say)) for phrase in phrases)


def _paragraph(phrase: Phrase) -> Paragraph:
    """Return a change in words for a page: what leads it stands out, and so do changed words."""
    pieces = [Piece(phrase.lead, "strong")]
    if phrase.text or phrase.pieces:
        pieces.append(Piece(f" {phrase.text}"))
    return Paragraph(pieces=(*pieces, *marked_pieces(phrase.pieces)))


def revisions_context(comparison: Comparison, language: Language) -> Made:
    """Word the summary, and return the texts it lacks; ValueError where it has errors."""
    new = comparison.new.totals
    if new is None:
        raise ValueError("new")
    texts = Texts(language)
    old = comparison.old.totals
    titles = titles_for(comparison, language, [new] if old is None else [old, new])
    say, numbers = titles.say, titles.numbers
    base = Printer(new, numbers, texts, say)
    groups = grouped(comparison)
    beside = None if comparison.undrawn or old is None else sides(old, new, numbers.step)
    phraser = Phraser(titles, say, public=True)
    printer = RevisionPrinter(titles, phraser, say)
    revised = (*printer.areas(groups), *printer.parts(groups))
    body = (
        _overview_section(beside, titles),
        _settings(groups, phraser),
        *revised,
        effects_section(beside, titles),
    )
    title = say("Summary of revisions")
    statements = (
        _versions(comparison, say),
        *circumstances(base),
        *legend(revised, say),
    )
    paper = page_document(
        front(base, head=named_head(base, title), title=title),
        statements,
        (part for part in body if part.blocks),
    )
    return paper, titles.lacking(texts)


def _overview_section(beside: Sides | None, titles: Titles) -> Section:
    say = titles.say
    if not titles.comparison:
        none = say("There are no differences between the two versions.")
        return Section("", "", (Paragraph(none, "statement"),))
    lines = tuple(Paragraph(text, "overview") for text in _overview(beside, titles))
    return Section("overview", say("Overview"), lines)


def _versions(comparison: Comparison, say: Words) -> str:
    old, new = (version_name(side, say) for side in (comparison.old, comparison.new))
    if old == new:
        return say("Revisions made to {new} since its earlier version.", new=new)
    return say("Revisions made from {old} to {new}.", old=old, new=new)


def _overview(beside: Sides | None, titles: Titles) -> Iterator[str]:
    """Say in a few lines what a reader must know before all else."""
    say = titles.say
    parts = list(_counts(titles.comparison, say))
    if parts:
        yield capital(say("{list}.", list=say("; ").join(parts)))
    for name, lead in (("cost", say("Total cost")), ("to_be_sought", say("Funding to be sought"))):
        figure = None if beside is None else beside.beside("total", "", name)
        if figure is not None and figure.changed:
            old, new, difference = figure.printed(titles)
            yield _total(lead, old, new, difference, say)


def _counts(comparison: Comparison, say: Words) -> Iterator[str]:
    """Count each kind of change; what follows from them in sums comes apart."""
    rows, funding = comparison.of("activities"), comparison.of("funding")

    def count(code: Code, field: str | None = None) -> int:
        return sum(row.has(code, field) for row in rows)

    apart = {row.key for row in rows if row.has(Code.ADDED) or row.has(Code.REMOVED)}
    amounts = {
        plain(row.row.get("activity"))
        for row in (*comparison.of("costs"), *funding)
        if None in (row.old, row.new) or row.has(Code.AMOUNT)
    }
    areas = count(Code.MOVED, "area")
    renumbered = (row for row in rows if row.has(Code.RENUMBERED))
    counts = (
        (N_("activities added: {count}"), count(Code.ADDED)),
        (N_("activities withdrawn: {count}"), count(Code.REMOVED)),
        (N_("activities moved to another area: {count}"), areas),
        (N_("activities reordered within their area: {count}"), count(Code.MOVED) - areas),
        (
            N_("activities renumbered: {count}"),
            sum(not row.has(Code.MOVED, "area") for row in renumbered),
        ),
        (N_("activities reworded: {count}"), sum(row.reworded(say.language) for row in rows)),
        (N_("activities with changed amounts: {count}"), len(amounts - apart)),
        (N_("activities with changed priority: {count}"), count(Code.FIELD, "priority")),
        (
            N_("contributions with a changed stage: {count}"),
            sum(row.has(Code.FIELD, "stage") for row in funding),
        ),
    )
    yield from (say(text, count=number) for text, number in counts if number)


def _total(lead: str, old: str, new: str, difference: str, say: Words) -> str:
    if not old or not new:
        return say(
            "{figure}: {new} (formerly {old}).", figure=lead, new=new or "–", old=old or "–"
        )
    size = worded(difference.strip("()"), [difference])
    places = {"figure": lead, "difference": size, "old": old, "new": new}
    if difference.startswith("("):
        return say("{figure}: decreased by {difference}, from {old} to {new}.", **places)
    return say("{figure}: increased by {difference}, from {old} to {new}.", **places)


def _settings(groups: Grouped, phraser: Phraser) -> Section:
    """Return the settings that changed; texts of other languages are not of this paper."""
    say, schema = phraser.say, load_schemas()["programme"]
    rows = []
    for item in groups.settings.changes if groups.settings is not None else ():
        if item.internal or item.field is None or item.language not in (None, say.language):
            continue
        field = schema.field(item.field)
        old, new = (
            phraser.titles.value("programme", field, value) for value in (item.old, item.new)
        )
        rows.append(Row((phraser.title("programme", field), old, new), key=item.field))
    title = say("General")
    columns = (
        Column(say("Item"), "", 2835, names=True),
        Column(say("Formerly"), "half", 3515),
        Column(say("Now"), "half", 3515),
    )
    table = Table("", title, columns, tuple(rows), titled=False)
    return Section("general", title, (table,) if rows else ())
