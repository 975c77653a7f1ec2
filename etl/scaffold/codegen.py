"""A proposed table as Python: the class of its model and the function of its transform, as a person would write them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from etl.scaffold.candidates import Candidate, listed
from etl.scaffold.columns import FigureColumn
from etl.scaffold.labels import CategoryColumn
from etl.scaffold.layout import TableLayout
from etl.scaffold.wording import INDENT, WIDEST_LINE, Wording, quoted, width

WIDEST_PROSE = 120
WIDEST_TEXT = 110


def class_name(table: str) -> str:
    """Give the name of the class of a table."""
    return "".join(word.capitalize() for word in table.split("_"))


def title_in_english(name: str) -> str:
    """Give the English title of a table or domain by its name."""
    words = name.replace("_", " ")
    return words[0].upper() + words[1:]


def model_text(table: str, layout: TableLayout, rules: Sequence[Candidate]) -> str:
    """Give the class of a model."""
    grain = listed(["area", "period", *(each.en for each in layout.categories), "source"])
    lines = _called(f"class {class_name(table)}", "Table", f"zh={quoted(shortened(layout.title))}", after=":")
    lines += _docstring(f"{title_in_english(table)}. One row per {grain}.", INDENT)
    lines.append("")
    for each in layout.categories:
        lines += _label(each)
    for column in layout.figures:
        lines += _figure(column)
    for rule in rules:
        lines += ["", *_rule(rule)]
    return "\n".join(lines) + "\n"


def model_imports(layout: TableLayout, rules: Sequence[Candidate]) -> list[tuple[str, tuple[str, ...]]]:
    """Give what the class needs, as modules and names of them."""
    kinds = {each.kind.capitalize() for each in layout.figures}
    words = {"Table", "figure"} | kinds
    words |= {"Category", "label"} if layout.categories else set()
    needed: list[tuple[str, tuple[str, ...]]] = []
    if rules:
        needed = [("typing", ("Any",)), ("schemas", ("rules",)), ("schemas.claims", ("Claim",))]
        words |= {"rule"}
    return [*needed, ("schemas.vocabulary", tuple(words))]


def transform_text(table: str, layout: TableLayout) -> str:
    """Give the transform of a table: its labels and figures, in the order of its model."""
    names = ["area", "period", *(each.name for each in layout.categories)]
    grain = listed(["area", "period", *(each.en for each in layout.categories), "source"], ", ")
    groups = [names, [each.name for each in layout.figures], ["source", "section"]]
    lines = ["@mart()", f"def {table}(rows: pl.LazyFrame) -> pl.LazyFrame:"]
    lines += _docstring(f"{title_in_english(table)}: n rows by {grain} -> the same n rows.", INDENT)
    flat = ", ".join(quoted(name) for group in groups for name in group)
    if width(f"{INDENT}return rows.select({flat})") <= WIDEST_LINE:
        lines.append(f"{INDENT}return rows.select({flat})")
        return "\n".join(lines) + "\n"
    lines.append(f"{INDENT}return rows.select(")
    for group in groups:
        text = ", ".join(map(quoted, group)) + ","
        lines += textwrap.wrap(text, WIDEST_PROSE, initial_indent=INDENT * 2, subsequent_indent=INDENT * 2)
    lines.append(f"{INDENT})  # fmt: skip")
    return "\n".join(lines) + "\n"


TRANSFORM_IMPORTS: list[tuple[str, tuple[str, ...]]] = [("polars as pl", ()), ("etl.warehouse.marts", ("mart",))]


def title_text(zh: str, en: str) -> str:
    """Give the titles of a domain."""
    flat = f"TITLE = ({quoted(shortened(zh))}, {quoted(en)})"
    return flat if width(flat) <= WIDEST_LINE else f"TITLE = (\n{INDENT}{quoted(shortened(zh))},\n{INDENT}{quoted(en)},\n)"


def shortened(text: str) -> str:
    """Give a Chinese text that fits on a line."""
    at = len(text)
    while width(text[:at]) > WIDEST_TEXT:
        at -= 1
    return text if at == len(text) else f"{text[:at]}…"


def _called(head: str, *arguments: str, before: str = "", after: str = "", indent: str = "") -> list[str]:
    words = tuple(Wording(None, each, is_call=False) for each in arguments)
    return Wording(None, head, words).lines(before, after, indent)


def _label(each: CategoryColumn) -> list[str]:
    arguments = (quoted(shortened(each.zh)), quoted(each.en), f"codes={quoted(each.codes)}")
    return _called("label", *arguments, before=f"{each.name}: Category = ", indent=INDENT)


def _figure(each: FigureColumn) -> list[str]:
    arguments = [quoted(shortened(each.zh)), quoted(each.en), quoted(each.unit)]
    arguments += ["optional=True"] if each.is_optional else []
    return _called("figure", *arguments, before=f"{each.name}: {each.kind.capitalize()} = ", indent=INDENT)


def _rule(rule: Candidate) -> list[str]:
    arguments = [f"zh={quoted(shortened(rule.zh))}"]
    arguments += [] if rule.severity == "error" else [f"severity={quoted(rule.severity)}"]
    lines = [*_called("@rule", *arguments, indent=INDENT), f"{INDENT}def {rule.name}(cls: Any) -> Claim:"]
    lines += _docstring(rule.reason, INDENT * 2)
    return [*lines, *rule.wording.lines("return ", indent=INDENT * 2)]


def _docstring(text: str, indent: str) -> list[str]:
    escaped = text.replace("\\", "\\\\").replace('"', "'")
    wrapped = textwrap.wrap(escaped, WIDEST_PROSE - len(indent) - 6)
    if len(wrapped) == 1:
        return [f'{indent}"""{wrapped[0]}"""']
    return [f'{indent}"""{wrapped[0]}', *(indent + line for line in wrapped[1:]), f'{indent}"""']
