"""What is asked of staged rows: each question is one query, and its answer is small."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import narwhals.stable.v1 as nw
import narwhals.stable.v2 as nw2
import polars as pl

from etl.engines.portable import flags_of, written_for
from etl.engines.protocol import BLOCK, FILE, READ_BY_DRIVER, ROW
from etl.engines.staging import Staged
from etl.registers.counting import MOST_FINDINGS
from etl.registers.flows import COUNT, MEAN, MEDIAN, MONTH, counted_lengths, counted_records, counts, lasted, lengths
from etl.registers.groups import measured, told
from etl.registers.keys import FIRST_FILE, FIRST_ROW, KEY, key_text
from etl.registers.one_pass import BLANK_KEYS, BLANK_LINES, BLANKS, HOLDS, ROWS, Test, all_hold
from etl.registers.parse import MONTH_OF, TEXT, UNREAD
from etl.registers.reading import DAYS, for_flow, nothing
from etl.registers.second_look import Accepted
from schemas.registers import GroupRule, flow, key
from schemas.vocabulary import Column

_N, _BY = "@n", "@by "
BY_DRIVER = "rows read by driver"
_BEFORE, _OF_ALL, _DAYS_OF_ALL, _LOWER, _UPPER = "@before", "@of all", "@days of all", "@lower", "@upper"
FEW = 20 * MOST_FINDINGS
"""So many rows that break rules are fetched at once; of rules that more rows break, the first ones by themselves."""


@dataclass(frozen=True)
class Questions:
    """Asks an engine about staged rows.

    Attributes:
        staged: the rows.
        tests: of rows, each with an expression.
    """

    staged: Staged
    tests: tuple[Test, ...]

    @cached_property
    def _names(self) -> list[str]:
        return list(key(self.staged.reading.entry.model))

    @cached_property
    def _holds(self) -> dict[str, nw.Expr]:
        """The verdict of each test, by the name of its column."""
        return {f"{HOLDS}{number}": self.written(test) for number, test in enumerate(self.tests)}

    def written(self, test: Test) -> nw.Expr:
        """Give a test's verdict as it is written for the engine."""
        assert test.holds is not None
        return written_for(test.holds, self.staged.engine.differences, flags_of(self.staged.reading.entry))

    def _fetch(self, frame: Any) -> pl.DataFrame:
        return self.staged.engine.fetch(frame.to_native())

    def counts(self) -> dict[str, int]:
        """Give the number of rows, of those that break each test or of which it says nothing, and of blank cells and keys."""
        judged = self.staged.frame().with_columns(**self._holds)
        blank = {column.name: nw.col(TEXT + column.name).is_null() for column in self.staged.reading.columns}
        by_driver = nw.col(BLOCK) == READ_BY_DRIVER
        asked = {name: ~nw.col(name) for name in self._holds}
        asked |= {f"{name} null": nw.col(name).is_null() for name in self._holds}
        asked |= {f"{BLANKS}{name}": is_blank & by_driver for name, is_blank in blank.items()}
        asked[BLANK_LINES] = nw.all_horizontal(*blank.values(), ignore_nulls=False) & by_driver
        asked[BY_DRIVER] = by_driver
        asked[BLANK_KEYS] = nw.any_horizontal(*(blank[name] for name in self._names), ignore_nulls=False)
        numbered = {f"n{number}": expression for number, expression in enumerate(asked.values())}
        sums = [expression.cast(nw.Int64).sum().alias(name) for name, expression in numbered.items()]
        rows, *row = self._fetch(judged.select(nw.len().alias(_N), *sums)).row(0)
        return {ROWS: int(rows)} | {name: int(number or 0) for name, number in zip(asked, row, strict=True)}

    def broken(self, failed: Mapping[str, int], accepted: Accepted) -> Iterator[pl.DataFrame]:
        """Give the first rows that break each test, and those of which somebody accepts it, as `BrokenRows` takes them."""
        failing = [name for name in self._holds if failed[name]]
        few = [name for name in failing if failed[name] <= MOST_FINDINGS]
        if few:
            yield self._rows_that_break(few, None)
        for name in failing:
            if name not in few:
                keys = accepted.get(self._accepting(name), ())
                yield self._rows_that_break([name], ~self._key_text().is_in(list(keys)) if keys else nw.lit(True), MOST_FINDINGS)
                if keys:
                    yield self._rows_that_break([name], self._key_text().is_in(list(keys)))

    def _accepting(self, name: str) -> tuple[str, str]:
        test = self.tests[int(name.removeprefix(HOLDS))]
        return test.rule.id, test.column

    def _rows_that_break(self, names: Sequence[str], also: nw.Expr | None, most: int = 0) -> pl.DataFrame:
        verdicts = [self._holds[name].fill_null(True).alias(name) for name in names]
        reads = dict.fromkeys(column for name in names for column in self.tests[int(name.removeprefix(HOLDS))].reads)
        shown = dict.fromkeys((FILE, BLOCK, ROW, *self._names, *(f"{TEXT}{column}" for column in reads)))
        frame = self.staged.frame().with_columns(*verdicts)
        is_broken = ~nw.all_horizontal(*(nw.col(name) for name in names), ignore_nulls=False)
        frame = frame.filter(is_broken if also is None else is_broken & also).select(*shown, *names)
        if most:
            frame = frame.sort(FILE, BLOCK, ROW).head(most)
        fetched = self.staged.with_rows(self._fetch(frame))
        texts = [TEXT + column.name for column in self.staged.reading.columns]
        absent = [pl.lit(True).alias(name) for name in self._holds if name not in names]
        absent += [pl.lit(None, pl.String).alias(name) for name in texts if name not in fetched.columns]
        return fetched.with_columns(pl.col(name).cast(pl.String) for name in texts if name in fetched.columns).with_columns(
            absent
        )

    def _key_text(self) -> nw.Expr:
        parts = [nw.col(name).cast(nw.String).fill_null("?") for name in self._names]
        return nw.concat_str(*parts, separator=":") if len(parts) > 1 else parts[0]

    def repeated(self) -> pl.DataFrame:
        """Give the rows whose key another row before has: as `keys.repeated`, with the place of the row in its block."""
        return self._repeated

    @cached_property
    def _repeated(self) -> pl.DataFrame:
        frame = self.staged.frame().select(FILE, BLOCK, ROW, *self._names)
        frame = frame.filter(~nw.any_horizontal(*(nw.col(name).is_null() for name in self._names), ignore_nulls=False))
        twice = frame.group_by(*self._names).agg(nw.len().alias(_N)).filter(nw.col(_N) > 1).select(*self._names)
        rows = self._fetch(frame.join(twice, on=self._names, how="semi"))
        at = rows.select(pl.col(BLOCK).cast(pl.Int64), pl.col(ROW).cast(pl.Int64).alias(AT))
        rows = self.staged.with_rows(rows).hstack(at).with_columns(key_text(self._names).alias(KEY)).sort(FILE, ROW)
        of_first = (pl.col(FILE).first().over(KEY).alias(FIRST_FILE), pl.col(ROW).first().over(KEY).alias(FIRST_ROW))
        rows = rows.with_columns(*of_first).filter((pl.col(FILE) != pl.col(FIRST_FILE)) | (pl.col(ROW) != pl.col(FIRST_ROW)))
        return rows.select(FILE, ROW, KEY, FIRST_FILE, FIRST_ROW, BLOCK, AT)

    def unread(self, column: Column) -> list[str]:
        """Give what stands in the cells of a column that cannot be read, each text once."""
        text = TEXT + column.name
        frame = self.staged.frame().filter(nw.col(UNREAD + column.name)).group_by(text).agg(nw.len().alias(_N)).select(text)
        return [str(value) for value in self._fetch(frame).get_column(text)]

    def flow(self, frame: Any) -> pl.DataFrame:
        """Give what comes and goes by month, of a frame of the rows."""
        entry = self.staged.reading.entry
        of_flow = flow(entry.model)
        wanted = counted_records(for_flow(nothing(entry), entry), of_flow)
        return _as(self._fetch(counts(nw2.from_native(frame.to_native()), of_flow)), wanted)

    def lasted(self, frame: Any) -> pl.DataFrame:
        """Give how long records lasted, of a frame of the rows, as `flows.lasted` does."""
        entry = self.staged.reading.entry
        of_flow = flow(entry.model)
        since, until = of_flow.measured
        with_days = nw2.from_native(self.staged.engine.with_days(frame.to_native(), since, until, DAYS))
        within = [*of_flow.keys, MONTH]
        days, number = nw2.col(DAYS), nw2.col(COUNT)
        # Many records last as many days: counted first, few rows are left to be put in order.
        before = (number.cum_sum().over(*within, order_by=DAYS) * 2).alias(_BEFORE)
        of_all = number.sum().over(*within).alias(_OF_ALL)
        ordered = lengths(with_days, of_flow).with_columns(before, of_all, (days * number).alias(_DAYS_OF_ALL))
        halves = {_LOWER: nw2.col(_BEFORE) >= nw2.col(_OF_ALL), _UPPER: nw2.col(_BEFORE) > nw2.col(_OF_ALL)}
        middle = [nw2.when(half).then(days).min().alias(name) for name, half in halves.items()]
        found = self._fetch(ordered.group_by(*within).agg(*middle, nw2.col(_DAYS_OF_ALL, COUNT).sum()))
        found = found.with_columns(pl.col(_LOWER, _UPPER, _DAYS_OF_ALL, COUNT).cast(pl.Int64))
        median, mean = (pl.col(_LOWER) + pl.col(_UPPER)) / 2, pl.col(_DAYS_OF_ALL) / pl.col(COUNT)
        wanted = lasted(counted_lengths(for_flow(nothing(entry), entry), of_flow).collect(), within)
        found = found.drop_nulls(within).with_columns(median.alias(MEDIAN), mean.alias(MEAN))
        return _as(found, wanted.lazy())

    def group(self, rule: GroupRule) -> pl.DataFrame | str:
        """Give what the groups of a rule come to, or why that cannot be told."""
        entry, engine = self.staged.reading.entry, self.staged.engine
        try:
            wanted = measured(nothing(entry), rule)
            wanted.collect()
        except (Exception, pl.exceptions.PanicException) as error:  # What an expression raises is up to the rule and to polars.
            return told(error)
        keys = {_BY + name: nw.col(name) for name in rule.by}
        keys |= {_BY + MONTH: nw.col(MONTH_OF + rule.month)} if rule.month else {}
        measures = {name: written_for(each, engine.differences, flags_of(entry)) for name, each in rule.measures.items()}
        grouped = self.staged.frame().with_columns(**keys).group_by(*keys).agg(**measures)
        found = self._fetch(grouped).rename({name: name.removeprefix(_BY) for name in keys})
        return _as(found, wanted)

    def kept(self, rejecting: Sequence[Test], again: pl.DataFrame) -> Any:
        """Give the frame of the rows that break none of these tests, without those rows of `repeated`."""
        written = [Test(test.rule, test.column, self.written(test), test.reads) for test in rejecting]
        frame = self.staged.frame()
        if written:
            frame = frame.filter(all_hold(written))
        if again.height:
            frame = frame.join(self._at(again), on=[FILE, BLOCK, ROW], how="anti")
        return frame

    def rejected(self, rejecting: Sequence[Test], again: pl.DataFrame) -> pl.DataFrame:
        """Give the rows that break one of these tests, and those rows of `repeated`, in the order of files and rows."""
        frame = self.staged.frame()
        parts = [NONE_REJECTED]
        if rejecting:
            holds = all_hold([Test(test.rule, test.column, self.written(test), test.reads) for test in rejecting])
            parts.append(self._fetch(frame.filter(~holds)))
        if again.height:
            parts.append(self._fetch(frame.join(self._at(again), on=[FILE, BLOCK, ROW], how="semi")))
        found = pl.concat((part.cast({FILE: pl.Int64, BLOCK: pl.Int64, ROW: pl.Int64}) for part in parts), how="diagonal")
        return self.staged.with_rows(found.unique([FILE, BLOCK, ROW])).sort(FILE, ROW)

    def _at(self, again: pl.DataFrame) -> Any:
        """Give where rows of `repeated` are, as the engine has them."""
        places = again.select(pl.col(FILE).cast(pl.Int64), BLOCK, pl.col(AT).alias(ROW))
        return nw.from_native(self.staged.engine.frame_of(places))

    def height(self, frame: Any) -> int:
        """Give the number of rows of a frame."""
        return int(self._fetch(frame.select(nw.len().alias(_N))).item())


NONE_REJECTED = pl.DataFrame(schema={FILE: pl.Int64, BLOCK: pl.Int64, ROW: pl.Int64})

AT = "@at"
"""The number of a row in its block."""


def _as(found: pl.DataFrame, wanted: pl.LazyFrame) -> pl.DataFrame:
    """Give an answer in the columns and types of polars'."""
    schema = wanted.collect_schema()
    return found.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def accepted_keys(accepted: Accepted, rule: str) -> Collection[str]:
    """Give the keys of the rows that may break a rule of whole rows."""
    return accepted.get((rule, ""), ())
