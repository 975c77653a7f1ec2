"""Check the tables and registers of a project: read, parse, evaluate, trace."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from etl.catalogue import PACKAGE, Catalogue, Entry, RegisterEntry
from etl.documents.citations import cited
from etl.documents.confirmations import unconfirmed
from etl.documents.not_printed import milder_where_not_printed
from etl.findings import Finding, WaivedKeys, in_order, is_at_least
from etl.gate.unread_files import unread_files
from etl.gate.waivers import Waiver, waive, waived_rows, waivers
from etl.project import Project
from etl.registers.progress import Say, silent
from etl.registers.raw_files import raw_files
from etl.registers.shrinkage import lost_rows
from etl.rules.lint import refuse_unsound
from etl.source_list import SOURCES
from etl.tables.evaluate import Outcome, evaluate_rules, evaluation_of, not_run
from etl.tables.explain import explained
from etl.tables.footnotes import check_footnotes, footnotes
from etl.tables.localize import with_suspects
from etl.tables.neighbours import compare_with_neighbours
from etl.tables.parse import ParsedTable, parse
from etl.tables.provenance import check_provenance, check_sources, publication_order
from etl.tables.publication_day import check_publication
from etl.tables.read import in_sheets, read_table
from etl.tables.revisions import revision_outcome
from schemas.builtin_rules import READING_RULES
from schemas.evaluation import Evaluation
from schemas.models import Severity, columns
from schemas.texts import NO_TEXT, Text

if TYPE_CHECKING:
    from etl.registers.check import CheckedRegister
    from etl.registers.engine import RegisterEngine


@dataclass(frozen=True)
class Checked:
    """The result of a check.

    Attributes:
        tables: every table that has a raw file, by address.
        outcomes: the outcome of each rule on a table, by address.
        findings: all findings in the order of their places, accepted ones marked.
        skipped: addresses of tables without a raw file.
        registers: every register that has a raw file, by address; its outcomes and findings are among those above.
        absent: addresses of registers without a raw file, which are optional.
        catalogue: the tables that there are.
        ran_nothing: whether the rules that were asked for are those of no table that is there.
    """

    tables: dict[str, ParsedTable]
    outcomes: dict[str, list[Outcome]]
    findings: list[Finding]
    skipped: list[str]
    registers: Mapping[str, CheckedRegister] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    catalogue: Catalogue = PACKAGE
    ran_nothing: bool = False

    def rejected_rows(self, address: str) -> frozenset[int]:
        """Return the rows of a table with an error that is not waived."""
        return frozenset(self._rejected.get(address, ()))

    @cached_property
    def _rejected(self) -> dict[str, set[int]]:
        rejected: dict[str, set[int]] = {}
        for finding in self.findings:
            if finding.row is not None and finding.severity == "error" and not finding.waiver:
                rejected.setdefault(finding.table, set()).add(finding.row)
        return rejected

    def rows_rejected(self, table: ParsedTable) -> int:
        """Count the rows of a table that are not loaded."""
        return len(self.rejected_rows(table.address)) + len(table.raw.set_aside)

    def rules_not_run(self) -> list[tuple[str, Outcome]]:
        """List the rules that could not run, with the address of their table."""
        return [(address, each) for address, outcomes in self.outcomes.items() for each in outcomes if each.not_run]

    def exit_code(self, fail_on: Severity | None) -> int:
        """Compute the exit code: 0 pass, 1 findings at `fail_on` or above, 2 not checked.

        A rule that did not run is never a pass.
        """
        if self.ran_nothing or self.rules_not_run():
            return 2
        if fail_on is None:
            return 0
        return int(any(not each.waiver and is_at_least(each.severity, fail_on) for each in self.findings))


FindCached = Callable[[RegisterEntry, Collection[tuple[str, str, str]]], "CheckedRegister | None"]


def nothing_cached(entry: RegisterEntry, waived: Collection[tuple[str, str, str]]) -> None:
    """Report no cached check, so that every register is read."""


def check(
    project: Project,
    entries: Sequence[Entry],
    today: date,
    *,
    whole: bool,
    is_part: bool = False,
    cite: bool = True,
    registers: Sequence[RegisterEntry] = (),
    say: Say = silent,
    strict: bool = False,
    cached: FindCached = nothing_cached,
    engine: RegisterEngine | None = None,
    rows_before: Mapping[str, int] = MappingProxyType({}),
) -> Checked:
    """Check tables of a project; nothing is written.

    Args:
        project: the project.
        entries: all its tables, for a rule may ask for a figure of another table.
        today: the day on which waivers and dates of documents are judged.
        whole, is_part: whether there are no tables but these; whether the others do not concern what is asked.
        cite: whether figures are traced to their documents.
        registers: the registers to be checked too.
        say: prints the progress of a register's scan.
        strict: whether one row of a raw file that cannot be read is reason to refuse the file.
        cached: returns the check of a register in an earlier load, which is then not repeated.
        engine: scans the rows of registers; polars by default.
        rows_before: how many rows of each register the load in force has read.

    Raises:
        ProjectError: a rule is not sound, or a file that bears on all tables cannot be read.
    """
    refuse_unsound(entries)
    tables = parsed_tables(project, entries, strict=strict)
    findings, outcomes = list[Finding](), dict[str, list[Outcome]]()
    evaluation, accepted = evaluation_of(tables), waivers(project)
    for table in tables.values():
        findings += (*table.raw.findings, *table.findings)
        outcomes[table.address] = _evaluate(table, tables, evaluation, findings, waived_rows(accepted, table.address))
    findings += _of_documents(project, tables, today)
    if whole:
        listed = (*project.catalogue.addresses, *project.catalogue.register_addresses)
        findings += unread_files(project, {*listed, *(each.address for each in (*entries, *registers))})
    if cite:
        findings = [*milder_where_not_printed(project, tables, findings)]
        findings += (*cited(project, tables, whole), *(unconfirmed(project) if whole else ()))
    skipped = [entry.address for entry in entries if entry.address not in tables]
    of_tables = Checked(tables, outcomes, waive(findings, accepted, today, whole or is_part), skipped)
    current = [each for each in accepted if not each.has_expired(today)]
    records = _registers(project, registers, of_tables, current, say, cached, engine)
    for address, register in records.items():
        findings += register.findings
        outcomes[address] = list(register.outcomes)
    findings += lost_rows(project, registers, {address: each.rows for address, each in records.items()}, rows_before)
    findings = in_sheets(findings, (table.raw for table in tables.values()))
    findings = with_suspects(in_order(waive(findings, accepted, today, whole or is_part)), tables, evaluation)
    absent = [entry.address for entry in registers if entry.address not in records]
    return Checked(tables, outcomes, findings, skipped, records, absent, project.catalogue)


def _of_documents(project: Project, tables: Mapping[str, ParsedTable], today: date) -> Iterator[Finding]:
    """Yield the findings on what rows and lists say of documents and footnotes."""
    yield from check_provenance(tables.values(), project.sources)
    yield from check_footnotes(tables.values(), footnotes(project))
    yield from check_sources(project.source_list, f"raw/{SOURCES}")
    yield from check_publication(project.source_list, f"raw/{SOURCES}", today)


def _registers(
    project: Project,
    entries: Sequence[RegisterEntry],
    of_tables: Checked,
    accepted: Sequence[Waiver],
    say: Say,
    cached: FindCached,
    engine: RegisterEngine | None,
) -> dict[str, CheckedRegister]:
    """Check the registers that have a raw file, by address."""
    found: dict[str, CheckedRegister] = {}
    present = [entry for entry in entries if any(raw_files(project, entry.address))]
    if not present:
        return found
    from etl.registers.check import check_register, reconcile_register  # slower to import than to check all tables

    for entry in present:
        waived = [(each.rule, each.row_key, each.column) for each in accepted if each.table == entry.address]
        checked = cached(entry, waived)
        if checked is not None:
            reconcile_register(checked, of_tables.tables, of_tables.rejected_rows)
        else:
            checked = check_register(project, entry, of_tables.tables, of_tables.rejected_rows, waived, say, engine)
        if checked is not None:
            found[entry.address] = checked
    return found


def parsed_tables(project: Project, entries: Sequence[Entry], *, strict: bool = False) -> dict[str, ParsedTable]:
    """Parse the tables that have a raw file, by address."""
    raws = [raw for entry in entries if (raw := read_table(project, entry, strict=strict)) is not None]
    return {table.address: table for table in parse(raws, publication_order(project.sources.values()))}


def _evaluate(
    table: ParsedTable,
    tables: dict[str, ParsedTable],
    evaluation: Evaluation,
    findings: list[Finding],
    waived: WaivedKeys,
) -> list[Outcome]:
    """Evaluate the rules of a table, and add the findings of rows that break one."""
    model = table.raw.entry.model
    missing_labels = [column.name for column in columns(model) if not column.is_figure and column.name in table.raw.missing]
    if missing_labels:
        is_unread = len(table.raw.missing) == len(columns(model))
        why = Text(f"lacks {', '.join(missing_labels)}", f"缺少列 {'、'.join(missing_labels)}")
        if is_unread:
            why = Text("cannot be read; see what is said of it", "无法读取；见其问题")
        return not_run(model, f"{table.raw.file} " + why)
    if table.raw.awaits_rows:
        return [*_reading_outcomes(table), *not_run(model, NO_TEXT)]
    if not table.raw.height:
        return not_run(model, table.raw.file + Text(" has no rows that can be read", " 没有可以读取的行"))
    outcomes = evaluate_rules(table.figure_table, evaluation)
    for outcome in outcomes:
        findings += explained(outcome, table, tables, evaluation)
    compared = compare_with_neighbours(table, findings, waived)
    return [*_reading_outcomes(table), revision_outcome(table, findings), *compared, *outcomes]


def _reading_outcomes(table: ParsedTable) -> list[Outcome]:
    """Count the rows that keep and break the reading rules."""
    rows: dict[str, set[int]] = {}
    for finding in table.findings:
        if finding.row is not None:
            rows.setdefault(finding.rule, set()).add(finding.row)
    return [
        Outcome(rule, "", table.raw.height - len(rows.get(rule.id, ())), broken=tuple(sorted(rows.get(rule.id, ()))))
        for rule in READING_RULES
    ]
