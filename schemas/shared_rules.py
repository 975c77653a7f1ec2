"""Rules that several tables declare word for word, to be assigned to the name of their statement."""

from __future__ import annotations

from typing import Any

from schemas import rules
from schemas.claims import Claim
from schemas.vocabulary import rule


def growth_of(level: str, rate: str) -> Any:
    """Give the rule that a printed growth leads from the level of the year before to that of now."""

    @rule(zh="同比与本期、上年同期数相符")
    def growth_leads_from_the_year_before(cls: Any) -> Claim:
        """This level, that of a year before, and the printed growth are two quantities and their ratio."""
        return rules.growth(level, rules.before(level), rate)

    return growth_leads_from_the_year_before
