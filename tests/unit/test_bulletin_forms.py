"""The forms in which a bulletin writes a figure, a period, and what is missing."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.bulletin.figures import FigureRequest, KnownFigure, declared_column, name_request
from etl.bulletin.forms import Scale, Style, format_figure
from etl.bulletin.periods import period_in_words
from etl.catalogue import PACKAGE
from etl.documents.extract import extract
from etl.figures.grammar import read_figures
from etl.figures.words import PACKAGE_NOTATION


def test_a_missing_figure_says_which_category_it_is_of() -> None:
    asked = FigureRequest("finance.pledges.amount_yuan", "copyright")
    assert name_request(asked, "zh", PACKAGE) == "版权、质押融资金额"
    assert name_request(asked, "en", PACKAGE) == "amount raised against pledges, copyright"


def figure_of(address: str, printed: str, hedge: str = "") -> KnownFigure:
    """The figure that the grammar reads from a cell of that column."""
    declared = declared_column(address, PACKAGE)
    cell = {"published": [printed], "kind": [declared.dtype.kind], "declared_unit": [declared.meaning.unit]}
    (row,) = read_figures(pl.LazyFrame(cell), PACKAGE_NOTATION).collect().rows(named=True)
    assert row["problem"] is None, printed
    words: dict[str, Any] = dict.fromkeys(("table_zh", "table_en", "indicator_zh", "indicator_en", "raw_file"), "")
    return KnownFigure(
        address=address, categories="", span="this", place="own", kind=declared.dtype.kind, categories_zh=None,
        categories_en=None, period="2031", source="", raw_line=2, **words, published=printed,
        **{name: row[name] for name in ("value", "low", "high", "unit", "hedge")},
    )  # fmt: skip


WORKS, MONEY, SHARE = "copyright.registrations.works", "finance.pledges.amount_yuan", "patents.stock.share_pct"
GROWTH = "copyright.registrations.works_growth_pct"


@pytest.mark.parametrize(
    ("address", "printed", "scale", "digits", "zh", "en"),
    [
        (WORKS, "10908件", "published", None, "10908件", "10,908"),
        (WORKS, "10908", "published", None, "10908件", "10,908"),
        (WORKS, "10908件", "yi", 1, "1.1万件", "10.9 thousand"),
        (WORKS, "10908件", "wan", None, "1.0908万件", "10.908 thousand"),
        (WORKS, "7.64万件", "published", 1, "7.6万件", "76.4 thousand"),
        (WORKS, "7.64万件", "published", 4, "7.64万件", "76.4 thousand"),
        (WORKS, "7.64万件", "plain", None, "约76400件", "about 76,400"),
        (WORKS, "4000余件", "plain", None, "4000余件", "more than 4,000"),
        (WORKS, "超1.96万件", "wan", 1, "超1.9万件", "over 19.6 thousand"),
        (WORKS, "近1.92万件", "wan", 1, "近2.0万件", "nearly 19.2 thousand"),
        (WORKS, "1件", "published", None, "1件", "1"),
        (MONEY, "786亿元", "published", None, "786亿元", "78.6 billion yuan"),
        (MONEY, "7515万元", "plain", None, "约75150000元", "about 75,150,000 yuan"),
        (MONEY, "1.1亿余元", "published", None, "1.1亿余元", "more than 110 million yuan"),
        (MONEY, "三千万元", "published", None, "三千万元", "0.03 billion yuan"),
        (SHARE, "超七成", "published", None, "超七成", "over 70%"),
        (SHARE, "百分之三十", "published", 1, "约30%", "about 30%"),
        (SHARE, "57.6%", "plain", 0, "58%", "58%"),
        (GROWTH, "下降34.69%", "published", None, "34.69%", "34.69%"),
        (GROWTH, "+25.3%", "published", 0, "25%", "25%"),
        (GROWTH, "翻一番", "published", None, "翻一番", "about 100%"),
        ("overseas.experts.response_days", "72小时", "yi", None, "72小时", "72 hours"),
        ("patents.pre_examination.mean_months", "1个月", "published", None, "1个月", "1 month"),
        ("patents.pre_examination.mean_months", "3个月内", "published", None, "3个月内", "within 3 months"),
        ("patents.pre_examination.mean_months", "2年", "published", None, "2年", "2 years"),
        (
            "plant_varieties.cultivation.hybrid_rice_mu",
            "突破750万亩",
            "published",
            None,
            "突破750万亩",
            "more than 7.50 million mu",
        ),
        ("customs.seizures.goods", "33万件", "published", None, "33万件", "0.33 million"),
    ],
)
def test_a_figure_is_written_in_the_form_asked_for(
    address: str, printed: str, scale: Scale, digits: int | None, zh: str, en: str
) -> None:
    known = figure_of(address, printed)
    assert format_figure(known, Style("zh", scale, digits)) == zh
    assert format_figure(known, Style("en", scale, digits)) == en


@pytest.mark.parametrize(
    ("period", "zh", "en"),
    [
        ("2025", "2025年", "2025"),
        ("2024-H2", "2024年下半年", "the second half of 2024"),
        ("2024-Q3", "2024年第三季度", "the third quarter of 2024"),
        ("2023-02", "2023年2月", "February 2023"),
        ("2021-01/2025-12", "2021年至2025年", "2021 to 2025"),
        ("2021-07/2024-06", "2021年7月至2024年6月", "July 2021 to June 2024"),
    ],
)
def test_a_period_is_named_in_words(period: str, zh: str, en: str) -> None:
    assert period_in_words(period, "zh") == zh
    assert period_in_words(period, "en") == en
    assert all(each.reason for each in extract(f"至{zh}，共"))


@settings(max_examples=60)
@given(
    number=st.from_regex(r"[1-9][0-9]{0,5}(\.[0-9]{1,3})?", fullmatch=True),
    multiplier=st.sampled_from(["", "万", "亿"]),
    hedge=st.sampled_from([("", "", ""), ("超", "", ""), ("近", "", ""), ("", "余", ""), ("", "", "以上"), ("约", "", "")]),
    scale=st.sampled_from(["published", "plain", "wan", "yi"]),
    digits=st.sampled_from([None, 0, 1, 2]),
)
def test_a_rounded_figure_can_be_the_printed_one(
    number: str, multiplier: str, hedge: tuple[str, str, str], scale: Scale, digits: int | None
) -> None:
    """Their intervals meet; where a hedge bounds the print, the rounded figure promises no more than the print did."""
    before, inside, after = hedge
    known = figure_of(MONEY, f"{before}{number}{multiplier}{inside}元{after}")
    again = figure_of(MONEY, format_figure(known, Style("zh", scale, digits)))
    lows = [-1e99 if each.low is None else each.low for each in (again, known)]
    highs = [1e99 if each.high is None else each.high for each in (again, known)]
    assert lows[0] <= highs[1] + 1e-9 * abs(highs[1])
    assert lows[1] <= highs[0] + 1e-9 * abs(highs[0])
    if before in ("超", "近") or after:
        assert lows[0] <= lows[1] + 1e-9 * abs(lows[1])
        assert highs[0] >= highs[1] - 1e-9 * abs(highs[1])
