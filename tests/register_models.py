"""Generate registers: models with checks of every kind, and frames of values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import new_class
from typing import Any

import narwhals.stable.v1 as nw
import pandera.polars as pa
import polars as pl
from hypothesis import strategies as st

from etl.registers.parse import TYPES
from schemas import rules
from schemas.flows import CountColumn, Flow
from schemas.registers import Day, Flag, Identifier, Money, Name, Register, columns
from schemas.vocabulary import Meaning, rule

MEANING = {"meaning": Meaning("列", "column")}
DAYS_OF_FLOW = {"opens": Day, "closes": Day}
FLOW = Flow("opens", "closes", *(CountColumn(each, "数", "number") for each in ("opened", "closed", "open")))
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
    """Define a check of polars, which pandera alone can run."""
    result: pl.LazyFrame = data.lazyframe.select(pl.col(data.key).cast(pl.String).str.len_chars() < 4)
    return result


def raising(cls: Any, cell: object) -> object:
    raise ValueError("this check is wrong")


@st.composite
def models(draw: st.DrawFn) -> type[Register]:
    """Draw a register with columns and checks of every kind, some optional."""
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
    """Draw a model and a frame: right and wrong values, blanks, or no row at all."""
    model = draw(models())
    height = draw(st.integers(0, 12))
    frame = {}
    for column in columns(model):
        cells = st.just("330200") if column.name == "area" else CELLS[type(column.dtype)]
        values = draw(st.lists(cells | st.none(), min_size=height, max_size=height))
        frame[column.name] = pl.Series(values, dtype=TYPES.get(type(column.dtype), pl.String()), strict=False)
    return model, pl.DataFrame(frame)
