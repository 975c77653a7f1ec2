"""Faults put into a made-up register on purpose, each in a row of its own, so that a check can be held to find them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

import polars as pl

from etl.errors import ProjectError, UnknownNameError
from etl.registers.recipes import Recipe
from etl.registers.rows import INSIDE, POSITION, Rows

CANDIDATES_PER_FAULT, MOST_DAYS_EARLY, YEARS_OFF = 40, 30, 50
COLUMNS = {"row": pl.Int64, "kind": pl.String, "column": pl.String, "cell": pl.String}


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault.

    Attributes:
        column: gives the column of a register that has the fault; None where no column of it can.
        cell: gives the faulty cell, from the row as it would have been (blank: null).
    """

    column: Callable[[Recipe], str | None]
    cell: Callable[[Recipe, Mapping[str, str | None], int], str | None]


def seeded_faults(rows: Rows, counts: Mapping[str, int], spared: int) -> pl.DataFrame:
    """Give the faults of a register, one row each: `row` (from 0, in the order of the file), `kind`, `column` and `cell`.

    Args:
        rows: of the register.
        counts: how many of each kind.
        spared: how many rows of the plan, its first ones, have no fault as long as others will do.

    Raises:
        UnknownNameError: there is no such kind.
        ProjectError: a register cannot have a fault of a kind, or has too few rows for all of them.
    """
    for kind in counts:
        if kind not in FAULTS:
            raise UnknownNameError("kind of fault", kind, FAULTS)
        if FAULTS[kind].column(rows.recipe) is None:
            raise ProjectError(f"{rows.recipe.address} has no column for the fault {kind}.")
    wanted = {kind: count for kind, count in counts.items() if count}
    found: list[tuple[int, str, str, str | None]] = []
    unused = _candidates(rows, sum(wanted.values()), spared)
    for kind in sorted(wanted, key=lambda kind: kind != "end-before-start"):  # The pickiest chooses first.
        chosen = []
        for position, row in unused.items():
            if len(chosen) == wanted[kind]:
                break
            if _fits(rows.recipe, kind, row):
                chosen.append(position)
        if len(chosen) < wanted[kind]:
            raise ProjectError(f"Only {len(chosen)} rows are there for {wanted[kind]} faults {kind}; make more rows.")
        column = FAULTS[kind].column(rows.recipe) or ""
        for number, position in enumerate(chosen):
            cell = FAULTS[kind].cell(rows.recipe, unused.pop(position), number)
            found.append((rows.place_of(position), kind, column, cell))
    return pl.DataFrame(found, schema=COLUMNS, orient="row").sort("row")


def _candidates(rows: Rows, faults: int, spared: int) -> dict[int, dict[str, str | None]]:
    """Give rows by their position, in the order in which faults take them; of two neighbours one is left for duplicates."""
    random = Random(rows.seed)
    positions: list[int] = []
    for low, high in ((spared, rows.count), (0, spared)):
        missing = min(high - low, faults * CANDIDATES_PER_FAULT - len(positions))
        positions += random.sample(range(low, high), max(0, missing))
    series = pl.Series(positions, dtype=pl.UInt64)
    place = rows.placed(series).select(POSITION, INSIDE)
    before = rows.at(series - (series > 0).cast(pl.UInt64)).get_column(rows.recipe.number).alias(_NUMBER_BEFORE)
    frame = pl.concat([rows.at(series), place, before.to_frame()], how="horizontal").filter(pl.col(INSIDE) % 2 == 1)
    return {row[POSITION]: row for row in frame.iter_rows(named=True)}


_NUMBER_BEFORE = "number_before"


def _fits(recipe: Recipe, kind: str, row: Mapping[str, str | None]) -> bool:
    """Whether a row can have a fault: the cell that is spoilt must be filled."""
    return row[FAULTS[kind].column(recipe) or ""] is not None


def _early_end(recipe: Recipe, row: Mapping[str, str | None], number: int) -> str:
    start = pl.Series([row[recipe.start]]).str.to_date()
    return str((start - pl.duration(days=number % MOST_DAYS_EARLY + 1, eager=True))[0]) if False else _days_before(row[recipe.start], number)
