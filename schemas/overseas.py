"""Overseas: help and insurance for enterprises in disputes abroad."""

from __future__ import annotations

from typing import Any

from schemas import rules
from schemas.constraints import Constraint
from schemas.models import Amount, Category, Count, Duration, Share, Table, figure, label, rule

TITLE = ("海外维权", "Overseas protection")


class Experts(Table, zh="海外维权专家库"):
    """The pool of experts on disputes abroad, and how fast they answer. One row per area, period and source."""

    countries: Count = figure(
        "专家来源国家",
        "countries that the experts come from",
        "个",
        each_has="experts",
        zh="专家来源国家数不多于专家人数",
        reason="At least one expert comes from each country that is counted.",
    )
    experts: Count = figure("专家", "experts in the pool", "名")
    response_days: Duration = figure("响应时限", "days within which a request is answered", "天", optional=True)
    plan_working_days: Duration = figure(
        "方案出具周期", "working days until a plan of action is ready", "个工作日", optional=True
    )


class Disputes(Table, zh="海外纠纷排查与应对指导"):
    """Disputes abroad that enterprises were screened for, and guided in. One row per area, period and source."""

    screened: Count = figure("排查海外纠纷", "disputes abroad that were found", "起")
    guided_share_pct: Share = figure("应对指导率", "share of contested cases in which guidance was given", "%", optional=True)
    recovered_yuan: Amount = figure("挽回损失", "losses averted or recovered", "元", optional=True)


class Litigation(Table, zh="境外诉讼挽回损失情况"):
    """Losses averted in suits before foreign courts, in dollars. One row per area, period, country and source."""

    country: Category = label("诉讼所在国", "country of the court", codes="countries")
    recovered_usd: Amount = figure("挽回损失（美元）", "losses averted, in US dollars", "美元")


class Insurance(Table, zh="涉外知识产权保险"):
    """Insurance against disputes abroad. One row per area, period and source."""

    products: Count = figure("涉外保险产品", "insurance products", "款")
    enterprises: Count = figure("投保企业", "enterprises insured", "家")
    cover_yuan: Amount = figure("保额", "sum insured", "元")

    @rule(zh="涉外保险产品不多于全部知识产权保险产品")
    def products_are_among_those_of_all_insurance(cls: Any) -> Constraint:
        """Insurance against disputes abroad is a part of all intellectual-property insurance."""
        return rules.within("products", rules.other_table("finance.insurance.products"))

    @rule(zh="涉外保险投保企业不多于全部知识产权保险惠及企业")
    def enterprises_are_among_those_of_all_insurance(cls: Any) -> Constraint:
        """An enterprise insured against disputes abroad is one that intellectual-property insurance reaches."""
        return rules.within("enterprises", rules.other_table("finance.insurance.enterprises"))

    @rule(zh="涉外保险保额不超过全部知识产权保险保障额度")
    def cover_is_within_that_of_all_insurance(cls: Any) -> Constraint:
        """The sum insured against disputes abroad is a part of the sum that all such insurance covers."""
        return rules.within("cover_yuan", rules.other_table("finance.insurance.cover_yuan"))
