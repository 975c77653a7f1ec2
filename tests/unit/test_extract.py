"""The finder of figures in running text; all passages here are made up."""

import csv
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import ROOT

from etl.documents.exclusions import Reason
from etl.documents.extract import Found, extract, verify
from schemas.code_lists import PACKAGE_LISTS

BULLETIN = ROOT.parent / "shared" / "bulletin" / "ningbo-2025.txt"
LEDGER = ROOT / "raw" / "sources" / "ningbo-2025.csv"
LEFT_OUT = LEDGER.with_suffix(".left_out.csv")


def figures(text: str) -> list[str]:
    return [each.published for each in extract(text) if not each.reason]


def left_out(text: str) -> list[tuple[str, str]]:
    return [(each.published, each.reason) for each in extract(text) if each.reason]


def unaccounted(text: str) -> list[str]:
    """Give the runs of digits that stand neither in a figure nor in a number left out."""
    covered = set[int]()
    for each in extract(text):
        place = each.offset
        for character in each.published:
            place = text.index(character, place)
            covered.add(place)
            place += 1
    return [run[0] for run in re.finditer(r"\d+", text) if not covered.issuperset(range(*run.span()))]


def stands_at_its_offset(text: str, found: Found) -> bool:
    return re.sub(r"\s", "", text[found.offset :]).startswith(found.published) and text[found.offset] != " "


