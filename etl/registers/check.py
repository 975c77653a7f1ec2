"""The check of registers: their files, rows, keys and groups, and what they must agree with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import polars as pl

from etl.catalogue import RegisterEntry
from etl.findings import Finding, Text, found
from etl.project import Project
from etl.registers.counting import MOST_FINDINGS, Counted
from etl.registers.flows import months
from etl.registers.groups import flow_verdicts
from etl.registers.means import ByPolars, Kept, Leave, Left, Means
from etl.registers.one_pass import BLANK_KEYS
from etl.registers.outcomes import (
    RegisterOutcome,
    agreement_findings,
    group_findings,
    key_findings,
    not_run,
    of_agreements,
    of_groups,
    of_keys,
    of_rows,
    row_findings,
    rows_shown,
    unlocated,
    with_rest,
)
from etl.registers.parse import is_read_tolerantly, reading_rule
from etl.registers.places import places, places_of
from etl.registers.progress import Say, silent
from etl.registers.raw_files import raw_files, register_file
from etl.registers.reconcile import Compared, compared
from etl.registers.scan import Opened, opened
from etl.registers.second_look import Accepted
from etl.registers.sieve import Sieve
from etl.tables.parse import ParsedTable
from schemas import standing
from schemas.registers import columns, flow

MOST_PLACES = 20_000
"""Of how many rows whose keys may be the same the places are looked up before it is known that they are."""

Waived = Collection[tuple[str, str, str]]


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
        is_carried: whether this is what a load before found, whose rows are in the warehouse already.
        kept: counts the kept records, where an engine does that.
        leave: leaves the kept records with an engine, where they are not to be loaded.
        left: where they were left.
    """

    entry: RegisterEntry
    file: str
    rows: int = 0
    rejected: int = 0
    outcomes: list[RegisterOutcome] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    sieve: Sieve | None = None
    counts: pl.DataFrame = field(default_factory=pl.DataFrame)
    is_carried: bool = False
    kept: Kept | None = None
    leave: Leave | None = None
    left: Left | None = None


def check_register(
    project: Project,
    entry: RegisterEntry,
    tables: Mapping[str, ParsedTable],
    rejected_rows: Callable[[str], Collection[int]],
    waived: Waived = (),
    say: Say = silent,
    means: Means | None = None,
) -> CheckedRegister | None:
    """Check a register; None where it has no raw file.

    Args:
        project: the project.
        entry: the register.
        tables: the tables of the project, with whose figures it must agree.
        rejected_rows: gives the rows of a table whose figures do not count.
        waived: rule, key and column of the findings that are accepted.
        say: told how far a scan is.
        means: what goes through its rows; polars by default.
    """
    means = means or ByPolars()
    raws, foreign = raw_files(project, entry.address)
    if not raws and not foreign:
        return None
    checked = CheckedRegister(entry, register_file(project, entry.address), findings=foreign)
    files = [opened(raw, entry.address, columns(entry.model)) for raw in raws]
    accepted: dict[tuple[str, str], set[str]] = {}
    for rule, row_key, column in waived:
        accepted.setdefault((rule, column), set()).add(row_key)
    counted = _counted(means, entry, files, accepted, say)
    if counted is not None:
        _say_what_pandera_runs(counted, say)
        _tell_of_rows(checked, files, counted, accepted, means)
        _tell_of_groups(checked, counted, tables, rejected_rows, accepted)
    elif raws:
        checked.outcomes += not_run(entry.model, f"nothing of {checked.file} can be read")
    checked.findings += [finding for file in files for finding in file.findings]
    return checked


def _counted(means: Means, entry: RegisterEntry, files: Sequence[Opened], accepted: Accepted, say: Say) -> Counted | None:
    """Give what is counted of all rows; again, where cells can be read tolerantly."""
    counted = means.count(entry, files, accepted, say)
    tolerant = _readable_tolerantly(means, counted) if counted else None
    return means.count(entry, files, accepted, say, tolerant) if tolerant else counted


def _say_what_pandera_runs(counted: Counted, say: Say) -> None:
    for test in (verdict.test for verdict in counted.verdicts if verdict.test.holds is None and not verdict.not_run):
        of = f"{counted.reading.address}.{test.column}".removesuffix(".")
        say(f"the check {test.rule.id} of {of} cannot be taken apart; pandera runs it by itself, on its columns in memory")


