"""Sections and joined lines of a document; all passages here are made up."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.documents.passages import passages


def test_text_before_the_first_heading_is_the_opening() -> None:
    assert [(each.section, each.text) for each in passages("\n果园，好。\nA 苹果")] == [
        ("0", "果园，好。"),
        ("A", "苹果"),
    ]


def test_sections_may_be_numbered_in_chinese_throughout() -> None:
    assert [each.section for each in passages("一、苹果\n（十二）红果\n十一、桃\n（一）蜜桃")] == [
        "1",
        "1.12",
        "11",
        "11.1",
    ]


def test_titles_captions_and_bylines_are_not_joined_to_what_follows() -> None:
    text = "红果园2号\n\n张三 李四\n\n摄影12\n\n34件苹果，甜。\n\n图为果园。\n\n56件桃子，香。"

    assert [each.text for each in passages(text)] == [
        "红果园2号",
        "张三 李四",
        "摄影12",
        "34件苹果，甜。",
        "图为果园。",
        "56件桃子，香。",
    ]


def test_a_heading_is_never_joined_with_a_broken_line() -> None:
    assert [each.text for each in passages("苹果丰收，果农\n\nA 桃\n\n桃子熟")] == ["苹果丰收，果农", "桃", "桃子熟"]


def test_a_page_that_breaks_a_sentence_twice_is_one_passage() -> None:
    assert [each.text for each in passages("苹果，红\n\n又\n\n甜，好。\n桃子")] == ["苹果，红又甜，好。", "桃子"]


def test_a_line_that_begins_with_a_closing_mark_belongs_to_the_one_before() -> None:
    assert [each.text for each in passages("苹果“红\n”熟。\n桃子")] == ["苹果“红”熟。", "桃子"]


@given(st.text(alphabet="A 一(）)、，。果12\r\n\u3000\ufeff", max_size=40))
def test_each_character_of_a_passage_stands_at_its_offset(text: str) -> None:
    found = list(passages(text))

    assert all(text[offset] == character for each in found for offset, character in zip(each.offsets, each.text, strict=True))
    assert all(one < other for one, other in pairwise(offset for each in found for offset in each.offsets))


@given(st.text(alphabet="苹果1，。\n ", max_size=40))
def test_no_character_but_space_is_lost_where_there_is_no_heading(text: str) -> None:
    assert "".join(each.text for each in passages(text)).replace(" ", "") == text.replace(" ", "").replace("\n", "")


def sections(text: str) -> list[str]:
    return [each.section for each in passages(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第一章 苹果\n第一节 红果\n第二节 青果\n第二章 桃\n第一节 蜜桃", ["1", "1.1", "1.2", "2", "2.1"]),
        ("第一部分 苹果\n第一章 红果\n第二部分 桃", ["1", "1.1", "2"]),
        ("一、苹果\n1.红果熟。\n2.青果熟。\n（1）甜果熟。\n二、桃", ["1", "1.1", "1.2", "1.2(1)", "2"]),
        ("1 苹果\n1.1 红果\n1.2 青果", ["0", "1.1", "1.2"]),
        ("1、苹果熟。\n2、桃熟。\n4、梨熟。", ["1", "2", "2"]),
        ("一、苹果\n一是红果熟；二是青果熟。\n三是桃熟。\n果农多。", ["1", "1-1", "1-2", "1-3", "1"]),
        ("一、苹果\n果园一是大，二是多。", ["1", "1"]),
        ("Chapter 1 Apples\nSection 2: Peaches\nPart II", ["1", "1.2", "2"]),
        ("A 苹果\nA total of apples.", ["A", "A"]),
        ("# 果园\n## 苹果\n### 红果\n## 桃", ["0", "1", "1.1", "2"]),
        ("# 果园\n## 一、苹果\n### （一）红果\n## 附录", ["0", "1", "1.1", "0"]),
        ("⼀、苹果\n（⼆）红果", ["1", "1.2"]),
    ],
)
def test_marks_and_headings_open_sections(text: str, expected: list[str]) -> None:
    assert sections(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "3.5万件苹果，红。",
        "1.2 万件苹果，红。",
        "2026年苹果，红。",
        "苹果为全省\n前三、全市第一。",
        "苹果，居全省前\n三、红果第一。",
    ],
)
def test_a_number_that_is_no_mark_opens_no_section(text: str) -> None:
    assert set(sections(text)) == {"0"}


def test_lines_of_english_are_joined_by_a_space() -> None:
    text = "Apples fell by\n5.2% to 19,486, and peaches\nrose by 3%."

    [passage] = passages(text)

    assert passage.text == "Apples fell by 5.2% to 19,486, and peaches rose by 3%."
    assert all(text[offset] in (character, "\n") for offset, character in zip(passage.offsets, passage.text, strict=True))


def test_a_number_that_a_line_breaks_is_whole_also_in_a_first_line_without_a_comma() -> None:
    assert [each.text for each in passages("果园共授权12\r\n04件苹果，甜。")] == ["果园共授权1204件苹果，甜。"]
    assert [each.text for each in passages("果园表1\n2024件苹果，甜。")] == ["果园表1", "2024件苹果，甜。"]


def test_addresses_and_marks_of_footnotes_are_no_text() -> None:
    text = "见 https://example.org/2024/8/art_1229.html 或 a12@example.org，苹果5.2%[1]，桃3件。"

    assert [each.text for each in passages(text)] == ["见  或 ，苹果5.2%，桃3件。"]


def test_entries_below_the_title_of_contents_are_no_text() -> None:
    assert [each.text for each in passages("目  录\n一、苹果 3\n二、桃 12\n\n一、苹果\n红果3件。")] == ["苹果", "红果3件。"]


def test_a_line_of_contents_is_no_text() -> None:
    assert [each.text for each in passages("一、苹果 ......... 3\n二、桃……………12\n苹果红。")] == ["苹果红。"]
