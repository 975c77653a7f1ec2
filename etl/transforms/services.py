"""Services: pre-examination fields of the period before."""

from __future__ import annotations

from etl.warehouse.marts import mart, measure
from schemas.rules import term

protection_centre = mart(
    measure(
        "implied_fields_before",
        "推算上期预审领域",
        "fields open before, as the new ones imply",
        "个",
        term("fields") - term("new_fields"),
    ),
)
