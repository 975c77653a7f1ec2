"""Encodings of raw CSV files: told apart, read and said; mixed ones lose only the rows that are in another."""

from __future__ import annotations

import codecs
from collections.abc import Callable

import pytest
from test_raw_csv import HEADER, LINES, ROWS, MakeProject, read, rows, text

RIGHT: dict[str, Callable[[list[str]], str | bytes]] = {
    "LF": text,
    "CR LF": lambda lines: text(lines, "\r\n"),
    "LF and CR LF": lambda lines: text(lines[:5]) + text(lines[5:], "\r\n"),
    "no line end at the end": lambda lines: text(lines).rstrip("\n"),
    "blank lines": lambda lines: text(lines, "\n\n"),
    "blank lines with CR LF": lambda lines: text(lines, "\r\n\r\n"),
    "mark": lambda lines: codecs.BOM_UTF8 + text(lines).encode(),
    "all quoted": lambda lines: text(['"' + each.replace(",", '","') + '"' for each in lines]),
    "all quoted with CR LF": lambda lines: text(['"' + each.replace(",", '","') + '"' for each in lines], "\r\n"),
    "some quoted": lambda lines: text([each.replace("all", '"all"') for each in lines]),
    "plain spaces around cells": lambda lines: text([each.replace(",", " , ") for each in lines]),
    "GB18030": lambda lines: text(lines).encode("gb18030"),
    "GBK": lambda lines: text(lines).encode("gbk"),
    "UTF-16 with mark": lambda lines: text(lines).encode("utf-16"),
    "UTF-16 little-endian": lambda lines: text(lines).encode("utf-16-le"),
    "UTF-16 big-endian": lambda lines: text(lines).encode("utf-16-be"),
    "UTF-16 big-endian with mark": lambda lines: codecs.BOM_UTF16_BE + text(lines).encode("utf-16-be"),
    "UTF-16 with CR LF": lambda lines: text(lines, "\r\n").encode("utf-16"),
    "GB18030 with CR LF": lambda lines: text(lines, "\r\n").encode("gb18030"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_good_file_is_read_whole_whatever_its_encoding_line_ends_and_quotes(name: str, project: MakeProject) -> None:
    table = read(project({}), RIGHT[name](LINES))
    assert rows(table) == [row.split(",") for row in ROWS]
    assert {finding.severity for finding in table.findings} <= {"information"}
    assert len(table.findings) == (name.startswith(("GB", "UTF-16")))


WORDS = (
    "宁波市",
    "全市法院",
    "地理标志产品",
    "商业秘密保护基地",
    "专利权质押融资登记金额",
    "一千二百件",
    "7.64万件",
    "超七成",
    "亿元",
)
TRADITIONAL = ("寧波市知識產權局", "全市法院收案", "地理標誌產品", "商業秘密保護基地", "專利權質押融資登記金額", "7.64萬件")


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_short_text_is_recognised_by_its_encoding(word: str, encoding: str, project: MakeProject) -> None:
    table = read(project({}), text([HEADER, ROWS[0].replace("A2016", word)]).encode(encoding))
    assert table.cells["section"] == [word]


@pytest.mark.parametrize("word", TRADITIONAL)
def test_big5_is_distinguished_from_gb18030(word: str, project: MakeProject) -> None:
    table = read(project({}), text([HEADER, ROWS[0].replace("A2016", word)]).encode("big5"))
    assert table.cells["section"] == [word]
    assert "the file is Big5" in table.findings[0].message.en


def test_gb18030_that_is_utf_8_by_chance_is_read_as_what_it_is(project: MakeProject) -> None:
    content = text([HEADER, ROWS[0].replace("件", "元")]).encode("gb18030")
    assert content.decode() != text([HEADER, ROWS[0].replace("件", "元")])
    assert read(project({}), content).cells["received"] == ["6048元"]


def test_a_utf_8_row_in_a_gb18030_file_is_set_aside(project: MakeProject) -> None:
    odd = ROWS[3].replace("A2019", "知识产权局").encode()
    content = b"\n".join(
        [*(each.encode("gb18030") for each in LINES[:4]), odd, *(each.encode("gb18030") for each in LINES[5:]), b""]
    )
    table = read(project({}), content)
    assert table.set_aside == [5]
    assert rows(table) == [row.split(",") for row in ROWS if row != ROWS[3]]


LETTERS = ("Pitrè", "é", "12°C", "ñandú", "Ω", "привет", "ДЕЛА", "Łódź", "São Paulo", "שלום", "محكمة", "Ünal Öztürk", "±5", "Æ")


def with_word(word: str) -> str:
    """Write a table whose only text beyond ASCII is a word."""
    return text(["area,period,court,received,closed,source,section", f"330200,2016,all,1,1,s,{word}"])


@pytest.mark.parametrize("word", LETTERS)
def test_letters_in_utf_8_stay_what_they_are(word: str, project: MakeProject) -> None:
    table = read(project({}), with_word(word).encode())
    assert table.cells["section"] == [word]
    assert table.findings == []


FOREIGN = {
    "cp1252": ("12°C", "±5", "café", "größe", "créée", "“x”", "ÀÉ", "naïve", "5 €", "São Paulo"),
    "cp1251": ("МОСКВА", "Дела", "ПАТЕНТЫ"),
    "koi8-r": ("москва", "количество дел"),
    "cp1253": ("ΔΙΚΗ", "Αθήνα"),
    "euc-kr": ("특허 출원 건수", "서울특별시", "대한민국"),
    "euc-jp": ("12°", "特許出願件数", "東京都", "さいばんしょ"),
    "shift-jis": ("特許出願件数", "裁判所"),
    "cp1250": ("Łódź",),
    "cp874": ("กรุงเทพ",),
}


@pytest.mark.parametrize(("encoding", "word"), [(encoding, word) for encoding, words in FOREIGN.items() for word in words])
def test_an_encoding_that_is_not_certain_is_refused(encoding: str, word: str, project: MakeProject) -> None:
    table = read(project({}), with_word(word).encode(encoding))
    assert [finding.rule for finding in table.findings] == ["file-is-readable"]
    assert table.height == 0
