"""The ways in which people err when they copy a printed figure, as changes of its text.

Source of the kinds: studies of transcription and keying errors (transposed, doubled and dropped digits, a shifted decimal
point, a wrong magnitude word), and what a Chinese bulletin adds to them (万, 亿, 成, hedges, counting words).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from etl.figures.language import SIMPLIFIED
from schemas.code_lists import CodeLists
from schemas.texts import Text


@dataclass(frozen=True, slots=True)
class Slip:
    """A changed text and the kind of slip that leads to it, or back from it: every kind undoes one of the kinds.

    Attributes:
        kind: stable name of the kind.
        text: the text after the slip.
    """

    kind: str
    text: str


KINDS: dict[str, Text] = {
    "last-digit": Text("the last digit off by one", "末位数字差一"),
    "digits-swapped": Text("two digits swapped", "相邻数字颠倒"),
    "decimal-point": Text("the decimal point moved, a factor of ten", "小数点移位（十倍）"),
    "magnitude": Text("万 or 亿 dropped, added or exchanged", "漏写、多写或错写万、亿"),
    "sign": Text("the sign changed", "正负号相反"),
    "complement": Text("a share for what is left of it", "误作其余部分的比重"),
    "unit": Text("another unit", "计量单位错误"),
    "hedge": Text("the hedge dropped", "漏写限定词"),
    "neighbour": Text("the neighbouring cell's figure", "误录相邻单元格"),
    "exchanged": Text("exchanged with the neighbouring cell", "与相邻单元格互换"),
    "another-period": Text("the figure of another period", "误录其他时期的数字"),
    "blank": Text("left blank", "留空"),
}

_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
_NUMERALS = "一二三四五六七八九"
_MULTIPLIERS = ("", "万", "亿")


def slips(text: str, kind: str, lists: CodeLists) -> Iterator[Slip]:
    """Yield the slips of one printed figure.

    Args:
        text: the figure as printed.
        kind: the kind of its column.
        lists: the units and hedges that figures are printed with.
    """
    seen = {text}
    for slip in _all_slips(text, kind, lists):
        if slip.text not in seen:
            seen.add(slip.text)
            yield slip


def _all_slips(text: str, kind: str, lists: CodeLists) -> Iterator[Slip]:
    number = _NUMBER.search(text)
    if number:
        before, digits, after = text[: number.start()], number[0].replace(",", ""), text[number.end() :]
        for name, changed in _of_digits(digits):
            yield Slip(name, before + changed + after)
        multiplier = after[:1] if after[:1] in _MULTIPLIERS else ""
        for other in _MULTIPLIERS if Decimal(digits) else ():  # nobody prints 0万
            yield Slip("magnitude", before + digits + other + after.removeprefix(multiplier))
        yield from (Slip("sign", changed) for changed in _signs(before, digits + after))
        if kind == "share" and Decimal(digits) <= 100:
            yield Slip("complement", f"{before}{100 - Decimal(digits)}{after}")
    for position, character in enumerate(text):
        if character in _NUMERALS:
            for step in (-1, 1):
                other = _NUMERALS[(_NUMERALS.index(character) + step) % len(_NUMERALS)]
                yield Slip("last-digit", text[:position] + other + text[position + 1 :])
    yield from (Slip("unit", changed) for changed in _other_units(text, lists))
    yield from (Slip("hedge", changed) for changed in _without_hedges(text, lists))


def _of_digits(digits: str) -> Iterator[tuple[str, str]]:
    last = int(digits[-1])
    yield from (("last-digit", f"{digits[:-1]}{changed}") for changed in (last - 1, last + 1) if 0 <= changed <= 9)
    for left in range(len(digits) - 1):
        right = left + 2 if digits[left + 1] == "." else left + 1
        if right < len(digits) and digits[left] not in ("." + digits[right]):
            swapped = [*digits]
            swapped[left], swapped[right] = swapped[right], swapped[left]
            yield "digits-swapped", "".join(swapped)
    for places in (1, -1):
        yield "decimal-point", _moved(digits, places)


def _moved(digits: str, places: int) -> str:
    """Give a number with its decimal point moved to the right, as it would be printed: 27.27 -> 272.7, 598 -> 5980, 590 -> 59."""
    moved = format(Decimal(digits).scaleb(places), "f")
    return moved if "." in digits else moved.removesuffix(".0")


def _signs(before: str, rest: str) -> Iterator[str]:
    opposite = {"+": "-", "-": "+", "−": "+"}
    if before and before[-1] in opposite:
        yield before[:-1] + opposite[before[-1]] + rest
        yield before[:-1] + rest
    else:
        yield f"{before}-{rest}"


def _other_units(text: str, lists: CodeLists) -> Iterator[str]:
    """Yield the text with its unit exchanged for one of another dimension, and money for money of another currency."""
    unit = max((each.unit for each in lists.units if text.endswith(each.unit)), key=len, default="")
    if unit:
        others = {"元": "美元", "美元": "元", "%": "个百分点", "人": "家", "个": "人"}
        yield text.removesuffix(unit) + others.get(unit, "家" if unit in SIMPLIFIED["classifiers"] else "件")


def _without_hedges(text: str, lists: CodeLists) -> Iterator[str]:
    for hedge in lists.hedges:
        if hedge.hedge in text:
            yield text.replace(hedge.hedge, "", 1)
