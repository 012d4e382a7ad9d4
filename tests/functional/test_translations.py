"""Texts to translators and back: taken by their context, refused where the text has changed."""

from __future__ import annotations

import io
from codecs import BOM_UTF8

import openpyxl
import pytest
from babel.messages.pofile import read_po, write_po
from programs import cmswp
from sheets import check, workbook

from cmswp_xl.errors import CmswpError
from cmswp_xl.rollover.translations import read_entries, taking

TEXT = """
## Areas
| code | title_en | title_fr |
| ICC  | One      | Un       |
| GOV  | Two      |          |

## Activities
| id     | number | area | title_en          | title_fr |
| ICC-01 | '1.1   | ICC  | "Print\\nand send" | Imprimer |
"""


@pytest.fixture
def plan(tmp_path):
    """A workbook that keeps what its translations were made from."""
    typed, path = tmp_path / "typed.xlsx", tmp_path / "plan.xlsx"
    typed.write_bytes(workbook(TEXT).xlsx())
    assert cmswp("upgrade", typed, "--out", path).code == 0
    return path


def exported(path, to="fr"):
    """Return the texts to be translated as a catalogue."""
    file = path.parent / f"{to}.po"
    done = cmswp("texts", "export", path, "--to", to, "--format", "po", "--output", file)
    assert done.code == 0, done.err
    return read_po(io.BytesIO(file.read_bytes()))


def imported(path, catalogue, width=76):
    """Save a catalogue as an editor would, wrapped, and take it into the workbook."""
    file = path.parent / "back.po"
    with file.open("wb") as stream:
        write_po(stream, catalogue, width=width)
    new = path.parent / "new.xlsx"
    return cmswp("texts", "import", path, file, "--out", new), new


def retyped(path, sheet, row, column, value):
    """Type over a cell of the column, as staff do in Excel."""
    book = openpyxl.load_workbook(path)
    heads = [item.value for item in book[sheet][5]]
    book[sheet].cell(row, heads.index(column) + 1).value = value
    book.save(path)


def contexts(catalogue):
    return {message.context for message in catalogue if message.id}


def values(path, table, field):
    return [row[field] for row in cmswp("dump", path).json["tables"][table]]


def test_texts_without_a_translation__are_given_with_their_place(plan):
    catalogue = exported(plan)
    message = next(m for m in catalogue if m.context == "areas/GOV/title/fr")
    assert (message.id, message.string, message.fuzzy) == ("Two", "", False)
    assert "Areas · GOV · Title (French)" in message.auto_comments
    assert "areas/ICC/title/fr" not in contexts(catalogue)


def test_place_of_a_setting__is_its_sheet_and_name(plan):
    retyped(plan, "Programme", 7, "Value", None)
    catalogue = exported(plan)
    message = next(m for m in catalogue if m.context == "programme//title/fr")
    message.string = "Programme de travail"
    done, _ = imported(plan, catalogue)
    place = next(line for line in message.auto_comments if " · " in line)
    assert place.startswith("Programme · ")
    assert f"  {place}\n" in done.out
    assert "programme//title/fr" not in done.out


def test_file_for_translators__names_nobody_who_is_not_there(plan):
    exported(plan)
    data = (plan.parent / "fr.po").read_bytes()
    assert b"ADDRESS" not in data
    assert b"Last-Translator" not in data
    assert b"Language: fr" in data


def test_a_text_that_changed_since__is_given_with_its_translation_as_unsure(plan):
    retyped(plan, "Activities", 6, "Title (English)", "Print and post")
    message = next(m for m in exported(plan) if m.context == "activities/ICC-01/title/fr")
    assert (message.id, message.string, message.fuzzy) == ("Print and post", "Imprimer", True)


def test_a_translation_changed_by_hand__counts_as_current(plan):
    retyped(plan, "Activities", 6, "Title (English)", "Print and post")
    retyped(plan, "Activities", 6, "Title (French)", "Imprimer et poster")
    assert "activities/ICC-01/title/fr" not in contexts(exported(plan))


