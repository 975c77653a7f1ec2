"""Format figures: as printed, in other units, rounded, in Chinese or English.

No form says more than the print did. Rounding keeps what a hedge promises: at least 1.96万 may be said as at least 1.9万, never
as at least 2.0万. Where a unit forces digits that nobody printed (7.64万件 as 76400件), the number is called an approximate one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Literal

from etl.bulletin.figures import KnownFigure, declared_column
from etl.catalogue import PACKAGE, Catalogue
from etl.figures.numerals import MULTIPLIERS, SAME_CHARACTERS
from schemas.code_lists import Unit
from schemas.texts import Language

Scale = Literal["published", "plain", "wan", "yi"]

_PLAIN = str.maketrans(dict(SAME_CHARACTERS))
_ROUNDING = {"at_least": ROUND_FLOOR, "up_to_next_step": ROUND_FLOOR, "at_most": ROUND_CEILING}
_SCALED = frozenset({"count", "amount", "measure"})
_WORDS_EN = {0: "", 3: " thousand", 6: " million", 9: " billion", 12: " trillion"}
_LARGE = 10_000


@dataclass(frozen=True, slots=True)
class Style:
    """How figures are written.

    Attributes:
        language: of the text.
        scale: `published`: as each figure was; `plain`: without 万 and 亿; `wan`: with 万; `yi`: with 万 and 亿.
        digits: most digits after the point; None for as many as were published.
    """

    language: Language
    scale: Scale = "published"
    digits: int | None = None

    @property
    def is_as_published(self) -> bool:
        """Whether figures stay as they were printed."""
        return self.scale == "published" and self.digits is None


@dataclass(frozen=True, slots=True)
class _PrintParts:
    """The parts of a printed figure.

    Attributes:
        number: in `unit`, without its sign.
        step: the value of one unit of its last digit, in `unit`.
        power: power of ten of the 万 or 亿 that it was printed with.
        unit: its unit.
        hedges: its hedges: before it, between digits and unit, after it.
        bound: the bound that they imply.
        is_exact: whether the number is whole and nothing was rounded.
    """

    number: Decimal
    step: Decimal
    power: int
    unit: Unit
    hedges: tuple[str, str, str]
    bound: str
    is_exact: bool


def format_figure(known: KnownFigure, style: Style, catalogue: Catalogue = PACKAGE) -> str:
    """Format a figure; of a fall without its sign, which the sentence expresses."""
    parts = _parts(known.published, catalogue)
    is_bare = not any(parts[name] for name in ("fraction", "doubling", "tenths", "unit"))
    if style.language == "zh" and (parts["doubling"] or (style.is_as_published and not is_bare)):
        return _without_direction(known.published, catalogue)
    printed = _split_figure(known, parts, catalogue)
    return _in_chinese(printed, style) if style.language == "zh" else _in_english(printed, style, catalogue)


def format_change(known: KnownFigure, style: Style, catalogue: Catalogue = PACKAGE) -> tuple[str, str]:
    """Format a change against an earlier level: its direction, and its figure."""
    falls, text = (known.value or 0) < 0, format_figure(known, style, catalogue)
    if style.language == "en":
        return "down " if falls else "up ", text
    if falls:  # a fall belongs to its figure, as in a ledger; a rise goes without saying
        return "", f"下降{text}"
    return "" if _parts(known.published, catalogue)["doubling"] else "增长", text


def _parts(published: str, catalogue: Catalogue) -> dict[str, str]:
    text = re.sub(r"\s", "", published.translate(_PLAIN))
    match = re.fullmatch(catalogue.notation.figure_pattern, text)
    # What is loaded was read by this very grammar.
    return {name: part or "" for name, part in match.groupdict().items()} if match else {}


def _without_direction(published: str, catalogue: Catalogue) -> str:
    text = re.sub(r"\s", "", published.translate(_PLAIN))
    direction = _parts(text, catalogue)["direction"]
    return text.removeprefix(direction).lstrip("+-")


def _split_figure(known: KnownFigure, parts: dict[str, str], catalogue: Catalogue) -> _PrintParts:
    """Split a figure: the value of the warehouse, the precision of the print."""
    scaled, power = _unit_text(known, parts, catalogue)
    unit = catalogue.lists.units_by_name[scaled]
    number = abs(Decimal(repr(known.value))) * unit.over / unit.times
    power += MULTIPLIERS[parts["multiplier"]] + MULTIPLIERS[parts["second_multiplier"] or ""]
    if parts["whole"]:
        step = Decimal(1).scaleb(power - len(parts["decimals"]))
    else:
        last = number.quantize(Decimal("1e-9")).normalize() or Decimal(1)
        step = Decimal(1).scaleb(int(last.as_tuple().exponent))
    words = (parts["before"], parts["inside"], parts["after"])
    is_exact = known.low is not None and known.low == known.high
    bound = catalogue.notation.bounds_of_hedges[known.hedge]
    return _PrintParts(number.quantize(min(step, Decimal(1))), step, power, unit, words, bound, is_exact)


def _unit_text(known: KnownFigure, parts: dict[str, str], catalogue: Catalogue) -> tuple[str, int]:
    """Return the unit of a print, and the power of ten of its 万.

    A bare number is in the unit of its column.
    """
    if parts["fraction"]:
        return "%", 0
    text = parts["unit"].strip("()") or ("成" if parts["tenths"] else "")
    if not text:
        doubled = {"rate": "%", "multiple": "倍"}
        text = doubled[known.kind] if parts["doubling"] else declared_column(known.address, catalogue).meaning.unit
    unit = next(each for each in sorted(catalogue.lists.units_by_name, key=len, reverse=True) if text.endswith(each))
    return unit, MULTIPLIERS[text.removesuffix(unit)]


def _in_chinese(printed: _PrintParts, style: Style) -> str:
    power = _power_zh(printed, style)
    number, is_approximate = _rounded(printed, power, style.digits)
    before, inside, after = printed.hedges
    about = "约" if is_approximate else before
    return f"{about}{number:f}{_multiplier(power)}{inside}{printed.unit.unit}{after}"


def _power_zh(printed: _PrintParts, style: Style) -> int:
    if style.scale == "published" or printed.unit.kind not in _SCALED:
        return printed.power
    for scale, power in (("yi", 8), ("wan", 4)):
        if style.scale in (scale, "yi") and printed.number >= Decimal(10) ** power:
            return power
    return 0


def _multiplier(power: int) -> str:
    return next(words for words, each in MULTIPLIERS.items() if each == power)


def _in_english(printed: _PrintParts, style: Style, catalogue: Catalogue) -> str:
    named = catalogue.lists.by_code("unit_names").get(printed.unit.unit)
    own = named.en if named else ""
    if not own:
        factor = Decimal(printed.unit.times) / printed.unit.over
        base = catalogue.lists.units_by_name[printed.unit.base]
        printed = replace(printed, number=printed.number * factor, step=printed.step * factor, unit=base)
    power = _power_en(printed, style)
    number, is_approximate = _rounded(printed, power, style.digits)
    words = f"{number:,f}{_WORDS_EN[power]}{_unit_en(printed, own)}"
    about = "about " if is_approximate else ""
    return about + _hedged_en(words, printed.hedges, catalogue)


def _power_en(printed: _PrintParts, style: Style) -> int:
    is_large = printed.number >= _LARGE and printed.unit.kind in _SCALED
    was_scaled = printed.power > 0 or printed.step >= _LARGE
    if not is_large or style.scale == "plain" or (style.scale == "published" and not was_scaled):
        return 0
    if style.scale == "wan":
        return 3
    fitting = [power for power in _WORDS_EN if power and printed.number >= Decimal(10) ** power]
    # A scale in which the last digit printed is a digit, so that no zero pretends to be one: 33万 is 0.33 million.
    exact = printed.is_exact or printed.bound != "rounded"
    shown = [power for power in fitting if exact or Decimal(10) ** power >= printed.step]
    above = [power for power in _WORDS_EN if Decimal(10) ** power >= printed.step and power]
    return max(shown) if shown else min(above, default=max(_WORDS_EN))


def _unit_en(printed: _PrintParts, own: str) -> str:
    unit = printed.unit
    if unit.base == "%":
        return "%"
    if unit.kind == "count":
        return ""
    name = own or unit.en
    return f" {name.removesuffix('s') if printed.number == 1 else name}"


def _hedged_en(words: str, printed: tuple[str, str, str], catalogue: Catalogue) -> str:
    """Add hedges: those that begin with *and* or *or* follow the number, where no other says the same before it."""
    known = {each.hedge: each for each in catalogue.hedges}
    said = [known[hedge] for hedge in printed if hedge]
    trailing = [each for each in said if each.en.startswith(("and ", "or "))]
    leading = {each.en: each.bound for each in said if each not in trailing}
    return " ".join((*leading, words, *(each.en for each in trailing if each.bound not in leading.values())))


def _rounded(printed: _PrintParts, power: int, digits: int | None) -> tuple[Decimal, bool]:
    """Scale and round the number; also return whether it claims excess precision."""
    step = Decimal(1) if printed.is_exact else printed.step
    known = max(0, power - step.adjusted())
    kept = known if digits is None else min(known, digits)
    rounding = _ROUNDING.get(printed.bound, ROUND_HALF_UP)
    number = printed.number.scaleb(-power).quantize(Decimal(1).scaleb(-kept), rounding=rounding)
    return number, printed.bound == "rounded" and Decimal(1).scaleb(power - kept) < step
