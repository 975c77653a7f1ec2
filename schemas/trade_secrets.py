"""Trade secrets: the pilot of their protection, alliances of industries, and enterprises that adopt the standard."""

from __future__ import annotations

from typing import Any

from schemas import rules
from schemas.claims import Claim
from schemas.vocabulary import Count, Table, figure, rule

TITLE = ("商业秘密", "Trade secrets")


class Pilot(Table, zh="商业秘密保护创新试点"):
    """What the pilot of trade-secret protection brought about. One row per area, period and source."""

    outcomes: Count = figure("制度性成果", "institutional outcomes so far", "项")

    @rule(zh="制度性成果不减少", severity="warning")
    def outcomes_do_not_fall(cls: Any) -> Claim:
        """Outcomes so far can only become more, unless they are counted in another way than a year before."""
        return rules.within(rules.before("outcomes"), "outcomes")


class Alliances(Table, zh="商业秘密保护联盟"):
    """Alliances of an industry's enterprises to protect trade secrets. One row per area, period and source."""

    alliances: Count = figure("保护联盟总数", "alliances founded so far", "个")
    new_alliances: Count = figure("新增保护联盟", "alliances founded in the period", "个", optional=True)

    @rule(zh="新增联盟不多于联盟总数")
    def new_alliances_are_among_all(cls: Any) -> Claim:
        """An alliance founded in the period is one of those founded so far."""
        return rules.within("new_alliances", "alliances")

    @rule(zh="联盟总数等于上一时期总数加新增")
    def alliances_are_those_before_and_the_new(cls: Any) -> Claim:
        """A total so far is the total at the end of the period before and what was added in this one."""
        return rules.stock_and_flow("alliances", rules.preceding("alliances"), "new_alliances")


class StandardAdopters(Table, zh="商业秘密保护贯标企业"):
    """Enterprises that adopted the standard of trade-secret protection. One row per area, period and source."""

    enterprises: Count = figure("贯标企业总数", "enterprises that adopted the standard so far", "家")
    new_enterprises: Count = figure("新增贯标企业", "enterprises that adopted it in the period", "家", optional=True)

    @rule(zh="新增贯标企业不多于贯标企业总数")
    def new_enterprises_are_among_all(cls: Any) -> Claim:
        """An enterprise that adopted the standard in the period is one of those that adopted it so far."""
        return rules.within("new_enterprises", "enterprises")

    @rule(zh="贯标企业总数等于上一时期总数加新增")
    def enterprises_are_those_before_and_the_new(cls: Any) -> Claim:
        """A total so far is the total at the end of the period before and what was added in this one."""
        return rules.stock_and_flow("enterprises", rules.preceding("enterprises"), "new_enterprises")
