"""What a rule says of itself: the statement, why it must hold, where it is from, and how bad it is to break it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from schemas.constraints import Constraint

Severity = Literal["error", "warning", "information"]

GRIM = "N. J. L. Brown & J. A. J. Heathers, The GRIM Test, Social Psychological and Personality Science 8 (2017)"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number of rows, or a part of the rows that a rule applies to, above which it is taken more seriously.

    Attributes:
        text: as declared: `3`, or `1%`.
        rows: the number of rows; None for a part.
        part: the part of the rows; None for a number.
    """

    text: str
    rows: int | None
    part: Fraction | None

    def is_exceeded(self, broken: int, applicable: int) -> bool:
        """Whether so many broken rows, of those that the rule applies to, are above it."""
        most = self.rows if self.part is None else self.part * applicable
        return most is not None and broken > most


def threshold(declared: int | str) -> Threshold:
    """Give a declared threshold: a count such as 3, or a percentage of the rows such as `1%`.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(declared, str) and re.fullmatch(r"[0-9]+(\.[0-9]+)?%", declared):
        part = Fraction(declared.removesuffix("%")) / 100
        if part < 1:
            return Threshold(declared, None, part)
    if isinstance(declared, int) and not isinstance(declared, bool) and declared >= 0:
        return Threshold(str(declared), declared, None)
    raise ValueError(f"{declared!r} is no number of rows such as 3, and no part of them such as '1%' (below 100%)")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The thresholds of a rule: above `error_if` its findings are errors, above `warn_if` warnings, else information."""

    warn_if: Threshold | None
    error_if: Threshold | None

    @property
    def worst(self) -> Severity:
        """The severity that is reached where every row breaks the rule."""
        return "error" if self.error_if else "warning"

    def severity(self, broken: int, applicable: int) -> Severity:
        """Give the severity where so many rows, of those that the rule applies to, break it."""
        if self.error_if and self.error_if.is_exceeded(broken, applicable):
            return "error"
        if self.warn_if and self.warn_if.is_exceeded(broken, applicable):
            return "warning"
        return "information"


def thresholds(warn_if: int | str | None, error_if: int | str | None) -> Thresholds | None:
    """Give the thresholds of a rule, None where none is declared.

    Raises:
        ValueError: one cannot be read, or warnings would start where there are errors already.
    """
    if warn_if is None and error_if is None:
        return None
    warn, error = (None if each is None else threshold(each) for each in (warn_if, error_if))
    if warn and error and _is_at_least(warn, error):
        raise ValueError(f"warn_if={warn.text} is not below error_if={error.text}, so nothing would be a warning")
    return Thresholds(warn, error)


def _is_at_least(one: Threshold, other: Threshold) -> bool:
    """Whether a threshold is not below another of its kind; a number and a part cannot be compared before rows are there."""
    if one.rows is not None and other.rows is not None:
        return one.rows >= other.rows
    return one.part is not None and other.part is not None and one.part >= other.part


@dataclass(frozen=True, slots=True)
class Rule:
    """A named statement that is true of good data.

    Attributes:
        id: the statement in a few words, as findings and waivers cite it.
        reason: why it must hold (English), the docstring of its declaration.
        zh: the statement in Chinese.
        severity: of a row that breaks it, in the words of the European Statistical System; the worst one with thresholds.
        constraint: the statement as a constraint about the columns of its model; None for a built-in rule, which any table keeps.
        source: where it is from (a paper, a standard, a law); empty for what the words themselves imply.
        thresholds: by which the severity depends on how many rows break it; None where it does not.
    """

    id: str
    reason: str
    zh: str
    severity: Severity
    constraint: Constraint | None = None
    source: str = ""
    thresholds: Thresholds | None = None

    def severity_of(self, broken: int, applicable: int) -> Severity:
        """Give the severity of its findings where so many rows, of those that it applies to, break it."""
        return self.severity if self.thresholds is None else self.thresholds.severity(broken, applicable)
