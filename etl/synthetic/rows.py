"""The rows of a made-up register: each a function of the seed and of its place, so any part can be made alone.

Every draw is taken from integers that are mixed arithmetically, so the same rows come out with any version of polars.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

import polars as pl

from etl.synthetic.blocks import Block
from etl.synthetic.recipes import Recipe

POSITION, INSIDE = "position", "inside"
_MIXERS = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)  # splitmix64
_DAY_DRAW, _END_DRAW, _CODE_DRAW, _AMOUNT_DRAW, _FLAG_DRAW, _NAME_DRAW = range(6)
_NAMES, _FLAGGED_PART, _ANY = 200_000, 8, -1
_YES, _NO = "是", "否"


@dataclass(frozen=True)
class Rows:
    """The rows of a plan.

    Attributes:
        recipe: of the register.
        seed: from which everything is drawn.
        count: how many rows there are.
    """

    recipe: Recipe
    seed: int
    count: int
    _first: pl.Series
    _blocks: pl.DataFrame
    _pools: dict[str, pl.Series]
    _step: int

    @classmethod
    def of(cls, recipe: Recipe, blocks: list[Block], seed: int) -> Rows:
        """Give the rows of these blocks."""
        count = sum(block.rows for block in blocks)
        pools: dict[str, list[str]] = {column: [] for column in recipe.codes}
        named = accumulate((block.names or 0 for block in blocks), initial=_NAMES)
        facts = [_facts(block, first_name, pools) for block, first_name in zip(blocks, named, strict=False)]
        table = pl.DataFrame(facts, schema=_schema(recipe), orient="row")
        table = table.with_columns(serial_before=_serials_before(recipe, blocks))
        first = pl.Series(list(accumulate((block.rows for block in blocks), initial=0))[:-1], dtype=pl.UInt64)
        return cls(recipe, seed, count, first, table, {c: pl.Series(p, dtype=pl.String) for c, p in pools.items()}, _step(count))

    def shuffled(self, start: int, stop: int) -> pl.DataFrame:
        """Give the rows from `start` to `stop` of the file, as text, in the order of the recipe's columns."""
        places = pl.int_range(start, stop, dtype=pl.UInt64, eager=True)
        return self.at((places * self._step + self.seed % max(1, self.count)) % max(1, self.count))

    def places_of(self, positions: pl.Series) -> pl.Series:
        """Give the places in the file of the rows at positions of the plan."""
        shift = self.count - self.seed % self.count
        return (positions + shift) % self.count * pow(self._step, -1, self.count) % self.count

    def at(self, positions: pl.Series) -> pl.DataFrame:
        """Give the rows at positions of the plan, as text, in the order of the recipe's columns."""
        return self._written(self._drawn(self.placed(positions)))

    def placed(self, positions: pl.Series) -> pl.DataFrame:
        """Give the facts of the block of each position, with the place of the row inside it."""
        block = self._first.search_sorted(positions, side="right") - 1
        return self._blocks.select(pl.all().gather(block)).with_columns(
            positions.alias(POSITION), (positions - self._first.gather(block)).alias(INSIDE)
        )

    def _drawn(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Give the rows with their days, codes, amounts, flags and names."""
        recipe = self.recipe
        start = pl.col("start_low") + self._draw(_DAY_DRAW, pl.col("start_days"))
        frame = frame.with_columns(start.alias(recipe.start))
        end_low = pl.max_horizontal("end_low", recipe.start)
        end = pl.when(pl.col("end_high").is_not_null()).then(end_low + self._draw(_END_DRAW, pl.col("end_high") - end_low))
        frame = frame.with_columns(end.alias(recipe.end))
        codes = [self._code(column, number) for number, column in enumerate(recipe.codes)]
        frame = frame.with_columns(pl.col(recipe.start, recipe.end).cast(pl.Date), *codes)
        drawn = [self._name(column, number) for number, column in enumerate(recipe.names)]
        if recipe.amount:
            drawn.append(self._amount().alias(recipe.amount))
        if recipe.flag:
            drawn.append(self._flag().alias(recipe.flag))
        return frame.with_columns(*drawn)

    def _written(self, frame: pl.DataFrame) -> pl.DataFrame:
        recipe = self.recipe
        serial = pl.col("serial_before") + pl.col(INSIDE) + 1
        frame = frame.with_columns(serial.alias("serial"), *(day().alias(name) for name, day in recipe.days.items()))
        frame = frame.with_columns(recipe.numbered().alias(recipe.number))
        return frame.select(pl.col(recipe.columns).cast(pl.String))

    def _draw(self, salt: int, below: pl.Expr | int) -> pl.Expr:
        """Give a whole number from 0 to `below` (not included)."""
        mixed = pl.col(POSITION) + _literal((self.seed * 0x2545F4914F6CDD1D + salt * _MIXERS[0] + _MIXERS[0]) % 2**64)
        for shift, mixer in zip((30, 27), _MIXERS[1:], strict=True):
            mixed = (mixed ^ (mixed // 2**shift)) * _literal(mixer)
        mixed = mixed // 2**33
        return (mixed % below).cast(pl.Int64)

    def _code(self, column: str, number: int) -> pl.Expr:
        """Give a code of the pool that the block allows; blank where the column waits for the last day."""
        drawn = self._draw(_CODE_DRAW + 16 * number, pl.col(f"{column}_choices"))
        code = pl.lit(self._pools[column]).gather(pl.col(f"{column}_first") + drawn)
        if column in self.recipe.blank_while_open:
            code = pl.when(pl.col(self.recipe.end).is_not_null()).then(code)
        return code.alias(column)

    def _amount(self) -> pl.Expr:
        """Give whole yuan: of three magnitudes, or parts that sum to the amount of the block."""
        drawn = self._draw(_AMOUNT_DRAW, 2700)
        free = (drawn % 900 + 100) * pl.lit(10, pl.Int64).pow(drawn // 900 + 1)
        whole, rows, inside = pl.col("amount"), pl.col("rows"), pl.col(INSIDE).cast(pl.Int64)
        even, remainder = whole // rows, whole % rows
        part = even + (inside < remainder).cast(pl.Int64)
        partner = inside ^ 1  # what one row of a pair has more, the other has less
        swing = (inside // 2 * 7919 % 1000) * even // 2000
        swung = pl.when(partner < rows).then(pl.when(inside % 2 == 0).then(swing).otherwise(-swing)).otherwise(0)
        return pl.when(whole == _ANY).then(free).otherwise(part + swung)

    def _flag(self) -> pl.Expr:
        drawn = self._draw(_FLAG_DRAW, 100) < _FLAGGED_PART
        chosen = pl.when(pl.col("flagged") == _ANY).then(drawn).otherwise(pl.col(INSIDE).cast(pl.Int64) < pl.col("flagged"))
        return pl.when(chosen).then(pl.lit(_YES)).otherwise(pl.lit(_NO))

    def _name(self, column: str, number: int) -> pl.Expr:
        """Give a made-up name; those of a block that has so many names are its own."""
        own = pl.col("first_name") + pl.col(INSIDE).cast(pl.Int64) % pl.col("names")
        drawn = self._draw(_NAME_DRAW + 16 * number, _NAMES)
        which = drawn if number else pl.when(pl.col("names") == _ANY).then(drawn).otherwise(own)
        return pl.concat_str(pl.lit("企业" if number == 0 else "银行"), which.cast(pl.String)).alias(column)


def _literal(number: int) -> pl.Expr:
    return pl.lit(number, dtype=pl.UInt64)


def _schema(recipe: Recipe) -> dict[str, type[pl.DataType]]:
    pools = {f"{column}_{what}": pl.Int64 for column in recipe.codes for what in ("first", "choices")}
    days = dict.fromkeys(("start_low", "start_days", "end_low", "end_high"), pl.Int64)
    numbers = dict.fromkeys(("rows", "amount", "names", "first_name", "flagged"), pl.Int64)
    return {"area": pl.String, "year": pl.Int64, **days, **numbers, **pools}


def _facts(block: Block, first_name: int, pools: dict[str, list[str]]) -> tuple[object, ...]:
    """Give a block as a row of numbers, and add its codes to the pools."""
    start = _day(block.starts[0])
    ends: tuple[int | None, int | None] = (None, None) if block.ends is None else (_day(block.ends[0]), _day(block.ends[1]))
    codes: list[int] = []
    for column, pool in pools.items():
        chosen = block.codes[column]
        codes += (len(pool), len(chosen))
        pool += chosen
    amount, names, flagged = (_ANY if each is None else each for each in (block.amount, block.names, block.flagged))
    return (
        block.area,
        block.starts[0].year,
        start,
        _day(block.starts[1]) - start,
        *ends,
        block.rows,
        amount,
        names,
        first_name,
        flagged,
        *codes,
    )


def _serials_before(recipe: Recipe, blocks: Iterable[Block]) -> pl.Series:
    """Give how many rows of the blocks before bear the same year (and area) in their numbers."""
    numbered: dict[object, int] = {}
    before = []
    for block in blocks:
        of_number = {"year": block.starts[0].year, "area": block.area}
        series = tuple(of_number[name] for name in recipe.counted_by)
        before.append(numbered.get(series, 0))
        numbered[series] = before[-1] + block.rows
    return pl.Series(before, dtype=pl.UInt64)


def _day(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()


def _step(count: int) -> int:
    """Give a step that visits every row once, near the golden section, so that neighbours lie far apart."""
    step = max(1, round(count * (math.sqrt(5) - 1) / 2))
    while math.gcd(step, max(1, count)) != 1:
        step += 1
    return step
