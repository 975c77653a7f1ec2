"""Compile pandera's checks of rows into expressions that one scan evaluates.

A model's columns and checks become tests; each test is a narwhals expression that is true, false or null in every row. A check
that has no expression is run by pandera alone, on its columns only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

import narwhals.stable.v1 as nw
import pandera.backends.narwhals.builtin_checks  # noqa: F401  pandera 0.35 must know them before a check is applied
import pandera.polars as pa
import polars as pl
from pandera.api.checks import Check
from pandera.api.function_dispatch import Dispatcher
from pandera.api.narwhals.types import NarwhalsData
from pandera.backends.narwhals.checks import NarwhalsCheckBackend
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaError, SchemaErrorReason

from etl.registers.parse import TEXT, UNREAD, YEAR_OF, reading_rule
from schemas import builtin_rules
from schemas.builtin_register_rules import BY_ID
from schemas.evaluation import missing_columns, rule_raises
from schemas.models import Column, Rule, Severity
from schemas.registers import Day, Register, columns
from schemas.texts import NO_TEXT, Text

ROWS, REJECTED, BLANK_KEYS = "rows", "rejected", "blank keys"
"""Names of counts."""

HOLDS = "@holds "


@dataclass(frozen=True, slots=True)
class RowTest:
    """Rule as it applies to rows.

    Attributes:
        rule: the rule.
        column: the column whose cells it is about; empty where it is about rows.
        holds: its verdict on every row; None for a check that pandera must run.
        reads: the columns it reads.
        check: the check it was taken from; None for a rule that pandera does not hold as one.
    """

    rule: Rule
    column: str
    holds: nw.Expr | None
    reads: tuple[str, ...]
    check: Check | None = None


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """Verdict of a test on all rows.

    Attributes:
        test: the test.
        failed: number of rows that break the rule.
        not_applicable: number of rows to which it does not apply.
        passed: number of rows that keep it.
        not_run: why it did not run; empty where it did.
    """

    test: RowTest
    failed: int = 0
    not_applicable: int = 0
    passed: int = 0
    not_run: Text = NO_TEXT

    @property
    def severity(self) -> Severity:
        """Severity of the breaches, which may depend on how many rows break the rule."""
        return self.test.rule.severity_of(self.failed, self.passed + self.failed)


def row_tests(model: type[Register], names: Collection[str]) -> list[RowTest]:
    """List the tests of a model's rows over a frame with columns of these names.

    Those of columns come first, then those of whole rows.
    """
    found: list[RowTest] = []
    schema = model.to_schema()
    for column in columns(model):
        found += _of_column(column, schema.columns[column.name].checks, names)
    for check in schema.checks:
        rule = (check.statistics or {}).get("rule") or _rule(check)
        reads = rule.constraint.uses if rule.constraint else tuple(column.name for column in columns(model))
        holds, unread = _expression(check, "*"), [nw.col(UNREAD + name) for name in reads if UNREAD + name in names]
        if holds is not None and unread:
            holds = nw.when(~nw.any_horizontal(*unread, ignore_nulls=False)).then(holds)
        found.append(RowTest(rule, "", holds, reads, check))
    return found


def _of_column(column: Column, checks: Sequence[Check], names: Collection[str]) -> Iterator[RowTest]:
    name, unread = column.name, UNREAD + column.name
    if not column.optional:
        yield RowTest(builtin_rules.CELL_IS_FILLED, name, ~nw.col(TEXT + name if unread in names else name).is_null(), (name,))
    rule = reading_rule(column)
    if rule is not None and unread in names:
        yield RowTest(rule, name, ~nw.col(unread), (name,))
    for check in checks:
        yield RowTest(_rule(check), name, _expression(check, name), (name,), check)


def _rule(check: Check) -> Rule:
    """Return the built-in rule that a check names, else make one from its text."""
    name = check.name or str(check)
    reason = check.description or check.error or name
    return BY_ID.get(name) or Rule(name.replace("_", "-"), f"{reason}.", reason, "error")


def _expression(check: Check, column: str) -> nw.Expr | None:
    """Return the expression of a check; None where it is Python run on each value."""
    if check.element_wise or check.native or check.groupby is not None:
        return None
    # A built-in check of a schema made before narwhals' checks were known is a copy that does not know them.
    built_in = Check.CHECK_FUNCTION_REGISTRY.get(getattr(check._check_fn, "__name__", ""))
    if isinstance(check._check_fn, Dispatcher) and built_in is not None:
        check = copy(check)
        check._check_fn = built_in
    try:
        expression = NarwhalsCheckBackend(check).apply(NarwhalsData(nw.from_native(pl.LazyFrame()), column))
    except Exception:  # What a check of one's own does with an empty frame is up to it; pandera will say what is wrong.
        return None
    return expression if isinstance(expression, nw.Expr) else None


def look_up_years(tests: Iterable[RowTest], columns: Sequence[Column]) -> list[RowTest]:
    """Let tests read the text of a day's year from `@year x`, which takes less time than to write it."""
    days = {column.name for column in columns if isinstance(column.dtype, Day)}
    return [test if test.holds is None else replace(test, holds=_with_years(test.holds, days)) for test in tests]


