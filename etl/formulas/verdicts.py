"""The theory as a calculator: can a formula of printed figures be true?

A formula is verified as a rule is, by the algebra of claims: it contradicts only where no true numbers inside the
intervals of its figures satisfy it. A figure that stands in it twice is two independent numbers, for nothing says that
both prints are of one number. That makes intervals wider, never narrower: a contradiction stays one, and an agreement
means that nothing speaks against the formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from etl.figures.words import PACKAGE_NOTATION, Notation
from etl.formulas.figures import Figure, Readings, bounds, readings
from etl.formulas.quantities import Quantity, unit_name
from etl.formulas.sides import Sides, cell_of, is_beyond
from etl.formulas.syntax import Formula, FormulaError, Relation, parse
from schemas.claims import Cell, Claim
from schemas.intervals import Interval, holds_whole_number

Verdict = Literal["agrees", "agrees_if_cut_off", "contradicts", "cannot_be_said", "cannot_be_read"]

MOST_EXPECTED = 20
"""Of a longer formula, what would agree is told of so many figures only."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a formula has no answer: a code, the words it speaks of, and the offset of the character to look at first."""

    code: str
    offset: int = 0
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Participant:
    """A figure of a formula, as it was read there.

    Attributes:
        figure: the figure.
        hedge: its hedge as printed.
        interval: its interval, in the unit that is computed in.
        is_whole: whether it can only be a whole number.
        would_agree: the values with which the formula would hold; None where it holds, or where none can be told.
    """

    figure: Figure
    hedge: str
    interval: Interval
    is_whole: bool
    would_agree: Interval | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides of a formula.

    Attributes:
        left: the interval of the left side.
        right: the interval of the right side; None where there is no comparison.
        unit: the unit that both are computed in; empty for a pure number.
        is_percent: whether they are pure numbers that are spoken of in percent.
        if_cut_off: both sides, with further digits cut off, where that is what makes them agree.
    """

    left: Interval
    right: Interval | None
    unit: str
    is_percent: bool
    if_cut_off: tuple[Interval, Interval] | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """A formula and what can be said of it.

    Attributes:
        formula: the formula on one line.
        verdict: whether it can be true.
        parsed: its parts; None where it cannot be read.
        comparison: its sides; None where they cannot be computed.
        participants: its figures, left to right.
        problem: why nothing can be said, or why it cannot be read.
    """

    formula: str
    verdict: Verdict
    parsed: Formula | None = None
    comparison: Comparison | None = None
    participants: tuple[Participant, ...] = ()
    problem: Problem | None = None


def verify(formulas: Iterable[str], notation: Notation = PACKAGE_NOTATION) -> list[Verified]:
    """Verify formulas; their figures are read all at once.

    Args:
        formulas: as typed.
        notation: the units and hedges that their figures may have.
    """
    parsed = [_parsed(_on_one_line(formula), notation) for formula in formulas]
    read = readings((figure for each in parsed if isinstance(each, Formula) for figure in each.figures()), notation)
    return [_verified(each, read) if isinstance(each, Formula) else each for each in parsed]


def exit_code(verified: Iterable[Verified]) -> int:
    """Give 1 if a formula contradicts, else 2 if of any nothing can be said (or there is none), else 0."""
    verdicts = {each.verdict for each in verified}
    if "contradicts" in verdicts:
        return 1
    return 0 if verdicts and verdicts <= {"agrees", "agrees_if_cut_off"} else 2


def _on_one_line(formula: str) -> str:
    """Give a formula without what a terminal cannot show, so that a place in it can be pointed at."""
    visible = (character if character.isprintable() else " " if character.isspace() else "\ufffd" for character in formula)
    return re.sub(" {2,}", " ", "".join(visible)).strip()


def _parsed(formula: str, notation: Notation) -> Formula | Verified:
    try:
        return parse(formula, notation)
    except FormulaError as error:
        return _unread(formula, error)


def _unread(formula: str, error: FormulaError, parsed: Formula | None = None) -> Verified:
    return Verified(formula, "cannot_be_read", parsed, problem=Problem(error.code, error.offset, error.words))


def _verified(formula: Formula, read: Readings) -> Verified:
    """Verify a formula; one with a ratio times 100 that meets a percentage may hold in either reading of it."""
    try:
        sides = Sides(formula, read)
        verified = _judged(sides, read)
        if verified.verdict != "contradicts" or not sides.has_two_readings:
            return verified
        as_number = _judged(Sides(formula, read, in_percent=False), read)
        return verified if as_number.verdict == "contradicts" else as_number
    except FormulaError as error:
        return _unread(formula.text, error, formula)


def _judged(sides: Sides, read: Readings) -> Verified:
    """Give the verdict on both sides."""
    formula, (left, right) = sides.formula, sides.both()
    comparison = _comparison(left, right)
    participants = tuple(_participant(figure, sides, read) for figure in formula.figures())
    judged = Verified(formula.text, "cannot_be_said", formula, comparison, participants)
    if formula.relation is None or right is None:
        return replace(judged, problem=Problem("no_comparison"))
    claim = _claim(formula.relation, left, right)
    match _verdict(claim, formula.relation, sides.rounded):
        case True:
            return replace(judged, verdict="agrees")
        case None:
            return replace(judged, problem=_reason(sides, participants))
    if _verdict(claim, formula.relation, sides.cut):
        cut = (left.term.interval(_of(sides.cut)), right.term.interval(_of(sides.cut)))
        return replace(judged, verdict="agrees_if_cut_off", comparison=replace(comparison, if_cut_off=cut))
    return replace(judged, verdict="contradicts", participants=_with_expected(claim, judged, sides.rounded))


def _participant(figure: Figure, sides: Sides, read: Readings) -> Participant:
    name = cell_of(figure).name
    return Participant(figure, read[figure.key].hedge, sides.rounded[name], name in sides.whole)


def _comparison(left: Quantity, right: Quantity | None) -> Comparison:
    sides = [side for side in (left, right) if side is not None]
    unit = next((unit_name(side.units) for side in sides if side.units), "")
    return Comparison(left.interval, right.interval if right else None, unit, any(side.is_percent for side in sides))


def _claim(relation: Relation, left: Quantity, right: Quantity) -> Claim:
    match relation:
        case "=":
            return Claim("=", left.term, right.term)
        case "<=" | "<":
            return Claim("<=", left.term, right.term)
        case ">=" | ">":
            return Claim("<=", right.term, left.term)


def _of(cells: Mapping[str, Interval]) -> Callable[[Cell], Interval]:
    return lambda cell: cells[cell.name]


def _verdict(claim: Claim, relation: Relation, cells: Mapping[str, Interval]) -> bool | None:
    verdict = claim.verdict(_of(cells))
    assert verdict is None or isinstance(verdict, bool)
    if relation not in ("<", ">") or not verdict:
        return verdict
    (low, _), (_, high) = bounds(claim.left.interval(_of(cells))), bounds(claim.right.interval(_of(cells)))
    return low is None or high is None or low < high


def _reason(sides: Sides, participants: Iterable[Participant]) -> Problem:
    """Give why nothing can be said: a figure of unknown bounds, a computation that has none, or two open sides."""
    unknown = [each.figure for each in participants if each.interval == Interval(None, None)]
    if unknown:
        return Problem("unknown_bounds", unknown[0].start, {"figures": ", ".join(each.published for each in unknown)})
    for code, chain in sides.unbounded:
        return Problem(code, chain.start, {"part": sides.formula.text[chain.start : chain.end].strip()})
    return Problem("open_sides")


def _with_expected(claim: Claim, judged: Verified, cells: Mapping[str, Interval]) -> tuple[Participant, ...]:
    """Give the participants with the values that would make the claim hold."""
    given = _given(judged)
    asked = {each.figure for each in judged.participants[:MOST_EXPECTED]} - given
    return tuple(
        replace(each, would_agree=_told(each, claim.expected(cell_of(each.figure), _of(cells)))) if each.figure in asked else each
        for each in judged.participants
    )


def _given(judged: Verified) -> set[Figure]:
    """Give the whole numbers without unit that somebody computes with, such as 1 and 100, and does not doubt."""
    figures = [each.figure for each in judged.participants]
    sides = (judged.parsed.left, judged.parsed.right) if judged.parsed else ()
    constants = {figure for figure in figures if figure.is_bare and figure.kind == "count" and figure not in sides}
    return set() if all(figure.is_bare for figure in figures) else constants


def _told(participant: Participant, values: Interval | None) -> Interval | None:
    """Give values as they may be told; None where nothing is known, or a count would not be whole."""
    if values is None or values == Interval(None, None) or is_beyond(values):
        return None
    return None if participant.is_whole and holds_whole_number(values) is False else values
