"""Whether documents are whole, and exactly what a workbook gives."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from cmswp_xl.documents.build import (
    FORMATS,
    MANIFEST,
    PDF,
    Request,
    hash_of,
    template_hashes,
    versions,
)
from cmswp_xl.errors import CmswpError
from cmswp_xl.languages import DOCUMENT_LANGUAGES, Language, Words, reason_of
from cmswp_xl.messages.labels import KINDS
from cmswp_xl.messages.values import display_text
from cmswp_xl.office import found_office
from cmswp_xl.pipeline import Checkup, build_compared, build_documents, build_tracked
from cmswp_xl.registry import ALL, DATA, DOCUMENTS, SET
from cmswp_xl.schema import load_schemas
from cmswp_xl.validate.typed import content_mark

_MADE = (".docx", ".html", ".pdf", ".trace.json", ".zip", ".csv")
"""The endings of files that a folder of documents has of the program only."""
_OF_FILE = ("workbook", "sha256", "compared_with")
"""What a trace says of the workbook's file, which is another one once it is saved again."""


@dataclass(slots=True)
class Verdict:
    """
    What was found: files that differ, each with the reason, and why it cannot be told.

    Both empty: the documents are whole and exactly what the workbook gives.
    """

    differs: list[tuple[str, str]] = field(default_factory=list)
    unclear: list[tuple[str, str]] = field(default_factory=list)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a folder of documents; raises `CmswpError` where there is none."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
        known = {item["name"]: item["sha256"] for item in found["files"]}
        for part in (known, found.setdefault("versions", {}), found.setdefault("templates", {})):
            if not _texts([*part, *part.values()]):
                raise ValueError(part)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        detail = (reason_of(error) if isinstance(error, OSError) else "") or str(error)
        raise CmswpError("no-manifest", path=str(folder), detail=detail) from error
    return {**found, "known": known}


def _texts(values: object, known: Container[str] | None = None) -> bool:
    """Return whether something is a list of texts, of those that are known if any are."""
    return isinstance(values, list) and all(
        isinstance(value, str) and (known is None or value in known) for value in values
    )


def whole(folder: Path, manifest: Mapping[str, Any]) -> Verdict:
    """Compare the files of a folder with its manifest."""
    verdict = Verdict()
    known: Mapping[str, str] = manifest["known"]
    paths = (path for path in folder.rglob("*") if path.is_file())
    there = {path.relative_to(folder).as_posix(): path for path in paths}
    for name, sha256 in known.items():
        if name not in there:
            verdict.differs.append((name, "missing"))
            continue
        try:
            if hash_of(there[name].read_bytes()) != sha256:
                verdict.differs.append((name, "changed"))
        except OSError:
            verdict.unclear.append((name, "unreadable"))
    others = (name for name in sorted(there) if name not in known and name.endswith(_MADE))
    verdict.differs += [(name, "added") for name in others]
    return verdict


def from_workbook(
    folder: Path,
    manifest: Mapping[str, Any],
    checkup: Checkup,
    old: Checkup | None = None,
    templates: Path | None = None,
) -> Verdict:
    """
    Build the documents of a manifest again, and compare them with those of its folder.

    Raises `CmswpError` where the workbook gives none, and nothing is known to differ.
    """
    verdict = whole(folder, manifest)
    verdict.unclear += _unclear(manifest, old, templates)
    mark = content_mark(checkup.checked.typed)
    if manifest.get("content", mark) != mark:
        verdict.differs.insert(0, (checkup.name, "content"))
    if verdict.unclear:
        return verdict
    request = _request(manifest["options"], templates)
    build = build_documents if old is None else partial(build_compared, old)
    if old is not None and (by := manifest.get("tracked")):
        build = partial(build_tracked, old, author=str(by.get("author")), day=_day(by["date"]))
    try:
        made = build(checkup, request)
    except CmswpError:
        if not verdict.differs:
            raise
        return verdict
    seen = {name for name, _ in verdict.differs}
    for name in sorted({*manifest["known"], *made.files} - {MANIFEST} - seen):
        if name not in made.files:
            verdict.differs.append((name, "unmade"))
        elif name not in manifest["known"]:
            verdict.differs.append((name, "new"))
        elif not _same(name, made.files[name], (folder / name).read_bytes()):
            verdict.differs.append((name, "other"))
    return verdict


def _unclear(
    manifest: Mapping[str, Any], old: Checkup | None, templates: Path | None
) -> Iterator[tuple[str, str]]:
    """Yield what keeps documents from being made again as they were."""
    options = manifest.get("options")
    if not isinstance(options, dict) or not _known(options):
        yield MANIFEST, "options"
        return
    request = _request(options, templates)
    if PDF in request.formats and request.office is None:
        yield PDF, "no-office"
        return
    now = versions(request)
    for name, found in {**now, **manifest["versions"]}.items():
        if now.get(name) != found:
            yield f"{name} {found}", "version"
    hashes, ours = manifest["templates"], template_hashes(templates)
    for name in sorted({*hashes, *ours}):
        if hashes.get(name) != ours.get(name):
            yield name, "template"
    by = manifest.get("tracked")
    if by is not None and not (isinstance(by, dict) and _day(by.get("date"))):
        yield MANIFEST, "options"
    if (old is None) != ("compared_with" not in manifest):
        yield MANIFEST, "compared"


def _day(text: object) -> dt.date | None:
    """Return the day of tracked changes; None for what is none."""
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        return None


def _known(options: Mapping[str, Any]) -> bool:
    """Return whether an export of this version can have had these options."""
    settings = load_schemas()["programme"]
    lists = {"documents": {*DOCUMENTS, ALL, SET, DATA}, "formats": (*FORMATS, PDF)}
    single = {name: settings.field(name).enum for name in ("rounding", "number_style")}
    optional = {**single, "scenario": None}
    return (
        set(options) == set(Request().options())
        and all(_texts(options[name], known) for name, known in lists.items())
        and all(_texts(options[name]) for name in ("areas", "donors"))
        and (options["languages"] is None or _texts(options["languages"], DOCUMENT_LANGUAGES))
        and all(options[n] is None or _texts([options[n]], k) for n, k in optional.items())
        and all(isinstance(options[name], bool) for name in ("trace", "templates"))
    )


def _request(options: Mapping[str, Any], templates: Path | None) -> Request:
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in options.items()
        if name not in ("languages", "templates")
    }
    asked = options["languages"]
    languages = DOCUMENT_LANGUAGES if asked is None else tuple(map(Language, asked))
    return Request(
        **given,
        languages=languages,
        insists=asked is not None,
        templates=templates,
        office=found_office(),
    )


def _same(name: str, made: bytes, there: bytes) -> bool:
    if not name.endswith(".trace.json"):
        return made == there
    mine = json.loads(made)
    try:
        other = json.loads(there)
    except ValueError:
        return False
    ours = {key: mine[key] for key in _OF_FILE if key in mine}
    return isinstance(other, dict) and {**other, **ours} == mine


def verdict_text(verdict: Verdict, say: Words) -> str:
    """Return what was found, in words."""
    found = [("difference", *one) for one in verdict.differs]
    found += [("doubt", *one) for one in verdict.unclear]
    lines = (say(KINDS[kind][why], name=display_text(name, None)) for kind, name, why in found)
    return "\n".join(lines)
