"""What speaks for and against each cell for each figure: its phrases, names, unit, direction, year and area."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from etl.catalogue import Catalogue
from etl.intake.contexts import Context
from etl.intake.follows import belongs, is_growth_by_header, leads
from etl.intake.likeness import (
    Surroundings,
    Weights,
    Words,
    coverage,
    pairs,
    phrase_likeness,
    surroundings,
    unexplained,
    words_beside,
)
from etl.intake.phrases import Phrase
from etl.intake.readings import SHORTER, Readings
from etl.intake.scope import ELSEWHERE, PERCENT, Scope
from etl.intake.targets import OWN, Names, Target, cell_of, names_of, targets
from etl.intake.vocabulary import contradiction, standard

_CHANGE = re.compile("(?:增长|增幅|增速|上升|提高|提升|下降|减少|上涨|回落)(?:了|约|达|为|超过|超|近)*$")
_CHANGE_SIGN = re.compile("^(?:下降|减少|下滑|回落|降低|[+＋▲]|[-－—–])")
_DIFFERENCE = re.compile(
    "(?:同比|环比|比上年|较上年|比去年|较去年|比@|较@)[^，。；#]{0,8}(?:增长|增加|上升|提高|下降|减少|回落)[^，。；#]{0,2}$"
)
"""Before a figure of things: by how many they are more or fewer than the year before."""
_TO_A_LEVEL = re.compile("(?:到|至)$")
_NAMED = 0.3
"""From this coverage on a category is named somewhere around the figure."""
_BESIDE = 14
_CANDIDATES, _LED = 24, 6
_NEAR = 0.8
"""From what a word counts for on it stands in the clause of the figure."""

OTHER_SCOPE = 0.75
"""What a phrase counts for where it is of another area or period than the figure."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a cell has for it.

    Attributes:
        score: all of it, with what speaks against it taken off.
        phrase: from 0 to 1, how alike its best phrase is.
        column, table: from 0 to 1, which part of the names of its column and table stands around the figure.
        near: which part of the name of its column stands in the clause.
        unexplained: which part of the words that tell what the figure is of is in none of its names, and in no phrase of it.
        is_named: whether each of its categories is named around the figure.
        contradiction: what the words around it speak against its names.
        origin: the document and place of its best phrase; empty where it has none.
    """

    score: float
    phrase: float
    column: float
    table: float
    near: float
    unexplained: float
    is_named: bool
    contradiction: float
    origin: str = ""

    @property
    def strange(self) -> float:
        """How much the words beside the figure that are in none of its names, and in no phrase of it, speak against it."""
        return self.unexplained * (1 - self.phrase**2)

    @property
    def of_its_own(self) -> float:
        """How much of it is in the words beside the figure, whatever its neighbours are."""
        return max(self.phrase, self.near)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A figure that a confirmed document left out: how alike it is, why it was left out, and the document."""

    alike: float
    reason: str
    source: str


