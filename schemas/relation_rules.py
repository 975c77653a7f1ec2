"""Derive the rules of declared relations, with ids and texts made of the columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

import narwhals.stable.v1 as nw

from schemas import rules
from schemas.kinds import Column, Count, Rate, Share
from schemas.relations import Kind, Relation, ShareOf, Words
from schemas.rule_declarations import GRIM, Rule
from schemas.texts import DeclarationError

ALL = "all"

Columns = Mapping[str, Column]


def expand(column: Column, words: Words, columns: Columns, *, reason: str = "", zh: str = "") -> Iterator[Relation]:
    """Expand a column's relations in the order of their words.

    One relation alone may have its own texts.

    Raises:
        TypeError: a word is unknown, or names a column that is not there or a category that does not declare its parts; or
            a text is stated, and not exactly one rule follows.
    """
    if (reason or zh) and len(words) != 1:
        raise DeclarationError(
            f"The column {column.name} states a text of one relation, and declares {len(words)}; use relation().",
            f"列 {column.name} 为一个关系写了说明，却声明了 {len(words)} 个关系；请用 relation()。",
        )
    for kind, target in words.items():
        if kind not in _RULES:
            raise DeclarationError(
                f"The column {column.name} declares {kind}=; the words of a relation are {', '.join(_RULES)}.",
                f"列 {column.name} 声明了 {kind}=；关系可用 {'、'.join(_RULES)}。",
            )
        others = _others(target)
        for other in others:
            if other not in columns:
                raise DeclarationError(
                    f"The column {column.name} declares {kind}={other!r}, and there is no column {other}.",
                    f"列 {column.name} 声明了 {kind}={other!r}，而没有列 {other}。",
                )
        relation = Relation(cast(Kind, kind), column.name, others, tuple(_RULES[kind](column, target, columns)))
        yield relation.restate(reason=reason, zh=zh)


def _others(target: Any) -> tuple[str, ...]:
    match target:
        case str():
            return (target,)
        case tuple():
            return target
        case ShareOf(part, whole, of_all, of_sum):
            return tuple(filter(None, (part, whole, of_all, of_sum)))
        case _:
            return ()


# What follows from each of them


def _part_of(part: Column, whole: str, columns: Columns) -> Iterator[Rule]:
    verb = "are-among" if _is_plural(part) else "is-within"
    yield _within(part, columns[whole], f"{_words(part)}-{verb}-the-{_words(columns[whole])}")


def _new_in(flow: Column, stock: str, columns: Columns) -> Iterator[Rule]:
    verb = "are-among-all" if _is_plural(flow) else "is-within-the-total"
    yield _within(flow, columns[stock], f"{_words(flow)}-{verb}")


def _within(part: Column, whole: Column, rule_id: str) -> Rule:
    reason = f"The {part.meaning.en} {'are among' if _is_plural(part) else 'is part of'} the {whole.meaning.en}."
    zh = f"{part.meaning.zh}不超过{whole.meaning.zh}"
    return Rule(rule_id, reason, zh, "error", rules.within(part.name, whole.name))


def _adds_to(flow: Column, stock: str, columns: Columns) -> Iterator[Rule]:
    yield Rule(
        f"{_words(columns[stock])}-are-those-before-and-the-new",
        "A total so far is the total at the end of the period before and what was added in this one.",
        f"{columns[stock].meaning.zh}等于上一时期数加{flow.meaning.zh}",
        "error",
        rules.stock_and_flow(stock, rules.previous_period(stock), flow.name),
    )


def _part_of_all(part: Column, category: str, columns: Columns) -> Iterator[Rule]:
    label = columns[category].meaning
    verb = "are-among-those" if _is_plural(part) else "is-within-that"
    yield Rule(
        f"{_words(part)}-{verb}-of-all-{(label.codes or category).replace('_', '-')}",
        f"The row for one {label.en} is part of the row for all, so its {part.meaning.en} cannot be more.",
        f"单个{label.zh}的{part.meaning.zh}不超过合计",
        "error",
        rules.within(part.name, rules.row(part.name, **{category: ALL})).where(nw.col(category) != ALL, category),
    )


def _part_of_parent(part: Column, _: Any, columns: Columns) -> Iterator[Rule]:
    verb, those = ("are some", "those") if _is_plural(part) else ("is part", "that")
    yield Rule(
        f"{_words(part)}-{'are-among' if _is_plural(part) else 'is-within'}-{those}-of-the-enclosing-area",
        f"The {part.meaning.en} of an area {verb} of {those} of the area that encloses it.",
        f"{part.meaning.zh}不超过上级地区",
        "error",
        rules.within(part.name, rules.parent_area(part.name)),
    )


def _each_has(each: Column, other: str, columns: Columns) -> Iterator[Rule]:
    meaning = columns[other].meaning
    yield Rule(
        f"{_words(each)}-have-{_words(columns[other])}",
        f"With each of the {each.meaning.en} comes at least one of the {meaning.en}.",
        f"{each.meaning.zh}不多于{meaning.zh}",
        "error",
        rules.within(each.name, other),
    )


def _sums_over(figure: Column, category: str, columns: Columns) -> Iterator[Rule]:
    label, parts = columns[category].meaning, _parts(figure, category, columns)
    if isinstance(figure.dtype, Share):
        yield Rule(
            "shares-sum-to-the-whole",
            "The shares of a complete breakdown add up to a hundred percent.",
            f"各{label.zh}占比之和为百分之百",
            "error",
            rules.shares_sum_to_the_whole(figure.name, category, *parts),
        )
        return
    yield Rule(
        f"{_words(figure)}-by-{category.replace('_', '-')}-sum-to-all",
        f"All that is counted falls under one {label.en} and no other, so the parts add up to the total.",
        f"各{label.zh}的{figure.meaning.zh}之和等于合计",
        "error",
        rules.parts_sum_to_all(figure.name, category, *parts),
    )


def _sums_over_areas(figure: Column, _: Any, columns: Columns) -> Iterator[Rule]:
    yield Rule(
        f"{_words(figure)}-of-the-areas-within-sum-to-that-of-the-area",
        "All that is counted in an area is counted in one of the areas within it, so they add up to its figure.",
        f"各下级地区{figure.meaning.zh}之和等于本地区",
        "error",
        rules.equal(figure.name, rules.total_of_areas(figure.name)),
    )


def _parts(figure: Column, category: str, columns: Columns) -> tuple[str, ...]:
    parts = columns[category].meaning.parts
    if not parts:
        raise DeclarationError(
            f"The column {figure.name} sums over {category}, whose label does not declare its parts.",
            f"列 {figure.name} 按 {category} 合计，而该分类列没有声明其各部分。",
        )
    return parts


def _share_of(share: Column, of: ShareOf, columns: Columns) -> Iterator[Rule]:
    part, name = columns[of.part].meaning, _words(share)
    if of.of_all:
        whole = rules.row(of.part, **{of.of_all: ALL})
        label = columns[of.of_all].meaning
        reason = f"The printed share is what one {label.en} has over what all have."
        yield Rule(f"{name}-is-of-all", reason, "占比等于该类与总量之比", "error", rules.share_of(of.part, whole, share.name))
    elif of.of_sum:
        label, parts = columns[of.of_sum].meaning, _parts(share, of.of_sum, columns)
        reason = f"The printed share is what one {label.en} has over what all have together, where no total is printed."
        constraint = rules.share_of(of.part, rules.total_over(of.of_sum, of.part, *parts), share.name)
        yield Rule(f"{name}-is-of-the-sum", reason, "占比等于该类与各类之和之比", "error", constraint)
    elif of.of_province:
        reason = "The printed share of a city is what it has over what its province has."
        constraint = rules.for_cities(rules.share_of(of.part, rules.parent_area(of.part), share.name))
        yield Rule("share-is-of-the-province", reason, "占比等于本市与全省之比", "error", constraint)
    else:
        whole_of = columns[of.whole].meaning
        reason = f"The printed share is the {part.en} over the {whole_of.en}."
        zh = f"{share.meaning.zh}等于{part.zh}与{whole_of.zh}之比"
        constraint = rules.share_of(of.part, of.whole, share.name)
        yield Rule(f"{name}-is-of-the-{_words(columns[of.whole])}", reason, zh, "error", constraint)


def _growth_of(rate: Column, level: str, columns: Columns) -> Iterator[Rule]:
    yield Rule(
        "growth-leads-from-the-year-before",
        "A printed growth is this year's number over last year's, less one.",
        "同比与本期、上年同期数相符",
        "error",
        rules.growth(level, rules.year_before(level), rate.name),
    )


def _whole_cases(ratio: Column, count: str, columns: Columns) -> Iterator[Rule]:
    if isinstance(ratio.dtype, Rate):
        reason = "The number of a year before that a printed growth implies is a whole one (the GRIM test, on a growth)."
        constraint = rules.whole_cases(count, rules.term(ratio.name) + 100)
        yield Rule("growth-is-from-whole-cases", reason, "由增幅推得的上年数可为整数", "warning", constraint, GRIM)
        return
    reason = "What is counted is whole, so some whole number of all must give the printed share (the GRIM test)."
    zh = f"{ratio.meaning.zh}应可由整数{columns[count].meaning.unit}得出"
    yield Rule("part-of-whole-cases", reason, zh, "warning", rules.whole_cases(count, ratio.name), GRIM)


def _cumulative(total: Column, _: Any, columns: Columns) -> Iterator[Rule]:
    do, more, they = ("do", "become more", "they are") if _is_plural(total) else ("does", "grow", "it is")
    en, zh = total.meaning.en, total.meaning.zh
    so_far = f"{en[0].upper()}{en[1:]}" if _is_plural(total) else f"The {en}"
    yield Rule(
        f"{_words(total)}-{do}-not-fall",
        f"{so_far} can only {more}, unless {they} counted in another way than a year before.",
        f"{zh if zh.startswith('累计') else f'累计{zh}'}不减少",
        "warning",
        rules.within(rules.year_before(total.name), total.name),
    )


def _closes(closed: Column, docket: tuple[str, str, str], columns: Columns) -> Iterator[Rule]:
    received, at_start, at_end = docket
    closed_zh, received_zh, start_zh, end_zh = (columns[name].meaning.zh for name in (closed.name, *docket))
    yield Rule(
        "closed-are-received-or-carried-over",
        "No more cases can be closed than were received and carried over.",
        f"{closed_zh}不超过{received_zh}与{start_zh}之和",
        "error",
        rules.disposed_le_docket(closed.name, received, at_start),
    )
    yield Rule(
        "closed-are-within-received",
        "Where no carry-over is printed, cases closed above those received imply one of at least the difference.",
        f"未载{start_zh}时，{closed_zh}多于{received_zh}意味着有{start_zh}",
        "information",
        rules.closed_within_received(closed.name, received, at_start),
    )
    yield Rule(
        "carried-on-is-what-is-left",
        "A case that was received or carried over, and not closed, is carried on.",
        f"{received_zh}加{start_zh}减{closed_zh}等于{end_zh}",
        "error",
        rules.pending_end_balances(received, at_start, closed.name, at_end),
    )
    yield Rule(
        "carried-over-is-what-was-carried-on",
        "What a period carries over is what the period before it carried on.",
        f"{start_zh}等于上一时期的{end_zh}",
        "error",
        rules.pending_start_equals_previous_end(at_start, at_end),
    )


def _is_plural(column: Column) -> bool:
    """Whether the English name of a column denotes counted things."""
    return isinstance(column.dtype, Count)


def _words(column: Column) -> str:
    """Return a column's name as in rule ids: hyphenated, without its unit."""
    return re.sub(r"_(pct|yuan|usd|days|months|mu)$", "", column.name).replace("_", "-")


_RULES: Mapping[Any, Callable[[Column, Any, Columns], Iterator[Rule]]] = {
    "part_of": _part_of,
    "part_of_all": _part_of_all,
    "part_of_parent": _part_of_parent,
    "each_has": _each_has,
    "sums_over": _sums_over,
    "sums_over_areas": _sums_over_areas,
    "share_of": _share_of,
    "growth_of": _growth_of,
    "whole_cases": _whole_cases,
    "cumulative": _cumulative,
    "new_in": _new_in,
    "adds_to": _adds_to,
    "closes": _closes,
}
