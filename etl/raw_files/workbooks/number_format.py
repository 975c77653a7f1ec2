"""Number formats of Excel: what a person sees of a stored number, or why that is unclear.

Source: ECMA-376 part 1, 18.8.30 and 18.8.31. What is read is the stored number in all its certain digits, with the text that its
format writes around it; where the format shows another number (in thousands, without its sign, as a fraction), nothing is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from etl.raw_files.stored_numbers import MOST_DIGITS, certain_decimal, written
from etl.raw_files.workbooks.sheet import HiddenValueError

# By the number of the first of each run.
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
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|(?P<width>[_*]).|\[\$(?P<sign>[^\]-]*)(?:-(?P<locale>[0-9a-f]+))?\]'
    r"|\[(?P<bracket>[^\]]*)\]|(?P<general>general)|(?P<bare>.)",
    re.IGNORECASE | re.DOTALL,
)
_COLOUR = re.compile(r"black|blue|cyan|green|magenta|red|white|yellow|color ?\d+", re.IGNORECASE)
_WHITE = re.compile(r"white|color ?2", re.IGNORECASE)
"""A colour that a person does not see on paper."""
_DURATION = re.compile("h+|m+|s+", re.IGNORECASE)
_LITERAL, _GENERAL = "\0", "\1"
_SHOWS_NUMBER = re.compile(
    r"(?P<before>[^0#?.,%\x01]*)(?:\x01|(?P<whole>[0#?](?:[0#?,]*[0#?])?)(?:\.(?P<fraction>[0#?]*))?(?P<exponent>E[+-]0+)?)"
    r"(?P<after>[^0#?.,\x01]*)"
)
_OF_DAYS = re.compile(r"(?:[ymdhs0 \0.,:/\[\]年月日时分秒-]|am/pm|a/p)*")
_LITERALS_OF_DAYS = re.compile(r"[年月日号时分秒点 T.,:/\\()（）-]*")
_BARE_TEXT = re.compile(r"[^A-Za-z0-9@]*")
MOST_CHARACTERS_OF_GENERAL = 11


@dataclass(slots=True)
class _Section:
    """A section of a format: its pattern, with a mark for each literal text, and what else it says."""

    pattern: str = ""
    literals: list[str] = field(default_factory=list)
    is_red: bool = False
    is_white: bool = False
    locale: str = ""
    has_condition: bool = False

    def filled(self, part: str, start: int) -> str:
        """Put the literals in the place of their marks, from the number of the first on."""
        literals = iter(self.literals[start:])
        return re.sub(_LITERAL, lambda _: next(literals), part).strip()


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A number as text; where its cell shows fewer digits than it stores, also what it shows."""

    text: str
    rounded: str = ""


def built_in_format(number: str) -> str:
    """Return Excel's built-in format; its number in brackets if country-dependent."""
    return _FORMATS.get(number, f"[built-in {number}]")


def formatted_text(text: str, code: str) -> str:
    """Write a text with what its format writes around it.

    Raises:
        HiddenValueError: the format shows another text, or none.
    """
    sections = _sections(code)
    of_text = sections[3] if len(sections) > 3 else sections[-1]
    if of_text.is_white:
        raise hidden(code)
    if of_text.pattern == _GENERAL or (len(sections) < 4 and "@" not in of_text.pattern):
        return text
    before, at, after = of_text.pattern.partition("@")
    if not at or not re.fullmatch(f"[{_LITERAL} ]*", before + after):
        raise hidden(code)
    return f"{of_text.filled(before, 0)}{text}{of_text.filled(after, before.count(_LITERAL))}"


