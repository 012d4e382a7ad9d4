"""Count what `docs/design.md` promises of the source: lines, modules, importers, cycles, names."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src"
PACKAGE = "cmswp_xl"
LONGEST = 600
MOST_LINES, MOST_MODULES, MOST_SINGLE = 27_000, 140, 20
DOCUMENTS = {"cover", "funding-needs", "technology-review", "next-steps"}
"""The documents whose names mean nothing else, to count the places that name one."""

Graph = dict[str, set[str]]


def modules() -> dict[str, Path]:
    """Return the path of each module of the package by its dotted name."""
    found = {}
    for path in sorted((SOURCE / PACKAGE).rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(files: dict[str, Path]) -> Graph:
    """Return what each module imports of the package, lazily or for type checkers too."""
    graph: Graph = {name: set() for name in files}
    for name, path in files.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
                whole = [f"{node.module}.{alias.name}" for alias in node.names]
                graph[name] |= {one if one in files else str(node.module) for one in whole}
    return {name: {one for one in found if one in files} - {name} for name, found in graph.items()}


def single(graph: Graph) -> list[str]:
    """Return the modules that exactly one other imports."""
    importers = defaultdict(set)
    for name, found in graph.items():
        for one in found:
            importers[one].add(name)
    return sorted(name for name, found in importers.items() if len(found) == 1)


def cycles(graph: Graph) -> list[str]:
    """Return the modules that import themselves through others."""
    return sorted(name for name in graph if name in _reached(graph, name))


def _reached(graph: Graph, start: str) -> set[str]:
    waiting, reached = list(graph[start]), set()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += graph[name]
    return reached


def naming(files: dict[str, Path]) -> list[str]:
    """Return the modules in whose code a document is named."""
    return [
        name
        for name, path in files.items()
        if any(
            isinstance(node, ast.Constant) and node.value in DOCUMENTS
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    ]


def main() -> int:
    """Print the counts beside their targets; 1 where a module is too long or part of a cycle."""
    files = modules()
    graph = imports(files)
    lines = {name: len(path.read_text("utf-8").splitlines()) for name, path in files.items()}
    long = sorted(name for name, count in lines.items() if count > LONGEST)
    round_about = cycles(graph)
    print(f"lines of Python in src/: {sum(lines.values()):,} (at most {MOST_LINES:,})")
    print(f"modules: {len(files)} (at most {MOST_MODULES})")
    print(f"modules with one importer: {len(single(graph))} (at most {MOST_SINGLE})")
    print(f"modules of over {LONGEST} lines: {len(long)} (none) {' '.join(long)}")
    print(f"modules in a cycle: {len(round_about)} (none) {' '.join(round_about)}")
    print(f"modules that name a document: {' '.join(naming(files))} (one)")
    return int(bool(long or round_about))


if __name__ == "__main__":
    sys.exit(main())
