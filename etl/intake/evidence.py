"""What speaks for and against each cell for each figure: its phrases, names, unit, direction, year and area."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from etl.catalogue import Catalogue
from etl.intake.contexts import Context
from etl.intake.likeness import Surroundings, Weights, Words, coverage, pairs, phrase_likeness, surroundings, words_beside
from etl.intake.phrases import Phrase
from etl.intake.targets import ENCLOSING, OWN, THIS, TO_DATE, Names, Target, names_of, targets

_CHANGE = re.compile("(?:增长|增幅|增速|上升|提高|提升|下降|减少|上涨|回落)(?:了|约|达|为|超过|超|近)*$")
_CHANGE_SIGN = re.compile("^(?:下降|减少|下滑|回落|降低|[+＋▲]|[-－—–])")
_TO_A_LEVEL = re.compile("(?:到|至)$")
_SHORTER = re.compile("缩短|压缩|降幅|减少|cut")
_SHARE = re.compile("(?:占|比重|占比|比例|份额|率|覆盖)")
_ELSEWHERE = re.compile("全国|全球|世界|国际上")
_PROVINCE = re.compile("全省|省内")
_RANKED = re.compile("(?:占|居|列|在|位|领先|高于|低于)$")
_SINCE = re.compile("以来|至今|期间")


@dataclass(frozen=True)
class Place:
    """Which document a proposal is for: its area with names, and its period."""

    area: str
    period: str
    own_names: tuple[str, ...] = ()
    enclosing_names: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """What a cell has for it, each from 0 to 1 or a penalty."""

    score: float
    phrase: float
    known_phrase: float
    name: float
    words: tuple[str, ...] = ()


@dataclass
class Knowledge:
    """What is known of cells: the phrases of the documents that a new one may resemble, and the names of the catalogue.

    Attributes:
        catalogue: of the project.
        like: the phrases of the confirmed document that it is aligned with.
        others: the phrases of others.
        text: of the new document, which says which codes of long lists are named.
    """

    catalogue: Catalogue
    like: Sequence[Phrase]
    others: Sequence[Phrase]
    text: str
    words: dict[int, Words] = field(default_factory=dict)

    @cached_property
    def names(self) -> dict[Target, Names]:
        """The cells that a figure may belong to, with their names."""
        named = targets(self.catalogue, self.text)
        for phrase in (*self.like, *self.others):
            if phrase.target and phrase.target not in named and phrase.target.table in self.catalogue.addresses:
                named[phrase.target] = names_of(phrase.target, self.catalogue)
        return named

    @cached_property
    def weights(self) -> Weights:
        """How much each pair of characters says."""
        beside = (phrase.before[-14:] + "。" + phrase.after[:6] for phrase in (*self.like, *self.others))
        named = {f"{each.table}。{each.column}。{'。'.join(words[0] for words in each.categories)}" for each in self.names.values()}
        return Weights((*beside, *named))

    @cached_property
    def phrases(self) -> dict[Target | None, list[tuple[Phrase, Words, bool]]]:
        """The phrases of each cell with their words, and whether they are of the document that is aligned with."""
        listed: dict[Target | None, list[tuple[Phrase, Words, bool]]] = {}
        for known, is_like in ((self.like, True), (self.others, False)):
            for each in known:
                words = words_beside(each.before, each.after, each.headings)
                listed.setdefault(each.target, []).append((each, words, is_like))
        return listed


def unit_penalty(unit: str, names: Names, catalogue: Catalogue) -> float | None:
    """Return what a unit speaks against a column: None where its dimension is another, which no figure can have."""
    units = catalogue.lists.units_by_name
    column = units.get(names.unit.lstrip("万亿"))
    printed = units.get(unit)
    if column is None:
        return 0.0
    if printed is None:
        return None if unit else 1.5
    if printed.dimension == column.dimension:
        return 0.0
    if {printed.dimension, column.dimension} == {"percentage", "percentage_point"}:
        return None
    return 3.0 if printed.kind == column.kind == "count" else None


def change_of(context: Context) -> bool:
    """Whether a figure is printed as a change against an earlier level."""
    if _CHANGE_SIGN.search(context.found.published):
        return True
    return bool(_CHANGE.search(context.before)) and not _TO_A_LEVEL.search(context.before)


def kind_penalty(context: Context, names: Names) -> float:
    """Return what the words before a figure speak against a kind of column: growth, share, level."""
    is_percent = context.found.unit in ("%", "％", "‰", "成", "个百分点", "百分点", "倍")
    if not is_percent:
        return 0.0
    if change_of(context):
        return 0.0 if names.kind == "rate" or _SHORTER.search(names.column) else 3.0
    return 3.0 if names.kind == "rate" else 0.0


def area_penalty(context: Context, target: Target, place: Place) -> float:
    """Return what the areas that a clause names speak against the area of a cell."""
    clause = re.split("[（(]", context.clause)[-1] if not re.search("全省|省", context.clause) else context.clause
    named = _named_area(clause, place)
    if target.area == ENCLOSING:
        return 0.0 if named == ENCLOSING else 2.5
    if target.area != OWN:
        return 0.0 if named == target.area else 4.0
    return {"": 0.0, OWN: 0.0, ENCLOSING: 1.5}.get(named, 5.0)


def _named_area(clause: str, place: Place) -> str:
    """Return the area that a clause names last and does not only compare with."""
    found = [(at.start(), ENCLOSING) for at in _PROVINCE.finditer(clause)]
    found += [(at.start(), "elsewhere") for at in _ELSEWHERE.finditer(clause)]
    for names, area in ((place.own_names, OWN), (place.enclosing_names, ENCLOSING), (place.other_names, "elsewhere")):
        found += [(at, area) for name in names if name and (at := clause.rfind(name)) >= 0]
    if not found:
        return ""
    start, area = max(found)
    return "" if area != OWN and _is_comparison(clause, start) else area


def _is_comparison(clause: str, start: int) -> bool:
    return bool(_RANKED.search(clause[:start])) or bool(re.match(".{2,6}(?:首|第|前|级|唯一|领先|高校)", clause[start:]))


def period_penalty(context: Context, target: Target, place: Place) -> float:
    """Return what a year beside a figure speaks against the period of a cell."""
    is_other = bool(context.year) and context.year not in (place.period, place.period[:4])
    if target.period == TO_DATE:
        return 0.0 if _SINCE.search(context.sentence) or "@" in context.sentence else 1.5
    if target.period == THIS:
        return 4.0 if is_other else 0.0
    return 0.0 if is_other else 3.0


class Judge:
    """Weigh cells for the figures of one document."""

    def __init__(self, knowledge: Knowledge, place: Place) -> None:
        self.knowledge, self.place = knowledge, place

    def candidates(self, context: Context, most: int = 24) -> dict[Target, Evidence]:
        """Return the cells with most for them, the best first."""
        around = surroundings(context)
        found = {}
        for target, names in self.knowledge.names.items():
            penalty = unit_penalty(context.found.unit, names, self.knowledge.catalogue)
            if penalty is not None:
                found[target] = self._evidence(around, target, names, penalty)
        ordered = sorted(found.items(), key=lambda each: -each[1].score)
        return dict(ordered[:most])

    def left_out(self, context: Context) -> tuple[float, str]:
        """Return how alike a figure is to one that was left out, and why that was."""
        words = surroundings(context).words
        alike = [
            (phrase_likeness(words, each, self.knowledge.weights), phrase.reason)
            for phrase, each, _ in self.knowledge.phrases.get(None, [])
            if phrase.unit == context.found.unit
        ]
        return max(alike, default=(0.0, ""))

    def _evidence(self, around: Surroundings, target: Target, names: Names, penalty: float) -> Evidence:
        weights, context = self.knowledge.weights, around.context
        like = other = heading = 0.0
        for phrase, words, is_like in self.knowledge.phrases.get(target, []):
            alike = phrase_likeness(around.words, words, weights)
            like, other = (max(like, alike), other) if is_like else (like, max(other, alike))
            heading = max(heading, _same_headings(around, words))
        column, table = coverage(names.column, around, weights), coverage(names.table, around, weights)
        domain = coverage(names.domain, around, weights)
        score = 6.5 * max(like, 0.85 * other) + 1.5 * min(like, other) + 2.6 * column + 1.5 * table + 0.5 * domain + heading
        score += _categories(names, around, weights)
        score -= penalty + kind_penalty(context, names) + area_penalty(context, target, self.place)
        score -= period_penalty(context, target, self.place)
        return Evidence(score, max(like, other), like, (2 * column + table) / 3)


def _same_headings(around: Surroundings, words: Words) -> float:
    one, other = around.words.headings, words.headings
    return len(one & other) / max(1, min(len(one), len(other))) if one and other else 0.0


def _categories(names: Names, around: Surroundings, weights: Weights) -> float:
    """Weigh the words of categories: those of the cell for it, those of another code against it."""
    score = 0.0
    for words in names.categories:
        best = max((coverage(each, around, weights) for each in words), default=0.0)
        score += 2.2 * best - 1.2
    clause = around.context.clause[-16:]
    if any(len(other) > 1 and other in clause for other in names.choices):
        score -= 1.0
    return score


def other_areas(catalogue: Catalogue, area: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the names of an area, of the one that encloses it, and of all others."""
    parent = catalogue.lists.parents.get(area)
    by_code: dict[str, tuple[str, ...]] = {each.code: (each.zh, *each.aliases) for each in catalogue.codes("areas")}
    others: Iterable[str] = (name for code, names in by_code.items() if code not in (area, parent) for name in names)
    own: Mapping[str, tuple[str, ...]] = by_code
    return (*own.get(area, ()), "全市", "我市", "本市"), own.get(parent or "", ()), tuple(others)


__all__ = ["Evidence", "Judge", "Knowledge", "Place", "change_of", "other_areas", "pairs"]