def formatted_number(value: float, code: str, *, epoch_1904: bool) -> ShownNumber:
    """Write a number in all its digits, with what its format writes around it.

    Raises:
        HiddenValueError: the format shows something else.
    """
    if code.casefold() in ("", "@", "general"):
        return _general(value)
    sections = _sections(code)
    if len(sections) > 3 or "@" in sections[-1].pattern:
        sections = sections[: min(3, len(sections) - 1)]
    if any(section.has_condition for section in sections):
        raise hidden(code)
    if not sections:  # a format of texts
        return _general(value)
    is_of_negatives = value < 0 and len(sections) > 1
    section = sections[1 if is_of_negatives else 2 if value == 0 and len(sections) > 2 else 0]
    if section.is_white:
        raise hidden(code)
    if re.search("[ymdhs]", section.pattern, re.IGNORECASE):
        return ShownNumber(_date(value, section, code, epoch_1904))
    match = _SHOWS_NUMBER.fullmatch(section.pattern)
    if not match:
        return ShownNumber(_only_text(value, section, code))
    if not (_BARE_TEXT.fullmatch(match["before"]) and _BARE_TEXT.fullmatch(match["after"])) or match["after"].count("%") > 1:
        raise hidden(code)
    before = section.filled(match["before"], 0)
    after = section.filled(match["after"], match["before"].count(_LITERAL))
    if not value and "0" not in (match["whole"] or "0") and not match["fraction"] and before + after:
        return ShownNumber(before + after)  # a dash for a nought, such as "-"??
    sign, before, after = _signed(value, before, after, code, section if is_of_negatives else None)
    number = _general(abs(value)) if match["whole"] is None else _in_pattern(abs(value), match, code)
    if (number.rounded and re.search("[0-9]", before + after)) or (match["whole"] is None and "%" in match["after"]):
        raise hidden(code)
    return ShownNumber(*(f"{sign}{before}{text}{after}" if text else "" for text in (number.text, number.rounded)))


def written_number(value: float, *, is_percent: bool = False) -> Decimal:
    """Return a number by all its certain digits, of which a workbook stores fifteen.

    Raises:
        HiddenValueError: it has more.
    """
    if value != value or abs(value) >= 10**MOST_DIGITS:
        en = "the number has more digits than a workbook stores; write it as text"
        raise HiddenValueError(en, "数字位数超出工作簿的精度；请改为文本")
    return certain_decimal(value) * (100 if is_percent else 1)


def hidden(code: str) -> HiddenValueError:
    """Refuse a cell that is shown otherwise than stored."""
    return HiddenValueError(
        f"the number format {code!r} shows something else than is stored; write the figure as text, as it is printed",
        f"数字格式 {code!r} 所示与所存不同；请按原文将数字写成文本",
    )


@lru_cache(1024)
def _sections(code: str) -> tuple[_Section, ...]:
    found = [_Section()]
    for token in _TOKEN.finditer(code):
        section = found[-1]
        kind, text = token.lastgroup or "quoted", token[token.lastgroup or 0]
        match kind:
            case "bare" if text == ";":
                found.append(_Section())
            case "bare" if text < " ":  # control characters stand for what is no bare text here
                section.has_condition = True
            case "bare":
                section.pattern += text
            case "general":
                section.pattern += _GENERAL
            case "quoted" | "escaped":
                section.pattern += _LITERAL
                section.literals.append(text)
            case "sign" | "locale":
                section.locale = token["locale"] or ""
                section.pattern += _LITERAL
                section.literals.append(token["sign"])
            case "bracket" if _COLOUR.fullmatch(text):
                section.is_red, section.is_white = text.casefold() == "red", _WHITE.fullmatch(text) is not None
            case "bracket" if _DURATION.fullmatch(text):
                section.pattern += token[0]
            case "bracket":
                section.has_condition = True
    return tuple(found)


def _general(value: float) -> ShownNumber:
    """Write a number as the general format does, which shows eleven characters at most."""
    number = written_number(value)
    text = written(number)
    room = MOST_CHARACTERS_OF_GENERAL - len(text.partition(".")[0].lstrip("-")) - 1
    if len(text.lstrip("-")) <= MOST_CHARACTERS_OF_GENERAL:
        return ShownNumber(text)
    rounded = _rounded(number, room) if room >= 0 and abs(number) > Decimal("0.0001") else f"{number:.5E}"
    return ShownNumber(text, rounded if rounded != text else "")


