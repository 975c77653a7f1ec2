"""Sum up groups as records stream by: one scan for the flow and all group rules.

polars 2.1 runs one aggregation of a streaming query at a time and keeps the rows of all others until it is done, so several of
them in one query fill the memory. Here some rows at once are summed up, and the sums are merged. A measure that cannot be
merged, such as a median, and one that fails, is computed by a scan of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from threading import Lock

import narwhals.stable.v1 as nw
import polars as pl

from etl.registers.groups import GroupVerdict, collect_or_explain, judge_group_rule, measure_groups
from etl.registers.monthly_flows import count_flow, merge_counts, unpack_counts
from etl.registers.reader import RegisterReader, group_codes, no_rows
from schemas.registers import flow

ROWS_AT_ONCE, MOST_GROUPS = 500_000, 1_000_000
_MERGED_BY = {"sum": pl.Expr.sum, "count": pl.Expr.sum, "min": pl.Expr.min, "max": pl.Expr.max}


def find_merges(measures: Mapping[str, nw.Expr], columns: Collection[str]) -> dict[str, pl.Expr] | None:
    """Find how measures of parts of a group merge; None where one of them does not.

    An expression cannot be taken apart, so it is compared, as it is written, with each that is known to merge.
    """
    known = {repr(getattr(nw.col(name), how)()): merge for name in columns for how, merge in _MERGED_BY.items()}
    known[repr(nw.len())] = pl.Expr.sum
    merges = {name: known.get(repr(measure)) for name, measure in measures.items()}
    return None if None in merges.values() else {name: merge(pl.col(name)) for name, merge in merges.items() if merge}


@dataclass
class _Total:
    """Sums of the groups of all records that were taken.

    Attributes:
        sum_up: computes the sums of a batch of records, one row a group.
        merge: adds up the sums of parts of the records.
        failed: whether a batch could not be summed up.
    """

    sum_up: Callable[[pl.DataFrame], pl.DataFrame]
    merge: Callable[[list[pl.DataFrame]], pl.DataFrame]
    failed: bool = False
    _parts: list[pl.DataFrame] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def add(self, part: pl.DataFrame) -> None:
        with self._lock:
            self._parts.append(part)
            if sum(each.height for each in self._parts) > MOST_GROUPS:
                self._parts = [self.merged()]

    def merged(self) -> pl.DataFrame:
        return self.merge(self._parts)


def merge_measures(parts: list[pl.DataFrame], merges: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Merge measures of parts of groups; columns without a merge name the group."""
    whole = pl.concat(parts)
    if len(parts) == 1:
        return whole
    return whole.group_by(pl.exclude(merges)).agg(how.alias(name) for name, how in merges.items()).select(whole.columns)


class StreamingSums:
    """Flow of a register, and measures of its rules of groups, as records stream by.

    Attributes:
        columns: those that must be shown to it of each row that it has prepared.
    """

    def __init__(self, reader: RegisterReader) -> None:
        self._reader, model = reader, reader.entry.model
        self._rules, self._flow_of, self._codes = model.__groups__, flow(model), group_codes(reader.entry)
        days = (self._flow_of.opens, self._flow_of.closes, *(rule.month for rule in self._rules if rule.month))
        self._selected = reader.for_groups(days)
        self.columns = tuple(dict.fromkeys(name for each in self._selected for name in each.meta.root_names()))
        self._flow = _Total(partial(count_flow, flow=self._flow_of, groups=self._codes), merge_counts)
        names = [column.name for column in reader.columns]
        merges = [find_merges(rule.measures, names) for rule in self._rules]
        self._of_rules = [
            None
            if how is None
            else _Total(lambda rows, rule=rule: measure_groups(rows.lazy(), rule).collect(), partial(merge_measures, merges=how))  # type: ignore[misc]
            for rule, how in zip(self._rules, merges, strict=True)
        ]
        self._waiting: list[pl.DataFrame] = []
        self._lock = Lock()
        self._sum_up([no_rows(reader.entry).select(self.columns).collect()])

    def take(self, rows: pl.DataFrame) -> None:
        """Take rows of any thread; they are summed up when there are enough of them."""
        with self._lock:
            self._waiting.append(pl.DataFrame([rows.get_column(name) for name in self.columns]))
            if sum(each.height for each in self._waiting) < ROWS_AT_ONCE:
                return
            enough, self._waiting = self._waiting, []
        self._sum_up(enough)

    def _sum_up(self, rows: list[pl.DataFrame]) -> None:
        batch = pl.concat(rows).select(self._selected)
        self._flow.add(self._flow.sum_up(batch))
        for total in self._of_rules:
            if total is None or total.failed:
                continue
            try:
                total.add(total.sum_up(batch))
            except (Exception, pl.exceptions.PanicException):  # What an expression raises is up to the rule and to polars.
                total.failed = True

    def result(self) -> tuple[pl.DataFrame, list[GroupVerdict]]:
        """Return the counts of the flow, and the verdicts on groups, after the last row."""
        if self._waiting:
            self._sum_up(self._waiting)
        verdicts = []
        for rule, total in zip(self._rules, self._of_rules, strict=True):
            is_summed = total is not None and not total.failed
            groups = total.merged() if total and is_summed else collect_or_explain(measure_groups(self._reader.frame(), rule))
            verdicts.append(judge_group_rule(rule, groups))
        return unpack_counts(self._flow.merged(), self._codes), verdicts
