"""Queries of strangers: each runs in a child process, and is ended when it takes too long or too much."""

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

from etl.errors import ProjectError, QueryError
from etl.sandbox.child import Ending

# What a child needs of the environment: where Python finds its modules, and in which language people are told.
_PASSED_ON = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT")
_NOWHERE = "/nonexistent"
_BYTES_AT_ONCE = 1 << 16
_LONGEST_MESSAGE = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a query may take.

    Attributes:
        seconds: of waiting for it.
        memory: in bytes, beyond what an idle child has.
        rows: of its result; 0 for all.
    """

    seconds: float
    memory: int
    rows: int


def ask_as_stranger(warehouse: Path, query: str, style: str, limits: Limits, out: BinaryIO) -> bool:
    """Write the result of a query; give whether it was cut to the number of rows that it may have.

    Raises:
        ProjectError: there is no warehouse, or the file there is none.
        QueryError: the query is wrong, wants what is not the warehouse's, or takes too long or too much.
    """
    if not warehouse.is_file():
        raise ProjectError(f"No warehouse at {warehouse}. Make it with `etl run`.")
    request = {"path": str(warehouse.resolve()), "query": query, "style": style, "most": limits.rows, "memory": limits.memory}
    code, said = _relayed(json.dumps(request).encode(), limits.seconds, out)
    if said is None:
        raise QueryError(f"The query took more than {limits.seconds:g} s and was ended. --timeout gives it longer.")
    if code == Ending.REFUSED:
        raise QueryError(said)
    if code == Ending.NO_WAREHOUSE:
        raise ProjectError(f"{warehouse} is no warehouse. Make it anew with `etl run`. ({said})")
    if code < 0:
        size = f"{limits.memory / 1e9:g} GB"
        raise QueryError(f"The query was ended: it needed more memory than {size}. --memory-limit gives it more.")
    if code:
        raise ProjectError(f"The process of the query ended with exit code {code}: {said}")
    return bool(said)


def _relayed(request: bytes, seconds: float, out: BinaryIO) -> tuple[int, str | None]:
    """Give the exit code of a child that answers a request, and what it said in the end; None where it took too long."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ} | {"HOME": _NOWHERE}
    if "PYTHONPATH" in environment:  # the child starts in another folder
        environment["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, environment["PYTHONPATH"].split(os.pathsep)))
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "etl.sandbox.query"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        cwd="/",
        start_new_session=True,  # an interrupt is the parent's to handle
    )
    assert child.stdin and child.stdout and child.stderr
    try:
        with suppress(BrokenPipeError):  # it is dead already; what it said tells why
            child.stdin.write(request)
            child.stdin.close()
        said = _relay(child.stdout, child.stderr, seconds, out)
        if said is None:
            child.kill()
        return child.wait(), said
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
        child.stderr.close()


def _relay(results: IO[bytes], errors: IO[bytes], seconds: float, out: BinaryIO) -> str | None:
    """Pass results on until both streams end; give what was said on the other, or None where the time was over before.

    The time that `out` takes is not the query's: a person who reads slowly loses no result.
    """
    said, left = b"", seconds
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
                    said = (said + part)[:_LONGEST_MESSAGE]
    out.flush()
    return said.decode(errors="replace")
