"""Documents verified: whole, and exactly what the workbook gives, or what differs is named."""

from __future__ import annotations

import json
import os

import openpyxl
import pytest
from packages import unpacked
from programs import cmswp
from sheets import workbook

TEXT = """
## Areas
| code | title |
| ICC  | One   |

## Activities
| id     | number | area | title |
| ICC-01 | '1.1   | ICC  | Print |

## Costs
| activity | amount |
| ICC-01   | 100    |
"""


@pytest.fixture
def made(tmp_path):
    """A workbook and the folder of its documents."""
    path, folder = tmp_path / "plan.xlsx", tmp_path / "documents"
    path.write_bytes(workbook(TEXT).xlsx())
    done = cmswp("export", path, "--out", folder, "--lang", "en", "--trace")
    assert done.code == 0, done.err
    return path, folder


def test_documents_as_they_were_made__are_whole(made):
    path, folder = made
    assert cmswp("verify", folder).code == 0
    done = cmswp("verify", folder, path)
    assert (done.code, done.err) == (0, ""), done.out


def test_each_document__holds_the_mark_of_the_content(made):
    _, folder = made
    mark = json.loads((folder / "manifest.json").read_bytes())["content"]
    core = unpacked((folder / "annex.en.docx").read_bytes())["docProps/core.xml"].decode()
    assert f"<cp:keywords>cmswp-content {mark}</cp:keywords>" in core
    page = (folder / "annex.en.html").read_text("utf-8")
    assert f'<meta name="cmswp-content" content="{mark}">' in page


def test_the_workbook_saved_again_or_approved__gives_the_same(made):
    small, folder = made
    path, approved = small.parent / "upgraded.xlsx", small.parent / "approved.xlsx"
    assert cmswp("upgrade", small, "--out", path).code == 0
    asked = ("--out", folder, "--lang", "en", "--trace")
    assert cmswp("export", path, *asked).code == 0
    openpyxl.load_workbook(path).save(path)
    assert cmswp("verify", folder, path).code == 0
    arguments = ("--role", "Finance", "--name", "A. Diallo", "--out", approved)
    assert cmswp("approve", path, *arguments).code == 0
    assert cmswp("verify", folder, approved).code == 0


def test_a_figure_changed_afterwards__is_told_with_the_documents_that_differ(made):
    path, folder = made
    path.write_bytes(workbook(TEXT.replace("100", "101")).xlsx())
    done = cmswp("verify", folder, path)
    assert done.code == 1
    assert "plan.xlsx does not have the content" in done.out
    assert "annex.en.docx differs from what the workbook produces." in done.out
    assert "annex.en.html differs from what the workbook produces." in done.out


@pytest.mark.parametrize("way", ["changed", "missing", "added"])
def test_a_file_that_is_not_as_it_was_made__is_named(made, way):
    _, folder = made
    name = "annex.es.html" if way == "added" else "annex.en.html"
    if way == "missing":
        (folder / name).unlink()
    else:
        (folder / name).write_text("another", "utf-8")
    done = cmswp("verify", folder)
    assert done.code == 1
    assert done.out.startswith(f"{name} ")
    assert len(done.out.splitlines()) == 1


def test_a_file_of_ones_own__is_no_difference(made):
    _, folder = made
    (folder / "note.txt").write_text("sent on Monday", "utf-8")
    assert cmswp("verify", folder).code == 0


@pytest.mark.parametrize("part", ["versions", "templates", "options"])
def test_documents_of_another_version__are_not_judged(made, part):
    path, folder = made
    manifest = json.loads((folder / "manifest.json").read_bytes())
    if part == "options":
        manifest["options"]["paper"] = "A3"
    else:
        manifest[part] |= {"cmswp": "0.0.1", "annex/annex.docx": "0" * 64}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    done = cmswp("verify", folder, path)
    assert done.code == 2, done.out
    assert "Cannot be verified" in done.out


def test_a_folder_without_a_manifest__cannot_be_read(tmp_path):
    done = cmswp("verify", tmp_path)
    assert done.code == 2
    assert "manifest" in done.err


def test_an_annex_with_tracked_changes__is_verified_with_the_earlier_workbook(made):
    path, _ = made
    new, folder = path.parent / "new.xlsx", path.parent / "tracked"
    new.write_bytes(workbook(TEXT.replace("100", "101")).xlsx())
    asked = ("--compare", path, "--tracked", "--author", "A. Diallo", "--out", folder)
    assert cmswp("export", new, *asked, "--lang", "en").code == 0
    assert cmswp("verify", folder, new, "--compare", path).code == 0


