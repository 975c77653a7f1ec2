"""Recognize a printed change that the tables give themselves, by this figure and that of the year before.

Tables have no column for such a change: it would be a copy of what follows from two figures.
"""

from __future__ import annotations

import re

from etl.intake.contexts import Context
from etl.intake.levels import Level, Levels
from etl.intake.targets import THIS, Target

_NUMBER = re.compile("[0-9]+(?:[.]([0-9]+))?")
_FALL = re.compile("下降|减少|回落|下滑|下跌|负增长|^[-－—–降]")
_YEAR_ON_YEAR = re.compile("同比|比上年|较上年|比去年|较去年|与上年")
_POINTS = "百分点"


def is_given(context: Context, between: str, target: Target, now: Level | None, levels: Levels) -> bool:
    """Whether a figure is the change of another on the year before, as far as the digits of all three tell.

    Args:
        context: the figure.
        between: the words between the other figure and this one.
        target: the cell of the other figure.
        now: what the other figure says.
        levels: what the project has printed.
    """
    before = levels.a_year_before(target)
    is_plain = not context.found.hedge and not context.found.is_unclear
    if now is None or before is None or not is_plain or target.period != THIS or not _YEAR_ON_YEAR.search(between):
        return False
    number = _NUMBER.search(context.found.published)
    if number is None or not (_POINTS in context.found.unit or context.found.unit == "%"):
        return False
    half = 0.5 * 10.0 ** -len(number[1] or "")
    sign = -1 if _FALL.search(between) or _FALL.search(context.found.published) else 1
    change = _points(now, before) if _POINTS in context.found.unit else _growth(now, before)
    return change is not None and change[0] <= sign * float(number[0]) + half and sign * float(number[0]) - half <= change[1]


def _growth(now: Level, before: Level) -> tuple[float, float] | None:
    if before.low <= 0 or now.low < 0:
        return None
    return (now.low / before.high - 1) * 100, (now.high / before.low - 1) * 100


def _points(now: Level, before: Level) -> tuple[float, float]:
    return now.low - before.high, now.high - before.low
