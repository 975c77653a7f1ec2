"""The options that several commands take, and the language they speak by default."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

import click

from etl.cli import complete
from etl.cli.config import CHOSEN
from etl.cli.language import UsageError, language_option
from etl.cli.paths import PathArgument
from etl.cli.progress import QUIET, speaker
from etl.cli.progress import say as say
from etl.cli.terminal import terminal_width
from etl.formats import formats_of
from etl.reporters.targets import STDOUT, Target, pair_targets

if TYPE_CHECKING:
    from pathlib import Path

    from etl.check_result import Reportable
    from etl.reporters.check_report import CheckReport, Detail
    from schemas.models import Severity
    from schemas.texts import Language

Opened = Callable[["Path"], dict[str, Any]]
Command = TypeVar("Command", bound=Callable[..., Any])
FailOn = Literal["error", "warning", "information", "never"]


def on_github() -> bool:
    """Whether this runs in a job of GitHub Actions."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def project_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--project DIR` to a command, and hand over the `project`."""

    def opened(root: Path) -> dict[str, Any]:
        from etl.project import Project

        return {"project": Project(root.resolve(), speaker())}

    return _with_folder(command, "Folder that holds raw/. Default: this one.", opened)


def catalogue_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--project DIR`, and pass its declarations as `catalogue`."""

    def opened(root: Path) -> dict[str, Any]:
        from etl.catalogue import Catalogue

        return {"catalogue": Catalogue.of(root.resolve(), speaker())}

    return _with_folder(command, "Project whose own domains and code lists count too. Default: this folder.", opened)


def folder_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--project DIR`, which need not be a project.

    Pass its `root` and its `catalogue`.
    """

    def opened(root: Path) -> dict[str, Any]:
        from etl.catalogue import Catalogue

        return {"root": root, "catalogue": Catalogue.of(root.resolve(), speaker())}

    return _with_folder(command, "Folder that holds raw/. Default: this one.", opened)


def _with_folder(command: Callable[..., Any], help_text: str, opened: Opened) -> Callable[..., Any]:
    @wraps(command)
    def with_folder(*, root: Path, **others: Any) -> Any:
        return command(**others, **opened(root))

    return click.option("--project", "root", type=PathArgument(), default=".", help=help_text)(with_folder)


class Gate(NamedTuple):
    """What the options of the gate ask for.

    Attributes:
        fail_on: the mildest severity that shuts it; None for none.
        most: how many findings of a rule are shown.
        mildest: the mildest severity that is shown.
        language: of messages.
        targets: the forms of the report, and where each goes.
        detail: how much text says beside the findings.
    """

    fail_on: Severity | None
    most: int
    mildest: Severity
    language: Language
    targets: tuple[Target, ...]
    detail: Detail

    def report(self, result: Reportable) -> CheckReport:
        """Return what the report on a result is written from."""
        in_repository = any(target.form in ("github", "sarif") for target in self.targets)
        made = result.report(language=self.language, most=self.most, mildest=self.mildest, in_repository=in_repository)
        width = terminal_width() if any(target.form == "text" and target.file == STDOUT for target in self.targets) else None
        return replace(made, detail=self.detail, width=width)


def gate_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the shared options of `etl run` and `etl check`, passed as `gate`."""

    @wraps(command)
    def with_gate(
        *,
        fail_on: FailOn,
        max_rows: int,
        severity: Severity,
        lang: Language,
        forms: tuple[str, ...],
        outputs: tuple[str, ...],
        is_quiet: bool,
        is_verbose: bool,
        **others: Any,
    ) -> Any:
        if is_quiet and is_verbose:
            raise UsageError("Give --quiet or --verbose, not both.", "请给出 --quiet 或 --verbose，二者取一。")
        for chosen in click.get_current_context().meta.get(CHOSEN, ()):  # what opens or shuts a gate is said where it does
            say(chosen)
        targets = pair_targets(forms or (("text", "github") if on_github() else ("text",)), outputs)
        for target in targets:
            if target.form != "text":  # which needs no other package, but takes long to import
                target.writer()  # A package that is missing is missed before the work, not after it.
        detail: Detail = "quiet" if is_quiet else "full" if is_verbose else "usual"
        mildest_to_fail = None if fail_on == "never" else fail_on
        return command(gate=Gate(mildest_to_fail, max_rows, severity, lang, tuple(targets), detail), **others)

    for option in reversed(_GATE_OPTIONS):
        with_gate = option(with_gate)
    return language_option(with_gate)


