"""Rules that might hold between rows: of periods, categories and areas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations, product

from etl.scaffold.candidates import Candidate
from etl.scaffold.columns import without_unit
from etl.scaffold.expressions import CARRIED_OVER, PARENT_AREA, PREVIOUS_PERIOD, YEAR_BEFORE, call
from etl.scaffold.labels import ALL, CategoryColumn
from etl.scaffold.layout import TableLayout
from etl.scaffold.within_rows import SUM_OVER, Readings, role
from schemas import rules

_CUMULATIVE = re.compile("累计|历年|已推出|总计发行")


def between_rows(layout: TableLayout, readings: Readings) -> Iterator[Candidate]:
    """Yield the rules that might hold between rows."""
    if len(set(layout.periods)) > 1:
        yield from _growths(readings)
        yield from _stocks_and_flows(readings)
        yield from _carried(readings)
        yield from _cumulative(readings)
    for category in layout.categories:
        yield from _over_a_category(category, readings)
        yield from _shares_over_a_category(category, readings)
    parents = layout.catalogue.parents
    if any(parents.get(area) in layout.areas for area in layout.areas):
        yield from _over_areas(readings)


def _growths(readings: Readings) -> Iterator[Candidate]:
    rates = [each for each in readings.columns if each.kind == "rate" and each.dimension == "percentage"]
    levels = [each for each in readings.columns if each.is_level or each.kind == "mean"]
    for rate, level in product(rates, levels):
        is_by_period = "环比" in rate.zh
        earlier = PREVIOUS_PERIOD if is_by_period else YEAR_BEFORE
        when, when_zh, before = ("the period before", "上期", "the_period_before") if is_by_period else (
            "a year before", "上年同期", "the_year_before"
        )  # fmt: skip
        constraint = call(rules.growth, level.name, call(earlier, level.name), rate.name)
        reason = f"The printed growth leads from {level.en} of {when} to those of now."
        zh, name = f"{rate.zh}与{level.zh}本期、{when_zh}数相符", f"{rate.name}_leads_from_{before}"
        is_tied = rate.name.startswith(f"{without_unit(level.name)}_growth")
        pool, tried = ("growth", 1) if is_tied else ("", 2 * len(levels))
        yield Candidate(name, zh, reason, constraint, (rate, level), rate.name, tried=tried, pool=pool)


def _stocks_and_flows(readings: Readings) -> Iterator[Candidate]:
    """Yield the stocks that might follow from the period before and the flows."""
    groups = [
        flow
        for size in (2, 3)
        for flow in permutations(readings.levels, size)
        if len({each.dimension for each in flow}) == 1 and not readings.twins & {each.name for each in flow}
    ]
    for stock, new, *gone in groups:
        earlier = call(PREVIOUS_PERIOD, stock.name)
        reason = f"{_capitalized(stock.en)} are those of the period before, and {new.en}"
        zh = f"{stock.zh}等于上期数加{new.zh}"
        constraint = call(rules.stock_and_flow, stock.name, earlier, new.name)
        if gone:
            constraint = call(rules.equal, call(rules.total, stock.name, gone[0].name), call(rules.total, earlier, new.name))
            reason, zh = f"{reason}, less {gone[0].en}", f"{zh}减{gone[0].zh}"
        name = f"{stock.name}_follow_from_those_before"
        yield Candidate(name, zh, f"{reason}.", constraint, (stock, new, *gone), stock.name, tried=len(groups))


def _carried(readings: Readings) -> Iterator[Candidate]:
    pairs = [(one, other) for one, other in permutations(readings.levels, 2) if one.dimension == other.dimension]
    for start, end in pairs:
        if (role(start), role(end)) == ("carried_over", "carried_on"):
            constraint = call(CARRIED_OVER, start.name, end.name)
            reason = "What a period carries over is what the period before it carried on."
            name = "carried_over_is_what_was_carried_on"
        else:
            constraint = call(rules.equal, start.name, call(PREVIOUS_PERIOD, end.name))
            reason = f"A period starts with {start.en} as the period before it ended, with {end.en}."
            name = f"{start.name}_are_the_{end.name}_before"
        yield Candidate(name, f"{start.zh}等于上一时期的{end.zh}", reason, constraint, (start, end), start.name, tried=len(pairs))


def _cumulative(readings: Readings) -> Iterator[Candidate]:
    for each in readings.levels:
        if _CUMULATIVE.search(each.zh):
            constraint = call(rules.within, call(YEAR_BEFORE, each.name), each.name)
            reason = f"{_capitalized(each.en)} can only become more, unless they are counted in another way than before."
            name, zh = f"{each.name}_do_not_fall", f"{each.zh}不减少"
            yield Candidate(name, zh, reason, constraint, (each,), is_by_name=True, severity="warning")


def _capitalized(text: str) -> str:
    return text[0].upper() + text[1:]


def _over_a_category(category: CategoryColumn, readings: Readings) -> Iterator[Candidate]:
    parts, name = category.parts, category.name
    levels = readings.levels if category.has_total else ()
    if len(parts) > 1 and category.is_whole:
        for each in levels:
            constraint = call(rules.parts_sum_to_all, each.name, name, *parts)
            reason = f"Each {category.en} stands for itself, so {each.en} of all of them add up to the total."
            zh, of_rule = f"各{category.zh}{each.zh}之和等于合计", f"{each.name}{SUM_OVER}{name}"
            yield Candidate(of_rule, zh, reason, constraint, (each,), tried=len(levels), pool=f"{name}_all")
        for each in readings.shares:
            constraint = call(rules.shares_sum_to_the_whole, each.name, name, *parts)
            reason = f"Every {category.en} is there, so {each.en} of all of them add up to a hundred percent."
            zh = f"各{category.zh}{each.zh}之和为百分之百"
            yield Candidate(f"{each.name}_sum_to_the_whole", zh, reason, constraint, (each,), tried=len(readings.shares))
    for each in levels:
        constraint = call(rules.part_of_all, each.name, name, *dict.fromkeys((*parts, *sorted(category.inner))))
        reason = f"What one {category.en} has of {each.en} is part of the total."
        zh = f"单个{category.zh}的{each.zh}不超过合计"
        yield Candidate(f"{each.name}_of_one_{name}_are_among_all", zh, reason, constraint, (each,), is_by_name=True)


def _shares_over_a_category(category: CategoryColumn, readings: Readings) -> Iterator[Candidate]:
    for share, level in product(readings.shares, readings.levels):
        if category.has_total:
            whole = call(rules.row, level.name, **{category.name: ALL})
        elif len(category.parts) > 1 and category.is_whole:
            whole = call(rules.total_over, category.name, level.name, *category.parts)
        else:
            return
        constraint = call(rules.share_of, level.name, whole, share.name)
        reason = f"The printed share is the {level.en} of the {category.en} over that of all."
        zh = f"{share.zh}等于该{category.zh}{level.zh}与全部之比"
        name = f"{share.name}_is_of_all"
        yield Candidate(name, zh, reason, constraint, (share, level), share.name, tried=len(readings.levels))


def _over_areas(readings: Readings) -> Iterator[Candidate]:
    for each in readings.levels:
        constraint = call(rules.within, each.name, call(PARENT_AREA, each.name))
        reason = f"What an area has of {each.en} is part of what the area around it has."
        name = f"{each.name}_are_among_those_of_the_area_around"
        yield Candidate(name, f"{each.zh}不超过上级地区", reason, constraint, (each,), is_by_name=True)
    for share, level in product(readings.shares, readings.levels):
        constraint = call(rules.share_of, level.name, call(PARENT_AREA, level.name), share.name)
        reason = f"The printed share is the {level.en} of an area over that of the area around it."
        zh, name = f"{share.zh}等于{level.zh}与上级地区之比", f"{share.name}_is_of_the_area_around"
        yield Candidate(name, zh, reason, constraint, (share, level), share.name, tried=len(readings.levels))
