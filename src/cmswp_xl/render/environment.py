"""The Jinja environment of every template: sandboxed, escaping, strict about names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import FileSystemLoader, StrictUndefined, TemplateRuntimeError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from cmswp_xl.charts import BarChart
from cmswp_xl.errors import BrokenResource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from jinja2 import Environment


def template_environment(
    *folders: Path, write: Callable[[object], object] | None = None
) -> SandboxedEnvironment:
    """
    Return an environment that loads a template from the first folder that has it.

    `write` turns values that are no texts into what stands for them.
    """
    environment = _Environment(
        loader=_Loader(folders) if folders else None,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=write,
    )
    environment.filters["css_string"] = css_string
    environment.filters["svg"] = svg_picture
    return environment


class _Loader(FileSystemLoader):
    """Names the file that is not in UTF-8."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Read a template."""
        try:
            return super().get_source(environment, template)
        except UnicodeDecodeError as error:
            raise BrokenResource("template-encoding", name=template) from error


class _Environment(SandboxedEnvironment):
    """A sandbox that knows the values of our own contexts, which hold strings and lists only."""

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Allow the public fields of a context; ask the sandbox about anything else."""
        if type(obj).__module__.startswith(("cmswp_xl.documents.", "cmswp_xl.page")):
            return not attr.startswith("_")
        return super().is_safe_attribute(obj, attr, value)


def css_string(text: str) -> str:
    """Write a text so that it stays one string inside the quotes of a style sheet."""
    return "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in text)


def svg_picture(chart: BarChart, label: str = "", name: str = "chart") -> Markup:
    """
    Draw a chart into an HTML page, with its text alternative; `name` begins its ids.

    Raises `TemplateRuntimeError` for anything but a chart, as any fault of a template.
    """
    if not isinstance(chart, BarChart):
        raise TemplateRuntimeError("svg is for charts only")
    from cmswp_xl.charts.drawing import svg

    picture = svg(chart, str(label), str(name))
    return Markup(picture)  # noqa: S704  its texts were escaped as it was drawn
