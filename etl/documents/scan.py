"""The places of a running text where a number, or a stretch that holds numbers and no figure, is printed.

A place is first found by its character, then by its word, which is quick; only there is the grammar tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from etl.documents import exclusions
from etl.documents.exclusions import Reason
from etl.figures.language import any_of
from etl.figures.phrases import end_of_first, phrase_pattern
from etl.figures.words import FALLS, RISES, Notation

_DIGITS = "0-9〇零一二两三四五六七八九十百千万亿廿卅"
_LETTERS = re.compile("[A-Za-z]+")


class _Scanner(NamedTuple):
    """The patterns of a notation.

    Attributes:
        characters: one with which a place may begin.
        words: the words with which it may, or a digit.
        stretches: what holds numbers and no figure; its groups are `s0`, `s1`, …
        led: a stretch after words that may stand before a figure.
        phrases: a number.
    """

    characters: re.Pattern[str]
    words: re.Pattern[str]
    stretches: re.Pattern[str]
    led: re.Pattern[str]
    phrases: re.Pattern[str]


@lru_cache(maxsize=8)
def _scanner(notation: Notation) -> _Scanner:
    hedges = [hedge.hedge for hedge in notation.lists.hedges if hedge.position == "before"]
    leading = [*hedges, *notation.currencies, *exclusions.LEADING]
    latin = [each for each in leading if each[0].isascii() and each[0].isalpha()]
    chinese = [each for each in leading if each not in latin]
    characters = re.escape("".join({each[0] for each in chinese}))
    stretches = exclusions.stretches(notation)
    named = "|".join(f"(?P<s{rank}>{pattern})" for rank, (_, pattern) in enumerate(stretches))
    before = f"(?: |{any_of(RISES + FALLS)}|{notation.hedge_pattern('before')})"
    return _Scanner(
        re.compile(f"[{_DIGITS}A-Za-z{characters}]"),
        re.compile(rf"[{_DIGITS}]|{any_of(chinese)}|(?<![A-Za-z])(?:{exclusions.LEADING_WORD}|(?i:{any_of(latin)}))"),
        re.compile(named),
        re.compile(f"{before}{{1,3}}(?:{'|'.join(pattern for _, pattern in stretches)})"),
        # a hyphen after a digit is no sign: 3-5个工作日
        re.compile(f"(?:(?<![0-9A-Za-z])|(?![-+–—])){phrase_pattern(notation)}"),
    )


def numbers(text: str, notation: Notation) -> Iterator[tuple[re.Match[str], Reason | None]]:
    """Yield the match of each number, and why it is no figure where a stretch tells so.

    Args:
        text: folded, one character for one.
        notation: the units and hedges that a figure may have.
    """
    scanner, place = _scanner(notation), 0
    while start := scanner.characters.search(text, place):
        place = start.start()
        if not scanner.words.match(text, place):
            letters = _LETTERS.match(text, place)
            place = letters.end() if letters else place + 1
            continue
        match = scanner.stretches.match(text, place)
        reason = exclusions.stretches(notation)[int((match.lastgroup or "s0")[1:])][0] if match else None
        if match is None and (start[0].isdecimal() or not scanner.led.match(text, place)):
            match = scanner.phrases.match(text, place)
            if match and (end := end_of_first(match)):
                match = scanner.phrases.match(text, place, end)
        if match:
            yield match, reason
        place = match.end() if match else place + 1


def match_until(match: re.Match[str], end: int, notation: Notation) -> re.Match[str]:
    """Match a number again in a text that ends there, if it stays the same number."""
    shorter = _scanner(notation).phrases.match(match.string, match.start(), end)
    return shorter if shorter and shorter["whole"] == match["whole"] else match
