"""Financial years, such as 2024/25 and FY2025, as spans of months.

In which month a financial year begins, and which of its years FY2025 names, differs from country to country: the code list
`financial_years` says it, and a project's list replaces the package's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from schemas.hand_edited import Fault, HandEditedList, one_of
from schemas.texts import Text

OF_TWO_YEARS, OF_ONE = "2024/25", "FY2025"
NOTATIONS = (OF_TWO_YEARS, OF_ONE)
"""How a financial year is written, as the list names it; 2024-25 is another way to write 2024/25."""
FIRST, LAST = "first", "last"

_YEAR = "(?:1[89]|2[01])[0-9]{2}"
_TWO_YEARS = re.compile(rf"(?:FY ?)?({_YEAR})([/-])([0-9]{{2}})")
_ONE_YEAR = re.compile(rf"FY ?({_YEAR})")
_MONTH = re.compile("1[0-2]|[1-9]")


@dataclass(frozen=True, slots=True)
class FinancialYear:
    """How a notation of financial years is read.

    Attributes:
        first_month: month in which the year begins, from 1.
        names_last: whether a single number is the calendar year in which it ends.
    """

    first_month: int
    names_last: bool


def notation_of(text: str) -> str:
    """Name the notation of a financial year; empty for another text, and for what may be a month."""
    if match := _TWO_YEARS.fullmatch(text):
        follows = int(match[3]) == (int(match[1]) + 1) % 100
        return OF_TWO_YEARS if follows and not is_month_too(text) else ""
    return OF_ONE if _ONE_YEAR.fullmatch(text) else ""


def is_month_too(text: str) -> bool:
    """Whether a text could be a financial year and is a month: 2011-12."""
    match = _TWO_YEARS.fullmatch(text)
    if match is None or text[0] == "F" or match[2] == "/":
        return False
    return 1 <= int(match[3]) <= 12 and int(match[3]) == (int(match[1]) + 1) % 100


def span_of(text: str, known: Mapping[str, FinancialYear]) -> str:
    """Return a financial year as a span of months, such as 2024-04/2025-03; empty for another text."""
    notation = notation_of(text)
    if notation not in known:
        return ""
    declared, year = known[notation], int(re.sub("[^0-9]", " ", text).split()[0])
    if notation == OF_ONE and declared.names_last and declared.first_month > 1:
        year -= 1
    if declared.first_month == 1:
        return str(year)
    return f"{year}-{declared.first_month:02}/{year + 1}-{declared.first_month - 1:02}"


def read_financial_years(rows: Sequence[Mapping[str, str]]) -> dict[str, FinancialYear]:
    """Read the rows of the code list."""
    return {row["notation"]: FinancialYear(int(row["first_month"]), row["year"] == LAST) for row in rows}


def unsound_financial_years(own: HandEditedList) -> Iterator[Fault]:
    """Yield the faults of a project's list of financial years."""
    yield from own.unknown("notation", NOTATIONS, one_of(NOTATIONS))
    yield from own.wrong(
        "first_month", _MONTH.fullmatch, Text("is no month from 1 to 12", "应为 1 至 12 的月份"), may_be_blank=False
    )
    which = one_of((FIRST, LAST)) + Text(": which calendar year the number of the notation is", "，即写法中的数字是哪一个日历年")
    yield from own.unknown("year", (FIRST, LAST), which)
    for number, row in enumerate(own.records()):
        if row["notation"] == OF_TWO_YEARS and (row["first_month"] == "1" or row["year"] == LAST):
            name = "first_month" if row["first_month"] == "1" else "year"
            en = "2024/25 begins in 2024 and ends in 2025: its year is first, and its month not 1"
            yield number, name, Text(en, "2024/25 始于 2024 年、止于 2025 年：year 应为 first，first_month 不应为 1")
