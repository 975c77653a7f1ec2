"""All rules of rows of a register in one scan, whatever their number: pandera's checks, each taken apart into its expression.

A model's columns and checks become tests; each test is a narwhals expression that is true, false or null in every row, and
one `select` counts them all. A check that gives up no expression is run by pandera alone, on its columns only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
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

from etl.registers.parse import TEXT, UNREAD, reading_rule
from schemas import standing
from schemas.registers import Register, columns, key
from schemas.standing_registers import BY_ID
from schemas.vocabulary import Column, Rule, Severity

Model = type[Register]


@dataclass(frozen=True, slots=True)
class Test:
    """A rule as it applies to rows.

    Attributes:
        rule: the rule.
        column: the column it holds; empty where it holds rows.
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
class Verdict:
    """What a test says of all rows.

    Attributes:
        test: the test.
        failed: number of rows that break the rule.
        not_applicable: number of rows of which it says nothing.
        passed: number of rows that keep it.
        not_run: why it did not run; empty where it did.
    """

    test: Test
    failed: int = 0
    not_applicable: int = 0
    passed: int = 0
    not_run: str = ""

    @property
    def severity(self) -> Severity:
        """The severity of what it found, which may depend on how many rows break the rule."""
        return self.test.rule.severity_of(self.failed, self.passed + self.failed)


def tests(model: Model, types: Collection[str]) -> list[Test]:
    """Give the tests of a model's rows, column by column, then those of rows.

    Args:
        model: the model.
        types: names of the columns that the frame will have, among them `@unread x` where a cell of x may be unreadable.
    """
    found: list[Test] = []
    schema = model.to_schema()
    for column in columns(model):
        found += _of_column(column, schema.columns[column.name].checks, types)
    for check in schema.checks:
        rule = (check.statistics or {}).get("rule") or _rule(check)
        reads = rule.claim.uses if rule.claim else tuple(column.name for column in columns(model))
        found.append(Test(rule, "", _masked(_expression(check, "*"), reads, types), reads, check))
    return found


def _of_column(column: Column, checks: Sequence[Check], types: Collection[str]) -> Iterator[Test]:
    cell, unread = nw.col(column.name), UNREAD + column.name
    if not column.optional:
        is_filled = ~nw.col(TEXT + column.name).is_null() if unread in types else ~cell.is_null()
        yield Test(standing.CELL_IS_FILLED, column.name, is_filled, (column.name,))
    rule = reading_rule(column)
    if rule is not None and unread in types:
        yield Test(rule, column.name, ~nw.col(unread), (column.name,))
    for check in checks:
        yield Test(_rule(check), column.name, _expression(check, column.name), (column.name,), check)


def _rule(check: Check) -> Rule:
    """Give the standing rule that a check is named after, else one that says what pandera says of it."""
    name = check.name or str(check)
    reason = check.description or check.error or name
    return BY_ID.get(name) or Rule(name.replace("_", "-"), f"{reason}.", reason, "error")


def _expression(check: Check, column: str) -> nw.Expr | None:
    """Give the expression that a check is; None where it is none, or is Python code run on each value."""
    if check.element_wise or check.native or check.groupby is not None:
        return None
    empty = nw.from_native(pl.LazyFrame())
    try:
        expression = NarwhalsCheckBackend(_with_every_engine(check)).apply(NarwhalsData(empty, column))
    except Exception:  # What a check of one's own does with an empty frame is up to it; pandera will say what is wrong.
        return None
    return expression if isinstance(expression, nw.Expr) else None


def _with_every_engine(check: Check) -> Check:
    """Give a built-in check that knows narwhals; one of a schema made before pandera 0.35 did is a copy that does not."""
    built_in = Check.CHECK_FUNCTION_REGISTRY.get(getattr(check._check_fn, "__name__", ""))
    if not isinstance(check._check_fn, Dispatcher) or built_in is None:
        return check
    knowing = copy(check)
    knowing._check_fn = built_in
    return knowing


def _masked(expression: nw.Expr | None, reads: Sequence[str], types: Collection[str]) -> nw.Expr | None:
    """Give the expression as null in rows in which a cell that it reads could not be read."""
    unread = [nw.col(UNREAD + name) for name in reads if UNREAD + name in types]
    if expression is None or not unread:
        return expression
    return nw.when(~nw.any_horizontal(*unread, ignore_nulls=False)).then(expression)


ROWS, REJECTED, BLANK_KEYS, BLANK_LINES, BLANKS = "rows", "rejected", "blank keys", "blank lines", "blanks "
HOLDS, _KEPT = "@holds ", "@kept"


def judged(frame: pl.LazyFrame, tests: Sequence[Test], rejecting: Sequence[Test]) -> pl.LazyFrame:
    """Give a frame with the verdict of each test on each row, and whether the row keeps the rejecting ones."""
    verdicts = {f"{HOLDS}{number}": test.holds for number, test in enumerate(tests) if test.holds is not None}
    found: pl.LazyFrame = nw.from_native(frame).with_columns(**verdicts, **{_KEPT: all_hold(rejecting)}).to_native()
    return found


