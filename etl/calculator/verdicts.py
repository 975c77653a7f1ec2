"""The theory as a calculator: can a formula of printed figures be true?

A formula is verified as a rule is, by the algebra of constraints: it contradicts only where no true numbers inside the
intervals of its figures satisfy it. A figure that stands in it twice is two independent numbers, for nothing shows that
both prints are of one number. That makes intervals wider, never narrower: a contradiction stays one, and an agreement
means that nothing speaks against the formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from etl.calculator.bounds import UNKNOWN, Bounds, Cells, bounds_of, can_hold, contains_whole_number, expected
from etl.calculator.expression_sides import Sides, is_beyond
from etl.calculator.figures import FormulaFigure, readings
from etl.calculator.quantities import Quantity, unit_name
from etl.calculator.syntax import Formula, FormulaError, Problem, parse
from etl.figures.reading import FigureReading, Key
from etl.figures.words import PACKAGE_NOTATION, Notation
from schemas.constraints import Constraint

FormulaVerdict = Literal["agrees", "agrees_if_cut_off", "contradicts", "cannot_be_said", "cannot_be_read"]

MOST_EXPECTED = 20
"""Of a longer formula, only so many figures are solved for."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A figure of a formula, as it was read there.

    Attributes:
        figure: the figure.
        hedge: its hedge as printed.
        bounds: its bounds, in the unit that is computed in.
        is_whole: whether it can only be a whole number.
        would_agree: the values with which the formula would hold; None where it holds, or where none is known.
    """

    figure: FormulaFigure
    hedge: str
    bounds: Bounds
    is_whole: bool
    would_agree: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides of a formula.

    Attributes:
        left: the bounds of the left side.
        right: the bounds of the right side; None where there is no comparison.
        unit: the unit that both are computed in; empty for a pure number.
        is_percent: whether they are pure numbers written in percent.
        if_cut_off: both sides, with further digits cut off, where they agree only then.
    """

    left: Bounds
    right: Bounds | None
    unit: str
    is_percent: bool
    if_cut_off: tuple[Bounds, Bounds] | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """A formula and its verdict.

    Attributes:
        formula: the formula on one line.
        verdict: whether it can be true.
        parsed: its parts; None where it cannot be read.
        comparison: its sides; None where they cannot be computed.
        participants: its figures, left to right.
        problem: why nothing can be said, or why it cannot be read.
    """

    formula: str
    verdict: FormulaVerdict
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
    """Return 1 if a formula contradicts, 2 if any is undecided or none given, else 0."""
    verdicts = {each.verdict for each in verified}
    if "contradicts" in verdicts:
        return 1
    return 0 if verdicts and verdicts <= {"agrees", "agrees_if_cut_off"} else 2


def _on_one_line(formula: str) -> str:
    """Replace characters that a terminal cannot show, so that carets fit."""
    visible = (character if character.isprintable() else " " if character.isspace() else "\ufffd" for character in formula)
    return re.sub(" {2,}", " ", "".join(visible)).strip()


def _parsed(formula: str, notation: Notation) -> Formula | Verified:
    try:
        return parse(formula, notation)
    except FormulaError as error:
        return Verified(formula, "cannot_be_read", problem=error.problem)


def _verified(formula: Formula, read: dict[Key, FigureReading]) -> Verified:
    """Verify a formula, with a ratio × 100 read as percent or as a number."""
    try:
        sides = Sides(formula, read)
        verified = _judged(sides)
        if verified.verdict != "contradicts" or not sides.has_two_readings:
            return verified
        as_number = _judged(Sides(formula, read, in_percent=False))
        return verified if as_number.verdict == "contradicts" else as_number
    except FormulaError as error:
        return Verified(formula.text, "cannot_be_read", formula, problem=error.problem)


