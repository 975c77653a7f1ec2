"""Derive models in which some rules are off or have another severity."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from schemas.registers import Register
from schemas.rule_declarations import Rule, Severity

Severities = Mapping[str, Severity | None]
"""By rule id the severity that it gets; None switches it off."""


def with_changed_rules(model: Any, severities: Severities) -> Any:
    """Return a model, of a table or register, with changed severities of its rules.

    Args:
        model: the model.
        severities: of the rules that change.
    """

    def build_schema_(cls: Any, **keywords: Any) -> Any:
        schema = super(changed, cls).build_schema_(**keywords)
        schema.checks = [new for check in schema.checks if (new := _changed_check(check, severities)) is not None]
        return schema

    body = {"__module__": model.__module__, "__doc__": model.__doc__, "build_schema_": classmethod(build_schema_)}  # type: ignore[arg-type]
    changed: Any = type(model)(model.__name__, (model,), body)
    if issubclass(model, Register):
        changed.__groups__ = _changed_holders(model.__groups__, severities)
        changed.__agreements__ = _changed_holders(model.__agreements__, severities)
    return changed


def _changed_check(check: Any, severities: Severities) -> Any:
    rule = (check.statistics or {}).get("rule")
    if rule is None or rule.id not in severities:
        return check
    changed = _changed_rule(rule, severities)
    if changed is None:
        return None
    check = copy.copy(check)
    check.statistics = check.statistics | {"rule": changed}
    return check


def _changed_rule(rule: Rule, severities: Severities) -> Rule | None:
    severity = severities.get(rule.id, rule.severity)
    if severity is None:
        return None
    return replace(rule, severity=severity, thresholds=None if rule.id in severities else rule.thresholds)


def _changed_holders(holders: tuple[Any, ...], severities: Severities) -> tuple[Any, ...]:
    """Return the groups or agreements of a register with the changed rules."""
    kept = ((holder, _changed_rule(holder.rule, severities)) for holder in holders)
    return tuple(replace(holder, rule=rule) for holder, rule in kept if rule is not None)
