"""The rules of a table over its rows: one pass gives every verdict, a second look only at rows that break one.

pandera declares the checks; each gives up its narwhals expression, and all are evaluated in one `select`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl
from pandera.api.checks import Check

from etl.tables.parse import ORDER, ROW
from etl.tables.vintages import VINTAGE, same_figure, with_vintages
from schemas import intervals, standing
from schemas.claims import HIGH, LOW, Claim
from schemas.vocabulary import Column, Rule, Severity, Table, columns


@dataclass(frozen=True, slots=True)
class Test:
    """A rule as it applies to one table: the column it holds (empty: the row) and what gives the expression of its verdict."""

    rule: Rule
    column: str
    holds: Callable[[], nw.Expr]
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule says of a table's rows.

    Attributes:
        rule: the rule.
        column: the column it holds; empty where it holds rows.
        passed: number of rows that keep it.
        not_applicable: number of rows of which it says nothing.
        broken: the rows that break it.
        cut_off: the rows that keep it only if digits were cut off rather than rounded; they count as passed.
        not_run: why it did not run; empty where it did.
    """

    rule: Rule
    column: str
    passed: int = 0
    not_applicable: int = 0
    broken: tuple[int, ...] = ()
    cut_off: tuple[int, ...] = ()
    not_run: str = ""

    @property
    def failed(self) -> int:
        """Number of rows that break the rule."""
        return len(self.broken)

    @property
    def severity(self) -> Severity:
        """The severity of what it finds, which may depend on how many rows break the rule."""
        return self.rule.severity_of(self.failed, self.passed + self.failed)


def claims(model: type[Table]) -> list[Claim]:
    """Give the claims that a model makes, of which some ask for figures of other rows."""
    declared = (check.statistics["rule"].claim for check in model.to_schema().checks)
    return [claim for claim in declared if claim is not None]


def validate(model: type[Table], frame: pl.DataFrame) -> list[Outcome]:
    """Give the outcome of every rule of a model over a frame that holds all its claims' cells.

    A rule whose column the frame lacks, or that cannot be evaluated, is not run, and says why.
    """
    outcomes, tests = [], []
    frame = with_vintages(frame, model)
    for test in _tests(model, frame):
        absent = [name for name in test.reads if name not in frame.columns]
        if absent:
            outcomes.append(Outcome(test.rule, test.column, not_run=f"the column {', '.join(absent)} is missing"))
        else:
            tests.append(test)
    return [*outcomes, *_evaluated(frame, tests)]


def not_asked(model: type[Table]) -> list[Outcome]:
    """Give the outcome of every rule of a model over no rows: it passes none and fails none."""
    return not_run(model, "")


def not_run(model: type[Table], reason: str) -> list[Outcome]:
    """Give the outcome of every rule of a model as not run, for a reason."""
    tests = _tests(model, pl.DataFrame(schema=dict.fromkeys(model.to_schema().columns, pl.Float64)))
    return [Outcome(test.rule, test.column, not_run=reason) for test in tests]


def _tests(model: type[Table], frame: pl.DataFrame) -> Iterator[Test]:
    data = nw.from_native(frame.lazy())
    schema = model.to_schema()
    for name, column in schema.columns.items():
        for check in column.checks:
            rule = standing.BY_ID[check.name]
            yield Test(rule, name, partial(_expression, check, data, name), (name,))
    for column in columns(model):
        if column.is_figure:
            yield _sources_agree(model, column)
    for check in schema.checks:
        rule = check.statistics["rule"]
        reads = (*(cell.name for cell in rule.claim.cells()), *rule.claim.uses)
        yield Test(rule, "", partial(_expression, check, data, "*"), reads)


def _expression(check: Check, data: nw.LazyFrame[Any], column: str) -> nw.Expr:
    from pandera.api.narwhals.types import NarwhalsData  # a check of few tables needs none of these
    from pandera.backends.narwhals.checks import NarwhalsCheckBackend

    expression = NarwhalsCheckBackend(check).apply(NarwhalsData(data, column))
    if not isinstance(expression, nw.Expr):
        raise TypeError(f"The check {check.name} gives no narwhals expression; declare it with `rule`.")
    return expression


