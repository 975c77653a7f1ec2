"""The grammar of a printed figure, by examples: what can be read, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import polars as pl
import pytest

from etl.figures.grammar import read_figures
from etl.figures.numerals import ARABIC_WHOLE, CHINESE, MULTIPLIER
from etl.figures.words import PACKAGE_NOTATION

Cell = tuple[str | None, str, str | None]
KINDS = ("count", "amount", "share", "rate", "mean", "duration", "score", "multiple", "measure")


def read(cells: Iterable[Cell]) -> list[dict[str, Any]]:
    """Give what the grammar says of each cell (published, kind, declared unit)."""
    schema = {"published": pl.String, "kind": pl.String, "declared_unit": pl.String}
    return read_figures(pl.LazyFrame(list(cells), schema=schema, orient="row"), PACKAGE_NOTATION).collect().to_dicts()


def with_hedge(figure: str, hedge: str, position: str) -> str:
    if position == "before":
        return hedge + figure
    if position == "after":
        return figure + hedge
    return figure.removesuffix("元") + hedge + ("元" if figure.endswith("元") else "")


READABLE = """
10908      | count    | 件   | 10908    | 10908    | 10908     | 件 |
10908件    | count    | 件   | 10908    | 10908    | 10908     | 件 |
5,981      | count    | 件   | 5981     | 5981     | 5981      | 件 |
1,234,567  | count    | 件   | 1234567  | 1234567  | 1234567   | 件 |
１２３     | count    | 件   | 123      | 123      | 123       | 件 |
５，９８１ | count    | 件   | 5981     | 5981     | 5981      | 件 |
27.27      | mean     | 件   | 27.27    | 27.265   | 27.275    | 件 |
7.64万件   | count    | 件   | 76400    | 76350    | 76450     | 件 |
7.64 万件  | count    | 件   | 76400    | 76350    | 76450     | 件 |
7.64（万件）| count   | 件   | 76400    | 76350    | 76450     | 件 |
7.64万（件）| count   | 件   | 76400    | 76350    | 76450     | 件 |
4.40万     | count    | 件   | 44000    | 43950    | 44050     | 件 |
33万人     | count    | 人   | 330000   | 325000   | 335000    | 人 |
4000万件   | count    | 件   | 4e7      | 39995000 | 40005000  | 件 |
12亿条     | count    | 条   | 12e8     | 115e7    | 125e7     | 条 |
1.2千      | count    | 件   | 1200     | 1150     | 1250      | 件 |
1.5万亿元  | amount   | 元   | 15e11    | 145e10   | 155e10    | 元 |
786亿元    | amount   | 元   | 786e8    | 7855e7   | 7865e7    | 元 |
7515万元   | amount   | 元   | 75150000 | 75145000 | 75155000  | 元 |
9942.67万元人民币 | amount | 元 | 99426700 | 99426650 | 99426750 | 元 |
不少于330万美元 | amount | 美元 | 3300000 | 3300000 |          | 美元 | 不少于
7.67       | amount   | 亿元 | 767000000 | 766500000 | 767500000 | 元 |
12         | count    | 万件 | 120000   | 115000   | 125000    | 件 |
2.74万件次 | count    | 件次 | 27400    | 27350    | 27450     | 件次 |
1077批次   | count    | 批次 | 1077     | 1077     | 1077      | 批次 |
57.6%      | share    | %    | 57.6     | 57.55    | 57.65     | % |
５７．６％ | share    | ％   | 57.6     | 57.55    | 57.65     | % |
100%       | share    | %    | 100      | 99.5     | 100       | % |
超35%以上  | share    | %    | 35       | 35       |           | % | 超…以上
98%以上    | share    | %    | 98       | 98       |           | % | 以上
七成       | share    | %    | 70       | 65       | 75        | % |
超七成     | share    | %    | 70       | 70       |           | % | 超
四成五     | share    | %    | 45       | 44.5     | 45.5      | % |
三成多     | share    | %    | 30       | 30       | 40        | % | 多
百分之五   | share    | %    | 5        | 4.5      | 5.5       | % |
百分之三点五 | share  | %    | 3.5      | 3.45     | 3.55      | % |
百分之百   | share    | %    | 100      | 99.5     | 100       | % |
千分之三   | share    | %    | 0.3      | 0.25     | 0.35      | % |
万分之二   | share    | %    | 0.02     | 0.015    | 0.025     | % |
5‰         | share    | %    | 0.5      | 0.45     | 0.55      | % |
5个百分点  | rate     | 个百分点 | 5    | 4.5      | 5.5       | 个百分点 |
下降34.69% | rate     | %    | -34.69   | -34.695  | -34.685   | % |
-34.69%    | rate     | %    | -34.69   | -34.695  | -34.685   | % |
−34.69%    | rate     | %    | -34.69   | -34.695  | -34.685   | % |
﹣34.69%   | rate     | %    | -34.69   | -34.695  | -34.685   | % |
同比下降34.69% | rate | %    | -34.69   | -34.695  | -34.685   | % |
同比+72.3% | rate     | %    | 72.3     | 72.25    | 72.35     | % |
增长-5.2%  | rate     | %    | -5.2     | -5.25    | -5.15     | % |
同比增长23.21% | rate | %    | 23.21    | 23.205   | 23.215    | % |
缩减近三成 | rate     | %    | -30      | -30      |           | % | 近
下降超30%  | rate     | %    | -30      |          | -30       | % | 超
下降30多%  | rate     | %    | -30      | -40      | -30       | % | 多
翻一番     | rate     | %    | 100      |          |           | % |
翻两番     | rate     | %    | 300      |          |           | % |
翻番       | multiple | 倍   | 2        |          |           | 倍 |
翻了两番   | multiple | 倍   | 4        |          |           | 倍 |
超翻一番   | multiple | 倍   | 2        | 2        |           | 倍 | 超
12.33倍    | multiple | 倍   | 12.33    | 12.325   | 12.335    | 倍 |
86.41分    | score    | 分   | 86.41    | 86.405   | 86.415    | 分 |
42天       | mean     | 天   | 42       | 41.5     | 42.5      | 天 |
36小时     | duration | 天   | 1.5      |  1.4791666666666667 | 1.5208333333333333 | 天 |
3个月左右  | duration | 个月 | 3        |          |           | 个月 | 左右
3个月内    | duration | 个月 | 3        |          | 3         | 个月 | 内
15个工作日 | duration | 个工作日 | 15   | 14.5     | 15.5      | 个工作日 |
两年       | duration | 个月 | 24       | 18       | 30        | 个月 |
750万亩    | measure  | 亩   | 7500000  | 7495000  | 7505000   | 亩 |
2公顷      | measure  | 亩   | 30       | 22.5     | 37.5      | 亩 |
两单       | count    | 单   | 2        | 2        | 2         | 单 |
十二个     | count    | 个   | 12       | 12       | 12        | 个 |
二十五     | count    | 件   | 25       | 25       | 25        | 件 |
一百零六   | count    | 件   | 106      | 106      | 106       | 件 |
一百〇六   | count    | 件   | 106      | 106      | 106       | 件 |
零%        | share    | %    | 0        | 0        | 0.5       | % |
零         | count    | 件   | 0        | 0        | 0         | 件 |
一万二千三百 | count  | 件   | 12300    | 12300    | 12300     | 件 |
三千万     | count    | 件   | 3e7      | 25e6     | 35e6      | 件 |
三点五万件 | count    | 件   | 35000    | 34500    | 35500     | 件 |
十万亿元   | amount   | 元   | 1e13     | 5e12     | 15e12     | 元 |
4000余家   | count    | 家   | 4000     | 4000     | 5000      | 家 | 余
1.1亿余元  | amount   | 元   | 11e7     | 11e7     | 12e7      | 元 | 余
14969.8万余元 | amount | 元  | 149698000 | 149698000 | 149699000 | 元 | 余
十余家     | count    | 家   | 10       | 10       | 20        | 家 | 余
百余家     | count    | 家   | 100      | 100      | 200       | 家 | 余
三千余万元 | amount   | 元   | 3e7      | 3e7      | 4e7       | 元 | 余
约4000余家 | count    | 家   | 4000     |          |           | 家 | 约…余
超4000余家 | count    | 家   | 4000     | 4000     |           | 家 | 超…余
超7万件左右 | count   | 件   | 70000    |          |           | 件 | 超…左右
超7万件    | count    | 件   | 70000    | 70000    |           | 件 | 超
近1.2万家  | count    | 家   | 12000    |          | 12000     | 家 | 近
-5件       | count    | 件   | -5       | -5       | -5        | 件 |
0.0%       | rate     | %    | 0        | -0.05    | 0.05      | % |
12.0件     | count    | 件   | 12       | 11.95    | 12.05     | 件 |
"""


def split(line: str) -> list[str]:
    return [part.strip() for part in line.split("|")]


@pytest.mark.parametrize("line", READABLE.strip().splitlines())
def test_a_printed_figure_says_value_bounds_unit_and_hedge(line: str) -> None:
    published, kind, declared, value, low, high, unit, hedge = split(line)

    (cell,) = read([(published, kind, declared)])

    assert cell == {
        "published": published,
        "kind": kind,
        "declared_unit": declared,
        "value": float(value),
        "low": float(low) if low else None,
        "high": float(high) if high else None,
        "unit": unit,
        "hedge": hedge,
        "problem": None,
    }


REFUSED = """
1,23        | count    | 件   | unreadable|1,23
12,34万     | count    | 件   | unreadable|12,34万
1,2345      | count    | 件   | unreadable|1,2345
007         | count    | 件   | unreadable|007
12 34       | count    | 件   | unreadable|12 34
5-3件       | count    | 件   | unreadable|5-3件
5件6        | count    | 件   | unreadable|5件6
1.2.3       | count    | 件   | unreadable|1.2.3
.5          | mean     | 件   | unreadable|.5
5.          | mean     | 件   | unreadable|5.
(123)       | count    | 件   | unreadable|(123)
1e5         | count    | 件   | unreadable|1e5
5²          | count    | 件   | unreadable|5²
N/A         | count    | 件   | unreadable|N/A
-           | count    | 件   | unreadable|-
—           | count    | 件   | unreadable|—
无          | count    | 件   | unreadable|无
件          | count    | 件   | unreadable|件
超          | count    | 件   | unreadable|超
5号         | count    | 件   | unreadable|5号
5筐         | amount   | 元   | unreadable|5筐
5筐         | count    | 人   | unreadable|5筐
5吨         | count    | 件   | wrong_unit|吨|件
5件件       | count    | 件   | unreadable|5件件
二五        | count    | 件   | unreadable|二五
一万二      | count    | 件   | unreadable|一万二
三百五      | count    | 件   | unreadable|三百五
三千零      | count    | 件   | unreadable|三千零
零三        | count    | 件   | unreadable|零三
一百零零五  | count    | 件   | unreadable|一百零零五
一亿零万    | count    | 件   | unreadable|一亿零万
一亿万      | count    | 件   | unreadable|一亿万
百分之五%   | share    | %    | unreadable|百分之五%
四点五成五  | share    | %    | unreadable|四点五成五
近35%以上   | share    | %    | unreadable|近35%以上
近4000余家  | count    | 家   | unreadable|近4000余家
0余家       | count    | 家   | unreadable|0余家
下降5%      | share    | %    | unreadable|下降5%
下降-5%     | rate     | %    | unreadable|下降-5%
超-5%       | rate     | %    | unreadable|超-5%
翻一番      | count    | 件   | unreadable|翻一番
翻一番多    | multiple | 倍   | unreadable|翻一番多
翻一番      | multiple | %    | wrong_unit|翻一番|%
3.5万       | amount   | 万元 | unreadable|3.5万
5人         | count    | 件   | wrong_unit|人|件
5万人       | count    | 件   | wrong_unit|人|件
5元         | count    | 件   | wrong_unit|元|件
5件次       | count    | 件   | wrong_unit|件次|件
5个         | count    | 人   | wrong_unit|个|人
330万美元   | amount   | 元   | wrong_unit|美元|元
5个百分点   | share    | %    | wrong_unit|个百分点|%
百分之五    | count    | 件   | wrong_unit|百分之|件
5           | count    | 筐   | wrong_unit||筐
5           | count    |      | wrong_unit||
12.5件      | count    | 件   | fraction_of_a_count|12.5件
超12.5件    | count    | 件   | fraction_of_a_count|超12.5件
1.23456万件 | count    | 件   | fraction_of_a_count|1.23456万件
1234567890123456789 | count | 件 | too_large|1234567890123456789
"""


@pytest.mark.parametrize("line", REFUSED.strip().splitlines())
def test_an_unfit_figure_of_a_column_is_a_problem_and_has_no_value(line: str) -> None:
    published, kind, declared, problem = (part.strip() for part in line.split("|", maxsplit=3))

    (cell,) = read([(published, kind, declared)])

    assert (cell["problem"], cell["value"], cell["low"], cell["high"], cell["hedge"]) == (problem, None, None, None, "")


@pytest.mark.parametrize("blank", [None, "", "  ", "\u3000", "\t\n"])
def test_a_blank_cell_has_neither_value_nor_problem(blank: str | None) -> None:
    (cell,) = read([(blank, "count", "件")])

    assert (cell["value"], cell["low"], cell["high"], cell["hedge"], cell["problem"]) == (None, None, None, "", None)


def test_a_frame_without_cells_stays_without_cells() -> None:
    assert read([]) == []


def test_a_bare_number_without_a_known_unit_in_its_column_is_a_problem() -> None:
    (cell,) = read([("5", "count", None)])

    assert (cell["value"], cell["problem"]) == (None, "wrong_unit||")


def test_rows_keep_their_order_and_their_other_columns() -> None:
    given_rows = pl.DataFrame({"line": range(3000), "published": ["7.64万件", "?", None] * 1000})
    cells = given_rows.lazy().with_columns(kind=pl.lit("count"), declared_unit=pl.lit("件"))

    whole = read_figures(cells, PACKAGE_NOTATION).collect()
    streamed = read_figures(cells, PACKAGE_NOTATION).collect(engine="streaming")

    said = ["value", "low", "high", "unit", "hedge", "problem"]
    assert whole.columns == ["line", "published", "kind", "declared_unit", *said]
    assert whole["line"].to_list() == list(range(3000))
    assert whole["value"].to_list() == [76400.0, None, None] * 1000
    assert streamed.equals(whole)


def test_a_count_is_exact_only_where_it_is_printed_in_full() -> None:
    exact = {
        kind: cell["low"] == cell["high"] for kind, cell in zip(KINDS, read(("12", kind, "天") for kind in KINDS), strict=True)
    }

    assert exact == {kind: kind == "count" for kind in KINDS}


def test_the_patterns_find_figures_in_running_text() -> None:
    text = "本年新登记约3.2万件，较上年增长12.5%，其中两单为首次，另有2,600余家参加、2.7万件次转让，用时不到30天。"
    before, inside, after = (PACKAGE_NOTATION.hedge_pattern(position) for position in ("before", "inside", "after"))
    pattern = (
        rf"({before})?((?:{ARABIC_WHOLE})(?:\.[0-9]+)?|{CHINESE})({MULTIPLIER})(?:({inside})({MULTIPLIER}))?"
        f"({PACKAGE_NOTATION.unit_pattern})({after})?"
    )

    found = [match.group() for match in re.finditer(pattern, text)]
    same = pl.select(pl.lit(text).str.extract_all(pattern)).item().to_list()

    assert found == ["约3.2万件", "12.5%", "两单", "2,600余家", "2.7万件次", "不到30天"]
    assert same == found
