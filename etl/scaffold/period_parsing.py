"""Periods as offices write them, converted to the form of raw tables."""

from __future__ import annotations

import re

_YEAR = "(?:19|20)[0-9]{2}"
_DASH = "[-—–~～至]"
_WRITTEN = re.compile(
    rf"^(?P<year>{_YEAR})"
    r"(?:年?度?[末底]?|年(?P<half>[上下])半年|年?第?(?P<quarter>[一二三四1-4])季度"
    r"|年?[Qq](?P<numbered_quarter>[1-4])|年?[Hh](?P<numbered_half>[12])"
    r"|年(?P<month>[0-9]{1,2})月份?[末底]?|[./-](?P<other_month>[0-9]{1,2})"
    rf"|年(?P<first>[0-9]{{1,2}})月?{_DASH}(?P<last>[0-9]{{1,2}})月份?"
    r"|年?前(?P<months>[0-9]{1,2})个?月|年?前(?P<quarters>[二两三2-3])个?季度"
    rf"|年?第?(?P<from_quarter>[一二三1-3])季?度?{_DASH}第?(?P<to_quarter>[二三四2-4])季度)$"
)
_PARTS_OF_A_YEAR = (
    rf"[上下]半年|第?[一二三四1-4]季?度?{_DASH}第?[一二三四1-4]季度|第?[一二三四1-4]季度|前[0-9]{{1,2}}个?月|前[二两三2-3]个?季度"
    rf"|[0-9]{{1,2}}月?{_DASH}[0-9]{{1,2}}月份?|[0-9]{{1,2}}月份?|[QqHh][1-4]"
)
_MONTH = f"{_YEAR}-(?:0[1-9]|1[0-2])"
_CANONICAL = re.compile(rf"^(?:{_YEAR}(?:-H[12]|-Q[1-4])?|{_MONTH}(?:/{_MONTH})?)$")
_IN_TEXT = re.compile(rf"{_YEAR}年(?:{_PARTS_OF_A_YEAR}|度)?")
_OTHER_SPAN = re.compile(
    rf"截[至止]|以来|至今|迄今|[年期]初|{_YEAR}[财学]年|{_YEAR}年(?:{_PARTS_OF_A_YEAR}|度)?+"
    "(?:[0-9一二三四五六七八九十两]+(?:[年月日季旬]|个月|个季)|前|第|[起后]|之[前后]|中期?$|[春夏秋冬]|[上中下]旬|季)"
)
_IN_CHINESE = re.compile("(十[一二]|[一二三四五六七八九十])(?=月)")
_NUMBER_OF_A_MONTH = "一二三四五六七八九十"
_AFTER_THE_FIRST = re.compile("^[0-9]{4}-(?:0[2-9]|1[0-2]|Q[2-4]|H2)$")
_WHOLE_YEAR = "全年"
_PART = f"(?:{_WHOLE_YEAR}|{_PARTS_OF_A_YEAR})"
_NAMED_IN_TITLE = rf"(?:{_IN_TEXT.pattern}[末底]?|(?<![0-9]){_YEAR}(?=$|[)）]|[^0-9年.,%元件人家项个户万亿吨以]))"
_IN_TITLE = re.compile(rf"(?:截至|截止)?(?:\({_NAMED_IN_TITLE}\)|（{_NAMED_IN_TITLE}）|{_NAMED_IN_TITLE})")
_PART_IN_TITLE = re.compile(rf"^{_PART}|{_PART}$")
_BASE_OF_CHANGE = re.compile(rf"[比较](?:{_IN_TEXT.pattern}|{_YEAR})")
_BETWEEN_YEARS = re.compile(f"{_YEAR}年?{_DASH}{_YEAR}年?度?")
_NAMED = {(1, 12): "", (1, 6): "-H1", (7, 12): "-H2", (1, 3): "-Q1", (4, 6): "-Q2", (7, 9): "-Q3", (10, 12): "-Q4"}


