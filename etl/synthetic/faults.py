"""Faults put into a synthetic register on purpose, to test a check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import polars as pl

from etl.errors import ProjectError, UnknownNameError
from etl.synthetic.identifiers import YEAR_DIGITS
from etl.synthetic.profile import Profile
from etl.synthetic.rows import INSIDE, SyntheticRows
from schemas.texts import Text

CANDIDATES_PER_FAULT, MOST_DAYS_EARLY, YEARS_OFF = 40, 30, 50
FAULT_COLUMNS = {"row": pl.Int64, "kind": pl.String, "column": pl.String, "cell": pl.String}
Cells = Mapping[str, str]
_EARLIER_NUMBER = "number of a row before in the file"


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A kind of fault.

    Attributes:
        columns: chooses the columns in which faults stand by turns; none where the register has no such column.
        cell: makes the n-th faulty cell of a column from the cells that would have stood in the row; None for a blank.
        needs: another cell that must be filled; empty for none.
    """

    columns: Callable[[Profile], tuple[str, ...]]
    cell: Callable[[Profile, Cells, str, int], str | None]
    needs: str = ""


def seeded_faults(rows: SyntheticRows, counts: Mapping[str, int], spared: int) -> pl.DataFrame:
    """Choose the faults of a register, each in a row of its own.

    Args:
        rows: of the register.
        counts: how many of each kind.
        spared: how many rows of the plan, its first ones, have no fault as long as others will do.

    Returns:
        One row a fault: `row` (from 0, in the order of the file), `kind`, `column` and the faulty `cell`.

    Raises:
        UnknownNameError: there is no such kind.
        ProjectError: a register cannot have a fault of a kind, or has too few rows for all of them.
    """
    for kind in counts:
        if kind not in FAULTS:
            raise UnknownNameError(Text("kind of fault", "差错类型"), kind, FAULTS)
        if kind not in kinds_of_faults(rows.profile):
            raise ProjectError(
                f"{rows.profile.address} has no column for the fault {kind}.",
                f"{rows.profile.address} 没有可放置差错 {kind} 的列。",
            )
    unused = _candidates(rows, sum(counts.values()), spared)
    found: list[tuple[int, str, str, str | None]] = []
    for kind in (each for each in FAULTS if each in counts):
        fault, made = FAULTS[kind], 0
        columns = fault.columns(rows.profile)
        for position, cells in list(unused.items()):
            column = columns[made % len(columns)]
            if made == counts[kind]:
                break
            if column in cells and (not fault.needs or fault.needs in cells):
                cell = fault.cell(rows.profile, unused.pop(position), column, made)
                found.append((rows.places_of(pl.Series([position], dtype=pl.UInt64))[0], kind, column, cell))
                made += 1
        if made < counts[kind]:
            raise ProjectError(
                f"Only {made} of {counts[kind]} faults {kind} have found a row; make more rows.",
                f"{counts[kind]} 处差错 {kind} 只放置了 {made} 处；请增加行数。",
            )
    return pl.DataFrame(found, schema=FAULT_COLUMNS, orient="row").sort("row")


def _candidates(rows: SyntheticRows, faults: int, spared: int) -> dict[int, dict[str, str]]:
    """Look up the filled cells of rows, in the order in which faults take them.

    Of two neighbours only one is among them, so that it can repeat the number of the other.
    """
    random = Random(rows.seed)
    positions: list[int] = []
    for low, high in ((spared, rows.count), (0, spared)):
        missing = min(high - low, faults * CANDIDATES_PER_FAULT - len(positions))
        positions += random.sample(range(low, high), max(0, missing))
    series = pl.Series("position", positions, dtype=pl.UInt64)
    series = series.filter(series % 2 == 1)
    earlier = pl.coalesce(_if_earlier(rows, series, -1), _if_earlier(rows, series, 1))
    cells = rows.at(series).with_columns(earlier.alias(_EARLIER_NUMBER)).iter_rows(named=True)
    return {
        position: {column: cell for column, cell in row.items() if cell is not None}
        for position, row in zip(series, cells, strict=True)
    }


def _if_earlier(rows: SyntheticRows, positions: pl.Series, step: int) -> pl.Expr:
    """Look up the number of a like neighbour that stands earlier in the file."""
    neighbours = ((positions.cast(pl.Int64) + step) % rows.count).cast(pl.UInt64)
    number = rows.profile.number
    inside, others = (rows.placed(each).get_column(INSIDE).cast(pl.Int64) for each in (positions, neighbours))
    numbers, theirs = (rows.at(each).get_column(number.column) for each in (positions, neighbours))
    is_alike = (others - inside == step) & (rows.places_of(neighbours) < rows.places_of(positions))
    if number.day:
        is_alike &= numbers.str.slice(number.year_at, YEAR_DIGITS) == theirs.str.slice(number.year_at, YEAR_DIGITS)
    return pl.when(is_alike).then(theirs)


def _early_end(profile: Profile, cells: Cells, column: str, number: int) -> str:
    return str(date.fromisoformat(cells[profile.span[0]]) - timedelta(days=number % MOST_DAYS_EARLY + 1))


def _wrong_year(profile: Profile, cells: Cells, column: str, number: int) -> str:
    at, text = profile.number.year_at, cells[column]
    return f"{text[:at]}{int(text[at : at + YEAR_DIGITS]) - YEARS_OFF}{text[at + YEAR_DIGITS :]}"


def _number(profile: Profile) -> tuple[str, ...]:
    return (profile.number.column,)


FAULTS: Mapping[str, FaultKind] = {
    "end-before-start": FaultKind(lambda profile: tuple(filter(None, profile.span[1:])), _early_end),
    "impossible-date": FaultKind(
        lambda profile: (profile.flow.opens,), lambda profile, cells, column, number: f"{cells[column][:4]}-02-30"
    ),
    "unknown-code": FaultKind(
        lambda profile: (*profile.codes, "area")[:1], lambda profile, cells, column, number: f"unknown_{number}"
    ),
    "negative-amount": FaultKind(lambda profile: profile.amounts[:1], lambda profile, cells, column, number: f"-{cells[column]}"),
    "duplicate-key": FaultKind(_number, lambda profile, cells, column, number: cells[_EARLIER_NUMBER], _EARLIER_NUMBER),
    "blank": FaultKind(lambda profile: ("area", profile.flow.opens), lambda profile, cells, column, number: None),
    "malformed-number": FaultKind(_number, lambda profile, cells, column, number: f"{cells[column]}?"),
    "wrong-year": FaultKind(lambda profile: _number(profile) if profile.number.day else (), _wrong_year),
}
"""The kinds of faults; the one that fits the fewest rows chooses first."""


def kinds_of_faults(profile: Profile) -> list[str]:
    """List the kinds of faults that a register can have."""
    return [kind for kind, fault in FAULTS.items() if fault.columns(profile)]
