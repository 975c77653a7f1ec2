"""How alike the words around a figure are to the phrases and the names of a cell.

Words are compared by pairs of characters, for Chinese has no spaces; a pair weighs the more, the fewer cells have it, and the
nearer it stands to the figure.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from etl.intake.contexts import FIGURE, Context
from etl.intake.vocabulary import Said, said_around, standard, telling

_BREAKS = re.compile("[，。；：！？、,;:.（）()“”\"'《》·\\s]+")
_LISTED = re.compile(f"(?<={FIGURE})[^{FIGURE}]+[、和与及]$")
_NEAR = 14
_FADES = 0.93
"""What a pair of characters weighs, one character farther from the figure."""
_PLACES = {"headings": 0.45, "paragraph": 0.5, "sentence": 0.75, "after": 0.8, "clause": 1.0}
"""What a word of a name counts for, by where it stands."""


def pairs(text: str) -> list[str]:
    """List the pairs of characters of a text, none across a mark of punctuation; a lone character is one."""
    found = []
    for part in _BREAKS.split(text):
        found += [part[at : at + 2] for at in range(len(part) - 1)] if len(part) > 1 else [part] if part else []
    return found


def _faded(text: str, *, is_before: bool) -> dict[str, float]:
    """Weigh the pairs of characters beside a figure by their distance from it."""
    weights: dict[str, float] = {}
    size = len(text)
    for at in range(size - 1):
        pair = text[at : at + 2]
        if not _BREAKS.search(pair):
            distance = size - 2 - at if is_before else at
            weights[pair] = max(weights.get(pair, 0.0), _FADES**distance)
    return weights


@dataclass(frozen=True)
class Words:
    """The pairs of characters around a figure, or of a phrase, by where they stand."""

    before: Mapping[str, float]
    after: Mapping[str, float]
    headings: frozenset[str]


def words_beside(before: str, after: str, headings: Iterable[str]) -> Words:
    """Weigh the words beside a figure."""
    return Words(
        _faded(before[-_NEAR:], is_before=True),
        _faded(after[: _NEAR // 2], is_before=False),
        frozenset(pair for heading in headings for pair in pairs(heading)),
    )


class Weights:
    """How much each pair of characters says: the fewer cells have it, the more."""

    def __init__(self, texts: Iterable[str]) -> None:
        counted: Counter[str] = Counter()
        number = 0
        for text in texts:
            counted.update(set(pairs(standard(text))))
            number += 1
        self._most = math.log(1 + number)
        self._names: dict[str, dict[str, float]] = {}
        self._weights = {pair: math.log((1 + number) / (1 + count)) + 0.2 for pair, count in counted.items()}

    def __getitem__(self, pair: str) -> float:
        if FIGURE in pair:
            return 0.8
        return self._weights.get(pair, self._most)

    def of_name(self, name: str) -> dict[str, float]:
        """Weigh the pairs of characters of a name."""
        if name not in self._names:
            self._names[name] = {pair: self[pair] for pair in pairs(standard(name))}
        return self._names[name]


def phrase_likeness(one: Words, other: Words, weights: Weights) -> float:
    """Return from 0 to 1 how alike the words beside two figures are."""
    return 0.75 * _overlap(one.before, other.before, weights) + 0.25 * _overlap(one.after, other.after, weights)


def _overlap(one: Mapping[str, float], other: Mapping[str, float], weights: Weights) -> float:
    both = sum(weights[pair] * min(weight, other[pair]) for pair, weight in one.items() if pair in other)
    total = sum(weights[pair] * weight for pair, weight in one.items())
    others = sum(weights[pair] * weight for pair, weight in other.items())
    return 2 * both / (total + others) if total + others else 0.0


@dataclass(frozen=True)
class Surroundings:
    """The words around a figure: what each counts for by the nearest place that has it, and those beside it."""

    context: Context
    nearness: Mapping[str, float]
    words: Words
    said: Said
    clause: str
    subject: tuple[str, ...]
    covered: dict[tuple[str, float], float] = field(default_factory=dict)


def surroundings(context: Context) -> Surroundings:
    """Look at the words around a figure: in its clause, sentence, paragraph and headings."""
    clause = context.clause
    if context.after[:1].isalpha():  # 18个挖掘库、127个专题库: what follows a figure before is its own
        clause = _LISTED.sub("", clause)
    texts = {
        "headings": "。".join(context.headings),
        "paragraph": context.before,
        "sentence": context.sentence,
        "after": context.rest_of_clause,
        "clause": clause,
    }
    nearness: dict[str, float] = {}
    for name, text in texts.items():  # the nearest last
        nearness.update(dict.fromkeys(pairs(standard(text)), _PLACES[name]))
    words = words_beside(context.before, context.after, context.headings)
    beside = clause.rpartition(FIGURE)[2] + ("，" + context.rest_of_clause[:8] if context.after[:1].isalpha() else "")
    subject = tuple(pairs(telling(standard(beside))))
    return Surroundings(context, nearness, words, said_around(context), texts["clause"][-16:], subject)


def coverage(text: str, around: Surroundings, weights: Weights, least: float = 0.0) -> float:
    """Return from 0 to 1 which part of a name stands around a figure, or at places that count for at least so much."""
    if (text, least) not in around.covered:
        named = weights.of_name(text)
        total = sum(named.values())
        found = ((weight, around.nearness.get(pair, 0.0)) for pair, weight in named.items())
        part = sum(weight * nearness for weight, nearness in found if nearness >= least)
        around.covered[text, least] = part / total if total else 0.0
    return around.covered[text, least]


def unexplained(around: Surroundings, names: Iterable[str], weights: Weights, plain: Collection[str] = ()) -> float:
    """Return from 0 to 1 which part of the words that tell what a figure is of stands in none of some names."""
    known = set(chain.from_iterable(weights.of_name(each) for each in names))
    subject = [pair for pair in around.subject if pair not in plain]
    total = sum(weights[pair] for pair in subject)
    return sum(weights[pair] for pair in subject if pair not in known) / total if total else 0.0
