"""Check that a value lies in the range of its kind."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import pandera.polars as pa
import polars as pl

from schemas.kinds import Column, Figure


@cache
def ranges_of(kind: type[Figure]) -> tuple[pa.Check, ...]:
    """Return the checks of a kind's range, for a polars or numpy column or a number."""

    def is_not_below(value: Any) -> Any:
        return value > kind.minimum if kind.is_positive else value >= kind.minimum

    def is_not_above(value: Any) -> Any:
        return value <= kind.maximum

    def check(holds: Callable[[Any], Any], name: str) -> pa.Check:
        return pa.Check(lambda data: data.lazyframe.select(holds(pl.col(data.key))), name=name, statistics={"holds": holds})

    below, above = check(is_not_below, "not-below-its-range"), check(is_not_above, "not-above-its-range")
    return (below,) if kind.maximum is None else (below, above)


def holds_of(check: pa.Check) -> Callable[[Any], Any]:
    """Return what a check of a range tests, for a number or a column of numbers."""
    assert check.statistics is not None
    holds: Callable[[Any], Any] = check.statistics["holds"]
    return holds


def is_in_range(column: Column, value: float) -> bool:
    """Tell whether a value lies in the range of its kind; a missing value does not."""
    return not math.isnan(value) and not broken_ranges(column, value)


def broken_ranges(column: Column, value: float) -> list[str]:
    """Return the ids of the rules of its kind's range that a value breaks."""
    kind: type[Figure] = type(column.dtype)
    return [str(check.name) for check in ranges_of(kind) if not holds_of(check)(value)]
