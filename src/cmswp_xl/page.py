"""
What a document says: sections of paragraphs, lists and tables, before anything is drawn.

A document builds these values in one language; `render` draws the same ones in Word and in HTML.
`look` names how a part looks in both: a style of the Word templates, a class of the style sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, count, groupby
from math import ceil
from typing import ClassVar, TypeVar

TOTALS = frozenset({"total", "sub"})
"""The looks of rows that add up others."""
PORTRAIT, LANDSCAPE = 9866, 14798
"""The widths of the text of a page upright and across, in twentieths of a point."""
TITLES = 3
"""What part of the page, a third, the column with the titles of a table keeps."""
SMALLEST, USUAL = (8, 27), (8.7, 55)
"""The size of a table's type and the margins of its cells, in points and twentieths of a point."""
_NARROWEST_TEXT = 2600
"""The least width of a table's widest column, in twentieths of a point, before all shrink."""
_STANDS_OUT = 2
"""How much wider than the next one a column is that has the titles."""
_BROADER = 1.7
"""How much more than others the letters of a word may take."""
_CHARACTER = 92
_MARGINS = 130
"""About what a character of a figure takes in the tables' type, and a cell's two margins."""
_BROAD, _CAPITAL, _LETTER = 945, 778, 611


class _Widths(dict[str, int]):
    """What characters take in the tables' bold type, in thousandths of its size."""

    def __missing__(self, character: str) -> int:
        width = self[character] = _CAPITAL if character.isupper() else _LETTER
        return width


_WIDTHS = _Widths(
    {
        **dict.fromkeys(".,/'|ijlI\u00a0\u202f", 278),
        **dict.fromkeys("-()[]:;!tf", 333),
        "r": 389,
        **dict.fromkeys("0123456789–aceksvxyz", 556),
        **dict.fromkeys("mwMW%▲", _BROAD),
    }
)
_M = TypeVar("_M", bound="Measured")
RUNS = frozenset({"note", "summary", "bullet", "overview"})
"""The looks of paragraphs that stand together: notes, a box, a list."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a paragraph: plain, `strong`, `added`, `removed`; `anchor` is what it leads to."""

    text: str
    look: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """
    A paragraph of the page or of a cell; a line break in its text stays in it.

    `mark` is the number or letter before it, `notes` the letters of notes behind it; `pieces`
    follow its text.
    """

    text: str = ""
    look: str = ""
    mark: str = ""
    notes: str = ""
    pieces: tuple[Piece, ...] = ()

    @property
    def kind(self) -> str:
        """Its look, or paragraph: what templates tell it from tables and lists by."""
        return self.look or "paragraph"

    @property
    def lines(self) -> list[str]:
        """The lines of its text."""
        return self.text.split("\n")


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; the first paragraph of each item has the bullet."""

    kind: ClassVar = "bullets"

    items: tuple[tuple[Paragraph, ...], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """
    A column of a table: its head, its looks, its width in twentieths of a point.

    Columns side by side with the same `over` stand together under it. `names` says that its cells
    say what their rows are about.
    """

    head: str
    look: str = ""
    width: int = 1134
    over: str = ""
    names: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of several paragraphs, or over several columns or rows; its look or its column's."""

    paragraphs: tuple[Paragraph, ...]
    look: str = ""
    span: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """
    A row of a table; a cell that is only a text stands as such.

    The look is blank, `group` for the heading of rows below it, `sub` or `total`, or what stands
    out: `unfunded`, `waits`, `changed`, `idle`, `silent`. `key` is what the row is about.
    """

    cells: tuple[str | Cell, ...]
    look: str = ""
    key: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A cell of a table's head; `opens` is false below one that goes over both rows."""

    text: str
    look: str
    width: int
    span: int = 1
    down: int = 1
    opens: bool = True


