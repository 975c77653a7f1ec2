"""What a mart is made of: the measures derived from a table's figures, and the transform that selects its columns.

A measure is a term over the figures of its row, so it has bounds as they have: where a printed figure is rounded, what is
computed from it is known as far as the rounding allows, and no further.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from schemas import intervals
from schemas.claims import HIGH, LOW, Term
from schemas.figure_table import Figures
from schemas.vocabulary import Meaning

Transform = Callable[[pl.LazyFrame], pl.LazyFrame]


@dataclass(frozen=True, slots=True)
class Measure:
    """A derived figure: its column, what it means, and the term it is computed by."""

    name: str
    meaning: Meaning
    term: Term


@dataclass(frozen=True, slots=True)
class Mart:
    """A transform of a table's kept rows, with the measures it adds.

    Calling it gives one mart row per row of the table. Each measure `x` is there as `x`, `x_low` and `x_high`.
    """

    select: Transform
    measures: tuple[Measure, ...]

    def __call__(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        return self.select(_with_measures(rows, self.measures))

    def of(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the mart of rows."""
        return self(rows.lazy()).collect()


def measure(name: str, zh: str, en: str, unit: str, term: Term) -> Measure:
    """Declare a derived figure; `term` is over the figures of the row."""
    return Measure(name, Meaning(zh, en, unit=unit), term)


def mart(*measures: Measure) -> Callable[[Transform], Mart]:
    """Declare a function that selects a table's mart as its transform, after these measures were added."""
    return lambda select: Mart(select, measures)


def _with_measures(rows: pl.LazyFrame, measures: Sequence[Measure]) -> pl.LazyFrame:
    return rows.with_columns(_measured(rows.collect(), measures)) if measures else rows


def _measured(frame: pl.DataFrame, measures: Sequence[Measure]) -> Iterator[pl.Series]:
    """Yield the columns of measures: the value that follows from the printed values, and the bounds from their bounds."""
    for each in measures:
        bounds = each.term.interval(lambda cell: figures_of(frame, cell.column).interval)
        value = each.term.interval(lambda cell: intervals.point(figures_of(frame, cell.column).value))
        for name, numbers in ((each.name, value.low), (f"{each.name}_low", bounds.low), (f"{each.name}_high", bounds.high)):
            of_rows = np.broadcast_to(np.asarray(numbers, dtype=float), frame.height)
            yield pl.Series(name, np.where(np.isinf(of_rows), np.nan, of_rows), dtype=pl.Float64, nan_to_null=True)


def figures_of(frame: pl.DataFrame, column: str) -> Figures:
    """Return a column of figures of a frame that has their bounds beside them."""
    return Figures.of_series(*(frame.get_column(column + suffix) for suffix in ("", LOW, HIGH)))
