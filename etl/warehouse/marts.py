"""Declare and compute marts: the columns of a model, and derived measures.

A measure is a term over the figures of its row, so it has bounds as they have: where a printed figure is rounded, what is
computed from it is known as far as the rounding allows, and no further.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any, ClassVar

import numpy as np
import polars as pl

from schemas import intervals
from schemas.constraints import HIGH, LOW, Term
from schemas.figure_table import Figures
from schemas.models import Meaning, Revision, Section, Source, Table, columns
from schemas.rules import term

Reshape = Callable[[pl.LazyFrame], pl.LazyFrame]


@dataclass(frozen=True, slots=True)
class Measure:
    """A derived figure: its column, what it means, and the term it is computed by."""

    name: str
    meaning: Meaning
    term: Term

    @property
    def columns(self) -> tuple[str, str, str]:
        """Its columns in a mart: the value and both bounds."""
        return self.name, f"{self.name}_low", f"{self.name}_high"


@dataclass(frozen=True, slots=True)
class Mart:
    """What a table's mart adds to the columns of its model.

    Attributes:
        measures: derived figures; each `x` is there as `x`, `x_low` and `x_high`, before source and section.
        reshape: makes the mart from these columns, where analysts get other rows or columns.
    """

    IS_TRANSFORM: ClassVar = True

    measures: tuple[Measure, ...] = ()
    reshape: Reshape | None = None

    def __call__(self, reshape: Reshape) -> Mart:
        """Declare a function that reshapes the mart."""
        return replace(self, reshape=reshape)

    def names(self, model: type[Table]) -> list[str]:
        """List the columns before reshaping: labels, figures, measures, provenance."""
        declared = columns(model)
        described = [column.name for column in declared if not isinstance(column.dtype, Source | Section | Revision)]
        provenance = [column.name for column in declared if isinstance(column.dtype, Source | Section)]
        return [*described, *(name for measure in self.measures for name in measure.columns), *provenance]

    def of(self, rows: pl.DataFrame, model: type[Table]) -> pl.DataFrame:
        """Compute the mart of a table's kept rows."""
        made = (rows.with_columns(compute_measures(rows, self.measures)) if self.measures else rows).select(self.names(model))
        return self.reshape(made.lazy()).collect() if self.reshape else made


def measure(name: str, zh: str, en: str, unit: str, term: Term) -> Measure:
    """Declare a derived figure; `term` is over the figures of the row."""
    return Measure(name, Meaning(zh, en, unit=unit), term)


def mart(*measures: Measure) -> Mart:
    """Declare the mart of the table of that name; or decorate what reshapes it."""
    return Mart(measures)


def declared_mart(transform: Callable[..., Any] | None) -> Mart:
    """Return the mart that a transform declares; a bare function reshapes it."""
    if isinstance(transform, Mart):
        return transform
    return Mart(reshape=transform)


def ratio_pct(part: str, whole: str) -> Term:
    """Relate a figure to another, in percent."""
    return term(part) / term(whole) * 100


def implied_whole(part: str, share_pct: str) -> Term:
    """Infer the whole from a part and its share."""
    return term(part) / term(share_pct) * 100


def level_before(level: str, growth_pct: str) -> Term:
    """Infer the level of the period that a growth is measured against."""
    return term(level) / (term(growth_pct) / 100 + 1)


def compute_measures(rows: pl.DataFrame, measures: Sequence[Measure]) -> Iterator[pl.Series]:
    """Compute measures of rows: values from values, and bounds from bounds."""
    figures = cache(partial(figures_of, rows))
    for each in measures:
        bounds = each.term.interval(lambda cell: figures(cell.column).interval)
        value = each.term.interval(lambda cell: intervals.point(figures(cell.column).value))
        for name, numbers in zip(each.columns, (value.low, bounds.low, bounds.high), strict=True):
            of_rows = np.broadcast_to(np.asarray(numbers, dtype=float), rows.height)
            yield pl.Series(name, np.where(np.isinf(of_rows), np.nan, of_rows), dtype=pl.Float64, nan_to_null=True)


def figures_of(frame: pl.DataFrame, column: str) -> Figures:
    """Return a column of figures of a frame that has their bounds beside them."""
    return Figures.of_series(*(frame.get_column(column + suffix) for suffix in ("", LOW, HIGH)))
