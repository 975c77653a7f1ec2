"""Relations between figures of a document, judged by the interval arithmetic of the calculator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from etl.calculator.bounds import Bounds, can_hold, expected
from etl.proofreading.figures import PrintedFigure, bounds_of_cells
from schemas.constraints import Cell, Constraint, Operation, Term
from schemas.rule_declarations import Rule

MOST_READINGS = 12
"""What has more readings is not plain."""
RelationVerdict = Literal["agrees", "agrees_if_cut_off", "contradicts", "cannot_be_said"]


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """A relation that a document states.

    Attributes:
        rule: what is true of such relations.
        readings: the constraints that can be meant, each on the cells of the figures; none where the relation was
            found and is not plain.
        figures: those that take part.
        suspect: the one at which a contradiction is shown.
        words: of the document around them.
    """

    rule: Rule
    readings: tuple[Constraint, ...]
    figures: tuple[PrintedFigure, ...]
    suspect: PrintedFigure
    words: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A relation with its verdict.

    Attributes:
        relation: the relation.
        verdict: whether it can be true.
        constraint: the reading that was judged.
        expected: of a contradiction, the values of the suspect that would agree; None where these are not known.
    """

    relation: Relation
    verdict: RelationVerdict
    constraint: Constraint | None = None
    expected: Bounds | None = None


def added(figures: Sequence[PrintedFigure]) -> Term:
    """Add figures, by halves, so that the tree of a long table stays low."""
    if len(figures) == 1:
        return figures[0].cell
    middle = len(figures) // 2
    return Operation("+", added(figures[:middle]), added(figures[middle:]))


def judge(relation: Relation) -> Judged:
    """Judge a relation: it contradicts only where no reading of it can be true."""
    if not relation.readings:
        return Judged(relation, "cannot_be_said")
    rounded, cut_off = (bounds_of_cells(relation.figures, is_cut_off=each) for each in (False, True))
    verdicts = [can_hold(reading, rounded) for reading in relation.readings]
    first = relation.readings[0]
    if any(verdicts):
        return Judged(relation, "agrees", relation.readings[verdicts.index(True)])
    if None in verdicts:
        return Judged(relation, "cannot_be_said", first)
    for reading in relation.readings:
        if can_hold(reading, cut_off) is not False:
            return Judged(relation, "agrees_if_cut_off", reading)
    cell = _suspect_cell(first, relation.suspect)
    return Judged(relation, "contradicts", first, expected(first, cell, rounded) if cell else None)


def localize(judged: Sequence[Judged]) -> list[Judged]:
    """Show contradictions that share a figure at that figure, where no other is in as many."""
    wrong = [each for each in judged if each.verdict == "contradicts"]
    number = Counter(figure.offset for each in wrong for figure in each.relation.figures)
    return [_at_shared(each, number) if each.verdict == "contradicts" else each for each in judged]


def _at_shared(judged: Judged, number: Counter[int]) -> Judged:
    relation, constraint = judged.relation, judged.constraint
    most = max(number[each.offset] for each in relation.figures)
    worst = [each for each in relation.figures if number[each.offset] == most]
    if len(worst) != 1 or worst[0] is relation.suspect or constraint is None:
        return judged
    cell = _suspect_cell(constraint, worst[0])
    values = expected(constraint, cell, bounds_of_cells(relation.figures)) if cell else None
    return replace(judged, relation=replace(relation, suspect=worst[0]), expected=values)


def _suspect_cell(constraint: Constraint, suspect: PrintedFigure) -> Cell | None:
    return next((cell for cell in constraint.cells() if cell in (suspect.cell, suspect.result)), None)


@dataclass(slots=True)
class Relations:
    """The relations of a document, each once.

    Attributes:
        relations: in the order in which they were found.
        taken: the offsets of the figures that take part in one.
    """

    relations: list[Relation] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    _known: set[tuple[str, frozenset[int]]] = field(default_factory=set)

    def add(
        self,
        rule: Rule,
        readings: Sequence[Constraint],
        figures: Sequence[PrintedFigure],
        suspect: PrintedFigure,
        words: str,
    ) -> None:
        """Add a relation, unless the same rule holds the same figures already."""
        key = (rule.id, frozenset(each.offset for each in figures))
        if len(readings) > MOST_READINGS:
            readings = ()
        if key not in self._known:
            self._known.add(key)
            self.taken |= key[1]
            self.relations.append(Relation(rule, tuple(readings), tuple(figures), suspect, words))
