"""Commercialization: last year's transfers, and output of industrialised patents."""

from __future__ import annotations

from etl.warehouse.marts import level_before, mart, measure
from schemas.rules import term

resource_library = mart(
    measure(
        "patents_per_institution",
        "平均每家高校院所链接专利",
        "patents on offer per institution linked",
        "件",
        term("patents") / term("institutions"),
    ),
)

transfers = mart(
    measure(
        "implied_transfers_and_licences_before",
        "推算上年专利转让许可",
        "transfers and licences a year before, as the growth implies",
        "件次",
        level_before("transfers_and_licences", "transfers_and_licences_growth_pct"),
    ),
)

industrialised_patents = mart(
    measure(
        "implied_new_output_yuan",
        "推算新增产值",
        "new output of these patents, as their mean implies",
        "元",
        term("patents") * term("mean_new_output_yuan"),
    ),
)
