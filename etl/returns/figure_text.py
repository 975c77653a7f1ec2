"""Complete the figures of a return with the units of their lines, and judge whether they fit."""

from __future__ import annotations

import re

from etl.figures.reading import FigureReading
from etl.figures.words import Notation
from etl.raw_files.plain_characters import plain
from etl.returns.indicators import LastPrint
from schemas.models import Column, broken_ranges
from schemas.texts import Text

LARGEST_CHANGE = 50
"""A bare number that differs from what was printed last by this factor is more likely in another unit.

Units of one dimension lie a hundred or ten thousand apart; half of a hundred allows the level itself to double or halve.
"""
_SEPARATOR = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_SPACE = re.compile(r"(?<![A-Za-z])\s+|\s+(?![0-9])")
"""Space that says nothing; after a word in Latin letters it does."""
_SIGNS = ("¥", "￥", "$", "€", "£")
_MULTIPLIERS = "十百千万亿"


def completed(text: str, unit: str, notation: Notation) -> tuple[str, bool]:
    """Return a figure with its unit, and whether its level must show that the unit is the right one."""
    written = _SPACE.sub("", plain(text))
    parts = re.fullmatch(notation.figure_pattern, written)
    if parts is None:
        return written, written.startswith(_SIGNS)  # which a number format may have put there
    written = _SEPARATOR.sub("", written)
    if any(parts[name] for name in ("unit", "tenths", "fraction", "doubling")):
        return written, False
    after = parts["after"] or ""
    has_multiplier = bool(parts["multiplier"] or parts["second_multiplier"])  # 2亿 in a line of 万元 is 2亿元
    return f"{written.removesuffix(after)}{unit.lstrip(_MULTIPLIERS) if has_multiplier else unit}{after}", not has_multiplier


def printed_unit(published: str, notation: Notation) -> str:
    """Return the unit of a figure as printed, without its multiplier."""
    parts = re.fullmatch(notation.figure_pattern, published)
    if parts is None:
        return ""
    return str(parts["unit"] or ("成" if parts["tenths"] else "")).strip("()").lstrip(_MULTIPLIERS)


def problem_of(published: str, column: Column, read: FigureReading, unit: str) -> Text | None:
    """Explain why a figure does not fit its column; None where it does."""
    kind, _, rest = (read.problem or "").partition("|")
    declared = unit or column.meaning.unit
    match kind:
        case "wrong_unit":
            printed = rest.partition("|")[0]
            return Text(
                f"{published}: the unit {printed or 'none'} does not fit here; give the figure in {declared}",
                f"{published}：单位“{printed or '无'}”与“{declared}”不是同类单位；请按“{declared}”填报",
            )
        case "fraction_of_a_count":
            return Text(f"{published}: a number of whole things cannot have a fraction", f"{published}：个数应为整数")
        case "too_large":
            return Text(f"{published}: the number has too many digits", f"{published}：数字位数过多")
        case "unreadable":
            return Text(
                f"{published!r} is no figure that can be read for certain; write it like 5981, 7.64万{declared} or 49.4%",
                f"“{published}”无法确定为数字；请写作 5981、7.64万{declared} 或 49.4%",
            )
    if read.value is not None and broken_ranges(column, read.value):
        return Text(f"{published}: out of the range of its kind ({column.dtype.kind})", f"{published}：超出该指标的取值范围")
    return None


def doubt_of(published: str, column: Column, read: FigureReading, unit: str, last: LastPrint | None) -> Text | None:
    """Explain why the unit of a bare number is in doubt; None where it is not."""
    value, kind = read.value, column.dtype.kind
    if value is None or value <= 0 or kind == "rate":
        return None
    if last is None or not last.reading.value > 0:
        if kind in ("share", "score") and value < 1:
            en = f"{published}: less than one of a hundred; if that is meant, write it with its unit, else give it in {unit}"
            return Text(en, f"{published}：不足百分之一；若属实请连单位填写，否则请按“{unit}”填报")
        return None
    factor = max(value / last.reading.value, last.reading.value / value)
    if factor < LARGEST_CHANGE:
        return None
    before = last.published
    is_more = value > last.reading.value
    times_en = f"{factor:,.0f} times" if is_more else f"one {factor:,.0f}th of"
    times_zh = f"的 {factor:,.0f} 倍" if is_more else f"的 {factor:,.0f} 分之一"
    return Text(
        f"{published} is {times_en} the {before} of {last.period}; is it in {unit}? If so, write its unit beside it",
        f"{published} 为 {last.period} 所载 {before} {times_zh}，是否以“{unit}”为单位？若属实请连单位填写",
    )
