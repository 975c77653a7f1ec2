"""Monthly mart of a register: columns selected from its flow, and their meanings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl

from etl.catalogue import RegisterEntry
from etl.registers.group_codes import MONTH
from etl.registers.monthly_flows import CLEARANCE, MEAN, MEDIAN, month_name, monthly_flow
from schemas.flows import Flow
from schemas.models import Meaning
from schemas.registers import Register, columns, flow

Reshape = Callable[[pl.LazyFrame], pl.LazyFrame]


@dataclass(frozen=True, slots=True)
class Monthly:
    """Declaration of what a monthly mart has beyond the columns of its flow.

    Attributes:
        added: further columns that are computed of a flow: its rate of clearance, its flag.
        reshape: makes the mart from all that is computed of a flow, where analysts get other rows or columns.
    """

    IS_TRANSFORM: ClassVar = True

    added: tuple[str, ...] = ()
    reshape: Reshape | None = None

    def names(self, counted_by: Flow) -> list[str]:
        """List the columns before reshaping: keys, month, counts, sums, durations."""
        amount = counted_by.amount
        counted = [counted_by.opened.column, counted_by.closed.column, *counted_by.stock]
        sums = [amount, f"{amount}_at_end"] if amount else []
        return [*counted_by.keys, MONTH, *counted, *sums, MEDIAN, MEAN, *self.added]

    def of(self, flow: pl.LazyFrame, counted_by: Flow) -> pl.LazyFrame:
        """Select the columns of the mart, one row per area, codes and month."""
        return self.reshape(flow) if self.reshape else flow.select(self.names(counted_by))


Transform = Callable[..., Any] | Monthly | None


def monthly(reshape: Reshape) -> Monthly:
    """Decorate a function that makes the monthly mart from all of a flow."""
    return Monthly(reshape=reshape)


def monthly_with(*added: str) -> Monthly:
    """Declare the monthly mart of the register of that name, with further columns."""
    return Monthly(added)


def _declared(transform: Transform) -> Monthly:
    """Return the monthly mart that a transform declares; a bare function makes it."""
    return transform if isinstance(transform, Monthly) else Monthly(reshape=transform)


def monthly_mart(transform: Transform, counts: pl.DataFrame, durations: pl.DataFrame, counted_by: Flow) -> pl.DataFrame:
    """Compute the monthly mart of a register from its kept counts and durations."""
    on = [*counted_by.keys, MONTH]
    months = monthly_flow(counts, counted_by).join(durations, on=on, how="left").sort(on)
    return _declared(transform).of(months.lazy().with_columns(month_name(pl.col(MONTH))), counted_by).collect()


def monthly_meanings(entry: RegisterEntry) -> dict[str, Meaning]:
    """Return what the columns of a register's monthly mart mean, in their order."""
    counted_by = flow(entry.model)
    known = _meanings(entry.model, counted_by)
    nothing = pl.LazyFrame(schema=dict.fromkeys(known, pl.Float64))
    return {name: known[name] for name in _declared(entry.transform).of(nothing, counted_by).collect_schema().names()}


def _meanings(model: type[Register], counted_by: Flow) -> dict[str, Meaning]:
    """Return what each column of the flow means."""
    declared = {column.name: column.meaning for column in columns(model)}
    since, until = (declared[day] for day in counted_by.measured)
    came, went, stock = counted_by.opened, counted_by.closed, counted_by.open
    at_start, at_end = counted_by.stock
    found = {name: declared[name] for name in counted_by.keys} | {
        MONTH: Meaning("月份", "month"),
        came.column: Meaning(f"{came.zh}（件）", f"{came.en} in the month"),
        went.column: Meaning(f"{went.zh}（件）", f"{went.en} in the month"),
        at_start: Meaning(f"期初{stock.zh}（件）", f"{stock.en} at the start of the month"),
        at_end: Meaning(f"期末{stock.zh}（件）", f"{stock.en} at the end of the month"),
        MEDIAN: Meaning(f"{since.zh}至{until.zh}天数中位数", f"median days from the {since.en} to the {until.en}", unit="天"),
        MEAN: Meaning(f"{since.zh}至{until.zh}平均天数", f"mean days from the {since.en} to the {until.en}", unit="天"),
        CLEARANCE: Meaning(f"{went.zh}与{came.zh}之比", f"{went.en} per hundred {came.en}", unit="%"),
    }
    if counted_by.flag:
        found[counted_by.flag] = Meaning(f"其中{declared[counted_by.flag].zh}（件）", f"of these, {declared[counted_by.flag].en}")
    if counted_by.amount:
        zh, en = declared[counted_by.amount].zh, declared[counted_by.amount].en
        found[counted_by.amount] = Meaning(f"本月新增{zh}", f"{en}, of what came in the month", unit="元")
        found[f"{counted_by.amount}_at_end"] = Meaning(
            f"期末存续{zh}", f"{en}, of what is there at the end of the month", unit="元"
        )
    return found