@dataclass
class Knowledge:
    """What is known of cells: the phrases of the documents that a new one may resemble, and the names of the catalogue.

    Attributes:
        catalogue: of the project.
        documents: the phrases of confirmed documents by source, that which the new one is to be aligned with first.
        text: of the new document, which says which codes of long lists are named.
    """

    catalogue: Catalogue
    documents: Mapping[str, Sequence[Phrase]]
    text: str

    @cached_property
    def names(self) -> dict[Target, Names]:
        """The cells that a figure may belong to, with their names."""
        named = targets(self.catalogue, self.text)
        for phrase in chain(*self.documents.values()):
            cell = cell_of(phrase.target) if phrase.target else None
            if cell and cell not in named and cell.table in self.catalogue.addresses:
                named[cell] = names_of(cell, self.catalogue)
        return named

    @cached_property
    def weights(self) -> Weights:
        """How much each pair of characters says."""
        beside = (phrase.before[-14:] + "。" + phrase.after[:6] for phrase in chain(*self.documents.values()))
        named = {
            f"{each.table}。{each.column}。{'。'.join(words[0] for words in each.categories)}" for each in self.names.values()
        }
        return Weights((*beside, *named))

    @cached_property
    def phrases(self) -> dict[Target | None, list[tuple[Phrase, Words, str]]]:
        """The phrases of each cell with their words, and the documents that they are of."""
        listed: dict[Target | None, list[tuple[Phrase, Words, str]]] = {}
        for source, phrases in self.documents.items():
            for each in phrases:
                words = words_beside(each.before, each.after, each.headings)
                listed.setdefault(cell_of(each.target) if each.target else None, []).append((each, words, source))
        return listed

    def has_scope(self, target: Target, period: str) -> bool:
        """Whether a document prints a cell for such an area and period: that of the area around it, or of a year before."""
        found = self.phrases.get(cell_of(target), [])
        return any(
            phrase.target and (phrase.target.area, phrase.target.period) == (target.area, period) for phrase, _, _ in found
        )


def unit_penalty(unit: str, names: Names, catalogue: Catalogue) -> float:
    """Return what a unit that can be read in a column speaks against it: another classifier, or none."""
    units = catalogue.lists.units_by_name
    column, printed = units.get(names.unit.lstrip("万亿")), units.get(unit) or units.get(unit.lstrip("十百千万亿"))
    if column is None:
        return 0.0
    if printed is None:
        return 1.5
    return 0.0 if printed.dimension == column.dimension else 3.0


def change_of(context: Context) -> bool:
    """Whether a figure is printed as a change against an earlier level."""
    if _CHANGE_SIGN.search(context.found.published) or is_growth_by_header(context):
        return True
    return bool(_CHANGE.search(context.before)) and not _TO_A_LEVEL.search(context.before)


def kind_penalty(context: Context, names: Names) -> float:
    """Return what the words before a figure speak against a kind of column: growth, share, level."""
    if context.found.unit not in PERCENT:
        return 3.0 if _DIFFERENCE.search(context.clause) and not _TO_A_LEVEL.search(context.before) else 0.0
    if change_of(context):
        return 0.0 if names.kind == "rate" or SHORTER.search(names.column) else 3.0
    return 3.0 if names.kind == "rate" else 0.0


