"""Align the figures of a document with cells: each by its own evidence, by its neighbours, and each cell once."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from etl.intake.contexts import Context
from etl.intake.phrases import Phrase
from etl.intake.targets import Target

NONE = None
"""That a figure has no cell."""

Shares = dict[Target | None, float]
"""The probability of each cell for a figure."""

_ROUNDS = 8
_WINDOW = 4
_TEMPERATURE = 0.62
_SUPPORT = 1.1


class Order:
    """Where cells stand in documents that are known: which follows which, and which share a section."""

    def __init__(self, known: Sequence[Sequence[Phrase]]) -> None:
        self._places: list[dict[Target, list[tuple[int, str]]]] = []
        for phrases in known:
            places: dict[Target, list[tuple[int, str]]] = defaultdict(list)
            for rank, phrase in enumerate(phrases):
                if phrase.target:
                    places[phrase.target].append((rank, phrase.section))
            self._places.append(dict(places))

    def agreement(self, one: Target, other: Target, distance: int) -> float:
        """Return how well it fits that `other` stands so many figures after `one` (before, where negative)."""
        best = 0.0
        for places in self._places:
            for rank, section in places.get(one, ()):
                for next_rank, next_section in places.get(other, ()):
                    best = max(best, _in_order(next_rank - rank, distance, section == next_section))
        if one.table == other.table and one != other:
            same_row = one.categories == other.categories and one.area == other.area
            best = max(best, 0.5 if same_row else 0.35)
        elif one.table.partition(".")[0] == other.table.partition(".")[0]:
            best = max(best, 0.15)
        return best


def _in_order(step: int, distance: int, is_same_section: bool) -> float:
    if not is_same_section:
        return 0.2 if step == distance else 0.0
    if step == distance:
        return 1.0
    return 0.6 if step * distance > 0 and abs(step) <= abs(distance) + 3 else 0.3


def align(
    found: Sequence[Context], scores: Sequence[Mapping[Target, float]], none: Sequence[float], order: Order
) -> list[Shares]:
    """Return for each figure the probability of each cell, and of none.

    Args:
        found: the figures in order.
        scores: the evidence for each cell.
        none: the evidence that a figure has no cell.
        order: of the documents that are known.
    """
    neighbours = [list(_neighbours(found, number)) for number in range(len(found))]
    agreements: dict[tuple[Target, Target, int], float] = {}
    shares = [_softmax({**each, NONE: of_none}) for each, of_none in zip(scores, none, strict=True)]
    shares = _each_cell_once(found, shares)
    for _ in range(_ROUNDS):
        supported = []
        for number, each in enumerate(scores):
            total: dict[Target | None, float] = {NONE: none[number]}
            for target, score in each.items():
                support = 0.0
                for other, weight in neighbours[number]:
                    for cell, share in shares[other].items():
                        if cell is not None and share > 0.02:
                            key = (target, cell, other - number)
                            if key not in agreements:
                                agreements[key] = order.agreement(*key)
                            support += weight * share * agreements[key]
                total[target] = score + _SUPPORT * support
            supported.append(_softmax(total))
        shares = _each_cell_once(found, supported)
    return shares


def _neighbours(found: Sequence[Context], number: int) -> Iterator[tuple[int, float]]:
    """Yield the figures near one, with what they count for: more in its paragraph, and the nearer the more."""
    for other in range(max(0, number - _WINDOW), min(len(found), number + _WINDOW + 1)):
        if other != number:
            distance = abs(other - number)
            is_near = found[other].paragraph == found[number].paragraph
            yield other, (1.0 if is_near else 0.35) / distance


def _softmax(scores: Mapping[Target | None, float]) -> Shares:
    top = max(scores.values())
    weights = {cell: math.exp((score - top) / _TEMPERATURE) for cell, score in scores.items()}
    total = sum(weights.values())
    return {cell: weight / total for cell, weight in weights.items()}


def _each_cell_once(found: Sequence[Context], shares: Sequence[Shares]) -> list[Shares]:
    """Make figures compete for a cell; those that print the same do not, for a document may print a figure twice."""
    current = [dict(each) for each in shares]
    for _ in range(6):
        asked: dict[Target, dict[str, float]] = defaultdict(dict)
        for context, each in zip(found, current, strict=True):
            for cell, share in each.items():
                if cell is not None:
                    by_print = asked[cell]
                    by_print[context.found.published] = max(by_print.get(context.found.published, 0.0), share)
        for each in current:
            for cell in each:
                if cell is not None and (total := sum(asked[cell].values())) > 1:
                    each[cell] /= total
            total = sum(each.values())
            for cell in each:
                each[cell] /= total
    return current
