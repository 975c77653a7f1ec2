"""TEMPORARY: the catalogue of the project at hand, for callers that do not yet pass it as a value.

Delete this module, and the functions marked so in `schemas.code_lists`, `etl.catalogue`, `etl.figures` and `etl.warehouse.dimensions`,
when no caller is left. A stack serves here, not a context variable: polars calls back from threads that have no context.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

Result = TypeVar("Result")

_in_use: list[Callable[[], Any]] = []


@contextmanager
def using(catalogue: Callable[[], Any]) -> Iterator[None]:
    """Put a catalogue in use until the end of the block; it is made when it is first asked for."""
    _in_use.append(functools.cache(catalogue))
    try:
        yield
    finally:
        _in_use.pop()


def in_use() -> Any:
    """Return the catalogue in use; None for that of the package."""
    return _in_use[-1]() if _in_use else None


def remembered(function: Callable[..., Result]) -> Callable[..., Result]:
    """Cache a function that depends on the catalogue in use, separately for each catalogue."""
    cached = functools.cache(lambda catalogue, *arguments: function(*arguments))

    @functools.wraps(function)
    def of_catalogue(*arguments: Any) -> Result:
        return cached(in_use(), *arguments)

    return of_catalogue
