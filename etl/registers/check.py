"""Check a register: files, rows, keys, groups, agreement with published figures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from etl.catalogue import RegisterEntry
from etl.errors import ProjectError, first_line
from etl.findings import Finding
from etl.project import Project
from etl.registers.engine import PolarsEngine, RegisterEngine
from etl.registers.failure_samples import MOST_FINDINGS, WaivedKeys
from etl.registers.groups import flow_verdicts
from etl.registers.monthly_flows import monthly_flow
from etl.registers.outcomes import (
    RegisterOutcome,
    agreement_findings,
    agreement_outcomes,
    group_findings,
    group_outcome,
    key_findings,
    row_findings,
    row_outcome,
    rows_shown,
    unlocated_findings,
)
from etl.registers.parse import is_read_tolerantly, reading_rule
from etl.registers.partition import RetainedRecords, RowPartition
from etl.registers.progress import Say, silent
from etl.registers.raw_files import raw_files, register_file
from etl.registers.reader import RegisterReader
from etl.registers.reconcile import reconcile
from etl.registers.row_tests import BLANK_KEYS
from etl.registers.scan import OpenedFile, open_file
from etl.registers.scan_checks import ScanResult
from etl.registers.source_locations import locate_in_files
from etl.tables.parse import ParsedTable
from schemas.builtin_register_rules import RECORD_IS_KNOWN_ONCE
from schemas.registers import columns, declared_rules, flow
from schemas.texts import Text

READING_FAILS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)

MOST_PLACES = 20_000
"""Of so many rows whose keys may be the same the places are looked up before it is known that they are."""


@dataclass
class CheckedRegister:
    """Result of the check of a register.

    Attributes:
        entry: the register.
        file: what its files are called together.
        rows: rows read, those included that do not fit their header.
        rejected: rows that are not loaded.
        outcomes: the outcome of each rule.
        findings: what is wrong; the rows of a rule up to a number, the last of which stands for the rest.
        partition: which rows are kept; None if nothing could be read.
        counts: of all rows, see `monthly_flows`; empty if nothing could be read.
        is_cached: whether this is what an earlier load found, whose rows are in the warehouse already.
        retained: where the kept records are, if they stay with an engine.
    """

    entry: RegisterEntry
    file: str
    rows: int = 0
    rejected: int = 0
    outcomes: list[RegisterOutcome] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    partition: RowPartition | None = None
    counts: pl.DataFrame = field(default_factory=pl.DataFrame)
    is_cached: bool = False
    retained: RetainedRecords | None = None


def check_register(
    project: Project,
    entry: RegisterEntry,
    tables: Mapping[str, ParsedTable],
    rejected_rows: Callable[[str], Collection[int]],
    waived: Collection[tuple[str, str, str]] = (),
    say: Say = silent,
    engine: RegisterEngine | None = None,
) -> CheckedRegister | None:
    """Check a register; None if it has no raw file.

    Args:
        project: the project.
        entry: the register.
        tables: the tables of the project, with whose figures it must agree.
        rejected_rows: gives the rows of a table whose figures do not count.
        waived: rule, key and column of the waived findings.
        say: called with a line on how far a scan is.
        engine: scans its rows; polars by default.

    Raises:
        ProjectError: polars or the engine fails, and not because of one of the files.
    """
    raws, foreign = raw_files(project, entry.address)
    if not raws and not foreign:
        return None
    checked = CheckedRegister(entry, register_file(project, entry.address), findings=foreign)
    files = [open_file(raw, entry.address, columns(entry.model)) for raw in raws]
    waived_keys: dict[tuple[str, str], set[str]] = {}
    for rule, row_key, column in waived:
        waived_keys.setdefault((rule, column), set()).add(row_key)
    scanned = scan_files(engine or PolarsEngine(), entry, files, waived_keys, say)
    if scanned is not None:
        _report_rows(checked, scanned, say)
        _report_groups(checked, scanned)
        reconcile_register(checked, tables, rejected_rows)
    else:
        unread = sorted({finding.place.file for finding in (*foreign, *(each for file in files for each in file.findings))})
        reason = Text(
            f"nothing of {', '.join(unread)} can be read; see what is said of it", f"{'、'.join(unread)} 完全无法读取；见其问题"
        )
        checked.outcomes += [RegisterOutcome(rule, "", 0, not_run=reason) for rule in declared_rules(entry.model)]
    checked.findings += [finding for file in files for finding in file.findings]
    return checked


def scan_files(
    engine: RegisterEngine, entry: RegisterEntry, files: Sequence[OpenedFile], waived: WaivedKeys, say: Say
) -> ScanResult | None:
    """Scan the files; return None if none can be read.

    A scan is repeated as long as it shows that some files must be read in another way.
    """
    tolerant: frozenset[str] = frozenset()
    if engine.reads_by_polars:
        for file in files:
            file.look_closely()
    while True:
        readable = [file for file in files if file.scan is not None]
        if not readable:
            return None
        reader = RegisterReader(entry, tuple(file.scan for file in readable if file.scan is not None), tolerant)
        try:
            scanned = engine.scan(reader, waived, say)
        except READING_FAILS as error:
            if not _set_aside_unreadable(readable):
                reason = f"{type(error).__name__}: {first_line(error)}"
                raise ProjectError(
                    f"{entry.address} cannot be checked: {reason}", f"{entry.address} 无法检查：{reason}"
                ) from error
            continue
        changed = [readable[number].look_closely() for number in scanned.read_by_polars]
        if any(changed):
            continue
        for file in readable:
            if file.has_changed():
                raise ProjectError(
                    f"{file.raw.file} was changed while it was read; run again when nothing writes to it.",
                    f"{file.raw.file} 在读取时被改动；请待写入结束后重新运行。",
                )
        if tolerant or not (tolerant := _columns_read_tolerantly(scanned)):
            return scanned


def _set_aside_unreadable(files: Sequence[OpenedFile]) -> bool:
    """Set aside unreadable files or rows; return whether there were any."""
    found = False
    for file in files:
        assert file.scan is not None
        try:
            names = [name for name in file.scan.names if name in file.scan.types]
            file.scan.frame(names).select(pl.col(names).null_count()).collect(engine="streaming")
        except READING_FAILS as error:
            found = True
            if file.raw.is_parquet or file.is_suspect:
                file.refuse(error)
            else:
                file.look_closely(is_suspect=True)
    return found


def _columns_read_tolerantly(scanned: ScanResult) -> frozenset[str]:
    """List the columns with unreadable cells that the tolerant grammar reads."""
    found = set()
    for column in scanned.reader.columns:
        rule = reading_rule(column)
        unread = [each for each in scanned.failures if each.test.rule is rule and each.test.column == column.name]
        samples = {str(each.cells[column.name]) for each in unread}
        texts = samples if len(unread) < MOST_FINDINGS else scanned.unread_texts(column)
        if unread and is_read_tolerantly(column, texts, scanned.reader.entry.catalogue.lists):
            found.add(column.name)
    return frozenset(found)


def _report_rows(checked: CheckedRegister, scanned: ScanResult, say: Say) -> None:
    """Add outcomes and findings of rows and keys, and which rows are kept."""
    reader, verdicts, waived = scanned.reader, scanned.verdicts, scanned.waived
    for test in (verdict.test for verdict in verdicts if verdict.test.holds is None and not verdict.not_run):
        of = f"{reader.address}.{test.column}".removesuffix(".")
        say(
            Text(
                f"the check {test.rule.id} of {of} cannot be taken apart; pandera runs it by itself, on its columns in memory",
                f"{of} 的检查 {test.rule.id} 无法拆分，由 pandera 在内存中单独运行",
            )
        )
    wanted = {(each.file, each.row) for each in scanned.failures}
    if scanned.candidates.height <= MOST_PLACES:
        wanted |= set(scanned.candidates.iter_rows())
    where = locate_in_files(wanted, reader.scans)
    repeated = scanned.repeated(where)
    shown = rows_shown(repeated, waived)
    if not shown <= wanted:
        where = locate_in_files(wanted | shown, reader.scans)
    blank = scanned.counts[BLANK_KEYS]
    of_keys = RegisterOutcome(RECORD_IS_KNOWN_ONCE, "", scanned.rows - blank - repeated.height, blank, breaches=repeated.height)
    checked.outcomes += [*map(row_outcome, verdicts), of_keys]
    checked.findings += row_findings(scanned.failures, verdicts, reader, where, waived)
    checked.findings += unlocated_findings(verdicts, reader.address, reader.scans[0].raw.place())
    checked.findings += key_findings(repeated, reader, where, waived)
    checked.partition = scanned.partition(repeated, where)
    set_aside = sum(len(scan.set_aside) for scan in reader.scans)
    checked.rows, checked.rejected = scanned.rows + set_aside, checked.partition.rejected + set_aside


def _report_groups(checked: CheckedRegister, scanned: ScanResult) -> None:
    """Add outcomes and findings of the flow and of groups."""
    checked.counts, counted_by = scanned.flow, flow(checked.entry.model)
    place = scanned.reader.scans[0].raw.place()
    for verdict in (*flow_verdicts(monthly_flow(checked.counts, counted_by), counted_by), *scanned.groups):
        checked.outcomes.append(group_outcome(verdict))
        checked.findings += group_findings(verdict, checked.entry, place, scanned.waived)


def reconcile_register(
    checked: CheckedRegister, tables: Mapping[str, ParsedTable], rejected_rows: Callable[[str], Collection[int]]
) -> None:
    """Compare a register's counts with published figures, and add what is found."""
    entry, counted_by = checked.entry, flow(checked.entry.model)
    months = monthly_flow(checked.counts, counted_by)
    figures = [
        figure
        for agreement in entry.model.__agreements__
        if agreement.table in tables
        for figure in reconcile(months, counted_by, agreement, tables[agreement.table], rejected_rows(agreement.table))
    ]
    checked.outcomes += agreement_outcomes(figures)
    checked.findings += agreement_findings(figures, tables, entry.address, checked.file)
