"""The rules proposed of a table: those that would not hold by chance.

A printed figure is an interval, so an equation holds by chance where there is room: each row gives as much evidence as its
roomiest figure leaves unlikely, in bits. The more constraints of a family are tried, the more evidence one of them needs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from etl.scaffold.between_rows import between_rows
from etl.scaffold.candidates import Candidate
from etl.scaffold.columns import without_unit
from etl.scaffold.dry_run import DryRun, holds
from etl.scaffold.layout import TableLayout
from etl.scaffold.within_rows import LEAST_ROWS_FOR_A_SLIP, TriedColumns, within_rows
from schemas.constraints import Term
from schemas.intervals import point
from schemas.texts import Text

LEAST_ROWS, LEAST_ROWS_BY_NAME = 3, 2
"""Least rows of evidence for a rule, and for one that the titles say already."""
LONGEST_NAME_OF_A_RULE = 80
LEAST_BITS = 18.0
"""Of evidence for one of the rules that were tried: a chance of four in a million."""
LEAST_BITS_OF_AREAS = 8.0
LEAST_BITS_OF_A_ROW, LEAST_BITS_IN_A_POOL = 1.0, 6.0
_COUNTED_ONCE = frozenset({"organisation", "person"})
"""Dimensions of which one unit may be counted in several entries."""
_OF_SUMS = frozenset({"sum", "balance", "carried_on", "shares_of_a_hundred"})
"""Kinds of equations of sums of a row's figures."""


class Searched(NamedTuple):
    """The rules to propose; and remarks on rules that almost hold, or of which one is meant."""

    rules: tuple[Candidate, ...]
    remarks: tuple[Text, ...]


def search(layout: TableLayout) -> Searched:
    """Find the rules that hold on a table, each with the evidence for it."""
    dry_run = DryRun.of(layout, layout.rows("proposed"))
    table = TriedColumns(dry_run)
    weighed = [_weighed(each, dry_run) for each in (*within_rows(table), *between_rows(layout, table))]
    remarks = [_slip(each, layout) for each in weighed if _is_broken_by_a_slip(each)]
    kept, doubtful = _one_for_each_target(_by_pools([each for each in weighed if not each.broken]))
    remarks += doubtful + [_overlap(each) for each in kept if _may_overlap(each)]
    kept = _independent([each for each in kept if not _may_overlap(each)])
    return Searched(tuple(_with_unique_names(kept)), tuple(dict.fromkeys(remarks)))


def _weighed(candidate: Candidate, dry_run: DryRun) -> Candidate:
    """Count the evidence for a candidate, each set of figures once."""
    constraint = candidate.constraint
    verdicts = dry_run.verdicts(constraint)
    broken = tuple(np.flatnonzero(verdicts.known & ~holds(verdicts)).tolist())
    if len(broken) > 1:
        return replace(candidate, broken=broken)
    least = LEAST_BITS_OF_A_ROW if constraint.relation == "=" else -1.0
    evidence = dry_run.evidence(constraint, np.flatnonzero(holds(verdicts)), least)
    return replace(candidate, rows=len(evidence), bits=sum(evidence.values()), broken=broken)


def _is_enough(each: Candidate) -> bool:
    if each.is_by_name:
        return each.rows >= LEAST_ROWS_BY_NAME
    if each.kind == "sum_over_areas":  # the code list says that the areas are all there is of one
        return each.bits >= LEAST_BITS_OF_AREAS + math.log2(each.tried)
    return each.rows >= LEAST_ROWS and each.bits >= LEAST_BITS + math.log2(each.tried)


def _is_broken_by_a_slip(each: Candidate) -> bool:
    return len(each.broken) == 1 and each.rows >= LEAST_ROWS_FOR_A_SLIP and not each.is_by_name and _is_enough(each)


def _slip(each: Candidate, layout: TableLayout) -> Text:
    (row,) = each.broken
    key = layout.key(row)
    en = f"not proposed: {each.zh} holds in {each.rows} rows, but not in that of {key}; is a figure of it a slip?"
    return Text(en, f"未提出：{each.zh}，在 {each.rows} 行成立，唯独 {key} 一行不成立；该行是否有笔误？")


