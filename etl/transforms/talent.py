"""Talent: all who were appointed."""

from __future__ import annotations

from etl.warehouse.marts import mart, measure
from schemas.rules import total

mutual_appointments = mart(
    measure(
        "appointments",
        "双聘人数",
        "people appointed either way so far",
        "名",
        total("science_vice_presidents", "industry_professors"),
    ),
)
