"""Measure words that no code list has: what follows a number is kept as its unit, and marked unknown."""

from __future__ import annotations

import re

from etl.figures.language import ENGLISH, SIMPLIFIED

_HAN = "[\u4e00-\u9fff]"
_NEVER = "".join(SIMPLIFIED["no_measure_word"])
_STOP = rf"(?!(?i:{ENGLISH.any_of('not_units')})\b)"
_WORD = re.compile(
    rf"{_HAN}{{1,3}}/{_HAN}{{1,3}}"  # 微克/立方米
    rf"|(?![{_NEVER}])(?:{_HAN}{{2}}(?=[，。；、）)]|$)|{_HAN})"
    # a plural, with at most two words before it: 1,234 patent applications
    rf"| (?:{_STOP}[a-z]+ ){{0,2}}?{_STOP}(?:[a-z]+s|{ENGLISH.any_of('plurals')})\b(?!')"
)


def measure_word(text: str, place: int) -> str:
    """Return the measure word at a place after a number, with the space before it; empty where there is none."""
    word = _WORD.match(text, place)
    return word[0] if word else ""
