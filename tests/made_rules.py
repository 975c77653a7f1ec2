"""A made-up table whose rules a test gives, for the tests of the lint of rules."""

from __future__ import annotations

from typing import Any

from etl.catalogue import Entry
from etl.rules.lint import Problem, lint
from schemas import rules
from schemas.claims import Claim
from schemas.vocabulary import Category, Count, Mean, Share, Table, figure, label, rule

TYPES = ("invention", "utility_model", "design")


class Other(Table, zh="另一张表"):
    """Another made-up table. One row per area, period, court and source."""

    court: Category = label("法院", "court", codes="courts")
    cases: Count = figure("案件", "cases", "件")


OTHER = Entry("made.other", Other, lambda rows: rows)


def entry(*claims: Claim) -> Entry:
    """Give a made-up table whose rules are the claims, `a-rule`, `b-rule` …"""
    namespace: dict[str, Any] = {
        "__module__": "schemas.made",
        "__doc__": "Made up. One row per area, period, type and source.",
        "__annotations__": {"patent_type": Category, "part": Count, "whole": Count, "share_pct": Share, "mean": Mean},
        "patent_type": label("类型", "type", codes="patent_types"),
        "part": figure("部分", "part", "件"),
        "whole": figure("总量", "whole", "件", optional=True),
        "share_pct": figure("占比", "share", "%", optional=True),
        "mean": figure("平均", "mean", "件", optional=True),
    }
    for letter, claim in zip("abcd", claims, strict=False):
        namespace[f"{letter}_rule"] = declared(claim, f"{letter}_rule")
    return Entry("made.table", type("Made", (Table,), namespace, zh="虚构"), lambda rows: rows)


def declared(claim: Claim, name: str) -> Any:
    def method(cls: Any) -> Claim:
        """Made up."""
        return claim

    method.__name__ = name
    return rule(zh="虚构")(method)


def of_type(claim: Claim, *codes: str) -> Claim:
    return rules.where_category(claim, "patent_type", *codes)


def found(*tables: Entry) -> list[Problem]:
    """Give what is wrong with the rules of made-up tables."""
    return [*lint((*tables, OTHER))]
