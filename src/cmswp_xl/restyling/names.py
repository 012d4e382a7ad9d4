"""
The names that a template uses, compared with the types of its document's context.

Filling in a template shows only the faults on the way that an example takes, and `jinja2.meta`
knows the names at the top only: a field misspelt inside a loop that the example never enters
would be found by neither. So the parsed template is walked with the types of its names.
"""

from __future__ import annotations

import ast
import difflib
import importlib
import inspect
import sys
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

from jinja2 import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable

Kind = Any
"""A type of a context, or `Any` where it is not known; what is not known is never a fault."""


@cache
def fields_of(kind: type) -> Mapping[str, Kind]:
    """
    Return the fields and properties of a context's class with their types.

    Contexts import the classes of their fields for type checkers only, so that these are looked
    for in all modules of the contexts.
    """
    found = {field.name: _resolved(str(field.type), kind) for field in fields(kind)}
    for name in dir(kind):
        if isinstance(getattr(kind, name, None), property):
            found.setdefault(name, Any)
    return found


def _resolved(annotation: str, owner: type) -> Kind:
    """Return the type that an annotation names; one that cannot be found is not known."""
    try:
        return eval(annotation, _names_in(owner.__module__))  # noqa: S307  our own source
    except (NameError, TypeError, AttributeError):
        return Any


