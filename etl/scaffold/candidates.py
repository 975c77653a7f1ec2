"""A rule that might hold on a table, and the evidence for it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from etl.scaffold.columns import FigureColumn
from etl.scaffold.expressions import Expression
from schemas.constraints import Constraint
from schemas.models import Severity

WORDINGS = Path(__file__).with_name("rule_wordings.csv")
LONGEST_LIST_ZH = 36

Columns = Sequence[FigureColumn]


@dataclass(frozen=True)
class Candidate:
    """A rule that might hold.

    Attributes:
        kind: what it says of its columns, as `rule_wordings.csv` words it.
        name: its statement in a few words, as the method is named.
        zh: the statement in Chinese.
        reason: why it must hold.
        is_by_name: whether the titles or the code list say it, so that the figures need only not deny it.
        severity: of a row that breaks it.
        expression: its constraint.
        columns: the columns that it is about.
        target: the column that it explains, of which one rule is enough; empty where several may stand.
        tried: how many like it were tried: the more, the more one of them holds by chance.
        pool: the name of those that it shares its evidence with; empty for none.
        rows: how many rows are evidence for it.
        bits: the sum of their evidence.
        broken: the rows that break it.
    """

    kind: str
    name: str
    zh: str
    reason: str
    is_by_name: bool
    severity: Severity
    expression: Expression
    columns: Columns
    target: str = ""
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


def candidate(
    kind: str, expression: Expression, *columns: FigureColumn, target: str = "", tried: int = 1, pool: str = "", **words: object
) -> Candidate:
    """Word a rule of a kind about these columns, and whatever else it names."""
    wording = _wordings()[kind]
    begin = columns[0].en[:1].upper() + columns[0].en[1:]
    name, zh, reason = (wording[each].format(*columns, Begin=begin, **words) for each in ("name", "zh", "reason"))
    is_by_name, severity = bool(wording["is_by_name"]), cast(Severity, wording["severity"])
    return Candidate(kind, name, zh, reason, is_by_name, severity, expression, columns, target, tried, pool)


@cache
def _wordings() -> dict[str, dict[str, str]]:
    with WORDINGS.open(encoding="utf-8", newline="") as lines:
        return {row["kind"]: row for row in csv.DictReader(lines, strict=True)}


def listed(words: Sequence[str]) -> str:
    """Join words with commas, and the last two with `and`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def listed_en(columns: Columns) -> str:
    """Join the English of columns."""
    return listed([each.en for each in columns])


def listed_zh(columns: Columns) -> str:
    """Join the Chinese titles of columns; of many, state the first and the number."""
    if sum(len(each.zh) for each in columns) > LONGEST_LIST_ZH:
        return f"{columns[0].zh}等{len(columns)}项"
    return "、".join(each.zh for each in columns)
