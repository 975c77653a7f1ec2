"""A table as rules read it: row labels, and figures as columns of numbers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas import intervals
from schemas.intervals import OPEN, Interval
from schemas.models import Category, Source, Table, columns, figures
from schemas.periods import span
from schemas.vintages import ORDER, PERIOD_END, PERIOD_START, ROW, Spans, revision_column, spans_of_vintages, vintages_of

Floats = NDArray[np.float64]


class Reading(NamedTuple):
    """The value and bounds of a figure.

    NaN: blank or unreadable; -inf and +inf: open bounds.
    """

    value: float
    low: float
    high: float

    def interval(self) -> Interval:
        """Return the interval of the figure."""
        return Interval(self.low, self.high)


ABSENT = Reading(np.nan, -OPEN, OPEN)


def reading(value: float | None, low: float | None, high: float | None) -> Reading:
    """Return what a figure says, where None is a missing value or an open bound."""
    return ABSENT if value is None else Reading(value, -OPEN if low is None else low, OPEN if high is None else high)


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """A column of figures: the value of each row, and its bounds, as in `Reading`."""

    value: Floats
    low: Floats
    high: Floats

    @classmethod
    def absent(cls, height: int) -> Figures:
        """Return a column without a figure."""
        return cls(np.full(height, np.nan), np.full(height, -OPEN), np.full(height, OPEN))

    @classmethod
    def of_series(cls, value: pl.Series, low: pl.Series, high: pl.Series) -> Figures:
        """Build a column of figures from series, in which null is missing or open."""
        numbers = _numbers(value).copy()
        is_missing = np.isnan(numbers)
        bounds = (
            np.where(is_missing | np.isnan(bound), otherwise, bound)
            for bound, otherwise in ((_numbers(low), -OPEN), (_numbers(high), OPEN))
        )
        return cls(numbers, *bounds)

    @property
    def is_printed(self) -> NDArray[np.bool_]:
        """The rows that have a figure."""
        return ~np.isnan(self.value)

    @property
    def interval(self) -> Interval:
        """The interval of each row."""
        return Interval(self.low, self.high)

    @property
    def truncated(self) -> Interval:
        """Intervals of all rows, read as truncated rather than rounded."""
        return intervals.truncated(self.value, self.low, self.high)

    def reading(self, position: int) -> Reading:
        """Return what stands at a position."""
        return Reading(float(self.value[position]), float(self.low[position]), float(self.high[position]))

    def put(self, position: int, reading: Reading) -> None:
        """Put a figure at a position."""
        self.value[position], self.low[position], self.high[position] = reading

    def at(self, positions: NDArray[np.int64]) -> Figures:
        """Return the figures at some positions; a negative position has none."""
        found = Figures.absent(len(positions))
        is_there = positions >= 0
        for mine, theirs in ((found.value, self.value), (found.low, self.low), (found.high, self.high)):
            mine[is_there] = theirs[positions[is_there]]
        return found

    def series(self, name: str) -> tuple[pl.Series, pl.Series, pl.Series]:
        """Return the values and bounds as series, in which null is missing or open."""
        low, high = (np.where(np.isinf(each), np.nan, each) for each in (self.low, self.high))
        value, at_least, at_most = (pl.Series(name, each, nan_to_null=True) for each in (self.value, low, high))
        return value, at_least, at_most


def _numbers(series: pl.Series) -> Floats:
    """Return the numbers of a series, in which null becomes NaN."""
    return (series if series.dtype == pl.Float64 else series.cast(pl.Float64)).to_numpy()


@dataclass(frozen=True)
class FigureTable:
    """A table as rules see it.

    Attributes:
        address: its address.
        model: what it is.
        labels: one row per row: its number, labels as codes, the months in which it starts and ends, and the place of its
            document in the order of publication (-1: not listed).
        figures: its columns of figures, by name.
        is_whole: whether it has all declared columns; no rule takes figures of one that has not.
    """

    address: str
    model: type[Table]
    labels: pl.DataFrame
    figures: Mapping[str, Figures]
    is_whole: bool = True

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.labels.height

    @cached_property
    def rows(self) -> list[int]:
        """The number of each row in its file, from 0."""
        return self._list(ROW)

    @cached_property
    def areas(self) -> list[str | None]:
        """The area of each row."""
        return self._list("area")

    @cached_property
    def starts(self) -> list[int | None]:
        """The month in which each row starts."""
        return self._list(PERIOD_START)

    @cached_property
    def ends(self) -> list[int | None]:
        """The month after the one in which each row ends."""
        return self._list(PERIOD_END)

    @cached_property
    def sources(self) -> list[str | None]:
        """The document of each row."""
        return self._list("source")

    @cached_property
    def order(self) -> list[int]:
        """The place of each row's document in the order of publication; -1: not listed."""
        return self._list(ORDER) if ORDER in self.labels.columns else [-1] * self.height

    @cached_property
    def categories(self) -> dict[str, list[str | None]]:
        """The code of each row, by category."""
        return {each.name: self._list(each.name) for each in columns(self.model) if isinstance(each.dtype, Category)}

    def _list(self, name: str) -> list[Any]:
        return self.labels.get_column(name).to_list() if name in self.labels.columns else [None] * self.height

    def positions(self, *, leave_out: str = "") -> Mapping[tuple[Any, ...], Sequence[int]]:
        """Index the rows by area, span and categories, without the one left out."""
        if leave_out not in self._positions:
            categories = [codes for name, codes in self.categories.items() if name != leave_out]
            found: dict[tuple[Any, ...], list[int]] = {}
            for position, key in enumerate(zip(self.areas, self.starts, self.ends, *categories, strict=True)):
                found.setdefault(key, []).append(position)
            self._positions[leave_out] = found
        return self._positions[leave_out]

    @cached_property
    def _positions(self) -> dict[str, dict[tuple[Any, ...], list[int]]]:
        return {}

    @cached_property
    def _keys(self) -> list[tuple[Any, ...]]:
        """Area, span and categories of each row; equal keys print the same figures."""
        return list(zip(self.areas, self.starts, self.ends, *self.categories.values(), strict=True))

    def same_figures(self, row: int) -> Sequence[int]:
        """Return the rows that print the same figures as a row, itself included."""
        return self.positions()[self._keys[row]]

    def published_before(self, row: int) -> NDArray[np.int64]:
        """Return the earlier prints of the figures of a row, in the order of publication."""
        key = self._keys[row]
        if key not in self._published:
            self._published[key] = np.array(sorted(self.positions()[key], key=self.order.__getitem__), dtype=np.int64)
        rows = self._published[key]
        return rows[: bisect_left(rows, (self.order[row], row), key=lambda each: (self.order[each], each))]

    @cached_property
    def _published(self) -> dict[tuple[Any, ...], NDArray[np.int64]]:
        return {}

    @cached_property
    def is_revised(self) -> list[bool]:
        """The rows that are marked as revised."""
        return [mark is not None for mark in self._list(revision_column(self.model))]

    @cached_property
    def _vintages(self) -> tuple[list[int | None], list[list[int]]]:
        return vintages_of(self._keys, self.order, self.is_revised)

    @property
    def vintages(self) -> list[int | None]:
        """The vintage of each row (`schemas.vintages`)."""
        return self._vintages[0]

    @property
    def reprints(self) -> list[list[int]]:
        """Groups of several rows that print one figure in one vintage, oldest first."""
        return self._vintages[1]

    def spans_of_vintages(self, column: str) -> Spans | None:
        """Return the documents for which each print holds; None without revisions."""
        if not any(self.is_revised):
            return None
        return spans_of_vintages(self._keys, self.order, self.vintages, np.flatnonzero(self.figures[column].is_printed).tolist())

    def values(self, names: Iterable[str]) -> pl.DataFrame:
        """Return the labels with the values of some figures; null where missing."""
        return self.labels.with_columns(self.figures[name].series(name)[0] for name in names if name in self.figures)

    def is_first_of(self, category: str) -> pl.Series:
        """Tell which rows are the first of those that differ in a category only."""
        others = ["area", PERIOD_START, PERIOD_END]
        others += [c.name for c in columns(self.model) if isinstance(c.dtype, Category | Source) and c.name != category]
        return self.labels.select(pl.struct(others).is_first_distinct()).to_series()