@pytest.mark.parametrize(
    ("text", "published", "unit", "hedge"),
    [
        ("共受理苹果申请321件。", "321件", "件", ""),
        ("苹果产值8.25亿元。", "8.25亿元", "元", ""),
        ("库存1,234箱。", "1,234箱", "箱", ""),
        ("挽损５６．７万元", "５６．７万元", "元", ""),
        ("占比３．５％。", "３．５％", "%", ""),
        ("超六成果农受益", "超六成", "成", "超"),
        ("果农5000余家", "5000余家", "家", "余"),
        ("罚款2.2亿余元", "2.2亿余元", "元", "余"),
        ("耗时5个月左右", "5个月左右", "个月", "左右"),
        ("压减超15%以上", "超15%以上", "%", "超…以上"),
        ("果园面积突破20万亩", "突破20万亩", "亩", "突破"),
        ("退赔不少于44万美元", "不少于44万美元", "美元", "不少于"),
        ("限6个月内办完", "6个月内", "个月", "内"),
        ("限48小时答复", "48小时", "小时", ""),
        ("需20个工作日", "20个工作日", "个工作日", ""),
        ("成交3.3万件次", "3.3万件次", "件次", ""),
        ("产量同比增长7.5%", "7.5%", "%", ""),
        ("产量同比下降7.5%", "下降7.5%", "%", ""),
        ("产量同比-7.5%", "-7.5%", "%", ""),
        ("-7.5%的产量", "-7.5%", "%", ""),
        ("时间缩短3.5天", "3.5天", "天", ""),
        ("发行果园债券两单", "两单", "单", ""),
        ("合格率百分之九", "百分之九", "百分之", ""),
        ("产量翻两番", "翻两番", "翻两番", ""),
        ("果农超万人", "超万人", "人", "超"),
        ("占GDP4.5%", "4.5%", "%", ""),
        ("重 12 件", "12件", "件", ""),
    ],
)
def test_a_figure_is_given_as_printed_with_unit_and_hedge(text: str, published: str, unit: str, hedge: str) -> None:
    assert [(each.published, each.unit, each.hedge) for each in extract(text) if not each.reason] == [(published, unit, hedge)]


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("果园始于2019年。", "2019年", Reason.YEAR),
        ("截至 2019年底", "2019年", Reason.YEAR),
        ("较2019增产", "2019", Reason.YEAR),
        ("突破2019年纪录", "2019年", Reason.YEAR),
        ("二〇一九年开园", "二〇一九年", Reason.YEAR),
        ("规划2021—2025年", "2021—2025年", Reason.YEAR),
        ("5月8日开园", "5月8日", Reason.DATE),
        ("1-9月统计", "1-9月", Reason.DATE),
        ("1-2季度统计", "1-2季度", Reason.DATE),
        ("2024-05-08开园", "2024-05-08", Reason.DATE),
        ("近三年成果", "近三年", Reason.PERIOD),
        ("连续五年丰收", "连续五年", Reason.STREAK),
        ("连续6年丰收", "连续6年", Reason.STREAK),
        ("获第三十一届苹果节邀请", "第三十一", Reason.ORDINAL),
        ("指南（第四版）", "第四", Reason.ORDINAL),
        ("列全省前三", "前三", Reason.ORDINAL),
        ("列前10位", "前10", Reason.ORDINAL),
        ("开展“秋收2024”行动", "秋收2024", Reason.NAME),
        ("种植“红果88”", "红果88", Reason.NAME),
        ("形成“2+3+X”格局", "2+3+X", Reason.NAME),
        ("形成2+3+X格局", "2+3+X", Reason.NAME),
        ("印发《果园2030年远景目标与建设发展总体规划》", "2030年", Reason.NAME),
        ("建成5G果园", "5G", Reason.NAME),
        ("果园A12区", "A12", Reason.NAME),
        ("电话0577-8888", "0577-8888", Reason.NAME),
        ("果园12号", "12", Reason.NAME),
        ("全天7×24服务", "7×24", Reason.NAME),
        ("通过ISO9001认证", "ISO9001", Reason.NAME),
        ("果发〔2024〕文件", "2024", Reason.NAME),
        ("第一条新规", "第一", Reason.ORDINAL),
        ("1.果园概况", "1.", Reason.LIST_MARK),
        ("每万人拥有果树", "每万人", Reason.RATE_BASE),
        ("建强四大果区", "四大", Reason.FIXED_GROUP),
        ("培养了一批果农", "一批", Reason.INDEFINITE),
        ("数十家果园", "十家", Reason.INDEFINITE),
        ("惠及千家果园", "千家", Reason.IDIOM),
        ("做到三个全覆盖", "三个", Reason.IDIOM),
        ("十分甜", "十分", Reason.IDIOM),
    ],
)
def test_a_number_that_is_no_figure_is_excluded_with_its_reason(text: str, expected: str, reason: Reason) -> None:
    assert left_out(text) == [(expected, reason)]
    assert figures(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新增“红果”和“青果”两大果区", ["两大"]),
        ("新增果树，建强两大果区", []),
        ("果园签约40个", ["40个"]),
        ("附近12家果园", ["12家"]),
        ("近12家果园", ["近12家"]),
        ("12家内资果园", ["12家"]),
        ("5家多次获奖", ["5家"]),
        ("历时3年多。", ["3年多"]),
        ("10多家果园", ["10多家"]),
        ("33万人次入园", ["33万人次"]),
        ("一成不变的果园", []),
        ("新增一家果园", ["一家"]),
        ("目前12名果农", ["12名"]),
        ("需3-5个工作日", ["3-5个工作日"]),
        ("分别为12，345件", ["12", "345件"]),
        ("统一管理，第三方检验，果园四通八达", []),
        ("“红果园今年共收苹果三百二十一箱、青果12件，并在邻省的果园新种果树55株和桃树”", ["三百二十一箱", "12件", "55株"]),
        ("三成五果农", ["三成五"]),
        ("2025件苹果", ["2025件"]),
        ("超2025件苹果", ["超2025件"]),
    ],
)
def test_words_around_a_number_decide(text: str, expected: list[str]) -> None:
    assert figures(text) == expected


def test_every_unit_and_hedge_of_the_code_lists_is_found() -> None:
    for unit in PACKAGE_LISTS.units:
        if unit.unit not in ("月", "大", "年") and not re.search("[A-Z]", unit.unit):
            assert [each.unit for each in extract(f"果园有37{unit.unit}。")] == [unit.unit.replace("％", "%")]
    for hedge in PACKAGE_LISTS.hedges:
        before, inside, after = (hedge.hedge if hedge.position == place else "" for place in ("before", "inside", "after"))
        assert [each.hedge for each in extract(f"果园用了{before}30{inside}天{after}。")] == [hedge.hedge]


