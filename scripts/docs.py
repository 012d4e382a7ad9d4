"""
Write the parts of the documentation that the program itself knows; run by `make docs`.

The data dictionary comes from the schemas, the issue codes from the catalogue of messages, the
options from the commands, the terms from the translations, the figures from their declarations.
A test fails where a page is stale.
"""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
import yaml

from cmswp_xl.cli import main as cmswp
from cmswp_xl.figures.declarations import DECLARED
from cmswp_xl.figures.declarations import KINDS as FUNDING_KINDS
from cmswp_xl.issues import SEVERITIES, Severity
from cmswp_xl.languages import Language, Words
from cmswp_xl.messages.labels import FIELD_KINDS, KINDS, label, rule_text
from cmswp_xl.messages.worded import LIST_WORDS, TEMPLATES, codes, explanation
from cmswp_xl.schema import sheet_schemas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cmswp_xl.schema import Field, TableSchema

DOCS = Path(__file__).parents[1] / "docs"
CHOSEN = Path(__file__).with_name("terms.yaml")
ENGLISH = Words(Language.EN)
PRESENCE = {
    "required": "must be there, filled in",
    "present": "must be there; may have no rows",
    "optional": "may be absent, which is the same as empty",
}
TYPES = {"string": "text", "number": "number", "integer": "whole number"}
UNITS = {"currency": ", in the programme’s currency", "percent": ", per cent", "days": ", days"}
TERMS = (
    "Costed programme of work",
    "{title} (draft)",
    "{title} (extract)",
    "Programme area",
    "Activity",
    "Cost of the activity",
    "Cost of activities",
    "Funding available",
    "Core budget",
    "Core budget (proposed)",
    "Voluntary contributions",
    "Other sources",
    "Funding to be sought",
    "▲\u00a0Unfunded",
    "▲\u00a0Unfunded – core priority",
    "No additional cost",
    "Not yet costed",
    "at least {amount}",
    "Pledged, and not counted as available: {list}.",
    "In kind, and not counted: {list}.",
    "Sub-total",
    "Total direct costs",
    "Programme support costs ({rate}%)",
    "Grand total",
    "Human resources used in the programme areas",
    "Post (grade)",
    "Time allotted (%)",
    "Posts funded from the core budget",
    "Posts funded from voluntary contributions",
    "Posts funded from other sources",
    "As at {date}.",
    "Budget scenario: {scenario}.",
    "Whole period",
    "Illustrative figures",
)
"""The terms of the annex, as the program words them in English."""

SEEN_IN_SPANISH = frozenset({"As at {date}.", "Budget scenario: {scenario}."})
"""The terms whose Spanish was seen in the Convention's own documents."""


def documents() -> dict[Path, str]:
    """Give the text of every page that has parts written here."""
    pages = {
        "fields": field_blocks(),
        "codes": code_blocks(),
        "commands": command_blocks(),
        "terms": term_blocks(),
        "trace": {"figures": figure_list()},
    }
    paths = {DOCS / f"{name}.md": blocks for name, blocks in pages.items()}
    return {path: filled(path, blocks) for path, blocks in paths.items()}


def filled(path: Path, blocks: Mapping[str, str]) -> str:
    """Give a page with its marked blocks replaced; ValueError where it lacks one or has others."""
    text = path.read_text(encoding="utf-8")
    pattern = re.compile(r"(<!-- begin: (?P<name>[\w -]+) -->\n).*?(<!-- end -->)", re.DOTALL)
    names = [match["name"] for match in pattern.finditer(text)]
    if sorted(names) != sorted(blocks):
        difference = ", ".join(sorted(set(names) ^ set(blocks))) or "a block stands twice"
        message = f"{path.name}: {difference}"
        raise ValueError(message)
    return pattern.sub(lambda m: f"{m[1]}\n{blocks[m['name']]}\n\n{m[3]}", text)


