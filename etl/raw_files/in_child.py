"""Read a file in a child process, so that a crash of the reader is contained."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from etl.errors import ProjectError
from etl.raw_files.page import RefusedFileError
from schemas.texts import Text

SECONDS = 8
"""Of processor time, so that nothing is refused because the machine is busy."""
LONGEST_WAIT = 120
"""Seconds by the clock, for a reader that does nothing."""
MEMORY = 768 * 2**20
"""Of address space in all, for a workbook."""
MEMORY_OF_PARQUET = 10**9
"""Polars alone takes half of it."""
_OUT_OF_TIME = {-getattr(signal, name, 0) for name in ("SIGPROF", "SIGXCPU")} - {0}
_READERS = ("python_calamine", "olefile")
_PASSED_ON = ("PATH", "VIRTUAL_ENV", "SYSTEMROOT")
_HERE = str(Path(__file__).resolve().parents[2])


def read_in_child(request: dict[str, Any], content: bytes) -> dict[str, Any]:
    """Return what a child process finds in a file.

    Args:
        request: the `form`, what its reader needs, and the `reader`, a module; without one that of workbooks or Parquet.
        content: the file.

    Raises:
        ProjectError: a package for this form is not installed.
        RefusedFileError: the file is refused, or the reader did not survive it.
    """
    is_parquet = request["form"] == ".parquet"
    reader = request.get("reader") or ("etl.raw_files.parquet_columns" if is_parquet else "etl.raw_files.workbooks.reading")
    if not is_parquet and "reader" not in request and not all(map(importlib.util.find_spec, _READERS)):
        raise ProjectError(
            "There is a workbook among the raw files, and nothing here reads one."
            " Install the extra `excel` (pip install 'ip-bulletin-etl[excel]'), or save the workbook as CSV UTF-8.",
            "原始文件中有工作簿，而此处没有读取工作簿的软件包。"
            "请安装附加项 `excel`（pip install 'ip-bulletin-etl[excel]'），或将工作簿另存为 CSV UTF-8。",
        )
    limits = {"memory": MEMORY_OF_PARQUET if is_parquet else MEMORY, "seconds": SECONDS}
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # The child runs in another folder, and must find this package and what it imports all the same.
    environment["PYTHONPATH"] = os.pathsep.join([_HERE, *(str(Path(each).resolve()) for each in sys.path if each)])
    try:
        ran = subprocess.run(
            [sys.executable, "-P", "-m", "etl.raw_files.child"],
            input=json.dumps({**request, **limits, "reader": reader}).encode() + b"\n" + content,
            capture_output=True,
            timeout=LONGEST_WAIT,
            check=False,
            cwd="/",
            env=environment | {"POLARS_MAX_THREADS": "1", "RUST_BACKTRACE": "0"},
        )
    except subprocess.TimeoutExpired:
        en = f"its reader did not end within {LONGEST_WAIT} s, so it was stopped; a table of figures takes a moment"
        raise RefusedFileError(Text(en, f"读取进程 {LONGEST_WAIT} 秒未结束，已终止")) from None
    if ran.returncode in _OUT_OF_TIME:
        en = f"reading it took more than {SECONDS} s of processor time, so it was stopped; a table of figures takes a moment"
        raise RefusedFileError(Text(en, f"读取所用处理器时间超过 {SECONDS} 秒，已终止"))
    if ran.returncode or not ran.stdout:
        limit = f"{limits['memory'] // 10**6} MB"
        code = ran.returncode
        en = f"the reader did not survive it (exit code {code}): it is damaged, or takes more than {limit} of memory to read"
        raise RefusedFileError(Text(en, f"读取进程异常退出（退出码 {code}）：文件已损坏，或读取所需内存超过 {limit}"))
    found: dict[str, Any] = json.loads(ran.stdout)
    if "refused" in found:
        raise RefusedFileError(Text(*found["refused"]))
    return found