def test_sections_follow_the_headings() -> None:
    text = "果园2件\n\nA 苹果4件\n引言，5件。\n(一) 红果6件\n红果7件，好。\n（二）青果8件\nB 桃\n(一) 蜜桃，共9件。"

    found = [(each.section, each.ordinal, each.published) for each in extract(text)]

    assert found == [
        ("0", 1, "2件"),
        ("A", 1, "4件"),
        ("A", 2, "5件"),
        ("A1", 1, "6件"),
        ("A1", 2, "7件"),
        ("A2", 1, "8件"),
        ("B1", 1, "9件"),
    ]


def test_a_line_that_breaks_in_a_word_or_a_number_is_joined() -> None:
    text = "  苹果丰收，产量达12.\r\n\r\n5万\r\n  件，果农\n\n笑开颜。\n\n桃子3家。"

    assert figures(text) == ["12.5万件", "3家"]
    assert all(stands_at_its_offset(text, each) for each in extract(text))


def test_figures_and_numbers_left_out_are_counted_apart() -> None:
    found = extract("2020年苹果3件，2021年桃4件。\nA 桃\n5件，2022年。")

    assert [(each.section, each.ordinal, bool(each.reason)) for each in found] == [
        ("0", 1, True),
        ("0", 1, False),
        ("0", 2, True),
        ("0", 2, False),
        ("A", 1, False),
        ("A", 1, True),
    ]


def test_a_short_name_that_holds_two_numbers_is_left_out_once() -> None:
    assert left_out("打造“3个果园5个村”") == [("3个果园5个村", Reason.NAME)]


PIECES = st.sampled_from(
    [
        *"年月日件个第前近每连续强号版，。、“”《》（）()+-/.:% \n\n三十万亿大成",
        *("2025", "12", "7.64", "0", "007", "１２", "1,234", "A", "PCT", "下降", "超", "以上", "余", "（一）", "B "),
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_every_digit_is_accounted_for_and_every_offset_is_right(text: str) -> None:
    found = extract(text)

    assert unaccounted(text) == []
    assert all(stands_at_its_offset(text, each) for each in found)
    assert [each.offset for each in found] == sorted(each.offset for each in found)


@given(st.integers(min_value=1, max_value=10**9), st.sampled_from(["件", "家", "万件", "亿元", "%", "个月"]))
def test_a_printed_figure_is_found_wherever_a_line_breaks_it(number: int, unit: str) -> None:
    figure = f"{number}{unit}"
    for cut in range(len(figure)):
        assert figures(f"果园，有{figure[:cut]}\n\n{figure[cut:]}，好。") == [figure]


def test_the_committed_ledger_is_numbered_without_gaps() -> None:
    with LEDGER.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    per_section = Counter(row["section"] for row in rows)

    assert [int(row["ordinal"]) for row in rows] == [rank + 1 for count in per_section.values() for rank in range(count)]
    assert [int(row["offset"]) for row in rows] == sorted(int(row["offset"]) for row in rows)


@pytest.mark.skipif(not BULLETIN.exists(), reason="the document itself is not part of the project")
def test_the_real_bulletin_agrees_with_its_committed_ledger() -> None:
    text = BULLETIN.read_bytes().decode("utf-8")
    with (ROOT / "raw" / "sources.csv").open(encoding="utf-8", newline="") as file:
        [source] = [row for row in csv.DictReader(file) if row["source"] == "ningbo-2025"]
    with LEDGER.open(encoding="utf-8", newline="") as file:
        committed = Counter(row["section"] for row in csv.DictReader(file))

    assert Counter(each.section for each in extract(text) if not each.reason) == committed
    assert verify(text, LEDGER, LEFT_OUT, source["sha256"], int(source["length"])) == []
    assert unaccounted(text) == []
    assert all(stands_at_its_offset(text, each) for each in extract(text))
