"""Cast the columns of a query to types that the reader of its result can hold.

Python and polars know fewer types than DuckDB, and lose or change values of others in silence: the largest UHUGEINT becomes -1,
`24:00:00` null. DuckDB casts every type to text and to JSON itself.

Columns are named by position in SQL: a result may have two of one name, and names that nobody can see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import duckdb

Cast = Callable[[str, str], str]
"""How a column is selected, by its position and its type."""

_QUOTED = r""""(?:[^"]|"")*"|'(?:[^']|'')*'"""
# Fields and values of an enumeration may be named as types are, but are quoted then.
_FLOAT = re.compile(rf"{_QUOTED}|\bFLOAT\b")
_UNREADABLE = re.compile(
    rf"{_QUOTED}|\b(?:INTERVAL|UHUGEINT|BIGNUM|BIT|UNION|VARIANT|GEOMETRY|TUPLE|TIMESTAMPTZ_NS|TIME_NS|(?<!WITH )TIME"
    r"|STRUCT(?!\())\b"
)
_PARTLY_READABLE = re.compile(rf"{_QUOTED}|\b(?:HUGEINT|DATE|TIMESTAMP\w*)\b")
# Infinite, before our era, after the year 9999, or of more digits than a decimal of polars.
_OUT_OF_RANGE = r"infinity|\(BC\)|[0-9]{5}-[0-9]{2}-|[0-9]{39}"


def as_text(position: str, _type: str) -> str:
    """Select a column as the text that DuckDB prints."""
    return f"CAST({position} AS VARCHAR)"


def as_json(position: str, type_name: str) -> str:
    """Select a column as JSON text, whose numbers DuckDB may write as NaN and Infinity.

    A FLOAT goes by its text: 0.1, which as a DOUBLE is 0.10000000149011612.
    """
    if _names(_FLOAT, type_name):
        by_text, then = _replaced(type_name, "VARCHAR"), _replaced(type_name, "DOUBLE")
        position = f"CAST(CAST({position} AS {by_text}) AS {then})"
    return f"CAST(to_json({position}) AS VARCHAR)"


def readable(position: str, type_name: str) -> str:
    """Select a column as it is, or as text where polars has no such type."""
    return as_text(position, type_name) if _names(_UNREADABLE, type_name) else position


def cast_columns(relation: duckdb.DuckDBPyRelation, cast: Cast) -> duckdb.DuckDBPyRelation:
    """Cast the columns of a relation, which are then named c1, c2 and so on."""
    types = map(str, relation.types)
    return relation.project(", ".join(f"{cast(f'#{number}', each)} AS c{number}" for number, each in enumerate(types, 1)))


def cast_out_of_range(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Cast to readable types, and to text what has a value that polars has not, such as the date `infinity`."""
    types = [str(each) for each in relation.types]
    doubtful = [number for number, each in enumerate(types, 1) if _names(_PARTLY_READABLE, each)]
    tests = [f"bool_or(regexp_matches(CAST(#{number} AS VARCHAR), '{_OUT_OF_RANGE}'))" for number in doubtful]
    found = relation.aggregate(", ".join(tests)).fetchall()[0] if tests else ()
    beyond = {f"#{number}" for number, is_beyond in zip(doubtful, found, strict=True) if is_beyond}

    def cast(position: str, type_name: str) -> str:
        return (as_text if position in beyond else readable)(position, type_name)

    return cast_columns(relation, cast)


def unique_names(names: Iterable[str]) -> list[str]:
    """Return the names of columns, with `_1` and so on behind one that stands there already, as DuckDB does."""
    given = list(names)
    made: dict[str, None] = {}
    for name in given:
        unique, number = name, 0
        while unique in made or (number and unique in given):
            number += 1
            unique = f"{name}_{number}"
        made[unique] = None
    return list(made)


def _names(pattern: re.Pattern[str], type_name: str) -> bool:
    return any(not found[0].startswith(("'", '"')) for found in pattern.finditer(type_name))


def _replaced(type_name: str, name: str) -> str:
    return _FLOAT.sub(lambda found: found[0] if found[0].startswith(("'", '"')) else name, type_name)
