"""Values of which a file says what it shows: both must agree by rounding before either is believed."""

from __future__ import annotations

import re
from decimal import Decimal

from etl.raw_files.plain_characters import plain
from etl.raw_files.stored_numbers import written
from etl.raw_files.workbooks.number_format import ShownNumber, written_number
from etl.raw_files.workbooks.sheet import HiddenValueError

_NUMBER = re.compile(
    r"(?P<before>[^0-9]*?)(?P<sign>[(-]?)(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:[.,][0-9]+)?)"
    r"(?P<exponent>E[+-]?[0-9]{1,3})?(?P<after>[^0-9]*)"
)
_IN_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_MULTIPLIERS = {"万亿": 12, "千亿": 11, "百亿": 10, "亿": 8, "千万": 7, "百万": 6, "万": 4, "千": 3}
"""The power of ten of each, longer names first."""
_OF_NOUGHT = re.compile("[^0-9]{1,4}")
"""A dash, or a word, that a cell shows in place of a nought."""


def number_as_shown(value: float, shown: str) -> ShownNumber:
    """Write a number in full where the cell shows it rounded, with the text around it.

    Raises:
        HiddenValueError: it shows another number.
    """
    text = plain(shown)
    match = _NUMBER.fullmatch(text)
    if not match:
        if value == 0 and text and _OF_NOUGHT.fullmatch(text):
            return ShownNumber(text)
        raise _different(value, shown)
    before, after = match["before"], match["after"].lstrip()
    is_negative = match["sign"] == "-" or before.startswith("-")
    if match["sign"] == "(":
        if not after.startswith(")"):
            before += "("
        else:
            is_negative, after = True, after[1:].lstrip()
    number = written_number(value, is_percent=after.startswith("%"))
    seen, step = _read(match)
    seen = -seen if is_negative else seen
    before = before.removeprefix("-").removeprefix("+")
    sign = "-" if is_negative else ""
    if _agree(number, seen, step):
        around = (f"{sign}{before}", after)
        digits = str(match["digits"]) + str(match["exponent"] or "")
        return ShownNumber(written(abs(number)).join(around), digits.join(around) if number != seen else "")
    for name, power in _MULTIPLIERS.items():
        if after.startswith(name) and _agree(number, seen.scaleb(power), step.scaleb(power)):
            return ShownNumber(f"{sign}{before}{match['digits']}{after}")
    raise _different(value, shown)


def _read(match: re.Match[str]) -> tuple[Decimal, Decimal]:
    """Return the number that a cell shows, and the size of its last digit."""
    digits = match["digits"]
    plain_digits = digits.replace(",", "") if _IN_THOUSANDS.fullmatch(digits) else digits.replace(",", ".")
    seen = Decimal(f"{plain_digits}{match['exponent'] or ''}")
    return seen, Decimal(1).scaleb(int(seen.as_tuple().exponent))


def _agree(number: Decimal, seen: Decimal, step: Decimal) -> bool:
    return abs(number - seen) <= step / 2 and (not number or not seen or (number < 0) == (seen < 0))


def day_as_shown(stored: str, shown: str | None) -> str:
    """Write a day as far as the cell shows it.

    Raises:
        HiddenValueError: it shows another day.
    """
    day = stored.removesuffix("T00:00:00")
    numbers = [int(number) for number in re.findall("[0-9]+", shown or "")]
    of_day = [int(number) for number in re.findall("[0-9]+", stored)]
    if not of_day or len(of_day) < 3:
        return day
    if shown is not None and not numbers:
        raise _different(stored, shown)
    known = {*of_day, of_day[0] % 100, *(hour - 12 for hour in of_day[3:4])}
    if not known.issuperset(numbers):
        raise _different(stored, shown or "")
    is_cut = shown and not re.search("[A-Za-z一二三四五六七八九十〇]", shown) and "T" not in day
    if is_cut and numbers in ([of_day[0]], of_day[:2], of_day[1::-1]):
        return day[: 4 if len(numbers) == 1 else 7]
    return day


def _different(stored: float | str, shown: str) -> HiddenValueError:
    value = stored if isinstance(stored, str) else written(Decimal(f"{stored:.15g}"))
    return HiddenValueError(
        f"the cell shows {shown!r} and stores {value}, which does not round to that; write the figure as text, as it is printed",
        f"单元格显示“{shown}”，存储 {value}，两者按舍入不符；请按原文将数字写成文本",
    )
