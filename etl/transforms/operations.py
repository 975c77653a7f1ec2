"""Operations: the size of patent pools, and the money that the fund put in."""

from __future__ import annotations

from etl.warehouse.marts import mart, measure
from schemas.rules import term

patent_pools = mart(
    measure("patents_per_pool", "平均每个专利池专利", "patents per pool", "件", term("patents") / term("pools")),
)

fund = mart(
    measure(
        "implied_put_in_yuan",
        "推算基金出资",
        "amount the fund put in, as its leverage implies",
        "元",
        term("attracted_yuan") / term("leverage"),
    ),
    measure(
        "mean_attracted_per_project_yuan",
        "平均每个项目引导投资金额",
        "mean amount attracted per project",
        "元",
        term("attracted_yuan") / term("projects"),
    ),
)
