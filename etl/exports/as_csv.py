"""Export tables as CSV, with no cell that a spreadsheet would run."""

from __future__ import annotations

from etl.exports.flat import as_flat
from etl.exports.tables import ExportTable
from etl.formula_text import with_safe_texts


def csv_of(table: ExportTable) -> bytes:
    """Encode a table as CSV."""
    return with_safe_texts(as_flat(table.rows)).write_csv().encode()


def encode_tables(tables: list[ExportTable]) -> dict[str, bytes]:
    """Encode each table as a file."""
    return {f"{each.address}.csv": csv_of(each) for each in tables}
