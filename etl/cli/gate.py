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
from schemas.texts import NO_TEXT, Text, listed_names

if TYPE_CHECKING:
    from etl.catalogue_file import RuleChange
    from etl.check_result import CheckResult
    from etl.gate.check import Checked
    from etl.project import Project
    from etl.warehouse.load_record import LoadRecord


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
        seen = None if force else _load_in_force(project)
        if seen is not None and _wants_only_text(gate) and _would_repeat(seen, project, gate, strict):
            return
        code = _check_and_publish(project, memory_limit, gate, engine, work, strict=strict, force=force, seen=seen)
    sys.exit(code)


def _wants_only_text(gate: Gate) -> bool:
    """Whether the only report is the text on standard output."""
    return [*gate.targets] == [("text", "-")]


def _load_in_force(project: Project) -> LoadRecord | None:
    """Read the record of the load in force."""
    from etl.warehouse.load_record import current_load_record

    return current_load_record(project.warehouse)


def _would_repeat(seen: LoadRecord, project: Project, gate: Gate, strict: bool) -> bool:
    """Whether a load would change nothing; if so, say it. Needs no polars."""
    from etl.input_snapshot import take_snapshot
    from etl.warehouse.load_record import would_repeat

    today = datetime.now(UTC).date()
    if not would_repeat(seen, partial(take_snapshot, project.root), gate.fail_on, strict, today):
        return False
    summary = seen.summary
    more = Text(f" ({seen.finished_at} UTC): {summary.en}", f"（{seen.finished_at} UTC，{summary.zh}）")
    _say_unchanged(seen.version.load, more)
    _name_warehouse(project, gate)
    return True


def _check_and_publish(
    project: Project, memory_limit: str, gate: Gate, engine: str, work: str, *, strict: bool, force: bool, seen: LoadRecord | None
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
        seen=seen,
    )
    if ran.unchanged_since:
        _say_unchanged(ran.unchanged_since)
    if ran.ok:
        _name_warehouse(project, gate)
    return ran.exit_code


def _say_unchanged(load: str, more: Text = NO_TEXT) -> None:
    say(
        Text(
            f"nothing has changed since the load {load}{more.en}. It is not loaded again; --force does so",
            f"自装载 {load}{more.zh}以来没有变化，不再装载；可加 --force 重新装载",
        )
    )


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
        set_to = Text(
            f": {change.rule} of {', '.join(tables)} is set to {change.severity}: {change.reason}",
            f"：{'、'.join(tables)} 的规则 {change.rule} 设为 {change.severity}：{change.reason}",
        )
        say(str(change.place) + set_to)
    if checked.absent:
        absent = listed_names(checked.absent)
        say(
            Text(
                f"no raw file of {absent.en} (registers are optional)",
                f"没有 {absent.zh} 的原始文件（登记簿可以不提供）",
            )
        )


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
