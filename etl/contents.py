"""What the warehouse holds of figures: the marts, the figures themselves, their documents, and what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from etl.catalogue import Entry
from etl.check import Checked
from etl.citations import LEDGER_COLUMNS, LEFT_OUT_COLUMNS, TAKEN_COLUMNS
from etl.marts import Mart
from etl.parse import ROW, ParsedTable
from etl.project import Project, records
from schemas.code_lists import codes, units
from schemas.vocabulary import Meaning, columns, figures, titles


@dataclass(frozen=True)
class Relation:
    """A table of the warehouse: its rows, and what it and its columns mean."""

    schema: str
    name: str
    rows: pl.DataFrame
    comment: str
    comments: Mapping[str, str] = field(default_factory=dict)


def contents(project: Project, checked: Checked) -> Iterator[Relation]:
    """Give the marts and the figures, documents and meanings that they rest on."""
    for table in checked.tables.values():
        yield mart(table, checked.rejected_rows(table.address))
    yield figure_table(checked)
    yield indicator_table(checked)
    yield area_table()
    yield source_table(project)
    yield ledger_table(project)


def mart(table: ParsedTable, rejected: frozenset[int]) -> Relation:
    """Give a table's mart of the rows that are not rejected."""
    entry = table.raw.entry
    kept = table.frame.filter(~pl.col(ROW).is_in(list(rejected)))
    rows = entry.transform(kept.lazy()).collect()
    zh, en = titles(entry.model)
    return Relation(entry.domain, entry.table, rows, f"{zh} · {en}", mart_comments(entry))


def mart_comments(entry: Entry) -> dict[str, str]:
    """Give what each column of a mart means, in both languages, with its unit."""
    comments = {column.name: _comment(column.meaning) for column in columns(entry.model)}
    measures = entry.transform.measures if isinstance(entry.transform, Mart) else ()
    for measure in measures:
        comments[measure.name] = _comment(measure.meaning)
        comments[f"{measure.name}_low"] = f"{_comment(measure.meaning)}: lower bound · 下限"
        comments[f"{measure.name}_high"] = f"{_comment(measure.meaning)}: upper bound · 上限"
    return comments


def _comment(meaning: Meaning) -> str:
    unit = base_unit(meaning.unit)
    return f"{meaning.zh} · {meaning.en}" + (f" ({unit})" if unit else "")


def base_unit(unit: str) -> str:
    """Give the unit in which figures of a declared unit are stored."""
    return next((each.base for each in units() if each.unit == unit), unit.removeprefix("万").removeprefix("亿"))


FIGURE_COLUMNS = {
    "domain": pl.String,
    "table_name": pl.String,
    "indicator": pl.String,
    "area_code": pl.String,
    "period": pl.String,
    "row_key": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "unit": pl.String,
    "hedge": pl.String,
    "published": pl.String,
    "source": pl.String,
    "section": pl.String,
    "raw_file": pl.String,
    "raw_line": pl.Int64,
}

FIGURE_COMMENTS = {
    "domain": "领域 · domain",
    "table_name": "表 · table of the domain",
    "indicator": "指标 · column of the table; see core.indicator",
    "area_code": "地区代码 · GB/T 2260 code; see core.area",
    "period": "时期 · period as written in the raw table",
    "row_key": "行键 · area, period, categories and source of the row",
    "value": "数值 · value in the unit",
    "low": "下限 · least true value that the print allows; NULL is open",
    "high": "上限 · greatest true value that the print allows; NULL is open",
    "unit": "单位 · base unit",
    "hedge": "限定词 · hedge as printed",
    "published": "原文 · figure as printed",
    "source": "来源 · document; see core.source",
    "section": "章节 · section of the document",
    "raw_file": "原始文件 · raw file",
    "raw_line": "行号 · line of the raw file",
}


def figure_table(checked: Checked) -> Relation:
    """Give one row per figure of the rows that are not rejected."""
    parts = [
        _figures(table, checked.rejected_rows(table.address)) for table in checked.tables.values() if table.cells.height
    ]
    rows = pl.concat(parts) if parts else pl.DataFrame(schema=FIGURE_COLUMNS)
    return Relation("core", "figure", rows, "每个数字一行 · one row per printed figure", FIGURE_COMMENTS)


