"""How verified formulas are shown: as text, with a caret under what cannot be read, and as JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, get_args

from etl.formulas.figures import PURE, Figure, between, bounds
from etl.formulas.messages import IF_CUT_OFF, SIDES, UNKNOWN, VERDICTS, Language, counted, problem, said, would_agree
from etl.formulas.numbers import decimals_of, interval_text, magnitude, whole_within
from etl.formulas.quantities import unit_name, units_of
from etl.formulas.verdicts import Comparison, Participant, Verdict, Verified, exit_code
from schemas.intervals import Interval

PERCENT = PURE["percentage"]
INDENT = "  "


@dataclass(frozen=True, slots=True)
class Placed:
    """A formula and where it was written: a file and line, or an argument's number and no file."""

    verified: Verified
    line: int
    file: str = ""

    @property
    def place(self) -> str:
        """The place as an editor reads it; empty for an argument."""
        return f"{self.file}:{self.line}: " if self.file else ""


def text_lines(placed: Sequence[Placed], language: Language) -> Iterator[str]:
    """Give the lines that say what can be said of formulas and, where there are several, how many have which verdict."""
    for each in placed:
        yield from _lines(each, language)
    if len(placed) != 1:
        yield counted(len(placed), _counts(placed), language)


def as_json(placed: Sequence[Placed]) -> dict[str, Any]:
    """Give formulas as an object whose keys are always the same; what is not known is null.

    Returns:
        `formulas`: each with `file`, `line`, `formula`, `verdict`, `relation`, `unit`, `left` and `right` (`low`, `high`),
        `if_cut_off` (`left`, `right`), `figures` (`published`, `offset`, `unit`, `low`, `high`, `hedge`,
        `would_agree`) and `problem` (`code`, `offset`, `en`, `zh`); `counts` by verdict; `exit_code`.
    """
    return {
        "formulas": [_object(each) for each in placed],
        "counts": _counts(placed),
        "exit_code": exit_code(each.verified for each in placed),
    }


def _counts(placed: Iterable[Placed]) -> dict[Verdict, int]:
    verdicts = [each.verified.verdict for each in placed]
    return {verdict: verdicts.count(verdict) for verdict in get_args(Verdict)}


# As text


def _lines(placed: Placed, language: Language) -> Iterator[str]:
    verified = placed.verified
    yield f"{placed.place}{verified.formula}: {said(VERDICTS[verified.verdict], language)}"
    if verified.verdict == "cannot_be_read" and verified.problem:
        yield INDENT + verified.formula
        yield INDENT + " " * _columns(verified.formula[: verified.problem.offset]) + "^"
    if verified.comparison is not None:
        yield from (INDENT + line for line in _side_lines(verified, verified.comparison, language))
    for each in verified.participants:
        if each.would_agree is not None and (values := _expected(each, each.would_agree, verified)):
            yield INDENT + would_agree(each.figure.published, values, language)
    if verified.problem is not None:
        yield INDENT + problem(verified.problem, language)


def _columns(text: str) -> int:
    """Give how many columns of a terminal a text takes: two for a Chinese character, none for one that combines."""
    return sum(0 if unicodedata.combining(each) else 1 + (unicodedata.east_asian_width(each) in "WF") for each in text)


def _side_lines(verified: Verified, comparison: Comparison, language: Language) -> Iterator[str]:
    scale, of_scale = _scale(verified, comparison)
    if comparison.right is None:
        (value,) = _shown([comparison.left], scale, of_scale, language)
        yield f"{said(SIDES['value'], language)}  {value}"
        return
    rows = [("", (comparison.left, comparison.right))]
    rows += [(f" ({said(IF_CUT_OFF, language)})", comparison.if_cut_off)] if comparison.if_cut_off else []
    for condition, sides in rows:
        for name, shown in zip(("left", "right"), _shown(sides, scale, of_scale, language), strict=True):
            yield f"{said(SIDES[name], language)}  {shown}{condition}"


