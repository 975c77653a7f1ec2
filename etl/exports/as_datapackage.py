"""Export tables as a Frictionless Data Package: CSV files and a descriptor."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from etl.exports.as_csv import csv_of
from etl.exports.tables import ExportTable, Field, subject

_TYPES = {"boolean": "boolean", "date": "date"}
_PERIOD = r"^[0-9]{4}(-(H[12]|Q[1-4]|[0-9]{2}(/[0-9]{4}-[0-9]{2})?))?$"


def encode_tables(tables: list[ExportTable]) -> dict[str, bytes]:
    """Encode the descriptor, and each table as a file."""
    data = {f"data/{each.address}.csv": csv_of(each) for each in tables}
    resources = [_resource(table, path, content) for table, (path, content) in zip(tables, data.items(), strict=True)]
    return {**data, "datapackage.json": (json.dumps(_package(tables, resources), ensure_ascii=False, indent=2) + "\n").encode()}


def _package(tables: list[ExportTable], resources: list[dict[str, Any]]) -> dict[str, Any]:
    zh, en = subject(tables)
    documents = {each.source: each for table in tables for each in table.documents}
    return {
        "profile": "tabular-data-package",
        "name": re.sub(r"[^a-z0-9._-]+", "-", en.lower()).strip("-"),
        "title": f"{zh} · {en}",
        "sources": [_source(each.title, each.url) for each in documents.values()],
        "resources": resources,
    }


def _source(title: str, url: str) -> dict[str, str]:
    return {"title": title, "path": url} if url else {"title": title}


def _resource(table: ExportTable, path: str, content: bytes) -> dict[str, Any]:
    return {
        "name": table.address,
        "path": path,
        "profile": "tabular-data-resource",
        "title": f"{table.zh} · {table.en}",
        "description": table.grain,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {
            "fields": [_field(each) for each in table.fields],
            **({"primaryKey": list(table.key)} if table.key else {}),
            "missingValues": [""],
        },
    }


def _field(field: Field) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": field.name,
        "type": ("integer" if field.is_whole else "number") if field.is_number else _TYPES.get(field.kind, "string"),
        "title": field.zh,
        "description": field.en,
        "kind": field.kind,
    }
    if field.unit:
        described |= {"unit": field.unit, "unit_en": field.unit_en}
    constraints = _constraints(field)
    return described | ({"constraints": constraints} if constraints else {})


def _constraints(field: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if field.required else {}
    limits = {"minimum": field.minimum, "maximum": field.maximum}
    constraints |= {name: limit for name, limit in limits.items() if limit is not None}
    if field.kind == "period":
        constraints["pattern"] = _PERIOD
    if field.codes:
        constraints["enum"] = list(field.code_names)
    return constraints
