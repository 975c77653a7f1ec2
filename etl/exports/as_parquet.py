"""Tables as Parquet, with titles, meanings and units in the metadata of the file."""

from __future__ import annotations

import io
import json

from etl.exports.tables import Exported


def parquet_of(table: Exported) -> bytes:
    """Give a table as Parquet."""
    out = io.BytesIO()
    table.rows.write_parquet(out, metadata=metadata(table))
    return out.getvalue()


def metadata(table: Exported) -> dict[str, str]:
    """Give what the file says of itself; what is no text is JSON."""
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


def files(tables: list[Exported]) -> dict[str, bytes]:
    """Give a file for each table."""
    return {f"{each.address}.parquet": parquet_of(each) for each in tables}
