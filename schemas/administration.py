"""Administration: how the market regulator acts against infringement."""

from __future__ import annotations

from typing import Any

from schemas import rules
from schemas.constraints import Constraint
from schemas.flows import CountColumn, Flow, reconciles_with
from schemas.models import Amount, Category, Count, Duration, Rate, Score, Share, Table, figure, label, relation, rule
from schemas.registers import Code, Day, Identifier, Register, code, day, identifier

TITLE = ("行政保护", "Administration")


class Adjudications(Table, zh="专利侵权纠纷行政裁决"):
    """Patent disputes that the regulator decides. One row per area, period, channel and source."""

    channel: Category = label("渠道", "channel", codes="channels", parts=("offline", "online"))
    received: Count = figure(
        "受理",
        "cases received",
        "件",
        optional=True,
        sums_over="channel",
        zh="线下与线上受理之和等于全部受理",
        reason="Every case comes in either offline or online.",
    )
    received_growth_pct: Rate = figure(
        "受理同比", "growth of cases received on a year before", "%", optional=True, growth_of="received"
    )
    closed: Count = figure(
        "办结",
        "cases closed",
        "件",
        optional=True,
        closes=("received", "pending_at_start", "pending_at_end"),
    )
    pending_at_start: Count = figure("旧存", "cases carried over from the period before", "件", optional=True)
    pending_at_end: Count = figure("未结", "cases carried on to the next period", "件", optional=True)
    mean_days: Duration = figure("平均办理周期", "mean time from receipt to decision", "天", optional=True)
    mean_days_before: Duration = figure("缩短前平均办理周期", "mean time before it was shortened", "天", optional=True)

    closed_by_channel_sum_to_all = relation(
        "closed",
        sums_over="channel",
        zh="线下与线上办结之和等于全部办结",
        reason="Every case closed had come in either offline or online.",
    )

    @rule(zh="平均办理周期不长于缩短前")
    def mean_time_was_shortened(cls: Any) -> Constraint:
        """A time that is said to have been shortened is not longer than it was."""
        return rules.within("mean_days", "mean_days_before")


class InfringementCases(Table, zh="侵权假冒案件查处"):
    """Infringement and counterfeiting cases dealt with. One row per area, period, right and source."""

    right: Category = label("权利类型", "right infringed", codes="rights")
    cases: Count = figure(
        "查处案件",
        "cases dealt with",
        "件",
        part_of_all="right",
        zh="单类权利案件不多于全部",
        reason="A case over one kind of right is one of the cases over any.",
    )
    offline_cases: Count = figure("其中线下案件", "of these, cases outside online trade", "件", optional=True)
    offline_cases_growth_pct: Rate = figure("线下案件同比", "growth of offline cases on a year before", "%", optional=True)

    offline_cases_are_among_the_cases = relation(
        "offline_cases", part_of="cases", reason="An offline case is one of the cases dealt with.", zh="线下案件不多于全部案件"
    )
    growth_leads_from_the_year_before = relation("offline_cases_growth_pct", growth_of="offline_cases")
    growth_is_from_whole_cases = relation("offline_cases_growth_pct", whole_cases="offline_cases")


class Penalties(Table, zh="知识产权行政处罚"):
    """Administrative penalty cases. One row per area, period and source."""

    cases: Count = figure("行政处罚案件", "penalty cases dealt with", "件")
    amount_yuan: Amount = figure("罚没款", "fines and confiscated proceeds", "元", optional=True)
    transferred_to_police: Count = figure("移送公安机关", "cases transferred to the police", "件", optional=True)

    transferred_are_among_the_cases = relation(
        "transferred_to_police",
        part_of="cases",
        zh="移送公安机关的案件不多于查办案件",
        reason="A case transferred to the police is one of the cases dealt with.",
    )


class AbnormalFilings(Table, zh="非正常专利申请"):
    """Patent applications held not to be genuine. One row per area, period and source."""

    withdrawn: Count = figure("主动撤回", "applications withdrawn by the applicant", "件")


class JointHearings(Table, zh="确权与侵权案件联合审理"):
    """Validity and infringement of a patent heard together. One row per area, period and source."""

    handling_time_cut_pct: Share = figure("办案周期压缩", "part of the handling time that is saved", "%")


class ForeignRelatedCases(Table, zh="重点涉外案件维权指导"):
    """Guidance given in important foreign-related cases. One row per area, period and source."""

    guided_share_pct: Share = figure("维权指导率", "share of cases in which guidance was given", "%")


class Satisfaction(Table, zh="知识产权保护社会满意度"):
    """How satisfied society is with protection. One row per area, period and source."""

    score: Score = figure("社会满意度", "score of the satisfaction survey", "分")


class Disputes(
    Register,
    zh="专利侵权纠纷行政裁决登记簿",
    key=("case_number",),
    flow=Flow(
        by=("channel", "right"),
        opens="received_on",
        closes="closed_on",
        opened=CountColumn("received", "受理", "disputes received"),
        closed=CountColumn("closed", "办结", "disputes closed"),
        open=CountColumn("pending", "未结", "disputes pending"),
    ),
    agreements=tuple(
        reconciles_with(
            measure,
            f"administration.adjudications.{measure}",
            zh=f"登记簿{zh}数等于公布的{zh}数",
            reason="The published cases over patents are counted from the register of disputes.",
            only={"right": "patent"},
        )
        for measure, zh in (("received", "受理"), ("closed", "办结"), ("pending_at_start", "旧存"), ("pending_at_end", "未结"))
    ),
):
    """Disputes that the regulator decides. One row per dispute."""

    case_number: Identifier = identifier("案号", "case number", pattern=r"^知裁〔[0-9]{4}〕([0-9]+第)?[0-9]+号$")
    channel: Code = code("渠道", "channel", codes="channels")
    right: Code = code("权利类型", "right in dispute", codes="rights")
    received_on: Day = day("受理日期", "day on which the dispute was received")
    closed_on: Day = day("办结日期", "day on which the dispute was closed", optional=True)
    outcome: Code = code("办结方式", "how the dispute ended", codes="outcomes", optional=True)

    @rule(zh="办结不早于受理")
    def closed_is_not_before_received(cls: Any) -> Constraint:
        """A dispute is closed after it was received, or on the same day."""
        return rules.not_before("closed_on", "received_on")

    @rule(zh="案号年份即受理年份")
    def number_bears_the_year_received(cls: Any) -> Constraint:
        """Disputes are numbered anew in each calendar year."""
        return rules.bears_the_year_of("case_number", 3, "received_on")

    @rule(zh="已办结纠纷有办结方式，未办结的没有")
    def closed_disputes_have_an_outcome(cls: Any) -> Constraint:
        """A dispute ends in some way, and one that has not ended has no outcome yet."""
        return rules.filled_together("closed_on", "outcome")
