"""Mediation: disputes settled, and the bodies that mediate."""

from __future__ import annotations

from typing import Any

from schemas import rules
from schemas.constraints import Constraint
from schemas.models import Count, Table, figure, rule

TITLE = ("调解", "Mediation")


class Disputes(Table, zh="知识产权纠纷调解情况"):
    """Disputes settled by the mediation organisations of an area. One row per area, period and source."""

    mediated: Count = figure("调解成功", "disputes mediated with success", "件")


class Bodies(Table, zh="知识产权专业调解机构"):
    """Bodies of an area that specialise in mediation. One row per area, period and source."""

    bodies: Count = figure("专业调解机构", "specialised mediation bodies", "家")

    @rule(zh="专业调解机构数两处一致")
    def bodies_agree_with_platform(cls: Any) -> Constraint:
        """The chapters on joint protection and on public services count the same mediation bodies."""
        return rules.equal("bodies", rules.other_table("platform.agencies.mediation_bodies"))
