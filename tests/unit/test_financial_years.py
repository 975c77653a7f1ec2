"""Financial years are spans of months; what could be a month, or no year at all, is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.code_lists import PACKAGE_LISTS, CodeLists
from schemas.financial_years import is_month_too, span_of
from schemas.list_files import ListError


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("2024/25", "2024-04/2025-03"),
        ("2024-25", "2024-04/2025-03"),
        ("1999/00", "1999-04/2000-03"),
        ("1999-00", "1999-04/2000-03"),
        ("2011/12", "2011-04/2012-03"),
        ("FY2011-12", "2011-04/2012-03"),
        ("FY2024/25", "2024-04/2025-03"),
        ("FY2025", "2024-04/2025-03"),
        ("FY 2025", "2024-04/2025-03"),
    ],
)
def test_a_financial_year_is_a_span_of_twelve_months(text: str, months: str) -> None:
    assert span_of(text, PACKAGE_LISTS.financial_years) == months


@pytest.mark.parametrize(
    "text",
    [
        "2025",
        "2011-12",
        "2024-13",
        "2024/26",
        "2024/24",
        "2024/2025",
        "2024-2025",
        "FY25",
        "FY",
        "2024年度",
        "25/26",
        "2024-04/2025-03",
        "1024/25",
        "2024-H1",
    ],
)
def test_another_text_is_none(text: str) -> None:
    assert span_of(text, PACKAGE_LISTS.financial_years) == ""


def test_a_month_that_could_be_one_is_known() -> None:
    assert [text for text in ("2011-12", "2011-11", "2011/12", "2024-25", "FY2011-12") if is_month_too(text)] == ["2011-12"]


def lists(folder: Path, rows: str) -> CodeLists:
    (folder / "codes").mkdir()
    (folder / "codes" / "financial_years.csv").write_text(f"notation,first_month,year\n{rows}", encoding="utf-8")
    return CodeLists(folder / "codes")


@pytest.mark.parametrize(
    ("rows", "text", "months"),
    [
        ("2024/25,7,first\n", "2024-25", "2024-07/2025-06"),
        ("FY2025,10,last\n", "FY2025", "2024-10/2025-09"),
        ("FY2025,4,first\n", "FY2025", "2025-04/2026-03"),
        ("FY2025,1,last\n", "FY2025", "2025"),
        ("FY2025,10,last\n", "2024/25", ""),
    ],
)
def test_a_project_says_when_its_financial_years_begin(rows: str, text: str, months: str, tmp_path: Path) -> None:
    assert span_of(text, lists(tmp_path, rows).financial_years) == months


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("2024/25,13,first\n", "2:9: first_month '13' is no month from 1 to 12"),
        ("2024/25,04,first\n", "2:9: first_month '04' is no month from 1 to 12"),
        ("2024/25,1,first\n", "2:9: 2024/25 begins in 2024 and ends in 2025"),
        ("2024/25,4,last\n", "2:11: 2024/25 begins in 2024 and ends in 2025"),
        ("2023/24,4,first\n", "2:1: notation '2023/24' is none of 2024/25, FY2025"),
        ("FY2025,4,second\n", "2:10: year 'second' is none of first, last"),
        ("FY2025,4,last\nFY2025,5,last\n", "3:1: FY2025 stands here twice, first on line 2"),
    ],
)
def test_the_list_is_checked_like_code(rows: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ListError, match="financial_years") as refused:
        _ = lists(tmp_path, rows).financial_years
    assert f"financial_years.csv:{said}" in str(refused.value)
