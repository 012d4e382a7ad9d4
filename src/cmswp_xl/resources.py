"""Where schemas, templates and samples are: inside the installed package, or in the checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from cmswp_xl.errors import BrokenResource

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parents[1]


def schema_folder() -> Path:
    """Return the folder of the table schemas."""
    return _folder("schemas")


def template_folder() -> Path:
    """Return the folder of the document templates."""
    return _folder("templates")


def sample(name: str) -> Path:
    """Return the file that holds the content of a sample workbook."""
    return PACKAGE / "samples" / f"{name}.yaml"


def read_yaml(path: Path) -> Any:
    """
    Read one of the program's own YAML files, by the fast loader where there is one.

    Raises `OSError` or `yaml.YAMLError` where it is missing or malformed.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), loader)  # noqa: S506  both are safe loaders


def _folder(name: str) -> Path:
    """
    Return the folder inside the package, or beside `src/` in a checkout.

    Raises `BrokenResource` where there is neither.
    """
    for folder in (PACKAGE / name, CHECKOUT / name):
        if folder.is_dir():
            return folder
    raise BrokenResource("resource-missing", name=name)
