"""Read label columns as codes, with each row's span and its document's position.

The rows of all tables are placed in one frame, for a query costs by its expressions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from etl.findings import Finding
from etl.nearest_name import suggestion
from etl.raw_files.plain_characters import plain
from etl.tables.findings_by_cell import at_cell, blank
from etl.tables.read import RawTable
from schemas import builtin_rules
from schemas.code_lists import CodeLists
from schemas.financial_years import is_month_too, notation_of, span_of
from schemas.models import Column, Period, Source, columns
from schemas.periods import span
from schemas.texts import NO_TEXT, Text
from schemas.vintages import ORDER, PERIOD_END, PERIOD_START, ROW

MOST_SUGGESTIONS = 200
"""Of a column: so many texts that are no code are held against the names that are."""


@dataclass(frozen=True)
class Labels:
    """The label columns of a table.

    Attributes:
        table: the raw table.
        codes: for each label column that the file has, the code of each row; null where blank or not known.
        findings: what is no code, or blank.
        unread: the cells (row, column) that are.
    """

    table: RawTable
    codes: dict[str, list[str | None]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unread: set[tuple[int, str]] = field(default_factory=set)

    def series(self, places: pl.DataFrame) -> list[pl.Series]:
        """Return the frame's columns: row number, codes, and position in the file."""
        found = [pl.Series(ROW, range(self.table.height), dtype=pl.UInt32)]
        found += [pl.Series(name, texts, dtype=pl.String) for name, texts in self.codes.items()]
        names = [*((PERIOD_START, PERIOD_END) if "period" in self.codes else ()), *((ORDER,) if "source" in self.codes else ())]
        return [*found, *(places.get_column(name) for name in names)]

    def report_periods(self, starts: Iterable[int | None]) -> None:
        """Add findings for invalid periods, whose spans have no start."""
        (column,) = (each for each in columns(self.table.entry.model) if isinstance(each.dtype, Period))
        for row, (text, start) in enumerate(zip(self.codes["period"], starts, strict=True)):
            if text is not None and start is None:
                self.unread.add((row, "period"))
                en = f"{text!r} is not a period such as 2025, 2024-H1, 2024-Q3, 2023-02, 2024/25 or 2021-07/2024-06"
                zh = f"“{text}”不是时期；写法如 2025、2024-H1、2024-Q3、2023-02、2024/25、2021-07/2024-06"
                self.findings.append(at_cell(builtin_rules.PERIOD_IS_WELL_FORMED, self.table, row, column, en, zh))


def read_labels(table: RawTable, sources: Mapping[str, int]) -> Labels:
    """Read a table's labels as codes; unknown ones are null, with a finding."""
    labels = Labels(table)
    for column in columns(table.entry.model):
        if column.is_figure or column.name not in table.cells:
            continue
        texts = table.cells[column.name]
        known = _known_names(column, sources, table.entry.catalogue.lists)
        labels.codes[column.name] = read = _as_codes(column, texts, known)
        if None in read:
            _report(labels, column, known or {})
        if isinstance(column.dtype, Period):
            _read_financial_years(labels, column, read)
    return labels


def _read_financial_years(labels: Labels, column: Column, codes: list[str | None]) -> None:
    """Replace financial years by the spans of months that they are, and report how they are read."""
    lists, table = labels.table.entry.catalogue.lists, labels.table
    spans = {text: months for text in {*codes} if text and (months := span_of(text, lists.financial_years))}
    if not spans:
        return
    unclear = {text for text in {*codes} if text and is_month_too(text)} if any("-" in text for text in spans) else ()
    told: set[str] = set()
    for row, text in enumerate(codes):
        if text in spans:
            codes[row] = spans[text]
            if not lists.states_financial_years and (notation := notation_of(text)) not in told:
                told.add(notation)
                _report_financial_year(labels, row, column, text, spans[text])
        elif text and text in unclear:
            codes[row] = None
            labels.unread.add((row, column.name))
            year = text.replace("-", "/")
            en = f"{text} is a month, or a financial year as others here: write it as {year}, or the month as {text}/{text}"
            zh = f"{text} 可为月份，也可为财政年度（本列另有财政年度）：若为后者请写作 {year}，若为月份请写作 {text}/{text}"
            labels.findings.append(at_cell(builtin_rules.PERIOD_IS_WELL_FORMED, table, row, column, en, zh))


