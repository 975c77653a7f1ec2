"""The rows that published figures count: for each figure of an area and a period, blocks that come to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from etl.synthetic.blocks import Block, CodesOf, Span, days, shares, year_of_days
from etl.synthetic.published import Target
from etl.synthetic.recipes import Recipe

PENDING_PART, CARRIED_DAYS, YEARS_OF_STOCK, TYPICAL_AMOUNT = 10, 92, 10, 10_000_000
Codes = tuple[tuple[str, str], ...]


def published_blocks(recipe: Recipe, group: Sequence[Target], every: CodesOf) -> list[Block]:
    """Give the blocks of the figures of one area and period, or of the stocks of one area.

    Args:
        recipe: of the register.
        group: the figures.
        every: by code column, all its codes.
    """
    if recipe.published.alive:
        return _stocks(group, every)
    if recipe.published.amount:
        return _amounts(recipe, group, every)
    flagged = _value(group, "flagged", ())
    blocks: list[Block] = []
    for only, excluded in _atoms(group):
        allowed = _allowed(recipe, every, only, excluded)
        began, ended = (_of_atom(group, measure, only, excluded) for measure in ("starts", "ends"))
        window = days(group[0].start, group[0].end)
        area = group[0].area
        if recipe.counts_ends:
            blocks += _ended_blocks(recipe, area, window, allowed, ended or 0)
        else:
            blocks += _flow_blocks(area, window, allowed, began, ended)
    return _flagged(recipe, blocks, flagged)


def _flow_blocks(area: str, window: Span, allowed: CodesOf, began: int | None, ended: int | None) -> list[Block]:
    """Give the rows that start or end in a period: begun and ended in it, carried over into it, and carried on from it."""
    if began is None:
        began = ended or 0
        pending = 0
    else:
        pending = began // PENDING_PART
    within = began - pending if ended is None else min(ended, began - pending)
    carried = 0 if ended is None else ended - within
    before = (date.fromordinal(window[0].toordinal() - CARRIED_DAYS), window[0])
    early = (window[0], date.fromordinal(window[0].toordinal() + CARRIED_DAYS))
    return [
        Block(within, area, window, window, allowed, is_published=True),
        Block(carried, area, before, early, allowed, is_published=True),
        Block(began - within, area, window, None, allowed, is_published=True),
    ]


def _ended_blocks(recipe: Recipe, area: str, window: Span, allowed: CodesOf, ended: int) -> list[Block]:
    """Give the rows that end in a period and started in the years before, by the weights of the recipe."""
    parts = shares(ended, [weight for _, weight in recipe.lags])
    years = [window[0].year - (lag or 0) for lag, _ in recipe.lags]
    return [
        Block(rows, area, year_of_days(year), window, allowed, is_published=True) for rows, year in zip(parts, years, strict=True)
    ]


def _flagged(recipe: Recipe, blocks: list[Block], flagged: int | None) -> list[Block]:
    """Give the blocks with so many flagged rows, all of them in the largest block."""
    if flagged is None or not blocks:
        return blocks
    largest = max(blocks, key=lambda block: block.rows)
    return [replace(block, flagged=min(flagged, block.rows) if block is largest else 0) for block in blocks]


def _stocks(group: Sequence[Target], every: CodesOf) -> list[Block]:
    """Give the rows that are alive at the end of each period: those of the period before, and new ones."""
    blocks: list[Block] = []
    alive = since = 0
    for target in sorted(group, key=lambda target: target.end):
        first = since or target.end - 12 * YEARS_OF_STOCK
        years = sorted({month // 12 for month in range(first, target.end)})
        for rows, year in zip(shares(max(0, target.value - alive), [1] * len(years)), years, strict=True):
            window = days(max(first, 12 * year), min(target.end, 12 * year + 12))
            blocks.append(Block(rows, target.area, window, None, every, is_published=True))
        alive, since = max(alive, target.value), target.end
    return blocks


def _amounts(recipe: Recipe, group: Sequence[Target], every: CodesOf) -> list[Block]:
    """Give the rows whose amounts and names come to what is published: settled ones, and those that still run."""
    window, area = days(group[0].start, group[0].end), group[0].area
    names = _value(group, "names", ())
    blocks: list[Block] = []
    for only, excluded in _atoms(group):
        amount = _of_atom(group, "amount", only, excluded) or 0
        running = 0 if only else min(amount, _value(group, "unreleased", ()) or 0)
        for part, ends in ((amount - running, window), (running, None)):
            if part:
                rows = max(1, part // TYPICAL_AMOUNT)
                allowed = _allowed(recipe, every, only, excluded)
                blocks.append(Block(rows, area, window, ends, allowed, part, is_published=True))
    if names is None or not blocks:
        return blocks
    own_names = shares(names, [block.rows for block in blocks])
    return [replace(block, rows=max(block.rows, own), names=own) for block, own in zip(blocks, own_names, strict=True)]


# Figures of a group


def _atoms(group: Sequence[Target]) -> list[tuple[Codes, Codes]]:
    """Give the parts of a breakdown: each code that is published, and what is left of the total (without those codes)."""
    specific = list(dict.fromkeys(target.codes for target in group if target.codes))
    rest = [((), tuple(pair for codes_of in specific for pair in codes_of))] if any(not t.codes for t in group) else []
    return [*((codes_of, ()) for codes_of in specific), *rest]


def _of_atom(group: Sequence[Target], measure: str, only: Codes, excluded: Codes) -> int | None:
    value = _value(group, measure, only)
    if value is None or only:
        return value
    return value - sum(_value(group, measure, (pair,)) or 0 for pair in excluded)


def _value(group: Sequence[Target], measure: str, only: Codes) -> int | None:
    return next((target.value for target in group if target.measure == measure and target.codes == only), None)


def _allowed(recipe: Recipe, every: CodesOf, only: Codes, excluded: Codes) -> CodesOf:
    fixed = {**recipe.pins, **dict(only)}
    out = set(excluded)
    return {
        column: (fixed[column],) if column in fixed else tuple(code for code in known if (column, code) not in out) or known
        for column, known in every.items()
    }
