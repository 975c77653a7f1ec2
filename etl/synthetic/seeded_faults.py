"""Faults put into a made-up register on purpose, each in a row of its own, so that a check can be held to find them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import polars as pl

from etl.errors import ProjectError, UnknownNameError
from etl.synthetic.recipes import Recipe
from etl.synthetic.rows import INSIDE, Rows

CANDIDATES_PER_FAULT, MOST_DAYS_EARLY, YEARS_OFF = 40, 30, 50
FAULT_COLUMNS = {"row": pl.Int64, "kind": pl.String, "column": pl.String, "cell": pl.String}
Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault.

    Attributes:
        column: gives the column of a register in which the n-th fault stands; empty where it has no such column.
        cell: gives the faulty cell, from what would have stood there and in the other cells; None for a blank.
        needs: another cell that must be filled; empty for none.
    """

    column: Callable[[Recipe, int], str]
    cell: Callable[[Recipe, Cells, int], str | None]
    needs: str = ""


def seeded_faults(rows: Rows, counts: Mapping[str, int], spared: int) -> pl.DataFrame:
    """Give the faults of a register, each in a row of its own.

    Args:
        rows: of the register.
        counts: how many of each kind.
        spared: how many rows of the plan, its first ones, have no fault as long as others will do.

    Returns:
        One row a fault: `row` (from 0, in the order of the file), `kind`, `column` and the faulty `cell`.

    Raises:
        UnknownNameError: there is no such kind.
        ProjectError: a register cannot have a fault of a kind, or has too few rows for all of them.
    """
    for kind in counts:
        if kind not in FAULTS:
            raise UnknownNameError("kind of fault", kind, FAULTS)
        if not FAULTS[kind].column(rows.recipe, 0):
            raise ProjectError(f"{rows.recipe.address} has no column for the fault {kind}.")
    unused = _candidates(rows, sum(counts.values()), spared)
    found: list[tuple[int, str, str, str | None]] = []
    for kind in sorted(counts, key=list(FAULTS).index):
        fault, made = FAULTS[kind], 0
        for position, cells in list(unused.items()):
            column = fault.column(rows.recipe, made)
            if made == counts[kind]:
                break
            if column in cells and (not fault.needs or fault.needs in cells):
                found.append(
                    (
                        rows.places_of(pl.Series([position], dtype=pl.UInt64))[0],
                        kind,
                        column,
                        fault.cell(rows.recipe, unused.pop(position), made),
                    )
                )
                made += 1
        if made < counts[kind]:
            raise ProjectError(f"Only {made} of {counts[kind]} faults {kind} have found a row; make more rows.")
    return pl.DataFrame(found, schema=FAULT_COLUMNS, orient="row").sort("row")


def _candidates(rows: Rows, faults: int, spared: int) -> dict[int, dict[str, str]]:
    """Give the filled cells of rows by their position, in the order in which faults take them.

    Of two neighbours only one is among them, so that it can repeat the number of the other.
    """
    random = Random(rows.seed)
    positions: list[int] = []
    for low, high in ((spared, rows.count), (0, spared)):
        missing = min(high - low, faults * CANDIDATES_PER_FAULT - len(positions))
        positions += random.sample(range(low, high), max(0, missing))
    series = pl.Series("position", positions, dtype=pl.UInt64)
    series = series.filter(series % 2 == 1)
    earlier = pl.coalesce(_if_earlier(rows, series, -1), _if_earlier(rows, series, 1))
    cells = rows.at(series).with_columns(earlier.alias(_EARLIER_NUMBER)).iter_rows(named=True)
    return {
        position: {column: cell for column, cell in row.items() if cell is not None}
        for position, row in zip(series, cells, strict=True)
    }


_EARLIER_NUMBER = "number of a row before in the file"


def _if_earlier(rows: Rows, positions: pl.Series, step: int) -> pl.Expr:
    """Give the number of each row's neighbour, where it is of the same block and comes before it in the file."""
    neighbours = ((positions.cast(pl.Int64) + step) % rows.count).cast(pl.UInt64)
    here, there = rows.placed(positions).get_column(INSIDE), rows.placed(neighbours).get_column(INSIDE)
    is_same_block = there.cast(pl.Int64) - here.cast(pl.Int64) == step
    is_earlier = rows.places_of(neighbours) < rows.places_of(positions)
    return pl.when(is_same_block & is_earlier).then(rows.at(neighbours).get_column(rows.recipe.number))


def _early_end(recipe: Recipe, cells: Cells, number: int) -> str:
    return str(date.fromisoformat(cells[recipe.start]) - timedelta(days=number % MOST_DAYS_EARLY + 1))


def _wrong_year(recipe: Recipe, cells: Cells, number: int) -> str:
    year = cells[recipe.start][:4]
    return cells[recipe.number].replace(year, str(int(year) - YEARS_OFF), 1)


FAULTS: Mapping[str, Fault] = {
    "end-before-start": Fault(lambda recipe, number: recipe.end, _early_end),
    "impossible-date": Fault(
        lambda recipe, number: recipe.start, lambda recipe, cells, number: f"{cells[recipe.start][:4]}-02-30"
    ),
    "unknown-code": Fault(lambda recipe, number: next(iter(recipe.codes)), lambda recipe, cells, number: f"unknown_{number}"),
    "negative-amount": Fault(lambda recipe, number: recipe.amount, lambda recipe, cells, number: f"-{cells[recipe.amount]}"),
    "duplicate-key": Fault(
        lambda recipe, number: recipe.number, lambda recipe, cells, number: cells[_EARLIER_NUMBER], _EARLIER_NUMBER
    ),
    "blank": Fault(lambda recipe, number: ("area", recipe.start)[number % 2], lambda recipe, cells, number: None),
    "malformed-number": Fault(lambda recipe, number: recipe.number, lambda recipe, cells, number: f"{cells[recipe.number]}?"),
    "wrong-year": Fault(lambda recipe, number: recipe.number if recipe.counted_by else "", _wrong_year),
}
"""The kinds of faults; the first is the hardest to find a row for, so it chooses first."""