def _in_pattern(value: float, match: re.Match[str], code: str) -> ShownNumber:
    """Write a number by the digits of a pattern."""
    number = written_number(value, is_percent="%" in match["after"])
    whole, places = match["whole"], len(match["fraction"] or "")
    if match["exponent"]:
        text, rounded = written(number), f"{number:.{places + len(whole) - 1}E}"
        return ShownNumber(text, rounded if Decimal(rounded) != number else "")
    rounded = _rounded(number, places)
    if not Decimal(rounded) and "0" not in whole:  # which shows nothing, or a point
        raise hidden(code)
    text = _padded(written(number), whole)
    return ShownNumber(text, _padded(rounded, whole) if Decimal(rounded) != number else "")


def _padded(text: str, whole: str) -> str:
    """Fill up the whole part with the zeros of the pattern, such as those of 01."""
    digits, point, rest = text.partition(".")
    return digits.zfill(whole.count("0")) + point + rest


def _rounded(number: Decimal, places: int) -> str:
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places:
        return written(number)
    return f"{number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"


def _signed(value: float, before: str, after: str, code: str, of_negatives: _Section | None) -> tuple[str, str, str]:
    """Return the sign of a number, and the texts around it without the minus or the brackets that stand for it.

    A section of negative numbers shows them without a sign, unless it writes one, or brackets, or is red.
    """
    has_minus = before.startswith("-") or before.endswith("-") or after.endswith("-")
    has_brackets = before.endswith(("(", "（")) and bool(re.search("[)）]", after))
    if of_negatives is None:
        if has_minus or has_brackets:  # which would be read as a sign
            raise hidden(code)
        return "-" if value < 0 else "", before.removeprefix("+").removesuffix("+"), after
    if has_brackets and not has_minus:
        return "-", before[:-1].rstrip(), re.sub("[)）]", "", after, count=1).strip()
    if has_minus and not has_brackets and before.count("-") + after.count("-") == 1:
        return "-", before.replace("-", "").strip(), after.replace("-", "").strip()
    if has_minus or has_brackets or not of_negatives.is_red:
        raise hidden(code)
    return "-", before, after


def _only_text(value: float, section: _Section, code: str) -> str:
    """Return the text that a format shows in place of a nought, such as a dash."""
    only = section.filled(section.pattern, 0)
    if value or not only or re.search("[0-9]", only) or not _BARE_TEXT.fullmatch(section.pattern) or _GENERAL in section.pattern:
        raise hidden(code)
    return only


def _date(value: float, section: _Section, code: str, epoch_1904: bool) -> str:
    """Write a day, month or year as far as it is shown."""
    letters = section.pattern.casefold()
    of_other_calendar = section.locale.zfill(8)[2:4] not in ("00", "01")
    if not _OF_DAYS.fullmatch(letters) or of_other_calendar or not all(map(_LITERALS_OF_DAYS.fullmatch, section.literals)):
        raise hidden(code)
    if "y" not in letters or value < 0 or (not epoch_1904 and value < 61):
        # Excel makes 29 February 1900 of day 60, so that earlier days are doubtful.
        stored = written(written_number(value))
        raise HiddenValueError(
            f"the cell is stored as {stored} and shown as a day or time by the format {code!r}; write it as text",
            f"单元格存储为 {stored}，以格式 {code!r} 显示为日期或时间；请改为文本",
        )
    try:
        moment = datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 30)
        moment += timedelta(seconds=round(value * 86_400))
    except OverflowError:
        raise hidden(code) from None
    if moment.time() != datetime.min.time() or re.search("[hs]", letters):
        return moment.isoformat(" ")
    return moment.date().isoformat()[: 10 if "d" in letters else 7 if "m" in letters else 4]
