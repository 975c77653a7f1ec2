"""What the one pass says of rows is what pandera's own `validate` says, over generated models and frames."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from types import new_class
from typing import Any

import narwhals.stable.v1 as nw
import pandera.polars as pa
import polars as pl
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pandera.config import ValidationDepth, config_context, set_config
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors
from register_projects import with_files

from etl.catalogue import RegisterEntry
from etl.registers.counting import Counted as CountedRows
from etl.registers.counting import count
from etl.registers.keys import repeated
from etl.registers.parse import TYPES
from etl.registers.progress import Say, silent
from etl.registers.raw_files import raw_files
from etl.registers.scan import ROW, opened
from schemas import rules
from schemas.registers import Counted, Day, Flag, Flow, Identifier, Money, Name, Register, columns, key
from schemas.standing import CELL_IS_FILLED
from schemas.vocabulary import Meaning, rule

Verdicts = dict[tuple[str, str], list[int] | int | str]
"""By column and check: the rows that fail; how many, where no more is known; or that it raises."""

RAISES = "raises"
MEANING = {"meaning": Meaning("列", "column")}
DAYS_OF_FLOW = {"opens": Day, "closes": Day}
FLOW = Flow("opens", "closes", *(Counted(each, "数", "number") for each in ("opened", "closed", "open")))
TEXTS = st.sampled_from(["a", "ab", "abc", "b c", "é", "甲乙", "a.b"])
DAYS = st.dates(date(2030, 12, 30), date(2031, 1, 2))
CELLS: dict[type, st.SearchStrategy[Any]] = {
    Identifier: st.sampled_from(["a", "b", "ab", "ba", "A", "é", "abc"]),
    Name: TEXTS | st.just("a\nb"),
    Day: DAYS,
    Money: st.sampled_from(["-0.01", "0", "0.01", "5", "1000000"]).map(Decimal),
    Flag: st.booleans(),
}
OF_TEXTS = [
    {"isin": ["a", "ab", "甲乙"]}, {"notin": ["a", "é"]}, {"str_startswith": "a"}, {"str_endswith": "b"}, {"str_contains": "b|é"},
    {"str_length": {"min_value": 2, "max_value": 2}}, {"eq": "a"}, {"ne": "a"},
]  # fmt: skip
OF_DAYS = [
    {"ge": date(2031, 1, 1)},
    {"le": date(2030, 12, 31)},
    {"in_range": {"min_value": date(2030, 12, 31), "max_value": date(2031, 1, 1)}},
]
OF_MONEY = [{"gt": 0}, {"lt": 5}, {"in_range": {"min_value": 0, "max_value": 5}}, {"isin": [Decimal("5"), Decimal("0.01")]}]
BUILT_IN: dict[type, list[dict[str, Any]]] = {
    Identifier: OF_TEXTS, Name: OF_TEXTS, Day: OF_DAYS, Money: OF_MONEY, Flag: [{"eq": True}, {"ne": True}]
}  # fmt: skip


def is_short(value: object) -> bool:
    return len(str(value)) < 3


def divides(value: object) -> bool:
    return 1 // (len(str(value)) - 2) < 9


OWN_EXPRESSIONS: list[Callable[[nw.Expr], nw.Expr]] = [
    lambda cell: cell != cell.min(),
    lambda cell: ~cell.is_null(),
    lambda cell: cell == cell,
    lambda cell: cell.cast(nw.String).str.len_chars() < 4,
    lambda cell: cell.dt.year() == 2031,
    lambda cell: cell.is_unique(),
]


def by_expression(expression: Callable[[nw.Expr], nw.Expr]) -> Callable[[Any, nw.Expr], nw.Expr]:
    return lambda cls, cell: expression(cell)


def by_value(test: Callable[[object], bool]) -> Callable[[Any, object], bool]:
    return lambda cls, value: test(value)


def in_polars(cls: Any, data: Any) -> pl.LazyFrame:
    """A check in the words of polars, which pandera alone can run."""
    result: pl.LazyFrame = data.lazyframe.select(pl.col(data.key).cast(pl.String).str.len_chars() < 4)
    return result


def raising(cls: Any, cell: object) -> object:
    raise ValueError("this check is wrong")


@st.composite
def models(draw: st.DrawFn) -> type[Register]:
    """A register with columns of every kind, some optional, and checks of every kind."""
    kinds = [Identifier, *draw(st.lists(st.sampled_from(list(CELLS)), max_size=4))]
    names = {f"c{number}": kind for number, kind in enumerate(kinds)}
    body: dict[str, Any] = {"__doc__": "Things. One row per thing.", "__annotations__": {**names, **DAYS_OF_FLOW}}
    body |= {name: pa.Field(nullable=True, metadata=MEANING) for name in DAYS_OF_FLOW}
    for name, kind in names.items():
        checks = draw(st.sampled_from([{}, *BUILT_IN[kind]]))
        meaning = {"meaning": Meaning("列", "column"), "pattern": "^[a-b]{1,2}$"}
        body[name] = pa.Field(nullable=name != "c0" and draw(st.booleans()), metadata=meaning, **checks)
        own = draw(st.sampled_from(["", "expression", "value", "polars", "raises"]))
        if own == "expression":
            body[f"own_{name}"] = pa.check(name, native=False, name="own")(by_expression(draw(st.sampled_from(OWN_EXPRESSIONS))))
        if own == "value":
            body[f"own_{name}"] = pa.check(name, element_wise=True, name="own")(
                by_value(draw(st.sampled_from([is_short, divides])))
            )
        if own == "polars":
            body[f"own_{name}"] = pa.check(name, name="own")(in_polars)
        if own == "raises":
            body[f"own_{name}"] = pa.check(name, native=draw(st.booleans()), name="own")(raising)
    days = [name for name, kind in names.items() if kind is Day]
    if len(days) > 1:
        body["later_is_later"] = rule(zh="后")(later_is_later(days[1], days[0]))
    if len(names) > 1:
        body["both_are_filled"] = rule(zh="同")(both_are_filled("c1", "c0"))
    key = tuple(draw(st.permutations(list(names)))[: draw(st.integers(1, 2))])
    return new_class("Things", (Register,), {"zh": "物", "key": key, "flow": FLOW}, lambda space: space.update(body))


def later_is_later(later: str, earlier: str) -> Callable[[Any], Any]:
    def later_is_later(cls: Any) -> Any:
        """What is later is later."""
        return rules.not_before(later, earlier)

    return later_is_later


def both_are_filled(one: str, other: str) -> Callable[[Any], Any]:
    def both_are_filled(cls: Any) -> Any:
        """Both, or none."""
        return rules.filled_together(one, other)

    return both_are_filled


@st.composite
def registers(draw: st.DrawFn) -> tuple[type[Register], pl.DataFrame]:
    """A model, and a frame of its columns: right and wrong values, blanks; sometimes no row at all."""
    model = draw(models())
    height = draw(st.integers(0, 12))
    frame = {}
    for column in columns(model):
        cells = st.just("330200") if column.name == "area" else CELLS[type(column.dtype)]
        values = draw(st.lists(cells | st.none(), min_size=height, max_size=height))
        frame[column.name] = pl.Series(values, dtype=TYPES.get(type(column.dtype), pl.String()), strict=False)
    return model, pl.DataFrame(frame)


@contextmanager
def full_depth(*, narwhals: bool) -> Iterator[None]:
    """Let pandera look at the data, with its backend for polars or the one for narwhals."""
    with warnings.catch_warnings(action="ignore", category=UserWarning):
        set_config(use_narwhals_backend=narwhals)
    try:
        with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            yield
    finally:
        with warnings.catch_warnings(action="ignore", category=UserWarning):
            set_config(use_narwhals_backend=False)


def by_pandera(model: type[Register], frame: pl.DataFrame) -> tuple[Verdicts, list[int]]:
    """What pandera says of each column and check that fails, and the rows whose key stands more than once.

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
    """The checks that are narwhals expressions, each with its column; empty where it is of rows."""
    of_columns = [(name, check) for name, column in schema.columns.items() for check in column.checks]
    checks = [*of_columns, *(("", check) for check in schema.checks)]
    return [(name, check) for name, check in checks if not check.native]


