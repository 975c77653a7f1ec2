"""What cannot be read is said with its cause and the next step, in both languages; a name that is not known, with the nearest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from projects import write_project
from register_projects import COLUMNS, FOLDER, HEADER, checked, pledge, with_files

from etl.catalogue import PACKAGE
from etl.errors import did_you_mean
from etl.findings import Finding
from etl.nearest_name import suggestion
from etl.project import Project
from etl.tables.parse import parse
from etl.tables.read import RawTable, read_table
from schemas.hand_edited import read_list
from schemas.list_files import ListError

TITLES = "area,period,court,received,closed,source,section"
ROW = "330200,2025,all,1200件,1100件,s,1"
TABLE = f"{TITLES}\n{ROW}\n"
RECORDS = f"{HEADER}\n{','.join(pledge(1))}\n"


def read(root: Path, content: str | bytes) -> RawTable:
    """Read a table of one file."""
    project: Project = write_project(root, {"courts.caseload": TABLE})
    file = root / "raw" / "courts" / "caseload.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    table = read_table(project, PACKAGE.entry("courts.caseload"))
    assert table is not None
    return table


def of_register(root: Path, content: str | bytes) -> list[Finding]:
    """Check a register of one file."""
    as_bytes = content if isinstance(content, bytes) else content.encode()
    return list(checked(with_files(root, {f"{FOLDER}.csv": as_bytes})).findings)


def separated_by(separator: str) -> Callable[[str], str | bytes]:
    return lambda text: text.replace(",", separator)


WHOLE: dict[str, tuple[Callable[[str], str | bytes], str, str]] = {
    "sep=": (lambda text: f"sep=,\n{text}", "the line sep= of Excel stands before the header; delete it", "sep="),
    "sep= in quotes": (lambda text: f'"SEP=,"\n{text}', "the line sep= of Excel", "请删去"),
    "sep=;": (lambda text: f"sep=;\n{text}".replace(",", ";"), "the line sep= of Excel", "请删去"),
    "semicolons": (separated_by(";"), "the cells are separated by semicolons", "分号"),
    "tabs": (separated_by("\t"), "the cells are separated by tabs", "制表符"),
    "bars": (separated_by("|"), "the cells are separated by vertical bars", "竖线"),
    "colons": (separated_by(":"), "the cells are separated by colons", "冒号"),
    "spaces": (separated_by(" "), "the cells are separated by spaces", "空格"),
    "ideographic commas": (separated_by("、"), "the cells are separated by ideographic commas", "顿号"),
    "full-width semicolons": (separated_by("；"), "the cells are separated by full-width semicolons", "全角分号"),
    "quoted semicolons": (
        lambda text: "\n".join('"' + line.replace(",", '";"') + '"' for line in text.splitlines()),
        "the cells are separated by semicolons",
        "分号",
    ),
    "lines in quotes": (
        lambda text: "\n".join(f'"{line}"' for line in text.splitlines()),
        "the whole line stands in quotation marks",
        "引号",
    ),
    "a title": (lambda text: f"2025 年统计表\n{text}", "line 2 looks like it; delete what stands before that", "第 2 行似为表头"),
    "a wide title": (
        lambda text: f"统计表{',' * text.partition(chr(10))[0].count(',')}\n{text}",
        "line 2 looks like it",
        "第 2 行似为表头",
    ),
    "carriage returns": (lambda text: text.replace("\n", "\r"), "the lines end in CR, as of old Mac OS", "换行符为 CR"),
    "UTF-32": (lambda text: text.encode("utf-32"), "the file is UTF-32. Save it as UTF-8", "UTF-32"),
    "UTF-32 without a mark": (lambda text: text.encode("utf-32-be"), "the file is UTF-32. Save it as UTF-8", "UTF-32"),
    "PDF": (lambda text: b"%PDF-1.7\n%\xe2\xe3\n", "this is a PDF document, not CSV", "PDF"),
    "HTML": (lambda text: "<html><table><tr><td>1</td></tr></table></html>", "this is HTML or XML", "HTML"),
    "JSON": (lambda text: '[{"area": "330200"}]', "this is JSON", "JSON"),
    "a pointer": (lambda text: "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "a pointer of Git LFS", "Git LFS"),
    "7-Zip": (lambda text: b"7z\xbc\xaf'\x1c", "compressed by 7-Zip; unpack it", "解压"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_table_that_is_not_read_is_said_with_the_cause_and_nothing_else(name: str, tmp_path: Path) -> None:
    change, en, zh = WHOLE[name]
    table = read(tmp_path, change(TABLE))
    (finding,) = table.findings
    assert (finding.place.line, table.lines) == (1, [])
    assert en in finding.message.en, finding.message.en
    assert zh in finding.message.zh, finding.message.zh


@pytest.mark.parametrize("name", WHOLE)
def test_a_register_that_is_not_read_is_said_with_the_same_cause(name: str, tmp_path: Path) -> None:
    change, en, zh = WHOLE[name]
    (finding,) = of_register(tmp_path, change(RECORDS))
    assert finding.place.file == f"{FOLDER}.csv"
    assert en in finding.message.en, finding.message.en
    assert zh in finding.message.zh, finding.message.zh


ROWS = {
    "too few": (ROW.removesuffix(",s,1"), "5 cells where the header has 7; is the row cut off, or does it lack commas?"),
    "one": ("330200", "1 cell where the header has 7; is the row cut off"),
    "a comma of thousands": (ROW.replace("1200", "1,200"), "8 cells where the header has 7; if 1,200件 is one figure, put it"),
    "two commas of thousands": (ROW.replace("1200", "1,234,567"), "if 1,234,567件 is one figure"),
    "a comma in a text": (f"{ROW}, later", "quote cells that hold a comma"),
    "commas at the end": (f"{ROW},,", "or delete the commas at the end"),
    "semicolons": (ROW.replace(",", ";"), "the cells are separated by semicolons"),
    "tabs": (ROW.replace(",", "\t"), "the cells are separated by tabs"),
    "a merge": ("<<<<<<< HEAD", "a mark of a merge that is not finished"),
    "the middle of a merge": ("=======", "a mark of a merge that is not finished"),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_row_that_does_not_fit_is_said_with_the_cause(name: str, tmp_path: Path) -> None:
    row, said = ROWS[name]
    (finding,) = read(tmp_path, f"{TITLES}\n{row}\n{ROW}\n").findings
    assert (finding.rule, finding.place.line) == ("row-fits-header", 2)
    assert said in finding.message.en, finding.message.en


def test_a_header_without_a_column_of_the_key_is_no_traceback(tmp_path: Path) -> None:
    table = read(tmp_path, "received,closed\n1件,1件\n1件,1件\n")
    assert {finding.rule for finding in table.findings} == {"column-is-present"}
    (parsed,) = parse([table], {})
    assert not [finding for finding in parsed.findings if finding.rule == "key-is-unique"]


@pytest.mark.parametrize(
    ("title", "meant"),
    [
        ("收案（件）", "收案"),
        ("收案 (件)", "收案"),
        ("收案[件]", "收案"),
        ("收案*", "收案"),
        ("收案①", "收案"),
        ("收案1)", "收案"),
        ("收案 单位：件", "收案"),
        ("收　案", "收案"),
        ("結案", "结案"),
        ("結案（件）", "结案"),
        ("地區", "地区"),
        ("Received ", "received"),
        ("RECEIVED", "received"),
        ("Ｒｅｃｅｉｖｅｄ", "received"),
        ("received (cases)", "received"),
        ("recieved", "received"),
        ("Pending At End", "pending_at_end"),
        ("\ufeffarea", "area"),
        ("件", ""),
        ("（件）", ""),
        ("xyz", ""),
    ],
)
def test_the_nearest_column_is_suggested_in_both_languages(title: str, meant: str) -> None:
    known = ("area", "地区", "received", "收案", "closed", "结案", "pending_at_end", "未结")
    suggested = suggestion(title, known)
    assert suggested.en == (f" Did you mean '{meant}'?" if meant else "")
    assert suggested.zh == (f"是否应为“{meant}”？" if meant else "")
    assert did_you_mean(title, known) == suggested


def test_columns_and_codes_that_are_not_known_are_said_with_the_nearest(tmp_path: Path) -> None:
    table = read(tmp_path, TABLE.replace("received", "收案（件）").replace("330200", "寧波市").replace(",all,", ",ALL,"))
    (unknown,) = (finding for finding in table.findings if finding.rule == "column-is-known")
    assert unknown.message.zh == "未声明的列“收案（件）”。是否应为“收案”？"
    (parsed,) = parse([table], {"s": 0})
    said = {finding.message.zh for finding in parsed.findings if finding.rule == "code-is-known"}
    assert said == {
        "“寧波市”未登记在 schemas/codes/areas.csv。是否应为“宁波市”？",
        "“ALL”未登记在 schemas/codes/courts.csv。是否应为“all”？",
    }


def test_a_register_says_the_nearest_column_and_code(tmp_path: Path) -> None:
    header = HEADER.replace("area", "地區")
    found = of_register(tmp_path / "a", f"{header}\n")
    assert "未声明的列“地區”。是否应为“地区”？" in {finding.message.zh for finding in found}
    found = of_register(tmp_path / "b", f"{HEADER}\n{','.join(pledge(1, right='Patent'))}\n")
    assert "“Patent”未登记在 schemas/codes/rights.csv。是否应为“patent”？" in {finding.message.zh for finding in found}
    assert len(COLUMNS) == HEADER.count(",") + 1


LISTS = {
    "sep=": ("sep=,\na,b\n1,2\n", "1:1: its header must be a,b; the line sep= of Excel stands before the header; delete it"),
    "semicolons": ("a;b\n", "1:1: its header must be a,b; its cells are separated by semicolons"),
    "quoted semicolons": ('"a";"b"\n', "1:1: its cells are separated by ';'"),
    "a title": ("list\n\na,b\n1,2\n", "1:1: its header must be a,b; line 3 is the header; delete what stands before it"),
    "case": ("a,B\n", "1:3: its header must be a,b; it lacks b; 'B' is no column of it; it has 'B' for b"),
    "order": ("b,a\n", "1:1: its header must be a,b; its columns stand in another order"),
    "too few": ("a\n", "1:1: its header must be a,b; it lacks b"),
    "too many": ("a,b,c\n", "1:5: its header must be a,b; 'c' is no column of it"),
    "twice": ("a,b,b\n", "1:5: its header must be a,b; a column stands there twice"),
    "a merge": ("a,b\n<<<<<<< HEAD\n", "2:1: this is a mark of a merge"),
    "commas at the end": ("a,b\n1,2,,\n", "2:1: 4 cells where the header has 2; quote cells that hold a comma, or delete"),
    "CR": ("a,b\r1,2\r", "1:1: the lines end in CR"),
    "UTF-16": ("a,b\n".encode("utf-16"), "1:1: the file is UTF-16. Save it as UTF-8."),
    "UTF-16 without a mark": ("a,b\n".encode("utf-16-le"), "1:1: the file is UTF-16. Save it as UTF-8."),
    "UTF-32": ("a,b\n".encode("utf-32-le"), "1:1: the file is UTF-32. Save it as UTF-8."),
    "PDF": (b"%PDF-1.4\n", "1:1: this is a PDF document, and no text; save it as text, a list as CSV UTF-8"),
    "a pointer": ("version https://git-lfs.github.com/spec/v1\n", "1:1: this is a pointer of Git LFS"),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_is_not_read_is_said_with_the_cause(name: str, tmp_path: Path) -> None:
    content, said = LISTS[name]
    path = tmp_path / "list.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ListError) as refused:
        read_list(path, ("a", "b"), tmp_path)
    assert str(refused.value).startswith(f"list.csv:{said}"), refused.value
