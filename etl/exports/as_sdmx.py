"""Export tables as SDMX: an SDMX-JSON 2.0 structure and SDMX-CSV 2.0 data.

A table is a dataflow. Its dimensions are area, categories, indicator, document and time; an observation is a printed figure, or
a mark in place of one, with its bounds, unit, hedge, print, statuses and notes as attributes.

The messages are built here, since pysdmx 1.21 keeps one language of each name and needs pandas and pyarrow (215 MB) to write
data; the tests read them by it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from etl.exports.tables import ExportTable, Field
from etl.formula_text import safe_text

AGENCY, VERSION = "IP_BULLETIN", "1.0.0"
SCHEMA = "https://json.sdmx.org/2.0.0/sdmx-json-structure-schema.json"
_URN = "urn:sdmx:org.sdmx.infomodel"
_CONCEPTS = {
    "REF_AREA": ("地区", "Area"),
    "INDICATOR": ("指标", "Indicator"),
    "SOURCE": ("来源", "Document"),
    "TIME_PERIOD": ("时期", "Period"),
    "OBS_VALUE": ("数值", "Value in the base unit"),
    "OBS_LOW": ("下限", "Least value that the print allows"),
    "OBS_HIGH": ("上限", "Greatest value that the print allows"),
    "UNIT_MEASURE": ("单位", "Base unit"),
    "HEDGE": ("限定词", "Hedge as printed"),
    "PUBLISHED": ("原文", "Figure as printed"),
    "OBS_STATUS": ("数据状态", "Observation status"),
    "CONF_STATUS": ("保密状态", "Confidentiality status"),
    "COMMENT_OBS": ("注释", "Marks and notes of the observation"),
}
_NUMBERS, _TEXTS = ("OBS_LOW", "OBS_HIGH"), ("HEDGE", "PUBLISHED", "COMMENT_OBS")
_STATUSES = {"OBS_STATUS": "status", "CONF_STATUS": "conf_status"}
_PERIOD = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})/(?P<to_year>\d{4})-(?P<to_month>\d{2})")


def encode_tables(tables: list[ExportTable]) -> dict[str, bytes]:
    """Encode the structure message, and the observations of each table."""
    data = {f"{each.address}.csv": observations(each) for each in tables}
    return {"structure.json": (json.dumps(structure(tables), ensure_ascii=False, indent=2) + "\n").encode(), **data}


# Observations


def observations(table: ExportTable) -> bytes:
    """Encode the figures of a table as SDMX-CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["STRUCTURE", "STRUCTURE_ID", "ACTION", *_dimensions(table), "OBS_VALUE", *_attributes()])
    dataflow = f"{AGENCY}:{_id('DF', table)}({VERSION})"
    dimensions = {each.base: each.dimension for each in reversed(table.catalogue.units)}
    for row in table.figures.iter_rows(named=True):
        members = row["categories"]
        key = [row["area_code"], *members, row["indicator"], row["source"], time_period(row["period"])]
        numbers = [_number(row[name]) for name in ("value", "low", "high")]
        comment = " ".join(filter(None, (row["mark"] if row["value"] is not None else "", row["note"])))
        texts = [safe_text(text) for text in (row["hedge"], row["published"], comment)]
        statuses = [row[name] for name in _STATUSES.values()]
        writer.writerow(["dataflow", dataflow, "I", *key, *numbers, dimensions[row["unit"]], *texts, *statuses])
    return out.getvalue().encode()


def time_period(period: str) -> str:
    """Format a period for SDMX: a half-year as 2024-S1, months as start and length."""
    if match := _PERIOD.fullmatch(period):
        year, month, to_year, to_month = map(int, match.groups())
        return f"{year}-{month:02}-01/P{(to_year - year) * 12 + to_month - month + 1}M"
    return period.replace("-H", "-S")


def _number(value: float | None) -> str:
    return "" if value is None else str(int(value)) if value.is_integer() else repr(value)


# Structure


def structure(tables: list[ExportTable]) -> dict[str, Any]:
    """Build the structure message: concepts, code lists, structures, dataflows."""
    return {
        "meta": {
            "schema": SCHEMA,
            "id": "STRUCTURE",
            "prepared": "1970-01-01T00:00:00Z",
            "contentLanguages": ["en", "zh"],
            "sender": {"id": AGENCY},
        },
        "data": {
            "agencySchemes": [_agencies()],
            "conceptSchemes": [_concept_scheme(tables)],
            "codelists": list(_codelists(tables)),
            "dataStructures": [_data_structure(each) for each in tables],
            "dataflows": [
                _maintained(_id("DF", each), each.zh, each.en)
                | {"structure": f"{_URN}.datastructure.DataStructure={AGENCY}:{_id('DSD', each)}({VERSION})"}
                for each in tables
            ],
        },
    }


def _agencies() -> dict[str, Any]:
    scheme = _maintained("AGENCIES", "机构", "Agencies") | {"agencyID": "SDMX", "version": "1.0"}
    return scheme | {"agencies": [_item(AGENCY, "知识产权公报", "Intellectual-property bulletin")]}


