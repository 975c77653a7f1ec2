"""Align the figures of a document with cells: each by its own evidence, by its neighbours, and each cell once."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from etl.intake.contexts import Context
from etl.intake.follows import ROW, Lead, leads
from etl.intake.phrases import Phrase
from etl.intake.targets import Target, cell_of

Shares = dict[Target | None, float]
"""The probability of each cell for a figure, and of none."""

_NONE = -1
_ROUNDS = 7
_WINDOW = 4
_TEMPERATURE = 0.62
_SUPPORT = 1.1
_FOLLOWS, _IN_ROW = 3.5, 3.5
"""What it counts for that a growth or a share belongs to what the figure before it is; and that a figure stands in its row."""
_NO_WORDS, _NOTHING_BESIDE = 2.0, 4.0
"""What no cell loses where a figure has no words of its own, which no cell has for it then."""
_LEAST = 0.03
"""A share below which a neighbour's cell supports nothing."""


class Order:
    """Where cells stand in documents that are known: which follows which, and which share a section or a table."""

    def __init__(self, known: Sequence[Sequence[Phrase]]) -> None:
        self._places: list[dict[Target, list[tuple[int, str]]]] = []
        for phrases in known:
            places: dict[Target, list[tuple[int, str]]] = defaultdict(list)
            for rank, phrase in enumerate(phrases):
                if phrase.target:
                    places[phrase.target].append((rank, phrase.section))
                    if cell_of(phrase.target) != phrase.target:
                        places[cell_of(phrase.target)].append((rank, phrase.section))
            self._places.append(dict(places))

    def agreement(self, one: Target, other: Target, distance: int) -> float:
        """Return how well it fits that `other` stands so many figures after `one` (before, where negative)."""
        best = 0.0
        for places in self._places:
            for rank, section in places.get(one, places.get(cell_of(one), ())):
                for next_rank, next_section in places.get(other, places.get(cell_of(other), ())):
                    best = max(best, _in_order(next_rank - rank, distance, section == next_section))
        if one.table == other.table and one != other:
            is_same_row = one.categories == other.categories and one.area == other.area
            return max(best, 0.5 if is_same_row else 0.35)
        is_same_domain = one.table.partition(".")[0] == other.table.partition(".")[0]
        return max(best, 0.15 if is_same_domain else 0.0)


def _in_order(step: int, distance: int, is_same_section: bool) -> float:
    if not is_same_section:
        return 0.2 if step == distance else 0.0
    if step == distance:
        return 1.0
    return 0.6 if step * distance > 0 and abs(step) <= abs(distance) + 3 else 0.3


def align(
    found: Sequence[Context],
    scores: Sequence[Mapping[Target, float]],
    none: Sequence[float],
    order: Order,
    belongs: Callable[[Target, Target, str], bool],
) -> list[Shares]:
    """Return for each figure the probability of each cell, and of none.

    Args:
        found: the figures in order.
        scores: the evidence for each cell.
        none: the evidence that a figure has no cell.
        order: of the documents that are known.
        belongs: whether a cell is what a figure that speaks of another can be.
    """
    cells = list(dict.fromkeys(cell for each in scores for cell in each))
    numbers = {cell: number for number, cell in enumerate(cells)}
    prints = [each.found.published for each in found]
    neighbours = [list(_neighbours(found, number)) for number in range(len(found))]
    own = [
        {_NONE: of_none, **{numbers[cell]: score for cell, score in each.items()}}
        for each, of_none in zip(scores, none, strict=True)
    ]
    led_by = leads(found)
    agreements: dict[tuple[int, int, int], float] = {}

    def agreement(one: int, other: int, distance: int) -> float:
        key = (one, other, distance)
        if key not in agreements:
            agreements[key] = order.agreement(cells[one], cells[other], distance)
        return agreements[key]

    def following(cell: int, lead: Lead | None, shares: Sequence[Mapping[int, float]]) -> float:
        if lead is None:
            return 0.0
        return _following(cell, lead, shares[lead.number], lambda other: belongs(cells[cell], cells[other], lead.kind))

    def supported(number: int, shares: Sequence[Mapping[int, float]]) -> dict[int, float]:
        near = [
            (cell, other - number, weight * share * _SUPPORT)
            for other, weight in neighbours[number]
            for cell, share in shares[other].items()
            if cell != _NONE and share > _LEAST
        ]
        lead = led_by[number]
        return {
            cell: score
            + following(cell, lead, shares)
            + sum(weight * agreement(cell, other, distance) for other, distance, weight in near)
            if cell != _NONE
            else score + following(cell, lead, shares)
            for cell, score in own[number].items()
        }

    shares = _each_cell_once(prints, list(map(_softmax, own)))
    for _ in range(_ROUNDS):
        shares = _each_cell_once(prints, [_softmax(supported(number, shares)) for number in range(len(found))])
    return [{None if cell == _NONE else cells[cell]: share for cell, share in each.items()} for each in shares]


def _following(cell: int, lead: Lead, led: Mapping[int, float], belongs: Callable[[int], bool]) -> float:
    """Weigh a cell, or none, of a figure that speaks of another by what that one is likely to be."""
    weight = _IN_ROW if lead.kind == ROW else _FOLLOWS
    if cell == _NONE:
        return weight * led.get(_NONE, 0.0) - (_NOTHING_BESIDE if lead.kind == ROW else _NO_WORDS)
    return weight * sum(share for other, share in led.items() if other != _NONE and belongs(other))


def _neighbours(found: Sequence[Context], number: int) -> Iterator[tuple[int, float]]:
    """Yield the figures near one, with what they count for: more in its paragraph, and the nearer the more."""
    for other in range(max(0, number - _WINDOW), min(len(found), number + _WINDOW + 1)):
        if other != number:
            is_near = found[other].paragraph == found[number].paragraph
            yield other, (1.0 if is_near else 0.35) / abs(other - number)


def _softmax(scores: Mapping[int, float]) -> dict[int, float]:
    top = max(scores.values())
    weights = {cell: math.exp((score - top) / _TEMPERATURE) for cell, score in scores.items() if score > top - 9}
    total = sum(weights.values())
    return {cell: weight / total for cell, weight in weights.items()}


def _each_cell_once(prints: Sequence[str], shares: list[dict[int, float]]) -> list[dict[int, float]]:
    """Make figures compete for a cell; those that print the same do not, for a document may print a figure twice."""
    for _ in range(5):
        asked: dict[int, dict[str, float]] = defaultdict(dict)
        for printed, each in zip(prints, shares, strict=True):
            for cell, share in each.items():
                if share > asked[cell].get(printed, 0.0):
                    asked[cell][printed] = share
        totals = {cell: max(1.0, sum(by_print.values())) for cell, by_print in asked.items() if cell != _NONE}
        shares = [{cell: share / totals.get(cell, 1.0) for cell, share in each.items()} for each in shares]
        shares = [{cell: share / total for cell, share in each.items()} for each in shares for total in (sum(each.values()),)]
    return shares
