"""Fractions written as decimals: as few digits as say what matters, and rounded to the side that keeps a bound true."""

from __future__ import annotations

import math
from fractions import Fraction

from etl.formulas.figures import between, bounds
from schemas.intervals import Interval

MOST_DIGITS, DIGITS_OF_WIDTH, DIGITS_OF_BOUND, MOST_DECIMALS = 12, 3, 6, 40


def magnitude(number: Fraction) -> int:
    """Give the power of ten of the first digit of a number that is not zero."""
    number = abs(number)
    bits = number.numerator.bit_length() - number.denominator.bit_length()
    power = math.floor(bits * math.log10(2)) - 1
    while number >= Fraction(10) ** (power + 1):
        power += 1
    return power


def decimals_of(interval: Interval) -> int:
    """Give how many decimals tell the bounds of an interval apart, or write a single one."""
    low, high = bounds(interval)
    if low is not None and high is not None and low < high:
        return _within_reason(DIGITS_OF_WIDTH - 1 - magnitude(high - low))
    bound = high if low is None else low
    if not bound:
        return 0
    is_decimal = (bound * 10**MOST_DIGITS).denominator == 1
    digits = MOST_DIGITS if low == high or is_decimal else DIGITS_OF_BOUND
    return _within_reason(digits - 1 - magnitude(bound))


def interval_text(interval: Interval, unit: str, decimals: int, *, is_outward: bool = True, is_open: bool = False) -> str:
    """Write an interval: `69.7%..69.9%`, `≥ 11件`, `505件`; empty where nothing is known, or too small to be written.

    Args:
        interval: with fractions as bounds.
        unit: written after each number.
        decimals: how many digits follow the point at most.
        is_outward: whether rounding may widen the interval (else it narrows it).
        is_open: whether a single bound does not belong to the interval itself.
    """
    low, high = bounds(interval)
    if low is not None and high is not None:
        if low == high:
            return decimal_text(low, max(decimals, decimals_of(interval)), None) + unit
        if not is_outward and math.ceil(low * 10**decimals) > math.floor(high * 10**decimals):
            return ""
        return f"{decimal_text(low, decimals, not is_outward)}{unit}..{decimal_text(high, decimals, is_outward)}{unit}"
    if low is not None:
        return f"{'>' if is_open else '≥'} {decimal_text(low, decimals, not is_outward)}{unit}"
    if high is not None:
        return f"{'<' if is_open else '≤'} {decimal_text(high, decimals, is_outward)}{unit}"
    return ""


def decimal_text(number: Fraction, decimals: int, is_up: bool | None) -> str:
    """Write a number with at most so many decimals, rounded up, down, or (None) to the nearest."""
    scaled = number * 10**decimals
    whole = round(scaled) if is_up is None else math.ceil(scaled) if is_up else math.floor(scaled)
    digits = str(abs(whole)).zfill(decimals + 1)
    point = len(digits) - decimals
    text = f"{digits[:point]}.{digits[point:]}".rstrip("0").rstrip(".")
    return f"-{text}" if whole < 0 else text


def whole_within(interval: Interval) -> Interval:
    """Give the whole numbers in an interval, as one."""
    low, high = bounds(interval)
    return between(
        None if low is None else Fraction(math.ceil(low)),
        None if high is None else Fraction(math.floor(high)),
    )


def _within_reason(decimals: int) -> int:
    return min(max(decimals, 0), MOST_DECIMALS)
