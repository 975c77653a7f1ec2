"""The grammar of a printed figure: the text of a cell -> value, bounds, base unit and hedge, or why it cannot be read.

A printed figure is an interval. It follows from the digits (half a unit of the last one), from the hedge, and from the
kind of the column, which says whether a number printed in full is exact.

One regular expression takes a cell apart; the rest is arithmetic on whole columns. Digits stay integers until they are
written with their power of ten and read as a float, so each number is rounded once: 7.64万 is 76400, to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from etl.figures.numerals import arabic_digits, digits_of_numeral, same_characters
from etl.figures.other_forms import read_other_forms
from etl.figures.words import BETWEEN_HEDGES, COUNTED, FALLS, GENERAL, Notation

MOST_DIGITS = 18

_STEPS = (
    *("_text", "_part", "_numeral", "_printed", "_hedge", "_digits", "_decimals", "_bound", "_scale", "_column"),
    *("_number", "_zeros", "_negative", "_problem", "_scaled", "_half", "_inward", "_outward"),
)


def read_figures(cells: pl.LazyFrame, notation: Notation) -> pl.LazyFrame:
    """Read the figure of each cell.

    Args:
        cells: one row per cell, with `published` (as printed), `kind` (of its column) and `declared_unit` (in which a
            bare number is read; may carry a multiplier, as in 万元).
        notation: the units and hedges that a figure may have.

    Returns:
        The same rows in the same order, with `value`, `low` and `high` in the base unit `unit` (an open bound is null),
        the `hedge` as printed, and the `problem`: null, or `unreadable|<text>`, `too_large|<text>`,
        `wrong_unit|<printed>|<declared>` or `fraction_of_a_count|<text>`. A cell that is blank, or has a problem, has
        no value and no bounds.
    """
    return read_other_forms(_read_plain(cells, notation), lambda plain: _read_plain(plain, notation), notation)


def _read_plain(cells: pl.LazyFrame, notation: Notation) -> pl.LazyFrame:
    """Read the figure of each cell that is printed plainly; every other has a problem."""
    text = pl.col("published").cast(pl.String).str.strip_chars()
    parts = same_characters(text).str.extract_groups(f"^{notation.figure_pattern}$")
    return (
        cells.with_columns(_text=pl.when(text != "").then(text), _part=parts)
        .with_columns(_numeral=digits_of_numeral(_part("numeral")), _printed=_printed_unit(), _hedge=_hedge())
        .with_columns(_digits=_digits(), _decimals=_decimals(), _bound=_bound(notation.bounds_of_hedges))
        .with_columns(_scale=_scale(notation), _column=_declared().replace_strict(*notation.scales, default=None))
        .with_columns(_number=_number(), _zeros=_trailing_zeros(), _negative=_is_negative())
        .with_columns(_problem=_problem(), _scaled=_scaled(), _half=_half_step())
        .with_columns(_inward=_inward(), _outward=_outward())
        .with_columns(
            value=_in_base_unit(pl.col("_scaled")),
            low=_in_base_unit(_low()),
            high=_in_base_unit(_high()),
            unit=_scale_of("_column", "base"),
            hedge=pl.when(pl.col("_problem").is_null()).then("_hedge").otherwise(pl.lit("")),
            problem=pl.col("_problem"),
        )
        .with_columns(low=_within_a_whole("low"), high=_within_a_whole("high"))
        .drop(_STEPS)
    )


# What the parts say


def _part(name: str) -> pl.Expr:
    """Give the part of the cell that the group of that name in `figure_pattern` matched."""
    return pl.col("_part").struct.field(name)


def _printed_unit() -> pl.Expr:
    """Give the unit that the cell itself names, in any of the places where it can; empty for a bare number."""
    return pl.concat_str(_part("fraction"), _part("doubling"), _part("tenths"), _part("unit"), ignore_nulls=True)


def _hedge() -> pl.Expr:
    """Give the hedges of the cell, joined as in 超…以上."""
    return pl.concat_str(_part("before"), _part("inside"), _part("after"), separator=BETWEEN_HEDGES, ignore_nulls=True)


def _digits() -> pl.Expr:
    """Give all digits without separators and point; a doubling is one of itself, and 四成五 is 4.5 tenths."""
    numeral = pl.col("_numeral").struct
    whole = pl.coalesce(_part("whole").str.replace_all(",", "", literal=True), numeral.field("1"))
    doubling = pl.when(_part("doubling").is_not_null()).then(pl.lit("1"))
    tenth = arabic_digits(_part("tenth")).fill_null("")
    return pl.coalesce(pl.concat_str(whole, _decimal_digits(), tenth), doubling)


def _decimal_digits() -> pl.Expr:
    return pl.coalesce(_part("decimals"), pl.col("_numeral").struct.field("2"), pl.lit(""))


def _decimals() -> pl.Expr:
    """Give how many digits stand after the point."""
    return _decimal_digits().str.len_bytes().cast(pl.Int64) + _part("tenth").is_not_null()


def _bound(bounds: Mapping[str, str]) -> pl.Expr:
    """Return the bound that the hedges set; null where they contradict each other."""
    bound = pl.col("_hedge").replace_strict(list(bounds), list(bounds.values()), default=None)
    # 翻番 says about how much, and has no digit that a rounding could be of.
    return pl.when(_part("doubling").is_not_null(), bound == "rounded").then(pl.lit("unknown")).otherwise(bound)


def _scale(notation: Notation) -> pl.Expr:
    """Return the scale of the number: its multipliers, with its own unit or else that of its column; null for none."""
    unit = pl.when(pl.col("_printed") == "").then(_declared()).otherwise("_printed")
    kind = pl.col("kind").cast(pl.String).replace_strict(["rate", "multiple"], ["%", "倍"], default="?")
    doubled = pl.when(_part("doubling").is_not_null()).then(kind)
    words = pl.concat_str(_part("multiplier"), _part("second_multiplier"), unit, doubled, ignore_nulls=True)
    return words.replace_strict(*notation.scales, default=None)


def _declared() -> pl.Expr:
    return pl.col("declared_unit").cast(pl.String)


# The number


def _scale_of(column: str, field: str) -> pl.Expr:
    return pl.col(column).struct.field(field)


def _number() -> pl.Expr:
    """Give the digits as an integer; null where there are none, or too many."""
    return pl.when(~_has_too_many_digits()).then("_digits").cast(pl.Int64, strict=False)


def _has_too_many_digits() -> pl.Expr:
    return pl.col("_digits").str.strip_chars_start("0").str.len_bytes() > MOST_DIGITS


def _trailing_zeros() -> pl.Expr:
    """Give how many zeros follow the last digit that is not one; none in zero itself."""
    significant = pl.col("_digits").str.strip_chars_end("0").str.len_bytes()
    zeros = pl.col("_digits").str.len_bytes() - significant
    return pl.when(significant > 0).then(zeros).otherwise(0).cast(pl.Int64)


def _is_negative() -> pl.Expr:
    return _falls() | (_part("sign") != "+").fill_null(False)


def _falls() -> pl.Expr:
    return _part("direction").str.contains_any(list(FALLS)).fill_null(False)


def _power() -> pl.Expr:
    """Give the power of ten of the last digit, in the base unit."""
    return _scale_of("_scale", "power") - pl.col("_decimals")


def _problem() -> pl.Expr:
    """Give why the cell has no value; null where it has one, or is blank."""
    text, dimension = pl.col("_text"), _scale_of("_scale", "dimension")
    wanted = _scale_of("_column", "dimension")
    # a general classifier stands for any other; where a column names it, no other is meant
    is_general = (dimension == GENERAL) & wanted.is_in(COUNTED)
    is_fraction = (pl.col("kind") == "count") & (-_power() > pl.col("_zeros")) & (pl.col("_number") != 0)
    return (
        pl.when(_is_unclear())
        .then("unreadable|" + text)
        .when(_has_too_many_digits())
        .then("too_large|" + text)
        .when(pl.col("_number").is_null())
        .then("unreadable|" + text)
        .when(wanted.is_null() | (dimension != wanted) & ~is_general)
        .then(pl.concat_str(pl.lit("wrong_unit"), "_printed", _declared().fill_null(""), separator="|"))
        .when(dimension.is_null())
        .then("unreadable|" + text)
        .when(is_fraction)
        .then("fraction_of_a_count|" + text)
    )


def _is_unclear() -> pl.Expr:
    """Say where the text is no figure, or can be read in more than one way."""
    bound, direction, sign = pl.col("_bound"), _part("direction"), _part("sign")
    is_doubling = _part("doubling").is_not_null()
    return (
        direction.is_null()  # the pattern matched nothing
        | bound.is_null()  # the hedges contradict each other
        | (bound == "up_to_next_step") & ((pl.col("_number") == 0) | is_doubling)  # no step to go up to
        | (direction != "") & (pl.col("kind") != "rate")  # a change, where a level is expected
        | _falls() & sign.is_not_null()
        | (sign != "+") & bound.is_in(["at_least", "at_most"])  # over -5 %: a fall of more than 5 %, or of less?
        | _part("tenth").is_not_null() & (pl.col("_decimals") > 1)  # 四点五成五
    )


# The interval, in integers: ten times the digits, so that half a step is one too


def _scaled() -> pl.Expr:
    """Give ten times the digits in the base unit, signed."""
    number = pl.col("_number").cast(pl.Int128)
    sign = pl.when("_negative").then(-10).otherwise(10)
    return number * sign * _scale_of("_scale", "times")


def _half_step() -> pl.Expr:
    """Give half a unit of the last digit that says something, ten times; nothing for a count printed in full."""
    # 三千万 is printed in a multiple, as 3000万 is; 一万二千三百 is printed in full.
    is_multiple = _part("numeral").str.contains("[万亿]$").fill_null(False)
    is_whole = (pl.col("_decimals") == 0) & (_scale_of("_scale", "power") == 0) & ~is_multiple
    is_exact = is_whole & (pl.col("kind") == "count") & (pl.col("_bound") == "rounded")
    # The zeros of 三千 and of 4000余 are not digits that were counted, those of 4.40万, 3.0万余 and 百分之三十 are.
    is_round = _part("numeral").is_not_null() | (pl.col("_bound") == "up_to_next_step")
    is_counted = _part("fraction").is_not_null() | (pl.col("_decimals") > 0)
    zeros = pl.when(is_round & ~is_counted).then("_zeros").otherwise(0)
    step = pl.lit(10, dtype=pl.Int64).pow(zeros).cast(pl.Int128)
    return pl.when(is_exact).then(0).otherwise(step * 5 * _scale_of("_scale", "times"))


def _inward() -> pl.Expr:
    """Give how far the truth may lie from the number towards zero; null where that is not known."""
    half = pl.col("_half")
    return pl.col("_bound").replace_strict({"rounded": 1, "at_least": 0, "up_to_next_step": 0}, default=None) * half


def _outward() -> pl.Expr:
    """Give how far the truth may lie from the number away from zero; null where that is not known."""
    half = pl.col("_half")
    return pl.col("_bound").replace_strict({"rounded": 1, "at_most": 0, "up_to_next_step": 2}, default=None) * half


def _low() -> pl.Expr:
    return pl.col("_scaled") - pl.when("_negative").then("_outward").otherwise("_inward")


def _high() -> pl.Expr:
    return pl.col("_scaled") + pl.when("_negative").then("_inward").otherwise("_outward")


def _within_a_whole(bound: str) -> pl.Expr:
    """Keep the bound of a share within 0..100, unless the share itself is printed beyond them."""
    is_share = (pl.col("kind") == "share") & pl.col("value").is_between(0, 100) & (pl.col("unit") == "%")
    return pl.when(is_share).then(pl.col(bound).clip(0, 100)).otherwise(bound)


def _in_base_unit(scaled: pl.Expr) -> pl.Expr:
    """Give the float nearest to an integer of this scale: written out with its power of ten, it is rounded once.

    Only hours are rounded again, as a day is 24 of them and no power of ten.
    """
    readable = pl.when(pl.col("_problem").is_null()).then(scaled)
    written = pl.concat_str(readable.cast(pl.String), pl.lit("e"), (_power() - 1).cast(pl.String))
    return written.cast(pl.Float64) / _scale_of("_scale", "over")
