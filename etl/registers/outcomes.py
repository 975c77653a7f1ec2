"""Report a register: the outcome of each rule, and its first findings with places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from etl.catalogue import RegisterEntry
from etl.findings import Finding, Place, Witness, make_finding
from etl.registers.failure_samples import MOST_FINDINGS, FailedRow, WaivedKeys
from etl.registers.groups import GroupVerdict
from etl.registers.keys import FIRST_FILE, FIRST_ROW, KEY
from etl.registers.messages import group_message, row_message
from etl.registers.reader import RegisterReader
from etl.registers.reconcile import ReconciledFigure
from etl.registers.row_tests import RowVerdict
from etl.registers.scan import FILE, ROW
from etl.registers.source_locations import SourceLocations
from etl.tables.evaluate import Outcome
from etl.tables.parse import ParsedTable
from schemas.builtin_register_rules import RECORD_IS_KNOWN_ONCE
from schemas.constraints import HIGH, LOW
from schemas.registers import key
from schemas.texts import Text

Where = Mapping[int, SourceLocations]


@dataclass(frozen=True, slots=True)
class RegisterOutcome(Outcome):
    """Outcome of a rule on a register, whose rows are counted and not listed.

    Attributes:
        breaches: number of rows, groups or figures that break it.
    """

    breaches: int = 0

    @property
    def failed(self) -> int:
        """Number of rows, groups or figures that break the rule."""
        return self.breaches


def row_outcome(verdict: RowVerdict) -> RegisterOutcome:
    """Convert the verdict of a test of rows into an outcome."""
    rule, column = verdict.test.rule, verdict.test.column
    counts = verdict.passed, verdict.not_applicable
    return RegisterOutcome(rule, column, *counts, not_run=verdict.not_run, breaches=verdict.failed)


def group_outcome(verdict: GroupVerdict) -> RegisterOutcome:
    """Convert the verdict of a rule of groups into an outcome, which counts groups."""
    counts = verdict.passed, verdict.not_applicable
    return RegisterOutcome(verdict.rule, "", *counts, not_run=verdict.not_run, breaches=verdict.broken.height)


def agreement_outcomes(figures: Iterable[ReconciledFigure]) -> list[RegisterOutcome]:
    """Return the outcome of each agreement with published figures, which it counts."""
    by_rule: dict[str, list[ReconciledFigure]] = {}
    for each in figures:
        by_rule.setdefault(each.agreement.rule.id, []).append(each)
    outcomes = []
    for of_rule in by_rule.values():
        verdicts = [each.agrees for each in of_rule]
        counts = verdicts.count(True), verdicts.count(None)
        outcomes.append(RegisterOutcome(of_rule[0].agreement.rule, "", *counts, breaches=verdicts.count(False)))
    return outcomes


# Findings


def row_findings(
    failures: Iterable[FailedRow], verdicts: Iterable[RowVerdict], reader: RegisterReader, where: Where, waived: WaivedKeys
) -> Iterator[Finding]:
    """Yield a finding for each of these rows.

    The last unwaived finding of a test says how many more there are.
    """
    by_test: dict[int, list[Finding]] = {}
    of_tests = {id(verdict.test): verdict for verdict in verdicts}
    for failed in failures:
        test = failed.test
        place = where[failed.file].cell(failed.row, test.column or next(iter(test.reads), ""))
        message, severity = row_message(test, reader.entry, failed.cells), of_tests[id(test)].severity
        finding = make_finding(
            test.rule, reader.address, place, message, severity=severity, row_key=failed.key, column=test.column
        )
        by_test.setdefault(id(test), []).append(finding)
    for test_id, listed in by_test.items():
        yield from with_rest(listed, of_tests[test_id].failed, waived)


def with_rest(listed: list[Finding], number: int, waived: WaivedKeys) -> list[Finding]:
    """Let the last unwaived finding stand for all that are not listed."""
    unwaived = [at for at, each in enumerate(listed) if each.row_key not in waived.get((each.rule, each.column), ())]
    if number > len(listed) and unwaived:
        listed[unwaived[-1]] = replace(listed[unwaived[-1]], more=number - len(listed))
    return listed


def unlocated_findings(verdicts: Iterable[RowVerdict], address: str, place: Place) -> Iterator[Finding]:
    """Yield one finding for each failed check that pandera ran by itself.

    Pandera does not say which rows break it.
    """
    for verdict in verdicts:
        rule, failed = verdict.test.rule, verdict.failed
        if verdict.test.holds is None and failed:
            en = f"{failed} rows break it, of which pandera does not say where they stand. {rule.reason}"
            message = Text(en, f"有 {failed} 行不符，pandera 未给出其位置；{rule.zh}")
            finding = make_finding(
                rule, address, place, message, severity=verdict.severity, row_key="", column=verdict.test.column
            )
            yield replace(finding, more=failed - 1)


def _shown(repeated: pl.DataFrame, waived: WaivedKeys) -> pl.DataFrame:
    """Choose the rows that findings of keys name: the first ones, and all waived ones."""
    is_waived = pl.col(KEY).is_in(list(waived.get((RECORD_IS_KNOWN_ONCE.id, ""), ())))
    return pl.concat([repeated.filter(is_waived), repeated.filter(~is_waived).head(MOST_FINDINGS)])


def rows_shown(repeated: pl.DataFrame, waived: WaivedKeys) -> set[tuple[int, int]]:
    """List file and row of the rows that findings of keys name."""
    shown = _shown(repeated, waived)
    return {*shown.select(FILE, ROW).iter_rows(), *shown.select(FIRST_FILE, FIRST_ROW).iter_rows()}


def key_findings(repeated: pl.DataFrame, reader: RegisterReader, where: Where, waived: WaivedKeys) -> list[Finding]:
    """Return a finding for the first rows whose key an earlier row has."""
    names, findings = key(reader.entry.model), []
    shown = _shown(repeated, waived).select(FILE, ROW, KEY, FIRST_FILE, FIRST_ROW)
    for file, row, text, first_file, first_row in shown.iter_rows():
        first = where[first_file].row(first_row)
        at = f"{first.file}:{first.line}"
        message = Text(f"{', '.join(names)} {text} stands at {at} too", f"{text} 已见于 {at}")
        findings.append(
            make_finding(RECORD_IS_KNOWN_ONCE, reader.address, where[file].cell(row, names[0]), message, row_key=text)
        )
    return with_rest(findings, repeated.height, waived)


def group_findings(verdict: GroupVerdict, entry: RegisterEntry, place: Place, waived: WaivedKeys) -> list[Finding]:
    """Return a finding for the first groups that break a rule."""
    rule, broken = verdict.rule, verdict.broken
    severity = rule.severity_of(broken.height, verdict.passed + broken.height)
    findings = []
    for group in broken.head(MOST_FINDINGS).iter_rows(named=True):
        row_key = ":".join(str(group[name]) for name in verdict.by)
        findings.append(
            make_finding(rule, entry.address, place, group_message(verdict, group, entry), severity=severity, row_key=row_key)
        )
    return with_rest(findings, broken.height, waived)


def agreement_findings(
    figures: Iterable[ReconciledFigure], tables: Mapping[str, ParsedTable], address: str, file: str
) -> Iterator[Finding]:
    """Yield a finding for each published figure that a register contradicts."""
    for each in figures:
        if each.agrees is not False or each.counted is None:
            continue
        agreement, table = each.agreement, tables[each.agreement.table]
        place, who = table.raw.place(each.row, agreement.column), table.keys[each.row]
        published = table.raw.cells[agreement.column][each.row] or ""
        cells = table.frame.row(each.row, named=True)
        low, high = cells[agreement.column + LOW], cells[agreement.column + HIGH]
        en = f"{agreement.figure} {who} is published as {published}; {file} counts {each.counted:,.15g}"
        zh = f"{agreement.figure} {who} 公布为 {published}；{file} 计得 {each.counted:,.15g}"
        witness = Witness(agreement.figure, place, published, low, high)
        yield make_finding(agreement.rule, address, place, Text(en, zh), row_key=who, witnesses=(witness,))
