"""Which area and period a figure is of: those of its document, unless the words before it name others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from etl.catalogue import Catalogue
from etl.intake.contexts import LAST_YEAR, Context
from etl.intake.targets import BEFORE, ENCLOSING, OWN, THIS, TO_DATE, Target

ELSEWHERE = "elsewhere"
"""An area that the project has no code for, or that lies outside the document's and does not enclose it."""

PERCENT = frozenset(("%", "％", "‰", "成", "倍", "个百分点", "百分点"))
"""The units of shares and changes."""

_COUNTRY = ("全国", "全球", "世界")
_PROVINCE = ("全省", "省内")
_CITY = ("全市", "我市", "本市")
_COMPARED = re.compile("(?:占|居|列|在|位|领先|高于|低于|辐射|链接|面向|入选|获)$")
_RANK = re.compile("[^，、]{0,7}(?:首|第|前|级|唯一|领先|之一)")
_SHARE = re.compile("占|比重|比例|份额")
_MONTHS = re.compile("(?P<year>[0-9]{4})-(?P<first>[0-9]{2})/(?P<to_year>[0-9]{4})-(?P<last>[0-9]{2})")
_PLAN = re.compile('十(?P<rank>[一二三四五六七八九])五[”"]?(?:以来|期间|时期)')
_FIRST_PLAN, _YEARS = 1951, 5
_NUMERALS = "一二三四五六七八九"


@dataclass(frozen=True)
class Scope:
    """The area and period of a document.

    Attributes:
        area: its code.
        enclosing: the code of the area around it; empty where it has none.
        period: its period.
        names: names of areas with what each is to the document: `own`, `enclosing`, the code of an area within, `elsewhere`.
        published: the month in which it was published; empty where that is not known.
    """

    area: str
    enclosing: str
    period: str
    names: tuple[tuple[str, str], ...] = ()
    published: str = ""

    @property
    def other_periods(self) -> list[str]:
        """Periods that a figure may be of where the text leaves it open: year or last month of a span, the month of print."""
        first, _, last = self.period.partition("/")
        years = [first[:4]] if last and first.endswith("-01") and last[:4] > first[:4] else []
        return list(filter(None, (*years, last, self.published)))

    def area_of(self, context: Context) -> str:
        """Return the area that a clause names of its figure; `own` where it names none."""
        clause = context.clause
        if context.found.unit in PERCENT and _SHARE.search(clause):  # a share of what another area has
            return OWN
        found = [
            (place, -len(name), which)
            for name, which in self.names
            if (place := clause.rfind(name)) >= 0 and not _is_compared(clause, place, place + len(name))
        ]
        return max(found)[2] if found else OWN

    def period_of(self, context: Context) -> str:
        """Return the period that the text states for a figure; `this` where it is the document's own or none is stated."""
        stated = context.period
        if plan := _PLAN.search(context.clause):
            first = _FIRST_PLAN + _YEARS * (11 + _NUMERALS.index(plan["rank"]))
            stated = f"{first}-01/{self.period[:4]}-12"
        if stated == LAST_YEAR:
            stated = str(int(self.period[:4]) - 1)
        stated = short_period(stated)
        return THIS if stated in ("", self.period, self.period[:4]) else stated

    def row_key(self, target: Target, source: str) -> str:
        """Return the key of the row that a target is of, in the document of a source."""
        area = {OWN: self.area, ENCLOSING: self.enclosing}.get(target.area, target.area)
        period = self.period if target.period == THIS else target.period
        return ":".join((area, period, *target.categories, source))

    def role(self, period: str) -> str:
        """Return what a stated period is to the document's, as targets have it."""
        if period == THIS:
            return THIS
        if "/" in period and period.endswith((f"/{self.period}", f"/{self.period}-12")):
            return TO_DATE
        return BEFORE if period[:4] < self.period[:4] else period


_SPANS = {("01", "12"): "", ("01", "06"): "-H1", ("07", "12"): "-H2"} | {
    (f"{first:02}", f"{first + 2:02}"): f"-Q{quarter}" for quarter, first in enumerate((1, 4, 7, 10), start=1)
}


def short_period(period: str) -> str:
    """Return a span of months as the year, half-year or quarter that it is."""
    match = _MONTHS.fullmatch(period)
    if not match or match["year"] != match["to_year"]:
        return period
    division = _SPANS.get((match["first"], match["last"]))
    return period if division is None else match["year"] + division


def scope_of(catalogue: Catalogue, area: str, period: str, published: str = "") -> Scope:
    """Return the scope of a document of an area and a period."""
    names = tuple(dict.fromkeys(_names(catalogue, area)))
    return Scope(area, catalogue.lists.parents.get(area) or "", short_period(period), names, published)


def _names(catalogue: Catalogue, area: str) -> Iterator[tuple[str, str]]:
    parents = catalogue.lists.parents
    for each in catalogue.codes("areas"):
        which = OWN if each.code == area else ENCLOSING if each.code == parents.get(area) else ELSEWHERE
        if parents.get(each.code) == area:
            which = each.code
        yield from ((name, which) for name in (each.zh, *each.aliases))
    yield from ((name, OWN) for name in _CITY)
    yield from ((name, ENCLOSING) for name in _PROVINCE)
    yield from ((name, ELSEWHERE) for name in _COUNTRY)


def _is_compared(clause: str, start: int, end: int) -> bool:
    """Whether an area stands in a clause only for comparison, rank, title or as an example: 占全省, 全国首创, 奉化等地.

    Not so where its own figure follows in brackets: 占全省总量（506.7万件）.
    """
    if clause.endswith(("（", "(")):
        return False
    return bool(_COMPARED.search(clause[:start]) or _RANK.match(clause[end:]) or "等" in clause[end:])
