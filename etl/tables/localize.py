"""Localize errors: find the cell whose change repairs most and breaks nothing.

For each figure that a broken constraint rests on, the slips that people make are undone one by one; the texts are read by the
figure grammar, and the constraints that the cell takes part in say whether they hold of it. A cell that no slip explains may
still be the only one that some value would repair.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from etl.figures.read_texts import read_texts
from etl.figures.transcription_errors import KINDS, slips
from etl.figures.words import PACKAGE_NOTATION
from etl.findings import Finding, Suspicion, Text
from etl.tables.parse import ParsedTable
from etl.tables.what_if import Instance, WhatIf
from schemas.binding import CellRef
from schemas.builtin_rules import FIGURE_IS_CITED
from schemas.evaluation import Evaluation
from schemas.intervals import OPEN, closed
from schemas.models import Column, figures, is_in_range

MOST_SUSPECTS = 3
MOST_EXAMINED = 200
"""Of each rule of a table: so many findings get suspects, the first ones."""
MOST_READINGS = 300_000
"""So many figures are read again to try slips; a figure that is printed a thousand times has a thousand constraints."""


def with_suspects(findings: list[Finding], tables: Mapping[str, ParsedTable], evaluation: Evaluation) -> list[Finding]:
    """Add the suspect cells to findings of constraints about figures.

    What was accepted, and what is information only, is left as it is.
    """
    asked = _first_of_each_rule(findings)
    if not asked:
        return findings
    what_if = WhatIf(evaluation)
    broken = [each for each in asked if each in what_if]
    if not broken:
        return findings
    suspects = Investigation(tables, what_if).suspects(broken)
    uncited = {CellRef(f.table, f.row, f.column) for f in findings if f.rule == FIGURE_IS_CITED.id and f.row is not None}
    named: dict[Instance, tuple[Suspicion, ...]] = {}
    for instance in broken:
        # A cell that differs from its document is the first to look at, whatever else would repair the constraint.
        ordered = sorted(suspects.get(instance, ()), key=lambda suspect: suspect.ref not in uncited)
        named[instance] = tuple(_suspicion(each, tables) for each in ordered)
    return [_suspecting(each, named) for each in findings]


def _suspecting(finding: Finding, named: Mapping[Instance, tuple[Suspicion, ...]]) -> Finding:
    found = None if finding.row is None else named.get(Instance(finding.table, finding.rule, finding.row))
    return finding if found is None else finding.suspecting(found)


def _first_of_each_rule(findings: Iterable[Finding]) -> list[Instance]:
    """List what the first findings of each rule are about: where many break it, no single slip is the reason."""
    found: dict[tuple[str, str], dict[Instance, None]] = {}
    for each in findings:
        if each.row is None or each.waiver or each.severity == "information":
            continue
        of_rule = found.setdefault((each.table, each.rule), {})
        if len(of_rule) < MOST_EXAMINED:
            of_rule[Instance(each.table, each.rule, each.row)] = None
    return [instance for of_rule in found.values() for instance in of_rule]


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


class Repair(NamedTuple):
    """A text that a cell may have meant to print, and the slip that it undoes."""

    ref: CellRef
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """A cell that may be wrong.

    Attributes:
        ref: the cell.
        kind: the kind of slip that explains it; empty where only some other value would repair the constraints.
        text: what it should print if it is that slip; empty without one.
        repairs: number of broken constraints that would hold.
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
    """Search for suspect cells over the constraints of a project."""

    def __init__(self, tables: Mapping[str, ParsedTable], what_if: WhatIf) -> None:
        self._tables = tables
        self._notation = next((table.raw.entry.catalogue.notation for table in tables.values()), PACKAGE_NOTATION)
        self._what_if = what_if

    def suspects(self, broken: Iterable[Instance]) -> dict[Instance, list[Suspect]]:
        """Return the suspect cells of each broken constraint, most probable first."""
        cells = self._within_reach(broken)
        refs = list(dict.fromkeys(ref for each in cells.values() for ref in each))
        explained: dict[CellRef, list[Suspect]] = {ref: [] for ref in refs}
        for candidate, repairs in self._effective(self._repairs(refs)):
            explained[candidate.ref].append(Suspect(candidate.ref, candidate.kind, candidate.text, repairs))
        for ref in refs:
            if not explained[ref] and (suspect := self._by_any_value(ref)):
                explained[ref].append(suspect)
        return {instance: self._ranked([s for ref in each for s in explained[ref]]) for instance, each in cells.items()}

    def _within_reach(self, broken: Iterable[Instance]) -> dict[Instance, list[CellRef]]:
        """List the cells of the first constraints, up to as many readings as can be tried; the others get no suspect."""
        found: dict[Instance, list[CellRef]] = {}
        counted: set[CellRef] = set()
        number = 0
        for instance in broken:
            cells = self._what_if.cells(instance)
            for ref in cells:
                if number <= MOST_READINGS and ref not in counted:
                    counted.add(ref)
                    number += len(cells) * len(self._what_if.of_cell(ref))
            if number > MOST_READINGS:
                break
            found[instance] = cells
        return found

    def _repairs(self, refs: Iterable[CellRef]) -> list[Repair]:
        found = []
        for ref in refs:
            table = self._tables[ref.table]
            lists = table.raw.entry.catalogue.lists
            text = table.raw.cells[ref.column][ref.row] or ""
            found += [Repair(ref, slip.kind, slip.text) for slip in slips(text, _column(table, ref.column).dtype.kind, lists)]
            found += [Repair(ref, kind, other) for kind, other in neighbours(table, ref) if other != text]
        return found

    def _effective(self, candidates: list[Repair]) -> Iterator[tuple[Repair, int]]:
        """Yield repairs that mend constraints and break none, with the number mended."""
        declared = [_column(self._tables[each.ref.table], each.ref.column) for each in candidates]
        read = read_texts(((each.text, column) for each, column in zip(candidates, declared, strict=True)), self._notation)
        possible = [
            (candidate, reading)
            for candidate, column, (reading, problem) in zip(candidates, declared, read, strict=True)
            if problem is None and is_in_range(column, reading.value)
        ]
        changed = self._what_if.changed([{candidate.ref: reading} for candidate, reading in possible])
        for (candidate, _), after in zip(possible, changed, strict=True):
            verdicts = [(self._what_if.verdict(instance), holds) for instance, holds in after.items()]
            repairs = sum(before is False and holds is True for before, holds in verdicts)
            if repairs and not any(before is True and holds is not True for before, holds in verdicts):
                yield candidate, repairs

    def _by_any_value(self, ref: CellRef) -> Suspect | None:
        """Return a cell as a suspect if some value satisfies all its constraints."""
        low, high, repairs = -OPEN, OPEN, 0
        for instance in self._what_if.of_cell(ref):
            verdict = self._what_if.verdict(instance)
            if verdict is None:
                continue
            expected = self._what_if.expected(instance, ref)
            if expected is None:
                if verdict is False:
                    return None
                continue
            low, high = max(low, float(expected.low)), min(high, float(expected.high))
            repairs += verdict is False
        if not repairs or low > high or (low == -OPEN and high == OPEN):
            return None
        return Suspect(ref, "", "", repairs, closed(low), closed(high))

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


def neighbours(table: ParsedTable, ref: CellRef) -> list[tuple[str, str]]:
    """List the texts beside a cell, in its row and column, with the kind of slip."""
    cells = table.raw.cells
    names = [column.name for column in figures(table.raw.entry.model) if column.name in cells]
    position = names.index(ref.column)
    beside = [names[each] for each in (position - 1, position + 1) if 0 <= each < len(names)]
    found = [("neighbour", cells[name][ref.row]) for name in beside]
    texts = cells[ref.column]
    found += [("another-period", texts[row]) for row in (ref.row - 1, ref.row + 1) if 0 <= row < len(texts)]
    return [(kind, text) for kind, text in found if text]


def _column(table: ParsedTable, name: str) -> Column:
    return next(column for column in figures(table.raw.entry.model) if column.name == name)
