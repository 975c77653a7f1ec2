"""Start DuckDB's command line or Harlequin on the warehouse."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from etl.errors import ProjectError


def run_in_terminal(command: list[str]) -> NoReturn:
    """Replace this process by a program that needs a terminal.

    Raises:
        ProjectError: input or output is no terminal.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ProjectError(
            "This needs a terminal. `etl sql` takes a query without one.", "此命令需要终端。`etl sql` 查询时无需终端。"
        )
    os.execvp(command[0], command)


def duckdb_command(warehouse: Path) -> list[str]:
    """Return the command that opens a warehouse in DuckDB's command line.

    Safe mode (`-safe`) refuses other files, the network, and programs.

    Raises:
        ProjectError: there is no warehouse, or no command line of DuckDB.
    """
    _require(warehouse)
    # The package's own launcher (1.5) changes settings that safe mode locks, and ends the program on Ctrl-C.
    package = find_spec("duckdb_cli")
    folders = [*(package.submodule_search_locations or ())] if package else []
    program = shutil.which("duckdb", path=os.pathsep.join((*folders, os.environ.get("PATH", ""))))
    if program is None:
        raise ProjectError(
            "DuckDB's command line is not installed. Install the extra `shell` (pip install 'ip-bulletin-etl[shell]'), "
            'or give the query: etl sql "FROM report.gate".',
            "未安装 DuckDB 命令行。请安装附加组件 `shell`（pip install 'ip-bulletin-etl[shell]'），"
            '或直接给出查询：etl sql "FROM report.gate"。',
        )
    return [program, "-readonly", "-safe", str(warehouse)]


def harlequin_command(warehouse: Path, options: Sequence[str]) -> list[str]:
    """Return the command that opens a warehouse, read-only, in Harlequin.

    Args:
        warehouse: the DuckDB file.
        options: Harlequin's own.

    Raises:
        ProjectError: there is no warehouse, or Harlequin is not installed.
    """
    _require(warehouse)
    if find_spec("harlequin"):
        command = [sys.executable, "-P", "-m", "harlequin"]
    elif found := shutil.which("harlequin"):
        command = [found]
    else:
        raise ProjectError(
            "Harlequin, the SQL editor, is not installed. Install the extra `ui` (pip install 'ip-bulletin-etl[ui]'), or the "
            "program in an environment of its own (pipx install harlequin). `etl sql` needs neither.",
            "未安装 SQL 编辑器 Harlequin。请安装附加组件 `ui`（pip install 'ip-bulletin-etl[ui]'），"
            "或把该程序装入单独的环境（pipx install harlequin）。`etl sql` 两者都不需要。",
        )
    return [*command, "--adapter", "duckdb", "--read-only", *options, str(warehouse)]


def _require(warehouse: Path) -> None:
    if not warehouse.is_file():
        raise ProjectError(
            f"No warehouse at {warehouse}. Make it with `etl run`.", f"{warehouse} 处没有数据仓库。请用 `etl run` 生成。"
        )
