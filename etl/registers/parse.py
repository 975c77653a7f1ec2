"""Parse cells by a strict grammar for each kind of column, in polars expressions.

A day or a code is one of a list that is known beforehand, so it is read by looking it up. A cell that cannot be read is null,
and its column `@unread x` is true.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache

import polars as pl

from schemas import builtin_rules
from schemas.builtin_register_rules import AMOUNT_IS_A_DECIMAL, DAY_IS_A_DATE, FLAG_IS_YES_OR_NO
from schemas.code_lists import CodeLists
from schemas.models import Column, Rule
from schemas.registers import TOTAL, Code, Day, Flag, Money

UNREAD, TEXT, CODE, MONTH_OF, YEAR_OF = "@unread ", "@text ", "@code ", "@month ", "@year "
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
MONEY = pl.Decimal(Money.DIGITS, Money.DECIMALS)
AMOUNT = rf"^-?[0-9]{{1,{Money.DIGITS - Money.DECIMALS}}}([.][0-9]{{1,{Money.DECIMALS}}})?$"
YES, NO = ("是", "true", "1"), ("否", "false", "0")

TYPES: Mapping[type, pl.DataType] = {Day: pl.Date(), Money: MONEY, Flag: pl.Boolean()}
_RULES: Mapping[type, Rule] = {
    Code: builtin_rules.CODE_IS_KNOWN,
    Day: DAY_IS_A_DATE,
    Money: AMOUNT_IS_A_DECIMAL,
    Flag: FLAG_IS_YES_OR_NO,
}
_MOST_WHOLE = Money.DIGITS - Money.DECIMALS
"""No whole number of so many characters has more digits than an amount may have."""

_SINCE_1970 = (FIRST_DAY - date(1970, 1, 1)).days


def type_of(column: Column) -> pl.DataType:
    """Return the type in which a column is held."""
    return TYPES.get(type(column.dtype), pl.String())


def reading_rule(column: Column) -> Rule | None:
    """Return the rule that an unreadable cell of a column breaks, if any text is such."""
    return _RULES.get(type(column.dtype))


def is_readable_type(column: Column, dtype: pl.DataType) -> bool:
    """Tell whether a Parquet column has the declared type, or is text to be parsed."""
    kind = type(column.dtype)
    if dtype == pl.String or (dtype == pl.Null and column.optional):
        return True
    if kind is Money:
        return dtype.is_integer() or (isinstance(dtype, pl.Decimal) and dtype.scale <= Money.DECIMALS)
    if kind in TYPES:
        return dtype == TYPES[kind]
    return isinstance(dtype, pl.Categorical | pl.Enum)


def parse_cells(
    frame: pl.LazyFrame,
    columns: Sequence[Column],
    types: Mapping[str, pl.DataType],
    lists: CodeLists,
    *,
    tolerant: Collection[str] = (),
) -> pl.LazyFrame:
    """Parse a frame into values and companion columns, computed if selected.

    `@text x` is the cell as it stands, and `@unread x` whether it cannot be read; of codes `@code x` is the code as an Enum,
    which polars groups faster than text; of days `@month x` is the month, as `12 * year + month - 1`, and `@year x` the year as
    text. In `tolerant` columns spaces around a cell, and the names that stand for codes in `lists`, are read too.
    """
    others = [name for name in frame.collect_schema().names() if name not in types]
    texts = frame.select(*others, *(pl.col(column.name).alias(TEXT + column.name) for column in columns))
    values = texts.with_columns(
        _value(column, types[column.name], lists, is_tolerant=column.name in tolerant).alias(_held_as(column))
        for column in columns
    )
    return values.with_columns(each for column in columns for each in _derived(column, types[column.name]))


def _held_as(column: Column) -> str:
    return CODE + column.name if isinstance(column.dtype, Code) else column.name


def _derived(column: Column, dtype: pl.DataType) -> Iterator[pl.Expr]:
    """Yield what is known of a column beside its values, once they are read."""
    name = column.name
    if reading_rule(column):
        is_unread = pl.col(_held_as(column)).is_null() & pl.col(TEXT + name).is_not_null()
        yield (pl.lit(False) if dtype == pl.Boolean else is_unread).alias(UNREAD + name)
    if isinstance(column.dtype, Code):
        yield pl.col(CODE + name).cast(pl.String).alias(name)
    if isinstance(column.dtype, Day):
        # Looking a month up is eight times as quick as computing it.
        day = pl.col(name).to_physical() - _SINCE_1970
        yield pl.lit(_months()).gather(day).alias(MONTH_OF + name)
        yield pl.lit(_years()).gather(day).alias(YEAR_OF + name)
    if dtype != pl.String:
        yield pl.col(TEXT + name).cast(pl.String)


def _value(column: Column, dtype: pl.DataType, lists: CodeLists, *, is_tolerant: bool) -> pl.Expr:
    cell, kind = pl.col(TEXT + column.name), type(column.dtype)
    if dtype == pl.Date:
        return pl.when(cell.is_between(FIRST_DAY, LAST_DAY)).then(cell)
    if dtype != pl.String and kind is not Code:
        return cell.cast(type_of(column), strict=False)
    if dtype != pl.String:
        cell = cell.cast(pl.String)
    if is_tolerant:
        cell = cell.str.strip_chars()
        cell = pl.when(cell != "").then(cell)
    match column.dtype:
        case Code():
            names = code_names(column, lists)
            if is_tolerant:
                cell = cell.replace_strict(names, default=None, return_dtype=pl.String)
            return cell.cast(pl.Enum(list(dict.fromkeys(names.values()))), strict=False)
        case Day():
            return (cell.cast(_calendar(), strict=False).to_physical().cast(pl.Int32) + _SINCE_1970).cast(pl.Date)
        case Money():
            is_short = (cell.str.len_bytes() <= _MOST_WHOLE) & ~cell.str.starts_with("+")
            whole = pl.struct(cell.alias("cell"), is_short.alias("is short"), cell.cast(pl.Int64, strict=False).alias("whole"))
            return whole.map_batches(_read_amounts, return_dtype=MONEY, is_elementwise=True)
        case Flag():
            alternating = [text for pair in zip(YES, NO, strict=True) for text in pair]
            return cell.cast(pl.Enum(alternating), strict=False).to_physical() % 2 == 0
    return cell


def _read_amounts(read: pl.Series) -> pl.Series:
    """Take amounts as whole numbers, and read by their pattern only those that are none."""
    cell, is_short, whole = read.struct.unnest().get_columns()
    if not is_short.all():
        return _read_decimals(cell)
    amounts = whole.cast(MONEY)
    if whole.null_count() > cell.null_count():
        is_left = whole.is_null() & cell.is_not_null()
        amounts = amounts.scatter(is_left.arg_true(), _read_decimals(cell.filter(is_left)))
    return amounts


def _read_decimals(cells: pl.Series) -> pl.Series:
    amounts = pl.when(pl.all().str.contains(AMOUNT)).then(pl.all().cast(MONEY, strict=False))
    return cells.to_frame().select(amounts).to_series()


def code_names(column: Column, lists: CodeLists) -> dict[str, str]:
    """Map code names to codes, without the total, which no record has."""
    return {name: code for name, code in lists.code_of_name(column.meaning.codes).items() if code != TOTAL}


def record_codes(column: Column, lists: CodeLists) -> list[str]:
    """List the codes that a record can have in a column."""
    return list(dict.fromkeys(code_names(column, lists).values()))


@cache
def _every_day() -> pl.Series:
    return pl.date_range(FIRST_DAY, LAST_DAY, timedelta(days=1), eager=True)


@cache
def _months() -> pl.Series:
    return _every_day().dt.year().cast(pl.Int32) * 12 + _every_day().dt.month().cast(pl.Int32) - 1


@cache
def _years() -> pl.Series:
    return _every_day().dt.year().cast(pl.String)


@cache
def _calendar() -> pl.DataTypeExpr:
    """Every day that a record can have, as text.

    It is made once, for a cast to a type copies all its categories.
    """
    return pl.Enum(_every_day().dt.to_string()).to_dtype_expr()


def is_read_tolerantly(column: Column, texts: Iterable[str], lists: CodeLists) -> bool:
    """Tell whether the tolerant grammar reads one of these unreadable cells."""
    frame = pl.LazyFrame({column.name: list(texts)}, schema={column.name: pl.String})
    read = parse_cells(frame, [column], {column.name: pl.String()}, lists, tolerant=[column.name]).collect()
    return not read.get_column(UNREAD + column.name).all()
