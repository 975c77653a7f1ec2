"""Results that are remembered as long as the same declarations are in force: those of the package and of one project."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

Result = TypeVar("Result")

_forget: list[Callable[[], None]] = []


def remembered(function: Callable[..., Result]) -> _lru_cache_wrapper[Result]:
    """Remember what a function gives, as `functools.cache` does, until `forget` is called.

    For whatever rests on a code list or the catalogue: with the declarations of another project they are others.
    """
    cached = functools.cache(function)
    _forget.append(cached.cache_clear)
    return cached


def forget() -> None:
    """Forget all that was remembered, because other declarations are in force."""
    for clear in _forget:
        clear()
