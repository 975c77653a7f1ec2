"""Group prints of a figure into vintages, in the order of publication.

The first print of a figure and its unchanged reprints are one vintage; a row that is marked as revised begins the next.
Prints of one vintage must agree. A document can only have reckoned with what was printed by then, so a vintage holds from
the document that begins it until the one that begins the next, and the first of all holds of everything before too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from schemas.models import Revision, Table, columns

ROW, PERIOD_START, PERIOD_END, ORDER = "row", "period__start", "period__end", "source__order"
"""Columns of the labels of a table: number of the row, its span in months, and its document's place in order of publication."""

VINTAGE = "vintage"


def revision_column(model: type[Table]) -> str:
    """Name the column that marks revisions."""
    return next(column.name for column in columns(model) if isinstance(column.dtype, Revision))


def vintages_of(
    keys: Iterable[tuple[object, ...]], order: Sequence[int], is_revised: Sequence[bool]
) -> tuple[list[int | None], list[list[int]]]:
    """Return each row's vintage, and the reprints within vintages, oldest first.

    A vintage is how many revisions of its key there have been, the row's own included. A row that cannot be told from others,
    for a label or document of its is not known, has none.

    Args:
        keys: area, span and categories of each row.
        order: the place of each row's document in the order of publication; -1: not listed.
        is_revised: the rows that are marked as revised.
    """
    groups: dict[tuple[object, ...], list[int]] = {}
    for row, key in enumerate(keys):
        if order[row] >= 0 and None not in key:
            groups.setdefault(key, []).append(row)
    vintages: list[int | None] = [None] * len(order)
    reprints: list[list[int]] = []
    for rows in groups.values():
        if len(rows) == 1:
            vintages[rows[0]] = int(is_revised[rows[0]])
            continue
        vintage = 0
        of_vintage: list[int] = []
        for row in sorted(rows, key=order.__getitem__):
            if is_revised[row]:
                vintage += 1
                reprints.append(of_vintage)
                of_vintage = []
            vintages[row] = vintage
            of_vintage.append(row)
        reprints.append(of_vintage)
    return vintages, [rows for rows in reprints if len(rows) > 1]


_NEVER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Spans:
    """Half-open range of publication positions for which each print holds."""

    since: Mapping[int, int]
    until: Mapping[int, int]

    def hold(self, row: int, order: int) -> bool:
        """Tell whether the print of a row holds for a document."""
        return self.since.get(row, -1) <= order < self.until.get(row, _NEVER)


def spans_of_vintages(
    keys: Sequence[tuple[object, ...]], order: Sequence[int], vintages: Sequence[int | None], prints: Iterable[int]
) -> Spans:
    """Return the documents for which each print of a figure holds.

    Args:
        keys: area, span and categories of each row.
        order: the place of each row's document in the order of publication.
        vintages: the vintage of each row.
        prints: the rows that print the figure.
    """
    begins: dict[tuple[object, ...], dict[int, int]] = {}
    known = [(row, vintage) for row in prints if (vintage := vintages[row]) is not None]
    for row, vintage in known:
        of_key = begins.setdefault(keys[row], {})
        of_key[vintage] = min(order[row], of_key.get(vintage, _NEVER))
    ends = {key: _ends(of_key) for key, of_key in begins.items()}
    since, until = {}, {}
    for row, vintage in known:
        of_key = begins[keys[row]]
        since[row] = -1 if vintage == next(iter(ends[keys[row]])) else of_key[vintage]
        until[row] = ends[keys[row]][vintage]
    return Spans(since, until)


def _ends(begins: Mapping[int, int]) -> dict[int, int]:
    """Return where each vintage of a figure ends, the first vintage first: where the earliest of the later ones begins."""
    ends: dict[int, int] = {}
    end = _NEVER
    for vintage in sorted(begins, reverse=True):
        ends[vintage] = end
        end = min(end, begins[vintage])
    return dict(reversed(ends.items()))
