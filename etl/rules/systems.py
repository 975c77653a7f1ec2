"""Find contradicting and redundant rules by linear programs (scipy's HiGHS).

A system without a solution has rules that contradict each other; a rule whose opposite has no solution beside the others
follows from them. This is what the R package validatetools does. Products and quotients of figures, whole numbers and
conditions of plain columns are not linear: they are left out, which can hide a problem and cannot make one up. So can the
blanks of a table: what follows from other rules does so in rows in which all their figures are printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from etl.catalogue import Entry
from etl.rules.linear_programs import (
    PRECISION,
    Linear,
    LinearConstraint,
    Range,
    System,
    Variable,
    greatest_excess,
    has_solution,
    least,
)
from etl.rules.lint import Problem, canonical_cell, models_of, problem_of
from etl.rules.scopes import RowKind, scopes
from schemas.constraints import Cell, Constraint, Number, Operation, Term
from schemas.models import Table, columns, rules
from schemas.texts import listed_names


def is_linear(constraint: Constraint) -> bool:
    """Whether a constraint is one of sums and differences of figures."""
    return constraint.relation in ("=", "<=") and _difference(constraint, "", {}) is not None


def problems_of_systems(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Yield rules that contradict or follow from others, or fix a figure's value.

    Args:
        entries: all tables of the project, whose rules name nothing that is not there.

    Raises:
        ModuleNotFoundError: scipy is not installed.
    """
    models = models_of(entries)
    for entry in entries:
        systems = _systems(entry, models)
        clashes = [(system, _contradiction(system)) for system in systems]
        sound = [system for system, clash in clashes if not clash]
        yield from dict.fromkeys(_of_clash(entry, clash) for _, clash in clashes if clash)
        yield from _implied(entry, sound)
        yield from dict.fromkeys(problem for system in sound for problem in _fixed(entry, system))


def _systems(entry: Entry, models: Mapping[str, type[Table]]) -> list[System]:
    """Build one linear system for each kind of rows, without duplicates."""
    tried = scopes(entry.model, entry.catalogue.lists)
    linear = [
        (rule.id, rule.constraint) for rule in rules(entry.model) if rule.constraint is not None and is_linear(rule.constraint)
    ]
    found_systems: dict[str, System] = {}
    for number, kind in enumerate(tried.rows if linear else ()):
        rows = []
        for rule, constraint in linear:
            is_made = rule not in tried.made or tried.made[rule][number]
            difference = _difference(constraint, entry.address, kind)
            if is_made and difference is not None and not _lacks_a_figure(constraint, kind):
                rows.append(LinearConstraint(rule, difference.scaled(), constraint.relation == "="))
        names = dict.fromkeys(name for row in rows for name in row.difference.factors)
        found_systems.setdefault(repr(rows), System(tuple(rows), {name: _range(name, models) for name in names}))
    return list(found_systems.values())


def _lacks_a_figure(constraint: Constraint, kind: RowKind) -> bool:
    return any(cell.is_own and cell.column in kind and kind[cell.column] is None for cell in constraint.cells())


def _range(name: Variable, models: Mapping[str, type[Table]]) -> Range:
    """Return a figure's range; of a sum only whether it can be negative."""
    table, column, *_, over, _ = name
    kind = next(each.dtype for each in columns(models[str(table)]) if each.name == column)
    if over:
        return Range(0.0 if kind.minimum >= 0 else None, None, False)
    return Range(kind.minimum, kind.maximum, kind.is_positive)


def _difference(constraint: Constraint, address: str, kind: RowKind) -> Linear | None:
    left, right = (_linear(side, address, kind) for side in (constraint.left, constraint.right))
    return None if left is None or right is None else left.plus(right, -1)


def _linear(term: Term, address: str, kind: RowKind) -> Linear | None:
    """Convert a term to a linear form; None where it is not linear."""
    match term:
        case Number(number):
            return Linear({}, number)
        case Cell():
            return _of_cell(term, address, kind)
        case Operation(operator, left_term, right_term):
            left, right = _linear(left_term, address, kind), _linear(right_term, address, kind)
            return None if left is None or right is None else _combined(operator, left, right)
        case _:
            return None


def _of_cell(cell: Cell, address: str, kind: RowKind) -> Linear:
    if not cell.over or not cell.among:
        return Linear({canonical_cell(cell, address, kind): 1.0}, 0.0)
    parts = Linear({}, 0.0)
    for code in cell.among:
        part = replace(cell, pins=(*cell.pins, (cell.over, code)), over="", among=())
        parts = parts.plus(Linear({canonical_cell(part, address, kind): 1.0}, 0.0), 1)
    return parts


