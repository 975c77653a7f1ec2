"""Run one untrusted query, isolated from the machine, as a child process.

It reads a request as JSON from its standard input, writes the result to its standard output, and ends with an `ExitCode`.
DuckDB draws no line between a query and the machine (duckdb.org/docs/stable/operations_manual/securing_duckdb), so three
things do: its own settings, locked; limits of the kernel; and the parent, which ends the child when its time is over.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, BinaryIO, NoReturn

import duckdb

from etl.formats import writer
from etl.sandbox.formatters import Result
from etl.sandbox.process_limits import ExitCode, die_with_the_parent, limit_address_space
from etl.warehouse.isolation import ISOLATED, NEEDS_PYTZ, UNREADABLE, cast_to_text

# duckdb 2.0 refuses these before a connection is there; the lock is the last.
_THEN = ("SET disabled_filesystems = 'LocalFileSystem'", "SET lock_configuration = true")


def main() -> None:
    """Answer the request on the standard input."""
    die_with_the_parent()
    request = json.load(sys.stdin)
    try:
        connection = duckdb.connect(request["path"], read_only=True, config=ISOLATED | {"temp_directory": ""})
    except duckdb.Error as error:
        _end(ExitCode.NO_WAREHOUSE, str(error))
    write = writer(request["style"], "query")  # imported before the file system and the address space are closed
    for setting in _THEN:
        connection.execute(setting)
    limit_address_space(request["memory"])
    try:
        was_cut = _answer(connection, request, write, sys.stdout.buffer)
    except BrokenPipeError:
        os._exit(ExitCode.DONE)
    except (duckdb.Error, MemoryError, ValueError, RuntimeError) as error:
        _end(ExitCode.REFUSED, str(error) or "the query needs more memory than it may use")
    _end(ExitCode.DONE, "cut" if was_cut else "")


def _answer(connection: duckdb.DuckDBPyConnection, request: dict[str, Any], write: Any, out: BinaryIO) -> bool:
    """Write the result of a query; return whether it was cut to the limit of rows."""
    relation = connection.sql(request["query"])
    if relation is None:
        return False
    most: int = request["most"]
    if most:
        relation = relation.limit(most + 1)
    result = Result(connection, cast_to_text(relation, UNREADABLE | NEEDS_PYTZ), most)
    for part in write(result):
        out.write(part)
    out.flush()
    return result.was_cut


def _end(code: ExitCode, message: str) -> NoReturn:
    """End at once: cleaning up could fail in a process with so little memory."""
    sys.stderr.write(message)
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
