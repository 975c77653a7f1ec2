"""The gate: `etl run` and `etl check`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from etl.cli import complete
from etl.cli.options import (
    Gate,
    engine_options,
    gate_options,
    memory_option,
    project_option,
    say,
    scope_options,
    strict_option,
)
from schemas.texts import Text

if TYPE_CHECKING:
    from etl.catalogue_file import RuleChange
    from etl.check_result import CheckResult
    from etl.gate.check import Checked
    from etl.project import Project


_NOTHING = Text("", "")


@click.command()
@project_option
@memory_option
@engine_options
@strict_option
@click.option("--force", is_flag=True, help="Read everything and publish it, though nothing has changed or it was rolled back.")
@gate_options
def run(project: Project, memory_limit: str, engine: str, work: str, strict: bool, force: bool, gate: Gate) -> None:
    """Check raw/ and publish warehouse/ip.duckdb.

    With a finding at or above --fail-on the old warehouse stays as it is. Exit code 0 means that the warehouse is that of raw/:
    just published, or there already because nothing has changed.
    """
    from etl.publishing.signals import handle_signals

    with handle_signals():
        if not force and _wants_only_text(gate) and _is_up_to_date(project, gate, strict):
            return
        code = _check_and_publish(project, memory_limit, gate, engine, work, strict=strict, force=force)
    sys.exit(code)


def _wants_only_text(gate: Gate) -> bool:
    """Whether the only report is the text on standard output."""
    return [*gate.targets] == [("text", "-")]


def _is_up_to_date(project: Project, gate: Gate, strict: bool) -> bool:
    """Whether a load would change nothing; if so, say it. Needs no polars."""
    from etl.input_snapshot import take_snapshot
    from etl.warehouse.load_record import find_current_load

    today = datetime.now(UTC).date()
    record = find_current_load(project.warehouse, partial(take_snapshot, project.root), gate.fail_on, strict, today)
    if record is None:
        return False
    since = Text(f" ({record.finished_at} UTC): {record.summary}", f"（{record.finished_at} UTC）：{record.summary}")
    _say_unchanged(record.version.load, since)
    _name_warehouse(project, gate)
    return True


def _check_and_publish(
    project: Project, memory_limit: str, gate: Gate, engine: str, work: str, *, strict: bool, force: bool
) -> int:
    from etl.api import Project as ApiProject
    from etl.api import RunResult

    def tell(checked: Checked, exit_code: int) -> None:
        _print_notes(checked, gate)
        _deliver(RunResult(project, checked, fail_on=gate.fail_on), gate)

    ran = ApiProject.of(project).run(
        fail_on=gate.fail_on,
        strict=strict,
        force=force,
        engine=engine,
        work=work,
        memory_limit=memory_limit,
        tell=tell,
    )
    if ran.unchanged_since:
        _say_unchanged(ran.unchanged_since)
    if ran.ok:
        _name_warehouse(project, gate)
    return ran.exit_code


def _say_unchanged(load: str, more: Text = _NOTHING) -> None:
    begin = Text(f"nothing has changed since the load {load}", f"自装载 {load} 以来没有变化")
    say(begin + more + Text(". It is not loaded again; --force does so", "。不再装载；--force 可强制装载"))


def _name_warehouse(project: Project, gate: Gate) -> None:
    """Print the warehouse path. Ignore a closed pipe: publishing has succeeded."""
    if gate.detail == "quiet":
        return
    from etl.reporters.targets import prints_lines

    with suppress(OSError):
        click.echo(project.relative(project.warehouse), err=not prints_lines(gate.targets))


@click.command()
@click.argument("names", nargs=-1, metavar="[PATH|ADDRESS]...", shell_complete=complete.parts)
@project_option
@scope_options
@memory_option
@engine_options
@strict_option
@gate_options
def check(
    names: tuple[str, ...],
    project: Project,
    domain: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    changed_since: str,
    memory_limit: str,
    engine: str,
    work: str,
    strict: bool,
    gate: Gate,
) -> None:
    """Check raw/ and write nothing but the reports asked for.

    PATH is a raw file, a ledger or list, or a folder; ADDRESS a table such as courts.caseload, or a domain. With none, all is
    checked. Other tables are read where rules ask for them; findings in which none of what is named takes part are not shown.
    """
    from etl.api import Project as ApiProject

    if names and click.get_current_context().get_parameter_source("domain") is ParameterSource.DEFAULT_MAP:
        domain = ""  # which the settings choose where nothing is named
    result = ApiProject.of(project).check(
        *names,
        domain=domain,
        select=select,
        ignore=ignore,
        changed_since=changed_since,
        fail_on=gate.fail_on,
        strict=strict,
        engine=engine,
        work=work,
        memory_limit=memory_limit,
    )
    if result.scope == type(result.scope)():
        _print_notes(result.checked, gate)
    _deliver(result, gate)
    sys.exit(result.exit_code)


def _print_notes(checked: Checked, gate: Gate) -> None:
    """Print which registers have no raw file, and which rules the project changed."""
    changed: dict[RuleChange, list[str]] = {}
    for each in checked.catalogue.changed_rules:
        changed.setdefault(each.change, []).append(each.address)
    for change, tables in changed.items():
        named = ", ".join(tables)
        en = f"{change.place}: {change.rule} of {named} is set to {change.severity}: {change.reason}"
        say(Text(en, f"{change.place}：{named} 的 {change.rule} 设为 {change.severity}：{change.reason}"))
    if checked.absent and gate.detail == "full":
        named = ", ".join(checked.absent)
        say(Text(f"no raw file of {named} (registers are optional)", f"{named} 没有原始文件（登记簿可有可无）"))


def _deliver(result: CheckResult, gate: Gate) -> None:
    """Write the report to all targets, and GitHub's to the job summary, too."""
    from etl.reporters.as_github import append_summary
    from etl.reporters.targets import deliver

    report = gate.report(result)
    deliver(report, gate.targets, partial(click.echo, nl=False))
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary and any(target.form == "github" for target in gate.targets):
        from pathlib import Path

        append_summary(report, Path(summary))