def of_frame(model: type[Table], frame: pl.DataFrame, address: str = "") -> FigureTable:
    """Return a frame of values as a table that rules can judge.

    Args:
        model: what the table is.
        frame: one row per row of the table, with the columns of the model. A figure `x` may have bounds, `x_low` and `x_high`,
            of which null is open; without them its value is exact. An optional column may be missing. Documents
            count as published in the order in which they first appear, unless a column `source__order` ranks them.
        address: address of the table.
    """
    known = frame.columns
    names = [column.name for column in columns(model) if not column.is_figure]
    labels = frame.select(
        pl.col(name).cast(pl.String) if name in known else pl.lit(None, pl.String).alias(name) for name in names
    )
    months = labels.select(span(pl.col("period"))).to_series().struct
    order = {source: place for place, source in enumerate(labels.get_column("source").unique(maintain_order=True))}
    labels = labels.with_columns(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias(ROW),
        months.field("start").alias(PERIOD_START),
        months.field("end").alias(PERIOD_END),
        frame.get_column(ORDER).cast(pl.Int32)
        if ORDER in known
        else pl.col("source").replace_strict(order, default=-1, return_dtype=pl.Int32).alias(ORDER),
    )
    figures_of = {c.name: _of_columns(frame, c.name) for c in figures(model) if c.name in known or c.optional}
    return FigureTable(address, model, labels, figures_of)


def _of_columns(frame: pl.DataFrame, name: str) -> Figures:
    if name not in frame.columns:
        return Figures.absent(frame.height)
    value = frame.get_column(name)
    if f"{name}_low" not in frame.columns:
        return Figures.of_series(value, value, value)
    return Figures.of_series(value, frame.get_column(f"{name}_low"), frame.get_column(f"{name}_high"))
