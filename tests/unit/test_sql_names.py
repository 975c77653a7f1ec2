"""Names stand in SQL as they are, or are refused where a reader could not tell them apart."""

from __future__ import annotations

import unicodedata

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.errors import ProjectError
from etl.warehouse.sql_names import literal, quoted, refuse_lookalikes

VISIBLE = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])
NAMES = st.text(VISIBLE, min_size=1).filter(lambda name: name == name.strip())


@settings(max_examples=50)
@given(NAMES)
def test_a_quoted_name_names_what_it_quotes(name: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE {quoted(name)} AS SELECT 1 AS {quoted(name)}")
        found = connection.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal").fetchall()
    assert found == [(name, name)]


@settings(max_examples=50)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_a_literal_is_the_text_it_quotes(text: str) -> None:
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT {literal(text)}").fetchall() == [(text,)]


@pytest.mark.parametrize("name", ["", " a", "a ", "a\nb", "a\0b", "\u202ecba", "a\u200bb", "\ufeffa", "a\u2028b", "a\u00adb"])
def test_a_name_with_invisible_characters_is_refused(name: str) -> None:
    with pytest.raises(ProjectError):
        quoted(name)


@pytest.mark.parametrize("twins", [("A", "a"), ("é", "e\u0301"), ("ａ", "a"), ("ﬁ", "fi"), ("straße", "STRASSE")])
def test_names_that_read_alike_are_refused(twins: tuple[str, str]) -> None:
    with pytest.raises(ProjectError, match="read alike"):
        refuse_lookalikes(twins)


@given(st.sets(NAMES))
def test_names_are_distinct_just_where_their_folded_forms_are(names: set[str]) -> None:
    folded = {unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()) for name in names}
    if len(folded) == len(names):
        assert set(refuse_lookalikes(names)) == names
    else:
        with pytest.raises(ProjectError):
            refuse_lookalikes(names)
