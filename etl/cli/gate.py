"""The gate: `etl run` and `etl check`."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from etl.cli.options import Gate, gate_options, project_option, scope_options

if TYPE_CHECKING:
    from etl.check import Checked
    from etl.project import Project
    from etl.selection import Scope


@click.command()
@project_option
@gate_options
def run(root: Path, gate: Gate) -> None:
    """Check raw/ and publish warehouse/ip.duckdb.

    With a finding at or above --fail-on the old warehouse stays as it is.
    """
    from etl.output import prints_lines
    from etl.project import Project
    from etl.run import run as run_project
    from etl.selection import Scope

    project = Project(root.resolve())
    ran = run_project(project, gate.fail_on, lambda text: click.echo(f"etl: {text}", err=True))
    _tell(project, ran.checked, ran.exit_code, gate, Scope())
    if ran.published:
        click.echo(project.relative(project.warehouse), err=not prints_lines(gate.targets))
    sys.exit(ran.exit_code)


@click.command()
@project_option
@scope_options
@gate_options
def check(root: Path, domain: str, select: tuple[str, ...], ignore: tuple[str, ...], changed_since: str, gate: Gate) -> None:
    """Check raw/ and write nothing but the reports asked for."""
    from etl.catalogue import entries
    from etl.changes import changed_files
    from etl.check import check as check_tables
    from etl.project import Project
    from etl.selection import Scope, refuse_unknown, selected

    project, scope = Project(root.resolve()), Scope(domain, select, ignore, changed_since)
    refuse_unknown(scope)
    changed = changed_files(project.root, changed_since) if changed_since else None
    checked = selected(check_tables(project, entries(), datetime.now(UTC).date(), whole=True), scope, changed)
    exit_code = checked.exit_code(gate.fail_on)
    _tell(project, checked, exit_code, gate, scope)
    sys.exit(exit_code)


def _tell(project: Project, checked: Checked, exit_code: int, gate: Gate, scope: Scope) -> None:
    """Give the report in every form that was asked for; with GitHub's, append it to the summary of the job."""
    from etl.changes import repository_prefix
    from etl.output import deliver
    from etl.output.as_github import append_summary
    from etl.output.report import Report
    from etl.run import package_version
    from etl.waivers import waivers

    forms = {target.form for target in gate.targets}
    report = Report(
        checked,
        exit_code,
        gate.fail_on,
        gate.language,
        gate.most,
        gate.mildest,
        scope,
        tuple(waivers(project)),
        repository_prefix(project.root) if forms & {"github", "sarif"} else "",
        package_version(),
        datetime.now(UTC),
    )
    deliver(report, gate.targets, partial(click.echo, nl=False))
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary and "github" in forms:
        append_summary(report, Path(summary))
