"""Evaluate the rules of a table: how many rows keep each, and which break it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from etl.errors import ProjectError
from etl.tables.parse import ParsedTable
from schemas import builtin_rules
from schemas.binding import OpenCategoryError
from schemas.evaluation import Evaluation, RowVerdicts, RuleNotRunError, missing_columns, ranges, sources_agree
from schemas.figure_table import FigureTable
from schemas.models import Rule, Severity, Table, figures, rules
from schemas.texts import NO_TEXT, Text

NEIGHBOUR_RULES = (
    builtin_rules.LEVEL_IS_NEAR_THAT_OF_THE_YEAR_BEFORE,
    builtin_rules.LEVEL_CHANGES_NO_MORE_THAN_USUAL,
    builtin_rules.FIGURE_IS_WITHIN_THAT_OF_THE_ENCLOSING_AREA,
    builtin_rules.FIGURE_IS_NOT_THAT_OF_ANOTHER_ROW,
    builtin_rules.FIGURES_ARE_NOT_EXCHANGED,
    builtin_rules.NO_YEAR_IS_MISSING_BETWEEN_TWO,
)
"""The rules of `etl.tables.neighbours`, which compare the rows of a table."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome of a rule on the rows of a table.

    Attributes:
        rule: the rule.
        column: the column it holds; empty where it holds rows.
        passed: number of rows that keep it.
        not_applicable: number of rows of which it says nothing.
        broken: the rows that break it.
        cut_off: the rows that keep it only if digits were cut off rather than rounded; they count as passed.
        not_run: why it did not run; empty where it did.
    """

    rule: Rule
    column: str
    passed: int = 0
    not_applicable: int = 0
    broken: tuple[int, ...] = ()
    cut_off: tuple[int, ...] = ()
    not_run: Text = NO_TEXT

    @property
    def failed(self) -> int:
        """Number of rows that break the rule."""
        return len(self.broken)

    @property
    def severity(self) -> Severity:
        """The severity of what it finds, which may depend on how many rows break the rule."""
        return self.rule.severity_of(self.failed, self.passed + self.failed)


def evaluation_of(tables: Mapping[str, ParsedTable]) -> Evaluation:
    """Return the tables of a project as its rules see them."""
    parents = next((table.raw.entry.catalogue.parents for table in tables.values()), {})
    return Evaluation({address: table.figure_table for address, table in tables.items()}, parents)


def evaluate_rules(table: FigureTable, evaluation: Evaluation) -> list[Outcome]:
    """Evaluate every rule of a table's model on its rows.

    A rule whose column the table lacks, or that cannot be evaluated, is not run, and says why.

    Raises:
        ProjectError: a rule leaves a category of another table open.
    """
    outcomes = [_outcome(table, builtin_rules.BY_ID[rule], column, verdicts) for column, rule, verdicts in ranges(table)]
    outcomes += [
        _outcome(table, builtin_rules.SOURCES_AGREE, column.name, sources_agree(table, column.name))
        for column in figures(table.model)
        if column.name in table.figures
    ]
    for rule in rules(table.model):
        try:
            outcomes.append(_outcome(table, rule, "", evaluation.verdicts(table.address, rule)))
        except RuleNotRunError as error:
            outcomes.append(Outcome(rule, "", not_run=error.text))
        except OpenCategoryError as error:
            raise ProjectError(error.text) from None
    return [*_of_missing(table), *outcomes]


def _of_missing(table: FigureTable) -> Iterator[Outcome]:
    for rule, column in rules_by_column(table.model):
        if column and column not in table.figures:
            yield Outcome(rule, column, not_run=missing_columns([column]))


def rules_by_column(model: type[Table]) -> Iterator[tuple[Rule, str]]:
    """Yield each rule of a model with its column; empty for rules of rows."""
    for name, column in model.to_schema().columns.items():
        yield from ((builtin_rules.BY_ID[check.name], name) for check in column.checks)
    yield from ((builtin_rules.SOURCES_AGREE, column.name) for column in figures(model))
    yield from ((rule, "") for rule in (*NEIGHBOUR_RULES, *rules(model)))


def not_run(model: type[Table], reason: Text) -> list[Outcome]:
    """Return the outcome of each rule as not run, with a reason."""
    return [Outcome(rule, column, not_run=reason) for rule, column in rules_by_column(model)]


def _outcome(table: FigureTable, rule: Rule, column: str, verdicts: RowVerdicts) -> Outcome:
    broken, truncated = (tuple(table.rows[at] for at in np.nonzero(each)[0]) for each in (verdicts.broken, verdicts.truncated))
    not_applicable = table.height - int(np.count_nonzero(verdicts.known))
    return Outcome(rule, column, table.height - not_applicable - len(broken), not_applicable, broken, truncated)
