"""Chinese numerals and the characters that numbers are written in, for polars and for Python's `re`.

A numeral is rewritten as sixteen Arabic digits by two replacements, so that one grammar reads both scripts. Only a
numeral with one reading is rewritten: 一万二, by the book 10,002, is said for 12,000, so it is refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from itertools import product

import polars as pl

from etl.figures.language import TRADITIONAL

SAME_CHARACTERS: Mapping[str, str] = {
    **{chr(0xFEE0 + code): chr(code) for code in range(0x21, 0x7F)},  # full-width forms of printable ASCII
    **dict.fromkeys("\t\n\r\u00a0\u2009\u202f\u3000", " "),  # tab, line ends; non-breaking, thin, ideographic spaces
    "\u2212": "-",  # minus sign
    "\ufe63": "-",  # small hyphen-minus
}
"""Characters that are read as another, one for one, so that offsets into a text stay what they are."""

_RADICALS = (
    "⺁厂⺄乙⺇几⺈刀⺊卜⺏尢⺒巳⺓幺⺕彐⺗心⺘手⺙攵⺛旡⺝月⺞歹⺟母⺠民⺡水⺢水⺣火⺥爪⺧牛⺩王⺫目⺬示⺮竹⺯糸⺰纟⺱网⺲网⺳网⺴网⺶羊⺷羊⺸羊⺻聿⺼肉⺽臼"
    "⻁虎⻂衣⻃西⻄西⻅见⻆角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻐钅⻑长⻒长⻓长⻔门⻕阜⻖阜⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟食⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫齐⻬齐⻭齿⻮齿⻯龙⻰龙⻲龟⻳龟"
)
"""Radicals of U+2E80..2EFF, each before the character in whose place programs that make PDF write it."""
_COMPATIBLE = (range(0x2F00, 0x2FD6), range(0xF900, 0xFAFF + 1), range(0x2F800, 0x2FA1E))
"""Radicals of Kangxi, and ideographs that Unicode has twice, with normal forms of one character."""
FOLDED: Mapping[str, str] = {
    **SAME_CHARACTERS,
    **{
        chr(code): normal
        for codes in _COMPATIBLE
        for code in codes
        if (normal := unicodedata.normalize("NFKC", chr(code))) != chr(code)
    },
    **dict(zip(_RADICALS[::2], _RADICALS[1::2], strict=True)),
    **TRADITIONAL.same,
}
"""Also the characters of tradition, radicals and the numerals of cheques, for texts that are not read by polars."""

DIGITS: Mapping[str, int] = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
SMALL_NUMERALS: Mapping[str, int] = {
    **{str(number): number for number in range(1, 100)},
    **{word: digit for word, digit in DIGITS.items() if digit},
    **{
        f"{ten}十{one}": 10 * (DIGITS[ten] if ten else 1) + (DIGITS[one] if one else 0)
        for ten in ("", *DIGITS)
        for one in ("", *DIGITS)
    },
    "百": 100,
}
"""Whole numbers that fractions have above and below, in either script."""

POWERS: Mapping[str, int] = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
MULTIPLIERS: Mapping[str, int] = {
    "".join(words): sum(POWERS[word] for word in words if word)
    for words in product(("", "十", "百", "千"), ("", "万"), ("", "亿"))
}
"""What can stand between digits and unit, with its power of ten: 千, 万, 百万, 亿, 万亿 …"""

ZERO = "[零〇]"
DIGIT = "[一二两三四五六七八九]"
ARABIC_WHOLE = "[1-9][0-9]{0,2}(?:,[0-9]{3})+|0|[1-9][0-9]*"
"""Well-formed separators only: 1,23 may be a slip for 1.23 or 1,230. A leading zero belongs to a code, not a figure."""
CHINESE = "[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二两三四五六七八九]+)?"
MULTIPLIER = "[十百千]?万?亿?"

_SECTION = f"((?:{DIGIT}千)?){ZERO}?((?:{DIGIT}百)?){ZERO}?((?:{DIGIT}?十)?){ZERO}?({DIGIT}?)"
_NUMERAL = f"^(?:(?:{_SECTION}万)?{ZERO}?{_SECTION}亿)?{ZERO}?(?:{_SECTION}万)?{ZERO}?{_SECTION}(?:点(.+))?;$"
_IN_PLACES = "".join(f"${{{group}}}|" for group in range(1, 17)) + ".$17"
_MISLEADING = f"亿万|{ZERO}[十百千万亿零〇]|^{ZERO}[^点]|.{ZERO}(?:点|$)|[百千万亿]{DIGIT}(?:[万亿点]|$)"
_PLACES: Mapping[str, str] = {
    **{f"{word}{power}|": str(digit) for word, digit in DIGITS.items() for power in ("千", "百", "十", "")},
    **{word: str(digit) for word, digit in DIGITS.items()},
    "十|": "1",
    "|": "0",
}
_FOLDED = str.maketrans(dict(FOLDED))
_SPELLED = r"^([0-9]{16})\.([0-9]*)$"


def fold(text: str) -> str:
    """Replace every character by the one that it is read as; 廿 and 卅 become two."""
    return text.translate(_FOLDED).replace("廿", "二十").replace("卅", "三十")


def same_characters(text: pl.Expr) -> pl.Expr:
    """Give a text with full-width forms, rare spaces and minus signs as their plain counterparts."""
    return text.str.replace_many(dict(SAME_CHARACTERS))


def digits_of_numeral(numeral: pl.Expr) -> pl.Expr:
    """Give a Chinese numeral as Arabic digits; null where it has no reading, or more than one.

    Returns:
        struct{1: the sixteen digits of the whole part, 2: the digits after 点}
    """
    with_head = numeral.str.replace("^([十百千万亿])", "一$1")
    clear = pl.when(~with_head.str.contains(_MISLEADING)).then(with_head)
    # The semicolon keeps the pattern from matching nothing: polars 2.1 replaces in null cells too, as if they were empty.
    in_places = (clear + ";").str.replace(_NUMERAL, _IN_PLACES)
    return in_places.str.replace_many(dict(_PLACES), leftmost=True).str.extract_groups(_SPELLED)


def arabic_digits(digits: pl.Expr) -> pl.Expr:
    """Give Chinese digits, one after the other, as Arabic ones."""
    return digits.str.replace_many({word: str(digit) for word, digit in DIGITS.items()})
