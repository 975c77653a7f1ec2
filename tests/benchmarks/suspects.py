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

import numpy as np

from etl.catalogue import PACKAGE
from etl.figures.read_texts import read_texts
from etl.figures.transcription_errors import KINDS, slips
from etl.figures.words import PACKAGE_NOTATION
from etl.gate.check import parsed_tables
from etl.project import Project
from etl.tables.evaluate import evaluation_of
from etl.tables.localize import Investigation, neighbours
from etl.tables.parse import ParsedTable
from etl.tables.what_if import Instance, WhatIf
from schemas.binding import CellRef
from schemas.code_lists import PACKAGE_LISTS
from schemas.models import figures


class MutationRun(NamedTuple):
    """One slip: its kind, what was broken, and whether the cell is determined and named first."""

    kind: str
    broken: int
    is_determined: bool
    is_first: bool


def trials(tables: Mapping[str, ParsedTable], number: int, seed: int) -> Iterator[MutationRun]:
    """Return the trials of so many slips that break a constraint, drawn by the seed."""
    chance = random.Random(seed)
    evaluation = evaluation_of(tables)
    what_if = WhatIf(evaluation)
    speaking = sorted({ref for instance in what_if.known() for ref in what_if.cells(instance)})
    broken_before = set(what_if.broken())
    found = 0
    while found < number:
        ref = chance.choice(speaking)
        kind, text = chance.choice(list(_slips(tables[ref.table], ref)))
        table = _with_text(tables[ref.table], ref, text)
        if table is None:
            continue
        changed = WhatIf(evaluation.replacing(table.figure_table))
        broken = [each for each in changed.broken() if each not in broken_before]
        if broken:
            found += 1
            yield _trial(Investigation({**tables, ref.table: table}, changed), broken, ref, kind)


def _slips(table: ParsedTable, ref: CellRef) -> Iterator[tuple[str, str]]:
    (column,) = (each for each in figures(table.raw.entry.model) if each.name == ref.column)
    text = table.raw.cells[ref.column][ref.row] or ""
    yield from ((slip.kind, slip.text) for slip in slips(text, column.dtype.kind, PACKAGE_LISTS))
    yield from ((kind, other) for kind, other in neighbours(table, ref) if other != text)


def _trial(investigation: Investigation, broken: list[Instance], ref: CellRef, kind: str) -> MutationRun:
    """Yield whether the relations determine the cell of a slip, and whether it is named first in all that broke."""
    suspects = investigation.suspects(broken)
    able = {each.ref for ranked in suspects.values() for each in ranked if each.repairs == len(broken)}
    first = [ranked[0].ref for ranked in suspects.values() if ranked]
    return MutationRun(kind, len(broken), able == {ref}, bool(first) and set(first) == {ref})


def _with_text(table: ParsedTable, ref: CellRef, text: str) -> ParsedTable | None:
    """Return the table with another text in a cell; None where it cannot be read."""
    (column,) = (each for each in figures(table.raw.entry.model) if each.name == ref.column)
    ((reading, problem),) = read_texts([(text, column)], PACKAGE_NOTATION)
    if problem is not None:
        return None
    cells = {name: [*texts] for name, texts in table.raw.cells.items()}
    cells[ref.column][ref.row] = text
    changed = table.figures[ref.column].at(np.arange(table.raw.height))
    changed.put(ref.row, reading)
    return replace(table, raw=replace(table.raw, cells=cells), figures={**table.figures, ref.column: changed})


def main(number: int = 200, seed: int = 1) -> None:
    """Print the rates of so many slips."""
    tables = parsed_tables(Project(Path(__file__).parents[2]), PACKAGE.entries())
    tried = list(trials(tables, number, seed))
    determined = [each for each in tried if each.is_determined]
    print(f"{len(tried)} slips; {Counter(each.kind for each in tried).most_common()}")
    for name, group in (("determined", determined), ("all", tried)):
        first = sum(each.is_first for each in group)
        print(f"{name}: {first} of {len(group)} named first ({100 * first / max(1, len(group)):.0f} %)")
    assert set(KINDS) >= {each.kind for each in tried}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
