"""Plant varieties: rights, approvals, seed enterprises and cultivation."""

from __future__ import annotations

from schemas.models import Category, Count, Measure, Share, Table, figure, label, relation, share

TITLE = ("植物新品种", "Plant varieties")


class Rights(Table, zh="植物新品种权"):
    """Rights to new plant varieties. One row per area, period and source."""

    cumulative: Count = figure("累计品种权", "variety rights granted up to the end of the period", "个", optional=True)
    newly_granted: Count = figure("新增品种权", "variety rights granted in the period", "个", optional=True)

    new_rights_are_among_all = relation(
        "newly_granted",
        new_in="cumulative",
        reason="A right that was granted in the period is one of those granted up to its end.",
    )
    rights_are_those_before_and_the_new = relation(
        "newly_granted",
        adds_to="cumulative",
        zh="累计等于上期累计与本期新增之和",
        reason="The rights granted up to now are those granted up to the period before, and those granted since.",
    )
    rights_do_not_fall = relation("cumulative", cumulative=True)


class Approvals(Table, zh="植物品种认定审定登记"):
    """Plant varieties recognised, registered or approved. One row per area, period, kind of approval and source."""

    approval: Category = label("认定方式", "kind of approval", codes="variety_approvals")
    varieties: Count = figure("品种", "varieties", "个")


class SeedEnterprises(Table, zh="种业阵型企业"):
    """Seed enterprises on the national list of leading ones. One row per area, period and source."""

    enterprises: Count = figure("企业数", "listed seed enterprises", "家")
    share_of_province_pct: Share = figure("占全省比重", "share of those of the province", "%", optional=True)

    share_is_of_the_province = relation(
        "share_of_province_pct",
        share_of=share("enterprises", of_province=True),
        reason="The printed share of a city is its enterprises over those of its province.",
    )
    part_of_whole_cases = relation(
        "share_of_province_pct",
        whole_cases="enterprises",
        reason="Enterprises are whole, so some whole number of the province's must give the printed share (the GRIM test).",
    )


class Cultivation(Table, zh="良种推广"):
    """Cultivation of improved varieties. One row per area, period and source."""

    hybrid_rice_mu: Measure = figure("杂交水稻推广面积", "area sown with local hybrid rice", "亩", optional=True)
    improved_variety_coverage_pct: Share = figure("良种覆盖率", "crops from improved varieties", "%", optional=True)
