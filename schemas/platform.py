"""Platform: information services, navigation bases, brand stations, agencies."""

from __future__ import annotations

from schemas.models import Count, Table, figure

TITLE = ("公共服务平台", "Public platform")


class InformationService(Table, zh="知识产权公共信息服务平台"):
    """The online platform and the libraries it offers. One row per area, period and source."""

    mining_libraries: Count = figure("高价值专利挖掘库", "libraries for finding high-value patents", "个")
    topic_libraries: Count = figure("行业专题库", "libraries on the patents of an industry", "个")
    users: Count = figure("服务用户", "users served", "家", optional=True)
    records: Count = figure("归集数据", "records of data gathered", "条", optional=True)


class NavigationBases(Table, zh="专利导航服务基地"):
    """National and provincial bases of patent navigation. One row per area, period and source."""

    bases: Count = figure("专利导航服务基地", "bases of patent navigation", "个")


class BrandStations(Table, zh="品牌指导站"):
    """Stations that advise enterprises on their brands. One row per area, period and source."""

    stations: Count = figure("品牌指导站", "brand guidance stations", "个")


class Agencies(Table, zh="知识产权服务机构"):
    """Agencies and clusters of the intellectual-property service industry. One row per area, period and source."""

    mediation_bodies: Count = figure("专业调解机构", "specialised mediation bodies", "家", optional=True)
    clusters: Count = figure("服务业集聚区", "service clusters of provincial rank or above", "个", optional=True)
    new_agencies: Count = figure("新增服务机构", "large branded agencies that came in the period", "家", optional=True)
    leading_agencies: Count = figure("服务业领军企业", "agencies listed as leading service firms", "家", optional=True)