def canonical_period(text: str) -> str | None:
    """Parse a period such as 2024年上半年 to 2024-H1; None for other texts."""
    written = _in_digits(text)
    if _CANONICAL.match(written):
        return written
    match = _WRITTEN.match(written)
    if match is None:
        return None
    first, last = _months(match)
    if not 1 <= first <= last <= 12:
        return None
    named = f"-{first:02}" + (f"/{match['year']}-{last:02}" if first < last else "")
    return match["year"] + _NAMED.get((first, last), named)


def _months(match: re.Match[str]) -> tuple[int, int]:
    """Return the first and the last month of a period."""
    if half := match["half"] or match["numbered_half"]:
        return (1, 6) if half in "上1" else (7, 12)
    if quarter := match["quarter"] or match["numbered_quarter"]:
        return _quarter(quarter) - 2, _quarter(quarter)
    if match["to_quarter"]:
        return _quarter(match["from_quarter"]) - 2, _quarter(match["to_quarter"])
    if match["quarters"] or match["months"]:
        return 1, _quarter(match["quarters"].replace("两", "二")) if match["quarters"] else int(match["months"])
    month = match["month"] or match["other_month"]
    return int(month or match["first"] or 1), int(month or match["last"] or 12)


def _quarter(text: str) -> int:
    """Return the last month of a quarter."""
    return 3 * (1 + "一二三四1234".index(text) % 4)


def _in_digits(text: str) -> str:
    """Write months in digits, without spaces: 九月 is 9月."""
    written = re.sub(r"\s+", "", text)
    return _IN_CHINESE.sub(lambda match: str(sum(_NUMBER_OF_A_MONTH.index(each) + 1 for each in match[1])), written)


def names_another_span(text: str) -> bool:
    """Whether a text names a span that is none of these periods, or not for certain: 截至2026年9月, 2026年初, 2026年9月累计."""
    written = _in_digits(text)
    is_running = "累计" in written and any(_AFTER_THE_FIRST.search(each) for each in periods_in(written))
    return is_running or bool(_OTHER_SPAN.search(written))


def periods_in(text: str) -> list[str]:
    """List the periods that a title names; from one year to another is none."""
    found = [canonical_period(match[0]) for match in _IN_TEXT.finditer(_BETWEEN_YEARS.sub("", _in_digits(text)))]
    return [period for period in found if period]


def part_of_year(year: str, text: str) -> str:
    """Return the period that a text such as 一季度授权 begins with, of a year that stands elsewhere; empty for none."""
    found = periods_in(f"{year}年{text}")
    return found[0] if found and found[0] != year else ""


def period_in_title(title: str, year: str, *, is_of_change: bool = False) -> tuple[str | None, str]:
    """Find the period that a title of a column names, and the title without it.

    Args:
        title: the title.
        year: in which months and quarters without one are; empty where it is not known.
        is_of_change: whether the title is of a change, and may name the period that it is measured from.

    Returns:
        The period, empty where it is not certain, None for none; and the rest of the title.
    """
    text = _in_digits(title)
    if is_of_change:
        text = _BASE_OF_CHANGE.sub("", text)
    if whole := canonical_period(text):
        return whole, ""
    found = {canonical_period(re.sub("截[至止]|[()（）]", "", match[0])) for match in _IN_TITLE.finditer(text)}
    if found or _BETWEEN_YEARS.search(text):
        rest = re.sub("[,，、;；]([)）])", r"\1", _IN_TITLE.sub("", text))
        return (found.pop() or "" if len(found) == 1 and not _BETWEEN_YEARS.search(text) else ""), rest
    part = _PART_IN_TITLE.search(text)
    if part is None or (part[0] == _WHOLE_YEAR and not year):  # of which year, a column says
        return None, text
    in_year = f"{year}年{part[0]}".removesuffix(_WHOLE_YEAR)
    return (canonical_period(in_year) or "" if year else ""), _PART_IN_TITLE.sub("", text)


def without_periods(text: str) -> str:
    """Remove the periods that a title names."""
    return _IN_TEXT.sub("", _BETWEEN_YEARS.sub("", _in_digits(text)))


def moved(period: str, years: int) -> str:
    """Shift a period by a number of years."""
    return re.sub(rf"{_YEAR}(?![0-9])", lambda match: str(int(match[0]) + years), period)