def _concept_scheme(tables: list[ExportTable]) -> dict[str, Any]:
    concepts = dict(_CONCEPTS)
    for table in tables:
        concepts |= {each.name.upper(): (each.zh, each.en) for each in _categories(table)}
    items = [_item(name, *names) for name, names in concepts.items()]
    return _maintained("CS_BULLETIN", "概念", "Concepts") | {"concepts": items}


def _codelists(tables: list[ExportTable]) -> Iterator[dict[str, Any]]:
    catalogue = tables[0].catalogue
    dimensions = {each.dimension: (each.base, each.en) for each in reversed(catalogue.units)}
    yield _codelist("UNIT", "单位", "Units", ((name, zh, en) for name, (zh, en) in dimensions.items()))
    documents = {each.source: each.title for table in tables for each in table.documents}
    yield _codelist("SOURCE", "文件", "Documents", ((source, title, title) for source, title in documents.items()))
    named = {"areas": _CONCEPTS["REF_AREA"]}
    named |= {each.codes: (each.zh, each.en) for table in tables for each in _categories(table)}
    for name, (zh, en) in sorted(named.items()):
        yield _codelist(name.upper(), zh, en, ((each.code, each.zh, each.en) for each in catalogue.codes(name)))
    for name in _STATUSES:
        yield _codelist(name, *_CONCEPTS[name], ((each.code, each.zh, each.en) for each in catalogue.codes(name.lower())))
    for table in tables:
        indicators = ((each.name, each.zh, each.en) for each in _indicators(table))
        yield _codelist(_id("INDICATOR", table), table.zh, table.en, indicators)


def _codelist(name: str, zh: str, en: str, members: Iterable[tuple[str, str, str]]) -> dict[str, Any]:
    return _maintained(f"CL_{name}", zh, en) | {"codes": [_item(*each) for each in members]}


def _data_structure(table: ExportTable) -> dict[str, Any]:
    coded = {"REF_AREA": "AREAS", "INDICATOR": _id("INDICATOR", table), "SOURCE": "SOURCE"}
    coded |= {each.name.upper(): each.codes.upper() for each in _categories(table)}
    *others, time = _dimensions(table)
    dimensions = [_component(name) | _coded(coded[name]) | {"position": rank} for rank, name in enumerate(others, start=1)]
    attributes = [_component("UNIT_MEASURE") | _coded("UNIT")]
    attributes += [_component(name) | _uncoded("Double") for name in _NUMBERS]
    attributes += [_component(name) | _uncoded("String") for name in _TEXTS]
    attributes += [_component(name) | _coded(name) for name in _STATUSES]
    every_observation: dict[str, Any] = {"attributeRelationship": {"observation": {}}, "measureRelationship": ["OBS_VALUE"]}
    return _maintained(_id("DSD", table), table.zh, table.en) | {
        "dataStructureComponents": {
            "dimensionList": {
                "id": "DimensionDescriptor",
                "dimensions": dimensions,
                "timeDimension": _component(time) | _uncoded("ObservationalTimePeriod"),
            },
            "measureList": {"id": "MeasureDescriptor", "measures": [_component("OBS_VALUE") | _uncoded("Double")]},
            "attributeList": {"id": "AttributeDescriptor", "attributes": [each | every_observation for each in attributes]},
        }
    }


def _dimensions(table: ExportTable) -> list[str]:
    return ["REF_AREA", *(each.name.upper() for each in _categories(table)), "INDICATOR", "SOURCE", "TIME_PERIOD"]


def _attributes() -> list[str]:
    return [*_NUMBERS, "UNIT_MEASURE", *_TEXTS, *_STATUSES]


def _categories(table: ExportTable) -> list[Field]:
    return [each for each in table.fields if each.kind == "category"]


def _indicators(table: ExportTable) -> list[Field]:
    """Select the columns of printed figures; derived ones are not published."""
    return [each for each in table.fields if each.is_number and each.kind != "derived"]


def _id(prefix: str, table: ExportTable) -> str:
    return f"{prefix}_{table.address.replace('.', '_').upper()}"


def _component(name: str) -> dict[str, Any]:
    return {"id": name, "conceptIdentity": f"{_URN}.conceptscheme.Concept={AGENCY}:CS_BULLETIN({VERSION}).{name}"}


def _coded(name: str) -> dict[str, Any]:
    return {"localRepresentation": {"enumeration": f"{_URN}.codelist.Codelist={AGENCY}:CL_{name}({VERSION})"}}


def _uncoded(data_type: str) -> dict[str, Any]:
    return {"localRepresentation": {"format": {"dataType": data_type}}}


def _maintained(name: str, zh: str, en: str) -> dict[str, Any]:
    return {"id": name, "agencyID": AGENCY, "version": VERSION, "name": en, "names": {"en": en, "zh": zh}}


def _item(name: str, zh: str, en: str) -> dict[str, Any]:
    return {"id": name, "name": en, "names": {"en": en, "zh": zh}}
