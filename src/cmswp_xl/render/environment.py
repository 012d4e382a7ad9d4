"""The Jinja environment of every template: sandboxed, escaping, strict about names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

if TYPE_CHECKING:
    from pathlib import Path


def template_environment(folder: Path | None = None) -> SandboxedEnvironment:
    """Give an environment that loads templates from a folder, or none from anywhere."""
    environment = SandboxedEnvironment(
        loader=None if folder is None else FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["css_string"] = css_string
    return environment


def css_string(text: str) -> str:
    """Write a text so that it stays one string inside the quotes of a style sheet."""
    return "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in text)
