"""Compare the scan's verdicts with pandera's `validate`, on generated frames."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import new_class
from typing import Any

import narwhals.stable.v1 as nw
import pandera.polars as pa
import polars as pl
from hypothesis import Phase, given, settings
from pandera.config import ValidationDepth, config_context, set_config
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors
from register_models import DAYS_OF_FLOW, FLOW, MEANING, by_value, is_short, raising, registers
from register_projects import with_files

from etl.catalogue import RegisterEntry
from etl.gate.check import Checked
from etl.project import Project
from etl.registers.check import CheckedRegister, check_register
from etl.registers.progress import Say, silent
from etl.registers.raw_files import raw_files
from etl.registers.reader import RegisterReader
from etl.registers.scan import ROW, open_file
from etl.registers.scan_checks import ScanResult, scan_register
from schemas.builtin_rules import CELL_IS_FILLED
from schemas.registers import Name, Register, columns, key

Verdicts = dict[tuple[str, str], list[int] | int | str]
"""By column and check: the rows that fail; how many, where no more is known; or that it raises."""

RAISES = "raises"


@contextmanager
def full_depth(*, narwhals: bool) -> Iterator[None]:
    """Validate the data with pandera, by its backend for polars or for narwhals."""
    with warnings.catch_warnings(action="ignore", category=UserWarning):
        set_config(use_narwhals_backend=narwhals)
    try:
        with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            yield
    finally:
        with warnings.catch_warnings(action="ignore", category=UserWarning):
            set_config(use_narwhals_backend=False)


def by_pandera(model: type[Register], frame: pl.DataFrame) -> tuple[Verdicts, list[int]]:
    """Collect what pandera reports of each check, and the rows with repeated keys.

    Its backend for polars knows no narwhals expressions; that for narwhals needs pyarrow to tell of more than one check.
    """
    said: Verdicts = {}
    again: list[int] = []
    schema = model.to_schema()
    with full_depth(narwhals=False):
        try:
            model.validate(frame, lazy=True)
        except SchemaErrors as errors:
            for error in errors.schema_errors:
                if error.reason_code is SchemaErrorReason.DUPLICATES:
                    again = failing(frame, error.check_output)
                else:
                    said |= verdict(frame, error)
    with full_depth(narwhals=True):
        for column, check in narwhals_checks(schema):
            said.pop((column, check.name), None)
            of_column = {column: pa.Column(checks=[check], nullable=True)} if column else {}
            try:
                pa.DataFrameSchema(of_column, checks=[] if column else [check]).validate(frame)
            except SchemaError as error:
                said |= verdict(frame, error)
    return said, again


def narwhals_checks(schema: pa.DataFrameSchema) -> list[tuple[str, pa.Check]]:
    """List the checks that are narwhals expressions, each with its column, if any."""
    of_columns = [(name, check) for name, column in schema.columns.items() for check in column.checks]
    checks = [*of_columns, *(("", check) for check in schema.checks)]
    return [(name, check) for name, check in checks if not check.native]


def verdict(frame: pl.DataFrame, error: SchemaError) -> Verdicts:
    """Extract column and check of an error; None of types, which concern reading."""
    column = error.schema.name if isinstance(error.schema, pa.Column) else ""
    match error.reason_code:
        case SchemaErrorReason.SERIES_CONTAINS_NULLS:
            return {(column, CELL_IS_FILLED.id): failing(frame, error.check_output)}
        case SchemaErrorReason.CHECK_ERROR:
            return {(column, error.check.name): RAISES}
        case SchemaErrorReason.DATAFRAME_CHECK:
            return {(column, error.check.name): failing(frame, error.check_output)}
    return {}


def failing(frame: pl.DataFrame, check_output: Any) -> list[int]:
    """List the rows in which the output of a check is false."""
    if isinstance(check_output, nw.Expr):
        native = nw.from_native(frame).with_columns(check_output=check_output).to_native()
    else:
        native = nw.to_native(check_output, pass_through=True)
    output: pl.DataFrame = native.collect() if isinstance(native, pl.LazyFrame) else native
    return output.get_column("check_output").fill_null(True).not_().arg_true().to_list()


def project_of(frame: pl.DataFrame, folder: Path) -> Project:
    """Write a project with a Parquet file of a frame."""
    written = io.BytesIO()
    frame.write_parquet(written)
    return with_files(folder, {"raw/any/things.parquet": written.getvalue()})


def entry_of(model: type[Register]) -> RegisterEntry:
    return RegisterEntry("any.things", model, lambda flow: flow)


def scanned(model: type[Register], frame: pl.DataFrame, folder: Path) -> ScanResult:
    """Check a Parquet file of the frame by one scan."""
    entry = entry_of(model)
    (raw,), _ = raw_files(project_of(frame, folder), entry.address)
    scan = open_file(raw, entry.address, columns(model)).scan
    assert scan is not None
    return scan_register(RegisterReader(entry, (scan,)), {}, silent)


def by_one_pass(found: ScanResult) -> tuple[Verdicts, list[int]]:
    """Convert the result of the scan to the same form."""
    said: Verdicts = {}
    for verdict in found.verdicts:
        test = verdict.test
        name = CELL_IS_FILLED.id if test.check is None else str(test.check.name)
        rows = [each.row for each in found.failures if each.test is test]
        assert verdict.passed + verdict.failed + verdict.not_applicable == (0 if verdict.not_run else found.rows)
        assert test.holds is None or verdict.failed == len(rows)
        if verdict.not_run:
            said[test.column, name] = RAISES
        elif verdict.failed:
            said[test.column, name] = verdict.failed if test.holds is None else rows
    return said, found.repeated({}).select(ROW).to_series().to_list()


@settings(max_examples=60, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(registers())
def test_the_one_pass_gives_the_verdicts_of_pandera(register: tuple[type[Register], pl.DataFrame]) -> None:
    model, frame = register
    with TemporaryDirectory() as folder:
        ours, again = by_one_pass(scanned(model, frame, Path(folder)))
        theirs, duplicates = by_pandera(model, frame)
    assert again == later_ones(frame.select(key(model)), duplicates)
    for name in ours.keys() | theirs.keys():
        our, their = ours.get(name), theirs.get(name)
        assert (our == len(their)) if isinstance(our, int) and isinstance(their, list) else (our == their), name


def later_ones(keys: pl.DataFrame, rows: list[int]) -> list[int]:
    """List the repeated rows but the first of a key; blank keys are not compared."""
    whole = [row for row in rows if None not in keys.row(row)]
    return [row for row in whole if any(keys.row(other) == keys.row(row) for other in whole if other < row)]


def things(frame: pl.DataFrame, folder: Path, say: Say = silent, **body: Any) -> CheckedRegister:
    """Check a register of one column `c0` with a check of its own."""
    names = {"c0": Name, **DAYS_OF_FLOW}
    declared = {"__doc__": "Things.", "__annotations__": names}
    declared |= {name: pa.Field(nullable=True, metadata=MEANING) for name in names}
    options = {"zh": "物", "key": ("c0",), "flow": FLOW}
    model = new_class("Things", (Register,), options, lambda space: space.update(declared | body))
    days = {name: pl.lit(None, pl.Date) for name in DAYS_OF_FLOW}
    project = project_of(frame.with_columns(area=pl.lit("330200"), **days), folder)
    found = check_register(project, entry_of(model), {}, lambda table: (), (), say)
    assert found is not None
    return found


def test_a_check_that_cannot_be_vectorised_runs_and_is_reported(tmp_path: Path) -> None:
    own = pa.check("c0", element_wise=True, name="own")(by_value(is_short))
    said: list[str] = []
    found = things(pl.DataFrame({"c0": ["a", "abc", "abcd", None]}), tmp_path, lambda text: said.append(text.en), own_c0=own)
    assert said == ["the check own of any.things.c0 cannot be taken apart; pandera runs it by itself, on its columns in memory"]
    (outcome,) = [each for each in found.outcomes if each.rule.id == "own"]
    assert (outcome.failed, outcome.not_applicable, outcome.passed) == (2, 1, 1)
    (finding,) = [each for each in found.findings if each.rule == "own"]
    assert (finding.more, finding.column) == (1, "c0")
    assert finding.message.en.startswith("2 rows break it, of which pandera does not say where they stand.")


def test_a_check_that_raises_did_not_run_and_says_why(tmp_path: Path) -> None:
    for number, own in enumerate((pa.check("c0", native=False, name="own")(raising), pa.check("c0", name="own")(raising))):
        found = things(pl.DataFrame({"c0": ["a"]}), tmp_path / str(number), own_c0=own)
        (outcome,) = [each for each in found.outcomes if each.rule.id == "own"]
        assert "this check is wrong" in outcome.not_run.en
        assert (outcome.failed, outcome.passed) == (0, 0)
        assert Checked({}, {"any.things": list(found.outcomes)}, [], []).exit_code("error") == 2