def test_a_compared_annex__is_verified_with_the_earlier_workbook(made):
    path, _ = made
    new, folder = path.parent / "new.xlsx", path.parent / "compared"
    new.write_bytes(workbook(TEXT.replace("100", "101")).xlsx())
    asked = ("--compare", path, "--out", folder, "--lang", "en")
    assert cmswp("export", new, *asked).code == 0
    assert cmswp("verify", folder, new).code == 2
    assert cmswp("verify", folder, new, "--compare", path).code == 0


def edited(folder, change):
    manifest = json.loads((folder / "manifest.json").read_bytes())
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("languages", value) for value in ("en", ["xx"], [1], {}, 5)),
        *(("documents", value) for value in ("annex", ["nothing"], [["annex"]], None)),
        *(("formats", value) for value in (["exe"], "docx", [{}])),
        *(("areas", value) for value in (5, [None])),
        *(("scenario", value) for value in (5, ["a"])),
        *(("rounding", value) for value in ("foo", [1])),
        *(("trace", "x"), ("templates", 5), ("number_style", "foo"), ("donors", 7)),
    ],
)
def test_options_that_no_export_has__are_not_judged(made, option, value):
    path, folder = made
    edited(folder, lambda manifest: manifest["options"].update({option: value}))
    done = cmswp("verify", folder, path)
    assert (done.code, done.err) == (2, "")
    assert done.out.startswith("Cannot be verified: manifest.json has options")


@pytest.mark.parametrize(
    ("part", "value"),
    [
        *(("versions", value) for value in ([], None, {"cmswp": 5})),
        *(("templates", value) for value in ([], None, {"a": 1})),
        *(("files", value) for value in ("x", [{"name": 1, "sha256": 2}], [{"name": []}], [{}])),
    ],
)
def test_a_manifest_of_another_shape__cannot_be_read(made, part, value):
    _, folder = made
    edited(folder, lambda manifest: manifest.update({part: value}))
    done = cmswp("verify", folder)
    assert (done.code, done.out) == (2, "")
    assert "cannot be read" in done.err


@pytest.mark.parametrize("data", [b"[1]", b"null", b"\xff\xfe", b"[" * 100_000, b""])
def test_a_manifest_that_is_none__cannot_be_read(made, data):
    _, folder = made
    (folder / "manifest.json").write_bytes(data)
    done = cmswp("verify", folder)
    assert done.code == 2
    assert "cannot be read" in done.err


@pytest.mark.parametrize("way", ["folder", "link to nothing", "pipe"])
def test_what_is_no_file__is_missing(made, way):
    _, folder = made
    page = folder / "annex.en.html"
    page.unlink()
    if way == "folder":
        page.mkdir()
    elif way == "pipe":
        os.mkfifo(page)
    else:
        page.symlink_to(folder / "nothing")
    done = cmswp("verify", folder)
    assert (done.code, done.out) == (1, "annex.en.html is missing.\n")


def test_a_file_that_cannot_be_read__leaves_it_open(made, monkeypatch):
    _, folder = made
    read = type(folder).read_bytes

    def refused(path):
        if path.suffix == ".html":
            raise PermissionError(path)
        return read(path)

    monkeypatch.setattr(type(folder), "read_bytes", refused)
    done = cmswp("verify", folder)
    assert (done.code, done.out) == (2, "Cannot be verified: annex.en.html cannot be read.\n")


def test_documents_in_a_folder_of_a_folder__are_added_and_links_are_followed(made):
    _, folder = made
    (folder / "more").mkdir()
    (folder / "more" / "annex.fr.docx").write_bytes(b"another")
    (folder / "kept").write_bytes((folder / "annex.en.html").read_bytes())
    (folder / "annex.en.html").unlink()
    (folder / "annex.en.html").symlink_to(folder / "kept")
    done = cmswp("verify", folder)
    assert (done.code, done.out) == (1, "more/annex.fr.docx is not in the manifest.\n")


def test_another_workbook_without_the_area__differs(made):
    path, folder = made
    assert cmswp("export", path, "--out", folder, "--lang", "en", "--area", "ICC").code == 0
    path.write_bytes(workbook(TEXT.replace("ICC ", "GOV ")).xlsx())
    done = cmswp("verify", folder, path)
    assert done.code == 1
    assert "plan.xlsx does not have the content" in done.out
