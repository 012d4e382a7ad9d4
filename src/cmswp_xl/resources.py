"""Where schemas, templates and samples are: inside the installed package, or in the checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cmswp_xl.errors import BrokenResource

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parents[1]


def schema_folder() -> Path:
    """Return the folder of the table schemas."""
    return shipped("schemas")


def template_folder() -> Path:
    """Return the folder of the document templates."""
    return shipped("templates")


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


@cache
def texts(name: str) -> Any:
    """Return the English texts of a file of `messages/`; every value in it is read as text."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    path = PACKAGE / "messages" / f"{name}.yaml"
    return yaml.load(path.read_text(encoding="utf-8"), loader)  # noqa: S506  makes texts only


def shipped(name: str) -> Path:
    """
    Return a folder or file of the package, or in a checkout of the folder with `src/`.

    Raises `BrokenResource` where it is in neither.
    """
    for folder in (PACKAGE, CHECKOUT):
        if (folder / name).exists():
            return folder / name
    raise BrokenResource("resource-missing", name=Path(name).name)
