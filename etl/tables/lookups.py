"""Figures that a claim takes from other rows, joined to the row at hand.

Where several documents print the figure, what they have in common is looked up (the intersection of their intervals);
where they contradict each other nothing is, for a claim must not fail because its input is in dispute. Of a figure that was
revised, the vintage is taken that was the latest when the document of the row at hand came out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from etl.errors import ProjectError
from etl.tables.parse import ORDER, PERIOD_END, PERIOD_START, ROW, ParsedTable
from etl.tables.vintages import SINCE, UNTIL, VINTAGE, holds_at, with_spans, with_vintages
from schemas.claims import HIGH, LOW, Cell, Claim
from schemas.code_lists import codes
from schemas.remembered import remembered
from schemas.rules import first_of
from schemas.vocabulary import Category, Source, Table, columns

ROWS = "__rows"


def looked_up(table: ParsedTable, claims: Iterable[Claim], tables: Mapping[str, ParsedTable]) -> pl.DataFrame:
    """Give a table's frame with all that the claims ask of other rows.

    A cell c adds `c`, `c__low`, `c__high` and `c__rows`, the rows of its table that it was taken from.

    Raises:
        ProjectError: a claim names a table or column that is not there, or leaves a category open.
    """
    frame = table.frame
    for cell in dict.fromkeys(cell for claim in claims for cell in claim.cells() if not cell.is_own):
        target = tables.get(cell.table or table.address)
        if target is None or target.raw.missing or cell.column not in target.frame.columns:
            frame = frame.with_columns(_nothing(cell))
            continue
        frame = frame.join(_selected(cell, table, target), on=ROW, how="left", maintain_order="left")
    for category in dict.fromkeys(name for claim in claims for name in claim.uses if name.startswith(first_of(""))):
        frame = frame.with_columns(_is_first(frame, category.removeprefix(first_of("")), table).alias(category))
    return frame


def _nothing(cell: Cell) -> list[pl.Expr]:
    none = pl.lit(None, pl.Float64)
    names = (cell.name, cell.name + LOW, cell.name + HIGH)
    return [*(none.alias(name) for name in names), pl.lit(None, pl.List(pl.UInt32)).alias(cell.name + ROWS)]


def _selected(cell: Cell, table: ParsedTable, target: ParsedTable) -> pl.DataFrame:
    """Give, for each row of `table` that has one, the figure that the cell selects from `target`."""
    shared = shared_categories(cell, table.raw.entry.model, target.raw.entry.model)
    on = ["area", PERIOD_START, PERIOD_END, *shared]
    figure = [*on, *([cell.over] if cell.over else [])]
    rows = with_vintages(target.frame, target.raw.entry.model)
    rows = rows.filter(pl.col(cell.column).is_not_null(), *(pl.col(name) == code for name, code in cell.pins))
    values = {"value": cell.column, "low": cell.column + LOW, "high": cell.column + HIGH}
    rows = rows.select(*figure, "source", ORDER, VINTAGE, pl.col(ROW).alias(ROWS), **values)
    is_revised = bool(rows.select((pl.col(VINTAGE) > 0).any()).item())
    rows = with_spans(rows, figure) if is_revised else rows.with_columns(pl.lit(0).alias(SINCE), pl.lit(0).alias(UNTIL))
    rows = _summed(rows, cell, on) if cell.over else rows.drop(ORDER).with_columns(pl.concat_list(ROWS).alias(ROWS))
    wanted = table.frame.select(ROW, *_wanted(cell), *shared, ORDER)
    if is_revised:  # then what is in common depends on the document that asks
        found = _in_common(wanted.join(rows, on=on, maintain_order="left").filter(holds_at(pl.col(ORDER))), [ROW])
    else:
        found = wanted.join(_in_common(rows, on), on=on)
    return found.select(ROW, *(pl.col(part).alias(cell.name + suffix) for part, suffix in _PARTS.items()))


_PARTS = {"value": "", "low": LOW, "high": HIGH, ROWS: ROWS}


def shared_categories(cell: Cell, own: type[Table], other: type[Table]) -> list[str]:
    """Give the categories on which the row at hand and the selected row must agree."""
    own_names = {column.name for column in columns(own) if isinstance(column.dtype, Category)}
    fixed = {name for name, _ in cell.pins} | {cell.over}
    names = [c.name for c in columns(other) if isinstance(c.dtype, Category) and c.name not in fixed]
    for name in names:
        if name not in own_names:
            raise ProjectError(f"The figure {cell.name} leaves the category {name} open; name one of its codes.")
    return names


def _wanted(cell: Cell) -> list[pl.Expr]:
    """Give the area and span in which the cell is looked up, from those of the row at hand."""
    start, end = pl.col(PERIOD_START), pl.col(PERIOD_END)
    match cell.period:
        case "year_before":
            period = [start - 12, end - 12]
        case "preceding":
            period = [(start - (end - start)).alias(PERIOD_START), start.alias(PERIOD_END)]
        case "same":
            period = [start, end]
    if cell.area == "same":
        return [pl.col("area"), *period]
    return [pl.col("area").replace_strict(parents(), default=None, return_dtype=pl.String), *period]


@remembered
def parents() -> dict[str, str | None]:
    """Give the area that encloses each area; None for those that none does."""
    return {code.code: code.parent or None for code in codes("areas")}


def _summed(rows: pl.DataFrame, cell: Cell, on: list[str]) -> pl.DataFrame:
    """Give one row per group and source: the sum over a category, of groups that have all it must have."""
    if cell.among:
        rows = rows.filter(pl.col(cell.over).is_in(list(cell.among)))
    low, high, value = pl.col("low"), pl.col("high"), pl.col("value")
    # Four standard deviations of a sum of uniform rounding errors, each as wide as its interval.
    cap = 4 * ((high - low).pow(2) / 12).sum().sqrt()
    is_bounded = low.is_not_null().all() & high.is_not_null().all()
    summed = rows.group_by([*on, "source"], maintain_order=True).agg(
        value.sum(),
        pl.when(low.is_not_null().all())
        .then(pl.when(is_bounded).then(pl.max_horizontal(low.sum(), value.sum() - cap)).otherwise(low.sum()))
        .alias("low"),
        pl.when(high.is_not_null().all())
        .then(pl.when(is_bounded).then(pl.min_horizontal(high.sum(), value.sum() + cap)).otherwise(high.sum()))
        .alias("high"),
        pl.col(ROWS),
        pl.col(SINCE).max(),
        pl.col(UNTIL).min(),
        pl.col(cell.over).n_unique().alias("parts"),
    )
    return summed.filter(pl.col("parts") == len(cell.among)) if cell.among else summed


def _in_common(rows: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """Give one row per group: what all its documents can mean; no row where they contradict each other."""
    common = rows.group_by(on, maintain_order=True).agg(
        pl.col("value").first(),
        pl.col("low").max(),
        pl.col("high").min(),
        pl.col(ROWS).list.explode(keep_nulls=False, empty_as_null=False),
    )
    return common.filter((pl.col("low") <= pl.col("high")).fill_null(True))


def _is_first(frame: pl.DataFrame, category: str, table: ParsedTable) -> pl.Expr:
    others = ["area", PERIOD_START, PERIOD_END]
    others += [
        column.name
        for column in columns(table.raw.entry.model)
        if isinstance(column.dtype, Category | Source) and column.name != category
    ]
    return pl.col(ROW) == pl.col(ROW).min().over(others)