def _report_financial_year(labels: Labels, row: int, column: Column, text: str, months: str) -> None:
    en = f"{text} is read as {months}; if that is wrong, say so in schemas/codes/financial_years.csv: notation,first_month,year"
    zh = f"{text} 读作 {months}；如起始月份不同，请在 schemas/codes/financial_years.csv 中写明（notation,first_month,year）"
    labels.findings.append(at_cell(builtin_rules.FINANCIAL_YEAR_IS_STATED, labels.table, row, column, en, zh))


def _as_codes(column: Column, texts: list[str | None], known: Mapping[str, str] | None) -> list[str | None]:
    """Convert labels to codes, by exact name or by its plain characters."""
    if known is None:
        return [text and plain(text) for text in texts] if isinstance(column.dtype, Period) else texts
    found = [known.get(text) if text else None for text in texts]
    if all(found) or all(code or not text for code, text in zip(found, texts, strict=True)):
        return found
    in_plain = {plain(name): code for name, code in known.items()}
    return [code or in_plain.get(plain(text or "")) for code, text in zip(found, texts, strict=True)]


def _report(labels: Labels, column: Column, known: Mapping[str, str]) -> None:
    table, name = labels.table, column.name
    near: dict[str, Text] = {}
    for row, (text, code) in enumerate(zip(table.cells[name], labels.codes[name], strict=True)):
        if code is not None or (text is None and column.optional):
            continue
        labels.unread.add((row, name))
        if text is None:
            labels.findings.append(blank(table, row, column))
            continue
        rule = builtin_rules.SOURCE_IS_KNOWN if isinstance(column.dtype, Source) else builtin_rules.CODE_IS_KNOWN
        where = "raw/sources.csv" if rule is builtin_rules.SOURCE_IS_KNOWN else f"schemas/codes/{column.meaning.codes}.csv"
        if text not in near:
            near[text] = suggestion(text, known) if len(near) < MOST_SUGGESTIONS else NO_TEXT
        en, zh = f"{text!r} is not listed in {where}.{near[text].en}", f"“{text}”未登记在 {where}。{near[text].zh}"
        labels.findings.append(at_cell(rule, table, row, column, en, zh.removesuffix("。")))


def _known_names(column: Column, sources: Mapping[str, int], lists: CodeLists) -> Mapping[str, str] | None:
    """Map the known labels of a column to codes; None if any text is allowed."""
    if isinstance(column.dtype, Source):
        return {source: source for source in sources}
    return lists.code_of_name(column.meaning.codes) if column.meaning.codes else None


def places(labels: Iterable[Labels], sources: Mapping[str, int]) -> pl.DataFrame:
    """Return start and end month and publication position for the rows of all tables."""
    periods: list[str | None] = []
    documents: list[str | None] = []
    for each in labels:
        nothing = [None] * each.table.height
        periods += each.codes.get("period", nothing)
        documents += each.codes.get("source", nothing)
    named = pl.DataFrame({"period": [*dict.fromkeys(each for each in periods if each)]}, schema={"period": pl.String})
    months = named.select(span(pl.col("period"))).to_series().struct.unnest()
    starts, ends = (dict(zip(named["period"], months[end], strict=True)) for end in ("start", "end"))
    return pl.DataFrame(
        {
            PERIOD_START: [starts.get(each) for each in periods],
            PERIOD_END: [ends.get(each) for each in periods],
            ORDER: [-1 if each is None else sources.get(each, -1) for each in documents],
        },
        schema={PERIOD_START: pl.Int32, PERIOD_END: pl.Int32, ORDER: pl.Int32},
    )
