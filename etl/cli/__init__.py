"""The command line: a thin shell over the package, with the same verbs.

Only click is imported here, and each command when it runs, with what it needs, so that `etl --help` answers at once.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from functools import partial
from os import _exit  # that of this moment, which own code of a project cannot replace
from typing import Any, NoReturn

import click

from etl.cli.chinese import SpokenContext, click_speaks, words_in_chinese
from etl.cli.commands import OnDemand, write_commands
from etl.cli.language import asked_language, language_option, spoken_language
from etl.cli.terminal import visible_output
from etl.errors import INTERRUPTED, ProjectError, cannot_be_opened
from schemas.texts import Text, text_of

_ERROR = Text("Error: ", "错误：")


class _Group(click.Group):
    """A group whose commands end with the exit code of the error that stopped them."""

    context_class = SpokenContext

    def main(self, args: Sequence[str] | None = None, *others: Any, **options: Any) -> Any:
        language = options["obj"] = asked_language(sys.argv[1:] if args is None else args)
        if args is not None:
            with visible_output(), click_speaks(language):
                return super().main(args, *others, **options)
        gc.set_threshold(100_000, 50, 100)  # called by the console; collecting during imports takes 5 % of `etl check`
        try:
            with visible_output(), click_speaks(language):
                return super().main(None, *others, **options)
        except SystemExit as ended:
            if isinstance(ended.code, int):
                _end_process(ended.code)
            raise

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        if name and command and not ctx.resilient_parsing:  # which a shell that completes asks for
            from etl.cli.config import CHOSEN, defaults_of

            defaults, ctx.meta[CHOSEN] = defaults_of(name, command, rest)
            ctx.default_map = {name: defaults}
        return name, command, rest

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ProjectError as error:
            _stop(ctx, error.text, error.exit_code)
        except SystemExit as ended:
            if not _is_by_this_package(ended):
                from etl.project_extensions import exit_fault

                _stop(ctx, exit_fault(ended).text)
            raise
        except click.BadParameter as error:
            if spoken_language(ctx) == "zh" and error.param:
                error.param_hint = words_in_chinese(error.param.get_error_hint(error.ctx))
            raise
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise  # click ends these itself: usage errors with 2, a closed pipe quietly.
        except KeyboardInterrupt:
            _stop(ctx, Text("Interrupted.", "已中断。"), INTERRUPTED)
        except OSError as error:
            _stop(ctx, _not_opened(error))
        except BaseException:  # A fault of the package, a panic of polars included; 1 would say that figures are wrong.
            import traceback

            click.echo(traceback.format_exc(), err=True, nl=False)
            ctx.exit(ProjectError.exit_code)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_commands(formatter, spoken_language(ctx))


def _stop(ctx: click.Context, fault: Text, exit_code: int = ProjectError.exit_code) -> NoReturn:
    """Say what stopped the command, and end it."""
    from etl.escape import shortened

    message = (_ERROR + fault).in_language(spoken_language(ctx))
    click.echo("\n".join(shortened(line) for line in message.split("\n")), err=True)
    ctx.exit(exit_code)


def _not_opened(error: OSError) -> Text:
    file = error.filename2 or error.filename
    return cannot_be_opened(file, error) if file and error.strerror else text_of(error)


def _is_by_this_package(ended: SystemExit) -> bool:
    """Whether the statement that ends the process is one of this package, and not of a project's own code."""
    from etl.own_exit import OwnExit

    behind = ended.__traceback__
    while behind and behind.tb_next:
        behind = behind.tb_next
    if isinstance(ended, OwnExit):
        return False
    return behind is None or str(behind.tb_frame.f_globals.get("__name__", "")).partition(".")[0] in ("etl", "click")


def _end_process(code: int) -> NoReturn:
    """End the process without interpreter teardown, a fifth of `etl check`."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        sys.exit(code)
    _exit(code)


# color: click would take escape sequences out, where an output is no terminal, and so hide them.
@click.group("etl", cls=_Group, commands=OnDemand(), context_settings={"help_option_names": ["-h", "--help"], "color": True})
@click.version_option(None, "-V", "--version", package_name="ip-bulletin-etl", message="%(prog)s %(version)s")
@partial(language_option, expose_value=False)
def main() -> None:
    """Prove that published figures can be true, and load them into one DuckDB file.

    Exit codes: 0 nothing at or above --fail-on; 1 findings at or above it; 2 could not check. Of `etl run` also: 74 could not
    be written, 75 another load is at work, 76 published but not confirmed by the disk, 77 held after a rollback, 130 and 143
    interrupted. Only 0 and 76 mean that the warehouse is that of raw/.
    """
