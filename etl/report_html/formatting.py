"""Format numbers for readers, with the digits that their bounds allow."""

from __future__ import annotations

from schemas.code_lists import PACKAGE_LISTS, CodeLists

_WORDS = ((1e9, "billion"), (1e6, "million"))
_CHARACTERS = ((1e8, "亿"), (1e4, "万"))


def unit_in_english(unit: str, lists: CodeLists) -> str:
    """Return the English name of a base unit; "" for a count.

    The indicator of a count is named after what is counted.
    """
    known = lists.units_by_name.get(unit)
    return known.en if known and known.kind != "count" else ""


def with_unit(number: str, unit: str, lists: CodeLists) -> str:
    """Return a number and its unit in English."""
    name = unit_in_english(unit, lists)
    return f"{number}%" if name == "%" else f"{number} {name}".rstrip()


def with_commas(value: float, most: int = 6) -> str:
    """Format a number with commas, and no more decimals than it has."""
    text = f"{value:,.{most}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def in_english(value: float) -> str:
    """Format a number in English, with million and billion as words."""
    for step, word in _WORDS:
        if abs(value) >= step:
            return f"{with_commas(value / step)} {word}"
    return with_commas(value)


def in_chinese(value: float) -> str:
    """Format a number in Chinese, with 万 and 亿."""
    for step, character in _CHARACTERS:
        if abs(value) >= step:
            return f"{with_commas(value / step)}{character}".replace(",", "")
    return with_commas(value).replace(",", "")


def printed_in_english(
    value: float | None, low: float | None, high: float | None, unit: str, hedge: str, lists: CodeLists = PACKAGE_LISTS
) -> str:
    """Return a printed figure in English, with what its hedge says."""
    if value is None:
        return "–"
    number = with_unit(in_english(value), unit, lists)
    if low is None or high is None:
        sign = "about" if low is high else "≥" if high is None else "≤"
        return f"{sign} {number}"
    return with_unit(f"{in_english(value)}+", unit, lists) if hedge else number


def format_computed(value: float | None, low: float | None, high: float | None, *, sign: bool = False) -> str:
    """Format a computed number to the digits of its bounds, or as these bounds.

    Args:
        value: the number.
        low: its lower bound; None is open.
        high: its upper bound; None is open.
        sign: whether a positive number gets its sign.
    """
    if value is None:
        return "–"
    if low is None or high is None:
        return f"{'' if low is high else '≥ ' if high is None else '≤ '}{_cut(value if low is high else low or high or 0, sign)}"
    if high - low > max(1.0, abs(value) * 0.02):
        return f"{_cut(low, sign, 0)} … {_cut(high, sign, 0)}"
    digits = 0 if high - low >= 1 or abs(value) >= 1000 else 2 if high - low < 0.05 and abs(value) < 0.05 else 1
    return _cut(value, sign, digits)


def _cut(value: float, sign: bool, digits: int = 1) -> str:
    text = with_commas(round(value, digits), digits)
    return f"+{text}" if sign and value > 0 else text
