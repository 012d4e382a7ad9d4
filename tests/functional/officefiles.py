"""
Every kind of Office file that the program makes or ships, in the three languages.

A kind is a folder, in which the name of each file ends with its language; `shipped` is what lies
in the repository.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from packages import pack, unpacked
from programs import SOURCES, cmswp

from cmswp_xl.documents.build import DOCUMENTS
from cmswp_xl.languages import Language
from cmswp_xl.ooxml import parsed, written
from cmswp_xl.pipeline import workbook_of
from cmswp_xl.render.finish import ORDER
from cmswp_xl.resources import template_folder
from cmswp_xl.samples import read_sample
from cmswp_xl.schema import load_schemas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PERIOD = ("--period", "2027-2029")
SCHEMAS = load_schemas()
_TURNED = re.compile(r"word/(document|styles|numbering|header\d|footer\d)\.xml\Z")
_DIGITS = re.compile(r"\d{1,9}")
_DIGITS_OF_PART = re.compile(rb"\d{1,9}")
_UNLIKE = "unlike.txt"
ENDINGS = (".docx", ".xlsx", ".xlam")


def make_office_files(folder: Path) -> None:
    """Make files of every kind below a folder, and note few that hold the like of all."""
    for kind, make in MAKERS.items():
        (folder / kind).mkdir()
        make(folder)
    every = [path for paths in office_files(folder).values() for path in paths]
    (folder / _UNLIKE).write_text("\n".join(map(str, _unlike_each_other(every))), encoding="utf-8")


def office_files(folder: Path) -> dict[str, list[Path]]:
    """Return the files that were made below a folder, by kind, with those that ship."""
    return {kind: _office_files(folder / kind) for kind in MAKERS} | {"shipped": shipped()}


def shipped() -> list[Path]:
    """Return the workbooks, the add-in and the Word templates that ship."""
    return [*_office_files(SOURCES.parent / "workbook"), *_office_files(template_folder())]


def unlike_files(folder: Path) -> set[Path]:
    """Return few files that hold the like of every element of all."""
    return {Path(line) for line in (folder / _UNLIKE).read_text(encoding="utf-8").splitlines()}


def _unlike_each_other(paths: Iterable[Path]) -> list[Path]:
    """Return few files that hold the like of every element of all: the richest, what it lacks."""
    parts: dict[tuple[str, bytes], frozenset[object]] = {}
    held: dict[Path, set[object]] = {}
    for path in paths:
        for part, data in unpacked(path.read_bytes()).items():
            name = _DIGITS.sub("0", part)
            alike = name, _DIGITS_OF_PART.sub(b"0", data)
            if alike not in parts:
                parts[alike] = frozenset(_shapes(name, data))
            held.setdefault(path, set()).update(parts[alike])
    found = []
    while any(held.values()):
        richest = max(held, key=lambda path: len(held[path]))
        found.append(richest)
        seen = held.pop(richest)
        for shapes in held.values():
            shapes.difference_update(seen)
    return found


def _shapes(part: str, data: bytes) -> Iterator[object]:
    """Yield what is checked of each element: its part, name, attributes and order of children."""
    if not part.endswith((".xml", ".rels")):
        yield part
        return
    for element in parsed(data).iter():
        place = (part, element.tag)
        yield (*place, *sorted(element.keys()))
        yield from ((*place, key, _shape(text)) for key, text in element.items())
        yield (*place, *(tag for tag, _ in groupby(child.tag for child in element)))


@cache
def _shape(value: str) -> str:
    """Return an attribute's value with all numbers alike, and all texts of several words."""
    return "text" if " " in value.strip() else _DIGITS.sub("0", value)


def _office_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in ENDINGS)


def _run(*arguments: object, code: int = 0) -> None:
    done = cmswp(*arguments)
    assert done.code == code, (arguments, done.out, done.err)


def _book(folder: Path, kind: str, language: Language = Language.EN) -> Path:
    return folder / kind / f"{kind}.{language}.xlsx"


def _each(make: Callable[[Path, Language], None]) -> Callable[[Path], None]:
    """Return what makes a kind of file in each of the languages."""

    def all_languages(folder: Path) -> None:
        for language in Language:
            make(folder, language)

    return all_languages


