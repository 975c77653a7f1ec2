"""Examples of a proposed table: rows that keep its rules, and for each rule one that breaks it and no other.

They are made of the rows that were handed in, moved to other areas and years, with all quantities multiplied where the rules
still hold then. What is not found to break a rule shows nothing, so such a rule is not proposed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from etl.scaffold.candidates import Candidate
from etl.scaffold.dry_run import KINDS, Row, Trial, row_of
from etl.scaffold.layout import TableLayout
from etl.scaffold.places_of_examples import Moves
from schemas.claims import Cell

SOURCE, SECTION = "example-a", "1"
_FACTORS = (3, 7, 2, 1)
_STEPS = (
    Decimal("1.25"),
    Decimal("0.8"),
    Decimal(2),
    Decimal("0.5"),
    Decimal(4),
    Decimal("0.1"),
    Decimal("1.02"),
    Decimal("0.98"),
)
_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
_MOST_ROWS_TRIED = 3
Rows = list[dict[str, str | None]]


@dataclass(frozen=True)
class Examples:
    """Examples of a table.

    Attributes:
        given: the cells of its raw rows, the header first, `breaks` last.
        expected: the cells of the mart of those that are kept, the header first.
        without: the rules that nothing was found to break.
    """

    given: list[list[str]]
    expected: list[list[str]]
    without: tuple[Candidate, ...]


def examples(layout: TableLayout, rules: Sequence[Candidate]) -> Examples:
    """Give the examples of a table with these rules."""
    rows = _multiplied(layout, rules)
    trial = Trial(layout, rows)
    moves = Moves()
    kept = moves.moved(_keeping(layout, rules, trial, rows))
    blocks: list[tuple[Rows, list[str]]] = [(kept, [""] * len(kept))]
    without = []
    for number, rule in enumerate(rules):
        block = _breaking(layout, rules, number, trial, rows)
        if block is None:
            without.append(rule)
        else:
            blocks.append((moves.moved(block[0]), block[1]))
    severities = {rule.rule_id: rule.severity for rule in rules}
    given = [row for block, _ in blocks for row in block]
    breaks = [rule for _, broken in blocks for rule in broken]
    names = list(rows[0])
    texts = [[*names, "breaks"], *([*(row[name] or "" for name in names), rule] for row, rule in zip(given, breaks, strict=True))]
    is_kept = [severities.get(rule, "") != "error" for rule in breaks]
    return Examples(texts, _mart(layout, given, is_kept, names), tuple(without))


def _multiplied(layout: TableLayout, rules: Sequence[Candidate]) -> Rows:
    """Give the rows that were handed in, with all their quantities multiplied by a number with which the rules still hold."""
    claims = [rule.claim for rule in rules]
    levels = {each.name for each in layout.figures if each.is_level}
    for factor in _FACTORS:
        rows = [row_of(layout, number, SOURCE) | {"section": SECTION} for number in range(layout.height)]
        for row in rows:
            row |= {name: _altered(text, Decimal(factor)) for name in levels if (text := row[name])}
        if factor == 1 or all(each.holds is not False for judged in Trial(layout, rows).judged(claims) for each in judged):
            return rows
    raise AssertionError("the last factor is one")


def _keeping(layout: TableLayout, rules: Sequence[Candidate], trial: Trial, rows: Rows) -> Rows:
    """Give rows in which each rule is kept somewhere, and each column filled."""
    claims = [rule.claim for rule in rules]
    chosen: set[int] = set()
    for judged, rests_on in zip(trial.judged(claims), trial.rests_on(claims) if claims else (), strict=True):
        needed = [rests_on[each.row] for each in judged if each.holds]
        if needed and not any(each <= chosen for each in needed):
            chosen |= min(needed, key=lambda each: len(each - chosen))
    for column in layout.figures:
        if not any(rows[number][column.name] for number in chosen):
            chosen.add(next(number for number, row in enumerate(rows) if row[column.name]))
    return [rows[number] for number in sorted(chosen)]


def _breaking(
    layout: TableLayout, rules: Sequence[Candidate], number: int, trial: Trial, rows: Rows
) -> tuple[Rows, list[str]] | None:
    """Give rows of which one breaks a rule and no other, with the rule that each breaks; None where none are found."""
    rule = rules[number]
    claims = [each.claim for each in rules]
    (judged,), (rests_on,) = trial.judged([rule.claim]), trial.rests_on([rule.claim])
    applied = sorted((each for each in judged if each.holds), key=lambda each: len(rests_on[each.row]))
    for each in applied[:_MOST_ROWS_TRIED]:
        needed = sorted(rests_on[each.row])
        block = [_only(layout, rows[at], rule) for at in needed]
        for changes in _changed(layout, block, rule, needed.index(each.row)):
            for changed, tried in zip(changes, Trial.each(layout, changes), strict=True):
                if not any(one.is_broken for one in tried.judged([rule.claim])[0]):
                    continue  # before all others are judged, which takes longer
                verdicts = tried.judged(claims)
                broken = [(at, one.row, one.is_broken) for at, of in enumerate(verdicts) for one in of if one.holds is False]
                if len(broken) == 1 and broken[0][0] == number and broken[0][2]:
                    return changed, [rule.rule_id if at == broken[0][1] else "" for at in range(len(changed))]
    return None


def _only(layout: TableLayout, row: Row, rule: Candidate) -> dict[str, str | None]:
    """Give a row with the figures that a rule speaks of, and those that no row may lack."""
    kept = {cell.column for cell in rule.claim.cells()} | {each.name for each in layout.figures if not each.is_optional}
    dropped = {each.name for each in layout.figures} - kept
    return {name: None if name in dropped else text for name, text in row.items()}


def _changed(layout: TableLayout, block: Rows, rule: Candidate, own: int) -> Iterator[list[Rows]]:
    """Give for one figure after another the rows with it changed, in one way after another."""
    kinds = {each.name: KINDS[each.kind] for each in layout.figures}
    for cell in sorted(rule.claim.cells(), key=lambda one: one != Cell(one.column)):
        order = sorted(range(len(block)), key=lambda at: (at == own) != cell.is_own)
        most = kinds[cell.column].maximum
        for at in order:
            text = block[at][cell.column] or ""
            texts = [changed for step in _STEPS if (changed := _altered(text, step)) != text]
            texts = [changed for changed in texts if most is None or _size(changed) <= most]
            if texts:
                yield [[*block[:at], block[at] | {cell.column: changed}, *block[at + 1 :]] for changed in texts]


def _altered(text: str, factor: Decimal) -> str:
    """Give a printed figure with its number multiplied, printed with as many decimals."""
    match = _NUMBER.search(text)
    if match is None:
        return text
    number = Decimal(match[0].replace(",", ""))
    changed = (number * factor).quantize(Decimal(1).scaleb(number.as_tuple().exponent))  # type: ignore[arg-type]
    return f"{text[: match.start()]}{changed:f}{text[match.end() :]}"


def _size(text: str) -> Decimal:
    match = _NUMBER.search(text)
    return Decimal(match[0].replace(",", "")) if match else Decimal(0)


def _mart(layout: TableLayout, given: Rows, is_kept: Sequence[bool], names: Sequence[str]) -> list[list[str]]:
    """Give the mart of the rows that are kept, in base units."""
    figures = {each.name for each in layout.figures}
    read: Sequence[Mapping[str, object]] = Trial(layout, given).parsed.rows
    found = [list(names)]
    for row, values, kept in zip(given, read, is_kept, strict=True):
        if kept:
            found.append([_printed(values[name]) if name in figures else row[name] or "" for name in names])
    return found


def _printed(value: object) -> str:
    return "" if value is None else f"{value:.15g}"
