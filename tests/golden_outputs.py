"""
Every output of the program over fixed inputs, as one hash a file: the net below a rebuilding.

`make golden` compares the hashes with those kept in `tests/golden/hashes.json` and names what
differs; `make golden RENEW=1` keeps the new ones. What depends on a compressor is hashed unpacked;
what names other hashes (the manifest) is hashed without them; PDF files are left out.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import importlib.metadata
import io
import json
import re
import shutil
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
from PIL import Image
from programs import cmswp, listing

from cmswp_xl.figures.totals import GROUPINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ROOT = Path(__file__).parents[1]
HASHES = Path(__file__).parent / "golden" / "hashes.json"
LANGUAGES = ("en", "fr", "es")
SHIPPED = ("programme-of-work", "example")
DRAWING = [
    "babel",
    "docxtpl",
    "jinja2",
    "matplotlib",
    "openpyxl",
    "pandera",
    "polars",
    "xlsxwriter",
]
"""The packages whose version shows in the bytes of an output."""

Outputs = dict[str, str]


def pinned() -> str | None:
    """Return which package differs from `constraints.txt`, whose versions the hashes hold for."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    wanted = dict(line.lower().split("==") for line in lines if "==" in line)
    for name in DRAWING:
        found = importlib.metadata.version(name)
        if wanted.get(name, found) != found:
            return f"{name} {found} in place of {wanted[name]}"
    return None


def differences(group: str, made: Outputs) -> list[str]:
    """Return the outputs of a group that are not as kept: changed, new and gone."""
    kept = json.loads(HASHES.read_text(encoding="utf-8")).get(group, {})
    names = sorted(kept.keys() | made.keys())
    return [name for name in names if kept.get(name) != made.get(name)]


# ------------------------------------------------------------------ the commands, in groups


def _run(made: Outputs, name: str, *arguments: object) -> None:
    """Run a command and keep its exit code and what it writes on both streams."""
    done = cmswp(*arguments)
    made[name] = _hash(_stable(name, f"{done.code}\n{done.out}\n{done.err}".encode()))


def _export(made: Outputs, name: str, folder: Path, *arguments: object) -> None:
    """Run an export and keep the files of its folder."""
    done = cmswp("export", *arguments, "--out", folder)
    made[f"{name}/exit"] = _hash(f"{done.code}\n{done.out}\n{done.err}".encode())
    _files(made, name, folder)


def _files(made: Outputs, name: str, folder: Path) -> None:
    for path, data in listing(folder).items():
        made.update(_content(f"{name}/{path}", data))


def _checks(folder: Path, made: Outputs) -> None:
    faulty = planted(folder / "faulty.xlsx")
    books = {name: shipped(name) for name in SHIPPED} | {"faulty": faulty}
    for name, book in books.items():
        for language in LANGUAGES:
            for form in ("text", "json", "html"):
                key = f"validate-{name}.{language}.{form}"
                _run(made, key, "validate", book, "--lang", language, "--format", form)
            copy = folder / f"{name}.{language}.xlsx"
            cmswp("validate", book, "--lang", language, "--format", "xlsx", "--output", copy)
            made.update(_content(f"validate-{name}.{language}", copy.read_bytes()))
    for language in LANGUAGES:
        _run(made, f"rules.{language}", "rules", "--lang", language)
        _run(made, f"explain.{language}", "explain", "unknown-reference", "--lang", language)


def _figures(folder: Path, made: Outputs) -> None:
    for name in SHIPPED:
        for form in ("text", "json", "csv"):
            for language in LANGUAGES:
                options = (shipped(name), "--format", form, "--lang", language)
                for by in GROUPINGS:
                    _run(
                        made,
                        f"totals-{name}-{by}.{language}.{form}",
                        "totals",
                        *options,
                        "--by",
                        by,
                    )
                _run(made, f"unfunded-{name}.{language}.{form}", "unfunded", *options)
        _run(made, f"dump-{name}", "dump", shipped(name))
        for form in ("text", "json"):
            options = (shipped(name), "annex/total/cost", "--format", form)
            _run(made, f"trace-{name}.{form}", "trace", *options)
    _ = folder


