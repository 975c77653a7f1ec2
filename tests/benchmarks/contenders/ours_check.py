"""Ours: the check of a register, with its monthly flow, as `etl check` does it."""

import os
import tempfile
from pathlib import Path

from cases import ADDRESS, GROUPS, Task

from contenders.our_register import model
from etl.catalogue import PACKAGE, RegisterEntry
from etl.project import Project
from etl.registers.check import CheckedRegister, check_register
from etl.registers.memory import limit_memory

PACKAGES = ("ip-bulletin-etl", "polars", "narwhals", "pandera")

NAMES = {
    ("cell-is-filled", "case_number"): "number is filled",
    ("cell-is-filled", "area"): "area is filled",
    ("cell-is-filled", "received_on"): "received is filled",
    ("identifier-is-well-formed", "case_number"): "number is well formed",
    ("code-is-known", "area"): "area is known",
    ("code-is-known", "court"): "court is known",
    ("code-is-known", "outcome"): "outcome is known",
    ("day-is-a-date", "received_on"): "received is a day",
    ("day-is-a-date", "closed_on"): "closed is a day",
    ("not-below-its-range", "amount_yuan"): "amount is not negative",
    ("flag-is-yes-or-no", "technical_investigator"): "flag is known",
    ("closed-is-not-before-received", ""): "closed is not before received",
    ("number-bears-the-year-received", ""): "number bears the year received",
    ("record-is-known-once", ""): "number is unique",
    ("few-cases-have-an-investigator", ""): GROUPS[0],
    ("amounts-are-moderate-on-the-mean", ""): GROUPS[1],
}


def check(task: Task) -> dict[str, int]:
    """Check the file."""
    with tempfile.TemporaryDirectory(dir=Path(task.file).parent) as folder:
        return found(checked(task, project_of(task, Path(folder))))


def project_of(task: Task, folder: Path) -> Project:
    """Return a project whose only raw file is the file."""
    raw = folder / "raw" / "courts" / ("cases.parquet" if task.is_parquet else "cases.csv")
    raw.parent.mkdir(parents=True)
    os.link(Path(task.file).resolve(), raw)  # a project reads no file outside it
    return Project(folder)


def checked(task: Task, project: Project) -> CheckedRegister:
    """Check the register of a project."""
    limit_memory("")
    entry = RegisterEntry(ADDRESS, model(task), PACKAGE.register(ADDRESS).transform)
    result = check_register(project, entry, {}, lambda table: ())
    assert result is not None
    return result


def found(result: CheckedRegister) -> dict[str, int]:
    """Return how many rows break each rule, by the benchmark's names."""
    counts = {(each.rule.id, each.column): each.failed for each in result.outcomes}
    return {NAMES.get(key, key[0].replace("-", " ")): failed for key, failed in counts.items()}
