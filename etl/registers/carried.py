"""What the check of a register found, as texts and numbers that the next load can take it from without reading a row.

What is published is not in it: whether a register agrees with that is judged anew, from its counts.
"""

from __future__ import annotations

import io
import json
from typing import Any

import polars as pl

from etl.catalogue import RegisterEntry
from etl.findings import Finding, Place, Text
from etl.registers.check import CheckedRegister
from etl.registers.outcomes import RegisterOutcome
from schemas.registers import declared_rules
from schemas.standing_registers import BY_ID
from schemas.vocabulary import Rule


def kept(checked: CheckedRegister) -> tuple[str, bytes] | None:
    """Give what was found of a register as JSON, and its counts as an Arrow file; None where it cannot be told so."""
    known, of_agreements = _rules(checked.entry), _agreements(checked.entry)
    outcomes = [each for each in checked.outcomes if each.rule.id not in of_agreements]
    findings = [each for each in checked.findings if each.rule not in of_agreements]
    if any(known.get(each.rule.id) is not each.rule for each in outcomes) or any(each.witnesses for each in findings):
        return None
    if checked.counts.is_empty() or any(each.not_run for each in outcomes):
        return None
    found = {
        "file": checked.file,
        "rows": checked.rows,
        "rejected": checked.rejected,
        "outcomes": [(each.rule.id, each.column, each.passed, each.not_applicable, each.breaches) for each in outcomes],
        "findings": [_told(each) for each in findings],
    }
    arrow = io.BytesIO()
    checked.counts.sort(pl.all()).write_ipc(arrow, compression="zstd")  # so that the same counts are the same file
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")), arrow.getvalue()


def restored(entry: RegisterEntry, found: str, counts: bytes) -> CheckedRegister:
    """Give what `kept` has kept."""
    told, known = json.loads(found), _rules(entry)
    outcomes = [
        RegisterOutcome(known[rule], column, passed, not_applicable, breaches=breaches)
        for rule, column, passed, not_applicable, breaches in told["outcomes"]
    ]
    findings = [_found(entry.address, *each) for each in told["findings"]]
    table = pl.read_ipc(io.BytesIO(counts))
    return CheckedRegister(entry, told["file"], told["rows"], told["rejected"], outcomes, findings, counts=table, is_carried=True)


def _rules(entry: RegisterEntry) -> dict[str, Rule]:
    return BY_ID | {rule.id: rule for rule in declared_rules(entry.model)}


def _agreements(entry: RegisterEntry) -> set[str]:
    return {each.rule.id for each in entry.model.__agreements__}


def _told(finding: Finding) -> tuple[Any, ...]:
    place, message = finding.place, finding.message
    where = (place.file, place.line, place.column)
    return (finding.rule, finding.severity, where, (message.en, message.zh), finding.row_key, finding.column, finding.more)


def _found(
    address: str,
    rule: str,
    severity: Any,
    where: tuple[str, int, int],
    message: tuple[str, str],
    row_key: str,
    column: str,
    more: int,
) -> Finding:
    place, text = Place(*where), Text(*message)
    return Finding(rule, severity, address, place, text, row_key=row_key, column=column, more=more)
