"""Identifiers made of the pattern that their column declares."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from etl.errors import ProjectError

YEAR_DIGITS, AREA_DIGITS, SHORTEST_AREA = 4, 6, 2
FILLERS = ("字", *map(chr, range(ord("!"), ord("~"))))
CHECK_WEIGHTS = range(2, 10)
_PART = re.compile(
    r"(?:\((?:\?:)?(?P<group>[^()]*)\)|(?P<set>\[\^?[^\]]+\])|\\(?P<escaped>[^A-Za-z0-9])|(?P<char>[^\\\[\](){}|?*+]))"
    r"(?P<times>[?*+]|\{[0-9]+(?:,[0-9]*)?\})?"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an identifier.

    Attributes:
        kind: fixed text, digits of any meaning, or a check character.
        text: the fixed text.
        least: the least number of digits.
        most: the largest number of digits; None for any.
    """

    kind: Literal["text", "digits", "year", "area", "serial", "check"]
    text: str = ""
    least: int = 0
    most: int | None = 0


@dataclass(frozen=True, slots=True)
class Identifier:
    """Generator of a column's identifiers.

    Attributes:
        column: its name.
        parts: in order.
        day: the day whose year it bears; empty for none.
        year_at: the position of the year.
    """

    column: str
    parts: tuple[Part, ...]
    day: str = ""
    year_at: int = 0

    @property
    def has_area(self) -> bool:
        """Whether it names the area, so that each area numbers its records itself."""
        return any(part.kind == "area" for part in self.parts)

    @property
    def last_serial(self) -> int | None:
        """The largest serial number that it has room for; None for any."""
        most = next(part.most for part in self.parts if part.kind == "serial")
        return None if most is None else 10**most - 1

    def expression(self, serial: str) -> pl.Expr:
        """Write the identifiers of rows, numbered by the column `serial`."""
        pieces: list[pl.Expr] = []
        digits, width = pl.lit(0, pl.Int64), 0
        for part in self.parts:
            match part.kind:
                case "year":
                    year = pl.col(self.day).dt.year().cast(pl.Int64)
                    pieces.append(year.cast(pl.String))
                    digits, width = digits * 10**YEAR_DIGITS + year, width + YEAR_DIGITS
                case "area":
                    pieces.append(pl.col("area").str.replace("(00)+$", ""))
                case "serial":
                    text = pl.col(serial).cast(pl.String)
                    pieces.append(text.str.zfill(part.least) if part.least > 1 else text)
                    digits, width = digits * 10**part.least + pl.col(serial).cast(pl.Int64), width + part.least
                case "check":
                    pieces.append(_check_character(digits, width))
                case _:
                    pieces.append(pl.lit(part.text or "0" * part.least))
        return pl.concat_str(pieces).alias(self.column)


def identifier(column: str, pattern: str, dated: tuple[int, str] | None) -> Identifier:
    """Plan the identifiers of a column.

    Args:
        column: its name.
        pattern: the regular expression that it declares.
        dated: the position at which it bears the year of a day, and that day; None for none.

    Raises:
        ProjectError: the pattern is not understood, or has no room for a serial number.
    """
    parts: list[Part] = []
    for part in _parts(column, pattern.removeprefix("^").removesuffix("$")):
        before = parts[-1] if parts else Part("check")
        if part.kind == before.kind == "digits":
            most = None if None in (part.most, before.most) else (part.most or 0) + (before.most or 0)
            parts[-1] = Part("digits", "", before.least + part.least, most)
        elif part.kind == before.kind == "text":
            parts[-1] = Part("text", before.text + part.text)
        else:
            parts.append(part)
    if dated:
        parts = _with_year(parts, dated[0])
    numbered = [at for at, part in enumerate(parts) if part.kind == "digits"]
    if not numbered:
        raise ProjectError(f"No numbers can be made for {column}: its pattern {pattern} has no digits that may differ.")
    serial = max(numbered, key=lambda at: (math.inf if parts[at].most is None else parts[at].most, at))
    for at in numbered:
        part = parts[at]
        is_area = part.least != part.most and part.least <= SHORTEST_AREA and (part.most or AREA_DIGITS) >= AREA_DIGITS
        if at == serial or is_area:
            parts[at] = replace(part, kind="serial" if at == serial else "area")
    return Identifier(column, tuple(parts), dated[1] if dated else "", dated[0] if dated else 0)


def _parts(column: str, pattern: str) -> Iterator[Part]:
    """Parse a pattern into parts, without what is optional."""
    at = 0
    while at < len(pattern):
        if pattern[at] == "|":
            return
        match = _PART.match(pattern, at)
        if match is None:
            raise ProjectError(f"No numbers can be made for {column}: {pattern[at:]!r} of its pattern is not understood.")
        at = match.end()
        least, most = _times(match["times"])
        if match["set"]:
            yield _of_set(match["set"], least, most)
        elif match["group"] is not None:
            yield from list(_parts(column, match["group"])) * least
        else:
            yield Part("text", (match["escaped"] or match["char"]) * least)


def _times(text: str | None) -> tuple[int, int | None]:
    if text in (None, "?", "*", "+"):
        return {None: (1, 1), "?": (0, 1), "*": (0, None), "+": (1, None)}[text]
    least, comma, most = str(text)[1:-1].partition(",")
    return int(least), int(most) if most else None if comma else int(least)


def _of_set(characters: str, least: int, most: int | None) -> Part:
    accepted = re.compile(characters)
    if not characters.startswith("[^") and all(accepted.match(digit) for digit in "0123456789"):
        return Part("check") if (least, most) == (1, 1) and accepted.match("X") else Part("digits", "", least, most)
    filler = next((each for each in FILLERS if accepted.match(each)), "")
    return Part("text", filler * least)


def _with_year(parts: list[Part], position: int) -> list[Part]:
    """Split the digits at a position into a year and the others."""
    at = 0
    for number, part in enumerate(parts):
        if part.kind == "digits" and at == position and (part.most is None or part.most >= YEAR_DIGITS):
            most = None if part.most is None else part.most - YEAR_DIGITS
            rest = [Part("digits", "", max(0, part.least - YEAR_DIGITS), most)] if most != 0 else []
            return [*parts[:number], Part("year"), *rest, *parts[number + 1 :]]
        at += len(part.text) or part.least
    return parts


def _check_character(number: pl.Expr, width: int) -> pl.Expr:
    """Compute the check character modulo 11, as patent numbers have it."""
    weights = [CHECK_WEIGHTS[at % len(CHECK_WEIGHTS)] for at in range(width)]
    digits = [number // 10**at % 10 for at in reversed(range(width))]
    remainder = pl.sum_horizontal(*(digit * weight for digit, weight in zip(digits, weights, strict=True))) % 11
    return pl.when(remainder == 10).then(pl.lit("X")).otherwise(remainder.cast(pl.String))
