"""The figure cells of all tables, read in one frame, a row a cell: the cost is in the number of expressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from etl.figures.grammar import read_figures
from etl.findings import Finding, Text
from etl.tables.cell_findings import at_cell, blank
from etl.tables.labels import ROW
from etl.tables.read import RawTable
from schemas import standing
from schemas.claims import HIGH, LOW
from schemas.vocabulary import Column, Rule, figures

PRINTED = (ROW, "column", "published", "value", "low", "high", "unit", "hedge")


class FigureCells:
    """What the figure cells of tables say, to be asked of one table after another, in their order."""

    def __init__(self, tables: Sequence[RawTable]) -> None:
        slots = [(table, column) for table in tables for column in _columns(table)]
        read = _read(slots)
        self._bounds = [read.get_column(name) for name in ("value", "low", "high")]
        self._printed = read.filter(pl.col("published").is_not_null()).select(PRINTED)
        wrong = read.lazy().with_row_index("@cell").filter(pl.col("problem").is_not_null()).select("@cell", "problem").collect()
        self._problems: Mapping[int, str] = dict(wrong.iter_rows())
        self._cell = self._printed_cell = 0

    def next(
        self, table: RawTable, keys: Sequence[str], findings: list[Finding], unread: set[tuple[int, str]]
    ) -> list[pl.Series]:
        """Give the columns of the next table's frame, x, x__low and x__high for each figure x; adds what could not be read."""
        series = []
        for column in _columns(table):
            names = (column.name, column.name + LOW, column.name + HIGH)
            cells = slice(self._cell, self._cell + table.height)
            series += [each[cells].alias(name) for each, name in zip(self._bounds, names, strict=True)]
            self._report(table, column, keys, findings, unread)
            self._cell += table.height
        return series

    def printed(self, table: RawTable) -> pl.DataFrame:
        """Give one row per printed figure of the next table: row, column, published, value, low, high, unit, hedge."""
        number = sum(table.height - table.cells[column.name].count(None) for column in _columns(table))
        self._printed_cell += number
        return self._printed.slice(self._printed_cell - number, number)

    def _report(
        self, table: RawTable, column: Column, keys: Sequence[str], findings: list[Finding], unread: set[tuple[int, str]]
    ) -> None:
        for row in range(table.height) if self._problems else ():
            problem = self._problems.get(self._cell + row)
            if problem is not None:
                unread.add((row, column.name))
                message = _explained(problem, column)
                findings.append(at_cell(rule_of_problem(problem), table, row, column, message.en, message.zh, keys[row]))
        texts = table.cells[column.name]
        if column.optional or None not in texts:
            return
        for row, text in enumerate(texts):
            if text is None:
                unread.add((row, column.name))
                findings.append(blank(table, row, column, keys[row]))


def _columns(table: RawTable) -> list[Column]:
    return [column for column in figures(table.entry.model) if column.name in table.cells]


def _read(slots: Sequence[tuple[RawTable, Column]]) -> pl.DataFrame:
    """Give what `read_figures` says of every cell of these columns, with its row and the name of its column."""
    published: list[str | None] = []
    for table, column in slots:
        published += table.cells[column.name]
    stated = pl.LazyFrame(
        {
            "column": [column.name for _, column in slots],
            "kind": [column.dtype.kind for _, column in slots],
            "declared_unit": [column.meaning.unit for _, column in slots],
            "height": [table.height for table, _ in slots],
        },
        schema={"column": pl.String, "kind": pl.String, "declared_unit": pl.String, "height": pl.UInt32},
    )
    repeated = stated.select(pl.exclude("height").repeat_by("height").explode(keep_nulls=False, empty_as_null=False)).collect()
    rows = [row for table, _ in slots for row in range(table.height)]
    cells = repeated.with_columns(pl.Series("published", published, dtype=pl.String), pl.Series(ROW, rows, dtype=pl.UInt32))
    return read_figures(cells.lazy()).collect()


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
