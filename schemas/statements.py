"""What standard conditions on the plain columns of a record state."""

from __future__ import annotations

from typing import NamedTuple


class NotBefore(NamedTuple):
    """One day is not before another."""

    later: str
    earlier: str


class BearsYear(NamedTuple):
    """Four characters of a number, from `at`, are the year of a day."""

    number: str
    at: int
    day: str


class FilledTogether(NamedTuple):
    """Two columns are filled together or blank together."""

    one: str
    other: str


class YearsWithin(NamedTuple):
    """Two days are at most so many calendar years apart, by code of a column."""

    later: str
    earlier: str
    category: str
    most: tuple[tuple[str, int], ...]


Statement = NotBefore | BearsYear | FilledTogether | YearsWithin