def _with_years(expression: nw.Expr, days: Collection[str]) -> nw.Expr:
    nodes: list[Any] = []
    for node in expression._nodes:
        of: Sequence[str] = nodes[-2].kwargs.get("names", ()) if [each.name for each in nodes[-2:]] == ["col", "dt.year"] else ()
        if node.name == "cast" and node.kwargs["dtype"] == nw.String and len(of) == 1 and of[0] in days:
            nodes[-2:] = nw.col(YEAR_OF + of[0])._nodes
        else:
            inner = [_with_years(each, days) if isinstance(each, nw.Expr) else each for each in node.exprs]
            nodes.append(with_inner(node, inner))
    return type(expression)(*nodes)


def with_inner(node: Any, inner: list[Any]) -> Any:
    """Return a node of an expression with other expressions within it."""
    if all(one is other for one, other in zip(inner, node.exprs, strict=True)):
        return node
    options = {"str_as_lit": node.str_as_lit, "allow_multi_output": node.allow_multi_output, **node.kwargs}
    return type(node)(node.kind, node.name, exprs=tuple(inner), **options)


def all_hold(tests: Sequence[RowTest]) -> nw.Expr:
    """Return the expression that a row breaks no test."""
    verdicts = [test.holds.fill_null(True) for test in tests if test.holds is not None]
    return nw.all_horizontal(*verdicts, ignore_nulls=False) if verdicts else nw.lit(True)


def split_evaluable(frame: pl.LazyFrame, tests: Sequence[RowTest]) -> tuple[list[RowTest], list[RowVerdict]]:
    """Split tests into evaluable ones, and verdicts on why the others did not run."""
    evaluable, broken = [], []
    schema = frame.collect_schema()
    for test in tests:
        absent = [name for name in test.reads if name not in schema]
        reason = missing_columns(absent) if absent else NO_TEXT
        if not absent and test.holds is not None:
            try:
                nw.from_native(pl.LazyFrame(schema=schema)).select((~test.holds).sum()).collect()
            except (Exception, pl.exceptions.PanicException) as error:  # What it raises is up to the rule.
                reason = rule_raises(test.rule.id, f"{type(error).__name__}: {' '.join(str(error).split())}")
        if reason:
            broken.append(RowVerdict(test, not_run=reason))
        else:
            evaluable.append(test)
    return evaluable, broken


def row_verdicts(tests: Sequence[RowTest], counts: Mapping[str, Any], frame: pl.LazyFrame) -> list[RowVerdict]:
    """Compute verdicts from counts of `@holds n` and `@holds n null`.

    `frame` is for the checks that pandera must run.
    """
    found = []
    for number, test in enumerate(tests):
        if test.holds is None:
            found.append(_run_by_pandera(test, counts[ROWS], frame))
            continue
        failed, not_applicable = counts[f"{HOLDS}{number}"] or 0, counts[f"{HOLDS}{number} null"]
        found.append(RowVerdict(test, failed, not_applicable, counts[ROWS] - failed - not_applicable))
    return found


def _run_by_pandera(test: RowTest, rows: int, frame: pl.LazyFrame) -> RowVerdict:
    """Run a check that cannot be compiled, on all rows of its columns at once."""
    assert test.check is not None
    eager = frame.select(test.reads).collect(engine="streaming")
    on_column = {test.column: pa.Column(checks=[test.check], nullable=True)} if test.column else {}
    schema = pa.DataFrameSchema(on_column, checks=[] if test.column else [test.check])
    nulls = eager.get_column(test.column).null_count() if test.column and test.check.ignore_na else 0
    failed = 0
    with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
        try:
            schema.validate(eager)
        except SchemaError as error:
            if error.reason_code == SchemaErrorReason.CHECK_ERROR:
                return RowVerdict(test, not_run=rule_raises(test.rule.id, " ".join(str(error.failure_cases).split())))
            failed = _height(error.failure_cases)
    return RowVerdict(test, failed, nulls, rows - failed - nulls)


def _height(failure_cases: object) -> int:
    """Count failure cases; a check that fails as a whole counts once."""
    try:
        return len(nw.from_native(failure_cases, eager_only=True))  # type: ignore[call-overload]
    except TypeError:
        return 1
