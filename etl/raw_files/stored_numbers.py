"""Digits of a stored number that are certain: the others are noise of binary fractions."""

from __future__ import annotations

import struct
from decimal import Decimal

MOST_DIGITS, MOST_DIGITS_OF_32_BITS = 15, 7
"""Of a decimal number that a binary one of 64 or 32 bits keeps; the shortest text of one has no more than 17 and 9."""
_BITS, _BITS_OF_32 = 53, 24
"""Of the whole numbers that a binary one of 64 or 32 bits keeps, each apart from the next."""


def certain_decimal(value: float, *, is_of_32_bits: bool = False) -> Decimal:
    """Return a finite number by its certain digits; a whole number that is stored exactly keeps all.

    Args:
        value: the number.
        is_of_32_bits: whether it is stored so. One that was before, and was widened since, has the noise of 32 bits too.
    """
    if value.is_integer() and abs(value) < 2 ** (_BITS_OF_32 if is_of_32_bits else _BITS):
        return Decimal(int(value))
    digits = MOST_DIGITS_OF_32_BITS if is_of_32_bits or _was_of_32_bits(value) else MOST_DIGITS
    return Decimal(f"{value:.{digits}g}")


def _was_of_32_bits(value: float) -> bool:
    """Whether a number of many digits has none beyond those of 32 bits, as one in half a billion has by chance."""
    if Decimal(f"{value:.9g}") == Decimal(repr(value)):
        return False
    try:
        (narrowed,) = struct.unpack("<f", struct.pack("<f", value))
    except OverflowError:
        return False
    return bool(narrowed == value)


def written(number: Decimal) -> str:
    """Write a number in all its digits, without an exponent."""
    number = number.normalize()
    return f"{number if number else Decimal(0):f}"
