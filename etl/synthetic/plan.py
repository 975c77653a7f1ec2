"""The plan of a synthetic register, which gives the published figures.

Areas and years of which a figure is published hold the records that it counts and no others. All other records lie where
nothing is published, so a register of any size agrees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from etl.errors import ProjectError
from etl.synthetic.blocks import Block, CodesOf, Span, blocks_of_amounts, blocks_of_flows, blocks_of_stocks, days, shares
from etl.synthetic.profile import Profile
from etl.synthetic.published import Target
from schemas.texts import Text, joined


class Gap(NamedTuple):
    """Months of one area and year of which nothing is published, the end excluded."""

    area: str
    start: int
    end: int


@dataclass
class Plan:
    """Blocks, and the figures they agree with.

    Attributes:
        blocks: in the order of the rows before they are shuffled.
        agreed: the published figures that they give.
        left_out: the published figures that they do not give, each with the reason.
    """

    blocks: list[Block] = field(default_factory=list)
    agreed: list[Target] = field(default_factory=list)
    left_out: list[tuple[Target, Text]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return sum(block.rows for block in self.blocks)

    def leave_out(self, targets: Iterable[Target], reason: Text) -> None:
        """Name published figures that the blocks do not give."""
        self.left_out += [(target, reason) for target in targets]


def plan(profile: Profile, targets: Sequence[Target], rows: int | None, areas: Sequence[str], years: tuple[int, int]) -> Plan:
    """Plan a register.

    An area of which figures are published has the records that they count, and as many in the months between, so that its
    months are alike; all other records lie in areas of which nothing is published, as long as there are any.

    Args:
        profile: of the register.
        targets: the published figures about it.
        rows: how many rows it has; None for those of the areas of which figures are published.
        areas: the areas it covers.
        years: the first and the last year it covers.

    Raises:
        ProjectError: there is no area and month left for further rows.
    """
    made, blocks_of, is_stock = Plan(), *_planner({target.measure for target in targets})
    planned = [target for target in targets if target.measure and (target.measure != "open" or is_stock)]
    for target in targets:
        if target not in planned:
            reason = Text(
                f"{target.figure} is not planned; it depends on other periods", f"{target.figure} 取决于其他时期，不作安排"
            )
            made.leave_out([target], reason)
    gaps = _gaps(planned, areas, years)
    published: dict[str, Plan] = {}
    for area in dict.fromkeys(target.area for target in planned):
        groups = _groups([target for target in planned if target.area == area], is_stock=is_stock)
        published[area] = _of_area(groups, areas, years, lambda group: blocks_of(group, profile.codes))
    for area, own in sorted(published.items(), key=lambda pair: pair[1].rows):
        between = _between(profile, own, [gap for gap in gaps if gap.area == area], years[1])
        size = own.rows + sum(block.rows for block in between)
        if rows is not None and size > rows - made.rows:
            made.leave_out(own.agreed, Text(f"the register has fewer than its {size:,} rows", f"登记簿不足其 {size:,} 行"))
        else:
            made.blocks += [*own.blocks, *between]
            made.agreed += own.agreed
        made.left_out += own.left_out
    if rows is not None and rows > made.rows:
        agreed = {target.area for target in made.agreed}
        rooms = [gap for gap in gaps if gap.area not in published] or [gap for gap in gaps if gap.area in agreed]
        if not rooms:
            reasons = joined(sorted({reason for _, reason in made.left_out}, key=lambda each: each.en), Text(", ", "、"))
            raise ProjectError(
                f"There is no room for {rows} rows beside the published figures: {reasons.en}.",
                f"除公布数字之外，容不下 {rows} 行：{reasons.zh}。",
            )
        made.blocks += _free_blocks(profile, rows - made.rows, rooms, years[1], is_closed=rooms[0].area in published)
    made.blocks = sorted((block for block in made.blocks if block.rows), key=lambda block: not block.is_published)
    return made


def _planner(measures: set[str]) -> tuple[Callable[[Sequence[Target], CodesOf], list[Block]], bool]:
    """Choose the planner of the published figures, and tell whether they are stocks."""
    if measures & {"amount", "amount open", "names"}:
        return blocks_of_amounts, False
    if "open" in measures and not measures & {"opened", "closed"}:
        return blocks_of_stocks, True
    return blocks_of_flows, False


def _groups(targets: Sequence[Target], *, is_stock: bool) -> list[list[Target]]:
    """Group the figures that must be met together, the latest periods first."""

    def period(target: Target) -> tuple[int, int]:
        return (0, 0) if is_stock else (target.end, target.start)

    return [list(group) for _, group in groupby(sorted(targets, key=period, reverse=True), key=period)]


def _of_area(
    groups: Iterable[list[Target]],
    areas: Sequence[str],
    years: tuple[int, int],
    blocks_of: Callable[[Sequence[Target]], list[Block]],
) -> Plan:
    """Plan the records of an area that its published figures count."""
    made = Plan()
    taken: list[tuple[int, int]] = []
    for group in groups:
        blocks = blocks_of(group)
        if any(block.rows and not all(block.codes.values()) for block in blocks):
            made.leave_out(group, Text("no code is left for what its parts do not count", "其各部分之外没有可用的代码"))
        elif any(each.area not in areas or each.start < 12 * years[0] or each.end > 12 * years[1] + 12 for each in group):
            made.leave_out(group, Text("the register does not cover its area and period", "登记簿不含其地区与时期"))
        elif any(start < each.end and each.start < end for each in group for start, end in taken):
            made.leave_out(group, Text("its period overlaps another that is published", "其时期与另一公布时期重叠"))
        else:
            made.blocks += blocks
            made.agreed += group
            taken += [(_covered_from(target, years), target.end) for target in group]
    return made


def _covered_from(target: Target, years: tuple[int, int]) -> int:
    return 12 * years[0] if target.measure == "open" else target.start


def _gaps(targets: Sequence[Target], areas: Sequence[str], years: tuple[int, int]) -> list[Gap]:
    """List the runs of months of an area and year that nothing is published of."""
    taken = {(target.area, month) for target in targets for month in range(_covered_from(target, years), target.end)}
    gaps = []
    for area in areas:
        free = [month for month in range(12 * years[0], 12 * years[1] + 12) if (area, month) not in taken]
        for _, run in groupby(enumerate(free), key=lambda pair: (pair[1] - pair[0], pair[1] // 12)):
            months = [month for _, month in run]
            gaps.append(Gap(area, months[0], months[-1] + 1))
    return gaps


def _between(profile: Profile, own: Plan, gaps: Iterable[Gap], last: int) -> list[Block]:
    """Plan as many records between the published months of an area as are in those."""
    months = {month for target in own.agreed for month in range(target.start, target.end)}
    inside = [gap for gap in gaps if months and min(months) <= gap.start and gap.end <= max(months) + 1]
    rows = sum(gap.end - gap.start for gap in inside) * own.rows // max(1, len(months))
    return _free_blocks(profile, rows, inside, last, is_closed=True)


def _free_blocks(profile: Profile, rows: int, gaps: Iterable[Gap], last: int, *, is_closed: bool) -> list[Block]:
    """Plan so many records where nothing is published, by the length of each gap."""
    kinds = [(gap, lag, (gap.end - gap.start) * weight) for gap in gaps for lag, weight in profile.lags]
    parts = shares(rows, [weight for *_, weight in kinds])
    return [
        Block(part, gap.area, days(gap.start, gap.end), _closes(gap, lag, last, is_closed=is_closed), profile.codes)
        for part, (gap, lag, _) in zip(parts, kinds, strict=True)
    ]


def _closes(gap: Gap, lag: int | None, last: int, *, is_closed: bool) -> Span | None:
    """Choose when free records close; within their gap where `is_closed`."""
    if is_closed or lag == 0:
        return days(gap.start, gap.end)
    year = gap.start // 12 + (lag or 0)
    return None if lag is None or year > last else days(12 * year, 12 * year + 12)
