"""The plan of a made-up register: blocks of like rows, so many of each that the published figures come out.

Areas and years of which a figure is published hold the rows that it counts and no others. All other rows lie where
nothing is published, so a register of any size agrees.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from etl.errors import ProjectError
from etl.synthetic.blocks import Block, CodesOf, Span, days, shares, year_of_days
from etl.synthetic.published import ALL, Target
from etl.synthetic.published_blocks import published_blocks
from etl.synthetic.recipes import Recipe
from schemas.code_lists import codes


@dataclass(frozen=True, slots=True)
class Gap:
    """Months of one area and year of which nothing is published.

    Attributes:
        area: area code.
        start: first month, counted as in `etl.figures.periods`.
        end: month after the last.
    """

    area: str
    start: int
    end: int

    @property
    def months(self) -> int:
        """Number of months."""
        return self.end - self.start


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

    An area of which figures are published has the rows that they count, and as many in the months between, so that its
    months are alike; all other rows lie in areas of which nothing is published, as long as there are any.

    Args:
        recipe: of the register.
        targets: the published figures about it.
        rows: how many rows it has; None for those of the areas of which figures are published.
        areas: the areas it covers.
        years: the first and the last year it covers.

    Raises:
        ProjectError: there is no area and month left for further rows.
    """
    every = {column: tuple(code.code for code in codes(name) if code.code != ALL) for column, name in recipe.codes.items()}
    made = Plan()
    gaps = _gaps(targets, areas, years)
    of_areas = {
        target.area: _of_area(recipe, [t for t in targets if t.area == target.area], areas, years, every) for target in targets
    }
    for area, own in sorted(of_areas.items(), key=lambda pair: pair[1].rows):
        inside = _gaps_between(own, [gap for gap in gaps if gap.area == area])
        between = _free_blocks(recipe, _level(own, inside), inside, years[1], is_closed=True, every=every)
        size = own.rows + sum(block.rows for block in between)
        if rows is not None and size > rows - made.rows:
            made.left_out += [(target, f"the register has fewer than its {size:,} rows") for target in own.agreed]
        else:
            made.blocks += [*own.blocks, *between]
            made.agreed += own.agreed
        made.left_out += own.left_out
    published = {target.area for target in targets}
    agreed = {target.area for target in made.agreed}
    if rows is not None and rows > made.rows:
        rooms = [gap for gap in gaps if gap.area not in published] or [gap for gap in gaps if gap.area in agreed]
        if not rooms:
            reasons = ", ".join(sorted({reason for _, reason in made.left_out}))
            raise ProjectError(f"There is no room for {rows} rows beside the published figures: {reasons}.")
        made.blocks += _free_blocks(recipe, rows - made.rows, rooms, years[1], is_closed=rooms[0].area in published, every=every)
    made.blocks = sorted((block for block in made.blocks if block.rows), key=lambda block: not block.is_published)
    return made


def _of_area(recipe: Recipe, targets: Sequence[Target], areas: Sequence[str], years: tuple[int, int], every: CodesOf) -> Plan:
    """Give the rows of an area that its published figures count."""
    made = Plan()
    taken: list[tuple[str, int, int]] = []
    for group in _groups(recipe, targets):
        reason = _unfit(group, areas, years, taken)
        if reason:
            made.left_out += [(target, reason) for target in group]
            continue
        made.blocks += published_blocks(recipe, group, every)
        made.agreed += group
        taken += [(target.area, _covered_from(target, years), target.end) for target in group]
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


def _gaps(targets: Sequence[Target], areas: Sequence[str], years: tuple[int, int]) -> list[Gap]:
    """Give the months of each area and year, in one or several runs, of which nothing is published."""
    taken = {(target.area, month) for target in targets for month in range(_covered_from(target, years), target.end)}
    gaps = []
    for area in areas:
        free = [month for month in range(12 * years[0], 12 * years[1] + 12) if (area, month) not in taken]
        for _, run in groupby(enumerate(free), key=lambda pair: (pair[1] - pair[0], pair[1] // 12)):
            months = [month for _, month in run]
            gaps.append(Gap(area, months[0], months[-1] + 1))
    return gaps


def _gaps_between(own: Plan, gaps: Sequence[Gap]) -> list[Gap]:
    """Give the gaps of an area between its first and its last published month."""
    first, last = min((t.start for t in own.agreed), default=0), max((t.end for t in own.agreed), default=0)
    return [gap for gap in gaps if first <= gap.start and gap.end <= last]


def _level(own: Plan, gaps: Sequence[Gap]) -> int:
    """Give how many rows gaps have if their months are like those that are published."""
    months = {month for target in own.agreed for month in range(target.start, target.end)}
    return sum(gap.months for gap in gaps) * own.rows // max(1, len(months))


def _free_blocks(recipe: Recipe, rows: int, gaps: Sequence[Gap], last: int, *, is_closed: bool, every: CodesOf) -> list[Block]:
    """Give so many rows where nothing is published, by the length of each gap."""
    kinds = [(gap, lag, gap.months * weight) for gap in gaps for lag, weight in recipe.lags]
    return [
        Block(part, gap.area, *_spans(recipe, gap, lag, last, is_closed), every)
        for part, (gap, lag, _) in zip(shares(rows, [weight for *_, weight in kinds]), kinds, strict=True)
    ]


def _spans(recipe: Recipe, gap: Gap, lag: int | None, last: int, is_closed: bool) -> tuple[Span, Span | None]:
    """Give when free rows start and end: within their gap where the area's figures of another time must not change."""
    year, window = gap.start // 12, days(gap.start, gap.end)
    if recipe.counts_ends:
        return year_of_days(year - (lag or 0)), window
    if is_closed or lag == 0:
        return window, window
    return window, None if lag is None or year + lag > last else year_of_days(year + lag)
