"""The rules as a register of ours: one model, for the check and for the run."""

from typing import Any

import narwhals.stable.v1 as nw
from cases import MOST_INVESTIGATED_PCT, MOST_MEAN_YUAN, NUMBER, Task

from schemas import rules
from schemas.constraints import Constraint
from schemas.flows import CountColumn, Flow, of_groups
from schemas.models import rule
from schemas.registers import Code, Day, Flag, Identifier, Money, Register, amount, code, day, flag, identifier
from schemas.rules import term


def model(task: Task) -> type[Register]:
    """Return the model; eight columns, and as many further rules of rows as the task asks for."""

    class Cases(
        Register,
        zh="案件登记簿",
        key=("case_number",),
        flow=Flow(
            by=("court",),
            opens="received_on",
            closes="closed_on",
            opened=CountColumn("received", "收案", "cases received"),
            closed=CountColumn("closed", "结案", "cases closed"),
            open=CountColumn("pending", "未结", "cases pending"),
        ),
        groups=(
            of_groups(
                "few-cases-have-an-investigator",
                rules.within(term("investigated") * 100, term("cases") * MOST_INVESTIGATED_PCT),
                zh="有技术调查官参与的案件不多",
                reason="Few cases of an area and month have an investigator.",
                by=("area",),
                month="received_on",
                measures={"investigated": nw.col("technical_investigator").sum(), "cases": nw.len()},
            ),
            of_groups(
                "amounts-are-moderate-on-the-mean",
                rules.within("total", term("amounts") * MOST_MEAN_YUAN),
                zh="平均标的额不高",
                reason="The amounts of an area and outcome are moderate on the mean.",
                by=("area", "outcome"),
                measures={"total": nw.col("amount_yuan").sum(), "amounts": nw.col("amount_yuan").count()},
            ),
        ),
    ):
        """Cases. One row per case."""

        case_number: Identifier = identifier("案号", "case number", pattern=NUMBER)
        court: Code = code("法院", "court", codes="courts", optional=True)
        received_on: Day = day("收案日期", "day received")
        closed_on: Day = day("结案日期", "day closed", optional=True)
        outcome: Code = code("结案方式", "outcome", codes="outcomes", optional=True)
        amount_yuan: Money = amount("标的额", "amount in dispute", optional=True)
        technical_investigator: Flag = flag("技术调查官参与", "whether an investigator took part", optional=True)

        @rule(zh="结案不早于收案")
        def closed_is_not_before_received(cls: Any) -> Constraint:
            """A case is closed after it was received, or on the same day."""
            return rules.not_before("closed_on", "received_on")

        @rule(zh="案号年份即收案年份")
        def number_bears_the_year_received(cls: Any) -> Constraint:
            """A court numbers the cases of each calendar year anew."""
            return rules.bears_the_year_of("case_number", 1, "received_on")

        locals().update(_further_rules(task))

    return Cases


def _further_rules(task: Task) -> dict[str, Any]:
    """Return the further rules by the names of their methods."""
    amounts = {title: (nw.col("amount_yuan") <= limit, "amount_yuan") for title, limit in task.amount_limits.items()}
    minutes = (nw.col("closed_on") - nw.col("received_on")).dt.total_minutes()
    days = {title: (minutes <= limit * 24 * 60, "closed_on", "received_on") for title, limit in task.day_limits.items()}
    return {title.replace(" ", "_"): _limited(title, *constraint) for title, constraint in (amounts | days).items()}


def _limited(title: str, holds: nw.Expr, *uses: str) -> Any:
    """Return a further rule."""

    def limited(cls: Any) -> Constraint:
        """A case is of a usual size."""
        return rules.condition(holds, *uses)

    limited.__name__ = title.replace(" ", "_")
    return rule(zh="案件规模一般")(limited)
