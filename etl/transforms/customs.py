"""Customs: averages per seizure, and the share of leads that became cases."""

from __future__ import annotations

from etl.warehouse.marts import mart, measure, ratio_pct
from schemas.rules import term

seizures = mart(
    measure("goods_per_seizure", "批均件数", "pieces per consignment seized", "件", term("goods") / term("consignments")),
    measure(
        "value_per_seizure_yuan", "批均案值", "value per consignment seized", "元", term("value_yuan") / term("consignments")
    ),
    measure("value_per_piece_yuan", "件均案值", "value per piece seized", "元", term("value_yuan") / term("goods")),
)

leads = mart(
    measure("filed_rate_pct", "立案率", "cases opened per hundred leads", "%", ratio_pct("filed", "leads")),
)
