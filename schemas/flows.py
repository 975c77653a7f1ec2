"""Declare flows of registers, agreement with figures, and rules of groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import narwhals.stable.v1 as nw

from schemas.constraints import Constraint
from schemas.rule_declarations import Rule, Severity


@dataclass(frozen=True, slots=True)
class CountColumn:
    """Column of a register's flow that counts records by month, and what it means."""

    column: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Flow:
    """How a register's records open and close, as counted by month.

    Attributes:
        by: the code columns that the counts are broken down by; the area comes first in any case.
        opens: the day on which a record comes.
        closes: the day on which it goes; blank while it has not.
        opened, closed, open: counts of those that come in a month, that go, and that are there (with `_at_start` or `_at_end`).
        lasts: the two days between which time is measured, in the month of the second; those of coming and going by default.
        amount: an amount that is summed over what comes and what is there; empty for none.
        flag: a flag that is counted among what comes; empty for none.
        is_foreseen: whether the day of going is known when a record comes, so that it may lie ahead of all that is known.
    """

    opens: str
    closes: str
    opened: CountColumn
    closed: CountColumn
    open: CountColumn
    by: tuple[str, ...] = ()
    lasts: tuple[str, str] = ("", "")
    amount: str = ""
    flag: str = ""
    is_foreseen: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Columns that the counts are broken down by."""
        return ("area", *self.by)

    @property
    def stock(self) -> tuple[str, str]:
        """Columns of the stock at the start and at the end of a month."""
        return f"{self.open.column}_at_start", f"{self.open.column}_at_end"

    @property
    def measured(self) -> tuple[str, str]:
        """Days between which time is measured."""
        return self.lasts if self.lasts[0] else (self.opens, self.closes)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of a register's count with the interval of a printed figure.

    Attributes:
        rule: the rule that reports it.
        measure: a column of the flow; or the amount, or the flag, of what comes, or `<amount>_at_end` of what is there.
        figure: address of the printed figure, `domain.table.column`.
        only: code columns of the register held at a code.
        pins: categories of the printed figure held at a code; of the others the register has a column of the same name,
            whose codes are the parts of the printed total.
    """

    rule: Rule
    measure: str
    figure: str
    only: Mapping[str, str] = field(default_factory=dict)
    pins: Mapping[str, str] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """Address of the table that prints the figure."""
        return self.figure.rpartition(".")[0]

    @property
    def column(self) -> str:
        """Column that holds the figure."""
        return self.figure.rpartition(".")[2]


def reconciles_with(
    measure: str,
    figure: str,
    *,
    zh: str,
    reason: str,
    severity: Severity = "error",
    only: Mapping[str, str] | None = None,
    pins: Mapping[str, str] | None = None,
) -> Agreement:
    """Declare that a count of a register is the figure printed at an address.

    The rule is named after the count.
    """
    rule = Rule(f"{measure.replace('_', '-')}-is-as-published", reason, zh, severity)
    return Agreement(rule, measure, figure, only or {}, pins or {})


@dataclass(frozen=True, slots=True)
class GroupRule:
    """Rule of groups of records: a constraint about measures of each group.

    Attributes:
        rule: the rule, whose constraint names the measures.
        by: the columns that the records of a group share.
        month: a day whose month they share too; empty for none.
        measures: by name, what is computed of each group, over columns of the register.
    """

    rule: Rule
    by: tuple[str, ...]
    measures: Mapping[str, nw.Expr]
    month: str = ""


def of_groups(
    rule_id: str,
    constraint: Constraint,
    *,
    zh: str,
    reason: str,
    by: tuple[str, ...],
    measures: Mapping[str, nw.Expr],
    month: str = "",
    severity: Severity = "error",
    source: str = "",
) -> GroupRule:
    """Declare a rule of groups of records, by columns and by the month of a day."""
    return GroupRule(Rule(rule_id, reason, zh, severity, constraint, source), by, measures, month)
