"""Headers of handed-in tables: periods beside indicators, units beneath titles, marks, cells that are unread."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl.styles import Font
from workbooks import xlsx

from etl.catalogue import PACKAGE
from etl.errors import ProjectError
from etl.scaffold.input_table import read_input_table
from etl.scaffold.layout import TableLayout, layout
from etl.scaffold.titles import Stated

RANGE, YEAR = "2024—2025年绍兴市展会投诉\n", "2025年绍兴市展会投诉\n"
TWO = "A会,20,22\nB会,30,33\n"
OF_TWO = [("2024", "20"), ("2025", "22"), ("2024", "30"), ("2025", "33")]


def read(folder: Path, text: str, **stated: Any) -> TableLayout:
    path = folder / "in.csv"
    path.write_text(text, encoding="utf-8")
    return layout(read_input_table(path, PACKAGE), "made", Stated(**{"area": "330600", **stated}))


def figures(found: TableLayout) -> list[tuple[str | None, ...]]:
    """The period and the figures of each row."""
    return [(period, *(each.cells[row] for each in found.figures)) for row, period in enumerate(found.periods)]


PERIODS = {
    "2024年受理（件）,2025年受理（件）": OF_TWO,
    "2024受理（件）,2025受理（件）": OF_TWO,
    "受理（2024年）,受理（2025年）": OF_TWO,
    "受理（件，2024年）,受理（件，2025年）": OF_TWO,
    "2024年度受理（件）,2025年度受理（件）": OF_TWO,
    "2024年末有效量（件）,2025年末有效量（件）": OF_TWO,
    "截至2024年底有效量（件）,截至2025年底有效量（件）": OF_TWO,
    "2025年1月受理（件）,2025年2月受理（件）": [("2025-01", "20"), ("2025-02", "22"), ("2025-01", "30"), ("2025-02", "33")],
}


@pytest.mark.parametrize("header", PERIODS)
def test_each_period_that_titles_name_is_a_row_of_its_own(header: str, tmp_path: Path) -> None:
    found = read(tmp_path, f"{RANGE}展会,{header}\n{TWO}")
    assert figures(found) == PERIODS[header]
    assert len(found.figures) == 1
    assert any("titles of columns name periods" in remark.en for remark in found.remarks)


@pytest.mark.parametrize("header", ["一季度受理（件）,上半年受理（件）", "第一季度受理,1-6月受理", "1—3月受理,上半年受理"])
def test_a_part_of_a_year_is_one_of_the_year_in_the_title(header: str, tmp_path: Path) -> None:
    found = read(tmp_path, f"{YEAR}展会,{header}\n{TWO}")
    assert figures(found) == [("2025-Q1", "20"), ("2025-H1", "22"), ("2025-Q1", "30"), ("2025-H1", "33")]


def test_years_stand_over_indicators_or_below_them(tmp_path: Path) -> None:
    above = f"{RANGE}展会,2024年,,2025年,\n,受理,办结,受理,办结\nA会,20,15,22,18\n"
    below = f"{RANGE}展会,受理,,办结,\n,2024年,2025年,2024年,2025年\nA会,20,22,15,18\n"
    assert figures(read(tmp_path, above)) == figures(read(tmp_path, below)) == [("2024", "20", "15"), ("2025", "22", "18")]


def test_years_in_merged_cells_of_a_workbook_are_divided_too(tmp_path: Path) -> None:
    rows = [
        ("2024—2025年情况",),
        ("展会", "2024年", None, "2025年"),
        (None, "受理", "办结", "受理", "办结"),
        ("A会", 20, 15, 22, 18),
    ]
    path = tmp_path / "in.xlsx"
    path.write_bytes(xlsx(rows, lambda sheet: [sheet.merge_cells(cells) for cells in ("A2:A3", "B2:C2", "D2:E2")]))
    found = layout(read_input_table(path, PACKAGE), "made", Stated(area="330600"))
    assert figures(found) == [("2024", "20", "15"), ("2025", "22", "18")]


def test_a_change_is_that_of_its_own_period_or_of_the_last(tmp_path: Path) -> None:
    last = f"{RANGE}展会,2024年受理（件）,2025年受理（件）,2025年比2024年增长（%）\nA会,20,22,10.0\n"
    assert figures(read(tmp_path, last)) == [("2024", "20", None), ("2025", "22", "10.0")]
    own = f"{RANGE}展会,2024年受理（件）,2024年增长（%）,2025年受理（件）,2025年增长（%）\nA会,20,1.0,22,10.0\n"
    assert figures(read(tmp_path, own)) == [("2024", "20", "1.0"), ("2025", "22", "10.0")]


REFUSED = {
    "a column of years beside": ("年份,2024年受理,办结\n2025年,20,22\n", "a column beside it has those of the rows"),
    "one title without": (f"{YEAR}展会,受理（件）,2024年受理（件）\n{TWO}", "names no period, and others do"),
    "a total of the years": (f"{RANGE}展会,2024年受理,2025年受理,合计\nA会,20,22,42\n", "合计 names no period"),
    "the same time last year": (f"{YEAR}展会,受理（件）,上年同期（件）\n{TWO}", "not certain of which period"),
    "what came in last year": (f"{YEAR}展会,受理（件）,上年受理（件）\n{TWO}", "not certain of which period"),
    "what was closed the year before last": (f"{YEAR}展会,办结（件）,前年办结（件）\n{TWO}", "not certain of which period"),
    "last year in English": (f"{YEAR}展会,received（件）,last year（件）\n{TWO}", "not certain of which period"),
    "last year": (f"{YEAR}展会,本年受理（件）,去年同期受理（件）\n{TWO}", "not certain of which period"),
    "a month of no year": (f"展会投诉\n展会,1月受理（件）,2月受理（件）\n{TWO}", "not certain of which period"),
    "a span of years": (f"展会投诉\n展会,2023-2024年受理（件）,2025年受理\n{TWO}", "not certain of which period"),
    "only years, and two labels": ("投诉\n展会,类别,2024年,2025年\nA会,甲,20,22\nB会,乙,30,33\n", "not say what its figures"),
    "a title of several years": (f"{RANGE}展会,受理（件）\nA会,20\nB会,30\n", "No column tells the period"),
    "two of one title": (f"{RANGE}展会,2024年受理,2024年受理\n{TWO}", "two columns have the title"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_figure_whose_period_is_not_certain_is_refused(name: str, tmp_path: Path) -> None:
    text, message = REFUSED[name]
    with pytest.raises(ProjectError, match=message):
        read(tmp_path, text)


def test_a_stated_period_never_replaces_one_that_a_title_names(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="is that of no row"):
        read(tmp_path, f"{RANGE}展会,2024年受理（件）\nA会,20\nB会,30\n", period="2025")


UNITS = {
    "展会,案值,办结\n,万元,件\n": ["万元", "件"],
    "展会,案值,办结\n单位,万元,件\n": ["万元", "件"],
    "展会,案值,办结\n,（万元）,（件）\n": ["万元", "件"],
    "展会,案值,办结（件）\n,万元,\n": ["万元", "件"],
    "展会,受理,办结率\n—,万件,%\n": ["万件", "%"],
    "展会,受理,办结\n,,单位：件\n": ["件", "件"],
    "展会,受理,办结\n,,\n": ["件", "件"],
}


@pytest.mark.parametrize("header", UNITS)
def test_a_row_of_units_beneath_the_titles_is_no_row_of_data(header: str, tmp_path: Path) -> None:
    found = read(tmp_path, f"{YEAR}{header}{TWO}")
    assert [each.unit for each in found.figures] == UNITS[header]
    assert figures(found) == [("2025", "20", "22"), ("2025", "30", "33")]


def test_a_unit_beneath_a_title_of_another_unit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"in\.csv:3:2: the unit 万元 stands beneath a title with the unit 元"):
        read(tmp_path, f"{YEAR}展会,案值（元）,办结（件）\n,万元,件\n{TWO}")


@pytest.mark.parametrize("mark", ["—", "-", "…", "无", "/", "*"])
def test_marks_in_place_of_figures_are_kept(mark: str, tmp_path: Path) -> None:
    found = read(tmp_path, f"年份,受理（件）,办结（件）\n2023,{mark},3\n2024,12,{mark}\n2025,13,4\n")
    assert figures(found) == [("2023", mark, "3"), ("2024", "12", mark), ("2025", "13", "4")]
    assert not [remark.en for remark in found.remarks if "taken as blank" in remark.en]


def test_marks_in_place_of_labels_are_taken_as_blank_and_told_with_their_places(tmp_path: Path) -> None:
    found = read(tmp_path, f"{YEAR}展会,地点,受理（件）\nA会,甲,3\nB会,—,12\nC会,乙,4\n")
    (told,) = [remark.en for remark in found.remarks if "taken as blank" in remark.en]
    assert told.startswith(f"taken as blank, in 1 cell: {tmp_path / 'in.csv'}:4:4 —.")


def test_every_unreadable_cell_is_named_with_its_place(tmp_path: Path) -> None:
    text = '年份,"受理\n（件）",办结（件）\n2023,22o,3\n2024,230,x1\n2025,240??,5\n2026,250,6\n'
    with pytest.raises(ProjectError) as refused:
        read(tmp_path, text)
    path = tmp_path / "in.csv"
    assert [line.partition(" is no figure")[0] for line in str(refused.value).splitlines()[:-1]] == [
        f"{path}:3:6: 受理: '22o'",
        f"{path}:5:6: 受理: '240??'",
        f"{path}:4:10: 办结: 'x1'",
    ]
    for cells, message in (("2023a,1,2", "is no period"), ("xx,1,2", "is no period")):
        with pytest.raises(ProjectError, match=rf"in\.csv:3:1: .*{message}"):
            read(tmp_path, f"年份,受理,办结\n2024,3,4\n{cells}\n")


FIRST_ROWS = {
    "marks alone": ("A会,—,…", ("2025", "—", "…")),
    "counts like years": ("A会,2024,2019", ("2025", "2024", "2019")),
}


@pytest.mark.parametrize("name", FIRST_ROWS)
def test_a_first_row_that_could_be_titles_is_data(name: str, tmp_path: Path) -> None:
    row, expected = FIRST_ROWS[name]
    assert figures(read(tmp_path, f"{YEAR}展会,受理（件）,办结（件）\n{row}\nB会,30,60\n"))[0] == expected


def test_blank_rows_and_columns_around_a_table_are_left_out(tmp_path: Path) -> None:
    text = ",,,,,\n,,,,\n,年份,受理（件）,办结（件）,\n,,,,\n,2024,230,2,\n,,,,\n,2025,240,3,\n,,,,\n"
    assert figures(read(tmp_path, text)) == [("2024", "230", "2"), ("2025", "240", "3")]


def test_the_struck_out_cells_of_a_workbook_are_all_named(tmp_path: Path) -> None:
    def strike(sheet: Any) -> None:
        for name in ("B2", "B4"):
            sheet[name].font = Font(strike=True)

    path = tmp_path / "in.xlsx"
    path.write_bytes(xlsx([("年份", "受理（件）"), (2023, 12), (2024, 13), (2025, 14)], strike))
    with pytest.raises(ProjectError) as refused:
        read_input_table(path, PACKAGE)
    assert [line.rpartition(": ")[0] for line in str(refused.value).splitlines()] == [f"{path}:2:2", f"{path}:4:2"]
