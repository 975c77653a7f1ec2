"""Asking: `etl sql`, `etl tables` and `etl trace`."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, NoReturn

import click
from click.core import ParameterSource

from etl.cli import complete
from etl.cli.language import UsageError, language_option
from etl.cli.options import catalogue_option, project_option
from etl.cli.paths import PathArgument
from etl.cli.terminal import data_output, no_pager_option, show, terminal_width
from etl.formats import formats_of

if TYPE_CHECKING:
    from pathlib import Path

    from etl.catalogue import Catalogue
    from etl.project import Project
    from schemas.texts import Language

_OF_A_QUERY = {"style", "limit", "timeout", "memory_limit", "no_pager"}


@click.command()
@click.argument("query", required=False)
@click.option("-f", "--file", "file", type=PathArgument(exists=True, dir_okay=False), help="Read the query from a file.")
@click.option(
    "--format",
    "style",
    type=click.Choice(formats_of("query")),
    default="table",
    show_default=True,
    help="Form of the result.",
)
@click.option("--limit", type=click.IntRange(min=0), default=10_000, show_default=True, help="Most rows to give; 0 for all.")
@click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), default=60, show_default=True, help="Seconds that it may take."
)
@click.option("--memory-limit", default="2GB", show_default=True, metavar="SIZE", help="Memory that it may use, such as 500MB.")
@no_pager_option
@project_option
@language_option
def sql(
    query: str | None,
    file: Path | None,
    style: str,
    limit: int,
    timeout: float,
    memory_limit: str,
    no_pager: bool,
    project: Project,
    lang: Language,
) -> None:
    """Ask the warehouse, read-only: etl sql "SELECT * FROM report.bulletin".

    A query runs in a process of its own, which sees no other file, no network, and no more memory than it may use. Without one,
    DuckDB's own command line opens at a terminal (extra `shell`), in its safe mode; else the query is read from the input.

    On a terminal a table is fitted to its width, with one field a line where its columns have no room, and a long one is paged.
    """
    if query is not None and file is not None:
        raise UsageError("Give a query, or a file with -f, not both.", "请给出查询，或用 -f 给出文件，二者取一。")
    warehouse = project.warehouse
    if query is None and file is None and sys.stdin.isatty():
        _open_command_line(warehouse)
    from etl.sandbox.run import Limits, run_sandboxed
    from etl.sizes import bytes_of

    text = query if query is not None else (file.read_text(encoding="utf-8") if file else _piped())
    if style == "parquet" and sys.stdout.isatty():
        raise UsageError(
            "Parquet is no text for a terminal: etl sql --format parquet QUERY > FILE.",
            "Parquet 不是文本，不能显示在终端：etl sql --format parquet 查询 > 文件。",
        )
    limits, width = Limits(timeout, bytes_of(memory_limit), limit), terminal_width()
    if style == "table" and width is not None:
        whole = io.BytesIO()
        was_cut = run_sandboxed(warehouse, text, style, limits, whole, width)
        show(whole.getvalue().decode().rstrip("\n"), is_paged=not no_pager)
    else:
        # CSV and NDJSON are data; the other forms of text escape themselves.
        output = data_output() if style in ("csv", "ndjson") else sys.stdout.buffer
        was_cut = run_sandboxed(warehouse, text, style, limits, output)
    if was_cut:
        zh, en = f"这是前 {limit} 行；--limit 0 给出全部", f"these are the first {limit} rows; --limit 0 gives all"
        click.echo(f"etl: {zh if lang == 'zh' else en}", err=True)


def _open_command_line(warehouse: Path) -> NoReturn:
    """Open DuckDB's command line, to which the options of a query mean nothing."""
    from etl.cli.programs import duckdb_command, run_in_terminal

    context = click.get_current_context()
    for option in context.command.params:
        if option.name in _OF_A_QUERY and context.get_parameter_source(option.name) is not ParameterSource.DEFAULT:
            name = option.opts[-1]
            raise UsageError(
                f"{name} applies only to a query given on the command line: etl sql {name} … QUERY.",
                f"{name} 只用于命令行给出的查询：etl sql {name} … 查询。",
            )
    run_in_terminal(duckdb_command(warehouse))


def _piped() -> str:
    text = sys.stdin.read()
    if not text.strip():
        raise UsageError(
            'Give a query: etl sql "FROM report.gate", a file with -f, or text on the standard input.',
            '请给出查询：etl sql "FROM report.gate"，或用 -f 给出文件，或从标准输入给出文本。',
        )
    return text


@click.command()
@click.argument("address", required=False, shell_complete=complete.tables)
@click.option("--domain", shell_complete=complete.domains, help="Tables of one domain only.")
@no_pager_option
@catalogue_option
@language_option
def tables(address: str | None, domain: str | None, no_pager: bool, catalogue: Catalogue, lang: Language) -> None:
    """Describe the tables, or the columns and rules of one: etl tables courts.caseload."""
    from etl.warehouse.dictionary import describe_table, format_tables

    width = terminal_width()
    text = describe_table(catalogue, address, lang, width) if address else format_tables(catalogue, domain, lang, width)
    show(text, is_paged=not no_pager)


@click.command()
@click.argument("figure", shell_complete=complete.tables_and_columns)
@no_pager_option
@project_option
@language_option
def trace(figure: str, no_pager: bool, project: Project, lang: Language) -> None:
    """Follow a figure back to its file, line and document: etl trace 5981件, etl trace courts.caseload.received.

    FIGURE is as printed, a column, a table, or a place as messages name it: FILE:LINE:COLUMN of a file of the project or of a
    document, SOURCE SECTION:RANK, or FILE: SHEET!CELL of a return. A place is looked up in the files, not in the warehouse.
    """
    from etl.escape import visible
    from etl.tracing.by_print import trace_figure
    from etl.tracing.place import trace_place

    found = [*trace_place(project, figure, lang)] or trace_figure(project, figure, lang)
    if lines := [visible(text) for text in found]:
        show("\n".join(lines), is_paged=not no_pager)
