"""The plan of a made-up register: blocks of like rows, so many of each that the published figures come out.

Areas and years of which a figure is published hold the rows that it counts and no others. All other rows lie where
nothing is published, so a register of any size agrees.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from etl.registers.blocks import Block, CodesOf, Span, shares, year_of_days
from etl.registers.published import ALL, Target
from etl.registers.published_blocks import published_blocks
from etl.registers.recipes import Recipe
from schemas.code_lists import codes


@dataclass
class Plan:
    """Blocks, and the figures they agree with.

    Attributes:
        blocks: in the order of the rows before they are shuffled.
        agreed: the published figures that they come to.
        left_out: the published figures of which the register holds no rows, each with the reason.
    """

    blocks: list[Block] = field(default_factory=list)
    agreed: list[Target] = field(default_factory=list)
    left_out: list[tuple[Target, str]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return sum(block.rows for block in self.blocks)


def plan(recipe: Recipe, targets: Sequence[Target], rows: int | None, areas: Sequence[str], years: tuple[int, int]) -> Plan:
    """Give the plan of a register.

    Args:
        recipe: of the register.
        targets: the published figures about it.
        rows: how many rows it has; None for those that the published figures count.
        areas: the areas it covers.
        years: the first and the last year it covers.
    """
    every = {column: tuple(code.code for code in codes(name) if code.code != ALL) for column, name in recipe.codes.items()}
    made = Plan()
    taken: list[tuple[str, int, int]] = []
    for group in _groups(recipe, targets):
        reason = _unfit(group, areas, years, taken)
        blocks = [] if reason else published_blocks(recipe, group, every)
        if not reason and rows is not None and sum(block.rows for block in blocks) > rows - made.rows:
            reason = "the register has too few rows for it"
        if reason:
            made.left_out += [(target, reason) for target in group]
            continue
        made.blocks += blocks
        made.agreed += group
        taken += [(target.area, _covered_from(target, years), target.end) for target in group]
    closed_areas = {target.area for target in targets}
    if rows is not None:
        made.blocks += _free_blocks(recipe, rows - made.rows, areas, years, targets, closed_areas, every)
    made.blocks = [block for block in made.blocks if block.rows]
    return made


def _groups(recipe: Recipe, targets: Sequence[Target]) -> list[list[Target]]:
    """Give the figures that must be met together, those of the latest periods first."""
    by = _area_of if recipe.published.alive else _area_and_period
    return [list(group) for _, group in groupby(sorted(targets, key=by, reverse=True), key=by)]


def _area_of(target: Target) -> tuple[str, int, int]:
    return target.area, 0, 0


def _area_and_period(target: Target) -> tuple[str, int, int]:
    return target.area, target.end, target.start


def _unfit(group: Sequence[Target], areas: Sequence[str], years: tuple[int, int], taken: Iterable[tuple[str, int, int]]) -> str:
    """Give why the figures of a group cannot be met; empty where they can."""
    first, last = years
    for target in group:
        if target.area not in areas or target.start < 12 * first or target.end > 12 * (last + 1):
            return "the register does not cover its area and period"
        if any(area == target.area and start < target.end and target.start < end for area, start, end in taken):
            return "its period overlaps another that is published"
    return ""


def _covered_from(target: Target, years: tuple[int, int]) -> int:
    return 12 * years[0] if target.measure == "alive" else target.start


def _free_blocks(
    recipe: Recipe,
    rows: int,
    areas: Sequence[str],
    years: tuple[int, int],
    targets: Sequence[Target],
    closed_areas: set[str],
    every: CodesOf,
) -> list[Block]:
    """Give so many rows where nothing is published: in areas of which a figure is, each row ends in the year it starts."""
    first, last = years
    taken = {
        (target.area, month // 12)
        for target in targets
        for month in range(12 * first if target.measure == "alive" else target.start, target.end)
    }
    cells = [(area, year) for area in areas for year in range(first, last + 1) if (area, year) not in taken]
    return [
        Block(part, area, *_spans(recipe, year, lag, last, area in closed_areas), every)
        for share, (area, year) in zip(shares(rows, [1] * len(cells)), cells, strict=True)
        for part, (lag, _) in zip(shares(share, [weight for _, weight in recipe.lags]), recipe.lags, strict=True)
    ]


def _spans(recipe: Recipe, year: int, lag: int | None, last: int, is_closed: bool) -> tuple[Span, Span | None]:
    """Give when free rows of a year start and end: in one year where the area's figures of another year must not change."""
    if recipe.counts_ends:
        return year_of_days(year - (lag or 0)), year_of_days(year)
    if is_closed:
        return year_of_days(year), year_of_days(year)
    return year_of_days(year), None if lag is None or year + lag > last else year_of_days(year + lag)
