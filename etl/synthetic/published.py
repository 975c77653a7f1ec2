"""The published figures that a made-up register must agree with, as the tables of the project print them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from etl.catalogue import entry
from etl.gate.check import parsed_tables
from etl.project import Project
from etl.synthetic.recipes import Recipe
from etl.tables.parse import ORDER, PERIOD_END, PERIOD_START, ROW
from schemas.claims import HIGH, LOW
from schemas.vocabulary import Category, columns

ALL = "all"


@dataclass(frozen=True, slots=True)
class Target:
    """A number that the rows of an area and a period must come to.

    Attributes:
        measure: which number, a name of `recipes.Published`.
        area: area code.
        start: first month of the period, counted as in `etl.figures.periods`.
        end: month after its last.
        codes: the codes it is about, by column; the total is left out.
        value: the number, within what is printed.
    """

    measure: str
    area: str
    start: int
    end: int
    codes: tuple[tuple[str, str], ...]
    value: int


def targets(project: Project, recipe: Recipe) -> list[Target]:
    """Give the published figures about a register: of each the document published last."""
    addresses = {measure: getattr(recipe.published, measure) for measure in recipe.published.__dataclass_fields__}
    found: list[Target] = []
    for table in sorted({address.rpartition(".")[0] for address in addresses.values() if address}):
        measures = {m: address.rpartition(".")[2] for m, address in addresses.items() if address.rpartition(".")[0] == table}
        for parsed in parsed_tables(project, [entry(table)]).values():
            categories = [c.name for c in columns(parsed.raw.entry.model) if isinstance(c.dtype, Category)]
            for measure, column in measures.items():
                found += _targets(parsed.frame, measure, column, categories)
    return found


def _targets(frame: pl.DataFrame, measure: str, column: str, categories: list[str]) -> list[Target]:
    printed = frame.filter(
        pl.col(column).is_not_null() & pl.all_horizontal(pl.col("area", PERIOD_START, *categories).is_not_null())
    )
    latest = printed.sort(ORDER, ROW).unique(["area", "period", *categories], keep="last", maintain_order=True)
    return [
        Target(
            measure,
            row["area"],
            row[PERIOD_START],
            row[PERIOD_END],
            tuple((name, row[name]) for name in categories if row[name] != ALL),
            _within(row, column),
        )
        for row in latest.iter_rows(named=True)
    ]


def _within(row: Mapping[str, float | None], column: str) -> int:
    """Give a whole number within the bounds of a figure: the printed one, unless a hedge excludes it."""
    value, low, high = row[column] or 0, row[column + LOW], row[column + HIGH]
    if low is not None and value <= low < (math.inf if high is None else high):
        return math.floor(low) + 1  # 4000余: more than was printed
    return round(value)
