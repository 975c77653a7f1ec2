"""Services: the one-stop centre, and the protection centre's pre-examination."""

from __future__ import annotations

from typing import Any

from schemas import rules
from schemas.constraints import Constraint
from schemas.models import Count, Duration, Share, Table, figure, rule

TITLE = ("综合服务", "Services")


class OneStopCentre(Table, zh="知识产权综合体"):
    """The building in which all services are at hand. One row per area, period and source."""

    departments: Count = figure("入驻部门", "government departments in the building", "个")
    institution_kinds: Count = figure("入驻机构类别", "kinds of institutions in the building", "类")
    services: Count = figure("可办业务", "services on offer", "项")
    handled: Count = figure("累计办理业务", "matters handled so far", "件", cumulative=True)


class ProtectionCentre(Table, zh="知识产权保护中心预审服务"):
    """Fast pre-examination of patent applications at the protection centre. One row per area, period and source."""

    fields: Count = figure("预审领域", "technical fields open to pre-examination", "个")
    new_fields: Count = figure(
        "新增预审领域", "fields opened in the period", "个", optional=True, new_in="fields", adds_to="fields"
    )
    industry_coverage_pct: Share = figure("产业覆盖率", "share of industries that the fields cover", "%", optional=True)
    mean_months: Duration = figure("授权周期", "mean months to grant after pre-examination", "个月", optional=True)
    enterprises: Count = figure("服务备案企业", "registered enterprises served", "家", optional=True)
    granted: Count = figure("预审授权", "pre-examined patents granted", "件", optional=True)

    @rule(zh="预审授权周期两处一致")
    def mean_months_agree_with_patents(cls: Any) -> Constraint:
        """The chapters on patents and on services give the same time to grant."""
        return rules.equal("mean_months", rules.other_table("patents.pre_examination.mean_months"))

    @rule(zh="预审授权多于接收预审意味着有往期接收的案件", severity="information")
    def granted_are_within_received(cls: Any) -> Constraint:
        """Pre-examined patents granted above the cases received imply cases that came in before the period."""
        return rules.within("granted", rules.other_table("patents.pre_examination.received"))
