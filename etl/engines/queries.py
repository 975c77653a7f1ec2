"""Query staged rows: each query has a small answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import narwhals.stable.v1 as nw
import narwhals.stable.v2 as nw2
import polars as pl

from etl.engines.portability import write_for
from etl.engines.protocol import BLOCK, FILE, READ_BY_POLARS, ROW
from etl.engines.staging import StagedRegister, explain_failures
from etl.registers.failure_samples import MOST_FINDINGS, WaivedKeys
from etl.registers.group_codes import MONTH
from etl.registers.groups import BY, in_one_line, measure_groups
from etl.registers.keys import key_text, later_ones
from etl.registers.monthly_flows import (
    AMOUNT,
    COUNT,
    DAYS,
    EVENT,
    FLAGGED,
    MEAN,
    MEDIAN,
    count_flow,
    event_months,
    unpack_counts,
)
from etl.registers.parse import MONTH_OF, TEXT, UNREAD
from etl.registers.partition import Rejection, portable_key_text
from etl.registers.reader import group_codes, no_rows
from etl.registers.row_tests import BLANK_KEYS, HOLDS, ROWS, RowTest, all_hold
from schemas.flows import GroupRule
from schemas.models import Column
from schemas.registers import Flag, flow, key

_N = "@n"
BY_POLARS = "rows read by polars"
AT = "@at"
"""The number of a row in its block."""

_BEFORE, _OF_ALL, _DAYS_OF_ALL, _LOWER, _UPPER = "@before", "@of all", "@days of all", "@lower", "@upper"


@dataclass(frozen=True)
class Queries:
    """Queries of a staged register.

    Attributes:
        staged: the rows.
        tests: of rows, each with an expression.
    """

    staged: StagedRegister
    tests: tuple[RowTest, ...]

    @cached_property
    def _key(self) -> tuple[str, ...]:
        return key(self.staged.reader.entry.model)

    @cached_property
    def _holds(self) -> dict[str, nw.Expr]:
        """Verdict of each test, by the name of its column."""
        return {f"{HOLDS}{number}": self._write(test.holds) for number, test in enumerate(self.tests) if test.holds is not None}

    def _write(self, expression: nw.Expr) -> nw.Expr:
        """Write an expression for the engine."""
        flags = [column.name for column in self.staged.reader.columns if isinstance(column.dtype, Flag)]
        return write_for(expression, self.staged.engine.differences, flags)

    def _written(self, tests: Sequence[RowTest]) -> list[RowTest]:
        return [replace(test, holds=self._write(test.holds)) for test in tests if test.holds is not None]

    def explained(self) -> AbstractContextManager[None]:
        """Explain a failure of the engine in the body of a `with`."""
        return explain_failures(self.staged.engine, self.staged.reader.address)

    def _fetch(self, frame: Any) -> pl.DataFrame:
        return self.staged.engine.fetch(frame.to_native())

    def counts(self) -> dict[str, int]:
        """Count rows, by test the failed and the inapplicable ones, and blank keys."""
        by_polars = nw.col(BLOCK) == READ_BY_POLARS
        asked = {name: ~nw.col(name) for name in self._holds}
        asked |= {f"{name} null": nw.col(name).is_null() for name in self._holds}
        asked[BY_POLARS] = by_polars
        asked[BLANK_KEYS] = nw.any_horizontal(*(nw.col(TEXT + name).is_null() for name in self._key), ignore_nulls=False)
        sums = [each.cast(nw.Int64).sum().alias(f"n{number}") for number, each in enumerate(asked.values())]
        tested = self.staged.frame().with_columns(**self._holds)
        rows, *row = self._fetch(tested.select(nw.len().alias(_N), *sums)).row(0)
        return {ROWS: int(rows)} | {name: int(number or 0) for name, number in zip(asked, row, strict=True)}

    def failures(self, failed: Mapping[str, int], waived: WaivedKeys) -> Iterator[pl.DataFrame]:
        """Yield the first failed rows of each test, and the waived ones."""
        few = [name for name in self._holds if 0 < failed[name] <= MOST_FINDINGS]
        if few:
            yield self._failing_rows(few)
        for name in (name for name in self._holds if failed[name] > MOST_FINDINGS):
            test = self.tests[int(name.removeprefix(HOLDS))]
            keys = waived.get((test.rule.id, test.column), ())
            if not keys:
                yield self._failing_rows([name], most=MOST_FINDINGS)
                continue
            is_waived = portable_key_text(self._key).is_in(list(keys))
            yield self._failing_rows([name], ~is_waived, MOST_FINDINGS)
            yield self._failing_rows([name], is_waived)

    def _failing_rows(self, names: Sequence[str], also: nw.Expr | None = None, most: int = 0) -> pl.DataFrame:
        verdicts = [self._holds[name].fill_null(True).alias(name) for name in names]
        texts = {TEXT + column for name in names for column in self.tests[int(name.removeprefix(HOLDS))].reads}
        is_failing = ~nw.all_horizontal(*(nw.col(name) for name in names), ignore_nulls=False)
        frame = self.staged.frame().with_columns(*verdicts).filter(is_failing if also is None else is_failing & also)
        frame = frame.select(*dict.fromkeys((FILE, BLOCK, ROW, *self._key, *sorted(texts))), *names)
        if most:
            frame = frame.sort(FILE, BLOCK, ROW).head(most)
        fetched = self.staged.with_rows(self._fetch(frame))
        absent = [pl.lit(True).alias(name) for name in self._holds if name not in names]
        absent += [pl.lit(None).alias(text) for column in self.staged.reader.columns if (text := TEXT + column.name) not in texts]
        return fetched.with_columns(absent).with_columns(pl.col(f"^{TEXT}.*$").cast(pl.String))

    @cached_property
    def repeated(self) -> pl.DataFrame:
        """Rows whose key an earlier row has, as `keys.later_ones`, with places in blocks."""
        frame = self.staged.frame().select(FILE, BLOCK, ROW, *self._key)
        frame = frame.filter(~nw.any_horizontal(*(nw.col(name).is_null() for name in self._key), ignore_nulls=False))
        twice = frame.group_by(*self._key).agg(nw.len().alias(_N)).filter(nw.col(_N) > 1).select(*self._key)
        rows = self._fetch(frame.join(twice, on=list(self._key), how="semi"))
        at = rows.select(pl.col(BLOCK).cast(pl.Int64), pl.col(ROW).cast(pl.Int64).alias(AT))
        found = self.staged.with_rows(rows).select(FILE, ROW, key_text(self._key)).hstack(at)
        later = later_ones(found)
        return later.select(pl.exclude(BLOCK, AT), BLOCK, AT)

    def unread_texts(self, column: Column) -> list[str]:
        """List the texts of a column's cells that cannot be read, each once."""
        text = TEXT + column.name
        frame = self.staged.frame().filter(nw.col(UNREAD + column.name)).group_by(text).agg(nw.len().alias(_N)).select(text)
        return [str(value) for value in self._fetch(frame).get_column(text)]

    def flow(self, frame: Any) -> pl.DataFrame:
        """Count the flow of a frame of the rows.

        Three aggregations over one month each give some thousand groups; one over two months would give hundreds of thousands.
        """
        entry = self.staged.reader.entry
        counted_by, codes = flow(entry.model), group_codes(entry)
        rows, sums = nw2.from_native(frame.to_native()), [nw2.len().alias(COUNT)]
        if counted_by.flag:
            sums.append(nw2.col(counted_by.flag).cast(nw2.Int64).sum().alias(FLAGGED))
        if counted_by.amount:
            sums.append(nw2.col(counted_by.amount).sum().alias(AMOUNT))
        counts = [
            rows.with_columns(month.alias(MONTH))
            .group_by(*counted_by.keys, MONTH)
            .agg(*sums)
            .with_columns(nw2.lit(event).alias(EVENT))
            for event, month in event_months(counted_by).items()
        ]
        wanted = unpack_counts(count_flow(no_rows(entry).collect(), counted_by, codes), codes)
        return _as(self._fetch(nw2.concat(counts)), wanted.schema)

    def durations(self, frame: Any) -> pl.DataFrame:
        """Compute median and mean days of records, by codes and month."""
        counted_by = flow(self.staged.reader.entry.model)
        since, until = counted_by.measured
        within = [*counted_by.keys, MONTH]
        days, number = nw2.col(DAYS), nw2.col(COUNT)
        lasted = nw2.from_native(self.staged.engine.with_days(frame.to_native(), since, until, DAYS)).filter(~days.is_null())
        # Many records last as many days: counted first, few rows are left to be put in order.
        counted = lasted.with_columns(nw2.col(MONTH_OF + until).alias(MONTH)).group_by(*within, DAYS).agg(nw2.len().alias(COUNT))
        before = (number.cum_sum().over(*within, order_by=DAYS) * 2).alias(_BEFORE)
        of_all = number.sum().over(*within).alias(_OF_ALL)
        ordered = counted.with_columns(before, of_all, (days * number).alias(_DAYS_OF_ALL))
        halves = {_LOWER: nw2.col(_BEFORE) >= nw2.col(_OF_ALL), _UPPER: nw2.col(_BEFORE) > nw2.col(_OF_ALL)}
        middle = [nw2.when(half).then(days).min().alias(name) for name, half in halves.items()]
        found = self._fetch(ordered.group_by(*within).agg(*middle, nw2.col(_DAYS_OF_ALL, COUNT).sum())).drop_nulls(within)
        found = found.with_columns(pl.col(_LOWER, _UPPER, _DAYS_OF_ALL, COUNT).cast(pl.Int64))
        median, mean = (pl.col(_LOWER) + pl.col(_UPPER)) / 2, pl.col(_DAYS_OF_ALL) / pl.col(COUNT)
        types = dict.fromkeys(counted_by.keys, pl.String()) | {MONTH: pl.Int64(), MEDIAN: pl.Float64(), MEAN: pl.Float64()}
        return _as(found.with_columns(median.alias(MEDIAN), mean.alias(MEAN)), types)

    def measure(self, rule: GroupRule) -> pl.DataFrame | str:
        """Compute the measures of the groups of a rule, or say why they cannot be."""
        try:
            wanted = measure_groups(no_rows(self.staged.reader.entry), rule).collect()
        except (Exception, pl.exceptions.PanicException) as error:  # What an expression raises is up to the rule and to polars.
            return in_one_line(error)
        keys = {BY + name: nw.col(name) for name in rule.by}
        keys |= {BY + MONTH: nw.col(MONTH_OF + rule.month)} if rule.month else {}
        measures = {name: self._write(each) for name, each in rule.measures.items()}
        grouped = self.staged.frame().with_columns(**keys).group_by(*keys).agg(**measures)
        return _as(self._fetch(grouped).rename({name: name.removeprefix(BY) for name in keys}), wanted.schema)

    def kept(self, rejection: Rejection) -> Any:
        """Select the rows that are not rejected."""
        frame, again = self.staged.frame(), rejection.repeated
        if rejection.tests:
            frame = frame.filter(all_hold(self._written(rejection.tests)))
        return frame.join(self._at(again), on=[FILE, BLOCK, ROW], how="anti") if again.height else frame

    def rejected(self, rejection: Rejection) -> pl.DataFrame:
        """Fetch the rejected rows, in the order of files and rows."""
        frame, again = self.staged.frame(), rejection.repeated
        places = [FILE, BLOCK, ROW]
        parts = [pl.DataFrame(schema=dict.fromkeys(places, pl.Int64))]
        if rejection.tests:
            parts.append(self._fetch(frame.filter(~all_hold(self._written(rejection.tests)))))
        if again.height:
            parts.append(self._fetch(frame.join(self._at(again), on=places, how="semi")))
        found = pl.concat((part.with_columns(pl.col(places).cast(pl.Int64)) for part in parts), how="diagonal")
        return self.staged.with_rows(found.unique(places)).sort(FILE, ROW)

    def _at(self, again: pl.DataFrame) -> Any:
        """Return where rows of `repeated` are, as the engine has them."""
        places = again.select(pl.col(FILE).cast(pl.Int64), BLOCK, pl.col(AT).alias(ROW))
        return nw.from_native(self.staged.engine.frame_of(places))

    def height(self, frame: Any) -> int:
        """Count the rows of a frame."""
        return int(self._fetch(frame.select(nw.len().alias(_N))).item())


def _as(found: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Select an answer in the columns and types of polars'."""
    return found.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
