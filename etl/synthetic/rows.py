"""The rows of a synthetic register: each a function of seed and place.

Every draw is taken from integers that are mixed arithmetically, so the same rows result with any version of polars.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

import polars as pl

from etl.errors import ProjectError
from etl.registers.parse import NO, YES
from etl.synthetic.blocks import Block, Span
from etl.synthetic.profile import Profile
from schemas.registers import Flag

POSITION, INSIDE, SERIAL = "@position", "@inside", "@serial"
_MIXERS = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)  # splitmix64
_DAY_DRAW, _END_DRAW, _CODE_DRAW, _AMOUNT_DRAW, _FLAG_DRAW, _NAME_DRAW, _OTHER_DAY_DRAW = range(7)
_NAMES, _FLAGGED_PCT, _ANY, _DRAWS = 200_000, 8, -1, 16
_NAME_PREFIXES = ("企业", "机构")
_LEAST_DAYS_EARLIER, _DAYS_EARLIER, _DAYS_LATER, _TERM_YEARS = 180, 540, 180, 10


@dataclass(frozen=True)
class SyntheticRows:
    """The rows of a plan.

    Attributes:
        profile: of the register.
        seed: from which everything is drawn.
        count: how many rows there are.
    """

    profile: Profile
    seed: int
    count: int
    _first: pl.Series
    _blocks: pl.DataFrame
    _pools: dict[str, pl.Series]
    _step: int

    @classmethod
    def of(cls, profile: Profile, blocks: list[Block], seed: int) -> SyntheticRows:
        """Make the rows of these blocks.

        Raises:
            ProjectError: an identifier has too few digits to number them.
        """
        sizes = [block.rows for block in blocks]
        serials = _serials_before(profile, blocks)
        most = min((each.last_serial for each in profile.identifiers if each.last_serial is not None), default=math.inf)
        if any(serial + rows > most for serial, rows in zip(serials, sizes, strict=True)):
            raise ProjectError(f"The numbers of {profile.address} have too few digits for so many rows.")
        first = pl.Series(list(accumulate(sizes, initial=0))[:-1], dtype=pl.UInt64)
        pools = {column: [code for block in blocks for code in block.codes[column]] for column in profile.codes}
        in_pool = {column: [len(block.codes[column]) for block in blocks] for column in pools}
        opens: list[Span | None] = [block.opens for block in blocks]
        spans = {"start": opens, "end": [block.closes for block in blocks]}
        table = pl.DataFrame(
            {
                "area": pl.Series([block.area for block in blocks], dtype=pl.String),
                "@serial before": pl.Series(serials, dtype=pl.UInt64),
                **{f"@{name} low": _days(each, 0) for name, each in spans.items()},
                **{f"@{name} high": _days(each, 1) for name, each in spans.items()},
                "@rows": pl.Series(sizes, dtype=pl.Int64),
                "@amount": _numbers(block.amount for block in blocks),
                "@names": _numbers(block.names for block in blocks),
                "@first name": _numbers(list(accumulate((block.names or 0 for block in blocks), initial=_NAMES))[:-1]),
                "@flagged": _numbers(block.flagged for block in blocks),
                **{f"@{name} first": _numbers([0, *accumulate(each)][:-1]) for name, each in in_pool.items()},
                **{f"@{name} choices": _numbers(each) for name, each in in_pool.items()},
            }
        )
        series = {column: pl.Series(pool, dtype=pl.String) for column, pool in pools.items()}
        return cls(profile, seed, sum(sizes), first, table, series, _step(sum(sizes)))

    def shuffled(self, start: int, stop: int) -> pl.DataFrame:
        """Make the rows from `start` to `stop` of the file, as text."""
        places = pl.int_range(start, stop, dtype=pl.UInt64, eager=True)
        return self.at((places * self._step + self.seed % max(1, self.count)) % max(1, self.count))

    def places_of(self, positions: pl.Series) -> pl.Series:
        """Find the places in the file of the rows at positions of the plan."""
        shift = self.count - self.seed % self.count
        return (positions + shift) % self.count * pow(self._step, -1, self.count) % self.count

    def placed(self, positions: pl.Series) -> pl.DataFrame:
        """Look up the block of each position, with the place of the row inside it."""
        block = self._first.search_sorted(positions, side="right") - 1
        return self._blocks.select(pl.all().gather(block)).with_columns(
            positions.alias(POSITION), (positions - self._first.gather(block)).alias(INSIDE)
        )

    def at(self, positions: pl.Series) -> pl.DataFrame:
        """Draw the rows at positions of the plan, as text, in the file's column order."""
        profile = self.profile
        opens, closes = profile.flow.opens, profile.flow.closes
        frame = self.placed(positions).with_columns(self._between("@start low", "@start high", _DAY_DRAW).alias(opens))
        end = self._between(pl.max_horizontal("@end low", opens), "@end high", _END_DRAW)
        drawn = [self._code(column, number) for number, column in enumerate(profile.codes)]
        frame = frame.with_columns(pl.when(pl.col("@end high").is_not_null()).then(end).alias(closes), *drawn)
        others = [*map(self._earlier, range(len(profile.earlier_days))), *map(self._later, range(len(profile.other_days)))]
        frame = frame.with_columns(others).with_columns(pl.col(opens, closes, *self._other_days).cast(pl.Date))
        if profile.flow.is_foreseen:
            frame = frame.with_columns(self._term())
        frame = frame.with_columns(
            (pl.col("@serial before") + pl.col(INSIDE) + 1).alias(SERIAL),
            *(self._name(column, number) for number, column in enumerate(profile.names)),
            *(self._amount(column, number) for number, column in enumerate(profile.amounts)),
            *(self._flag(column, number) for number, column in enumerate(profile.of_kind(Flag))),
        )
        numbers = [each.expression(SERIAL) for each in profile.identifiers]
        blank = [
            pl.when(pl.col(day).is_not_null()).then(pl.col(column)).alias(column)
            for column, day in profile.constraints.filled_with.items()
        ]
        return frame.with_columns(*numbers, *blank).select(pl.col(profile.columns).cast(pl.String))

    @property
    def _other_days(self) -> tuple[str, ...]:
        return (*self.profile.earlier_days, *self.profile.other_days)

    def _draw(self, salt: int, below: pl.Expr | int) -> pl.Expr:
        """Draw a whole number from 0 to `below` (not included)."""
        mixed = pl.col(POSITION) + _literal((self.seed * 0x2545F4914F6CDD1D + salt * _MIXERS[0] + _MIXERS[0]) % 2**64)
        for shift, mixer in zip((30, 27), _MIXERS[1:], strict=True):
            mixed = (mixed ^ (mixed // 2**shift)) * _literal(mixer)
        mixed = mixed // 2**33
        return (mixed % below).cast(pl.Int64)

    def _between(self, low: str | pl.Expr, high: str, salt: int) -> pl.Expr:
        low = pl.col(low) if isinstance(low, str) else low
        return low + self._draw(salt, pl.col(high) - low)

    def _earlier(self, number: int) -> pl.Expr:
        """Draw a day half a year to two years before a record opens."""
        drawn = self._draw(_OTHER_DAY_DRAW + _DRAWS * number, _DAYS_EARLIER)
        return (pl.col(self.profile.flow.opens) - drawn - _LEAST_DAYS_EARLIER).alias(self.profile.earlier_days[number])

    def _later(self, number: int) -> pl.Expr:
        """Draw a day while a record is open."""
        opens, closes = pl.col(self.profile.flow.opens), pl.col(self.profile.flow.closes)
        days = pl.coalesce(closes - opens, _DAYS_LATER) + 1
        drawn = self._draw(_OTHER_DAY_DRAW + _DRAWS * (len(self.profile.earlier_days) + number), days)
        return (opens + drawn).alias(self.profile.other_days[number])

    def _term(self) -> pl.Expr:
        """Compute a foreseen day of closing: the end of the longest term."""
        closes = self.profile.flow.closes
        earlier, code, most = self.profile.constraints.terms.get(closes, (self.profile.flow.opens, "", {}))
        years = pl.col(code).replace_strict(most, return_dtype=pl.Int64) if code else pl.lit(_TERM_YEARS)
        return pl.col(earlier).dt.offset_by(pl.concat_str(years.cast(pl.String), pl.lit("y"))).alias(closes)

    def _code(self, column: str, number: int) -> pl.Expr:
        """Draw a code of those that the block allows."""
        drawn = self._draw(_CODE_DRAW + _DRAWS * number, pl.col(f"@{column} choices"))
        return pl.lit(self._pools[column]).gather(pl.col(f"@{column} first") + drawn).alias(column)

    def _amount(self, column: str, number: int) -> pl.Expr:
        """Draw whole yuan of three magnitudes, or parts that sum to a block's amount."""
        drawn = self._draw(_AMOUNT_DRAW + _DRAWS * number, 2700)
        free = (drawn % 900 + 100) * pl.lit(10, pl.Int64).pow(drawn // 900 + 1)
        if column != self.profile.flow.amount:
            return free.alias(column)
        whole, rows, inside = pl.col("@amount"), pl.col("@rows"), pl.col(INSIDE).cast(pl.Int64)
        even, remainder = whole // rows, whole % rows
        part = even + (inside < remainder).cast(pl.Int64)
        partner = inside ^ 1  # what one row of a pair has more, the other has less
        swing = (inside // 2 * 7919 % 1000) * even // 2000
        swung = pl.when(partner < rows).then(pl.when(inside % 2 == 0).then(swing).otherwise(-swing)).otherwise(0)
        return pl.when(whole == _ANY).then(free).otherwise(part + swung).alias(column)

    def _flag(self, column: str, number: int) -> pl.Expr:
        drawn = self._draw(_FLAG_DRAW + _DRAWS * number, 100) < _FLAGGED_PCT
        chosen = pl.when(pl.col("@flagged") == _ANY).then(drawn).otherwise(pl.col(INSIDE).cast(pl.Int64) < pl.col("@flagged"))
        is_set = chosen if column == self.profile.flow.flag else drawn
        return pl.when(is_set).then(pl.lit(YES[0])).otherwise(pl.lit(NO[0])).alias(column)

    def _name(self, column: str, number: int) -> pl.Expr:
        """Draw a made-up name; those of a block that has so many names are its own."""
        own = pl.col("@first name") + pl.col(INSIDE).cast(pl.Int64) % pl.col("@names")
        drawn = self._draw(_NAME_DRAW + _DRAWS * number, _NAMES)
        which = drawn if number else pl.when(pl.col("@names") == _ANY).then(drawn).otherwise(own)
        prefix = _NAME_PREFIXES[min(number, len(_NAME_PREFIXES) - 1)]
        return pl.concat_str(pl.lit(prefix), which.cast(pl.String)).alias(column)


def _literal(number: int) -> pl.Expr:
    return pl.lit(number, dtype=pl.UInt64)


def _numbers(values: Iterable[int | None]) -> pl.Series:
    return pl.Series([_ANY if value is None else value for value in values], dtype=pl.Int64)


def _days(spans: Iterable[Span | None], at: int) -> pl.Series:
    epoch = date(1970, 1, 1).toordinal()
    return pl.Series([None if span is None else span[at].toordinal() - epoch for span in spans], dtype=pl.Int64)


def _serials_before(profile: Profile, blocks: Iterable[Block]) -> list[int]:
    """Count the rows of the blocks before that are numbered in the same series."""
    numbered: dict[object, int] = {}
    before = []
    for block in blocks:
        of_number = {"year": block.opens[0].year, "area": block.area}
        series = tuple(of_number[name] for name in profile.series)
        before.append(numbered.get(series, 0))
        numbered[series] = before[-1] + block.rows
    return before


def _step(count: int) -> int:
    """Find a step near the golden section that visits every row once."""
    step = max(1, round(count * (math.sqrt(5) - 1) / 2))
    while math.gcd(step, max(1, count)) != 1:
        step += 1
    return step
