"""Findings about one cell of a raw table."""

from __future__ import annotations

from etl.findings import Finding, Text, found
from etl.tables.read import RawTable
from schemas import standing
from schemas.vocabulary import Column, Rule


def at_cell(rule: Rule, table: RawTable, row: int, column: Column, en: str, zh: str, row_key: str = "") -> Finding:
    """Give a finding about a cell."""
    place = table.place(row, column.name)
    return found(rule, table.entry.address, place, Text(en, zh), row=row, row_key=row_key, column=column.name)


def blank(table: RawTable, row: int, column: Column, row_key: str = "") -> Finding:
    """Give the finding that a cell is blank which must not be."""
    en = f"{column.meaning.en} is blank"
    return at_cell(standing.CELL_IS_FILLED, table, row, column, en, f"{column.meaning.zh}为空", row_key)
