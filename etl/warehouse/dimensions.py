"""Build the dimension tables of `core`, which describe figures and sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from etl.catalogue import Catalogue
from etl.documents.reconcile_text import LEDGER_COLUMNS, LEFT_OUT_COLUMNS, TAKEN_COLUMNS, ledger_frame
from etl.gate.check import Checked
from etl.project import Project
from etl.tables.parse import ParsedTable
from etl.tables.provenance import publication_order
from etl.warehouse.marts import declared_mart
from etl.warehouse.table_spec import TableSpec
from schemas.code_lists import CodeLists
from schemas.models import Category, Meaning, columns, figures, titles
from schemas.vintages import PERIOD_END, PERIOD_START, ROW, revision_column

GROWTH = "_growth_pct"
"""How the column of a growth is named: as that of its level, and this."""


def dimensions(project: Project, checked: Checked) -> Iterator[TableSpec]:
    """Yield the tables of `core` that describe figures and their sources."""
    yield catalogue_table(checked.catalogue)
    yield indicator_table(checked.catalogue)
    yield area_table(checked.catalogue)
    yield period_table(checked)
    yield breakdown_table(checked)
    yield revision_table(checked)
    yield status_table(checked.catalogue)
    yield source_table(project)
    yield ledger_table(project)


def comment_of(meaning: Meaning, lists: CodeLists) -> str:
    """Format the comment of a column in both languages, with its base unit."""
    unit = lists.base_unit(meaning.unit)
    return f"{meaning.zh} · {meaning.en}" + (f" ({unit})" if unit else "")


def catalogue_table(catalogue: Catalogue) -> TableSpec:
    """Build one row per table of the catalogue: its names and titles."""
    names = ("address", "domain", "table_name", "domain_zh", "domain_en", "zh", "en")
    rows = [
        (each.address, each.domain, each.table, *catalogue.domain_title(each.domain), *titles(each.model))
        for each in catalogue.entries()
    ]
    return _relation("catalogue", _numbered(_texts(names, rows)), "表目录 · one row per table, in the order of the catalogue")


def indicator_table(catalogue: Catalogue) -> TableSpec:
    """Build one row per figure column or measure of the catalogue: its meaning."""
    names = ("address", "domain", "table_name", "indicator", "zh", "en", "unit", "kind", "growth_of")
    rows: list[tuple[object, ...]] = []
    base_unit = catalogue.lists.base_unit
    for entry in catalogue.entries():
        described = [(c.name, c.meaning, c.dtype.kind) for c in figures(entry.model)]
        levels = {f"{name}{GROWTH}": f"{entry.address}.{name}" for name, _, _ in described}
        described += [(each.name, each.meaning, "derived") for each in declared_mart(entry.transform).measures]
        for name, meaning, kind in described:
            stated = (f"{entry.address}.{name}", entry.domain, entry.table, name, meaning.zh, meaning.en, base_unit(meaning.unit))
            rows.append((*stated, kind, levels.get(name) if kind == "rate" else None))
    comments = {
        "address": "指标地址 · domain, table and column",
        "kind": "类型 · kind of figure; derived: computed in the mart",
        "growth_of": "增幅所属指标 · address of the indicator whose growth this is; NULL for others",
    }
    return _relation("indicator", _texts(names, rows), "指标字典 · one row per indicator: what it means", comments)


def area_table(catalogue: Catalogue) -> TableSpec:
    """Build one row per area of the code list."""
    rows = [(code.code, code.zh, code.en, code.parent or None) for code in catalogue.codes("areas")]
    names = ("area_code", "zh", "en", "parent_code")
    comments = {"parent_code": "上级地区代码 · code of the area that encloses it"}
    return _relation("area", _texts(names, rows), "地区代码（GB/T 2260） · one row per area", comments)


def period_table(checked: Checked) -> TableSpec:
    """Build one row per period of a loaded row: the days it spans."""
    names = ("period", PERIOD_START, PERIOD_END)
    labelled = [pl.DataFrame([kept(checked, table).get_column(name) for name in names]) for table in checked.tables.values()]
    spans = (
        {period: (start, end) for period, start, end in pl.concat(labelled).unique().drop_nulls().iter_rows()} if labelled else {}
    )
    rows = [
        (period, first_day(start), first_day(end) - timedelta(days=1), end - start)
        for period, (start, end) in sorted(spans.items())
    ]
    schema = {"period": pl.String, "starts_on": pl.Date, "ends_on": pl.Date, "months": pl.Int64}
    comments = {
        "period": "时期 · period as written in the raw tables",
        "starts_on": "起始日 · first day",
        "ends_on": "截止日 · last day",
        "months": "月数 · number of months",
    }
    return _relation("period", _frame(schema, rows), "时期 · one row per period that a figure is of", comments)


def first_day(month: int) -> date:
    """Return the first day of a month counted as `12 * year + month - 1`."""
    return date(month // 12, month % 12 + 1, 1)


def breakdown_table(checked: Checked) -> TableSpec:
    """Build one row per table and combination of categories of its loaded rows."""
    rows: list[tuple[object, ...]] = []
    for table in checked.tables.values():
        categories = [column for column in columns(table.raw.entry.model) if isinstance(column.dtype, Category)]
        if not categories:
            continue
        named = [checked.catalogue.lists.by_code(column.meaning.codes) for column in categories]
        for combination in sorted(set(kept(checked, table).select(c.name for c in categories).drop_nulls().iter_rows())):
            members = [names[code] for names, code in zip(named, combination, strict=True)]
            zh, en = "、".join(member.zh for member in members), ", ".join(member.en for member in members)
            rows.append((table.address, ":".join(combination), zh, en))
    names = ("address", "categories", "zh", "en")
    return _relation("breakdown", _texts(names, rows), "分类 · one row per table and combination of its categories")


def revision_table(checked: Checked) -> TableSpec:
    """Build one row per loaded row that is marked as a revision."""
    rows: list[tuple[object, ...]] = []
    for table in checked.tables.values():
        if not any(table.figure_table.is_revised):
            continue
        loaded = replace(table.figure_table, labels=kept(checked, table))
        codes_of_revisions = loaded.labels.get_column(revision_column(loaded.model))
        rows += [
            (table.address, table.keys[row], source, code, vintage)
            for row, source, code, vintage in zip(loaded.rows, loaded.sources, codes_of_revisions, loaded.vintages, strict=True)
            if code is not None
        ]
    schema = dict.fromkeys(("address", "row_key", "source", "revision"), pl.String) | {"vintage": pl.Int64}
    comments = {
        "revision": "修订 · code of the kind of revision",
        "vintage": "版次 · number of times that the figures of the row had been revised by then, this one included",
    }
    return _relation("revision", _frame(schema, rows), "修订 · one row per row that revises what was printed before", comments)


def status_table(catalogue: Catalogue) -> TableSpec:
    """Build one row per code of SDMX's OBS_STATUS and CONF_STATUS."""
    lists = {"status": "obs_status", "conf_status": "conf_status"}
    rows = [(name, code.code, code.zh, code.en) for name, codes in lists.items() for code in catalogue.codes(codes)]
    comments = {
        "column_name": "列名 · column of core.figure that has the code",
        "code": "代码 · code of SDMX",
    }
    title = "数据状态与保密状态代码（SDMX） · one row per code of a status; of several that hold, core.figure has the first"
    return _relation("status", _texts(("column_name", "code", "zh", "en"), rows), title, comments)


