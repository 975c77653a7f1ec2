"""Courts: caseload, benches, technical investigators, and the backlog."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v1 as nw

from schemas import rules
from schemas.constraints import Constraint
from schemas.flows import Agreement, CountColumn, Flow, of_groups, reconciles_with
from schemas.models import Category, Count, Duration, Rate, Share, Table, figure, label, relation, rule
from schemas.registers import Code, Day, Flag, Identifier, Money, Register, amount, code, day, flag, identifier

TITLE = ("法院", "Courts")

CASES_THAT_DIFFER = 20


class Caseload(Table, zh="法院知识产权案件收结情况"):
    """Intellectual-property cases at the courts of an area. One row per area, period, court and source."""

    court: Category = label("法院", "court", codes="courts")
    received: Count = figure(
        "收案",
        "cases received",
        "件",
        part_of_all="court",
        zh="单个法院收案不多于全部法院",
        reason="A case that one court receives is one of those that all courts of the area receive.",
    )
    received_growth_pct: Rate = figure(
        "收案同比", "growth of cases received on a year before", "%", optional=True, growth_of="received", whole_cases="received"
    )
    closed: Count = figure("结案", "cases closed", "件", optional=True, closes=("received", "pending_at_start", "pending_at_end"))
    pending_at_start: Count = figure("旧存", "cases carried over from the period before", "件", optional=True)
    pending_at_end: Count = figure("未结", "cases carried on to the next period", "件", optional=True)

    closed_are_among_those_of_all_courts = relation(
        "closed",
        part_of_all="court",
        zh="单个法院结案不多于全部法院",
        reason="A case that one court closes is one of those that all courts of the area close.",
    )


class Benches(Table, zh="知识产权审判网络"):
    """Courts and circuit points at which intellectual-property cases are tried. One row per area, period and source."""

    base_courts: Count = figure("基层法院", "base-level courts that try such cases", "家")
    circuit_points: Count = figure("巡回审判点", "circuit trial points", "个")


class TechnicalInvestigators(Table, zh="技术调查官参与审理情况"):
    """Technical cases tried with the help of technical investigators. One row per area, period and source."""

    cases: Count = figure("参与案件", "cases in which technical investigators took part", "件")
    share_pct: Share = figure(
        "参与案件占比",
        "share of the technical cases in which they took part",
        "%",
        whole_cases="cases",
        zh="案件占比应可由整数件案件得出",
        reason="Cases are whole, so some whole number of technical cases must give the printed share (the GRIM test).",
    )
    mean_days_cut: Duration = figure("平均审理天数缩短", "mean days by which trials became shorter", "天", optional=True)

    @rule(zh="技术调查官参与案件不多于全部法院收案与旧存之和")
    def cases_are_received_or_carried_over(cls: Any) -> Constraint:
        """A case in which an investigator took part was received in the period or carried over into it."""
        received = rules.other_table("courts.caseload.received", court="all")
        return rules.within("cases", received + rules.other_table("courts.caseload.pending_at_start", court="all"))


class Backlog(Table, zh="法院未结案清理情况"):
    """Fall of the cases not yet closed, and of those long pending alike. One row per area, period and source."""

    cut_pct: Share = figure("未结案降幅", "part by which pending and long pending cases became fewer", "%")

    @rule(zh="未结案降幅与旧存、未结案件数相符", severity="warning")
    def cut_fits_pending_cases(cls: Any) -> Constraint:
        """Pending cases at the end over those at the start equal one less the reduction."""
        at_end = rules.other_table("courts.caseload.pending_at_end", court="all")
        at_start = rules.other_table("courts.caseload.pending_at_start", court="all")
        return rules.equal(at_end / at_start, 1 - rules.term("cut_pct") / 100)


def _of_caseload(measure: str, zh: str) -> Agreement:
    """Constraint that a count of the cases is the published one."""
    reason = "The published caseload is counted from the register of cases."
    return reconciles_with(measure, f"courts.caseload.{measure}", zh=zh, reason=reason)


class Cases(
    Register,
    zh="知识产权案件登记簿",
    key=("case_number",),
    flow=Flow(
        by=("court",),
        opens="received_on",
        closes="closed_on",
        opened=CountColumn("received", "收案", "cases received"),
        closed=CountColumn("closed", "结案", "cases closed"),
        open=CountColumn("pending", "未结", "cases pending"),
        flag="technical_investigator",
    ),
    agreements=(
        _of_caseload("received", "登记簿收案数等于公布的收案数"),
        _of_caseload("closed", "登记簿结案数等于公布的结案数"),
        _of_caseload("pending_at_start", "登记簿旧存数等于公布的旧存数"),
        _of_caseload("pending_at_end", "登记簿未结数等于公布的未结数"),
        reconciles_with(
            "technical_investigator",
            "courts.technical_investigators.cases",
            zh="登记簿中有技术调查官参与的案件数等于公布数",
            reason="The published number of cases with an investigator is counted from the register of cases.",
        ),
    ),
    groups=(
        of_groups(
            "investigators-take-part-in-some",
            rules.within("investigated", rules.term("cases") - 1).where(nw.col("cases") >= CASES_THAT_DIFFER, "cases"),
            zh="同一法院同月二十件以上案件不会全部有技术调查官参与",
            reason="Of twenty cases of a court and month some are not technical; a flag set in all was set in bulk.",
            by=("area", "court"),
            month="received_on",
            measures={"cases": nw.len(), "investigated": nw.col("technical_investigator").sum()},
            severity="warning",
        ),
    ),
):
    """Intellectual-property cases at the courts. One row per case."""

    case_number: Identifier = identifier("案号", "case number", pattern=r"^（[0-9]{4}）[^0-9（）]+[0-9]*[^0-9（）]+[0-9]+号$")
    court: Code = code("法院", "court", codes="courts")
    cause: Code = code("案由", "cause of action", codes="causes")
    received_on: Day = day("收案日期", "day on which the court received the case")
    closed_on: Day = day("结案日期", "day on which the court closed the case", optional=True)
    outcome: Code = code("结案方式", "how the case ended", codes="outcomes", optional=True)
    amount_yuan: Money = amount("诉讼标的额", "amount in dispute", optional=True)
    technical_investigator: Flag = flag("技术调查官参与", "whether a technical investigator took part", optional=True)

    @rule(zh="结案不早于收案")
    def closed_is_not_before_received(cls: Any) -> Constraint:
        """A case is closed after it was received, or on the same day."""
        return rules.not_before("closed_on", "received_on")

    @rule(zh="案号年份即收案年份")
    def number_bears_the_year_received(cls: Any) -> Constraint:
        """A court numbers the cases of each calendar year anew."""
        return rules.bears_the_year_of("case_number", 1, "received_on")

    @rule(zh="已结案件有结案方式，未结案件没有")
    def closed_cases_have_an_outcome(cls: Any) -> Constraint:
        """A case ends in some way, and one that has not ended has no outcome yet."""
        return rules.filled_together("closed_on", "outcome")
