"""`etl sql` at a terminal: what is typed, completed, shown and interrupted, seen on the screen of a pseudo terminal."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest
from terminals import CTRL_C, CTRL_D, CTRL_L, ENTER, TAB, UP, Terminal, terminal

ETL = Path(sys.executable).with_name("etl")
PROMPT = "sql>"
RIGHT_IN_A_PAGER = "\x1bOC"
ENDLESS = "SELECT sum(a.range * b.range) FROM range(1000000) a, range(10000000) b;"
needs_less = pytest.mark.skipif(shutil.which("less") is None, reason="there is no pager here")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project with a small warehouse, of Chinese texts among others."""
    root = tmp_path_factory.mktemp("project")
    (root / "raw").mkdir()
    (root / "warehouse").mkdir()
    with duckdb.connect(root / "warehouse" / "ip.duckdb") as connection:
        connection.execute(
            """
            CREATE SCHEMA courts; CREATE SCHEMA report;
            CREATE TABLE courts.caseload (area VARCHAR, received DOUBLE, received_growth_pct DOUBLE, "per cent" DOUBLE);
            COMMENT ON TABLE courts.caseload IS '法院收结案 · cases at the courts';
            COMMENT ON COLUMN courts.caseload.received IS '收案 · cases received';
            INSERT INTO courts.caseload VALUES ('宁波市', 10, 1.5, 2), ('a', 200, NULL, 3), ('浙江省全省', 3000, 0, 4);
            CREATE VIEW report.cases AS SELECT area, received FROM courts.caseload;
            COMMENT ON VIEW report.cases IS '各机构收结案 · cases of each body';
            """
        )
    return root


