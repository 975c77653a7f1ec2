"""Administration: rates, means and levels of a year before."""

from __future__ import annotations

from etl.registers.monthly_mart import monthly_with
from etl.warehouse.marts import level_before, mart, measure, ratio_pct
from schemas.rules import term

adjudications = mart(
    measure("clearance_rate_pct", "结案率", "cases closed per hundred received", "%", ratio_pct("closed", "received")),
    measure("pending_change", "未结案增量", "cases received less cases closed", "件", term("received") - term("closed")),
    measure(
        "implied_received_before",
        "推算上年受理",
        "cases received a year before, as the growth implies",
        "件",
        level_before("received", "received_growth_pct"),
    ),
    measure(
        "mean_days_cut_pct",
        "平均办理周期压缩",
        "part of the mean time that was saved",
        "%",
        (1 - term("mean_days") / term("mean_days_before")) * 100,
    ),
)

infringement_cases = mart(
    measure(
        "offline_cases_share_pct", "线下案件占比", "share of cases outside online trade", "%", ratio_pct("offline_cases", "cases")
    ),
    measure(
        "implied_offline_cases_before",
        "推算上年线下案件",
        "offline cases a year before, as the growth implies",
        "件",
        level_before("offline_cases", "offline_cases_growth_pct"),
    ),
)

penalties = mart(
    measure(
        "mean_amount_per_case_yuan",
        "平均每案罚没款",
        "mean fines and confiscated proceeds per case",
        "元",
        term("amount_yuan") / term("cases"),
    ),
    measure(
        "transferred_share_pct",
        "移送公安机关占比",
        "share of cases transferred to the police",
        "%",
        ratio_pct("transferred_to_police", "cases"),
    ),
)

disputes = monthly_with("clearance_rate_pct")