def _judged(sides: Sides) -> Verified:
    formula, (left, right) = sides.formula, sides.both()
    comparison = _comparison(left, right)
    judged = Verified(formula.text, "cannot_be_said", formula, comparison, _participants(sides))
    if formula.comparator is None or right is None:
        return replace(judged, problem=Problem("no_comparison"))
    if formula.comparator in (">=", ">"):
        constraint = Constraint("<=", right.term, left.term)
    else:
        constraint = Constraint("=" if formula.comparator == "=" else "<=", left.term, right.term)
    is_strict = formula.comparator in ("<", ">")
    verdict = _can_hold(constraint, sides.rounded, is_strict)
    if verdict is None:
        return replace(judged, problem=_reason(sides, judged.participants))
    if verdict:
        return replace(judged, verdict="agrees")
    if_cut_off = _can_hold(constraint, sides.cut, is_strict)
    if if_cut_off is None:  # a divisor that may be 0, if digits were cut off
        return replace(judged, problem=_reason(sides, judged.participants))
    if if_cut_off:
        cut = bounds_of(left.term, sides.cut), bounds_of(right.term, sides.cut)
        return replace(judged, verdict="agrees_if_cut_off", comparison=replace(comparison, if_cut_off=cut))
    return replace(judged, verdict="contradicts", participants=_with_expected(constraint, judged, sides.rounded))


def _participants(sides: Sides) -> tuple[Participant, ...]:
    names = ((figure, figure.cell.name) for figure in sides.formula.figures())
    return tuple(
        Participant(figure, sides.readings[figure.key(figure.kind)].hedge, sides.rounded[name], name in sides.whole)
        for figure, name in names
    )


def _comparison(left: Quantity, right: Quantity | None) -> Comparison:
    sides = [side for side in (left, right) if side is not None]
    unit = next((unit_name(side.units) for side in sides if side.units), "")
    return Comparison(left.bounds, right.bounds if right else None, unit, any(side.is_percent for side in sides))


def _can_hold(constraint: Constraint, cells: Cells, is_strict: bool) -> bool | None:
    verdict = can_hold(constraint, cells)
    if not is_strict or not verdict:
        return verdict
    low, high = bounds_of(constraint.left, cells).low, bounds_of(constraint.right, cells).high
    return low is None or high is None or low < high


def _reason(sides: Sides, participants: Iterable[Participant]) -> Problem:
    """Explain an undecided formula: unknown bounds, no bounds, or two open sides."""
    unknown = [each.figure for each in participants if each.bounds == UNKNOWN]
    if unknown:
        return Problem("unknown_bounds", unknown[0].start, {"figures": ", ".join(each.published for each in unknown)})
    for code, chain in sides.unbounded:
        return Problem(code, chain.start, {"part": sides.formula.text[chain.start : chain.end].strip()})
    return Problem("open_sides")


def _with_expected(constraint: Constraint, judged: Verified, cells: Cells) -> tuple[Participant, ...]:
    """Solve the constraint for each participant that is no constant."""
    constants = _constants(judged)
    return tuple(
        replace(each, would_agree=_tellable(each, expected(constraint, each.figure.cell, cells)))
        if number < MOST_EXPECTED and each.figure not in constants
        else each
        for number, each in enumerate(judged.participants)
    )


def _constants(judged: Verified) -> set[FormulaFigure]:
    """Find the bare whole numbers that serve as constants, such as 1 and 100."""
    figures = [each.figure for each in judged.participants]
    sides = (judged.parsed.left, judged.parsed.right) if judged.parsed else ()
    constants = {figure for figure in figures if figure.is_bare and figure.kind == "count" and figure not in sides}
    return set() if all(figure.is_bare for figure in figures) else constants


def _tellable(participant: Participant, values: Bounds | None) -> Bounds | None:
    """Return values that can be shown; None if unknown, or no possible value fits."""
    if values is None or values == UNKNOWN or is_beyond(values):
        return None
    is_level = not participant.figure.is_bare and participant.figure.kind != "rate"
    if is_level and values.high is not None and values.high < 0:  # nothing is counted below zero
        return None
    return None if participant.is_whole and not contains_whole_number(values) else values
