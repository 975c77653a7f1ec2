"""Units of the numbers of a table: what a title, a caption, a row of units or a label of a row says.

Only what is certain counts: a unit of the code lists, or any word after 单位：. Where two are named, a number has none.
"""

from __future__ import annotations

import re
from functools import lru_cache

from etl.figures.numerals import FOLDED, MULTIPLIER
from etl.figures.words import PACKAGE_NOTATION, Notation

RATE = re.compile(
    "增长|增速|增幅|增减|升降|同比|环比|比上年|较上年|占比|比重|比例|率$|率[(（]|份额|变化|幅度|[±%]"
    "|growth|share|change|rate|increase|per ?cent",
    re.IGNORECASE,
)
"""Titles of rates and shares, whose unit is not that of the counts beside them."""

_FOLDED = str.maketrans({each: plain for each, plain in FOLDED.items() if plain.isprintable()})
_ENGLISH_WORDS = "thousands?|millions?|billions?|percentage points?|per ?cent|percent|pp|bn|mn"
_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]{1,24})[)\]】〕]")
_SAID = re.compile(r"(?:计量|计数)?(?:单\s*位|(?<![a-z])unit(?:s)?(?: of measure)?)\s*[:：]?\s*(.*)$", re.IGNORECASE)
_END_OF_SAID = re.compile(r"[)\]】〕]|\s{2,}|\t|[。；;]|(?<=\S)\s+(?=\D{0,2}[0-9]{4})")
_BETWEEN = re.compile(r"\s*(?:[、,，和及与;/]|and)\s*")
_WORD = re.compile(f"(?:{MULTIPLIER})[\u4e00-\u9fff]{{1,6}}")


@lru_cache(maxsize=8)
def _unit(notation: Notation) -> re.Pattern[str]:
    money = "|".join(sorted((re.escape(each) for each in notation.currencies if each.isascii()), key=len, reverse=True))
    unit = f"(?:(?:{money}) ?(?:{_ENGLISH_WORDS})|{MULTIPLIER}(?:{notation.unit_pattern})|{_ENGLISH_WORDS})"
    return re.compile(rf"{unit}(?:\s*/\s*{MULTIPLIER}(?:{notation.unit_pattern}))?", re.IGNORECASE)


def is_unit(text: str, notation: Notation = PACKAGE_NOTATION) -> bool:
    """Whether a cell is a unit, and nothing else; brackets do not count."""
    return bool(_named(text, notation))


def unit_in_title(title: str, notation: Notation = PACKAGE_NOTATION) -> str:
    """Return the unit that a title names: in brackets, after a slash, or as %, such as 授权量（件）, 金额/亿元, 同比±%."""
    folded = title.translate(_FOLDED).strip()
    said = {unit for found in _BRACKETS.findall(folded) for unit in [_named(found.partition(":")[2] or found, notation)] if unit}
    if len(said) == 1:
        return said.pop()
    if said:
        return ""
    before, slash, after = folded.rpartition("/")
    if slash and before and (unit := _named(after, notation)):
        return unit
    _, comma, after = folded.replace(",", "，").rpartition("，")
    if comma and (unit := _named(after, notation)):
        return unit
    return folded[-1:] if folded[-1:] in ("%", "‰") else ""


def units_of_caption(text: str) -> tuple[str, ...]:
    """Return the units that a caption or a line above a table says after 单位：; none where it says nothing."""
    found = _SAID.search(text.translate(_FOLDED))
    if not found:
        return ()
    said = _END_OF_SAID.split(found[1].strip(), maxsplit=1)[0].strip()
    parts = [part for part in _BETWEEN.split(said) if part] if not is_unit(said) else [said]
    return tuple(parts) if all(is_unit(part) or _WORD.fullmatch(part) for part in parts) else ()


def unit_of_cell(column: str, row: str, caption: tuple[str, ...], title: str) -> str:
    """Return the unit of a number from what its column, its row and the caption say; empty where they leave it open.

    Args:
        column: the unit that its column's title says.
        row: the unit that its row's label or a cell of its row says.
        caption: the units of the caption.
        title: of the column and the row.
    """
    if column and row and column != row:
        return column if column in ("%", "‰") else ""
    if column or row:
        return column or row
    is_rate = RATE.search(title) is not None
    rates, others = [each for each in caption if each in ("%", "‰")], [each for each in caption if each not in ("%", "‰")]
    fitting = rates if is_rate else others
    return fitting[0] if len(fitting) == 1 else ""


def _named(text: str, notation: Notation) -> str:
    bare = text.translate(_FOLDED).strip().strip("()[]").removeprefix("单位").lstrip(": ").strip()
    return bare if bare and _unit(notation).fullmatch(bare) else ""
