"""Median and mean durations of records by codes and month, as rows stream by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from etl.registers.group_codes import MONTH, NUMBER, GroupCodes, Numbers, count_numbers
from etl.registers.monthly_flows import COUNT, DAYS, MEAN, MEDIAN
from etl.registers.parse import FIRST_DAY, LAST_DAY, MONTH_OF
from schemas.flows import Flow

DURATION = "@duration"
AT_ONCE = 8_000_000
_LONGEST = (LAST_DAY - FIRST_DAY).days
_SPAN = 2 * _LONGEST + 1


@dataclass
class Durations:
    """Counts of durations: 8 bytes a record, or of a distinct duration if many.

    Attributes:
        flow: how the records come and go.
        groups: how their codes are packed.
        records: how many records were taken.
    """

    flow: Flow
    groups: GroupCodes
    records: int = 0
    _waiting: list[Numbers] = field(default_factory=list)
    _counted: list[tuple[Numbers, Numbers]] = field(default_factory=list)

    def number(self) -> pl.Expr:
        """Pack a record's codes, its last month, and its days; null where a day is blank."""
        since, until = self.flow.measured
        days = (pl.col(until) - pl.col(since)).dt.total_days()
        return (self.groups.number(pl.col(MONTH_OF + until)).cast(pl.Int64) * _SPAN + (days + _LONGEST)).alias(DURATION)

    def take(self, numbers: pl.Series) -> None:
        """Count the numbers of some records."""
        self.records += len(numbers)
        self._waiting.append(numbers.drop_nulls().to_numpy())
        if sum(map(len, self._waiting)) > AT_ONCE:
            self._count()

    def _count(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._counted.append(count_numbers(np.concatenate([np.empty(0, np.int64), *waiting])))

    def summarize(self) -> pl.DataFrame:
        """Compute the median and the mean of the days by codes and month."""
        self._count()
        numbers, counts = (np.concatenate(each) for each in zip(*self._counted, strict=True))
        group, days = pl.col(NUMBER) // _SPAN, pl.col(NUMBER) % _SPAN - _LONGEST
        counted = pl.DataFrame({NUMBER: numbers, COUNT: counts}).select(group, days.alias(DAYS), COUNT)
        found = summarize_days(counted, [NUMBER])
        return found.select(*self.groups.unpack(pl.col(NUMBER)), MEDIAN, MEAN).drop_nulls([*self.groups.codes, MONTH])


def summarize_days(counted: pl.DataFrame, on: Sequence[str]) -> pl.DataFrame:
    """Compute the median and the mean of counted days, by what names a group."""
    days, number = pl.col(DAYS), pl.col(COUNT)
    known = counted.sort(*on, DAYS).with_columns(number.cum_sum().over(on).alias("@upto"), number.sum().over(on).alias("@all"))
    # The middle record, or the mean of the two in the middle: the first days by which half of the records are counted.
    lower = days.filter(pl.col("@upto") * 2 >= pl.col("@all")).first()
    upper = days.filter(pl.col("@upto") * 2 > pl.col("@all")).first()
    return known.group_by(on).agg(((lower + upper) / 2).alias(MEDIAN), ((days * number).sum() / number.sum()).alias(MEAN))