@dataclass(slots=True)
class Placed:
    """
    A cell where it stands, with its look, its width, and how many columns it goes over.

    `scope` says of what it is the heading, if of anything; `goes_on` that it belongs to the cell
    above it.
    """

    cell: str | Cell
    look: str
    width: int
    span: int
    scope: str
    goes_on: bool

    @property
    def down(self) -> int:
        """How many rows it goes over."""
        return 1 if isinstance(self.cell, str) else self.cell.down

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Its paragraphs."""
        return (Paragraph(self.cell),) if isinstance(self.cell, str) else self.cell.paragraphs


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table; `name` is its class, `caption` what it is called, above it only where `titled`.

    `label` is its word and number, as Table 3, in a document that numbers its tables.
    """

    kind: ClassVar = "table"

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    titled: bool = True
    label: str = ""

    @property
    def title(self) -> str:
        """What stands above it: its label, where it has one, and what it is called."""
        return f"{self.label} – {self.caption}" if self.label else self.caption

    @property
    def head(self) -> tuple[tuple[HeadCell, ...], ...]:
        """The rows of the head, two where columns with heads stand together."""
        down = 2 if any(column.over and column.head for column in self.columns) else 1
        upper: list[HeadCell] = []
        lower: list[HeadCell] = []
        for over, found in groupby(self.columns, lambda column: column.over):
            columns = list(found)
            named = any(column.head for column in columns)
            if over:
                width = sum(column.width for column in columns)
                goes = HeadCell(over, columns[0].look, width, len(columns), 1 if named else down)
                upper.append(goes)
                lower += (
                    [HeadCell(c.head, c.look, c.width) for c in columns]
                    if named
                    else [replace(goes, text="", down=1, opens=False)]
                )
            else:
                upper += [HeadCell(c.head, c.look, c.width, down=down) for c in columns]
                lower += [HeadCell("", c.look, c.width, opens=False) for c in columns]
        return (tuple(upper), tuple(lower)) if down > 1 else (tuple(upper),)

    @property
    def groups(self) -> Iterator[list[tuple[Row, list[Placed]]]]:
        """The rows with their cells in place, parted before headings and the total of groups."""
        group: list[tuple[Row, list[Placed]]] = []
        grouped = False
        for row, cells in self.placed():
            grouped = grouped or row.look == "group"
            opens = row.look == "group" or (grouped and row.look == "total")
            if group and opens and not any(cell.goes_on for cell in cells):
                yield group
                group = []
            group.append((row, cells))
        if group:
            yield group

    def placed(self) -> Iterator[tuple[Row, list[Placed]]]:
        """Yield each row with its cells in place, those that go on from above included."""
        covered: dict[int, tuple[Cell, int]] = {}
        for row in self.rows:
            cells = iter(row.cells)
            found: list[Placed] = []
            place = 0
            while place < len(self.columns):
                goes_on = place in covered
                cell = covered[place][0] if goes_on else next(cells)
                left = (
                    covered.pop(place)[1] if goes_on else 1 if isinstance(cell, str) else cell.down
                )
                if left > 1 and isinstance(cell, Cell):
                    covered[place] = cell, left - 1
                found.append(self._place(row, cell, place, goes_on=goes_on))
                place += found[-1].span
            yield row, found

    def _place(self, row: Row, cell: str | Cell, place: int, *, goes_on: bool) -> Placed:
        column = self.columns[place]
        if isinstance(cell, str):
            look, span, width = column.look, 1, column.width
        else:
            span = cell.span
            look = cell.look or (column.look if span == 1 else "text")
            width = sum(item.width for item in self.columns[place : place + span])
        scope = ""
        if not place and row.look == "group":
            scope = "rowgroup"
        elif column.names or (not place and row.look in TOTALS):
            scope = "row"
        return Placed(cell, look, width, span, scope, goes_on)


Block = Paragraph | Bullets | Table


@dataclass(frozen=True, slots=True)
class Section:
    """
    A part of a document under a heading of a level, or without one where it has no title.

    `key` is what it is about, where its anchor does not say so whatever comes before it.
    """

    anchor: str
    title: str
    blocks: tuple[Block, ...]
    level: int = 2
    key: str = ""

    @property
    def captions(self) -> list[str]:
        """What its tables are called; two parts of a page must not bear the same name."""
        return [block.caption for block in self.blocks if isinstance(block, Table)]

    @property
    def runs(self) -> Iterator[tuple[str, tuple[Block, ...]]]:
        """The blocks, those side by side that a page keeps together with the look they share."""
        for look, found in groupby(self.blocks, _run_of):
            yield look, tuple(found)


def _run_of(block: Block) -> str:
    return block.look if isinstance(block, Paragraph) and block.look in RUNS else ""


Body = tuple[Section, ...]


def narrowest(texts: Iterable[str], look: tuple[float, int] = SMALLEST) -> int:
    """Return how narrow a column can be, in some size and margins, while no word of it breaks."""
    words = {word for one in texts for word in one.replace("\n", " ").split(" ")}
    widest = max((sum(map(_WIDTHS.__getitem__, word)) for word in words), default=0)
    size, margin = look
    return round(widest * size / 50) + 2 * margin + 2


@dataclass(slots=True)
class Measured:
    """A cell as far as widths depend on it: its text, the columns it spans, its width before."""

    text: str = ""
    span: int = 1
    width: int = 0


def by_column(cells: Sequence[_M]) -> Iterator[tuple[int, _M]]:
    """Yield the cells of a row, each behind the number of its first column."""
    return zip(accumulate((cell.span for cell in cells), initial=0), cells, strict=False)


