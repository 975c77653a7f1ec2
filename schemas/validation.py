"""What pandera's `validate` asks of a rule: its verdict on each row of a frame, by the evaluator of the gate."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from schemas.code_lists import codes
from schemas.evaluation import Evaluation, RowVerdicts, RuleNotRunError
from schemas.figure_table import of_frame

if TYPE_CHECKING:
    from schemas.rule_declarations import Rule
    from schemas.vocabulary import Table


def row_verdicts(model: type[Table], rule: Rule, frame: pl.LazyFrame) -> pl.LazyFrame:
    """Return one column, of the rule's id: whether each row of a frame keeps the rule, null where nothing can be said.

    Figures of other tables are not at hand, so nothing is said of what rests on them.
    """
    table = of_frame(model, frame.collect(), address_of(model))
    parents = {code.code: code.parent or None for code in codes("areas")}
    try:
        verdicts = Evaluation({table.address: table}, parents).verdicts(table.address, rule)
    except RuleNotRunError:
        return pl.LazyFrame({rule.id: [False]})
    return pl.LazyFrame({rule.id: _as_series(verdicts)})


def _as_series(verdicts: RowVerdicts) -> pl.Series:
    keeps = pl.Series(~verdicts.broken)
    return pl.select(pl.when(pl.Series(verdicts.known)).then(keeps)).to_series()


def address_of(model: type[Table]) -> str:
    """Return the address that a model's name and module stand for: `schemas.courts.Caseload` is `courts.caseload`."""
    table = re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()
    return f"{model.__module__.rpartition('.')[2]}.{table}"
