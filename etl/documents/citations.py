"""Double entry: every figure in a table is what its document prints, and every figure of a document is in a table.

A document's ledger says what is printed where; the link file says which cell takes which place. A cell that differs from
the ledger, a cell without a link, a link without a cell and a ledger figure without a link are findings.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import polars as pl

from etl.documents.ledger_faults import LEDGER_COLUMNS as LEDGER_COLUMNS
from etl.documents.ledger_faults import LEFT_OUT_COLUMNS as LEFT_OUT_COLUMNS
from etl.documents.ledger_faults import TAKEN_CHECKS, LedgerWords, ledger_checks, left_out_checks
from etl.documents.ledger_faults import TAKEN_COLUMNS as TAKEN_COLUMNS
from etl.documents.reconcile_text import balanced, is_placed
from etl.files import Check, listed, replace_csv
from etl.findings import Finding, Place, Witness, make_finding
from etl.project import Project
from etl.tables.parse import IS_MARK, ParsedTable
from schemas import builtin_rules
from schemas.texts import Text
from schemas.vintages import ROW

MOST_UNTAKEN = 10_000
"""Of a document: so many figures that are in no table are listed, and the others counted."""

Position = tuple[str, str]
CellAddress = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure of a document: where in it, how it is printed, its line in the ledger, and its unit."""

    position: Position
    published: str
    line: int
    unit: str = ""

    def is_printed_as(self, published: str) -> bool:
        """Whether a cell says what is printed; the unit may be that of the header of a table."""
        return published in (self.published, f"{self.published}{self.unit}")