def counted(judged: pl.LazyFrame, tests: Sequence[Test], model: Model, taps: Sequence[pl.Expr]) -> pl.LazyFrame:
    """Give one row of counts of a judged frame; `taps` are shown what they ask for on the way.

    They are the rows, those that break a rejecting test, those that break each test or of which it says nothing, the blank
    cells of each column, the rows without any cell, and those without a part of their key.
    """
    counts = [pl.len().alias(ROWS), (~pl.col(_KEPT)).sum().alias(REJECTED)]
    for number, test in enumerate(tests):
        if test.holds is not None:
            name = f"{HOLDS}{number}"
            counts += [(~pl.col(name)).sum().alias(name), pl.col(name).null_count().alias(f"{name} null")]
    blank = {column.name: pl.col(TEXT + column.name).is_null() for column in columns(model)}
    counts += [pl.col(TEXT + name).null_count().alias(f"{BLANKS}{name}") for name in blank]
    counts.append(pl.all_horizontal(*blank.values()).sum().alias(BLANK_LINES))
    counts.append(pl.any_horizontal(*(blank[name] for name in key(model))).sum().alias(BLANK_KEYS))
    return judged.select(*counts, *(tap.alias(f"tap {number}") for number, tap in enumerate(taps)))


def hashed(key: Sequence[str]) -> pl.Expr:
    """Give 64 bits of a key; null where a part of it is blank."""
    text = pl.col(key[0]) if len(key) == 1 else pl.concat_str(*(pl.col(name).cast(pl.String) for name in key), separator="\x1f")
    return pl.when(text.is_not_null()).then(text.hash(seed=0))


def all_hold(tests: Sequence[Test]) -> nw.Expr:
    """Give whether a row breaks none of the tests."""
    verdicts = [test.holds.fill_null(True) for test in tests if test.holds is not None]
    return nw.all_horizontal(*verdicts, ignore_nulls=False) if verdicts else nw.lit(True)


def verdicts(tests: Sequence[Test], counts: dict[str, Any], frame: pl.LazyFrame) -> list[Verdict]:
    """Give the verdicts from the counts of the one pass; `frame` is for the checks that pandera must run by itself."""
    found = []
    for number, test in enumerate(tests):
        if test.holds is None:
            found.append(_by_pandera(test, counts[ROWS], frame))
            continue
        failed, not_applicable = counts[f"{HOLDS}{number}"] or 0, counts[f"{HOLDS}{number} null"]
        found.append(Verdict(test, failed, not_applicable, counts[ROWS] - failed - not_applicable))
    return found


def _by_pandera(test: Test, rows: int, frame: pl.LazyFrame) -> Verdict:
    """Give the verdict of a check that cannot be taken apart; only its columns are read, but all of their rows at once."""
    assert test.check is not None
    eager = frame.select(test.reads).collect(engine="streaming")
    on_column = {test.column: pa.Column(checks=[test.check], nullable=True)} if test.column else {}
    schema = pa.DataFrameSchema(on_column, checks=[] if test.column else [test.check])
    nulls = eager.get_column(test.column).null_count() if test.column and test.check.ignore_na else 0
    with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
        try:
            schema.validate(eager)
        except SchemaError as error:
            if error.reason_code == SchemaErrorReason.CHECK_ERROR:
                return Verdict(test, not_run=f"{test.rule.id} raises {' '.join(str(error.failure_cases).split())}")
            failed = _height(error.failure_cases)
            return Verdict(test, failed, nulls, rows - failed - nulls)
    return Verdict(test, 0, nulls, rows - nulls)


def _height(failure_cases: object) -> int:
    """Give the number of failure cases; a check that says no more than false fails as a whole, which counts once."""
    try:
        frame = nw.from_native(failure_cases, eager_only=True)  # type: ignore[call-overload]
    except TypeError:
        return 1
    return len(frame)


def evaluable(frame: pl.LazyFrame, tests: Sequence[Test]) -> list[Verdict]:
    """Give the tests that cannot be evaluated over a frame's columns, each with the reason; nothing is read."""
    broken = []
    names = set(frame.collect_schema().names())
    for test in tests:
        absent = [name for name in test.reads if name not in names]
        if absent:
            broken.append(Verdict(test, not_run=f"the column {', '.join(absent)} is missing"))
        elif test.holds is not None:
            try:
                empty = nw.from_native(pl.LazyFrame(schema=frame.collect_schema()))
                empty.select((~test.holds).sum()).collect()
            except (
                Exception,
                pl.exceptions.PanicException,
            ) as error:  # What it raises is up to the rule.
                reason = " ".join(str(error).split())
                broken.append(Verdict(test, not_run=f"{test.rule.id} raises {type(error).__name__}: {reason}"))
    return broken
