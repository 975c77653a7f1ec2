"""dataframely: a schema whose `filter` parts the rows that keep the rules from those that break one."""

import dataframely as dy
import polars as pl
from cases import FLAGS, GROUPS, MOST_INVESTIGATED_PCT, MOST_MEAN_YUAN, NUMBER, Task, known

from contenders import hand_written_polars as rules_of
from contenders.polars_columns import scan

PACKAGES = ("dataframely", "polars")


def schema(task: Task) -> type[dy.Schema]:
    """Return the schema: rules of columns as dataframely has them, all others as its rules of rows and of groups."""
    own = ("number is filled", "area is filled", "received is filled", "number is well formed")
    of_rows = {rule: holds for rule, holds in rules_of.rules(task).items() if not rule.endswith("is known") and rule not in own}
    members = {
        "case_number": dy.String(nullable=False, unique=True, regex=NUMBER),
        "area": dy.String(nullable=False, check={"known": lambda c: c.is_in(known("areas"))}),
        "court": dy.String(nullable=True, check={"known": lambda c: c.is_in(known("courts"))}),
        "received_on": dy.String(nullable=False),
        "closed_on": dy.String(nullable=True),
        "outcome": dy.String(nullable=True, check={"known": lambda c: c.is_in(known("outcomes"))}),
        "amount_yuan": dy.String(nullable=True),
        "technical_investigator": dy.String(nullable=True, check={"known": lambda c: c.is_in(FLAGS)}),
        "received": dy.Date(nullable=True),
        "closed": dy.Date(nullable=True),
        "amount": dy.Float64(nullable=True),
        "month": dy.String(nullable=True),
        "year": dy.String(nullable=True),
        "investigated": dy.Bool(nullable=True),
        **{rule: dy.rule()(lambda cls, holds=holds: holds) for rule, holds in of_rows.items()},
        GROUPS[0]: dy.rule()(lambda cls: of_known(few_investigated(), "area", "month")),
        GROUPS[1]: dy.rule()(lambda cls: of_known(moderate_amounts(), "area", "outcome")),
    }
    return type("Case", (dy.Schema,), members)


def of_known(holds: pl.Expr, *by: str) -> pl.Expr:
    """Return whether a rule holds in the group of a row; in one of blanks it does."""
    return holds.over(*by) | pl.any_horizontal(pl.col(name).is_null() for name in by)


def few_investigated() -> pl.Expr:
    """Return whether few cases of a group have an investigator."""
    return pl.col("investigated").sum() * 100 <= pl.len() * MOST_INVESTIGATED_PCT


def moderate_amounts() -> pl.Expr:
    """Return whether the amounts of a group are moderate on the mean."""
    return pl.col("amount").sum() <= pl.col("amount").count().cast(pl.Int64) * MOST_MEAN_YUAN


NAMES = {
    "case_number|unique": "number is unique",
    "case_number|nullability": "number is filled",
    "area|nullability": "area is filled",
    "received_on|nullability": "received is filled",
    "case_number|regex": "number is well formed",
    "area|check__known": "area is known",
    "court|check__known": "court is known",
    "outcome|check__known": "outcome is known",
    "technical_investigator|check__known": "flag is known",
}


def check(task: Task) -> dict[str, int]:
    """Check the file."""
    _, failures = schema(task).filter(scan(task).collect(engine="streaming"))
    counts = {NAMES.get(name, name): rows for name, rows in failures.counts().items()}
    return {rule: counts.get(rule, 0) for rule in [*rules_of.rules(task), "number is unique", *GROUPS]}
