"""Cells that are blank because their document does not print the figure.

A document with a ledger has each of its figures in a cell or left out, or that is a finding. So a blank cell that no figure
of the ledger is linked to is nothing that was forgotten: it cannot be filled, and its row is loaded without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from etl.documents.citations import document
from etl.findings import Finding
from etl.project import Project
from etl.tables.parse import ParsedTable
from schemas import builtin_rules
from schemas.models import figures
from schemas.texts import Text


def milder_where_not_printed(
    project: Project, tables: Mapping[str, ParsedTable], findings: Iterable[Finding]
) -> Iterator[Finding]:
    """Yield findings; a blank cell that its document does not print is an information."""

    @cache
    def linked(source: str) -> frozenset[tuple[str, str, str]] | None:
        known = document(project, source) if source in project.sources else None
        return None if known is None else frozenset(known.cells)

    for each in findings:
        table = tables.get(each.table)
        if each.rule != builtin_rules.CELL_IS_FILLED.id or table is None or each.row is None:
            yield each
            continue
        source = table.labels["source"][each.row] if "source" in table.labels.columns else None
        of_document = linked(source) if source else None
        is_figure = each.column in {column.name for column in figures(table.raw.entry.model)}
        if of_document is None or not is_figure or (each.table, each.row_key, each.column) in of_document:
            yield each
            continue
        en, zh = f"{each.message.en}; no figure of {source} is linked to it", f"{each.message.zh}；{source} 未载此数字"
        yield replace(each, severity="information", message=Text(en, zh))
