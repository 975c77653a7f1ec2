"""A rule that might hold on a table, and the evidence for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from etl.scaffold.columns import FigureColumn
from etl.scaffold.expressions import Expression
from schemas.constraints import Constraint
from schemas.models import Severity

LONGEST_LIST_ZH = 36


@dataclass(frozen=True)
class Candidate:
    """A rule that might hold.

    Attributes:
        name: its statement in a few words, as the method is named.
        zh: the statement in Chinese.
        reason: why it must hold.
        expression: its constraint.
        columns: the columns that it is about.
        target: the column that it explains, of which one rule is enough; empty where several may stand.
        is_by_name: whether the titles or the code list say it, so that the figures need only not deny it.
        severity: of a row that breaks it.
        tried: how many like it were tried: the more, the more one of them holds by chance.
        pool: the name of those that it shares its evidence with; empty for none.
        rows: how many rows are evidence for it.
        bits: the sum of their evidence.
        broken: the rows that break it.
    """

    name: str
    zh: str
    reason: str
    expression: Expression
    columns: tuple[FigureColumn, ...]
    target: str = ""
    is_by_name: bool = False
    severity: Severity = "error"
    tried: int = 1
    pool: str = ""
    rows: int = 0
    bits: float = 0.0
    broken: tuple[int, ...] = ()

    @property
    def constraint(self) -> Constraint:
        """The constraint that it makes."""
        constraint: Constraint = self.expression.value
        return constraint

    @property
    def rule_id(self) -> str:
        """The id of the rule."""
        return self.name.replace("_", "-")


def listed(words: Sequence[str], last: str = " and ") -> str:
    """Join words with commas, and the last two with another word."""
    return last.join(filter(None, (", ".join(words[:-1]), words[-1])))


def listed_zh(columns: Sequence[FigureColumn]) -> str:
    """Join the Chinese titles of columns; of many, state the first and the number."""
    if sum(len(each.zh) for each in columns) > LONGEST_LIST_ZH:
        return f"{columns[0].zh}等{len(columns)}项"
    return "、".join(each.zh for each in columns)