def _documents(workbook: str) -> Callable[[Path, Outputs], None]:
    def make(folder: Path, made: Outputs) -> None:
        names = ("all", "contributions", "set", "data")
        everything = [option for name in names for option in ("--document", name)]
        _export(made, "all", folder / "all", shipped(workbook), *everything, "--trace")
        areas = [option for code in _areas(workbook)[:2] for option in ("--area", code)]
        _export(made, "areas", folder / "areas", shipped(workbook), *areas)

    return make


def _versions(folder: Path, made: Outputs) -> None:
    old, new = shipped("example"), changed(folder / "changed.xlsx")
    for language in LANGUAGES:
        for form in ("text", "json", "docx", "html"):
            path = folder / f"diff.{language}.{form}"
            cmswp("diff", old, new, "--format", form, "--lang", language, "--output", path)
            made.update(_content(path.name, path.read_bytes()))
    _export(made, "compared", folder / "compared", new, "--compare", old)
    _export(made, "scenario", folder / "scenario", new, "--scenario", _scenario(new))


def _workbooks(folder: Path, made: Outputs) -> None:
    for language in LANGUAGES:
        for name, options in {"new": (), "example": ("--example",)}.items():
            path = folder / f"{name}.{language}.xlsx"
            _run(made, f"{path.name}/exit", "new", path, "--lang", language, *options)
    old = shipped("example")
    _run(made, "next/exit", "new", folder / "next.xlsx", "--from", old, "--period", "2030-2032")
    _run(made, "upgrade/exit", "upgrade", old, "--out", folder / "upgraded.xlsx")
    papers = folder / "papers"
    cmswp("export", old, "--format", "docx", "--out", papers)
    for language in LANGUAGES:
        source = (papers / f"annex.{language}.docx", "--lang", language, "--currency", "EUR")
        target = ("--period", _period(old), "--out", folder / f"imported.{language}.xlsx")
        _run(made, f"import.{language}/exit", "import", *source, *target)
    for path in sorted(set(folder.glob("*.xlsx")) - {shipped(name) for name in SHIPPED}):
        made.update(_content(path.name, path.read_bytes()))


GROUPS: dict[str, Callable[[Path, Outputs], None]] = {
    "checks": _checks,
    "figures": _figures,
    "documents-programme-of-work": _documents("programme-of-work"),
    "documents-example": _documents("example"),
    "versions": _versions,
    "workbooks": _workbooks,
}


def outputs(group: str, folder: Path) -> Outputs:
    """Return the hash of each output of a group, made in an empty folder, the current one."""
    made: Outputs = {}
    for name in SHIPPED:
        shutil.copy(ROOT / "workbook" / f"{name}.xlsx", folder)
    with contextlib.chdir(folder):
        GROUPS[group](Path(), made)
    return {name: made[name] for name in sorted(made)}


# ------------------------------------------------------------------ the inputs


def shipped(name: str) -> Path:
    """Return the path of the copy of a workbook that ships, relative, since messages show it."""
    return Path(f"{name}.xlsx")


def _areas(name: str) -> list[str]:
    return [area["code"] for area in cmswp("dump", shipped(name)).json["tables"]["areas"]]


def _scenario(book: Path) -> str:
    return str(cmswp("dump", book).json["tables"]["scenarios"][-1]["code"])


def _period(book: Path) -> str:
    programme = cmswp("dump", book).json["programme"]
    return f"{programme['period_start']}-{programme['period_end']}"


