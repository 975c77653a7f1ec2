"""Cells of tables read as figures with their marks."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from etl.figures.grammar import read_figures
from etl.figures.words import Notation

MARK_COLUMNS = ("mark", "status", "conf_status")
"""What is said of a cell with a mark, beside what it says as a figure; null for a cell without one."""

_ASKED = ("published", "kind", "declared_unit")
_READ = ("published", "value", "low", "high", "unit", "hedge", "problem", *MARK_COLUMNS)
_FOUND = {**dict.fromkeys(_READ, pl.String), **dict.fromkeys(("value", "low", "high"), pl.Float64)}


def read_cells(cells: pl.DataFrame, notation: Notation) -> pl.DataFrame:
    """Read the figure and the marks of each cell.

    Args:
        cells: as for `read_figures`.
        notation: the units, hedges and marks that a cell may have.

    Returns:
        What `read_figures` returns, and `MARK_COLUMNS`. Of a figure with marks, `published` is without them; a mark in place of
        a figure is a cell without value, bounds and problem.
    """
    read = read_figures(cells.lazy(), notation).collect()
    without = dict.fromkeys(MARK_COLUMNS, pl.lit(None, pl.String))
    is_open = read.get_column("problem").is_not_null()
    if not is_open.any():
        return read.with_columns(**without)
    asked = read.filter(is_open).select(pl.col(name).cast(pl.String) for name in _ASKED).unique()
    known = [*_known(asked, notation)]
    if not known:
        return read.with_columns(**without)
    fields = pl.Struct(_FOUND)
    found = pl.DataFrame(known, schema={**dict.fromkeys(_ASKED, pl.String), "found": fields}, orient="row")
    keys = read.select(pl.col(name).cast(pl.String) for name in _ASKED)
    joined = keys.join(found, on=list(_ASKED), how="left", nulls_equal=True, maintain_order="left").get_column("found")
    is_marked = joined.struct.field("published").is_not_null()
    return read.with_columns(**without).with_columns(
        pl.when(is_marked).then(joined.struct.field(name)).otherwise(name).alias(name) for name in _READ
    )


def _known(asked: pl.DataFrame, notation: Notation) -> Iterator[tuple[str, str, str, dict[str, object]]]:
    """Yield each text with a mark, with what it says; not one whose rest is no figure."""
    marks = notation.marks
    split = [(*row, found) for row in asked.iter_rows() if (found := marks.split(row[0]))]
    rests = [(each.figure, kind, unit) for _, kind, unit, each in split]
    figures = pl.LazyFrame(rests, schema=dict.fromkeys(_ASKED, pl.String), orient="row")
    read = read_figures(figures, notation).collect()
    for (*row, each), said in zip(split, read.iter_rows(named=True), strict=True):
        problem = said["problem"]
        if problem and problem.startswith("unreadable"):
            continue
        yield (
            *row,
            {
                **dict.fromkeys(MARK_COLUMNS),
                **{name: said[name] for name in _READ if name in said},
                "published": each.figure or each.mark.replace(" ", ""),
                **(dict(zip(MARK_COLUMNS, (each.mark, each.status, each.conf_status), strict=True)) if not problem else {}),
            },
        )
