"""The check of registers: their files, rows, keys and groups, and what they must agree with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import polars as pl

from etl.catalogue import RegisterEntry
from etl.findings import Finding, Text, found
from etl.project import Project
from etl.registers.counting import Accepted, Counted, count
from etl.registers.flows import counts, months, tallied
from etl.registers.groups import flow_verdicts, group_rules
from etl.registers.keys import repeated
from etl.registers.one_pass import BLANKS, KEYS
from etl.registers.outcomes import (
    MOST_FINDINGS,
    RegisterOutcome,
    agreement_findings,
    group_findings,
    key_findings,
    of_agreements,
    of_groups,
    of_keys,
    of_rows,
    row_findings,
    unlocated,
)
from etl.registers.parse import is_read_tolerantly, reading_rule
from etl.registers.places import places
from etl.registers.progress import Say, silent
from etl.registers.raw_files import raw_files, register_file
from etl.registers.reading import Reading
from etl.registers.reconcile import Compared, compared
from etl.registers.scan import Opened, opened
from etl.registers.second_look import BrokenRow, broken_rows
from etl.registers.sieve import Sieve, sieve
from etl.tables.parse import ParsedTable
from schemas import standing
from schemas.registers import columns, flow, key

Waived = Collection[tuple[str, str, str]]
NOTHING = pl.DataFrame()


@dataclass
class CheckedRegister:
    """What a check found of a register.

    Attributes:
        entry: the register.
        file: what its files are called together.
        rows: rows read, those included that do not fit their header.
        rejected: rows that are not loaded.
        outcomes: what each rule says.
        findings: what is wrong; the rows of a rule up to a number, the last of which stands for the rest.
        sieve: which rows are kept; None where nothing could be read.
        counts: of all rows, as `flows.counts` gives them; empty where nothing could be read.
    """

    entry: RegisterEntry
    file: str
    rows: int = 0
    rejected: int = 0
    outcomes: list[RegisterOutcome] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    sieve: Sieve | None = None
    counts: pl.DataFrame = field(default_factory=pl.DataFrame)


def check_register(
    project: Project,
    entry: RegisterEntry,
    tables: Mapping[str, ParsedTable],
    rejected_rows: Callable[[str], Collection[int]],
    waived: Waived = (),
    say: Say = silent,
) -> CheckedRegister | None:
    """Check a register; None where it has no raw file.

    Args:
        project: the project.
        entry: the register.
        tables: the tables of the project, with whose figures it must agree.
        rejected_rows: gives the rows of a table whose figures do not count.
        waived: rule, key and column of the findings that are accepted.
        say: told how far a scan is.
    """
    raws, foreign = raw_files(project, entry.address)
    if not raws and not foreign:
        return None
    checked = CheckedRegister(entry, register_file(project, entry.address), findings=foreign)
    files = [opened(raw, entry.address, columns(entry.model)) for raw in raws]
    accepted: dict[tuple[str, str], set[str]] = {}
    for rule, row_key, column in waived:
        accepted.setdefault((rule, column), set()).add(row_key)
    looked = _looked_at(entry, files, accepted, say)
    if looked is not None:
        counted, broken = looked
        _tell_of_rows(checked, files, counted, broken, accepted)
        _tell_of_groups(checked, counted.reading, tables, rejected_rows)
    checked.findings += [finding for file in files for finding in file.findings]
    return checked


def _looked_at(
    entry: RegisterEntry, files: Sequence[Opened], accepted: Accepted, say: Say
) -> tuple[Counted, list[BrokenRow]] | None:
    """Give what the one pass counts, and the first rows that break each rule; again, where cells can be read tolerantly."""
    counted = count(entry, files, accepted, say)
    if counted is None:
        return None
    broken = _broken(counted, accepted)
    tolerant = _readable_tolerantly(counted, broken)
    if tolerant:
        counted = count(entry, files, accepted, say, tolerant)
        assert counted is not None
        broken = _broken(counted, accepted)
    return counted, broken


def _broken(counted: Counted, accepted: Accepted) -> list[BrokenRow]:
    failing = [verdict.test for verdict in counted.verdicts if verdict.failed]
    return broken_rows(counted.reading, failing, MOST_FINDINGS) if failing else []


def _readable_tolerantly(counted: Counted, broken: Sequence[BrokenRow]) -> frozenset[str]:
    """Give the columns of which cells were not read that the tolerant grammar reads."""
    found_columns = set()
    for column in counted.reading.columns:
        rule = reading_rule(column)
        unread = [each for each in broken if each.test.rule is rule and each.test.column == column.name]
        if unread and is_read_tolerantly(column, (str(each.cells[column.name]) for each in unread)):
            found_columns.add(column.name)
    return frozenset(found_columns)


def _tell_of_rows(
    checked: CheckedRegister, files: Sequence[Opened], counted: Counted, broken: Sequence[BrokenRow], accepted: Accepted
) -> None:
    """Add what was found of rows and keys, and which rows are kept."""
    reading, verdicts = counted.reading, counted.verdicts
    checked.outcomes += of_rows(verdicts)
    checked.findings += row_findings(broken, verdicts, reading)
    first = reading.scans[0].raw.place()
    checked.findings += unlocated(verdicts, reading, first)
    again = _repeated(counted)
    blank = sum(counted.counts[f"{BLANKS}{name}"] for name in key(reading.entry.model))
    checked.outcomes.append(of_keys(counted.rows, blank, again.height))
    checked.findings += key_findings(again, reading) if again.height else []
    for file in files:
        if file.scan is not None:
            _tell_of_misfits(file, checked)
    checked.sieve = sieve(counted, again, accepted)
    set_aside = sum(len(scan.set_aside) for scan in reading.scans)
    checked.rows, checked.rejected = counted.rows + set_aside, checked.sieve.rejected + set_aside


def _repeated(counted: Counted) -> pl.DataFrame:
    """Give the rows whose key is there before; none, and nothing is read, where the hashes of all keys are different."""
    blank = sum(counted.counts[f"{BLANKS}{name}"] for name in key(counted.reading.entry.model))
    if counted.counts[KEYS] - bool(blank) >= counted.rows - blank:
        return NOTHING
    return repeated(counted.reading)


def _tell_of_misfits(file: Opened, checked: CheckedRegister) -> None:
    assert file.scan is not None
    where = places(file.scan, file.scan.set_aside[:MOST_FINDINGS])
    width, address = len(file.scan.names), checked.entry.address
    for row in file.scan.set_aside[:MOST_FINDINGS]:
        en = f"the row has more or fewer cells than the header's {width}; quote cells that hold a comma"
        message = Text(en, f"本行单元格数与表头的 {width} 个不符；含逗号的单元格请加引号")
        file.findings.append(found(standing.ROW_FITS_HEADER, address, where.row(row), message))


def _tell_of_groups(
    checked: CheckedRegister,
    reading: Reading,
    tables: Mapping[str, ParsedTable],
    rejected_rows: Callable[[str], Collection[int]],
) -> None:
    """Add what was found of the flow, of groups, and of what is published."""
    entry = reading.entry
    counted_by = flow(entry.model)
    (checked.counts,) = tallied(reading.for_flow(), counted_by, counts)
    by_month = months(checked.counts, counted_by)
    verdicts = [*flow_verdicts(by_month, counted_by), *group_rules(entry.model.__groups__, reading)]
    place = reading.scans[0].raw.place()
    checked.outcomes += of_groups(verdicts)
    checked.findings += group_findings(verdicts, entry.address, place)
    against: list[Compared] = []
    for agreement in entry.model.__agreements__:
        table = tables.get(agreement.table)
        if table is not None:
            against += compared(by_month, counted_by, agreement, table, rejected_rows(agreement.table))
    by_rule = {rule: list(each) for rule, each in groupby(against, key=lambda each: each.agreement.rule.id)}
    checked.outcomes += of_agreements(by_rule)
    checked.findings += agreement_findings(against, tables, entry.address, checked.file)
