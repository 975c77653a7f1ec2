"""Export tables as Parquet, with meanings and units in the metadata."""

from __future__ import annotations

import io
import json

from etl.exports.tables import ExportTable


def parquet_of(table: ExportTable) -> bytes:
    """Encode a table as Parquet."""
    out = io.BytesIO()
    table.rows.write_parquet(out, metadata=metadata(table))
    return out.getvalue()


def metadata(table: ExportTable) -> dict[str, str]:
    """Build the metadata of the file; values other than text are JSON."""
    described = [
        {"name": each.name, "zh": each.zh, "en": each.en, "kind": each.kind, "unit": each.unit, "unit_en": each.unit_en}
        for each in table.fields
    ]
    return {
        "address": table.address,
        "title_zh": table.zh,
        "title_en": table.en,
        "grain": table.grain,
        "key": _json(table.key),
        "columns": _json(described),
        "sources": _json({each.source: each.title for each in table.documents}),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def encode_tables(tables: list[ExportTable]) -> dict[str, bytes]:
    """Encode each table as a file."""
    return {f"{each.address}.parquet": parquet_of(each) for each in tables}