def test_finished_entries__are_taken_and_are_current_from_then_on(plan):
    catalogue = exported(plan)
    for message in catalogue:
        if message.context == "areas/GOV/title/fr":
            message.string = "Deux"
    done, new = imported(plan, catalogue)
    assert done.code == 0, done.out + done.err
    assert "1 translation taken:\n  Areas · GOV · Title (French)\n" in done.out
    assert values(new, "areas", "title_fr") == ["Un", "Deux"]
    assert "areas/GOV/title/fr" not in contexts(exported(new))


def test_rows_of_entry__wait_in_the_new_workbook_too(plan):
    whole = plan.parent / "whole.xlsx"
    assert cmswp("upgrade", plan, "--out", whole).code == 0
    retyped(whole, "Entry", 6, "Title (English)", "Waiting")
    done, new = imported(whole, exported(whole))
    assert done.code == 0, done.err
    assert "Waiting" in [cell.value for cell in openpyxl.load_workbook(new)["Entry"][6]]


def test_unsure_entries__are_left(plan):
    retyped(plan, "Activities", 6, "Title (English)", "Print and post")
    catalogue = exported(plan)
    for message in catalogue:
        if message.id:
            message.string = message.string or "…"
            message.flags.add("fuzzy")
    done, new = imported(plan, catalogue)
    assert done.code == 0
    assert values(new, "activities", "title_fr") == ["Imprimer"]


def test_a_text_changed_meanwhile__is_refused_and_told(plan):
    catalogue = exported(plan)
    for message in catalogue:
        if message.context == "areas/GOV/title/fr":
            message.string = "Deux"
    retyped(plan, "Areas", 7, "Title (English)", "Second")
    done, new = imported(plan, catalogue)
    assert done.code == 1
    assert "Areas · GOV · Title (French): not taken" in done.out
    assert done.out.startswith("No translations were taken.")
    assert values(new, "areas", "title_fr") == ["Un", None]


def test_line_breaks_and_long_lines__come_back_as_they_were(plan):
    long = "Print " * 30 + "\nand send"
    retyped(plan, "Activities", 6, "Title (English)", long)
    retyped(plan, "Activities", 6, "Title (French)", None)
    catalogue = exported(plan)
    wanted = "Imprimer " * 30 + "\net envoyer"
    for message in catalogue:
        if message.context == "activities/ICC-01/title/fr":
            assert message.id == long
            message.string = wanted
    done, new = imported(plan, catalogue, width=40)
    assert done.code == 0, done.out
    assert values(new, "activities", "title_fr") == [wanted]


def test_a_sheet__is_filled_in_and_taken_like_a_file_of_a_program(plan):
    sheet, new = plan.parent / "fr.xlsx", plan.parent / "new.xlsx"
    asked = ("texts", "export", plan, "--to", "fr", "--format", "xlsx", "--output", sheet)
    assert cmswp(*asked).code == 0
    book = openpyxl.load_workbook(sheet)
    rows = book.active
    heads = [item.value for item in rows[1]]
    row = next(item.row for item in rows["A"] if item.value == "areas/GOV/title/fr")
    rows.cell(row, heads.index("translation") + 1).value = "Deux"
    book.save(sheet)
    done = cmswp("texts", "import", plan, sheet, "--out", new)
    assert done.code == 0, done.out + done.err
    assert values(new, "areas", "title_fr") == ["Un", "Deux"]


def test_the_original_language__is_nothing_to_translate_into(plan):
    done = cmswp("texts", "export", plan, "--to", "en", "--output", plan.parent / "en.po")
    assert done.code == 2


def test_another_file__is_refused(plan):
    for name, data in (("a.po", b"nothing of the kind"), ("b.xlsx", plan.read_bytes())):
        (plan.parent / name).write_bytes(data)
        done = cmswp("texts", "import", plan, plan.parent / name, "--out", plan.parent / "n.xlsx")
        assert done.code == 2, name
        assert not (plan.parent / "n.xlsx").exists()


HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
GOV = 'msgctxt "areas/GOV/title/fr"\nmsgid "Two"\nmsgstr "Deux"\n\n'
TAKEN = [("areas/GOV/title/fr", "Two", "Deux")]


def read(folder, data):
    """Return the finished entries of a PO file: context, source, translation."""
    path = folder / "back.po"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return [(e.context, e.source, e.translation) for e in read_entries(path)]


@pytest.mark.parametrize(
    "data",
    [
        HEAD + GOV,
        GOV,
        (HEAD + GOV).replace("\n", "\r\n"),
        (HEAD + GOV).replace("\n", "\r"),
        BOM_UTF8 + (HEAD + GOV).encode(),
        HEAD + GOV + GOV,
        HEAD + '#| msgctxt "x"\n#| msgid "Second"\n' + GOV,
        HEAD + GOV + '#~ msgctxt "areas/ICC/title/fr"\n#~ msgid "One"\n#~ msgstr "Une"\n',
        HEAD + GOV + '#, fuzzy\n#| msgid "1"\nmsgctxt "x/y"\nmsgid "One"\nmsgstr "Une"\n',
        HEAD + GOV.replace("areas/GOV/", '"\n"areas/GOV"\n"/').replace('"De', '""\n"De"\n"'),
    ],
)
def test_files_of_editors__are_read_the_same(tmp_path, data):
    assert read(tmp_path, data) == TAKEN


@pytest.mark.parametrize(
    ("written", "translation"),
    [
        (r"De\r\nux", "De\nux"),
        (r"De\tux \"q\" \\", 'De\tux "q" \\'),
        ("=1+1", "=1+1"),
        ("5 % de {x}", "5 % de {x}"),
    ],
)
def test_a_translation__is_read_as_it_was_written(tmp_path, written, translation):
    assert read(tmp_path, HEAD + GOV.replace("Deux", written))[0][2] == translation


@pytest.mark.parametrize(
    "data",
    [
        HEAD + GOV.replace('Deux"', "Deux"),
        HEAD + GOV + "rubbish\n",
        HEAD + GOV.replace("msgstr", "msgstr[x]"),
        HEAD.replace("utf-8", "klingon") + GOV.replace("eu", "é"),
        (HEAD + GOV.replace("eu", "é")).encode("latin-1"),
        (HEAD + GOV).encode("utf-16"),
    ],
)
def test_a_file_that_is_not_understood__is_refused_as_a_whole(tmp_path, data):
    with pytest.raises(CmswpError) as refused:
        read(tmp_path, data)
    assert refused.value.reason == "texts-unreadable"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (GOV + GOV.replace("Deux", "Seconde"), ["twice"]),
        (GOV.replace("Deux", "De\x01ux"), ["unfit"]),
        (GOV.replace("Deux", "D" * 32_768), ["unfit"]),
        (GOV.replace("/fr", "/en"), ["unknown"]),
        (GOV.partition("\n")[2], ["unknown"]),
        (GOV.replace("msgstr", 'msgid_plural "Twos"\nmsgstr[0]'), ["changed"]),
        (GOV.replace("Deux", ""), []),
    ],
)
def test_what_cannot_be_taken__is_told(tmp_path, data, why):
    path = tmp_path / "back.po"
    path.write_text(HEAD + data, "utf-8")
    found = taking(check(TEXT), read_entries(path))
    assert [reason for _, reason in found.refused] == why


def test_texts_with_signs_of_programs__are_plain_texts(plan):
    retyped(plan, "Areas", 7, "Title (English)", "5 % of {x}, or % d")
    message = next(m for m in exported(plan) if m.context == "areas/GOV/title/fr")
    data = (plan.parent / "fr.po").read_text("utf-8")
    assert message.id == "5 % of {x}, or % d"
    assert "-format" not in data
    assert "Copyright" not in data


def test_the_same_texts__give_the_same_bytes(plan):
    exported(plan)
    first = (plan.parent / "fr.po").read_bytes()
    exported(plan)
    assert (plan.parent / "fr.po").read_bytes() == first