def verdict(frame: pl.DataFrame, error: SchemaError) -> Verdicts:
    """What an error says of a column and check; nothing of types, which are a matter of reading."""
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
    """The rows in which the output of a check, a frame or an expression, is false."""
    if isinstance(check_output, nw.Expr):
        native = nw.from_native(frame).with_columns(check_output=check_output).to_native()
    else:
        native = nw.to_native(check_output, pass_through=True)
    output: pl.DataFrame = native.collect() if isinstance(native, pl.LazyFrame) else native
    return output.get_column("check_output").fill_null(True).not_().arg_true().to_list()


def counted(model: type[Register], frame: pl.DataFrame, folder: Path, say: Say = silent) -> CountedRows:
    """What the one pass counts in a Parquet file of the frame."""
    written = io.BytesIO()
    frame.write_parquet(written)
    project = with_files(folder, {"raw/any/things.parquet": written.getvalue()})
    entry = RegisterEntry("any.things", model, lambda flow: flow)
    (raw,), _ = raw_files(project, entry.address)
    found = count(entry, [opened(raw, entry.address, columns(model))], {}, say)
    assert found is not None
    return found


def by_one_pass(found: CountedRows) -> tuple[Verdicts, list[int]]:
    """What the one pass says, in the same form; of a check that pandera ran by itself only how many rows fail."""
    said: Verdicts = {}
    for verdict in found.verdicts:
        test = verdict.test
        name = CELL_IS_FILLED.id if test.check is None else str(test.check.name)
        rows = [each.row for each in found.broken if each.test is test]
        assert verdict.passed + verdict.failed + verdict.not_applicable == (0 if verdict.not_run else found.rows)
        assert test.holds is None or verdict.failed == len(rows)
        if verdict.not_run:
            said[test.column, name] = RAISES
        elif verdict.failed:
            said[test.column, name] = verdict.failed if test.holds is None else rows
    return said, repeated(found.reading).select(ROW).to_series().to_list()


