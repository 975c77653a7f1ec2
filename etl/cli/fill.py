"""Intake: `etl fill`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from etl.cli import complete
from etl.cli.language import UsageError, language_option
from etl.cli.options import project_option
from etl.cli.paths import PathArgument
from etl.cli.terminal import print_as

if TYPE_CHECKING:
    from pathlib import Path

    from etl.intake.apply import Entered
    from etl.intake.fill import Filled
    from etl.project import Project
    from schemas.texts import Language


@click.command()
@click.argument("document", type=click.Path(exists=True, dir_okay=False, allow_dash=True), required=False)
@click.option("--wanted", "is_wanted", is_flag=True, help="List what several documents print and no table has; -o: for etl new.")
@click.option("--aliases", "is_aliases", is_flag=True, help="List names of columns that three documents print; -o: as a list.")
@click.option(
    "--like",
    default="",
    shell_complete=complete.sources,
    help="Confirmed document to align with, or a path to the phrases of another project. Default: the last of the same area.",
)
@click.option(
    "--source",
    default="",
    shell_complete=complete.sources,
    help="Id of the document. Default: the one with its SHA-256, or one of area and period.",
)
@click.option(
    "--area", default="", shell_complete=complete.areas, help="Code or name of its area. Default: the one its title names."
)
@click.option("--period", default="", help="Its period: 2026, 2024-H1. Default: the year its title names.")
@click.option(
    "-o", "--output", type=PathArgument(dir_okay=False), help="CSV file of proposals to write. Default: standard output."
)
@click.option("--review", "reviewed", type=PathArgument(dir_okay=False), help="CSV file of proposals to confirm, key by key.")
@click.option("--page", type=PathArgument(dir_okay=False), help="HTML page to write, in which the proposals are confirmed.")
@click.option("--apply", "decided", type=PathArgument(exists=True, dir_okay=False), help="CSV file of proposals to enter.")
@click.option("--revise", is_flag=True, help="With --apply: mark rows as revised whose figures correct an earlier document.")
@click.option("--by", default="", help="Who confirms what --apply enters or --review decides (there by default git's user).")
@project_option
@language_option
def fill(
    document: str | None,
    is_wanted: bool,
    is_aliases: bool,
    like: str,
    source: str,
    area: str,
    period: str,
    output: Path | None,
    reviewed: Path | None,
    page: Path | None,
    decided: Path | None,
    revise: bool,
    by: str,
    project: Project,
    lang: Language,
) -> None:
    """Propose for each figure of a document the cell it belongs to: sure, to be chosen, or of no table.

    Nothing is written but the proposals. A person decides in that file, by hand, with --review in the terminal, or in the page
    of --page, which opens from disk and saves the file: the class of a row is sure (table, row_key and column take the
    figure), none (it is left out, for the reason given) or ask (not decided yet). With --apply the file is carried out, all of
    it or nothing, and the project is checked: rows, ledger, links, and the phrases by which next year's document is
    recognised. A link counts when a person has confirmed it, in the column `by` or with --by. Exit codes: 0; with --review 1
    while something is not confirmed; with --apply those of etl check.
    """
    from etl.intake.fill import fill as propose_cells

    if sum(map(bool, (output, reviewed, page, decided))) > 1:
        raise UsageError(
            "Give one of --output, --review, --page and --apply.", "--output、--review、--page、--apply 只能给出一个。"
        )
    if by and not (decided or reviewed or page):
        raise UsageError(
            "--by confirms what --review decides or --apply enters; give one of them, too.",
            "--by 用于确认 --review 所决定或 --apply 所录入的内容；请同时给出其中之一。",
        )
    if revise and not decided:
        raise UsageError(
            "--revise marks rows that --apply enters; give it, too.", "--revise 标记 --apply 所录入的行；请同时给出 --apply。"
        )
    if is_wanted:
        _list_wanted(project, output, lang)
        return
    if is_aliases:
        _list_aliases(project, output, lang)
        return
    if not document:
        raise UsageError("Missing argument 'DOCUMENT'.", "缺少参数 '文件'。")
    filled = propose_cells(project, document, like, source, area, period)
    if reviewed:
        sys.exit(_review(project, filled, reviewed, by, lang))
    if page:
        _write_page(project, filled, page, by, lang)
        return
    if decided:
        sys.exit(_apply(project, filled, decided, by, lang, is_revising=revise))
    _write(filled, output, lang)


def _list_wanted(project: Project, output: Path | None, language: Language) -> None:
    from etl.intake.wanted import wanted, wanted_table
    from etl.reporters.targets import write_text

    found, colon = wanted(project), "：" if language == "zh" else ": "
    for each in found:
        click.echo(f"{each.header}{colon}{', '.join(each.published)} ({each.reason})")
    if output and found:
        write_text(output, wanted_table(project, found))
    click.echo(f"etl: {len(found)} 个指标" if language == "zh" else f"etl: {len(found)} indicators", err=True)


def _list_aliases(project: Project, output: Path | None, language: Language) -> None:
    from etl.intake.propose_aliases import aliases_table, proposed_aliases
    from etl.reporters.targets import write_text

    found, colon = proposed_aliases(project), "：" if language == "zh" else ": "
    for each in found:
        click.echo(f"{each.table}.{each.column}{colon}{each.alias} ({', '.join(each.sources)})")
    if output and found:
        write_text(output, aliases_table(project, found))
    click.echo(f"etl: {len(found)} 个别名" if language == "zh" else f"etl: {len(found)} aliases", err=True)


def _write(filled: Filled, output: Path | None, language: Language) -> None:
    from etl.files import csv_text
    from etl.intake.proposals import PROPOSAL_COLUMNS, proposal_rows, summary, write_proposals

    if output:
        write_proposals(filled.proposals, output, language)
    else:
        print_as("csv", csv_text([PROPOSAL_COLUMNS, *proposal_rows(filled.proposals, language)]))
    scope = filled.filing.scope
    click.echo(f"etl: {filled.filing.source}, {scope.area}, {scope.period}; {summary(filled.proposals, language)}", err=True)


def _review(project: Project, filled: Filled, table: Path, by: str, language: Language) -> int:
    """Ask a person for what is not decided; return 1 where something is still not."""
    from etl.cli.review import TerminalReview
    from etl.gate.waive import default_author
    from etl.intake.proposals import write_proposals
    from etl.intake.review import Review

    if not table.exists():
        write_proposals(filled.proposals, table, language)
    left = TerminalReview(project, filled, Review(filled, table, by or default_author(project.root)), language).run()
    click.echo(f"etl: {left} 个待确认" if language == "zh" else f"etl: {left} to confirm", err=True)
    return int(left > 0)


def _write_page(project: Project, filled: Filled, page: Path, by: str, language: Language) -> None:
    from etl.gate.waive import default_author
    from etl.intake.page import review_page
    from etl.reporters.targets import write_text

    write_text(page, review_page(filled, project.catalogue, language, by or default_author(project.root)))


def _apply(project: Project, filled: Filled, decided: Path, by: str, language: Language, *, is_revising: bool) -> int:
    """Enter a document, check the project, and return the exit code of the check."""
    from etl.api import Project as ApiProject
    from etl.intake.fill import apply
    from etl.project import Project as Folder

    entered = apply(project, filled, decided, by, is_revising=is_revising)
    for file in entered.files:
        click.echo(file)
    number = (entered.linked, entered.left_out, entered.undecided)
    if language == "zh":
        click.echo("etl: 已录入 {} 个数字，{} 个不录入，{} 个待定".format(*number), err=True)
    else:
        click.echo("etl: {} figures entered, {} left out, {} not decided".format(*number), err=True)
    _name_corrected(entered, language, is_revising=is_revising)
    result = ApiProject.of(Folder(project.root, project.say)).check()
    click.echo(result.to_text(language=language), nl=False)
    return result.exit_code


def _name_corrected(entered: Entered, language: Language, *, is_revising: bool) -> None:
    """Name the figures that differ from what an earlier document prints, and the next step."""
    zh = language == "zh"
    for decision, before in entered.corrected:
        cell = " ".join(decision.cell or ())
        click.echo(f"  {cell}{'：' if zh else ': '}{decision.published}  ← {before}", err=True)
    number = len(entered.corrected)
    if not number:
        return
    if is_revising:
        click.echo(
            f"etl: {number} 个数字更正了此前所载" if zh else f"etl: {number} figures correct an earlier document", err=True
        )
    elif zh:
        click.echo(f"etl: {number} 个数字与此前所载不符；如以本文件为准，请再次运行 --apply 并加 --revise", err=True)
    else:
        click.echo(
            f"etl: {number} figures differ from an earlier document; if this one is right, run --apply again with --revise",
            err=True,
        )