def source_table(project: Project) -> TableSpec:
    """Build one row per document, with its rank in the order of publication."""
    comments = {
        "source": "来源 · id of the document",
        "title": "标题 · title",
        "publisher": "发布者 · publisher",
        "published_on": "发布日期 · day of publication",
        "url": "网址 · where it was published",
        "area_code": "地区代码 · area it speaks of; see core.area",
        "period": "报告期 · period it reports on",
        "kind": "类型 · bulletin, compilation (figures compiled from a publication) or return (handed in by a department)",
        "sha256": "校验和 · SHA-256 of its text",
        "length": "长度 · characters of its text",
    }
    attributes = [{"source": "id", "area_code": "area"}.get(name, name) for name in comments]
    rows = [tuple(getattr(each, attribute) or None for attribute in attributes) for each in project.sources.values()]
    order = publication_order(project.sources.values())
    places = [order[source] + 1 for source in project.sources]
    frame = _texts(tuple(comments), rows).with_columns(pl.Series("publication_order", places, dtype=pl.Int64))
    comments["publication_order"] = "发布次序 · place in the order of publication, the first being 1"
    return _relation("source", frame, "来源文件 · one row per document", comments)


def ledger_table(project: Project) -> TableSpec:
    """Build one row per figure of a document, with its cell or reason of exclusion."""
    comments = {
        "position": "次序 · place among the figures of the document",
        "ordinal": "节内序号 · place among the figures of the section",
        "offset": "字符位置 · place in the text, counted in characters",
        "unit": "单位 · unit as printed",
        "address": "指标地址 · domain, table and column that takes the figure",
        "row_key": "行键 · row that takes the figure",
        "reason_left_out": "未录入理由 · why no table takes it",
    }
    place = ["source", "section", "ordinal"]
    printed = ledger_frame(LEDGER_COLUMNS, {source: project.ledger(source) for source in project.sources})
    position = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("source").alias("position")
    links = ledger_frame(TAKEN_COLUMNS, {source: project.taken(source) for source in project.sources})
    left_out = ledger_frame(LEFT_OUT_COLUMNS, {source: project.left_out(source) for source in project.sources})
    rows = (
        printed.with_columns(position)
        .join(_last(links, place, "table", "row_key", "column"), on=place, how="left", maintain_order="left")
        .join(_last(left_out, place, "reason"), on=place, how="left", maintain_order="left")
        .select(
            *("source", "position", "section"),
            *(pl.col(name).replace("", None).cast(pl.Int64) for name in ("ordinal", "offset")),
            *("published", "unit", "hedge"),
            pl.concat_str("table", pl.lit("."), "column").alias("address"),
            "row_key",
            pl.col("reason").alias("reason_left_out"),
        )
    )
    return _relation("ledger", rows.collect(), "文件数字台账 · one row per figure of a document, in its order", comments)


def _last(rows: pl.LazyFrame, place: list[str], *names: str) -> pl.LazyFrame:
    """Keep the last row of each place, which is the one that counts."""
    return rows.select(*place, *names).unique(place, keep="last")


def kept(checked: Checked, table: ParsedTable) -> pl.DataFrame:
    """Return the labels of the rows of a table that are loaded."""
    rejected = checked.rejected_rows(table.address)
    return table.labels.filter(~pl.col(ROW).is_in(list(rejected))) if rejected else table.labels


def _relation(name: str, rows: pl.DataFrame, comment: str, comments: Mapping[str, str] | None = None) -> TableSpec:
    return TableSpec("core", name, rows, comment, comments or {})


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_row_index("position", offset=1).with_columns(pl.col("position").cast(pl.Int64))


def _texts(names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    return _frame(dict.fromkeys(names, pl.String), rows)


def _frame(schema: Mapping[str, type[pl.DataType]], rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(schema), orient="row")
