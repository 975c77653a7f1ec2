"""Rules that might hold between rows: from period to period, over the codes of a category, and between areas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations, product

from etl.proposals.candidates import Candidate
from etl.proposals.columns import FigureColumn, without_unit
from etl.proposals.labels import ALL, CategoryColumn
from etl.proposals.layout import TableLayout
from etl.proposals.within_rows import SUM_OVER, Readings, role
from etl.proposals.wording import call
from schemas import rules
from schemas.code_lists import codes

_CUMULATIVE = re.compile("累计|历年|已推出|总计发行")


def between_rows(layout: TableLayout, readings: Readings) -> Iterator[Candidate]:
    """Give the rules that might hold between rows."""
    if len(set(layout.periods)) > 1:
        yield from _growths(readings)
        yield from _stocks_and_flows(readings)
        yield from _carried(readings)
        yield from _cumulative(readings)
    for category in layout.categories:
        yield from _over_a_category(category, layout, readings)
    parents = {code.code: code.parent for code in codes("areas")}
    if any(parents.get(area) in layout.areas for area in layout.areas):
        yield from _over_areas(readings)


def _growths(readings: Readings) -> Iterator[Candidate]:
    rates = [each for each in readings.columns if each.kind == "rate" and each.dimension == "percentage"]
    levels = [each for each in readings.columns if each.is_level or each.kind == "mean"]
    tried = 2 * len(levels)
    for rate, level, earlier in product(rates, levels, (rules.year_before, rules.previous_period)):
        if (earlier is rules.year_before) is ("环比" in rate.zh):
            continue
        wording = call(rules.growth, level.name, call(earlier, level.name), rate.name)
        when = "a year before" if earlier is rules.year_before else "the period before"
        reason = f"The printed growth leads from {level.en} of {when} to those of now."
        zh = f"{rate.zh}与{level.zh}本期、{'上年同期' if earlier is rules.year_before else '上期'}数相符"
        name = f"{rate.name}_leads_from_{'the_year_before' if earlier is rules.year_before else 'the_period_before'}"
        is_tied = rate.name.startswith(f"{without_unit(level.name)}_growth")
        pool, number = ("growth", 1) if is_tied else ("", tried)
        yield Candidate(name, zh, reason, wording, (rate, level), rate.name, tried=number, pool=pool)


def _stocks_and_flows(readings: Readings) -> Iterator[Candidate]:
    """Give the stocks that might be that of the period before plus what came in, and less what went out."""
    levels = [each for each in readings.columns if each.is_level]
    twins = readings.twins()
    groups = [
        flow
        for size in (2, 3)
        for flow in permutations(levels, size)
        if len({each.dimension for each in flow}) == 1 and not twins & {each.name for each in flow}
    ]
    for stock, new, *gone in groups:
        earlier = call(rules.previous_period, stock.name)
        came = f"{stock.en} are those of the period before, and {new.en}"
        if gone:
            left = call(rules.total, stock.name, gone[0].name)
            wording = call(rules.equal, left, call(rules.total, earlier, new.name))
            reason, zh = f"{came}, less {gone[0].en}.", f"{stock.zh}等于上期数加{new.zh}减{gone[0].zh}"
        else:
            wording = call(rules.stock_and_flow, stock.name, earlier, new.name)
            reason, zh = f"{came}.", f"{stock.zh}等于上期数加{new.zh}"
        name = f"{stock.name}_follow_from_those_before"
        reason = reason[0].upper() + reason[1:]
        yield Candidate(name, zh, reason, wording, (stock, new, *gone), stock.name, tried=len(groups))


def _carried(readings: Readings) -> Iterator[Candidate]:
    levels = [each for each in readings.columns if each.is_level]
    pairs = [(one, other) for one, other in permutations(levels, 2) if one.dimension == other.dimension]
    for start, end in pairs:
        if (role(start), role(end)) == ("carried_over", "carried_on"):
            wording = call(rules.pending_start_equals_previous_end, start.name, end.name)
            reason = "What a period carries over is what the period before it carried on."
            name = "carried_over_is_what_was_carried_on"
        else:
            wording = call(rules.equal, start.name, call(rules.previous_period, end.name))
            reason = f"A period starts with {start.en} as the period before it ended, with {end.en}."
            name = f"{start.name}_are_the_{end.name}_before"
        yield Candidate(name, f"{start.zh}等于上一时期的{end.zh}", reason, wording, (start, end), start.name, tried=len(pairs))


def _cumulative(readings: Readings) -> Iterator[Candidate]:
    for each in readings.columns:
        if each.is_level and _CUMULATIVE.search(each.zh):
            wording = call(rules.within, call(rules.year_before, each.name), each.name)
            reason = (
                f"{each.en[0].upper()}{each.en[1:]} can only become more, unless they are counted in another way than before."
            )
            name = f"{each.name}_do_not_fall"
            yield Candidate(name, f"{each.zh}不减少", reason, wording, (each,), is_by_name=True, severity="warning")


def _over_a_category(category: CategoryColumn, layout: TableLayout, readings: Readings) -> Iterator[Candidate]:
    parts, name = category.parts, category.name
    has_total = ALL in category.cells
    of_all = f"{name}_all" if has_total else ""
    levels = [each for each in readings.columns if each.is_level]
    shares = [each for each in readings.columns if each.kind == "share"]
    if len(parts) > 1 and category.is_whole:
        for each in levels if has_total else ():
            wording = call(rules.parts_sum_to_all, each.name, name, *parts)
            reason = f"Each {category.en} stands for itself, so {each.en} of all of them add up to the total."
            zh = f"各{category.zh}{each.zh}之和等于合计"
            yield Candidate(f"{each.name}{SUM_OVER}{name}", zh, reason, wording, (each,), tried=len(levels), pool=of_all)
        for each in shares:
            wording = call(rules.shares_sum_to_the_whole, each.name, name, *parts)
            reason = f"Every {category.en} is there, so {each.en} of all of them add up to a hundred percent."
            zh = f"各{category.zh}{each.zh}之和为百分之百"
            yield Candidate(f"{each.name}_sum_to_the_whole", zh, reason, wording, (each,), tried=len(shares))
    for each in levels if has_total else ():
        wording = call(rules.part_of_all, each.name, name, *dict.fromkeys((*parts, *sorted(category.inner))))
        reason = f"What one {category.en} has of {each.en} is part of the total."
        zh = f"单个{category.zh}的{each.zh}不超过合计"
        yield Candidate(f"{each.name}_of_one_{name}_are_among_all", zh, reason, wording, (each,), is_by_name=True)
    yield from _shares_over_a_category(category, levels, shares, has_total=has_total)


def _shares_over_a_category(
    category: CategoryColumn, levels: list[FigureColumn], shares: list[FigureColumn], *, has_total: bool
) -> Iterator[Candidate]:
    for share, level in product(shares, levels):
        if has_total:
            whole = call(rules.row, level.name, **{category.name: ALL})
        elif len(category.parts) > 1 and category.is_whole:
            whole = call(rules.total_over, category.name, level.name, *category.parts)
        else:
            continue
        wording = call(rules.share_of, level.name, whole, share.name)
        reason = f"The printed share is the {level.en} of the {category.en} over that of all."
        zh = f"{share.zh}等于该{category.zh}{level.zh}与全部之比"
        name = f"{share.name}_is_of_all"
        yield Candidate(name, zh, reason, wording, (share, level), share.name, tried=len(levels))


def _over_areas(readings: Readings) -> Iterator[Candidate]:
    levels = [each for each in readings.columns if each.is_level]
    shares = [each for each in readings.columns if each.kind == "share"]
    for each in levels:
        wording = call(rules.within, each.name, call(rules.parent_area, each.name))
        reason = f"What an area has of {each.en} is part of what the area around it has."
        name = f"{each.name}_are_among_those_of_the_area_around"
        yield Candidate(name, f"{each.zh}不超过上级地区", reason, wording, (each,), is_by_name=True)
    for share, level in product(shares, levels):
        wording = call(rules.share_of, level.name, call(rules.parent_area, level.name), share.name)
        reason = f"The printed share is the {level.en} of an area over that of the area around it."
        zh = f"{share.zh}等于{level.zh}与上级地区之比"
        yield Candidate(f"{share.name}_is_of_the_area_around", zh, reason, wording, (share, level), share.name, tried=len(levels))
