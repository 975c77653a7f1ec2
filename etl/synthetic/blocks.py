"""Blocks of like rows, of which a made-up register is planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

CodesOf = Mapping[str, tuple[str, ...]]
Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that are alike.

    Attributes:
        rows: how many.
        area: area code.
        starts: first possible first day, and the day after the last; both of one calendar year.
        ends: the same for the last day; None while open.
        codes: for each code column the codes that its cells are drawn from.
        amount: what the amounts sum to; None for any sum.
        names: how many different names there are; None for any number.
        flagged: how many rows are flagged; None for any number.
        is_published: whether a published figure counts the rows.
    """

    rows: int
    area: str
    starts: Span
    ends: Span | None
    codes: CodesOf
    amount: int | None = None
    names: int | None = None
    flagged: int | None = None
    is_published: bool = False


def days(start: int, end: int) -> Span:
    """Give the first day of a span of months, and the day after its last."""
    return date(start // 12, start % 12 + 1, 1), date(end // 12, end % 12 + 1, 1)


def year_of_days(year: int) -> Span:
    """Give the first day of a year, and of the next."""
    return date(year, 1, 1), date(year + 1, 1, 1)


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """Give whole parts of a total that sum to it."""
    whole, given, weight_so_far = sum(weights), 0, 0
    parts = []
    for weight in weights:
        weight_so_far += weight
        parts.append(total * weight_so_far // whole - given)
        given += parts[-1]
    return parts
