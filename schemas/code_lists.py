"""The code lists of `schemas/codes/`: which units, hedges, areas, courts … there are, and what each is called.

A code list is a CSV file, so that a list grows without a change of code. Only the standard library is used: whoever
needs a name need not load a data frame library. A project may have lists of its own, and add to these (`schemas.own_lists`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast, get_args

from schemas.own_lists import Row, beside, own_folder, read_rows
from schemas.remembered import remembered

CODES = Path(__file__).parent / "codes"

Position = Literal["before", "inside", "after"]
Bound = Literal["at_least", "at_most", "up_to_next_step", "unknown"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as printed: a number of it, times `times`, over `over`, is a number of its base unit.

    Attributes:
        unit: as printed, without 万 or 亿, which belong to the number.
        dimension: what it measures; figures of different dimensions never mix.
        kind: of a figure printed in it that stands in no column, which says whether it is exact when printed in full.
        base: the unit in which its dimension is stored.
        times: numerator of the factor to the base unit.
        over: denominator of that factor.
        en: English name of the base unit.
        zh: Chinese name of the base unit.
    """

    unit: str
    dimension: str
    kind: str
    base: str
    times: int
    over: int
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Hedge:
    """A word beside a number that says how far the number may be from the truth.

    Attributes:
        hedge: as printed.
        position: before the number, inside it (between the digits and the unit), or after the unit.
        bound: what the printed number is to the true one.
        en: English rendering.
    """

    hedge: str
    position: Position
    bound: Bound
    en: str


@remembered
def code_list(name: str) -> tuple[Mapping[str, str], ...]:
    """Give the rows of a code list, in its order, each a mapping of column to text; with those of the project's own list.

    Raises:
        LookupError: there is no such list.
        ValueError: the project's own list cannot be read, or contradicts the package's.
    """
    path = CODES / f"{name}.csv"
    folder = own_folder()
    own = folder / path.name if folder else None
    rows: list[Row] = read_rows(path) if path.is_file() else []
    if own and own.is_file():
        rows = beside(rows, own)
    elif not path.is_file():
        known = sorted({each.stem for place in (CODES, folder) if place for each in place.glob("*.csv")})
        raise LookupError(f"No code list {name!r}. There are: {', '.join(known)}.")
    return tuple(map(MappingProxyType, rows))


@remembered
def units() -> tuple[Unit, ...]:
    """Give every unit that a figure may be printed in."""
    return tuple(
        Unit(
            unit=row["unit"],
            dimension=row["dimension"],
            kind=row["kind"],
            base=row["base"],
            times=int(row["times"]),
            over=int(row["over"]),
            en=row["en"],
            zh=row["zh"],
        )
        for row in code_list("units")
    )


@remembered
def hedges() -> tuple[Hedge, ...]:
    """Give every hedge that a figure may be printed with.

    Raises:
        ValueError: a hedge has a position or a bound that no reader knows.
    """
    return tuple(_hedge(row) for row in code_list("hedges"))


def _hedge(row: Mapping[str, str]) -> Hedge:
    position, bound = row["position"], row["bound"]
    if position not in get_args(Position) or bound not in get_args(Bound):
        raise ValueError(f"The hedge {row['hedge']!r} has an unknown position {position!r} or bound {bound!r}.")
    return Hedge(row["hedge"], cast(Position, position), cast(Bound, bound), row["en"])


@dataclass(frozen=True, slots=True)
class Code:
    """A code that stands for something, and what else it is called.

    Attributes:
        code: as stored.
        zh: Chinese name.
        en: English name.
        aliases: other names that a raw table may use for it.
        parent: code of what encloses it, where the list has such a column; else empty.
    """

    code: str
    zh: str
    en: str
    aliases: tuple[str, ...]
    parent: str


@remembered
def codes(name: str) -> tuple[Code, ...]:
    """Give the codes of a list, in its order.

    Raises:
        LookupError: there is no such list.
    """
    return tuple(
        Code(row["code"], row["zh"], row["en"], tuple(filter(None, row["aliases"].split("|"))), row.get("parent", ""))
        for row in code_list(name)
    )