def planted(path: Path) -> Path:
    """Write the example with a fault of many kinds, found by heading, and return its path."""
    faults = {
        "Costs": [("Amount", 3, "12 x"), ("Year", 4, 1999), ("Activity", 5, "NO-99")],
        "Funding": [("Stage", 3, "promised-ish"), ("Amount", 4, -5), ("Amount", 5, 1.239)],
        "Activities": [("Number", 3, ""), ("Priority", 4, "cor")],
        "Posts": [("Full-time equivalent", 3, 4)],
        "Areas": [("Area code", 4, "GOV")],
    }
    return _edited(path, faults)


def changed(path: Path) -> Path:
    """Write the example with other amounts, years and words, and return its path."""
    edits = {
        "Costs": [("Quantity", 3, None), ("Unit cost", 3, None), ("Amount", 3, 31000)],
        "Funding": [("Amount", 4, 12500)],
        "Activities": [("Priority", 4, "low"), ("Title (English)", 5, "Another title")],
    }
    return _edited(path, edits)


def _edited(path: Path, edits: dict[str, list[tuple[str, int, object]]]) -> Path:
    book = openpyxl.load_workbook(shipped("example"))
    for sheet, changes in edits.items():
        page = book[sheet]
        table = next(iter(page.tables.values()))
        head = page[table.ref][0]
        for title, row, value in changes:
            column = next(cell.column for cell in head if cell.value == title)
            page.cell(head[0].row + row, column).value = value
    saved = io.BytesIO()
    book.save(saved)
    _repack(saved, path)
    return path


def _repack(saved: io.BytesIO, path: Path) -> None:
    """Write a package without dates and compression, so that its hash is always the same."""
    with zipfile.ZipFile(saved) as package, zipfile.ZipFile(path, "w") as kept:
        for part in package.namelist():
            data = package.read(part)
            data = re.sub(rb"<dcterms:modified.*?</dcterms:modified>", b"", data)
            kept.writestr(zipfile.ZipInfo(part), data)


# ------------------------------------------------------------------ hashes


def _content(name: str, data: bytes) -> Iterable[tuple[str, str]]:
    """Yield the name and the hash of an output; of a package, of all its parts in their order."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return [(name, _hash(_stable(name, data)))]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        digest = hashlib.sha256()
        for part in package.namelist():
            digest.update(f"{part} {_hash(_stable(part, package.read(part)))}\n".encode())
    return [(name, digest.hexdigest())]


def _stable(name: str, data: bytes) -> bytes:
    """Return the content without what a compressor or another file's hash makes of it."""
    if name.endswith(".png"):
        return _pixels(data)
    data = re.sub(rb'"sha256": "[0-9a-f]{64}"', b"", data)
    if name.endswith(".html"):
        return b"".join(_pictures_apart(data))
    if name.endswith("datapackage.json"):
        return re.sub(rb'"(?:hash|bytes)": [^,\n]*', b"", data)
    return data


def _pictures_apart(page: bytes) -> Iterator[bytes]:
    for index, piece in enumerate(re.split(rb"data:image/png;base64,([A-Za-z0-9+/=]+)", page)):
        yield _pixels(base64.b64decode(piece)) if index % 2 else piece


def _pixels(picture: bytes) -> bytes:
    with Image.open(io.BytesIO(picture)) as image:
        return repr(image.size).encode() + image.convert("RGBA").tobytes()


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def main(folder: Path, *, renew: bool) -> int:
    """Compare all outputs with the hashes kept, or keep the new ones; 1 where some differ."""
    made = {}
    for group in GROUPS:
        (folder / group).mkdir()
        made[group] = outputs(group, folder / group)
    differing = (
        {group: differences(group, made[group]) for group in GROUPS} if HASHES.exists() else {}
    )
    for group, names in differing.items():
        for name in names:
            print(f"{group}: {name}")  # noqa: T201  the list is the answer of the command
    if renew:
        HASHES.write_text(json.dumps(made, indent=0, sort_keys=True) + "\n", encoding="utf-8")
        return 0
    return int(any(differing.values()))


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        sys.exit(main(Path(place), renew="--renew" in sys.argv[1:]))
