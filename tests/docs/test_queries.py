"""The queries of docs/how-to/queries.md: each runs, prints what is shown below it, and is the same in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from documents import Block, assert_prints, blocks, carry_out, copy_of_the_project

from etl.sandbox.formatters import Result
from etl.sandbox.frame_formatters import as_table
from etl.warehouse.query import connect

PAGES = {"docs/how-to/queries.md": "en_US.UTF-8", "docs/how-to/queries.zh-CN.md": "zh_CN.UTF-8"}
ENGLISH, CHINESE = PAGES


def queries(page: str) -> list[tuple[Block, Block]]:
    """Give the queries of a page, each with what is shown below it."""
    found = [block for block in blocks(page) if block.info != "sh"]
    return list(zip(found[::2], found[1::2], strict=True))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the project in which the commands of the page were run."""
    copy = copy_of_the_project(tmp_path_factory.mktemp("queries"))
    carry_out([block for block in blocks(ENGLISH) if block.info == "sh"], copy)
    return copy


def printed(warehouse: Path, sql: str) -> str:
    """Return what `etl sql` prints."""
    with connect(warehouse) as connection:
        return b"".join(as_table([Result(connection, connection.sql(sql), 0)], False)).decode()


@pytest.mark.parametrize("number", range(1, 21))
def test_a_query_prints_what_is_shown_in_both_languages(number: int, project: Path) -> None:
    for page in PAGES:
        asked, shown = queries(page)[number - 1]
        root = project / asked.info.partition(" ")[2]
        assert_prints(printed(root / "warehouse" / "ip.duckdb", asked.body), shown)


def test_there_are_twenty_queries_and_each_has_rows_to_show() -> None:
    for page in PAGES:
        assert len(queries(page)) == 20
        for asked, shown in queries(page):
            assert asked.info.startswith("sql"), asked
            assert shown.info == "text", shown
            assert len(shown.body.splitlines()) >= 5, shown