def _figures(table: ParsedTable, rejected: frozenset[int]) -> pl.DataFrame:
    entry = table.raw.entry
    about_rows = table.frame.select(
        ROW,
        pl.col("area").alias("area_code"),
        "period",
        "source",
        "section",
        pl.Series("row_key", table.keys, dtype=pl.String),
        pl.Series("raw_line", table.raw.lines, dtype=pl.Int64),
    )
    return (
        table.cells.filter(~pl.col(ROW).is_in(list(rejected)))
        .join(about_rows, on=ROW, maintain_order="left")
        .sort(ROW, maintain_order=True)
        .select(
            pl.lit(entry.domain).alias("domain"),
            pl.lit(entry.table).alias("table_name"),
            pl.col("column").alias("indicator"),
            *("area_code", "period", "row_key", "value", "low", "high", "unit", "hedge", "published", "source", "section"),
            pl.lit(table.raw.file).alias("raw_file"),
            "raw_line",
        )
        .cast(FIGURE_COLUMNS)  # type: ignore[arg-type]
    )


def indicator_table(checked: Checked) -> Relation:
    """Give one row per figure column and derived measure of a table: what it means."""
    names = ("address", "domain", "table_name", "indicator", "zh", "en", "unit", "kind")
    rows = []
    for table in checked.tables.values():
        entry = table.raw.entry
        described = [(c.name, c.meaning, c.dtype.kind) for c in figures(entry.model)]
        if isinstance(entry.transform, Mart):
            described += [(each.name, each.meaning, "derived") for each in entry.transform.measures]
        rows += [
            (f"{entry.address}.{name}", entry.domain, entry.table, name, meaning.zh, meaning.en, base_unit(meaning.unit), kind)
            for name, meaning, kind in described
        ]
    return Relation("core", "indicator", _frame(names, rows), "指标字典 · one row per indicator: what it means")


def area_table() -> Relation:
    """Give one row per area of the code list."""
    rows = [(code.code, code.zh, code.en, code.parent or None) for code in codes("areas")]
    names = ("area_code", "zh", "en", "parent_code")
    return Relation("core", "area", _frame(names, rows), "地区代码（GB/T 2260） · one row per area")


def source_table(project: Project) -> Relation:
    """Give one row per document."""
    names = ("source", "title", "publisher", "published_on", "url", "period", "kind", "sha256", "length")
    rows = [tuple(getattr(each, "id" if name == "source" else name) or None for name in names) for each in project.sources.values()]
    return Relation("core", "source", _frame(names, rows), "来源文件 · one row per document")


def ledger_table(project: Project) -> Relation:
    """Give one row per figure of a document: as printed, and the cell that takes it or why it is left out."""
    names = ("source", *LEDGER_COLUMNS, "address", "row_key", "reason_left_out")
    rows: list[tuple[str | None, ...]] = []
    for source in project.sources:
        if not project.ledger(source).is_file():
            continue
        taken = {(r["section"], r["ordinal"]): r for r in _records(project.taken(source), TAKEN_COLUMNS)}
        left_out = {(r["section"], r["ordinal"]): r["reason"] for r in _records(project.left_out(source), LEFT_OUT_COLUMNS)}
        for printed in records(project.ledger(source), LEDGER_COLUMNS):
            position = (printed["section"], printed["ordinal"])
            link = taken.get(position)
            address = f"{link['table']}.{link['column']}" if link else None
            cell = (address, link["row_key"] if link else None, left_out.get(position))
            rows.append((source, *(printed[name] for name in LEDGER_COLUMNS), *cell))
    frame = _frame(names, rows).with_columns(
        pl.col("ordinal").cast(pl.Int64), pl.col("offset").replace("", None).cast(pl.Int64)
    )
    return Relation("core", "ledger", frame, "文件数字台账 · one row per figure of a document, in its order")


def _records(path: Path, names: tuple[str, ...]) -> list[dict[str, str]]:
    return records(path, names) if path.is_file() else []


def _frame(names: tuple[str, ...], rows: Sequence[tuple[str | None, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
