"""Which cell is most probably wrong: the one whose change repairs the most broken claims and breaks none.

For each figure that a broken claim rests on, the slips that people make are undone one by one; the texts are read by the
figure grammar, and the claims that the cell takes part in say whether they hold of it. A cell that no slip explains may
still be the only one that some value would repair.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from etl.figures.grammar import read_figures
from etl.figures.slips import KINDS, slips
from etl.findings import Finding, Suspicion, Text
from etl.tables.instances import BLANK, CellRef, Instance, Reading, by_cell, instances, readings
from etl.tables.parse import ParsedTable
from schemas.standing import FIGURE_IS_CITED
from schemas.vocabulary import Column, figures

MOST_SUSPECTS = 3


def with_suspects(findings: list[Finding], tables: Mapping[str, ParsedTable]) -> list[Finding]:
    """Give the findings, those of claims about figures with the cells that are probably wrong.

    What was accepted, and what is information only, is left as it is.
    """
    asked = {(each.table, each.rule, each.row) for each in findings if not each.waiver and each.severity != "information"}
    if not asked:
        return findings
    every = instances(tables)
    broken = {name: each for each in every if (name := (each.table, each.rule.id, each.row)) in asked}
    if not broken:
        return findings
    investigation = Investigation(tables, readings(tables), by_cell(every))
    suspects = investigation.suspects(broken.values())
    uncited = {CellRef(f.table, f.row, f.column) for f in findings if f.rule == FIGURE_IS_CITED.id and f.row is not None}
    named: dict[tuple[str, str, int | None], tuple[Suspicion, ...]] = {}
    for name, instance in broken.items():
        # A cell that differs from its document is the first to look at, whatever else would repair the claim.
        ordered = sorted(suspects[id(instance)], key=lambda suspect: suspect.ref not in uncited)
        named[name] = tuple(_suspicion(each, tables) for each in ordered)
    return [each.suspecting(named.get((each.table, each.rule, each.row), ())) for each in findings]


def _suspicion(suspect: Suspect, tables: Mapping[str, ParsedTable]) -> Suspicion:
    ref, raw = suspect.ref, tables[suspect.ref.table].raw
    published = raw.cells[ref.column][ref.row] or ""
    slip = KINDS.get(suspect.kind, Text("another value", "其他数值"))
    place = raw.place(ref.row, ref.column)
    return Suspicion(
        f"{ref.table}.{ref.column}",
        place,
        published,
        suspect.kind,
        slip,
        suspect.text,
        suspect.low,
        suspect.high,
        suspect.repairs,
    )


class Candidate(NamedTuple):
    """A text that a cell may have been meant to print, and the kind of slip that it would undo."""

    ref: CellRef
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """A cell that may be wrong.

    Attributes:
        ref: the cell.
        kind: the kind of slip that explains it; empty where only some other value would repair the claims.
        text: what it should print if it is that slip; empty where there is none.
        repairs: number of broken claims that would hold.
        low: least value that would repair them, where that can be said.
        high: greatest such value.
    """

    ref: CellRef
    kind: str
    text: str
    repairs: int
    low: float | None = None
    high: float | None = None


class Investigation:
    """The claims of a project and what they say, to be asked of one broken claim after another."""

    def __init__(
        self, tables: Mapping[str, ParsedTable], readings: Mapping[CellRef, Reading], by_cell: Mapping[CellRef, list[Instance]]
    ) -> None:
        self._tables = tables
        self._readings = readings
        self._by_cell = by_cell
        every = {id(each): each for group in by_cell.values() for each in group}
        self._verdicts = {name: each.verdict(self._read) for name, each in every.items()}

    def _read(self, ref: CellRef) -> Reading:
        return self._readings.get(ref, BLANK)

    def broken(self) -> list[Instance]:
        """Give the claims that are broken."""
        every = {id(each): each for group in self._by_cell.values() for each in group}
        return [every[name] for name, verdict in self._verdicts.items() if verdict is False]

    def suspects(self, broken: Iterable[Instance]) -> dict[int, list[Suspect]]:
        """Give, for each broken claim (by its `id`), the cells that may be wrong, the most probable first."""
        broken = list(broken)
        refs = list(dict.fromkeys(ref for instance in broken for ref in instance.cells() if self._read(ref).value is not None))
        explained: dict[CellRef, list[Suspect]] = {ref: [] for ref in refs}
        for candidate, reading in _read_candidates(self._candidates(refs), self._tables):
            if not _is_in_range(reading, _column(self._tables[candidate.ref.table], candidate.ref.column)):
                continue
            repairs = self._repairs(candidate.ref, reading)
            if repairs:
                explained[candidate.ref].append(Suspect(candidate.ref, candidate.kind, candidate.text, repairs))
        for ref in refs:
            if not explained[ref] and (suspect := self._by_any_value(ref)):
                explained[ref].append(suspect)
        return {
            id(each): self._ranked([s for ref in dict.fromkeys(each.cells()) for s in explained.get(ref, ())]) for each in broken
        }

    def _candidates(self, refs: Iterable[CellRef]) -> list[Candidate]:
        found = []
        for ref in refs:
            table = self._tables[ref.table]
            text = table.raw.cells[ref.column][ref.row] or ""
            found += [Candidate(ref, slip.kind, slip.text) for slip in slips(text, _column(table, ref.column).dtype.kind)]
            found += [Candidate(ref, kind, other) for kind, other in neighbours(table, ref) if other != text]
        return found

    def _repairs(self, ref: CellRef, reading: Reading) -> int:
        """Give how many broken claims hold with another reading of a cell; 0 where that breaks a claim that held."""

        def read(other: CellRef) -> Reading:
            return reading if other == ref else self._read(other)

        repaired = 0
        for instance in self._by_cell[ref]:
            before, after = self._verdicts[id(instance)], instance.verdict(read)
            if before is True and after is not True:
                return 0
            repaired += before is False and after is True
        return repaired

    def _by_any_value(self, ref: CellRef) -> Suspect | None:
        """Give the cell as a suspect where one value satisfies all its claims, broken and kept."""
        lows: list[float] = []
        highs: list[float] = []
        repairs = 0
        for instance in self._by_cell[ref]:
            verdict = self._verdicts[id(instance)]
            if verdict is None:
                continue
            expected = instance.expected(ref, self._read)
            if expected is None or not _is_known(expected.low, lows) or not _is_known(expected.high, highs):
                if verdict is False:
                    return None
                continue
            repairs += verdict is False
        low, high = max(lows, default=None), min(highs, default=None)
        if not repairs or (low is None and high is None) or (low is not None and high is not None and low > high):
            return None
        return Suspect(ref, "", "", repairs, low, high)

    def _ranked(self, suspects: list[Suspect]) -> list[Suspect]:
        order = {kind: position for position, kind in enumerate(_PLAUSIBLE)}
        best: dict[CellRef, Suspect] = {}
        for suspect in sorted(suspects, key=lambda s: (-s.repairs, not s.kind, order.get(s.kind, len(order)))):
            best.setdefault(suspect.ref, suspect)
        return list(best.values())[:MOST_SUSPECTS]


# The most common slips first, for the order of suspects that repair as much.
_PLAUSIBLE = (
    "digits-swapped",
    "last-digit",
    "decimal-point",
    "magnitude",
    "exchanged",
    "neighbour",
    "another-period",
    "complement",
    "sign",
    "hedge",
    "unit",
)


def _is_known(bound: object, into: list[float]) -> bool:
    """Collect a bound that is a number; an open bound is known too, an expression is not."""
    if isinstance(bound, float | int):
        into.append(bound)
    return bound is None or isinstance(bound, float | int)


def neighbours(table: ParsedTable, ref: CellRef) -> list[tuple[str, str]]:
    """Give the texts that stand beside a cell, with the kind of slip that copies them: same row, same column."""
    cells = table.raw.cells
    names = [column.name for column in figures(table.raw.entry.model) if column.name in cells]
    position = names.index(ref.column)
    beside = [names[each] for each in (position - 1, position + 1) if 0 <= each < len(names)]
    found = [("neighbour", cells[name][ref.row]) for name in beside]
    found += [("another-period", text) for row, text in enumerate(cells[ref.column]) if abs(row - ref.row) == 1]
    return [(kind, text) for kind, text in found if text]


def _is_in_range(reading: Reading, column: Column) -> bool:
    least, most = column.dtype.minimum, column.dtype.maximum
    return reading.value is not None and reading.value >= least and (most is None or reading.value <= most)


def _column(table: ParsedTable, name: str) -> Column:
    return next(column for column in figures(table.raw.entry.model) if column.name == name)


def _read_candidates(candidates: list[Candidate], tables: Mapping[str, ParsedTable]) -> Iterable[tuple[Candidate, Reading]]:
    """Give the candidates that can be read in their columns, with their readings."""
    if not candidates:
        return
    declared = [_column(tables[candidate.ref.table], candidate.ref.column) for candidate in candidates]
    cells = pl.LazyFrame(
        {
            "published": [candidate.text for candidate in candidates],
            "kind": [column.dtype.kind for column in declared],
            "declared_unit": [column.meaning.unit for column in declared],
        }
    )
    read = read_figures(cells).select("value", "low", "high", "problem").collect()
    for candidate, (value, low, high, problem) in zip(candidates, read.iter_rows(), strict=True):
        if problem is None and value is not None:
            yield candidate, Reading(value, low, high)
