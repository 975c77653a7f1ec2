"""Export tables as NDJSON: one JSON object a line and row."""

from __future__ import annotations

import io

import polars as pl

from etl.exports.tables import ExportTable


def ndjson_of(table: ExportTable) -> bytes:
    """Encode a table as NDJSON; bytes are written as hexadecimal digits, and numbers that JSON has not as null."""
    binary = [name for name, dtype in table.rows.schema.items() if dtype == pl.Binary]
    exact = [name for name, dtype in table.rows.schema.items() if isinstance(dtype, pl.Decimal)]
    rows = table.rows.with_columns(pl.col(binary).bin.encode("hex")).with_columns(pl.col(exact).cast(pl.Float64))
    out = io.BytesIO()
    rows.write_ndjson(out)
    return out.getvalue()


def encode_tables(tables: list[ExportTable]) -> dict[str, bytes]:
    """Encode each table as a file."""
    return {f"{each.address}.ndjson": ndjson_of(each) for each in tables}