def fitted_widths(
    rows: Sequence[Sequence[Measured]], available: int, *, squeezes: bool = True
) -> tuple[list[int], int | None]:
    """
    Fit the columns of a table into the page; no word breaks as long as there is room.

    The widest column gives or takes the difference. Takes the room in twentieths of a point;
    returns the widths, empty where no row has a cell for each column, and which column has the
    titles where all cells beside it need the smallest type. Only where it `squeezes` do others
    give way to the titles.
    """
    whole = (cells for cells in rows if all(cell.span == 1 for cell in cells))
    model = max(whole, key=len, default=())
    if not model:
        return [], None
    columns: list[list[str]] = [[] for _ in model]
    for cells in rows:
        for column, cell in by_column(cells):
            if cell.span == 1:
                columns[column].append(cell.text)
    needed = [_widest({word for text in texts for word in text.split(" ")}) for texts in columns]
    declared = [cell.width for cell in model]
    wanted, titles = list(map(max, declared, needed)), None
    *_, next_to, widest = sorted([0, *declared])
    if squeezes and widest >= _STANDS_OUT * next_to:
        wanted, titles = _squeezed(wanted, declared.index(widest), columns, available)
    return _fitted(wanted, needed, available), titles


def _widest(words: set[str]) -> int:
    """Return the width of the longest words, or of shorter ones whose letters are broad."""
    longest = max(map(len, words), default=0)
    broad = (word for word in words if len(word) * _BROADER >= longest)
    return max(longest * _CHARACTER + _MARGINS, narrowest(broad, USUAL))


def _squeezed(
    wanted: list[int], titles: int, columns: Sequence[list[str]], available: int
) -> tuple[list[int], int | None]:
    """
    Take from the columns beside that of the titles what it lacks to its part of the page.

    Where their type is too large for that, it becomes the smallest that is still easy to read.
    """
    lack = sum(wanted) - wanted[titles] - available * (TITLES - 1) // TITLES
    if lack <= 0:
        return wanted, None
    beside = [() if column == titles else texts for column, texts in enumerate(columns)]
    for look in (USUAL, SMALLEST):
        least = [narrowest(texts, look) for texts in beside]
        narrowed, spare = _narrowed(wanted, least, titles, lack)
        if spare >= lack:
            break
    return narrowed, titles if look == SMALLEST else None


def _narrowed(
    widths: list[int], least: list[int], widest: int, lack: int
) -> tuple[list[int], int]:
    """Take what is lacking from the columns but one, as far as they can spare it, and add this."""
    spare = [max(w - each, 0) for w, each in zip(widths, least, strict=True)]
    spare[widest] = 0
    taken = min(lack / (sum(spare) or 1), 1)
    return [w - ceil(each * taken) for w, each in zip(widths, spare, strict=True)], sum(spare)


def _fitted(widths: list[int], needed: list[int], available: int) -> list[int]:
    """Fit widths into the page, first by the room that no word of a column needs."""
    widest = max(range(len(widths)), key=lambda index: widths[index])
    others = sum(widths) - widths[widest]
    lack = others + min(_NARROWEST_TEXT, widths[widest]) - available
    narrowed, spare = _narrowed(widths, needed, widest, lack)
    if 0 < lack <= spare:
        widths = narrowed
        others = sum(widths) - widths[widest]
        lack = 0
    if lack <= 0:
        return [available - others if i == widest else w for i, w in enumerate(widths)]
    scale = (available - _NARROWEST_TEXT) / others
    return [_NARROWEST_TEXT if i == widest else int(w * scale) for i, w in enumerate(widths)]


def captioned(sections: Iterable[Section], label: Callable[[int], str]) -> Iterator[Section]:
    """Yield sections, their tables numbered; one whose caption is its heading goes without."""
    number = count(1)
    for section in sections:
        blocks: list[Block] = []
        for above, block in zip((None, *section.blocks), section.blocks, strict=False):
            found = block
            if isinstance(block, Table) and block.titled:
                headed = isinstance(above, Paragraph) and above.look.startswith("heading")
                shown = not headed and block.caption != section.title
                found = replace(block, titled=shown, label=label(next(number)) if shown else "")
            blocks.append(found)
        yield replace(section, blocks=tuple(blocks))


def group_row(text: str, columns: int) -> Row:
    """Return the heading of a group of rows."""
    return Row((Cell((Paragraph(text),), span=columns),), "group")


def notes(texts: Iterable[str]) -> tuple[Paragraph, ...]:
    """Return texts as notes below a table; the blank ones are none."""
    return tuple(Paragraph(text, "note") for text in texts if text)


def tabled(
    name: str,
    caption: str,
    columns: Iterable[Column],
    rows: Iterable[Row],
    *below: Block,
    titled: bool = True,
    heading: str = "",
) -> Section:
    """Return a section of one table, and what stands below; its heading, or the same caption."""
    table = Table(name, caption, tuple(columns), tuple(rows), titled)
    return Section(name, heading or caption, (table, *below))


def text(found: str | Cell) -> str:
    """Return the text of a cell, its paragraphs line by line."""
    if isinstance(found, str):
        return found
    return "\n".join(
        item.text + "".join(piece.text for piece in item.pieces) for item in found.paragraphs
    )
