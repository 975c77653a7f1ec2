"""Raised and lowered text: marks of footnotes are no text, exponents and indices stay what they are."""

from __future__ import annotations

import re

_MARK = re.compile(
    r"[\[(（〔【]?\s*(?:[0-9]{1,3}(?:\s*[,，、–-]\s*[0-9]{1,3})*|[a-zA-Z]|[*※†‡§#]{1,3}|[①-⑳]|注\s*[0-9]{0,2})\s*[\])）〕】]?"
)
_MEASURE = re.compile("(?:[kcdm]?m|米)$", re.IGNORECASE)
_POWER_OF_TEN = re.compile(r"(?:(?<![0-9.,])|[×xX*·] ?)10$")
_LATIN = re.compile("[A-Za-z]$")
_RAISED = str.maketrans("0123456789-−–+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻⁻⁺")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def raised(before: str, text: str) -> str:
    """Return what a raised text adds to the text before it: nothing where it is the mark of a footnote."""
    bare = text.strip()
    if (bare in ("2", "3") and _MEASURE.search(before)) or (
        re.fullmatch("[-−–+]?[0-9]{1,2}", bare) and _POWER_OF_TEN.search(before)
    ):
        return in_superscript(bare)
    return "" if _MARK.fullmatch(bare) else text


def lowered(before: str, text: str) -> str:
    """Return what a lowered text adds to the text before it: the index of a letter, nothing where it is a mark."""
    bare = text.strip()
    if _LATIN.search(before) and re.fullmatch("[0-9]{1,2}", bare):  # such as CO₂
        return bare.translate(_LOWERED)
    return "" if _MARK.fullmatch(bare) else text


def in_superscript(text: str) -> str:
    """Write the digits of a text as raised ones, which no reader takes for digits of a number."""
    return text.translate(_RAISED)
