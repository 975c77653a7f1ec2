"""Rules that might hold between rows: of periods, categories and areas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations, product

from etl.scaffold.candidates import Candidate, candidate
from etl.scaffold.columns import without_unit
from etl.scaffold.expressions import Expression, call
from etl.scaffold.labels import ALL, CategoryColumn
from etl.scaffold.layout import TableLayout
from etl.scaffold.within_rows import TriedColumns, role
from schemas import rules

_CUMULATIVE = re.compile("累计|历年|已推出|总计发行")


def between_rows(layout: TableLayout, table: TriedColumns) -> Iterator[Candidate]:
    """Yield the rules that might hold between rows."""
    if len(set(layout.periods)) > 1:
        yield from _growths(table)
        yield from _stocks_and_flows(table)
        yield from _carried(table)
        yield from _cumulative(table)
    for category in layout.categories:
        yield from _over_a_category(category, table)
        yield from _shares_over_a_category(category, table)
    parents = layout.catalogue.parents
    if any(parents.get(area) in layout.areas for area in layout.areas):
        yield from _over_areas(table)


def _growths(table: TriedColumns) -> Iterator[Candidate]:
    rates = [each for each in table.columns if each.kind == "rate" and each.dimension == "percentage"]
    levels = [each for each in table.columns if each.is_level or each.kind == "mean"]
    for rate, level in product(rates, levels):
        is_by_period = "环比" in rate.zh
        kind, earlier = ("growth_in_a_period", rules.previous_period) if is_by_period else ("growth_in_a_year", rules.year_before)
        expression = call(rules.growth, level.name, call(earlier, level.name), rate.name)
        is_tied = rate.name.startswith(f"{without_unit(level.name)}_growth")
        tried, pool = (1, "growth") if is_tied else (2 * len(levels), "")
        yield candidate(kind, expression, rate, level, target=rate.name, tried=tried, pool=pool)


def _stocks_and_flows(table: TriedColumns) -> Iterator[Candidate]:
    """Yield the stocks that might follow from the period before and the flows."""
    tries = [
        flow
        for size in (2, 3)
        for flow in permutations(table.levels, size)
        if len({each.dimension for each in flow}) == 1 and not table.twins & {each.name for each in flow}
    ]
    for stock, new, *gone in tries:
        kind, earlier = "stock_and_flow", call(rules.previous_period, stock.name)
        expression = call(rules.stock_and_flow, stock.name, earlier, new.name)
        if gone:
            kind, left = "stock_and_flows", call(rules.total, stock.name, gone[0].name)
            expression = call(rules.equal, left, call(rules.total, earlier, new.name))
        yield candidate(kind, expression, stock, new, *gone, target=stock.name, tried=len(tries))


def _carried(table: TriedColumns) -> Iterator[Candidate]:
    pairs = [(one, other) for one, other in permutations(table.levels, 2) if one.dimension == other.dimension]
    for start, end in pairs:
        kind, expression = "starts_as_ended", call(rules.equal, start.name, call(rules.previous_period, end.name))
        if (role(start), role(end)) == ("carried_over", "carried_on"):
            kind, expression = "carried_over", call(rules.pending_start_equals_previous_end, start.name, end.name)
        yield candidate(kind, expression, start, end, target=start.name, tried=len(pairs))


def _cumulative(table: TriedColumns) -> Iterator[Candidate]:
    for each in table.levels:
        if _CUMULATIVE.search(each.zh):
            expression = call(rules.within, call(rules.year_before, each.name), each.name)
            yield candidate("cumulative", expression, each)


def _over_a_category(category: CategoryColumn, table: TriedColumns) -> Iterator[Candidate]:
    parts, name = category.parts, category.name
    levels = table.levels if category.has_total else ()
    if len(parts) > 1 and category.is_whole:
        for each in levels:
            expression = call(rules.parts_sum_to_all, each.name, name, *parts)
            yield candidate("sum_over", expression, each, tried=len(levels), pool=f"{name}_all", of=category)
        for each in table.shares:
            expression = call(rules.shares_sum_to_the_whole, each.name, name, *parts)
            yield candidate("shares_over", expression, each, tried=len(table.shares), of=category)
    for each in levels:
        expression = call(rules.part_of_all, each.name, name, *dict.fromkeys((*parts, *sorted(category.inner))))
        yield candidate("one_of_all", expression, each, of=category)


def _shares_over_a_category(category: CategoryColumn, table: TriedColumns) -> Iterator[Candidate]:
    is_summed = len(category.parts) > 1 and category.is_whole
    for share, level in product(table.shares, table.levels) if category.has_total or is_summed else ():
        whole = call(rules.total_over, category.name, level.name, *category.parts)
        if category.has_total:
            whole = call(rules.row, level.name, **{category.name: ALL})
        expression = call(rules.share_of, level.name, whole, share.name)
        yield candidate("share_of_all", expression, share, level, target=share.name, tried=len(table.levels), of=category)


def _over_areas(table: TriedColumns) -> Iterator[Candidate]:
    def around(name: str) -> Expression:
        return call(rules.parent_area, name)

    for each in table.levels:
        expression = call(rules.equal, each.name, call(rules.total_of_areas, each.name))
        yield candidate("sum_over_areas", expression, each, tried=len(table.levels), pool="areas_within")
        yield candidate("among_the_area", call(rules.within, each.name, around(each.name)), each)
    for share, level in product(table.shares, table.levels):
        expression = call(rules.share_of, level.name, around(level.name), share.name)
        yield candidate("share_of_the_area", expression, share, level, target=share.name, tried=len(table.levels))
