"""A Parquet file whose footer contradicts its pages is refused by its name, and never read with other rows."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from forged_parquet import Forge, forged
from projects import write_project

from etl.catalogue import PACKAGE
from etl.findings import line
from etl.raw_files.parquet_pages import disagreement
from etl.registers.check import check_register
from etl.tables.read import read_table

ROWS = 60
FRAME = pl.DataFrame({name: [f"{name}{row}" for row in range(ROWS)] for name in ("area", "period", "received")})


def of(frame: pl.DataFrame, **options: Any) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out, **{"row_group_size": 20, **options})
    return out.getvalue()


def rows(number: int, *, in_columns: bool = False) -> Forge:
    """Change the rows of the last row group, and of the file."""

    def forge(footer: dict[int, Any]) -> None:
        group = footer[4][-1]
        footer[3] += number - group[3]
        group[3] = number
        for chunk in group[1] if in_columns else ():
            chunk[3][5] = number

    return forge


def rows_of_the_file(number: int) -> Forge:
    """Change the rows of the file alone."""
    return lambda footer: footer.update({3: number})


def put(field: int, number: int) -> Forge:
    """Change what the footer says of the second column of the first row group."""
    return lambda footer: footer[4][0][1][1][3].update({field: number})


def without_a_group(footer: dict[int, Any]) -> None:
    footer[3] -= footer[4].pop()[3]


def with_a_group_twice(footer: dict[int, Any]) -> None:
    footer[4][1] = footer[4][0]


def with_exchanged_columns(footer: dict[int, Any]) -> None:
    footer[4][0][1].reverse()


def with_a_column_of_another_place(footer: dict[int, Any]) -> None:
    first, second = (chunk[3] for chunk in footer[4][0][1][:2])
    first.update({number: second[number] for number in (5, 6, 7, 9, 11) if number in second})


FORGERIES: dict[str, Forge] = {
    **{f"{number} rows": rows(number) for number in (0, 19, 21, 10**9, -5)},
    **{f"{number} rows and values": rows(number, in_columns=True) for number in (0, 1, 19, 21, 10**9, -5)},
    **{f"{number} rows in the file alone": rows_of_the_file(number) for number in (0, 59, 61, -1)},
    **{f"{number} values": put(5, number) for number in (0, 19, 21, -20)},
    **{f"unfolds to {number}": put(6, number) for number in (0, 5, -1)},
    **{f"{number} bytes": put(7, number) for number in (0, 5, 2**40, -1)},
    **{f"begins at {number}": put(9, number) for number in (-4, 1)},
    "dictionary beyond the file": put(11, 2**40),
    "a group less": without_a_group,
    "a group twice": with_a_group_twice,
    "exchanged columns": with_exchanged_columns,
    "a column of another place": with_a_column_of_another_place,
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_footer_that_contradicts_the_pages_is_told(name: str) -> None:
    assert disagreement(io.BytesIO(forged(of(FRAME), FORGERIES[name])))


@pytest.mark.parametrize("options", [{}, {"compression": "snappy"}, {"compression": "uncompressed"}, {"row_group_size": 7}])
def test_a_footer_that_is_right_is_not(options: dict[str, Any]) -> None:
    nested = FRAME.with_columns(lists=pl.Series([[each] * (each % 3) for each in range(ROWS)]), void=pl.lit(None, pl.String))
    for frame in (FRAME, FRAME.clear(), nested, nested.with_columns(pl.struct("area", "void").alias("pair"))):
        assert disagreement(io.BytesIO(of(frame, **options))) == ""
    assert disagreement(io.BytesIO(forged(of(FRAME, **options), lambda footer: None))) == ""
    assert pl.read_parquet(forged(of(FRAME, **options), lambda footer: None)).equals(FRAME)


@pytest.mark.parametrize("name", ["1 rows and values", "a group less"])
def test_the_finding_names_the_file(name: str, tmp_path: Path) -> None:
    project = write_project(tmp_path, {})
    for address in ("courts.caseload", "courts.cases"):
        path = tmp_path.joinpath("raw", *address.split(".")).with_suffix(".parquet")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(forged(of(FRAME), FORGERIES[name]))
    table = read_table(project, PACKAGE.entry("courts.caseload"))
    register = check_register(project, PACKAGE.register("courts.cases"), {}, lambda address: frozenset())
    assert table is not None
    assert register is not None
    for findings in (table.findings, register.findings):
        assert [each.rule for each in findings] == ["file-is-readable"]
        assert "its footer" in line(findings[0], "en")
        assert findings[0].place.file.endswith(".parquet")
