"""Figures that say something of a figure before them: its growth, its share, or more of the same row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from etl.intake.contexts import FIGURE, Context
from etl.intake.targets import Names, Target
from etl.intake.vocabulary import telling

Kind = Literal["growth", "share", "row"]
GROWTH: Kind = "growth"
SHARE: Kind = "share"
ROW: Kind = "row"

_SINCE = "(?:并?已?连续[^，。；]{1,4}年)?(?:同比|环比|按年|比上年|较上年|比去年|较去年|比@|较@|与上年)?[^，。；]{0,6}"
_GROWTH = re.compile(f"^[，,、（(]*{_SINCE}(?:增长|增幅|增速|上升|提高|提升|下降|减少|上涨|回落|增加)[^，。；]{{0,3}}$")
_GROWTH_OF_COLUMN = re.compile(
    "(?:同比|环比|比上年|较上年|比去年|较去年|比@|较@|增长|增幅|增速|增减|升降|涨幅)(?:增长|增减|变化|变动|升降|增幅|幅度|速度|率)*$"
)
"""At the end of a header: its figures are changes of those of another column."""
_ONLY_GROWTH = re.compile(f"(?:^|、)(?:{_GROWTH_OF_COLUMN.pattern})")
_SIGN = re.compile("^(?:[+＋▲]|[-－—–]|增|升|降)")
_SHARE = re.compile("^[，,、（(]*(?:占|比重)[^，。；]*$")
_ALONE = re.compile("^[，,、（(]*(?:共计?|合计|计|涉及|涉案)?$")
_SENTENCE_ENDS = re.compile("[。！？；]")
_BREAKS = re.compile("[，,、（(]")


@dataclass(frozen=True, slots=True)
class Lead:
    """A figure that another one speaks of.

    Attributes:
        number: its rank.
        kind: whether the other is its `growth`, a `share`, or another figure of its `row`.
    """

    number: int
    kind: Kind


def is_growth_by_header(context: Context) -> bool:
    """Whether the header of a column, or of a row, says that its figures are changes."""
    return context.is_cell and any(_GROWTH_OF_COLUMN.search(each) for each in (context.header, context.before))


def leads(found: Sequence[Context]) -> list[Lead | None]:
    """Return for each figure which one it speaks of, by the words between them; None where it stands for itself."""
    led: list[Lead | None] = []
    for number, each in enumerate(found):
        between = each.before.rpartition(FIGURE)[2]
        is_near = number > 0 and found[number - 1].paragraph == each.paragraph and not _SENTENCE_ENDS.search(between)
        kind = _kind(between, each) if is_near else None
        before = led[number - 1] if number else None
        first = before.number if before and before.kind != ROW and kind != ROW else number - 1
        led.append(_lead_of_cell(found, number) if each.is_cell and not kind else Lead(first, kind) if kind else None)
    return led


def _lead_of_cell(found: Sequence[Context], number: int) -> Lead | None:
    """Return the level that a change in a table is of: before it in its row, or above it in its column."""
    each = found[number]
    if not is_growth_by_header(each):
        return None
    is_down = not _ONLY_GROWTH.search(each.header)
    for rank in range(number - 1, -1, -1):
        level = found[rank]
        if not level.is_cell or (not is_down and level.paragraph != each.paragraph):
            return None
        if not is_growth_by_header(level) and (not is_down or level.header == each.header):
            return Lead(rank, GROWTH)
    return None


def _kind(between: str, context: Context) -> Kind | None:
    if _GROWTH.match(between) or (_SIGN.match(context.found.published) and not _BREAKS.sub("", telling(between))):
        return GROWTH
    if _SHARE.match(between):
        return SHARE
    return ROW if _ALONE.match(between) and not context.after[:1].isalpha() else None


def belongs(follower: Target, names: Names, led: Target, kind: str) -> bool:
    """Whether a cell is what a figure that speaks of another can be: its growth, its share, or another one of its row."""
    is_same_row = (follower.table, follower.row_key) == (led.table, led.row_key)
    if not is_same_row or follower.column == led.column:
        return False
    if kind == GROWTH:
        return names.growth_of == led.column
    if kind == SHARE:
        return names.kind == "share" and names.share_of in ("", led.column)
    return not names.growth_of
