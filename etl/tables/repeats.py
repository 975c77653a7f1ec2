"""Find figures that are those of another row: of the year before, or of an area within or around."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import numpy as np

from etl.tables.comparisons import Comparison, Pairs, Print, place_of, text_of
from etl.tables.parse import ParsedTable
from schemas import builtin_rules
from schemas.models import Column, figures
from schemas.texts import Text

_LEAST_OF_A_LEVEL, _LEAST_OF_ANOTHER = 100, 1000
"""Least number that the digits of a repeated figure make; a share or mean changes less from year to year than a level."""
_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")


class Repeated(Comparison):
    """Rows that print anew what another row prints, in so many digits that it is no chance."""

    def __init__(self) -> None:
        super().__init__(builtin_rules.FIGURE_IS_NOT_THAT_OF_ANOTHER_ROW)

    def add_all(self, table: ParsedTable, *compared: Pairs) -> None:
        """Add the rows of a table that repeat others, each with the figures that are repeated."""
        declared = {column.name: column for column in figures(table.raw.entry.model) if column.name in table.figures}
        for pairs in compared:
            if not len(pairs.rows):
                continue
            self.known.update(pairs.rows.tolist())
            found: dict[tuple[int, int], list[str]] = {}
            numbers: dict[str, int] = {}
            for name in declared:
                alike, numbers[name] = _alike(table, name, pairs)
                for row, other in zip(pairs.rows[alike].tolist(), pairs.others[alike].tolist(), strict=True):
                    found.setdefault((row, other), []).append(name)
            for (row, other), names in found.items():
                for name in _no_chance(table, row, [declared[each] for each in names], numbers):
                    self.broken.setdefault(Print(row, name), (Print(other, name),))

    def message(self, table: ParsedTable, own: Print, others: tuple[Print, ...]) -> Text:
        place = place_of(table, others[0])
        return Text(
            f"{text_of(table, own)} is what the row of another year or area prints ({place}); was it copied from there?",
            f"{text_of(table, own)} 与另一年份或地区的数字（{place}）完全相同，是否误抄？",
        )


def _alike(table: ParsedTable, name: str, pairs: Pairs) -> tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], int]:
    """Tell which pairs print the same figure, and return how many print any."""
    now, before = (table.figures[name].at(each) for each in pairs)
    alike = (now.value == before.value) & (now.low == before.low) & (now.high == before.high)
    return alike, int(np.count_nonzero(now.is_printed & before.is_printed))


def _no_chance(table: ParsedTable, row: int, columns: list[Column], numbers: dict[str, int]) -> Iterator[str]:
    """Yield the columns of a row whose figures are repeated not by chance: by themselves, or all of them together.

    Of as many figures as there are numbers of so many digits, one repeats by chance.
    """
    digits = {each.name: _digits(text_of(table, Print(row, each.name))) for each in columns}
    together = math.prod(digits.values()) >= 10 ** (len(columns) + 1) and any(each.is_level for each in columns)
    for each in columns:
        least = max(_LEAST_OF_A_LEVEL if each.is_level else _LEAST_OF_ANOTHER, numbers[each.name])
        if digits[each.name] >= least or (len(columns) > 1 and together and digits[each.name] > 1):
            yield each.name


def _digits(text: str) -> int:
    """Return the digits of a figure as one number, without zeros at its ends: 7.60万 is 76."""
    number = _NUMBER.search(text)
    return int(number[0].replace(",", "").replace(".", "").strip("0") or 0) if number else 0
