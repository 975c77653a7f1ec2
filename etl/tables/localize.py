"""Localize errors: find the cell whose change repairs most and breaks nothing.

For each figure that a broken constraint rests on, the slips that people make are undone one by one; the texts are read by the
figure grammar, and the constraints that the cell takes part in say whether they hold of it. A cell that no slip explains may
still be the only one that some value would repair.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from etl.figures.read_texts import read_texts
from etl.figures.transcription_errors import KINDS, slips
from etl.figures.words import PACKAGE_NOTATION
from etl.findings import Finding, Suspicion
from etl.tables.evidence import Evidence
from etl.tables.parse import ParsedTable
from etl.tables.what_if import Instance, WhatIf
from schemas.binding import CellRef
from schemas.builtin_rules import FIGURE_IS_CITED
from schemas.evaluation import Evaluation
from schemas.figure_table import Reading
from schemas.intervals import OPEN, closed
from schemas.models import Column, figures, is_in_range
from schemas.texts import Text

MOST_SUSPECTS = 3
MOST_EXAMINED = 200
"""Of each rule of a table: so many findings get suspects, the first ones."""
MOST_ROWS_OF_A_FIGURE = 500
"""Of the constraints of one rule that a figure takes part in, so many are examined; each row of a repeated key has them all."""
MOST_READINGS = 300_000
"""So many figures are read again to try slips; a figure that is printed a thousand times has a thousand constraints."""


def with_suspects(findings: list[Finding], tables: Mapping[str, ParsedTable], evaluation: Evaluation) -> list[Finding]:
    """Add the suspect cells to findings of constraints about figures.

    What was accepted, and what is information only, is left as it is.
    """
    asked = _first_of_each_rule(findings)
    if not asked:
        return findings
    what_if = WhatIf(evaluation, MOST_ROWS_OF_A_FIGURE)
    broken = [each for each in asked if each in what_if]
    if not broken:
        return findings
    suspects = Investigation(tables, what_if, _by_documents(findings)).suspects(broken)
    named = {instance: tuple(_suspicion(each, tables) for each in suspects.get(instance, ())) for instance in broken}
    return [_suspecting(each, named) for each in findings]


def _suspecting(finding: Finding, named: Mapping[Instance, tuple[Suspicion, ...]]) -> Finding:
    found = None if finding.row is None else named.get(Instance(finding.table, finding.rule, finding.row))
    return finding if found is None else finding.suspecting(found)


def _by_documents(findings: Iterable[Finding]) -> dict[CellRef, str]:
    """Return the cells that are not confirmed, with what their documents print there; empty where that is not known."""
    return {
        CellRef(each.table, each.row, each.column): each.witnesses[0].published if each.witnesses else ""
        for each in findings
        if each.rule == FIGURE_IS_CITED.id and each.row is not None
    }


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


class Explained(NamedTuple):
    """A repair that mends constraints and breaks none.

    Attributes:
        repair: the repair.
        reading: what the cell says then.
        repaired: the constraints that hold then.
        is_usual_then: whether the cell is far from that of another year, and is not then.
    """

    repair: Repair
    reading: Reading
    repaired: tuple[Instance, ...]
    is_usual_then: bool

    @property
    def weight(self) -> int:
        """How much is mended."""
        return len(self.repaired) + self.is_usual_then


class Investigation:
    """Search for suspect cells over the constraints of a project."""

    def __init__(
        self, tables: Mapping[str, ParsedTable], what_if: WhatIf, unconfirmed: Mapping[CellRef, str] = MappingProxyType({})
    ) -> None:
        self._tables = tables
        self._notation = next((table.raw.entry.catalogue.notation for table in tables.values()), PACKAGE_NOTATION)
        self._what_if = what_if
        self._evidence = Evidence(tables, what_if, unconfirmed)

    def suspects(self, broken: Iterable[Instance]) -> dict[Instance, list[Suspect]]:
        """Return the suspect cells of each broken constraint: first one with a likely slip, if any is, then where to look."""
        cells = {instance: self._evidence.first_suspects(each) for instance, each in self._within_reach(broken).items()}
        refs = list(dict.fromkeys(ref for each in cells.values() for ref in each))
        explained: dict[CellRef, list[Explained]] = {ref: [] for ref in refs}
        for each in self._effective(self._repairs(refs)):
            explained[each.repair.ref].append(each)
        best = {ref: max(found, key=_likelihood) for ref, found in explained.items() if found}
        open_to_any = {ref: suspect for ref in refs if ref not in best and (suspect := self._by_any_value(ref))}
        return {
            instance: [*self._likely(instance, [best[ref] for ref in each if ref in best]), *_ranked(open_to_any, each)][
                :MOST_SUSPECTS
            ]
            for instance, each in cells.items()
        }

    def _likely(self, instance: Instance, found: list[Explained]) -> list[Suspect]:
        """Return the one cell that is likely wrong, if that is more than a guess."""
        greatest = max((each.weight for each in found), default=0)
        first = [each for each in found if each.weight == greatest]
        if len(first) != 1:
            return []
        (one,) = first
        is_certain = one.is_usual_then or self._evidence.is_singled_out(one.repair.ref, self._what_if.cells(instance))
        if not is_certain and self._evidence.is_chance(one.repair.ref, one.reading, one.repaired):
            return []
        return [Suspect(*one.repair, len(one.repaired))]

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
            slipped = [Repair(ref, slip.kind, slip.text) for slip in slips(text, _column(table, ref.column).dtype.kind, lists)]
            slipped += [Repair(ref, kind, other) for kind, other in neighbours(table, ref) if other != text]
            printed = self._evidence.unconfirmed.get(ref)
            if printed:  # then it is that, or it is no slip
                slipped = [each for each in slipped if each.text == printed][:1] or [Repair(ref, "", printed)]
            found += slipped
        return found

    def _effective(self, candidates: list[Repair]) -> Iterator[Explained]:
        """Yield repairs that mend constraints and break none."""
        declared = [_column(self._tables[each.ref.table], each.ref.column) for each in candidates]
        read = read_texts(((each.text, column) for each, column in zip(candidates, declared, strict=True)), self._notation)
        possible = [
            (candidate, reading)
            for candidate, column, (reading, problem) in zip(candidates, declared, read, strict=True)
            if problem is None and is_in_range(column, reading.value) and self._is_another(candidate, reading)
        ]
        changed = self._what_if.changed([{candidate.ref: reading} for candidate, reading in possible])
        for (candidate, reading), after in zip(possible, changed, strict=True):
            verdicts = [(instance, self._what_if.verdict(instance), holds) for instance, holds in after.items()]
            repaired = tuple(instance for instance, before, holds in verdicts if before is False and holds is True)
            if not repaired or any(before is True and holds is not True for _, before, holds in verdicts):
                continue
            if not self._evidence.is_unusual(candidate.ref, reading.value):
                yield Explained(candidate, reading, repaired, self._evidence.is_unusual(candidate.ref))

    def _is_another(self, candidate: Repair, reading: Reading) -> bool:
        """Whether a reading is of another number, or of the same without its hedge; not only a wider one, as 0万 for 0."""
        return candidate.kind == "hedge" or reading.value != self._what_if.reading(candidate.ref).value

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


def _ranked(suspects: Mapping[CellRef, Suspect], refs: Iterable[CellRef]) -> list[Suspect]:
    return sorted((suspects[ref] for ref in refs if ref in suspects), key=lambda each: -each.repairs)


# The most common slips first, for the order of repairs that mend as much; a figure of the document's before them.
_PLAUSIBLE = (
    "",
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


def _likelihood(each: Explained) -> tuple[int, int]:
    return each.weight, -_PLAUSIBLE.index(each.repair.kind)


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
