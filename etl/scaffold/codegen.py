"""The Python source of a proposed model, alone or in a new module."""

from __future__ import annotations

import ast
import sys
import textwrap
from collections.abc import Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from etl.declarations import class_name
from etl.errors import ProjectError
from etl.scaffold.candidates import Candidate, listed
from etl.scaffold.expressions import INDENT, WIDEST_LINE, Expression, quoted, width
from etl.scaffold.layout import TableLayout

Imports = Mapping[str, frozenset[str]]
"""Modules, each with the names that are taken of it; none for `import module`."""

WIDEST_PROSE, WIDEST_TEXT = 120, 110
_HOUSE = ("etl", "schemas")
_MODULES = {"Any": "typing", "rules": "schemas", "Constraint": "schemas.constraints"}
"""Where names of a model are from that are not from `schemas.models`."""


def title_in_english(name: str) -> str:
    """Make the English title of a table or domain from its name."""
    words = name.replace("_", " ")
    return words[0].upper() + words[1:]


def shortened(text: str) -> str:
    """Cut a Chinese text so that it fits on a line."""
    at = len(text)
    while width(text[:at]) > WIDEST_TEXT:
        at -= 1
    return text if at == len(text) else f"{text[:at]}…"


def model_text(
    address: str, layout: TableLayout, rules: Sequence[Candidate], factors: Mapping[str, tuple[int, int]] = MappingProxyType({})
) -> str:
    """Write the class of a model; of some columns with the factors by which they change in a year."""
    grain = listed(["area", "period", *(each.en for each in layout.categories), "source"])
    lines = _called(f"class {class_name(address)}", "Table", f"zh={quoted(shortened(layout.title))}", after=":")
    lines += [*_docstring(f"{title_in_english(address.partition('.')[2])}. One row per {grain}.", INDENT), ""]
    for each in layout.categories:
        arguments = (quoted(shortened(each.zh)), quoted(each.en), f"codes={quoted(each.codes)}")
        lines += _called("label", *arguments, before=f"{each.name}: Category = ", indent=INDENT)
    for column in layout.figures:
        texts = (quoted(shortened(column.zh)), quoted(column.en), quoted(column.unit))
        options: tuple[str, ...] = ("optional=True",) if column.is_optional else ()
        options += (f"factors={factors[column.name]}",) if column.name in factors else ()
        lines += _called("figure", *texts, *options, before=f"{column.name}: {column.kind.capitalize()} = ", indent=INDENT)
    for rule in rules:
        severity = () if rule.severity == "error" else (f"severity={quoted(rule.severity)}",)
        lines += ["", *_called("@rule", f"zh={quoted(shortened(rule.zh))}", *severity, indent=INDENT)]
        lines += [f"{INDENT}def {rule.name}(cls: Any) -> Constraint:", *_docstring(rule.reason, INDENT * 2)]
        lines += rule.expression.lines("return ", indent=INDENT * 2)
    return "\n".join(lines) + "\n"


def title_text(zh: str, en: str) -> str:
    """Write the constant that holds the Chinese and English title of a domain."""
    flat = f"TITLE = ({quoted(shortened(zh))}, {quoted(en)})"
    return flat if width(flat) <= WIDEST_LINE else f"TITLE = (\n{INDENT}{quoted(shortened(zh))},\n{INDENT}{quoted(en)},\n)"


def new_module(docstring: str, titles: str, model: str) -> str:
    """Write a module of titles (empty for none) and a model, with its imports."""
    head = (f'"""{docstring}"""', "", "from __future__ import annotations", "", *_import_lines(_needed(model)))
    return "\n".join(head) + f"\n\n{titles}\n{model}"


def added_to(text: str, model: str, file: str) -> str:
    """Append a model to a module, and add the imports that it needs.

    Raises:
        ProjectError: the module is not valid Python.
    """
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        at = f"{file}:{error.lineno}: "
        raise ProjectError(
            f"{at}is not valid Python, so nothing can be added to it: {error.msg}.",
            f"{at}不是合法的 Python，无法增补：{error.msg}。请先更正。",
        ) from None
    nodes = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom) and "__future__" not in _imported(node)]
    there = {module: names for node in nodes for module, names in _imported(node).items()}
    imports = _needed(model)
    missing = {module: names for module, names in imports.items() if module not in there or not names <= there[module]}
    lines = text.rstrip("\n").split("\n")
    if missing:
        first, last = (nodes[0].lineno - 1, nodes[-1].end_lineno or 0) if nodes else (len(lines), len(lines))
        of_imports = {at for node in nodes for at in range(node.lineno - 1, node.end_lineno or 0)}
        if all(at in of_imports or not lines[at] for at in range(first, last)):
            lines[first:last] = _import_lines(there | {each: names | there.get(each, names) for each, names in imports.items()})
        else:  # what stands between the imports stays where it is
            lines[last:last] = _import_lines(missing)
    return "\n".join(lines) + "\n\n\n" + model


def _needed(model: str) -> dict[str, frozenset[str]]:
    """List the imports that the class of a model needs."""
    found: dict[str, frozenset[str]] = {}
    for node in ast.walk(ast.parse(model)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            module = _MODULES.get(node.id, "schemas.models")
            found[module] = found.get(module, frozenset()) | {node.id}
    return found


def _imported(node: ast.Import | ast.ImportFrom) -> dict[str, frozenset[str]]:
    names = [f"{alias.name} as {alias.asname}" if alias.asname else alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return {"." * node.level + (node.module or ""): frozenset(names)}
    return dict.fromkeys(names, frozenset())


def _import_lines(imports: Imports) -> list[str]:
    """Write imports in three groups: standard library, third party, the project."""
    found: list[str] = []
    for _, group in groupby(sorted(imports, key=lambda module: (_group(module), bool(imports[module]), module)), _group):
        found += [""] if found else []
        for module in group:
            names = sorted(imports[module], key=_order)
            flat = f"from {module} import {', '.join(names)}" if names else f"import {module}"
            found += (
                [flat] if len(flat) <= WIDEST_LINE else [f"from {module} import (", *(f"{INDENT}{each}," for each in names), ")"]
            )
    return found


def _group(module: str) -> int:
    package = module.split(".")[0]
    return 0 if package in sys.stdlib_module_names else 2 if package in _HOUSE else 1


def _order(name: str) -> tuple[int, str]:
    """Order names as isort does: constants, classes, the others."""
    own = name.partition(" as ")[0]
    return (0 if own.isupper() and len(own) > 1 else 1 if own[0].isupper() else 2), own


def _called(head: str, *arguments: str, before: str = "", after: str = "", indent: str = "") -> list[str]:
    return Expression(None, head, tuple(Expression(None, each) for each in arguments)).lines(before, after, indent)


def _docstring(text: str, indent: str) -> list[str]:
    first, *others = textwrap.wrap(text.replace("\\", "\\\\").replace('"', "'"), WIDEST_PROSE - len(indent) - 6)
    if not others:
        return [f'{indent}"""{first}"""']
    return [f'{indent}"""{first}', *(indent + line for line in others), f'{indent}"""']
