"""A class or function added to a Python file: at its end, with the imports that it needs among those that are there."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from etl.errors import ProjectError
from etl.scaffold.wording import INDENT, WIDEST_LINE

Imports = Sequence[tuple[str, tuple[str, ...]]]
_STANDARD = {"typing", "collections.abc", "__future__"}
_OWN = ("etl", "schemas")


def new_file(docstring: str, imports: Imports, *parts: str) -> str:
    """Give a new module: what it is for, its imports, and its parts."""
    head = f'"""{docstring}"""\n\nfrom __future__ import annotations\n\n{_blocks(dict(imports))}'
    return head + "".join(parts)


def _blocks(imports: dict[str, tuple[str, ...]]) -> str:
    """Give imports in the order of the house: the standard library, others, its own."""
    groups: dict[int, list[str]] = {}
    for module in sorted(imports, key=_place):
        groups.setdefault(_place(module)[0], []).append(_line(module, imports[module]))
    return "".join("\n".join(lines) + "\n\n" for _, lines in sorted(groups.items()))


def _place(module: str) -> tuple[int, int, str]:
    group = 0 if module in _STANDARD else 2 if module.split(".")[0] in _OWN else 1
    return group, 0 if " as " in module else 1, module


def _line(module: str, names: Iterable[str]) -> str:
    ordered = sorted(names, key=_order)
    if not ordered:
        return f"import {module}"
    flat = f"from {module} import {', '.join(ordered)}"
    if len(flat) <= WIDEST_LINE:
        return flat
    return "\n".join([f"from {module} import (", *(f"{INDENT}{name}," for name in ordered), ")"])


def _order(name: str) -> tuple[int, str]:
    """Give the place of a name as isort has it: constants, classes, the others."""
    own = name.partition(" as ")[0]
    return (0 if own.isupper() and len(own) > 1 else 1 if own[0].isupper() else 2), own


def added_to(text: str, imports: Imports, part: str, file: str) -> str:
    """Give a module with a class or function at its end, and the imports that this needs.

    Raises:
        ProjectError: it is no Python that can be read.
    """
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise ProjectError(f"{file}:{error.lineno}: is no Python, so nothing can be added to it: {error.msg}.") from None
    lines = text.rstrip("\n").split("\n")
    missing: dict[str, tuple[str, ...]] = {}
    there = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    changed: list[tuple[int, int, list[str]]] = []
    for module, names in imports:
        found = next((node for node in there if _imports(node, module)), None)
        if found is None:
            missing[module] = names
        elif isinstance(found, ast.ImportFrom) and names:
            all_names = {_written(alias) for alias in found.names} | set(names)
            changed.append((found.lineno - 1, found.end_lineno or found.lineno, _line(module, all_names).split("\n")))
    for start, end, new in sorted(changed, reverse=True):
        lines[start:end] = new
    if missing:
        lines = _with_missing(lines, missing)
    return "\n".join(lines) + "\n\n\n" + part


def _imports(node: ast.Import | ast.ImportFrom, module: str) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == module
    return any(_written(alias) == module for alias in node.names)


def _written(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def _with_missing(lines: list[str], missing: dict[str, tuple[str, ...]]) -> list[str]:
    """Give the lines with imports that were not there, each after those that come before it."""
    for module, names in missing.items():
        tree = ast.parse("\n".join(lines))
        nodes = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        before = [node for node in nodes if _place(_module(node)) < _place(module)]
        after = [node for node in nodes if _place(_module(node)) > _place(module)]
        new = _line(module, names).split("\n")
        if before and _place(_module(before[-1]))[0] == _place(module)[0] and _module(before[-1]) != "__future__":
            at = before[-1].end_lineno or before[-1].lineno
        elif after and _place(_module(after[0]))[0] == _place(module)[0] and _module(after[0]) != "__future__":
            at = after[0].lineno - 1
        elif before:
            at = before[-1].end_lineno or before[-1].lineno
            new = ["", *new]
        else:
            at = len(lines)
        lines = [*lines[:at], *new, *lines[at:]]
    return lines


def _module(node: ast.Import | ast.ImportFrom) -> str:
    return node.module or "" if isinstance(node, ast.ImportFrom) else _written(node.names[0])
