"""Marks of statistical tables: a closed list, so that no figure is misread and no mark is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from etl.figures.marked_cells import read_cells
from etl.figures.marks import Marks
from etl.figures.words import PACKAGE_NOTATION
from schemas.code_lists import PACKAGE_LISTS, CodeLists
from schemas.list_files import ListError

Said = tuple[str, float | None, str | None, str | None, str | None]
ALONE = {
    "M": ["-", "--", "–", "—", "——", "−", "－", "/", "无", "nil"],
    "O": ["…", "……", "...", "..", "n/a", "N/A", "n.a.", ":", "暂缺", "不详", "空格", "暂无数据"],
    "Q": ["x", "*", "c", "(c)", "保密", "涉密", "不予公布"],
    "N": ["0*"],
}
WITH_A_FIGURE = """
1234(p)     | 1234 | (p)    | P
１２３４（ｐ） | 1234 | (p)    | P
1234 p      | 1234 | p      | P
1234（初步） | 1234 | (初步) | P
1234(r)     | 1234 | (r)    | R
1,234r      | 1234 | r      | R
1234（修订） | 1234 | (修订) | R
1234e       | 1234 | e      | E
1234 (e)    | 1234 | (e)    | E
1234（预计） | 1234 | (预计) | F
1234|       | 1234 | \\|    | B
|1234       | 1234 | \\|    | B
1234件b     | 1234 | b      | B
1234(b)     | 1234 | (b)    | B
#1234       | 1234 | #      | A
57件①      | 57   | ①     | A
57①        | 57   | ①     | A
57*         | 57   | *      | A
57***       | 57   | ***    | A
57件1)      | 57   | 1)     | A
57 1)       | 57   | 1)     | A
57[1]       | 57   | [1]    | A
57¹         | 57   | ¹      | A
57件(注2)   | 57   | (注2)  | A
57†         | 57   | †      | A
57(p)①     | 57   | (p) ① | P
57(r)(e)    | 57   | (r) (e) | R
"""
NEITHER = """
121) 10² 10³ (123) 12(1) 12b 12x 12E 1e5 123r5 *12 x12 12- -- 12-* ① (p) p # ** X × NaN null None 12tr 12公里² 12米² 5-x 12(D) 12a
""".replace(" -- ", " ")


def read(texts: Sequence[str], kind: str = "count", unit: str = "件") -> list[Said]:
    asked = pl.DataFrame({"published": texts, "kind": kind, "declared_unit": unit})
    said = read_cells(asked, PACKAGE_NOTATION).select("published", "value", "mark", "status", "problem")
    return list(said.iter_rows())


@pytest.mark.parametrize("status", ALONE)
def test_a_mark_alone_has_a_status_and_no_value(status: str) -> None:
    for text, (_, value, mark, found, problem) in zip(ALONE[status], read(ALONE[status]), strict=True):
        assert (value, found, problem) == (None, status, None), text
        assert mark, text


def test_only_what_is_suppressed_is_confidential() -> None:
    marks = Marks(PACKAGE_LISTS)
    conf = {text: found.conf_status for texts in ALONE.values() for text in texts if (found := marks.split(text))}
    assert {text for text, status in conf.items() if status == "C"} == {*ALONE["Q"]}


def test_a_figure_with_marks_is_the_figure_without_them() -> None:
    rows = [[cell.strip().replace("\\|", "|") for cell in _cells(line)] for line in WITH_A_FIGURE.strip().splitlines()]
    found = read([text for text, *_ in rows])
    assert [(value, mark, status) for _, value, mark, status, _ in found] == [
        (float(value), mark, status) for _, value, mark, status in rows
    ]
    assert all(problem is None for *_, problem in found)


def _cells(line: str) -> list[str]:
    text, value, mark, status = line.rsplit(" | ", 3)
    return [text, value, mark, status]


@pytest.mark.parametrize("text", NEITHER.split())
def test_what_may_be_read_otherwise_is_refused(text: str) -> None:
    ((_, value, mark, _, problem),) = read([text])
    assert (value, mark) == (None, None)
    assert problem == f"unreadable|{text}"


def test_what_is_a_figure_without_its_mark_stays_one() -> None:
    plain = ["-5", "—5", "0.0", "12bn", "12注", "1.2e", "5981", "零"]
    assert [value for _, value, *_ in read(plain[:5])] == [-5, -5, 0, 12e9, 12]
    assert [mark for _, _, mark, *_ in read(["-5", "0.0", "5981", "零"])] == [None] * 4


def test_a_marked_figure_that_does_not_fit_its_column_says_so() -> None:
    assert [problem for *_, problem in read(["57家①", "7.5件*"])] == ["wrong_unit|家|件", "fraction_of_a_count|7.5件"]


def test_hedges_bounds_and_multipliers_are_as_without_marks() -> None:
    columns = ("value", "low", "high", "unit", "hedge")
    texts = ["超7万件", "7.64万件", "4000余件", "1.2亿"]
    asked = pl.DataFrame({"published": texts, "kind": "count", "declared_unit": "件"})
    marked = asked.with_columns(pl.col("published") + "(p)②")
    assert read_cells(marked, PACKAGE_NOTATION).select(columns).equals(read_cells(asked, PACKAGE_NOTATION).select(columns))


def test_no_mark_of_the_package_is_read_as_a_figure() -> None:
    alone = [each.mark for each in PACKAGE_LISTS.marks if each.position == "alone"]
    beside = [f"57件{each.mark}" for each in PACKAGE_LISTS.marks if each.position == "after"]
    assert {value for _, value, *_ in read(alone)} == {None}
    assert {value for _, value, *_ in read(beside)} == {57.0}


OWN = "mark,position,status,conf_status\n"


def lists(folder: Path, rows: str, name: str = "marks") -> CodeLists:
    (folder / "schemas" / "codes").mkdir(parents=True)
    (folder / "schemas" / "codes" / f"{name}.csv").write_text(rows, encoding="utf-8")
    return CodeLists(folder / "schemas" / "codes")


def test_a_project_adds_marks(tmp_path: Path) -> None:
    marks = Marks(lists(tmp_path, OWN + "n.e.,alone,L,F\n(暂),after,P,F\n"))
    assert marks.split("n.e.") == ("", "n.e.", "L", "F")
    assert marks.split("57件（暂）") == ("57件", "(暂)", "P", "F")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("x,alone,M,F\n", "2:1: x is in the package's list"),
        ("（ｐ）,after,E,F\n", "2:1: mark '（ｐ）' is read as (p) of the package"),
        ("q,beside,A,F\n", "2:3: position 'beside' is none of alone, before, after"),
        ("q,after,Z,F\n", "2:9: status 'Z' is none of"),
        ("q,after,A,X\n", "2:11: conf_status 'X' is none of C, F"),
        ("5,alone,O,F\n", "2:1: mark '5' has a digit"),
        ("五,alone,O,F\n", "2:1: mark '五' has a digit"),
        ("-,after,O,F\n", "2:1: mark '-' has a sign"),
        (",after,O,F\n", "2:1: mark is blank"),
        ("q,after,A,F\nq,after,E,F\n", "3:1: q after stands here twice, first on line 2"),
    ],
)
def test_a_list_of_marks_is_checked_like_code(rows: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ListError, match="marks") as refused:
        _ = lists(tmp_path, OWN + rows).marks
    assert f"marks.csv:{said}" in str(refused.value)


def test_the_statuses_of_sdmx_are_closed(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="is closed"):
        _ = lists(tmp_path, "code,zh,en,aliases\nZ,某,some,\n", "obs_status").rows("obs_status")
