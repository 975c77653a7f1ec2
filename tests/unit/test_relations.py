"""Relations declared by a word: the rules that follow, the texts that may be stated, and what a wrong declaration says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from etl.catalogue import PACKAGE
from schemas.constraints import Constraint
from schemas.courts import Caseload
from schemas.models import (
    Amount,
    Category,
    Count,
    Rate,
    Share,
    Table,
    figure,
    figures,
    label,
    relation,
    relations,
    rule,
    rules,
    share,
)
from schemas.rules import within
from schemas.trade_secrets import Alliances


def formulas(model: type[Table]) -> dict[str, str]:
    return {each.id: each.constraint.formula(lambda cell: cell.name) for each in rules(model) if each.constraint}


class Complaints(Table, zh="投诉"):
    """Complaints."""

    right: Category = label("权利", "right", codes="rights", parts=("patent", "trademark"))
    received: Count = figure("受理投诉", "complaints received", "件", part_of_all="right", sums_over="right")
    received_growth_pct: Rate = figure("受理同比", "growth", "%", growth_of="received", whole_cases="received")
    settled: Count = figure("办结投诉", "complaints settled", "件", part_of="received", cumulative=True)
    settled_share_pct: Share = figure("办结率", "share settled", "%", share_of=share("settled", "received"), sums_over="right")
    fines_yuan: Amount = figure("罚款", "fines", "元", part_of_all="right", part_of_parent=True, sums_over_areas=True)

    most_are_settled = relation("settled", part_of="received", severity="warning", reason="So it is said.", zh="多已办结")

    @rule(zh="办结后有罚款")
    def fines_follow(cls: Any) -> Constraint:
        """A fine follows a complaint."""
        return within("settled", "fines_yuan")


def test_a_word_of_a_column_implies_a_rule_with_an_id_a_reason_and_a_chinese_statement() -> None:
    assert formulas(Complaints) == {
        "received-are-among-those-of-all-rights": "received ≤ received[right=all]",
        "received-by-right-sum-to-all": "received = received[sum over right: patent trademark]",
        "growth-leads-from-the-year-before": "received ÷ received@year_before = received_growth_pct ÷ 100 + 1",
        "growth-is-from-whole-cases": "received ÷ (received_growth_pct + 100) × 100",
        "settled-are-among-the-received": "settled ≤ received",
        "settled-do-not-fall": "settled@year_before ≤ settled",
        "settled-share-is-of-the-received": "settled ÷ received × 100 = settled_share_pct",
        "shares-sum-to-the-whole": "settled_share_pct[sum over right: patent trademark] = 100",
        "fines-is-within-that-of-all-rights": "fines_yuan ≤ fines_yuan[right=all]",
        "fines-is-within-that-of-the-enclosing-area": "fines_yuan ≤ fines_yuan@parent",
        "fines-of-the-areas-within-sum-to-that-of-the-area": "fines_yuan = fines_yuan@within",
        "most-are-settled": "settled ≤ received",
        "fines-follow": "settled ≤ fines_yuan",
    }
    implied = {each.id: each for each in rules(Complaints)}["settled-are-among-the-received"]
    assert (implied.reason, implied.zh, implied.severity) == (
        "The complaints settled are among the complaints received.",
        "办结投诉不超过受理投诉",
        "error",
    )


def test_a_named_relation_has_the_stated_texts() -> None:
    stated = {each.id: each for each in rules(Complaints)}["most-are-settled"]
    assert (stated.reason, stated.zh, stated.severity) == ("So it is said.", "多已办结", "warning")


def test_a_column_states_the_texts_of_its_one_relation() -> None:
    class Leads(Table, zh="线索"):
        """Leads."""

        leads: Count = figure("线索", "leads", "条")
        filed: Count = figure("立案", "cases filed", "件", part_of="leads", reason="A case stems from a lead.")
        solved: Count = figure("破案", "cases solved", "件", part_of="filed", zh="破案数不多于立案数")

    assert {each.id: (each.reason, each.zh) for each in rules(Leads)} == {
        "filed-are-among-the-leads": ("A case stems from a lead.", "立案不超过线索"),
        "solved-are-among-the-filed": ("The cases solved are among the cases filed.", "破案数不多于立案数"),
    }


def test_every_implied_rule_is_a_check_of_pandera_with_its_reason() -> None:
    checks = {check.name: check.description for check in Complaints.to_schema().checks}
    assert checks == {each.id: each.reason for each in rules(Complaints)}


def test_relations_are_available_as_data() -> None:
    asked = {(each.kind, each.column, each.others) for each in relations(Caseload)}
    assert asked == {
        ("part_of_all", "received", ("court",)),
        ("growth_of", "received_growth_pct", ("received",)),
        ("whole_cases", "received_growth_pct", ("received",)),
        ("part_of_all", "closed", ("court",)),
        ("closes", "closed", ("received", "pending_at_start", "pending_at_end")),
    }
    assert [(each.kind, each.column) for each in relations(Alliances)] == [
        ("new_in", "new_alliances"),
        ("adds_to", "new_alliances"),
    ]
    assert {rule.id for each in relations(Caseload) for rule in each.rules} == {rule.id for rule in rules(Caseload)}


def test_a_model_that_extends_another_keeps_its_relations_and_adds_its_own() -> None:
    class More(Complaints, zh="更多投诉"):
        """More complaints."""

        withdrawn: Count = figure("撤回投诉", "complaints withdrawn", "件", part_of="received")
        withdrawn_do_not_fall = relation("withdrawn", cumulative=True)

    added = ["withdrawn-are-among-the-received", "withdrawn-do-not-fall"]
    assert sorted(formulas(More)) == sorted([*formulas(Complaints), *added])
    assert len(relations(More)) == len(relations(Complaints)) + 2
    assert not set(added) & set(formulas(Complaints))


def test_every_growth_with_a_level_in_its_table_is_declared_as_the_growth_of_it() -> None:
    for entry in PACKAGE.entries():
        names = {each.name for each in figures(entry.model)}
        growths = {name: (name.removesuffix("_growth_pct"),) for name in names if name.endswith("_growth_pct")}
        levels = {each.column: each.others for each in relations(entry.model) if each.kind == "growth_of"}
        assert levels == growths, entry.address


def declared(**words: Any) -> Callable[[], object]:
    def declare() -> object:
        class Wrong(Table, zh="错"):
            """Wrong."""

            right: Category = label("权利", "right", codes="rights")
            cases: Count = figure("案件", "cases", "件", **words)

        return Wrong

    return declare


def named(column: str, **words: Any) -> Callable[[], object]:
    def declare() -> object:
        class Wrong(Table, zh="错"):
            """Wrong."""

            cases: Count = figure("案件", "cases", "件", cumulative=True)
            more: Count = figure("更多", "more", "件")
            cases_do_not_fall = relation(column, **words)

        return Wrong

    return declare


def without_meaning() -> object:
    class Wrong(Table, zh="错"):
        """Wrong."""

        cases: Count

    return Wrong


@pytest.mark.parametrize(
    ("declare", "said"),
    [
        (without_meaning, "The column cases of Wrong has no meaning; declare it by figure() or label()."),
        (declared(part_off="more"), "The column cases declares part_off=; the words of a relation are part_of, part_of_all"),
        (declared(part_of="casess"), "The column cases declares part_of='casess', and there is no column casess."),
        (declared(share_of=share("cases", of_all="court")), "there is no column court."),
        (declared(sums_over="right"), "The column cases sums over right, whose label does not declare its parts."),
        (declared(share_of=share("cases", of_sum="right")), "The column cases sums over right, whose label does not"),
        (named("more", cumulative=True), "The rule cases-do-not-fall is declared twice"),
        (named("most", cumulative=True), "The relation cases_do_not_fall is declared of most, and there is no column of"),
        (named("more", cumulative=True, part_of="cases"), "A relation of more is declared by one word, one of part_of"),
        (declared(reason="So it is said."), "The column cases states a text of one relation, and declares 0; use relation()."),
        (declared(cumulative=True, part_of="cases", zh="案件"), "states a text of one relation, and declares 2; use relation()."),
        (named("more", closes=("cases", "cases", "cases")), "From closes follow 4 rules; only one that follows alone has"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_declaration_of_a_relation_is_refused_with_the_reason(declare: Callable[[], object], said: str) -> None:
    with pytest.raises(TypeError, match=re.escape(said)):
        declare()
