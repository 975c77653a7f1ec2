"""Great Expectations on pandas: a suite of its own expectations; what it has none for stands in columns read before."""

import os

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
import pandas as pd
from cases import COLUMNS, FLAGS, GROUPS, MOST_INVESTIGATED_PCT, MOST_MEAN_YUAN, NUMBER, YEAR_OF_NUMBER, YES, Task, known

PACKAGES = ("great-expectations", "pandas")
EITHER_MISSING = "either_value_is_missing"


def check(task: Task) -> dict[str, int]:
    """Check the file."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    cases = read(task)
    found = broken(context, "rows", cases, of_rows(task))
    for rule, (frame, expectation) in zip(GROUPS, of_groups(cases), strict=True):
        found |= broken(context, rule, frame, {rule: expectation})
    return found


def read(task: Task) -> pd.DataFrame:
    """Return the file with its days, numbers and flags read; missing where they cannot be."""
    cases = pd.read_parquet(task.file) if task.is_parquet else pd.read_csv(task.file, dtype="str", usecols=list(COLUMNS))
    received = pd.to_datetime(cases["received_on"], format="%Y-%m-%d", errors="coerce")
    closed = pd.to_datetime(cases["closed_on"], format="%Y-%m-%d", errors="coerce")
    amount = pd.to_numeric(cases["amount_yuan"], errors="coerce")
    return cases.assign(
        received=received,
        closed=closed,
        amount=amount,
        days=(closed - received).dt.days,
        month=cases["received_on"].str.slice(0, 7),
        year=pd.to_numeric(cases["case_number"].str.extract(YEAR_OF_NUMBER, expand=False)),
        year_received=received.dt.year,
        received_reads=received.notna() | cases["received_on"].isna(),
        closed_reads=closed.notna() | cases["closed_on"].isna(),
        amount_reads=(amount >= 0) | cases["amount_yuan"].isna(),
        investigated=cases["technical_investigator"].isin(YES),
    )


def of_rows(task: Task) -> dict[str, gx.expectations.Expectation]:
    """Return the expectation of each rule of rows and of keys."""
    expect = gx.expectations
    return {
        "number is filled": expect.ExpectColumnValuesToNotBeNull(column="case_number"),
        "area is filled": expect.ExpectColumnValuesToNotBeNull(column="area"),
        "received is filled": expect.ExpectColumnValuesToNotBeNull(column="received_on"),
        "number is well formed": expect.ExpectColumnValuesToMatchRegex(column="case_number", regex=NUMBER),
        "area is known": expect.ExpectColumnValuesToBeInSet(column="area", value_set=known("areas")),
        "court is known": expect.ExpectColumnValuesToBeInSet(column="court", value_set=known("courts")),
        "outcome is known": expect.ExpectColumnValuesToBeInSet(column="outcome", value_set=known("outcomes")),
        "received is a day": expect.ExpectColumnValuesToBeInSet(column="received_reads", value_set=[True]),
        "closed is a day": expect.ExpectColumnValuesToBeInSet(column="closed_reads", value_set=[True]),
        "amount is not negative": expect.ExpectColumnValuesToBeInSet(column="amount_reads", value_set=[True]),
        "flag is known": expect.ExpectColumnValuesToBeInSet(column="technical_investigator", value_set=list(FLAGS)),
        "closed is not before received": expect.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="closed", column_B="received", or_equal=True, ignore_row_if=EITHER_MISSING
        ),
        "number bears the year received": expect.ExpectColumnPairValuesToBeEqual(
            column_A="year", column_B="year_received", ignore_row_if=EITHER_MISSING
        ),
        "number is unique": expect.ExpectColumnValuesToBeUnique(column="case_number"),
        **{rule: between("amount", limit) for rule, limit in task.amount_limits.items()},
        **{rule: between("days", limit) for rule, limit in task.day_limits.items()},
    }


def between(column: str, limit: int) -> gx.expectations.Expectation:
    """Return the expectation that a column is not above a limit."""
    return gx.expectations.ExpectColumnValuesToBeBetween(column=column, max_value=limit)


def of_groups(cases: pd.DataFrame) -> list[tuple[pd.DataFrame, gx.expectations.Expectation]]:
    """Return the groups of each rule of groups, and what is expected of them."""
    by_month = cases.groupby(["area", "month"])["investigated"].mean().mul(100).rename("of_group").reset_index()
    by_outcome = cases.groupby(["area", "outcome"])["amount"].mean().rename("of_group").reset_index()
    return [(by_month, between("of_group", MOST_INVESTIGATED_PCT)), (by_outcome, between("of_group", MOST_MEAN_YUAN))]


def broken(context, name: str, frame: pd.DataFrame, expectations: dict[str, gx.expectations.Expectation]) -> dict[str, int]:
    """Return how many rows are unexpected by each expectation."""
    asset = context.data_sources.add_pandas(name).add_dataframe_asset(name)
    batch = asset.add_batch_definition_whole_dataframe(name).get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite(name=name, expectations=list(expectations.values()))
    results = batch.validate(suite, result_format="BASIC").results
    by_kind = {key(result.expectation_config.type, result.expectation_config.kwargs): result for result in results}
    return {
        rule: by_kind[key(each.expectation_type, each.configuration.kwargs)].result.get("unexpected_count", -1)
        for rule, each in expectations.items()
    }


def key(kind: str, arguments: dict[str, object]) -> tuple[str, str, str]:
    """Return what tells an expectation from the others, for results come in an order of their own."""
    return kind, str(arguments.get("column", arguments.get("column_A"))), str(arguments.get("max_value"))
