"""What a mart is made of: the measures derived from a table's figures, and the transform that selects its columns.

A measure is a term over the figures of its row, so it has bounds as they have: where a printed figure is rounded, what is
computed from it is known as far as the rounding allows, and no further.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl

from etl.tables.row_by_row import FEW_ROWS
from schemas.claims import Term, as_printed
from schemas.intervals import Bound, expression
from schemas.row_cells import as_printed_in_row, in_row
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
        """Give the mart of rows; the measures of few of them are computed one by one, which is sooner than to query them."""
        if rows.height > FEW_ROWS:
            return self(rows.lazy()).collect()
        return self.select(rows.with_columns(_measured(rows.to_dicts(), self.measures)).lazy()).collect()


def measure(name: str, zh: str, en: str, unit: str, term: Term) -> Measure:
    """Declare a derived figure; `term` is over the figures of the row."""
    return Measure(name, Meaning(zh, en, unit=unit), term)


def mart(*measures: Measure) -> Callable[[Transform], Mart]:
    """Declare a function that selects a table's mart as its transform, after these measures were added."""
    return lambda select: Mart(select, measures)


def _measured(rows: Sequence[Mapping[str, Any]], measures: Sequence[Measure]) -> Iterator[pl.Series]:
    """Give the columns of measures, computed as numbers."""
    for each in measures:
        intervals = [each.term.interval(in_row(row)) for row in rows]
        values = [each.term.interval(as_printed_in_row(row)).low for row in rows]
        yield pl.Series(each.name, values, dtype=pl.Float64)
        yield pl.Series(f"{each.name}_low", [interval.low for interval in intervals], dtype=pl.Float64)
        yield pl.Series(f"{each.name}_high", [interval.high for interval in intervals], dtype=pl.Float64)


def _with_measures(rows: pl.LazyFrame, measures: tuple[Measure, ...]) -> pl.LazyFrame:
    if not measures:
        return rows
    bounds: dict[str, Bound] = {}
    for each in measures:
        interval = each.term.interval()
        bounds |= {
            each.name: each.term.interval(as_printed).low,
            f"{each.name}_low": interval.low,
            f"{each.name}_high": interval.high,
        }
    measured: pl.LazyFrame = (
        nw.from_native(rows).with_columns(**{name: expression(bound) for name, bound in bounds.items()}).to_native()
    )
    return measured
