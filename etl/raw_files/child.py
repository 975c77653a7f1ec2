"""The child process in which a workbook or a Parquet file is read: it may use little memory and time, and write no file.

It takes one line of JSON and then the bytes of the file on its standard input, and gives JSON on its standard output.
"""

from __future__ import annotations

import json
import sys
from typing import Any

try:
    import resource
except ImportError:  # on Windows the parent's clock is the only limit
    resource = None  # type: ignore[assignment]


def main() -> None:
    """Answer the one request on the standard input."""
    request = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    _limit(request["memory"], request["seconds"])
    json.dump(answer(request, content), sys.stdout)
    sys.stdout.flush()


def answer(request: dict[str, Any], content: bytes) -> dict[str, Any]:
    """Give what a file holds, or why it is refused."""
    if request["form"] == ".parquet":
        from etl.raw_files.parquet_columns import read as read_parquet

        return read_parquet(request, content)
    from etl.raw_files.workbooks.reading import read as read_workbook

    return read_workbook(request, content)


def _limit(memory: int, seconds: int) -> None:
    if resource is None:
        return
    for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(what, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


if __name__ == "__main__":
    main()
