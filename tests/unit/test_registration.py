"""Rows of a document in raw tables: added or filled in; what is there stays as it is written, or nothing is composed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from etl.errors import ProjectError
from etl.project import Project
from etl.registration.rows import REVISED, table_with

CASES = "courts.caseload"
HEADER = "area,period,court,received,source,section\r\n"
THERE = HEADER + '330200,2025,all,"5981件",example-a,1\r\n'
ROW = {"area": "330200", "period": "2026", "court": "all", "received": "6200件", "source": "example-b", "section": "2"}


def composed(project: Callable[..., Project], text: str, *rows: dict[str, str]) -> str:
    made = project({})
    path = made.raw(CASES)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    found, written = table_with(made, made.catalogue.entry(CASES), rows)
    assert found == path
    return written


def test_a_row_is_added_below_what_stays_as_it_is_written(project: Callable[..., Project]) -> None:
    assert composed(project, THERE, ROW) == THERE + "330200,2026,all,6200件,example-b,2\r\n"


def test_columns_that_the_file_lacks_are_added(project: Callable[..., Project]) -> None:
    header, there, added = composed(project, THERE, ROW | {"closed": "6100件", "revision": REVISED}).splitlines()
    assert header == HEADER.strip() + ",closed,revision"
    assert there == "330200,2025,all,5981件,example-a,1,,"
    assert added == "330200,2026,all,6200件,example-b,2,6100件,revised"


def test_a_row_that_is_there_is_filled_in_also_where_its_labels_are_names(project: Callable[..., Project]) -> None:
    text = "\ufeff地区,时期,法院,收案,结案,source,section\n宁波市,2026,全市法院,6200件,,example-b,2\n"
    assert composed(project, text, ROW | {"closed": "6100件"}) == text.replace("6200件,,", "6200件,6100件,")


def test_a_cell_with_another_figure_is_not_overwritten(project: Callable[..., Project]) -> None:
    text = "area,period,court,received,source,section\n330200,2026,all,6100件,example-b,2\n"
    with pytest.raises(ProjectError, match="received of that row is 6100件 already, and not 6200件"):
        composed(project, text, ROW)


def test_a_file_with_broken_rows_is_refused(project: Callable[..., Project]) -> None:
    with pytest.raises(ProjectError, match="rows of another width than its header"):
        composed(project, THERE + "330200,2024\r\n", ROW)
