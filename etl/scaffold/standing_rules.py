"""What the standing rules say of a handed-in table: factors that its levels change by, and figures that may be slips."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from etl.findings import Finding
from etl.scaffold.dry_run import DryRun
from etl.scaffold.layout import TableLayout
from etl.scaffold.within_rows import LEAST_ROWS_FOR_A_SLIP
from etl.tables.comparisons import a_year_before
from etl.tables.neighbours import compare_with_neighbours
from schemas import builtin_rules
from schemas.kinds import USUAL_FACTORS
from schemas.texts import Text

_MOST_TOLD = 3
"""Remarks of one rule; the others are counted."""
_OF_LEVELS = frozenset(
    {builtin_rules.LEVEL_IS_NEAR_THAT_OF_THE_YEAR_BEFORE.id, builtin_rules.LEVEL_CHANGES_NO_MORE_THAN_USUAL.id}
)
_TOLD = {each.id: each for each in builtin_rules.BUILTIN_RULES}

Factors = Mapping[str, tuple[int, int]]
"""By column, by which its level may change in a year: beyond the first it is unusual, beyond the second a slip."""


class StandingRules(NamedTuple):
    """The factors to be declared of some columns, and remarks on figures that may be slips."""

    factors: Factors
    remarks: tuple[Text, ...]


def standing_rules(dry_run: DryRun) -> StandingRules:
    """Compare the rows of a handed-in table with each other, as the gate will."""
    factors = dict(_factors(dry_run))
    findings: list[Finding] = []
    compare_with_neighbours(dry_run.parsed, findings, {})
    by_rule: dict[str, list[Finding]] = {}
    for each in findings:
        if each.rule not in _OF_LEVELS or each.column not in factors:
            by_rule.setdefault(each.rule, []).append(each)
    return StandingRules(factors, tuple(text for each in by_rule.values() for text in _remarks(each, dry_run.layout)))


def _factors(dry_run: DryRun) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the columns of which more than a few figures change by more than is usual."""
    now, before = a_year_before(dry_run.parsed.figure_table)
    for each in dry_run.layout.figures:
        values = dry_run.parsed.figures[each.name].value
        with np.errstate(all="ignore"):
            changes = np.maximum(values[now] / values[before], values[before] / values[now])
        changes = changes[np.isfinite(changes)]
        unusual = np.count_nonzero(changes > USUAL_FACTORS[0])
        if each.kind != "rate" and unusual > 1 and unusual * LEAST_ROWS_FOR_A_SLIP > len(changes):
            most = math.ceil(changes.max())
            yield each.name, (most, max(2 * most, int(USUAL_FACTORS[1])))


def _remarks(findings: list[Finding], layout: TableLayout) -> Iterator[Text]:
    rule = _TOLD[findings[0].rule]
    titles = {each.name: each.zh for each in layout.figures}
    for each in findings[:_MOST_TOLD]:
        own, *others = [f"{titles.get(each.column, '')} {witness.published}".strip() for witness in each.witnesses] or [""]
        beside = ", ".join(witness.published for witness in each.witnesses[1:])
        key = layout.key(each.row or 0)
        en = f"{key}: {own}, beside {beside}" if others else key
        zh = f"{key}：{own}，另一处为 {beside}" if others else key
        yield Text(f"{en}. {rule.reason}", f"{zh}。{rule.zh}")
    if (more := len(findings) - _MOST_TOLD) > 0:
        yield Text(f"{more} more such. {rule.reason}", f"另有 {more} 处。{rule.zh}")