def _sources_agree(model: type[Table], column: Column) -> Test:
    """Give the test that a figure can be the number that the documents before print, made at all but the first of a vintage."""
    on, by = [*same_figure(model), VINTAGE], (ORDER, ROW)
    least, most = nw.col(column.name + LOW), nw.col(column.name + HIGH)
    printed = ~nw.col(column.name).is_null() & ~nw.col(VINTAGE).is_null()
    is_reprint = printed & (printed.cast(nw.Int64).cum_sum().over(*on, order_by=by) > 1) & ~(least.is_null() & most.is_null())
    low, high = least.fill_null(-math.inf), most.fill_null(math.inf)
    # The row's own bounds among those before it change nothing: they agree with themselves.
    agrees = (low <= high.cum_min().over(*on, order_by=by)) & (low.cum_max().over(*on, order_by=by) <= high)
    holds = nw.when(is_reprint).then(agrees)
    return Test(standing.SOURCES_AGREE, column.name, lambda: holds, (*on, ORDER, column.name))


def _evaluated(frame: pl.DataFrame, tests: Sequence[Test]) -> list[Outcome]:
    """Give the outcomes of tests; one that cannot be evaluated is not run, and stops none of the others."""
    if not tests:
        return []
    try:
        verdicts = _verdicts(frame, tests).get_columns()
        return [_outcome(frame, test, verdict) for test, verdict in zip(tests, verdicts, strict=True)]
    except (Exception, pl.exceptions.PanicException) as error:  # What an expression raises is up to the rule and to polars.
        if len(tests) > 1:
            return [outcome for test in tests for outcome in _evaluated(frame, [test])]
        reason = " ".join(str(error).split())
        return [Outcome(tests[0].rule, tests[0].column, not_run=f"{tests[0].rule.id} raises {type(error).__name__}: {reason}")]


def _verdicts(frame: pl.DataFrame, tests: Iterable[Test]) -> pl.DataFrame:
    expressions = [test.holds().alias(str(number)) for number, test in enumerate(tests)]
    verdicts: pl.DataFrame = nw.from_native(frame.lazy()).select(*expressions).collect().to_native()
    return verdicts


def _outcome(frame: pl.DataFrame, test: Test, verdict: pl.Series) -> Outcome:
    broken = frame.filter(~verdict)
    cut_off = _kept_if_cut_off(broken, test)
    rows = [row for row in broken.get_column(ROW) if row not in cut_off]
    not_applicable = verdict.null_count()
    passed = frame.height - not_applicable - len(rows)
    return Outcome(test.rule, test.column, passed, not_applicable, tuple(rows), tuple(cut_off))


def _kept_if_cut_off(broken: pl.DataFrame, test: Test) -> list[int]:
    """Give the rows that keep a claim when each rounded figure is read as one whose further digits were cut off."""
    if broken.is_empty() or test.rule.claim is None or test.rule.claim.relation == "holds":
        return []
    verdict = _verdicts(_cut_off(broken), [test]).get_column("0")
    return broken.filter(verdict).get_column(ROW).to_list()


def _cut_off(frame: pl.DataFrame) -> pl.DataFrame:
    """Give the frame with each rounded interval read as one whose further digits were cut off."""
    bounds: dict[str, intervals.Bound] = {}
    for name in (name.removesuffix(LOW) for name in frame.columns if name.endswith(LOW)):
        interval = intervals.cut_off(nw.col(name), nw.col(name + LOW), nw.col(name + HIGH))
        bounds |= {name + LOW: interval.low, name + HIGH: interval.high}
    expressions = {name: intervals.expression(bound) for name, bound in bounds.items()}
    read_anew: pl.DataFrame = nw.from_native(frame).with_columns(**expressions).to_native()
    return read_anew
