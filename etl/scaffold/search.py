"""Which rules are proposed of a table: those that hold in every row, and would not by chance.

A printed figure is an interval, so an equation holds by chance where there is room: each row gives as much evidence as its
roomiest figure leaves unlikely, in bits. The more claims of a family are tried, the more evidence one of them needs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from etl.findings import Text
from etl.scaffold.between_rows import between_rows
from etl.scaffold.candidates import Candidate
from etl.scaffold.columns import without_unit
from etl.scaffold.dry_run import Judged, Trial, row_of
from etl.scaffold.layout import TableLayout
from etl.scaffold.within_rows import LEAST_ROWS_FOR_A_SLIP, SUM, SUM_OVER, Readings, within_rows
from schemas.claims import Cell, Claim, Number, Operation, Term

LEAST_ROWS, LEAST_ROWS_BY_NAME = 3, 2
"""Rows with different figures that must speak for a rule, and for one that the titles say already."""
LONGEST_NAME_OF_A_RULE = 80
LEAST_BITS = 18.0
"""Of evidence for one of the rules that were tried: a chance of four in a million."""
LEAST_BITS_OF_A_ROW, LEAST_BITS_IN_A_POOL = 1.0, 6.0
_COUNTED_ONCE = frozenset({"organisation", "person"})
"""What may be in several entries of a breakdown: years without overlap do not prove that there will be none."""


@dataclass(frozen=True)
class Searched:
    """What was found.

    Attributes:
        rules: the rules to be proposed.
        remarks: what almost holds, or is held by several claims of which nobody can tell the right one.
    """

    rules: tuple[Candidate, ...]
    remarks: tuple[Text, ...]


def search(layout: TableLayout) -> Searched:
    """Give the rules that hold on a table, each with what speaks for it."""
    trial = Trial(layout, [row_of(layout, number, "proposed") for number in range(layout.height)])
    readings = Readings(layout.figures, trial.parsed.rows)
    candidates = [*within_rows(readings), *between_rows(layout, readings)]
    weighed = [
        _weighed(candidate, judged)
        for candidate, judged in zip(candidates, trial.judged([each.claim for each in candidates], 1), strict=True)
    ]
    remarks = [_slip(each, layout) for each in weighed if _is_broken_by_a_slip(each)]
    kept = _by_pools([each for each in weighed if not each.broken])
    kept, doubtful = _one_for_each_target(kept)
    remarks += doubtful + [_overlap(each) for each in kept if _may_overlap(each)]
    kept = _without_what_follows([each for each in kept if not _may_overlap(each)])
    return Searched(tuple(_with_names_of_their_own(kept)), tuple(dict.fromkeys(remarks)))


def _weighed(candidate: Candidate, judged: Sequence[Judged]) -> Candidate:
    """Give a candidate with the rows that speak for it, each set of figures once."""
    said = {each.figures: each for each in judged if each.holds}
    if candidate.claim.relation == "=":
        said = {figures: each for figures, each in said.items() if each.bits > LEAST_BITS_OF_A_ROW}
    broken = tuple(each.row for each in judged if each.holds is False)
    return replace(candidate, rows=len(said), bits=sum(each.bits for each in said.values()), broken=broken)


def _is_enough(each: Candidate) -> bool:
    if each.is_by_name:
        return each.rows >= LEAST_ROWS_BY_NAME
    return each.rows >= LEAST_ROWS and each.bits >= LEAST_BITS + math.log2(each.tried)


def _is_broken_by_a_slip(each: Candidate) -> bool:
    return len(each.broken) == 1 and each.rows >= LEAST_ROWS_FOR_A_SLIP and not each.is_by_name and _is_enough(each)


def _slip(each: Candidate, layout: TableLayout) -> Text:
    (row,) = each.broken
    key = ", ".join((layout.areas[row], layout.periods[row], *layout.codes(row)))
    en = f"not proposed: {each.zh} holds in {each.rows} rows, but not in that of {key}; is a figure of it a slip?"
    return Text(en, f"未提出：{each.zh}，在 {each.rows} 行成立，唯独 {key} 一行不成立；该行是否有笔误？")


def _may_overlap(each: Candidate) -> bool:
    is_of_a_breakdown = SUM_OVER in each.name or each.name.endswith(SUM)
    return is_of_a_breakdown and each.columns[0].dimension in _COUNTED_ONCE


def _overlap(each: Candidate) -> Text:
    en = f"not proposed, for one and the same may be counted in several entries; declare it if none ever is: {each.zh}"
    return Text(en, f"未提出：{each.zh}；同一主体可能被多处计入，如确无重复请自行声明")


def _by_pools(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Give the candidates with enough evidence; the columns of a breakdown speak for each other, and so do growths."""
    pools: dict[str, list[Candidate]] = {}
    for each in candidates:
        if each.pool and each.bits >= LEAST_BITS_IN_A_POOL:
            pools.setdefault(each.pool, []).append(each)
    found = []
    for each in candidates:
        together = pools.get(each.pool, [])
        if _is_enough(each):
            found.append(each)
        elif each in together:
            rows, bits = sum(one.rows for one in together), sum(one.bits for one in together)
            if rows >= LEAST_ROWS and bits >= LEAST_BITS + math.log2(each.tried):
                found.append(replace(each, rows=rows, bits=bits))
    return found