def _new(folder: Path, language: Language) -> None:
    _run("new", _book(folder, "new", language), "--lang", language)


def _example(folder: Path, language: Language) -> None:
    _run("new", _book(folder, "example", language), "--example", "--lang", language)


def _next(folder: Path, language: Language) -> None:
    book = _book(folder, "example", language)
    _run("new", _book(folder, "next", language), "--from", book, *PERIOD, "--lang", language)


def _upgraded(folder: Path, language: Language) -> None:
    """Upgrade a workbook with a column of its own, so that what it holds is kept."""
    title = SCHEMAS["activities"].field("timing_en").titles[language]
    old = _changed(folder, "old", language, (title, "Own column"))
    _run("upgrade", old, "--out", _book(folder, "upgraded", language))


def _annotated(folder: Path, language: Language) -> None:
    """Mark a negative price and what it brings, besides what the example has to mark."""
    faulty = _changed(folder, "faulty", language, ("<v>2850</v>", "<v>-2850</v>"))
    target = ("--output", _book(folder, "annotated", language))
    _run("validate", faulty, "--format", "xlsx", *target, "--lang", language, code=1)


def _changed(folder: Path, name: str, language: Language, change: tuple[str, str]) -> Path:
    """Write the example with one text replaced wherever it stands."""
    path = folder / f"{name}.{language}.xlsx"
    before, after = (text.encode() for text in change)
    parts = unpacked(_book(folder, "example", language).read_bytes())
    text = b't="s">'  # after which a number is the place of a text
    path.write_bytes(
        pack(
            {
                name: (text + before).join(
                    piece.replace(before, after) for piece in data.split(text + before)
                )
                for name, data in parts.items()
            }
        )
    )
    return path


def _documents(folder: Path) -> None:
    names: Iterable[str] = (*DOCUMENTS, "set")
    chosen = [option for name in names for option in ("--document", name)]
    _export(folder, "documents", _book(folder, "example"), *chosen)


def _imported(folder: Path, language: Language) -> None:
    annex = folder / "documents" / f"annex.{language}.docx"
    settings = ("--lang", language, "--period", "2024-2026", "--currency", "EUR")
    _run("import", annex, *settings, "--out", _book(folder, "imported", language))


def _revised(folder: Path) -> Path:
    """Make the example with an amount and a title changed, and a row less."""
    path = folder / "revised.xlsx"
    content = {name: [dict(row) for row in rows] for name, rows in read_sample("example").items()}
    content["costs"][0] |= {"quantity": 13, "amount": 24050}
    content["activities"][0]["title_en"] = "Another title"
    content["funding"].pop()
    path.write_bytes(workbook_of(content, Language.EN))
    return path


def _revisions(folder: Path) -> None:
    revised = _revised(folder)
    for language in Language:
        target = ("--output", folder / "revisions" / f"revisions.{language}.docx")
        options = ("--format", "docx", *target, "--lang", language)
        _run("diff", _book(folder, "example"), revised, *options)


def _compared(folder: Path) -> None:
    _export(folder, "compared", _revised(folder), "--compare", _book(folder, "example"))


def _by_area(folder: Path) -> None:
    _export(folder, "by-area", _book(folder, "example"), "--area", "EDM")


def _by_scenario(folder: Path) -> None:
    _export(folder, "by-scenario", _book(folder, "example"), "--scenario", "ZRG")


def _by_donor(folder: Path) -> None:
    book, donor = _book(folder, "example"), ("--donor", "GOV-A")
    _export(folder, "by-donor", book, "--document", "contributions", *donor)


def _in_two_areas(folder: Path, language: Language) -> Path:
    """Make the example with all areas but one below the first, so that it has two copies."""
    path = folder / f"areas.{language}.xlsx"
    content = {name: [dict(row) for row in rows] for name, rows in read_sample("example").items()}
    first, *others, _ = content["areas"]
    for area in others:
        area["parent"] = first["code"]
    path.write_bytes(workbook_of(content, language))
    return path


def _split(folder: Path, language: Language) -> None:
    """Split the example; the name of each copy shall end with its language."""
    made = folder / f"parts-{language}"
    _run("split", _in_two_areas(folder, language), "--out", made)
    for path in made.iterdir():
        code = path.stem.rpartition("-")[2]
        path.rename(folder / "split" / f"{code}.{language}.xlsx")


