"""The table of cells: each printed figure is one row of it, with all that is said of its row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from etl.catalogue import PACKAGE
from etl.project import Project
from etl.tables.parse import CELLS, parse
from etl.tables.read import read_table

MakeProject = Callable[..., Project]
ROWS = (
    "area,period,court,received,closed,source,section\n"
    "330200,2025,all,5981件,超5000件,example-a,1\n"
    "330200,2024,all,4900件,,example-a,2\n"
)


def test_each_printed_figure_is_a_row_with_the_labels_of_its_row(project: MakeProject) -> None:
    raw = read_table(project({"courts.caseload": ROWS}), PACKAGE.entry("courts.caseload"))
    assert raw is not None
    (table,) = parse([raw], {"example-a": 0})
    assert table.cells.columns == [*CELLS]
    names = ("row", "column", "period", "categories", "section", "published", "value", "low", "high", "line")
    assert table.cells.select(names).rows() == [
        (0, "received", "2025", ["all"], "1", "5981件", 5981.0, 5981.0, 5981.0, 2),
        (1, "received", "2024", ["all"], "2", "4900件", 4900.0, 4900.0, 4900.0, 3),
        (0, "closed", "2025", ["all"], "1", "超5000件", 5000.0, 5000.0, None, 2),
    ]


def test_several_versions_of_one_table_are_parsed_at_once_and_stay_apart(project: MakeProject) -> None:
    raw = read_table(project({"courts.caseload": ROWS}), PACKAGE.entry("courts.caseload"))
    assert raw is not None
    other = replace(raw, cells={**raw.cells, "received": ["17件", "18件"], "section": ["8", "9"]})
    first, second = parse([raw, other], {"example-a": 0})
    assert first.figures["received"].value.tolist() == [5981.0, 4900.0]
    assert second.figures["received"].value.tolist() == [17.0, 18.0]
    assert first.cells.get_column("section").to_list() == ["1", "2", "1"]
    assert second.cells.get_column("section").to_list() == ["8", "9", "8"]
