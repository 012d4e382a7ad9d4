"""The Jinja environment of every template: sandboxed, escaping, strict about names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

if TYPE_CHECKING:
    from pathlib import Path


def template_environment(folder: Path | None = None) -> SandboxedEnvironment:
    """Give an environment that loads templates from a folder, or none from anywhere."""
    environment = _Environment(
        loader=None if folder is None else FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["css_string"] = css_string
    return environment


class _Environment(SandboxedEnvironment):
    """A sandbox that knows the values of our own contexts, which hold strings and lists only."""

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Allow the public fields of a context; ask the sandbox about anything else."""
        if type(obj).__module__.startswith("cmswp_xl.context."):
            return not attr.startswith("_")
        return super().is_safe_attribute(obj, attr, value)


def css_string(text: str) -> str:
    """Write a text so that it stays one string inside the quotes of a style sheet."""
    return "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in text)