def _merged(folder: Path, language: Language) -> None:
    """Merge copies, of which one has another figure and a sheet of its own."""
    base, parts = folder / f"areas.{language}.xlsx", []
    for path in sorted((folder / "split").glob(f"*.{language}.xlsx")):
        data = path.read_bytes()
        if path.name.startswith("EDM"):
            content = unpacked(data)
            data = pack({n: d.replace(b"<v>2850</v>", b"<v>2851</v>") for n, d in content.items()})
        parts.append(folder / f"parts-{language}" / path.name)
        parts[-1].write_bytes(data)
    _run("merge", base, *parts, "--out", _book(folder, "merged", language))


def _texts(folder: Path, language: Language) -> None:
    """Give the texts of a workbook in another language to translators."""
    book = _book(folder, "example", Language.FR if language is Language.EN else Language.EN)
    _run("new", folder / f"due.{language}.xlsx", "--lang", book.suffixes[0].lstrip("."))
    target = ("--format", "xlsx", "--output", _book(folder, "texts", language))
    _run("texts", "export", folder / f"due.{language}.xlsx", "--to", language, *target)


def _totals(folder: Path, language: Language) -> None:
    target = ("--format", "xlsx", "--output", _book(folder, "totals", language))
    _run("totals", _book(folder, "example", language), *target, "--lang", language)


def _approved(folder: Path, language: Language) -> None:
    who = ("--role", "=1+1", "--name", "<A> & “B”", "--date", "2026-03-01")
    new = ("--out", _book(folder, "approved", language))
    _run("approve", _book(folder, "example", language), *who, *new)


def _restyled(folder: Path) -> None:
    """Make documents with templates as other programs and an older Word may leave them."""
    templates = folder / "templates"
    _run("templates", "copy", templates)
    change_templates(templates, turned_round)
    change_templates(templates, _marked)
    chosen = ("--document", "annex", "--document", "cover", "--document", "summary")
    book = _book(folder, "example")
    _export(folder, "restyled", book, *chosen, "--templates", templates)


def change_templates(folder: Path, change: Callable[[str, bytes], bytes]) -> None:
    """Change the parts of every Word template of a folder."""
    for path in folder.glob("*/*.docx"):
        parts = unpacked(path.read_bytes())
        changed = {name: change(name, data) for name, data in parts.items()}
        assert changed != parts, path
        path.write_bytes(pack(changed))


def turned_round(name: str, data: bytes) -> bytes:
    """Turn round what the elements of a part hold, but for items of one name."""
    if not _TURNED.match(name):
        return data
    root = parsed(data)
    for item in list(root.iter(*ORDER)):
        tags = list(dict.fromkeys(child.tag for child in item))
        item[:] = sorted(item, key=lambda child, tags=tags: -tags.index(child.tag))
    return written(root)


def _marked(name: str, data: bytes) -> bytes:
    """Have each run begin with a mark of Word's own, and Word lay out as an old version did."""
    mark = b'<w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd w:id="0"/>'
    if name == "word/settings.xml":
        return data.replace(b'w:val="15"', b'w:val="12"')
    return data.replace(b"<w:r>", mark + b"<w:r>") if name == "word/document.xml" else data


def _export(folder: Path, kind: str, book: Path, *options: object) -> None:
    _run("export", book, "--out", folder / kind, "--format", "docx", *options)


MAKERS: dict[str, Callable[[Path], None]] = {
    "new": _each(_new),
    "example": _each(_example),
    "next": _each(_next),
    "upgraded": _each(_upgraded),
    "annotated": _each(_annotated),
    "documents": _documents,
    "imported": _each(_imported),
    "revisions": _revisions,
    "compared": _compared,
    "by-area": _by_area,
    "by-scenario": _by_scenario,
    "by-donor": _by_donor,
    "split": _each(_split),
    "merged": _each(_merged),
    "texts": _each(_texts),
    "totals": _each(_totals),
    "approved": _each(_approved),
    "restyled": _restyled,
}
"""What makes each kind; those that come later build on the files of those before."""
