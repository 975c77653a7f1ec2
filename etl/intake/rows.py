"""The rows of raw tables that take the figures of a document: new ones, or those of its that are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from etl.errors import ProjectError
from etl.intake.decisions import Decision
from etl.project import Project
from etl.registration.rows import REVISED, Row, table_with
from schemas.models import columns, figures, key
from schemas.vintages import revision_column


@dataclass
class RawRow:
    """A row of a raw table: its table and key, its figures by column, and the sections that print them."""

    table: str
    row_key: str
    figures: dict[str, str] = field(default_factory=dict)
    sections: Counter[str] = field(default_factory=Counter)

    def put(self, column: str, text: str, decision: Decision) -> None:
        """Take a figure.

        Raises:
            ProjectError: the cell has another one.
        """
        other = self.figures.setdefault(column, text)
        if other != text:
            cell = " ".join(decision.cell or ())
            raise ProjectError(
                f"{decision.cell}: the document prints {other} and {text}; one cell takes one of them.",
                f"{cell}：文件印有“{other}”与“{text}”；一个单元格只能收录其一。",
            )
        self.sections[decision.position[0]] += 1

    def cells(self, project: Project, *, is_revised: bool) -> Row:
        """Return its cells by the names of the columns.

        Raises:
            ProjectError: there is no such table or column, or its key is of another table.
        """
        if self.table not in project.catalogue.addresses:
            raise ProjectError(f"There is no table {self.table}.", f"没有表 {self.table}。")
        model = project.catalogue.entry(self.table).model
        labels, codes = key(model), self.row_key.split(":")
        if len(codes) != len(labels):
            raise ProjectError(
                f"{self.table}: the row key {self.row_key} has {len(codes)} parts and not {len(labels)}.",
                f"{self.table}：行键 {self.row_key} 有 {len(codes)} 段，应为 {len(labels)} 段。",
            )
        unknown = next((column for column in self.figures if column not in {each.name for each in figures(model)}), None)
        if unknown:
            raise ProjectError(f"{self.table} has no figure {unknown}.", f"{self.table} 没有数字列 {unknown}。")
        marks = {revision_column(model): REVISED} if is_revised else {}
        section = self.sections.most_common(1)[0][0]
        return dict(zip(labels, codes, strict=True)) | self.figures | marks | {"section": section}


def tables_with(project: Project, decisions: Iterable[Decision], revised: Collection[tuple[str, str]] = ()) -> dict[Path, str]:
    """Return the texts of the raw tables, by path, with the figures of a document added.

    Args:
        project: the project.
        decisions: which figure goes to which cell.
        revised: the rows, by table and key, that are marked as revised.

    Raises:
        ProjectError: a table or column is not there, a cell has two figures or another one, or a file cannot be extended.
    """
    rows: dict[tuple[str, str], RawRow] = {}
    for each in decisions:
        if each.cell:
            table, row_key, column = each.cell
            rows.setdefault((table, row_key), RawRow(table, row_key)).put(column, _entered(project, each), each)
    by_table: dict[str, list[Row]] = {}
    for place, row in rows.items():
        by_table.setdefault(row.table, []).append(row.cells(project, is_revised=place in revised))
    return dict(table_with(project, project.catalogue.entry(table), of_table) for table, of_table in by_table.items())


def _entered(project: Project, decision: Decision) -> str:
    """Return a figure as its cell has it: with the unit of the header of its table, unless the column is declared in that."""
    assert decision.cell
    table, _, name = decision.cell
    listed = columns(project.catalogue.entry(table).model) if table in project.catalogue.addresses else ()
    column = next((each for each in listed if each.name == name), None)
    is_declared = column is not None and decision.printed == decision.published + column.meaning.unit
    return decision.published if is_declared else decision.printed
