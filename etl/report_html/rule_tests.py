"""How well the rules hold, as their own tests tell: which figures they hold, and which slips they notice."""

from __future__ import annotations

from dataclasses import dataclass

from etl.gate.check import parsed_tables
from etl.mutation.coverage import coverage
from etl.mutation.run import trial
from etl.project import Project


@dataclass(frozen=True, slots=True)
class RuleTests:
    """What the tests of the rules found.

    Attributes:
        coverage: part of the figures that a rule holds beyond being readable, in range and cited, in percent.
        mutants: slips that were tried on the last bulletin.
        score: part of them that the gate notices, in percent.
    """

    coverage: float
    mutants: int
    score: float


def tested(project: Project) -> RuleTests:
    """Run the tests of the rules on the raw tables of a project."""
    score = trial(project, None, "warning", cite=True).score
    return RuleTests(coverage(parsed_tables(project, project.catalogue.entries())).share(), score.mutants, score.percent)
