"""Hand-written polars: one streaming select of all counts, and one aggregation for each rule of groups, collected together."""

import polars as pl
from cases import FLAGS, GROUPS, MOST_INVESTIGATED_PCT, MOST_MEAN_YUAN, NUMBER, Task, known

from contenders.polars_columns import scan

PACKAGES = ("polars",)


def check(task: Task) -> dict[str, int]:
    """Check the file."""
    cases = scan(task)
    rows = cases.select(**{rule: (~holds).sum() for rule, holds in rules(task).items()}, **keys())
    counts, *groups = pl.collect_all([rows, *(rule.select(pl.len()) for rule in broken_groups(cases))], engine="streaming")
    return {**counts.row(0, named=True), **{rule: group.item() for rule, group in zip(GROUPS, groups, strict=True)}}


def keys() -> dict[str, pl.Expr]:
    """Return the count of rows that repeat the number of another."""
    number = pl.col("case_number")
    return {"number is unique": number.count() - number.drop_nulls().n_unique()}


def rules(task: Task) -> dict[str, pl.Expr]:
    """Return what holds in good rows; null where nothing can be said."""
    return {
        "number is filled": pl.col("case_number").is_not_null(),
        "area is filled": pl.col("area").is_not_null(),
        "received is filled": pl.col("received_on").is_not_null(),
        "number is well formed": pl.col("case_number").str.contains(NUMBER),
        "area is known": pl.col("area").is_in(known("areas")),
        "court is known": pl.col("court").is_in(known("courts")),
        "outcome is known": pl.col("outcome").is_in(known("outcomes")),
        "received is a day": pl.col("received").is_not_null() | pl.col("received_on").is_null(),
        "closed is a day": pl.col("closed").is_not_null() | pl.col("closed_on").is_null(),
        "amount is not negative": (pl.col("amount") >= 0).fill_null(False) | pl.col("amount_yuan").is_null(),
        "flag is known": pl.col("technical_investigator").is_in(FLAGS),
        "closed is not before received": pl.col("closed") >= pl.col("received"),
        "number bears the year received": pl.col("year") == pl.col("received").dt.year().cast(pl.String),
        **{rule: pl.col("amount") <= limit for rule, limit in task.amount_limits.items()},
        **{rule: (pl.col("closed") - pl.col("received")).dt.total_days() <= limit for rule, limit in task.day_limits.items()},
    }


def broken_groups(cases: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Return, for each rule of groups, the groups that break it."""
    by_month = cases.drop_nulls(["area", "month"]).group_by("area", "month")
    by_outcome = cases.drop_nulls(["area", "outcome"]).group_by("area", "outcome")
    many = pl.col("investigated").sum() * 100 > pl.len() * MOST_INVESTIGATED_PCT
    high = pl.col("amount").sum() > pl.col("amount").count().cast(pl.Int64) * MOST_MEAN_YUAN
    return [by_month.agg(broken=many).filter("broken"), by_outcome.agg(broken=high).filter("broken")]
