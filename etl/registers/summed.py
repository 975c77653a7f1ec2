"""What is summed up of a register on the one pass: its flow, and what the groups of its rules come to."""

from __future__ import annotations

from functools import cached_property, partial

import polars as pl

from etl.registers.flows import ADDED_UP, counted_by_number, counted_records, with_codes, with_numbers
from etl.registers.groups import GroupVerdict, alone, group_verdict, measured
from etl.registers.packed import Packing, packing
from etl.registers.reading import Reading
from etl.registers.running_sums import RunningSum, RunningSums, added_up
from schemas.registers import Flow, flow


class Summed:
    """The sums of the rows of a register, which are shown to it as they stream by.

    Attributes:
        columns: all that it must be shown of a frame that it has `prepared`.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading, self._groups = reading, reading.entry.model.__groups__
        self._packs = packing(reading)
        read, prepared = (frame.collect_schema().names() for frame in (reading.frame(), self.prepared(reading.frame())))
        self._numbers = [name for name in prepared if name not in read]
        self.columns = tuple(dict.fromkeys((*self._numbers, *(name for each in self._named for name in each.meta.root_names()))))
        self._flow = _flow_sum(self._counted_by, self._packs)
        self._of_groups = [
            RunningSum(partial(measured, group=group), how) if (how := added_up(group.measures)) is not None else None
            for group in self._groups
        ]
        self._sums = RunningSums([self._flow, *(each for each in self._of_groups if each is not None)])
        self.take(self.prepared(reading.frame()).select(self.columns).head(0).collect())

    def prepared(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Give a frame of values with what is counted of its rows."""
        return with_numbers(frame, self._counted_by, self._packs) if self._packs else frame

    @property
    def _counted_by(self) -> Flow:
        return flow(self._reading.entry.model)

    @cached_property
    def _named(self) -> list[pl.Expr]:
        """The columns of sums under their declared names: codes as enums, but no other text."""
        return self._reading.for_sums()

    def take(self, rows: pl.DataFrame) -> None:
        """Take rows that stream by, by whatever thread."""
        self._sums.take(rows.select(*self._numbers, *self._named))

    def result(self) -> tuple[pl.DataFrame, list[GroupVerdict]]:
        """Give the flow, as `flows.counts` does, and the verdicts on groups, once all rows are seen."""
        self._sums.finish()
        verdicts = [
            group_verdict(group, each.result() if each and not each.failed else alone(measured(self._reading.frame(), group)))
            for group, each in zip(self._groups, self._of_groups, strict=True)
        ]
        return self._flow.result(), verdicts


def _flow_sum(counted_by: Flow, packs: Packing | None) -> RunningSum:
    """Give what is summed up of the flow: by numbers, where the codes have place in one."""
    if packs is None:
        return RunningSum(partial(counted_records, flow=counted_by), ADDED_UP)
    return RunningSum(partial(counted_by_number, flow=counted_by), ADDED_UP, partial(with_codes, packs=packs))
