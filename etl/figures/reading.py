"""Printed figures read one by one, for callers that have no frame of cells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

from etl.figures.grammar import read_figures
from etl.figures.words import Notation

Key = tuple[str, str, str]
"""A figure as printed, the unit in which it is read where it has none, and its kind."""


class FigureReading(NamedTuple):
    """What the grammar reads: value and bounds in the base unit, an open bound as None; or the problem, else None."""

    value: float | None
    low: float | None
    high: float | None
    unit: str
    hedge: str
    problem: str | None


def read_printed(keys: Iterable[Key], notation: Notation) -> dict[Key, FigureReading]:
    """Read printed figures, all at once."""
    distinct = sorted(set(keys))
    cells = pl.LazyFrame(distinct, schema=dict.fromkeys(("published", "declared_unit", "kind"), pl.String), orient="row")
    read = read_figures(cells, notation).select(FigureReading._fields).collect()
    return {key: FigureReading(*row) for key, row in zip(distinct, read.iter_rows(), strict=True)}