@cache
def _names_in(module: str) -> dict[str, Any]:
    """Return what the names in a module mean, those that only type checkers import included."""
    names: dict[str, Any] = {"Mapping": Mapping, "Sequence": Sequence}
    for node in ast.walk(ast.parse(inspect.getsource(sys.modules[module]))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cmswp_xl."):
            found = importlib.import_module(node.module or "")
            names |= {a.asname or a.name: getattr(found, a.name, Any) for a in node.names}
    return {**names, **vars(sys.modules[module])}


def _origin(kind: Kind) -> Any:
    """Return what a type is made from: `tuple` of `tuple[str, ...]`."""
    return get_origin(kind)


def plain(kind: Kind) -> Kind:
    """Return a type without None beside it; of several others nothing is known."""
    if _origin(kind) in (Union, types.UnionType):
        others = [part for part in get_args(kind) if part is not type(None)]
        return others[0] if len(others) == 1 else Any
    return kind


def member(kind: Kind, name: str) -> tuple[bool, Kind]:
    """Return whether a type has a member of that name, and of what type it is."""
    kind = plain(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        known = fields_of(kind)
        return name in known, known.get(name, Any)
    if _origin(kind) in (dict, Mapping):
        return True, get_args(kind)[1]
    return True, Any


def element(kind: Kind) -> Kind:
    """Return the type of what a loop over a value takes in turn."""
    kind = plain(kind)
    origin, arguments = _origin(kind), get_args(kind)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:  # noqa: PLR2004
        return arguments[0]
    if origin in (list, Sequence, set, frozenset) and arguments:
        return arguments[0]
    return Any


def item(kind: Kind, index: int) -> Kind:
    """Return the type of one part of a value, as a loop with several names takes it apart."""
    kind = plain(kind)
    origin, arguments = _origin(kind), get_args(kind)
    if origin is tuple and Ellipsis not in arguments and index < len(arguments):
        return arguments[index]
    return element(kind)


_GIVEN = frozenset({"loop", "self", "super", "caller", "varargs", "kwargs"})


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that a template uses and its context lacks."""

    line: int
    name: str
    meant: str


@dataclass(slots=True)
class Uses:
    """
    What was found in one template.

    `unknown` holds each unknown name with its line, as it is written, and the nearest known one;
    `used` the fields used, as (class, name).
    """

    unknown: list[Unknown] = field(default_factory=list)
    used: set[tuple[type, str]] = field(default_factory=set)


def uses_of(tree: nodes.Template, context: Any, others: Iterable[str] = ()) -> Uses:
    """
    Walk a parsed template whose top-level names are the fields of a context.

    `others` are names that the environment gives to every template.
    """
    walker = _Walker(context, frozenset(others) | _GIVEN)
    walker.block(tree.body, {})
    return walker.uses


Scope = dict[str, Any]


class _Walker:
    """Follows the types of a context through loops and assignments."""

    def __init__(self, context: Any, given: frozenset[str]) -> None:
        self.example = context
        self.context: type = type(context)
        self.given = given
        self.uses = Uses()

    def block(self, body: Iterable[nodes.Node], scope: Scope) -> None:
        body = list(body)
        scope.update({node.name: Any for node in body if isinstance(node, nodes.Macro)})
        for node in body:
            self.statement(node, scope)

    def statement(self, node: nodes.Node, scope: Scope) -> None:
        if isinstance(node, nodes.For):
            self._loop(node, scope)
        elif isinstance(node, nodes.Assign):
            self._bind(node.target, self.kind(node.node, scope), scope)
        elif isinstance(node, (nodes.Import, nodes.FromImport)):
            self._imported(node, scope)
        elif isinstance(node, nodes.Macro):
            self._macro(node, scope)
        elif isinstance(node, (nodes.Block, nodes.Scope, nodes.With)):
            self._nested(node, dict(scope))
        elif isinstance(node, nodes.Expr):
            self.kind(node, scope)
        else:
            for child in node.iter_child_nodes():
                self.statement(child, scope)

    def _nested(self, node: nodes.Node, scope: Scope) -> None:
        for child in node.iter_child_nodes():
            self.statement(child, scope)

    def _loop(self, node: nodes.For, scope: Scope) -> None:
        inner = dict(scope)
        self._bind(node.target, element(self.kind(node.iter, scope)), inner)
        if node.test is not None:
            self.kind(node.test, inner)
        self.block(node.body, inner)
        self.block(node.else_, dict(scope))

    def _macro(self, node: nodes.Macro, scope: Scope) -> None:
        scope[node.name] = Any
        inner = dict(scope) | {argument.name: Any for argument in node.args}
        for default in node.defaults:
            self.kind(default, scope)
        self.block(node.body, inner)

    def _imported(self, node: nodes.Import | nodes.FromImport, scope: Scope) -> None:
        if isinstance(node, nodes.Import):
            scope[node.target] = Any
            return
        for name in node.names:
            scope[name[1] if isinstance(name, tuple) else name] = Any

    def _bind(self, target: nodes.Node, kind: Kind, scope: Scope) -> None:
        if isinstance(target, nodes.Name):
            scope[target.name] = kind
        elif isinstance(target, nodes.Tuple):
            for index, part in enumerate(target.items):
                self._bind(part, item(kind, index), scope)

    def kind(self, node: nodes.Node, scope: Scope) -> Kind:
        """Return what is known of an expression, noting every name and field that it uses."""
        if isinstance(node, nodes.Name):
            return self._name(node, scope)
        if isinstance(node, nodes.Getattr):
            return self._field(node, scope)
        found: Kind = Any
        for child in node.iter_child_nodes():
            found = self.kind(child, scope)
        if isinstance(node, nodes.Getitem):
            return element(self.kind(node.node, scope))
        return found if isinstance(node, nodes.Filter) and node.name in _SAME else Any

    def _name(self, node: nodes.Name, scope: Scope) -> Kind:
        if node.name in scope:
            return scope[node.name]
        if node.name in self.given:
            return Any
        known, kind = member(self.context, node.name)
        if not known:
            self._unknown(node, node.name, fields_of(self.context))
            return Any
        self.uses.used.add((self.context, node.name))
        return kind

    def _field(self, node: nodes.Getattr, scope: Scope) -> Kind:
        owner = plain(self.kind(node.node, scope))
        known, kind = member(owner, node.attr)
        keys = self._keys(node.node, scope)
        if keys is not None and node.attr not in keys:
            self._unknown(node, node.attr, keys)
        elif not known:
            self._unknown(node, node.attr, fields_of(owner))
        elif isinstance(owner, type) and is_dataclass(owner):
            self.uses.used.add((owner, node.attr))
        return kind

    def _keys(self, node: nodes.Node, scope: Scope) -> Iterable[str] | None:
        """Return the keys of a top-level table of words; None for anything else."""
        if not isinstance(node, nodes.Name) or node.name in scope:
            return None
        found = getattr(self.example, node.name, None)
        return found if isinstance(found, dict) else None

    def _unknown(self, node: nodes.Node, name: str, known: Iterable[str]) -> None:
        meant = next(iter(difflib.get_close_matches(name, list(known), 1)), "")
        found = Unknown(node.lineno, written(node), meant)
        if found not in self.uses.unknown:
            self.uses.unknown.append(found)


_SAME = frozenset({"reverse", "list", "sort", "unique", "select", "reject", "selectattr"})
"""Filters that give a part of what they take, of the same type."""


def written(node: nodes.Node) -> str:
    """Return an expression as it stands in the template, as far as it is names and fields."""
    if isinstance(node, nodes.Getattr):
        return f"{written(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "…"
