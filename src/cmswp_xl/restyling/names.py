"""The names and fields that a template uses, each with its line, set against its context."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, is_dataclass
from typing import TYPE_CHECKING, Any

from jinja2 import nodes

from cmswp_xl.restyling.kinds import element, fields_of, item, member, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cmswp_xl.restyling.kinds import Kind

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
        """Give what is known of an expression, noting every name and field that it uses."""
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
        """Give the keys of a top-level table of words; None for anything else."""
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
    """Give an expression as it stands in the template, as far as it is names and fields."""
    if isinstance(node, nodes.Getattr):
        return f"{written(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "…"
