"""Procuratorate: indictment rates, and the average compensation."""

from __future__ import annotations

from etl.warehouse.marts import mart, measure, ratio_pct
from schemas.rules import term

prosecutions = mart(
    measure("persons_per_case", "案均人数", "persons per case handled", "人", term("persons") / term("cases")),
    measure("indicted_cases_pct", "案件起诉率", "cases indicted per hundred handled", "%", ratio_pct("indicted_cases", "cases")),
    measure(
        "indicted_persons_pct",
        "人员起诉率",
        "persons indicted per hundred in the cases handled",
        "%",
        ratio_pct("indicted_persons", "persons"),
    ),
)

compensation = mart(
    measure("mean_amount_yuan", "家均获赔金额", "compensation per enterprise", "元", term("amount_yuan") / term("enterprises")),
)
