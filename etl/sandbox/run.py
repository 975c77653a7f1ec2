"""Run an untrusted query in a child process, within limits of time and memory."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from etl.errors import ProjectError, QueryError, no_warehouse, not_a_warehouse
from etl.sandbox.process_limits import ExitCode

# Where Python finds its modules, and the language of messages.
_INHERITED_VARIABLES = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT")
_NOWHERE = "/nonexistent"
_BYTES_AT_ONCE = 1 << 16
_LONGEST_MESSAGE = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a query.

    Attributes:
        seconds: for its result.
        memory: in bytes, beyond what an idle child has.
        rows: of its result; 0 for all.
    """

    seconds: float
    memory: int
    rows: int


def run_sandboxed(warehouse: Path, query: str, style: str, limits: Limits, out: BinaryIO, width: int | None = None) -> bool:
    """Write the result of a query; return whether it was cut to the limit of rows.

    Args:
        warehouse: the DuckDB file.
        query: one statement or several.
        style: name of a format that can hold results.
        limits: of the query.
        out: where the result goes.
        width: of the terminal that a text table has to fit; None for none.

    Raises:
        ProjectError: there is no warehouse, or the file is not one.
        QueryError: the query is wrong, reaches beyond the warehouse, or exceeds its time or memory.
    """
    if not warehouse.is_file():
        raise no_warehouse(warehouse)
    request = {"path": str(warehouse.resolve()), "query": query, "style": style, "most": limits.rows, "memory": limits.memory}
    request["width"] = width
    code, message = _relay_child(json.dumps(request).encode(), limits.seconds, out)
    if message is None:
        raise QueryError(
            f"The query took more than {limits.seconds:g} s and was ended. --timeout gives it longer.",
            f"查询超过 {limits.seconds:g} 秒，已终止。可用 --timeout 放宽时限。",
        )
    if code == ExitCode.REFUSED:
        en, _, zh = message.replace("\n", "\n  | ").partition("\0")  # so that no cell that it quotes forges a line of its own
        raise QueryError(en, zh or en)
    if code == ExitCode.NO_WAREHOUSE:
        raise not_a_warehouse(warehouse, message)
    if code < 0:
        size = f"{limits.memory / 1e9:g} GB"
        raise QueryError(
            f"The query was ended: it needed more memory than {size}. --memory-limit gives it more.",
            f"查询所需内存超过 {size}，已终止。可用 --memory-limit 放宽限制。",
        )
    if code:
        raise ProjectError(
            f"The process of the query ended with exit code {code}: {message}", f"查询进程以退出码 {code} 结束：{message}"
        )
    return bool(message)


def _relay_child(request: bytes, seconds: float, out: BinaryIO) -> tuple[int, str | None]:
    """Run a child on a request; return its exit code and message, or None on timeout."""
    environment = {name: os.environ[name] for name in _INHERITED_VARIABLES if name in os.environ} | {"HOME": _NOWHERE}
    if "PYTHONPATH" in environment:  # the child starts in another folder
        environment["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, environment["PYTHONPATH"].split(os.pathsep)))
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "etl.sandbox.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        cwd="/",
        start_new_session=True,  # the parent handles an interrupt
    )
    assert child.stdin and child.stdout and child.stderr
    try:
        with suppress(BrokenPipeError):  # it has ended already; its message says why
            child.stdin.write(request)
            child.stdin.close()
        message = _relay(child.stdout, child.stderr, seconds, out)
        if message is None:
            child.kill()
        return child.wait(), message
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
        child.stderr.close()


def _relay(results: IO[bytes], errors: IO[bytes], seconds: float, out: BinaryIO) -> str | None:
    """Copy results until both streams end; return the errors, or None on timeout.

    Only waiting for the child counts: a person who reads slowly loses no result.
    """
    message, left = b"", seconds
    with selectors.DefaultSelector() as selector:
        selector.register(results, selectors.EVENT_READ)
        selector.register(errors, selectors.EVENT_READ)
        while selector.get_map():
            since = time.monotonic()
            ready = selector.select(left)
            left -= time.monotonic() - since
            if not ready or left <= 0:
                return None
            for key, _ in ready:
                part = os.read(key.fd, _BYTES_AT_ONCE)
                if not part:
                    selector.unregister(key.fileobj)
                elif key.fileobj is results:
                    out.write(part)
                else:
                    message = (message + part)[:_LONGEST_MESSAGE]
    out.flush()
    return message.decode(errors="replace")
