"""What a broken rule says: the computation as printed, what would be consistent, and the cells that take part."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from etl.findings import Finding, Text, Witness, found
from etl.tables.lookups import ROWS
from etl.tables.parse import ROW, ParsedTable
from etl.tables.revisions import contradicted
from etl.tables.validate import Outcome
from schemas import standing
from schemas.claims import HIGH, LOW, Cell, Claim, Number, Operation
from schemas.code_lists import units
from schemas.row_cells import in_row
from schemas.vocabulary import figures

Rows = Callable[[Collection[int]], Iterable[dict[str, Any]]]
"""Gives rows by their numbers, as they were judged: with all that the claims ask of other rows."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that breaks a rule, with all that is needed to say how.

    Attributes:
        table: the table.
        tables: all tables, for the cells of other rows.
        values: the row of the frame the rule was evaluated over.
    """

    table: ParsedTable
    tables: Mapping[str, ParsedTable]
    values: dict[str, object]

    @property
    def row(self) -> int:
        """Number of the row."""
        row = self.values[ROW]
        assert isinstance(row, int)
        return row


def explained(
    outcome: Outcome,
    table: ParsedTable,
    rows: Rows,
    tables: Mapping[str, ParsedTable],
) -> list[Finding]:
    """Give the findings of an outcome: one for each row that breaks the rule, or keeps it only if digits were cut off.

    Args:
        outcome: what a rule says of the rows.
        table: the table.
        rows: gives its rows as they were judged.
        tables: all tables.
    """
    numbers = {*outcome.broken, *outcome.cut_off}
    if not numbers:
        return []
    claim = outcome.rule.claim
    cut_off = frozenset(outcome.cut_off)
    findings = []
    for values in rows(numbers):
        expected = {} if claim is None else _expected(claim, values)
        case = Broken(table, tables, {**values, **expected})
        findings.append(_finding(outcome, claim, case, case.row in cut_off))
    return findings


_EXPECTED_LOW, _EXPECTED_HIGH, _EXCESS = "@expected low", "@expected high", "@excess"


def _expected(claim: Claim, values: dict[str, Any]) -> dict[str, object]:
    """Give the values that would be consistent, and by how much those that are printed exceed them at least."""
    of = in_row(values)
    suspect = _suspect(claim)
    expected = claim.expected(suspect, of) if suspect else None
    if claim.relation == "whole":
        expected = claim.left.interval(of)
    if expected is None:
        return {_EXPECTED_LOW: None, _EXPECTED_HIGH: None}
    excess = (claim.left.interval(of) - claim.right.interval(of)).low
    return {_EXPECTED_LOW: expected.low, _EXPECTED_HIGH: expected.high, _EXCESS: excess}


def _suspect(claim: Claim) -> Cell | None:
    """Give the cell of the row at hand to look at first: the one that stands alone, for it is what others determine."""
    if isinstance(claim.right, Cell) and claim.right.is_own and claim.relation == "=":
        return claim.right
    own = [cell for cell in claim.cells() if cell.is_own]
    if not own:
        return None
    return own[-1] if claim.relation == "whole" else own[0]


def _finding(outcome: Outcome, claim: Claim | None, case: Broken, is_cut_off: bool) -> Finding:
    table, row, rule = case.table, case.row, outcome.rule
    if claim is None:
        column, message = outcome.column, _of_column(outcome, case)
        witnesses = tuple(_witnesses(Cell(column), case))
        if outcome.rule is standing.SOURCES_AGREE:
            rows = (each.row for each in contradicted(table, row, column))
            witnesses += tuple(_witness(table, earlier, column) for earlier in rows)
    else:
        suspect = _suspect(claim)
        column = suspect.column if suspect else (claim.uses[0] if claim.uses and claim.relation == "holds" else "")
        message = _of_claim(claim, suspect, case, is_cut_off, outcome)
        witnesses = tuple(witness for cell in claim.cells() for witness in _witnesses(cell, case))
    return found(
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


def _of_column(outcome: Outcome, case: Broken) -> Text:
    published = case.table.raw.cells[outcome.column][case.row]
    if outcome.rule is standing.SOURCES_AGREE:
        source, others = case.values["source"], contradicted(case.table, case.row, outcome.column)
        listed = [(each.source, each.published, case.table.raw.place(each.row, outcome.column)) for each in others]
        en = ", ".join(f"{other} printed {text} before it ({place})" for other, text, place in listed)
        zh = "，".join(f"此前 {other} 载 {text}（{place}）" for other, text, place in listed)
        return Text(
            f"{source} prints {published}, but {en}; if it corrects that, mark the row as revised",
            f"{source} 载 {published}，而{zh}；如属更正，请在“修订”列注明",
        )
    return Text(f"{published}: {outcome.rule.reason}", f"{published}：{outcome.rule.zh}")


def _of_claim(claim: Claim, suspect: Cell | None, case: Broken, is_cut_off: bool, outcome: Outcome) -> Text:
    if claim.relation == "holds":
        return Text(outcome.rule.reason, outcome.rule.zh)
    formula = claim.formula(lambda cell: printed(cell, case))
    if is_cut_off:
        en = f"{formula} agrees only if digits were cut off, not rounded"
        return Text(en, f"{formula}：仅在截尾（非四舍五入）时相符")
    low, high = case.values[_EXPECTED_LOW], case.values[_EXPECTED_HIGH]
    if claim.relation == "whole":
        return _of_whole(claim, f"{formula} = {span(low, high, '')}", case)
    expected = span(low, high, _unit(suspect, case)) if suspect else ""
    en, zh = f"{formula} does not hold", f"{formula} 不成立"
    if claim.relation == "<=":
        excess = number(case.values[_EXCESS])
        en, zh = f"{en} by at least {excess}", f"{zh}，至少超出 {excess}"
    if expected and suspect:
        en, zh = f"{en}: {expected} expected for {suspect.column}", f"{zh}：{suspect.column} 应为 {expected}"
    return Text(f"{en}. {outcome.rule.reason}", f"{zh}。{outcome.rule.zh}。")


def _of_whole(claim: Claim, quotient: str, case: Broken) -> Text:
    """Say that no whole number is that quotient and, of a printed share, what the nearest whole number would give."""
    match claim.left:
        case Operation("*", Operation("/", Cell() as part, Cell() as share), Number(hundred)):
            part_value, share_value = case.values[part.name], case.values[share.name]
            if isinstance(part_value, float) and isinstance(share_value, float) and share_value:
                whole = max(1, round(part_value / share_value * hundred))
                nearest = f"{part_value:g}/{whole} = {part_value / whole * hundred:.4g}%"
                part_text, share_text = printed(part, case), printed(share, case)
                return Text(
                    f"{part_text} cannot be {share_text} of a whole number: {nearest}",
                    f"{part_text} 不可能是任何整数的 {share_text}：{nearest}",
                )
    return Text(f"{quotient} holds no whole number", f"{quotient} 之间没有整数")


def printed(cell: Cell, case: Broken) -> str:
    """Give a cell as its files print it: the parts of a sum joined by +, several documents' by /."""
    target = case.tables.get(cell.table or case.table.address)
    texts = [target.raw.cells[cell.column][row] or "" for row in _rows(cell, case)] if target else []
    joined = (" + " if cell.over else "/").join(dict.fromkeys(texts) if not cell.over else texts)
    return f"({joined})" if cell.over and len(texts) > 1 else joined or "?"


