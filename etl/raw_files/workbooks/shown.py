"""The text of a cell: what is stored, written as its number format shows it, or why that cannot be told."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from etl.raw_files.workbooks.sheet import Cell

MOST_DIGITS = 15
"""Of a number that a workbook stores exactly."""

_COLOURS = re.compile(r"\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+)\]|\[\$-[0-9a-f]+\]", re.IGNORECASE)
_LITERALS = re.compile(r'"([^"]*)"|[\\!](.)|_.|\*.|\[\$([^\]-]*)(?:-[0-9A-Fa-f]+)?\]')
_SHOWS_NUMBER = re.compile(r"(?P<before>[^0#?.,%]*)[0#?](?:[0#?,]*[0#?])?(?:\.[0#?]*)?(?:E[+-]0+)?(?P<after>[^0#?.,]*)")
_PLAIN = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")


class HiddenValueError(Exception):
    """A cell that shows something else than it stores, with the reason in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh


def text_of(cell: Cell, *, epoch_1904: bool) -> str:
    """Give the text of a cell.

    Raises:
        HiddenValueError: it is an error, or is shown otherwise than it is stored.
    """
    if cell.kind == "error":
        raise HiddenValueError(f"the cell says {cell.value}: its formula failed", f"单元格为 {cell.value}：公式出错")
    if cell.kind == "truth":
        return "TRUE" if cell.value else "FALSE"
    if cell.kind == "date":
        return str(cell.value).removesuffix("T00:00:00")
    if cell.kind == "number":
        assert isinstance(cell.value, float)
        if cell.shown:
            return _as_shown(cell.value, cell.shown, is_percent=cell.format == "%")
        return _formatted(cell.value, cell.format, epoch_1904)
    return str(cell.value or "")


def _as_shown(value: float, shown: str, *, is_percent: bool) -> str:
    """Give a number in full where what is shown is the number, rounded; else what is shown."""
    text = _written(value * 1, percent=is_percent)
    bare = shown.strip()
    digits = bare.removesuffix("%") if is_percent else bare
    if _PLAIN.fullmatch(digits):
        seen = Decimal(digits.replace(",", ""))
        step = Decimal(1).scaleb(int(seen.as_tuple().exponent))
        if abs(Decimal(text.removesuffix("%")) - seen) <= step / 2:
            return text
    return bare


def _formatted(value: float, code: str, epoch_1904: bool) -> str:
    if code in ("", "General", "@") or code.casefold() == "general":
        return _written(value)
    section = re.sub("general", "0", _section(value, code), flags=re.IGNORECASE)
    is_bare = _LITERALS.sub("", section)
    if re.search(r"[ymdhs]", is_bare, re.IGNORECASE):
        return _date(value, is_bare, code, epoch_1904)
    # Literals are kept apart from the pattern by a mark, so that a digit in quotation marks is none of it.
    literals: list[str] = []

    def keep(match: re.Match[str]) -> str:
        literals.append(match[1] or match[2] or match[3] or "")
        return "\0"

    pattern = _SHOWS_NUMBER.fullmatch(_LITERALS.sub(keep, section))
    if not pattern:
        only = _LITERALS.sub(lambda match: match[1] or match[2] or match[3] or "", section).strip()
        if re.search(r"[0-9#?]", is_bare) or not only:
            raise _hidden(code)
        return only  # such as a dash for nothing
    waiting = iter(literals)
    before, after = (re.sub("\0", lambda _: next(waiting), part).strip() for part in (pattern["before"], pattern["after"]))
    percents = pattern["after"].count("%")
    if percents > 1:
        raise _hidden(code)
    text = _written(value, percent=bool(percents)).removesuffix("%")
    sign = "-" if text.startswith("-") else ""
    return f"{sign}{before.replace('-', '').replace('+', '')}{text.removeprefix('-')}{after}"


def _section(value: float, code: str) -> str:
    """Give the part of a format that is for a number: for those above zero, below it, and zero."""
    sections = re.split(r";(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", _COLOURS.sub("", code))
    if any("[" in re.sub(r"\[\$[^\]]*\]|\[[hms]+\]", "", section, flags=re.IGNORECASE) for section in sections):
        raise _hidden(code)
    if value < 0 and len(sections) > 1:
        return sections[1]
    if value == 0 and len(sections) > 2:
        return sections[2]
    return sections[0]


def _date(value: float, pattern: str, code: str, epoch_1904: bool) -> str:
    """Give a day, month or year as far as it is shown."""
    letters = pattern.casefold()
    shows_clock = bool(re.search("[hs]", letters))
    if "y" not in letters or value < 0 or (not epoch_1904 and value < 61):
        # Excel makes 29 February 1900 of day 60, so that earlier days are doubtful.
        raise HiddenValueError(
            f"the cell is stored as {_written(value)} and shown as a day or time by the format {code!r}; write it as text",
            f"单元格存储为 {_written(value)}，以格式 {code!r} 显示为日期或时间；请改为文本",
        )
    try:
        moment = datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 30)
        moment += timedelta(seconds=round(value * 86_400))
    except OverflowError:
        raise _hidden(code) from None
    if moment.time() != datetime.min.time() or shows_clock:
        return moment.isoformat(" ")
    if "d" in letters:
        return moment.date().isoformat()
    day: date = moment.date()
    return f"{day:%Y-%m}" if "m" in letters else f"{day:%Y}"


def _written(value: float, *, percent: bool = False) -> str:
    """Give a number in all its digits, of which a workbook stores fifteen."""
    if value != value or abs(value) >= 10**MOST_DIGITS:
        raise HiddenValueError(
            "the number has more digits than a workbook stores; write it as text", "数字位数超出工作簿的精度；请改为文本"
        )
    number = Decimal(f"{value:.{MOST_DIGITS}g}")
    number = (number * 100 if percent else number).normalize()
    return f"{number if number else Decimal(0):f}" + ("%" if percent else "")


def _hidden(code: str) -> HiddenValueError:
    return HiddenValueError(
        f"the number format {code!r} shows something else than is stored; write the figure as text, as it is printed",
        f"数字格式 {code!r} 所示与所存不同；请按原文将数字写成文本",
    )