@dataclass(frozen=True)
class Document:
    """What is known of a document's figures: printed, left out, and taken by a cell (table, row key, column)."""

    source: str
    ledger: dict[Position, Printed]
    left_out: dict[Position, int]
    taken: dict[Position, tuple[CellAddress, int]]
    cells: dict[CellAddress, list[Position]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CitedCell:
    """A cell that holds a figure of a document, or a mark in place of one."""

    address: CellAddress
    section: str
    published: str
    table: ParsedTable
    row: int
    is_mark: bool


def document(project: Project, source: str) -> Document | None:
    """Give what is known of a document's figures, or None where it has no ledger."""
    path = project.ledger(source)
    if not os.path.lexists(path):
        return None
    known_as = project.sources.get(source)
    checks = ledger_checks(LedgerWords(project.catalogue.lists), known_as.length if known_as else "")
    rows = listed(path, LEDGER_COLUMNS, project.root, checks)
    ledger = {
        (row["section"], row["ordinal"]): Printed((row["section"], row["ordinal"]), row["published"], line, row["unit"])
        for row, line in zip(rows.records(), rows.lines, strict=True)
    }
    of_left_out = left_out_checks({place: printed.published for place, printed in ledger.items()})
    left_out = {
        (row["section"], row["ordinal"]): line
        for row, line in _optional(project, project.left_out(source), LEFT_OUT_COLUMNS, of_left_out)
        if row["ordinal"]
    }
    known = Document(source, ledger, left_out, {})
    for row, line in _optional(project, project.taken(source), TAKEN_COLUMNS, TAKEN_CHECKS):
        cell = (row["table"], row["row_key"], row["column"])
        known.taken[row["section"], row["ordinal"]] = (cell, line)
        known.cells.setdefault(cell, []).append((row["section"], row["ordinal"]))
    return known


def _optional(
    project: Project, path: Path, columns: tuple[str, ...], checks: Iterable[Check]
) -> Iterator[tuple[dict[str, str], int]]:
    """Yield the rows of a list with their lines; none where there is no such file."""
    if os.path.lexists(path):
        found = listed(path, columns, project.root, checks)
        yield from zip(found.records(), found.lines, strict=True)


def cells_by_source(tables: Iterable[ParsedTable], except_of: Collection[str] = ()) -> dict[str, list[CitedCell]]:
    """Give every filled cell of the tables, by the document its row names; not those of some documents."""
    by_source: dict[str, list[CitedCell]] = {}
    names = (ROW, "column", "published", "source", "section", "row_key", IS_MARK)
    for table in tables:
        if not is_placed(table):
            continue
        is_asked = pl.col("source").is_not_null() & ~pl.col("source").is_in(list(except_of))
        rows = table.cells.filter(is_asked).sort(ROW, maintain_order=True).select(names)
        for row, column, published, source, section, row_key, is_mark in rows.iter_rows():
            cell = CitedCell((table.address, row_key, column), section or "", published, table, row, is_mark)
            by_source.setdefault(source, []).append(cell)
    return by_source


def cited(project: Project, tables: Mapping[str, ParsedTable], whole: bool) -> list[Finding]:
    """Give the findings of the citation rules; `whole` tells that all tables are there, so that all must be taken."""
    findings: list[Finding] = []
    in_balance = balanced(project, tables.values()) if whole else frozenset()
    asked = [source for source in project.sources if source not in in_balance]
    by_source = cells_by_source(tables.values(), in_balance) if asked else {}
    # What a file that could not be read would have held is not said to be missing: that finding is made already.
    unread = {address for address, table in tables.items() if table.raw.missing}
    for source in asked:
        cells = by_source.get(source, [])
        if not (whole or cells):
            continue
        known = document(project, source)
        if known is None:
            findings += [_uncited(cell, *_no_ledger(source)) for cell in cells if not cell.is_mark]
            continue
        findings += _cell_findings(known, cells, project.relative(project.ledger(source)))
        if whole:
            findings += _first(_ledger_findings(project, known, {cell.address for cell in cells}, unread))
    return findings


def _no_ledger(source: str) -> tuple[str, str]:
    return (
        f"{source} has no ledger raw/sources/{source}.csv; make it with `etl extract DOCUMENT -o raw/sources/{source}.csv`",
        f"{source} 没有数字台账 raw/sources/{source}.csv；请用 `etl extract` 生成",
    )


def _cell_findings(known: Document, cells: list[CitedCell], ledger_file: str) -> Iterator[Finding]:
    for cell in cells:
        positions = known.cells.get(cell.address)
        if positions is None and cell.is_mark:
            continue
        if positions is None:
            where = f"{known.source} {cell.section}"
            en = f"{cell.published} has no link to a figure of {where}; run `etl cite` and check what it writes"
            yield _uncited(cell, en, f"{cell.published} 未与 {where} 的数字建立对应；请运行 `etl cite` 并核对")
            continue
        for position in positions:
            section, ordinal = position
            printed = known.ledger.get(position)
            place = f"{known.source} {section}:{ordinal}"
            if printed is None:
                yield _uncited(cell, f"{place} is not in the ledger", f"台账中没有 {place}")
            elif not printed.is_printed_as(cell.published):
                en = f"{cell.published}, but {place} prints {printed.published}"
                witness = Witness(place, Place(ledger_file, printed.line), printed.published, None, None)
                yield _uncited(cell, en, f"{cell.published}，但 {place} 载为 {printed.published}", witness)
            elif section != cell.section:
                en = f"{cell.published} stands in section {section} of {known.source}, not in {cell.section}"
                yield _uncited(cell, en, f"{cell.published} 在 {known.source} 的 {section} 节，不在 {cell.section} 节")


def _first(findings: Iterator[Finding]) -> list[Finding]:
    """List the first findings of a document's ledger; the last of them stands for the rest."""
    listed = [*islice(findings, MOST_UNTAKEN)]
    more = sum(1 for _ in findings)
    return [*listed[:-1], replace(listed[-1], more=more)] if more else listed


def _ledger_findings(project: Project, known: Document, present: set[CellAddress], unread: set[str]) -> Iterator[Finding]:
    ledger_file = project.relative(project.ledger(known.source))
    taken_file = project.relative(project.taken(known.source))
    for position, printed in known.ledger.items():
        is_taken, is_left_out = position in known.taken, position in known.left_out
        where = f"{known.source} {position[0]}:{position[1]}"
        if is_taken and is_left_out:
            en = f"{printed.published} at {where} is both taken and left out"
            zh = f"{where} 的 {printed.published} 既已录入又注明不录入"
            yield _untaken(Place(ledger_file, printed.line), en, zh)
        elif not is_taken and not is_left_out:
            en = f"{printed.published} at {where} is in no table; enter it, or leave it out with a reason"
            yield _untaken(
                Place(ledger_file, printed.line), en, f"{where} 的 {printed.published} 未录入；请录入或注明不录入的理由"
            )
    for position, (cell, line) in known.taken.items():
        if cell not in present and cell[0] not in unread:
            name = f"{cell[0]}.{cell[2]} of {cell[1]}"
            published = known.ledger[position].published if position in known.ledger else "?"
            en = f"{name} should print {published} ({known.source} {position[0]}:{position[1]}), but has no figure"
            zh = f"{cell[1]} 的 {cell[0]}.{cell[2]} 应载 {published}（{known.source} {position[0]}:{position[1]}），但没有数字"
            yield _untaken(Place(taken_file, line), en, zh)


def _uncited(cell: CitedCell, en: str, zh: str, *witnesses: Witness) -> Finding:
    table, row_key, column = cell.address
    place, rule = cell.table.raw.place(cell.row, column), builtin_rules.FIGURE_IS_CITED
    return make_finding(rule, table, place, Text(en, zh), row=cell.row, row_key=row_key, column=column, witnesses=witnesses)


def _untaken(place: Place, en: str, zh: str) -> Finding:
    return make_finding(builtin_rules.FIGURES_ARE_ALL_TAKEN, "", place, Text(en, zh))


@dataclass(frozen=True, slots=True)
class Linked:
    """What `link` did for a document: cells linked, those of them chosen among several places, and cells without one."""

    source: str
    linked: int
    ambiguous: list[str]
    unmatched: list[str]


def link(project: Project, tables: Mapping[str, ParsedTable]) -> list[Linked]:
    """Write the link file of every document with a ledger, keeping the links that hold.

    A cell without a link takes the first untaken place of its section that prints the same; where there are several, the
    order of the tables and columns decides and the cell is named for a person to check. A document's places that print the
    same as the only cell of a section that prints so are all linked to it: a figure printed twice.
    """
    by_source = cells_by_source(tables.values())
    return [
        _link_document(project, known, by_source.get(source, []))
        for source in project.sources
        if (known := document(project, source)) is not None
    ]


def _link_document(project: Project, known: Document, cells: list[CitedCell]) -> Linked:
    by_address = {cell.address: cell for cell in cells}
    links: dict[Position, CellAddress] = {
        position: cell
        for position, (cell, _) in known.taken.items()
        if cell in by_address and position in known.ledger and known.ledger[position].is_printed_as(by_address[cell].published)
    }
    free: dict[tuple[str, str], list[Position]] = {}
    for position, printed in known.ledger.items():
        if position not in links and position not in known.left_out:
            free.setdefault((position[0], printed.published), []).append(position)
    linked_cells = set(links.values())
    waiting: dict[tuple[str, str], list[CitedCell]] = {}
    for cell in cells:
        if cell.address not in linked_cells and not cell.is_mark:
            waiting.setdefault((cell.section, cell.published), []).append(cell)
    ambiguous, unmatched = [], []
    for name, asking in waiting.items():
        places = free.get(name, [])
        for cell, position in zip(asking, places, strict=False):
            links[position] = cell.address
        if len(asking) == 1 and len(places) > 1:
            links.update(dict.fromkeys(places, asking[0].address))
        if len(asking) > 1 or len(places) > 1:
            ambiguous += [_named(cell) for cell in asking[: len(places)]]
        unmatched += [_named(cell) for cell in asking[len(places) :]]
    rows = [(*position, *links[position]) for position in known.ledger if position in links]
    if rows or project.taken(known.source).is_file():
        replace_csv(project.taken(known.source), TAKEN_COLUMNS, rows)
    return Linked(known.source, len(links), ambiguous, unmatched)


def _named(cell: CitedCell) -> str:
    return f"{cell.table.raw.place(cell.row, cell.address[2])} {cell.address[2]} {cell.published}"
