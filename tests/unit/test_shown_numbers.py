"""Numbers as their cells show them: by a number format, or as the file says; what does not agree sets the row aside."""

from __future__ import annotations

import pytest

from etl.raw_files.workbooks.number_format import formatted_number, formatted_text
from etl.raw_files.workbooks.sheet import HiddenValueError
from etl.raw_files.workbooks.shown_value import number_as_shown

AGREES = {
    ("5,981", 5981.0): "5981",
    ("25.9", 25.94): "25.94",
    ("25.9", 95.2): None,
    ("95.2", 25.9): None,
    ("12,500", 12.5): None,
    ("12,5", 12.5): "12.5",
    ("12.500", 12500.0): None,
    ("1.234,5", 1234.5): None,
    ("(5)", -5.0): "-5",
    ("(5)", 5.0): None,
    ("5", -5.0): None,
    ("-5", 5.0): None,
    ("−5", -5.0): "-5",
    ("46%", 0.4605): "46.05%",
    ("46%", 46.0): None,
    ("0.46", 0.4605): "0.4605",
    ("7.6万", 76400.0): "7.6万",
    ("7.6万", 86400.0): None,
    ("7.6万件", 7.64): "7.64万件",
    ("5.98E+03", 5981.0): "5981",
    ("1/2", 0.5): None,
    ("2024-03-01", 45352.0): None,
    ("-", 0.0): "-",
    ("-", 5.0): None,
    ("###", 5981.0): None,
    ("", 5981.0): None,
}


@pytest.mark.parametrize(("shown", "stored"), AGREES)
def test_a_shown_number_must_round_from_the_stored_one(shown: str, stored: float) -> None:
    expected = AGREES[shown, stored]
    if expected is None:
        with pytest.raises(HiddenValueError, match=r"which does not round to that"):
            number_as_shown(stored, shown)
    else:
        assert number_as_shown(stored, shown).text == expected


# Number formats

FORMATS: dict[tuple[str, float], tuple[str, str] | None] = {
    ("0.0%_);(0.0%)", -0.053): ("-5.3%", ""),
    ("#,##0;[Red](#,##0)", -1234): ("-1234", ""),
    (r"0_);\(0\)", -5): ("-5", ""),
    ('0;("件"0)', -5): None,
    ("(0)", 5): None,
    ("(0)", -5): None,
    (r"\-0", 5): None,
    (r"\-0", -5): None,
    ("-0", 5): None,
    ("0;0", -5): None,
    ("0;[Red]0", -5): ("-5", ""),
    ("0;-0", -5): ("-5", ""),
    ('0;0"-"', -5): ("-5", ""),
    ('0;"▲"0', -5): None,
    ("+0;-0;0", 5): ("5", ""),
    ("[Black]@", 5): ("5", ""),
    ("0;@", -5): ("-5", ""),
    ("0;;", -5): None,
    ("#", 0): None,
    ("#,###", 0.4): None,
    ('#,##0;-#,##0;"-"??', 0): ("-", ""),
    ('"无"', 0): ("无", ""),
    ('"无"', 5): None,
    ("00", 5): ("05", ""),
    ('"20"00', 5): ("2005", ""),
    ('0"000"', 5): ("5000", ""),
    ('0"000"', 5.4): None,
    ("0.0%", 0.05349): ("5.349%", "5.3%"),
    ("0", 5981.4): ("5981.4", "5981"),
    ("0.00", 1.005): ("1.005", "1.01"),
    ("0.00E+00", 5981): ("5981", "5.98E+3"),
    ("General", 1 / 3): ("0.333333333333333", "0.333333333"),
    ("General", 123456789012): ("123456789012", "1.23457E+11"),
    ("General", 12345678901): ("12345678901", ""),
    ("General", 5.300000190734863): ("5.3", ""),
    ("0.0,", 76400): None,
    ("\0" + "0", 5): None,
    ("\1" + "0", 5): None,
    ('0.0,,"百万"', 76400000): None,
    ('#,##0.0,"千"', 1234567): None,
    ("[<10]0;0.0", 5): None,
    ("[DBNum2]0", 5): None,
    ('e"年"', 45352): None,
    ("ggge", 45352): None,
    ('yyyy"年第1季度"', 45352): None,
    ("yyyy年m月", 45352): ("2024-03", ""),
    ("[$-1070000]yyyy-mm-dd", 45352): None,
    ("[$-804]yyyy-mm-dd", 45352): ("2024-03-01", ""),
    ('0"（件）"', 5): ("5（件）", ""),
    ('0"%"', 46.05): ("46.05%", "46%"),
}


@pytest.mark.parametrize(("code", "stored"), FORMATS)
def test_a_number_format_shows_the_stored_number_or_sets_the_row_aside(code: str, stored: float) -> None:
    expected = FORMATS[code, stored]
    if expected is None:
        with pytest.raises(HiddenValueError):
            formatted_number(float(stored), code, epoch_1904=False)
    else:
        shown = formatted_number(float(stored), code, epoch_1904=False)
        assert (shown.text, shown.rounded) == expected


TEXT_FORMATS = {'@"万件"': "7.64万件", "_(@_)": "7.64", "0": "7.64", "0;-0;0;General": "7.64", ";;;": None, '0;0;0;"保密"': None}


@pytest.mark.parametrize("code", TEXT_FORMATS)
def test_a_text_has_what_its_format_writes_around_it(code: str) -> None:
    expected = TEXT_FORMATS[code]
    if expected is None:
        with pytest.raises(HiddenValueError):
            formatted_text("7.64", code)
    else:
        assert formatted_text("7.64", code) == expected


@pytest.mark.parametrize("code", ["[White]0", "[white]#,##0", "[Color2]0", "[Color 2]General", "0;0;[White]0;[White]@"])
def test_a_number_in_white_is_not_seen(code: str) -> None:
    with pytest.raises(HiddenValueError):
        formatted_number(0.0 if code.startswith("0") else 1200.0, code, epoch_1904=False)
    with pytest.raises(HiddenValueError):
        formatted_text("1200", code if "@" in code else "[White]@")
    assert formatted_number(1200.0, "[Color20]0;[White]0", epoch_1904=False).text == "1200"
