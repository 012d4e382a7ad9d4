"""HTML documents from Jinja templates: one file each, nothing loaded from elsewhere."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from cmswp_xl.render.environment import template_environment
from cmswp_xl.render.faults import faults_of, in_confinement
from cmswp_xl.render.folders import folders

if TYPE_CHECKING:
    from pathlib import Path

    from _typeshed import DataclassInstance


def render_html(document: str, context: DataclassInstance, folder: Path | None = None) -> bytes:
    """
    Render the HTML template of a document with its context.

    `folder` holds templates that staff changed; what it lacks is taken from those that ship.
    Raises `BrokenResource` where the template is missing, malformed, or uses a name that the
    context lacks.
    """
    file = f"{document}/{document}.html.j2"
    if folder is None:
        return filled_html(file, context)
    return in_confinement(file, filled_html, file, context, folder)


def filled_html(file: str, context: DataclassInstance, folder: Path | None = None) -> bytes:
    """Fill in a template by its name; raises `BrokenResource` as `render_html` does."""
    with faults_of(file):
        template = template_environment(*folders(folder)).get_template(file)
        return template.render(top_level(context)).encode("utf-8")


def top_level(context: DataclassInstance) -> dict[str, Any]:
    """Give the fields of a context as the names that a template sees."""
    return {field.name: getattr(context, field.name) for field in fields(context)}