def _may_overlap(each: Candidate) -> bool:
    return each.kind in ("sum", "sum_over") and each.columns[0].dimension in _COUNTED_ONCE


def _overlap(each: Candidate) -> Text:
    en = f"not proposed, for one and the same may be counted in several entries; declare it if none ever is: {each.zh}"
    return Text(en, f"未提出：{each.zh}；同一主体可能被多处计入，如确无重复请自行声明")


def _by_pools(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Keep the candidates with enough evidence, of their own or of their pool."""
    pools: dict[str, list[Candidate]] = {}
    for each in candidates:
        if each.pool and each.bits >= LEAST_BITS_IN_A_POOL:
            pools.setdefault(each.pool, []).append(each)
    found = []
    for each in candidates:
        together = pools.get(each.pool, [])
        shared = replace(each, rows=sum(one.rows for one in together), bits=sum(one.bits for one in together))
        if _is_enough(each):
            found.append(each)
        elif each in together and _is_enough(shared):
            found.append(shared)
    return found


def _one_for_each_target(candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[Text]]:
    """Keep one rule for each explained figure; none where the choice is unclear."""
    by_target: dict[str, list[Candidate]] = {}
    for each in candidates:
        by_target.setdefault(each.target, []).append(each)
    found, doubtful = by_target.pop("", []), list[Text]()
    for several in by_target.values():
        tied = [each for each in several if each.tried == 1] or several
        if len(tied) == 1:
            found.append(tied[0])
        else:
            listed = "; ".join(each.zh for each in tied)
            en = f"not proposed, for all of them hold and one at most is meant: {listed}"
            doubtful.append(Text(en, f"未提出：以下各式均成立，但至多一式为本意：{listed}"))
    return found, doubtful


def _independent(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Drop the rules that follow from others that are proposed."""
    found: list[Candidate] = []
    equations: list[dict[str, float]] = []
    for each in sorted(candidates, key=lambda one: len(one.columns)):
        if each.kind not in _OF_SUMS:
            found += [] if _is_implied(each, candidates) else [each]
        elif _rank([*equations, factors := _factors(each)]) > len(equations):
            equations.append(factors)
            found.append(each)
    return found


def _is_implied(each: Candidate, others: Iterable[Candidate]) -> bool:
    """Check whether an inequality follows from an equation that is proposed."""
    match each.kind:
        case "closed_within":
            return any(other.kind == "carried_on" for other in others)
        case "one_of_all":
            sum_over = each.name.replace("_of_one_", "_sum_over_").removesuffix("_are_among_all")
            return any(other.name == sum_over for other in others)
        case "among_the_area":
            return any(other.kind == "sum_over_areas" and other.columns == each.columns for other in others)
        case "part":
            part, whole = each.columns
            return any(other.kind == "sum" and whole is other.columns[0] and part in other.columns[1:] for other in others)
        case _:
            return False


def _factors(each: Candidate) -> dict[str, float]:
    """Return the factor of each column in an equation of sums, and the constant."""
    difference = each.constraint.left - each.constraint.right
    constant = _value(difference, "")
    return {"": constant} | {column.name: _value(difference, column.name) - constant for column in each.columns}


def _value(term: Term, column: str) -> float:
    """Evaluate a term where a column is 1 and all others are 0."""
    return float(term.interval(lambda cell: point(float(cell.column == column))).low)


def _rank(equations: Sequence[dict[str, float]]) -> int:
    """Count the equations that do not follow from the others."""
    names = dict.fromkeys(name for each in equations for name in each)
    return int(np.linalg.matrix_rank(np.array([[each.get(name, 0.0) for name in names] for each in equations])))


def _with_unique_names(candidates: Iterable[Candidate]) -> list[Candidate]:
    found: dict[str, Candidate] = {}
    for each in candidates:
        is_short = len(each.name) <= LONGEST_NAME_OF_A_RULE
        wanted = each.name if is_short else f"{without_unit(each.columns[0].name)}_fits_the_others"
        names = (wanted, *(f"{wanted}_{number}" for number in range(2, len(found) + 2)))
        name = next(name for name in names if name not in found)
        found[name] = replace(each, name=name)
    return list(found.values())
