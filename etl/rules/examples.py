"""Make up printed figures that break a rule: solve for one and move it outside.

Whether they break it is not assumed: the figures are read back as a raw file's would be, and the constraint is tried on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, product

from etl.column_titles import called
from etl.figures.read_texts import read_texts
from etl.figures.words import PACKAGE_NOTATION, Notation
from etl.tables.explain import span
from schemas.constraints import Cell, Constraint, Intervals
from schemas.intervals import Interval, closed, point
from schemas.models import Column, Table, figures
from schemas.texts import Text

Models = Mapping[str, type[Table]]
Printed = Mapping[Cell, tuple[str, ...]]

# Made-up levels to start from, by kind; the n-th figure of a kind gets the n-th.
_LEVELS: dict[str, tuple[float, ...]] = {
    "count": (120, 100, 60, 40, 30, 25, 20, 15),
    "amount": (3e8, 2e8, 1.2e8, 9e7),
    "share": (40, 25, 20, 15),
    "rate": (20, 12.5, 10, 8, 5),
    "mean": (12.5, 10, 8),
    "duration": (30, 20, 15),
    "score": (90, 80),
    "multiple": (5, 4),
    "measure": (5e5, 3e5),
}
_STEPS = (1.25, 1.1, 1.5, 2, 0.8, 0.5, 1.01, 0.99)
_PARTS = (199, 7, 13, 23, 53)
_TENTHS = range(20, 600)


@dataclass(frozen=True, slots=True)
class Breaking:
    """Figures that break a constraint.

    Attributes:
        printed: what each cell prints; a sum, each of its parts.
        message: what a finding would say of them.
    """

    printed: Printed
    message: Text


def breaking(constraint: Constraint, address: str, models: Models, notation: Notation = PACKAGE_NOTATION) -> Breaking | None:
    """Find figures that break a constraint of a table; None if there are none."""
    if constraint.relation == "holds":
        return None
    declared = {cell: _column(cell, address, models) for cell in constraint.cells()}
    for printed, suspect in _candidates(constraint, declared):
        known = _read(printed, declared, notation)
        if constraint.verdict(known.__getitem__).broken:
            return Breaking(printed, _message(constraint, printed, known, suspect, declared))
    return None


def _column(cell: Cell, address: str, models: Models) -> Column:
    model = models[cell.table or address]
    return next(column for column in figures(model) if column.name == cell.column)


def _candidates(constraint: Constraint, declared: Mapping[Cell, Column]) -> Iterator[tuple[Printed, Cell | None]]:
    """Yield figures that might break the constraint, and the one moved outside."""
    if constraint.relation == "whole":
        yield from _unwhole(constraint, declared)
        return
    cells = sorted(constraint.cells(), key=lambda cell: (not cell.is_own, bool(cell.over), cell is not constraint.right))
    for is_rising, cell in product((False, True), cells):
        values = _levels(declared, is_rising=is_rising)
        expected = constraint.expected(cell, _exactly(values))
        if expected is None:
            continue
        for step in _STEPS:
            bound = closed(expected.high if step > 1 else expected.low)
            if bound is not None and all(_is_in_range(each, cell, declared) for each in (bound, bound * step)):
                changed = values | {cell: bound * step}
                yield {each: _texts(each, value, declared[each]) for each, value in changed.items()}, cell


def _exactly(values: Mapping[Cell, float]) -> Intervals:
    return lambda cell: point(values[cell])


def _unwhole(constraint: Constraint, declared: Mapping[Cell, Column]) -> Iterator[tuple[Printed, Cell | None]]:
    """Yield figures whose quotient is far from every whole number."""
    part, *others = constraint.cells()
    for whole, tenth in product(_PARTS, _TENTHS):
        values = {part: float(whole)} | dict.fromkeys(others, tenth / 10)
        known = {cell: _rounded(value, declared[cell]) for cell, value in values.items()}
        if constraint.verdict(known.__getitem__).broken:
            yield {cell: _texts(cell, value, declared[cell]) for cell, value in values.items()}, None


def _rounded(value: float, column: Column) -> Interval:
    half = 0.0 if column.dtype.kind == "count" else 0.05
    return Interval(value - half, value + half)


def _levels(declared: Mapping[Cell, Column], *, is_rising: bool) -> dict[Cell, float]:
    """Assign each cell a level of its kind, falling or rising from left to right."""
    by_kind: dict[str, list[Cell]] = {}
    for cell, column in declared.items():
        by_kind.setdefault(column.dtype.kind, []).append(cell)
    values = {}
    for kind, cells in by_kind.items():
        for cell, level in zip(reversed(cells) if is_rising else cells, cycle(_LEVELS[kind]), strict=False):
            values[cell] = level
    return values


def _is_in_range(value: float, cell: Cell, declared: Mapping[Cell, Column]) -> bool:
    kind = declared[cell].dtype
    return kind.minimum <= value and value != 0 and (bool(cell.over) or kind.maximum is None or value <= kind.maximum)


def _texts(cell: Cell, value: float, column: Column) -> tuple[str, ...]:
    """Print a value as a raw file would; a sum in unequal parts."""
    if not cell.over:
        return (_text(value, column),)
    number = len(cell.among) or 2
    weights = range(number, 0, -1)
    return tuple(_text(value * weight / sum(weights), column) for weight in weights)


def _text(value: float, column: Column) -> str:
    unit, kind = _base(column), column.dtype.kind
    if kind == "rate":
        return f"{round(value, 1):+g}{unit}"
    for size, word in ((1e8, "亿"), (1e4, "万")):
        if abs(value) >= 10 * size or (kind != "count" and abs(value) >= size):
            return f"{round(value / size, 2):g}{word}{unit}"
    return f"{round(value, 0 if kind == 'count' else 1):g}{unit}"


def _base(column: Column) -> str:
    """Return a column's unit without its multiplier 万 or 亿."""
    return column.meaning.unit.lstrip("万亿")


def _read(printed: Printed, declared: Mapping[Cell, Column], notation: Notation) -> dict[Cell, Interval]:
    """Read the figures, with a sum's parts added up; skip those that cannot be read."""
    slots = [(cell, text) for cell, texts in printed.items() for text in texts]
    read = read_texts(((text, declared[cell]) for cell, text in slots), notation)
    known: dict[Cell, Interval] = {}
    for (cell, _), (reading, _) in zip(slots, read, strict=True):
        known[cell] = known[cell] + reading.interval() if cell in known else reading.interval()
    return known


def _message(
    constraint: Constraint,
    printed: Printed,
    known: Mapping[Cell, Interval],
    suspect: Cell | None,
    declared: Mapping[Cell, Column],
) -> Text:
    formula = constraint.formula(lambda cell: _shown(printed[cell]))
    if suspect is None:
        between = constraint.left.interval(known.__getitem__)
        quotient = f"{formula} = {span(*between.bounds(), '')}"
        return Text(f"{quotient}, which holds no whole number", f"{quotient}，其间没有整数")
    expected = constraint.expected(suspect, known.__getitem__)
    wanted = span(*expected.bounds(), _base(declared[suspect])) if expected else ""
    en, zh = f"{formula} does not hold", f"{formula} 不成立"
    return Text(
        f"{en}: {wanted} expected for {suspect.name}", f"{zh}：{called(declared[suspect].meaning.zh, suspect.name)}应为 {wanted}"
    )


def _shown(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"({' + '.join(texts)})"
