"""Report on verified formulas, as text with carets, and as JSON."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, get_args

from etl.calculator.bounds import Bounds
from etl.calculator.decimals import bounds_text, decimals_of, magnitude, whole_within
from etl.calculator.figures import PURE, FormulaFigure
from etl.calculator.messages import IF_CUT_OFF, SIDES, UNKNOWN, VERDICTS, problem_text, summary, would_agree
from etl.calculator.quantities import unit_name, units_of
from etl.calculator.syntax import Problem
from etl.calculator.verdicts import Comparison, FormulaVerdict, Participant, Verified, exit_code
from etl.escape import escape_json
from schemas.texts import Language

PERCENT = PURE["percentage"]
INDENT = "  "


@dataclass(frozen=True, slots=True)
class Placed:
    """A formula and its place: a file and line, or an argument's number."""

    verified: Verified
    line: int
    file: str = ""


def as_text(placed: Sequence[Placed], language: Language) -> str:
    """Write the verdicts and, for several formulas, a count of each."""
    lines = [line for each in placed for line in _lines(each, language)]
    if len(placed) != 1:
        lines.append(summary(len(placed), _counts(placed), language))
    return "\n".join(lines)


def as_json(placed: Sequence[Placed], language: Language) -> str:
    """Write formulas as a JSON object with fixed keys; unknown values are null.

    Returns:
        `formulas`: each with `file`, `line`, `formula`, `verdict`, `relation`, `unit`, `left` and `right` (`low`, `high`),
        `if_cut_off` (`left`, `right`), `figures` (`published`, `offset`, `unit`, `low`, `high`, `hedge`,
        `would_agree`) and `problem` (`code`, `offset`, `en`, `zh`); `counts` by verdict; `exit_code`.
    """
    del language
    answer = {
        "formulas": [_object(each) for each in placed],
        "counts": _counts(placed),
        "exit_code": exit_code(each.verified for each in placed),
    }
    return escape_json(json.dumps(answer, ensure_ascii=False, indent=2))


def _counts(placed: Iterable[Placed]) -> dict[FormulaVerdict, int]:
    verdicts = [each.verified.verdict for each in placed]
    return {verdict: verdicts.count(verdict) for verdict in get_args(FormulaVerdict)}


# As text


def _lines(placed: Placed, language: Language) -> Iterator[str]:
    verified = placed.verified
    place = f"{placed.file}:{placed.line}: " if placed.file else ""
    yield f"{place}{verified.formula}: {VERDICTS[verified.verdict].in_language(language)}"
    if verified.verdict == "cannot_be_read" and verified.problem:
        yield INDENT + verified.formula
        yield INDENT + " " * _columns(verified.formula[: verified.problem.offset]) + "^"
    if verified.comparison is not None:
        yield from (INDENT + line for line in _side_lines(verified, verified.comparison, language))
    for each in verified.participants:
        if each.would_agree is not None and (values := _expected(each, each.would_agree, verified)):
            yield INDENT + would_agree(each.figure.published, values).in_language(language)
    if verified.problem is not None:
        yield INDENT + problem_text(verified.problem, language)


def _columns(text: str) -> int:
    """Count a text's terminal columns: two for hanzi, none for combining marks."""
    return sum(0 if unicodedata.combining(each) else 1 + (unicodedata.east_asian_width(each) in "WF") for each in text)


def _side_lines(verified: Verified, comparison: Comparison, language: Language) -> Iterator[str]:
    scale, of_scale = _scale(verified, comparison)
    names = ["left", "right"] if comparison.right else ["value"]
    rows = [("", [side for side in (comparison.left, comparison.right) if side])]
    rows += [(f" ({IF_CUT_OFF.in_language(language)})", [*comparison.if_cut_off])] if comparison.if_cut_off else []
    for condition, sides in rows:
        for name, shown in zip(names, _shown([side.times(1 / of_scale) for side in sides], scale), strict=True):
            yield f"{SIDES[name].in_language(language)}  {shown or UNKNOWN.in_language(language)}{condition}"


def _scale(verified: Verified, comparison: Comparison) -> tuple[str, Fraction]:
    """Choose the display unit: that of a side which is one figure, else the base."""
    parsed = verified.parsed
    for side in (parsed.right, parsed.left) if parsed else ():
        if isinstance(side, FormulaFigure) and not side.is_bare:
            return side.scale, side.of_scale
    return ("%", PERCENT) if comparison.is_percent and not comparison.unit else (comparison.unit, Fraction(1))


def _shown(sides: Sequence[Bounds], scale: str) -> list[str]:
    """Write bounds rounded outwards, with as many digits as tell them apart."""
    decimals = max(map(decimals_of, sides))
    pairs = ((sides[0].low, sides[-1].high), (sides[-1].low, sides[0].high))
    gap = max((low - high for low, high in pairs if low is not None and high is not None), default=Fraction(0))
    if gap > 0:
        decimals = max(decimals, 1 - magnitude(gap))
    return [bounds_text(each, scale, decimals) for each in sides]


def _expected(participant: Participant, values: Bounds, verified: Verified) -> str:
    """Write a figure's consistent values, rounded inwards; whole for a count."""
    figure = participant.figure
    is_strict = verified.parsed is not None and verified.parsed.comparator in ("<", ">")
    if participant.is_whole and not is_strict:
        values = whole_within(values)
    scaled = values.times(1 / figure.of_scale)
    return bounds_text(scaled, figure.scale, decimals_of(scaled), is_outward=False, is_open=is_strict)


# As JSON


def _object(placed: Placed) -> dict[str, Any]:
    verified = placed.verified
    comparison, problem = verified.comparison, verified.problem
    is_percent = comparison is not None and comparison.is_percent and not comparison.unit
    of_unit = PERCENT if is_percent else Fraction(1)
    cut = comparison.if_cut_off if comparison else None
    return {
        "file": placed.file or None,
        "line": placed.line,
        "formula": verified.formula,
        "verdict": verified.verdict,
        "relation": verified.parsed.comparator if verified.parsed else None,
        "unit": "%" if is_percent else comparison.unit if comparison else None,
        "left": _numbers(comparison.left, of_unit) if comparison else None,
        "right": _numbers(comparison.right, of_unit) if comparison and comparison.right else None,
        "if_cut_off": {"left": _numbers(cut[0], of_unit), "right": _numbers(cut[1], of_unit)} if cut else None,
        "figures": [_figure(each) for each in verified.participants],
        "problem": {"code": problem.code, "offset": problem.offset, **_texts(problem)} if problem else None,
    }


def _figure(participant: Participant) -> dict[str, Any]:
    figure, expected = participant.figure, participant.would_agree
    of_unit = figure.of_base if figure.is_pure else Fraction(1)
    base = "" if figure.is_bare else figure.unit.base
    return {
        "published": figure.published,
        "offset": figure.start,
        "unit": base if figure.is_pure else unit_name(units_of(figure)),
        **_numbers(participant.bounds, of_unit),
        "hedge": participant.hedge,
        "would_agree": _numbers(expected, of_unit) if expected else None,
    }


def _numbers(bounds: Bounds, of_unit: Fraction) -> dict[str, float | None]:
    low, high = (None if bound is None else float(bound / of_unit) for bound in (bounds.low, bounds.high))
    return {"low": low, "high": high}


def _texts(problem: Problem) -> dict[str, str]:
    return {"en": problem_text(problem, "en"), "zh": problem_text(problem, "zh")}
