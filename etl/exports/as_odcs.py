"""Export tables as a data contract (Open Data Contract Standard, version 3)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from etl.exports.tables import ExportTable, Field, subject

VERSION = "v3.1.0"
FILE = "contract.odcs.yaml"


def encode_tables(tables: list[ExportTable]) -> dict[str, bytes]:
    """Encode the contract."""
    return {FILE: ("\n".join(_yaml(contract(tables))) + "\n").encode()}


def contract(tables: list[ExportTable]) -> dict[str, Any]:
    """Build the contract of these tables, in the terms of the standard."""
    zh, en = subject(tables)
    scope = tables[0].address if len(tables) == 1 else tables[0].domain if len({t.domain for t in tables}) == 1 else "all"
    return {
        "apiVersion": VERSION,
        "kind": "DataContract",
        "id": f"ip-bulletin-etl.{scope}",
        "version": _version(),
        "status": "active",
        "name": f"{zh} · {en}",
        "domain": "intellectual-property-statistics",
        "description": {
            "purpose": "Figures that were published as text, as numbers in the unit of their column.",
            "limitations": "A figure is as precise as its print; its bounds and hedge are in core.figure.",
        },
        "servers": [{"server": "warehouse", "type": "duckdb", "database": "warehouse/ip.duckdb"}],
        "schema": [_table(each) for each in tables],
    }


def _version() -> str:
    try:
        return version("ip-bulletin-etl")
    except PackageNotFoundError:
        return "0"


def _table(table: ExportTable) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": table.address,
        "physicalName": table.address,
        "physicalType": "table",
        "logicalType": "object",
        "businessName": f"{table.zh} · {table.en}",
        "description": table.grain,
        "dataGranularityDescription": f"One row per {', '.join(table.key)}.",
        "properties": [_property(each, table.key) for each in table.fields],
    }
    quality = [
        {"type": "text", "name": name, "severity": severity, "dimension": "consistency", "description": reason}
        for name, severity, reason in table.rules
    ]
    return described | ({"quality": quality} if quality else {})


def _property(field: Field, key: tuple[str, ...]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": field.name,
        "businessName": field.zh,
        "description": field.en,
        "logicalType": ("integer" if field.is_whole else "number") if field.is_number else "string",
        "physicalType": "DOUBLE" if field.is_number else "VARCHAR",
        "required": field.required,
    }
    if field.name in key:
        described |= {"primaryKey": True, "primaryKeyPosition": key.index(field.name) + 1}
    limits = {"minimum": field.minimum, "maximum": field.maximum}
    options = {name: limit for name, limit in limits.items() if limit is not None}
    if options:
        described["logicalTypeOptions"] = options
    about = {"kind": field.kind, "unit": field.unit, "unit_en": field.unit_en, "codes": field.codes}
    described["customProperties"] = [{"property": name, "value": value} for name, value in about.items() if value]
    return described


def _yaml(value: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """Yield the lines of a mapping in YAML.

    Texts are quoted as in JSON, so that none is read as another type.
    """
    for name, each in value.items():
        if isinstance(each, Mapping):
            yield f"{indent}{name}:"
            yield from _yaml(each, f"{indent}  ")
        elif isinstance(each, list):
            yield f"{indent}{name}:"
            for member in each:
                first, *rest = _yaml(member, f"{indent}    ")
                yield f"{indent}  - {first.strip()}"
                yield from rest
        else:
            yield f"{indent}{name}: {json.dumps(each, ensure_ascii=False)}"
