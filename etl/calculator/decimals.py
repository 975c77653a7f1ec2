"""Write fractions as short decimals, rounded so that a bound stays true."""

from __future__ import annotations

import math
from fractions import Fraction

from etl.calculator.bounds import Bounds

MOST_DIGITS, DIGITS_OF_WIDTH, DIGITS_OF_BOUND, MOST_DECIMALS = 12, 3, 6, 40


def magnitude(number: Fraction) -> int:
    """Return the power of ten of the first digit of a number that is not zero."""
    number = abs(number)
    bits = number.numerator.bit_length() - number.denominator.bit_length()
    power = math.floor(bits * math.log10(2)) - 1
    while number >= Fraction(10) ** (power + 1):
        power += 1
    return power


def decimals_of(bounds: Bounds) -> int:
    """Count the decimals that tell bounds apart, or write a single one."""
    low, high = bounds.low, bounds.high
    if low is not None and high is not None and low < high:
        decimals = DIGITS_OF_WIDTH - 1 - magnitude(high - low)
    else:
        bound = high if low is None else low
        if not bound:
            return 0
        is_decimal = low == high or (bound * 10**MOST_DIGITS).denominator == 1
        decimals = (MOST_DIGITS if is_decimal else DIGITS_OF_BOUND) - 1 - magnitude(bound)
    return min(max(decimals, 0), MOST_DECIMALS)


def bounds_text(bounds: Bounds, unit: str, decimals: int, *, is_outward: bool = True, is_open: bool = False) -> str:
    """Write bounds: `69.7%..69.9%`, `≥ 11件`, `505件`; empty if unknown or too near.

    Args:
        bounds: what to write.
        unit: written after each number.
        decimals: how many digits follow the point at most.
        is_outward: whether rounding may widen the interval (else it narrows it).
        is_open: whether a single bound does not belong to the interval itself.
    """
    low, high = bounds.low, bounds.high
    if low is not None and low == high:
        return decimal_text(low, max(decimals, decimals_of(bounds)), None) + unit
    least = "" if low is None else decimal_text(low, decimals, not is_outward) + unit
    greatest = "" if high is None else decimal_text(high, decimals, is_outward) + unit
    if low is not None and high is not None:
        is_writable = is_outward or math.ceil(low * 10**decimals) <= math.floor(high * 10**decimals)
        return f"{least}..{greatest}" if is_writable else ""
    signs = "><" if is_open else "≥≤"
    return f"{signs[0]} {least}" if least else f"{signs[1]} {greatest}" if greatest else ""


def decimal_text(number: Fraction, decimals: int, is_up: bool | None) -> str:
    """Write a number with limited decimals, rounded up, down, or (None) to nearest."""
    scaled = number * 10**decimals
    whole = round(scaled) if is_up is None else math.ceil(scaled) if is_up else math.floor(scaled)
    digits = str(abs(whole)).zfill(decimals + 1)
    point = len(digits) - decimals
    text = f"{digits[:point]}.{digits[point:]}".rstrip("0").rstrip(".")
    return f"-{text}" if whole < 0 else text


def whole_within(bounds: Bounds) -> Bounds:
    """Narrow bounds to whole numbers."""
    low, high = bounds.low, bounds.high
    return Bounds(
        None if low is None else Fraction(math.ceil(low)),
        None if high is None else Fraction(math.floor(high)),
    )
