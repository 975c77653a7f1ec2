"""Several results of one scan: each part of the file is read once, and every result takes from it what it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl


def collected(
    sure: Sequence[pl.LazyFrame], others: Sequence[pl.LazyFrame], again: Callable[[], None]
) -> tuple[list[pl.DataFrame], list[pl.DataFrame | str]]:
    """Give the results of frames that rest on one and the same frame; of one of the others that fails, why.

    Args:
        sure: frames that fail only where the file cannot be read.
        others: frames that may fail by themselves.
        again: called before the file is read a second time, to find out which of them failed.

    Raises:
        PolarsError: the file cannot be read.
    """
    try:
        found = pl.collect_all([*sure, *others], engine="streaming")
    except (Exception, pl.exceptions.PanicException):
        again()
        return pl.collect_all(sure, engine="streaming"), [_alone(frame) for frame in others]
    return found[: len(sure)], list(found[len(sure) :])


def _alone(frame: pl.LazyFrame) -> pl.DataFrame | str:
    try:
        return frame.collect(engine="streaming")
    except (Exception, pl.exceptions.PanicException) as error:  # What an expression raises is up to a rule and to polars.
        return told(error)


def told(error: BaseException) -> str:
    """Give an error in a line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
