"""Limits of cells, and the digits of a stored number that are certain: the others are noise of binary fractions."""

from __future__ import annotations

import struct
from decimal import Decimal

MOST_DIGITS = 15
"""Of a decimal number that a binary one of 64 bits keeps."""
MOST_CHARACTERS_OF_A_CELL = 32_767
"""As in Excel."""
_KEPT = {64: (MOST_DIGITS, 53), 32: (7, 24), 16: (3, 11)}
"""By the bits of a stored number: the decimal digits that it keeps, and the bits of the whole numbers that it keeps exactly."""


def certain_decimal(value: float, bits: int = 64) -> Decimal:
    """Return a finite number by its certain digits; a whole number that is stored exactly keeps all.

    Args:
        value: the number.
        bits: in which it is stored. One of 32 bits that was widened since has the noise of 32 bits too.
    """
    digits, of_whole = _KEPT[bits]
    if value.is_integer() and abs(value) < 2**of_whole:
        return Decimal(int(value))
    return Decimal(f"{value:.{_KEPT[32][0] if bits == 64 and _was_of_32_bits(value) else digits}g}")


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
