"""The rules: `etl rule` and `etl waive`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from etl.cli import complete
from etl.cli.language import UsageError, language_option
from etl.cli.options import folder_option, project_option
from etl.formats import formats_of, writer

if TYPE_CHECKING:
    from pathlib import Path

    from etl.catalogue import Catalogue
    from etl.project import Project
    from schemas.texts import Language


@click.command()
@click.argument("rule_id", metavar="[ID]", required=False, shell_complete=complete.one_rule)
@click.option("--domain", shell_complete=complete.domains, help="Rules that the tables of one domain declare.")
@click.option("--lint", "is_lint", is_flag=True, help="Check the rules themselves: unknown names, contradictions, doubles …")
@click.option("--examples", "is_trial", is_flag=True, help="Try the examples of the project's own domains (tests/examples).")
@click.option(
    "--format",
    "style",
    type=click.Choice(formats_of("rules")),
    default="text",
    show_default=True,
    help="Form of the list or page.",
)
@folder_option
@language_option
def rule(
    rule_id: str | None,
    domain: str | None,
    is_lint: bool,
    is_trial: bool,
    style: str,
    root: Path,
    catalogue: Catalogue,
    lang: Language,
) -> None:
    """List the rules, or explain one: etl rule part-of-whole-cases.

    Exit codes with --lint: 0 the rules are sound; 1 they are not. With --examples: 0 each row breaks what it is to break, and
    nothing else; 1 some do not.
    """
    if sum((rule_id is not None, domain is not None, is_lint, is_trial)) > 1:
        raise UsageError(
            "Give an ID, --domain, --lint or --examples, one of them.", "标识、--domain、--lint、--examples 只能给出一个。"
        )
    if is_trial:
        _try_examples(root, catalogue, lang)
    elif is_lint:
        _lint(catalogue, style, lang)
    else:
        _explain(catalogue, rule_id, domain, style, lang)


def _explain(catalogue: Catalogue, rule_id: str | None, domain: str | None, style: str, lang: Language) -> None:
    from etl.reporters.rule_pages import rule_page, rule_summaries

    if rule_id is None:
        click.echo(writer(style, "rules")(rule_summaries(catalogue, domain), lang))
    else:
        click.echo(writer(style, "rule")(rule_page(catalogue, rule_id), lang))


def _try_examples(root: Path, catalogue: Catalogue, lang: Language) -> None:
    from etl.table_examples import project_faults

    found = project_faults(root.resolve(), catalogue)
    for fault in found:
        click.echo(fault.text(lang))
    tables = len(catalogue.extensions.listed.lines) if catalogue.extensions else 0
    if lang == "zh":
        click.echo(f"自有的表 {tables} 张：示例有 {len(found)} 处不符")
    else:
        click.echo(f"{tables} tables of the project's own: {len(found)} faults of their examples")
    sys.exit(int(bool(found)))


def _lint(catalogue: Catalogue, style: str, lang: Language) -> None:
    from etl.rules.report import lint_report

    report = lint_report(catalogue.entries())
    click.echo(writer(style, "lint")(report, lang))
    sys.exit(0 if report.is_sound else 1)


@click.command()
@click.argument("finding", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why the finding is accepted.")
@click.option("--author", default="", help="Who accepts it. Default: git's user.name, or else the user of the system.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="Last day on which it is accepted. Default: for good.")
@project_option
@language_option
def waive(finding: tuple[str, ...], reason: str, author: str, expires: datetime | None, project: Project, lang: Language) -> None:
    """Accept a finding in raw/waivers.csv: etl waive 'raw/courts/caseload.csv:2:5[RULE]' --reason "so printed".

    FINDING is file:line:column as it is printed, with [RULE] where several stand there, or RULE TABLE ROW_KEY [COLUMN].
    """
    from etl.escape import visible
    from etl.gate.check import check
    from etl.gate.waive import accept

    today, catalogue = datetime.now(UTC).date(), project.catalogue
    checked = check(project, catalogue.entries(), today, whole=True, registers=catalogue.registers())
    until = None if expires is None else expires.date()
    waiver, accepted = accept(
        project, checked.findings, " ".join(finding), reason=reason, author=author, expires_on=until, today=today
    )
    verb = "：豁免 " if lang == "zh" else ": accepts "
    for each in accepted:
        click.echo(visible(f"{waiver.place}{verb}{each.place} {each.severity}[{each.rule}]"))
