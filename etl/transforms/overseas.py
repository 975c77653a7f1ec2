"""Overseas: average cover of insurance."""

from __future__ import annotations

from etl.warehouse.marts import mart, measure
from schemas.rules import term

insurance = mart(
    measure(
        "mean_cover_yuan", "家均保额", "average cover per insured enterprise", "元", term("cover_yuan") / term("enterprises")
    ),
)
