"""The relations that a text states are found and judged, and what is not plain is left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from documents_with_tables import document_of

import etl
from etl.documents.document import plain
from etl.proofreading.proofread import Proofread, proofread

FIXTURES = Path(__file__).parents[1] / "fixtures"
SLOT = re.compile(r"\{([^|{}]*)\|([^|{}]*)\}")
STATEMENTS = [line.replace("\\n", "\n") for line in (FIXTURES / "stated_relations.txt").read_text(encoding="utf-8").splitlines()]
TABLES = (FIXTURES / "stated_tables.txt").read_text(encoding="utf-8").split("===\n")
HONEST = sorted((FIXTURES / "honest_documents").glob("*.txt"))


def honest(text: str) -> str:
    return SLOT.sub(r"\1", text)


def slips_of(text: str) -> Iterator[str]:
    """The text with one of its figures wrong at a time."""
    for wrong in range(len(SLOT.findall(text))):
        ranks = iter(range(len(text)))
        yield SLOT.sub(lambda slot, ranks=ranks, wrong=wrong: slot[2] if next(ranks) == wrong else slot[1], text)  # type: ignore[misc]


def contradictions(read: Proofread) -> list[str]:
    return [each.message.en for each in read.findings if each.severity != "information"]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_agrees_and_each_slip_in_it_contradicts(statement: str) -> None:
    read = proofread(plain(honest(statement)))
    assert contradictions(read) == []
    for slip in slips_of(statement):
        assert contradictions(proofread(plain(slip))), slip


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.strip().split("\n")[0][:20])
def test_a_table_agrees_and_each_slip_in_it_contradicts(table: str) -> None:
    read = proofread(document_of(honest(table)))
    assert contradictions(read) == []
    assert read.counts.get("agrees")
    for slip in slips_of(table):
        assert contradictions(proofread(document_of(slip))), slip


@pytest.mark.parametrize("path", HONEST, ids=lambda path: path.stem)
def test_an_honest_document_raises_no_alarm_whatever_stands_side_by_side(path: Path) -> None:
    read = proofread(plain(path.read_text(encoding="utf-8")))
    assert contradictions(read) == []
    assert read.counts["agrees"] >= 10
    assert read.counts["cannot_be_said"]


def test_a_relation_that_is_not_plain_is_counted_and_not_judged() -> None:
    read = proofread(plain("培育企业37家，营业收入占全市比重达61.83%。高价值专利4.40万件，占总量的57.6%。"))
    assert read.findings == []
    assert read.counts == {"cannot_be_said": 1}


def test_a_hedge_that_says_nothing_is_not_judged() -> None:
    read = proofread(plain("全年授权专利2000件，其中发明专利约500件，占比约90%。"))
    assert read.findings == []
    assert read.counts["cannot_be_said"]


def test_rounding_never_contradicts_and_digits_cut_off_are_an_information() -> None:
    rounded = proofread(plain("受理案件199件，其中专利案件66件，占比33.17%。"))
    assert rounded.findings == []
    (finding,) = proofread(plain("受理案件199件，其中专利案件67件，占比33.66%。")).findings
    assert (finding.severity, finding.rule) == ("information", "share-is-of-the-named-whole")
    assert "only if digits were cut off" in finding.message.en


def test_a_finding_stands_at_the_figure_that_is_probably_wrong_with_the_words_around_it() -> None:
    text = "概况。\n技术调查官深度参审，全年参审199件，占比46.05%；审限平均缩短26.53天。"
    (finding,) = proofread(plain(text, "bulletin.txt")).findings
    assert str(finding.place) == f"bulletin.txt:2:{text.splitlines()[1].index('46.05') + 1}"
    assert (finding.rule, finding.severity) == ("part-of-whole-cases", "error")
    assert finding.message.en == ("“全年参审199件，占比46.05%”: 199件 cannot be 46.05% of a whole number: 199/432 = 46.06%")
    assert finding.message.zh == "“全年参审199件，占比46.05%”：199件 不可能是任何整数的 46.05%：199/432 = 46.06%"


def test_sums_that_share_a_cell_name_that_cell_alone() -> None:
    table = "区\t合计（件）\t发明（件）\t商标（件）\n甲\t30\t10\t20\n乙\t70\t30\t41\n合计\t100\t40\t60\n"
    (finding,) = proofread(document_of(table)).findings
    assert finding.message.en.startswith("table 1, row 3, column 4: ")
    assert "40件 expected, not 41" in finding.message.en


def test_figures_of_several_districts_and_years_are_not_one_figure() -> None:
    districts = "2025年统计\n一、东湖区\n全年有效发明专利拥有量5320件。\n二、西山区\n全年有效发明专利拥有量6180件。\n"
    years = "2025年全市共查处侵权假冒案件1440件。2024年全市共查处侵权假冒案件1530件。"
    assert proofread(plain(districts)).findings == []
    assert proofread(plain(years)).findings == []


def test_a_text_in_another_language_is_refused() -> None:
    with pytest.raises(etl.ProjectError, match="Korean"):
        proofread(plain("2025년 지식재산권 출원은 총 56만629건으로 전년 대비 0.7% 증가했다."))


def test_rows_within_rows_and_totals_of_some_rows_only_raise_no_alarm() -> None:
    nested = "类型\t件数（件）\n合计\t1000\n民事\t800\n著作权\t500\n商标\t300\n刑事\t150\n行政\t50\n"
    of_area = "地区\t收案（件）\t结案（件）\n全市\t1000\t950\n东湖区\t300\t280\n西山区\t200\t190\n"
    assert proofread(document_of(nested)).findings == []
    assert proofread(document_of(of_area)).findings == []


def test_plans_and_targets_are_no_second_print_of_what_was_done() -> None:
    text = "2025年工作报告\n一、工作回顾\n全市新认定高新技术企业1320家。\n二、2026年工作安排\n全市新认定高新技术企业1230家。\n"
    assert proofread(plain(text)).findings == []


def test_a_share_after_two_parts_can_be_that_of_both() -> None:
    text = "全年授权专利2000件，其中发明专利500件、实用新型专利300件，占比{}%。"
    assert proofread(plain(text.format("40.0"))).findings == []
    assert proofread(plain(text.format("15.0"))).findings == []
    assert contradictions(proofread(plain(text.format("51.0"))))


def test_a_rank_that_falls_is_a_rise() -> None:
    assert proofread(plain("综合排名由全省12位上升至8位，办理效率由30天提高到3天。")).findings == []
