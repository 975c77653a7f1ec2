"""Describe a constraint's cells and condition in words."""

from __future__ import annotations

from collections.abc import Mapping

from etl.rules.scopes import Scopes, Value, scopes
from schemas.code_lists import CodeLists
from schemas.constraints import Cell
from schemas.models import Rule, Table, figures
from schemas.rules import first_of
from schemas.texts import Text

MOST_CODES = 6

_PERIODS = {"year_before": Text("a year before", "上年同期"), "preceding": Text("of the span before", "上一时期")}
_AREAS = {
    "parent": Text("of the area that encloses the row's own", "上级地区"),
    "within": Text("summed over the areas directly within the row's own", "各下级地区之和"),
}


def cell_words(cell: Cell, address: str, models: Mapping[str, type[Table]]) -> dict[str, str]:
    """Describe a cell: its name in formulas, meaning in both languages, and unit."""
    column = next(each for each in figures(models[cell.table or address]) if each.name == cell.column)
    parts = [Text(column.meaning.en, column.meaning.zh)]
    parts += [_PERIODS[cell.period]] if cell.period in _PERIODS else []
    parts += [_AREAS[cell.area]] if cell.area in _AREAS else []
    parts += [Text(f"where {name} is {code}", f"{name} 为 {code}") for name, code in cell.pins]
    if cell.over:
        among = ", ".join(cell.among)
        parts += [
            Text(
                f"summed over {cell.over}" + (f" ({among})" if among else ""),
                f"按 {cell.over} 求和" + (f"（{among}）" if among else ""),
            )
        ]
    en, zh = ", ".join(part.en for part in parts), "，".join(part.zh for part in parts)
    return {"figure": cell.name, "en": en, "zh": zh, "unit": column.meaning.unit}


def condition_words(rule: Rule, model: type[Table], lists: CodeLists) -> Text | None:
    """Describe the rows that a rule is made of; None where it is made of all."""
    if rule.constraint is None or rule.constraint.condition is None:
        return None
    tried = scopes(model, lists)
    words = [_of_column(name, rule, tried) for name in dict.fromkeys(rule.constraint.uses)]
    known = [each for each in words if each is not None]
    if not known:
        return Text(f"rows that {', '.join(rule.constraint.uses)} decide on", f"由 {'、'.join(rule.constraint.uses)} 决定的行")
    return Text(" and ".join(each.en for each in known), "，且".join(each.zh for each in known))


def _of_column(name: str, rule: Rule, tried: Scopes) -> Text | None:
    """Describe the values of a column that a rule requires; None if any will do."""
    values = list(dict.fromkeys(row.get(name) for row in tried.rows))
    made = list(dict.fromkeys(row.get(name) for row in tried.of(rule)))
    if name.startswith(first_of("")):
        category = name.removeprefix(first_of(""))
        return Text(f"the first of the rows that differ in {category} only", f"仅 {category} 不同的各行中的第一行")
    if len(made) == len(values) or not made:
        return None
    if made == [None]:
        return Text(f"{name} is blank", f"{name} 留空")
    if None in values and None not in made:
        return Text(f"{name} is printed", f"载有 {name}")
    excluded = [value for value in values if value not in made]
    if len(excluded) == 1 < len(made):
        return Text(f"{name} is not {_listed(excluded)}", f"{name} 不为 {_listed(excluded)}")
    return Text(f"{name} is {_listed(made)}", f"{name} 为 {_listed(made)}")


def _listed(values: list[Value]) -> str:
    shown = " | ".join(str(value) for value in values[:MOST_CODES])
    return shown + (f" … ({len(values)})" if len(values) > MOST_CODES else "")
