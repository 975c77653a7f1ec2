"""Examples of a proposed table: rows that keep its rules, and rows that break one.

They are made of the rows that were handed in, moved to other areas and years, with all quantities multiplied where the rules
still hold then. A rule for which no breaking row is found is not proposed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from etl.project import BREAKS
from etl.scaffold.candidates import Candidate
from etl.scaffold.columns import KINDS
from etl.scaffold.dry_run import DryRun, holds
from etl.scaffold.layout import Row, TableLayout
from etl.scaffold.period_parsing import moved
from etl.warehouse.marts import Mart
from schemas.constraints import Cell, Constraint

SOURCE, SECTION, YEARS_APART = "example-a", "1", 10
_FACTORS = (3, 7, 2, 1)
_STEPS = tuple(map(Decimal, ("1.25", "0.8", "2", "0.5", "4", "0.1", "1.02", "0.98")))
_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
_MOST_ROWS_TRIED = 3


@dataclass(frozen=True)
class Examples:
    """Examples of a table.

    Attributes:
        given: the cells of its raw rows, the header first, the rule that each breaks last.
        expected: the cells of the mart of those that are kept, the header first.
        without: the rules for which no breaking row was found.
    """

    given: list[list[str]]
    expected: list[list[str]]
    without: tuple[Candidate, ...]


@dataclass
class _FreeKeys:
    """The areas and years that the next set of rows may be moved to."""

    parents: Mapping[str, str | None]
    rounds: int = 0
    free: list[str] = field(default_factory=list)

    def move(self, rows: Sequence[Row]) -> list[Row]:
        """Move rows to areas and years where no other rows are."""
        areas = list(dict.fromkeys(str(row["area"]) for row in rows))
        to = dict(zip(areas, areas, strict=True))
        if {self.parents.get(area) for area in areas} & {*areas}:
            self.rounds, self.free = self.rounds + 1, []
        else:
            if len(self.free) < len(areas):
                inside = [code for code, parent in self.parents.items() if parent and code not in areas]
                outside = [code for code in self.parents if code not in inside]
                self.rounds, self.free = self.rounds + 1, inside if len(inside) >= len(areas) else inside + outside
            to = dict(zip(areas, self.free, strict=False))
            self.free = self.free[len(areas) :]
        years = -YEARS_APART * (1 + self.rounds)
        return [{**row, "area": to[str(row["area"])], "period": moved(str(row["period"]), years)} for row in rows]


def examples(layout: TableLayout, rules: Sequence[Candidate]) -> Examples:
    """Make the examples of a table with these rules."""
    constraints = [rule.constraint for rule in rules]
    rows, dry_run = _multiplied(layout, constraints)
    free_keys = _FreeKeys(layout.catalogue.parents)
    given = free_keys.move([rows[at] for at in _keeping(layout, constraints, dry_run)])
    breaks: list[Candidate | None] = [None] * len(given)
    without = []
    for rule in rules:
        found = _breaking(layout, rule, constraints, dry_run, rows)
        if found is None:
            without.append(rule)
        else:
            changed, broken = found
            given += free_keys.move(changed)
            breaks += [rule if at == broken else None for at in range(len(changed))]
    texts = [
        [*(cell or "" for cell in row.values()), rule.rule_id if rule else ""] for row, rule in zip(given, breaks, strict=True)
    ]
    kept = [not rule or rule.severity != "error" for rule in breaks]
    mart = Mart().of(DryRun.of(layout, given).parsed.frame.filter(kept), layout.entry.model)
    expected = [[_printed(value) for value in row] for row in mart.iter_rows()]
    return Examples([[*rows[0], BREAKS], *texts], [mart.columns, *expected], tuple(without))


def _multiplied(layout: TableLayout, constraints: Sequence[Constraint]) -> tuple[list[Row], DryRun]:
    """Multiply all quantities by the first factor that keeps the rules true."""
    levels = {each.name for each in layout.figures if each.is_level}
    for factor in map(Decimal, _FACTORS):
        rows = layout.rows(SOURCE, SECTION)
        for row in rows:
            row |= {name: _altered(text, factor) for name in levels if (text := row[name])}
        dry_run = DryRun.of(layout, rows)
        verdicts = map(dry_run.verdicts, constraints)
        if factor == 1 or not any(np.any(each.broken | each.truncated) for each in verdicts):
            return rows, dry_run
    raise AssertionError("the last factor is one")


def _keeping(layout: TableLayout, constraints: Sequence[Constraint], dry_run: DryRun) -> list[int]:
    """Choose rows that apply and keep every rule, and fill every column."""
    chosen: set[int] = set()
    for constraint in constraints:
        needed = [dry_run.rests_on(constraint, row) for row in np.flatnonzero(holds(dry_run.verdicts(constraint))).tolist()]
        if needed and not any(each <= chosen for each in needed):
            chosen |= min(needed, key=lambda each: len(each - chosen))
    for column in layout.figures:
        if not any(column.cells[row] for row in chosen):
            chosen.add(next(row for row, cell in enumerate(column.cells) if cell))
    return sorted(chosen)


def _breaking(
    layout: TableLayout, rule: Candidate, constraints: Sequence[Constraint], dry_run: DryRun, rows: Sequence[Row]
) -> tuple[list[Row], int] | None:
    """Find rows of which one breaks this rule and no other; None if none do.

    They are returned with the position of that one.
    """
    constraint = rule.constraint
    kept = np.flatnonzero(holds(dry_run.verdicts(constraint))).tolist()
    needed = sorted(((row, sorted(dry_run.rests_on(constraint, row))) for row in kept), key=lambda pair: len(pair[1]))
    for row, rests_on in needed[:_MOST_ROWS_TRIED]:
        block = [_only(layout, rows[at], constraint) for at in rests_on]
        for changes in _changed(layout, block, constraint, rests_on.index(row)):
            for changed, tried in zip(changes, DryRun.each(layout, changes), strict=True):
                broken = np.flatnonzero(tried.verdicts(constraint).broken).tolist()
                if len(broken) == 1 and _breaks_once(tried, constraints):
                    return changed, broken[0]
    return None


def _breaks_once(tried: DryRun, constraints: Sequence[Constraint]) -> bool:
    """Check whether rounded figures break one constraint, in one row."""
    verdicts = map(tried.verdicts, constraints)
    return sum(int(np.count_nonzero(each.broken | each.truncated)) for each in verdicts) == 1


def _only(layout: TableLayout, row: Row, constraint: Constraint) -> Row:
    """Blank the figures that a rule does not read and that a row may lack."""
    read = {cell.column for cell in constraint.cells()}
    dropped = {each.name for each in layout.figures if each.is_optional} - read
    return {name: None if name in dropped else text for name, text in row.items()}


def _changed(layout: TableLayout, block: Sequence[Row], constraint: Constraint, own: int) -> Iterator[list[list[Row]]]:
    """Yield, for each figure that a rule reads, copies of the rows that change it."""
    kinds = {each.name: KINDS[each.kind] for each in layout.figures}
    for cell in sorted(constraint.cells(), key=lambda one: one != Cell(one.column)):
        most = kinds[cell.column].maximum
        for at in sorted(range(len(block)), key=lambda at: (at == own) != cell.is_own):
            text = block[at][cell.column] or ""
            texts = [changed for step in _STEPS if (changed := _altered(text, step)) != text]
            texts = [changed for changed in texts if most is None or _number(changed) <= most]
            if texts:
                yield [[*block[:at], block[at] | {cell.column: changed}, *block[at + 1 :]] for changed in texts]


def _altered(text: str, factor: Decimal) -> str:
    """Multiply the number of a printed figure, and print it with as many decimals."""
    return _NUMBER.sub(lambda match: f"{((number := _number(match[0])) * factor).quantize(number):f}", text, count=1)


def _number(text: str) -> Decimal:
    match = _NUMBER.search(text)
    return Decimal(match[0].replace(",", "")) if match else Decimal(0)


def _printed(value: object) -> str:
    """Write a value of a mart, blank for none."""
    return f"{value:.15g}" if isinstance(value, float) else str(value or "")
