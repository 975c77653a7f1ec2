"""Cache a register's results as JSON and Arrow: the next load need not read a row.

Agreement with what is published is not in it: it is judged anew, from the counts.
"""

from __future__ import annotations

import io
import json
from typing import Any

import polars as pl

from etl.catalogue import RegisterEntry
from etl.findings import Finding, Place
from etl.registers.check import CheckedRegister
from etl.registers.outcomes import RegisterOutcome
from schemas.builtin_register_rules import BY_ID
from schemas.models import Rule
from schemas.registers import declared_rules
from schemas.texts import Text


def dump_results(checked: CheckedRegister) -> tuple[str, bytes] | None:
    """Write results as JSON and counts as an Arrow file; None if they cannot be."""
    known, of_agreements = _rules(checked.entry), {each.rule.id for each in checked.entry.model.__agreements__}
    outcomes = [each for each in checked.outcomes if each.rule.id not in of_agreements]
    findings = [each for each in checked.findings if each.rule not in of_agreements]
    if any(known.get(each.rule.id) is not each.rule or each.not_run for each in outcomes):
        return None
    if checked.counts.is_empty() or any(each.witnesses for each in findings):
        return None
    results = {
        "file": checked.file,
        "rows": checked.rows,
        "rejected": checked.rejected,
        "outcomes": [(each.rule.id, each.column, each.passed, each.not_applicable, each.breaches) for each in outcomes],
        "findings": [_dump_finding(each) for each in findings],
    }
    arrow = io.BytesIO()
    checked.counts.sort(pl.all()).write_ipc(arrow, compression="zstd")  # so that the same counts are the same file
    return json.dumps(results, ensure_ascii=False, separators=(",", ":")), arrow.getvalue()


def load_results(entry: RegisterEntry, dumped: str, counts: bytes) -> CheckedRegister:
    """Read what `dump_results` has written."""
    results, rules = json.loads(dumped), _rules(entry)
    outcomes = [
        RegisterOutcome(rules[rule], column, passed, not_applicable, breaches=breaches)
        for rule, column, passed, not_applicable, breaches in results["outcomes"]
    ]
    findings = [
        Finding(rule, severity, entry.address, Place(*place), Text(*message), row_key=row_key, column=column, more=more)
        for rule, severity, place, message, row_key, column, more in results["findings"]
    ]
    table = pl.read_ipc(io.BytesIO(counts))
    totals = results["file"], results["rows"], results["rejected"]
    return CheckedRegister(entry, *totals, outcomes, findings, counts=table, is_cached=True)


def _rules(entry: RegisterEntry) -> dict[str, Rule]:
    return BY_ID | {rule.id: rule for rule in declared_rules(entry.model)}


def _dump_finding(finding: Finding) -> tuple[Any, ...]:
    place, message = finding.place, finding.message
    where = (place.file, place.line, place.column)
    return (finding.rule, finding.severity, where, (message.en, message.zh), finding.row_key, finding.column, finding.more)