def _combined(operator: str, left: Linear, right: Linear) -> Linear | None:
    match operator:
        case "+":
            return left.plus(right, 1)
        case "-":
            return left.plus(right, -1)
        case "*" if not right.factors:
            return left.times(right.constant)
        case "*" if not left.factors:
            return right.times(left.constant)
        case "/" if not right.factors and right.constant:
            return left.times(1 / right.constant)
        case _:
            return None


def _contradiction(system: System) -> tuple[LinearConstraint, ...]:
    """Find a minimal set of contradicting constraints; empty if there is none."""
    return () if has_solution(system) else _fewest(system, lambda rows: not has_solution(system.of(rows)))


def _fewest(system: System, is_enough: Callable[[Sequence[LinearConstraint]], bool]) -> tuple[LinearConstraint, ...]:
    """Reduce a system's constraints to a minimal subset that is enough."""
    rows = list(system.rows)
    for row in system.rows:
        others = [each for each in rows if each is not row]
        if is_enough(others):
            rows = others
    return tuple(rows)


def _of_clash(entry: Entry, clash: Sequence[LinearConstraint]) -> Problem:
    first, *others = (row.rule for row in clash)
    if not others:
        return problem_of("can-never-hold", entry, first, "no figures of their kinds can keep it", "取值范围内没有数字能满足")
    names = listed_names(others)
    return problem_of(
        "contradicts-others", entry, first, f"no data can keep it and {names.en}", f"没有数据能同时满足它与 {names.zh}"
    )


def _implied(entry: Entry, systems: Sequence[System]) -> Iterator[Problem]:
    """Yield the rules that follow from the others in every kind of rows."""
    for rule in dict.fromkeys(row.rule for system in systems for row in system.rows):
        cases = [(row, system.without(rule)) for system in systems for row in system.rows if row.rule == rule]
        if not all(_follows(row, others) for row, others in cases):
            continue
        needed = [(row, _fewest(others, partial(_follows_from, row, others))) for row, others in cases]
        reasons = ", ".join(dict.fromkeys(each.rule for _, rows in needed for each in rows))
        if not reasons:
            yield problem_of("can-never-fail", entry, rule, "all figures of their kinds keep it", "取值范围内的数字都满足")
            continue
        more = ", ".join(dict.fromkeys(_name(name, entry) for row, rows in needed for name in _beyond(row, rows)))
        en = reasons + (f", in rows that print {more} too" if more else "")
        zh = reasons + (f"（同时载有 {more} 的行）" if more else "")
        yield problem_of("follows-from-others", entry, rule, en, zh, "information")


def _beyond(row: LinearConstraint, rows: Sequence[LinearConstraint]) -> Iterator[Variable]:
    """Yield the figures of constraints that another constraint does not use."""
    for each in rows:
        yield from (name for name in each.difference.factors if name not in row.difference.factors)


def _name(name: Variable, entry: Entry) -> str:
    table, column, period, area, pins, over, among = name
    own = Cell(str(column), "" if table == entry.address else str(table))
    return replace(own, period=period, area=area, pins=pins, over=over, among=among).name  # type: ignore[arg-type]


def _fixed(entry: Entry, system: System) -> Iterator[Problem]:
    """Yield the figures of the row that can have one value only."""
    for name in system.ranges:
        if name != canonical_cell(Cell(str(name[1])), entry.address, {}):
            continue
        figure = Linear({name: 1.0}, 0.0)
        low, high = least(system, figure), least(system, figure.times(-1))
        if low is not None and high is not None and -high - low <= PRECISION * max(1.0, abs(low)):
            rule = next(row.rule for row in system.rows if name in row.difference.factors)
            text = f"{name[1]} = {low:g}"
            yield problem_of("fixes-a-value", entry, rule, text, text, "information")


def _follows_from(row: LinearConstraint, system: System, rows: Sequence[LinearConstraint]) -> bool:
    return _follows(row, system.of(rows))


def _follows(row: LinearConstraint, system: System) -> bool:
    """Whether nothing that keeps the system breaks the row."""
    signs = (1, -1) if row.is_equation else (1,)
    return all(greatest_excess(system, row.difference.times(sign)) <= PRECISION for sign in signs)
