"""The words of a printed figure: patterns that find its parts, and what its units and hedges do to its number.

All are made of the code lists `units` and `hedges` and of the Chinese numerals, so a new unit or hedge is a line of a
CSV file. The patterns keep to what polars' and Python's regular expressions have in common.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

import polars as pl

from etl.figures.numerals import ARABIC_WHOLE, CHINESE, DIGIT, MULTIPLIER, MULTIPLIERS, SAME_CHARACTERS
from schemas.code_lists import Bound, Position, hedges, units
from schemas.remembered import remembered

RISES = ("增长", "上升", "提高", "增加")
FALLS = ("下降", "减少", "降低", "缩减")
FRACTIONS: Mapping[str, int] = {"百分之": 0, "千分之": -1, "万分之": -2}
"""What stands before a number that is a share, with its power of ten in percent."""
DOUBLINGS: Mapping[str, int] = {"": 1, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4}
"""How often 翻番 doubles."""
BETWEEN_HEDGES = "…"


def hedge_pattern(position: Position) -> str:
    """Give a regular expression of the hedges at a position, for polars and for `re`."""
    return _any_of(hedge.hedge for hedge in hedges() if hedge.position == position)


def unit_pattern() -> str:
    """Give a regular expression of the units, without the 万 or 亿 before them."""
    return _any_of(_plain(unit.unit) for unit in units())


def number_pattern() -> str:
    """Give a regular expression of a number in Arabic or Chinese digits, without the 万 or 亿 after Arabic ones."""
    return rf"(?:(?:{ARABIC_WHOLE})(?:\.[0-9]+)?|{CHINESE})"


def multiplier_pattern() -> str:
    """Give a regular expression of what can stand between digits and unit, such as 万; it also matches nothing."""
    return f"(?:{MULTIPLIER})"


@remembered
def figure_pattern() -> str:
    """Give a regular expression of a whole figure, its parts in named groups, for polars and for `re`."""
    number = (
        f"(?P<fraction>{_any_of(FRACTIONS)})? *(?P<sign>[+-])? *"
        rf"(?:(?P<whole>{ARABIC_WHOLE})(?:\.(?P<decimals>[0-9]+))?|(?P<numeral>{CHINESE})) *(?P<multiplier>{MULTIPLIER})"
        f"(?: *(?P<inside>{hedge_pattern('inside')}) *(?P<second_multiplier>{MULTIPLIER}))? *"
        rf"(?:(?P<tenths>成)(?P<tenth>{DIGIT})|(?P<unit>\({MULTIPLIER}{unit_pattern()}\)|{unit_pattern()}))?"
    )
    after = _any_of(hedge.hedge for hedge in hedges() if hedge.position != "before")
    return (
        f"(?P<direction>(?:同比)?{_any_of(RISES + FALLS)}?) *(?P<before>{hedge_pattern('before')})? *"
        f"(?:{number}|(?P<doubling>翻了?{_any_of(DOUBLINGS)}番)) *(?P<after>{after})?"
    )


@remembered
def scales_of_units() -> tuple[pl.Series, pl.Series]:
    """Give every text that scales a number, such as 万元, and its scale.

    Returns:
        The texts, and for each a struct{dimension, base, times, over, power}: a number of it is
        number * times / over * 10 ** power of the base unit.
    """
    scales: dict[str, dict[str, str | int]] = {}
    by_text = {unit.unit: unit for unit in units()}
    for unit, (words, power) in product(units(), MULTIPLIERS.items()):
        scale = _scale(unit.dimension, unit.base, unit.times, unit.over, power)
        printed = _plain(unit.unit)
        for text in (f"{words}{unit.unit}", f"{words}{printed}", f"({words}{printed})", f"{words}({printed})"):
            scales[text] = scale
    for words, power in FRACTIONS.items():
        scales[words] = _scale(by_text["%"].dimension, "%", 1, 1, power)
    for (words, times), over in product(DOUBLINGS.items(), ("", "了")):
        scales[f"翻{over}{words}番倍"] = _scale(by_text["倍"].dimension, "倍", 2**times, 1, 0)
        scales[f"翻{over}{words}番%"] = _scale(by_text["%"].dimension, "%", 2**times - 1, 1, 2)
    return pl.Series(list(scales)), pl.Series(list(scales.values()))


def _scale(dimension: str, base: str, times: int, over: int, power: int) -> dict[str, str | int]:
    """Give a scale whose tens are all in its power, so that 0.1 is not needed to say a tenth."""
    while times % 10 == 0:
        times, power = times // 10, power + 1
    while over % 10 == 0:
        over, power = over // 10, power - 1
    return {"dimension": dimension, "base": base, "times": times, "over": over, "power": power}


@remembered
def bounds_of_hedges() -> dict[str, str]:
    """Give what the hedges of a figure make of its number, for all that can stand together without contradiction."""
    before, inside, after = ([h for h in hedges() if h.position == at] for at in ("before", "inside", "after"))
    bounds = {"": "rounded"}
    for words in product([None, *before], [None, *inside], [None, *after, *inside]):
        said = [hedge for hedge in words if hedge]
        bound = _joint_bound({hedge.bound for hedge in said})
        if bound:
            bounds[BETWEEN_HEDGES.join(hedge.hedge for hedge in said)] = bound
    return bounds


def _joint_bound(bounds: set[Bound]) -> Bound | None:
    """Give the widest of bounds that do not contradict each other."""
    if "at_most" in bounds and bounds & {"at_least", "up_to_next_step"}:
        return None
    for bound in ("unknown", "at_least", "at_most", "up_to_next_step"):
        if bound in bounds:
            return bound
    return None


def _any_of(words: Iterable[str]) -> str:
    """Give a pattern of the words, longest first: where one begins another, the longer is meant."""
    return f"(?:{'|'.join(sorted(set(words), key=lambda word: (-len(word), word)))})"


def _plain(text: str) -> str:
    return "".join(SAME_CHARACTERS.get(character, character) for character in text)
