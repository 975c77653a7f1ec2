"""Vintages: which prints of a figure belong together, in the order in which their documents came out.

The first print of a figure and its unchanged reprints are one vintage; a row that is marked as revised begins the next.
Prints of one vintage must agree. A document can only have reckoned with what was printed by then, so a vintage holds from
the document that begins it until the one that begins the next, and the first of all holds of everything before too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.vocabulary import Area, Category, Revision, Table, columns

ROW, PERIOD_START, PERIOD_END, ORDER = "row", "period__start", "period__end", "source__order"
"""Columns of the labels of a table: number of the row, its span in months, and its document's place in order of publication."""

VINTAGE = "vintage"

_NEVER = 2**31 - 1


def same_figure(model: type[Table]) -> list[str]:
    """Name the columns on which two rows agree that print the same figures: area, span and categories."""
    labels = [column.name for column in columns(model) if isinstance(column.dtype, Area | Category)]
    return [*labels, PERIOD_START, PERIOD_END]


def revision_column(model: type[Table]) -> str:
    """Name the column that marks revisions."""
    return next(column.name for column in columns(model) if isinstance(column.dtype, Revision))


def with_vintages(labels: pl.DataFrame, model: type[Table]) -> pl.DataFrame:
    """Add the vintage of each row: how many revisions of its key there have been, its own included.

    A row that cannot be told from others, for a label or document of its is not known, has none.
    """
    figure = same_figure(model)
    number = pl.lit(0, pl.Int32)
    if _has_revisions(labels, model):
        is_revised = pl.col(revision_column(model)).is_not_null().cast(pl.Int32)
        number = is_revised.cum_sum().over(figure, order_by=[ORDER, ROW])
    is_known = pl.all_horizontal(pl.col(figure).is_not_null(), pl.col(ORDER) >= 0)
    return labels.with_columns(pl.when(is_known).then(number).alias(VINTAGE))


def _has_revisions(labels: pl.DataFrame, model: type[Table]) -> bool:
    name = revision_column(model)
    return name in labels.columns and labels.get_column(name).null_count() < labels.height


def reprints(labels: pl.DataFrame, model: type[Table]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return the rows of groups that print the same figures in one vintage, by their place in the order of publication.

    Each part is the positions of rows, the n-th of their groups, and the number of each one's group; a row alone has no part.
    """
    if not {*same_figure(model), ORDER} <= {*labels.columns}:
        return []
    group = [*same_figure(model), VINTAGE]
    rows = with_vintages(labels, model).with_row_index("@position").filter(pl.col(VINTAGE).is_not_null())
    rows = rows.filter(pl.struct(group).is_duplicated()).sort(ORDER, ROW)
    if rows.is_empty():
        return []
    numbered = rows.select(
        pl.col("@position").cast(pl.Int64),
        pl.struct(group).rank("dense").cast(pl.Int64).alias("group") - 1,
        pl.int_range(pl.len()).over(group).alias("place"),
    )
    return [
        (part["@position"].to_numpy(), part["group"].to_numpy()) for part in numbered.partition_by("place", maintain_order=True)
    ]


@dataclass(frozen=True, slots=True)
class Spans:
    """For which documents each print holds, by their place in the order of publication: since one, until before another."""

    since: NDArray[np.int64]
    until: NDArray[np.int64]

    def hold(self, position: int, order: int) -> bool:
        """Tell whether the print at a position holds for a document."""
        return bool(self.since[position] <= order < self.until[position])


def spans_of_vintages(labels: pl.DataFrame, model: type[Table], is_printed: NDArray[np.bool_]) -> Spans | None:
    """Return the documents for which each print of a figure holds; None where nothing was revised.

    Args:
        labels: the labels of a table.
        model: what the table is.
        is_printed: the rows that print the figure.
    """
    if not _has_revisions(labels, model):
        return None
    figure = same_figure(model)
    prints = (
        with_vintages(labels, model).select(*figure, ORDER, VINTAGE).with_row_index("@position").filter(pl.Series(is_printed))
    )
    if not prints.select((pl.col(VINTAGE) > 0).any()).item():
        return None
    vintages = prints.group_by([*figure, VINTAGE], maintain_order=True).agg(pl.col(ORDER).min().alias("begins")).sort(VINTAGE)
    is_first = pl.col(VINTAGE) == pl.col(VINTAGE).min().over(figure)
    spans = vintages.with_columns(
        pl.when(is_first).then(-1).otherwise("begins").alias("since"),
        pl.col("begins").shift(-1).over(figure, order_by=VINTAGE).fill_null(_NEVER).alias("until"),
    )
    placed = prints.join(spans, on=[*figure, VINTAGE], nulls_equal=True, maintain_order="left")
    since, until = np.full(labels.height, -1, dtype=np.int64), np.full(labels.height, _NEVER, dtype=np.int64)
    since[placed["@position"]], until[placed["@position"]] = placed["since"].fill_null(-1), placed["until"]
    return Spans(since, until)
