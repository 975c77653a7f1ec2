"""Find the known name that an unknown one is probably meant to be.

Names are compared without what people add to them or write otherwise: units and notes in brackets, marks of footnotes, case,
width, spaces, and characters of tradition.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache

from etl.figures.language import TRADITIONAL
from etl.figures.numerals import FOLDED
from schemas.texts import NO_TEXT, Text

_LEAST_ALIKE = 0.6
_SIMPLIFIED = str.maketrans({**TRADITIONAL.in_names, **FOLDED})
_NOTES = re.compile(r"[①-⑳⑴-⒇*†‡§#]|[(\[{【〔〈<《].*?[)\]}】〕〉>》]|(?:单位|unit)\s*:.*|\d\)$")
_NO_LETTERS = re.compile(r"[\W_]+")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that is nearest to another, or an empty string where none is near."""
    if not (asked := _folded(name)):
        return ""
    names = _names(tuple(known))
    if asked in names:
        return names[asked]
    near = get_close_matches(asked, names, n=1, cutoff=_LEAST_ALIKE)
    return names[near[0]] if near else ""


def suggestion(name: str, known: Iterable[str]) -> Text:
    """Suggest the nearest known name as a sentence to be added to a message; empty where none is near."""
    near = nearest(name, known)
    return Text(f" Did you mean {near!r}?", f"是否应为“{near}”？") if near else NO_TEXT


@lru_cache(maxsize=64)
def _names(known: tuple[str, ...]) -> Mapping[str, str]:
    """Map names as they are compared to the names; of equals to the first."""
    return {folded: name for name in reversed(known) if (folded := _folded(name))}


@lru_cache(maxsize=1 << 16)
def _folded(name: str) -> str:
    plain = _NOTES.sub("", name).translate(_SIMPLIFIED)
    plain = unicodedata.normalize("NFKC", plain).casefold()
    return _NO_LETTERS.sub("", _NOTES.sub("", plain)) or _NO_LETTERS.sub("", unicodedata.normalize("NFKC", name).casefold())
