"""Trade secrets: totals at the end of the period before."""

from __future__ import annotations

from etl.warehouse.marts import mart, measure
from schemas.rules import term

alliances = mart(
    measure(
        "implied_alliances_before",
        "推算上期联盟总数",
        "alliances at the end of the period before, as the new ones imply",
        "个",
        term("alliances") - term("new_alliances"),
    ),
)

standard_adopters = mart(
    measure(
        "implied_enterprises_before",
        "推算上期贯标企业总数",
        "adopters at the end of the period before, as the new ones imply",
        "家",
        term("enterprises") - term("new_enterprises"),
    ),
    measure(
        "implied_enterprises_growth_pct",
        "推算贯标企业增幅",
        "growth of adopters in the period, as the new ones imply",
        "%",
        (term("enterprises") / (term("enterprises") - term("new_enterprises")) - 1) * 100,
    ),
)