def _scale(verified: Verified, comparison: Comparison) -> tuple[str, Fraction]:
    """Give the unit to show both sides in: that of a figure which is one of them, else that of computing."""
    parsed = verified.parsed
    for side in (parsed.right, parsed.left) if parsed else ():
        if isinstance(side, Figure) and not side.is_bare:
            return side.scale, side.of_scale
    return ("%", PERCENT) if comparison.is_percent and not comparison.unit else (comparison.unit, Fraction(1))


def _shown(sides: Sequence[Interval], scale: str, of_scale: Fraction, language: Language) -> list[str]:
    """Give intervals rounded outwards, with as many digits as tell them apart."""
    scaled = [_over(side, of_scale) for side in sides]
    decimals = max(map(decimals_of, scaled))
    gap = _gap(scaled[0], scaled[-1])
    if gap > 0:
        decimals = max(decimals, 1 - magnitude(gap))
    return [interval_text(each, scale, decimals) or said(UNKNOWN, language) for each in scaled]


def _gap(one: Interval, other: Interval) -> Fraction:
    """Give how far apart two intervals are; nothing where they meet."""
    pairs = ((bounds(one)[0], bounds(other)[1]), (bounds(other)[0], bounds(one)[1]))
    return max((low - high for low, high in pairs if low is not None and high is not None), default=Fraction(0))


def _over(interval: Interval, divisor: Fraction) -> Interval:
    low, high = bounds(interval)
    return between(None if low is None else low / divisor, None if high is None else high / divisor)


def _expected(participant: Participant, values: Interval, verified: Verified) -> str:
    """Give the values with which a figure would agree, rounded inwards; those of a count are whole."""
    figure = participant.figure
    is_strict = verified.parsed is not None and verified.parsed.relation in ("<", ">")
    if participant.is_whole and not is_strict:
        values = whole_within(values)
    scaled = _over(values, figure.of_scale)
    return interval_text(scaled, figure.scale, decimals_of(scaled), is_outward=False, is_open=is_strict)


# As JSON


def _object(placed: Placed) -> dict[str, Any]:
    verified = placed.verified
    comparison, parsed, found = verified.comparison, verified.parsed, verified.problem
    of_unit = PERCENT if comparison and comparison.is_percent and not comparison.unit else Fraction(1)
    cut = comparison.if_cut_off if comparison else None
    return {
        "file": placed.file or None,
        "line": placed.line,
        "formula": verified.formula,
        "verdict": verified.verdict,
        "relation": parsed.relation if parsed else None,
        "unit": ("%" if of_unit == PERCENT else comparison.unit) if comparison else None,
        "left": _bounds(comparison.left, of_unit) if comparison else None,
        "right": _bounds(comparison.right, of_unit) if comparison and comparison.right else None,
        "if_cut_off": {"left": _bounds(cut[0], of_unit), "right": _bounds(cut[1], of_unit)} if cut else None,
        "figures": [_figure(each) for each in verified.participants],
        "problem": {"code": found.code, "offset": found.offset, "en": problem(found, "en"), "zh": problem(found, "zh")}
        if found
        else None,
    }


def _figure(participant: Participant) -> dict[str, Any]:
    figure = participant.figure
    is_plain = figure.unit.dimension in PURE and not figure.per
    of_unit = figure.of_base if is_plain else Fraction(1)
    base = "" if figure.is_bare else figure.unit.base
    expected = participant.would_agree
    return {
        "published": figure.published,
        "offset": figure.start,
        "unit": base if is_plain else unit_name(units_of(figure)),
        **_bounds(participant.interval, of_unit),
        "hedge": participant.hedge,
        "would_agree": _bounds(expected, of_unit) if expected else None,
    }


def _bounds(interval: Interval, of_unit: Fraction) -> dict[str, float | None]:
    low, high = bounds(_over(interval, of_unit))
    return {"low": None if low is None else float(low), "high": None if high is None else float(high)}