def memory_option(command: Command) -> Command:
    """Add `--memory-limit SIZE`."""
    option = click.option(
        "--memory-limit",
        default="",
        metavar="SIZE",
        help="Memory that a scan, and DuckDB, may use, such as 2GB. Default: 2GB for a scan.",
    )
    return option(command)


def strict_option(command: Command) -> Command:
    """Add `--strict`."""
    option = click.option(
        "--strict",
        is_flag=True,
        help="Refuse a raw file of a table when one of its rows cannot be read. Default: set the row aside, and read the others.",
    )
    return option(command)


def engine_options(command: Command) -> Command:
    """Add `--engine NAME` and `--work URI`."""
    engine = click.option(
        "--engine",
        default="polars",
        show_default=True,
        metavar="NAME",
        help="Engine that scans registers: polars, duckdb, spark://HOST:7077, sc://HOST:15002 or local[N].",
    )
    work = click.option(
        "--work",
        default="",
        metavar="URI",
        help="Where an engine stages rows, and Spark leaves kept records. Default: beside the warehouse, and they are loaded.",
    )
    return engine(work(command))


def scope_options(command: Command) -> Command:
    """Add the options that narrow a check to rules, a domain or changes."""
    for option in reversed(_SCOPE_OPTIONS):
        command = option(command)
    return command


def _keep_quiet(context: click.Context, _: click.Parameter, value: bool) -> bool:
    context.meta[QUIET] = value
    return value


_GATE_OPTIONS = (
    click.option(
        "-q",
        "--quiet",
        "is_quiet",
        is_flag=True,
        is_eager=True,
        callback=_keep_quiet,
        help="Print findings only, and the verdict where the gate is shut.",
    ),
    click.option(
        "-v",
        "--verbose",
        "is_verbose",
        is_flag=True,
        help="Also list the domains without findings, and registers without a file.",
    ),
    click.option(
        "--fail-on",
        type=click.Choice(["error", "warning", "information", "never"]),
        default="error",
        show_default=True,
        help="Mildest severity that shuts the gate.",
    ),
    click.option(
        "--max-rows",
        type=click.IntRange(min=0),
        default=20,
        show_default=True,
        help="How many findings of a rule to show; all are counted.",
    ),
    click.option(
        "--severity",
        type=click.Choice(["error", "warning", "information"]),
        default="information",
        show_default=True,
        help="Mildest severity to show; the gate does not change.",
    ),
    click.option(
        "--format",
        "forms",
        type=click.Choice(formats_of("findings")),
        multiple=True,
        help="Form of the report; several may be given. Default: text, and in GitHub Actions github too.",
    ),
    click.option(
        "--output",
        "outputs",
        type=click.Path(dir_okay=False, allow_dash=True),
        multiple=True,
        help="File for the report: the n-th --output is for the n-th --format. Default, and -: standard output.",
    ),
)
_SCOPE_OPTIONS = (
    click.option("--domain", default="", shell_complete=complete.domains, help="As ADDRESS: what concerns this domain only."),
    click.option(
        "--select",
        multiple=True,
        metavar="RULE",
        shell_complete=complete.rules,
        help="Only these rules: names or patterns such as growth-*.",
    ),
    click.option(
        "--ignore",
        multiple=True,
        metavar="RULE",
        shell_complete=complete.rules,
        help="Not these rules: names or patterns such as growth-*.",
    ),
    click.option(
        "--changed-since", default="", metavar="REV", help="Only tables whose raw files or ledgers changed in git since REV."
    ),
)
