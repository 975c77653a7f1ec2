"""The options that several commands take, and the language they speak by default."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
FailOn = Literal["error", "warning", "information", "never"]
Language = Literal["zh", "en"]


def _language() -> str:
    """Give the language of the locale."""
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if locale.startswith("zh") else "en"


def project_option(command: Command) -> Command:
    """Add `--project DIR`."""
    option = click.option(
        "--project", "root", type=click.Path(path_type=Path), default=".", help="Folder that holds raw/. Default: this one."
    )
    return option(command)


def language_option(command: Command) -> Command:
    """Add `--lang zh|en`."""
    option = click.option(
        "--lang", type=click.Choice(["zh", "en"]), default=_language, help="Language of messages. Default: the locale's."
    )
    return option(command)


def gate_options(command: Command) -> Command:
    """Add `--fail-on SEVERITY` and `--max-rows N`."""
    for option in (
        click.option("--max-rows", default=20, show_default=True, help="How many findings of a rule to show; all are counted."),
        click.option(
            "--fail-on",
            type=click.Choice(["error", "warning", "information", "never"]),
            default="error",
            show_default=True,
            help="Mildest severity that shuts the gate.",
        ),
    ):
        command = option(command)
    return command
