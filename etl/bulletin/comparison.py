"""Compare a figure with that of the year before, as far as the digits of both prints determine the change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from etl.bulletin.figures import FigureRequest, KnownFigure
from etl.catalogue import Catalogue
from schemas.models import relations
from schemas.texts import Language

_MOST_DECIMALS = 1
_GROWING = frozenset({"count", "amount", "measure", "mean", "duration", "multiple"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """A change on the year before, in the words of a sentence.

    Attributes:
        before: what stands before the figure.
        text: the change as a document prints it; empty where nothing has changed.
        after: what stands after it.
        known: the change as a figure.
    """

    before: str
    text: str
    after: str
    known: KnownFigure

    @property
    def short(self) -> str:
        """The change as a cell of a table has it."""
        return f"{self.before.removeprefix('（同比').lstrip('（( ')}{self.text}"


def compare_with_year_before(
    known: KnownFigure, figures: Mapping[FigureRequest, KnownFigure], language: Language, catalogue: Catalogue
) -> Comparison | None:
    """Compare a figure with that of the year before; None where the change is printed, or where rounding does not allow it."""
    earlier = figures.get(replace(known.request, span="year_before"))
    if known.span != "this" or earlier is None or _is_printed(known, figures, catalogue):
        return None
    is_share = known.kind == "share"
    ends = _points(known, earlier) if is_share else _growth(known, earlier) if known.kind in _GROWING else None
    change = _determined(*ends) if ends else None
    if ends is None or change is None:
        return None
    number = f"{abs(change):f}"
    before, text, after = _in_chinese(change, number, is_share) if language == "zh" else _in_english(change, number, is_share)
    unit = "百分点" if is_share else "%"
    low, high = map(float, ends)
    figure = replace(
        known, span="change", kind="rate", published=text, value=float(change), low=low, high=high, unit=unit, hedge=""
    )
    return Comparison(before, text, after, figure)


def _is_printed(known: KnownFigure, figures: Mapping[FigureRequest, KnownFigure], catalogue: Catalogue) -> bool:
    """Whether a document prints the growth itself, or the figure is one."""
    table, _, name = known.address.rpartition(".")
    return any(
        each.kind == "growth_of" and name in each.others and replace(known.request, address=f"{table}.{each.column}") in figures
        for each in relations(catalogue.entry(table).model)
    )


def _growth(known: KnownFigure, earlier: KnownFigure) -> tuple[Decimal, Decimal] | None:
    """Return the bounds of the growth in percent; None where one is open."""
    ends = _ends(known, earlier)
    if ends is None or ends[2] <= 0 or ends[0] < 0:
        return None
    low, high, earlier_low, earlier_high = ends
    return (low / earlier_high - 1) * 100, (high / earlier_low - 1) * 100


def _points(known: KnownFigure, earlier: KnownFigure) -> tuple[Decimal, Decimal] | None:
    """Return the bounds of the difference in percentage points; None where one is open."""
    ends = _ends(known, earlier)
    return (ends[0] - ends[3], ends[1] - ends[2]) if ends else None


def _ends(known: KnownFigure, earlier: KnownFigure) -> tuple[Decimal, Decimal, Decimal, Decimal] | None:
    ends = [end for end in (known.low, known.high, earlier.low, earlier.high) if end is not None]
    if len(ends) < 4 or known.hedge or earlier.hedge:
        return None
    low, high, earlier_low, earlier_high = (Decimal(repr(end)) for end in ends)
    return low, high, earlier_low, earlier_high


def _determined(low: Decimal, high: Decimal) -> Decimal | None:
    """Round a change to the most decimals that are the same at both bounds; None where not even its whole part is."""
    if low == high == 0:
        return Decimal(0)
    for decimals in range(_MOST_DECIMALS, -1, -1):
        step = Decimal(1).scaleb(-decimals)
        rounded = low.quantize(step, ROUND_HALF_UP)
        if rounded == high.quantize(step, ROUND_HALF_UP):
            return rounded or None  # a change too small to print
    return None


def _in_chinese(change: Decimal, number: str, is_share: bool) -> tuple[str, str, str]:
    if not change:
        return "（与上年持平", "", "）"
    unit, rise = ("个百分点", "提高") if is_share else ("%", "增长")
    return (f"（同比{rise}", f"{number}{unit}", "）") if change > 0 else ("（同比", f"下降{number}{unit}", "）")


def _in_english(change: Decimal, number: str, is_share: bool) -> tuple[str, str, str]:
    if not change:
        return " (unchanged on the year before", "", ")"
    unit = "%" if not is_share else " percentage point" if abs(change) == 1 else " percentage points"
    return f" ({'up' if change > 0 else 'down'} ", f"{number}{unit}", " on the year before)"
