"""Draw the icons of the server's add-in; run by hand when a drawing changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

IMAGES = Path(__file__).parents[1] / "src" / "cmswp_xl" / "server" / "site" / "static" / "images"
GRID = 32
FINE = 16  # pixels of the drawing for each unit of the grid
BUTTON_SIZES = (16, 32, 80)
APP_SIZES = (16, 32, 64, 80)

GREEN, DARK, GREY = "#107c41", "#0a5c30", "#616161"
WHITE, PALE, AMBER, RED = "#ffffff", "#d6eadf", "#f0b95c", "#b10e1c"


class Sheet:
    """A drawing on a grid of 32 by 32 units."""

    def __init__(self) -> None:
        side = GRID * FINE
        self.image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self.image)

    def box(self, area: Sequence[float], fill: str, line: str = "", radius: float = 2) -> None:
        """Draw a rounded box."""
        scaled = [value * FINE for value in area]
        outline = {"outline": line, "width": round(1.8 * FINE)} if line else {}
        self._draw.rounded_rectangle(scaled, radius * FINE, fill, **outline)

    def disc(self, x: float, y: float, radius: float, fill: str) -> None:
        """Draw a disc."""
        area = [(x - radius) * FINE, (y - radius) * FINE, (x + radius) * FINE, (y + radius) * FINE]
        self._draw.ellipse(area, fill)

    def path(self, points: Sequence[tuple[float, float]], colour: str, width: float = 2) -> None:
        """Draw a line with round ends and corners."""
        scaled = [(x * FINE, y * FINE) for x, y in points]
        self._draw.line(scaled, colour, round(width * FINE), joint="curve")
        for x, y in points:
            self.disc(x, y, width / 2, colour)

    def shape(self, points: Sequence[tuple[float, float]], fill: str) -> None:
        """Fill a shape."""
        self._draw.polygon([(x * FINE, y * FINE) for x, y in points], fill)


def _table(sheet: Sheet) -> None:
    sheet.box((3, 4, 29, 28), WHITE, GREY)
    sheet.box((3, 4, 29, 11), PALE, GREY)
    sheet.path([(12, 11), (12, 27)], GREY, 1.2)
    sheet.path([(4, 19), (28, 19)], GREY, 1.2)


def app(sheet: Sheet) -> None:
    """Draw a sheet with three bars, the last still to be funded."""
    sheet.box((1, 1, 31, 31), GREEN, radius=6)
    sheet.box((7, 17, 11, 25), WHITE, radius=1)
    sheet.box((14, 12, 18, 25), WHITE, radius=1)
    sheet.box((21, 7, 25, 13), AMBER, radius=1)
    sheet.box((21, 14, 25, 25), WHITE, radius=1)


def validate(sheet: Sheet) -> None:
    """Draw a table with a tick."""
    _table(sheet)
    sheet.disc(22, 22, 9, WHITE)
    sheet.disc(22, 22, 8, GREEN)
    sheet.path([(18.3, 22.3), (21, 25), (26, 19.3)], WHITE, 2.2)


def next_issue(sheet: Sheet) -> None:
    """Draw a table with an arrow to the cell concerned."""
    _table(sheet)
    sheet.box((13, 20, 28, 27), "#f9dcde", RED, 1)
    sheet.path([(8, 8), (8, 23.5), (17, 23.5)], WHITE, 5)
    sheet.path([(8, 8), (8, 23.5), (17, 23.5)], GREEN, 2.4)
    sheet.path([(14, 20), (17.8, 23.5), (14, 27)], GREEN, 2.4)


def clear_marks(sheet: Sheet) -> None:
    """Draw an eraser."""
    sheet.shape([(4, 20), (17, 7), (26, 16), (15, 27), (10, 27)], WHITE)
    sheet.shape([(4, 20), (10.5, 13.5), (19.5, 22.5), (15, 27), (10, 27)], PALE)
    sheet.path([(4, 20), (17, 7), (26, 16), (15, 27), (10, 27), (4, 20)], GREY)
    sheet.path([(10.5, 13.5), (19.5, 22.5)], GREY, 1.6)
    sheet.path([(15, 27), (28, 27)], GREEN, 2.4)


def take_over(sheet: Sheet) -> None:
    """Draw a row on its way down into a table."""
    sheet.box((3, 2, 29, 8), PALE, GREEN, 1)
    sheet.path([(16, 8), (16, 15)], GREEN, 2.4)
    sheet.path([(12.4, 12), (16, 15.6), (19.6, 12)], GREEN, 2.4)
    sheet.box((3, 18, 29, 30), WHITE, GREY)
    sheet.path([(12, 18), (12, 29)], GREY, 1.2)
    sheet.path([(4, 24), (28, 24)], GREY, 1.2)


def renumber(sheet: Sheet) -> None:
    """Draw a list whose bullets grow in number."""
    for count, y in enumerate((7, 16, 25), 1):
        for place in range(count):
            sheet.disc(4 + 4 * place, y, 1.7, GREEN)
        sheet.path([(17, y), (28, y)], GREY, 2)


def refresh_totals(sheet: Sheet) -> None:
    """Draw the sign of a sum."""
    sheet.path([(24, 9), (24, 5), (7, 5), (17, 16), (7, 27), (24, 27), (24, 23)], GREEN, 3)


def unfunded_list(sheet: Sheet) -> None:
    """Draw a list with a coin that is still open."""
    for y in (7, 14, 21):
        sheet.disc(5, y, 1.9, GREEN)
        sheet.path([(10, y), (28, y)], GREY, 2)
    sheet.disc(23, 22, 9, WHITE)
    sheet.disc(23, 22, 7.6, DARK)
    sheet.disc(23, 22, 6, AMBER)
    sheet.path([(23, 19), (23, 25)], DARK, 1.8)


def approve(sheet: Sheet) -> None:
    """Draw a page with a tick."""
    sheet.box((6, 2, 24, 28), WHITE, GREY)
    for y in (8, 12.5, 17):
        sheet.path([(10.5, y), (19.5, y)], GREY, 1.8)
    sheet.disc(23, 23, 8.6, WHITE)
    sheet.disc(23, 23, 7.6, GREEN)
    sheet.path([(19.3, 23.3), (22, 26), (27, 20.3)], WHITE, 2.2)


def documents(sheet: Sheet) -> None:
    """Draw a page with an arrow down."""
    sheet.box((6, 2, 24, 28), WHITE, GREY)
    for y, colour in ((8, GREEN), (12.5, GREY), (17, GREY)):
        sheet.path([(10.5, y), (19.5, y)], colour, 1.8)
    sheet.disc(23, 23, 8.6, WHITE)
    sheet.disc(23, 23, 7.6, GREEN)
    sheet.path([(23, 18.8), (23, 26.6)], WHITE, 2)
    sheet.path([(19.8, 23.8), (23, 27), (26.2, 23.8)], WHITE, 2)


def pane(sheet: Sheet) -> None:
    """Draw a window with its pane at the right."""
    sheet.box((3, 5, 29, 27), WHITE, GREY)
    sheet.box((18, 5, 29, 27), GREEN)
    sheet.path([(7, 11), (14, 11)], GREY, 1.8)
    sheet.path([(7, 16), (14, 16)], GREY, 1.8)
    sheet.path([(7, 21), (14, 21)], GREY, 1.8)
    sheet.path([(21.5, 11), (25.5, 11)], WHITE, 1.8)
    sheet.path([(21.5, 16), (25.5, 16)], WHITE, 1.8)


BUTTONS: Sequence[Callable[[Sheet], None]] = (
    validate,
    next_issue,
    clear_marks,
    take_over,
    renumber,
    refresh_totals,
    unfunded_list,
    approve,
    documents,
    pane,
)


def drawn(draw: Callable[[Sheet], None], size: int) -> Image.Image:
    """Draw an icon in a size, with few colours so that the file is small."""
    sheet = Sheet()
    draw(sheet)
    return sheet.image.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    """Write all icons."""
    folder = IMAGES / "icons"
    folder.mkdir(parents=True, exist_ok=True)
    for draw, sizes in [(app, APP_SIZES), *((button, BUTTON_SIZES) for button in BUTTONS)]:
        name = "cmswp" if draw is app else draw.__name__
        for size in sizes:
            drawn(draw, size).save(folder / f"{name}-{size}.png", optimize=True)
    drawn(app, 32).save(IMAGES / "favicon.png", optimize=True)
    print(f"{len(list(folder.iterdir()))} icons in {folder}")


if __name__ == "__main__":
    main()
