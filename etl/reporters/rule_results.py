"""Summarize a check by table and rule: rows that keep it, and its findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from etl.findings import Finding
from etl.gate.check import Checked
from schemas.builtin_register_rules import BY_ID
from schemas.models import Rule, rules
from schemas.registers import declared_rules
from schemas.texts import NO_TEXT, Language, Text


@dataclass
class RuleResult:
    """The result of a rule on a table.

    A rule of single columns counts the cells of all of them.

    Attributes:
        table: address of the table; empty for a file that is not a table.
        rule: the rule.
        columns: the columns it holds one by one; none where it holds rows.
        passed: rows or cells that keep it; None for a rule of files, which is not counted.
        failed: rows or cells that break it, accepted ones included.
        not_applicable: rows or cells of which it says nothing; None as above.
        not_run: why it did not run; empty where it did.
        findings: findings not accepted.
        accepted: accepted findings.
    """

    table: str
    rule: Rule
    columns: list[str] = field(default_factory=list)
    passed: int | None = None
    failed: int = 0
    not_applicable: int | None = None
    not_run: Text = NO_TEXT
    findings: list[Finding] = field(default_factory=list)
    accepted: list[Finding] = field(default_factory=list)


def rule_results(checked: Checked) -> list[RuleResult]:
    """Collect a result for each table and rule evaluated or with a finding.

    They are in the order of tables, then of rules.
    """
    found: dict[str, dict[str, RuleResult]] = {address: {} for address in (*checked.tables, *checked.registers)}
    for address, outcomes in checked.outcomes.items():
        of_table = found.setdefault(address, {})
        for outcome in outcomes:
            result = of_table.setdefault(outcome.rule.id, RuleResult(address, outcome.rule))
            result.columns += [outcome.column] if outcome.column else []
            result.passed = (result.passed or 0) + outcome.passed
            result.failed += outcome.failed
            result.not_applicable = (result.not_applicable or 0) + outcome.not_applicable
            result.not_run = result.not_run or outcome.not_run
    for finding in checked.findings:
        of_table = found.setdefault(finding.table, {})
        result = of_table.setdefault(finding.rule, RuleResult(finding.table, _rule(finding, checked)))
        result.failed += 1 + finding.more if result.passed is None else 0
        (result.accepted if finding.waiver else result.findings).append(finding)
    return [result for of_table in found.values() for result in of_table.values()]


def _rule(finding: Finding, checked: Checked) -> Rule:
    """Find the rule of a finding that has no outcome.

    A waiver may name one that the package no longer has.
    """
    if finding.rule in BY_ID:
        return BY_ID[finding.rule]
    table, register = checked.tables.get(finding.table), checked.registers.get(finding.table)
    declared = rules(table.raw.entry.model) if table else declared_rules(register.entry.model) if register else ()
    unknown = Rule(finding.rule, finding.message.en, finding.message.zh, finding.severity)
    return next((rule for rule in declared if rule.id == finding.rule), unknown)


def statement(rule: Rule, language: Language) -> str:
    """Return the statement of a rule in a few words."""
    if language == "zh":
        return rule.zh
    words = rule.id.replace("-", " ")
    return words[:1].upper() + words[1:]


def group_by_rule(found: Iterable[RuleResult]) -> dict[str, list[RuleResult]]:
    """Group results by the id of their rule, in order of appearance."""
    grouped: dict[str, list[RuleResult]] = {}
    for result in found:
        grouped.setdefault(result.rule.id, []).append(result)
    return grouped