def _readable_tolerantly(means: Means, counted: Counted) -> frozenset[str]:
    """Give the columns of which cells were not read that the tolerant grammar reads."""
    found_columns = set()
    for column in counted.reading.columns:
        rule = reading_rule(column)
        unread = [each for each in counted.broken if each.test.rule is rule and each.test.column == column.name]
        texts: Iterable[str] = (str(each.cells[column.name]) for each in unread)
        if len(unread) >= MOST_FINDINGS:
            texts = means.unread(counted, column)
        if unread and is_read_tolerantly(column, texts):
            found_columns.add(column.name)
    return frozenset(found_columns)


def _tell_of_rows(checked: CheckedRegister, files: Sequence[Opened], counted: Counted, accepted: Accepted, means: Means) -> None:
    """Add what was found of rows and keys, and which rows are kept."""
    reading, verdicts = counted.reading, counted.verdicts
    wanted = {(each.file, each.row) for each in counted.broken}
    if counted.repeated.height <= MOST_PLACES:
        wanted |= set(counted.repeated.iter_rows())
    where = places_of(wanted, reading.scans)
    again = means.repeated(counted, where)
    if not rows_shown(again, accepted) <= wanted:
        where = places_of(wanted | rows_shown(again, accepted), reading.scans)
    checked.outcomes += of_rows(verdicts)
    checked.findings += row_findings(counted.broken, verdicts, reading, where, accepted)
    checked.findings += unlocated(verdicts, reading, reading.scans[0].raw.place())
    checked.outcomes.append(of_keys(counted.rows, counted.counts[BLANK_KEYS], again.height))
    checked.findings += key_findings(again, reading, where, accepted)
    for file in files:
        if file.scan is not None:
            _tell_of_misfits(file, checked)
    checked.sieve = means.sieve(counted, again, accepted, where)
    checked.kept = means.kept(counted, checked.sieve)
    checked.leave = means.leave(counted, checked.sieve)
    set_aside = sum(len(scan.set_aside) for scan in reading.scans)
    checked.rows, checked.rejected = counted.rows + set_aside, checked.sieve.rejected + set_aside


def _tell_of_misfits(file: Opened, checked: CheckedRegister) -> None:
    assert file.scan is not None
    where = places(file.scan, file.scan.set_aside[:MOST_FINDINGS])
    width, address = len(file.scan.names), checked.entry.address
    en = f"the row has more or fewer cells than the header's {width}; quote cells that hold a comma"
    message = Text(en, f"本行单元格数与表头的 {width} 个不符；含逗号的单元格请加引号")
    rows = file.scan.set_aside[:MOST_FINDINGS]
    listed = [found(standing.ROW_FITS_HEADER, address, where.row(row), message) for row in rows]
    file.findings += with_rest(listed, len(file.scan.set_aside), {})


def _tell_of_groups(
    checked: CheckedRegister,
    counted: Counted,
    tables: Mapping[str, ParsedTable],
    rejected_rows: Callable[[str], Collection[int]],
    accepted: Accepted,
) -> None:
    """Add what was found of the flow, of groups, and of what is published."""
    reading, entry = counted.reading, counted.reading.entry
    counted_by = flow(entry.model)
    checked.counts = counted.flow
    by_month = months(checked.counts, counted_by)
    verdicts = [*flow_verdicts(by_month, counted_by), *counted.groups]
    place = reading.scans[0].raw.place()
    checked.outcomes += of_groups(verdicts)
    checked.findings += group_findings(verdicts, entry.address, place, accepted)
    tell_of_agreements(checked, tables, rejected_rows)


def tell_of_agreements(
    checked: CheckedRegister, tables: Mapping[str, ParsedTable], rejected_rows: Callable[[str], Collection[int]]
) -> None:
    """Add what was found of what is published: the counts of a register suffice."""
    entry = checked.entry
    counted_by = flow(entry.model)
    by_month = months(checked.counts, counted_by)
    against: list[Compared] = []
    for agreement in entry.model.__agreements__:
        table = tables.get(agreement.table)
        if table is not None:
            against += compared(by_month, counted_by, agreement, table, rejected_rows(agreement.table))
    by_rule = {rule: list(each) for rule, each in groupby(against, key=lambda each: each.agreement.rule.id)}
    checked.outcomes += of_agreements(by_rule)
    checked.findings += agreement_findings(against, tables, entry.address, checked.file)
