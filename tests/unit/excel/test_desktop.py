"""The door that the ribbon's VBA calls: every press ends in a message that staff can read."""

from __future__ import annotations

import pytest
from desktop_books import DesktopBook

from cmswp_xl.excel import desktop
from cmswp_xl.languages import Language, Words
from cmswp_xl.pipeline import check_workbook


@pytest.fixture
def home(monkeypatch, tmp_path):
    """A user's folder without settings; pages are opened nowhere but listed."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    return folder


@pytest.fixture
def shown(monkeypatch):
    pages = []
    monkeypatch.setattr(desktop.webbrowser, "open", pages.append)
    return pages


@pytest.fixture
def press(monkeypatch, home, shown):  # noqa: ARG001  neither folder nor browser of the machine
    """Press a button with a book open; gives what was told, and how."""

    def run(path, name, language="en", publish="all"):
        book = DesktopBook(path)
        monkeypatch.setattr(desktop.xw.Book, "caller", classmethod(lambda _cls: book))
        desktop.press(name, language, publish)
        return [step for step in book.told if isinstance(step, tuple) and len(step) == 2]

    return run


@pytest.fixture
def saved(book):
    return book("")


@pytest.mark.parametrize(
    "name",
    [
        *("validate", "next_issue", "clear_marks", "take_over", "renumber", "refresh_totals"),
        *("unfunded_list", "about"),
    ],
)
def test_a_button_tells_how_it_went(press, saved, name):
    text, how = press(saved, name)[-1]
    assert text
    assert how == {"title": "CMS Programme", "mode": "info"}


@pytest.mark.parametrize("name", sorted(desktop.BUTTONS))
def test_no_button_lets_an_error_out(press, tmp_path, name):
    from openpyxl import Workbook

    path = tmp_path / "other.xlsx"
    Workbook().save(path)
    press(path, name)


def test_another_workbook_is_told_to_be_none_of_the_programme(press, tmp_path):
    from openpyxl import Workbook

    path = tmp_path / "other.xlsx"
    Workbook().save(path)
    text, how = press(path, "validate")[-1]
    assert "other.xlsx" in text
    assert how["mode"] == "critical"


def test_faults_are_told_as_grave(press, faulty):
    text, how = press(faulty, "validate")[-1]
    assert text.startswith("2 errors")
    assert how["mode"] == "critical"
    text, how = press(faulty, "word_annex")[-1]
    assert "Press “Validate”" in text
    assert how["mode"] == "critical"


@pytest.mark.parametrize(
    ("name", "publish", "files"),
    [
        ("word_annex", "fr", {"annex.fr.docx"}),
        ("html_annex", "es", {"annex.es.html"}),
        ("word_annex", "all", {f"annex.{language}.docx" for language in Language}),
        (
            "all_documents",
            "en",
            {
                f"{kind}.en.{form}"
                for kind in ("annex", "funding-needs", "summary")
                for form in ("docx", "html")
            },
        ),
    ],
)
def test_documents_are_saved_beside_the_book(press, saved, name, publish, files):
    text, _ = press(saved, name, publish=publish)[-1]
    folder = saved.parent / saved.stem
    assert {path.name for path in folder.iterdir()} == {*files, "manifest.json"}
    assert str(folder) in text


def test_documents_go_to_the_configured_folder(press, saved, home, tmp_path):
    settings = home / ".cmswp" / "settings.json"
    settings.parent.mkdir()
    target = tmp_path / "papers"
    settings.write_text(f'{{"documents": "{target}"}}', encoding="utf-8")
    press(saved, "html_annex", publish="en")
    assert (target / saved.stem / "annex.en.html").is_file()


def test_the_folder_is_opened_once_there_are_documents(press, saved, shown):
    text, _ = press(saved, "open_folder")[-1]
    assert "no documents of this workbook yet" in text
    press(saved, "html_annex", publish="en")
    press(saved, "open_folder")
    assert shown == [(saved.parent / saved.stem).as_uri()]


def test_the_guide_is_shown_in_excels_language(press, saved, home, shown):
    press(saved, "guide", language="fr")
    page = next(home.rglob("guide.fr.html"))
    assert shown == [page.as_uri()]
    assert 'lang="fr-FR"' in page.read_text(encoding="utf-8")


def test_messages_are_in_the_language_of_excel_and_english_elsewhere(press, faulty):
    french = press(faulty, "validate", language="fr")[-1][0]
    assert french.startswith(Words(Language.FR).many("{count} error", "{count} errors", 2))
    assert press(faulty, "validate", language="de")[-1][0].startswith("2 errors")


def test_an_unforeseen_error_is_told_in_words_and_logged(press, saved, home, monkeypatch):
    def fail(_book, _say, _publish):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setitem(desktop.BUTTONS, "validate", fail)
    text, how = press(saved, "validate")[-1]
    log = next(home.rglob("cmswp.log"))
    assert str(log) in text
    assert "secret detail" not in text
    assert "Traceback" not in text
    assert "secret detail" in log.read_text(encoding="utf-8")
    assert how["mode"] == "critical"


@pytest.mark.usefixtures("home")
def test_without_a_book_the_message_goes_where_xlwings_shows_it(monkeypatch, capsys):
    def fail(_cls):
        raise RuntimeError("no caller")

    monkeypatch.setattr(desktop.xw.Book, "caller", classmethod(fail))
    desktop.press("validate", "en", "all")
    assert "An unexpected error occurred" in capsys.readouterr().err


def test_buttons_leave_the_file_of_the_book_alone(press, saved):
    before = saved.read_bytes()
    for name in desktop.BUTTONS:
        press(saved, name)
    assert saved.read_bytes() == before
    assert check_workbook(saved).errors == 0
