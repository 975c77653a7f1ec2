"""Run one untrusted query, isolated from the machine, as a child process.

It reads a request as JSON from its standard input, writes the result to its standard output, and ends with an `ExitCode`.
DuckDB draws no line between a query and the machine (duckdb.org/docs/stable/operations_manual/securing_duckdb), so three
things do: its own settings, locked; limits of the kernel; and the parent, which ends the child when its time is over.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

import duckdb

from etl.formats import writer
from etl.sandbox.formatters import Result, Write
from etl.sandbox.process_limits import ExitCode, die_with_the_parent, limit_address_space
from etl.warehouse.isolation import ISOLATED
from schemas.texts import Text, TextError, text_of

# duckdb 2.0 refuses these before a connection is there; the lock is the last.
_CHANGES = {getattr(duckdb.StatementType, name) for name in ("INSERT", "UPDATE", "DELETE", "MERGE_INTO")}
_THEN = ("SET disabled_filesystems = 'LocalFileSystem'", "SET lock_configuration = true")
_MORE_MEMORY = Text("the query needs more memory than it may use", "查询所需内存超过限制；可用 --memory-limit 放宽")


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
        reason = text_of(error) if str(error) else _MORE_MEMORY
        _end(ExitCode.REFUSED, reason.en if reason.en == reason.zh else f"{reason.en}\0{reason.zh}")
    except BaseException as error:  # a panic of polars too
        _end(ExitCode.FAILED, f"{type(error).__name__}: {error}")
    _end(ExitCode.DONE, "cut" if was_cut else "")


def _answer(connection: duckdb.DuckDBPyConnection, request: dict[str, Any], write: Write, out: BinaryIO) -> bool:
    """Write the results of a query; return whether one was cut to the limit of rows."""
    statements = connection.extract_statements(request["query"])
    if not statements:
        raise TextError("the query is blank: it has no statement", "查询为空：没有任何语句")
    results: list[Result] = []

    def run() -> Iterator[Result]:
        for statement in statements:
            relation = connection.sql(statement)
            if _has_rows(statement):
                is_plan = statement.type == duckdb.StatementType.EXPLAIN
                results.append(Result(connection, relation, request["most"], is_plan=is_plan, width=request["width"]))
                yield results[-1]

    for part in write(run(), sum(map(_has_rows, statements)) > 1):
        out.write(part)
    out.flush()
    return any(result.was_cut for result in results)


def _has_rows(statement: duckdb.Statement) -> bool:
    """Whether a statement gives rows, and not only how many it changed."""
    if statement.type in _CHANGES:
        return "returning" in statement.query.lower()
    is_query = statement.expected_result_type == [duckdb.ExpectedResultType.QUERY_RESULT]
    return is_query or statement.type == duckdb.StatementType.MULTI  # PIVOT, which finds its columns first


def _end(code: ExitCode, message: str) -> NoReturn:
    """End at once: cleaning up could fail in a process with so little memory."""
    sys.stderr.write(message)
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
