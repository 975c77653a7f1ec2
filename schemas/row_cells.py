"""What the cells of a claim say in one row, as numbers: the counterpart of `schemas.claims.in_frame`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas import intervals
from schemas.claims import HIGH, LOW, Cell, Intervals
from schemas.intervals import Interval


def in_row(row: Mapping[str, Any], *, is_cut_off: bool = False) -> Intervals:
    """Give what a row says of each cell, as numbers; as though further digits had been cut off, where so asked."""

    def of(cell: Cell) -> Interval:
        name = cell.name
        low, high = row[name + LOW], row[name + HIGH]
        return intervals.cut_off(row[name], low, high) if is_cut_off else Interval(low, high)

    return of


def as_printed_in_row(row: Mapping[str, Any]) -> Intervals:
    """Give each cell's value in a row as though it were exact, as `schemas.claims.as_printed` does in a frame."""
    return lambda cell: Interval(row[cell.name], row[cell.name])
