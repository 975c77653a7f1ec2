"""Measure the rules: their coverage, and their score under mutation."""

from __future__ import annotations

from dataclasses import dataclass

from etl.gate.check import parsed_tables
from etl.mutation.coverage import coverage
from etl.mutation.run import trial
from etl.project import Project


@dataclass(frozen=True, slots=True)
class RuleTests:
    """The results of testing the rules.

    Attributes:
        coverage: part of the figures that a rule holds beyond being readable, in range and cited, in percent.
        mutants: slips that were tried on the last bulletin.
        score: part of them that the gate notices, in percent.
    """

    coverage: float
    mutants: int
    score: float


def measure_rules(project: Project) -> RuleTests:
    """Test the rules on the raw tables of a project."""
    score = trial(project, None, "warning", cite=True).score
    return RuleTests(coverage(parsed_tables(project, project.catalogue.entries())).share(), score.mutants, score.percent)
