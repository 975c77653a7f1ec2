"""Vintages: which prints of a figure belong together, in the order in which their documents came out.

The first print of a figure and its unchanged reprints are one vintage; a row that is marked as revised begins the next.
Prints of one vintage must agree. A document can only have reckoned with what was printed by then, so a vintage holds from
the document that begins it until the one that begins the next, and the first of all holds of everything before too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from etl.figures.periods import span
from etl.project import Source
from etl.tables.parse import ORDER, PERIOD_END, PERIOD_START, ROW
from schemas.vocabulary import Area, Category, Revision, Table, columns

VINTAGE, SINCE, UNTIL = "vintage", "vintage__since", "vintage__until"

_NEVER = 2**31 - 1


def publication_order(sources: Iterable[Source]) -> dict[str, int]:
    """Give each document's place, from 0, in the order of publication.

    A document without a date came out when the period it reports on was over, one without either before all others; of
    documents of one day the order of the list decides.
    """
    listed = list(sources)
    month = span(pl.col("period")).struct.field("end")
    last_day = pl.date(month // 12, month % 12 + 1, 1).dt.offset_by("-1d").cast(pl.String)
    periods = pl.DataFrame({"period": [source.period for source in listed]}, schema={"period": pl.String})
    ends = periods.select(last_day).to_series().to_list()
    days = [source.published_on or end or "" for source, end in zip(listed, ends, strict=True)]
    return {listed[each].id: place for place, each in enumerate(sorted(range(len(listed)), key=days.__getitem__))}


def same_figure(model: type[Table]) -> list[str]:
    """Give the columns on which two rows agree that print the same figures: area, span and categories."""
    labels = [column.name for column in columns(model) if isinstance(column.dtype, Area | Category)]
    return [*labels, PERIOD_START, PERIOD_END]


def revision_column(model: type[Table]) -> str:
    """Give the name of the column that marks revisions."""
    return next(column.name for column in columns(model) if isinstance(column.dtype, Revision))


def with_vintages(frame: pl.DataFrame, model: type[Table]) -> pl.DataFrame:
    """Give a table's frame with the vintage of each row: how many revisions of its key there have been, its own included.

    A row that cannot be told from others, for a label or document of its is not known, has none.
    """
    figure = same_figure(model)
    number = pl.lit(0, pl.Int32)
    if frame.get_column(revision_column(model)).null_count() < frame.height:
        is_revised = pl.col(revision_column(model)).is_not_null().cast(pl.Int32)
        number = is_revised.cum_sum().over(figure, order_by=[ORDER, ROW])
    is_known = pl.all_horizontal(pl.col(figure).is_not_null(), pl.col(ORDER) >= 0)
    return frame.with_columns(pl.when(is_known).then(number).alias(VINTAGE))


def with_spans(prints: pl.DataFrame, on: Sequence[str]) -> pl.DataFrame:
    """Give prints of a figure, each with the span of documents of which its vintage holds: since one, until before another.

    Args:
        prints: rows that print the figure, with their vintage.
        on: the columns on which two rows agree that print the same figure.
    """
    vintages = prints.group_by([*on, VINTAGE], maintain_order=True).agg(pl.col(ORDER).min().alias("begins")).sort(VINTAGE)
    is_first = pl.col(VINTAGE) == pl.col(VINTAGE).min().over(on)
    spans = vintages.with_columns(
        pl.when(is_first).then(-1).otherwise("begins").alias(SINCE),
        pl.col("begins").shift(-1).over(on, order_by=VINTAGE).fill_null(_NEVER).alias(UNTIL),
    )
    return prints.join(spans.drop("begins"), on=[*on, VINTAGE], nulls_equal=True, maintain_order="left")


def holds_at(order: pl.Expr) -> pl.Expr:
    """Whether a print holds of a document at a place in the order of publication."""
    return (pl.col(SINCE) <= order) & (order < pl.col(UNTIL))
