"""Export tables as a data contract (Open Data Contract Standard, version 3)."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from open_data_contract_standard.model import (
    CustomProperty,
    DataQuality,
    Description,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
    Server,
)

from etl.exports.tables import ExportTable, Field, subject

VERSION = "v3.1.0"
FILE = "contract.odcs.yaml"


def encode_tables(tables: list[ExportTable]) -> dict[str, bytes]:
    """Encode the contract."""
    return {FILE: contract(tables).to_yaml().encode()}


def contract(tables: list[ExportTable]) -> OpenDataContractStandard:
    """Build the contract of these tables."""
    zh, en = subject(tables)
    scope = tables[0].address if len(tables) == 1 else tables[0].domain if len({t.domain for t in tables}) == 1 else "all"
    return OpenDataContractStandard(
        apiVersion=VERSION,
        kind="DataContract",
        id=f"ip-bulletin-etl.{scope}",
        version=_version(),
        status="active",
        name=f"{zh} · {en}",
        domain="intellectual-property-statistics",
        description=Description(
            purpose="Figures that were published as text, as numbers in the unit of their column.",
            limitations="A figure is as precise as its print; its bounds and hedge are in core.figure.",
        ),
        servers=[Server(server="warehouse", type="duckdb", database="warehouse/ip.duckdb")],
        schema=[_table(each) for each in tables],
    )


def _version() -> str:
    try:
        return version("ip-bulletin-etl")
    except PackageNotFoundError:
        return "0"


def _table(table: ExportTable) -> SchemaObject:
    return SchemaObject(
        name=table.address,
        physicalName=table.address,
        physicalType="table",
        logicalType="object",
        businessName=f"{table.zh} · {table.en}",
        description=table.grain,
        dataGranularityDescription=f"One row per {', '.join(table.key)}.",
        properties=[_property(each, table.key) for each in table.fields],
        quality=[_quality(*rule) for rule in table.rules] or None,
    )


def _quality(name: str, severity: str, reason: str) -> DataQuality:
    described = {"type": "text", "name": name, "severity": severity, "dimension": "consistency", "description": reason}
    return DataQuality.model_validate(described)  # mypy takes two of its optional fields for required ones


def _property(field: Field, key: tuple[str, ...]) -> SchemaProperty:
    limits = {"minimum": field.minimum, "maximum": field.maximum}
    about = {"kind": field.kind, "unit": field.unit, "unit_en": field.unit_en, "codes": field.codes}
    is_key = field.name in key
    return SchemaProperty(
        name=field.name,
        businessName=field.zh,
        description=field.en,
        logicalType=("integer" if field.is_whole else "number") if field.is_number else "string",
        physicalType="DOUBLE" if field.is_number else "VARCHAR",
        required=field.required,
        primaryKey=is_key or None,
        primaryKeyPosition=key.index(field.name) + 1 if is_key else None,
        logicalTypeOptions={name: limit for name, limit in limits.items() if limit is not None} or None,
        customProperties=[CustomProperty(property=name, value=value) for name, value in about.items() if value],
    )
