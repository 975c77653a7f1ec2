"""The rules of a table of few rows, a row at a time as numbers: the verdicts of `etl.tables.validate`, sooner.

A query costs by its expressions, and a rule has dozens of them, whatever the number of rows. A claim is judged by the same
arithmetic over numbers (`schemas.intervals`), and a range by the function that its check is made of. Whatever this cannot
judge (a revised figure, a check of another make, a missing column, a condition that fails), is judged by queries.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl

from etl.tables.lookups import ROWS, parents, shared_categories
from etl.tables.parse import ORDER, PERIOD_END, PERIOD_START, ROW, ParsedTable
from etl.tables.validate import Outcome
from etl.tables.vintages import revision_column, same_figure
from schemas import standing
from schemas.claims import HIGH, LOW, Cell, Claim
from schemas.row_cells import in_row
from schemas.rules import first_of
from schemas.vocabulary import Category, Rule, Source, Table, columns, rules

FEW_ROWS = 200
"""Up to so many rows, judging them one by one takes less time than the query for all of them."""

Row = dict[str, Any]
Key = tuple[Any, ...]


def judged(table: ParsedTable, tables: Mapping[str, ParsedTable]) -> tuple[list[Row], list[Outcome]] | None:
    """Give a table's rows with all that its claims ask of other rows, and what each rule says of them.

    None where the table, or one that its claims look figures up in, has more than a few rows, or needs a query.
    """
    model = table.raw.entry.model
    declared = rules(model)
    claims = [rule.claim for rule in declared if rule.claim is not None]
    if any(rule.claim is None for rule in declared) or not _has_few_rows(table, claims, tables):
        return None
    try:
        rows = [dict(row) for row in table.rows]
        made = _conditions(table, declared, rows)
        for cell in dict.fromkeys(cell for claim in claims for cell in claim.cells() if not cell.is_own):
            _look_up(cell, table, tables, rows)
        return rows, [*_of_ranges(model, rows), *_of_sources(model, rows), *_of_claims(declared, made, rows)]
    except Exception:  # What a rule raises is up to it; the query will say of which rule it is.
        return None


def _has_few_rows(table: ParsedTable, claims: Iterable[Claim], tables: Mapping[str, ParsedTable]) -> bool:
    """Whether the tables that take part are whole, have few rows, and no revised ones."""
    named = {cell.table for claim in claims for cell in claim.cells() if cell.table}
    for each in (table, *(tables[address] for address in named if address in tables)):
        revisions = each.frame.get_column(revision_column(each.raw.entry.model)) if not each.raw.missing else None
        if each.frame.height > FEW_ROWS or (revisions is not None and revisions.null_count() < each.frame.height):
            return False
    return not table.raw.missing


def _conditions(table: ParsedTable, declared: Sequence[Rule], rows: Sequence[Row]) -> dict[str, list[bool | None]]:
    """Give, for each rule with a condition, the rows in which that is true; adds what conditions ask of groups to the rows."""
    asked = {rule.id: rule.claim.condition for rule in declared if rule.claim and rule.claim.condition is not None}
    if not asked:
        return {}
    frame = table.frame
    uses = dict.fromkeys(name for rule in declared if rule.claim for name in rule.claim.uses)
    for name in uses:
        if name.startswith(first_of("")):
            is_first = _is_first(table.raw.entry.model, name.removeprefix(first_of("")), rows)
            frame = frame.with_columns(pl.Series(name, is_first, dtype=pl.Boolean))
    found: pl.DataFrame = nw.from_native(frame).select(**asked).to_native()
    return {name: found.get_column(name).to_list() for name in asked}


def _is_first(model: type[Table], category: str, rows: Sequence[Row]) -> list[bool]:
    names = ["area", PERIOD_START, PERIOD_END]
    names += [each.name for each in columns(model) if isinstance(each.dtype, Category | Source) and each.name != category]
    seen: set[Key] = set()
    is_first = []
    for row in rows:
        group = _key(row, names)
        is_first.append(group not in seen)
        seen.add(group)
    return is_first


def _key(row: Row, names: Iterable[str]) -> Key:
    return tuple(row[name] for name in names)


# Figures of other rows, as `etl.tables.lookups` joins them


def _look_up(cell: Cell, table: ParsedTable, tables: Mapping[str, ParsedTable], rows: Sequence[Row]) -> None:
    """Add to each row the figure that a cell selects for it: value, bounds, and the rows it was taken from."""
    names = (cell.name, cell.name + LOW, cell.name + HIGH, cell.name + ROWS)
    target = tables.get(cell.table or table.address)
    found: dict[Key, tuple[object, ...]] = {}
    shared: list[str] = []
    if target is not None and not target.raw.missing and cell.column in target.frame.columns:
        shared = shared_categories(cell, table.raw.entry.model, target.raw.entry.model)
        on = ("area", PERIOD_START, PERIOD_END, *shared)
        groups: dict[Key, list[Row]] = {}
        for row in target.rows:
            if row[cell.column] is not None and all(row[name] == code for name, code in cell.pins):
                groups.setdefault(_key(row, on), []).append(row)
        found = {each: figure for each, group in groups.items() if None not in each and (figure := _figure(cell, group))}
    for row in rows:
        row.update(zip(names, found.get(_wanted(cell, row, shared), (None, None, None, None)), strict=True))


def _wanted(cell: Cell, row: Row, shared: Sequence[str]) -> Key:
    """Give area, span and categories in which a cell is looked up, from those of the row at hand."""
    start, end = row[PERIOD_START], row[PERIOD_END]
    if start is not None and cell.period == "year_before":
        start, end = start - 12, end - 12
    elif start is not None and cell.period == "preceding":
        start, end = start - (end - start), start
    area = row["area"] if cell.area == "same" else parents().get(row["area"])
    return (area, start, end, *(row[name] for name in shared))


def _figure(cell: Cell, group: Sequence[Row]) -> tuple[object, ...] | None:
    """Give what the documents of a group of rows have in common; None where they contradict each other."""
    name = cell.column
    printed = [(row[name], row[name + LOW], row[name + HIGH], [row[ROW]]) for row in group]
    if cell.over:
        by_source: dict[Any, list[Row]] = {}
        for row in group:
            if not cell.among or row[cell.over] in cell.among:
                by_source.setdefault(row["source"], []).append(row)
        printed = [
            _sum(name, parts)
            for parts in by_source.values()
            if not cell.among or len({row[cell.over] for row in parts}) == len(cell.among)
        ]
    if not printed:
        return None
    low = max((low for _, low, _, _ in printed if low is not None), default=None)
    high = min((high for _, _, high, _ in printed if high is not None), default=None)
    if low is not None and high is not None and low > high:
        return None
    return printed[0][0], low, high, [row for *_, taken in printed for row in taken]


def _sum(name: str, parts: Sequence[Row]) -> tuple[float, float | None, float | None, list[int]]:
    """Give the sum of figures, its slack capped at four standard deviations of as many uniform rounding errors."""
    value = sum(row[name] for row in parts)
    lows, highs = [row[name + LOW] for row in parts], [row[name + HIGH] for row in parts]
    low = None if None in lows else sum(lows)
    high = None if None in highs else sum(highs)
    if low is not None and high is not None:
        cap = 4 * math.sqrt(sum((upper - lower) ** 2 / 12 for lower, upper in zip(lows, highs, strict=True)))
        low, high = max(low, value - cap), min(high, value + cap)
    return value, low, high, [row[ROW] for row in parts]


# Verdicts


def _of_ranges(model: type[Table], rows: Sequence[Row]) -> Iterator[Outcome]:
    for name, column in model.to_schema().columns.items():
        for check in column.checks:
            holds = check.statistics["holds"]
            verdicts = [None if row[name] is None else holds(row[name]) for row in rows]
            yield _outcome(standing.BY_ID[check.name], name, rows, verdicts)


def _of_sources(model: type[Table], rows: Sequence[Row]) -> Iterator[Outcome]:
    """Say of each figure whether it can be the number that the documents before print."""
    names = same_figure(model)
    groups: dict[Key, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row[ORDER], row[ROW])):
        same = _key(row, names)
        if row[ORDER] >= 0 and None not in same:
            groups.setdefault(same, []).append(row)
    several = [group for group in groups.values() if len(group) > 1]
    for column in columns(model):
        if column.is_figure:
            verdicts: dict[int, bool] = {}
            for group in several:
                verdicts |= _of_reprints(column.name, group)
            yield _outcome(standing.SOURCES_AGREE, column.name, rows, [verdicts.get(row[ROW]) for row in rows])


def _of_reprints(name: str, group: Iterable[Row]) -> Iterator[tuple[int, bool]]:
    greatest, least, is_first = -math.inf, math.inf, True
    for row in group:
        if row[name] is None:
            continue
        low, high = row[name + LOW], row[name + HIGH]
        greatest = greatest if low is None else max(greatest, low)
        least = least if high is None else min(least, high)
        if not is_first and not (low is None and high is None):
            agrees = (-math.inf if low is None else low) <= least and greatest <= (math.inf if high is None else high)
            yield row[ROW], agrees
        is_first = False


def _of_claims(declared: Sequence[Rule], made: Mapping[str, Sequence[bool | None]], rows: Sequence[Row]) -> Iterator[Outcome]:
    for rule in declared:
        claim = rule.claim
        assert claim is not None
        applies = made.get(rule.id, [True] * len(rows))
        if claim.relation == "holds":
            yield _outcome(rule, "", rows, applies)
            continue
        verdicts = [claim.verdict(in_row(row)) if applied else None for row, applied in zip(rows, applies, strict=True)]
        cut_off = [
            row[ROW]
            for row, verdict in zip(rows, verdicts, strict=True)
            if verdict is False and claim.verdict(in_row(row, is_cut_off=True))
        ]
        yield _outcome(rule, "", rows, verdicts, cut_off)


def _outcome(rule: Rule, column: str, rows: Sequence[Row], verdicts: Sequence[Any], cut_off: Sequence[int] = ()) -> Outcome:
    broken = [row[ROW] for row, verdict in zip(rows, verdicts, strict=True) if verdict is False]
    broken = [row for row in broken if row not in cut_off]
    not_applicable = sum(verdict is None for verdict in verdicts)
    passed = len(rows) - not_applicable - len(broken)
    return Outcome(rule, column, passed, not_applicable, tuple(broken), tuple(cut_off))
