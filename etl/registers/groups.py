"""Rules of groups of records: what a court, a month or an area comes to, and whether a month is missing."""

from __future__ import annotations

import math
from dataclasses import dataclass

import narwhals.stable.v1 as nw
import numpy as np
import polars as pl

from etl.registers.flows import MONTH, named
from etl.registers.parse import CODE, MONTH_OF
from schemas.claims import Cell, Claim
from schemas.intervals import Interval, point
from schemas.registers import Flow, GroupRule
from schemas.rules import pending_end_balances, within
from schemas.standing_registers import EVERY_MONTH_HAS_RECORDS, FLOW_ADDS_UP
from schemas.vocabulary import Rule

MEAN_PER_MONTH, LEAST_MEAN = "@mean", 20
_GAP, _BY = "@gap", "@by "


@dataclass(frozen=True)
class GroupVerdict:
    """What a rule says of groups.

    Attributes:
        rule: the rule.
        by: the columns that name a group.
        passed: number of groups that keep it.
        not_applicable: number of groups of which it says nothing.
        broken: the groups that break it, with what they come to.
        not_run: why it did not run; empty where it did.
    """

    rule: Rule
    by: tuple[str, ...]
    passed: int
    not_applicable: int
    broken: pl.DataFrame
    not_run: str = ""


def flow_verdicts(months: pl.DataFrame, flow: Flow) -> list[GroupVerdict]:
    """Give the verdicts on a flow: that it adds up, and that no month of an area is missing."""
    at_start, at_end = f"{flow.open.column}_at_start", f"{flow.open.column}_at_end"
    came, went = flow.opened.column, flow.closed.column
    adds_up = pending_end_balances(came, at_start, went, at_end)
    of_flow = months.select(*flow.keys, named(pl.col(MONTH)), came, went, at_start, at_end)
    has_records = within(1, came).where(nw.col(MEAN_PER_MONTH) >= LEAST_MEAN, MEAN_PER_MONTH)
    return [
        _verdict(FLOW_ADDS_UP, (*flow.keys, MONTH), of_flow, adds_up),
        _verdict(EVERY_MONTH_HAS_RECORDS, ("area", MONTH), _of_areas(months, came), has_records),
    ]


def _of_areas(months: pl.DataFrame, came: str) -> pl.DataFrame:
    """Give what came in each month of an area, from its first to its last, and on the mean of these.

    Of months without a record that follow each other only the first is given, with the last of them.
    """
    areas = months.group_by("area", MONTH).agg(pl.col(came).sum()).sort("area", MONTH)
    is_within = (pl.col(came).cum_sum() > 0) & (pl.col(came).cum_sum(reverse=True) > 0)
    areas = areas.filter(is_within.over("area"))
    has_records = pl.col(came) > 0
    areas = areas.with_columns(
        pl.col(came).mean().over("area").alias(MEAN_PER_MONTH), has_records.cum_sum().over("area").alias(_GAP)
    )
    areas = areas.with_columns(named(pl.col(MONTH).max().over("area", _GAP)).alias("until"))
    areas = areas.filter(has_records | has_records.shift(1).over("area"))
    return areas.select("area", named(pl.col(MONTH)), came, MEAN_PER_MONTH, pl.when(~has_records).then("until").alias("until"))


def measured(frame: pl.LazyFrame, group: GroupRule) -> pl.LazyFrame:
    """Give what the groups of a rule come to, of a frame of values."""
    names = frame.collect_schema().names()
    keys = {_BY + name: pl.col(CODE + name if CODE + name in names else name) for name in group.by}
    keys |= {_BY + MONTH: pl.col(MONTH_OF + group.month)} if group.month else {}
    grouped = nw.from_native(frame.with_columns(**keys)).group_by(*keys).agg(**group.measures)
    native: pl.LazyFrame = grouped.to_native()
    texts = (pl.col(pl.Enum, pl.Categorical).cast(pl.String), pl.exclude(pl.Enum, pl.Categorical))
    return native.select(*texts).rename({name: name.removeprefix(_BY) for name in keys})


def alone(frame: pl.LazyFrame) -> pl.DataFrame | str:
    """Give the result of a frame, or why there is none."""
    try:
        return frame.collect(engine="streaming")
    except (Exception, pl.exceptions.PanicException) as error:  # What an expression raises is up to the rule and to polars.
        return told(error)


def told(error: BaseException) -> str:
    """Give an error in a line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def group_verdict(group: GroupRule, come_to: pl.DataFrame | str) -> GroupVerdict:
    """Give the verdict of a rule of groups on what they come to, or that it did not run, and why."""
    assert group.rule.claim is not None
    by = [*group.by, MONTH] if group.month else list(group.by)
    if isinstance(come_to, str):
        return GroupVerdict(group.rule, group.by, 0, 0, pl.DataFrame(), f"{group.rule.id} raises {come_to}")
    try:
        groups = come_to.drop_nulls(by).sort(by)
        if group.month:
            groups = groups.with_columns(named(pl.col(MONTH)))
        return _verdict(group.rule, tuple(by), groups, group.rule.claim)
    except (Exception, pl.exceptions.PanicException) as error:  # What an expression raises is up to the rule and to polars.
        return GroupVerdict(group.rule, group.by, 0, 0, pl.DataFrame(), f"{group.rule.id} raises {told(error)}")


def _verdict(rule: Rule, by: tuple[str, ...], groups: pl.DataFrame, claim: Claim) -> GroupVerdict:
    verdict = _keeps(claim, groups)
    broken = groups.filter(~verdict.fill_null(True))
    nothing = verdict.null_count()
    return GroupVerdict(rule, by, groups.height - nothing - broken.height, nothing, broken)


def _keeps(claim: Claim, groups: pl.DataFrame) -> pl.Series:
    """Judge a claim about the measures of groups, which are exact; null where nothing can be said."""
    made = pl.repeat(True, groups.height, dtype=pl.Boolean, eager=True)
    if claim.condition is not None:
        made = nw.from_native(groups).select(made=claim.condition).to_native().get_column("made")
    if claim.relation == "holds":
        return made

    def of(cell: Cell) -> Interval:
        return point(groups.get_column(cell.column).cast(pl.Float64).fill_null(math.nan).to_numpy())

    verdict = claim.verdict(of)
    known, holds = (pl.Series(np.broadcast_to(each, groups.height)) for each in verdict)
    return pl.select(pl.when(made.fill_null(False) & known).then(holds)).to_series()
