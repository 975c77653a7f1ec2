"""What ends a statement, and what only looks as if it did."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.shell.statements import command_in, is_finished, statements, tokens

PIECES = st.sampled_from(["'", '"', ";", "--", "/*", "*/", "$$", "$a$", "\n", " ", "e", "a1", "\\", "''", "宁波", "."])


@given(st.lists(PIECES).map("".join))
def test_the_pieces_of_a_text_are_all_of_it(text: str) -> None:
    found = list(tokens(text))
    assert "".join(piece.text for piece in found) == text
    assert [piece.start for piece in found] == [len("".join(each.text for each in found[:place])) for place in range(len(found))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT 1;", ["SELECT 1"]),
        ("SELECT 1; SELECT 2 ; ", ["SELECT 1", "SELECT 2"]),
        ("SELECT ';' AS x;", ["SELECT ';' AS x"]),
        ("SELECT 'it''s;';", ["SELECT 'it''s;'"]),
        ("SELECT e'it\\'s;';", ["SELECT e'it\\'s;'"]),
        ('SELECT "a;b" FROM t;', ['SELECT "a;b" FROM t']),
        ("SELECT $$ ; $$, $tag$ ;$$ $tag$;", ["SELECT $$ ; $$, $tag$ ;$$ $tag$"]),
        ("-- first;\nSELECT 1; -- last", ["-- first;\nSELECT 1"]),
        ("/* ; */ SELECT 1;", ["/* ; */ SELECT 1"]),
        ("", []),
        (";;", []),
        ("-- nothing", []),
        ("SELECT '；' AS x； SELECT 2；", ["SELECT '；' AS x", "SELECT 2"]),
    ],
)
def test_a_text_that_is_finished_is_cut_at_its_semicolons(text: str, expected: list[str]) -> None:
    assert is_finished(text)
    assert statements(text) == expected


@pytest.mark.parametrize(
    "text",
    ["SELECT 1", "SELECT ';", 'SELECT ";', "SELECT 1 /* ;", "SELECT $$;", "SELECT $1", "SELECT 1; SELECT 2", "SELECT e'\\';"],
)
def test_a_text_that_is_not_finished_waits_for_more(text: str) -> None:
    assert not is_finished(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".help", ".help"),
        (" .schema courts ;", ".schema courts"),
        ("exit", ".quit"),
        ("QUIT;", ".quit"),
        ("\\q", ".quit"),
        ("\\d", ".tables"),
        ("SELECT 1;", ""),
        ("exits", ""),
    ],
)
def test_a_command_is_known_by_its_dot_or_as_other_shells_call_it(text: str, expected: str) -> None:
    assert command_in(text) == expected
    assert not expected or is_finished(text)
