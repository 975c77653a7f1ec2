"""Explain a broken rule: the computation, consistent values, and the cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from etl.column_titles import called
from etl.findings import Finding, Witness, make_finding
from etl.tables.evaluate import Outcome
from etl.tables.parse import ParsedTable
from etl.tables.revisions import Print, contradicted
from schemas import builtin_rules
from schemas.binding import Binding
from schemas.constraints import Cell, Constraint, Number, Operation, suspect_of
from schemas.evaluation import Evaluation
from schemas.intervals import closed
from schemas.models import Column, figures
from schemas.texts import Text

MOST_EXPLAINED = 200
"""Of each rule of a table: so many findings tell the computation, the first ones."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that breaks a rule, with what its explanation needs.

    Attributes:
        table: the table.
        tables: all tables, for the cells of other rows.
        evaluation: the tables as rules see them.
        row: number of the row.
        expected: the values that would be consistent; None where that cannot be said.
        excess: by how much what is printed exceeds them at least.
    """

    table: ParsedTable
    tables: Mapping[str, ParsedTable]
    evaluation: Evaluation
    row: int
    expected: tuple[float | None, float | None] | None = None
    excess: float | None = None

    def binding(self, cell: Cell) -> Binding:
        """Return where the row takes the figure of a cell from."""
        return self.evaluation.binding(self.table.address, cell)


def explained(outcome: Outcome, table: ParsedTable, tables: Mapping[str, ParsedTable], evaluation: Evaluation) -> list[Finding]:
    """Build the findings of an outcome.

    One for each row that breaks the rule, or keeps it only if digits were truncated.
    """
    rows = sorted({*outcome.broken, *outcome.cut_off})
    if not rows:
        return []
    constraint, cut_off = outcome.rule.constraint, frozenset(outcome.cut_off)
    shown = rows[:MOST_EXPLAINED]
    consistent = iter(()) if constraint is None else _consistent(constraint, table, shown, evaluation)
    findings = []
    for row in shown:
        expected, excess = next(consistent, (None, None))
        case = Broken(table, tables, evaluation, row, expected, excess)
        findings.append(_finding(outcome, constraint, case, row in cut_off))
    return findings + _unexplained(outcome, constraint, table, rows[MOST_EXPLAINED:], cut_off)


def _unexplained(
    outcome: Outcome, constraint: Constraint | None, table: ParsedTable, rows: Sequence[int], cut_off: frozenset[int]
) -> list[Finding]:
    """Build the findings of rows after so many others, without their computation."""
    column, message, severity = _column_of(outcome, constraint), Text(outcome.rule.reason, outcome.rule.zh), outcome.severity
    return [
        make_finding(
            outcome.rule,
            table.address,
            table.raw.place(row, column),
            message,
            severity="information" if row in cut_off else severity,
            row=row,
            row_key=table.keys[row],
            column=column,
        )
        for row in rows
    ]


def _column_of(outcome: Outcome, constraint: Constraint | None) -> str:
    """Return the column of the cell that a finding is about."""
    if constraint is None:
        return outcome.column
    suspect = suspect_of(constraint)
    return suspect.column if suspect else (constraint.uses[0] if constraint.uses and constraint.relation == "holds" else "")


def _consistent(
    constraint: Constraint, table: ParsedTable, rows: Sequence[int], evaluation: Evaluation
) -> Iterator[tuple[tuple[float | None, float | None] | None, float | None]]:
    """Yield the consistent values of each row, and the least excess of the printed."""
    if constraint.relation == "holds":
        return
    of = evaluation.of(table.address, np.array(rows))
    suspect = suspect_of(constraint)
    expected = (
        constraint.left.interval(of) if constraint.relation == "whole" else constraint.expected(suspect, of) if suspect else None
    )
    if expected is None:
        return
    excess = (constraint.left.interval(of) - constraint.right.interval(of)).low
    numbers = (np.broadcast_to(each, len(rows)).tolist() for each in (expected.low, expected.high, excess))
    for low, high, over in zip(*numbers, strict=True):
        yield (closed(low), closed(high)), closed(over)


def _finding(outcome: Outcome, constraint: Constraint | None, case: Broken, is_cut_off: bool) -> Finding:
    table, row, rule = case.table, case.row, outcome.rule
    column = _column_of(outcome, constraint)
    if constraint is None:
        others = contradicted(table, row, column) if rule is builtin_rules.SOURCES_AGREE else []
        message = _of_column(outcome, case, others)
        witnesses = (*_witnesses(Cell(column), case), *(_witness(table, each.row, column) for each in others))
    else:
        message = _of_claim(constraint, suspect_of(constraint), case, is_cut_off, outcome)
        witnesses = tuple(witness for cell in constraint.cells() for witness in _witnesses(cell, case))
    return make_finding(
        rule,
        table.address,
        table.raw.place(row, column),
        message,
        severity="information" if is_cut_off else outcome.severity,
        row=row,
        row_key=table.keys[row],
        column=column,
        witnesses=witnesses,
    )


def _of_column(outcome: Outcome, case: Broken, others: Sequence[Print]) -> Text:
    published = case.table.raw.cells[outcome.column][case.row]
    if outcome.rule is builtin_rules.SOURCES_AGREE:
        source = case.table.figure_table.sources[case.row]
        listed = [(each.source, each.published, case.table.raw.place(each.row, outcome.column)) for each in others]
        en = ", ".join(f"{other} printed {text} before it ({place})" for other, text, place in listed)
        zh = "，".join(f"此前 {other} 载 {text}（{place}）" for other, text, place in listed)
        return Text(
            f"{source} prints {published}, but {en}; if it corrects that, mark the row as revised",
            f"{source} 载 {published}，而{zh}；如属更正，请在“修订”列注明",
        )
    return Text(f"{published}: {outcome.rule.reason}", f"{published}：{outcome.rule.zh}")


def _of_claim(constraint: Constraint, suspect: Cell | None, case: Broken, is_cut_off: bool, outcome: Outcome) -> Text:
    if constraint.relation == "holds":
        return Text(outcome.rule.reason, outcome.rule.zh)
    formula = constraint.formula(lambda cell: printed(cell, case))
    if is_cut_off:
        en = f"{formula} agrees only if digits were cut off, not rounded"
        return Text(en, f"{formula}：仅在截尾（非四舍五入）时相符")
    low, high = case.expected or (None, None)
    if constraint.relation == "whole":
        return _of_whole(constraint, f"{formula} = {span(low, high, '')}", case)
    expected = span(low, high, _unit(suspect, case)) if suspect else ""
    en, zh = f"{formula} does not hold", f"{formula} 不成立"
    if constraint.relation == "<=":
        excess = number(case.excess)
        en, zh = f"{en} by at least {excess}", f"{zh}，至少超出 {excess}"
    if expected and suspect:
        column = _declared(suspect, case)
        zh = f"{zh}：{called(column.meaning.zh, column.name)}应为 {expected}"
        en = f"{en}: {expected} expected for {suspect.column}"
    return Text(f"{en}. {outcome.rule.reason}", f"{zh}。{outcome.rule.zh}。")


def _of_whole(constraint: Constraint, quotient: str, case: Broken) -> Text:
    """Explain a quotient that is not whole; for a share, name the nearest one."""
    match constraint.left:
        case Operation("*", Operation("/", Cell() as part, Cell() as share), Number(hundred)):
            part_value, share_value = (float(case.binding(each).taken(np.array([case.row])).value[0]) for each in (part, share))
            if part_value == part_value and share_value == share_value and share_value:
                whole = max(1, round(part_value / share_value * hundred))
                nearest = f"{part_value:g}/{whole} = {part_value / whole * hundred:.4g}%"
                part_text, share_text = printed(part, case), printed(share, case)
                return Text(
                    f"{part_text} cannot be {share_text} of a whole number: {nearest}",
                    f"{part_text} 不可能是任何整数的 {share_text}：{nearest}",
                )
    return Text(f"{quotient} holds no whole number", f"{quotient} 之间没有整数")


def printed(cell: Cell, case: Broken) -> str:
    """Format a cell as printed: parts of a sum joined by +, documents by /."""
    target = case.tables.get(cell.table or case.table.address)
    texts = [target.raw.cells[cell.column][row] or "" for row in _rows(cell, case)] if target else []
    is_sum = bool(cell.over) or cell.area == "within"
    joined = " + ".join(texts) if is_sum else "/".join(dict.fromkeys(texts))
    return f"({joined})" if is_sum and len(texts) > 1 else joined or "?"


def _rows(cell: Cell, case: Broken) -> list[int]:
    if cell.is_own:
        return [case.row]
    return [ref.row for ref in case.binding(cell).cells(case.row)]


def _witnesses(cell: Cell, case: Broken) -> Iterator[Witness]:
    address = cell.table or case.table.address
    target = case.tables.get(address)
    if target is None:
        return
    for row in _rows(cell, case):
        yield _witness(target, row, cell.column)


def _witness(table: ParsedTable, row: int, column: str) -> Witness:
    text, place = table.raw.cells[column][row] or "", table.raw.place(row, column)
    low, high = table.figures[column].reading(row).interval().bounds() if column in table.figures else (None, None)
    return Witness(f"{table.address}.{column}", place, text, low, high)


def _unit(cell: Cell, case: Broken) -> str:
    return case.table.raw.entry.catalogue.lists.base_unit(_declared(cell, case).meaning.unit)


def _declared(cell: Cell, case: Broken) -> Column:
    return next(column for column in figures(case.table.raw.entry.model) if column.name == cell.column)


def span(low: object, high: object, unit: str) -> str:
    """Format an interval: `69.7%..69.9%`, `at least 11件`; empty if unknown."""
    match low, high:
        case float(), float():
            if low > high:
                return ""
            return f"{number(low)}{unit}" if low == high else f"{number(low)}{unit}..{number(high)}{unit}"
        case float(), None:
            return f"≥ {number(low)}{unit}"
        case None, float():
            return f"≤ {number(high)}{unit}"
        case _:
            return ""


def number(value: object) -> str:
    """Format a number to six significant digits; `?` if it is not a number."""
    if not isinstance(value, float):
        return "?"
    if abs(value) >= 1e5 or value == int(value):
        return f"{value:.0f}"
    return f"{value:.6g}"
