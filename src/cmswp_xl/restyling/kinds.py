"""What an expression of a template stands for, as far as the types of a context tell."""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin

Kind = Any
"""A type of a context, or `Any` where it is not known; what is not known is never a fault."""


@cache
def fields_of(kind: type) -> Mapping[str, Kind]:
    """
    Give the fields and properties of a context's class with their types.

    Contexts import the classes of their fields for type checkers only, so that these are looked
    for in all modules of the contexts.
    """
    found = {field.name: _resolved(str(field.type), kind) for field in fields(kind)}
    for name in dir(kind):
        if isinstance(getattr(kind, name, None), property):
            found.setdefault(name, Any)
    return found


def _resolved(annotation: str, owner: type) -> Kind:
    """Give the type that an annotation names; one that cannot be found is not known."""
    try:
        return eval(annotation, _names_in(owner.__module__))  # noqa: S307  our own source
    except (NameError, TypeError, AttributeError):
        return Any


@cache
def _names_in(module: str) -> dict[str, Any]:
    """Give what the names in a module mean, those that only type checkers import included."""
    names: dict[str, Any] = {"Mapping": Mapping, "Sequence": Sequence}
    for node in ast.walk(ast.parse(inspect.getsource(sys.modules[module]))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cmswp_xl."):
            found = importlib.import_module(node.module or "")
            names |= {a.asname or a.name: getattr(found, a.name, Any) for a in node.names}
    return {**names, **vars(sys.modules[module])}


def _origin(kind: Kind) -> Any:
    """Give what a type is made from: `tuple` of `tuple[str, ...]`."""
    return get_origin(kind)


def plain(kind: Kind) -> Kind:
    """Give a type without None beside it; of several others nothing is known."""
    if _origin(kind) in (Union, types.UnionType):
        others = [part for part in get_args(kind) if part is not type(None)]
        return others[0] if len(others) == 1 else Any
    return kind


def member(kind: Kind, name: str) -> tuple[bool, Kind]:
    """Tell whether a type has a member of that name, and of what type it is."""
    kind = plain(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        known = fields_of(kind)
        return name in known, known.get(name, Any)
    if _origin(kind) in (dict, Mapping):
        return True, get_args(kind)[1]
    return True, Any


def element(kind: Kind) -> Kind:
    """Give the type of what a loop over a value takes in turn."""
    kind = plain(kind)
    origin, arguments = _origin(kind), get_args(kind)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:  # noqa: PLR2004
        return arguments[0]
    if origin in (list, Sequence, set, frozenset) and arguments:
        return arguments[0]
    return Any


def item(kind: Kind, index: int) -> Kind:
    """Give the type of one part of a value, as a loop with several names takes it apart."""
    kind = plain(kind)
    origin, arguments = _origin(kind), get_args(kind)
    if origin is tuple and Ellipsis not in arguments and index < len(arguments):
        return arguments[index]
    return element(kind)
