"""Run mutation testing: check a project, mutate one document, measure the time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from etl.errors import ProjectError, UnknownNameError
from etl.gate.check import check
from etl.mutation.mutate import MutantVerdict, mutate
from etl.mutation.scores import Score, counted, score
from etl.project import Project
from etl.tables.parse import ParsedTable
from schemas.models import Severity
from schemas.texts import Text


@dataclass(frozen=True)
class MutationRun:
    """Result of mutation testing.

    Attributes:
        source: the document whose figures were mutated.
        tables: the tables of the project.
        verdicts: the verdicts that count.
        score: how many mutants were killed.
        speed_up: how many times longer a whole check for each mutant would have taken.
    """

    source: str
    tables: dict[str, ParsedTable]
    verdicts: list[MutantVerdict]
    score: Score
    speed_up: float


def trial(project: Project, source: str | None, fail_on: Severity, *, cite: bool) -> MutationRun:
    """Mutate the figures of a document, by default of the last bulletin listed.

    Raises:
        UnknownNameError: the document is not listed.
        ProjectError: no bulletin is listed, none of its figures can be changed, or the gate is shut already.
    """
    refuse_unknown_source(project, source)
    chosen = source or last_bulletin(project)
    started = time.perf_counter()
    checked = check(project, project.catalogue.entries(), datetime.now(UTC).date(), whole=True)
    after_check = time.perf_counter()
    verdicts = list(mutate(project, checked, chosen, fail_on, cite=cite))
    per_mutant = (time.perf_counter() - after_check) / max(1, len(verdicts))
    counting = counted(verdicts, cite)
    if not counting:
        raise ProjectError(
            f"No figure of {chosen} can be changed, so that no rule is tested.", f"{chosen} 没有可改动的数字，无法试验规则。"
        )
    return MutationRun(chosen, checked.tables, counting, score(counting), (after_check - started) / per_mutant)


def refuse_unknown_source(project: Project, source: str | None) -> None:
    """Refuse the id of a document that is not listed, by an UnknownNameError."""
    if source is not None and source not in project.sources:
        raise UnknownNameError(Text("source", "来源"), source, project.sources)


def last_bulletin(project: Project) -> str:
    """Return the document of kind `bulletin` with the latest period.

    Raises:
        ProjectError: none is listed.
    """
    bulletins = [each for each in project.sources.values() if each.kind == "bulletin"]
    if not bulletins:
        raise ProjectError(
            "No source of kind bulletin in raw/sources.csv; name a document with --source ID.",
            "raw/sources.csv 中没有 kind 为 bulletin 的文件；请用 --source 标识 指明。",
        )
    return max(bulletins, key=lambda each: each.period).id
