"""Pointblank: one validation plan, a step for each rule; rules of groups are steps on the aggregated table."""

import pointblank as pb
import polars as pl
from cases import FLAGS, GROUPS, NUMBER, Task, known

from contenders import hand_written_polars as rules_of
from contenders.polars_columns import scan

PACKAGES = ("pointblank", "polars")

IN_SETS = {
    "area is known": ("area", "areas"),
    "court is known": ("court", "courts"),
    "outcome is known": ("outcome", "outcomes"),
    "flag is known": ("technical_investigator", ""),
}
FILLED = {"number is filled": "case_number", "area is filled": "area", "received is filled": "received_on"}


def check(task: Task) -> dict[str, int]:
    """Check the file."""
    plan = pb.Validate(scan(task).collect(engine="streaming"))
    names = []
    for rule, holds in rules_of.rules(task).items():
        if rule in FILLED:
            plan = plan.col_vals_not_null(columns=FILLED[rule])
        elif rule in IN_SETS:
            column, codes = IN_SETS[rule]
            allowed = known(codes) if codes else list(FLAGS)
            plan = plan.col_vals_in_set(columns=column, set=[*allowed, None])
        elif rule == "number is well formed":
            plan = plan.col_vals_regex(columns="case_number", pattern=NUMBER, na_pass=True)
        else:
            plan = plan.col_vals_expr(expr=holds.fill_null(True))
        names.append(rule)
    plan = plan.rows_distinct(columns_subset=["case_number"])
    for number in range(len(GROUPS)):
        plan = plan.col_vals_expr(expr=~pl.col("broken"), pre=lambda cases, number=number: groups(cases, number))
    plan = plan.interrogate(collect_extracts=False)
    failed = plan.n_failed()
    return {rule: int(failed[step] or 0) for step, rule in enumerate([*names, "number is unique", *GROUPS], start=1)}


def groups(cases: pl.DataFrame, number: int) -> pl.DataFrame:
    """Return the groups that break a rule of groups."""
    return rules_of.broken_groups(cases.lazy())[number].collect()
