"""What each rule says of a register, and the findings: exact counts, and the first rows of each rule with their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from etl.findings import Finding, Place, Text, Witness, found
from etl.registers.counting import MOST_FINDINGS
from etl.registers.groups import GroupVerdict
from etl.registers.keys import FIRST_FILE, FIRST_ROW, KEY
from etl.registers.messages import of_group, of_row
from etl.registers.one_pass import Verdict
from etl.registers.places import Places
from etl.registers.reading import Reading
from etl.registers.reconcile import Compared
from etl.registers.scan import FILE, ROW
from etl.registers.second_look import Accepted, BrokenRow
from etl.tables.evaluate import Outcome
from etl.tables.parse import ParsedTable
from schemas.claims import HIGH, LOW
from schemas.registers import Register, declared_rules, key
from schemas.standing_registers import RECORD_IS_KNOWN_ONCE
from schemas.vocabulary import Severity


@dataclass(frozen=True, slots=True)
class RegisterOutcome(Outcome):
    """What a rule says of a register, whose rows are counted and not listed.

    Attributes:
        breaches: number of rows, groups or figures that break it.
    """

    breaches: int = 0

    @property
    def failed(self) -> int:
        """Number of rows, groups or figures that break the rule."""
        return self.breaches


def of_rows(verdicts: Iterable[Verdict]) -> list[RegisterOutcome]:
    """Give the outcomes of the tests of rows."""
    return [
        RegisterOutcome(
            each.test.rule, each.test.column, each.passed, each.not_applicable, not_run=each.not_run, breaches=each.failed
        )
        for each in verdicts
    ]


def not_run(model: type[Register], reason: str) -> list[RegisterOutcome]:
    """Give the outcomes of the declared rules of a register of which nothing can be read."""
    return [RegisterOutcome(rule, "", 0, not_run=reason) for rule in declared_rules(model)]


def of_keys(rows: int, blank: int, repeated: int) -> RegisterOutcome:
    """Give the outcome of the keys; a blank one is not compared."""
    return RegisterOutcome(RECORD_IS_KNOWN_ONCE, "", rows - blank - repeated, blank, breaches=repeated)


def of_groups(verdicts: Iterable[GroupVerdict]) -> list[RegisterOutcome]:
    """Give the outcomes of the rules of groups, which count groups."""
    return [
        RegisterOutcome(each.rule, "", each.passed, each.not_applicable, not_run=each.not_run, breaches=each.broken.height)
        for each in verdicts
    ]


def of_agreements(agreements: Mapping[str, Sequence[Compared]]) -> list[RegisterOutcome]:
    """Give the outcomes of agreements by the id of their rules, which count published figures."""
    found_outcomes = []
    for of_rule in agreements.values():
        verdicts = [each.agrees for each in of_rule]
        if verdicts:
            rule = of_rule[0].agreement.rule
            counts = (verdicts.count(True), verdicts.count(None))
            found_outcomes.append(RegisterOutcome(rule, "", *counts, breaches=verdicts.count(False)))
    return found_outcomes


# Findings


def row_findings(
    rows: Sequence[BrokenRow], verdicts: Sequence[Verdict], reading: Reading, where: Mapping[int, Places], accepted: Accepted
) -> list[Finding]:
    """Give a finding for each of these rows; the last of a test that nobody accepts says how many more there are."""
    by_test = {id(verdict.test): verdict for verdict in verdicts}
    findings: dict[int, list[Finding]] = {}
    for broken in rows:
        verdict = by_test[id(broken.test)]
        column = broken.test.column or (broken.test.reads[0] if broken.test.reads else "")
        place = where[broken.file].cell(broken.row, column)
        message = of_row(broken.test, reading.entry.model, broken.cells)
        findings.setdefault(id(broken.test), []).append(
            _found(verdict, reading.address, place, message, row_key=broken.key, column=broken.test.column)
        )
    return [finding for test, listed in findings.items() for finding in with_rest(listed, by_test[test].failed, accepted)]


def _found(verdict: Verdict, address: str, place: Place, message: Text, *, row_key: str, column: str) -> Finding:
    return found(verdict.test.rule, address, place, message, severity=verdict.severity, row_key=row_key, column=column)


def with_rest(listed: list[Finding], number: int, accepted: Accepted) -> list[Finding]:
    """Give the findings, the last of which that nobody accepts stands for all that are not listed."""
    unaccepted = [at for at, each in enumerate(listed) if each.row_key not in accepted.get((each.rule, each.column), ())]
    if number > len(listed) and unaccepted:
        listed[unaccepted[-1]] = replace(listed[unaccepted[-1]], more=number - len(listed))
    return listed


def unlocated(verdicts: Iterable[Verdict], reading: Reading, place: Place) -> Iterator[Finding]:
    """Give a finding for each check that pandera ran by itself and that rows break: how many, for it does not say which."""
    for verdict in verdicts:
        if verdict.test.holds is None and verdict.failed:
            en = f"{verdict.failed} rows break it, of which pandera does not say where they stand. {verdict.test.rule.reason}"
            message = Text(en, f"有 {verdict.failed} 行不符，pandera 未给出其位置；{verdict.test.rule.zh}")
            finding = _found(verdict, reading.address, place, message, row_key="", column=verdict.test.column)
            yield replace(finding, more=verdict.failed - 1)


def _shown(repeated: pl.DataFrame, accepted: Accepted) -> pl.DataFrame:
    """Give the rows that findings of keys are about: the first ones, and all that somebody accepts."""
    is_accepted = pl.col(KEY).is_in(list(accepted.get((RECORD_IS_KNOWN_ONCE.id, ""), ())))
    return pl.concat([repeated.filter(is_accepted), repeated.filter(~is_accepted).head(MOST_FINDINGS)])


def rows_shown(repeated: pl.DataFrame, accepted: Accepted) -> set[tuple[int, int]]:
    """Give file and row of the rows that findings of keys name."""
    shown = _shown(repeated, accepted)
    return {*shown.select(FILE, ROW).iter_rows(), *shown.select(FIRST_FILE, FIRST_ROW).iter_rows()}


def key_findings(repeated: pl.DataFrame, reading: Reading, where: Mapping[int, Places], accepted: Accepted) -> list[Finding]:
    """Give a finding for the first rows whose key another row before has."""
    shown = _shown(repeated, accepted)
    names = key(reading.entry.model)
    findings = []
    for file, row, text, first_file, first_row in shown.select(FILE, ROW, KEY, FIRST_FILE, FIRST_ROW).iter_rows():
        first = where[first_file].row(first_row)
        at = f"{first.file}:{first.line}"
        en, zh = f"{', '.join(names)} {text} stands at {at} too", f"{text} 已见于 {at}"
        place = where[file].cell(row, names[0])
        findings.append(found(RECORD_IS_KNOWN_ONCE, reading.address, place, Text(en, zh), row_key=text))
    return with_rest(findings, repeated.height, accepted)


def group_findings(verdicts: Iterable[GroupVerdict], address: str, place: Place, accepted: Accepted) -> list[Finding]:
    """Give a finding for the first groups that break a rule."""
    findings = []
    for verdict in verdicts:
        severity: Severity = verdict.rule.severity_of(verdict.broken.height, verdict.passed + verdict.broken.height)
        listed = [
            found(
                verdict.rule,
                address,
                place,
                of_group(verdict, group),
                severity=severity,
                row_key=":".join(str(group[name]) for name in verdict.by),
            )
            for group in verdict.broken.head(MOST_FINDINGS).iter_rows(named=True)
        ]
        findings += with_rest(listed, verdict.broken.height, accepted)
    return findings


def agreement_findings(
    compared: Iterable[Compared], tables: Mapping[str, ParsedTable], address: str, file: str
) -> Iterator[Finding]:
    """Give a finding for each published figure that a register contradicts, at the place where it is printed."""
    for each in compared:
        if each.agrees is not False or each.counted is None:
            continue
        agreement = each.agreement
        table = tables[agreement.table]
        place = table.raw.place(each.row, agreement.column)
        published = table.raw.cells[agreement.column][each.row] or ""
        cells = table.frame.row(each.row, named=True)
        low, high = cells[agreement.column + LOW], cells[agreement.column + HIGH]
        who = table.keys[each.row]
        en = f"{agreement.figure} {who} is published as {published}; {file} counts {each.counted:,.15g}"
        zh = f"{agreement.figure} {who} 公布为 {published}；{file} 计得 {each.counted:,.15g}"
        witness = Witness(agreement.figure, place, published, low, high)
        yield found(agreement.rule, address, place, Text(en, zh), row_key=who, witnesses=(witness,))
