"""Operations: patent pools, the operation fund, and patent competitions."""

from __future__ import annotations

from typing import Any

from schemas import rules
from schemas.constraints import Constraint
from schemas.models import Amount, Count, Multiple, Share, Table, figure, relation, rule

TITLE = ("专利运营", "Operations")


class PatentPools(Table, zh="产业专利池"):
    """Patent pools of industries. One row per area, period and source."""

    pools: Count = figure("专利池", "patent pools", "个")
    patents: Count = figure("入池专利", "patents in the pools", "件", optional=True)

    pools_hold_patents = relation(
        "pools",
        each_has="patents",
        severity="warning",
        reason="A pool brings patents together; more pools than patents is a swap or a slip.",
    )


class Fund(Table, zh="知识产权运营基金"):
    """Fund that invests in intellectual property, since it was set up. One row per area, period and source."""

    projects: Count = figure("累计签约投资项目", "investment projects signed so far", "个", cumulative=True)
    invested_share_pct: Share = figure("基金投资率", "share of the fund that is invested", "%", optional=True)
    put_in_yuan: Amount = figure("基金出资", "amount the fund put in", "元", optional=True)
    attracted_yuan: Amount = figure("引导投资金额", "amount others put in beside the fund", "元", optional=True)
    leverage: Multiple = figure("放大倍数", "amount attracted over amount put in", "倍", optional=True)

    @rule(zh="放大倍数等于引导投资金额除以基金出资")
    def leverage_is_attracted_over_put_in(cls: Any) -> Constraint:
        """Leverage says how many times the fund's own money others have added."""
        return rules.multiple_of("attracted_yuan", "put_in_yuan", "leverage")


class Competitions(Table, zh="专利创新大赛"):
    """What the winners of patent competitions made of their patents. One row per area, period and source."""

    new_sales_yuan: Amount = figure("累计新增销售额", "new sales of products with winning patents, so far", "元")

    new_sales_do_not_fall = relation(
        "new_sales_yuan",
        cumulative=True,
        reason="New sales so far can only grow, unless they are counted in another way than a year before.",
    )
