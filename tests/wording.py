"""Every text that people read, in its language: what tests of typography and of terms look at."""

from __future__ import annotations

import html
import re
import zipfile
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml
from babel.messages.pofile import read_po

from cmswp_xl.languages import DOMAIN, LOCALE_FOLDER, Language
from cmswp_xl.schema import load_schemas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ROOT = Path(__file__).parents[1]
TESTS = Path(__file__).parent
GUIDES = ("start", "staff", "finance")


class Said(NamedTuple):
    """A text in a language, and where it stands."""

    language: str
    place: str
    text: str


def rules(name: str) -> dict[str, dict[str, re.Pattern[str]]]:
    """Return the patterns of a file of rules, by language or subject and by name."""
    data = yaml.safe_load((TESTS / name).read_text(encoding="utf-8"))
    return {
        part: {rule: re.compile(pattern) for rule, pattern in patterns.items()}
        for part, patterns in data.items()
    }


def faults(texts: Iterable[Said], found: Mapping[str, Mapping[str, re.Pattern[str]]]) -> list[str]:
    """Return each match of a rule of a text's language that no pattern of `allow` covers."""
    matches = {
        f"{rule} | {said.place} | {said.text[max(0, match.start() - 40) : match.end() + 40]}"
        for said in texts
        for rule, pattern in found[said.language].items()
        for match in pattern.finditer(said.text)
        if not _allowed(said.text, match, found["allow"].values())
    }
    return sorted(matches)


def _allowed(text: str, match: re.Match[str], patterns: Iterable[re.Pattern[str]]) -> bool:
    return any(
        found.start() < match.end() and match.start() < found.end()
        for pattern in patterns
        for found in pattern.finditer(text)
    )


@cache
def program_texts() -> tuple[Said, ...]:
    """Return the texts of the program: its messages and help in every language."""
    return tuple(_program_texts())


def _program_texts() -> Iterator[Said]:
    for language in (Language.FR, Language.ES):
        path = LOCALE_FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"
        for message in read_po(BytesIO(path.read_bytes()), locale=language.value):
            sources = message.id if isinstance(message.id, tuple) else (message.id,)
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            for text in texts if message.id else ():
                yield Said(language.value, f"catalogue: {sources[0][:60]}", str(text))
            for source in sources if language is Language.FR else ():
                yield Said("en", "message", source)


def schema_texts() -> Iterator[Said]:
    """Yield the titles and helps of all tables and columns."""
    for schema in load_schemas().values():
        for item in (schema, *schema.fields):
            for texts in (item.titles, item.help):
                for language, text in texts.items():
                    yield Said(language, f"schema: {schema.name}/{item.name}", text)


def sample_texts() -> Iterator[Said]:
    """Yield what the workbooks that ship contain in a language."""
    for path in sorted((ROOT / "src/cmswp_xl/samples").glob("*.yaml")):
        data = yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        for table, rows in data.items():
            for row in rows if isinstance(rows, list) else [rows]:
                for name, text in row.items() if isinstance(row, dict) else ():
                    language = name.rpartition("_")[2]
                    if language in set(Language) and isinstance(text, str):
                        yield Said(language, f"{path.stem}: {table}/{name}", text)


def guide_texts() -> Iterator[Said]:
    """Yield the paragraphs of the guides, without code and the targets of links."""
    for name in GUIDES:
        for language in Language:
            ending = "md" if language is Language.EN else f"{language}.md"
            text = (ROOT / "docs" / f"{name}.{ending}").read_text(encoding="utf-8")
            text = re.sub(r"```.*?```|`[^`]*`|(?<=\])\([^)]*\)", "", text, flags=re.DOTALL)
            for paragraph in re.split(r"\n\s*\n|\n(?=[*|#\d])|\|", text):
                yield Said(language, f"{name}.{ending}", " ".join(re.split(r"[ \n]+", paragraph)))


def document_texts(files: Mapping[str, bytes]) -> Iterator[Said]:
    """Yield the paragraphs of documents in Word and HTML, by names such as `annex.fr.docx`."""
    for name, data in files.items():
        language = name.split(".")[-2]
        if name.endswith(".html"):
            page = _Page()
            page.feed(data.decode())
            texts = page.texts
        elif name.endswith(".docx"):
            xml = zipfile.ZipFile(BytesIO(data)).read("word/document.xml").decode()
            paragraphs = re.findall(r"<w:p[ >].*?</w:p>", xml, re.DOTALL)
            runs = [re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", each) for each in paragraphs]
            texts = [html.unescape("".join(each)) for each in runs]
        else:
            continue
        yield from (Said(language, name, text.strip(" ")) for text in texts if text.strip())


class _Page(HTMLParser):
    """The texts of a page, split where a block begins or ends."""

    BLOCKS = re.compile(r"p|t[rdh]|h[123]|li|d[tdi]v?|caption|section|tspan|text|title|figcaption")

    def __init__(self) -> None:
        super().__init__()
        self.texts = [""]
        self._hidden = 0

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self._hidden += tag in {"style", "script"}
        if self.BLOCKS.fullmatch(tag):
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "script"}
        if self.BLOCKS.fullmatch(tag):
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.texts[-1] += re.sub(r"[ \n\t]+", " ", data)


PARTS = {
    "program": program_texts,
    "schemas": schema_texts,
    "samples": sample_texts,
    "guides": guide_texts,
}
"""What there is beside documents."""
