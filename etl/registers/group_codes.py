"""Pack the codes and the month of a group into one number, to count it quickly."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import polars as pl

from etl.registers.parse import CODE, FIRST_DAY, LAST_DAY

NUMBER, MONTH = "@number", "month"
_FIRST_MONTH = 12 * FIRST_DAY.year
_MONTHS = 12 * (LAST_DAY.year - FIRST_DAY.year + 1) + 1


MOST_DENSE = 4_000_000
"""Up to this, numbers are counted in an array with a place for each."""

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True)
class GroupCodes:
    """Numbers of groups: a digit for the code of each column, and one for the month.

    Attributes:
        codes: by column, the codes that it may have; the digit after them stands for a blank.
    """

    codes: dict[str, list[str]]

    def number(self, month: pl.Expr) -> pl.Expr:
        """Compute the number of a row's codes and month; digit 0 stands for a blank month."""
        size = math.prod(len(codes) + 1 for codes in self.codes.values()) * _MONTHS
        held_in = pl.Int32() if size < 2**31 else pl.Int64()
        number = pl.lit(0, held_in)
        for name, codes in self.codes.items():
            digit = pl.col(CODE + name).to_physical().cast(held_in).fill_null(len(codes))
            number = number * (len(codes) + 1) + digit
        return number * _MONTHS + (month - (_FIRST_MONTH - 1)).fill_null(0).cast(held_in)

    def unpack(self, number: pl.Expr) -> list[pl.Expr]:
        """Compute the codes, as text, and the month of a number."""
        number = number.cast(pl.Int64)
        month, rest = number % _MONTHS, number // _MONTHS
        found = [pl.when(month > 0).then(month + (_FIRST_MONTH - 1)).alias(MONTH)]
        for name, codes in reversed(self.codes.items()):
            texts = pl.lit(pl.Series([*codes, None], dtype=pl.String))
            found.append(texts.gather(rest % (len(codes) + 1)).alias(name))
            rest = rest // (len(codes) + 1)
        return found[::-1]


def count_numbers(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Count how often each number occurs: the numbers in order, and the counts.

    No number is below 0.
    """
    if numbers.max(initial=0) > MOST_DENSE:
        values, counts = np.unique(numbers, return_counts=True)
        return values, counts
    counts = np.bincount(numbers)
    values = counts.nonzero()[0]
    return values, counts[values]
