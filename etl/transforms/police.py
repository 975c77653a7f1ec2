"""Police: the solved rate, and averages per case."""

from __future__ import annotations

from etl.warehouse.marts import mart, measure, ratio_pct
from schemas.rules import term

operations = mart(
    measure("solved_rate_pct", "破案率", "cases solved per hundred investigated", "%", ratio_pct("solved", "cases")),
    measure("suspects_per_case", "案均嫌疑人", "suspects transferred per case", "名", term("suspects") / term("cases")),
    measure("value_per_case_yuan", "案均涉案价值", "value involved per case", "元", term("value_yuan") / term("cases")),
)
