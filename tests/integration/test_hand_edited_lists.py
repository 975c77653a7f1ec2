"""The lists of a project are checked like code: what is wrong in one stops the check, at its place."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from commands import etl
from listed_projects import HEADER, LEDGER, LEFT_OUT, LINKS, SOURCE, TABLE, checked, written

from etl.errors import ProjectError
from etl.intake.phrases import PHRASE_COLUMNS, read_phrases
from etl.project import Project
from etl.tables.publication_day import judged_alike_until


def test_the_project_that_is_right_passes(tmp_path: Path) -> None:
    assert checked(written(tmp_path)) == (0, checked(tmp_path)[1])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (SOURCE.replace("2026-01-20", "2026/1/5"), "2:17: published_on '2026/1/5' is no date such as 2026-12-31"),
        (SOURCE.replace("2026-01-20", "2026-02-30"), "2:17: published_on '2026-02-30' is no date"),
        (SOURCE.replace("2026-01-20", "20260120"), "published_on '20260120' is no date"),
        (SOURCE.replace("2026-01-20", "9999-12-31"), "published_on '9999-12-31' is no date"),
        (SOURCE.replace("2026-01-20", "2026年1月20日"), "published_on '2026年1月20日' is no date"),
        (SOURCE + SOURCE, "3:1: a stands here twice, first on line 2"),
        (SOURCE + "A" + SOURCE[1:], "3:1: A stands here twice, first on line 2"),
        (SOURCE[1:], "2:1: source '' is blank"),
        (f"../{SOURCE}", "2:1: source '../a' is no id"),
        (f"/tmp/{SOURCE}", "2:1: source '/tmp/a' is no id"),
        (SOURCE.replace("a,", "..\\a,", 1), "2:1: source '..\\\\a' is no id"),
        (SOURCE.replace("a,", ".a,", 1), "2:1: source '.a' is no id"),
        (SOURCE.replace("a,", "a ,", 1), "2:1: source 'a ' is no id"),
        (SOURCE.replace("a,", "a.taken,", 1), "2:1: source 'a.taken' is no id: a file of another document is named so"),
        (SOURCE.replace("a,", f"{'a' * 300},", 1), "is longer than the 200 bytes"),
        (SOURCE.replace("Report", "Re\u202eport"), "2:3: the RIGHT-TO-LEFT OVERRIDE in title"),
        (
            SOURCE.replace("330200", "33020"),
            "2:29: area '33020' is not listed in schemas/codes/areas.csv. Did you mean '33020",
        ),
        (SOURCE.replace("330200", "宁波市"), "2:29: area '宁波市' is a name; write its code, 330200"),
        (SOURCE.replace("2025", "2025年"), "2:36: period '2025年' is not a period such as 2025"),
        (SOURCE.replace("2025", "0001"), "2:36: period '0001' is not a period"),
        (SOURCE.replace("2025", "9999"), "2:36: period '9999' is not a period"),
        (
            SOURCE.replace("compilation", "bulettin"),
            "2:41: kind 'bulettin' is none of bulletin, compilation, return. Did you mean 'bulletin'?",
        ),
        (SOURCE.replace(",,330200", ",javascript:alert(1),330200"), "2:28: url 'javascript:alert(1)' is no address"),
        (SOURCE.replace(",,\n", ",0A,x\n"), "2:53: sha256 '0A' is no SHA-256"),
        (SOURCE.replace(",,\n", ",,many\n"), "2:54: length 'many' is no number of characters"),
        (SOURCE + ",,,,,,,,,\n", "3:1: all cells of the row are blank; delete it"),
        (SOURCE.replace("\n", ",\n"), "2:1: 11 cells where the header has 10"),
    ],
)
def test_a_document_that_is_listed_wrongly_stops_the_check_at_its_place(row: str, said: str, tmp_path: Path) -> None:
    code, output = checked(written(tmp_path, **{"raw/sources.csv": HEADER + row}))
    assert (code, f"Error: raw/sources.csv:{said}" in output if said[0].isdigit() else said in output) == (2, True), output


CONFIRMED = "section,ordinal,how,by\n1,1,by hand,A. Clerk\n"


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("a.csv", LEDGER + "1,1,,1200件,件,\n", "a.csv:4:1: 1 1 stands here twice, first on line 2"),
        ("a.csv", LEDGER.replace("1,1,,", "1,one,,"), "a.csv:2:3: ordinal 'one' is no rank"),
        ("a.csv", LEDGER.replace("1,1,,", "1,１,,"), "a.csv:2:3: ordinal '１' is no rank"),
        ("a.csv", LEDGER.replace("1,1,,", "1,1,-5,"), "a.csv:2:5: offset '-5' is no number of characters"),
        ("a.csv", LEDGER.replace("1,1,,", "1,1,1e3,"), "a.csv:2:5: offset '1e3' is no number of characters"),
        ("a.csv", LEDGER.replace("1,1,,", "1,1,9,").replace("1,2,,", "1,2,9,"), "a.csv:3:5: offset 9 and 9 of line 2 are not in"),
        ("a.csv", LEDGER.replace("1,1,,", "1,1,9,").replace("1,2,,", "1,2,4,"), "a.csv:3:5: offset 4 and 9 of line 2 are not in"),
        ("a.csv", LEDGER.replace("1200件,件", ",件"), "a.csv:2:6: published is blank"),
        ("a.csv", LEDGER.replace("1200件,件", "1200件,jian"), "a.csv:2:12: unit 'jian' is no known unit"),
        ("a.csv", LEDGER.replace("1200件,件,", "1200件,件,超超"), "a.csv:2:14: hedge '超超' is no known hedge"),
        ("a.csv", LEDGER.replace("section,", "Section,"), "a.csv:1:1: its header must be section,ordinal"),
        ("a.left_out.csv", LEFT_OUT + "1,9,,7件,why\n", "a.left_out.csv:2:3: the ledger has no figure 1:9"),
        ("a.left_out.csv", LEFT_OUT + "1,1,,1300件,why\n", "a.left_out.csv:2:6: 1:1 is 1300件 here, and 1200件 in the ledger"),
        ("a.left_out.csv", LEFT_OUT + "1,,5,2025年, \n", "a.left_out.csv:2:12: reason ' ' says nothing"),
        ("a.left_out.csv", LEFT_OUT + "1,,x,2025年,year\n", "a.left_out.csv:2:4: offset 'x' is no number"),
        ("a.taken.csv", LINKS + "1,1,courts.caseload,330200:2025:all:a,closed\n", "a.taken.csv:4:1: 1 1 stands here twice"),
        ("a.taken.csv", LINKS.replace("closed", ""), "a.taken.csv:3:39: column is blank"),
        ("a.taken.csv", LINKS + ",,,,\n", "a.taken.csv:4:1: all cells of the row are blank"),
        ("a.links.csv", CONFIRMED + "1,1,by hand,B\n", "a.links.csv:3:1: 1 1 stands here twice, first on line 2"),
        ("a.links.csv", CONFIRMED.replace("by hand", "By Hand"), "a.links.csv:2:5: how 'By Hand' is no way in which a figure"),
        ("a.links.csv", CONFIRMED.replace("ordinal", "rank"), "a.links.csv:1:9: its header must be section,ordinal,how,by"),
    ],
)
def test_a_ledger_that_is_edited_wrongly_stops_the_check_at_its_place(file: str, text: str, said: str, tmp_path: Path) -> None:
    code, output = checked(written(tmp_path, **{f"raw/sources/{file}": text}))
    assert (code, f"Error: raw/sources/{said}" in output) == (2, True), output


def test_a_figure_does_not_stand_beyond_its_document(tmp_path: Path) -> None:
    ledger, listed = (
        LEDGER.replace("1,1,,", "1,1,99,").replace("1,2,,", "1,2,100,"),
        SOURCE.replace(",,\n", f",{'0a' * 32},100\n"),
    )
    code, output = checked(written(tmp_path, **{"raw/sources/a.csv": ledger, "raw/sources.csv": HEADER + listed}))
    said = "Error: raw/sources/a.csv:3:5: offset 100 lies beyond the document, which has 100 characters"
    assert (code, said in output) == (2, True), output


def test_a_large_ledger_is_held_to_the_same(tmp_path: Path) -> None:
    more = "".join(f"2,{rank},,{rank}件,件,\n" for rank in range(1, 6000))
    root = written(tmp_path, **{"raw/sources/a.csv": LEDGER + more.replace("5000件,件", "5000件,jian")})
    assert "Error: raw/sources/a.csv:5003:15: unit 'jian' is no known unit" in checked(root)[1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            'rule growth-is-from-whole-cases off "a"\nrule growth-is-from-whole-cases warning "b"',
            "2:1: growth-is-from-whole-cases is changed",
        ),
        ("use courts\0", "1:11: the control character U+0000 is no text"),
        ("use courts\ruse customs", "1:11: the control character U+000D is no text"),
    ],
)
def test_a_catalogue_is_held_to_the_same(line: str, said: str, tmp_path: Path) -> None:
    code, output = checked(written(tmp_path, **{"catalogue.txt": f"{line}\n"}))
    assert (code, f"catalogue.txt:{said}" in output) == (2, True), output


# Periods that cannot be.


@pytest.mark.parametrize(
    ("period", "source", "is_found"),
    [
        ("2025", SOURCE, False),
        ("2026-01", SOURCE, False),
        ("2052", SOURCE, True),
        ("2026", SOURCE, True),
        ("2026-H1", SOURCE, True),
        ("2026-Q1", SOURCE, True),
        ("2026-02", SOURCE, True),
        ("2025-07/2026-06", SOURCE, True),
        ("2025-07/2026-01", SOURCE, False),
        ("2052", SOURCE.replace("2026-01-20", ""), True),
        ("2026", SOURCE.replace("2026-01-20", ""), True),
        ("2024", SOURCE.replace("2026-01-20", ""), False),
        ("2052", "a,,,,,,,,,\n", False),
    ],
)
def test_a_document_prints_no_figure_of_a_period_after_it(period: str, source: str, is_found: bool, tmp_path: Path) -> None:
    root = written(tmp_path, **{"raw/sources.csv": HEADER + source, "raw/courts/caseload.csv": TABLE.replace("2025", period)})
    code, output = checked(root, "--ignore", "figure-is-cited,figures-are-all-taken")
    assert (code, "raw/courts/caseload.csv:2:8: error[period-is-over] period: a " in output) == (int(is_found), is_found), output


@pytest.mark.parametrize(
    "period", ["0001", "9999", "1066", "3025", "2025-13", "2025-00", "2025-H3", "2025-Q5", "2025-12/2025-01", "25"]
)
def test_a_period_that_is_none_is_an_error(period: str, tmp_path: Path) -> None:
    code, output = checked(written(tmp_path, **{"raw/courts/caseload.csv": TABLE.replace("2025", period)}))
    assert (code, "caseload.csv:2:8: error[period-is-well-formed]" in output) == (1, True), output


def test_a_document_that_came_out_before_its_own_period_was_over_is_an_error(tmp_path: Path) -> None:
    code, output = checked(written(tmp_path, **{"raw/sources.csv": HEADER + SOURCE.replace("2026-01-20", "2025-01-20")}))
    assert code == 1
    assert "raw/sources.csv:2:17: error[period-is-over] a was published on 2025-01-20, before the period of its report" in output


@pytest.mark.parametrize(
    ("source", "epoch", "place"),
    [
        ("a,R,O,2062-01-20,,330200,2025,compilation,,\n", "", "2:7"),
        ("a,R,O,2062-01-20,,330200,2025,return,,\n", "", "2:7"),
        ("a,R,O,,,330200,2061,compilation,,\n", "", "2:16"),
        ("a,R,O,,,330200,2061/62,compilation,,\n", "", "2:16"),
        ("a,R,O,,,330200,2061,return,,\n", "", ""),
        ("a,R,O,2026-01-20,,330200,2025,compilation,,\n", "", ""),
        ("a,R,O,2026-01-20,,330200,2025,compilation,,\n", "1700000000", "2:7"),
        ("a,R,O,2023-11-15,,330200,2022,compilation,,\n", "1700000000", ""),  # that day in UTC is the 14th
        ("a,R,O,2062-01-20,,330200,2025,compilation,,\n", "4102444800", ""),
    ],
)
def test_a_document_of_the_future_is_a_warning(
    source: str, epoch: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    years = {"schemas/codes/financial_years.csv": "notation,first_month,year\n2024/25,4,first\n"} if "/62" in source else {}
    code, output = checked(
        written(tmp_path, **{"raw/sources.csv": HEADER + source, **years}), "--select", "document-is-published"
    )
    assert (code, f"raw/sources.csv:{place}: warning[document-is-published] a cannot" in output) == (0, bool(place)), output
    assert bool(place) == ("document-is-published" in output)


def test_a_load_holds_until_the_first_document_to_come_can_be_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = HEADER + "a,R,O,2030-05-10,,,,,,\nb,R,O,2030-05-03,,,,,,\nc,R,O,2030-05-02,,,,,,\n"
    listed = Project(written(tmp_path, **{"raw/sources.csv": sources})).source_list
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert judged_alike_until(listed, date(2030, 5, 1)) == "2030-05-01"
    assert judged_alike_until(listed, date(2030, 5, 2)) == "2030-05-08"
    assert judged_alike_until(listed, date(2030, 5, 9)) == ""


def test_a_day_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for word in ("2026-01-01", "1e99", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", word)
        code, output = checked(written(tmp_path))
        assert (code, f"SOURCE_DATE_EPOCH is '{word}'" in output) == (2, True), output


def test_a_figure_in_another_unit_than_its_text_stops_the_check(tmp_path: Path) -> None:
    code, output = checked(written(tmp_path, **{"raw/sources/a.csv": LEDGER.replace("1200件,件", "1200件,家")}))
    said = "raw/sources/a.csv:2:12: unit '家' is not that of 1200件, which is printed in 件"
    assert (code, said in output) == (2, True), output


def test_nothing_of_the_lists_is_loaded_where_one_is_wrong(tmp_path: Path) -> None:
    root = written(tmp_path)
    assert etl(root, "run").exit_code == 0
    before = Project(root).warehouse.readlink()
    written(root, **{"raw/sources.csv": HEADER + SOURCE.replace("2026-01-20", "2026/1/20")})
    assert etl(root, "run").exit_code == 2
    assert Project(root).warehouse.readlink() == before


def test_a_confirmation_of_no_figure_is_an_error_at_its_line(tmp_path: Path) -> None:
    text = CONFIRMED.replace("A. Clerk", '"A.\nClerk"') + "9,9,aligned,B\n1,2,aligned,B\n"
    code, output = checked(written(tmp_path, **{"raw/sources/a.links.csv": text}))
    assert (code, "raw/sources/a.links.csv:4:1: error[link-is-confirmed] the ledger has no figure a 9:9" in output) == (1, True)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1,1,,a,b,件,courts.caseload,own,received,\n", "2:28: row_key 'own' is none such as own:this"),
        ("1,1,,a,b,件,courts.caseload,own:this:all,,\n", "2:41: column is blank"),
        ("1,1,,a,b,件,,,,\n", "2:15: reason is blank"),
        ("1,1,,a,b,件,,,,x\n1,1,,a,b,件,,,,x\n", "3:1: 1 1 stands here twice"),
    ],
)
def test_phrases_that_are_edited_wrongly_are_refused_at_their_place(row: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.phrases.csv"
    path.write_text(f"{','.join(PHRASE_COLUMNS)}\n{row}", encoding="utf-8")
    with pytest.raises(ProjectError, match=re.escape(f"a.phrases.csv:{said}")):
        read_phrases(path, tmp_path)
