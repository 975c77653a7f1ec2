"""TEMPORARY: the catalogue of the project at hand, for callers that do not yet pass it as a value.

Delete this module, and all that is marked TEMPORARY elsewhere, when no caller is left.

A stack serves here, not a context variable: polars calls back from threads that have no context.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

Result = TypeVar("Result")
Parameters = ParamSpec("Parameters")

_in_use: list[Callable[[], Any]] = []


@contextmanager
def using(catalogue: Callable[[], Any]) -> Iterator[None]:
    """Put a catalogue in use until the end of the block; it is made when it is first asked for."""
    _in_use.append(functools.cache(catalogue))
    try:
        yield
    finally:
        _in_use.pop()


def with_catalogue_of_project(
    function: Callable[Concatenate[Any, Parameters], Result],
) -> Callable[Concatenate[Any, Parameters], Result]:
    """Put the catalogue of the project, which is the first argument of a function, in use while it runs."""

    @functools.wraps(function)
    def in_its_catalogue(project: Any, /, *arguments: Parameters.args, **keywords: Parameters.kwargs) -> Result:
        with using(lambda: project.catalogue):
            return function(project, *arguments, **keywords)

    return in_its_catalogue


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
