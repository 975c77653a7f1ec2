"""Plant varieties: the province's enterprises that a share implies."""

from __future__ import annotations

from etl.warehouse.marts import implied_whole, mart, measure

seed_enterprises = mart(
    measure(
        "implied_enterprises_in_province",
        "推算全省种业阵型企业",
        "enterprises of the province, as implied",
        "家",
        implied_whole("enterprises", "share_of_province_pct"),
    ),
)
