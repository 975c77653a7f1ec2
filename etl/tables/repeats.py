"""Find figures that are those of another row: of the year before, or of an area within or around."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from etl.tables.comparisons import Comparison, Mask, Pairs, Positions, Print, place_of, text_of
from etl.tables.parse import ParsedTable
from schemas.models import Column, figures
from schemas.texts import Text

_LEAST_OF_A_LEVEL, _LEAST_OF_ANOTHER = 100, 1000
"""Least number that the digits of a repeated figure make; a share or mean changes less from year to year than a level."""
_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")


class Repeated(Comparison):
    """Rows that print anew what another row prints, in so many digits that it is no chance."""

    def add_all(self, table: ParsedTable, *compared: Pairs) -> None:
        """Add the rows of a table that repeat others, each with the figures that are repeated."""
        declared = [column for column in figures(table.raw.entry.model) if column.name in table.figures]
        for pairs in compared:
            self.known[pairs.rows] = True
            if not len(pairs.rows):
                continue
            alike = [_alike(table, column.name, pairs) for column in declared]
            for column, is_repeated in zip(declared, _no_chance(table, declared, pairs, alike), strict=True):
                self.add_broken(column.name, pairs, is_repeated)

    def message(self, table: ParsedTable, own: Print, others: tuple[Print, ...]) -> Text:
        place = place_of(table, others[0])
        return Text(
            f"{text_of(table, own)} is what the row of another year or area prints ({place}); was it copied from there?",
            f"{text_of(table, own)} 与另一年份或地区的数字（{place}）完全相同，是否误抄？",
        )


def _alike(table: ParsedTable, name: str, pairs: Pairs) -> tuple[Mask, int]:
    """Tell which pairs print the same figure, and return how many print any."""
    now, before = (table.figures[name].at(each) for each in pairs)
    alike = (now.value == before.value) & (now.low == before.low) & (now.high == before.high)
    return alike, int(np.count_nonzero(now.is_printed & before.is_printed))


def _no_chance(table: ParsedTable, columns: list[Column], pairs: Pairs, alike: list[tuple[Mask, int]]) -> Iterator[Mask]:
    """Yield for each column which pairs are repeated not by chance: by themselves, or all columns of the row together.

    Of as many figures as there are numbers of so many digits, one repeats by chance.
    """
    digits = [_digits(table, each.name, pairs.rows, is_alike) for each, (is_alike, _) in zip(columns, alike, strict=True)]
    repeated = np.sum([is_alike for is_alike, _ in alike], axis=0)
    has_level = np.any([is_alike & each.is_level for each, (is_alike, _) in zip(columns, alike, strict=True)], axis=0)
    product = np.prod([np.where(is_alike, each, 1) for each, (is_alike, _) in zip(digits, alike, strict=True)], axis=0)
    together = (product >= 10.0 ** (repeated + 1)) & has_level & (repeated > 1)
    for column, each, (is_alike, numbers) in zip(columns, digits, alike, strict=True):
        least = max(_LEAST_OF_A_LEVEL if column.is_level else _LEAST_OF_ANOTHER, numbers)
        yield is_alike & ((each >= least) | (together & (each > 1)))


def _digits(table: ParsedTable, name: str, rows: Positions, is_alike: Mask) -> NDArray[np.float64]:
    """Return the digits of some figures as numbers, without zeros at their ends: 7.60万 is 76; 0 where none is asked for."""
    found = np.zeros(len(rows))
    found[is_alike] = [_digits_of(text_of(table, Print(row, name))) for row in rows[is_alike].tolist()]
    return found


@lru_cache(maxsize=1 << 16)
def _digits_of(text: str) -> float:
    number = _NUMBER.search(text)
    return float(number[0].replace(",", "").replace(".", "").strip("0") or 0) if number else 0.0
