"""Declarations of tables, registers, code lists and rules.

A model needs of this package: `from schemas import Table, Count, Share, figure, label, rule, rules`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from schemas import rules as rules
    from schemas.constraints import Constraint as Constraint
    from schemas.models import Amount as Amount
    from schemas.models import Category as Category
    from schemas.models import Count as Count
    from schemas.models import Duration as Duration
    from schemas.models import Mean as Mean
    from schemas.models import Measure as Measure
    from schemas.models import Multiple as Multiple
    from schemas.models import Rate as Rate
    from schemas.models import Score as Score
    from schemas.models import Share as Share
    from schemas.models import Table as Table
    from schemas.models import figure as figure
    from schemas.models import label as label
    from schemas.models import relation as relation
    from schemas.models import rule as rule
    from schemas.registers import Register as Register

_OF_MODELS = (
    *("Amount", "Category", "Count", "Duration", "Mean", "Measure", "Multiple", "Rate", "Score", "Share"),
    *("Table", "figure", "label", "relation", "rule"),
)
_HOMES = {
    **dict.fromkeys(_OF_MODELS, "schemas.models"),
    "Constraint": "schemas.constraints",
    "Register": "schemas.registers",
}

__all__ = [*_HOMES, "rules"]


def __getattr__(name: str) -> Any:
    """Import a public name at first use, so that code lists load without pandera."""
    if name == "rules":
        return import_module("schemas.rules")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
