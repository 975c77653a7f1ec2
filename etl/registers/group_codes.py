"""Pack the codes and the month of a group into one number, to count it quickly."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from etl.registers.parse import CODE, FIRST_DAY, LAST_DAY

NUMBER, MONTH = "@number", "month"
_FIRST_MONTH = 12 * FIRST_DAY.year
_MONTHS = 12 * (LAST_DAY.year - FIRST_DAY.year + 1) + 1


@dataclass(frozen=True)
class GroupCodes:
    """Numbers of groups: a digit for the code of each column, and one for the month.

    Attributes:
        codes: by column, the codes that it may have; the digit after them stands for a blank.
    """

    codes: dict[str, list[str]]

    def number(self, month: pl.Expr) -> pl.Expr:
        """Compute the number of a row's codes and month; digit 0 stands for a blank month."""
        number = pl.lit(0, pl.Int64)
        for name, codes in self.codes.items():
            digit = pl.col(CODE + name).to_physical().cast(pl.Int64).fill_null(len(codes))
            number = number * (len(codes) + 1) + digit
        return number * _MONTHS + (month - (_FIRST_MONTH - 1)).fill_null(0)

    def unpack(self, number: pl.Expr) -> list[pl.Expr]:
        """Compute the codes, as text, and the month of a number."""
        month, rest = number % _MONTHS, number // _MONTHS
        found = [pl.when(month > 0).then(month + (_FIRST_MONTH - 1)).alias(MONTH)]
        for name, codes in reversed(self.codes.items()):
            texts = pl.lit(pl.Series([*codes, None], dtype=pl.String))
            found.append(texts.gather(rest % (len(codes) + 1)).alias(name))
            rest = rest // (len(codes) + 1)
        return found[::-1]
