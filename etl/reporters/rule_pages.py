"""Describe the rules as data: a summary of each, and the page of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from etl.catalogue import Catalogue, Entry, RegisterEntry
from etl.catalogue_file import RuleChange
from etl.errors import UnknownNameError
from etl.gate.waivers import UNWAIVABLE
from etl.reporters.rule_results import statement
from etl.rules.examples import breaking
from etl.rules.lint import models_of
from etl.rules.words import cell_words, condition_words
from schemas import builtin_rules
from schemas.builtin_register_rules import REGISTER_RULES
from schemas.builtin_rule_examples import EXAMPLES
from schemas.models import Rule, rules
from schemas.registers import declared_rules
from schemas.texts import Text

RulePage = dict[str, Any]
Declared = Sequence[tuple[Rule, Entry | RegisterEntry | None]]


def rule_summaries(catalogue: Catalogue, domain: str | None) -> list[RulePage]:
    """Summarize all rules, or those that the tables of `domain` declare.

    Raises:
        UnknownNameError: there is no such domain.
    """
    if domain is not None and domain not in catalogue.domains:
        raise UnknownNameError(Text("domain", "领域"), domain, catalogue.domains)
    return [_summary(declared) for declared in _all_rules(catalogue, domain)]


def rule_page(catalogue: Catalogue, rule_id: str) -> RulePage:
    """Return the page of a rule.

    Raises:
        UnknownNameError: there is no such rule.
    """
    every = list(_all_rules(catalogue, None))
    same = [each for each in every if each[0][0].id == rule_id]
    if not same:
        raise UnknownNameError(Text("rule", "规则"), rule_id, dict.fromkeys(each[0][0].id for each in every))
    declared = [one for each in same for one in each]
    summary = _summary(declared)
    tables = summary["tables"]
    file = f"raw/{tables[0].replace('.', '/')}.csv" if len(tables) == 1 else "FILE"
    return {
        **summary,
        "declared": [_declaration(rule, entry) for rule, entry in declared if entry],
        "example": {} if tables else EXAMPLES.get(rule_id, {}),
        "waive": None if rule_id in UNWAIVABLE else f"etl waive '{file}:LINE:COLUMN[{rule_id}]' --reason '…'",
    }


def _all_rules(catalogue: Catalogue, domain: str | None) -> Iterator[Declared]:
    """Yield each rule's declarations, grouped by id, severity and thresholds."""
    if domain is None:
        yield from ([(rule, None)] for rule in (*builtin_rules.BUILTIN_RULES, *REGISTER_RULES))
    declared: list[tuple[Rule, Entry | RegisterEntry]] = []
    tables, registers = catalogue.entries(domain), catalogue.registers(domain)
    declared += [(rule, entry) for entry in tables for rule in rules(entry.model)]
    declared += [(rule, register) for register in registers for rule in declared_rules(register.model)]
    every: list[Entry | RegisterEntry] = [*tables, *registers]
    declared += [(each.rule, entry) for entry in every for each in entry.changed_rules if each.severity is None]
    same: dict[tuple[str, str, str], list[tuple[Rule, Entry | RegisterEntry | None]]] = {}
    for rule, entry in declared:
        same.setdefault((rule.id, _severity_of(rule, entry), repr(rule.thresholds)), []).append((rule, entry))
    yield from same.values()


def _change(rule: Rule, entry: Entry | RegisterEntry | None) -> RuleChange | None:
    """Return what the project changes of a rule in a table."""
    return next((each.change for each in entry.changed_rules if each.rule.id == rule.id), None) if entry else None


def _severity_of(rule: Rule, entry: Entry | RegisterEntry | None) -> str:
    change = _change(rule, entry)
    return change.severity if change else rule.severity


def _summary(declared: Declared) -> RulePage:
    first = declared[0][0]
    limits = first.thresholds
    changes = {entry.address: change for rule, entry in declared if entry and (change := _change(rule, entry))}
    return {
        "id": first.id,
        "severity": _severity_of(*declared[0]),
        "warn_if": limits.warn_if.text if limits and limits.warn_if else None,
        "error_if": limits.error_if.text if limits and limits.error_if else None,
        "statement": {"en": statement(first, "en"), "zh": " / ".join(dict.fromkeys(rule.zh for rule, _ in declared))},
        "reasons": list(dict.fromkeys(rule.reason for rule, _ in declared)),
        "source": first.source or None,
        "tables": [entry.address for _, entry in declared if entry],
        **({"changed": _changes(changes)} if changes else {}),
    }


def _changes(changes: Mapping[str, RuleChange]) -> list[RulePage]:
    return [
        {"table": address, "severity": change.severity, "place": change.place, "reason": change.reason}
        for address, change in changes.items()
    ]


def _declaration(rule: Rule, entry: Entry | RegisterEntry) -> RulePage:
    """Describe a rule of a table: its formula, its figures, and a breaking example."""
    constraint = rule.constraint
    if isinstance(entry, RegisterEntry):
        return _of_register(rule, entry)
    assert constraint is not None
    models = models_of(entry.catalogue.entries())
    example = breaking(constraint, entry.address, models, entry.catalogue.notation)
    condition = condition_words(rule, entry.model, entry.catalogue.lists)
    formula = "" if constraint.relation == "holds" else constraint.formula(lambda cell: cell.name)
    return {
        "model": f"schemas/{entry.domain}.py: {entry.model.__name__}",
        **_summary([(rule, entry)]),
        "formula": f"{formula} ∈ ℕ" if constraint.relation == "whole" else formula,
        "only": {"en": condition.en, "zh": condition.zh} if condition else None,
        "figures": [cell_words(cell, entry.address, models) for cell in constraint.cells()],
        "broken_by": {cell.name: list(texts) for cell, texts in example.printed.items()} if example else {},
        "message": {"en": example.message.en, "zh": example.message.zh} if example else None,
    }


def _of_register(rule: Rule, entry: RegisterEntry) -> RulePage:
    """Describe a rule of a register: the columns that it reads.

    Records have no printed figures that could break it.
    """
    return {
        "model": f"schemas/{entry.domain}.py: {entry.model.__name__}",
        **_summary([(rule, entry)]),
        "formula": ", ".join(rule.constraint.uses) if rule.constraint else "",
        "only": None,
        "figures": [],
        "broken_by": {},
        "message": None,
    }
