"""How long the records of a register lasted, by codes and month: their median and mean, from the rows as they stream by."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from etl.registers.flows import COUNT, MEAN, MEDIAN, MONTH, lasted
from etl.registers.packed import NUMBER, Packing, codes_number, month_of, with_month
from etl.registers.parse import FIRST_DAY, LAST_DAY, MONTH_OF
from etl.registers.reading import DAYS, lasting
from schemas.registers import Flow

LENGTH = "@length"
AT_ONCE = 8_000_000
_LONGEST = (LAST_DAY - FIRST_DAY).days
_SPAN = 2 * _LONGEST + 1


def length_number(flow: Flow, packs: Packing) -> pl.Expr:
    """Give the number of a record's codes, of the month in which its time is over, and of the days that it lasted."""
    number = with_month(packs.number(), pl.col(MONTH_OF + flow.measured[1])).cast(pl.Int64)
    return (number * _SPAN + (lasting(flow) + _LONGEST)).alias(LENGTH)


@dataclass
class Lengths:
    """The lengths of records that stream by: eight bytes a record until there are many of them, then so much a length.

    Attributes:
        packs: how codes are numbered.
        records: how many records were seen.
    """

    packs: Packing
    records: int = 0
    _parts: list[pl.Series] = field(default_factory=list)
    _counted: list[pl.DataFrame] = field(default_factory=list)

    def take(self, numbers: pl.Series) -> None:
        """Take the `length_number` of records; it is null where a day is blank."""
        self.records += len(numbers)
        self._parts.append(numbers.drop_nulls())
        if sum(map(len, self._parts)) > AT_ONCE:
            self._count()

    def _count(self) -> None:
        runs = pl.concat([pl.Series(dtype=pl.Int64), *self._parts]).sort().rle().struct.unnest()
        self._counted.append(runs.rename({"value": LENGTH, "len": COUNT}))
        self._parts = []

    def lasted(self) -> pl.DataFrame:
        """Give the median and the mean of the days, as `flows.lasted` does."""
        self._count()
        group, days = pl.col(LENGTH) // _SPAN, pl.col(LENGTH) % _SPAN - _LONGEST
        found = lasted(pl.concat(self._counted).with_columns(group.cast(pl.UInt32).alias(NUMBER), days.alias(DAYS)), [NUMBER])
        codes, month = self.packs.codes_of(codes_number(pl.col(NUMBER))), month_of(pl.col(NUMBER)).alias(MONTH)
        return found.select(*codes, month, MEDIAN, MEAN).drop_nulls([*self.packs.codes, MONTH])
