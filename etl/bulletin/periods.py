"""Format periods in words."""

from __future__ import annotations

import re
from calendar import month_name

from schemas.texts import Language

_PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?P<part>[HQ]?)(?P<number>\d{1,2}))?(?:/(?P<to_year>\d{4})-(?P<to_month>\d{2}))?")
_RANKS_ZH = "一二三四"
_RANKS_EN = ("first", "second", "third", "fourth")


def period_in_words(period: str, language: Language) -> str:
    """Format a period for a sentence: 2024年上半年, the first half of 2024."""
    match = _PERIOD.fullmatch(period)
    if match is None:
        return period
    year, number = match["year"], int(match["number"] or 0)
    if match["to_year"]:
        return _from_to((int(year), number), (int(match["to_year"]), int(match["to_month"])), language)
    if not number:
        return f"{year}年" if language == "zh" else year
    if match["part"]:
        return _part(year, match["part"], number, language)
    return f"{year}年{number}月" if language == "zh" else f"{month_name[number]} {year}"


def year_before(period: str) -> str:
    """Return the same period of the year before; empty for one of several years."""
    return "" if "/" in period or not period[:4].isdecimal() else f"{int(period[:4]) - 1}{period[4:]}"


def _part(year: str, part: str, number: int, language: Language) -> str:
    if language == "en":
        return f"the {_RANKS_EN[number - 1]} {'half' if part == 'H' else 'quarter'} of {year}"
    return f"{year}年{'上下'[number - 1]}半年" if part == "H" else f"{year}年第{_RANKS_ZH[number - 1]}季度"


def _from_to(start: tuple[int, int], end: tuple[int, int], language: Language) -> str:
    if (start[1], end[1]) == (1, 12):  # whole years
        return f"{start[0]}年至{end[0]}年" if language == "zh" else f"{start[0]} to {end[0]}"
    if language == "zh":
        return f"{start[0]}年{start[1]}月至{end[0]}年{end[1]}月"
    return f"{month_name[start[1]]} {start[0]} to {month_name[end[1]]} {end[0]}"