def _rows(cell: Cell, case: Broken) -> list[int]:
    if cell.is_own:
        return [case.row]
    rows = case.values[cell.name + ROWS]
    return list(rows) if isinstance(rows, list) else []


def _witnesses(cell: Cell, case: Broken) -> Iterator[Witness]:
    address = cell.table or case.table.address
    target = case.tables.get(address)
    if target is None:
        return
    for row in _rows(cell, case):
        yield _witness(target, row, cell.column)


def _witness(table: ParsedTable, row: int, column: str) -> Witness:
    values = table.frame.row(row, named=True)
    text, place = table.raw.cells[column][row] or "", table.raw.place(row, column)
    return Witness(f"{table.address}.{column}", place, text, values.get(column + LOW), values.get(column + HIGH))


def _unit(cell: Cell, case: Broken) -> str:
    declared = {column.name: column.meaning.unit for column in figures(case.table.raw.entry.model)}[cell.column]
    return next((unit.base for unit in units() if unit.unit == declared.lstrip("万亿")), declared)


def span(low: object, high: object, unit: str) -> str:
    """Give an interval in words: `69.7%..69.9%`, `at least 11件`; empty where nothing is known."""
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
    """Give a number to six significant digits, whole ones in full; what is no number is `?`."""
    if not isinstance(value, float):
        return "?"
    if abs(value) >= 1e5 or value == int(value):
        return f"{value:.0f}"
    return f"{value:.6g}"
