"""Polluted CSV files: the finding names the line, the good rows all arrive, and nothing is read otherwise than it stands."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

import pytest

from etl.catalogue import PACKAGE
from etl.findings import line
from etl.project import Project
from etl.tables.read import RawTable, read_table

MakeProject = Callable[..., Project]
Pollute = Callable[[list[str]], str | bytes]

HEADER = "area,period,court,received,closed,source,section"
ROWS = [f"330200,{year},all,{year * 3}件,{year}件,example-a,A{year}" for year in range(2016, 2026)]
LINES = [HEADER, *ROWS]
COLUMNS = HEADER.split(",")


def text(lines: list[str], end: str = "\n") -> str:
    return "".join(f"{each}{end}" for each in lines)


def read(project: Project, content: str | bytes, *, strict: bool = False) -> RawTable:
    path = project.raw("courts.caseload")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    table = read_table(project, PACKAGE.entry("courts.caseload"), strict=strict)
    assert table is not None
    return table


def rows(table: RawTable) -> list[list[str | None]]:
    return [[table.cells[name][row] for name in COLUMNS] for row in range(table.height)]


def at(number: int, changed: str) -> Pollute:
    """Put another text in the place of a line (from 1, the header being 1)."""
    return lambda lines: text([*lines[: number - 1], changed, *lines[number:]])


def inside(number: int, old: str, new: str | bytes) -> Pollute:
    """Replace a part of a line by other characters or bytes."""

    def pollute(lines: list[str]) -> bytes:
        assert old in lines[number - 1]
        new_bytes = new if isinstance(new, bytes) else new.encode()
        changed = lines[number - 1].encode().replace(old.encode(), new_bytes, 1)
        return b"".join(
            b"%s\n" % each
            for each in [*(e.encode() for e in lines[: number - 1]), changed, *(e.encode() for e in lines[number:])]
        )

    return pollute


BROKEN_ROWS: dict[str, tuple[Pollute, dict[int, str]]] = {
    "short row": (at(4, "330200,2018,all"), {4: "row-fits-header"}),
    "long row": (at(4, ROWS[2] + ",x"), {4: "row-fits-header"}),
    "trailing comma": (at(4, ROWS[2] + ","), {4: "row-fits-header"}),
    "one cell": (at(4, "330200"), {4: "row-fits-header"}),
    "spaces only": (at(4, "   "), {4: "row-fits-header"}),
    "unquoted comma": (inside(4, "6054件", "6,054件"), {4: "row-fits-header"}),
    "tabs in one row": (at(4, ROWS[2].replace(",", "\t")), {4: "row-fits-header"}),
    "semicolons in one row": (at(4, ROWS[2].replace(",", ";")), {4: "row-fits-header"}),
    "full-width commas in one row": (at(4, ROWS[2].replace(",", "，")), {4: "row-fits-header"}),
    "the header again": (at(4, HEADER), {4: "row-fits-header"}),
    "the header again, with spaces": (at(4, HEADER.replace(",", " , ")), {4: "row-fits-header"}),
    "two rows in one": (at(4, ROWS[2] + ROWS[3]), {4: "row-fits-header"}),
    "row cut in two": (inside(4, "6054", "60\n54"), {4: "row-fits-header", 5: "row-fits-header"}),
    "quote in an unquoted cell": (inside(4, "6054", '60"54'), {4: "row-is-readable"}),
    "quotes within an unquoted cell": (inside(4, "all", 'a"l"l'), {4: "row-is-readable"}),
    "text after the closing quote": (inside(4, "all", '"all"x'), {4: "row-is-readable"}),
    "space after the closing quote": (inside(4, "all", '"all" '), {4: "row-is-readable"}),
    "space before the opening quote": (inside(4, "all", ' "all"'), {4: "row-is-readable"}),
    "quote not closed": (inside(4, "all", '"all'), {4: "row-is-readable"}),
    "quote not closed in the last cell": (inside(4, "A2018", '"A2018'), {4: "row-is-readable"}),
    "quote not closed in the last row": (inside(11, "all", '"all'), {11: "row-is-readable"}),
    "quote not opened": (inside(4, "all", 'all"'), {4: "row-is-readable"}),
    "backslash before a quote": (inside(4, "all", r'"a\"ll"'), {4: "row-is-readable"}),
    "two quotes not closed": (
        lambda lines: text(
            [*lines[:3], lines[3].replace("all", '"all'), *lines[4:6], lines[6].replace("all", '"all'), *lines[7:]]
        ),
        {4: "row-is-readable", 7: "row-is-readable"},
    ),
    "a quote that opens in one row and closes in a later one": (
        lambda lines: text([*lines[:3], lines[3].replace("A2018", '"A2018'), *lines[4:6], lines[6] + '"', *lines[7:]]),
        {4: "row-is-readable", 7: "row-is-readable"},
    ),
    "a quote that opens in one row and closes in the next": (
        lambda lines: text([*lines[:3], lines[3].replace("A2018", '"A2018'), lines[4] + '"', *lines[5:]]),
        {4: "row-is-readable", 5: "row-is-readable"},
    ),
    "NUL": (inside(4, "6054", "60\x0054"), {4: "row-is-readable"}),
    "NUL in a quoted cell": (inside(4, "all", '"a\0ll"'), {4: "row-is-readable"}),
    "NUL at the end": (inside(11, "A2025", "A2025\0"), {11: "row-is-readable"}),
    "NULs after the last row": (lambda lines: text(lines) + "\0" * 40, {12: "row-is-readable"}),
    "lone carriage return": (inside(4, "6054", "60\r54"), {4: "row-is-readable"}),
    "lone carriage return between rows": (
        lambda lines: text(lines[:3]) + lines[3] + "\r" + text(lines[4:]),
        {4: "row-is-readable"},
    ),
    "lone carriage return at the end": (lambda lines: text(lines[:-1]) + lines[-1] + "\r", {11: "row-is-readable"}),
    "two carriage returns": (inside(4, "A2018", "A2018\r\r"), {4: "row-is-readable"}),
    "replacement character": (inside(4, "件", "\ufffd"), {4: "row-is-readable"}),
    "GB18030 in one row": (inside(4, "件", "件".encode("gb18030")), {4: "row-is-readable"}),
    "GB18030 name in one row": (inside(4, "A2018", "宁波市知识产权局".encode("gb18030")), {4: "row-is-readable"}),
    "Big5 in one row": (inside(4, "件", "件".encode("big5")), {4: "row-is-readable"}),
    "Latin-1 in one row": (inside(4, "A2018", "caf\xe9".encode("latin-1")), {4: "row-is-readable"}),
    "half a character": (inside(4, "件", "件".encode()[:2]), {4: "row-is-readable"}),
    "half a character at the end": (lambda lines: text(lines).encode() + "330200,件".encode()[:-1], {12: "row-is-readable"}),
    "overlong form": (inside(4, "all", b"\xc0\xafll"), {4: "row-is-readable"}),
    "surrogate in UTF-8": (inside(4, "all", b"\xed\xa0\x80"), {4: "row-is-readable"}),
    "byte 0xFF": (inside(4, "all", b"\xff"), {4: "row-is-readable"}),
    "cut off in the last row": (lambda lines: text(lines)[:-30], {11: "row-fits-header"}),
    "three slips": (
        lambda lines: text(
            [*lines[:2], "330200,2017", lines[3], lines[4].replace("all", 'a"ll'), *lines[5:9], lines[9] + ",,", lines[10]]
        ),
        {3: "row-fits-header", 5: "row-is-readable", 10: "row-fits-header"},
    ),
}


@pytest.mark.parametrize("name", BROKEN_ROWS)
def test_a_broken_row_is_set_aside_by_its_line_and_every_other_row_is_exactly_right(name: str, project: MakeProject) -> None:
    pollute, bad = BROKEN_ROWS[name]
    table = read(project({}), pollute(LINES))
    assert {finding.place.line: finding.rule for finding in table.findings if finding.severity == "error"} == bad
    assert table.set_aside == sorted(bad)
    lost = {
        "row cut in two": {4},  # the row that is in two lines
        "lone carriage return between rows": {4, 5},  # the two rows that are in one
    }.get(name, bad)
    assert rows(table) == [row.split(",") for number, row in enumerate(ROWS, start=2) if number not in lost]


@pytest.mark.parametrize("name", BROKEN_ROWS)
def test_strict_refuses_the_file_of_a_broken_row_and_counts_all_its_rows(name: str, project: MakeProject) -> None:
    pollute, bad = BROKEN_ROWS[name]
    loose = read(project({}), pollute(LINES))
    table = read(project({}), pollute(LINES), strict=True)
    assert table.height == 0
    assert table.missing
    assert table.set_aside == sorted([*loose.lines, *loose.set_aside])
    assert [f.place.line for f in table.findings if f.rule == "file-is-readable"] == [min(bad)]


REFUSED: dict[str, tuple[Pollute, str]] = {
    "nothing": (lambda lines: "", "1:1: error[file-has-rows] the file is empty"),
    "blank lines": (lambda lines: "\n\n", "1:1: error[file-has-rows] the file is empty"),
    "only a mark": (lambda lines: "\ufeff", "1:1: error[file-has-rows] the file is empty"),
    "quote in the header": (inside(1, "court", 'co"urt'), "1:15: error[file-is-readable] a quotation mark in a cell"),
    "quote in the header not closed": (inside(1, "court", '"court'), "1:13: error[file-is-readable] the quotation mark is not"),
    "NUL in the header": (inside(1, "court", "co\0urt"), "1:15: error[file-is-readable] the character NUL"),
    "GB18030 in the header only": (inside(1, "court", "法院".encode("gb18030")), "1:13: error[file-is-readable] byte 0xb7"),
    "tabs": (lambda lines: text(lines).replace(",", "\t"), "1:1: error[file-is-readable] the cells are separated by tabs"),
    "semicolons": (lambda lines: text(lines).replace(",", ";"), "1:1: error[file-is-readable] the cells are separated by semi"),
    "full-width commas": (
        lambda lines: text(lines).replace(",", "，"),
        "1:1: error[file-is-readable] the cells are separated by f",
    ),
    "carriage returns": (lambda lines: text(lines, "\r"), "1:1: error[file-is-readable] the lines end in CR"),
    "UTF-16 cut off": (lambda lines: text(lines).encode("utf-16")[:-1], "11:44: error[file-is-readable] this is UTF-16 up to"),
    "UTF-16 without its mark, cut off": (
        lambda lines: text(lines).encode("utf-16-le")[:-1],
        "11:44: error[file-is-readable] this is",
    ),
    "UTF-16 with half a pair": (
        lambda lines: codecs.BOM_UTF16_LE + text(lines).encode("utf-16-le") + b"\x00\xd8",
        "12:1: error[file-is-readable] this is UTF-16 up to",
    ),
    "UTF-32": (lambda lines: text(lines).encode("utf-32"), "1:1: error[file-is-readable] "),
    "a workbook by another name": (lambda lines: b"PK\x03\x04rest", "1:1: error[file-is-readable] this is a workbook, not CSV"),
    "an old workbook by another name": (lambda lines: b"\xd0\xcf\x11\xe0rest", "1:1: error[file-is-readable] this is a workbook"),
    "random bytes": (lambda lines: bytes(range(128, 256)) * 3, "1:1: error[file-is-readable] byte 0x80 is not UTF-8"),
    "GB18030 or Big5": (
        lambda lines: f"{HEADER}\n{ROWS[0].replace('件', '')}\n".encode() + "330200,2017,all,1,1,example-a,項\n".encode("big5"),
        "1:1: error[file-is-readable] the file is GB18030 or Big5",
    ),
    "another table": (lambda lines: text(["a,b", "1,2"]), "1:1: error[column-is-present] the first line is no header"),
    "no header": (lambda lines: text(lines[1:]), "1:1: error[column-is-present] the first line is no header"),
    "a column twice": (inside(1, "source", "received"), "1:35: error[column-is-known] the column received is there twice"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_untrusted_file_gives_a_finding_and_does_not_count_as_checked(name: str, project: MakeProject) -> None:
    pollute, expected = REFUSED[name]
    table = read(project({}), pollute(LINES))
    shown = [line(finding, "en").removeprefix("raw/courts/caseload.csv:") for finding in table.findings]
    assert any(each.startswith(expected) for each in shown), shown
    assert table.missing


def test_more_than_a_thousand_broken_rows_are_no_table(project: MakeProject) -> None:
    table = read(project({}), text([HEADER, *['x"'] * 1001]))
    assert [f.rule for f in table.findings] == ["file-is-readable"]
    assert table.height == 0


def test_a_million_quotation_marks_are_refused_at_once(project: MakeProject) -> None:
    assert read(project({}), text([HEADER, *['"'] * 1_000_000])).height == 0


def test_a_quoted_cell_may_hold_commas_quotes_and_a_line_break(project: MakeProject) -> None:
    row = '330200,2025,all,"5,981件",5954件,example-a,"一 ""二""\n三"'
    table = read(project({}), text([HEADER, row, ROWS[0]]))
    assert rows(table) == [["330200", "2025", "all", "5,981件", "5954件", "example-a", '一 "二"\n三'], ROWS[0].split(",")]
    assert table.lines == [2, 4]
    assert str(table.place(1, "closed")) == "raw/courts/caseload.csv:4:23"


NAMES = ("a[1]", "统计[2025年]", "x*", "y?", "{z}", "~", "$HOME", "%s", "-rf", "'")


@pytest.mark.parametrize("folder", NAMES)
def test_names_are_never_patterns(folder: str, tmp_path: Path) -> None:
    for name in (folder, "a1", "统计2"):
        (tmp_path / name / "raw" / "courts").mkdir(parents=True)
        (tmp_path / name / "raw" / "courts" / "caseload.csv").write_text(text([HEADER, ROWS[0].replace("A2016", name)]), "utf-8")
    table = read_table(Project(tmp_path / folder), PACKAGE.entry("courts.caseload"))
    assert table is not None
    assert table.cells["section"] == [folder]


BLANKS: dict[str, Pollute] = {
    "rows of commas": lambda lines: text([lines[0], "," * 6, *lines[1:5], " , ,,\u3000,,,", *lines[5:], "," * 6, "," * 6]),
    "rows of commas above": lambda lines: text([",,,,,,", ",,,,,,", *lines]),
    "columns after": lambda lines: text([f"{line},,," for line in lines]),
    "columns before": lambda lines: text([f",,{line}" for line in lines]),
    "a column of spaces": lambda lines: text([f"{line}, " for line in lines]),
    "a column between": lambda lines: text([line.replace(",", ",,", 1) for line in lines]),
    "all of them": lambda lines: text([",,,,,,,,,", *(f",{line},," for line in lines), ",,,,,,,,,", ","]),
    "commas of another width": lambda lines: text([*lines, ",,,,,,,,,,,"]),
}


@pytest.mark.parametrize("name", BLANKS)
def test_blank_rows_and_columns_are_left_out_as_in_workbooks(name: str, project: MakeProject) -> None:
    table = read(project({}), BLANKS[name](LINES))
    assert (rows(table), table.findings) == ([row.split(",") for row in ROWS], [])


def test_a_cell_below_no_title_is_a_finding_and_places_are_those_of_the_file(project: MakeProject) -> None:
    with_blank = [f",{line},," for line in LINES]
    with_blank[3] = f",{LINES[3]},x,"
    table = read(project({}), text(with_blank))
    assert [finding.rule for finding in table.findings] == ["column-is-known"]
    assert str(table.place(0, "area")) == "raw/courts/caseload.csv:2:2"
