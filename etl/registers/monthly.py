"""The transform of a register: the select of its monthly flow, with what each of its columns means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from etl.catalogue import RegisterEntry
from etl.registers.flows import CLEARANCE, MEAN, MEDIAN, MONTH, months, named
from schemas.registers import Flow, Register, columns, flow
from schemas.vocabulary import Meaning

Select = Callable[[pl.LazyFrame], pl.LazyFrame]


@dataclass(frozen=True, slots=True)
class Monthly:
    """A transform of a register's flow: it selects the columns of its mart, one row per area, codes and month."""

    select: Select

    def __call__(self, flow: pl.LazyFrame) -> pl.LazyFrame:
        return self.select(flow)


def monthly(select: Select) -> Monthly:
    """Declare a function that selects the mart of a register from its flow."""
    return Monthly(select)


def mart(transform: Select, counts: pl.DataFrame, lasted: pl.DataFrame, counted_by: Flow) -> pl.DataFrame:
    """Give the monthly mart of a register, from `flows.counts` and `flows.lasted`; months are written `2025-03`."""
    on = [*counted_by.keys, MONTH]
    by_month = months(counts, counted_by).join(lasted, on=on, how="left").sort(on)
    return transform(by_month.lazy().with_columns(named(pl.col(MONTH)))).collect()


def monthly_meanings(entry: RegisterEntry) -> dict[str, Meaning]:
    """Give what the columns of a register's monthly mart mean, in their order."""
    known = _meanings(entry.model, flow(entry.model))
    nothing = pl.LazyFrame(schema=dict.fromkeys(known, pl.Float64))
    return {name: known[name] for name in entry.transform(nothing).collect_schema().names()}


def _meanings(model: type[Register], counted_by: Flow) -> dict[str, Meaning]:
    """Give what each column of the flow means."""
    declared = {column.name: column.meaning for column in columns(model)}
    since, until = (declared[day] for day in counted_by.measured)
    found = {name: declared[name] for name in counted_by.keys}
    found[MONTH] = Meaning("月份", "month")
    for counted in (counted_by.opened, counted_by.closed):
        found[counted.column] = Meaning(f"{counted.zh}（件）", f"{counted.en} in the month")
    stock = counted_by.open
    found[f"{stock.column}_at_start"] = Meaning(f"期初{stock.zh}（件）", f"{stock.en} at the start of the month")
    found[f"{stock.column}_at_end"] = Meaning(f"期末{stock.zh}（件）", f"{stock.en} at the end of the month")
    found[MEDIAN] = Meaning(f"{since.zh}至{until.zh}天数中位数", f"median days from the {since.en} to the {until.en}", unit="天")
    found[MEAN] = Meaning(f"{since.zh}至{until.zh}平均天数", f"mean days from the {since.en} to the {until.en}", unit="天")
    came, went = counted_by.opened, counted_by.closed
    found[CLEARANCE] = Meaning(f"{went.zh}与{came.zh}之比", f"{went.en} per hundred {came.en}", unit="%")
    if counted_by.flag:
        found[counted_by.flag] = Meaning(f"其中{declared[counted_by.flag].zh}（件）", f"of these, {declared[counted_by.flag].en}")
    if counted_by.amount:
        of_amount = declared[counted_by.amount]
        found[counted_by.amount] = Meaning(f"本月新增{of_amount.zh}", f"{of_amount.en}, of what came in the month", unit="元")
        at_end = Meaning(f"期末存续{of_amount.zh}", f"{of_amount.en}, of what is there at the end of the month", unit="元")
        found[f"{counted_by.amount}_at_end"] = at_end
    return found
