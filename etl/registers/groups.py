"""Evaluate rules of groups of records, such as those of a court or a month."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import narwhals.stable.v1 as nw
import numpy as np
import polars as pl

from etl.registers.group_codes import MONTH, NUMBER, GroupCodes
from etl.registers.monthly_flows import month_name
from etl.registers.parse import CODE, MONTH_OF
from schemas.builtin_register_rules import EVERY_MONTH_HAS_RECORDS, FLOW_ADDS_UP
from schemas.constraints import Cell, Constraint
from schemas.evaluation import rule_raises
from schemas.flows import Flow, GroupRule
from schemas.intervals import Interval, point
from schemas.models import Rule
from schemas.rules import pending_end_balances, within
from schemas.texts import NO_TEXT, Text

MEAN_PER_MONTH, LEAST_MEAN = "@mean", 20
BY = "@by "


@dataclass(frozen=True)
class GroupVerdict:
    """Verdict of a rule on groups.

    Attributes:
        rule: the rule.
        by: the columns that name a group.
        passed: number of groups that keep it.
        not_applicable: number of groups to which it does not apply.
        broken: the groups that break it, with their measures.
        not_run: why it did not run; empty where it did.
    """

    rule: Rule
    by: tuple[str, ...]
    passed: int = 0
    not_applicable: int = 0
    broken: pl.DataFrame = field(default_factory=pl.DataFrame)
    not_run: Text = NO_TEXT


def flow_verdicts(months: pl.DataFrame, flow: Flow) -> list[GroupVerdict]:
    """Evaluate the rules of a flow: it adds up, and no month of an area is missing."""
    at_start, at_end = flow.stock
    came, went = flow.opened.column, flow.closed.column
    of_flow = months.select(*flow.keys, month_name(pl.col(MONTH)), came, went, at_start, at_end)
    has_records = within(1, came).where(nw.col(MEAN_PER_MONTH) >= LEAST_MEAN, MEAN_PER_MONTH)
    return [
        _verdict(FLOW_ADDS_UP, (*flow.keys, MONTH), of_flow, pending_end_balances(came, at_start, went, at_end)),
        _verdict(EVERY_MONTH_HAS_RECORDS, ("area", MONTH), _months_of_areas(months, came), has_records),
    ]


def _months_of_areas(months: pl.DataFrame, came: str) -> pl.DataFrame:
    """Count what came in each month of an area, from first to last, with the mean.

    Of months without a record that follow each other only the first is listed, with the last of them.
    """
    areas = months.group_by("area", MONTH).agg(pl.col(came).sum()).sort("area", MONTH)
    is_within = (pl.col(came).cum_sum() > 0) & (pl.col(came).cum_sum(reverse=True) > 0)
    areas = areas.filter(is_within.over("area"))
    has_records = pl.col(came) > 0
    areas = areas.with_columns(
        pl.col(came).mean().over("area").alias(MEAN_PER_MONTH), has_records.cum_sum().over("area").alias("@gap")
    )
    areas = areas.with_columns(month_name(pl.col(MONTH).max().over("area", "@gap")).alias("until"))
    areas = areas.filter(has_records | has_records.shift(1).over("area"))
    until = pl.when(~has_records).then("until").alias("until")
    return areas.select("area", month_name(pl.col(MONTH)), came, MEAN_PER_MONTH, until)


def measure_groups(frame: pl.LazyFrame, group: GroupRule) -> pl.LazyFrame:
    """Compute the measures of the groups of a rule, of a frame of values."""
    schema, month = frame.collect_schema(), pl.col(MONTH_OF + group.month) if group.month else pl.lit(None, pl.Int32)
    codes = GroupCodes({name: schema[CODE + name].categories.to_list() for name in group.by if CODE + name in schema})  # type: ignore[attr-defined]
    others = {BY + name: pl.col(name) for name in group.by if name not in codes.codes}
    by = (NUMBER, *others)
    numbered = frame.with_columns(codes.number(month).alias(NUMBER), **others)
    native: pl.LazyFrame = nw.from_native(numbered).group_by(*by).agg(**group.measures).to_native()
    keys = {each.meta.output_name(): each for each in codes.unpack(pl.col(NUMBER))}
    keys |= {name.removeprefix(BY): pl.col(name).alias(name.removeprefix(BY)) for name in others}
    return native.select(*(keys[name] for name in (*group.by, *([MONTH] if group.month else []))), pl.exclude(*by))


def collect_or_explain(frame: pl.LazyFrame) -> pl.DataFrame | str:
    """Collect a frame, or say why it cannot be."""
    try:
        return frame.collect(engine="streaming")
    except (Exception, pl.exceptions.PanicException) as error:  # What an expression raises is up to the rule and to polars.
        return in_one_line(error)


def in_one_line(error: BaseException) -> str:
    """Quote an error in one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def judge_group_rule(group: GroupRule, groups: pl.DataFrame | str) -> GroupVerdict:
    """Evaluate a rule on the measures of its groups, or report why there are none."""
    assert group.rule.constraint is not None
    by = [*group.by, MONTH] if group.month else list(group.by)
    reason = groups if isinstance(groups, str) else ""
    if not isinstance(groups, str):
        try:
            named = groups.drop_nulls(by).sort(by)
            if group.month:
                named = named.with_columns(month_name(pl.col(MONTH)))
            return _verdict(group.rule, tuple(by), named, group.rule.constraint)
        except (Exception, pl.exceptions.PanicException) as error:  # What an expression raises is up to the rule and to polars.
            reason = in_one_line(error)
    return GroupVerdict(group.rule, group.by, not_run=rule_raises(group.rule.id, reason))


def _verdict(rule: Rule, by: tuple[str, ...], groups: pl.DataFrame, constraint: Constraint) -> GroupVerdict:
    holds = _evaluate(constraint, groups)
    broken = groups.filter(~holds.fill_null(True))
    nothing = holds.null_count()
    return GroupVerdict(rule, by, groups.height - nothing - broken.height, nothing, broken)


def _evaluate(constraint: Constraint, groups: pl.DataFrame) -> pl.Series:
    """Evaluate a constraint about exact measures; null where it does not apply."""
    applies = pl.repeat(True, groups.height, dtype=pl.Boolean, eager=True)
    if constraint.condition is not None:
        applies = nw.from_native(groups).select(applies=constraint.condition).to_native().get_column("applies")
    if constraint.relation == "holds":
        return applies

    def of(cell: Cell) -> Interval:
        return point(groups.get_column(cell.column).cast(pl.Float64).fill_null(math.nan).to_numpy())

    verdict = constraint.verdict(of)
    known, holds = (pl.Series(np.broadcast_to(each, groups.height)) for each in verdict)
    return pl.select(pl.when(applies.fill_null(False) & known).then(holds)).to_series()
