"""The buttons of the server tell the right user, at the right place, and in words."""

from __future__ import annotations

from pathlib import Path

import pytest

fastapi = pytest.importorskip("fastapi")
pytest.importorskip("xlwings_server")
pytestmark = pytest.mark.noncommercial

from remote_books import actions, open_book  # noqa: E402  only with xlwings' server parts

from cmswp_xl.errors import Misuse  # noqa: E402  as above
from cmswp_xl.excel.macros import Message  # noqa: E402  as above
from cmswp_xl.issues import Severity  # noqa: E402  as above
from cmswp_xl.languages import Language, Words  # noqa: E402  as above
from cmswp_xl.resources import texts  # noqa: E402  as above
from cmswp_xl.server.buttons import press  # noqa: E402  as above
from cmswp_xl.server.launch import keep_no_cells  # noqa: E402  as above

SAY = Words(Language.FR)
EXAMPLE = Path(__file__).parents[3] / "workbook" / "example.xlsx"


@pytest.fixture(scope="module")
def books():
    """Two books of two users; the second came in while the first waited."""
    first, second = open_book(EXAMPLE), open_book(EXAMPLE)
    yield first, second
    first.close()
    second.close()


def told(_book, say):
    return Message(say("Areas"), Severity.ERROR)


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("ribbon", ("alert", [SAY("Areas"), SAY(texts("ribbon")["addin"]), "ok", "critical", ""])),
        ("pane", ("runMacro", ["cmswpTold", SAY("Areas"), "error"])),
    ],
)
def test_message__goes_to_the_book_whose_button_was_pressed(books, place, wanted):
    first, second = books
    before = len(actions(first))
    press(told, first, "fr", place)

    done = actions(first)[before:]
    assert [(action["func"], action["args"]) for action in done] == [wanted]
    assert actions(second) == []


def test_book__is_the_active_one_while_others_come_in(books):
    first, _ = books

    def interrupted(book, _say):
        other = open_book(EXAMPLE, selection="B7", active=1)
        seen.append((book.selection.address, book.selection.sheet.name))
        book.app.calculate()
        assert actions(other) == []
        other.close()
        return Message("")

    seen = []
    press(interrupted, first, "en", "ribbon")
    assert seen == [("$A$1", first.sheets[0].name)]
    assert actions(first)[-1]["func"] == "calculate"


def test_closed_book__is_kept_nowhere():
    book = open_book(EXAMPLE)
    common = book.impl.books.books
    before = len(common)
    press(told, book, "en", "ribbon")
    book.close()

    assert len(common) == before - 1


def test_cells_that_were_read__are_kept_nowhere(monkeypatch):
    from xlwings.pro import _xlremote

    monkeypatch.setattr(_xlremote, "get_range_api", _xlremote.get_range_api)
    keep_no_cells()
    book = open_book(EXAMPLE)
    values = book.sheets["Costs"].range("A1:B9").value
    book.close()

    assert any(any(row) for row in values)
    assert _xlremote.get_range_api.cache_info().currsize == 0


@pytest.mark.parametrize("language", ["xx", None, ["fr"], 7])
def test_language_that_is_none__is_english(books, language):
    first, _ = books
    press(told, first, language, "ribbon")

    assert actions(first)[-1]["args"][0] == "Areas"


def test_what_cannot_be_done__is_an_answer_in_words(books):
    def fails(_book, _say):
        raise Misuse("unknown-area", area="X", known=("A",))

    with pytest.raises(fastapi.HTTPException) as refused:
        press(fails, books[0], "en", "ribbon")
    assert refused.value.status_code == 422
    assert "no programme area X" in refused.value.detail
