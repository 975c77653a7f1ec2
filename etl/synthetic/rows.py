"""The rows of a synthetic register: each a function of seed and place.

Every draw is taken from integers that are mixed arithmetically, so the same rows result with any version of polars.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, chain

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
    """The rows of a plan: how many, and the seed from which everything is drawn."""

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
        most = min(each.last_serial for each in profile.identifiers)
        if any(serial + rows > most for serial, rows in zip(serials, sizes, strict=True)):
            raise ProjectError(
                f"The numbers of {profile.address} have too few digits for so many rows.",
                f"{profile.address} 的编号位数不足以生成这么多行。请减少行数。",
            )
        table = pl.DataFrame(
            {
                "area": pl.Series([block.area for block in blocks], dtype=pl.String),
                "@serial before": pl.Series(serials, dtype=pl.UInt64),
                "@start low": _days([block.opens for block in blocks], 0),
                "@start high": _days([block.opens for block in blocks], 1),
                "@end low": _days([block.closes for block in blocks], 0),
                "@end high": _days([block.closes for block in blocks], 1),
                "@rows": _numbers(sizes),
                "@amount": _numbers(block.amount for block in blocks),
                "@names": _numbers(block.names for block in blocks),
                "@first name": _numbers(_sums_before((block.names or 0 for block in blocks), _NAMES)),
                "@flagged": _numbers(block.flagged for block in blocks),
            }
        )
        pools = {}
        for column in profile.codes:
            choices = [block.codes[column] for block in blocks]
            pools[column] = pl.Series([*chain(*choices)], dtype=pl.String)
            counts = [*map(len, choices)]
            first, number = _numbers(_sums_before(counts)), _numbers(counts)
            table = table.with_columns(first.alias(f"@{column} first"), number.alias(f"@{column} choices"))
        first_rows = pl.Series(_sums_before(sizes), dtype=pl.UInt64)
        return cls(profile, seed, sum(sizes), first_rows, table, pools, _step(sum(sizes)))

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
        days = (*profile.earlier_days, *profile.other_days)
        frame = self.placed(positions).with_columns(self._between("@start low", "@start high", _DAY_DRAW).alias(opens))
        end = self._between(pl.max_horizontal("@end low", opens), "@end high", _END_DRAW)
        drawn = [self._code(column, number) for number, column in enumerate(profile.codes)]
        frame = frame.with_columns(pl.when(pl.col("@end high").is_not_null()).then(end).alias(closes), *drawn)
        frame = frame.with_columns(self._other_day(day, number) for number, day in enumerate(days))
        frame = frame.with_columns(pl.col(opens, closes, *days).cast(pl.Date))
        if profile.flow.is_foreseen:
            frame = frame.with_columns(self._term())
        frame = frame.with_columns(
            (pl.col("@serial before") + pl.col(INSIDE) + 1).alias(SERIAL),
            *(self._name(column, number) for number, column in enumerate(profile.names)),
            *(self._amount(column, number) for number, column in enumerate(profile.amounts)),
            *(self._flag(column, number) for number, column in enumerate(profile.of_kind(Flag))),
        )
        blank = [pl.when(pl.col(day).is_not_null()).then(pl.col(column)) for column, day in profile.filled_with.items()]
        numbers = [each.expression(SERIAL) for each in profile.identifiers]
        return frame.with_columns(*numbers, *blank).select(pl.col(profile.columns).cast(pl.String))

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

    def _other_day(self, name: str, number: int) -> pl.Expr:
        """Draw a day half a year to two years before a record opens, or while it is open."""
        opens, salt = pl.col(self.profile.flow.opens), _OTHER_DAY_DRAW + _DRAWS * number
        if name in self.profile.earlier_days:
            return (opens - self._draw(salt, _DAYS_EARLIER) - _LEAST_DAYS_EARLIER).alias(name)
        days = pl.coalesce(pl.col(self.profile.flow.closes) - opens, _DAYS_LATER) + 1
        return (opens + self._draw(salt, days)).alias(name)

    def _term(self) -> pl.Expr:
        """Compute a foreseen day of closing: the end of the longest term."""
        earlier, code, most = self.profile.term or (self.profile.flow.opens, "", {})
        years = pl.col(code).replace_strict(most, return_dtype=pl.Int64) if code else pl.lit(_TERM_YEARS)
        return pl.col(earlier).dt.offset_by(years.cast(pl.String) + "y").alias(self.profile.flow.closes)

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


def _sums_before(numbers: Iterable[int], start: int = 0) -> list[int]:
    """Return the sum of the numbers before each number."""
    return [*accumulate(numbers, initial=start)][:-1]


def _days(spans: Iterable[Span | None], at: int) -> pl.Series:
    epoch = date(1970, 1, 1).toordinal()
    return pl.Series([None if span is None else span[at].toordinal() - epoch for span in spans], dtype=pl.Int64)


def _serials_before(profile: Profile, blocks: Iterable[Block]) -> list[int]:
    """Count the rows of the blocks before that are numbered in the same series."""
    numbered: Counter[tuple[object, ...]] = Counter()
    before = []
    for block in blocks:
        of_number = {"year": block.opens[0].year, "area": block.area}
        series = tuple(of_number[name] for name in profile.series)
        before.append(numbered[series])
        numbered[series] += block.rows
    return before


def _step(count: int) -> int:
    """Find a step near the golden section that visits every row once."""
    step = max(1, round(count * (math.sqrt(5) - 1) / 2))
    while math.gcd(step, max(1, count)) != 1:
        step += 1
    return step
