"""The published figures that a synthetic register must agree with."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from etl.gate.check import parsed_tables
from etl.project import Project
from etl.synthetic.profile import Profile
from schemas.constraints import HIGH, LOW
from schemas.models import Category, columns
from schemas.registers import TOTAL
from schemas.vintages import ORDER, PERIOD_END, PERIOD_START, ROW

Codes = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Target:
    """A number that the records of an area and a period must add up to.

    Attributes:
        measure: which number, as `Profile.measure_of` names it, or `names` for that of different names.
        figure: address of the figure.
        area: area code.
        start: first month of the period, counted as in `etl.figures.periods`.
        end: month after its last.
        codes: the codes it is about, by column; totals are left out.
        value: the number, within what is printed.
    """

    measure: str
    figure: str
    area: str
    start: int
    end: int
    codes: Codes
    value: int


def targets(project: Project, profile: Profile) -> list[Target]:
    """Read the published figures about a register, each from its latest document."""
    found: list[Target] = []
    for agreement in profile.model.__agreements__:
        measure = profile.measure_of(agreement)
        found += _targets(project, measure, agreement.figure, frozenset(agreement.only.items()), agreement.pins)
    for figure in profile.counted_names.values():
        found += _targets(project, "names", figure, frozenset(), {})
    return found


def _targets(project: Project, measure: str, figure: str, only: Codes, pins: Mapping[str, str]) -> Iterator[Target]:
    table, _, column = figure.rpartition(".")
    for parsed in parsed_tables(project, [project.catalogue.entry(table)]).values():
        categories = [each.name for each in columns(parsed.raw.entry.model) if isinstance(each.dtype, Category)]
        is_complete = pl.all_horizontal(pl.col(column, "area", PERIOD_START, *categories).is_not_null())
        printed = parsed.frame.filter(is_complete, *(pl.col(name) == code for name, code in pins.items()))
        latest = printed.sort(ORDER, ROW).unique(["area", "period", *categories], keep="last", maintain_order=True)
        for row in latest.iter_rows(named=True):
            of_row = {(name, row[name]) for name in categories if name not in pins and row[name] != TOTAL}
            value = _within(row, column)
            yield Target(measure, figure, row["area"], row[PERIOD_START], row[PERIOD_END], only | of_row, value)


def _within(row: Mapping[str, float | None], column: str) -> int:
    """Choose a whole number within the bounds of a figure."""
    value, low, high = row[column] or 0, row[column + LOW], row[column + HIGH]
    if low is not None and value <= low < (math.inf if high is None else high):
        return math.floor(low) + 1  # 4000余: more than was printed
    return round(value)
