"""What the commands tell, in states that a run here does not reach."""

from __future__ import annotations

import pytest

from cmswp_xl.addin.install import (
    find_status,
    install,
    installed_text,
    packaged_addin,
    plan_install,
    plan_removal,
    plan_text,
    removal_text,
    remove,
    status_text,
    usual_plan_text,
)
from cmswp_xl.errors import BrokenResource
from cmswp_xl.languages import Language, Words

SAY = Words(Language.EN)
ADDIN = b"PK the add-in"


def test_plan__tells_new_from_replaced_and_from_current(computer, paths):
    assert "(new)" in plan_text(plan_install(computer(), ADDIN), SAY)
    paths.addin.parent.mkdir(parents=True)
    paths.addin.write_bytes(b"older")
    assert "(replaces" in plan_text(plan_install(computer(), ADDIN), SAY)
    install(plan_install(computer(), ADDIN))
    text = plan_text(plan_install(computer(), ADDIN), SAY)
    assert "(already installed" in text
    assert '"CONDA PATH",""' in text
    assert str(paths.conf) in text


def test_installed__tells_where_and_what_comes_next(computer, paths, tmp_path):
    text = installed_text(plan_install(computer(), ADDIN), SAY)
    assert text.splitlines()[0].endswith(str(paths.addin))
    assert "beside the workbook" in text.splitlines()[1]
    text = installed_text(plan_install(computer(), ADDIN, documents=tmp_path), SAY)
    assert str(tmp_path) in text.splitlines()[1]


def test_plan__tells_the_folder_for_documents_that_was_set_before(computer, paths, tmp_path):
    install(plan_install(computer(), ADDIN, documents=tmp_path))
    assert plan_install(computer(), ADDIN).documents == tmp_path
    paths.settings.write_text("{", encoding="utf-8")
    assert plan_install(computer(), ADDIN).documents is None


def test_removal__names_what_goes_and_what_only_changes(computer, paths):
    paths.conf.parent.mkdir(parents=True)
    paths.conf.write_bytes(b'"OWN","1"\r\n')
    install(plan_install(computer(), ADDIN))
    removal = plan_removal(computer())
    text = removal_text(removal, SAY, done=False)
    assert f"File removed: {paths.addin}" in text
    assert f"Lines removed from: {paths.conf}" in text
    remove(removal, computer())
    assert "was removed" in removal_text(removal, SAY, done=True)


def test_usual_plan__names_the_places_of_windows_and_mac():
    text = usual_plan_text(SAY)
    assert "XLSTART" in text
    assert "Startup.localized" in text


def test_status__ends_with_what_it_comes_to(computer, paths, tmp_path):
    def last():
        return status_text(find_status(computer(), ADDIN), SAY).splitlines()[-1]

    assert "cannot be used yet" in last()
    install(plan_install(computer(), ADDIN, documents=tmp_path))
    assert "Everything is in place" in last()
    assert "Without Excel" in status_text(find_status(computer("linux"), ADDIN), SAY)
    paths.settings.write_text('{"documents": "/no/such"}', encoding="utf-8")
    assert "cannot be reached: /no/such" in status_text(find_status(computer(), ADDIN), SAY)
    paths.settings.write_text("{", encoding="utf-8")
    assert "cannot be read" in status_text(find_status(computer(), ADDIN), SAY)


def test_packaged_add_in__is_taken_from_the_package_then_from_the_checkout(tmp_path, monkeypatch):
    monkeypatch.setattr("cmswp_xl.resources.PACKAGE", tmp_path / "installed")
    monkeypatch.setattr("cmswp_xl.resources.CHECKOUT", tmp_path / "checkout")
    with pytest.raises(BrokenResource):
        packaged_addin()
    for place in ("checkout", "installed"):
        path = tmp_path / place / "workbook" / "cmswp.xlam"
        path.parent.mkdir(parents=True)
        path.write_bytes(place.encode())
        assert packaged_addin() == place.encode()
