"""Figures that say something of the figure just before them: its growth, its share, or more of the same table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from etl.intake.contexts import FIGURE, Context
from etl.intake.targets import Names, Target, cell_of

_GROWTH = re.compile(
    "^[，,、（(]*(?:并?(?:已)?连续[^，。；]{1,4}年)?(?:同比|环比|按年|比上年|较上年|比去年|较去年|比@|较@|与上年)?[^，。；#]{0,6}"
    "(?:增长|增幅|增速|上升|提高|提升|下降|减少|上涨|回落|增加)[^，。；#]{0,3}$"
)
_SHARE = re.compile("^[，,、（(]*(?:占|占比|比重)[^，。；#]*$")
_SENTENCE_ENDS = re.compile("[。！？；]")


def leaders(found: Sequence[Context]) -> list[int | None]:
    """Return for each figure which one it is the growth or a share of, by the words between; None where it stands for itself."""
    led: list[int | None] = []
    for number, each in enumerate(found):
        between = each.before.rpartition(FIGURE)[2]
        is_led = number > 0 and found[number - 1].paragraph == each.paragraph and not _SENTENCE_ENDS.search(between)
        is_led = is_led and bool(_GROWTH.match(between) or _SHARE.match(between))
        led.append((led[number - 1] if led[number - 1] is not None else number - 1) if is_led else None)
    return led


def belongs(follower: Target, names: Names, led: Target) -> bool:
    """Whether a cell is the growth or the share of another, or, where no relation says of what, stands in its row."""
    is_same_row = cell_of(follower).row_key == cell_of(led).row_key and follower.table == led.table and follower != led
    declared = names.growth_of or names.share_of
    return is_same_row and (not declared or declared == led.column)
