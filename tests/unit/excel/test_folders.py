from __future__ import annotations

from types import SimpleNamespace

import pytest

from cmswp_xl.errors import UnwritableOutput
from cmswp_xl.excel.desktop import documents_folder

ONEDRIVE = "https://d.docs.live.net/1a2b/Programme/Plan 2012.xlsx"
SHAREPOINT = "https://cms.sharepoint.com/sites/Finance/Shared Documents/Plan 2012.xlsx"


def _book(fullname, name="Plan 2012.xlsx"):
    return SimpleNamespace(fullname=str(fullname), name=name)


def test_documents_go_beside_the_book_in_a_folder_of_its_name(tmp_path):
    book = _book(tmp_path / "Plan 2012.xlsx")
    assert documents_folder(book, None) == tmp_path / "Plan 2012"


def test_the_configured_folder_comes_first_and_keeps_books_apart(tmp_path):
    assert documents_folder(_book(ONEDRIVE), tmp_path) == tmp_path / "Plan 2012"


@pytest.mark.parametrize("address", [ONEDRIVE, SHAREPOINT, ONEDRIVE.replace("https", "HTTPS")])
def test_a_book_of_the_web_is_found_in_its_local_copy(tmp_path, address):
    asked = []

    def locate(text):
        asked.append(text)
        return str(tmp_path / "Plan 2012.xlsx")

    assert documents_folder(_book(address), None, locate) == tmp_path / "Plan 2012"
    assert asked == [address]


@pytest.mark.parametrize("address", [ONEDRIVE, SHAREPOINT])
def test_a_book_of_the_web_without_local_copy_is_refused(address, monkeypatch, tmp_path):
    for name in ("OneDrive", "OneDriveConsumer", "OneDriveCommercial"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(UnwritableOutput) as refused:
        documents_folder(_book(address), None)
    assert refused.value.reason == "no-local-copy"


def test_onedrive_as_xlwings_finds_it(monkeypatch, tmp_path):
    local = tmp_path / "Programme" / "Plan 2012.xlsx"
    local.parent.mkdir()
    local.write_bytes(b"")
    monkeypatch.setenv("OneDriveConsumer", str(tmp_path))
    address = ONEDRIVE.replace("1a2b", "found")
    assert documents_folder(_book(address), None) == tmp_path / "Programme" / "Plan 2012"


def test_a_book_that_was_never_saved_has_no_folder():
    with pytest.raises(UnwritableOutput) as refused:
        documents_folder(_book("Book1", "Book1"), None)
    assert refused.value.reason == "book-not-saved"
