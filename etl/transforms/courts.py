"""Courts: clearance, pending cases, and implied levels."""

from __future__ import annotations

from etl.registers.monthly_mart import monthly_with
from etl.warehouse.marts import implied_whole, level_before, mart, measure, ratio_pct
from schemas.rules import term

caseload = mart(
    measure("clearance_rate_pct", "结案率", "cases closed per hundred received", "%", ratio_pct("closed", "received")),
    measure("pending_change", "未结案增量", "cases received less cases closed", "件", term("received") - term("closed")),
    measure(
        "implied_received_before",
        "推算上年收案",
        "cases received a year before, as the growth implies",
        "件",
        level_before("received", "received_growth_pct"),
    ),
)

technical_investigators = mart(
    measure(
        "implied_technical_cases",
        "推算技术类案件",
        "technical cases, as part and share imply",
        "件",
        implied_whole("cases", "share_pct"),
    ),
)

cases = monthly_with("clearance_rate_pct")
