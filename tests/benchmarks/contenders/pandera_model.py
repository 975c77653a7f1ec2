"""The rules as a pandera model, for the contenders on pandera; days, numbers and flags are read before it sees the frame."""

import pandera.polars as pa
import polars as pl
from cases import FLAGS, GROUPS, NUMBER, Task, known
from pandera.errors import SchemaErrors

from contenders import hand_written_polars as rules_of

OF_COLUMNS = ("is filled", "is unique", "is well formed", "is known")


def model(task: Task) -> type[pa.DataFrameModel]:
    """Return the model with pandera's own checks of columns, and a check of the frame for each rule that concerns several."""

    class Case(pa.DataFrameModel):
        case_number: str = pa.Field(unique=True, str_matches=NUMBER)
        area: str = pa.Field(isin=known("areas"))
        court: str = pa.Field(isin=known("courts"), nullable=True)
        received_on: str
        closed_on: str = pa.Field(nullable=True)
        outcome: str = pa.Field(isin=known("outcomes"), nullable=True)
        amount_yuan: str = pa.Field(nullable=True)
        technical_investigator: str = pa.Field(isin=FLAGS, nullable=True)

    schema = Case.to_schema()
    of_rows = {rule: holds for rule, holds in rules_of.rules(task).items() if not rule.endswith(OF_COLUMNS)}
    schema.checks += [pa.Check(of_row(holds), name=rule, ignore_na=True) for rule, holds in of_rows.items()]
    schema.checks += [pa.Check(of_group(number), name=rule) for number, rule in enumerate(GROUPS)]
    return schema


def of_row(holds: pl.Expr):
    """Return the check that an expression holds in every row."""
    return lambda data: data.lazyframe.select(holds)


def of_group(number: int):
    """Return the check that no group breaks a rule."""
    return lambda data: rules_of.broken_groups(data.lazyframe)[number].select(pl.len() == 0)


NAMES = {
    ("case_number", "not_nullable"): "number is filled",
    ("area", "not_nullable"): "area is filled",
    ("received_on", "not_nullable"): "received is filled",
    ("case_number", "str_matches"): "number is well formed",
    ("area", "isin"): "area is known",
    ("court", "isin"): "court is known",
    ("outcome", "isin"): "outcome is known",
    ("technical_investigator", "isin"): "flag is known",
    ("case_number", "field_uniqueness"): "number is unique",
}


def found(schema: pa.DataFrameSchema, frame: pl.DataFrame | pl.LazyFrame, task: Task) -> dict[str, int]:
    """Return how many failure cases pandera reports of each rule."""
    counts = dict.fromkeys([*rules_of.rules(task), "number is unique", *GROUPS], 0)
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases.group_by("column", "check").len()
        for column, check, rows in cases.iter_rows():
            name = NAMES.get((column, check.partition("(")[0]), check)
            counts[name] = counts.get(name, 0) + rows
    return counts
