"""Cells of a register to values: a strict grammar for each kind of column, as polars expressions that keep up with reading.

A day or a code is one of a list that is known beforehand, so it is read by looking it up, which tells at once whether it
is one. A cell that cannot be read is null, and its column `@unread x` is true.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache

import polars as pl

from schemas import code_lists, standing
from schemas.registers import TOTAL, Code, Day, Flag, Money
from schemas.standing_registers import AMOUNT_IS_A_DECIMAL, DAY_IS_A_DATE, FLAG_IS_YES_OR_NO
from schemas.vocabulary import Column, Rule

UNREAD, TEXT = "@unread ", "@text "
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
MONEY = pl.Decimal(Money.DIGITS, Money.DECIMALS)
AMOUNT = rf"^-?[0-9]{{1,{Money.DIGITS - Money.DECIMALS}}}([.][0-9]{{1,{Money.DECIMALS}}})?$"
YES, NO = ("是", "true", "1"), ("否", "false", "0")

TYPES: Mapping[type, pl.DataType] = {Day: pl.Date(), Money: MONEY, Flag: pl.Boolean()}
_RULES: Mapping[type, Rule] = {
    Code: standing.CODE_IS_KNOWN,
    Day: DAY_IS_A_DATE,
    Money: AMOUNT_IS_A_DECIMAL,
    Flag: FLAG_IS_YES_OR_NO,
}


def type_of(column: Column) -> pl.DataType:
    """Give the type in which a column is held."""
    return TYPES.get(type(column.dtype), pl.String())


def reading_rule(column: Column) -> Rule | None:
    """Give the rule that an unreadable cell of a column breaks; None where every text can be read."""
    return _RULES.get(type(column.dtype))


def is_readable_type(column: Column, dtype: pl.DataType) -> bool:
    """Whether a column of a Parquet file has the type of its declared column, or is text, which is read as in a CSV file."""
    kind = type(column.dtype)
    if dtype == pl.String or (dtype == pl.Null and column.optional):
        return True
    if kind is Money:
        is_exact = isinstance(dtype, pl.Decimal) and dtype.scale <= Money.DECIMALS
        return dtype.is_integer() or is_exact
    if kind in TYPES:
        return dtype == TYPES[kind]
    return isinstance(dtype, pl.Categorical | pl.Enum)


def parsed(
    frame: pl.LazyFrame,
    columns: Sequence[Column],
    types: Mapping[str, pl.DataType],
    *,
    tolerant: Collection[str] = (),
    keep_text: bool = False,
    as_enum: bool = False,
) -> pl.LazyFrame:
    """Give a frame with values, and for each column that may be unreadable, whether it is.

    Args:
        frame: as it stands in the file, under the declared names.
        columns: those that are wanted.
        types: of the columns in the file.
        tolerant: columns in which spaces around a cell, and names that stand for codes, are read too.
        keep_text: whether the cells as they stand are kept, as `@text x`.
        as_enum: whether codes are given as numbers with names, by which polars groups faster, rather than as text.
    """
    others = [name for name in frame.collect_schema().names() if name not in types]
    texts = frame.select(*others, *(pl.col(column.name).alias(TEXT + column.name) for column in columns))
    read = texts.with_columns(
        _read(column, types[column.name], column.name in tolerant, as_enum).alias(column.name) for column in columns
    )
    marked = read.with_columns(_unread(column, types[column.name]) for column in columns if reading_rule(column))
    return marked if keep_text else marked.drop(TEXT + column.name for column in columns)


def _unread(column: Column, dtype: pl.DataType) -> pl.Expr:
    is_unread = pl.col(column.name).is_null() & pl.col(TEXT + column.name).is_not_null() if dtype == pl.String else pl.lit(False)
    return is_unread.alias(UNREAD + column.name)


def _read(column: Column, dtype: pl.DataType, is_tolerant: bool, as_enum: bool) -> pl.Expr:
    cell, kind = pl.col(TEXT + column.name), type(column.dtype)
    if dtype != pl.String and kind is not Code:
        return cell.cast(type_of(column))
    if dtype != pl.String:
        cell = cell.cast(pl.String)
    if is_tolerant:
        cell = cell.str.strip_chars()
        cell = pl.when(cell != "").then(cell)
    match column.dtype:
        case Code():
            code = _code(cell, column.meaning.codes, is_tolerant)
            return code if as_enum else code.cast(pl.String)
        case Day():
            return _day(cell)
        case Money():
            return pl.when(cell.str.contains(AMOUNT)).then(cell.cast(MONEY, strict=False))
        case Flag():
            return _flag(cell)
    return cell


def _code(cell: pl.Expr, codes: str, is_tolerant: bool) -> pl.Expr:
    if is_tolerant:
        cell = cell.replace_strict(code_names(codes), default=None, return_dtype=pl.String)
    return cell.cast(pl.Enum(list(dict.fromkeys(code_names(codes).values()))), strict=False)


@cache
def code_names(codes: str) -> dict[str, str]:
    """Give what a cell may say and the code it stands for; the total of a list is no kind of record."""
    return {
        name: code.code
        for code in code_lists.codes(codes)
        if code.code != TOTAL
        for name in (code.code, *code.aliases, code.en, code.zh)
    }


def _day(cell: pl.Expr) -> pl.Expr:
    number = cell.cast(_calendar(), strict=False).to_physical().cast(pl.Int32)
    return (number + (FIRST_DAY - date(1970, 1, 1)).days).cast(pl.Date)


@cache
def _calendar() -> pl.Enum:
    """Give every day that a record can have, as it is written."""
    return pl.Enum(pl.date_range(FIRST_DAY, LAST_DAY, timedelta(days=1), eager=True).dt.to_string())


def _flag(cell: pl.Expr) -> pl.Expr:
    said = [text for pair in zip(YES, NO, strict=True) for text in pair]
    return cell.cast(pl.Enum(said), strict=False).to_physical() % 2 == 0


def is_read_tolerantly(column: Column, texts: Iterable[str]) -> bool:
    """Whether the tolerant grammar reads one of these cells, which the strict one did not."""
    frame = pl.LazyFrame({column.name: list(texts)}, schema={column.name: pl.String})
    read = parsed(frame, [column], {column.name: pl.String()}, tolerant=[column.name]).collect()
    return not read.get_column(UNREAD + column.name).all()