@settings(max_examples=60, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(registers())
def test_the_one_pass_says_what_pandera_says(register: tuple[type[Register], pl.DataFrame]) -> None:
    model, frame = register
    with TemporaryDirectory() as folder:
        ours, again = by_one_pass(counted(model, frame, Path(folder)))
        theirs, duplicates = by_pandera(model, frame)
    assert again == later_ones(frame.select(key(model)), duplicates)
    for name in ours.keys() | theirs.keys():
        our, their = ours.get(name), theirs.get(name)
        assert (our == len(their)) if isinstance(our, int) and isinstance(their, list) else (our == their), name


def later_ones(keys: pl.DataFrame, rows: list[int]) -> list[int]:
    """Of the rows whose keys pandera finds repeated, those that are whole and not the first: a blank is the same as nothing."""
    whole = [row for row in rows if None not in keys.row(row)]
    return [row for row in whole if any(keys.row(other) == keys.row(row) for other in whole if other < row)]


def things(frame: pl.DataFrame, folder: Path, say: Say = silent, **body: Any) -> CountedRows:
    """What is counted of a register of one column `c0` with a check of its own."""
    names = {"c0": Name, **DAYS_OF_FLOW}
    declared = {"__doc__": "Things.", "__annotations__": names}
    declared |= {name: pa.Field(nullable=True, metadata=MEANING) for name in names}
    options = {"zh": "物", "key": ("c0",), "flow": FLOW}
    model = new_class("Things", (Register,), options, lambda space: space.update(declared | body))
    days = {name: pl.lit(None, pl.Date) for name in DAYS_OF_FLOW}
    return counted(model, frame.with_columns(area=pl.lit("330200"), **days), folder, say)


def test_a_check_that_cannot_be_taken_apart_runs_and_is_said_to(tmp_path: Path) -> None:
    own = pa.check("c0", element_wise=True, name="own")(by_value(is_short))
    said: list[str] = []
    found = things(pl.DataFrame({"c0": ["a", "abc", "abcd", None]}), tmp_path, said.append, own_c0=own)
    (verdict,) = [each for each in found.verdicts if each.test.rule.id == "own"]
    (line,) = said
    assert line.startswith("the check own of any.things.c0 cannot be taken apart; pandera runs it by itself")
    assert (verdict.test.holds, verdict.failed, verdict.not_applicable, verdict.passed) == (None, 2, 1, 1)


def test_a_check_that_raises_did_not_run_and_says_why(tmp_path: Path) -> None:
    for number, own in enumerate((pa.check("c0", native=False, name="own")(raising), pa.check("c0", name="own")(raising))):
        found = things(pl.DataFrame({"c0": ["a"]}), tmp_path / str(number), own_c0=own)
        (verdict,) = [each for each in found.verdicts if each.test.rule.id == "own"]
        assert "this check is wrong" in verdict.not_run
        assert (verdict.failed, verdict.passed) == (0, 0)
