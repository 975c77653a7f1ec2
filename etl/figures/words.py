"""How figures are written: patterns that find the parts of a figure, and the effect of its units and hedges on its number.

All follow from the code lists `units` and `hedges` and from the Chinese numerals, so a new unit or hedge is a line of a
CSV file. The patterns keep to what polars' and Python's regular expressions have in common.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product

import polars as pl

from etl.figures.language import ENGLISH, SIMPLIFIED, any_of
from etl.figures.marks import Marks
from etl.figures.numerals import ARABIC_WHOLE, CHINESE, DIGIT, MULTIPLIER, MULTIPLIERS, SAME_CHARACTERS
from schemas.code_lists import PACKAGE_LISTS, Bound, CodeLists, HedgePosition, Unit

RISES, FALLS = SIMPLIFIED["rises"], SIMPLIFIED["falls"]
SIGNS = "-+–—▲"
"""A sign that stands before digits: every one but the plus says that a figure falls, as ▲ does in tables."""
_DOUBLINGS = {"": 1, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4}
FRACTIONS: Mapping[str, int] = {"百分之": 0, "千分之": -1, "万分之": -2}
"""What stands before a number that is a share, with its power of ten in percent."""
MULTIPLIED: Mapping[str, int] = {
    **{f"翻{over}{words}番": 2**times for words, times in _DOUBLINGS.items() for over in ("", "了")},
    **{word: int(times) for word, times in ENGLISH.tables["multiplied"].items()},
}
"""What says without a digit how many times as large something is, and how many."""
BETWEEN_HEDGES = "…"
GENERAL = "general"
COUNTED = ("thing", "organisation")
"""The dimensions of classifiers, each of one kind of thing; a general classifier counts them all."""
CLASSIFIERS = ("classifiers", "classifiers_of_organisations", "general_classifiers")
_DIMENSIONS = {
    classifier: dimension
    for dimension, name in zip((*COUNTED, GENERAL), CLASSIFIERS, strict=True)
    for classifier in SIMPLIFIED[name]
}


@dataclass(frozen=True, eq=False)
class Notation:
    """How figures are written with the units and hedges of some code lists. All patterns are for polars and for `re`.

    Attributes:
        lists: the code lists.
    """

    lists: CodeLists

    @cached_property
    def marks(self) -> Marks:
        """The marks that may stand in place of a figure, or beside one."""
        return Marks(self.lists)

    @cached_property
    def hedge_pattern(self) -> Callable[[HedgePosition], str]:
        """Return a regular expression of the hedges at a position."""
        return functools.cache(
            lambda position: any_of(_plain(each.hedge) for each in self.lists.hedges if each.position == position)
        )

    @cached_property
    def unit_pattern(self) -> str:
        """A regular expression of the units, without the 万 or 亿 before them."""
        names = {_plain(unit.unit) for unit in self.lists.units}
        latin = {name for name in names if name[-1].isascii() and name[-1].isalpha()}
        return rf"(?:{any_of(names - latin)}|{any_of(latin)}\b)"

    @cached_property
    def currency_pattern(self) -> str:
        """A regular expression of the marks of a currency that stand before a number."""
        return any_of(self.currencies)

    @cached_property
    def currencies(self) -> dict[str, Unit]:
        """The units of money that may stand before a number: signs, codes of letters, and 人民币."""
        money = [each for each in self.lists.units if each.kind == "amount"]
        return {
            _plain(each.unit): each
            for each in money
            if not each.unit.isalpha() or each.unit.isupper() or each.unit.endswith("币")
        }

    @cached_property
    def figure_pattern(self) -> str:
        """A regular expression of a whole figure, its parts in named groups."""
        number = (
            f"(?P<fraction>{any_of(FRACTIONS)})? *(?P<sign>[{SIGNS}])? *"
            rf"(?:(?P<whole>{ARABIC_WHOLE})(?:\.(?P<decimals>[0-9]+))?|(?P<numeral>{CHINESE})) *(?P<multiplier>{MULTIPLIER})"
            f"(?: *(?P<inside>{self.hedge_pattern('inside')}) *(?P<second_multiplier>{MULTIPLIER}))? *"
            rf"(?:(?P<tenths>成)(?P<tenth>{DIGIT})|(?P<unit>\({MULTIPLIER}{self.unit_pattern}\)|{self.unit_pattern}))?"
        )
        change = f"(?:同比)?(?:{any_of(RISES + FALLS)}了?[为达]?)?"
        after = any_of(_plain(hedge.hedge) for hedge in self.lists.hedges if hedge.position != "before")
        return (
            f"(?P<direction>{change}) *(?:(?P<before>{self.hedge_pattern('before')})了?)? *"
            f"(?:{number}|(?P<doubling>{any_of(MULTIPLIED)})) *(?P<after>{after})?"
        )

    @cached_property
    def scales(self) -> tuple[pl.Series, pl.Series]:
        """Every text that scales a number, such as 万元, and its scale.

        Returns:
            The texts, and for each a struct{dimension, base, times, over, power}: a number of it is
            number * times / over * 10 ** power of the base unit.
        """
        scales: dict[str, dict[str, str | int]] = {}
        plain = {unit.unit: _plain(unit.unit) for unit in self.lists.units}
        by_text = self.lists.units_by_name
        for unit, (words, power) in product(self.lists.units, MULTIPLIERS.items()):
            # The same kind of thing can be entered under any of its classifiers: 12项 in a column of 件.
            scale = _scale(_DIMENSIONS.get(unit.unit, unit.dimension), unit.base, unit.times, unit.over, power)
            printed = plain[unit.unit]
            for text in (f"{words}{unit.unit}", f"{words}{printed}", f"({words}{printed})", f"{words}({printed})"):
                scales[text] = scale
        for words, power in FRACTIONS.items():
            scales[words] = _scale(by_text["%"].dimension, "%", 1, 1, power)
        for words, times in MULTIPLIED.items():
            scales[f"{words}倍"] = _scale(by_text["倍"].dimension, "倍", times, 1, 0)
            scales[f"{words}%"] = _scale(by_text["%"].dimension, "%", times - 1, 1, 2)
        columns = {name: [scale[name] for scale in scales.values()] for name in _SCALE}
        return pl.Series(list(scales)), pl.DataFrame(columns, schema=_SCALE).to_struct()

    @cached_property
    def bounds_of_hedges(self) -> dict[str, str]:
        """The bound that the hedges of a figure set, for all hedges that can stand together without contradiction."""
        none: tuple[str, Bound | None] = ("", None)
        before, inside, after = (
            [none, *((_plain(each.hedge), each.bound) for each in self.lists.hedges if each.position == at)]
            for at in ("before", "inside", "after")
        )
        bounds = {"": "rounded"}
        for (first, at_first), (second, at_second), (third, at_third) in product(before, inside, [*after, *inside[1:]]):
            if bound := _joint_bound(at_first, at_second, at_third):
                bounds[BETWEEN_HEDGES.join(filter(None, (first, second, third)))] = bound
        return bounds


PACKAGE_NOTATION = Notation(PACKAGE_LISTS)
"""How figures are written with the units and hedges of the package alone."""


_SCALE = {"dimension": pl.String, "base": pl.String, "times": pl.Int64, "over": pl.Int64, "power": pl.Int64}


def _scale(dimension: str, base: str, times: int, over: int, power: int) -> dict[str, str | int]:
    """Return a scale whose tens are all in its power, so that a tenth needs no 0.1."""
    while times % 10 == 0:
        times, power = times // 10, power + 1
    while over % 10 == 0:
        over, power = over // 10, power - 1
    return {"dimension": dimension, "base": base, "times": times, "over": over, "power": power}


@cache  # there are thousands of hedges that stand together, and few bounds
def _joint_bound(*bounds: Bound | None) -> Bound | None:
    """Return the widest of bounds that do not contradict each other."""
    if "at_most" in bounds and ("at_least" in bounds or "up_to_next_step" in bounds):
        return None
    for bound in ("unknown", "at_least", "at_most", "up_to_next_step"):
        if bound in bounds:
            return bound
    return None


def _plain(text: str) -> str:
    return "".join(SAME_CHARACTERS.get(character, character) for character in text)
