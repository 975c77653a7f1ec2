"""Blocks of like records, and those that give the published figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from etl.synthetic.published import Codes, Target

CodesOf = dict[str, tuple[str, ...]]
Span = tuple[date, date]
PENDING_PART, CARRIED, YEARS_OF_STOCK, TYPICAL_AMOUNT = 10, timedelta(days=92), 10, 10_000_000


@dataclass(frozen=True, slots=True)
class Block:
    """Records that are alike.

    Attributes:
        rows: how many.
        area: area code.
        opens: first possible day of opening, and the day after the last; both of one calendar year.
        closes: the same for closing; None while open.
        codes: for each code column the codes that its cells are drawn from.
        amount: the sum of the amounts; None for any sum.
        names: how many different names there are; None for any number.
        flagged: how many records are flagged; None for any number.
        is_published: whether a published figure counts the records.
    """

    rows: int
    area: str
    opens: Span
    closes: Span | None
    codes: CodesOf
    amount: int | None = None
    names: int | None = None
    flagged: int | None = None
    is_published: bool = False


def days(start: int, end: int) -> Span:
    """Return the first day of a span of months, and the day after its last."""
    return date(start // 12, start % 12 + 1, 1), date(end // 12, end % 12 + 1, 1)


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """Split a total into whole parts by their weights."""
    whole, given, weight_so_far = sum(weights), 0, 0
    parts = []
    for weight in weights:
        weight_so_far += weight
        parts.append(total * weight_so_far // whole - given)
        given += parts[-1]
    return parts


def blocks_of_stocks(group: Sequence[Target], every: CodesOf) -> list[Block]:
    """Plan the records that are open at the end of each period of an area."""
    blocks: list[Block] = []
    for atom in _atoms(group, every):
        alive = since = 0
        for target in sorted((each for each in group if each.codes == atom.codes), key=lambda each: each.end):
            first = since or target.end - 12 * YEARS_OF_STOCK
            of_period = [each for each in group if (each.start, each.end) == (target.start, target.end)]
            value = atom.published(of_period, "open") or 0
            years = sorted({month // 12 for month in range(first, target.end)})
            for rows, year in zip(shares(max(0, value - alive), [1] * len(years)), years, strict=True):
                window = days(max(first, 12 * year), min(target.end, 12 * year + 12))
                blocks.append(Block(rows, target.area, window, None, atom.allowed, is_published=True))
            alive, since = max(alive, value), target.end
    return blocks


def blocks_of_flows(group: Sequence[Target], every: CodesOf) -> list[Block]:
    """Plan the records that open or close in a period, and the flagged ones."""
    area, window = group[0].area, days(group[0].start, group[0].end)
    before, early = (window[0] - CARRIED, window[0]), (window[0], window[0] + CARRIED)
    blocks: list[Block] = []
    for atom in _atoms(group, every):
        opened, closed = atom.published(group, "opened"), atom.published(group, "closed")
        pending = 0 if opened is None else opened // PENDING_PART
        opened = (closed or 0) if opened is None else opened
        within = opened - pending if closed is None else min(closed, opened - pending)
        carried = 0 if closed is None else closed - within
        for rows, opens, closes in ((within, window, window), (carried, before, early), (opened - within, window, None)):
            blocks.append(Block(rows, area, opens, closes, atom.allowed, is_published=True))
    flagged = next((target.value for target in group if target.measure == "flagged"), None)
    if flagged is None or not blocks:
        return blocks
    largest = max(blocks, key=lambda block: block.rows)
    return [replace(block, flagged=min(flagged, block.rows) if block is largest else 0) for block in blocks]


def blocks_of_amounts(group: Sequence[Target], every: CodesOf) -> list[Block]:
    """Plan the records whose amounts and names are published of a period."""
    area, window = group[0].area, days(group[0].start, group[0].end)
    blocks: list[Block] = []
    for atom in _atoms(group, every):
        amount = atom.published(group, "amount") or 0
        still_open = 0 if atom.is_part else min(amount, atom.published(group, "amount open") or 0)
        for part, closes in ((amount - still_open, window), (still_open, None)):
            if part:
                rows = max(1, part // TYPICAL_AMOUNT)
                blocks.append(Block(rows, area, window, closes, atom.allowed, part, is_published=True))
    names = next((target.value for target in group if target.measure == "names"), None)
    if names is None or not blocks:
        return blocks
    own_names = shares(names, [block.rows for block in blocks])
    return [replace(block, rows=max(block.rows, own), names=own) for block, own in zip(blocks, own_names, strict=True)]


@dataclass(frozen=True, slots=True)
class _Atom:
    """The records of some codes, or the rest of a total beyond its parts."""

    codes: Codes
    parts: tuple[Codes, ...]
    allowed: CodesOf
    is_part: bool

    def published(self, group: Sequence[Target], measure: str) -> int | None:
        """Return the atom's published number; for the rest, total less parts."""
        values = {each.codes: each.value for each in reversed(group) if each.measure == measure}
        return values[self.codes] - sum(values.get(part, 0) for part in self.parts) if self.codes in values else None


def _atoms(group: Sequence[Target], every: CodesOf) -> Iterator[_Atom]:
    """Yield the published parts of a breakdown, and the rest of the total."""
    total = frozenset.intersection(*(target.codes for target in group))
    parts = tuple(dict.fromkeys(target.codes for target in group if target.codes != total))
    of_parts = frozenset().union(*parts) - total
    rest = {column: tuple(code for code in known if (column, code) not in of_parts) for column, known in every.items()}
    for part in parts:
        yield _Atom(part, (), every | {column: (code,) for column, code in part}, is_part=True)
    if any(target.codes == total for target in group):
        yield _Atom(total, parts, rest | {column: (code,) for column, code in total}, is_part=False)