def grid(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a Markdown table; upright lines and line breaks in cells are kept from breaking it."""

    def line(cells: Sequence[str]) -> str:
        safe = (cell.replace("|", "\\|").replace("\n", "<br>") for cell in cells)
        return f"| {' | '.join(safe)} |"

    return "\n".join([line(headers), line(["---"] * len(headers)), *map(line, rows)])


def field_blocks() -> dict[str, str]:
    """Give the data dictionary, a section for each table."""
    schemas = sheet_schemas()
    listed = [
        f"* [{schema.table}](#{schema.name}): {schema.help[Language.EN]}"
        for schema in schemas.values()
    ]
    sections = [part for schema in schemas.values() for part in _table_section(schema, schemas)]
    return {"list": "\n".join(listed), "tables": "\n\n".join(sections)}


def _table_section(schema: TableSchema, schemas: Mapping[str, TableSchema]) -> Iterator[str]:
    yield f"## {schema.table}"
    yield schema.help[Language.EN]
    sheets = " / ".join(schema.titles[language] for language in Language)
    key = " + ".join(f"`{name}`" for name in schema.primary_key)
    facts = [f"* Sheet: {sheets}", f"* Excel table: `{schema.table}`"]
    facts.append(f"* Presence: {PRESENCE[schema.presence]}")
    if schema.form:
        facts.append("* A form: one row for each setting, its value beside it")
    if key:
        facts.append(f"* No two rows share: {key}")
    yield "\n".join(facts)
    yield grid(
        ("Field", "Heading (English, French, Spanish)", "Kind", "Required", "Allowed", "Help"),
        (_field_row(field, schemas) for field in schema.fields),
    )


def _field_row(field: Field, schemas: Mapping[str, TableSchema]) -> tuple[str, ...]:
    marks = [mark for mark in ("computed", "internal") if getattr(field, mark)]
    marks = ["calculated" if mark == "computed" else mark for mark in marks]
    titles = "\n".join(field.titles[language] for language in Language)
    required = "in the original language" if field.required_text else "no"
    return (
        f"`{field.name}`",
        titles,
        ", ".join([_kind(field), *(f"*{mark}*" for mark in marks)]),
        "–" if field.computed else "**yes**" if field.required else required,
        _allowed(field, schemas),
        field.help[Language.EN],
    )


def _kind(field: Field) -> str:
    if field.list:
        return "codes separated by `;`"
    if field.code:
        return "code, as text"
    decimals = "" if field.decimals is None else f", {field.decimals} decimals at most"
    return TYPES.get(field.type, field.type) + decimals + UNITS.get(field.unit or "", "")


def _allowed(field: Field, schemas: Mapping[str, TableSchema]) -> str:
    words = field.enum or field.choices
    parts = [", ".join(f"`{word}`" for word in words)] if words else []
    if field.reference:
        table = schemas[field.reference.table].table
        parts.append(f"`{field.reference.field}` of {table}")
        if field.reference.locator:
            parts.append("a place in brackets may follow")
    if field.minimum is not None and field.maximum is not None:
        grouped = "f" if field.type == "year" else ",f"
        parts.append(f"{field.minimum:{grouped}} to {field.maximum:{grouped}}")
    if field.pattern:
        parts.append(f"`{field.pattern}`")
    if field.default:
        parts.append(f"blank means `{field.default}`")
    return "; ".join(parts)


def code_blocks() -> dict[str, str]:
    """Give every issue code with what it means, its messages and what to do, by severity."""
    return {severity.value: _codes_of(severity) for severity in Severity}


def _codes_of(severity: Severity) -> str:
    chosen = [code for code in codes() if SEVERITIES[code] is severity]
    listed = ((_link(code), explanation(code, ENGLISH).what) for code in chosen)
    sections = (part for code in chosen for part in _code_section(code))
    return "\n\n".join((grid(("Code", "What it means"), listed), *sections))


def _link(code: str) -> str:
    return f"[`{code}`](#{code})"


def _code_section(code: str) -> Iterator[str]:
    told = explanation(code, ENGLISH)
    yield f"### {code}"
    yield f"**What it means.** {told.what}\n{told.why}"
    yield f"**What to do.** {told.how}"
    remedies: dict[str, list[str]] = defaultdict(list)
    for name, template in TEMPLATES.items():
        if name.partition(":")[0] == code and template.message not in remedies[template.remedy]:
            remedies[template.remedy].append(template.message)
    rows = [("\n".join(map(_shown, said)), _shown(remedy)) for remedy, said in remedies.items()]
    yield grid(("Message", "Remedy"), rows)


def _shown(text: str) -> str:
    """Give a message with its places in italics."""
    shown = ENGLISH(text)
    for name, word in LIST_WORDS.items():
        shown = shown.replace(f"{{{name}}}", label(*word, ENGLISH))
    return re.sub(r"\{(\w+)\}", lambda match: f"*{match[1].replace('_', ' ')}*", shown)


def command_blocks() -> dict[str, str]:
    """Give what each command says of itself: how it is called, its options, its example."""
    return {name: _command_block(name, command) for name, command in all_commands()}


def all_commands() -> Iterator[tuple[str, click.Command]]:
    """Give every command by its name; a command of a group by both names."""
    for name, command in cmswp.commands.items():
        if not isinstance(command, click.Group):
            yield name, command
            continue
        yield from ((f"{name} {inner}", item) for inner, item in command.commands.items())


def _command_block(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=f"cmswp {name}", terminal_width=300)
    usage = " ".join(command.get_usage(context).removeprefix("Usage: ").split())
    described, _, example = inspect.cleandoc(command.help or "").partition("Example: ")
    example = example or f"cmswp {name}"
    parts = [f"```\n{usage}\n```", described.strip()]
    options = [item for item in command.params if isinstance(item, click.Option)]
    if options:
        parts.append(grid(("Option", "Value", "Meaning"), map(_option_row, options)))
    parts.append(f"Example:\n\n```\n{' '.join(example.split())}\n```")
    return "\n\n".join(parts)


def _option_row(option: click.Option) -> tuple[str, str, str]:
    value = option.metavar or option.type.name.upper()
    if isinstance(option.type, click.Choice):
        value = ", ".join(f"`{choice}`" for choice in option.type.choices)
    notes = ["**Required.**"] if option.required else []
    notes.append(re.sub(r" \[default: (.*)\]", r" Default: \1.", option.help or ""))
    default = option.default if option.show_default is True else option.show_default
    if default:
        notes.append(f"Default: {default}.")
    names = ", ".join(f"`{name}`" for name in option.opts)
    return names, "" if option.is_flag else value, " ".join(notes)


def term_blocks() -> dict[str, str]:
    """Give the terms of documents, and the code words of lists, in the three languages."""
    words = [Words(language) for language in Language]

    def labels(kind: str, word: str) -> tuple[str, ...]:
        return (f"`{word}`", *(label(kind, word, say) for say in words))

    terms = ((*(_shown_term(say(term)) for say in words), _seen(term)) for term in TERMS)
    statuses = (labels("funding-status", word) for word in KINDS["funding-status"])
    listed = (
        (f"{sheet_schemas()[table].table}: {field}", *labels(kind, word))
        for (table, field), kind in FIELD_KINDS.items()
        for word in KINDS[kind]
    )
    languages = [ENGLISH(KINDS["language"][language]) for language in Language]
    chosen = yaml.safe_load(CHOSEN.read_text(encoding="utf-8"))
    return {
        "chosen terms": grid(
            (*languages, "Source"),
            ([term[key] for key in (*Language, "source")] for term in chosen),
        ),
        "terms": grid((*languages, "Spanish in CMS documents"), terms),
        "list words": grid(("Column", "Word in the workbook", *languages), listed),
        "funding statuses": grid(("Word in the workbook", *languages), statuses),
    }


def _seen(term: str) -> str:
    return "seen" if term in SEEN_IN_SPANISH else "to be confirmed"


def _shown_term(text: str) -> str:
    return re.sub(r"\{\w+\}", "…", text).rstrip(".")


def figure_list() -> str:
    """List the figures of an activity, each with its rule and what it is made of."""
    rows = []
    for figure in DECLARED.values():
        values = {"kind": figure.name} if figure.name in FUNDING_KINDS else {}
        rows.append((f"`{figure.name}`", rule_text(figure.rule, values, ENGLISH)))
    return grid(["name", "what it is"], rows)


def main() -> None:
    """Write every page."""
    for path, text in documents().items():
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"docs/{path.name}")


if __name__ == "__main__":
    main()
