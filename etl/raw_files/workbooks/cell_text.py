"""Text of a cell, as its number format shows it, or why that is unclear."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

from etl.raw_files.workbooks.sheet import HiddenValueError, SheetCell

MOST_DIGITS = 15
"""Of a number that a workbook stores exactly."""

# By the number of the first of each run (ECMA-376 part 1, 18.8.30).
_BUILT_IN = {
    0: ("", "0", "0.00", "#,##0", "#,##0.00"),
    9: ("0%", "0.00%", "0.00E+00", "# ?/?", "# ??/??", "mm-dd-yy", "d-mmm-yy", "d-mmm", "mmm-yy"),
    18: ("h:mm AM/PM", "h:mm:ss AM/PM", "h:mm", "h:mm:ss", "m/d/yy h:mm"),
    37: ("#,##0_);(#,##0)", "#,##0_);[Red](#,##0)", "#,##0.00_);(#,##0.00)", "#,##0.00_);[Red](#,##0.00)"),
    41: ('_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',),
    43: ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',),
    45: ("mm:ss", "[h]:mm:ss", "mm:ss.0", "##0.0E+0", "@"),
}
_FORMATS = {"": "", **{str(first + n): code for first, codes in _BUILT_IN.items() for n, code in enumerate(codes)}}
_COLOURS = re.compile(r"\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+)\]|\[\$-[0-9a-f]+\]", re.IGNORECASE)
_LITERALS = re.compile(r'"([^"]*)"|[\\!](.)|_.|\*.|\[\$([^\]-]*)(?:-[0-9A-Fa-f]+)?\]')
_SHOWS_NUMBER = re.compile(r"(?P<before>[^0#?.,%]*)[0#?](?:[0#?,]*[0#?])?(?:\.[0#?]*)?(?:E[+-]0+)?(?P<after>[^0#?.,]*)")
_PLAIN = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")


def built_in_format(number: str) -> str:
    """Return Excel's built-in format; its number in brackets if country-dependent."""
    return _FORMATS.get(number, f"[built-in {number}]")


def text_of(cell: SheetCell, *, epoch_1904: bool) -> str:
    """Write the text of a cell.

    Raises:
        HiddenValueError: it is an error, or shows something else than it stores.
    """
    match cell.kind:
        case "error":
            raise HiddenValueError(f"the cell says {cell.value}: its formula failed", f"单元格为 {cell.value}：公式出错")
        case "truth":
            return "TRUE" if cell.value else "FALSE"
        case "date":
            return str(cell.value).removesuffix("T00:00:00")
        case "text":
            return str(cell.value or "")
    assert isinstance(cell.value, float)
    if cell.shown:
        return _as_shown(cell.value, cell.shown, is_percent=cell.format == "%")
    return _formatted(cell.value, cell.format, epoch_1904)


def _as_shown(value: float, shown: str, *, is_percent: bool) -> str:
    """Write a number in full where the cell shows it rounded; else as shown."""
    text = _written(value, percent=is_percent)
    bare = shown.strip()
    digits = bare.removesuffix("%") if is_percent else bare
    if _PLAIN.fullmatch(digits):
        seen = Decimal(digits.replace(",", ""))
        step = Decimal(1).scaleb(int(seen.as_tuple().exponent))
        if abs(Decimal(text.removesuffix("%")) - seen) <= step / 2:
            return text
    return bare


def _formatted(value: float, code: str, epoch_1904: bool) -> str:
    if code == "@" or code.casefold() in ("", "general"):
        return _written(value)
    section = re.sub("general", "0", _section(value, code), flags=re.IGNORECASE)
    bare = _LITERALS.sub("", section)
    if re.search(r"[ymdhs]", bare, re.IGNORECASE):
        return _date(value, bare, code, epoch_1904)
    # A mark stands for each literal, so that no digit in quotation marks is taken for a part of the pattern.
    literals = [match[1] or match[2] or match[3] or "" for match in _LITERALS.finditer(section)]
    marked = _LITERALS.sub("\0", section)
    waiting = iter(literals)
    pattern = _SHOWS_NUMBER.fullmatch(marked)
    if not pattern:
        only = re.sub("\0", lambda _: next(waiting), marked).strip()
        if re.search(r"[0-9#?]", bare) or not only:
            raise _hidden(code)
        return only  # such as a dash for nothing
    before, after = (re.sub("\0", lambda _: next(waiting), part).strip() for part in pattern.group("before", "after"))
    percents = pattern["after"].count("%")
    if percents > 1:
        raise _hidden(code)
    text = _written(value, percent=bool(percents)).removesuffix("%")
    sign = "-" if text.startswith("-") else ""
    return f"{sign}{before.replace('-', '').replace('+', '')}{text.removeprefix('-')}{after}"


def _section(value: float, code: str) -> str:
    """Return the section of a format for positive, negative or zero numbers."""
    sections = re.split(r";(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", _COLOURS.sub("", code))
    if any("[" in re.sub(r"\[\$[^\]]*\]|\[[hms]+\]", "", section, flags=re.IGNORECASE) for section in sections):
        raise _hidden(code)
    if value < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if value == 0 and len(sections) > 2 else sections[0]


def _date(value: float, pattern: str, code: str, epoch_1904: bool) -> str:
    """Write a day, month or year as far as it is shown."""
    letters = pattern.casefold()
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
    if moment.time() != datetime.min.time() or re.search("[hs]", letters):
        return moment.isoformat(" ")
    return moment.date().isoformat()[: 10 if "d" in letters else 7 if "m" in letters else 4]


def _written(value: float, *, percent: bool = False) -> str:
    """Write a number in all its digits, of which a workbook stores fifteen."""
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
