"""The kinds of phrases in which figures are printed, in a cell and in running text; all sentences are made up."""

from __future__ import annotations

import csv
import math
import re

import pytest
from paths import ROOT
from test_figures import read

from etl.documents.extract import Found, extract
from etl.errors import ProjectError

CASES = ROOT.parent / "shared" / "cases" / "figures.csv"

CELLS = """
下降了4.4%     | rate     | %      | -4.4    | -4.45   | -4.35   |
降幅为8%       | rate     | %      | -8      | -8.5    | -7.5    |
负增长3.1%     | rate     | %      | -3.1    | -3.15   | -3.05   |
—4.7%          | rate     | %      | -4.7    | -4.75   | -4.65   |
▲2.4%          | rate     | %      | -2.4    | -2.45   | -2.35   |
fell by 7.5%   | rate     | %      | -7.5    | -7.55   | -7.45   |
增长2.5倍      | rate     | %      | 250     | 245     | 255     |
20个基点       | rate     | 个百分点 | 0.2   | 0.195   | 0.205   |
将近40万件     | count    | 件     | 400000  |         | 400000  | 将近
≥6件           | count    | 件     | 6       | 6       |         | ≥
约占全省的26.9% | share   | %      | 26.9    |         |         | 约
三十来家       | count    | 家     | 30      |         |         | 来
5个多月        | duration | 个月   | 5       | 5       | 6       | 多
5个半月        | duration | 个月   | 5.5     | 5.45    | 5.55    |
3～8天         | duration | 天     | 3       | 3       | 8       |
2%-5%          | share    | %      | 2       | 2       | 5       |
3万至6万元     | amount   | 元     | 30000   | 30000   | 60000   |
五至六成       | share    | %      | 50      | 50      | 60      |
下降3%-5%      | rate     | %      | -3      | -5      | -3      |
五六家         | count    | 家     | 5       | 5       | 6       |
二三十家       | count    | 家     | 20      | 20      | 30      |
五分之二       | share    | %      | 40      | 30      | 50      |
1/4以上        | share    | %      | 25      | 25      |         | 以上
过半           | share    | %      | 50      | 50      |         | 过
百分之四十     | share    | %      | 40      | 39.5    | 40.5    |
3.5:1          | multiple | 倍     | 3.5     | 3.45    | 3.55    |
3万4千件       | count    | 件     | 34000   | 33500   | 34500   |
30万6,855件    | count    | 件     | 306855  | 306855  | 306855  |
2 893.6万件    | count    | 件     | 28936000 | 28935500 | 28936500 |
6个亿          | amount   | 元     | 6e8     | 55e7    | 65e7    |
伍拾万元       | amount   | 元     | 5e5     | 45e4    | 55e4    |
25万元/件      | mean     | 元/件  | 250000  | 245000  | 255000  |
2萬餘家        | count    | 家     | 20000   | 20000   | 30000   | 余
4.0万余件      | count    | 件     | 40000   | 40000   | 41000   | 余
$3.5 million   | amount   | 美元   | 3500000 | 3450000 | 3550000 |
£1.9bn         | amount   | 英镑   | 19e8    | 185e7   | 195e7   |
nearly 300     | count    | 件     | 300     |         | 300     | nearly
4.5 per cent   | share    | %      | 4.5     | 4.45    | 4.55    |
"""

TEXTS = """
收案同比下跌5.4%，好转。            | 下跌5.4% %
由22%降至19%。                     | 22% % · 19% %
从22%到19%。                       | 22% % · 19% %
上升为12%。                        | 12% %
合计约占全省的三成。                | 约占全省的三成 成 约
已超过了6万件。                    | 超过了6万件 件 超过
至少有十个。                       | 至少有十个 个 至少
接待1409万、1305万人次。           | 1409万 人次 · 1305万人次 人次
罚款¥120万。                       | ¥120万 ¥
成本25万元/件。                    | 25万元/件 元/件
办结2 893.6万件。                  | 2893.6万件 件
采购12筐苹果。                     | 12筐 筐
通过3件标准。                      | 3件 件
全年受理量为1909，增长。           | 1909
"""

UNCLEAR = ("比上年少收果30件。", "案件—30件。", "下降的幅度是5.2%。", "从500-1万元。", "低于全省值2%。", "未能超过5万件。")
NO_FIGURES = """
4.26世界果树日|3·15活动|拨打12345热线|24小时开放|80后果农|执行GB/T 29490|五个方面|前2个月|每3.4个主体|
见表1|PM2.5|12英寸|系统V3.1.2
"""


@pytest.mark.parametrize("line", CELLS.strip().splitlines())
def test_a_phrase_in_a_cell_says_value_and_bounds(line: str) -> None:
    published, kind, unit, value, low, high, hedge = (part.strip() for part in line.split("|"))

    (cell,) = read([(published, kind, unit)])

    assert cell["problem"] is None
    assert cell["hedge"] == hedge
    for name, expected in (("value", value), ("low", low), ("high", high)):
        assert (cell[name] is None) == (expected == ""), cell
        assert not expected or math.isclose(cell[name], float(expected)), cell


@pytest.mark.parametrize("line", TEXTS.strip().splitlines())
def test_a_phrase_in_a_text_is_one_figure_with_all_that_changes_it(line: str) -> None:
    text, expected = (part.strip() for part in line.split("|"))

    found = [f"{each.published} {each.unit} {each.hedge}".strip() for each in extract(text) if not each.reason]

    assert " · ".join(found) == expected


@pytest.mark.parametrize("text", UNCLEAR)
def test_a_number_that_an_unknown_word_may_change_is_unclear(text: str) -> None:
    found = extract(text)

    assert found
    assert all(each.is_unclear for each in found), found


@pytest.mark.parametrize("text", NO_FIGURES.replace("\n", "").split("|"))
def test_a_number_in_a_name_is_no_figure(text: str) -> None:
    assert [each for each in extract(f"今年{text}。") if not each.reason] == []


@pytest.mark.parametrize(("text", "language"), [("リンゴは30万個である。", "Japanese"), ("사과는 30만개이다.", "Korean")])
def test_a_text_in_another_script_is_refused_by_name(text: str, language: str) -> None:
    with pytest.raises(ProjectError, match=language):
        extract(text)


def test_a_thousands_comma_never_joins_the_rows_of_a_table() -> None:
    text = "年\t果\t率\n2024\t51,204\t6.2\n2025\t54,018\t5.5\n"

    assert [each.published for each in extract(text) if not each.reason] == ["51,204", "6.2", "54,018", "5.5"]


@pytest.mark.skipif(not CASES.exists(), reason="the collection of cases is not part of the project")
def test_the_collected_cases_are_read_right_or_not_at_all() -> None:
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = [row["printed"] for row in rows if not _is_right(row)]

    assert wrong == []


def _is_right(row: dict[str, str]) -> bool:
    start = row["context"].find(row["printed"])
    place = range(start, start + len(row["printed"]))
    found = [each for each in extract(row["context"]) if each.offset in place or _ends_in(each, place)]
    figures = [each for each in found if not each.reason]
    if row["is_figure"] == "no":
        return figures == []
    if any(each.is_unclear for each in found):
        return True
    printed = re.sub(r"\s", "", row["printed"])
    [figure] = figures
    said = re.sub(r"\s", "", figure.published)
    return said.endswith(printed) or (printed.endswith(said) and not re.search("[0-9]", printed.removesuffix(said)))


def _ends_in(found: Found, place: range) -> bool:
    return found.offset < place.start < found.offset + len(found.published)
