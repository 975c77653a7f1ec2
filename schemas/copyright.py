"""Copyright: works registered and service stations."""

from __future__ import annotations

from typing import Any

from schemas import rules
from schemas.claims import Claim
from schemas.rules import term
from schemas.vocabulary import Count, Rate, Share, Table, figure, rule

TITLE = ("版权", "Copyright")


class Registrations(Table, zh="版权作品登记"):
    """Works registered for copyright. One row per area, period and source."""

    works: Count = figure("作品登记", "works registered", "件")
    works_growth_pct: Rate = figure("作品登记同比", "growth of works registered", "%", optional=True)
    share_of_province_pct: Share = figure("占全省比重", "share of the works of the province", "%", optional=True)

    @rule(zh="同比与本期、上年同期数相符")
    def growth_leads_from_the_year_before(cls: Any) -> Claim:
        """This level, that of a year before, and the printed growth are two quantities and their ratio."""
        return rules.growth("works", rules.before("works"), "works_growth_pct")

    @rule(zh="由同比推得的上年数可为整数", severity="warning")
    def growth_is_from_whole_cases(cls: Any) -> Claim:
        """The number of a year before that a printed growth implies is a whole one (the GRIM test, on a growth)."""
        return rules.whole_cases("works", term("works_growth_pct") + 100)

    @rule(zh="作品登记不超过上级地区")
    def works_are_among_those_of_the_enclosing_area(cls: Any) -> Claim:
        """The works of an area are some of those of the area that encloses it."""
        return rules.within("works", rules.enclosing("works"))

    @rule(zh="占比等于本市与全省之比")
    def share_is_of_the_province(cls: Any) -> Claim:
        """The printed share of a city is its works over those of its province."""
        return rules.of_cities(rules.share_of("works", rules.enclosing("works"), "share_of_province_pct"))


class ServiceStations(Table, zh="版权服务工作站"):
    """Coverage of an area by copyright service stations. One row per area, period and source."""

    districts_covered: Count = figure("覆盖区县", "districts and counties with a copyright service station", "个")
