"""Identifiers made of the pattern that their column declares."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from etl.errors import ProjectError
from schemas.statements import BearsYear

YEAR_DIGITS, AREA_DIGITS, SHORTEST_AREA = 4, 6, 2
FILLERS = ("字", *map(chr, range(ord("!"), ord("~"))))
CHECK_WEIGHTS = range(2, 10)
_PART = re.compile(
    r"(?:\((?:\?:)?(?P<group>[^()]*)\)|(?P<set>\[\^?[^\]]+\])|\\(?P<escaped>[^A-Za-z0-9])|(?P<char>[^\\\[\](){}|?*+]))"
    r"(?:(?P<sign>[?*+])|\{(?P<least>[0-9]+)(?P<comma>,)?(?P<most>[0-9]+)?\})?"
)
_TIMES: dict[str | None, tuple[int, float]] = {None: (1, 1), "?": (0, 1), "*": (0, math.inf), "+": (1, math.inf)}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an identifier.

    Attributes:
        kind: fixed text, digits of any meaning, or a check character.
        text: the fixed text.
        least: the least number of digits.
        most: the largest number of digits.
    """

    kind: Literal["text", "digits", "year", "area", "serial", "check"]
    text: str = ""
    least: int = 0
    most: float = 0


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
    def last_serial(self) -> float:
        """The largest serial number that it has room for."""
        return next(10**part.most - 1 for part in self.parts if part.kind == "serial")

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


def identifier(column: str, pattern: str, dated: BearsYear | None) -> Identifier:
    """Plan the identifiers of a column that bear the year of a day, or of none.

    Raises:
        ProjectError: the pattern is not understood, or has no room for a serial number.
    """
    parts: list[Part] = []
    for part in _parts(column, pattern.removeprefix("^").removesuffix("$")):
        before = parts[-1] if parts else Part("check")
        if part.kind == before.kind and part.kind != "check":
            parts[-1] = Part(part.kind, before.text + part.text, before.least + part.least, before.most + part.most)
        else:
            parts.append(part)
    if dated:
        parts = [*_with_year(parts, dated.at)]
    numbered = [at for at, part in enumerate(parts) if part.kind == "digits"]
    if not numbered:
        raise ProjectError(
            f"No numbers can be made for {column}: its pattern {pattern} has no digits that may differ.",
            f"无法为 {column} 生成编号：其格式 {pattern} 中没有可变的数字。",
        )
    serial = max(numbered, key=lambda at: (parts[at].most, at))
    for at in numbered:
        part = parts[at]
        if at == serial or (part.least != part.most and part.least <= SHORTEST_AREA and part.most >= AREA_DIGITS):
            parts[at] = replace(part, kind="serial" if at == serial else "area")
    return Identifier(column, tuple(parts), *((dated.day, dated.at) if dated else ()))


def _parts(column: str, pattern: str) -> Iterator[Part]:
    """Parse a pattern into parts, without what is optional."""
    at = 0
    while at < len(pattern) and pattern[at] != "|":
        match = _PART.match(pattern, at)
        if match is None:
            raise ProjectError(
                f"No numbers can be made for {column}: {pattern[at:]!r} of its pattern is not understood.",
                f"无法为 {column} 生成编号：其格式中的 {pattern[at:]!r} 无法识别。",
            )
        at = match.end()
        least, most = _TIMES[match["sign"]]
        if match["least"]:
            least = int(match["least"])
            most = int(match["most"]) if match["most"] else math.inf if match["comma"] else least
        if match["set"]:
            yield _of_set(match["set"], least, most)
        elif match["group"] is not None:
            yield from list(_parts(column, match["group"])) * least
        else:
            yield Part("text", (match["escaped"] or match["char"]) * least)


def _of_set(characters: str, least: int, most: float) -> Part:
    accepted = re.compile(characters)
    if not characters.startswith("[^") and all(accepted.match(digit) for digit in "0123456789"):
        return Part("check") if (least, most) == (1, 1) and accepted.match("X") else Part("digits", "", least, most)
    filler = next((each for each in FILLERS if accepted.match(each)), "")
    return Part("text", filler * least)


def _with_year(parts: list[Part], position: int) -> Iterator[Part]:
    """Split the digits at a position into a year and the others."""
    at = 0
    for part in parts:
        if part.kind == "digits" and at == position and part.most >= YEAR_DIGITS:
            yield Part("year")
            position = -1
            if part.most > YEAR_DIGITS:
                yield Part("digits", "", max(0, part.least - YEAR_DIGITS), part.most - YEAR_DIGITS)
        else:
            yield part
        at += len(part.text) or part.least


def _check_character(number: pl.Expr, width: int) -> pl.Expr:
    """Compute the check character modulo 11, as patent numbers have it."""
    weights = [CHECK_WEIGHTS[at % len(CHECK_WEIGHTS)] for at in range(width)]
    digits = [number // 10**at % 10 for at in reversed(range(width))]
    remainder = pl.sum_horizontal(*(digit * weight for digit, weight in zip(digits, weights, strict=True))) % 11
    return pl.when(remainder == 10).then(pl.lit("X")).otherwise(remainder.cast(pl.String))
