"""How often is the wrong cell named first? Seeded slips in figures that arithmetic binds, one at a time.

Run it by hand: `python tests/benchmarks/suspects.py [SLIPS] [SEED]`. It prints, for the findings where the relations
determine the cell (it alone could repair all that broke), and for all findings, how often it was named first.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import polars as pl

from etl.catalogue import entries
from etl.figures.grammar import read_figures
from etl.figures.slips import KINDS, slips
from etl.gate.check import parsed_tables
from etl.project import Project
from etl.tables.instances import BLANK, CellRef, Instance, Reading, by_cell, instances, readings
from etl.tables.parse import ParsedTable
from etl.tables.suspects import Investigation, neighbours
from schemas.vocabulary import figures


class Trial(NamedTuple):
    """One slip: its kind, what was broken, and whether the cell is determined and named first."""

    kind: str
    broken: int
    is_determined: bool
    is_first: bool


def trials(tables: Mapping[str, ParsedTable], number: int, seed: int) -> Iterator[Trial]:
    """Give the trials of so many slips that break a claim, drawn by the seed."""
    chance = random.Random(seed)
    read, claims = readings(tables), by_cell(instances(tables))
    speaking = [
        ref
        for ref, group in sorted(claims.items())
        if ref in read and any(each.verdict(lambda other: read.get(other, BLANK)) is not None for each in group)
    ]
    broken_before = {id(each) for each in Investigation(tables, read, claims).broken()}
    found = 0
    while found < number:
        ref = chance.choice(speaking)
        kind, text = chance.choice(list(_slips(tables[ref.table], ref)))
        slipped = _with_text(tables[ref.table], ref, text)
        if slipped is None:
            continue
        table, reading = slipped
        investigation = Investigation({**tables, ref.table: table}, {**read, ref: reading}, claims)
        broken = [each for each in investigation.broken() if id(each) not in broken_before]
        if broken:
            found += 1
            yield _trial(investigation, broken, ref, kind)


def _slips(table: ParsedTable, ref: CellRef) -> Iterator[tuple[str, str]]:
    (column,) = (each for each in figures(table.raw.entry.model) if each.name == ref.column)
    text = table.raw.cells[ref.column][ref.row] or ""
    yield from ((slip.kind, slip.text) for slip in slips(text, column.dtype.kind))
    yield from ((kind, other) for kind, other in neighbours(table, ref) if other != text)


def _trial(investigation: Investigation, broken: list[Instance], ref: CellRef, kind: str) -> Trial:
    """Give whether the relations determine the cell of a slip, and whether it is named first in all that broke."""
    suspects = investigation.suspects(broken)
    able = {each.ref for ranked in suspects.values() for each in ranked if each.repairs == len(broken)}
    first = [ranked[0].ref for ranked in suspects.values() if ranked]
    return Trial(kind, len(broken), able == {ref}, bool(first) and set(first) == {ref})


def _with_text(table: ParsedTable, ref: CellRef, text: str) -> tuple[ParsedTable, Reading] | None:
    """Give the table with another text in a cell, and what it says there; None where it cannot be read."""
    (column,) = (each for each in figures(table.raw.entry.model) if each.name == ref.column)
    cell = {"published": [text], "kind": [column.dtype.kind], "declared_unit": [column.meaning.unit]}
    value, low, high, problem = read_figures(pl.LazyFrame(cell)).select("value", "low", "high", "problem").collect().row(0)
    if problem is not None:
        return None
    cells = {name: [*texts] for name, texts in table.raw.cells.items()}
    cells[ref.column][ref.row] = text
    return replace(table, raw=replace(table.raw, cells=cells)), Reading(value, low, high)


def main(number: int = 200, seed: int = 1) -> None:
    """Print the rates of so many slips."""
    tables = parsed_tables(Project(Path(__file__).parents[2]), entries())
    tried = list(trials(tables, number, seed))
    determined = [each for each in tried if each.is_determined]
    print(f"{len(tried)} slips; {Counter(each.kind for each in tried).most_common()}")
    for name, group in (("determined", determined), ("all", tried)):
        first = sum(each.is_first for each in group)
        print(f"{name}: {first} of {len(group)} named first ({100 * first / max(1, len(group)):.0f} %)")
    assert set(KINDS) >= {each.kind for each in tried}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
