"""Lists that people edit by hand are read strictly: every fault has its file, line and column."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.code_lists import PACKAGE_LISTS, CodeLists
from schemas.hand_edited import is_day, read_list
from schemas.list_files import ListError

HEADER = "code,zh,en,aliases\n"
GOOD = HEADER + 'a,甲,"first, or one",\n\nb,"乙\n乙",second,x|y\n'


def written(folder: Path, content: str | bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("text", [GOOD, "\ufeff" + GOOD, GOOD.replace("\n", "\r\n"), GOOD.rstrip("\n")])
def test_quotes_lines_and_a_byte_order_mark_are_read(text: str, tmp_path: Path) -> None:
    found = read_list(written(tmp_path, text), HEADER.strip().split(","))
    assert found.rows == [["a", "甲", "first, or one", ""], ["b", "乙\n乙", "second", "x|y"]]
    assert (found.place(0, "en"), found.place(1), found.place(1, "zh"), found.place(1, "en")) == ((2, 5), (4, 1), (4, 3), (5, 4))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "list.csv:1:1: the file is empty; its header must be code,zh,en,aliases"),
        ("code,zh,en\n", "list.csv:1:1: its header must be code,zh,en,aliases"),
        (
            "\n" + HEADER.replace(",", ";"),
            "list.csv:2:1: its header must be code,zh,en,aliases; its cells are separated by semicolons",
        ),
        (HEADER.replace(",", "\t"), "its cells are separated by tabs, so save it as CSV with commas"),
        (HEADER + "a,甲,x\n", "list.csv:2:1: 3 cells where the header has 4; leave a blank cell"),
        (HEADER + "a,甲,x,,\n", "list.csv:2:1: 5 cells where the header has 4; quote cells that hold a comma"),
        (HEADER + "a,甲,x,\n,,,\n", "list.csv:3:1: all cells of the row are blank; delete it"),
        (HEADER + 'a,甲"乙,x,\n', "list.csv:2:4: a quotation mark in a cell without them"),
        (HEADER + 'a,"甲"乙,x,\n', "list.csv:2:6: a cell goes on after its closing quotation mark"),
        (HEADER + 'a,"甲,x,\n', "list.csv:2:3: the quotation mark is not closed"),
        (HEADER + "a,甲\0,x,\n", "list.csv:2:4: the control character U+0000 is no text; delete it"),
        (GOOD.replace("\n", "\r"), "list.csv:1:1: the lines end in CR, as of old Mac OS"),
        (GOOD.encode("gb18030"), "list.csv:2:3: the byte 0xbc is not UTF-8. Save it as UTF-8."),
        (GOOD.encode("utf-16"), "list.csv:1:1: the file is UTF-16. Save it as UTF-8."),
        (b"PK\x03\x04" + GOOD.encode(), "list.csv:1:1: this is a workbook, and no text; save it as text, a list as CSV UTF-8"),
    ],
    ids=str,
)
def test_what_is_no_list_is_refused_at_its_place(content: str | bytes, said: str, tmp_path: Path) -> None:
    path = written(tmp_path, content)
    with pytest.raises(ListError) as refused:
        read_list(path, HEADER.strip().split(","), tmp_path)
    assert said in str(refused.value)


def linked(to: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(to)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "list.csv is missing."),
        (Path.mkdir, "list.csv is a folder, where a file is expected"),
        (os.mkfifo, "list.csv is no regular file"),
        (linked("nowhere"), "list.csv is a link that leads nowhere"),
        (linked("list.csv"), "list.csv cannot be read"),
        (linked("/etc/passwd"), "list.csv is a link that leads out of the project, to /etc/passwd"),
        (linked("/dev/zero"), "list.csv is a link that leads out of the project"),
        (linked("../outside.csv"), "list.csv is a link that leads out of the project"),
        (linked(".git/config"), "list.csv is a link that leads out of the project"),
    ],
)
def test_what_is_no_file_of_the_project_is_refused_unread(make: Callable[[Path], None], said: str, tmp_path: Path) -> None:
    root = tmp_path / "project"
    written(tmp_path, GOOD, "outside.csv")
    written(root, GOOD, ".git/config")
    make(root / "list.csv")
    with pytest.raises(ListError) as refused:
        read_list(root / "list.csv", HEADER.strip().split(","), root)
    assert str(refused.value).startswith(said)
    assert "甲" not in str(refused.value)


def test_a_link_within_the_project_is_followed(tmp_path: Path) -> None:
    written(tmp_path, GOOD, "kept/first.csv")
    (tmp_path / "list.csv").symlink_to("kept/first.csv")
    assert len(read_list(tmp_path / "list.csv", HEADER.strip().split(","), tmp_path).rows) == 2


@pytest.mark.parametrize(
    "text", ["2026/1/5", "2026-1-5", "20260105", "2026-02-30", "2026-W01-1", "２０２６-01-05", "", "2026-01-05 "]
)
def test_only_a_day_of_the_calendar_written_in_full_is_a_day(text: str) -> None:
    assert not is_day(text)
    assert is_day("2026-01-05")


# Code lists

AREAS = "code,zh,en,parent,aliases\n"
TOWN = AREAS + "100000,全国,China,,\n330600,绍兴市,Shaoxing,100000,\n"
UNITS, HEDGES = "unit,dimension,kind,base,times,over,en,zh\n", "hedge,position,bound,en\n"


def verified(folder: Path, name: str, text: str) -> str:
    """Return what is said of a code list of a project; empty for nothing."""
    written(folder, text, f"schemas/codes/{name}.csv")
    try:
        CodeLists(folder / "schemas" / "codes").verify()
    except ListError as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("areas", TOWN, ""),
        ("areas", TOWN.replace("xing,100000", "xing,330600"), "areas.csv:3:21: 330600 lies in itself; leave the parent"),
        ("areas", TOWN.replace("China,", "China,330600"), "areas.csv:2:17: 100000 lies in itself: 100000 in 330600 in 100000"),
        ("areas", TOWN + "1,a,b,2,\n2,c,d,3,\n3,e,f,1,\n", "areas.csv:4:7: 1 lies in itself: 1 in 2 in 3 in 1"),
        ("areas", TOWN + "1,a,b,9,\n", "areas.csv:4:7: 1 lies in 9, which is not listed"),
        ("areas", TOWN + "330600,a,b,,\n", "areas.csv:4:1: 330600 stands here twice, first on line 3"),
        ("areas", TOWN + "1,绍兴市,b,,\n", "areas.csv:4:3: 绍兴市 stands for 330600 and for 1"),
        ("areas", TOWN + "1:2025,a,b,,\n", "areas.csv:4:1: code '1:2025' has a blank, or one of"),
        ("areas", TOWN + "330 601,a,b,,\n", "areas.csv:4:1: code '330 601' has a blank"),
        ("areas", TOWN + "3.306E+05,a,b,,\n", "areas.csv:4:1: code '3.306E+05' is a number that a spreadsheet has rounded"),
        ("areas", TOWN + "３３０６００,a,b,,\n", "areas.csv:4:1: ３３０６００ stands here twice, first on line 3"),
        ("courts", "code,zh,en,aliases\na|b,a,b,\n", "courts.csv:2:1: code 'a|b' has a blank, or one of"),
        ("areas", TOWN + "1,a,,,\n", "areas.csv:4:5: en is blank"),
        ("areas", TOWN + "1,a\u200b,b,,\n", "areas.csv:4:3: the ZERO WIDTH SPACE in zh"),
        ("areas", TOWN + "1,a\x1b[2J,b,,\n", "areas.csv:4:3: the control character U+001B in zh"),
        ("units", UNITS + "筐,basket,count,筐,1,1,baskets,筐\n", ""),
        ("units", UNITS + "*,case,count,件,1,1,cases,件\n", ""),
        ("units", UNITS + "筐,basket,count,筐,0,1,baskets,筐\n", "units.csv:2:18: times '0' is no whole number above zero"),
        ("units", UNITS + "担,mass,measure,吨,1,0,tonnes,吨\n", "units.csv:2:20: over '0' is no whole number above zero"),
        ("units", UNITS + "担,mass,measure,吨,-1,20,tonnes,吨\n", "times '-1' is no whole number"),
        ("units", UNITS + "担,mass,measure,吨,１,20,tonnes,吨\n", "times '１' is no whole number"),
        ("units", UNITS + "担,mass,measure,吨,1_0,20,tonnes,吨\n", "times '1_0' is no whole number"),
        ("units", UNITS + "担,mass,measure,吨,1.5,20,tonnes,吨\n", "times '1.5' is no whole number"),
        ("units", UNITS + f"担,mass,measure,吨,{'9' * 40},20,tonnes,吨\n", "is no whole number above zero"),
        ("units", UNITS + "筐,basket,count,筐,2,1,baskets,筐\n", "units.csv:2:18: 筐 is the base of its dimension"),
        ("units", UNITS + "筐,basket,cont,筐,1,1,baskets,筐\n", "units.csv:2:10: kind 'cont' is none of count, amount"),
        ("units", UNITS + ",basket,count,筐,1,1,baskets,筐\n", "units.csv:2:1: unit is blank"),
        ("units", UNITS + "第1,basket,count,筐,1,1,baskets,筐\n", "unit '第1' has a digit"),
        ("units", UNITS + "千件,case,count,件,1,1,cases,件\n", "千件 is 件 after 千, which belongs to the number"),
        ("units", UNITS + "瓦,power,measure,千瓦,1,1,kW,千瓦\n", "千瓦 is 瓦 after 千"),
        ("units", UNITS + "㎏,mass,measure,吨,1,1,tonnes,吨\nkg,mass,measure,吨,1,1000,tonnes,吨\n", "unit 'kg' is read as ㎏"),
        ("units", UNITS + "筐,case,count,筐,1,1,baskets,筐\n", "base '筐' differs from that of 件"),
        ("hedges", HEDGES + "+,after,at_least,or more\n", ""),
        ("hedges", HEDGES + "(p),after,unknown,provisional\n", ""),
        ("hedges", HEDGES + "-,before,at_least,x\n", "hedges.csv:2:1: hedge '-' has a sign that belongs to the number"),
        ("hedges", HEDGES + "百分之,before,at_least,x\n", "hedge '百分之' has a numeral"),
        ("hedges", HEDGES + "1,after,at_least,x\n", "hedge '1' has a digit"),
        ("hedges", HEDGES + ",after,at_least,x\n", "hedges.csv:2:1: hedge is blank"),
        (
            "hedges",
            HEDGES + "+,aftr,at_least,x\n",
            "hedges.csv:2:3: position 'aftr' is none of before, inside, after. Did you mean 'after'?",
        ),
        ("hedges", HEDGES + "+,after,atleast,x\n", "hedges.csv:2:9: bound 'atleast' is none of at_least"),
        ("hedges", HEDGES + "超,before,at_most,x\n", "超 is in the package's list"),
    ],
)
def test_a_code_list_that_cannot_hold_is_refused_at_its_place(name: str, text: str, said: str, tmp_path: Path) -> None:
    found = verified(tmp_path, name, text)
    assert found.startswith("schemas/codes/") if said else not found, found
    assert said in found


def test_the_lists_of_the_package_are_as_a_projects_must_be(tmp_path: Path) -> None:
    for name in PACKAGE_LISTS.names():
        rows = PACKAGE_LISTS.rows(name)
        path = Path(__file__).parents[2] / "schemas" / "codes" / f"{name}.csv"
        assert read_list(path, tuple(rows[0])).records() == [dict(row) for row in rows]
    assert verified(tmp_path, "areas", (Path(__file__).parents[2] / "schemas/codes/areas.csv").read_text("utf-8")) == ""
