"""Numbers that are listed side by side, and share what is said only once: a unit after the last, a fall before the first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from etl.documents.certainty import RATES, UNCLEAR
from etl.figures.phrases import fall_of

_BARE = re.compile("[0-9.,]+[千百万亿]*")


@dataclass(frozen=True, slots=True)
class Token:
    """A number in a passage, from the character `start` to `end`; the rest as `Found` has it."""

    start: int
    end: int
    unit: str = ""
    hedge: str = ""
    reason: str = ""
    is_unit_known: bool = True


def sharing_units(tokens: list[Token], text: str) -> list[Token]:
    """Pass on the unit of the last number of a list to those before it: 1409万、1305万人次."""
    for rank in range(len(tokens) - 2, -1, -1):
        one, following = tokens[rank], tokens[rank + 1]
        is_listed = text[one.end : following.start] in ("、", "和", "与", "及")
        is_listed &= _BARE.fullmatch(text, one.start, one.end) is not None
        if is_listed and not (one.unit or one.reason or following.reason) and following.unit:
            tokens[rank] = replace(one, unit=following.unit, is_unit_known=following.is_unit_known)
    return tokens


def after_falls(tokens: Iterable[Token], text: str) -> Iterator[Token]:
    """Mark as unclear what follows a fall in a list, as it may be one too: 下降9.1%和12.5%."""
    fall, end = "", 0
    for token in tokens:
        direction = fall_of(text[token.start : token.end])
        is_listed = text[end : token.start].strip() in ("、", "和", "与", "及", "and", ",") and token.unit in RATES
        if fall and is_listed and not token.reason and not (direction or text[token.start] in "+-"):
            yield replace(token, reason=f"{UNCLEAR}: {fall} before {text[end : token.start].strip()}")
        else:
            fall = direction[0].strip() if direction and token.unit in RATES else ""
            yield token
        end = token.end