def _one_for_each_target(candidates: Sequence[Candidate]) -> tuple[list[Candidate], list[Text]]:
    """Give one rule for each figure that is explained; none where several explain it and no title says which."""
    by_target: dict[str, list[Candidate]] = {}
    for each in candidates:
        by_target.setdefault(each.target, []).append(each)
    found, doubtful = by_target.pop("", []), list[Text]()
    for several in by_target.values():
        tied = [each for each in several if each.tried == 1] or several
        if len(tied) == 1:
            found.append(tied[0])
        else:
            said = "; ".join(each.zh for each in tied)
            en = f"not proposed, for all of them hold and one at most is meant: {said}"
            doubtful.append(Text(en, f"未提出：以下各式均成立，但至多一式为本意：{said}"))
    return found, doubtful


def _without_what_follows(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Leave out the equations of a row that follow from shorter ones, and the inequalities that equations imply."""
    span: list[dict[str, Fraction]] = []
    found: list[Candidate] = []
    names = {each.name for each in candidates}
    implied = {"closed_are_received_or_carried_over"} if "carried_on_is_what_is_left" in names else set()
    implied |= {each.name for each in candidates if each.name.endswith("_are_among_all") and _sum_of(each) in names}
    implied |= {each.name for each in candidates if each.is_by_name and _is_a_summand(each, candidates)}
    for each in sorted(candidates, key=lambda one: len(one.columns)):
        factors = _factors(each.claim)
        if factors is not None:
            rest = _reduced(factors, span)
            if not rest:
                continue
            span.append(rest)
        elif each.name in implied:
            continue
        found.append(each)
    return found


def _sum_of(each: Candidate) -> str:
    return each.name.replace("_of_one_", SUM_OVER).removesuffix("_are_among_all")


def _is_a_summand(part: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Whether a part stands in a sum of its whole, which then says more."""
    sums = [each.columns for each in candidates if each.name.endswith(SUM)]
    return len(part.columns) == 2 and any(part.columns[1] is total and part.columns[0] in parts for total, *parts in sums)


def _factors(claim: Claim) -> dict[str, Fraction] | None:
    """Give an equation of sums of one row's columns as their factors; None for any other claim."""
    if claim.relation != "=" or claim.condition is not None:
        return None
    left, right = _of_term(claim.left), _of_term(claim.right)
    if left is None or right is None:
        return None
    return {name: value for name in {**left, **right} if (value := left.get(name, Fraction()) - right.get(name, Fraction()))}


def _of_term(term: Term) -> dict[str, Fraction] | None:
    match term:
        case Cell() if term.is_own:
            return {term.column: Fraction(1)}
        case Number(number):
            return {"": Fraction(number)}
        case Operation("+" | "-" as operator, first, second):
            left, right = _of_term(first), _of_term(second)
            if left is None or right is None:
                return None
            sign = 1 if operator == "+" else -1
            return {name: left.get(name, Fraction()) + sign * right.get(name, Fraction()) for name in {**left, **right}}
        case _:
            return None


def _reduced(factors: dict[str, Fraction], span: Iterable[dict[str, Fraction]]) -> dict[str, Fraction]:
    """Give what is left of an equation when those of the span are taken from it; nothing where it follows from them."""
    rest = dict(factors)
    for each in span:
        pivot = next(iter(each))
        if pivot in rest:
            scale = rest[pivot] / each[pivot]
            rest = {
                name: value
                for name in {**rest, **each}
                if (value := rest.get(name, Fraction()) - scale * each.get(name, Fraction()))
            }
    return rest


def _with_names_of_their_own(candidates: Sequence[Candidate]) -> list[Candidate]:
    found: list[Candidate] = []
    taken: set[str] = set()
    for each in candidates:
        wanted = (
            each.name if len(each.name) <= LONGEST_NAME_OF_A_RULE else f"{without_unit(each.columns[0].name)}_fits_the_others"
        )
        number, name = 1, wanted
        while name in taken:
            number += 1
            name = f"{wanted}_{number}"
        taken.add(name)
        found.append(each.renamed(name))
    return found
