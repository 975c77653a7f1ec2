"""Copyright: works registered and service stations."""

from __future__ import annotations

from schemas.models import Count, Rate, Share, Table, figure, share

TITLE = ("版权", "Copyright")


class Registrations(Table, zh="版权作品登记"):
    """Works registered for copyright. One row per area, period and source."""

    works: Count = figure("作品登记", "works registered", "件", part_of_parent=True)
    works_growth_pct: Rate = figure(
        "作品登记同比", "growth of works registered", "%", optional=True, growth_of="works", whole_cases="works"
    )
    share_of_province_pct: Share = figure(
        "占全省比重",
        "share of the works of the province",
        "%",
        optional=True,
        share_of=share("works", of_province=True),
        reason="The printed share of a city is its works over those of its province.",
    )


class ServiceStations(Table, zh="版权服务工作站"):
    """Coverage of an area by copyright service stations. One row per area, period and source."""

    districts_covered: Count = figure("覆盖区县", "districts and counties with a copyright service station", "个")
