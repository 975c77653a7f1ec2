"""Implement pandera's `validate` for tables with the gate's evaluator."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandera.polars as pa
import polars as pl
from pandera.api.polars.container import DataFrameSchema
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrors

from schemas.builtin_rules import KEY_IS_UNIQUE, SOURCES_AGREE
from schemas.code_lists import PACKAGE_LISTS
from schemas.constraints import suspect_of
from schemas.evaluation import Evaluation, RowVerdicts, RuleNotRunError, sources_agree
from schemas.figure_table import FigureTable, of_frame
from schemas.models import figures, key, rules

if TYPE_CHECKING:
    from schemas.models import Table
    from schemas.rule_declarations import Rule

MARK = "_mark"
"""Ends the name of the column of a figure's marks."""


def validate(model: type[Table], frame: Any, **options: Any) -> Any:
    """Validate a polars frame as `etl check` does, as far as a frame alone allows.

    What rests on figures of other tables, on documents or on code lists is beyond it. A figure `x` may have bounds, `x_low` and
    `x_high`; without them its value is exact. A required figure is null only where `x_mark` has the mark that is printed in
    its place. A lazy frame is judged too, not only its names and types.

    Args:
        model: what the frame is a table of.
        frame: one row per row of the table.
        options: those of pandera's `validate`, such as `lazy=True` for all findings at once.

    Raises:
        SchemaError, SchemaErrors: the frame breaks a rule; `failure_cases` names the rule (`check`), row (`index`) and column.
    """
    try:
        with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            return _schema(model, frame).validate(frame, **options)
    except SchemaErrors as errors:
        errors.failure_cases = _with_columns_of_rules(model, errors.failure_cases)
        raise


def _schema(model: type[Table], frame: Any) -> DataFrameSchema:
    """Return a model's schema with built-in rules; optional columns may be missing, and figures that are marked."""
    is_of_polars = isinstance(frame, pl.DataFrame | pl.LazyFrame)
    marked = {name.removesuffix(MARK) for name in frame.collect_schema().names() if name.endswith(MARK)} if is_of_polars else ()
    schema = copy.deepcopy(model.to_schema())
    for each in schema.columns.values():
        each.required = not each.nullable
    for column in figures(model):
        schema.columns[column.name].checks.append(_check(SOURCES_AGREE, lambda data: _sources_agree(model, data)))
        if column.name in marked and not column.optional:
            schema.columns[column.name].nullable = True
            schema.columns[column.name].checks.append(pa.Check(_is_printed, name="not_nullable", ignore_na=False))
    schema.checks.append(_check(KEY_IS_UNIQUE, lambda data: data.lazyframe.select(~pl.struct(key(model)).is_duplicated())))
    return schema


def _check(rule: Rule, judge: Callable[[Any], pl.LazyFrame]) -> pa.Check:
    return pa.Check(judge, name=rule.id, description=rule.reason)


def _is_printed(data: Any) -> pl.LazyFrame:
    """Tell of each row whether it has a figure, or a mark in its place."""
    mark = pl.col(f"{data.key}{MARK}")
    is_marked = mark.cast(pl.String).str.strip_chars().str.len_chars().fill_null(0) > 0
    frame: pl.LazyFrame = data.lazyframe
    return frame.select((pl.col(data.key).is_not_null() | is_marked).alias(data.key))


def _sources_agree(model: type[Table], data: Any) -> pl.LazyFrame:
    return _as_column(data.key, sources_agree(_table(model, data.lazyframe), data.key))


def row_verdicts(model: type[Table], rule: Rule, frame: pl.LazyFrame) -> pl.LazyFrame:
    """Return one column named by the rule: whether each row keeps it, or null."""
    table = _table(model, frame)
    try:
        return _as_column(rule.id, Evaluation({table.address: table}, PACKAGE_LISTS.parents).verdicts(table.address, rule))
    except RuleNotRunError:  # a column is missing, which pandera reports itself
        return frame.select(pl.lit(None, pl.Boolean).alias(rule.id))


def _table(model: type[Table], frame: pl.LazyFrame) -> FigureTable:
    return of_frame(model, frame.collect(), address_of(model))


def _as_column(name: str, verdicts: RowVerdicts) -> pl.LazyFrame:
    answers = pl.LazyFrame({"known": verdicts.known, "keeps": ~verdicts.broken})
    return answers.select(pl.when("known").then("keeps").alias(name))


def _with_columns_of_rules(model: type[Table], cases: pl.DataFrame) -> pl.DataFrame:
    """Name, for each finding of a rule of rows, the column to look at first."""
    first = {rule.id: suspect_of(rule.constraint) for rule in rules(model) if rule.constraint}
    named = {rule_id: cell.column for rule_id, cell in first.items() if cell}
    column = pl.col("check").replace_strict(named, default=pl.col("column"), return_dtype=pl.String)
    return cases.with_columns(column.alias("column"))


def address_of(model: type[Table]) -> str:
    """Return the address of a model: `schemas.courts.Caseload` is `courts.caseload`."""
    table = re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()
    return f"{model.__module__.rpartition('.')[2]}.{table}"
