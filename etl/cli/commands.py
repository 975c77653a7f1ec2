"""List the commands, each imported on use, so that `etl --help` is quick.

The list of commands needs of each no more than its first sentence, which stands here; a test holds it to the command's own help.
Help is English here and in the commands; `chinese.csv` has its Chinese.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType

import click

from etl.cli.chinese import SpokenContext
from schemas.texts import Language

COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "run": ("gate", "Check raw/ and publish warehouse/ip.duckdb."),
        "check": ("gate", "Check raw/ and write nothing but the reports asked for."),
        "history": ("publishing", "List the versions of the warehouse that are kept, the newest first."),
        "rollback": ("publishing", "Restore the previous version, or the version LOAD that `etl history` lists."),
        "sql": ("ask", 'Ask the warehouse, read-only: etl sql "SELECT * FROM report.bulletin".'),
        "ui": ("ui", "Open the warehouse, read-only, in Harlequin, a SQL editor for the terminal."),
        "tables": ("ask", "Describe the tables, or the columns and rules of one: etl tables courts.caseload."),
        "trace": (
            "ask",
            "Follow a figure back to its file, line and document: etl trace 5981件, etl trace courts.caseload.received.",
        ),
        "extract": ("documents", "List every figure of a document; no sentence of it is stored."),
        "cite": (
            "documents",
            "Link the cells of raw/ to the figures of their documents, and name those that a person must check.",
        ),
        "fill": (
            "fill",
            "Propose for each figure of a document the cell it belongs to: sure, to be chosen, or of no table.",
        ),
        "diff": ("compare", "Compare two warehouse files, OLD with NEW (default: the project's own)."),
        "bulletin": (
            "bulletin",
            "Write the annual bulletin from the warehouse, in Chinese or English (--lang), for an office to edit.",
        ),
        "report": (
            "report",
            "Show the warehouse as one HTML file, which opens from disk and needs no network: figures, charts, quality, sources.",
        ),
        "export": (
            "export",
            "Export TABLE (an address), the tables of a domain, or all, with meanings, units, keys and sources.",
        ),
        "mutate": (
            "rule_tests",
            "Test the rules: put one slip at a time into the raw tables, and see whether the gate would shut.",
        ),
        "coverage": ("rule_tests", "List the figures that no rule constrains beyond being readable, in range and cited."),
        "verify": ("verify", "Say whether printed figures can be true together: etl verify '4.40万件 / 7.64万件 = 57.6%'."),
        "proofread": (
            "proofread",
            "Check whether the figures of a document agree with each other: etl proofread bulletin.txt.",
        ),
        "rule": ("rules", "List the rules, or explain one: etl rule part-of-whole-cases."),
        "waive": (
            "rules",
            "Accept a finding in raw/waivers.csv: etl waive 'raw/courts/caseload.csv:2:5[RULE]' --reason \"so printed\".",
        ),
        "generate": (
            "generate",
            "Make up a register, such as courts.cases, that agrees with the published figures of the project.",
        ),
        "config": ("config", "Show the settings, and where each is from: etl.toml, pyproject.toml or the environment."),
        "demo": ("demo", "Lay out a finished project to try: etl demo build/demo."),
        "init": ("init", "Make a project for another city: etl init shaoxing --area 330600."),
        "form": ("returns", "Write a workbook that departments fill in: etl form --period 2026 -o form.xlsx."),
        "take": ("returns", "Take a filled-in form into raw/: all of it, or nothing."),
        "new": (
            "new",
            "Propose a table of a file that an office hands in: columns, rules that hold on it, and all its files, to be edited.",
        ),
    }
)
"""Of each command the module of this package that declares it, and the first sentence of its help."""

GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Check and publish": ("check", "run", "history", "rollback"),
        "Read documents": ("proofread", "verify", "extract", "cite"),
        "Fill in": ("fill", "form", "take"),
        "Ask": ("sql", "ui", "tables", "trace", "diff"),
        "Report and export": ("report", "bulletin", "export"),
        "Rules": ("rule", "waive", "coverage", "mutate"),
        "Set up": ("demo", "init", "new", "generate", "config"),
    }
)
"""The commands by heading of `etl --help`."""


class OnDemand(Mapping[str, click.Command]):
    """The commands by name."""

    def __getitem__(self, name: str) -> click.Command:
        module, _ = COMMANDS[name]
        command = getattr(import_module(f"etl.cli.{module}"), name)
        assert isinstance(command, click.Command)
        command.context_class = SpokenContext
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


def write_commands(formatter: click.HelpFormatter, language: Language) -> None:
    """Write the list of commands, with none of them imported; in English one line each, as click does."""
    indent = max(map(len, COMMANDS))
    for heading, group in GROUPS.items():
        firsts = {name: COMMANDS[name][1] for name in group}
        if language == "en":
            most = formatter.width - 6 - indent
            firsts = {name: click.Command(name, help=first).get_short_help_str(most) for name, first in firsts.items()}
        with formatter.section(heading):
            formatter.write_dl([(name.ljust(indent), first) for name, first in firsts.items()])
