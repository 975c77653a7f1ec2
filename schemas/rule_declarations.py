"""Declaration of a rule: statement, reason, source and severity."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from schemas.constraints import Constraint
from schemas.texts import TextError

Severity = Literal["error", "warning", "information"]

GRIM = "N. J. L. Brown & J. A. J. Heathers, The GRIM Test, Social Psychological and Personality Science 8 (2017)"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number or share of broken rows above which the severity rises.

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
    """Parse a threshold: a count such as 3, or a percentage of rows such as `1%`.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(declared, str) and re.fullmatch(r"[0-9]+(\.[0-9]+)?%", declared):
        part = Fraction(declared.removesuffix("%")) / 100
        if part < 1:
            return Threshold(declared, None, part)
    if isinstance(declared, int) and not isinstance(declared, bool) and declared >= 0:
        return Threshold(str(declared), declared, None)
    raise TextError(
        f"{declared!r} is no number of rows such as 3, and no part of them such as '1%' (below 100%)",
        f"{declared!r} 应为行数，如 3，或其占比，如 '1%'（低于 100%）",
    )


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Thresholds of a rule: errors above `error_if`, warnings above `warn_if`."""

    warn_if: Threshold | None
    error_if: Threshold | None

    @property
    def worst(self) -> Severity:
        """The severity that is reached where every row breaks the rule."""
        return "error" if self.error_if else "warning"

    def severity(self, broken: int, applicable: int) -> Severity:
        """Return the severity for a number of broken rows among the applicable ones."""
        if self.error_if and self.error_if.is_exceeded(broken, applicable):
            return "error"
        if self.warn_if and self.warn_if.is_exceeded(broken, applicable):
            return "warning"
        return "information"


def thresholds(warn_if: int | str | None, error_if: int | str | None) -> Thresholds | None:
    """Parse the thresholds of a rule; None where none is declared.

    Raises:
        ValueError: one cannot be read, or warnings would start where there are errors already.
    """
    if warn_if is None and error_if is None:
        return None
    warn, error = (None if each is None else threshold(each) for each in (warn_if, error_if))
    if warn and error and _is_at_least(warn, error):
        raise TextError(
            f"warn_if={warn.text} is not below error_if={error.text}, so nothing would be a warning",
            f"warn_if={warn.text} 不低于 error_if={error.text}，不会产生警告",
        )
    return Thresholds(warn, error)


def _is_at_least(one: Threshold, other: Threshold) -> bool:
    """Whether a threshold is not below another.

    A number and a share cannot be compared before the number of rows is known.
    """
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
        """Return the severity for a number of broken rows among the applicable ones."""
        return self.severity if self.thresholds is None else self.thresholds.severity(broken, applicable)