class Judge:
    """Weigh cells for the figures of one document."""

    def __init__(self, knowledge: Knowledge, scope: Scope, readings: Readings) -> None:
        self.knowledge, self.scope, self.readings = knowledge, scope, readings
        self._areas = frozenset(pair for name, _ in scope.names for pair in pairs(name))

    def names(self, target: Target) -> Names:
        """Return what a cell is called."""
        return self.knowledge.names[cell_of(target)]

    def belongs(self, cell: Target, led: Target, kind: str) -> bool:
        """Whether a cell is what a figure that speaks of another can be."""
        return belongs(cell, self.names(cell), led, kind)

    def all_candidates(self, found: Sequence[Context]) -> list[dict[Target, Evidence]]:
        """Return the cells with most for them for each figure, and those that speak of what the figure before it may be."""
        listed: list[dict[Target, Evidence]] = []
        for context, lead in zip(found, leads(found), strict=True):
            ordered = self._candidates(context, found[lead.number] if lead else context)
            led = list(listed[lead.number])[:_LED] if lead else []
            kept = [
                each
                for rank, each in enumerate(ordered)
                if rank < _CANDIDATES or (lead and any(self.belongs(each, other, lead.kind) for other in led))
            ]
            listed.append({each: ordered[each] for each in kept})
        return listed

    def _candidates(self, context: Context, led: Context) -> dict[Target, Evidence]:
        """Return the cells that can take a figure, the best first, each of the area and period that the text states.

        Args:
            context: the figure.
            led: the figure that it speaks of, whose area and period are its own where its words state none; or itself.
        """
        around = surroundings(context)
        stated = area if (area := self.scope.area_of(context)) != OWN else self.scope.area_of(led)
        period = self.scope.period_of(context if context.period else led)
        areas = {OWN, *({stated} - {ELSEWHERE})}
        found = {}
        for cell, names in self.knowledge.names.items():
            if self.readings.value(context.printed, names) is None:
                continue
            penalty = unit_penalty(context.found.unit, names, self.knowledge.catalogue) + kind_penalty(context, names)
            for area in areas:
                target = replace(cell, area=area, period=period)
                found[target] = self._evidence(around, target, names, penalty, is_stated=area == stated)
        return dict(sorted(found.items(), key=lambda each: -each[1].score))

    def left_out(self, context: Context) -> LeftOut:
        """Return the figure that was left out and is most alike, or nothing alike."""
        words = surroundings(context).words
        alike = [
            LeftOut(phrase_likeness(words, each, self.knowledge.weights), phrase.reason, source)
            for phrase, each, source in self.knowledge.phrases.get(None, [])
            if phrase.unit == context.found.unit
        ]
        return max(alike, key=lambda each: each.alike, default=LeftOut(0.0, "", ""))

    def _evidence(self, around: Surroundings, target: Target, names: Names, penalty: float, *, is_stated: bool) -> Evidence:
        weights = self.knowledge.weights
        best, heading, origin, printed = [0.0], 0.0, "", ""
        for phrase, words, source in self.knowledge.phrases.get(cell_of(target), []):
            assert phrase.target
            alike = phrase_likeness(around.words, words, weights)
            is_same = (phrase.target.area, phrase.target.period) == (target.area, self.scope.role(target.period))
            alike *= 1.0 if is_same else OTHER_SCOPE
            if alike > max(best):
                origin, printed = f"{source} {phrase.section}:{phrase.ordinal}", phrase.before[-_BESIDE:]
            best.append(alike)
            heading = max(heading, _same_headings(around, words))
        like, again = sorted((0.0, *best))[-1], sorted((0.0, *best))[-2]
        called = (names.column, *names.aliases)
        column = max(coverage(each, around, weights) for each in called)
        near = max(coverage(each, around, weights, _NEAR) for each in called)
        table = coverage(names.table, around, weights)
        column = max(column, 0.85 * table) if names.is_only else column
        domain = coverage(names.domain, around, weights)
        by_phrase = 6.5 * like + 1.0 * again + 2.6 * column + 1.5 * table
        by_name = 4.2 * column + 1.8 * table
        categories, is_named = _categories(names, around, weights)
        score = max(by_phrase, by_name) + 0.5 * domain + heading + categories
        said = (*called, names.table, names.domain, *chain(*names.categories), printed)
        against, strange = contradiction(around.said, names), unexplained(around, said, weights, self._areas)
        score -= against * (1 - like**2)
        score -= penalty + (0.0 if is_stated else 2.5 * (1 - like))
        return Evidence(score, like, column, table, near, strange, is_named, against, origin)


def _same_headings(around: Surroundings, words: Words) -> float:
    one, other = around.words.headings, words.headings
    return len(one & other) / max(1, min(len(one), len(other))) if one and other else 0.0


def _categories(names: Names, around: Surroundings, weights: Weights) -> tuple[float, bool]:
    """Weigh the words of categories: those of the cell for it, those of another code against it; and whether all are named."""
    score, is_named = 0.0, True
    others = sum(any(len(each) > 1 and standard(each) in standard(around.clause) for each in words) for words in names.choices)
    for words in names.categories:
        best = max((coverage(each, around, weights) for each in words), default=0.0)
        is_named &= best >= _NAMED
        score += (0.6 if others and names.has_total else 2.2) * best
        score -= 1.2 if best >= _NAMED or not names.has_total else 2.4
    if others == 1 or (others and not names.has_total):
        score -= 1.0
    return score, is_named