@pytest.fixture
def state(tmp_path: Path) -> dict[str, str]:
    """Give an environment with a state folder of its own, in which no pager is preferred."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LESS", "PAGER"))}
    return kept | {"XDG_STATE_HOME": str(tmp_path / "state"), "LANG": "en_US.UTF-8", "HOME": str(tmp_path)}


@pytest.fixture
def shell(project: Path, state: dict[str, str]) -> Iterator[Terminal]:
    """Give a shell that waits for what is typed."""
    with terminal([ETL, "sql"], state, project) as opened:
        opened.until(PROMPT)
        yield opened


def asked(shell: Terminal, typed: str) -> list[str]:
    """Type something on an empty screen, and give the screen when the next prompt is there."""
    shell.until(lambda lines: lines[-1] == PROMPT)
    shell.type(CTRL_L)
    shell.until(lambda lines: lines == [PROMPT])
    shell.type(typed + ENTER)
    return shell.until(lambda lines: lines[-1] == PROMPT and lines != [PROMPT])


def prompts(lines: list[str]) -> int:
    return sum(line.startswith(PROMPT) for line in lines)


def test_a_query_of_several_lines_runs_when_a_semicolon_ends_it(shell: Terminal) -> None:
    shell.type("SELECT area, ';' AS mark" + ENTER)
    shell.until("...>")
    shell.type("FROM courts.caseload WHERE received = 10;" + ENTER)
    shown = shell.until(lambda lines: lines[-1] == PROMPT)
    assert "│ 宁波市 ┆ ;    │" in shown
    assert any(re.fullmatch(r"\d+\.\d\d s", line) for line in shown)


def test_chinese_columns_stand_straight(shell: Terminal) -> None:
    asked(shell, "FROM report.cases;")
    rows = [row for row, line in enumerate(shell.lines) if line.startswith("│")]
    places = {tuple(shell.columns_of("│", row) + shell.columns_of("┆", row)) for row in rows}
    assert len(rows) == 4
    assert len(places) == 1, shell.lines


def test_what_is_wrong_is_told_and_the_shell_goes_on(shell: Terminal) -> None:
    assert any(line.startswith("Error: Catalog Error") for line in asked(shell, "FROM nowhere;"))
    assert any("Permission Error" in line for line in asked(shell, "FROM read_text('/etc/hostname');"))
    assert any("Did you mean '.schema'?" in line for line in asked(shell, ".shema"))
    assert "│ 7 │" in asked(shell, "SELECT 7;")


def test_one_of_several_statements_that_is_wrong_stops_those_behind_it(shell: Terminal) -> None:
    shown = asked(shell, "SELECT 1 AS first; FROM nowhere; SELECT 3 AS third;")
    assert "│ first │" in shown
    assert "│ third │" not in shown


def test_ctrl_c_ends_the_query_and_not_the_shell(shell: Terminal) -> None:
    shell.type(ENDLESS + ENTER)
    time.sleep(1.5)
    assert prompts(shell.lines) == 1
    for patience in (10, 30):  # on a busy machine the prompt may not yet have let go of the keyboard: press again
        shell.type(CTRL_C)
        with suppress(AssertionError):
            shell.until("The query was ended.", patience)
            break
    shell.until("The query was ended.", 0)
    assert "│ 7 │" in asked(shell, "SELECT 7;")


def test_ctrl_c_drops_what_is_typed_and_ctrl_d_leaves(shell: Terminal) -> None:
    shell.type("SELECT nonsense" + CTRL_C)
    shell.until(lambda lines: prompts(lines) == 2)
    shell.type(CTRL_D)
    assert shell.ended() == 0


def test_limits_of_the_command_line_hold_in_the_shell(project: Path, state: dict[str, str]) -> None:
    with terminal([ETL, "sql", "--timeout", "1.5", "--limit", "2", "--memory-limit", "100MB"], state, project) as shell:
        shell.until(PROMPT)
        assert any("took more than 1.5 s" in line for line in asked(shell, ENDLESS))
        asked(shell, ".timeout 60")
        assert "these are the first 2 rows; .limit 0 gives all" in asked(shell, "FROM report.cases;")
        assert any("Out of Memory" in line for line in asked(shell, "SELECT repeat('x', 500000000);"))
        asked(shell, ".limit 0")
        assert "│ 浙江省全省 ┆ 3000.0   │" in asked(shell, "FROM report.cases;")


def completed(shell: Terminal, typed: str, expected: str, schema: str = "courts") -> None:
    """Hold that Tab behind what is typed gives an expected line; the names are known when a schema can be told."""
    asked(shell, f".schema {schema}")
    shell.type(typed)
    shell.until(lambda lines: not lines[-1].startswith(PROMPT))  # what could stand there is offered
    shell.type(TAB)
    shell.until(lambda lines: any(line == f"{PROMPT} {expected}" for line in lines))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("FROM casel", "FROM courts.caseload"),
        ("FROM courts.", "FROM courts.caseload"),
        ("from report.cases join cour", "from report.cases join courts.caseload"),
        ("FROM courts.caseload WHERE received_g", "FROM courts.caseload WHERE received_growth_pct"),
        ("FROM courts.caseload AS c WHERE c.received_g", "FROM courts.caseload AS c WHERE c.received_growth_pct"),
        ("FROM courts.caseload SELECT cent", 'FROM courts.caseload SELECT "per cent"'),
        ('FROM courts.caseload SELECT "per c', 'FROM courts.caseload SELECT "per cent"'),
        ("SELECT received_g", "SELECT received_growth_pct"),
        ("SUMM", "SUMMARIZE"),
        ("select list_rev", "select list_reverse"),
        (".sch", ".schema"),
        (".schema report.", ".schema report.cases"),
        (".timing of", ".timing off"),
    ],
)
def test_tab_completes(shell: Terminal, typed: str, expected: str) -> None:
    completed(shell, typed, expected)


def test_a_table_is_offered_with_its_meaning(shell: Terminal) -> None:
    asked(shell, ".schema courts")
    shell.type("SELECT 1 FROM c" + TAB)
    shown = shell.until("各机构收结案")
    assert any("courts.caseload" in line and "cases at the courts" in line for line in shown)


def test_columns_of_the_table_behind_the_cursor_are_offered(shell: Terminal) -> None:
    rest = " FROM courts.caseload;"
    completed(shell, f"SELECT {rest}" + "\x1b[D" * len(rest) + "rec", "SELECT received FROM courts.caseload;")


@needs_less
def test_a_long_result_goes_through_a_pager_and_a_short_one_does_not(shell: Terminal) -> None:
    shell.type("SELECT 'row ' || range AS name FROM range(300);" + ENTER)
    shown = shell.until(lambda lines: lines[-1] == ":")
    assert "│ row 5   │" in shown
    assert not any("row 299" in line for line in shown)
    shell.type("G")
    shell.until("│ row 299 │")
    shell.type(CTRL_C)  # which throws away what was typed and not yet read
    time.sleep(0.5)
    shell.type("q")
    assert any(re.fullmatch(r"\d+\.\d\d s", line) for line in shell.until(lambda lines: lines[-1] == PROMPT))
    assert "│ 7 │" in asked(shell, "SELECT 7;")


@needs_less
def test_a_wide_result_is_not_folded(shell: Terminal) -> None:
    shell.type("SELECT repeat('宽', 60) AS wide, 'end' AS last;" + ENTER)
    shown = shell.until(lambda lines: lines[-1].endswith("(END)"))
    assert sum("宽" in line for line in shown) == 2, shown  # what was typed, and one line of the result
    assert not any("end" in line for line in shown if line.startswith("│"))
    shell.type(RIGHT_IN_A_PAGER * 2)
    shell.until("┆ end  │")
    shell.type("q")


def test_without_paging_everything_is_written(shell: Terminal) -> None:
    asked(shell, ".paging off")
    assert "│ 299   │" in asked(shell, "FROM range(300);")


def test_the_commands_of_the_shell(shell: Terminal) -> None:
    shown = asked(shell, ".tables")
    assert any(re.match(r"│ courts.caseload ┆ 3 +┆ 法院收结案 · cases at the courts +│", line) for line in shown)
    assert any(re.match(r"│ report.cases +┆ null ┆", line) for line in shown)
    asked(shell, ".schema caseload")
    assert any(re.match(r"│ received +┆ DOUBLE +┆ 收案 · cases received │", line) for line in shell.lines)
    assert any("No table 'caselod'. Did you mean 'caseload'?" in line for line in asked(shell, ".schema caselod"))
    assert ".timing off" in asked(shell, ".timing off")
    shown = asked(shell, "SELECT 8;")
    assert not re.fullmatch(r"\d+\.\d\d s", shown[-2])
    assert ".format csv" in asked(shell, ".format csv")
    assert "a,b" in asked(shell, "SELECT 1 AS a, 2 AS b;")
    assert any(line.startswith(".quit") for line in asked(shell, ".help"))
    assert "Error: .timing takes on|off, not 'maybe'." in asked(shell, ".timing maybe")
    assert "Error: .limit takes ROWS, not '-1'." in asked(shell, ".limit -1")
    shell.type("exit" + ENTER)
    assert shell.ended() == 0


def test_queries_are_remembered_for_the_next_session_and_nobody_else(project: Path, state: dict[str, str]) -> None:
    with terminal([ETL, "sql"], state, project) as first:
        first.until(PROMPT)
        asked(first, "SELECT 4242;")
        first.type(CTRL_D)
        assert first.ended() == 0
    history = Path(state["XDG_STATE_HOME"]) / "ip-bulletin-etl" / "history"
    assert history.stat().st_mode & 0o777 == 0o600
    assert history.parent.stat().st_mode & 0o777 == 0o700
    with terminal([ETL, "sql"], state, project) as second:
        second.until(PROMPT)
        second.type(UP)
        second.until("sql> SELECT 4242;")


def test_a_state_folder_that_cannot_be_made_stops_nobody(project: Path, state: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with terminal([ETL, "sql"], state | {"XDG_STATE_HOME": str(tmp_path / "file")}, project) as shell:
        shell.until(PROMPT)
        assert "│ 7 │" in asked(shell, "SELECT 7;")


def test_a_version_that_is_put_in_force_meanwhile_is_asked(tmp_path: Path, state: dict[str, str]) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "warehouse").mkdir()
    link = tmp_path / "warehouse" / "ip.duckdb"
    for name in ("one", "two"):
        with duckdb.connect(link.with_name(f"ip.{name}.duckdb")) as connection:
            connection.execute(f"CREATE TABLE {name}_{name} (number INTEGER)")
    link.symlink_to("ip.one.duckdb")
    with terminal([ETL, "sql"], state, tmp_path) as shell:
        shell.until(PROMPT)
        assert any("main.one_one" in line for line in asked(shell, ".tables"))
        link.unlink()
        link.symlink_to("ip.two.duckdb")
        assert any("main.two_two" in line for line in asked(shell, ".tables"))
        completed(shell, "FROM two", "FROM main.two_two", "main")


def test_a_cell_cannot_move_the_cursor(shell: Terminal) -> None:
    assert r"│ \x1b[2Jgone │" in asked(shell, "SELECT chr(27) || '[2Jgone' AS x;")


def test_a_query_can_be_written_in_an_editor(project: Path, state: dict[str, str], tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "SELECT 77 AS written;" > "$1"\n')
    editor.chmod(0o755)
    with terminal([ETL, "sql"], state | {"VISUAL": str(editor)}, project) as shell:
        shell.until(PROMPT)
        shell.type("\x18\x05")
        shell.until("SELECT 77 AS written;")
        shell.type(ENTER)
        shell.until("│ 77      │")


def test_the_shell_speaks_chinese_to_those_who_do(project: Path, state: dict[str, str]) -> None:
    with terminal([ETL, "sql", "--lang", "zh"], state, project) as shell:
        shell.until("查询以分号结束")
        assert any("退出，也可按 Ctrl-D" in line for line in asked(shell, ".help"))
        shell.type("SELECT '中文输入")
        shell.until("中文输入")
        assert shell.screen.cursor.x == len("sql> SELECT '") + 8
