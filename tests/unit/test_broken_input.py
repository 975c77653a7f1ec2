"""Broken raw files: one clear finding at file:line:column each, and the rest of the file as it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from etl.catalogue import PACKAGE
from etl.findings import Finding, line
from etl.gate.check import Checked, check
from etl.project import Project

MakeProject = Callable[..., Project]

HEADER = "area,period,court,received,closed,source,section\n"
GOOD = HEADER + "330200,2025,all,5981件,5954件,example-a,1\n"


def checked(project: Project) -> Checked:
    return check(project, PACKAGE.entries(), date(2026, 1, 1), whole=True, cite=False)


def findings(make: MakeProject, text: str) -> list[Finding]:
    return checked(make({"courts.caseload": text})).findings


def test_a_good_file_gives_no_finding(project: MakeProject) -> None:
    assert findings(project, GOOD) == []


# What is broken, by name: the text of the file, and what is found at which line and column.
BROKEN = {
    "missing and unknown column": (
        GOOD.replace("received", "recieved"),
        "1:1: error[column-is-present] the column received (收案) is missing",
        "1:19: error[column-is-known] no column 'recieved' is declared. Did you mean 'received'?",
    ),
    "column twice": (
        GOOD.replace("received", "received,received").replace("5981件", "5981件,5981件"),
        "1:28: error[column-is-known] the column received is there twice",
    ),
    "unreadable figure": (
        GOOD.replace("5981件", "many"),
        "2:17: error[figure-is-readable] received: cannot read 'many' as a figure",
    ),
    "wrong unit": (
        GOOD.replace("5981件", "5981家"),
        "2:17: error[unit-fits-column] received: printed in 家 where 件 is expected",
    ),
    "fraction of a case": (
        GOOD.replace("5981件", "59.81件"),
        "2:17: error[count-is-whole] received: 59.81件 is not a whole number of 件",
    ),
    "duplicate key in another spelling": (
        GOOD + "宁波市,2025,全市法院,5981件,5954件,example-a,1\n",
        "3:1: error[key-is-unique] the key 330200:2025:all:example-a",
    ),
    "unknown area": (
        GOOD.replace("330200", "宁坡"),
        "2:1: error[code-is-known] area: '宁坡' is not listed in schemas/codes/areas.csv.",
    ),
    "unknown period": (
        GOOD.replace("2025", "25"),
        "2:8: error[period-is-well-formed] period: '25' is not a period such as 2025",
    ),
    "unknown source": (
        GOOD.replace("example-a", "exampel-a"),
        "2:29: error[source-is-known] source: 'exampel-a' is not listed in raw/sources.csv.",
    ),
    "blank": (GOOD.replace("5981件", ""), "2:17: error[cell-is-filled] received: cases received is blank"),
    "empty file": ("", "1:1: error[file-has-rows] the file is empty"),
    "short row": (GOOD + "330200,2024,all\n", "3:1: error[row-fits-header] 3 cells where the header has 7"),
    "stray quote": (
        GOOD + '330200,2024,"all"x,1件,1件,example-a,1\n',
        "3:18: error[row-is-readable] a cell goes on after its closing quotation mark",
    ),
    "header again": (GOOD + HEADER, "3:1: error[row-fits-header] the header stands here again"),
    "negative count": (
        GOOD.replace("5954件", "-5954件"),
        "2:23: error[not-below-its-range] closed: -5954件: Counts, amounts",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gives_one_finding_at_its_place(project: MakeProject, name: str) -> None:
    text, *expected = BROKEN[name]
    shown = [line(finding, "en") for finding in findings(project, text) if finding.place.file.endswith("caseload.csv")]
    assert len(shown) >= len(expected)
    for found in expected:
        assert sum(text.startswith(f"raw/courts/caseload.csv:{found}") for text in shown) == 1, shown
    assert [text for text in shown if not any(found in text for found in expected)] == []


def test_a_file_that_is_not_utf_8_is_read_and_reported(project: MakeProject) -> None:
    made = project({"courts.caseload": GOOD})
    made.raw("courts.caseload").write_bytes(GOOD.encode("gb18030"))
    found = checked(made)
    assert [line(finding, "en") for finding in found.findings] == [
        "raw/courts/caseload.csv:1:1: information[file-is-plain] the file is GB18030, and was read so;"
        " save it as UTF-8 to avoid a guess"
    ]
    assert found.tables["courts.caseload"].raw.cells["received"] == ["5981件"]
    assert found.exit_code("error") == 0


def test_a_file_in_no_known_encoding_is_refused_at_its_first_bad_byte(project: MakeProject) -> None:
    made = project({"courts.caseload": GOOD})
    made.raw("courts.caseload").write_bytes(GOOD.replace("件", "\xe9").encode("latin-1"))
    (finding,) = checked(made).findings
    assert line(finding, "en").startswith("raw/courts/caseload.csv:2:21: error[file-is-readable] byte 0xe9 is not UTF-8")


WIDE = "３３０２００,２０２５,all,５９８１件,\u00a05954\u3000件,example-a,1\n"


def test_full_width_characters_rare_spaces_and_separators_are_read_as_plain_ones_and_reported(project: MakeProject) -> None:
    found = checked(project({"courts.caseload": HEADER + WIDE + '330200,2024,all,"10,981件",−1件,example-a,1\n'}))
    table = found.tables["courts.caseload"]
    assert table.frame["received"].to_list() == [5981, 10981]
    assert table.frame["closed"].to_list() == [5954, -1]
    assert table.frame["area"].to_list() == ["330200", "330200"]
    assert table.frame["period"].to_list() == ["2025", "2024"]
    assert table.raw.cells["received"] == ["５９８１件", "10,981件"]
    said = [line(finding, "en").partition("caseload.csv:")[2] for finding in found.findings if finding.rule == "file-is-plain"]
    assert said == [
        "2:1: information[file-is-plain] full-width characters in 3 cells: '３３０２００' is read as '330200'",
        "2:23: information[file-is-plain] spaces other than the plain one in 1 cell: '\\xa05954\\u3000件' is read as '5954 件'",
        "3:17: information[file-is-plain] thousands separators in 1 cell: '10,981件' is read as '10981件'",
        "3:27: information[file-is-plain] a minus sign other than the hyphen in 1 cell: '−1件' is read as '-1件'",
    ]


@pytest.mark.parametrize(
    "cell", ["1,0981件", "1_000件", "0x10", "1e3", "inf", "nan", "٣件", "५件", "¹件", "①件", "5\u2003981件", "5\u200b981件"]
)
def test_nothing_else_is_taken_for_a_digit_or_a_separator(cell: str, project: MakeProject) -> None:
    rules = {finding.rule for finding in findings(project, GOOD.replace("5981件", f'"{cell}"'))}
    assert "figure-is-readable" in rules


def test_places_count_lines_and_columns_as_an_editor_does(project: MakeProject) -> None:
    text = HEADER + '"330200",2025,all,5981件,5954件,"example-a","1\nbis"\n330200,2024,all,"1,0x0件",5950件,example-a,1\n'
    places = [str(finding.place) for finding in findings(project, text)]
    assert places == ["raw/courts/caseload.csv:4:17"]


def test_headers_may_be_the_chinese_meaning_and_codes_a_name_in_either_language(project: MakeProject) -> None:
    header = "地区,时期,法院,收案,结案,来源,章节\n"
    text = header + "宁波市,2025,全市法院,5981件,5954件,example-a,1\nHangzhou,2025,all,7件,5件,example-a,1\n"
    table = checked(project({"courts.caseload": text})).tables["courts.caseload"]
    assert table.findings == []
    assert table.frame["area"].to_list() == ["330200", "330100"]
    assert table.frame["court"].to_list() == ["all", "all"]


def test_an_absent_optional_column_is_blank_and_a_byte_order_mark_is_no_text(project: MakeProject) -> None:
    table = checked(project({"courts.caseload": "\ufeff" + GOOD})).tables["courts.caseload"]
    assert table.findings == []
    assert table.frame["pending_at_start"].to_list() == [None]


@pytest.mark.parametrize(
    ("text", "exit_code"),
    [
        (GOOD, 0),
        (GOOD.replace("5981件", "many"), 1),
        (GOOD.replace("court,", "curt,"), 2),
        (GOOD.replace("received,", "recieved,"), 2),
        (HEADER, 0),
        (HEADER + "330200\n", 2),
        ("", 2),
    ],
)
def test_what_could_not_be_checked_is_never_a_pass(project: MakeProject, text: str, exit_code: int) -> None:
    assert checked(project({"courts.caseload": text})).exit_code("error") == exit_code


def test_a_finding_of_a_label_knows_its_row_so_that_a_waiver_of_it_accepts_no_other(project: MakeProject) -> None:
    rows = "".join(f"{area},2025,all,5件,5件,example-a,1\n" for area in ("甲", "乙"))
    keys = [finding.row_key for finding in findings(project, HEADER + rows)]
    assert keys == ["甲:2025:all:example-a", "乙:2025:all:example-a"]
