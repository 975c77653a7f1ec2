"""Examples of a proposed table: rows that keep its rules, and rows that break one.

They are made of the rows that were handed in, moved to other areas and years, with all quantities multiplied where the rules
still hold then. A rule for which no breaking row is found is not proposed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from etl.scaffold.candidates import Candidate
from etl.scaffold.columns import KINDS
from etl.scaffold.dry_run import DryRun, Row
from etl.scaffold.layout import TableLayout
from etl.scaffold.period_parsing import moved
from schemas.constraints import Cell

SOURCE, SECTION, YEARS_APART = "example-a", "1", 10
_FACTORS = (3, 7, 2, 1)
_STEPS = tuple(map(Decimal, ("1.25", "0.8", "2", "0.5", "4", "0.1", "1.02", "0.98")))
_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
_MOST_ROWS_TRIED = 3
Rows = list[dict[str, str | None]]


@dataclass(frozen=True)
class Examples:
    """Examples of a table.

    Attributes:
        given: the cells of its raw rows, the header first, `breaks` last.
        expected: the cells of the mart of those that are kept, the header first.
        without: the rules for which no breaking row was found.
    """

    given: list[list[str]]
    expected: list[list[str]]
    without: tuple[Candidate, ...]


@dataclass
class _Places:
    """The areas and years that the next set of rows may be moved to."""

    parents: Mapping[str, str | None]
    rounds: int = 0
    free: list[str] = field(default_factory=list)

    def move(self, rows: Sequence[Row]) -> Rows:
        """Move rows to areas and years where no other rows are."""
        areas = list(dict.fromkeys(str(row["area"]) for row in rows))
        parents = self.parents
        to = dict(zip(areas, areas, strict=True))
        if {parents.get(area) for area in areas} & {*areas}:
            self.rounds, self.free = self.rounds + 1, []
        else:
            if len(self.free) < len(areas):
                inside = [code for code, parent in parents.items() if parent and code not in areas]
                self.free = inside if len(inside) >= len(areas) else [*inside, *(each for each in parents if each not in inside)]
                self.rounds += 1
            to = dict(zip(areas, self.free, strict=False))
            self.free = self.free[len(areas) :]
        years = -YEARS_APART * (1 + self.rounds)
        return [{**row, "area": to[str(row["area"])], "period": moved(str(row["period"]), years)} for row in rows]


def examples(layout: TableLayout, rules: Sequence[Candidate]) -> Examples:
    """Make the examples of a table with these rules."""
    rows, dry_run = _multiplied(layout, rules)
    places = _Places(layout.catalogue.parents)
    given = places.move([rows[at] for at in _keeping(layout, rules, dry_run)])
    breaks = [""] * len(given)
    without = []
    for number, rule in enumerate(rules):
        found = _breaking(layout, rules, number, dry_run, rows)
        if found is None:
            without.append(rule)
        else:
            given += places.move(found[0])
            breaks += found[1]
    names = list(rows[0])
    texts = [[*(row[name] or "" for name in names), rule] for row, rule in zip(given, breaks, strict=True)]
    severities = {rule.rule_id: rule.severity for rule in rules}
    kept = [at for at, rule in enumerate(breaks) if severities.get(rule, "") != "error"]
    figures = {each.name for each in layout.figures}
    read = DryRun.of(layout, given).rows
    mart = [[_printed(read[at][name]) if name in figures else given[at][name] or "" for name in names] for at in kept]
    return Examples([[*names, "breaks"], *texts], [names, *mart], tuple(without))


def _multiplied(layout: TableLayout, rules: Sequence[Candidate]) -> tuple[Rows, DryRun]:
    """Multiply all quantities by the first factor that keeps the rules true."""
    constraints = [rule.constraint for rule in rules]
    levels = {each.name for each in layout.figures if each.is_level}
    for factor in map(Decimal, _FACTORS):
        rows = layout.rows(SOURCE, SECTION)
        for row in rows:
            row |= {name: _altered(text, factor) for name in levels if (text := row[name])}
        dry_run = DryRun.of(layout, rows)
        if factor == 1 or all(each.holds is not False for judged in dry_run.judged(constraints) for each in judged):
            return rows, dry_run
    raise AssertionError("the last factor is one")


def _keeping(layout: TableLayout, rules: Sequence[Candidate], dry_run: DryRun) -> list[int]:
    """Choose rows that apply and keep every rule, and fill every column."""
    constraints = [rule.constraint for rule in rules]
    chosen: set[int] = set()
    for judged, rests_on in zip(dry_run.judged(constraints), dry_run.rests_on(constraints) if constraints else (), strict=True):
        needed = [rests_on[each.row] for each in judged if each.holds]
        if needed and not any(each <= chosen for each in needed):
            chosen |= min(needed, key=lambda each: len(each - chosen))
    for column in layout.figures:
        if not any(column.cells[number] for number in chosen):
            chosen.add(next(number for number, cell in enumerate(column.cells) if cell))
    return sorted(chosen)


def _breaking(
    layout: TableLayout, rules: Sequence[Candidate], number: int, dry_run: DryRun, rows: Rows
) -> tuple[Rows, list[str]] | None:
    """Find rows of which one breaks this rule and no other rule; None if none do."""
    rule, constraints = rules[number], [each.constraint for each in rules]
    (judged,), (rests_on,) = dry_run.judged([rule.constraint]), dry_run.rests_on([rule.constraint])
    applied = sorted((each for each in judged if each.holds), key=lambda each: len(rests_on[each.row]))
    for each in applied[:_MOST_ROWS_TRIED]:
        needed = sorted(rests_on[each.row])
        block = [_only(layout, rows[at], rule) for at in needed]
        for changes in _changed(block, rule, needed.index(each.row), {each.name: each.kind for each in layout.figures}):
            for changed, tried in zip(changes, DryRun.each(layout, changes), strict=True):
                if not any(one.is_broken for one in tried.judged([rule.constraint])[0]):
                    continue  # before all others are judged, which takes longer
                verdicts = tried.judged(constraints)
                broken = [(at, one.row, one.is_broken) for at, of in enumerate(verdicts) for one in of if one.holds is False]
                if len(broken) == 1 and broken[0][0] == number and broken[0][2]:
                    return changed, [rule.rule_id if at == broken[0][1] else "" for at in range(len(changed))]
    return None


def _only(layout: TableLayout, row: Row, rule: Candidate) -> dict[str, str | None]:
    """Blank the figures that a rule does not read and that a row may lack."""
    kept = {cell.column for cell in rule.constraint.cells()} | {each.name for each in layout.figures if not each.is_optional}
    dropped = {each.name for each in layout.figures} - kept
    return {name: None if name in dropped else text for name, text in row.items()}


def _changed(block: Rows, rule: Candidate, own: int, kinds: dict[str, str]) -> Iterator[list[Rows]]:
    """Yield, for each figure that a rule reads, copies of the rows that change it."""
    for cell in sorted(rule.constraint.cells(), key=lambda one: one != Cell(one.column)):
        most = KINDS[kinds[cell.column]].maximum
        for at in sorted(range(len(block)), key=lambda at: (at == own) != cell.is_own):
            text = block[at][cell.column] or ""
            texts = [changed for step in _STEPS if (changed := _altered(text, step)) != text]
            texts = [changed for changed in texts if most is None or _number(changed) <= most]
            if texts:
                yield [[*block[:at], block[at] | {cell.column: changed}, *block[at + 1 :]] for changed in texts]


def _altered(text: str, factor: Decimal) -> str:
    """Multiply the number of a printed figure, and print it with as many decimals."""
    match = _NUMBER.search(text)
    if match is None:
        return text
    number = _number(text)
    changed = (number * factor).quantize(Decimal(1).scaleb(number.as_tuple().exponent))  # type: ignore[arg-type]
    return f"{text[: match.start()]}{changed:f}{text[match.end() :]}"


def _number(text: str) -> Decimal:
    match = _NUMBER.search(text)
    return Decimal(match[0].replace(",", "")) if match else Decimal(0)


def _printed(value: object) -> str:
    return "" if value is None else f"{value:.15g}"
