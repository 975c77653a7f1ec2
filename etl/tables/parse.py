"""Raw text to values with bounds: labels become codes, periods become spans, printed figures become intervals.

The figures of all tables are read in one frame, a row a cell, because the cost is in the number of expressions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from etl.errors import did_you_mean
from etl.figures.grammar import read_figures
from etl.figures.periods import span
from etl.findings import Finding, Text, found
from etl.tables.read import RawTable
from schemas import standing
from schemas.claims import HIGH, LOW
from schemas.code_lists import Code, codes
from schemas.vocabulary import Column, Period, Rule, Source, columns, figures, key

PERIOD_START, PERIOD_END, ROW = "period__start", "period__end", "row"
ORDER = "source__order"


@dataclass(frozen=True)
class ParsedTable:
    """A table with values.

    Attributes:
        raw: the file it comes from.
        frame: one row per row of the file: `row`, the labels as codes, `period__start` and `period__end` in months,
            `source__order`, the place of the document in the order of publication (-1: not listed), and `x`, `x__low`,
            `x__high` for each figure column x. A cell that could not be read is null.
        cells: one row per printed figure: row, column, published, value, low, high, unit, hedge.
        keys: the key of each row, as waivers and `core.figure` name it.
        findings: what could not be read.
        unread: the cells (row, column) that could not be read; rules say nothing of them.
    """

    raw: RawTable
    frame: pl.DataFrame
    cells: pl.DataFrame
    keys: list[str]
    findings: list[Finding]
    unread: frozenset[tuple[int, str]]

    @property
    def address(self) -> str:
        """Address of the table."""
        return self.raw.entry.address

    @property
    def rows_read(self) -> int:
        """Number of rows that stand in its file, those included that do not fit the header."""
        return self.raw.height + len(self.raw.set_aside)


def parse(tables: Sequence[RawTable], sources: Mapping[str, int]) -> list[ParsedTable]:
    """Give the tables with values; `sources` are the documents that rows may name, in the order of publication."""
    slots = [(table, column) for table in tables for column in figures(table.entry.model) if column.name in table.cells]
    cells = _read_all(slots)
    readings: dict[str, list[tuple[Column, pl.DataFrame]]] = {table.entry.address: [] for table in tables}
    offset = 0
    for table, column in slots:
        readings[table.entry.address].append((column, cells.slice(offset, table.height)))
        offset += table.height
    return [_parsed(table, readings[table.entry.address], sources) for table in tables]


def _read_all(slots: list[tuple[RawTable, Column]]) -> pl.DataFrame:
    published: list[str | None] = []
    for table, column in slots:
        published += table.cells[column.name]
    repeats = pl.Series([table.height for table, _ in slots], dtype=pl.UInt32)
    declared = pl.DataFrame(
        {
            "kind": [column.dtype.kind for _, column in slots],
            "declared_unit": [column.meaning.unit for _, column in slots],
        },
        schema={"kind": pl.String, "declared_unit": pl.String},
    )
    stated = declared.select(pl.all().repeat_by(repeats).explode())
    cells = stated.with_columns(published=pl.Series(published, dtype=pl.String))
    return read_figures(cells.lazy()).collect()


def _parsed(table: RawTable, readings: list[tuple[Column, pl.DataFrame]], sources: Mapping[str, int]) -> ParsedTable:
    findings: list[Finding] = []
    unread: set[tuple[int, str]] = set()
    labels = _labels(table, sources, findings, unread)
    frame = pl.DataFrame({ROW: range(table.height), **labels}, schema={ROW: pl.UInt32, **dict.fromkeys(labels, pl.String)})
    if "period" in labels:
        frame = frame.with_columns(span=span(pl.col("period"))).with_columns(
            pl.col("span").struct.field("start").alias(PERIOD_START), pl.col("span").struct.field("end").alias(PERIOD_END)
        )
        frame = frame.drop("span")
        _report_periods(table, frame, findings, unread)
    if "source" in labels:
        place = pl.col("source").replace_strict(sources, default=None, return_dtype=pl.Int32)
        frame = frame.with_columns(place.fill_null(-1).alias(ORDER))
    keys = _keys(table, frame, findings, unread)
    findings = [each if each.row is None else replace(each, row_key=keys[each.row]) for each in findings]
    long = []
    for column, cells in readings:
        _report_figures(table, column, cells, keys, findings, unread)
        frame = frame.with_columns(
            cells["value"].alias(column.name),
            cells["low"].alias(column.name + LOW),
            cells["high"].alias(column.name + HIGH),
        )
        long.append(cells.select(frame[ROW], pl.lit(column.name).alias("column"), *_CELL_COLUMNS))
    printed = pl.concat(long).filter(pl.col("published").is_not_null()) if long else pl.DataFrame(schema=_NO_CELLS)
    return ParsedTable(table, frame, printed, keys, findings, frozenset(unread))


_CELL_COLUMNS = ("published", "value", "low", "high", "unit", "hedge")
_NO_CELLS = {
    ROW: pl.UInt32,
    "column": pl.String,
    "published": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "unit": pl.String,
    "hedge": pl.String,
}


def _labels(
    table: RawTable, sources: Mapping[str, int], findings: list[Finding], unread: set[tuple[int, str]]
) -> dict[str, list[str | None]]:
    """Give the label columns as codes; what is no code is null and a finding."""
    labels: dict[str, list[str | None]] = {}
    for column in columns(table.entry.model):
        if column.is_figure or column.name not in table.cells:
            continue
        texts = table.cells[column.name]
        known = _known_names(column, sources)
        labels[column.name] = texts if known is None else [known.get(text) if text else None for text in texts]
        for row, (text, code) in enumerate(zip(texts, labels[column.name], strict=True)):
            if code is not None or (text is None and column.optional):
                continue
            unread.add((row, column.name))
            if text is None:
                findings.append(_blank(table, column, row))
                continue
            rule = standing.SOURCE_IS_KNOWN if isinstance(column.dtype, Source) else standing.CODE_IS_KNOWN
            where = "raw/sources.csv" if rule is standing.SOURCE_IS_KNOWN else f"schemas/codes/{column.meaning.codes}.csv"
            en = f"{text!r} is not listed in {where}.{did_you_mean(text, known or ())}"
            findings.append(_at(rule, table, row, column, en, f"“{text}”未登记在 {where}"))
    return labels


def _known_names(column: Column, sources: Mapping[str, int]) -> dict[str, str] | None:
    """Give what a label may say and the code it stands for, or None where it may say anything."""
    if isinstance(column.dtype, Source):
        return {source: source for source in sources}
    if not column.meaning.codes:
        return None
    return {name: code.code for code in codes(column.meaning.codes) for name in _names(code)}


def _names(code: Code) -> tuple[str, ...]:
    return (*code.aliases, code.en, code.zh, code.code)


def _report_periods(table: RawTable, frame: pl.DataFrame, findings: list[Finding], unread: set[tuple[int, str]]) -> None:
    (column,) = (c for c in columns(table.entry.model) if isinstance(c.dtype, Period))
    wrong = frame.filter(pl.col("period").is_not_null() & pl.col(PERIOD_START).is_null())
    for row, text in wrong.select(ROW, "period").iter_rows():
        unread.add((row, "period"))
        en = f"{text!r} is not a period such as 2025, 2024-H1, 2024-Q3, 2023-02 or 2021-07/2024-06"
        zh = f"“{text}”不是时期；写法如 2025、2024-H1、2024-Q3、2023-02、2021-07/2024-06"
        findings.append(_at(standing.PERIOD_IS_WELL_FORMED, table, row, column, en, zh))


def _keys(table: RawTable, frame: pl.DataFrame, findings: list[Finding], unread: set[tuple[int, str]]) -> list[str]:
    """Give the key of each row, and report rows whose key another row has; rows without a whole key have none to compare."""
    names = [name for name in key(table.entry.model) if name in frame.columns]
    texts = [table.cells[name] for name in names]
    # What is no code stands in the key as it is written, so that a waiver of one unknown name accepts no other.
    keys = [
        ":".join(part or text[row] or "?" for part, text in zip(parts, texts, strict=True))
        for row, parts in enumerate(frame.select(names).iter_rows())
    ]
    first: dict[str, int] = {}
    repeated = {text for text, number in Counter(keys).items() if number > 1}
    for row, text in enumerate(keys):
        if text not in repeated or any((row, name) in unread for name in names):
            continue
        if text not in first:
            first[text] = row
            continue
        line = table.lines[first[text]]
        en = f"the key {text} ({', '.join(names)}) is that of line {line} too"
        place = table.place(row, names[0])
        message = Text(en, f"键 {text} 与第 {line} 行重复")
        findings.append(found(standing.KEY_IS_UNIQUE, table.entry.address, place, message, row=row, row_key=text))
    return keys


def _report_figures(
    table: RawTable,
    column: Column,
    cells: pl.DataFrame,
    keys: list[str],
    findings: list[Finding],
    unread: set[tuple[int, str]],
) -> None:
    problems = cells.with_row_index(ROW).filter(pl.col("problem").is_not_null())
    for row, problem in problems.select(ROW, "problem").iter_rows():
        unread.add((row, column.name))
        rule, message = rule_of_problem(problem), _explained(problem, column)
        findings.append(_at(rule, table, row, column, message.en, message.zh, keys[row]))
    if column.optional:
        return
    for row, text in enumerate(table.cells[column.name]):
        if text is None:
            unread.add((row, column.name))
            findings.append(_blank(table, column, row, keys[row]))


def rule_of_problem(problem: str) -> Rule:
    """Give the rule that a problem of the figure grammar breaks."""
    rules = {"wrong_unit": standing.UNIT_FITS_COLUMN, "fraction_of_a_count": standing.COUNT_IS_WHOLE}
    return rules.get(problem.partition("|")[0], standing.FIGURE_IS_READABLE)


def _explained(problem: str, column: Column) -> Text:
    """Give the message of a problem of the figure grammar."""
    code, _, detail = problem.partition("|")
    unit = column.meaning.unit
    match code:
        case "wrong_unit":
            printed = detail.partition("|")[0]
            return Text(f"printed in {printed} where {unit} is expected", f"单位为“{printed}”，应为“{unit}”")
        case "fraction_of_a_count":
            return Text(f"{detail} is not a whole number of {unit}", f"{detail} 不是整数个{unit}")
        case "too_large":
            return Text(f"{detail} has more digits than a figure can have", f"{detail} 位数过多")
        case _:
            en = f"cannot read {detail!r} as a figure; write it as printed, such as 7.64万{unit} or 超7万{unit}"
            return Text(en, f"无法将“{detail}”读作数字；请照原文书写，如 7.64万{unit}、超7万{unit}")


def _blank(table: RawTable, column: Column, row: int, row_key: str = "") -> Finding:
    en = f"{column.meaning.en} is blank"
    return _at(standing.CELL_IS_FILLED, table, row, column, en, f"{column.meaning.zh}为空", row_key)


def _at(rule: Rule, table: RawTable, row: int, column: Column, en: str, zh: str, row_key: str = "") -> Finding:
    place = table.place(row, column.name)
    message = Text(en, zh)
    return found(rule, table.entry.address, place, message, row=row, row_key=row_key, column=column.name)
